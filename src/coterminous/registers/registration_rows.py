"""Which rows of a file of registrations count people, once each? Sexes, totals, codes, places."""

from __future__ import annotations

import re

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers.official_tables import Faults, official_counts
from coterminous.registers.tables import ELSEWHERE, UNKNOWN
from coterminous.tables.keys import folded, is_total
from coterminous.tables.layouts import column_key
from coterminous.words import counted, joined

PATIENTS = ("number_of_patients", "all_patients")
BY_SEX = (
    ("male_patients", "males", "male", "number_of_male_patients"),
    ("female_patients", "females", "female", "number_of_female_patients"),
)
LSOA = re.compile(r"[EW]01\d{6}")
#: What stands where no LSOA of residence is known, each with the words for it.
UNKNOWN_WORDS = (
    (re.compile(r"|NO\d{4}|UNKNOWN|NOT KNOWN|NULL|NA|N/A|NONE|-"), "address unknown"),
    (re.compile(r"CLOSED"), "address unknown: its postcode is closed (CLOSED)"),
    (re.compile(r"EMPTY"), "address unknown: none was given (EMPTY)"),
)
#: Codes of the small areas of other countries, and the codes that stand for all of one.
ABROAD = (
    (re.compile(r"W\d{8}"), "LSOA of Wales"),
    (re.compile(r"S\d{8}"), "code of Scotland"),
    (re.compile(r"N\d{8}|95[A-Z]{2}\d{2}[A-Z]\d|N\d{2}[A-Z]{2}\d+"), "code of Northern Ireland"),
    (re.compile(r"[LM]\d{8}"), "code of the Channel Islands or the Isle of Man"),
    (re.compile(r"E99999999"), "code of England that is no LSOA"),
)


def code_of(column: pd.Series) -> pd.Series:
    """Return codes as their publisher writes them, whatever case or spaces a file has."""
    spelt = {text: folded(text).upper() for text in column.unique()}
    return column.map(spelt).astype("str")


def people_of(table: pd.DataFrame, where: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows of both sexes together, and their counts.

    Patients in one column of all; else in two, of males and of females, which are added up; by
    rows of a column of sex the rows ALL, else those of males and females.

    Raises
    ------
    InputError
        If the columns or rows do not say how many are there of both sexes.
    """
    table = _both_sexes(table, where)
    keys = {c: column_key(c) for c in table.columns}
    totals = [c for c, key in keys.items() if key in PATIENTS]
    if len(totals) > 1:
        first, *others = (official_counts(table[c], where) for c in totals)
        if any(not first.equals(other) for other in others):
            listed = joined(f"`{c}`" for c in totals)
            raise InputError(
                f"{where} has the columns {listed}, and they do not say the same; "
                "keep the one of all patients"
            )
        return table, first
    if totals:
        return table, official_counts(table[totals[0]], where)
    pair = [next((c for c, key in keys.items() if key in names), None) for names in BY_SEX]
    if None in pair:
        raise InputError(
            f"{where} lacks the column `NUMBER_OF_PATIENTS` or `ALL_PATIENTS`, or both of "
            f"`MALE_PATIENTS` and `FEMALE_PATIENTS`; it has: {_listed(table)}"
        )
    males, females = (official_counts(table[c], where) for c in pair)
    return table, males + females


def _listed(table: pd.DataFrame) -> str:
    names = [str(c) for c in table.columns]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more


def _both_sexes(table: pd.DataFrame, where: str) -> pd.DataFrame:
    column = next((c for c in table.columns if column_key(c) == "sex"), None)
    if column is None:
        return table
    sex = table[column].map(lambda s: folded(s).upper())
    sex = sex.replace({"M": "MALE", "F": "FEMALE", "MALES": "MALE", "FEMALES": "FEMALE"})
    sex = sex.replace({"PERSONS": "ALL", "BOTH": "ALL", "TOTAL": "ALL"})
    there = set(sex)
    if "ALL" in there:
        places = table.drop(columns=[column, *_counts_in(table)])
        pairs = pd.MultiIndex.from_frame(places)
        lost = (sex != "ALL").to_numpy() & ~pairs.isin(pairs[(sex == "ALL").to_numpy()])
        if lost.any():
            raise InputError(
                f"{where}: column `{column}` has rows ALL, but not for {int(lost.sum()):,} rows of "
                f"{first_five(sorted(set(sex[lost])))}; give the file of all patients"
            )
        return table[sex == "ALL"]
    strange = there - {"MALE", "FEMALE"}
    if {"MALE", "FEMALE"} <= there and not strange:
        return _added_up(table, column, where)
    raise InputError(
        f"{where}: column `{column}` has no row ALL, only {first_five(sorted(there))}; give the "
        "file of all patients, or one of MALE and FEMALE"
    )


def _counts_in(table: pd.DataFrame) -> list[str]:
    names = {*PATIENTS, *BY_SEX[0], *BY_SEX[1]}
    return [c for c in table.columns if column_key(c) in names]


def _added_up(table: pd.DataFrame, column: str, where: str) -> pd.DataFrame:
    """Add the row of males and that of females up; a pair that stands twice is found later."""
    counts = _counts_in(table)
    if len(counts) != 1:
        raise InputError(
            f"{where}: column `{column}` parts males from females, and so do or do not the columns "
            f"{first_five(counts)}; keep one column of patients"
        )
    rest = [c for c in table.columns if c not in (column, *counts)]
    twice = table.duplicated([*rest, column], keep=False)
    if twice.any():
        raise InputError(
            f"{where}: {int(twice.sum()):,} rows of one practice, place and sex are there more "
            f"than once, the first {first_five(table.loc[twice, rest[0]].unique())}; keep one each"
        )
    people = official_counts(table[counts[0]], where)
    summed = people.groupby([table[c] for c in rest], sort=False).sum()
    return summed.rename(counts[0]).reset_index()


def without_totals(
    organisation: pd.Series, lsoa: pd.Series, people: pd.Series, faults: Faults
) -> pd.Series:
    """Say which rows count people rather than add others up, and count those that do not."""
    total = organisation.map(is_total) | lsoa.map(is_total) | lsoa.isin(["ALL"])
    faults.add(
        "row of totals, left out", int(total.sum()), people[total].sum(), organisation[total]
    )
    return ~total


def places_of(
    lsoa: pd.Series, people: pd.Series, blocks: set[str], faults: Faults, where: str
) -> pd.Series:
    """Give each row its block, ``unknown`` or ``elsewhere``, and count what is no block.

    Raises
    ------
    InputError
        If a code is of nowhere, or none is a block.
    """
    here = lsoa.isin(blocks)
    place = lsoa.where(here)
    known = here.copy()
    for words, said in UNKNOWN_WORDS:
        rows = ~known & lsoa.str.fullmatch(words.pattern)
        faults.add(said, int(rows.sum()), people[rows].sum(), lsoa[rows].unique())
        place, known = place.mask(rows, UNKNOWN), known | rows
    for words, said in (
        *ABROAD,
        (re.compile(r"E01\d{6}"), "LSOA of England that is no block"),
    ):
        rows = ~known & lsoa.str.fullmatch(words.pattern)
        faults.add(
            f"{said}, counted as elsewhere",
            int(rows.sum()),
            people[rows].sum(),
            lsoa[rows].unique(),
        )
        place, known = place.mask(rows, ELSEWHERE), known | rows
    if not known.all():
        raise InputError(
            f"{where}: {counted(int((~known).sum()), 'row')} with a "
            f"code that is no LSOA: {first_five(lsoa[~known].unique())}; give each the LSOA of "
            "residence, or NO2011 where it is not known"
        )
    if not here.any():
        raise InputError(
            f"{where}: none of its {lsoa.nunique():,} LSOAs is a block of the geography; "
            "is it of other LSOAs (2011 or 2021) than the blocks, or of another board?"
        )
    return place.astype("str")
