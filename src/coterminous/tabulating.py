"""How many are in each pair of areas of two layers? Sums over blocks, or parts of them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.areas import OUTSIDE
from coterminous.cuts import crossed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.layer import Layer
    from coterminous.shares import AnyLayer


def tabulated(source: Layer, target: Layer, weight: pd.Series) -> pd.DataFrame:
    """Count people and blocks by pair of areas: sums over blocks, no geometry."""
    (rows, row), (columns, column) = _numbered(source), _numbered(target)
    width, size = len(columns), len(rows) * len(columns)
    pair = row * width + column
    blocks = np.bincount(pair, minlength=size)
    people = np.bincount(pair, weights=weight.to_numpy(), minlength=size)
    if pd.api.types.is_integer_dtype(weight):
        people = people.astype(np.int64)
    met = np.flatnonzero(blocks)
    total = weight.to_numpy().sum()
    if not np.isclose(people.sum(), total, rtol=1e-12):
        raise ArithmeticError(f"{people.sum()} people were tabulated of {total}")
    return pd.DataFrame(
        {
            "source": rows[met // width],
            "target": columns[met % width],
            "value": people[met],
            "extent": blocks[met].astype(float),
        }
    )


def _numbered(layer: Layer) -> tuple[pd.Index, NDArray[np.int64]]:
    """Give each block its area by place among the sorted codes and `outside`: cells come sorted."""
    at = bisect_left(list(layer.codes), OUTSIDE)
    later = layer.positions + (layer.positions >= at)
    return layer.codes.insert(at, OUTSIDE), np.where(layer.positions < 0, at, later).astype(
        np.int64
    )


def shared_out(source: AnyLayer, target: AnyLayer, weight: pd.Series) -> pd.DataFrame:
    """Share each block's people out to the areas that its parts lie in."""
    crossing = crossed(source, target)
    width = len(target) + 1
    pair = (crossing.source + 1).astype(np.int64) * width + crossing.target + 1
    share = crossing.cuts.share
    people = np.bincount(pair, weights=weight.to_numpy()[crossing.cuts.block] * share)
    extent = np.bincount(pair, weights=share)
    met = np.flatnonzero(np.bincount(pair))
    cells = pd.DataFrame(
        {
            "source": source.codes.insert(0, OUTSIDE).take(met // width),
            "target": target.codes.insert(0, OUTSIDE).take(met % width),
            "value": people[met],
            "extent": extent[met],
        }
    )
    if not np.isclose(cells["value"].sum(), weight.sum(), rtol=1e-9):
        raise ArithmeticError(f"{cells['value'].sum()} people were shared out of {weight.sum()}")
    return cells.sort_values(["source", "target"], ignore_index=True)
