"""Merged numbers, thousands with a dot and codes that a spreadsheet broke are never counted."""

from __future__ import annotations

import pandas as pd
import pytest

import coterminous as ct
from coterminous.tables import cells


def test_a_dot_before_three_digits_is_refused_unless_another_cell_shows_decimals():
    with pytest.raises(ct.InputError, match=r"2 cells that have a dot.*B1: 1\.210, B3: 1\.000;"):
        cells.whole_column(pd.Series({"B1": "1.210", "B2": "960", "B3": "1.000"}), "x")
    assert cells.whole_column(pd.Series({"B1": "1.210", "B2": "0.5"}), "x").tolist() == [1.21, 0.5]
    rates = cells.whole_column(pd.Series({"B1": "1.210", "B2": "3"}), "x", counts=False)
    assert rates.tolist() == [1.21, 3]


@pytest.mark.parametrize("broken", ["1-Mar", "01/03/2024", "1E+05", "1E05", "1.0", "-", ".."])
def test_a_code_that_a_spreadsheet_broke_is_refused_in_text(broken):
    table = pd.DataFrame({"ward": ["W1", broken]}, index=[2, 3])
    with pytest.raises(ct.InputError, match="1 cell that is .*row 3: "):
        cells.check_text(table, "ward", "x.csv")


def test_lost_zeros_beside_zeros_are_refused_and_a_scheme_of_its_own_is_not():
    with pytest.raises(ct.InputError, match="2 cells that are without the leading zeros"):
        cells.check_text(pd.DataFrame({"ward": ["1", "2", "01"]}), "ward", "x.csv")
    for codes in (["1A05", "1E05"], ["01", "02"], ["1", "12"]):
        cells.check_text(pd.DataFrame({"ward": codes}), "ward", "x.csv")
