"""What of a restricted register may be shown? Small counts hidden so that no total gives them away.

The least rule: counts of 1 to 4 are hidden, and enough others with them. A stricter one may be
asked for, a weaker one is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import pandas as pd

from coterminous.arguments import asked
from coterminous.disclosure.rules import Rule, named
from coterminous.errors import DisclosureError
from coterminous.results import Result, uncovered

LEAST = 5
TOTAL = "total"
#: What must be said beside every protected table: each was protected alone.
ALONE = (
    "This table was protected alone: beside another of the same register, such as an impact beside "
    "flows, networks beside practices or another layer, it can give small counts away."
)
Kind = TypeVar("Kind", bound=Result)


@overload
def protect(results: Kind, *, rule: str | Path | Rule | None = ..., least: int = ...) -> Kind: ...


@overload
def protect(
    results: Sequence[Result], *, rule: str | Path | Rule | None = ..., least: int = ...
) -> list[Any]: ...


@asked
def protect(results: Any, *, rule: str | Path | Rule | None = None, least: int = LEAST) -> Any:
    """Return results that may be written out: small counts hidden, and what would reveal them.

    Parameters
    ----------
    results : Impact, Flows or list of those
        Those of one register in a list, by whatever layers, and by practice and by network, are
        protected together, so that none gives away what another hides. Of a list with a rule
        everybody on an organisation's list counts as known, for such lists are published.
    rule : str, path or Rule, optional
        ``under5``, ``under10``, or a TOML file with a rule of your own (`name`, `version`,
        `source`, `low`, `high`). Rules that round, such as ``hes``, are refused so far.
    least : int
        Without a rule: counts under this are hidden, at least 5, in one result by itself. A
        count of 0 is no secret.

    Returns
    -------
    Impact, Flows or list of those
        Hidden numbers are missing. In an impact an organisation is shown whole or not at all;
        in flows single cells are hidden. Notes say which rule, what was protected together, how
        many counts are hidden, and what hiding cost beyond the least possible at most.

    Raises
    ------
    DisclosureError
        If a rule is unknown or rounds, `least` is under 5, a result is of a kind that no rule
        covers or is protected already, registers differ, or counts are no whole numbers.

    Examples
    --------
    >>> import coterminous as ct
    >>> found = ct.flows(ct.load(), "gp", layer="pbp2021")
    >>> protect(found, least=4)
    Traceback (most recent call last):
    coterminous.errors.DisclosureError: `least` is 4; the least rule hides counts under 5
    """
    if rule is not None:
        several = list(results) if isinstance(results, (list, tuple)) else [results]
        found = _by_rule(several, named(rule))
        return found if isinstance(results, (list, tuple)) else found[0]
    check_least(least)
    if isinstance(results, (list, tuple)):
        raise DisclosureError(
            "results that are protected together need a rule; give one, such as rule='under5'"
        )
    if not isinstance(results, Result):
        raise uncovered(results)
    return results.hidden_under(least)


def _by_rule(results: list[Any], rule: Rule) -> list[Any]:
    """Hide by a named rule, in all results together."""
    from coterminous.disclosure.together import hidden_together

    if rule.base > 1:
        raise DisclosureError(
            f"`rule` {rule.name!r} rounds counts, which `protect` does not do yet; give one that "
            "hides as many and rounds none, such as rule='under10'"
        )
    if not results:
        raise DisclosureError("`results` is empty; give impacts and flows of one register")
    for each in results:
        if not isinstance(each, Result):
            raise uncovered(each)
        if getattr(each, "behind", None) is None:
            if getattr(each, "behind", each) is each:
                raise uncovered(each)
            raise DisclosureError(
                f"{each.called} in `results` is protected already; give it as it was found"
            )
    if not rule.hides:
        return [replace(each, restricted=(), notes=(*each.notes, _open(rule))) for each in results]
    hidden = hidden_together(
        [each.behind for each in results], rule, [each._titled() for each in results]
    )
    return [each.hidden_by(one) for each, one in zip(results, hidden, strict=True)]


def _open(rule: Rule) -> str:
    return f"By the rule {rule.name} ({rule.source}): {rule.said}."


def check_least(least: int) -> None:
    """Raise if a rule is weaker than the least one.

    Raises
    ------
    DisclosureError
    """
    if isinstance(least, bool) or not isinstance(least, (int, np.integer)) or least < LEAST:
        raise DisclosureError(f"`least` is {least!r}; the least rule hides counts under {LEAST}")


def hidden_rows(parts: pd.DataFrame, *, least: int = LEAST) -> pd.Series:
    """Say which rows of disjoint parts must be hidden whole.

    A row with a small part is hidden. What all rows add up to is known, so that the hidden rows
    must not have a small part together either, nor be one alone: more are hidden, those with the
    fewest people first.

    Parameters
    ----------
    parts : pandas.DataFrame
        Whole numbers: by row the parts that people fall into, each person in one.
    least : int

    Returns
    -------
    pandas.Series of bool
    """
    check_least(least)
    cells = _whole(parts)
    hidden = np.asarray(((cells > 0) & (cells < least)).any(axis=1))
    order = np.lexsort((np.arange(len(cells)), cells.sum(axis=1)))
    while hidden.any() and not hidden.all():
        together = cells[hidden].sum(axis=0)
        weak = (together > 0) & (together < least)
        if hidden.sum() > 1 and not weak.any():
            break
        # A row that adds to a weak part mends it; failing that, any row.
        shown = [i for i in order if not hidden[i]]
        useful = [i for i in shown if (cells[i, weak] > 0).any()]
        hidden[(useful or shown)[0]] = True
    return pd.Series(hidden, index=parts.index, name="hidden")


def hidden_cells(counts: pd.DataFrame, *, least: int = LEAST) -> pd.DataFrame:
    """Say which cells of a table, and of its totals, must be hidden.

    Counts of 1 up to `least` are hidden; then others, the smallest first, until nobody who knows
    the shown cells and totals can tell a hidden count to within `least` values (each hidden
    count being known to be at least 1). Found exactly, by flows in the table's network (Gusfield
    1988, doi 10.1137/0217034).

    Parameters
    ----------
    counts : pandas.DataFrame
        Whole numbers, without totals.
    least : int

    Returns
    -------
    pandas.DataFrame of bool
        With a row and a column ``total`` more than `counts`.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    >>> int(hidden_cells(counts).to_numpy().sum())
    4
    """
    check_least(least)
    inner = _whole(counts)
    # A table with its totals is one in which every line adds to 0 once the totals are negative;
    # as a network of rows and columns the totals are cells like the others, seen from the far end.
    cells = np.zeros((inner.shape[0] + 1, inner.shape[1] + 1), dtype=np.int64)
    cells[:-1, :-1] = inner
    cells[:-1, -1], cells[-1, :-1] = inner.sum(axis=1), inner.sum(axis=0)
    cells[-1, -1] = inner.sum()
    hidden = (cells > 0) & (cells < least)
    checked: set[tuple[int, int]] = set()
    while True:
        open_to = _first_exposed(cells, hidden, least, checked)
        if open_to is None:
            break
        more = _next_to_hide(cells, hidden, *open_to)
        if more is None:
            hidden |= cells > 0
            break
        hidden[more] = True
    rows, columns = [*counts.index, TOTAL], [*counts.columns, TOTAL]
    return pd.DataFrame(hidden, index=rows, columns=columns)


def _first_exposed(
    cells: np.ndarray, hidden: np.ndarray, least: int, safe: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """Find a hidden cell whose value the rest pins down to fewer than `least` values."""
    for i, j in zip(*np.nonzero(hidden & (cells < least)), strict=True):
        # Hiding more never exposes a cell again, so that what was safe stays so.
        if (int(i), int(j)) in safe:
            continue
        if _room(cells, hidden, int(i), int(j)) < least - 1:
            return int(i), int(j)
        safe.add((int(i), int(j)))
    return None


def _room(cells: np.ndarray, hidden: np.ndarray, i: int, j: int) -> int:
    """Say over how many units a hidden cell's value can range, given all that is shown.

    Moving a hidden cell by one moves others along a cycle of rows and columns: the largest flows
    around it, up and down. Totals are cells of the opposite sign.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_flow

    rows, columns = cells.shape
    size, large = rows + columns, 1 << 28
    others = hidden.copy()
    others[i, j] = False
    a, b = np.nonzero(others)
    down = np.minimum(cells[a, b] - 1, large)
    # A flow from the row to the column raises the cell; a total falls instead, for it stands on
    # the other side of its line.
    totals = (a == rows - 1) ^ (b == columns - 1)
    capacity = np.zeros((size, size), dtype=np.int32)
    capacity[a, rows + b] = np.where(totals, down, large)
    capacity[rows + b, a] = np.where(totals, large, down)
    network = csr_matrix(capacity)
    total_cell = (i == rows - 1) ^ (j == columns - 1)
    back = int(maximum_flow(network, rows + j, i).flow_value)
    forth = int(maximum_flow(network, i, rows + j).flow_value)
    own = int(cells[i, j]) - 1
    rise, fall = (forth, min(back, own)) if total_cell else (back, min(forth, own))
    return min(rise, large) + fall


def _next_to_hide(cells: np.ndarray, hidden: np.ndarray, i: int, j: int) -> tuple[int, int] | None:
    """Choose what to hide beside an exposed cell: the smallest count, totals last.

    A line with one hidden cell gives it away, so that such lines come first, and a cell where two
    of them cross before all.
    """
    free = ~hidden & (cells > 0)
    rows, columns = (np.asarray(hidden.sum(axis=axis) == 1) for axis in (1, 0))
    crossing = rows[:, None].astype(int) + columns[None, :]
    choices = free & (crossing > 0)
    if not choices.any():
        mine = np.zeros_like(free)
        mine[i], mine[:, j] = True, True
        across, down = (np.asarray(hidden.any(axis=axis)) for axis in (1, 0))
        met = across[:, None] | down[None, :]
        choices = free & mine if (free & mine).any() else free & met
    if not choices.any():
        return None
    last = (cells.shape[0] - 1, cells.shape[1] - 1)
    return min(
        ((int(r), int(c)) for r, c in zip(*np.nonzero(choices), strict=True)),
        key=lambda at: (
            -crossing[at],
            at[0] == last[0] or at[1] == last[1],
            int(cells[at]),
            at,
        ),
    )


def _whole(counts: pd.DataFrame) -> np.ndarray:
    values = counts.to_numpy(dtype=float)
    if not np.isfinite(values).all() or (values < 0).any() or (values % 1 != 0).any():
        raise DisclosureError(
            "the least rule hides whole people; counts that were shared out, or are missing, "
            "cannot be protected: use a layer that does not cut the register's places"
        )
    return values.astype(np.int64)
