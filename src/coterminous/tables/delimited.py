"""What are the cells of a file of text, and by what are they parted?"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables.layouts import Grid, Oddities, Wanted, begins_with_header, laid_out

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MOST_ROWS = 3_000_000
_HEAD = 40
_LONGEST_CELL = 100_000


def frame_of_text(text: str, where: str, wanted: Wanted | None = None) -> pd.DataFrame:
    """Read a table from text; see `layouts.laid_out` for what is returned.

    Raises
    ------
    InputError
        If it is no table, or rows have other numbers of cells than the header.
    """
    text, delimiter = _delimited(text, where)
    quick = _regular(text, delimiter, wanted)
    if quick is not None:
        return quick
    grid = grid_of_text(text, delimiter, where)
    table = laid_out(grid, where, wanted)
    _check_short(grid, table, where)
    return table


def rows_of_text(text: str, where: str) -> pd.DataFrame:
    """Read a table that has no header: its columns are numbered from 0."""
    text, delimiter = _delimited(text, where)
    rows = grid_of_text(text, delimiter, where).rows
    rows = [(n, cells) for n, cells in rows if any(c.strip() for c in cells)]
    return pd.DataFrame(
        [cells for _, cells in rows], index=[n for n, _ in rows], dtype="str"
    ).fillna("")


def _delimited(text: str, where: str) -> tuple[str, str]:
    if not text.strip():
        raise InputError(f"{where} has no rows: it is empty")
    if re.match(r"\s*(<[!?a-zA-Z]|%PDF|\{\\rtf)", text) or re.match(r"\s*[\[{]\s*[\"{\[\]}]", text):
        raise InputError(
            f"{where} is no table: it begins with {text.strip()[:20]!r}; save it as .csv or .xlsx"
        )
    said = re.match(r"sep=(.)[ ,;\t]*\r?\n", text)
    if said:
        return text[said.end() :], said.group(1)
    return text, delimiter_of(text)


def delimiter_of(text: str) -> str:
    r"""Say what parts the cells: what gives most of the first lines the same number of cells.

    Examples
    --------
    >>> delimiter_of("code;name\nW1;Moor, High\nW2;Fell\n")
    ';'
    """
    best, score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(len(c) for c in _head(text, delimiter) if len(c) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda w: (w[1], w[0]))
        if (count, width) > score:
            best, score = delimiter, (count, width)
    return best


def _head(text: str, delimiter: str) -> list[list[str]]:
    start = text[: 200 * _HEAD * 4]
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter):
            if any(cells):
                rows.append(cells)
            if len(rows) == _HEAD:
                break
    except csv.Error:
        pass
    return rows


def _regular(text: str, delimiter: str, wanted: Wanted | None) -> pd.DataFrame | None:
    """Read the usual table fast: names in the first line, and every line of the same width."""
    head = _head(text, delimiter)
    names = [" ".join(n.split()) for n in head[0]] if head else []
    if len(names) < 2 or len(head) < 2 or not all(names) or len(set(names)) < len(names):
        return None
    if any(len(cells) != len(names) for cells in head[:-1]):
        return None
    try:
        if not begins_with_header(head, wanted):
            return None
        frame = pd.read_csv(
            io.StringIO(text, newline=""), sep=delimiter, dtype="str", keep_default_na=False
        )
    except (InputError, ValueError, IndexError):
        return None
    bare = re.sub(r'"[^"]*"', "", text) if '"' in text else text
    usual = (
        len(frame) > 0
        and isinstance(frame.index, pd.RangeIndex)
        and len(frame.columns) == len(names)
        and text.rstrip("\r\n").count("\n") == len(frame)
        # A row that ends too early is filled up in silence, one that goes on raises.
        and bare.rstrip("\r\n").count(delimiter) == (len(names) - 1) * (len(frame) + 1)
    )
    if not usual:
        return None
    first = set(frame.iloc[:, 0].tolist())
    odd = "" in first or frame.columns[0] in first or " " in "".join(first)
    if odd or sum(c != "" for c in frame.iloc[-1]) < 2 or len(frame) > MOST_ROWS:
        return None
    edges = [f" {delimiter}", f"{delimiter} ", " \n", "\n ", " \r", '" ', ' "', "\t\t", "\u00a0"]
    if any(edge in text for edge in edges) or not text.isascii():
        frame = frame.apply(lambda c: c.str.strip())
    frame.columns = pd.Index(names)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    frame.attrs = {"said": [], "odd": Oddities()}
    return frame


def grid_of_text(text: str, delimiter: str, where: str) -> Grid:
    """Read every cell, with the number of the line on which its row begins."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                rows.append((line, cells))
            if len(rows) > MOST_ROWS or line > 2 * MOST_ROWS:
                raise InputError(f"{where} has more than {MOST_ROWS:,} rows; give a part of it")
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{where} cannot be read as a table: quotes do not match in the row that begins in "
            f"line {line:,} ({error}); mend them, or save it again as `CSV UTF-8`"
        ) from error
    long = [n for n, cells in rows if any(len(c) > _LONGEST_CELL for c in cells)]
    if long:
        raise InputError(
            f"{where} has cells of more than {_LONGEST_CELL:,} characters, in rows "
            f"{first_five(long)}; do its quotes match?"
        )
    return Grid(rows)


def _check_short(grid: Grid, table: pd.DataFrame, where: str) -> None:
    """Raise if a row ends before the header does: an empty cell would be no one's decision."""
    wide = len(table.columns)
    kept = set(table.index)
    short = [(n, len(cells)) for n, cells in grid.rows if n in kept and len(cells) < wide]
    if short:
        raise InputError(
            f"{where}: {len(short):,} rows have fewer cells than the header has names ({wide}), "
            f"the first row {short[0][0]:,} with {short[0][1]}; give an empty cell where there is "
            "nothing"
        )
