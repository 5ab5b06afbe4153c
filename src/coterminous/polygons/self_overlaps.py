"""Which polygons of one map overlap, and by how much?

Where the number of polygons over a point goes from one to two, there is an edge that no neighbour
shares, and it runs inside another polygon or two such polygons begin at it. So only those edges are
tried, which in a coverage are those of its outline. From the pairs found so, those further in are
reached over the edges that neighbours share: see `coterminous.polygons.beneath`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from coterminous.polygons.beneath import reached, sure
from coterminous.polygons.edges import Edges, ranges, stir

#: A polygon with more coordinates than this is prepared before many edges are tried against it.
LARGE = 200
#: Up to so many polygons, comparing bounds one polygon at a time is quicker than a tree.
FEW = 32
#: So many edges that follow each other are looked up in a tree by one box.
TOGETHER = 16
#: Edges tried against a polygon each in one go: few enough to stay in the processor's memory.
BATCH = 1_000
#: A corner this near to a line, as a part of the size of what is compared, lies on it.
ON_LINE = 1e-9
#: How a polygon and a line that has a stretch inside it, or on its boundary, relate (DE-9IM).
INSIDE, ALONG = "T********", "***1*****"


def overlapping(polygons: np.ndarray, edges: Edges, tree: Any = None) -> np.ndarray:
    """Find the pairs of polygons whose interiors may overlap.

    Parameters
    ----------
    polygons
        Valid polygons.
    edges
        Their edges, from `edges_of`.
    tree
        An `shapely.STRtree` of the same polygons, if there is one already.

    Returns
    -------
    ndarray
        Shape (pairs, 2): positions, the smaller first, sorted.

    Examples
    --------
    >>> import shapely
    >>> from coterminous.polygons.edges import edges_of
    >>> three = shapely.box([0, 0.5, 2], 0, [1, 2, 3], 1)
    >>> overlapping(three, edges_of(three)).tolist()
    [[0, 1]]
    """
    alone = np.flatnonzero(~edges.matched)
    lines, line, polygon = _near(polygons, edges, alone, tree)
    owner = edges.owner[alone]
    inside = np.zeros(len(line), dtype=bool)
    large = (shapely.get_num_coordinates(polygons) > LARGE)[polygon]
    few = np.flatnonzero(~large)
    inside[few], told = _reaches(polygons, edges, alone[line[few]], polygon[few])
    unsure = np.concatenate([few[~told], np.flatnonzero(large)])
    inside[unsure] = _enters(polygons, polygon[unsure], lines[line[unsure]])
    unsure = unsure[~inside[unsure]]
    # Where a line runs along another, both polygons may lie on the same side of it.
    along = unsure[_enters(polygons, polygon[unsure], lines[line[unsure]], ALONG)]
    pairs, maybe = (
        np.stack([owner[line[some]], polygon[some]], axis=1) for some in (inside, along)
    )
    maybe = np.concatenate([maybe, _twice(polygons)])
    return reached(polygons, edges, np.concatenate([pairs, sure(polygons, maybe)]))


def _near(
    polygons: np.ndarray, edges: Edges, alone: np.ndarray, tree: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pair edges with the polygons, other than their own, whose bounds they come into."""
    ends = edges.ends(alone)
    owner = edges.owner[alone]
    sides = [
        extreme(ends[:, 0, axis], ends[:, 1, axis])
        for extreme in (np.minimum, np.maximum)
        for axis in (0, 1)
    ]
    # Edges that follow each other are looked up together, and then one by one.
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    since = np.arange(len(alone)) - np.repeat(begins, np.diff(np.append(begins, len(alone))))
    starts = np.flatnonzero(since % TOGETHER == 0)
    corners = [
        extreme.reduceat(side, starts) if len(starts) else side
        for extreme, side in zip((np.minimum,) * 2 + (np.maximum,) * 2, sides, strict=True)
    ]
    boxes = shapely.box(*corners)
    bounds = shapely.bounds(polygons)
    if len(polygons) > FEW:
        tree = shapely.STRtree(polygons) if tree is None else tree
        run, polygon = tree.query(boxes)
    else:
        met = [_touches(corners, box) for box in bounds]
        run, polygon = np.concatenate(met), np.repeat(np.arange(len(met)), [len(m) for m in met])
    another = owner[starts[run]] != polygon
    another[another] = _comes_near(polygons, polygon[another], boxes[run[another]])
    run, polygon = run[another], polygon[another]
    count = np.diff(np.append(starts, len(alone)))[run]
    line, polygon = ranges(starts[run], count), np.repeat(polygon, count)
    near = _touches([side.take(line) for side in sides], bounds.take(polygon, axis=0).T)
    line, polygon = line[near], polygon[near]
    # Few of many edges are near another polygon, and only those have to be drawn.
    lines = np.full(len(alone), None, dtype=object)
    drawn = np.unique(line)
    lines[drawn] = shapely.linestrings(ends[drawn])
    return lines, line, polygon


def _touches(sides: list[np.ndarray], box: np.ndarray) -> np.ndarray:
    """Find the boxes that meet one, or each its own."""
    west, south, east, north = sides
    near = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
    return np.flatnonzero(near)


def _comes_near(polygons: np.ndarray, chosen: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Say which boxes a detailed polygon comes into; a plain one is taken to come into all."""
    near = np.ones(len(boxes), dtype=bool)
    large = shapely.get_num_coordinates(polygons) > LARGE
    some = np.flatnonzero(large[chosen])
    some = some[np.argsort(chosen[some], kind="stable")]
    detailed = np.full(len(polygons), None, dtype=object)
    detailed[large] = shapely.from_wkb(shapely.to_wkb(polygons[large]))
    shapely.prepare(detailed[large])
    near[some] = shapely.intersects(detailed[chosen[some]], boxes[some])
    return near


def _reaches(
    polygons: np.ndarray, edges: Edges, line: np.ndarray, polygon: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Say which edges have a stretch inside a polygon not their own, and where that can be told.

    An edge that crosses one of the polygon's has. One that meets none of them, but for a corner
    that both use, has if its middle lies inside. Where a corner lies on a line, so that rounding
    would decide, it cannot be told.
    """
    first = np.flatnonzero(np.diff(edges.owner, prepend=-1))
    start, count = np.zeros((2, len(polygons)), dtype=int)
    start[edges.owner[first]] = first
    count[edges.owner[first]] = np.diff(np.append(first, len(edges)))
    points = np.ascontiguousarray(edges.points.T)
    ends = edges.ends(line)
    low, high = (extreme(ends[:, 0].T, ends[:, 1].T) for extreme in (np.minimum, np.maximum))
    found, told = (
        shapely.contains_xy(polygons[polygon], ends.mean(axis=1)),
        np.ones(len(line), bool),
    )
    for some in np.array_split(np.arange(len(line)), len(line) // BATCH + 1):
        few, many = start[polygon[some]], count[polygon[some]]
        pair, side = np.repeat(some, many), ranges(few, many)
        for axis in (0, 1):
            at = edges.at.take(side)
            one, other = points[axis].take(at), points[axis].take(at + 1)
            near = np.minimum(one, other) <= high[axis].take(pair)
            near &= np.maximum(one, other) >= low[axis].take(pair)
            pair, side = pair.compress(near), side.compress(near)
        crosses, apart = _meet(ends.take(pair, axis=0), edges.ends(side))
        found[pair[crosses]] = True
        told[pair[~(crosses | apart)]] = False
    return found, told


def _meet(lines: np.ndarray, sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Say which pairs of lines cross, and which meet nowhere but in an end of both."""
    (a, b), (c, d) = lines.transpose(1, 2, 0), sides.transpose(1, 2, 0)
    c_used, d_used = (_same(end, a) | _same(end, b) for end in (c, d))
    # Seen from one end, so that no digit is lost on where in the country they are.
    b, c, d = (end - a for end in (b, c, d))
    a = np.zeros_like(b)
    slack = ON_LINE * np.maximum(np.abs(c), np.abs(b)).max(axis=0, initial=0.0)
    a_left, b_left = _left_of(c, d, a, slack), _left_of(c, d, b, slack)
    c_left, d_left = _left_of(a, b, c, slack), _left_of(a, b, d, slack)
    corner = (c_used & ~d_used & (d_left != 0)) | (d_used & ~c_used & (c_left != 0))
    crosses = ~corner & (a_left * b_left < 0) & (c_left * d_left < 0)
    return crosses, corner | (a_left * b_left > 0) | (c_left * d_left > 0)


def _same(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray((one == other).all(axis=0))


def _left_of(
    start: np.ndarray, end: np.ndarray, point: np.ndarray, slack: np.ndarray
) -> np.ndarray:
    """Say whether points lie left of lines (1), right of them (-1) or within the slack on them."""
    (x, y), (to_x, to_y) = end - start, point - start
    turn = x * to_y - y * to_x
    return np.where(np.abs(turn) <= slack * (np.abs(x) + np.abs(y)), 0, np.sign(turn))


def _enters(
    polygons: np.ndarray, chosen: np.ndarray, lines: np.ndarray, how: str = INSIDE
) -> np.ndarray:
    """Say for each polygon and line whether the line has a stretch inside the polygon, or along."""
    found = np.zeros(len(lines), dtype=bool)
    large = shapely.get_num_coordinates(polygons) > LARGE
    few = np.flatnonzero(~large[chosen])
    found[few] = shapely.relate_pattern(polygons[chosen[few]], lines[few], how)
    for position in np.unique(chosen[large[chosen]]):
        mine = np.flatnonzero(chosen == position)
        # A copy, because preparing is a change that the caller's polygons would keep.
        polygon = shapely.from_wkb(shapely.to_wkb(polygons[position]))
        shapely.prepare(polygon)
        mine = mine[shapely.intersects(polygon, lines[mine])]
        found[mine] = shapely.relate_pattern(polygon, lines[mine], how)
    return found


def key_of_bounds(polygons: np.ndarray) -> np.ndarray:
    """Give each polygon a number that is the same for all with the same bounds."""
    bounds = stir(shapely.bounds(polygons).view(np.uint64))
    key = bounds[:, 0] * np.uint64(3) + bounds[:, 1] * np.uint64(5)
    return np.asarray(key + bounds[:, 2] * np.uint64(7) + bounds[:, 3] * np.uint64(11))


def _twice(polygons: np.ndarray) -> np.ndarray:
    """Pairs of polygons that have the same bounds and so may be the same polygon twice."""
    key = key_of_bounds(polygons)
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    pairs = []
    step = 1
    same = ranked[step:] == ranked[:-step]
    while same.any():
        pairs.append(np.stack([order[:-step][same], order[step:][same]], axis=1))
        step += 1
        same = ranked[step:] == ranked[:-step]
    return np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=int)


def overlap_areas(polygons: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Measure the area in which each pair of polygons overlaps, in square units of the CRS."""
    areas = np.zeros(len(pairs))
    one, other = polygons[pairs[:, 0]], polygons[pairs[:, 1]]
    bounds = shapely.bounds(polygons)
    alike = np.flatnonzero((bounds[pairs[:, 0]] == bounds[pairs[:, 1]]).all(axis=1))
    alike = alike[shapely.equals_exact(one[alike], other[alike], normalize=True)]
    areas[alike] = shapely.area(one[alike])
    rest = np.setdiff1d(np.arange(len(pairs)), alike, assume_unique=True)
    areas[rest] = shapely.area(shapely.intersection(one[rest], other[rest]))
    return areas
