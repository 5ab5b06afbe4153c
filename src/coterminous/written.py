"""How does a table look to a reader? Whole people, shares in per cent, names for codes."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.layer import Layer

#: Above this a figure counts people or hectares, and is written whole.
_WHOLE_FROM = 1000


@asked
def readable(table: pd.DataFrame | pd.Series, *layers: Layer) -> pd.DataFrame:
    """Write a table as people do: to read, not to reckon with.

    Parameters
    ----------
    table
        Any table of this library. A column with the word ``share`` in its name holds shares; a
        column of whole numbers counts.
    *layers
        Layers whose areas stand in the table by code; in the columns their names are written
        instead. The index keeps the codes.

    Returns
    -------
    pandas.DataFrame
        Texts: 1,655,401; 34.5%; 0.363; yes and no; nothing where there is no value. The index and
        the columns are as they were.

    Raises
    ------
    InputError
        If two of the layers call one code by two names.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> areas = area.overlap("pbp2021", "utla2021").areas()
    >>> shown = ct.readable(areas, area.layer("utla2021")).loc["fylde-coast"]
    >>> shown[["value", "best_target", "share_in_best"]].tolist()
    ['334,287', 'Blackpool', '41.4%']
    """
    import pandas as pd

    frame = table.to_frame() if isinstance(table, pd.Series) else table
    names: dict[str, str] = {}
    for layer in layers:
        called = dict(zip(layer.codes, layer.names, strict=True))
        twice = sorted(code for code in called if names.get(code, called[code]) != called[code])
        if twice:
            raise InputError(f"`layers` give two names to {first_five(twice)}; write them apart")
        names |= called
    columns = [
        _column(frame.iloc[:, place], "share" in str(name).split("_"), names)
        for place, name in enumerate(frame.columns)
    ]
    shown = pd.DataFrame(dict(enumerate(columns)), index=frame.index)
    return shown.set_axis(frame.columns, axis=1)


def _column(column: pd.Series, shares: bool, names: dict[str, str]) -> list[str]:
    """Write one column: the same places for all its numbers."""
    import numpy as np

    numbers = [float(v) for v in column if _is_number(v) and not np.isnan(float(v))]
    whole = all(v.is_integer() for v in numbers)
    places = 0 if whole or max(map(abs, numbers), default=0) >= _WHOLE_FROM else 3
    missing = column.isna()
    return [
        ""
        if gone
        else _cell(value, shares and not (whole and max(numbers, default=0) > 1), places, names)
        for value, gone in zip(column, missing, strict=True)
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and value == value


def _cell(value: Any, share: bool, places: int, names: dict[str, str]) -> str:
    import numpy as np

    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Real):
        if share:
            return f"{float(value):.1%}"
        return f"{int(value):,}" if isinstance(value, Integral) else f"{float(value):,.{places}f}"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(each, share, places, names) for each in value)
    return names.get(str(value), str(value))
