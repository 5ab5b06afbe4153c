"""What is told where old areas are only divided, and nobody moves from one to another?"""

from __future__ import annotations

import pandas as pd

from coterminous.report.content import Block, Column, Paragraph, Section, Table
from coterminous.report.drawing import division_picture
from coterminous.report.facts import none_of
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import Figure, Text, say
from coterminous.shares import AnyLayer
from coterminous.words import in_words

#: Areas in the table; of more those with most people stand there.
MOST = 20


def divides(subject: Subject, drawing: AnyLayer) -> bool:
    """Whether a drawing only divides the areas before: each of its areas lies inside one."""
    inside = subject.overlap(subject.before, drawing).inside > 0
    return bool((inside.sum() == 1).all()) and bool((inside.sum(axis=1) > 1).any())


def page(subject: Subject) -> Part:
    """Say how large the new areas are, and how they differ in deprivation and age."""
    who = _sizes(subject)
    answers = {"people": who}
    blocks: list[Block] = [Paragraph(who, "finding")]
    deprived = _deprived(subject)
    if deprived is not None:
        answers["deprivation"] = deprived
        blocks.append(Paragraph(deprived, "finding"))
    picture = division_picture(subject)
    blocks += [picture] if picture is not None else []
    blocks.append(_table(subject))
    return Part(Section("moves", "Who lives in each area", tuple(blocks)), answers=answers)


def _sizes(subject: Subject) -> Text:
    """Say that nobody moves, and how large the parts are."""
    after, before = subject.after, subject.before
    people = _people(subject)
    ends: dict[str, Figure | str] = {}
    for name, code in (("most", people.idxmax()), ("least", people.idxmin())):
        ends[name] = after.name_of(str(code))
        ends[f"{name}_n"] = subject.figure(
            f"division.{after.name}.{name}", people[code], "about",
            f"People of the old areas who are in the new one with {name} of them", before, after,
        )  # fmt: skip
    opening = (
        "Nobody leaves the old {old}: it is divided into {n} {new}"
        if len(before) == 1
        else "Nobody moves from one old {old} to another: each of the {n} new {new} lies inside one"
    )
    return say(
        opening + ". The largest is {most} with {most_n} people, the smallest {least} with "
        "{least_n}.",
        old=subject.noun("before", 1),
        n=in_words(len(after)),
        new=subject.noun("after", len(after)),
        **ends,
    )


def _people(subject: Subject) -> pd.Series:
    """Count the people of each new area, those with most first."""
    people = subject.overlap(subject.before, subject.after).inside.sum()
    return people[people > 0].sort_values(ascending=False, kind="stable")


def _shares(subject: Subject, weight: str, order: pd.Index) -> pd.Series:
    """Give the share of each new area's people who are counted so."""
    some = subject.overlap(subject.before, subject.after, weight).inside.sum()
    return (some / _people(subject)).reindex(order)


def _deprived(subject: Subject) -> Text | None:
    """Set the most deprived area beside the least."""
    fifths = list(subject.area.role_names("deprivation"))
    if not fifths:
        return None
    shares = _shares(subject, fifths[0], _people(subject).index)
    said: list[str] = []
    parts: dict[str, Figure | str] = {"said": subject.area.weight_info(fifths[0]).predicate}
    for name, code in (("most", shares.idxmax()), ("least", shares.idxmin())):
        parts[name] = subject.after.name_of(str(code))
        share = subject.figure(
            f"division.{subject.after.name}.{code}.{fifths[0]}", shares[code], "portion",
            "People of the old areas in the new one so counted, over all of them",
            subject.before, subject.after, weight=fifths[0],
        )  # fmt: skip
        parts[f"{name}_s"] = none_of(share)
        said.append(share.text)
    if said[0] == said[1]:
        return None
    return say(
        "The new areas differ: {most_s} of the people of {most} {said}, and {least_s} of those of "
        "{least}.",
        **parts,
    )


def _table(subject: Subject) -> Table:
    """Tabulate the new areas with what share of their people is deprived, young or old."""
    people = _people(subject)
    told = people.index[: MOST if len(people) > MOST + 2 else len(people)]
    fifths = list(subject.area.role_names("deprivation"))
    ages = list(subject.area.role_names("ages"))
    weights = [*dict.fromkeys([*fifths[:1], *fifths[-1:]]), *ages]
    frame = pd.DataFrame(
        {
            "name": [subject.on_map(subject.after, str(code)) for code in told],
            "people": people[told].to_numpy(float),
            **{weight: _shares(subject, weight, told).to_numpy(float) for weight in weights},
        }
    )
    notes = (
        (f"The {in_words(MOST)} with most people of {len(people)}.",)
        if len(told) < len(people)
        else ()
    )
    return Table(
        key="divided",
        title="The people of each new area, and the share of them by deprivation and age",
        frame=frame,
        columns=(
            Column("name", "Area", width=26),
            Column("people", "People", "about"),
            *(Column(weight, _group(subject, weight), "portion") for weight in weights),
        ),
        provenance=subject.origin(
            "People of the old areas in the new one so counted, over all of them",
            subject.before,
            subject.after,
            weight=weights[0] if weights else "",
        ),
        notes=notes,
    )


def _group(subject: Subject, weight: str) -> str:
    heading = subject.area.weight_info(weight).heading
    return f"Aged {heading}" if heading[:1].isdigit() else heading
