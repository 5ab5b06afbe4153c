"""A table for readers has names, whole people, and shares as people write them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import coterminous as ct


def test_each_kind_of_figure_is_written_as_people_write_it():
    table = pd.DataFrame(
        {
            "people": [1655401, 5],
            "shared_out": [1234.4, 10.5],
            "share_in_best": [0.41355, np.nan],
            "v_measure": [0.36301, 1.0],
            "areas": pd.array([2, None], dtype="Int64"),
            "ok": [True, False],
            "whole": [2.0, 4.0],
            "shares": [["a", "b"], []],
        },
        index=["x", "y"],
    )
    shown = ct.readable(table)
    assert shown.loc["x"].tolist() == [
        *("1,655,401", "1,234", "41.4%", "0.363", "2", "yes", "2", "a, b")
    ]
    assert shown.loc["y"].tolist() == ["5", "10", "", "1.000", "", "no", "4", ""]
    assert list(shown.columns) == list(table.columns)
    assert list(shown.index) == ["x", "y"]
    assert table.loc["x", "people"] == 1655401


def test_codes_in_cells_become_names_and_those_of_the_index_stay(lsc):
    areas = lsc.overlap("pbp2021", "utla2021").areas()
    councils = lsc.layer("utla2021")
    shown = ct.readable(areas[["best_target"]], councils)
    assert list(shown.index) == list(areas.index)
    assert shown["best_target"].tolist() == [
        *("Lancashire", "Blackpool", "Cumbria", "Blackburn with Darwen", "Lancashire")
    ]


def test_a_series_is_one_column_and_columns_of_one_name_stay_apart():
    ledger = pd.Series({"both": 1701655, "neither": 0}, name="people")
    assert ct.readable(ledger)["people"].tolist() == ["1,701,655", "0"]
    twice = pd.DataFrame([[1, 0.5]], columns=["share", "share"])
    assert ct.readable(twice).to_numpy().tolist() == [["100.0%", "50.0%"]]


def test_two_names_for_one_code_are_refused(grid):
    one, other = (
        ct.Layer.from_lookup("l", pd.Series({"b": "c"}), names={"c": name}) for name in "xy"
    )
    with pytest.raises(ct.InputError, match="`layers` give two names to 'c'"):
        ct.readable(pd.DataFrame({"a": ["c"]}), one, other)
