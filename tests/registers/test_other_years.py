"""A file of patients by the LSOAs of another year than the blocks: nobody is lost, all is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import InputError
from coterminous.registers.registrations import of_registrations

ENGLAND = Path(__file__).resolve().parents[2] / "data" / "england"


@pytest.fixture(scope="module")
def lookup() -> pd.DataFrame:
    pairs = pd.read_parquet(ENGLAND / "lsoa11_lsoa21.parquet")
    people = pd.read_parquet(ENGLAND / "lsoa11.parquet")
    ages = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]
    people = people.assign(population=people[ages].sum(axis=1))[["lsoa11_code", "population"]]
    return pairs.merge(people, on="lsoa11_code")


def written(folder: Path, rows: list[tuple[str, str, int]], name: str = "file.csv") -> Path:
    made = pd.DataFrame(rows, columns=["PRACTICE_CODE", "LSOA_CODE", "NUMBER_OF_PATIENTS"])
    made.to_csv(folder / name, index=False)
    return folder / name


def in_blocks(lookup: pd.DataFrame, blocks, change: str) -> pd.DataFrame:
    rows = lookup[(lookup["change_code"] == change) & lookup["lsoa11_code"].isin(blocks)]
    return rows.sort_values(["lsoa21_code", "lsoa11_code"])


def test_parts_of_a_split_block_are_counted_in_it(lsc, lookup, tmp_path):
    split = in_blocks(lookup, lsc.blocks, "S")
    block = split["lsoa11_code"].iloc[0]
    parts = list(split.loc[split["lsoa11_code"] == block, "lsoa21_code"])
    rows = [("P1", parts[0], 3), ("P1", parts[1], 4), ("P2", parts[1], 5)]
    found = of_registrations(written(tmp_path, rows), area=lsc, published=True)
    people = found.people.set_index("organisation")[["block", "patients"]]
    assert people.to_dict("index") == {
        "P1": {"block": block, "patients": 7},
        "P2": {"block": block, "patients": 5},
    }
    said = found.faults.set_index("fault")
    whole = "LSOA of 2021, taken whole to the block that it is in"
    assert said.loc[whole, ["rows", "people"]].to_list() == [3, 12]
    assert found.note.startswith(
        "The file counts by LSOAs of 2021 and the blocks are LSOAs of 2011"
    )
    assert found.method(lsc.layer("ltla2021")).startswith("exact")


def test_a_merged_lsoa_is_shared_between_its_blocks_and_said(lsc, lookup, tmp_path):
    merged = in_blocks(lookup, lsc.blocks, "M")
    code = merged["lsoa21_code"].iloc[0]
    pair = merged[merged["lsoa21_code"] == code].set_index("lsoa11_code")["population"]
    assert len(pair) == 2
    rows = [(f"P{i:03d}", code, 1) for i in range(100)]
    found = of_registrations(written(tmp_path, rows), area=lsc, published=True)
    assert found.total == 100
    by_block = found.people.groupby("block")["patients"].sum()
    # One patient a practice: the larger block does not get them all.
    due = 100 * pair / pair.sum()
    assert (np.abs(by_block.reindex(pair.index) - due) <= 0.5).all()
    assert found.faults.set_index("fault").loc[
        "LSOA of 2021 that lies in several blocks, shared out by resident population",
        ["rows", "people", "examples"],
    ].to_list() == [100, 100, repr(code)]
    assert "100 patients of 1 LSOA" in found.note
    parted = lsc.with_layer("parted", pd.Series(lsc.blocks == pair.index[0], lsc.blocks).map(str))
    said = found.method(parted.layer("parted"))
    assert said.startswith("apportioned: 100 people of 1 area of the file")
    half = found.only(["P000"])
    assert half.method(parted.layer("parted")).startswith("apportioned: 1 people of 1 area")
    assert found.method(lsc.layer("ltla2021")).startswith("exact")


def test_a_file_of_both_years_is_refused_with_the_codes(lsc, lookup, tmp_path):
    split = in_blocks(lookup, lsc.blocks, "S").iloc[0]
    rows = [("P1", split["lsoa11_code"], 3), ("P1", split["lsoa21_code"], 4)]
    with pytest.raises(InputError, match="mixes years: of its codes 1 are LSOAs of 2011 .* and 1"):
        of_registrations(written(tmp_path, rows), area=lsc)


def test_a_file_of_the_same_year_or_of_codes_of_both_is_left_as_it_is(lsc, lookup, tmp_path):
    same = in_blocks(lookup, lsc.blocks, "U")["lsoa11_code"].iloc[0]
    split = in_blocks(lookup, lsc.blocks, "S")["lsoa11_code"].iloc[0]
    rows = [("P1", same, 3), ("P1", split, 4), ("P1", "NO2011", 2), ("P1", "W01000001", 1)]
    found = of_registrations(written(tmp_path, rows), area=lsc)
    assert found.note == "Counted from file.csv, of no date that the file gives."
    assert not len(found.shared_out)
    assert found.people.set_index("block")["patients"].to_dict() == {
        same: 3, split: 4, "unknown": 2, "elsewhere": 1,
    }  # fmt: skip


# ---------------------------------------------------------------------- the official file


@pytest.fixture(scope="module")
def recoded(reference, lookup, tmp_path_factory) -> Path:
    """The register of July 2022 by LSOAs of 2021, by plain pandas: U, M and S rows."""
    rows = pd.read_csv(
        reference / "gp-reg-pat-prac-lsoa-all.csv", dtype={"NUMBER_OF_PATIENTS": int}
    )
    rows = rows.rename_axis("row").reset_index()
    residents = pd.read_parquet(ENGLAND / "lsoa21.parquet").set_index("lsoa21_code")["census2021"]
    pieces = rows.merge(lookup, left_on="LSOA_CODE", right_on="lsoa11_code", how="left")
    pieces["LSOA_CODE"] = pieces["lsoa21_code"].fillna(pieces["LSOA_CODE"])
    # The patients of a split LSOA go to its parts by residents, the largest remainder first.
    weight = pieces["lsoa21_code"].map(residents).fillna(1.0)
    due = pieces["NUMBER_OF_PATIENTS"] * weight / weight.groupby(pieces["row"]).transform("sum")
    given = np.floor(due + 1e-9).astype(int)
    order = (due - given).groupby(pieces["row"]).rank(ascending=False, method="first")
    short = pieces["NUMBER_OF_PATIENTS"] - given.groupby(pieces["row"]).transform("sum")
    pieces["NUMBER_OF_PATIENTS"] = given + (order <= short)
    assert pieces["NUMBER_OF_PATIENTS"].sum() == rows["NUMBER_OF_PATIENTS"].sum()
    columns = [c for c in rows.columns if c not in ("row", "NUMBER_OF_PATIENTS")]
    summed = pieces.groupby(columns, as_index=False, dropna=False)["NUMBER_OF_PATIENTS"].sum()
    file = tmp_path_factory.mktemp("recoded") / "by_lsoa21.csv"
    summed[summed["NUMBER_OF_PATIENTS"] > 0].to_csv(file, index=False)
    return file


@pytest.mark.reference
def test_the_official_file_by_lsoas_of_2021_gives_the_figures_of_its_twin(
    lsc, reference, recoded, lookup
):
    rows = pd.read_csv(
        reference / "gp-reg-pat-prac-lsoa-all.csv", dtype={"NUMBER_OF_PATIENTS": int}
    )
    found = of_registrations(recoded, area=lsc, published=True)
    assert found.total == rows["NUMBER_OF_PATIENTS"].sum() == 1_839_238
    merged = in_blocks(lookup, lsc.blocks, "M")
    of_merged = rows[rows["LSOA_CODE"].isin(merged["lsoa11_code"])]["NUMBER_OF_PATIENTS"].sum()
    assert found.shared_out["patients"].sum() == of_merged > 0
    for name in lsc.layers.index:
        layer = lsc.layer(name)
        lines = merged["lsoa11_code"].map(layer.assignment).fillna("")
        assert lines.groupby(merged["lsoa21_code"]).nunique().eq(1).all(), name
        twin = rows.assign(area=rows["LSOA_CODE"].map(layer.assignment)).dropna(subset=["area"])
        twin = twin.groupby(["PRACTICE_CODE", "area"])["NUMBER_OF_PATIENTS"].sum()
        ours = found.by_area(layer).set_index(["organisation", "area"])["value"]
        ours = ours[ours.index.get_level_values("area").isin(layer.codes)]
        assert found.method(layer).startswith("exact")
        assert ours.to_dict() == twin.to_dict(), name
    # A line between the two blocks of every merged LSOA: all of their people are shared out.
    first = set(merged.drop_duplicates("lsoa21_code")["lsoa11_code"])
    sides = pd.Series(["first" if b in first else "second" for b in lsc.blocks], lsc.blocks)
    parting = lsc.with_layer("parting", sides).layer("parting")
    assert found.method(parting).startswith(f"apportioned: {of_merged:,} people of ")
    lists = rows[rows["LSOA_CODE"].isin(lsc.blocks)].groupby("PRACTICE_CODE")
    ours = found.by_area(parting)
    ours = ours[ours["area"].isin(["first", "second"])].groupby("organisation")["value"].sum()
    assert ours.to_dict() == lists["NUMBER_OF_PATIENTS"].sum().to_dict()


@pytest.mark.reference
def test_the_file_as_headed_in_2021_is_read_on_its_own_date(lsc, reference, tmp_path):
    rows = pd.read_csv(reference / "gp-reg-pat-prac-lsoa-all.csv", dtype=str)
    rows = rows.rename(columns={"NUMBER_OF_PATIENTS": "Number of Patients"})
    rows["EXTRACT_DATE"] = "01JAN2021"
    rows.to_csv(tmp_path / "january.csv", index=False)
    found = ct.Register.from_nhs_registrations(tmp_path / "january.csv", area=lsc, published=True)
    assert found.date == "2021-01-01"
    assert found.total == 1_839_238
    assert found.note == "Counted from january.csv, as at 2021-01-01."
