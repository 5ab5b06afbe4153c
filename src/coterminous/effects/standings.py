"""How does each area of a layer stand to another, such as boards to councils? Ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous import measures as m
from coterminous.areas import OUTSIDE
from coterminous.arguments import asked
from coterminous.errors import InputError
from coterminous.former import Areas
from coterminous.owned import hands_out_copies
from coterminous.picturing import picture_of
from coterminous.registers.counting import count
from coterminous.results import Result, dates_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coterminous.geography import Geography
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

#: What of `Overlap.areas` a league takes over.
TAKEN = [
    "relation",
    "targets",
    "whole_targets",
    "cut_targets",
    "people_in_whole_targets",
    "share_in_whole_targets",
]


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class League(Result):
    """How each area of a layer stands to another; see `league`.

    Attributes
    ----------
    layer, other : str
        The layer whose areas are ranked, and the one that they are set beside.
    parts, register : str
        The layer of the parts inside each area, and the register of patients; empty where none.
    table : pandas.DataFrame
        By code, in order of rank: `rank` (areas that are level share the smallest), `name`,
        `people`; `relation`, `targets`, `whole_targets`, `cut_targets`, `people_in_whole_targets`
        and `share_in_whole_targets` as in `Overlap.areas`; `parts` and `v_measure_of_parts` with
        the other layer, of the people of the area alone, where there is a layer of parts (missing
        where there is one part only); and,
        where there is a register, `patients` who live there and use an organisation that has a
        home area, how many of them live `outside` its area, and their share, `share_outside`.
    titles : tuple of str
        What the two layers are called in print.
    """

    called = "a league"

    layer: str
    other: str
    parts: str
    register: str
    table: pd.DataFrame
    titles: tuple[str, str]

    @property
    def areas(self) -> Areas:
        """One row an area, to be called: `areas()`; the rows of `table`."""
        return Areas(lambda: self.table)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, under the names of the command line's contract."""
        rows = self.table.reset_index()
        return {
            "layer": self.layer,
            "other": self.other,
            "parts": self.parts,
            "register": self.register,
            "notes": list(self.notes),
            "areas": rows.astype(object).where(rows.notna(), None).to_dict("records"),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the areas in order of rank, as they are written to a file."""
        return self.table.reset_index()

    def plot(self, area: Geography | None = None) -> Figure:
        """Draw the share of each area's people who live in whole areas of the other layer.

        Parameters
        ----------
        area : Geography, optional
            That it was made of, for a map; a bar an area, in order of rank, if not given.

        Raises
        ------
        InputError
            If the geography has other areas in the layer.
        DisclosureError
            If the register is restricted.
        """
        figure: Figure = picture_of(self) if area is None else picture_of(self, area)
        return figure

    def _titled(self) -> str:
        return f"League of {self.layer} by {self.other}"

    def _finding(self) -> str:
        share = self.table["share_in_whole_targets"]
        return (
            f"{int((share >= 1).sum())} of {len(share)} areas are made of whole ones, "
            f"{int((share == 0).sum())} hold none"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("table", self.table),)


@asked
def league(
    area: Geography,
    layer: str | AnyLayer,
    other: str | AnyLayer,
    *,
    parts: str | AnyLayer | None = None,
    register: str | Register | None = None,
    weight: str | None = None,
) -> League:
    """Rank the areas of a layer by how far they are made of whole areas of another.

    Parameters
    ----------
    area : Geography
    layer, other : str or Layer
        The areas that are ranked, such as boards; and those they are set beside, such as
        councils.
    parts : str or Layer, optional
        A layer of parts inside the areas, such as sub-ICB locations: how far they share boundaries
        with the other layer, area by area.
    register : str or Register, optional
        Whose patients live outside the area of their organisation; that with the role `patients`
        if not given, none where there is none or it is empty.
    weight : str, optional
        The people to count; the residents if not given.

    Returns
    -------
    League
        In order of `share_in_whole_targets`, the greatest first; of those that are level, the one
        that cuts fewer areas first, then by code. An area with nobody in it comes last.

    Raises
    ------
    InputError
        If a layer, a weight or the register is not there, or parts are of a layer that cuts
        blocks.

    Examples
    --------
    >>> import coterminous as ct
    >>> found = league(ct.load(), "place2022", "utla2021")
    >>> found.table[["rank", "share_in_whole_targets"]].round(2).values.tolist()
    [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [4.0, 0.0]]
    """
    ranked, beside = area.layer(layer), area.layer(other, argument="other")
    counted = area.counted(weight)
    overlap = area.overlap(ranked, beside, weight=counted)
    areas = overlap.areas()
    table = pd.DataFrame({"name": areas["name"], "people": areas["value"], **areas[TAKEN]})
    notes, named = list(overlap.notes), ""
    if parts is not None:
        inside = area.layer(parts, argument="parts")
        table = table.join(_of_parts(ranked, inside, beside, area.weight(counted)))
        notes += [inside.note] if inside.note else []
        named = inside.name
    asked = area.meant(register, "patients")
    found = None if asked is None else area.register(asked)
    if found is not None:
        table = table.join(_outside(found, ranked))
        notes += [found.note] if found.note else []
    weights = [area.weight_info(counted)]
    return League(
        layer=ranked.name,
        other=beside.name,
        parts=named,
        register="" if found is None else found.name,
        table=_ranked(table),
        titles=(ranked.title, beside.title),
        restricted=() if found is None else found.restricted,
        notes=tuple(dict.fromkeys(notes)),
        sources=tuple(dict.fromkeys(filter(None, (*(w.source for w in weights), *_of(found))))),
        dates=dates_of(*weights, *([found] if found is not None else [])),
    )


def _of(register: Register | None) -> tuple[str, ...]:
    return () if register is None else register.sources


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Put the areas in order, and give those that are level one rank."""
    share = table["share_in_whole_targets"].fillna(-1.0).round(12)
    cut = table["cut_targets"].astype("float64").fillna(np.inf)
    order = np.lexsort((table.index.to_numpy(dtype=object).astype(str), cut, -share))
    level = pd.Series(list(zip(-share, cut, strict=True)), index=table.index).rank(method="min")
    made = table.iloc[order].copy()
    made.insert(0, "rank", level.reindex(made.index).astype(int))
    return made.rename_axis("code")


def _of_parts(
    ranked: AnyLayer, inside: AnyLayer, beside: AnyLayer, people: pd.Series
) -> pd.DataFrame:
    """Count the parts of each area, and measure how far they share boundaries with the others."""
    drawn = {
        name: layer.of_whole_blocks(f"`{name}` of a league").assignment
        for name, layer in (("area", ranked), ("part", inside), ("other", beside))
    }
    blocks = pd.DataFrame(drawn).assign(people=people)
    blocks = blocks.dropna(subset=["area", "part"])
    blocks["other"] = blocks["other"].fillna(OUTSIDE)
    sums = blocks.groupby(["area", "part", "other"])["people"].sum()
    found = {}
    for code, rows in sums.groupby(level="area"):
        cells = rows.droplevel("area").unstack("other").fillna(0)
        cells = cells[cells.sum(axis=1) > 0].drop(columns=OUTSIDE, errors="ignore")
        # Of one part nothing can be said: it is the area itself.
        found[code] = (len(cells), m.v_measure(cells) if len(cells) > 1 else np.nan)
    made = pd.DataFrame.from_dict(found, orient="index", columns=["parts", "v_measure_of_parts"])
    return made.reindex(ranked.codes).astype({"parts": "Int64"})


def _outside(register: Register, ranked: AnyLayer) -> pd.DataFrame:
    """Count the patients of each area who live outside the area of their organisation."""
    if not len(ranked):
        raise InputError(f"layer {ranked.name!r} has no areas to rank")
    tally = count(register, ranked)
    homes = register.homes(ranked).reindex(tally.organisations)
    living = tally.matrix().reindex(tally.organisations)[list(ranked.codes)]
    known = living[homes.notna()]
    at_home = pd.Series(
        {
            code: living.loc[(homes == code).to_numpy(), code].sum() if (homes == code).any() else 0
            for code in ranked.codes
        }
    )
    patients = known.sum()
    outside = patients - at_home
    share = outside / patients.where(patients > 0)
    return pd.DataFrame({"patients": patients, "outside": outside, "share_outside": share})
