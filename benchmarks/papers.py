"""How long does a paper take? Run as `python benchmarks/papers.py [BOARD]`, Lancashire without.

Each is made in a new process, three times, and the best is printed: the time of the clock from
the start of Python to the finished folder, imports and all.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: What is made, and the goal in seconds.
PAPERS = [
    ("eight pages, PDF", "formats=('pdf',)", 12),
    ("eight pages, all formats", "", 12),
    ("every section, all formats", "full=True", 25),
]
TIMES = 3


def taken(board: str, options: str) -> float:
    """Give the seconds that one paper takes."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "paper")
        asked = f"import coterminous as ct; ct.appendix(ct.load({board}), out={out!r}, {options})"
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", asked], check=True)
        return time.perf_counter() - start


def main(board: str) -> None:
    for what, options, goal in PAPERS:
        best = min(taken(repr(board) if board else "", options) for _ in range(TIMES))
        print(f"{what}: {best:.1f} s, goal {goal} s{'' if best <= goal else ' MISSED'}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
