"""How do names of before still work? For one version more, with a warning that says the new one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd


def warn_of(old: str, new: str) -> None:
    """Warn that a name is going, where it was used."""
    warnings.warn(f"`{old}` is going; it is `{new}` now", DeprecationWarning, stacklevel=3)


class Areas:
    """One row an area, to be called: ``result.areas()``.

    It was the frame itself once, and can still be used as that, with a warning.
    """

    def __init__(self, rows: Callable[[], pd.DataFrame]) -> None:
        self._rows = rows

    def __call__(self) -> pd.DataFrame:
        """Return one row an area, by its code, the name first; a copy of the caller's own."""
        return self._rows()

    def _as_before(self) -> pd.DataFrame:
        warnings.warn("`.areas` is going; it is `.areas()` now", DeprecationWarning, stacklevel=3)
        return self._rows()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._as_before(), name)

    def __getitem__(self, key: Any) -> Any:
        return self._as_before()[key]

    def __len__(self) -> int:
        return len(self._as_before())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._as_before())

    def __repr__(self) -> str:
        return "<one row an area: call it, .areas()>"


class Summary(pd.DataFrame):
    """A frame that was a method once, and may still be called, with a warning."""

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __call__(self) -> pd.DataFrame:
        """Return the frame, as the method did."""
        warnings.warn(
            "`.summary()` is going; it is `.summary` now", DeprecationWarning, stacklevel=2
        )
        return pd.DataFrame(self)
