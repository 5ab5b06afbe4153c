"""What is in doubt is said: units that differ row by row, places in no block, corners that meet.

Expected values are by hand or by shapely.
"""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

import coterminous as ct
from coterminous.cli import main

METRES = {"A": box(350000, 430000, 351000, 431000), "B": box(351000, 430000, 352000, 431000)}
DEGREES = box(-2.70, 53.75, -2.69, 53.76)


def series(shapes: dict, crs: int = 27700) -> gpd.GeoSeries:
    return gpd.GeoSeries(shapes, crs=crs)


def blocks(shapes: dict) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"population": 10}, index=list(shapes), geometry=list(shapes.values()),
                            crs=27700)  # fmt: skip


@pytest.mark.parametrize("odd", [DEGREES, box(53.75, -2.70, 53.76, -2.69)])
def test_one_polygon_in_degrees_among_metres_is_refused_at_every_door(odd, tmp_path, capsys):
    mixed = {**METRES, "C": odd}
    report = ct.check(series(mixed))
    assert report.faults["fault"].tolist() == ["implausible CRS"]
    assert "the coordinates of C, such as" in report.faults["detail"][0]
    said = "C, such as .* are degrees, and those of the rest are none; put all of them in one"
    with pytest.raises(ct.InputError, match=said):
        ct.overlay(series(mixed), series(METRES))
    with pytest.raises(ct.InputError, match=said):
        ct.Geography.from_frames(blocks(mixed)).neighbours()
    with pytest.raises(ct.InputError, match=said):
        ct.Layer.from_polygons(
            gpd.GeoDataFrame(geometry=series(mixed)), ct.Geography.from_frames(blocks(METRES))
        )
    gpd.GeoDataFrame({"code": list(mixed)}, geometry=list(mixed.values()), crs=27700).to_file(
        tmp_path / "w.gpkg"
    )
    assert main(["check", str(tmp_path / "w.gpkg")]) == 1
    assert "the coordinates of C" in capsys.readouterr().out


def test_metres_among_degrees_are_named():
    mixed = {"A": DEGREES, "B": METRES["B"]}
    with pytest.raises(ct.InputError, match="the coordinates of B, such as 351000, 430000, are no"):
        ct.overlay(series(mixed, 4326), series(METRES))


def test_small_coordinates_of_a_drawing_near_the_origin_are_metres():
    near = series({"A": box(0, 0, 40, 55), "B": box(40, 0, 400, 55)})
    assert ct.check(near).ok


@pytest.fixture
def three() -> ct.Geography:
    return ct.Geography.from_frames(
        blocks(
            {"b1": box(0, 0, 100, 100), "b2": box(100, 0, 200, 100), "b3": box(200, 0, 300, 100)}
        )
    )


HALF = gpd.GeoDataFrame(index=["W"], geometry=[box(0, 0, 160, 100)], crs=27700)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (pd.DataFrame({"easting": [1], "northing": [2]}), "`places` is a DataFrame; give a GeoS"),
        (gpd.GeoSeries([], crs=27700), "`places` has no points"),
        (
            gpd.GeoSeries.from_xy([5], [5], crs=4326),
            r"`places` is in EPSG:4326 .* use places\.to_c",
        ),
        (gpd.GeoSeries.from_xy([5], [5]), r"`places` is in no CRS .* use places\.set_crs"),
        (gpd.GeoSeries.from_xy([5e5], [5e5], crs=27700), "1 points, and none is in a block"),
        (gpd.GeoSeries([box(0, 0, 1, 1)], crs=27700), "1 rows that are no point: 0"),
    ],
)
def test_places_that_cannot_be_used_are_refused(three, places, said):
    with pytest.raises(ct.InputError, match=said):
        ct.Layer.from_polygons(HALF, three, method="population", places=places)


def test_people_of_blocks_without_a_place_are_told(three):
    # b2 is three fifths in W by area, and its one place is not.
    places = gpd.GeoSeries.from_xy([190], [50], crs=27700)
    found = ct.Layer.from_polygons(HALF, three, method="population", places=places)
    assert found.assignment.dropna().index.tolist() == ["b1"]
    note = found.note
    assert "2 of 3 blocks, with 20 people, hold none of `places` and are decided by area." in note


def test_a_polygon_that_keeps_people_is_not_said_to_win_no_block(three):
    small = gpd.GeoDataFrame(
        index=["W", "S"], geometry=[box(0, 0, 90, 100), box(90, 0, 110, 100)], crs=27700
    )
    cut = ct.Layer.from_polygons(small, three, method="apportion")
    assert cut.totals(three.weight("population")).round(6).to_dict() == {"S": 2.0, "W": 9.0}
    assert "win no block" not in cut.note
    whole = ct.Layer.from_polygons(small, three)
    assert "Polygons that win no block: 'S'." in whole.note


def test_a_sound_file_is_checked_where_the_blocks_of_the_folder_are_not(tmp_path, capsys):
    bow = shapely.Polygon([(200, 0), (300, 100), (300, 0), (200, 100)])
    shapes = {"b1": box(0, 0, 100, 100), "b2": box(50, 0, 200, 100), "b3": bow}
    frame = blocks(shapes).rename_axis("code").reset_index()
    frame.to_file(tmp_path / "blocks.gpkg")
    (tmp_path / "geography.toml").write_text(
        '[blocks]\nfile = "blocks.gpkg"\ncode = "code"\n[[weight]]\nname = "population"\n',
        encoding="utf-8",
    )
    HALF.rename_axis("code").reset_index().to_file(tmp_path / "sound.gpkg")
    asked = ["check", str(tmp_path / "sound.gpkg"), "--data", str(tmp_path), "--format", "json"]
    assert main(asked) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] and "People are not counted, for the blocks of" in answer["notes"][0]
    assert main(["check", str(tmp_path / "blocks.gpkg"), "--data", str(tmp_path)]) == 1
    assert "overlap" in capsys.readouterr().out


def test_systems_that_differ_are_brought_together_by_an_option_that_works(tmp_path, capsys):
    grid = gpd.GeoDataFrame({"code": list(METRES)}, geometry=list(METRES.values()), crs=27700)
    grid.to_file(tmp_path / "grid.gpkg")
    grid.to_crs(32630).to_file(tmp_path / "utm.gpkg")
    pair = [str(tmp_path / "utm.gpkg"), str(tmp_path / "grid.gpkg")]
    assert main(["overlay", *pair]) == 2
    said = capsys.readouterr().err
    assert "--a-crs 27700" in said and "--b-crs" not in said
    assert main(["overlay", *pair, "--a-crs", "27700"]) == 0
    capsys.readouterr()
    assert main(["overlay", *reversed(pair)]) == 2
    assert "--b-crs 27700" in capsys.readouterr().err


def test_an_invalid_polygon_has_one_area_for_the_check_and_for_the_mend():
    nested = shapely.MultiPolygon([box(0, 0, 1000, 1000), box(400, 400, 500, 500)])
    holes = shapely.Polygon(
        shapely.get_coordinates(box(0, 0, 1000, 1000)),
        [shapely.get_coordinates(box(100, 100, 300, 300)),
         shapely.get_coordinates(box(200, 200, 400, 400))],
    )  # fmt: skip
    for shape in (nested, holes):
        only = series({"A": shape})
        found = ct.check(only).faults.set_index("fault").at["invalid", "hectares"]
        mended = ct.mend(only, tolerance=2)
        assert mended.changes.at["A", "after"] == pytest.approx(found)
        assert mended.before.faults.set_index("fault").at["invalid", "hectares"] == found


def lattice(seed: int, apart: float, side: int = 5) -> gpd.GeoSeries:
    """Squares of 100 m, each corner of each moved by itself: no two lines match."""
    rng = np.random.default_rng(seed)
    made = {}
    for i in range(side):
        for k in range(side):
            points = shapely.get_coordinates(box(i * 100, k * 100, i * 100 + 100, k * 100 + 100))
            points = points + rng.uniform(-apart, apart, (5, 2))
            points[-1] = points[0]
            made[f"{i}{k}"] = shapely.Polygon(points)
    return gpd.GeoSeries(made, crs=27700)


def kinds(pairs: pd.DataFrame) -> tuple[set, set]:
    """Part the pairs that share a side of the truth from those that share a corner only."""
    apart = [abs(int(a[0]) - int(b[0])) + abs(int(a[1]) - int(b[1])) for a, b in pairs.to_numpy()]
    both = list(pairs.itertuples(index=False, name=None))
    return {p for p, d in zip(both, apart, strict=True) if d == 1}, {
        p for p, d in zip(both, apart, strict=True) if d > 1
    }


@pytest.mark.parametrize("apart", [0.01, 0.2, 0.4])
def test_a_mend_keeps_every_border_and_says_which_corners_it_made_one(apart):
    """Seeds 0 to 11: 40 borders of 100 m and 32 corners in each."""
    for seed in range(12):
        given = lattice(seed, apart)
        mended = ct.mend(given)
        frame = gpd.GeoDataFrame(
            {"population": 1}, index=given.index, geometry=mended.polygons.geometry
        )
        after = ct.Geography.from_frames(frame).neighbours()
        sides, corners = kinds(after[["a", "b"]])
        assert len(sides) == 40
        lengths = after.set_index(["a", "b"])["shared_m"]
        assert (lengths[sorted(sides)] - 100).abs().max() < 6 * apart + 0.1
        if apart < 0.3:
            assert not corners and mended.borders.empty
        was = ct.Geography.from_frames(gpd.GeoDataFrame({"population": 1}, index=given.index,
                                                        geometry=given))  # fmt: skip
        before = set() if apart > 0.3 else corners
        listed = {(r.a, r.b): (r.before, r.after) for r in mended.borders.itertuples()}
        unlisted = corners - set(listed) - before
        if unlisted:  # neighbours already as they were drawn
            drawn = was.neighbours()
            assert unlisted <= set(drawn[["a", "b"]].itertuples(index=False, name=None))
        assert all((b >= 1) != (a >= 1) for b, a in listed.values())


def test_a_check_lists_the_pairs_whose_border_is_too_short_to_make_them_neighbours():
    # A and D share 60 cm of side, B and C none.
    four = series({"A": box(0, 0, 100.6, 100), "B": box(100.6, 0, 200, 100),
                   "C": box(0, 100, 100, 200), "D": box(100, 100, 200, 200)})  # fmt: skip
    said = "No neighbours, for their border is under 1 m: A and D (0.60 m)."
    assert said in ct.check(four).notes
    assert not any("No neighbours" in n for n in ct.check(series(METRES)).notes)
