"""Was there another way? Three other drawings beside the one taken, and all of them as points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.drawings import drawingscores as ds
from coterminous.maps.paper.letters import area_letters
from coterminous.report.content import Block, Bullets, Column, Paragraph, Section, Table
from coterminous.report.drawing import alternatives_picture, scatter_picture
from coterminous.report.entries import Entry
from coterminous.report.facts import (
    across_of,
    coterminous_of,
    largest_of,
    localisation_of,
    none_of,
    parted_of,
    sides,
)
from coterminous.report.ranking import appraised
from coterminous.report.registered import open_register, register_of
from coterminous.report.sections.lines import made_of
from coterminous.report.subject import Indicator, LeftOutError, Part, Subject
from coterminous.report.wording import Figure, Provenance, Strong, Text, say
from coterminous.words import in_words, joined, sentence_case

if TYPE_CHECKING:
    from coterminous.drawings.appraisal import Appraisal
    from coterminous.layer import Layer
    from coterminous.shares import AnyLayer

#: Which drawings stand beside the one taken: the best at each of these, until there are three.
_BEST_AT = {
    "localisation": "most hospital patients at their area's main trust",
    "inside_practice_area": "most patients in their practice's area",
    "largest": "the smallest largest area",
    "people_moved": "fewest people who change area",
    "v_measure": "closest to the councils",
    "parted": "fewest people away from their old area",
    "smallest": "the largest smallest area",
}
MOST = 3
#: The share of drawings that are the best on a score.
BEST = 0.1
_TRIPLE = ("v_measure", "localisation", "inside_practice_area")


def build(subject: Subject) -> Part:
    """Set three alternatives beside what was taken, and all as points."""
    found = sides(subject)
    role = "whole" if "whole" in found else "after"
    decision = found[role]
    reason = ""
    try:
        appraisal: Appraisal | None = appraised(subject, decision)
    except LeftOutError as error:
        appraisal, reason = None, str(error)
    options = [subject.area.layer(name) for name in subject.settings.options][:MOST]
    if appraisal is None and not options:
        raise LeftOutError(reason)
    blocks: list[Block] = []
    answers: dict[str, Text] = {}
    indicators: list[Indicator] = []
    if appraisal is not None:
        finding = _finding(subject, role, decision, appraisal)
        answers["alternatives"] = finding
        blocks += [
            Paragraph(finding, "finding"),
            Paragraph(_range(subject, decision, appraisal), "note"),
        ]
        indicators = _indicators(subject, decision, appraisal)
    named = (
        [(option, subject.inside(option.title)) for option in options]
        if options
        else _three(decision, appraisal)
    )
    letters = dict(zip("ABC", named, strict=False))
    if named:
        picture = alternatives_picture(
            subject, {f"{letter}": layer for letter, (layer, _) in letters.items()}
        )
        blocks += [picture] if picture is not None else []
        if not options:
            blocks.append(Bullets(tuple(_made_of(subject, letters))))
        blocks.append(_table(subject, role, decision, letters))
    if appraisal is not None:
        scatter = scatter_picture(subject, decision, appraisal)
        blocks += [scatter] if scatter is not None else []
    section = Section("alternatives", "Was there another way?", tuple(blocks))
    return Part(section, answers=answers, indicators=tuple(indicators))


def _origin(subject: Subject, decision: AnyLayer) -> Provenance:
    return subject.origin(
        "Every grouping of the councils' parts into as many areas in one piece, scored alike",
        decision,
        subject.role("lower"),
        subject.role("upper"),
    )


def _among(appraisal: Appraisal) -> pd.DataFrame:
    """Give the scores of the drawings that are compared."""
    found = appraisal.options
    scores: pd.DataFrame = found.scores[found.reference_sets[appraisal.among]]
    return scores


def _finding(subject: Subject, role: str, decision: AnyLayer, appraisal: Appraisal) -> Text:
    """Say how many other ways do better, score by score, and how many keep within the guide."""
    origin, key = _origin(subject, decision), f"options.{decision.name}"
    scores, standing = _among(appraisal), appraisal.standing
    of = len(scores)
    single = len(decision) == 1
    this = f"the {subject.noun(role, 2 if not single else 1)}"
    text = say(
        "Of the {of} ways to group whole {units} into {areas} areas"
        + (" of {least} to {most} people" if appraisal.among != "all" else ""),
        of=Figure.of(f"{key}.of", of, "count", origin),
        units=_units(subject),
        areas=Figure.of(f"{key}.areas", len(decision), "count", origin).saying(
            in_words(len(decision))
        ),
        **_bounds(appraisal, origin),
    )
    rank = standing["rank"]
    if "v_measure" in standing.index and pd.notna(rank["v_measure"]):
        beaten = Figure.of(
            f"{key}.v_measure.beaten_by", int(rank["v_measure"]) - 1, "count", origin
        )
        more = say(
            " {n} {follow} {councils} more closely than {this}",
            n=beaten.saying("none") if not beaten.value else beaten,
            follow="follows" if beaten.value <= 1 else "follow",
            councils=subject.council(2),
            this=this,
        )
        text = Text((*text.runs, *more.runs))
        opened = True
    else:
        opened = False
    pieces: list[str] = []
    parts: dict[str, Figure] = {}
    for score, words in (
        ("localisation", "hospital patients"),
        ("inside_practice_area", "practice patients"),
    ):
        if score not in standing.index or pd.isna(rank[score]):
            continue
        better = int(rank[score]) - 1
        parts[score] = none_of(Figure.of(f"{key}.{score}.better", better / of, "portion", origin))
        pieces.append(
            f"{{{score}}} of these {{keep}} more {words}"
            if not pieces
            else f"{{{score}}} more {words}"
        )
    if pieces:
        more = say(
            ("; " if opened else " ") + joined(pieces) + " within one area",
            keep="keeps" if next(iter(parts.values())).text == "none" else "keep",
            **parts,
        )
        text = Text((*text.runs, *more.runs))
    guide = _guide(subject, decision, appraisal, this, origin)
    return Text((*text.runs, *guide.runs, "."))


def _units(subject: Subject) -> str:
    """Call what is grouped: districts, or councils."""
    layer = subject.role("lower")
    nouns = subject.area.settings.get("nouns", {})
    return subject.council(2, "lower") if layer is not None and layer.name in nouns else "councils"


def _bounds(appraisal: Appraisal, origin: Provenance) -> dict[str, Figure | str]:
    """Give the people that an area of the drawings compared holds."""
    if appraisal.among == "all":
        return {}
    least, most = appraisal.options.ranges.get(appraisal.among, (None, None))
    made: dict[str, Figure | str] = {}
    for name, bound, other in (("least", least, "any number"), ("most", most, "any number")):
        made[name] = (
            other if bound is None else Figure.of(f"options.range.{name}", bound, "about", origin)
        )
    return made


def _guide(
    subject: Subject, decision: AnyLayer, appraisal: Appraisal, this: str, origin: Provenance
) -> Text:
    """Say how many keep every area within the guide for a place."""
    if "largest" not in appraisal.options.scores:
        return Text(())
    limit = subject.settings.place_largest
    everything = appraisal.options.scores["largest"]
    within = int((everything <= limit).sum())
    mine = appraisal.options.named.loc[decision.name, "largest"] <= limit
    key = f"options.{decision.name}"
    count = Figure.of(f"{key}.within_guide", within, "count", origin)
    among = int((_among(appraisal)["largest"] <= limit).sum()) == within
    text = say(
        "; {n}"
        + ("" if among else " of all {all}")
        + " {keep} every area within the guide of at most "
        "{limit} people, and {this} {are} " + ("among them" if mine else "not among them"),
        n=count.saying("none") if not within else count,
        keep="keeps" if within <= 1 else "keep",
        limit=Figure.of("guideline.place_largest", limit, "people", origin),
        this=this,
        are="is" if len(decision) == 1 else "are",
        **({} if among else {"all": Figure.of(f"{key}.all", len(everything), "count", origin)}),
    )
    return (
        text
        if within
        else say(
            "; none keeps every area within the guide of at most {limit} people",
            limit=Figure.of("guideline.place_largest", limit, "people", origin),
        )
    )


def _range(subject: Subject, decision: AnyLayer, appraisal: Appraisal) -> Text:
    """State the range of sizes with its reason, as the appraisal gives it."""
    key, origin = f"options.{decision.name}.all", _origin(subject, decision)
    count = Figure.of(key, appraisal.options.count, "count", origin)
    for note in appraisal.options.notes:
        if note.startswith("Plausible:"):
            said = note.removeprefix("Plausible:").strip()
            return say(
                "Sizes: {said} In one piece, of whole councils and parts of those at the outer "
                "edge; {n} ways in all.",
                said=sentence_case(said),
                n=count,
            )
    return say("Every way in one piece, of whole councils, is counted.")


def _three(decision: AnyLayer, appraisal: Appraisal | None) -> list[tuple[AnyLayer, str]]:
    """Choose the drawings that are best at one thing each, none of them twice."""
    if appraisal is None:
        return []
    found, scores = appraisal.options, _among(appraisal)
    taken = {found.named.loc[decision.name, "drawing"]}
    made: list[tuple[AnyLayer, str]] = []
    for score, words in _BEST_AT.items():
        if score not in appraisal.standing.index or len(made) == MOST:
            continue
        ordered = scores.sort_values(score, ascending=ds.DIRECTIONS[score] < 0, kind="stable")
        number = int(ordered.index[0])
        if number in taken:
            continue
        taken.add(number)
        layer: Layer = found.layer(number)
        made.append((layer, words))
    return made


def _made_of(subject: Subject, letters: dict[str, tuple[AnyLayer, str]]) -> list[Text]:
    """Say what each alternative is best at, and of which councils its areas are made."""
    said = []
    for letter, (layer, words) in letters.items():
        made = made_of(subject, layer, most=14)
        groups = "; ".join(
            f"{letter}: {made[code]}"
            for letter, code in zip(area_letters(layer), layer.codes, strict=True)
        )
        said.append(
            say(
                "{letter} has {words}. {groups}.", letter=Strong(letter), words=words, groups=groups
            )
        )
    return said


def _table(
    subject: Subject, role: str, decision: AnyLayer, letters: dict[str, tuple[AnyLayer, str]]
) -> Table:
    """Tabulate what each would gain and lose against what was taken."""
    columns = {"decision": decision, **{letter: layer for letter, (layer, _) in letters.items()}}
    upper = subject.role("upper")
    rows: list[dict[str, object]] = []
    if upper is not None:
        rows.append(
            {"measure": f"Areas with the boundary of a {subject.council()}"}
            | {k: say("{n}", n=coterminous_of(subject, d, upper)) for k, d in columns.items()}
        )
    rows.append(
        {"measure": "People in a different area from most of their old one"}
        | {k: say("{n}", n=parted_of(subject, d)[0]) for k, d in columns.items()}
    )
    if open_register(subject, "patients"):
        patients = register_of(subject, "patients")
        rows.append(
            {"measure": "Patients who live in another area than their practice"}
            | {
                k: say("{n}", n=across_of(subject, patients, d)["outside"])
                for k, d in columns.items()
            }
        )
    if open_register(subject, "hospitals"):
        hospitals = register_of(subject, "hospitals")
        rows.append(
            {"measure": "Hospital patients at their area's main trust"}
            | {k: say("{n}", n=localisation_of(subject, hospitals, d)) for k, d in columns.items()}
        )
    rows.append(
        {"measure": "People in the largest area"}
        | {k: say("{n}", n=largest_of(subject, d)) for k, d in columns.items()}
    )
    head = subject.many(role, len(decision))
    return Table(
        key="alternatives",
        title="What each would gain and lose",
        frame=pd.DataFrame(rows),
        columns=(
            Column("measure", "Measure", width=40),
            Column("decision", head, right=True),
            *(Column(letter, letter, right=True) for letter in letters),
        ),
        provenance=subject.origin("Each drawing on the people in it", *columns.values()),
    )


def _indicators(subject: Subject, decision: AnyLayer, appraisal: Appraisal) -> list[Indicator]:
    """Count the drawings in the best tenth on councils, hospitals and practices at once."""
    scores = _among(appraisal)
    if not set(_TRIPLE) <= set(appraisal.standing.index):
        return []
    best = np.ones(len(scores), dtype=bool)
    for score in _TRIPLE:
        values = scores[score].to_numpy() * ds.DIRECTIONS[score]
        # Among the best tenth: fewer than a tenth of all are better.
        better = len(values) - np.searchsorted(np.sort(values), values, side="right")
        best &= better < BEST * len(values)
    figure = Figure.of(
        f"options.{decision.name}.best_tenth", int(best.sum()), "count", _origin(subject, decision)
    )
    label = (
        f"Of {len(scores):,} ways to draw {in_words(len(decision))} areas, those in the best tenth "
        "on councils, hospitals and practices at once"
    )
    return [Indicator("options.best_tenth", label, None, figure)]


PAGE = Entry("alternatives", "Was there another way?", build, place=70, page=True)
