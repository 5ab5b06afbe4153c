"""How is a file written so that it is whole, safe to open, and the same every time?"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five

logger = logging.getLogger(__name__)

#: Seconds without a change after which a half-written folder is nobody's: a run takes a minute.
_ABANDONED_AFTER = 3600
#: What the folder that is being replaced is called for a moment: as the new one, with this.
_OLD = "-old"
#: Where an output folder lists what was written to it.
MANIFEST = "manifest.json"
#: What a page or a picture of ours says of itself, near its beginning or its end.
GENERATOR = "coterminous"
_MARKS = (
    f'<meta name="generator" content="{GENERATOR}" />'.encode(),
    f"Generator\0{GENERATOR}".encode(),
    f'<svg data-generator="{GENERATOR}"'.encode(),
    f"/Creator ({GENERATOR})".encode(),
)
_MARK_WITHIN = 65_536
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename it there if nothing failed.

    A reader never sees half a file, and a run that is cut off leaves the old one.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent
    )
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o644)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def check_writable(
    path: str | Path,
    *,
    argument: str,
    inputs: Iterable[str | Path] = (),
    force: bool = False,
) -> None:
    """Refuse to write a file over one that was read, or over one that is not known to be ours.

    Parameters
    ----------
    path
        The file to write.
    argument
        The option that names it, for the message.
    inputs
        Files that are read; never written over, whatever is asked.
    force
        Whether any other file may be replaced.

    Raises
    ------
    InputError
    """
    target = Path(path)
    if any(_same_file(target, Path(read)) for read in inputs):
        raise InputError(
            f"`{argument}` names {target}, which is read; give another name, to keep the original"
        )
    if target.is_dir():
        raise InputError(f"`{argument}` names {target}, which is a folder; name a file in it")
    if target.exists() and not force and not _says_ours(target):
        raise InputError(
            f"`{argument}` names {target}, which is there and was not made by coterminous, as far "
            "as it says; give another name, or --force to replace it"
        )


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _says_ours(file: Path) -> bool:
    """Say whether a file is empty, or says of itself that it was made here."""
    with file.open("rb") as opened:
        start = opened.read(_MARK_WITHIN)
        if not start:
            return True
        opened.seek(max(file.stat().st_size - _MARK_WITHIN, 0))
        return any(mark in part for part in (start, opened.read()) for mark in _MARKS)


def outputs_of(folder: str | Path) -> dict[str, str] | None:
    """Give what an earlier run wrote to a folder, path and SHA-256; None where none of ours did."""
    try:
        read = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
        made_with, outputs = read["made_with"], read["outputs"]
        return dict(outputs) if "coterminous" in made_with else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def check_replaceable(path: str | Path, *, argument: str = "out") -> None:
    """Refuse a place to write to where what is the user's cannot be told from what is ours.

    Raises
    ------
    InputError
        If it is a file, or a folder with things in it and no `manifest.json` of an earlier run.
    """
    target = Path(path)
    if target.exists() and not target.is_dir():
        raise InputError(f"`{argument}` is {target.name!r}, which is a file; name a folder")
    there = sorted(child.name for child in target.iterdir()) if target.is_dir() else []
    if there and outputs_of(target) is None:
        raise InputError(
            f"`{argument}` is {str(target)!r}, a folder with other things in it that would be "
            f"replaced ({first_five(there)}); name a new folder, or one that an earlier run was "
            "written to"
        )


@contextmanager
def replacing_folder(path: str | Path, *, manifest: bool = True) -> Iterator[Path]:
    """Give an empty folder beside `path`, and put it in its place if nothing failed.

    What is replaced is what the manifest of the earlier run lists and nobody has changed since.
    What a user has put there or edited is left as it was, and a warning of the log names it. A run
    that is killed outright leaves its folder behind; a later one puts back or clears it away.

    Parameters
    ----------
    path
        The folder to write.
    manifest
        Whether the folder lists what was written, with its SHA-256: in a `manifest.json` that the
        caller has written, else in one made here. Without one, it is written only once.

    Raises
    ------
    InputError
        As `check_replaceable`.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-writing-"
    _recover(target, prefix)
    check_replaceable(target)
    beside = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    old = beside.with_name(f"{beside.name}{_OLD}")
    try:
        yield beside
        beside.chmod(0o755)
        left = _taken_over(target, beside)
        if manifest:
            _write_manifest(beside, left)
        if target.exists():
            target.rename(old)
        try:
            beside.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
        _clear(old, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _say_what_was_left(target, left)


def _recover(target: Path, prefix: str) -> None:
    """Mend what runs that were killed have left: put an old folder back, clear a half-written one.

    Two renames put a new folder in the place of an old one; between them there is none.
    """
    for folder in sorted(target.parent.iterdir()):
        if not folder.name.startswith(prefix) or folder.is_symlink() or not folder.is_dir():
            continue
        with suppress(OSError):
            if folder.name.endswith(_OLD):
                if target.exists():
                    _clear(folder, target)
                else:
                    folder.rename(target)
            elif time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(folder)


def _is_ours(file: Path, name: str, outputs: dict[str, str]) -> bool:
    """Say whether a file is as an earlier run wrote it."""
    if name == MANIFEST:
        return True
    return not file.is_symlink() and name in outputs and outputs[name] == sha256(file)


def _users(folder: Path) -> dict[str, Path]:
    """Find what in a folder is the user's, by path inside it: files, links, empty folders."""
    outputs = outputs_of(folder) or {}
    found: dict[str, Path] = {}
    for here, folders, names in os.walk(folder):
        inside = Path(here)
        linked = [name for name in folders if (inside / name).is_symlink()]
        for each in (inside / name for name in (*names, *linked)):
            name = each.relative_to(folder).as_posix()
            if not _is_ours(each, name, outputs):
                found[name] = each
        if not folders and not names and inside != folder:
            found[inside.relative_to(folder).as_posix()] = inside
    return dict(sorted(found.items()))


def _taken_over(target: Path, beside: Path) -> dict[str, bool]:
    """Copy what is the user's in the old folder to the new; say of each whether it is in the way.

    It is where something else would have been written by the same name, which then is not.
    """
    left: dict[str, bool] = {}
    for name, file in (_users(target) if target.exists() else {}).items():
        place = beside / name
        if file.is_dir() and not file.is_symlink():
            with suppress(OSError):  # an empty folder gives way to a file
                place.mkdir(parents=True, exist_ok=True)
            continue
        above = [each for each in place.parents if each.is_relative_to(beside) and each.is_file()]
        there = place.is_dir() or (place.is_file() and not _same_bytes(place, file))
        left[name] = bool(above) or there
        for each in (*above, place):
            _remove(each)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place, follow_symlinks=False)
    return left


def _same_bytes(one: Path, other: Path) -> bool:
    return not other.is_symlink() and other.is_file() and sha256(one) == sha256(other)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_manifest(folder: Path, left: dict[str, bool]) -> None:
    """List what was written, so that a later run knows it from what is the user's."""
    file = folder / MANIFEST
    if file.is_file():
        if not left:
            return
        said = json.loads(file.read_text(encoding="utf-8"))
        listed = said["outputs"]
    else:
        from coterminous import __version__

        written = sorted(path for path in folder.rglob("*") if path.is_file())
        said = {"made_with": {"coterminous": __version__}}
        listed = {path.relative_to(folder).as_posix(): sha256(path) for path in written}
    ours = {name: listed[name] for name in listed if (folder / name).exists() and name not in left}
    write_json({**said, "outputs": ours}, file)


def _clear(old: Path, target: Path) -> None:
    """Remove a folder that was replaced, but for what is the user's and not in the new one."""
    if not old.exists():
        return
    kept = {name: file for name, file in _users(old).items() if not _is_there(file, target / name)}
    if kept:
        logger.warning("%s holds what was not taken over: %s", old, first_five(kept))
    else:
        shutil.rmtree(old, ignore_errors=True)


def _is_there(file: Path, copy: Path) -> bool:
    """Say whether a copy is there; of an empty folder or a link only that something is."""
    if file.is_file() and not file.is_symlink():
        return copy.is_file() and _same_bytes(copy, file)
    return copy.exists() or copy.is_symlink()


def _say_what_was_left(target: Path, left: dict[str, bool]) -> None:
    """Warn of what is the user's: what was left beside the new, and what is in its way."""
    stale = [name for name, in_the_way in left.items() if in_the_way]
    if stale:
        logger.warning(
            "%s: left as it was, for it was put there or changed by hand: %s; of %s no new version "
            "was written: move or delete it, and run again",
            target,
            first_five(left),
            first_five(stale),
        )
    elif left:
        logger.warning(
            "%s: left as it was, for it was put there or changed by hand: %s",
            target,
            first_five(left),
        )


def as_text_cell(value: object) -> object:
    """Mark a text that a spreadsheet would run as a formula, so that it shows as text.

    Examples
    --------
    >>> as_text_cell("=1+1")
    "'=1+1"
    >>> as_text_cell(-3)
    -3
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_text(frame: pd.DataFrame, *, index: bool = False) -> str:
    """Return a frame as CSV: UTF-8 text, one line feed a row, formulas defused."""
    table = frame.reset_index() if index else frame
    texts = [c for c in table.columns if not pd.api.types.is_numeric_dtype(table[c])]
    safe = table.assign(**{c: table[c].map(as_text_cell, na_action="ignore") for c in texts})
    safe.columns = pd.Index([as_text_cell(c) for c in safe.columns])
    return str(safe.to_csv(index=False, lineterminator="\n"))


def write_csv(frame: pd.DataFrame, path: str | Path, *, index: bool = False) -> None:
    """Write a frame as CSV, whole or not at all; see `csv_text`."""
    with replacing(path) as beside:
        beside.write_text(csv_text(frame, index=index), encoding="utf-8", newline="\n")


def to_json(value: object) -> str:
    """Return a value as JSON: numbers of numpy as numbers, what is missing as null.

    Examples
    --------
    >>> print(to_json({"share": float("nan"), "people": 3.0}))
    {
      "share": null,
      "people": 3.0
    }
    """
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def write_json(value: object, path: str | Path) -> None:
    """Write a value as JSON, whole or not at all; see `to_json`."""
    with replacing(path) as beside:
        beside.write_text(to_json(value) + "\n", encoding="utf-8", newline="\n")


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, pd.DataFrame):
        return [_plain(row) for row in value.to_dict("records")]
    if isinstance(value, pd.Series):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, pd.Index, np.ndarray)):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, Path):
        return value.as_posix()
    return value


def bundled_folder() -> Path:
    """Return the folder of the bundled geography, in an installed package or in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent / "data"):
        if (folder / "geography.toml").is_file():
            return folder
    raise InputError("the bundled data are not there; install the package again")
