"""Which part of a folder's geography is this one? Some of its blocks, under a name of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Part:
    """A part of what a folder holds: a board of England, or a council.

    Attributes
    ----------
    name, title : str
        Of the geography that is made of it.
    blocks : frozenset of str
        The blocks that are kept: whole councils.
    inside : frozenset of str
        Those of them in which the body itself lies; the others are the parts of councils
        beyond it.
    ends, lacking : tuple of str
        The layers that end at the edge of the body, so that they have no areas beyond it; and
        those that have no area here at all.
    roles : mapping of role to name
        What differs from the folder's own.
    without : mapping of role to reason
        Roles that the folder's own geography has, and that nothing has here.
    asked : mapping
        How to ask for it again: the arguments of `coterminous.load`.
    """

    name: str
    title: str
    blocks: frozenset[str]
    inside: frozenset[str]
    ends: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    roles: Mapping[str, Any] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of a table, indexed by block, whose block is kept."""
        kept = table[table.index.isin(list(self.blocks))]
        kept.attrs = table.attrs
        return kept
