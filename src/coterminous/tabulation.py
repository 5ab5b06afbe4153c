"""How many people are in each pair of areas? Sums over blocks; no polygon is intersected."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.layer import OUTSIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.layer import Layer

CELLS = ["source", "target", "value", "extent"]


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


def memberships(layer: Layer) -> pd.DataFrame:
    """List the areas of each block with the share of it in each; what is left is outside."""
    if layer.shares is None:
        area = layer.assignment.fillna(OUTSIDE)
        return pd.DataFrame({"block": area.index, "area": area.to_numpy(), "share": 1.0})
    inside = layer.shares[["block", "area", "share"]]
    rest = 1.0 - inside.groupby("block")["share"].sum().reindex(layer.blocks, fill_value=0.0)
    rest = rest[rest > 1e-9]
    outside = pd.DataFrame({"block": rest.index, "area": OUTSIDE, "share": rest.to_numpy()})
    return pd.concat([inside, outside], ignore_index=True)


def shared_out(source: Layer, target: Layer, weight: pd.Series) -> pd.DataFrame:
    """Share each block's people out to the areas that it lies in."""
    both = memberships(source).merge(
        memberships(target), on="block", suffixes=("_source", "_target")
    )
    both["extent"] = both["share_source"] * both["share_target"]
    both["value"] = both["extent"] * both["block"].map(weight)
    both = both.rename(columns={"area_source": "source", "area_target": "target"})
    cells = both.groupby(["source", "target"], as_index=False, sort=True)[["value", "extent"]].sum()
    if not np.isclose(cells["value"].sum(), weight.sum(), rtol=1e-9):
        raise ArithmeticError(f"{cells['value'].sum()} people were shared out of {weight.sum()}")
    return cells[CELLS]
