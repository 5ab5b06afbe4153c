"""What do published tables say of each count? Puts every figure in them into one system.

A count is of an organisation's people at a place. Places are ``LAYER:AREA``, ``LAYER:outside``,
``LAYER:*`` (all who live in the layer), ``LAYER:away`` (of those, who live outside the home area),
``elsewhere``, ``unknown`` and ``everybody``; sums over organisations belong to ``*``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from tests.attack.reading import Published, Table, digits_of, is_hidden, number, numbers
from tests.attack.system import Contradiction, System

LUMPS = ("elsewhere", "unknown")
_ORGANISATION = ("organisation", "practice", "network", "trust")
_VALUE = ("value", "patients", "people", "count")
_TOTAL = ("total", "all")
_SIDES = ("before", "after")


class Rule(NamedTuple):
    """Counts from `low` to `high` are hidden; those shown are rounded to a multiple of `base`."""

    name: str
    low: int
    high: int
    base: int = 1

    @property
    def hides(self) -> bool:
        return self.high > 0

    def seen(self, value: float) -> tuple[float, float]:
        """Say which counts are shown as this value."""
        if self.base == 1 or (value == 0 and self.hides):
            return value, value
        lowest = max(0.0, np.ceil(value - self.base / 2))
        highest = np.ceil(value + self.base / 2) - 1
        return (max(lowest, self.high + 1) if self.hides else lowest), highest

    def verdict(self, lowest: float, highest: float) -> str:
        """Judge a range: is it `exact`, `narrowed`, or is the count `held`?

        Narrowed is a range of fewer values than the rule hides, and one in which a small count
        is possible, but not every one. A count that can only be 0 is no secret.
        """
        if highest < max(self.low, 1):
            return "held"
        if lowest == highest:
            return "exact"
        small = lowest <= self.high
        cut = small and (highest < self.high or lowest > max(self.low, 1))
        return "narrowed" if cut or highest - lowest < self.high - self.low else "held"


RULES = {
    r.name: r
    for r in (
        Rule("under5", 1, 4),
        Rule("under10", 1, 9),
        Rule("hes", 1, 7, 5),
        Rule("round5", 0, 0, 5),
        Rule("none", 0, 0),
    )
}


@dataclass(frozen=True)
class Known:
    """What anybody can look up.

    Attributes
    ----------
    lists : mapping of str to int
        Everybody on the list of each organisation.
    blocks : pandas.DataFrame or None
        By block, a column for each layer: the area that the block lies in.
    members : pandas.Series or None
        By practice, its network.
    """

    lists: Mapping[str, int] = field(default_factory=dict)
    blocks: pd.DataFrame | None = None
    members: pd.Series | None = None


class Evidence:
    """A system of everything that a publication says, and which counts it hid."""

    def __init__(
        self,
        published: Published,
        rule: Rule,
        known: Known,
        *,
        order: bool = True,
        doubtful: bool = True,
    ) -> None:
        self.doubtful = doubtful
        self.system, self.rule, self.known, self.order = System(), rule, known, order
        self.hidden: dict[int, str] = {}
        self.slivers: dict[int, str] = {}
        self.bare: dict[int, str] = {}
        self.layers: dict[str, set[str]] = {}
        self.organisations: dict[str, str] = {}
        self.homes: dict[tuple[str, str], str] = {}
        self.unseen: set[tuple[str, str]] = set()
        # Counts by area come first, for what else is told is told of those.
        for by_area in (True, False):
            for table in published.tables:
                self._take(table, by_area)
        self._add_up()

    def _take(self, table: Table, by_area: bool) -> None:
        frame = table.frame.rename(columns=lambda c: str(c).strip().lower())
        columns = set(frame.columns)
        organisation = next((c for c in _ORGANISATION if c in columns), None)
        value = next((c for c in _VALUE if c in columns), None)
        if by_area:
            if organisation and "area" in columns and value:
                self._long(table, frame, organisation, value)
            elif organisation and not value and len(columns) > 1:
                self._wide(table, frame, organisation)
        elif "code" in columns and {"outside_before", "outside_after"} & columns:
            self._impact(table, frame)
        elif "code" in columns and "patients" in columns and "main_area" in columns:
            self._flow_organisations(table, frame)
        elif "code" in columns and "patients" in columns and "main_organisation" in columns:
            self._flow_areas(table, frame)
        elif "key" in columns and table.part.endswith("ledger"):
            self._ledger(table, frame)

    def _tell(self, organisation: str, place: str, shown: object, file: str, least: int) -> int:
        """Tell what a table shows of a count: a figure, or that it is hidden."""
        cell = self.system.cell(organisation, place)
        figure = number(shown)
        if np.isnan(figure):
            self.system.within(cell, least, np.inf)
            self.hidden.setdefault(cell, file)
        else:
            self.system.within(cell, *self.rule.seen(figure))
            if self.rule.hides and self.rule.low <= figure <= self.rule.high:
                self.bare.setdefault(cell, file)
        return cell

    def _long(self, table: Table, frame: pd.DataFrame, organisation: str, value: str) -> None:
        """Take rows of organisation, area and count; a pair without a row is a count of 0."""
        layer = str(table.said.get("layer", table.file))
        everyone = _everyone(table)
        areas = [a for a in frame["area"].astype(str).unique() if a.lower() not in _TOTAL]
        self._name_areas(layer, areas)
        cells: list[int] = []
        pairs = set()
        for row in frame.to_dict("records"):
            who = str(row[organisation])
            who = everyone if who.lower() in _TOTAL else who
            place = _place(layer, str(row["area"]))
            pairs.add((who, place))
            cells.append(self._tell(who, place, row[value], table.file, 1))
        whos = [w for w in dict.fromkeys(w for w, _ in pairs) if w != everyone]
        beyond = {"outside", *LUMPS} & set(areas)
        every = [*areas, *sorted({"outside", *LUMPS} - beyond)] if beyond else areas
        for who in sorted(whos):
            self.organisations.setdefault(who, everyone)
            if (who, "everybody") in pairs and not beyond:
                parts = [self.system.cell(who, _place(layer, a)) for a in areas]
                self.system.adds_up(self.system.cell(who, "everybody"), parts)
            for area in every:
                place = _place(layer, area)
                if (who, place) not in pairs:
                    self.system.within(self.system.cell(who, place), 0, 0)
        for area in areas:
            place = _place(layer, area)
            total = self.system.cell(everyone, place)
            self.system.adds_up(total, [self.system.cell(w, place) for w in whos])
        self._shares(layer, everyone, frame, organisation)
        self._sorted(cells, numbers(frame[value]))

    def _wide(self, table: Table, frame: pd.DataFrame, organisation: str) -> None:
        """Take a table with a column for each area, and maybe totals at its edges.

        Any table of organisations looks like one; what does not add up, or has no counts, is none.
        """
        if self.doubtful and not _adds_up(table, self.rule):
            return
        skipped = {organisation, "name", "code", "hidden"}
        long = frame.melt(
            organisation, [c for c in frame if c not in skipped], "area", "value"
        ).rename(columns={organisation: "organisation"})
        self._long(table, long, "organisation", "value")

    def _shares(self, layer: str, everyone: str, frame: pd.DataFrame, organisation: str) -> None:
        """Tell that a count is a share of a sum, to as many figures as the share was written."""
        for row in frame.to_dict("records"):
            who, place = str(row[organisation]), _place(layer, str(row["area"]))
            if "share_of_organisation" in row:
                self._share(row["share_of_organisation"], (who, place), (who, f"{layer}:*"))
            if "share_of_area" in row:
                self._share(row["share_of_area"], (who, place), (everyone, place))

    def _share(self, shown: object, part: tuple[str, str], whole: tuple[str, str]) -> None:
        share = number(shown)
        if np.isnan(share):
            return
        off = max(digits_of(shown), 1e-9)
        a, b = self.system.cell(*part), self.system.cell(*whole)
        if self.system.low[a] < self.system.high[a] or self.system.low[b] < self.system.high[b]:
            self.system.relate({a: 1.0, b: -(share + off)}, -np.inf, 0.0)
            self.system.relate({a: 1.0, b: -(share - off)}, 0.0, np.inf)

    def _impact(self, table: Table, frame: pd.DataFrame) -> None:
        """Take a table of who crosses, in which an organisation is shown whole or not at all."""
        layers = {s: str(table.said.get(s, f"{table.file}:{s}")) for s in _SIDES}
        method = str(table.said.get("home", ""))
        same = _same_layers(frame)
        sized: list[int] = []
        for row in frame.to_dict("records"):
            who = str(row["code"])
            self.organisations.setdefault(who, _everyone(table))
            either = f"{layers['before']}|{layers['after']}:*"
            told = {"patients": either, "registered": "everybody"}
            told |= {lump: lump for lump in LUMPS}
            for side, layer in layers.items():
                told[f"patients_{side}"] = f"{layer}:*"
                told[f"beyond_{side}"] = f"{layer}:outside"
                home = str(row.get(f"home_{side}") or "")
                if method == "list" and row.get("hidden") in (True, "True"):
                    self.unseen.add((layer, _everyone(table)))
                if home.lower() not in ("", "nan", "none"):
                    told[f"outside_{side}"] = f"{layer}:away"
                    self.homes[who, layer] = home
            cells = {
                k: self._tell(who, place, row[k], table.file, 0)
                for k, place in told.items()
                if k in row
            }
            if "patients" in cells:
                sized.append(cells["patients"])
                self._either(who, layers, cells["patients"], same)
            if self.order:
                self._crosses(table, row, who, layers)
                if method == "list":
                    self._home_is_largest(who, layers)
        if "patients" in frame:
            self._sorted(sized, numbers(frame["patients"]))

    def _either(self, who: str, layers: Mapping[str, str], either: int, same: bool) -> None:
        for layer in layers.values():
            living = self.system.cell(who, f"{layer}:*")
            self.system.relate({either: 1.0, living: -1.0}, 0.0, 0.0 if same else np.inf)
        everybody = self.system.cell(who, "everybody")
        lumps = [self.system.cell(who, lump) for lump in LUMPS]
        self.system.relate({everybody: 1, either: -1, **dict.fromkeys(lumps, -1.0)}, 0.0, np.inf)

    def _crosses(
        self, table: Table, row: Mapping[str, object], who: str, layers: Mapping[str, str]
    ) -> None:
        """Tell that a share lies above or below the threshold, where the status is shown."""
        status, level = str(row.get("status") or ""), table.said.get("threshold")
        crosses = {
            "newly_crossing": (False, True),
            "resolved": (True, False),
            "persisting": (True, True),
            "never_crossing": (False, False),
        }.get(status)
        if crosses is None or not isinstance(level, (int, float)):
            return
        for (side, layer), over in zip(layers.items(), crosses, strict=True):
            if not np.isnan(number(row.get(f"outside_{side}"))):
                continue
            away = self.system.cell(who, f"{layer}:away")
            factors = {away: 1.0, self.system.cell(who, f"{layer}:*"): -float(level)}
            self.system.relate(factors, 1e-5 if over else -np.inf, np.inf if over else 0.0)

    def _home_is_largest(self, who: str, layers: Mapping[str, str]) -> None:
        for layer in layers.values():
            home = self.homes.get((who, layer))
            if home is None or layer not in self.layers:
                continue
            self._largest(
                self.system.cell(who, _place(layer, home)),
                [self.system.cell(who, _place(layer, a)) for a in self.layers[layer] - {home}],
            )

    def _largest(self, largest: int, others: Iterable[int]) -> None:
        for other in others:
            if other != largest:
                self.system.relate({largest: 1.0, other: -1.0}, 0.0, np.inf)

    def _flow_organisations(self, table: Table, frame: pd.DataFrame) -> None:
        layer = str(table.said.get("layer", table.file))
        sized = []
        for row in frame.to_dict("records"):
            who = str(row["code"])
            living = self._tell(who, f"{layer}:*", row["patients"], table.file, 0)
            sized.append(living)
            main = str(row["main_area"] or "")
            if main in self.layers.get(layer, set()):
                self._share(row.get("share_in_main"), (who, f"{layer}:{main}"), (who, f"{layer}:*"))
                if self.order:
                    self._largest(
                        self.system.cell(who, f"{layer}:{main}"),
                        [self.system.cell(who, f"{layer}:{a}") for a in sorted(self.layers[layer])],
                    )
        self._sorted(sized, numbers(frame["patients"]))

    def _flow_areas(self, table: Table, frame: pd.DataFrame) -> None:
        layer, everyone = str(table.said.get("layer", table.file)), _everyone(table)
        self._name_areas(layer, frame["code"].astype(str))
        for row in frame.to_dict("records"):
            place = f"{layer}:{row['code']}"
            self._tell(everyone, place, row["patients"], table.file, 0)
            main = str(row["main_organisation"] or "")
            if main in self.organisations:
                self._share(row.get("share_to_main"), (main, place), (everyone, place))
                if self.order:
                    whos = [w for w in self.organisations if (w, place) in self.system.cells]
                    self._largest(
                        self.system.cell(main, place), [self.system.cell(w, place) for w in whos]
                    )

    def _ledger(self, table: Table, frame: pd.DataFrame) -> None:
        everyone = _everyone(table)
        if "layer" in table.said and "value" in frame:
            layer = table.said["layer"]
            places = {"layer": f"{layer}:*", "outside": f"{layer}:outside", "total": "everybody"}
            places |= {lump: lump for lump in LUMPS}
            for key, shown in zip(frame["key"], frame["value"], strict=True):
                if key in places:
                    self._tell(everyone, places[key], shown, table.file, 0)
            return
        for row in frame.to_dict("records"):
            layer = table.said.get(row["key"])
            if layer is None:
                continue
            places = {"outside_home": f"{layer}:away", "beyond": f"{layer}:outside"}
            places |= {lump: lump for lump in LUMPS} | {"total": "everybody"}
            for key, place in places.items():
                if key in row:
                    self._tell(everyone, place, row[key], table.file, 0)

    def _sorted(self, cells: list[int], shown: pd.Series) -> None:
        """Tell that each row is at least the next, where those that are shown say so."""
        figures = shown.dropna().to_numpy()
        if not self.order or len(figures) < 3 or len(set(figures.tolist())) < 3:
            return
        hidden = shown.isna().to_numpy()
        if hidden.any() and not hidden[: -int(hidden.sum())].any():
            # Those that are hidden stand together at the end, in an order of their own.
            cells = cells[: len(figures)]
        falling = bool((np.diff(figures) <= 0).all())
        if not falling and not (np.diff(figures) >= 0).all():
            return
        for first, second in pairwise(cells):
            larger, smaller = (first, second) if falling else (second, first)
            if larger != smaller:
                self.system.relate({larger: 1.0, smaller: -1.0}, 0.0, np.inf)

    def _name_areas(self, layer: str, areas: Iterable[str]) -> None:
        plain = {a for a in areas if a not in (*LUMPS, "outside")}
        self.layers.setdefault(layer, set()).update(plain)

    def _add_up(self) -> None:
        """Tell all sums: areas to layers, layers to lists, members to networks, parts to areas."""
        everyones = {o for o, _ in self.system.cells if o.startswith("*")}
        placed: dict[str, list[str]] = {}
        for who, place in self.system.cells:
            placed.setdefault(who, []).append(place)
        for who, places in placed.items():
            self._add_up_one(who, places)
        self._add_up_columns(everyones)
        for who, people in self.known.lists.items():
            if who in self.organisations:
                self.system.within(self.system.cell(who, "everybody"), people, people)
        if self.known.members is not None:
            self._add_up_networks(self.known.members)
        self._add_up_blocks()

    def _add_up_one(self, who: str, places: list[str]) -> None:
        cells = self.system.cells
        touched = {p.partition(":")[0] for p in places if ":" in p}
        for layer in sorted(touched):
            if "|" in layer:
                continue
            areas = sorted(self.layers.get(layer, set()))
            if areas and all((who, f"{layer}:{a}") in cells for a in areas):
                parts = [cells[who, f"{layer}:{a}"] for a in areas]
                self.system.adds_up(self.system.cell(who, f"{layer}:*"), parts)
            home = self.homes.get((who, layer))
            if home is not None and (who, f"{layer}:{home}") in cells:
                parts = [self.system.cell(who, f"{layer}:away"), cells[who, f"{layer}:{home}"]]
                self.system.adds_up(self.system.cell(who, f"{layer}:*"), parts)
            elif home is not None and (who, f"{layer}:away") in cells:
                living = self.system.cell(who, f"{layer}:*")
                self.system.relate({living: 1.0, cells[who, f"{layer}:away"]: -1.0}, 0.0, np.inf)
            outer = [(who, f"{layer}:outside"), *((who, lump) for lump in LUMPS)]
            parts = [self.system.cell(*o) for o in [(who, f"{layer}:*"), *outer]]
            self.system.adds_up(self.system.cell(who, "everybody"), parts)

    def _add_up_columns(self, everyones: set[str]) -> None:
        """Tell that an impact's ledger is the sum of its organisations."""
        for everyone in sorted(everyones):
            places = [p for o, p in self.system.cells if o == everyone]
            whos = [w for w, whose in self.organisations.items() if whose == everyone]
            for place in places:
                keys = [(w, place) for w in whos]
                told = [k for k in keys if k in self.system.cells]
                if place.endswith(":away"):
                    told = [k for k in told if (k[0], place.partition(":")[0]) in self.homes]
                elif len(told) < len(keys):
                    continue
                if not told:
                    continue
                cells = [self.system.cells[k] for k in told]
                total = self.system.cell(everyone, place)
                layer = place.partition(":")[0]
                if place.endswith(":away") and self._homes_hidden(layer, everyone):
                    # Whoever has a home that is not shown counts too: the rest is no more than all.
                    factors = {total: 1.0, **dict.fromkeys(cells, -1.0)}
                    self.system.relate(factors, 0.0, np.inf)
                else:
                    self.system.adds_up(total, cells)

    def _homes_hidden(self, layer: str, everyone: str) -> bool:
        """Say whether homes are found by lists, so that those of hidden organisations are too."""
        return (layer, everyone) in self.unseen

    def _add_up_networks(self, members: pd.Series) -> None:
        for network, practices in members.groupby(members):
            places = [p for o, p in self.system.cells if o == network]
            for place in places:
                if place.endswith(":away"):
                    continue
                total = self.system.cells[str(network), place]
                keys = [(str(p), place) for p in practices.index]
                told = [self.system.cells[k] for k in keys if k in self.system.cells]
                if told and len(told) == len(keys):
                    self.system.adds_up(total, told)
                elif told:
                    factors = {total: 1.0, **dict.fromkeys(told, -1.0)}
                    self.system.relate(factors, 0.0, np.inf)

    def _add_up_blocks(self) -> None:
        """Tell that areas of several layers are made of the same pieces."""
        blocks = self.known.blocks
        layers = [] if blocks is None else [x for x in self.layers if x in blocks]
        if blocks is None or len(layers) < 2:
            return
        pieces = blocks[layers].drop_duplicates().astype(object)
        pieces = pieces.where(pieces.notna(), "outside")
        whole = {
            (layer, area): int((pieces[layer] == area).sum())
            for layer in layers
            for area in pieces[layer].unique()
        }
        for who in self.organisations:
            by_area: dict[int, list[int]] = {}
            for values in pieces.itertuples(index=False):
                keys = [(who, f"{x}:{a}") for x, a in zip(layers, values, strict=True)]
                parents = [self.system.cells[k] for k in keys if k in self.system.cells]
                if not parents or min(self.system.high[p] for p in parents) <= 0:
                    continue
                named = " & ".join(k[1] for k in keys)
                piece = self.system.cell(who, named)
                if all(whole[x, a] > 1 for x, a in zip(layers, values, strict=True)):
                    self.slivers[piece] = "pieces of areas of several layers"
                for parent in parents:
                    by_area.setdefault(parent, []).append(piece)
            for parent, parts in by_area.items():
                self.system.adds_up(parent, parts)


def _adds_up(table: Table, rule: Rule) -> bool:
    """Say whether a table is of counts, and of counts that can all be true."""
    named = [c for c in table.frame if str(c).strip().lower() in (*_ORGANISATION, "name", "code")]
    counts = table.frame.drop(columns=named)
    figures = counts.map(number)
    if not (figures.notna() | counts.map(is_hidden)).all(axis=None):
        return False
    if ((figures % 1 > 0) | (figures < 0)).any(axis=None):
        return False
    try:
        alone = Evidence(Published([table]), rule, Known(), order=False, doubtful=False)
        alone.system.tighten()
    except Contradiction:
        return False
    return True


def _place(layer: str, area: str) -> str:
    if area in LUMPS:
        return area
    return "everybody" if area.lower() in _TOTAL else f"{layer}:{area}"


def _everyone(table: Table) -> str:
    """Say whose sums a table holds: of practices, or of networks."""
    of = str(table.said.get("register", table.file))
    return "*network" if "network" in of else "*"


def _same_layers(frame: pd.DataFrame) -> bool:
    """Say whether whoever lives in one layer lives in the other, by the rows that are shown."""
    names = ["patients", "patients_before", "patients_after"]
    if not set(names) <= set(frame.columns):
        return False
    shown = frame[names].map(number).dropna()
    return len(shown) > 0 and bool((shown.nunique(axis=1) == 1).all())
