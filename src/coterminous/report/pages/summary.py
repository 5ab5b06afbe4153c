"""What was decided, for whom is it better and worse, and what is unknown? The first page."""

from __future__ import annotations

import pandas as pd

from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    Heading,
    Numbered,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.division import divides
from coterminous.report.drawing import pair_picture
from coterminous.report.entries import Entry, Gathered
from coterminous.report.facts import (
    across_of,
    areas_of,
    coterminous_of,
    largest_of,
    localisation_of,
    parted_of,
    share_words,
    sides,
)
from coterminous.report.registered import open_register, register_of
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import Strong, Text, say
from coterminous.words import date_in_words, in_words, listed

#: The questions, in the order in which their answers stand.
QUESTIONS = ("councils", "people", "deprivation", "practices", "hospitals", "alternatives")


def build(subject: Subject, gathered: Gathered) -> Part:
    """Put the answers of all pages on one, with maps, one table, and what is not known."""
    answers = [gathered.answers[q] for q in QUESTIONS if q in gathered.answers]
    blocks: list[Block] = [Paragraph(text) for text in _asked(subject)]
    if answers:
        blocks.append(Numbered(tuple(answers)))
    picture = pair_picture(subject)
    blocks += [picture] if picture is not None else []
    blocks.append(_table(subject))
    blocks += [
        Heading("What cannot be said from these data"),
        Bullets(tuple(_unknown(subject, gathered))),
    ]
    return Part(Section("summary", "In one page", tuple(blocks)))


def _asked(subject: Subject) -> list[Text]:
    """Say what was asked, its status, its date, who made it, and how old the data are."""
    settings = subject.settings
    found = sides(subject)
    question = settings.question or (
        f"What changes if {subject.titled(subject.before)} become {subject.titled(subject.after)}?"
    )
    after = found.get("whole", subject.after)
    decided = (
        f" Decided {date_in_words(after.decided)}"
        + (
            f"; to be established by {date_in_words(after.valid_from)}."
            if after.valid_from
            else "."
        )
        if after.decided
        else ""
    )
    lines = [
        say(
            "{label} {question}{decided}",
            label=Strong("Asked:"),
            question=question,
            decided=decided,
        )
    ]
    about = [
        ("Status:", settings.status or "draft, not signed off"),
        ("Date:", date_in_words(settings.date) if settings.date else "not given"),
        ("Author:", settings.analyst or settings.organisation or "not given"),
    ]
    parts: dict[str, str | Strong] = {}
    for k, (label, value) in enumerate(about):
        parts |= {f"l{k}": Strong(label), f"v{k}": value}
    age = subject.area.data_age(subject.before, subject.after)
    if age:
        parts |= {"l9": Strong("Data:"), "v9": age}
    lines.append(say("{l0} {v0}. {l1} {v1}. {l2} {v2}." + (" {l9} {v9}" if age else ""), **parts))
    return lines


def _table(subject: Subject) -> Table:
    """Set before and after side by side in five rows."""
    found = sides(subject)
    rows: list[dict[str, object]] = []
    upper = subject.role("upper") or subject.role("lower")
    if upper is not None:
        rows.append(
            {"measure": f"Areas with the boundary of a {subject.council()}"}
            | {
                role: say(
                    "{n} of {of}" if len(layer) > 1 else "{n}",
                    n=coterminous_of(subject, layer, upper),
                    **({"of": areas_of(subject, layer)} if len(layer) > 1 else {}),
                )
                for role, layer in found.items()
            }
        )
    if not divides(subject, subject.after):
        rows.append(
            {"measure": "People in a different area from most of their old one", "before": "–"}
            | {
                role: say("{n}", n=parted_of(subject, layer)[0])
                for role, layer in found.items()
                if role != "before"
            }
        )
    if open_register(subject, "patients"):
        register = register_of(subject, "patients")
        counts = {role: across_of(subject, register, layer) for role, layer in found.items()}
        rows.append(
            {"measure": "Patients who live in another area than their practice"}
            | {
                role: say("{n} ({s})", n=each["outside"], s=each["share"])
                for role, each in counts.items()
            }
        )
        rows.append(
            {
                "measure": f"Practices with more than {share_words(subject).text} of their "
                "patients in another area"
            }
            | {
                role: say("{n} of {of}", n=each["crossing"], of=each["total"])
                for role, each in counts.items()
            }
        )
    if open_register(subject, "hospitals"):
        register = register_of(subject, "hospitals")
        rows.append(
            {"measure": "Hospital patients who use their area's main trust"}
            | {
                role: say("{n}", n=localisation_of(subject, register, layer))
                for role, layer in found.items()
            }
        )
    if len(rows) < 5:
        rows.append(
            {"measure": "People in the largest area"}
            | {role: say("{n}", n=largest_of(subject, layer)) for role, layer in found.items()}
        )
    return Table(
        key="summary",
        title="Before and after",
        frame=pd.DataFrame(rows),
        columns=(
            Column("measure", "Measure", width=46),
            *(Column(role, _headed(subject, role), right=True) for role in found),
        ),
        provenance=subject.origin("As worked out on the pages that follow", *found.values()),
    )


def _headed(subject: Subject, role: str) -> str:
    """Head a column with how many areas it is about."""
    layer = sides(subject)[role]
    if role == "whole":
        return subject.heading(role)
    noun = subject.noun(role, len(layer))
    return f"{subject.heading(role)} ({in_words(len(layer))} {noun})"


def _unknown(subject: Subject, gathered: Gathered) -> list[Text]:
    """Say what the data do not tell."""
    said = [
        say(
            "Whether care gets better or worse, whether a shared boundary leads to joint work, and "
            "what the change costs in staff, contracts and meetings."
        )
    ]
    if open_register(subject, "hospitals"):
        said.append(
            say(
                "Hospital patients are known by trust, not by hospital, planned and emergency "
                "together; a line does not decide where anybody is treated."
            )
        )
    if subject.census and "census" in gathered.answers:
        said.append(gathered.answers["census"])
    left = [f"{title} ({reason.rstrip('.')})" for title, reason in gathered.left_out]
    if left:
        said.append(say("Left out: {left}.", left=listed(list(dict.fromkeys(left)), 4)))
    return said


PAGE = Entry("summary", "In one page", build, place=10, page=True, needs="all")
