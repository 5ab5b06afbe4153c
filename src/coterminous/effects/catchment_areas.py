"""Whom does each organisation serve? Three ways to turn patients into catchment populations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from coterminous.arguments import asked
from coterminous.blocks.shapes import united
from coterminous.errors import checked_share, unknown
from coterminous.layer import Layer
from coterminous.owned import hands_out_copies
from coterminous.registers.counting import count
from coterminous.registers.lumps import largest_within
from coterminous.registers.register import Register
from coterminous.registers.tables import LUMP
from coterminous.results import Result, dates_of, guarded

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

Method = Literal["first_past_the_post", "proportional_flow", "stratified"]
METHODS: tuple[str, ...] = ("first_past_the_post", "proportional_flow", "stratified")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Catchments(Result):
    """The catchments of organisations by three methods; see `catchments`.

    Attributes
    ----------
    register, units, weight : str
    share : float
        From which share of a unit's patients the proportional flow counts the whole unit.
    table : pandas.DataFrame
        By organisation: `name`; residents `first_past_the_post`, by `proportional_flow` and
        `stratified`; the number of units of the first two.
    by_unit : pandas.DataFrame
        `unit`, `organisation`, `value` (patients), `share` (of the unit's patients),
        `residents` (allotted by `stratified`), whether the unit is its by
        `first_past_the_post` and by `proportional_flow`.
    undecided : pandas.DataFrame
        By unit, those that nobody wins by first past the post, for the winner may be inside a
        lump: `lump`, its `share`, and the `residents`.
    ledger : pandas.DataFrame
        By method: residents `allotted`, `undecided` (by first past the post, see above),
        `unserved` (of units without a patient, or without an organisation that takes them),
        `twice` (counted by more than one organisation, within those allotted), and `total`.
    """

    called = "a table of catchments"

    register: str
    units: str
    weight: str
    share: float
    table: pd.DataFrame
    by_unit: pd.DataFrame
    undecided: pd.DataFrame
    ledger: pd.DataFrame
    _area: Geography = field(repr=False)
    _units: Layer = field(repr=False)

    @guarded("a layer of catchments")
    def layer(self, name: str | None = None) -> Layer:
        """Return first past the post as a layer: each block to the organisation of its unit.

        Parameters
        ----------
        name : str
            The name of the new layer.
        """
        won = self.by_unit[self.by_unit["first_past_the_post"]]
        owner = won.set_index("unit")["organisation"]
        lookup = self._units.assignment.map(owner).astype("str")
        return Layer.from_lookup(
            name or f"catchments of {self.register}",
            lookup,
            names=self.table["name"],
            title=f"Catchments of {self.register}, first past the post",
            best_fit=True,
        )

    @guarded("a map of catchments")
    def polygons(self, method: Method = "first_past_the_post") -> gpd.GeoDataFrame:
        """Dissolve the units of each catchment.

        Parameters
        ----------
        method : {'first_past_the_post', 'proportional_flow'}
            Those of the second overlap. ``stratified`` shares every unit out: it has no edge.

        Returns
        -------
        geopandas.GeoDataFrame
            By organisation, of those that have a unit: `name`, `geometry`.
        """
        import geopandas as gpd

        if method not in METHODS[:2]:
            raise unknown("method", method, METHODS[:2])
        shapes = self._area.ground.drawn()
        blocks = self._units.assignment
        won = self.by_unit[self.by_unit[method]].groupby("organisation")["unit"]
        merged = {code: united(shapes[blocks.isin(units)].to_numpy()) for code, units in won}
        index = pd.Index(list(merged), name="code", dtype="str")
        return gpd.GeoDataFrame(
            {"name": self.table["name"].reindex(index)},
            geometry=list(merged.values()),
            index=index,
            crs=shapes.crs,
        )

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "register": self.register,
            "units": self.units,
            "weight": self.weight,
            "share": self.share,
            "notes": list(self.notes),
            "organisations": self.table.reset_index().to_dict("records"),
            "undecided": self.undecided.reset_index().to_dict("records"),
            "ledger": self.ledger.to_dict("index"),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the organisations, as they are written to a file."""
        return self.table.reset_index()

    def _titled(self) -> str:
        return f"Catchments of {self.register} by {self.units}"

    def _finding(self) -> str:
        return f"{len(self.table)} organisations"

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("table", self.table),)


@asked
def catchments(
    area: Geography,
    register: str | Register,
    *,
    units: str | AnyLayer | None = None,
    weight: str | None = None,
    share: float = 0.3,
) -> Catchments:
    """Estimate the population that each organisation serves.

    Parameters
    ----------
    area : Geography
    register : str or Register
    units : str or Layer, optional
        The small areas that are allotted; the register's own zones or blocks if not given.
    weight : str
        The residents of the units.
    share : float
        For the proportional flow.

    Returns
    -------
    Catchments
        First past the post gives each unit whole to the organisation with most of its patients
        (ties to the smaller code), but where a single organisation inside a lump may have at
        least as many (by the register's `largest`; where that says nothing, the whole lump), the
        unit is undecided; the proportional flow gives it to each with at least `share`; the
        stratified proportional allocation shares its residents out as its patients are, in one
        stratum (Public Health England 2020, NHS acute hospital trust catchment populations).
        Lumps win no unit, and have a row by the stratified method only.

    Raises
    ------
    InputError

    Examples
    --------
    >>> import coterminous as ct
    >>> found = catchments(ct.load(), "trust")
    >>> int(found.table.loc["RXR", "first_past_the_post"])
    509331
    """
    share = checked_share("share", share, "0.3 for 30%")
    counted = area.register(register)
    layer = (
        _own_units(counted)
        if units is None
        else area.layer(units, argument="units").of_whole_blocks("a catchment")
    )
    weight = area.counted(weight)
    residents = layer.totals(area.weight(weight))
    by_unit = _by_unit(counted, layer, residents, share)
    undecided = _undecided(counted, layer, by_unit, residents)
    by_unit["first_past_the_post"] &= ~by_unit["unit"].isin(undecided.index)
    table = _totals(counted, by_unit, residents)
    notes = [counted.note, f"{counted.method(layer)}; one stratum: neither age nor sex"]
    return Catchments(
        register=counted.name,
        units=layer.name,
        weight=weight,
        share=share,
        table=table,
        by_unit=by_unit,
        undecided=undecided,
        ledger=_ledger(by_unit, undecided, residents),
        restricted=counted.restricted,
        sources=counted.sources,
        dates=dates_of(area.weight_info(weight), counted),
        notes=tuple(n for n in notes if n),
        _area=area,
        _units=layer,
    )


def _own_units(register: Register) -> Layer:
    return Layer.from_lookup(f"{register.resolution}s", register.places)


def _by_unit(register: Register, layer: Layer, residents: pd.Series, share: float) -> pd.DataFrame:
    tally = count(register, layer)
    tidy = tally.table().rename(columns={"area": "unit"})
    tidy = tidy.loc[tidy["unit"].isin(layer.codes), ["unit", "organisation", "value"]]
    tidy = tidy.sort_values(["unit", "organisation"], ignore_index=True)
    total = pd.Series(tally.by_area, index=tally.columns)
    tidy["share"] = tidy["value"] / tidy["unit"].map(total).astype(float)
    tidy["residents"] = tidy["share"] * tidy["unit"].map(residents).astype(float)
    single = tidy["organisation"].map(register.organisations["kind"]) != LUMP
    # Sorted by code within the unit, so that of equals the smaller code comes first.
    first = tidy[single].groupby("unit")["value"].idxmax()
    tidy["first_past_the_post"] = tidy.index.isin(first)
    tidy["proportional_flow"] = (tidy["share"] >= share) & single
    return tidy


def _undecided(
    register: Register, layer: Layer, by_unit: pd.DataFrame, residents: pd.Series
) -> pd.DataFrame:
    """List the units where one organisation inside a lump may have as many patients as any named.

    The organisation with most of them may be inside the lump, so that the best of those named
    is only the runner-up.
    """
    lump = by_unit["organisation"].isin(register.lumps)
    best = by_unit[~lump].groupby("unit")["value"].max()
    inside = largest_within(register, layer)
    # To six places: the dust of sharing out does not make a tie a lead.
    ahead = inside["most"].round(6) >= best.reindex(inside.index, fill_value=0).round(6)
    found = inside.loc[ahead, "lump"].rename_axis("unit")
    shares = by_unit.set_index(["unit", "organisation"])["share"]
    return pd.DataFrame(
        {
            "lump": found,
            "share": shares.reindex(pd.MultiIndex.from_arrays([found.index, found])).to_numpy(),
            "residents": residents.reindex(found.index),
        },
        index=found.index,
    )


def _totals(register: Register, by_unit: pd.DataFrame, residents: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"name": register.organisations["name"]})
    whole = by_unit["unit"].map(residents).astype(residents.dtype)
    organisation = by_unit["organisation"]
    for method in METHODS[:2]:
        won = whole.where(by_unit[method], 0)
        table[method] = won.groupby(organisation).sum().reindex(table.index, fill_value=0)
    table["stratified"] = by_unit["residents"].groupby(organisation).sum()
    for method in METHODS[:2]:
        table[f"units_{method}"] = by_unit[method].groupby(organisation).sum()
    return table.fillna({c: 0 for c in table.columns if c != "name"})


def _ledger(by_unit: pd.DataFrame, undecided: pd.DataFrame, residents: pd.Series) -> pd.DataFrame:
    total = residents.sum()
    rows = {}
    for method in METHODS:
        chosen = by_unit if method == "stratified" else by_unit[by_unit[method]]
        allotted = residents[residents.index.isin(chosen["unit"])].sum()
        counts = chosen["unit"].value_counts()
        again = counts[counts > 1].index if method == "proportional_flow" else []
        unsure = undecided["residents"].sum() if method == METHODS[0] else 0
        rows[method] = {
            "allotted": allotted,
            "undecided": unsure,
            "unserved": total - allotted - unsure,
            "twice": residents[residents.index.isin(again)].sum(),
            "total": total,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
