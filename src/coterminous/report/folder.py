"""What is in the folder? The documents, the maps, the tables, each piece alone, a manifest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from coterminous.files import write_csv, write_json
from coterminous.report import record
from coterminous.report.content import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Picture,
    Table,
)
from coterminous.report.numbers import missing
from coterminous.report.settings import Settings
from coterminous.report.statements import shipped_statements

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
    write_tables(document, folder / "tables")
    write_maps(document, folder / "maps")
    if "html" in formats:
        from coterminous.report.writers.html import render_html

        step("appendix.html")
        (folder / "appendix.html").write_text(render_html(document), encoding="utf-8", newline="\n")
    if "docx" in formats:
        from coterminous.report.writers.word import render_word

        step("appendix.docx")
        word = render_word(document, template=settings.template, styles=settings.styles)
        (folder / "appendix.docx").write_bytes(word)
        write_pieces(document, folder / "pieces", settings)
    if "pdf" in formats:
        from coterminous.report.writers.pdf import render_pdf

        step("appendix.pdf")
        (folder / "appendix.pdf").write_bytes(render_pdf(document))
    if "xlsx" in formats:
        from coterminous.report.writers.workbook import render_workbook

        step("tables.xlsx")
        (folder / "tables" / "tables.xlsx").write_bytes(render_workbook(document))
    write_json(record.describe(document, folder, area, settings), folder / "manifest.json")


def write_tables(document: Document, folder: Path) -> None:
    """Write each table whole as CSV, and the figures of the text by key."""
    folder.mkdir()
    for table in document.tables():
        write_csv(_as_printed(table), folder / f"{table.key}.csv")
    figures = figure_table(document)
    if len(figures):
        write_csv(figures, folder / "figures.csv")


def _as_printed(table: Table) -> pd.DataFrame:
    """Take a table's columns, whole numbers as whole numbers."""
    frame = table.frame[[column.name for column in table.columns]].copy()
    for column in table.columns:
        if column.kind in ("people", "count"):
            values = frame[column.name]
            if values.notna().any() and (values.dropna() % 1 == 0).all():
                frame[column.name] = values.astype("Int64")
    return frame


def figure_table(document: Document) -> pd.DataFrame:
    """Tabulate every figure of the text: key, value, as written, and where it came from."""
    import pandas as pd

    rows = [
        {
            "key": figure.key,
            "value": None if missing(figure.value) else figure.value,
            "as_written": figure.text,
            "formula": figure.provenance.formula,
            "layers": "; ".join(figure.provenance.layers),
            "weight": figure.provenance.weight,
            "date": figure.provenance.date,
            "source": figure.provenance.source,
            "table": figure.table,
        }
        for figure in document.figures().values()
    ]
    return pd.DataFrame(rows).astype({"value": object}) if rows else pd.DataFrame()


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
    """Write each table, picture and paragraph alone as a Word file, ready to insert."""
    from coterminous.report.writers.word import render_pieces

    chosen = {
        f"{section.key}-{position:02d}-{_piece_name(block)}.docx": block
        for section in document.sections
        for position, block in enumerate(section.blocks, 1)
        if isinstance(block, Table | Picture | Paragraph | Bullets)
    }
    folder.mkdir()
    made = render_pieces(
        document, chosen.values(), template=settings.template, styles=settings.styles
    )
    for name, piece in zip(chosen, made, strict=True):
        (folder / name).write_bytes(piece)


def _piece_name(block: Block) -> str:
    """Name a piece by its key, or as text."""
    return block.key if isinstance(block, Table | Picture) else "text"
