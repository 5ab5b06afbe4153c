"""How does a table stand under a cell of a notebook? Names first, numbers as people write them.

The frame behind it stays raw, for work; what is shown is text, and copies into Excel and Word as a
table.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from coterminous.words import as_people_write, shortened

if TYPE_CHECKING:
    import pandas as pd

#: Rows that stand under the last line of a cell; `Result.show` has them all.
ROWS = 10
#: Letters of a cell there.
_LONGEST = 70
#: Letters from which on a column of text has room to wrap in.
_WRAPS = 18
#: Pixels of a letter, of the gap between columns and of a page; columns that are always shown.
_LETTER, _GAP, _PAGE, _FEWEST = 8.0, 22, 750, 3
_LEFT = "text-align:left;padding:.2em .7em"
_RIGHT = "text-align:right;padding:.2em .7em;font-variant-numeric:tabular-nums;white-space:nowrap"
_NAME = ";min-width:13em"
#: Columns of codes that have names beside them.
_CODES = ("code", "main_organisation")


@dataclass(frozen=True)
class Shown:
    """A dressed table: Jupyter shows it, and its text can be had by ``str``."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def dressed(frame: pd.DataFrame, where: str, rows: int | None = ROWS, *, fit: bool = True) -> str:
    """Write a frame as an HTML table to read.

    Parameters
    ----------
    frame
        Codes in the index, and if there is one a column `name`, which comes first.
    where
        Of what attribute it is, such as ``.organisations``, for the line that says where the rest
        is.
    rows
        How many rows at the most; all if None.
    fit
        Whether columns that have no room on a page are left out, and long cells shortened.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"people": [1200, 7], "share_in_best": [0.5, None]}, index=["a", "b"])
    >>> "1,200" in dressed(frame, ".areas"), "50.0%" in dressed(frame, ".areas")
    (True, True)
    >>> "1 of 2 rows; all are in .areas" in dressed(frame, ".areas", 1)
    True
    """
    told = with_names_first(frame)
    if fit and told.columns[0] in ("name", "title"):
        # Names say which they are; codes come where there is room for them.
        codes = [c for c in told.columns if c not in frame.columns or str(c) in _CODES]
        told = told[[*(c for c in told.columns if c not in codes), *codes]]
    shown = told if rows is None else told.iloc[:rows]
    texts, right = _texts(shown)
    if fit:
        # A cell of many words would push the rows below out of sight, and a table that is wider
        # than a page of print would be cut there.
        texts = texts.map(lambda cell: shortened(cell, _LONGEST))
        room = _fitting(texts)
        texts, right, shown = texts.iloc[:, :room], right[:room], shown.iloc[:, :room]
    named = [not r and texts.iloc[:, k].map(len).max() > _WRAPS for k, r in enumerate(right)]
    heads = "".join(
        f'<th scope="col" style="{_RIGHT if r else _LEFT};white-space:normal">'
        f"{escape(_heading(name))}</th>"
        for name, r in zip(shown.columns, right, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_RIGHT if r else _LEFT}{_NAME if n else ""}">{escape(cell)}</td>'
            for cell, r, n in zip(row, right, named, strict=True)
        )
        + "</tr>"
        for row in texts.itertuples(index=False)
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    left = []
    if len(shown) < len(told):
        left.append(f"{len(shown)} of {len(told):,} rows")
    if shown.shape[1] < told.shape[1]:
        left.append(f"{shown.shape[1]} of {told.shape[1]} columns")
    if left:
        table += f"<p>{', '.join(left)}; all are in {escape(where)}.</p>"
    return f'<div style="overflow-x:auto;font-size:.92em">{table}</div>'


def _fitting(texts: pd.DataFrame) -> int:
    """Count the columns, from the first, that stand side by side on a page."""
    room = 0.0
    for place, name in enumerate(texts.columns):
        words = max((len(word) for word in _heading(name).split()), default=0)
        longest = int(texts.iloc[:, place].map(len).max()) if len(texts) else 0
        # Words wrap where there are many; numbers do not.
        room += max(words, min(longest, _WRAPS + 6)) * _LETTER + _GAP
        if room > _PAGE and place >= _FEWEST:
            return place
    return texts.shape[1]


def plain(frame: pd.DataFrame, rows: int | None = None) -> str:
    """Write a frame as text, as a console shows it: so many rows, or all."""
    told = with_names_first(frame if rows is None else frame.iloc[:rows])
    texts, _ = _texts(told)
    return str(texts.set_axis([_heading(n) for n in told.columns], axis=1).to_string(index=False))


def with_names_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the codes of the index into columns, behind the names."""
    import pandas as pd

    numbered = isinstance(frame.index, pd.RangeIndex)
    names = [str(n) if n is not None else "code" for n in frame.index.names]
    free = all(name not in frame.columns for name in names)
    told = frame if numbered or not free else frame.rename_axis(names).reset_index()
    first = [c for c in ("name", "title") if c in told.columns][:1]
    return told[[*first, *(c for c in told.columns if c not in first)]]


def _texts(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[bool]]:
    """Write every cell, and say which columns are numbers."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    from coterminous.written import readable

    texts = readable(frame.reset_index(drop=True))
    right = [
        is_numeric_dtype(frame.dtypes.iloc[k]) and not is_bool_dtype(frame.dtypes.iloc[k])
        for k in range(frame.shape[1])
    ]
    for place, name in enumerate(frame.columns):
        if str(name) == "status":
            texts.isetitem(place, [cell.replace("_", " ") for cell in texts.iloc[:, place]])
        if str(name) == "name" or str(name).endswith("_name"):
            texts.isetitem(place, [as_people_write(cell) for cell in texts.iloc[:, place]])
    return texts, right


def _heading(name: object) -> str:
    """Write the name of a column as words: ``share_in_best`` as "share in best"."""
    return str(name).replace("_", " ")
