"""How many drawings there are, without listing them; and a sample where they are too many.

The count sweeps a frontier over the units: of the units already passed, only which of those at the
frontier hang together, and which groups may no longer join, matters to the rest. That is how the
counts of Knuth's Simpath and of zero-suppressed decision diagrams work (Kawahara, Horiyama, Hotta
and Minato 2017, doi 10.1007/978-3-319-53925-6_10); here the diagram is summed, never kept.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coterminous.drawings.partitions import Rules
from coterminous.drawings.unitgraph import UnitGraph
from coterminous.errors import InputError

_DIGIT = 128  # bits that hold one coefficient of the counting polynomial
_MOST_STATES = 40_000
_MOST_COUNTED = 62

Groups = tuple[int, ...]
Pairs = frozenset[tuple[int, int]]


class CannotCountError(InputError):
    """The graph is too wide to count its drawings."""


def counts(graph: UnitGraph) -> list[int]:
    """Count the connected drawings of a graph into 1, 2, 3, ... parts, without listing any.

    Raises
    ------
    CannotCountError
        If the frontier needs too many states: beyond about 25 units, unless the graph is narrow.

    Examples
    --------
    >>> counts(UnitGraph.from_pairs(4, [(0, 1), (2, 3), (0, 2), (1, 3)]))
    [1, 6, 4, 1]
    """
    if graph.units > _MOST_COUNTED:
        raise _cannot_count(graph)
    order = _narrow_order(graph)
    rank = {unit: i for i, unit in enumerate(order)}
    last_use = {u: max([rank[u], *(rank[v] for v in _units(graph.neighbours[u]))]) for u in order}
    frontier: list[int] = []
    # The value is a polynomial in "parts closed", one coefficient to each _DIGIT bits.
    states: dict[tuple[Groups, Pairs], int] = {((), frozenset()): 1}
    for step, unit in enumerate(order):
        near = [i for i, u in enumerate(frontier) if graph.neighbours[unit] >> u & 1]
        frontier.append(unit)
        stay = [i for i, u in enumerate(frontier) if last_use[u] > step]
        following: dict[tuple[Groups, Pairs], int] = defaultdict(int)
        for (groups, barred), ways in states.items():
            for joined, now_barred in _joins(groups, barred, near):
                state, closed = _advance(joined, now_barred, stay)
                following[state] += ways << (_DIGIT * closed)
            if len(following) > _MOST_STATES:
                raise _cannot_count(graph)
        frontier = [frontier[i] for i in stay]
        states = following
    total = sum(states.values())
    return [(total >> (_DIGIT * k)) & ((1 << _DIGIT) - 1) for k in range(1, graph.units + 1)]


def _cannot_count(graph: UnitGraph) -> CannotCountError:
    return CannotCountError(
        f"`units`: {graph.units} units are too many to count their drawings. Give larger units or "
        "a tighter population range, or take a random sample (`sample=`)"
    )


def _joins(groups: Groups, barred: Pairs, near: list[int]) -> list[tuple[Groups, Pairs]]:
    """Each way the next unit can join the groups it touches; those it does not join are barred."""
    touched = sorted({groups[i] for i in near})
    new = max(groups, default=-1) + 1
    ways = []
    for size in range(len(touched) + 1):
        for chosen in combinations(touched, size):
            if any(pair in barred for pair in combinations(chosen, 2)):
                continue
            merged = set(chosen)
            joined = (*(new if g in merged else g for g in groups), new)
            now = {
                (min(x, y), max(x, y))
                for a, b in barred
                for x, y in [(new if a in merged else a, new if b in merged else b)]
            }
            now.update((g, new) for g in touched if g not in merged)
            ways.append((joined, frozenset(now)))
    return ways


def _advance(groups: Groups, barred: Pairs, stay: list[int]) -> tuple[tuple[Groups, Pairs], int]:
    """Drop the units that leave the frontier, name the groups afresh, count those that closed."""
    names: dict[int, int] = {}
    kept = tuple(names.setdefault(groups[i], len(names)) for i in stay)
    pairs = frozenset(
        (min(names[a], names[b]), max(names[a], names[b]))
        for a, b in barred
        if a in names and b in names
    )
    return (kept, pairs), len(set(groups)) - len(names)


def _narrow_order(graph: UnitGraph) -> list[int]:
    """Order the units so that the frontier stays small: greedy, from the best of some starts."""
    best: tuple[float, list[int]] | None = None
    by_degree = sorted(range(graph.units), key=lambda u: (graph.neighbours[u].bit_count(), u))
    for start in by_degree[:25]:
        order, done, cost = [start], 1 << start, 0.0
        while len(order) < graph.units:
            beside = 0
            for u in _units(done):
                beside |= graph.neighbours[u]
            beside &= ~done
            rest = _units(beside or graph.everything & ~done)
            size, unit = min((_frontier_size(graph, done | 1 << u), u) for u in rest)
            order.append(unit)
            done |= 1 << unit
            cost += 3.0**size
        if best is None or cost < best[0]:
            best = (cost, order)
    assert best is not None
    return best[1]


def _frontier_size(graph: UnitGraph, done: int) -> int:
    return sum(1 for u in _units(done) if graph.neighbours[u] & ~done)


def _units(mask: int) -> list[int]:
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def sampled(
    graph: UnitGraph, parts: int, size: int, *, seed: int = 0, rules: Rules | None = None
) -> NDArray[np.int64]:
    """Draw some drawings at random: random spanning trees, each cut at random edges.

    Every drawing can come up, but not with equal chance: compact parts come up more often. Those
    that break a rule, and repeats, are dropped, so fewer than `size` may come back.

    Returns
    -------
    array of int, shape (drawings, units)
        The part of each unit, 0, 1, 2, ... in the order of the parts' first units.

    Examples
    --------
    >>> square = UnitGraph.from_pairs(4, [(0, 1), (2, 3), (0, 2), (1, 3)])
    >>> sampled(square, 2, 50, seed=1).shape
    (6, 4)
    """
    if not 1 <= parts <= graph.units:
        raise InputError(f"`areas` is {parts}: {graph.units} units make 1 to {graph.units} areas")
    if size < 1:
        raise InputError(f"`sample` is {size}; give at least 1")
    if seed < 0:
        raise InputError(f"`seed` is {seed}; give 0 or more")
    random = np.random.default_rng(seed)
    edges = [(a, b) for a in range(graph.units) for b in _units(graph.neighbours[a]) if a < b]
    rows = []
    for _ in range(size):
        tree = _random_tree(graph.units, edges, random)
        cut = set(random.choice(len(tree), parts - 1, replace=False).tolist())
        rows.append(_labels(graph.units, [e for i, e in enumerate(tree) if i not in cut]))
    drawings = np.array(rows, dtype=np.int64)
    drawings = drawings[_obey(drawings, parts, rules or Rules())]
    return np.unique(drawings, axis=0)


def _obey(drawings: NDArray[np.int64], parts: int, rules: Rules) -> NDArray[np.bool_]:
    """Say which drawings obey the rules."""
    fine = np.ones(len(drawings), dtype=bool)
    if rules.weights is not None:
        people = np.stack(
            [np.where(drawings == k, rules.weights, 0).sum(axis=1) for k in range(parts)], axis=1
        )
        fine &= (people >= (rules.least or 0)).all(axis=1)
        if rules.most is not None:
            fine &= (people <= rules.most).all(axis=1)
    for mask in rules.together:
        held = drawings[:, _units(mask)]
        fine &= (held == held[:, :1]).all(axis=1)
    for mask in rules.apart:
        held = np.sort(drawings[:, _units(mask)], axis=1)
        fine &= (np.diff(held, axis=1) > 0).all(axis=1)
    return fine


def _random_tree(
    units: int, edges: list[tuple[int, int]], random: np.random.Generator
) -> list[tuple[int, int]]:
    """Take edges in random order while they join what was apart (a random minimum tree)."""
    root = list(range(units))

    def find(x: int) -> int:
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    tree = []
    for i in random.permutation(len(edges)):
        a, b = find(edges[i][0]), find(edges[i][1])
        if a != b:
            root[a] = b
            tree.append(edges[i])
    return tree


def _labels(units: int, edges: list[tuple[int, int]]) -> list[int]:
    graph = UnitGraph.from_pairs(units, edges)
    labels = [0] * units
    for i, piece in enumerate(graph.piece_list(graph.everything)):
        for unit in _units(piece):
            labels[unit] = i
    return labels
