"""Which practices are there at a date? The list of practices of NHS ODS, epraccur.

It is published without a header, and is read by the positions that its publisher prints.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five
from coterminous.registers.belonging import bodies_of, own
from coterminous.registers.official_dates import day_asked, days_of
from coterminous.registers.official_tables import Faults, read_official
from coterminous.registers.registration_rows import code_of
from coterminous.registers.sites import by_postcode

if TYPE_CHECKING:
    from coterminous.geography import Geography

#: Where `epraccur` keeps what we read of it, counted from 0: the file has no header.
EPRACCUR = {
    "code": 0,
    "name": 1,
    "postcode": 9,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "body": 14,
    "kind": 25,
}
EPRACCUR_WIDTH = 27
GENERAL_PRACTICE = "4"
_DATES = {"opened": "open date", "closed": "close date"}
STATUSES = {"A": "active", "C": "closed", "D": "dormant", "P": "proposed"}
_CODE = re.compile(r"[A-Z][A-Z0-9]{3,7}")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")


@asked
def practices(
    path: str | Path,
    *,
    area: Geography | None = None,
    on: str | None = None,
    networks: pd.DataFrame | None = None,
    bodies: str | None = None,
    everywhere: bool = False,
    member: str | None = None,
) -> pd.DataFrame:
    """Read the practices of a geography from `epraccur`, and find the block of each.

    Parameters
    ----------
    path : path
        The CSV without a header as it is published, or a zip that holds it; read by position
        (see `EPRACCUR`). A copy that was given a header and saved again is read as well.
    area : Geography, optional
        Its table of postcodes places the sites (see `sites.by_postcode`); the bundled geography if
        not given.
    on : str, optional
        The date, as ``2022-07-01``: practices that had closed before, were not yet open or only
        proposed are left out. All that the file has if not given.
    networks : pandas.DataFrame, optional
        As of `networks`: the `network` and `network_name` of each practice.
    bodies : str, optional
        The layer whose areas are the bodies (sub-ICB locations) that practices belong to; that
        of the geography's register, or the layer that has their codes, if not given.
    everywhere : bool
        Keep practices that are not the geography's. If not, only those whose body is one of its
        or whose site stands in it are kept (see `belonging.own`).
    member : str, optional
        Which file of a zip that holds several.

    Returns
    -------
    pandas.DataFrame
        By code: `name`, `kind`, `postcode`, `block`, `easting`, `northing`, `body` (the sub-ICB
        location), `status` (active, closed, dormant or proposed, as the file says it), and
        `network` if known. A postcode that is not in the table leaves no block.
        ``.attrs["faults"]`` counts what was left out, moved or not found, and
        ``.attrs["moved"]`` lists the sites whose block is not the one their point lies in.

    Raises
    ------
    InputError
        If the file has not the columns of the publisher, a date is none, or a practice is there
        twice with different rows.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> row = ["P81002", "LANCASTER", *[""] * 25]
    >>> row[9], row[10], row[12], row[14], row[25] = "LA1 1PN", "19740401", "A", "01K", "4"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "epraccur.csv")
    ...     _ = file.write_text(",".join(row))
    ...     practices(file, on="2022-07-01").loc["P81002", ["status", "body"]].tolist()
    ['active', '01K']
    """
    if area is None:
        from coterminous.files import bundled_folder
        from coterminous.geography import Geography

        area = Geography.from_files(bundled_folder())
    where, faults = str(path), Faults()
    day = None if on is None else day_asked(on)
    table = _once(_rows(path, member), where, faults)
    for column in ("opened", "closed"):
        table[column] = days_of(table[column], where, _DATES[column])
    if day is not None:
        opened = table["opened"][table["opened"] != ""]
        table = _there_on(table, day, faults)
        if table.empty:
            span = (
                f"its practices opened from {_as_day(opened.min())} to {_as_day(opened.max())}"
                if len(opened)
                else "it has no open date"
            )
            raise InputError(
                f"{where}: no practice of the file was there on {_as_day(day)}; {span}, so give "
                "another date with `on`, or none for every practice that the file has"
            )
    known = table[["name", "postcode", "body"]]
    known = known.mask(known == "")
    known["kind"] = (table["kind"].str.replace(r"\.0$", "", regex=True) == GENERAL_PRACTICE).map(
        {True: "general practice", False: "other prescriber"}
    )
    known["status"] = table["status"].map(STATUSES)
    placed, moved = by_postcode(area, known["postcode"])
    known[["easting", "northing", "block"]] = placed
    layer = bodies_of(area, known["body"].dropna(), bodies)
    others: list[str] = []
    if not everywhere:
        mine = own(area, known, layer)
        rest = known.index[~mine]
        faults.add(
            "practice whose body is not the geography's and whose site is not in it, left out",
            len(rest),
            0,
            rest,
        )
        known, others = known[mine], list(rest)
    if networks is not None:
        known = known.join(networks[["network", "network_name"]], validate="1:1")
        known["network"] = known["network"].fillna("NONE")
    lost = known.index[known["easting"].isna()]
    faults.add("postcode missing or not in the table of postcodes", len(lost), 0, lost)
    moved = moved[moved.index.isin(known.index)]
    faults.add(
        "site moved to a block of the council of its postcode",
        len(moved),
        0,
        moved.index,
    )
    read = [f"practices{f' at {on}' if on else ''} from {Path(path).name}"]
    found = [faults.table()]
    if networks is not None:
        found.append(networks.attrs.get("faults", found[0].head(0)))
        read.append(networks.attrs.get("read", ""))
    known.attrs["faults"] = pd.concat([f for f in found if len(f)] or found[:1], ignore_index=True)
    known.attrs["moved"] = moved
    known.attrs["read"] = "; ".join(filter(None, read))
    known.attrs["others"] = others
    return known


def _rows(path: str | Path, member: str | None) -> pd.DataFrame:
    """Read the columns by their positions, once it is sure that they are where they should be."""
    table = read_official(path, header=False, member=member)
    if not 26 <= table.shape[1] <= EPRACCUR_WIDTH:
        # A spreadsheet leaves the last column out, which is always empty.
        raise InputError(
            f"{path} has {table.shape[1]} columns; epraccur has {EPRACCUR_WIDTH}, without a header"
        )
    table = table.rename(columns={position: name for name, position in EPRACCUR.items()})
    table = table[list(EPRACCUR)].apply(lambda column: column.str.strip())
    table["code"] = code_of(table["code"])
    if re.search(r"code|organisation", table["code"].iloc[0], re.IGNORECASE):
        _check_header(table.iloc[0], str(path))
        table = table.iloc[1:]
    table = table[table["code"] != ""]
    if table.empty:
        raise InputError(f"{path} has no rows of practices; give the file as it is published")
    strange = ~table["code"].str.fullmatch(_CODE.pattern)
    if strange.any():
        raise InputError(
            f"{path}: the first cell of {int(strange.sum()):,} of {len(table):,} rows is no "
            f"practice code: {first_five(table.loc[strange, 'code'])}; epraccur has no header, and "
            "the code of a practice in its first column"
        )
    table["postcode"] = code_of(table["postcode"])
    _check_positions(table, str(path))
    return table


def _check_header(header: pd.Series, where: str) -> None:
    for column, words in (("postcode", "post"), ("opened", "open"), ("closed", "close")):
        if words not in header[column].casefold():
            what = "post code" if words == "post" else f"{words} date"
            raise InputError(
                f"{where}: its header names column {EPRACCUR[column] + 1} {header[column]!r}, "
                f"where epraccur has the {what}; keep the {EPRACCUR_WIDTH} columns in their order"
            )


def _check_positions(table: pd.DataFrame, where: str) -> None:
    """Raise if what stands in a position cannot be what the publisher has there."""
    kinds = {
        "postcode": ("postcodes", _POSTCODE.pattern),
        "status": ("the status A, C, D or P", "[ACDPacdp]"),
    }
    for column, (said, pattern) in kinds.items():
        given = table.loc[table[column] != "", column]
        strange = given[~given.str.fullmatch(pattern)]
        if len(strange) > len(given) / 2 or (column == "status" and len(strange)):
            raise InputError(
                f"{where}: column {EPRACCUR[column] + 1} should hold {said}, and has "
                f"{first_five(strange.unique())}; keep epraccur's {EPRACCUR_WIDTH} columns in "
                "their order"
            )


def _once(table: pd.DataFrame, where: str, faults: Faults) -> pd.DataFrame:
    """Index by code; a row that stands twice alike counts once."""
    table["status"] = table["status"].str.upper()
    again = table.duplicated()
    faults.add("row that stands twice, taken once", int(again.sum()), 0, table.loc[again, "code"])
    table = table[~again]
    twice = table["code"][table["code"].duplicated()].unique()
    if len(twice):
        raise InputError(
            f"{where} has {len(twice):,} practices more than once, with different rows: "
            f"{first_five(twice)}; keep one row each"
        )
    return table.set_index(pd.Index(table["code"], name="code", dtype="str"))


def _as_day(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _there_on(table: pd.DataFrame, day: str, faults: Faults) -> pd.DataFrame:
    """Keep the practices that were open on a day, and those that are dormant."""
    closed = ((table["closed"] != "") & (table["closed"] < day)) | (
        (table["status"] == "C") & (table["closed"] == "")
    )
    later = ~closed & (table["opened"] != "") & (table["opened"] > day)
    proposed = ~closed & ~later & (table["status"] == "P")
    dormant = ~closed & ~later & (table["status"] == "D")
    for said, rows in (
        ("practice that had closed, left out", closed),
        ("practice that was not open yet, left out", later),
        ("practice that is only proposed, left out", proposed),
        ("practice that is dormant, kept", dormant),
    ):
        faults.add(said, int(rows.sum()), 0, table.index[rows])
    return table[~closed & ~later & ~proposed]
