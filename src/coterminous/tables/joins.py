"""Has the other table a row for every key of ours? Who is lost in a join is named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables.cells import check_text
from coterminous.tables.columns import column_named
from coterminous.tables.keys import check_alike, folded, is_total, matched
from coterminous.tables.layouts import Odd, Oddities
from coterminous.words import counted, plural

log = logging.getLogger(__name__)

#: What a rule may say of keys that the other table lacks.
MISSING = ("error", "outside")


def keyed(table: pd.DataFrame, column: str, where: str) -> pd.DataFrame:
    """Index a table by a column of codes: text, unique, none empty.

    Empty cells of other columns are missing in the result.

    Raises
    ------
    InputError
        If the column is not there, or a code is empty, twice, no text, or alike to another.

    Examples
    --------
    >>> keyed(pd.DataFrame({"code": ["b1"], "ward": ["W1"]}), "code", "x.csv")["ward"].to_dict()
    {'b1': 'W1'}
    """
    column = column_named(table, column, "code", where)
    codes = table[column]
    if pd.api.types.is_numeric_dtype(codes):
        raise InputError(
            f"{where}: column `{column}` holds numbers, not codes: {first_five(codes)}; "
            "store it as text"
        )
    check_text(table, column, where)
    codes = codes.astype("str").str.strip()
    listed = codes.tolist()
    empty = sum(c != c or c == "" for c in listed)
    if empty:
        raise InputError(
            f"{where}: column `{column}` is empty in {_rows_of(table, codes)}; give each a "
            "code, and take out rows that are no part of the table, such as a note below it"
        )
    if len(set(listed)) < len(listed):
        twice = codes[codes.duplicated()].unique()
        raise InputError(
            f"{where}: column `{column}` has {counted(len(twice), 'code')} more than once: "
            f"{first_five(twice)}; keep one row a code"
        )
    check_alike(codes, f"{where}: column `{column}`")
    texts = table.select_dtypes(["str", "object"]).columns
    blank = {c: table[c] == "" for c in texts if c != column}
    emptied = table.assign(**{c: table[c].mask(b) for c, b in blank.items() if b.any()})
    return reindexed(emptied, pd.Index(codes, name=column))


def _rows_of(table: pd.DataFrame, codes: pd.Series) -> str:
    """Name the rows of a file whose code is empty."""
    rows = table.index[codes.isna() | codes.eq("")]
    return f"{plural(len(rows), 'row', 'rows')} {first_five(rows)}"


def reindexed(table: pd.DataFrame, codes: pd.Index | pd.Series) -> pd.DataFrame:
    """Index a table by other codes of its rows, and its odd cells with it."""
    made = table.set_axis(pd.Index(codes))
    made.attrs = {"odd": _moved(table, codes)}
    return made


def _moved(table: pd.DataFrame, codes: Iterable[str]) -> Oddities:
    """Give the odd cells of a table by other codes of its rows."""
    odd: Mapping[str, Mapping[Any, Odd]] = table.attrs.get("odd", {})
    if not odd:
        return Oddities()
    again = dict(zip(table.index, codes, strict=True))
    return Oddities({c: {again[r]: o for r, o in cells.items()} for c, cells in odd.items()})


def of_blocks(table: pd.DataFrame, blocks: pd.Index, where: str) -> pd.DataFrame:
    """Return a keyed table in the order of the blocks: it has a row for each, and no other.

    Raises
    ------
    InputError
        If it lacks a block, or has a row of totals or of another block.
    """
    spelt = matched(table.index, blocks, where)
    check_blocks(spelt, blocks, where)
    made = table.set_axis(spelt).reindex(blocks)
    made.attrs = {"odd": _moved(table, spelt)}
    return made


def said_of_outside(outside: pd.Series, people: Callable[[], pd.Series] | None) -> str:
    """Say how many blocks have no code, and how many people they are.

    Examples
    --------
    >>> said_of_outside(pd.Series({"b1": True, "b2": False}), None)
    "1 of 2 blocks has no code and is outside: 'b1'"
    """
    some = int(outside.sum())
    residents = _people(outside, people)
    lost = f", with{residents.removeprefix(',')}," if residents else ""
    return (
        f"{some:,} of {counted(len(outside), 'block')}{lost} "
        f"{plural(some, 'has', 'have')} no code and {plural(some, 'is', 'are')} outside: "
        f"{first_five(outside.index[outside])}"
    )


def check_named(table: pd.DataFrame, key: str | None, code: str, name: str, where: str) -> None:
    """Raise if a row has a name and no code: it says that it is in an area, and not in which."""
    bare = table[code].isna() | table[code].astype("str").str.strip().eq("")
    named = table[name].notna() & table[name].astype("str").str.strip().ne("")
    rows = table[bare & named]
    if code != name and len(rows):
        keys = rows.index if key is None else rows[key]
        first = ", ".join(f"{k}: {n!r}" for k, n in zip(keys[:5], rows[name][:5], strict=True))
        more = f" and {len(rows) - 5:,} more" if len(rows) > 5 else ""
        raise InputError(
            f"{where}: {counted(len(rows), 'row')} {plural(len(rows), 'has', 'have')} a name in "
            f"column `{name}` and no code in `{code}`: {first}{more}; give each its code, or leave "
            "both empty if it is outside"
        )


def check_blocks(given: pd.Index, blocks: pd.Index, where: str) -> None:
    """Raise unless a table has every block, and no other."""
    missing, strange = blocks.difference(given), given.difference(blocks)
    if len(missing):
        raise InputError(
            f"{where} lacks {len(missing):,} of {len(blocks):,} blocks: {first_five(missing)}; "
            f"give {plural(len(missing), 'it', 'each')} a row"
        )
    totals = [s for s in strange if is_total(s)]
    if totals:
        raise InputError(
            f"{where} has {counted(len(totals), 'row')} of totals, which "
            f"{plural(len(totals), 'is', 'are')} no block: {first_five(totals)}; take "
            f"{plural(len(totals), 'it', 'them')} out"
        )
    if len(strange):
        raise InputError(
            f"{where} has {counted(len(strange), 'block')} that the geography lacks: "
            f"{first_five(strange)}; take {plural(len(strange), 'its row', 'their rows')} out, or "
            "spell each code as the blocks' file does"
        )


def joined(
    keys: pd.Series,
    table: pd.DataFrame,
    where: str,
    *,
    missing: str = "error",
    people: Callable[[], pd.Series] | None = None,
    mend: str = "",
) -> pd.DataFrame:
    """Give each block the row that another table has for its key.

    Parameters
    ----------
    keys : pandas.Series
        The key of each block; a missing one is outside, and joins nothing.
    table : pandas.DataFrame
        By key, each once; see `keyed`.
    where : str
        The other table, for the sentence.
    missing : {'error', 'outside'}
        What becomes of blocks whose key has no row: an error that names them, or, by a rule that
        says so, outside.
    people : callable, optional
        Gives the people of each block, to say how many are lost.
    mend : str
        What the user can do besides giving the rows.

    Raises
    ------
    InputError
        If a key has no row and no rule says what then.

    Examples
    --------
    >>> regions = pd.DataFrame({"region": ["R"]}, index=["E1"])
    >>> joined(pd.Series({"b1": "E1", "b2": None}), regions, "regions.csv")["region"].tolist()
    ['R', nan]
    """
    if missing not in MISSING:
        raise InputError(f"{where}: `missing` is {missing!r}; it is one of {first_five(MISSING)}")
    ours = pd.Index(keys.dropna().unique(), dtype="str")
    spelt = table.set_axis(matched(table.index, ours, where))
    lacking = keys.notna() & ~keys.isin(spelt.index)
    if lacking.any():
        codes = sorted(keys[lacking].unique())
        lost = f"{int(lacking.sum()):,} of {len(keys):,} blocks{_people(lacking, people)}"
        sentence = (
            f"{where} has no row for {len(codes):,} of {len(ours):,} codes of `{keys.name}`: "
            f"{first_five(codes)} ({lost})"
        )
        if missing != "outside":
            raise InputError(f"{sentence}; {_why(codes, spelt.index)}give each a row{mend}")
        log.info("%s: outside, by the rule `missing`", sentence)
    return spelt.reindex(keys).set_axis(keys.index)


def _people(lacking: pd.Series, people: Callable[[], pd.Series] | None) -> str:
    if people is None:
        return ""
    count = people()
    return f", {count[lacking].sum():,.0f} of {count.sum():,.0f} people"


def _why(codes: list[str], there: pd.Index) -> str:
    """Say what may be the reason, if the codes show one."""
    bare = {folded(c).lstrip("0") for c in there}
    if sum(folded(c).lstrip("0") in bare for c in codes) > len(codes) / 2:
        return "leading zeros are lost in one of the tables, so "
    shapes = {_shape(c) for c in there}
    if any(_shape(c) in shapes for c in codes):
        return "perhaps they are codes of another year, so "
    return "perhaps they are codes of another kind, so "


def _shape(code: str) -> str:
    return "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in str(code))
