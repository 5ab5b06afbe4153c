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
from coterminous.polygons import common_area, crossings
from coterminous.polygons.common_area import Near, first_corners, near_rings, rings_of
from coterminous.polygons.crossings import cells_of
from coterminous.polygons.edges import edges_of
from coterminous.polygons.self_overlaps import overlapping

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


@pytest.mark.parametrize("name", ["winding rings", "combs along", "spirals", "islands"])
def test_boxes_of_edges_and_a_general_intersection_tell_the_same(name, monkeypatch):
    one, other = PAIRS[name]
    polygons = shapely.orient_polygons(np.array([other]))
    found, intersected = [], []
    plain = crossings._intersected

    def counting(blocks, shapes, bounds, needed, pool):
        intersected.append(len(needed))
        return plain(blocks, shapes, bounds, needed, pool)

    monkeypatch.setattr(crossings, "_intersected", counting)
    for detailed in (1, 10**9):
        monkeypatch.setattr(common_area, "DETAILED", detailed)
        cells = cells_of(np.array([one]), polygons, edges_of(polygons))
        found.append(cells.area.sum())
    assert intersected == [1, 0]
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_teeth_that_all_cross_are_never_left_to_a_general_intersection(monkeypatch):
    def never(one, other):
        assert not len(one)
        return np.zeros(0)

    monkeypatch.setattr(crossings, "_common", never)
    one, other = comb(2_000, upright=True), comb(2_000, upright=False)
    polygons = shapely.orient_polygons(np.array([other]))
    assert cells_of(np.array([one]), polygons, edges_of(polygons)).area.sum() > 2e5


@pytest.mark.parametrize(("off", "matched"), [(0.0, 2), (2e-10, 2), (1e-7, 0), (1e-3, 0)])
def test_edges_that_rounding_keeps_apart_are_matched_and_others_are_not(off, matched):
    left, right = box(0, 0, 500_000, 300_000), box(500_000 + off, 0, 600_000, 300_000)
    shapes = np.array([left, right])
    assert edges_of(shapes, rounded=True).matched.sum() == matched
    assert edges_of(shapes).matched.sum() == (2 if off == 0 else 0)


def test_neighbours_whose_corners_were_put_in_by_computation_do_not_overlap():
    rng = np.random.default_rng(3)
    points = shapely.MultiPoint(rng.uniform(400_000, 500_000, (40, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    dense = shapely.segmentize(cells, 97.0)
    assert not shapely.coverage_is_valid(dense)  # by less than a nanometre
    edges = edges_of(dense, rounded=True)
    assert overlapping(dense, edges).tolist() == []
