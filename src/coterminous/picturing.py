"""Who draws a result? Results stand above the maps, so that what draws them is told of here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: By what a result is called: gives its picture. The root of the package fills it, which may
#: import from everywhere, so that a result need not know of the maps that draw it.
PICTURES: dict[str, Callable[..., Any]] = {}


def picture_of(result: Any, *more: Any) -> Any:
    """Draw a result by what is told of its kind, and of `more` that its kind takes.

    Raises
    ------
    LookupError
        If nothing draws such a result; that is a fault of the library.
    """
    return PICTURES[result.called](result, *more)
