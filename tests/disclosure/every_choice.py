"""Tables with totals, and the least that must be hidden of them, by trying every choice.

Written apart from the library, which it does not import.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog


def with_totals(inner: np.ndarray) -> np.ndarray:
    """Put totals of rows and columns beside a table."""
    wide = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    return np.vstack([wide, wide.sum(axis=0, keepdims=True)])


def equations(shape: tuple[int, int]) -> np.ndarray:
    """By line of a table with totals: -1 at the total, 1 at its parts."""
    rows, columns = shape
    at = np.arange(rows * columns).reshape(shape)
    lines = [*at, *at.T]
    found = np.zeros((len(lines), rows * columns))
    for k, line in enumerate(lines):
        found[k, line] = 1
        found[k, line[-1]] = -1
    return found


SHAPES = [(2, 2)] * 3 + [(2, 3)] * 3 + [(3, 3), (2, 4), (3, 4), (3, 5)]


def random_table(rng: np.random.Generator, shapes: list[tuple[int, int]] = SHAPES) -> np.ndarray:
    """Make a table of up to 24 counts with its totals, some of them small."""
    rows, columns = shapes[rng.integers(len(shapes))]
    inner = rng.integers(0, 40, (rows, columns))
    tiny = rng.random((rows, columns)) < 0.2
    return with_totals(np.where(tiny, rng.integers(0, 9, (rows, columns)), inner))


def ends(count: int, low: int, high: int, base: int) -> tuple[float, float]:
    """Which counts are shown like this one, tried one by one."""

    def shown(n: int) -> float:
        return n if base == 1 or (high and n == 0) else np.floor(n / base + 0.5) * base

    same = [n for n in range(max(count - base, 0), count + base + 1) if shown(n) == shown(count)]
    same = [n for n in same if not (high and low <= n <= high)]
    return min(same), max(same)


def furthest(cells: np.ndarray, hidden: np.ndarray, rule: tuple, k: int, sign: int) -> float:
    """How far up (-1) or down (1) a count may be from 1 to the highest that is hidden."""
    low, high, base = rule
    values = cells.ravel()
    bounds = [
        (1, None) if h else ends(int(v), low, high, base)
        for v, h in zip(values, hidden.ravel(), strict=True)
    ]
    aim = np.zeros(len(values))
    aim[k] = sign
    if sign < 0:
        bounds[k] = (1, high)
    lines = equations(cells.shape)
    found = linprog(aim, A_eq=lines, b_eq=np.zeros(len(lines)), bounds=bounds)
    return float(round(found.x[k], 6))


def is_safe(cells: np.ndarray, hidden: np.ndarray, low: int, high: int, base: int) -> bool:
    """Whether each small count may be as much and as little as if everything were hidden."""
    values, rule = cells.ravel(), (low, high, base)
    for k in np.flatnonzero((values >= max(low, 1)) & (values <= high)):
        for sign in (-1, 1):
            if furthest(cells, hidden, rule, k, sign) != furthest(cells, cells > 0, rule, k, sign):
                return False
    return True


def least_cost(cells: np.ndarray, low: int, high: int, base: int, most: float) -> float:
    """Find what hiding costs at the least, of all choices that cost under `most`; else `most`.

    The cost is the people in hidden counts, and one for each of those.
    """
    values = cells.ravel()
    small = (values >= max(low, 1)) & (values <= high)
    others = np.flatnonzero((values > 0) & ~small)
    price = values[others] + 1.0
    count = len(others)
    numbers = np.arange(1 << count, dtype=np.int64)
    bits = ((numbers[:, None] >> np.arange(count)) & 1).astype(bool)
    costs = bits @ price + (values[small] + 1.0).sum()
    cheaper = costs < most - 1e-9
    bits, costs = bits[cheaper], costs[cheaper]
    if base == 1:
        # A line with one hidden count gives it away.
        line_of = (equations(cells.shape) != 0).astype(float)
        hidden_of_line = bits.astype(float) @ line_of[:, others].T + line_of[:, small].sum(axis=1)
        with_small = line_of[:, small].sum(axis=1) > 0
        alone = ((hidden_of_line == 1) & with_small).any(axis=1)
        bits, costs = bits[~alone], costs[~alone]
    for k in np.argsort(costs, kind="stable"):
        hidden = small.copy()
        hidden[others[bits[k]]] = True
        if is_safe(cells, hidden.reshape(cells.shape), low, high, base):
            return float(costs[k])
    return most
