"""What moving one block to another area would do, for many thousands of such moves at once.

A step of a search moves one block. Its effect on each score is a difference in four or five terms,
so moves are scored in batches of differences, without building the new layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer
    from coterminous.shares import AnyLayer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BlockMoves:
    """A drawing of blocks into areas, and what single-block moves would make of it.

    Parameters
    ----------
    areas : array of int
        Area of each block, 0, 1, 2, ...; -1 = outside, and cannot move.
    people : array of int
        Residents of each block.
    target : array of int
        Area of each block in the layer to be coterminous with; -1 = outside it.
    activity : array of float, shape (blocks, organisations)
        Patients by block and organisation.
    activity_total : array of float
        Patients by block, lumps included.
    edges : array of int, shape (pairs, 2)
        Blocks that are neighbours, by shared edge or declared link.

    Examples
    --------
    >>> row = BlockMoves(np.array([0, 0, 1]), np.array([10, 10, 10]), np.array([0, 1, 1]),
    ...                  np.zeros((3, 1)), np.zeros(3), np.array([[0, 1], [1, 2]]))
    >>> moves = row.candidates()
    >>> moves["block"].tolist(), moves["area"].tolist(), moves["contiguous"].tolist()
    ([1, 2], [1, 0], [True, False])
    >>> row.scores(moves["block"], moves["area"])["largest"].tolist()
    [20, 30]
    """

    areas: Ints
    people: Ints
    target: Ints
    activity: Floats
    activity_total: Floats
    edges: Ints

    def __post_init__(self) -> None:
        n = len(self.areas)
        for name in ("people", "target", "activity", "activity_total"):
            if len(getattr(self, name)) != n:
                raise InputError(
                    f"`{name}` has {len(getattr(self, name))} rows, `areas` has {n} blocks"
                )
        # Tallies are made once; a frozen value may hold what follows from its fields.
        object.__setattr__(self, "_tallies", _Tallies.of(self))

    def candidates(self) -> pd.DataFrame:
        """List the moves of a block to an area next to it.

        Returns
        -------
        DataFrame
            `block` and `area` (positions); `contiguous`: what the block leaves holds together as
            well as before, and is not empty.
        """
        a, b = self.edges.T
        both = np.concatenate([np.column_stack([a, b]), np.column_stack([b, a])])
        block, area = both[:, 0], self.areas[both[:, 1]]
        cross = (self.areas[block] != area) & (area >= 0) & (self.areas[block] >= 0)
        moves = np.unique(np.column_stack([block[cross], area[cross]]), axis=0)
        stuck = self._holds_together()
        return pd.DataFrame(
            {"block": moves[:, 0], "area": moves[:, 1], "contiguous": ~stuck[moves[:, 0]]}
        )

    def scores(
        self, blocks: Sequence[int] | NDArray[np.integer], areas: Sequence[int] | Ints
    ) -> pd.DataFrame:
        """Score the drawing after each of some moves, one move at a time.

        Parameters
        ----------
        blocks, areas : array of int
            Move ``i`` takes block ``blocks[i]`` to area ``areas[i]``.

        Returns
        -------
        DataFrame
            `v_measure`, `localisation` (shares of 1) and `largest` (people), one row a move.

        Raises
        ------
        InputError
            If a block is outside the drawing, or an area unknown.
        """
        block = np.asarray(blocks, dtype=np.int64)
        to = np.asarray(areas, dtype=np.int64)
        if len(block) != len(to):
            raise InputError(f"`blocks` has {len(block):,} moves, `areas` has {len(to):,}")
        known = (block >= 0) & (block < len(self.areas))
        strange = ~known | (self.areas[np.where(known, block, 0)] < 0)
        if strange.any():
            raise InputError(
                f"`blocks` has {int(strange.sum()):,} positions that are not in the drawing: "
                f"{first_five(block[strange].tolist())}; `candidates` lists the moves there are"
            )
        beyond = (to < 0) | (to >= self._t.people.size)
        if beyond.any():
            raise InputError(
                f"`areas` has {int(beyond.sum()):,} positions that are no area of the drawing: "
                f"{first_five(to[beyond].tolist())}; it has areas 0 to {self._t.people.size - 1}"
            )
        origin = self.areas[block]
        stay = origin == to
        return pd.DataFrame(
            {
                "v_measure": self._v_measure(block, origin, to, stay),
                "localisation": self._localisation(block, origin, to, stay),
                "largest": self._largest(block, origin, to, stay),
            }
        )

    def moved(self, block: int, area: int) -> BlockMoves:
        """Return the drawing after a move."""
        after = self.areas.copy()
        after[block] = area
        return replace(self, areas=after)

    @property
    def _t(self) -> _Tallies:
        return self.__dict__["_tallies"]

    def _v_measure(self, block: Ints, origin: Ints, to: Ints, stay: NDArray[np.bool_]) -> Floats:
        t = self._t
        column = self.target[block]
        weight = np.where((column < 0) | stay, 0, self.people[block])
        margin = t.margin_log + _swap(t.margin, origin, to, weight)
        cell = t.cell_log + _swap(t.cells[:, column], origin, to, weight, across=True)
        n = t.n
        if n == 0:
            return np.full(len(block), np.nan)
        source, joint = np.log(n) - margin / n, np.log(n) - cell / n
        shared = source + t.target_entropy - joint
        h = np.where(source > 1e-12, shared / np.where(source > 1e-12, source, 1.0), 1.0)
        c = shared / t.target_entropy if t.target_entropy > 1e-12 else np.ones_like(shared)
        return np.where(h + c > 1e-12, 2 * h * c / np.where(h + c > 1e-12, h + c, 1.0), 0.0)

    def _localisation(self, block: Ints, origin: Ints, to: Ints, stay: NDArray[np.bool_]) -> Floats:
        t = self._t
        if not t.activity_total or not t.activity.shape[1]:
            return np.full(len(block), np.nan)
        moving = np.where(stay[:, None], 0.0, self.activity[block])
        change = (t.activity[origin] - moving).max(axis=1) - t.main[origin]
        change += (t.activity[to] + moving).max(axis=1) - t.main[to]
        return (t.main.sum() + np.where(stay, 0.0, change)) / t.activity_total

    def _largest(self, block: Ints, origin: Ints, to: Ints, stay: NDArray[np.bool_]) -> Ints:
        people = self._t.people
        weight = np.where(stay, 0, self.people[block])
        # The largest of the areas a move leaves alone is among the three largest.
        order = np.argsort(-people, kind="stable")[:3]
        rest = np.full(len(block), 0, dtype=np.int64)
        for area in order[::-1]:
            untouched = (origin != area) & (to != area)
            rest = np.where(untouched, people[area], rest)
        changed = np.maximum(people[origin] - weight, people[to] + weight)
        return np.maximum(rest, changed)

    def _holds_together(self) -> NDArray[np.bool_]:
        """Mark the blocks without which their area would be empty or fall into more pieces."""
        near: list[list[int]] = [[] for _ in range(len(self.areas))]
        for a, b in self.edges.tolist():
            if self.areas[a] == self.areas[b]:
                near[a].append(b)
                near[b].append(a)
        stuck = cut_points(near)
        alone = np.bincount(self.areas[self.areas >= 0], minlength=self._t.people.size) == 1
        stuck |= np.where(self.areas >= 0, alone[self.areas], False)
        return stuck


def block_moves(
    area: Geography,
    layer: str | Layer,
    *,
    against: str | Layer | None = None,
    trusts: str | None = None,
) -> BlockMoves:
    """Set out a layer for single-block moves.

    Parameters
    ----------
    area : Geography
    layer : str or Layer
        The drawing to start from; blocks and areas are positions in `area.blocks` and in the
        layer's `codes`.
    against : str or Layer, optional
        The layer with which to be coterminous; the one of the role `councils` if not given.
    trusts : str
        The register for localisation, that of hospitals if not given; patients of a zone are
        shared out to its blocks by population.

    Raises
    ------
    InputError
        If a layer is unknown, or cuts blocks.

    Examples
    --------
    >>> import coterminous as ct
    >>> drawing = block_moves(ct.load(), "footprint2022")
    >>> moves = drawing.candidates()
    >>> len(drawing.scores(moves["block"], moves["area"])) == len(moves)
    True
    """
    from coterminous.registers.counting import count_by_block

    drawing = _whole_blocks(area, "layer", layer)
    target = _whole_blocks(area, "against", area.needed(against, "councils", "against"))
    hospitals = area.meant(trusts, "hospital")
    pairs = area.neighbours()
    activity, total = np.zeros((len(area.blocks), 0)), np.zeros(len(area.blocks))
    if hospitals is not None:
        activity, total = count_by_block(area.register(hospitals))
    return BlockMoves(
        areas=drawing.positions.astype(np.int64),
        people=area.weight(area.residents).to_numpy().astype(np.int64),
        target=target.positions.astype(np.int64),
        activity=activity,
        activity_total=total,
        edges=np.column_stack([area.blocks.get_indexer(pairs[c]) for c in ("a", "b")]),
    )


def _whole_blocks(area: Geography, argument: str, given: str | AnyLayer) -> Layer:
    """Return a layer that gives each block whole to one area, or blame the argument."""
    return area.layer(given, argument=argument).of_whole_blocks(f"`{argument}`")


@dataclass(frozen=True)
class _Tallies:
    """Sums by area of the drawing as it stands."""

    people: Ints
    cells: Ints
    margin: Ints
    margin_log: float
    cell_log: float
    target_entropy: float
    n: int
    activity: Floats
    main: Floats
    activity_total: float

    @classmethod
    def of(cls, drawing: BlockMoves) -> _Tallies:
        inside = drawing.areas >= 0
        count = int(drawing.areas.max(initial=-1)) + 1
        targets = int(drawing.target.max(initial=-1)) + 1
        people = np.zeros(count, dtype=np.int64)
        np.add.at(people, drawing.areas[inside], drawing.people[inside])
        cells = np.zeros((count, max(targets, 1)), dtype=np.int64)
        both = inside & (drawing.target >= 0)
        np.add.at(cells, (drawing.areas[both], drawing.target[both]), drawing.people[both])
        activity = np.zeros((count, drawing.activity.shape[1]))
        np.add.at(activity, drawing.areas[inside], drawing.activity[inside])
        margin = cells.sum(axis=1)
        n = int(margin.sum())
        entropy = np.log(n) - _x_log_x(cells.sum(axis=0)).sum() / n if n else 0.0
        return cls(
            people=people,
            cells=cells,
            margin=margin,
            margin_log=float(_x_log_x(margin).sum()),
            cell_log=float(_x_log_x(cells).sum()),
            target_entropy=float(entropy),
            n=n,
            activity=activity,
            main=activity.max(axis=1, initial=0.0),
            activity_total=float(drawing.activity_total[inside].sum()),
        )


def _x_log_x(counts: NDArray[np.integer]) -> Floats:
    values = np.asarray(counts, dtype=np.float64)
    return values * np.log(np.where(values > 0, values, 1.0))


def _swap(tally: Ints, origin: Ints, to: Ints, weight: Ints, *, across: bool = False) -> Floats:
    """Change in the sum of x log x when a weight goes from one area's tally to another's."""
    if across:
        moves = np.arange(len(origin))
        leaving, joining = tally[origin, moves], tally[to, moves]
    else:
        leaving, joining = tally[origin], tally[to]
    return (
        _x_log_x(leaving - weight)
        - _x_log_x(leaving)
        + _x_log_x(joining + weight)
        - _x_log_x(joining)
    )


def cut_points(near: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
    """Mark the nodes of a graph whose removal leaves more pieces than before.

    One depth-first walk (Hopcroft and Tarjan 1973, doi 10.1145/362248.362272).

    Examples
    --------
    >>> cut_points([[1], [0, 2], [1]]).tolist()
    [False, True, False]
    """
    n = len(near)
    depth = [-1] * n
    low = [0] * n
    cut = np.zeros(n, dtype=bool)
    for root in range(n):
        if depth[root] >= 0:
            continue
        depth[root] = low[root] = 0
        branches = 0
        stack = [(root, -1, iter(near[root]))]
        while stack:
            node, parent, ahead = stack[-1]
            for other in ahead:
                if depth[other] < 0:
                    depth[other] = low[other] = depth[node] + 1
                    stack.append((other, node, iter(near[other])))
                    break
                if other != parent:
                    low[node] = min(low[node], depth[other])
            else:
                stack.pop()
                if parent < 0:
                    continue
                low[parent] = min(low[parent], low[node])
                if parent == root:
                    branches += 1
                elif low[node] >= depth[parent]:
                    cut[parent] = True
        cut[root] = branches > 1
    return cut
