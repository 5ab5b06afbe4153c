"""What there is to say of each area on a map: its people and its relation to other layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.arguments import several
from coterminous.layer import OUTSIDE
from coterminous.registers.listsizes import registered_in
from coterminous.words import in_sentence, in_words, title_of

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.overlap import Overlap
    from coterminous.shares import AnyLayer


@dataclass(frozen=True)
class AreaFacts:
    """What there is to say of one area.

    Attributes
    ----------
    code, name
        The area's.
    sizes
        Lines such as ``138,381 people live in it (Residents, mid-2020)``.
    relations
        Lines, one a layer it is held against.
    """

    code: str
    name: str
    sizes: tuple[str, ...]
    relations: tuple[str, ...]


def facts(
    area: Geography,
    layer: str | AnyLayer,
    against: Sequence[str | AnyLayer] = (),
    *,
    weight: str | None = None,
    register: str | None = None,
) -> list[AreaFacts]:
    """Gather what there is to say of each area of a layer, in order of code.

    Parameters
    ----------
    area
        The geography.
    layer
        The layer.
    against
        Layers whose areas each is held against.
    weight
        What is counted.
    register
        The register whose lists stand beside the residents; the patients where None.
    """
    drawn = area.layer(layer)
    counted = area.counted(weight)
    told = area.weight_info(counted)
    people = drawn.totals(area.weight(counted))
    lists = registered_in(area, drawn, register=register)
    overlaps = [area.overlap(drawn, other, weight=counted) for other in several(against, "against")]
    tables = [(o, o.areas(), area.layer(x)) for o, x in zip(overlaps, against, strict=True)]
    made = []
    for code in drawn.codes:
        # The two populations stand side by side, each by its name; neither is scaled to the other.
        sizes = [f"{people[code]:,.0f} {told.unit} live in it ({told.title})"]
        if lists is not None and pd.notna(lists[code]):
            sizes.append(f"{lists[code]:,.0f} patients are registered with practices in it")
        relations = tuple(relation_words(o, table.loc[code], other) for o, table, other in tables)
        made.append(AreaFacts(str(code), drawn.name_of(code), tuple(sizes), relations))
    return made


def relation_words(overlap: Overlap, row: pd.Series, other: AnyLayer) -> str:
    """Say in words how one area lies in another layer; `row` is its row of `Overlap.areas`."""
    theirs = in_sentence(title_of(other))
    if pd.isna(row["relation"]):
        return f"Nobody is in it, so it has no relation to the {theirs}."
    if row["relation"] == "outside" or row["best_target"] is None:
        return f"Outside the {theirs}."
    best = other.name_of(row["best_target"])
    if row["relation"] == "coterminous":
        return f"Of the {theirs}: shares the same boundary (coterminous) as {best}."
    if row["relation"] == "nested":
        share = percent(row["share_of_best"])
        return f"Of the {theirs}: lies wholly in {best}, and has {share} of its people."
    cells = overlap.cells[overlap.cells["source"] == row.name]
    met = int((cells["target"] != OUTSIDE).sum())
    beyond = cells.loc[cells["target"] == OUTSIDE, "value"].sum()
    match = f"the best match is {best}, with {percent(row['share_in_best'])} of its people"
    if row["relation"] == "composed":
        most = cells.loc[cells["value"].idxmax()]
        largest = f"the largest is {other.name_of(most['target'])}"
        share = percent(most["value"] / row["value"])
        return (
            f"Of the {theirs}: made of {in_words(met)} whole ones; {largest}, with {share} of its "
            "people."
        )
    split = f"split between {in_words(met)}" if met > 1 else "in one"
    outside = f"{beyond:,.0f} of its people are outside them; " if beyond else ""
    return f"Of the {theirs}: {split}; {outside}{match}."


def percent(share: float) -> str:
    """Write a share so that some is never none and most never all.

    Examples
    --------
    >>> percent(0.4431), percent(0.9999), percent(0.0001), percent(1.0)
    ('44.3%', 'over 99.9%', 'under 0.1%', '100%')
    """
    if share != share:
        return "no share"
    if share in (0, 1):
        return f"{share:.0%}"
    if share > 0.9995:
        return "over 99.9%"
    return "under 0.1%" if share < 0.0005 else f"{share:.1%}"
