"""What is hidden of counts that are published together: enough, and at the least cost."""

from __future__ import annotations

import contextlib
import io
import pickle
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

import coterminous as ct
from coterminous.commands.registers import _print_impact
from coterminous.disclosure import linked
from coterminous.disclosure.linked import Tables, choose
from coterminous.disclosure.rules import Rule, named
from coterminous.disclosure.together import EVERYBODY, Hidden
from tests.disclosure.every_choice import equations, is_safe, least_cost, random_table, with_totals

SEED, TRIALS = 20260401, 200


def tables_of(cells: np.ndarray) -> Tables:
    every = np.ones(cells.size, dtype=bool)
    sums = sparse.csr_array(equations(cells.shape))
    return Tables(cells.ravel().astype(np.int64), every, ~every, sums)


@pytest.mark.parametrize("name", ["under5", "hes"])
def test_the_cost_is_the_least_of_every_choice(name):
    rule, rng = named(name), np.random.default_rng(SEED)
    trials = TRIALS if name == "under5" else TRIALS // 20
    answered = 0
    for _ in range(trials):
        cells = random_table(rng) if name == "under5" else random_table(rng, [(2, 2)])
        found = choose(tables_of(cells), rule)
        hidden = found.hidden.reshape(cells.shape)
        assert is_safe(cells, hidden, rule.low, rule.high, rule.base), cells
        assert not (hidden & (cells == 0)).any()
        assert least_cost(cells, rule.low, rule.high, rule.base, found.cost) == found.cost, cells
        assert found.least == found.cost
        answered += 1
    print(f"seed {SEED}, {name}: {answered} answered, 0 refused, 0 neither")
    assert answered == trials


def test_a_large_table_is_safe_and_the_gap_is_stated(monkeypatch):
    monkeypatch.setattr(linked, "SMALL", 0)
    rng = np.random.default_rng(SEED)
    for _ in range(20):
        cells = random_table(rng)
        found = choose(tables_of(cells), named("under5"))
        assert is_safe(cells, found.hidden.reshape(cells.shape), 1, 4, 1), cells
        assert found.least <= least_cost(cells, 1, 4, 1, found.cost) <= found.cost
        assert 0 <= found.gap < 1


def test_what_was_published_before_is_not_hidden_again():
    cells = with_totals(np.array([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    free = choose(tables_of(cells), named("under5"))
    other = np.flatnonzero(free.hidden & ~free.small)[0]
    plain = tables_of(cells)
    fixed = np.zeros(cells.size, dtype=bool)
    fixed[other] = True
    found = choose(replace(plain, fixed=fixed), named("under5"))
    assert not found.hidden[other]
    assert not len(found.exposed)
    assert is_safe(cells, found.hidden.reshape(cells.shape), 1, 4, 1)


def test_a_small_count_that_is_known_already_is_told_of():
    cells = with_totals(np.array([[3, 20], [40, 50]]))
    plain = tables_of(cells)
    fixed = np.ones(cells.size, dtype=bool)
    fixed[0] = False
    found = choose(replace(plain, fixed=fixed), named("under5"))
    assert found.exposed.tolist() == [0]


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("hes", [0, None, None, 10, 10, 15, 15]),
        ("under5", [0, None, 7, 8, 12, 12.5, 13]),
        ("under10", [0, None, None, None, 12, 12.5, 13]),
        ("round5", [0, 0, 5, 10, 10, 15, 15]),
        ("none", [0, 1, 7, 8, 12, 12.5, 13]),
    ],
)
def test_counts_as_each_rule_shows_them(rule, shown):
    assert [named(rule).shown(n) for n in (0, 1, 7, 8, 12, 12.5, 13)] == shown


def test_means_and_shares_of_few():
    hes = named("hes")
    assert [hes.mean(41.7, n) for n in (0, 1, 7, 8)] == [None, None, None, 41.7]
    assert [hes.share(p, 102) for p in (0, 7, 8, 12, 13)] == [0, None, 0.1, 0.1, 0.15]
    assert hes.share(3, 5) is None
    assert named("under5").share(6, 12) == 0.5


def test_a_rule_of_ones_own(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text('name="ours"\nversion="2"\nsource="our board"\nlow=1\nhigh=9\nbase=5\n')
    assert named(path) == Rule("ours", "2", "our board", 1, 9, 5)
    assert named(str(path)).shown(9) is None
    path.write_text('name="ours"\nversion="2"\nhigh=9\n')
    with pytest.raises(ValueError, match="source"):
        named(path)
    path.write_text('name="ours"\nversion="2"\nsource="x"\nlow=0\nhigh=2\n')
    with pytest.raises(ValueError, match="`low` is 0 and `high` is 2; give low = 1"):
        named(path)
    path.write_text('name="hes"\nversion="2"\nsource="x"\nlow=1\nhigh=2\n')
    with pytest.raises(ValueError, match="`name` is 'hes'"):
        named(path)
    with pytest.raises(ValueError, match=r"`rule` is 'hess'.*Did you mean 'hes'"):
        named("hess")


def test_results_of_one_register_are_protected_together():
    area = ct.load()
    mine = replace(area.register("trust"), open=False)
    found = [
        ct.flows(area, mine, layer="icb2022"),
        ct.impact(area, mine, before="icb2022", after="icb2022"),
    ]
    safe = ct.protect(found, rule="under5")
    assert [type(x).__name__ for x in safe] == ["Flows", "Impact"]
    assert all(x.open for x in safe)
    assert all(any("by the rule under5" in n for n in x.notes) for x in safe)
    alone = ct.protect(found[0], rule="under10")
    assert type(alone).__name__ == "Flows"


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (lambda f: f, {"rule": "hes"}, "rounds counts"),
        (lambda f: f, {"rule": "hess"}, "Did you mean 'hes'"),
        (lambda f: [f], {}, "need a rule"),
        (lambda _: [], {"rule": "under5"}, "`results` is empty"),
        (lambda _: [1], {"rule": "under5"}, "int"),
        (lambda f: ct.protect(f, rule="under5"), {"rule": "under5"}, "protected already"),
    ],
)
def test_what_cannot_be_protected_is_refused(given, options, said):
    area = ct.load()
    found = ct.flows(area, replace(area.register("trust"), open=False), layer="icb2022")
    with pytest.raises(ct.DisclosureError, match=said):
        ct.protect(given(found), **options)


def test_everybody_is_hidden_wherever_it_stands():
    area = ct.load()
    found = ct.impact(area, "gp", before="pbp2021", after="footprint2022")
    hidden = Hidden(frozenset({(EVERYBODY, "registered", "registered")}), ("why",))
    safe = found.hidden_by(hidden)
    assert safe.ledger.loc["total"].isna().all()
    assert safe.ledger.loc["at_home"].notna().all()
    hidden = Hidden(frozenset({(EVERYBODY, "side 1", "away")}), ("why",))
    safe = found.hidden_by(hidden)
    assert safe.summary["before"]["outside"] == 10_363
    assert [safe.summary["after"][k] for k in ("outside", "share")] == [
        pytest.approx(np.nan, nan_ok=True)
    ] * 2
    assert np.isnan(safe.summary["patients"])
    assert "not shown of not shown patients live outside" in _printed(safe)


def _printed(result) -> str:
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        _print_impact(result)
    return told.getvalue()


def test_what_was_protected_holds_no_register():
    area = ct.load()
    mine = replace(area.register("trust"), open=False)
    for one in (
        ct.flows(area, mine, layer="icb2022"),
        ct.impact(area, mine, before="icb2022", after="icb2022"),
    ):
        for safe in (ct.protect(one, rule="under5"), ct.protect(one)):
            assert len(pickle.dumps(safe)) < len(pickle.dumps(one)) / 2
            with pytest.raises(ct.DisclosureError, match="protected already"):
                ct.protect(safe, rule="under5")


def test_registers_of_other_people_are_not_put_together():
    area = ct.load()
    gp, trust = area.register("gp"), area.register("trust")
    fewer = replace(gp, people=gp.people.iloc[1:])
    for others, said in (
        ((gp, trust), "must be of one register"),
        ((gp, fewer), "counts other people"),
        ((gp, fewer.by("network")), "counts other people"),
        ((gp.by("network"), gp.by("body")), "give a result of 'gp' with them"),
    ):
        found = [ct.flows(area, each, layer="icb2022") for each in others]
        with pytest.raises(ct.DisclosureError, match=said):
            ct.protect(found, rule="under5")


def test_where_no_choice_is_found_everything_is_hidden(monkeypatch):
    cells = with_totals(np.array([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    monkeypatch.setattr(linked._Search, "exactly", lambda self: (self.small.copy(), 0.0))
    found = choose(tables_of(cells), named("under5"))
    assert found.hidden.all()
