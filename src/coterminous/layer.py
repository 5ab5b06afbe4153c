"""Which area is each block in? A layer is a partition of building blocks into areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pandas as pd

from coterminous.areas import (
    OUTSIDE,
    Areas,
    Description,
    joined,
    paired,
    refined_description,
    spellings,
    within_description,
)
from coterminous.arguments import known_keys, texts
from coterminous.cuts import Cuts, frozen
from coterminous.errors import InputError, first_five
from coterminous.owned import hands_out_copies
from coterminous.tables.lookups import checked_lookup, checked_names

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from coterminous.areas import Kind
    from coterminous.geography import Geography
    from coterminous.polygons.fitting import Method
    from coterminous.shares import AnyLayer, CutLayer

__all__ = ["OUTSIDE", "Layer"]


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Layer(Areas):
    """A partition of building blocks: each block lies in at most one area.

    A layer is a value: nothing in it changes after it is made, and every method that edits
    returns another layer. Make one with `from_lookup`, `group`, `refine`, `within` or
    `from_polygons` rather than by calling the class. A layer whose lines cut blocks is a
    `CutLayer`.

    Attributes
    ----------
    name, title : str
        The short name by which it is asked for, and the words to print.
    codes : pandas.Index
        The codes of its areas, sorted.
    positions : numpy.ndarray of int32
        For each block, the position of its area in `codes`; -1 for a block outside the layer.
    description : Description
        `title`, `kind`, `best_fit`, `note`, `valid_from`, `valid_to`, `source` and `units`, each
        of which may be asked of the layer itself.
    """

    positions: NDArray[np.int32]

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "positions", frozen(self.positions, np.int32))

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
        kind: Kind = "lookup",
        best_fit: bool = False,
        note: str = "",
        valid_from: str = "",
        valid_to: str = "",
        source: str = "",
        units: str = "",
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
        names : mapping or Series of area code to name, optional
            The code stands for the name where there is none.
        aliases : mapping of area code to other spellings, optional
            Further names by which people know an area.
        title : str
            The words to print for the layer.
        kind : str
            How it was made.
        best_fit : bool
            Whether blocks were assigned by a best fit, so that the true lines cut some of them.
        note : str
            An assumption that must be printed wherever the layer is used.
        valid_from, valid_to, source, units : str
            Its dates, who published it, and the layer of whose areas it was made.

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
        codes = checked_lookup(name, lookup, blocks, reserved=OUTSIDE)
        found = pd.Index(sorted(codes.dropna().unique()), dtype="str", name="code")
        if not len(found):
            raise InputError(f"layer {name!r} has no areas: no block of `lookup` has a code")
        named = checked_names(name, names)
        if isinstance(names, Mapping):  # a Series is a table, which may name further areas
            known_keys(names, "names", found)
        others = {str(k): texts(v, "aliases") for k, v in dict(aliases or {}).items()}
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
            description=Description(
                title=title or name,
                kind=kind,
                best_fit=best_fit,
                note=note,
                valid_from=valid_from,
                valid_to=valid_to,
                source=source,
                units=units,
            ),
        )

    @classmethod
    def from_polygons(
        cls,
        polygons: gpd.GeoDataFrame,
        area: Geography,
        *,
        method: Method = "area",
        name: str = "polygons",
        code: str | None = None,
        title: str = "",
        weight: str | None = None,
        places: gpd.GeoSeries | None = None,
    ) -> AnyLayer:
        """Make a layer of polygons, by fitting the blocks of a geography to them.

        Parameters
        ----------
        polygons : geopandas.GeoDataFrame
            Valid polygons in the CRS of the blocks; they may overlap and leave gaps. The index
            holds the codes unless `code` names a column; a column `name` holds names.
        area : Geography
            Whose blocks are fitted.
        method : str
            ``area``: the polygon that covers most of a block; ``population``: the one in which
            most of its people live, by `places`; ``best_fit``: the one that holds its point;
            ``apportion``: the people of a block are shared among the polygons that it lies in.
        name, title : str
            Of the layer.
        code : str, optional
            The column of codes.
        weight : str, optional
            The people to count in `statuses` and `note`; those of the geography's residents if
            not given.
        places : geopandas.GeoSeries, optional
            Points where people live, such as postcodes; those of the geography if not given.

        Returns
        -------
        Layer or CutLayer
            By ``apportion`` a `CutLayer`, else a `Layer` with `statuses`: how each block came to
            its area. `note` says how many people are in blocks that a line cuts.

        Raises
        ------
        InputError
            If the polygons are unfit (see `coterminous.check`), in another CRS or another place.
        """
        from coterminous.polygons.fitting import layer_from_polygons

        return layer_from_polygons(
            polygons,
            area,
            method=method,
            name=name,
            code=code,
            title=title,
            weight=weight,
            places=places,
        )

    def group(
        self,
        name: str,
        groups: Mapping[str, Iterable[str] | str],
        *,
        within: AnyLayer | None = None,
        codes: Mapping[str, str] | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
        title: str = "",
        kind: Kind = "group",
        best_fit: bool | None = None,
        note: str = "",
        valid_from: str = "",
        valid_to: str = "",
        source: str = "",
        units: str | None = None,
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
        kind, note, valid_from, valid_to, source : str
            As for `from_lookup`.
        best_fit : bool, optional
            As of this layer, if not given.
        units : str, optional
            The name of this layer, if not given.

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
        area_of, coded = self.grouping(name, groups, codes)
        target = pd.Series([area_of.get(c) for c in self.codes], index=self.codes, dtype="str")
        lookup = self._spread(target)
        if within is not None:
            self.same_blocks(within)
            edge = within.of_whole_blocks("`within` of a group of whole blocks")
            lookup = lookup.where(edge.positions >= 0)
        empty = [area for code, area in coded.items() if code not in set(lookup.dropna())]
        if empty:
            raise InputError(
                f"layer {name!r} has areas without a block: {first_five(empty)}; name at least "
                f"one unit of {self.name!r} for each"
            )
        spelt = spellings(aliases, coded)
        made = Layer.from_lookup(
            name,
            lookup,
            names=coded,
            aliases=spelt,
            title=title,
            kind=kind,
            best_fit=self.best_fit if best_fit is None else best_fit,
            note=note,
            valid_from=valid_from,
            valid_to=valid_to,
            source=source,
            units=self.name if units is None else units,
        )
        return made.described(ties=self.description.ties)

    @overload
    def refine(self, other: Layer, name: str | None = None) -> Layer: ...
    @overload
    def refine(self, other: CutLayer, name: str | None = None) -> CutLayer: ...

    def refine(self, other: AnyLayer, name: str | None = None) -> AnyLayer:
        """Cut this layer by another: the blocks in both, by their pair of areas.

        Codes are joined by ``+``, names by `` / ``. Blocks outside either layer are outside. A
        layer that cuts blocks gives one that does.

        Parameters
        ----------
        other : Layer
            The layer that cuts it.
        name : str, optional
            The name of the new layer; made of both if not given.

        Examples
        --------
        >>> import pandas as pd
        >>> a = Layer.from_lookup("a", pd.Series({"b1": "N", "b2": "N", "b3": "S"}))
        >>> b = Layer.from_lookup("b", pd.Series({"b1": "E", "b2": "W", "b3": "W"}))
        >>> list(a.refine(b).codes)
        ['N+E', 'N+W', 'S+W']
        """
        self.same_blocks(other)
        if not isinstance(other, Layer):
            return other.refining(self, name)
        pairs, positions = paired(self.positions, other.positions)
        codes, names = joined(self, other, pairs)
        order = np.argsort(codes)
        place = np.empty(len(codes), dtype=np.int32)
        place[order] = np.arange(len(codes), dtype=np.int32)
        return Layer(
            name=name or f"{self.name}+{other.name}",
            blocks=self.blocks,
            codes=pd.Index([codes[i] for i in order], dtype="str", name="code"),
            positions=np.where(positions < 0, -1, place[np.maximum(positions, 0)]),
            names=tuple(names[i] for i in order),
            aliases=((),) * len(codes),
            description=refined_description(self, other),
        )

    @overload
    def within(self, other: Layer, name: str | None = None, title: str = "") -> Layer: ...
    @overload
    def within(self, other: CutLayer, name: str | None = None, title: str = "") -> CutLayer: ...

    def within(self, other: AnyLayer, name: str | None = None, title: str = "") -> AnyLayer:
        """Keep only what lies in another layer; areas left with nothing are dropped.

        A layer that cuts blocks gives one that does.

        Parameters
        ----------
        other : Layer
            What is kept lies in it.
        name : str, optional
            The name of the new layer; this one's if not given.
        title : str
            The words to print.
        """
        self.same_blocks(other)
        if not isinstance(other, Layer):
            return other.keeping(self, name, title)
        kept = self._picked(np.where(other.positions >= 0, self.positions, -1))
        return replace(
            kept,
            name=name or f"{self.name} within {other.name}",
            description=within_description(self, other, title),
        )

    def same_areas(self, other: AnyLayer) -> bool:
        """Whether another layer has the same areas under the same codes, whatever its name.

        Parameters
        ----------
        other : Layer
            Another layer of the same blocks.
        """
        return (
            isinstance(other, Layer)
            and self.codes.equals(other.codes)
            and bool(np.array_equal(self.positions, other.positions))
        )

    def only_in(self, blocks: pd.Index) -> Layer:
        """Keep only what lies in these blocks, under its own name; the others are outside.

        Parameters
        ----------
        blocks : Index
            Codes of blocks.

        Examples
        --------
        >>> import pandas as pd
        >>> layer = Layer.from_lookup("x", pd.Series({"b1": "A", "b2": "A", "b3": "B"}))
        >>> layer.only_in(pd.Index(["b1"])).codes.tolist()
        ['A']
        """
        return self._picked(np.where(self.blocks.isin(blocks), self.positions, -1))

    def _picked(self, positions: NDArray[np.int32]) -> Layer:
        """Return the layer of those of its areas that have a block at these positions."""
        kept, packed = np.unique(positions[positions >= 0], return_inverse=True)
        if not len(kept):
            raise InputError(f"nothing of layer {self.name!r} is left: no area would have a block")
        found = np.full(len(positions), -1, dtype=np.int32)
        found[positions >= 0] = packed
        return Layer(
            name=self.name,
            blocks=self.blocks,
            codes=self.codes[kept],
            positions=found,
            names=tuple(self.names[i] for i in kept),
            aliases=tuple(self.aliases[i] for i in kept),
            description=self.description,
        )

    # ------------------------------------------------------------------ asking

    def totals(self, weight: pd.Series) -> pd.Series:
        """Sum a weight by area; see `Areas.totals`.

        Parameters
        ----------
        weight : Series
            By block.

        Examples
        --------
        >>> import pandas as pd
        >>> halves = Layer.from_lookup("h", pd.Series({"b1": "N", "b2": "S", "b3": "S"}))
        >>> halves.totals(pd.Series([5, 7, 1], index=halves.blocks)).to_dict()
        {'N': 5, 'S': 8}
        """
        values = self._weighed(weight)
        inside = self.positions >= 0
        sums = np.bincount(
            self.positions[inside], weights=values[inside], minlength=len(self.codes)
        )
        kept = sums.astype(values.dtype) if np.issubdtype(values.dtype, np.integer) else sums
        return pd.Series(kept, index=self.codes, name=weight.name)

    def _left_over(self, weight: pd.Series) -> Any:
        return self._weighed(weight)[self.positions < 0].sum()

    def memberships(self) -> pd.DataFrame:
        """List the area of each block, or ``outside``; every share is 1."""
        area = self.assignment.fillna(OUTSIDE)
        return pd.DataFrame({"block": area.index, "area": area.to_numpy(), "share": 1.0})

    def touched(self) -> NDArray[np.bool_]:
        """Say for each block whether it lies in an area."""
        return np.asarray(self.positions >= 0)

    def covered(self) -> NDArray[np.bool_]:
        """Say for each block whether it lies in an area."""
        return self.touched()

    def parts(self) -> tuple[Cuts, NDArray[np.int32]]:
        """Give every block as one part, and the area of each."""
        return Cuts.none(len(self.blocks)), self.positions

    def _blocks_of_areas(self) -> NDArray[np.intp]:
        return np.bincount(self.positions[self.positions >= 0], minlength=len(self.codes))

    def of_whole_blocks(self, what: str) -> Layer:  # noqa: ARG002
        """Return the layer: it cuts no block.

        Parameters
        ----------
        what : str
            What it is for, in the words of the error.
        """
        return self

    def nearest(self) -> Layer:
        """Return the layer: it cuts no block."""
        return self

    @property
    def assignment(self) -> pd.Series:
        """The area code of every block; missing for blocks outside the layer."""
        return self._spread(pd.Series(self.codes, index=self.codes, dtype="str"))

    def _spread(self, by_area: pd.Series) -> pd.Series:
        values = pd.array(by_area.reindex(self.codes).to_numpy(dtype=object), dtype="str")
        taken = values.take(self.positions, allow_fill=True)
        return pd.Series(taken, index=self.blocks, name=self.name)

    def __repr__(self) -> str:
        outside = int((self.positions < 0).sum())
        return (
            f"<Layer {self.name}: {len(self)} areas of {len(self.blocks) - outside:,} blocks, "
            f"{outside:,} blocks outside>"
        )
