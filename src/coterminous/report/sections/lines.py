"""Where are the lines? Maps of before, after and what changes, each with a table for the ear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.errors import InputError
from coterminous.report.content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.drawing import changes_picture, interactive_map, layer_picture
from coterminous.report.entries import Entry
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import say
from coterminous.words import in_words, listed

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer


def build(subject: Subject) -> Part:
    """Show the drawings, and describe each in words."""
    blocks: list[Block] = [_opening(subject)]
    if subject.settings.sections and "maps" not in subject.settings.sections:
        # Where the pages are printed theirs has the map.
        blocks += interactive_map(subject)
    roles = [*subject.drawings()]
    parts = subject.role("parts")
    if parts is not None and parts.name not in {layer.name for _, layer in roles}:
        roles.append(("parts", parts))
    for kind, drawing in roles:
        blocks.append(Heading(drawing.title))
        picture = layer_picture(subject, kind, drawing)
        if picture is not None:
            blocks.append(picture)
        blocks.append(_text_twin(subject, kind, drawing))
        blocks += [Paragraph(say("{n}", n=note), "note") for note in subject.notes(drawing)]
    changed = changes_picture(subject)
    if changed is not None:
        blocks += [Heading("What changes"), changed]
    return Part(Section("lines", "The lines", tuple(blocks)))


def _opening(subject: Subject) -> Paragraph:
    """Say how many areas there were and are."""
    before, after = subject.before, subject.after
    old = subject.figure(
        f"drawing.{before.name}.areas", len(before), "count", "Areas of the layer", before
    )
    new = subject.figure(
        f"drawing.{after.name}.areas", len(after), "count", "Areas of the layer", after
    )
    text = say(
        "Before, the area was drawn as {old} {noun_old}: {names_old}. After, it is drawn as "
        "{new} {noun_new}: {names_new}.",
        old=old.saying(in_words(old.value)),
        noun_old=subject.noun("before", old.value),
        names_old=listed(list(before.names), 20),
        new=new.saying(in_words(new.value)),
        noun_new=subject.noun("after", new.value),
        names_new=listed(list(after.names), 20),
    )
    return Paragraph(text)


def _text_twin(subject: Subject, kind: str, drawing: AnyLayer) -> Table:
    """Describe a drawing to someone who cannot see its map: made of what, next to whom."""
    totals = drawing.totals(subject.area.weight(subject.weight))
    parts = made_of(subject, drawing)
    beside = _beside(subject, drawing)
    frame = pd.DataFrame(
        {
            "name": list(drawing.names),
            "made_of": [parts.get(code, "") for code in drawing.codes],
            "people": totals.to_numpy(),
            "beside": [beside.get(code, "") for code in drawing.codes],
        },
        index=drawing.codes,
    )
    columns = [Column("name", "Area"), Column("people", "People living in it", "people")]
    units = subject.units()
    if units is not None:
        columns.insert(1, Column("made_of", "Made of", width=30))
    if any(beside.values()):
        columns.append(Column("beside", "Next to", width=22))
    return Table(
        key=f"lines-{kind}",
        title=f"{drawing.title}, in words",
        frame=frame.reset_index(names="code"),
        columns=tuple(columns),
        provenance=subject.origin(
            "Sum over the building blocks of each area; neighbours share an edge or a declared "
            "link",
            drawing,
            units,
        ),
        most=40,
    )


def made_of(subject: Subject, drawing: AnyLayer, *, most: int = 15) -> dict[str, str]:
    """List the councils, or parts of councils, of which each area is made; up to so many."""
    units = subject.units()
    if units is None:
        return {}
    overlap = subject.overlap(drawing, units)
    extent = overlap.cells[overlap.cells["extent"] > 0]
    whole = extent.groupby("target")["extent"].sum()
    names = dict(overlap.names[1])
    made = {}
    for code in drawing.codes:
        cells = extent[(extent["source"] == code) & extent["target"].isin(names)]
        parts = [
            names[target] if size == whole[target] else f"part of {names[target]}"
            for target, size in zip(cells["target"], cells["extent"], strict=True)
        ]
        ordered = sorted(parts, key=lambda part: (part.startswith("part of "), part))
        made[code] = listed(ordered, most)
    return made


def _beside(subject: Subject, drawing: AnyLayer) -> dict[str, str]:
    """List the neighbours of each area; none where there are no polygons to tell."""
    try:
        pairs = subject.area.neighbours(drawing)
    except InputError:
        return {}
    names = dict(zip(drawing.codes, drawing.names, strict=True))
    found: dict[str, list[str]] = {code: [] for code in drawing.codes}
    for a, b in zip(pairs["a"], pairs["b"], strict=True):
        found[a].append(names[b])
        found[b].append(names[a])
    return {code: listed(sorted(others), 12) if others else "" for code, others in found.items()}


SECTION = Entry("lines", "The lines", build, place=30)
