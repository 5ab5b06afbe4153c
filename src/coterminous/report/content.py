"""What does the document say? Sections of text, tables and pictures, each number with its origin.

The writers render these values and decide nothing: a sentence is the same in every format. Names
that come from data are plain text everywhere; no value here is markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from coterminous.errors import InputError
from coterminous.report.numbers import Kind, missing, written
from coterminous.report.wording import Figure, Provenance, Text
from coterminous.words import listed, slug

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a finding is one that leads, a note one that is set small."""

    text: Text
    style: Literal["body", "finding", "note", "caution"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Numbered:
    """A numbered list of findings."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; in print it may begin a page."""

    text: str
    level: Literal[2, 3] = 2
    new_page: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table: where it is in the frame, its heading, and how it is written."""

    name: str
    heading: str
    kind: Kind = "text"
    note: str = ""
    width: float = 0.0
    printed: bool = True
    right: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind not in ("text", "code")

    @property
    def to_right(self) -> bool:
        """Whether the cells are set to the right: numbers, and texts that are one."""
        return self.numeric or self.right


#: A table of no more rows stays on one page.
MOST_ROWS_TOGETHER = 16


@dataclass(frozen=True, eq=False)
class Table:
    """A table: a frame, what its columns are, and where its numbers came from.

    ``frame`` is written whole to the CSV and the workbook; documents show the first ``most``
    rows (all where it is 0) and say how many are left. A table that stands ``apart`` is not
    printed: Word and PDF say where it is, and it is folded away in HTML. One that is ``light``
    has sentences for row headings, which are not set in bold.
    """

    key: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    provenance: Provenance
    notes: tuple[str, ...] = ()
    most: int = 0
    total: bool = False
    wide: bool = False
    blank: bool = False
    apart: bool = False
    light: bool = False

    def __post_init__(self) -> None:
        """Refuse columns that the frame does not have."""
        absent = [c.name for c in self.columns if c.name not in self.frame.columns]
        if absent:
            raise InputError(f"table {self.key!r}: the frame has no column {absent[0]!r}.")

    def rows(self) -> list[list[str]]:
        """Give the cells that documents show, as they are written."""
        columns = [[cell_text(v, c.kind) for v in self.kept()[c.name]] for c in self.shown()]
        return [list(row) for row in zip(*columns, strict=True)]

    def kept(self) -> pd.DataFrame:
        """Give the rows that documents show."""
        return self.frame.iloc[: self.most] if self.left() else self.frame

    def figures(self) -> Iterator[Figure]:
        """Give the numbers of the cells that documents show, each with a key of its own."""
        frame, columns = self.kept(), self.shown()
        first = columns[0].name
        names = _row_names([cell_text(v) for v in frame[first]])
        for column in columns:
            for name, value in zip(names, frame[column.name], strict=True):
                if isinstance(value, Text):
                    yield from value.figures()
                elif column.numeric and not missing(value):
                    plain = value.item() if hasattr(value, "item") else value
                    key = f"{self.key}.{name}.{column.name}"
                    yield Figure.of(key, plain, column.kind, self.provenance, table=self.key)

    def shown(self) -> list[Column]:
        """Give the columns that documents show; the CSV and the workbook have all."""
        return [column for column in self.columns if column.printed]

    def left(self) -> int:
        """Count the rows that documents leave out."""
        return max(0, len(self.frame) - self.most) if self.most else 0

    def elsewhere(self, label: str) -> str:
        """Say where a table is that stands apart."""
        return f"{self.title}: {label} in the workbook, and tables/{self.key}.csv."

    def all_notes(self) -> list[str]:
        """Give the notes that stand under the table."""
        notes = list(self.notes)
        notes += [f"{c.heading}: {c.note}" for c in self.columns if c.note]
        if self.left():
            notes.append(
                f"The first {self.most} of {len(self.frame)} rows; "
                f"all of them are in tables/{self.key}.csv and in the workbook."
            )
        return notes


def cell_text(value: Any, kind: Kind = "text") -> str:
    """Write one cell: a text with figures in it by its words."""
    return value.plain() if isinstance(value, Text) else written(value, kind)


def plain_cells(cells: pd.Series) -> pd.Series:
    """Give the cells of a column as values: a text that is one figure by its exact number."""
    if not any(isinstance(value, Text) for value in cells):
        return cells
    made = []
    for value in cells:
        figures = list(value.figures()) if isinstance(value, Text) else []
        alone = len(figures) == 1 and value.plain() == figures[0].text
        made.append(figures[0].value if alone else cell_text(value))
    return cells.__class__(made, index=cells.index, dtype=object)


def _row_names(said: list[str]) -> list[str]:
    """Name rows by what stands first in them, each once."""
    names = [slug(text) for text in said]
    return [
        name if names.count(name) == 1 else f"{name}-{names[: k + 1].count(name)}"
        for k, name in enumerate(names)
    ]


@dataclass(frozen=True)
class Picture:
    """A picture: PNG, and SVG where there is one, with its alternative text.

    One that is `whole` was drawn for the width at which it is placed, in letters of 8 points or
    more.
    """

    key: str
    caption: str
    alt: str
    png: bytes = field(repr=False)
    svg: bytes = field(default=b"", repr=False)
    notes: tuple[str, ...] = ()
    width: float = 1.0
    trimmed: bool = False
    whole: bool = False

    @property
    def for_print(self) -> bytes:
        """The picture that is printed: the SVG, unless only the PNG had its margins cut off."""
        return self.png if self.trimmed or not self.svg else self.svg


@dataclass(frozen=True)
class InteractiveMap:
    """A whole HTML page with a map, for HTML only; documents print the pictures beside it."""

    key: str
    title: str
    page: str = field(repr=False)
    note: str = ""


@dataclass(frozen=True)
class FillIn:
    """A line for a person to write on, filled where the answer was given."""

    label: str
    value: str = ""
    lines: int = 1


Block: TypeAlias = (
    "Paragraph | Bullets | Numbered | Heading | Table | Picture | InteractiveMap | FillIn"
)


@dataclass(frozen=True)
class Section:
    """A numbered section of the document; one that is a `page` fills that page of the paper."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    number: int = 0
    page: int = 0

    @property
    def heading(self) -> str:
        """The heading with its number, where it has one."""
        return f"{self.number}. {self.title}" if self.number else self.title

    def texts(self) -> Iterator[Text]:
        """Give every text, in order."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Bullets | Numbered):
                yield from block.items


@dataclass(frozen=True)
class Document:
    """All that the appendix says, ready to be rendered."""

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    organisation: str = ""
    date: str = ""
    language: str = "en-GB"
    author: str = ""
    logo: bytes = field(default=b"", repr=False)
    logo_alt: str = ""
    attributions: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    further: tuple[Table, ...] = ()

    @property
    def imprint(self) -> str:
        """Whose document it is, and of when."""
        return " · ".join(part for part in (self.organisation, self.date) if part)

    @property
    def pages(self) -> tuple[Section, ...]:
        """The sections that each fill a page."""
        return tuple(section for section in self.sections if section.page)

    @property
    def details(self) -> tuple[Section, ...]:
        """The sections that run on."""
        return tuple(section for section in self.sections if not section.page)

    def blocks(self) -> Iterator[Block]:
        """Give every block, in order."""
        return (block for section in self.sections for block in section.blocks)

    def tables(self) -> list[Table]:
        """Give the tables that are printed, those apart and those of files; no two of one key."""
        found = [block for block in self.blocks() if isinstance(block, Table)]
        found.sort(key=lambda table: table.apart)
        found += self.further
        _unique("table", [table.key for table in found])
        return found

    def pictures(self) -> list[Picture]:
        """Give the pictures, in order; two of one key are refused."""
        found = [block for block in self.blocks() if isinstance(block, Picture)]
        _unique("picture", [picture.key for picture in found])
        return found

    def texts(self) -> Iterator[Text]:
        """Give every text, in order."""
        return (text for section in self.sections for text in section.texts())

    def printed(self) -> Iterator[tuple[Figure, int]]:
        """Give every figure that is printed, and its page; 0 where a section runs on.

        Of the pages the cells of tables are figures too.
        """
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    found = block.text.figures()
                elif isinstance(block, Bullets | Numbered):
                    found = (figure for item in block.items for figure in item.figures())
                elif isinstance(block, Table) and section.page:
                    found = block.figures()
                else:
                    continue
                yield from ((figure, section.page) for figure in found)

    def figures(self) -> dict[str, Figure]:
        """Give every figure by key; one key with two values is refused."""
        found: dict[str, Figure] = {}
        for figure, _ in self.printed():
            known = found.setdefault(figure.key, figure)
            if known.value != figure.value and not (missing(known.value) and missing(figure.value)):
                raise InputError(
                    f"figure {figure.key!r} has two values: {known.value!r}, {figure.value!r}."
                )
        return dict(sorted(found.items()))

    def notes(self) -> dict[Provenance, int]:
        """Give each origin a number, in the order in which the text first uses them."""
        numbers: dict[Provenance, int] = {}
        for text in self.texts():
            for figure in text.figures():
                numbers.setdefault(figure.provenance, len(numbers) + 1)
        return numbers

    def sources(self) -> dict[str, str]:
        """Give each source of a note its letter, in the order of first use."""
        found = dict.fromkeys(source for origin in self.notes() for source in origin.sources())
        return {source: _letter(position) for position, source in enumerate(found)}

    def note_sentences(self, *, brief: bool = False) -> dict[Provenance, str]:
        """Say for each origin which figures it explains, and how they came about.

        In print the sources are letters, which `sources` explains.
        """
        letters = self.sources()
        explained: dict[Provenance, list[str]] = {}
        for text in self.texts():
            for figure in text.figures():
                said = explained.setdefault(figure.provenance, [])
                words = written(figure.value, "count") if figure.text.isalpha() else figure.text
                if words not in said:
                    said.append(words)
        return {
            origin: f"{listed(said, 6)}: {origin.brief(letters) if brief else origin.sentence()}"
            for origin, said in explained.items()
        }

    def labels(self) -> dict[tuple[str, str], str]:
        """Give "Table 3" or "Figure 2" for each table and picture, by kind and key."""
        tables = {("table", t.key): f"Table {n}" for n, t in enumerate(self.tables(), 1)}
        pictures = {("picture", p.key): f"Figure {n}" for n, p in enumerate(self.pictures(), 1)}
        return tables | pictures


def _letter(position: int) -> str:
    """Count in letters: a to z, then aa.

    Examples
    --------
    >>> _letter(0), _letter(25), _letter(26)
    ('a', 'z', 'aa')
    """
    first, last = divmod(position, 26)
    return (_letter(first - 1) if first else "") + chr(ord("a") + last)


def _unique(what: str, keys: list[str]) -> None:
    """Refuse a key that is used twice, for it names a file."""
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InputError(f"two {what}s have the key {twice[0]!r}; each key names a file.")
