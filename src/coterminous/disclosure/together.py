"""What must be hidden in several results of a register that are published together?

Every figure of them is a sum over organisations and over parts of the ground: so they are one
system of counts, whatever layers they are by, and practices and their networks too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.disclosure.linked import Choice, Tables, choose
from coterminous.disclosure.rules import Rule
from coterminous.errors import DisclosureError
from coterminous.layer import OUTSIDE, Layer
from coterminous.registers.tables import ELSEWHERE, UNKNOWN
from coterminous.words import counted

if TYPE_CHECKING:
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

#: Stands for all organisations together.
EVERYBODY = ""
_BEYOND = (OUTSIDE, ELSEWHERE, UNKNOWN)


@dataclass(frozen=True, eq=False)
class Behind:
    """What a result counted.

    Attributes
    ----------
    register : Register
    layers : tuple of Layer
    homes : tuple of Series
        For each layer, the home of each organisation, where the result counts people at home and
        away; none where it counts them by area.
    """

    register: Register
    layers: tuple[AnyLayer, ...]
    homes: tuple[pd.Series, ...] = ()


@dataclass(frozen=True, eq=False)
class Hidden:
    """Which counts of one result are hidden; it holds no count itself.

    Attributes
    ----------
    cells : set of (organisation, kind, label)
        Hidden counts, everybody's under `EVERYBODY`. Kinds are ``area``, ``living``, ``side``
        (each with the layer's position), ``either`` and ``registered``.
    notes : tuple of str
        What must be said beside the figures. Results that were protected together share one.
    """

    cells: frozenset[tuple[str, str, str]]
    notes: tuple[str, ...]

    def everybody(self, kind: str, label: str) -> bool:
        """Whether a count of everybody is hidden."""
        return (EVERYBODY, kind, label) in self.cells

    def frame(self, index: pd.Index, columns: pd.Index, kind: str) -> pd.DataFrame:
        """Say of each organisation (row) and label (column) whether its count is hidden."""
        found = [[(o, kind, c) in self.cells for c in columns] for o in index]
        return pd.DataFrame(found, index=index, columns=columns, dtype=bool)

    def rows(self, index: pd.Index) -> pd.Series:
        """Say of each organisation whether any of its counts is hidden."""
        known = {organisation for organisation, _, _ in self.cells}
        return pd.Series([o in known for o in index], index=index, dtype=bool)


def _notes(choice: Choice, rule: Rule, called: Iterable[str]) -> tuple[str, ...]:
    """Say by which rule, what was protected together, and what it cost."""
    count, small = int(choice.hidden.sum()), int((choice.hidden & choice.small).sum())
    what = "; ".join(dict.fromkeys(called))
    hidden = (
        f"{counted(count, 'count is', 'counts are')} hidden, {small:,} for being small and "
        f"{count - small:,} for their sake"
        if count
        else "none is so small, and none is hidden"
    )
    told = [
        f"Small numbers, by the rule {rule.name} ({rule.source}): {rule.said}. In what was "
        f"protected together ({what}) {hidden}. Beside another table of the register it can give "
        "small counts away.",
    ]
    if choice.gap > 0:
        told.append(
            f"A choice that hides less may exist: at least {1 - choice.gap:.0%} of what is hidden, "
            "counted in people, is proven to be needed."
        )
    elif count > small:
        told.append("No choice that hides less is enough.")
    if len(choice.exposed):
        told.append(
            f"Of {len(choice.exposed):,} small counts it can be told more than the rule leaves: "
            "they are totals of several counts of which none is 0, or were known before."
        )
    return tuple(told)


def hidden_together(behind: Sequence[Behind], rule: Rule, called: Sequence[str]) -> list[Hidden]:
    """Choose what is hidden in several results.

    Parameters
    ----------
    behind : sequence of Behind
        Of one register, or of one and those that it was grouped to.
    rule : Rule
    called : sequence of str
        What the results are called.

    Returns
    -------
    list of Hidden
        In the order given.

    Raises
    ------
    DisclosureError
        If the registers are not of the same people, or counts are no whole people.
    """
    base, layers = _base(behind), _layers(behind)
    parts = _parts(base, layers)
    # What each small part belongs to: of each result, who, in which kind, under which label.
    labels = [_labels(parts, each, layers, base) for each in behind]
    counts = _Counts(parts["value"].to_numpy(), rule)
    kinds: list[dict[str, str]] = []
    for each, of_each in zip(behind, labels, strict=True):
        kinds.append({})
        for (kind, where), found in of_each.items():
            # The same counts of the same register are one count, whichever result shows them.
            shared = f"{each.register.name}\n{kind}\n{where}"
            kinds[-1][shared] = kind
            counts.take(shared, found.dropna(subset=["label"]))
    choice = choose(counts.tables(), rule)
    notes = _notes(choice, rule, called)
    hidden = [key for key, at in counts.at.items() if choice.hidden[at]]
    return [
        Hidden(frozenset((o, mine[s], label) for s, o, label in hidden if s in mine), notes)
        for mine in kinds
    ]


class _Counts:
    """Counts that are gathered, each of which is a sum of others; what is the same is one."""

    def __init__(self, parts: np.ndarray, rule: Rule) -> None:
        self.rule = rule
        self.values: list[int] = parts.astype(np.int64).tolist()
        self.at: dict[tuple[str, str, str], int] = {}
        self.sums: dict[tuple[int, ...], int] = {}
        self.fixed: set[int] = set()

    def take(self, shared: str, table: pd.DataFrame) -> None:
        """Add the counts of each organisation by label, and everybody's."""
        grouped = table.groupby(["organisation", "label"], sort=True).indices
        by_label: dict[str, list[int]] = {}
        for (organisation, label), rows in grouped.items():
            at = self._count(table.index.to_numpy()[rows].tolist())
            self.at[shared, organisation, label] = at
            by_label.setdefault(label, []).append(at)
            # How many are on a list anybody can look up.
            if "\nregistered\n" in shared and not self.rule.small(self.values[at]):
                self.fixed.add(at)
        for label, cells in by_label.items():
            self.at[shared, EVERYBODY, label] = self._count(cells)

    def _count(self, parts: list[int]) -> int:
        known = tuple(sorted(parts))
        if len(known) == 1:
            return known[0]
        if known not in self.sums:
            self.sums[known] = len(self.values)
            self.values.append(sum(self.values[k] for k in known))
        return self.sums[known]

    def tables(self) -> Tables:
        """Lay them out as one system."""
        from scipy import sparse

        size = len(self.values)
        row = np.concatenate([np.full(len(p) + 1, k) for k, p in enumerate(self.sums)])
        column = np.concatenate([np.append(p, at) for p, at in self.sums.items()])
        sign = np.concatenate([np.append(np.ones(len(p)), -1.0) for p in self.sums])
        sums = sparse.csr_array((sign, (row, column)), shape=(len(self.sums), size))
        published, fixed = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        published[list(self.at.values())] = True
        fixed[list(self.fixed)] = True
        return Tables(np.array(self.values, dtype=np.int64), published, fixed, sums)


def _base(behind: Sequence[Behind]) -> Register:
    """Find the register that all the others are groups of."""
    registers = [each.register for each in behind]
    base = min(registers, key=lambda register: (register.name.count("/"), register.name))
    for register in registers:
        if register is base:
            continue
        first, other = repr(base.name), repr(register.name)
        if register.name.partition("/")[0] != base.name.partition("/")[0]:
            raise DisclosureError(
                f"what is protected together must be of one register; these are of {first} and "
                f"{other}: protect each by itself"
            )
        if register.name == base.name:
            same = register.people.equals(base.people)
        elif "/" in base.name:
            raise DisclosureError(
                f"what is of {first} and of {other} has no register in common; give a result of "
                f"{base.name.partition('/')[0]!r} with them"
            )
        else:
            of = base.organisations.index.map(_groups(register))
            lists = base.lists.groupby(of).sum().reindex(register.organisations.index)
            same = bool((lists == register.lists).all())
        if not same:
            raise DisclosureError(
                f"{other} counts other people than {first}; protect what is of one of them"
            )
    return base


def _layers(behind: Sequence[Behind]) -> list[Layer]:
    found: list[Layer] = []
    for layer in (x for each in behind for x in each.layers):
        if not isinstance(layer, Layer):
            raise DisclosureError(
                f"layer {layer.name!r} cuts blocks, so that people are shared out over it; whole "
                "people alone can be hidden: use a layer of whole blocks"
            )
        if not any(layer is known for known in found):
            found.append(layer)
    return found


def _parts(base: Register, layers: Sequence[Layer]) -> pd.DataFrame:
    """Count each organisation's people by all layers at once."""
    # `outside` alone is no code; after a word it is one.
    pairs = pd.Series("in", index=layers[0].assignment.index, dtype="str")
    for layer in layers:
        pairs = pairs + "\n" + layer.assignment.fillna(OUTSIDE)
    found = base.by_area(Layer.from_lookup("all of them", pairs)).reset_index(drop=True)
    values = found["value"].to_numpy(dtype=float)
    if (values % 1 != 0).any() or (values < 0).any():
        raise DisclosureError(
            f"a layer cuts places of register {base.name!r}, so that people are shared out over "
            "it; whole people alone can be hidden: use a layer that does not cut them"
        )
    areas = found["area"].str.split("\n", expand=True)
    for k in range(len(layers)):
        # Who is elsewhere, or of unknown address, is so by every layer.
        found[k] = areas[k + 1].where(found["area"].str.contains("\n"), found["area"])
    return found


def _labels(
    parts: pd.DataFrame, each: Behind, layers: Sequence[Layer], base: Register
) -> dict[tuple[str, str], pd.DataFrame]:
    """Say under which labels the parts are counted in one result, by kind."""
    who = parts["organisation"]
    if each.register.name != base.name:
        who = who.map(_groups(each.register))
    places = [next(k for k, x in enumerate(layers) if x is layer) for layer in each.layers]
    found: dict[tuple[str, str], pd.DataFrame] = {}
    names = [each_layer.name for each_layer in each.layers]
    inside = []
    for k, (place, name) in enumerate(zip(places, names, strict=True)):
        area = parts[place]
        living = ~area.isin(_BEYOND)
        inside.append(living)
        where = f"{place} {name}"
        found[f"living {k}", where] = _frame(who, living.map({True: "living"}))
        if each.homes:
            home = who.map(each.homes[k])
            side = area.where(~living, home.notna().map({True: "away", False: "no home"}))
            # Two ways of finding homes have other people at home.
            found[f"side {k}", f"{where} {_said(each.homes[k])}"] = _frame(
                who, side.mask(living & (area == home), "home")
            )
        else:
            found[f"area {k}", where] = _frame(who, area)
    if each.homes:
        either = inside[0] | inside[-1]
        found["either", " ".join(map(str, places))] = _frame(who, either.map({True: "either"}))
    found["registered", ""] = _frame(who, pd.Series("registered", index=parts.index, dtype="str"))
    return found


def _said(homes: pd.Series) -> str:
    return ",".join(f"{o}={h}" for o, h in homes.dropna().sort_index().items())


def _frame(who: pd.Series, label: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"organisation": who.astype("str"), "label": label.astype("str")})


def _groups(grouped: Register) -> dict[str, str]:
    """Give the group of each organisation."""
    members = grouped.members
    if members is None:
        raise DisclosureError(f"register {grouped.name!r} does not say who is in which group")
    return dict(zip(members["member"], members["organisation"], strict=True))
