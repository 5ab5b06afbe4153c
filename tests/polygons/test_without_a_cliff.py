"""Detailed polygons take time and memory as their corners do, and are measured as exactly."""

from __future__ import annotations

import time
import tracemalloc

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import box

import coterminous as ct
from coterminous.polygons.common_area import first_corners, near_rings, rings_of
from coterminous.polygons.crossings import cells_of
from coterminous.polygons.edges import edges_of

from .detailed import comb, islands, spiral, wiggly


def frame(shapes, crs=27700):
    return gpd.GeoDataFrame(
        geometry=list(shapes), index=[f"p{i:03}" for i in range(len(shapes))], crs=crs
    )


PAIRS = {
    "winding rings": (wiggly(16_000, 1), wiggly(16_000, 2, 300, 200)),
    "combs across": (comb(400, upright=True), comb(400, upright=False)),
    "combs along": (
        comb(16_000, upright=True),
        shapely.transform(comb(16_000, upright=True), lambda xy: xy + (0.31, 0.17)),
    ),
    "spirals": (spiral(16_000), spiral(16_000, 0.3, 40, 20)),
    "islands": (islands(2_000, 1), islands(2_000, 2)),
    "the same ring": (wiggly(16_000, 1), wiggly(16_000, 1)),
    "the same line, then not": (
        wiggly(4_000, 1),
        wiggly(4_000, 1).intersection(box(-20_000, -20_000, 1_234, 20_000)),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_of_detailed_polygons_is_measured_as_a_general_intersection_does(name):
    one, other = PAIRS[name]
    tracemalloc.start()
    found = ct.overlay(frame([one]), frame([other])).ledger["both"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == pytest.approx(shapely.intersection(one, other).area / 1e4, rel=1e-9)
    corners = shapely.get_num_coordinates([one, other]).sum()
    assert peak < 12e6 + 1_500 * corners  # bytes; each edge with each would take 16 GB


def test_teeth_that_all_cross_are_counted_in_bounded_memory():
    # Every tooth of one crosses every tooth of the other: a quarter of a million squares of 1 m2,
    # which a general intersection would all draw.
    one, other = comb(2_000, upright=True), comb(2_000, upright=False)
    tracemalloc.start()
    found = ct.overlay(frame([one]), frame([other])).ledger["both"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40e6
    inner = box(11, 11, 999, 999)  # teeth only, of either, where there is no back of a comb
    squares = shapely.intersection(one, inner).area * shapely.intersection(other, inner).area
    assert found * 1e4 == pytest.approx(squares / inner.area * 1.0, rel=0.05)


def test_a_ring_of_many_has_only_the_edges_near_it_to_be_tried_against():
    one, other = islands(900, 1), shapely.orient_polygons(islands(900, 2))
    edges = edges_of(np.array([other]))
    rings, _, _ = rings_of(np.array([one]))
    from coterminous.polygons.common_area import Near

    all_edges = Near(np.array([0]), np.arange(len(edges)), np.array([0]), np.array([len(edges)]))
    everyone = np.arange(len(rings))
    near = near_rings(rings, everyone, np.zeros(len(rings), dtype=int), all_edges, edges)
    assert near.count.max() < 100
    assert near.count.sum() < 10 * len(edges)
    assert len(first_corners(rings)) == len(near.block)


def test_polygons_that_are_blocks_are_not_intersected_at_all():
    x, y = (c.ravel() for c in np.meshgrid(np.arange(12.0), np.arange(12.0)))
    grid = shapely.orient_polygons(shapely.box(x, y, x + 1, y + 1))
    cells = cells_of(grid, grid[::-1], edges_of(grid[::-1]))
    assert cells.polygon.tolist() == list(range(143, -1, -1))
    np.testing.assert_array_equal(cells.area, 1.0)
    # All but the outline's, which nothing bounds on the other side.
    assert cells.intersections < 9 * 44


def test_boxes_that_overlap_over_ground_that_does_not_are_outside():
    low = shapely.Polygon([(0, 0), (1000, 0), (0, 1000)])
    high = shapely.Polygon([(1000, 1000), (1000, 10), (10, 1000)])
    found = ct.overlay(frame([low]), frame([high]))
    assert found.ledger.to_dict() == {
        "both": 0.0,
        "source_only": 50.0,
        "target_only": 49.005,
        "neither": 0.0,
        "total": 99.005,
    }
    assert set(found.table["target"]) == {"outside", "p000"}
    assert not found.table["value"].isna().any()
    assert found.areas()["value"].tolist() == [50.0]
    shared = ct.overlay(frame([low]).assign(people=[7]), frame([high]), weight_a="people")
    assert shared.ledger.to_dict() == {
        "both": 0.0,
        "source_only": 7.0,
        "target_only": 0.0,
        "neither": 0.0,
        "total": 7.0,
    }
    assert not shared.table["value"].isna().any()


def test_many_polygons_in_one_place_are_refused_in_bounded_time():
    squares = frame([box(0, 0, 100, 100)] * 300)
    start = time.process_time()
    with pytest.raises(ct.InputError, match=r"44,850 pairs of polygons of `a` overlap"):
        ct.overlay(squares, frame([box(0, 0, 100, 100)]))
    assert time.process_time() - start < 5
