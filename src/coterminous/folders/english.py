"""What do the tables of England say of boards and councils? Each is read once, when asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from coterminous.files import bundled_folder
from coterminous.vintages import england

#: The days from which, and up to which, the footprints of each column are in force.
CHANGES = {
    "icb22": "2022-07-01",
    "icb22_end": "2026-03-31",
    "icb26": "2026-04-01",
    "utla21_end": "2023-03-31",
    "utla23": "2023-04-01",
}


def folder() -> Path:
    """Return the folder of England's geography."""
    return bundled_folder() / "england"


def _texts(name: str) -> pd.DataFrame:
    return pd.read_csv(folder() / name, dtype="str", keep_default_na=False, encoding="utf-8")


@cache
def councils() -> pd.DataFrame:
    """List, a row a district or unitary of 2021, with what it belonged to in 2021 and 2023."""
    return _texts("councils.csv")


@cache
def of_2022() -> pd.DataFrame:
    """List the 42 boards of July 2022, by code: `icb22_gss`, `icb22_name`, `icb22_called`."""
    return _texts("boards.csv").drop_duplicates("icb22").set_index("icb22")


@cache
def of_2026() -> pd.DataFrame:
    """List the 36 boards of April 2026, by code: `official` and `called`."""
    table = _texts("icb26.csv").set_index("icb26")
    return table.rename(columns={"icb26_name": "official", "icb26_called": "called"})


@cache
def lsoas() -> pd.DataFrame:
    """Give of each LSOA of 2011: its location, boards and councils, and its `population`."""
    table = england.lsoas_2011()
    location = _texts("boards.csv").set_index("sicbl22")["icb22"]
    of_council = councils().set_index("ltla21")[["utla21", "utla23", "ltla23", "cauth23"]]
    known = of_council.reindex(table["ltla21"]).set_axis(table.index)
    return table[["sicbl22", "icb26", "ltla21", "population"]].assign(
        icb22=table["sicbl22"].map(location), **known
    )
