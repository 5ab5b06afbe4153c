"""Roles, not names: everything works on a geography that shares no name with the bundled one."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main
from coterminous.folders.template import write_skeleton
from coterminous.roles import ROLES

#: Other names for what the example calls by common ones; `acres` comes before the people.
GEOGRAPHY = """
name = "elsewhere"
title = "Elsewhere"
[roles]
residents = "souls"
census = "heads"
ages = ["young", "old"]
deprivation = ["poor", "rich"]
whole = "all"
councils = "ward"
districts = "ward"
networks = "ward"
before = "before"
after = "after"
parts = "ward"
patients = "surgeries"
hospital = "infirmaries"
[blocks]
file = "blocks.geojson"
code = "block"
[lookup]
file = "lookup.csv"
code = "block"
[layers]
files = ["layers.toml"]
[links]
file = "links.toml"
[[register]]
name = "surgeries"
open = true
flows = { file = "lists.csv", organisation = "who", block = "block", people = "n" }
organisations = { file = "who.csv", code = "who", name = "called", block = "at" }
[[register]]
name = "infirmaries"
open = true
flows = { file = "stays.csv", organisation = "who", block = "block", people = "n" }
[register.organisations]
file = "places.csv"
code = "who"
name = "called"
site = "called"
easting = "east"
northing = "north"
"""
WEIGHTS = {
    "acres": ("acres", ["acres"]),
    "souls": ("people", ["under_65", "over_65"]),
    "heads": ("people", ["heads"]),
    "young": ("people", ["under_65"]),
    "old": ("people", ["over_65"]),
    "poor": ("people", ["poor"]),
    "rich": ("people", ["rich"]),
}
PEOPLE = """block,acres,under_65,over_65,heads,poor,rich
B1,1,1210,340,1500,1000,550
B2,1,1105,410,1500,500,1015
B3,1,960,305,1300,200,1065
B4,1,1300,220,1500,1520,0
B5,1,740,515,1200,255,1000
B6,1,415,180,600,500,95
"""
LISTS = """who,block,n
P,B1,1000
P,B2,900
P,B3,800
P,B4,900
Q,B5,700
Q,B6,400
Q,B2,100
"""
STAYS = "who,block,n\nH,B1,90\nH,B3,30\nI,B5,70\nI,B2,10\n"
ALL = '[[layer]]\nname = "all"\nunits = "ward"\n[[layer.area]]\ncode = "all"\nof = ["ward:*"]\n'


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the folder."""
    folder = tmp_path_factory.mktemp("roles") / "elsewhere"
    write_skeleton(folder)
    weights = "".join(
        f'[[weight]]\nname = "{name}"\nunit = "{unit}"\nfile = "people.csv"\ncode = "block"\n'
        f"columns = {json.dumps(columns)}\n"
        for name, (unit, columns) in WEIGHTS.items()
    )
    texts = {
        "geography.toml": GEOGRAPHY + weights,
        "people.csv": PEOPLE,
        "lists.csv": LISTS,
        "stays.csv": STAYS,
        "who.csv": "who,called,at\nP,Park,B1\nQ,Quay,B5\n",
        "places.csv": "who,called,east,north\nH,Hill,350500,430500\nI,Island,352500,429000\n",
        "layers.toml": (folder / "layers.toml").read_text(encoding="utf-8") + ALL,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def area(elsewhere: Path) -> ct.Geography:
    return ct.load(elsewhere)


def test_every_role_is_read_and_the_residents_are_not_the_first_weight(area):
    assert set(area.roles) == set(ROLES)
    assert area.residents == "souls"
    assert area.weight_names[0] == "acres"
    assert area.role_names("ages") == ("young", "old")
    assert area.layers["people"].to_dict() == dict.fromkeys(
        ["ward", "before", "after", "all"], 7700
    )
    assert area.layers["registered"].to_dict() == dict.fromkeys(area.layer_names, 4800)


def test_what_counts_people_counts_the_residents(area):
    # B1 1,550 B2 1,515 B3 1,265 B4 1,520 B5 1,255 B6 595; wards are pairs of them.
    found = area.overlap("before", "after")
    assert found.weight == "souls"
    assert found.ledger["both"] == 7700
    parted = ct.parted(area, before="before", after="after", by=["age", "deprivation"])
    assert (parted.weight, parted.people) == ("souls", 2785)
    assert parted.table.set_index("group")["parted"].to_dict() == {
        "young": 2260,
        "old": 525,
        "poor": 1720,
        "rich": 1065,
    }
    assert area.pieces("all")["people"].tolist() == [7700]
    assert ct.partners(area, before="before", after="after", organisations="ward").organisations[
        "people"
    ].tolist() == [3065, 2785, 1850]


def test_comparisons_and_options_ask_for_roles(area):
    found = ct.compare(area, ["before", "after"])
    assert found.against == ("ward",)
    assert found.table["people"].tolist() == [7700, 7700]
    assert found.table["registered"].tolist() == [4800, 4800]
    assert found.table["localisation"].notna().all()
    # 1,500 + 1,720 poor of 5,850 in the north, 755 of 1,850 in the south.
    assert found.table.loc["before", "deprivation_spread"] == pytest.approx(
        3220 / 5850 - 755 / 1850
    )
    made = ct.options(area, units="ward", areas=2)
    assert made.scores["people_moved"].min() == 0
    judged = ct.option_appraisal(area, scores="people_moved", among="all")
    assert judged.sentences[0].startswith("The 3 units of ward within all can be grouped into 2")


def test_lists_profiles_and_figures_ask_for_the_register_of_patients(area):
    assert ct.lists(area, "before")["residents"].tolist() == [5850, 1850, 0]
    assert ct.lists(area, "before")["registered"].tolist() == [3600, 1200, 0]
    assert len(ct.two_way_test(area, "before")) == 2
    told = ct.profile(area, "before")
    assert told["residents"].tolist() == [5850, 1850, 0]
    assert told.loc["north", "share_old"] == pytest.approx(1275 / 5850)
    assert "share_acres" not in told
    brought = ct.attribute(area, pd.Series({"P": 12, "Q": 10}), layer="before")
    assert brought.ledger.loc["total"].tolist() == [22]
    assert ct.catchments(area, "infirmaries").weight == "souls"


def test_maps_plates_and_the_appendix_are_made(area, tmp_path):
    shown = area.explore("before", "after", practices=True, sites=True, changes=True)
    assert shown.get_root().heading.startswith(
        "2,785 people of 7,700 (36%) are in a different area"
    )
    made = ct.plates(area, before="before", after="after")
    assert list(made) == ["before", "after", "detail", "changes", "flows", "practices", "trusts"]
    assert "2,785 people" in made["changes"].title
    folder = ct.appendix(area, out=tmp_path / "appendix", formats="html", full=True)
    page = (folder / "appendix.html").read_text(encoding="utf-8")
    for said in ("5,850", "Park", "Hill", "are counted as poor", "Living in (heads)"):
        assert said in page


@pytest.mark.parametrize(
    "command",
    [
        "layers",
        "overlap before after --format json",
        "impact surgeries --before before --after after",
        "flows infirmaries --layer after",
        "partners --before before --after after",
        "compare before after",
        "options --units ward --areas 2",
        "map before after --out {out}/map.html --practices --sites --changes",
        "map before after --out {out}/map.png --changes",
        "map before after --out {out}/practices.png --practices",
        "appendix --out {out}/appendix --formats html",
    ],
)
def test_every_command_works(elsewhere, tmp_path, capsys, command):
    asked = command.format(out=tmp_path).split()
    assert main([*asked, "--data", str(elsewhere)]) == 0
    if "json" in asked:
        assert json.loads(capsys.readouterr().out)["weight"] == "souls"


def test_a_role_that_is_not_given_leaves_out_what_needs_it(elsewhere, area):
    bare = ct.Geography.from_frames(
        pd.DataFrame({"gp": [5, 7], "population": [0, 1]}, index=["a", "b"]),
        weights=["gp", "population"],
    )
    bare = bare.with_layer("utla2021", pd.Series({"a": "A", "b": "B"}))
    assert bare.residents == "gp"
    assert bare.role("councils") is None
    found = ct.compare(bare, "utla2021")
    assert found.against == ()
    assert (
        found.table[["outside_patients", "localisation", "deprivation_spread"]]
        .isna()
        .all(axis=None)
    )
    with pytest.raises(
        ct.InputError, match="no register of geography 'geography' has the role `pat"
    ):
        ct.lists(bare, "utla2021")
    assert ct.compare(area, "before").against == ("ward",)


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"councls": "ward"}, "'councls', which is not one of.*Did you mean 'councils'"),
        ({"councils": "wards"}, "no such layer: `councils` is 'wards'.*Did you mean 'ward'"),
        ({"residents": "soul"}, "no such weight: `residents` is 'soul'.*Did you mean 'souls'"),
        ({"patients": "surgery"}, "no such register: `patients` is 'surgery'"),
        ({"councils": ["ward", "before"]}, "give the name of one layer"),
        ({"councils": 3}, "which is no text"),
        ({"ages": ["young", "ward"]}, "no such weight: `ages` is 'ward'"),
    ],
)
def test_a_role_of_what_is_not_there_is_refused(area, roles, message):
    with pytest.raises(ct.InputError, match=message):
        area.with_roles(roles)


def test_a_role_of_what_is_not_there_is_refused_at_the_door(elsewhere, tmp_path):
    import shutil

    spoilt = tmp_path / "spoilt"
    shutil.copytree(elsewhere, spoilt)
    text = (spoilt / "geography.toml").read_text(encoding="utf-8")
    (spoilt / "geography.toml").write_text(text.replace('whole = "all"', 'whole = "al"'), "utf-8")
    with pytest.raises(ct.InputError, match=r"geography.toml: \[roles\]: no such layer: `whole`"):
        ct.load(spoilt)


def test_roles_can_be_given_with_frames_and_changed_without_touching_the_old():
    blocks = pd.DataFrame({"acres": [1, 1], "souls": [5, 7]}, index=["a", "b"])
    area = ct.Geography.from_frames(
        blocks, weights=["acres", "souls"], roles={"residents": "souls"}
    ).with_layer("halves", pd.Series({"a": "A", "b": "B"}))
    assert area.overlap("halves", "halves").ledger["both"] == 12
    changed = area.with_roles({"residents": "acres", "councils": "halves"})
    assert (changed.residents, changed.role("councils")) == ("acres", "halves")
    assert (area.residents, area.role("councils")) == ("souls", None)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda a: ct.compare(a, "bfore"), "`drawings` is 'bfore'.*Did you mean 'before'"),
        (lambda a: ct.partners(a, before="before", after="after", organisations="wrd"), "'wrd'"),
        (lambda a: ct.compare(a, "before", against="wrd"), "`against` is 'wrd'"),
        (lambda a: ct.parted(a, before="before", after="after", by="wealth"), "`by` is 'wealth'"),
        (lambda a: ct.options(a, units="ward", areas=2, named="bfore"), "`named` is 'bfore'"),
        (lambda a: ct.plates(a, before="before", after="after", context="wrd"), "'wrd'"),
        (lambda a: ct.plates(a, before="before", after="after", practices="gpp"), "'gpp'"),
        (lambda a: ct.plates(a, before="before", after="after", formats="pngg"), "'pngg'"),
        (lambda a: ct.compare(a, "before", trusts="gpp"), "`register` is 'gpp'"),
        (lambda a: a.with_layer("x", {"A": "Mrket"}, units="ward"), "'Mrket'"),
        (lambda a: a.with_layer("x", {"A": [3]}, units="ward"), "has 3, which is no text"),
        (
            lambda a: a.layer("ward").group("x", {"A": "W1"}, codes={"B": "b"}),
            "`codes` has 1 keys that stand for nothing: 'B'",
        ),
        (
            lambda a: a.layer("ward").group("x", {"A": "W1"}, aliases={"B": "b"}),
            "`aliases` has 1 keys that stand for nothing: 'B'",
        ),
        (
            lambda a: ct.Layer.from_lookup("x", pd.Series({"B1": "N"}), names={"M": "North"}),
            "`names` has 1 keys that stand for nothing: 'M'",
        ),
        (lambda a: ct.Scenario("s", "before").move("", to="north").run(a), "has an empty text"),
    ],
)
def test_one_text_is_one_item_and_a_stray_one_is_named(area, ask, message):
    with pytest.raises(ct.InputError, match=message):
        ask(area)


def test_one_text_is_as_a_list_of_it(area):
    assert ct.compare(area, "before").table.index.tolist() == ["before"]
    one = area.with_layer("x", {"A": "Market"}, units="ward").layer("x")
    assert one.areas["blocks"].to_dict() == {"a": 2}
    assert area.register("surgeries").only("P").lists.to_dict() == {"P": 3600}


#: Words that are also names in the bundled geography, by where they mean something else: a way to
#: fit, a check, a unit, the first column of a frame, what a new register is called.
OTHER_MEANINGS = {
    ("population", "geography.value"),
    ("population", "folders.geography_keys"),
    ("population", "polygons.fitting"),
    ("population", "scenarios.checks"),
    ("population", "scenarios.scenario"),
    ("hectares", "polygons.checking"),
    ("hectares", "polygons.overlaying"),
    ("hectares", "report.numbers"),
    ("hectares", "report.writers.workbook"),
    ("population", "commands.vintages"),
    ("gp", "registers.register"),
    ("gp", "registers.registrations"),
    ("trust", "registers.register"),
    ("trust", "registers.registrations"),
    ("trust", "report.sections.hospitals"),
    ("trust", "report.sections.unchanged"),
    # England's own layers, and a column of its tables, which the bundled geography has as well.
    ("ccg2021", "folders.bodies"),
    ("icb2022", "folders.bodies"),
    ("msoa2011", "folders.bodies"),
    ("pcn2022", "folders.bodies"),
    ("population", "folders.bodies"),
    ("population", "folders.english"),
}


def test_the_library_knows_no_name_of_the_bundled_geography():
    area = ct.load()
    names = {*area.layer_names, *area.weight_names, *area.register_names}
    source = Path(ct.__file__).parent
    found = set()
    for path in sorted(source.rglob("*.py")):
        module = ".".join(path.relative_to(source).with_suffix("").parts)
        if module.startswith("vintages."):  # the geographies of England, by their official names
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in names:
                found.add((node.value, module))
    assert found == OTHER_MEANINGS
