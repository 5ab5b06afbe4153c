"""How does one drawing become the next? Puts blocks in areas, and refuses what cannot be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.areas import OUTSIDE, Description
from coterminous.errors import InputError, first_five
from coterminous.layer import Layer
from coterminous.words import listed, slug

if TYPE_CHECKING:
    from coterminous.geography import Geography


@dataclass(frozen=True, eq=False)
class Draft:
    """A drawing while its steps are carried out.

    `homes` is the area that practices were moved to; `put` says, for each block, the number of
    the last step that placed it, and `named` which step placed a unit by name.
    """

    geography: Geography
    layer: Layer
    homes: Mapping[str, str]
    put: NDArray[np.int64]
    named: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, geography: Geography, base: Layer) -> Draft:
        """Start from a layer."""
        return cls(geography, base, {}, np.zeros(len(base.blocks), dtype=np.int64), {})

    def redrawn(self, codes: pd.Series, names: Mapping[str, str], **changes: Any) -> Draft:
        """Return the draft with blocks in these areas."""
        found = pd.Index(sorted(codes.dropna().unique()), dtype="str", name="code")
        return self.redrawn_at(found, found.get_indexer(codes), names, **changes)

    def redrawn_at(
        self,
        codes: pd.Index,
        positions: NDArray[np.integer],
        names: Mapping[str, str],
        **changes: Any,
    ) -> Draft:
        """Return the draft with blocks in these areas: sorted codes, and each block's among them.

        Every code has a block; -1 is outside.
        """
        old, found = self.layer, pd.Index(codes, dtype="str", name="code")
        if OUTSIDE in found:
            raise InputError(f"{OUTSIDE!r} is what lies in no area; give the area another name")
        known = dict(zip(old.codes, zip(old.names, old.aliases, strict=True), strict=True))
        layer = Layer(
            name=old.name,
            blocks=old.blocks,
            codes=found,
            positions=positions.astype(np.int32),
            names=tuple(names.get(c, c) for c in found),
            aliases=tuple(
                known[c][1] if c in known and names.get(c) == known[c][0] else () for c in found
            ),
            description=Description(
                title=old.title, kind="scenario", best_fit=old.best_fit, note=old.note
            ),
        )
        return replace(self, layer=layer, **changes)

    @property
    def names(self) -> dict[str, str]:
        """The names of the areas, by code."""
        return dict(zip(self.layer.codes, self.layer.names, strict=True))


class Placing(Protocol):
    """A step that puts units in an area."""

    @property
    def units(self) -> tuple[str, ...]:
        """Blocks, or areas of the layer `of`."""

    @property
    def of(self) -> str:
        """The layer that the units belong to; empty for blocks."""

    @property
    def within(self) -> str:
        """The layer outside which units stay; empty for none."""


def placed(
    draft: Draft, number: int, step: Placing, target: str, names: Mapping[str, str]
) -> Draft:
    """Put the blocks of a step in an area, unless that undoes an earlier step or empties one."""
    chosen, units = blocks_named(draft.geography, step.units, step.of, step.within)
    layer = draft.layer
    # The place of the area among those that there are, or after them if it is new.
    codes = layer.codes if target in layer.codes else layer.codes.append(pd.Index([target]))
    to = codes.get_loc(target)
    moving = chosen & (layer.positions != to)
    if not moving.any():
        raise InputError(
            f"{listed(step.units, 5, rest='more')} is in {names[target]!r} already: nothing to move"
        )
    _fights(draft, moving, units)
    positions = np.where(moving, to, layer.positions)
    blocks = np.bincount(positions[positions >= 0], minlength=len(codes))
    if not blocks.all():
        said = first_five(layer.name_of(c) for c in codes[blocks == 0])
        raise InputError(f"it leaves {said} without a block; use `merge` to end an area")
    order = codes.argsort()
    place = np.append(order.argsort(), -1)
    return draft.redrawn_at(
        codes[order],
        place[positions],
        names,
        put=np.where(moving, number, draft.put),
        named={**draft.named, **dict.fromkeys(units, number)},
    )


def _fights(draft: Draft, moving: NDArray[np.bool_], units: Iterable[tuple[str, str]]) -> None:
    """Refuse to move again what an earlier step placed by the same name, or all that it placed."""
    again = [(unit, draft.named[unit]) for unit in units if unit in draft.named]
    undone = [n for n in np.unique(draft.put[moving]) if n and moving[draft.put == n].all()]
    if again or undone:
        earlier = again[0][1] if again else int(undone[0])
        what = repr(_called(draft, *again[0][0])) if again else "all that it moves"
        raise InputError(
            f"it fights step {earlier}, which placed {what} elsewhere; keep one of the two"
        )


def _called(draft: Draft, of: str, code: str) -> str:
    return draft.geography.layer(of).name_of(code) if of else code


def grouped(draft: Draft, groups: Mapping[str, tuple[str, ...]]) -> Draft:
    """Make one area of each group; areas in no group stay."""
    codes, names = draft.layer.assignment, draft.names
    taken: dict[str, str] = {}
    homes = dict(draft.homes)
    if not groups or not all(groups.values()):
        raise InputError("it names no area; name at least one for each group")
    for name, areas in groups.items():
        members = [draft.layer.find(a) for a in areas]
        if len(set(members)) != len(members):
            raise InputError(
                f"{name!r} is to be made of an area twice: {listed(areas, 5, rest='more')}"
            )
        for member in members:
            if member in taken:
                raise InputError(f"{member!r} is to be in both {taken[member]!r} and {name!r}")
            taken[member] = name
        same = [m for m in members if names[m].casefold() == name.casefold() or m == name]
        code = same[0] if same else fresh(draft, name)
        codes = codes.where(~codes.isin(members), code)
        homes = {p: code if h in members else h for p, h in homes.items()}
        names = {c: n for c, n in names.items() if c not in members} | {code: name}
    return draft.redrawn(codes, names, homes=homes)


def blocks_named(
    geography: Geography, units: Sequence[str], of: str, within: str
) -> tuple[NDArray[np.bool_], list[tuple[str, str]]]:
    """Find the blocks that units stand for: blocks by code, or areas of the layer `of`.

    Raises
    ------
    InputError
        If a unit is unknown, or holds no block inside `within`.
    """
    if not units:
        raise InputError("it names no block and no area; name at least one")
    # Not the caller's own copy: this one knows its places already.
    blocks = geography.ground.codes
    chosen = np.zeros(len(blocks), dtype=bool)
    edge = np.ones_like(chosen)
    if within:
        edge = geography.layer(within).of_whole_blocks("`within` of a step").touched()
    found = []
    for unit in units:
        if of:
            layer = geography.layer(of).of_whole_blocks("`of` of a step")
            code = layer.find(unit)
            mine = np.asarray(layer.positions == layer.codes.get_loc(code))
        elif unit in blocks:
            code, mine = unit, np.arange(len(blocks)) == blocks.get_loc(unit)
        else:
            raise InputError(
                f"{unit!r} is no block; give `of`, the layer to which the names belong"
            )
        if not (mine & edge).any():
            raise InputError(f"{unit!r} has no block within {within!r}")
        chosen |= mine & edge
        found.append((of, code))
    return chosen, found


def fresh(draft: Draft, name: str, code: str = "") -> str:
    """Return a code for a new area, unless the name or code is taken."""
    named(name)
    code = code or slug(name)
    taken = {n.casefold() for n in draft.layer.names}
    if code in draft.layer.codes or name.casefold() in taken:
        raise InputError(f"there is an area {name!r} already; use `move`, or choose another name")
    return code


def named(name: str) -> None:
    """Refuse a name without a letter, digit or sign."""
    if not name.strip():
        raise InputError("the area's name is empty; give one")
