"""The measures against published values, against the peers, and against what must always hold."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coterminous import measures as m
from coterminous.errors import InputError
from coterminous.overlap import Overlap

SABRE = np.array([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]])
B = np.array([[3, 2, 0], [0, 3, 2], [2, 0, 3]])
ROSENBERG_HIRSCHBERG = {
    "a": (np.array([[3, 1, 1], [1, 3, 1], [1, 1, 3]]), 0.1350),
    "b": (B, 0.3874),
    "c": (np.hstack([B, [[1, 0, 1], [1, 1, 0], [0, 1, 1]]]), 0.3004),
    "d": (np.hstack([B, np.repeat(np.eye(3, dtype=int), 2, axis=1)]), 0.4128),
}
tables = arrays(
    np.int64,
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    elements=st.integers(0, 50),
).filter(lambda t: t.sum() > 0)


def overlap_of(cells: np.ndarray) -> Overlap:
    rows = [(f"r{i}", f"c{j}", n) for (i, j), n in np.ndenumerate(cells)]
    return Overlap.from_table(pd.DataFrame(rows, columns=["source", "target", "value"]))


#: Every measure, in the order in which all answers give them; scripts rely on the names.
NAMES = [
    "homogeneity",
    "completeness",
    "v_measure",
    "variation_of_information",
    "mapcurves",
    "mapcurves_from",
    "majority_share",
    "misaligned",
    "coterminous_areas",
    "coterminous_share",
    "mean_jaccard",
    "areas_split",
    "parts",
    "people_moved",
    "parted",
    "absorbed",
    "whole_targets",
    "people_in_whole_targets",
    "share_in_whole_targets",
]
#: Functions of a table that are no measures of whole layers.
NO_MEASURES = {"checked", "goodness_of_fit", "effective_number", "entropy", "columns", "measure"}


@pytest.mark.parametrize(
    ("measure", "published"),
    [
        (m.homogeneity, 0.3153417922),
        (m.completeness, 0.4227515084),
        (m.v_measure, 0.3612313463),
        (lambda t: m.v_measure(t, b=0.5), 0.3445194843),
        (lambda t: m.v_measure(t, b=2), 0.3796471730),
        (m.variation_of_information, 1.5460557493),
        (lambda t: m.mapcurves(t).value, 0.6114641944),
        (lambda t: m.mapcurves(t.T).value, 0.6114641944),
        (lambda t: m._area_under(m.goodness_of_fit(t)), 0.4564450128),
        (m.people_moved, 35),
        (m.areas_split, 4),
        (m.parts, 9),
    ],
)
def test_the_regions_and_areas_of_sabre_have_the_published_values(measure, published):
    assert measure(SABRE) == pytest.approx(published, abs=5e-11)


def test_mapcurves_says_which_direction_it_took():
    assert m.mapcurves(SABRE).direction == "target"
    assert m.mapcurves(SABRE.T).direction == "source"


def test_mapcurves_of_one_area_is_its_goodness_of_fit_at_one():
    # gof of the one row is 0.5: the trapezium from (0, 1) to (0.5, 1) to (1, 0) holds 0.75.
    assert m.goodness_of_fit([[5, 5]]).tolist() == [1.0]
    assert m._area_under(np.array([0.5])) == 0.75


def test_effective_targets_of_sabre_are_as_published():
    assert m.effective_number(SABRE).round(4).tolist() == [2.0619, 1.4706, 1.4706, 1.4706]


@pytest.mark.parametrize("solution", "abcd")
def test_the_example_solutions_of_rosenberg_and_hirschberg(solution):
    table, published = ROSENBERG_HIRSCHBERG[solution]
    assert round(m.v_measure(table), 4) == published


@pytest.mark.peer
@given(tables)
def test_the_v_family_agrees_with_scikit_learn_on_label_lists(table):
    sklearn = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rows, columns = np.nonzero(table)
    times = table[rows, columns]
    labels = np.repeat(rows, times), np.repeat(columns, times)
    expected = sklearn.homogeneity_completeness_v_measure(*labels)
    ours = m.homogeneity(table), m.completeness(table), m.v_measure(table)
    assert ours == pytest.approx(expected, abs=1e-9)
    entropies = m.entropy(table.sum(axis=1)) + m.entropy(table.sum(axis=0))
    distance = entropies - 2 * sklearn.mutual_info_score(*labels)
    assert m.variation_of_information(table) == pytest.approx(distance, abs=1e-9)


@pytest.mark.peer
@given(tables)
def test_effective_splits_and_conditional_entropy_agree_with_locality_splitting(table):
    peer = pytest.importorskip(
        "locality_splitting.metrics", reason="locality-splitting is not installed"
    )
    splits = sum(peer.effective_splits(row[row > 0].astype(float)) for row in table if row.sum())
    ours = m.effective_number(table[table.sum(axis=1) > 0])
    assert (ours - 1).sum() == pytest.approx(splits, abs=1e-9)
    weighted = [
        row.sum() * peer.conditional_entropy(row[row > 0].astype(float))
        for row in table
        if row.sum()
    ]
    in_bits = (m.entropy(table.ravel()) - m.entropy(table.sum(axis=1))) / np.log(2)
    assert in_bits == pytest.approx(sum(weighted) / table.sum(), abs=1e-9)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(table, random):
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = table[rows][:, columns]
    for name, measure in m.MEASURES.items():
        if measure.of == "table" and measure.kind != "text":
            found, expected = measure.function(shuffled), measure.function(table)
            assert found == pytest.approx(expected, abs=1e-9), name


@given(tables)
def test_directions_mirror_each_other(table):
    assert m.homogeneity(table) == pytest.approx(m.completeness(table.T), abs=1e-12)
    assert m.v_measure(table) == pytest.approx(m.v_measure(table.T), abs=1e-12)
    assert m.people_moved(table) == m.people_moved(table.T)


@given(arrays(np.int64, st.integers(1, 6), elements=st.integers(1, 50)))
def test_a_layer_against_itself_is_coterminous_everywhere(people):
    found = overlap_of(np.diag(people)).measures()
    assert found["v_measure"] == pytest.approx(1)
    assert found["mapcurves"] == pytest.approx(1)
    assert found["variation_of_information"] == pytest.approx(0, abs=1e-12)
    assert (found["people_moved"], found["misaligned"], found["areas_split"]) == (0, 0, 0)
    assert found["coterminous_areas"] == len(people)


def test_measures_of_nobody_are_not_numbers():
    nobody = np.zeros((2, 2))
    assert np.isnan([m.homogeneity(nobody), m.v_measure(nobody), m.mapcurves(nobody).value]).all()
    assert (m.people_moved(nobody), m.parts(nobody)) == (0, 0)


def test_an_area_with_nobody_in_it_does_not_change_mapcurves():
    with_empty = np.vstack([SABRE, np.zeros(3)])
    assert m.mapcurves(with_empty) == m.mapcurves(SABRE)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([1, 2], "`table` has 1 dimension(s)"),
        ([["many"]], "`table` is no table of numbers: could not convert"),
        ([[1], [1, 2]], "`table` is no table of numbers: setting an array"),
        ([[1, -2]], "`table` has 1 cells that are missing, infinite or negative"),
        ([[np.nan, np.inf]], "`table` has 2 cells that are missing, infinite or negative"),
    ],
)
def test_a_table_that_is_none_is_refused(table, said):
    with pytest.raises(InputError) as error:
        m.v_measure(table)
    assert str(error.value).startswith(said)


def test_a_negative_b_is_refused():
    with pytest.raises(InputError, match=r"`b` is -1; it must be a number of at least 0"):
        m.v_measure(SABRE, b=-1)


def test_every_measure_is_answered_in_its_order():
    assert list(m.MEASURES) == NAMES
    assert overlap_of(SABRE).measures().index.tolist() == NAMES
    assert list(overlap_of(SABRE).as_json()["measures"]) == NAMES


def test_no_function_of_a_table_is_forgotten():
    public = {
        name
        for name, found in vars(m).items()
        if isinstance(found, FunctionType) and found.__module__ == m.__name__ and name[0] != "_"
    }
    assert public - NO_MEASURES == set(NAMES)


def test_the_documentation_has_the_row_of_every_measure():
    page = (Path(__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")
    table = page.split("| name | formula | direction | source |\n|---|---|---|---|\n")[1]
    rows = table.split("\n\n")[0].splitlines()
    assert rows == [measure.row() for measure in m.MEASURES.values()]


def test_measures_of_relations_and_areas_by_hand():
    # a and A are the same 3 people; b (4) lies in B, which has 2 more from c; c's last is in C.
    rows = [("a", "A", 3), ("b", "B", 4), ("c", "B", 2), ("c", "C", 1)]
    found = Overlap.from_table(pd.DataFrame(rows, columns=["source", "target", "value"])).measures()
    assert found["coterminous_areas"] == 1
    assert found["coterminous_share"] == pytest.approx(3 / 10)
    assert found["absorbed"] == 4
    assert found["misaligned"] == found["parted"] == 1
    # jaccard: a 3/3; b 4/6; c 1/3 with C (2/7 with B).
    assert found["mean_jaccard"] == pytest.approx((3 + 4 * 4 / 6 + 3 * 1 / 3) / 10)


@pytest.fixture
def one_more(monkeypatch):
    """Write one measure, as somebody who adds one would."""
    # So that it is taken out again afterwards.
    monkeypatch.setitem(m.MEASURES, "largest_part", None)
    del m.MEASURES["largest_part"]

    @m.measure("Largest part", formula="`max n_ij`", kind="people", column=9, note="of people")
    def largest_part(table):
        return float(m.checked(table).max(initial=0))

    return largest_part


def test_a_measure_that_is_written_is_answered_documented_and_has_a_column(one_more):
    found = overlap_of(SABRE)
    assert found.measures()["largest_part"] == 16
    assert isinstance(found.measures()["largest_part"], int)
    assert list(found.as_json()["measures"]) == [*NAMES, "largest_part"]
    assert m.MEASURES["largest_part"].row() == "| `largest_part` | `max n_ij` | | |"
    assert [c.title for c in m.columns()][-1] == "Largest part"
    with pytest.raises(InputError, match="there is a measure 'largest_part' already"):
        m.measure("Again", formula="")(one_more)
