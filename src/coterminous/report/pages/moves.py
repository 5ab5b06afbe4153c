"""Who is in another area than before? From where to where, by deprivation and by age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.layer import OUTSIDE
from coterminous.report import division
from coterminous.report.content import Block, Column, Paragraph, Section, Table
from coterminous.report.division import divides
from coterminous.report.drawing import moves_picture
from coterminous.report.entries import Entry
from coterminous.report.facts import none_of, parted_blocks, parted_by, parted_of, sides
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.wording import Figure, Piece, Text, say
from coterminous.words import counted

if TYPE_CHECKING:
    from coterminous.overlap import Overlap

#: Rows of the table of moves; smaller ones are summed.
MOST_MOVES = 9
#: Nearly all are said to live in a few places if these hold so many of them.
NEARLY_ALL = 0.95


def build(subject: Subject) -> Part:
    """Say who changes area, on a map, in a table, and for whom more than for others."""
    moves = subject.overlap(subject.before, subject.after)
    if not moves.ledger["both"]:
        raise LeftOutError("nobody lives in an area of both")
    if divides(subject, subject.after):
        return division.page(subject)
    parted, _ = parted_of(subject, subject.after)
    who = _who(subject)
    answers = {"people": who}
    if not parted.value:
        raise LeftOutError(
            "nobody is in a different area from most of their old one", answers=answers
        )
    blocks: list[Block] = [Paragraph(who, "finding")]
    picture = moves_picture(subject)
    blocks += [picture] if picture is not None else []
    blocks.append(_moves_table(subject, moves))
    equality = _equality(subject)
    if equality is not None:
        text, table = equality
        if text is not None:
            answers["deprivation"] = text
            blocks.append(Paragraph(text, "finding"))
        blocks.append(table)
        blocks.append(
            Paragraph(
                say(
                    "This is the first table of an equality assessment, not the assessment: age "
                    "and deprivation are known by neighbourhood, the other protected "
                    "characteristics are not in these data."
                ),
                "note",
            )
        )
    return Part(Section("moves", "Who moves", tuple(blocks)), answers=answers)


def _who(subject: Subject) -> Text:
    """Say how many are apart from most of their old area, and where they live."""
    parted, share = parted_of(subject, subject.after)
    noun = subject.noun("before", 1)
    if not parted.value:
        return say(
            "{nobody} is in a different area from most of their old {noun}.",
            nobody=parted.saying("Nobody"),
            noun=noun,
        )
    whole = sides(subject).get("whole")
    alone: dict[str, Piece] = (
        {
            "inner": subject.inner(),
            "less": parted_of(subject, whole)[0],
            "places": subject.noun("whole"),
        }
        if whole is not None
        else {}
    )
    text = say(
        "About {parted} people ({share}) are in a different area from most of their old {noun}"
        + (", counting {inner} ({less} for the {places} alone)" if whole is not None else ""),
        parted=parted,
        share=share,
        noun=noun,
        **alone,
    )
    return Text((*text.runs, *_where(subject, parted).runs, "."))


def _where(subject: Subject, parted: Figure) -> Text:
    """Name the councils where they live."""
    units = subject.units()
    if units is None:
        return Text(())
    shares = parted_blocks(subject, subject.after)["parted"]
    people = units.totals(subject.area.weight(subject.weight) * shares)
    people = people.drop(index=[c for c in (OUTSIDE,) if c in people.index])
    ranked = people[people > 0].sort_values(ascending=False, kind="stable")
    some = ranked.iloc[:3]
    told = float(some.sum()) / parted.value
    if not len(some) or told < 0.25:
        return Text(())
    opening = (
        "all in" if told > 0.9995 else "nearly all in" if told >= NEARLY_ALL else "most of them in"
        if told >= 0.5 else "the largest numbers in"
    )  # fmt: skip
    pieces: list[str] = []
    parts: dict[str, Piece] = {}
    for k, (code, count) in enumerate(some.items()):
        parts[f"n{k}"] = subject.figure(
            f"people.parted.in.{code}", count, "about",
            "People of the council who are apart from most of their old area",
            subject.before, subject.after, units,
        )  # fmt: skip
        parts[f"w{k}"] = units.name_of(str(code))
        pieces.append(f"{{w{k}}} ({{n{k}}})")
    joining = "or" if told >= NEARLY_ALL else "and"
    pattern = pieces[0] if len(pieces) == 1 else ", ".join(pieces[:-1]) + f" {joining} {pieces[-1]}"
    return say(f": {opening} " + pattern, **parts)


def _moves_table(subject: Subject, moves: Overlap) -> Table:
    """Tabulate who goes where: those apart from their old area one by one, and everybody else."""
    before, after = subject.before, subject.after
    inside = moves.inside
    rows = []
    for old in inside.index:
        row = inside.loc[old]
        if not row.sum():
            continue
        kept = row.idxmax()
        for new, people in row[row > 0].items():
            if new != kept:
                rows.append((before.name_of(str(old)), after.name_of(str(new)), float(people)))
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    both = float(moves.ledger["both"])
    told = rows[:MOST_MOVES] if len(rows) > MOST_MOVES + 1 else rows
    rest = sum(row[2] for row in rows[len(told) :])
    stay = both - sum(row[2] for row in rows)
    shown = [*told]
    if len(rows) > len(told):
        shown.append((counted(len(rows) - len(told), "smaller move"), "", rest))
    shown.append(("Stay with most of their old area", "", stay))
    for key, words in (
        ("source_only", "In an old area and in no new one"),
        ("target_only", "In a new area and in no old one"),
    ):
        if moves.ledger[key]:
            shown.append((words, "", float(moves.ledger[key])))
    total = sum(row[2] for row in shown)
    shown.append(("Everybody in either", "", total))
    frame = pd.DataFrame(shown, columns=["before", "after", "people"])
    frame["share"] = frame["people"] / total if total else None
    return Table(
        key="moves",
        title="From where to where: people in another area than most of their old one",
        frame=frame,
        columns=(
            Column("before", "From", width=26),
            Column("after", "To", width=26),
            Column("people", "People", "about"),
            Column("share", "Share", "portion"),
        ),
        provenance=subject.origin("People of the building blocks in both areas", before, after),
        total=True,
    )


def _equality(subject: Subject) -> tuple[Text | None, Table] | None:
    """Say of each fifth and each age how many are in another area."""
    fifths = list(subject.area.role_names("deprivation"))
    ages = list(subject.area.role_names("ages"))
    drawings = {role: d for role, d in sides(subject).items() if role != "before"}
    rows = []
    for weight in [*fifths, *ages]:
        row: dict[str, object] = {"group": _group(subject, weight, ages)}
        for role, drawing in drawings.items():
            some, everybody = parted_by(subject, weight, drawing)
            row["people"] = everybody
            row[f"{role}_people"] = some
            row[role] = some / everybody if everybody else None
        rows.append(row)
    if not any(row["people"] for row in rows):
        return None
    one = {role: subject.heading(role) for role in drawings}
    columns = [Column("group", "People", width=26), Column("people", "Live here", "about")]
    for role in drawings:
        head = f"{one[role]}: in a different area" if len(drawings) > 1 else "In a different area"
        columns += [
            Column(f"{role}_people", f"{head}, people", "about"),
            Column(role, f"{head}, share", "portion"),
        ]
    table = Table(
        key="equality",
        title="Who is in a different area, by deprivation and age",
        frame=pd.DataFrame(rows),
        columns=tuple(columns),
        provenance=subject.origin(
            "People so counted who are apart from most of their old area, over all so counted in "
            "both drawings",
            subject.before,
            *drawings.values(),
            weight=[*fifths, *ages][0],
        ),
    )
    return (_deprived(subject, fifths) if len(fifths) > 1 else None), table


def _group(subject: Subject, weight: str, ages: list[str]) -> str:
    heading = subject.area.weight_info(weight).heading
    return f"Aged {heading}" if weight in ages and heading[:1].isdigit() else heading


def _deprived(subject: Subject, fifths: list[str]) -> Text | None:
    """Set the most deprived beside the least."""
    figures = []
    for weight in (fifths[0], fifths[-1]):
        some, everybody = parted_by(subject, weight, subject.after)
        if not everybody:
            return None
        figures.append(
            subject.figure(
                f"people.parted.of.{weight}", some / everybody, "portion",
                "People so counted who are apart from most of their old area, over all so counted",
                subject.before, subject.after, weight=weight,
            )
        )  # fmt: skip
    info = subject.area.weight_info(fifths[0])
    last = subject.inside(subject.area.weight_info(fifths[-1]).heading)
    return say(
        "They are {most} of the people here who {said}, and {least} of those in the {last}.",
        most=none_of(figures[0]),
        least=none_of(figures[1]),
        said=info.predicate,
        last=last,
    )


PAGE = Entry("moves", "Who moves", build, place=30, page=True)
