"""The shipped tables of England, read by pandas alone, so that expected values are not ours."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

ENGLAND = Path(__file__).resolve().parents[2] / "data" / "england"


AGES = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]


@cache
def parquet(name: str) -> pd.DataFrame:
    """Read a table; the LSOAs of 2011 with their residents of all ages."""
    found = pd.read_parquet(ENGLAND / f"{name}.parquet")
    return found.assign(population=found[AGES].sum(axis=1)) if name == "lsoa11" else found


@cache
def texts(name: str) -> pd.DataFrame:
    return pd.read_csv(ENGLAND / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def pairs() -> pd.DataFrame:
    """Each pair of an LSOA of 2011 and one of 2021, with the residents of both."""
    found = parquet("lsoa11_lsoa21")
    found = found.merge(parquet("lsoa11")[["lsoa11_code", "population"]], on="lsoa11_code")
    return found.merge(parquet("lsoa21")[["lsoa21_code", "census2021"]], on="lsoa21_code")


def of_change(code: str) -> pd.DataFrame:
    found = pairs()
    return found[found["change_code"] == code].reset_index(drop=True)
