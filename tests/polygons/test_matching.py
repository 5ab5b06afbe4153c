"""Maps drawn by hand are mended to one coverage, in which every true border has its length."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

import coterminous as ct
from coterminous.polygons.matching import matched
from tests.blocks.hand_drawn import cells, moved, squares, true_borders, with_more_corners


def frame(shapes, codes=None, crs=27700) -> gpd.GeoDataFrame:
    codes = codes or [f"p{i:02}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(index=codes, geometry=list(shapes), crs=crs)


def mended(shapes, **options) -> np.ndarray:
    return ct.mend(frame(shapes), **options).polygons.geometry.to_numpy()


def assert_as_true(found: np.ndarray, truth: dict, near: float) -> None:
    assert shapely.is_valid(found).all()
    assert shapely.coverage_is_valid(found)
    assert shapely.coverage_is_valid(found, gap_width=1.0)
    lengths = true_borders(found)
    for pair, metres in truth.items():
        assert lengths.get(pair, 0.0) == pytest.approx(metres, abs=near), pair
    assert {p: m for p, m in lengths.items() if p not in truth and m >= 1.0} == {}


# ------------------------------------------------------------------ against a known truth


@pytest.mark.parametrize("by", [0.02, 0.3])
@pytest.mark.parametrize("make", [cells, lambda seed: squares(5, 6)], ids=["cells", "squares"])
@pytest.mark.parametrize("seed", range(4))
def test_maps_drawn_by_hand_become_a_coverage_with_their_true_borders(make, seed, by):
    shapes = make(seed)
    found = mended(moved(shapes, by, seed))
    assert_as_true(found, true_borders(shapes), near=1.0 + 4 * by)
    assert shapely.area(found) == pytest.approx(shapely.area(shapes), abs=3_000 * by)


@pytest.mark.parametrize("seed", range(4))
def test_corners_that_one_side_lacks_are_given_to_it(seed):
    shapes = cells(seed)
    found = mended(with_more_corners(shapes, 60, seed))
    assert_as_true(found, true_borders(shapes), near=0.01)


@given(seed=st.integers(0, 10_000), by=st.floats(0.005, 0.3), corners=st.booleans())
@settings(max_examples=15)
def test_any_map_drawn_by_hand_becomes_a_coverage(seed, by, corners):
    shapes = cells(seed, 12)
    drawn = with_more_corners(shapes, 80, seed) if corners else shapes
    report = ct.mend(frame(moved(drawn, by, seed)))
    made = report.polygons.geometry.to_numpy()
    assert shapely.coverage_is_valid(made)
    # Two lines of the outline may run side by side where they meet (seed 4083): no gap, unless the
    # report says so. Within the outline no line is within a metre of another.
    near = shapely.coverage_invalid_edges(made, gap_width=1.0)
    outline = shapely.union_all(made).boundary
    assert shapely.covers(outline, near[~shapely.is_empty(near)]).all()
    assert report.after.ok
    assert set(report.after.faults["fault"]) <= {"lone piece", "sliver"}


def test_the_order_of_rows_changes_nothing():
    drawn = frame(moved(cells(5), 0.3, 5))
    first = ct.mend(drawn).polygons.geometry
    for seed in range(3):
        shuffled = drawn.sample(frac=1, random_state=seed)
        again = ct.mend(shuffled).polygons.geometry
        assert list(again.index) == list(shuffled.index)
        assert shapely.equals_exact(
            again.loc[first.index].to_numpy(), first.to_numpy(), normalize=True
        ).all()


def test_what_is_mended_is_mended_and_mends_to_itself():
    once = matched(moved(cells(3), 0.3, 3), small=1_000.0)
    assert shapely.equals_exact(matched(once, small=1_000.0), once).all()


def test_polygons_far_from_any_fault_stay_to_the_last_digit():
    shapes = squares(6, 1)
    shapes[5] = box(2500.2, 0, 3000, 500)
    found = mended(shapes)
    assert shapely.equals_exact(found[:4], shapes[:4]).all()
    assert shapely.coverage_is_valid(found)


# ------------------------------------------------------------------ by hand


def test_a_channel_of_thirty_centimetres_between_two_is_closed_to_its_whole_length():
    one, other = mended([box(0, 0, 1000, 1000), box(1000.3, 0, 2000, 1000)])
    assert one.boundary.intersection(other.boundary).length == pytest.approx(1000, abs=0.01)
    # To one of the two, whole: 1000 m of 30 cm are 300 square metres.
    assert sorted([one.area - 1e6, other.area - 999_700]) == pytest.approx([0, 300], abs=0.1)


def test_each_arm_of_a_gap_stays_between_its_two():
    #  +-----+ +-----+     gaps of 40 cm between four squares: no square gets an arm
    #  |  2  | |  3  |     of the gap that lies between two others
    #  +-----+ +-----+
    #  +-----+ +-----+
    #  |  0  | |  1  |
    #  +-----+ +-----+
    apart = 500.4
    shapes = [
        box(x * apart, y * apart, x * apart + 500, y * apart + 500)
        for y, x in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    found = mended(shapes)
    lengths = true_borders(found)
    for pair in ((0, 1), (0, 2), (1, 3), (2, 3)):
        assert lengths[pair] == pytest.approx(500, abs=1)
    assert lengths.get((0, 3), 0) + lengths.get((1, 2), 0) < 1
    assert shapely.union_all(found).area == pytest.approx(1000.4**2, abs=1)


def test_small_mends_that_add_up_on_one_polygon_do_not_refuse_the_file():
    # Twenty neighbours, each 0.05 ha over the line: 1 ha in all on the long one.
    long = box(0, 0, 2000, 100)
    others = [box(i * 100, 95, i * 100 + 100, 300) for i in range(20)]
    found = ct.mend(frame([long, *others]))
    assert found.after.ok
    assert len(found.after.faults) == 0
    total = found.changes["after"].sum()
    assert total == pytest.approx(60, abs=1e-3)  # 2000 m by 300 m
    assert shapely.coverage_is_valid(found.polygons.geometry.to_numpy())


def test_what_is_wide_and_large_is_left_and_said():
    shapes = [box(0, 0, 1100, 100), box(1000, 0, 2000, 100), box(0, 150, 2000, 200)]
    shapes += [box(-100, 0, 0, 200), box(2000, 0, 2100, 200)]
    found = ct.mend(frame(shapes))
    assert found.after.faults["fault"].tolist() == ["overlap", "gap"]
    assert (found.changes["change"].abs() < 1e-9).all()
    assert found.after.notes[0] == (
        "Left as they are: 1 overlap and 1 gap of more than 0.1 ha and wider than 1 m, for "
        "somebody has to say whose ground it is; a larger `tolerance` closes them too."
    )
    closed = ct.mend(frame(shapes), tolerance=20.0)
    assert closed.after.ok
    assert shapely.coverage_is_valid(closed.polygons.geometry.to_numpy())


def test_a_long_overlap_that_is_narrow_is_closed_whatever_its_area():
    shapes = [box(0, 0, 1000.5, 4000), box(1000, 0, 2000, 4000)]  # 0.2 ha, half a metre wide
    assert not ct.check(frame(shapes)).ok
    found = ct.mend(frame(shapes))
    assert found.after.ok
    assert found.changes["change"].round(4).sum() == pytest.approx(-0.2, abs=1e-3)
    with pytest.raises(ct.InputError, match=r"`within` is 0; give metres, more than 0"):
        ct.mend(frame(shapes), within=0)


def test_a_collection_keeps_its_polygon_and_what_is_none_is_dropped_and_said():
    line = shapely.LineString([(0, 0), (-50, -50)])
    mixed = shapely.GeometryCollection([box(0, 0, 1000, 1000), line])
    shapes = frame([mixed, box(1000, 0, 2000, 1000)], ["A", "B"])
    report = ct.check(shapes)
    assert report.faults[["fault", "codes", "hectares"]].values.tolist() == [
        ["not a polygon", "A", 100.0]
    ]
    with pytest.raises(ct.InputError, match=r"coterminous.mend keeps their polygons"):
        ct.overlay(shapes, shapes)
    found = ct.mend(shapes)
    assert found.changes.loc["A"].tolist() == [100.0, 100.0, 0.0]
    assert found.after.ok
    assert "dropped: 'A: 100.00 ha'." in found.after.notes[0]
    assert ct.overlay(found.polygons, found.polygons).ledger["both"] == 200


def test_what_is_beyond_mending_is_said_and_no_message_sends_back_to_the_mend():
    shapes = frame([box(0, 0, 100, 100), None, shapely.Point(1, 1)], ["a", "none", "point"])
    found = ct.mend(shapes)
    assert not found.after.ok
    assert found.after.notes[0] == (
        "Beyond mending, for there is no polygon: 'none', 'point'; draw them, or leave them out."
    )
    for bad in (["a", "none"], ["a", "point"]):
        with pytest.raises(ct.InputError, match="draw them, or leave them out") as error:
            ct.overlay(found.polygons.loc[bad], found.polygons.loc[bad])
        assert "mend" not in str(error.value)


def test_overlapping_parts_are_refused_with_both_figures():
    parts = shapely.multipolygons([box(0, 0, 600, 1000), box(500, 0, 1000, 1000)])
    with pytest.raises(ct.InputError, match=r"'A: 110.00 to 100.00 ha'.*`--tolerance`"):
        ct.mend(frame([parts, box(1000, 0, 2000, 1000)], ["A", "B"]))


def test_a_ring_that_touches_itself_about_an_enclave_keeps_the_enclave_out():
    # One ring that goes round the hole and back along the same point: not valid, and no doubt.
    ring = [(0, 0), (90, 0), (90, 90), (0, 90), (0, 0), (30, 60), (60, 60), (60, 30), (0, 0)]
    outer, inner = Polygon(ring), Polygon([(0, 0), (30, 60), (60, 60), (60, 30)])
    assert not outer.is_valid
    found = ct.mend(frame([outer, inner], ["out", "in"]))
    assert found.after.ok
    assert found.changes["change"].abs().max() < 1e-9
    assert found.changes["after"].sum() == pytest.approx(0.81)


def test_an_index_of_any_kind_and_columns_stay():
    shapes = frame(moved(squares(2, 2), 0.1, 0)).assign(name=list("wxyz"))
    shapes = shapes.reset_index(names="code")
    found = ct.mend(shapes, code="code").polygons
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.drop(columns="geometry")), pd.DataFrame(shapes.drop(columns="geometry"))
    )


def test_an_enclave_drawn_as_a_part_where_a_hole_belongs_stays_with_who_holds_it():
    # As published maps have it: the hole of an area is written as a second part of it.
    inner = box(30, 30, 60, 60)
    nested = shapely.multipolygons([box(0, 0, 1000, 1000), inner])
    found = ct.mend(frame([nested, inner], ["out", "in"]))
    assert found.after.ok
    assert found.changes["after"].round(2).to_dict() == {"out": 99.91, "in": 0.09}
    assert "left out: 'out'." in found.after.notes[0]
    # Without the other polygon nobody can tell.
    alone = shapely.multipolygons([box(0, 0, 1000, 1000), box(100, 100, 400, 400)])
    with pytest.raises(ct.InputError, match="'out: 109.00 to 100.00 ha'"):
        ct.mend(frame([alone, box(2000, 0, 2100, 100)], ["out", "far"]))
