"""New York's boroughs, in full detail and in feet, as an old wheel of geopandas carries them."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import coterminous as ct


@pytest.fixture(scope="module")
def boroughs(tmp_path_factory) -> gpd.GeoDataFrame:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "geopandas==0.14.4"]
    done = subprocess.run(
        [*command, "-d", str(folder)], capture_output=True, text=True, check=False, timeout=300
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        pytest.skip(f"pip cannot download geopandas 0.14.4: {done.stderr.strip()[-200:]}")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extract("geopandas/datasets/nybb_16a.zip", folder)
    read = gpd.read_file(folder / "geopandas" / "datasets" / "nybb_16a.zip")
    return read.set_index("BoroName")[["geometry"]]


def hectares_of_pairs(a, b):
    """Area in hectares of every pair by geopandas, in feet as these are."""
    both = gpd.overlay(
        a.rename_axis("a").reset_index(), b.rename_axis("b").reset_index(), keep_geom_type=True
    )
    foot = a.crs.axis_info[0].unit_conversion_factor
    return both.assign(ha=both.area * foot**2 / 1e4).set_index(["a", "b"])["ha"]


def assert_same(found, expected):
    cells = found.cells[(found.cells[["source", "target"]] != "outside").all(axis=1)]
    ours = cells.set_index(["source", "target"])["value"]
    both = pd.concat([ours, expected], axis=1, keys=["ours", "theirs"]).fillna(0.0)
    # What only one of the two has is rounding along a shared line.
    np.testing.assert_allclose(both["ours"], both["theirs"], rtol=1e-9, atol=1e-5)


@pytest.mark.peer
def test_boroughs_by_themselves_are_each_itself_in_little_memory(boroughs):
    tracemalloc.start()
    found = ct.overlay(boroughs, boroughs)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150e6  # bytes; 5.9 GB and no end when each edge was tried against each
    assert set(found.areas()["relation"]) == {"coterminous"}
    assert_same(found, hectares_of_pairs(boroughs, boroughs))


@pytest.mark.peer
def test_boroughs_by_circles_are_those_of_geopandas(boroughs):
    west, south, east, north = boroughs.total_bounds
    x, y = (
        c.ravel() for c in np.meshgrid(np.linspace(west, east, 12), np.linspace(south, north, 12))
    )
    shapes = shapely.buffer(shapely.points(x, y), (east - west) / 24.5)
    codes = [f"c{i:03}" for i in range(len(shapes))]
    circles = gpd.GeoDataFrame(index=codes, geometry=shapes, crs=boroughs.crs)
    assert_same(ct.overlay(boroughs, circles, tolerance=1e3), hectares_of_pairs(boroughs, circles))
