"""Which of several drawings is better, and at what? One row a drawing, on every score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.arguments import asked, several
from coterminous.errors import InputError
from coterminous.folders.credits import statements
from coterminous.owned import hands_out_copies
from coterminous.picturing import picture_of
from coterminous.registers.published import (
    restricted_of,
)
from coterminous.results import Result
from coterminous.scenarios import checks as named_checks
from coterminous.scenarios.scenario import Outcome, Scenario
from coterminous.scenarios.scores import Score, scored
from coterminous.shares import AnyLayer, CutLayer
from coterminous.words import listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coterminous.geography import Geography

#: Which role finds the register of an argument, and which figures are made from it.
_NEEDS = {
    "trusts": ("hospital", "`localisation`"),
    "practices": ("patients", "`registered`, `outside_patients` and `outside_share`"),
}


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

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("table", self.table),)


@dataclass(frozen=True, eq=False)
class _Drawing:
    name: str
    layer: AnyLayer
    homes: Mapping[str, str] = field(default_factory=dict)
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)


@asked
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
    unasked = {"trusts": trusts is None, "practices": practices is None}
    trusts, practices = area.meant(trusts, "hospital"), area.meant(practices, "patients")
    used = {"trusts": trusts, "practices": practices}
    left_out = [a for a, register in used.items() if unasked[a] and register is None]
    drawn = [_drawing(area, d) for d in several(drawings, "drawings")]
    if not drawn:
        raise InputError("`drawings` is empty; name at least one layer or scenario")
    names = [d.name for d in drawn]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise InputError(f"`drawings` has {twice[0]!r} twice; give each its own name")
    start = drawn[0].layer if base is None else area.layer(base, argument="base")
    if against is None:
        against = area.role("councils")
    targets = [area.layer(a, argument="against") for a in several(against, "against")]
    scores = [_score_of(area, d, start, targets, trusts, practices) for d in drawn]
    rows = [
        {**score.row, "checks_failed": int((~d.checks["ok"]).sum())}
        for d, score in zip(drawn, scores, strict=True)
    ]
    table = pd.DataFrame(rows, index=pd.Index(names, name="drawing"))
    counts = [c for c in table.columns if c.startswith("registered")]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    return Comparison(
        base=start.name,
        against=tuple(t.name for t in targets),
        table=table,
        checks=_all_checks(drawn),
        notes=(*_notes(drawn, scores, start), *_without_registers(area, left_out)),
        sources=statements(
            area,
            [start, *targets, *(d.layer for d in drawn)],
            weights=[area.residents, *area.role_names("deprivation")[:1]],
            registers=[r for r in (trusts, practices) if r is not None],
        ),
        restricted=restricted_of(area, [r for r in (trusts, practices) if r is not None]),
    )


def _without_registers(area: Geography, left_out: Sequence[str]) -> list[str]:
    """Say which figures are missing for want of a role, where a register could be named."""
    names = area.register_names
    return [
        f"Missing: {_NEEDS[argument][1]}, for no register has the role `{_NEEDS[argument][0]}`; "
        f"name one with `{argument}`, or give it the role, out of: {listed(names)}."
        for argument in left_out
        if names
    ]


def _drawing(area: Geography, given: str | AnyLayer | Scenario | Outcome | Path) -> _Drawing:
    if isinstance(given, Path):
        given = Scenario.read(given)
    if isinstance(given, Scenario):
        given = given.run(area)
    if isinstance(given, Outcome):
        return _Drawing(given.layer.name, given.layer, given.homes, given.checks)
    layer = area.layer(given, argument="drawings")
    drawn = named_checks.Drawn(area, layer, layer, {})
    checked = area.once_for(layer, ("checks",), lambda: named_checks.run(drawn, {}))
    return _Drawing(layer.name, layer, {}, checked)


def _score_of(
    area: Geography,
    drawing: _Drawing,
    base: AnyLayer,
    targets: Sequence[AnyLayer],
    trusts: str | None,
    practices: str | None,
) -> Score:
    """Score a drawing; the base is scored once, for it is compared with one drawing after another.

    Its score depends on the layers and registers that stand under these names just now.
    """
    layer = drawing.layer
    if layer is not base or drawing.homes:
        return scored(area, layer, base, targets, trusts, practices, drawing.homes)
    others = tuple(t for t in targets if t is not layer)
    names = tuple(t.name for t in targets)
    held = tuple(area.register(r) for r in (trusts, practices) if r is not None)
    key = ("score", names, others, (trusts, practices), held)
    return area.once_for(
        layer, key, lambda: scored(area, layer, base, targets, trusts, practices, {})
    )


def _all_checks(drawn: Sequence[_Drawing]) -> pd.DataFrame:
    columns = ["name", "ok", "detail"]
    found = pd.concat([drawing.checks[columns] for drawing in drawn], ignore_index=True)
    found.insert(0, "drawing", [d.name for d in drawn for _ in range(len(d.checks))])
    return found


def _notes(drawn: Sequence[_Drawing], scores: Sequence[Score], base: AnyLayer) -> tuple[str, ...]:
    said = [f"People moved and parted are counted from {base.title}."]
    for drawing, score in zip(drawn, scores, strict=True):
        if drawing.layer.note:
            said.append(f"{drawing.name}: {drawing.layer.note}")
        if isinstance(drawing.layer, CutLayer):
            said.append(
                f"{drawing.name} cuts blocks; their people are shared out by the part of each "
                "block that lies in an area."
            )
        if score.covers:
            said.append(f"{drawing.name} covers {score.covers}")
        said += [f"{drawing.name} cuts {cut}" for cut in score.cuts]
    return tuple(dict.fromkeys(said))
