"""Which area does this spreadsheet put each block in?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.tables.cells import check_text
from coterminous.tables.columns import block_column, code_column, column_named, name_column
from coterminous.tables.joins import check_named, said_of_outside
from coterminous.tables.keys import check_alike, folded, is_total, matched, one_name
from coterminous.tables.opening import open_table
from coterminous.vintages import expect
from coterminous.words import counted, joined, plural

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lookup:
    """A lookup that was read, and what was taken for what.

    Attributes
    ----------
    codes : pandas.Series
        Area code by block; missing where the cell is empty. Fit for `Layer.from_lookup`.
    names : dict
        Name by area code; empty if there is no column of names.
    taken : dict
        The columns taken as `block`, `code` and `name`.
    said : tuple of str
        What was left out or matched, in words.
    """

    codes: pd.Series
    names: dict[str, str]
    taken: dict[str, str | None]
    said: tuple[str, ...] = ()


def read_lookup(
    path: str | Path,
    *,
    blocks: pd.Index | None = None,
    block: str | None = None,
    code: str | None = None,
    name: str | None = None,
    sheet: str | None = None,
    member: str | None = None,
    likely: pd.Index | None = None,
    people: Callable[[], pd.Series] | None = None,
) -> Lookup:
    r"""Read a lookup from block to area, from CSV or Excel, also zipped.

    Parameters
    ----------
    path
        The file; see `open_table` for what can be read.
    blocks
        The blocks that there are: the column that holds most of them is the blocks', rows of
        others are left out, and every block must have a row.
    block, code, name
        The columns of blocks, area codes and area names; the likeliest if not given.
    sheet
        The sheet of an Excel file that has several.
    member
        The file of a zip that has several.
    likely
        Blocks that are taken for `blocks` if the file has any of them, where those are not given;
        if it has none, it is said that nothing was compared.
    people : callable, optional
        Gives the people of each block, to say how many are outside.

    Raises
    ------
    InputError
        If the file or a column is missing or cannot be told, codes are numbers, dates or errors,
        or alike but for what cannot be seen, a block has two areas, an area two names, a block no
        row, or no block an area.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "wards.csv"
    ...     _ = file.write_text("LSOA11CD,WD24CD,WD24NM\nE1,W1,Moor\nE2,W1,Moor\n")
    ...     read = read_lookup(file)
    >>> read.codes.to_dict(), read.names, read.taken["code"]
    ({'E1': 'W1', 'E2': 'W1'}, {'W1': 'Moor'}, 'WD24CD')
    """
    file = Path(path)
    known = () if blocks is None else blocks
    table = open_table(file, sheet=sheet, member=member, codes=known)
    where = str(file)
    if not len(table):
        raise InputError(f"{where} has no rows")
    uncompared = []
    if blocks is None and likely is not None:
        if any(table[c].str.strip().isin(likely).any() for c in table.columns):
            blocks = likely
        else:
            uncompared.append(
                "its blocks were compared with nothing, for none of them is a bundled one; give "
                "the folder that has them with `--data`"
            )
    keyed = block_column(table, blocks, where) if block is None else block
    keyed = column_named(table, keyed, "block", where)
    check_text(table, keyed, where)
    table, said = _of_blocks(table, keyed, blocks, where)
    coded = code_column(table, keyed, blocks, where) if code is None else code
    coded = column_named(table, coded, "code", where)
    named = name_column(table, coded, keyed) if name is None else name
    if named is not None:
        named = column_named(table, named, "name", where)
    log.info("%s: block from %r, code from %r, name from %r", where, keyed, coded, named)
    check_text(table, coded, where)
    codes = _codes(table, keyed, coded, where, blocks)
    names: dict[str, str] = {}
    if named is not None:
        check_text(table, named, where, numbers=True)
        check_named(table, keyed, coded, named, where)
        names = one_name(table[coded], table[named], where, coded, named)
    if codes.isna().any():
        said.append(said_of_outside(codes.isna(), people if blocks is not None else None))
    said.extend(uncompared)
    for line in said:
        log.warning("%s: %s", where, line)
    taken = {"block": keyed, "code": coded, "name": named}
    return Lookup(codes, names, taken, (*table.attrs["said"], *said))


def _of_blocks(
    table: pd.DataFrame, block: str, blocks: pd.Index | None, where: str
) -> tuple[pd.DataFrame, list[str]]:
    """Spell the blocks as ours are, and leave out rows of totals and of other blocks."""
    empty = table.index[table[block].eq("")]
    if len(empty):
        raise InputError(
            f"{where}: column `{block}` is empty in {plural(len(empty), 'row')} "
            f"{first_five(empty)}; give each its block, and take out rows that are no part of the "
            "table, such as a note below it"
        )
    totals = table[block].map(is_total)
    said = []
    if blocks is not None:
        spelt = matched(pd.Index(table[block]), blocks, f"{where}: column `{block}`")
        table = table.assign(**{block: spelt.to_numpy()})
        totals &= ~table[block].isin(blocks)
    if totals.any():
        said.append(f"rows of totals are left out: {first_five(table.loc[totals, block])}")
        table = table[~totals]
    if blocks is not None:
        missing = blocks.difference(table[block])
        if len(missing):
            expect(table[block], blocks, where=f"{where}: column `{block}`")
            raise InputError(
                f"{where} lacks {len(missing):,} of {len(blocks):,} blocks: {first_five(missing)}; "
                "give each a row, with an empty code if it is outside, or name the folder of other "
                "blocks with `--data`"
            )
        others = table.loc[~table[block].isin(blocks), block]
        if len(others):
            said.append(
                f"{counted(len(others), 'row')} {plural(len(others), 'is', 'are')} of no block of "
                f"the geography and {plural(len(others), 'is', 'are')} left out: "
                f"{first_five(others)}"
            )
        table = table[table[block].isin(blocks)]
    return table, said


def _codes(
    table: pd.DataFrame, block: str, code: str, where: str, blocks: pd.Index | None
) -> pd.Series:
    pairs = pd.DataFrame({"block": table[block], "code": table[code]})
    check_alike(pairs["block"].unique(), f"{where}: column `{block}`")
    check_alike(pairs.loc[pairs["code"] != "", "code"].unique(), f"{where}: column `{code}`")
    if not (pairs["code"] != "").any():
        raise InputError(
            f"{where}: column `{code}` is empty in every row, so no block has an area; say which "
            "column holds the areas with `--code`"
        )
    reserved = [c for c in pairs["code"].unique() if folded(c) == "outside"]
    if reserved:
        raise InputError(
            f"{where}: column `{code}` has the code {reserved[0]!r}, which is reserved; leave the "
            "cell empty if the block is outside"
        )
    pairs = pairs.drop_duplicates()
    twice = pairs[pairs["block"].duplicated(keep=False)].groupby("block")["code"].agg(list)
    if len(twice):
        listed = [f"{b}: {joined(map(str, sorted(c)))}" for b, c in twice.items()]
        raise InputError(
            f"{where} puts {len(twice):,} blocks in more than one area: {first_five(listed)}; "
            "keep one row a block"
        )
    codes = pairs.set_index("block")["code"]
    if blocks is not None:
        codes = codes.reindex(blocks)
    return codes.mask(codes == "").rename(code).sort_index()
