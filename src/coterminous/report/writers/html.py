"""How does the document read in a browser? One file, no network, every number with its origin."""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from coterminous.report.content import (
    Bullets,
    Document,
    FillIn,
    Heading,
    InteractiveMap,
    Numbered,
    Paragraph,
    Picture,
    Table,
)
from coterminous.report.wording import Figure, Strong, Text

if TYPE_CHECKING:
    from markupsafe import Markup

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
    from jinja2 import BaseLoader, Environment, StrictUndefined

    environment = Environment(
        loader=BaseLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    notes = document.notes()
    environment.filters["runs"] = lambda text: _runs(text, notes)
    environment.filters["data_uri"] = _data_uri
    environment.filters["vector"] = lambda picture: _trusted(picture.svg.decode("utf-8"))
    folder = files("coterminous.report") / "templates"
    template = environment.from_string((folder / "appendix.html.j2").read_text(encoding="utf-8"))
    labels = document.labels()
    return template.render(
        document=document,
        notes=[(notes[origin], sentence) for origin, sentence in document.note_sentences().items()],
        kind_of=lambda block: _KINDS[type(block)],
        label=lambda kind, key: labels[kind, key],
        style=_trusted((folder / "appendix.css").read_text(encoding="utf-8")),
        script=_trusted((folder / "appendix.js").read_text(encoding="utf-8")),
    )


def _trusted(text: str) -> Markup:
    """Mark the package's own style and script as what they are, not text to escape."""
    from markupsafe import Markup

    return Markup(text)


def _data_uri(image: bytes) -> str:
    """Put a picture inside the page."""
    kind = "svg+xml" if image.lstrip()[:1] == b"<" else "png"
    return f"data:image/{kind};base64,{b64encode(image).decode('ascii')}"


def _runs(text: Text, notes: dict[Any, int]) -> Markup:
    """Write a text: each figure is a link to its note, which the script shows beside it."""
    from markupsafe import Markup

    parts: list[Markup] = []
    for run in text.runs:
        if isinstance(run, Figure):
            parts.append(
                Markup('<a class="figure" href="#note-{}" data-figure="{}">{}</a>').format(
                    notes[run.provenance], run.key, run.text
                )
            )
        elif isinstance(run, Strong):
            parts.append(Markup("<strong>{}</strong>").format(run.text))
        else:
            parts.append(Markup("{}").format(run))
    return Markup("").join(parts)
