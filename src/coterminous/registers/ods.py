"""Which practices are there, and in which network was each? NHS ODS files: epraccur and ePCN.

`epraccur` alone has no header, and is read by the positions that its publisher prints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers.official_tables import Faults, found_columns, read_official
from coterminous.registers.sites import blocks_at, postcode_points
from coterminous.tables.layouts import column_key

if TYPE_CHECKING:
    from coterminous.geography import Geography

MEMBERSHIP_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "practice": ("practice_code", "partner_organisation_code"),
    "network": ("pcn_code",),
    "network_name": ("pcn_name",),
    "start": ("start_date", "practice_to_pcn_relationship_start_date"),
    "end": ("end_date", "practice_to_pcn_relationship_end_date"),
}
#: Where `epraccur` keeps what we read of it, counted from 0: the file has no header.
EPRACCUR = {"code": 0, "name": 1, "postcode": 9, "closed": 11, "status": 12, "body": 14, "kind": 25}
EPRACCUR_WIDTH = 27
GENERAL_PRACTICE = "4"


def practices(
    path: str | Path,
    *,
    area: Geography,
    networks: pd.DataFrame | None = None,
    on: str | None = None,
) -> pd.DataFrame:
    """Read practices from `epraccur`, and find the block of each by its postcode.

    Parameters
    ----------
    path : path
        A CSV without a header, or a zip that holds one; read by position (see `EPRACCUR`).
    area : Geography
        Its table of postcodes places the sites.
    networks : pandas.DataFrame, optional
        As of `networks`: the `network` and `network_name` of each practice.
    on : str, optional
        Leave out practices that had closed before this date, as ``2022-07-01``.

    Returns
    -------
    pandas.DataFrame
        By code: `name`, `kind`, `postcode`, `block`, `easting`, `northing`, `body` (the sub-ICB
        location), and `network` if known. A postcode that is not in the table leaves no block;
        ``.attrs["faults"]`` counts them.

    Raises
    ------
    InputError
        If the file has not the 27 columns of the publisher, or a practice twice.
    """
    table = read_official(path, header=False)
    if table.shape[1] != EPRACCUR_WIDTH:
        raise InputError(
            f"{path} has {table.shape[1]} columns; epraccur has {EPRACCUR_WIDTH}, without a header"
        )
    table = table.rename(columns={position: name for name, position in EPRACCUR.items()})
    if not re.fullmatch(r"[A-Z][A-Z0-9]{3,7}", str(table["code"].iloc[0])):
        raise InputError(
            f"{path}: the first cell is {table['code'].iloc[0]!r}, no practice code; epraccur has "
            "no header"
        )
    if on is not None:
        closed = _dates(table["closed"], str(path), "close date")
        table = table[(closed == "") | (closed >= _date(on))]
    twice = table["code"][table["code"].duplicated()].unique()
    if len(twice):
        raise InputError(f"{path} has practices more than once: {first_five(twice)}")
    table = table.set_index(pd.Index(table["code"], name="code"))
    known = table[["name", "postcode", "body"]]
    known = known.mask(known == "")
    known["kind"] = (table["kind"] == GENERAL_PRACTICE).map(
        {True: "general practice", False: "other prescriber"}
    )
    known[["easting", "northing"]] = postcode_points(area, known["postcode"])
    placed = known["easting"].notna()
    known["block"] = pd.Series(None, index=known.index, dtype="str")
    known.loc[placed, "block"] = blocks_at(
        area, known.loc[placed, "easting"], known.loc[placed, "northing"]
    )
    if networks is not None:
        known = known.join(networks[["network", "network_name"]], validate="1:1")
        known["network"] = known["network"].fillna("NONE")
    faults = Faults()
    lost = known.index[~placed]
    faults.add("postcode missing or not in the table of postcodes", len(lost), 0, lost)
    known.attrs["faults"] = faults.table()
    return known


def networks(
    path: str | Path,
    *,
    on: str,
    snapshot: str | None = None,
    sheet: str | None = None,
    member: str | None = None,
) -> pd.DataFrame:
    """Read which network each practice was in at a date, from ePCN.

    Parameters
    ----------
    path : path
        CSV or Excel, also zipped; its columns by name, as in ePCN's sheet of core partners.
    on : str
        The date, as ``2022-07-01``. A membership holds from its start to its end, both included.
    snapshot : str, optional
        Which edition, where the file holds several. If not given the last one not after `on`:
        what was published then. A later edition may know of moves that it did not.
    sheet, member : str, optional
        The sheet of a workbook, if not the one that has the columns; the file of a zip.

    Returns
    -------
    pandas.DataFrame
        By practice: `network`, `network_name`, `start`, `end` (empty while it lasts). A practice
        in no network at that date has no row.

    Raises
    ------
    InputError
        If the date is none, or a practice is in two networks at that date.
    """
    day = _date(on)
    table = read_official(path, member=member, sheet=sheet, columns=MEMBERSHIP_COLUMNS)
    columns = found_columns(table, MEMBERSHIP_COLUMNS, str(path))
    editions = next((c for c in table.columns if column_key(c) == "snapshot"), None)
    if editions is not None:
        table = table[table[editions] == _edition(table[editions], day, snapshot, str(path))]
    spells = pd.DataFrame({k: table[c].str.strip() for k, c in columns.items()})
    for bound in ("start", "end"):
        spells[bound] = _dates(spells[bound], str(path), columns[bound])
    backwards = (spells["end"] != "") & (spells["end"] < spells["start"])
    if backwards.any():
        raise InputError(
            f"{path}: {int(backwards.sum())} memberships end before they start: "
            f"{first_five(spells.loc[backwards, 'practice'])}"
        )
    held = (spells["start"] <= day) & ((spells["end"] == "") | (spells["end"] >= day))
    now = spells[held & (spells["network"] != "") & (spells["network"] != "U")]
    # Spells that overlap in one network are one membership.
    now = now.sort_values(["practice", "network", "start"])
    now = now.drop_duplicates(["practice", "network"])
    twice = now.loc[now["practice"].duplicated(keep=False), "practice"].unique()
    if len(twice):
        raise InputError(
            f"{path}: {len(twice)} practices are in two networks on {on}: {first_five(twice)}"
        )
    return now.set_index(pd.Index(now["practice"], name="code"))[
        ["network", "network_name", "start", "end"]
    ]


def _date(text: str) -> str:
    digits = str(text).strip().replace("-", "")
    if not re.fullmatch(r"(19|20)\d{6}", digits):
        raise InputError(f"`on` is {text!r}; give a date such as 2022-07-01")
    return digits


def _dates(column: pd.Series, where: str, name: str) -> pd.Series:
    """Return dates as YYYYMMDD, which sorts; empty where there is none."""
    text = column.fillna("").str.replace(r"\.0$", "", regex=True).str.replace("-", "")
    text = text.str.replace(r"^(\d{8})\D.*$", r"\1", regex=True)
    bad = ~text.str.fullmatch(r"|(19|20)\d{6}")
    if bad.any():
        raise InputError(
            f"{where}: column `{name}` has {int(bad.sum())} cells that are no dates (YYYYMMDD): "
            f"{first_five(column[bad].unique())}"
        )
    return text


def _edition(editions: pd.Series, day: str, wanted: str | None, where: str) -> str:
    there = sorted(editions.unique())
    if wanted is not None:
        if wanted not in there:
            raise InputError(f"{where}: `snapshot` is one of {first_five(there)}, not {wanted!r}")
        return wanted
    known = [e for e in there if e.replace("-", "") <= day[: len(e.replace("-", ""))]]
    return str(known[-1] if known else there[0])
