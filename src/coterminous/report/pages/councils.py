"""Which councils are whole, and which does a line cut? One table, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.layer import OUTSIDE
from coterminous.report.content import Block, Bullets, Column, Paragraph, Section, Table
from coterminous.report.drawing import councils_picture
from coterminous.report.entries import Entry
from coterminous.report.facts import (
    areas_of,
    coterminous_of,
    has,
    in_figure,
    of_all,
    people_coterminous,
    sides,
)
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.wording import Figure, Piece, Text, capitalised, say
from coterminous.words import date_in_words, in_words, listed, sentence_case

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer

#: Rows of the table; where there are more, those that no line cuts are only counted.
MOST = 24
#: Rows up to which there is room for a large map; with more it is a smaller one.
FEW = 14
#: Areas that a cell names if there are no more, and how many it names of more.
MOST_NAMED, FIRST_NAMED = 5, 2


def build(subject: Subject) -> Part:
    """Compare the drawings with the councils, one table and in words."""
    upper = subject.role("upper") or subject.role("lower")
    if upper is None:
        raise LeftOutError(
            "no layer of councils was named to compare with: --upper, or `upper` in appendix.toml"
        )
    finding = _finding(subject, upper)
    rows = _rows(subject)
    if not len(rows):
        raise LeftOutError("nobody here lives in any council")
    answers = {"councils": finding}
    if len(rows) == 1:
        raise LeftOutError("there is one council here", answers=answers)
    if len(subject.before) == 1 and len(subject.after) == len(rows) and not rows["outer"].any():
        raise LeftOutError("the areas after are the councils themselves", answers=answers)
    blocks: list[Block] = [
        Paragraph(finding, "finding"),
        Bullets(tuple(_in_words(subject, upper, rows))),
    ]
    table = _table(subject, rows)
    large = len(table.frame) <= FEW
    picture = councils_picture(subject, subject.units() or upper, large=large)
    blocks += [picture, table] if picture is not None else [table]
    return Part(Section("councils", "Councils", tuple(blocks)), answers=answers)


def _finding(subject: Subject, upper: AnyLayer) -> Text:
    """Say how many areas have a council's boundary, and how many people live in those."""
    found = sides(subject)
    main = "whole" if "whole" in found else "after"
    drawing, council = found[main], subject.council()
    before = coterminous_of(subject, subject.before, upper)
    total = areas_of(subject, subject.before)
    same = coterminous_of(subject, drawing, upper)
    people, share = people_coterminous(subject, drawing, upper)
    which, singular = of_all(subject, main, same, areas_of(subject, drawing), new="new ")
    text = say(
        "{which} {has} the boundary of {a} {council}"
        + (" ({people} people, {share})" if same.value else ""),
        which=which,
        has=has(same.value, singular),
        a=_article(council),
        council=council,
        **({"people": people, "share": share} if same.value else {}),
    )
    if upper.name == drawing.name:
        text = say(
            "The {total} new {noun} are the {councils} themselves ({people} people)",
            total=in_figure(areas_of(subject, drawing)),
            noun=subject.noun(main),
            councils=subject.council(2),
            people=people,
        )
    if upper.name == subject.before.name:
        one = total.value == 1
        old = say(
            ", where the old {noun} {were} {councils}",
            noun=subject.noun("before", total.value),
            were="was" if one else "were",
            councils="a council itself" if one else f"the {subject.council(2)} themselves",
        )
    elif total.value == 1:
        old = say(
            ", as the old {noun} had" if before.value else ", and the old {noun} had none",
            noun=subject.noun("before", 1),
        )
    else:
        old = say(
            ", where {before} of the {total} {noun} had",
            before=in_figure(before),
            total=in_figure(total),
            noun=subject.noun("before", total.value),
        )
    text = Text((*text.runs, *old.runs))
    if main == "whole":
        units = coterminous_of(subject, subject.after, upper)
        inside = people_coterminous(subject, subject.after, upper)
        more = say(
            "; counting {inner}, {units} of {total} areas {do}"
            + (" ({people} people, {share})" if units.value else ""),
            inner=subject.inner(),
            units=in_figure(units),
            total=in_figure(areas_of(subject, subject.after)),
            do="does" if units.value <= 1 else "do",
            **({"people": inside[0], "share": inside[1]} if units.value else {}),
        )
        text = Text((*text.runs, *more.runs))
    return capitalised(Text((*text.runs, ".")))


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeio" else "a"


def _rows(subject: Subject) -> pd.DataFrame:
    """Say of each council in which areas of each drawing its people live.

    Returns
    -------
    pandas.DataFrame
        `name`, `tier`, `people` here, `outer` (whether part of it lies outside every drawing), a
        cell for each drawing, and `cut.` of each: whether a line of it cuts the council.
    """
    known: set[frozenset[int]] = set()
    rows = []
    for tier, layer in subject.councils():
        if tier == "later":
            continue
        parts, held = layer.parts()
        for position, code in enumerate(layer.codes):
            blocks = frozenset(parts.block[held == position].tolist())
            if blocks in known:
                continue  # a unitary council is in both tiers
            row = _row(subject, layer, code)
            if row is not None:
                known.add(blocks)
                rows.append({"tier": tier, **row})
    return pd.DataFrame(rows)


def _row(subject: Subject, layer: AnyLayer, code: str) -> dict[str, object] | None:
    row: dict[str, object] = {"name": layer.name_of(code), "code": code}
    here = 0.0
    for role, drawing in subject.drawings():
        table = _cells(subject, layer, drawing)
        cells = table[table["source"] == code]
        inside = cells[cells["target"] != OUTSIDE].sort_values(
            ["value", "target"], ascending=[False, True]
        )
        inside = inside[inside["value"] > 0]
        here = max(here, float(inside["value"].sum()))
        row[f"cut.{role}"] = len(inside) > 1
        beyond = float(cells.loc[cells["target"] == OUTSIDE, "value"].sum())
        row["outer"] = bool(row.get("outer", False)) or (beyond > 0 and len(inside) > 0)
        row[role] = _cell(subject, layer, code, drawing, inside)
    row["people"] = here
    return row if here else None


def _cells(subject: Subject, layer: AnyLayer, drawing: AnyLayer) -> pd.DataFrame:
    """Give the people of every pair of a council and an area, tabulated once."""
    found: pd.DataFrame = subject.once(
        ("cells", layer.name, drawing.name), lambda: subject.overlap(layer, drawing).table
    )
    return found


def _cell(
    subject: Subject, layer: AnyLayer, code: str, drawing: AnyLayer, inside: pd.DataFrame
) -> str | Text:
    """Name the area that a council is in, or those between which it is cut."""
    if not len(inside):
        return "in none"
    if len(inside) == 1:
        return drawing.name_of(inside["target"].iloc[0])
    total = float(inside["value"].sum())
    parts: dict[str, Figure | str] = {}
    pieces = []
    named = inside if len(inside) <= MOST_NAMED else inside.iloc[:FIRST_NAMED]
    for k, cell in enumerate(named.itertuples(index=False)):
        parts[f"w{k}"] = drawing.name_of(cell.target)
        parts[f"s{k}"] = subject.figure(
            f"councils.{layer.name}.{code}.in.{drawing.name}.{cell.target}", cell.value / total,
            "portion", "People of the council in the area, over its people in the drawing",
            layer, drawing,
        )  # fmt: skip
        pieces.append(f"{{w{k}}} {{s{k}}}")
    rest = len(inside) - len(named)
    more = f" and {rest} others" if rest else ""
    return say("Cut: " + ", ".join(pieces) + more, **parts)


def _in_words(subject: Subject, upper: AnyLayer, rows: pd.DataFrame) -> list[Text]:
    """Say which councils each drawing cuts, which lie across the outer edge, and what comes."""
    said = []
    lower = subject.role("lower")
    tier = "lower" if (rows["tier"] == "lower").any() else "upper"
    districts = rows[(rows["tier"] == tier) | _unitary(rows, tier)]
    noun = subject.council(2, tier) if lower is not None else subject.council(2)
    counts = []
    for role, drawing in subject.drawings():
        cut = list(districts.loc[districts[f"cut.{role}"], "name"])
        figure = subject.figure(
            f"councils.{drawing.name}.cut", len(cut), "count",
            "Councils with people in two or more areas of the drawing", drawing, lower or upper,
        )  # fmt: skip
        counts.append((subject.heading(role), figure, cut))
    parts: dict[str, Figure | str] = {}
    pieces = []
    for k, (heading, figure, cut) in enumerate(counts):
        names = f" ({listed(cut, 6)})" if cut else ""
        parts[f"h{k}"] = sentence_case(heading) if k == 0 else subject.inside(heading)
        parts[f"n{k}"] = in_figure(figure)
        parts[f"w{k}"] = names
        pieces.append(f"{{h{k}}}, {{n{k}}}{{w{k}}}")
    said.append(
        say(
            "{noun} cut by a line between areas. " + "; ".join(pieces) + ".",
            noun=sentence_case(noun),
            **parts,
        )
    )
    outer = list(rows.loc[rows["outer"], "name"])
    if outer:
        said.append(
            say(
                "{names} {lie} partly outside {where}, before and after: the outer edge is no line "
                "between areas and is not counted.",
                names=listed(outer, 8),
                lie="lies" if len(outer) == 1 else "lie",
                where=subject.area.title,
            )
        )
    later = _later(subject)
    return [*said, *([later] if later is not None else [])]


def _unitary(rows: pd.DataFrame, tier: str) -> pd.Series:
    """Which councils of the upper tier have no districts, and so count with these."""
    if tier == "upper":
        return rows["tier"] == "upper"
    return (rows["tier"] == "upper") & rows["code"].str.match(r"^(?:E06|E08|E09|W06)")


def _later(subject: Subject) -> Text | None:
    """Say how the newer councils fit the areas that come."""
    later = subject.role("later")
    if later is None:
        return None
    found = sides(subject)
    role = "whole" if "whole" in found else "after"
    drawing = found[role]
    same = coterminous_of(subject, drawing, later)
    which, singular = of_all(subject, role, same, areas_of(subject, drawing))
    areas = subject.overlap(drawing, later).areas()
    names = dict(subject.overlap(drawing, later).names[1])
    split = areas[areas["relation"] == "split"]
    text = say(
        "With the councils of {when} {which} {has} the boundary of a council",
        when=date_in_words(later.valid_from) if later.valid_from else "the later date",
        which=which,
        has=has(same.value, singular),
    )
    pieces: list[str] = []
    parts: dict[str, Piece] = {}
    for k, (code, row) in enumerate(split.iloc[:2].iterrows()):
        share = subject.figure(
            f"councils.{later.name}.{drawing.name}.{code}", row["share_in_best"], "portion",
            "People of the area in its best council, over all people of the area", drawing, later,
        )  # fmt: skip
        parts |= {f"a{k}": str(row["name"]), f"s{k}": share,
                  f"b{k}": names.get(row["best_target"], "")}  # fmt: skip
        pieces.append(f"{{s{k}}} of the people of {{a{k}}} live in {{b{k}}}")
    more = say("; " + ", and ".join(pieces), **parts) if pieces else Text(())
    return Text((*text.runs, *more.runs, "."))


def _table(subject: Subject, rows: pd.DataFrame) -> Table:
    """Tabulate the councils with the areas that each is in."""
    roles = [role for role, _ in subject.drawings()]
    cut = rows[[f"cut.{role}" for role in roles]].any(axis=1)
    notes = []
    shown = rows
    if len(rows) > MOST:
        left = int((~cut).sum())
        shown = rows[cut]
        if left:
            notes.append(
                f"{sentence_case(in_words(left))} more councils are whole in one area, before and "
                "after."
            )
        if not len(shown):
            shown = rows.sort_values("people", ascending=False).iloc[:MOST]
            notes = [f"The largest {MOST} of {len(rows)}; the others are whole in one area too."]
        elif len(shown) > MOST:
            notes.append(f"The {MOST} with most people of {len(shown)} that are cut.")
            shown = shown.sort_values("people", ascending=False).iloc[:MOST]
    shown = shown.assign(
        _tier=(shown["tier"] != "upper"),
        _cut=~cut.reindex(shown.index),
    ).sort_values(["_tier", "_cut", "people"], ascending=[True, True, False])
    return Table(
        key="councils",
        title="In which area the people of each council are; those that a line cuts first",
        frame=shown.reset_index(drop=True),
        columns=(
            Column("name", "Council", width=20),
            Column("people", "People here", "about"),
            *(Column(role, subject.heading(role), width=27) for role in roles),
        ),
        provenance=subject.origin(
            "People of the building blocks in both", *[d for _, d in subject.drawings()]
        ),
        notes=tuple(notes),
    )


PAGE = Entry("councils", "Councils", build, place=40, page=True)
