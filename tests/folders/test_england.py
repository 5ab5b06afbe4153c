"""England whole, from the shipped tables: does everything add up to what was published?

Expected values are those of plain pandas on the shipped or published tables.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct

FOLDER = Path(__file__).resolve().parents[2] / "data" / "england"
AGES = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
#: Districts of which the source of hospital patients says too little.
HOLE = ["E07000188", "E07000246"]
AREAS = {
    "ccg2021": 106, "stp2021": 42, "sicbl2022": 106, "icb2022": 42, "icb2026": 36,
    "ltla2021": 309, "ltla2023": 296, "utla2021": 152, "utla2023": 153, "region2021": 9,
    "cauth2023": 10, "police2024": 39, "fire2024": 44, "msoa2011": 6791, "pcn2022": 1245,
}  # fmt: skip


def table(name: str) -> pd.DataFrame:
    if name.endswith(".csv"):
        return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False)
    return pd.read_parquet(FOLDER / name)


@pytest.fixture(scope="module")
def england():
    return ct.load("england")


@pytest.fixture(scope="module")
def lsoas() -> pd.DataFrame:
    found = table("lsoa11.parquet").set_index("lsoa11_code")
    council = table("councils.csv").set_index("ltla21")
    location = table("boards.csv").set_index("sicbl22")
    for column in ("utla21", "utla23", "ltla23", "region21", "cauth23"):
        found[column] = found["ltla21"].map(council[column])
    found["icb22"] = found["sicbl22"].map(location["icb22"])
    found["stp21"] = found["ccg21"].map(table("ccgs21.csv").set_index("ccg21")["stp21_code"])
    return found.assign(population=found[AGES].sum(axis=1))


def test_everybody_is_there(england):
    assert len(england.blocks) == 32_844
    assert england.weight("population").sum() == 56_550_138
    assert england.weight("census2021").sum() == 56_490_108
    assert sum(int(england.weight(a).sum()) for a in AGES) == 56_550_138


def test_the_layers_have_as_many_areas_as_were_published(england):
    assert {name: len(england.layer(name).codes) for name in england.layer_names} == AREAS


@pytest.mark.parametrize(
    ("layer", "column"),
    [("sicbl2022", "sicbl22"), ("icb2022", "icb22"), ("icb2026", "icb26"), ("utla2021", "utla21"),
     ("utla2023", "utla23"), ("ltla2021", "ltla21"), ("region2021", "region21"),
     ("stp2021", "stp21"), ("msoa2011", "msoa11")],
)  # fmt: skip
def test_residents_of_each_area_are_those_of_plain_pandas(england, lsoas, layer, column):
    expected = lsoas.groupby(column)["population"].sum()
    found = england.layer(layer).totals(england.weight("population"))
    assert found.to_dict() == expected.to_dict()
    assert int(found.sum()) == 56_550_138


def test_all_are_in_a_combined_authority_but_those_who_are_in_none(england, lsoas):
    inside = lsoas[lsoas["cauth23"] != ""]
    found = england.layer("cauth2023").totals(england.weight("population"))
    assert int(found.sum()) == inside["population"].sum() < 56_550_138


def test_published_agreement_of_locations_and_boards_with_councils(england):
    for layer, expected in (("sicbl2022", 0.9130053664), ("icb2022", 0.8481701605)):
        found = england.overlap(layer, "utla2021").measures()["v_measure"]
        assert found == pytest.approx(expected, abs=1e-10)


def test_26_of_42_boards_are_unions_of_whole_councils(england, lsoas):
    boards_of_council = lsoas.groupby("utla21")["icb22"].nunique()
    cut = lsoas["utla21"].map(boards_of_council) > 1
    whole = ~cut.groupby(lsoas["icb22"]).any()
    assert int(whole.sum()) == 26
    relation = england.overlap("icb2022", "utla2021").areas()["relation"]
    unions = relation.isin(["coterminous", "composed"])
    assert sorted(relation.index[unions]) == sorted(whole.index[whole])


def test_the_boards_of_2026_share_frimley_out_by_council(england, lsoas):
    frimley = lsoas[lsoas["sicbl22"] == "D4U1Y"]
    assert frimley["icb26"].value_counts().to_dict() == {"S0E4D": 244, "QRL": 101, "S9B9J": 95}
    assigned = england.layer("icb2026").assignment
    assert assigned[frimley.index].tolist() == frimley["icb26"].tolist()


def test_every_zone_lies_in_one_area_but_for_five_in_birmingham(england, lsoas):
    for layer in set(AREAS) - {"pcn2022"}:
        areas = england.layer(layer).assignment.fillna("")
        several = areas.groupby(lsoas["zone"]).nunique()
        cut = sorted(several.index[several > 1])
        expected = (
            ["E02001845", "E02001856", "E02001876", "E02001886", "E02006898"]
            if layer in ("ccg2021", "stp2021")
            else []
        )
        assert cut == expected, layer


def test_every_patient_of_a_practice_is_there(england, lsoas):
    rows = table("registrations.parquet")
    gp = england.register("gp")
    assert gp.total == rows["patients"].sum() == 61_768_942
    assert len(gp.organisations) == 6_484
    away = gp.people[gp.people["zone"].isin(["elsewhere", "unknown"])]
    assert int(away["patients"].sum()) == 41_301
    board = lsoas.drop_duplicates("zone").set_index("zone")["icb22"]
    expected = rows["patients"].groupby(rows["zone"].map(board)).sum()
    found = ct.flows(england, "gp", layer="icb2022").areas()["patients"]
    assert found.to_dict() == expected.to_dict()


def test_practices_without_a_location_are_placed_and_told_of(england):
    gp = england.register("gp")
    bodies = gp.organisations.loc[["A81630", "Y05788", "Y07275"], "body"]
    assert bodies.tolist() == ["16C", "00R", "X2C4Y"]
    assert gp.organisations.loc["Y07274", "body"] != gp.organisations.loc["Y07274", "body"]
    for code in ("A81630", "Y05788", "Y07274", "Y07275"):
        assert code in gp.note
    ours = gp.organisations["body"].isin(england.overlap("sicbl2022", "icb2022").table.query(
        "target == 'QE1'")["source"])  # fmt: skip
    assert int(ours.sum()) == 202


def test_every_hospital_patient_is_there_also_of_msoas_that_are_cut(england):
    trust = england.register("trust")
    assert trust.total == pytest.approx(22_825_859, abs=1e-6)
    named = trust.people[trust.people["organisation"] != "UNATTRIBUTED"]
    assert named["patients"].sum() == pytest.approx(22_346_502, abs=1e-6)
    assert len(trust.organisations) - len(trust.lumps) == 138


@pytest.mark.reference
def test_hospital_patients_are_the_published_ones_msoa_by_msoa(reference, lsoas):
    published = pd.read_parquet(
        reference.parent / "figures" / "england" / "trust_patients_2019.parquet"
    )
    expected = published.astype({"trust": str, "msoa11": str}).set_index(["trust", "msoa11"])
    rows = table("trust_patients.parquet")
    msoa = lsoas.drop_duplicates("zone").set_index("zone")["msoa11"]
    summed = rows["patients"].groupby([rows["trust"], rows["zone"].map(msoa)]).sum()
    named = summed.drop("UNATTRIBUTED").rename_axis(["trust", "msoa11"])
    hole = set(lsoas.loc[lsoas["ltla21"].isin(HOLE), "msoa11"])
    told = expected[~expected.index.get_level_values(1).isin(hole)]
    assert (named.reindex(told.index) - told["patients"]).abs().max() < 1e-6
    assert len(named) == len(told)
    totals = told.groupby("msoa11")["total"].first()
    assert (summed.groupby(level=1).sum() - totals).abs().max() < 1e-6
    # Those of the hole are there, with no zone.
    untold = expected[expected.index.get_level_values(1).isin(hole)]
    unknown = rows[rows["zone"] == "unknown"]
    assert unknown["patients"].sum() == pytest.approx(
        untold.groupby("msoa11")["total"].first().sum(), abs=1e-6
    )


def test_networks_are_a_best_fit_of_the_boards_own(england, lsoas):
    rows = table("registrations.parquet")
    practice = table("practices.parquet").set_index("practice")
    location = table("boards.csv").set_index("sicbl22")["icb22"]
    own = lsoas.drop_duplicates("zone").set_index("zone")["icb22"]
    rows = rows.assign(
        pcn=rows["practice"].map(practice["pcn"]),
        board=rows["practice"].map(practice["sicbl22"]).map(location),
    )
    rows = rows[(rows["pcn"] != "") & (rows["board"] == rows["zone"].map(own))]
    totals = rows.groupby(["zone", "pcn"])["patients"].sum().reset_index()
    best = totals.sort_values(["patients", "pcn"], ascending=[False, True]).drop_duplicates("zone")
    expected = lsoas["zone"].map(best.set_index("zone")["pcn"]).fillna("outside")
    found = england.layer("pcn2022").assignment.fillna("outside")
    assert found.tolist() == expected.reindex(found.index).tolist()
    assert england.layer("pcn2022").best_fit


@pytest.mark.reference
def test_only_two_districts_have_under_half_of_englands_rate_of_hospital_patients(reference, lsoas):
    published = pd.read_parquet(
        reference.parent / "figures" / "england" / "trust_patients_2019.parquet"
    )
    total = published.astype({"msoa11": str}).groupby("msoa11")["total"].first()
    msoa = lsoas.groupby("msoa11").agg(ltla=("ltla21", "first"), people=("population", "sum"))
    council = msoa.assign(total=total).groupby("ltla")[["people", "total"]].sum()
    rate = council["total"] / council["people"]
    england = council["total"].sum() / council["people"].sum()
    assert sorted(rate.index[rate < england / 2]) == HOLE


def test_no_hospital_figure_is_given_where_the_source_lacks_the_main_trust(england):
    areas = ct.flows(england, "trust", layer="ltla2021").areas()
    assert areas.loc[HOLE, "patients"].tolist() == [0, 0]
    assert areas.loc[HOLE, "share_to_main"].isna().all()
    assert areas["share_to_main"].drop(HOLE).notna().all()
    assert "Sedgemoor" in ct.flows(england, "trust", layer="ltla2021").notes[-2]
    somerset = ct.load("QSL")
    assert somerset.role("hospital") is None
    assert "hospitals" not in somerset.data_age()
    assert ct.load("QJK").role("hospital") == "trust"
