"""By which letter is an area told on a small map, where its name would not fit?"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.shares import AnyLayer


def area_letters(layer: AnyLayer) -> list[str]:
    """Give each area of a layer a letter, in order of code; after z come aa, bb.

    Examples
    --------
    >>> import coterminous as ct
    >>> area_letters(ct.load().layer("place2022"))
    ['a', 'b', 'c', 'd']
    """
    return [ascii_lowercase[k % 26] * (k // 26 + 1) for k in range(len(layer.codes))]


#: Areas up to which a map names each; of more it shows numbers.
NAMED = 16


def area_numbers(layer: AnyLayer, weight: pd.Series) -> dict[str, str]:
    """Give numbers to the areas of a layer too many to name on a map, most people first.

    Parameters
    ----------
    layer
        The layer; one of `NAMED` areas or fewer has no numbers.
    weight
        People by block.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> area_numbers(area.layer("place2022"), area.weight("population"))
    {}
    >>> numbers = area_numbers(area.layer("ltla2021"), area.weight("population"))
    >>> numbers[area.layer("ltla2021").find("Blackburn with Darwen")]
    '2'
    """
    if len(layer) <= NAMED:
        return {}
    people = layer.totals(weight).reindex(list(layer.codes))
    order = people.sort_values(ascending=False, kind="stable").index
    return {str(code): str(k) for k, code in enumerate(order, 1)}
