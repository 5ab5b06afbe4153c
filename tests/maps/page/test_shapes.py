"""Polygons get simpler together: neighbours keep touching, and shared lines stay shared."""

from __future__ import annotations

import pytest
import shapely

from coterminous.errors import InputError
from coterminous.maps.page import simplifying


@pytest.mark.parametrize("layer", ["pcn2022", "ltla2021"])
def test_simplified_neighbours_keep_touching(lsc, layer):
    (frame,) = simplifying.simplified(lsc, [lsc.layer(layer)], tolerance=200)
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())


def test_a_line_that_two_layers_share_is_the_same_line_in_both(lsc):
    places, councils = simplifying.simplified(
        lsc, [lsc.layer("place2022"), lsc.layer("utla2021")], tolerance=200
    )
    assert places.geometry["blackpool"].equals(councils.geometry["E06000009"])


def test_no_area_is_lost(lsc):
    layers = [lsc.layer(name) for name in ("pbp2021", "msoa2011")]
    for layer, frame in zip(layers, simplifying.simplified(lsc, layers), strict=True):
        assert list(frame.index) == list(layer.codes)
        assert not frame.geometry.is_empty.any()


def test_degrees_are_those_of_the_published_point(lsc):
    import geopandas as gpd

    # The Ordnance Survey's worked example, to the few metres that the seven parameters are good to.
    point = gpd.GeoDataFrame(geometry=gpd.points_from_xy([651409.903], [313177.270]), crs=27700)
    turned = simplifying.in_degrees(point).geometry.iloc[0]
    assert turned.x == pytest.approx(1.716073973, abs=5e-5)
    assert turned.y == pytest.approx(52.658007833, abs=5e-5)


def test_features_are_numbered_and_short():
    import geopandas as gpd

    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1 / 3, 1), None], crs=4326)
    told = simplifying.features(frame, [{"n": "a"}, {"n": "b"}])
    assert [f["id"] for f in told["features"]] == ["0"]
    assert [0.33333, 0.0] in told["features"][0]["geometry"]["coordinates"][0]


def test_a_block_without_a_polygon_is_refused_before_there_is_a_map():
    import geopandas as gpd
    import pandas as pd

    import coterminous as ct

    blocks = gpd.GeoDataFrame(
        {"population": [1, 2]},
        index=["a", "b"],
        geometry=[shapely.box(0, 0, 9, 9), None],
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks).with_layer("gone", pd.Series({"a": "", "b": "B"}))
    with pytest.raises(InputError, match="'b' has no polygon, or an empty one"):
        area.explore("gone")
