"""By which letter is an area told on a small map, where its name would not fit?"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
