"""Which blocks are next to one another? Neighbours by shared edge and by declared link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.blocks.borders import LEAST, WITHIN, borders
from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_PAIR = ["a", "b", "shared_m"]
LINK_COLUMNS = ["a", "b", "name", "reason"]


def no_links() -> pd.DataFrame:
    """Return a table of links with no row."""
    return pd.DataFrame({c: pd.Series(dtype="str") for c in LINK_COLUMNS})


def shared_edges(
    geometry: gpd.GeoSeries, *, within: float = WITHIN, least: float = LEAST
) -> pd.DataFrame:
    """List the pairs of polygons that are neighbours, with the length of their border.

    Parameters
    ----------
    geometry : geopandas.GeoSeries
        Polygons in a projected CRS, indexed by code.
    within : float
        Metres within which two lines side by side are one border; see `coterminous.blocks.borders`.
    least : float
        Metres of border that make neighbours. What is shorter is a corner.

    Returns
    -------
    pandas.DataFrame
        `a` < `b` (codes), `shared_m` (metres), sorted. Polygons that meet only in points are not
        neighbours.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> drawn = {"a": box(0, 0, 9, 9), "b": box(9.02, 0, 18, 4), "c": box(9, 4, 18, 9)}
    >>> shared_edges(gpd.GeoSeries(drawn, crs=27700)).round(1).values.tolist()
    [['a', 'b', 4.0], ['a', 'c', 5.0], ['b', 'c', 9.0]]
    """
    return enough(measured_borders(geometry, within=within), least)


def measured_borders(geometry: gpd.GeoSeries, *, within: float = WITHIN) -> pd.DataFrame:
    """List all pairs that have any border, however short.

    Returns
    -------
    pandas.DataFrame
        As `shared_edges`, and `exact`: whether both use one line, corner by corner.
    """
    unit = float(geometry.crs.axis_info[0].unit_conversion_factor) if geometry.crs else 1.0
    found = borders(geometry.to_numpy(), within=within / unit)
    codes = np.asarray(geometry.index, dtype=object)
    metres = found.metres * unit if unit != 1 else found.metres
    return _pairs(codes[found.left], codes[found.right], metres, found.exact)


def enough(found: pd.DataFrame, least: float = LEAST) -> pd.DataFrame:
    """List the pairs whose border is long enough to make them neighbours."""
    return found.loc[found["shared_m"] >= least, _PAIR].reset_index(drop=True)


def nearly(found: pd.DataFrame, least: float = LEAST) -> pd.DataFrame:
    """List the pairs that have a border and are no neighbours, because it is too short."""
    return found.loc[found["shared_m"] < least, _PAIR].reset_index(drop=True)


def border_notes(found: pd.DataFrame, within: float = WITHIN, least: float = LEAST) -> list[str]:
    """Say which borders are of lines that do not match, and which pairs are no neighbours."""
    said = []
    drawn = int((~found["exact"] & (found["shared_m"] >= least)).sum())
    if drawn:
        said.append(
            f"{drawn:,} borders are of lines that do not match corner by corner; lines no further "
            f"than {within:g} m apart are one border (`coterminous check --mend` makes them match)."
        )
    left = nearly(found, least)
    if len(left):
        pairs = [f"{a} and {b} ({m:.2f} m)" for a, b, m in left.itertuples(index=False)]
        more = f" and {len(pairs) - 5:,} more pairs" if len(pairs) > 5 else ""
        said.append(
            f"No neighbours, for their border is under {least:g} m: {', '.join(pairs[:5])}{more}."
        )
    return said


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


def _pairs(
    left: NDArray[Any], right: NDArray[Any], length: NDArray[Any], exact: NDArray[Any]
) -> pd.DataFrame:
    pairs = pd.DataFrame({"a": left, "b": right, "shared_m": length, "exact": exact}).astype(
        {"a": "str", "b": "str", "exact": bool}
    )
    swap = pairs["a"] > pairs["b"]
    pairs.loc[swap, ["a", "b"]] = pairs.loc[swap, ["b", "a"]].to_numpy()
    return pairs.sort_values(["a", "b"], ignore_index=True)
