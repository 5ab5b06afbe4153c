"""How many people are in each block? A weight is a number per block, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.tables.cells import whole_column
from coterminous.words import counted


@dataclass(frozen=True)
class Weight:
    """A number per block, and what it is: read when it is first asked for.

    `short` heads a column of it beside others of its kind, such as ``0 to 17``; `said` is what is
    true of those whom it counts, such as ``are under 18``; `given` are its values where they were
    given as such, not read from a file.
    """

    name: str
    title: str
    unit: str
    date: str
    source: str
    read: Callable[[], pd.Series] = field(repr=False, compare=False)
    short: str = ""
    said: str = ""
    given: pd.Series | None = field(default=None, repr=False, compare=False)

    @property
    def heading(self) -> str:
        """What stands over a column of it, among others of its kind."""
        return self.short or self.title

    @property
    def predicate(self) -> str:
        """What is true of the people that it counts, after a plural: ``are under 18``."""
        return self.said or f"are counted as {self.heading}"


def of_frame(blocks: pd.DataFrame, columns: Iterable[str]) -> dict[str, Weight]:
    """Take columns of a frame of blocks as weights of people.

    Raises
    ------
    InputError
        If a column is not there.
    """
    made = {}
    for column in columns:
        if column not in blocks.columns:
            raise unknown("weights", column, list(blocks.columns))
        made[column] = Weight(
            column,
            column,
            "people",
            "",
            "",
            partial(checked_weight, blocks[column], column, _FRAME),
        )
    return made


def checked_weight(values: pd.Series, name: str, where: str) -> pd.Series:
    """Return a weight with whole numbers as such, or say which blocks have none or less than 0."""
    if values.index.has_duplicates:
        twice = values.index[values.index.duplicated()].unique()
        raise InputError(f"{where}: weight {name!r} is given twice for {first_five(twice)}")
    numbers = whole_column(values, f"{where}: weight {name!r}")
    below = numbers.index[numbers < 0]
    if len(below):
        raise InputError(
            f"{where}: weight {name!r} is negative in {counted(len(below), 'block')}: "
            f"{first_five(below)}; give counts of at least 0"
        )
    above = numbers.index[numbers > _MOST]
    if len(above):
        raise InputError(
            f"{where}: weight {name!r} is too large in {counted(len(above), 'block')}: "
            f"{first_five(f'{b}: {numbers[b]:.10g}' for b in above)}; give counts of at most "
            f"{_MOST:,.0f}"
        )
    whole = (numbers % 1 == 0).all()
    return numbers.astype(np.int64 if whole else float).rename(name)


_FRAME = "`blocks`"
#: More than anybody counts in a block, and little enough for sums of blocks to be exact.
_MOST = 1e11
