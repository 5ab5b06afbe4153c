"""Which blocks are next to one another? Neighbours by shared edge and by declared link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

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


def components(count: int, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int32]:
    """Label the connected components of a graph of `count` nodes, in order of first node."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


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
    kept = links.reindex(columns=LINK_COLUMNS).astype("str").fillna("")
    return kept.sort_values(["a", "b"], ignore_index=True)


def _pairs(left: Sequence[str], right: Sequence[str], length: Sequence[float]) -> pd.DataFrame:
    pairs = pd.DataFrame({"a": left, "b": right, "shared_m": length}).astype(
        {"a": "str", "b": "str"}
    )
    swap = pairs["a"] > pairs["b"]
    pairs.loc[swap, ["a", "b"]] = pairs.loc[swap, ["b", "a"]].to_numpy()
    return pairs.sort_values(["a", "b"], ignore_index=True)
