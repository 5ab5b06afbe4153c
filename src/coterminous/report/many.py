"""The papers of many boards in one run: a row a board, and one board's failure ends no other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from coterminous.arguments import asked, texts
from coterminous.errors import InputError
from coterminous.files import replacing

#: What of each board is told, in this order.
COLUMNS = ["board", "name", "done", "folder", "left_out", "error"]


@asked
def appendices(
    boards: Iterable[str] | str | None = None,
    *,
    out: str | Path,
    on: str | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    before: str | None = None,
    after: str | None = None,
    sections: Sequence[str] | str | None = None,
    formats: Sequence[str] | str | None = None,
) -> pd.DataFrame:
    """Write the appendix of many boards of England, each in a folder of its own.

    Parameters
    ----------
    boards : iterable of str, optional
        Codes or names of boards or councils; all boards of the day if not given.
    out : path
        The folder that holds theirs; a board's is named by its code.
    on : str, optional
        A day, as for `coterminous.load`; the boards of July 2022 if not given.
    executor : concurrent.futures.Executor, optional
        Where the papers are made, such as a ``ProcessPoolExecutor`` or a Dask client's; one after
        another here if not given.
    progress : callable, optional
        Called with how many are done, and of how many.
    before, after, sections, formats
        As for `coterminous.appendix`.

    Returns
    -------
    pandas.DataFrame
        A row a board, in the order asked for: `board` (its code, or what was asked for where
        there is none such), `name`, `done`, `folder`, `left_out` (sections that could not be
        made, and why) and `error`, in a sentence; the same as ``boards.csv`` in `out`.

    Raises
    ------
    InputError
        If no board is named, or one is named twice.
    """
    if boards is None:
        on = on or "2022-07-01"
    wanted = _wanted(boards, on)
    target = Path(out)
    target.mkdir(parents=True, exist_ok=True)
    asked: dict[str, Any] = {
        "before": before,
        "after": after,
        "sections": sections,
        "formats": formats,
    }
    jobs: list[Callable[[], dict[str, Any]]]
    if executor is None:
        jobs = [lambda b=b: made(b, on, str(target), asked) for b in wanted]  # type: ignore[misc]
    else:
        waiting = [executor.submit(made, board, on, str(target), asked) for board in wanted]
        jobs = [
            lambda w=w, b=b: _result_of(w, b)  # type: ignore[misc]
            for w, b in zip(waiting, wanted, strict=True)
        ]
    rows = []
    for done, job in enumerate(jobs, start=1):
        rows.append(job())
        if progress is not None:
            progress(done, len(jobs))
    table = pd.DataFrame(rows, columns=COLUMNS)
    with replacing(target / "boards.csv") as beside:
        table.to_csv(beside, index=False, encoding="utf-8", lineterminator="\n")
    return table


def _wanted(boards: Iterable[str] | str | None, on: str | None) -> list[str]:
    if boards is None:
        from coterminous.folders.bodies import boards as listed

        return list(listed(on).index)
    wanted = list(texts(boards, "boards"))
    twice = sorted({b for b in wanted if wanted.count(b) > 1})
    if not wanted or twice:
        said = f"names {twice[0]!r} twice" if twice else "names none"
        raise InputError(f"`boards` {said}; name each once, or leave it out for all")
    return wanted


def made(board: str, on: str | None, out: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Write the appendix of one board; whatever goes wrong becomes its row."""
    row: dict[str, Any] = {"board": board, "name": "", "done": False, "folder": ""}
    row |= {"left_out": "", "error": ""}
    try:
        from coterminous.folders.loading import load_board
        from coterminous.report.assembling import appendix

        area = load_board(board, on=on)
        row |= {"board": area.name, "name": area.title}
        folder = appendix(area, out=Path(out) / area.name, **asked)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        left = "; ".join(f"{title} ({why})" for title, why in manifest["left_out"].items())
        row |= {"done": True, "folder": folder.name, "left_out": left}
    except InputError as error:
        row["error"] = str(error)
    except Exception as error:  # noqa: BLE001 - the other boards go on
        row["error"] = f"{type(error).__name__}: {error}"
    return row


def _result_of(waiting: Any, board: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = waiting.result()
    except Exception as error:  # noqa: BLE001 - the other boards go on
        return {"board": board, "name": "", "done": False, "folder": "", "left_out": "",
                "error": f"{type(error).__name__}: {error}"}  # fmt: skip
    return found
