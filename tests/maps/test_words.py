"""What maps say in words: findings, facts of areas, text twins, diagrams."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import DisclosureError, InputError
from coterminous.folders.credits import statements
from coterminous.maps import changes, facts, findings, points
from coterminous.maps.page import texttwin
from coterminous.maps.paper import bands


def test_the_finding_says_how_many_boundaries_are_shared(lsc):
    assert findings.boundary_finding(lsc, "pbp2021", "utla2021") == (
        "None of the five place-based partnerships, 2021, has the same boundary as any "
        "of the upper-tier and unitary authorities, April 2021"
    )
    assert findings.boundary_finding(lsc, "place2022", "utla2021").startswith("Three of the four")
    assert findings.boundary_finding(lsc, "place2022", "place2022").startswith("All of the four")


def test_the_finding_of_a_change_counts_who_is_parted(lsc):
    said = findings.change_finding(lsc, "pbp2021", "footprint2022")
    assert said.startswith(
        "450,076 people of 1,701,655 (26%) are in a different area from most of their old"
    )


def test_nobody_is_parted_where_areas_are_taken_whole(lsc):
    said = findings.change_finding(lsc, "ccg2021", "pbp2021")
    assert said.startswith("Nobody is in a different area from most of their old one")


def test_sources_are_named_once_and_with_what_is_shown(lsc):
    plain = statements(lsc, ["pbp2021"])
    with_lists = statements(lsc, ["pbp2021"], registers=["gp"], zones=True)
    assert len(set(with_lists)) == len(with_lists)
    assert plain[0].startswith("Source: Office for National Statistics licensed under the Open")
    assert any("Patients Registered at a GP Practice" in line for line in with_lists)
    assert any("Open Parliament Licence" in line for line in with_lists)
    assert not any("GP Practice" in line for line in plain)


def test_both_populations_stand_side_by_side(lsc):
    told = {f.name: f for f in facts.facts(lsc, "place2022")}["Blackpool"]
    assert told.sizes == (
        "138,381 people live in it (Residents, mid-2020)",
        "176,857 patients are registered with practices in it",
    )


def test_the_facts_leave_out_lists_that_are_not_known_or_not_published(lsc):
    told = {f.name: f for f in facts.facts(lsc, "ltla2021")}["Carlisle"]
    assert told.sizes == ("108,524 people live in it (Residents, mid-2020)",)
    own = lsc.with_register(replace(lsc.register("gp"), open=False))
    told = {f.name: f for f in facts.facts(own, "place2022")}["Blackpool"]
    assert told.sizes == ("138,381 people live in it (Residents, mid-2020)",)
    own.explore("place2022")
    with pytest.raises(DisclosureError, match="a map would write out register 'gp'"):
        own.explore("place2022", practices=True)


def test_relations_are_said_in_words(grid):
    def said(layer, other):
        return {f.code: f.relations[0] for f in facts.facts(grid, layer, [other])}

    assert said("rows", "columns")["N"] == (
        "Of the columns: split between two; the best match is E, with 66.7% of its people."
    )
    assert (
        said("each", "rows")["NW"] == "Of the rows: lies wholly in N, and has 33.3% of its people."
    )
    assert said("rows", "each")["N"].startswith("Of the each: made of two whole ones; the largest")
    assert said("rows", "hamlet")["N"] == "Outside the hamlet."
    assert said("rows", "rows")["N"] == "Of the rows: shares the same boundary (coterminous) as N."


def test_some_is_never_none_and_most_never_all():
    assert facts.percent(0.00004) == "under 0.1%"
    assert facts.percent(0.99996) == "over 99.9%"
    assert facts.percent(float("nan")) == "no share"


def test_the_text_twin_has_parts_people_and_neighbours(lsc):
    table = texttwin.text_twin(lsc, "footprint2022")
    assert table.loc["south-cumbria", "made_of"].startswith("Barrow-in-Furness, Copeland (part: ")
    assert table["people"].sum() == 1_701_655
    assert table.loc["blackpool", "neighbours"] == "North and Coastal"


def test_a_neighbour_across_a_link_is_named_with_it(lsc):
    table = texttwin.text_twin(lsc, "ccg2021")
    assert (
        "Douglas" in table.loc["02G", "neighbours"] or "Chorley" in table.loc["02G", "neighbours"]
    )


def test_the_text_twin_of_a_geography_without_districts_still_says_who_is_next_to_whom(grid):
    table = texttwin.text_twin(grid, "rows")
    assert table["made_of"].to_list() == ["", ""]
    assert table["neighbours"].to_list() == ["S", "N"]


def test_what_changes_adds_up(lsc):
    layer, pieces = changes.changes_of(
        lsc, lsc.layer("pbp2021"), lsc.layer("footprint2022"), "population"
    )
    assert pieces["people"].sum() == 1_701_655
    assert list(pieces.index) == list(layer.codes)
    parted = pieces.loc[pieces["change"] == "parted", "people"].sum()
    assert parted == lsc.overlap("pbp2021", "footprint2022").measures()["parted"]


def test_an_unchanged_boundary_is_the_same(grid):
    _, pieces = changes.changes_of(grid, grid.layer("rows"), grid.layer("rows"), "population")
    assert set(pieces["change"]) == {"same"}


def test_the_bands_of_the_diagram_are_the_people(lsc):
    from matplotlib.patches import PathPatch

    overlap = lsc.overlap("pbp2021", "footprint2022")
    ax = bands.alluvial(overlap)
    drawn = [p for p in ax.patches if isinstance(p, PathPatch)]
    assert len(drawn) == len(overlap.table)
    heights = sum(p.get_path().vertices[-2, 1] - p.get_path().vertices[0, 1] for p in drawn)
    assert heights == pytest.approx(1.0)


def test_people_outside_a_layer_are_a_band_of_their_own(lsc):
    said = [t.get_text() for t in bands.alluvial(lsc.overlap("place2022", "utla2021")).texts]
    assert any(text.startswith("Outside\n934,223") for text in said)


def test_practices_without_coordinates_are_counted_not_lost():
    listed = pd.DataFrame(
        {"name": ["A", "B"], "easting": [3e5, None], "northing": [4e5, None], "patients": [5, 7]},
        index=["a", "b"],
    )
    drawn, said = points.drawn_points(points.checked_points(listed))
    assert list(drawn.index) == ["a"]
    assert said == "1 practice, with 7 patients, is not drawn: where it stands is not known."


def test_a_table_of_practices_is_checked():
    with pytest.raises(InputError, match="`practices` lacks the columns easting, northing"):
        points.checked_points(pd.DataFrame({"name": ["A"]}, index=["a"]))
    listed = pd.DataFrame(
        {"name": ["A"], "easting": [3e5], "northing": [4e5], "status": ["lost"]}, index=["a"]
    )
    with pytest.raises(InputError, match="status 'lost', which is not one of: newly_crossing"):
        points.checked_points(listed)


@pytest.mark.parametrize(
    ("easting", "northing", "said"),
    [
        ("here", 430_000, "has no number in the column easting of 'P1'"),
        (-2.7, 53.8, "look like degrees; give metres of the National Grid"),
    ],
)
def test_where_a_practice_stands_is_checked(easting, northing, said):
    table = pd.DataFrame({"name": ["A"], "easting": [easting], "northing": northing}, index=["P1"])
    with pytest.raises(InputError, match=said):
        points.checked_points(table)


def test_everybody_of_a_list_is_in_its_popup(lsc):
    from coterminous.maps.page.groups import practice_words

    lives = points.where_patients_live(lsc, "gp")["P81029"]
    assert lives.sum() == 25_142
    row = next(points.organisations(lsc, "gp").loc[["P81029"]].itertuples(index=False))
    words = practice_words("P81029", row, lives, points.zone_names(lsc))
    assert "other neighbourhoods" in words
    assert "Address not known" in words


@pytest.mark.parametrize(
    ("layers", "options", "message"),
    [
        ((), {}, "`layers` is empty"),
        (("rows", "rows"), {}, "names a layer twice"),
        (("rows",), {"compare": True}, "two layers side by side, and 1 were given"),
        (("rows",), {"changes": True}, "`changes` needs two layers"),
        (("rows",), {"tiles": "OpenStreetMap", "offline": True}, "contradict one another"),
        (("row",), {}, "Did you mean 'rows'"),
    ],
)
def test_options_that_make_no_map_are_refused(grid, layers, options, message):
    with pytest.raises(InputError, match=message):
        grid.explore(*layers, **options)


def test_the_map_is_a_plain_folium_map(grid):
    import folium
    from folium.plugins import DualMap

    assert type(grid.explore("rows")) is folium.Map
    assert type(grid.explore("rows", "columns", compare=True)) is DualMap


def test_a_restricted_register_is_not_drawn(grid):
    import coterminous as ct
    from coterminous.errors import DisclosureError

    seen = pd.DataFrame({"organisation": ["X"], "block": ["nw"], "patients": [3]})
    area = grid.with_register(ct.Register.from_table(seen, area=grid, name="mine"))
    with pytest.raises(DisclosureError, match="'mine', which is restricted"):
        area.explore("rows", practices="mine")


def test_a_drawing_of_a_scenario_is_shown_like_any_other(grid):
    area = grid.with_layer("drawn", {"All": ["NW", "NE", "SW"], "One": ["SE"]}, units="each")
    html = area.explore("rows", "drawn", changes=True).get_root().render()
    assert "30 people of 100 (30%) are in a different area" in html.replace("&#40;", "(").replace(
        "&#37;", "%"
    ).replace("&#41;", ")")


def test_a_practice_of_which_only_the_block_is_known_stands_at_the_blocks_point():
    area = ct.load("QT6", on="2022-07-01")  # Cornwall
    listed = points.organisations(area, "gp")
    shown, said = points.drawn_points(listed)
    at = listed[listed["stands"] == "block"]
    assert len(at) > 50
    known = area.points.loc[at["block"]]
    assert at["easting"].tolist() == known.x.tolist()
    assert at["northing"].tolist() == known.y.tolist()
    assert set(at.index) <= set(shown.index)
    patients = at["patients"].sum()
    assert f"{len(at)} practices, with {patients:,.0f} patients, are drawn at the point" in said
