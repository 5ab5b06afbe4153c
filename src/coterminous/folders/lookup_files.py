"""Which area does this spreadsheet put each block in?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.polygons.reading_polygons import CODE_LIKE, NAME_LIKE, likeliest
from coterminous.words import joined

log = logging.getLogger(__name__)

#: Names that columns of small areas go by; compared in lower case.
BLOCK_LIKE = (r"^(oa|lsoa|dz|sdz|block)\d*_?(cd|code)?$", r"^msoa\d*_?(cd|code)?$")
EXCEL = (".xlsx", ".xlsm", ".xls")


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
    """

    codes: pd.Series
    names: dict[str, str]
    taken: dict[str, str | None]


def read_lookup(
    path: str | Path,
    *,
    blocks: pd.Index | None = None,
    block: str | None = None,
    code: str | None = None,
    name: str | None = None,
    sheet: str | None = None,
) -> Lookup:
    r"""Read a lookup from block to area, from CSV or Excel.

    Parameters
    ----------
    path
        The file.
    blocks
        The blocks that there are: the column that holds most of them is the blocks', rows of
        others are left out, and every block must have a row.
    block, code, name
        The columns of blocks, area codes and area names; the likeliest if not given.
    sheet
        The sheet of an Excel file that has several.

    Raises
    ------
    InputError
        If the file or a column is missing, codes are numbers, a block has two areas, an area two
        names, or a block no row.

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
    table = _table(file, sheet)
    columns = [str(c) for c in table.columns]
    if not len(table):
        raise InputError(f"{file} has no rows")
    keyed = _block_column(table, columns, blocks) if block is None else block
    rest = [c for c in columns if c != keyed]
    coded = (likeliest(rest, CODE_LIKE) or (rest[0] if rest else None)) if code is None else code
    for argument, chosen in (("block", keyed), ("code", coded), ("name", name)):
        if chosen is None and argument == "code":
            raise InputError(f"{file} has one column only, {keyed!r}; a lookup needs two")
        if chosen is not None and chosen not in columns:
            raise InputError(f"{file}: {unknown(argument, chosen, columns)}")
    assert coded is not None  # just checked
    named = likeliest([c for c in rest if c != coded], _names_of(coded)) if name is None else name
    log.info("%s: block from %r, code from %r, name from %r", file, keyed, coded, named)
    codes = _codes(table, keyed, coded, file, blocks)
    names = _names(table, coded, named, file) if named is not None else {}
    return Lookup(codes, names, {"block": keyed, "code": coded, "name": named})


def _table(file: Path, sheet: str | None) -> pd.DataFrame:
    if not file.is_file():
        raise InputError(f"{file} is not there")
    try:
        if file.suffix.lower() in EXCEL:
            return _sheet(file, sheet)
        if file.suffix.lower() in (".csv", ".txt", ".tsv"):
            return pd.read_csv(
                file,
                dtype="str",
                encoding="utf-8-sig",
                keep_default_na=False,
                sep="\t" if file.suffix.lower() == ".tsv" else ",",
            )
    except InputError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{file} cannot be read as a table: {reason}") from error
    raise InputError(f"{file} is no lookup that can be read; give a .csv or .xlsx file")


def _sheet(file: Path, sheet: str | None) -> pd.DataFrame:
    with pd.ExcelFile(file) as book:
        sheets = [str(s) for s in book.sheet_names]
        if sheet is not None and sheet not in sheets:
            raise InputError(f"{file}: {unknown('sheet', sheet, sheets)}")
        if sheet is None and len(sheets) > 1:
            raise InputError(
                f"{file} has {len(sheets)} sheets: {', '.join(sheets[:8])}; say which with `sheet`"
            )
        # As they are: a code that the spreadsheet holds as a number has lost its zeros already.
        return pd.read_excel(book, sheet_name=sheet or sheets[0], dtype=object)


def _block_column(table: pd.DataFrame, columns: list[str], blocks: pd.Index | None) -> str:
    if blocks is None:
        known_by_name = likeliest(columns, BLOCK_LIKE)
        if known_by_name is not None:
            return known_by_name
        unique = [c for c in columns if table[c].is_unique] or columns
        return likeliest(unique, CODE_LIKE) or unique[0]
    known = {c: int(table[c].astype("str").str.strip().isin(blocks).sum()) for c in columns}
    best = max(columns, key=lambda c: known[c])
    if not known[best]:
        raise InputError(
            f"no column of the lookup holds the blocks ({first_five(blocks)}); its columns are "
            f"{', '.join(columns)}"
        )
    return best


def _names_of(code: str) -> tuple[str, ...]:
    """Patterns for the names that go with a column of codes: WD24NM for WD24CD, and the usual."""
    stem = code.lower().removesuffix("cd").removesuffix("code").rstrip("_ ")
    return (f"^{stem}_?(nm|name)$", *NAME_LIKE) if stem else NAME_LIKE


def _text(table: pd.DataFrame, column: str, file: Path) -> pd.Series:
    values = table[column]
    numbers = values[[isinstance(v, (int, float)) and v == v for v in values]]
    if len(numbers):
        raise InputError(
            f"{file}: column `{column}` holds numbers, not codes: {first_five(numbers)}; format "
            "it as text in the spreadsheet, with leading zeros, and save it again"
        )
    return values.astype("str").str.strip().fillna("")


def _codes(
    table: pd.DataFrame, block: str, code: str, file: Path, blocks: pd.Index | None
) -> pd.Series:
    pairs = pd.DataFrame({"block": _text(table, block, file), "code": _text(table, code, file)})
    empty = pairs.index[pairs["block"] == ""]
    if len(empty):
        rows = [i + 2 for i in empty]
        raise InputError(f"{file}: column `{block}` is empty in rows {first_five(rows)}")
    pairs = pairs.drop_duplicates()
    twice = pairs[pairs["block"].duplicated(keep=False)].groupby("block")["code"].agg(list)
    if len(twice):
        listed = [f"{b}: {joined(map(str, sorted(c)))}" for b, c in twice.items()]
        raise InputError(
            f"{file} puts {len(twice):,} blocks in more than one area: {first_five(listed)}; "
            "keep one row a block"
        )
    if blocks is not None:
        missing = blocks.difference(pairs["block"])
        if len(missing):
            raise InputError(
                f"{file} lacks {len(missing):,} of {len(blocks):,} blocks: {first_five(missing)}; "
                "give each a row, with an empty code if it is outside"
            )
        pairs = pairs[pairs["block"].isin(blocks)]
    codes = pairs.set_index("block")["code"]
    return codes.mask(codes == "").rename(code).sort_index()


def _names(table: pd.DataFrame, code: str, name: str, file: Path) -> dict[str, str]:
    pairs: Any = pd.DataFrame(
        {"code": _text(table, code, file), "name": table[name].astype("str").str.strip()}
    )
    pairs = pairs[pairs["code"] != ""].drop_duplicates()
    twice = pairs["code"][pairs["code"].duplicated()].unique()
    if len(twice):
        raise InputError(
            f"{file}: column `{name}` gives {len(twice):,} areas more than one name: "
            f"{first_five(twice)}; make them agree"
        )
    return dict(zip(pairs["code"], pairs["name"], strict=True))
