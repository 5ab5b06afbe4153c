"""How old are the lines, and the people counted by them? One line for the head of every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coterminous.words import date_in_words, listed, sentence_case


def said_of_age(
    *,
    lines: Iterable[str] = (),
    blocks: str = "",
    lists: str = "",
    residents: str = "",
    hospitals: str = "",
    current: bool = True,
) -> str:
    """Say in one line how old the data are.

    Parameters
    ----------
    lines : iterable of str
        The days of the lines.
    blocks, lists, residents, hospitals : str
        The day of the building blocks, of the lists of patients, of the residents, and of the
        hospitals' patients (or their period); what is empty is not said.
    current : bool
        False where the areas are of a later date than the people, so that a decision needs newer
        ones.

    Examples
    --------
    >>> said_of_age(lines=["2022-07-01"], blocks="2011-12-31", lists="2022-07-01",
    ...             residents="2020-06-30", hospitals="2019")
    'Lines of July 2022 on areas of 2011; GP lists July 2022; residents mid-2020; hospitals 2019.'
    """
    months = listed(dict.fromkeys(date_in_words(d, of_month=False) for d in lines if d), 4)
    drawn = " ".join(
        part
        for part in (f"lines of {months}" if months else "", f"on areas of {blocks[:4]}")
        if part and (blocks or not part.startswith("on"))
    )
    people = [
        f"{what} {when}"
        for what, when in (
            ("GP lists", date_in_words(lists, of_month=False)),
            ("residents", _middle(residents)),
            ("hospitals", date_in_words(hospitals, of_month=False)),
        )
        if when
    ]
    said = "; ".join([*([drawn] if drawn else []), *people])
    line = f"{sentence_case(said)}." if said else ""
    return line if current or not line else f"{line} A decision needs current data."


def _middle(day: str) -> str:
    """Call the middle of a year that, as estimates of residents do."""
    return f"mid-{day[:4]}" if day[5:] in ("06-30", "06") else date_in_words(day, of_month=False)


def period_of(described: Mapping[str, Any]) -> str:
    """Give the period that a register counts, or its day."""
    return str(described.get("period") or described.get("date") or "")
