"""Where do people go to hospital? How local each drawing is, and how many areas a trust serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.registers.basing import FEWEST
from coterminous.report.content import (
    Block,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.drawing import trusts_picture
from coterminous.report.entries import Entry
from coterminous.report.registered import based_of, figure_of, flows_of, origin_of, register_of
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Figure, Text, say
from coterminous.words import plural

if TYPE_CHECKING:
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer


def build(subject: Subject) -> Part:
    """Say how local hospital care is under each drawing, and what trusts face."""
    register = register_of(subject, "hospitals")
    local = _localisation_words(subject, register)
    reach = _reach_words(subject, register)
    blocks: list[Block] = [
        Paragraph(
            say(
                "An area's main trust is the one that treats most of its hospital patients. The "
                "share who use it is lower in an area so large that several trusts serve it, for "
                "no other reason, so read it beside the number of areas."
            )
        ),
        Paragraph(local, "finding"),
        _areas_table(subject, register),
        Heading("With how many areas each trust works"),
        Paragraph(reach, "finding"),
        _trusts_table(subject, register),
        *_elsewhere(subject, register),
    ]
    picture = trusts_picture(subject)
    if picture is not None:
        blocks.append(picture)
    notes = flows_of(subject, register, subject.after).notes
    known = subject.notes(subject.before, subject.after)
    blocks += [Paragraph(say("{n}", n=note), "note") for note in notes if note not in known]
    section = Section("hospitals", "Hospitals", tuple(blocks))
    return Part(section, (local, reach), tuple(_indicators(subject, register)))


def _localisation(subject: Subject, register: Register, drawing: AnyLayer) -> Figure:
    """Measure the localisation of one drawing."""
    return figure_of(
        subject, register, f"hospitals.{drawing.name}.localisation",
        flows_of(subject, register, drawing).localisation, "share",
        "Patients at the main trust of their area, over all patients who live in the layer (the "
        "localisation index of hospital service areas)",
        drawing, table="hospitals-areas",
    )  # fmt: skip


def _localisation_words(subject: Subject, register: Register) -> Text:
    """Say how local care is under each drawing."""
    text = say(
        "{before} of hospital patients use the main trust of their {noun}; with the "
        "{noun_after} it is {after}",
        before=_localisation(subject, register, subject.before),
        after=_localisation(subject, register, subject.after),
        noun=subject.noun("before", 1),
        noun_after=subject.noun("after"),
    )
    whole = subject.role("whole")
    if whole is None or whole.name in (subject.before.name, subject.after.name):
        return Text((*text.runs, "."))
    more = say(
        ", and with the {noun} alone {whole}.",
        noun=subject.noun("whole"),
        whole=_localisation(subject, register, whole),
    )
    return Text((*text.runs, *more.runs))


def _several(subject: Subject, register: Register, drawing: AnyLayer) -> Figure:
    """Count the trusts based here that reach two or more areas."""
    found = flows_of(subject, register, drawing).organisations
    reached = found.loc[based_of(subject, register).reindex(found.index), "areas_reached"]
    return figure_of(
        subject, register, f"hospitals.{drawing.name}.several", (reached >= 2).sum(), "count",
        "Trusts whose main site is here, with two or more areas in which at least "
        f"{subject.percentage} of their patients live (of those who live in the layer)",
        drawing, table="hospitals-trusts",
    )  # fmt: skip


def _reach_words(subject: Subject, register: Register) -> Text:
    """Say how many trusts must link with two or more areas."""
    before = _several(subject, register, subject.before)
    after = _several(subject, register, subject.after)
    named = flows_of(subject, register, subject.after).organisations.index
    here = based_of(subject, register).reindex(named)
    total = figure_of(
        subject, register, "hospitals.trusts", here.sum(), "count",
        "Named trusts in the register whose main site is here", subject.after,
    )  # fmt: skip
    if total.value < 2:
        return _of_one_trust(subject, before, after, total)
    verb = plural(before.value, "draws", "draw")
    return say(
        "Of {total} {trusts} based here, {before} {verb} at least {threshold} of {their} patients "
        "from each of two or more {noun_before}; after, {after} {verb_after} as many from two or "
        "more {noun_after}.",
        total=total,
        trusts=plural(total.value, "trust", "trusts"),
        verb=verb,
        verb_after=plural(after.value, "draws", "draw"),
        their=plural(before.value, "its", "their"),
        threshold=subject.threshold(),
        before=before,
        after=after,
        noun_before=subject.noun("before"),
        noun_after=subject.noun("after"),
    )


def _of_one_trust(subject: Subject, before: Figure, after: Figure, total: Figure) -> Text:
    """Say how many areas the only trust based here serves, or that none is."""
    if total.value == 0:
        return say("No trust of the register has its main site here.")
    return say(
        "The only trust based here {before} at least {threshold} of its patients from each of two "
        "or more {noun_before}; after, it {after} as many from two or more {noun_after}.",
        before="draws" if before.value else "does not draw",
        after="draws" if after.value else "does not draw",
        threshold=subject.threshold(),
        noun_before=subject.noun("before"),
        noun_after=subject.noun("after"),
    )


def _areas_table(subject: Subject, register: Register) -> Table:
    """Tabulate the main trust of each area."""
    frames = [
        flows_of(subject, register, drawing)
        .areas()
        .reset_index()
        .assign(drawing=subject.label(kind))
        for kind, drawing in subject.drawings()
    ]
    columns = [
        Column("name", "Area"),
        Column("drawing", "When"),
        Column("patients", "Patients", "people"),
        Column("main_name", "Main trust"),
        Column("share_to_main", "Use the main trust", "share"),
    ]
    frame = pd.concat(frames, ignore_index=True)
    lumps = {"other": "Other trusts", "unattributed": "Not published"}
    columns += [
        Column(name, heading, "people") for name, heading in lumps.items() if name in frame.columns
    ]
    return Table(
        key="hospitals-areas",
        title="The main trust of each area",
        frame=frame,
        columns=tuple(columns),
        provenance=origin_of(
            subject, register, "Patients by trust and area of residence; localisation: the share "
            "at the main trust, of everybody in the register who lives there",
            *[drawing for _, drawing in subject.drawings()],
        ),
        notes=(
            "Not published: patients of trusts that had too few of them from a neighbourhood to "
            "be named.",
        )
        if "unattributed" in frame.columns
        else (),
        most=40,
    )  # fmt: skip


def _trusts_table(subject: Subject, register: Register) -> Table:
    """Tabulate with how many areas each trust works, before and after."""
    before = flows_of(subject, register, subject.before)
    beside = before.beside(flows_of(subject, register, subject.after))
    frame = beside.reset_index().assign(
        patients=before.organisations["patients"].reindex(beside.index).to_numpy()
    )
    here = based_of(subject, register).reindex(beside.index).to_numpy()
    return Table(
        key="hospitals-trusts",
        title="With how many areas each trust based here works",
        frame=frame[here].reset_index(drop=True),
        columns=(
            Column("name", "Trust"),
            Column("patients", "Patients who live here", "people"),
            Column("areas_reached_before", "Areas before", "count"),
            Column("areas_reached_after", "Areas after", "count"),
            Column("effective_areas_before", "Effective number before", "decimal"),
            Column("effective_areas_after", "Effective number after", "decimal"),
            Column("share_in_main_before", "Share in main area before", "share"),
            Column("share_in_main_after", "Share in main area after", "share"),
        ),
        provenance=origin_of(
            subject, register, f"Areas with at least {subject.percentage} of the trust's patients "
            "who live in the layer; effective number: 1 / sum of squared shares",
            subject.before, subject.after,
        ),
    )  # fmt: skip


def _elsewhere(subject: Subject, register: Register) -> list[Block]:
    """Set the trusts based elsewhere apart: of their patients, only those who live here count."""
    after = flows_of(subject, register, subject.after)
    table = after.organisations
    away = table[~based_of(subject, register).reindex(table.index)]
    if not len(away):
        return []
    count = figure_of(
        subject, register, "hospitals.elsewhere", len(away), "count",
        "Named trusts in the register whose main site is not here", subject.after,
        table="hospitals-elsewhere",
    )  # fmt: skip
    told = away["patients"] >= FEWEST
    frame = away.reset_index().assign(
        main_name=away["main_area"].map(subject.after.areas["name"]).to_numpy()
    )
    for column in ("areas_reached", "main_name", "share_in_main"):
        frame[column] = frame[column].astype(object).where(told.to_numpy(), None)
    return [
        Paragraph(
            say(
                "{count} {trusts} based elsewhere {treat} people who live here. They are counted "
                "apart, by those patients alone; how many others they have is not in the register.",
                count=count,
                trusts=plural(count.value, "trust", "trusts"),
                treat=plural(count.value, "treats", "treat"),
            )
        ),
        Table(
            key="hospitals-elsewhere",
            title="Where the patients from here of trusts based elsewhere live",
            frame=frame,
            columns=(
                Column("name", "Trust"),
                Column("patients", "Patients who live here", "people"),
                Column("areas_reached", f"Areas with {subject.percentage} of them", "count"),
                Column("main_name", "Area with most"),
                Column("share_in_main", "Share there, of its patients who live here", "share"),
            ),
            provenance=origin_of(
                subject, register, "Trusts whose main site is not here; shares of their patients "
                "who live in the layer",
                subject.after,
            ),
            notes=(f"No share is given of fewer than {FEWEST:,} patients who live here.",),
        ),
    ]  # fmt: skip


def _indicators(subject: Subject, register: Register) -> list[Indicator]:
    """Give the numbers that statements about hospitals can be tied to."""
    before, after = subject.before, subject.after
    return [
        Indicator(
            "trusts.several",
            "Trusts based here that must link with two or more areas",
            _several(subject, register, before),
            _several(subject, register, after),
            "less",
        ),
        Indicator(
            "localisation",
            "Hospital patients at their area's main trust",
            _localisation(subject, register, before),
            _localisation(subject, register, after),
            "more",
        ),
    ]


SECTION = Entry("hospitals", "Hospitals", build, place=70)
