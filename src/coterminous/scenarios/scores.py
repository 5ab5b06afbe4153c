"""How does one drawing score? Who moves, who shares a boundary, and where people go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.measures import misaligned, people_moved, v_measure
from coterminous.overlap import Overlap
from coterminous.registers.counting import Tally, count, rehomed
from coterminous.registers.listsizes import registered_in
from coterminous.registers.published import moved_in

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer


@dataclass(frozen=True, eq=False)
class Score:
    """The scores of a drawing, by column of the comparison, and what must be said of them.

    `covers` says whom it covers, where these are others than the base's; `cuts` of which
    registers it cuts places.
    """

    row: Mapping[str, Any]
    covers: str
    cuts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Counted:
    """A register counted by a drawing, once for all that is asked of it."""

    register: Register
    tally: Tally

    @classmethod
    def of(cls, area: Geography, name: str | None, layer: AnyLayer) -> _Counted | None:
        if name is None:
            return None
        register = area.register(name)
        return cls(register, count(register, layer))

    @property
    def cut(self) -> str:
        if not self.tally.cut:
            return ""
        return (
            f"{self.register.resolution}s of register {self.register.name!r}; their patients are "
            "shared out by population."
        )


def scored(
    area: Geography,
    layer: AnyLayer,
    base: AnyLayer,
    targets: Sequence[AnyLayer],
    trusts: str | None,
    practices: str | None,
    homes: Mapping[str, str],
) -> Score:
    """Score a drawing.

    Parameters
    ----------
    area : Geography
    layer, base : Layer
        The drawing, and the layer from which people move and are parted.
    targets : sequence of Layer
        With which it should be coterminous.
    trusts, practices : str or None
        The registers.
    homes : mapping of practice to area code
        Practices that were moved with their lists.
    """
    weight = area.weight(area.residents)
    before = Overlap.from_layers(base, layer, weight)
    moved = before.inside
    people = layer.totals(weight)
    treated = _Counted.of(area, trusts, layer)
    listed = _Counted.of(area, practices, layer)
    home = None
    if listed is not None:
        given = moved_in(area, practices, homes)
        home = rehomed(listed.register.homes(layer), given, layer)
    outside, share = outside_patients(listed, home)
    row = {
        "title": layer.title,
        "areas": len(layer),
        "people": people.sum(),
        "smallest": people.min(),
        "largest": people.max(),
        **_registered(area, layer, practices, home),
        "people_moved": counted(people_moved(moved)),
        "parted": counted(misaligned(moved)),
        **{
            f"v_measure_{t.name}": v_measure(Overlap.from_layers(layer, t, weight).inside)
            for t in targets
        },
        "outside_patients": outside,
        "outside_share": share,
        "localisation": localisation(treated),
        "deprivation_spread": deprivation_spread(area, layer, people),
    }
    cuts = [c.cut for c in (treated, listed) if c is not None and c.cut]
    return Score(row, _covers(before, people, base), tuple(cuts))


def counted(people: float) -> float:
    """Return a count as a whole number if it is one, else as it is: never cut off.

    Examples
    --------
    >>> counted(3.0), counted(2999.5)
    (3, 2999.5)
    """
    return int(people) if float(people).is_integer() else float(people)


def _covers(before: Overlap, people: pd.Series, base: AnyLayer) -> str:
    """Say whom a drawing covers, where these are not just the people of the base."""
    ledger, own = before.ledger, people.sum()
    both, everyone = ledger["both"], ledger["both"] + ledger["source_only"]
    if np.isclose([both, own], everyone, rtol=1e-12, atol=1e-6).all():
        return ""
    return (
        f"{both:,.0f} of the {everyone:,.0f} people of {base.name}, and {own - both:,.0f} others; "
        "its figures are of its own people."
    )


def _registered(
    area: Geography, layer: AnyLayer, practices: str | None, home: pd.Series | None
) -> dict[str, Any]:
    """Size the areas by the lists of their practices, beside their residents."""
    found = registered_in(area, layer, register=practices, homes=home)
    names = ("registered", "registered_smallest", "registered_largest")
    if found is None:
        return dict.fromkeys(names)
    lists = found.reindex(layer.codes)
    if lists.isna().any():
        return dict.fromkeys(names)
    return dict(zip(names, (lists.sum(), lists.min(), lists.max()), strict=True))


def outside_patients(counted: _Counted | None, home: pd.Series | None) -> tuple[float, float]:
    """Count patients who live outside their practice's area, and give their share.

    Of those who live in the layer and whose practice has its home in it; not numbers without a
    register.
    """
    if counted is None or home is None:
        return float("nan"), float("nan")
    tally = counted.tally
    total = tally.living[home.notna().to_numpy()].sum()
    outside = total - tally.at(home).sum()
    return int(np.rint(outside)), float(outside / total) if total else float("nan")


def localisation(counted: _Counted | None) -> float:
    """Give the share of residents' activity at the organisation that serves most of their area.

    The localisation index of hospital-service-area research, weighted by activity. Lumps count
    in the denominator and are never the main organisation.
    """
    if counted is None:
        return float("nan")
    tally = counted.tally
    everybody = tally.living.sum()
    named = tally.inside[counted.register.single.to_numpy()]
    most = named.max(axis=0).sum() if named.shape[0] else 0
    return float(most / everybody) if everybody else float("nan")


def deprivation_spread(area: Geography, layer: AnyLayer, people: pd.Series) -> float:
    """Give the gap between areas in the share of people in the most deprived fifth of England."""
    most = area.role_names("deprivation")[:1]
    if not most:
        return float("nan")
    share = layer.totals(area.weight(most[0])) / people.where(people > 0)
    return float(share.max() - share.min())
