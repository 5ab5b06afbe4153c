"""What does all of England cost? Each answer in a new process: seconds, and the most memory held.

Run as `python benchmarks/england.py`; what misses its goal is printed as such.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEAK = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
LOAD = "import coterminous as ct; area = ct.load('england')\n"
#: What is asked, in Python, and the seconds and the megabytes that it is to take at most.
ASKED = {
    "overlap of 106 locations and 152 councils, all measures": (
        LOAD + "area.overlap('sicbl2022', 'utla2021').measures()",
        2.0,
        600,
    ),
    "practices across lines, boards to councils": (
        LOAD + "ct.impact(area, 'gp', before='icb2022', after='utla2023')",
        5.0,
        None,
    ),
    "league of 42 boards, with parts and patients": (
        LOAD + "ct.league(area, 'icb2022', 'utla2021', parts='sicbl2022')",
        None,
        None,
    ),
    "one board, loaded and overlapped": (
        "import coterminous as ct\nct.load('QOQ').overlap('sicbl2022', 'utla2023')",
        None,
        None,
    ),
    "import alone": ("import coterminous", None, None),
}
MAP_MB = 6.0


def timed(code: str) -> tuple[float, float]:
    """Run code in a new interpreter: seconds of the best of three, and its peak in megabytes."""
    best, peak = float("inf"), 0.0
    for _ in range(3):
        start = time.perf_counter()
        asked = [sys.executable, "-c", code + PEAK]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
        best = min(best, time.perf_counter() - start)
        peak = float(done.stdout.split()[-1])
    return best, peak


def against(value: float, goal: float | None, unit: str) -> str:
    """Say whether a goal is met; nothing where there is none."""
    if goal is None:
        return ""
    return f", goal {goal:g} {unit}{'' if value < goal else ' MISSED'}"


def main() -> None:
    """Print a row for each question, and the size of a map of the boards."""
    for said, (code, seconds, megabytes) in ASKED.items():
        took, peak = timed(code)
        goals = against(took, seconds, "s") + against(peak, megabytes, "MB")
        print(f"{said}: {took:.2f} s, {peak:.0f} MB{goals}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "boards.html"
        asked = ["map", "icb2022", "--board", "england", "--out", str(file)]
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "coterminous", *asked], check=True, capture_output=True
        )
        size, took = file.stat().st_size / 1e6, time.perf_counter() - start
        print(f"map of 42 boards: {size:.1f} MB{against(size, MAP_MB, 'MB')}, {took:.0f} s")


if __name__ == "__main__":
    main()
