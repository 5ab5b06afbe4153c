"""How wide should each column of a printed table be? By what it holds."""

from __future__ import annotations

from collections.abc import Sequence

from coterminous.report.content import Table


def column_widths(table: Table, rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Share out the width of the page by what each column holds.

    Examples
    --------
    >>> import pandas as pd
    >>> from coterminous.report.content import Column, Provenance
    >>> t = Table("t", "T", pd.DataFrame({"a": ["long words here"], "b": [1]}),
    ...           (Column("a", "A"), Column("b", "B", "count")), Provenance("x"))
    >>> widths = column_widths(t, t.rows(), 9000)
    >>> sum(widths), widths[0] > widths[1]
    (9000, True)
    """
    wants = []
    for position, column in enumerate(table.shown()):
        if column.width:
            wants.append(column.width)
            continue
        cells = [row[position] for row in rows]
        longest = max((len(cell) for cell in cells), default=0)
        word = max((len(w) for t in [column.heading, *cells] for w in t.split()), default=1)
        wants.append(min(max(longest * 0.8, word + 1.5, len(column.heading) / 2.2, 6.0), 44.0))
    total = sum(wants)
    widths = [int(room * want / total) for want in wants]
    widths[0] += room - sum(widths)
    return widths
