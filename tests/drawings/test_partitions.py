"""Every contiguous drawing: against brute force, and against counts the peers publish."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coterminous.drawings.partitioncounts import CannotCountError, counts, sampled
from coterminous.drawings.partitions import Partitions, Rules, connected_sets
from coterminous.drawings.unitgraph import UnitGraph, mask_of
from coterminous.errors import InputError


def grid(rows: int, columns: int) -> UnitGraph:
    pairs = []
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns:
                pairs.append((r * columns + c, r * columns + c + 1))
            if r + 1 < rows:
                pairs.append((r * columns + c, (r + 1) * columns + c))
    return UnitGraph.from_pairs(rows * columns, pairs)


def set_partitions(units: list[int]):
    if not units:
        yield []
        return
    first, rest = units[0], units[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = [u for u in rest if u not in others]
            for tail in set_partitions(left):
                yield [mask_of([first, *others]), *tail]


def is_connected(graph: UnitGraph, mask: int) -> bool:
    return len(graph.piece_list(mask)) == 1


@st.composite
def small_graphs(draw):
    units = draw(st.integers(1, 7))
    pairs = list(combinations(range(units), 2))
    kept = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return UnitGraph.from_pairs(units, kept)


@settings(max_examples=60, deadline=None)
@given(small_graphs(), st.integers(1, 7), st.data())
def test_listing_finds_what_brute_force_finds(graph, parts, data):
    parts = min(parts, graph.units)
    weights = np.array(
        data.draw(st.lists(st.integers(0, 9), min_size=graph.units, max_size=graph.units))
    )
    least = data.draw(st.one_of(st.none(), st.integers(0, 12)))
    most = data.draw(st.one_of(st.none(), st.integers(5, 40)))
    pair = st.sets(st.integers(0, graph.units - 1), min_size=1, max_size=3).map(mask_of)
    rules = Rules(
        weights,
        least,
        most,
        together=tuple(data.draw(st.lists(pair, max_size=1))),
        apart=tuple(data.draw(st.lists(pair, max_size=1))),
    )

    def obeys(part: int) -> bool:
        people = sum(int(w) for i, w in enumerate(weights) if part >> i & 1)
        return (
            is_connected(graph, part)
            and (least is None or people >= least)
            and (most is None or people <= most)
            and all(part & m in (0, m) for m in rules.together)
            and all((part & m).bit_count() <= 1 for m in rules.apart)
        )

    expected = sorted(
        drawing
        for drawing in set_partitions(list(range(graph.units)))
        if len(drawing) == parts and all(obeys(p) for p in drawing)
    )
    found = Partitions(graph, parts, rules=rules)
    assert found.count == len(expected)
    assert found.listed().tolist() == expected


@settings(max_examples=60, deadline=None)
@given(small_graphs())
def test_the_count_is_known_without_listing(graph):
    assert counts(graph) == [Partitions(graph, k).count for k in range(1, graph.units + 1)]


@settings(max_examples=40, deadline=None)
@given(small_graphs())
def test_connected_sets_are_all_and_only_the_connected_ones(graph):
    expected = [m for m in range(1, graph.everything + 1) if is_connected(graph, m)]
    assert connected_sets(graph).tolist() == expected


def test_the_3_by_3_grid_has_1434_connected_partitions():
    assert sum(counts(grid(3, 3))) == 1434
    assert sum(len(Partitions(grid(3, 3), k).listed()) for k in range(1, 10)) == 1434


def test_the_4_by_4_grid_has_117_partitions_into_4_connected_parts_of_4():
    quarters = Partitions(grid(4, 4), 4, rules=Rules(np.ones(16, dtype=int), 4, 4))
    assert quarters.count == 117
    assert len(quarters.listed()) == 117


def test_25_units_are_counted_without_listing():
    assert counts(grid(5, 5))[:3] == [1, 16213, 709351]


def test_two_units_that_do_not_touch_are_only_two_areas():
    apart = UnitGraph.from_pairs(2, [])
    assert counts(apart) == [0, 1]
    assert Partitions(apart, 1).listed().shape == (0, 1)


def test_more_areas_than_units_is_refused():
    with pytest.raises(InputError, match="`areas` is 5: 4 units can be grouped into 1 to 4 areas"):
        Partitions(grid(2, 2), 5)


def test_a_graph_too_wide_to_count_says_what_to_do():
    everyone = UnitGraph.from_pairs(26, list(combinations(range(26), 2)))
    with pytest.raises(CannotCountError, match=r"too many to count .*random sample"):
        counts(everyone)


def test_a_sample_is_the_same_for_the_same_seed_and_holds_only_drawings():
    some = sampled(grid(3, 3), 3, 40, seed=7)
    assert some.tolist() == sampled(grid(3, 3), 3, 40, seed=7).tolist()
    every = {tuple(row) for row in Partitions(grid(3, 3), 3).listed().tolist()}
    for labels in some:
        drawing = tuple(mask_of(np.flatnonzero(labels == part)) for part in range(3))
        assert drawing in every


def test_a_sample_obeys_the_rules():
    rules = Rules(np.ones(9, dtype=int), 2, 4, together=(0b11,), apart=(0b100000001,))
    some = sampled(grid(3, 3), 3, 200, seed=1, rules=rules)
    listed = {tuple(r) for r in Partitions(grid(3, 3), 3, rules=rules).listed().tolist()}
    found = {tuple(mask_of(np.flatnonzero(row == k)) for k in range(3)) for row in some}
    assert found
    assert found <= listed


def test_more_units_than_bits_can_be_sampled_and_not_listed():
    wide = grid(8, 9)
    assert sampled(wide, 5, 3, seed=1).shape == (3, 72)
    with pytest.raises(InputError, match=r"of 72 units not every drawing .* random sample"):
        Partitions(wide, 5)
    with pytest.raises(CannotCountError, match="72 units are too many to count"):
        counts(wide)
