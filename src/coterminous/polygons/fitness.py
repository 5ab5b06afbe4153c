"""Are these polygons fit to be measured? Codes, coordinates and shapes, checked at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.blocks.coordinates import (
    BRITISH_GRID,
    Door,
    FrameDoor,
    called,
    check_measurable,
    door_of,
    horizontal,
    same_system,
)
from coterminous.errors import InputError, first_five, unknown
from coterminous.layer import OUTSIDE
from coterminous.tables.keys import check_alike
from coterminous.words import joined

if TYPE_CHECKING:
    import geopandas as gpd

POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7
SQUARE_METRES = 10_000.0
#: Overlaps, gaps and pieces up to this many hectares do not count: about one house and garden.
TOLERANCE = 0.1


@dataclass(frozen=True)
class Polygons:
    """Polygons that can be measured, sorted by code.

    Attributes
    ----------
    codes
        Text, unique, sorted.
    shapes
        Valid polygons and multipolygons in two dimensions.
    names
        Names by code; the code itself where there is none.
    metres
        Metres in a unit of the coordinates.
    called
        What errors call them.
    """

    codes: pd.Index
    shapes: np.ndarray
    names: dict[str, str]
    metres: float
    called: str = "`polygons`"

    @property
    def hectares(self) -> np.ndarray:
        """Area of each polygon."""
        return np.asarray(shapely.area(self.shapes) * self.metres**2 / SQUARE_METRES)

    def __len__(self) -> int:
        return len(self.codes)


def measurable(
    polygons: gpd.GeoDataFrame | gpd.GeoSeries,
    argument: str,
    *,
    code: str | None = None,
    valid: bool = True,
) -> Polygons:
    """Check polygons once, so that nothing after it has to.

    Parameters
    ----------
    polygons
        In a projected CRS; the index holds the codes unless `code` names a column.
    argument
        What to call them in an error.
    code
        The column that holds the codes.
    valid
        Refuse invalid polygons; without, the caller does, with `refuse_invalid`.

    Raises
    ------
    InputError
        If there are none, the CRS is missing, belied by the coordinates, in degrees or of no true
        area (see `coterminous.blocks.coordinates`), or a polygon has no code or
        another's, is no polygon, empty or invalid.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> fields = gpd.GeoDataFrame(
    ...     index=["b", "a"], geometry=[box(0, 0, 100, 100), box(100, 0, 400, 100)], crs=27700
    ... )
    >>> ready = measurable(fields, "fields")
    >>> list(ready.codes), ready.hectares.tolist()
    (['a', 'b'], [3.0, 1.0])
    """
    checked_frame(polygons, argument)
    metres = check_measurable(polygons, door_of(polygons, argument), lengths=False)
    codes = frame_codes(polygons, argument, code)
    shapes = np.array(polygons.geometry.to_numpy(), dtype=object)
    said = door_of(polygons, argument).called
    _check_shapes(shapes, codes, said)
    if shapely.has_z(shapes).any():
        shapes = shapely.force_2d(shapes)
    names = _names(polygons, codes)
    if valid:
        refuse_invalid(shapes, codes, said)
    if not codes.is_monotonic_increasing:
        order = np.argsort(np.asarray(codes, dtype=object), kind="stable")
        codes, shapes = codes[order], shapes[order]
    return Polygons(codes, shapes, names, metres, said)


def _names(polygons: Any, codes: pd.Index) -> dict[str, str]:
    known = codes.to_numpy(dtype=object)
    if "name" not in getattr(polygons, "columns", ()):
        return dict(zip(known, known, strict=True))
    labels = polygons["name"].astype("str").set_axis(codes)
    return dict(zip(known, labels.fillna(codes.to_series()).to_numpy(dtype=object), strict=True))


def checked_tolerance(tolerance: float) -> float:
    """Return a tolerance in hectares as a number.

    Raises
    ------
    InputError
        If it is no number, negative or endless.
    """
    try:
        hectares = float(tolerance)
    except (TypeError, ValueError):
        hectares = np.nan
    if not (np.isfinite(hectares) and hectares >= 0):
        raise InputError(f"`tolerance` is {tolerance!r}; give hectares, 0 or more")
    return hectares


def checked_within(within: float) -> float:
    """Return metres within which two lines are one border, as a number.

    Raises
    ------
    InputError
        If they are none, negative or endless.
    """
    try:
        metres = float(within)
    except (TypeError, ValueError):
        metres = np.nan
    if not (np.isfinite(metres) and metres > 0):
        raise InputError(f"`within` is {within!r}; give metres, more than 0")
    return metres


def checked_frame(polygons: Any, argument: str) -> None:
    """Raise unless these are polygons of geopandas, and at least one."""
    if not hasattr(polygons, "geometry") or not hasattr(polygons, "crs"):
        raise InputError(
            f"`{argument}` is a {type(polygons).__name__}; give a GeoDataFrame or GeoSeries"
        )
    if not len(polygons):
        raise InputError(f"`{argument}` has no polygons")


def same_crs(first: Any, second: Any, arguments: tuple[str, str]) -> None:
    """Raise unless two frames are in the same CRS, in whoever's words."""
    if not same_system(first.crs, second.crs):
        one, other = (door_of(x, a) for x, a in zip((first, second), arguments, strict=True))
        theirs, ours = horizontal(first.crs), horizontal(second.crs)
        raise InputError(
            f"{one.called} is in {called(theirs)} and {other.called} in {called(ours)}; "
            f"{_brought_together((one, other), (theirs, ours), arguments)}"
        )


def _brought_together(
    doors: tuple[Door, Door], systems: tuple[Any, Any], arguments: tuple[str, str]
) -> str:
    """Say how to bring two frames into one CRS: that of either which has a code, or the grid."""
    one, other = doors
    first, second = (s.to_epsg() for s in systems)
    if isinstance(other, FrameDoor):
        return f"use {arguments[1]}.to_crs({arguments[0]}.crs)"
    if first is not None and (first == BRITISH_GRID or second != BRITISH_GRID):
        return f"reproject {other.called}: {other.reprojected(first)}"
    if second is not None and not isinstance(one, FrameDoor):
        return f"reproject {one.called}: {one.reprojected(second)}"
    both = joined(dict.fromkeys(d.reprojected(BRITISH_GRID) for d in doors))
    return f"reproject both: {both}"


def meets(first: np.ndarray, second: np.ndarray, called_as: tuple[str, str]) -> None:
    """Raise unless the bounds of two sets of polygons meet: else one is of another place."""
    one, other = shapely.total_bounds(first), shapely.total_bounds(second)
    if (one[:2] > other[2:]).any() or (other[:2] > one[2:]).any():
        said = [", ".join(f"{x:,.0f}" for x in bounds) for bounds in (one, other)]
        raise InputError(
            f"{called_as[0]} (bounds {said[0]}) and {called_as[1]} (bounds {said[1]}) do not "
            "meet anywhere; are both of the same place, and is the CRS of each the right one?"
        )


def frame_codes(polygons: Any, argument: str, code: str | None = None) -> pd.Index:
    """Take the codes from the index or a column of a frame; see `checked_codes`.

    Raises
    ------
    InputError
        If the column is not there, or the codes cannot be used.
    """
    door = door_of(polygons, argument)
    if code is not None:
        columns = [c for c in getattr(polygons, "columns", ()) if c != "geometry"]
        if code not in columns:
            raise unknown("code", code, columns)
        values, where = polygons[code], f"column `{code}` of {door.called}"
    else:
        values = polygons.index.to_series()
        where = f"the index of {door.called}"
        if isinstance(polygons.index, pd.RangeIndex):
            # Rows that nobody has named: their numbers are the only codes there are.
            values = values.astype("str")
    if pd.api.types.is_numeric_dtype(values):
        raise InputError(
            f"{where} holds numbers, not codes: {first_five(values)}; read it as text, so that "
            'leading zeros stay, or take them as they are with `.astype("str")`'
        )
    return checked_codes(values, where)


def checked_codes(
    values: pd.Series,
    where: str,
    *,
    repeated: bool = False,
    mend: str = "dissolve the polygons of one code, or choose another column as the code",
) -> pd.Index:
    """Return codes as text: unique, none empty or alike.

    Parameters
    ----------
    values
        The codes, row by row.
    where
        What errors are about.
    repeated
        Whether a code may stand in several rows.
    mend
        What to do about one that does and may not.

    Raises
    ------
    InputError
        If codes are empty, repeated, reserved, or differ only in what cannot be seen.
    """
    empty = values.isna() | (values.astype("str").str.strip() == "")
    if empty.any():
        raise InputError(
            f"{where} is empty in {int(empty.sum()):,} rows "
            f"(row {first_five((np.flatnonzero(empty) + 1).tolist())}); give each polygon a code"
        )
    codes = pd.Index(values.astype("str").str.strip(), name="code")
    twice = codes[codes.duplicated()].unique()
    if len(twice) and not repeated:
        raise InputError(
            f"{where} has {len(twice):,} codes more than once: {first_five(twice)}; {mend}"
        )
    check_alike(codes, where)
    if (codes == OUTSIDE).any():
        raise InputError(f"{where} uses {OUTSIDE!r} as a code; it is reserved")
    return codes


def _check_shapes(shapes: np.ndarray, codes: pd.Index, said: str) -> None:
    kinds = shapely.get_type_id(shapes)
    # Kind is asked of None too, which is no polygon; emptiness only of what is one.
    strange = ~np.isin(kinds, (-1, POLYGON, MULTIPOLYGON))
    mixed = strange & (kinds == COLLECTION)
    mixed[mixed] = shapely.area(shapes[mixed]) > 0
    faults = {
        "have no polygon, or an empty one": (kinds == -1) | shapely.is_empty(shapes),
        "are no polygons": strange & ~mixed,
        "are collections of polygons and what is none": mixed,
        "have a corner without coordinates": _nowhere(shapes),
    }
    for fault, where in faults.items():
        if where.any():
            mend = "coterminous.mend keeps their polygons (`coterminous check FILE --mend OUT`)"
            raise InputError(
                f"{int(where.sum()):,} rows of {said} {fault}: {first_five(codes[where])}; "
                f"{mend if where is mixed else 'draw them, or leave them out'}"
            )


def _nowhere(shapes: np.ndarray) -> np.ndarray:
    """Say which shapes have a corner that is not finite: nothing can be measured of them."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    out = np.zeros(len(shapes), dtype=bool)
    out[owner[~np.isfinite(points).all(axis=1)]] = True
    return out


def refuse_invalid(shapes: np.ndarray, codes: pd.Index, said: str) -> None:
    """Raise if a polygon crosses itself, or is otherwise one whose area is in doubt."""
    valid = shapely.is_valid(shapes)
    if not valid.all():
        bad = np.flatnonzero(~valid)
        raise InputError(
            f"{len(bad):,} polygons of {said} are not valid: {first_five(codes[bad])} "
            f"({shapely.is_valid_reason(shapes[bad[0]])}); see what is wrong with "
            "coterminous.check, which can mend it"
        )


def polygonal(shapes: np.ndarray) -> np.ndarray:
    """Keep of repaired shapes what is polygon: lines and points hold nobody."""
    out = shapes.copy()
    for position in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (POLYGON, MULTIPOLYGON))):
        parts = shapely.get_parts(shapely.get_parts(shapes[position]))
        out[position] = shapely.multipolygons(parts[shapely.get_type_id(parts) == POLYGON])
    return out


def made_valid(shapes: np.ndarray) -> np.ndarray:
    """Make polygons valid by their structure: what rings enclose, less their holes.

    Where a ring touches itself about a hole, its structure would fill the hole; the lines do not.
    Of the two that is taken whose area is nearer to that of the polygon as it was drawn.
    """
    made = polygonal(shapely.make_valid(shapes, method="structure", keep_collapsed=False))
    drawn = shapely.area(shapes)
    much = np.flatnonzero(np.abs(shapely.area(made) - drawn) > 0)
    lines = polygonal(shapely.make_valid(shapes[much]))
    off = [np.abs(shapely.area(x) - drawn[much]) for x in (made[much], lines)]
    nearer = off[1] < off[0] - 1e-9 * np.maximum(drawn[much], 1.0)
    made[much[nearer]] = lines[nearer]
    return made
