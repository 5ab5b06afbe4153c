"""Who lives in each area? Age and deprivation before and after, and of the people parted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.report.content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.facts import parted_blocks
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Figure, Text, say
from coterminous.words import sentence_case

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer


def build(subject: Subject) -> Part:
    """Describe the areas by age and deprivation, as far as the geography knows them."""
    blocks: list[Block] = []
    findings: list[Text] = []
    indicators: list[Indicator] = []
    ends = (subject.before, subject.after)
    ages = list(subject.area.role_names("ages"))
    fifths = list(subject.area.role_names("deprivation"))
    if ages:
        blocks += [Heading("Age"), _share_table(subject, "ages", "Age", ages)]
    known_shares = [_shares(subject, d, w).notna().any() for d in ends for w in fifths[:1]]
    if fifths and all(known_shares):
        spread = _spread(subject, fifths[0])
        blocks += [
            Heading("Deprivation"),
            Paragraph(_range_words(subject, fifths[0]), "finding"),
            _share_table(subject, "deprivation", "Deprivation", fifths),
        ]
        indicators.append(
            Indicator(
                "deprivation_gap",
                f"Gap between areas in the share {_who(subject, fifths[0])}",
                spread[0],
                spread[1],
                "less",
            )
        )
    if ages or fifths:
        parted = _parted(subject, [*fifths, *ages])
        if parted is not None:
            text, table = parted
            blocks += [
                Heading("Who is in a different area from most of their old one"),
                Paragraph(text, "finding"),
                table,
            ]
            findings.append(text)
    section = Section("makeup", "Who lives in each area", tuple(blocks))
    return Part(section, tuple(findings), tuple(indicators))


def _said(subject: Subject, weight: str) -> str:
    """Say what is true of the people whom a weight counts."""
    return subject.area.weight_info(weight).predicate


def _who(subject: Subject, weight: str) -> str:
    """Say it of a share of people."""
    said = _said(subject, weight)
    return f"living{said.removeprefix('live')}" if said.startswith("live ") else f"who {said}"


def _shares(subject: Subject, drawing: AnyLayer, weight: str) -> pd.Series:
    """Give the share of each area's people that a weight counts."""
    people = drawing.totals(subject.area.weight(subject.weight))
    shares: pd.Series = drawing.totals(subject.area.weight(weight)) / people.where(people > 0)
    return shares


def _share_table(subject: Subject, key: str, title: str, weights: list[str]) -> Table:
    """Tabulate shares of each area's people, drawing by drawing."""
    frames = [
        pd.DataFrame(
            {
                "drawing": subject.label(kind),
                "name": list(drawing.names),
                **{w: _shares(subject, drawing, w).to_numpy() for w in weights},
            }
        )
        for kind, drawing in subject.drawings()
    ]
    return Table(
        key=key,
        title=f"{title} of the people of each area",
        frame=pd.concat(frames, ignore_index=True),
        columns=(
            Column("name", "Area"),
            Column("drawing", "When"),
            *(Column(w, subject.area.weight_info(w).heading, "share") for w in weights),
        ),
        provenance=subject.origin(
            "People so counted over all people of the area",
            *[drawing for _, drawing in subject.drawings()],
            weight=weights[0],
        ),
        most=60,
    )


def _spread(subject: Subject, weight: str) -> list[Figure]:
    """Measure the gap between the highest and the lowest share, before and after."""
    made = []
    for drawing in (subject.before, subject.after):
        shares = _shares(subject, drawing, weight)
        made.append(
            subject.figure(
                f"deprivation.{drawing.name}.gap",
                shares.max() - shares.min(),
                "share",
                f"Highest less lowest share of an area's people who {_said(subject, weight)}",
                drawing,
                weight=weight,
                table="deprivation",
            )
        )
    return made


def _range_words(subject: Subject, weight: str) -> Text:
    """Say how far the areas differ in deprivation, before and after."""
    text = Text(())
    for drawing in (subject.before, subject.after):
        shares = _shares(subject, drawing, weight)
        ends = []
        for which, code in (("lowest", shares.idxmin()), ("highest", shares.idxmax())):
            figure = subject.figure(
                f"deprivation.{drawing.name}.{which}",
                shares[code],
                "share",
                f"{sentence_case(which)} share of an area's people who {_said(subject, weight)}",
                drawing,
                weight=weight,
                table="deprivation",
            )
            ends.append((str(drawing.areas.loc[code, "name"]), figure))
        (low_name, low), (high_name, high) = ends
        text = text + say(
            ("Before, the share of people who {said}" if not text.runs else "After, it")
            + " runs from {low} in {low_name} to {high} in {high_name}.",
            **({} if text.runs else {"said": _said(subject, weight)}),
            low=low,
            low_name=low_name,
            high=high,
            high_name=high_name,
        )
    return text


def _parted(subject: Subject, weights: list[str]) -> tuple[Text, Table] | None:
    """Compare the people parted with everyone else in both drawings."""
    parted = parted_blocks(subject, subject.after)
    groups = {name: parted[name] for name in ("parted", "others")}
    if not all(share.any() for share in groups.values()):
        return None
    people = subject.area.weight(subject.weight)
    totals = {name: float((people * share).sum()) for name, share in groups.items()}
    rows = []
    for weight in weights:
        counted = subject.area.weight(weight)
        row: dict[str, object] = {"group": subject.area.weight_info(weight).heading}
        for name, share in groups.items():
            some = float((counted * share).sum())
            row[name] = round(some)
            row[f"{name}_share"] = some / totals[name] if totals[name] else None
        rows.append(row)
    frame = pd.DataFrame(rows)
    formula = "Of the people separated from most of their old area, and of everyone else"
    table = Table(
        key="parted",
        title="Who is in a different area from most of their old one, against everyone else",
        frame=frame,
        columns=(
            Column("group", "People"),
            Column("parted", "In a different area", "people"),
            Column("parted_share", "Share of those", "share"),
            Column("others", "Everyone else", "people"),
            Column("others_share", "Share of everyone else", "share"),
        ),
        provenance=subject.origin(formula, subject.before, subject.after),
    )
    first = weights[0]
    figures = {
        name: subject.figure(
            f"parted.{first}.{name}", frame.loc[0, f"{name}_share"], "share", formula,
            subject.before, subject.after, weight=first, table="parted",
        )
        for name in groups
    }  # fmt: skip
    text = say(
        "Of the people in a different area from most of their old one {parted} {words}, against "
        "{others} of everyone else.",
        words=_said(subject, first),
        **figures,
    )
    return text, table
