"""Who is next to whom? Neighbours by shared edge and by declared link, and pieces of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from coterminous.shares import AnyLayer

LINK_COLUMNS = ["a", "b", "name", "reason"]


def no_links() -> pd.DataFrame:
    """Return a table of links with no row."""
    return pd.DataFrame({c: pd.Series(dtype="str") for c in LINK_COLUMNS})


def shared_edges(geometry: gpd.GeoSeries) -> pd.DataFrame:
    """List the pairs of polygons that share an edge, with its length.

    Parameters
    ----------
    geometry : geopandas.GeoSeries
        Polygons in a projected CRS, indexed by code.

    Returns
    -------
    pandas.DataFrame
        `a` < `b` (codes), `shared_m` (metres, over 0), sorted. Polygons that meet only in
        points are not neighbours.
    """
    import shapely

    shapes = geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    edges = shapely.boundary(shapes)
    length = shapely.length(shapely.intersection(edges[left], edges[right]))
    met = length > 0
    codes = np.asarray(geometry.index, dtype=object)
    return _pairs(codes[left[met]], codes[right[met]], length[met])


def block_neighbours(edges: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Join shared edges and declared links: `a`, `b`, `shared_m`, `link` (its name, or empty)."""
    named = links.rename(columns={"name": "link"})[["a", "b", "link"]]
    swap = named["a"] > named["b"]
    named.loc[swap, ["a", "b"]] = named.loc[swap, ["b", "a"]].to_numpy()
    joined = edges.merge(named.drop_duplicates(["a", "b"]), on=["a", "b"], how="outer")
    joined["shared_m"] = joined["shared_m"].fillna(0.0)
    joined["link"] = joined["link"].fillna("").astype("str")
    return joined.sort_values(["a", "b"], ignore_index=True)


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


def components(count: int, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int32]:
    """Label the connected components of a graph of `count` nodes, in order of first node."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


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
    # One member for each block that an area has any part of.
    node = held[inside].astype(np.int64) * len(index) + cuts.block[inside]
    nodes, place = np.unique(node, return_inverse=True)
    area, block = np.divmod(nodes, len(index))
    values = weight.to_numpy()[cuts.block[inside]]
    people = values if cuts.uncut else values * cuts.share[inside]
    shared = np.bincount(place, people, minlength=len(nodes))
    label = components(len(nodes), *_joined(area, block, index, pairs))
    members = pd.DataFrame(
        {
            "area": layer.codes.take(area),
            "label": label,
            "code": index.take(block),
            "people": shared.astype(people.dtype),
        }
    )
    found = members.groupby(["area", "label"], as_index=False).agg(
        blocks=("code", "size"), people=("people", "sum"), codes=("code", tuple)
    )
    found = found.sort_values(
        ["area", "people", "codes"], ascending=[True, False, True], ignore_index=True
    )
    found["piece"] = found.groupby("area").cumcount() + 1
    return found[["area", "piece", "blocks", "people", "codes"]]


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


def checked_links(links: pd.DataFrame, blocks: pd.Index, where: str) -> pd.DataFrame:
    """Return links whose ends are blocks, or say which are not.

    Raises
    ------
    InputError
        If a column is missing, an end is no block, or a link joins a block to itself.
    """
    lacking = [c for c in ("a", "b", "name") if c not in links.columns]
    if lacking:
        raise InputError(f"{where}: links lack {first_five(lacking)}; give a, b, name and reason")
    ends = pd.concat([links["a"], links["b"]]).astype("str")
    strange = ends[blocks.get_indexer(ends.to_numpy()) < 0].unique()
    if len(strange):
        raise InputError(f"{where}: links name blocks that there are not: {first_five(strange)}")
    if (links["a"] == links["b"]).any():
        itself = links.loc[links["a"] == links["b"], "a"]
        raise InputError(f"{where}: links join a block to itself: {first_five(itself)}")
    kept = links.reindex(columns=LINK_COLUMNS).fillna("").astype("str")
    return kept.sort_values(["a", "b"], ignore_index=True)


def _pairs(left: Sequence[str], right: Sequence[str], length: Sequence[float]) -> pd.DataFrame:
    pairs = pd.DataFrame({"a": left, "b": right, "shared_m": length}).astype(
        {"a": "str", "b": "str"}
    )
    swap = pairs["a"] > pairs["b"]
    pairs.loc[swap, ["a", "b"]] = pairs.loc[swap, ["b", "a"]].to_numpy()
    return pairs.sort_values(["a", "b"], ignore_index=True)
