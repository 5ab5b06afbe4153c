"""The bundled geography: what the realignment of 2022 did, in exact people."""

from __future__ import annotations

import pandas as pd
import pytest

import coterminous as ct

#: Areas and blocks of every bundled layer, as the design of the layers says.
LAYERS = {
    "icb2022": 1,
    "ccg2021": 8,
    "pbp2021": 5,
    "ltla2021": 27,
    "utla2021": 5,
    "utla2023": 6,
    "place2022": 4,
    "delivery2022": 3,
    "footprint2022": 6,
    "pcn2022": 40,
    "msoa2011": 217,
    "lgr2025_two": 2,
    "lgr2025_three": 3,
    "lgr2025_four": 4,
    "bay2020": 1,
}


def test_every_layer_has_its_areas(lsc):
    assert lsc.layers["areas"].to_dict() == LAYERS


def test_the_board_holds_its_people(lsc):
    board = lsc.overlap("icb2022", "utla2021").areas()
    assert board.loc["QE1", "value"] == 1_701_655
    assert lsc.overlap("icb2022", "icb2022", weight="census2021").ledger["both"] == 1_717_533


def test_ages_and_quintiles_add_up_to_the_population_in_every_block(lsc):
    ages = sum(lsc.weight(f"age_{band}") for band in ("0_17", "18_64", "65_84", "85_plus"))
    fifths = sum(lsc.weight(f"quintile_{i}") for i in range(1, 6))
    pd.testing.assert_series_equal(ages, lsc.weight("population"), check_names=False)
    pd.testing.assert_series_equal(fifths, lsc.weight("population"), check_names=False)


def test_no_partnership_shares_a_councils_boundary_and_three_of_four_places_do(lsc):
    before = lsc.overlap("pbp2021", "utla2021")
    after = lsc.overlap("place2022", "utla2021")
    assert before.measures()["coterminous_areas"] == 0
    assert after.areas().query("relation == 'coterminous'").index.tolist() == [
        "blackburn-with-darwen",
        "blackpool",
        "lancashire",
    ]
    assert round(before.measures()["v_measure"], 3) == 0.363
    assert round(after.measures()["v_measure"], 3) == 0.991


def test_west_lancashire_partnership_is_its_borough(lsc):
    partnership = lsc.overlap("pbp2021", "ltla2021").areas().loc["west-lancashire"]
    assert partnership["relation"] == "coterminous"
    assert lsc.layer("ltla2021").name_of(partnership["best_target"]) == "West Lancashire"
    assert partnership["value"] == 114_496


def test_west_lancashire_is_absorbed_not_parted(lsc):
    overlap = lsc.overlap("pbp2021", "place2022")
    west = overlap.areas().loc["west-lancashire"]
    assert (west["relation"], west["effective_targets"]) == ("nested", 1)
    assert overlap.measures()["absorbed"] >= west["value"]


def test_morecambe_bay_is_split_between_lancashire_and_south_cumbria(lsc):
    matrix = lsc.overlap("pbp2021", "place2022").matrix
    assert matrix.loc["morecambe-bay"].sum() == 334_287
    assert matrix.loc["morecambe-bay", "lancashire"] == 148_119
    assert matrix.loc["morecambe-bay", "south-cumbria"] == 186_168


def test_areas_of_the_same_population_are_not_confused(lsc):
    areas = lsc.overlap("pbp2021", "place2022").areas()
    assert areas.loc["fylde-coast", "value"] == areas.loc["morecambe-bay", "value"] == 334_287
    assert areas.loc["fylde-coast", "best_target"] == "blackpool"
    assert areas.loc["morecambe-bay", "best_target"] == "south-cumbria"


def test_south_cumbria_against_the_councils_of_april_2023(lsc):
    overlap = lsc.overlap("place2022", "utla2023")
    council = {lsc.layer("utla2023").name_of(c): c for c in lsc.layer("utla2023").codes}
    place = overlap.matrix.loc["south-cumbria"]
    eden = lsc.overlap("ltla2021", "icb2022").areas().query("name == 'Eden'").iloc[0]
    assert eden["relation"] == "outside"
    # The council counts Eden, which is outside the board: 53,754 people.
    westmorland = overlap.reversed().areas().loc[council["Westmorland and Furness"]]
    inside = place[council["Westmorland and Furness"]]
    assert westmorland["value"] == inside + eden["value"]
    assert place[council["Cumberland"]] + place[council["North Yorkshire"]] + inside == 186_168
    assert place[council["North Yorkshire"]] == 6_056
    assert overlap.areas().loc["south-cumbria", "relation"] == "split"
    assert any("Bentham" in note for note in overlap.notes)


def test_the_parted_between_partnerships_and_footprint(lsc):
    assert lsc.overlap("pbp2021", "footprint2022").measures()["parted"] == 450_076


def test_units_of_the_board_and_their_neighbours(lsc):
    parts = lsc.layer("ltla2021").within(lsc.layer("icb2022"))
    neighbours = lsc.neighbours(parts)
    assert (len(parts), len(neighbours)) == (18, 31)
    assert len(lsc.refine("ccg2021", "ltla2021")) == 21
    linked = neighbours.query("shared_m == 0")
    names = [{parts.name_of(r.a), parts.name_of(r.b)} for r in linked.itertuples()]
    assert names == [{"South Ribble", "West Lancashire"}]


def test_declared_links_join_walney_and_wyre_and_nothing_across_the_ribble(lsc):
    assert len(lsc.links) == 3
    districts = lsc.pieces("ltla2021").groupby("area").size()
    names = lsc.layer("ltla2021").areas["name"]
    assert districts[names[names == "Wyre"].index[0]] == 1
    assert districts[names[names == "Barrow-in-Furness"].index[0]] == 1
    unlinked = lsc.with_links(lsc.links.iloc[:0]).pieces("ltla2021").groupby("area").size()
    assert unlinked[names[names == "Wyre"].index[0]] == 2
    assert unlinked[names[names == "Barrow-in-Furness"].index[0]] == 2
    fylde, south_ribble = (names[names == n].index[0] for n in ("Fylde", "South Ribble"))
    assert lsc.neighbours("ltla2021").query("a == @fylde and b == @south_ribble").empty


def test_people_know_areas_by_other_names(lsc):
    partnerships = lsc.layer("pbp2021")
    assert partnerships.find("Healthier Fylde Coast") == "fylde-coast"
    assert partnerships.find("Bay Health and Care Partners") == "morecambe-bay"
    assert partnerships.find("our central lancashire") == "central-lancashire"


def test_dissolved_areas_are_valid_and_cover_what_their_blocks_cover(lsc):
    for layer in ("pbp2021", "place2022", "ltla2021"):
        dissolved = lsc.polygons(layer)
        assert dissolved.is_valid.all()
        blocks = lsc.geometry.area.groupby(lsc.layer(layer).assignment).sum()
        pd.testing.assert_series_equal(dissolved.area, blocks, check_names=False, rtol=1e-9)


def test_weights_say_what_they_are(lsc):
    assert lsc.weight_info("population").date == "2020-06-30"
    assert lsc.weights.loc["census2021", "title"] == "Usual residents, Census 2021"


def test_attributions_are_the_statements_of_the_licences(lsc):
    said = lsc.attributions()
    assert (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
        in said
    )
    assert any(s.startswith("Contains OS data © Crown copyright and database right") for s in said)
    assert len(said) == len(set(said))


@pytest.mark.reference
def test_overlaps_equal_those_of_the_official_national_lookup(lsc, reference):
    lookup = pd.read_csv(reference / "LSOA11_CCG21_STP21_LAD21_EN_LU.csv", dtype="str")
    people = pd.read_csv(reference / "lsoa11_population_mid2020_england.csv", index_col="LSOA Code")
    official = lookup.assign(people=lookup["LSOA11CD"].map(people["All Ages"]))
    ours = lsc.overlap("ccg2021", "ltla2021").table
    areas, bodies = lsc.layer("ltla2021").codes, lsc.layer("ccg2021").codes
    ccg = official["CCG21CDH"].where(official["CCG21CDH"].isin(bodies), "outside")
    cells = (
        official.assign(source=ccg, target=official["LAD21CD"])
        .query("target in @areas")
        .groupby(["source", "target"])["people"]
        .sum()
    )
    assert ours.set_index(["source", "target"])["value"].to_dict() == cells.to_dict()
    beyond = official["CCG21CDH"].isin(bodies) & ~official["LAD21CD"].isin(areas)
    assert not beyond.any()


def test_a_what_if_is_one_line_and_changes_nothing_else(lsc):
    three = lsc.with_layer(
        "three",
        {"Coastal": ["Blackpool", "Fylde", "Wyre", "Lancaster"], "East": ["BwD", "Burnley"]},
        units="ltla2021",
    )
    assert three.layer("three").areas["name"].to_dict() == {"coastal": "Coastal", "east": "East"}
    assert "three" not in lsc.layers.index
    assert isinstance(three.overlap("three", "place2022"), ct.Overlap)


def test_neighbourhoods_are_found_by_the_names_that_people_use(lsc):
    neighbourhoods = lsc.layer("msoa2011")
    assert neighbourhoods.find("Roe Lee, Brownhill & Sunnybower") == "E02002615"


def test_what_became_of_a_proposal_is_said_with_it(lsc):
    assert "Not chosen" in lsc.layer("bay2020").note
