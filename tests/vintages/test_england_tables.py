"""The tables of England: are they whole, and are they what was published?"""

from __future__ import annotations

import pandas as pd
import pytest

from .published import parquet, texts


def test_england_has_its_lsoas_and_everybody_who_lives_in_them():
    before, after = parquet("lsoa11"), parquet("lsoa21")
    assert (len(before), len(after)) == (32_844, 33_755)
    assert before["population"].sum() == 56_550_138
    assert after["census2021"].sum() == 56_490_108
    assert before["msoa11"].nunique() == 6_791


def test_lsoas_changed_in_the_four_official_ways():
    found = parquet("lsoa11_lsoa21")
    assert found["change_code"].value_counts().to_dict() == {
        "U": 31_810, "S": 1_842, "M": 194, "X": 9,
    }  # fmt: skip
    assert set(found["lsoa11_code"]) == set(parquet("lsoa11")["lsoa11_code"])
    assert set(found["lsoa21_code"]) == set(parquet("lsoa21")["lsoa21_code"])


def test_there_are_as_many_councils_as_in_law_in_each_year():
    councils = texts("councils")
    counted = {
        c: councils[c].nunique() for c in councils if c[:4] in ("ltla", "utla") and len(c) == 6
    }
    assert counted == {
        "ltla21": 309, "utla21": 152, "ltla23": 296, "utla23": 153, "ltla25": 296, "utla25": 153,
    }  # fmt: skip
    changed = councils[councils["ltla23"] != councils["ltla25"]]
    assert dict(zip(changed["ltla23"], changed["ltla25"], strict=True)) == {
        "E08000016": "E08000038",
        "E08000019": "E08000039",
    }


def test_the_boards_of_2026_are_36_and_frimley_goes_to_three_of_them():
    parts = texts("boards26")
    assert parts["icb26"].nunique() == 36
    assert parts.groupby("icb26")["icb26_name"].nunique().eq(1).all()
    lsoas = parquet("lsoa11").drop(columns="icb26")
    cut = lsoas[lsoas["sicbl22"] == "D4U1Y"].merge(
        parts[parts["ltla21"] != ""][["ltla21", "icb26"]], on="ltla21"
    )
    assert cut["icb26"].value_counts().to_dict() == {"S0E4D": 244, "QRL": 101, "S9B9J": 95}
    assert set(parts["sicbl22"]) == set(texts("boards")["sicbl22"])


def test_every_ccg_has_one_ods_code_of_its_own():
    ccgs = texts("ccgs21").set_index("ccg21")
    assert ccgs["ccg21_ods"].is_unique and len(ccgs) == 106
    some = ["E38000250", "E38000182", "E38000026", "E38000228"]
    assert ccgs.loc[some, "ccg21_ods"].to_list() == ["D2P2L", "01Y", "06H", "01K"]


@pytest.mark.reference
def test_the_tables_say_what_the_published_ones_say(reference):
    published = reference.parent / "figures" / "england"
    theirs = pd.read_parquet(published / "lsoa11.parquet").sort_index()
    ours = parquet("lsoa11").set_index("lsoa11_code")
    ages = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
    assert ours["population"].tolist() == theirs[ages].sum(axis=1).tolist()
    for column in ("msoa11", "ccg21", "sicbl22", "ltla21"):
        assert list(ours[column]) == list(theirs[column])
    boards = pd.read_csv(published / "boards.csv", dtype=str, keep_default_na=False)
    assert texts("boards")[list(boards.columns)].equals(boards)
    theirs = pd.read_parquet(published / "lsoa21.parquet").sort_index()
    ours = parquet("lsoa21").set_index("lsoa21_code")
    for column in ours.columns:
        assert list(ours[column]) == list(theirs[column]), column
