"""How is a file written so that it is whole, safe to open, and the same every time?"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: Seconds without a change after which a half-written folder is nobody's: a run takes a minute.
_ABANDONED_AFTER = 3600
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


@contextmanager
def replacing_folder(path: str | Path) -> Iterator[Path]:
    """Give an empty folder beside `path`, and put it in its place if nothing failed.

    A run that is killed outright leaves its folder behind; a later one clears it away.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-writing-"
    if target.exists():
        _clear_abandoned(target.parent, prefix)
    beside = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    old = beside.with_name(f"{beside.name}-old")
    try:
        yield beside
        beside.chmod(0o755)
        if target.exists():
            target.rename(old)
        try:
            beside.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _clear_abandoned(parent: Path, prefix: str) -> None:
    """Remove the half-written folders that nobody has written to for an hour."""
    for folder in parent.iterdir():
        if not folder.name.startswith(prefix) or folder.is_symlink() or not folder.is_dir():
            continue
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(folder)


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
