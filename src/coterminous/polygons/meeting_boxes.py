"""Which edges of two boundaries come near each other?

Every edge of one with every edge of the other is the square of what a detailed boundary has. Edges
that follow each other lie together, so they are gathered in boxes of a few, these again in boxes,
and only boxes that meet are opened. Thousands of pairs of boundaries are gone through at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coterminous.polygons.edges import ranges

#: Boxes gathered in a larger one.
GATHERED = 4
#: Pairs of boxes opened in one go: enough to be quick, little enough to stay in the cache.
AT_ONCE = 40_000


@dataclass(frozen=True)
class Boxes:
    """Boxes of the edges of many boundaries, boundary after boundary.

    Attributes
    ----------
    sides
        Shape (4, boxes): west, south, east, north.
    counts
        How many boxes each boundary has.
    inner
        The boxes that these are made of, at most `GATHERED` each; None for those of edges.
    """

    sides: np.ndarray
    counts: np.ndarray
    inner: Boxes | None = None

    @classmethod
    def of(cls, ends: np.ndarray, counts: np.ndarray) -> Boxes:
        """Draw a box about each edge, shape (edges, 2, 2)."""
        one, other = ends[:, 0].T, ends[:, 1].T
        return cls(np.concatenate([np.minimum(one, other), np.maximum(one, other)]), counts)

    def once(self) -> Boxes:
        """Gather a few boxes that follow each other in one."""
        counts = -(-self.counts // GATHERED)
        first = np.repeat(np.cumsum(self.counts) - self.counts, counts)
        starts = first + GATHERED * ranges(np.zeros_like(counts), counts)
        low = np.minimum.reduceat(self.sides[:2], starts, axis=1)
        high = np.maximum.reduceat(self.sides[2:], starts, axis=1)
        return Boxes(np.concatenate([low, high]), counts, self)

    def gathered(self) -> Boxes:
        """Gather boxes, again and again, until no boundary has more than a few."""
        boxes = self
        while boxes.counts.max(initial=0) > GATHERED:
            boxes = boxes.once()
        return boxes

    @cached_property
    def _spans(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the boxes inside each box start, and how many they are."""
        assert self.inner is not None
        # The last box of a boundary may hold fewer than the others.
        many = np.full(self.sides.shape[1], GATHERED)
        many[np.cumsum(self.counts) - 1] = self.inner.counts - GATHERED * (self.counts - 1)
        return np.cumsum(many) - many, many

    def opened(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the boxes inside some boxes, and how many are in each."""
        start, many = (of.take(chosen) for of in self._spans)
        return ranges(start, many), many


def meeting(one: Boxes, other: Boxes, slack: float | np.ndarray = 0.0) -> Iterator[np.ndarray]:
    """Find the edges whose boxes meet, of the first boundary of each with the first, and so on.

    Parameters
    ----------
    one, other
        Boxes of edges, of as many boundaries, each of at least one edge.
    slack
        Boxes this far apart meet too: for all, or for each pair of boundaries.

    Yields
    ------
    ndarray
        Shape (2, edges): positions in the two. Every pair of edges comes once.

    Examples
    --------
    >>> import numpy as np
    >>> across = np.array([[[0.0, 0.0], [9.0, 0.0]]])
    >>> up = np.array([[[x, -1.0], [x, 1.0]] for x in (4.0, 20.0)])
    >>> found = meeting(Boxes.of(across, np.array([1])), Boxes.of(up, np.array([2])))
    >>> [pairs.tolist() for pairs in found]
    [[[0], [0]]]
    """
    top, other_top = one.gathered(), other.gathered()
    each = np.repeat(other_top.counts, top.counts)
    first = np.repeat(np.cumsum(other_top.counts) - other_top.counts, top.counts)
    mine = np.repeat(np.arange(len(each)), each)
    slacks = np.broadcast_to(slack, top.counts.shape)
    waiting = [(top, other_top, mine, ranges(first, each), _each(top, slacks, mine))]
    while waiting:
        left, right, a, b, far = waiting.pop()
        if len(a) > AT_ONCE:
            for some in reversed(np.array_split(np.arange(len(a)), len(a) // AT_ONCE + 1)):
                waiting.append((left, right, a[some], b[some], far[some]))
            continue
        a, b, far = _met(left, right, a, b, far)
        if left.inner is None and right.inner is None:
            yield np.stack([a, b])
            continue
        # The one with more boxes is opened, so that both come down to edges together.
        more = left.sides.shape[1] >= right.sides.shape[1]
        if left.inner is not None and (more or right.inner is None):
            a, many = left.opened(a)
            waiting.append((left.inner, right, a, np.repeat(b, many), np.repeat(far, many)))
        elif right.inner is not None:
            b, many = right.opened(b)
            waiting.append((left, right.inner, np.repeat(a, many), b, np.repeat(far, many)))


def _each(boxes: Boxes, slacks: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return np.repeat(slacks, boxes.counts).take(chosen)


def _met(
    left: Boxes, right: Boxes, a: np.ndarray, b: np.ndarray, far: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keep the pairs of boxes that meet."""
    for axis in (0, 1):
        low, high = left.sides[axis], left.sides[axis + 2]
        near = low.take(a) - far <= right.sides[axis + 2].take(b)
        near &= high.take(a) + far >= right.sides[axis].take(b)
        a, b, far = a.compress(near), b.compress(near), far.compress(near)
    return a, b, far
