"""Who uses which practice and hospital in England, and where do they live? The shipped registers.

Every practice and trust of the published tables is kept by itself; nobody is left out. What is
done to the counts is told in `data/SOURCES.md`.
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely
from build_blocks import TO_NATIONAL_GRID

log = logging.getLogger("build_data")

#: Rows of the registrations that are no zone.
NO_ZONE = ("wales", "unknown")
#: Trusts with fewer patients from an MSOA are not published.
FLOOR = 8
UNATTRIBUTED = "UNATTRIBUTED"
#: Districts in which the source lacks the main trust, so that it has under half of England's rate
#: of patients: Sedgemoor, and Somerset West and Taunton.
HOLES = ("E07000188", "E07000246")
#: Words that stand small inside a name.
SMALL = {"And": "and", "Of": "of", "For": "for", "The": "the", "In": "in", "On": "on"}


def in_national_grid(longitude: pd.Series, latitude: pd.Series) -> pd.DataFrame:
    """Put points of WGS 84 on the British National Grid, in whole metres."""
    transformer = pyproj.Transformer.from_pipeline(TO_NATIONAL_GRID)
    east, north = transformer.transform(longitude.to_numpy(), latitude.to_numpy())
    return pd.DataFrame({"easting": east, "northing": north}, index=longitude.index).round(0)


def holding(points: pd.DataFrame, codes: pd.Index, polygons: np.ndarray) -> pd.Series:
    """Find the block that holds each point; missing where none does."""
    made = shapely.points(points["easting"].to_numpy(), points["northing"].to_numpy())
    which, held = shapely.STRtree(polygons).query(made, predicate="intersects")
    found = pd.Series(held).groupby(which).min()
    return pd.Series(codes[found.to_numpy()], index=points.index[found.index], dtype="str")


def practices(
    table: pd.DataFrame,
    recorded: pd.Series,
    postcodes: pd.DataFrame,
    lsoas: pd.DataFrame,
    polygons: np.ndarray,
) -> pd.DataFrame:
    """List the practices, each with a site, a sub-ICB location and a network where it has them.

    A practice without an LSOA gets the one `recorded` for it in the tables of Lancashire and South
    Cumbria, else the one that holds its postcode's grid reference. One whose body is none of the
    sub-ICB locations belongs where most others of its network do, else where its site lies; one
    that has neither belongs to none.
    """
    table = table.set_index("code").sort_index()
    told = table["lsoa11"].eq("") & table.index.isin(recorded.index)
    table.loc[told, "lsoa11"] = recorded.reindex(table.index[told])
    unplaced = table.index[table["lsoa11"] == ""]
    grid = postcodes.set_index("postcode")[["easting", "northing"]]
    points = grid.reindex(table.loc[unplaced, "postcode"]).set_axis(unplaced).dropna()
    points = points[(points > 0).all(axis=1)]
    found = holding(points, lsoas.index, polygons)
    table.loc[found.index, "lsoa11"] = found
    log.info("%d of %d other practices placed by their postcode", len(found), len(unplaced))
    strange = table.index[~table["sicbl22"].isin(set(lsoas["sicbl22"]))]
    own = table.drop(strange)
    of_network = own[own["pcn"] != ""].groupby("pcn")["sicbl22"].agg(lambda s: s.mode().iloc[0])
    by_network = table.loc[strange, "pcn"].map(of_network)
    by_site = table.loc[strange, "lsoa11"].map(lsoas["sicbl22"])
    table.loc[strange, "sicbl22"] = by_network.fillna(by_site).fillna("")
    log.info("placed by network or site: %s", table.loc[strange, "sicbl22"].to_dict())
    return table.rename_axis("practice").reset_index()


def best_fit_networks(rows: pd.DataFrame, table: pd.DataFrame, lsoas: pd.DataFrame) -> pd.DataFrame:
    """Give each zone to the network of its own board with most of its registered patients.

    A network is of the board of its practices; those of other boards do not count, though people
    may be registered there. A tie goes to the smaller code.
    """
    board = lsoas.drop_duplicates("sicbl22").set_index("sicbl22")["icb22"]
    known = table.set_index("practice")
    where = lsoas.drop_duplicates("zone").set_index("zone")["icb22"]
    joined = pd.DataFrame(
        {
            "zone": rows["zone"],
            "pcn": rows["practice"].map(known["pcn"]),
            "patients": rows["patients"].astype("int64"),
            "own": rows["practice"].map(known["sicbl22"]).map(board) == rows["zone"].map(where),
        }
    )
    joined = joined[joined["own"] & (joined["pcn"] != "")]
    totals = joined.groupby(["zone", "pcn"], as_index=False)["patients"].sum()
    totals = totals.sort_values(["zone", "patients", "pcn"], ascending=[True, False, True])
    winners = totals.drop_duplicates("zone")[["zone", "pcn"]]
    names = table[table["pcn"] != ""].drop_duplicates("pcn").set_index("pcn")["pcn_name"]
    return winners.assign(pcn_name=winners["pcn"].map(names)).reset_index(drop=True)


def tenths(total: pd.Series, share: pd.DataFrame) -> pd.DataFrame:
    """Share whole numbers out to a tenth of a person, so that each row still has its total.

    The tenths that rounding down leaves go to the largest remainders.
    """
    exact = share.mul(total * 10, axis=0)
    floor = np.floor(exact.round(9))
    left = (total * 10 - floor.sum(axis=1)).round(0)
    order = (exact - floor).rank(axis=1, method="first", ascending=False)
    return (floor + order.le(left, axis=0)) / 10


def trust_patients(rows: pd.DataFrame, lsoas: pd.DataFrame) -> pd.DataFrame:
    """List the admitted patients by trust and zone; what was not published by trust has a row.

    An MSOA that is cut into zones is shared out by the people who live in each.
    """
    published = rows.groupby("msoa11")["patients"].sum()
    rest = (rows.drop_duplicates("msoa11").set_index("msoa11")["total"] - published).rename(
        "patients"
    )
    lump = rest[rest > 0].reset_index().assign(trust=UNATTRIBUTED)
    every = pd.concat([rows[["trust", "msoa11", "patients"]], lump], ignore_index=True)
    people = lsoas.groupby(["msoa11", "zone"])["population"].sum()
    zones = people.reset_index()
    cut = zones[zones["msoa11"].duplicated(keep=False)]
    whole = every[~every["msoa11"].isin(cut["msoa11"])]
    of_msoa = zones.drop_duplicates("msoa11").set_index("msoa11")["zone"]
    found = [whole.assign(zone=whole["msoa11"].map(of_msoa))]
    for msoa, parts in cut.groupby("msoa11"):
        mine = every[every["msoa11"] == msoa].set_index("trust")["patients"]
        share = (parts.set_index("zone")["population"] / parts["population"].sum()).to_frame().T
        shares = pd.concat([share] * len(mine)).set_axis(mine.index)
        shared = tenths(mine, shares).rename_axis(columns="zone").stack().rename("patients")
        found.append(shared[shared > 0].reset_index())
    made = pd.concat(found)[["trust", "zone", "patients"]]
    district = lsoas.drop_duplicates("zone").set_index("zone")["ltla21"]
    check_holes(made, lsoas, district)
    # Nothing can be said of where their people go: they are counted, and no figure is made of them.
    made["zone"] = made["zone"].mask(made["zone"].map(district).isin(HOLES), "unknown")
    made["patients"] *= 10
    summed = made.groupby(["trust", "zone"], as_index=False)["patients"].sum()
    return summed.assign(patients=summed["patients"].round(0) / 10)


def check_holes(patients: pd.DataFrame, lsoas: pd.DataFrame, district: pd.Series) -> None:
    """Stop unless the districts with under half of England's rate of patients are those known."""
    people = lsoas.groupby("ltla21")["population"].sum()
    treated = patients["patients"].groupby(patients["zone"].map(district)).sum()
    rate = treated / people
    low = rate.index[rate < treated.sum() / people.sum() / 2]
    if sorted(low) != sorted(HOLES):
        raise SystemExit(f"hospital patients are lacking in other districts: {sorted(low)}")


def most_of_lumps(patients: pd.DataFrame) -> pd.DataFrame:
    """Say how many patients any single trust of the lump may have: fewer than the floor."""
    lump = patients[(patients["trust"] == UNATTRIBUTED) & (patients["zone"] != "unknown")]
    most = np.ceil(lump["patients"].clip(upper=FLOOR - 1)).astype("int64")
    return pd.DataFrame({"zone": lump["zone"], "lump": UNATTRIBUTED, "most": most})


def trusts(table: pd.DataFrame, main_sites: pd.DataFrame) -> pd.DataFrame:
    """List the trusts by the name that people use, with the grid reference of their site.

    A trust that has a main hospital in the tables of Lancashire and South Cumbria stands there; of
    the others the source gives the point of the headquarters.
    """
    table = table.sort_values("trust", ignore_index=True)
    short = table["name"].str.replace(
        r" (NHS|National Health Service) (Foundation )?Trust$", "", regex=True
    )
    short = short.map(
        lambda n: " ".join(SMALL.get(w, w) if i else w for i, w in enumerate(n.split()))
    )
    points = in_national_grid(table["longitude"].astype(float), table["latitude"].astype(float))
    made = pd.DataFrame({"trust": table["trust"], "trust_name": short}).join(points.astype("int64"))
    main = main_sites.set_index("trust_code")[["easting", "northing"]]
    known = made["trust"].isin(main.index)
    made.loc[known, ["easting", "northing"]] = main.reindex(made.loc[known, "trust"]).to_numpy()
    return made


def write_rows(table: pd.DataFrame, path: Path, people: str) -> None:
    """Write a register's rows compactly: codes as a dictionary, counts as they are."""
    whole = (table[people] % 1 == 0).all()
    columns = {
        c: pa.array(table[c].astype(str).to_list(), pa.string())
        for c in table.columns
        if c != people
    }
    columns[people] = pa.array(table[people].astype("int32" if whole else "float64").to_numpy())
    pq.write_table(
        pa.table(columns),
        path,
        compression="zstd",
        compression_level=19,
        store_schema=False,
        use_dictionary=True,
    )
