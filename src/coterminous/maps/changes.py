"""What changes from one layer to another: each piece of an old area, and where its people go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.cuts import crossed
from coterminous.errors import InputError
from coterminous.layer import OUTSIDE
from coterminous.maps.style import UNFOCUSED, tint

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

CHANGES = (
    ("same", UNFOCUSED, "Same boundary before and after"),
    ("together", tint("#2073BC", 0.45), "In a new area, with most of their old one"),
    ("parted", "url(#ct-parted)", "In a different area from most of their old one"),
)


def changes_of(
    area: Geography, before: AnyLayer, after: AnyLayer, weight: str
) -> tuple[AnyLayer, pd.DataFrame]:
    """Cut an old layer by a new one, and say of each piece what becomes of its people.

    Returns
    -------
    Layer
        The common refinement.
    pandas.DataFrame
        By its codes: ``old``, ``new`` (names), ``people`` and ``change`` (``same``: the old
        area's boundary is a new one's; ``together``: this piece goes with most of its old area;
        ``parted``: it does not).

    Raises
    ------
    InputError
        If the layers have no block in common.
    """
    crossing = crossed(before, after)
    if not ((crossing.source >= 0) & (crossing.target >= 0)).any():
        raise InputError(
            f"the layers {before.name!r} and {after.name!r} have no block in common, so that"
            " nothing changes from one to the other"
        )
    both = area.refine(before, after)
    overlap = area.overlap(before, after, weight=weight)
    cells = overlap.cells[(overlap.cells[["source", "target"]] != OUTSIDE).all(axis=1)]
    same = overlap.areas()["relation"] == "coterminous"
    # The first of the largest, as in `majority_share`: one piece of each old area stays whole.
    largest = cells.sort_values(["source", "value", "target"], ascending=[True, False, True])
    kept = set(
        largest.drop_duplicates("source")[["source", "target"]].itertuples(index=False, name=None)
    )
    rows = {}
    for row in cells.itertuples(index=False):
        change = "parted" if (row.source, row.target) not in kept else "together"
        if same.get(row.source, False):
            change = "same"
        rows[f"{row.source}+{row.target}"] = {
            "old": before.name_of(row.source),
            "new": after.name_of(row.target),
            "people": row.value,
            "change": change,
        }
    return both, pd.DataFrame.from_dict(rows, orient="index").reindex(both.codes)
