"""How is a number written in a sentence or a cell? One way for each kind, everywhere."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
from pandas.api.types import is_scalar

Kind = Literal[
    "text", "people", "count", "share", "percent", "decimal", "measure", "hectares", "code"
]

NOTHING = "–"


def missing(value: Any) -> bool:
    """Say whether a value is absent: None, NaN, pandas' NA and NaT, or an empty string.

    Examples
    --------
    >>> missing(float("nan")), missing(None), missing(pd.NA), missing(0)
    (True, True, True, False)
    """
    if not is_scalar(value):
        return False
    # Asked first: pandas' NA answers no comparison with true or false.
    return bool(pd.isna(value)) or value == ""


def written(value: Any, kind: Kind = "text") -> str:
    """Write a value the one way it is written in every format.

    Parameters
    ----------
    value
        A number, a text, or nothing (None, NaN).
    kind
        ``people`` and ``count`` are whole numbers, ``share`` a proportion printed as a
        percentage to one place, ``percent`` a number already in per cent, ``decimal`` two
        places, ``measure`` three, ``hectares`` none.

    Examples
    --------
    >>> written(334287, "people"), written(0.0415, "share"), written(0.9912, "measure")
    ('334,287', '4.2%', '0.991')
    >>> written(None, "share"), written(0.99996, "share"), written(0.0002, "share")
    ('–', 'under 100%', 'under 0.1%')
    """
    if missing(value):
        return NOTHING
    if kind in ("text", "code"):
        return str(value)
    number = float(value)
    if kind in ("people", "count", "hectares"):
        return f"{number:,.0f}"
    if kind in ("share", "percent"):
        return _percentage(number * 100 if kind == "share" else number)
    return f"{number:,.{3 if kind == 'measure' else 2}f}"


def _percentage(percent: float) -> str:
    """Write a percentage so that rounding never turns some into none, or most into all."""
    if 0 < percent < 0.05:
        return "under 0.1%"
    if 99.95 <= percent < 100:
        return "under 100%"
    text = f"{percent:,.1f}"
    return f"{text.removesuffix('.0')}%" if percent in (0, 100) else f"{text}%"
