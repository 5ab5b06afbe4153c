"""The commands impact, flows and partners: what scripts rely on, and how they fail."""

from __future__ import annotations

import csv
import io
import json

import pytest

from coterminous.cli import main

REALIGNMENT = ["--before", "pbp2021", "--after", "footprint2022"]


@pytest.fixture
def own_file(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "PRACTICE_CODE,LSOA_CODE,NUMBER_OF_PATIENTS\n"
        "P81002,E01025120,900\nP81002,E01025563,80\nP81029,E01025120,700\nP81029,E01025563,90\n",
        encoding="utf-8",
    )
    return str(path)


def answered(capsys, *arguments: str) -> dict:
    assert main([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_impact_prints_a_summary(capsys):
    assert main(["impact", "gp", *REALIGNMENT]) == 0
    said = capsys.readouterr().out
    assert "10,363 of 1,811,829 patients live outside" in said
    assert "34 newly crossing, 3 resolved, 4 persisting, 161 never crossing" in said


def test_impact_as_json(capsys):
    plain = answered(capsys, "impact", "gp", *REALIGNMENT)
    assert plain["summary"]["after"]["outside"] == 78_792
    assert len(plain["organisations"]) == 239


def test_impact_as_csv(capsys):
    assert main(["impact", "gp/network", *REALIGNMENT, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert sum(int(r["registered"]) for r in rows) == 1_839_238


def test_flows_as_json_and_side_by_side(capsys):
    plain = answered(capsys, "flows", "trust", "--layer", "pbp2021", "--beside", "footprint2022")
    assert round(plain["localisation"], 3) == 0.789
    assert plain["beside"]["layer"] == "footprint2022"
    assert main(["flows", "trust", "--layer", "pbp2021", "--beside", "footprint2022"]) == 0
    assert "Localisation by footprint2022 0.685" in capsys.readouterr().out


def test_partners_as_json(capsys):
    plain = answered(capsys, "partners", *REALIGNMENT)
    first = plain["organisations"][0]
    assert list(first)[:3] == ["kind", "code", "name"]
    assert {"areas_before", "areas_after", "effective_before", "effective_after"} <= set(first)
    assert main(["partners", *REALIGNMENT, "--organisations", "utla2021, trust"]) == 0
    assert "Cumbria" in capsys.readouterr().out


def test_a_file_of_your_own_is_not_printed_without_a_rule(capsys, own_file):
    for command in (
        ["impact", "gp", *REALIGNMENT],
        ["flows", "gp", "--layer", "pbp2021"],
        ["partners", *REALIGNMENT],
    ):
        assert main([*command, "--register-file", own_file]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "restricted" in captured.err


def test_a_file_of_other_organisations_does_not_take_the_place_of_a_register(capsys, own_file):
    command = ["flows", "trust", "--layer", "pbp2021", "--register-file", own_file, "--published"]
    assert main(command) == 2
    assert "none of the organisations of register 'trust'" in capsys.readouterr().err


def test_sizes_are_printed_in_both_populations(capsys):
    assert main(["overlap", "place2022", "utla2021"]) == 0
    said = capsys.readouterr().out
    assert "living in registered with practices in" in said
    assert "138,381                      176,857" in said
    assert main(["overlap", "place2022", "utla2021", "--weight", "hectares"]) == 0
    assert "registered" not in capsys.readouterr().out
    assert main(["layers"]) == 0
    assert "1,701,655                    1,819,226" in capsys.readouterr().out


def test_a_rule_weaker_than_the_least_is_refused(capsys, own_file):
    command = ["flows", "gp", "--layer", "pbp2021", "--register-file", own_file, "--least", "2"]
    assert main(command) == 2
    assert "`least` is 2; the least rule hides counts under 5" in capsys.readouterr().err


def test_two_layers_of_a_restricted_register_are_not_printed_side_by_side(capsys, own_file):
    command = ["flows", "gp", "--layer", "pbp2021", "--beside", "place2022", "--least", "5"]
    assert main([*command, "--register-file", own_file]) == 2
    assert "can be subtracted from each other" in capsys.readouterr().err


def test_a_file_said_to_be_published_is_printed(capsys, own_file):
    plain = answered(
        capsys, "impact", "gp", *REALIGNMENT, "--register-file", own_file, "--published"
    )
    assert plain["summary"]["patients"] == 1_770
    plain = answered(
        capsys, "flows", "gp", "--layer", "pbp2021", "--register-file", own_file, "--least", "5"
    )
    assert sum(r["value"] for r in plain["table"]) == 1_770


def test_an_unknown_register_is_one_sentence(capsys):
    assert main(["impact", "pg", *REALIGNMENT]) == 2
    said = capsys.readouterr().err
    assert said.startswith("coterminous: `register` is 'pg', which is not one of: gp, trust")
    assert "Traceback" not in said


@pytest.mark.reference
def test_the_official_file_gives_the_bundled_answer(capsys, reference):
    path = str(reference / "gp-reg-pat-prac-lsoa-all.csv")
    bundled = answered(capsys, "impact", "gp", *REALIGNMENT)
    official = answered(
        capsys, "impact", "gp", *REALIGNMENT, "--register-file", path, "--published"
    )
    assert official["summary"] == bundled["summary"]


def test_two_layers_are_hidden_together_by_a_named_rule(capsys, own_file):
    command = ["flows", "gp", "--layer", "pbp2021", "--beside", "place2022"]
    command += ["--register-file", own_file]
    plain = answered(capsys, *command, "--disclosure", "under10")
    assert any("by the rule under10" in n for n in plain["notes"])
    assert any("by place2022" in n for n in plain["notes"])
    assert main([*command, "--disclosure", "hes"]) == 2
    assert "`rule` 'hes' rounds counts" in capsys.readouterr().err
    assert main([*command[:4], *command[6:], "--disclosure", "under5", "--least", "5"]) == 2
    assert "give one of them" in capsys.readouterr().err
    assert main([*command, "--disclosure", "under10"]) == 0
    assert "by the rule under10" in capsys.readouterr().out
