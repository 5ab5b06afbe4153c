"""Which of several drawings is better, and at what? One row a drawing, on every score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.arguments import several
from coterminous.errors import InputError
from coterminous.folders.credits import statements
from coterminous.measures import misaligned, people_moved
from coterminous.owned import hands_out_copies
from coterminous.picturing import picture_of
from coterminous.registers.counting import count, cut_places, rehomed
from coterminous.registers.listsizes import registered_in
from coterminous.registers.published import (
    moved_in,
    restricted_of,
)
from coterminous.results import Result, shown
from coterminous.scenarios import checks as named_checks
from coterminous.scenarios.scenario import Outcome, Scenario
from coterminous.shares import AnyLayer, CutLayer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coterminous.geography import Geography


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Several drawings, scored side by side.

    Attributes
    ----------
    base : str
        The layer from which people move and are parted.
    against : tuple of str
        The layers with which drawings should be coterminous.
    table : pandas.DataFrame
        By drawing: `title`, `areas`, `people`, `smallest`, `largest` (by residents),
        `registered`, `registered_smallest`, `registered_largest` (by the lists of the practices
        in an area; missing without a published register), `people_moved`, `parted`,
        `v_measure_LAYER` for each layer of `against`, `outside_patients`, `outside_share`,
        `localisation`, `deprivation_spread` and `checks_failed`.
    checks : pandas.DataFrame
        By drawing and check: `ok` and `detail`.
    sources : tuple of str
        The statements that a picture of it must carry.
    """

    called = "a comparison"

    base: str
    against: tuple[str, ...]
    table: pd.DataFrame
    checks: pd.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as plain values.

        Raises
        ------
        DisclosureError
            If it counts patients of a register that is not published.
        """
        rows = []
        for name, row in self.table.iterrows():
            passed = self.checks[self.checks["drawing"] == name]
            plain = {k: v for k, v in row.items() if not str(k).startswith("v_measure_")}
            rows.append(
                {"name": name, **plain}
                | {"v_measure": {layer: row[f"v_measure_{layer}"] for layer in self.against}}
                | {
                    "checks": {
                        n: "pass" if ok else "fail"
                        for n, ok in zip(passed["name"], passed["ok"], strict=True)
                    }
                }
            )
        return {
            "base": self.base,
            "against": list(self.against),
            "drawings": rows,
            "notes": list(self.notes),
        }

    def plot(self) -> Figure:
        """Draw the comparison as small bars, a column a score."""
        figure: Figure = picture_of(self)
        return figure

    def as_frame(self) -> pd.DataFrame:
        """Return the drawings side by side, as they are written to a file."""
        return self.table.reset_index()

    def _titled(self) -> str:
        return f"Comparison of {len(self.table)} drawings, from {self.base}"

    def _tables(self) -> Iterable[str]:
        return (shown(self.table, rows=None),)


@dataclass(frozen=True, eq=False)
class _Drawing:
    name: str
    layer: AnyLayer
    homes: Mapping[str, str] = field(default_factory=dict)
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)


def compare(
    area: Geography,
    drawings: Iterable[str | AnyLayer | Scenario | Outcome | Path],
    *,
    against: Sequence[str | AnyLayer] | None = None,
    base: str | AnyLayer | None = None,
    trusts: str | None = None,
    practices: str | None = None,
) -> Comparison:
    """Compare drawings, one row each.

    Parameters
    ----------
    area : Geography
    drawings : iterable of str, Layer, Scenario, Outcome or path
        Layers by name or value, scenarios (carried out or not), or scenario files.
    against : sequence of str or Layer, optional
        The layers with which to be coterminous; the councils if not given and known.
    base : str or Layer, optional
        From which people move and are parted; the first drawing if not given.
    trusts, practices : str
        The registers; those with the roles `hospital` and `patients` if not given, none where
        the text is empty. What needs one that is not there is missing.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If there is no drawing, one is unknown, or two have the same name.

    Examples
    --------
    >>> import coterminous as ct
    >>> both = ct.compare(ct.load(), ["pbp2021", "footprint2022"])
    >>> both.table["areas"].to_dict()
    {'pbp2021': 5, 'footprint2022': 6}
    """
    trusts, practices = area.meant(trusts, "hospital"), area.meant(practices, "patients")
    drawn = [_drawing(area, d) for d in several(drawings, "drawings")]
    if not drawn:
        raise InputError("`drawings` is empty; name at least one layer or scenario")
    names = [d.name for d in drawn]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise InputError(f"`drawings` has {twice[0]!r} twice; give each its own name")
    start = drawn[0].layer if base is None else area.layer(base)
    if against is None:
        against = area.role("councils")
    targets = [area.layer(a) for a in several(against, "against")]
    rows = [_row_of(area, d, start, targets, trusts, practices) for d in drawn]
    table = pd.DataFrame(rows, index=pd.Index(names, name="drawing"))
    counts = [c for c in table.columns if c.startswith("registered")]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    return Comparison(
        base=start.name,
        against=tuple(t.name for t in targets),
        table=table,
        checks=_all_checks(drawn),
        notes=_notes(area, drawn, start, trusts, practices),
        sources=statements(
            area,
            [start, *targets, *(d.layer for d in drawn)],
            weights=[area.residents, *area.role_names("deprivation")[:1]],
            registers=[r for r in (trusts, practices) if r is not None],
        ),
        restricted=restricted_of(area, [r for r in (trusts, practices) if r is not None]),
    )


def _drawing(area: Geography, given: str | AnyLayer | Scenario | Outcome | Path) -> _Drawing:
    if isinstance(given, Path):
        given = Scenario.read(given)
    if isinstance(given, Scenario):
        given = given.run(area)
    if isinstance(given, Outcome):
        return _Drawing(given.layer.name, given.layer, given.homes, given.checks)
    layer = area.layer(given)
    drawn = named_checks.Drawn(area, layer, layer, {})
    checked = area.once_for(layer, ("checks",), lambda: named_checks.run(drawn, {}))
    return _Drawing(layer.name, layer, {}, checked)


def _row_of(
    area: Geography,
    drawing: _Drawing,
    base: AnyLayer,
    targets: Sequence[AnyLayer],
    trusts: str | None,
    practices: str | None,
) -> dict[str, Any]:
    """Score a drawing; the base is scored once, for it is compared with one drawing after another.

    Its score depends on the layers and registers that stand under these names just now.
    """
    layer = drawing.layer
    if layer is not base or drawing.homes:
        return _row(area, drawing, base, targets, trusts, practices)
    others = tuple(t for t in targets if t is not layer)
    names = tuple(t.name for t in targets)
    held = tuple(area.register(r) for r in (trusts, practices) if r is not None)
    key = ("row", names, others, (trusts, practices), held, len(drawing.checks))
    row = area.once_for(layer, key, lambda: _row(area, drawing, base, targets, trusts, practices))
    return {**row, "checks_failed": int((~drawing.checks["ok"]).sum())}


def _row(
    area: Geography,
    drawing: _Drawing,
    base: AnyLayer,
    targets: Sequence[AnyLayer],
    trusts: str | None,
    practices: str | None,
) -> dict[str, Any]:
    layer = drawing.layer
    weight = area.residents
    before = area.overlap(base, layer, weight=weight).inside
    people = people_by_area(area, layer, weight)
    homes = moved_in(area, practices, drawing.homes)
    outside, share = outside_patients(area, layer, practices, homes)
    return {
        "title": layer.title,
        "areas": len(layer),
        "people": people.sum(),
        "smallest": people.min(),
        "largest": people.max(),
        **_registered(area, layer, practices, homes),
        "people_moved": int(people_moved(before)),
        "parted": int(misaligned(before)),
        **{f"v_measure_{t.name}": _v_measure(area, layer, t, weight) for t in targets},
        "outside_patients": outside,
        "outside_share": share,
        "localisation": localisation(area, layer, trusts),
        "deprivation_spread": deprivation_spread(area, layer, people),
        "checks_failed": int((~drawing.checks["ok"]).sum()),
    }


def _registered(
    area: Geography, layer: AnyLayer, practices: str | None, homes: Mapping[str, str]
) -> dict[str, Any]:
    """Size the areas by the lists of their practices, beside their residents."""
    found = registered_in(area, layer, register=practices, moved=homes)
    names = ("registered", "registered_smallest", "registered_largest")
    if found is None:
        return dict.fromkeys(names)
    lists = found.reindex(layer.codes)
    if lists.isna().any():
        return dict.fromkeys(names)
    return dict(zip(names, (lists.sum(), lists.min(), lists.max()), strict=True))


def _v_measure(area: Geography, layer: AnyLayer, target: AnyLayer, weight: str) -> float:
    from coterminous.measures import v_measure

    return v_measure(area.overlap(layer, target, weight=weight).inside)


def people_by_area(area: Geography, layer: AnyLayer, weight: str) -> pd.Series:
    """Sum a weight over the areas of a layer."""
    return layer.totals(area.weight(weight))


def outside_patients(
    area: Geography, layer: AnyLayer, register: str | None, homes: Mapping[str, str] | None = None
) -> tuple[float, float]:
    """Count patients who live outside their practice's area.

    Of those who live in the layer and whose practice has its home in it.

    Parameters
    ----------
    area : Geography
    layer : Layer
    register : str
    homes : mapping of practice to area code, optional
        Practices that were moved with their lists.

    Returns
    -------
    tuple of float
        The number and the share; not numbers where the geography lacks the register.
    """
    if register is None:
        return float("nan"), float("nan")
    found = area.register(register)
    tally = count(found, layer)
    home = rehomed(found.homes(layer), homes, layer)
    total = tally.living[home.notna().to_numpy()].sum()
    outside = total - tally.at(home).sum()
    return int(np.rint(outside)), float(outside / total) if total else float("nan")


def localisation(area: Geography, layer: AnyLayer, register: str | None) -> float:
    """Give the share of residents' activity at the organisation that serves most of their area.

    The localisation index of hospital-service-area research, weighted by activity. Lumps count
    in the denominator and are never the main organisation.
    """
    if register is None:
        return float("nan")
    found = area.register(register)
    tally = count(found, layer)
    everybody = tally.living.sum()
    named = tally.inside[found.single.to_numpy()]
    most = named.max(axis=0).sum() if named.shape[0] else 0
    return float(most / everybody) if everybody else float("nan")


def deprivation_spread(area: Geography, layer: AnyLayer, people: pd.Series) -> float:
    """Give the gap between areas in the share of people in the most deprived fifth of England."""
    most = area.role_names("deprivation")[:1]
    if not most:
        return float("nan")
    share = people_by_area(area, layer, most[0]) / people.where(people > 0)
    return float(share.max() - share.min())


def _all_checks(drawn: Sequence[_Drawing]) -> pd.DataFrame:
    columns = ["drawing", "name", "ok", "detail"]
    rows = [drawing.checks.assign(drawing=drawing.name)[columns] for drawing in drawn]
    return pd.concat(rows, ignore_index=True)


def _cuts(area: Geography, register: str, layer: AnyLayer, *, known: bool) -> bool:
    """Say whether a layer cuts the places of a register; of the base it is found once."""
    held = area.register(register)
    if not known:
        return cut_places(held, layer) > 0
    return area.once_for(layer, ("cuts", held), lambda: cut_places(held, layer) > 0)


def _notes(
    area: Geography,
    drawn: Sequence[_Drawing],
    base: AnyLayer,
    trusts: str | None,
    practices: str | None,
) -> tuple[str, ...]:
    weight = area.residents
    said = [f"People moved and parted are counted from {base.title}."]
    everyone = people_by_area(area, base, weight).sum()
    for drawing in drawn:
        if drawing.layer.note:
            said.append(f"{drawing.name}: {drawing.layer.note}")
        if isinstance(drawing.layer, CutLayer):
            said.append(
                f"{drawing.name} cuts blocks; their people are shared out by the part of each "
                "block that lies in an area."
            )
        own = people_by_area(area, drawing.layer, weight).sum()
        same = drawing.layer is base
        both = own if same else area.overlap(base, drawing.layer, weight=weight).ledger["both"]
        if not np.isclose([both, own], everyone, rtol=1e-12, atol=1e-6).all():
            said.append(
                f"{drawing.name} covers {both:,.0f} of the {everyone:,.0f} people of {base.name}, "
                f"and {own - both:,.0f} others; its figures are of its own people."
            )
        for name in (trusts, practices):
            if name is not None and _cuts(area, name, drawing.layer, known=same):
                said.append(
                    f"{drawing.name} cuts {area.register(name).resolution}s of register "
                    f"{name!r}; their patients are shared out by population."
                )
    return tuple(dict.fromkeys(said))
