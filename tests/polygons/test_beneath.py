"""Are all pairs of overlapping polygons found, where edges only run along each other?"""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import coterminous as ct
from coterminous.polygons.edges import edges_of
from coterminous.polygons.self_overlaps import overlapping


def found(polygons) -> list[list[int]]:
    polygons = np.array(polygons, dtype=object)
    return overlapping(polygons, edges_of(polygons)).tolist()


def by_shapely(polygons) -> list[list[int]]:
    pairs = combinations(range(len(polygons)), 2)
    return [[i, j] for i, j in pairs if polygons[i].intersection(polygons[j]).area > 0]


def grid(columns: int, rows: int, size: float = 1.0) -> list:
    return [
        box(x * size, y * size, (x + 1) * size, (y + 1) * size)
        for x in range(columns)
        for y in range(rows)
    ]


def test_a_polygon_on_its_own_two_halves_overlaps_both():
    assert found([box(0, 0, 2, 1), box(0, 0, 1, 1), box(1, 0, 2, 1)]) == [[0, 1], [0, 2]]


def test_the_halves_may_be_drawn_the_other_way_round():
    whole = shapely.reverse(box(0, 0, 2, 1))
    assert found([whole, box(0, 0, 1, 1), box(1, 0, 2, 1)]) == [[0, 1], [0, 2]]


@pytest.mark.parametrize("margin", [0, 1])
def test_a_polygon_overlaps_the_cells_in_the_middle_of_what_it_covers(margin):
    cells = grid(5, 5)
    cover = box(-margin, -margin, 5 + margin, 5 + margin)
    assert found([*cells, cover]) == [[i, 25] for i in range(25)]


def test_a_map_that_lies_on_another_overlaps_it_in_every_pair():
    halves, thirds = grid(2, 2, 3.0), grid(3, 3, 2.0)
    both = [*halves, *thirds]
    assert found(both) == by_shapely(both)
    assert len(found(both)) == 16


def test_neighbours_with_a_corner_on_each_others_side_do_not_overlap():
    assert found([box(0, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)]) == []


def test_check_lists_a_map_that_lies_on_another():
    there = gpd.GeoDataFrame(
        index=["whole", "left", "right"],
        geometry=[box(0, 0, 200, 100), box(0, 0, 100, 100), box(100, 0, 200, 100)],
        crs=27700,
    )
    faults = ct.check(there).faults
    overlaps = faults.loc[faults["fault"] == "overlap", ["codes", "hectares"]]
    assert overlaps.values.tolist() == [["whole, left", 1.0], ["whole, right", 1.0]]


@st.composite
def coverages(draw):
    """One or two coverages of unions of cells in one place, and a few rectangles on them."""
    shapes = []
    for size in draw(st.lists(st.sampled_from([1.0, 1.5, 2.0, 3.0]), min_size=1, max_size=2)):
        side = int(6 / size)
        cells = np.array(grid(side, side, size), dtype=object)
        label = np.array(
            draw(st.lists(st.integers(0, 6), min_size=len(cells), max_size=len(cells)))
        )
        shapes += [shapely.union_all(cells[label == one]) for one in np.unique(label)]
    whole = st.integers(0, 5)
    for _ in range(draw(st.integers(0, 3))):
        x, y, wide, high = (draw(whole) for _ in range(4))
        shapes.append(box(x, y, x + wide + 1, y + high + 1))
    turned = draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes)))
    return [shapely.reverse(s) if t else s for s, t in zip(shapes, turned, strict=True)]


@settings(max_examples=150, deadline=None)
@given(coverages())
def test_the_pairs_are_those_whose_intersection_has_an_area(shapes):
    assert found(shapes) == by_shapely(shapes)
