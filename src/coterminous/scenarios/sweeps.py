"""What does each of a folder of scenarios come to? One row a file, in parallel if asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.arguments import asked, texts
from coterminous.errors import InputError
from coterminous.owned import hands_out_copies
from coterminous.results import OfBlocks
from coterminous.scenarios.scenario import Scenario
from coterminous.shares import AnyLayer

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.geography.parts import Part

_here = threading.local()


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Sweep(OfBlocks):
    """The scenarios of a folder, carried out.

    Attributes
    ----------
    results : tuple of dict
        One for each file, in the order of their names: what `Outcome.as_json` says, with `file`,
        `comparison` (the row of `compare`, from the scenario's own base) and its `notes`; or
        `error`.
    """

    results: tuple[Mapping[str, Any], ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a file: the comparison's columns, `checks_failed` and `error`."""
        rows = []
        for result in self.results:
            compared = dict(result.get("comparison", {}))
            v = compared.pop("v_measure", {})
            compared.pop("checks", None)
            failed = [c["name"] for c in result.get("checks", []) if not c["ok"]]
            rows.append(
                {"file": result["file"], "name": result.get("name", ""), "areas": None}
                | {k: x for k, x in compared.items() if k not in ("name", "title", "checks_failed")}
                | {f"v_measure_{layer}": x for layer, x in v.items()}
                | {"checks_failed": ", ".join(failed), "error": result.get("error", "")}
            )
        table = pd.DataFrame(rows)
        last = ["checks_failed", "error"]
        return table[[c for c in table.columns if c not in last] + last].set_index("file")

    @property
    def errors(self) -> int:
        """How many files could not be carried out."""
        return sum("error" in r for r in self.results)

    @property
    def failed(self) -> int:
        """How many scenarios failed a check."""
        return sum(any(not c["ok"] for c in r.get("checks", [])) for r in self.results)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the results as plain values."""
        return [dict(r) for r in self.results]

    def as_frame(self) -> pd.DataFrame:
        """Return one row a file, as they are written to a file."""
        return self.table.reset_index()

    def _titled(self) -> str:
        return f"Sweep of {len(self.results)} scenarios"

    def _finding(self) -> str:
        return f"{self.failed} fail a check, {self.errors} could not be carried out"

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("table", self.table),)


@asked
def sweep(
    area: Geography,
    folder: str | Path,
    *,
    executor: Executor | None = None,
    against: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Carry out every scenario file of a folder.

    Parameters
    ----------
    area : Geography
    folder : path
        Its ``*.toml`` files are scenarios.
    executor : concurrent.futures.Executor, optional
        Threads, processes, or a Dask cluster's ``client.get_executor()``. Workers load the
        geography from its folder, which they must be able to read; layers that were added to it
        go with the work. Without one, the files are carried out one after the other.
    against : sequence of str, optional
        Layers with which to be coterminous, as for `compare`.
    progress : callable, optional
        Told how many are done, and of how many.

    Returns
    -------
    Sweep
        A file that fails is a result with its `error`; the rest finish.

    Raises
    ------
    InputError
        If the folder is not there or holds no scenario.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(f"{place} is not a folder; name one that holds scenario files (*.toml)")
    files = sorted(place.glob("*.toml"))
    if not files:
        raise InputError(f"{place} holds no scenario file (*.toml)")
    if executor is None:
        jobs: Iterable[Callable[[], dict[str, Any]]] = [
            lambda f=f: _guarded(area, f.name, _read(f), _tuple(against))  # type: ignore[misc]
            for f in files
        ]
    else:
        if area.folder is None:
            raise InputError(
                "`area` was not read from a folder, so that workers cannot load it; leave out "
                "`executor`"
            )
        added = dict(area.added_layers)
        submitted = [
            executor.submit(
                _in_worker, str(area.folder), area.part, added, f.name, _read(f), _tuple(against)
            )
            for f in files
        ]
        jobs = [
            lambda s=s, f=f: _result_of(s, f.name)  # type: ignore[misc]
            for s, f in zip(submitted, files, strict=True)
        ]
    results = []
    for done, job in enumerate(jobs, start=1):
        results.append(job())
        if progress is not None:
            progress(done, len(files))
    return Sweep(tuple(results))


def _tuple(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else texts(names, "against")


def _read(file: Path) -> bytes | str:
    """Return what a file holds, or say why it cannot be read: one such must not stop the rest."""
    try:
        return file.read_bytes()
    except OSError as error:
        return f"{file.name} cannot be read: {error.strerror or error}"


def _result_of(future: Any, name: str) -> dict[str, Any]:
    try:
        return dict(future.result())
    except Exception as error:
        return {"file": name, "error": f"{type(error).__name__}: {error}"}


def _in_worker(
    folder: str,
    part: Part | None,
    added: Mapping[str, AnyLayer],
    name: str,
    text: bytes | str,
    against: tuple[str, ...] | None,
) -> dict[str, Any]:
    """Carry out one scenario where the geography is not at hand: load it once for each thread."""
    from coterminous.geography import Geography

    if getattr(_here, "folder", None) != (folder, part):
        _here.area, _here.folder = Geography.from_files(folder, part=part), (folder, part)
    area = _here.area
    for layer_name, layer in added.items():
        area = area.with_layer(layer_name, layer, title=layer.title)
    return _guarded(area, name, text, against)


def _guarded(
    area: Geography, name: str, text: bytes | str, against: tuple[str, ...] | None
) -> dict[str, Any]:
    """Carry out one scenario; whatever goes wrong becomes its result."""
    if isinstance(text, str):
        return {"file": name, "error": text}
    try:
        return _carried_out(area, name, text, against)
    except InputError as error:
        return {"file": name, "error": str(error)}
    except Exception as error:  # a fault in one file must not stop the rest
        return {"file": name, "error": f"{type(error).__name__}: {error}"}


def _carried_out(
    area: Geography, name: str, text: bytes, against: tuple[str, ...] | None
) -> dict[str, Any]:
    from coterminous.folders.schema import parsed
    from coterminous.scenarios.comparison import compare

    scenario = Scenario.from_dict(parsed(text, name), file=name)
    outcome = scenario.run(area)
    compared = compare(area, [outcome], against=against, base=scenario.base).as_json()
    plain = outcome.as_json()
    for key in ("log", "checks", "practices"):
        plain[key] = plain[key].to_dict("records")
    return {
        "file": name,
        **plain,
        "comparison": compared["drawings"][0],
        "notes": compared["notes"],
    }
