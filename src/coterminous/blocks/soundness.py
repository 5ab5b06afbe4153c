"""Can these blocks be drawn and measured? Looked at once, before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from coterminous.blocks.borders import WITHIN
from coterminous.errors import UnsoundError

if TYPE_CHECKING:
    import geopandas as gpd

#: Hectares up to which two blocks may overlap: about one house and garden.
OVERLAP = 0.1
SQUARE_METRES = 10_000.0
POLYGONAL = (3, 6)
#: So many blocks of each fault are named.
NAMED = 3


def refuse_unsound(polygons: gpd.GeoSeries, where: str, see: str) -> None:
    """Raise if blocks have no polygon, one whose area is in doubt, or ground in common.

    Parameters
    ----------
    polygons
        In a projected CRS, by code.
    where
        The file or argument that they are from, for the message.
    see
        What lists every fault and mends some, for the message.

    Raises
    ------
    InputError
        One sentence: which blocks, what is wrong with them, and how to see all.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> two = gpd.GeoSeries({"a": box(0, 0, 200, 100), "b": box(100, 0, 300, 100)}, crs=27700)
    >>> refuse_unsound(two, "blocks.gpkg", "see `coterminous check blocks.gpkg`")
    Traceback (most recent call last):
    coterminous.errors.UnsoundError: blocks.gpkg: 'a' and 'b' overlap by 1 ha; \
see `coterminous check blocks.gpkg`
    """
    import shapely

    shapes = np.asarray(polygons.to_numpy(), dtype=object)
    codes = np.asarray(polygons.index.astype("str"), dtype=object)
    kinds = shapely.get_type_id(shapes)
    empty = (kinds == -1) | shapely.is_empty(shapes)
    strange = ~empty & ~np.isin(kinds, POLYGONAL)
    drawn = ~empty & ~strange
    nowhere = drawn & _nowhere(shapes)
    crossed = drawn & ~nowhere & ~shapely.is_valid(shapes)
    usable = np.flatnonzero(drawn & ~crossed & ~nowhere)
    mixed = strange.copy()
    mixed[mixed] = shapely.area(shapes[mixed]) > 0
    metres = float(polygons.crs.axis_info[0].unit_conversion_factor) if polygons.crs else 1.0
    said = [
        *_overlaps(shapes[usable], codes[usable], metres),
        *_named(codes[crossed], "is not valid: it crosses itself", "are not valid"),
        *_named(
            codes[empty], "has no polygon, or an empty one", "have no polygon, or an empty one"
        ),
        *_named(codes[nowhere], "has a corner without coordinates", "have such corners"),
        *_named(
            codes[mixed],
            "is a collection of polygons and what is none",
            "are collections of polygons and what is none",
        ),
        *_named(codes[strange & ~mixed], "is no polygon", "are no polygons"),
    ]
    if said:
        raise UnsoundError(f"{where}: {'; '.join(said)}; {see}")


def _nowhere(shapes: np.ndarray) -> np.ndarray:
    """Say which shapes have a corner that is not finite."""
    import shapely

    points, owner = shapely.get_coordinates(shapes, return_index=True)
    out = np.zeros(len(shapes), dtype=bool)
    out[owner[~np.isfinite(points).all(axis=1)]] = True
    return out


def _named(codes: np.ndarray, one: str, many: str) -> Iterator[str]:
    if len(codes) == 1:
        yield f"{codes[0]!r} {one}"
    elif len(codes):
        yield f"{_few([repr(c) for c in codes])} {many}"


def _few(texts: list[str]) -> str:
    listed = ", ".join(texts[:NAMED])
    return listed if len(texts) <= NAMED else f"{listed} and {len(texts) - NAMED:,} more"


def _overlaps(shapes: np.ndarray, codes: np.ndarray, metres: float) -> Iterator[str]:
    """Say which blocks overlap by more than the tolerance, the most first."""
    left, right, hectares = overlaps(shapes, metres)
    if not len(left):
        return
    order = np.lexsort((codes[right], codes[left], -hectares))
    said = [
        f"{codes[left[i]]!r} and {codes[right[i]]!r} overlap by {hectares[i]:,.4g} ha"
        for i in order[:NAMED]
    ]
    more = len(left) - NAMED
    yield ", ".join(said) + (f", and so do {more:,} more pairs" if more > 0 else "")


def overlaps(shapes: np.ndarray, metres: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the pairs of valid polygons that overlap by more than `OVERLAP` hectares.

    Returns
    -------
    tuple of ndarray
        Positions of the one and the other, the smaller first, and hectares.
    """
    import shapely

    none = np.empty(0, dtype=int)
    # True of nearly all blocks there are, and found in a fraction of a second for a country.
    if len(shapes) < 2 or shapely.coverage_is_valid(shapes):
        return none, none, np.empty(0)
    faulty = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    one, other = shapely.STRtree(shapes).query(shapes[faulty], predicate="intersects")
    pairs = np.stack([faulty[one], other], axis=1)
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    left, right = pairs.T
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    hectares = common * metres**2 / SQUARE_METRES
    much = hectares > OVERLAP
    return left[much], right[much], hectares[much]


def matched(polygons: gpd.GeoSeries, within: float = WITHIN) -> bool:
    """Say whether all edges match: no gap or overlap, however narrow, and every corner shared."""
    import shapely

    return bool(shapely.coverage_is_valid(polygons.to_numpy(), gap_width=within))
