"""How many people are on the lists of an area, and does the register count them all?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pandas as pd

from coterminous.layer import OUTSIDE
from coterminous.registers.counting import rehomed

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

#: A place is counted by a register from this share of its residents, an area from that of its own.
COUNTED, MOST = 0.5, 0.95


def registered_in(
    area: Geography,
    layer: AnyLayer,
    *,
    register: str | None = None,
    moved: Mapping[str, str] | None = None,
    homes: pd.Series | None = None,
) -> pd.Series | None:
    """Sum the lists of the organisations of each area, to stand beside its residents.

    Parameters
    ----------
    area : Geography
    layer : Layer
    register : str, optional
        That of patients if not given, none where the text is empty.
    moved : mapping of organisation to area code, optional
        As for `lists`.
    homes : pandas.Series, optional
        The home of each organisation, moved or not, where it was found before.

    Returns
    -------
    pandas.Series or None
        People by area code, ``outside`` last: the lists of organisations without a home in the
        layer. Missing for areas whose people the register does not count (see `counted_areas`),
        for their lists would be too short. None where no register has the role `patients`, or
        it is not published.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> int(registered_in(area, area.layer("place2022"))["blackpool"])
    176857
    """
    register = area.meant(register, "patients")
    if register is None or not area.register(register).open:
        return None
    counted = area.register(register)
    if homes is None:
        homes = rehomed(counted.homes(layer), moved, layer)
    codes = pd.Index([*layer.codes, OUTSIDE], name="code")
    found = counted.lists.groupby(homes.fillna(OUTSIDE)).sum().reindex(codes, fill_value=0)
    known = counted_areas(counted, layer).reindex(codes, fill_value=True)
    return found.convert_dtypes().where(known).rename("registered")


def counted_areas(register: Register, layer: AnyLayer) -> pd.Series:
    """Say of which areas a register counts the people, and so has all the lists.

    A register of one board has a few people who live beyond it, and none of the practices there:
    the bundled one counts 0 patients of practices in Carlisle, where 108,524 people live.

    Parameters
    ----------
    register : Register
    layer : Layer

    Returns
    -------
    pandas.Series of bool
        By area code: whether at least 95% of its residents live in places (zones or blocks) where
        the people in the register are at least half as many as the residents.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> int(counted_areas(area.register("gp"), area.layer("ltla2021")).sum())
    16
    """
    everybody = layer.totals(register.residents)
    return layer.totals(_well_counted(register)) >= everybody * MOST


def _well_counted(register: Register) -> pd.Series:
    """Give the residents of each block, 0 where the register counts few people of its place."""
    if register not in _WELL_COUNTED:
        residents = register.residents.groupby(register.places).sum()
        people = register.people.groupby(register.resolution)["patients"].sum()
        well = people.reindex(residents.index, fill_value=0) >= residents * COUNTED
        there = register.places.map(well).fillna(False).astype(bool)
        _WELL_COUNTED[register] = register.residents.where(there, 0)
    return _WELL_COUNTED[register]


# A register does not change, so that this is found once for each.
_WELL_COUNTED: WeakKeyDictionary[Register, pd.Series] = WeakKeyDictionary()
