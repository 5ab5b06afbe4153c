"""What geopandas', maup's and libpysal's own tests check of overlay, repair and rook neighbours.

Written anew from what each checks; expected values are by hand or by shapely. A test whose name
says "here" differs from a peer by a definition, which the name states.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

import coterminous as ct


def frame(shapes: dict) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapes, crs=27700)


def cells(a: dict, b: dict) -> dict[tuple[str, str], float]:
    table = ct.overlay(frame(a), frame(b)).table
    pairs = zip(table["source"], table["target"], table["value"], strict=True)
    return {(s, t): pytest.approx(v, abs=1e-9) for s, t, v in pairs}


def by_shapely(a: dict, b: dict) -> dict[tuple[str, str], float]:
    found = {}
    for i, one in a.items():
        for j, other in b.items():
            area = one.intersection(other).area / 1e4
            if area > 1e-9:
                found[i, j] = area
        rest = one.difference(shapely.union_all(list(b.values()))).area / 1e4
        if rest > 1e-9:
            found[i, "outside"] = rest
    for j, other in b.items():
        rest = other.difference(shapely.union_all(list(a.values()))).area / 1e4
        if rest > 1e-9:
            found["outside", j] = rest
    return dict(sorted(found.items()))


CIRCLE = shapely.Point(150, 150).buffer(80)
NOTCHED = Polygon([(0, 0), (200, 0), (100, 100), (200, 200), (0, 200)])
RING = box(0, 0, 300, 300).difference(box(100, 100, 200, 200))
PAIRS = {
    "squares that overlap by a corner": (
        {"1": box(0, 0, 200, 200), "2": box(200, 200, 400, 400)},
        {"1": box(100, 100, 300, 300), "2": box(300, 300, 500, 500)},
    ),
    "one inside the other": ({"1": box(0, 0, 300, 300)}, {"1": box(100, 100, 200, 200)}),
    "the same twice": ({"1": box(0, 0, 100, 100)}, {"1": box(0, 0, 100, 100)}),
    "a circle over a grid": (
        {f"{i}{j}": box(i * 100, j * 100, i * 100 + 100, j * 100 + 100)
         for i in range(3) for j in range(3)},
        {"c": CIRCLE},
    ),
    "a ring and what fills it": ({"r": RING, "m": box(100, 100, 200, 200)},
                                 {"c": CIRCLE, "s": box(250, 0, 350, 300)}),
    "several parts": ({"m": MultiPolygon([box(0, 0, 100, 100), box(200, 0, 300, 100)])},
                      {"b": box(50, 0, 250, 50), "c": box(50, 50, 250, 100)}),
    "a line in common and no ground": ({"a": box(0, 0, 100, 100)},
                                       {"b": box(100, 0, 200, 100), "c": box(0, 0, 50, 50)}),
    "a touching point besides": ({"a": NOTCHED},
                                 {"b": box(100, 50, 300, 150)}),
    "a side with corners of the other's": (
        {"a": box(0, 0, 100, 100), "b": box(100, 0, 200, 100)},
        {"c": Polygon([(0, 0), (50, 0), (200, 0), (200, 50), (120, 50), (0, 50)])},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAIRS)
def test_overlay_gives_the_areas_of_shapely(kind):
    a, b = PAIRS[kind]
    assert cells(a, b) == by_shapely(a, b)


@pytest.mark.parametrize("kind", PAIRS)
def test_overlay_the_other_way_round_is_the_same_turned(kind):
    a, b = PAIRS[kind]
    assert cells(b, a) == {(j, i): v for (i, j), v in by_shapely(a, b).items()}


def test_overlay_keeps_neither_the_order_nor_the_index_of_rows():
    a, b = PAIRS["a circle over a grid"]
    turned = dict(reversed(a.items()))
    assert cells(turned, b) == cells(a, b)


def test_overlay_of_what_touches_nowhere_but_in_its_bounds_is_all_outside():
    # L-shaped, so that the bounds meet and the ground does not.
    elbow = Polygon([(0, 0), (300, 0), (300, 100), (100, 100), (100, 300), (0, 300)])
    found = ct.overlay(frame({"a": elbow}), frame({"b": box(200, 200, 300, 300)}))
    assert found.ledger[["both", "source_only", "target_only"]].tolist() == [0, 5, 1]


def test_here_overlay_refuses_what_is_nowhere_near_where_geopandas_gives_an_empty_frame():
    with pytest.raises(ct.InputError, match="do not meet anywhere"):
        ct.overlay(frame({"a": box(0, 0, 1e3, 1e3)}), frame({"b": box(5e4, 5e4, 6e4, 6e4)}))


def test_here_overlay_refuses_overlaps_on_one_side_where_geopandas_counts_them_twice():
    twice = {"a": box(0, 0, 200, 100), "b": box(100, 0, 300, 100)}
    with pytest.raises(ct.InputError, match="a and b by 1.00 ha"):
        ct.overlay(frame(twice), frame({"c": box(0, 0, 300, 100)}))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), "not valid"),
        (shapely.LineString([(0, 0), (100, 100)]), "no polygons"),
        (shapely.Point(0, 0), "no polygons"),
        (Polygon(), "have no polygon, or an empty one"),
        (None, "have no polygon, or an empty one"),
    ],
)
def test_here_overlay_refuses_what_is_no_sound_polygon_where_geopandas_drops_or_mends(bad, said):
    with pytest.raises(ct.InputError, match=said):
        ct.overlay(frame({"a": bad, "b": box(0, 0, 9, 9)}), frame({"c": box(0, 0, 99, 99)}))


# ---------------------------------------------------------------------- repair


def sizes(shapes: dict, **how: float) -> dict[str, float]:
    return ct.mend(frame(shapes), **how).changes["after"].round(6).to_dict()


def test_repair_closes_a_small_gap_and_keeps_the_outline():
    holed = {"w": Polygon([(0, 0), (100, 0), (100, 40), (98, 50), (100, 60), (100, 100), (0, 100)]),
             "e": box(100, 0, 200, 100)}  # fmt: skip
    mended = ct.mend(frame(holed))
    shapes = mended.polygons.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).equals(box(0, 0, 200, 100))
    assert not len(mended.after.faults)


def test_repair_gives_an_overlap_to_one_of_the_two_and_loses_no_ground():
    mended = sizes({"w": box(0, 0, 100.5, 100), "e": box(100, 0, 200, 100)})
    assert sum(mended.values()) == pytest.approx(2.0)


def test_repair_of_a_sound_coverage_changes_nothing():
    sound = {f"{i}{j}": box(i * 100, j * 100, i * 100 + 100, j * 100 + 100)
             for i in range(4) for j in range(4)}  # fmt: skip
    mended = ct.mend(frame(sound))
    assert (mended.changes["change"] == 0).all() and mended.borders.empty
    before, after = frame(sound), mended.polygons.geometry
    assert before.geom_equals(after).all()


def test_repair_makes_a_bow_tie_valid():
    bow = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    found = ct.mend(frame({"b": bow}), tolerance=1)
    assert shapely.is_valid(found.polygons.geometry.to_numpy()).all()
    assert found.changes.at["b", "after"] == pytest.approx(0.5)


def test_here_repair_leaves_a_wide_gap_to_a_person_where_maup_closes_all():
    wide = {"w": box(0, 0, 100, 100), "e": box(150, 0, 250, 100),
            "s": box(0, -50, 250, 0), "n": box(0, 100, 250, 150)}  # fmt: skip
    mended = ct.mend(frame(wide))
    assert mended.after.faults["fault"].tolist() == ["gap"]
    assert mended.after.faults["hectares"].tolist() == [pytest.approx(0.5)]


# ---------------------------------------------------------------------- rook neighbours


def neighbours(shapes: dict) -> dict[tuple[str, str], float]:
    blocks = gpd.GeoDataFrame({"population": 1}, index=list(shapes), geometry=list(shapes.values()),
                              crs=27700)  # fmt: skip
    found = ct.Geography.from_frames(blocks).neighbours()
    return {(a, b): m for a, b, m in found[["a", "b", "shared_m"]].itertuples(index=False)}


@pytest.mark.parametrize("side", [2, 3, 5])
def test_rook_neighbours_of_a_lattice(side):
    grid = {f"{i}{j}": box(i * 10, j * 10, i * 10 + 10, j * 10 + 10)
            for i in range(side) for j in range(side)}  # fmt: skip
    found = neighbours(grid)
    assert len(found) == 2 * side * (side - 1)
    assert all(length == pytest.approx(10) for length in found.values())
    degree = pd.Series([x for pair in found for x in pair]).value_counts()
    assert degree.max() == min(side - 1, 2) * 2 and degree.min() == 2


def test_a_corner_makes_no_rook_neighbours():
    assert neighbours({"a": box(0, 0, 10, 10), "b": box(10, 10, 20, 20)}) == {}


def test_an_island_has_no_neighbours():
    found = neighbours({"a": box(0, 0, 10, 10), "b": box(10, 0, 20, 10), "i": box(90, 90, 99, 99)})
    assert list(found) == [("a", "b")]


def test_neighbours_within_a_hole_and_by_several_stretches():
    ring = {"r": RING, "m": box(100, 100, 200, 200)}
    assert neighbours(ring) == {("m", "r"): pytest.approx(400)}
    line = [(10, 10), (10, 20), (20, 20), (20, 10), (30, 10)]
    comb = {
        "a": Polygon([(0, 0), (30, 0), *reversed(line), (0, 10)]),
        "b": Polygon([(0, 10), *line, (30, 30), (0, 30)]),
    }
    assert neighbours(comb) == {("a", "b"): pytest.approx(50)}


def test_here_a_border_that_ends_on_anothers_side_is_one_which_libpysal_misses():
    tee = {"n": box(0, 10, 20, 20), "w": box(0, 0, 10, 10), "e": box(10, 0, 20, 10)}
    assert neighbours(tee) == {
        ("e", "n"): pytest.approx(10), ("e", "w"): pytest.approx(10), ("n", "w"): pytest.approx(10),
    }  # fmt: skip


def test_here_five_more_corners_on_one_side_of_a_straight_border_change_nothing():
    fine = shapely.segmentize(box(10, 0, 20, 12), 2)
    assert neighbours({"a": box(0, 0, 10, 12), "b": fine}) == {("a", "b"): pytest.approx(12)}


def test_order_of_rows_changes_no_neighbours():
    rng = np.random.default_rng(7)
    grid = {f"{i}{j}": box(i, j, i + 1, j + 1) for i in range(0, 40, 1)[:6] for j in range(6)}
    grid = {k: shapely.transform(v, lambda p: p * 50) for k, v in grid.items()}
    turned = {k: grid[k] for k in rng.permutation(list(grid))}
    assert neighbours(turned) == neighbours(grid)
