"""What a map says, in sentences computed from what it shows, and the sources it must name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coterminous.words import in_words, listed, sentence_case, title_in_sentence, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

MANY = 12
"""Areas up to which a sentence names each one."""


def people_by_area(
    area: Geography, layer: str | AnyLayer, weight: str | None = None
) -> dict[str, float]:
    """Sum a weight by area of a layer; areas in order of code."""
    drawn = area.layer(layer)
    return dict(drawn.totals(area.weight(area.counted(weight))).items())


def layer_alt_text(area: Geography, layer: str | AnyLayer, *, weight: str | None = None) -> str:
    """Say in a sentence what a map of a layer shows: its areas and how many live in each.

    Parameters
    ----------
    area
        The geography.
    layer
        The layer shown.
    weight
        What is counted.

    Returns
    -------
    str
        Up to twelve areas are named, largest first; of more, the largest and the smallest.
    """
    drawn = area.layer(layer)
    counted = weight is not None or bool(area.weight_names)
    people = people_by_area(area, drawn, weight) if counted else dict.fromkeys(drawn.codes, 0)
    order = sorted(drawn.codes, key=lambda code: (-people[code], code))
    unit = area.weight_info(area.counted(weight)).unit if counted else ""

    def told(code: str) -> str:
        return (
            f"{drawn.name_of(code)} ({people[code]:,.0f} {unit})"
            if counted
            else drawn.name_of(code)
        )

    opening = f"Map of {title_of(drawn)}: {in_words(len(order))} "
    opening += "area, " if len(order) == 1 else "areas, "
    if len(order) <= MANY:
        return opening + listed([told(code) for code in order]) + "."
    # Nobody is no extreme: the least is that of the areas with anybody in them.
    peopled = [code for code in order if people[code] > 0]
    alike = _alike(people[c] for c in peopled) if counted else ""
    if alike or (counted and not peopled):
        return f"{opening}{_each(alike, unit, order, people)}."
    empty = _empty(order, people) if counted else ""
    peopled = peopled or order
    return f"{opening}from {told(order[0])} to {told(peopled[-1])}{empty}."


def boundary_finding(area: Geography, layer: str | AnyLayer, against: str | AnyLayer) -> str:
    """Say how many areas of a layer share a boundary with an area of another.

    Examples
    --------
    >>> import coterminous as ct
    >>> boundary_finding(ct.load(), "place2022", "utla2021")[:21]
    'Three of the four pla'
    """
    drawn, other = area.layer(layer), area.layer(against, argument="against")
    relations = area.overlap(drawn, other, weight=area.residents).areas()["relation"]
    same = int((relations == "coterminous").sum())
    which = "one" if same else "any"
    theirs = f"the same boundary as {which} of the {title_in_sentence(other, area)}"
    if len(relations) == 1:
        return f"{title_of(drawn)}: {'has' if same else 'does not have'} {theirs}"
    if len(other) == 1:
        theirs = f"the same boundary as the {title_in_sentence(other, area)}"
    subject = "None" if same == 0 else sentence_case(in_words(same))
    if same == len(relations):
        subject, verb = "All", "have"
    else:
        verb = "has" if same < 2 else "have"
    whose = f"of the {in_words(len(relations))} {title_in_sentence(drawn, area)}"
    comma = "," if "," in title_of(drawn) else ""
    return f"{subject} {whose}{comma} {verb} {theirs}"


def size_finding(area: Geography, layer: str | AnyLayer, *, weight: str | None = None) -> str:
    """Say how many people the smallest and the largest area of a layer have.

    Examples
    --------
    >>> import coterminous as ct
    >>> size_finding(ct.load(), "delivery2022")[-29:]
    'Coastal) to 488,599 (Central)'
    """
    drawn = area.layer(layer)
    people = people_by_area(area, drawn, weight)
    unit = area.weight_info(area.counted(weight)).unit
    # Nobody is no extreme: the least is that of the areas with anybody in them.
    peopled = [code for code in drawn.codes if people[code] > 0]
    if len(people) == 1:
        return f"{title_of(drawn)}: {next(iter(people.values())):,.0f} {unit}"
    subject = f"The {in_words(len(people))} {title_in_sentence(drawn, area)}"
    alike = _alike(people[code] for code in peopled)
    if alike or not peopled:
        return f"{subject}: {_each(alike, unit, drawn.codes, people)}"
    least = min(peopled, key=lambda code: (people[code], code))
    most = max(drawn.codes, key=lambda code: (people[code], code))
    return (
        f"{subject}: from {people[least]:,.0f} "
        f"{unit} ({drawn.name_of(least)}) to {people[most]:,.0f} ({drawn.name_of(most)})"
        f"{_empty(drawn.codes, people)}"
    )


def _alike(numbers: Iterable[float]) -> str:
    """Write the number that all are, as it is printed; nothing where they differ."""
    printed = {f"{number:,.0f}" for number in numbers}
    return printed.pop() if len(printed) == 1 else ""


def _each(alike: str, unit: str, codes: Iterable[str], people: Mapping[str, float]) -> str:
    """Say that no area is an extreme: all have as many, or none has anybody."""
    if not alike:
        return f"no {unit} in any of them"
    empty = sum(people[code] <= 0 for code in codes)
    who = f"each of {in_words(len(people) - empty)}" if empty else "each"
    return f"{alike} {unit} in {who}{_empty(codes, people)}"


def _empty(codes: Iterable[str], people: Mapping[str, float]) -> str:
    """Say how many areas have nobody in them, if any has."""
    empty = sum(people[code] <= 0 for code in codes)
    return f"; {in_words(empty)} with nobody in {'it' if empty == 1 else 'them'}" if empty else ""


def change_finding(
    area: Geography, before: str | AnyLayer, after: str | AnyLayer, *, weight: str | None = None
) -> str:
    """Say how many people a change of layer parts from most of their old area.

    Examples
    --------
    >>> import coterminous as ct
    >>> change_finding(ct.load(), "ccg2021", "pbp2021")[:6]
    'Nobody'
    """
    overlap = area.overlap(before, after, weight=weight)
    both = overlap.ledger["both"]
    parted = overlap.measures()["parted"]
    old, new = (title_in_sentence(area.layer(x), area) for x in (before, after))
    unit = area.weight_info(area.counted(weight)).unit
    how = f"when the {old} give way to the {new}"
    if not parted:
        return f"Nobody is in a different area from most of their old one {how}"
    share = f"{parted / both:.0%}" if parted / both >= 0.01 else "under 1%"
    many = f"{parted:,.0f} {unit} of {both:,.0f} ({share})"
    return f"{many} are in a different area from most of their old one {how}"
