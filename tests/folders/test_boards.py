"""Any board or council of England by its code or name: what is in it, and what is refused.

Expected values are those of plain pandas on the shipped tables.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main

from .test_england import table

#: The zones of the bundled geography whose MSOA is cut at the edge of the board.
SUFFIXED = {"E02004007-01K": "E02004007", "E02005742-01K": "E02005742"}


@pytest.fixture(scope="module")
def lsoas() -> pd.DataFrame:
    found = table("lsoa11.parquet").set_index("lsoa11_code")
    council = table("councils.csv").set_index("ltla21")
    ages = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
    return found.assign(
        icb22=found["sicbl22"].map(table("boards.csv").set_index("sicbl22")["icb22"]),
        utla21=found["ltla21"].map(council["utla21"]),
        utla23=found["ltla21"].map(council["utla23"]),
        population=found[ages].sum(axis=1),
    )


def board(lsoas: pd.DataFrame, code: str, column: str = "icb22") -> pd.DataFrame:
    """Take all LSOAs of every council that a board touches."""
    own = lsoas[lsoas[column] == code]
    touched = lsoas["utla21"].isin(own["utla21"]) | lsoas["utla23"].isin(own["utla23"])
    return lsoas[touched].sort_index()


@pytest.mark.parametrize(
    "name",
    ["QOQ", "E54000051", "Humber and North Yorkshire", "humber & north yorkshire",
     "NHS Humber and North Yorkshire ICB", "NHS Humber and North Yorkshire Integrated Care Board"],
)  # fmt: skip
def test_a_board_is_found_by_its_codes_and_names(name):
    assert ct.load(name).name == "QOQ"


def test_a_boards_geography_is_all_of_every_council_it_touches(lsoas):
    area, expected = ct.load("QOQ"), board(lsoas, "QOQ")
    assert area.title == "Humber and North Yorkshire"
    assert area.blocks.tolist() == expected.index.tolist()
    assert int(area.weight("population").sum()) == expected["population"].sum()
    own = expected[expected["icb22"] == "QOQ"]
    whole = area.layer("icb2022")
    assert whole.codes.tolist() == ["QOQ"]
    assert int(whole.totals(area.weight("population")).sum()) == own["population"].sum()
    location = area.layer("sicbl2022").totals(area.weight("population"))
    assert location.to_dict() == own.groupby("sicbl22")["population"].sum().to_dict()
    council = area.layer("utla2023").totals(area.weight("population"))
    assert council.to_dict() == expected.groupby("utla23")["population"].sum().to_dict()


def test_the_roles_of_a_board():
    area = ct.load("QOQ")
    assert {r: area.role(r) for r in ("whole", "before", "after", "councils", "districts")} == {
        "whole": "icb2022", "before": "sicbl2022", "after": "utla2023", "councils": "utla2023",
        "districts": "ltla2023",
    }  # fmt: skip
    assert ct.load("QJM").role("before") == "icb2022"  # one sub-ICB location


def test_residents_of_all_42_boards_and_of_all_36(lsoas):
    for day, column in (("2022-07-01", "icb22"), ("2026-04-01", "icb26")):
        listed = ct.boards(day)
        assert listed["residents"].to_dict() == lsoas.groupby(column)["population"].sum().to_dict()
        assert int(listed["residents"].sum()) == 56_550_138
        assert listed["lsoas"].sum() == 32_844


def test_patients_of_every_board_are_those_of_plain_pandas(lsoas):
    rows = table("registrations.parquet")
    where = lsoas.drop_duplicates("zone").set_index("zone")["icb22"]
    expected = rows["patients"].groupby(rows["zone"].map(where)).sum()
    for code in ("QOQ", "QSL", "QXU"):
        found = ct.flows(ct.load(code), "gp", layer="icb2022").areas()["patients"]
        assert found.to_dict() == {code: expected[code]}


def test_people_beyond_a_board_are_counted_as_elsewhere_where_their_practice_belongs_here(lsoas):
    area, blocks = ct.load("QOQ"), board(lsoas, "QOQ")
    rows, practice = table("registrations.parquet"), table("practices.parquet")
    here = rows["zone"].isin(set(blocks["zone"]))
    inside = set(blocks.index[blocks["icb22"] == "QOQ"])
    codes = set(blocks.loc[blocks["icb22"] == "QOQ", "sicbl22"])
    own = set(
        practice.loc[practice["sicbl22"].isin(codes) | practice["lsoa11"].isin(inside), "practice"]
    )
    expected = rows[~here & rows["practice"].isin(own)]
    found = area.register("gp").people
    there = found[found["zone"] == "elsewhere"]
    assert int(there["patients"].sum()) == int(
        expected.loc[expected["zone"] != "unknown", "patients"].sum()
    )
    assert area.register("gp").total == int(rows.loc[here, "patients"].sum()) + int(
        expected["patients"].sum()
    )


@pytest.fixture(scope="module")
def both(lsc):
    return lsc, ct.load("QE1")


def test_the_bundled_geography_and_englands_agree_on_blocks_weights_and_layers(both):
    ours, theirs = both
    assert ours.blocks.equals(theirs.blocks)
    for weight in ours.weight_names:
        assert ours.weight(weight).tolist() == theirs.weight(weight).tolist(), weight
    shared = [name for name in ours.layer_names if name in theirs.layer_names]
    assert sorted(shared) == [
        "ccg2021", "icb2022", "ltla2021", "msoa2011", "pcn2022", "utla2021", "utla2023",
    ]  # fmt: skip
    for name in shared:
        mine, other = ours.layer(name), theirs.layer(name)
        assert mine.assignment.equals(other.assignment), name
        assert mine.names == other.names, name


@pytest.mark.parametrize("register", ["gp", "trust"])
def test_the_bundled_registers_and_englands_agree_on_who_lives_in_the_board(both, register):
    """What differs: lumps are named in England's, and two zones are whole MSOAs here."""
    ours, theirs = (area.register(register) for area in both)
    named = set(ours.organisations.index) & set(theirs.organisations.index)
    assert set(ours.organisations.index) - named <= {"OTHER"}
    named -= {"UNATTRIBUTED"}
    zones = set(both[0].zones[both[0].layer("icb2022").assignment.notna()])
    differing = set(SUFFIXED.values()) if register == "trust" else set()

    def inside(people: pd.DataFrame) -> dict:
        zone = people["zone"].replace(SUFFIXED)
        kept = people["organisation"].isin(named) & zone.isin(zones - differing)
        rows = people[kept].assign(zone=zone[kept])
        return rows.groupby(["organisation", "zone"])["patients"].sum().to_dict()

    assert inside(ours.people) == pytest.approx(inside(theirs.people), abs=1e-9)
    for away in ("elsewhere", "unknown"):
        if register == "gp":
            mine, other = (
                r.people[(r.people["zone"] == away) & r.people["organisation"].isin(named)]
                for r in (ours, theirs)
            )
            assert mine["patients"].sum() == other["patients"].sum()


def test_the_bundled_organisations_and_englands_stand_in_the_same_places(both):
    """What differs: the sites of practices of other boards are known in England's alone."""
    for register in ("gp", "trust"):
        ours, theirs = (area.register(register).organisations for area in both)
        known = ours.index[ours["block"].notna() & ours.index.isin(theirs.index)]
        assert ours.loc[known, "block"].tolist() == theirs.loc[known, "block"].tolist()
        bodies = ours.index[ours["body"].notna()]
        assert ours.loc[bodies, "body"].tolist() == theirs.loc[bodies, "body"].tolist()


def test_a_code_that_has_had_two_footprints_needs_a_day(lsoas):
    for day, column in (("2022-07-01", "icb22"), ("2026-04-01", "icb26")):
        area = ct.load("QRL", on=day)
        found = area.layer(area.role("whole")).totals(area.weight("population"))
        expected = lsoas.loc[lsoas[column] == "QRL", "population"].sum()
        assert found.to_dict() == {"QRL": expected}


@pytest.mark.parametrize(
    ("asked", "day", "said"),
    [
        ("QRL", None, r"has had two footprints: .*1 April 2026, 1,194 LSOAs.*1,093 LSOAs.*on="),
        ("QZZ", None, r"is no board or upper-tier council of England, and no folder\."),
        ("Humbr and North Yorkshire", None, r"Did you mean 'Humber and North Yorkshire'\?"),
        ("QHG", "2026-05-01", r"abolished on 1 April 2026.*now Central East \(S1Y5D\)"),
        ("S1Y5D", "2022-07-01", r"was not there on 2022-07-01: it is there since 1 April 2026"),
        ("E10000006", None, r"abolished on 1 April 2023: .*Cumberland .* Westmorland and Furness"),
        ("Cumbria", None, r"abolished on 1 April 2023"),
        ("Burnley", None, r"is a district; its upper-tier council is Lancashire \(E10000017\)"),
        ("QOQ,QRL", None, r"a geography is of one board or council"),
        (["QOQ", "QRL"], None, r"a geography is of one board or council"),
        ("england", "2026-04-01", r"`on` is '2026-04-01', and belongs to a board"),
        ("QOQ", "never", r"`on` is 'never'; give a date"),
        ("QOQ", "2027-04-01", r"what boards there are after 31 March 2027 is not known here"),
    ],
)
def test_what_is_no_one_board_is_refused_in_a_sentence(asked, day, said):
    with pytest.raises(ct.InputError, match=said):
        ct.load(asked, on=day)


@pytest.mark.parametrize(
    ("name", "codes"),
    [("Devon", ("QJK", "E10000008")), ("Dorset", ("QVV", "E06000059")),
     ("Essex", ("D7T5G", "E10000012")), ("Gloucestershire", ("QR1", "E10000013")),
     ("Lincolnshire", ("QJM", "E10000019")), ("Somerset", ("QSL", "E06000066"))],
)  # fmt: skip
def test_a_name_that_is_a_boards_and_a_councils_is_refused_with_both_codes(name, codes):
    with pytest.raises(ct.InputError) as error:
        ct.load(name)
    assert all(code in str(error.value) for code in codes)


def test_a_councils_geography_is_the_council(lsoas):
    for asked in ("E08000035", "Leeds", "Leeds City Council"):
        area = ct.load(asked)
        assert area.blocks.tolist() == sorted(lsoas.index[lsoas["utla23"] == "E08000035"])
    then = ct.load("Cumbria", on="2021-05-01")
    assert len(then.blocks) == int((lsoas["utla21"] == "E10000006").sum())


def test_a_folder_is_a_folder_and_not_a_board(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "QOQ").mkdir()
    assert ct.load("QOQ").title == "Humber and North Yorkshire"  # it holds no geography
    with pytest.raises(ct.InputError, match="holds no geography.toml"):
        ct.load("./QOQ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["layers", "--board", "QOQ", "--data", "x"], "are two geographies; give one"),
        (["layers", "--board", "QRL"], "has had two footprints"),
        (["layers", "--on", "2022-01-01"], "name it with --board NAME"),
    ],
)
def test_the_command_refuses_in_one_sentence(capsys, arguments, said):
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_two_boards_in_one_command_are_refused(capsys):
    assert main(["layers", "--board", "QOQ", "--board", "QRL"]) == 2
    assert "--board is given twice" in capsys.readouterr().err


def test_the_command_loads_a_board(capsys):
    assert main(["overlap", "sicbl2022", "utla2023", "--board", "QOQ", "--format", "csv"]) == 0
    assert "42D" in capsys.readouterr().out


def test_the_files_of_a_board_are_those_of_england_and_as_recorded(capsys):
    assert main(["data", "verify", "--board", "QOQ", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"blocks.parquet", "registrations.parquet", "layers.toml"} <= {r["path"] for r in rows}
    assert {r["status"] for r in rows} == {"as recorded"}


def test_a_sweep_in_workers_is_of_the_same_part(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    step = '[[step]]\nnew = "York"\nfrom = ["York"]\nof = "ltla2021"\n'
    text = f'name = "york"\nbase = "sicbl2022"\n{step}'
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    area = ct.load("QOQ")
    with ThreadPoolExecutor(1) as pool:
        apart = ct.sweep(area, tmp_path, executor=pool).results
    here = ct.sweep(area, tmp_path).results
    assert "error" not in here[0] and apart == here


def test_the_line_about_the_age_of_the_data():
    assert ct.load("QOQ").data_age() == (
        "Lines of July 2022 and April 2023 on areas of 2011; GP lists July 2022; residents "
        "mid-2020; hospitals 2019."
    )
    assert ct.load("S1Y5D").data_age().endswith("A decision needs current data.")
    assert "current data" not in ct.load().data_age()
