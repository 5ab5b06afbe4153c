"""Where are the lines? The drawings side by side at one scale, and what each area is made of."""

from __future__ import annotations

import pandas as pd

from coterminous.report.content import Block, Column, Paragraph, Section, Table
from coterminous.report.drawing import interactive_map, lines_picture
from coterminous.report.entries import Entry
from coterminous.report.facts import sides
from coterminous.report.sections.lines import made_of
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import say
from coterminous.words import in_words, sentence_case

#: Areas in the table of a drawing; of more the largest stand there.
MOST = 10
#: Rows beside which there is room for larger maps.
FEW = 8


def build(subject: Subject) -> Part:
    """Show the drawings and say of which councils each area is made."""
    blocks: list[Block] = [*interactive_map(subject)]
    table = _table(subject)
    picture = lines_picture(subject, few=len(table.frame) <= FEW)
    blocks += [picture, table] if picture is not None else [table]
    notes = subject.notes(*(layer for _, layer in subject.drawings()))
    blocks += [Paragraph(say("{n}", n=note), "note") for note in notes[:2]]
    return Part(Section("maps", "The lines", tuple(blocks)))


def _table(subject: Subject) -> Table:
    """Say of each area how many live in it and of which councils it is made."""
    rows = []
    left = []
    for role, drawing in sides(subject).items():
        people = drawing.totals(subject.area.weight(subject.weight))
        made = made_of(subject, drawing, most=8)
        order = people.reindex(list(drawing.codes)).sort_values(ascending=False, kind="stable")
        told = order.index[: MOST if len(order) > MOST + 2 else len(order)]
        if role == "after" and "whole" in sides(subject):
            # What is a place and no unit stands under the places.
            told = [c for c in told if not _is_a_place(subject, str(c))]
        for code in told:
            rows.append(
                {
                    "drawing": subject.heading(role),
                    "name": subject.on_map(drawing, str(code)),
                    "people": float(people[code]),
                    "made": made.get(str(code), ""),
                }
            )
        if len(order) > MOST + 2:
            left.append(
                f"{subject.heading(role)}: the {in_words(MOST)} largest of {len(order)} areas"
            )
    columns = [
        Column("name", "Area", width=20),
        Column("drawing", "When", width=16),
        Column("people", "People", "about", width=9),
    ]
    if subject.units() is not None:
        columns.append(Column("made", "Made of", width=54))
    return Table(
        key="areas",
        title="The areas, the people who live in each, and the councils of which it is made",
        frame=pd.DataFrame(rows),
        columns=tuple(columns),
        provenance=subject.origin(
            "Sum over the building blocks of each area",
            *(layer for _, layer in subject.drawings()),
            subject.units(),
        ),
        notes=(sentence_case("; ".join(left)) + ".",) if left else (),
    )


def _is_a_place(subject: Subject, code: str) -> bool:
    """Whether an area after has the boundary of a place, and so is told already."""
    whole = sides(subject)["whole"]
    relation = subject.overlap(subject.after, whole).areas()["relation"]
    return bool(relation.get(code) == "coterminous")


PAGE = Entry("maps", "The lines", build, place=20, page=True)
