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
    Numbered,
    Paragraph,
    Picture,
    Table,
)
from coterminous.report.wording import Figure, Marks, Strong, Text, say
from coterminous.report.writers.widths import column_widths

_PNG = b"\x89PNG"
#: Inches of a picture that was drawn for the width of the text.
PAGE_WIDTH = 6.5
#: Points of Arial that are as wide as the letters of tables here, which are narrower.
_AS_WIDE_AS = 7.6


def render_pdf(document: Document) -> bytes:
    """Render the document as a tagged PDF; see `set_pages`."""
    return set_pages(document)[0]


def set_pages(document: Document) -> tuple[bytes, dict[tuple[str, str], int]]:
    """Render the document as a tagged PDF, and say on which page each figure of the text stands.

    Every word goes to the typesetter as data in a JSON file and is set as text: a name with
    ``#`` or ``*`` in it is that name.

    Returns
    -------
    tuple of bytes and dict
        The file, and the page by key of a figure and its words, of the sections that run on.

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
        "imprint": document.imprint,
        "author": document.author or document.organisation,
        "lang": document.language.split("-")[0],
        "region": document.language.partition("-")[2] or None,
        "font": _font()[0],
        "date": _day(document.date),
        "sections": [
            {
                "key": section.key,
                "heading": section.heading,
                "page": section.page,
                "blocks": [
                    _block(block, {} if section.page else notes, labels, pictures)
                    for block in section.blocks
                    if not isinstance(block, InteractiveMap)
                ],
            }
            for section in document.sections
        ],
        "pages": [{"key": s.key, "heading": s.heading} for s in document.pages],
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
        return _typeset(root, _day(document.date), runs_on=bool(document.details))


def _typeset(
    root: Path, day: list[int], *, runs_on: bool
) -> tuple[bytes, dict[tuple[str, str], int]]:
    """Set the pages: every picture must have an alternative text, every heading its order."""
    import typst

    from coterminous.report.writers.tags import with_row_headers

    shared: dict[str, Any] = {
        "root": str(root),
        "ignore_system_fonts": True,
        "font_paths": [str(path) for path in _font()[1]],
    }
    main = str(root / "main.typ")
    try:
        drawn = bytes(
            typst.compile(
                main,
                pdf_standards="ua-1",
                timestamp=datetime(day[0], day[1], day[2], tzinfo=UTC),
                **shared,
            )
        )
        told = json.loads(typst.query(main, "<figure>", **shared)) if runs_on else []
    except (typst.TypstError, RuntimeError) as error:
        raise InputError(f"The PDF could not be set: {error}.") from error
    pages: dict[tuple[str, str], int] = {}
    for each in told:
        key, text, page = each["value"]
        pages.setdefault((key, text), page)
    return with_row_headers(drawn), pages


def _font() -> tuple[str, list[Path]]:
    """Find a sans-serif typeface that comes with a package, never one of this machine's own.

    The letters of maps are those of matplotlib.
    """
    import matplotlib

    maps = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    found = importlib.util.find_spec("font_source_sans_pro")
    if found and found.origin:
        return "Source Sans Pro", [Path(found.origin).parent / "files", maps]
    return "DejaVu Sans", [maps]


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
    if isinstance(block, Numbered):
        return {"kind": "numbered", "items": [_runs(item, notes) for item in block.items]}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "page": block.new_page}
    if isinstance(block, Table) and block.apart:
        where = say("{where}", where=block.elsewhere(labels["table", block.key]))
        return {"kind": "paragraph", "style": "note", "runs": _runs(where, notes)}
    if isinstance(block, Table):
        return _table(block, labels["table", block.key], sourced=bool(notes))
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
            "inches": PAGE_WIDTH if block.whole else 0,
        }
    assert isinstance(block, FillIn)
    return {"kind": "fill", "label": block.label, "value": block.value, "lines": block.lines}


def _table(table: Table, label: str, *, sourced: bool) -> dict[str, Any]:
    """Describe a table as data, with the widths of its columns."""
    rows = table.rows()
    notes = table.all_notes()
    if table.provenance.source and sourced:
        notes.append(f"Source: {table.provenance.source}")
    return {
        "kind": "table",
        "label": label,
        "title": table.title,
        "headings": [column.heading for column in table.shown()],
        "right": [column.to_right for column in table.shown()],
        "widths": column_widths(table, rows, 14_000 if table.wide else 9_400, size=_AS_WIDE_AS),
        "rows": rows,
        "total": table.total,
        "light": table.light,
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
            made.append({"text": part.text, "key": part.key})
        elif isinstance(part, Strong):
            made.append({"text": part.text, "bold": True})
        else:
            made.append({"text": part})
    return made
