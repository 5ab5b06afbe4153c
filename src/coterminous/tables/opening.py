"""What table is in this file? The one opener of every table that comes in."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables import delimited, encodings, workbooks
from coterminous.tables.keys import folded
from coterminous.tables.layouts import Wanted, column_key, laid_out
from coterminous.tables.workbooks import Sheet

log = logging.getLogger(__name__)

TEXTS = (".csv", ".tsv", ".txt", ".tab")
PARQUET = (".parquet", ".pq", ".geoparquet")
#: The kinds of file that hold a table and nothing else.
SUFFIXES = (*TEXTS, *workbooks.SUFFIXES, *workbooks.OLD_SUFFIXES)
MOST_BYTES = workbooks.MOST_BYTES
_WORKBOOK = "xl/workbook.xml"
_OLD = b"\xd0\xcf\x11\xe0"


def open_table(
    path: str | Path,
    *,
    sheet: str | None = None,
    member: str | None = None,
    columns: Iterable[Collection[str]] = (),
    codes: Iterable[str] = (),
    first: int | None = None,
) -> pd.DataFrame:
    """Read a table from text (CSV and its kin) or a spreadsheet, also zipped, as it shows.

    Parameters
    ----------
    path
        UTF-8, UTF-16 or Windows-1252, parted by commas, semicolons, tabs or pipes; ``.xlsx``;
        or a zip that holds one of these.
    sheet
        The sheet of a workbook. If not given, the one that has what is looked for.
    member
        The file of a zip that holds several.
    columns
        For each column that is looked for, the names that it goes by, as of `column_key`.
    codes
        Codes that the rows are about.
    first
        Read no more than so many lines of text: enough for the names of the columns.

    Returns
    -------
    pandas.DataFrame
        Text; an empty cell is the empty text. Indexed by the number of the row in the file.
        ``attrs`` has `odd` (see `cells.check_text`) and `said`, what was left out, which is
        logged as well.

    Raises
    ------
    InputError
        If the file is missing, broken, too large or no table; or has several sheets, and which
        is meant cannot be told.
    """
    wanted = Wanted(tuple(columns), frozenset(codes))
    file = Path(path)
    content, where = _content(file, member)
    table = _table(content, where, sheet, wanted, first)
    for line in table.attrs["said"]:
        log.warning("%s: %s", where, line)
    return table


def open_rows(path: str | Path, *, member: str | None = None) -> pd.DataFrame:
    """Read a table of text that has no header; its columns are numbered from 0.

    Raises
    ------
    InputError
        As `open_table`.
    """
    content, where = _content(Path(path), member)
    if _is_workbook(content):
        sheets = [s for s in workbooks.sheets_of(io.BytesIO(content), where) if s.grid.rows]
        if len(sheets) != 1:
            raise InputError(f"{where} has {len(sheets)} sheets with cells; it needs one")
        rows = sheets[0].grid.rows
        return pd.DataFrame([c for _, c in rows], index=[n for n, _ in rows], dtype="str").fillna(
            ""
        )
    return delimited.rows_of_text(encodings.text_of(content, where), where)


def sheets_in(path: str | Path, *, member: str | None = None) -> list[str]:
    """List the sheets of a workbook that have cells; none for a file of text."""
    content, where = _content(Path(path), member)
    if not _is_workbook(content):
        return []
    return [s.name for s in workbooks.sheets_of(io.BytesIO(content), where) if s.grid.rows]


def tables_in(path: str | Path) -> list[str]:
    """List the tables in a zip, by name; none for a file that is no zip of tables."""
    file = Path(path)
    if not file.is_file() or not zipfile.is_zipfile(file):
        return []
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return []
    return [] if _WORKBOOK in names else _tables_among(names)


def _tables_among(names: Iterable[str]) -> list[str]:
    return sorted(
        n
        for n in names
        if PurePosixPath(n).suffix.lower() in SUFFIXES
        and "__MACOSX" not in n
        and not PurePosixPath(n).name.startswith((".", "~$"))
    )


def _content(file: Path, member: str | None) -> tuple[bytes, str]:
    """Read the bytes of a file, or of the one that is meant in a zip."""
    if not file.is_file():
        raise InputError(f"{file} is {'no file' if file.exists() else 'not there'}")
    if file.stat().st_size > MOST_BYTES:
        raise InputError(
            f"{file} has {file.stat().st_size / 1e6:,.0f} MB, and no more than "
            f"{MOST_BYTES / 1e6:,.0f} are read; give a part of it"
        )
    content = file.read_bytes()
    if content.startswith(b"PK") and not _is_workbook(content):
        return _member(content, file, member)
    if member is not None:
        raise InputError(f"{file} is no zip, so `member` {member!r} cannot be in it")
    if file.suffix.lower() == ".zip":
        raise InputError(f"{file} is no zip file, or not a whole one")
    _check_kind(content, file)
    return content, str(file)


def _check_kind(content: bytes, file: Path) -> None:
    suffix = file.suffix.lower()
    if content.startswith(_OLD):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        said = "is protected by a password" if locked else "is an Excel file of before 2007"
        raise InputError(
            f"{file} {said}; open it in a spreadsheet program and save it as .xlsx"
            f"{' without one' if locked else ''}"
        )
    if suffix in (".xlsb", ".ods"):
        raise InputError(f"{file} is a {suffix} workbook, which is not read; save it as .xlsx")
    for start, kind in (
        (b"\x1f\x8b", "gzip"),
        (b"%PDF", "PDF"),
        (b"PAR1", "Parquet"),
        (b"SQLite format 3", "GeoPackage or SQLite"),
        (b"7z\xbc\xaf", "7-Zip"),
        (b"\x89PNG", "picture"),
        (b"\xff\xd8\xff", "picture"),
    ):
        if content.startswith(start):
            raise InputError(
                f"{file} is a {kind} file and no table of text; give a .csv or .xlsx file"
            )
    if suffix in workbooks.SUFFIXES and not content.startswith(b"PK"):
        raise InputError(
            f"{file} cannot be read as a table: it is no workbook, for all its name; save it as "
            ".xlsx again, or give it the name .csv if it is text"
        )


def _is_workbook(content: bytes) -> bool:
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _WORKBOOK in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _member(content: bytes, file: Path, member: str | None) -> tuple[bytes, str]:
    try:
        workbooks.check_archive(io.BytesIO(content), str(file))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(n in names for n in ("content.xml", "xl/workbook.bin")):
                raise InputError(
                    f"{file} is a workbook of another kind than .xlsx, which is not read; save it "
                    "as .xlsx"
                )
            tables = _tables_among(names)
            chosen = _chosen(tables, file, member)
            return archive.read(chosen), f"{file} ({chosen})"
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{file} cannot be read as a table: it is no zip file or workbook, or not a whole one"
        ) from error


def _chosen(tables: list[str], file: Path, member: str | None) -> str:
    if member is not None:
        same = [t for t in tables if t == member or PurePosixPath(t).name == member]
        if len(same) != 1:
            raise InputError(f"{file} holds no {member!r}; it holds {first_five(tables)}")
        return same[0]
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise InputError(f"{file} holds no table (.csv or .xlsx); it needs one")
    raise InputError(
        f"{file} holds {len(tables)} tables: {first_five(tables)}; say which with `member` "
        "(`--member`), or take it out"
    )


def _table(
    content: bytes, where: str, sheet: str | None, wanted: Wanted, first: int | None
) -> pd.DataFrame:
    if not _is_workbook(content):
        if sheet is not None:
            raise InputError(f"{where} is no workbook, so it has no sheet {sheet!r}")
        text = encodings.text_of(content, where)
        if first is not None:
            text = "\n".join(text.split("\n", first)[:first])
        return delimited.frame_of_text(text, where, wanted)
    sheets = workbooks.sheets_of(io.BytesIO(content), where, sheet)
    table, chosen = _of_sheets(sheets, where, sheet, wanted)
    table.attrs["said"] = [*chosen.said, *table.attrs["said"]]
    if len(sheets) > 1:
        table.attrs["said"].insert(0, f"read from sheet {chosen.name!r}")
    table.attrs["sheet"] = chosen.name
    return table


def _of_sheets(
    sheets: list[Sheet], where: str, sheet: str | None, wanted: Wanted
) -> tuple[pd.DataFrame, Sheet]:
    """Choose the one sheet that has what is looked for; list them all if that cannot be told."""
    if sheet is not None or len(sheets) == 1:
        if not sheets[0].grid.rows:
            raise InputError(f"{where} has no rows: its sheet {sheets[0].name!r} is empty")
        return laid_out(sheets[0].grid, _on(where, sheets[0], sheets), wanted), sheets[0]
    readable: list[tuple[pd.DataFrame, Sheet]] = []
    for one in sheets:
        try:
            table = laid_out(one.grid, _on(where, one, sheets), wanted)
        except InputError:
            continue
        if len(table) and len(table.columns) > 1:
            readable.append((table, one))
    fit = [(t, s) for t, s in readable if _fits(t, wanted)]
    shown = [(t, s) for t, s in fit if not s.hidden]
    chosen = shown if len(shown) == 1 else fit
    if len(chosen) != 1:
        listed = ", ".join(f"{s.name}{' (hidden)' if s.hidden else ''}" for s in sheets[:8])
        many = f"{len(chosen)} of them have" if chosen else "none of them has"
        looked = "what is looked for" if wanted.columns or wanted.codes else "a table"
        raise InputError(
            f"{where} has {len(sheets)} sheets: {listed}; {many} {looked}; say "
            "which with `sheet` (`--sheet`)"
        )
    return chosen[0]


def _on(where: str, one: Sheet, sheets: list[Sheet]) -> str:
    return f"{where}, sheet {one.name!r}" if len(sheets) > 1 else where


def _fits(table: pd.DataFrame, wanted: Wanted) -> bool:
    if wanted.columns:
        there = {column_key(c) for c in table.columns}
        return all(there & set(names) for names in wanted.columns)
    if wanted.codes:
        # Half of what is looked for: another sheet may name a few of the codes as well.
        return any(
            len({folded(v) for v in table[c]} & wanted.folded) * 2 > len(wanted.folded)
            for c in table.columns
        )
    return True


def open_any(path: str | Path, **looked_for: Any) -> pd.DataFrame:
    """Read a table from any kind of file: as `open_table`, and from Parquet and GeoPackage.

    Polygons are left where they are.

    Raises
    ------
    InputError
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix in (*SUFFIXES, ".zip") or not file.is_file():
        return open_table(file, **looked_for)
    if looked_for.get("sheet") is not None:
        raise InputError(f"{file} is no workbook, so it has no sheet {looked_for['sheet']!r}")
    try:
        if suffix in PARQUET:
            import pyarrow.parquet as pq

            columns = [c for c in pq.read_schema(file).names if c != "geometry"]
            return pd.read_parquet(file, columns=columns)
        import pyogrio

        return pyogrio.read_dataframe(file, read_geometry=False)
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{file} cannot be read as a table: {reason}") from error
