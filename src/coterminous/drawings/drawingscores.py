"""How good each of many drawings is, from figures worked out once for each possible area.

A drawing is a row of positions in a table of areas. Whatever a score needs is a column of that
table: sums (localisation, patients inside their practice's area), two sums (v_measure), a maximum
(largest area) or a small assignment (people moved). So scoring a drawing is looking up and adding,
and a drawing that exists (a named layer) is scored by the same functions as one that does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.drawings.unitgraph import Ints
from coterminous.errors import unknown

Floats = NDArray[np.float64]
#: People: whole numbers, or parts of people where blocks are cut.
Counts: TypeAlias = NDArray[Any]

#: Each score, and whether more of it is better (1) or less (-1).
DIRECTIONS: Mapping[str, int] = {
    "v_measure": 1,
    "localisation": 1,
    "inside_practice_area": 1,
    "largest": -1,
    "people_moved": -1,
    "parted": -1,
    "smallest": 1,
}

#: Digits kept, so that equal drawings stay equal whatever order their sums were taken in.
_DIGITS = 10
_PARTS = 6
_SETS_AT_ONCE = 1 << 17


@dataclass(frozen=True)
class Figures:
    """What is known of some places (units, or the areas of a layer), one row a place.

    Parameters
    ----------
    people : array
        Residents; here and below not whole where a layer cuts blocks, see `as_counts`.
    against : array, shape (places, targets)
        Residents by target area, for coterminosity; residents outside every target left out.
    before : array, shape (places, old areas)
        Residents by old area, for who moved.
    activity : array of float, shape (places, organisations)
        Patients by the organisation they use, lumps left out.
    activity_total : array of float
        Patients, lumps (other, unattributed) included.
    registered : array of int, shape (places, places)
        Patients by place of residence (row) and place of their practice's main site (column).
    registered_total : array of int
        Patients by place of residence, wherever in the drawing their practice is.
    """

    people: Counts
    against: Counts
    before: Counts
    activity: Floats
    activity_total: Floats
    registered: Ints
    registered_total: Ints


@dataclass(frozen=True)
class AreaTable:
    """The columns that scoring looks up, one row for each possible area."""

    people: Counts
    margin: Counts
    margin_log: Floats
    cell_log: Floats
    before: Counts
    main_activity: Floats
    inside: Ints
    totals: Totals = field(repr=False)


@dataclass(frozen=True)
class Totals:
    """Sums over the whole geography, the same for each drawing."""

    target_entropy: float
    people: float
    people_before: float
    activity: float
    registered: int


def as_counts(values: NDArray[np.generic]) -> Counts:
    """Return counts as whole numbers where all are, else as they are: never cut off or rounded.

    Examples
    --------
    >>> as_counts(np.array([3.0, 4.0])), as_counts(np.array([2999.5, 3.0]))
    (array([3, 4]), array([2999.5,    3. ]))
    """
    exact = np.asarray(values, dtype=np.float64)
    whole = np.rint(exact)
    # Shares of a block add up to one only as near as a float can say.
    return whole.astype(np.int64) if np.allclose(exact, whole, rtol=0, atol=1e-6) else exact


def areas_of(figures: Figures) -> AreaTable:
    """Make the table in which every place is an area of its own (a named layer)."""
    n = len(figures.people)
    inside = figures.registered[np.arange(n), np.arange(n)] if n else figures.people
    return _table(
        figures.people,
        figures.against,
        figures.before,
        figures.activity,
        inside,
        _totals(figures),
    )


def areas_from_sets(figures: Figures, sets: NDArray[np.bool_]) -> AreaTable:
    """Make the table in which every row is a set of units.

    Parameters
    ----------
    figures : Figures
        Of the units.
    sets : array of bool, shape (sets, units)
        Which units each set holds.

    Examples
    --------
    >>> one = np.array([[1, 0], [0, 1]])
    >>> figures = Figures(np.array([10, 20]), one * 10, one, one * 1.0, np.array([1.0, 1.0]),
    ...                   one * 5, np.array([5, 5]))
    >>> areas_from_sets(figures, np.array([[True, False], [True, True]])).people.tolist()
    [10, 30]
    """
    parts = []
    for start in range(0, max(len(sets), 1), _SETS_AT_ONCE):
        held = sets[start : start + _SETS_AT_ONCE].astype(np.float64)
        # Sums of people stay far below 2**53, so that products of floats are exact and fast.
        inside = np.einsum("su,su->s", held @ figures.registered.astype(float), held)
        parts.append(
            _table(
                (held @ figures.people).astype(figures.people.dtype),
                (held @ figures.against).astype(figures.against.dtype),
                (held @ figures.before).astype(figures.before.dtype),
                held @ figures.activity,
                np.rint(inside).astype(np.int64),
                _totals(figures),
            )
        )
    names = [n for n in AreaTable.__dataclass_fields__ if n != "totals"]
    return AreaTable(
        **{n: np.concatenate([getattr(p, n) for p in parts]) for n in names},
        totals=_totals(figures),
    )


def _table(
    people: Counts, against: Counts, before: Counts, activity: Floats, inside: Ints, totals: Totals
) -> AreaTable:
    margin = against.sum(axis=1)
    return AreaTable(
        people=people,
        margin=margin,
        margin_log=_x_log_x(margin),
        cell_log=_x_log_x(against).sum(axis=1),
        before=before,
        main_activity=activity.max(axis=1, initial=0.0),
        inside=inside,
        totals=totals,
    )


def _totals(figures: Figures) -> Totals:
    targets = figures.against.sum(axis=0)
    people = targets.sum().item()
    entropy = np.log(people) - _x_log_x(targets).sum() / people if people else 0.0
    return Totals(
        target_entropy=float(entropy),
        people=people,
        people_before=figures.before.sum().item(),
        activity=float(figures.activity_total.sum()),
        registered=int(figures.registered_total.sum()),
    )


def _x_log_x(counts: NDArray[np.generic]) -> Floats:
    values = np.asarray(counts, dtype=np.float64)
    return values * np.log(np.where(values > 0, values, 1.0))


def scores(table: AreaTable, drawings: NDArray[np.integer]) -> pd.DataFrame:
    """Score every drawing.

    Parameters
    ----------
    table : AreaTable
        What is known of each possible area.
    drawings : array of int, shape (drawings, areas)
        Positions in the table.

    Returns
    -------
    DataFrame
        One row a drawing, one column a score; see `DIRECTIONS` for which way is better.
    """
    moved: NDArray[np.generic] = np.full(len(drawings), np.nan)
    parted = moved
    if table.before.shape[1]:
        moved, parted = people_moved(table.before, drawings), _parted(table, drawings)
    people = table.people[drawings]
    return pd.DataFrame(
        {
            "v_measure": _v_measure(table, drawings),
            "localisation": _share(table.main_activity, drawings, table.totals.activity),
            "inside_practice_area": _share(table.inside, drawings, table.totals.registered),
            "largest": people.max(axis=1),
            "smallest": people.min(axis=1),
            "people_moved": moved,
            "parted": parted,
        },
        index=pd.RangeIndex(len(drawings), name="drawing"),
    )


def _share(column: NDArray[np.generic], drawings: NDArray[np.integer], total: float) -> Floats:
    if not total:
        return np.full(len(drawings), np.nan)
    return np.round(column[drawings].sum(axis=1) / total, _DIGITS)


def _v_measure(table: AreaTable, drawings: NDArray[np.integer]) -> Floats:
    """Compute V (b = 1) with the drawing as source, from three sums (natural logarithms)."""
    n = table.totals.people
    if not n:
        return np.full(len(drawings), np.nan)
    source = np.log(n) - table.margin_log[drawings].sum(axis=1) / n
    joint = np.log(n) - table.cell_log[drawings].sum(axis=1) / n
    target = table.totals.target_entropy
    shared = source + target - joint
    homogeneity = np.where(source > 1e-12, shared / np.where(source > 1e-12, source, 1.0), 1.0)
    completeness = shared / target if target > 1e-12 else np.ones_like(shared)
    both = homogeneity + completeness
    value = np.where(
        both > 1e-12, 2 * homogeneity * completeness / np.where(both > 1e-12, both, 1.0), 0.0
    )
    return np.round(np.clip(value, 0.0, 1.0), _DIGITS)


def _parted(table: AreaTable, drawings: NDArray[np.integer]) -> Counts:
    """Count the people outside the largest part of their old area."""
    stayed = np.zeros(len(drawings), dtype=table.before.dtype)
    for old in range(table.before.shape[1]):
        stayed += table.before[:, old][drawings].max(axis=1)
    return _settled(table.totals.people_before - stayed)


def _settled(counts: Counts) -> Counts:
    """Leave out digits that depend on the order in which parts of people were added."""
    return counts if np.issubdtype(counts.dtype, np.integer) else np.round(counts, _PARTS)


def people_moved(before: Counts, drawings: NDArray[np.integer]) -> Counts:
    """Count who changes area under the best one-to-one matching of old and new areas.

    Parameters
    ----------
    before : array, shape (possible areas, old areas)
        Residents of each possible area by old area.
    drawings : array of int, shape (drawings, areas)
        Positions in `before`.

    Notes
    -----
    The best matching of every drawing is found at once: for each set of old areas already matched
    the largest number of people who stay, one new area after the other (Held and Karp's recursion,
    1962, doi 10.1137/0110015). With many old areas the Hungarian method is run row by row.

    Examples
    --------
    >>> people_moved(np.array([[5, 1], [0, 4]]), np.array([[0, 1]])).tolist()
    [1]
    """
    total = np.full(len(drawings), before[drawings[0]].sum() if len(drawings) else 0)
    old_areas = before.shape[1]
    if old_areas > 7:
        from scipy.optimize import linear_sum_assignment

        stays = []
        for row in drawings:
            old, new = linear_sum_assignment(before[row], maximize=True)
            stays.append(before[row][old, new].sum())
        return _settled(total - np.array(stays, dtype=before.dtype).reshape(len(drawings)))
    best: dict[int, Counts] = {0: np.zeros(len(drawings), dtype=before.dtype)}
    for column in drawings.T:
        grown = dict(best)
        for matched, stay in best.items():
            for old in range(old_areas):
                if matched >> old & 1:
                    continue
                now = stay + before[column, old]
                key = matched | 1 << old
                grown[key] = np.maximum(grown[key], now) if key in grown else now
        best = grown
    return _settled(total - np.max(list(best.values()), axis=0))


def oriented(table: pd.DataFrame, chosen: Sequence[str]) -> Floats:
    """Turn the chosen scores so that more is better in each.

    Raises
    ------
    InputError
        If a score is unknown.
    """
    for name in chosen:
        if name not in DIRECTIONS:
            raise unknown("scores", name, list(DIRECTIONS))
    return np.column_stack([table[n].to_numpy(dtype=float) * DIRECTIONS[n] for n in chosen])


def pareto(values: Floats) -> NDArray[np.bool_]:
    """Mark the rows that no other row dominates: as good in every column, better in one.

    Parameters
    ----------
    values : array of float, shape (drawings, scores)
        More is better.

    Examples
    --------
    >>> pareto(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0]])).tolist()
    [True, True, False]
    """
    unique, inverse = np.unique(values, axis=0, return_inverse=True)
    # Whatever dominates a row has larger ranks in sum, so it stands before the row in this order.
    ranks = np.column_stack([np.unique(c, return_inverse=True)[1] for c in unique.T])
    order = np.argsort(-(ranks / ranks.max(axis=0).clip(1)).sum(axis=1), kind="stable")
    ranks = ranks[order].astype(np.int32)
    front = ranks[:0]
    kept = np.zeros(len(ranks), dtype=bool)
    step = 512
    for start in range(0, len(ranks), step):
        chunk = ranks[start : start + step]
        alive = np.flatnonzero(~_dominated(chunk, front))
        alive = alive[~_dominated(chunk[alive], chunk[alive])]
        kept[start + alive] = True
        front = np.concatenate([front, chunk[alive]])
    result = np.zeros(len(unique), dtype=bool)
    result[order] = kept
    return result[inverse.ravel()]


def _dominated(rows: NDArray[np.integer], by: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which rows some row of `by` dominates (both hold distinct rows)."""
    lost = np.zeros(len(rows), dtype=bool)
    for start in range(0, len(by), 256):
        left = np.flatnonzero(~lost)
        if not left.size:
            break
        others = by[start : start + 256]
        no_worse = np.ones((left.size, len(others)), dtype=bool)
        better = np.zeros((left.size, len(others)), dtype=bool)
        for c in range(rows.shape[1]):
            mine, theirs = rows[left, c][:, None], others[None, :, c]
            no_worse &= theirs >= mine
            better |= theirs > mine
        lost[left] = (no_worse & better).any(axis=1)
    return lost


def rank(values: Floats, row: Floats) -> list[int | None]:
    """Rank a row among many in each column: one more than the number that beat it.

    Examples
    --------
    >>> rank(np.array([[1.0], [2.0], [3.0]]), np.array([2.0]))
    [2]
    """
    beaten = (values > row[None, :]).sum(axis=0)
    return [None if np.isnan(v) else int(n) + 1 for n, v in zip(beaten, row, strict=True)]


def dominating(values: Floats, row: Floats) -> Ints:
    """Find the rows as good as this one in every column and better in at least one."""
    fine = (values >= row[None, :]).all(axis=1) & (values > row[None, :]).any(axis=1)
    return np.flatnonzero(fine)
