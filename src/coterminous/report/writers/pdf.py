"""How does the document print? As tagged pages that a screen reader can read (PDF/UA-1)."""

from __future__ import annotations

import importlib.util
import json
import re
import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from coterminous.errors import InputError
from coterminous.report.content import (
    MOST_ROWS_TOGETHER,
    Block,
    Bullets,
    Document,
    FillIn,
    Heading,
    InteractiveMap,
    Paragraph,
    Picture,
    Table,
)
from coterminous.report.wording import Figure, Marks, Strong, Text, say
from coterminous.report.writers.widths import column_widths

_PNG = b"\x89PNG"


def render_pdf(document: Document) -> bytes:
    """Render the document as a tagged PDF.

    Every word goes to the typesetter as data in a JSON file and is set as text: a name with
    ``#`` or ``*`` in it is that name.

    Raises
    ------
    InputError
        When the typesetter refuses the document, with its reason.
    """
    notes = document.notes()
    labels = document.labels()
    pictures: dict[str, bytes] = {}
    content: dict[str, Any] = {
        "title": document.title,
        "subtitle": document.subtitle,
        "imprint": " · ".join(part for part in (document.organisation, document.date) if part),
        "author": document.author or document.organisation,
        "lang": document.language.split("-")[0],
        "region": document.language.partition("-")[2] or None,
        "font": _font()[0],
        "date": _day(document.date),
        "sections": [
            {
                "key": section.key,
                "heading": section.heading,
                "blocks": [
                    _block(block, notes, labels, pictures)
                    for block in section.blocks
                    if not isinstance(block, InteractiveMap)
                ],
            }
            for section in document.sections
        ],
        "notes": list(document.note_sentences(brief=True).values()),
        "sources": [f"{letter}. {source}" for source, letter in document.sources().items()],
        "attributions": list(document.attributions),
        "logo": None,
    }
    if document.logo:
        pictures["logo.png"] = document.logo
        content["logo"] = {"file": "logo.png", "alt": document.logo_alt or document.organisation}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        (root / "document.json").write_text(
            json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )
        layout = files("coterminous.report") / "templates" / "appendix.typ"
        (root / "main.typ").write_bytes(layout.read_bytes())
        return _typeset(root, _day(document.date))


def _typeset(root: Path, day: list[int]) -> bytes:
    """Set the pages: every picture must have an alternative text, every heading its order."""
    import typst

    try:
        return bytes(
            typst.compile(
                str(root / "main.typ"),
                root=str(root),
                pdf_standards="ua-1",
                ignore_system_fonts=True,
                font_paths=[str(path) for path in _font()[1]],
                timestamp=datetime(day[0], day[1], day[2], tzinfo=UTC),
            )
        )
    except typst.TypstError as error:
        raise InputError(f"The PDF could not be set: {error}.") from error


def _font() -> tuple[str, list[Path]]:
    """Find a sans-serif typeface that comes with a package, never one of this machine's own."""
    found = importlib.util.find_spec("font_source_sans_pro")
    if found and found.origin:
        return "Source Sans Pro", [Path(found.origin).parent / "files"]
    import matplotlib

    return "DejaVu Sans", [Path(matplotlib.get_data_path()) / "fonts" / "ttf"]


def _day(date: str) -> list[int]:
    """Read the document's date; a fixed one where there is none, for the clock is not content."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
    return [int(part) for part in found.groups()] if found else [2000, 1, 1]


def _block(
    block: Block,
    notes: dict[Any, int],
    labels: dict[tuple[str, str], str],
    pictures: dict[str, bytes],
) -> dict[str, Any]:
    """Describe one block as data."""
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "style": block.style, "runs": _runs(block.text, notes)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_runs(item, notes) for item in block.items]}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "page": block.new_page}
    if isinstance(block, Table) and block.apart:
        where = say("{where}", where=block.elsewhere(labels["table", block.key]))
        return {"kind": "paragraph", "style": "note", "runs": _runs(where, notes)}
    if isinstance(block, Table):
        return _table(block, labels["table", block.key])
    if isinstance(block, Picture):
        image = block.for_print
        name = f"picture-{len(pictures)}.{'png' if image[:4] == _PNG else 'svg'}"
        pictures[name] = image
        return {
            "kind": "picture",
            "label": labels["picture", block.key],
            "file": name,
            "caption": block.caption,
            "alt": block.alt,
            "notes": list(block.notes),
            "width": block.width,
        }
    assert isinstance(block, FillIn)
    return {"kind": "fill", "label": block.label, "value": block.value, "lines": block.lines}


def _table(table: Table, label: str) -> dict[str, Any]:
    """Describe a table as data, with the widths of its columns."""
    rows = table.rows()
    notes = table.all_notes()
    if table.provenance.source:
        notes.append(f"Source: {table.provenance.source}")
    return {
        "kind": "table",
        "label": label,
        "title": table.title,
        "headings": [column.heading for column in table.shown()],
        "right": [column.numeric for column in table.shown()],
        "widths": column_widths(table, rows, 14_000 if table.wide else 9_400),
        "rows": rows,
        "total": table.total,
        "together": len(rows) <= MOST_ROWS_TOGETHER,
        "notes": notes,
        "wide": table.wide,
    }


def _runs(text: Text, notes: dict[Any, int]) -> list[dict[str, Any]]:
    """Describe a text as data, with the numbers of its notes after each sentence."""
    made: list[dict[str, Any]] = []
    for part in text.marked(notes):
        if isinstance(part, Marks):
            made.append({"text": "", "notes": list(part.numbers)})
        elif isinstance(part, Figure):
            made.append({"text": part.text})
        elif isinstance(part, Strong):
            made.append({"text": part.text, "bold": True})
        else:
            made.append({"text": part})
    return made
