"""Which organisations are on the wrong side of a line, before and after, with how many people?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.arguments import asked
from coterminous.cuts import crossed
from coterminous.disclosure.suppression import ALONE, hidden_rows
from coterminous.disclosure.together import Behind, Hidden
from coterminous.errors import DisclosureError, InputError, checked_share, first_five
from coterminous.layer import OUTSIDE, Layer
from coterminous.owned import hands_out_copies
from coterminous.registers.counting import Parts, count
from coterminous.registers.register import Register
from coterminous.registers.tables import ELSEWHERE, UNKNOWN, tidied
from coterminous.registers.whereabouts import Home
from coterminous.results import Result, dates_of

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

STATUSES = ("newly_crossing", "resolved", "persisting", "never_crossing")
#: The thresholds at which crossing organisations are counted beside the one asked for.
THRESHOLDS = (0.01, 0.05, 0.10, 0.20)
SIDES = ("before", "after")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Impact(Result):
    """Each organisation's people outside its home area, before and after; see `impact`.

    Attributes
    ----------
    register, before, after : str
    threshold : float
    home : str
        How homes were found: ``site``, ``list`` or ``body``.
    unit, method : str
    organisations : pandas.DataFrame
        By code, most `patients` first: `name`, `home_before`, `home_after`, `patients` who live
        in either layer, `outside_before`, `outside_after` (living in the layer, but outside the
        home area), `share_before`, `share_after` (of those living in the layer), `status`;
        `registered` (everybody), `patients_before`, `patients_after` (living in the layer),
        `beyond_before`, `beyond_after` (in the blocks, outside the layer), `elsewhere`,
        `unknown`; for networks, `member_areas_before` and `_after`, the areas that hold sites of
        members. What needs a home is missing where there is none.
    crossing : pandas.DataFrame
        By threshold: organisations crossing `before` and `after`.
    ledger : pandas.DataFrame
        Everybody, by column ``before`` and ``after``: `at_home`, `outside_home`, `no_home` (in
        the layer, at an organisation without a home in it), `beyond`, `elsewhere`, `unknown`,
        `total`.
    summary : mapping
        As in the JSON contract.
    astride : tuple of str
        Which networks have members in more than one area.
    behind : Behind or None
        What was counted, for `protect`.
    """

    called = "an impact"

    register: str
    before: str
    after: str
    threshold: float
    home: str
    unit: str
    method: str
    organisations: pd.DataFrame
    crossing: pd.DataFrame
    ledger: pd.DataFrame
    summary: Mapping[str, Any]
    astride: tuple[str, ...]
    behind: Behind | None = None

    def changes(self) -> pd.DataFrame:
        """List the organisations whose status changes, most patients first."""
        changed = self.organisations["status"].isin(["newly_crossing", "resolved"])
        return self.organisations[changed]

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `organisations`."""
        return self.organisations

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, under the names of the command line's contract.

        Raises
        ------
        DisclosureError
            If the register is restricted.
        """
        plain = self.organisations.astype(object).where(self.organisations.notna(), None)
        return {
            "register": self.register,
            "before": self.before,
            "after": self.after,
            "threshold": self.threshold,
            "home": self.home,
            "unit": self.unit,
            "method": self.method,
            "notes": [*self.notes, *self.astride],
            "summary": dict(self.summary),
            "crossing": self.crossing.reset_index().to_dict("records"),
            "organisations": plain.reset_index().to_dict("records"),
            "ledger": self.ledger.to_dict(),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the organisations, as they are written to a file."""
        return self.organisations.reset_index()

    def hidden_under(self, least: int) -> Impact:
        """Return the impact with small counts hidden: an organisation is shown whole or not.

        Parameters
        ----------
        least : int
            Counts under this are hidden; at least 5.
        """
        return _protected(self, least)

    def hidden_by(self, hidden: Hidden) -> Impact:
        """Return the impact with what a rule hides hidden; see `coterminous.protect`.

        Parameters
        ----------
        hidden : Hidden
        """
        return _masked(self, hidden.rows(self.organisations.index), hidden.notes, hidden)

    def _titled(self) -> str:
        return f"Impact on {self.register}, {self.before} to {self.after}"

    def _finding(self) -> str:
        counts = self.summary["organisations"]
        said = ", ".join(f"{counts[s]} {s.replace('_', ' ')}" for s in STATUSES)
        return f"{said} at {self.threshold:.0%}"

    def _said(self) -> tuple[str, ...]:
        return (*self.notes, *self.astride)

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        table = self.organisations
        place = table["status"].map({s: k for k, s in enumerate(STATUSES)}).fillna(len(STATUSES))
        order = pd.DataFrame({"place": place, "outside": -table["outside_after"].fillna(0)})
        ranked = table.loc[order.sort_values(["place", "outside"], kind="stable").index]
        first = ["name", "status", "patients", "outside_before", "outside_after", "share_after"]
        ranked = ranked[[*first, *(c for c in ranked if c not in first)]]
        return ("organisations", ranked), ("ledger", self.ledger)


@asked
def impact(
    area: Geography,
    register: str | Register,
    *,
    before: str | AnyLayer,
    after: str | AnyLayer,
    home: Home | None = None,
    threshold: float = 0.05,
) -> Impact:
    """Say which organisations cross a boundary before and after, and with how many people.

    An organisation crosses if more than `threshold` of its people who live in the layer live
    outside its home area.

    Parameters
    ----------
    area : Geography
    register : str or Register
        ``gp`` or ``trust`` in the bundled geography; ``area.register("gp").by("network")`` for
        networks.
    before, after : str or Layer
    home : {'site', 'list', 'body'}, optional
        How each organisation's home area is found; see `Register.homes`. Networks have no site,
        so theirs is the area where most of their people live.
    threshold : float
        A share, at least 0 and under 1.

    Returns
    -------
    Impact

    Raises
    ------
    InputError
        If a name is unknown, or `threshold` is no share.

    Examples
    --------
    >>> import coterminous as ct
    >>> found = impact(ct.load(), "gp", before="pbp2021", after="footprint2022")
    >>> found.summary["before"]["patients"], found.summary["before"]["outside"]
    (1811829, 10363)
    """
    threshold = checked_share("threshold", threshold, "0.05 for 5%", none=True, all_of_it=False)
    counted = area.register(register)
    layers = {
        "before": area.layer(before, argument="before"),
        "after": area.layer(after, argument="after"),
    }
    how = home or counted.default_home
    sides = {side: _side(counted, layer, how) for side, layer in layers.items()}
    table = _organisations(counted, layers, sides, threshold)
    shares = {s: table[f"share_{s}"] for s in SIDES}
    levels = sorted({*THRESHOLDS, threshold})
    crossing = pd.DataFrame(
        {s: [int((shares[s] > level).sum()) for level in levels] for s in SIDES},
        index=pd.Index(levels, name="threshold"),
    )
    ledger = pd.DataFrame({s: _ledger(sides[s]) for s in SIDES})
    notes = (
        *(x.note for x in layers.values()),
        counted.note,
        *(
            _bodies_of_nowhere(counted, layer, sides[s])
            for s, layer in layers.items()
            if how == "body"
        ),
    )
    return Impact(
        register=counted.name,
        before=layers["before"].name,
        after=layers["after"].name,
        threshold=threshold,
        home=how,
        unit=counted.unit,
        method="; ".join(dict.fromkeys(counted.method(x) for x in layers.values())),
        restricted=counted.restricted,
        dates=dates_of(counted),
        organisations=table,
        crossing=crossing,
        ledger=ledger,
        summary=_summary(table, ledger),
        notes=tuple(dict.fromkeys(n for n in notes if n)),
        astride=tuple(_astride_notes(table, layers)),
        sources=counted.sources,
        behind=Behind(
            counted, (layers["before"], layers["after"]), tuple(sides[s]["home"] for s in SIDES)
        ),
    )


def _side(register: Register, layer: AnyLayer, home: Home) -> pd.DataFrame:
    """Split each organisation's people by one layer: at home, outside it, and beyond the layer."""
    tally = count(register, layer)
    homes = register.homes(layer, home)
    at_home = tally.at(homes)
    has_home = homes.notna().to_numpy()
    living = tally.living
    beyond = tally.cells[:, len(layer) :].toarray().T
    return pd.DataFrame(
        {
            "home": homes,
            "living": living,
            "at_home": at_home,
            "outside_home": np.where(has_home, living - at_home, 0),
            "no_home": np.where(has_home, 0, living),
            **dict(zip(("beyond", ELSEWHERE, UNKNOWN), beyond, strict=True)),
            "has_home": has_home,
        },
        index=tally.organisations,
    )


def _bodies_of_nowhere(register: Register, layer: AnyLayer, side: pd.DataFrame) -> str:
    """Say whose body is no area of the layer, where no other layer says where bodies are."""
    body = register.organisations["body"]
    lost = register.single & body.notna() & ~side["has_home"]
    if register.bodies is not None or not lost.any():
        return ""
    people = f", with {register.lists[lost].sum():,.10g} people," if register.open else ""
    codes = (f"{code} ({body[code]})" for code in lost.index[lost])
    return (
        f"{int(lost.sum()):,} organisations{people} belong to what is no area of {layer.name}, and "
        f"have no home there: {first_five(codes)}."
    )


def _organisations(
    register: Register,
    layers: Mapping[str, AnyLayer],
    sides: Mapping[str, pd.DataFrame],
    threshold: float,
) -> pd.DataFrame:
    table = pd.DataFrame({"name": register.organisations["name"]})
    for side in SIDES:
        table[f"home_{side}"] = sides[side]["home"]
    table["patients"] = _living_in_either(register, layers, sides)
    for side in SIDES:
        found = sides[side]
        outside = found["outside_home"].convert_dtypes()
        table[f"outside_{side}"] = outside.where(found["has_home"])
    for side in SIDES:
        found = sides[side]
        share = found["outside_home"] / found["living"].where(found["living"] > 0)
        table[f"share_{side}"] = share.where(found["has_home"])
    crosses = {s: table[f"share_{s}"] > threshold for s in SIDES}
    statuses = [
        ~crosses["before"] & crosses["after"],
        crosses["before"] & ~crosses["after"],
        crosses["before"] & crosses["after"],
    ]
    status = pd.Series(np.select(statuses, STATUSES[:3], STATUSES[3]), index=table.index)
    placed = sides["before"]["has_home"] & sides["after"]["has_home"]
    table["status"] = status.astype("str").where(placed)
    table["registered"] = register.lists
    for name, column in (("patients", "living"), ("beyond", "beyond")):
        for side in SIDES:
            table[f"{name}_{side}"] = sides[side][column]
    for column in (ELSEWHERE, UNKNOWN):
        table[column] = sides["before"][column]
    if register.members is not None:
        for side in SIDES:
            table[f"member_areas_{side}"] = _member_areas(register, layers[side])
    ordered = table.assign(_code=table.index).sort_values(
        ["patients", "_code"], ascending=[False, True]
    )
    return ordered.drop(columns="_code")


def _living_in_either(
    register: Register, layers: Mapping[str, AnyLayer], sides: Mapping[str, pd.DataFrame]
) -> pd.Series:
    crossing = crossed(layers["before"], layers["after"])
    first, second = crossing.source >= 0, crossing.target >= 0
    if (first == second).all():
        return sides["before"]["living"]
    either = np.where(first | second, 0, -1)
    parts = Parts(crossing.cuts.block.astype(np.int64), either, crossing.cuts.share, 1)
    found = register.by_place.by(parts)
    return pd.Series(found[:, [0]].toarray().ravel(), index=sides["before"].index)


def _ledger(side: pd.DataFrame) -> pd.Series:
    parts = ["at_home", "outside_home", "no_home", "beyond", "elsewhere", "unknown"]
    sums = side[parts].sum()
    return tidied(pd.concat([sums, pd.Series({"total": sums.sum()})]))


def _summary(table: pd.DataFrame, ledger: pd.DataFrame) -> dict[str, Any]:
    """Total the organisations that have a home; the JSON contract's `summary`."""
    placed = table["home_before"].notna() | table["home_after"].notna()
    found: dict[str, Any] = {
        "patients": tidied(pd.Series([table.loc[placed, "patients"].sum()])).iloc[0]
    }
    for side in SIDES:
        account = ledger[side]
        living = account["at_home"] + account["outside_home"]
        found[side] = {
            "patients": living,
            "outside": account["outside_home"],
            "share": account["outside_home"] / living if living else float("nan"),
            "no_home": account["no_home"],
        }
    plain = {k: v.item() if hasattr(v, "item") else v for k, v in found.items()}
    for side in SIDES:
        plain[side] = {k: v.item() if hasattr(v, "item") else v for k, v in plain[side].items()}
    counts = table["status"].value_counts()
    plain["organisations"] = {s: int(counts.get(s, 0)) for s in STATUSES}
    return plain


def _member_areas(register: Register, layer: AnyLayer) -> pd.Series:
    """Count the areas in which the sites of each network's members stand."""
    members = register.members
    assert members is not None
    areas = members["block"].map(layer.nearest().assignment)
    found = areas.groupby(members["organisation"]).nunique()
    lump = register.organisations.index.isin(register.lumps)
    counted = found.reindex(register.organisations.index, fill_value=0).astype("Int64")
    return counted.mask(lump)


def _astride_notes(table: pd.DataFrame, layers: Mapping[str, AnyLayer]) -> list[str]:
    """Say which networks have members in more than one area."""
    notes = []
    for side in SIDES:
        column = f"member_areas_{side}"
        if column not in table:
            continue
        astride = table[table[column].fillna(0) > 1].sort_index()
        if len(astride):
            listed = ", ".join(f"{n} ({c})" for c, n in astride["name"].items())
            notes.append(
                f"{len(astride)} with members' sites in more than one area of "
                f"{layers[side].title}, with {astride['registered'].sum():,} people: {listed}."
            )
    return notes


def _parts(behind: Behind) -> pd.DataFrame:
    """Split each organisation's people by where they are on both sides at once.

    Every figure of an impact is a sum of these disjoint parts, so that what is safe for the
    parts is safe for all of them, and for their differences.
    """
    register, (first, second) = behind.register, behind.layers
    if not isinstance(first, Layer) or not isinstance(second, Layer):
        raise InputError(
            "the least rule hides whole people; it cannot protect counts that are shared out over "
            "a layer that cuts blocks"
        )
    pairs = first.assignment.fillna(OUTSIDE) + "\n" + second.assignment.fillna(OUTSIDE)
    found = register.by_area(Layer.from_lookup("both", pairs))
    areas = found["area"].str.split("\n", expand=True)
    areas = areas.reindex(columns=[0, 1])
    labels = []
    for column, homes in enumerate(behind.homes):
        area = areas[column].fillna(found["area"])
        home = found["organisation"].map(homes)
        beyond = area.isin([OUTSIDE, ELSEWHERE, UNKNOWN])
        away = home.notna().map({True: "away", False: "no home"})
        labels.append(area.where(beyond, away).mask(area == home, "home"))
    table = found.assign(part=labels[0] + " / " + labels[1])
    wide = table.pivot_table(
        index="organisation", columns="part", values="value", aggfunc="sum", fill_value=0
    )
    return wide.reindex(register.organisations.index, fill_value=0)


def _protected(result: Impact, least: int) -> Impact:
    """Hide what would tell a small count: organisations, or nothing if totals would."""
    if result.behind is None:
        raise DisclosureError(f"{result.called} of {result.register!r} is protected already")
    try:
        parts = _parts(result.behind)
    except InputError as error:
        raise DisclosureError(str(error)) from error
    together = parts.sum()
    if ((together > 0) & (together < least)).any():
        raise DisclosureError(
            f"the whole register {result.register!r} has a part of fewer than {least} people; "
            "its totals cannot be shown"
        )
    hidden = hidden_rows(parts, least=least).reindex(result.organisations.index)
    note = (
        f"Small numbers: {int(hidden.sum())} of {len(hidden)} organisations are hidden, so that no "
        f"count under {least} can be told. They are counted in no status and at no threshold."
    )
    return _masked(result, hidden, (note, ALONE))


def _masked(
    result: Impact, hidden: pd.Series, notes: tuple[str, ...], by_rule: Hidden | None = None
) -> Impact:
    """Hide organisations, and what everybody's counts give away."""
    # A home that was found by the largest part of a list says which part that is.
    homes = [] if result.home == "list" else [f"home_{s}" for s in SIDES]
    kept = [c for c in result.organisations.columns if c in ("name", *homes)]
    shown = result.organisations.copy()
    for column in shown.columns.difference(kept):
        values = shown[column]
        whole = pd.api.types.is_integer_dtype(values)
        shown[column] = (values.astype("Int64") if whole else values).mask(hidden)
    shown["hidden"] = hidden
    # An order by size is a figure too: those hidden stand last, by code.
    order = [*shown.index[~hidden], *sorted(shown.index[hidden])]
    ledger, summary = result.ledger, _summary_shown(result.summary, shown[~hidden])
    if by_rule is not None:
        ledger, summary = _ledger_shown(ledger, summary, by_rule)
        notes = (
            f"{int(hidden.sum())} of {len(hidden)} organisations are hidden, and counted in no "
            "status and at no threshold.",
            *notes,
        )
    return replace(
        result,
        organisations=shown.loc[order],
        crossing=_crossing_shown(result.crossing, shown[~hidden]),
        ledger=ledger,
        summary=summary,
        restricted=(),
        behind=None,
        notes=(*result.notes, *notes),
        astride=(),
    )


def _crossing_shown(crossing: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Count again at each threshold, of those shown alone.

    A threshold is a question, and whoever asks at many learns the share of each that is counted.
    """
    counts = {
        side: [int((shown[f"share_{side}"] > t).sum()) for t in crossing.index] for side in SIDES
    }
    return pd.DataFrame(counts, index=crossing.index)


def _summary_shown(summary: Mapping[str, Any], shown: pd.DataFrame) -> dict[str, Any]:
    """Count statuses of those shown alone; what adds up everybody stays."""
    counts = shown["status"].value_counts()
    return {**summary, "organisations": {s: int(counts.get(s, 0)) for s in STATUSES}}


def _ledger_shown(
    ledger: pd.DataFrame, summary: Mapping[str, Any], hidden: Hidden
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Hide what of everybody's counts is hidden, and every figure that is worked out of it."""
    labels = {"at_home": "home", "outside_home": "away", "no_home": "no home", "beyond": OUTSIDE}
    shown, said = ledger.astype(object), dict(summary)
    nothing = float("nan")
    for k, side in enumerate(SIDES):
        gone = {
            line: hidden.everybody(f"side {k}", labels.get(line, line)) for line in ledger.index
        }
        gone["total"] = hidden.everybody("registered", "registered")
        for line in (line for line, is_gone in gone.items() if is_gone):
            shown.loc[line, side] = None
        account = dict(said[side])
        if gone["at_home"] or gone["outside_home"]:
            account |= {"patients": nothing, "share": nothing}
        if gone["outside_home"]:
            account["outside"] = nothing
        if gone["no_home"]:
            account["no_home"] = nothing
        said[side] = account
    # Of whoever has a home on one side alone it is a sum of its own, that nobody made safe.
    if not said["before"]["patients"] == said["after"]["patients"] == said["patients"]:
        said["patients"] = nothing
    return shown, said
