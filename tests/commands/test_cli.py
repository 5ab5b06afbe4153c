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
    assert "exact: both layers are made of whole blocks" in said
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
