"""Who gets how much of a block on which several polygons overlap? Each piece is divided equally."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from coterminous.errors import InputError
from coterminous.polygons.crossings import DETAILED, Cells, clipped
from coterminous.polygons.edges import ranges

#: A polygon with all of a block but this part of it covers the block: the rest is rounding.
WHOLE = 1e-9
#: A piece smaller than this part of its block is rounding, not land.
SLIVER = 1e-12
#: Grids on which lines are put, as parts of the block's extent: none, then ever coarser ones.
GRIDS = (0.0, 1e-9, 1e-8, 1e-7, 1e-6)
#: So much of the block may the faces of a piece be off: more, and a face was lost.
LOST = 1e-7
#: Up to so many polygons on a block, each pair is tried before the block is cut up.
FEW = 8
#: Parts of blocks drawn at once: enough to be quick, little enough to stay small in memory.
BATCH = 20_000
COLLECTION = 7


def divided(blocks: np.ndarray, polygons: np.ndarray, cells: Cells) -> np.ndarray:
    """Divide each block among the polygons that claim it, face by face of their arrangement.

    Parameters
    ----------
    blocks, polygons
        Arrays of valid polygons.
    cells
        The parts of blocks in polygons.

    Returns
    -------
    ndarray
        The share of the block that comes to each cell. On ground that `n` polygons cover each
        of them has an n-th of it; where a polygon lies alone it has all.

    Raises
    ------
    InputError
        If the lines of polygons that overlap cannot be told apart.

    Notes
    -----
    Most blocks need no arrangement: those in one polygon; those that all polygons but one cover
    wholly; and those in which no two of a few polygons overlap.
    """
    share = np.minimum(cells.area / shapely.area(blocks)[cells.block], 1.0)
    whole = share >= 1 - WHOLE
    first, many = np.unique(cells.block, return_index=True, return_counts=True)[1:]
    over = np.add.reduceat(whole, first) if len(first) else many
    parts = many - over
    total = np.add.reduceat(share, first) if len(first) else share
    _plainly(share, whole, first, many, over)
    cut = np.flatnonzero(parts > 1)
    surely = (over[cut] > 0) | (total[cut] > 1 + WHOLE) | (many[cut] > FEW)
    known = _overlapping(blocks, polygons, cells, first, many, cut[~surely])
    cut = np.sort(np.concatenate([cut[surely], known]))
    for rows, drawn in _drawn(blocks, polygons, cells, first[cut], many[cut], whole):
        share[rows] = _among(blocks[cells.block[rows.start]], drawn, whole[rows])
    return share


def _plainly(
    share: np.ndarray, whole: np.ndarray, first: np.ndarray, many: np.ndarray, over: np.ndarray
) -> None:
    """Divide the blocks that at most one polygon cuts: its part, and the rest of the block."""
    for block in np.flatnonzero((over > 0) & (many > 1) & (many - over < 2)).tolist():
        rows = slice(first[block], first[block] + many[block])
        covers = whole[rows]
        part = share[rows][~covers].sum()
        each = part / (over[block] + 1)
        share[rows] = np.where(covers, each + (1 - part) / over[block], each)


def _overlapping(
    blocks: np.ndarray,
    polygons: np.ndarray,
    cells: Cells,
    first: np.ndarray,
    many: np.ndarray,
    tried: np.ndarray,
) -> np.ndarray:
    """Keep the blocks in which two polygons overlap."""
    sizes = shapely.area(blocks)
    kept = np.zeros(len(first), dtype=bool)
    for some in _batches(many[tried]):
        mine = tried[some]
        rows = ranges(first[mine], many[mine])
        drawn = _pieces(blocks, polygons, cells, rows)
        one, other = _pairs(many[mine])
        common = shapely.area(shapely.intersection(drawn[one], drawn[other]))
        block = np.repeat(mine, many[mine] * (many[mine] - 1) // 2)
        kept[block[common > WHOLE * sizes[cells.block[first[block]]]]] = True
    return np.flatnonzero(kept)


def _pairs(many: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair the rows of each group, of which the groups have so many, one after another."""
    before = np.cumsum(many) - many
    found = [
        start + np.array(np.triu_indices(count, 1))
        for start, count in zip(before.tolist(), many.tolist(), strict=True)
    ]
    one, other = np.concatenate(found, axis=1) if found else np.empty((2, 0), dtype=int)
    return one, other


def _batches(many: np.ndarray) -> list[np.ndarray]:
    """Part groups of so many rows each into batches."""
    steps = np.flatnonzero(np.diff((np.cumsum(many) - 1) // BATCH)) + 1
    return np.split(np.arange(len(many)), steps) if len(many) else []


def _drawn(
    blocks: np.ndarray,
    polygons: np.ndarray,
    cells: Cells,
    first: np.ndarray,
    many: np.ndarray,
    whole: np.ndarray,
) -> Iterator[tuple[slice, np.ndarray]]:
    """Give the rows of each block, and the pieces of the polygons that cut it."""
    for some in _batches(many):
        rows = ranges(first[some], many[some])
        rows = rows[~whole[rows]]
        pieces = _pieces(blocks, polygons, cells, rows)
        for block in some.tolist():
            mine = slice(first[block], first[block] + many[block])
            yield mine, pieces[slice(*np.searchsorted(rows, [mine.start, mine.stop]))]


def _pieces(blocks: np.ndarray, polygons: np.ndarray, cells: Cells, rows: np.ndarray) -> np.ndarray:
    """Draw some cells."""
    ground = blocks[cells.block[rows]]
    bounds = shapely.bounds(ground)
    near = polygons[cells.polygon[rows]]
    detailed = np.flatnonzero(shapely.get_num_coordinates(near) > DETAILED)
    order = detailed[np.argsort(cells.polygon[rows][detailed], kind="stable")]
    parting = np.flatnonzero(np.diff(cells.polygon[rows][order])) + 1
    for mine in np.split(order, parting) if len(order) else []:
        near[mine] = clipped(near[mine[0]], bounds[mine])
    drawn = np.asarray(shapely.intersection(ground, near))
    # Where edges touch besides, lines and points come with the ground; they are none.
    for k in np.flatnonzero(shapely.get_type_id(drawn) == COLLECTION).tolist():
        parts = shapely.get_parts(drawn[k])
        drawn[k] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004
    return drawn


def _among(ground: Any, pieces: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide a block among polygons of which some cover it and others claim a piece of it."""
    every = int(whole.sum())
    out = np.zeros(len(whole))
    pieces, which = _distinct(pieces)
    copies = np.bincount(which)
    areas, piece, face = _arranged(pieces, ground)
    claimants = every + np.bincount(face, weights=copies[piece], minlength=len(areas))
    each = np.divide(areas, claimants, out=np.zeros(len(areas)), where=claimants > 0)
    out[~whole] = np.bincount(piece, weights=each[face], minlength=len(pieces))[which]
    if every:
        cut = claimants > every
        out[whole] = each[cut].sum() + max(1 - areas[cut].sum(), 0.0) / every
    # What the arrangement is off by rounding is no ground of anybody, nor of nobody.
    return out / out.sum() if out.sum() > 1 - LOST else out


def _distinct(pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep one of pieces that are the same, and say which of the kept each is."""
    told = np.asarray(shapely.to_wkb(shapely.normalize(pieces)), dtype=object)
    kept, which = np.unique(told, return_inverse=True)
    return shapely.from_wkb(kept), which


def _arranged(pieces: np.ndarray, ground: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut some pieces of a block where their edges cross.

    Returns
    -------
    areas, piece, face : ndarray
        Of each face, its part of the block; and the pairs in which the piece covers the face.
    """
    size = float(shapely.area(ground))
    west, south, east, north = shapely.bounds(ground).tolist()
    extent = max(east - west, north - south)
    held = shapely.area(pieces) / size
    edges = shapely.boundary(pieces)
    for grid in GRIDS:
        # Lines that nearly meet may leave a face open: so they are put on a grid where they do.
        lines = shapely.union_all(edges, grid_size=grid * extent or None)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        areas = shapely.area(faces) / size
        faces, areas = faces[areas > SLIVER], areas[areas > SLIVER]
        points = shapely.point_on_surface(faces)
        piece, face = shapely.STRtree(points).query(pieces, predicate="contains")
        found = np.bincount(piece, weights=areas[face], minlength=len(pieces))
        if np.abs(found - held).max(initial=0.0) <= LOST:
            return areas, piece, face
    raise InputError(
        f"`polygons` overlap about ({(west + east) / 2:.0f}, {(south + north) / 2:.0f}) in lines "
        "that cannot be told apart; check and mend them with coterminous.mend first"
    )
