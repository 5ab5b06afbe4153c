"""Are these coordinates where their reference system says, and can they be measured in it?

The one judge of coordinate reference systems (CRS), which every door asks: files of polygons,
frames, a folder's blocks. It compares the coordinates with the units and the area of use of the
system, knows a projection by what it does and not by its name, and says what they look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from coterminous.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

NO_CRS, IMPLAUSIBLE, DEGREES = "no CRS", "implausible CRS", "geographic CRS"
WEB_MERCATOR, MERCATOR, DISTORTED = "Web Mercator", "Mercator", "distorted CRS"
BRITISH_GRID = 27700
WGS84 = 4326
#: West, south, east and north of the British Isles, in degrees.
BRITAIN = (-11.0, 49.5, 2.5, 61.5)
WORLD = (-180.0, -90.0, 180.0, 90.0)
#: So far from the origin of a plane nobody takes metres for degrees.
FAR = 1_000.0
#: Degrees by which coordinates may leave the area of use: maps of a country overlap the next.
BEYOND = 5.0
#: A system is measured in if areas are true to 1 in 100 and lengths to 2 in 100.
AREAS_TRUE, LENGTHS_TRUE = 0.01, 0.02
#: What coordinates in metres look like, from bounds of Britain in each: the first that fits.
_LOOKS = {
    BRITISH_GRID: (0.0, 0.0, 700_000.0, 1_300_000.0),
    32630: (166_000.0, 5_400_000.0, 834_000.0, 6_900_000.0),
    3857: (-1_300_000.0, 6_300_000.0, 300_000.0, 8_800_000.0),
    3035: (2_900_000.0, 2_900_000.0, 4_000_000.0, 4_500_000.0),
}


@dataclass(frozen=True)
class Door:
    """By which door polygons come in: what errors call them, and how its user says more of them.

    Attributes
    ----------
    called
        The file, or the argument.
    option, setting
        How an option is named, and how with a value; such as ``"`--{}`"`` and ``"`--{} {}`"``.
    crs, dissolve
        How these two are given, if it is in another form than the rest.
    crs_named
        How the option of the CRS is named, likewise.
    """

    called: str
    option: str = "`{}`"
    setting: str = "`{}={}`"
    crs: str = ""
    dissolve: str = ""
    crs_named: str = ""

    def named(self, option: str) -> str:
        """Name an option as its user gives it."""
        if option == "dissolve" and self.dissolve:
            return self.dissolve
        if option == "crs" and self.crs_named:
            return self.crs_named
        return self.option.format(option)

    def given(self, option: str, value: object) -> str:
        """Name an option and its value as its user gives them."""
        return self.setting.format(option, value)

    def declared(self, epsg: object, again: bool = False) -> str:
        """Say how a CRS is declared where there is none, or one that cannot be."""
        del again  # only a frame tells the two apart
        return self.crs.format(epsg, epsg) if self.crs else self.given("crs", epsg)

    def reprojected(self, epsg: object) -> str:
        """Say how polygons are reprojected."""
        return self.declared(epsg)


@dataclass(frozen=True)
class FrameDoor(Door):
    """The door of a frame in memory, whose user has geopandas."""

    argument: str = "polygons"

    def declared(self, epsg: object, again: bool = False) -> str:
        """Say how a CRS is declared, or another than there is."""
        return f"{self.argument}.set_crs({epsg}{', allow_override=True' if again else ''})"

    def reprojected(self, epsg: object) -> str:
        """Say how polygons are reprojected."""
        return f"{self.argument}.to_crs({epsg})"


def door_of(polygons: Any, argument: str) -> Door:
    """Return the door by which a frame came in: its file's, if it was read from one."""
    kept = getattr(polygons, "attrs", {}).get("door")
    return Door(**kept) if kept else FrameDoor(f"`{argument}`", argument=argument)


@dataclass(frozen=True)
class Unfit:
    """Why coordinates cannot be measured as they are.

    Attributes
    ----------
    kind
        `NO_CRS`, `IMPLAUSIBLE`, `DEGREES`, `WEB_MERCATOR`, `MERCATOR` or `DISTORTED`.
    why
        The rest of a sentence that begins with what they are called.
    epsg
        Of the first two kinds what they look like, if like any; else what to reproject to.
    turned
        Whether east and north stand in each other's place.
    mixed
        Whether some polygons are in other units than the rest.
    """

    kind: str
    why: str
    epsg: int | None
    turned: bool = False
    mixed: bool = False

    @property
    def undeclared(self) -> bool:
        """Whether nobody has said what the coordinates are in, or not rightly."""
        return self.kind in (NO_CRS, IMPLAUSIBLE)

    def mend(self, door: Door) -> str:
        """Say what the user of a door can do."""
        if not self.undeclared:
            kind = "a projected one" if self.kind == DEGREES else "one that keeps them"
            return f"areas and distances need {kind}: {door.reprojected(self.epsg)}"
        if self.mixed:
            return "put all of them in one system, or take these out"
        if self.turned:
            return (
                "if that is so, swap them in the file, as with `Swap X and Y coordinates` in QGIS"
            )
        again = self.kind == IMPLAUSIBLE
        if self.epsg is None:
            said = door.declared("EPSG", again)
            return f"find out from their author what they are in, and declare it: {said}"
        said = door.declared(self.epsg, again)
        return f"they look like EPSG:{self.epsg}; if so, declare it: {said}"


def judged(polygons: gpd.GeoDataFrame | gpd.GeoSeries, *, lengths: bool = True) -> Unfit | None:
    """Judge whether polygons can be measured in the CRS that they say they are in.

    Parameters
    ----------
    polygons
        Their shapes may be empty, missing or not finite; those are left out of account.
    lengths
        Whether lengths have to be true too, and not only areas.

    Returns
    -------
    Unfit or None
        None if they can.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> judged(gpd.GeoSeries([box(350000, 430000, 351000, 431000)], crs=4326)).epsg
    27700
    >>> judged(gpd.GeoSeries([box(350000, 430000, 351000, 431000)], crs=27700)) is None
    True
    """
    crs, bounds = horizontal(polygons.crs), finite_bounds(polygons)
    looks = looks_like(polygons, bounds)
    if crs is None:
        such = "" if bounds is None else f" for its coordinates, such as {_figures(bounds[:2])}"
        return Unfit(NO_CRS, f"has no coordinate reference system{such}", looks)
    if bounds is not None:
        among = _among(polygons, crs)
        if among:
            return Unfit(IMPLAUSIBLE, f"is read as {called(crs)}, but {among}", None, mixed=True)
        why, turned = _belied(polygons, crs, bounds)
        if why:
            said = f"is read as {called(crs)}, but {why}{_TURNED if turned else ''}"
            return Unfit(IMPLAUSIBLE, said, looks, turned)
    if not crs.is_projected:
        said = "in degrees" if crs.is_geographic else "which is not flat"
        return Unfit(DEGREES, f"is in {called(crs)}, {said}", suitable(crs, bounds))
    method = _method(crs)
    if "mercator" in method and not any(w in method for w in ("transverse", "oblique")):
        kind = WEB_MERCATOR if _is_web(crs, method) else MERCATOR
        swollen = "" if bounds is None else _swollen(crs, bounds)
        why = f"is in {called(crs)} ({kind}), which swells areas{swollen}"
        return Unfit(kind, why, suitable(crs, bounds))
    off = None if bounds is None else _distortion(crs, bounds, lengths)
    if off:
        return Unfit(DISTORTED, f"is in {called(crs)}, which {off}", suitable(crs, bounds))
    return None


def check_measurable(
    polygons: gpd.GeoDataFrame | gpd.GeoSeries, door: Door, *, lengths: bool = True
) -> float:
    """Return the metres in a unit of the coordinates, or say why they cannot be measured.

    Raises
    ------
    InputError
        In one sentence, with what the user of this door can do.
    """
    unfit = judged(polygons, lengths=lengths)
    if unfit is not None:
        raise InputError(f"{door.called} {unfit.why}; {unfit.mend(door)}")
    return float(horizontal(polygons.crs).axis_info[0].unit_conversion_factor)


def put_in(polygons: gpd.GeoDataFrame, crs: object, door: Door) -> tuple[gpd.GeoDataFrame, str]:
    """Put polygons in a CRS: declared where theirs is missing or cannot be, else reprojected.

    Parameters
    ----------
    polygons
    crs
        An EPSG code, or anything else that pyproj takes.
    door
        Names them and the option in errors.

    Returns
    -------
    GeoDataFrame, str
        And what was done, as a sentence; empty if they were in it.

    Raises
    ------
    InputError
        If it is no CRS, or the coordinates cannot be in it.
    """
    wanted = _parsed(crs, door)
    unfit = judged(polygons)
    if unfit is None or not unfit.undeclared:
        if same_system(polygons.crs, wanted):
            return polygons, ""
        moved = polygons.to_crs(wanted)
        return moved, (
            f"{door.called}: reprojected from {called(horizontal(polygons.crs))} to "
            f"{called(wanted)}, as {door.named('crs')} says."
        )
    said = polygons.set_crs(wanted, allow_override=True)
    still = judged(said)
    if still is not None and still.undeclared:
        instead = "" if still.epsg is None else f"; {still.mend(door)}"
        raise InputError(
            f"{door.called} cannot be in {called(wanted)}, as {door.named('crs')} says: "
            f"{still.why.partition(', but ')[2] or still.why}{instead}"
        )
    note = (
        f"{door.called} {unfit.why}: its coordinates are taken as {called(wanted)}, as "
        f"{door.named('crs')} says."
    )
    if still is None:
        return said, note
    # What was declared is known now, but cannot be measured in.
    moved = said.to_crs(still.epsg)
    return moved, f"{note} Measured in EPSG:{still.epsg}."


def same_system(one: Any, other: Any) -> bool:
    """Say whether two CRS are the same for coordinates in the plane, in whoever's words.

    The order of axes, heights and shifts to other datums are left out of account, and a datum
    that one of them does not name.
    """
    first, second = horizontal(one), horizontal(other)
    if first is None or second is None:
        return False
    if first.equals(second, ignore_axis_order=True):
        return True
    codes = {c.to_epsg(min_confidence=70) for c in (first, second)}
    return (len(codes) == 1 and None not in codes) or _same_projection(first, second)


def horizontal(crs: Any) -> Any:
    """Return the part of a CRS that is in the plane; None if it has no place on the earth.

    Examples
    --------
    >>> import pyproj
    >>> horizontal(pyproj.CRS(7405)).to_epsg()
    27700
    """
    if crs is None or crs.is_engineering:
        return None
    if crs.is_compound:
        return horizontal(crs.sub_crs_list[0])
    if crs.is_bound:
        return horizontal(crs.source_crs)
    return crs.to_2d() if len(crs.axis_info) > 2 and not crs.is_geocentric else crs


def has_heights(crs: Any) -> bool:
    """Say whether a CRS has heights, which are dropped."""
    return crs is not None and (crs.is_compound or (len(crs.axis_info) > 2 and crs.is_geographic))


def called(crs: Any) -> str:
    """Call a CRS by its authority's code, or else by its name."""
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else f"{crs.name!r}"


def finite_bounds(polygons: Any) -> np.ndarray | None:
    """Return west, south, east and north of what is finite, in the CRS; None if nothing is."""
    import shapely

    each = shapely.bounds(polygons.geometry.to_numpy())
    each = each[np.isfinite(each).all(axis=1)]
    return np.concatenate([each[:, :2].min(axis=0), each[:, 2:].max(axis=0)]) if len(each) else None


def looks_like(polygons: Any, bounds: np.ndarray | None) -> int | None:
    """Say what coordinates look like: the EPSG code of a system of Britain, or of degrees."""
    if bounds is None:
        return None
    if _like_degrees(polygons, bounds):
        return WGS84
    for epsg, known in _LOOKS.items():
        if _inside(bounds, known) and np.abs(bounds).max() > 180:
            return epsg
    return None


def suitable(crs: Any, bounds: np.ndarray | None) -> int:
    """Return the EPSG code of a system in which what lies there can be measured."""
    import pyproj

    at = None if bounds is None else _in_degrees(crs, bounds)
    if at is None or _inside(_box(at), BRITAIN):
        return BRITISH_GRID
    west, south, east, north = _box(at)
    there = pyproj.aoi.AreaOfInterest(west, south, east, north)
    found = pyproj.database.query_utm_crs_info("WGS 84", there)
    if found:
        return int(found[len(found) // 2].code)
    # Wider than one zone: that of the middle, or where areas are true all over the earth.
    return 6933 if not _narrow(at) else 32600 + int(((west + east) / 2 + 180) // 6) + 1


# ---------------------------------------------------------------------- what belies a CRS


def _belied(polygons: Any, crs: Any, bounds: np.ndarray) -> tuple[str, bool]:
    """Say what in the coordinates cannot be so in a CRS, and whether it can if they are swapped."""
    such = f"coordinates such as {_figures(bounds[:2])}"
    swapped = bounds[[1, 0, 3, 2]]
    if crs.is_geographic:
        if not _inside(bounds, WORLD):
            beyond = np.abs(bounds).max() <= 360
            why = "are beyond 180 and 90 degrees" if beyond else "are no degrees"
            return f"{such} {why}", _inside(swapped, WORLD)
        if _inside(swapped, BRITAIN):
            return f"{such} would be in the Indian Ocean", True
        outside = _outside_use(crs, _points(bounds))
        return (f"{such} are outside its area of use" if outside else ""), False
    if not crs.is_projected:
        return "", False
    turned = _inside(swapped, BRITAIN)
    if turned or _like_degrees(polygons, bounds):
        return f"{such} are degrees, not metres or feet", turned
    at = _in_degrees(crs, bounds)
    if at is not None and not _outside_use(crs, at):
        return "", False
    other = _in_degrees(crs, swapped)
    turned = crs.area_of_use is not None and other is not None and not _outside_use(crs, other)
    return f"{such} are outside its area of use", turned


def _among(polygons: Any, crs: Any) -> str:
    """Name the polygons that are in degrees among metres, or in metres among degrees."""
    import shapely

    each = shapely.bounds(polygons.geometry.to_numpy())
    there = np.isfinite(each).all(axis=1)
    low, high = each[:, :2], each[:, 2:]
    degrees = there & (low >= WORLD[:2]).all(axis=1) & (high <= WORLD[2:]).all(axis=1)
    rest = there & ~degrees
    if not degrees.any() or not rest.any():
        return ""
    if crs.is_geographic:
        odd, said = rest, "no degrees, as those of the rest are"
    else:
        # Near the origin of a plane a few metres are possible; in Britain's degrees they are not,
        # where the rest lies thousands of metres away.
        west, south, east, north = BRITAIN
        home = (low >= (west, south)).all(axis=1) & (high <= (east, north)).all(axis=1)
        turned = (low >= (south, west)).all(axis=1) & (high <= (north, east)).all(axis=1)
        far = np.abs(each[rest]).max(axis=1).min() > FAR
        odd = degrees & (home | turned) & far
        said = "degrees, and those of the rest are none"
    if not odd.any() or odd.sum() == there.sum():
        return ""
    unnamed = polygons.index.dtype.kind in "iu"
    named = [f"row {i + 1}" if unnamed else str(polygons.index[i]) for i in np.flatnonzero(odd)]
    such = _figures(low[np.flatnonzero(odd)[0]])
    listed = ", ".join(named[:5]) + (f" and {len(named) - 5:,} more" if len(named) > 5 else "")
    return f"the coordinates of {listed}, such as {such}, are {said}"


_TURNED = ", though they would be right with east and north in each other's place"


def _like_degrees(polygons: Any, bounds: np.ndarray) -> bool:
    """Say whether coordinates are degrees: small, and in Britain or seldom whole numbers."""
    import shapely

    if _inside(bounds, (-9.0, 49.5, 2.5, 61.5)):
        return True
    if not _inside(bounds, WORLD) or np.abs(bounds[:2]).max() <= 1:
        return False
    points = shapely.get_coordinates(polygons.geometry.to_numpy())
    points = points[np.isfinite(points).all(axis=1)]
    return bool((points != points.round(1)).all(axis=1).mean() > 0.5)


def _outside_use(crs: Any, at: np.ndarray) -> bool:
    """Say whether points in degrees are well outside the area that a CRS is for."""
    use = crs.area_of_use
    if use is None or use.west > use.east:
        return False
    low, high = (use.west - BEYOND, use.south - BEYOND), (use.east + BEYOND, use.north + BEYOND)
    return bool((at < low).any() or (at > high).any())


def _in_degrees(crs: Any, bounds: np.ndarray) -> np.ndarray | None:
    """Return points of a box in degrees; None where the projection does not reach."""
    import pyproj

    points = _points(bounds)
    if crs.is_geographic:
        return points
    base = crs.geodetic_crs
    try:
        there = pyproj.Transformer.from_crs(crs, base, always_xy=True)
        at = np.column_stack(there.transform(points[:, 0], points[:, 1]))
        back = np.column_stack(there.transform(at[:, 0], at[:, 1], direction="INVERSE"))
    except pyproj.exceptions.ProjError:
        return None
    reach = 1 + 1e-6 * np.abs(points).max()
    if not np.isfinite(at).all() or not (np.abs(back - points) <= reach).all():
        return None
    return at


def _swollen(crs: Any, bounds: np.ndarray) -> str:
    """Say how many times as large areas are where the polygons lie."""
    import pyproj

    at = _in_degrees(crs, bounds)
    try:
        scale = None if at is None else pyproj.Proj(crs).get_factors(*at.T).areal_scale
    except pyproj.exceptions.ProjError:
        return ""
    if scale is None or not np.isfinite(scale).any():
        return ""
    times = float(np.nanmean(scale))
    return f", there {times:.1f} times" if times > 1 + AREAS_TRUE else ""


def _distortion(crs: Any, bounds: np.ndarray, lengths: bool) -> str:
    """Say how a projection distorts areas, or lengths, where the polygons are."""
    import pyproj

    at = _in_degrees(crs, bounds)
    if at is None:
        return ""
    try:
        scale = pyproj.Proj(crs).get_factors(*at.T)
    except pyproj.exceptions.ProjError:
        return ""
    area = np.nanmax(np.abs(np.asarray(scale.areal_scale) - 1))
    if area > AREAS_TRUE:
        return f"does not keep areas: there they are up to {area:.0%} wrong"
    long = np.abs(np.array([scale.tissot_semimajor, scale.tissot_semiminor]) - 1)
    if lengths and np.nanmax(long) > LENGTHS_TRUE:
        return f"does not keep lengths: there they are up to {np.nanmax(long):.0%} wrong"
    return ""


# ---------------------------------------------------------------------- what a projection does


def _method(crs: Any) -> str:
    """Return the method of a projection, in lower case."""
    operation = crs.coordinate_operation
    return "" if operation is None else str(operation.method_name).lower()


def _is_web(crs: Any, method: str) -> bool:
    """Say whether a Mercator is that of web maps: of a sphere, or of an ellipsoid taken as one."""
    return "pseudo" in method or "spherical" in method or crs.ellipsoid.inverse_flattening == 0


def _same_projection(one: Any, other: Any) -> bool:
    """Say whether two projections do the same on the same ellipsoid, one datum perhaps unnamed."""
    if not (one.is_projected and other.is_projected):
        return False
    shape = [(c.ellipsoid.semi_major_metre, c.ellipsoid.inverse_flattening) for c in (one, other)]
    datums = [c.geodetic_crs.datum.name.lower() for c in (one, other)]
    named = datums[0] == datums[1] or any(d.startswith("unknown") for d in datums)
    if (
        not named
        or not np.allclose(shape[0], shape[1], rtol=1e-9)
        or _method(one) != _method(other)
    ):
        return False
    settings = [{p.name: p.value for p in c.coordinate_operation.params} for c in (one, other)]
    units = [c.axis_info[0].unit_conversion_factor for c in (one, other)]
    return (
        settings[0].keys() == settings[1].keys()
        and all(np.isclose(settings[1][k], v, rtol=1e-9) for k, v in settings[0].items())
        and bool(np.isclose(units[0], units[1], rtol=1e-9))
    )


def _parsed(crs: object, door: Door) -> Any:
    import pyproj

    text = str(crs).strip()
    try:
        return pyproj.CRS.from_user_input(int(text) if text.isdigit() else crs)
    except pyproj.exceptions.CRSError as error:
        raise InputError(
            f"{door.named('crs')} is {crs}, which is no EPSG code; {BRITISH_GRID} is the British "
            "National Grid"
        ) from error


# ---------------------------------------------------------------------- boxes


def _inside(bounds: Any, known: tuple[float, float, float, float]) -> bool:
    low, high = bounds[:2], bounds[2:]
    return bool(low[0] >= known[0] and low[1] >= known[1] and high[0] <= known[2]) and bool(
        high[1] <= known[3]
    )


def _points(bounds: np.ndarray) -> np.ndarray:
    """Return nine points of a box: corners, middles of the sides, and the middle."""
    x, y = np.linspace(bounds[0], bounds[2], 3), np.linspace(bounds[1], bounds[3], 3)
    return np.column_stack([g.ravel() for g in np.meshgrid(x, y)])


def _box(points: np.ndarray) -> tuple[float, float, float, float]:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _narrow(at: np.ndarray) -> bool:
    west, south, east, _ = _box(at)
    return east - west < 12 and south >= 0


def _figures(point: np.ndarray) -> str:
    small = np.abs(point).max() <= 360
    return ", ".join(f"{v:.4g}" if small else f"{v:.0f}" for v in point)
