"""By what are people shared out, and how, so that none is lost and none is cut?"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.vintages import england
from coterminous.vintages.crosswalks import is_cut

By = Literal["population", "lsoas"]


def whole_shares(people: int, weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Share whole people out by weights: everybody's whole part, then the largest remainders.

    Ties go to the earlier of two. Whole weights are shared in whole numbers, so that the answer
    is the same on every machine.

    Parameters
    ----------
    people : int
        Not negative.
    weights : array of int or float
        Not negative, and not all 0.

    Examples
    --------
    >>> whole_shares(10, [1, 1, 1]).tolist()
    [4, 3, 3]
    """
    weight = np.asarray(weights)
    if np.issubdtype(weight.dtype, np.integer):
        given, remainder = np.divmod(people * weight.astype(np.int64), int(weight.sum()))
    else:
        due = people * (weight / weight.sum())
        given = np.floor(due + 1e-9).astype(np.int64)
        remainder = np.round(due - given, 9)
    order = np.lexsort((np.arange(len(weight)), -remainder))
    given[order[: people - int(given.sum())]] += 1
    return np.asarray(given, dtype=np.int64)


def running_shares(people: npt.ArrayLike, weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Share the whole people of several rows out, so that rows and columns both come right.

    By largest remainder row by row, a hundred practices with one patient each would all give
    that patient to the larger side. Here every row is rounded as part of a running total: a row
    keeps its people, and what each side gets is within one person of its due, for two sides.

    Parameters
    ----------
    people : array of int, one a row
    weights : array, one a side

    Returns
    -------
    array, a row for each row and a column for each side

    Examples
    --------
    >>> running_shares([1, 1, 1, 1], [3, 1]).tolist()
    [[1, 0], [1, 0], [0, 1], [1, 0]]
    """
    left = np.asarray(people, dtype=np.int64)
    weight = np.asarray(weights, dtype=float)
    columns = []
    for side in range(len(weight) - 1):
        due = weight[side] / weight[side:].sum() if weight[side:].sum() else 0.0
        running = np.floor(np.cumsum(left) * due + 0.5 + 1e-9).astype(np.int64)
        given = np.diff(running, prepend=0)
        columns.append(given)
        left = left - given
    return np.stack([*columns, left], axis=1)


def weights_of(
    pieces: pd.DataFrame, by: By | pd.Series, people: pd.Series, *, origin: str, target: str
) -> pd.Series:
    """Give each piece the weight by which the people of its source are shared out.

    Parameters
    ----------
    pieces : pandas.DataFrame
        Rows of a crosswalk.
    by : {'population', 'lsoas'} or pandas.Series
        See `translate`.
    people : pandas.Series
        Those of each source: where there are none, no count is needed.
    origin, target : str
        The vintages.

    Raises
    ------
    InputError
        If counts are missing or negative, or are of nobody where there are people.
    """
    if isinstance(by, pd.Series):
        return _own_counts(pieces, by, people, origin, target)
    if by not in ("population", "lsoas"):
        raise unknown("by", by, ["population", "lsoas"])
    if by == "lsoas" and origin.startswith("lsoa"):
        raise InputError(
            "`by` is 'lsoas', and these areas are LSOAs themselves; share them out by "
            "'population', or by counts of your own"
        )
    weight = pieces["people" if by == "population" else "lsoas"]
    nobody = weight.groupby(pieces["source"]).transform("sum") == 0
    return weight.mask(nobody, pieces["lsoas"])


def _own_counts(
    pieces: pd.DataFrame, counts: pd.Series, people: pd.Series, origin: str, target: str
) -> pd.Series:
    """Give each piece of a source that was cut its own count."""
    twice = counts.index[counts.index.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"`by` has {len(twice):,} codes more than once: {first_five(twice)}; sum them first"
        )
    cut = is_cut(pieces)
    found = _count_of_each(pieces, counts, origin, target)
    needed = cut & (pieces["source"].map(people) > 0)
    lacking = pieces[needed & found.isna()]
    if len(lacking):
        pairs = [f"{s} to {t}" for s, t in zip(lacking["source"], lacking["target"], strict=True)]
        raise InputError(
            f"`by` has no count for {len(lacking):,} pieces of areas that were cut: "
            f"{first_five(pairs)}; give each a count, by pair of source and target"
        )
    if (found < 0).any():
        raise InputError(f"`by` has {int((found < 0).sum()):,} negative counts; give people")
    total = found.fillna(0).groupby(pieces["source"]).transform("sum")
    if (needed & (total == 0)).any():
        those = pieces.loc[needed & (total == 0), "source"].unique()
        raise InputError(f"`by` counts nobody in {first_five(those)}, whose people it is to share")
    return found.fillna(0).where(cut & (total > 0), 1.0)


def _count_of_each(pieces: pd.DataFrame, counts: pd.Series, origin: str, target: str) -> pd.Series:
    """Find the count of each piece: by pair, by target, or summed over LSOAs of 2011."""
    keys = pd.MultiIndex.from_frame(pieces[["source", "target"]])
    if isinstance(counts.index, pd.MultiIndex):
        return pd.Series(counts.reindex(keys).to_numpy(), index=pieces.index)
    if origin.startswith("lsoa"):
        found = pieces["target"].map(counts)
        # An LSOA that takes in parts of several has a count, but none for each part.
        return found.mask(pieces["change"] == "X")
    placed = england.placed()
    rows = counts.reindex(placed.index).groupby([placed[origin], placed[target]])
    return pd.Series(rows.sum(min_count=1).reindex(keys).to_numpy(), index=pieces.index)
