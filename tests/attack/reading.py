"""What does a folder of published files say? Every table, sentence and circle in it.

Nothing here knows how the files were made: a table is a table whether it is CSV, a list inside
JSON, a sheet, or in a page or a document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd

#: How publishers write a count that they hide. An empty cell is one too where the column is of
#: counts; what marks a table that has no such row at all is for the reader of that table.
HIDDEN = {"", "*", "**", "-", "–", "..", "c", "[c]", "x", "hidden", "nan", "none", "null", "<na>"}
_RANGE = re.compile(r"^(<\s*\d+|(under|fewer than)\s+\d+|\d+\s*(to|–|-)\s*\d+)$", re.IGNORECASE)
_STEPS = json.JSONDecoder()


@dataclass(frozen=True)
class Table:
    """A table, and what its file says of it beside (as `layer` and `threshold` of JSON)."""

    file: str
    part: str
    frame: pd.DataFrame
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """A stretch of text: a paragraph, a pop-up, an alternative text, a line of a log."""

    file: str
    part: str
    text: str


@dataclass(frozen=True)
class Circle:
    """A circle on a map: what it is called there, and its radius as it was written."""

    file: str
    label: str
    radius: str


@dataclass
class Published:
    """All that a reader has."""

    tables: list[Table] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    circles: list[Circle] = field(default_factory=list)
    sayings: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def read_folder(folder: str | Path) -> Published:
    """Read every file in and below a folder; those of no known kind are passed over."""
    found = Published()
    root = Path(folder)
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        reader = _READERS.get(path.suffix.lower())
        if reader is not None:
            reader(path, path.relative_to(root).as_posix(), found)
    return found


def number(value: object) -> float:
    """Read a number as publishers write it; not a number where none is shown.

    >>> number("1,234"), number("15.5%"), number("*")
    (1234.0, 0.155, nan)
    """
    if isinstance(value, bool) or value is None:
        return float("nan")
    if isinstance(value, (int, float, np.number)):
        return float(value)
    text = str(value).strip().replace(",", "").replace("\u202f", "").replace("\xa0", "")
    if text.lower() in HIDDEN or _RANGE.match(text):
        return float("nan")
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return float("nan")


def is_hidden(value: object) -> bool:
    """Say whether this is how publishers write a count that they hide.

    >>> is_hidden("1 to 4"), is_hidden(None), is_hidden("North")
    (True, True, False)
    """
    if value is None or isinstance(value, float):
        return value is None or bool(np.isnan(value))
    text = str(value).strip()
    return text.lower() in HIDDEN or _RANGE.match(text) is not None


def numbers(column: pd.Series) -> pd.Series:
    """Read a column of numbers."""
    return column.map(number).astype(float)


def digits_of(value: object) -> float:
    """Return half a unit of the last figure that was written: how far the truth may be off.

    >>> digits_of("0.31"), digits_of("12.3%"), digits_of(0.5 / 3)
    (0.005, 0.0005, 1e-12)
    """
    text = str(value).strip()
    percent = text.endswith("%")
    text = text.rstrip("%")
    if not re.fullmatch(r"-?[\d,]*\.?\d*", text) or not text.strip("-."):
        return 1e-12
    places = len(text.partition(".")[2])
    return 1e-12 if places >= 12 else 0.5 * 10.0 ** -(places + 2 * percent)


def _read_csv(path: Path, name: str, found: Published) -> None:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.EmptyDataError, pd.errors.ParserError):
        _read_text(path, name, found)
        return
    found.tables.append(Table(name, "", frame, _of_name(name)))


def _of_name(name: str) -> dict[str, Any]:
    """Read what a file's name says: ``impact.BEFORE.AFTER.tSHARE.csv``, ``flows.LAYER.csv``."""
    stem = Path(name).name.rsplit(".", 1)[0]
    share = re.search(r"\.t(\d*\.?\d+)$", stem)
    said: dict[str, Any] = {"threshold": float(share.group(1))} if share else {}
    parts = stem[: share.start()].split(".") if share else stem.split(".")
    if parts[0].startswith("impact") and len(parts) >= 3:
        said |= {"before": parts[1], "after": parts[2]}
    elif parts[0].startswith("flows") and len(parts) >= 2:
        said |= {"layer": parts[1]}
    return said


def _read_json(path: Path, name: str, found: Published) -> None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        _read_text(path, name, found)
        return
    _take_json(value, name, "", {}, found)


def _take_json(value: Any, name: str, part: str, said: dict[str, Any], found: Published) -> None:
    """Take lists of records as tables, texts as words, and what stands beside as said of them."""
    if isinstance(value, dict):
        if part == "":
            found.sayings.append((name, value))
        said = said | {k: v for k, v in value.items() if isinstance(v, (str, int, float))}
        kinds = {type(v) for v in value.values()}
        if value and kinds == {dict}:
            inner = list(value.values())
            if all(not isinstance(x, (dict, list)) for d in inner for x in d.values()):
                frame = pd.DataFrame.from_dict(value, orient="index").rename_axis("key")
                found.tables.append(Table(name, part, frame.reset_index(), said))
        elif value and part and kinds <= {int, float}:
            frame = pd.DataFrame({"key": list(value), "value": list(value.values())})
            found.tables.append(Table(name, part, frame, said))
        for key, inside in value.items():
            _take_json(inside, name, f"{part}.{key}".strip("."), said, found)
    elif isinstance(value, list) and value and all(isinstance(x, dict) for x in value):
        if all(not isinstance(x, (dict, list)) for d in value for x in d.values()):
            frame = pd.DataFrame(value, dtype=object)
            found.tables.append(Table(name, part, frame, said))
        for inside in value:
            for key, deeper in inside.items():
                if isinstance(deeper, (dict, list, str)):
                    _take_json(deeper, name, f"{part}.{key}", said, found)
    elif isinstance(value, list):
        for inside in value:
            _take_json(inside, name, part, said, found)
    elif isinstance(value, str) and " " in value:
        text = _plain(value)
        found.words.append(Words(name, part, text))
        if "<table" in unescape(value):
            page = _Page()
            page.feed(unescape(value))
            for rows in page.rows:
                _take_rows(rows, name, part, found, {"popup": text})


def _plain(marked_up: str) -> str:
    """Take the marks out of a text of HTML, however often it was escaped."""
    text = marked_up
    for _ in range(3):
        text = unescape(text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


class _Page(HTMLParser):
    """Gather the tables, texts, circles and scripts of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.script: list[str] | None = None
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self.open: list[list[list[str]]] = []
        self.circles: list[list[str]] = []
        self.titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {k: v or "" for k, v in attrs}
        for key in ("alt", "title", "aria-label", "data-popup", "data-name", "content"):
            if " " in told.get(key, ""):
                self.texts.append(_plain(told[key]))
        if tag == "table":
            self.open.append([])
        elif tag == "tr" and self.open:
            self.open[-1].append([])
        elif tag in ("td", "th") and self.open:
            self.cell = []
        elif tag in ("script", "style"):
            self.script = []
        elif tag == "circle":
            label = next(
                (told[k] for k in ("data-code", "data-name", "aria-label", "id") if told.get(k)),
                "",
            )
            self.circles.append([label, told.get("r", "")])
        elif tag == "title":
            self.titled = bool(self.circles)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None and self.open and self.open[-1]:
            self.open[-1][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        elif tag == "table" and self.open:
            self.rows.append(self.open.pop())
        elif tag in ("script", "style") and self.script is not None:
            if tag == "script":
                self.scripts.append("".join(self.script))
            self.script = None
        elif tag == "title":
            self.titled = False

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)
            return
        if self.cell is not None:
            self.cell.append(data)
        if self.titled and self.circles and not self.circles[-1][0]:
            self.circles[-1][0] = data.strip()
        if " " in data.strip():
            self.texts.append(" ".join(data.split()))


def _read_html(path: Path, name: str, found: Published) -> None:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8", errors="replace"))
    page.close()
    for k, rows in enumerate(page.rows):
        _take_rows(rows, name, f"table {k + 1}", found)
    found.words.extend(Words(name, "text", t) for t in page.texts)
    found.circles.extend(Circle(name, _plain(n), r) for n, r in page.circles if r)
    for k, script in enumerate(page.scripts):
        for value in _json_within(script):
            _take_json(value, name, f"script {k + 1}", {}, found)
            _take_markers(value, name, found)


def _json_within(script: str) -> Iterator[Any]:
    """Find every JSON value of some length inside a script."""
    at = 0
    for opening in re.finditer(r"[\[{]\s*[\"{\[\d]", script):
        if opening.start() < at:
            continue
        try:
            value, at = _STEPS.raw_decode(script, opening.start())
        except ValueError:
            continue
        if isinstance(value, dict) or (value and isinstance(value[0], dict)):
            yield value


def _take_markers(value: Any, name: str, found: Published) -> None:
    """Find circles drawn by script: records with a radius and a name, a code or a pop-up."""
    if isinstance(value, dict):
        radius = next((value[k] for k in ("radius", "r", "s", "size") if k in value), None)
        label = next(
            (
                value[k]
                for k in ("code", "p", "popup", "name", "n")
                if isinstance(value.get(k), str)
            ),
            "",
        )
        style = value.get("style")
        if radius is None and isinstance(style, dict):
            radius = style.get("radius")
        if isinstance(radius, (int, float)) and label:
            found.circles.append(Circle(name, _plain(label), repr(radius)))
        for inside in value.values():
            _take_markers(inside, name, found)
    elif isinstance(value, list):
        for inside in value:
            if isinstance(inside, (dict, list)):
                _take_markers(inside, name, found)


def _take_rows(
    rows: list[list[str]],
    name: str,
    part: str,
    found: Published,
    said: dict[str, Any] | None = None,
) -> None:
    """Take rows of text as a table whose first row names the columns."""
    full = [r for r in rows if r]
    if len(full) < 2:
        return
    header = full[0]
    body = [r for r in full[1:] if len(r) == len(header)]
    if body and len(set(header)) == len(header):
        frame = pd.DataFrame(body, columns=header)
        found.tables.append(Table(name, part, frame, _of_name(name) if said is None else said))


def _read_svg(path: Path, name: str, found: Published) -> None:
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError:
        _read_text(path, name, found)
        return
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in ("title", "desc", "text") and (element.text or "").strip():
            found.words.append(Words(name, tag, " ".join(str(element.text).split())))
        if tag != "circle":
            continue
        inner = [e.text or "" for e in element if str(e.tag).rpartition("}")[2] == "title"]
        keys = ("data-code", "data-name", "aria-label", "id")
        label = next((element.get(k) for k in keys if element.get(k)), "") or "".join(inner)
        if element.get("r"):
            found.circles.append(Circle(name, str(label).strip(), str(element.get("r"))))


def _read_workbook(path: Path, name: str, found: Published) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
        # Titles and notes stand above a table: it begins at the first row that is filled across.
        width = max((sum(bool(v) for v in r) for r in rows), default=0)
        start = next((k for k, r in enumerate(rows) if sum(bool(v) for v in r) == width), 0)
        _take_rows(rows[start:], name, sheet.title, found)
        for row in rows:
            found.words.extend(Words(name, sheet.title, v) for v in row if " " in v)
        for row in sheet.iter_rows():
            found.words.extend(
                Words(name, f"{sheet.title} comment", cell.comment.text)
                for cell in row
                if cell.comment is not None
            )


def _read_document(path: Path, name: str, found: Published) -> None:
    from docx import Document

    document = Document(str(path))
    for k, table in enumerate(document.tables):
        rows = [[" ".join(c.text.split()) for c in row.cells] for row in table.rows]
        _take_rows(rows, name, f"table {k + 1}", found)
    for paragraph in document.paragraphs:
        if paragraph.text.strip():
            found.words.append(Words(name, "paragraph", paragraph.text))
    for picture in document.element.body.iter():
        if picture.tag.endswith("}docPr") and picture.get("descr"):
            found.words.append(Words(name, "alternative text", picture.get("descr")))


def _read_pdf(path: Path, name: str, found: Published) -> None:
    from pypdf import PdfReader

    for k, page in enumerate(PdfReader(str(path)).pages):
        for line in page.extract_text().splitlines():
            if " " in line.strip():
                found.words.append(Words(name, f"page {k + 1}", line.strip()))


def _read_text(path: Path, name: str, found: Published) -> None:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip():
            found.words.append(Words(name, "line", line.strip()))


_READERS: dict[str, Callable[[Path, str, Published], None]] = {
    ".csv": _read_csv,
    ".json": _read_json,
    ".geojson": _read_json,
    ".html": _read_html,
    ".htm": _read_html,
    ".svg": _read_svg,
    ".xlsx": _read_workbook,
    ".docx": _read_document,
    ".pdf": _read_pdf,
    ".txt": _read_text,
    ".err": _read_text,
    ".log": _read_text,
    ".md": _read_text,
    ".toml": _read_text,
}
