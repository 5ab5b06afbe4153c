"""Has the other table a row for every key of ours? Who is lost in a join is named."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables.keys import folded, matched

log = logging.getLogger(__name__)

#: What a rule may say of keys that the other table lacks.
MISSING = ("error", "outside")


def joined(
    keys: pd.Series,
    table: pd.DataFrame,
    where: str,
    *,
    missing: str = "error",
    people: Callable[[], pd.Series] | None = None,
    mend: str = "",
) -> pd.DataFrame:
    """Give each block the row that another table has for its key.

    Parameters
    ----------
    keys : pandas.Series
        The key of each block; a missing one is outside, and joins nothing.
    table : pandas.DataFrame
        By key, each once; see `keyed`.
    where : str
        The other table, for the sentence.
    missing : {'error', 'outside'}
        What becomes of blocks whose key has no row: an error that names them, or, by a rule that
        says so, outside.
    people : callable, optional
        Gives the people of each block, to say how many are lost.
    mend : str
        What the user can do besides giving the rows.

    Raises
    ------
    InputError
        If a key has no row and no rule says what then.

    Examples
    --------
    >>> regions = pd.DataFrame({"region": ["R"]}, index=["E1"])
    >>> joined(pd.Series({"b1": "E1", "b2": None}), regions, "regions.csv")["region"].tolist()
    ['R', nan]
    """
    ours = pd.Index(keys.dropna().unique(), dtype="str")
    spelt = table.set_axis(matched(table.index, ours, where))
    lacking = keys.notna() & ~keys.isin(spelt.index)
    if lacking.any():
        codes = sorted(keys[lacking].unique())
        lost = f"{int(lacking.sum()):,} of {len(keys):,} blocks{_people(lacking, people)}"
        sentence = (
            f"{where} has no row for {len(codes):,} of {len(ours):,} codes of `{keys.name}`: "
            f"{first_five(codes)} ({lost})"
        )
        if missing != "outside":
            raise InputError(f"{sentence}; {_why(codes, spelt.index)}give each a row{mend}")
        log.info("%s: outside, by the rule `missing`", sentence)
    return spelt.reindex(keys).set_axis(keys.index)


def _people(lacking: pd.Series, people: Callable[[], pd.Series] | None) -> str:
    if people is None:
        return ""
    count = people()
    return f", {count[lacking].sum():,.0f} of {count.sum():,.0f} people"


def _why(codes: list[str], there: pd.Index) -> str:
    """Say what may be the reason, if the codes show one."""
    bare = {folded(c).lstrip("0") for c in there}
    if sum(folded(c).lstrip("0") in bare for c in codes) > len(codes) / 2:
        return "leading zeros are lost in one of them; "
    shapes = {_shape(c) for c in there}
    if any(_shape(c) in shapes for c in codes):
        return "are they codes of another year? "
    return "are they codes of another kind? "


def _shape(code: str) -> str:
    return "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in str(code))
