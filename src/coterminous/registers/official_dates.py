"""Which day does an official file mean? Dates are YYYYMMDD, and are compared as text."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from coterminous.errors import InputError, first_five


def day_asked(text: str) -> str:
    """Return a date that was asked for, such as 2022-07-01, as YYYYMMDD.

    Raises
    ------
    InputError
        If it is none.
    """
    digits = str(text).strip().replace("-", "")
    if not (re.fullmatch(r"(19|20)\d{6}", digits) and _is_day(digits)):
        raise InputError(f"`on` is {text!r}; give a date such as 2022-07-01")
    return digits


def days_of(column: pd.Series, where: str, name: str) -> pd.Series:
    """Return dates as YYYYMMDD, which sorts; empty where there is none.

    Raises
    ------
    InputError
        If a cell is something else.
    """
    text = column.fillna("").str.strip().str.replace(r"\.0$", "", regex=True)
    text = text.str.replace("-", "").str.replace(r"^(\d{8})\D.*$", r"\1", regex=True)
    bad = (text != "") & ~(text.str.fullmatch(r"(19|20)\d{6}") & text.map(_is_day))
    if bad.any():
        raise InputError(
            f"{where}: column `{name}` has {int(bad.sum())} cells that are no dates (YYYYMMDD): "
            f"{first_five(column[bad].unique())}; write each as 20220701 or 2022-07-01"
        )
    return text


def _is_day(digits: str) -> bool:
    try:
        date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}")
    except ValueError:
        return False
    return True
