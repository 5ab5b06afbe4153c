"""Which blocks does a boundary cut, and how much of each lies on either side?

The engine under `coterminous.overlays`. A block that no boundary comes near is wholly inside the
polygons that hold its centre, so an intersection is worked out only for blocks on a boundary, and
then with no more of the polygon than lies about the block. All in square units of the CRS.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from coterminous.edges import Edges

#: A polygon with more coordinates than this is clipped to the neighbourhood of a block first.
DETAILED = 48
#: Pairs handled at once: enough to be quick, little enough to stay small in memory.
BATCH = 50_000
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
        as `blocks`.
    edges
        Edges of `polygons`, from `coterminous.edges.edges_of`.
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
    >>> from coterminous.edges import edges_of
    >>> blocks, polygons = shapely.box([0, 1], 0, [1, 2], 1), shapely.box([0, 1.5], 0, [1.5, 3], 1)
    >>> cells = cells_of(blocks, polygons, edges_of(polygons))
    >>> cells.block.tolist(), cells.polygon.tolist(), cells.area.tolist()
    ([0, 1, 1], [0, 0, 1], [1.0, 0.5, 0.5])
    >>> cells.intersections
    1
    """
    tree = shapely.STRtree(blocks) if tree is None else tree
    bounds = shapely.bounds(blocks)
    many = len(polygons)
    cut, loose = _touched(bounds, edges, tree, many)
    holding = _holding(bounds, polygons, tree, many)
    sizes = shapely.area(blocks)

    whole = np.setdiff1d(holding, cut, assume_unique=True)
    # Where every edge near a block parts one polygon from the next, as many polygons lie over
    # each point of it as over its centre. If that is one, their parts add up to the block, and
    # the part of the polygon at the centre is what the others leave.
    over = np.bincount(holding // many, minlength=len(blocks))
    told = (over == 1) & ~loose
    rest = np.intersect1d(holding[told[holding // many]], cut, assume_unique=True)
    needed = np.setdiff1d(cut, rest, assume_unique=True)

    areas = _intersected(blocks, polygons, bounds, needed, pool)
    taken = np.bincount(needed // many, weights=areas, minlength=len(blocks))
    left = sizes[rest // many] - taken[rest // many]
    key = np.concatenate([whole, needed, rest])
    area = np.concatenate([sizes[whole // many], areas, left])
    kept = np.flatnonzero(area > ROUNDING * sizes[key // many])
    kept = kept[np.argsort(key[kept])]
    key, area = key[kept], area[kept]
    return Cells(key // many, key % many, area, len(needed))


def _touched(
    bounds: np.ndarray, edges: Edges, tree: Any, many: int
) -> tuple[np.ndarray, np.ndarray]:
    """Find the blocks whose box an edge comes into.

    Returns
    -------
    tuple of ndarray
        Pairs as `block * many + polygon`, sorted; and for each block whether one of the edges
        has no match.
    """
    loose = np.zeros(len(bounds), dtype=bool)
    if not len(edges):
        return np.empty(0, dtype=int), loose
    starts, boxes = _runs(edges, np.median(bounds[:, 2:] - bounds[:, :2]))
    run, block = tree.query(boxes)
    lengths = np.diff(np.append(starts, len(edges)))[run]
    matched = edges.matched
    found = [np.empty(0, dtype=int)]
    steps = np.flatnonzero(np.diff(np.cumsum(lengths) // BATCH, prepend=-1, append=-2))
    for low, high in zip(steps[:-1], steps[1:], strict=True):
        many_edges = lengths[low:high]
        before = np.cumsum(many_edges) - many_edges
        edge = np.arange(many_edges.sum()) + np.repeat(starts[run[low:high]] - before, many_edges)
        near = np.repeat(block[low:high], many_edges)
        inside = _comes_into(edges.ends(edge), bounds[near])
        edge, near = edge[inside], near[inside]
        loose[near[~matched[edge]]] = True
        found.append(np.unique(near * many + edges.owner[edge]))
    return np.unique(np.concatenate(found)), loose


def _runs(edges: Edges, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Gather edges that follow each other into runs of about a length; where each starts, its box."""
    ends = edges.ends(np.arange(len(edges)))
    along = np.cumsum(np.hypot(*(ends[:, 1] - ends[:, 0]).T)) // max(length, 1e-9)
    new = np.ones(len(edges), dtype=bool)
    new[1:] = (along[1:] != along[:-1]) | (edges.ring[1:] != edges.ring[:-1])
    starts = np.flatnonzero(new)
    low = np.minimum.reduceat(ends.min(axis=1), starts)
    high = np.maximum.reduceat(ends.max(axis=1), starts)
    return starts, shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])


def _comes_into(ends: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Say whether each line of two points comes into, or touches, its box."""
    low, high = ends.min(axis=1), ends.max(axis=1)
    near = ((low <= boxes[:, 2:]) & (high >= boxes[:, :2])).all(axis=1)
    # The box is missed if all its corners are on one side of the line.
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2 - ends[:, 0]
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    along = ends[:, 1] - ends[:, 0]
    off = np.abs(along[:, 0] * centre[:, 1] - along[:, 1] * centre[:, 0])
    reach = np.abs(along[:, 0]) * half[:, 1] + np.abs(along[:, 1]) * half[:, 0]
    return near & (off <= reach * (1 + 1e-9))


def _holding(bounds: np.ndarray, polygons: np.ndarray, tree: Any, many: int) -> np.ndarray:
    """Pairs `block * many + polygon`, sorted, where the polygon holds the centre of the box."""
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    found = [np.empty(0, dtype=int)]
    for position, polygon in enumerate(polygons):
        near = tree.query(polygon)
        # A copy, because preparing is a change that the caller's polygons would keep.
        copy = shapely.from_wkb(shapely.to_wkb(polygon))
        shapely.prepare(copy)
        near = near[shapely.contains_xy(copy, centre[near])]
        found.append(near * many + position)
    return np.sort(np.concatenate(found))


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
    near = polygons[polygon]
    order = np.argsort(polygon, kind="stable")
    detailed = shapely.get_num_coordinates(polygons) > DETAILED
    for mine in np.split(order, np.flatnonzero(np.diff(polygon[order])) + 1):
        if len(mine) and detailed[polygon[mine[0]]]:
            near[mine] = _clipped(polygons[polygon[mine[0]]], bounds[block[mine]])
    broken = np.flatnonzero(detailed[polygon])
    broken = broken[~shapely.is_valid(near[broken])]
    near[broken] = polygons[polygon[broken]]

    def measured(some: np.ndarray) -> np.ndarray:
        return shapely.area(shapely.intersection(blocks[block[some]], near[some]))

    batches = np.array_split(np.arange(len(needed)), max(len(needed) // 1000, 1))
    run = map if pool is None else pool.map
    return np.concatenate(list(run(measured, batches)))


def _clipped(polygon: Any, boxes: np.ndarray) -> np.ndarray:
    """Clip a polygon to the neighbourhood of each box.

    The boxes are halved along their longer side and the polygon is clipped to each half, again
    and again, so that a long boundary is gone through once for each halving, not for each box.
    """
    pieces = np.empty(len(boxes), dtype=object)
    centre = boxes[:, :2] + boxes[:, 2:]
    stack = [(polygon, np.arange(len(boxes)))]
    while stack:
        piece, mine = stack.pop()
        low, high = boxes[mine, :2].min(axis=0), boxes[mine, 2:].max(axis=0)
        # A margin keeps the clip's own edges clear of the blocks' edges.
        margin = (high - low).max() / 16 + 1e-3
        (west, south), (east, north) = low - margin, high + margin
        piece = shapely.clip_by_rect(piece, west, south, east, north)
        if len(mine) == 1 or shapely.get_num_coordinates(piece) <= DETAILED:
            pieces[mine] = piece
            continue
        longer = int(east - west < north - south)
        ranked = mine[np.argsort(centre[mine, longer], kind="stable")]
        stack.append((piece, ranked[: len(ranked) // 2]))
        stack.append((piece, ranked[len(ranked) // 2 :]))
    return pieces
