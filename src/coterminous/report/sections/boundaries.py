"""Who shares boundaries? Each drawing against each layer of councils, in both directions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.measures import columns
from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.entries import Entry
from coterminous.report.facts import areas_of, coterminous_of
from coterminous.report.sections.relations import in_words_of
from coterminous.report.subject import Indicator, LeftOutError, Part, Subject
from coterminous.report.wording import Figure, Text, capitalised, say
from coterminous.words import in_words, joined

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer

MOST_IN_WORDS = 12
_RELATIONS = ("coterminous", "nested", "composed", "split", "outside")
_HEADINGS = {
    "coterminous": "Same boundary",
    "nested": "Nested in one",
    "composed": "Made of whole ones",
    "split": "Split",
    "outside": "Outside",
}
# What measures are called in the paper; a new one has its own title.
_PLAIN = {
    "v_measure": "Agreement",
    "homogeneity": "Councils inside areas",
    "completeness": "Areas inside councils",
}


def build(subject: Subject) -> Part:
    """Compare the drawings with the councils."""
    councils = subject.councils()
    if not councils:
        raise LeftOutError(
            "no layer of councils was named to compare with: --upper, or `upper` in appendix.toml"
        )
    blocks: list[Block] = [
        Paragraph(
            say(
                "Two areas have the same boundary (are coterminous) when they are made of the "
                "same building blocks. An area that lies whole inside a larger council is nested "
                "in it; one that is a union of two or more whole councils is composed of them; "
                "any other is split. No single number says how well two sets of lines agree, so "
                "both directions and the counts are given beside a measure of agreement, which is "
                "1 where the lines are the same and 0 where one says nothing of the other."
            )
        )
    ]
    findings: list[Text] = []
    indicators: list[Indicator] = []
    for role, council in councils:
        blocks.append(Heading(council.title))
        headline = _headline(subject, role, council)
        if role == "upper":
            findings.append(headline)
        elif role == "later":
            findings.append(_later_finding(subject, council, headline))
        blocks.append(Paragraph(headline, "finding"))
        blocks.append(Paragraph(_agreement(subject, council)))
        blocks.append(_summary(subject, role, council))
        blocks += _areas(subject, role, council)
        indicators += _indicators(subject, role, council)
    blocks += [Heading("How well the lines agree"), _measures_table(subject)]
    blocks += [Paragraph(say("{n}", n=note), "note") for note in _notes(subject)]
    indicators += _new_councils(subject)
    section = Section("boundaries", "Who shares boundaries", tuple(blocks))
    return Part(section, tuple(findings), tuple(indicators))


def _notes(subject: Subject) -> tuple[str, ...]:
    """Give the assumptions of every layer of councils, by its title; drawings had theirs."""
    layers = [layer for _, layer in subject.councils() if layer.note]
    return tuple(dict.fromkeys(f"{layer.title}: {subject.inside(layer.note)}" for layer in layers))


def _coterminous(subject: Subject, role: str, drawing: AnyLayer, council: AnyLayer) -> Figure:
    """Count the areas of a drawing that share a council's boundary."""
    return coterminous_of(subject, drawing, council, table=f"boundaries-{role}")


def _headline(subject: Subject, role: str, council: AnyLayer) -> Text:
    """Say how many areas share a council's boundary, drawing by drawing."""
    said: list[Text] = []
    for position, (kind, drawing) in enumerate(subject.drawings()):
        same = _coterminous(subject, role, drawing, council)
        total = areas_of(subject, drawing)
        pattern = "of the {total} {noun}" + (" before" if kind == "before" else " after")
        if position == 0:
            pattern += ", {same} {verb} the boundary of one of the {council}"
        else:
            pattern += ", {same} {verb}"
        verbs = ("has", "have") if position == 0 else ("does", "do")
        clause = say(
            pattern,
            same=same.saying(in_words(same.value, none="none")),
            total=total.saying(in_words(total.value)),
            noun=subject.noun(kind, total.value),
            council=subject.titled(council),
            verb=verbs[0] if same.value <= 1 else verbs[1],
            are="is" if same.value <= 1 else "are",
        )
        if total.value == 1 and drawing.name != council.name:
            clause = _of_one(subject, kind, council, same, first=position == 0)
        if drawing.name == council.name:
            clause = _themselves(subject, kind, council, total, first=position == 0)
        said.append(clause)
    parts = {f"p{i}": text for i, text in enumerate(said)}
    return capitalised(
        say(joined((f"{{{name}}}" for name in parts), "; ", "; and ") + ".", **parts)
    )


def _themselves(
    subject: Subject, kind: str, council: AnyLayer, total: Figure, *, first: bool
) -> Text:
    """Say that the areas of a drawing are the councils themselves."""
    one = total.value == 1
    return say(
        ("the only {noun}" if one else "the {total} {noun}")
        + (" before" if kind == "before" else " after")
        + (" is one of these itself" if one else " are these themselves")
        + (" ({council})" if first else ""),
        noun=subject.noun(kind, total.value),
        **({} if one else {"total": total.saying(in_words(total.value))}),
        **({"council": subject.titled(council)} if first else {}),
    )


def _of_one(subject: Subject, kind: str, council: AnyLayer, same: Figure, *, first: bool) -> Text:
    """Say whether the only area of a drawing shares its boundary with a council."""
    when = "before" if kind == "before" else "after"
    does = ("shares", "does not share") if first else ("does", "does not")
    what = " the same boundary as one of the {council}" if first else ""
    return say(
        "the only {noun} " + when + " {does}" + what,
        noun=subject.noun(kind, 1),
        does=does[0] if same.value else does[1],
        council=subject.titled(council),
    )


def _later_finding(subject: Subject, council: AnyLayer, headline: Text) -> Text:
    """Say what later councils change; in short where they change nothing."""
    upper = subject.role("upper")
    if upper is None:
        return headline
    counts = [
        [_coterminous(subject, role, d, layer).value for _, d in subject.drawings()]
        for role, layer in (("upper", upper), ("later", council))
    ]
    if counts[0] != counts[1]:
        return headline
    return say("Against the {council} the counts are the same.", council=subject.titled(council))


def _measure(subject: Subject, drawing: AnyLayer, council: AnyLayer, name: str) -> Figure:
    """Take one measure of two layers."""
    overlap = subject.overlap(drawing, council)
    return subject.figure(
        f"boundaries.{council.name}.{drawing.name}.{name}",
        overlap.measures()[name],
        "measure",
        f"{name.replace('_', ' ')} of the people in both layers (Rosenberg and Hirschberg 2007; "
        "Nowosad and Stepinski 2018, doi 10.1080/13658816.2018.1511794)",
        drawing,
        council,
    )


def _agreement(subject: Subject, council: AnyLayer) -> Text:
    """Say how the V-measure moves."""
    drawings = subject.drawings()
    values = [_measure(subject, drawing, council, "v_measure") for _, drawing in drawings]
    old, new = values[0], values[-1]
    moved = (
        "stays at"
        if old.text == new.text
        else "rises from {old} to"
        if new.value > old.value
        else "falls from {old} to"
    )
    pattern = f"Agreement with them, from 0 to 1, {moved} {{new}}."
    text = say(pattern, old=old, new=new)
    if len(values) > 2:
        text = text + say(
            "With the {n} {noun} taken whole it is {whole}.",
            n=areas_of(subject, drawings[1][1]).saying(in_words(len(drawings[1][1]))),
            noun=subject.noun("whole", len(drawings[1][1])),
            whole=values[1],
        )
    return text


def _summary(subject: Subject, role: str, council: AnyLayer) -> Table:
    """Count the relations of each drawing with one layer of councils, in both directions."""
    rows = []
    for _, drawing in subject.drawings():
        overlap = subject.overlap(drawing, council)
        relations = overlap.areas()["relation"].value_counts()
        reverse = overlap.reversed().areas()["relation"].value_counts()
        whole = sum(reverse.get(r, 0) for r in ("coterminous", "nested", "composed"))
        rows.append(
            {
                "drawing": drawing.title,
                "areas": len(drawing),
                **{r: int(relations.get(r, 0)) for r in _RELATIONS},
                "councils_whole": int(whole),
                "councils_split": int(reverse.get("split", 0)),
            }
        )
    frame = pd.DataFrame(rows)
    shown = [r for r in _RELATIONS if r != "outside" or frame[r].any()]
    return Table(
        key=f"boundaries-{role}",
        title=f"How many areas follow {subject.titled(council)}",
        frame=frame,
        columns=(
            Column("drawing", "Areas of", width=22),
            Column("areas", "Areas", "count"),
            *(Column(r, f"{_HEADINGS[r]}", "count") for r in shown),
            Column("councils_whole", "Councils kept whole", "count"),
            Column("councils_split", "Councils split", "count"),
        ),
        provenance=subject.origin(
            "Relations are decided on building blocks",
            *[drawing for _, drawing in subject.drawings()],
            council,
        ),
        notes=("A council that lies partly outside all these areas counts as split.",),
    )


def _measures_table(subject: Subject) -> Table:
    """Tabulate the measures of each drawing with each layer of councils."""
    rows = []
    for _, council in subject.councils():
        for _, drawing in subject.drawings():
            measures = subject.overlap(drawing, council).measures()
            rows.append(
                {
                    "council": council.title,
                    "drawing": drawing.title,
                    **{each.name: measures[each.name] for each in columns()},
                }
            )
    layers = [layer for _, layer in [*subject.drawings(), *subject.councils()]]
    return Table(
        key="boundaries-measures",
        title="How well the lines agree, from 0 to 1",
        frame=pd.DataFrame(rows),
        columns=(
            Column("council", "Councils", width=20),
            Column("drawing", "Areas of", width=20),
            *(
                Column(each.name, _PLAIN.get(each.name, each.title), "measure", each.note)
                for each in columns()
            ),
        ),
        provenance=subject.origin(
            "V-measure, homogeneity and completeness of the people in both, with natural "
            "logarithms (Nowosad and Stepinski "
            "2018, doi 10.1080/13658816.2018.1511794; Rosenberg and Hirschberg 2007)",
            *layers,
        ),
    )


def _areas(subject: Subject, role: str, council: AnyLayer) -> list[Block]:
    """Say in words and in a table how each area lies among the councils, and the other way."""
    blocks: list[Block] = []
    for kind, drawing in subject.drawings():
        if role == "later" and kind == "before":
            continue  # these councils came after it had gone
        overlap = subject.overlap(drawing, council)
        areas = overlap.areas()
        said = kind != "whole" and len(areas) <= MOST_IN_WORDS and role != "lower"
        if said:
            noun = subject.noun(kind)
            blocks.append(Heading(f"{drawing.title}: each of the {noun}", 3))
            blocks.append(
                Bullets(tuple(in_words_of(subject, drawing, council, code) for code in areas.index))
            )
        if kind != "whole" or role != "lower":
            # Words have just said what the table says, so it need not be printed.
            blocks.append(replace(_area_table(subject, role, kind, drawing, council), apart=said))
        if kind != "whole":
            backwards = _area_table(subject, role, kind, drawing, council, backwards=True)
            blocks.append(replace(backwards, apart=True))
    return blocks


def _area_table(
    subject: Subject,
    role: str,
    kind: str,
    drawing: AnyLayer,
    council: AnyLayer,
    *,
    backwards: bool = False,
) -> Table:
    """Tabulate how each area of one layer lies in the other."""
    overlap = subject.overlap(drawing, council)
    overlap = overlap.reversed() if backwards else overlap
    areas = overlap.areas()
    if backwards:
        areas = areas[areas["relation"] != "outside"]
    frame = areas.reset_index().assign(
        best_target=areas["best_target"].map(dict(overlap.names[1])).to_numpy()
    )
    this, other = (council, drawing) if backwards else (drawing, council)
    return Table(
        key=f"boundaries-{role}-{kind}" + ("-councils" if backwards else ""),
        title=f"{this.title}: how each lies in {subject.titled(other)}",
        frame=frame,
        columns=(
            Column("name", "Council" if backwards else "Area"),
            Column("value", "People", "people"),
            Column("relation", "Relation"),
            Column("best_target", "Best match"),
            Column("share_in_best", "Share of its people there", "share"),
            Column("share_of_best", "Share of the match's people", "share"),
            Column("effective_targets", "Effective number", "decimal"),
        ),
        provenance=subject.origin(
            "Best match: the largest jaccard (people in both over people in either). Effective "
            "number: 1 / sum of squared shares, with people outside counted as one part",
            this,
            other,
        ),
        most=30,
    )


def _indicators(subject: Subject, role: str, council: AnyLayer) -> list[Indicator]:
    """Give the numbers that statements about shared boundaries can be tied to."""
    before, after = subject.before, subject.after
    best = subject.role("whole") or after

    def after_is(drawing: AnyLayer) -> str:
        """Say which drawing the number after is of, where there are two to choose from."""
        return "" if best is after else f"; after: {subject.titled(drawing)}"

    name = subject.titled(council)
    made = [
        Indicator(
            f"coterminous.{role}",
            f"Areas with the boundary of a {subject.council(role=role)}{after_is(best)}",
            _coterminous(subject, role, before, council),
            _coterminous(subject, role, best, council),
            "more",
        ),
        Indicator(
            f"agreement.{role}",
            f"How closely areas follow {name}, from 0 to 1{after_is(after)}",
            _measure(subject, before, council, "v_measure"),
            _measure(subject, after, council, "v_measure"),
            "more",
        ),
    ]
    split = [_split_councils(subject, drawing, council) for drawing in (before, after)]
    made.append(
        Indicator(f"split.{role}", f"Councils cut by a line: {name}", split[0], split[1], "less")
    )
    return made


def _split_councils(subject: Subject, drawing: AnyLayer, council: AnyLayer) -> Figure:
    """Count the councils with people in two or more areas of a drawing."""
    inside = subject.overlap(drawing, council).inside
    return subject.figure(
        f"boundaries.{council.name}.{drawing.name}.councils_cut",
        ((inside > 0).sum(axis=0) > 1).sum(),
        "count",
        "Councils with people in two or more areas of the drawing",
        drawing,
        council,
    )


def _new_councils(subject: Subject) -> list[Indicator]:
    """Say of each new area how well its best council matches it, now and with later councils."""
    upper, later = subject.role("upper"), subject.role("later")
    if upper is None or later is None or len(subject.after) > MOST_IN_WORDS:
        return []
    made = []
    matches = [subject.overlap(subject.after, council).areas() for council in (upper, later)]
    for code in subject.after.codes:
        figures = [
            subject.figure(
                f"boundaries.{council.name}.{subject.after.name}.{code}.jaccard",
                areas.loc[code, "jaccard"],
                "share",
                "People in both the area and its best council, over people in either",
                subject.after,
                council,
            )
            for council, areas in zip((upper, later), matches, strict=True)
        ]
        name = matches[0].loc[code, "name"]
        label = (
            f"{name} and its best council: people in both, of people in either; first "
            f"{subject.titled(upper)}, then {subject.titled(later)}"
        )
        made.append(Indicator(f"councils.{code}", label, figures[0], figures[1], "more"))
    return made


SECTION = Entry("boundaries", "Who shares boundaries", build, place=40)
