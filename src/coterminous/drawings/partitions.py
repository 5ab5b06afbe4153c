"""All the ways to cut a graph of units into connected parts, counted or listed.

The drawings are paths through a layered graph of "what is left": the part that holds the first unit
that is left is chosen, then the part that holds the first of the rest, and so on. Two beginnings
that leave the same units share their continuation, so the drawings can be counted without being
listed, and every array operation handles many thousands of sets at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coterminous.drawings.unitgraph import Ints, UnitGraph, lowest, position, sum_table, sums_of
from coterminous.errors import InputError

_ROWS_AT_ONCE = 1 << 18
_MOST_CHOICES = 25_000_000


@dataclass(frozen=True)
class Rules:
    """What every part must obey.

    Parameters
    ----------
    weights : array of int, optional
        People per unit; needed for `least` and `most`.
    least, most : int, optional
        The range of people in a part, both ends allowed.
    together, apart : tuple of int
        Sets of units that must share a part, and sets no two of which may.
    """

    weights: Ints | None = None
    least: int | None = None
    most: int | None = None
    together: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()
    _table: Ints | None = field(init=False, default=None, compare=False)

    def __post_init__(self) -> None:
        if self.weights is None:
            if self.least is not None or self.most is not None:
                raise InputError("`least` and `most` need `weights`: people per unit")
            return
        object.__setattr__(self, "_table", sum_table(np.asarray(self.weights, dtype=np.int64)))

    @property
    def any(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.least is not None or self.most is not None or self.together or self.apart)

    def still_possible(self, sets: Ints) -> NDArray[np.bool_]:
        """Whether a part may hold these units and perhaps more."""
        fine = np.ones(sets.shape, dtype=bool)
        if self.most is not None and self._table is not None:
            fine &= sums_of(self._table, sets) <= self.most
        for mask in self.apart:
            fine &= np.bitwise_count(sets & mask) <= 1
        return fine

    def allowed(self, sets: Ints) -> NDArray[np.bool_]:
        """Whether a part may be exactly these units."""
        fine = self.still_possible(sets)
        if self.least is not None and self._table is not None:
            fine &= sums_of(self._table, sets) >= self.least
        for mask in self.together:
            held = sets & mask
            fine &= (held == 0) | (held == mask)
        return fine

    def leaves_enough(self, left: Ints, parts: int) -> NDArray[np.bool_]:
        """Whether so many people could fill so many parts."""
        fine = np.bitwise_count(left) >= parts
        if self._table is not None and (self.least is not None or self.most is not None):
            people = sums_of(self._table, left)
            if self.least is not None:
                fine &= people >= parts * self.least
            if self.most is not None:
                fine &= people <= parts * self.most
        return fine


@dataclass(frozen=True)
class _Choices:
    """One level: from what is left, the parts that may be cut off, and what is left after that."""

    source: NDArray[np.int64]  # position in the level's list of remainders, ascending
    part: Ints
    target: NDArray[np.int64]  # position in the next level's list of remainders


class Partitions:
    """All ways to cut a graph into a given number of connected parts, counted or listed.

    Parameters
    ----------
    graph : UnitGraph
        The units.
    parts : int
        How many parts.
    rules : Rules, optional
        What every part must obey; whatever breaks a rule is left out while the parts grow.

    Raises
    ------
    InputError
        If there are more parts than units, the graph is in pieces, or there is too much to list.

    Examples
    --------
    >>> square = UnitGraph.from_pairs(4, [(0, 1), (2, 3), (0, 2), (1, 3)])
    >>> two = Partitions(square, 2)
    >>> two.count
    6
    >>> two.listed()[0].tolist()
    [1, 14]
    """

    def __init__(self, graph: UnitGraph, parts: int, *, rules: Rules | None = None) -> None:
        graph.check_size()
        if not 1 <= parts <= graph.units:
            raise InputError(
                f"`areas` is {parts}: {graph.units} units can be grouped into "
                f"1 to {graph.units} areas"
            )
        self.graph = graph
        self.parts = parts
        self.rules = rules or Rules()

    @cached_property
    def _levels(self) -> tuple[_Choices, ...]:
        """The layered graph of choices; the last level takes all that is left as one part."""
        left = np.array([self.graph.everything], dtype=np.int64)
        if int(self.graph.pieces(left)[0]) > self.parts:
            left = left[:0]
        levels = []
        for still in range(self.parts - 1, 0, -1):
            source, part = _first_parts(self.graph, left, self.rules, still)
            after = left[source] ^ part
            following, target = np.unique(after, return_inverse=True)
            keep = self.rules.leaves_enough(following, still)
            keep[keep] = self.graph.pieces(following[keep], still) <= still
            if still == 1:
                keep[keep] = self.rules.allowed(following[keep])
            renumbered = np.cumsum(keep) - 1
            chosen = keep[target]
            levels.append(_Choices(source[chosen], part[chosen], renumbered[target[chosen]]))
            left = following[keep]
            if sum(level.part.size for level in levels) > _MOST_CHOICES:
                raise _too_much(self.graph)
        if not levels and left.size:
            left = left[self.rules.allowed(left)]
        levels.append(_Choices(np.arange(left.size), left, np.zeros(left.size, dtype=np.int64)))
        return tuple(levels)

    @cached_property
    def _ways(self) -> tuple[Ints, ...]:
        """Per level, for each remainder, the number of ways to complete it."""
        ways = [np.ones(1, dtype=np.int64)]
        sizes = [1] + [int(c.target.max(initial=-1)) + 1 for c in self._levels[:-1]]
        for level, size in zip(self._levels[::-1], sizes[::-1], strict=True):
            count = np.zeros(size, dtype=np.int64)
            np.add.at(count, level.source, ways[-1][level.target])
            ways.append(count)
        return tuple(ways[::-1])

    @property
    def count(self) -> int:
        """How many drawings obey the rules; known without listing them."""
        return int(self._ways[0][0])

    def listed(self) -> Ints:
        """List every drawing: one row a drawing, one column a part, each a set of units.

        Parts stand in the order of their first units, and rows are sorted.
        """
        rows = np.zeros((1, 0), dtype=np.int64)
        at = np.zeros(1, dtype=np.int64)
        for level, ways in zip(self._levels, self._ways[1:], strict=True):
            # Beginnings that no rule-abiding drawing continues are dropped before they multiply.
            alive = ways[level.target] > 0
            source, part, target = level.source[alive], level.part[alive], level.target[alive]
            starts = np.searchsorted(source, at, side="left")
            fan = np.searchsorted(source, at, side="right") - starts
            parent = np.repeat(np.arange(at.size), fan)
            first = np.repeat(np.cumsum(fan) - fan, fan)
            choice = np.repeat(starts, fan) + np.arange(parent.size) - first
            rows = np.column_stack([rows[parent], part[choice]])
            at = target[choice]
        return rows[np.lexsort(rows.T[::-1])]


def connected_sets(graph: UnitGraph, *, rules: Rules | None = None) -> Ints:
    """List every connected set of units that obeys the rules, sorted.

    Examples
    --------
    >>> connected_sets(UnitGraph.from_pairs(3, [(0, 1), (1, 2)])).tolist()
    [1, 2, 3, 4, 6, 7]
    """
    graph.check_size()
    tails = graph.everything & ~((np.int64(1) << np.arange(graph.units)) - 1)
    _, found = _first_parts(graph, tails.astype(np.int64), rules or Rules(), 0)
    return np.sort(found)


def _first_parts(graph: UnitGraph, left: Ints, rules: Rules, still: int) -> tuple[Ints, Ints]:
    """From each remainder, the connected parts with its first unit; `still` parts are to follow."""
    found: list[tuple[Ints, Ints]] = []
    held = 0
    for source, part in _grow(graph, left, rules, still):
        found.append((source, part))
        held += part.size
        if held > _MOST_CHOICES:
            raise _too_much(graph)
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    source = np.concatenate([s for s, _ in found])
    part = np.concatenate([p for _, p in found])
    order = np.lexsort((part, source))
    return source[order], part[order]


def _too_much(graph: UnitGraph) -> InputError:
    return InputError(
        f"`units`: {graph.units} units have too many drawings to go through. Give a tighter "
        "population range, units to keep together, larger units, or take a random sample "
        "(`sample=`)"
    )


def _grow(graph: UnitGraph, left: Ints, rules: Rules, still: int) -> Iterator[tuple[Ints, Ints]]:
    """Grow parts unit by unit: the next unit at hand is taken for good or refused for good.

    Every set of choices ends in exactly one connected part, so the work is in proportion to what
    is found. The stack holds batches, so that memory stays flat.
    """
    near = np.array(graph.neighbours, dtype=np.int64)
    seed = lowest(left)
    stack = [(np.arange(left.size), seed, near[position(seed)] if left.size else seed, left ^ seed)]
    while stack:
        source, part, around, free = stack.pop()
        if source.size > _ROWS_AT_ONCE:
            half = source.size // 2
            stack.append((source[:half], part[:half], around[:half], free[:half]))
            stack.append((source[half:], part[half:], around[half:], free[half:]))
            continue
        open_ = around & free
        done = open_ == 0
        if done.any():
            ended = rules.allowed(part[done])
            ended &= np.bitwise_count(left[source[done]] ^ part[done]) >= still
            yield source[done][ended], part[done][ended]
            going = ~done
            source, part, around = source[going], part[going], around[going]
            free, open_ = free[going], open_[going]
        if not source.size:
            continue
        unit = lowest(open_)
        free = free ^ unit
        taken = part | unit
        fine = rules.still_possible(taken)
        wider = around[fine] | near[position(unit[fine])]
        stack.append(
            (
                np.concatenate([source, source[fine]]),
                np.concatenate([part, taken[fine]]),
                np.concatenate([around, wider]),
                np.concatenate([free, free[fine]]),
            )
        )
