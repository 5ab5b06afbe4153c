"""What do the cells of a spreadsheet show?"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from coterminous.errors import InputError, first_five, unknown
from coterminous.tables.layouts import Grid, Odd, letters

SUFFIXES = (".xlsx", ".xlsm")
OLD_SUFFIXES = (".xls", ".xlsb", ".ods")
MOST_BYTES = 600_000_000
MOST_MEMBERS = 5_000
MOST_CELLS = 30_000_000
_P = rb"<(?:\w+:)?"
_KEPT = re.compile(_P + rb"(?:v|t|is)>")
_ROW_OF = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\bhidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*?\bhidden="(?:1|true)"')
_MERGED = re.compile(_P + rb'mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
#: A formula whose result is not kept: no value follows it.
_FORMULA = re.compile(
    _P
    + rb'c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*'
    + _P
    + rb"f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its cells, whether it is hidden, and what is to be said of it."""

    name: str
    grid: Grid
    hidden: bool
    said: tuple[str, ...]


def sheets_of(opened: Path | BinaryIO, where: str, sheet: str | None = None) -> list[Sheet]:
    """Read the sheets of a workbook, or one of them.

    Raises
    ------
    InputError
        If it is broken or too large, or has no such sheet.
    """
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise InputError(
            f"{where} needs openpyxl to be read: pip install 'coterminous[documents]'"
        ) from error
    try:
        check_archive(opened, where)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(opened, read_only=True, data_only=True, keep_links=False)
            try:
                return _read(book, opened, where, sheet)
            finally:
                book.close()
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(f"{where} is too large to be read") from error
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{where} cannot be read as a table: {reason}; is it whole, and a workbook?"
        ) from error


def check_archive(opened: Path | BinaryIO, where: str) -> None:
    """Raise if a zip holds more than can be meant, before anything of it is unpacked."""
    with zipfile.ZipFile(opened) as archive:
        members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise InputError(
            f"{where} holds {len(members):,} files, and no more than {MOST_MEMBERS:,} are read; "
            "take out the one that is meant"
        )
    size = sum(m.file_size for m in members)
    if size > MOST_BYTES:
        raise InputError(
            f"{where} unpacks to {size / 1e6:,.0f} MB, and no more than {MOST_BYTES / 1e6:,.0f} "
            "are read; give a part of it"
        )
    if any(m.flag_bits & 1 for m in members):
        raise InputError(f"{where} is protected by a password; save it without one")


def _read(book: Any, opened: Path | BinaryIO, where: str, sheet: str | None) -> list[Sheet]:
    # A chart has a sheet of its own, without cells.
    tables = {s.title: s for s in book.worksheets if hasattr(s, "iter_rows")}
    listed = list(tables)
    if sheet is not None and sheet not in tables:
        same = [s for s in listed if s.strip().casefold() == sheet.strip().casefold()]
        if len(same) != 1:
            raise InputError(f"{where}: {unknown('sheet', sheet, listed)}")
        sheet = same[0]
    found = []
    with zipfile.ZipFile(opened) as archive:
        for name, one in tables.items():
            if sheet is None or name == sheet:
                content = archive.read(str(getattr(one, "_worksheet_path", "")).lstrip("/"))
                found.append(_sheet(one, content, where, len(tables)))
    return found


def _sheet(sheet: Any, content: bytes, where: str, of: int) -> Sheet:
    said = []
    place = f" on sheet {sheet.title!r}" if of > 1 else ""
    rows = [
        int(m.group(1))
        for tag in _HIDDEN_ROW.finditer(content)
        if (m := _ROW_OF.match(tag.group(0)))
    ]
    if rows:
        said.append(f"{len(rows):,} hidden rows{place} are read as well: {first_five(rows)}")
    if _HIDDEN_COLUMN.search(content):
        said.append(f"hidden columns{place} are read as well")
    return Sheet(
        name=str(sheet.title),
        grid=_grid(sheet, content, where),
        hidden=sheet.sheet_state != "visible",
        said=tuple(said),
    )


def _last_row(content: bytes) -> int:
    """Find the last row with anything in it: many sheets have a million formatted empty ones."""
    at = max(
        (content.rfind(tag) for tag in (b"<v>", b"<is>", b":v>", b":is>", b"<f", b":f")), default=-1
    )
    if at < 0:
        return 0
    start = max(content.rfind(b"<row", 0, at), content.rfind(b":row", 0, at))
    found = _ROW_OF.match(content, content.rfind(b"<", 0, start + 1)) if start >= 0 else None
    return int(found.group(1)) if found else 1 + content.count(b"<row", 0, at)


def _grid(sheet: Any, content: bytes, where: str) -> Grid:
    last = _last_row(content)
    if not last:
        return Grid([])
    if last > 1_048_576:
        raise InputError(f"{where}: sheet {sheet.title!r} has cells below the last row there is")
    sheet.reset_dimensions()
    rows: list[tuple[int, list[str]]] = []
    odd: dict[tuple[int, int], Odd] = {}
    count = 0
    for n, cells in enumerate(sheet.iter_rows(max_row=last), start=1):
        texts = []
        for j, cell in enumerate(cells):
            value = cell.value
            if value is None:
                texts.append("")
            elif type(value) is str and cell.data_type != "e":
                texts.append(value)
            else:
                text, what = as_shown(value, cell.number_format, cell.data_type, n, j)
                texts.append(text)
                if what is not None:
                    odd[n, j] = what
        if any(texts):
            rows.append((n, texts))
            count += len(texts)
            if count > MOST_CELLS:
                raise InputError(
                    f"{where}: sheet {sheet.title!r} has more than {MOST_CELLS:,} cells; give a "
                    "part of it"
                )
    by_number = dict(rows)
    _unmerge(content, by_number, odd, str(sheet.title))
    for found in _FORMULA.finditer(content):
        n, j = int(found.group(2)), _place(found.group(1))
        formula = (found.group(3) or b"").decode("utf-8", "replace")
        cells = by_number.setdefault(n, [])
        cells.extend([""] * (j + 1 - len(cells)))
        if not cells[j]:
            cells[j] = f"={formula}"
            where_at = f"{letters(j)}{n}"
            odd[n, j] = Odd(
                "formula",
                where_at,
                cells[j],
                f"is the formula ={formula[:40]} without its result (open the file in a "
                "spreadsheet program and save it again)",
            )
    return Grid(sorted(by_number.items()), odd)


def _place(column: bytes) -> int:
    number = 0
    for letter in column:
        number = 26 * number + letter - 64
    return number - 1


def _unmerge(
    content: bytes, rows: dict[int, list[str]], odd: dict[tuple[int, int], Odd], sheet: str
) -> None:
    """Give every cell of a merged one what it shows, and keep which were given it."""
    for found in _MERGED.finditer(content):
        left, right = _place(found.group(1)), _place(found.group(3))
        top, bottom = int(found.group(2)), int(found.group(4))
        value = rows.get(top, [])[left : left + 1]
        if not value or not value[0] or (right - left + 1) * (bottom - top + 1) > 100_000:
            continue
        said = f"merged in {sheet!r}!{letters(left)}{top}:{letters(right)}{bottom}"
        for n in range(top, bottom + 1):
            cells = rows.get(n)
            if cells is None:
                continue
            cells.extend([""] * (right + 1 - len(cells)))
            for j in range(left, right + 1):
                cells[j] = value[0]
                if (n, j) != (top, left):
                    odd[n, j] = _merged(odd.get((top, left)), f"{letters(j)}{n}", value[0], said)


def _merged(first: Odd | None, cell: str, shown: str, said: str) -> Odd:
    """Say what a cell is that was given the text or number of a merged one."""
    if first is None:
        return Odd("merged", cell, shown, said)
    return Odd("merged number", cell, shown, said) if first.kind == "number" else first


def as_shown(
    value: object, number_format: str, kind: str, n: int, j: int
) -> tuple[str, Odd | None]:
    """Return what a cell shows, and what it is if it is no text.

    Examples
    --------
    >>> as_shown(7, "000", "n", 2, 0)
    ('007', None)
    >>> as_shown(dt.datetime(2022, 3, 1), "d-mmm", "d", 2, 0)[1].said
    'is the date 1 March 2022 (was MAR1 typed?)'
    """
    cell = f"{letters(j)}{n}"
    if kind == "e":
        return str(value), Odd("error", cell, str(value), f"is the error {value}")
    if isinstance(value, bool):
        text = str(value).upper()
        return text, Odd("truth", cell, text, f"is the truth value {text}")
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, (dt.date, dt.datetime)):
        text = value.isoformat()
        said = f"is the date {value.day} {value:%B} {value.year}"
        if type(value) is dt.date:
            said += f" (was {value:%b}{value.day} typed?)".replace(
                f"{value:%b}", f"{value:%b}".upper()
            )
        return text, Odd("date", cell, text, said)
    if isinstance(value, (dt.time, dt.timedelta)):
        return str(value), Odd("time", cell, str(value), f"is the time {value}")
    return _number_shown(value, number_format, cell)


def _number_shown(value: Any, number_format: str, cell: str) -> tuple[str, Odd | None]:
    shape = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", str(number_format).split(";")[0]).strip()
    whole = float(value) == int(value) if abs(float(value)) < 1e300 else False
    if whole and re.fullmatch(r"0{2,}", shape) and value >= 0:
        return f"{int(value):0{len(shape)}d}", None
    if "%" in shape:
        return f"{round(float(value) * 100, 10):.12g}%", Odd(
            "number", cell, f"{value}", "is a share"
        )
    text = str(int(value)) if whole else f"{float(value):.15g}"
    return text, Odd("number", cell, text, f"is the number {text}")
