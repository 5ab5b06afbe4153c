"""Where are the blocks? Their polygons, and how some of them are united to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.blocks.coordinates import FrameDoor, check_measurable
from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    import geopandas as gpd

#: A gap between blocks narrower than this, in units of the CRS, is a slip of the pen, not ground.
HAIRLINE = 0.5


def checked_blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of blocks sorted by code, or say which codes are missing or repeated."""
    if not len(blocks):
        raise InputError("`blocks` has no rows; give one for each block")
    nameless = int(blocks.index.isna().sum())
    if nameless:
        raise InputError(f"`blocks` has {nameless:,} rows without a code; give each one")
    index = blocks.index.astype("str")
    twice = index[index.duplicated()].unique()
    if len(twice):
        raise InputError(f"`blocks` has codes more than once: {first_five(twice)}")
    return blocks.set_axis(index.rename("block"), axis=0).sort_index()


def polygons_of(blocks: pd.DataFrame) -> gpd.GeoSeries:
    """Return the polygons of a frame of blocks.

    Raises
    ------
    InputError
        If it has none, or they cannot be measured in their CRS: see `blocks.coordinates`.
    """
    if "geometry" not in blocks.columns or not hasattr(blocks["geometry"], "crs"):
        raise InputError("`blocks` have no polygons; give a GeoDataFrame")
    shapes = blocks["geometry"]
    check_measurable(shapes, FrameDoor("`blocks`", argument="blocks"))
    return shapes


def joined(polygons: gpd.GeoSeries) -> gpd.GeoSeries:
    """Make the edges of blocks match where they do not, to be drawn and united quickly.

    Only polygons with an edge that does not match are touched, all at once; nothing is counted or
    measured by them. Where no edge is amiss, or they cannot be made to match, they stay as they
    are, and `united` makes good what is left.

    Parameters
    ----------
    polygons
        The polygons of the blocks, by code.

    Returns
    -------
    geopandas.GeoSeries
        On the same index.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> sides = [box(-9, 0, 0, 9), box(9, 0, 18, 9)]
    >>> middle = [box(0, 0, 9, 4), box(0, 4.1, 9, 9)]  # the two do not quite meet
    >>> float(joined(gpd.GeoSeries(sides + middle, crs=27700)).area.sum())
    243.0
    """
    import geopandas as gpd
    import shapely

    shapes = np.array(polygons.to_numpy(), dtype=object)
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    amiss = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes[there], gap_width=HAIRLINE))
    loose = there[amiss]
    if not len(loose):
        return polygons
    valid = shapely.make_valid(shapes[loose], method="structure", keep_collapsed=False)
    try:
        shapes[loose] = shapely.coverage_clean(valid, gap_width=HAIRLINE)
    except (shapely.errors.GEOSException, shapely.errors.UnsupportedGEOSVersionError):
        return polygons
    return gpd.GeoSeries(shapes, index=polygons.index, crs=polygons.crs)


def united(shapes: np.ndarray) -> Any:
    """Unite the polygons of blocks: valid, and without a line where two of them meet.

    A coverage union is quick and keeps the blocks' own edges, but is wrong without a word where
    the edges do not match. Then they are made to match first.

    Parameters
    ----------
    shapes
        Polygons that are meant to lie side by side.

    Returns
    -------
    shapely.Geometry
        A polygon or multipolygon. Gaps up to `HAIRLINE` wide are closed, and ground that several
        polygons hold is there once.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> sides = [box(-9, 0, 0, 9), box(9, 0, 18, 9)]
    >>> middle = [box(0, 0, 9, 4), box(0, 4.1, 9, 9)]  # the two do not quite meet
    >>> whole = united(np.array(sides + middle))
    >>> len(whole.interiors), whole.area
    (0, 243.0)
    """
    import shapely

    ground = float(np.nansum(shapely.area(shapes)))
    try:
        whole = shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        whole = None
    if whole is not None and _sound(whole, ground):
        return whole
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    try:
        whole = shapely.coverage_union_all(shapely.coverage_clean(valid, gap_width=HAIRLINE))
    except (shapely.errors.GEOSException, shapely.errors.UnsupportedGEOSVersionError):
        whole = None
    return whole if whole is not None and whole.is_valid else shapely.union_all(valid)


def _sound(whole: Any, ground: float) -> bool:
    """Say whether a union is valid, as large as its parts and without holes like hairlines."""
    import shapely

    if not whole.is_valid or abs(whole.area - ground) > 1e-9 * ground:
        return False
    rings, part = shapely.get_rings(shapely.get_parts(whole), return_index=True)
    holes = shapely.polygons(rings[1:][part[1:] == part[:-1]])
    # What is long and narrow is as wide as twice its area goes into its outline.
    return bool((2 * shapely.area(holes) >= HAIRLINE * shapely.length(holes)).all())
