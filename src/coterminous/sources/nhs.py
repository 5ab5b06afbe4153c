"""What do NHS England's and OHID's counts say? Patients by practice and LSOA, by trust and MSOA."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.register import Register
from coterminous.register_tables import ELSEWHERE, UNKNOWN
from coterminous.sources.official import (
    Faults,
    check_once,
    chosen,
    folded,
    found_columns,
    official_counts,
    read_official,
    single,
)

if TYPE_CHECKING:
    from coterminous.geography import Geography

#: Our names for columns, and what they have been called in the publisher's files.
REGISTRATION_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("practice_code",),
    "lsoa": ("lsoa_code", "lsoa11_code", "lsoa21_code"),
    "patients": ("number_of_patients", "all_patients"),
}
TRUST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("trustcode", "trust_code"),
    "msoa": ("msoa", "msoa_code", "msoa11_code"),
    "patients": ("patients",),
}
UNKNOWN_LSOA = re.compile(r"NO\d{4}", re.IGNORECASE)
LSOA = re.compile(r"[EW]01\d{6}")


def registrations(
    path: str | Path,
    *,
    area: Geography,
    name: str = "gp",
    practices: pd.DataFrame | None = None,
    published: bool = False,
    member: str | None = None,
) -> Register:
    """Read Patients Registered at a GP Practice, by practice and LSOA, plain or zipped.

    Parameters
    ----------
    path : path
        A CSV, or a zip that holds one.
    area : Geography
        Its blocks are the LSOAs; patients of others are counted as ``elsewhere``.
    name : str
    practices : pandas.DataFrame, optional
        What is known of each practice, as of `practices` or of another register's
        `organisations`: its site, body and network.
    published : bool
        Say so of NHS England's own file; a file of your own is restricted.
    member : str, optional
        Which file of a zip that holds several.

    Returns
    -------
    Register
        By block: exact for every layer. Its `faults` say what was unknown, hidden or elsewhere.

    Raises
    ------
    InputError
        If a column is missing, a count is negative or no number, or a practice has an LSOA twice.
    """
    table = read_official(path, member=member)
    columns = found_columns(table, REGISTRATION_COLUMNS, str(path))
    table = _all_patients(table)
    faults = Faults()
    people, hidden = official_counts(table[columns["patients"]], str(path))
    faults.add(
        "count hidden or empty, taken as 0",
        int(hidden.sum()),
        0,
        table.loc[hidden, columns["organisation"]],
    )
    lsoa = table[columns["lsoa"]].str.strip().str.upper()
    organisation = table[columns["organisation"]].str.strip()
    here = lsoa.isin(area.blocks)
    no_address = lsoa.str.fullmatch(UNKNOWN_LSOA) | (lsoa == "")
    strange = ~here & ~no_address & ~lsoa.str.fullmatch(LSOA)
    if strange.any():
        raise InputError(
            f"{path}: {int(strange.sum()):,} rows, of {people[strange].sum():,} people, have a "
            f"code that is no LSOA: {first_five(lsoa[strange].unique())}"
        )
    if not here.any():
        raise InputError(
            f"{path}: none of its {lsoa.nunique():,} LSOAs is a block of {area.name!r}; "
            "is it of other LSOAs (2011 or 2021) than the blocks?"
        )
    welsh = ~here & ~no_address & lsoa.str.startswith("W")
    for what, rows in (
        ("address unknown", no_address),
        ("LSOA of Wales, counted as elsewhere", welsh),
        ("LSOA of England that is no block, counted as elsewhere", ~here & ~no_address & ~welsh),
    ):
        faults.add(what, int(rows.sum()), people[rows].sum(), lsoa[rows].unique())
    block = lsoa.mask(no_address, UNKNOWN).mask(~here & ~no_address, ELSEWHERE)
    counted = pd.DataFrame({"organisation": organisation, "block": block, "patients": people})
    check_once(organisation, lsoa.mask(lsoa == "", UNKNOWN), people, str(path))
    counted = counted.groupby(["organisation", "block"], as_index=False)["patients"].sum()
    known = _practices_of(table, columns["organisation"], practices)
    return Register.from_table(
        counted[counted["patients"] > 0],
        area=area,
        name=name,
        place="block",
        organisations=known,
        published=published,
        title="Patients registered with general practices",
        date=_single_date(table),
        source=Path(path).name,
        faults=faults.table(),
        bodies=_bodies(area, name),
    )


def trust_patients(
    path: str | Path,
    *,
    area: Geography,
    name: str = "trust",
    year: str | None = None,
    admissions: str = "All Admissions",
    trusts: pd.DataFrame | None = None,
    published: bool = False,
) -> Register:
    """Read OHID's patients by trust and MSOA.

    Parameters
    ----------
    path : path
        CSV or Excel, with `msoa`, `TrustCode`, `patients`, and where there are several
        `CatchmentYear` and `AdmissionType`; `total_patients` says how many were not published.
    area : Geography
        Its lookup has the MSOA of each block, `msoa11_code`.
    name : str
    year : str, optional
        Which catchment year, where the file has several.
    admissions : str
        Which type of admission, where the file has several.
    trusts : pandas.DataFrame, optional
        What is known of each trust: name and site, as `organisations` of a register.
    published : bool
        Say so of OHID's own file.

    Returns
    -------
    Register
        By MSOA (`resolution` ``zone``): an MSOA that a layer cuts is shared out by population.
        What was not published by trust is the lump ``UNATTRIBUTED``.

    Raises
    ------
    InputError
    """
    if "msoa11_code" not in area.lookup.columns:
        raise InputError(f"geography {area.name!r} has no column `msoa11_code` in its lookup")
    table = read_official(path)
    columns = found_columns(table, TRUST_COLUMNS, str(path))
    table = chosen(table, "catchmentyear", year, str(path))
    table = chosen(table, "admissiontype", admissions, str(path))
    faults = Faults()
    people, hidden = official_counts(table[columns["patients"]], str(path))
    faults.add(
        "count hidden or empty, taken as 0",
        int(hidden.sum()),
        0,
        table.loc[hidden, columns["organisation"]],
    )
    msoas = area.lookup["msoa11_code"]
    rows = pd.DataFrame(
        {
            "organisation": table[columns["organisation"]],
            "zone": table[columns["msoa"]],
            "patients": people,
        }
    )
    check_once(rows["organisation"], rows["zone"], people, str(path))
    rows = pd.concat([rows, _unattributed(table, rows, str(path))], ignore_index=True)
    here = rows["zone"].isin(set(msoas.dropna()))
    if not here.any():
        raise InputError(f"{path}: none of its MSOAs is in geography {area.name!r}")
    away = rows[~here]
    faults.add(
        "MSOA that is not in the geography, counted as elsewhere",
        len(away),
        away["patients"].sum(),
        away["zone"].unique(),
    )
    rows["zone"] = rows["zone"].where(here, ELSEWHERE)
    rows = rows.groupby(["organisation", "zone"], as_index=False)["patients"].sum()
    return Register.from_table(
        rows[rows["patients"] > 0],
        area=area,
        name=name,
        place="zone",
        organisations=trusts,
        places=msoas.fillna("no MSOA"),
        published=published,
        title="Patients admitted by acute trusts",
        date=year or single(table, "catchmentyear"),
        source=Path(path).name,
        faults=faults.table(),
    )


def _all_patients(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of both sexes together, where the file has them by sex as well."""
    column = next((c for c in table.columns if folded(c) == "sex"), None)
    if column is None:
        return table
    sex = table[column].str.strip().str.upper()
    if not (sex == "ALL").any():
        raise InputError(
            f"column `{column}` has no row ALL, only {first_five(sorted(sex.unique()))}; give the "
            "file of all patients"
        )
    return table[sex == "ALL"].reset_index(drop=True)


def _practices_of(table: pd.DataFrame, code: str, practices: pd.DataFrame | None) -> pd.DataFrame:
    """Join what is known of practices with the names that the registrations give."""
    names = next((c for c in table.columns if folded(c) == "practice_name"), None)
    listed = pd.DataFrame(index=pd.Index(table[code].str.strip().unique(), name="code"))
    if names is not None:
        named = table.drop_duplicates(code).set_index(table.drop_duplicates(code)[code].str.strip())
        listed["name"] = named[names].reindex(listed.index)
    if practices is None:
        return listed.assign(kind="general practice")
    known = practices[practices["kind"] != "lump"]
    everything = known.reindex(known.index.union(listed.index))
    if "name" in listed:
        everything["name"] = everything["name"].fillna(listed["name"])
    return everything.assign(kind="general practice")


def _bodies(area: Geography, name: str) -> Any:
    """Return the layer of the bodies that the geography's own register of that name has."""
    return area.register(name).bodies if name in area.register_names else None


def _single_date(table: pd.DataFrame) -> str:
    """Return the date of the extract, as 2022-07-01, if the file has one."""
    said = single(table, "extract_date")
    try:
        return pd.to_datetime(said, format="mixed").strftime("%Y-%m-%d") if said else ""
    except ValueError:
        return said


def _unattributed(table: pd.DataFrame, rows: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return the patients of each MSOA that were not published by trust."""
    column = next((c for c in table.columns if folded(c) == "total_patients"), None)
    if column is None:
        return rows.head(0)
    totals = pd.DataFrame({"zone": rows["zone"], "total": official_counts(table[column], where)[0]})
    totals = totals.drop_duplicates()
    twice = totals["zone"][totals["zone"].duplicated()]
    if len(twice):
        raise InputError(f"{where}: MSOAs have two totals: {first_five(twice)}")
    rest = totals.set_index("zone")["total"] - rows.groupby("zone")["patients"].sum()
    if (rest < 0).any():
        raise InputError(
            f"{where}: the trusts of {int((rest < 0).sum())} MSOAs have more patients than "
            "the MSOA: "
            f"{first_five(rest.index[rest < 0])}"
        )
    rest = rest[rest > 0]
    return pd.DataFrame(
        {"organisation": "UNATTRIBUTED", "zone": rest.index, "patients": rest.to_numpy()}
    )


def read_register_file(
    path: str | Path, *, area: Geography, name: str | None = None, published: bool = False
) -> Register:
    """Read an official file of registrations or of trust patients, whichever it is.

    What the geography's own register of that name knows of the organisations is kept.

    Raises
    ------
    InputError
        If its columns are of neither.
    """
    columns = {folded(c) for c in read_official(path, rows=0).columns}
    of_trusts = bool(columns & set(TRUST_COLUMNS["organisation"]))
    called = name or ("trust" if of_trusts else "gp")
    known = area.register(called).organisations if called in area.register_names else None
    if of_trusts:
        return trust_patients(path, area=area, name=called, trusts=known, published=published)
    return registrations(path, area=area, name=called, practices=known, published=published)
