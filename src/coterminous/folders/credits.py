"""Which sources and licences must a map, a table or a picture name?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coterminous.arguments import several
from coterminous.shares import CutLayer

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer


def statements(
    area: Geography,
    layers: Iterable[str | AnyLayer] = (),
    *,
    weights: Iterable[str] | None = None,
    registers: Iterable[str] = (),
    zones: bool = False,
) -> tuple[str, ...]:
    """List the source and licence lines of a map: its blocks, layers, weights and registers.

    Parameters
    ----------
    area
        The geography.
    layers, weights, registers
        What the map shows; the weight that counts residents if none is given, and weights that
        the geography lacks are passed over.
    zones
        Whether it names zones.

    Returns
    -------
    tuple of str
        Each line once, in the order of blocks, layers, weights, registers.
    """
    settings = area.settings
    blocks = settings.get("blocks", {})
    lookup = settings.get("lookup", {})
    asked = [blocks.get("source"), lookup.get("source")]
    asked += [area.layer(layer).source for layer in several(layers, "layers")]
    if weights is None:
        weights = [area.residents] if area.weight_names else []
    shown = [w for w in several(weights, "weights") if w in area.weight_names]
    asked += [area.weight_info(w).source for w in shown]
    for told in settings.get("register", []):
        if told.get("name") in set(several(registers, "registers")):
            asked += told.get("sources", [told.get("source")])
    if zones:
        asked.append(settings.get("zones", {}).get("source"))
    listed = set(area.sources.index)
    known = [s for s in dict.fromkeys(asked) if s in listed]
    return area.attributions(*known) if known else ()


#: What must be said of a layer that cuts blocks wherever its areas are drawn.
DRAWN = (
    "The lines of {layer} are approximate: blocks are drawn whole, each with the area that has "
    "most of it. Figures share out a cut block's people by the part of it that lies in each area."
)


def assumptions(layers: Iterable[AnyLayer]) -> list[str]:
    """List what must be said of layers that are drawn: their notes, and how lines are drawn."""
    said = []
    for layer in layers:
        said.append(layer.note)
        if isinstance(layer, CutLayer):
            said.append(DRAWN.format(layer=layer.title or layer.name))
    return [line for line in dict.fromkeys(said) if line]


def small_print(
    area: Geography,
    layers: Iterable[str | AnyLayer] = (),
    *,
    weights: Iterable[str] | None = None,
    registers: Iterable[str] = (),
) -> tuple[str, ...]:
    """List what stands under a printed map: the assumptions of its layers, then its sources.

    Parameters
    ----------
    area, layers, weights, registers
        As for `statements`.
    """
    drawn = [area.layer(layer) for layer in several(layers, "layers")]
    named = list(several(registers, "registers"))
    notes = assumptions(drawn)
    notes += [t.get("note", "") for t in area.settings.get("register", []) if t["name"] in named]
    lines = [note for note in notes if note]
    lines += statements(area, drawn, weights=weights, registers=named)
    return tuple(dict.fromkeys(lines))
