"""What is in the folder? The documents, the maps, the tables, each piece alone, a manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from coterminous.files import write_csv, write_json
from coterminous.report import record
from coterminous.report.content import (
    Block,
    Bullets,
    Document,
    Numbered,
    Paragraph,
    Picture,
    Table,
    plain_cells,
)
from coterminous.report.numbers import missing
from coterminous.report.settings import Settings
from coterminous.report.statements import shipped_statements
from coterminous.report.wording import Figure

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.geography import Geography


def write_folder(
    document: Document,
    folder: Path,
    area: Geography,
    settings: Settings,
    *,
    step: Callable[[str], None] = lambda _: None,
) -> None:
    """Write everything that the settings ask for into an empty folder."""
    formats = settings.formats
    statements = settings.statements or shipped_statements(area)
    if statements is not None:
        (folder / "statements.toml").write_bytes(statements.read_bytes())
    step("Tables")
    pages: dict[tuple[str, str], int] = {}
    write_maps(document, folder / "maps")
    if "html" in formats:
        from coterminous.report.writers.html import render_html, render_statement

        step("appendix.html")
        for name, page in (
            ("appendix.html", render_html(document)),
            ("accessibility.html", render_statement(document, formats)),
        ):
            (folder / name).write_text(page, encoding="utf-8", newline="\n")
    if "docx" in formats:
        from coterminous.report.writers.word import render_word

        step("appendix.docx")
        word = render_word(document, template=settings.template, styles=settings.styles)
        (folder / "appendix.docx").write_bytes(word)
        write_pieces(document, folder / "pieces", settings)
    if "pdf" in formats:
        from coterminous.report.writers.pdf import set_pages

        step("appendix.pdf")
        made, pages = set_pages(document)
        (folder / "appendix.pdf").write_bytes(made)
    write_tables(document, folder / "tables", pages)
    if "xlsx" in formats:
        from coterminous.report.writers.workbook import render_workbook

        step("tables.xlsx")
        (folder / "tables" / "tables.xlsx").write_bytes(render_workbook(document))
    described = record.describe(document, folder, area, settings, pages=pages)
    write_json(described, folder / "manifest.json")


def write_tables(
    document: Document, folder: Path, pages: Mapping[tuple[str, str], int] | None = None
) -> None:
    """Write each table whole as CSV, and every figure that is printed by key and page."""
    folder.mkdir()
    for table in document.tables():
        write_csv(_as_printed(table), folder / f"{table.key}.csv")
    figures = figure_table(document, pages)
    if len(figures):
        write_csv(figures, folder / "figures.csv")


def _as_printed(table: Table) -> pd.DataFrame:
    """Take a table's columns, whole numbers as whole numbers."""
    frame = table.frame[[column.name for column in table.columns]].copy()
    for column in table.columns:
        frame[column.name] = plain_cells(frame[column.name])
        if column.kind in ("people", "count", "about"):
            values = frame[column.name]
            if values.notna().any() and (values.dropna() % 1 == 0).all():
                frame[column.name] = values.astype("Int64")
    return frame


def figure_table(
    document: Document, pages: Mapping[tuple[str, str], int] | None = None
) -> pd.DataFrame:
    """Tabulate every figure: key, exact value, as written, on which page, and where it came from.

    One that is written in two ways, or on two pages, has a row for each.
    """
    import pandas as pd

    found: dict[tuple[str, int, str], Figure] = {}
    for figure, own in document.printed():
        page = own or (pages or {}).get((figure.key, figure.text), 0)
        found.setdefault((figure.key, page, figure.text), figure)
    document.figures()  # one key with two values is refused
    rows = [
        {
            "key": figure.key,
            "value": None if missing(figure.value) else figure.value,
            "as_written": figure.text,
            "page": page or None,
            "kind": figure.kind,
            "formula": figure.provenance.formula,
            "layers": "; ".join(figure.provenance.layers),
            "weight": figure.provenance.weight,
            "date": figure.provenance.date,
            "source": figure.provenance.source,
            "table": figure.table,
        }
        for (_, page, _), figure in sorted(found.items(), key=lambda item: item[0])
    ]
    if not rows:
        return pd.DataFrame()
    return pd.DataFrame(rows).astype({"value": object, "page": "Int64"})


def write_maps(document: Document, folder: Path) -> None:
    """Write each picture as PNG and, where there is one, SVG, with its words beside it."""
    pictures = document.pictures()
    if not pictures:
        return
    folder.mkdir()
    for picture in pictures:
        (folder / f"{picture.key}.png").write_bytes(picture.png)
        if picture.svg:
            (folder / f"{picture.key}.svg").write_bytes(picture.svg)
    words = "\n\n".join(f"{p.key}: {p.caption}\n{p.alt}" for p in pictures)
    (folder / "alternative-text.txt").write_text(words + "\n", encoding="utf-8", newline="\n")


def write_pieces(document: Document, folder: Path, settings: Settings) -> None:
    """Write each table, picture and paragraph alone as a Word file, and a list of them all."""
    from coterminous.report.writers.html import render_pieces_list
    from coterminous.report.writers.word import render_pieces

    chosen: dict[str, Block] = {}
    sections: list[tuple[str, list[tuple[str, Block]]]] = []
    for section in document.sections:
        own: list[tuple[str, Block]] = [
            (f"{section.key}-{position:02d}-{_piece_name(block)}.docx", block)
            for position, block in enumerate(section.blocks, 1)
            if isinstance(block, Table | Picture | Paragraph | Bullets | Numbered)
        ]
        chosen |= own
        sections.append((section.heading, own))
    folder.mkdir()
    made = render_pieces(
        document, chosen.values(), template=settings.template, styles=settings.styles
    )
    for name, piece in zip(chosen, made, strict=True):
        (folder / name).write_bytes(piece)
    listed = render_pieces_list(document, sections)
    (folder / "contents.html").write_text(listed, encoding="utf-8", newline="\n")


def _piece_name(block: Block) -> str:
    """Name a piece by its key, or as text."""
    return block.key if isinstance(block, Table | Picture) else "text"
