"""Which colour has each area of several layers, so that an area keeps its own on every map?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.maps.style import MAP_FILLS, fills, lightness, tint

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

#: Lightness of the tints of the parts of one area, between those of the fills, so that grey print
#: tells them apart too; the largest part has the fill itself, and more parts take them in turn.
_TINTS = (72.0, 91.0, 60.0)
#: Steps of lightness by which a tint is lighter than its fill.
_LIGHTER = 4.0

Register = Mapping[str, Mapping[str, str]]
"""By name of layer and code of area, a colour as ``#RRGGBB``."""


def colour_register(
    area: Geography,
    before: AnyLayer,
    successors: Sequence[AnyLayer],
    *,
    parts: Mapping[str, AnyLayer] | None = None,
    weight: str,
) -> dict[str, dict[str, str]]:
    """Give every area of some layers a colour, the same wherever it is drawn.

    Parameters
    ----------
    area
        The geography.
    before
        The layer from which the others follow; its areas have colours first.
    successors
        Layers whose areas take the colour of the area that most of their people were in; where
        two would have one, the larger, and the other a colour that is free.
    parts
        By name of a successor, a layer inside it: its areas are tints of the area they are in.
    weight
        What is counted.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> old, new = area.layer("pbp2021"), area.layer("place2022")
    >>> made = colour_register(area, old, [new], weight="population")
    >>> made["place2022"]["lancashire"] == made["pbp2021"]["central-lancashire"]
    True
    """
    made: dict[str, dict[str, str]] = {}
    made[before.name] = {str(c): v for c, v in fills(before.codes, _touching(area, before)).items()}
    for layer in successors:
        if layer.name not in made:
            made[layer.name] = _followed(area, before, layer, made[before.name], weight)
    for whole, layer in (parts or {}).items():
        if layer.name not in made:
            made[layer.name] = _tinted(area, area.layer(whole), layer, made[whole], weight)
    return made


def _touching(area: Geography, layer: AnyLayer) -> list[tuple[str, str]]:
    pairs = area.neighbours(layer)
    return list(zip(pairs["a"], pairs["b"], strict=True))


def _followed(
    area: Geography, before: AnyLayer, layer: AnyLayer, known: Mapping[str, str], weight: str
) -> dict[str, str]:
    """Hand on the colours of predecessors, the largest share of people first."""
    inside = area.overlap(layer, before, weight=weight).inside
    beside: dict[str, set[str]] = {str(code): set() for code in layer.codes}
    for a, b in _touching(area, layer):
        beside[a].add(b)
        beside[b].add(a)
    if not inside.size:
        return {str(c): v for c, v in fills(layer.codes, _touching(area, layer)).items()}
    most = inside.max(axis=1)
    order = list(most.sort_values(ascending=False, kind="stable").index)
    given: dict[str, str] = {}
    for code in order:
        if most[code] > 0:
            colour = known[str(inside.loc[code].idxmax())]
            if colour not in given.values():
                given[code] = colour
    for code in [*order, *(c for c in layer.codes if c not in most.index)]:
        if code not in given:
            given[code] = _free(given, beside[code])
    return given


def _free(given: Mapping[str, str], beside: set[str]) -> str:
    """Choose the colour that no neighbour has and fewest areas have."""
    near = [given[code] for code in beside if code in given]
    used = list(given.values())
    return min(MAP_FILLS, key=lambda c: (near.count(c), used.count(c), MAP_FILLS.index(c)))


def _tints(colour: str) -> list[str]:
    """Give a fill and its tints.

    Examples
    --------
    >>> _tints("#63839F")
    ['#63839F', '#A0B3C4', '#E0E6EC', '#7894AC']
    """
    own = lightness(colour)
    found = [colour]
    for level in _TINTS:
        if level - own >= _LIGHTER:
            strengths = (k / 200 for k in range(1, 200))
            nearest = min(strengths, key=lambda s: abs(lightness(tint(colour, s)) - level))
            found.append(tint(colour, nearest))
    return found


def _tinted(
    area: Geography, whole: AnyLayer, layer: AnyLayer, known: Mapping[str, str], weight: str
) -> dict[str, str]:
    """Give the areas inside one area tints of its colour, the largest the strongest."""
    inside: pd.DataFrame = area.overlap(layer, whole, weight=weight).inside
    holder = inside.idxmax(axis=1)
    given = {}
    for code, colour in known.items():
        own = holder.index[holder == code]
        people = inside.loc[own, code].sort_values(ascending=False, kind="stable")
        shades = _tints(colour)
        for position, part in enumerate(people.index):
            given[str(part)] = shades[position % len(shades)]
    return {str(c): given.get(str(c), MAP_FILLS[-1]) for c in layer.codes}
