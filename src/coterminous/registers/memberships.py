"""In which network was each practice at a date? NHS England's workbook of networks, ePCN."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five
from coterminous.registers.official_dates import day_asked, days_of
from coterminous.registers.official_tables import Faults, found_columns, read_official
from coterminous.registers.registration_rows import code_of
from coterminous.tables.keys import is_total
from coterminous.tables.layouts import column_key

MEMBERSHIP_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "practice": ("practice_code", "partner_organisation_code", "partner_code"),
    "network": ("pcn_code",),
    "network_name": ("pcn_name",),
    "start": ("start_date", "practice_to_pcn_relationship_start_date", "relationship_start_date"),
    "end": ("end_date", "practice_to_pcn_relationship_end_date", "relationship_end_date"),
}
#: What stands for a practice that is in none.
UNALLOCATED = ("", "U")


@asked
def networks(
    path: str | Path,
    *,
    on: str,
    snapshot: str | None = None,
    sheet: str | None = None,
    member: str | None = None,
) -> pd.DataFrame:
    r"""Read which network each practice was in at a date, from ePCN.

    Parameters
    ----------
    path : path
        NHS England's workbook as published (the sheet of members is found by its columns), or
        CSV; also zipped, beside its specification.
    on : str
        The date, as ``2022-07-01``. A membership holds from its start to its end, both included;
        on the day on which one ends and another begins, the later one.
    snapshot : str, optional
        Which edition, where the file holds several. If not given the last one not after `on`:
        what was published then. A later edition may know of moves that it did not.
    sheet, member : str, optional
        The sheet of a workbook, if not the one that has the columns; the file of a zip.

    Returns
    -------
    pandas.DataFrame
        By practice: `network`, `network_name`, `start`, `end` (empty while it lasts). A practice
        in no network at that date has no row. ``.attrs["faults"]`` counts what was wrong.

    Raises
    ------
    InputError
        If a column is missing, the date is none, a membership ends before it starts, or a
        practice is in two networks at that date.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "epcn.csv")
    ...     _ = file.write_text(
    ...         "Practice Code,PCN Code,PCN Name,Start Date,End Date\n"
    ...         "P81002,U00001,ONE PCN,20190701,20220331\n"
    ...         "P81002,U00002,TWO PCN,20220401,\n"
    ...     )
    ...     networks(file, on="2022-07-01")["network"].to_dict()
    {'P81002': 'U00002'}
    """
    day, where = day_asked(on), str(path)
    table = read_official(path, member=member, sheet=sheet, columns=MEMBERSHIP_COLUMNS)
    columns = found_columns(table, MEMBERSHIP_COLUMNS, where)
    editions = next((c for c in table.columns if column_key(c) == "snapshot"), None)
    if editions is not None:
        table = table[table[editions] == _edition(table[editions], day, snapshot, where)]
    faults = Faults()
    spells = _spells(table, columns, where, faults)
    held = (spells["start"] <= day) & ((spells["end"] == "") | (spells["end"] >= day))
    now = spells[held & ~spells["network"].isin(UNALLOCATED)]
    # Spells that overlap in one network are one membership: that which lasts longest.
    lasting = now["end"].mask(now["end"] == "", "99991231")
    now = now.assign(_lasting=lasting).sort_values(["practice", "network", "_lasting", "start"])
    now = now.drop_duplicates(["practice", "network"], keep="last").drop(columns="_lasting")
    now = _later_of_one_day(now, day, faults)
    twice = now.loc[now["practice"].duplicated(keep=False), "practice"].unique()
    if len(twice):
        raise InputError(
            f"{path}: {len(twice)} practices are in two networks on {on}: {first_five(twice)}; "
            "give the older membership its end date"
        )
    found = now.set_index(pd.Index(now["practice"], name="code"))[
        ["network", "network_name", "start", "end"]
    ]
    found.attrs["faults"] = faults.table()
    found.attrs["read"] = f"networks at {on} from {Path(path).name}"
    return found


def _spells(
    table: pd.DataFrame, columns: Mapping[str, str], where: str, faults: Faults
) -> pd.DataFrame:
    """Read the memberships, each with its dates."""
    spells = pd.DataFrame({k: table[c].str.strip() for k, c in columns.items()})
    spells["practice"], spells["network"] = code_of(spells["practice"]), code_of(spells["network"])
    total = spells["practice"].map(is_total)
    bare = spells["practice"] == ""
    faults.add("row of totals, left out", int(total.sum()), 0, spells.loc[total, "practice"])
    faults.add(
        "membership without a practice, left out", int(bare.sum()), 0, spells["network"][bare]
    )
    spells = spells[~total & ~bare]
    for bound in ("start", "end"):
        spells[bound] = days_of(spells[bound], where, columns[bound])
    backwards = (spells["end"] != "") & (spells["end"] < spells["start"])
    if backwards.any():
        raise InputError(
            f"{where}: {int(backwards.sum())} memberships end before they start: "
            f"{first_five(spells.loc[backwards, 'practice'])}; put their dates right"
        )
    return spells


def _later_of_one_day(now: pd.DataFrame, day: str, faults: Faults) -> pd.DataFrame:
    """Keep the later of two memberships of which one ends on the day that the other begins."""
    begins = now.loc[now["start"] == day, "practice"]
    ended = (now["end"] == day) & (now["start"] != day) & now["practice"].isin(begins)
    faults.add(
        "membership that ends on the day on which the next begins, which was taken",
        int(ended.sum()),
        0,
        now.loc[ended, "practice"],
    )
    return now[~ended]


def _edition(editions: pd.Series, day: str, wanted: str | None, where: str) -> str:
    there = sorted(editions.unique())
    if wanted is not None:
        if wanted not in there:
            raise InputError(f"{where}: `snapshot` is one of {first_five(there)}, not {wanted!r}")
        return wanted
    known = [e for e in there if e.replace("-", "") <= day[: len(e.replace("-", ""))]]
    return str(known[-1] if known else there[0])
