"""Was there a better drawing? Every contiguous grouping of units into areas, scored and ranked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous import drawingscores as ds
from coterminous.errors import InputError, unknown
from coterminous.partitioncounts import CannotCountError, counts, sampled
from coterminous.partitions import Partitions
from coterminous.patients import has_register
from coterminous.unitfigures import (
    Yardsticks,
    cut_to,
    figures_of,
    rules_of,
    unit_graph,
)
from coterminous.unitgraph import UnitGraph

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer

log = logging.getLogger(__name__)

#: The scores by which drawings are compared unless others are chosen.
SCORES = ("v_measure", "localisation", "inside_practice_area", "largest", "people_moved")
#: Reference sets: the people that each area may hold. Ranks are only ever given against one.
REFERENCE_SETS: Mapping[str, tuple[int | None, int | None]] = {
    "all": (None, None),
    "plausible": (100_000, 1_300_000),
}
_MOST_LISTED = 6_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Options:
    """Every contiguous drawing of some units into a number of areas, with its scores.

    Attributes
    ----------
    units : Layer
        The units, cut to what is drawn.
    within : str
        What is drawn; empty if all the units are.
    areas : int
        How many areas each drawing has.
    sets : array of int
        The possible areas: sets of units as bits.
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
    notes : tuple of str
        What must be said beside the figures.
    """

    units: Layer
    within: str
    areas: int
    sets: NDArray[np.int64]
    drawings: NDArray[np.int32]
    scores: pd.DataFrame
    named: pd.DataFrame
    reference_sets: Mapping[str, NDArray[np.bool_]]
    complete: bool
    totals: ds.Totals
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many drawings there are."""
        return len(self.drawings)

    @property
    def usable_scores(self) -> list[str]:
        """The scores of `SCORES` that could be worked out."""
        return [s for s in SCORES if len(self.scores) and self.scores[s].notna().all()]

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
        chosen = list(scores or self.usable_scores)
        rows = self.scores[self._members(among)]
        values = ds.oriented(rows, chosen)
        front = rows[ds.pareto(values)] if len(rows) else rows
        return front.sort_values(chosen[0], ascending=ds.DIRECTIONS[chosen[0]] < 0, kind="stable")

    def ranks(self, scores: Sequence[str] | None = None) -> pd.DataFrame:
        """Rank the named layers on each score, in each reference set.

        Returns
        -------
        pandas.DataFrame
            Index `layer`, `reference_set`; columns `of` (drawings in the set) and the scores. A
            rank is 1 more than the number of drawings in the set that beat the layer.
        """
        chosen = list(scores or self.usable_scores)
        rows = []
        for layer in self.named.index:
            mine = ds.oriented(self.named.loc[[layer]], chosen)[0]
            for name, members in self.reference_sets.items():
                values = ds.oriented(self.scores[members], chosen)
                place = ds.rank(values, mine)
                rows.append(
                    {"layer": layer, "reference_set": name, "of": int(members.sum())}
                    | dict(zip(chosen, place, strict=True))
                )
        table = pd.DataFrame(rows, columns=["layer", "reference_set", "of", *chosen])
        return table.set_index(["layer", "reference_set"])

    def dominated_by(
        self, layer: str, scores: Sequence[str] | None = None, *, among: str = "all"
    ) -> pd.DataFrame:
        """Return the drawings as good as a named layer on every score, and better on at least one.

        An empty frame means that nothing in the reference set improves on the layer in one
        respect without losing in another.
        """
        if layer not in self.named.index:
            raise unknown("layer", layer, list(self.named.index))
        chosen = list(scores or self.usable_scores)
        rows = self.scores[self._members(among)]
        mine = ds.oriented(self.named.loc[[layer]], chosen)[0]
        return rows.iloc[ds.dominating(ds.oriented(rows, chosen), mine)]

    def groups(self, drawing: int) -> list[list[str]]:
        """Name the units of each area of a drawing."""
        self._check(drawing)
        names = self.units.names
        return [
            [names[i] for i in range(len(names)) if int(self.sets[part]) >> i & 1]
            for part in self.drawings[drawing]
        ]

    def layer(self, drawing: int, name: str = "") -> Layer:
        """Make a layer of a drawing; areas are named after their units."""
        from coterminous.layer import Layer, slug

        names = {}
        area_of = {}
        for members in self.groups(drawing):
            said = members[0] if len(members) == 1 else f"{members[0]} and {len(members) - 1} more"
            said = " and ".join(members) if len(members) == 2 else said
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
            title=f"Drawing {drawing} of {self.count:,} into {self.areas} areas",
            kind="scenario",
        )

    def as_json(self, scores: Sequence[str] | None = None, *, among: str = "all") -> dict[str, Any]:
        """Return the result as plain values, in the words of the Python names."""
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
            "areas": self.areas,
            "count": self.count,
            "complete": self.complete,
            "reference_sets": {k: int(v.sum()) for k, v in self.reference_sets.items()},
            "scores": list(scores or self.usable_scores),
            "among": among,
            "pareto": [
                {"drawing": int(i), "areas": self.groups(int(i)), "scores": dict(row)}
                for i, row in zip(front.index, front.to_dict("records"), strict=True)
            ],
            "named": named,
            "notes": list(self.notes),
        }

    def _members(self, among: str) -> NDArray[np.bool_]:
        if among not in self.reference_sets:
            raise unknown("among", among, list(self.reference_sets))
        return self.reference_sets[among]

    def _check(self, drawing: int) -> None:
        if not 0 <= drawing < self.count:
            raise InputError(f"`drawing` is {drawing}; there are {self.count:,}, numbered from 0")

    def __repr__(self) -> str:
        kind = "drawings" if self.complete else "sampled drawings"
        inside = f" within {self.within}" if self.within else ""
        return (
            f"<Options: {self.count:,} {kind} of {len(self.units)} units of {self.units.name}"
            + (f"{inside} into {self.areas} areas>")
        )

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(n)}</p>" for n in self.notes)
        return f"<p>{escape(repr(self))}</p>{notes}{self.named.to_html(escape=True)}"


def options(
    area: Geography,
    *,
    units: str | Layer,
    areas: int,
    within: str | Layer | None = None,
    against: str | Layer | None = "utla2021",
    before: str | Layer | None = "pbp2021",
    named: Iterable[str | Layer] | None = None,
    least: int | None = None,
    most: int | None = None,
    together: Iterable[Iterable[str]] = (),
    apart: Iterable[Iterable[str]] = (),
    reference_sets: Mapping[str, tuple[int | None, int | None]] | None = None,
    links: bool = True,
    sample: int | None = None,
    seed: int = 0,
    trusts: str = "trust",
    practices: str = "gp",
) -> Options:
    """Find and score every contiguous grouping of units into a number of areas.

    Parameters
    ----------
    area : Geography
    units : str or Layer
        The units to be grouped; `area.refine(a, b)` makes units in which two layers can be said.
    areas : int
        How many areas a drawing has.
    within : str or Layer, optional
        Draw only this; the units are cut at its edge.
    against, before : str or Layer or None
        The layer with which to be coterminous, and the layer from which people move.
    named : iterable of str or Layer, optional
        Layers to be ranked among the drawings; those that cover `within` if not given.
    least, most : int, optional
        The people that an area may hold.
    together, apart : iterable of lists of units
        Units that must share an area, and units of which no two may.
    reference_sets : mapping of str to (least, most), optional
        Further sets to rank in, by the people in each area; "all" and "plausible" are there.
    links : bool
        Whether declared links make neighbours.
    sample, seed : int
        Draw so many at random instead of all; see `partitioncounts.sampled`.
    trusts, practices : str
        The registers for localisation and for patients inside their practice's area.

    Raises
    ------
    InputError
        If the units do not cover `within` or are in pieces, there are more areas than units, or
        there are too many drawings to list.

    Examples
    --------
    >>> import coterminous as ct
    >>> three = ct.options(ct.load(), units="ltla2021", within="icb2022", areas=3)
    >>> three.count
    2489
    """
    edge = area.layer(within) if within is not None else None
    cut = cut_to(area, units, within)
    graph = unit_graph(area, cut, links=links)
    rules = rules_of(area, cut, least=least, most=most, together=together, apart=apart)
    ways = _ways(graph, areas, ruled=rules.any, sampling=sample is not None)
    if sample is None:
        parts = Partitions(graph, areas, rules=rules)
        if rules.any:
            log.info("%s drawings obey the rules", f"{parts.count:,}")
        if parts.count > _MOST_LISTED:
            raise InputError(_too_many(parts.count, areas))
        listed = parts.listed()
    else:
        listed = sampled(graph, areas, sample, seed=seed, rules=rules)
    sets, positions = np.unique(listed, return_inverse=True)
    drawings = positions.reshape(listed.shape).astype(np.int32)
    yardsticks = Yardsticks(against, before, trusts, practices)
    table = ds.areas_from_sets(figures_of(area, cut, edge, yardsticks), sets)
    scores = ds.scores(table, drawings)
    found = _named(area, cut, edge, yardsticks, named, listed)
    wanted = {**REFERENCE_SETS, **(reference_sets or {})}
    return Options(
        units=cut,
        within=edge.name if edge is not None else "",
        areas=areas,
        sets=sets,
        drawings=drawings,
        scores=scores,
        named=found,
        reference_sets={k: _between(scores, *v) for k, v in wanted.items()},
        complete=sample is None,
        totals=table.totals,
        notes=_notes(area, sample, ways, rules.any, yardsticks),
    )


def count_options(
    area: Geography,
    *,
    units: str | Layer,
    within: str | Layer | None = None,
    links: bool = True,
) -> pd.Series:
    """Count the contiguous drawings into 1, 2, 3, ... areas, without listing any.

    Examples
    --------
    >>> import coterminous as ct
    >>> count_options(ct.load(), units="ltla2021", within="icb2022").loc[2:6].tolist()
    [125, 2489, 21427, 104097, 322305]
    """
    graph = unit_graph(area, cut_to(area, units, within), links=links)
    found = counts(graph)
    return pd.Series(
        found, index=pd.RangeIndex(1, len(found) + 1, name="areas"), name="drawings", dtype=object
    )


def _ways(graph: UnitGraph, areas: int, *, ruled: bool, sampling: bool) -> int | None:
    """Say how many drawings there are before any work; None where they cannot be counted."""
    if not 1 <= areas <= graph.units:
        raise InputError(
            f"`areas` is {areas}: {graph.units} units can be grouped into 1 to {graph.units} areas"
        )
    try:
        ways = counts(graph)[areas - 1]
    except CannotCountError:
        if not (sampling or ruled):
            raise
        log.info("%s units have too many drawings to count", graph.units)
        return None
    log.info("%s units have %s drawings into %s areas", graph.units, f"{ways:,}", areas)
    if ways > _MOST_LISTED and not (sampling or ruled):
        raise InputError(_too_many(ways, areas))
    return ways


def _too_many(ways: int, areas: int) -> str:
    return (
        f"there are {ways:,} drawings into {areas} areas, more than the {_MOST_LISTED:,} that can "
        "be listed; give a tighter population range (`least`, `most`), units to keep `together` "
        "or `apart`, or take a random sample (`sample=`)"
    )


def _between(scores: pd.DataFrame, least: int | None, most: int | None) -> NDArray[np.bool_]:
    fine = np.ones(len(scores), dtype=bool)
    if least is not None:
        fine &= scores["smallest"].to_numpy() >= least
    if most is not None:
        fine &= scores["largest"].to_numpy() <= most
    return fine


def _named(
    area: Geography,
    units: Layer,
    edge: Layer | None,
    yardsticks: Yardsticks,
    named: Iterable[str | Layer] | None,
    listed: NDArray[np.int64],
) -> pd.DataFrame:
    """Score layers that exist, whether or not the units can say them."""
    inside = units.positions >= 0
    everyone = int(figures_of(area, units, edge, Yardsticks(None, None, "", "")).people.sum())
    chosen = [area.layer(n) for n in named] if named is not None else _covering(area, units)
    rows = []
    for layer in chosen:
        positions = np.where(inside, layer.positions, -1)
        present = np.unique(positions[positions >= 0])
        figures = figures_of(area, layer, units, yardsticks)
        row = ds.scores(ds.areas_of(figures), present[None, :]).iloc[0]
        people = int(figures.people.sum())
        number = _number_of(units, positions, listed)
        said = [] if people == everyone else [f"covers {people:,} of {everyone:,} people"]
        if number is None:
            said.append(_why_not(units, positions, len(present), listed.shape[1]))
        rows.append(
            {"layer": layer.name, "areas": len(present), "people": people}
            | row.to_dict()
            | {"drawing": number, "note": "; ".join(s for s in said if s)}
        )
    columns = ["layer", "areas", "people", *ds.DIRECTIONS, "drawing", "note"]
    table = pd.DataFrame(rows, columns=columns).astype({"drawing": "Int64"})
    return table.set_index("layer")


def _covering(area: Geography, units: Layer) -> list[Layer]:
    """Find the layers that cover what is drawn with 2 to 8 areas."""
    inside = units.positions >= 0
    found = []
    for name in area.layers.index:
        positions = area.layer(name).positions[inside]
        if (positions >= 0).all() and 2 <= len(np.unique(positions)) <= 8:
            found.append(area.layer(name))
    return found


def _unit_areas(units: Layer, positions: NDArray[np.integer]) -> list[set[int]]:
    pairs = pd.DataFrame({"unit": units.positions, "area": positions})[units.positions >= 0]
    grouped = pairs.drop_duplicates().groupby("unit")["area"].agg(set)
    return list(grouped)


def _number_of(
    units: Layer, positions: NDArray[np.integer], listed: NDArray[np.int64]
) -> int | None:
    """Find a layer among the drawings, if it is one of them."""
    in_areas = _unit_areas(units, positions)
    if any(len(a) > 1 or -1 in a for a in in_areas):
        return None
    masks: dict[int, int] = {}
    for unit, (area,) in enumerate(in_areas):
        masks[area] = masks.get(area, 0) | 1 << unit
    row = np.array(sorted(masks.values(), key=lambda m: m & -m))
    if len(row) != listed.shape[1]:
        return None
    found = np.flatnonzero((listed == row).all(axis=1))
    return int(found[0]) if len(found) else None


def _why_not(units: Layer, positions: NDArray[np.integer], areas: int, wanted: int) -> str:
    cut = [n for n, a in zip(units.names, _unit_areas(units, positions), strict=True) if len(a) > 1]
    if cut:
        return f"not one of the drawings: it cuts {', '.join(cut[:5])}"
    if areas != wanted:
        return f"not one of the drawings: it has {areas} areas, not {wanted}"
    return "not one of the drawings: it is not contiguous, breaks a rule, or was not sampled"


def _notes(
    area: Geography, sample: int | None, ways: int | None, ruled: bool, yardsticks: Yardsticks
) -> tuple[str, ...]:
    said = []
    if ways is not None:
        said.append(f"There are {ways:,} contiguous drawings before any rule or sample.")
    if ruled:
        said.append("Ranks are among the drawings that obey the rules asked for.")
    if sample is not None:
        said.append(
            "These are a random sample, in which compact areas come up more often; ranks and the "
            "Pareto set are of the sample alone."
        )
    for name in (yardsticks.trusts, yardsticks.practices):
        if has_register(area, name):
            found = area.register(name)
            said.append(" ".join(x for x in (f"{found.title}, {found.date}.", found.note) if x))
    return tuple(said)
