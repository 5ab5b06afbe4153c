"""Where in a sheet is the table? Titles above, headers of several rows, and notes below."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables.keys import folded
from coterminous.words import counted, plural

#: How far down a header is looked for.
_DEEPEST = 60
_HEADER_WORDS = re.compile(
    r"(^|[ _])(code|name|cd|nm|number|count|total|persons|people|males?|females?|id|title|%)"
    r"($|[ _])|\d\d(cd|nm)$"
)


@dataclass(frozen=True)
class Odd:
    """A cell that a spreadsheet holds as something else than text: where, and what it is."""

    kind: str
    cell: str
    shown: str
    said: str


class Oddities(dict[str, dict[int, Odd]]):
    """The odd cells of a frame, by column and row: one value, however often a frame is copied."""

    def __deepcopy__(self, memo: object) -> Oddities:
        return self


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet or a file of text, as they show.

    Attributes
    ----------
    rows : list of (int, list of str)
        The number of the row in the file, from 1, and its cells. Rows without any are left out.
    odd : dict
        What a spreadsheet holds as something else than text, by row number and column.
    """

    rows: list[tuple[int, list[str]]]
    odd: dict[tuple[int, int], Odd] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What the reader of a table looks for, by which its header and its sheet are found.

    Attributes
    ----------
    columns : tuple of collections of str
        For each column that is wanted, the names that it goes by (as of `column_key`).
    codes : frozenset of str
        Codes that the rows of the table are about.
    """

    columns: tuple[Collection[str], ...] = ()
    codes: frozenset[str] = frozenset()

    @cached_property
    def folded(self) -> frozenset[str]:
        """The codes, folded."""
        return frozenset(map(folded, self.codes))


def column_key(name: object) -> str:
    r"""Fold the name of a column, so that case, spaces and line breaks do not matter.

    Examples
    --------
    >>> column_key("Practice to PCN\nRelationship\nStart Date")
    'practice_to_pcn_relationship_start_date'
    """
    return re.sub(r"[^a-z0-9]+", "_", folded(name)).strip("_")


def laid_out(grid: Grid, where: str, wanted: Wanted | None = None) -> pd.DataFrame:
    """Find the table in a grid.

    Returns
    -------
    pandas.DataFrame
        Text, one row a row, indexed by its number in the file. ``attrs`` has `odd`, by column and
        row, and `said`: what was left out, in words.

    Raises
    ------
    InputError
        If there is no header, or rows have other numbers of cells than it.
    """
    wanted = wanted or Wanted()
    rows = [(n, [c.strip() for c in cells]) for n, cells in grid.rows]
    rows = [(n, cells) for n, cells in rows if any(cells)]
    if not rows:
        raise InputError(f"{where} has no rows: it is empty")
    at, tall = _header(rows, where, wanted, grid)
    said = []
    if at + 1 - tall > 0:
        above = [next(c for c in cells if c) for _, cells in rows[: at + 1 - tall]]
        said.append(
            f"{counted(len(above), 'row')} above the header {plural(len(above), 'is', 'are')} "
            f"left out: {first_five(above)}"
        )
    header = [rows[i][1] for i in range(at + 1 - tall, at + 1)]
    body = rows[at + 1 :]
    names = _names(header)
    body, notes = _without_notes(body, names)
    if notes:
        said.append(
            f"{counted(len(notes), 'row')} of notes {plural(len(notes), 'is', 'are')} left out: "
            f"{first_five(notes)}"
        )
    repeated = [n for n, cells in body if _same(cells, header[-1])]
    if repeated:
        body = [(n, cells) for n, cells in body if not _same(cells, header[-1])]
        said.append(f"the header stands again in rows {first_five(repeated)}, which are left out")
    return _frame(names, body, grid, where, said)


def begins_with_header(rows: Sequence[Sequence[str]], wanted: Wanted | None = None) -> bool:
    """Say whether the first row, and it alone, is the header.

    Raises
    ------
    InputError
        As `laid_out`.
    """
    numbered = [(i + 1, [c.strip() for c in cells]) for i, cells in enumerate(rows)]
    return _header(numbered, "", wanted or Wanted(), Grid([])) == (0, 1)


def _same(cells: Sequence[str], header: Sequence[str]) -> bool:
    return [c for c in cells if c] == [c for c in header if c] and any(cells)


# ---------------------------------------------------------------------- the header


def _header(
    rows: list[tuple[int, list[str]]], where: str, wanted: Wanted, grid: Grid
) -> tuple[int, int]:
    """Find the last row of the header, and how many rows it has."""
    near = [cells for _, cells in rows[:_DEEPEST]]
    if wanted.columns:
        for i in range(len(near)):
            for tall in (1, 2):
                if i + 1 >= tall and _has_all(near[i + 1 - tall : i + 1], wanted.columns):
                    return i, tall
    first = _first_wide(near)
    if wanted.codes:
        found = _above_codes(near, first, wanted, rows, where, grid)
        if found is not None:
            return found
    if _looks_like_rows(near, first):
        raise InputError(_no_header(where, near[first]))
    return (first + 1, 2) if _goes_on(near, first) else (first, 1)


def _no_header(where: str, cells: Sequence[str]) -> str:
    return (
        f"{where} has no header: its first row, {', '.join(c for c in cells if c)[:60]!r}, is like "
        "those below it; put a row with the names of the columns above it"
    )


def _has_all(header: Sequence[Sequence[str]], columns: tuple[Collection[str], ...]) -> bool:
    there = {column_key(n) for n in _names(header)}
    return all(there & set(names) for names in columns)


def _first_wide(rows: Sequence[Sequence[str]]) -> int:
    """Find the first row that is no title: one with two different cells, if any row has."""
    for i, cells in enumerate(rows):
        if len({c for c in cells if c}) > 1:
            return i
    return 0


def _above_codes(
    near: Sequence[Sequence[str]],
    first: int,
    wanted: Wanted,
    rows: list[tuple[int, list[str]]],
    where: str,
    grid: Grid,
) -> tuple[int, int] | None:
    """Find the header by the first row that holds one of the codes, or a code of their shape."""
    far = [cells for _, cells in rows[: 50 * _DEEPEST]]
    counts = _held(far, str, wanted.codes) or _held(far, folded, wanted.folded)
    if not counts:
        return None
    column = max(sorted(counts), key=lambda j: counts[j])
    shapes = {s for s in _shape("\n".join(wanted.codes)).split("\n") if "9" in s}

    def is_row(cells: Sequence[str]) -> bool:
        cell = cells[column] if column < len(cells) else ""
        if cell in wanted.codes or _shape(cell) in shapes:
            return True
        return bool(cell) and folded(cell) in wanted.folded

    body = next((i for i in range(first, len(near)) if is_row(near[i])), None)
    if body is None:
        return None
    # A code that a spreadsheet made into something else is a row of the table all the same.
    while body > first + 1 and (rows[body - 1][0], column) in grid.odd:
        body -= 1
    if body == first:
        raise InputError(_no_header(where, near[first]))
    at = body - 1
    above = near[at - 1] if at > first - 1 and at >= 1 else []
    names = [c for c in near[at] if c]
    wide = max(len(r) for r in near)
    blank = [j for j in range(wide) if not _at(near[at], j) and _at(above, j)]
    needed = len(set(names)) < len(names) or bool(blank)
    return (at, 2) if needed and len({c for c in above if c}) > 1 else (at, 1)


def _held(
    rows: Sequence[Sequence[str]], spelt: Callable[[object], str], codes: frozenset[str]
) -> dict[int, int]:
    """Count by column the cells that are codes; folding takes time, and is mostly not needed."""
    counts: dict[int, int] = {}
    for cells in rows:
        for j, cell in enumerate(cells):
            if cell and spelt(cell) in codes:
                counts[j] = counts.get(j, 0) + 1
    return counts


def _at(cells: Sequence[str], j: int) -> str:
    return cells[j] if j < len(cells) else ""


_SHAPES = str.maketrans(
    string.digits + string.ascii_letters, "9" * 10 + "a" * len(string.ascii_letters)
)


def _shape(text: str) -> str:
    if text.isascii():
        return text.translate(_SHAPES)
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text))


def _looks_like_rows(near: Sequence[Sequence[str]], first: int) -> bool:
    """Say whether a row has a code of the same shape as the codes of every row below it."""
    below = near[first + 1 : first + 12]
    if len(below) < 2:
        return False
    for j, cell in enumerate(near[first]):
        shape = _shape(cell)
        coded = "9" in shape and "a" in shape and len(shape) >= 3
        if coded and all(_shape(_at(cells, j)) == shape for cells in below):
            return True
    return False


def _goes_on(near: Sequence[Sequence[str]], first: int) -> bool:
    """Say whether the row after the first of a header belongs to it as well."""
    if first + 2 >= len(near):
        return False
    upper, lower = near[first], near[first + 1]
    blank = any(_at(lower, j) and not _at(upper, j) for j in range(len(lower)))
    filled = [c for c in lower if c]
    words = sum(bool(_HEADER_WORDS.search(c.casefold())) for c in filled)
    return blank and len(filled) > 1 and words * 2 >= len(filled)


def _names(header: Sequence[Sequence[str]]) -> list[str]:
    """Join the rows of a header: a cell of the upper row stands for the blank ones after it."""
    wide = max(len(cells) for cells in header)
    if len(header) == 1:
        return [" ".join(_at(header[0], j).split()) for j in range(wide)]
    names, group = [], ""
    for j in range(wide):
        group = _at(header[0], j) or group
        parts = [group, *(_at(cells, j) for cells in header[1:])]
        names.append(" ".join(" ".join(dict.fromkeys(p for p in parts if p)).split()))
    return names


# ---------------------------------------------------------------------- the rows


def _without_notes(
    body: list[tuple[int, list[str]]], names: Sequence[str]
) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Take off the last rows if they are notes: one cell of words, under a column of codes."""
    if sum(bool(n) for n in names) < 2:
        return body, []
    notes: list[str] = []
    keep = len(body)
    while keep:
        filled = [(j, c) for j, c in enumerate(body[keep - 1][1]) if c]
        if len(filled) != 1 or filled[0][0] > 0:
            break
        above = [_at(cells, 0) for _, cells in body[: keep - 1]]
        text = filled[0][1]
        apart = keep > 1 and body[keep - 1][0] > body[keep - 2][0] + 1
        worded = " " in text and sum(" " in a for a in above[:_DEEPEST]) == 0
        shaped = {_shape(a) for a in above[:_DEEPEST]}
        if not (worded or (apart and _shape(text) not in shaped)):
            break
        notes.append(text)
        keep -= 1
    if notes and keep == 0:
        return body, []
    return body[:keep], notes[::-1]


def _frame(
    names: list[str],
    body: list[tuple[int, list[str]]],
    grid: Grid,
    where: str,
    said: list[str],
) -> pd.DataFrame:
    wide = len(names)
    while wide and not names[wide - 1]:
        wide -= 1
    long = [(n, cells) for n, cells in body if any(cells[wide:])]
    if long and len(long) < max(2, len(body) / 2):
        n, cells = long[0]
        raise InputError(
            f"{where}: {len(long):,} rows have more cells than the header has names ({wide}), the "
            f"first row {n:,} with {len(cells)}; put a text that holds the delimiter in quotes"
        )
    if long:
        wide = max(len(cells) for _, cells in long)
    columns: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    # One number of several cells is no number of each of them, and would be counted for each.
    shared = {at: o.said for at, o in grid.odd.items() if o.kind == "merged number"}
    for j in range(wide):
        values = [shared.get((n, j), _at(cells, j)) for n, cells in body]
        name = names[j] if j < len(names) else ""
        if not name and not any(values):
            continue
        label = _label(name, j, values, columns)
        if label is not None:
            columns[label], places[label] = values, j
    numbers = pd.Index([n for n, _ in body], dtype="int64", name="row")
    frame = pd.DataFrame(columns, index=numbers, dtype="str")
    kept = {n for n, _ in body}
    odd = Oddities()
    by_place = {j: label for label, j in places.items()}
    for (n, j), what in grid.odd.items():
        if n in kept and j in by_place:
            odd.setdefault(by_place[j], {})[n] = what
    filled = [o for cells in odd.values() for o in cells.values() if o.kind == "merged"]
    if filled:
        ranges = dict.fromkeys(o.said.removeprefix("merged in ") for o in filled)
        said.append(
            f"merged cells are filled with the text that they show: {', '.join(list(ranges)[:5])}"
            + (f" and {len(ranges) - 5:,} more" if len(ranges) > 5 else "")
        )
    frame.attrs = {"said": said, "odd": odd}
    return frame


def _label(name: str, j: int, values: list[str], there: dict[str, list[str]]) -> str | None:
    """Name a column: its letter if it has no name, or one that is there; None for a copy."""
    if not name:
        return f"column {letters(j)}"
    if name not in there:
        return name
    return None if there[name] == values else f"{name} (column {letters(j)})"


def letters(j: int) -> str:
    """Return the letters of a column of a spreadsheet, counted from 0.

    Examples
    --------
    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    text = ""
    j += 1
    while j:
        j, rest = divmod(j - 1, 26)
        text = chr(65 + rest) + text
    return text
