"""Are the tables of a folder's register read as they are meant, or refused? On six blocks."""

from __future__ import annotations

import json
import logging

import pytest

import coterminous as ct
from coterminous.cli import main
from coterminous.folders.template import write_skeleton

FLOWS = """org,block,n
P1,B1,100
P1,B3,50
P1,B5,10
P2,B3,80
P2,B4,20
P2,B2,5
P3,B5,60
P3,B6,3
"""
ORGANISATIONS = """code,name,block,body
P1,One,B1,W1
P2,Two,B3,W2
P3,Three,B6,W3
"""
REGISTER = """
[[register]]
name = "gp"
open = true
flows = { file = "flows.csv", organisation = "org", block = "block", people = "n" }
organisations = { file = "orgs.csv", code = "code", name = "name", block = "block", body = "body" }
"""
#: By hand: P1 has 10 of its 160 in the south before, and 50 + 10 beyond its place after, where
#: P2 has 5 in Market.
RIGHT = (10, 65, 328)


@pytest.fixture
def folder(tmp_path):
    """Write the example's folder with a register, some text of which is replaced."""

    def write(flows=("", ""), organisations=("", ""), register=("", "")):
        made = tmp_path / "mine"
        write_skeleton(made)
        for file, text, (old, new) in (
            ("flows.csv", FLOWS, flows),
            ("orgs.csv", ORGANISATIONS, organisations),
            ("register", REGISTER, register),
        ):
            assert old in text
            written = text.replace(old, new, 1) if old else text + new
            if file == "register":
                toml = made / "geography.toml"
                toml.write_text(toml.read_text(encoding="utf-8") + written, encoding="utf-8")
            else:
                (made / file).write_text(written, encoding="utf-8")
        return made

    return write


def counted(folder, **options):
    area = ct.load(data_dir=folder)
    found = ct.impact(area, "gp", before="before", after="after", **options)
    before, after = found.summary["before"], found.summary["after"]
    assert before["no_home"] == after["no_home"]
    outside = (before["outside"], after["outside"], before["patients"])
    return outside, before["no_home"], list(found.notes), area.register("gp").faults


def test_the_plain_register_has_nothing_to_say(folder):
    outside, no_home, notes, faults = counted(folder())

    assert (outside, no_home, notes, len(faults)) == (RIGHT, 0, [], 0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"organisations": ("P1,", "p1,")}, "'P1' as 'p1'"),
        ({"organisations": ("P1,", "P1\u200b,")}, "'P1\\\\u200b'"),
        ({"organisations": (",B6", ",b6")}, "'b6' as 'B6'"),
        ({"flows": ("P1,B1", "P1,b1")}, "'b1' as 'B1'"),
    ],
)
def test_another_spelling_is_taken_for_the_code_and_said(folder, caplog, changed, said):
    with caplog.at_level(logging.WARNING, "coterminous"):
        outside, no_home, *_ = counted(folder(**changed))

    assert (outside, no_home) == (RIGHT, 0)
    assert said in caplog.text


def test_two_spellings_of_one_organisation_are_refused(folder):
    made = folder(flows=("P1,B3", "p1,B3"))

    with pytest.raises(
        ct.InputError, match=r"flows\.csv: column `org` has 1 codes .*'P1' and 'p1'"
    ):
        counted(made)


@pytest.mark.parametrize(
    ("changed", "fault", "example"),
    [
        (
            {"organisations": (",B6", ",B66")},
            "organisation whose block is none of the geography's",
            "'P3 (B66)'",
        ),
        (
            {"organisations": ("P3,Three,B6,W3\n", "")},
            "organisation without a row in the table of organisations",
            "'P3'",
        ),
    ],
)
def test_who_has_no_home_by_a_slip_is_named_with_the_people(folder, changed, fault, example):
    outside, no_home, notes, faults = counted(folder(**changed))

    assert (outside, no_home) == ((10, 65, 265), 63)
    assert faults.to_dict("records") == [
        {"fault": fault, "rows": 1, "people": 63, "examples": example}
    ]
    assert notes == [f"{fault[0].upper()}{fault[1:]}: 1, 63 people ({example})."]


def test_the_people_of_a_slip_are_in_the_json_of_the_command_line(folder, capsys):
    made = folder(organisations=(",B6", ",B66"))
    main(
        ["impact", "gp", "--before", "before", "--after", "after", "--format", "json"]
        + ["--data", str(made)]
    )

    assert json.loads(capsys.readouterr().out)["notes"] == [
        "Organisation whose block is none of the geography's: 1, 63 people ('P3 (B66)')."
    ]


def test_a_restricted_register_says_nobodys_number(folder):
    made = folder(organisations=(",B6", ",B66"), register=("open = true\n", ""))

    assert counted(made)[2] == [
        "Organisation whose block is none of the geography's: 1 ('P3 (B66)')."
    ]


def test_a_rule_says_that_some_organisations_are_from_outside(folder):
    made = folder(
        organisations=("P3,Three,B6,W3\n", ""),
        register=('body = "body" }', 'body = "body", missing = "outside" }'),
    )
    outside, no_home, notes, faults = counted(made)

    assert (outside, no_home, notes, len(faults)) == ((10, 65, 265), 63, [], 0)


@pytest.mark.parametrize("body", ["W9", "w3"])
def test_a_body_that_no_area_has_is_named_and_another_spelling_is_not(folder, body):
    made = folder(
        organisations=(",W3", f",{body}"),
        register=("[[register]]", '[[register]]\nbodies = "ward"'),
    )
    outside, no_home, notes, faults = counted(made, home="body")

    if body == "w3":
        assert (outside, no_home, notes, len(faults)) == (RIGHT, 0, [], 0)
    else:
        assert (outside, no_home) == ((10, 65, 265), 63)
        assert notes == ["Organisation whose body is no area: 1, 63 people ('P3 (W9)')."]


def test_bodies_of_no_layer_must_be_areas_that_are_asked_for(folder):
    with pytest.raises(ct.InputError, match="none of them an area of 'before': 'W1', 'W2', 'W3'"):
        counted(folder(), home="body")


def test_a_body_that_is_no_area_of_the_layer_is_named(folder):
    area = ct.load(data_dir=folder(organisations=(",W3", ",W9")))
    found = ct.impact(area, "gp", before="ward", after="ward", home="body")

    assert found.summary["before"] == {
        "patients": 265,
        "outside": 65,
        "share": 65 / 265,
        "no_home": 63,
    }
    assert found.notes[-1] == (
        "1 organisations, with 63 people, belong to what is no area of ward, and have no home "
        "there: 'P3 (W9)'."
    )


@pytest.mark.parametrize(
    ("row", "people"),
    [("P1,Total,160", 160), ("Total,,328", 328), ("Total,unknown,328", 328), ("Total,B1,328", 328)],
)
def test_a_row_of_totals_counts_nobody_twice(folder, row, people):
    outside, no_home, notes, faults = counted(folder(flows=("", f"{row}\n")))

    assert (outside, no_home) == (RIGHT, 0)
    assert faults.loc[0, ["fault", "rows", "people"]].tolist() == [
        "row of totals, left out",
        1,
        people,
    ]
    assert notes == [
        f"Row of totals, left out: 1 row, {people} people ('{row.rpartition(',')[0]}').".replace(
            ",)", ")"
        )
        .replace("P1,Total", "P1/Total")
        .replace("Total,", "Total/")
    ]


@pytest.mark.parametrize(
    ("count", "said"),
    [("*", r"column `n` has 1 cell that is hidden .*P3/B6: \*"), ("-3", "P3/B6'")],
)
def test_a_count_that_is_none_is_named_by_file_column_and_organisation(folder, count, said):
    with pytest.raises(ct.InputError, match=rf"flows\.csv: column `n` .*{said.split('` ')[-1]}"):
        counted(folder(flows=("B6,3", f"B6,{count}")))


def test_a_lump_that_counts_nobody_is_refused(folder):
    made = folder(register=("open = true", 'open = true\nlumps = { REST = "All the rest" }'))

    with pytest.raises(ct.InputError, match=r"`lumps` of register 'gp' names 1 code .*'REST'"):
        counted(made)


def test_partners_of_an_empty_name_are_refused(folder, capsys):
    asked = ["partners", "--before", "before", "--after", "after", "--organisations", ""]

    assert main([*asked, "--data", str(folder())]) == 2
    assert "--organisations is '', which has an empty name in it" in capsys.readouterr().err
