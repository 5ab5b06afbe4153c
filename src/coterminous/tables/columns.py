"""Which column of a table is meant, and which can be the lookup? A name is no code."""

from __future__ import annotations

import re

import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.tables.keys import folded, matched
from coterminous.tables.layouts import column_key

#: Names that columns of codes and of names go by, likeliest first; compared in lower case.
CODE_LIKE = (r"\d\dcd$", r"cd$", r"code$", r"^(ods|gss)", r"(^|_)id$", r"id$")
NAME_LIKE = (r"\d\dnm$", r"nm$", r"^name$", r"name$", r"^(title|label)$")
#: Names that columns of small areas go by.
BLOCK_LIKE = (r"^(oa|lsoa|dz|sdz|block)\d*[_ ]?(cd|code)?$", r"^msoa\d*[_ ]?(cd|code)?$")


def likeliest(columns: list[str], patterns: tuple[str, ...]) -> str | None:
    """Return the first column whose name fits the first pattern that any fits.

    Examples
    --------
    >>> likeliest(["FID", "LSOA11CD", "WD24CD"], CODE_LIKE)
    'LSOA11CD'
    """
    for pattern in patterns:
        for column in columns:
            if re.search(pattern, column.lower()):
                return column
    return None


def column_named(table: pd.DataFrame, asked: str, argument: str, where: str) -> str:
    """Return the column of this name; else the one whose name differs only in what is folded.

    Raises
    ------
    InputError
        If there is none, or several.

    Examples
    --------
    >>> column_named(pd.DataFrame(columns=["LSOA code"]), "lsoa_code", "code", "x.csv")
    'LSOA code'
    """
    columns = [str(c) for c in table.columns]
    same = [c for c in columns if c == asked]
    same = same or [c for c in columns if folded(c) == folded(asked)]
    same = same or [c for c in columns if column_key(c) == column_key(asked) != ""]
    if len(same) != 1 or f"{same[0]} (column " in " ".join(columns):
        twice = [c for c in columns if c in same or c.startswith(f"{asked} (column ")]
        if len(twice) > 1:
            raise InputError(
                f"{where} has {len(twice)} columns {asked!r}: {first_five(twice)}; give each a "
                "name of its own in the file"
            )
        raise InputError(f"{where}: {unknown(argument, asked, columns)}")
    return same[0]


def block_column(table: pd.DataFrame, blocks: pd.Index | None, where: str) -> str:
    """Choose the column that holds the blocks: by its values if they are known, else by its name.

    Raises
    ------
    InputError
        If no column holds any of them.
    """
    columns = [str(c) for c in table.columns]
    if blocks is None:
        known_by_name = likeliest(columns, BLOCK_LIKE)
        if known_by_name is not None:
            return known_by_name
        unique = [c for c in columns if table[c].is_unique] or columns
        return likeliest(unique, CODE_LIKE) or unique[0]
    known = {c: int(table[c].isin(blocks).sum()) for c in columns}
    best = max(columns, key=lambda c: known[c])
    if known[best] * 2 < len(blocks):
        ours = {folded(b) for b in blocks}
        like = {c: sum(folded(v) in ours for v in table[c]) for c in columns}
        best = max(columns, key=lambda c: like[c])
        known = like
    if not known[best]:
        raise InputError(
            f"{where}: no column of the lookup holds the blocks ({first_five(blocks)}); its "
            f"columns are {', '.join(columns)}"
        )
    return best


def code_column(table: pd.DataFrame, block: str, blocks: pd.Index | None, where: str) -> str:
    """Choose the column that says which area a block is in; a name is never guessed as the code.

    The likeliest by its name; if that gives every block an area of its own, or no name is like
    that of a code, the only column whose values make a lookup.

    Raises
    ------
    InputError
        If none can be meant, or several: it lists them.
    """
    rest = [str(c) for c in table.columns if c != block]
    if not rest:
        raise InputError(f"{where} has one column only, {block!r}; a lookup needs two")
    rows = table
    if blocks is not None:
        there = matched(pd.Index(table[block]), blocks, f"{where}: column `{block}`")
        rows = table[there.isin(blocks)]
    guess = likeliest([c for c in rest if rows[c].ne("").any()], CODE_LIKE)
    alone = len(rest) == 1 and not (guess and likeliest([guess], BLOCK_LIKE))
    if guess is not None and (alone or not _each_its_own(rows, block, guess)):
        return guess
    fit = [c for c in rest if _makes_a_lookup(rows, block, c)]
    apart = [c for c in fit if not any(_same_parts(rows, c, o) for o in fit if o != c)]
    if len(fit) == 1:
        return fit[0]
    if len(rest) == 1 and not _each_its_own(rows, block, rest[0]):
        return rest[0]
    listed = fit or rest
    also = " (some say the same)" if fit and len(apart) < len(fit) else ""
    said = f"`{guess}` gives every block an area of its own" if guess else "none is named a code"
    raise InputError(
        f"{where}: which column says the area cannot be told, for {said}; "
        f"{'those that may' if fit else 'its columns'} are {first_five(listed)}{also}; say which "
        "with `--code` (and `--name`)"
    )


def name_column(table: pd.DataFrame, code: str, block: str) -> str | None:
    """Choose the column of names that goes with a column of codes, if there is one."""
    stem = code.lower().removesuffix("cd").removesuffix("code").rstrip("_ ")
    rest = [str(c) for c in table.columns if c not in (code, block)]
    own = likeliest(rest, (f"^{re.escape(stem)}[_ ]?(nm|name)$" if stem else "^(nm|name)$",))
    if own is not None:
        return own
    # A name of something else, such as of the blocks, is told by having several for one code.
    fit = [c for c in rest if _says_one(table, code, c)]
    return likeliest(fit, NAME_LIKE)


def _each_its_own(rows: pd.DataFrame, block: str, column: str) -> bool:
    filled = rows[rows[column].ne("")]
    pairs = filled[[block, column]].drop_duplicates()
    return len(pairs) > 1 and pairs[column].is_unique and pairs[block].is_unique


def _makes_a_lookup(rows: pd.DataFrame, block: str, column: str) -> bool:
    """Say whether a column gives each block one area, and some area several blocks."""
    pairs = rows.loc[rows[column].ne(""), [block, column]].drop_duplicates()
    numbers = pairs[column].str.fullmatch(r"[\d.,]+%?").all()
    return (
        len(pairs) > 0
        and not numbers
        and bool(pairs[block].is_unique)
        and not bool(pairs[column].is_unique)
    )


def _same_parts(rows: pd.DataFrame, one: str, other: str) -> bool:
    pairs = rows[[one, other]].drop_duplicates()
    return bool(pairs[one].is_unique and pairs[other].is_unique)


def _says_one(rows: pd.DataFrame, code: str, name: str) -> bool:
    pairs = rows.loc[rows[code].ne("") & rows[name].ne(""), [code, name]].drop_duplicates()
    return bool(pairs[code].map(folded).is_unique)
