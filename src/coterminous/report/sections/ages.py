"""How old are the data, and how far is the estimate from the census?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coterminous.report.content import (
    Block,
    Column,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.entries import Entry
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import Provenance, Text, say


def build(subject: Subject) -> Part:
    """Say how old the data are, and how far the estimate is from the census."""
    blocks: list[Block] = [_ages(subject)]
    text: list[Text] = []
    compared = _against_the_census(subject)
    if compared is not None:
        sentence, table = compared
        blocks += [Paragraph(sentence, "finding"), table]
        text.append(sentence)
    return Part(
        Section("data", "How old the data are, and their licences", tuple(blocks)),
        tuple(text),
        answers={"census": text[0]} if text else {},
    )


def _ages(subject: Subject) -> Table:
    """Tabulate what the appendix draws on, oldest facts first in view."""
    area = subject.area
    used = dict.fromkeys(name for name in subject.used() if name)
    blocks = area.settings.get("blocks", {}).get("source", "")
    rows = []
    for source in dict.fromkeys([blocks, *used]):
        if source in area.sources.index:
            row = area.sources.loc[source]
            rows.append({k: str(row[k]) for k in ("title", "date", "publisher", "licence")})
        elif source:
            rows.append({"title": source, "date": "", "publisher": "", "licence": ""})
    if not rows:
        for name, weight in area.weights.iterrows():
            rows.append(
                {
                    "title": str(weight["title"] or name),
                    "date": str(weight["date"]),
                    "publisher": "not stated",
                    "licence": "not stated",
                }
            )
    return Table(
        key="data-ages",
        title="What the figures are made of, and as at when",
        frame=pd.DataFrame(rows),
        columns=(
            Column("title", "Data", width=40),
            Column("date", "As at", width=12),
            Column("publisher", "Publisher", width=24),
            Column("licence", "Licence", width=22),
        ),
        provenance=Provenance("The geography's list of sources"),
    )


def _against_the_census(subject: Subject) -> tuple[Text, Table] | None:
    """Compare the population used with the census, council by council."""
    units = subject.units()
    again = subject.census
    if units is None or again is None:
        return None
    heading = subject.area.weight_info(again).heading
    inside = subject.after.touched() | subject.before.touched()
    parts, held = units.parts()
    codes = list(units.codes[np.unique(held[inside[parts.block] & (held >= 0)])])
    estimate = units.totals(subject.area.weight(subject.weight))[codes]
    census = units.totals(subject.area.weight(again))[codes]
    frame = pd.DataFrame(
        {
            "name": [units.areas.loc[code, "name"] for code in codes],
            "estimate": estimate.to_numpy(),
            "census": census.to_numpy(),
            "difference": (census / estimate.where(estimate > 0) - 1).to_numpy() * 100,
        },
        index=codes,
    ).sort_values("difference", kind="stable")
    info = subject.area.weight_info(subject.weight)
    low, high = frame.iloc[0], frame.iloc[-1]
    figures = {
        which: subject.figure(
            f"census.{which}", abs(row["difference"]), "percent",
            "Census over estimate, less 1", units, table="census",
        )
        for which, row in (("low", low), ("high", high))
    }  # fmt: skip
    pattern = "{count} counted {high} {more} people in {high_name} than the "
    pattern += "estimate used here ({estimate})"
    if len(frame) > 1:
        pattern += ", and {low} {fewer} in {low_name}"
    else:
        figures.pop("low")
    text = say(
        pattern + ".",
        count=heading,
        more=_more(high),
        estimate=info.title,
        high_name=str(high["name"]),
        **({"fewer": _more(low), "low_name": str(low["name"])} if len(frame) > 1 else {}),
        **figures,
    )
    table = Table(
        key="census",
        title=f"{info.title} beside {heading}",
        frame=frame,
        columns=(
            Column("name", "Council"),
            Column("estimate", info.title, "people"),
            Column("census", heading, "people"),
            Column("difference", "Census against estimate", "percent"),
        ),
        provenance=subject.origin("Sums over building blocks; census over estimate, less 1", units),
        notes=("Whole councils, whatever part of them lies in the area.",),
    )
    return text, table


def _more(row: pd.Series) -> str:
    """Say which way the census differs."""
    return "more" if row["difference"] >= 0 else "fewer"


SECTION = Entry(
    "data", "How old the data are, and their licences", build, place=20, made=130, numbered=False
)
