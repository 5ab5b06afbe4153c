"""How long is the border of two polygons, also where their lines do not quite meet?

Lines drawn from one map agree to the last digit; lines drawn twice do not. A survey at 1:1250
places a corner to about half a metre and one at 1:2500 to about one, so two lines nearer to each
other than `WITHIN` cannot be told apart on the map that they were drawn from: they are one border.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

#: Metres within which two lines that run side by side are one border.
WITHIN = 1.0
#: Metres of border that make neighbours: less is a corner, drawn within `WITHIN`.
LEAST = 1.0
#: Lines at a wider angle than this (as a tangent: 60 degrees) do not run side by side.
TURNED = 1.7
#: Lines that part beyond the tolerance at a steeper slope than this have a corner in common only.
PARTING = 0.1


@dataclass(frozen=True)
class Borders:
    """Pairs of polygons that have any border, by position.

    Attributes
    ----------
    left, right
        Positions, the smaller first, once a pair.
    metres
        Length of the border, over 0.
    exact
        Whether it is one line of both, corner by corner.
    """

    left: np.ndarray
    right: np.ndarray
    metres: np.ndarray
    exact: np.ndarray


def borders(shapes: np.ndarray, *, within: float = WITHIN) -> Borders:
    """Measure the border of every pair of polygons.

    What two polygons share corner by corner is measured exactly. Only edges that no other polygon
    shares are compared by distance: a stretch counts where an edge of the one runs along an edge
    of the other, the other way round, no further than `within` from it. Of two lines the mean
    length is taken.

    Parameters
    ----------
    shapes
        Valid polygons.
    within
        Units of the coordinates. 0 measures only what is shared exactly.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> pair = np.array([box(0, 0, 100, 100), box(100.02, 0, 200, 100)])  # two centimetres apart
    >>> borders(pair).metres.tolist(), borders(pair).exact.tolist()
    ([100.0], [False])
    """
    left, right, metres = _exact(shapes)
    exact = np.ones(len(left), dtype=bool)
    if within <= 0 or shapely.coverage_is_valid(shapes, gap_width=within):
        return _sorted(left, right, metres, exact)
    near, size = Unmatched.of(shapes), len(shapes)
    one, other, length = near.runs(within)
    key = np.minimum(one, other) * size + np.maximum(one, other)
    found, place = np.unique(key, return_inverse=True)
    # Each border is seen from both sides.
    drawn = np.bincount(place, weights=length, minlength=len(found)) / 2
    drawn += near.shared(found, size)
    # Lines of one side that lie on each other are no border, but what an overlap leaves.
    alike = left * size + right
    kept = np.isin(alike, near.keys(size)) & ~np.isin(alike, found)
    return _sorted(
        np.concatenate([left[kept], found // size]),
        np.concatenate([right[kept], found % size]),
        np.concatenate([metres[kept], drawn]),
        np.concatenate([exact[kept], np.zeros(len(found), dtype=bool)]),
    )


def _exact(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Measure what pairs of polygons share exactly."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    edges = shapely.boundary(shapes)
    length = shapely.length(shapely.intersection(edges[left], edges[right]))
    met = length > 0
    return left[met], right[met], length[met]


def _sorted(left: np.ndarray, right: np.ndarray, metres: np.ndarray, exact: np.ndarray) -> Borders:
    order = np.lexsort((right, left))
    return Borders(left[order], right[order], metres[order], exact[order])


@dataclass(frozen=True)
class Unmatched:
    """The edges of polygons that no other shares, and the lengths of those that two share."""

    start: np.ndarray
    end: np.ndarray
    owner: np.ndarray
    pairs: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, shapes: np.ndarray) -> Unmatched:
        """Take polygons apart, their outlines all the same way round."""
        rings, owner = _rings(shapely.orient_polygons(shapes))
        points, ring = shapely.get_coordinates(rings, return_index=True)
        points += 0.0  # so that minus nought is nought
        at = np.flatnonzero(ring[1:] == ring[:-1])
        start, end, of = points[at], points[at + 1], owner[ring[at]]
        moved = (start != end).any(axis=1)
        start, end, of = start[moved], end[moved], of[moved]
        twin = _twins(start, end)
        alone = twin < 0
        first = np.flatnonzero(~alone & (np.arange(len(twin)) < twin))
        pairs = np.sort(np.stack([of[first], of[twin[first]]], axis=1), axis=1)
        lengths = np.hypot(*(end[first] - start[first]).T)
        return cls(start[alone], end[alone], of[alone], pairs, lengths)

    def keys(self, size: int) -> np.ndarray:
        """Give the pair of polygons of each edge that two share as one number."""
        return np.asarray(self.pairs[:, 0] * size + self.pairs[:, 1])

    def shared(self, found: np.ndarray, size: int) -> np.ndarray:
        """Sum the lengths of edges shared exactly, of some pairs of polygons."""
        if not len(found):
            return np.zeros(0)
        key = self.keys(size)
        place = np.minimum(np.searchsorted(found, key), len(found) - 1)
        mine = found[place] == key
        return np.bincount(place[mine], weights=self.lengths[mine], minlength=len(found))

    def runs(self, within: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """List whose edge runs along whose, and for how long; once from each side."""
        one, other, low, high = self._stretches(within)
        return _merged(one, self.owner[one], self.owner[other], low, high)

    def strips(self, within: float) -> np.ndarray:
        """Draw what lies between the edges that run side by side."""
        one, other, low, high = self._stretches(within)
        way = self.end[one] - self.start[one]
        way /= np.hypot(way[:, 0], way[:, 1])[:, None]
        here = [self.start[one] + way * along[:, None] for along in (low, high)]
        back = self.end[other] - self.start[other]
        # Where a line square to the one edge meets the other.
        share = [
            ((p - self.start[other]) * way).sum(axis=1) / (back * way).sum(axis=1) for p in here
        ]
        there = [self.start[other] + back * s[:, None] for s in share]
        return np.asarray(shapely.polygons(np.stack([*here, *there[::-1]], axis=1)))

    def _stretches(self, within: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        lines = shapely.linestrings(np.stack([self.start, self.end], axis=1))
        one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=within)
        apart = self.owner[one] != self.owner[other]
        one, other = one[apart], other[apart]
        low, high = self._along(one, other, within)
        kept = high > low
        return one[kept], other[kept], low[kept], high[kept]

    def _along(
        self, one: np.ndarray, other: np.ndarray, within: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Give the stretch of one edge that runs along the other, in metres from its start."""
        way = self.end[one] - self.start[one]
        length = np.hypot(way[:, 0], way[:, 1])
        way /= length[:, None]
        ends = [points[other] - self.start[one] for points in (self.end, self.start)]
        # Along the one edge and away from it; the other edge runs back.
        (s0, d0), (s1, d1) = (
            ((p * way).sum(axis=1), way[:, 0] * p[:, 1] - way[:, 1] * p[:, 0]) for p in ends
        )
        run = s1 - s0
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = (d1 - d0) / run
        low, high = np.maximum(s0, 0), np.minimum(s1, length)
        none = (run <= 0) | (np.abs(slope) > TURNED) | (high <= low)
        slope = np.where(none | (slope == 0), np.finfo(float).tiny, slope)
        with np.errstate(over="ignore", invalid="ignore"):
            bounds = np.sort([s0 + (side * within - d0) / slope for side in (-1.0, 1.0)], axis=0)
        flat = none | (np.abs(slope) < 1e-12)
        cut_low = np.where(flat, low, np.maximum(low, bounds[0]))
        cut_high = np.where(flat, high, np.minimum(high, bounds[1]))
        away = flat & (np.abs(d0) > within)
        parted = ((cut_low > low) | (cut_high < high)) & (np.abs(slope) > PARTING)
        return cut_low, np.where(none | away | parted, cut_low, cut_high)


def _rings(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    return rings, of_part[of_ring]


def _twins(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Find for each edge the one that runs the other way between the same points; -1 = none."""
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    low = np.where(turned[:, None], end, start)
    high = np.where(turned[:, None], start, end)
    order = np.lexsort((turned, high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    ends = np.column_stack([low, high])[order]
    same = (ends[1:] == ends[:-1]).all(axis=1)
    lone = np.concatenate([[True], ~same]) & np.concatenate([~same, [True]])
    before = np.concatenate([[False], same[:-1]]) if len(same) else same
    after = np.concatenate([same[1:], [False]]) if len(same) else same
    two = np.flatnonzero(same & ~before & ~after & (turned[order][1:] != turned[order][:-1]))
    twin = np.full(len(start), -1)
    twin[order[two]], twin[order[two + 1]] = order[two + 1], order[two]
    twin[order[lone]] = -1
    return twin


def _merged(
    edge: np.ndarray, mine: np.ndarray, whose: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum the stretches of each edge along each other polygon, what lies in two of them once."""
    order = np.lexsort((low, whose, edge))
    edge, mine, whose, low, high = (x[order] for x in (edge, mine, whose, low, high))
    fresh = np.ones(len(edge), dtype=bool)
    fresh[1:] = (edge[1:] != edge[:-1]) | (whose[1:] != whose[:-1])
    # The furthest that any stretch before has come, within one edge and polygon.
    group = np.cumsum(fresh) - 1
    far = 1.0 + (high.max() if len(high) else 0.0)
    reached = np.maximum.accumulate(high + group * far) - group * far
    begun = np.concatenate([[0.0], reached[:-1]])
    begun[fresh] = 0.0
    return mine, whose, np.maximum(high - np.maximum(low, begun), 0.0)
