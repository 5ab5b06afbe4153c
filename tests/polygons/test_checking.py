"""Faults in polygons: each found, named and measured; mended only if nobody moves."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Polygon, box

import coterminous as ct
from coterminous.polygons.linking import candidates

#: The British National Grid, UTM in metres, and the one of web maps.
PROJECTIONS = (27700, 32630, 3857)


def frame(shapes, codes=None, crs=27700):
    codes = codes or [f"p{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(index=codes, geometry=list(shapes), crs=crs)


def faults(report):
    rows = report.faults[["fault", "codes", "hectares"]]
    return [tuple(r) for r in rows.round(4).itertuples(index=False)]


def test_polygons_without_fault_have_none(grid):
    report = ct.check(gpd.GeoDataFrame(geometry=grid.geometry))
    assert report.ok
    assert faults(report) == []
    assert len(report.candidates) == 0


def test_overlaps_gaps_slivers_and_lone_pieces_are_measured_and_named():
    shapes = [
        box(0, 0, 1000, 1000),
        box(900, 0, 2000, 1000),
        box(0, 1000, 2000, 3000).difference(box(500, 1500, 800, 1800)),
        shapely.multipolygons([box(2000, 0, 2500, 1000), box(5000, 0, 5020, 20)]),
        box(2499.9, 0, 2600, 100),
    ]
    report = ct.check(frame(shapes))
    assert faults(report) == [
        ("overlap", "p0, p1", 10.0),
        ("gap", "p2", 9.0),
        ("sliver", "p3", 0.04),
        ("sliver", "p3, p4", 0.001),
    ]
    assert report.faults["detail"].tolist()[2:] == ["lone piece", "overlap"]
    assert not report.ok


def test_a_gap_behind_a_slit_of_less_than_a_millimetre_is_a_gap():
    shapes = [
        box(0, 0, 100, 300),
        box(100, 0, 300, 100),
        box(100, 200, 300, 300),
        box(200.0, 100 + 1e-9, 300, 200),
    ]
    assert faults(ct.check(frame(shapes))) == [("gap", "p0, p1, p2, p3", 1.0)]


def test_people_of_a_fault_are_those_of_the_blocks_under_it(grid):
    shapes = [box(0, 0, 1000, 2000), box(500, 0, 2000, 2000)]
    report = ct.check(frame(shapes), area=grid)
    assert faults(report) == [("overlap", "p0, p1", 100.0)]
    # Half of nw, where 10 live, and half of sw, where 30 do.
    assert report.faults["people"].tolist() == [20.0]
    assert report.notes == (
        "Overlaps, gaps and pieces up to 0.1 ha are slivers: 0.0 people (population) at the mean "
        "density of the blocks, 0.0 in the densest.",
    )


def test_faults_of_single_polygons_are_listed():
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    shapes = [
        bow,
        None,
        shapely.Point(1, 1),
        shapely.force_3d(box(100, 0, 200, 100)),
        box(0, 0, 1, 1),
    ]
    report = ct.check(frame(shapes, ["bow", "none", "point", "high", ""]))
    found = {(f, c) for f, c, _ in faults(report)}
    assert {
        ("invalid", "bow"),
        ("empty geometry", "none"),
        ("not a polygon", "point"),
        ("three-dimensional", "high"),
        ("empty code", ""),
    } <= found


def test_repeated_codes_and_coordinates_of_unknown_or_no_use_are_faults():
    shapes = [box(0, 0, 100, 100), box(100, 0, 200, 100)]
    assert faults(ct.check(frame(shapes, ["x", "x"])))[0][:2] == ("duplicate code", "x")
    report = ct.check(frame(shapes, crs=None))
    assert report.faults["fault"].tolist() == ["no CRS"]
    assert "set_crs(27700)" in report.faults["detail"].iloc[0]
    degrees = frame(shapes).to_crs(4326)
    report = ct.check(degrees)
    assert "geographic CRS" in report.faults["fault"].tolist()
    assert "Measured in EPSG:27700." in report.notes
    assert not report.ok


def test_people_are_counted_whatever_the_projection_of_the_polygons(lsc):
    x, y = 350_000, 430_000
    shapes = [box(x, y, x + 1000, y + 1000), box(x + 500, y, x + 1500, y + 1000)]
    drawn = gpd.GeoDataFrame(index=["p", "q"], geometry=shapes, crs=27700)
    people = [ct.check(drawn.to_crs(e), area=lsc).faults["people"].iloc[-1] for e in PROJECTIONS]
    assert people[0] > 1000
    assert people == pytest.approx([people[0]] * len(PROJECTIONS), abs=0.1)


def test_web_mercator_and_numbers_as_codes_are_faults_and_hectares_are_true():
    drawn = gpd.GeoDataFrame(
        index=[1, 2],
        geometry=[box(350_000, 430_000, 351_000, 431_000), box(350_500, 430_000, 352_000, 431_000)],
        crs=27700,
    )
    found = ct.check(drawn.to_crs(3857))
    assert list(found.faults["fault"]) == ["Web Mercator", "numbers as codes", "overlap"]
    assert found.faults["hectares"].iloc[-1] == pytest.approx(50, rel=1e-3)
    assert not found.ok


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("nowhere", [np.nan, np.inf])
def test_a_corner_without_coordinates_is_a_fault_and_stops_a_mend(nowhere):
    shape = shapely.Polygon([(0, 0), (nowhere, 0), (10, 10)])
    drawn = gpd.GeoDataFrame(index=["a", "b"], geometry=[shape, box(0, 0, 9, 9)], crs=27700)
    found = ct.check(drawn).faults
    assert found[["fault", "codes"]].values.tolist() == [["invalid", "a"]]
    with pytest.raises(ct.InputError, match="1 polygons have a corner without coordinates: 'a'"):
        ct.mend(drawn)


@pytest.mark.parametrize("ask", [ct.check, ct.mend, lambda p, **k: ct.overlay(p, p, **k)])
def test_nothing_and_tolerances_that_are_none_are_refused(grid, ask):
    polygons = grid.geometry.to_frame()
    for tolerance in (-1, float("nan"), float("inf"), "much"):
        with pytest.raises(ct.InputError, match=r"`tolerance` is .*; give hectares, 0 or more"):
            ask(polygons, tolerance=tolerance)
    with pytest.raises(ct.InputError, match="has no polygons"):
        ask(polygons.iloc[:0])
    with pytest.raises(ct.InputError, match="is a dict; give a GeoDataFrame"):
        ask({})


def test_a_report_is_a_table_and_plain_values_and_escapes_what_it_shows():
    report = ct.check(frame([box(0, 0, 200, 100), box(100, 0, 300, 100)], ["<b>", "c"]))
    assert "<b>," not in report._repr_html_()
    assert report.as_json()["faults"][0]["codes"] == "<b>, c"
    assert report.summary.loc["overlap", "count"] == 1


def test_small_overlaps_and_gaps_are_closed_and_areas_compared():
    shapes = [
        box(0, 0, 1001, 100),
        box(1000, 0, 2000, 100),
        box(0, 100, 2000, 200).difference(box(500, 140, 520, 160)),
    ]
    mended = ct.mend(frame(shapes))
    assert len(mended.after.faults) == 0
    assert mended.changes["change"].round(6).to_dict() == {"p0": 0.0, "p1": -0.01, "p2": 0.04}
    assert len(mended.before.faults) == 2


def test_large_overlaps_and_gaps_are_reported_and_left():
    shapes = [box(0, 0, 1100, 100), box(1000, 0, 2000, 100)]
    mended = ct.mend(frame(shapes))
    assert (mended.changes["change"] == 0).all()
    assert mended.after.faults["fault"].tolist() == ["overlap"]


def test_a_mend_that_would_change_or_erase_a_polygon_is_refused():
    lobes = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    with pytest.raises(
        ct.InputError, match=r"not mended: 1 polygons would change by more than 0.1 ha"
    ):
        ct.mend(frame([lobes, box(500, 0, 600, 100)]))
    line = shapely.Polygon([(0, 0), (100, 0), (50, 0), (0, 0)])
    with pytest.raises(ct.InputError, match=r"not mended: 1 polygons would vanish: 'p0'"):
        ct.mend(frame([line, box(500, 0, 600, 100)]))
    with pytest.raises(ct.InputError, match="duplicate code x"):
        ct.mend(frame([box(0, 0, 1, 1), box(2, 0, 3, 1)], ["x", "x"]))
    with pytest.raises(ct.InputError, match=r"in degrees.*to_crs\(27700\)"):
        ct.mend(frame([box(0, 50, 1, 51)], crs=4326))


def test_what_is_given_stays_as_it_was():
    shapes = [box(0, 0, 1001, 100), box(1000, 0, 2000, 100)]
    given = frame(shapes).assign(name=["One", "Two"])
    mended = ct.mend(given)
    assert [g.area for g in given.geometry] == [100_100.0, 100_000.0]
    assert mended.polygons["name"].tolist() == ["One", "Two"]
    assert mended.polygons.crs == given.crs


def test_neighbours_across_water_in_a_point_and_nearby_are_suggested():
    shapes = gpd.GeoSeries(
        {
            "a": box(0, 0, 1000, 1000),
            "b": box(1000, 1000, 2000, 2000),
            "c": box(0, 1150, 500, 2000),
            "d": box(5000, 0, 6000, 1000),
            "e": box(3000, 1000, 4000, 2000),
        },
        crs=27700,
    )
    found = candidates(shapes).set_index(["a", "b"])["why"]
    assert found["a", "b"] == "touch in a point"
    assert found["a", "c"] == "within 200 m"
    assert found["b", "e"] == "face each other across water"
    assert ("c", "e") not in found.index  # b lies between


def test_four_that_meet_at_a_crossroads_are_not_suggested(grid):
    assert len(candidates(grid.geometry)) == 0


def test_the_bundled_links_are_among_the_candidates(lsc):
    found = candidates(lsc.geometry)
    pairs = set(zip(found["a"], found["b"], strict=True))
    assert {("E01025436", "E01025532"), ("E01025563", "E01025596")} <= pairs
    # Nearer shores than those that the bridge itself stands on say as much of Walney Island.
    barrow = lsc.layer("ltla2021").assignment == "E07000027"
    inside = found[found["a"].map(barrow) & found["b"].map(barrow)]
    assert "face each other across water" in set(inside["why"])
    report = ct.check(gpd.GeoDataFrame(geometry=lsc.geometry), area=lsc)
    left = set(zip(report.candidates["a"], report.candidates["b"], strict=True))
    assert left == pairs - {("E01025436", "E01025532"), ("E01025563", "E01025596")}
    districts = candidates(lsc.polygons("ltla2021").geometry).set_index(["a", "b"])["why"]
    assert districts["E07000126", "E07000127"] == "touch in a point"


def test_the_bundled_blocks_have_islands_and_no_other_fault(lsc):
    report = ct.check(gpd.GeoDataFrame(geometry=lsc.geometry), area=lsc)
    assert report.ok
    assert set(report.faults["fault"]) <= {"lone piece", "sliver"}


@pytest.mark.reference
def test_overlapping_networks_go_through_check_mend_and_best_fit_without_a_lost_person(
    lsc, reference
):
    drawn = gpd.read_file(reference / "pcn_inner_catchment_polygons_2020Q1.geojson")
    drawn = drawn.set_index("pcn_code").to_crs(27700)
    report = ct.check(drawn, area=lsc)
    assert report.summary.loc["overlap", "count"] > 100
    mended = ct.mend(drawn, area=lsc)
    assert len(mended.polygons) == 41
    # Many small mends on one network may come to more than the tolerance of each.
    assert mended.changes["change"].abs().max() < 0.3
    assert (mended.changes["after"] > 0).all()
    assert mended.after.summary.loc["overlap", "count"] == report.summary.loc["overlap", "count"]
    population = lsc.weight("population")
    for method in ("best_fit", "population", "area"):
        layer = ct.Layer.from_polygons(mended.polygons, lsc, method=method)
        assert layer.statuses["people"].sum() == population.sum()
        assert lsc.overlap(layer, "ltla2021").ledger["total"] == population.sum()
        assert {"contested", "tied", "unassigned"} <= set(layer.statuses["status"])
    shared = ct.Layer.from_polygons(mended.polygons, lsc, method="apportion")
    ledger = lsc.overlap(shared, "ltla2021").ledger
    assert ledger["total"] == pytest.approx(population.sum(), rel=1e-12)
    assert len(shared) == 41


def test_hundreds_in_one_place_are_one_row_and_few_are_a_row_a_pair():
    few = ct.check(frame(shapely.box([0, 0, 0, 50], 0, [100, 100, 100, 150], 100), [*"abcd"]))
    assert faults(few) == [
        *[("overlap", pair, 1.0) for pair in ("a, b", "a, c", "b, c")],
        *[("overlap", pair, 0.5) for pair in ("a, d", "b, d", "c, d")],
    ]

    many = shapely.box([0] * 60 + [50], 0, [100] * 60 + [150], 100)
    many[7] = shapely.reverse(many[7])
    report = ct.check(frame(many, [f"s{i:02}" for i in range(60)] + ["t"]))
    assert report.faults[["codes", "hectares", "detail"]].values.tolist() == [
        [
            "s00, s01, s02, s03, s04 and 55 more",
            1.0,
            "60 polygons, 1,770 pairs of the same overlap",
        ],
        ["s00, s01, s02, s03, s04 and 56 more", 0.5, "61 polygons, 60 pairs of the same overlap"],
    ]
    with pytest.raises(ct.InputError, match="would vanish"):
        ct.mend(frame(shapely.box([0] * 60, 0, 10, 10), [f"s{i:02}" for i in range(60)]))


def test_a_gap_behind_a_narrow_mouth_is_a_gap_and_behind_a_wide_one_is_outside():
    #  +---------+---------+   a hollow of 300 by 200 m between two, open to the south by a mouth
    #  |   +-----+-----+   |
    #  | a |           | b |
    #  |   +----- -----+   |
    #  +--------- ---------+
    for mouth, found in ((0.6, 6.0), (1.0, 6.0), (1.1, None), (5.0, None)):
        west = box(0, 0, 300, 400).difference(box(150, 100, 300, 300))
        east = box(300, 0, 600, 400).difference(box(300, 100, 450, 300))
        east = east.difference(box(300, 0, 300 + mouth, 100))
        report = ct.check(frame([west, east], ["a", "b"]))
        gaps = report.faults.loc[report.faults["fault"] == "gap", ["codes", "hectares"]]
        rows = [] if found is None else [["a, b", pytest.approx(found, abs=0.011)]]
        assert gaps.values.tolist() == rows, mouth


def test_lines_that_part_from_a_common_corner_leave_no_gap():
    west = Polygon([(0, 0), (100, 0), (100, 100), (99.9, 101), (80, 200), (0, 200)])
    east = Polygon([(100, 0), (200, 0), (200, 200), (120, 200), (100.1, 101), (100, 100)])
    assert faults(ct.check(frame([west, east]))) == []


def test_a_bay_of_one_polygon_is_no_gap_however_narrow_its_mouth():
    bay = box(100, 100, 200, 200).union(box(149.9, 0, 150.1, 100))
    assert (
        faults(ct.check(frame([box(0, 0, 300, 300).difference(bay), box(300, 0, 400, 300)]))) == []
    )


def test_a_report_names_the_file_and_not_where_it_lies(tmp_path):
    import geopandas as gpd
    from shapely import box

    import coterminous as ct
    from coterminous.polygons.reading_polygons import read_unchecked

    made = gpd.GeoDataFrame({"code": ["a"]}, geometry=[box(-2.5, 53, -2.4, 53.1)], crs=4326)
    made.to_file(tmp_path / "drawn.gpkg")
    detail = ct.check(read_unchecked(tmp_path / "drawn.gpkg")).faults["detail"].tolist()
    assert "drawn.gpkg" in detail[0]
    assert str(tmp_path) not in " ".join(detail)
