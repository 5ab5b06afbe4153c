"""Where are the areas of a layer? Their polygons, who is next to whom, and their pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.blocks.contiguity import components
from coterminous.blocks.shapes import united

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from coterminous.shares import AnyLayer


def dissolved(geometry: gpd.GeoSeries, layer: AnyLayer) -> gpd.GeoDataFrame:
    """Dissolve blocks to the areas of a layer, each united so that no line is left inside.

    A layer that cuts blocks is drawn along whole ones, each to the area with most of it.

    Returns
    -------
    geopandas.GeoDataFrame
        By area code: `name` and `geometry`, in the CRS of the blocks.
    """
    import geopandas as gpd

    shapes = np.asarray(geometry.to_numpy())
    drawn = layer.nearest()
    merged = [united(shapes[drawn.positions == i]) for i in range(len(layer.codes))]
    names = {"name": list(layer.names)}
    return gpd.GeoDataFrame(names, geometry=merged, index=layer.codes, crs=geometry.crs)


def area_neighbours(pairs: pd.DataFrame, layer: AnyLayer) -> pd.DataFrame:
    """Sum block neighbours to the areas of a layer: `a`, `b`, `shared_m`, `link`."""
    area_of = layer.nearest().assignment
    between = pairs.assign(a=pairs["a"].map(area_of), b=pairs["b"].map(area_of)).dropna()
    between = between[between["a"] != between["b"]]
    swap = between["a"] > between["b"]
    between.loc[swap, ["a", "b"]] = between.loc[swap, ["b", "a"]].to_numpy()
    names = between.groupby(["a", "b"])["link"].agg(
        lambda links: "; ".join(sorted({n for n in links if n}))
    )
    lengths = between.groupby(["a", "b"])["shared_m"].sum()
    joined = pd.DataFrame({"shared_m": lengths, "link": names.astype("str")})
    return joined.reset_index().sort_values(["a", "b"], ignore_index=True)


def in_one_piece(layer: AnyLayer, pairs: pd.DataFrame) -> bool:
    """Say whether every area is connected, without listing what it is made of."""
    area, block, _ = _members(layer)
    label = components(len(area), *_joined(area, block, layer.blocks, pairs))
    return len(np.unique(label)) == len(np.unique(area))


def _members(layer: AnyLayer) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.intp]]:
    """Give the area and block of every member, one for each block that an area has any part of.

    Also the place among the members of each part that lies in an area.
    """
    cuts, held = layer.parts()
    inside = held >= 0
    node = held[inside].astype(np.int64) * len(layer.blocks) + cuts.block[inside]
    nodes, place = np.unique(node, return_inverse=True)
    area, block = np.divmod(nodes, len(layer.blocks))
    return area, block, place


def pieces(layer: AnyLayer, pairs: pd.DataFrame, weight: pd.Series) -> pd.DataFrame:
    """List the connected pieces of every area.

    Returns
    -------
    pandas.DataFrame
        `area`, `piece` (1 is the one with most people), `blocks`, `people` and `codes`, the
        block codes of the piece. An area in one piece has one row.
    """
    index = layer.blocks
    cuts, held = layer.parts()
    inside = held >= 0
    area, block, place = _members(layer)
    values = weight.to_numpy()[cuts.block[inside]]
    people = values if cuts.uncut else values * cuts.share[inside]
    shared = np.bincount(place, people, minlength=len(area))
    label = components(len(area), *_joined(area, block, index, pairs))
    # Members are sorted by area and then by block, so that the pieces of an area follow it.
    first = np.unique(label, return_index=True)[1]
    counted = np.bincount(label, shared, minlength=len(first)).astype(people.dtype)
    order = np.lexsort((block[first], -counted, area[first]))
    inner = np.split(np.argsort(label, kind="stable"), np.cumsum(np.bincount(label))[:-1])
    texts = np.asarray(index, dtype=object)
    of = area[first][order]
    return pd.DataFrame(
        {
            "area": layer.codes.take(of),
            "piece": np.arange(len(of)) - np.searchsorted(of, of) + 1,
            "blocks": np.bincount(label)[order],
            "people": counted[order],
            "codes": [tuple(texts[block[inner[i]]]) for i in order],
        }
    )


def _joined(
    area: NDArray[np.int64], block: NDArray[np.int64], index: pd.Index, pairs: pd.DataFrame
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List which members (a block of an area) are neighbours within one area, by place."""
    left, right = index.get_indexer(pairs["a"]), index.get_indexer(pairs["b"])
    nodes = area * len(index) + block
    alone = np.bincount(block, minlength=len(index)).max(initial=0) <= 1
    if alone:
        # Every block is in one area at most: its place among the members is known at once.
        at = np.full(len(index), -1)
        at[block] = np.arange(len(block))
        first, second = at[left], at[right]
        known = (first >= 0) & (second >= 0)
        first, second = first[known], second[known]
        same = area[first] == area[second]
        return first[same], second[same]
    areas = np.unique(area)
    first = (areas[:, None] * len(index) + left[None, :]).ravel()
    second = (areas[:, None] * len(index) + right[None, :]).ravel()
    found = [np.searchsorted(nodes, x).clip(max=len(nodes) - 1) for x in (first, second)]
    same = (nodes[found[0]] == first) & (nodes[found[1]] == second)
    return found[0][same], found[1][same]
