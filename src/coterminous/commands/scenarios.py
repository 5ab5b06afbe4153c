"""What if the boundary were elsewhere, and which of several drawings is better?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from coterminous.commands import common
from coterminous.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.geography import Geography
    from coterminous.scenarios.comparison import Comparison
    from coterminous.scenarios.scenario import Outcome


#: The words for sizes in a printed comparison: residents and lists side by side.
_SIZES = {
    "people": "living in",
    "smallest": "  smallest area",
    "largest": "  largest area",
    "registered": "registered in",
    "registered_smallest": "  smallest area",
    "registered_largest": "  largest area",
}

#: Where its commands stand in the help.
ORDER = 30


def add(subparsers: Any) -> None:
    """Add `compare`, `scenario` and `sweep`."""
    compare = subparsers.add_parser(
        "compare", help="compare layers and scenario files, one row each"
    )
    compare.add_argument("drawings", nargs="+", metavar="LAYER|FILE.toml")
    compare.add_argument("--base", help="from which people move; the first drawing if not given")
    compare.add_argument("--picture", metavar="FILE", help="write a picture: .png, .svg or .pdf")
    _with_against(compare)
    compare.set_defaults(run=show_comparison)

    scenario = subparsers.add_parser(
        "scenario", help="carry out a scenario file and its checks; 1 if a check fails"
    )
    scenario.add_argument("file", metavar="FILE.toml")
    scenario.add_argument(
        "--out", metavar="DIR", help="write the layer, log, checks, comparison and map here"
    )
    _with_against(scenario)
    scenario.set_defaults(run=show_scenario)

    sweep = subparsers.add_parser("sweep", help="carry out every scenario file of a folder")
    sweep.add_argument("folder", metavar="DIR")
    sweep.add_argument(
        "--jobs", type=common.whole, default=1, metavar="N", help="processes at work at once (1)"
    )
    _with_against(sweep)
    sweep.set_defaults(run=show_sweep)


def _with_against(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--against",
        action="append",
        metavar="LAYER",
        help="a layer to be coterminous with; may be given again (utla2021)",
    )
    common.with_data(command)
    common.with_format(command)


def _against(options: argparse.Namespace) -> tuple[str, ...] | None:
    return tuple(options.against) if options.against else None


def _drawings(names: list[str]) -> list[Any]:
    from pathlib import Path

    return [Path(n) if n.endswith(".toml") else n for n in names]


def show_comparison(options: argparse.Namespace) -> int:
    """Print a comparison."""
    from coterminous.scenarios.comparison import compare

    found = compare(
        common.geography(options),
        _drawings(options.drawings),
        against=_against(options),
        base=options.base,
    )
    if options.picture:
        from coterminous.maps.paper.printed import save

        save(found.plot(), options.picture)
    common.answer_result(options, found, lambda: _print_comparison(found))
    return 0


def _print_comparison(found: Comparison) -> None:
    common.show(_upright(found.table))
    failed = found.checks[~found.checks["ok"]]
    for row in failed.itertuples():
        common.show(f"{row.drawing} fails {row.name}: {row.detail}")
    for note in found.notes:
        common.show(f"Note: {note}")


def _upright(table: pd.DataFrame) -> str:
    """Lay out a comparison with a column a drawing, for there are more scores than drawings."""
    lines = []
    width = max(24, *(len(str(n)) + 2 for n in table.index))
    lines.append(" " * 24 + "".join(f"{n:>{width}}" for n in table.index))
    for column in table.columns.drop("title"):
        cells = [_cell(v) for v in table[column]]
        lines.append(f"{_SIZES.get(column, column):24}" + "".join(f"{c:>{width}}" for c in cells))
    return "\n".join(lines)


def _cell(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return ""
    return f"{value:,.3f}" if isinstance(value, float) and abs(value) <= 1 else f"{value:,.0f}"


def show_scenario(options: argparse.Namespace) -> int:
    """Carry out a scenario, print its log and checks, and write its folder; 1 if a check fails."""
    from coterminous.scenarios.scenario import Scenario

    outcome = Scenario.read(options.file).run(common.geography(options))
    if options.out:
        from coterminous.report.scenario_folder import write_outcome

        write_outcome(outcome, options.out, against=_against(options))
    common.answer_result(options, outcome, lambda: _print_outcome(outcome))
    return 0 if outcome.ok else 1


def _print_outcome(outcome: Outcome) -> None:
    common.show(f"{outcome.scenario.name}: {len(outcome.layer)} areas")
    for number, row in outcome.log.iterrows():
        blocks, people = f"{row['blocks']:,} blocks", f"{row['people']:,} people"
        common.show(f"{number}. {row['step']}: {blocks}, {people}. {row['left']}")
    for row in outcome.checks.itertuples():
        common.show(f"{'pass' if row.ok else 'FAIL'}  {row.name}: {row.detail}")


def show_sweep(options: argparse.Namespace) -> int:
    """Carry out a folder; 2 if a file could not be carried out, else 1 if a check failed."""
    found = _swept(common.geography(options), options)
    common.answer_result(options, found, lambda: common.show(common.as_text(found.table)))
    if found.errors:
        return 2
    return 1 if found.failed else 0


def _swept(area: Geography, options: argparse.Namespace) -> Any:
    from coterminous.scenarios.sweeps import sweep

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} of {of} scenarios" + ("\n" if done == of else ""))

    if options.jobs < 1:
        raise InputError(f"`--jobs` is {options.jobs}; give at least 1")
    if options.jobs == 1:
        return sweep(area, options.folder, against=_against(options), progress=progress)
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # A new process starts clean: a fork of one with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
        return sweep(
            area, options.folder, executor=pool, against=_against(options), progress=progress
        )
