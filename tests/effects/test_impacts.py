"""Impacts: which organisations are on the wrong side of a line, before and after."""

from __future__ import annotations

import json

import pytest

import coterminous as ct
from coterminous.files import to_json


def test_people_outside_home_before_and_after(grid, surgeries):
    found = ct.impact(grid, surgeries, before="rows", after="columns")

    # P stands in N and W: of its 10 in the town 1 lives in S, 3 in E.
    # Q stands in S and E: of its 12 none lives in N, 4 in W.
    shown = found.organisations[["outside_before", "outside_after", "patients", "registered"]]
    assert shown.loc[["P", "Q"]].to_numpy().tolist() == [[1, 3, 10, 11], [0, 4, 12, 14]]
    assert found.organisations.loc["P", "share_after"] == pytest.approx(0.3)
    assert found.organisations["status"].dropna().to_dict() == {
        "P": "persisting",
        "Q": "newly_crossing",
    }


def test_an_organisation_without_a_home_counts_in_no_status_and_is_a_line_of_its_own(
    grid, surgeries
):
    found = ct.impact(grid, surgeries, before="rows", after="hamlet")

    lump = found.organisations.loc["OTHER"]
    assert lump[["home_before", "home_after", "status", "outside_before"]].isna().all()
    assert sum(found.summary["organisations"].values()) == 1
    assert found.ledger["before"].to_dict() == {
        "at_home": 21,
        "outside_home": 1,
        "no_home": 5,
        "beyond": 0,
        "elsewhere": 2,
        "unknown": 1,
        "total": 30,
    }
    assert found.ledger["after"].to_dict() == {
        "at_home": 8,
        "outside_home": 0,
        "no_home": 0,
        "beyond": 19,
        "elsewhere": 2,
        "unknown": 1,
        "total": 30,
    }


def test_crossing_is_strictly_over_the_threshold(grid, surgeries):
    at = ct.impact(grid, surgeries, before="rows", after="rows", threshold=0.1)
    under = ct.impact(grid, surgeries, before="rows", after="rows", threshold=0.099)

    assert at.organisations.loc["P", "share_before"] == pytest.approx(0.1)
    assert at.organisations.loc["P", "status"] == "never_crossing"
    assert under.organisations.loc["P", "status"] == "persisting"


def test_organisations_come_by_patients_and_then_by_code(grid, surgeries):
    found = ct.impact(grid, surgeries, before="rows", after="columns")
    assert list(found.organisations.index) == ["Q", "P", "OTHER"]


def test_networks_astride_two_areas_are_named_with_their_people(grid, surgeries):
    found = ct.impact(grid, surgeries.by("network"), before="rows", after="town")

    assert found.home == "list"
    assert found.organisations.loc["X", "member_areas_before"] == 2
    assert found.astride == (
        "1 with members' sites in more than one area of rows, with 25 people: X (X).",
    )


def test_a_threshold_that_is_no_share_is_refused(grid, surgeries):
    with pytest.raises(ct.InputError, match="`threshold` is 5; give a share, such as 0.05 for 5%"):
        ct.impact(grid, surgeries, before="rows", after="columns", threshold=5)


def test_an_unknown_home_is_refused(grid, surgeries):
    with pytest.raises(ct.InputError, match="`home` is 'where', which is not one of: site, list"):
        ct.impact(grid, surgeries, before="rows", after="columns", home="where")


def test_json_has_the_fields_that_scripts_rely_on(grid, surgeries):
    plain = json.loads(
        to_json(ct.impact(grid, surgeries, before="rows", after="columns").as_json())
    )

    assert {"register", "before", "after", "threshold", "summary", "organisations"} <= set(plain)
    assert set(plain["summary"]["organisations"]) == {
        "newly_crossing",
        "resolved",
        "persisting",
        "never_crossing",
    }
    by_code = {o["code"]: o for o in plain["organisations"]}
    assert by_code["OTHER"]["home_before"] is None
    assert by_code["OTHER"]["status"] is None
    assert by_code["Q"]["outside_after"] == 4
    assert plain["summary"]["patients"] == 22
    assert plain["summary"]["before"] == {
        "patients": 22,
        "outside": 1,
        "share": pytest.approx(1 / 22),
        "no_home": 5,
    }


def test_a_notebook_shows_names_as_text(grid, surgeries):
    hostile = surgeries.organisations.copy()
    hostile.loc["P", "name"] = "<script>"
    from dataclasses import replace

    found = ct.impact(
        grid, replace(surgeries, organisations=hostile), before="rows", after="columns"
    )
    assert "<script>" not in found._repr_html_()


# ------------------------------------------------------------------ the realignment


@pytest.mark.parametrize(
    ("layer", "outside"),
    [("pbp2021", 10_363), ("ccg2021", 75_259), ("place2022", 67_359), ("footprint2022", 78_792)],
)
def test_patients_who_live_outside_the_area_of_their_practice(lsc, layer, outside):
    found = ct.impact(lsc, "gp", before=layer, after=layer)

    assert found.summary["before"]["patients"] == 1_811_829
    assert found.summary["before"]["outside"] == outside
    assert found.method.startswith("exact")
    assert sum(found.summary["organisations"].values()) == 202


def test_34_practices_newly_cross_with_the_realignment(lsc):
    found = ct.impact(lsc, "gp", before="pbp2021", after="footprint2022")

    assert found.summary["organisations"] == {
        "newly_crossing": 34,
        "resolved": 3,
        "persisting": 4,
        "never_crossing": 161,
    }
    assert found.crossing["after"].tolist() == [63, 38, 25, 12]
    assert len(found.changes()) == 37


def test_every_network_that_crosses_afterwards_did_not_before(lsc):
    found = ct.impact(lsc, "gp/network", before="pbp2021", after="footprint2022")

    assert found.summary["organisations"] == {
        "newly_crossing": 12,
        "resolved": 0,
        "persisting": 0,
        "never_crossing": 29,
    }
    assert found.ledger.loc["total"].tolist() == [1_839_238, 1_839_238]


def test_trusts_cross_too(lsc):
    found = ct.impact(lsc, "trust", before="pbp2021", after="footprint2022")
    homes = found.organisations["home_after"].dropna()
    assert homes.to_dict() == {
        "RXR": "blackburn-with-darwen",
        "RXN": "central",
        "RXL": "blackpool",
        "RTX": "north-and-coastal",
    }


@pytest.mark.parametrize("side", ["before", "after"])
def test_an_unknown_layer_is_blamed_on_the_argument_that_named_it(lsc, side):
    asked = {"before": "pbp2021", "after": "footprint2022", side: "pbp2020"}
    with pytest.raises(ct.InputError, match=f"`{side}` is 'pbp2020', which is not one of"):
        ct.impact(lsc, "gp", **asked)
