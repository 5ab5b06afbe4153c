"""Which neighbours has a map lost? Pairs that touch in a point, or face each other across water.

Generalised boundaries, clipped to the coast, part places that a bridge joins. These are candidates
for a person to judge: whether there is a bridge, no polygon knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from coterminous.blocks.contiguity import components
from coterminous.polygons.edges import edges_of

if TYPE_CHECKING:
    import geopandas as gpd

#: Metres within which two polygons that do not touch are as good as next to each other.
NEARBY = 200.0
#: Metres of water across which two shores are said to face each other.
FACING = 2_500.0
COLUMNS = ["a", "b", "metres", "why"]


def candidates(
    geometry: gpd.GeoSeries, *, nearby: float = NEARBY, facing: float = FACING
) -> pd.DataFrame:
    """List the pairs of polygons that may be neighbours though they share no edge.

    Parameters
    ----------
    geometry
        Valid polygons in a projected CRS, by code.
    nearby, facing
        Metres.

    Returns
    -------
    pandas.DataFrame
        `a` < `b`, `metres` between them and `why`: ``touch in a point``, ``within 200 m`` or
        ``face each other across water`` (the straight line between them meets no other polygon,
        and they have no neighbour in common or lie in pieces that do not touch). Nearest first.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> shores = gpd.GeoSeries({"n": box(0, 900, 500, 1400), "s": box(0, 0, 500, 500)}, crs=27700)
    >>> candidates(shores)[["a", "b", "metres", "why"]].values.tolist()
    [['n', 's', 400.0, 'face each other across water']]
    """
    shapes = geometry.to_numpy()
    edges = edges_of(shapes)
    alone = np.flatnonzero(edges.twin < 0)
    # Water is on the outline only, and so is every polygon that could face another across it.
    coast = np.unique(edges.owner[alone])
    tree = shapely.STRtree(shapes[coast])
    left, right = tree.query(shapes[coast], predicate="dwithin", distance=max(nearby, facing))
    left, right = coast[left], coast[right]
    left, right = left[left < right], right[left < right]
    borders = shapely.boundary(shapes[coast])
    place = np.full(len(shapes), -1)
    place[coast] = np.arange(len(coast))
    apart = shapely.distance(shapes[left], shapes[right])
    shared = np.zeros(len(left))
    touching = np.flatnonzero(apart == 0)
    shared[touching] = shapely.length(
        shapely.intersection(borders[place[left[touching]]], borders[place[right[touching]]])
    )
    keep = (apart > 0) | (shared == 0)
    keep[keep] &= ~_parted_inland(shapes, edges, alone, left[keep], right[keep], apart[keep])
    left, right, apart = left[keep], right[keep], apart[keep]
    across = _across_water(shapes, left, right, apart)
    near = apart <= nearby
    known = _acquainted(shapes, left, right)
    why = np.select(
        [apart == 0, near & across, across & ~known & (apart <= facing)],
        ["touch in a point", f"within {nearby:g} m", "face each other across water"],
        default="",
    )
    codes = np.asarray(geometry.index.astype("str"), dtype=object)
    ends = np.sort(np.stack([codes[left], codes[right]]), axis=0)
    found = pd.DataFrame({"a": ends[0], "b": ends[1], "metres": apart.round(1), "why": why})
    found = found[found["why"] != ""].astype({"a": "str", "b": "str", "why": "str"})
    return found.sort_values(["metres", "a", "b"], ignore_index=True)


def _parted_inland(
    shapes: np.ndarray,
    edges: object,
    alone: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    apart: np.ndarray,
) -> np.ndarray:
    """Say which pairs touch in a point with land all round it, as at any crossroads of four."""
    inland = np.zeros(len(left), dtype=bool)
    at = np.flatnonzero(apart == 0)
    if len(at):
        outline = shapely.linestrings(edges.ends(alone))  # type: ignore[attr-defined]
        met = shapely.intersection(shapes[left[at]], shapes[right[at]])
        on_outline, _ = shapely.STRtree(outline).query(met, predicate="intersects")
        inland[at] = True
        inland[at[on_outline]] = False
    return inland


def _across_water(
    shapes: np.ndarray, left: np.ndarray, right: np.ndarray, apart: np.ndarray
) -> np.ndarray:
    """Say for which pairs the shortest line between them meets no third polygon."""
    clear = np.ones(len(left), dtype=bool)
    line, met = shapely.STRtree(shapes).query(
        shapely.shortest_line(shapes[left], shapes[right]), predicate="intersects"
    )
    third = (met != left[line]) & (met != right[line]) & (apart[line] > 0)
    clear[line[third]] = False
    return clear


def _acquainted(shapes: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Say which pairs have a neighbour in common and lie in one connected piece."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    piece = components(len(shapes), one, other)
    apart = one != other
    of: dict[int, set[int]] = {}
    for i, j in zip(one[apart].tolist(), other[apart].tolist(), strict=True):
        of.setdefault(i, set()).add(j)
    common = [
        bool(of.get(i, set()) & of.get(j, set()))
        for i, j in zip(left.tolist(), right.tolist(), strict=True)
    ]
    return np.asarray(common, dtype=bool) & (piece[left] == piece[right])
