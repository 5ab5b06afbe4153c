"""Where do people go to hospital, area by area, and what does no line change?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.report.content import Block, Bullets, Column, Heading, Paragraph, Section, Table
from coterminous.report.division import divides
from coterminous.report.drawing import trust_page_picture
from coterminous.report.entries import Entry
from coterminous.report.facts import in_figure, localisation_of, several_of, share_words, sides
from coterminous.report.registered import based_of, flows_of, origin_of, register_of
from coterminous.report.sections.unchanged import kept_together, meetings, never_crossing
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.wording import Piece, Text, say
from coterminous.words import date_in_words, plural

if TYPE_CHECKING:
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

#: Trusts that have a column of their own, fewer where many areas have a row; others are summed.
MOST, MOST_OF_MANY = 5, 4
#: Rows from which on names need room.
MANY = 12
#: Areas with a row each.
MOST_AREAS = 16


def build(subject: Subject) -> Part:
    """Say how many use their area's main trust, and who goes where."""
    register = register_of(subject, "hospitals")
    if not flows_of(subject, register, subject.after).ledger["layer"]:
        raise LeftOutError("no hospital patient of the register lives here")
    finding = _finding(subject, register)
    blocks: list[Block] = [Paragraph(finding, "finding")]
    picture = trust_page_picture(subject)
    blocks += [picture] if picture is not None else []
    blocks.append(_table(subject, register))
    blocks += [Heading("What does not change"), Bullets(tuple(_unchanged(subject)))]
    return Part(
        Section("hospital-care", "Hospitals", tuple(blocks)), answers={"hospitals": finding}
    )


def _finding(subject: Subject, register: Register) -> Text:
    """Say how many hospital patients use their area's main trust under each drawing."""
    found = sides(subject)
    shares = {role: localisation_of(subject, register, layer) for role, layer in found.items()}
    when = _when(subject, register)
    whole = "whole" in found
    alone: dict[str, Piece] = (
        {
            "inner": subject.inner(),
            "whole": shares["whole"],
            "places": subject.many("whole", len(found["whole"])).lower(),
        }
        if whole
        else {}
    )
    text = say(
        "Of hospital patients"
        + (" in {when}" if when else "")
        + ", {before} used their area's main trust before; {after} "
        + ("with {inner}, {whole} with the {places} alone" if whole else "after"),
        before=shares["before"],
        after=shares["after"],
        **({"when": when} if when else {}),
        **alone,
    )
    return Text((*text.runs, *_reach(subject, register).runs, "."))


def _when(subject: Subject, register: Register) -> str:
    """Say of when the patients are: the period that they were counted in, or the day."""
    described = subject.area.settings.get("register", [])
    period = next((r.get("period") for r in described if r["name"] == register.name), "")
    return date_in_words(str(period or register.date), of_month=False)


def _reach(subject: Subject, register: Register) -> Text:
    """Say how many trusts draw their patients from two areas or more."""
    found = sides(subject)
    before, total = several_of(subject, register, found["before"])
    after, _ = several_of(subject, register, found["after"])
    if total.value == 0:
        return Text(())
    level = share_words(subject)
    whole = several_of(subject, register, found["whole"])[0] if "whole" in found else None
    if total.value == 1:
        return say(
            "; the one trust based here {now} over {level} of its patients here from two areas or "
            "more, and {then} before",
            now="draws" if after.value else "does not draw",
            then="did" if before.value else _not(found["before"]),
            level=level,
        )
    some = (
        say("all {total} trusts based here", total=in_figure(total))
        if after.value == total.value
        else say(
            "{after} of the {total} trusts based here",
            after=in_figure(after),
            total=in_figure(total),
        )
    )
    bracket = whole is not None and whole.value != after.value
    alone: dict[str, Piece] = (
        {"whole": in_figure(whole), "places": subject.noun("whole")} if bracket and whole else {}
    )
    return say(
        "; {some} now {draw} over {level} of their patients here from two areas or more"
        + (" ({whole} with the {places} alone)" if bracket else "")
        + ", where {before} did before",
        some=some,
        draw=plural(after.value if after.value else 1, "draws", "draw"),
        level=level,
        before=in_figure(before),
        **alone,
    )


def _not(before: AnyLayer) -> str:
    """Say that something was not so: with one area it could not be."""
    return "could not" if len(before) == 1 else "did not"


def _table(subject: Subject, register: Register) -> Table:
    """Tabulate the share of each area's hospital patients that each trust treats."""
    found = sides(subject)
    columns: dict[str, str] = {}
    after = flows_of(subject, register, found["after"])
    named = after.organisations
    here = based_of(subject, register).reindex(named.index).fillna(False)
    ranked = named.assign(_here=~here).sort_values(["_here", "patients"], ascending=[True, False])
    rows = sum(min(len(d), MOST_AREAS) for role, d in found.items() if role != "whole")
    trusts = list(ranked.index[: MOST if rows <= MANY else MOST_OF_MANY])
    frames = []
    for role, drawing in found.items():
        flows = flows_of(subject, register, drawing)
        if role == "whole":
            continue
        matrix = flows.matrix.reindex(columns=list(drawing.codes)).fillna(0.0)
        total = matrix.sum()
        order = list(total.sort_values(ascending=False, kind="stable").index[:MOST_AREAS])
        frame = pd.DataFrame(
            {
                "name": [subject.on_map(drawing, str(code)) for code in order],
                "drawing": "before" if role == "before" else "after",
                "patients": total[order].to_numpy(),
            }
        )
        everybody = total[order].where(total[order] > 0)
        for k, trust in enumerate(trusts):
            row = matrix.loc[trust, order] if trust in matrix.index else pd.Series(0.0, order)
            frame[f"t{k}"] = (row / everybody).to_numpy()
            columns[f"t{k}"] = str(named.loc[trust, "name"])
        frame["rest"] = 1 - frame[[f"t{k}" for k in range(len(trusts))]].sum(axis=1)
        frames.append(frame)
    frame = pd.concat(frames, ignore_index=True)
    largest = max(len(each) for each in frames)
    note = f"The {MOST_AREAS} areas with most patients." if largest == MOST_AREAS else ""
    return Table(
        key="area-trusts",
        title="Areas by trust: the share of each area's hospital patients",
        frame=frame,
        columns=(
            Column("name", "Area", width=34),
            Column("drawing", "When", width=6),
            Column("patients", "Hospital patients", "about", width=8),
            *(Column(key, heading, "portion", width=8) for key, heading in columns.items()),
            Column("rest", "Other trusts and not published", "portion", width=8),
        ),
        provenance=origin_of(
            subject, register, "Patients by trust over all in the register who live in the area",
            *found.values(),
        ),
        notes=(note,) if note else (),
    )  # fmt: skip


def _unchanged(subject: Subject) -> list[Text]:
    """Say what stays, whichever way the lines are drawn."""
    stay = [] if divides(subject, subject.after) else [kept_together(subject)]
    said = [*stay, *never_crossing(subject)]
    met = meetings(subject)
    return [text.rounded() for text in ([*said, met[0]] if met is not None else said)]


PAGE = Entry("hospital-care", "Hospitals", build, place=60, page=True)
