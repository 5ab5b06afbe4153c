"""What do the commands share? The options that each takes, and how each prints."""

from __future__ import annotations

import argparse
import sys
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from coterminous.geography import Geography
    from coterminous.results import Result


def with_data(command: argparse.ArgumentParser) -> None:
    """Add `--data`: another geography folder than the bundled one."""
    command.add_argument(
        "--data", metavar="DIR", help="a geography folder; the bundled one if not given"
    )


def with_format(command: argparse.ArgumentParser) -> None:
    """Add `--format`: a table to read, CSV, or JSON."""
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def geography(options: argparse.Namespace) -> Geography:
    """Load the geography that `--data` names."""
    from coterminous.folders.loading import load

    return load(options.data)


def show(text: str) -> None:
    """Print text as UTF-8, whatever the console's own encoding is."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def answer(
    options: argparse.Namespace,
    *,
    json: Callable[[], Any],
    csv: Callable[[], pd.DataFrame],
    table: Callable[[], None],
) -> None:
    """Print an answer in the form that `--format` asks for; no other is made.

    Parameters
    ----------
    options : argparse.Namespace
    json, csv : callable
        Give what `show_json` and `show_csv` print.
    table : callable
        Prints the answer to be read.
    """
    if options.format == "json":
        show_json(json())
    elif options.format == "csv":
        show_csv(csv())
    else:
        table()


def answer_result(
    options: argparse.Namespace, found: Result, table: Callable[[], None], **other: Any
) -> None:
    """Print a result in the form that `--format` asks for, unless its register is restricted.

    Parameters
    ----------
    options : argparse.Namespace
    found : Result
    table : callable
        Prints it to be read.
    **other
        `json` or `csv`, where they are not the result's own.

    Raises
    ------
    DisclosureError
    """
    found.clear()
    answer(options, **{"json": found.as_json, "csv": found.as_frame, **other}, table=table)


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    from coterminous.files import to_json

    show(to_json(value))


def show_csv(table: pd.DataFrame) -> None:
    """Print a table as CSV, formulas defused."""
    from coterminous.files import csv_text

    show(csv_text(table))


def as_text(table: pd.DataFrame) -> str:
    """Lay out a frame for a terminal: whole numbers with commas, shares to three places."""
    import pandas as pd

    shown = table.copy()
    for column in shown.columns:
        if pd.api.types.is_bool_dtype(shown[column]):
            shown[column] = shown[column].map({True: "yes", False: ""})
        elif pd.api.types.is_integer_dtype(shown[column]):
            shown[column] = ["" if pd.isna(v) else f"{v:,}" for v in shown[column]]
        elif pd.api.types.is_float_dtype(shown[column]):
            # A column of counts that were shared out is one of counts throughout.
            places = 0 if shown[column].abs().max() >= 1000 else 3
            shown[column] = ["" if pd.isna(v) else f"{v:,.{places}f}" for v in shown[column]]
        else:
            shown[column] = _cells(shown[column])
    return str(shown.to_string()) if len(shown) else "(none)"


def _cells(column: pd.Series) -> list[str]:
    """Write cells of any kind: nothing for a missing one, be it None, NaN or NA."""
    return [
        "" if missing else f"{v:,}" if isinstance(v, Integral) else str(v)
        for v, missing in zip(column, column.isna(), strict=True)
    ]
