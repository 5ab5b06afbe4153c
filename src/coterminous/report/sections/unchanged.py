"""What does the change not touch? Relations that no line decides, and people it leaves together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coterminous.registers.basing import FEWEST
from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.entries import Entry
from coterminous.report.registered import (
    based_of,
    figure_of,
    flows_of,
    impact_of,
    networks_of,
    origin_of,
    register_of,
)
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.wording import Text, say
from coterminous.words import listed, plural, sentence_case


def build(subject: Subject) -> Part:
    """Say what stays as it is, whichever way the lines are drawn."""
    said = [kept_together(subject), *_whole_councils(subject), *never_crossing(subject)]
    blocks: list[Block] = [Bullets(tuple(said))]
    findings: tuple[Text, ...] = ()
    met = meetings(subject)
    if met is not None:
        text, table = met
        opening = say(
            "A line decides who plans for whom. It does not decide who meets whom: a trust and a "
            "council that serve the same people meet whatever the lines."
        )
        blocks = [Paragraph(opening), *blocks, Paragraph(text, "finding"), table]
        findings = (text,)
    return Part(Section("unchanged", "What this does not change", tuple(blocks)), findings)


def kept_together(subject: Subject) -> Text:
    """Count the people who stay with most of their old area."""
    moves = subject.overlap(subject.before, subject.after)
    kept = subject.figure(
        "unchanged.kept", moves.ledger["both"] - moves.measures()["parted"], "people",
        "People in both drawings who are in the new area that most of their old area goes to",
        subject.before, subject.after,
    )  # fmt: skip
    return say("{kept} people stay together with most of their old area.", kept=kept)


def _whole_councils(subject: Subject) -> list[Text]:
    """Count the councils that no line cuts, before or after."""
    said = []
    councils = {council.name: council for role, council in subject.councils() if role != "later"}
    for council in councils.values():
        uncut = []
        for drawing in (subject.before, subject.after):
            inside = subject.overlap(drawing, council).inside
            uncut.append(set(inside.columns[(inside > 0).sum(axis=0) == 1]))
        both = sorted(uncut[0] & uncut[1])
        met = subject.overlap(subject.after, council).inside
        total = subject.figure(
            f"unchanged.{council.name}.met", (met.sum(axis=0) > 0).sum(), "count",
            "Councils with people in the drawing", subject.after, council,
        )  # fmt: skip
        count = subject.figure(
            f"unchanged.{council.name}.uncut", len(both), "count",
            "Councils whose people in the drawing are all in one area, before and after",
            subject.before, subject.after, council,
        )  # fmt: skip
        said.append(
            say(
                "{count} of the {total} councils with people here ({title}) {verb} cut by no line "
                "before or after.",
                count=count,
                total=total,
                title=council.title,
                verb=plural(count.value, "is", "are"),
            )
        )
    return said


def never_crossing(subject: Subject) -> list[Text]:
    """Count the practices and networks that cross no line, before or after."""
    try:
        register = register_of(subject, "patients")
    except LeftOutError:
        return []
    said = []
    for many, counted in (("practices", register), ("networks", networks_of(subject))):
        if counted is None:
            continue
        table = impact_of(subject, counted, subject.after).organisations
        never = table[table["status"] == "never_crossing"]
        if not len(never):
            continue
        count = figure_of(
            subject, counted, f"unchanged.{many}", len(never), "count",
            f"{sentence_case(many)} that cross no line before or after", subject.before,
            subject.after,
        )  # fmt: skip
        patients = figure_of(
            subject, counted, f"unchanged.{many}.patients", never["patients"].sum(), "people",
            "Their patients who live in either drawing", subject.before, subject.after,
        )  # fmt: skip
        said.append(
            say(
                "{count} {many}, with {patients} patients, {cross} no line before or after.",
                count=count,
                many=plural(count.value, many[:-1], many),
                cross=plural(count.value, "crosses", "cross"),
                patients=patients,
            )
        )
    return said


def meetings(subject: Subject) -> tuple[Text, Table] | None:
    """List the trusts and councils that share patients, whatever the lines."""
    council = subject.role("upper") or subject.role("lower")
    if council is None:
        return None
    try:
        register = register_of(subject, "hospitals")
    except LeftOutError:
        return None
    found = flows_of(subject, register, council)
    table = found.table
    named = table["organisation"].isin(found.organisations.index)
    pairs = table[named & table["area"].isin(council.codes)]
    pairs = pairs[pairs["share_of_organisation"] >= subject.settings.threshold].sort_values(
        ["organisation", "value"], ascending=[True, False]
    )
    here = based_of(subject, register)
    patients = found.organisations["patients"]
    told = pairs["organisation"].map(here | (patients.reindex(here.index, fill_value=0) >= FEWEST))
    pairs = pairs[told.astype(bool)]
    based = pairs["organisation"].map(here).to_numpy(dtype=bool)
    names = found.organisations["name"]
    frame = pd.DataFrame(
        {
            "trust": pairs["organisation"].map(names).to_numpy(),
            "council": [council.areas.loc[code, "name"] for code in pairs["area"]],
            "value": pairs["value"].to_numpy(),
            "share": pairs["share_of_organisation"].to_numpy(),
            "based": np.where(based, "here", "elsewhere"),
            "_away": ~based,
        }
    ).sort_values(["_away", "trust", "value"], ascending=[True, True, False], ignore_index=True)
    formula = (
        f"Pairs of a trust and a council where at least {subject.percentage} of the trust's "
        "patients live, of those who live here"
    )
    counts = [
        figure_of(
            subject, register, f"unchanged.meetings{key}", (frame["based"] == where).sum(),
            "count", f"{formula}; trusts {words}", council, table="unchanged-meetings",
        )
        for key, where, words in (
            ("", "here", "whose main site is here"),
            (".elsewhere", "elsewhere", "based elsewhere"),
        )
    ]  # fmt: skip
    most = frame.loc[~frame["_away"], "trust"].value_counts()
    several = sorted(most.index[most > 1])
    text = say(
        "{count} {kind} of a trust based here and a council ({title}) {share} patients enough to "
        "meet whatever the lines; {several} {verb} with two or more councils.",
        count=counts[0],
        kind=plural(counts[0].value, "pair", "pairs"),
        share=plural(counts[0].value, "shares", "share"),
        title=council.title,
        several=listed(several, 5) if several else "no trust",
        verb="meets" if len(several) <= 1 else "meet",
    )
    if counts[1].value:
        more = say(
            " {apart} more {verb} of trusts based elsewhere, by their patients who live here.",
            apart=counts[1],
            verb=plural(counts[1].value, "is", "are"),
        )
        text = Text((*text.runs, *more.runs))
    made = Table(
        key="unchanged-meetings",
        title="Trusts and councils that share patients, whatever the lines",
        frame=frame,
        columns=(
            Column("trust", "Trust"),
            Column("based", "Based"),
            Column("council", "Council"),
            Column("value", "Patients", "people"),
            Column("share", "Share of its patients who live here", "share"),
        ),
        notes=(
            f"A trust based elsewhere with fewer than {FEWEST:,} patients who live here is left "
            "out.",
        )
        if frame["_away"].any()
        else (),
        provenance=origin_of(subject, register, formula, council),
        most=30,
    )
    return text, made


SECTION = Entry("unchanged", "What this does not change", build, place=110)
