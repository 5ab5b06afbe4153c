"""Where do the people of each area go, and from where do those of each organisation come?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.arguments import asked
from coterminous.disclosure.suppression import ALONE, TOTAL, hidden_cells
from coterminous.disclosure.together import EVERYBODY, Behind, Hidden
from coterminous.errors import DisclosureError, InputError, checked_share
from coterminous.former import Areas
from coterminous.measures import effective_number
from coterminous.owned import hands_out_copies
from coterminous.registers.basing import based_here
from coterminous.registers.counting import Tally, count
from coterminous.registers.register import Register
from coterminous.registers.tables import LUMP, tidied
from coterminous.registers.whereabouts import Home
from coterminous.results import Result, dates_of
from coterminous.shares import AnyLayer

if TYPE_CHECKING:
    from coterminous.geography import Geography


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Flows(Result):
    """People by organisation and area of residence, with what follows from it; see `flows`.

    Attributes
    ----------
    register, layer, unit, method : str
    localisation : float
        The share of the layer's people who use the main organisation of their area.
    table : pandas.DataFrame
        `organisation`, `area` (also ``outside``, ``elsewhere`` and ``unknown``), `value`,
        `share_of_organisation` (of its people who live in the layer; missing for those who do
        not), `share_of_area` (of everybody in the register who lives in the area).
    by_area : pandas.DataFrame
        What `areas()` gives. By code: `name`, `patients`, `main_organisation`, `main_name`,
        `share_to_main` (the localisation of the area), a column for each lump in small letters
        (as `other` and `unattributed`), and, where sites are known, `inflow` (people of
        organisations sited there who live elsewhere), `outflow` (residents who go elsewhere) and
        `net`.
    organisations : pandas.DataFrame
        By code, lumps left out: `name`, `home`, `based_here` (whether its main site stands in the
        layer of the role `whole`, else in this one), `patients` who live in the layer,
        `areas_reached` (areas with at least `threshold` of them), `effective_areas`, `main_area`
        and `share_in_main`. All are of its patients who live in the layer: of an organisation
        based elsewhere those are the few who come from here, so count it apart.
    ledger : pandas.Series
        `layer`, `outside`, `elsewhere`, `unknown` and `total`.
    matrix : pandas.DataFrame
        Organisations by areas, then what lies beyond the layer.
    protected : bool
        Whether small counts are hidden; see `protect`.
    home : str
        How homes were found: ``site``, ``list`` or ``body``.
    behind : Behind or None
        What was counted, for `protect`.
    hidden : Hidden or None
        What is hidden by a named rule, and with what it was protected together.
    """

    called = "a table of flows"

    register: str
    layer: str
    unit: str
    method: str
    threshold: float
    localisation: float
    table: pd.DataFrame
    by_area: pd.DataFrame
    organisations: pd.DataFrame
    ledger: pd.Series
    matrix: pd.DataFrame
    protected: bool = False
    home: str = "site"
    behind: Behind | None = None
    hidden: Hidden | None = None

    @property
    def areas(self) -> Areas:
        """One row an area, to be called: `areas()`; its columns are those of `by_area`."""
        return Areas(lambda: self.by_area)

    def beside(self, other: Flows) -> pd.DataFrame:
        """Put two layers side by side: with how many areas must each organisation work?

        Parameters
        ----------
        other : Flows
            The same register by another layer.

        Returns
        -------
        pandas.DataFrame
            By organisation: `name`, `based_here`, then `areas_reached`, `effective_areas` and
            `share_in_main`, each with ``_before`` (this layer) and ``_after`` (the other).
        """
        if other.register != self.register:
            raise InputError(
                f"`other` has the flows of {other.register!r}; these are of {self.register!r}"
            )
        together = self.hidden is not None and other.hidden is not None
        together = together and self.hidden.notes is other.hidden.notes  # type: ignore[union-attr]
        if (self.protected or other.protected) and not together:
            raise DisclosureError(
                f"register {self.register!r} is restricted: two protected tables of it, by "
                "different layers, can be subtracted from each other; write out one, or protect "
                "both together, with coterminous.protect([one, other], rule='under5')"
            )
        self.clear()
        other.clear()
        columns = ["areas_reached", "effective_areas", "share_in_main"]
        both = pd.concat(
            [
                self.organisations[columns].add_suffix("_before"),
                other.organisations[columns].add_suffix("_after"),
            ],
            axis=1,
        ).reindex(self.organisations.index)
        ordered = [f"{c}_{side}" for c in columns for side in ("before", "after")]
        return pd.concat([self.organisations[["name", "based_here"]], both[ordered]], axis=1)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, under the names of the command line's contract.

        Raises
        ------
        DisclosureError
            If the register is restricted.
        """
        return {
            "register": self.register,
            "layer": self.layer,
            "unit": self.unit,
            "method": self.method,
            "threshold": self.threshold,
            "notes": list(self.notes),
            "localisation": self.localisation,
            "areas": _records(self.by_area.reset_index()),
            "organisations": _records(self.organisations.reset_index()),
            "table": _records(self.table),
            "ledger": self.ledger.to_dict(),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the people by organisation and area, as they are written to a file."""
        return self.table

    def hidden_under(self, least: int) -> Flows:
        """Return the flows with small counts hidden, cell by cell.

        Parameters
        ----------
        least : int
            Counts under this are hidden; at least 5.
        """
        return _protected(self, least)

    def hidden_by(self, hidden: Hidden) -> Flows:
        """Return the flows with the counts hidden that a rule hides; see `coterminous.protect`.

        Parameters
        ----------
        hidden : Hidden
        """
        areas, codes = self.matrix.columns, self.matrix.index
        found = hidden.frame(
            pd.Index([*codes, EVERYBODY]), pd.Index([*areas, TOTAL]), "area 0"
        ).rename(index={EVERYBODY: TOTAL})
        living = hidden.frame(pd.Index([*codes, EVERYBODY]), pd.Index(["living"]), "living 0")
        found[TOTAL] = living["living"].to_numpy()
        return replace(_masked(self, found, hidden.notes), hidden=hidden)

    def _titled(self) -> str:
        return f"Flows of {self.register} by {self.layer}"

    def _finding(self) -> str:
        return (
            f"{len(self.organisations)} organisations, {len(self.by_area)} areas, localisation "
            f"{self.localisation:.3f}; {self.method}"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return ("areas()", self.by_area), ("organisations", self.organisations)


@asked
def flows(
    area: Geography,
    register: str | Register,
    *,
    layer: str | AnyLayer,
    home: Home | None = None,
    threshold: float = 0.05,
) -> Flows:
    """Tabulate origins and destinations: who of each area uses which organisation.

    Parameters
    ----------
    area : Geography
    register : str or Register
        ``trust`` or ``gp`` in the bundled geography.
    layer : str or Layer
        Where people live.
    home : {'site', 'list', 'body'}, optional
        How organisations are placed for inflow and outflow; see `Register.homes`.
    threshold : float
        The share of an organisation's people from which an area counts as reached.

    Returns
    -------
    Flows
        Localisation is the localisation index of hospital service area research (Wennberg and
        Gittelsohn 1973, doi 10.1126/science.182.4117.1102): lumps count in its denominator and
        are never the main organisation.

    Raises
    ------
    InputError

    Examples
    --------
    >>> import coterminous as ct
    >>> round(flows(ct.load(), "trust", layer="pbp2021").localisation, 3)
    0.789
    """
    threshold = checked_share("threshold", threshold, "0.05 for 5%")
    counted = area.register(register)
    chosen = area.layer(layer)
    tally = count(counted, chosen)
    matrix = tally.matrix()
    homes = counted.homes(chosen, home)
    inside = matrix[list(chosen.codes)]
    areas = _areas(counted, chosen, matrix, homes)
    main = (areas["patients"] * areas["share_to_main"]).sum()
    total = areas["patients"].sum()
    return Flows(
        register=counted.name,
        layer=chosen.name,
        unit=counted.unit,
        method=counted.method(chosen),
        threshold=threshold,
        localisation=float(main / total) if total else float("nan"),
        table=_table(tally, inside, areas),
        by_area=areas,
        organisations=_organisations(
            counted, inside, homes, based_here(area, counted, [chosen]), threshold
        ),
        ledger=tally.ledger(),
        restricted=counted.restricted,
        dates=dates_of(counted),
        notes=tuple(
            n for n in dict.fromkeys((chosen.note, counted.note, _placed(counted, home))) if n
        ),
        sources=counted.sources,
        matrix=matrix,
        behind=Behind(counted, (chosen,)),
        home=home or counted.default_home,
    )


def _placed(register: Register, home: Home | None) -> str:
    """Say what inflow cannot show where an organisation has several sites."""
    if (home or register.default_home) != "site":
        return ""
    return (
        "Inflow, outflow and net place each organisation at its one site in the register: people "
        "who go to another of its sites are counted there."
    )


def _table(tally: Tally, inside: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    table = tally.table()
    own = table["organisation"].map(inside.sum(axis=1)).astype(float)
    living = table["area"].map(areas["patients"]).astype(float)
    within = table["area"].isin(tally.codes)
    return table.assign(
        share_of_organisation=(table["value"] / own.where(own > 0)).where(within),
        share_of_area=table["value"] / living,
    )


def _areas(
    register: Register, layer: AnyLayer, matrix: pd.DataFrame, homes: pd.Series
) -> pd.DataFrame:
    single = register.organisations["kind"] != LUMP
    inside = matrix[list(layer.codes)]
    patients = inside.sum()
    candidates = inside[single]
    most = candidates.max() if len(candidates) else pd.Series(0, index=inside.columns)
    main = candidates.idxmax().where(most > 0) if len(candidates) else most.where(most > 0)
    found = pd.DataFrame(
        {
            "name": list(layer.names),
            "patients": patients,
            "main_organisation": main.astype("str"),
            "main_name": main.map(register.organisations["name"]).astype("str"),
            "share_to_main": most / patients.where(patients > 0),
        },
        index=layer.codes,
    )
    for lump in register.lumps:
        found[lump.lower()] = inside.loc[lump]
    if homes.notna().any():
        here = pd.DataFrame(
            {c: matrix[homes == c].sum() if (homes == c).any() else 0 for c in layer.codes},
            index=matrix.columns,
        )
        stay = pd.Series(np.diag(here.loc[list(layer.codes)]), index=layer.codes)
        found["inflow"] = here.sum() - stay
        found["outflow"] = patients - stay
        found["net"] = found["inflow"] - found["outflow"]
    counts = ["patients", *(x.lower() for x in register.lumps), "inflow", "outflow", "net"]
    return found.assign(**{c: tidied(found[c]) for c in counts if c in found})


def _organisations(
    register: Register,
    inside: pd.DataFrame,
    homes: pd.Series,
    here: pd.Series,
    threshold: float,
) -> pd.DataFrame:
    single = register.organisations["kind"] != LUMP
    cells = inside[single]
    patients = cells.sum(axis=1)
    share = cells.div(patients.where(patients > 0), axis=0)
    found = pd.DataFrame(
        {
            "name": register.organisations.loc[single, "name"],
            "home": homes[single],
            "based_here": here[single],
            "patients": patients,
            "areas_reached": (share >= threshold).sum(axis=1),
            "effective_areas": effective_number(cells.to_numpy()),
            "main_area": cells.idxmax(axis=1).where(patients > 0).astype("str"),
            "share_in_main": share.max(axis=1),
        }
    )
    return (
        found.assign(_code=found.index)
        .sort_values(["patients", "_code"], ascending=[False, True])
        .drop(columns="_code")
    )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _protected(result: Flows, least: int) -> Flows:
    """Hide single cells, and whatever would give one away."""
    hidden = hidden_cells(result.matrix, least=least)
    count = int(hidden.drop(index=TOTAL, columns=TOTAL).to_numpy().sum())
    note = f"Small numbers: {count} counts are hidden, so that none under {least} can be told."
    return _masked(result, hidden, (note, ALONE))


def _masked(result: Flows, hidden: pd.DataFrame, notes: tuple[str, ...]) -> Flows:
    """Hide what a table with its totals says is hidden, and what follows from it."""
    inner = hidden.drop(index=TOTAL, columns=TOTAL)
    no_total = hidden.loc[TOTAL]
    areas = _shown_areas(result.by_area, inner, no_total.reindex(result.by_area.index))
    ledger = result.ledger.astype(object)
    ledger = ledger.mask(no_total.reindex(ledger.index, fill_value=bool(no_total.any())))
    patients = areas["patients"].astype(float)
    main = (areas["share_to_main"] * patients).sum(skipna=False)
    rows = inner.any(axis=1) | hidden.loc[inner.index, TOTAL]
    organisations = result.organisations.copy()
    unseen = rows.reindex(organisations.index)
    # A home that was found by the largest part of a list says which part that is.
    kept = ["name", "based_here", *([] if result.home == "list" else ["home"])]
    for column in organisations.columns.difference(kept):
        organisations[column] = organisations[column].mask(unseen)
    # An order by size is a figure too: those hidden stand last, by code.
    order = [*organisations.index[~unseen], *sorted(organisations.index[unseen])]
    return replace(
        result,
        table=_shown_table(result.table, inner, rows, no_total),
        by_area=areas,
        organisations=organisations.loc[order],
        ledger=ledger,
        matrix=result.matrix.mask(inner),
        localisation=float(main / patients.sum(skipna=False)),
        restricted=(),
        protected=True,
        behind=None,
        notes=(*result.notes, *notes),
    )


def _shown_table(
    table: pd.DataFrame, inner: pd.DataFrame, rows: pd.Series, no_total: pd.Series
) -> pd.DataFrame:
    """Hide cells, and shares whose whole or part would give a hidden count away."""
    pairs = zip(table["organisation"], table["area"], strict=True)
    cell = pd.Series([bool(inner.at[o, a]) for o, a in pairs], index=table.index, dtype=bool)
    row = table["organisation"].map(rows).astype(bool)
    column = table["area"].map(no_total).astype(bool)
    return table.assign(
        value=table["value"].astype("Int64").mask(cell),
        share_of_organisation=table["share_of_organisation"].mask(row),
        share_of_area=table["share_of_area"].mask(cell | column),
    )


def _shown_areas(areas: pd.DataFrame, inner: pd.DataFrame, no_total: pd.Series) -> pd.DataFrame:
    """Hide what is the sum of some cells of a line: one more equation for whoever subtracts."""
    shown = areas.copy()
    if inner.to_numpy().any():
        shown = shown.drop(columns=["inflow", "outflow", "net"], errors="ignore")
    for lump in inner.index:
        if lump.lower() in shown.columns:
            counts = shown[lump.lower()].astype("Int64")
            shown[lump.lower()] = counts.mask(inner.loc[lump].reindex(areas.index))
    mains = areas["main_organisation"]
    main_hidden = pd.Series(
        [o != o or bool(inner.at[o, a]) for a, o in mains.items()], index=areas.index
    )
    for column in ("main_organisation", "main_name", "share_to_main"):
        shown[column] = shown[column].mask(main_hidden)
    shown["share_to_main"] = shown["share_to_main"].mask(no_total)
    shown["patients"] = shown["patients"].astype("Int64").mask(no_total)
    return shown
