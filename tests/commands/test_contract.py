"""The fields of the command line's JSON that scripts outside this repository rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coterminous.cli import main
from coterminous.measures import MEASURES

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
STATUSES = {"newly_crossing", "resolved", "persisting", "never_crossing"}


@pytest.fixture
def answer(capsys):
    def ask(*arguments: str) -> Any:
        status = main([*arguments, "--format", "json"])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return json.loads(captured.out)

    return ask


def test_overlap_has_every_measure_by_its_name(answer):
    measures = answer("overlap", "pbp2021", "place2022")["measures"]
    assert set(measures) == set(MEASURES)


def test_layers_codes_are_the_official_ones(answer):
    def codes(layer: str) -> set[str]:
        return {a["code"] for a in answer("overlap", layer, "icb2022")["areas"]}

    assert codes("icb2022") == {"QE1"}
    assert codes("ccg2021") == {"00Q", "00R", "00X", "01A", "01E", "01K", "02G", "02M"}
    assert all(c.startswith(("E06", "E07")) for c in codes("ltla2021"))
    assert all(c.startswith("U") for c in codes("pcn2022"))
    assert all(c.startswith("E02") for c in codes("msoa2011"))
    assert codes("pbp2021") >= {"fylde-coast", "west-lancashire"}


def test_impact(answer):
    found = answer("impact", "gp", "--before", "pbp2021", "--after", "footprint2022")
    assert {"register", "before", "after", "threshold", "summary", "organisations"} <= set(found)
    summary = found["summary"]
    assert summary["patients"] == 1_811_829
    assert {"patients", "outside", "share"} <= set(summary["before"])
    assert {"patients", "outside", "share"} <= set(summary["after"])
    assert set(summary["organisations"]) == STATUSES
    keys = {"code", "name", "home_before", "home_after", "patients", "outside_before"}
    keys |= {"outside_after", "share_before", "share_after", "status"}
    assert all(keys <= set(o) for o in found["organisations"])
    assert {o["status"] for o in found["organisations"]} <= {*STATUSES, None}
    counted = [o["status"] for o in found["organisations"]]
    assert {s: counted.count(s) for s in STATUSES} == summary["organisations"]


def test_flows(answer):
    found = answer("flows", "trust", "--layer", "pbp2021")
    assert {"register", "layer", "localisation", "areas", "organisations", "table"} <= set(found)
    assert round(found["localisation"], 3) == 0.789
    assert {"code", "name", "patients", "main_organisation", "share_to_main"} <= set(
        found["areas"][0]
    )
    assert {"code", "name", "patients", "areas_reached", "effective_areas"} <= set(
        found["organisations"][0]
    )
    assert {"organisation", "area", "value", "share_of_organisation", "share_of_area"} <= set(
        found["table"][0]
    )
    lumps = {"OTHER", "UNATTRIBUTED"}
    assert not lumps & {o["code"] for o in found["organisations"]}
    assert lumps <= {r["organisation"] for r in found["table"]}


def test_partners(answer):
    found = answer("partners", "--before", "pbp2021", "--after", "footprint2022")
    assert {"before", "after", "organisations"} <= set(found)
    keys = {"kind", "code", "name", "areas_before", "areas_after"}
    keys |= {"effective_before", "effective_after"}
    assert all(keys <= set(o) for o in found["organisations"])


def test_compare(answer):
    found = answer("compare", "pbp2021", "footprint2022", "lgr2025_three", "--against", "utla2021")
    assert found["against"] == ["utla2021"]
    assert [d["name"] for d in found["drawings"]] == ["pbp2021", "footprint2022", "lgr2025_three"]
    keys = {"name", "areas", "largest", "smallest", "people_moved", "parted", "v_measure"}
    keys |= {"outside_patients", "localisation", "checks"}
    for drawing in found["drawings"]:
        assert keys <= set(drawing)
        assert set(drawing["v_measure"]) == {"utla2021"}
        assert set(drawing["checks"].values()) <= {"pass", "fail"}


def test_scenario_and_sweep(answer):
    one = answer("scenario", str(SCENARIOS / "west-lancashire-alone.toml"))
    assert {"name", "base", "layer", "log", "checks"} <= set(one)
    assert {"step", "blocks", "people"} <= set(one["log"][0])
    assert {"name", "ok", "detail"} <= set(one["checks"][0])
    several = answer("sweep", str(SCENARIOS))
    assert len(several) >= 6
    assert all({"name", "base", "layer", "log", "checks"} <= set(s) for s in several)


def test_options(answer):
    found = answer("options", "--units", "ltla2021", "--within", "icb2022", "--areas", "4")
    keys = {"units", "within", "areas", "count", "reference_sets", "pareto", "named"}
    assert keys <= set(found)
    assert found["count"] == 21_427
    place = found["named"]["place2022"]
    assert {"scores", "rank", "dominated_by"} <= set(place)
    assert set(place["rank"]) == set(found["reference_sets"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["impact", "gp", "--before", "pbp2021", "--after", "place2022"],
        ["flows", "trust", "--layer", "place2022"],
        ["partners", "--before", "pbp2021", "--after", "place2022"],
        ["compare", "pbp2021", "place2022"],
        ["layers"],
        ["data", "list"],
    ],
)
def test_csv_is_a_table_with_a_heading(arguments, capsys):
    assert main([*arguments, "--format", "csv"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert "," in heading
    assert rows
