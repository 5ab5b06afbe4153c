"""Faults of tables that people have reported in public, each as a small file."""

from __future__ import annotations

import pytest

import coterminous as ct
from tests.tables.conftest import OF_WARD, PEOPLE, WARDS, people_of, written
from tests.tables.test_files_as_people_have_them import book, people_table


def csv(folder, name: str, *rows: str):
    file = folder / name
    file.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    return file


def sizes(answer) -> tuple[int, int, int]:
    return tuple(answer.said[k] for k in ("blocks", "inside", "areas"))


@pytest.mark.parametrize("name_first", [True, False])
def test_the_name_of_a_block_is_no_area(check, tmp_path, name_first):
    rows = [["LSOA code", "LSOA name", "Neighbourhood"]]
    rows += [[b, f"Town {i}A", "North" if i < 3 else "South"] for i, b in enumerate(WARDS)]
    if name_first:
        rows = [[r[1], r[0], r[2]] for r in rows]
    file = tmp_path / "neighbourhoods.xlsx"
    file.write_bytes(book(("Sheet1", rows)))
    answer = check(file)
    assert sizes(answer) == (6, 6, 2)
    assert answer.said["taken"] == {"block": "LSOA code", "code": "Neighbourhood", "name": None}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_na_and_none_are_codes_in_a_workbook_as_in_text(check, town, tmp_path, kind):
    team = dict(zip(WARDS, ["NA", "NA", "SA", "SA", "None", "None"], strict=True))
    rows = [["LSOA21CD", "TEAMCD"], *([b, t] for b, t in team.items())]
    file = tmp_path / f"teams.{kind}"
    if kind == "xlsx":
        file.write_bytes(book(("Sheet1", rows)))
    else:
        csv(tmp_path, "teams.csv", *map(",".join, rows))
    assert sizes(check(file)) == (6, 6, 3)
    from coterminous.folders.lookup_files import read_lookup

    area = ct.load(town)
    found = area.with_layer("team", read_lookup(file, blocks=area.blocks).codes)
    people = found.overlap("team", "team").areas()["value"]
    assert people.to_dict() == {"NA": 2315, "SA": 2260, "None": 1155}


def test_codes_that_look_alike_are_listed(check, tmp_path):
    codes = ["E05009999", "e05009999", "E05009998 ", "E05009998\u00a0", "E05009997\u200b"]
    rows = [f"{b},{c}" for b, c in zip(WARDS, [*codes, "E05009997"], strict=True)]
    sentence = check(csv(tmp_path, "wards.csv", "LSOA21CD,WD23CD", *rows)).sentence()
    assert "'E05009999' and 'e05009999', 'E05009997' and 'E05009997\\u200b'" in sentence
    rows = [f"{b.lower()},{w}" for b, w in WARDS.items()]
    assert sizes(check(csv(tmp_path, "lower.csv", "LSOA21CD,WD23CD", *rows))) == (6, 6, 3)


def test_thousands_totals_hidden_counts_and_percentages(wards, tmp_path):
    thousands = [(b, f'"{n:,}"') for b, n in PEOPLE.items()]
    cases = {
        "geo": [*thousands, ("Total", '"5,730"')],
        "geo2": thousands,
        "geo3": list(zip(PEOPLE, [1210, 1105, "[c]", "c", "*", "low"], strict=True)),
        "geo4": [(b, f"{n / 57.3:.1f}%") for b, n in PEOPLE.items()],
    }
    for name, rows in cases.items():
        (written(tmp_path / name) / "people.csv").write_bytes(people_table(rows))
    assert "'Total'" in wards(tmp_path / "geo").sentence()
    assert people_of(wards(tmp_path / "geo2")) == OF_WARD
    hidden = wards(tmp_path / "geo3").sentence()
    assert "B03: [c], B04: c, B05: *, B06: low" in hidden
    assert "hidden (suppressed)" in hidden
    assert "0;" not in hidden and "a 0" not in hidden
    percent = wards(tmp_path / "geo4").sentence()
    assert "percentages, which are no people" in percent
    assert "a 0" not in percent


def test_one_code_with_two_names_is_refused_and_a_name_is_never_nan(ask, wards, tmp_path):
    folder = written(tmp_path / "town", more=', name = "ward_name"')
    names = ["St Helens", "St. Helens", "Mill", "", "", ""]
    rows = [f"{b},{w},{n}" for (b, w), n in zip(WARDS.items(), names, strict=True)]
    csv(folder, "lookup.csv", "block,ward,ward_name", *rows)
    assert "W1: 'St Helens' and 'St. Helens'" in wards(folder).sentence()
    csv(
        folder,
        "lookup.csv",
        "block,ward,ward_name",
        rows[0],
        *[rows[1].replace(".", "")],
        *rows[2:],
    )
    found = {a["code"]: a["name"] for a in wards(folder).said["areas"]}
    assert found == {"W1": "St Helens", "W2": "Mill", "W3": "W3"}


LADS = ["E07000026", "E07000026", "E07000028", "E07000028", "E07000031", "E07000123"]
COUNTY = ["lad_code,region", "E06000063,R1", "E06000064,R2", "E07000123,R3"]


@pytest.fixture
def counties(tmp_path):
    folder = written(tmp_path / "town")
    rows = [f"{b},{w},{c}" for (b, w), c in zip(WARDS.items(), LADS, strict=True)]
    csv(folder, "lookup.csv", "block,ward,lad_code", *rows)
    csv(folder, "county.csv", *COUNTY)
    csv(
        folder,
        "layers.toml",
        "[[layer]]",
        'name = "region"',
        'lookup = { file = "county.csv", by = "lad_code", code = "region" }',
    )
    return folder


def test_codes_of_another_year_are_not_outside_in_silence(ask, counties):
    sentence = ask("overlap", "region", "region", "--data", counties).sentence()
    assert "county.csv has no row for 3 of 4 codes of `lad_code`" in sentence
    assert "'E07000026', 'E07000028', 'E07000031'" in sentence
    assert "5 of 6 blocks, 5,315 of 5,730 people" in sentence
    assert "codes of another year" in sentence


def test_a_rule_may_say_that_a_key_without_a_row_is_outside(ask, counties):
    file = counties / "layers.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(" }", ', missing = "outside" }'), encoding="utf-8")
    said = ask("overlap", "region", "region", "--data", counties, "--format", "json").said
    assert said["ledger"] == {
        "both": 415,
        "source_only": 0,
        "target_only": 0,
        "neither": 5315,
        "total": 5730,
    }


def test_an_empty_key_is_outside_and_lost_zeros_are_named(ask, counties):
    rows = [f"{b},W1,{c}" for b, c in zip(WARDS, ["", "", "", "", "01", "01"], strict=True)]
    csv(counties, "lookup.csv", "block,ward,lad_code", *rows)
    csv(counties, "county.csv", "lad_code,region", "01,R1")
    said = ask("overlap", "region", "region", "--data", counties, "--format", "json").said
    assert said["ledger"]["both"] == 1155
    csv(counties, "county.csv", "lad_code,region", "1,R1")
    sentence = ask("overlap", "region", "region", "--data", counties).sentence()
    assert "leading zeros are lost" in sentence


def test_a_lookup_with_a_split_unit(check, tmp_path):
    rows = ["LSOA11CD,LSOA21CD,LAD22CD", "B01,N01,L1", "B02,N02,L1", "B02,N03,L1"]
    rows += [f"{b},{b.replace('B', 'M')},L1" for b in list(WARDS)[2:]]
    file = csv(tmp_path, "best.csv", *rows)
    assert "'B02: N02 and N03'" in check(file).sentence()
    assert sizes(check(file, "--code", "LAD22CD")) == (6, 6, 1)
    short = csv(tmp_path, "short.csv", "LSOA21CD,LAD22CD", "B01,L1", "B12,L1", "B13,L1")
    assert "lacks 5 of 6 blocks: 'B02', 'B03', 'B04', 'B05', 'B06'" in check(short).sentence()


def test_figures_of_nobody_are_null(ask, tmp_path):
    folder = written(tmp_path / "town")
    csv(
        folder,
        "people.csv",
        "block,population",
        "B01,0",
        "B02,0",
        *(f"B0{i},7" for i in (3, 4, 5, 6)),
    )
    said = ask("overlap", "ward", "ward", "--data", folder, "--format", "json").said
    nobody, somebody = said["areas"][0], said["areas"][1]
    assert nobody == {
        "code": "W1",
        "name": "W1",
        "value": 0,
        "relation": None,
        "best_target": None,
        "share_in_best": None,
        "share_of_best": None,
        "jaccard": None,
        "effective_targets": None,
        "tied": False,
        "targets": None,
        "whole_targets": None,
        "cut_targets": None,
        "people_in_whole_targets": None,
        "share_in_whole_targets": None,
    }
    assert somebody["relation"] == "coterminous"
    assert said["measures"]["coterminous_areas"] == 2
    from coterminous.maps.findings import size_finding

    assert size_finding(ct.load(folder), "ward").endswith(
        "14 people in each of two; one with nobody in it"
    )


NETWORKS = [
    ["Partner\nOrganisation\nCode", "PCN Code", "PCN Name"]
    + ["Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date"],
    ["P00001", "U00001", "ONE PCN", 20190701, 20220331],
    ["P00001", "U00002", "TWO PCN", 20220401, None],
    ["P00002", "U00001", "ONE PCN", 20190701, None],
]


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
def test_the_workbook_of_networks_has_its_members_on_the_third_sheet(tmp_path, kind):
    from tests.tables.test_files_as_people_have_them import zipped

    details = [["PCN Code", "PCN Name", "Open Date"], ["U00001", "ONE PCN", 20190701]]
    content = book(
        ("Notes", [["PCN data: notes"]]),
        ("PCNDetails", details),
        ("PCN Core Partner Details", NETWORKS),
        ("PCN Non-Core Partner Details", [["Non-Core Partner Organisation Code"]]),
    )
    file = tmp_path / f"ePCN.{kind}"
    file.write_bytes(
        content if kind == "xlsx" else zipped(ePCN__xlsx=content, about__pdf=b"%PDF-1.4")
    )
    january = ct.networks(file, on="2022-01-01")["network"].to_dict()
    july = ct.networks(file, on="2022-07-01", sheet="PCN Core Partner Details")["network"].to_dict()
    assert january == {"P00001": "U00001", "P00002": "U00001"}
    assert july == {"P00001": "U00002", "P00002": "U00001"}
    with pytest.raises(ct.InputError, match="lacks the column"):
        ct.networks(file, on="2022-07-01", sheet="PCNDetails")
