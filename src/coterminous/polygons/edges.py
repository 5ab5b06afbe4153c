"""Which stretches of a boundary do two polygons share?

Everything here works on plain arrays of polygons. Edges are compared exactly, coordinate by
coordinate, because that is what makes polygons a coverage: neighbours that use the same line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

POLYGON = 3
#: Corners no further apart than so many steps of their numbers are one, where rounding is allowed.
STEPS = 8


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
        at = self.at[chosen].astype(np.intp)
        # Several times faster than an index in brackets, and much is asked for.
        return self.points.take(np.stack([at, at + 1], axis=1), axis=0)


def ranges(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Join the ranges that start at each place and have each length.

    Examples
    --------
    >>> ranges(np.array([5, 20]), np.array([3, 2])).tolist()
    [5, 6, 7, 20, 21]
    """
    before = np.cumsum(count) - count
    return np.arange(count.sum()) + np.repeat(start - before, count)


def edges_of(polygons: np.ndarray, *, matched: bool = True, rounded: bool = False) -> Edges:
    """Take polygons apart into edges, each marked as shared with a neighbour or not.

    Parameters
    ----------
    polygons
        Array of polygons and multipolygons, without None.
    matched
        Look for the twin of each edge; without, none has one.
    rounded
        Match edges too that only the rounding of a computation keeps apart, by a few steps of the
        last digit: a metre at 600 km has steps of a ten-millionth of a millimetre.

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
    if matched and rounded:
        _match_rounded(points, joined, twin)
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


def stir(number: np.ndarray) -> np.ndarray:
    """Mix the bits of whole numbers, so that what differs a little differs all over."""
    number = (number ^ (number >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return number ^ (number >> np.uint64(29))


def _hashes(points: np.ndarray) -> np.ndarray:
    """One number per coordinate pair: equal for equal pairs."""
    bits = np.ascontiguousarray(points).view(np.uint64)
    return stir(stir(bits[:, 0]) * np.uint64(3) + bits[:, 1])


def _twins(hashes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Find for each edge the one edge that runs the other way between the same points."""
    twin = np.full(len(at), -1, dtype=np.int32)
    first, second = hashes.take(at), hashes.take(at + 1)
    key = stir(first + second)
    # Into a table by the first bits of the key: most places hold two edges, which are twins, or
    # one, which has none. That is several times faster than sorting all.
    bits = max(len(at).bit_length(), 1)
    place = (key >> np.uint64(64 - bits)).view(np.int64)
    number = np.arange(len(at), dtype=np.int32)
    count = np.minimum(np.bincount(place, minlength=1 << bits), 3).astype(np.uint8)
    held = np.empty(len(count), dtype=np.int32)
    held[place] = number
    mate, count = held.take(place), count.take(place)
    one = np.flatnonzero((count == 2) & (mate != number))
    other = mate.take(one)
    opposite = _opposite(first, second, one, other)
    twin[one[opposite]], twin[other[opposite]] = other[opposite], one[opposite]
    shared = [np.flatnonzero(count > 2), one[~opposite], other[~opposite]]
    one, other = _in_twos(key, np.concatenate(shared))
    opposite = _opposite(first, second, one, other)
    twin[one[opposite]], twin[other[opposite]] = other[opposite], one[opposite]
    return twin


def _match_rounded(points: np.ndarray, at: np.ndarray, twin: np.ndarray) -> None:
    """Find twins among the edges left, whose ends agree but for the last digits."""
    if not len(points):
        return
    step = STEPS * float(np.spacing(np.abs(points).max()))
    # What a line of one lattice parts lies together in the other.
    for shift in (0.0, 0.5):
        alone = np.flatnonzero(twin < 0)
        if not len(alone):
            return
        start = at[alone].astype(np.intp)
        ends = points.take(np.stack([start, start + 1], axis=1), axis=0)
        cells = np.floor(ends.reshape(-1, 2) / (1_000 * step) + shift) + 0.0
        found = _twins(_hashes(cells), np.arange(0, len(cells), 2, dtype=np.int32))
        mine = np.flatnonzero(found >= 0)
        other = found[mine]
        near = (np.abs(ends[mine] - ends[other][:, ::-1]) <= step).all(axis=(1, 2))
        twin[alone[mine[near]]] = alone[other[near]]


def _opposite(
    first: np.ndarray, second: np.ndarray, one: np.ndarray, other: np.ndarray
) -> np.ndarray:
    """Say which edges run the other way: keys agree by chance, the hashes of both ends do not."""
    back = first.take(one) == second.take(other)
    return back & (second.take(one) == first.take(other))


def _in_twos(key: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find among the chosen the keys that are there twice, no more: where the two are."""
    order = chosen[np.argsort(key[chosen], kind="stable")]
    same = key[order[1:]] == key[order[:-1]]
    alone = same.copy()
    alone[1:] &= ~same[:-1]
    alone[:-1] &= ~same[1:]
    found = np.flatnonzero(alone)
    return order[found], order[found + 1]
