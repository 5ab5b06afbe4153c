"""How far is a paper, and where is it? A line while it is made, and links when it is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

#: Called with what is being done, the steps done and the steps in all.
Progress = Callable[[str, int, int], None]
#: Files of a paper, in the order in which they are linked to, and what each is.
_FILES = {
    "appendix.html": "web page",
    "appendix.pdf": "PDF",
    "appendix.docx": "Word",
    "tables/tables.xlsx": "workbook",
    "maps": "maps",
    "tables": "tables",
    "pieces/contents.html": "pieces",
    "accessibility.html": "accessibility statement",
}


class Made(type(Path())):  # type: ignore[misc]
    """The path of a folder that was made; under a cell of a notebook, links to what is in it."""

    def _repr_html_(self) -> str:
        links = [
            f'<a href="{escape((self / name).as_posix())}" target="_blank">{escape(what)}</a>'
            for name, what in _FILES.items()
            if (self / name).exists()
        ]
        return f"<p>Written to {escape(str(self))}: {', '.join(links)}.</p>"


def a_line() -> Progress | None:
    """Make a line that shows how far the work is, where somebody is looking: else none."""
    if not (_in_a_notebook() or sys.stderr.isatty()):
        return None
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    bar: Any = None

    def progress(what: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=total, unit="step", bar_format="{l_bar}{bar}| {elapsed}")
        bar.set_description_str(f"{what:<32.32}")
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return progress


def _in_a_notebook() -> bool:
    """Whether a kernel of Jupyter runs this."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"
