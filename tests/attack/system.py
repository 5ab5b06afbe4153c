"""What values can each count have, if all that was told of the counts is true?

Counts are whole and at least 0. What is told of them is a range, or a sum of some of them that
lies in a range. The answer is a lowest and a highest value for each: first by going from sum to
sum until nothing moves, then by linear programmes over all sums at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SLACK = 1e-6
_ROUNDS = 60
#: So many programmes are solved before their sums are followed again.
_BATCH = 12
#: More people than any register holds: where a programme would have no end.
_ENDLESS = 1e7


class Contradiction(ValueError):  # noqa: N818 -- it is a finding, and names itself
    """What was told cannot all be true: something was read wrongly, or supposed wrongly."""


class Cell(NamedTuple):
    """One count: of an organisation's people, those at a place (an area of a layer, or a sum)."""

    organisation: str
    place: str


class System:
    """Counts, and everything that is known of them."""

    def __init__(self) -> None:
        self.cells: dict[Cell, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._factors: list[float] = []
        self._least: list[float] = []
        self._most: list[float] = []
        self._told: set[tuple[object, ...]] = set()

    def cell(self, organisation: str, place: str) -> int:
        """Return the number of a count, a new one if nothing was told of it yet."""
        key = Cell(organisation, place)
        if key not in self.cells:
            self.cells[key] = len(self.low)
            self.low.append(0.0)
            self.high.append(np.inf)
        return self.cells[key]

    def within(self, cell: int, lowest: float, highest: float) -> None:
        """Tell a range of one count."""
        self.low[cell] = max(self.low[cell], lowest)
        self.high[cell] = min(self.high[cell], highest)

    def relate(self, factors: Mapping[int, float], lowest: float, highest: float) -> None:
        """Tell a range of a sum of counts, each times its factor."""
        same = (tuple(sorted(factors.items())), lowest, highest)
        if same in self._told:
            return
        self._told.add(same)
        row = len(self._least)
        self._rows.extend([row] * len(factors))
        self._columns.extend(factors)
        self._factors.extend(factors.values())
        self._least.append(lowest)
        self._most.append(highest)

    def adds_up(self, total: int, parts: Iterable[int]) -> None:
        """Tell that some counts add up to another."""
        self.relate({**dict.fromkeys(parts, 1.0), total: -1.0}, 0.0, 0.0)

    def tighten(self) -> None:
        """Go from sum to sum, narrowing the counts in each, until nothing moves.

        Raises
        ------
        Contradiction
        """
        low, high = np.array(self.low), np.array(self.high)
        if self._rows:
            entries = np.array(self._rows), np.array(self._columns), np.array(self._factors)
            _follow(*entries, np.array(self._least), np.array(self._most), low, high)
        if (low > high).any():
            names = list(self.cells)
            worst = names[int(np.argmax(low - high))]
            raise Contradiction(f"no count is possible for {worst.organisation} at {worst.place}")
        self.low, self.high = low.tolist(), high.tolist()

    def followed(self, targets: Iterable[int]) -> dict[int, tuple[float, float]]:
        """Find the lowest and highest value of some counts, by following the sums alone."""
        self.tighten()
        return {c: (self.low[c], self.high[c]) for c in targets}

    def ranges(
        self, targets: Iterable[int], own: tuple[int, int]
    ) -> dict[int, tuple[float, float]]:
        """Find the lowest and highest value of some counts, by linear programmes.

        A count that can be as low as `own` begins and as high as it ends has kept its secret,
        and is not looked at more closely: its range is then at least `own`.
        """
        self.tighten()
        low, high = np.array(self.low), np.array(self.high)
        asked = np.array(sorted(set(targets)), dtype=int)
        found = {int(c): (low[c], high[c]) for c in asked}
        if not self._rows or not len(asked):
            return found
        # A count that cannot be small has no secret of the rule; one that equals another, its.
        twin = self._twins(low, high)
        open_ = asked[(low[asked] < high[asked]) & (low[asked] <= own[1])]
        for programme in self._programmes(low, high, twin):
            mine = programme.mine(twin[open_])
            if len(mine):
                found.update(programme.ranges(mine, own))
        found.update({int(c): found[int(twin[c])] for c in open_ if int(twin[c]) in found})
        return {int(c): found[int(c)] for c in asked}

    def _twins(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Say of each count which other is always as large, the first of them for all."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        rows, columns = np.array(self._rows), np.array(self._columns)
        factors, count = np.array(self._factors), len(self._least)
        known = low[columns] == high[columns]
        least = np.array(self._least)
        told = np.bincount(rows[known], (factors * low[columns])[known], minlength=count)
        rows, columns, factors = rows[~known], columns[~known], factors[~known]
        balanced = np.bincount(rows, factors, minlength=count) == 0
        pairs = (np.bincount(rows, minlength=count) == 2) & balanced & (least == told)
        pairs &= least == np.array(self._most)
        both = columns[pairs[rows]][np.argsort(rows[pairs[rows]], kind="stable")].reshape(-1, 2)
        graph = coo_matrix((np.ones(len(both)), both.T), shape=(len(low), len(low)))
        _, group = connected_components(graph, directed=False)
        _, first = np.unique(group, return_index=True)
        return first[group]

    def _programmes(self, low: np.ndarray, high: np.ndarray, twin: np.ndarray) -> list[_Programme]:
        """Take the sums apart into those that share no open count."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        count, rows = len(low), np.array(self._rows)
        columns, factors = np.array(self._columns), np.array(self._factors)
        open_ = low < high
        known = ~open_[columns]
        told = np.bincount(
            rows[known], factors[known] * low[columns[known]], minlength=len(self._least)
        )
        least, most = np.array(self._least) - told, np.array(self._most) - told
        matrix = coo_matrix(
            (factors[~known], (rows[~known], twin[columns[~known]])), shape=(len(least), count)
        ).tocsr()
        # Sums of the same counts are told once.
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        entries = matrix.tocoo()
        rows, columns, factors = entries.row, entries.col, entries.data
        size = count + len(least)
        links = coo_matrix((np.ones(len(rows)), (columns, count + rows)), shape=(size, size))
        _, group = connected_components(links, directed=False)
        programmes = []
        for label in np.unique(group[columns]):
            held = group[columns] == label
            own_columns, column = np.unique(columns[held], return_inverse=True)
            own_rows, row = np.unique(rows[held], return_inverse=True)
            matrix = coo_matrix(
                (factors[held], (row, column)), shape=(len(own_rows), len(own_columns))
            ).tocsr()
            programmes.append(
                _Programme(
                    own_columns,
                    matrix,
                    least[own_rows],
                    most[own_rows],
                    low[own_columns],
                    high[own_columns],
                )
            )
        return programmes


def _follow(
    rows: np.ndarray,
    columns: np.ndarray,
    factors: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> None:
    """Narrow `low` and `high`, in place, by each sum in turn until nothing moves."""
    up = factors > 0
    for _ in range(_ROUNDS):
        before = low.copy(), high.copy()
        smallest = factors * np.where(up, low[columns], high[columns])
        largest = factors * np.where(up, high[columns], low[columns])
        room_up = most[rows] - _of_the_rest(smallest, rows, len(least))
        room_down = least[rows] - _of_the_rest(largest, rows, len(least))
        ceiling = np.where(up, room_up / factors, room_down / factors)
        floor = np.where(up, room_down / factors, room_up / factors)
        np.minimum.at(high, columns, np.floor(ceiling + _SLACK))
        np.maximum.at(low, columns, np.ceil(floor - _SLACK))
        still = np.array_equal(before[0], low) and np.array_equal(before[1], high)
        if still or (low > high).any():
            return


def _of_the_rest(parts: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """Sum each row without the entry itself; infinite where another entry of the row is."""
    endless = ~np.isfinite(parts)
    finite = np.where(endless, 0.0, parts)
    sums = np.bincount(rows, finite, minlength=count)[rows] - finite
    others = np.bincount(rows, endless, minlength=count)[rows] - endless
    sign = np.sign(np.where(endless, parts, 0.0))
    total = np.bincount(rows, sign, minlength=count)[rows]
    return np.where(others > 0, np.where(total < 0, -np.inf, np.inf), sums)


class _Programme:
    """The open counts of some sums that hang together."""

    def __init__(
        self,
        columns: np.ndarray,
        matrix: csr_matrix,
        least: np.ndarray,
        most: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
    ) -> None:
        self.columns, self.matrix = columns, matrix
        self.least, self.most, self.low, self.high = least, most, low, high

    def mine(self, asked: np.ndarray) -> np.ndarray:
        """Say where the counts that are asked for stand among those of this programme."""
        return np.flatnonzero(np.isin(self.columns, asked))

    def ranges(self, mine: np.ndarray, own: tuple[int, int]) -> dict[int, tuple[float, float]]:
        """Find ranges, leaving be those that a few solutions show to keep their secret."""
        down, up = np.maximum(own[0], self.low), np.minimum(own[1], self.high)
        self.lowest, self.highest = self.high.copy(), self.low.copy()
        for sign in (1, -1):
            while len(still := self._unproved(mine, down, up, sign)):
                self._witness(self._pressed(still, up, sign))
                if len(self._unproved(mine, down, up, sign)) == len(still):
                    break
        self._empty(self._unproved(mine, down, up, -1), up)
        entries = self.matrix.tocoo()
        narrowed = 0
        for i in mine:
            if self.lowest[i] > max(down[i], self.low[i]) + _SLACK:
                self.low[i] = max(self.low[i], np.ceil(self._end(i, 1) - _SLACK))
                narrowed += 1
            if self.highest[i] < min(up[i], self.high[i]) - _SLACK:
                self.high[i] = min(self.high[i], np.floor(self._end(i, -1) + _SLACK))
                narrowed += 1
            if narrowed >= _BATCH:
                # What was found of some tells of others, which need no programme then.
                narrowed = 0
                ends = self.least, self.most, self.low, self.high
                _follow(entries.row, entries.col, entries.data, *ends)
        return {int(self.columns[i]): (self.low[i], self.high[i]) for i in mine}

    def _empty(self, still: np.ndarray, up: np.ndarray) -> None:
        """Find counts that can only be as low as they may be, many of them at once."""
        if len(still) < 2:
            return
        values = self._pressed(still, up, -1)
        self._witness(values)
        if np.minimum(values, up)[still].sum() <= self.low[still].sum() + _SLACK:
            self.high[still] = self.low[still]
            return
        half = len(still) // 2
        self._empty(still[:half], up)
        self._empty(still[half:], up)

    def _unproved(
        self, mine: np.ndarray, down: np.ndarray, up: np.ndarray, sign: int
    ) -> np.ndarray:
        """Say which counts no solution yet shows to be as low, or as high, as is asked."""
        if sign > 0:
            return mine[self.lowest[mine] > down[mine] + _SLACK]
        return mine[self.highest[mine] < up[mine] - _SLACK]

    def _witness(self, values: np.ndarray) -> None:
        """Keep how low and high a solution shows that each count can be."""
        np.minimum(self.lowest, values, out=self.lowest)
        np.maximum(self.highest, values, out=self.highest)

    def _pressed(self, still: np.ndarray, up: np.ndarray, sign: int) -> np.ndarray:
        """Press some counts down together, or each up to `up` and no higher."""
        from scipy.sparse import coo_matrix, hstack, vstack

        size = len(self.low)
        if sign > 0:
            goal = np.zeros(size)
            goal[still] = 1.0
            return self._solved(goal)
        # Each count asked for has a shadow that is no higher than it, nor than `up`.
        k = len(still)
        shadows = coo_matrix(
            (
                np.concatenate([np.ones(k), -np.ones(k)]),
                (np.tile(np.arange(k), 2), np.concatenate([still, size + np.arange(k)])),
            ),
            shape=(k, size + k),
        )
        wide = hstack([self.matrix, coo_matrix((len(self.least), k))])
        goal = np.concatenate([np.zeros(size), -np.ones(k)])
        values = _solved(
            goal,
            vstack([wide, shadows]).tocsr(),
            np.concatenate([self.least, np.zeros(k)]),
            np.concatenate([self.most, np.full(k, np.inf)]),
            np.concatenate([self.low, np.zeros(k)]),
            np.concatenate([self.high, up[still]]),
        )
        return values[:size]

    def _end(self, i: int, sign: int) -> float:
        goal = np.zeros(len(self.low))
        goal[i] = sign
        values = self._solved(goal)
        # A solution for one count may show that others keep their secret.
        self._witness(values)
        return float(values[i])

    def _solved(self, goal: np.ndarray) -> np.ndarray:
        return _solved(goal, self.matrix, self.least, self.most, self.low, self.high)


def _solved(
    goal: np.ndarray,
    matrix: csr_matrix,
    least: np.ndarray,
    most: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> np.ndarray:
    """Solve a linear programme for its least value."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    bounds = Bounds(low, np.minimum(high, _ENDLESS))
    answer = milp(goal, constraints=LinearConstraint(matrix, least, most), bounds=bounds)
    if answer.x is None:
        raise Contradiction(f"the sums cannot all be true: {answer.message}")
    return np.asarray(answer.x)
