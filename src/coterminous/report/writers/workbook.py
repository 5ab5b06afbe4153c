"""How do the tables read in Excel? One workbook: a cover, contents, notes, a table to a sheet.

Laid out after the Analysis Function's guidance on spreadsheets: a cover that says what it is and
whom to ask, contents, a sheet of notes, one marked-up table on each sheet, letters of 12 points, no
filters, no merged cells, nothing hidden, nothing said by colour alone, numbers rounded as shown.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from coterminous.report.content import Document, Table, plain_cells
from coterminous.report.numbers import missing
from coterminous.report.wording import Figure
from coterminous.report.writers.archives import settled
from coterminous.words import counted, date_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMATS = {
    "people": "#,##0",
    "about": "#,##0",
    "portion": "0.0%",
    "count": "#,##0",
    "hectares": "#,##0",
    "share": "0.0%",
    "percent": "0.0",
    "decimal": "0.00",
    "measure": "0.000",
}
# Decimal places of what is shown rounded; people, counts and hectares are kept as they are.
_PLACES = {"share": 3, "portion": 3, "percent": 1, "decimal": 2, "measure": 3}
_FACE, _SIZE = "Arial", 12


def render_workbook(document: Document) -> bytes:
    """Render every table, and the figures of the text, as one workbook.

    Text is written as text: a name that begins with ``=`` is never a formula. Tables are whole,
    also where the documents show their first rows only.
    """
    from openpyxl import Workbook

    book = Workbook()
    cover: Any = book.active
    cover.title = "Cover"
    contents = book.create_sheet("Contents")
    notes = book.create_sheet("Notes")
    names: dict[str, str] = {}
    for number, table in enumerate(document.tables(), 1):
        sheet_name = f"Table {number}"
        names[sheet_name] = table.title
        _table_sheet(book.create_sheet(sheet_name), table, number)
    figures = document.figures()
    if figures:
        names["Figures"] = "Every figure in the text, with where it came from"
        _figure_sheet(book.create_sheet("Figures"), figures.values())
    _cover_sheet(cover, document, len(names))
    _contents_sheet(contents, names)
    _notes_sheet(notes, document)
    about = book.properties
    about.title, about.language = document.title, document.language
    about.creator = about.lastModifiedBy = document.author or document.organisation or "coterminous"
    out = BytesIO()
    book.save(out)
    return settled(out.getvalue(), date=document.date)


def _put(sheet: Any, row: int, column: int, value: Any, *, style: str = "") -> Any:
    """Write one cell; a text stays a text whatever it begins with."""
    import numpy as np
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row=row, column=column)
    if missing(value):
        cell.value = None
    elif isinstance(value, bool | np.bool_):
        cell.value = "yes" if value else "no"
    elif isinstance(value, int | float | np.integer | np.floating):
        cell.value = value.item() if isinstance(value, np.generic) else value
    else:
        text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        cell.value = text
        if text[:1] in ("=", "+", "-", "@"):
            cell.data_type = "s"
            cell.quotePrefix = True
    fonts, alignments = _looks()
    cell.font = fonts[style]
    if style in ("", "head"):
        long = style == "head" or (isinstance(value, str) and len(value) > 40)
        cell.alignment = alignments[long]
    return cell


@cache
def _looks() -> tuple[dict[str, Any], dict[bool, Any]]:
    """Make the typefaces by style, and what wraps and what does not, once for all cells."""
    from openpyxl.styles import Alignment, Font

    fonts = {
        "title": Font(name=_FACE, size=16, bold=True),
        "section": Font(name=_FACE, size=14, bold=True),
        "head": Font(name=_FACE, size=_SIZE, bold=True),
        "": Font(name=_FACE, size=_SIZE),
    }
    return fonts, {long: Alignment(wrap_text=long, vertical="top") for long in (True, False)}


def _table_sheet(sheet: Any, table: Table, number: int) -> None:
    """Write one table on its sheet, its title first and its notes before it."""
    _put(sheet, 1, 1, f"Table {number}: {table.title}", style="title")
    above = [
        "This sheet contains one table."
        + (" Some cells are empty: there is no value." if table.frame.isna().any().any() else ""),
        table.provenance.sentence(),
        *table.notes,
        *[f"{c.heading}: {c.note}" for c in table.columns if c.note],
    ]
    for offset, line in enumerate(above):
        _put(sheet, 2 + offset, 1, line).alignment = _unwrapped()
    first = 2 + len(above)
    headings = _distinct([column.heading for column in table.columns])
    for position, heading in enumerate(headings, 1):
        _put(sheet, first, position, heading, style="head")
    for position, column in enumerate(table.columns, 1):
        for offset, value in enumerate(plain_cells(table.frame[column.name]), 1):
            cell = _put(sheet, first + offset, position, _as_shown(value, column.kind))
            if column.kind in _FORMATS and not isinstance(cell.value, str):
                cell.number_format = _FORMATS[column.kind]
    _as_table(sheet, f"table_{number}_{table.key}", first, len(table.frame), len(headings))
    _set_widths(sheet, first, len(headings))


def _as_shown(value: Any, kind: str) -> Any:
    """Round a number to the places that are shown; the CSV beside has it whole."""
    if kind not in _PLACES or isinstance(value, str) or missing(value):
        return value
    return round(float(value), _PLACES[kind])


def _cover_sheet(sheet: Any, document: Document, tables: int) -> None:
    """Say what the workbook is, of when, how to read it and whom to ask."""
    _put(sheet, 1, 1, document.title, style="title")
    lines = [
        ("", f"Tables that go with the paper of this title. {counted(tables, 'table')}."),
        ("", document.subtitle),
        ("Publisher", document.organisation or "Not given"),
        ("Date", date_in_words(document.date) if document.date else "Not given"),
        ("How to read it", "Each sheet has one table; Contents lists them with links."),
        ("", "Shares and measures are rounded as they are shown. tables/*.csv have them exactly."),
        ("", "An empty cell has no value: a share of nothing, or a thing that is not there."),
        ("Contact", document.author or "Name, email and telephone: to be filled in"),
    ]
    row = 2
    for heading, text in lines:
        if heading:
            _put(sheet, row, 1, heading, style="section")
            row += 1
        if text:
            _put(sheet, row, 1, text)
            row += 1
    sheet.column_dimensions["A"].width = 100
    _set_heights(sheet, 2, 1)


def _figure_sheet(sheet: Any, figures: Iterable[Figure]) -> None:
    """Write the figures of the text by key."""
    _put(sheet, 1, 1, "Every figure in the text, with where it came from", style="title")
    _put(sheet, 2, 1, "This sheet contains one table.")
    headings = ["Key", "As written", "Value", "How it is worked out", "Layers", "Counted in"]
    headings += ["As at", "Source"]
    for position, heading in enumerate(headings, 1):
        _put(sheet, 3, position, heading, style="head")
    count = 0
    for count, figure in enumerate(figures, 1):
        origin = figure.provenance
        row = [figure.key, figure.text, figure.value, origin.formula, ", ".join(origin.layers)]
        for position, value in enumerate([*row, origin.weight, origin.date, origin.source], 1):
            _put(sheet, 3 + count, position, value)
    _as_table(sheet, "figures", 3, count, len(headings))
    _set_widths(sheet, 3, len(headings))


def _contents_sheet(sheet: Any, names: dict[str, str]) -> None:
    """List the sheets, with a link to each."""
    from openpyxl.styles import Font

    _put(sheet, 1, 1, "Contents", style="title")
    said = "This sheet contains one table: a list of the sheets."
    _put(sheet, 2, 1, said).alignment = _unwrapped()
    first = 3
    _put(sheet, first, 1, "Sheet", style="head")
    _put(sheet, first, 2, "What it holds", style="head")
    listed = {"Notes": "Notes that apply to all tables, sources and licences", **names}
    for offset, (name, title) in enumerate(listed.items(), 1):
        cell = _put(sheet, first + offset, 1, name)
        cell.hyperlink = f"#'{name}'!A1"
        cell.style = "Hyperlink"
        cell.font = Font(name=_FACE, size=_SIZE, color="0563C1", underline="single")
        cell.alignment = _unwrapped()
        _put(sheet, first + offset, 2, title)
    _as_table(sheet, "contents", first, len(listed), 2)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 90
    _set_heights(sheet, first, 2)


def _notes_sheet(sheet: Any, document: Document) -> None:
    """Write what holds for every table, and what was left out."""
    _put(sheet, 1, 1, "Notes", style="title")
    _put(sheet, 2, 1, "This sheet contains one table.")
    _put(sheet, 3, 1, "Note", style="head")
    _put(sheet, 3, 2, "Text", style="head")
    lines = [
        "Shares are numbers from 0 to 1, shown as percentages and rounded as shown.",
        "An empty cell has no value: a share of nothing, or a thing that is not there.",
    ]
    lines += [f"Left out: {title}. {reason}" for title, reason in document.left_out]
    lines += list(document.attributions)
    for offset, line in enumerate(lines, 1):
        _put(sheet, 3 + offset, 1, f"Note {offset}")
        _put(sheet, 3 + offset, 2, line)
    _as_table(sheet, "notes", 3, len(lines), 2)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 110
    _set_heights(sheet, 3, 2)


def _unwrapped() -> Any:
    """Let a long line run over the empty cells beside it."""
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=False, vertical="top")


def _as_table(sheet: Any, name: str, first: int, rows: int, columns: int) -> None:
    """Mark the cells up as a table with a name, as readers by ear need, without filters."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table as MarkedTable
    from openpyxl.worksheet.table import TableColumn, TableStyleInfo

    if not rows:
        return
    marked = MarkedTable(
        displayName=re.sub(r"[^A-Za-z0-9_]", "_", name)[:200],
        ref=f"A{first}:{get_column_letter(columns)}{first + rows}",
    )
    marked.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    # A table that is saved without columns gets them made, and filters with them.
    heads = sheet[first][:columns]
    marked.tableColumns = [TableColumn(id=k, name=str(c.value)) for k, c in enumerate(heads, 1)]
    sheet.add_table(marked)


def _set_widths(sheet: Any, first: int, columns: int) -> None:
    """Make each column as wide as what it holds, to a limit."""
    from openpyxl.utils import get_column_letter

    for position in range(1, columns + 1):
        letter = get_column_letter(position)
        cells = sheet.iter_rows(min_row=first, min_col=position, max_col=position, values_only=True)
        longest = max((len(str(value)) for (value,) in cells if value is not None), default=8)
        sheet.column_dimensions[letter].width = min(max(10, longest + 2), 50)
    _set_heights(sheet, first, columns)


def _set_heights(sheet: Any, first: int, columns: int) -> None:
    """Make each row as high as its longest text, and print the sheet on its side."""
    from openpyxl.utils import get_column_letter

    widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, columns + 1)]
    for row in sheet.iter_rows(min_row=first, max_col=columns):
        lines = [
            -(-len(cell.value) // int(width))
            for cell, width in zip(row, widths, strict=True)
            if isinstance(cell.value, str)
        ]
        if max(lines, default=1) > 1:
            sheet.row_dimensions[row[0].row].height = 16 * max(lines)
    sheet.page_setup.orientation = "landscape"


def _distinct(headings: list[str]) -> list[str]:
    """Tell apart headings that are the same, for a marked-up table has each once."""
    seen: dict[str, int] = {}
    made = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        made.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return made
