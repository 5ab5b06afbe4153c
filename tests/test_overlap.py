"""Overlaps of small towns: relations, shares, ties, and nobody lost."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import coterminous as ct
from coterminous.errors import InputError


@st.composite
def two_layers(draw) -> tuple[ct.Layer, ct.Layer, pd.Series]:
    n = draw(st.integers(1, 12))
    blocks = [f"b{i:02}" for i in range(n)]
    area = st.sampled_from(["A", "B", "C", "D", None])

    def layer(name: str) -> ct.Layer:
        codes = draw(st.lists(area, min_size=n, max_size=n).filter(any))
        return ct.Layer.from_lookup(name, pd.Series(codes, index=blocks))

    people = draw(st.lists(st.integers(0, 99), min_size=n, max_size=n))
    return layer("old"), layer("new"), pd.Series(people, index=blocks, name="people")


def relations(area: ct.Geography, source: str, target: str) -> dict[str, str]:
    return area.overlap(source, target).areas()["relation"].to_dict()


def test_the_table_has_shares_of_both_areas(grid):
    assert grid.overlap("rows", "columns").table.to_dict("list") == {
        "source": ["N", "N", "S", "S"],
        "target": ["E", "W", "E", "W"],
        "value": [20, 10, 40, 30],
        "share_of_source": [20 / 30, 10 / 30, 40 / 70, 30 / 70],
        "share_of_target": [20 / 60, 10 / 40, 40 / 60, 30 / 40],
    }


def test_people_outside_are_rows_and_the_ledger_accounts_for_them(grid):
    overlap = grid.overlap("rows", "hamlet")
    rows = overlap.table[["source", "target", "value"]].to_records(index=False).tolist()
    assert rows == [("N", "outside", 30), ("S", "H", 40), ("S", "outside", 30)]
    assert overlap.ledger.to_dict() == {
        "both": 40,
        "source_only": 60,
        "target_only": 0,
        "neither": 0,
        "total": 100,
    }
    assert overlap.reversed().ledger["target_only"] == 60


def test_relations_need_both_directions(grid):
    assert relations(grid, "rows", "rows") == {"N": "coterminous", "S": "coterminous"}
    assert relations(grid, "rows", "columns") == {"N": "split", "S": "split"}
    assert relations(grid, "rows", "town") == {"N": "nested", "S": "nested"}
    assert relations(grid, "town", "rows") == {"T": "composed"}
    assert relations(grid, "rows", "hamlet") == {"N": "outside", "S": "split"}
    assert relations(grid, "hamlet", "rows") == {"H": "nested"}


def test_an_area_outside_the_other_layer_has_no_best_target(grid):
    north = grid.overlap("rows", "hamlet").areas().loc["N"]
    assert pd.isna(north["best_target"])
    assert north[["share_in_best", "share_of_best", "jaccard"]].tolist() == [0, 0, 0]
    assert north["effective_targets"] == 1


def test_relations_are_decided_on_blocks_whatever_the_weight(grid):
    nobody_in_ne = grid.with_weight("children", pd.Series({"nw": 1, "ne": 0, "sw": 1, "se": 0}))
    areas = nobody_in_ne.overlap("rows", "columns", weight="children").areas()
    assert areas["relation"].to_dict() == {"N": "split", "S": "split"}
    assert areas["best_target"].to_dict() == {"N": "W", "S": "W"}


def test_every_figure_of_an_area_with_nobody_in_it_is_missing(grid):
    empty_south = grid.with_weight("children", pd.Series({"nw": 1, "ne": 1, "sw": 0, "se": 0}))
    south = empty_south.overlap("rows", "columns", weight="children").areas().loc["S"]
    figures = ["relation", "best_target", "share_in_best", "share_of_best", "jaccard"]
    assert south[[*figures, "effective_targets"]].isna().all()
    assert (south["value"], bool(south["tied"])) == (0, False)
    best = empty_south.overlap("rows", "columns", weight="children").best_fit().loc["S"]
    assert best["status"] == "unassigned"


def test_a_tie_falls_to_the_smaller_code_and_is_marked(grid):
    even = grid.with_weight("flat", pd.Series(1, index=grid.blocks))
    best = even.overlap("rows", "columns", weight="flat").best_fit()
    assert best["target"].to_dict() == {"N": "E", "S": "E"}
    assert best["status"].to_dict() == {"N": "tied", "S": "tied"}


def test_best_fit_says_how_sure_it_is(grid):
    assert grid.overlap("rows", "town").best_fit()["status"].unique().tolist() == ["covered"]
    assert grid.overlap("rows", "columns").best_fit()["status"].to_dict() == {
        "N": "majority",
        "S": "majority",
    }
    assert grid.overlap("rows", "hamlet").best_fit()["status"].to_dict() == {
        "N": "unassigned",
        "S": "majority",
    }
    assert grid.overlap("town", "each").best_fit()["status"].to_dict() == {"T": "contested"}


def test_the_matrix_has_a_row_and_a_column_for_what_lies_outside(grid):
    matrix = grid.overlap("hamlet", "rows").matrix
    assert matrix.index.tolist() == ["H", "outside"]
    assert matrix.loc["outside"].to_dict() == {"N": 30, "S": 30, "outside": 0}


def test_absorbed_people_are_not_parted(grid):
    merged = grid.overlap("rows", "town").measures()
    assert (merged["absorbed"], merged["parted"], merged["people_moved"]) == (100, 0, 30)


def test_an_apportioned_layer_shares_people_out_and_says_so(grid):
    shares = pd.DataFrame(
        {
            "block": ["nw", "ne", "sw", "se", "se"],
            "area": list("NNSSN"),
            "share": [1, 1, 1, 0.75, 0.25],
        }
    )
    cut = ct.CutLayer.from_shares("cut", shares, blocks=grid.blocks)
    overlap = ct.Overlap.from_layers(cut, grid.layer("town"), grid.weight("population"))
    assert overlap.areas()["value"].to_dict() == {"N": 40.0, "S": 60.0}
    assert overlap.method.startswith("apportioned")
    assert overlap.ledger["total"] == 100


@given(two_layers())
def test_nobody_is_lost_for_any_two_layers(layers):
    old, new, people = layers
    overlap = ct.Overlap.from_layers(old, new, people)
    ledger = overlap.ledger
    assert ledger["total"] == people.sum()
    assert ledger[["both", "source_only", "target_only", "neither"]].sum() == people.sum()
    assert overlap.table["value"].sum() == ledger["total"] - ledger["neither"]
    assert overlap.areas()["value"].sum() == ledger["both"] + ledger["source_only"]
    assert overlap.matrix.to_numpy().sum() == people.sum()


@given(two_layers())
def test_seen_from_the_other_side_it_is_the_overlap_of_the_other_side(layers):
    old, new, people = layers
    back = ct.Overlap.from_layers(old, new, people).reversed()
    straight = ct.Overlap.from_layers(new, old, people)
    pd.testing.assert_frame_equal(back.table, straight.table)
    pd.testing.assert_frame_equal(back.areas(), straight.areas())


@given(two_layers(), st.randoms(use_true_random=False))
def test_relabelling_and_reordering_change_nothing(layers, random):
    old, new, people = layers
    order = list(people.index)
    random.shuffle(order)
    labels = dict(zip("ABCD", random.sample(["1x", "2x", "3x", "4x"], 4), strict=True))
    other = ct.Layer.from_lookup("new", new.assignment.map(labels)[order])
    again = ct.Overlap.from_layers(old, other, people)
    before, after = ct.Overlap.from_layers(old, new, people), again
    unlabelled = ["relation", "value", "jaccard", "effective_targets", "tied"]
    pd.testing.assert_frame_equal(before.areas()[unlabelled], after.areas()[unlabelled])
    for name, value in before.measures().items():
        expected = (
            pytest.approx(value, abs=1e-9, nan_ok=True) if name != "mapcurves_from" else value
        )
        assert after.measures()[name] == expected, name


@given(two_layers())
def test_a_layer_against_itself_is_coterminous(layers):
    old, _, people = layers
    found = ct.Overlap.from_layers(old, old, people)
    areas = found.areas()
    peopled = areas["value"] > 0
    assert (areas.loc[peopled, "relation"] == "coterminous").all()
    assert areas.loc[~peopled, "relation"].isna().all()
    assert found.measures()["misaligned"] == 0


@given(two_layers())
def test_grouping_then_overlapping_equals_overlapping_then_grouping(layers):
    old, new, people = layers
    groups = {
        "First": [c for c in old.codes if c < "C"],
        "Last": [c for c in old.codes if c >= "C"],
    }
    groups = {name: units for name, units in groups.items() if units}
    grouped = ct.Overlap.from_layers(old.group("grouped", groups), new, people).inside
    summed = ct.Overlap.from_layers(old, new, people).inside
    by = {unit: name.lower() for name, units in groups.items() for unit in units}
    pd.testing.assert_frame_equal(
        grouped, summed.groupby(by).sum(), check_names=False, check_dtype=False
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"source": ["A"], "value": [1]}, "`table` lacks the columns 'target'"),
        (
            {"source": ["A", "A"], "target": ["X", "X"], "value": [1, 2]},
            "`table` has pairs more than once: ('A', 'X'); sum them first",
        ),
        (
            {"source": ["A"], "target": ["X"], "value": [-1]},
            "`table` has values that are missing, infinite or negative",
        ),
        (
            {"source": ["A"], "target": ["X"], "value": ["many"]},
            "`table` has values that are no numbers: 'many'",
        ),
        (
            {"source": ["A", None], "target": ["X", "X"], "value": [1, 2]},
            "`table` has rows without a code in 'source'; what lies outside a layer has the code "
            "'outside'",
        ),
    ],
)
def test_a_table_that_is_no_overlap_is_refused(table, said):
    with pytest.raises(InputError) as error:
        ct.Overlap.from_table(pd.DataFrame(table))
    assert str(error.value) == said


def test_cells_are_sorted_by_code_with_outside_in_its_place(grid):
    codes = pd.Series({"nw": "a", "ne": "z", "sw": None, "se": "ö"})
    area = grid.with_layer("x", codes).with_layer("y", codes.map({"a": "p", "z": "b"}))
    cells = area.overlap("x", "y").cells
    pd.testing.assert_frame_equal(cells, cells.sort_values(["source", "target"]))
    assert cells["source"].tolist() == ["a", "outside", "z", "ö"]
    assert cells["value"].sum() == area.weight("population").sum()


def test_layers_of_different_blocks_are_refused(grid):
    other = ct.Layer.from_lookup("other", pd.Series({"x": "A"}))
    with pytest.raises(InputError, match="layers 'rows' and 'other' are made of different blocks"):
        ct.Overlap.from_layers(grid.layer("rows"), other, grid.weight("population"))


def test_what_a_notebook_shows_is_text_not_markup(grid):
    hostile = ct.Layer.from_lookup(
        "x", pd.Series("A", index=grid.blocks), names={"A": "<script>alert(1)</script>"}
    )
    shown = grid.overlap(hostile, "rows")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_where_there_is_no_target_area_every_source_area_lies_outside():
    table = pd.DataFrame({"source": ["A", "B"], "target": "outside", "value": [1, 2]})
    overlap = ct.Overlap.from_table(table)
    areas = overlap.areas()
    assert areas["relation"].tolist() == ["outside", "outside"]
    assert areas["best_target"].isna().all()
    assert areas["value"].tolist() == [1, 2]
    assert overlap.best_fit()["status"].tolist() == ["unassigned", "unassigned"]
    assert overlap.reversed().areas().empty
