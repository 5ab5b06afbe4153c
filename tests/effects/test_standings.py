"""How each area of a layer stands to another: by hand on a small town, by pandas on England."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main

from ..folders.test_england import table


@pytest.fixture(scope="module")
def town() -> ct.Geography:
    blocks = pd.DataFrame({"population": [10, 20, 30, 40, 0]}, index=[*"abcde"])
    made = ct.Geography.from_frames(blocks)
    boards = pd.Series({"a": "P", "b": "P", "c": "Q", "d": "R", "e": "S"})
    councils = pd.Series({"a": "1", "b": "2", "c": "2", "d": "3", "e": "4"})
    teams = pd.Series({"a": "t1", "b": "t2", "c": "t3", "d": "t4", "e": "t4"})
    return (
        made.with_layer("board", boards).with_layer("council", councils).with_layer("team", teams)
    )


def test_areas_are_ranked_by_the_people_in_whole_councils(town):
    found = ct.league(town, "board", "council", parts="team", register="").table
    # R is council 3; P holds council 1 (10 of its 30) and cuts 2; Q only cuts 2; nobody is in S.
    assert found.index.tolist() == ["R", "P", "Q", "S"]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["people_in_whole_targets"].tolist()[:3] == [40, 10, 0]
    assert found["share_in_whole_targets"].tolist()[:3] == pytest.approx([1, 1 / 3, 0])
    counts = found[["targets", "whole_targets", "cut_targets"]].astype("float")
    assert counts.to_numpy()[:3].tolist() == [[1, 1, 0], [2, 1, 1], [1, 0, 1]]
    assert counts.loc["S"].isna().all() and found.loc["S", "relation"] != found.loc["S", "relation"]
    assert found["parts"].tolist()[:3] == [1, 2, 1]
    assert found["v_measure_of_parts"].isna().tolist()[:3] == [True, False, True]
    assert found.loc["P", "v_measure_of_parts"] == 1


def test_areas_that_are_level_share_a_rank_in_order_of_code(town):
    found = ct.league(town, "council", "council", register="").table
    assert found["rank"].tolist() == [1, 1, 1, 4] and found.index.tolist() == [*"1234"]


def test_measures_and_areas_of_unions_by_hand(town):
    overlap = town.overlap("board", "council")
    measures = overlap.measures()
    assert (measures["whole_targets"], measures["people_in_whole_targets"]) == (2, 50)
    assert measures["share_in_whole_targets"] == pytest.approx(0.5)
    back = overlap.reversed().areas()
    assert back["whole_targets"].astype("float").tolist()[:3] == [0, 1, 1]


def test_patients_outside_are_those_whose_practice_is_in_another_area(town):
    rows = pd.DataFrame({"organisation": ["X", "X", "Y", "Z"], "block": ["a", "c", "c", "d"],
                         "patients": [5, 2, 8, 4]})  # fmt: skip
    sites = pd.DataFrame({"block": ["a", "c", None]}, index=["X", "Y", "Z"])
    counted = ct.Register.from_table(rows, area=town, organisations=sites, published=True)
    found = ct.league(town, "board", "council", register=counted).table
    # X stands in P: 2 of its 7 live in Q. Where Z stands nobody knows.
    assert found.loc[["P", "Q", "R"], "patients"].tolist() == [5, 10, 0]
    assert found.loc[["P", "Q", "R"], "outside"].tolist() == [0, 2, 0]
    assert found.loc["Q", "share_outside"] == pytest.approx(0.2)


def test_a_restricted_register_is_not_shown(town):
    rows = pd.DataFrame({"organisation": ["X"], "block": ["a"], "patients": [5]})
    sites = pd.DataFrame({"block": ["a"]}, index=["X"])
    counted = ct.Register.from_table(rows, area=town, organisations=sites)
    found = ct.league(town, "board", "council", register=counted)
    assert "5" not in repr(found)
    with pytest.raises(ct.DisclosureError):
        found.plot()


@pytest.fixture(scope="module")
def england() -> ct.Geography:
    return ct.load("england")


def test_boards_of_england_stand_to_councils_as_plain_pandas_says(england):
    lsoas = table("lsoa11.parquet").set_index("lsoa11_code")
    ages = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
    lsoas["people"] = lsoas[ages].sum(axis=1)
    lsoas["icb22"] = lsoas["sicbl22"].map(table("boards.csv").set_index("sicbl22")["icb22"])
    lsoas["utla21"] = lsoas["ltla21"].map(table("councils.csv").set_index("ltla21")["utla21"])
    boards_of = lsoas.groupby("utla21")["icb22"].nunique()
    whole = lsoas["utla21"].map(boards_of) == 1
    people = lsoas.groupby("icb22")["people"].sum()
    expected = lsoas[whole].groupby("icb22")["people"].sum().reindex(people.index, fill_value=0)
    found = ct.league(england, "icb2022", "utla2021", register="").table
    assert found["people_in_whole_targets"].reindex(people.index).tolist() == expected.tolist()
    share = found["share_in_whole_targets"].round(2)
    assert share[["QE1", "QOQ", "QXU"]].tolist() == [0.89, 0.67, 0.00]
    assert int((found["rank"] == 1).sum()) == 26
    assert found.loc["QOP", ["targets", "whole_targets", "cut_targets"]].tolist() == [10, 10, 0]


def test_the_command_answers_in_every_form(capsys, tmp_path):
    asked = ["league", "ccg2021", "utla2021", "--out", str(tmp_path / "l.png")]
    assert main([*asked, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"layer", "other", "parts", "register", "notes", "areas"}
    assert {"rank", "code", "share_in_whole_targets", "share_outside"} <= set(answer["areas"][0])
    assert (tmp_path / "l.png").stat().st_size > 10_000
    first = (tmp_path / "l.png").read_bytes()
    assert main([*asked, "--format", "csv"]) == 0
    assert (tmp_path / "l.png").read_bytes() == first
    assert main(["league", "ccg2021", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_the_map_says_where_and_is_of_the_same_geography(lsc, tmp_path):
    found = ct.league(lsc, "place2022", "utla2021")
    assert "South Cumbria 0%" in found.plot(lsc).alt_text
    with pytest.raises(ct.InputError, match="other areas in layer 'icb2022' than the league"):
        ct.league(lsc, "icb2022", "utla2021").plot(ct.load("QOQ"))
    file = tmp_path / "map.png"
    assert main(["league", "place2022", "utla2021", "--map", str(file)]) == 0
    assert file.stat().st_size > 10_000


def test_the_picture_says_what_it_shows_and_is_the_same_twice(lsc):
    found = ct.league(lsc, "place2022", "utla2021")
    figure = found.plot()
    assert figure.alt_text.startswith("3 of the 4 places of the integrated care board")
    assert "Lancashire 100%" in figure.alt_text
