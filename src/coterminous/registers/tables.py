"""Is a table of people by organisation and place sound? Checks it, and completes it."""

from __future__ import annotations

import logging
from typing import Literal

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.layer import OUTSIDE
from coterminous.tables.cells import as_given, read_numbers, said_of
from coterminous.tables.keys import folded
from coterminous.words import counted, plural

log = logging.getLogger(__name__)

UNKNOWN = "unknown"
ELSEWHERE = "elsewhere"
LUMP = "lump"
#: Codes that are no single organisation, and the words for them where a register has none.
LUMP_NAMES = {
    "NONE": "In none",
    "OTHER": "All others",
    "UNATTRIBUTED": "Not published by organisation",
}
ORGANISATION_COLUMNS = ("name", "kind", "site", "postcode", "block", "easting", "northing", "body")
FAULT_COLUMNS = ("fault", "rows", "people", "examples")
SITE_COLUMNS = ("name", "what", "council", "was", "block", "patients")
Resolution = Literal["block", "zone"]


def resolved(
    given: pd.Series, blocks: pd.Series, zones: pd.Series | None
) -> tuple[Resolution, pd.Series]:
    """Say whether places are blocks or zones, and give the place of each block."""
    distinct = pd.Series(given.dropna().unique(), dtype="str")
    named = set(distinct.str.strip()) - {UNKNOWN, ELSEWHERE}
    if named <= set(blocks.index):
        return "block", blocks.rename("block")
    if zones is not None and named <= set(zones):
        return "zone", zones.astype("str").rename("zone")
    named = {folded(name) for name in named} - {UNKNOWN, ELSEWHERE}
    of_blocks = named & {folded(block) for block in blocks.index}
    if named == of_blocks:
        return "block", blocks.rename("block")
    if zones is not None and (named <= {folded(z) for z in zones.unique()} or not of_blocks):
        return "zone", zones.astype("str").rename("zone")
    return "block", blocks.rename("block")


def codes_of(column: pd.Series, where: str, name: str) -> pd.Series:
    """Return a column of codes as text, or say that it holds none."""
    if pd.api.types.is_numeric_dtype(column):
        raise InputError(f"{where}: column `{name}` holds numbers, not codes; read it as text")
    codes = column.astype("str").str.strip()
    empty = int((codes.isna() | (codes == "")).sum())
    if empty:
        raise InputError(
            f"{where}: column `{name}` is empty in {counted(empty, 'row')}; give each a code"
        )
    return codes


def counts_of(table: pd.DataFrame, column: str, rows: pd.Series | None = None) -> pd.Series:
    """Return counts as numbers: whole where all are; `rows` says whose each is, for errors."""
    numbers, kinds = read_numbers(table[column])
    whose = table.index if rows is None else pd.Index(rows)
    if (kinds != "number").any():
        cells = as_given(table[column]).set_axis(whose)
        raise InputError(f"column `{column}` has {said_of(cells, kinds.set_axis(whose))}")
    below = (numbers < 0).to_numpy()
    if below.any():
        raise InputError(
            f"column `{column}` has {counted(int(below.sum()), 'negative count')}: "
            f"{first_five(whose[below])}; give each its count"
        )
    return numbers.astype(np.int64) if (numbers % 1 == 0).all() else numbers


def said_of_fractions(people: pd.Series, name: str) -> str:
    """Say of a register that no note explains how many of its counts are no whole numbers."""
    part = people[people % 1 != 0]
    if part.empty:
        return ""
    said = (
        f"{len(part):,} of {counted(len(people), 'count')} {plural(len(part), 'is', 'are')} no "
        "whole number."
    )
    log.warning("register %r: %s", name, said)
    return said


def check_people(people: pd.DataFrame, resolution: str, places: pd.Series) -> None:
    """Raise if a pair of organisation and place is there twice, or a place is not known."""
    twice = people.duplicated(["organisation", resolution], keep=False)
    if twice.any():
        pairs = people.loc[twice, ["organisation", resolution]].drop_duplicates()
        raise InputError(
            f"{len(pairs):,} pairs of organisation and {resolution} are given more than once: "
            f"{first_five('/'.join(p) for p in pairs.itertuples(index=False))}; sum them first"
        )
    known = {*places.dropna().unique(), UNKNOWN, ELSEWHERE}
    strange = ~people[resolution].isin(known)
    if strange.any():
        raise InputError(
            f"{people.loc[strange, resolution].nunique():,} {resolution}s "
            f"are not in the geography: "
            f"{first_five(people.loc[strange, resolution].unique())}; call places beyond it "
            f"{ELSEWHERE!r}"
        )
    reserved = sorted(set(people["organisation"].unique()) & {OUTSIDE})
    if reserved:
        raise InputError(f"an organisation has a reserved code: {first_five(reserved)}")


def described(given: pd.DataFrame | None, counted: pd.Series) -> pd.DataFrame:
    """Give every organisation of the counts, and every one described, a row."""
    known = pd.DataFrame(index=pd.Index([], dtype="str")) if given is None else given
    twice = known.index[known.index.duplicated()].unique()
    if len(twice):
        raise InputError(f"`organisations` has codes more than once: {first_five(twice)}")
    codes = pd.Index(sorted({*known.index, *counted.unique()}), name="code", dtype="str")
    made = known.set_axis(known.index.astype("str")).reindex(codes)
    for column in ORGANISATION_COLUMNS:
        number = column in ("easting", "northing")
        if column not in made:
            made[column] = np.nan if number else pd.Series(None, index=codes, dtype="str")
        elif not number:
            made[column] = made[column].astype("str")
    lump = codes.isin(list(LUMP_NAMES)) | (made["kind"] == LUMP).to_numpy()
    made["name"] = made["name"].fillna(pd.Series(LUMP_NAMES)).fillna(codes.to_series())
    common = made.loc[~lump, "kind"].dropna().unique()
    made["kind"] = made["kind"].fillna(str(common[0]) if len(common) == 1 else "organisation")
    made.loc[lump, "kind"] = LUMP
    rest = [c for c in made.columns if c not in ORGANISATION_COLUMNS]
    return made[[*ORGANISATION_COLUMNS, *rest]]


def tidied(counts: pd.Series) -> pd.Series:
    """Take the dust of addition off counts of people: to six places, whole where all are whole."""
    if not pd.api.types.is_float_dtype(counts):
        return counts
    rounded = counts.round(6)
    whole = np.isfinite(rounded).all() and (rounded % 1 == 0).all()
    return rounded.astype(np.int64) if whole else rounded
