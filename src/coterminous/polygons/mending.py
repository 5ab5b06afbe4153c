"""Can these faults be mended without moving anybody? If so the mended polygons, else why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.arguments import asked
from coterminous.blocks.borders import WITHIN
from coterminous.blocks.contiguity import LEAST, measured_borders
from coterminous.blocks.coordinates import check_measurable, door_of
from coterminous.errors import InputError, first_five
from coterminous.owned import hands_out_copies
from coterminous.polygons.checking import Report, check
from coterminous.polygons.fitness import (
    COLLECTION,
    MULTIPOLYGON,
    POLYGON,
    SQUARE_METRES,
    TOLERANCE,
    checked_frame,
    checked_tolerance,
    checked_within,
    made_valid,
    polygonal,
)
from coterminous.polygons.matching import matched
from coterminous.results import OfBlocks
from coterminous.words import joined

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography


#: A piece of ground is another polygon's if that polygon holds so much of it.
HELD = 0.99


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
    borders : pandas.DataFrame
        The pairs that are neighbours after and were not before, or the other way round: `a`, `b`,
        and the metres of their border `before` and `after`.
    before, after : Report
        The faults found first, and those that are left: overlaps and gaps over the tolerance are
        for a person to settle.
    """

    polygons: gpd.GeoDataFrame
    changes: pd.DataFrame
    borders: pd.DataFrame
    before: Report
    after: Report

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `changes`."""
        return self.changes

    def as_json(self) -> dict[str, Any]:
        """Return everything but the polygons as plain values."""
        return {
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "changes": self.changes.reset_index().to_dict("records"),
            "borders": self.borders.to_dict("records"),
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

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        yield "changes", self.changes[self.changes["change"] != 0]
        yield from self.after._tables()


@asked
def mend(
    polygons: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    area: Geography | None = None,
    code: str | None = None,
    tolerance: float = TOLERANCE,
    within: float = WITHIN,
) -> Mended:
    """Mend what can be mended without a change that matters; report the rest.

    Invalid polygons are made valid, of collections the polygons are kept, and heights dropped.
    Lines that nearly meet are made one line: overlaps and gaps that are nowhere wider than `within`
    are closed however long they are, and so are those up to the tolerance however wide; see
    `coterminous.polygons.matching`. Then neighbours share every corner, and each border has its
    length. Overlaps and gaps that are large and wide stay as they are, and are reported. The order
    of rows changes nothing.

    Parameters
    ----------
    polygons
        In a projected CRS.
    area
        A geography, to count people by; see `coterminous.check`.
    code
        The column of the codes, if it is not the index.
    tolerance
        Hectares up to which an overlap or gap is closed, and by which the area of a polygon may
        change where it is made valid. Small mends that add up on one polygon may come to more.
    within
        Metres up to which lines side by side are one border, and an overlap or gap is closed
        whatever its area.

    Raises
    ------
    InputError
        If the CRS is missing or in degrees, codes are not usable, or a polygon would vanish, or
        change by more than the tolerance where it is made valid: then nothing is mended.

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
    tolerance = checked_tolerance(tolerance)
    made, notes = _only_ground(given, codes, metres)
    usable = _has_ground(made)
    valid = made.copy()
    crossed = usable & ~shapely.is_valid(made)
    valid[crossed] = made_valid(made[crossed])
    known = _enclaves_left_out(made, valid, np.flatnonzero(crossed), usable)
    if known.any():
        notes.append(
            "Ground that another polygon holds was drawn as a part where a hole belongs, and is "
            f"left out: {first_five(np.asarray(codes)[known])}."
        )
    doubt = usable & ~known
    _refuse(_changes(made, valid, codes, metres)[doubt], valid[doubt], tolerance)
    shapes = valid.copy()
    hectare = SQUARE_METRES / metres**2
    shapes[usable] = matched(
        valid[usable], within=checked_within(within) / metres, small=tolerance * hectare
    )
    changes = _changes(made, shapes, codes, metres)
    _refuse(changes[usable], shapes[usable], np.inf)
    frame = polygons.to_frame("geometry") if polygons.ndim == 1 else polygons
    out = frame.set_geometry(_with_crs(shapes, frame))
    after = check(out, area=area, code=code, tolerance=tolerance)
    notes += _left(after, shapes[usable], within)
    there = np.asarray(codes)[usable]
    borders = _borders_changed(valid[usable], shapes[usable], there, polygons.crs, within)
    notes += _said_of_borders(borders)
    return Mended(out, changes, borders, before, replace(after, notes=(*notes, *after.notes)))


def _borders_changed(
    before: np.ndarray, after: np.ndarray, codes: np.ndarray, crs: Any, within: float
) -> pd.DataFrame:
    """List the pairs that have become neighbours, or are none any more."""
    import geopandas as gpd

    index = pd.Index(codes.astype(str), name="code")
    found = {
        when: measured_borders(gpd.GeoSeries(shapes, index=index, crs=crs), within=within)
        .set_index(["a", "b"])["shared_m"]
        .rename(when)
        for when, shapes in (("before", before), ("after", after))
    }
    both = pd.concat(found.values(), axis=1).fillna(0.0)
    changed = both[(both["before"] >= LEAST) != (both["after"] >= LEAST)]
    return changed.round(2).sort_index().reset_index()


def _said_of_borders(borders: pd.DataFrame) -> list[str]:
    """Say which pairs the mend made neighbours, and which it parted."""
    listed = [f"{r.a} and {r.b} ({r.before:g} to {r.after:g} m)" for r in borders.itertuples()]
    if not listed:
        return []
    more = f" and {len(listed) - 5:,} more pairs" if len(listed) > 5 else ""
    return [f"Neighbours changed by the mend: {', '.join(listed[:5])}{more}."]


def _only_ground(given: np.ndarray, codes: Any, metres: float) -> tuple[np.ndarray, list[str]]:
    """Drop heights, and of collections what is no polygon; say of which."""
    made = shapely.force_2d(given)
    mixed = shapely.get_type_id(made) == COLLECTION
    mixed[mixed] = shapely.area(made[mixed]) > 0
    made[mixed] = polygonal(made[mixed])
    notes = []
    if mixed.any():
        sizes = shapely.area(made[mixed]) * metres**2 / SQUARE_METRES
        listed = [f"{c}: {s:,.2f} ha" for c, s in zip(codes[mixed], sizes, strict=True)]
        notes.append(
            "Of what is a collection the polygons are kept, with their hectares as before, and "
            f"lines and points are dropped: {first_five(listed)}."
        )
    beyond = ~_has_ground(made)
    if beyond.any():
        notes.append(
            f"Beyond mending, for there is no polygon: {first_five(np.asarray(codes)[beyond])}; "
            "draw them, or leave them out."
        )
    return made, notes


def _enclaves_left_out(
    made: np.ndarray, valid: np.ndarray, crossed: np.ndarray, usable: np.ndarray
) -> np.ndarray:
    """Settle by the other polygons whether what rings enclose twice is ground or a hole.

    Writes the ground into `valid`, and returns where a hole was found.
    """
    known = np.zeros(len(made), dtype=bool)
    if not len(crossed):
        return known
    others = np.flatnonzero(usable & shapely.is_valid(made))
    tree = shapely.STRtree(made[others])
    for place in crossed:
        lines = polygonal(shapely.make_valid(made[place : place + 1]))[0]
        twice = shapely.difference(valid[place], lines)
        if twice.area <= 0:
            continue
        near = made[others[tree.query(twice, predicate="intersects")]]
        held = shapely.intersection(twice, shapely.union_all(near)).area
        if held >= HELD * twice.area:
            valid[place], known[place] = lines, True
    return known


def _has_ground(shapes: np.ndarray) -> np.ndarray:
    kinds = shapely.get_type_id(shapes)
    return np.asarray(np.isin(kinds, (POLYGON, MULTIPOLYGON)) & ~shapely.is_empty(shapes))


def _left(after: Report, shapes: np.ndarray, within: float) -> list[str]:
    """Say what was not mended, and what would."""
    left = after.faults["fault"].value_counts()
    said = [f"{left[f]:,} {f}{'s' if left[f] > 1 else ''}" for f in ("overlap", "gap") if f in left]
    if said:
        return [
            f"Left as they are: {joined(said)} of more than {after.tolerance:g} ha and wider "
            f"than {within:g} m, for somebody has to say whose ground it is; a larger `tolerance` "
            "closes them too."
        ]
    if not shapely.coverage_is_valid(shapes):
        return ["Not all edges match, though no overlap or gap of any size is left."]
    return []


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
            f"{first_five(listed)}; mend them by hand, or raise `tolerance` (`--tolerance`)"
        )


def _with_crs(shapes: np.ndarray, frame: Any) -> Any:
    import geopandas as gpd

    return gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
