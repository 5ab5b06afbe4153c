"""Which polygons of one map overlap, where many may be the same one? Each is looked at once.

A file that says one polygon hundreds of times has as many overlaps as pairs of them, and all are
alike. So polygons that are the same are gathered first, and pairs are counted, not listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from coterminous.polygons.edges import Edges, edges_of
from coterminous.polygons.self_overlaps import key_of_bounds, overlap_areas, overlapping


@dataclass(frozen=True)
class Overlaps:
    """The overlaps within one map, pairs of the same two shapes together.

    Attributes
    ----------
    pairs
        Shape (kinds, 2): positions of the first polygon of either shape, sorted; of a shape that
        is there several times, with itself, twice the same.
    areas
        Of what two polygons of these shapes have in common, in square units of the CRS.
    times
        How many pairs of polygons there are of each kind.
    members
        By position of the first, the polygons of each shape that is there several times.
    """

    pairs: np.ndarray
    areas: np.ndarray
    times: np.ndarray
    members: dict[int, np.ndarray]

    def of(self, first: int) -> np.ndarray:
        """Return the polygons of one shape."""
        return self.members.get(first, np.array([first]))

    def listed(self, kind: int, most: int | None = None) -> Iterator[tuple[int, int]]:
        """List the pairs of one kind, of the first few polygons of either shape if so asked."""
        first, second = self.pairs[kind].tolist()
        one, other = self.of(first)[:most].tolist(), self.of(second)[:most].tolist()
        if first == second:
            pairs = [(i, j) for at, i in enumerate(one) for j in one[at + 1 :]]
        else:
            pairs = [(min(i, j), max(i, j)) for i in one for j in other]
        yield from sorted(pairs)

    def worst(self, chosen: np.ndarray, most: int) -> list[tuple[int, int, float]]:
        """List the first few pairs of some kinds: by area, those of the same area by position."""
        order = chosen[np.argsort(-self.areas[chosen], kind="stable")]
        enough = int(np.searchsorted(np.cumsum(self.times[order]), most))
        least = self.areas[order[min(enough, len(order) - 1)]]
        pairs = [
            (i, j, float(self.areas[kind]))
            for kind in order[self.areas[order] >= least].tolist()
            # Among so many of either shape are the first pairs.
            for i, j in self.listed(kind, most + 1)
        ]
        return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:most]


def overlaps_within(
    polygons: np.ndarray, edges: Edges, tree: Any = None, *, rounded: bool = False
) -> Overlaps:
    """Find the overlaps within one map, and measure them.

    Parameters
    ----------
    polygons
        Valid polygons.
    edges
        Their edges, from `edges_of`.
    tree
        An `shapely.STRtree` of the same polygons, if there is one already.
    rounded
        Whether the edges were matched so.

    Examples
    --------
    >>> import shapely
    >>> from coterminous.polygons.edges import edges_of
    >>> four = shapely.box([0, 0, 0, 1], 0, [2, 2, 2, 3], 1)
    >>> found = overlaps_within(four, edges_of(four))
    >>> found.pairs.tolist(), found.areas.tolist(), found.times.tolist()
    ([[0, 0], [0, 3]], [2.0, 1.0], [3, 3])
    """
    first = _first_alike(polygons)
    alone = np.flatnonzero(first == np.arange(len(first)))
    if len(alone) == len(polygons):
        pairs = overlapping(polygons, edges, tree)
        areas = overlap_areas(polygons, pairs)
        return Overlaps(pairs, areas, np.ones(len(pairs), dtype=int), {})
    kept = polygons[alone]
    pairs = overlapping(kept, edges_of(kept, rounded=rounded))
    areas = overlap_areas(kept, pairs)
    many = np.bincount(first, minlength=len(polygons))[alone]
    twice = np.flatnonzero(many > 1)
    times = np.concatenate([many[pairs].prod(axis=1), many[twice] * (many[twice] - 1) // 2])
    pairs = np.concatenate([pairs, np.stack([twice, twice], axis=1)])
    areas = np.concatenate([areas, shapely.area(kept[twice])])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    ranked = np.argsort(first, kind="stable")
    parts = np.split(ranked, np.cumsum(many)[:-1])
    members = {int(alone[at]): parts[at] for at in twice}
    return Overlaps(alone[pairs[order]], areas[order], times[order], members)


def _first_alike(polygons: np.ndarray) -> np.ndarray:
    """Give for each polygon the position of the first that has the same shape."""
    first = np.arange(len(polygons))
    key = key_of_bounds(polygons)
    _, at, count = np.unique(key, return_inverse=True, return_counts=True)
    some = np.flatnonzero(count[at] > 1)
    seen: dict[bytes, int] = {}
    # Wherever a ring starts, and whichever way it runs.
    for position, shape in zip(
        some.tolist(), shapely.to_wkb(shapely.normalize(polygons[some])), strict=True
    ):
        first[position] = seen.setdefault(shape, position)
    return first
