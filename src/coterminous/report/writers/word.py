"""How does the document look in Word? In our layout, or in the organisation's own template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from coterminous.report.content import (
    Block,
    Bullets,
    Document,
    FillIn,
    Heading,
    InteractiveMap,
    Numbered,
    Paragraph,
    Picture,
    Section,
    Table,
)
from coterminous.report.wording import Figure, Marks, Strong, Text
from coterminous.report.writers import word_parts as xml
from coterminous.report.writers.archives import settled
from coterminous.report.writers.fitting import picture_scale, title_height
from coterminous.report.writers.word_styles import (
    STYLE_NAMES,
    looks_of,
    map_styles,
    open_template,
)

# Word sets larger than the PDF: a map this much narrower has its table on the same page.
_BESIDE_A_TABLE = 0.8
_TWIPS_PER_EMU = 1 / 635


def render_word(
    document: Document,
    *,
    template: Path | None = None,
    styles: Mapping[str, str] | None = None,
) -> bytes:
    """Render the document as a Word file.

    Parameters
    ----------
    document
        What to say.
    template
        A house template (.docx or .dotx): its styles, page, headers and footers are used, its
        text is not. None for our own layout.
    styles
        The template's style for a role, where it has another name than Word's, such as
        ``{"heading1": "House Heading"}``.

    Raises
    ------
    InputError
        When the template cannot be read, or has not a style that was named.
    """
    # The origins of the pages' numbers are in the workbook, as for the PDF.
    writer = _Writer(document, template, styles or {}, linked=bool(document.details))
    writer.cover()
    writer.pages()
    for section in document.details:
        writer.section(section, fresh=False)
    writer.closing()
    return writer.saved()


def render_pieces(
    document: Document,
    blocks: Iterable[Block],
    *,
    template: Path | None = None,
    styles: Mapping[str, str] | None = None,
) -> Iterator[bytes]:
    """Render each table, picture or paragraph alone, ready to insert in another paper."""
    # One file is emptied and filled again: a hundred pieces share its styles.
    writer = _Writer(document, template, styles or {}, linked=False)
    for block in blocks:
        # A table alone is printed, though the document only says where it is.
        writer.block(replace(block, apart=False) if isinstance(block, Table) else block)
        yield writer.saved()
        writer.empty()


class _Writer:
    """The Word file as it grows, with the numbers that run through it."""

    def __init__(
        self,
        document: Document,
        template: Path | None,
        styles: Mapping[str, str],
        *,
        linked: bool = True,
    ) -> None:
        self.document = document
        self.own = template is None
        self.paged = bool(document.pages)
        self.word = open_template(template, tight=self.paged)
        self.styles = map_styles(self.word, styles, own=self.own, tight=self.paged and self.own)
        self.page = deepcopy(self.word.sections[-1]._sectPr)
        self.labels = document.labels()
        self.notes = document.notes() if linked else {}
        self.noted = False
        self.scale = 1.0
        self.marks = 0
        self.wide = False

    def empty(self) -> None:
        """Take out all that was written, its pictures too, and turn the page back."""
        from docx.opc.constants import RELATIONSHIP_TYPE

        part = self.word.part
        for key in [k for k, rel in part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.IMAGE]:
            del part.rels[key]
        body = self.word.element.body
        for each in list(body):
            body.remove(each)
        body.append(deepcopy(self.page))
        self.marks, self.wide = 0, False

    def paragraph(self, role: str, *runs: Any) -> Any:
        """Add a paragraph in the style of a role."""
        made = self.word.add_paragraph(style=self.styles[role])
        made._p.extend(runs)
        return made

    def runs(self, text: Text) -> list[Any]:
        """Write a text, with the numbers of its notes at the end of each sentence."""
        made: list[Any] = []
        for part in text.marked(self.notes if self.noted else {}):
            if isinstance(part, Marks):
                made += self.note_marks(part)
            elif isinstance(part, Figure):
                made.append(xml.run(part.text))
            elif isinstance(part, Strong):
                made.append(xml.run(part.text, bold=True))
            else:
                made.append(xml.run(part))
        return made

    def note_marks(self, marks: Marks) -> list[Any]:
        """Write the numbers of some notes, each a link to it."""
        made = []
        for position, number in enumerate(marks.numbers):
            words = ("[" if position == 0 else ", ") + str(number)
            if position == len(marks.numbers) - 1:
                words += "]"
            raised = xml.run(words, superscript=True, colour="005EB8")
            made.append(xml.link(f"note_{number}", [raised]))
        return made

    def mark(self, paragraph: Any, name: str) -> None:
        """Bookmark a paragraph."""
        self.marks += 1
        xml.bookmark(paragraph, name, self.marks)

    def cover(self) -> None:
        """Write the title and whose paper it is; the contents too, where no page fills page one."""
        document = self.document
        if document.logo:
            self.picture_run(document.logo, document.logo_alt or document.organisation, 0.25)
        self.paragraph("title", xml.run(document.title))
        if document.subtitle and not self.paged:
            self.paragraph("subtitle", xml.run(document.subtitle))
        if document.imprint:
            self.paragraph("body", xml.run(document.imprint))
        if not self.paged:
            self.contents(document.sections)
            self.word.add_page_break()
        if self.own:
            self.footer()

    def page_number(self, key: str, page: int = 0) -> list[Any]:
        """Write the page of a section, which Word counts again.

        In our own layout a section that fills a page is on the page of its number; of the others
        the page is counted when the file is opened.
        """
        known = page if self.own else 0
        return xml.field(f"PAGEREF {_anchor(key)} \\h", str(known or ""), stale=not known)

    def contents_in_a_line(self, sections: Sequence[Section]) -> None:
        """Write the contents of the pages as one paragraph, for page one is full."""
        made = self.paragraph("source", xml.run("Contents: ", bold=True))
        for position, section in enumerate(sections):
            words = [
                xml.run(f"{section.title}, page "),
                *self.page_number(section.key, section.page),
            ]
            made._p.append(xml.link(_anchor(section.key), words))
            made._p.append(xml.run("." if position == len(sections) - 1 else "; "))

    def contents(self, sections: Sequence[Section]) -> None:
        """Write a contents list with page numbers, that is filled in and Word can fill again."""
        entries = [(s.heading, s.key, s.page) for s in sections]
        if self.notes:
            entries.append((NOTES_HEADING, "notes", 0))
        self.paragraph("contents", xml.run("Contents"))
        for position, (heading, key, page) in enumerate(entries):
            made = self.word.add_paragraph(style=self.styles["toc1"])
            made._p.get_or_add_pPr().append(xml.tab_to(self.room()))
            if position == 0:
                made._p.append(xml.mark_field("begin"))
                made._p.append(xml.field_code('TOC \\o "1-1" \\h \\z \\u'))
                made._p.append(xml.mark_field("separate"))
            words = [xml.run(heading), xml.tab(), *self.page_number(key, page)]
            made._p.append(xml.link(_anchor(key), words))
            if position == len(entries) - 1:
                made._p.append(xml.mark_field("end"))

    def pages(self) -> None:
        """Write the sections that each fill a page; the contents stand at the foot of page one."""
        if not self.paged:
            return
        document = self.document
        first, *others = document.pages
        self.section(first, fresh=False)
        self.contents_in_a_line(document.pages)
        for section in others:
            self.section(section, fresh=True)
        if document.details:
            self.word.add_page_break()
            self.contents(document.sections)
            self.word.add_page_break()

    def section(self, section: Section, *, fresh: bool) -> None:
        """Write a section, on a page of its own where it fills one."""
        # Where a page has no room for them, the origins of its numbers are in the workbook.
        self.noted = bool(self.notes) and not section.page
        self.scale = self.fit(section) if section.page and self.own else 1.0
        self.heading(section.heading, 1, section.key, fresh=fresh)
        for block in section.blocks:
            self.block(block)

    def footer(self) -> None:
        """Put the title and the page number at the foot of each page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        footer = self.word.sections[0].footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer.style = self.styles["source"]
        footer._p.append(xml.run(f"{self.document.title} · page "))
        footer._p.extend(xml.field("PAGE", "1"))

    def fit(self, section: Section) -> float:
        """Choose how wide the pictures of a page are, so that it stays one page."""
        looks = {role: looks_of(role, tight=True) for role in STYLE_NAMES}
        document = self.document
        beside = title_height(document.title, document.imprint, looks) if section.page == 1 else 0
        return picture_scale(section, looks, beside=beside)

    def heading(self, text: str, level: int, key: str = "", *, fresh: bool = False) -> None:
        """Write a heading, on a fresh page where it is asked for; a section's can be linked to."""
        if level == 1:
            self.turn(wide=False)
        made = self.paragraph(f"heading{level}", xml.run(text))
        if fresh:
            made.paragraph_format.page_break_before = True
        if key:
            self.mark(made, _anchor(key))

    def turn(self, *, wide: bool) -> None:
        """Begin a page that is upright, or on its side for a wide table."""
        if wide == self.wide:
            return
        from docx.enum.section import WD_ORIENT, WD_SECTION

        page = self.word.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = page.page_height, page.page_width
        self.wide = wide

    def block(self, block: Block) -> None:
        """Write one block."""
        if isinstance(block, Paragraph):
            self.turn(wide=False)
            self.paragraph(block.style, *self.runs(block.text))
        elif isinstance(block, Bullets):
            for item in block.items:
                self.paragraph("bullet", *self.runs(item))
        elif isinstance(block, Numbered):
            for item in block.items:
                self.paragraph("number", *self.runs(item))
        elif isinstance(block, Heading):
            self.turn(wide=False)
            self.heading(block.text, block.level, fresh=block.new_page)
        elif isinstance(block, Table) and block.apart:
            self.paragraph("source", xml.run(block.elsewhere(self.labels["table", block.key])))
        elif isinstance(block, Table):
            self.table(block)
        elif isinstance(block, Picture):
            self.turn(wide=False)
            self.picture(block)
        elif isinstance(block, FillIn):
            self.fill_in(block)
        elif isinstance(block, InteractiveMap):
            return

    def table(self, table: Table) -> None:
        """Write a table with its caption above and its notes below."""
        self.turn(wide=table.wide)
        caption = self.paragraph("caption")
        caption.paragraph_format.keep_with_next = True
        self.caption_runs(caption, self.labels["table", table.key], table.title)
        house = next(
            (s.style_id for s in self.word.styles if not self.own and s.name == "Table Grid"), ""
        )
        made = xml.table_element(
            table,
            room=self.room(),
            style=house,
            cell_style=self.styles["table"].style_id,
            tight=self.paged and self.own,
        )
        caption._p.addnext(made)
        for note in table.all_notes():
            self.paragraph("source", xml.run(note))
        if table.provenance.source and (self.noted or not self.paged):
            self.paragraph("source", xml.run(f"Source: {table.provenance.source}"))

    def caption_runs(self, paragraph: Any, label: str, title: str) -> None:
        """Write "Table 3: title" with a number that Word can count again."""
        kind, number = label.split(" ")
        paragraph._p.append(xml.run(f"{kind} ", bold=True))
        paragraph._p.extend(xml.field(f"SEQ {kind} \\* ARABIC", number, bold=True))
        paragraph._p.append(xml.run(f": {title}"))

    def picture(self, picture: Picture) -> None:
        """Write a picture with its caption below and its alternative text within."""
        # A plate is full of small words, and keeps its width; so does every figure of a house.
        full = picture.trimmed or picture.whole or not self.own
        width = picture.width * (1 if full else _BESIDE_A_TABLE)
        self.picture_run(picture.png, picture.alt, width * self.scale)
        self.word.paragraphs[-1].paragraph_format.keep_with_next = True
        caption = self.paragraph("caption")
        self.caption_runs(caption, self.labels["picture", picture.key], picture.caption)
        for note in picture.notes:
            self.paragraph("source", xml.run(note))

    def picture_run(self, png: bytes, alt: str, share: float) -> None:
        """Place a picture, no taller than the page allows."""
        page = self.word.sections[-1]
        made = self.paragraph("body").add_run()
        shape = made.add_picture(BytesIO(png), width=int(self.room() / _TWIPS_PER_EMU * share))
        tallest = int((page.page_height - page.top_margin - page.bottom_margin) * 0.8)
        if shape.height > tallest:
            shape.width = int(shape.width * tallest / shape.height)
            shape.height = tallest
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")
        about = shape._inline.docPr
        # An attribute has no place for control characters, which a run shows in its own way.
        words = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\N{REPLACEMENT CHARACTER}", alt)
        about.set("descr", words)
        about.set("title", words[:80])

    def fill_in(self, fill: FillIn) -> None:
        """Write a line to be filled in by hand, or what was given for it."""
        made = self.paragraph("fill", xml.run(f"{fill.label} ", bold=True))
        if fill.value:
            made._p.append(xml.run(fill.value))
            return
        for _ in range(fill.lines):
            self.paragraph("fill", xml.run("_" * 64, colour="AEB7BD"))

    def closing(self) -> None:
        """Write the numbered notes and the sources."""
        if self.notes:
            self.heading(NOTES_HEADING, 1, "notes")
        for origin, sentence in self.document.note_sentences(brief=True).items():
            if origin in self.notes:
                made = self.paragraph("note", xml.run(f"{self.notes[origin]}. {sentence}"))
                self.mark(made, f"note_{self.notes[origin]}")
        if self.notes:
            self.heading("Sources of the notes", 2)
        for source, letter in self.document.sources().items() if self.notes else ():
            self.paragraph("note", xml.run(f"{letter}. {source}"))
        # A page of the paper has them among its sources.
        for line in self.document.attributions if self.document.details else ():
            self.paragraph("note", xml.run(line))

    def room(self) -> int:
        """Measure the width between the margins, in twentieths of a point."""
        page = self.word.sections[-1]
        return int((page.page_width - page.left_margin - page.right_margin) * _TWIPS_PER_EMU)

    def saved(self) -> bytes:
        """Write the file: the same document gives the same bytes."""
        about = self.word.core_properties
        about.title, about.language = self.document.title, self.document.language
        about.author = about.last_modified_by = self.document.author or self.document.organisation
        about.comments, about.revision = "", 1
        about.created = about.modified = datetime(2000, 1, 1)
        _speak(self.word, self.document.language)
        out = BytesIO()
        self.word.save(out)
        return settled(out.getvalue(), date=self.document.date)


NOTES_HEADING = "Notes: where each number comes from"


def _anchor(key: str) -> str:
    """Name a section's bookmark in the letters Word allows."""
    return "section_" + "".join(c if c.isalnum() else "_" for c in key)[:30]


def _speak(word: Any, language: str) -> None:
    """State the language, so that a screen reader pronounces it."""
    from docx.oxml.ns import qn

    defaults = word.styles.element.find(qn("w:docDefaults"))
    if defaults is None:
        return
    for spoken in defaults.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)
