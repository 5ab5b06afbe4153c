"""What would these polygons be if their lines met? Lines that nearly meet made one, by topology.

All lines are cut where they meet. Each face between them goes to the polygon that claims it; a
narrow or small face that two claim, or none, to one of those about it. What is wide and large stays
as it is: whose it is, no geometry knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from coterminous.blocks.borders import WITHIN, Unmatched
from coterminous.polygons import faults
from coterminous.polygons.edges import edges_of

#: Lines are cut on a grid of so many units of the CRS: a millimetre. Corners that were there before
#: are put back where they were.
GRID = 1e-3
#: What is narrower than this, in units of the CRS, is an error of rounding and no gap.
HAIR = 1e-5
#: Where three polygons come together a gap is cut in steps of the greatest width by this.
FINE = 20
AREA = 2


def matched(shapes: np.ndarray, *, within: float = WITHIN, small: float = 0.0) -> np.ndarray:
    """Close narrow and small overlaps and gaps, so that neighbours share every corner.

    Parameters
    ----------
    shapes
        Valid polygons and multipolygons. Their order changes nothing.
    within
        Units of the CRS. An overlap or gap that is nowhere wider is closed, however long it is,
        also if it is open to the outside.
    small
        Square units of the CRS up to which an overlap or an enclosed gap is closed, however wide.

    Returns
    -------
    ndarray
        The same polygons; those with nothing to close near them are as they were.

    Notes
    -----
    An overlap goes to one of its two, and a narrow gap to the other, so that the border follows
    one of the two lines. Where three meet the gap is cut, and each arm of it stays between its two.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> apart = np.array([box(0, 0, 100, 100), box(100.3, 0, 200, 100)])
    >>> one, other = matched(apart)
    >>> round(one.boundary.intersection(other.boundary).length, 3)
    100.0
    """
    order = _ranked(shapes)
    ranked = shapes[order]
    chosen = _concerned(ranked, within, small)
    if not len(chosen):
        return shapes.copy()
    out = shapes.copy()
    ground = _Ground(ranked, chosen, within, small)
    out[order[chosen]] = ground.rebuilt()
    return out


def _ranked(shapes: np.ndarray) -> np.ndarray:
    """Order polygons by where and how large they are, so that the order of rows does not matter."""
    bounds = shapely.bounds(shapes)
    return np.lexsort((shapely.length(shapes), shapely.area(shapes), *bounds.T[::-1]))


def _concerned(shapes: np.ndarray, within: float, small: float) -> np.ndarray:
    """Find the polygons with something to close at them, and those that they touch."""
    bad = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes, gap_width=within))
    tree = shapely.STRtree(shapes)
    holes = faults.gaps(shapes, edges_of(shapes), tree)
    holes = holes[shapely.area(holes) <= small]
    if len(holes):
        bad[tree.query(holes, predicate="intersects")[1]] = True
    if not bad.any():
        return np.empty(0, dtype=int)
    near = tree.query(shapes[bad], predicate="dwithin", distance=within)[1]
    return np.union1d(np.flatnonzero(bad), near)


@dataclass(frozen=True)
class _Gaps:
    """Narrow gaps in pieces, and whose each is to be."""

    outlines: np.ndarray
    pieces: np.ndarray
    owner: np.ndarray


class _Ground:
    """Some polygons, and the faces that their lines cut the ground into."""

    def __init__(self, shapes: np.ndarray, chosen: np.ndarray, within: float, small: float) -> None:
        self.all, self.chosen = shapes, chosen
        self.shapes = shapes[chosen]
        self.within, self.small = within, small

    def rebuilt(self) -> np.ndarray:
        """Put the polygons together again, of whole faces."""
        gaps = self._narrow_gaps()
        lines = np.concatenate([shapely.boundary(self.shapes), gaps.outlines])
        noded = shapely.union_all(lines, grid_size=GRID)
        faces = shapely.get_parts(shapely.polygonize([noded]))
        points = shapely.point_on_surface(faces)
        face, owner = self._claims(points)
        face, owner = self._settled(faces, face, owner)
        face, owner = self._given(faces, points, face, owner, gaps)
        kept = owner >= 0
        built = self.shapes.copy()
        for place, some in _groups(owner[kept], face[kept]):
            built[place] = shapely.coverage_union_all(faces[some])
        gone = np.setdiff1d(np.arange(len(built)), owner)
        built[gone] = shapely.Polygon()
        built = self._with_old_corners(built)
        same = shapely.equals_exact(built, self.shapes, normalize=True)
        return np.where(same, self.shapes, built)

    def _claims(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """List whose ground each face is: places among the chosen, -1 for another polygon."""
        face, polygon = shapely.STRtree(self.all).query(points, predicate="intersects")
        place = np.full(len(self.all), -1)
        place[self.chosen] = np.arange(len(self.chosen))
        return face, place[polygon]

    def _settled(
        self, faces: np.ndarray, face: np.ndarray, owner: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Give overlaps that are narrow or small to the first of those that claim them."""
        count = np.bincount(face, minlength=len(faces))
        several = count[face] > 1
        claimed: dict[tuple[int, ...], list[int]] = {}
        for one, some in _groups(face[several], owner[several]):
            claimed.setdefault(tuple(sorted(some.tolist())), []).append(int(one))
        out_face, out_owner = [face[~several]], [owner[~several]]
        for owners, held in claimed.items():
            for part in _parts(faces, np.array(held)):
                ground = shapely.coverage_union_all(faces[part])
                closed = ground.area <= self.small or self._is_narrow(ground)
                takers = owners[:1] if closed else owners
                for taker in takers:
                    out_face.append(part)
                    out_owner.append(np.full(len(part), taker))
        return np.concatenate(out_face), np.concatenate(out_owner)

    def _is_narrow(self, ground: Any) -> bool:
        return bool(shapely.is_empty(shapely.buffer(ground, -self.within / 2)))

    def _given(
        self,
        faces: np.ndarray,
        points: np.ndarray,
        face: np.ndarray,
        owner: np.ndarray,
        gaps: _Gaps,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Give away the faces that nobody claims: narrow gaps, and small ones that are enclosed."""
        bare = np.setdiff1d(np.arange(len(faces)), face)
        if len(gaps.pieces) and len(bare):
            at, piece = shapely.STRtree(gaps.pieces).query(points[bare], "intersects")
            first = np.unique(at, return_index=True)[1]
            found = bare[at[first]]
            face = np.concatenate([face, found])
            owner = np.concatenate([owner, gaps.owner[piece[first]]])
            bare = np.setdiff1d(bare, found)
        given = [(part, self._longest(faces, part, face, owner)) for part in _parts(faces, bare)]
        taken = [(part, taker) for part, taker in given if taker >= 0]
        return (
            np.concatenate([face, *(part for part, _ in taken)]),
            np.concatenate([owner, *(np.full(len(part), taker) for part, taker in taken)]),
        )

    def _longest(
        self, faces: np.ndarray, part: np.ndarray, face: np.ndarray, owner: np.ndarray
    ) -> int:
        """Find whose border on a small or narrow gap is the longest; -1 if it is neither."""
        gap = shapely.coverage_union_all(faces[part])
        if gap.area > self.small and not self._is_narrow(gap):
            return -1
        near = np.flatnonzero((owner >= 0) & shapely.intersects(faces[face], gap))
        line = shapely.intersection(shapely.boundary(faces[face[near]]), shapely.boundary(gap))
        metres = np.bincount(owner[near], shapely.length(line), minlength=len(self.shapes))
        return int(np.argmax(metres.round(6))) if metres.max(initial=0) > 0 else -1

    # -------------------------------------------------------------------- narrow gaps

    def _narrow_gaps(self) -> _Gaps:
        """Find what is between two or more polygons and no wider than the tolerance."""
        half = self.within / 2
        ground = shapely.union_all(self.shapes)
        grown = shapely.buffer(ground, half, join_style="mitre", mitre_limit=2.0)
        closed = shapely.buffer(grown, -half, join_style="mitre", mitre_limit=2.0)
        # What is thinner comes of rounding, all along the outline.
        found = shapely.set_precision(shapely.difference(closed, ground), HAIR)
        found = _areas(found)
        found = found[shapely.area(found) > HAIR * shapely.length(found)]
        nothing = np.empty(0, dtype=object)
        if not len(found):
            return _Gaps(nothing, nothing, np.empty(0, dtype=int))
        pieces = self._in_pieces(found)
        least, most = self._about(pieces)
        several = most > least
        return _Gaps(shapely.boundary(pieces[several]), pieces[several], most[several])

    def _in_pieces(self, gaps: np.ndarray) -> np.ndarray:
        """Take gaps apart: arms between two polygons, and triangles where three come together."""
        # A buffer leaves out corners that hardly turn: of what it closes, no more than is between.
        strips = shapely.convex_hull(Unmatched.of(self.shapes).strips(self.within))
        sides = shapely.union_all(shapely.buffer(strips, self.within / FINE, quad_segs=1))
        corners = shapely.points(np.unique(shapely.get_coordinates(self.shapes), axis=0))
        tree = shapely.STRtree(self.shapes)
        near = tree.query(corners, predicate="dwithin", distance=self.within)[0]
        meeting = shapely.get_coordinates(corners[np.bincount(near, minlength=len(corners)) > 2])
        if not len(meeting):
            return _areas(shapely.intersection(gaps, sides))
        x, y = meeting.T
        far = self.within
        zones = shapely.union_all(shapely.box(x - far, y - far, x + far, y + far))
        beside = shapely.intersection(shapely.difference(gaps, zones), sides)
        arms = _areas(beside)
        inner = _areas(shapely.intersection(gaps, zones))
        return np.concatenate([arms, _triangles(inner, self.within / FINE)])

    def _about(self, pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the first and the last polygon at the corners of each piece of a gap."""
        corners, of = shapely.get_coordinates(pieces, return_index=True)
        at, polygon = shapely.STRtree(self.shapes).query(
            shapely.points(corners), predicate="dwithin", distance=2 * GRID
        )
        first, last = np.full(len(pieces), len(self.shapes)), np.full(len(pieces), -1)
        np.minimum.at(first, of[at], polygon)
        np.maximum.at(last, of[at], polygon)
        return first, last

    # -------------------------------------------------------------------- corners

    def _with_old_corners(self, built: np.ndarray) -> np.ndarray:
        """Put the corners that were there before back where they were, off the grid."""
        old = shapely.get_coordinates(self.shapes)
        old = old[np.lexsort((old[:, 1], old[:, 0]))]
        keys, first = np.unique(_cells(old), axis=0, return_index=True)
        known = _as_one(keys)

        def back(points: np.ndarray) -> np.ndarray:
            asked = _as_one(_cells(points))
            place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
            met = known[place] == asked
            out = points.copy()
            out[met] = old[first[place[met]]]
            return out

        restored = shapely.transform(built, back)
        sound = shapely.is_valid(restored).all() and (
            shapely.coverage_is_valid(restored) or not shapely.coverage_is_valid(built)
        )
        return restored if sound else built


def _cells(points: np.ndarray) -> np.ndarray:
    return np.asarray(np.rint(points / GRID).astype(np.int64))


def _as_one(keys: np.ndarray) -> np.ndarray:
    """Make each pair of whole numbers one value that sorts as the pairs do."""
    out = np.empty(len(keys), dtype=[("x", np.int64), ("y", np.int64)])
    out["x"], out["y"] = keys.T
    return out


def _groups(key: np.ndarray, value: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """List each key with its values."""
    order = np.lexsort((value, key))
    keys, first = np.unique(key[order], return_index=True)
    return (
        list(zip(keys.tolist(), np.split(value[order], first[1:]), strict=True))
        if len(keys)
        else []
    )


def _parts(faces: np.ndarray, held: np.ndarray) -> list[np.ndarray]:
    """Part some faces into those that hang together by a line."""
    from coterminous.blocks.contiguity import components

    if not len(held):
        return []
    left, right = shapely.STRtree(faces[held]).query(faces[held], predicate="intersects")
    apart = left < right
    left, right = left[apart], right[apart]
    line = shapely.intersection(
        shapely.boundary(faces[held[left]]), shapely.boundary(faces[held[right]])
    )
    joined = shapely.length(line) > 0
    label = components(len(held), left[joined], right[joined])
    return [some for _, some in _groups(label, held)]


def _areas(shapes: np.ndarray) -> np.ndarray:
    """Take shapes apart, and keep what has an area."""
    parts = shapely.get_parts(shapes)
    return parts[shapely.get_dimensions(parts) == AREA]


def _triangles(gaps: np.ndarray, step: float) -> np.ndarray:
    """Take gaps apart in triangles with sides no longer than a step along a line."""
    made = [_of_one(gap) for gap in shapely.segmentize(gaps, step)]
    return shapely.get_parts(np.array(made, dtype=object))


def _of_one(gap: Any) -> Any:
    try:
        return shapely.constrained_delaunay_triangles(gap)
    except shapely.errors.GEOSException:
        # A gap that is but a hair in places: it goes to one polygon as it is.
        return gap
