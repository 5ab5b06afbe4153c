"""What is a layer, a weight or a register for here? The library knows roles, never names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from coterminous.arguments import texts
from coterminous.errors import InputError, unknown

Kind = Literal["layer", "weight", "register"]


class ByRole(Enum):
    """What has the role here; where None is given instead, there is to be nothing."""

    BY_ROLE = "by role"

    def __repr__(self) -> str:
        return self.name


BY_ROLE = ByRole.BY_ROLE


@dataclass(frozen=True)
class Role:
    """What something may be for: its kind, what is said of it, and whether several may have it."""

    kind: Kind
    said: str
    several: bool = False


#: Every role, in the order in which they are documented.
ROLES: Mapping[str, Role] = {
    "residents": Role("weight", "counts the people who live here; the first weight if not given"),
    "census": Role("weight", "counts them at another date, to be put beside the residents"),
    "ages": Role("weight", "the residents by age, youngest first", several=True),
    "deprivation": Role(
        "weight", "the residents by deprivation, most deprived first", several=True
    ),
    "whole": Role("layer", "all that is looked at, such as the board: the edge of every drawing"),
    "councils": Role("layer", "the upper-tier councils"),
    "districts": Role("layer", "the lower-tier councils, of which drawings are made"),
    "networks": Role("layer", "the neighbourhoods, such as primary care networks"),
    "before": Role("layer", "the areas before the change"),
    "after": Role("layer", "the areas after it"),
    "parts": Role("layer", "the parts of an area after the change, such as delivery units"),
    "patients": Role("register", "the lists of general practices"),
    "hospital": Role("register", "the patients of hospitals"),
}


def checked_roles(
    given: Mapping[str, Any], there: Mapping[Kind, Collection[str]], where: str
) -> dict[str, str | tuple[str, ...]]:
    """Return roles as names, or as tuples of names where several may have the role.

    Parameters
    ----------
    given : mapping of role to name, or to several
    there : mapping
        The names of the layers, weights and registers that there are.
    where : str
        What errors are about.

    Raises
    ------
    InputError
        If a role is unknown, or what has it is not there.

    Examples
    --------
    >>> there = {"layer": ["ward"], "weight": ["all", "old"], "register": []}
    >>> checked_roles({"councils": "ward", "ages": ["old"]}, there, "roles")
    {'councils': 'ward', 'ages': ('old',)}
    """
    found: dict[str, str | tuple[str, ...]] = {}
    for name, value in given.items():
        role = known_role(name, where)
        names = texts(value, f"{where}: {name}")
        if not role.several and len(names) != 1:
            raise InputError(f"{where}: `{name}` is {value!r}; give the name of one {role.kind}")
        for one in names:
            if one not in there[role.kind]:
                message = unknown(name, one, list(there[role.kind]))
                raise InputError(f"{where}: no such {role.kind}: {message}")
        found[name] = names if role.several else names[0]
    return found


def known_role(name: str, where: str = "role") -> Role:
    """Return a role by its name.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in ROLES:
        raise unknown(where, name, list(ROLES))
    return ROLES[name]
