"""Which drawings are best, and where does a layer stand among them? The answers of `options`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.arguments import texts
from coterminous.drawings import drawingscores as ds
from coterminous.errors import InputError, unknown
from coterminous.former import warn_of
from coterminous.owned import hands_out_copies
from coterminous.results import Result

if TYPE_CHECKING:
    from coterminous.layer import Layer

#: The fewest and the most residents of an area; None for no bound.
People = tuple[int | None, int | None]

#: The scores by which drawings are compared unless others are chosen.
SCORES = ("v_measure", "localisation", "inside_practice_area", "largest", "people_moved")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Options(Result):
    """Every contiguous drawing of some units into a number of areas, with its scores.

    Attributes
    ----------
    units : Layer
        The units, cut to what is drawn.
    within : str
        What is drawn; empty if all the units are.
    areas_each : int
        How many areas each drawing has.
    sets : array of bool, shape (possible areas, units)
        Which units each possible area holds.
    drawings : array of int, shape (count, areas)
        Positions in `sets`.
    scores : pandas.DataFrame
        One row a drawing, one column a score; `drawingscores.DIRECTIONS` says which way is better.
    named : pandas.DataFrame
        The same scores of layers that exist; `areas`, `people`, `drawing` (its number, if it is
        one of the drawings) and `note`.
    reference_sets : dict of str to array of bool
        Which drawings are in each reference set.
    complete : bool
        Whether the drawings are all there are, and not a sample.
    totals : drawingscores.Totals
        People and patients by whom shares become numbers again.
    ranges : dict of str to (least, most)
        The residents of every area of the drawings in a reference set; None for no bound.
    sources : tuple of str
        The statements that a picture of it must carry.
    """

    called = "a table of options"

    units: Layer
    within: str
    areas_each: int
    sets: NDArray[np.bool_]
    drawings: NDArray[np.int32]
    scores: pd.DataFrame
    named: pd.DataFrame
    reference_sets: Mapping[str, NDArray[np.bool_]]
    complete: bool
    totals: ds.Totals
    ranges: Mapping[str, People] = field(default_factory=dict)

    @property
    def areas(self) -> int:
        """The name of before for `areas_each`; it goes with the next version."""
        warn_of(".areas", ".areas_each")
        return self.areas_each

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `named`."""
        return self.named

    @property
    def count(self) -> int:
        """How many drawings there are."""
        return len(self.drawings)

    @property
    def usable_scores(self) -> list[str]:
        """The scores of `SCORES` that could be worked out."""
        return [s for s in SCORES if self.scores[s].notna().all()]

    def range_of(self, among: str) -> str:
        """Say how many residents each area holds in a reference set; empty if any number.

        Parameters
        ----------
        among : str
            A reference set: ``all``, ``plausible`` or another of `reference_sets`.
        """
        self._members(among)
        least, most = self.ranges.get(among, (None, None))
        if least is not None and most is not None:
            return f"{least:,} to {most:,} people"
        if least is not None:
            return f"at least {least:,} people"
        return "" if most is None else f"at most {most:,} people"

    def pareto(self, scores: Sequence[str] | None = None, *, among: str = "all") -> pd.DataFrame:
        """Return the drawings that no other beats: none is as good on all scores, better on one.

        Parameters
        ----------
        scores : sequence of str, optional
            The scores that count; `SCORES` if not given.
        among : str
            The reference set in which to look.

        Returns
        -------
        pandas.DataFrame
            Rows of `scores`, in the order of the first chosen score, best first.
        """
        chosen = list(texts(scores, "scores") or self.usable_scores)
        rows = self.scores[self._members(among)]
        values = ds.oriented(rows, chosen)
        front = rows[ds.pareto(values)] if len(rows) else rows
        return front.sort_values(chosen[0], ascending=ds.DIRECTIONS[chosen[0]] < 0, kind="stable")

    def ranks(self, scores: Sequence[str] | None = None) -> pd.DataFrame:
        """Rank the named layers on each score, in each reference set.

        Parameters
        ----------
        scores : sequence of str, optional
            The scores that count; those that could be worked out if not given.

        Returns
        -------
        pandas.DataFrame
            Index `layer`, `reference_set`; columns `of` (drawings in the set) and the scores. A
            rank is 1 more than the number of drawings in the set that beat the layer; an
            empty set gives none.
        """
        chosen = list(texts(scores, "scores") or self.usable_scores)
        rows = []
        for layer in self.named.index:
            mine = ds.oriented(self.named.loc[[layer]], chosen)[0]
            for name, members in self.reference_sets.items():
                values = ds.oriented(self.scores[members], chosen)
                place = ds.rank(values, mine) if len(values) else [None] * len(chosen)
                rows.append(
                    {"layer": layer, "reference_set": name, "of": int(members.sum())}
                    | dict(zip(chosen, place, strict=True))
                )
        table = pd.DataFrame(rows, columns=["layer", "reference_set", "of", *chosen])
        table = table.astype(dict.fromkeys(chosen, "Int64"))
        return table.set_index(["layer", "reference_set"])

    def dominated_by(
        self, layer: str, scores: Sequence[str] | None = None, *, among: str = "all"
    ) -> pd.DataFrame:
        """Return the drawings as good as a named layer on every score, and better on at least one.

        An empty frame means that nothing in the reference set improves on the layer in one
        respect without losing in another.

        Parameters
        ----------
        layer : str
            One of the layers in `named`.
        scores : sequence of str, optional
            The scores that count; those that could be worked out if not given.
        among : str
            A reference set: ``all``, ``plausible`` or another of `reference_sets`.
        """
        if layer not in self.named.index:
            raise unknown("layer", layer, list(self.named.index))
        chosen = list(texts(scores, "scores") or self.usable_scores)
        rows = self.scores[self._members(among)]
        mine = ds.oriented(self.named.loc[[layer]], chosen)[0]
        return rows.iloc[ds.dominating(ds.oriented(rows, chosen), mine)]

    def groups(self, drawing: int) -> list[list[str]]:
        """Name the units of each area of a drawing.

        Parameters
        ----------
        drawing : int
            The number of a drawing, from 0.
        """
        self._check(drawing)
        names = self.units.names
        return [
            [names[i] for i in np.flatnonzero(self.sets[part])] for part in self.drawings[drawing]
        ]

    def layer(self, drawing: int, name: str = "") -> Layer:
        """Make a layer of a drawing; areas are named after their units.

        Parameters
        ----------
        drawing : int
            The number of a drawing, from 0.
        name : str, optional
            The name of the new layer.
        """
        from coterminous.layer import Layer
        from coterminous.words import listed, slug

        names = {}
        area_of = {}
        for members in self.groups(drawing):
            said = listed(members, 1, rest="more")
            code = slug(said)
            names[code] = said
            area_of.update(dict.fromkeys(members, code))
        lookup = self.units.assignment.map(
            dict(zip(self.units.codes, [area_of[n] for n in self.units.names], strict=True))
        )
        return Layer.from_lookup(
            name or f"drawing-{drawing}",
            lookup.astype("str"),
            names=names,
            title=f"Drawing {drawing} of {self.count:,} into {self.areas_each} areas",
            kind="scenario",
        )

    def as_json(self, scores: Sequence[str] | None = None, *, among: str = "all") -> dict[str, Any]:
        """Return the result as plain values, in the words of the Python names.

        Parameters
        ----------
        scores : sequence of str, optional
            The scores that count; those that could be worked out if not given.
        among : str
            A reference set: ``all``, ``plausible`` or another of `reference_sets`.

        Raises
        ------
        DisclosureError
            If the scores count patients of a register that is not published.
        """
        front = self.pareto(scores, among=among)
        ranks = self.ranks(scores)
        columns = list(self.scores.columns)
        named = {}
        for layer, row in self.named.iterrows():
            placed = ranks.loc[str(layer)].drop(columns="of")
            named[str(layer)] = {
                "scores": {c: row[c] for c in columns},
                "areas": row["areas"],
                "people": row["people"],
                "drawing": row["drawing"],
                "rank": {str(s): dict(r) for s, r in placed.iterrows()},
                "dominated_by": list(self.dominated_by(str(layer), scores, among=among).index),
                "note": row["note"],
            }
        return {
            "units": self.units.name,
            "within": self.within,
            "areas": self.areas_each,
            "count": self.count,
            "complete": self.complete,
            "reference_sets": {k: int(v.sum()) for k, v in self.reference_sets.items()},
            "reference_ranges": {
                k: dict(zip(("least", "most"), self.ranges.get(k, (None, None)), strict=True))
                for k in self.reference_sets
            },
            "scores": list(scores or self.usable_scores),
            "among": among,
            "pareto": [
                {"drawing": int(i), "areas": self.groups(int(i)), "scores": dict(row)}
                for i, row in zip(front.index, front.to_dict("records"), strict=True)
            ],
            "named": named,
            "notes": list(self.notes),
        }

    @property
    def kind(self) -> str:
        """What is counted here: a drawing of them all, or one of a sample."""
        return "drawing" if self.complete else "sampled drawing"

    def _members(self, among: str) -> NDArray[np.bool_]:
        if among not in self.reference_sets:
            raise unknown("among", among, list(self.reference_sets))
        return self.reference_sets[among]

    def _check(self, drawing: int) -> None:
        if not 0 <= drawing < self.count:
            raise InputError(f"`drawing` is {drawing}; there are {self.count:,}, numbered from 0")

    def as_frame(self) -> pd.DataFrame:
        """Return the scores of the layers that exist, as they are written to a file."""
        return self.named.reset_index()

    def _titled(self) -> str:
        return "Options"

    def _finding(self) -> str:
        inside = f" within {self.within}" if self.within else ""
        return (
            f"{self.count:,} {self.kind}s of {len(self.units)} units of {self.units.name}{inside} "
            f"into {self.areas_each} areas"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("named", self.named),)
