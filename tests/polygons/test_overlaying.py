"""Polygons by polygons: the same areas as a general overlay gives, and nothing lost."""

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
from coterminous.polygons.crossings import cells_of
from coterminous.polygons.edges import edges_of
from coterminous.polygons.self_overlaps import overlapping


def frame(shapes, codes=None, crs=27700, **columns):
    codes = codes or [f"p{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(columns, index=codes, geometry=list(shapes), crs=crs)


@pytest.fixture
def halves():
    r"""West and east, 20 by 20 hm, under a north and a south that begin at 5 hm.

    ::

        +-------+-------+   north over south;
        |  west |  east |   south is 5 hm high, north 15
        +-------+-------+
    """
    west_east = frame([box(0, 0, 1000, 2000), box(1000, 0, 2000, 2000)], ["west", "east"])
    south_north = frame([box(0, 0, 2000, 500), box(0, 500, 2000, 2000)], ["south", "north"])
    return west_east, south_north


def test_cells_are_hectares_of_the_parts(halves):
    table = ct.overlay(*halves).table.set_index(["source", "target"])["value"]
    assert table.to_dict() == {
        ("east", "north"): 150.0,
        ("east", "south"): 50.0,
        ("west", "north"): 150.0,
        ("west", "south"): 50.0,
    }


def test_ledger_accounts_for_what_lies_outside_either():
    a, b = frame([box(0, 0, 300, 100)], ["a"]), frame([box(100, 0, 500, 100)], ["b"])
    assert ct.overlay(a, b).ledger.to_dict() == {
        "both": 2.0,
        "source_only": 1.0,
        "target_only": 2.0,
        "neither": 0.0,
        "total": 5.0,
    }


def test_a_weight_of_either_side_is_shared_out_and_adds_up(halves):
    a, b = halves
    by_a = ct.overlay(a.assign(people=[8, 4]), b, weight_a="people")
    assert by_a.inside.loc["west"].to_dict() == {"north": 6.0, "south": 2.0}
    assert by_a.ledger["total"] == 12.0
    assert "people" in by_a.method
    by_b = ct.overlay(a, b, weight_b=pd.Series({"north": 10, "south": 2}, name="sheep"))
    assert by_b.inside.loc["east"].to_dict() == {"north": 5.0, "south": 1.0}
    assert by_b.weight == "sheep"


def test_swapping_the_sides_transposes_the_table(halves):
    a, b = halves
    there, back = ct.overlay(a, b).inside, ct.overlay(b, a).inside
    pd.testing.assert_frame_equal(there, back.T, check_names=False)


def test_relation_of_the_same_polygons_is_coterminous(halves):
    a, _ = halves
    assert set(ct.overlay(a, a).areas()["relation"]) == {"coterminous"}


def test_holes_islands_and_either_direction_of_rings_are_measured():
    ring = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    ring = shapely.multipolygons([ring, box(200, 0, 220, 20)])
    backwards = shapely.reverse(box(50, -10, 210, 110))
    expected = shapely.intersection(ring, backwards).area / 1e4
    assert ct.overlay(frame([ring]), frame([backwards])).ledger["both"] == pytest.approx(expected)
    assert ct.overlay(frame([backwards]), frame([ring])).ledger["both"] == pytest.approx(expected)


def test_a_polygon_that_lies_within_a_block_is_found():
    inner = frame([box(40, 40, 60, 60)], ["inner"])
    found = ct.overlay(frame([box(0, 0, 100, 100)], ["outer"]), inner)
    assert found.inside.loc["outer", "inner"] == pytest.approx(0.04)


def test_polygons_of_feet_are_measured_in_hectares():
    feet = frame([box(0, 0, 100, 100)], crs=2263)  # New York, US survey feet
    assert ct.overlay(feet, feet).ledger["both"] == pytest.approx(1e4 * 0.3048006096**2 / 1e4)


def star(rng, x, y, reach, corners):
    """Draw a polygon about a point, with corners at random distances."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = rng.uniform(0.2, 1.0, corners) * reach
    ring = np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    return shapely.make_valid(shapely.Polygon(ring), method="structure")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 5), corners=st.integers(3, 60))
def test_areas_are_those_of_a_general_intersection(seed, size, corners):
    rng = np.random.default_rng(seed)
    grid = np.array([box(i, j, i + 1, j + 1) for i in range(size) for j in range(size)])
    shape = star(rng, *rng.uniform(0, size, 2), size, corners)
    polygons = shapely.orient_polygons(np.array([shape]))
    cells = cells_of(grid, polygons, edges_of(polygons))
    found = np.zeros(len(grid))
    found[cells.block] = cells.area
    np.testing.assert_allclose(found, shapely.area(shapely.intersection(grid, shape)), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), corners=st.integers(3, 40))
def test_areas_of_blocks_with_holes_and_islands_are_those_of_a_general_intersection(seed, corners):
    rng = np.random.default_rng(seed)
    shapes = [star(rng, *rng.uniform(0, 4, 2), 2, corners) for _ in range(2)]
    polygons = shapely.orient_polygons(np.array(shapes))
    blocks = []
    for x, y in ((0, 0), (2, 0), (0, 2), (2, 2)):
        hole = star(rng, x + 0.8, y + 0.8, 0.5, 9)
        island = star(rng, x + 1.75, y + 1.75, 0.2, 7)
        blocks.append(box(x, y, x + 1.5, y + 1.5).difference(hole).union(island))
    blocks = np.array(blocks)
    cells = cells_of(blocks, polygons, edges_of(polygons))
    for position, polygon in enumerate(polygons):
        found = np.zeros(len(blocks))
        mine = cells.polygon == position
        found[cells.block[mine]] = cells.area[mine]
        expected = shapely.area(shapely.intersection(blocks, polygon))
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_detailed_line_that_follows_the_blocks_is_cut_exactly():
    x, y = (c.ravel() for c in np.meshgrid(np.arange(20.0), np.arange(20.0)))
    grid = shapely.box(x, y, x + 1, y + 1)
    sides = np.array([box(0, 0, 7, 20), box(7, 0, 20, 20)])
    detailed = shapely.orient_polygons(shapely.segmentize(sides, 0.05))
    assert shapely.get_num_coordinates(detailed).min() > 500
    cells = cells_of(grid, detailed, edges_of(detailed))
    assert len(cells.area) == 400
    np.testing.assert_allclose(cells.area, 1.0)
    np.testing.assert_allclose(np.bincount(cells.polygon, weights=cells.area), [140.0, 260.0])


def test_the_answer_is_the_same_with_and_without_threads(halves):
    from concurrent.futures import ThreadPoolExecutor

    blocks = np.array([box(i, j, i + 3, j + 3) for i in range(0, 60, 3) for j in range(0, 60, 3)])
    rng = np.random.default_rng(7)
    polygons = np.array([star(rng, 30, 30, 40, 300), star(rng, 20, 30, 20, 200)])
    polygons = shapely.orient_polygons(polygons)
    edges = edges_of(polygons)
    alone = cells_of(blocks, polygons, edges)
    with ThreadPoolExecutor(2) as pool:
        together = cells_of(blocks, polygons, edges, pool=pool)
    np.testing.assert_array_equal(alone.area, together.area)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), many=st.integers(2, 12))
def test_no_ground_is_lost_whatever_the_partition(seed, many):
    rng = np.random.default_rng(seed)
    # Whole numbers make corners fall on lines, where rounding could decide.
    points = shapely.MultiPoint(np.unique(rng.integers(0, 30, (many + 2, 2)), axis=0) * 10.0)
    hull = box(0, 0, 300, 300)
    parts = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=hull))
    parts = shapely.intersection(parts, hull)
    grid = frame([box(i, j, i + 60, j + 60) for i in range(0, 300, 60) for j in range(0, 300, 60)])
    found = ct.overlay(grid, frame(parts))
    assert found.ledger["both"] == pytest.approx(9.0, rel=1e-9)
    expected = shapely.area(shapely.intersection(grid.geometry.iloc[7], parts)) / 1e4
    row = found.inside.loc["p7"].reindex([f"p{i}" for i in range(len(parts))]).fillna(0)
    np.testing.assert_allclose(row, expected, atol=1e-9)


def test_the_number_of_intersections_grows_with_the_boundary_and_not_with_the_area():
    line = shapely.LineString([(x, 0.5 + 0.2 * np.sin(9 * x)) for x in np.linspace(-1, 2, 200)])
    sides = shapely.get_parts(shapely.polygonize([line.union(box(-1, -1, 2, 2).boundary)]))
    sides = shapely.orient_polygons(sides)
    counts = {}
    for times in (1, 2, 4, 8):
        side = round(20 * times**0.5)
        corners = np.arange(side) / side
        x, y = (c.ravel() for c in np.meshgrid(corners, corners))
        grid = shapely.box(x, y, x + 1 / side, y + 1 / side)
        counts[times] = cells_of(grid, sides, edges_of(sides)).intersections
    for times in (2, 4, 8):
        assert counts[times] / counts[1] == pytest.approx(times**0.5, rel=0.15)


def test_inside_a_coverage_one_intersection_fewer_is_needed_than_polygons_met():
    blocks = np.array([box(0.3, 0.3, 1.7, 1.7)])
    quarters = shapely.box(
        [-5, 1.1, -5, 1.1], [-5, -5, 1.2, 1.2], [1.1, 9, 1.1, 9], [1.2, 1.2, 9, 9]
    )
    cells = cells_of(blocks, quarters, edges_of(quarters))
    assert (len(cells.area), cells.intersections) == (4, 3)
    assert cells.area.sum() == pytest.approx(1.4**2)


def test_overlaps_within_a_side_raise_above_the_tolerance_and_are_counted_below():
    other = frame([box(0, 0, 500, 100)], ["all"])
    far = frame([box(0, 0, 200, 100), box(100, 0, 300, 100)], ["a", "b"])
    with pytest.raises(
        ct.InputError, match=r"1 pairs .* `a` overlap .* 0.1 ha: 'a and b by 1.00 ha'"
    ):
        ct.overlay(far, other)
    with pytest.raises(ct.InputError, match="polygons of `b` overlap"):
        ct.overlay(other, far)
    near = frame([box(0, 0, 101, 100), box(100, 0, 300, 100)], ["a", "b"])
    assert ct.overlay(near, other).notes == (
        "1 pairs of polygons of `a` overlap, by 0.0100 ha in all, which is counted in both "
        "(tolerance 0.1 ha a pair).",
    )


@pytest.mark.parametrize("tolerance", [2, 1e9])
def test_no_tolerance_counts_the_ground_of_overlapping_polygons_twice(tolerance):
    square = frame([box(0, 0, 1000, 1000)], ["all"])
    parts = frame([box(0, 0, 600, 1000), box(500, 0, 1000, 1000)], ["A", "B"])
    with pytest.raises(ct.InputError, match=r"A and B by 10.00 ha.*counted twice: mend them"):
        ct.overlay(parts, square, tolerance=tolerance)
    # A sliver of a large polygon, however long, is one all the same.
    near = frame([box(0, 0, 502, 1000), box(500, 0, 1000, 1000)], ["A", "B"])
    found = ct.overlay(near, square, tolerance=1)
    assert found.ledger["total"] == pytest.approx(100.2)
    assert "by 0.2000 ha in all, which is counted in both" in found.notes[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (box(0, 0, 9, 9), box(0, 0, 9, 9)),
        (box(0, 0, 9, 9), box(3, 3, 4, 4)),
        (box(0, 0, 9, 9), box(8, -1, 20, 20)),
        (box(0, 0, 9, 9), shapely.segmentize(box(0, 0, 9, 9), 2)),
    ],
)
def test_overlapping_pairs_are_found_however_they_lie(one, other):
    shapes = np.array([one, other])
    assert overlapping(shapes, edges_of(shapes)).tolist() == [[0, 1]]


corners = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(st.lists(st.lists(corners, min_size=3, max_size=6, unique=True), min_size=2, max_size=6))
def test_pairs_that_overlap_are_those_whose_common_part_has_an_area(rings):
    # Whole numbers, so that corners lie on lines and lines on lines as often as not.
    shapes = [shapely.Polygon(ring) for ring in rings]
    shapes = np.array([shape for shape in shapes if shape.is_valid] + [box(8, 8, 9, 9)])
    found = {tuple(pair) for pair in overlapping(shapes, edges_of(shapes)).tolist()}
    expected = {
        (i, j)
        for j in range(len(shapes))
        for i in range(j)
        if shapely.intersection(shapes[i], shapes[j]).area > 1e-9
    }
    assert expected <= found
    assert all(shapely.relate_pattern(shapes[i], shapes[j], "T********") for i, j in found)


def test_neighbours_with_unmatched_corners_do_not_overlap():
    shapes = np.array([box(0, 0, 9, 9), box(9, 2, 20, 5), box(9, 5, 20, 30)])
    assert overlapping(shapes, edges_of(shapes)).tolist() == []


def test_bad_input_names_the_argument_and_the_mend(halves):
    a, b = halves
    raises = pytest.raises
    with raises(ct.InputError, match=r"`a` has no coordinate reference system.*set_crs\(27700\)"):
        ct.overlay(a.set_crs(None, allow_override=True), b)
    with raises(ct.InputError, match=r"`b` is in EPSG:4326, in degrees.*b.to_crs\(27700\)"):
        ct.overlay(a, b.to_crs(4326))
    with raises(ct.InputError, match="Web Mercator"):
        ct.overlay(a.to_crs(3857), b.to_crs(3857))
    with raises(ct.InputError, match=r"`a` is in EPSG:27700 and `b` in EPSG:32630"):
        ct.overlay(a, b.to_crs(32630))
    with raises(ct.InputError, match=r"do not meet anywhere"):
        ct.overlay(a, b.translate(9e5))
    with raises(ct.InputError, match=r"`a` has no polygons"):
        ct.overlay(a.iloc[:0], b)
    with raises(ct.InputError, match=r"1 codes more than once: 'x'"):
        ct.overlay(a.set_axis(["x", "x"]), b)
    with raises(ct.InputError, match=r"column `id` of `a` holds numbers, not codes: 1, 2"):
        ct.overlay(a.assign(id=[1, 2]), b, code_a="id")
    with raises(ct.InputError, match=r"`code_a?`? ?.*'kode'|`code` is 'kode'"):
        ct.overlay(a.assign(code=["x", "y"]), b, code_a="kode")
    with raises(ct.InputError, match=r"1 rows of `a` are no polygons: 'west'"):
        ct.overlay(a.set_geometry([shapely.Point(0, 0), a.geometry.iloc[1]]), b)
    with raises(ct.InputError, match=r"have no polygon, or an empty one: 'east'"):
        ct.overlay(a.set_geometry([a.geometry.iloc[0], None]), b)
    bow = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    with raises(ct.InputError, match=r"not valid: 'west' \(Self-intersection.*coterminous.check"):
        ct.overlay(a.set_geometry([bow, a.geometry.iloc[1]]), b)
    with raises(ct.InputError, match=r"only one can be shared out"):
        ct.overlay(a, b, weight_a="x", weight_b="y")
    with raises(ct.InputError, match=r"missing, negative or no number for 1 polygons: 'west'"):
        ct.overlay(a, b, weight_a=pd.Series({"west": -1, "east": 1}))
    with raises(ct.InputError, match=r"`weight_a` has two numbers for 1 codes: 'west'"):
        ct.overlay(a, b, weight_a=pd.Series([1, 2, 3], index=["west", "west", "east"]))


def test_the_callers_polygons_are_neither_changed_nor_prepared(halves):
    a, b = halves
    before = shapely.to_wkb(a.geometry.to_numpy())
    ct.overlay(a, b)
    assert (shapely.to_wkb(a.geometry.to_numpy()) == before).all()
    assert not shapely.is_prepared(np.concatenate([a.geometry, b.geometry])).any()


@pytest.mark.peer
def test_cells_are_those_of_geopandas_on_the_bundled_blocks(lsc):
    blocks = gpd.GeoDataFrame(geometry=lsc.geometry)
    # Moved aside, so that no line of one follows a line of the other.
    areas = lsc.polygons("ltla2021").assign(geometry=lambda x: x.geometry.translate(713.0, -391.0))
    found = ct.overlay(blocks, areas)
    theirs = gpd.overlay(
        blocks.rename_axis("block").reset_index(), areas.rename_axis("area").reset_index()
    )
    theirs = theirs.assign(ha=theirs.area / 1e4).set_index(["block", "area"])["ha"]
    cells = found.cells[(found.cells[["source", "target"]] != "outside").all(axis=1)]
    ours = cells.set_index(["source", "target"])["value"]
    both = pd.concat([ours, theirs], axis=1, keys=["ours", "theirs"]).fillna(0.0)
    both = both[both.max(axis=1) > 0.1]
    assert len(both) > 1500
    np.testing.assert_allclose(both["ours"], both["theirs"], rtol=1e-6)


def test_an_overlay_of_blocks_agrees_with_counting_them(lsc):
    blocks = gpd.GeoDataFrame(geometry=lsc.geometry)
    found = ct.overlay(blocks, lsc.polygons("ccg2021"), weight_a=lsc.weight("population"))
    by_area = found.cells.groupby("target")["value"].sum()
    expected = lsc.weight("population").groupby(lsc.layer("ccg2021").assignment).sum()
    np.testing.assert_allclose(by_area.drop("outside"), expected, rtol=1e-6)
    assert found.ledger["total"] == pytest.approx(lsc.weight("population").sum())


def test_layers_whose_boxes_meet_but_not_their_ground_are_all_outside_with_a_note():
    import geopandas as gpd
    from shapely import Polygon

    corner = gpd.GeoDataFrame(
        index=["a"], geometry=[Polygon([(0, 0), (10, 0), (0, 10)])], crs=27700
    )
    other = gpd.GeoDataFrame(
        index=["b"], geometry=[Polygon([(10, 10), (10, 1), (1, 10)])], crs=27700
    )
    found = ct.overlay(corner, other)
    assert found.notes == (
        "The ground of `a` and that of `b` do not meet anywhere, though their bounds do: all of "
        "both lies outside the other.",
    )
    assert found.table[["source", "target"]].values.tolist() == [["a", "outside"], ["outside", "b"]]
    assert not found.table["value"].isna().any()


def test_polygons_in_one_place_are_told_as_pairs_with_their_number():
    many = gpd.GeoSeries(
        [box(0, 0, 100, 100)] * 3 + [box(50, 0, 150, 100), box(0, 0, 100, 100)],
        index=[*"abcde"],
        crs=27700,
    )
    one = gpd.GeoSeries({"o": box(0, 0, 200, 100)}, crs=27700)
    with pytest.raises(ct.InputError) as raised:
        ct.overlay(many, one)
    assert str(raised.value).startswith(
        "10 pairs of polygons of `a` overlap by more than 0.1 ha: 'a and b by 1.00 ha', 'a and c "
        "by 1.00 ha', 'a and e by 1.00 ha', 'b and c by 1.00 ha', 'b and e by 1.00 ha' and 5 more;"
    )
    with pytest.raises(ct.InputError, match="^10 pairs"):
        ct.overlay(many, one, tolerance=9)
    with pytest.raises(ct.InputError, match="^1,999,000 pairs .* and 1,998,995 more; their"):
        ct.overlay(gpd.GeoSeries([box(0, 0, 100, 100)] * 2_000, crs=27700), one)
