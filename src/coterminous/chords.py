"""How much of a block lies on one side of a straight cut, or of a cut with one corner?

Most blocks on a generalised boundary are crossed by a single edge, or by two that meet within the
block's box. Then the polygon is, as far as the block can see, a half-plane or a wedge, and the
area follows from the block's own edges by Green's theorem, many blocks at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from coterminous.edges import Edges, edges_of

#: A centre this near to a cut, as a part of the box, does not tell on which side of it is what.
NEAR = 1e-6


@dataclass(frozen=True)
class Wedges:
    """What polygons look like from blocks that at most two of their edges come near.

    Attributes
    ----------
    pair
        Which of the pairs asked about these are.
    corner, arms, convex
        See `wedge_areas`.
    """

    pair: np.ndarray
    corner: np.ndarray
    arms: np.ndarray
    convex: np.ndarray


def wedges(
    edges: Edges, first: np.ndarray, last: np.ndarray, boxes: np.ndarray, holds: np.ndarray
) -> Wedges:
    """Find the pairs of a block and a polygon in which the polygon is a half-plane or a wedge.

    Parameters
    ----------
    edges
        Edges of the polygons.
    first, last
        For each pair, the only edge that comes into the block's box, twice, or the only two.
    boxes
        The block's box, shape (pairs, 4).
    holds
        Whether the polygon holds the centre of the box.
    """
    points, at = edges.points, edges.at
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    single = first == last
    # Of two edges, the one that ends where the other begins comes first; a ring may start there.
    swap = ~single & (points[at[last] + 1] == points[at[first]]).all(axis=1)
    first, last = np.where(swap, last, first), np.where(swap, first, last)
    start, end, corner = points[at[first]], points[at[last] + 1], points[at[last]]
    joined = single | (points[at[first] + 1] == corner).all(axis=1)
    # Of a single edge any point will do for a corner, and one near the block is most exact.
    along = end - start
    with np.errstate(invalid="ignore"):
        share = ((centre - start) * along).sum(axis=1) / (along**2).sum(axis=1)
        corner = np.where(single[:, None], start + share[:, None] * along, corner)
    arms = np.stack([start - corner, end - corner], axis=1)
    turn = _cross(arms[:, 0], arms[:, 1])
    through = _outside(start, boxes) & _outside(end, boxes) & (single | ~_outside(corner, boxes))
    straight = single & (share > 0) & (share < 1)
    clear = straight | (~single & (np.abs(turn) > NEAR * size**2))
    back = ~single & (turn < 0)
    arms[back] = arms[back][:, ::-1]
    towards = centre - corner
    left, right = _cross(arms[:, 0], towards), _cross(towards, arms[:, 1])
    lengths = np.hypot(arms[:, :, 0], arms[:, :, 1])
    for side, length in ((left, lengths[:, 0]), (right, lengths[:, 1])):
        clear &= np.abs(side) > NEAR * length * size
    chosen = np.flatnonzero(joined & through & clear)
    convex = ((left > 0) & (right > 0)) == holds
    return Wedges(chosen, corner[chosen], arms[chosen], convex[chosen])


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _outside(point: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    return np.asarray(((point < boxes[:, :2]) | (point > boxes[:, 2:])).any(axis=1))


def one_ring(polygons: np.ndarray) -> np.ndarray:
    """Say which polygons are bounded by one ring, so that its direction is all there is to know."""
    single = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    single[single] = shapely.get_num_interior_rings(polygons[single]) == 0
    return np.asarray(single)


def wedge_areas(
    blocks: np.ndarray, corner: np.ndarray, arms: np.ndarray, convex: np.ndarray
) -> np.ndarray:
    """Measure the part of each block that lies in a wedge.

    Parameters
    ----------
    blocks
        Array of polygons of one ring, in either direction.
    corner
        Where the two sides of the wedge meet, shape (blocks, 2); any point on the line for a
        half-plane.
    arms
        Directions of the two sides as seen from the corner, shape (blocks, 2, 2), such that the
        smaller of the two angles between them runs anticlockwise from the first to the second.
    convex
        Whether the wedge is that smaller angle, or all the rest.

    Returns
    -------
    ndarray
        Area in square units.

    Notes
    -----
    Seen from the corner, the sides of the wedge are radial and sweep no area. So the area of the
    part is what the block's edges within the wedge sweep.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> unit = np.array([shapely.box(0, 0, 1, 1)])
    >>> centre, east_to_north = np.array([[0.5, 0.5]]), np.array([[[1.0, 0.0], [0.0, 1.0]]])
    >>> wedge_areas(unit, centre, east_to_north, np.array([True])).tolist()
    [0.25]
    >>> wedge_areas(unit, centre, east_to_north, np.array([False])).tolist()
    [0.75]
    """
    edges = edges_of(blocks, matched=False)
    of = edges.owner
    x, y = edges.points.T
    from_x, from_y = x[edges.at] - corner[of, 0], y[edges.at] - corner[of, 1]
    to_x, to_y = x[edges.at + 1] - corner[of, 0], y[edges.at + 1] - corner[of, 1]
    swept = from_x * to_y - from_y * to_x
    # An edge is in the wedge where it is left of the first side and right of the second.
    low, high = np.zeros(len(of)), np.ones(len(of))
    for arm, left in ((arms[:, 0], 1.0), (arms[:, 1], -1.0)):
        arm_x, arm_y = left * arm[of, 0], left * arm[of, 1]
        begin = arm_x * from_y - arm_y * from_x
        finish = arm_x * to_y - arm_y * to_x
        crossed = (begin < 0) != (finish < 0)
        where = np.divide(begin, begin - finish, out=np.zeros(len(of)), where=crossed)
        low = np.where(crossed & (begin < 0), np.maximum(low, where), low)
        high = np.where(crossed & (finish < 0), np.minimum(high, where), high)
        high = np.where((begin < 0) & (finish < 0), 0.0, high)
    share = np.clip(high - low, 0.0, None)
    inside = np.bincount(of, weights=swept * share, minlength=len(blocks))
    whole = np.bincount(of, weights=swept, minlength=len(blocks))
    # Rings that run clockwise sweep the other way.
    part, size = inside * np.sign(whole) / 2, np.abs(whole) / 2
    return np.where(convex, part, size - part)
