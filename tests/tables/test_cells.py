"""Cells of published tables: numbers, and everything that stands where a number should."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import coterminous as ct
from coterminous.tables import cells


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1210", 1210),
        ("1,210", 1210),
        ("1 210", 1210),
        ("1\u00a0210", 1210),
        ("1,234,567", 1234567),
        ("1'210", 1210),
        ("12.5", 12.5),
        ("1,210.5", 1210.5),
        ("+3", 3),
        ("-3", -3),
        ("1e3", 1000),
        (" 7 ", 7),
        (7, 7),
    ],
)
def test_numbers_as_published(cell, number):
    values, kinds = cells.read_numbers(pd.Series([cell], dtype=object))
    assert (values.tolist(), kinds.tolist()) == ([number], ["number"])


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        *((m, "hidden") for m in ("*", "c", "[c]", "low", "[low]", "<5", "fewer than 5", "(c)")),
        *((m, "not applicable") for m in ("z", "[z]")),
        *((m, "not available") for m in (":", "..", "[x]", "n/a", "null")),
        *((m, "dash") for m in ("-", "\u2013")),
        *((m, "percent") for m in ("12%", "12.5 %")),
        *((m, "empty") for m in ("", "  ", None, math.nan, pd.NA)),
        *(
            (m, "no number")
            for m in ("many", "inf", "1,21", "12,10", "1.2.3", "#REF!", True, math.inf)
        ),
    ],
)
def test_what_is_no_number_is_told_apart(cell, kind):
    values, kinds = cells.read_numbers(pd.Series([cell], dtype=object))
    assert kinds.tolist() == [kind]
    assert values.isna().all()


def test_each_kind_of_fault_is_said_with_its_own_mend_and_no_zero_for_a_hidden_count():
    column = pd.Series({"B1": "[c]", "B2": "12%", "B3": "-", "B4": "7"})
    with pytest.raises(ct.InputError) as error:
        cells.whole_column(column, "x.csv: column `n`")
    said = str(error.value)
    assert "1 cell that is hidden (suppressed): B1: [c]" in said
    assert "1 cell that is a percentage, which is no people: B2: 12%" in said
    assert "1 cell that is a dash" in said
    assert "0" not in said


def test_only_a_missing_cell_is_told_of_zero():
    with pytest.raises(ct.InputError, match="B1: empty; .* a block with nobody in it needs a 0"):
        cells.whole_column(pd.Series({"B1": ""}), "x")


def test_the_first_five_and_how_many_more():
    column = pd.Series({f"B{i}": "*" for i in range(900)})
    with pytest.raises(ct.InputError, match="900 cells that are hidden .*B4: [*] and 895 more;"):
        cells.whole_column(column, "x")


def test_a_frame_is_checked_as_a_file_is(grid):
    with pytest.raises(ct.InputError, match="3 cells that are hidden"):
        grid.with_weight("w", pd.Series({"nw": "1,210", "ne": "c", "sw": "<5", "se": "low"}))
    made = grid.with_weight("w", pd.Series({"nw": "1,210", "ne": "2", "sw": "0", "se": "1"}))
    assert made.weight("w").tolist() == [2, 1210, 1, 0]
