"""What area do a block and a polygon have in common, when only few edges of either are near?

By Green's theorem the area is a sum over the boundary of the common part: the stretches of each
boundary that lie within the other. Each crossing ends one stretch and begins another, so crossings
and corners are all there is to add up, for thousands of pairs at once and without building a shape.
Where a corner lies on a line, so that rounding would decide, the pair is left to GEOS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from coterminous.polygons.edges import Edges, edges_of, ranges
from coterminous.polygons.meeting_boxes import Boxes, meeting

#: Edges of blocks and polygons looked at in one go: little enough to stay in the cache.
BATCH = 20_000
#: Where a block and a polygon have so many edges each, GEOS is the quicker to go through them,
DETAILED = 400
#: unless a side of the block comes near more than so many stretches of the polygon, as the teeth of
#: two combs do: GEOS would keep in memory all that they cut out of each other.
STRETCHES = 8
#: Sides of a block that are asked for that, spread over all of it.
ASKED = 64
#: A corner this near to a line, as a part of the block's size, lies on it.
ON_LINE = 1e-9


@dataclass(frozen=True)
class Near:
    """Pairs of a block and a polygon, with the edges of the polygon in the box of the block.

    Attributes
    ----------
    block
        Position of the block of each pair.
    edge
        Edges of the polygons, pair after pair, in their order.
    start, count
        Where the edges of each pair start in `edge`, and how many there are, if any.
    """

    block: np.ndarray
    edge: np.ndarray
    start: np.ndarray
    count: np.ndarray

    def take(self, chosen: np.ndarray) -> Near:
        """Keep some of the pairs."""
        return Near(self.block[chosen], self.edge, self.start[chosen], self.count[chosen])


def rings_of(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take polygons apart into rings.

    Returns
    -------
    tuple of ndarray
        What each ring encloses, anticlockwise; the position of its polygon, ascending; and 1, or
        -1 for a hole.
    """
    simple = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    simple[simple] = shapely.get_num_interior_rings(polygons[simple]) == 0
    others = np.flatnonzero(~simple)
    parts, of_polygon = shapely.get_parts(polygons[others], return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    hole = np.zeros(len(rings), dtype=bool)
    hole[1:] = of_part[1:] == of_part[:-1]
    shapes = np.concatenate([polygons[simple], shapely.polygons(rings)])
    owner = np.concatenate([np.flatnonzero(simple), others[of_polygon[of_part]]])
    sign = np.concatenate([np.ones(int(simple.sum())), np.where(hole, -1.0, 1.0)])
    order = np.argsort(owner, kind="stable")
    return shapely.orient_polygons(shapes[order]), owner[order], sign[order]


def first_corners(rings: np.ndarray) -> np.ndarray:
    """Return the corner at which each ring starts, as `common_areas` takes it."""
    points, ring = shapely.get_coordinates(rings, return_index=True)
    return points.take(np.searchsorted(ring, np.arange(len(rings))), axis=0)


def common_areas(
    blocks: np.ndarray, near: Near, edges: Edges, holds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Measure what blocks and polygons have in common, pair by pair.

    Parameters
    ----------
    blocks
        Polygons of one ring each, anticlockwise.
    near
        The pairs; `block` is a position in `blocks`.
    edges
        Edges of the polygons, which have their inside on the left of each.
    holds
        For each pair, whether the polygon holds the first corner of the block.

    Returns
    -------
    tuple of ndarray
        The areas, and for each pair whether it could be told. If not its area is nought.

    Examples
    --------
    >>> import shapely
    >>> block, polygon = shapely.box([0], 0, [2], 2), shapely.box([1.5], 1, [3], 3)
    >>> edges = edges_of(polygon)
    >>> near = Near(np.array([0]), np.arange(4), np.array([0]), np.array([4]))
    >>> areas, told = common_areas(block, near, edges, np.array([False]))
    >>> areas.tolist(), told.tolist()
    ([0.5], [True])
    """
    rings = edges_of(blocks, matched=False)
    sides = np.bincount(rings.owner, minlength=len(blocks))
    # Without an edge near, all of the block is on the side of its first corner.
    areas = np.where(holds & (near.count == 0), shapely.area(blocks)[near.block], 0.0)
    told = np.ones(len(areas), dtype=bool)
    for pair in np.flatnonzero(np.minimum(sides[near.block], near.count) >= DETAILED):
        told[pair] = _dense(rings, near.take(np.array([pair])), edges)
    met = np.flatnonzero(told & (near.count > 0))
    if not len(met):
        return areas, told
    before = np.cumsum(sides) - sides
    work = np.cumsum((sides[near.block] + near.count)[met]) // BATCH
    for some in np.split(met, np.flatnonzero(np.diff(work)) + 1):
        batch = near.take(some)
        lines = _Lines.of(batch, rings, before[batch.block], sides[batch.block], edges)
        areas[some], told[some] = _summed(lines, blocks[batch.block], holds[some])
    areas[~told] = 0.0
    return areas, told


def near_rings(
    rings: np.ndarray, ring: np.ndarray, pair: np.ndarray, at: Near, edges: Edges
) -> Near:
    """Leave to each ring of a block, of the edges near the block, those that are near the ring.

    Parameters
    ----------
    rings
        What each ring encloses.
    ring, pair
        Every ring of a block with every polygon near it: the ring, and the number of the pair of
        block and polygon, ascending.
    at
        Those pairs of block and polygon.
    edges
        Edges of the polygons.

    Returns
    -------
    Near
        One entry for each ring and polygon, as many as `ring`.
    """
    near = Near(ring, at.edge, at.start[pair], at.count[pair])
    several = np.bincount(pair, minlength=len(at.count)) > 1
    mine = np.flatnonzero(several[pair])
    if not len(mine):
        return near
    some = np.flatnonzero(several)
    edge = at.edge[ranges(at.start[some], at.count[some])]
    boxes = Boxes(shapely.bounds(rings)[ring[mine]].T, np.bincount(pair[mine])[some])
    met = meeting(boxes, Boxes.of(edges.ends(edge), at.count[some]))
    which, line = np.concatenate([np.empty((2, 0), dtype=int), *met], axis=1)
    order = np.lexsort((line, which))
    count = np.bincount(which, minlength=len(mine))
    near.start[mine], near.count[mine] = np.cumsum(count) - count + len(at.edge), count
    return Near(ring, np.concatenate([at.edge, edge[line[order]]]), near.start, near.count)


def _dense(rings: Edges, near: Near, edges: Edges) -> bool:
    """Say whether the sides of one detailed block come near very much of one polygon."""
    mine = np.flatnonzero(rings.owner == near.block[0])
    some = mine[np.linspace(0, len(mine) - 1, ASKED).astype(int)]
    asked = Boxes.of(rings.ends(some), np.array([ASKED]))
    chosen = near.edge[ranges(near.start, near.count)]
    stretches = Boxes.of(edges.ends(chosen), near.count).once().once()
    each = Boxes(stretches.sides, stretches.counts)
    return sum(found.shape[1] for found in meeting(asked, each)) > STRETCHES * ASKED


@dataclass(frozen=True)
class _Lines:
    """Edges of blocks and of polygons, pair after pair, as seen from the middle of each block."""

    sides: np.ndarray
    counts: np.ndarray
    side: np.ndarray
    edge: np.ndarray
    follows: np.ndarray
    origin: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(
        cls, near: Near, rings: Edges, before: np.ndarray, sides: np.ndarray, edges: Edges
    ) -> _Lines:
        """Gather the edges of some pairs."""
        side = rings.ends(ranges(before, sides))
        chosen = near.edge[ranges(near.start, near.count)]
        edge = edges.ends(chosen)
        first = np.cumsum(sides) - sides
        low = np.minimum.reduceat(side[:, 0], first)
        high = np.maximum.reduceat(side[:, 0], first)
        origin = (low + high) / 2
        of_edge = np.repeat(np.arange(len(sides)), near.count)
        follows = np.zeros(len(chosen), dtype=bool)
        follows[1:] = (
            (edges.at[chosen[1:]] == edges.at[chosen[:-1]] + 1)
            & (edges.ring[chosen[1:]] == edges.ring[chosen[:-1]])
            & (of_edge[1:] == of_edge[:-1])
        )
        side = side - np.repeat(origin, sides, axis=0)[:, None]
        edge = edge - origin.take(of_edge, axis=0)[:, None]
        return cls(sides, near.count, side, edge, follows, origin, low - origin, high - origin)


def _extent(ends: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    one, other = ends[:, 0, axis], ends[:, 1, axis]
    return np.minimum(one, other), np.maximum(one, other)


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _summed(lines: _Lines, blocks: np.ndarray, holds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add up crossings and corners of each pair; say where that could not be told."""
    pairs = len(holds)
    of_side = np.repeat(np.arange(pairs), lines.sides)
    of_edge = np.repeat(np.arange(pairs), lines.counts)
    size = (lines.high - lines.low).max(axis=1)
    odd_side, odd_edge, swept, doubtful = _crossings(lines, of_side, size * ON_LINE)
    told = ~doubtful
    if not told.any():
        return np.zeros(pairs), told
    twice = np.zeros(pairs)
    twice += swept

    # Along the block's ring, each crossing leads into the polygon or out of it.
    passed = np.cumsum(odd_side)
    first = np.cumsum(lines.sides) - lines.sides
    passed -= (passed[first] - odd_side[first])[of_side]
    inside = holds[of_side] ^ (passed % 2 == 1)
    told &= passed[first + lines.sides - 1] % 2 == 0
    corner = np.where(inside, _cross(lines.side[:, 0], lines.side[:, 1]), 0.0)
    twice += np.bincount(of_side, weights=corner, minlength=pairs)

    # A run of the polygon's edges comes into the box from outside, and so from outside the block;
    # only where its ring starts within the box has the block to be asked.
    runs = np.flatnonzero(~lines.follows)
    start = lines.edge[:, 0].take(runs, axis=0)
    mine = of_edge[runs]
    low, high = lines.low.take(mine, axis=0), lines.high.take(mine, axis=0)
    known = ((start < low) | (start > high)).any(axis=1)
    begun = np.zeros(len(runs), dtype=bool)
    asked = np.flatnonzero(~known)
    if len(asked):
        point = start[asked] + lines.origin[mine[asked]]
        begun[asked] = shapely.contains_xy(blocks[mine[asked]], point)
    passed = np.cumsum(odd_edge)
    run = np.cumsum(~lines.follows) - 1
    passed -= (passed[runs] - odd_edge[runs])[run]
    inside = begun[run] ^ (passed % 2 == 1)
    last = np.append(runs[1:], len(of_edge)) - 1
    end = lines.edge[:, 1].take(last, axis=0)
    beyond = ((end < low) | (end > high)).any(axis=1)
    told[mine[inside[last] & beyond]] = False
    corner = np.where(inside, _cross(lines.edge[:, 0], lines.edge[:, 1]), 0.0)
    twice += np.bincount(of_edge, weights=corner, minlength=pairs)
    return twice / 2, told


def _crossings(
    lines: _Lines, of_side: np.ndarray, on_line: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Find where the edges of block and polygon cross.

    Returns
    -------
    tuple of ndarray
        How often each side of a block and each edge of a polygon is crossed; and for each pair
        twice the area that its crossings add, and whether one of them could not be told.
    """
    odd_side = np.zeros(len(lines.side), dtype=int)
    odd_edge = np.zeros(len(lines.edge), dtype=int)
    swept, doubtful = np.zeros(len(on_line)), np.zeros(len(on_line), dtype=bool)
    boxes = Boxes.of(lines.side, lines.sides), Boxes.of(lines.edge, lines.counts)
    for side, edge in meeting(*boxes, on_line):
        met, area, unsure = _crossed(lines, side, edge, on_line[of_side[side]])
        odd_side += np.bincount(side[met], minlength=len(odd_side))
        odd_edge += np.bincount(edge[met], minlength=len(odd_edge))
        swept += np.bincount(of_side[side[met]], weights=area, minlength=len(swept))
        doubtful[of_side[side[unsure]]] = True
        if doubtful.all():
            break  # nothing is left that could be told
    return odd_side, odd_edge, swept, doubtful


def _crossed(
    lines: _Lines, side: np.ndarray, edge: np.ndarray, slack: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Say which pairs of edges cross, twice the area each crossing adds, and where it is unsure."""
    starts, ends = lines.side.take(side, axis=0), lines.edge.take(edge, axis=0)
    a, c = starts[:, 0], ends[:, 0]
    e, f = starts[:, 1] - a, ends[:, 1] - c
    turn = _cross(f, e)
    a_left, c_left = _cross(f, a - c), _cross(e, c - a)
    b_left, d_left = a_left + turn, c_left - turn
    e_slack = slack * (np.abs(e[:, 0]) + np.abs(e[:, 1]))
    f_slack = slack * (np.abs(f[:, 0]) + np.abs(f[:, 1]))
    unsure = np.minimum(np.abs(a_left), np.abs(b_left)) <= f_slack
    unsure |= np.minimum(np.abs(c_left), np.abs(d_left)) <= e_slack
    crossed = ((a_left > 0) != (b_left > 0)) & ((c_left > 0) != (d_left > 0))
    met = np.flatnonzero(crossed & ~unsure)
    share = a_left[met] / (a_left[met] - b_left[met])
    at = a[met] + share[:, None] * e[met]
    return met, np.sign(turn[met]) * _cross(c[met] - a[met], at), unsure
