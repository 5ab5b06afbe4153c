"""Whose is a table that a value hands out? The caller's own: writing to it changes nothing inside.

Under pandas' copy-on-write a shallow copy costs next to nothing, and is only filled when somebody
writes to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import pandas as pd

C = TypeVar("C", bound=type)


class _Handed:
    """A field of which everybody who asks gets a copy, and of which a copy is kept."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, owner: Any, _: type | None = None) -> Any:
        if owner is None:
            return self
        try:
            return own(owner.__dict__[self._name])
        except KeyError:
            raise AttributeError(self._name) from None

    def __set__(self, owner: Any, value: Any) -> None:
        owner.__dict__[self._name] = own(value)


def own(value: Any) -> Any:
    """Return a table, an index, a mapping or a tuple of them as a copy; anything else as it is.

    Examples
    --------
    >>> import pandas as pd
    >>> kept = pd.DataFrame({"people": [5]})
    >>> own(kept).loc[0, "people"] = 7
    >>> kept["people"].tolist()
    [5]
    """
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return value.copy(deep=False)
    if isinstance(value, pd.Index):
        return value.view()
    if isinstance(value, Mapping):
        return {k: own(v) for k, v in value.items()}
    if isinstance(value, list):
        return [own(x) for x in value]
    if isinstance(value, tuple) and any(isinstance(x, Mapping) for x in value):
        return tuple(own(x) for x in value)
    return value


def hands_out_copies(cls: C) -> C:
    """Make a frozen dataclass hand out copies of its tables, indexes and mappings."""
    for each in fields(cls):
        if any(word in str(each.type) for word in ("DataFrame", "Series", "Index", "Mapping")):
            setattr(cls, each.name, _Handed(each.name))
    return cls
