"""What-if edits of a layer: what each step does, what it leaves, and what it refuses."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coterminous as ct
from coterminous.scenarios import checks
from coterminous.scenarios.steps import MovePractice

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def rows(grid) -> ct.Scenario:
    return ct.Scenario("What if", base="rows")


def test_a_move_takes_blocks_and_says_what_it_left(grid):
    #  north: nw, ne        north: ne
    #  south: sw, se   ->   south: sw, se, nw
    outcome = rows(grid).move("nw", to="S").run(grid)
    assert outcome.layer.assignment.to_dict() == {"ne": "N", "nw": "S", "se": "S", "sw": "S"}
    assert outcome.log.loc[1].to_dict() == {
        "step": "move nw to S",
        "blocks": 1,
        "people": 10,
        "left": "N keeps 20",
    }


def test_apply_gives_a_geography_with_the_layer(grid):
    area = rows(grid).move("nw", to="S").apply(grid)
    assert area.layer("what-if").areas["blocks"].to_dict() == {"N": 1, "S": 3}
    assert "what-if" not in grid.layers.index


def test_an_area_of_any_layer_can_be_moved(grid):
    outcome = rows(grid).move("E", of="columns", to="S").run(grid)
    assert outcome.layer.assignment.to_dict() == {"ne": "S", "nw": "N", "se": "S", "sw": "S"}


def test_within_keeps_part_of_what_is_moved_where_it_is(grid):
    outcome = ct.Scenario("w", base="columns").move("N", of="rows", within="town", to="E").run(grid)
    assert outcome.layer.assignment["nw"] == "E"


def test_blocks_from_outside_the_base_come_in_and_the_log_says_so(grid):
    outcome = ct.Scenario("w", base="hamlet").move("sw", to="H").run(grid)
    assert outcome.log.loc[1, "left"] == "30 people come in from outside hamlet"
    assert outcome.log.loc[1, "people"] == 30


def test_merge_new_split_rename_and_group_do_what_they_say(grid):
    merged = rows(grid).merge(["N", "S"], to="Town").run(grid)
    assert merged.layer.areas["name"].to_dict() == {"town": "Town"}
    assert merged.log.loc[1, "left"] == "N ends; S ends"
    new = rows(grid).new("Corner", "se").run(grid)
    assert new.layer.areas["blocks"].to_dict() == {"N": 2, "S": 1, "corner": 1}
    split = rows(grid).split("S", by="columns").run(grid)
    assert split.layer.areas["name"].to_dict() == {"N": "N", "S+E": "S / E", "S+W": "S / W"}
    named = rows(grid).rename("N", to="Top").run(grid)
    assert named.layer.areas["name"].to_dict() == {"N": "Top", "S": "S"}
    assert named.log.loc[1, "blocks"] == 0
    grouped = ct.Scenario("g", base="each").group({"Left": ["NW", "SW"]}).run(grid)
    assert grouped.layer.areas["blocks"].to_dict() == {"NE": 1, "SE": 1, "left": 2}


def test_an_area_keeps_its_code_if_others_are_merged_into_it(grid):
    merged = rows(grid).merge(["N", "S"], to="S").run(grid)
    assert list(merged.layer.codes) == ["S"]


def test_a_moved_practice_moves_no_home(lsc):
    outcome = (
        ct.Scenario("practice", base="footprint2022").move_practice("P81055", to="Central").run(lsc)
    )
    assert outcome.layer.assignment.equals(lsc.layer("footprint2022").assignment.rename("practice"))
    moved = outcome.practices().loc["P81055"]
    assert (moved["patients"], moved["inside"], moved["outside"]) == (12543, 4307, 8236)
    assert "4,307 of 12,543 patients live in Central" in outcome.log.loc[1, "left"]
    both = ct.compare(lsc, ["footprint2022", outcome]).table
    change = both["outside_patients"].diff().iloc[1]
    # Those who live in Central are now inside, those in East outside, the others as before.
    assert change == 8121 - 4307


names = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12)
steps = st.one_of(
    st.builds(lambda u, t: ("move", u, {"to": t, "of": "ltla2021"}), names, names),
    st.builds(lambda n, u: ("new", n, u), names, st.lists(names, min_size=1, max_size=3)),
    st.builds(lambda a, t: ("merge", a, {"to": t}), st.lists(names, min_size=1), names),
    st.builds(
        lambda g: ("group", g), st.dictionaries(names, st.lists(names, min_size=1), min_size=1)
    ),
    st.builds(lambda a, b: ("split", a, {"by": b}), names, names),
    st.builds(lambda a, b: ("rename", a, {"to": b}), names, names),
    st.builds(lambda p, t: ("move_practice", p, {"to": t}), names, names),
)


@given(st.lists(steps, max_size=5), names)
def test_a_scenario_and_its_file_round_trip(chain, name):
    if not name.strip():
        name = "x"
    scenario = ct.Scenario(name, base="pbp2021", description=name).check(
        contiguous=False, population={"least": 5}
    )
    for word, *given_ in chain:
        keywords = given_.pop() if isinstance(given_[-1], dict) and word != "group" else {}
        scenario = getattr(scenario, word)(*given_, **keywords)
    again = ct.Scenario.from_dict(tomllib.loads(scenario.to_toml()))
    assert again == scenario
    assert again.to_toml() == scenario.to_toml()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda s: s.move("xx", to="S"), r"step 1 \(move xx to S\): 'xx' is no block; give `of`"),
        (lambda s: s.move("nw", to="West"), "'West', which is not one of: N, S"),
        (lambda s: s.move("nw", to="N"), "nw is in 'N' already: nothing to move"),
        (lambda s: s.move(["nw", "ne"], to="S"), "leaves 'N' without a block; use `merge`"),
        (
            lambda s: s.new("A", "nw").move("nw", to="S"),
            "step 2 .*it fights step 1, which placed 'nw' elsewhere",
        ),
        (
            lambda s: s.move("nw", to="S").move("W", of="columns", to="N"),
            "it fights step 1, which placed all that it moves elsewhere",
        ),
        (lambda s: s.new("N", "se"), "there is an area 'N' already"),
        (lambda s: s.merge(["N", "N"], to="A"), "made of an area twice"),
        (lambda s: s.group({"A": ["N"], "B": ["N"]}), "to be in both 'A' and 'B'"),
        (lambda s: s.split("N", by="town"), "is not cut by 'town': all of it is in 'T'"),
        (lambda s: s.rename("N", to="S"), "there is an area 'S' already"),
        (lambda s: s.move([], to="S"), "it names no block and no area"),
        (lambda s: s.merge([], to="A"), "it names no area; name at least one for each group"),
        (lambda s: s.group({"A": []}), "it names no area; name at least one for each group"),
        (lambda s: s.rename("N", to=" "), "the area's name is empty"),
        (lambda s: s.new("", "nw"), "the area's name is empty"),
        (lambda s: s.merge(["N", "S"], to=""), "the area's name is empty"),
        (lambda s: s.check(population={"least": "lots"}), "`least` and `most` are numbers"),
        (lambda s: s.check(population={"least": True}), "`least` and `most` are numbers"),
        (lambda s: s.check(population={"least": 2, "most": 1}), "must not be over `most`"),
        (lambda s: s.move("nw", to="S", of="nowhere"), "`layer` is 'nowhere'"),
        (lambda s: s.move("N", of="rows", within="hamlet", to="S"), "no block within 'hamlet'"),
        (
            lambda s: s.move_practice("P1", to="S"),
            "no register of geography 'grid' has the role `patients`",
        ),
        (lambda s: s.check(whole_units=3), "`whole_units` is 3; it takes a layer"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_step(grid, edit, message):
    with pytest.raises(ct.InputError, match=message) as raised:
        edit(rows(grid)).run(grid)
    assert str(raised.value).startswith("scenario 'What if': ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("base = 'rows'", "lacks `name`"),
        ("name = 'a'", "lacks `base`"),
        ("name = 'a'\nbase = 'rows'\nstpe = 1", "`scenario` is 'stpe'.*Did you mean 'step'"),
        ("name = 'a'\nbase = 'rows'\n[[step]]\nshove = 'nw'", "step 1: `step` is 'shove'"),
        ("name = 'a'\nbase = 'rows'\n[[step]]\nmove = 'nw'", "step 1: it lacks `to`"),
        ("name = 'a'\nbase = 'rows'\n[[step]]\nmove = 'a'\nsplit = 'b'", "one .*step.* for each"),
        ("name = 'a'\nbase = 'rows'\n[[step]]\nmove = 3\nto = 'S'", "give a list of codes"),
        ("name = 'a'\nbase = 'rows'\n[checks]\ncontigous = true", "Did you mean 'contiguous'"),
        ("name = ", "is not valid TOML"),
        ("name = 'a'\nbase = 'rows'\nstep = [1, 2]", r"`step` is \[1, 2\]; write each step under"),
        ("name = 'a'\nbase = 'rows'\nstep = 'move'", "`step` is 'move'; write each step under"),
        ("name = 'a'\nbase = 'rows'\n[step]\nmove = 'nw'", "write each step under"),
        ("name = 'a'\nbase = 'rows'\nchecks = 'areas'", "`checks` is 'areas'; write the checks"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path, text, message):
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ct.InputError, match=message) as raised:
        ct.Scenario.read(file)
    assert "bad.toml" in str(raised.value)


def test_a_base_that_is_not_there_is_named(grid):
    with pytest.raises(ct.InputError, match="base: `layer` is 'nowhere'"):
        ct.Scenario("a", base="nowhere").run(grid)


@pytest.mark.parametrize("name", ["Rows", "columns"])
def test_a_scenario_does_not_hide_a_layer_of_its_name(grid, name):
    with pytest.raises(ct.InputError, match="which is a layer already; choose another"):
        ct.Scenario(name, base="rows").run(grid)


def test_a_scenario_can_be_carried_out_again_on_its_own_geography(grid):
    scenario = ct.Scenario("Moved", base="rows").move("nw", to="S")
    again = scenario.run(scenario.apply(grid))
    assert again.layer.assignment.to_dict() == {"ne": "N", "nw": "S", "se": "S", "sw": "S"}


def test_an_organisation_of_any_register_can_be_moved(lsc):
    scenario = ct.Scenario("trust", base="footprint2022").check(two_way=True)
    moved = replace(scenario, steps=(MovePractice(("RXN",), "East", register="trust"),)).run(lsc)
    assert moved.practices().loc["RXN", "area"] == "East"
    assert len(moved.as_json()["practices"]) == 1
    both = ct.compare(lsc, ["footprint2022", moved]).table
    assert both["outside_patients"].diff().iloc[1] == 0  # no general practice was moved


def test_an_area_to_which_a_practice_was_moved_is_not_split(lsc):
    moved = ct.Scenario("split", base="footprint2022").move_practice("P81055", to="Central")
    with pytest.raises(ct.InputError, match="'P81055' was moved to 'Central' by an earlier step"):
        moved.split("Central", by="ltla2021").run(lsc)


def test_a_failed_check_says_which_blocks_are_cut_off(grid):
    #  north and south of one area only touch in a corner
    outcome = ct.Scenario("a", base="each").merge(["NW", "SE"], to="Diagonal").run(grid)
    failed = outcome.checks.set_index("name").loc["contiguous"]
    assert not outcome.ok
    assert failed["detail"] == "Diagonal is in 2 pieces: 10 people are cut off, in 'nw'"


def test_checks_pass_and_fail_as_they_say(grid):
    scenario = rows(grid).check(
        population={"least": 30, "most": 60},
        areas=2,
        whole_units="columns",
        neighbourhoods=True,
        board_councils="each",
        board_population=True,
    )
    found = scenario.run(grid).checks.set_index("name")
    assert found["ok"].to_dict() == {
        "covers": True,
        "contiguous": True,
        "population": False,
        "areas": True,
        "whole_units": False,
        "neighbourhoods": False,
        "board_councils": True,
        "board_population": False,
    }
    assert found.loc["population", "detail"] == (
        "areas hold 30 to 70 people; out of range: 'S: 70'"
    )
    assert found.loc["whole_units", "detail"] == "2 areas of columns are cut: 'E', 'W'"


def test_a_check_can_be_turned_off(grid):
    found = rows(grid).check(contiguous=False).run(grid).checks
    assert list(found["name"]) == ["covers"]


def test_the_icb_has_more_than_one_acute_trust_and_a_million_people(lsc):
    found = (
        ct.Scenario("board", base="icb2022")
        .check(board_trusts=True, board_population=True, board_councils="ltla2021")
        .run(lsc)
        .checks.set_index("name")
    )
    assert found.loc["board_trusts", "detail"].endswith("'Lancashire and South Cumbria: 4'")
    assert found["ok"].all()


def test_every_check_has_a_rule_and_a_source():
    for check in checks.CHECKS.values():
        assert check.rule
        assert check.source


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda f: f.stem)
def test_every_scenario_that_ships_can_be_carried_out_and_passes(lsc, file):
    scenario = ct.Scenario.read(file)
    outcome = scenario.run(lsc)
    assert outcome.ok
    assert scenario.description
    assert scenario.source
    assert ct.Scenario.from_dict(tomllib.loads(scenario.to_toml())) == scenario


def test_at_least_six_scenarios_ship():
    assert len(list(SCENARIOS.glob("*.toml"))) >= 6


def test_an_area_that_would_be_called_outside_is_refused(grid):
    scenario = ct.Scenario("s", base="rows").new("Outside", ["nw"])
    with pytest.raises(ct.InputError, match="step 1 .*'outside' is what lies in no area"):
        scenario.run(grid)


def test_a_name_that_is_no_text_is_told_so():
    from coterminous.scenarios import Scenario

    with pytest.raises(ct.InputError, match="`name` is 5; give text, in quotes"):
        Scenario.from_dict({"name": 5, "base": "rows"})


def test_a_scenario_at_the_end_of_a_cell_says_its_steps():
    made = (
        ct.Scenario("Coast <b>alone</b>", base="footprint2022")
        .new("Coast", ["Fylde", "Wyre"], of="ltla2021")
        .check(population={"least": 100_000}, contiguous=True)
    )
    said = "Scenario Coast <b>alone</b>: 1 step on footprint2022, 2 checks; run(area) says what it"
    assert repr(made) == f"<{said} does>"
    shown = made._repr_html_()
    assert "<li>new area Coast from Fylde and Wyre</li>" in shown
    assert "population (least 100,000)" in shown
    assert "<b>alone" not in shown
