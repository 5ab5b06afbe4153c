"""Borders have their true length, whether lines match, end on another's side or nearly meet."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

import coterminous as ct
from coterminous.blocks.borders import LEAST, borders
from coterminous.blocks.contiguity import measured_borders, nearly, shared_edges
from tests.blocks.hand_drawn import cells, moved, squares, true_borders, with_more_corners


def series(shapes, crs=27700) -> gpd.GeoSeries:
    if isinstance(shapes, dict):
        return gpd.GeoSeries(shapes, crs=crs)
    return gpd.GeoSeries(list(shapes), index=[f"p{i:03}" for i in range(len(shapes))], crs=crs)


def pairs(shapes, **options) -> dict[tuple[str, str], float]:
    found = shared_edges(series(shapes), **options)
    return {(a, b): round(m, 2) for a, b, m in found.itertuples(index=False)}


def measured(shapes) -> dict[tuple[int, int], float]:
    found = borders(np.asarray(shapes))
    return {
        (int(i), int(j)): m for i, j, m in zip(found.left, found.right, found.metres, strict=True)
    }


def neighbours_as_true(drawn, truth, near: float) -> None:
    """Assert that each true border of two metres and more is there, as long as it should be."""
    found = measured(drawn)
    for pair, metres in truth.items():
        if metres > 2 * LEAST:
            assert found.get(pair, 0.0) == pytest.approx(metres, abs=near), pair
    false = {p: m for p, m in found.items() if p not in truth and m >= LEAST}
    assert false == {}


# ------------------------------------------------------------------ by hand


def test_a_border_that_ends_on_anothers_side_is_one_where_libpysal_finds_none():
    #  +--------+ +-----+   a long block and two beside it, whose common corner
    #  |        | |  m2 |   lies on the long side and is no corner of it
    #  |  long  | +-----+
    #  |        | |  m1 |   (drawn apart; they touch)
    #  +--------+ +-----+
    shapes = {
        "long": box(0, 0, 500, 3000),
        "m1": box(500, 0, 1500, 1100),
        "m2": box(500, 1100, 1500, 3000),
    }
    assert pairs(shapes) == {("long", "m1"): 1100, ("long", "m2"): 1900, ("m1", "m2"): 1000}


def test_a_slanted_border_needs_no_common_corner():
    # The line from (0, 0) to (1000, 3001), on which no corner of the two lies to the last digit.
    def at(y):
        return (1000 * y / 3001, y)

    shapes = {
        "long": Polygon([(-1000, 0), at(0), at(3001), (-1000, 3001)]),
        "m1": Polygon([at(0), (2000, 0), (2000, 1100), at(1100)]),
        "m2": Polygon([at(1100), (2000, 1100), (2000, 3001), at(3001)]),
    }
    slope = np.hypot(1000, 3001) / 3001
    assert pairs(shapes) == {
        ("long", "m1"): round(1100 * slope, 2),
        ("long", "m2"): round(1901 * slope, 2),
        ("m1", "m2"): round(2000 - 1000 * 1100 / 3001, 2),
    }


def test_five_more_corners_on_one_side_change_nothing_where_libpysal_loses_the_border():
    more = [(100, y) for y in (90, 71, 55, 33, 12)]
    shapes = {
        "a": box(0, 0, 100, 100),
        "b": Polygon([(100, 100), *more, (100, 0), (200, 0), (200, 100)]),
    }
    assert pairs(shapes) == {("a", "b"): 100}


@pytest.mark.parametrize("apart", [0.02, 0.3, -0.02, -0.3, 0.99, -0.99])
def test_gaps_and_overlaps_of_centimetres_are_borders(apart):
    shapes = {"a": box(0, 0, 1000, 1000), "b": box(1000 + apart, 0, 2000, 1000)}
    assert pairs(shapes) == {("a", "b"): 1000}


@pytest.mark.parametrize("apart", [1.01, 5, -1.01])
def test_lines_further_apart_than_the_tolerance_are_two(apart):
    shapes = {"a": box(0, 0, 1000, 1000), "b": box(1000 + apart, 0, 2000, 1000)}
    assert pairs(shapes) == {}
    assert pairs(shapes, within=6.0) == {("a", "b"): 1000}


def test_the_tolerance_is_in_metres_whatever_the_unit_of_the_coordinates():
    feet = "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996 +x_0=0 +y_0=0 +ellps=airy +units=ft"
    near = {"a": box(0, 0, 1000, 1000), "b": box(1002, 0, 2000, 1000)}  # 61 centimetres
    assert shared_edges(series(near, feet))["shared_m"].round(3).tolist() == [304.8]
    far = {"a": box(0, 0, 1000, 1000), "b": box(1004, 0, 2000, 1000)}  # 1.22 metres
    assert len(shared_edges(series(far, feet))) == 0


def test_four_squares_two_centimetres_apart_and_overlapping_are_a_ring():
    #  +---++---+   A and B lie 2 cm apart, A and C overlap by 2 cm: a ring of four, and the
    #  | A || B |   corner that B and C share along 2 cm is no border
    #  +===+----+
    #  | C |  D |
    #  +---+----+
    shapes = {
        "A": box(0, 999.98, 1000, 2000),
        "B": box(1000.02, 1000, 2000, 2000),
        "C": box(0, 0, 1000, 1000),
        "D": box(1000, 0, 2000, 1000),
    }
    found = pairs(shapes)
    assert found == {
        ("A", "B"): pytest.approx(1000, abs=0.1),
        ("A", "C"): pytest.approx(1000, abs=0.1),
        ("B", "D"): pytest.approx(1000, abs=0.1),
        ("C", "D"): pytest.approx(1000, abs=0.1),
    }


def test_corners_and_short_borders_are_none_and_those_left_out_are_listed():
    shapes = series({"a": box(0, 0, 100, 100), "b": box(100, 99.4, 200, 200)})
    found = measured_borders(shapes)
    assert pairs(shapes.to_dict()) == {}
    assert nearly(found).round(2).values.tolist() == [["a", "b", 0.6]]
    corner = series({"a": box(0, 0, 100, 100), "b": box(100, 100, 200, 200)})
    assert len(measured_borders(corner)) == 0


def test_lines_that_part_at_a_corner_add_nothing_to_the_border():
    # Both have one line up to the corner at (100, 100); from there they part by 20 degrees.
    shapes = {
        "a": Polygon([(0, 0), (100, 0), (100, 100), (90, 200), (0, 200)]),
        "b": Polygon([(100, 0), (200, 0), (200, 200), (126.4, 200), (100, 100)]),
        "c": box(300, 0, 400, 100),
        "d": box(400.5, 0, 500, 100),  # so that the map is no coverage
    }
    assert pairs(shapes) == {("a", "b"): 100, ("c", "d"): 100}


def test_an_enclave_borders_on_what_holds_it_all_round():
    hole = box(40, 40, 60, 60)
    shapes = {"out": box(0, 0, 100, 100).difference(hole), "in": box(40.2, 40, 60, 60)}
    assert pairs(shapes) == {("in", "out"): pytest.approx(80, abs=0.5)}


def test_parts_of_one_polygon_are_no_neighbours_of_each_other():
    two = shapely.multipolygons([box(0, 0, 10, 10), box(10.02, 0, 20, 10)])
    assert pairs({"a": two, "b": box(0, 10, 20, 20)}) == {("a", "b"): pytest.approx(20, abs=0.1)}


# ------------------------------------------------------------------ at random, against the truth


@pytest.mark.parametrize("seed", range(8))
def test_what_matches_is_measured_as_plain_shapely_does(seed):
    shapes = cells(seed)
    assert measured(shapes) == pytest.approx(true_borders(shapes), rel=1e-12)
    assert borders(shapes).exact.all()


@pytest.mark.parametrize("by", [0.02, 0.3])
@pytest.mark.parametrize("seed", range(8))
def test_corners_moved_by_centimetres_lose_no_border(seed, by):
    shapes = cells(seed)
    neighbours_as_true(moved(shapes, by, seed), true_borders(shapes), near=max(0.3, 8 * by))


@pytest.mark.parametrize("seed", range(8))
def test_corners_dropped_and_added_on_one_side_lose_no_border(seed):
    shapes = cells(seed)
    drawn = with_more_corners(shapes, 60, seed)
    neighbours_as_true(drawn, true_borders(shapes), near=0.01)
    neighbours_as_true(moved(drawn, 0.02, seed), true_borders(shapes), near=0.5)


@given(
    gap=st.floats(-0.9, 0.9),
    slant=st.floats(-3, 3),
    split=st.floats(0.1, 0.9),
    corners=st.integers(0, 5),
)
def test_of_four_hundred_borders_drawn_twice_none_is_lost(gap, slant, split, corners):
    def at(y):
        return slant * y / 3, y

    side = [at(y) for y in np.linspace(0, 1000, corners + 2)]
    one = Polygon([(-5000, 0), *side, (-5000, 1000)])
    away = gap / np.cos(np.arctan(slant / 3))
    here = [(x + away, y) for x, y in (at(0), at(1000 * split), at(1000))]
    low = Polygon([here[0], (5000, 0), (5000, 1000 * split), here[1]])
    high = Polygon([here[1], (5000, 1000 * split), (5000, 1000), here[2]])
    found = measured([one, low, high])
    whole = np.hypot(1000, slant * 1000 / 3)
    assert found[0, 1] == pytest.approx(whole * split, abs=1.5)
    assert found[0, 2] == pytest.approx(whole * (1 - split), abs=1.5)


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed, random):
    shapes = series(moved(squares(3, 3), 0.3, seed))
    order = list(shapes.index)
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        shared_edges(shapes).round(6), shared_edges(shapes[order]).round(6)
    )


# ------------------------------------------------------------------ of a geography


def town(shapes, people=10) -> ct.Geography:
    blocks = gpd.GeoDataFrame(
        {"population": people},
        index=[f"p{i}" for i in range(len(shapes))],
        geometry=list(shapes),
        crs=27700,
    )
    units = pd.Series(list(blocks.index), index=blocks.index)
    area = ct.Geography.from_frames(blocks).with_layer("all", pd.Series("A", index=blocks.index))
    return area.with_layer("unit", units)


def test_options_count_borders_that_do_not_quite_meet_and_say_so():
    area = town(moved(squares(2, 2, 1000.0), 0.3, 1))
    found = ct.options(area, units="unit", within="all", areas=2)
    assert found.as_json()["count"] == 6
    assert any("4 borders are of lines that do not match" in note for note in found.notes)
    assert len(area.pieces("all")) == 1
    assert area.pieces("all").attrs["notes"] == area.border_notes


def test_pairs_left_out_are_named_in_notes_and_listed():
    area = town([box(0, 0, 100, 100), box(100, 99.4, 200, 200), box(0, 100, 100, 200)])
    assert area.nearly_neighbours().round(2).values.tolist() == [["p0", "p1", 0.6]]
    assert area.border_notes[-1] == (
        "No neighbours, for their border is under 1 m: p0 and p1 (0.60 m)."
    )


def test_bundled_borders_are_all_of_one_line_and_stay_as_they_were(lsc):
    found = lsc.ground.borders()
    assert found["exact"].all()
    assert len(lsc.nearly_neighbours()) == 0
    assert lsc.border_notes == ()
    shapes = lsc.geometry
    one, other = (shapes.loc[found[c]].boundary.to_numpy() for c in "ab")
    plain = shapely.length(shapely.intersection(one, other))
    assert (np.abs(found["shared_m"] - plain) < 1e-6).all()
    assert len(found) == 4_499


def test_a_folder_sets_its_own_tolerance(tmp_path):
    folder = tmp_path / "geo"
    folder.mkdir()
    near = [box(0, 0, 1000, 1000), box(1003, 0, 2000, 1000)]
    gpd.GeoDataFrame({"code": ["a", "b"], "name": ["A", "B"]}, geometry=near, crs=27700).to_file(
        folder / "blocks.gpkg"
    )
    (folder / "people.csv").write_text("code,population\na,1\nb,2\n", encoding="utf-8")
    written = 'name = "g"\n[blocks]\nfile = "blocks.gpkg"\ncode = "code"\n'
    people = (
        '[[weight]]\nname = "population"\nfile = "people.csv"\n'
        'code = "code"\ncolumn = "population"\n'
    )
    for within, metres in (("", []), ("border_within = 4\n", [1000.0])):
        text = written + within + people
        (folder / "geography.toml").write_text(text, encoding="utf-8")
        assert ct.load(data_dir=folder).neighbours()["shared_m"].tolist() == metres
    (folder / "geography.toml").write_text(
        written + "border_within = -1\n" + people, encoding="utf-8"
    )
    with pytest.raises(ct.InputError, match="border_within"):
        ct.load(data_dir=folder)
