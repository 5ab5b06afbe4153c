"""Which tables are inside a file? Each with its source and smallest count, for a sign-off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd

from coterminous.errors import InputError, unknown

COLUMNS = ["file", "table", "rows", "columns", "smallest_count", "smallest_in", "source"]
KINDS = (".csv", ".docx", ".html", ".xlsx")
_COUNT = re.compile(r"^-?\d{1,3}(?:,\d{3})+$|^-?\d+(?:\.0)?$")
# What is no count: a date, a code, a rank, and a column with fractions in it (shares, measures).
_NO_COUNT = re.compile(
    r"^no\.$|\b(as at|date|year|share|key|code|rank|table|value)\b", re.IGNORECASE
)
_FRACTION = re.compile(r"^-?\d[\d,]*\.(?!0$)\d+%?$|^.*\d%$")
_COUNT_IN_WORDS = re.compile(r"(\d[\d,]*) (?:people|patients|residents)\b")


@dataclass
class Found:
    """A table that was found: its title, its cells as text, where its numbers came from."""

    title: str
    headings: Sequence[str]
    rows: list[list[str]]
    source: str = ""

    def smallest(self) -> tuple[int | None, str]:
        """Find the smallest count above nothing, and the column that holds it."""
        best: tuple[int | None, str] = (None, "")
        for position, heading in enumerate(self.headings):
            cells = [row[position] for row in self.rows if position < len(row)]
            if _NO_COUNT.search(heading) or any(_FRACTION.match(cell.strip()) for cell in cells):
                continue
            counts = [n for cell in cells for n in _counts(cell) if n > 0]
            if counts and (best[0] is None or min(counts) < best[0]):
                best = (min(counts), heading)
        return best


def inspect(path: str | Path) -> pd.DataFrame:
    """List every table inside a map, document, workbook or table of ours.

    Parameters
    ----------
    path
        A ``.html`` (a map or an appendix), ``.docx``, ``.xlsx`` or ``.csv`` file, or a folder of
        them.

    Returns
    -------
    pandas.DataFrame
        ``file``, ``table`` (its title), ``rows``, ``columns``, ``smallest_count`` (the smallest
        whole number above 0; missing where there is none), ``smallest_in`` (its column) and
        ``source``. Data behind an interactive map are listed too.

    Raises
    ------
    InputError
        When there is no such file, or it is of another kind or broken.
    """
    target = Path(path)
    if target.is_dir():
        files = sorted(p for p in target.rglob("*") if p.suffix.lower() in KINDS)
        if not files:
            raise InputError(f"{target} holds no file of these kinds: {', '.join(KINDS)}.")
    elif target.is_file():
        files = [target]
    else:
        raise InputError(f"{target} is not there.")
    rows = []
    for file in files:
        for found in _tables_of(file):
            smallest, where = found.smallest()
            rows.append(
                {
                    "file": file.relative_to(target).as_posix() if target.is_dir() else file.name,
                    "table": found.title,
                    "rows": len(found.rows),
                    "columns": len(found.headings),
                    "smallest_count": smallest,
                    "smallest_in": where,
                    "source": found.source,
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"smallest_count": "Int64"})


def _tables_of(file: Path) -> list[Found]:
    """Read the tables of one file."""
    kind = file.suffix.lower()
    if kind == ".pdf":
        raise InputError(
            f"{file} holds pages, not tables; inspect the .docx, .html or .xlsx made with it."
        )
    if kind not in KINDS:
        raise unknown("file", file.name, [f"a {kind} file" for kind in KINDS])
    try:
        if kind == ".html":
            return _in_html(file.read_text(encoding="utf-8"))
        if kind == ".docx":
            return _in_word(file)
        if kind == ".xlsx":
            return _in_workbook(file)
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    except Exception as error:  # each reader has errors of its own for a broken file
        raise InputError(f"{file} cannot be read as {kind}: {error}.") from error
    return [Found(file.stem, list(frame.columns), frame.to_numpy().tolist())]


def _counts(cell: str) -> Iterator[int]:
    """Give the whole numbers of a cell: its own, or those of people in a text."""
    text = cell.strip()
    if _COUNT.match(text):
        yield int(float(text.replace(",", "")))
    else:
        for match in _COUNT_IN_WORDS.finditer(text):
            yield int(match.group(1).replace(",", ""))


# ------------------------------------------------------------------ Word and Excel


def _in_word(file: Path) -> list[Found]:
    """Read the tables of a Word file, each with the caption before it and the source after."""
    from docx import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph

    word = Document(str(file))
    found: list[Found] = []
    before = ""
    for item in word.iter_inner_content():
        if isinstance(item, WordParagraph):
            text = item.text.strip()
            if found and text.startswith("Source: ") and not found[-1].source:
                found[-1].source = text.removeprefix("Source: ")
            before = text or before
        elif isinstance(item, WordTable):
            cells = [
                ["".join(t.text or "" for t in cell.iter(_W + "t")) for cell in row.iter(_W + "tc")]
                for row in item._tbl.tr_lst
            ]
            found.append(Found(before, cells[0] if cells else [], cells[1:]))
    return found


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _in_workbook(file: Path) -> list[Found]:
    """Read the marked-up tables of a workbook; a sheet without one is read whole."""
    from openpyxl import load_workbook

    found = []
    for sheet in load_workbook(file):
        title = str(sheet["A1"].value or sheet.title)
        lines = [str(row[0].value or "") for row in sheet.iter_rows(max_row=12, max_col=1)]
        source = next((x.split("Source: ", 1)[1] for x in lines if "Source: " in x), "")
        ranges = [table.ref for table in sheet.tables.values()] or [sheet.dimensions]
        for area in ranges:
            cells = [["" if c.value is None else str(c.value) for c in row] for row in sheet[area]]
            found.append(Found(f"{sheet.title}: {title}", cells[0], cells[1:], source.rstrip(".")))
    return found


# ------------------------------------------------------------------ HTML


class _Page(HTMLParser):
    """Gathers tables, scripts and pages inside frames."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Found] = []
        self.scripts: list[str] = []
        self.frames: list[str] = []
        self.sources: list[str] = []
        self.heading = ""
        self._open: list[str] = []
        self._cell: list[str] | None = None
        self._row: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        named = dict(attrs)
        if tag == "table":
            self.found.append(Found("", [], [], named.get("data-source") or ""))
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th", "caption", "h1", "h2", "h3", "title", "script"):
            self._open.append(tag)
            self._cell = []
        elif tag == "iframe" and named.get("srcdoc"):
            self.frames.append(str(named["srcdoc"]))

    def handle_endtag(self, tag: str) -> None:
        """End a row or a cell."""
        if tag == "tr" and self.found and self._row:
            table = self.found[-1]
            if table.headings:
                table.rows.append(self._row)
            else:
                table.headings = self._row
            self._row = []
        if not self._open or tag != self._open[-1]:
            return
        self._open.pop()
        text = "".join(self._cell or [])
        self._cell = None
        words = " ".join(text.split())
        if tag in ("td", "th"):
            self._row.append(words)
        elif tag == "caption" and self.found:
            self.found[-1].title = words
        elif tag == "script":
            self.scripts.append(text)
        else:
            self.heading = words

    def handle_data(self, data: str) -> None:
        """Gather text."""
        if self._cell is not None:
            self._cell.append(data)
        elif data.strip().startswith("Source: "):
            self.sources.append(data.strip().removeprefix("Source: "))


def _in_html(text: str) -> list[Found]:
    """Read the tables of a page, the data in its scripts, and the pages in its frames."""
    page = _Page()
    page.feed(text)
    source = "; ".join(dict.fromkeys(page.sources))
    found = [table for table in page.found if table.headings]
    for script in page.scripts:
        found += _in_script(script)
    for position, table in enumerate(found, 1):
        table.title = table.title or f"{page.heading or 'table'} ({position})"
        table.source = table.source or source
    for frame in page.frames:
        for table in _in_html(frame):
            table.title = f"map: {table.title}"
            found.append(table)
    return found


def _in_script(script: str) -> list[Found]:
    """Read the features and the tables that a map's script carries as JSON."""
    decoder = json.JSONDecoder()
    found: list[Found] = []
    position = 0
    start = re.compile(r'\{\s*"(?:features|type|0|bbox)"')
    while match := start.search(script, position):
        try:
            value, position = decoder.raw_decode(script, match.start())
        except ValueError:
            position = match.end()
            continue
        if isinstance(value, dict) and isinstance(value.get("features"), list):
            found.append(_features(value["features"], len(found) + 1))
        elif isinstance(value, dict) and value:
            numbers = list(_numbers(value))
            found.append(Found(f"data of a script ({len(found) + 1})", ["number"],
                               [[str(n)] for n in numbers]))  # fmt: skip
    return found


def _features(features: list[Any], position: int) -> Found:
    """Read the features of a map as a table of what they tell."""
    rows, headings = [], ["name", "told"]
    for feature in features:
        told = feature.get("properties", {}) if isinstance(feature, dict) else {}
        texts = [_plain(str(v)) for v in told.values() if isinstance(v, str | int | float)]
        rows.append([texts[0] if texts else "", " ".join(texts[1:])])
    return Found(f"features of the map ({position})", headings, rows)


def _numbers(value: Any) -> Iterator[int]:
    """Give every whole number inside a value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def _plain(markup: str) -> str:
    """Take the markup out of a pop-up's text."""
    return unescape(re.sub(r"<[^>]*>", " ", unescape(markup)))
