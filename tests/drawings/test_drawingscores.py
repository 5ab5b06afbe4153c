"""Scores by look-up equal scores worked out the long way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from coterminous.drawings.blockmoves import BlockMoves, cut_points
from coterminous.drawings.drawingscores import (
    Figures,
    areas_from_sets,
    areas_of,
    as_counts,
    dominating,
    pareto,
    people_moved,
    rank,
    scores,
)
from coterminous.drawings.unitgraph import members

counts_of = st.integers(0, 50)


def figures_of(units: int, seed: int) -> Figures:
    random = np.random.default_rng(seed)
    against = random.integers(0, 90, (units, 3))
    registered = random.integers(0, 60, (units, units))
    activity = random.random((units, 4)) * 100
    return Figures(
        people=against.sum(axis=1),
        against=against,
        before=random.integers(0, 90, (units, 4)),
        activity=activity,
        activity_total=activity.sum(axis=1) + 5,
        registered=registered,
        registered_total=registered.sum(axis=1),
    )


def merged(figures: Figures, drawing: list[int]) -> Figures:
    units = len(figures.people)
    join = np.array([[part >> u & 1 for u in range(units)] for part in drawing])
    return Figures(
        people=join @ figures.people,
        against=join @ figures.against,
        before=join @ figures.before,
        activity=join @ figures.activity,
        activity_total=join @ figures.activity_total,
        registered=join @ figures.registered @ join.T,
        registered_total=join @ figures.registered_total,
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_drawing_scores_the_same_from_its_units_as_from_its_own_areas(seed):
    figures = figures_of(6, seed)
    drawing = [0b000011, 0b010100, 0b101000]
    by_units = scores(
        areas_from_sets(figures, members(np.array(drawing), 6)), np.array([[0, 1, 2]])
    )
    by_areas = scores(areas_of(merged(figures, drawing)), np.array([[0, 1, 2]]))
    assert by_units.equals(by_areas)


def test_v_measure_equals_scikit_learns():
    metrics = pytest.importorskip("sklearn.metrics")
    table = np.array([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]])
    none = np.zeros((4, 4), dtype=int)
    figures = Figures(
        table.sum(axis=1), table, table, none * 1.0, np.zeros(4), none, np.zeros(4, dtype=int)
    )
    row = scores(areas_of(figures), np.array([[0, 1, 2, 3]])).loc[0]
    source, target = np.repeat(np.indices((4, 3)).reshape(2, -1), table.ravel(), axis=1)
    assert row["v_measure"] == pytest.approx(metrics.v_measure_score(source, target), abs=1e-9)
    assert row["v_measure"] == pytest.approx(0.3612313463, abs=1e-9)
    assert row["people_moved"] == 35
    assert np.isnan(row["localisation"])


@settings(max_examples=50, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 9)), elements=counts_of))
def test_people_moved_equals_the_hungarian_method(before):
    drawing = np.arange(len(before))[None, :]
    old, new = linear_sum_assignment(before, maximize=True)
    assert people_moved(before, drawing)[0] == before.sum() - before[old, new].sum()


@settings(max_examples=80, deadline=None)
@given(
    arrays(np.int64, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=st.integers(0, 5))
)
def test_the_pareto_set_is_what_no_row_dominates(values):
    expected = [not len(dominating(values, row)) for row in values]
    assert pareto(values.astype(float)).tolist() == expected


def test_rank_is_one_more_than_the_number_that_beat_it():
    values = np.array([[1.0, 5.0], [2.0, 5.0], [2.0, 9.0]])
    assert rank(values, np.array([2.0, 5.0])) == [1, 2]
    assert rank(values, np.array([9.0, np.nan])) == [1, None]


def grid_moves(seed: int = 0) -> BlockMoves:
    """A 4 x 4 grid of blocks in three areas."""
    random = np.random.default_rng(seed)
    number = np.arange(16).reshape(4, 4)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    down = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    activity = random.random((16, 3)) * 40
    return BlockMoves(
        areas=np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 2, 2, 1, 2, 2, 2, 2]),
        people=random.integers(1, 50, 16),
        target=random.integers(-1, 3, 16),
        activity=activity,
        activity_total=activity.sum(axis=1) + 1,
        edges=np.concatenate([across, down]),
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_move_scores_what_the_moved_drawing_scores(seed):
    drawing = grid_moves(seed)
    moves = drawing.candidates()
    ahead = drawing.scores(moves["block"], moves["area"])
    for i, (block, area) in enumerate(zip(moves["block"], moves["area"], strict=True)):
        after = drawing.moved(block, area)
        now = after.scores([block], [area]).loc[0]
        assert ahead.loc[i, "largest"] == now["largest"]
        assert ahead.loc[i, ["v_measure", "localisation"]].to_numpy(float) == pytest.approx(
            now[["v_measure", "localisation"]].to_numpy(float), abs=1e-12
        )


def test_a_block_that_holds_its_area_together_is_marked():
    assert cut_points([[1], [0, 2], [1]]).tolist() == [False, True, False]
    assert cut_points([[1, 2], [0, 2], [0, 1]]).tolist() == [False, False, False]
    moves = grid_moves().candidates().set_index(["block", "area"])["contiguous"]
    assert moves[(8, 2)]


def test_parts_of_people_are_neither_cut_off_nor_rounded_one_by_one():
    """Three units whose halves of a person go to two old areas: 1.5 stay apart, not 0 or 3."""
    before = np.array([[10.5, 0.5], [8.0, 0.5], [0.5, 9.0]])
    people = before.sum(axis=1)
    none = np.zeros((3, 3), dtype=np.int64)
    figures = Figures(
        people=as_counts(people),
        against=as_counts(before),
        before=as_counts(before),
        activity=np.zeros((3, 0)),
        activity_total=np.zeros(3),
        registered=none,
        registered_total=none.sum(axis=1),
    )
    sets = np.array([[True, True, False], [False, False, True]])
    found = scores(areas_from_sets(figures, sets), np.array([[0, 1]])).iloc[0]
    assert found[["people_moved", "parted", "largest", "smallest"]].tolist() == [
        1.5,
        1.5,
        19.5,
        9.5,
    ]
    assert as_counts(np.array([2.0, 3.0])).dtype == np.int64
