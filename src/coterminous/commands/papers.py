"""What does the board paper say? Writes the appendix, and compares it with an older one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.commands import common
from coterminous.words import counted

if TYPE_CHECKING:
    import pandas as pd

_FLAGS = (
    ("before", "LAYER", "the layer before"),
    ("after", "LAYER", "the layer after"),
    ("upper", "LAYER", "upper-tier councils to compare with"),
    ("lower", "LAYER", "lower-tier councils to compare with"),
    ("later", "LAYER", "councils of a later date"),
    ("whole", "LAYER", "the drawing that groups the areas of the layer after"),
    ("options", "A,B,C", "drawings to compare besides"),
    ("title", "TEXT", "title of the document"),
    ("question", "TEXT", "what was asked, for the first page"),
    ("status", "TEXT", "whether it is a draft, for the first page"),
    ("organisation", "TEXT", "whose paper it is"),
    ("date", "YYYY-MM-DD", "date of the paper"),
    ("analyst", "NAME", "who made it"),
    ("checker", "NAME", "who checked it"),
    ("logo", "FILE", "a PNG for the first page"),
    ("template", "FILE", "a Word template (.docx or .dotx) whose styles are used"),
    ("sections", "A,B,C", "only these pages and sections"),
    ("formats", "A,B,C", "only these of html, docx, pdf, xlsx"),
    ("statements", "FILE", "what people said, to be tested"),
    ("palette", "NAME", "colours of the maps"),
)

#: Where its commands stand in the help.
ORDER = 70


def add(subparsers: Any) -> None:
    """Add `appendix`, `appendices` and `inspect`."""
    command = subparsers.add_parser(
        "appendix", help="write the appendix of a board paper: HTML, Word, PDF, maps and tables"
    )
    for name, shown, about in _FLAGS:
        command.add_argument(f"--{name}", metavar=shown, help=about)
    command.add_argument(
        "--threshold", type=common.share, metavar="SHARE", help="share that counts"
    )
    command.add_argument("--full", action="store_true", help="every section after the eight pages")
    command.add_argument("--verdicts", action="store_true", help="add words of judgement")
    command.add_argument(
        "--settings", metavar="FILE", help="settings; appendix.toml here, if there is one"
    )
    command.add_argument("--compare", metavar="MANIFEST", help="list what moved since an older one")
    command.add_argument("--out", metavar="DIR", help="the folder to write (appendix)")
    common.with_register_file(command)
    common.with_data(command)
    common.with_format(command)
    command.set_defaults(run=write_appendix)
    many = subparsers.add_parser(
        "appendices", help="write the appendix of many boards of England, a folder each"
    )
    many.add_argument("boards", nargs="*", metavar="BOARD", help="all boards if none is named")
    many.add_argument("--on", metavar="YYYY-MM-DD", help="the boards of that day; July 2022")
    many.add_argument("--out", metavar="DIR", required=True, help="the folder of their folders")
    many.add_argument("--sections", metavar="A,B,C", help="only these sections")
    many.add_argument("--formats", metavar="A,B,C", help="only these of html, docx, pdf, xlsx")
    many.add_argument(
        "--jobs", "-j", type=common.whole, default=1, metavar="N", help="so many at a time"
    )
    common.with_format(many)
    many.set_defaults(run=write_appendices)
    look = subparsers.add_parser(
        "inspect", help="list every table inside a map, document or workbook, with its source"
    )
    look.add_argument("file", metavar="FILE", help="a .html, .docx, .xlsx or .csv, or a folder")
    common.with_format(look)
    look.set_defaults(run=inspect_file)


def write_appendix(options: argparse.Namespace) -> int:
    """Write the appendix, or list what has moved since an older one."""
    area = common.geography(options)
    given = {name: getattr(options, name) for name, _, _ in _FLAGS}
    given |= {
        "threshold": options.threshold,
        "verdicts": options.verdicts or None,
        "full": options.full or None,
    }
    if options.compare:
        return _compare(area, given, options)
    from coterminous.report.assembling import appendix

    made = appendix(
        area,
        out=options.out or "appendix",
        settings=_settings(options),
        **given,
    )
    common.show(f"Written: {made}")
    return 0


def write_appendices(options: argparse.Namespace) -> int:
    """Write the appendices of many boards; 1 if one of them failed."""
    from concurrent.futures import ProcessPoolExecutor
    from contextlib import nullcontext

    from coterminous.report.many import appendices

    if options.jobs < 1:
        from coterminous.errors import InputError

        raise InputError(f"--jobs is {options.jobs}; give how many at a time, 1 or more")
    pool = ProcessPoolExecutor(options.jobs) if options.jobs > 1 else nullcontext()
    with pool as executor:
        table = appendices(
            options.boards or None,
            out=options.out,
            on=options.on,
            executor=executor,
            sections=options.sections,
            formats=options.formats,
            progress=_count if sys.stderr.isatty() else None,
        )
    shown = table[["board", "name", "done", "error"]].set_index("board")
    common.answer(
        options,
        json=lambda: table,
        csv=lambda: table,
        table=lambda: common.show(common.as_text(shown)),
    )
    return 0 if table["done"].all() else 1


def _count(done: int, total: int) -> None:
    """Say how many papers are made, on a terminal."""
    sys.stderr.write(f"\r{done} of {total}" + ("\n" if done == total else ""))
    sys.stderr.flush()


def _settings(options: argparse.Namespace) -> str | None:
    """Find the settings: those named, else the appendix.toml of this folder."""
    if options.settings:
        return str(options.settings)
    return "appendix.toml" if Path("appendix.toml").is_file() else None


def _compare(area: Any, given: dict[str, Any], options: argparse.Namespace) -> int:
    """Compare what would be written now with an older manifest; write it too where asked."""
    import tempfile

    from coterminous.report.assembling import appendix
    from coterminous.report.record import moved, read_manifest

    old = read_manifest(options.compare)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(options.out) if options.out else Path(folder) / "appendix"
        if not options.out:
            given["formats"] = given["formats"] or ("html",)
        made = appendix(
            area,
            out=target,
            settings=_settings(options),
            **given,
        )
        table = moved(old, read_manifest(made / "manifest.json"))
    if not options.out:
        table = table[~((table["what"] == "option") & (table["key"] == "formats"))]
    said = common.as_text(table.set_index("what")) if len(table) else "Nothing has moved."
    common.answer(options, json=lambda: table, csv=lambda: table, table=lambda: common.show(said))
    return 0


def inspect_file(options: argparse.Namespace) -> int:
    """List the tables inside a file, with the smallest count of each."""
    from coterminous.report.inspecting import inspect

    table = inspect(options.file)
    common.answer(
        options, json=lambda: table, csv=lambda: table, table=lambda: _print_tables(table)
    )
    return 0


def _print_tables(table: pd.DataFrame) -> None:
    import pandas as pd

    common.show(counted(len(table), "table"))
    for row in table.itertuples(index=False):
        least = (
            "no count"
            if pd.isna(row.smallest_count)
            else f"smallest count {row.smallest_count:,} ({row.smallest_in})"
        )
        common.show(f"{row.file}: {row.table}\n    {row.rows:,} rows, {least}")
        common.show(f"    source: {row.source or 'not stated'}")
