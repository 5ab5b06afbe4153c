"""Which sets of units hang together, asked of millions of sets at once.

A set of units is an integer whose bit ``i`` is unit ``i``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coterminous.errors import InputError

Ints = NDArray[np.int64]

#: As many units as an integer has bits; larger graphs can be sampled, not listed.
MOST_UNITS = 62
_BYTE = 8


@dataclass(frozen=True)
class UnitGraph:
    """Units and who is next to whom, made for asking about millions of sets of units at once.

    A set of units is an integer whose bit ``i`` is unit ``i``; functions take and return arrays of
    such integers.

    Parameters
    ----------
    neighbours : tuple of int
        For each unit the set of its neighbours.

    Examples
    --------
    >>> line = UnitGraph.from_pairs(3, [(0, 1), (1, 2)])
    >>> line.pieces(np.array([0b111, 0b101]))
    array([1, 2])
    """

    neighbours: tuple[int, ...]

    @classmethod
    def from_pairs(cls, units: int, pairs: Iterable[tuple[int, int]]) -> UnitGraph:
        """Build the graph from the number of units and the pairs that are neighbours.

        Raises
        ------
        InputError
            If there is no unit, or a pair names one that there is not.
        """
        if units < 1:
            raise InputError(f"`units` is {units}; give at least one")
        near = [0] * units
        for a, b in pairs:
            if a == b or not (0 <= a < units and 0 <= b < units):
                raise InputError(f"`pairs` has ({a}, {b}): two different units of 0 to {units - 1}")
            near[a] |= 1 << int(b)
            near[b] |= 1 << int(a)
        return cls(tuple(near))

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.neighbours)

    @property
    def everything(self) -> int:
        """The set of all units."""
        return (1 << self.units) - 1

    @cached_property
    def _reach(self) -> Ints:
        """Table byte x value -> neighbours of the units in that byte."""
        return or_table(self.neighbours)

    def around(self, sets: Ints) -> Ints:
        """For each set, the units next to one of its units (its own may be among them)."""
        found = self._reach[0][sets & 0xFF]
        for byte in range(1, len(self._reach)):
            found = found | self._reach[byte][(sets >> (_BYTE * byte)) & 0xFF]
        return found

    def pieces(self, sets: Ints, most: int = MOST_UNITS) -> Ints:
        """For each set, the number of connected pieces; counting stops at ``most`` + 1."""
        left = np.array(sets, dtype=np.int64)
        count = np.zeros(left.shape, dtype=np.int64)
        rows = np.flatnonzero(left)
        while rows.size:
            count[rows] += 1
            left[rows] ^= self._piece_of_lowest(left[rows])
            rows = rows[(left[rows] != 0) & (count[rows] <= most)]
        return count

    def _piece_of_lowest(self, sets: Ints) -> Ints:
        """For each set (none empty), the connected piece that holds its first unit."""
        piece = lowest(sets)
        rows = np.arange(sets.size)
        while rows.size:
            grown = piece[rows] | (self.around(piece[rows]) & sets[rows])
            rows_grew = grown != piece[rows]
            piece[rows] = grown
            rows = rows[rows_grew]
        return piece

    def piece_list(self, members: int) -> list[int]:
        """Split one set, of any size, into its connected pieces; that of the first unit first."""
        found = []
        while members:
            piece = members & -members
            fresh = piece
            while fresh:
                unit = (fresh & -fresh).bit_length() - 1
                fresh &= fresh - 1
                reached = self.neighbours[unit] & members & ~piece
                piece |= reached
                fresh |= reached
            found.append(piece)
            members ^= piece
        return found

    def check_size(self) -> None:
        """Raise if sets of these units do not fit in an integer.

        Raises
        ------
        InputError
        """
        if self.units > MOST_UNITS:
            raise InputError(
                f"`units`: of {self.units} units not every drawing can be gone through, of "
                f"{MOST_UNITS} at most. Give larger units, or take a random sample (`sample=`)"
            )


def or_table(masks: Sequence[int]) -> Ints:
    """For every byte and value, the union of the masks of the units in that byte."""
    n_bytes = max(1, -(-len(masks) // _BYTE))
    table = np.zeros((n_bytes, 256), dtype=np.int64)
    values = np.arange(256)
    for unit, mask in enumerate(masks):
        byte, bit = divmod(unit, _BYTE)
        table[byte][(values >> bit) & 1 == 1] |= np.int64(mask)
    return table


def sum_table(weights: Ints) -> Ints:
    """For every byte and value, the sum of the weights of the units in that byte."""
    n_bytes = max(1, -(-len(weights) // _BYTE))
    table = np.zeros((n_bytes, 256), dtype=weights.dtype)
    values = np.arange(256)
    for unit, weight in enumerate(weights):
        byte, bit = divmod(unit, _BYTE)
        table[byte][(values >> bit) & 1 == 1] += weight
    return table


def sums_of(table: Ints, sets: Ints) -> Ints:
    """Add up a weight over each set, from the table that `sum_table` made."""
    total = table[0][sets & 0xFF]
    for byte in range(1, len(table)):
        total = total + table[byte][(sets >> (_BYTE * byte)) & 0xFF]
    return total


def lowest(sets: Ints) -> Ints:
    """For each set, the set of its first unit alone."""
    return sets & -sets


def position(single: Ints) -> Ints:
    """For each set of one unit, which unit it is."""
    return np.bitwise_count(single - 1).astype(np.int64)


def mask_of(units: Iterable[int]) -> int:
    """Make the set of some units.

    Examples
    --------
    >>> mask_of([0, 2])
    5
    """
    mask = 0
    for unit in units:
        mask |= 1 << int(unit)
    return mask


def members(sets: Ints, units: int) -> NDArray[np.bool_]:
    """Unfold sets into a table, one row a set, one column a unit."""
    return (sets[:, None] >> np.arange(units)[None, :]) & 1 == 1
