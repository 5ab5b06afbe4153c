"""What do the shipped tables of England say? Each is read once, when it is first asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from coterminous.files import bundled_folder

#: The columns of residents in mid-2020.
AGES = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]


def _folder() -> Path:
    return bundled_folder() / "england"


def _texts(name: str) -> pd.DataFrame:
    return pd.read_csv(_folder() / name, dtype="str", keep_default_na=False, encoding="utf-8")


@cache
def lsoas_2011() -> pd.DataFrame:
    """Return the 32,844 LSOAs of 2011 with what each is part of, and its `population`."""
    places = ["lsoa11_code", "msoa11", "ccg21", "sicbl22", "icb26", "ltla21"]
    read = pd.read_parquet(_folder() / "lsoa11.parquet", columns=[*places, *AGES])
    people = read[AGES].sum(axis=1)
    return read[places].assign(population=people).set_index("lsoa11_code")


@cache
def lsoas_2021() -> pd.DataFrame:
    """Return the 33,755 LSOAs of 2021, with ward, district and board of 2024 and `census2021`."""
    return pd.read_parquet(_folder() / "lsoa21.parquet").set_index("lsoa21_code")


@cache
def changes_of_lsoas() -> pd.DataFrame:
    """Return `lsoa11_code`, `lsoa21_code` and the official `change_code` (U, S, M or X)."""
    return pd.read_parquet(_folder() / "lsoa11_lsoa21.parquet")


@cache
def placed() -> pd.DataFrame:
    """Return the area of every LSOA of 2011 in each geography that is made of them, by vintage."""
    lsoas = lsoas_2011()
    council = _texts("councils.csv").set_index("ltla21")
    location = _texts("boards.csv").set_index("sicbl22")
    ccg = _texts("ccgs21.csv").set_index("ccg21")
    found = pd.DataFrame({"msoa2011": lsoas["msoa11"], "ltla2021": lsoas["ltla21"]})
    for tier in ("ltla", "utla"):
        for year in ("21", "23", "25"):
            if tier + year != "ltla21":
                found[f"{tier}20{year}"] = lsoas["ltla21"].map(council[tier + year])
    for name, column in (
        ("region2021", "region21"),
        ("cauth2023", "cauth23"),
        ("pfa2024", "pfa24"),
        ("fra2024", "fra24"),
    ):
        found[name] = lsoas["ltla21"].map(council[column].mask(council[column] == ""))
    found["ccg2021_gss"] = lsoas["ccg21"]
    found["ccg2021"] = lsoas["ccg21"].map(ccg["ccg21_ods"])
    found["stp2021"] = lsoas["ccg21"].map(ccg["stp21_code"])
    found["sicbl2022"] = lsoas["sicbl22"]
    found["sicbl2022_gss"] = lsoas["sicbl22"].map(location["sicbl22_gss"])
    found["icb2022"] = lsoas["sicbl22"].map(location["icb22"])
    found["icb2022_gss"] = lsoas["sicbl22"].map(location["icb22_gss"])
    found["icb2026"] = lsoas["icb26"]
    return found


def has_council(lsoas: pd.Series, councils: pd.Series) -> pd.Series:
    """Say of LSOAs of 2011 whether each lies in the council beside it, of any vintage."""
    read = pd.read_parquet(_folder() / "lsoa11.parquet", columns=["lsoa11_code", "ltla21"])
    read = read[read["lsoa11_code"].isin(lsoas)]
    district = lsoas.map(read.set_index("lsoa11_code")["ltla21"])
    found = district.eq(councils).fillna(False).astype(bool)
    tiers = _texts("councils.csv").set_index("ltla21")
    for column in (t + year for t in ("ltla", "utla") for year in ("21", "23", "25")):
        if column != "ltla21":
            found |= district.map(tiers[column]).eq(councils).fillna(False).astype(bool)
    return found


@cache
def councils_of_lsoas() -> dict[str, dict[str, frozenset[str]]]:
    """Return the LSOAs of 2011 of each council, by vintage (``ltla2021``, ``utla2023``) and code.

    Of all tables only what this needs is read.
    """
    read = pd.read_parquet(_folder() / "lsoa11.parquet", columns=["lsoa11_code", "ltla21"])
    own = read.set_index("lsoa11_code")["ltla21"]
    of_district = {str(code): frozenset(those) for code, those in own.groupby(own).groups.items()}
    council = _texts("councils.csv").set_index("ltla21")
    found: dict[str, dict[str, frozenset[str]]] = {"ltla2021": of_district}
    for tier in ("ltla", "utla"):
        for year in ("21", "23", "25"):
            if tier + year != "ltla21":
                codes = council[tier + year]
                found[f"{tier}20{year}"] = {
                    str(code): frozenset().union(*(of_district[d] for d in districts))
                    for code, districts in codes.groupby(codes).groups.items()
                }
    return found
