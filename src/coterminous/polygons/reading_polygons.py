"""What polygons are in this file, and which column names them?"""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.errors import InputError, unknown
from coterminous.files import replacing
from coterminous.polygons.fitness import checked_codes
from coterminous.tables.columns import CODE_LIKE, NAME_LIKE, likeliest

if TYPE_CHECKING:
    import geopandas as gpd

log = logging.getLogger(__name__)

PARQUET = (".parquet", ".geoparquet", ".pq")
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".fgb", *PARQUET)


def read_polygons(
    path: str | Path, *, code: str | None = None, name: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Read polygons from a GeoPackage, GeoJSON, shapefile (also zipped) or GeoParquet.

    Parameters
    ----------
    path
        The file.
    code, name
        The columns of codes and names. If not given, the likeliest are taken, and said in
        ``attrs`` of the result and in the log.
    layer
        Which layer to read, if the file has several.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by code (text), with `name` where there is one. ``attrs`` has `file`, `layer`, and
        the columns taken as `code` and `name`. Nothing about the polygons has been checked yet:
        see `coterminous.check`.

    Raises
    ------
    InputError
        If the file is missing, broken, empty or has several layers, or no column can be the code.

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
    file = Path(path)
    frame, chosen = _frame(file, layer)
    if not len(frame):
        raise InputError(f"{file} has no polygons: it holds no rows")
    columns = [str(c) for c in frame.columns if c != frame.geometry.name]
    taken = _code_column(frame, columns, file) if code is None else code
    if taken not in columns:
        raise InputError(f"{file}: {unknown('code', taken, columns)}")
    codes = checked_codes(frame, file.name, taken)
    named = likeliest([c for c in columns if c != taken], NAME_LIKE) if name is None else name
    if named is not None and named not in columns:
        raise InputError(f"{file}: {unknown('name', named, columns)}")
    out = frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame.copy()
    if named is not None:
        out["name"] = out[named].astype("str")
    out.index = codes
    out.attrs = {"file": str(file), "layer": chosen, "code": taken, "name": named}
    log.info("%s", said(out))
    return out


def read_unchecked(
    path: str | Path, *, code: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Read polygons whatever their faults, for `coterminous.check` to list.

    The likeliest column of codes is taken although codes may be empty or repeated in it; rows are
    numbered if there is no such column. ``attrs`` says which, as of `read_polygons`.
    """
    file = Path(path)
    frame, chosen = _frame(file, layer)
    if not len(frame):
        raise InputError(f"{file} has no polygons: it holds no rows")
    columns = [str(c) for c in frame.columns if c != frame.geometry.name]
    if code is not None and code not in columns:
        raise InputError(f"{file}: {unknown('code', code, columns)}")
    texts = [c for c in columns if pd.api.types.is_string_dtype(frame[c])]
    taken = code or _usable_code(frame, columns)
    # Numbers last: they are no codes, and that is for the check to say.
    taken = taken or likeliest(texts, CODE_LIKE) or likeliest(columns, CODE_LIKE)
    out = frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame.copy()
    rows = [f"row {i + 1}" for i in range(len(frame))]
    out.index = pd.Index(rows if taken is None else frame[taken], name="code")
    out.attrs = {"file": str(file), "layer": chosen, "code": taken, "name": None}
    return out


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
    """Say which columns of a file were taken as what, for a log or a terminal."""
    a = frame.attrs
    layer = f" (layer {a['layer']!r})" if a.get("layer") else ""
    named = f", name from {a['name']!r}" if a.get("name") else ", no names"
    coded = f"code from {a['code']!r}" if a["code"] else "no column of codes, so rows are numbered"
    return f"{a['file']}{layer}: {len(frame):,} polygons, {coded}{named}"


def _frame(file: Path, layer: str | None) -> tuple[Any, str | None]:
    """Read the file as it is; whatever a driver says of a broken one is said in one sentence."""
    import geopandas as gpd

    if not file.exists():
        raise InputError(f"{file} is not there")
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{file} is not a kind of file that can be read; give one of {', '.join(SUFFIXES)}"
        )
    if file.suffix.lower() == ".shp":
        _check_length(file)
    try:
        if file.suffix.lower() in PARQUET:
            return gpd.read_parquet(file), None
        source = _within_zip(file, layer) if file.suffix.lower() == ".zip" else str(file)
        chosen = None if source != str(file) else _only_layer(file, layer)
        frame = gpd.read_file(source, layer=chosen) if chosen else gpd.read_file(source)
    except InputError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{file} cannot be read: {reason}; is it whole, and of the kind its name says?"
        ) from error
    if not hasattr(frame, "geometry") or not hasattr(frame, "crs"):
        raise InputError(f"{file} is a table without polygons")
    return frame, chosen if layer is not None else None


def _check_length(file: Path) -> None:
    """Raise if a shapefile is shorter than it says: its lost polygons would be read as empty."""
    with file.open("rb") as opened:
        header = opened.read(28)
    said_length = 2 * int.from_bytes(header[24:28], "big")
    if len(header) < 28 or file.stat().st_size < said_length:
        raise InputError(f"{file} cannot be read: it is not whole; copy it again, or from its zip")


def _only_layer(file: Path, layer: str | None) -> str:
    import pyogrio

    listed = [str(n) for n, kind in pyogrio.list_layers(file) if kind is not None]
    if not listed:
        raise InputError(f"{file} has no layer of polygons")
    if layer is not None:
        if layer not in listed:
            raise InputError(f"{file}: {unknown('layer', layer, listed)}")
        return layer
    if len(listed) > 1:
        raise InputError(
            f"{file} has {len(listed)} layers: {', '.join(listed[:8])}; say which with `layer`"
        )
    return listed[0]


def _within_zip(file: Path, layer: str | None) -> str:
    """Find the one shapefile in a zip, wherever in it that is."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = sorted(n for n in archive.namelist() if n.lower().endswith(".shp"))
    except zipfile.BadZipFile as error:
        raise InputError(f"{file} is no zip file, or not a whole one") from error
    stems = {Path(m).stem: m for m in members}
    if not members:
        raise InputError(f"{file} holds no shapefile (.shp)")
    if layer is None and len(members) > 1:
        raise InputError(
            f"{file} holds {len(members)} shapefiles: {', '.join(stems)}; say which with `layer`"
        )
    if layer is not None and layer not in stems:
        raise InputError(f"{file}: {unknown('layer', layer, list(stems))}")
    member = members[0] if layer is None else stems[layer]
    return f"/vsizip/{file.resolve().as_posix()}/{member}"


def _code_column(frame: Any, columns: list[str], file: Path) -> str:
    """Choose the column of codes: text, one for each row, all different, likeliest name first."""
    best = _usable_code(frame, columns)
    if best is not None:
        return best
    raise InputError(
        f"{file}: no column of text has a different code in every row; its columns are "
        f"{', '.join(columns) or '(none)'}; say which to take with `code`"
    )


def _usable_code(frame: Any, columns: list[str]) -> str | None:
    usable = []
    for column in columns:
        values = frame[column]
        if pd.api.types.is_numeric_dtype(values) or not pd.api.types.is_string_dtype(values):
            continue
        text = values.astype("str").str.strip()
        if values.notna().all() and (text != "").all() and text.is_unique:
            usable.append(column)
    return likeliest(usable, CODE_LIKE) or (usable[0] if usable else None)
