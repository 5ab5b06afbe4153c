"""How is an official file read? By the names of its columns, and with every fault counted."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers.tables import FAULT_COLUMNS
from coterminous.tables.cells import read_numbers, said_of
from coterminous.tables.layouts import column_key
from coterminous.tables.opening import open_rows, open_table, tables_in
from coterminous.words import counted, plural

log = logging.getLogger(__name__)


@dataclass
class Faults:
    """What was found wrong in a file, counted in rows and people."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, fault: str, rows: int, people: float, examples: Iterable[object]) -> None:
        """Keep a fault, if there is any row of it."""
        if rows:
            listed = first_five(sorted({str(e) for e in examples}))
            self.rows.append({"fault": fault, "rows": rows, "people": people, "examples": listed})
            if people:
                # The file may be of a register that is not published, and a log is read by all.
                log.warning("%s: who and how many stands in `Register.faults`", fault)
            else:
                log.warning("%s: %d rows (%s)", fault, rows, listed)

    def table(self) -> pd.DataFrame:
        """Return them as `Register.faults`."""
        return pd.DataFrame(self.rows, columns=list(FAULT_COLUMNS))


def all_faults(*tables: pd.DataFrame | None) -> pd.DataFrame:
    """Put tables of faults together."""
    there = [table for table in tables if table is not None and len(table)]
    return pd.concat(there, ignore_index=True) if there else Faults().table()


def read_official(
    path: str | Path,
    *,
    header: bool = True,
    member: str | None = None,
    sheet: str | None = None,
    columns: Mapping[str, tuple[str, ...]] | None = None,
    first: int | None = None,
) -> pd.DataFrame:
    """Read a table of text, a spreadsheet, or a zip that holds one, everything as text.

    The header and the sheet are found by the `columns` that are looked for.

    Raises
    ------
    InputError
        If the file is not there, a zip holds none or several, or it is no table.
    """
    if not header:
        return open_rows(path, member=member)
    # No more than `first` lines of text are read where the names of columns are enough.
    wanted = list((columns or {}).values())
    if member is None and wanted:
        member = _only_fit(path, sheet, wanted)
    return open_table(path, sheet=sheet, member=member, columns=wanted, first=first)


def _only_fit(path: str | Path, sheet: str | None, wanted: list[tuple[str, ...]]) -> str | None:
    """Name the one file of a zip that has the columns, where it holds others besides.

    A publisher's zip has the specification beside the table.
    """
    fit = []
    members = tables_in(path)
    for name in members if len(members) > 1 else ():
        try:
            table = open_table(path, sheet=sheet, member=name, columns=wanted)
        except InputError:
            continue
        there = {column_key(c) for c in table.columns}
        if all(there & set(names) for names in wanted):
            fit.append(name)
    return fit[0] if len(fit) == 1 else None


def found_columns(
    table: pd.DataFrame, wanted: Mapping[str, tuple[str, ...]], where: str
) -> dict[str, Any]:
    """Find each wanted column by one of its known names.

    Raises
    ------
    InputError
        If one is not there, or is there under two names, or there is no row.
    """
    by_name: dict[str, list[Any]] = {}
    for column in table.columns:
        by_name.setdefault(column_key(column), []).append(column)
    found, lacking = {}, []
    for ours, names in wanted.items():
        there = [c for n in names for c in by_name.get(n, [])]
        if len(there) > 1:
            raise InputError(f"{where} has more than one column of {ours}: {first_five(there)}")
        if there:
            found[ours] = there[0]
        else:
            lacking.append(" or ".join(f"`{n.upper()}`" for n in names))
    if lacking:
        shown = [str(c) for c in table.columns]
        more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
        raise InputError(
            f"{where} lacks the column {', '.join(lacking)}; it has: "
            f"{', '.join(shown[:12])}{more}. Is it another file, or another year's?"
        )
    if table.empty:
        raise InputError(f"{where} has the columns, but no row; give the file with its rows")
    return found


def official_counts(column: pd.Series, where: str) -> pd.Series:
    """Return whole counts.

    Raises
    ------
    InputError
        If one is hidden (`*`), missing, negative or no number: a hidden count is not nobody.
    """
    numbers, kinds = read_numbers(column)
    if (kinds != "number").any():
        raise InputError(
            f"{where}: column `{column.name}` has {said_of(column, kinds, label='row ')}"
        )
    below = numbers < 0
    if below.any():
        raise InputError(
            f"{where}: column `{column.name}` has {counted(int(below.sum()), 'negative count')}: "
            f"{first_five(f'row {i}' for i in below.index[below])}"
        )
    whole = (numbers % 1 == 0).all()
    return numbers.astype(np.int64) if whole else numbers


def check_once(first: pd.Series, second: pd.Series, where: str) -> None:
    """Raise if a code is empty, or a pair of codes is there twice.

    One doubled mapping once over-counted England by 8,662.
    """
    bare = (first == "") | (second == "")
    if bare.any():
        raise InputError(
            f"{where}: {counted(int(bare.sum()), 'row')} "
            f"{plural(int(bare.sum()), 'lacks', 'lack')} a code; "
            "give each its organisation and place"
        )
    twice = pd.DataFrame({"a": first, "b": second}).duplicated(keep=False)
    if twice.any():
        pairs = (first[twice] + "/" + second[twice]).unique()
        raise InputError(
            f"{where} has {counted(len(pairs), 'pair')} of codes more than once, in "
            f"{int(twice.sum()):,} rows: {first_five(pairs)}; "
            "keep one row a pair, or add the rows up if each counts other people"
        )


def single(table: pd.DataFrame, wanted: str) -> str:
    """Return the one value of a column, by its folded name; empty if there are several."""
    column = next((c for c in table.columns if column_key(c) == wanted), None)
    values = [] if column is None else sorted(table[column].unique())
    return str(values[0]) if len(values) == 1 else ""


def chosen(table: pd.DataFrame, wanted: str, value: str | None, where: str) -> pd.DataFrame:
    """Keep the rows of one value of a column, where the file has that column."""
    column = next((c for c in table.columns if column_key(c) == wanted), None)
    if column is None:
        return table
    there = sorted(table[column].unique())
    if value is None and len(there) == 1:
        return table
    if str(value) not in there:
        raise InputError(
            f"{where}: `{column}` is one of {first_five(there)}; {value!r} was asked for"
        )
    return table[table[column] == str(value)].reset_index(drop=True)
