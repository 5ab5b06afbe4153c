"""How do the named options compare? Side by side, and on a page each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Table,
)
from coterminous.report.drawing import layer_picture, options_picture
from coterminous.report.registered import open_register
from coterminous.report.sections import boundaries
from coterminous.report.sections.relations import in_words_of
from coterminous.report.subject import Subject
from coterminous.report.wording import say
from coterminous.words import in_words, sentence_case

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer


def named_options(subject: Subject) -> list[Block]:
    """Put the named drawings on one page, in one table, and on a page each."""
    options = [subject.area.layer(name) for name in subject.settings.options]
    blocks: list[Block] = [
        Heading("The options side by side"),
        Paragraph(
            say(
                "{n} ways to draw the areas besides the one before and the one after. One that "
                "covers less ground is counted on its own people only, as the table says.",
                n=subject.figure(
                    "options.named", len(options), "count", "Drawings named as options", *options
                ).saying(sentence_case(in_words(len(options)))),
            )
        ),
    ]
    picture = options_picture(subject, options)
    if picture is not None:
        blocks.append(picture)
    blocks += _compared(subject, options)
    for option in options:
        blocks += _one(subject, option)
    return blocks


def _compared(subject: Subject, options: list[AnyLayer]) -> list[Block]:
    """Tabulate the drawings side by side: a row a figure, a column a drawing would not fit."""
    from coterminous.scenarios.comparison import compare

    drawings = [*(layer for _, layer in subject.drawings()), *options]
    shown = list({drawing.name: drawing for drawing in drawings}.values())
    against = [layer for role, layer in subject.councils() if role != "lower"]
    found = compare(
        subject.area,
        shown,
        against=against,
        base=subject.before,
        trusts=open_register(subject, "hospitals"),
        practices=open_register(subject, "patients"),
    )
    frame = found.table.reset_index()
    columns = [
        Column("title", "Areas of", width=26),
        Column("areas", "Areas", "count"),
        Column("people", "People in it", "people"),
        Column("smallest", "Smallest", "people"),
        Column("largest", "Largest", "people"),
        Column("people_moved", "People moved", "people"),
        Column("parted", "In a different area from most of their old one", "people"),
        *(
            Column(f"v_measure_{c.name}", f"Follows {subject.titled(c)}, 0 to 1", "measure")
            for c in against
        ),
        Column("outside_share", "Patients outside their practice's area", "share"),
        Column("localisation", "Use their area's main trust", "share"),
    ]
    for column in columns[1:]:
        frame[column.name] = pd.to_numeric(frame[column.name])
    known = [column for column in columns if frame[column.name].notna().any()]
    table = Table(
        key="options-compared",
        title="The options side by side",
        frame=frame,
        columns=tuple(known),
        provenance=subject.origin(
            f"Each drawing on the people in it; moved and parted are counted from "
            f"{subject.title(subject.before)}",
            *shown,
        ),
        notes=tuple(_by_title(note, [*shown, *against]) for note in found.notes),
        wide=True,
    )
    return [table]


def _by_title(note: str, layers: list[AnyLayer]) -> str:
    """Call layers by their titles in a note that a comparison wrote."""
    titles = {layer.name: layer.title for layer in layers}
    names = "|".join(re.escape(name) for name in titles)
    return re.sub(rf"\b({names})\b", lambda match: titles[match.group()], note)


def _one(subject: Subject, option: AnyLayer) -> list[Block]:
    """Give one option its page: a map, and how its areas lie among the councils."""
    blocks: list[Block] = [Heading(option.title, new_page=True)]
    picture = layer_picture(subject, f"option-{option.name}", option)
    if picture is not None:
        blocks.append(picture)
    upper = subject.role("upper")
    if upper is not None and len(option) <= boundaries.MOST_IN_WORDS:
        said = [in_words_of(subject, option, upper, code) for code in option.codes]
        blocks.append(Bullets(tuple(said)))
    people = option.totals(subject.area.weight(subject.weight))
    frame = pd.DataFrame(
        {
            "name": list(option.names),
            "people": people.to_numpy(),
            "guideline": [
                "above" if people.get(code, 0) > subject.settings.place_largest else "within"
                for code in option.codes
            ],
        }
    )
    blocks.append(
        Table(
            key=f"option-{option.name}",
            title=f"{option.title}: the people of each area",
            frame=frame,
            columns=(
                Column("name", "Area"),
                Column("people", "People living in it", "people"),
                Column("guideline", f"Up to {subject.settings.place_largest:,}"),
            ),
            provenance=subject.origin("Sum over the building blocks of each area", option),
            most=40,
        )
    )
    blocks += [Paragraph(say("{n}", n=note), "note") for note in subject.notes(option)]
    return blocks
