"""Which blocks does a boundary cut, and how much of each lies on either side?

The engine under `overlaying`. A block that no boundary comes near is wholly inside the
polygons that hold its centre, so an intersection is worked out only for blocks on a boundary, and
then with no more of the polygon than lies about the block. All in square units of the CRS.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from coterminous.polygons.common_area import Near, common_areas, first_corners, near_rings, rings_of
from coterminous.polygons.edges import Edges, ranges

#: A polygon with more coordinates than this is clipped to the neighbourhood of a block first.
DETAILED = 48
#: Pairs handled at once: enough to be quick, little enough to stay small in memory.
BATCH = 40_000
#: A remainder smaller than this part of its block is rounding, not land.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Cells:
    """The parts into which blocks and polygons cut each other, without their shapes.

    Attributes
    ----------
    block, polygon
        Positions of the two, sorted by block and then by polygon.
    area
        Area of the part; more than nought.
    intersections
        How many intersections had to be worked out.
    """

    block: np.ndarray
    polygon: np.ndarray
    area: np.ndarray
    intersections: int


@dataclass(frozen=True)
class Cut:
    """Pairs of which an edge of the polygon comes into the box of the block.

    Attributes
    ----------
    pair
        Sorted: `block * number of polygons + polygon`.
    near
        The pairs with those edges.
    loose
        For each block, whether one of the edges in its box, of any polygon, has no match.
    """

    pair: np.ndarray
    near: Near
    loose: np.ndarray


def cells_of(
    blocks: np.ndarray,
    polygons: np.ndarray,
    edges: Edges,
    *,
    tree: Any = None,
    pool: Executor | None = None,
) -> Cells:
    """Measure the part of each block that lies in each polygon.

    Parameters
    ----------
    blocks, polygons
        Arrays of valid polygons in one projected CRS. It is quickest with the more numerous
        as `blocks`. The others have to be oriented: `shapely.orient_polygons`.
    edges
        Edges of `polygons`, from `coterminous.polygons.edges.edges_of`.
    tree
        An `shapely.STRtree` of `blocks`, if there is one already.
    pool
        Threads to work in; none, and the work is done in this one.

    Returns
    -------
    Cells
        Parts of more than nought.

    Examples
    --------
    >>> import shapely
    >>> from coterminous.polygons.edges import edges_of
    >>> blocks = shapely.box([0, 1], 0, [1, 2], 1)
    >>> polygons = shapely.box([-1, 1.25], -1, [1.25, 3], 2)  # anticlockwise
    >>> cells = cells_of(blocks, polygons, edges_of(polygons))
    >>> cells.block.tolist(), cells.polygon.tolist(), cells.area.tolist()
    ([0, 1, 1], [0, 0, 1], [1.0, 0.25, 0.75])
    >>> cells.intersections
    1
    """
    tree = shapely.STRtree(blocks) if tree is None else tree
    bounds = shapely.bounds(blocks)
    many = len(polygons)
    cut = _touched(bounds, edges, tree, many)
    # A copy, because preparing is a change that the caller's polygons would keep.
    prepared = shapely.from_wkb(shapely.to_wkb(polygons))
    shapely.prepare(prepared)
    holding = _holding(bounds, polygons, prepared, tree)
    sizes = shapely.area(blocks)

    whole = holding[~_among(cut.pair, holding)]
    # Where every edge near a block parts one polygon from the next, as many polygons lie over
    # each point of it as over its centre. If that is one, their parts add up to the block, and
    # the part of the polygon at the centre is what the others leave.
    over = np.bincount(holding // many, minlength=len(blocks))
    told = (over == 1) & ~cut.loose
    same = _same(blocks, polygons, bounds, cut.pair)
    # So a block that is one of the polygons has no part in any other.
    alone = np.zeros(len(blocks), dtype=bool)
    alone[same[told[same // many]] // many] = True
    rest = holding[(told & ~alone)[holding // many]]
    rest = rest[_among(cut.pair, rest)]
    needed = cut.pair[~alone[cut.pair // many]]
    needed = needed[~_among(rest, needed) & ~_among(same, needed)]

    areas = _measured(blocks, polygons, prepared, bounds, edges, cut, needed, pool)
    taken = np.bincount(needed // many, weights=areas, minlength=len(blocks))
    left = sizes[rest // many] - taken[rest // many]
    key = np.concatenate([whole, same, needed, rest])
    area = np.concatenate([sizes[whole // many], sizes[same // many], areas, left])
    kept = np.flatnonzero(area > ROUNDING * sizes[key // many])
    kept = kept[np.argsort(key[kept])]
    key, area = key[kept], area[kept]
    return Cells(key // many, key % many, area, len(needed))


def _among(ranked: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Say which of some numbers are among others that are sorted."""
    if not len(ranked):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ranked, wanted), len(ranked) - 1)
    return np.asarray(ranked[at] == wanted)


def _same(
    blocks: np.ndarray, polygons: np.ndarray, bounds: np.ndarray, pairs: np.ndarray
) -> np.ndarray:
    """Keep the pairs of which block and polygon have the same corners: they share all of it."""
    many = len(polygons)
    block, polygon = pairs // many, pairs % many
    alike = np.flatnonzero((bounds[block] == shapely.bounds(polygons)[polygon]).all(axis=1))
    one, other = blocks[block[alike]], polygons[polygon[alike]]
    return pairs[alike[shapely.equals_exact(one, other, normalize=True)]]


def _touched(bounds: np.ndarray, edges: Edges, tree: Any, many: int) -> Cut:
    """Find the blocks whose box an edge comes into."""
    loose = np.zeros(len(bounds), dtype=bool)
    if not len(edges):
        none = np.empty(0, dtype=int)
        return Cut(none, Near(none, none, none, none), loose)
    starts, boxes = _runs(edges, np.median(bounds[:, 2:] - bounds[:, :2]))
    run, block = tree.query(boxes)
    lengths = np.diff(np.append(starts, len(edges)))[run]
    found = [np.empty((2, 0), dtype=int)]
    steps = np.flatnonzero(np.diff(np.cumsum(lengths) // BATCH, prepend=-1, append=-2))
    for low, high in zip(steps[:-1], steps[1:], strict=True):
        count = lengths[low:high]
        before = np.cumsum(count) - count
        edge = np.arange(count.sum()) + np.repeat(starts[run[low:high]] - before, count)
        near = np.repeat(block[low:high], count)
        inside = _comes_into(edges.ends(edge), bounds.take(near, axis=0))
        edge, near = edge[inside], near[inside]
        loose[near[edges.twin[edge] < 0]] = True
        found.append(np.stack([near * many + edges.owner[edge], edge]))
    pair, edge = np.concatenate(found, axis=1)
    order = np.lexsort((edge, pair))
    pairs, start, count = np.unique(pair[order], return_index=True, return_counts=True)
    return Cut(pairs, Near(pairs // many, edge[order], start, count), loose)


def _runs(edges: Edges, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Gather edges that follow each other into runs of about a length: first edge, and box."""
    x, y = np.ascontiguousarray(edges.points.T)
    first, second = edges.at, edges.at + 1
    along = np.cumsum(np.hypot(x[second] - x[first], y[second] - y[first])) // max(length, 1e-9)
    new = np.ones(len(edges), dtype=bool)
    new[1:] = (along[1:] != along[:-1]) | (edges.ring[1:] != edges.ring[:-1])
    starts = np.flatnonzero(new)
    sides = [
        extreme.reduceat(extreme(of[first], of[second]), starts)
        for extreme in (np.minimum, np.maximum)
        for of in (x, y)
    ]
    return starts, shapely.box(*sides)


def _comes_into(ends: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Say whether each line of two points comes into, or touches, its box."""
    (x, y), (to_x, to_y) = ends[:, 0].T, ends[:, 1].T
    west, south, east, north = boxes.T
    near = (np.minimum(x, to_x) <= east) & (np.maximum(x, to_x) >= west)
    near &= (np.minimum(y, to_y) <= north) & (np.maximum(y, to_y) >= south)
    # The box is missed if all its corners are on one side of the line.
    along_x, along_y = to_x - x, to_y - y
    off = np.abs(along_x * ((south + north) / 2 - y) - along_y * ((west + east) / 2 - x))
    reach = np.abs(along_x) * (north - south) / 2 + np.abs(along_y) * (east - west) / 2
    return near & (off <= reach * (1 + 1e-9))


def _holding(
    bounds: np.ndarray, polygons: np.ndarray, prepared: np.ndarray, tree: Any
) -> np.ndarray:
    """Pairs `block * many + polygon`, sorted, where the polygon holds the centre of the box."""
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    polygon, block = tree.query(polygons)
    held = shapely.contains_xy(prepared[polygon], centre.take(block, axis=0))
    return np.sort(block[held] * len(polygons) + polygon[held])


def _measured(
    blocks: np.ndarray,
    polygons: np.ndarray,
    prepared: np.ndarray,
    bounds: np.ndarray,
    edges: Edges,
    cut: Cut,
    needed: np.ndarray,
    pool: Executor | None,
) -> np.ndarray:
    """Areas that some pairs have in common: summed where that is safe, else intersected."""
    many = len(polygons)
    mine, position = np.unique(needed // many, return_inverse=True)
    rings, owner, sign = rings_of(blocks[mine])
    # Every ring of the block with the polygon: what lies in a hole is taken off again.
    count = np.bincount(owner, minlength=len(mine))
    ring = ranges((np.cumsum(count) - count)[position], count[position])
    pair = np.repeat(np.arange(len(needed)), count[position])
    at = cut.near.take(np.searchsorted(cut.pair, needed))
    near = near_rings(rings, ring, pair, at, edges)
    holds = np.zeros(len(ring), dtype=bool)
    corner = first_corners(rings).take(ring, axis=0)
    of = needed[pair] % many
    # By polygon, so that what was prepared of each is still at hand for the next.
    order = np.argsort(of, kind="stable")
    holds[order] = shapely.contains_xy(prepared[of[order]], corner.take(order, axis=0))
    found, told = common_areas(rings, near, edges, holds)
    areas = np.bincount(pair, weights=found * sign[ring], minlength=len(needed)).astype(float)
    hard = np.unique(pair[~told])
    areas[hard] = _intersected(blocks, polygons, bounds, needed[hard], pool)
    return areas


def _intersected(
    blocks: np.ndarray,
    polygons: np.ndarray,
    bounds: np.ndarray,
    needed: np.ndarray,
    pool: Executor | None,
) -> np.ndarray:
    """Areas of the intersections of some pairs."""
    many = len(polygons)
    block, polygon = needed // many, needed % many
    areas = np.zeros(len(needed))
    detailed = (shapely.get_num_coordinates(polygons) > DETAILED)[polygon]
    order = np.argsort(polygon, kind="stable")
    plain, order = order[~detailed[order]], order[detailed[order]]
    groups = [(some, polygons[polygon[some]]) for some in _parted(plain)]
    waiting = [_given(pool, blocks[block[mine]], near, mine) for mine, near in groups]
    for mine in np.split(order, np.flatnonzero(np.diff(polygon[order])) + 1):
        if not len(mine):
            continue
        near = clipped(polygons[polygon[mine[0]]], bounds[block[mine]])
        # The threads intersect what is clipped already, while this one clips the next.
        for some in _parted(np.arange(len(mine))):
            waiting.append(_given(pool, blocks[block[mine[some]]], near[some], mine[some]))
    for mine, answer in waiting:
        areas[mine] = answer.result() if pool else answer
    return areas


def _parted(positions: np.ndarray) -> list[np.ndarray]:
    """Part positions into tasks for threads."""
    return np.array_split(positions, len(positions) // 500 + 1)


def _given(
    pool: Executor | None, one: np.ndarray, other: np.ndarray, mine: np.ndarray
) -> tuple[np.ndarray, Any]:
    """Have the common area of two arrays measured, by a thread if there are any."""
    return mine, pool.submit(_common, one, other) if pool else _common(one, other)


def _common(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Area that two arrays of polygons have in common, pair by pair."""
    return np.asarray(shapely.area(shapely.intersection(one, other)))


def clipped(polygon: Any, boxes: np.ndarray) -> np.ndarray:
    """Clip a polygon to the neighbourhood of each box.

    The boxes are halved along their longer side and the polygon is clipped to each half, again
    and again, so that a long boundary is gone through once for each halving, not for each box.
    """
    found: list[Any] = []
    leaf = np.empty(len(boxes), dtype=int)
    sides = np.ascontiguousarray(boxes.T)
    centre = sides[:2] + sides[2:]
    stack = [(polygon, np.arange(len(boxes)))]
    while stack:
        piece, mine = stack.pop()
        one = sides[:, mine]
        west, south = one[:2].min(axis=1).tolist()
        east, north = one[2:].max(axis=1).tolist()
        # A margin keeps the clip's own edges clear of the blocks' edges.
        margin = max(east - west, north - south) / 16 + 1e-3
        box = west - margin, south - margin, east + margin, north + margin
        low_x, low_y, high_x, high_y = shapely.bounds(piece).tolist()
        if low_x < box[0] or low_y < box[1] or high_x > box[2] or high_y > box[3]:
            piece = shapely.clip_by_rect(piece, *box)
        if len(mine) == 1 or shapely.get_num_coordinates(piece) <= DETAILED:
            leaf[mine] = len(found)
            found.append(piece)
            continue
        half = len(mine) // 2
        ranked = mine[np.argpartition(centre[int(east - west < north - south), mine], half)]
        stack.append((piece, ranked[:half]))
        stack.append((piece, ranked[half:]))
    pieces = np.array(found, dtype=object)
    # Clipping to a box is quick because it may leave a polygon that touches itself.
    cut = np.array([piece is not polygon for piece in found])
    cut[cut] = ~shapely.is_valid(pieces[cut])
    pieces[cut] = polygon
    return pieces[leaf]
