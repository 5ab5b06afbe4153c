"""The commands `overlay`, `check` and `data new`, as a script would use them."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from coterminous.cli import main


@pytest.fixture
def files(tmp_path):
    a = gpd.GeoDataFrame(
        {"ID": ["a1", "a2"], "staff": [10, 30]},
        geometry=[box(0, 0, 100, 100), box(100, 0, 300, 100)],
        crs=27700,
    )
    b = gpd.GeoDataFrame({"CODE": ["b1"]}, geometry=[box(50, 0, 300, 100)], crs=27700)
    a.to_file(tmp_path / "a.gpkg")
    b.to_file(tmp_path / "b.geojson")
    return tmp_path


def test_overlay_prints_hectares_and_says_which_columns_it_took(files, capsys):
    paths = [str(files / "a.gpkg"), str(files / "b.geojson")]
    assert main(["overlay", *paths, "--a-code", "ID", "--b-code", "CODE", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["source"], found["target"], found["weight"]) == ("a", "b", "hectares")
    assert found["ledger"]["both"] == 2.5
    assert "code from 'ID'" in err
    assert main(["overlay", *paths, "--a-weight", "staff", "--format", "csv"]) == 0
    assert "a1,b1,5.0" in capsys.readouterr().out
    assert main(["overlay", *paths]) == 0
    assert "a2" in capsys.readouterr().out


def test_overlay_of_bad_input_is_one_sentence_and_status_two(files, capsys):
    assert main(["overlay", str(files / "a.gpkg"), str(files / "none.gpkg")]) == 2
    err = capsys.readouterr().err
    assert err.strip().splitlines()[-1].startswith("coterminous: ")
    assert "Traceback" not in err
    gpd.read_file(files / "b.geojson").to_crs(4326).to_file(files / "degrees.gpkg")
    paths = [str(files / "a.gpkg"), str(files / "degrees.gpkg")]
    assert main(["overlay", *paths]) == 2
    assert "in degrees" in capsys.readouterr().err
    assert main(["overlay", *paths, "--crs", "27700"]) == 0
    capsys.readouterr()
    assert main(["overlay", *paths, "--crs", "99999"]) == 2
    assert "`--crs` is 99999, which is no EPSG code" in capsys.readouterr().err


def test_check_reports_and_returns_one_if_polygons_cannot_be_used(files, capsys):
    assert main(["check", str(files / "a.gpkg")]) == 0
    bad = gpd.GeoDataFrame(
        {"ID": ["x", "x"]}, geometry=[box(0, 0, 200, 100), box(100, 0, 300, 100)], crs=27700
    )
    bad.to_file(files / "bad.gpkg")
    capsys.readouterr()
    assert main(["check", str(files / "bad.gpkg"), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [f["fault"] for f in found["faults"]] == ["duplicate code", "overlap"]
    assert not found["ok"]


def test_codes_that_are_numbers_are_a_fault_of_the_file(files, capsys):
    numbered = gpd.GeoDataFrame(
        {"ID": [1, 2]}, geometry=[box(0, 0, 9, 9), box(9, 0, 18, 9)], crs=27700
    )
    numbered.to_file(files / "numbered.gpkg")
    assert main(["check", str(files / "numbered.gpkg"), "--format", "json"]) == 1
    said = capsys.readouterr()
    assert [f["fault"] for f in json.loads(said.out)["faults"]] == ["numbers as codes"]
    assert "code from 'ID'" in said.err


def test_check_mends_into_another_file_and_never_into_the_same(files, capsys):
    sliver = gpd.GeoDataFrame(
        {"ID": ["x", "y"]}, geometry=[box(0, 0, 101, 50), box(100, 0, 300, 50)], crs=27700
    )
    file, out = files / "sliver.gpkg", files / "mended.gpkg"
    sliver.to_file(file)
    before = file.read_bytes()
    assert main(["check", str(file), "--mend", str(file)]) == 2
    assert "which is read; give another name" in capsys.readouterr().err
    assert main(["check", str(file), "--mend", str(out), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["after"]["faults"] == []
    assert [c["code"] for c in found["changes"]] == ["x", "y"]
    assert file.read_bytes() == before
    assert gpd.read_file(out)["ID"].tolist() == ["x", "y"]
    assert main(["check", str(file), "--mend", str(files / "again.gpkg")]) == 0
    assert "After:" in capsys.readouterr().out


def test_check_of_a_refused_mend_writes_nothing(files, capsys):
    from shapely import Polygon

    bow = gpd.GeoDataFrame(
        {"ID": ["x"]}, geometry=[Polygon([(0, 0), (200, 200), (200, 0), (0, 200)])], crs=27700
    )
    bow.to_file(files / "bow.geojson")
    assert main(["check", str(files / "bow.geojson"), "--mend", str(files / "out.gpkg")]) == 2
    assert "not mended" in capsys.readouterr().err
    assert not (files / "out.gpkg").exists()


def test_check_of_a_lookup_counts_its_blocks_and_areas(tmp_path, capsys):
    file = tmp_path / "lookup.csv"
    file.write_text("LSOA11CD,WD24CD\nb1,W1\nb2,W1\nb3,\n")
    assert main(["check", str(file)]) == 0
    assert "3 blocks (from 'LSOA11CD'), 2 of them in 1 areas" in capsys.readouterr().out
    assert main(["check", str(file), "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("ok,blocks,inside,areas,taken_")
    book = tmp_path / "lookup.xlsx"
    with pd.ExcelWriter(book) as written:
        for sheet in ("now", "then"):
            pd.read_csv(file).to_excel(written, sheet_name=sheet, index=False)
    assert main(["check", str(book)]) == 2
    assert (
        "has 2 sheets: now, then; 2 of them have a table; say which with `sheet`"
        in capsys.readouterr().err
    )
    assert main(["check", str(book), "--sheet", "then"]) == 0
    capsys.readouterr()
    file.write_text("LSOA11CD,WD24CD\nb1,W1\nb1,W2\n")
    assert main(["check", str(file)]) == 2
    assert "more than one area: 'b1: W1 and W2'" in capsys.readouterr().err


def test_a_new_folder_is_a_geography_that_runs(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["data", "new", str(folder)]) == 0
    assert main(["layers", "--data", str(folder), "--format", "json"]) == 0
    assert main(["overlap", "before", "after", "--data", str(folder)]) == 0
    capsys.readouterr()
    assert main(["check", str(folder / "blocks.geojson"), "--data", str(folder)]) == 0
    assert "B6" in capsys.readouterr().out
    assert main(["data", "new", str(folder)]) == 2
    assert "has something in it already" in capsys.readouterr().err
