"""How does one area lie among councils? In a sentence, from whole to split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.layer import OUTSIDE
from coterminous.report.subject import Subject
from coterminous.report.wording import Text, say
from coterminous.words import in_words, joined, listed

if TYPE_CHECKING:
    from coterminous.shares import AnyLayer


def in_words_of(subject: Subject, drawing: AnyLayer, council: AnyLayer, code: str) -> Text:
    """Say how one area lies among the councils."""
    overlap = subject.overlap(drawing, council)
    row = overlap.areas().loc[code]
    cells = overlap.table[overlap.table["source"] == code].sort_values(
        ["value", "target"], ascending=[False, True]
    )
    names = dict(overlap.names[1])
    key = f"boundaries.{council.name}.{drawing.name}.{code}"
    best = names.get(row["best_target"], "")
    if pd.isna(row["relation"]):
        return say("{name} has nobody in it, so nothing is said of it.", name=row["name"])
    if row["relation"] == "outside":
        return say("{name} has no part in any of them.", name=row["name"])
    if row["relation"] == "coterminous":
        return say("{name} shares the same boundary as {best}.", name=row["name"], best=best)
    if row["relation"] == "composed":
        whole = [names[t] for t in cells["target"]]
        return say(
            "{name} is made of {count} whole ones: {all}.",
            name=row["name"],
            count=in_words(len(whole)),
            all=listed(whole),
        )
    if row["relation"] == "nested":
        share = subject.figure(
            f"{key}.share_of_best", row["share_of_best"], "share",
            "People of the area over people of the council", drawing, council,
        )  # fmt: skip
        return say(
            "{name} lies whole inside {best}, and holds {share} of its people.",
            name=row["name"],
            best=best,
            share=share,
        )
    total = subject.figure(f"{key}.people", row["value"], "people", "People of the area", drawing)
    parts = {"name": row["name"], "total": total}
    pieces = []
    for position, cell in enumerate(cells.itertuples(index=False)):
        where = f"w{position}"
        parts[where] = (
            f"live in {names[cell.target]}"
            if cell.target != OUTSIDE
            else "live in none of these councils"
        )
        parts[f"n{position}"] = subject.figure(
            f"{key}.in.{cell.target}", cell.value, "people",
            "People who live in both the area and the council", drawing, council,
        )  # fmt: skip
        parts[f"s{position}"] = subject.figure(
            f"{key}.share_in.{cell.target}", cell.share_of_source, "share",
            "People in both over people of the area", drawing, council,
        )  # fmt: skip
        pieces.append(f"{{n{position}}} ({{s{position}}}) {{{where}}}")
    if not pieces:
        return say("{name} has nobody in it.", name=row["name"])
    if len(pieces) == 1:
        return say(
            "{name} takes in part of {best} only: of its {total} people, " + pieces[0] + ".",
            best=best,
            **parts,
        )
    return say("{name} is split: of its {total} people, " + joined(pieces) + ".", **parts)
