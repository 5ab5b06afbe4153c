"""Into which parts do lines cut blocks, and how do the parts of two layers meet?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.areas import Areas

#: A share smaller than this is rounding.
LEAST = 1e-9


def frozen(values: NDArray[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """Return a copy of an array that nobody can write to, nor make writable again."""
    kept = np.array(values, dtype=dtype)
    kept.setflags(write=False)
    return kept.view()


@dataclass(frozen=True, eq=False)
class Cuts:
    """How blocks are cut: the block of every part (by position) and its share of that block.

    The shares of the parts of a block add up to 1. `origins` are the cuts of which these are
    finer ones, each with the part of theirs that every part here is of; `uncut` are whole blocks.
    """

    block: NDArray[np.int32]
    share: NDArray[np.float64]
    origins: tuple[tuple[Cuts, NDArray[np.int32]], ...] = ()
    uncut: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "block", frozen(self.block, np.int32))
        object.__setattr__(self, "share", frozen(self.share, np.float64))

    @classmethod
    def none(cls, blocks: int) -> Cuts:
        """Take every block as one part."""
        return cls(np.arange(blocks, dtype=np.int32), np.ones(blocks), uncut=True)

    def parts_of(self, other: Cuts) -> NDArray[np.int32] | None:
        """Give the part of other cuts that each part here is of, or None if these are not finer."""
        if other is self:
            return np.arange(len(self.block), dtype=np.int32)
        if other.uncut:
            return self.block
        for origin, parts in self.origins:
            further = origin.parts_of(other)
            if further is not None:
                return further[parts]
        return None

    def roots(self) -> set[int]:
        """Tell apart the cuts that none were before, by identity."""
        found = {root for origin, _ in self.origins for root in origin.roots()}
        return found or {id(self)}


@dataclass(frozen=True, eq=False)
class Crossing:
    """The parts of blocks that two layers make together, and the areas of each part; -1 = none."""

    cuts: Cuts
    source: NDArray[np.int32]
    target: NDArray[np.int32]


def crossed(source: Areas, target: Areas) -> Crossing:
    """Cut blocks by the lines of two layers.

    Parts of the same cuts are known one by one; lines of different origin are taken to cut a
    block without regard to one another, so that shares multiply.

    Raises
    ------
    InputError
        If they have different blocks, or both were made of the same cuts by different ways.
    """
    source.same_blocks(target)
    (mine, here), (theirs, there) = source.parts(), target.parts()
    finer = mine.parts_of(theirs)
    if finer is not None:
        return Crossing(mine, here, there[finer])
    finer = theirs.parts_of(mine)
    if finer is not None:
        return Crossing(theirs, here[finer], there)
    if mine.roots() & theirs.roots():
        raise InputError(
            f"layers {source.name!r} and {target.name!r} were cut from the same lines in different "
            "ways, so that how their parts meet is not known; compare each with the layer that "
            "both were cut from"
        )
    parts = [
        pd.DataFrame({"block": c.block, "part": np.arange(len(c.block)), "share": c.share})
        for c in (mine, theirs)
    ]
    both = parts[0].merge(parts[1], on="block", suffixes=("", "_other"))
    left, right = both["part"].to_numpy(), both["part_other"].to_numpy()
    shares = (both["share"] * both["share_other"]).to_numpy()
    cuts = Cuts(both["block"].to_numpy(), shares, ((mine, left), (theirs, right)))
    return Crossing(cuts, here[left], there[right])
