"""Does a page of the paper fit one page of Word? Where it would not, its pictures give way.

Word breaks lines itself, so that heights are estimates, of letters as wide as Arial's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coterminous.report.content import (
    Block,
    Bullets,
    FillIn,
    Heading,
    Numbered,
    Paragraph,
    Picture,
    Section,
    Table,
)
from coterminous.report.writers.widths import column_widths

#: Points between the margins of our own page of the paper.
PAGE_HEIGHT = (29.7 - 1.2 - 1.4) / 2.54 * 72
PAGE_WIDTH = 6.5 * 72
# Of Arial at one point of size: the width of a capital, a figure, a space and another letter, how
# much wider bold is, and the height of a line.
_CAPITAL, _FIGURE, _SPACE, _LETTER = 0.69, 0.56, 0.28, 0.5
_BOLD, _LINE = 1.09, 1.16
# Estimates of whole pages were up to 3% too low, of those that were set and measured.
_SAFE = 0.97
_INDENT, _CELL_MARGINS, _AIR, _RULE = 18, 9, 1.0, 0.5
_TWIPS = 20
_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)

#: What each role looks like: its size in points, and the points above and below it.
Looks = Mapping[str, Mapping[str, Any]]


def picture_scale(section: Section, looks: Looks, *, beside: float = 0) -> float:
    """Choose how large the pictures of a page can be, at the most.

    Parameters
    ----------
    section
        The page.
    looks
        The style of each role.
    beside
        Points that other things take, as the title does on page one.

    Returns
    -------
    float
        1 for pictures as wide as they were drawn, 0.5 at the least.
    """
    pictures = sum(_drawn(block) for block in section.blocks if isinstance(block, Picture))
    words = beside + _lines(section.heading, looks["heading1"], PAGE_WIDTH, bold=True)
    words += sum(_height(block, looks) for block in section.blocks)
    return next((s for s in _SCALES if words + pictures * s <= PAGE_HEIGHT * _SAFE), _SCALES[-1])


def title_height(title: str, imprint: str, looks: Looks) -> float:
    """Estimate the points that the title and the contents take on page one."""
    head = _lines(title, looks["title"], PAGE_WIDTH, bold=True)
    line = _lines(imprint, looks["body"], PAGE_WIDTH) if imprint else 0
    return head + line + 2 * looks["source"]["size"] * _LINE + 2


def _height(block: Block, looks: Looks) -> float:
    """Estimate the points that a block takes, its picture apart."""
    if isinstance(block, Paragraph):
        return _lines(block.text.plain(), looks[block.style], PAGE_WIDTH)
    if isinstance(block, Bullets | Numbered):
        role = "bullet" if isinstance(block, Bullets) else "number"
        return sum(_lines(i.plain(), looks[role], PAGE_WIDTH - _INDENT) for i in block.items)
    if isinstance(block, Heading):
        return _lines(block.text, looks[f"heading{block.level}"], PAGE_WIDTH, bold=True)
    if isinstance(block, Table):
        return _table_height(block, looks)
    if isinstance(block, Picture):
        under = sum(_lines(note, looks["source"], PAGE_WIDTH) for note in block.notes)
        caption = _lines(f"Figure 10: {block.caption}", looks["caption"], PAGE_WIDTH)
        return under + caption + looks["body"].get("after", 0)
    if isinstance(block, FillIn):
        return (1 if block.value else 1 + block.lines) * _lines("", looks["fill"], PAGE_WIDTH)
    return 0


def _table_height(table: Table, looks: Looks) -> float:
    """Estimate the points of a table with its caption and notes."""
    rows = table.rows()
    widths = column_widths(table, rows, int(PAGE_WIDTH * _TWIPS), size=looks["table"]["size"])
    size = looks["table"]["size"]
    heads = [column.heading for column in table.shown()]
    height = _lines(f"Table 10: {table.title}", looks["caption"], PAGE_WIDTH)
    for position, row in enumerate([heads, *rows]):
        most = max(
            _count(cell, size, width / _TWIPS - _CELL_MARGINS, bold=position == 0 or column == 0)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        height += most * size * _LINE + _AIR + _RULE
    return height + sum(_lines(note, looks["source"], PAGE_WIDTH) for note in table.all_notes())


def _drawn(picture: Picture) -> float:
    """Give the points of a picture's height at the width at which it was drawn."""
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(picture.png)) as image:
        return PAGE_WIDTH * picture.width * image.height / image.width


def _lines(text: str, look: Mapping[str, Any], width: float, *, bold: bool = False) -> float:
    """Estimate the points of a paragraph with the space around it."""
    count = _count(text, look["size"], width - look.get("indent", 0), bold=bold)
    around = look.get("before", 0) + look.get("after", 0)
    return float(count * look["size"] * _LINE + around)


def _count(text: str, size: float, width: float, *, bold: bool) -> int:
    """Count the lines that a text takes when words are not broken."""
    room = max(1.0, width / (size * (_BOLD if bold else 1)))
    lines, used = 1, 0.0
    for word in text.split():
        long = sum(_width(letter) for letter in word)
        if used and used + _SPACE + long > room:
            lines, used = lines + 1, 0.0
        used += long + (_SPACE if used else 0)
        # A word longer than the line is broken.
        lines += int(used // (room + _LETTER))
        used %= room + _LETTER
    return lines


def _width(letter: str) -> float:
    """Give the width of a letter at one point of size, as Arial's are on the average.

    Examples
    --------
    >>> _width("A"), _width("a"), _width("7")
    (0.69, 0.5, 0.56)
    """
    if letter.isupper():
        return _CAPITAL
    return _FIGURE if letter.isdigit() else _LETTER
