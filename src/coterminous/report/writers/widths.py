"""How wide should each column of a printed table be? By what it holds."""

from __future__ import annotations

from collections.abc import Sequence

from coterminous.report.content import Table

# Of bold letters at 9 points, and of the space inside a cell, in twentieths of a point.
_TWIPS_PER_LETTER = 104
_MARGINS = 200
_LONGEST_WORD = 16


def column_widths(
    table: Table, rows: Sequence[Sequence[str]], room: int, *, size: float = 9
) -> list[int]:
    """Share out the width of the page by what each column holds.

    Parameters
    ----------
    table, rows
        The table, and its cells as they are written.
    room
        The width in twentieths of a point.
    size
        Points of its letters.

    Examples
    --------
    >>> import pandas as pd
    >>> from coterminous.report.content import Column
    >>> from coterminous.report.wording import Provenance
    >>> t = Table("t", "T", pd.DataFrame({"a": ["long words here"], "b": [1]}),
    ...           (Column("a", "A"), Column("b", "B", "count")), Provenance("x"))
    >>> widths = column_widths(t, t.rows(), 9000)
    >>> sum(widths), widths[0] > widths[1]
    (9000, True)
    """
    least, wants = [], []
    for position, column in enumerate(table.shown()):
        cells = [row[position] for row in rows]
        longest = max((len(cell) for cell in cells), default=0)
        # A number is never broken, as "1.23 million" would be at its space.
        whole = longest if column.to_right else 0
        word = max((len(w) for t in [column.heading, *cells] for w in t.split()), default=1)
        word = max(word, whole)
        least.append(int(min(word, _LONGEST_WORD) * _TWIPS_PER_LETTER * size / 9) + _MARGINS)
        room_wanted = max(longest * 0.8, len(column.heading) / 2.2, 6.0)
        wants.append(column.width or min(room_wanted, 44.0))
    spare = room - sum(least)
    if spare < 0:
        widths = [int(room * need / sum(least)) for need in least]
    else:
        widths = _shared(least, wants, room)
    widths[widths.index(max(widths))] += room - sum(widths)
    return widths


def _shared(least: list[int], wants: list[float], room: int) -> list[int]:
    """Share the room by what is wanted, no column under what its longest word needs."""
    fixed: dict[int, int] = {}
    while True:
        free = [i for i in range(len(wants)) if i not in fixed]
        left = room - sum(fixed.values())
        total = sum(wants[i] for i in free)
        short = [i for i in free if left * wants[i] / total < least[i]]
        if not short:
            return [fixed.get(i, int(left * wants[i] / total)) for i in range(len(wants))]
        fixed |= {i: least[i] for i in short}
        if len(fixed) == len(wants):
            return [fixed[i] for i in range(len(wants))]
