"""Are these polygons fit to be measured? Codes, coordinates and shapes, checked at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.errors import InputError, first_five, unknown
from coterminous.layer import OUTSIDE

if TYPE_CHECKING:
    import geopandas as gpd

POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7
SQUARE_METRES = 10_000.0
#: Overlaps, gaps and pieces up to this many hectares do not count: about one house and garden.
TOLERANCE = 0.1
#: Projections that are everywhere on the web and true in area nowhere but on the equator.
WEB_MERCATOR = ("EPSG:3857", "EPSG:900913", "EPSG:3395", "EPSG:3785")


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
    """

    codes: pd.Index
    shapes: np.ndarray
    names: dict[str, str]
    metres: float

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
        If there are none, the CRS is missing, in degrees or Web Mercator, or a polygon has no
        code or another's, is no polygon, empty or invalid.

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
    metres = metres_in_unit(polygons.crs, argument)
    codes = checked_codes(polygons, argument, code)
    shapes = np.array(polygons.geometry.to_numpy(), dtype=object)
    _check_shapes(shapes, codes, argument)
    if shapely.has_z(shapes).any():
        shapes = shapely.force_2d(shapes)
    names = _names(polygons, codes)
    if valid:
        refuse_invalid(shapes, codes, argument)
    if not codes.is_monotonic_increasing:
        order = np.argsort(np.asarray(codes, dtype=object), kind="stable")
        codes, shapes = codes[order], shapes[order]
    return Polygons(codes, shapes, names, metres)


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


def metres_in_unit(crs: Any, argument: str) -> float:
    """Return the metres in a unit of a CRS, or say why areas in it would be wrong.

    Raises
    ------
    InputError
        If there is no CRS, or it is in degrees or Web Mercator.
    """
    if crs is None:
        raise InputError(
            f"`{argument}` has no coordinate reference system; say which it is in, such as "
            f"{argument}.set_crs(27700) for British National Grid"
        )
    name = crs.to_string()
    if not crs.is_projected:
        raise InputError(
            f"`{argument}` is in {name}, in degrees; areas need a projected one: "
            f"{argument}.to_crs(27700)"
        )
    if name in WEB_MERCATOR:
        raise InputError(
            f"`{argument}` is in {name} (Web Mercator), which swells areas nearly threefold in "
            f"Britain; use {argument}.to_crs(27700)"
        )
    return float(crs.axis_info[0].unit_conversion_factor)


def same_crs(first: Any, second: Any, arguments: tuple[str, str]) -> None:
    """Raise unless two frames have the same CRS."""
    if first.crs != second.crs:
        one, other = arguments
        raise InputError(
            f"`{one}` is in {first.crs.to_string()} and `{other}` in {second.crs.to_string()}; "
            f"use {other}.to_crs({one}.crs)"
        )


def meets(first: np.ndarray, second: np.ndarray, arguments: tuple[str, str]) -> None:
    """Raise unless the bounds of two sets of polygons meet: else one is of another place."""
    one, other = shapely.total_bounds(first), shapely.total_bounds(second)
    if (one[:2] > other[2:]).any() or (other[:2] > one[2:]).any():
        said = [", ".join(f"{x:,.0f}" for x in bounds) for bounds in (one, other)]
        raise InputError(
            f"`{arguments[0]}` (bounds {said[0]}) and `{arguments[1]}` (bounds {said[1]}) do not "
            "meet anywhere; are both of the same place, and is the CRS of each the right one?"
        )


def checked_codes(polygons: Any, argument: str, code: str | None = None) -> pd.Index:
    """Take the codes from the index or a column: text, unique, none empty.

    Raises
    ------
    InputError
        If the column is not there, or codes are numbers, empty, repeated or reserved.
    """
    if code is not None:
        columns = [c for c in getattr(polygons, "columns", ()) if c != "geometry"]
        if code not in columns:
            raise unknown("code", code, columns)
        values, where = polygons[code], f"column `{code}` of `{argument}`"
    else:
        values, where = polygons.index.to_series(), f"the index of `{argument}`"
        if isinstance(polygons.index, pd.RangeIndex):
            # Rows that nobody has named: their numbers are the only codes there are.
            values = values.astype("str")
    if pd.api.types.is_numeric_dtype(values):
        raise InputError(
            f"{where} holds numbers, not codes: {first_five(values)}; read it as text, so that "
            "leading zeros stay"
        )
    empty = values.isna() | (values.astype("str").str.strip() == "")
    if empty.any():
        raise InputError(
            f"{where} is empty in {int(empty.sum()):,} rows "
            f"(row {first_five((np.flatnonzero(empty) + 1).tolist())}); give each polygon a code"
        )
    codes = pd.Index(values.astype("str").str.strip(), name="code")
    twice = codes[codes.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"{where} has {len(twice):,} codes more than once: {first_five(twice)}; dissolve "
            "the polygons of one code, or choose another column as the code"
        )
    if (codes == OUTSIDE).any():
        raise InputError(f"{where} uses {OUTSIDE!r} as a code; it is reserved")
    return codes


def _check_shapes(shapes: np.ndarray, codes: pd.Index, argument: str) -> None:
    kinds = shapely.get_type_id(shapes)
    # Kind is asked of None too, which is no polygon; emptiness only of what is one.
    strange = ~np.isin(kinds, (-1, POLYGON, MULTIPOLYGON))
    mixed = strange & (kinds == COLLECTION)
    mixed[mixed] = shapely.area(shapes[mixed]) > 0
    faults = {
        "have no polygon, or an empty one": (kinds == -1) | shapely.is_empty(shapes),
        "are no polygons": strange & ~mixed,
        "are collections of polygons and what is none": mixed,
    }
    for fault, where in faults.items():
        if where.any():
            mend = "coterminous.mend keeps their polygons (`coterminous check FILE --mend OUT`)"
            raise InputError(
                f"{int(where.sum()):,} rows of `{argument}` {fault}: {first_five(codes[where])}; "
                f"{mend if where is mixed else 'draw them, or leave them out'}"
            )


def refuse_invalid(shapes: np.ndarray, codes: pd.Index, argument: str) -> None:
    """Raise if a polygon crosses itself, or is otherwise one whose area is in doubt."""
    valid = shapely.is_valid(shapes)
    if not valid.all():
        bad = np.flatnonzero(~valid)
        raise InputError(
            f"{len(bad):,} polygons of `{argument}` are not valid: {first_five(codes[bad])} "
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
