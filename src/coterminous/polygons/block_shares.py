"""What share of each block lies in each polygon, by ground or by where its people live?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from coterminous.polygons.contested_ground import divided
from coterminous.polygons.crossings import cells_of
from coterminous.polygons.edges import edges_of
from coterminous.polygons.overlaying import threads

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography

COLUMNS = ["block", "polygon", "share"]
EVEN = "No places are known, so people are taken to live evenly over each block."
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
