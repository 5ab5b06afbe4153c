"""What does a cell of a published table say: a number, a hidden count, nothing at all?"""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import pandas as pd

from coterminous.errors import InputError

Kind = Literal[
    "number", "percent", "hidden", "not applicable", "not available", "dash", "empty", "no number"
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


def read_numbers(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column of published figures.

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
    plain = column.astype(object)
    if isinstance(column.dtype, pd.StringDtype):
        # Counts repeat: each text is read once.
        texts = column.dropna().unique().tolist()
        each = {text: kind_of(text) for text in texts}
        values = {text: _value(text) for text, kind in each.items() if kind == "number"}
        kinds = pd.Series(
            [each[v] if v in each else kind_of(v) for v in plain], index=column.index, dtype=object
        )
        read = [values.get(v, np.nan) for v in plain]
        return pd.Series(read, index=column.index, dtype=float, name=column.name), kinds
    kinds = pd.Series([kind_of(v) for v in plain], index=column.index, dtype=object)
    numbers = pd.Series(
        [_value(v) if k == "number" else np.nan for v, k in zip(plain, kinds, strict=True)],
        index=column.index,
        dtype=float,
        name=column.name,
    )
    return numbers, kinds


def _value(cell: object) -> float:
    if isinstance(cell, (int, float, np.integer, np.floating)):
        return float(cell)
    found = _number(" ".join(str(cell).split()).casefold())
    assert found is not None  # only called on what is a number
    return found


def whole_column(column: pd.Series, where: str) -> pd.Series:
    """Return a column in which every cell must be a number, or say what the others are.

    Parameters
    ----------
    column : pandas.Series
        By code: the offenders are named by it.
    where : str
        The file and the column.

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
    if np.isfinite(fast).all():
        return fast
    numbers, kinds = read_numbers(column)
    if (kinds == "number").all():
        return numbers
    raise InputError(f"{where} has {said_of(column, kinds)}")


def said_of(column: pd.Series, kinds: pd.Series) -> str:
    """Say in one sentence which cells are no numbers, kind by kind, each with its mend."""
    found, mends = [], []
    for kind, (words, mend) in _SAID.items():
        of_kind = column[kinds == kind]
        if not len(of_kind):
            continue
        shown = [f"{k}: {_as_written(v)}" for k, v in of_kind.items()]
        more = f" and {len(shown) - 5:,} more" if len(shown) > 5 else ""
        found.append(f"{len(shown):,} cells that {words}: {', '.join(shown[:5])}{more}")
        mends.append(mend)
    return f"{', and '.join(found)}; {'; '.join(mends)}"


def _as_written(cell: object) -> str:
    missing = cell is None or cell is pd.NA or cell is pd.NaT or cell != cell
    return "empty" if missing or str(cell).strip() == "" else str(cell)


def check_text(table: pd.DataFrame, column: str, where: str, *, numbers: bool = False) -> None:
    """Raise if a column of codes or names has cells that a spreadsheet made into something else.

    A date, a time, a truth value, an error or a formula without its result; and a number, unless
    `numbers` may stand, for its leading zeros are lost.

    Raises
    ------
    InputError
        Naming the cells, what they show and what they are.
    """
    odd = table.attrs.get("odd", {}).get(column, {})
    here = {
        r: o for r, o in odd.items() if r in table.index and not (numbers and o.kind == "number")
    }
    lost = [o for o in here.values() if o.kind == "number"]
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
            f"{where}: column `{column}` has {len(cells):,} cells that are no text: "
            f"{', '.join(cells[:5])}{more}; type each as text in the spreadsheet and save it again"
        )
    texts = table[column]
    if not texts.astype("str").str.contains("#", regex=False).any():
        return
    broken = texts[texts.astype("str").str.strip().str.casefold().isin((*_SPREADSHEET, "#n/a"))]
    if len(broken):
        raise InputError(
            f"{where}: column `{column}` has {len(broken):,} cells that are errors of a "
            f"spreadsheet: {', '.join(f'row {r}: {v}' for r, v in broken.head(5).items())}; mend "
            "them there and save it again"
        )
