"""How many people are in each pair of areas? Sums over blocks; no polygon is intersected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.layer import OUTSIDE

if TYPE_CHECKING:
    from coterminous.layer import Layer

CELLS = ["source", "target", "value", "extent"]


def tabulated(source: Layer, target: Layer, weight: pd.Series) -> pd.DataFrame:
    """Count people and blocks by pair of areas: sums over blocks, no geometry."""
    columns = len(target.codes) + 1
    pair = (source.positions + 1).astype(np.int64) * columns + (target.positions + 1)
    size = (len(source.codes) + 1) * columns
    blocks = np.bincount(pair, minlength=size)
    people = np.bincount(pair, weights=weight.to_numpy(), minlength=size)
    if pd.api.types.is_integer_dtype(weight):
        people = people.astype(np.int64)
    met = np.flatnonzero(blocks)
    total = weight.to_numpy().sum()
    if not np.isclose(people.sum(), total, rtol=1e-12):
        raise ArithmeticError(f"{people.sum()} people were tabulated of {total}")
    i, j = met // columns, met % columns
    cells = pd.DataFrame(
        {
            "source": pd.Index([OUTSIDE, *source.codes])[i],
            "target": pd.Index([OUTSIDE, *target.codes])[j],
            "value": people[met],
            "extent": blocks[met].astype(float),
        }
    )
    return cells.sort_values(["source", "target"], ignore_index=True)


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
