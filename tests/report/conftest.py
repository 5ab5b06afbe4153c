"""A short document with everything in it that could go wrong."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
import pytest

from coterminous.report.content import (
    Bullets,
    Column,
    Document,
    FillIn,
    Heading,
    InteractiveMap,
    Paragraph,
    Picture,
    Section,
    Table,
)
from coterminous.report.wording import Figure, Provenance, Strong, say

HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=1+1",
    "#heading *bold* _it_ $x$ @ref",
    "Ynys Môn / Dŵr y Tŷ",
    "\"double\" and 'single' & more \\n back`tick",
    "${1} {% raw %} <img src=x onerror=alert(1)>",
    "The Eighty Character Name of a Partnership Between Several Rivers and Two Estuaries",
]


@pytest.fixture(scope="session")
def png() -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(4, 2))
    FigureCanvasAgg(drawing)
    drawing.add_subplot().plot([0, 1], [0, 1])
    out = BytesIO()
    drawing.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


@pytest.fixture(scope="session")
def document(png: bytes) -> Document:
    """Two sections: hostile names in each kind of block, and a table that is wide."""
    origin = Provenance(
        "people who live in both", ("before", "after"), "Residents", "2020-06-30", HOSTILE[0]
    )
    people = Figure.of("people.both", 1701655, "people", origin)
    frame = pd.DataFrame(
        {
            "name": HOSTILE,
            "people": range(1000, 1000 + len(HOSTILE)),
            "share": [0.1, 0.2, None, 0.99996, 0.0001, 1.0, 0.0, 0.5],
        }
    )
    columns = (
        Column("name", "Area"),
        Column("people", "People"),
        Column("share", "Share", "share", note="of the area's people"),
    )
    columns = (columns[0], Column("people", "People", "people"), columns[2])
    blocks = (
        Paragraph(say("{n} people live in {where}.", n=people, where=HOSTILE[1]), "finding"),
        Paragraph(say("A {bold} word.", bold=Strong(HOSTILE[3])), "caution"),
        Bullets(tuple(say("{x}", x=name) for name in HOSTILE)),
        Heading(HOSTILE[5]),
        Table("people", f"People of {HOSTILE[6]}", frame, columns, origin, notes=(HOSTILE[2],)),
        Picture("map", HOSTILE[7], f"A line that rises; {HOSTILE[0]}", png),
        InteractiveMap("map", HOSTILE[0], "<!DOCTYPE html><title>m</title><p>&lt;map&gt;</p>"),
    )
    wide = Table("wide", "A wide table", frame, columns, origin, wide=True, most=3)
    more = (wide, FillIn("Response of the board", lines=2), FillIn("Analyst", HOSTILE[4]))
    return Document(
        title=f"Appendix: {HOSTILE[0]}",
        sections=(
            Section("findings", f"Findings {HOSTILE[3]}", blocks, 1),
            Section("more", HOSTILE[1], more, 2),
        ),
        subtitle=HOSTILE[4],
        organisation=HOSTILE[5],
        date="2022-07-27",
        attributions=("Source: Office for National Statistics", HOSTILE[6]),
        left_out=(("Hospitals", "there is no register"),),
    )
