"""Whose patients live in another area than their practice? The map, the ten most affected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.report.content import Block, Bullets, Column, Paragraph, Section, Table
from coterminous.report.drawing import practice_page_picture
from coterminous.report.entries import Entry
from coterminous.report.facts import across_of, none_of, share_words, sides
from coterminous.report.registered import impact_of, networks_of, origin_of, register_of
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import Figure, Piece, Text, say
from coterminous.words import as_people_write, counted, listed, plural

if TYPE_CHECKING:
    from coterminous.registers.register import Register

#: Practices in the table, and the patients here from which one may stand in it.
MOST, FEWEST = 10, 1_000


def build(subject: Subject) -> Part:
    """Say how many patients and practices are affected, and which the most."""
    register = register_of(subject, "patients")
    finding = _finding(subject, register)
    blocks: list[Block] = [Paragraph(finding, "finding")]
    table, smaller = _most_affected(subject, register)
    numbered = list(table.frame["code"]) if table is not None else []
    picture = practice_page_picture(subject, numbered)
    blocks += [picture] if picture is not None else []
    blocks += [table] if table is not None else []
    blocks.append(Bullets(tuple(_besides(subject, smaller))))
    return Part(
        Section("general-practice", "General practice", tuple(blocks)),
        answers={"practices": finding},
    )


def _moved(old: Figure, new: Figure, *, one: bool) -> str:
    """Say which way a figure went, before the old one is named."""
    if one and not old.value:
        return "{old} while there was one area"
    if old.value == new.value:
        return "as before"
    return "up from {old}" if new.value > old.value else "down from {old}"


def _old(old: Figure, new: Figure, *, one: bool) -> dict[str, Piece]:
    """Give the figure that `_moved` names."""
    if one and not old.value:
        return {"old": none_of(old)}
    return {} if old.value == new.value else {"old": old}


def _finding(subject: Subject, register: Register) -> Text:
    """Count patients in another area than their practice, and practices with many of them."""
    found = sides(subject)
    old, new = (across_of(subject, register, found[role]) for role in ("before", "after"))
    whole = across_of(subject, register, found["whole"]) if "whole" in found else None
    one = len(found["before"]) == 1
    places: dict[str, Piece] = {"places": subject.noun("whole")} if whole else {}
    lists: dict[str, Piece] = {"whole": whole["outside"], **places} if whole else {}
    many: dict[str, Piece] = {"whole": whole["crossing"], **places} if whole else {}
    some = new["outside"].value > 0
    text = say(
        (
            "About {new} patients ({share}) live in another area than their practice, "
            if some
            else "{new} of the patients here live in another area than their practice, "
        )
        + _moved(old["outside"], new["outside"], one=one)
        + (" ({whole} for the {places} alone)" if whole else ""),
        new=new["outside"] if some else new["outside"].saying("None"),
        **({"share": new["share"]} if some else {}),
        **_old(old["outside"], new["outside"], one=one),
        **lists,
    )
    more = say(
        "; {new} of {the}{total} practices {have} more than {level} of their patients there, "
        + _moved(old["crossing"], new["crossing"], one=one)
        + (" ({whole} for the {places} alone)" if whole else "")
        + ".",
        new=none_of(new["crossing"]),
        the="" if new["crossing"].value else "the ",
        total=new["total"],
        have=plural(new["crossing"].value, "has", "have"),
        level=share_words(subject),
        **_old(old["crossing"], new["crossing"], one=one),
        **many,
    )
    return Text((*text.runs, *more.runs))


def _most_affected(subject: Subject, register: Register) -> tuple[Table | None, list[str]]:
    """Tabulate the practices with most more patients in another area; name the small ones apart."""
    found = impact_of(subject, register, subject.after)
    table = found.organisations
    names = {
        side: dict(zip(layer.codes, layer.names, strict=True))
        for side, layer in (("before", subject.before), ("after", subject.after))
    }
    outside = {
        side: pd.to_numeric(table[f"outside_{side}"]).fillna(0.0) for side in ("before", "after")
    }
    more = outside["after"] - outside["before"]
    newly = table["status"] == "newly_crossing"
    few = table.loc[newly & (table["patients"] < FEWEST), "name"]
    smaller = sorted(as_people_write(str(name)) for name in few)
    large = table[(table["patients"] >= FEWEST) & (more > 0)]
    if not len(large):
        return None, smaller
    order = more[large.index].sort_values(ascending=False, kind="stable").index[:MOST]
    frame = pd.DataFrame(
        {
            "name": [
                f"{k}. {as_people_write(str(name))}"
                for k, name in enumerate(table.loc[order, "name"], 1)
            ],
            "home": table.loc[order, "home_after"].map(names["after"]),
            "patients": table.loc[order, "patients"].astype(float),
            "before": outside["before"][order],
            "after": outside["after"][order],
            "share": pd.to_numeric(table.loc[order, "share_after"]),
        }
    )
    many = counted(len(order), "practice")
    return Table(
        key="most-affected",
        title=f"The {many} with the largest rise in patients who live in another area",
        frame=frame.reset_index(names="code"),
        columns=(
            Column("name", "Practice", width=30),
            Column("home", "Its area", width=18),
            Column("patients", "Patients here", "people"),
            Column("before", "In another area before", "people"),
            Column("after", "In another area after", "people"),
            Column("share", "Share after", "portion"),
            Column("code", "Code", "code", printed=False),
        ),
        provenance=origin_of(
            subject, register, "Patients of each who live in the layer, and those of them who "
            "live outside its home area", subject.before, subject.after,
        ),
        notes=(f"Practices with {FEWEST:,} or more patients here.",),
    ), smaller  # fmt: skip


def _besides(subject: Subject, smaller: list[str]) -> list[Text]:
    """Say what of the small ones, of networks, and of the size of neighbourhoods."""
    said = []
    if smaller:
        said.append(
            say(
                "Smaller or special practices with more than {level} of their patients in another "
                "area, newly: {names}.",
                level=share_words(subject),
                names=listed(smaller, 6),
            )
        )
    networks = networks_of(subject)
    if networks is not None:
        said.append(_networks(subject, networks))
    size = _neighbourhoods(subject)
    if size is not None:
        said.append(size)
    said.append(
        say(
            "Patients here: people on a practice's list who live here. A practice's area is where "
            "its main site stands; a network's, where most of its patients live."
        )
    )
    return said


def _networks(subject: Subject, networks: Register) -> Text:
    """Count networks with many patients in another area."""
    found = sides(subject)
    counts = {
        role: across_of(subject, networks, drawing, one="network")
        for role, drawing in found.items()
    }
    whole = counts.get("whole")
    alone: dict[str, Piece] = (
        {"places": subject.noun("whole"), "whole": none_of(whole["crossing"])} if whole else {}
    )
    return say(
        "{after} of {total} primary care networks {have} more than {level} of their patients in "
        "another area; before, {before}"
        + ("; with the {places} alone, {whole}" if whole else "")
        + ".",
        after=counts["after"]["crossing"],
        total=counts["after"]["total"],
        have=plural(counts["after"]["crossing"].value, "has", "have"),
        level=share_words(subject),
        before=none_of(counts["before"]["crossing"]),
        **alone,
    )


def _neighbourhoods(subject: Subject) -> Text | None:
    """Set the size of neighbourhoods beside the guide."""
    layer = subject.role("neighbourhoods")
    if layer is None:
        return None
    low, high = (
        subject.settings.neighbourhood_smallest,
        subject.settings.neighbourhood_largest,
    )
    sizes = layer.totals(subject.area.weight(subject.weight))
    counts = {
        "below": ((sizes < low).sum(), f"Areas with fewer than {low:,} residents"),
        "above": ((sizes > high).sum(), f"Areas with more than {high:,} residents"),
        "within": (
            ((sizes >= low) & (sizes <= high)).sum(),
            f"Areas with {low:,} to {high:,} residents",
        ),
    }
    figures = {
        name: subject.figure(f"neighbourhoods.{name}", count, "count", formula, layer)
        for name, (count, formula) in counts.items()
    }
    origin = subject.origin("The guideline for the size of a neighbourhood, as set")
    return say(
        "Of {total} neighbourhoods, here {title}, {within} {have} the {low} to {high} people "
        "of the guide, {below} fewer and {above} more.",
        total=subject.figure(
            f"drawing.{layer.name}.areas", len(layer), "count", "Areas of the layer", layer
        ),
        title=subject.titled(layer),
        have=plural(figures["within"].value, "has", "have"),
        low=Figure.of("guideline.neighbourhood_smallest", low, "people", origin),
        high=Figure.of("guideline.neighbourhood_largest", high, "people", origin),
        **figures,
    )


PAGE = Entry("general-practice", "General practice", build, place=50, page=True)
