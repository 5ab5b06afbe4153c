"""Sizes in both populations, and the two-way test of 2012."""

from __future__ import annotations

from dataclasses import replace

import pytest

import coterminous as ct


def test_lists_stand_beside_residents_and_add_up(grid, surgeries):
    sizes = ct.lists(grid, "rows", register=surgeries)

    columns = ["residents", "registered", "living_in", "both"]
    assert sizes[columns].to_numpy().tolist() == [[30, 11, 14, 9], [70, 14, 13, 12], [0, 5, 3, 0]]
    assert list(sizes.index) == ["N", "S", "outside"]
    assert sizes["registered"].sum() == surgeries.total


def test_the_two_way_test_needs_both_shares(grid, surgeries):
    found = ct.two_way_test(grid, "rows", register=surgeries)

    # N: 9 of the 14 who live there, 9 of P's 11. S: 12 of 13 and 12 of 14.
    assert found["share_registered_inside"].tolist() == pytest.approx([9 / 14, 12 / 13])
    assert found["share_living_inside"].tolist() == pytest.approx([9 / 11, 12 / 14])
    assert found["ok"].tolist() == [False, True]


def test_an_area_without_a_practice_fails_the_two_way_test(grid, surgeries):
    found = ct.two_way_test(grid, "each", register=surgeries, threshold=0)
    assert found["ok"].to_dict() == {"NE": False, "NW": True, "SE": True, "SW": False}


def test_blackpool_has_138_381_residents_and_lists_of_176_857(lsc):
    sizes = ct.lists(lsc, "ltla2021")
    blackpool = sizes.loc["E06000009"]

    assert blackpool[["residents", "registered"]].tolist() == [138_381, 176_857]
    assert sizes["registered"].sum() == 1_839_238


def test_lists_by_body_are_those_that_belong_to_the_area(lsc):
    by_site = ct.lists(lsc, "ccg2021")["registered"]
    by_body = ct.lists(lsc, "ccg2021", home="body")["registered"]

    assert by_site.sum() == by_body.sum() == 1_839_238
    assert by_site["00X"] != by_body["00X"]


def test_a_profile_has_both_populations_age_and_deprivation(lsc):
    found = ct.profile(lsc, "footprint2022")

    assert found["residents"].sum() == lsc.weight("population").sum()
    assert found.loc["blackpool", ["residents", "registered"]].tolist() == [138_381, 176_857]
    ages = [c for c in found if c.startswith("share_age_")]
    fifths = [c for c in found if c.startswith("share_quintile_")]
    assert found[ages].sum(axis=1).tolist() == pytest.approx([1.0] * 7)
    assert found[fifths].sum(axis=1).tolist() == pytest.approx([1.0] * 7)


def test_a_profile_needs_no_register(grid):
    found = ct.profile(grid, "hamlet")
    assert found["residents"].to_dict() == {"H": 40, "outside": 60}
    assert found["blocks"].to_dict() == {"H": 1, "outside": 3}


def test_a_practice_that_is_moved_takes_its_list_along(grid, surgeries):
    sizes = ct.lists(grid, "rows", register=surgeries, moved={"P": "S"})
    assert sizes["registered"].to_dict() == {"N": 0, "S": 25, "outside": 5}
    with pytest.raises(ct.InputError, match="`moved` names what is not there: 'Z'"):
        ct.lists(grid, "rows", register=surgeries, moved={"Z": "S"})


def test_the_two_way_test_is_a_named_check(lsc):
    from coterminous.scenarios.checks import Drawn, run

    layer = lsc.layer("footprint2022")
    found = run(Drawn(lsc, layer, layer, {}), {"two_way": True, "contiguous": False})
    row = found.set_index("name").loc["two_way"]
    assert row["ok"]
    assert row["detail"] == (
        "at least 91.0% of residents on a list are registered inside; "
        "at least 85.5% of people on its lists live inside"
    )
    strict = run(Drawn(lsc, layer, layer, {}), {"two_way": 0.9, "contiguous": False})
    assert (
        strict.set_index("name")
        .loc["two_way", "detail"]
        .endswith("fails: 'Blackburn with Darwen', 'Blackpool'")
    )


def test_lists_are_missing_where_the_register_does_not_count_the_residents(lsc):
    # Carlisle has 108,524 residents, of whom 7 use a practice in the register: 0 would be wrong.
    found = ct.profile(lsc, "ltla2021")["registered"]
    assert found.drop("outside").isna().sum() == 11
    assert found["E07000127"] == 115_735
    assert ct.profile(lsc, "footprint2022")["registered"].drop("outside").sum() == 1_819_226


def test_layers_and_comparisons_have_the_lists_beside_the_residents(lsc):
    sizes = lsc.layers[["people", "registered"]]
    assert sizes.loc["bay2020"].tolist() == [319_750, 339_049]
    assert sizes.loc["ltla2021"].isna().tolist() == [False, True]
    assert "1,819,226" in lsc._repr_html_()
    assert "NA&gt;" not in lsc._repr_html_()
    row = ct.compare(lsc, ["footprint2022"]).table.loc["footprint2022"]
    assert row[["registered", "registered_smallest", "registered_largest"]].tolist() == [
        1_819_226,
        176_857,
        506_112,
    ]


def test_no_list_of_a_restricted_register_is_given_away(lsc):
    own = lsc.with_register(replace(lsc.register("gp"), open=False))
    for ask in (ct.lists, ct.two_way_test):
        with pytest.raises(ct.DisclosureError, match="register 'gp', which is restricted"):
            ask(own, "place2022")
    assert "registered" not in ct.profile(own, "place2022")
    assert own.layers["registered"].isna().all()
    assert own.overlap("place2022", "utla2021").areas()["value"].sum() == 1_701_655
