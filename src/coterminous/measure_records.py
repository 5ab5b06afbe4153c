"""Which measures are there, and how is each told? One record a measure, made above its function.

What `Overlap.measures` answers, the row of the documentation and the column of an appendix are all
read from the record. The functions are in `coterminous.measures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from coterminous.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Of = Literal["table", "relations", "areas"]
Kind = Literal["measure", "share", "count", "people", "text"]
_Function = TypeVar("_Function", bound=Callable[..., Any])
_DOI = re.compile(r"doi (10\.\S+)")


@dataclass(frozen=True)
class Measure:
    """One measure of two whole layers: how it is worked out, and how it is told.

    Attributes
    ----------
    name : str
        Its key in every answer, and the name of its function.
    function : callable
        Takes the table of people in both layers; where it is `of` relations or areas, also the
        frame of `Overlap.areas`.
    title : str
        What it is called in print.
    formula, direction, source : str
        The cells of its row in the documentation; `source` is author, year and doi.
    of : {'table', 'relations', 'areas'}
        What it is worked out from: the table alone, the relations that are decided on blocks, or
        the whole areas with those who are outside the other layer.
    kind : {'measure', 'share', 'count', 'people', 'text'}
        What sort of value it is. People are whole where the weight is.
    column : int
        Its place among the columns of an appendix's table of measures; 0 where it has none.
    note : str
        What stands under the head of that column.
    """

    name: str
    function: Callable[..., Any]
    title: str
    formula: str
    direction: str = ""
    source: str = ""
    of: Of = "table"
    kind: Kind = "measure"
    column: int = 0
    note: str = ""

    def __call__(self, table: pd.DataFrame, areas: pd.DataFrame) -> Any:
        """Work it out, of a table and the frame of `Overlap.areas` of the same overlap."""
        return self.function(table) if self.of == "table" else self.function(table, areas)

    def row(self) -> str:
        """Write its row of the documentation's table, in Markdown.

        Examples
        --------
        >>> from coterminous.measures import MEASURES
        >>> MEASURES["parts"].row()
        '| `parts` | pairs of areas with people in them | | |'
        """
        source = _DOI.sub(r"[doi \1](https://doi.org/\1)", self.source)
        cells = [f"`{self.name}`", self.formula, self.direction, source]
        return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


#: Every measure by its name, in the order in which they are answered.
MEASURES: dict[str, Measure] = {}


def measure(
    title: str,
    *,
    formula: str,
    name: str = "",
    direction: str = "",
    source: str = "",
    of: Of = "table",
    kind: Kind = "measure",
    column: int = 0,
    note: str = "",
) -> Callable[[_Function], _Function]:
    """Make the function below it a measure; see `Measure` for the fields.

    Its name is the function's where `name` is not given.

    Raises
    ------
    InputError
        If there is a measure of that name already.
    """

    def listed(function: _Function) -> _Function:
        key = name or function.__name__
        if key in MEASURES:
            raise InputError(f"there is a measure {key!r} already; each name has one function")
        MEASURES[key] = Measure(
            key, function, title, formula, direction, source, of, kind, column, note
        )
        return function

    return listed


def columns() -> list[Measure]:
    """Give the measures that have a column in an appendix, in the order of the columns."""
    return sorted((m for m in MEASURES.values() if m.column), key=lambda m: m.column)
