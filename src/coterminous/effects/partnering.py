"""With how many areas must each council, network and trust work, before and after?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.arguments import asked, several
from coterminous.errors import InputError, checked_share, unknown
from coterminous.former import Summary
from coterminous.layer import Layer
from coterminous.measures import effective_number
from coterminous.owned import hands_out_copies
from coterminous.registers.basing import based_here
from coterminous.registers.register import Register
from coterminous.registers.tables import LUMP
from coterminous.results import Result, dates_of
from coterminous.shares import AnyLayer, CutLayer

if TYPE_CHECKING:
    from coterminous.geography import Geography


SIDES = ("before", "after")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Partners(Result):
    """With how many areas each organisation must work; see `partners`.

    Attributes
    ----------
    before, after : str
    threshold : float
    organisations : pandas.DataFrame
        By `kind` and `code` (columns, like the rest): `name`, `based_here` (whether its main site
        stands in the layer of the role `whole`, else in either layer; missing for areas, and
        where no site is known), `people` who live in either
        layer, `areas_before`, `areas_after` (areas with at least `threshold` of its people who
        live in the layer), `effective_before`, `effective_after` (effective number of areas),
        `main_before`, `main_after`. An organisation with nobody in a layer works with 0 of its
        areas, and its effective number is missing.
    names : mapping of str to str
        By code, the name of each area of both layers.
    """

    called = "a table of partners"

    before: str
    after: str
    threshold: float
    organisations: pd.DataFrame
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `organisations`."""
        return self.organisations

    @property
    def summary(self) -> pd.DataFrame:
        """Count organisations by kind, and how many work with more areas than one.

        An organisation based elsewhere is counted apart: what is known of it is where those of
        its people live who come from here.

        Returns
        -------
        pandas.DataFrame
            By kind: `organisations`; how many are `based_here` (all, where no site is known), how
            many of those work with several areas (`several_before`, `several_after`) and their
            mean effective numbers; of the others, how many have people in several areas
            (`elsewhere_several_before`, `elsewhere_several_after`).

        Raises
        ------
        DisclosureError
            If a register in it is restricted.
        """
        self.clear()
        table = self.organisations
        here = table["based_here"].fillna(True).astype(bool)
        kinds = pd.Index(table["kind"].unique(), name="kind")
        made = pd.DataFrame({"organisations": table["kind"].value_counts().reindex(kinds)})
        made["based_here"] = here.groupby(table["kind"]).sum().reindex(kinds)
        for prefix, rows in (("", table[here]), ("elsewhere_", table[~here])):
            for side in SIDES:
                several = (rows[f"areas_{side}"] > 1).groupby(rows["kind"]).sum()
                made[f"{prefix}several_{side}"] = several.reindex(kinds, fill_value=0).astype(int)
        for side in SIDES:
            mean = table[here].groupby("kind")[f"effective_{side}"].mean()
            made[f"mean_effective_{side}"] = mean
        return Summary(made)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, under the names of the command line's contract."""
        table = self.organisations
        return {
            "before": self.before,
            "after": self.after,
            "threshold": self.threshold,
            "notes": list(self.notes),
            "organisations": table.astype(object).where(table.notna(), None).to_dict("records"),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the organisations, as they are written to a file."""
        return self.organisations

    def _titled(self) -> str:
        return f"Partners, {self.before} to {self.after}"

    def _finding(self) -> str:
        counts = self.organisations["kind"].value_counts(sort=False)
        return ", ".join(f"{n} {k}" for k, n in counts.items())

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        table = self.organisations
        more = (table["areas_after"] - table["areas_before"]).fillna(0)
        order = more.abs().sort_values(ascending=False, kind="stable").index
        first = ["name", "kind", "areas_before", "areas_after", "main_after", "main_before"]
        ranked = table.loc[order]
        for column in ("main_before", "main_after"):
            ranked[column] = ranked[column].map(lambda code: self.names.get(code, code))
        return (("organisations", ranked[[*first, *(c for c in ranked if c not in first)]]),)


@asked
def partners(
    area: Geography,
    *,
    before: str | AnyLayer,
    after: str | AnyLayer,
    organisations: Iterable[str | AnyLayer | Register] | None = None,
    threshold: float = 0.05,
    weight: str | None = None,
) -> Partners:
    """Say with how many areas each organisation must work, before and after.

    Parameters
    ----------
    area : Geography
    before, after : str or Layer
    organisations : iterable, optional
        Layers (councils, districts: their residents count) and registers (networks, trusts:
        their people count), by name or as such; ``gp/network`` is the register `gp` by network.
        If not given, what the geography names as `partners`, else all its registers.
    threshold : float
        The share of an organisation's people from which it must work with an area.
    weight : str
        Who is counted in layers.

    Returns
    -------
    Partners

    Raises
    ------
    InputError

    Examples
    --------
    >>> import coterminous as ct
    >>> found = partners(
    ...     ct.load(), before="pbp2021", after="footprint2022", organisations=["utla2021"]
    ... )
    >>> found.organisations.set_index("name")[["areas_before", "areas_after"]].loc["Lancashire"]
    areas_before    5
    areas_after     3
    Name: Lancashire, dtype: int64
    """
    threshold = checked_share("threshold", threshold, "0.05 for 5%")
    layers = (area.layer(before, argument="before"), area.layer(after, argument="after"))
    wanted = list(
        _named(area) if organisations is None else several(organisations, "organisations")
    )
    if not wanted:
        raise InputError("`organisations` is empty; name layers or registers, such as 'gp/network'")
    found = [_resolved(area, each) for each in wanted]
    counted = area.counted(weight)
    tables = [_of_one(area, each, layers, threshold, counted) for each in found]
    registers = [each for each in found if isinstance(each, Register)]
    notes = (layers[0].note, layers[1].note, *(r.note for r in registers))
    return Partners(
        before=layers[0].name,
        after=layers[1].name,
        threshold=threshold,
        organisations=pd.concat(tables, ignore_index=True),
        names={code: each.name_of(code) for each in layers for code in each.codes},
        restricted=tuple(r.name for r in registers if not r.open),
        sources=tuple(dict.fromkeys(s for r in registers for s in r.sources)),
        dates=dates_of(area.weight_info(counted), *registers),
        notes=tuple(n for n in dict.fromkeys(notes) if n),
    )


def _named(area: Geography) -> list[str]:
    named = list(area.settings.get("partners", []))
    kept: list[str] = []
    layers: list[AnyLayer] = []
    for name in named:
        if name in area.layer_names:
            layer = area.layer(name)
            # Where all councils are unitary the districts are the same ones again.
            if any(isinstance(layer, Layer) and layer.same_areas(known) for known in layers):
                continue
            layers.append(layer)
        kept.append(name)
    return kept or list(area.register_names)


def _resolved(area: Geography, each: str | AnyLayer | Register) -> AnyLayer | Register:
    if isinstance(each, (Layer, CutLayer, Register)):
        return each
    if each.partition("/")[0] in area.register_names:
        return area.register(each)
    if each in area.layer_names:
        return area.layer(each)
    raise unknown("organisations", each, [*area.layer_names, *area.register_names])


def _of_one(
    area: Geography,
    each: AnyLayer | Register,
    layers: tuple[AnyLayer, AnyLayer],
    threshold: float,
    weight: str,
) -> pd.DataFrame:
    names: pd.Series
    if isinstance(each, Register):
        kept = each.organisations["kind"] != LUMP
        names = each.organisations.loc[kept, "name"]
        cells = [each.matrix(x).loc[kept, list(x.codes)] for x in layers]
        here = based_here(area, each, layers)[kept]
    else:
        names = pd.Series(list(each.names), index=each.codes)
        here = pd.Series(pd.NA, index=each.codes, dtype="boolean")
        cells = [area.overlap(each, x, weight=weight).inside for x in layers]
    table = pd.DataFrame(
        {
            "kind": each.name,
            "code": names.index,
            "name": names.to_numpy(),
            "based_here": here.to_numpy(),
        },
        index=names.index,
    )
    people = [c.sum(axis=1) for c in cells]
    table["people"] = pd.concat(people, axis=1).max(axis=1)
    sides = list(zip(SIDES, cells, people, strict=True))
    for side, count, total in sides:
        share = count.div(total.where(total > 0), axis=0)
        table[f"areas_{side}"] = (share >= threshold).sum(axis=1)
    for side, count, _ in sides:
        table[f"effective_{side}"] = effective_number(count.to_numpy(dtype=float))
    for side, count, total in sides:
        table[f"main_{side}"] = count.idxmax(axis=1).where(total > 0).astype("str")
    met = table["people"] > 0
    return table[met].reset_index(drop=True)
