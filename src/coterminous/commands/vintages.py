"""Which geography and year are the codes of this file, and what is it in another year's?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.commands import common
from coterminous.errors import InputError, first_five, some_of, unknown

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.vintages import Recoded, Translated

#: Where its commands stand in the help.
ORDER = 75


def add(subparsers: Any) -> None:
    """Add `codes` and `translate`."""
    codes = subparsers.add_parser(
        "codes", help="say which geography and year the codes of a table are"
    )
    _with_table(codes)
    codes.add_argument("--expected", metavar="VINTAGE", help="what they should be, as lsoa2011")
    common.with_format(codes)
    codes.set_defaults(run=show_codes)

    translate = subparsers.add_parser(
        "translate", help="take a table from the codes of one year to those of another"
    )
    _with_table(translate)
    translate.add_argument("--to", required=True, metavar="VINTAGE", help="such as lsoa2011")
    translate.add_argument(
        "--from", dest="source", metavar="VINTAGE", help="if the codes do not say it themselves"
    )
    translate.add_argument(
        "--values", action="append", default=[], metavar="COLUMN", help="a column of counts"
    )
    translate.add_argument(
        "--areas", action="append", default=[], metavar="COLUMN", help="a column of areas"
    )
    translate.add_argument("--by", choices=("population", "lsoas"), default="population")
    translate.add_argument("--irregular", choices=("refuse", "population"), default="refuse")
    translate.add_argument("--out", metavar="FILE", help="a CSV to write")
    common.with_force(translate)
    common.with_format(translate)
    translate.set_defaults(run=show_translation)


def _with_table(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a table: CSV, Excel, or a zip of one")
    command.add_argument("--column", help="the column of codes; found by its codes if not given")
    command.add_argument("--sheet", help="the sheet of a workbook")
    command.add_argument("--member", help="the file of a zip that holds several")


def _table(options: argparse.Namespace) -> pd.DataFrame:
    from coterminous.tables.opening import open_table

    table = open_table(options.file, sheet=options.sheet, member=options.member)
    if not len(table):
        raise InputError(f"{options.file} has no rows")
    return table


def _chosen(table: pd.DataFrame, column: str, where: str, argument: str) -> pd.Series:
    if column not in table.columns:
        raise InputError(f"{where}: {unknown(argument, column, [str(c) for c in table.columns])}")
    return table[column]


def show_codes(options: argparse.Namespace) -> int:
    """Print what each column of codes is, or the one that was named."""
    import pandas as pd

    from coterminous.vintages import codes
    from coterminous.vintages.doors import told

    table = _table(options)
    if options.column is not None or options.expected is not None:
        column = options.column or _column_of_codes(table, options.file)
        cells = _chosen(table, column, options.file, "--column")
        where = f"{options.file}: column `{column}`"
        found = {column: codes(cells, expected=options.expected, where=where)}
    else:
        read = {str(c): told(table[c]) for c in table.columns}
        found = {c: f for c, f in read.items() if f is not None}
        if not found:
            raise InputError(
                f"{options.file} has no column that holds codes of one geography and year; name "
                "one with --column to see what it holds"
            )
    rows = [{"column": c, **f.as_json()} for c, f in found.items()]
    flat = pd.DataFrame(
        [{**r, "vintages": " ".join(r["vintages"])} for r in rows],
        columns=["column", "kind", "year", "vintages", "codes", "rows", "empty", "said"],
    )
    common.answer(options, json=lambda: rows, csv=lambda: flat, table=lambda: _print_codes(found))
    return 0


def _print_codes(found: dict[str, Any]) -> None:
    for column, said in found.items():
        common.show(f"{column}: {said.said}")
        for note in said.notes:
            common.show(f"  Note: {note}")
        for row in said.elsewhere.itertuples():
            common.show(f"  {row.what}: {row.codes:,} codes in {row.rows:,} rows ({row.examples})")


def _column_of_codes(table: pd.DataFrame, where: str, to: str | None = None) -> str:
    """Find the one column of codes, which can be translated if that is wanted."""
    from coterminous.vintages import codes
    from coterminous.vintages.crosswalks import has_route
    from coterminous.vintages.doors import told

    read = {str(c): told(table[c]) for c in table.columns}
    found = [c for c, f in read.items() if f is not None and f.vintages]
    if to is not None:
        routes = {c: read[c] for c in found}
        found = [c for c, f in routes.items() if f is not None and has_route(f.vintages, to)]
    if len(found) != 1:
        said = f"{len(found)} columns of such codes: {first_five(found)}" if found else "none"
        # Of one column that nearly is what is wanted, what is wrong with it is the answer.
        nearly = [] if found else _nearly(table)
        if len(nearly) == 1:
            named = f"{where}: column `{nearly[0]}`"
            held = codes(table[nearly[0]], where=named).said
            way = f", from which there is no way to {to}" if to is not None else ""
            raise InputError(f"{named} holds {held}{way}; name another one with --column")
        raise InputError(
            f"{where}: the column of codes cannot be told, for there are {said}; name it with "
            f"--column, one of: {some_of(list(map(str, table.columns)))}"
        )
    return found[0]


def _nearly(table: pd.DataFrame) -> list[str]:
    """List the columns of which most cells that are filled look like codes of somewhere."""
    from coterminous.vintages.recognising import looks_like_codes

    return [str(c) for c in table.columns if looks_like_codes(table[c])]


def show_translation(options: argparse.Namespace) -> int:
    """Print or write the table by the codes of another year."""
    from coterminous.vintages.geographies import vintage_of

    target = vintage_of(options.to, "--to").name
    if options.out:
        from coterminous.files import check_writable

        check_writable(options.out, argument="--out", inputs=[options.file], force=options.force)
    table = _table(options)
    column = options.column or _column_of_codes(table, options.file, target)
    keys = _chosen(table, column, options.file, "--column")
    if not options.values and not options.areas:
        raise InputError(
            f"{options.file}: say which columns hold counts with --values and which hold areas "
            f"with --areas; it has: {', '.join(str(c) for c in table.columns if c != column)}"
        )
    counts = {c: _counts(table, c, keys, options, target) for c in options.values}
    areas = {c: _areas(table, c, keys, options, target) for c in options.areas}
    made = _together(counts, areas, target)
    if options.out:
        from coterminous.files import write_csv

        write_csv(made, options.out)
    both: dict[str, Translated | Recoded] = {**counts, **areas}
    if options.format == "csv":
        sys.stderr.writelines(f"{c}: {note}\n" for c, f in both.items() for note in f.notes)
    common.answer(
        options,
        json=lambda: {
            "to": target,
            "values": {c: f.as_json() for c, f in counts.items()},
            "areas": {c: f.as_json() for c, f in areas.items()},
        },
        csv=lambda: made,
        table=lambda: _print_translation(counts, areas, made, options.out),
    )
    return 0


def _counts(
    table: pd.DataFrame, column: str, keys: pd.Series, options: argparse.Namespace, target: str
) -> Translated:
    from coterminous.tables.cells import whole_column
    from coterminous.tables.joins import reindexed
    from coterminous.vintages import translate

    _once(keys, options.file)
    _chosen(table, column, options.file, "--values")
    cells = reindexed(table, keys)[column]
    counts = whole_column(cells, f"{options.file}: column `{column}`")
    if (counts % 1 == 0).all():
        counts = counts.astype("int64")
    return translate(
        counts, to=target, source=options.source, by=options.by, irregular=options.irregular
    )


def _areas(
    table: pd.DataFrame, column: str, keys: pd.Series, options: argparse.Namespace, target: str
) -> Recoded:
    from coterminous.tables.cells import check_text
    from coterminous.vintages import translate_lookup

    _once(keys, options.file)
    areas = _chosen(table, column, options.file, "--areas").set_axis(keys)
    check_text(table, column, options.file)
    return translate_lookup(areas, to=target, source=options.source)


def _once(keys: pd.Series, where: str) -> None:
    twice = keys[keys.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"{where}: column `{keys.name}` has {len(twice):,} codes more than once: "
            f"{first_five(twice)}; give one row a code"
        )


def _together(
    counts: dict[str, Translated], areas: dict[str, Recoded], target: str
) -> pd.DataFrame:
    import pandas as pd

    columns = {
        **{c: f.values for c, f in counts.items()},
        **{c: f.lookup for c, f in areas.items()},
    }
    return pd.DataFrame(columns).rename_axis(target).reset_index()


def _print_translation(
    counts: dict[str, Translated], areas: dict[str, Recoded], made: pd.DataFrame, out: str | None
) -> None:
    both: dict[str, Translated | Recoded] = {**counts, **areas}
    for column, found in both.items():
        common.show(f"{column}: {found.source} to {found.target}")
        for note in found.notes:
            common.show(f"  Note: {note}")
    for column, translated in counts.items():
        ledger = "; ".join(f"{k} {v:,.10g}" for k, v in translated.ledger.items())
        common.show(f"  {column}: {ledger}")
    if out:
        common.show(str(Path(out)))
    else:
        common.show(common.as_text(made.set_index(made.columns[0])))
