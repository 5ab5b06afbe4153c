"""Practice figures by area, and area figures by practice."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import coterminous as ct


def test_a_count_goes_where_patients_live_and_adds_up(grid, surgeries):
    found = ct.attribute(
        grid, pd.Series({"P": 22, "Q": 14}, name="asthma"), register=surgeries, layer="rows"
    )

    # P has 11 people: 9 in N, 1 in S, 1 unknown. Q has 14: 12 in S, 2 elsewhere.
    assert found.table["asthma"].round(6).to_dict() == {
        "N": 18,
        "S": 14,
        "outside": 0,
        "elsewhere": 2,
        "unknown": 2,
    }
    assert found.ledger.loc["total", "asthma"] == 36
    assert found.table.loc["N", "covered"] == pytest.approx(9 / 14)


def test_a_count_goes_where_the_practice_belongs(grid, surgeries):
    found = ct.attribute(
        grid, pd.Series({"P": 22, "Q": 14}), register=surgeries, layer="hamlet", by="home"
    )
    assert found.table["figure"].to_dict() == {"H": 14.0, "no_home": 22.0}


def test_a_rate_is_weighted_by_people(grid, surgeries):
    found = ct.attribute(
        grid, pd.Series({"P": 0.1, "Q": 0.2}), register=surgeries, layer="rows", kind="rate"
    )
    assert found.table.loc["N", "figure"] == pytest.approx(0.1)
    assert found.table.loc["S", "figure"] == pytest.approx((1 * 0.1 + 12 * 0.2) / 13)


def test_area_figures_go_to_practices_by_code_or_name(grid, surgeries):
    found = ct.attribute(
        grid, pd.Series({"n": 28, "S": 13}), register=surgeries, layer="rows", to="organisations"
    )
    assert found.table["figure"].to_dict() == {"OTHER": 10.0, "P": 19.0, "Q": 12.0}


def test_area_rates_go_to_practices(grid, surgeries):
    found = ct.attribute(
        grid,
        pd.Series({"N": 0.5, "S": 1.0}),
        register=surgeries,
        layer="rows",
        to="organisations",
        kind="rate",
    )
    assert found.table.loc["P", "figure"] == pytest.approx((9 * 0.5 + 1 * 1.0) / 10)


def test_what_is_not_known_is_in_the_ledger(grid, surgeries):
    given = pd.Series({"P": "10", "Q": "*", "Z": "3"}, name="survey")
    found = ct.attribute(grid, given, register=surgeries, layer="rows")

    assert found.ledger["survey"].to_dict() == {
        "placed": 10,
        "nobody": 0,
        "not_known": 3,
        "total": 13,
        "codes": 1,
        "codes_empty": 1,
        "codes_not_known": 1,
        "codes_hidden": 1,
    }


def test_figures_come_from_and_go_to_csv_and_excel(grid, surgeries, tmp_path):
    pd.DataFrame({"practice": ["P", "Q"], "asthma": [11, 28]}).to_csv(
        tmp_path / "in.csv", index=False
    )
    pd.DataFrame({"practice": ["P", "Q"], "asthma": [11, 28]}).to_excel(
        tmp_path / "in.xlsx", index=False
    )
    for suffix in ("csv", "xlsx"):
        found = ct.attribute(grid, tmp_path / f"in.{suffix}", register=surgeries, layer="rows")
        found.write(tmp_path / f"out.{suffix}")
    text = pd.read_csv(tmp_path / "out.csv")
    book = pd.read_excel(tmp_path / "out.xlsx")
    assert text["asthma"].tolist() == book["asthma"].tolist() == [9, 25, 0, 4, 1]
    with pytest.raises(ct.InputError, match="`path` ends in '.ods'; give a .csv or .xlsx file"):
        found.write(tmp_path / "out.ods")


@pytest.mark.parametrize(
    ("figures", "options", "said"),
    [
        (pd.Series({"Z": 1}), {}, "none of its 1 codes is known: 'Z'"),
        (pd.Series([1, 2], index=["P", "P"]), {}, "codes more than once: 'P'"),
        (pd.Series({"P": "many"}), {}, "1 cell that is no number: P: many"),
        (pd.Series({"P": 1}), {"kind": "mean"}, "`kind` is 'mean', which is not one of"),
        (pd.Series({"P": 1}), {"by": "site"}, "`by` is 'site', which is not one of"),
        (pd.Series({"P": 1}), {"to": "wards"}, "`to` is 'wards', which is not one of"),
        (pd.Series({"P": 1}, name="name"), {}, "columns of reserved names: 'name'"),
    ],
)
def test_bad_figures_are_named(grid, surgeries, figures, options, said):
    with pytest.raises(ct.InputError, match=said):
        ct.attribute(grid, figures, register=surgeries, layer="rows", **options)


def test_nothing_of_a_restricted_register_is_written(grid, surgeries, tmp_path):
    closed = replace(surgeries, open=False)
    found = ct.attribute(grid, pd.Series({"P": 22}), register=closed, layer="rows")

    with pytest.raises(ct.DisclosureError, match="register 'surgeries', which is restricted"):
        found.write(tmp_path / "out.csv")
    with pytest.raises(ct.DisclosureError):
        found.as_json()
    assert not list(tmp_path.iterdir())


def test_a_count_of_every_practice_adds_up_on_the_bundled_register(lsc):
    lists = lsc.register("gp").lists
    found = ct.attribute(lsc, lists.rename("people_again"), layer="footprint2022")

    # Everybody's own list, brought to areas, is the people who live there.
    assert found.table["people_again"].round(6).tolist() == found.table["people"].tolist()
    assert found.ledger.loc["total", "people_again"] == 1_839_238
