"""What do the pages tell? Numbers of each drawing, worked out once and keyed alike everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.effects.partings import parted_shares
from coterminous.report.registered import based_of, figure_of, flows_of, impact_of
from coterminous.report.subject import Subject
from coterminous.report.wording import Figure, Text, say
from coterminous.words import in_words, plural, sentence_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

#: Shares of which a count is better said than a percentage.
_ONE_IN = {0.01: "1 in 100", 0.02: "1 in 50", 0.05: "1 in 20", 0.1: "1 in 10", 0.2: "1 in 5"}


def share_words(subject: Subject) -> Figure:
    """Say the threshold as people do: more than 1 in 20."""
    figure = subject.threshold()
    return figure.saying(_ONE_IN.get(subject.settings.threshold, figure.text))


def in_figure(figure: Figure, *, none: str = "none") -> Figure:
    """Write a count up to nine as a word."""
    return figure.saying(in_words(int(figure.value), none=none))


def none_of(figure: Figure) -> Figure:
    """Say none for nothing, and leave every other figure as it is."""
    return figure if figure.value else figure.saying("none")


# ------------------------------------------------------------------ councils


def areas_of(subject: Subject, drawing: AnyLayer) -> Figure:
    """Count the areas of a drawing."""
    return subject.figure(
        f"drawing.{drawing.name}.areas", len(drawing), "count", "Areas of the layer", drawing
    )


def coterminous_of(
    subject: Subject, drawing: AnyLayer, council: AnyLayer, *, table: str = ""
) -> Figure:
    """Count the areas of a drawing that share a council's boundary."""
    areas = subject.overlap(drawing, council).areas()
    return subject.figure(
        f"boundaries.{council.name}.{drawing.name}.coterminous",
        (areas["relation"] == "coterminous").sum(),
        "count",
        "Areas made of the same building blocks as one council",
        drawing,
        council,
        table=table,
    )


def people_coterminous(
    subject: Subject, drawing: AnyLayer, council: AnyLayer
) -> tuple[Figure, Figure]:
    """Count the people of those areas, and their share of all in the drawing."""
    areas = subject.overlap(drawing, council).areas()
    people = areas.loc[areas["relation"] == "coterminous", "value"].sum()
    total = areas["value"].sum()
    key = f"boundaries.{council.name}.{drawing.name}.coterminous"
    formula = "People of areas made of the same building blocks as one council"
    return (
        subject.figure(f"{key}_people", people, "about", formula, drawing, council),
        subject.figure(
            f"{key}_share", people / total if total else None, "portion",
            f"{formula}, over all people of the layer", drawing, council,
        ),
    )  # fmt: skip


# ------------------------------------------------------------------ people


def parted_of(subject: Subject, drawing: AnyLayer) -> tuple[Figure, Figure]:
    """Count the people apart from most of their old area under a drawing, and their share."""
    moves = subject.overlap(subject.before, drawing)
    own = drawing.name == subject.after.name
    key = "people" if own else f"people.{drawing.name}"
    formula = (
        "People in both drawings, less for each old area those in the new area that most of its "
        "people go to"
    )
    parted, both = moves.measures()["parted"], moves.ledger["both"]
    ends = (subject.before, drawing)
    return (
        subject.figure(f"{key}.parted", parted, "about", formula, *ends),
        subject.figure(
            f"{key}.parted_share", parted / both if both else None, "portion",
            "People parted over people in both drawings", *ends,
        ),
    )  # fmt: skip


def parted_blocks(subject: Subject, drawing: AnyLayer) -> pd.DataFrame:
    """Say of each block how much of it is apart from most of its old area under a drawing.

    Returns
    -------
    pandas.DataFrame
        Shares of blocks: `parted`, and the `others` of those in both drawings.
    """

    def work_out() -> pd.DataFrame:
        matrix = subject.overlap(subject.before, drawing).inside
        largest = dict(
            zip(matrix.index, matrix.columns[np.argmax(matrix.to_numpy(), axis=1)], strict=True)
        )
        return parted_shares(subject.before, drawing, pd.Series(largest, dtype="str"))

    found: pd.DataFrame = subject.once(("parted", drawing.name), work_out)
    return found


def parted_by(subject: Subject, weight: str, drawing: AnyLayer) -> tuple[float, float]:
    """Sum a weight over the people who are apart from most of their old area, and over all."""
    shares = parted_blocks(subject, drawing)
    counted = subject.area.weight(weight)
    some = float((counted * shares["parted"]).sum())
    return some, some + float((counted * shares["others"]).sum())


def largest_of(subject: Subject, drawing: AnyLayer) -> Figure:
    """Count the people of a drawing's largest area."""
    people = drawing.totals(subject.area.weight(subject.weight))
    return subject.figure(
        f"sizes.{drawing.name}.largest",
        people.max(),
        "about",
        "People of the largest area",
        drawing,
    )


# ------------------------------------------------------------------ patients


def across_of(
    subject: Subject, register: Register, drawing: AnyLayer, *, one: str = "practice"
) -> dict[str, Figure]:
    """Count patients and organisations across a line of one drawing.

    Returns
    -------
    dict
        ``outside``, ``share`` (of patients), ``crossing`` and ``total`` (of organisations).
    """
    before = drawing.name == subject.before.name
    found = impact_of(subject, register, subject.after if before else drawing)
    side = "before" if before else "after"
    summary, counts = found.summary[side], found.summary["organisations"]
    own = before or drawing.name == subject.after.name
    key = f"{one}s.{side}" if own else f"{one}s.{drawing.name}"
    crossing = counts["persisting"] + counts["resolved" if before else "newly_crossing"]
    formula = f"Patients who live in the layer, outside the home area of their {one}"
    return {
        "outside": figure_of(
            subject, register, f"{key}.outside", summary["outside"], "about", formula, drawing
        ),
        "share": figure_of(
            subject, register, f"{key}.share", summary["share"], "portion",
            f"{formula}, over patients of a {one} with a home, in the layer", drawing,
        ),
        "crossing": figure_of(
            subject, register, f"{key}.crossing", crossing, "count",
            f"{sentence_case(one)}s with more than the threshold of their patients outside home",
            drawing,
        ),
        "total": figure_of(
            subject, register, f"{one}s.crossing.total", sum(counts.values()), "count",
            f"{sentence_case(one)}s with patients in either drawing", subject.before, subject.after,
        ),
    }  # fmt: skip


def localisation_of(subject: Subject, register: Register, drawing: AnyLayer) -> Figure:
    """Measure how many of a drawing's hospital patients use the main trust of their area."""
    return figure_of(
        subject, register, f"hospitals.{drawing.name}.localisation",
        flows_of(subject, register, drawing).localisation, "portion",
        "Patients at the main trust of their area, over all patients who live in the layer (the "
        "localisation index of hospital service areas)",
        drawing,
    )  # fmt: skip


def several_of(subject: Subject, register: Register, drawing: AnyLayer) -> tuple[Figure, Figure]:
    """Count the trusts based here that reach two or more areas, and all that are based here."""
    found = flows_of(subject, register, drawing).organisations
    here = based_of(subject, register).reindex(found.index)
    several = (found.loc[here, "areas_reached"] >= 2).sum()
    return (
        figure_of(
            subject, register, f"hospitals.{drawing.name}.several", several, "count",
            "Trusts whose main site is here, with two or more areas in which at least "
            f"{subject.percentage} of their patients live (of those who live in the layer)",
            drawing,
        ),
        figure_of(
            subject, register, "hospitals.trusts", here.sum(), "count",
            "Named trusts in the register whose main site is here", drawing,
        ),
    )  # fmt: skip


# ------------------------------------------------------------------ words


def of_all(
    subject: Subject, role: str, some: Figure, total: Figure, *, new: str = ""
) -> tuple[Text, bool]:
    """Say "three of the four new places", and whether the verb is singular."""
    noun = subject.noun(role, total.value)
    if total.value == 1:
        only = f"the {new}{noun}" if some.value else f"no {new}{noun}"
        return say("{only}", only=only), True
    text = say(
        "{some} of the {total} {new}{noun}",
        some=in_figure(some),
        total=in_figure(total),
        new=new,
        noun=noun,
    )
    return text, some.value <= 1


def sides(subject: Subject) -> Mapping[str, AnyLayer]:
    """Give the drawings by their roles: before, perhaps whole, after."""
    return dict(subject.drawings())


def has(count: float, singular: bool | None = None) -> str:
    """Choose has or have."""
    return plural(1 if (count <= 1 if singular is None else singular) else 2, "has", "have")
