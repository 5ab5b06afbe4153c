"""Who is in which pair of areas? One weight tabulated by two layers, with every person kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous import measures as m
from coterminous.areas import OUTSIDE
from coterminous.errors import InputError, first_five
from coterminous.layer import Layer
from coterminous.owned import hands_out_copies
from coterminous.results import OfBlocks
from coterminous.tabulating import shared_out, tabulated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from coterminous.shares import AnyLayer

CELLS = ["source", "target", "value", "extent"]
EXACT = "exact: areas before and after are made of whole blocks"
APPORTIONED = "apportioned: the people of blocks that a layer cuts are shared by area"
BEST_FIT = "best fit: blocks are whole, but a layer's true lines cut some of them"


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Overlap(OfBlocks):
    """One weight tabulated by two layers, and what lies outside either of them.

    Everything it answers is a function of one table of cells. Make one with
    `Geography.overlap`, `coterminous.overlay` or `Overlap.from_table`.

    Attributes
    ----------
    source, target, weight : str
        The names of the two layers and of the weight.
    method : str
        How exact the table is; to be printed with every figure.
    cells : pandas.DataFrame
        `source`, `target` (area codes, or ``outside``), `value` (the weight) and `extent` (what
        relations are decided on: the number of blocks, or hectares). Sorted; one row a pair.
    names : mapping
        The names of source and target areas, by code.
    tolerance : float
        The extent up to which a piece of an area does not count for its relation.
    """

    source: str
    target: str
    weight: str
    method: str
    cells: pd.DataFrame
    names: tuple[Mapping[str, str], Mapping[str, str]]
    tolerance: float = 0.0

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_layers(cls, source: AnyLayer, target: AnyLayer, weight: pd.Series) -> Overlap:
        """Tabulate a weight by two layers of the same blocks.

        Parameters
        ----------
        source, target : Layer or CutLayer
        weight : pandas.Series
            A number of at least 0 for every block, indexed by block code.

        Raises
        ------
        InputError
            If the layers or the weight have different blocks.
        """
        if not source.blocks.equals(target.blocks):
            raise InputError(
                f"layers {source.name!r} and {target.name!r} are made of different blocks"
            )
        if not weight.index.equals(source.blocks):
            raise InputError(f"`weight` {weight.name!r} is not of the blocks of the layers")
        if isinstance(source, Layer) and isinstance(target, Layer):
            cells = tabulated(source, target, weight)
            method = BEST_FIT if source.best_fit or target.best_fit else EXACT
        else:
            cells, method = shared_out(source, target, weight), APPORTIONED
        return cls(
            source=source.name,
            target=target.name,
            weight=str(weight.name),
            method=method,
            cells=cells,
            names=(
                dict(zip(source.codes, source.names, strict=True)),
                dict(zip(target.codes, target.names, strict=True)),
            ),
            notes=tuple(dict.fromkeys(n for n in (source.note, target.note) if n)),
        )

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        *,
        source: str = "source",
        target: str = "target",
        weight: str = "value",
        method: str = "as given",
        names: tuple[Mapping[str, str], Mapping[str, str]] | None = None,
        tolerance: float = 0.0,
        notes: tuple[str, ...] = (),
    ) -> Overlap:
        """Make an overlap of any tidy table.

        Parameters
        ----------
        table : pandas.DataFrame
            `source`, `target`, `value`; a row whose source or target is ``outside`` holds what
            lies outside that layer. `extent` is taken from `value` where there is none.
        source, target, weight, method : str
        names : pair of mappings, optional
            Names of source and of target areas; codes stand in for those missing.
        tolerance : float
            See `Overlap`.
        notes : tuple of str
            Assumptions to print.

        Raises
        ------
        InputError
            If a column or code is missing, a pair is given twice, or a value is missing, negative
            or no number.

        Examples
        --------
        >>> import pandas as pd
        >>> table = pd.DataFrame({"source": ["A", "B"], "target": ["X", "X"], "value": [2, 3]})
        >>> Overlap.from_table(table).areas()["relation"].to_dict()
        {'A': 'nested', 'B': 'nested'}
        """
        lacking = [c for c in ("source", "target", "value") if c not in table.columns]
        if lacking:
            raise InputError(f"`table` lacks the columns {first_five(lacking)}")
        blank = [c for c in ("source", "target") if table[c].isna().any()]
        if blank:
            raise InputError(
                f"`table` has rows without a code in {first_five(blank)}; what lies outside a "
                f"layer has the code {OUTSIDE!r}"
            )
        values = pd.to_numeric(table["value"], errors="coerce")
        words = table["value"][values.isna() & table["value"].notna()]
        if len(words):
            raise InputError(f"`table` has values that are no numbers: {first_five(words)}")
        cells = table.assign(
            source=table["source"].astype("str"),
            target=table["target"].astype("str"),
            value=values,
            extent=table["extent"] if "extent" in table else values.astype(float),
        )[CELLS]
        pairs = cells[cells.duplicated(["source", "target"])][["source", "target"]]
        if len(pairs):
            raise InputError(
                "`table` has pairs more than once: "
                f"{first_five(tuple(p) for p in pairs.itertuples(index=False))}; sum them first"
            )
        if not (np.isfinite(cells["value"].to_numpy(dtype=float)) & (cells["value"] >= 0)).all():
            raise InputError("`table` has values that are missing, infinite or negative")
        cells = cells.sort_values(["source", "target"], ignore_index=True)
        codes = [sorted(set(cells[c]) - {OUTSIDE}) for c in ("source", "target")]
        given = names or ({}, {})
        labels = tuple({c: str(given[k].get(c, c)) for c in codes[k]} for k in (0, 1))
        return cls(source, target, weight, method, cells, labels, tolerance, notes=notes)  # type: ignore[arg-type]

    # ------------------------------------------------------------------ asking

    @property
    def table(self) -> pd.DataFrame:
        """Non-zero cells, tidy, with shares of both areas; people outside are rows of their own.

        Returns
        -------
        pandas.DataFrame
            `source`, `target`, `value`, `share_of_source`, `share_of_target`. The values add up
            to the ledger's total less `neither`. A share of ``outside`` is missing.
        """
        rows = self.cells[self.cells["value"] > 0]
        rows = rows[(rows["source"] != OUTSIDE) | (rows["target"] != OUTSIDE)]
        share = {
            f"share_of_{side}": rows["value"] / rows[side].map(self._totals(side)).astype(float)
            for side in ("source", "target")
        }
        return rows[["source", "target", "value"]].assign(**share).reset_index(drop=True)

    @property
    def matrix(self) -> pd.DataFrame:
        """Source areas by target areas, with a row and a column for what lies outside."""
        return self._pivot("value")

    @property
    def inside(self) -> pd.DataFrame:
        """Source areas by target areas: only the people in both layers."""
        return self.matrix.iloc[:-1, :-1]

    @property
    def ledger(self) -> pd.Series:
        """Every person accounted for: in both layers, in one only, in neither, and in all."""
        cells = self.cells
        value = cells["value"].to_numpy()
        source_out, target_out = (
            np.array([c == OUTSIDE for c in cells[side].tolist()], dtype=bool)
            for side in ("source", "target")
        )
        account = {
            "both": value[~source_out & ~target_out].sum(),
            "source_only": value[~source_out & target_out].sum(),
            "target_only": value[source_out & ~target_out].sum(),
            "neither": value[source_out & target_out].sum(),
        }
        return pd.Series({**account, "total": value.sum()}, name="ledger", dtype=value.dtype)

    @property
    def summary(self) -> pd.Series:
        """The figures of the whole: what `measures` gives."""
        return self.measures()

    def areas(self) -> pd.DataFrame:
        """Say how each source area lies in the target layer.

        Returns
        -------
        pandas.DataFrame
            By source code: `name`; `value`, its total over all its blocks; `relation`
            (``coterminous``, ``nested``, ``composed``, ``split`` or ``outside``); `best_target`,
            the target with the largest `jaccard` (ties to the smaller code, marked in `tied`);
            `share_in_best` of the source area's people; `share_of_best` of the target's people;
            `effective_targets`, with what lies outside counted as one target; `targets` in which
            some of its people live, of which `whole_targets` lie wholly in it and `cut_targets`
            do not; `people_in_whole_targets` and their share, `share_in_whole_targets`. Figures of
            an area with nobody in it are missing, its relation and best target too.
        """
        return self._areas.copy(deep=False)

    @cached_property
    def _areas(self) -> pd.DataFrame:
        people = self._pivot("value")
        there = people.to_numpy(dtype=float)
        total, targets = there.sum(axis=1)[:-1], there.sum(axis=0)[:-1]
        relation, met, held = self._relations()
        lived, whole = self._in_whole_targets(there[:-1, :-1], met, held)
        shared = there[:-1, :-1]
        jaccard = _ratio(shared, total[:, None] + targets[None, :] - shared, nothing=0.0)
        ranked = np.where(met, jaccard, -1.0)
        if not len(targets):
            # Nothing to be in: one column that no area meets stands for the best of none.
            met, shared, jaccard, ranked = (
                np.zeros((len(total), 1), dtype=x.dtype) for x in (met, shared, jaccard, ranked)
            )
            targets = np.ones(1)
        best = ranked.argmax(axis=1)
        names = self.names[0]
        nobody = total <= 0
        found = met.any(axis=1) & ~nobody
        row = np.arange(len(total))
        in_best = np.where(found, shared[row, best], 0.0)
        best_total = np.where(found, targets[best], 1.0)
        outside = ~found & ~nobody

        def figure(values: Any, if_outside: float) -> Any:
            return np.where(nobody, np.nan, np.where(outside, if_outside, values))

        columns = {
            "name": [names.get(c, c) for c in people.index[:-1]],
            "value": people.sum(axis=1).to_numpy()[:-1],
            "relation": pd.Series(relation, dtype="str").mask(nobody).array,
            "best_target": pd.array(np.where(found, people.columns[best], None), dtype="str"),
            "share_in_best": figure(_ratio(in_best, total), 0.0),
            "share_of_best": figure(_ratio(in_best, best_total), 0.0),
            "jaccard": figure(jaccard[row, best], 0.0),
            "effective_targets": figure(m.effective_number(there[:-1]), 1.0),
            "tied": found & ((ranked == ranked[row, best][:, None]).sum(axis=1) > 1),
            "targets": _counted(lived.sum(axis=1), nobody),
            "whole_targets": _counted(whole.sum(axis=1), nobody),
            "cut_targets": _counted((lived & ~whole).sum(axis=1), nobody),
            "people_in_whole_targets": self._people_in(there[:-1, :-1], whole, nobody),
            "share_in_whole_targets": figure(
                _ratio((there[:-1, :-1] * whole).sum(axis=1), total), 0.0
            ),
        }
        return pd.DataFrame(columns, index=people.index[:-1].rename("code"))

    @staticmethod
    def _in_whole_targets(
        shared: NDArray[Any], met: NDArray[np.bool_], held: NDArray[np.bool_]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Say in which targets people of each source area live, and which of these it holds."""
        lived = met & (shared > 0)
        return lived, lived & held

    def _people_in(
        self, shared: NDArray[Any], whole: NDArray[np.bool_], nobody: NDArray[np.bool_]
    ) -> Any:
        """Add up the people who live in targets that their area holds."""
        people = (shared * whole).sum(axis=1)
        if pd.api.types.is_integer_dtype(self.cells["value"]):
            return _counted(people, nobody)
        return np.where(nobody, np.nan, people)

    def _relations(self) -> tuple[NDArray[np.str_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Decide each source area's relation on the extent (blocks, or hectares), not the weight.

        Also returns which targets each source area meets, and which it holds all of, in the order
        of the matrix.
        """
        extent = self._pivot("extent").to_numpy()
        met = extent[:-1, :-1] > self.tolerance
        inside = extent[:-1, -1] <= self.tolerance
        beyond = extent[:, :-1].sum(axis=0)[None, :] - extent[:-1, :-1]
        # Of the targets that it meets, does the area hold the whole?
        held = met & (beyond <= self.tolerance)
        whole = (~met | held).all(axis=1)
        targets = met.sum(axis=1)
        relation = np.select(
            [
                targets == 0,
                inside & whole & (targets == 1),
                inside & whole,
                inside & (targets == 1),
            ],
            ["outside", "coterminous", "composed", "nested"],
            default="split",
        )
        return relation, met, held

    def measures(self) -> pd.Series:
        """Measure the whole layers, on the people in both; see `docs/measures.md`.

        Returns
        -------
        pandas.Series
            Numbers by the names of the measures, and `mapcurves_from`, the direction
            (``source`` or ``target``) that `mapcurves` took. `parted` is `misaligned` by its
            name between an old and a new layer; `absorbed` are the people of source areas that
            lie whole in one larger target.
        """
        return self._measures.copy(deep=False)

    @cached_property
    def _measures(self) -> pd.Series:
        inside, areas = self.inside, self.areas()
        whole = pd.api.types.is_integer_dtype(self.cells["value"])
        found: dict[str, Any] = {}
        for name, measure in m.MEASURES.items():
            value = measure(inside, areas)
            found[name] = int(value) if whole and measure.kind == "people" else value
        return pd.Series(found, name="measure", dtype=object)

    def best_fit(self) -> pd.DataFrame:
        """Give each source area its best target, and say how sure that is.

        Returns
        -------
        pandas.DataFrame
            By source code: `name`, `target`, `target_name`, `share` of the area's people there
            and `status`: ``covered`` (all of it), ``majority`` (over half its people),
            ``contested`` (the largest share, but no majority), ``tied`` or ``unassigned``.
        """
        areas = self.areas()
        whole = areas["relation"].isin(["coterminous", "nested"])
        status = np.select(
            [areas["best_target"].isna(), areas["tied"], whole, areas["share_in_best"] > 0.5],
            ["unassigned", "tied", "covered", "majority"],
            default="contested",
        )
        return pd.DataFrame(
            {
                "name": areas["name"],
                "target": areas["best_target"],
                "target_name": areas["best_target"].map(dict(self.names[1])),
                "share": areas["share_in_best"],
                "status": status,
            },
            index=areas.index,
        )

    def reversed(self) -> Overlap:
        """Return the same overlap seen from the target layer."""
        cells = self.cells.rename(columns={"source": "target", "target": "source"})[CELLS]
        return Overlap(
            source=self.target,
            target=self.source,
            weight=self.weight,
            method=self.method,
            cells=cells.sort_values(["source", "target"], ignore_index=True),
            names=(self.names[1], self.names[0]),
            tolerance=self.tolerance,
            notes=self.notes,
            sources=self.sources,
            dates=self.dates,
        )

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, under the names of the command line's contract."""
        return {
            "source": self.source,
            "target": self.target,
            "weight": self.weight,
            "method": self.method,
            "notes": list(self.notes),
            "areas": self.areas().reset_index().to_dict("records"),
            "measures": self.measures().to_dict(),
            "table": self.table.to_dict("records"),
            "ledger": self.ledger.to_dict(),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the non-zero cells, as they are written to a file."""
        return self.table

    # ------------------------------------------------------------------ inside

    def _totals(self, side: str) -> pd.Series:
        totals = self.cells.groupby(side)["value"].sum()
        return totals.drop(OUTSIDE, errors="ignore")

    def _pivot(self, column: str) -> pd.DataFrame:
        rows = [*sorted(self.names[0]), OUTSIDE]
        columns = [*sorted(self.names[1]), OUTSIDE]
        cells = self.cells
        found = cells[column].to_numpy()
        values = np.zeros((len(rows), len(columns)), dtype=found.dtype)
        i, j = (
            [place[code] for code in cells[side].tolist()]
            for side, place in (
                ("source", {c: k for k, c in enumerate(rows)}),
                ("target", {c: k for k, c in enumerate(columns)}),
            )
        )
        values[i, j] = found
        return pd.DataFrame(
            values, index=pd.Index(rows, name="source"), columns=pd.Index(columns, name="target")
        )

    def _titled(self) -> str:
        return f"Overlap of {self.weight}"

    def _finding(self) -> str:
        both, total = (f"{self.ledger[k]:,.12g}" for k in ("both", "total"))
        return (
            f"{self.source} ({len(self.names[0])} areas) by {self.target} "
            f"({len(self.names[1])} areas); {both} of {total} in both; "
            f"{self.method}"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        areas = self.areas()
        areas["best_target"] = areas["best_target"].map(dict(self.names[1]))
        return (("areas()", areas),)


def _counted(numbers: NDArray[Any], nobody: NDArray[np.bool_]) -> Any:
    """Return whole numbers, missing for areas with nobody in them."""
    return pd.Series(numbers.astype(np.int64)).astype("Int64").mask(nobody).array


def _ratio(part: Any, whole: Any, nothing: float = np.nan) -> Any:
    """Divide; a share of nothing is `nothing`."""
    return np.divide(part, whole, out=np.full(np.shape(part), nothing), where=whole > 0)
