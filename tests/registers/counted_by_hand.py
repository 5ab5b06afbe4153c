"""People by organisation and area in plain pandas: what every door must answer, worked out apart.

Nothing of the library is imported here.
"""

from __future__ import annotations

import pandas as pd

BEYOND = ["outside", "elsewhere", "unknown"]


def by_area(
    people: pd.DataFrame, zones: pd.Series, residents: pd.Series, parts: pd.DataFrame
) -> pd.DataFrame:
    """Count people (`organisation`, `zone`, `patients`): organisations by areas and beyond.

    `parts` has a row for each `block` and `area` with the `share` of the block there; what is
    missing of a block is outside.
    """
    inside = parts.groupby("block")["share"].sum().reindex(zones.index, fill_value=0.0)
    rest = pd.DataFrame({"block": zones.index, "area": "outside", "share": (1 - inside).to_numpy()})
    rows = pd.concat([parts, rest[rest["share"] > 0]], ignore_index=True)
    rows["zone"] = rows["block"].map(zones)
    rows = rows.dropna(subset="zone")
    rows["residents"] = rows["share"] * rows["block"].map(residents)
    lines = []
    for organisation, zone, patients in people[["organisation", "zone", "patients"]].to_numpy():
        if zone in BEYOND:
            lines.append((organisation, zone, patients))
            continue
        here = rows[rows["zone"] == zone]
        weight = "residents" if here["residents"].sum() > 0 else "share"
        for area, part in here.groupby("area")[weight].sum().items():
            lines.append((organisation, area, patients * part / here[weight].sum()))
    found = pd.DataFrame(lines, columns=["organisation", "area", "value"])
    return found.pivot_table(
        index="organisation", columns="area", values="value", aggfunc="sum", fill_value=0.0
    )


def homes(table: pd.DataFrame, sites: dict[str, str | None], area_of: dict[str, str | None]):
    """Say where each organisation is at home: at its site, or, if no site is known, its people."""
    if any(sites.values()):
        return {o: area_of.get(site) if site else None for o, site in sites.items()}
    areas = [c for c in table.columns if c not in BEYOND]
    found = {}
    for organisation in sites:
        cells = table.loc[organisation, areas] if organisation in table.index else pd.Series()
        found[organisation] = cells.idxmax() if cells.sum() > 0 else None
    return found


def living(table: pd.DataFrame) -> pd.Series:
    """Sum the people of each organisation who live in the layer."""
    return table.drop(columns=BEYOND, errors="ignore").sum(axis=1)


def at_home(table: pd.DataFrame, home: dict[str, str | None]) -> pd.Series:
    """Count the people of each organisation who live in its home area."""
    return pd.Series(
        {
            o: table.at[o, a] if a in table.columns and o in table.index else 0.0
            for o, a in home.items()
            if a is not None
        },
        dtype=float,
    )
