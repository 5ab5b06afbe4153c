"""How do layers that exist score beside the drawings, and is each one of them?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.arguments import several
from coterminous.drawings import drawingscores as ds
from coterminous.drawings.unitfigures import Yardsticks, figures_of
from coterminous.errors import InputError
from coterminous.layer import Layer

if TYPE_CHECKING:
    from coterminous.geography import Geography


def named_layers(
    area: Geography,
    units: Layer,
    edge: Layer | None,
    yardsticks: Yardsticks,
    named: Iterable[str | Layer] | None,
    sets: NDArray[np.bool_],
    drawings: NDArray[np.int32],
) -> pd.DataFrame:
    """Score layers that exist, whether or not the units can say them.

    Parameters
    ----------
    area : Geography
    units : Layer
        Cut to what is drawn.
    edge : Layer or None
        What is drawn.
    yardsticks : Yardsticks
    named : iterable of str or Layer, or None
        Those that cover what is drawn with 2 to 8 areas if not given.
    sets : array of bool, shape (possible areas, units)
    drawings : array of int, shape (drawings, areas)
        Positions in `sets`.

    Returns
    -------
    pandas.DataFrame
        By layer: `areas`, `people`, the scores, `drawing` (its number among the drawings, if it
        is one) and `note` (why it is none, or whom it leaves out).
    """
    inside = units.positions >= 0
    everyone = figures_of(area, units, edge, Yardsticks()).people.sum().item()
    chosen = _covering(area, units)
    if named is not None:
        chosen = [
            area.layer(n, argument="named").of_whole_blocks("`named`")
            for n in several(named, "named")
        ]
    rows = []
    for layer in chosen:
        positions = np.where(inside, layer.positions, -1)
        present = np.unique(positions[positions >= 0])
        if not present.size:
            raise InputError(f"`named` {layer.name!r} has no block in what is drawn; leave it out")
        figures = figures_of(area, layer, units, yardsticks)
        row = ds.scores(ds.areas_of(figures), present[None, :]).iloc[0]
        people = figures.people.sum().item()
        number = _number_of(units, positions, sets, drawings)
        said = (
            []
            if np.isclose(people, everyone, rtol=0, atol=1e-6)
            else [f"covers {people:,.0f} of {everyone:,.0f} people"]
        )
        if number is None:
            said.append(_why_not(units, positions, len(present), drawings.shape[1]))
        rows.append(
            {"layer": layer.name, "areas": len(present), "people": people}
            | row.to_dict()
            | {"drawing": number, "note": "; ".join(s for s in said if s)}
        )
    columns = ["layer", "areas", "people", *ds.DIRECTIONS, "drawing", "note"]
    whole = ("largest", "smallest", "people_moved", "parted", "areas", "people")
    table = pd.DataFrame(rows, columns=columns).astype({"drawing": "Int64"})
    known = [c for c in whole if (table[c] % 1 == 0).all()]
    table = table.astype(dict.fromkeys(known, "int64"))
    return table.set_index("layer")


def _covering(area: Geography, units: Layer) -> list[Layer]:
    """Find the layers that cover what is drawn with 2 to 8 areas."""
    inside = units.positions >= 0
    found = []
    for name in area.layer_names:
        if name == units.name:
            continue
        layer = area.layer(name)
        if not isinstance(layer, Layer):
            continue
        positions = layer.positions[inside]
        if (positions >= 0).all() and 2 <= len(np.unique(positions)) <= 8:
            found.append(layer)
    return found


def _unit_areas(units: Layer, positions: NDArray[np.integer]) -> list[set[int]]:
    pairs = pd.DataFrame({"unit": units.positions, "area": positions})[units.positions >= 0]
    grouped = pairs.drop_duplicates().groupby("unit")["area"].agg(set)
    return list(grouped)


def _number_of(
    units: Layer,
    positions: NDArray[np.integer],
    sets: NDArray[np.bool_],
    drawings: NDArray[np.int32],
) -> int | None:
    """Find a layer among the drawings, if it is one of them."""
    in_areas = _unit_areas(units, positions)
    if any(len(a) > 1 or -1 in a for a in in_areas):
        return None
    area_of = np.array([next(iter(a)) for a in in_areas])
    if len(np.unique(area_of)) != drawings.shape[1]:
        return None
    row = []
    for area in dict.fromkeys(area_of.tolist()):
        found = np.flatnonzero((sets == (area_of == area)).all(axis=1))
        if not len(found):
            return None
        row.append(int(found[0]))
    number = np.flatnonzero((drawings == row).all(axis=1))
    return int(number[0]) if len(number) else None


def _why_not(units: Layer, positions: NDArray[np.integer], areas: int, wanted: int) -> str:
    cut = [n for n, a in zip(units.names, _unit_areas(units, positions), strict=True) if len(a) > 1]
    if cut:
        return f"not one of the drawings: it cuts {', '.join(cut[:5])}"
    if areas != wanted:
        return f"not one of the drawings: it has {areas} areas, not {wanted}"
    return "not one of the drawings: it is not contiguous, breaks a rule, or was not sampled"
