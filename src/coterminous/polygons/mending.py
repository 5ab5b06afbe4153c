"""Can these faults be mended without moving anybody? If so the mended polygons, else why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.blocks.coordinates import check_measurable, door_of
from coterminous.errors import InputError, first_five
from coterminous.owned import hands_out_copies
from coterminous.polygons.checking import Report, check
from coterminous.polygons.fitness import (
    MULTIPOLYGON,
    POLYGON,
    SQUARE_METRES,
    TOLERANCE,
    checked_frame,
    made_valid,
    polygonal,
)
from coterminous.results import OfBlocks, shown

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Mended(OfBlocks):
    """Mended polygons, and what was done to them.

    Attributes
    ----------
    polygons : geopandas.GeoDataFrame
        As they were given, on the same index and in the same order, with mended geometry.
    changes : pandas.DataFrame
        By code: `before`, `after` and `change` in hectares.
    before, after : Report
        The faults found first, and those that are left: overlaps and gaps over the tolerance are
        for a person to settle.
    """

    polygons: gpd.GeoDataFrame
    changes: pd.DataFrame
    before: Report
    after: Report

    def as_json(self) -> dict[str, Any]:
        """Return everything but the polygons as plain values."""
        return {
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "changes": self.changes.reset_index().to_dict("records"),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return what changed, polygon by polygon, as it is written to a file."""
        return self.changes.reset_index()

    def _titled(self) -> str:
        return f"Mended {len(self.changes):,} polygons"

    def _finding(self) -> str:
        moved = int((self.changes["change"].abs() > 0).sum())
        return (
            f"{len(self.before.faults):,} faults before, {len(self.after.faults):,} after; "
            f"{moved:,} areas changed"
        )

    def _tables(self) -> Iterable[str]:
        yield shown(self.changes[self.changes["change"] != 0], rows=None)
        yield self.after._repr_html_()


def mend(
    polygons: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    area: Geography | None = None,
    code: str | None = None,
    tolerance: float = TOLERANCE,
) -> Mended:
    """Mend what can be mended without a change that matters; report the rest.

    Invalid polygons are made valid, heights dropped, and overlaps and gaps up to the tolerance
    closed: an overlap goes to the polygon that comes first, a gap to the one with the longest
    border on it. Overlaps and gaps above the tolerance stay as they are.

    Parameters
    ----------
    polygons
        In a projected CRS.
    area
        A geography, to count people by; see `coterminous.check`.
    code
        The column of the codes, if it is not the index.
    tolerance
        Hectares by which the area of a polygon may change.

    Raises
    ------
    InputError
        If the CRS is missing or in degrees, codes are not usable, or a polygon would vanish or
        change by more than the tolerance: then nothing is mended.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> fields = gpd.GeoDataFrame(
    ...     index=["a", "b"], geometry=[box(0, 0, 101, 9), box(100, 0, 300, 9)], crs=27700
    ... )
    >>> mended = mend(fields)
    >>> mended.changes["change"].round(4).to_dict()
    {'a': 0.0, 'b': -0.0009}
    >>> len(mended.after.faults)
    0
    """
    checked_frame(polygons, "polygons")
    metres = check_measurable(polygons, door_of(polygons, "polygons"))
    before = check(polygons, area=area, code=code, tolerance=tolerance)
    stop = before.faults[before.faults["fault"].isin(["empty code", "duplicate code"])]
    if len(stop):
        raise InputError(
            "codes cannot be mended here, for no program knows what they should be: "
            f"{first_five(stop['fault'] + ' ' + stop['codes'] + ' ' + stop['detail'])}"
        )
    given = np.array(polygons.geometry.to_numpy(), dtype=object)
    codes = polygons.index if code is None else polygons[code]
    points, owner = shapely.get_coordinates(given, return_index=True)
    nowhere = np.unique(owner[~np.isfinite(points).all(axis=1)])
    if len(nowhere):
        raise InputError(
            f"not mended: {len(nowhere):,} polygons have a corner without coordinates: "
            f"{first_five(codes[nowhere])}; draw them anew, or leave them out"
        )
    kinds = shapely.get_type_id(given)
    usable = np.isin(kinds, (POLYGON, MULTIPOLYGON)) & ~shapely.is_empty(given)
    shapes = given.copy()
    shapes[usable] = _mended(given[usable], before)
    changes = _changes(given, shapes, codes, metres)
    _refuse(changes[np.asarray(usable)], shapes[usable], tolerance)
    frame = polygons.to_frame("geometry") if polygons.ndim == 1 else polygons
    out = frame.set_geometry(_with_crs(shapes, frame))
    after = check(out, area=area, code=code, tolerance=tolerance)
    return Mended(out, changes, before, after)


def _mended(given: np.ndarray, report: Report) -> np.ndarray:
    shapes = shapely.force_2d(given)
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = made_valid(shapes[bad])
    for first, second in report.regions.get("overlaps", ()):
        shapes[second] = _only_polygons(shapely.difference(shapes[second], shapes[first]))
    gaps = report.regions.get("gaps", ())
    for gap, owner in zip(gaps, report.regions.get("gap_owners", ()), strict=True):
        shapes[owner] = _only_polygons(shapely.union(shapes[owner], gap))
    return np.asarray(shapes)


def _only_polygons(shape: Any) -> Any:
    return polygonal(np.array([shape], dtype=object))[0]


def _changes(given: np.ndarray, shapes: np.ndarray, codes: Any, metres: float) -> pd.DataFrame:
    hectare = SQUARE_METRES / metres**2
    before, after = shapely.area(given) / hectare, shapely.area(shapes) / hectare
    index = pd.Index(codes.astype("str"), name="code")
    return pd.DataFrame({"before": before, "after": after, "change": after - before}, index=index)


def _refuse(changes: pd.DataFrame, shapes: np.ndarray, tolerance: float) -> None:
    """Raise if a polygon is gone or has changed by more than the tolerance."""
    gone = changes.index[shapely.is_empty(shapes) | (changes["after"] <= 0)]
    if len(gone):
        raise InputError(
            f"not mended: {len(gone):,} polygons would vanish: {first_five(gone)}; draw them anew, "
            "or leave them out"
        )
    much = changes[changes["change"].abs() > tolerance]
    if len(much):
        listed = [f"{c}: {b:,.2f} to {a:,.2f} ha" for c, b, a, _ in much.itertuples()]
        raise InputError(
            f"not mended: {len(much):,} polygons would change by more than {tolerance:g} ha: "
            f"{first_five(listed)}; mend them by hand, or raise `tolerance`"
        )


def _with_crs(shapes: np.ndarray, frame: Any) -> Any:
    import geopandas as gpd

    return gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
