"""Edges that come near each other are found, each pair once, however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coterminous.polygons.meeting_boxes import AT_ONCE, Boxes, meeting


def boundaries(rng, counts, step):
    """Draw walks: edges that follow each other, boundary after boundary."""
    ends = [np.cumsum(rng.normal(0, step, (count + 1, 2)), axis=0) for count in counts]
    return np.concatenate([np.stack([walk[:-1], walk[1:]], axis=1) for walk in ends])


def one_by_one(ends, counts, other, others, slack):
    """Every edge of a boundary with every edge of its partner, by comparison of their boxes."""
    found = set()
    first = np.cumsum(counts) - counts
    for pair, start in enumerate(np.cumsum(others) - others):
        for i in range(first[pair], first[pair] + counts[pair]):
            for j in range(start, start + others[pair]):
                apart = ends[i].min(axis=0) - slack[pair] > other[j].max(axis=0)
                apart |= ends[i].max(axis=0) + slack[pair] < other[j].min(axis=0)
                if not apart.any():
                    found.add((i, j))
    return found


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    sizes=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=5),
    slack=st.sampled_from([0.0, 0.5]),
)
def test_edges_whose_boxes_meet_are_those_found_one_by_one(seed, sizes, slack):
    rng = np.random.default_rng(seed)
    counts, others = np.array(sizes).T
    ends, other = boundaries(rng, counts, 1.0), boundaries(rng, others, 2.0)
    slacks = np.full(len(counts), slack)
    found = np.concatenate(
        list(meeting(Boxes.of(ends, counts), Boxes.of(other, others), slacks)), axis=1
    )
    pairs = list(zip(*found.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) == one_by_one(ends, counts, other, others, slacks)


def test_where_every_edge_meets_every_other_they_come_a_few_at_a_time():
    line = np.linspace(0, 1, 2001)
    ends = np.stack([np.stack([line[:-1], line[:-1] * 0], 1), np.stack([line[1:], line[1:]], 1)], 1)
    tall = ends + 0.0
    tall[:, 0], tall[:, 1] = -1.0, 2.0
    counts = np.array([2000])
    sizes = [found.shape[1] for found in meeting(Boxes.of(ends, counts), Boxes.of(tall, counts))]
    assert sum(sizes) == 2000**2
    assert max(sizes) <= 4 * AT_ONCE


@pytest.mark.parametrize("size", [1_000, 4_000, 16_000])
def test_boxes_tried_grow_with_the_corners_and_not_with_their_square(size, monkeypatch):
    from coterminous.polygons import meeting_boxes

    tried = []
    plain = meeting_boxes._met

    def counting(left, right, a, b, far):
        tried.append(len(a))
        return plain(left, right, a, b, far)

    monkeypatch.setattr(meeting_boxes, "_met", counting)
    angle = np.linspace(0, 2 * np.pi, size + 1)
    rings = [
        np.column_stack([np.cos(angle) + x, np.sin(angle) * (1 + 0.1 * np.sin(30 * angle))])
        for x in (0.0, 0.05)
    ]
    boxes = [Boxes.of(np.stack([ring[:-1], ring[1:]], axis=1), np.array([size])) for ring in rings]
    for _ in meeting_boxes.meeting(*boxes):
        pass
    assert sum(tried) < 60 * size
