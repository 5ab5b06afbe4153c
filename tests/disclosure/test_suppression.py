"""The least disclosure rule: small counts are hidden so that no total gives them away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coterminous as ct
from coterminous.disclosure.suppression import TOTAL, hidden_cells, hidden_rows


def test_a_small_count_takes_three_others_with_it():
    counts = pd.DataFrame(
        [[3, 20, 30], [40, 50, 60], [70, 80, 90]], index=list("abc"), columns=list("xyz")
    )
    hidden = hidden_cells(counts)

    assert hidden.loc[["a", "b"], ["x", "y"]].all(axis=None)
    assert hidden.to_numpy().sum() == 4


def test_nothing_is_hidden_where_no_count_is_small():
    assert not hidden_cells(pd.DataFrame([[5, 6], [0, 7]])).to_numpy().any()


def test_a_weaker_rule_is_refused():
    with pytest.raises(
        ct.DisclosureError, match="`least` is 4; the least rule hides counts under 5"
    ):
        hidden_cells(pd.DataFrame([[1, 2]]), least=4)


def test_counts_that_were_shared_out_are_refused():
    with pytest.raises(ct.DisclosureError, match="counts that were shared out"):
        hidden_cells(pd.DataFrame([[1.5, 2.0]]))


def ranges(counts: pd.DataFrame, hidden: pd.DataFrame) -> list[float]:
    """How far each small hidden count can be told, by linear programming: an independent check."""
    from scipy.optimize import linprog

    cells = np.zeros((len(counts) + 1, counts.shape[1] + 1))
    cells[:-1, :-1] = counts
    cells[:-1, -1], cells[-1, :-1] = counts.sum(axis=1), counts.sum(axis=0)
    cells[-1, -1] = counts.to_numpy().sum()
    mask = hidden.to_numpy()
    sign = np.ones_like(cells)
    sign[-1, :] *= -1
    sign[:, -1] *= -1
    where = [(int(i), int(j)) for i, j in zip(*np.nonzero(mask), strict=True)]
    lines = [[(i, j) for j in range(cells.shape[1])] for i in range(len(cells))]
    lines += [[(i, j) for i in range(len(cells))] for j in range(cells.shape[1])]
    equations = np.array([[sign[w] if w in line else 0 for w in where] for line in lines])
    right = np.array([-sum(sign[x] * cells[x] for x in line if not mask[x]) for line in lines])
    found = []
    for k, w in enumerate(where):
        if cells[w] >= 5:
            continue
        ends = []
        for direction in (1, -1):
            cost = np.zeros(len(where))
            cost[k] = direction
            done = linprog(cost, A_eq=equations, b_eq=right, bounds=(1, None))
            ends.append(done.x[k] if done.status == 0 else np.inf)
        found.append(ends[1] - ends[0])
    return found


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_hidden_count_can_be_told_from_what_is_shown(rows):
    counts = pd.DataFrame(rows)
    hidden = hidden_cells(counts)
    inner = hidden.drop(index=TOTAL, columns=TOTAL)

    assert inner[(counts > 0) & (counts < 5)].fillna(True).all(axis=None)
    everything = (hidden.to_numpy()[:-1, :-1] == (counts > 0).to_numpy()).all()
    if not everything:
        assert min(ranges(counts, hidden), default=4) >= 4 - 1e-6


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_hidden_rows_are_never_small_together(rows):
    parts = pd.DataFrame(rows)
    hidden = hidden_rows(parts)

    small = ((parts > 0) & (parts < 5)).any(axis=1)
    assert hidden[small].all()
    if hidden.any() and not hidden.all():
        together = parts[hidden].sum()
        assert not ((together > 0) & (together < 5)).any()
        assert hidden.sum() > 1


# ------------------------------------------------------------------ results


@pytest.fixture
def closed(surgeries) -> ct.Register:
    return replace(surgeries, open=False)


def test_no_result_of_a_restricted_register_is_written_as_it_is(grid, closed):
    results = [
        ct.impact(grid, closed, before="rows", after="columns"),
        ct.flows(grid, closed, layer="rows"),
        ct.catchments(grid, closed),
        ct.partners(grid, before="rows", after="columns", organisations=[closed]),
    ]
    for result in results:
        with pytest.raises(ct.DisclosureError):
            result.as_json()
        assert "<td>" not in result._repr_html_()
    with pytest.raises(ct.DisclosureError, match="a map of catchments"):
        results[2].polygons()
    with pytest.raises(ct.DisclosureError, match="a layer of catchments"):
        results[2].layer()
    with pytest.raises(ct.DisclosureError, match="a table of partners"):
        print(results[3].summary)
    other = ct.flows(grid, closed, layer="columns")
    with pytest.raises(ct.DisclosureError, match="a table of flows"):
        results[1].beside(other)
    assert "localisation" not in repr(other)


def test_a_register_with_small_totals_is_refused(grid, closed):
    with pytest.raises(ct.DisclosureError, match="has a part of fewer than 5 people"):
        ct.protect(ct.impact(grid, closed, before="rows", after="columns"))


def test_a_result_that_the_rule_does_not_cover_is_refused(grid, closed):
    with pytest.raises(ct.DisclosureError, match="covers impacts and flows; a Catchments"):
        ct.protect(ct.catchments(grid, closed))


def test_flows_are_shown_with_cells_hidden(lsc):
    restricted = replace(lsc.register("gp"), open=False)
    found = ct.protect(ct.flows(lsc, restricted, layer="pbp2021"))

    assert found.open
    shown = found.table["value"].dropna()
    assert shown.min() >= 5
    assert found.table["value"].isna().any()
    # Where a count is hidden, so is every share that would give it away.
    hidden = found.table[found.table["value"].isna()]
    assert hidden[["share_of_organisation", "share_of_area"]].isna().all(axis=None)
    assert "counts are hidden" in found.notes[-2]
    with pytest.raises(ct.DisclosureError, match="can be subtracted from each other"):
        found.beside(ct.flows(lsc, restricted, layer="place2022"))
    found.as_json()


def test_an_impact_shows_organisations_whole_or_not_at_all(lsc):
    restricted = replace(lsc.register("gp"), open=False)
    whole = ct.impact(lsc, restricted, before="pbp2021", after="footprint2022")
    found = ct.protect(whole)

    hidden = found.organisations["hidden"]
    assert hidden.any()
    figures = ["patients", "outside_before", "outside_after", "share_after", "registered"]
    assert found.organisations.loc[hidden, figures].isna().all(axis=None)
    counts = found.organisations.loc[~hidden, ["outside_before", "outside_after", "unknown"]]
    assert not ((counts > 0) & (counts < 5)).any(axis=None)
    # Nor is a difference between before and after small.
    moved = (counts["outside_after"] - counts["outside_before"]).abs()
    assert not ((moved > 0) & (moved < 5)).any()
    assert {k: v for k, v in found.summary.items() if k != "organisations"} == {
        k: v for k, v in whole.summary.items() if k != "organisations"
    }
    found.as_json()


def test_no_question_tells_of_an_organisation_that_is_hidden(lsc):
    """Counts at thresholds, and the order of rows, are of those that are shown alone."""
    restricted = replace(lsc.register("gp"), open=False)
    asked = {"before": "pbp2021", "after": "footprint2022"}
    hidden = None
    for threshold in (0.001, 0.01, 0.05, 0.2):
        found = ct.protect(ct.impact(lsc, restricted, threshold=threshold, **asked))
        table = found.organisations
        hidden = table["hidden"] if hidden is None else hidden
        assert table["hidden"].sort_index().equals(hidden.sort_index())
        shown = table[~table["hidden"]]
        counted = shown["status"].value_counts().to_dict()
        assert {k: n for k, n in found.summary["organisations"].items() if n} == counted
        for side in ("before", "after"):
            assert found.crossing[side].tolist() == [
                int((shown[f"share_{side}"] > t).sum()) for t in found.crossing.index
            ]
        last = table.index[table["hidden"]].tolist()
        assert table.index[-len(last) :].tolist() == sorted(last)


@pytest.mark.parametrize("unit", ["gp", "gp/network"])
def test_neither_order_nor_home_tells_of_a_hidden_cell(lsc, unit):
    restricted = replace(lsc.register("gp"), open=False)
    area = lsc.with_register(restricted)
    flows = ct.protect(ct.flows(area, unit, layer="pbp2021"))
    masked = flows.organisations["patients"].isna()
    assert masked.any()
    last = flows.organisations.index[masked].tolist()
    assert flows.organisations.index[-len(last) :].tolist() == sorted(last)
    impact = ct.protect(ct.impact(area, unit, before="pbp2021", after="footprint2022"))
    assert flows.home == impact.home
    homes = impact.organisations.loc[impact.organisations["hidden"], "home_after"]
    assert homes.isna().all() == (impact.home == "list")
    if flows.home == "list":
        assert flows.organisations.loc[masked, "home"].isna().all()
