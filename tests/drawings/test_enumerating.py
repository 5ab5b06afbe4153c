"""Every drawing of the ICB's council parts: how many, how good, and where decisions stand."""

import json

import numpy as np
import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main
from coterminous.files import to_json


@pytest.fixture(scope="module")
def four(lsc) -> ct.Options:
    return ct.options(lsc, units="ltla2021", within="icb2022", areas=4)


def test_the_18_council_parts_have_21427_drawings_into_four(lsc, four):
    found = ct.count_options(lsc, units="ltla2021", within="icb2022")
    assert found.loc[1:6].tolist() == [1, 125, 2489, 21427, 104097, 322305]
    assert four.count == 21427
    assert len(four.units) == 18


def test_without_the_link_across_the_douglas_there_are_fewer(lsc):
    found = ct.count_options(lsc, units="ltla2021", within="icb2022", links=False)
    assert found.loc[2:6].tolist() == [110, 2021, 16571, 78228, 238899]
    four = ct.options(lsc, units="ltla2021", within="icb2022", areas=4, links=False, named=[])
    assert four.count == 16571
    assert round((four.scores["smallest"] < 100_000).mean(), 2) == 0.58


def test_ccgs_cut_by_councils_are_21_units(lsc):
    units = lsc.refine("ccg2021", "ltla2021")
    found = ct.count_options(lsc, units=units, links=False)
    assert len(units) == 21
    assert found.loc[2:5].tolist() == [279, 7419, 81033, 498377]


def test_more_than_half_of_four_area_drawings_have_an_area_under_100000(four):
    assert int((four.scores["smallest"] < 100_000).sum()) == 12146
    assert four.reference_sets["plausible"].sum() == 9247


def test_every_drawing_holds_everybody(four):
    for drawing in (0, 1000, four.count - 1):
        members = [u for group in four.groups(drawing) for u in group]
        assert sorted(members) == sorted(four.units.names)


def test_a_drawing_made_a_layer_scores_what_it_scored(lsc, four):
    drawing = 9047
    layer = four.layer(drawing)
    again = ct.options(lsc, units="ltla2021", within="icb2022", areas=4, named=[layer])
    assert again.named.loc[layer.name, "drawing"] == drawing
    expected = four.scores.loc[drawing]
    assert again.named.loc[layer.name, expected.index].astype(float).tolist() == pytest.approx(
        expected.astype(float).tolist(), abs=1e-9
    )


def test_scores_equal_those_of_an_overlap_and_a_comparison(lsc, four):
    layer = four.layer(5000)
    row = ct.compare(lsc, ["pbp2021", layer]).table.loc[layer.name]
    mine = four.scores.loc[5000]
    assert row["v_measure_utla2021"] == pytest.approx(mine["v_measure"], abs=1e-9)
    assert row["localisation"] == pytest.approx(mine["localisation"], abs=1e-9)
    assert 1 - row["outside_share"] == pytest.approx(mine["inside_practice_area"], abs=1e-9)
    assert (
        row[["largest", "smallest", "people_moved", "parted"]].tolist()
        == mine[["largest", "smallest", "people_moved", "parted"]].astype(int).tolist()
    )


def test_places_are_one_of_the_drawings_and_footprints_are_not(four):
    places = four.groups(int(four.named.loc["place2022", "drawing"]))
    assert ["Blackpool"] in places
    assert ["Barrow-in-Furness", "Copeland", "South Lakeland", "Craven"] in places
    assert four.named.loc["place2022", "note"] == ""
    assert pd.isna(four.named.loc["footprint2022", "drawing"])
    assert "it has 6 areas, not 4" in four.named.loc["footprint2022", "note"]
    assert "it cuts Preston, Ribble Valley" in four.named.loc["pbp2021", "note"]


def test_ranks_name_their_reference_set(four):
    ranks = four.ranks()
    assert set(ranks.index.get_level_values("reference_set")) == {"all", "plausible"}
    assert (ranks.xs("all", level="reference_set")["of"] == 21427).all()
    rows = four.scores[four.reference_sets["plausible"]]
    assert rows["smallest"].min() >= 100_000
    assert rows["largest"].max() <= 1_300_000
    beat = (rows["localisation"] > four.named.loc["footprint2022", "localisation"]).sum()
    assert ranks.loc[("footprint2022", "plausible"), "localisation"] == beat + 1


def test_nothing_on_the_front_is_beaten(four):
    front = four.pareto(["v_measure", "localisation"], among="plausible")
    rows = four.scores[four.reference_sets["plausible"]]
    for _, best in front.iterrows():
        better = (rows["v_measure"] >= best["v_measure"]) & (
            rows["localisation"] >= best["localisation"]
        )
        strictly = (rows["v_measure"] > best["v_measure"]) | (
            rows["localisation"] > best["localisation"]
        )
        assert not (better & strictly).any()


def test_filters_leave_what_obeys_them_and_nothing_else(lsc, four):
    some = ct.options(
        lsc,
        units="ltla2021",
        within="icb2022",
        areas=4,
        least=200_000,
        most=700_000,
        together=[["Blackpool", "Fylde"]],
        apart=[["Preston", "Burnley"]],
        named=[],
    )
    kept = 0
    for drawing in np.flatnonzero(
        (four.scores["smallest"] >= 200_000) & (four.scores["largest"] <= 700_000)
    ):
        groups = four.groups(int(drawing))
        with_blackpool = next(g for g in groups if "Blackpool" in g)
        with_preston = next(g for g in groups if "Preston" in g)
        kept += "Fylde" in with_blackpool and "Burnley" not in with_preston
    assert some.count == kept > 0


def test_rules_that_nothing_obeys_give_no_drawing_and_say_so(grid):
    found = ct.options(
        grid, units="each", areas=2, against="rows", before="columns", least=60, named=["rows"]
    )
    assert found.count == 0
    assert any("No drawing obeys the rules" in note for note in found.notes)
    plain = json.loads(to_json(found.as_json()))
    assert plain["pareto"] == []
    assert plain["named"]["rows"]["rank"]["all"]["largest"] is None
    assert found.dominated_by("rows").empty


def test_a_sample_that_found_none_does_not_say_that_there_is_none(lsc, capsys):
    settings = {"units": "ltla2021", "within": "icb2022", "areas": 4, "named": []}
    rules = {"least": 300_000, "most": 500_000}
    assert ct.options(lsc, **settings, **rules).count > 0
    none = ct.options(lsc, **settings, **rules, sample=5, seed=1)
    assert none.count == 0
    (said,) = [note for note in none.notes if "rules" in note]
    assert said.startswith("None of the 5 drawings of the sample obeys the rules asked for;")
    assert repr(none).startswith("<Options: 0 sampled drawings of ")
    words = ["options", "--units", "ltla2021", "--within", "icb2022", "--areas", "4"]
    assert main([*words, "--least", "300000", "--most", "500000", "--sample", "5"]) == 0
    printed = capsys.readouterr().out
    assert "None of the 5 drawings of the sample obeys" in printed
    assert "No drawing obeys" not in printed
    assert "of the 0 sampled drawings in reference set" in printed
    with pytest.raises(ct.InputError, match="'all' holds no sampled drawing"):
        found = {**rules, "sample": 5, "seed": 1, "among": "all"}
        ct.option_appraisal(lsc, decision="place2022", units="ltla2021", within="icb2022", **found)
    ruled_out = ct.options(lsc, **settings, least=1_000_000)
    assert [note for note in ruled_out.notes if note.startswith("No drawing obeys")]


def test_a_sample_is_seeded_and_says_that_it_is_one(lsc):
    def sample(seed: int) -> ct.Options:
        return ct.options(
            lsc, units="ltla2021", within="icb2022", areas=6, sample=200, seed=seed, named=[]
        )

    assert sample(1).scores.equals(sample(1).scores)
    assert not sample(1).complete
    assert any("random sample" in note for note in sample(1).notes)


def test_the_json_has_the_fields_of_the_contract(four):
    found = json.loads(to_json(four.as_json(["v_measure", "localisation"], among="plausible")))
    assert {"units", "within", "areas", "count", "reference_sets", "pareto", "named"} <= set(found)
    assert found["reference_sets"]["all"] == 21427
    named = found["named"]["footprint2022"]
    assert {"scores", "rank", "dominated_by"} <= set(named)
    assert named["rank"]["plausible"]["localisation"] >= 1


def test_words_of_the_appraisal_name_the_reference_set(lsc):
    found = ct.option_appraisal(lsc, decision="place2022")
    assert found.sentences[0] == (
        "The 18 units of ltla2021 within icb2022 can be grouped into 4 contiguous areas in "
        "21,427 ways."
    )
    assert "among the 9,247 plausible ones" in found.sentences[1]
    assert not any("should" in s or "recommend" in s for s in found.sentences)


def test_the_appraisal_names_the_range_that_was_asked_for(lsc):
    found = ct.option_appraisal(
        lsc,
        decision="place2022",
        among="plausible",
        reference_sets={"plausible": (200_000, None)},
    )
    assert "those whose areas all hold at least 200,000 people," in found.sentences[1]
    assert found.options.range_of("plausible") == "at least 200,000 people"
    with pytest.raises(ct.InputError, match="`among` is 'sound', which is not one of"):
        ct.option_appraisal(lsc, decision="place2022", among="sound")


def test_nobody_moved_is_a_number_of_people_and_not_a_share(lsc):
    found = ct.option_appraisal(lsc, decision="pbp2021", areas=3)
    [said] = [s for s in found.sentences if "who change area" in s and "stands at" in s]
    assert "the decision stands at 0: it is beaten by none" in said


def test_a_geography_without_registers_is_scored_on_the_rest(grid):
    found = ct.options(grid, units="each", areas=2, against="rows", before="columns")
    assert found.count == 6
    assert found.scores["localisation"].isna().all()
    assert found.scores["v_measure"].max() == 1.0
    assert found.usable_scores == ["v_measure", "largest", "people_moved"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"units": "hamlet", "within": "town"}, "does not cover 'town': 3 blocks are in no unit"),
        ({"units": "each", "areas": 5}, "`areas` is 5: 4 units can be grouped into 1 to 4 areas"),
        ({"units": "each", "least": 9, "most": 3}, "no area can be in that range"),
        ({"units": "each", "together": ["NW"]}, "is a list of lists of units"),
        (
            {"units": "each", "together": [["NW", "NE"]], "apart": [["NW", "NE"]]},
            "both name 'NE', 'NW'; drop one",
        ),
        ({"units": "each", "together": [["NW", "XX"]]}, "'XX', which is not one of"),
        ({"units": "each", "areas": 2.5}, "`areas` is 2.5; give a whole number"),
        (
            {"units": "each", "within": "row", "named": ["hamlet"]},
            "`named` 'hamlet' has no block in what is drawn; leave it out",
        ),
        ({"units": "each", "sample": 5, "seed": -1}, "`seed` is -1; give 0 or more"),
        (
            {"units": "each", "reference_sets": {"odd": (9, 2)}},
            "`reference_sets` 'odd' is 9 to 2: no area can be in that range",
        ),
        ({"units": "each", "reference_sets": {"all": (1, 2)}}, "names 'all'.*choose another"),
    ],
)
def test_bad_input_is_named(grid, asked, message):
    settings = {"areas": 2, "against": "rows", "before": "columns", **asked}
    area = grid.with_layer("row", pd.Series({"nw": "N", "ne": "N", "sw": None, "se": None}))
    with pytest.raises(ct.InputError, match=message):
        ct.options(area, **settings)


def test_plausible_is_by_the_layers_compared_where_no_range_is_set(grid):
    found = ct.options(grid, units="each", areas=2, against="rows", before="columns")
    people = grid.weight(grid.residents)
    sizes = people.groupby(grid.layer("columns").assignment).sum()
    assert found.ranges["plausible"] == (int(sizes.min() // 2), int(2 * sizes.max()))
    assert any("half the smallest to twice the largest area" in n for n in found.notes)


def test_plausible_is_what_the_geography_says(lsc):
    found = ct.options(lsc, units="ltla2021", within="icb2022", areas=2)
    assert found.ranges["plausible"] == (100_000, 1_300_000)
    assert any(n.startswith("Plausible: each area has 100,000 to 1,300,000") for n in found.notes)


def test_ranks_stay_whole_numbers_where_a_reference_set_is_empty(grid):
    found = ct.options(
        grid, units="each", areas=2, against="rows", before="columns", named=["rows"],
        reference_sets={"plausible": (100_000, 1_300_000)},
    )  # fmt: skip
    assert found.reference_sets["plausible"].sum() == 0
    assert found.ranks().loc[("rows", "plausible"), "largest"] is pd.NA
    assert to_json(found.ranks().loc[("rows", "all"), "v_measure"]) == "1"
    said = ct.option_appraisal(
        grid,
        decision="rows",
        units="each",
        within=None,
        against="rows",
        before="columns",
        among="all",
    ).sentences
    assert any("it is beaten by none of the 6 drawings" in s for s in said)


def test_units_in_pieces_are_named_with_the_link_that_would_join_them():
    import geopandas as gpd
    from shapely import box

    blocks = gpd.GeoDataFrame(
        {"population": [1, 2, 3]},
        index=["a", "b", "c"],
        geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), box(5000, 0, 6000, 1000)],
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks).with_layer(
        "units", pd.Series({"a": "A", "b": "B", "c": "C"})
    )
    with pytest.raises(
        ct.InputError, match=r"in 2 pieces: 'C' touch no unit of 'A', 'B'.*c and b, 3.0 km"
    ):
        ct.options(area, units="units", areas=2, against=None, before=None)
    joined = area.with_links(
        pd.DataFrame({"a": ["b"], "b": ["c"], "name": ["Ferry"], "reason": ["a ferry"]})
    )
    found = ct.options(joined, units="units", areas=2, against=None, before=None)
    assert found.count == 2


def test_units_beyond_counting_say_so_and_can_be_sampled(lsc):
    settings = {"units": "msoa2011", "within": "icb2022", "areas": 5, "named": []}
    with pytest.raises(ct.InputError, match="217 units are too many to count .* random sample"):
        ct.options(lsc, **settings)
    some = ct.options(lsc, **settings, sample=20, seed=3)
    assert 0 < some.count <= 20
    assert (some.scores["largest"] <= 1_701_655).all()
    assert sum(len(g) for g in some.groups(0)) == 217


def test_another_geography_needs_no_layer_of_the_bundled_one(grid):
    found = ct.options(grid, units="each", areas=2)
    assert found.usable_scores == ["largest"]
    assert set(found.named.index) == {"rows", "columns"}
    assert ct.compare(grid, ["rows", "columns"]).against == ()
    assert found.pareto()["largest"].unique().tolist() == [60]
