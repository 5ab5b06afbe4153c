"""Which area is each block in? A layer is a partition of building blocks into areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.tables import keys
from coterminous.words import slug

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTSIDE = "outside"
Kind = Literal["lookup", "group", "refinement", "polygons", "scenario"]
_AREA_COLUMNS = ["name", "aliases", "blocks"]


@dataclass(frozen=True, eq=False, repr=False)
class Layer:
    """A partition of building blocks: each block lies in at most one area.

    A layer is a value: nothing in it changes after it is made, and every method that edits
    returns another layer. Make one with `from_lookup`, `group`, `refine`, `within` or
    `from_polygons` rather than by calling the class.

    Attributes
    ----------
    name, title : str
        The short name by which it is asked for, and the words to print.
    codes : pandas.Index
        The codes of its areas, sorted.
    positions : numpy.ndarray of int32
        For each block, the position of its area in `codes`; -1 for a block outside the layer.
    kind : str
        How it was made: ``lookup``, ``group``, ``refinement``, ``polygons`` or ``scenario``.
    best_fit : bool
        Whether blocks were assigned by a best fit, so that the true lines cut some of them.
    note : str
        An assumption that must be printed wherever the layer is used; empty if there is none.
    shares : pandas.DataFrame or None
        Only for an apportioned layer: `block`, `area`, `share` of the block in the area.
    statuses : pandas.DataFrame or None
        Only for a layer made from polygons: how each block came to its area.
    """

    name: str
    blocks: pd.Index
    codes: pd.Index
    positions: NDArray[np.int32]
    names: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    title: str = ""
    kind: Kind = "lookup"
    best_fit: bool = False
    note: str = ""
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    units: str = ""
    shares: pd.DataFrame | None = None
    statuses: pd.DataFrame | None = None
    _finder: dict[str, set[str]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self.positions.setflags(write=False)

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_lookup(
        cls,
        name: str,
        lookup: pd.Series,
        *,
        blocks: pd.Index | None = None,
        names: Mapping[str, str] | pd.Series | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
        title: str = "",
        **described: object,
    ) -> Layer:
        """Make a layer from a table that says which area each block is in.

        Parameters
        ----------
        name : str
            The name of the layer.
        lookup : pandas.Series
            Area code by block code (the index); missing or empty means outside the layer.
        blocks : pandas.Index, optional
            All blocks of the geography. Every one must be in `lookup`, and no other.
        names : mapping of area code to name, optional
            The code stands for the name where there is none.
        aliases : mapping of area code to other spellings, optional
            Further names by which people know an area.
        title : str
            The words to print for the layer.
        **described
            `kind`, `best_fit`, `note`, `valid_from`, `valid_to`, `source`, `units`.

        Returns
        -------
        Layer

        Raises
        ------
        InputError
            If a block is repeated, missing or unknown, or a code is a number or reserved.

        Examples
        --------
        >>> import pandas as pd
        >>> lookup = pd.Series({"b1": "N", "b2": "N", "b3": "S", "b4": None})
        >>> halves = Layer.from_lookup("halves", lookup, names={"N": "North"})
        >>> halves.areas[["name", "blocks"]].to_dict("index")
        {'N': {'name': 'North', 'blocks': 2}, 'S': {'name': 'S', 'blocks': 1}}
        """
        codes = _checked_lookup(name, lookup, blocks)
        found = pd.Index(sorted(codes.dropna().unique()), dtype="str", name="code")
        if not len(found):
            raise InputError(f"layer {name!r} has no areas: no block of `lookup` has a code")
        named = _checked_names(name, names)
        others = dict(aliases or {})
        strange = sorted(set(others) - set(found))
        if strange:
            raise InputError(
                f"`aliases` of layer {name!r} name areas it does not have: {first_five(strange)}"
            )
        return cls(
            name=name,
            blocks=codes.index,
            codes=found,
            positions=found.get_indexer(codes).astype(np.int32),
            names=tuple(named.get(c, c) for c in found),
            aliases=tuple(tuple(others.get(c, ())) for c in found),
            title=title or name,
            **described,  # type: ignore[arg-type]
        )

    @classmethod
    def from_polygons(cls, polygons: object, area: object, **options: object) -> Layer:
        """Make a layer by fitting blocks to polygons; see `layer_from_polygons` in `planar`."""
        from coterminous.polygons.fitting import layer_from_polygons

        return layer_from_polygons(polygons, area, **options)  # type: ignore[arg-type]

    def group(
        self,
        name: str,
        groups: Mapping[str, Iterable[str] | str],
        *,
        within: Layer | None = None,
        codes: Mapping[str, str] | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
        title: str = "",
        **described: object,
    ) -> Layer:
        """Make a layer whose areas are unions of this layer's areas.

        Parameters
        ----------
        name : str
            The name of the new layer.
        groups : mapping of area name to units
            Units are codes, names or aliases of this layer's areas. A unit that no group names
            is outside the new layer.
        within : Layer, optional
            Keep only blocks that lie in this layer.
        codes : mapping of area name to code, optional
            The code of a group is the slug of its name where none is given.
        aliases : mapping of area name to other spellings, optional
        title : str
        **described
            As for `from_lookup`.

        Raises
        ------
        InputError
            If a unit is unknown or in two groups, or a group has no unit or no block.

        Examples
        --------
        >>> import pandas as pd
        >>> quarters = Layer.from_lookup("q", pd.Series({"b1": "A", "b2": "B", "b3": "C"}))
        >>> halves = quarters.group("halves", {"North": ["A", "B"], "South": ["C"]})
        >>> halves.areas["blocks"].to_dict()
        {'north': 2, 'south': 1}
        """
        given = dict(codes or {})
        area_of: dict[str, str] = {}
        coded: dict[str, str] = {}
        for area, units in groups.items():
            if not str(area).strip():
                raise InputError(f"layer {name!r} has an area without a name; give each one")
            code = given.get(area, slug(area))
            if code in coded:
                raise InputError(f"areas {coded[code]!r} and {area!r} of {name!r} share {code!r}")
            coded[code] = area
            for unit in [units] if isinstance(units, str) else list(units):
                found = self.find(unit)
                if found in area_of:
                    raise InputError(
                        f"layer {name!r} puts {unit!r} in both {coded[area_of[found]]!r} and "
                        f"{area!r}; a unit of {self.name!r} can be in one area only"
                    )
                area_of[found] = code
        target = pd.Series([area_of.get(c) for c in self.codes], index=self.codes, dtype="str")
        lookup = self._spread(target)
        if within is not None:
            lookup = lookup.where(self._same_blocks(within).positions >= 0)
        empty = [area for code, area in coded.items() if code not in set(lookup.dropna())]
        if empty:
            raise InputError(
                f"layer {name!r} has areas without a block: {first_five(empty)}; name at least "
                f"one unit of {self.name!r} for each"
            )
        spelt = {c: tuple((aliases or {}).get(a, ())) for c, a in coded.items()}
        settings: dict[str, object] = {"kind": "group", "best_fit": self.best_fit}
        settings |= {"units": self.name, **described}
        return Layer.from_lookup(name, lookup, names=coded, aliases=spelt, title=title, **settings)

    def refine(self, other: Layer, name: str | None = None) -> Layer:
        """Cut this layer by another: the blocks in both, by their pair of areas.

        Codes are joined by ``+``, names by `` / ``. Blocks outside either layer are outside.

        Examples
        --------
        >>> import pandas as pd
        >>> a = Layer.from_lookup("a", pd.Series({"b1": "N", "b2": "N", "b3": "S"}))
        >>> b = Layer.from_lookup("b", pd.Series({"b1": "E", "b2": "W", "b3": "W"}))
        >>> list(a.refine(b).codes)
        ['N+E', 'N+W', 'S+W']
        """
        other = self._same_blocks(other)
        both = (self.positions >= 0) & (other.positions >= 0)
        pairs = pd.DataFrame({"mine": self.positions[both], "theirs": other.positions[both]})
        codes = pd.Series(None, index=self.blocks, dtype="str")
        mine, theirs = self.codes[pairs["mine"]], other.codes[pairs["theirs"]]
        codes[both] = [f"{a}+{b}" for a, b in zip(mine, theirs, strict=True)]
        names = {
            f"{self.codes[i]}+{other.codes[j]}": f"{self.names[i]} / {other.names[j]}"
            for i, j in pairs.drop_duplicates().itertuples(index=False)
        }
        return Layer.from_lookup(
            name or f"{self.name}+{other.name}",
            codes,
            names=names,
            title=f"{self.title} cut by {other.title}",
            kind="refinement",
            best_fit=self.best_fit or other.best_fit,
            note=" ".join(n for n in dict.fromkeys((self.note, other.note)) if n),
        )

    def within(self, other: Layer, name: str | None = None) -> Layer:
        """Keep only the blocks that lie in another layer; areas left with none are dropped."""
        kept = self.assignment.where(self._same_blocks(other).positions >= 0)
        present = set(kept.dropna())
        return Layer.from_lookup(
            name or f"{self.name} within {other.name}",
            kept,
            names=dict(zip(self.codes, self.names, strict=True)),
            aliases={c: a for c, a in zip(self.codes, self.aliases, strict=True) if c in present},
            title=f"{self.title} within {other.title}",
            kind=self.kind,
            best_fit=self.best_fit,
            note=self.note,
        )

    def renamed(self, name: str, title: str = "") -> Layer:
        """Return the same partition under another name."""
        return replace(self, name=name, title=title or self.title, _finder={})

    # ------------------------------------------------------------------ asking

    @property
    def areas(self) -> pd.DataFrame:
        """The areas by code: `name`, `aliases` and the number of `blocks`."""
        blocks = np.bincount(self.positions[self.positions >= 0], minlength=len(self.codes))
        return pd.DataFrame(
            {"name": list(self.names), "aliases": list(self.aliases), "blocks": blocks},
            index=self.codes,
        )[_AREA_COLUMNS]

    @property
    def assignment(self) -> pd.Series:
        """The area code of every block; missing for blocks outside the layer."""
        return self._spread(pd.Series(self.codes, index=self.codes, dtype="str"))

    def name_of(self, code: str) -> str:
        """Return the name of an area; `outside` is its own name."""
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

        Raises
        ------
        InputError
            If no area is spelt so, or more than one is.
        """
        if spelling in self.codes:
            return str(spelling)
        known = self._spellings()
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
        error = unknown("area", spelling, allowed if len(allowed) <= 60 else list(self.names))
        raise InputError(f"layer {self.name!r}: {error}")

    def _spellings(self) -> dict[str, set[str]]:
        """Return the codes by every folded spelling: what is written goes before what follows."""
        if not self._finder:
            made: dict[str, set[str]] = {}
            implied: dict[str, set[str]] = {}
            for code, name, others in zip(self.codes, self.names, self.aliases, strict=True):
                written, following = keys.known_as(code, (name, *others))
                for spelling in written:
                    made.setdefault(spelling, set()).add(code)
                for spelling in following:
                    implied.setdefault(spelling, set()).add(code)
            self._finder.update({**implied, **made})
        return self._finder

    def _spread(self, by_area: pd.Series) -> pd.Series:
        values = pd.array(by_area.reindex(self.codes).to_numpy(dtype=object), dtype="str")
        taken = values.take(self.positions, allow_fill=True)
        return pd.Series(taken, index=self.blocks, name=self.name)

    def _same_blocks(self, other: Layer) -> Layer:
        if not self.blocks.equals(other.blocks):
            raise InputError(
                f"layers {self.name!r} and {other.name!r} are made of different blocks; "
                "take both from one geography"
            )
        return other

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        outside = int((self.positions < 0).sum())
        return (
            f"<Layer {self.name}: {len(self)} areas of {len(self.blocks) - outside:,} blocks, "
            f"{outside:,} blocks outside>"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.areas.to_html(escape=True, max_rows=40)}"


def _checked_names(layer: str, names: Mapping[str, str] | pd.Series | None) -> dict[str, str]:
    """Return the one name of each code; a missing or empty one is none."""
    given = names if isinstance(names, pd.Series) else pd.Series(dict(names or {}), dtype=object)
    codes = pd.Series(given.index.astype("str"), dtype="str")
    texts = pd.Series(given.to_numpy(), dtype="str")
    return keys.one_name(codes, texts, f"`names` of layer {layer!r}", "code", "name")


def _checked_lookup(name: str, lookup: pd.Series, blocks: pd.Index | None) -> pd.Series:
    repeated = lookup.index[lookup.index.duplicated()].unique()
    if len(repeated):
        raise InputError(
            f"`lookup` of layer {name!r} has {len(repeated):,} blocks more than once: "
            f"{first_five(repeated)}; give each block one area"
        )
    if pd.api.types.is_numeric_dtype(lookup) and lookup.notna().any():
        raise InputError(
            f"`lookup` of layer {name!r} holds numbers, not codes ({first_five(lookup.dropna())}); "
            "read the column as text, so that leading zeros stay"
        )
    codes = lookup.astype("str").str.strip()
    codes = codes.mask(codes == "")
    codes.index = codes.index.astype("str")
    distinct = codes.dropna().unique()
    reserved = [c for c in distinct if keys.folded(c) == OUTSIDE]
    if reserved:
        raise InputError(
            f"`lookup` of layer {name!r} uses {reserved[0]!r} as a code; it is reserved"
        )
    keys.check_alike(distinct, f"`lookup` of layer {name!r}")
    if blocks is None:
        return codes.sort_index()
    codes.index = keys.matched(codes.index, blocks, f"`lookup` of layer {name!r}")
    unknown_blocks = codes.index.difference(blocks)
    if len(unknown_blocks):
        raise InputError(
            f"`lookup` of layer {name!r} has {len(unknown_blocks):,} blocks that the geography "
            f"does not: {first_five(unknown_blocks)}"
        )
    missing = blocks.difference(codes.index)
    if len(missing):
        raise InputError(
            f"`lookup` of layer {name!r} lacks {len(missing):,} of {len(blocks):,} blocks: "
            f"{first_five(missing)}; give each a row, with an empty code if it is outside"
        )
    return codes.reindex(blocks)
