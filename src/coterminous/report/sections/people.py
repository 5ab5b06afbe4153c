"""Who goes where? People from old areas to new ones, how large each is, and who lives in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coterminous.layer import OUTSIDE
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
from coterminous.report.sections import makeup, sizes
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Figure, Text, capitalised, say
from coterminous.words import in_words, sentence_case

if TYPE_CHECKING:
    from coterminous.overlap import Overlap


def build(subject: Subject) -> Part:
    """Say who moves, how large the areas are, and how they differ."""
    moves = subject.overlap(subject.before, subject.after)
    headline = _who_moves(subject, moves)
    blocks: list[Block] = [
        Heading("Who goes where"),
        Paragraph(headline, "finding"),
        Bullets(_in_what_way(subject, moves)),
        _moves_table(subject, moves),
    ]
    alluvial = _alluvial(subject)
    if alluvial is not None:
        blocks.append(alluvial)
    size = sizes.build(subject)
    mix = makeup.build(subject)
    blocks += [*size.section.blocks, *mix.section.blocks]
    indicators = [_parted_indicator(subject, moves), *size.indicators, *mix.indicators]
    return Part(
        Section("people", "People", tuple(blocks)),
        (headline, *size.findings, *mix.findings),
        tuple(indicators),
    )


def _moved(subject: Subject, moves: Overlap, name: str) -> Figure:
    """Take one count of people who change area."""
    formulas = {
        "parted": "People in both drawings, less for each old area those in the new area that "
        "most of its people go to",
        "absorbed": "People of old areas that lie whole inside one larger new area",
        "people_moved": "People in both drawings, less those kept by the best one-to-one "
        "matching of old areas to new",
    }
    return subject.figure(
        f"people.{name}",
        moves.measures()[name],
        "people",
        formulas[name],
        subject.before,
        subject.after,
        table="people-moves",
    )


def _who_moves(subject: Subject, moves: Overlap) -> Text:
    """Say how many people are parted from most of their old area."""
    parted = _moved(subject, moves, "parted")
    both = subject.figure(
        "people.both",
        moves.ledger["both"],
        "people",
        "People who live in an area of both drawings",
        subject.before,
        subject.after,
    )
    if parted.value == 0:
        return say(
            "Nobody is in a different area from most of their old one: of {both} people who live "
            "in an area before and after, {parted} are.",
            both=both,
            parted=parted,
        )
    share = subject.figure(
        "people.parted_share",
        parted.value / both.value,
        "share",
        "People parted over people in both drawings",
        subject.before,
        subject.after,
    )
    return say(
        "{parted} people ({share} of the {both} who live in an area before and after) are in a "
        "different area from most of their old one.",
        parted=parted,
        share=share,
        both=both,
    )


def _in_what_way(subject: Subject, moves: Overlap) -> tuple[Text, ...]:
    """Say what the three counts of change mean, and who lies outside."""
    areas = moves.areas()
    said = [
        say(
            "{absorbed} people live in an old area that is taken whole into a larger one: their "
            "area changes, and they keep every neighbour.",
            absorbed=_moved(subject, moves, "absorbed"),
        ),
        say(
            "{moved} people change area whatever the names: no one-to-one matching of old areas "
            "with new ones keeps more together.",
            moved=_moved(subject, moves, "people_moved"),
        ),
    ]
    same = subject.figure(
        "people.areas_unchanged",
        (areas["relation"] == "coterminous").sum(),
        "count",
        "Old areas made of the same building blocks as one new area",
        subject.before,
        subject.after,
    )
    said.append(
        capitalised(
            say(
                "{same} of the old {noun} {verb} unchanged.",
                same=same.saying(in_words(same.value, none="none")),
                noun=subject.noun("before"),
                verb="is" if same.value <= 1 else "are",
            )
        )
    )
    for name, words in (
        ("source_only", "live in an old area and in no new one"),
        ("target_only", "live in a new area and in no old one"),
    ):
        if moves.ledger[name]:
            count = subject.figure(
                f"people.{name}", moves.ledger[name], "people", f"People who {words}",
                subject.before, subject.after,
            )  # fmt: skip
            said.append(say(f"{{count}} people {words}.", count=count))
    return tuple(said)


def _moves_table(subject: Subject, moves: Overlap) -> Table:
    """Tabulate people by old and new area, everyone outside in rows of their own."""
    table = moves.table
    old = {**dict(moves.names[0]), OUTSIDE: "(outside)"}
    new = {**dict(moves.names[1]), OUTSIDE: "(outside)"}
    frame = table.assign(
        before=table["source"].map(old), after=table["target"].map(new)
    ).sort_values(["before", "value", "after"], ascending=[True, False, True], ignore_index=True)
    return Table(
        key="people-moves",
        title="Who goes where: people by area before and after",
        frame=frame,
        columns=(
            Column("before", "Area before"),
            Column("after", "Area after"),
            Column("value", "People", "people"),
            Column("share_of_source", "Share of the area before", "share"),
            Column("share_of_target", "Share of the area after", "share"),
        ),
        provenance=subject.origin(
            "People of the building blocks in both areas", subject.before, subject.after
        ),
        notes=(sentence_case(moves.method) + ".",),
        most=40,
    )


def _alluvial(subject: Subject) -> Block | None:
    """Draw people from old to new areas, where the map package can."""
    from coterminous.report.drawing import alluvial_picture

    return alluvial_picture(subject)


def _parted_indicator(subject: Subject, moves: Overlap) -> Indicator:
    """Give the people parted; before the change nobody is."""
    nobody = subject.figure(
        "people.parted_before", 0, "people", "Nobody is parted before the change", subject.before
    )
    return Indicator(
        "parted",
        "People in a different area from most of their old one",
        nobody,
        _moved(subject, moves, "parted"),
        "less",
    )


SECTION = Entry("people", "People", build, place=50)
