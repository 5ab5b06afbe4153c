"""Where do polygons leave a gap, overlap, or lie apart from all the rest?

Pure functions of arrays of valid polygons. In a coverage all edges are shared but those of its
outline, so each of these looks at edges that are not, and takes little longer on a country than on
a county.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from coterminous.polygons.edges import Edges

#: Slits narrower than this are closed, in units of the CRS: lines that were meant to meet.
SLIT = 1e-3


def gaps(polygons: np.ndarray, edges: Edges, tree: Any = None, *, mouth: float = 0.0) -> np.ndarray:
    """Find the places inside the outline that no polygon covers.

    Parameters
    ----------
    polygons
        Valid polygons.
    edges
        Their edges, from `coterminous.polygons.edges.edges_of`.
    tree
        An `shapely.STRtree` of the same polygons, if there is one already.
    mouth
        Units of the CRS. A place between two polygons is inside the outline too if it is open to
        the outside by a mouth no wider than this, from a corner of the one to a side of the other.

    Returns
    -------
    ndarray
        Polygons, one a gap, the largest first.

    Notes
    -----
    How many polygons cover a point changes only across edges without a match. So these edges cut
    the plane into faces that are covered, each, the same number of times all over. A gap that is
    open to the outside by a slit of less than a millimetre counts as closed.

    Examples
    --------
    >>> import shapely
    >>> from coterminous.polygons.edges import edges_of
    >>> frame = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    >>> found = gaps(np.array([frame]), edges_of(np.array([frame])))
    >>> [round(gap.area, 6) for gap in found]
    [1.0]
    """
    alone = np.flatnonzero(edges.twin < 0)
    if not len(alone):
        return np.empty(0, dtype=object)
    tree = shapely.STRtree(polygons) if tree is None else tree
    lines = shapely.linestrings(edges.ends(alone))
    found = _bare(lines, tree)
    across = _mouths(lines, edges.owner[alone], polygons, tree, mouth)
    if len(across):
        wider = _bare(np.concatenate([lines, across]), tree)
        wider = shapely.get_parts(shapely.union_all(wider))
        # Where lines part from a corner, there is a mouth at the very corner, and no gap.
        closed = np.zeros(len(wider), dtype=bool)
        closed[shapely.STRtree(wider).query(shapely.point_on_surface(found), "intersects")[1]] = (
            True
        )
        found = wider[closed | (shapely.area(wider) > mouth**2)]
    exact = [_exact(face, polygons, tree) for face in found]
    found = np.array([gap for gap in exact if gap.area > 0], dtype=object)
    return found[_by_size(found)]


def _bare(lines: np.ndarray, tree: Any) -> np.ndarray:
    """Find the faces between lines that no polygon covers."""
    noded = shapely.union_all(lines, grid_size=SLIT)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    covered, _ = tree.query(shapely.point_on_surface(faces), predicate="intersects")
    bare = np.ones(len(faces), dtype=bool)
    bare[covered] = False
    return faces[bare]


def _mouths(
    lines: np.ndarray, owner: np.ndarray, polygons: np.ndarray, tree: Any, mouth: float
) -> np.ndarray:
    """Draw the shortest line from each corner to each other polygon that is near, not at it."""
    if mouth <= 0:
        return np.empty(0, dtype=object)
    corners = shapely.points(shapely.get_coordinates(lines)[::2])
    corner, near = tree.query(corners, predicate="dwithin", distance=mouth)
    apart = owner[corner] != near
    corner, near = corner[apart], near[apart]
    across = shapely.shortest_line(corners[corner], polygons[near])
    return across[shapely.length(across) > SLIT]


def _exact(face: Any, polygons: np.ndarray, tree: Any) -> Any:
    """Fit a gap, whose outline was rounded, to the polygons about it."""
    grown = shapely.buffer(face, 2 * SLIT, join_style="mitre")
    # Of large polygons no more than lies about the gap.
    frame = shapely.box(*(shapely.bounds(grown) + np.array([-1, -1, 1, 1])).tolist())
    near = shapely.intersection(polygons[tree.query(grown, predicate="intersects")], frame)
    parts = shapely.get_parts(shapely.difference(grown, shapely.union_all(near)))
    return parts[np.argmax(shapely.area(parts))] if len(parts) else face


def gap_neighbours(found: np.ndarray, polygons: np.ndarray, tree: Any) -> list[np.ndarray]:
    """List for each gap the polygons about it, the one with the longest common border first."""
    gap, near = tree.query(found, predicate="intersects")
    border = shapely.length(
        shapely.intersection(shapely.boundary(found[gap]), shapely.boundary(polygons[near]))
    )
    order = np.lexsort((near, -border, gap))
    gap, near = gap[order], near[order]
    return [near[gap == position] for position in range(len(found))]


def lone_parts(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the parts of polygons that touch no part of any other polygon.

    Returns
    -------
    tuple of ndarray
        The position of the polygon, and the part. Nothing if there is one polygon only.

    Examples
    --------
    >>> import shapely
    >>> owner, parts = lone_parts(shapely.box([0, 1, 9], 0, [1, 2, 10], 1))
    >>> owner.tolist()
    [2]
    """
    parts, owner = shapely.get_parts(polygons, return_index=True)
    if len(polygons) < 2:
        return owner[:0], parts[:0]
    one, other = shapely.STRtree(parts).query(parts, predicate="intersects")
    touched = np.zeros(len(parts), dtype=bool)
    touched[one[owner[one] != owner[other]]] = True
    return owner[~touched], parts[~touched]


def _by_size(polygons: np.ndarray) -> np.ndarray:
    """Order polygons: the largest first, then from west to east."""
    bounds = shapely.bounds(polygons)
    return np.lexsort((bounds[:, 1], bounds[:, 0], -shapely.area(polygons)))
