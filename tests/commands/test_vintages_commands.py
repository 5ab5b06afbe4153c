"""From the command line: which geography and year a table is, and the table of another year."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from coterminous.cli import main

ENGLAND = Path(__file__).resolve().parents[2] / "data" / "england"


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    return pd.read_parquet(ENGLAND / "lsoa11_lsoa21.parquet")


@pytest.fixture
def table(tmp_path, pairs) -> Path:
    """The LSOAs of 2021 in Lancashire's first split ones and their neighbours, with counts."""
    rows = pairs[pairs["change_code"].isin(["U", "S"])].iloc[:1500]
    rows = pd.DataFrame(
        {
            "area": rows["lsoa21_code"],
            "people": range(len(rows)),
            "ward": rows["lsoa11_code"].str[-3:],
        }
    )
    file = tmp_path / "counts.csv"
    rows.to_csv(file, index=False)
    return file


def test_codes_are_told_for_every_column_that_holds_them(table, capsys):
    assert main(["codes", str(table), "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["column"], found["kind"], found["year"]) == ("area", "lsoa", 2021)
    assert found["vintages"] == ["lsoa2021"] and found["codes"] == 1500
    assert main(["codes", str(table)]) == 0
    assert capsys.readouterr().out.startswith("area: LSOAs of 2021 (1,500 codes)")


def test_a_wrong_year_exits_with_two_and_the_command_that_mends_it(table, capsys):
    assert main(["codes", str(table), "--expected", "lsoa2011"]) == 2
    said = capsys.readouterr().err
    assert "column `area`: LSOAs of 2021 (1,500 codes), not LSOAs of 2011" in said
    assert "`coterminous translate FILE --to lsoa2011`" in said
    assert main(["codes", str(table), "--column", "nobody"]) == 2
    assert main(["codes", str(table), "--column", "people"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_counts_and_areas_are_translated_and_everybody_is_there(table, pairs, tmp_path, capsys):
    out = tmp_path / "of2011.csv"
    given = pd.read_csv(table, dtype={"ward": str})
    assert main(["translate", str(table), "--to", "lsoa2011", "--values", "people", "--areas",
                 "ward", "--out", str(out)]) == 0  # fmt: skip
    made = pd.read_csv(out, dtype={"ward": str})
    parents = given.merge(pairs, left_on="area", right_on="lsoa21_code")
    expected = parents.groupby("lsoa11_code")["people"].sum()
    assert made.set_index("lsoa2011")["people"].to_dict() == expected.to_dict()
    assert (made["ward"] == made["lsoa2011"].str[-3:]).all()
    assert f"given {given['people'].sum():,}" in capsys.readouterr().out


def test_translating_says_what_it_needs(table, capsys):
    assert main(["translate", str(table), "--to", "lsoa2011"]) == 2
    assert "say which columns hold counts with --values" in capsys.readouterr().err
    assert main(["translate", str(table), "--to", "icb2026", "--values", "people"]) == 2
    assert "no way to icb2026; name another one with --column" in capsys.readouterr().err
    assert main(["translate", str(table), "--to", "lsoa1991", "--values", "people"]) == 2
    assert main(["translate", str(table), "--to", "lsoa2011", "--values", "ward", "--column",
                 "people"]) == 2  # fmt: skip


def test_json_has_the_names_of_the_api(table, capsys):
    assert main(["translate", str(table), "--to", "lsoa2011", "--values", "people", "--format",
                 "json"]) == 0  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"to", "values", "areas"}
    assert set(found["values"]["people"]) == {
        "source", "target", "by", "values", "table", "ledger", "changes", "notes",
    }  # fmt: skip
    assert found["values"]["people"]["ledger"]["shared_out"] == 0
