"""Layers from drawings: which polygon each block comes to, how, and who lives there."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import coterminous as ct


def frame(shapes, crs=27700):
    return gpd.GeoDataFrame(index=list(shapes), geometry=list(shapes.values()), crs=crs)


def fitted(layer):
    return layer.statuses[["area", "status", "share"]].to_dict("index")


def test_blocks_within_cut_contested_and_outside_have_each_their_status(grid):
    r"""West takes all of the west and 0.6 of the east in the north; rest the south-east.

    ::

        +----+----+
        | W  | W. |
        +----+----+
        | W  | R  |   R and W share the south-west: contested
        +----+----+
    """
    west = shapely.union_all([box(0, 0, 1000, 2000), box(1000, 1000, 1600, 2000)])
    drawn = frame({"W": west, "R": box(400, 0, 2000, 1000)})
    found = fitted(ct.Layer.from_polygons(drawn, grid, method="best_fit"))
    assert found == {
        "ne": {"area": "W", "status": "majority", "share": pytest.approx(0.6)},
        "nw": {"area": "W", "status": "covered", "share": pytest.approx(1.0)},
        "se": {"area": "R", "status": "covered", "share": pytest.approx(1.0)},
        # Of the ground that both claim, each is given half: W has 0.4 + 0.3, R 0.3.
        "sw": {"area": "W", "status": "contested", "share": pytest.approx(0.7)},
    }


@pytest.mark.parametrize("method", ["best_fit", "area", "population"])
def test_who_could_as_well_be_elsewhere_is_said_first_and_wherever_the_layer_goes(grid, method):
    drawn = frame({"Z": box(0, 0, 2000, 1000), "Y": box(0, 0, 2000, 1000)})
    layer = ct.Layer.from_polygons(drawn, grid, method=method, name="drawn")
    assert layer.assignment["sw"] == "Y"
    assert layer.statuses.loc["sw", ["status", "tied_with"]].tolist() == ["tied", ("Z",)]
    first = "tied: 2 blocks, 70 people could as well be in 'Z'; they are counted in 'Y'."
    assert layer.note.startswith(f"{first} Polygons fitted to blocks: each block to the polygon")
    assert "Polygons that win no block: 'Z'" in layer.note
    town = grid.with_layer("drawn", layer)
    assert town.overlap("drawn", "town").as_json()["notes"][0].startswith(first)
    assert layer.group("all", {"All": ["Y"]}).note == first
    assert layer.refine(grid.layer("town")).note.startswith(first)
    assert layer.within(grid.layer("town")).note.startswith(first)


def test_a_block_of_which_half_is_in_no_polygon_is_tied_with_outside(grid):
    layer = ct.Layer.from_polygons(frame({"H": box(0, 0, 500, 2000)}), grid, method="area")
    assert layer.statuses["tied_with"].to_dict() == {
        "ne": (),
        "nw": ("outside",),
        "se": (),
        "sw": ("outside",),
    }
    assert layer.note.startswith("tied: 2 blocks, 40 people could as well be in 'outside'")


def test_a_block_mostly_in_no_polygon_is_outside_by_ground_but_not_by_its_point(grid):
    drawn = frame({"A": box(400, 1400, 900, 1900)})
    by_point = ct.Layer.from_polygons(drawn, grid, method="best_fit")
    assert by_point.assignment["nw"] == "A"
    assert "one point of it, a point inside it, which need not be where" in by_point.note
    with pytest.raises(ct.InputError, match="no block of 'grid' comes to any of the 1 polygons"):
        ct.Layer.from_polygons(drawn, grid, method="area")


def test_people_go_where_their_homes_are(grid):
    drawn = frame({"E": box(200, 0, 2000, 2000), "W": box(0, 0, 200, 2000)})
    by_ground = ct.Layer.from_polygons(drawn, grid, method="area")
    homes = gpd.GeoSeries(
        [shapely.Point(50, 1500), shapely.Point(60, 1600), shapely.Point(900, 1500)], crs=27700
    )
    by_people = ct.Layer.from_polygons(drawn, grid, method="population", places=homes)
    assert (by_ground.assignment["nw"], by_people.assignment["nw"]) == ("E", "W")
    assert by_people.statuses.loc["nw", "share"] == pytest.approx(2 / 3)
    assert by_people.assignment["sw"] == "E"  # no home is known there, so the ground decides
    assert "evenly" in ct.Layer.from_polygons(drawn, grid, method="population").note


def test_shares_apportion_people_and_keep_areas_smaller_than_a_block(grid):
    drawn = frame({"A": box(0, 1000, 250, 2000), "B": box(250, 0, 2000, 2000)})
    layer = ct.Layer.from_polygons(drawn, grid, method="apportion", name="drawn")
    assert list(layer.codes) == ["A", "B"]
    overlap = grid.overlap(layer, "town")
    assert overlap.inside["T"].to_dict() == pytest.approx({"A": 2.5, "B": 7.5 + 20 + 22.5 + 40})
    assert overlap.ledger["total"] == pytest.approx(100)
    assert "apportioned" in overlap.method


def test_methods_are_compared_by_the_blocks_on_which_they_differ(grid):
    drawn = frame({"E": box(490, 0, 2000, 2000), "W": box(0, 0, 490, 1500)})
    found = ct.compare_fits(drawn, grid, methods=("best_fit", "area"))
    assert len(found) == 0
    drawn = frame({"A": box(400, 1400, 900, 1900), "B": box(1000, 0, 2000, 2000)})
    found = ct.compare_fits(drawn, grid, methods=("best_fit", "area"))
    assert found["people"].to_dict() == {"nw": 10}
    assert found.loc["nw", "best_fit"] == "A"
    assert pd.isna(found.loc["nw", "area"])


def test_the_layers_own_polygons_give_the_layer_back(lsc):
    for name in ("ccg2021", "ltla2021"):
        for method in ("best_fit", "area"):
            layer = ct.Layer.from_polygons(lsc.polygons(name), lsc, method=method)
            assert layer.assignment.equals(lsc.layer(name).assignment.rename(layer.name)), method
            inside = layer.statuses[layer.statuses["area"].notna()]
            assert set(inside["status"]) == {"covered"}


def test_the_layers_own_polygons_cut_no_block_by_more_than_a_hair(lsc):
    drawn = ct.Layer.from_polygons(lsc.polygons("ccg2021"), lsc, method="apportion")
    assert drawn.shares["share"].min() > 0.999
    assert drawn.nearest().assignment.equals(lsc.layer("ccg2021").assignment.rename(drawn.name))


def test_names_and_columns_of_codes_are_kept(grid):
    drawn = frame({"x": box(0, 0, 2000, 2000)}).assign(name=["All of it"], CODE24=["Q1"])
    layer = ct.Layer.from_polygons(drawn, grid, code="CODE24")
    assert (list(layer.codes), layer.name_of("Q1")) == (["Q1"], "All of it")


def test_a_geography_folder_may_name_a_file_of_polygons(tmp_path):
    from coterminous.folders.template import write_skeleton

    write_skeleton(tmp_path / "mine")
    town = ct.load(tmp_path / "mine")
    drawn = town.polygons("ward").assign(TEAM=["T1", "T2", "T3"]).reset_index(drop=True)
    drawn[["TEAM", "geometry"]].to_file(tmp_path / "mine" / "teams.gpkg")
    recipes = tmp_path / "mine" / "layers.toml"
    recipe = """
[[layer]]
name = "teams"
title = "Teams"
valid_from = "2025-01-01"
note = "Drawn by hand."
polygons = { file = "teams.gpkg", code = "TEAM" }
"""
    recipes.write_text(recipes.read_text() + recipe)
    town = ct.load(tmp_path / "mine")
    assert town.layer("teams").areas["blocks"].to_dict() == {"T1": 2, "T2": 2, "T3": 2}
    assert town.layer("teams").note.startswith("Drawn by hand. Polygons fitted")
    assert town.overlap("teams", "ward").measures()["v_measure"] == 1
    recipes.write_text(recipes.read_text().replace('"TEAM" }', '"TEAM", method = "guess" }'))
    with pytest.raises(ct.InputError, match=r"layers.toml: .*'teams'.*`method` is 'guess'"):
        ct.load(tmp_path / "mine").layer("teams")


def test_bad_input_is_named(grid):
    drawn = frame({"x": box(0, 0, 2000, 2000)})
    with pytest.raises(
        ct.InputError, match=r"`method` is 'nearest', which is not one of: best_fit"
    ):
        ct.Layer.from_polygons(drawn, grid, method="nearest")
    with pytest.raises(ct.InputError, match="`polygons` is in EPSG:4326, in degrees"):
        ct.Layer.from_polygons(drawn.to_crs(4326), grid)
    with pytest.raises(ct.InputError, match="do not meet anywhere"):
        ct.Layer.from_polygons(drawn.set_geometry(drawn.translate(1e6)), grid)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), many=st.integers(1, 6))
def test_shares_of_a_block_add_up_to_one_however_polygons_overlap(seed, many):
    from coterminous.polygons.block_shares import by_area

    rng = np.random.default_rng(seed)
    blocks = np.array([box(i, j, i + 1, j + 1) for i in range(3) for j in range(3)])
    corners = rng.integers(0, 6, (many, 2)) / 2
    sizes = rng.integers(1, 5, (many, 2)) / 2
    polygons = shapely.box(*corners.T, *(corners + sizes).T)
    shares = by_area(blocks, polygons)
    total = shares.groupby("block")["share"].sum()
    np.testing.assert_allclose(total, 1.0)
    assert len(total) == 9
    assert (shares["share"] > 0).all()
    covered = shapely.area(shapely.intersection(blocks, shapely.union_all(polygons)))
    inside = shares[shares["polygon"] >= 0].groupby("block")["share"].sum().reindex(range(9))
    np.testing.assert_allclose(inside.fillna(0.0), covered, atol=1e-9)


def test_a_frame_whose_rows_have_no_codes_takes_the_column_that_a_file_would(tmp_path):
    blocks = gpd.GeoDataFrame(
        {"population": [10, 20]},
        index=["b1", "b2"],
        geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks)
    drawn = gpd.GeoDataFrame(
        {"code": ["X", "Y"], "name": ["Moor", "Dale"]},
        geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
        crs=27700,
    )
    layer = ct.Layer.from_polygons(drawn, area, name="q")
    assert layer.areas["name"].to_dict() == {"X": "Moor", "Y": "Dale"}
    assert layer.note.endswith("Codes are from the column `code`, for the rows have none.")
    found = ct.overlay(drawn, drawn.set_index("code"))
    assert found.table[["source", "target"]].values.tolist() == [["X", "X"], ["Y", "Y"]]
    assert "`a`: Codes are from the column `code`, for the rows have none." in found.notes
