"""What is known of the units before they are grouped: people, neighbours, patients, old areas?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from coterminous.arguments import amount
from coterminous.drawings.drawingscores import Counts, Figures, as_counts
from coterminous.drawings.partitions import Rules
from coterminous.drawings.unitgraph import Ints, UnitGraph, mask_of
from coterminous.errors import InputError, first_five
from coterminous.registers.counting import Parts, count

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer


@dataclass(frozen=True)
class Yardsticks:
    """What drawings are scored against.

    Parameters
    ----------
    against : str or Layer or None
        The layer with which to be coterminous.
    before : str or Layer or None
        The layer from which people move.
    trusts, practices : str
        Names of the registers; scores that need one are missing where the geography lacks it.
    """

    against: str | Layer | None = None
    before: str | Layer | None = None
    trusts: str | None = None
    practices: str | None = None


def cut_to(area: Geography, units: str | Layer, within: str | Layer | None) -> Layer:
    """Return the units inside a layer, or say which blocks of it no unit covers.

    Raises
    ------
    InputError
        If a block of `within` is in no unit, or the units cut blocks.
    """
    layer = area.layer(units, argument="units").of_whole_blocks("`units`")
    if within is None:
        return layer
    edge = area.layer(within, argument="within").of_whole_blocks("`within`")
    bare = (edge.positions >= 0) & (layer.positions < 0)
    if bare.any():
        raise InputError(
            f"`units` {layer.name!r} does not cover {edge.name!r}: {int(bare.sum()):,} blocks are "
            f"in no unit: {first_five(area.blocks[bare])}; give units that cover it, or another "
            "`within`"
        )
    return layer.within(edge, layer.name)


def unit_graph(area: Geography, units: Layer, *, links: bool = True) -> UnitGraph:
    """Build the graph of units that are neighbours by shared edge, or by declared link.

    Raises
    ------
    InputError
        If the units are in pieces; the message names the units of each and a link that would
        join them.
    """
    pairs = area.neighbours(units)
    if not links:
        pairs = pairs[pairs["shared_m"] > 0]
    ends = zip(
        units.codes.get_indexer(pairs["a"]), units.codes.get_indexer(pairs["b"]), strict=True
    )
    graph = UnitGraph.from_pairs(len(units), [(int(a), int(b)) for a, b in ends])
    pieces = graph.piece_list(graph.everything)
    if len(pieces) > 1:
        raise InputError(_apart(area, units, pieces))
    return graph


def _apart(area: Geography, units: Layer, pieces: Sequence[int]) -> str:
    """Say which units are cut off, and between which blocks a link would join them."""
    import shapely

    def names(mask: int) -> str:
        return first_five(n for i, n in enumerate(units.names) if mask >> i & 1)

    def blocks(mask: int) -> NDArray[np.intp]:
        chosen = [i for i in range(len(units)) if mask >> i & 1]
        return np.flatnonzero(np.isin(units.positions, chosen))

    small = min(pieces, key=lambda m: (m.bit_count(), m))
    rest = sum(pieces) - small
    shapes = area.geometry.to_numpy()
    near, far = blocks(small), blocks(rest)
    tree = shapely.STRtree(shapes[far])
    (mine, theirs), distance = tree.query_nearest(
        shapes[near], return_distance=True, all_matches=False
    )
    closest = int(np.argmin(distance))
    a, b = area.blocks[near[mine[closest]]], area.blocks[far[theirs[closest]]]
    return (
        f"`units` {units.name!r} are in {len(pieces)} pieces: {names(small)} touch no unit of "
        f"{names(rest)}. If there is a crossing, declare a link; the nearest blocks are {a} and "
        f"{b}, {_apart_by(float(distance[closest]))}: area.with_links(...)"
    )


def _apart_by(metres: float) -> str:
    """Say how far apart two blocks are, in words that tell what to do."""
    if metres == 0:
        return "which meet in a corner"
    near = 1_000
    return f"{metres:,.2g} m apart" if metres < near else f"{metres / 1000:,.1f} km apart"


def rules_of(
    area: Geography,
    units: Layer,
    *,
    least: int | None,
    most: int | None,
    together: Iterable[Iterable[str]],
    apart: Iterable[Iterable[str]],
) -> Rules:
    """Read the filters: people in an area, units to keep together, units to keep apart.

    Raises
    ------
    InputError
        If a unit is unknown, the range is empty, or a pair is to be kept together and apart.
    """
    amount(least, "least")
    amount(most, "most")
    if least is not None and most is not None and least > most:
        raise InputError(f"`least` is {least:,} and `most` {most:,}: no area can be in that range")
    whole = area.weight(area.residents).to_numpy()
    inside = units.positions >= 0
    summed = np.bincount(units.positions[inside], whole[inside], minlength=len(units))
    people = np.rint(summed).astype(np.int64)
    masks = []
    for argument, groups in (("together", together), ("apart", apart)):
        found = []
        for group in groups:
            if isinstance(group, str):
                raise InputError(f"`{argument}` is a list of lists of units, such as [['a', 'b']]")
            mask = mask_of(units.codes.get_loc(units.find(u)) for u in group)
            if mask.bit_count() < 2:
                raise InputError(
                    f"`{argument}` has {first_five(group)} alone, which says nothing; name two "
                    "units or more"
                )
            found.append(mask)
        masks.append(tuple(found))
    for kept in masks[0]:
        if any((kept & parted).bit_count() > 1 for parted in masks[1]):
            both = [n for i, n in enumerate(units.names) if kept >> i & 1]
            raise InputError(f"`together` and `apart` both name {first_five(both)}; drop one")
    return Rules(people, least, most, *masks)


def figures_of(
    area: Geography, layer: Layer, within: Layer | None, yardsticks: Yardsticks
) -> Figures:
    """Count what the scores need for each area of a layer, cut to `within`."""
    people = area.weight(area.residents).to_numpy()
    parts = Parts.of(layer, within)
    activity, activity_total = _activity(area, layer, within, yardsticks.trusts)
    registered = _registered(area, layer, within, yardsticks.practices)
    return Figures(
        people=as_counts(parts.sums(people)),
        against=_by_layer(area, yardsticks.against, parts, people),
        before=_by_layer(area, yardsticks.before, parts, people),
        activity=activity,
        activity_total=activity_total,
        registered=registered,
        registered_total=registered.sum(axis=1),
    )


def _activity(
    area: Geography, layer: Layer, within: Layer | None, register: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count patients by area of residence and the organisation they use, and everybody."""
    if register is None:
        return np.zeros((len(layer), 0)), np.zeros(len(layer))
    found = area.register(register)
    tally = count(found, layer, within=within)
    named = tally.inside[found.single.to_numpy()]
    return named.toarray().T.astype(float), tally.by_area[: len(layer)].astype(float)


def _registered(area: Geography, layer: Layer, within: Layer | None, register: str | None) -> Ints:
    """Count patients by area of residence and area of their practice's home."""
    if register is None:
        return np.zeros((len(layer), len(layer)), dtype=np.int64)
    found = area.register(register)
    tally = count(found, layer, within=within)
    homes = found.homes(layer if within is None else layer.within(within))
    return np.rint(tally.by_home(homes)).astype(np.int64)


def _by_layer(
    area: Geography, name: str | Layer | None, parts: Parts, people: NDArray[np.generic]
) -> Counts:
    """Count residents by area and area of another layer."""
    if name is None:
        return np.zeros((parts.areas, 0), dtype=np.int64)
    other = Parts.of(area.layer(name)).matrix()
    cells = parts.matrix().T @ (other * people[:, None])
    return as_counts(cells.toarray())
