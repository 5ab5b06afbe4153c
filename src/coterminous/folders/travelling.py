"""How does a geography travel to another process, or key what was worked out of it?

One that was read from a folder travels as the folder's path, what its files hold (by SHA-256), and
all that was added; one that was made of frames travels whole. A folder that has changed meanwhile
is refused: figures of other files would come out under the same name.
"""

from __future__ import annotations

import glob
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.blocks.ground import Blocks
from coterminous.blocks.weights import Weight
from coterminous.errors import InputError
from coterminous.folders.loading import open_geography
from coterminous.geography import Geography
from coterminous.making import Recipe

if TYPE_CHECKING:
    from coterminous.geography.parts import Part

#: Letters of the longest name of a file that is looked for.
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Packed:
    """What a geography is made of again: its ground, or where that is read, and what was added."""

    name: str
    title: str
    links: pd.DataFrame
    sources: pd.DataFrame
    settings: Mapping[str, Any]
    weights: tuple[tuple[str, Weight | None, pd.Series | None], ...]
    layers: tuple[tuple[str, Any], ...]
    registers: tuple[tuple[str, Any], ...]
    folder: Path | None = None
    digest: str = ""
    part: Part | None = None
    ground: tuple[Any, ...] = ()


def pack(area: Geography) -> Packed:
    """Take a geography apart into values that can be pickled."""
    read = area.folder is not None
    weights = tuple(
        (name, None, None)
        if read and weight.given is None
        else (name, replace(weight, read=_no_reading, given=None), weight.read())
        for name, weight in area.ground.weights.items()
    )
    return Packed(
        name=area.name,
        title=area.title,
        links=area.links,
        sources=area.sources,
        settings=dict(area.settings),
        weights=weights,
        layers=tuple((n, None if isinstance(x, Recipe) else x) for n, x in area._layers.items()),
        registers=tuple(
            (n, None if isinstance(x, Recipe) else x) for n, x in area._registers.items()
        ),
        folder=area.folder,
        digest=_digest(area.folder) if area.folder else "",
        part=area.part,
        ground=() if read else _ground(area),
    )


def unpack(packed: Packed) -> Geography:
    """Put a geography together again.

    Raises
    ------
    InputError
        If the files of its folder are not as they were, or the folder is gone.
    """
    if packed.folder is None:
        codes, table, lookup, polygons, within = packed.ground
        made = Geography.made_of(
            Blocks.made_of(
                codes,
                weights={n: _given(w, v) for n, w, v in packed.weights if w is not None},
                links=packed.links,
                table=partial(_same, table),
                lookup=partial(_same, lookup),
                polygons=partial(_same, polygons),
                within=within,
            ),
            name=packed.name,
        )
    else:
        made = _read_again(packed)
    return replace(
        made,
        title=packed.title,
        _sources=packed.sources,
        _settings=packed.settings,
        _layers={n: made._layers[n] if x is None else x for n, x in packed.layers},
        _registers={n: made._registers[n] if x is None else x for n, x in packed.registers},
    )


def _read_again(packed: Packed) -> Geography:
    """Read the folder, and add the weights and the links that were added."""
    folder = packed.folder
    if folder is None or not folder.is_dir() or _digest(folder) != packed.digest:
        raise InputError(
            f"the files of geography {packed.name!r} in {str(folder)!r} are not as they were when "
            "it was kept; load it again with coterminous.load, and work out again what was kept "
            "with it"
        )
    made = open_geography(folder, packed.part)
    known = made.ground.weights
    weights = {n: known[n] if w is None else _given(w, v) for n, w, v in packed.weights}
    return replace(made, ground=replace(made.ground, weights=weights, links=packed.links))


def _given(weight: Weight, values: Any) -> Weight:
    return replace(weight, read=partial(_same, values), given=values)


def _ground(area: Geography) -> tuple[Any, ...]:
    """Give the codes, the tables and the polygons of blocks that no folder has."""
    ground = area.ground
    try:
        polygons: Any = ground.polygons()
    except InputError as error:
        polygons = error
    return ground.codes, ground.table(), ground.lookup(), polygons, ground.within


def _same(value: Any) -> Any:
    """Give back what was kept; what could not be had raises as it did."""
    if isinstance(value, Exception):
        raise value
    return value


def _no_reading() -> pd.Series:
    raise AssertionError("a weight that travels is given its values when it arrives")


def _digest(folder: Path) -> str:
    """Say in one number what the files hold that a folder's geography.toml names."""
    files = _named_files(folder)
    marks = tuple((p, p.stat().st_mtime_ns, p.stat().st_size) for p in files)
    return _digest_of(folder, marks)


def _named_files(folder: Path) -> list[Path]:
    """List the files of a geography, and what stands beside them under their name."""
    waiting, found = [folder / "geography.toml"], set()
    # What a recipe names is found by its name: what else lies in the folder is none of it.
    waiting += sorted(folder.glob("*.toml"))
    while waiting:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        found.add(file)
        # A shapefile is several files of one name.
        found.update(p for p in file.parent.glob(f"{glob.escape(file.stem)}.*") if p.is_file())
        if file.suffix == ".toml":
            try:
                written = tomllib.loads(file.read_text(encoding="utf-8-sig"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError):
                continue  # whoever reads it says what is wrong
            bases = (folder, file.parent)
            waiting += [base / text for text in _texts(written) for base in bases]
    return sorted(found)


def _texts(written: Any) -> Iterator[str]:
    """Give every text in a table of TOML that could name a file."""
    if isinstance(written, str):
        if written and len(written) < _LONGEST_NAME and not set(written) & set('\0\n*?"<>|'):
            yield written
    elif isinstance(written, Mapping):
        for value in written.values():
            yield from _texts(value)
    elif isinstance(written, list):
        for value in written:
            yield from _texts(value)


@lru_cache(maxsize=16)
def _digest_of(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> str:
    found = hashlib.sha256()
    for path, _, size in files:
        # A geography may name files beside its folder.
        inside = path.is_relative_to(folder)
        named = path.relative_to(folder).as_posix() if inside else path.name
        found.update(f"{named}\0{size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()
