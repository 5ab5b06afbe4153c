"""Of what are areas made? Blocks as one value: codes, weights, links, polygons and edges.

Every geography that is derived from another holds the same blocks, so that what was read or found
for one is there for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import pandas as pd

from coterminous.blocks import contiguity
from coterminous.blocks.borders import WITHIN
from coterminous.blocks.shapes import checked_blocks, joined, polygons_of
from coterminous.blocks.soundness import refuse_unsound
from coterminous.blocks.weights import Weight, of_frame
from coterminous.owned import hands_out_copies
from coterminous.tables.joins import check_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

T = TypeVar("T")


class Once(Generic[T]):
    """Something that is read or found when it is first asked for, and then kept."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._lock = RLock()

    def __call__(self) -> T:
        """Return it; a table is the caller's own, who may write to it."""
        if self._make is not None:
            with self._lock:
                if self._make is not None:
                    self._kept = self._make()
                    self._make = None
        if isinstance(self._kept, (pd.Series, pd.DataFrame)):
            return cast("T", self._kept.copy(deep=False))
        return self._kept


@hands_out_copies
@dataclass(frozen=True, eq=False)
class Blocks:
    """Building blocks: their codes, what is counted in them, and where they are.

    Attributes
    ----------
    codes : pandas.Index
        Sorted.
    weights : mapping of str to Weight
    links : pandas.DataFrame
        Declared neighbours that share no edge: `a`, `b`, `name`, `reason`.
    table, lookup : Once of pandas.DataFrame
        What the blocks' file says of each, polygons apart; and the areas each is in.
    polygons : Once of geopandas.GeoSeries
        In a projected CRS, by code.
    drawn : Once of geopandas.GeoSeries
        The polygons with edges that match, to be united and drawn; see `shapes.joined`.
    within : float
        Metres within which two lines side by side are one border.
    borders : Once of pandas.DataFrame
        All pairs of blocks with any border; see `contiguity.measured_borders`.
    edges : Once of pandas.DataFrame
        The pairs of blocks that share an edge; see `contiguity.shared_edges`.
    neighbours : Once of pandas.DataFrame
        Edges and links together; see `contiguity.block_neighbours`.
    """

    codes: pd.Index
    weights: Mapping[str, Weight]
    links: pd.DataFrame
    table: Once[pd.DataFrame]
    lookup: Once[pd.DataFrame]
    polygons: Once[gpd.GeoSeries]
    within: float = WITHIN
    borders: Once[pd.DataFrame] = field(init=False)
    edges: Once[pd.DataFrame] = field(init=False)
    inner_points: Once[gpd.GeoSeries] = field(init=False)
    drawn: Once[gpd.GeoSeries] = field(init=False)
    neighbours: Once[pd.DataFrame] = field(init=False)

    def __post_init__(self) -> None:
        polygons, links, within = self.polygons, self.links, self.within
        borders = Once(lambda: contiguity.measured_borders(polygons(), within=within))
        edges = Once(lambda: contiguity.enough(borders()))
        self._put("borders", borders)
        self._put("edges", edges)
        self._put("inner_points", Once(lambda: polygons().representative_point()))
        self._put("drawn", Once(lambda: joined(polygons())))
        self._put("neighbours", Once(lambda: contiguity.block_neighbours(edges(), links)))

    def _put(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    def made_of(
        cls,
        codes: pd.Index,
        *,
        weights: Mapping[str, Weight],
        links: pd.DataFrame,
        table: Callable[[], pd.DataFrame],
        lookup: Callable[[], pd.DataFrame],
        polygons: Callable[[], gpd.GeoSeries],
        where: str = "`blocks`",
        see: str = "coterminous.check(blocks) lists every fault, and coterminous.mend mends some",
        within: float = WITHIN,
    ) -> Blocks:
        """Make blocks of functions that read what is not needed at once.

        Polygons are looked at when they are first used; `where` they are from, and how
        to see and mend their faults (`see`), stand in the message.
        """

        def checked() -> gpd.GeoSeries:
            shapes = polygons()
            check_blocks(shapes.index, codes, "the polygons of the blocks")
            found = shapes.reindex(codes)
            refuse_unsound(found, where, see)
            return found

        read = {n: replace(w, read=Once(w.read)) for n, w in weights.items()}
        return cls(codes, read, links, Once(table), Once(lookup), Once(checked), within)

    @classmethod
    def of_frame(
        cls, blocks: pd.DataFrame, weights: Iterable[str], links: pd.DataFrame | None
    ) -> Blocks:
        """Make blocks of a frame of them, indexed by code; see `Geography.from_frames`."""
        table = checked_blocks(blocks)
        none = links is None
        joined = contiguity.no_links() if links is None else links
        return cls.made_of(
            table.index,
            weights=of_frame(table, weights),
            links=joined if none else contiguity.checked_links(joined, table.index, "`links`"),
            table=lambda: pd.DataFrame(table.drop(columns="geometry", errors="ignore")),
            lookup=lambda: pd.DataFrame(index=table.index),
            polygons=lambda: polygons_of(table),
        )

    def with_weight(self, weight: Weight) -> Blocks:
        """Return the same blocks with one weight more; what is known of their ground stays."""
        made = replace(self, weights={**self.weights, weight.name: weight})
        for name in ("borders", "edges", "inner_points", "neighbours"):
            made._put(name, getattr(self, name))
        return made

    def with_links(self, links: pd.DataFrame) -> Blocks:
        """Return the same blocks with other links; what is known of their ground stays."""
        made = replace(self, links=contiguity.checked_links(links, self.codes, "`links`"))
        edges = self.edges
        made._put("borders", self.borders)
        made._put("edges", edges)
        made._put("inner_points", self.inner_points)
        checked = made.links
        made._put("neighbours", Once(lambda: contiguity.block_neighbours(edges(), checked)))
        return made
