"""Which polygons overlap further in, given those that overlap at an edge that no neighbour shares?

Walk out of the ground of two polygons that overlap, in any direction, and the number of polygons
over a point falls below two somewhere. On the way each edge that is crossed has a neighbour behind
it, which takes the place of the polygon that ends there, so the next two overlap as well. The pairs
are therefore all reached from those at the end of the way, one shared edge after the other.
"""

from __future__ import annotations

import numpy as np
import shapely

from coterminous.polygons.edges import Edges, ranges

#: Two polygons whose interiors meet (DE-9IM).
MEET = "T********"
#: The ground of an overlap is computed, so that it may lie so far out, as a part of where it is.
ROUNDED = 1e-12


def sure(polygons: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Keep the pairs whose interiors meet, each once, the smaller position first, sorted."""
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    one, other = shapely.bounds(polygons).take(pairs, axis=0).transpose(1, 0, 2)
    near = (np.maximum(one, other)[:, :2] < np.minimum(one, other)[:, 2:]).all(axis=1)
    pairs = pairs[near]
    return pairs[shapely.relate_pattern(polygons[pairs[:, 0]], polygons[pairs[:, 1]], MEET)]


def reached(polygons: np.ndarray, edges: Edges, pairs: np.ndarray) -> np.ndarray:
    """Add to pairs that overlap those that are reached from them over shared edges.

    Parameters
    ----------
    polygons
        Valid polygons.
    edges
        Their edges, from `edges_of`.
    pairs
        Shape (pairs, 2): positions of polygons whose interiors meet.

    Returns
    -------
    ndarray
        Shape (pairs, 2): positions, the smaller first, sorted.

    Examples
    --------
    >>> import shapely
    >>> from coterminous.polygons.edges import edges_of
    >>> four = shapely.box([0, 0, 1, 2], 0, [3, 1, 2, 3], 1)
    >>> reached(four, edges_of(four), np.array([[0, 1]])).tolist()
    [[0, 1], [0, 2], [0, 3]]
    """
    found = new = np.unique(np.sort(pairs, axis=1), axis=0)
    if not len(found):
        return found
    count = len(polygons)
    bounds = shapely.bounds(polygons)
    start, neighbour = _neighbours(edges, count)
    tried = new @ np.array([count, 1])
    while len(new):
        ground = shapely.intersection(polygons[new[:, 0]], polygons[new[:, 1]])
        further = _beside(new, shapely.bounds(ground), bounds, start, neighbour)
        key = np.setdiff1d(further @ np.array([count, 1]), tried)
        tried = np.union1d(tried, key)
        new = sure(polygons, np.stack(np.divmod(key, count), axis=1))
        found = np.concatenate([found, new])
    return np.unique(found, axis=0)


def _neighbours(edges: Edges, count: int) -> tuple[np.ndarray, np.ndarray]:
    """List the polygons behind the shared edges of each, itself first: where each begins, all."""
    shared = np.flatnonzero(edges.twin >= 0)
    beside = np.stack([edges.owner[shared], edges.owner[edges.twin[shared]]], axis=1)
    itself = np.repeat(np.arange(count), 2).reshape(-1, 2)
    key = np.unique(np.concatenate([beside, itself]).astype(np.int64) @ np.array([count, 1]))
    polygon, neighbour = np.divmod(key, count)
    return np.searchsorted(polygon, np.arange(count + 1)), neighbour


def _beside(
    pairs: np.ndarray,
    ground: np.ndarray,
    bounds: np.ndarray,
    start: np.ndarray,
    neighbour: np.ndarray,
) -> np.ndarray:
    """Pair each of two, or a neighbour of it at their ground, with the same of the other."""
    slack = ROUNDED * np.abs(ground).max(axis=1)
    at = np.arange(len(pairs))
    chosen = np.empty((len(pairs), 0), dtype=np.int64)
    for side in (0, 1):
        polygon = pairs[at, side]
        many = start[polygon + 1] - start[polygon]
        beside = neighbour[ranges(start[polygon], many)]
        at, chosen = np.repeat(at, many), np.repeat(chosen, many, axis=0)
        low, high = np.maximum(bounds[beside], ground[at]), np.minimum(bounds[beside], ground[at])
        near = (low[:, :2] <= high[:, 2:] + slack[at, None]).all(axis=1)
        at, chosen = at[near], np.column_stack([chosen[near], beside[near]])
    chosen = np.sort(chosen, axis=1)
    return chosen[chosen[:, 0] != chosen[:, 1]]
