"""Registers: people by organisation and by where they live, with nobody lost."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coterminous as ct


def table(*rows: tuple[str, str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["organisation", "block", "patients"])


def test_people_are_counted_by_area_with_those_beyond_it_as_rows(grid, surgeries):
    found = surgeries.by_area(grid.layer("hamlet"))

    assert list(found.itertuples(index=False, name=None)) == [
        ("OTHER", "outside", 5),
        ("P", "outside", 10),
        ("P", "unknown", 1),
        ("Q", "H", 8),
        ("Q", "elsewhere", 2),
        ("Q", "outside", 4),
    ]
    assert found["value"].dtype == "int64"


def test_home_is_the_area_of_the_site_or_of_most_of_the_list(grid, surgeries):
    rows = grid.layer("rows")
    columns = grid.layer("columns")

    assert surgeries.homes(rows).dropna().to_dict() == {"P": "N", "Q": "S"}
    assert surgeries.homes(columns, "list").dropna().to_dict() == {"P": "W", "Q": "E"}


def test_home_by_body_is_the_area_that_holds_the_whole_body(grid, surgeries):
    known = surgeries.organisations.assign(body=["N", "N", "S"])
    known.loc["OTHER", "body"] = None
    of_bodies = replace(surgeries, organisations=known, bodies=grid.layer("rows"))

    assert of_bodies.homes(grid.layer("town"), "body").dropna().to_dict() == {"P": "T", "Q": "T"}
    assert of_bodies.homes(grid.layer("columns"), "body").isna().all()


def test_an_organisation_that_says_no_body_has_no_home_by_body(grid, surgeries):
    with pytest.raises(ct.InputError, match="says of no organisation what it belongs to"):
        surgeries.homes(grid.layer("rows"), "body")


def test_a_zone_that_a_layer_cuts_is_shared_out_by_population_and_said(grid):
    zones = pd.Series({"nw": "west", "sw": "west", "ne": "east", "se": "east"})
    seen = pd.DataFrame({"organisation": ["P"], "zone": ["west"], "patients": [8]})
    register = ct.Register.from_table(seen, area=grid, places=zones)

    exact = register.by_area(grid.layer("columns"))
    shared = register.by_area(grid.layer("rows"))

    assert exact["value"].tolist() == [8]
    assert register.method(grid.layer("columns")).startswith("exact")
    # 10 people live in nw and 30 in sw.
    assert shared.set_index("area")["value"].to_dict() == {"N": 2.0, "S": 6.0}
    assert register.method(grid.layer("rows")).startswith("apportioned: the people of 2 of 2 zones")


def test_a_zone_where_nobody_lives_is_shared_out_by_blocks():
    blocks = pd.DataFrame({"population": [0, 0]}, index=["a", "b"])
    area = ct.Geography.from_frames(blocks).with_layer("two", pd.Series({"a": "A", "b": "B"}))
    seen = pd.DataFrame({"organisation": ["P"], "zone": ["z"], "patients": [4]})
    register = ct.Register.from_table(seen, area=area, places=pd.Series({"a": "z", "b": "z"}))

    assert register.by_area(area.layer("two"))["value"].tolist() == [2.0, 2.0]


def test_networks_keep_everybody_and_name_their_members(grid, surgeries):
    networks = surgeries.by("network")

    assert networks.total == surgeries.total == 30
    assert networks.organisations["kind"].to_dict() == {"OTHER": "lump", "X": "network"}
    assert networks.organisations.loc["X", "members"] == 2
    assert networks.default_home == "list"
    assert networks.homes(grid.layer("rows")).dropna().to_dict() == {"X": "S"}


def test_a_register_that_knows_no_site_says_so(grid, surgeries):
    with pytest.raises(ct.InputError, match='knows the site of no organisation; give home="list"'):
        surgeries.by("network").homes(grid.layer("rows"), "site")


def test_some_organisations_alone(surgeries):
    assert surgeries.only(["P"]).total == surgeries.only("P").total == 11
    twice = surgeries.only(["P", "P"])
    assert (twice.total, list(twice.organisations.index)) == (11, ["P"])
    assert twice.lists.to_dict() == {"P": 11}
    with pytest.raises(ct.InputError, match="1 organisations that register 'surgeries' lacks: 'Z'"):
        surgeries.only(["Z"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("P", "nw", 1), ("P", "nw", 2)], "1 pairs .* more than once: 'P/nw'"),
        ([("P", "nw", 1), ("P", "moon", 2)], "1 zones are not in|1 blocks are not in"),
        ([("P", "nw", -4)], "1 negative count: 'P/nw'"),
        ([("P", "nw", "*")], r"1 cell that is hidden .suppressed.: P/nw: .;"),
        ([("P", "nw", None)], "1 cell that is missing"),
        ([("", "nw", 1)], "column `organisation` is empty in 1 row;"),
        ([("outside", "nw", 1)], "reserved code: 'outside'"),
    ],
)
def test_bad_rows_are_named_and_counted(grid, rows, said):
    with pytest.raises(ct.InputError, match=said):
        ct.Register.from_table(table(*rows), area=grid)


def test_a_missing_column_is_named(grid):
    with pytest.raises(ct.InputError, match="`column` is 'patients', which is not one of"):
        ct.Register.from_table(table(("P", "nw", 1)).drop(columns="patients"), area=grid)


def test_codes_that_are_numbers_are_refused(grid):
    with pytest.raises(ct.InputError, match="holds numbers, not codes"):
        ct.Register.from_table(table((1, "nw", 1)), area=grid)


def test_a_register_of_a_user_is_restricted_and_shows_no_count(grid):
    register = ct.Register.from_table(table(("P", "nw", 3)), area=grid)

    assert not register.open
    assert "restricted" in repr(register)
    assert "3" not in register._repr_html_()


def test_a_register_can_be_added_to_a_geography(grid, surgeries):
    area = grid.with_register(surgeries)

    assert list(area.registers.index) == ["surgeries"]
    assert area.register("surgeries/network").total == 30
    with pytest.raises(ct.InputError, match="`register` is 'surgery', which is not one of"):
        area.register("surgery")


def test_arguments_are_left_as_they_were(grid):
    seen = table(("P", "nw", 3), ("A", "ne", 1))
    known = pd.DataFrame({"name": ["Park"]}, index=["P"])
    before = seen.copy(), known.copy()

    ct.Register.from_table(seen, area=grid, organisations=known)

    pd.testing.assert_frame_equal(seen, before[0])
    pd.testing.assert_frame_equal(known, before[1])


# ------------------------------------------------------------------ the bundled registers


def test_the_bundled_practices_are_202_in_41_networks(lsc):
    gp = lsc.register("gp")
    known = gp.organisations[gp.organisations["body"].notna()]

    assert len(known) == 202
    assert gp.total == 1_839_238
    assert gp.people.groupby("zone")["patients"].sum()[["unknown", "elsewhere"]].tolist() == [
        535,
        5_731,
    ]
    networks = gp.by("network")
    assert len(networks.organisations) - len(networks.lumps) == 41
    assert networks.organisations.loc["NONE", "members"] == 2
    assert networks.total == gp.total


def test_practices_without_a_given_block_stand_in_the_one_that_holds_their_point(lsc):
    blocks = lsc.register("gp").organisations["block"]

    assert blocks[["P81737", "P81738", "Y02157", "Y03656"]].tolist() == [
        "E01025023",
        "E01025072",
        "E01012674",
        "E01025446",
    ]


def test_the_bundled_registers_are_published_and_say_so(lsc):
    assert lsc.registers["open"].tolist() == [True, True]


def test_lumps_are_no_organisations(lsc):
    trust = lsc.register("trust")

    assert trust.lumps == ("OTHER", "UNATTRIBUTED")
    assert trust.homes(lsc.layer("pbp2021"), "list")[["OTHER", "UNATTRIBUTED"]].isna().all()


# ------------------------------------------------------------------ always

BLOCKS = [f"b{i}" for i in range(6)]
PLACES = [*BLOCKS, "unknown", "elsewhere"]


@st.composite
def towns(draw):
    """A geography of six blocks in up to three zones, two layers, and a register of it."""
    people = draw(st.lists(st.integers(0, 50), min_size=6, max_size=6))
    area = ct.Geography.from_frames(pd.DataFrame({"population": people}, index=BLOCKS))
    codes = st.lists(st.sampled_from(["A", "B", "C", None]), min_size=6, max_size=6)
    for name in ("old", "new"):
        drawn = draw(codes.filter(any))
        area = area.with_layer(name, pd.Series(drawn, index=BLOCKS))
    by_zone = draw(st.booleans())
    zones = pd.Series(draw(st.lists(st.sampled_from("xyz"), min_size=6, max_size=6)), index=BLOCKS)
    places = sorted({*zones, "unknown", "elsewhere"}) if by_zone else PLACES
    pairs = [(o, p) for o in ("P", "Q", "R", "OTHER") for p in places]
    counts = draw(st.lists(st.integers(0, 40), min_size=len(pairs), max_size=len(pairs)))
    place = "zone" if by_zone else "block"
    seen = pd.DataFrame(pairs, columns=["organisation", place]).assign(patients=counts)
    sites = draw(st.lists(st.sampled_from([*BLOCKS, None]), min_size=3, max_size=3))
    known = pd.DataFrame({"block": sites, "network": ["M", "M", None]}, index=["P", "Q", "R"])
    register = ct.Register.from_table(
        seen,
        area=area,
        place=place,
        organisations=known,
        places=zones if by_zone else None,
        published=True,
    )
    return area, register


@given(towns())
@settings(max_examples=40, deadline=None)
def test_every_table_adds_up_to_the_register(town):
    area, register = town
    total = register.total
    for chosen in (register, register.by("network")):
        assert chosen.by_area(area.layer("old"))["value"].sum() == pytest.approx(total)
        found = ct.impact(area, chosen, before="old", after="new", home="list")
        assert found.ledger.loc["total"].tolist() == pytest.approx([total, total])
        assert found.organisations["registered"].sum() == total
        for side in ("before", "after"):
            parts = [f"patients_{side}", f"beyond_{side}", "elsewhere", "unknown"]
            assert found.organisations[parts].to_numpy().sum() == pytest.approx(total)
        flows = ct.flows(area, chosen, layer="old")
        assert flows.table["value"].sum() == pytest.approx(total)
        assert flows.ledger["total"] == pytest.approx(total)
        assert flows.ledger.drop("total").sum() == pytest.approx(total)
    sizes = ct.lists(area, "old", register=register)
    assert sizes["registered"].sum() == total
    assert sizes["living_in"].sum() == pytest.approx(total)
    assert sizes["residents"].sum() == area.weight("population").sum()
    for to, codes in (("areas", ["P", "Q", "R"]), ("organisations", list(area.layer("old").codes))):
        carried = ct.attribute(
            area, pd.Series(7.0, index=codes), register=register, layer="old", to=to
        )
        account = carried.ledger["figure"]
        assert account["placed"] + account["nobody"] == pytest.approx(7.0 * len(codes))
        assert carried.table["figure"].sum() == pytest.approx(account["placed"])
    served = ct.catchments(area, register)
    ledger = served.ledger.loc["stratified"]
    assert served.table["stratified"].sum() == pytest.approx(ledger["allotted"])
    assert ledger["allotted"] + ledger["unserved"] == ledger["total"]


@given(towns(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_does_not_matter(town, random):
    area, register = town
    rows = list(register.people.index)
    random.shuffle(rows)
    again = ct.Register.from_table(
        register.people.loc[rows],
        area=area,
        organisations=register.organisations.iloc[::-1],
        places=register.places,
        published=True,
    )
    first = ct.impact(area, register, before="old", after="new").as_json()
    second = ct.impact(area, again, before="old", after="new").as_json()
    assert first["organisations"] == second["organisations"]
