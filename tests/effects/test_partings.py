"""Who is parted from most of their old area, by deprivation and age."""

from __future__ import annotations

import pandas as pd
import pytest

import coterminous as ct


def test_the_people_outside_the_largest_part_are_parted(grid):
    found = ct.parted(grid, before="rows", after="columns")

    # N is 10 west and 20 east; S is 30 west and 40 east.
    assert found.people == 40
    assert found.areas()[["largest", "stay", "parted"]].to_numpy().tolist() == [
        ["E", 20, 10],
        ["E", 40, 30],
    ]
    assert found.blocks.to_dict() == {"ne": 0.0, "nw": 1.0, "se": 0.0, "sw": 1.0}


def test_nobody_of_an_area_taken_whole_is_parted(grid):
    assert ct.parted(grid, before="rows", after="town").people == 0


def test_everybody_is_in_the_ledger(grid):
    found = ct.parted(grid, before="rows", after="hamlet")
    assert found.ledger.to_dict() == {
        "parted": 0,
        "others": 40,
        "one_only": 60,
        "neither": 0,
        "total": 100,
    }


def test_groups_add_up_and_what_is_not_stated_is_a_row(grid):
    owned = pd.Series({"nw": 4, "ne": 10, "sw": 10, "se": 20})
    area = grid.with_weight("tenure_owned", owned, title="Owners")
    table = ct.parted(area, before="rows", after="columns", by=["tenure"]).table

    assert table["group"].tolist() == ["tenure_owned", "not stated"]
    assert table[["parted", "others"]].to_numpy().tolist() == [[14, 30], [26, 30]]
    assert table["share_of_parted"].tolist() == [0.35, 0.65]


def test_groups_of_more_people_than_there_are_are_refused(grid):
    area = grid.with_weight("age_all", pd.Series({"nw": 11, "ne": 0, "sw": 0, "se": 0}))
    with pytest.raises(ct.InputError, match="`by` 'age' counts more people than 'population' in 1"):
        ct.parted(area, before="rows", after="columns", by=["age"])


def test_an_unknown_group_is_named(grid):
    with pytest.raises(ct.InputError, match="`by` is 'income', which is not one of"):
        ct.parted(grid, before="rows", after="columns", by=["income"])


def test_450_076_are_parted_and_live_in_poorer_places(lsc):
    found = ct.parted(lsc, before="pbp2021", after="footprint2022", by=["imd2019_quintile", "age"])

    assert found.people == 450_076
    assert found.ledger["parted"] + found.ledger["others"] == 1_701_655
    table = found.table.set_index("group")
    assert table.loc["quintile_1", "share_of_parted"] == pytest.approx(0.435, abs=0.0005)
    assert table.loc["quintile_1", "share_of_others"] == pytest.approx(0.238, abs=0.0005)
    for _, groups in found.table.groupby("by"):
        assert groups["parted"].sum() == 450_076
        assert groups["others"].sum() == 1_251_579


def test_json_has_the_groups(lsc):
    plain = ct.parted(lsc, before="pbp2021", after="footprint2022", by=["age"]).as_json()
    assert plain["parted"] == 450_076
    assert [r["group"] for r in plain["table"]] == [
        "age_0_17",
        "age_18_64",
        "age_65_84",
        "age_85_plus",
    ]
