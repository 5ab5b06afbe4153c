"""How many patients has the largest trust within each lump? Made of the counts of all trusts.

The register of trusts names eight; `OTHER` is all the rest, `UNATTRIBUTED` what went to trusts
with fewer than 8 patients from a neighbourhood, which the source does not publish. Where the
published table of England is not there, what is committed is carried over; both are checked by
SHA-256, and give the same bytes.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from fractions import Fraction
from math import ceil
from pathlib import Path

import pandas as pd

log = logging.getLogger("build_data")

SOURCE = "trust_patients_2019.parquet"
SOURCE_SHA256 = "98616b880478f655f5bc18373cdacad935ecd4386e7d8f676da03d954cd5947c"
LUMPS = "people/trust_lumps.csv"
LUMPS_SHA256 = "0523b86c7af4d30bc0b3e3ccf53d5ae0ea5a87e739d1f43030d0c35fdf6d39aa"

#: The source publishes no count below 8.
MOST_UNPUBLISHED = 7
AGES = ["pop_0_17", "pop_18_64", "pop_65_84", "pop_85_plus"]


def text_table(path: Path) -> pd.DataFrame:
    """Read a table with every cell as text, so that no code loses a zero."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def shares_of_msoas(people: Path) -> dict[str, Fraction]:
    """Give the share of its MSOA's residents who live in each zone: 1, but where it is cut."""
    zones = text_table(people / "zones.csv").set_index("lsoa11_code")["zone"]
    ages = text_table(people / "population.csv").set_index("lsoa11_code")[AGES].astype("int64")
    living = ages.sum(axis=1).groupby(zones).sum()
    msoa = text_table(people / "zone_names.csv").set_index("zone")["msoa11_code"]
    whole = living.reindex(msoa.index).groupby(msoa).sum()
    return {zone: Fraction(int(living[zone]), int(whole[msoa[zone]])) for zone in msoa.index}


def largest_in_lumps(source: Path, people: Path) -> pd.DataFrame:
    """List, for each zone and lump, the most patients that a single trust within it has.

    A zone that is part of an MSOA has its share of them by residents, as the register has,
    rounded up.
    """
    counts = pd.read_parquet(source).astype({"trust": str, "msoa11": str})
    register = text_table(people / "trust_patients.csv")
    named = set(register["trust_code"])
    largest = counts[~counts["trust"].isin(named)].groupby("msoa11")["patients"].max()
    msoa = text_table(people / "zone_names.csv").set_index("zone")["msoa11_code"]
    share = shares_of_msoas(people)
    lumps = register[register["trust_code"].isin(["OTHER", "UNATTRIBUTED"])]
    rows = []
    for lump, zone in zip(lumps["trust_code"], lumps["zone"], strict=True):
        most = MOST_UNPUBLISHED if lump == "UNATTRIBUTED" else int(largest[msoa[zone]])
        rows.append((zone, lump, ceil(most * share[zone])))
    columns = ["zone", "lump", "most"]
    return pd.DataFrame(rows, columns=columns).sort_values(columns, ignore_index=True)


def check_sum(path: Path, expected: str) -> None:
    """Stop if a file is not the one whose SHA-256 is recorded."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise SystemExit(f"{path.name} is not the file it was: its SHA-256 is {found}")


def build_lumps(out: Path, figures: Path, committed: Path) -> None:
    """Make `people/trust_lumps.csv` in `out`: of the published table, or of what is committed."""
    made, source = out / LUMPS, figures / SOURCE
    if source.is_file():
        check_sum(source, SOURCE_SHA256)
        table = largest_in_lumps(source, out / "people")
        table.to_csv(made, index=False, encoding="utf-8", lineterminator="\n")
    else:
        log.info("%s is not there: carried over", source)
        check_sum(committed / LUMPS, LUMPS_SHA256)
        if made.resolve() != (committed / LUMPS).resolve():
            shutil.copyfile(committed / LUMPS, made)
    check_sum(made, LUMPS_SHA256)
