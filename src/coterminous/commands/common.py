"""What do the commands share? The options that each takes, and how each prints."""

from __future__ import annotations

import argparse
import sys
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from coterminous.geography import Geography
    from coterminous.results import Result


class _Once(argparse.Action):
    """An option that is given once: a second one would silently win."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Keep the value, or refuse a second one."""
        if getattr(namespace, self.dest) is not None:
            parser.error(
                f"{option_string} is given twice: a geography is of one board or council; load "
                "all of England with --board england, and compare them there"
            )
        setattr(namespace, self.dest, values)


def with_data(command: argparse.ArgumentParser) -> None:
    """Add `--data`, `--board` and `--on`: another geography than the bundled one."""
    which = command.add_argument_group("geography (the bundled one if none is given)")
    which.add_argument("--data", metavar="DIR", help="a geography folder")
    which.add_argument(
        "--board",
        metavar="NAME",
        action=_Once,
        help="a board of England or an upper-tier council, by code or name; or england",
    )
    which.add_argument(
        "--on",
        metavar="YYYY-MM-DD",
        help="a day: of the board's footprint, and of lists of practices and networks",
    )


def with_force(command: argparse.ArgumentParser) -> None:
    """Add `--force`: a file that is there may be replaced."""
    command.add_argument(
        "--force", action="store_true", help="replace the file to write, whatever is in it"
    )


def share(text: str) -> float:
    """Read a share that a flag gives, such as 0.05; per cent are told what to write."""
    try:
        return float(text)
    except ValueError:
        percent = text.strip().removesuffix("%").strip()
        mend = f"write {float(percent) / 100:g}" if _is_number(percent) else "give one, as 0.05"
        raise argparse.ArgumentTypeError(f"{text!r} is no share: {mend}") from None


def decimal(text: str) -> float:
    """Read a number that a flag gives."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number: give one, as 0.1") from None


def whole(text: str) -> int:
    """Read a whole number that a flag gives; commas between thousands are none of it."""
    try:
        return int(text)
    except ValueError:
        bare = text.replace(",", "").replace(" ", "")
        mend = f"write {bare}" if bare.isdigit() else "give one, as 4"
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number: {mend}") from None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def with_format(command: argparse.ArgumentParser) -> None:
    """Add `--format`: a table to read, CSV, or JSON."""
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def with_register_file(command: argparse.ArgumentParser) -> None:
    """Add `--register-file` and what belongs to it: an official file in place of a register."""
    files = command.add_argument_group("official files")
    files.add_argument(
        "--register-file",
        metavar="FILE",
        help="an official file of registrations (by practice and LSOA) or of trust patients",
    )
    files.add_argument("--member", metavar="NAME", help="the file of a zip that holds several")
    files.add_argument(
        "--practices", metavar="FILE", help="epraccur, the official list of practices"
    )
    files.add_argument("--networks", metavar="FILE", help="ePCN, the official list of networks")
    files.add_argument(
        "--sheet", metavar="NAME", help="the sheet of the workbook of networks, or of the register"
    )
    files.add_argument(
        "--published",
        action="store_true",
        help="the file is published, so that every count may be shown; else it is restricted",
    )


def geography(options: argparse.Namespace) -> Geography:
    """Load the geography of `--data` or `--board`, with the register of `--register-file`."""
    area = _asked(options)
    if getattr(options, "register_file", None) is None:
        _check_no_lists(options)
        return area
    from coterminous.registers.registrations import of_official_file

    named = getattr(options, "register", "").partition("/")[0]
    found = of_official_file(
        options.register_file,
        area=area,
        name=named or None,
        practices=_practices(options, area),
        published=options.published,
        member=options.member,
        sheet=None if options.networks else options.sheet,
    )
    return area.with_register(found)


def _asked(options: argparse.Namespace) -> Geography:
    """Load the folder or the board that is asked for, and no two."""
    from coterminous.errors import InputError
    from coterminous.folders.loading import load, load_board

    if options.board is None:
        return load(options.data)
    if options.data is not None:
        raise InputError(
            f"--board {options.board} and --data {options.data} are two geographies; give one"
        )
    return load_board(options.board, on=options.on)


def _check_no_lists(options: argparse.Namespace) -> None:
    """Refuse what belongs to a register file where there is none."""
    lone = [
        f"--{name}"
        for name in ("member", "practices", "networks", "on", "sheet", "published")
        if (hasattr(options, "register_file") or name == "on")
        and getattr(options, name, None)
        and not (name == "on" and options.board)
    ]
    if lone:
        from coterminous.errors import InputError

        if lone == ["--on"] and not hasattr(options, "register_file"):
            raise InputError("--on is a day of a board's footprint; name it with --board NAME")
        raise InputError(f"{', '.join(lone)} belongs to a file; name it with --register-file FILE")


def _practices(options: argparse.Namespace, area: Geography) -> pd.DataFrame | None:
    from coterminous.errors import InputError
    from coterminous.registers.memberships import networks
    from coterminous.registers.ods import practices

    if options.networks and not (options.practices and options.on):
        raise InputError(
            "--networks are of practices at a date; add --practices FILE and --on DATE"
        )
    if not options.practices:
        return None
    members = None
    if options.networks:
        members = networks(options.networks, on=options.on, sheet=options.sheet)
    return practices(options.practices, area=area, on=options.on, networks=members)


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


def number(value: Any) -> str:
    """Write a number as people do: commas, and decimals only where there are some.

    Examples
    --------
    >>> number(2999), number(89.25000000000001), number(211201.6), number("source")
    ('2,999', '89.25', '211,201.6', 'source')
    """
    if isinstance(value, Integral):
        return f"{value:,}"
    return f"{value:,.12g}" if isinstance(value, Real) else str(value)


def _cells(column: pd.Series) -> list[str]:
    """Write cells of any kind: nothing for a missing one, be it None, NaN or NA."""
    return [
        "" if missing else f"{v:,}" if isinstance(v, Integral) else str(v)
        for v, missing in zip(column, column.isna(), strict=True)
    ]
