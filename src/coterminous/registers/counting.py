"""How many of each organisation's patients live in each area, for any drawing at all?

A register counts people by zone. A zone that lies in one area is counted whole, so the figures
are exact for every layer that keeps zones whole; a zone that a drawing cuts is shared out by
population, and `Patients.exact_for` says which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.errors import unknown

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer


@dataclass(frozen=True, eq=False)
class Patients:
    """A register as a table of zones by organisations, ready for many layers.

    Attributes
    ----------
    organisations : pandas.Index
        Codes of the named organisations, sorted; lumps are not among them.
    names : pandas.Series
        Their names, by code.
    table : array of float, shape (zones, organisations)
        Patients.
    total : array of float
        Patients by zone, lumps included.
    zone : array of int
        Position of each block's zone; -1 for none.
    people : array of float
        Residents of each block, by which a cut zone is shared out.
    site : array of int
        Position of the block of each organisation's main site; -1 where there is none.
    """

    organisations: pd.Index
    names: pd.Series
    table: NDArray[np.float64]
    total: NDArray[np.float64]
    zone: NDArray[np.int64]
    people: NDArray[np.float64]
    site: NDArray[np.int64]

    def shares(self, positions: NDArray[np.integer], areas: int) -> NDArray[np.float64]:
        """Give the share of each zone in each area: exactly 1 where the zone lies in one."""
        inside = (positions >= 0) & (self.zone >= 0)
        cells = np.zeros((len(self.total), areas))
        np.add.at(cells, (self.zone[inside], positions[inside]), self.people[inside])
        whole = np.bincount(
            self.zone[self.zone >= 0],
            weights=self.people[self.zone >= 0],
            minlength=len(self.total),
        )
        return np.divide(cells, whole[:, None], out=np.zeros_like(cells), where=whole[:, None] > 0)

    def by_area(
        self, positions: NDArray[np.integer], areas: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Count patients by area of residence.

        Parameters
        ----------
        positions : array of int
            Area of each block; -1 = outside.
        areas : int
            How many areas there are.

        Returns
        -------
        tuple of array
            Areas by named organisations, and all patients by area, lumps included.
        """
        shares = self.shares(positions, areas)
        return shares.T @ self.table, shares.T @ self.total

    def by_block(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Share out every zone to its blocks by population: blocks by organisations, and all."""
        known = self.zone >= 0
        whole = np.bincount(self.zone[known], weights=self.people[known], minlength=len(self.total))
        part = np.where(known, self.people / np.maximum(whole[self.zone], 1e-300), 0.0)
        return self.table[self.zone] * part[:, None], self.total[self.zone] * part

    def homes(
        self, positions: NDArray[np.integer], moved: Mapping[str, int] | None = None
    ) -> NDArray[np.int64]:
        """Say in which area each organisation's main site is; -1 where in none.

        Where no site is known, such as for networks, home is where most of the list live.
        `moved` names organisations whose home is not where their site is.
        """
        if (self.site >= 0).any():
            home = np.where(self.site >= 0, np.asarray(positions)[self.site], -1).astype(np.int64)
        else:
            lives, _ = self.by_area(positions, int(np.max(positions, initial=-1)) + 1)
            home = np.where(lives.sum(axis=0) > 0, lives.argmax(axis=0), -1)
        for organisation, area in (moved or {}).items():
            if organisation not in self.organisations:
                raise unknown("organisation", organisation, list(self.organisations))
            home[self.organisations.get_loc(organisation)] = area
        return home

    def exact_for(self, layer: Layer) -> bool:
        """Whether every zone lies in one area of the layer, or in none."""
        shares = self.shares(layer.positions, len(layer))
        return bool(np.isin(shares, (0.0, 1.0)).all())


def has_register(area: Geography, name: str) -> bool:
    """Whether the geography has this register."""
    return name in area.register_names


def moved_in(area: Geography, register: str, homes: Mapping[str, str]) -> dict[str, str]:
    """Keep the organisations of a register; a scenario may also have moved others (trusts)."""
    if not has_register(area, register):
        return {}
    known = area.register(register).organisations.index
    return {organisation: home for organisation, home in homes.items() if organisation in known}


def restricted_of(area: Geography, names: Iterable[str]) -> tuple[str, ...]:
    """Name the registers among these that are there and are not published.

    Figures of whole drawings look harmless, but two drawings that differ in one block give that
    block's patients away, so that they are not written out.
    """
    return tuple(n for n in names if has_register(area, n) and not area.register(n).open)


def patients(area: Geography, register: str) -> Patients:
    """Lay a register out by zones and organisations.

    Parameters
    ----------
    area : Geography
    register : str
        Name of the register, such as ``trust`` or ``gp``.

    Raises
    ------
    InputError
        If there is no such register.

    Examples
    --------
    >>> import coterminous as ct
    >>> list(patients(ct.load(), "trust").organisations)
    ['R0A', 'RCF', 'RRF', 'RTX', 'RVY', 'RXL', 'RXN', 'RXR']
    """
    found = area.register(register)
    zones = pd.Index(sorted(found.places.dropna().unique()))
    known = found.people[found.people[found.resolution].isin(zones)]
    wide = known.pivot_table(
        index=found.resolution,
        columns="organisation",
        values="patients",
        aggfunc="sum",
        fill_value=0,
    ).reindex(zones, fill_value=0)
    named = pd.Index([c for c in wide.columns if c not in found.lumps], name="organisation")
    listed = found.organisations.reindex(named)
    return Patients(
        organisations=named,
        names=listed["name"],
        table=wide[named].to_numpy(dtype=float),
        total=wide.sum(axis=1).to_numpy(dtype=float),
        zone=zones.get_indexer(found.places).astype(np.int64),
        people=found.residents.to_numpy(dtype=float),
        site=area.blocks.get_indexer(listed["block"]).astype(np.int64),
    )
