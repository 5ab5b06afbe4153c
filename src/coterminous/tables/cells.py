"""What does a cell of a published table say: a number, a hidden count, nothing at all?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from coterminous.errors import InputError
from coterminous.words import counted

Kind = Literal[
    "number",
    "thousands",
    "percent",
    "hidden",
    "not applicable",
    "not available",
    "dash",
    "empty",
    "merged",
    "no number",
]
#: Marks of official tables, in lower case; brackets around one do not matter.
HIDDEN = ("*", "**", "c", "low", "suppressed", "s", "supp", "confidential", "redacted")
NOT_APPLICABLE = ("z", "not applicable", ".")
NOT_AVAILABLE = (
    ":",
    "..",
    "...",
    "x",
    "n/a",
    "na",
    "#n/a",
    "not available",
    "w",
    "nan",
    "null",
    "none",
)
_DASHES = ("-", "\u2013", "\u2014", "--")
_FEWER = re.compile(r"^(<|<=|\u2264|less than|fewer than|under) ?\d+$|^\d+ or (fewer|less)$")
_THOUSANDS = re.compile(
    r"^[+-]?\d{1,3}(?:([, \u00a0\u2009\u202f'\u2019])\d{3})(?:\1\d{3})*(\.\d+)?$"
)
#: 1.210 is 1,210 where a dot parts thousands, and little more than 1 where it parts decimals.
_DOTTED = re.compile(r"^[+-]?[1-9]\d{0,2}\.\d{3}$")
_MERGED = re.compile(r"^merged in ['\"].*['\"]![a-z]+\d+:[a-z]+\d+$")
_PERCENT = re.compile(r"^[+-]?[\d.,]+ ?%$")
_SPREADSHEET = ("#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#calc!")
#: What each kind means for a reader who expects a number of people, and the mend.
_SAID: dict[str, tuple[str, str]] = {
    "hidden": (
        "are hidden (suppressed)",
        "a hidden count is not nobody, so give a table in which nothing is hidden, such as one of "
        "larger areas",
    ),
    "percent": ("are percentages, which are no people", "give the counts"),
    "not applicable": ("are marked as not applicable", "give each its number, or leave it out"),
    "not available": ("are marked as not available", "give each its number"),
    "dash": (
        "are a dash, which may stand for nobody, for a hidden count or for none known",
        "look up what it stands for in the notes of the table, and give each its number",
    ),
    "empty": ("are missing", "give each its number: a block with nobody in it needs a 0"),
    "thousands": (
        "have a dot before three digits, which may part thousands or decimals",
        "write a whole number without a mark, such as 1210, and in a column with decimals one of "
        "them with another number of digits, such as 1.21",
    ),
    "merged": (
        "are merged with others, and one number is not of each of them",
        "unmerge them in the spreadsheet, and give each its own number",
    ),
    "no number": ("are no numbers", "give each its number"),
    "negative": ("are negative", "give counts of at least 0"),
}


def kind_of(cell: object) -> Kind:
    """Say what a cell is.

    Examples
    --------
    >>> [kind_of(c) for c in ("1,210", "12%", "[c]", "z", "..", "-", "", "many")]
    ['number', 'percent', 'hidden', 'not applicable', 'not available', 'dash', 'empty', 'no number']
    """
    if isinstance(cell, (bool, np.bool_)):
        return "no number"
    if isinstance(cell, (int, float, np.integer, np.floating)):
        return "number" if np.isfinite(cell) else "empty" if cell != cell else "no number"
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return "empty"
    text = " ".join(str(cell).split()).casefold()
    if _number(text) is not None:
        return "number"
    if _PERCENT.match(text):
        return "percent"
    if _MERGED.match(text):
        return "merged"
    bare = text[1:-1].strip() if re.fullmatch(r"\[.*\]|\(.*\)", text) else text
    for kind, marks in (
        ("empty", ("",)),
        ("hidden", HIDDEN),
        ("not applicable", NOT_APPLICABLE),
        ("not available", NOT_AVAILABLE),
        ("dash", _DASHES),
    ):
        if bare in marks:
            return kind  # type: ignore[return-value]
    return "hidden" if _FEWER.match(bare) else "no number"


def _number(text: str) -> float | None:
    grouped = _THOUSANDS.match(text)
    plain = text.replace(grouped.group(1), "") if grouped else text
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", plain):
        return None
    value = float(plain)
    return value if np.isfinite(value) else None


def read_numbers(column: pd.Series, *, counts: bool = True) -> tuple[pd.Series, pd.Series]:
    """Read a column of published figures.

    Parameters
    ----------
    column : pandas.Series
    counts : bool
        Whether it counts people or things, so that ``1.210`` may be 1,210: such a cell is of the
        kind `thousands`, unless another of the column shows that a dot parts decimals there.

    Returns
    -------
    numbers : pandas.Series of float
        Missing where the cell is no number.
    kinds : pandas.Series
        What each cell is; see `kind_of`.

    Examples
    --------
    >>> numbers, kinds = read_numbers(pd.Series(["1,210", "[c]"]))
    >>> numbers.tolist(), kinds.tolist()
    ([1210.0, nan], ['number', 'hidden'])
    """
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = column.astype(float)
        kinds = pd.Series("number", index=column.index, dtype=object)
        kinds[numbers.isna()] = "empty"
        kinds[np.isinf(numbers)] = "no number"
        return numbers.where(np.isfinite(numbers)), kinds
    plain = as_given(column)
    # Counts repeat: each text is read once.
    each = {text: kind_of(text) for text in plain.unique() if isinstance(text, str)}
    values = {text: _value(text) for text, kind in each.items() if kind == "number"}
    kinds = pd.Series(
        [each[v] if isinstance(v, str) else kind_of(v) for v in plain],
        index=column.index,
        dtype=object,
    )
    if counts:
        kinds = kinds.mask(_may_be_thousands(column, plain, kinds), "thousands")
    numbers = pd.Series(
        [
            np.nan if k != "number" else values[v] if isinstance(v, str) else _value(v)
            for v, k in zip(plain, kinds, strict=True)
        ],
        index=column.index,
        dtype=float,
        name=column.name,
    )
    return numbers, kinds


def _odd_of(column: pd.Series, *kinds: str) -> dict[object, Any]:
    """Give the cells of a column that a spreadsheet holds as one of these kinds, by its index."""
    odd = column.attrs.get("odd", {}).get(column.name, {})
    return {row: what for row, what in odd.items() if what.kind in kinds}


def as_given(column: pd.Series) -> pd.Series:
    """Return the cells; one that was filled with the text of a merged one says so instead."""
    plain = column.astype(object)
    filled = {row: what.said for row, what in _odd_of(column, "merged").items()}
    if filled:
        plain = pd.Series(
            [filled.get(row, cell) for row, cell in zip(plain.index, plain, strict=True)],
            index=plain.index,
            dtype=object,
            name=column.name,
        )
    return plain


def _may_be_thousands(column: pd.Series, plain: pd.Series, kinds: pd.Series) -> pd.Series:
    """Say which cells are whole thousands or decimals, nobody can tell; see `read_numbers`."""
    texts = pd.Series([v if isinstance(v, str) else "" for v in plain], index=plain.index)
    pointed = texts.str.contains(".", regex=False) & (kinds == "number")
    if not pointed.any():
        return pointed
    dotted = pointed & texts.str.strip().str.fullmatch(_DOTTED.pattern.strip("^$"))
    # A number that a spreadsheet holds as such is written with its own decimal point.
    decimal = texts.index.isin(list(_odd_of(column, "number")))
    if (pointed & (~dotted | decimal)).any():
        return pd.Series(False, index=plain.index)
    return dotted


def _value(cell: object) -> float:
    if isinstance(cell, (int, float, np.integer, np.floating)):
        return float(cell)
    found = _number(" ".join(str(cell).split()).casefold())
    assert found is not None  # only called on what is a number
    return found


def whole_column(column: pd.Series, where: str, *, counts: bool = True) -> pd.Series:
    """Return a column in which every cell must be a number, or say what the others are.

    Parameters
    ----------
    column : pandas.Series
        By code: the offenders are named by it.
    where : str
        The file and the column.
    counts : bool
        Whether it counts people or things; see `read_numbers`.

    Raises
    ------
    InputError
        Naming the hidden, missing and other cells, each kind with its own mend.

    Examples
    --------
    >>> whole_column(pd.Series({"B01": "1,210", "B02": "960"}), "people.csv").tolist()
    [1210.0, 960.0]
    """
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        fast = column.astype(float)
    else:
        # Most tables hold plain numbers: the slow look is for those that do not.
        fast = pd.to_numeric(column, errors="coerce").astype(float)
        if pd.api.types.is_bool_dtype(column):
            fast[:] = np.nan
    if np.isfinite(fast).all() and not _needs_a_look(column):
        return fast
    numbers, kinds = read_numbers(column, counts=counts)
    if (kinds == "number").all():
        return numbers
    raise InputError(f"{where} has {said_of(column, kinds)}")


def _needs_a_look(column: pd.Series) -> bool:
    """Say whether a column that is all numbers has any of another meaning than it seems."""
    if pd.api.types.is_numeric_dtype(column):
        return False
    pointed = column.astype("str").str.contains(".", regex=False).any()
    return bool(pointed) or bool(_odd_of(column, "merged"))


def said_of(column: pd.Series, kinds: pd.Series, *, label: str = "") -> str:
    """Say in one sentence which cells are no numbers, kind by kind, each with its mend.

    The cells are named by the index of the column, after the `label`.
    """
    found, mends = [], []
    column = as_given(column)
    for kind, (of_many, mend) in _SAID.items():
        of_kind = column[kinds == kind]
        if not len(of_kind):
            continue
        shown = [f"{label}{k}: {_as_written(v)}" for k, v in of_kind.items()]
        more = f" and {len(shown) - 5:,} more" if len(shown) > 5 else ""
        words = _of_one(of_many) if len(shown) == 1 else of_many
        found.append(f"{counted(len(shown), 'cell')} that {words}: {', '.join(shown[:5])}{more}")
        mends.append(mend)
    return f"{', and '.join(found)}; {'; '.join(mends)}"


def _of_one(words: str) -> str:
    one = words.replace("are percentages, which are", "is a percentage, which is")
    return one.replace("are ", "is ", 1).replace("have ", "has ", 1).replace("numbers", "number")


def _as_written(cell: object) -> str:
    missing = cell is None or cell is pd.NA or cell is pd.NaT or cell != cell
    return "empty" if missing or str(cell).strip() == "" else str(cell)


def check_text(
    table: pd.DataFrame,
    column: str,
    where: str,
    *,
    numbers: bool = False,
    words: Collection[str] = (),
) -> None:
    """Raise if a column of codes or names has cells that a spreadsheet made into something else.

    A date, a time, a truth value, an error or a formula without its result; and a number, unless
    `numbers` may stand, for its leading zeros are lost. In text: what such a cell was saved as.

    Parameters
    ----------
    table : pandas.DataFrame
    column, where : str
    numbers : bool
        Whether the column is of names, which may be numbers.
    words : collection of str
        What may stand there besides.

    Raises
    ------
    InputError
        Naming the cells, what they show and what they are.
    """
    odd = table.attrs.get("odd", {}).get(column, {})
    here = {
        r: o
        for r, o in odd.items()
        if r in table.index and o.kind != "merged" and not (numbers and o.kind == "number")
    }
    lost = [o for o in here.values() if o.kind in ("number", "merged number")]
    if lost:
        values = [o.shown for o in lost]
        more = f" and {len(values) - 5:,} more" if len(values) > 5 else ""
        raise InputError(
            f"{where}: column `{column}` holds numbers, not codes: {', '.join(values[:5])}{more} "
            f"(cell {lost[0].cell}); format it as text in the spreadsheet, with leading zeros, and "
            "save it again"
        )
    if here:
        cells = [f"{o.cell} {o.said}" for o in here.values()]
        more = f" and {len(cells) - 5:,} more" if len(cells) > 5 else ""
        raise InputError(
            f"{where}: column `{column}` has {_cells_that(len(cells))} no text: "
            f"{', '.join(cells[:5])}{more}; type each as text in the spreadsheet and save it again"
        )
    texts = table[column]
    of_text = pd.Series(texts.dropna().unique(), dtype="str").str.strip()
    of_text = of_text[~of_text.isin(list(words))]
    for said, mend, broken in _broken(of_text, numbers):
        if len(broken):
            rows = texts[texts.astype("str").str.strip().isin(broken)]
            first = ", ".join(f"row {r}: {v}" for r, v in rows.head(5).items())
            more = f" and {len(rows) - 5:,} more" if len(rows) > 5 else ""
            raise InputError(
                f"{where}: column `{column}` has {_cells_that(len(rows))} {said}: {first}{more}; "
                f"{mend}"
            )


def _cells_that(count: int) -> str:
    return "1 cell that is" if count == 1 else f"{count:,} cells that are"


_RETYPE = "type each as text in the spreadsheet, in a column formatted as text, and save it again"
_MONTHS = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
#: How a spreadsheet writes a code into a text file that it took for a date: MAR1 as 1-Mar.
_DATES = (
    rf"\d{{1,2}}-{_MONTHS}(-\d{{2,4}})?|{_MONTHS}-\d{{2,4}}|\d{{1,2}}/\d{{1,2}}/(\d{{2}}|\d{{4}})"
    r"|\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?"
)
_POWERS = r"\d+(\.\d+)?E\+\d+|\d+(\.\d+)?E\d{2,3}"
_PLACEHOLDERS = r"[-\u2013\u2014.:*?]+|[Nn]/[Aa]|[Nn]a[Nn]"


def _broken(texts: pd.Series, names: bool) -> Iterator[tuple[str, str, pd.Series]]:
    """Give the texts that are no code as its author wrote it: what they are, the mend, and which.

    Of names only the errors and dates are looked for, for a name may be ``1.0`` or ``007``.
    """
    errors = texts[texts.str.casefold().isin((*_SPREADSHEET, "#n/a"))]
    yield "an error of a spreadsheet", "mend each there and save it again", errors
    dates = texts[texts.str.fullmatch(_DATES)]
    yield "a date, as a spreadsheet makes of a code such as MAR1", _RETYPE, dates
    if names:
        return
    powers = texts[texts.str.fullmatch(_POWERS)]
    if len(powers) and texts.str.fullmatch(r"\d+[A-DF-Z]\d{2,3}").any():
        # Codes of this shape with other letters: 1A05, 1B05 and 1E05 are a code each.
        powers = powers[powers.str.contains("+", regex=False)]
    yield (
        "a number with a power of ten, as a spreadsheet makes of a code such as 1E05",
        (_RETYPE),
        powers,
    )
    yield (
        "a number with decimals",
        ("read codes as text when the table is made, so that 1 does not become 1.0"),
        texts[texts.str.fullmatch(r"\d+\.0+")],
    )
    yield (
        "a sign for something missing, and no code",
        ("give each its code, or leave the cell empty if there is none"),
        texts[texts.str.fullmatch(_PLACEHOLDERS)],
    )
    digits = texts[texts.str.fullmatch(r"\d+")]
    padded = digits[digits.str.startswith("0") & (digits.str.len() > 1)]
    longest = padded.str.len().max() if len(padded) else 0
    yield (
        f"without the leading zeros that others have ({', '.join(padded.head(3))})",
        (_RETYPE),
        digits[(digits.str.len() < longest)],
    )
