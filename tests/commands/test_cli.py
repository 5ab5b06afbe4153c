"""The command line: what scripts rely on, and how it fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import coterminous
from coterminous.cli import main
from coterminous.files import bundled_folder

AREA_KEYS = [
    "code",
    "name",
    "value",
    "relation",
    "best_target",
    "share_in_best",
    "share_of_best",
    "jaccard",
    "effective_targets",
    "tied",
    "targets",
    "whole_targets",
    "cut_targets",
    "people_in_whole_targets",
    "share_in_whole_targets",
]


def run(code: str) -> str:
    """Run code in a new interpreter; what it says when it fails, else nothing."""
    source = Path(coterminous.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(source)},
    )
    return done.stderr if done.returncode else ""


def test_overlap_answers_the_contract(capsys):
    assert main(["overlap", "place2022", "utla2021", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {
        "source",
        "target",
        "weight",
        "method",
        "areas",
        "measures",
        "table",
        "ledger",
    }
    assert all(list(a) == AREA_KEYS for a in answer["areas"])
    assert set(answer["table"][0]) == {
        "source",
        "target",
        "value",
        "share_of_source",
        "share_of_target",
    }
    assert list(answer["ledger"]) == ["both", "source_only", "target_only", "neither", "total"]
    assert answer["measures"]["mapcurves_from"] in ("source", "target")
    total = sum(row["value"] for row in answer["table"])
    assert total == answer["ledger"]["total"] - answer["ledger"]["neither"]


def test_shares_of_nothing_are_null(capsys):
    assert main(["overlap", "place2022", "utla2021", "--format", "json"]) == 0
    table = json.loads(capsys.readouterr().out)["table"]
    outside = [r for r in table if r["source"] == "outside"]
    assert outside
    assert all(r["share_of_source"] is None and r["share_of_target"] > 0 for r in outside)


def test_csv_is_the_table(capsys):
    assert main(["overlap", "pbp2021", "place2022", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "source,target,value,share_of_source,share_of_target"
    assert any(line.startswith("morecambe-bay,lancashire,148119,") for line in lines)


def test_the_table_to_read_has_areas_measures_and_ledger(capsys):
    assert main(["overlap", "place2022", "utla2021"]) == 0
    said = capsys.readouterr().out
    assert "exact: areas before and after are made of whole blocks" in said
    assert "coterminous" in said
    assert "v_measure" in said
    assert "neither" in said
    assert "Bentham" in said


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_layers_are_listed(capsys, form):
    assert main(["layers", "--format", form]) == 0
    assert "footprint2022" in capsys.readouterr().out


def test_bad_input_is_one_sentence_on_standard_error_and_status_two(capsys):
    assert main(["overlap", "pbp", "utla2021"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("coterminous: `source` is 'pbp', which is not one of: icb2022")
    assert captured.err.count("\n") == 1


def test_an_unknown_command_is_status_two(capsys):
    assert main(["overlop"]) == 2
    assert "invalid choice" in capsys.readouterr().err


def test_data_list_and_verify(capsys):
    assert main(["data", "list"]) == 0
    assert "Open Government Licence" in capsys.readouterr().out
    assert main(["data", "verify"]) == 0


def test_a_changed_or_missing_file_fails_the_check(capsys, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(bundled_folder(), folder)
    with (folder / "people" / "population.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    (folder / "SOURCES.md").unlink(missing_ok=True)
    assert main(["data", "verify", "--data", str(folder), "--format", "json"]) == 1
    status = {r["path"]: r["status"] for r in json.loads(capsys.readouterr().out)}
    assert status["people/population.csv"] == "changed"


def test_nothing_heavy_is_imported_for_help():
    code = (
        "import sys; from coterminous.cli import main; main(['--help']); "
        "heavy = {'numpy','pandas','geopandas','shapely','scipy','folium','matplotlib','pyproj'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    assert run(code) == ""


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, coterminous; "
        "sys.exit('geopandas' in sys.modules or 'pandas' in sys.modules or 0)"
    )
    assert run(code) == ""


def _mark(path):
    path.write_text("mine\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["html", "png", "svg", "pdf"])
def test_a_map_replaces_its_own_and_nothing_else(ending, tmp_path, capsys):
    words = ["map", "pbp2021", "--out", str(tmp_path / f"map.{ending}")]
    assert main(words) == 0
    first = (tmp_path / f"map.{ending}").read_bytes()
    assert main(words) == 0
    assert (tmp_path / f"map.{ending}").read_bytes() == first
    _mark(tmp_path / f"map.{ending}")
    assert main(words) == 2
    assert f"map.{ending}, which is there and was not made by" in capsys.readouterr().err
    assert (tmp_path / f"map.{ending}").read_text(encoding="utf-8") == "mine\n"
    assert main([*words, "--force"]) == 0
    assert (tmp_path / f"map.{ending}").read_bytes() == first


def test_a_translation_never_replaces_what_it_reads(tmp_path, capsys):
    given = tmp_path / "v11.csv"
    given.write_text("lsoa11,n\nE01000001,5\n", encoding="utf-8")
    words = ["translate", str(given), "--to", "lsoa2021", "--values", "n", "--out"]
    for more in ([], ["--force"]):
        assert main([*words, str(given), *more]) == 2
        assert "v11.csv, which is read; give another name" in capsys.readouterr().err
    assert given.read_text(encoding="utf-8") == "lsoa11,n\nE01000001,5\n"
    other = _mark(tmp_path / "user.csv")
    assert main([*words, str(other)]) == 2
    assert "or --force to replace it" in capsys.readouterr().err
    assert other.read_text(encoding="utf-8") == "mine\n"
    assert main([*words, str(other), "--force"]) == 0
    assert other.read_text(encoding="utf-8").startswith("lsoa2021,n\n")
    assert main([*words, str(tmp_path / "new.csv")]) == 0


def test_mended_polygons_never_replace_a_file_that_is_there(tmp_path, capsys):
    given, other = _mark(tmp_path / "a.geojson"), _mark(tmp_path / "b.geojson")
    assert main(["check", str(given), "--mend", str(given), "--force"]) == 2
    assert "which is read" in capsys.readouterr().err
    assert main(["check", str(given), "--mend", str(other)]) == 2
    assert "b.geojson, which is there" in capsys.readouterr().err
    assert other.read_text(encoding="utf-8") == "mine\n"
