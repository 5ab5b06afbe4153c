"""Which counts must be hidden, so that no small one can be told from all that is shown together?

Counts that are published together, their sums, and the parts that they share are one system of
equations. A small count is safe if, as far as anybody can tell from what is shown, it may still be
every small count of the rule. Which other counts are hidden for its sake is a covering problem:
solved to the least cost by integer programming with cuts from the attacker's linear programmes
where it is small (Fischetti and Salazar 2001, doi 10.1287/mnsc.47.7.1008.9805), and by the
cheapest perturbations where it is large, with a bound of how much cheaper it might have been.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coterminous.disclosure.rules import Rule

Bools = NDArray[np.bool_]
#: Up to so many counts that might be hidden, the least cost is proven.
SMALL = 60
#: What a linear programme is held to be exact to.
_NEAR = 1e-6
#: So often the perturbations are sought anew, each time cheaper where they were.
_ROUNDS = 4
#: So many counts at most are tried one by one, whether they may be shown after all.
_TRIED = 60
#: Random directions of perturbations; the same ones every time.
_SEED = 20220701


@dataclass(frozen=True, eq=False)
class Tables:
    """Counts of people that are published together, and how they add up.

    Attributes
    ----------
    values : array of int
        The true counts.
    published : array of bool
        Which are to be published; the others are parts that no table shows.
    fixed : array of bool
        Which are known already, and cannot be hidden any more.
    sums : scipy.sparse.csr_array
        By row one sum: -1 at the total, 1 at each part.
    """

    values: NDArray[np.int64]
    published: Bools
    fixed: Bools
    sums: Any

    def cost(self) -> NDArray[np.float64]:
        """Give what hiding each costs: its people, and one for the figure."""
        return self.values.astype(float) + 1.0


@dataclass(frozen=True, eq=False)
class Choice:
    """Which counts are hidden.

    Attributes
    ----------
    hidden : array of bool
    small : array of bool
        Those that are small, parts that no table shows among them; others are hidden for their
        sake.
    cost, least : float
        What it costs (see `Tables.cost`), and what it costs at the least.
    exposed : array of int
        Small counts that can be told all the same, more or less: by what was known before, or
        because they are totals of several counts of which none is 0.
    """

    hidden: Bools
    small: Bools
    cost: float
    least: float
    exposed: NDArray[np.int64]

    @property
    def gap(self) -> float:
        """How much cheaper it might have been, as a share of what it costs."""
        return (self.cost - self.least) / self.cost if self.cost else 0.0


def choose(tables: Tables, rule: Rule) -> Choice:
    """Choose which counts to hide.

    Parameters
    ----------
    tables : Tables
    rule : Rule

    Returns
    -------
    Choice
        The same for the same tables. Counts of 0 are never hidden.
    """
    small = np.array([rule.small(v) for v in tables.values.tolist()], dtype=bool)
    # A small part that no table shows must not come out by subtraction either.
    small &= ~tables.fixed
    free = tables.published & ~tables.fixed & (tables.values > 0) & ~small
    if not small.any():
        nothing = np.zeros(0, dtype=np.int64)
        return Choice(small, small, 0.0, 0.0, nothing)
    search = _Search(tables, rule, small, free)
    if int(free.sum()) <= SMALL:
        hidden, least = search.exactly()
    else:
        hidden, least = search.nearly()
    if next(search.exposures(hidden), None) is not None:
        # What no choice was found for is safe when everything is hidden.
        hidden = search.small | free
    exposed = np.unique(np.array(search.told, dtype=np.int64))
    return Choice(hidden, small, float(tables.cost()[hidden].sum()), least, exposed)


class _Search:
    """One problem, and what was found out of it."""

    def __init__(self, tables: Tables, rule: Rule, small: Bools, free: Bools) -> None:
        self.tables, self.free = tables, free
        self.small = small & tables.published
        self.values = tables.values.astype(float)
        self.size = len(self.values)
        self.targets = np.flatnonzero(small)
        ends = [rule.between(v) for v in tables.values.tolist()]
        # What is not published is no count that is seen: it may be anything.
        low, high = (np.array([e[k] for e in ends], dtype=float) for k in (0, 1))
        exact = tables.fixed
        self.seen_low = np.where(exact, self.values, np.where(tables.published, low, 0.0))
        self.seen_high = np.where(exact, self.values, np.where(tables.published, high, np.inf))
        self.cost = tables.cost()
        self.goal = {
            "up": np.full(self.size, float(rule.high)),
            "down": np.full(self.size, float(max(rule.low, 1))),
        }
        # A total of two counts that are not nothing is 2 at the least, whatever is hidden.
        self.told: list[int] = []
        everything = self.small | free
        for cell, way in self.exposures(everything):
            furthest = self.furthest(everything, cell, way, whole=True)
            reached = self.values[cell] if furthest.x is None else np.round(furthest.x[cell])
            self.goal[way][cell] = reached
            self.told.append(cell)

    # ------------------------------------------------------------------ the attacker

    def bounds(self, hidden: Bools) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give what each count may be by itself, for somebody who sees what is shown."""
        return np.where(hidden, 1.0, self.seen_low), np.where(hidden, np.inf, self.seen_high)

    def furthest(self, hidden: Bools, cell: int, way: str, *, whole: bool = False) -> Any:
        """Find the highest or lowest that one count may be."""
        objective = np.zeros(self.size)
        objective[cell] = -1.0 if way == "up" else 1.0
        low, high = self.bounds(hidden)
        high = high.copy()
        if way == "up":
            high[cell] = min(high[cell], self.goal["up"][cell])
        return _solve(objective, self.tables.sums, low, high, whole=whole)

    def reached(self, x: NDArray[np.float64], cell: int, way: str) -> bool:
        """Say whether a count is as far as it must be able to go."""
        if way == "up":
            return bool(x[cell] >= self.goal["up"][cell] - _NEAR)
        return bool(x[cell] <= self.goal["down"][cell] + _NEAR)

    def exposures(self, hidden: Bools) -> Iterator[tuple[int, str]]:
        """Find the small counts that what is shown gives away, with the side on which it does."""
        for way in ("up", "down"):
            left = [k for k in self.targets.tolist() if self._stands(k, way)]
            while left:
                x = self._together(hidden, left, way)
                done = [] if x is None else [k for k in left if self.reached(x, k, way)]
                left = [k for k in left if k not in set(done)]
                if not done and left:
                    k, *left = left
                    if not self._may_reach(hidden, k, way):
                        yield k, way

    def _stands(self, cell: int, way: str) -> bool:
        """Say whether a count must be moved at all to stand at that end."""
        value = self.values[cell]
        return bool(value < self.goal[way][cell] if way == "up" else value > self.goal[way][cell])

    def _together(self, hidden: Bools, cells: list[int], way: str) -> Any:
        """Move many counts as far as they go at once; None if not in whole numbers."""
        objective = np.zeros(self.size)
        objective[cells] = -1.0 if way == "up" else 1.0
        low, high = self.bounds(hidden)
        high = high.copy()
        if way == "up":
            high[cells] = np.minimum(high[cells], self.goal["up"][cells])
        found = _solve(objective, self.tables.sums, low, high)
        if found.x is None or np.abs(found.x - np.round(found.x)).max() > _NEAR:
            return None
        return found.x

    def _may_reach(self, hidden: Bools, cell: int, way: str) -> bool:
        found = self.furthest(hidden, cell, way)
        if found.x is None or not self.reached(found.x, cell, way):
            return False
        if np.abs(found.x - np.round(found.x)).max() <= _NEAR:
            return True
        whole = self.furthest(hidden, cell, way, whole=True)
        return whole.x is not None and self.reached(whole.x, cell, way)

    # ------------------------------------------------------------------ the least cost

    def exactly(self) -> tuple[Bools, float]:
        """Hide at the least cost, by cuts."""
        choice = np.flatnonzero(self.free)
        at = {int(i): k for k, i in enumerate(choice)}
        cuts: list[NDArray[np.float64]] = [self._in_row(at, c) for c in self._lone()]
        cuts = [c for c in cuts if c.any()]
        base = float(self.cost[self.small].sum())
        while True:
            chosen, bound = _cover(self.cost[choice], cuts)
            hidden = self.small.copy()
            hidden[choice[chosen]] = True
            more = []
            for cell, way in self.exposures(hidden):
                helpful = self._helpful(hidden, cell, way) & self.free & ~hidden
                if not helpful.any():
                    helpful = self.free & ~hidden
                if helpful.any():
                    more.append(self._in_row(at, np.flatnonzero(helpful)))
            if not more:
                return hidden, base + bound
            cuts += more

    def _helpful(self, hidden: Bools, cell: int, way: str) -> Bools:
        """Say which counts, if they were hidden, could let this one go further."""
        found = self.furthest(hidden, cell, way)
        if found.x is None:
            return np.ones(self.size, dtype=bool)
        if self.reached(found.x, cell, way):  # only in whole numbers it does not go so far
            return np.ones(self.size, dtype=bool)
        marginal = np.abs(found.lower.marginals) + np.abs(found.upper.marginals)
        return np.asarray(marginal > 1e-9)

    def _lone(self) -> Iterator[NDArray[np.intp]]:
        """Give, for each sum with one small count, what else of it might be hidden."""
        table = self.tables.sums.tocsr()
        for row in range(table.shape[0]):
            cells = table.indices[table.indptr[row] : table.indptr[row + 1]]
            open_ones = self.small[cells] | (self.seen_low[cells] < self.seen_high[cells])
            lone = open_ones.sum() == 1 and self.small[cells].any()
            if lone and not set(cells[self.small[cells]].tolist()) & set(self.told):
                others = cells[self.free[cells]]
                if len(others):
                    yield others

    @staticmethod
    def _in_row(at: dict[int, int], cells: Any) -> NDArray[np.float64]:
        row = np.zeros(len(at))
        row[[at[int(i)] for i in cells]] = 1.0
        return row

    # ------------------------------------------------------------------ near the least cost

    def nearly(self) -> tuple[Bools, float]:
        """Hide by the cheapest perturbations, then show again what need not be hidden."""
        hidden = self._perturbed(self.small.copy(), self.targets)
        for _ in range(_ROUNDS):
            exposed = sorted({k for k, _ in self.exposures(hidden)})
            if not exposed:
                break
            before = hidden.copy()
            for cell in exposed:
                for way in ("up", "down"):
                    if self._stands(cell, way) and not self._may_reach(hidden, cell, way):
                        hidden = hidden | self._moved(hidden, [cell], {cell: way}, self.cost)[0]
            if (hidden == before).all():
                break
        hidden = self._shown_again(hidden)
        return hidden, self._bound()

    def _perturbed(self, hidden: Bools, cells: NDArray[np.intp]) -> Bools:
        """Move all small counts at once, half of them up and half down, and the other way round."""
        ways = np.random.default_rng(_SEED).integers(0, 2, len(cells)).astype(bool)
        found = hidden.copy()
        for flip in (False, True):
            way_of = {
                int(k): "up" if u != flip else "down" for k, u in zip(cells, ways, strict=True)
            }
            price = self.cost.copy()
            support = found
            for _ in range(_ROUNDS):
                support, moved = self._moved(found, list(way_of), way_of, price)
                # Cheaper where it was moved far already, so that few counts are moved at all.
                price = self.cost / (np.abs(moved) + 0.1)
            found = found | support
        return found

    def _moved(
        self, hidden: Bools, cells: list[int], way_of: dict[int, str], price: Any
    ) -> tuple[Bools, NDArray[np.float64]]:
        """Find the cheapest way to move some counts to their ends, and what must be hidden."""
        from scipy import sparse

        n, k = self.size, len(cells)
        open_ = hidden | ~self.tables.published
        down = np.where(open_, self.values - np.where(hidden, 1.0, 0.0), 0.0)
        up = np.where(open_, np.inf, 0.0)
        may = self.free & ~hidden
        dear_down, dear_up = np.where(may, self.values - 1.0, 0.0), np.where(may, np.inf, 0.0)
        cheap = ~open_
        down = np.where(cheap, self.values - self.seen_low, down)
        up = np.where(cheap, self.seen_high - self.values, up)
        dear_down = np.maximum(dear_down - np.where(may, down, 0.0), 0.0)
        # Falling short is dearer than any count that could be hidden instead.
        scaled = price / price.max()
        # Cheap and dear moves up and down of each count, then by how much a target falls short.
        cost = np.concatenate([np.zeros(2 * n), scaled, scaled, np.full(k, 1e4)])
        both = sparse.hstack([self.tables.sums, -self.tables.sums], format="csr")
        nothing = sparse.csr_array((both.shape[0], k))
        equal = sparse.hstack([both, both, nothing], format="csr")
        sign = np.array([1.0 if way_of[c] == "up" else -1.0 for c in cells])
        row = np.arange(k)
        at = np.array(cells)
        targets = sparse.csr_array(
            (
                np.concatenate([-sign, sign, -np.ones(k)]),
                (np.tile(row, 3), np.concatenate([at, n + at, 4 * n + row])),
            ),
            shape=(k, 4 * n + k),
        )
        need = np.array([abs(self.goal[way_of[c]][c] - self.values[c]) for c in cells])
        low = np.zeros(4 * n + k)
        high = np.concatenate([up, down, dear_up, dear_down, np.full(k, np.inf)])
        found = _solve(cost, equal, low, high, under=(targets, -need))
        if found.x is None:
            return hidden.copy(), np.zeros(n)
        dear = found.x[2 * n : 3 * n] + found.x[3 * n : 4 * n]
        moved = found.x[:n] - found.x[n : 2 * n] + dear
        return hidden | (may & (dear > _NEAR)), moved

    def _shown_again(self, hidden: Bools) -> Bools:
        """Show again what is hidden for nothing, the dearest first."""
        kept = hidden.copy()
        others = np.flatnonzero(kept & ~self.small)
        for cell in sorted(others, key=lambda i: (-self.cost[i], i))[:_TRIED]:
            kept[cell] = False
            if next(self.exposures(kept), None) is not None:
                kept[cell] = True
        return kept

    def _bound(self) -> float:
        """Say what it must cost at the least: no sum may have one hidden count alone."""
        from scipy import sparse

        choice = np.flatnonzero(self.free)
        at = {int(i): k for k, i in enumerate(choice)}
        rows = [[at[int(i)] for i in cells] for cells in self._lone()]
        base = float(self.cost[self.small].sum())
        if not rows:
            return base
        indices = np.concatenate([np.array(r) for r in rows])
        starts = np.concatenate([[0], np.cumsum([len(r) for r in rows])])
        cover = sparse.csr_array(
            (-np.ones(len(indices)), indices, starts), shape=(len(rows), len(choice))
        )
        found = _solve(
            self.cost[choice],
            None,
            np.zeros(len(choice)),
            np.ones(len(choice)),
            under=(cover, -np.ones(len(rows))),
        )
        return base + (float(found.fun) if found.x is not None else 0.0)


def _cover(cost: Any, cuts: list[NDArray[np.float64]]) -> tuple[Bools, float]:
    """Choose the cheapest counts so that each cut has one."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not cuts:
        return np.zeros(len(cost), dtype=bool), 0.0
    found = milp(
        cost,
        constraints=LinearConstraint(np.array(cuts), lb=1.0),
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ArithmeticError(f"no counts to hide were found: {found.message}")
    return np.asarray(found.x > 0.5), float(cost[found.x > 0.5].sum())


def _solve(
    objective: Any, equal: Any, low: Any, high: Any, *, under: Any = None, whole: bool = False
) -> Any:
    """Solve one linear programme: the sums hold, and each count lies within its bounds."""
    from scipy.optimize import linprog

    limits = {} if under is None else {"A_ub": under[0], "b_ub": under[1]}
    sums = {} if equal is None else {"A_eq": equal, "b_eq": np.zeros(equal.shape[0])}
    return linprog(
        objective,
        **sums,
        **limits,
        bounds=np.column_stack([low, high]),
        method="highs",
        integrality=np.ones(len(objective)) if whole else None,
    )
