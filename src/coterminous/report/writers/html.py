"""How does the document read in a browser? One file, no network, every number with its origin."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

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
from coterminous.report.wording import Figure, Strong, Text
from coterminous.words import date_in_words, shortened

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

#: Letters of a paragraph by which it is known in a list.
_FIRST_WORDS = 110
_KINDS = {
    Paragraph: "paragraph",
    Bullets: "bullets",
    Numbered: "numbered",
    Heading: "heading",
    Table: "table",
    Picture: "picture",
    InteractiveMap: "map",
    FillIn: "fill-in",
}


def render_html(document: Document) -> str:
    """Render the document as one HTML page.

    Parameters
    ----------
    document
        What to say. Every name in it is escaped; none is a template.

    Returns
    -------
    str
        A whole page: styles, scripts, pictures and maps are inside it, and its content policy
        lets it load nothing else.
    """
    environment = _environment()
    notes = document.notes()
    environment.filters["runs"] = lambda text: _runs(text, notes)
    environment.filters["data_uri"] = _data_uri
    environment.filters["vector"] = lambda picture: _trusted(picture.svg.decode("utf-8"))
    template = environment.from_string(_shipped("appendix.html.j2"))
    labels = document.labels()
    said = {notes[origin]: line for origin, line in document.note_sentences().items()}
    return template.render(
        document=document,
        notes=list(said.items()),
        notes_of=lambda section: [(n, said[n]) for n in _numbers(section, notes)],
        kind_of=lambda block: _KINDS[type(block)],
        label=lambda kind, key: labels[kind, key],
        style=_trusted(_shipped("appendix.css")),
        script=_trusted(_shipped("appendix.js")),
    )


def render_statement(document: Document, formats: Collection[str]) -> str:
    """Render the accessibility statement that a public body publishes beside the page.

    It says what was checked and what fails, of the formats that were written, and leaves blank
    whom to ask.
    """
    environment = _environment()
    environment.filters["day"] = date_in_words
    return environment.from_string(_shipped("accessibility.html.j2")).render(
        document=document,
        formats=formats,
        interactive=any(isinstance(block, InteractiveMap) for block in document.blocks()),
        style=_trusted(_shipped("appendix.css")),
    )


def render_pieces_list(
    document: Document, sections: Sequence[tuple[str, Sequence[tuple[str, Block]]]]
) -> str:
    """Render the list of pieces: by section the file of each, what it is and how it begins."""
    labels = document.labels()
    told = [
        (heading, [(name, *_told(block, labels)) for name, block in pieces])
        for heading, pieces in sections
        if pieces
    ]
    return (
        _environment()
        .from_string(_shipped("pieces.html.j2"))
        .render(document=document, sections=told, style=_trusted(_shipped("appendix.css")))
    )


def _told(block: Block, labels: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    """Say what a piece is, and its title or its first words."""
    if isinstance(block, Table):
        return labels["table", block.key], block.title
    if isinstance(block, Picture):
        return labels["picture", block.key], block.caption
    if isinstance(block, Paragraph):
        return "Paragraph", shortened(block.text.plain(), _FIRST_WORDS)
    assert isinstance(block, Bullets | Numbered)  # noqa: S101 - no other block is a piece
    return "List", shortened(block.items[0].plain() if block.items else "", _FIRST_WORDS)


def _environment() -> Environment:
    """Set up the templates: every name is escaped, none is a template."""
    from jinja2 import BaseLoader, Environment, StrictUndefined

    return Environment(
        loader=BaseLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shipped(name: str) -> str:
    """Read a template, style or script of the package."""
    return (files("coterminous.report") / "templates" / name).read_text(encoding="utf-8")


def _numbers(section: Section, notes: dict[Any, int]) -> list[int]:
    """Give the numbers of the notes on what one section says."""
    return sorted({notes[f.provenance] for text in section.texts() for f in text.figures()})


def _trusted(text: str) -> Markup:
    """Mark the package's own style and script as what they are, not text to escape."""
    from markupsafe import Markup

    return Markup(text)


def _data_uri(image: bytes) -> str:
    """Put a picture inside the page."""
    kind = "svg+xml" if image.lstrip()[:1] == b"<" else "png"
    return f"data:image/{kind};base64,{b64encode(image).decode('ascii')}"


def _runs(text: Text, notes: dict[Any, int]) -> Markup:
    """Write a text: each figure knows its note, which the script shows beside it."""
    from markupsafe import Markup

    parts: list[Markup] = []
    for run in text.runs:
        if isinstance(run, Figure):
            shown = Markup('<span class="figure" data-note="note-{}" data-figure="{}">{}</span>')
            parts.append(shown.format(notes[run.provenance], run.key, run.text))
        elif isinstance(run, Strong):
            parts.append(Markup("<strong>{}</strong>").format(run.text))
        else:
            parts.append(Markup("{}").format(run))
    return Markup("").join(parts)
