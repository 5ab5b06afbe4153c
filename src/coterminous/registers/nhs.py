"""What do NHS England's and OHID's counts say? Patients by practice and LSOA, by trust and MSOA."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers.official_tables import (
    Faults,
    check_once,
    chosen,
    found_columns,
    official_counts,
    read_official,
    single,
)
from coterminous.registers.registration_rows import (
    BY_SEX,
    PATIENTS,
    code_of,
    people_of,
    places_of,
    without_totals,
)
from coterminous.registers.tables import ELSEWHERE, UNKNOWN
from coterminous.tables.layouts import column_key
from coterminous.vintages.rows import SHARED_COLUMNS, Moved, moved_to_blocks
from coterminous.words import counted

#: Our names for columns, and what they have been called in the publisher's files.
REGISTRATION_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("practice_code",),
    "lsoa": ("lsoa_code", "lsoa11_code", "lsoa21_code"),
    "patients": (*PATIENTS, *BY_SEX[0]),
}
TRUST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisation": ("trustcode", "trust_code"),
    "msoa": ("msoa", "msoa_code", "msoa11_code"),
    "patients": ("patients",),
}


@dataclass(frozen=True, eq=False)
class Counted:
    """What an official file counts.

    Attributes
    ----------
    people : pandas.DataFrame
        `organisation`, `place` (also ``unknown`` and ``elsewhere``) and `patients`, once a pair.
    names : pandas.Series
        The name of every organisation in the file, by code; missing where it gives none.
    date : str
    faults : pandas.DataFrame
        `fault`, `rows`, `people`, `examples`.
    note : str
        What was done to the people that a reader of the figures must know.
    shared_out : pandas.DataFrame
        `organisation`, `source`, `block` and `patients` of those of an area that lies in several
        blocks, shared out among these.
    """

    people: pd.DataFrame
    names: pd.Series
    date: str
    faults: pd.DataFrame
    note: str = ""
    shared_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SHARED_COLUMNS))


def registrations(
    path: str | Path,
    *,
    blocks: Iterable[str],
    member: str | None = None,
    sheet: str | None = None,
) -> Counted:
    """Read Patients Registered at a GP Practice, by practice and LSOA, plain or zipped.

    Parameters
    ----------
    path : path
        A CSV, or a zip that holds one.
    blocks : iterable of str
        The LSOAs of the geography; patients of others are counted as ``elsewhere``. Where the
        file is by those of 2021 and the blocks are of 2011, or the other way round, its people
        are taken to the blocks by the official lookup: whole, but for those of an LSOA that lies
        in several blocks, who are shared out by residents.
    member, sheet : str, optional
        Which file of a zip, or sheet of a workbook, that has several.

    Raises
    ------
    InputError
        If a column is missing, a count is negative or no number, or a practice has an LSOA twice.
    """
    table = read_official(path, member=member, sheet=sheet, columns=REGISTRATION_COLUMNS)
    keys = {k: v for k, v in REGISTRATION_COLUMNS.items() if k != "patients"}
    columns = found_columns(table, keys, str(path))
    table, people = people_of(table, str(path))
    organisation, lsoa = (code_of(table[columns[c]]) for c in ("organisation", "lsoa"))
    faults = Faults()
    counts = without_totals(organisation, lsoa, people, faults)
    table, people = table[counts], people[counts]
    organisation, lsoa = organisation[counts], lsoa[counts]
    check_once(organisation, lsoa.mask(lsoa == "", UNKNOWN), str(path))
    _say_fractions(faults, people, organisation)
    names = _names(table, organisation, faults)
    known = set(blocks)
    moved = moved_to_blocks(organisation, lsoa, people, blocks=known, where=str(path))
    if moved is not None:
        organisation, lsoa, people = (moved.rows[c] for c in ("organisation", "place", "people"))
        _add_moved(faults, moved)
    place = places_of(lsoa, people, known, faults, str(path))
    return Counted(
        people=_summed(organisation, place, people),
        names=names,
        date=_single_date(table, str(path)),
        faults=faults.table(),
        **({} if moved is None else {"note": _of_move(moved), "shared_out": _who(moved)}),
    )


def _say_fractions(faults: Faults, people: pd.Series, organisation: pd.Series) -> None:
    """Count the rows whose people are no whole number."""
    part = people % 1 != 0
    faults.add(
        "count that is no whole number", int(part.sum()), people[part].sum(), organisation[part]
    )


def _add_moved(faults: Faults, moved: Moved) -> None:
    """Count the people whose LSOA is not a block under its own code."""
    year = moved.source.rpartition(" ")[2]
    pairs = moved.shared[["organisation", "source"]].drop_duplicates()
    for what, rows, people in (
        (f"LSOA of {year}, taken whole to the block that it is in", len(moved.whole), moved.whole),
        (
            f"LSOA of {year} that lies in several blocks, shared out by resident population",
            len(pairs),
            moved.shared,
        ),
    ):
        faults.add(what, rows, people["people"].sum(), people["source"].unique())


def _of_move(moved: Moved) -> str:
    """Say that the people were taken to other LSOAs, and who of them was shared out."""
    said = f"The file counts by {moved.source} and the blocks are {moved.target}: "
    if not len(moved.shared):
        return f"{said}every patient was taken to the block whole."
    codes = sorted(moved.shared["source"].unique())
    return (
        f"{said}{moved.shared['people'].sum():,.10g} patients of {counted(len(codes), 'LSOA')} in "
        f"several blocks are shared out by resident population ({first_five(codes)}), all others "
        "were taken to the block whole."
    )


def _who(moved: Moved) -> pd.DataFrame:
    """List the people who were shared out, as of `Register.shared_out`."""
    return moved.shared.rename(columns={"place": "block", "people": "patients"})[SHARED_COLUMNS]


def trust_patients(
    path: str | Path,
    *,
    msoas: Iterable[str],
    year: str | None = None,
    admissions: str = "All Admissions",
    member: str | None = None,
    sheet: str | None = None,
) -> Counted:
    """Read OHID's patients by trust and MSOA.

    Parameters
    ----------
    path : path
        CSV or Excel, with `msoa`, `TrustCode`, `patients`, and where there are several
        `CatchmentYear` and `AdmissionType`; `total_patients` says how many were not published
        by trust, which become the organisation ``UNATTRIBUTED``.
    msoas : iterable of str
        Those of the geography; patients of others are counted as ``elsewhere``.
    year : str, optional
        Which catchment year, where the file has several.
    admissions : str
        Which type of admission, where the file has several.
    member, sheet : str, optional
        Which file of a zip, or sheet of a workbook, that has several.

    Raises
    ------
    InputError
    """
    table = read_official(path, member=member, sheet=sheet, columns=TRUST_COLUMNS)
    columns = found_columns(table, TRUST_COLUMNS, str(path))
    table = chosen(table, "catchmentyear", year, str(path))
    table = chosen(table, "admissiontype", admissions, str(path))
    people = official_counts(table[columns["patients"]], str(path))
    organisation = table[columns["organisation"]].str.strip()
    rows = pd.DataFrame(
        {
            "organisation": organisation,
            "zone": table[columns["msoa"]].str.strip(),
            "patients": people,
        }
    )
    check_once(rows["organisation"], rows["zone"], str(path))
    rows = pd.concat([rows, _unattributed(table, rows, str(path))], ignore_index=True)
    here = rows["zone"].isin(set(msoas))
    if not here.any():
        raise InputError(f"{path}: none of its MSOAs is in the geography")
    faults = Faults()
    _say_fractions(faults, people, organisation)
    away = rows[~here]
    faults.add(
        "MSOA that is not in the geography, counted as elsewhere",
        len(away),
        away["patients"].sum(),
        away["zone"].unique(),
    )
    place = rows["zone"].where(here, ELSEWHERE)
    return Counted(
        people=_summed(rows["organisation"], place, rows["patients"]),
        names=_names(table, organisation, faults),
        date=year or single(table, "catchmentyear"),
        faults=faults.table(),
    )


def is_of_trusts(path: str | Path, *, member: str | None = None, sheet: str | None = None) -> bool:
    """Say whether a file has the columns of patients by trust, rather than of registrations."""
    # Where neither is whole, the organisation alone says which of the two it was to be.
    only = {"organisation": TRUST_COLUMNS["organisation"]}
    for columns in (REGISTRATION_COLUMNS, TRUST_COLUMNS, only):
        try:
            table = read_official(path, member=member, sheet=sheet, columns=columns, first=200)
        except InputError:
            continue
        there = {column_key(c) for c in table.columns}
        if all(there & set(names) for names in columns.values()):
            return columns is not REGISTRATION_COLUMNS
    return False


def _summed(organisation: pd.Series, place: pd.Series, people: pd.Series) -> pd.DataFrame:
    rows = pd.DataFrame({"organisation": organisation, "place": place, "patients": people})
    summed = rows.groupby(["organisation", "place"], as_index=False)["patients"].sum()
    return summed[summed["patients"] > 0].reset_index(drop=True)


def _names(table: pd.DataFrame, organisation: pd.Series, faults: Faults) -> pd.Series:
    """Return the names that the file gives, by code, of every organisation in it."""
    column = next(
        (c for c in table.columns if column_key(c) in ("practice_name", "trustname")), None
    )
    if column is None:
        codes = pd.Index(sorted(organisation.unique()), dtype="str")
        return pd.Series(None, index=codes, dtype="str", name="name")
    named = table[column].mask(table[column] == "").groupby(organisation)
    several = named.nunique()
    several = several[several > 1]
    faults.add("code with two names, of which the first is taken", len(several), 0, several.index)
    return named.first().rename("name").astype("str")


def _single_date(table: pd.DataFrame, where: str) -> str:
    """Return the date of the extract, as 2022-07-01, if the file has one.

    Raises
    ------
    InputError
        If what it has is no date, for it would be printed with every figure.
    """
    said = single(table, "extract_date")
    try:
        # 01/07/2022 is the first of July: the publisher is British.
        first = not re.match(r"\d{4}", said)
        found = pd.to_datetime(said, format="mixed", dayfirst=first) if said else pd.NaT
    except ValueError as error:
        raise InputError(
            f"{where}: column `EXTRACT_DATE` is {said!r}, which is no date; give the day of the "
            "extract, such as 01JUL2022, or leave the cells empty"
        ) from error
    return "" if pd.isna(found) else found.strftime("%Y-%m-%d")


def _unattributed(table: pd.DataFrame, rows: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return the patients of each MSOA that were not published by trust."""
    column = next((c for c in table.columns if column_key(c) == "total_patients"), None)
    if column is None:
        return rows.head(0)
    totals = pd.DataFrame({"zone": rows["zone"], "total": official_counts(table[column], where)})
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
