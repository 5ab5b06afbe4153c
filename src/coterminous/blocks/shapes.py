"""What do areas look like? Polygons of blocks, dissolved to the areas of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.shares import AnyLayer


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
        If it has none, or their CRS is missing or in degrees.
    """
    if "geometry" not in blocks.columns or not hasattr(blocks["geometry"], "crs"):
        raise InputError("`blocks` have no polygons; give a GeoDataFrame")
    shapes = blocks["geometry"]
    if shapes.crs is None or not shapes.crs.is_projected:
        raise InputError(
            f"the CRS of `blocks` is {shapes.crs}; areas and distances need a projected one: "
            "blocks.to_crs(27700)"
        )
    return shapes


def dissolved(geometry: gpd.GeoSeries, layer: AnyLayer) -> gpd.GeoDataFrame:
    """Dissolve blocks to the areas of a layer by a coverage union, which makes no sliver.

    A layer that cuts blocks is drawn along whole ones, each to the area with most of it.

    Returns
    -------
    geopandas.GeoDataFrame
        By area code: `name` and `geometry`, in the CRS of the blocks.
    """
    import geopandas as gpd
    import shapely

    shapes = geometry.to_numpy()
    drawn = layer.nearest()
    merged = [
        shapely.coverage_union_all(shapes[drawn.positions == i]) for i in range(len(drawn.codes))
    ]
    names = {"name": list(layer.names)}
    return gpd.GeoDataFrame(names, geometry=merged, index=layer.codes, crs=geometry.crs)
