"""What polygons are in this file, and which column names them?"""

from __future__ import annotations

import logging
import warnings
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.blocks.coordinates import Door, has_heights, horizontal, put_in
from coterminous.errors import InputError, unknown
from coterminous.files import replacing
from coterminous.polygons.containers import PARQUET, Opened, opened
from coterminous.polygons.fitness import checked_codes
from coterminous.polygons.rows_of_codes import code_column, text_codes, united_rows, usable_code
from coterminous.tables.columns import CODE_LIKE, NAME_LIKE, likeliest

if TYPE_CHECKING:
    import geopandas as gpd

log = logging.getLogger(__name__)

#: The end of a note that a part of a file is not there, which goes with its CRS.
_LACKS = "is not there."


@dataclass(frozen=True)
class Wanted:
    """What of a file is wanted; see `read_polygons`, which takes the same."""

    code: str | None = None
    name: str | None = None
    layer: str | None = None
    member: str | None = None
    crs: int | str | None = None
    dissolve: bool = False


def read_polygons(
    path: str | Path,
    *,
    code: str | None = None,
    name: str | None = None,
    layer: str | None = None,
    member: str | None = None,
    crs: int | str | None = None,
    dissolve: bool = False,
) -> gpd.GeoDataFrame:
    """Read polygons from a GeoPackage, GeoJSON, shapefile or GeoParquet, also zipped.

    Parameters
    ----------
    path
        The file.
    code, name
        The columns of codes and names. If not given, the likeliest are taken, and said in
        ``attrs`` of the result and in the log; a column of names is never guessed as the code.
        Whole numbers are taken as text if their column is given, and said.
    layer
        Which layer to read, if the file has several.
    member
        Which file of a zip to read, if it holds several.
    crs
        An EPSG code. What the coordinates are in, where the file does not say or says what they
        cannot be in; else they are reprojected to it. ``attrs["notes"]`` says which.
    dissolve
        Unite the rows of one code, each of which is a part of its area.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by code (text), with `name` where there is one. ``attrs`` has `file`, `layer`, the
        columns taken as `code` and `name`, and `notes`. Nothing about the shapes has been checked
        yet: see `coterminous.check`.

    Raises
    ------
    InputError
        If the file is missing, broken, empty or has several layers, no column can be the code, or
        the coordinates cannot be in `crs`.

    Examples
    --------
    >>> import geopandas as gpd, tempfile
    >>> from shapely import box
    >>> made = gpd.GeoDataFrame(
    ...     {"SITE24CD": ["S1"], "SITE24NM": ["Moor"]}, geometry=[box(0, 0, 1, 1)], crs=27700
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made.to_file(f"{folder}/sites.gpkg")
    ...     read = read_polygons(f"{folder}/sites.gpkg")
    >>> list(read.index), list(read["name"]), read.attrs["code"]
    (['S1'], ['Moor'], 'SITE24CD')
    """
    wanted = Wanted(code, name, layer, member, crs, dissolve)
    return read_at(Door(str(path)), path, wanted)


def read_at(door: Door, path: str | Path, wanted: Wanted) -> gpd.GeoDataFrame:
    """Read polygons as `read_polygons` does, with errors in the words of another door."""
    file = Path(path)
    frame, chosen, notes = frame_of(file, door, layer=wanted.layer, member=wanted.member)
    columns = [str(c) for c in frame.columns if c != frame.geometry.name]
    taken = wanted.code
    if taken is None:
        taken = code_column(frame, columns, str(file), door, several=wanted.dissolve)
    _check_column(taken, columns, "code", file, door)
    where = f"column `{taken}` of `{file.name}`"
    values, numbered = text_codes(frame[taken], where)
    mend = (
        f"if each row is a part of its area, {door.named('dissolve')} unites the rows of a code; "
        f"else choose another column with {door.named('code')}"
    )
    codes = checked_codes(values, where, repeated=wanted.dissolve, mend=mend)
    rest = [c for c in columns if c != taken]
    named = likeliest(rest, NAME_LIKE) if wanted.name is None else wanted.name
    if named is not None:
        _check_column(named, columns, "name", file, door)
    out = _as_geometry(frame)
    united = ""
    if wanted.dissolve:
        try:
            out, united = united_rows(out, codes, named, str(file))
        except InputError as error:
            if wanted.name is not None:
                raise InputError(f"{error}, or leave out {door.named('name')}") from error
            # Nobody asked for these names: they may be of the parts, and then are no area's.
            out, united = united_rows(out, codes, None, str(file))
            united += (
                f" Column `{named}` gives some of them several names, so that none is taken; "
                f"say which column holds names with {door.named('name')}."
            )
            named = None
    else:
        out.index = codes
    if named is not None:
        out["name"] = out[named].astype("str")
    out, placed = _placed(out, wanted.crs, door)
    return _described(
        out, file, door, chosen, taken, named, [*notes, numbered, united, placed], bool(united)
    )


def read_unchecked(
    path: str | Path, *, code: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Read polygons whatever their faults, for `coterminous.check` to list.

    The likeliest column of codes is taken although codes may be empty or repeated in it; rows are
    numbered if there is no such column. ``attrs`` says which, as of `read_polygons`.
    """
    return unchecked_at(Door(str(path)), path, Wanted(code=code, layer=layer))


def unchecked_at(door: Door, path: str | Path, wanted: Wanted) -> gpd.GeoDataFrame:
    """Read polygons as `read_unchecked` does, with errors in the words of another door."""
    file = Path(path)
    frame, chosen, notes = frame_of(file, door, layer=wanted.layer, member=wanted.member)
    columns = [str(c) for c in frame.columns if c != frame.geometry.name]
    texts = [c for c in columns if pd.api.types.is_string_dtype(frame[c])]
    taken = wanted.code or usable_code(frame, columns, several=wanted.dissolve)
    # Numbers last: they are no codes, and that is for the check to say.
    taken = taken or likeliest(texts, CODE_LIKE) or likeliest(columns, CODE_LIKE)
    out = _as_geometry(frame)
    numbered = united = ""
    if taken is None:
        out.index = pd.Index([f"row {i + 1}" for i in range(len(frame))], name="code")
    else:
        _check_column(taken, columns, "code", file, door)
        where = f"column `{taken}` of `{file.name}`"
        values = frame[taken]
        if wanted.code is not None or wanted.dissolve:
            values, numbered = text_codes(values, where)
        if wanted.dissolve:
            codes = checked_codes(values, where, repeated=True)
            out, united = united_rows(out, codes, None, str(file))
        else:
            out.index = pd.Index(values, name="code")
    out, placed = _placed(out, wanted.crs, door)
    return _described(
        out, file, door, chosen, taken, None, [*notes, numbered, united, placed], bool(united)
    )


def _check_column(column: str, columns: list[str], option: str, file: Path, door: Door) -> None:
    if column not in columns:
        error = str(unknown(option, column, columns))
        raise InputError(f"{file}: {error.replace(f'`{option}`', door.named(option), 1)}")


def _as_geometry(frame: Any) -> Any:
    if frame.geometry.name == "geometry":
        return frame.copy()
    return frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")


def _placed(frame: Any, crs: int | str | None, door: Door) -> tuple[Any, str]:
    """Put polygons in the CRS that was asked for; heights of their own are dropped."""
    heights = ""
    if has_heights(frame.crs):
        heights = f"{door.called}: the heights of {frame.crs.name!r} are dropped."
    flat = horizontal(frame.crs)
    if flat is not None and flat != frame.crs:
        frame = frame.set_crs(flat, allow_override=True)
    if crs is None:
        return frame, heights
    out, placed = put_in(frame, crs, door)
    return out, " ".join(s for s in (heights, placed) if s)


def _described(
    frame: Any,
    file: Path,
    door: Door,
    layer: str | None,
    code: str | None,
    name: str | None,
    notes: list[str],
    united: bool,
) -> Any:
    """Note on a frame what it is of, so that what is wrong with it later can be told."""
    if frame.crs is None:
        lacks = next((n.partition(" ")[0] for n in notes if n.endswith(_LACKS)), "")
        door = replace(door, called=f"{door.called} ({lacks} is not beside it)") if lacks else door
    told = [n for n in notes if n and not n.endswith(_LACKS)]
    frame.attrs = {"file": str(file), "layer": layer, "code": code, "name": name}
    frame.attrs |= {"door": asdict(door), "notes": told, "united": united}
    log.info("%s", said(frame))
    return frame


def write_polygons(frame: gpd.GeoDataFrame, path: str | Path) -> None:
    """Write polygons to a GeoPackage, GeoJSON or GeoParquet, whole or not at all.

    The same polygons give the same bytes: a GeoPackage would else hold the time of day.
    """
    import pyogrio

    file = Path(path)
    drivers = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON"}
    kind = file.suffix.lower()
    if kind not in drivers and kind not in PARQUET:
        raise InputError(f"{file} cannot be written: end its name in .gpkg, .geojson or .parquet")
    bare = frame.copy()
    bare.attrs = {}
    with replacing(file) as beside:
        if kind in PARQUET:
            bare.to_parquet(beside, index=False)
            return
        beside.unlink()
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
        try:
            bare.to_file(beside, driver=drivers[kind], index=False, layer=file.stem)
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def said(frame: gpd.GeoDataFrame) -> str:
    """Say which columns of a file were taken as what, and what was done, for a log or a terminal.

    One line for each.
    """
    a = frame.attrs
    layer = f" (layer {a['layer']!r})" if a.get("layer") else ""
    named = f", name from {a['name']!r}" if a.get("name") else ", no names"
    coded = f"code from {a['code']!r}" if a["code"] else "no column of codes, so rows are numbered"
    first = f"{a['file']}{layer}: {len(frame):,} polygons, {coded}{named}"
    return "\n".join([first, *a.get("notes", ())])


def frame_of(
    file: Path,
    door: Door,
    *,
    layer: str | None = None,
    member: str | None = None,
    columns: list[str] | None = None,
) -> tuple[Any, str | None, list[str]]:
    """Read a file as it is; whatever a driver says of a broken one is said in one sentence.

    Returns
    -------
    GeoDataFrame, str or None, list of str
        The rows; the layer, if one was asked for; and what has to be said of the file.
    """
    with opened(file, door, layer=layer, member=member) as found, warnings.catch_warnings():
        # What drivers warn of is about shapes, and for the check to say.
        warnings.simplefilter("ignore")
        try:
            frame, chosen = _read(found, door, columns)
        except InputError:
            raise
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            reason = reason.replace(str(found.path), found.called)
            raise InputError(
                f"{found.called} cannot be read: {reason}; is it whole, and of the kind its name "
                "says?"
            ) from error
    if not hasattr(frame, "geometry") or not hasattr(frame, "crs"):
        raise InputError(f"{found.called} is a table without polygons")
    if not len(frame):
        raise InputError(f"{found.called} has no polygons: it holds no rows")
    notes = [*found.notes, *([f"{found.lacks} {_LACKS}"] if found.lacks else [])]
    return frame, chosen if layer is not None else None, notes


def _read(found: Opened, door: Door, columns: list[str] | None) -> tuple[Any, str | None]:
    import geopandas as gpd

    if found.path.suffix.lower() in PARQUET:
        return gpd.read_parquet(found.path), None
    chosen = _only_layer(found, door)
    options: dict[str, Any] = {} if found.encoding is None else {"encoding": found.encoding}
    return gpd.read_file(found.path, layer=chosen, columns=columns, **options), chosen


def _only_layer(found: Opened, door: Door) -> str:
    import pyogrio

    listed = [str(n) for n, kind in pyogrio.list_layers(found.path) if kind is not None]
    if not listed:
        raise InputError(f"{found.called} has no layer of polygons")
    if found.layer is not None:
        if found.layer not in listed:
            error = str(unknown("layer", found.layer, listed))
            raise InputError(f"{found.called}: {error.replace('`layer`', door.named('layer'), 1)}")
        return found.layer
    if len(listed) > 1:
        raise InputError(
            f"{found.called} has {len(listed)} layers: {', '.join(listed[:8])}; say which with "
            f"{door.named('layer')}"
        )
    return listed[0]
