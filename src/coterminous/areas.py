"""What has every layer? Areas with codes and names, a description, and one way to size them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

import numpy as np
import pandas as pd

from coterminous.arguments import (
    as_day,
    check_order,
    choice,
    known_keys,
    printable,
    texts,
)
from coterminous.errors import LISTED, InputError, first_five, unknown
from coterminous.tables import keys
from coterminous.words import as_people_write, slug

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.cuts import Cuts
    from coterminous.layer import Layer
    from coterminous.shares import AnyLayer

OUTSIDE = "outside"
Kind = Literal["lookup", "group", "refinement", "polygons", "scenario"]


@dataclass(frozen=True)
class Description:
    """What is said of a layer, apart from which block is where.

    Attributes
    ----------
    title : str
        The words to print.
    kind : str
        How it was made: ``lookup``, ``group``, ``refinement``, ``polygons`` or ``scenario``.
    best_fit : bool
        Whether blocks were assigned by a best fit, so that the true lines cut some of them.
    note : str
        An assumption that must be printed wherever the layer is used; empty if there is none.
    decided, valid_from, valid_to : str
        When it was decided, where that is known apart, and from when to when it held.
    source, units : str
        Who published it, and the layer of whose areas it was made.
    ties : str
        Who could as well be in another area, by the rule that assigned blocks; the first thing
        to be said of the layer, and of those made of it. Empty if there is nobody.
    """

    title: str = ""
    kind: Kind = "lookup"
    best_fit: bool = False
    note: str = ""
    decided: str = ""
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    units: str = ""
    ties: str = ""

    def __post_init__(self) -> None:
        choice(self.kind, "kind", get_args(Kind))
        for name in ("decided", "valid_from", "valid_to"):
            object.__setattr__(self, name, as_day(getattr(self, name), name))
        check_order(self.valid_from, self.valid_to)
        for name in ("title", "note", "source"):
            printable(getattr(self, name), name)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Areas(ABC):
    """What layers of either kind share: areas with codes and names, and one way to size them.

    Attributes
    ----------
    name : str
        The short name by which it is asked for.
    blocks : pandas.Index
        The codes of all blocks of the geography.
    codes : pandas.Index
        The codes of its areas, sorted.
    names : tuple of str
        The names of its areas, in the order of `codes`.
    aliases : tuple of tuples of str
        Further names by which people know each area.
    description : Description
        Its title, note, dates and the like; each may be asked of the layer itself.
    """

    name: str
    blocks: pd.Index
    codes: pd.Index
    names: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    description: Description = field(default_factory=Description)

    def __post_init__(self) -> None:
        printable(self.name, "name")
        for text in (*self.codes, *self.names, *(a for several in self.aliases for a in several)):
            printable(text, f"names of layer {self.name!r}")
        coded = set(self.codes)
        for code, name in zip(self.codes, self.names, strict=True):
            if name != code and name in coded:
                raise InputError(
                    f"layer {self.name!r} has an area {code!r} whose name {name!r} is the code of "
                    "another, so that nobody can tell which is meant; rename one"
                )

    # ------------------------------------------------------------------ what is said of it

    @property
    def title(self) -> str:
        """The words to print."""
        return self.description.title

    @property
    def kind(self) -> Kind:
        """How it was made."""
        return self.description.kind

    @property
    def best_fit(self) -> bool:
        """Whether blocks were assigned by a best fit, so that the true lines cut some of them."""
        return self.description.best_fit

    @property
    def note(self) -> str:
        """An assumption that must be printed wherever the layer is used."""
        ties, note = self.description.ties, self.description.note
        return note if ties in note else f"{ties} {note}".rstrip()

    @property
    def decided(self) -> str:
        """The day on which it was decided; empty if not known apart."""
        return self.description.decided

    @property
    def valid_from(self) -> str:
        """From when it was in force."""
        return self.description.valid_from

    @property
    def valid_to(self) -> str:
        """Until when it was in force."""
        return self.description.valid_to

    @property
    def source(self) -> str:
        """Who published it."""
        return self.description.source

    @property
    def units(self) -> str:
        """The layer of whose areas it was made, if any."""
        return self.description.units

    def described(
        self,
        *,
        title: str | None = None,
        kind: Kind | None = None,
        best_fit: bool | None = None,
        note: str | None = None,
        decided: str | None = None,
        valid_from: str | None = None,
        valid_to: str | None = None,
        source: str | None = None,
        units: str | None = None,
        ties: str | None = None,
    ) -> Self:
        """Return the same areas under another description; what is not given stays.

        Parameters
        ----------
        title, kind, best_fit, note, decided, valid_from, valid_to, source, units, ties
            See `Description`.
        """
        told = {
            "title": title,
            "kind": kind,
            "best_fit": best_fit,
            "note": note,
            "decided": decided,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "source": source,
            "units": units,
            "ties": ties,
        }
        given: dict[str, Any] = {k: v for k, v in told.items() if v is not None}
        return replace(self, description=replace(self.description, **given))

    def renamed(self, name: str, title: str = "") -> Self:
        """Return the same areas under another name.

        Parameters
        ----------
        name : str
            The new name.
        title : str
            The words to print; as before if not given.
        """
        return replace(self.described(title=title or self.title), name=name)

    def as_people_write(self) -> Self:
        """Return the same areas, names in capitals written as people do (`WEST END PCN`).

        A code that stands for a name stays.
        """
        written = tuple(
            name if name == code else as_people_write(name)
            for code, name in zip(self.codes, self.names, strict=True)
        )
        return self if written == self.names else replace(self, names=written)

    # ------------------------------------------------------------------ asking

    @abstractmethod
    def totals(self, weight: pd.Series) -> pd.Series:
        """Sum a weight by area: the one way in which areas are sized.

        Parameters
        ----------
        weight : pandas.Series
            A number for every block, indexed by block code.

        Returns
        -------
        pandas.Series
            By area code, in the order of `codes`; whole numbers where the weight has them and
            no block is cut.

        Raises
        ------
        InputError
            If the weight is of other blocks.
        """

    def ledger(self, weight: pd.Series) -> pd.Series:
        """Sum a weight by area, and what lies outside in a last row ``outside``; it adds up.

        Parameters
        ----------
        weight : Series
            By block.
        """
        sums = self.totals(weight)
        return pd.concat([sums, pd.Series({OUTSIDE: self._left_over(weight)})])

    @abstractmethod
    def _left_over(self, weight: pd.Series) -> Any:
        """Sum a weight over what is in no area."""

    @abstractmethod
    def memberships(self) -> pd.DataFrame:
        """List the areas that each block lies in: `block`, `area` (or ``outside``), `share`.

        The shares of a block add up to 1.
        """

    @abstractmethod
    def touched(self) -> NDArray[np.bool_]:
        """Say for each block whether any of it lies in an area."""

    @abstractmethod
    def covered(self) -> NDArray[np.bool_]:
        """Say for each block whether all of it lies in areas."""

    @abstractmethod
    def parts(self) -> tuple[Cuts, NDArray[np.int32]]:
        """Give the parts of blocks, and for each the position of its area in `codes`; -1 = none."""

    @abstractmethod
    def _blocks_of_areas(self) -> NDArray[np.intp]:
        """Count the blocks of which each area has any part."""

    @abstractmethod
    def of_whole_blocks(self, what: str) -> Layer:
        """Return the partition of blocks that the layer is, or refuse in the name of `what`.

        Raises
        ------
        InputError
            If the layer cuts blocks.
        """

    @abstractmethod
    def nearest(self) -> Layer:
        """Return the partition of whole blocks that is nearest to it, by which it is drawn."""

    @property
    def areas(self) -> pd.DataFrame:
        """The areas by code: `name`, `aliases` and the number of `blocks`."""
        return pd.DataFrame(
            {
                "name": list(self.names),
                "aliases": list(self.aliases),
                "blocks": self._blocks_of_areas(),
            },
            index=self.codes,
        )

    def name_of(self, code: str) -> str:
        """Return the name of an area; `outside` is its own name.

        Parameters
        ----------
        code : str
            The code of an area.
        """
        if code == OUTSIDE:
            return OUTSIDE
        if code not in self.codes:
            raise unknown("code", code, list(self.codes))
        return self.names[self.codes.get_loc(code)]

    def find(self, spelling: str) -> str:
        """Return the code of the area that has this code, name or alias.

        Letter case, ``&`` for ``and`` and what cannot be seen do not matter; and a body of the
        NHS is known by each of its official names: with ``NHS`` and ``CCG``, and as those of
        July 2022 (``NHS Lancashire and South Cumbria ICB - 02M``).

        Parameters
        ----------
        spelling : str
            A code, a name or an alias; capitals, accents and spaces do not matter.

        Raises
        ------
        InputError
            If no area is spelt so, or more than one is.
        """
        if spelling in self.codes:
            return str(spelling)
        known = self._spellings
        found = next((known[s] for s in keys.asked(spelling) if s in known), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise InputError(
                f"{spelling!r} names more than one area of {self.name!r}: "
                f"{first_five(sorted(found))}; give the code"
            )
        allowed = [
            n if n == c else f"{n} ({c})" for c, n in zip(self.codes, self.names, strict=True)
        ]
        see = f" area.layer({self.name!r}).areas lists them all." if len(allowed) > LISTED else ""
        error = unknown("area", spelling, allowed, see, known_as=[*self.names, *self.codes])
        raise InputError(f"layer {self.name!r}: {error}")

    @cached_property
    def _spellings(self) -> dict[str, set[str]]:
        """The codes by every folded spelling: what is written goes before what follows."""
        made: dict[str, set[str]] = {}
        implied: dict[str, set[str]] = {}
        for code, name, others in zip(self.codes, self.names, self.aliases, strict=True):
            written, following = keys.known_as(code, (name, *others))
            for spelling in written:
                made.setdefault(spelling, set()).add(code)
            for spelling in following:
                implied.setdefault(spelling, set()).add(code)
        return {**implied, **made}

    def grouping(
        self,
        name: str,
        groups: Mapping[str, Iterable[str] | str],
        codes: Mapping[str, str] | None,
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Read groups of areas: the code of the group of each area, and the names of groups.

        Parameters
        ----------
        name : str
            The name of the new layer, for errors.
        groups : mapping of str to iterable of str
            By name of an area, the areas of which it is made.
        codes : mapping of str to str, optional
            By name of a new area its code.

        Raises
        ------
        InputError
            If a unit is unknown or in two groups, or a group has no name or shares a code.
        """
        texts([n for n in groups if n != ""], f"groups of layer {name!r}")
        given = dict(codes or {})
        known_keys(given, "codes", groups)
        area_of: dict[str, str] = {}
        coded: dict[str, str] = {}
        for area, units in groups.items():
            if not str(area).strip():
                raise InputError(f"layer {name!r} has an area without a name; give each one")
            code = given.get(area, slug(area))
            if code in coded:
                raise InputError(f"areas {coded[code]!r} and {area!r} of {name!r} share {code!r}")
            coded[code] = area
            for unit in texts(units, str(area)):
                found = self.find(unit)
                if found in area_of:
                    raise InputError(
                        f"layer {name!r} puts {unit!r} in both {coded[area_of[found]]!r} and "
                        f"{area!r}; a unit of {self.name!r} can be in one area only"
                    )
                area_of[found] = code
        return area_of, coded

    def same_blocks(self, other: Areas) -> None:
        """Raise unless another layer is made of the same blocks.

        Parameters
        ----------
        other : Layer
            Another layer of the same blocks.

        Raises
        ------
        InputError
        """
        if not self.blocks.equals(other.blocks):
            raise InputError(
                f"layers {self.name!r} and {other.name!r} are made of different blocks; "
                "take both from one geography"
            )

    def _weighed(self, weight: pd.Series) -> NDArray[Any]:
        if not weight.index.equals(self.blocks):
            raise InputError(f"`weight` {weight.name!r} is not of the blocks of {self.name!r}")
        return weight.to_numpy()

    def __len__(self) -> int:
        return len(self.codes)

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.areas.to_html(escape=True, max_rows=40)}"


def paired(
    mine: NDArray[np.int32], theirs: NDArray[np.int32]
) -> tuple[list[tuple[int, int]], NDArray[np.int32]]:
    """List the pairs of areas that occur, and give the place of each pair among them; -1 = none."""
    both = (mine >= 0) & (theirs >= 0)
    width = int(theirs.max(initial=0)) + 1
    met, place = np.unique(mine[both].astype(np.int64) * width + theirs[both], return_inverse=True)
    positions = np.full(len(mine), -1, dtype=np.int32)
    positions[both] = place
    return [divmod(int(pair), width) for pair in met], positions


def joined(
    mine: AnyLayer, theirs: AnyLayer, pairs: Sequence[tuple[int, int]]
) -> tuple[list[str], list[str]]:
    """Give the codes and the names of pairs of areas.

    Raises
    ------
    InputError
        If there is no pair, or two have one code.
    """
    if not pairs:
        raise InputError(
            f"layers {mine.name!r} and {theirs.name!r} have nothing in common to cut by one another"
        )
    codes = [f"{mine.codes[i]}+{theirs.codes[j]}" for i, j in pairs]
    twice = sorted({c for c in codes if codes.count(c) > 1}) if len(set(codes)) < len(codes) else []
    if twice:
        raise InputError(
            f"pairs of areas of {mine.name!r} and {theirs.name!r} have one code: "
            f"{first_five(twice)}; rename one that holds a +"
        )
    return codes, [f"{mine.names[i]} / {theirs.names[j]}" for i, j in pairs]


def refined_description(mine: AnyLayer, theirs: AnyLayer) -> Description:
    """Describe a layer cut by another."""
    return Description(
        title=f"{mine.title} cut by {theirs.title}",
        kind="refinement",
        best_fit=mine.best_fit or theirs.best_fit,
        note=" ".join(n for n in dict.fromkeys(x.description.note for x in (mine, theirs)) if n),
        ties=" ".join(t for t in dict.fromkeys(x.description.ties for x in (mine, theirs)) if t),
    )


def within_description(mine: AnyLayer, theirs: AnyLayer, title: str) -> Description:
    """Describe a layer of which only what lies in another is kept."""
    return replace(mine.description, title=title or f"{mine.title} within {theirs.title}")


def spellings(
    aliases: Mapping[str, Sequence[str]] | None, coded: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Give the other spellings of each group by its code; `coded` has the name of each.

    Raises
    ------
    InputError
        If `aliases` names a group that there is not.
    """
    given = dict(aliases or {})
    known_keys(given, "aliases", coded.values())
    return {code: texts(given.get(name), "aliases") for code, name in coded.items()}
