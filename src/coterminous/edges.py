"""Which stretches of a boundary do two polygons share, and where do polygons overlap?

Everything here works on plain arrays of polygons. Edges are compared exactly, coordinate by
coordinate, because that is what makes polygons a coverage: neighbours that use the same line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

POLYGON = 3
#: A polygon with more coordinates than this is prepared before many edges are tried against it.
LARGE = 200
#: Up to so many polygons, comparing bounds one polygon at a time is quicker than a tree.
FEW = 32


@dataclass(frozen=True)
class Edges:
    """The boundary of some polygons, edge by edge, in the order of the polygons' rings.

    Whole numbers are of 32 bits: a country has few enough edges, and their places fill memory.

    Attributes
    ----------
    points
        Coordinates of all rings, one after another.
    at
        Where each edge starts in `points`; it ends at the next one.
    owner
        Position of the polygon that the edge bounds.
    ring
        Number of the ring that the edge lies on.
    twin
        The one edge that runs between the same two points the other way: crossing it, one
        polygon ends and another begins. -1 where there is none, or more than one.
    """

    points: np.ndarray
    at: np.ndarray
    owner: np.ndarray
    ring: np.ndarray
    twin: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    @property
    def matched(self) -> np.ndarray:
        """True where an edge is shared with exactly one neighbour."""
        return self.twin >= 0

    def ends(self, chosen: np.ndarray) -> np.ndarray:
        """Coordinates of the two ends of some edges, shape (chosen, 2, 2)."""
        at = self.at[chosen]
        return self.points[np.stack([at, at + 1], axis=1)]


def edges_of(polygons: np.ndarray, *, matched: bool = True) -> Edges:
    """Take polygons apart into edges, each marked as shared with a neighbour or not.

    Parameters
    ----------
    polygons
        Array of polygons and multipolygons, without None.
    matched
        Look for the twin of each edge; without, none has one.

    Returns
    -------
    Edges
        One entry per edge of every ring.

    Examples
    --------
    >>> import shapely
    >>> two = shapely.box([0, 1], 0, [1, 2], 1)
    >>> edges = edges_of(two)
    >>> len(edges), int(edges.matched.sum())
    (8, 2)
    """
    points, ring, owner = _ring_points(polygons)
    joined = np.flatnonzero(ring[1:] == ring[:-1]).astype(np.int32)
    twin = _twins(_hashes(points), joined) if matched else np.full(len(joined), -1, np.int32)
    return Edges(points, joined, owner[joined], ring[joined], twin)


def _ring_points(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates of all rings, with the number of the ring and of the polygon."""
    # Nearly all polygons are one ring, and taking those apart in one call is ten times faster
    # than asking each for its parts and the parts for their rings.
    simple = shapely.get_type_id(polygons) == POLYGON
    simple[simple] = shapely.get_num_interior_rings(polygons[simple]) == 0
    plain = np.flatnonzero(simple)
    points, ring = shapely.get_coordinates(polygons[plain], return_index=True)
    ring = ring.astype(np.int32)
    owner = plain.astype(np.int32)[ring]
    others = np.flatnonzero(~simple)
    if len(others):
        parts, of_polygon = shapely.get_parts(polygons[others], return_index=True)
        rings, of_part = shapely.get_rings(parts, return_index=True)
        more, of_ring = shapely.get_coordinates(rings, return_index=True)
        points = np.concatenate([points, more])
        owner = np.concatenate([owner, others[of_polygon[of_part[of_ring]]].astype(np.int32)])
        ring = np.concatenate([ring, (of_ring + len(plain)).astype(np.int32)])
    points += 0.0  # so that minus nought is nought
    return points, ring, owner


def _stir(number: np.ndarray) -> np.ndarray:
    number = (number ^ (number >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return number ^ (number >> np.uint64(29))


def _hashes(points: np.ndarray) -> np.ndarray:
    """One number per coordinate pair: equal for equal pairs."""
    bits = np.ascontiguousarray(points).view(np.uint64)
    return _stir(_stir(bits[:, 0]) * np.uint64(3) + bits[:, 1])


def _twins(hashes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Find for each edge the one edge that runs the other way between the same points."""
    twin = np.full(len(at), -1, dtype=np.int32)
    if len(at) < 2:
        return twin
    first, second = hashes[at], hashes[at + 1]
    # The edge's own number rides in the low bits, so that one plain sort, which is several times
    # faster than sorting an index, brings equal edges together.
    low = np.uint64((1 << len(at).bit_length()) - 1)
    ranked = _stir(first + second) & ~low
    ranked |= np.arange(len(at), dtype=np.uint64)
    ranked.sort()
    same = (ranked[1:] ^ ranked[:-1]) <= low
    alone = same.copy()
    alone[1:] &= ~same[:-1]
    alone[:-1] &= ~same[1:]
    found = np.flatnonzero(alone)
    one, other = (ranked[found] & low).astype(int), (ranked[found + 1] & low).astype(int)
    # What rode in the low bits cost the key some of its own; the whole hashes of both ends decide.
    opposite = (first[one] == second[other]) & (second[one] == first[other])
    one, other = one[opposite], other[opposite]
    twin[one], twin[other] = other, one
    return twin


def overlapping(polygons: np.ndarray, edges: Edges, tree: Any = None) -> np.ndarray:
    """Find the pairs of polygons whose interiors may overlap.

    Where the number of polygons over a point goes from one to two, there is an edge without a
    match, and it lies inside another polygon or two such polygons begin at it. So only unmatched
    edges are tried, which in a coverage are those of its outline.

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
    >>> three = shapely.box([0, 0.5, 2], 0, [1, 2, 3], 1)
    >>> overlapping(three, edges_of(three)).tolist()
    [[0, 1]]
    """
    alone = np.flatnonzero(~edges.matched)
    lines, line, polygon = _near(polygons, edges, alone, tree)
    owner = edges.owner[alone]
    inside = _enters(polygons, polygon, lines[line])
    pairs = np.stack([owner[line[inside]], polygon[inside]], axis=1)
    pairs = np.concatenate([pairs, _twice(polygons)])
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _near(
    polygons: np.ndarray, edges: Edges, alone: np.ndarray, tree: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pair edges with the polygons, other than their own, whose bounds they come into."""
    ends = edges.ends(alone)
    owner = edges.owner[alone]
    if len(polygons) > FEW:
        lines = shapely.linestrings(ends)
        tree = shapely.STRtree(polygons) if tree is None else tree
        line, polygon = tree.query(lines)
        another = owner[line] != polygon
        return lines, line[another], polygon[another]
    west, south, east, north = (
        extreme(ends[:, 0, axis], ends[:, 1, axis])
        for extreme in (np.minimum, np.maximum)
        for axis in (0, 1)
    )
    found = []
    for position, (low_x, low_y, high_x, high_y) in enumerate(shapely.bounds(polygons)):
        within = (west <= high_x) & (east >= low_x) & (south <= high_y) & (north >= low_y)
        found.append(np.flatnonzero(within & (owner != position)))
    # Few of many edges are near another polygon, and only those have to be drawn.
    lines = np.full(len(alone), None, dtype=object)
    line = np.concatenate(found)
    drawn = np.unique(line)
    lines[drawn] = shapely.linestrings(ends[drawn])
    return lines, line, np.repeat(np.arange(len(found)), [len(f) for f in found])


def _enters(polygons: np.ndarray, chosen: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Say for each polygon and line whether the line has a stretch inside the polygon."""
    found = np.zeros(len(lines), dtype=bool)
    large = shapely.get_num_coordinates(polygons) > LARGE
    few = np.flatnonzero(~large[chosen])
    found[few] = shapely.relate_pattern(polygons[chosen[few]], lines[few], "T********")
    for position in np.unique(chosen[large[chosen]]):
        mine = np.flatnonzero(chosen == position)
        # A copy, because preparing is a change that the caller's polygons would keep.
        polygon = shapely.from_wkb(shapely.to_wkb(polygons[position]))
        shapely.prepare(polygon)
        mine = mine[shapely.intersects(polygon, lines[mine])]
        found[mine] = shapely.relate_pattern(polygon, lines[mine], "T********")
    return found


def _twice(polygons: np.ndarray) -> np.ndarray:
    """Pairs of polygons that have the same bounds and so may be the same polygon twice."""
    bounds = _stir(shapely.bounds(polygons).view(np.uint64))
    key = bounds[:, 0] * np.uint64(3) + bounds[:, 1] * np.uint64(5)
    key += bounds[:, 2] * np.uint64(7) + bounds[:, 3] * np.uint64(11)
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
    if not len(pairs):
        return np.empty(0)
    return shapely.area(shapely.intersection(polygons[pairs[:, 0]], polygons[pairs[:, 1]]))
