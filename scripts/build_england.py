"""Which published tables of the whole of England are shipped, and how are they made compact?

The published tables stand in a folder beside the checkout (`../shared/figures/england`, or
`--figures`). Where it is there, `data/england/` is made from it; where it is not, what is
committed is carried over. Both are checked by SHA-256, and give the same bytes.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from build_blocks import as_coverage, read_lsoas, valid_in_national_grid, write_blocks
from build_england_people import (
    NO_ZONE,
    best_fit_networks,
    most_of_lumps,
    practices,
    trust_patients,
    trusts,
    write_rows,
)

log = logging.getLogger("build_data")

FIGURES = Path(__file__).resolve().parents[2] / "shared" / "figures" / "england"

SOURCES_SHA256 = {
    "boards.csv": "556d1eec7e4453a4970aec056faf7131e8e893738c095367ae947e648eef1ff1",
    "ccgs21.csv": "dcc56f41f4e496647402614e8dd8e2986834a6797b6a78e43a4e6281f5f8a026",
    "councils.csv": "3a113615ff68912d722eef824eca5ea895aba1f9e3769b5ab210bbbf41dc4e68",
    "lsoa11.parquet": "ed81c37713cd1f29bdfa2442bf46c22b221ff7e6d00ce86fed831077df270d3f",
    "lsoa11_lsoa21.parquet": "15980b1e408f349b7793ac0628fbc29b20dc40e1cbe199ec1ace789f17e3b3ad",
    "lsoa21.parquet": "1d775036c680a17631e72b12896428dc59983693ae76440e7d79fb0f2a3777dd",
    "practices_2022_07.csv": "07da223455ffce6820b2cfd4a887f71ca2883f2a0f60a4f6a1f38abebedd8bb0",
    "registrations_2022_07.parquet": "7e24d11b452b8250e408bed5b024ab8b6f04ca08e180faf30dc344d9176f7dd7",  # noqa: E501
    "trust_patients_2019.parquet": "98616b880478f655f5bc18373cdacad935ecd4386e7d8f676da03d954cd5947c",  # noqa: E501
    "trusts.csv": "de3df1f55877b481b8fda15757593a7957ef0312449bf7dfd167d6adf5853ca0",
}
SHIPPED_SHA256 = {
    "blocks.parquet": "a6274989058e7cac7db424717feb0cadcb48dbd70b168dc0fdf0f47f66476e4b",
    "boards.csv": "6a98da539ffc4722cc73d31d4b81dd523f2de3c4680674c0198e4f486968240d",
    "boards26.csv": "b0ae8ecc0df676982389e211cee5229a8c773d598a5f1141dad6886cd60c7399",
    "ccgs21.csv": "8e7aab5d8faf8b6fa80433ee1e5069fddf24e540ff01201a4697d90574c458ed",
    "councils.csv": "05098340e30bd65811b9e7927fedd00f8f5309e3a552f9dc5b4e93df3b147694",
    "icb26.csv": "cdb738450183f74c227b85409738285904508b906ad190c1e3b0d419ac89f5a2",
    "lsoa11.parquet": "e47c7399b6eadc23dc832be1732f311628c320a917c444c6b2ea87c7108083c6",
    "lsoa11_lsoa21.parquet": "b102eb821cc5d8e0d3844e3f857c225bae9cda37bf51c00677f429469c721b72",
    "lsoa21.parquet": "096fd68a74baf61d8e49fbb06423d8eb9ad582e15d263aca446f0b04efbaf7e0",
    "networks.parquet": "2ff9662130fd173ddc789b77af10632ef65e412ec858843b57af0ea1aa5afe1c",
    "practices.parquet": "764bfaa4b86f469c441d0f49eba0e38b6a8a59376a6b965c9fe6e4585965c69e",
    "registrations.parquet": "11e92ed240af24befa388da657803299ae5efb0ef0900f198a2a0193b2b39f89",
    "trust_lumps.parquet": "cabbe090edbab63f3d82cfcb92976733d638608bb5a595cca251e54965d0aa5a",
    "trust_patients.parquet": "8896bcd6bf1f6dd424bdc9a782aee5af25f94407a249178a34455f9787762506",
    "trusts.csv": "20120a633927833e216be19b343c8c4d5b97db85bf04139413d6b615bea24c63",
    "zones.parquet": "8017b2cb10717d08c1fda789a957f52260ac3499e8c29adf470a72db566604e5",
}

#: What each LSOA is part of.
PLACES = ["msoa11", "zone", "ccg21", "sicbl22", "icb26", "ltla21"]
RECIPES = ("geography.toml", "layers.toml", "links.toml")
AGES = ["age_0_17", "age_18_64", "age_65_84", "age_85_plus"]

#: Councils whose code alone changed between 1 April 2023 and 1 April 2025.
RECODED_2025 = {"E08000016": "E08000038", "E08000019": "E08000039"}

#: The boards of 1 April 2026 that are not one of 2022 under its old footprint, by code: name,
#: boards of 2022 that are wholly in it, sub-ICB locations of others, councils of Frimley's LSOAs.
BOARDS_2026 = {
    "S1Y5D": ("Central East", ("QHG", "QUE"), ("06K", "06N"), ()),
    "D7T5G": ("Essex", ("QH8",), ("07H", "06T"), ()),
    "T6Y0W": ("Norfolk and Suffolk", ("QMM",), ("06L", "07K"), ()),
    "Z9B2Z": ("West and North London", ("QMJ", "QRV"), (), ()),
    "S0E4D": ("Thames Valley", ("QU9",), (), ("E06000036", "E06000039", "E06000040")),
    "S9B9J": (
        "Surrey and Sussex",
        ("QXU", "QNX"),
        (),
        ("E07000209", "E07000212", "E07000214", "E07000216"),
    ),
    "QRL": ("Hampshire and Isle of Wight", ("QRL",), (), ("E07000089", "E07000092")),
}
FRIMLEY = "D4U1Y"


def text_table(path: Path) -> pd.DataFrame:
    """Read a table with every cell as text, so that no code loses a zero."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def write_text_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table with the same line endings on every system."""
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_compact(table: pd.DataFrame, path: Path, *, listed: list[str]) -> None:
    """Write a sorted table compactly.

    Codes in order differ little from their neighbours; those that are `listed` repeat, and are
    kept as a dictionary.
    """
    columns, encodings = {}, {}
    for name in table.columns:
        if pd.api.types.is_integer_dtype(table[name]):
            columns[name] = pa.array(table[name].astype("int32").to_numpy())
            encodings[name] = "DELTA_BINARY_PACKED"
        else:
            columns[name] = pa.array(table[name].to_list(), pa.string())
            if name not in listed:
                encodings[name] = "DELTA_BYTE_ARRAY"
    pq.write_table(
        pa.table(columns),
        path,
        compression="zstd",
        compression_level=19,
        store_schema=False,
        use_dictionary=listed,
        column_encoding=encodings,
    )


def lsoas_2011(figures: Path) -> pd.DataFrame:
    """List the LSOAs of 2011: what they were part of, and their residents in mid-2020."""
    table = pd.read_parquet(figures / "lsoa11.parquet").sort_index()
    parts = boards_2026(figures)
    whole = parts[parts["ltla21"] == ""].set_index("sicbl22")["icb26"]
    cut = parts[parts["ltla21"] != ""].set_index(["sicbl22", "ltla21"])["icb26"]
    pairs = pd.MultiIndex.from_frame(table[["sicbl22", "ltla21"]])
    by_council = pd.Series(cut.reindex(pairs).to_numpy(), index=table.index)
    table["icb26"] = table["sicbl22"].map(whole).fillna(by_council)
    kept = table[["name", *PLACES, *AGES, "census2021", "imd2019_quintile"]]
    return kept.rename(columns={"name": "lsoa11_name"}).rename_axis("lsoa11_code").reset_index()


def zones(lsoas: pd.DataFrame) -> pd.DataFrame:
    """Name the zones: by the MSOA, and by what cuts it where a zone is only a part of one."""
    table = lsoas.drop_duplicates("zone").sort_values("zone", ignore_index=True)
    names = table["lsoa11_name"].str[:-1]
    part = table["zone"].str.partition("-")[2]
    return pd.DataFrame(
        {
            "zone": table["zone"],
            "msoa11": table["msoa11"],
            "msoa11_name": names,
            "zone_name": names.where(part == "", names + " (" + part + ")"),
        }
    )


def lsoas_2021(figures: Path) -> pd.DataFrame:
    """List the LSOAs of 2021: ward, district and sub-ICB location of 2024, and residents."""
    table = pd.read_parquet(figures / "lsoa21.parquet").sort_index()
    kept = table[["ward24_code", "ltla24_code", "sicbl24", "icb24", "census2021"]]
    return kept.rename_axis("lsoa21_code").reset_index()


def changes_of_lsoas(figures: Path) -> pd.DataFrame:
    """List which LSOA of 2011 became which of 2021, with the official type of change."""
    table = pd.read_parquet(figures / "lsoa11_lsoa21.parquet")
    return table.sort_values(["lsoa11_code", "lsoa21_code"], ignore_index=True)


def councils(figures: Path) -> pd.DataFrame:
    """List the districts and unitaries of 2021 with their councils of 2021, 2023 and 2025."""
    table = text_table(figures / "councils.csv")
    for column in [c for c in table.columns if c.endswith("_name")]:
        # As people write them: Bristol, Herefordshire, Kingston upon Hull.
        table[column] = table[column].str.replace(r", (City|County) of$", "", regex=True)
    for tier in ("utla", "ltla"):
        codes = table[f"{tier}23"].replace(RECODED_2025)
        table.insert(table.columns.get_loc("utla23_name") + 1, f"{tier}25", codes)
    return table


def ccgs_2021(figures: Path) -> pd.DataFrame:
    """List the CCGs of 2021, each with the ODS code that it shared with a sub-ICB location."""
    table = text_table(figures / "ccgs21.csv")
    placed = pd.read_parquet(figures / "lsoa11.parquet", columns=["ccg21", "sicbl22"])
    counted = placed.groupby(["ccg21", "sicbl22"]).size().rename("lsoas").reset_index()
    most = counted.sort_values("lsoas", ascending=False).drop_duplicates("ccg21")
    ods = table["ccg21_code"].map(most.set_index("ccg21")["sicbl22"])
    if not ods.is_unique:
        raise SystemExit("two CCGs would have one ODS code")
    table.insert(1, "ccg21_ods", ods)
    return table.rename(columns={"ccg21_code": "ccg21"})


def short_name(name: pd.Series) -> pd.Series:
    """Call a body of the NHS as people do: without NHS, and without what kind of body it is."""
    bare = name.str.removeprefix("NHS ")
    return bare.str.replace(r" (CCG|Integrated Care Board)$", "", regex=True)


def boards_2022(figures: Path) -> pd.DataFrame:
    """List the sub-ICB locations of 2022 and their boards, with the names that people use.

    A location is called after the CCG that had its ODS code.
    """
    table = text_table(figures / "boards.csv")
    ccg = ccgs_2021(figures).set_index("ccg21_ods")["ccg21_name"]
    table["sicbl22_called"] = short_name(table["sicbl22"].map(ccg))
    table["icb22_called"] = short_name(table["icb22_name"])
    if table["sicbl22_called"].isna().any():
        raise SystemExit("a sub-ICB location has no name that people use")
    return table


def boards_2026(figures: Path) -> pd.DataFrame:
    """List what each board of 1 April 2026 is made of: sub-ICB locations, one of them by council.

    One row a sub-ICB location of 2022; of the one that was cut, one row a council of 2021.
    """
    before = text_table(figures / "boards.csv")
    placed = pd.read_parquet(figures / "lsoa11.parquet", columns=["sicbl22", "ltla21"])
    rows = []
    for board in before.to_dict("records"):
        cut = placed.loc[placed["sicbl22"] == FRIMLEY, "ltla21"]
        parts = sorted(cut.unique()) if board["sicbl22"] == FRIMLEY else [""]
        for council in parts:
            code, name = board["icb22"], board["icb22_name"]
            for new, (said, boards, locations, owned) in BOARDS_2026.items():
                if code in boards or board["sicbl22"] in locations or council in owned:
                    code, name = new, f"NHS {said} Integrated Care Board"
                    break
            rows.append((code, name, board["icb22"], board["sicbl22"], council))
    columns = ["icb26", "icb26_name", "icb22", "sicbl22", "ltla21"]
    table = pd.DataFrame(rows, columns=columns).sort_values(columns, ignore_index=True)
    if table["icb26"].nunique() != 36:
        raise SystemExit(f"{table['icb26'].nunique()} boards of 2026 were made, of 36")
    return table


def check_sums(folder: Path, sums: dict[str, str]) -> None:
    """Stop if a file is not the one whose SHA-256 is recorded."""
    for name, expected in sums.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"england/{name} is not the source it was: its SHA-256 is {found}")


def build_england(out: Path, figures: Path, committed: Path, postcodes: pd.DataFrame) -> None:
    """Make `england/` in `out`: from the published tables, or from what is committed."""
    england = out / "england"
    england.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        if england.resolve() != committed.resolve():
            shutil.copyfile(committed / recipe, england / recipe)
    if not figures.is_dir():
        log.info("the published tables of England are not in %s: carried over", figures)
        check_sums(committed, SHIPPED_SHA256)
        for name in SHIPPED_SHA256:
            if england.resolve() != committed.resolve():
                shutil.copyfile(committed / name, england / name)
        return
    check_sums(figures, SOURCES_SHA256)
    lsoas = lsoas_2011(figures)
    write_compact(lsoas, england / "lsoa11.parquet", listed=PLACES)
    write_compact(
        lsoas_2021(figures),
        england / "lsoa21.parquet",
        listed=["ward24_code", "ltla24_code", "sicbl24", "icb24"],
    )
    write_compact(
        changes_of_lsoas(figures), england / "lsoa11_lsoa21.parquet", listed=["change_code"]
    )
    write_compact(zones(lsoas), england / "zones.parquet", listed=[])
    write_text_table(councils(figures), england / "councils.csv")
    write_text_table(boards_2022(figures), england / "boards.csv")
    boards = boards_2026(figures)
    write_text_table(boards, england / "boards26.csv")
    named = boards[["icb26", "icb26_name"]].drop_duplicates(ignore_index=True)
    named["icb26_called"] = short_name(named["icb26_name"])
    write_text_table(named, england / "icb26.csv")
    write_text_table(ccgs_2021(figures), england / "ccgs21.csv")
    build_people(out, figures, lsoas, postcodes)
    check_sums(england, SHIPPED_SHA256)


def build_people(out: Path, figures: Path, lsoas: pd.DataFrame, postcodes: pd.DataFrame) -> None:
    """Make the polygons, and the registers of practices and trusts."""
    england = out / "england"
    log.info("reading and mending %d polygons", len(lsoas))
    shapes = read_lsoas(lsoas["lsoa11_code"].to_list())
    coverage = as_coverage(valid_in_national_grid(shapes["polygon"].to_numpy()))
    write_blocks(shapes, coverage, england / "blocks.parquet", names=False)
    by_code = lsoas.set_index("lsoa11_code")
    by_code = by_code.assign(population=by_code[AGES].sum(axis=1))
    by_code["icb22"] = by_code["sicbl22"].map(
        text_table(figures / "boards.csv").set_index("sicbl22")["icb22"]
    )
    recorded = text_table(out / "people" / "practices.csv").set_index("practice_code")
    surgeries = practices(
        text_table(figures / "practices_2022_07.csv"),
        recorded["lsoa11_code"],
        postcodes,
        by_code,
        coverage,
    )
    rows = pd.read_parquet(figures / "registrations_2022_07.parquet")
    rows = rows.astype({"practice": str, "zone": str})
    write_rows(
        rows.sort_values(["practice", "zone"]), england / "registrations.parquet", "patients"
    )
    write_compact(
        surgeries.drop(columns=["latitude", "longitude"]),
        england / "practices.parquet",
        listed=["sicbl22", "pcn", "pcn_name"],
    )
    living = rows[~rows["zone"].isin(NO_ZONE)]
    write_compact(
        best_fit_networks(living, surgeries, by_code),
        england / "networks.parquet",
        listed=["pcn", "pcn_name"],
    )
    patients = trust_patients(
        pd.read_parquet(figures / "trust_patients_2019.parquet").astype(
            {"trust": str, "msoa11": str}
        ),
        by_code,
    )
    write_rows(patients, england / "trust_patients.parquet", "patients")
    write_rows(most_of_lumps(patients), england / "trust_lumps.parquet", "most")
    main = pd.read_csv(out / "boundaries" / "sites.csv", encoding="utf-8")
    write_text_table(trusts(text_table(figures / "trusts.csv"), main), england / "trusts.csv")
