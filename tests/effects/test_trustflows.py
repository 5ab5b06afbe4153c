"""Flows, catchments and partners: who goes where, and who must work with whom."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import coterminous as ct
from coterminous.files import to_json


def test_the_main_organisation_of_an_area_is_never_a_lump(grid, surgeries):
    found = ct.flows(grid, surgeries, layer="each")

    # In ne 5 use others, and 3 use P.
    area = found.areas().loc["NE"]
    assert area["main_organisation"] == "P"
    assert area["share_to_main"] == pytest.approx(3 / 8)
    assert area["other"] == 5


def test_localisation_is_weighted_by_people(grid, surgeries):
    found = ct.flows(grid, surgeries, layer="rows")

    # N: 9 of 14 use P; S: 12 of 13 use Q.
    assert found.areas()["share_to_main"].tolist() == pytest.approx([9 / 14, 12 / 13])
    assert found.localisation == pytest.approx(21 / 27)


def test_flows_in_and_out_balance_what_is_used_in_the_area(grid, surgeries):
    areas = ct.flows(grid, surgeries, layer="rows").areas()

    # N's practice P has 1 from S and 1 unknown; 5 of N's 14 go to others.
    assert areas[["inflow", "outflow", "net"]].to_numpy().tolist() == [[2, 5, -3], [2, 1, 1]]


def test_a_home_at_one_site_is_said_where_people_are_placed_by_it(lsc):
    by_site = ct.flows(lsc, "trust", layer="footprint2022").notes
    by_list = ct.flows(lsc, "trust", layer="footprint2022", home="list").notes

    assert [n for n in by_site if n not in by_list] == [
        "Inflow, outflow and net place each organisation at its one site in the register: people "
        "who go to another of its sites are counted there."
    ]


def test_shares_say_what_they_are_of(grid, surgeries):
    table = ct.flows(grid, surgeries, layer="rows").table.set_index(["organisation", "area"])

    assert table.loc[("P", "N"), "share_of_organisation"] == pytest.approx(0.9)
    assert table.loc[("P", "N"), "share_of_area"] == pytest.approx(9 / 14)
    assert table.loc[("P", "unknown"), ["share_of_organisation", "share_of_area"]].isna().all()


def test_two_layers_side_by_side(grid, surgeries):
    both = ct.flows(grid, surgeries, layer="rows").beside(
        ct.flows(grid, surgeries, layer="columns")
    )
    assert both.loc[
        ["P", "Q"], ["areas_reached_before", "areas_reached_after"]
    ].to_numpy().tolist() == [
        [2, 2],
        [1, 2],
    ]


def test_trust_localisation_is_0_789_under_the_old_partnerships(lsc):
    found = ct.flows(lsc, "trust", layer="pbp2021")

    assert found.localisation == pytest.approx(0.789, abs=0.0005)
    assert found.ledger["total"] == pytest.approx(768_270)
    assert found.areas()["unattributed"].sum() == pytest.approx(14_394)
    assert list(found.organisations.index[:4]) == ["RXR", "RXN", "RXL", "RTX"]


def test_json_of_flows_has_the_fields_that_scripts_rely_on(lsc):
    plain = json.loads(to_json(ct.flows(lsc, "trust", layer="footprint2022").as_json()))

    assert {"register", "layer", "localisation", "areas", "organisations", "table"} <= set(plain)
    assert {"code", "name", "patients", "main_organisation", "share_to_main"} <= set(
        plain["areas"][0]
    )
    assert {"code", "name", "patients", "areas_reached", "effective_areas"} <= set(
        plain["organisations"][0]
    )
    assert {o["code"] for o in plain["organisations"]}.isdisjoint({"OTHER", "UNATTRIBUTED"})
    assert {"OTHER", "UNATTRIBUTED"} <= {r["organisation"] for r in plain["table"]}


# ------------------------------------------------------------------ catchments


def test_three_ways_to_a_catchment(grid, surgeries):
    found = ct.catchments(grid, surgeries)

    # nw is P's alone; ne 3 of 8 P's, and 5 all others'; sw 1 of 5 P's and 4 Q's; se is Q's alone.
    table = found.table.loc[["P", "Q"]]
    assert table["first_past_the_post"].tolist() == [10, 70]
    assert table["proportional_flow"].tolist() == [30, 70]
    assert table["stratified"].tolist() == pytest.approx(
        [10 + 20 * 3 / 8 + 30 / 5, 30 * 4 / 5 + 40]
    )
    assert found.table.loc["OTHER", "stratified"] == pytest.approx(12.5)
    assert found.ledger.loc["stratified"].to_dict() == {
        "allotted": 100,
        "undecided": 0,
        "unserved": 0,
        "twice": 0,
        "total": 100,
    }


def test_a_unit_where_all_others_have_most_patients_is_won_by_nobody(grid, surgeries):
    found = ct.catchments(grid, surgeries)

    assert found.undecided.reset_index().to_dict("records") == [
        {"unit": "ne", "lump": "OTHER", "share": 0.625, "residents": 20}
    ]
    assert found.ledger.loc["first_past_the_post"].to_dict() == {
        "allotted": 80,
        "undecided": 20,
        "unserved": 0,
        "twice": 0,
        "total": 100,
    }
    assert not found.by_unit.set_index("unit").loc["ne", "first_past_the_post"].any()
    assert found.as_json()["undecided"][0]["unit"] == "ne"


def _known(grid, surgeries, most: dict[str, float]) -> ct.Register:
    rows = {"organisation": "OTHER", "block": list(most), "patients": list(most.values())}
    return ct.Register.from_table(
        surgeries.people,
        area=grid,
        organisations=surgeries.organisations,
        published=True,
        largest=pd.DataFrame(rows),
    )


@pytest.mark.parametrize(("most", "won"), [(2, 30), (3, 10), (9, 10)])
def test_a_unit_is_won_where_nobody_in_the_lump_has_as_many(grid, surgeries, most, won):
    # Of ne P has 3 of 8, and all others 5: who of them has 3 is level with P.
    found = ct.catchments(grid, _known(grid, surgeries, {"ne": most}))
    assert found.table.loc["P", "first_past_the_post"] == won
    assert list(found.undecided.index) == ([] if won == 30 else ["ne"])
    assert found.ledger.loc["first_past_the_post", "undecided"] == 30 - won


@pytest.mark.parametrize(("named", "won"), [(8, 0), (9, 30)])
def test_one_organisation_may_be_the_largest_of_every_place_of_a_unit(grid, named, won):
    rows = [("A", "nw", named), ("OTHER", "nw", 9), ("OTHER", "ne", 9), ("UNATTRIBUTED", "ne", 4)]
    known = [("OTHER", "nw", 4), ("OTHER", "ne", 3)]
    columns = ["organisation", "block", "patients"]
    register = ct.Register.from_table(
        pd.DataFrame(rows, columns=columns), area=grid, largest=pd.DataFrame(known, columns=columns)
    )
    # The same one may have 4 in nw, and in ne all 4 that are unattributed.
    found = ct.catchments(grid, register, units="rows")
    assert found.table.loc["A", "first_past_the_post"] == won


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"organisation": ["P"], "block": ["ne"], "patients": [1]}, "1 codes that are no lump"),
        (
            {"organisation": ["OTHER"], "block": ["xx"], "patients": [1]},
            "`largest`: 1 blocks are .* 'xx'",
        ),
        ({"organisation": ["OTHER"], "block": ["ne"], "patients": [-1]}, "negative"),
        ({"organisation": ["OTHER"] * 2, "block": ["ne"] * 2, "patients": [1, 2]}, "more than on"),
        ({"organisation": ["OTHER"], "block": ["ne"]}, "has no column 'patients'"),
    ],
)
def test_a_table_of_the_largest_in_a_lump_is_checked(grid, surgeries, rows, said):
    with pytest.raises(ct.InputError, match=said):
        ct.Register.from_table(
            surgeries.people,
            area=grid,
            organisations=surgeries.organisations,
            largest=pd.DataFrame(rows),
        )


def test_catchments_that_overlap_say_how_many_people_count_twice(grid, surgeries):
    found = ct.catchments(grid, surgeries, share=0.2)
    assert found.ledger.loc["proportional_flow", "twice"] == 30


def test_catchments_as_polygons_and_as_a_layer(grid, surgeries):
    found = ct.catchments(grid, surgeries)

    assert found.polygons().area.to_dict() == {"P": 1e6, "Q": 2e6}
    assert found.layer().assignment.dropna().to_dict() == {"nw": "P", "se": "Q", "sw": "Q"}
    with pytest.raises(ct.InputError, match="`method` is 'stratified', which is not one of"):
        found.polygons("stratified")


def test_the_bundled_trusts_serve_every_resident_of_the_board(lsc):
    found = ct.catchments(lsc, "trust")

    assert found.ledger.loc["first_past_the_post"].to_dict() == {
        "allotted": 1_693_801,
        "undecided": 7_854,
        "unserved": 934_223,
        "twice": 0,
        "total": 2_635_878,
    }
    # Rossendale 009 goes mostly to a trust that the file does not name, with 2,336 of 3,721.
    assert found.undecided[["lump", "residents"]].reset_index().to_dict("records") == [
        {"unit": "E02005286", "lump": "OTHER", "residents": 7_854}
    ]
    # Of Blackburn with Darwen 018 OTHER has 1,047, but no trust within it more than 836 to 976.
    assert found.table.loc["RXR", "first_past_the_post"] == 509_331
    assert found.table["stratified"].sum() == pytest.approx(1_701_655)


# ------------------------------------------------------------------ partners


def test_partners_are_counted_by_threshold_and_by_effective_number(grid, surgeries):
    found = ct.partners(
        grid, before="rows", after="columns", organisations=["town", surgeries], threshold=0.1
    )
    rows = found.organisations.set_index("code")

    assert rows["kind"].to_dict() == {"T": "town", "P": "surgeries", "Q": "surgeries"}
    assert rows.loc["T", ["areas_before", "areas_after"]].tolist() == [2, 2]
    assert rows.loc["Q", ["areas_before", "areas_after"]].tolist() == [1, 2]
    assert rows.loc["T", "effective_before"] == pytest.approx(100**2 / (30**2 + 70**2))


def test_lancashire_works_with_three_areas_and_not_with_five(lsc):
    found = ct.partners(lsc, before="pbp2021", after="footprint2022")
    rows = found.organisations.set_index("code")

    assert found.summary["organisations"].to_dict() == {
        "utla2021": 5,
        "ltla2021": 18,
        "gp/network": 41,
        "trust": 8,
    }
    assert rows.loc["E10000006", "name"] == "Cumbria"
    assert rows.loc["E10000017", ["areas_before", "areas_after"]].tolist() == [5, 3]
    assert rows.loc["RXL", ["areas_before", "areas_after"]].tolist() == [1, 2]


@pytest.mark.parametrize(("after", "several"), [("footprint2022", 4), ("place2022", 3)])
def test_only_trusts_based_here_are_counted_and_the_others_apart(lsc, after, several):
    found = ct.partners(lsc, before="pbp2021", after=after)
    trusts = found.summary.loc["trust"]
    rows = found.organisations[found.organisations["kind"] == "trust"].set_index("code")

    assert trusts[["organisations", "based_here"]].tolist() == [8, 4]
    assert trusts[["several_before", "several_after"]].tolist() == [1, several]
    assert set(rows.index[rows["based_here"]]) == {"RXR", "RXN", "RXL", "RTX"}
    # Those based elsewhere: Wigan's, Manchester's and Airedale's have people here in several.
    assert trusts["elsewhere_several_before"] == 3


def test_based_here_is_the_site_in_the_layer_of_the_whole_else_in_those_compared(grid, surgeries):
    area = grid.with_register(surgeries)

    assert ct.flows(area, "surgeries", layer="rows").organisations["based_here"].to_dict() == {
        "P": True,
        "Q": True,
    }
    assert ct.flows(area, "surgeries", layer="hamlet").organisations["based_here"].to_dict() == {
        "P": False,
        "Q": True,
    }
    whole = area.with_roles({"whole": "hamlet"})
    found = ct.flows(whole, "surgeries", layer="rows")
    assert found.organisations["based_here"].to_dict() == {"P": False, "Q": True}
    # A network is where a member's site is; X has one in each row.
    networks = ct.flows(whole, "surgeries/network", layer="rows")
    assert networks.organisations["based_here"].to_dict() == {"X": True}


def test_an_organisation_that_is_neither_layer_nor_register_is_named(lsc):
    with pytest.raises(ct.InputError, match="`organisations` is 'utla2020', which is not one of"):
        ct.partners(lsc, before="pbp2021", after="place2022", organisations=["utla2020"])
