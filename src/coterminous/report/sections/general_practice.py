"""Whose patients live across a line? Practices and networks, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.drawing import practices_picture
from coterminous.report.entries import Entry
from coterminous.report.numbers import Kind
from coterminous.report.registered import figure_of, impact_of, networks_of, origin_of, register_of
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Figure, Text, say
from coterminous.words import plural, sentence_case

if TYPE_CHECKING:
    from coterminous.effects.impacts import Impact
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

STATUSES = {
    "newly_crossing": "newly crosses",
    "resolved": "no longer crosses",
    "persisting": "crosses before and after",
    "never_crossing": "never crosses",
}


def build(subject: Subject) -> Part:
    """Say how many patients and practices are across a line, and which change."""
    register = register_of(subject, "patients")
    blocks: list[Block] = [Paragraph(_what_counts(subject))]
    findings: list[Text] = []
    indicators: list[Indicator] = []
    kinds = [("practice", "practices", register)]
    networks = networks_of(subject)
    if networks is not None:
        kinds.append(("network", "networks", networks))
    for one, many, counted in kinds:
        found = impact_of(subject, counted, subject.after)
        blocks.append(Heading(sentence_case(many)))
        patients = _patients_across(subject, counted, found, one)
        crossing = _crossing(subject, counted, found, many)
        blocks += [Paragraph(patients, "finding"), Paragraph(crossing, "finding")]
        findings += [patients, crossing] if one == "practice" else [crossing]
        also = _under_the_whole(subject, counted, many)
        if also is not None:
            blocks.append(Bullets((also,)))
        blocks += [
            _threshold_table(subject, counted, found, one, many),
            _changes_table(subject, counted, found, one, many),
        ]
        if one == "practice":
            blocks.append(_ledger_table(subject, counted, found))
            picture = practices_picture(subject)
            if picture is not None:
                blocks.append(picture)
        blocks += [
            Paragraph(say("{n}", n=note), "note")
            for note in found.notes
            if note not in subject.notes(subject.before, subject.after)
        ]
        indicators += _indicators(subject, counted, found, one, many)
    section = Section("practices", "General practice", tuple(blocks))
    return Part(section, tuple(findings), tuple(indicators))


def _what_counts(subject: Subject) -> Text:
    """Say what crossing a line means here."""
    return say(
        "A practice's home is the area in which its main site stands; a network's, the area where "
        "most of its patients live. It crosses a line when more than {threshold} of its patients "
        "who live in the area as a whole live outside its home.",
        threshold=subject.threshold(),
    )


def _patients_across(subject: Subject, register: Register, found: Impact, one: str) -> Text:
    """Count the patients outside their practice's home area, before and after."""
    figures: dict[str, Figure] = {}
    formula = f"Patients who live in the layer, outside the home area of their {one}"
    for side, layer in (("before", subject.before), ("after", subject.after)):
        summary = found.summary[side]
        for name, kind in (("outside", "people"), ("share", "share"), ("patients", "people")):
            figures[f"{name}_{side}"] = figure_of(
                subject, register, f"{one}s.{side}.{name}", summary[name],
                "share" if kind == "share" else "people",
                formula if name != "patients" else f"Patients of a {one} with a home, in the layer",
                layer, table=f"{one}s-thresholds",
            )  # fmt: skip
    same = figures["patients_before"].value == figures["patients_after"].value
    of = "" if same else " of {patients_after}"
    return say(
        "Before, {outside_before} of {patients_before} patients ({share_before}) live outside the "
        "{noun_before} of their {one}; after, {outside_after}"
        + of
        + " ({share_after}) live outside its "
        "{noun_after}.",
        one=one,
        noun_before=subject.noun("before", 1),
        noun_after=subject.noun("after", 1),
        **{k: v for k, v in figures.items() if not (same and k == "patients_after")},
    )


def _crossing(subject: Subject, register: Register, found: Impact, many: str) -> Text:
    """Count the organisations that cross a line, and those whose status changes."""
    counts = found.summary["organisations"]
    total = sum(counts.values())
    before = counts["resolved"] + counts["persisting"]
    after = counts["newly_crossing"] + counts["persisting"]
    formula = f"{sentence_case(many)} with more than the threshold of their patients outside home"
    values = {"before": before, "after": after, "total": total, **counts}
    figures = {
        name: figure_of(
            subject, register, f"{many}.crossing.{name}", value, "count", formula,
            subject.before, subject.after, table=f"{many}-changes",
        )
        for name, value in values.items()
    }  # fmt: skip
    how = {
        "newly_crossing": "newly {v}",
        "persisting": "{v} both before and after",
        "resolved": "no longer {v}",
    }
    told = [name for name in how if counts[name]]
    pattern = "{before} of {total} {many} {verb} a line before and {after} after"
    if told:
        pattern += ": " + ", ".join(
            f"{{{name}}} {how[name].format(v=plural(counts[name], 'does', 'do'))}" for name in told
        )
    none = before == 0
    return say(
        pattern + ".",
        many=many,
        verb="crosses" if before <= 1 else "cross",
        before=figures["before"].saying("None") if none else figures["before"],
        after=figures["after"].saying("none") if figures["after"].value == 0 else figures["after"],
        total=figures["total"],
        **{name: figures[name] for name in told},
    )


def _under_the_whole(subject: Subject, register: Register, many: str) -> Text | None:
    """Say the same of the drawing that groups the new areas."""
    whole = subject.role("whole")
    if whole is None or whole.name in (subject.before.name, subject.after.name):
        return None
    summary = impact_of(subject, register, whole).summary
    counts = summary["organisations"]
    outside = figure_of(
        subject, register, f"{many}.{whole.name}.outside", summary["after"]["outside"], "people",
        "Patients who live in the layer, outside the home area", whole,
    )  # fmt: skip
    crossing = figure_of(
        subject, register, f"{many}.{whole.name}.crossing",
        counts["newly_crossing"] + counts["persisting"], "count",
        f"{sentence_case(many)} with more than the threshold of their patients outside home", whole,
    )  # fmt: skip
    return say(
        "Across the lines of the {noun} alone: {outside} patients, and {crossing} {many}.",
        noun=subject.noun("whole"),
        outside=outside,
        crossing=crossing,
        many=many,
    )


def _threshold_table(
    subject: Subject, register: Register, found: Impact, one: str, many: str
) -> Table:
    """Count crossing organisations at each threshold."""
    frame = found.crossing.reset_index()
    frame["threshold"] = [f"over {level * 100:g}%" for level in frame["threshold"]]
    everyone = pd.DataFrame(
        {
            "threshold": ["patients outside home"],
            "before": [found.summary["before"]["outside"]],
            "after": [found.summary["after"]["outside"]],
        }
    )
    return Table(
        key=f"{one}s-thresholds",
        title=f"{sentence_case(many)} that cross a line, by how many of their patients do",
        frame=pd.concat([frame, everyone], ignore_index=True),
        columns=(
            Column("threshold", "Share of patients outside home"),
            Column("before", "Before", "count"),
            Column("after", "After", "count"),
        ),
        provenance=origin_of(
            subject, register, f"{sentence_case(many)} with more than each share of their patients "
            "outside home", subject.before, subject.after,
        ),
    )  # fmt: skip


def _changes_table(
    subject: Subject, register: Register, found: Impact, one: str, many: str
) -> Table:
    """List the organisations that change status, largest first."""
    names = {
        side: dict(zip(layer.codes, layer.names, strict=True))
        for side, layer in (("before", subject.before), ("after", subject.after))
    }
    changes = found.changes()
    frame = changes.reset_index().assign(
        home_before=changes["home_before"].map(names["before"]).to_numpy(),
        home_after=changes["home_after"].map(names["after"]).to_numpy(),
        status=changes["status"].map(STATUSES).to_numpy(),
    )
    for column in ("outside_before", "outside_after", "share_before", "share_after"):
        frame[column] = pd.to_numeric(frame[column])
    return Table(
        key=f"{many}-changes",
        title=f"{sentence_case(many)} that change status",
        frame=frame,
        columns=(
            Column("name", sentence_case(one)),
            Column("code", "Code", "code", printed=False),
            Column("home_before", "Home before"),
            Column("home_after", "Home after"),
            Column("patients", "Patients", "people"),
            Column("outside_before", "Outside before", "people"),
            Column("outside_after", "Outside after", "people"),
            Column("share_after", "Share after", "share"),
            Column("status", "Status", width=10),
        ),
        provenance=origin_of(
            subject, register, "Patients of each who live in the layer, and those of them who "
            "live outside its home area", subject.before, subject.after,
        ),
        most=15,
    )  # fmt: skip


def _ledger_table(subject: Subject, register: Register, found: Impact) -> Table:
    """Account for everybody in the register."""
    words = {
        "at_home": "live in their practice's home area",
        "outside_home": "live in one of the areas, but not in that of the practice",
        "no_home": "live in one of the areas, practice stands in none",
        "beyond": "live near, in none of the areas",
        "elsewhere": "live elsewhere",
        "unknown": "address not known",
        "total": "everybody on the lists",
    }
    frame = found.ledger.reset_index(names="who")
    frame["who"] = [words.get(name, name.replace("_", " ")) for name in frame["who"]]
    return Table(
        key="practices-ledger",
        title="Everybody on the lists, accounted for",
        frame=frame,
        columns=(
            Column("who", "Patients who"),
            Column("before", "Before", "people"),
            Column("after", "After", "people"),
        ),
        provenance=origin_of(
            subject, register, "Sums over practices and where their patients live",
            subject.before, subject.after,
        ),
        total=True,
        notes=(sentence_case(found.method) + ".",),
    )  # fmt: skip


def _indicators(
    subject: Subject, register: Register, found: Impact, one: str, many: str
) -> list[Indicator]:
    """Give the numbers that statements about practices and networks can be tied to."""
    counts = found.summary["organisations"]
    crossing = f"{sentence_case(many)} with more than the threshold of their patients outside home"
    sides = {
        "before": counts["resolved"] + counts["persisting"],
        "after": counts["newly_crossing"] + counts["persisting"],
    }
    formula = f"Patients who live in the layer, outside the home area of their {one}"
    layers: dict[str, AnyLayer] = {"before": subject.before, "after": subject.after}

    def pair(
        key: str, values: dict[str, int], how: str, kind: Kind = "count"
    ) -> tuple[Figure, Figure]:
        before, after = (
            figure_of(subject, register, f"{key}.{side}", values[side], kind, how, layers[side])
            for side in ("before", "after")
        )
        return before, after

    across = pair(f"indicator.{many}.across",
                  {side: found.summary[side]["outside"] for side in layers}, formula,
                  "people")  # fmt: skip
    cross = pair(f"indicator.{many}.crossing", sides, crossing)
    swapped = pair(
        f"indicator.{many}.changed",
        {"before": counts["resolved"], "after": counts["newly_crossing"]},
        f"{sentence_case(many)} that cross a line on this side of the change only",
    )
    labels = (
        ("patients", f"Patients outside the home area of their {one}", across),
        ("crossing", f"{sentence_case(many)} that cross a line", cross),
        (
            "only",
            f"{sentence_case(many)} that cross a line on this side of the change only",
            swapped,
        ),
    )
    return [
        Indicator(f"{many}.{key}", label, pairs[0], pairs[1], "less")
        for key, label, pairs in labels
    ]


SECTION = Entry("practices", "General practice", build, place=60)
