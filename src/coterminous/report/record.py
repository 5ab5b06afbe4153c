"""What was this appendix made of, and what has moved since an older one? Its manifest says."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous import __version__
from coterminous.errors import InputError
from coterminous.files import sha256
from coterminous.report.content import Document
from coterminous.report.numbers import missing
from coterminous.report.settings import Settings

if TYPE_CHECKING:
    from coterminous.geography import Geography

_PACKAGES = (
    "folium",
    "geopandas",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "pikepdf",
    "python-docx",
    "scipy",
    "shapely",
    "typst",
)


def describe(
    document: Document,
    folder: Path,
    area: Geography,
    settings: Settings,
    *,
    pages: Mapping[tuple[str, str], int] | None = None,
) -> dict[str, Any]:
    """Describe an appendix: inputs and outputs with SHA-256, versions, options, every figure.

    Parameters
    ----------
    document
        What it says.
    folder
        Where it has been written.
    area, settings
        What it was made from.
    pages
        On which page each figure of a section that runs on stands, by its key and words.
    """
    told: dict[str, list[dict[str, Any]]] = {}
    for figure, page in document.printed():
        where = {"text": figure.text, "page": page or (pages or {}).get((figure.key, figure.text))}
        if where not in told.setdefault(figure.key, []):
            told[figure.key].append(where)
    outputs = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {
        "made_with": {"coterminous": __version__, "python": platform.python_version()}
        | {name: _version(name) for name in _PACKAGES},
        "geography": {"name": area.name, "title": area.title},
        "inputs": inputs(area, settings),
        "options": options(settings),
        "left_out": dict(document.left_out),
        "figures": {
            figure.key: {
                "value": None if missing(figure.value) else figure.value,
                "text": figure.text,
                "kind": figure.kind,
                "printed": told[figure.key],
                "formula": figure.provenance.formula,
                "layers": list(figure.provenance.layers),
                "weight": figure.provenance.weight,
                "date": figure.provenance.date,
                "source": figure.provenance.source,
                "table": figure.table,
            }
            for figure in document.figures().values()
        },
        "outputs": {path.relative_to(folder).as_posix(): sha256(path) for path in outputs},
    }


def _version(package: str) -> str:
    """Give the version of a package, or nothing where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def inputs(area: Geography, settings: Settings) -> dict[str, str]:
    """Give the SHA-256 of every file that was read: the geography's, and those of the settings."""
    found: dict[str, str] = {}
    if area.folder is not None:
        for path in sorted(area.folder.rglob("*")):
            # Only what is hidden inside the folder: the folder itself may lie below a `.venv`.
            inside = path.relative_to(area.folder)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                found[f"data/{inside.as_posix()}"] = sha256(path)
    for key in ("logo", "template", "statements"):
        path = getattr(settings, key)
        if path is not None:
            found[f"{key}/{path.name}"] = sha256(path)
    return found


def options(settings: Settings) -> dict[str, Any]:
    """Give the settings as plain values; a file by its name."""
    plain: dict[str, Any] = {}
    for each in fields(Settings):
        value = getattr(settings, each.name)
        plain[each.name] = value.name if isinstance(value, Path) else value
    return plain


def read_manifest(path: str | Path) -> dict[str, Any]:
    """Read a manifest, or say why it is none.

    Raises
    ------
    InputError
        When the file is not there or is not a manifest of ours.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{file} is not there; name the manifest.json of an older appendix.")
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not JSON: {error}.") from error
    if not isinstance(read, dict) or not {"figures", "inputs"} <= set(read):
        raise InputError(f"{file} is not the manifest of an appendix: it has no figures or inputs.")
    return read


def moved(old: dict[str, Any], new: dict[str, Any]) -> pd.DataFrame:
    """List what is not as it was: figures, inputs, options and versions.

    Returns
    -------
    pandas.DataFrame
        ``what`` (figure, input, option or version), ``key``, ``change`` (changed, new or gone),
        ``old`` and ``new``.

    Examples
    --------
    >>> a = {"figures": {"n": {"value": 1, "text": "1"}}, "inputs": {"f.csv": "aa"}}
    >>> b = {"figures": {"n": {"value": 2, "text": "2"}}, "inputs": {"f.csv": "bb"}}
    >>> moved(a, b)[["what", "key", "change"]].values.tolist()
    [['figure', 'n', 'changed'], ['input', 'f.csv', 'changed']]
    """
    rows = []
    for what, part, shown in (
        ("figure", "figures", "text"),
        ("input", "inputs", ""),
        ("option", "options", ""),
        ("version", "made_with", ""),
    ):
        was, now = old.get(part, {}), new.get(part, {})
        for key in sorted(set(was) | set(now)):
            a, b = was.get(key), now.get(key)
            if key in was and key in now and _same(a, b):
                continue
            change = "changed" if key in was and key in now else "new" if key in now else "gone"
            if shown:
                a, b = (a or {}).get(shown), (b or {}).get(shown)
            rows.append(
                {
                    "what": what,
                    "key": key,
                    "change": change,
                    "old": "" if a is None else str(a),
                    "new": "" if b is None else str(b),
                }
            )
    return pd.DataFrame(rows, columns=["what", "key", "change", "old", "new"])


def _same(a: Any, b: Any) -> bool:
    """Compare two entries; of a figure only its value and its words count."""
    if isinstance(a, dict) and isinstance(b, dict) and "value" in a:
        return (a["value"], a.get("text")) == (b.get("value"), b.get("text"))
    return json.dumps(a, default=list) == json.dumps(b, default=list)
