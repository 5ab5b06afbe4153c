"""What does each step of a scenario do to a drawing? Every step makes a new draft of the old.

A step is a value with the words of the scenario file: ``move``, ``merge``, ``split``, ``new``,
``rename``, ``group`` and ``move_practice``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

from coterminous.arguments import texts
from coterminous.errors import InputError, unknown
from coterminous.owned import hands_out_copies
from coterminous.scenarios.drafts import Draft, fresh, grouped, named, placed
from coterminous.words import joined, listed

if TYPE_CHECKING:
    from coterminous.geography import Geography


@dataclass(frozen=True)
class Step(ABC):
    """What all steps share: the word in the file, and how the step is written there."""

    word: ClassVar[str]
    keys: ClassVar[Mapping[str, str]]

    @abstractmethod
    def apply(self, draft: Draft, number: int, /) -> Draft:
        """Carry the step out; `number` is its place in the scenario."""

    def written(self) -> dict[str, Any]:
        """Return the step as it stands in a file; what was left out is left out."""
        found = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.default is not MISSING and value == one.default:
                continue
            key = self.keys.get(one.name, one.name)
            if isinstance(value, Mapping):
                value = {k: list(v) for k, v in value.items()}
            found[key] = list(value) if isinstance(value, tuple) else value
        return found

    def __str__(self) -> str:
        return self.word.replace("_", " ")


@dataclass(frozen=True)
class Move(Step):
    """Move blocks, or areas of any layer, to an area that is there."""

    units: tuple[str, ...]
    to: str
    of: str = ""
    within: str = ""
    word: ClassVar[str] = "move"
    keys: ClassVar[Mapping[str, str]] = {"units": "move"}

    def apply(self, draft: Draft, number: int, /) -> Draft:
        """Put the blocks in the area."""
        target = draft.layer.find(self.to)
        return placed(draft, number, self, target, draft.names)

    def __str__(self) -> str:
        return f"move {listed(self.units, 5, rest='more')} to {self.to}"


@dataclass(frozen=True)
class New(Step):
    """Make an area of blocks, or of areas of any layer."""

    name: str
    units: tuple[str, ...]
    of: str = ""
    within: str = ""
    word: ClassVar[str] = "new"
    keys: ClassVar[Mapping[str, str]] = {"name": "new", "units": "from"}

    def apply(self, draft: Draft, number: int, /) -> Draft:
        """Put the blocks in an area that was not there."""
        code = fresh(draft, self.name)
        return placed(draft, number, self, code, {**draft.names, code: self.name})

    def __str__(self) -> str:
        return f"new area {self.name} from {listed(self.units, 5, rest='more')}"


@dataclass(frozen=True)
class Merge(Step):
    """Make one area of several."""

    areas: tuple[str, ...]
    to: str
    word: ClassVar[str] = "merge"
    keys: ClassVar[Mapping[str, str]] = {"areas": "merge"}

    def apply(self, draft: Draft, _number: int, /) -> Draft:
        """Give all blocks of the areas one code."""
        return grouped(draft, {self.to: self.areas})

    def __str__(self) -> str:
        return f"merge {listed(self.areas, 5, rest='more')} into {self.to}"


@hands_out_copies
@dataclass(frozen=True)
class Group(Step):
    """Make areas of several each; areas that are not named stay as they are."""

    groups: Mapping[str, tuple[str, ...]]
    word: ClassVar[str] = "group"
    keys: ClassVar[Mapping[str, str]] = {"groups": "group"}

    def __hash__(self) -> int:
        return hash(frozenset(self.groups.items()))

    def apply(self, draft: Draft, _number: int, /) -> Draft:
        """Give all blocks of each group one code."""
        return grouped(draft, self.groups)

    def __str__(self) -> str:
        return f"group into {listed(self.groups, 5, rest='more')}"


@dataclass(frozen=True)
class Split(Step):
    """Cut an area by another layer; blocks outside that layer stay in the area as it was."""

    area: str
    by: str
    word: ClassVar[str] = "split"
    keys: ClassVar[Mapping[str, str]] = {"area": "split"}

    def apply(self, draft: Draft, _number: int, /) -> Draft:
        """Give each piece of the area a code of its own."""
        code = draft.layer.find(self.area)
        homed = sorted(p for p, home in draft.homes.items() if home == code)
        if homed:
            raise InputError(
                f"practice {homed[0]!r} was moved to {self.area!r} by an earlier step; split "
                "first, then move it to the part that is meant"
            )
        knife = draft.geography.layer(self.by).of_whole_blocks("`split` of a scenario")
        mine = draft.layer.assignment == code
        pieces = knife.assignment[mine]
        if len(pieces.unique()) < 2:
            where = "outside it" if pieces.isna().all() else repr(knife.name_of(pieces.iloc[0]))
            raise InputError(f"{self.area!r} is not cut by {self.by!r}: all of it is in {where}")
        codes, names = draft.layer.assignment, draft.names
        for piece in sorted(pieces.dropna().unique()):
            new = fresh(draft, f"{names[code]} / {knife.name_of(piece)}", f"{code}+{piece}")
            codes = codes.where(~(mine & (knife.assignment == piece)), new)
            names[new] = f"{draft.layer.name_of(code)} / {knife.name_of(piece)}"
        return draft.redrawn(codes, names)

    def __str__(self) -> str:
        return f"split {self.area} by {self.by}"


@dataclass(frozen=True)
class Rename(Step):
    """Give an area another name; its code stays."""

    area: str
    to: str
    word: ClassVar[str] = "rename"
    keys: ClassVar[Mapping[str, str]] = {"area": "rename"}

    def apply(self, draft: Draft, _number: int, /) -> Draft:
        """Change the name, not the code."""
        code = draft.layer.find(self.area)
        named(self.to)
        if self.to.casefold() in {n.casefold() for c, n in draft.names.items() if c != code}:
            raise InputError(f"there is an area {self.to!r} already; choose another name")
        return draft.redrawn(draft.layer.assignment, {**draft.names, code: self.to})

    def __str__(self) -> str:
        return f"rename {self.area} to {self.to}"


@dataclass(frozen=True)
class MovePractice(Step):
    """Make practices, with their lists, members of an area: their patients stay where they live."""

    practices: tuple[str, ...]
    to: str
    register: str = ""
    word: ClassVar[str] = "move_practice"
    keys: ClassVar[Mapping[str, str]] = {"practices": "move_practice"}

    def apply(self, draft: Draft, _number: int, /) -> Draft:
        """Note the practices' new home; no block moves."""
        code = draft.layer.find(self.to)
        found = draft.geography.register(self.counted_by(draft.geography))
        known = found.organisations.index[found.single]
        if not self.practices:
            raise InputError("it names no practice; name at least one")
        homes = dict(draft.homes)
        for practice in self.practices:
            if practice not in known:
                raise unknown("move_practice", practice, list(known))
            if practice in homes and homes[practice] != code:
                raise InputError(
                    f"practice {practice!r} was moved to {homes[practice]!r} by an earlier step; "
                    "keep one of the two"
                )
            homes[practice] = code
        return replace(draft, homes=homes)

    def counted_by(self, geography: Geography) -> str:
        """Name the register that has the practices: that of patients if none is given."""
        return str(geography.needed(self.register or None, "patients", "register"))

    def __str__(self) -> str:
        return f"move practice {listed(self.practices, 5, rest='more')} to {self.to}"


KINDS: Mapping[str, type[Step]] = {
    kind.word: kind for kind in (Move, New, Merge, Group, Split, Rename, MovePractice)
}


def step_of(written: Mapping[str, Any]) -> Step:
    """Read a step as it stands in a file.

    Raises
    ------
    InputError
        If it has no known word or more than one, or lacks or has too much.

    Examples
    --------
    >>> str(step_of({"move": ["Preston"], "of": "ltla2021", "to": "East"}))
    'move Preston to East'
    """
    # `to` and `from` are words of several steps; the step's own word is the one of KINDS.
    said = [w for w in KINDS if w in written]
    if len(said) != 1:
        if not said:
            raise unknown("step", ", ".join(written) or "(empty)", list(KINDS))
        raise InputError(f"it says {joined(said)}: one [[step]] for each")
    kind = KINDS[said[0]]
    of_key = {kind.keys.get(f.name, f.name): f for f in fields(kind)}
    strange = sorted(set(written) - set(of_key))
    if strange:
        raise unknown(said[0], strange[0], list(of_key))
    missing = [k for k, f in of_key.items() if k not in written and f.default is MISSING]
    if missing:
        raise InputError(f"it lacks `{missing[0]}`")
    settings = {of_key[k].name: _checked(k, v, of_key[k].type) for k, v in written.items()}
    return kind(**settings)


def _checked(key: str, value: Any, kind: Any) -> Any:
    """Return a value of the file as the kind of thing that the step holds."""
    if str(kind).startswith("tuple"):
        if not isinstance(value, (str, list)) or not value:
            raise InputError(f"`{key}` is {value!r}; give a list of codes or names")
        return texts(value, key)
    if str(kind).startswith("Mapping"):
        if not isinstance(value, Mapping) or not value:
            raise InputError(f"`{key}` is {value!r}; give names, each with a list of areas")
        return {str(k): texts(v, str(k)) for k, v in value.items()}
    if not isinstance(value, str):
        raise InputError(f"`{key}` is {value!r}; give text")
    return value
