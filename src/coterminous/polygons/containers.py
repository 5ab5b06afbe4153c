"""Which file of polygons is meant, and are all its parts there? Zips, shapefiles and the like."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coterminous.blocks.coordinates import Door
from coterminous.errors import InputError, first_five

PARQUET = (".parquet", ".geoparquet", ".pq")
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".fgb", *PARQUET)
#: What people have besides, and what it is called.
UNREAD = {
    ".kml": "KML",
    ".kmz": "zipped KML",
    ".gml": "GML",
    ".gdb": "a file geodatabase",
    ".tab": "a MapInfo table",
    ".mif": "a MapInfo file",
    ".topojson": "TopoJSON",
    ".dxf": "a drawing of AutoCAD",
}
PARTS = (".shx", ".dbf", ".prj", ".cpg")
#: What a zip may unpack to, hold, and be packed by: more cannot be meant.
MOST_BYTES, MOST_MEMBERS, MOST_PACKED, DEEPEST = 2_000_000_000, 5_000, 300, 3
_SMALL = 50_000_000
_TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')


@dataclass(frozen=True)
class Opened:
    """A file that can be given to a reader.

    Attributes
    ----------
    path
        The file, perhaps unpacked beside others of its own.
    called
        What errors call it: the file, and what of a zip.
    layer
        The layer that is still asked for within it.
    encoding
        Of its text, where the file does not say, or wrongly.
    notes
        What has to be said of it.
    lacks
        A part that is not there and that can be done without.
    """

    path: Path
    called: str
    layer: str | None
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    lacks: str = ""


@contextmanager
def opened(
    file: Path, door: Door, *, layer: str | None = None, member: str | None = None
) -> Iterator[Opened]:
    """Open a file of polygons, for as long as it is read.

    Raises
    ------
    InputError
        If it is not there, of another kind, not whole, or holds several and none was said.
    """
    if not file.exists():
        raise InputError(f"{file} is not there")
    _check_kind(file, str(file))
    zipped = file.suffix.lower() == ".zip"
    if member is not None and not zipped:
        raise InputError(f"{file} is no zip, so {door.named('member')} {member!r} cannot be in it")
    with tempfile.TemporaryDirectory(prefix="coterminous-", ignore_cleanup_errors=True) as folder:
        called = str(file)
        if zipped:
            inner, layer = _unzipped(file, Path(folder), door, layer, member)
            called, file = f"{file} ({inner.name})", inner
        if file.suffix.lower() == ".shp":
            yield _shapefile(file, called, layer, Path(folder))
        else:
            _check_text(file, called)
            yield Opened(file, called, layer)


def _check_kind(file: Path, called: str) -> None:
    suffix = file.suffix.lower()
    if suffix in UNREAD:
        raise InputError(
            f"{called} is {UNREAD[suffix]}, which is not read; save it as a GeoPackage (.gpkg), as "
            "QGIS does"
        )
    if suffix not in SUFFIXES:
        raise InputError(
            f"{called} is not a kind of file that can be read; give one of {', '.join(SUFFIXES)}"
        )
    if file.is_dir():
        raise InputError(f"{called} is a folder; give one of the files in it")


def _check_text(file: Path, called: str) -> None:
    if file.suffix.lower() in (".json", ".geojson"):
        with file.open("rb") as text:
            start = text.read(100_000)
        if _TOPOLOGY.search(start):
            raise InputError(
                f"{called} is TopoJSON, which is not read; save it as GeoJSON or a GeoPackage"
            )


# ---------------------------------------------------------------------- zips


def _unzipped(
    file: Path, folder: Path, door: Door, layer: str | None, member: str | None
) -> tuple[Path, str | None]:
    """Unpack the one file that is meant, with its parts; whatever it is called in the zip."""
    try:
        found = list(_members(file, folder, str(file), DEEPEST))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise InputError(f"{file} is no zip file, or not a whole one") from error
    if not found:
        raise InputError(f"{file} holds no polygons ({', '.join(SUFFIXES)}); it needs one")
    said = [name for _, name in found]
    if member is not None:
        chosen = [f for f in found if _is_called(f[1], member)]
        if len(chosen) != 1:
            how = "holds several" if chosen else "holds no"
            raise InputError(
                f"{file} {how} {member!r}; {door.named('member')} may be one of {first_five(said)}"
            )
    elif len(found) == 1:
        chosen = found
    else:
        chosen = [] if layer is None else [f for f in found if _is_called(f[1], layer)]
        if len(chosen) != 1:
            raise InputError(
                f"{file} holds {len(found)} files of polygons: {first_five(said)}; say which with "
                f"{door.named('member')}"
            )
    (archive, name), unused = chosen[0], layer
    if unused is not None and PurePosixPath(name).suffix.lower() not in (".gpkg", ".json"):
        unused = None if _is_called(name, unused) else unused
    try:
        return _unpacked(archive, name, folder), unused
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{file} is no zip file, or not a whole one") from error


def _members(archive: Path, folder: Path, called: str, depth: int) -> Iterator[tuple[Path, str]]:
    """Give the files of polygons in a zip, and in zips within it, as the zip and the name."""
    with zipfile.ZipFile(archive) as read:
        members = [m for m in read.infolist() if not m.is_dir()]
        _check_size(members, called)
        names = sorted(m.filename for m in members if not _is_litter(m.filename))
        for name in names:
            suffix = PurePosixPath(name).suffix.lower()
            if suffix in UNREAD and len(names) == 1:
                _check_kind(Path(name), f"{called} ({name})")
            if suffix == ".zip":
                if depth <= 1:
                    raise InputError(f"{called} holds a zip in a zip in a zip; take out the inmost")
                inner = folder / f"inner{len(list(folder.iterdir()))}.zip"
                with read.open(name) as source, inner.open("wb") as target:
                    shutil.copyfileobj(source, target)
                yield from _members(inner, folder, f"{called} ({name})", depth - 1)
            elif suffix in SUFFIXES:
                yield archive, name


def _check_size(members: list[zipfile.ZipInfo], called: str) -> None:
    if len(members) > MOST_MEMBERS:
        raise InputError(
            f"{called} holds {len(members):,} files, and no more than {MOST_MEMBERS:,} are read; "
            "take out the one that is meant"
        )
    size, packed = (
        sum(n) for n in ([m.file_size for m in members], [m.compress_size for m in members])
    )
    if size > MOST_BYTES or (size > _SMALL and size > MOST_PACKED * max(packed, 1)):
        raise InputError(
            f"{called} unpacks to {size / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB, which cannot "
            "be meant; take out the file of polygons"
        )
    if any(m.flag_bits & 1 for m in members):
        raise InputError(f"{called} is protected by a password; save it without one")


def _unpacked(archive: Path, name: str, folder: Path) -> Path:
    """Unpack a file and its parts under plain names of our own, so that no path leads elsewhere."""
    inner = Path(tempfile.mkdtemp(dir=folder))
    stem = _stem(name)
    plain = re.sub(r"[^\w .-]", "_", PurePosixPath(stem).name.replace("\\", "/").split("/")[-1])
    wanted = PurePosixPath(name).suffix.lower()
    with zipfile.ZipFile(archive) as read:
        for other in read.namelist():
            suffix = PurePosixPath(other).suffix.lower()
            part = wanted == ".shp" and suffix in PARTS and _stem(other) == stem
            if other == name or part:
                with read.open(other) as source:
                    target = inner / f"{plain or 'polygons'}{suffix}"
                    target.write_bytes(source.read())
    return inner / f"{plain or 'polygons'}{wanted}"


def _is_called(name: str, asked: str) -> bool:
    path = PurePosixPath(name)
    return asked.casefold() in (name.casefold(), path.name.casefold(), path.stem.casefold())


def _is_litter(name: str) -> bool:
    return "__MACOSX" in name or PurePosixPath(name).name.startswith((".", "~$"))


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")).casefold()


# ---------------------------------------------------------------------- shapefiles


def _shapefile(file: Path, called: str, layer: str | None, folder: Path) -> Opened:
    """Find the parts of a shapefile, in whatever letters their suffixes are."""
    parts: dict[str, Path] = {}
    for other in sorted(file.parent.iterdir()):
        if other.stem == file.stem or other.stem.casefold() == file.stem.casefold():
            parts.setdefault(other.suffix.lower(), other)
    for suffix in (".shx", ".dbf"):
        if suffix not in parts:
            lost = ", so that codes and names are lost" if suffix == ".dbf" else ""
            raise InputError(
                f"{called}: {file.stem}{suffix} is not beside it{lost}; the files of a shapefile "
                "(.shp, .shx, .dbf, .prj) belong together: copy them all"
            )
    _check_length(file, called)
    encoding, notes = _encoding(parts[".dbf"], parts.get(".cpg"), called)
    alike = all(p.stem == file.stem and p.suffix == s for s, p in parts.items() if s in PARTS)
    if not alike or file.suffix != ".shp":
        inner = Path(tempfile.mkdtemp(dir=folder))
        for suffix in (".shp", *PARTS):
            source = file if suffix == ".shp" else parts.get(suffix)
            if source is not None:
                shutil.copyfile(source, inner / f"{file.stem}{suffix}")
        file = inner / f"{file.stem}.shp"
    lacks = "" if ".prj" in parts else f"{file.stem}.prj"
    chosen = None if layer is not None and layer.casefold() == file.stem.casefold() else layer
    return Opened(file, called, chosen, encoding, notes, lacks)


def _check_length(file: Path, called: str) -> None:
    """Raise if a shapefile is shorter than it says: its lost polygons would be read as empty."""
    with file.open("rb") as read:
        header = read.read(28)
    said_length = 2 * int.from_bytes(header[24:28], "big")
    if len(header) < 28 or file.stat().st_size < said_length:
        raise InputError(
            f"{called} cannot be read: it is not whole; copy it again, or from its zip"
        )


def _encoding(table: Path, page: Path | None, called: str) -> tuple[str | None, tuple[str, ...]]:
    """Find the encoding of a table that does not say it, or says UTF-8 and is not."""
    content = table.read_bytes()
    declared = page.read_text("ascii", "replace").strip().upper() if page is not None else ""
    body = content[int.from_bytes(content[8:10], "little") :]
    if body.isascii():
        return None, ()
    by_table = content[29:30] not in (b"", b"\x00", b"\x57")
    if (declared or by_table) and declared not in ("UTF-8", "UTF8", "65001"):
        return None, ()
    try:
        body.decode("utf-8")
        found = "UTF-8"
    except UnicodeDecodeError:
        found = "CP1252"
    if found == "UTF-8" and declared:
        return None, ()
    shown = "Windows-1252" if found == "CP1252" else found
    said = f"says {declared}, which it is not" if declared else "does not say its code page"
    return found, (f"{called}: its table {said}; its text is read as {shown}.",)
