"""What share of each block lies in each polygon, by ground or by where its people live?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.blocks.coordinates import called, horizontal, same_system
from coterminous.errors import InputError, first_five
from coterminous.polygons.contested_ground import divided
from coterminous.polygons.crossings import cells_of
from coterminous.polygons.edges import edges_of
from coterminous.polygons.overlaying import threads

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography

COLUMNS = ["block", "polygon", "share"]
EVEN = "No places are known, so people are taken to live evenly over each block."
POINT = 0
#: A share smaller than this is rounding.
LEAST = 1e-9


def by_area(blocks: np.ndarray, polygons: np.ndarray) -> pd.DataFrame:
    """Share each block out by area.

    Parameters
    ----------
    blocks, polygons
        Arrays of valid polygons; the latter may overlap.

    Returns
    -------
    pandas.DataFrame
        Positions `block` and `polygon` (-1 for what is in none) and `share`; the shares of a
        block add up to 1. Ground in several polygons is divided equally between them, piece by
        piece: nothing is taken from a polygon where it lies alone.

    Examples
    --------
    >>> import shapely
    >>> shares = by_area(shapely.box([0], 0, [4], 1), shapely.box([0, 0], 0, [1, 1], 1))
    >>> shares["polygon"].tolist(), shares["share"].tolist()
    ([-1, 0, 1], [0.75, 0.125, 0.125])
    """
    polygons = shapely.orient_polygons(polygons)
    edges = edges_of(polygons)
    with threads() as pool:
        cells = cells_of(blocks, polygons, edges, pool=pool)
    share = divided(blocks, polygons, cells)
    inside = pd.DataFrame({"block": cells.block, "polygon": cells.polygon, "share": share})
    return _with_rest(inside, len(blocks))


def by_places(
    blocks: np.ndarray, polygons: np.ndarray, places: gpd.GeoSeries, ground: pd.DataFrame
) -> pd.DataFrame:
    """Share each block out by the places in it, such as postcodes, all alike.

    Parameters
    ----------
    blocks, polygons
        Arrays of valid polygons.
    places
        Points, in the same CRS.
    ground
        Shares by area, which stand where a block has no place in it.

    Returns
    -------
    pandas.DataFrame
        As `by_area`; a place in several polygons is divided between them.
    """
    points = places.to_numpy()
    place, block = shapely.STRtree(blocks).query(points, predicate="intersects")
    home = pd.Series(block, index=place).groupby(level=0).min()
    inside, polygon = shapely.STRtree(polygons).query(points, predicate="intersects")
    held = pd.DataFrame({"place": inside, "polygon": polygon})
    held["part"] = 1.0 / held.groupby("place")["polygon"].transform("size")
    held["block"] = held["place"].map(home)
    held = held.dropna().astype({"block": int})
    count = home.value_counts()
    shares = held.groupby(["block", "polygon"], as_index=False)["part"].sum()
    shares["share"] = shares["part"] / shares["block"].map(count)
    empty = ground[~ground["block"].isin(count.index)]
    known = _with_rest(shares[COLUMNS], len(blocks))
    known = known[known["block"].isin(count.index)]
    both = pd.concat([known, empty], ignore_index=True)
    return both.sort_values(["block", "polygon"], ignore_index=True)


def checked_places(places: Any, area: Geography) -> gpd.GeoSeries:
    """Return the places that a caller gave, if they are points in the blocks.

    Raises
    ------
    InputError
        If they are no GeoSeries or GeoDataFrame of points, none, in another CRS, or in no block.
    """
    if not hasattr(places, "geometry") or not hasattr(places, "crs"):
        raise InputError(
            f"`places` is a {type(places).__name__}; give a GeoSeries of points, such as "
            "geopandas.GeoSeries.from_xy(easting, northing, crs=27700)"
        )
    points = places.geometry
    if not len(points):
        raise InputError("`places` has no points; leave it out to use those of the geography")
    if not same_system(area.geometry.crs, points.crs):
        theirs = "no CRS" if horizontal(points.crs) is None else called(horizontal(points.crs))
        raise InputError(
            f"`places` is in {theirs} and the blocks in {called(horizontal(area.geometry.crs))}; "
            f"use places.{'set_crs' if points.crs is None else 'to_crs'}(area.geometry.crs)"
        )
    odd = (shapely.get_type_id(points.to_numpy()) != POINT) | shapely.is_empty(points.to_numpy())
    if odd.any():
        raise InputError(
            f"`places` has {int(odd.sum()):,} rows that are no point: "
            f"{first_five(points.index[odd])}; leave them out"
        )
    if not len(shapely.STRtree(area.geometry.to_numpy()).query(points.to_numpy(), "intersects")[0]):
        raise InputError(
            f"`places` has {len(points):,} points, and none is in a block of {area.name!r}; are "
            "they of the same place?"
        )
    return points


def said_of_bare(
    blocks: np.ndarray, places: gpd.GeoSeries, people: np.ndarray, *, given: bool
) -> str:
    """Say which people are shared out by area after all, for their block holds no place."""
    _, block = shapely.STRtree(blocks).query(places.to_numpy(), predicate="intersects")
    bare = np.ones(len(blocks), dtype=bool)
    bare[block] = False
    if not bare.any():
        return ""
    whose = "of `places`" if given else "of the geography's postcodes"
    return (
        f"{int(bare.sum()):,} of {len(blocks):,} blocks, with {people[bare].sum():,.0f} people, "
        f"hold none {whose} and are decided by area."
    )


def places_of(area: Geography) -> gpd.GeoSeries | None:
    """Return the postcodes of a geography as points, if it has any."""
    import geopandas as gpd

    spec = area.settings.get("postcodes")
    if spec is None or area.folder is None:
        return None
    table = pd.read_parquet(
        area.folder / spec["file"], columns=[spec["easting"], spec["northing"]]
    ).astype(float)
    return gpd.GeoSeries.from_xy(
        table[spec["easting"]], table[spec["northing"]], crs=area.geometry.crs
    )


def _with_rest(inside: pd.DataFrame, blocks: int) -> pd.DataFrame:
    """Add what of each block is in no polygon, as polygon -1."""
    rest = 1.0 - np.bincount(inside["block"], weights=inside["share"], minlength=blocks)
    outside = np.flatnonzero(rest > LEAST)
    more = pd.DataFrame({"block": outside, "polygon": -1, "share": rest[outside]})
    both = pd.concat([inside[COLUMNS], more], ignore_index=True)
    return both.sort_values(["block", "polygon"], ignore_index=True)
