"""Ground that several claim is divided among those that claim it, piece by piece."""

from __future__ import annotations

from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import coterminous as ct
from coterminous.polygons.block_shares import by_area


def of(shares, block=0):
    found = shares[shares["block"] == block]
    return dict(zip(found["polygon"], found["share"], strict=True))


def test_nothing_is_taken_from_an_area_where_it_lies_alone():
    """A and B share the third fifth of a block; A alone has two fifths, B one, nobody the last."""
    found = of(by_area(box([0], 0, [5], 1), box([0, 2], 0, [3, 4], 1)))
    assert found == pytest.approx({-1: 0.2, 0: 0.5, 1: 0.3})


def test_one_cuts_a_block_that_another_covers():
    found = of(by_area(box([0], 0, [4], 1), box([-1, 3], -1, [5, 9], 2)))
    assert found == pytest.approx({0: 3 / 4 + 1 / 8, 1: 1 / 8})


def test_three_claim_a_corner_that_two_of_them_share_and_a_fourth_all_of_it():
    claims = box([0, 1, 0, -1], [0, 0, 1, -1], [2, 2, 2, 3], [2, 2, 2, 3])
    found = of(by_area(box([0], 0, [2], 2), claims))
    # By quarter: south-west A and D; south-east A, B, D; north-west A, C, D; north-east all four.
    quarter = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 3), Fraction(1, 4)]
    a = sum(quarter) / 4
    b = (Fraction(1, 3) + Fraction(1, 4)) / 4
    assert found == pytest.approx({0: float(a), 1: float(b), 2: float(b), 3: float(a)})


def test_an_overlap_elsewhere_takes_nothing_from_a_block_that_both_share_without_one():
    left = shapely.union_all([box(0, 0, 1, 1), box(10, 0, 12, 1)])
    right = shapely.union_all([box(1, 0, 2, 1), box(11, 0, 13, 1)])
    shares = by_area(box([0, 10], 0, [2, 13], 1), np.array([left, right]))
    assert of(shares, 0) == pytest.approx({0: 0.5, 1: 0.5})
    assert of(shares, 1) == pytest.approx({0: 0.5, 1: 0.5})


@settings(max_examples=60, deadline=None)
@given(
    corners=st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 6), st.integers(1, 6)),
        min_size=1,
        max_size=7,
    )
)
def test_shares_are_those_of_counting_unit_squares(corners):
    """Blocks of 4 by 4 unit squares; every claim is a rectangle of such squares."""
    polygons = np.array([box(x, y, x + w, y + h) for x, y, w, h in corners])
    squares = [[[] for _ in range(8)] for _ in range(8)]
    for k, (x, y, w, h) in enumerate(corners):
        for i in range(x, min(x + w, 8)):
            for j in range(y, min(y + h, 8)):
                squares[i][j].append(k)
    expected: dict[tuple[int, int], Fraction] = {}
    for i in range(8):
        for j in range(8):
            block, claimants = 2 * (i // 4) + j // 4, squares[i][j] or [-1]
            for k in claimants:
                key = (block, k)
                expected[key] = expected.get(key, Fraction(0)) + Fraction(1, 16 * len(claimants))
    blocks = np.array([box(x, y, x + 4, y + 4) for x in (0, 4) for y in (0, 4)])
    found = by_area(blocks, polygons).set_index(["block", "polygon"])["share"].to_dict()
    assert found == pytest.approx({key: float(share) for key, share in expected.items()})


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_slanted_claims_far_from_the_origin_lose_no_ground(seed):
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, 1000, (8, 2)) + [350_000, 420_000]
    polygons = shapely.buffer(shapely.points(centres), rng.uniform(100, 600, 8), quad_segs=3)
    block = box(350_000, 420_000, 351_000, 421_000)
    shares = of(by_area(np.array([block]), polygons))
    covered = shapely.area(block & shapely.union_all(polygons)) / 1e6
    assert sum(s for k, s in shares.items() if k >= 0) == pytest.approx(covered, abs=1e-7)
    for k, polygon in enumerate(polygons):
        alone = block & polygon - shapely.union_all(np.delete(polygons, k))
        assert alone.area / 1e6 - 1e-7 <= shares.get(k, 0.0)


def test_three_hundred_coincident_squares_each_have_their_part_in_little_memory(grid):
    import tracemalloc

    squares = np.full(300, box(500, 0, 2000, 1500))
    blocks = grid.geometry.to_numpy()
    tracemalloc.start()
    shares = by_area(blocks, squares)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100e6
    inside = shares[shares["polygon"] >= 0].groupby("block")["share"].agg(["size", "sum"])
    share = dict(zip(grid.blocks, inside["sum"], strict=True))
    assert set(inside["size"]) == {300}
    assert share == pytest.approx({"nw": 0.25, "ne": 0.5, "sw": 0.5, "se": 1.0})


def test_a_place_that_several_claim_is_divided_among_them(grid):
    drawn = gpd.GeoDataFrame(
        index=["A", "B", "C"],
        geometry=[box(0, 0, 2000, 2000), box(0, 1000, 500, 2000), box(0, 1000, 500, 2000)],
        crs=27700,
    )
    homes = gpd.GeoSeries(
        [shapely.Point(100, 1500), shapely.Point(900, 1500), shapely.Point(950, 1500)], crs=27700
    )
    layer = ct.Layer.from_polygons(drawn, grid, method="population", places=homes)
    # One home of three is claimed by all three areas, the other two by A alone.
    assert layer.statuses.loc["nw", "share"] == pytest.approx(2 / 3 + 1 / 9)


@pytest.mark.parametrize(
    ("method", "right"),
    [
        ("best_fit", {"P1": 3000, "P2": 7000}),
        ("population", {"P1": 3000, "P2": 7000}),
        ("area", {"P1": 3000, "P2": 7000}),
        ("apportion", {"P1": 4000, "P2": 6000}),
    ],
)
def test_two_catchments_that_overlap_in_a_band_count_nobody_twice(method, right):
    blocks = gpd.GeoDataFrame(
        {"population": [1000, 2000, 3000, 4000]},
        index=["sw", "se", "nw", "ne"],
        geometry=list(
            box([0, 1000, 0, 1000], [0, 0, 1000, 1000], [1000, 2000] * 2, [1000] * 2 + [2000] * 2)
        ),
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks)
    drawn = gpd.GeoDataFrame(
        index=["P1", "P2"],
        geometry=[box(0, 0, 2000, 1500), box(0, 500, 2000, 2000)],
        crs=27700,
    )
    layer = ct.Layer.from_polygons(drawn, area, method=method, name="drawn")
    found = layer.totals(area.weight("population"))
    assert found.to_dict() == pytest.approx(right)


@pytest.mark.reference
def test_overlapping_networks_share_ground_as_an_arrangement_by_shapely_alone_has_it(
    lsc, reference
):
    networks = gpd.read_file(reference / "pcn_inner_catchment_polygons_2020Q1.geojson")
    shapes = shapely.make_valid(networks.to_crs(27700).geometry.to_numpy())
    blocks = lsc.geometry.to_numpy()
    people = lsc.weight("population").to_numpy()
    shares = by_area(blocks, shapes)
    found = (
        pd.Series(shares["share"].to_numpy() * people[shares["block"]])
        .groupby(shares["polygon"].to_numpy())
        .sum()
    )

    tree = shapely.STRtree(shapes)
    expected = dict.fromkeys([-1, *range(len(shapes))], 0.0)
    for block, living in zip(blocks, people, strict=True):
        near = tree.query(block, predicate="intersects")
        if not len(near):
            expected[-1] += living
            continue
        lines = [block.boundary, *(shapely.boundary(shapely.intersection(block, shapes[near])))]
        faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=1e-6)]))
        points = shapely.point_on_surface(faces)
        told = 0.0
        for face, point in zip(faces, points, strict=True):
            if not block.contains(point):
                continue
            told += face.area
            who = near[shapely.contains(shapes[near], point)]
            for k in who if len(who) else [-1]:
                expected[int(k)] += living * face.area / block.area / max(len(who), 1)
        assert told == pytest.approx(block.area, rel=1e-6)
    # Within a hundredth of a person for each of 41 networks, and for those in none.
    assert found.to_dict() == pytest.approx(expected, abs=0.01)
    assert found.sum() == pytest.approx(people.sum())


def test_a_map_that_lies_exactly_on_another_shares_with_it():
    """One box, and the same box in two halves: no edge of either runs inside the other."""
    shares = by_area(box([0], 0, [2], 1), box([0, 0, 1], 0, [2, 1, 2], 1))
    assert of(shares) == pytest.approx({0: 0.5, 1: 0.25, 2: 0.25})


def test_claims_that_meet_in_ground_and_in_a_line_besides_are_divided():
    comb = shapely.union_all([box(0, 0, 4, 1), box(0, 0, 1, 3)])
    hook = shapely.union_all([box(0, 0, 1, 3), box(1, 1, 2, 2), box(3, 1, 4, 3)])
    shares = of(by_area(box([0, 0], [0, 1], 4, [1, 3]), np.array([comb, hook])), 1)
    assert shares == pytest.approx({-1: 3 / 8, 0: 1 / 8, 1: 4 / 8})


@pytest.mark.parametrize(
    ("method", "right"),
    [
        ("best_fit", [1000, 2000, 3000, 4000]),
        ("population", [1000, 2000, 3000, 4000]),
        ("area", [1000, 2000, 3000, 4000]),
        ("apportion", [1100, 1800, 3100, 3600]),
    ],
)
def test_polygons_moved_by_a_tenth_of_a_block_lose_what_is_beyond_them(method, right):
    corners = [(0, 0), (1000, 0), (0, 1000), (1000, 1000)]
    codes = ["B01", "B02", "B03", "B04"]
    shapes = [box(x, y, x + 1000, y + 1000) for x, y in corners]
    blocks = gpd.GeoDataFrame(
        {"population": [1000, 2000, 3000, 4000]}, index=codes, geometry=shapes, crs=27700
    )
    area = ct.Geography.from_frames(blocks)
    # Each loses its western tenth, to its neighbour or to nobody, and gains a tenth in the east.
    moved = gpd.GeoDataFrame(
        index=codes, geometry=[box(x + 100, y, x + 1100, y + 1000) for x, y in corners], crs=27700
    )
    layer = ct.Layer.from_polygons(moved, area, method=method, name="moved")
    assert layer.totals(area.weight("population")).tolist() == pytest.approx(right)
