"""Which registers are there, and may what they count be written out?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coterminous.geography import Geography


def has_register(area: Geography, name: str | None) -> bool:
    """Whether the geography has this register."""
    return name in area.register_names


def moved_in(area: Geography, register: str | None, homes: Mapping[str, str]) -> dict[str, str]:
    """Keep the organisations of a register; a scenario may also have moved others (trusts)."""
    if register is None or not has_register(area, register):
        return {}
    known = area.register(register).organisations.index
    return {organisation: home for organisation, home in homes.items() if organisation in known}


def restricted_of(area: Geography, names: Iterable[str]) -> tuple[str, ...]:
    """Name the registers among these that are there and are not published.

    Figures of whole drawings look harmless, but two drawings that differ in one block give that
    block's patients away, so that they are not written out.
    """
    return tuple(n for n in names if has_register(area, n) and not area.register(n).open)
