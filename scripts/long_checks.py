"""What is too long for every change: ``python scripts/long_checks.py [CHECK ...]``.

Without a name all are run. Each prints what it counted, and the exit status is 1 if one found a
fault.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def overlay(seed: int) -> bool:
    """10,500 random pairs of polygons against exact fractions."""
    from tests.polygons.exact_areas import faults

    count, worst = faults(seed, 10_500)
    said = ", ".join(f"{number:,} {what}" for what, number in count.items())
    print(f"  {said}; worst error {worst:.1e} of the smaller polygon")
    return not count["missed"] and not count["extra"] and worst < 1e-9


def raw(seed: int) -> bool:
    """Mend, draw and write up a board's polygons: as published, and with seeded faults."""
    import tempfile

    from tests.polygons import raw_boards

    from coterminous.cli import main

    table = raw_boards.of_board("QOQ")
    shapes = raw_boards.published(table.index)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for name, drawn in (
            ("published", shapes),
            ("faulty", raw_boards.with_faults(shapes, seed)),
        ):
            place = Path(folder) / name
            raw_boards.write(place, drawn, table, "A board", "2011")
            blocks = str(place / "blocks.gpkg")
            if name == "faulty":
                good &= main(["check", blocks, "--mend", blocks + ".new.gpkg"]) == 0
                Path(blocks + ".new.gpkg").replace(blocks)
            data = ["--data", str(place)]
            for command in (
                ["map", "council", "before", "--out", str(place / "map.html"), *data],
                ["options", "--units", "district", "--within", "council", "--areas", "3", *data],
                ["appendix", "--formats", "html,docx", "--out", str(place / "paper"), *data],
            ):
                status = main(command)
                print(f"  {name}: {command[0]} ends with {status}", flush=True)
                good &= status == 0
    return good


#: What no paper may say: figures of nothing, gaps in sentences, names of another system.
NEVER = (
    *(r"\bnan\b", r"\bNone\b(?! of)", r"\binf\b", r"South Cumbria", r"\b0 of 0\b"),
    *(r"of 1 plausible", r"[Oo]f the one ", r"[Oo]f 1 ", r"with_links", r"\{[a-z_]+\}"),
)


def boards(seed: int) -> bool:
    """Write the paper of all 42 boards of 2022: what none may say, and pages that are not full."""
    import re
    import tempfile
    from concurrent.futures import ProcessPoolExecutor

    import coterminous as ct

    del seed
    good = True
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(2) as pool:
        table = ct.appendices(out=folder, executor=pool, formats=("html", "pdf"))
        for row in table.itertuples():
            print(f"  {row.board} {row.name}: {'done' if row.done else row.error}")
            if row.left_out:
                print(f"    left out: {row.left_out}")
            if not row.done:
                good = False
                continue
            page = (Path(folder) / row.folder / "appendix.html").read_text(encoding="utf-8")
            text = _text_of(page)
            for pattern in NEVER:
                if pattern == "South Cumbria" and row.board == "QE1":
                    continue
                for found in list(re.finditer(pattern, text))[:3]:
                    around = text[max(0, found.start() - 60) : found.end() + 60]
                    print(f"    says {pattern}: {around!r}")
                    good = False
            pages = [round(full, 2) for full in _filled(Path(folder) / row.folder / "appendix.pdf")]
            if len(pages) > 8 or min(pages) < 0.5:
                print(f"    pages and how far they are filled: {pages}")
                good = False
    return good


def _filled(file: Path) -> list[float]:
    """Say of each page of a paper how far down its last line of text stands, the footer apart."""
    from pypdf import PdfReader

    found = []
    for page in PdfReader(file).pages:
        heights: list[float] = []

        def note(text: str, placed: Any, *_: Any, heights: list[float] = heights) -> None:
            if text.strip() and placed[5] > 50:
                heights.append(placed[5])

        page.extract_text(visitor_text=note)
        high = float(page.mediabox.height)
        found.append((high - min(heights)) / high)
    return found


def _text_of(page: str) -> str:
    """Take the words out of a page: neither scripts, nor styles, nor maps within it."""
    import html
    import re

    bare = re.sub(r"(?s)<(script|style|svg|iframe)\b.*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


CHECKS: dict[str, Callable[[int], bool]] = {"overlay": overlay, "raw": raw, "boards": boards}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    parser.add_argument("--seed", type=int, default=12)
    options = parser.parse_args()
    for name in options.checks:
        if name not in CHECKS:
            parser.error(f"no check is called {name!r}; there are: {', '.join(CHECKS)}")
    good = True
    for name in options.checks or CHECKS:
        start = time.perf_counter()
        print(f"{name} (seed {options.seed}): {CHECKS[name].__doc__}", flush=True)
        passed = CHECKS[name](options.seed)
        print(f"  {'passed' if passed else 'FAILED'} in {time.perf_counter() - start:.0f} s")
        good &= passed
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
