"""Which XML does Word want? For links, fields, bookmarks, and tables that can be read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from coterminous.report.content import MOST_ROWS_TOGETHER, Table
from coterminous.report.writers.widths import column_widths


def element(name: str, /, **attributes: str) -> Any:
    """Make one WordprocessingML element."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def run(text: str, *, bold: bool = False, superscript: bool = False, colour: str = "") -> Any:
    """Make a run of text; the text is data, never markup."""
    made = element("r")
    if bold or superscript or colour:
        properties = element("rPr")
        if bold:
            properties.append(element("b"))
        if colour:
            properties.append(element("color", val=colour))
        if superscript:
            properties.append(element("vertAlign", val="superscript"))
        made.append(properties)
    words = element("t")
    words.text = "".join(c for c in text if c in "\t\n" or c >= " ")
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(words)
    return made


def link(anchor: str, runs: Sequence[Any]) -> Any:
    """Make a link to a bookmark of the same document."""
    made = element("hyperlink", anchor=anchor, history="1")
    made.extend(runs)
    return made


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Name a paragraph so that links can reach it."""
    start = element("bookmarkStart", id=str(number), name=name)
    end = element("bookmarkEnd", id=str(number))
    where = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(where, start)
    paragraph._p.append(end)


def tab() -> Any:
    """Make a run that is one tab."""
    made = element("r")
    made.append(element("tab"))
    return made


def tab_to(room: int) -> Any:
    """Make the stop that sets what follows a tab at the right edge, with dots before it."""
    made = element("tabs")
    made.append(element("tab", val="right", leader="dot", pos=str(room)))
    return made


def field(instruction: str, result: str, *, stale: bool = False, bold: bool = False) -> list[Any]:
    """Make a field whose result is already filled in; Word fills one that is stale on opening."""
    parts = [mark_field("begin", stale=stale), field_code(instruction), mark_field("separate")]
    return [*parts, run(result, bold=bold), mark_field("end")]


def mark_field(kind: str, *, stale: bool = False) -> Any:
    """Make the run that begins, separates or ends a field."""
    made = element("r")
    made.append(element("fldChar", fldCharType=kind, **({"dirty": "true"} if stale else {})))
    return made


def field_code(instruction: str) -> Any:
    """Make the run that holds a field's instruction."""
    made = element("r")
    code = element("instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(code)
    return made


def table_element(
    table: Table, *, room: int, style: str, cell_style: str, tight: bool = False
) -> Any:
    """Make a table: a header that repeats, numbers to the right, a title for screen readers."""
    rows = table.rows()
    widths = column_widths(table, rows, room, size=8 if tight else 9)
    made = element("tbl")
    made.append(_properties(table, room, style))
    grid = element("tblGrid")
    grid.extend(element("gridCol", w=str(width)) for width in widths)
    made.append(grid)
    right = [column.to_right for column in table.shown()]
    headings = [column.heading for column in table.shown()]
    air = "10" if tight else "40"
    made.append(_row(headings, widths, right, cell_style, header=True, keep=True, air=air))
    for position, row in enumerate(rows):
        end = position == len(rows) - 1
        keep = len(rows) <= MOST_ROWS_TOGETHER and not end
        made.append(
            _row(
                row, widths, right, cell_style,
                bold=table.total and end, keep=keep, light=table.light, air=air,
            )
        )  # fmt: skip
    return made


def _properties(table: Table, room: int, style: str) -> Any:
    """Say how a table looks and what it is called."""
    properties = element("tblPr")
    if style:
        properties.append(element("tblStyle", val=style))
    properties.append(element("tblW", w=str(room), type="dxa"))
    if not style:
        borders = element("tblBorders")
        for side, size, colour in (
            ("top", "8", "003087"),
            ("bottom", "8", "003087"),
            ("insideH", "4", "AEB7BD"),
        ):
            borders.append(element(side, val="single", sz=size, space="0", color=colour))
        properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w="90", type="dxa"))
    properties.append(margins)
    properties.append(element("tblLook", val="00A0", firstRow="1", firstColumn="1", noVBand="1"))
    properties.append(element("tblCaption", val=table.title))
    properties.append(element("tblDescription", val=table.provenance.sentence()))
    return properties


def _row(
    cells: Sequence[str],
    widths: Sequence[int],
    right: Sequence[bool],
    style: str,
    *,
    header: bool = False,
    bold: bool = False,
    keep: bool = False,
    light: bool = False,
    air: str = "40",
) -> Any:
    """Make a row that is not broken across pages; a header row repeats on each."""
    made = element("tr")
    properties = element("trPr")
    properties.append(element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))
    made.append(properties)
    for position, (text, width, to_right) in enumerate(zip(cells, widths, right, strict=True)):
        cell = element("tc")
        about = element("tcPr")
        about.append(element("tcW", w=str(width), type="dxa"))
        if header:
            about.append(element("shd", val="clear", color="auto", fill="E8EDEE"))
            about.append(element("vAlign", val="bottom"))
        cell.append(about)
        paragraph = element("p")
        looks = element("pPr")
        looks.append(element("pStyle", val=style))
        if keep:
            looks.append(element("keepNext"))
        looks.append(element("spacing", before=air, after=air))
        if to_right:
            looks.append(element("jc", val="right"))
        paragraph.append(looks)
        paragraph.append(run(text, bold=header or bold or (position == 0 and not light)))
        cell.append(paragraph)
        made.append(cell)
    return made
