"""Where is each data file from, and is it as it was recorded?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.errors import InputError
from coterminous.files import bundled_folder, sha256

if TYPE_CHECKING:
    from coterminous.geography import Geography

COLUMNS = ["path", "bytes", "sha256", "publisher", "title", "date", "licence", "done"]


def files(area: Geography) -> pd.DataFrame:
    """List the files of a geography: path, size in bytes, SHA-256, publisher, date, licence.

    Raises
    ------
    InputError
        If the geography has no folder, or the folder no `manifest.json`.
    """
    if area.folder is None:
        raise InputError(f"geography {area.name!r} was made in memory; it has no files")
    file, inside = area.folder / "manifest.json", ""
    if not file.is_file() and area.folder.parent == bundled_folder():
        # A folder within the bundled one is told of there.
        file, inside = area.folder.parent / "manifest.json", f"{area.folder.name}/"
    if not file.is_file():
        raise InputError(f"{file} is not there: this geography records no sums of its files")
    table = pd.DataFrame(json.loads(file.read_text(encoding="utf-8"))["files"], columns=COLUMNS)
    table = table[table["path"].str.startswith(inside)].reset_index(drop=True)
    return table.assign(path=table["path"].str.removeprefix(inside))


def verified(area: Geography) -> pd.DataFrame:
    """Compare every file with its record: `path`, and `status` as recorded, changed or missing."""
    table = files(area)
    folder = area.folder
    assert folder is not None  # `files` has raised
    status = []
    for path, recorded in zip(table["path"], table["sha256"], strict=True):
        file = folder / path
        same = file.is_file() and sha256(file) == recorded
        status.append("as recorded" if same else "changed" if file.is_file() else "missing")
    return table[["path"]].assign(status=status)
