"""How much of each polygon of one map lies in each polygon of another?

Any two sets of polygons, no blocks needed. The work grows with the length of the boundaries, not
with the number of polygons: see `coterminous.polygons.crossings`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five, unknown
from coterminous.layer import OUTSIDE
from coterminous.overlap import Overlap
from coterminous.polygons.coincident import overlaps_within
from coterminous.polygons.crossings import ROUNDING, Cells, cells_of
from coterminous.polygons.edges import Edges, edges_of
from coterminous.polygons.fitness import (
    SQUARE_METRES,
    TOLERANCE,
    Polygons,
    checked_frame,
    checked_tolerance,
    measurable,
    meets,
    refuse_invalid,
    same_crs,
)
from coterminous.polygons.rows_of_codes import code_of_frame

if TYPE_CHECKING:
    import geopandas as gpd

log = logging.getLogger(__name__)

#: A part of the smaller of two polygons up to which their overlap is a sliver.
SLIVER = 0.01
BY_AREA = "polygons: hectares of the parts into which they cut each other"
SHARED_OUT = "polygons: {weight} of each polygon shared out by area"


@asked
def overlay(
    a: gpd.GeoDataFrame | gpd.GeoSeries,
    b: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    code_a: str | None = None,
    code_b: str | None = None,
    weight_a: str | pd.Series | None = None,
    weight_b: str | pd.Series | None = None,
    tolerance: float = TOLERANCE,
    names: tuple[str, str] = ("a", "b"),
) -> Overlap:
    """Tabulate area, or a weight shared out by area, by two sets of polygons.

    Parameters
    ----------
    a, b
        Polygons in one projected CRS. The index holds the codes, unless `code_a` or `code_b`
        names a column; a column `name` holds names, if there is one.
    code_a, code_b
        The column of the codes.
    weight_a, weight_b
        A number of at least 0 for each polygon of one side, as a column or a Series by code. It
        is shared out by area; without one the values are hectares.
    tolerance
        Hectares. Two polygons of one side that overlap by more raise, and so do those that overlap
        by more than 0.1 ha and a hundredth of the smaller; smaller overlaps are counted in both,
        and `notes` says how much that is. Pieces up to this size do not count for the relation of
        an area.
    names
        What to call the two sides.

    Returns
    -------
    Overlap
        `value` is hectares or the weight, `extent` hectares. The ledger holds what lies in both,
        in one only and in all.

    Raises
    ------
    InputError
        If a CRS is missing, in degrees or not the same, the two do not meet, codes are repeated
        or empty, a polygon is invalid, polygons of one side overlap, a weight is not one number
        for each polygon, or the tolerance is no number of hectares.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> fields = gpd.GeoDataFrame(
    ...     {"sheep": [30, 10]},
    ...     index=["f1", "f2"],
    ...     geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
    ...     crs=27700,
    ... )
    >>> farms = gpd.GeoSeries({"home": box(0, 0, 150, 100)}, crs=27700)
    >>> overlay(fields, farms).table[["source", "target", "value"]].values.tolist()
    [['f1', 'home', 1.0], ['f2', 'home', 0.5], ['f2', 'outside', 0.5]]
    >>> overlay(fields, farms, weight_a="sheep").ledger.to_dict()
    {'both': 35.0, 'source_only': 5.0, 'target_only': 0.0, 'neither': 0.0, 'total': 40.0}
    """
    if weight_a is not None and weight_b is not None:
        raise InputError("`weight_a` and `weight_b` are both given; only one can be shared out")
    tolerance = checked_tolerance(tolerance)
    checked_frame(a, "a")
    checked_frame(b, "b")
    (code_a, coded_a), (code_b, coded_b) = code_of_frame(a, code_a), code_of_frame(b, code_b)
    first = measurable(a, "a", code=code_a, valid=False)
    second = measurable(b, "b", code=code_b, valid=False)
    same_crs(a, b, ("a", "b"))
    meets(first.shapes, second.shapes, (first.called, second.called))
    hectare = SQUARE_METRES / first.metres**2
    with threads() as pool, _refusing_invalid((first, second), pool):
        cells, notes = _cells(first, second, tolerance * hectare, pool)
    told = (("a", coded_a), ("b", coded_b))
    notes += tuple(f"`{side}`: {coded}" for side, coded in told if coded)
    log.info("%d intersections for %d cells", cells.intersections, len(cells.area))
    table = _with_outside(cells, first.hectares, second.hectares, hectare)
    if not ((table["i"] >= 0) & (table["j"] >= 0)).any():
        notes += (
            f"The ground of {first.called} and that of {second.called} do not meet anywhere, "
            "though their bounds do: all of both lies outside the other.",
        )
    value, weight = table["extent"], "hectares"
    if weight_a is not None or weight_b is not None:
        if weight_a is not None:
            side, (weight, numbers) = "i", _weight(weight_a, a, code_a, first, "weight_a")
        else:
            side, (weight, numbers) = "j", _weight(weight_b, b, code_b, second, "weight_b")
        # By the parts themselves, so that they add up to the weight to the last digit.
        parts = table.groupby(side)["extent"].transform("sum")
        each = table[side].map(pd.Series(numbers)).where(table[side] >= 0, 0.0)
        value = (table["extent"] / parts * each).fillna(0.0)
    return Overlap(
        source=names[0],
        target=names[1],
        weight=weight,
        method=BY_AREA if weight == "hectares" else SHARED_OUT.format(weight=weight),
        cells=_coded(table.assign(value=value), first.codes, second.codes),
        names=(first.names, second.names),
        tolerance=tolerance,
        notes=notes,
    )


@contextmanager
def threads() -> Iterator[Executor | None]:
    """Give a pool of threads, or nothing where there is one processor only."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    if processors < 2:
        yield None
        return
    with ThreadPoolExecutor(min(processors, 8)) as pool:
        yield pool


@contextmanager
def _refusing_invalid(sides: tuple[Polygons, Polygons], pool: Executor | None) -> Iterator[None]:
    """Look for invalid polygons meanwhile; whatever else comes of them, that is what is said."""
    tasks = [
        (side.shapes[some], side.codes[some], side.called)
        for side in sides
        for some in np.array_split(np.arange(len(side)), len(side) // 10_000 + 1)
    ]
    if pool is None:
        for task in tasks:
            refuse_invalid(*task)
        yield
        return
    waiting = [pool.submit(refuse_invalid, *task) for task in tasks]
    try:
        yield
    finally:
        for answer in waiting:
            answer.result()


def _cells(
    first: Polygons, second: Polygons, tolerance: float, pool: Executor | None
) -> tuple[Cells, tuple[str, ...]]:
    """Cut two sets of polygons by each other, and look for overlaps within each meanwhile."""
    swapped = len(first) < len(second)
    blocks, polygons = (second, first) if swapped else (first, second)
    tree = shapely.STRtree(blocks.shapes)
    polygons = replace(polygons, shapes=shapely.orient_polygons(polygons.shapes))
    edges = edges_of(polygons.shapes, matched=len(polygons) > 1, rounded=True)

    def checked(side: Polygons, known: Edges | None, own: Any) -> str:
        if len(side) == 1:
            return ""
        known = known or edges_of(side.shapes, rounded=True)
        return _overlap_note(side, known, own, tolerance)

    tasks = [
        (blocks, None, tree),
        (polygons, edges, None),
    ]
    if pool is None:
        said = [checked(*task) for task in tasks]
        cells = cells_of(blocks.shapes, polygons.shapes, edges, tree=tree)
    else:
        waiting = [pool.submit(checked, *task) for task in tasks]
        cells = cells_of(blocks.shapes, polygons.shapes, edges, tree=tree, pool=pool)
        said = [task.result() for task in waiting]
    if swapped:
        order = np.lexsort((cells.block, cells.polygon))
        cells = Cells(
            cells.polygon[order], cells.block[order], cells.area[order], cells.intersections
        )
    return cells, tuple(note for note in sorted(said) if note)


def _overlap_note(side: Polygons, edges: Edges, tree: Any, tolerance: float) -> str:
    """Say how far polygons of one side overlap; raise if it is more than the tolerance."""
    found = overlaps_within(side.shapes, edges, tree, rounded=True)
    unit = side.metres**2 / SQUARE_METRES
    smaller = shapely.area(side.shapes)[found.pairs].min(axis=1)
    least = TOLERANCE * SQUARE_METRES / side.metres**2
    # However large the tolerance is: more than a sliver of a polygon would be counted twice.
    real = (found.areas > least) & (found.areas > SLIVER * smaller)
    large = np.flatnonzero((found.areas > tolerance) | real)
    if len(large):
        many = int(found.times[large].sum())
        listed = [
            f"{side.codes[i]} and {side.codes[j]} by {area * unit:,.2f} ha"
            for i, j, area in found.worst(large, 5)
        ]
        more = f" and {many - 5:,} more" if many > 5 else ""
        raise InputError(
            f"{many:,} pairs of polygons of {side.called} overlap by more than "
            f"{min(tolerance, least) * unit:g} ha: {first_five(listed)}{more}; their common ground "
            "would be counted twice: mend them (coterminous.mend, or `coterminous check FILE "
            "--mend OUT`), or fit blocks to them with Layer.from_polygons"
        )
    real = found.areas > 0
    if not real.any():
        return ""
    area = (found.areas * found.times)[real].sum() * unit
    return (
        f"{found.times[real].sum():,} pairs of polygons of {side.called} overlap, by {area:.4f} ha "
        f"in all, which is counted in both (tolerance {tolerance * unit:g} ha a pair)."
    )


def _with_outside(
    cells: Cells, first: np.ndarray, second: np.ndarray, hectare: float
) -> pd.DataFrame:
    """Add to the cells what of each polygon lies outside the other side: positions, or -1."""
    area = cells.area / hectare
    left = first - np.bincount(cells.block, weights=area, minlength=len(first))
    right = second - np.bincount(cells.polygon, weights=area, minlength=len(second))
    i, j = (
        np.flatnonzero(rest > ROUNDING * all_of)
        for rest, all_of in ((left, first), (right, second))
    )
    return pd.DataFrame(
        {
            "i": np.concatenate([cells.block, i, np.full(len(j), -1)]),
            "j": np.concatenate([cells.polygon, np.full(len(i), -1), j]),
            "extent": np.concatenate([area, left[i], right[j]]),
        }
    )


def _coded(table: pd.DataFrame, first: pd.Index, second: pd.Index) -> pd.DataFrame:
    """Put codes for positions, sorted by code as every overlap is."""
    position, ranks = {}, []
    for column, codes in (("i", first), ("j", second)):
        # Codes are sorted already: only `outside` has to find its place among them.
        at = table[column].to_numpy()
        ranks.append(np.where(at < 0, codes.searchsorted(OUTSIDE) - 0.5, at))
        position[column] = np.where(at < 0, len(codes), at)
    order = np.lexsort((ranks[1], ranks[0]))
    source, target = (
        codes.append(pd.Index([OUTSIDE], dtype=codes.dtype)).take(position[column][order])
        for column, codes in (("i", first), ("j", second))
    )
    numbers = {name: table[name].to_numpy()[order] for name in ("value", "extent")}
    return pd.DataFrame({"source": source, "target": target, **numbers})


def _weight(
    given: str | pd.Series | None, frame: Any, code: str | None, side: Polygons, argument: str
) -> tuple[str, np.ndarray]:
    """Read a weight of one side: its name, and its numbers in the order of the codes."""
    if isinstance(given, str):
        columns = [c for c in getattr(frame, "columns", ()) if c != "geometry"]
        if given not in columns:
            raise unknown(argument, given, columns)
        codes = frame.index if code is None else frame[code]
        values = pd.Series(frame[given].to_numpy(), index=codes, name=given)
    else:
        values = pd.Series(given)
    name = str(values.name or "weight")
    values = values.set_axis(values.index.astype("str").str.strip())
    twice = values.index[values.index.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"`{argument}` has two numbers for {len(twice):,} codes: {first_five(twice)}"
        )
    missing = side.codes.difference(values.index)
    if len(missing):
        raise InputError(f"`{argument}` lacks {len(missing):,} polygons: {first_five(missing)}")
    numbers = pd.to_numeric(values, errors="coerce").reindex(side.codes).astype(float)
    bad = numbers.index[~(np.isfinite(numbers) & (numbers >= 0))]
    if len(bad):
        raise InputError(
            f"`{argument}` is missing, negative or no number for {len(bad):,} polygons: "
            f"{first_five(bad)}"
        )
    return name, numbers.to_numpy()
