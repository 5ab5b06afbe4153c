"""How large is each area? Residents, the census beside them, registered lists, and guidelines."""

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
from coterminous.report.registered import lists_of
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Figure, Text, capitalised, say
from coterminous.words import in_words, listed, plural

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer

_TWO_COUNTS = (
    "Councils count residents; the NHS counts registered lists. Neither is rescaled to the other.",
)


def build(subject: Subject) -> Part:
    """Compare sizes with the guidelines for places and neighbourhoods."""
    headline = _over_the_guideline(subject)
    blocks: list[Block] = [
        Heading("How large the areas are"),
        Paragraph(headline, "finding"),
        Paragraph(_spread(subject)),
        _table(subject),
    ]
    findings = [headline]
    neighbourhoods = subject.role("neighbourhoods")
    if neighbourhoods is not None:
        text, table = _neighbourhoods(subject, neighbourhoods)
        blocks += [Heading("Neighbourhoods", 3), Paragraph(text), table]
    section = Section("sizes", "How large the areas are", tuple(blocks))
    return Part(section, tuple(findings), tuple(_indicators(subject)))


def _sizes(subject: Subject, drawing: AnyLayer, weight: str = "") -> pd.Series:
    """Sum a weight over the areas of a drawing."""
    return drawing.totals(subject.area.weight(weight or subject.weight))


def _over(subject: Subject, drawing: AnyLayer) -> Figure:
    """Count the areas above the guideline for a place."""
    limit = subject.settings.place_largest
    return subject.figure(
        f"sizes.{drawing.name}.over",
        (_sizes(subject, drawing) > limit).sum(),
        "count",
        f"Areas with more than {limit:,} residents",
        drawing,
        table="sizes",
    )


def _largest(subject: Subject, drawing: AnyLayer, *, smallest: bool = False) -> tuple[str, Figure]:
    """Name the largest (or smallest) area and give its people."""
    sizes = _sizes(subject, drawing)
    code = sizes.idxmin() if smallest else sizes.idxmax()
    which = "smallest" if smallest else "largest"
    figure = subject.figure(
        f"sizes.{drawing.name}.{which}",
        sizes[code],
        "people",
        f"People of the {which} area",
        drawing,
        table="sizes",
    )
    return str(drawing.areas.loc[code, "name"]), figure


def _over_the_guideline(subject: Subject) -> Text:
    """Say how many areas of each drawing are larger than the guideline for a place."""
    limit = subject.settings.place_largest
    origin = subject.origin("The guideline for the size of a place, as set")
    guideline = Figure.of("guideline.place_largest", limit, "people", origin)
    clauses: list[Text] = []
    for kind, drawing in subject.drawings():
        over = _over(subject, drawing)
        total = subject.figure(
            f"drawing.{drawing.name}.areas", len(drawing), "count", "Areas of the layer", drawing
        )
        when = "before" if kind == "before" else "after"
        if total.value == 1:
            only = say("the only {noun} " + when, noun=subject.noun(kind, 1))
            none = say("no {noun} " + when, noun=subject.noun(kind, 1))
            clauses.append(only if over.value else none)
            continue
        clauses.append(
            say(
                "{over} of the {total} {noun} " + when,
                over=over.saying(in_words(over.value, none="none")),
                total=total.saying(in_words(total.value)),
                noun=subject.noun(kind, total.value),
            )
        )
    pattern = (
        ", ".join(f"{{c{i}}}" for i in range(len(clauses) - 1)) + f" and {{c{len(clauses) - 1}}}"
    )
    named = {f"c{i}": clause for i, clause in enumerate(clauses)}
    return capitalised(
        say(
            pattern + " have more than {limit} people, the guideline for a place.",
            limit=guideline,
            **named,
        )
    )


def _spread(subject: Subject) -> Text:
    """Name the largest and the smallest area before and after."""
    text = Text(())
    for kind, drawing in subject.drawings():
        large, most = _largest(subject, drawing)
        small, least = _largest(subject, drawing, smallest=True)
        when = {"before": "Before", "after": "After"}.get(kind, f"As {subject.noun(kind)}")
        text = text + say(
            "{when}, the areas run from {small} with {least} people to {large} with {most}.",
            when=when,
            small=small,
            least=least,
            large=large,
            most=most,
        )
    return text


def _table(subject: Subject) -> Table:
    """Tabulate the people of each area: living in it, at the census, registered in it."""
    rows = []
    census = subject.census
    for kind, drawing in subject.drawings():
        living = _sizes(subject, drawing)
        counted = _sizes(subject, drawing, census) if census else None
        lists = lists_of(subject, drawing)
        for code, name in zip(drawing.codes, drawing.names, strict=True):
            rows.append(
                {
                    "drawing": subject.label(kind),
                    "name": name,
                    "living": round(living[code]),
                    "census": round(counted[code]) if counted is not None else None,
                    "registered": lists.get(code) if lists is not None else None,
                    "guideline": "above"
                    if living[code] > subject.settings.place_largest
                    else "within",
                }
            )
    frame = pd.DataFrame(rows)
    columns = [
        Column("name", "Area"),
        Column("drawing", "When"),
        Column("living", f"Living in ({subject.area.weight_info(subject.weight).title})", "people"),
    ]
    if census:
        heading = subject.area.weight_info(census).heading
        columns.append(Column("census", f"Living in ({heading})", "people"))
    if frame["registered"].notna().any():
        columns.append(Column("registered", "Registered with practices in", "people"))
    columns.append(Column("guideline", f"Up to {subject.settings.place_largest:,}"))
    return Table(
        key="sizes",
        title="How many people each area has: living in it, and registered with its practices",
        frame=frame,
        columns=tuple(columns),
        provenance=subject.origin(
            "Sum over the building blocks of each area; registered: the lists of the practices "
            "whose home is in it",
            *[drawing for _, drawing in subject.drawings()],
        ),
        notes=(*_of_one_size(frame), *(_TWO_COUNTS if frame["registered"].notna().any() else ())),
        most=60,
    )


def _of_one_size(frame: pd.DataFrame) -> list[str]:
    """Say which areas of one drawing have the same count, for that looks like an error."""
    said = []
    for (_, people), areas in frame.groupby(["drawing", "living"], sort=False):
        if len(areas) > 1 and people > 0:
            said.append(
                f"{listed(list(areas['name']), 6)} have the same number of residents, {people:,}: "
                "counted apart, and equal."
            )
    return said


def _neighbourhoods(subject: Subject, layer: AnyLayer) -> tuple[Text, Table]:
    """Compare neighbourhoods with the guideline for their size."""
    settings = subject.settings
    low, high = settings.neighbourhood_smallest, settings.neighbourhood_largest
    sizes = _sizes(subject, layer)
    origin = subject.origin("The guideline for the size of a neighbourhood, as set")
    words = {
        "below": (sizes < low, f"Areas with fewer than {low:,} residents"),
        "within": (
            (sizes >= low) & (sizes <= high),
            f"Areas with {low:,} to {high:,} residents",
        ),
        "above": (sizes > high, f"Areas with more than {high:,} residents"),
    }
    parts: dict[str, Figure | str | int] = {
        name: subject.figure(
            f"neighbourhoods.{name}", which.sum(), "count", formula, layer, table="neighbourhoods"
        )
        for name, (which, formula) in words.items()
    }
    text = say(
        "Of {total} neighbourhoods ({title}), {within} {verb} the guideline of {low} to {high} "
        "residents, {below} {verb_below} smaller and {above} {verb_above} larger.",
        total=subject.figure(
            f"drawing.{layer.name}.areas", len(layer), "count", "Areas of the layer", layer
        ),
        title=layer.title,
        low=Figure.of("guideline.neighbourhood_smallest", low, "people", origin),
        high=Figure.of("guideline.neighbourhood_largest", high, "people", origin),
        verb=plural(int(words["within"][0].sum()), "meets", "meet"),
        verb_below=plural(int(words["below"][0].sum()), "is", "are"),
        verb_above=plural(int(words["above"][0].sum()), "is", "are"),
        **parts,
    )
    frame = pd.DataFrame(
        {
            "name": list(layer.names),
            "living": sizes.to_numpy(),
            "guideline": ["below" if n < low else "above" if n > high else "within" for n in sizes],
        }
    ).sort_values(["living", "name"], ascending=[False, True], ignore_index=True)
    table = Table(
        key="neighbourhoods",
        title=f"Neighbourhoods against the guideline of {low:,} to {high:,} people",
        frame=frame,
        columns=(
            Column("name", "Neighbourhood"),
            Column("living", "Living in", "people"),
            Column("guideline", "Guideline"),
        ),
        provenance=subject.origin("Sum over the building blocks of each area", layer),
        notes=subject.notes(layer),
        most=12,
    )
    return text, table


def _indicators(subject: Subject) -> list[Indicator]:
    """Give the numbers that statements about size can be tied to."""
    before, after = subject.before, subject.after
    whole = subject.role("whole") or after
    areas = [
        subject.figure(f"drawing.{d.name}.areas", len(d), "count", "Areas of the layer", d)
        for d in (before, after, whole)
    ]
    return [
        Indicator(
            "largest", "People in the largest area", _largest(subject, before)[1],
            _largest(subject, whole)[1], "less",
        ),
        Indicator(
            "largest_unit", "People in the largest area, delivery units counted apart",
            _largest(subject, before)[1], _largest(subject, after)[1], "less",
        ),
        Indicator("areas", "Number of areas", areas[0], areas[1]),
        Indicator("areas_whole", "Number of areas, units taken together", areas[0], areas[2]),
        Indicator(
            "smallest", "People in the smallest area",
            _largest(subject, before, smallest=True)[1], _largest(subject, after, smallest=True)[1],
        ),
    ]  # fmt: skip
