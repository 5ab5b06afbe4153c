"""How is a number written in a sentence or a cell? One way for each kind, everywhere."""

from __future__ import annotations

from math import floor
from typing import Any, Literal

import pandas as pd
from pandas.api.types import is_scalar

Kind = Literal[
    "text",
    "people",
    "count",
    "share",
    "percent",
    "decimal",
    "measure",
    "hectares",
    "code",
    "about",
    "portion",
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
        places, ``measure`` three, ``hectares`` none; ``about`` is people and ``portion`` a
        proportion, both rounded to what estimates bear.

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
    if kind == "about":
        return _about(number)
    if kind == "portion":
        return _portion(number * 100)
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


def _about(number: float) -> str:
    """Write people to three figures of millions, to the thousand, the hundred or the ten.

    Examples
    --------
    >>> _about(1515487), _about(450076), _about(10363), _about(1234), _about(999700), _about(3)
    ('1.52 million', '450,000', '10,000', '1,200', '1 million', 'under 10')
    """
    if 0 < number < 10:
        return "under 10"
    step = 1_000 if number >= 10_000 else 100 if number >= 1_000 else 10
    # Halves go up, as people round.
    near = floor(number / step + 0.5) * step
    if near < 1_000_000:
        return f"{near:,}"
    return f"{floor(number / 10_000 + 0.5) / 100:.2f}".rstrip("0").rstrip(".") + " million"


def _portion(percent: float) -> str:
    """Write a percentage whole, and one under ten to one place.

    Examples
    --------
    >>> [_portion(n) for n in (26.449, 4.3487, 4.0, 99.7, 100, 0)]
    ['26%', '4.3%', '4%', 'over 99%', '100%', '0%']
    """
    if 0 < percent < 0.05:
        return "under 0.1%"
    if 99.5 <= percent < 100:
        return "over 99%"
    tenths = floor(percent * 10 + 0.5 + 1e-9) / 10
    if tenths < 10:
        return f"{tenths:.1f}".removesuffix(".0") + "%"
    return f"{floor(percent + 0.5 + 1e-9)}%"
