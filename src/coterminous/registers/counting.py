"""How many of each organisation's people live in each area? The one way of counting them.

A register counts people by place: a block, or a zone of blocks. A layer says which share of each
block lies in which area. The share of a place in an area is that of its residents; of a place
where nobody lives, that of its blocks. A place that lies in one area is counted whole, so that
people stay whole numbers; every other is shared out. Whoever does not live in the layer is counted
too: outside it, beyond the blocks, or of unknown address. So each count adds up to the register.

Everything is sparse: the practices of England by its neighbourhoods are never laid out in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.cuts import crossed
from coterminous.errors import InputError, first_five
from coterminous.layer import OUTSIDE
from coterminous.registers.tables import ELSEWHERE, UNKNOWN, tidied
from coterminous.shares import AnyLayer

if TYPE_CHECKING:
    from coterminous.registers.register import Register

#: Where people are who do not live in a layer, in the order in which it is printed.
BEYOND = (OUTSIDE, ELSEWHERE, UNKNOWN)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tally:
    """People by organisation and area, with everybody else; made by `count`.

    Attributes
    ----------
    organisations : pandas.Index
        All codes of the register, lumps too.
    codes : pandas.Index
        The areas of the layer; the columns of `cells` are these, then those of `BEYOND`.
    cells : scipy.sparse.csr_array
        Whole numbers where every place that has people lies in one area, or in none.
    cut : int
        How many places the layer cuts, so that their people are shared out.
    """

    organisations: pd.Index
    codes: pd.Index
    cells: Any
    cut: int = 0

    @property
    def columns(self) -> pd.Index:
        """The areas, then ``outside``, ``elsewhere`` and ``unknown``."""
        return pd.Index([*self.codes, *BEYOND], dtype="str", name="area")

    @cached_property
    def inside(self) -> Any:
        """The cells of the areas alone."""
        return self.cells[:, : len(self.codes)]

    @cached_property
    def living(self) -> NDArray[Any]:
        """The people of each organisation who live in the layer."""
        return np.asarray(self.inside.sum(axis=1)).ravel()

    @cached_property
    def by_area(self) -> NDArray[Any]:
        """Everybody by area, then beyond them, lumps included."""
        return np.asarray(self.cells.sum(axis=0)).ravel()

    def at(self, homes: pd.Series) -> NDArray[Any]:
        """Count the people of each organisation who live in its home; 0 where it has none."""
        column = self.codes.get_indexer(homes.reindex(self.organisations))
        row = np.flatnonzero(column >= 0)
        found = np.zeros(len(self.organisations), dtype=self.cells.dtype)
        found[row] = np.asarray(self.cells[row, column[row]]).ravel()
        return found

    def by_home(self, homes: pd.Series) -> NDArray[Any]:
        """Count the people of each area (row) by the home of their organisation (column)."""
        from scipy import sparse

        column = self.codes.get_indexer(homes.reindex(self.organisations))
        row = np.flatnonzero(column >= 0)
        shape = (len(self.organisations), len(self.codes))
        one = np.ones(len(row), dtype=np.int64)
        at = sparse.csr_array((one, (row, column[row])), shape=shape)
        return np.asarray((self.inside.T @ at).toarray())

    def main(self) -> pd.Series:
        """Name the area where most of each organisation's people live, of equals the first."""
        rows = self.inside.tocsr()
        rows.sort_indices()
        found = pd.Series(None, index=self.organisations, dtype="str")
        tidy = rows.tocoo()
        cells = pd.DataFrame({"row": tidy.row, "column": tidy.col, "value": tidy.data})
        cells = cells[cells["value"] > 0].sort_values(
            ["row", "value", "column"], ascending=[True, False, True]
        )
        first = cells.drop_duplicates("row")
        found.iloc[first["row"].to_numpy()] = self.codes[first["column"]].to_numpy()
        return found

    def table(self) -> pd.DataFrame:
        """List `organisation`, `area` and `value`, sorted by code; only what is not 0."""
        cells = self.cells.tocoo()
        found = pd.DataFrame({"row": cells.row, "column": cells.col, "value": cells.data})
        found = found[found["value"] > 0]
        # Codes are sorted as text, `outside` among them.
        rank = self.columns.argsort().argsort()
        order = np.lexsort((rank[found["column"]], found["row"]))
        found = found.iloc[order]
        return pd.DataFrame(
            {
                "organisation": self.organisations[found["row"]],
                "area": self.columns[found["column"]],
                "value": found["value"].to_numpy(),
            }
        )

    def matrix(self) -> pd.DataFrame:
        """Lay the cells out in full: organisations by areas, then those of `BEYOND`."""
        return pd.DataFrame(self.cells.toarray(), index=self.organisations, columns=self.columns)

    def ledger(self) -> pd.Series:
        """Account for everybody: in the `layer`, beyond it, and the `total`."""
        layer = self.by_area[: len(self.codes)].sum()
        beyond = dict(zip(BEYOND, self.by_area[len(self.codes) :], strict=True))
        sums = {"layer": layer, **beyond, "total": self.by_area.sum()}
        return tidied(pd.Series(sums, name="ledger"))


@dataclass(frozen=True, eq=False)
class Places:
    """A register by organisation and place, laid out once for counting by any layer.

    Attributes
    ----------
    organisations, codes : pandas.Index
        The rows and columns of `people`: places that have blocks, then ``elsewhere`` and
        ``unknown``.
    people : scipy.sparse.csr_array
    of_block : array of int
        The position of each block's place in `codes`; -1 for a block without one.
    residents : array of float
        Of each block, by whom a place that a layer cuts is shared out.
    """

    organisations: pd.Index
    codes: pd.Index
    people: Any
    of_block: Ints
    residents: Floats

    @classmethod
    def of(cls, register: Register) -> Places:
        """Lay a register out."""
        from scipy import sparse

        codes = pd.Index(
            [*sorted(register.places.dropna().unique()), ELSEWHERE, UNKNOWN], dtype="str"
        )
        table = register.people
        organisations = register.organisations.index
        row = organisations.get_indexer(table["organisation"])
        column = codes.get_indexer(table[register.resolution])
        lost = (row < 0) | (column < 0)
        if lost.any():
            raise ArithmeticError(
                f"{lost.sum():,} rows of register {register.name!r} have no organisation or place"
            )
        people = sparse.csr_array(
            (table["patients"].to_numpy(), (row, column)), shape=(len(organisations), len(codes))
        )
        of_block = codes[:-2].get_indexer(register.places).astype(np.int64)
        return cls(organisations, codes, people, of_block, register.residents.to_numpy(dtype=float))

    def shares(self, parts: Parts) -> Shares:
        """Give the share of each place in each area.

        Areas without a share are left out; of a place in one area, or in none, the share is 1.
        """
        place = self.of_block[parts.block]
        known = place >= 0
        width = parts.areas + 1
        area = np.where(parts.area < 0, parts.areas, parts.area)
        key = (place * width + area)[known]
        pairs, found = np.unique(key, return_inverse=True)
        extent = np.bincount(found, weights=parts.share[known])
        people = np.bincount(found, weights=(parts.share * self.residents[parts.block])[known])
        at = pairs // width
        whole_extent = np.bincount(at, weights=extent, minlength=len(self.codes))[at]
        whole_people = np.bincount(at, weights=people, minlength=len(self.codes))[at]
        # A place where nobody lives is shared out by blocks.
        populated = whole_people > 0
        by_people = people / np.where(populated, whole_people, 1.0)
        share = np.where(populated, by_people, extent / np.where(populated, 1.0, whole_extent))
        share[np.bincount(at, minlength=len(self.codes))[at] == 1] = 1.0
        kept = share > 0
        return Shares(at[kept], (pairs % width)[kept], share[kept], parts.areas)

    def by(self, parts: Parts) -> Any:
        """Count people by organisation and area: the areas, then outside, elsewhere, unknown."""
        return self.shared_out(self.shares(parts))

    def shared_out(self, shares: Shares) -> Any:
        """Count people by organisation and area as `by` does, of shares that are known."""
        from scipy import sparse

        beyond = len(self.codes) - 2
        row = np.append(shares.place, [beyond, beyond + 1])
        column = np.append(shares.area, [shares.areas + 1, shares.areas + 2])
        share = np.append(shares.share, [1.0, 1.0])
        # A place that is cut but has nobody of the register leaves whole numbers whole.
        split = self.inhabited[row] & (share < 1)
        kept = share if split.any() else share.astype(np.int64)
        spread = sparse.csr_array((kept, (row, column)), shape=(beyond + 2, shares.areas + 3))
        found = self.people @ spread
        counted, everybody = found.sum(), self.everybody
        if not np.isclose(counted, everybody, rtol=1e-9):
            raise ArithmeticError(f"{counted} people were found of {everybody}")
        return found

    @cached_property
    def inhabited(self) -> NDArray[np.bool_]:
        """Whether anybody of the register lives in each place."""
        return np.asarray(self.people.sum(axis=0)).ravel() > 0

    @cached_property
    def everybody(self) -> Any:
        """The total of the register."""
        return self.people.sum()


@dataclass(frozen=True, eq=False)
class Shares:
    """The share of each place in each area, as positions; outside all `areas` is the next one."""

    place: Ints
    area: Ints
    share: Floats
    areas: int

    @property
    def cut(self) -> int:
        """How many places lie in several areas, or partly outside."""
        return len(np.unique(self.place[self.share != 1.0]))


@dataclass(frozen=True, eq=False)
class Parts:
    """Which share of each block lies in which area, as positions; -1 is outside all areas."""

    block: Ints
    area: Ints
    share: Floats
    areas: int

    @classmethod
    def of(cls, layer: AnyLayer, within: AnyLayer | None = None) -> Parts:
        """List the parts of a layer, one that cuts blocks too; outside `within` is outside."""
        cuts, area = layer.parts()
        if within is not None:
            crossing = crossed(layer, within)
            cuts, area = crossing.cuts, np.where(crossing.target >= 0, crossing.source, -1)
        return cls(cuts.block.astype(np.int64), area.astype(np.int64), cuts.share, len(layer))

    @classmethod
    def of_positions(cls, positions: NDArray[np.integer], areas: int) -> Parts:
        """List the parts of a partition, which are whole blocks."""
        count = len(positions)
        return cls(np.arange(count), np.asarray(positions, dtype=np.int64), np.ones(count), areas)

    @classmethod
    def of_shares(cls, inside: Floats) -> Parts:
        """List the parts of one area, by the share of every block that lies in it."""
        block = np.arange(len(inside))
        area = np.repeat([0, -1], len(inside))
        share = np.concatenate([inside, 1 - inside])
        there = share > 0
        return cls(np.tile(block, 2)[there], area[there], share[there], 1)

    def covered(self) -> Floats:
        """Give the share of every block that lies in any area."""
        # Every block is among the parts of a layer, if only as outside it.
        weights = np.where(self.area >= 0, self.share, 0.0)
        found: Floats = np.bincount(self.block, weights=weights).astype(np.float64)
        return found

    def matrix(self) -> Any:
        """Lay the shares out, sparse: blocks by areas, what is outside left out."""
        from scipy import sparse

        inside = self.area >= 0
        shape = (int(self.block.max(initial=-1)) + 1, self.areas)
        return sparse.csr_array(
            (self.share[inside], (self.block[inside], self.area[inside])), shape=shape
        )

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sum a weight of the blocks over the areas: whole numbers where whole blocks are."""
        inside = self.area >= 0
        weighed = self.share[inside] * np.asarray(values)[self.block[inside]]
        found = np.bincount(self.area[inside], weights=weighed, minlength=self.areas)
        whole = np.issubdtype(np.asarray(values).dtype, np.integer)
        if whole and bool((self.share[inside] % 1 == 0).all()):
            return found.astype(np.int64)
        return found


def count(register: Register, layer: AnyLayer, *, within: AnyLayer | None = None) -> Tally:
    """Count a register's people by organisation and area of residence.

    Parameters
    ----------
    register : Register
    layer : Layer
        A partition, or a layer that cuts blocks.
    within : Layer, optional
        Who lives in an area but outside this layer is counted ``outside``.

    Returns
    -------
    Tally
        It adds up to the register's total.

    Raises
    ------
    InputError
        If the layer is made of other blocks, or has a reserved code.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> count(area.register("gp"), area.layer("icb2022")).ledger().to_dict()["layer"]
    1831841
    """
    check_layer(register, layer)
    places = register.by_place
    shares = places.shares(Parts.of(layer, within))
    return Tally(places.organisations, layer.codes, places.shared_out(shares), shares.cut)


def count_by_block(register: Register) -> tuple[Floats, Floats]:
    """Share out every place to its blocks: blocks by named organisations, and everybody."""
    places = register.by_place
    blocks = len(places.of_block)
    cells = places.by(Parts.of_positions(np.arange(blocks), blocks))[:, :blocks]
    everybody = np.asarray(cells.sum(axis=0)).ravel().astype(float)
    return cells[register.single.to_numpy()].toarray().T.astype(float), everybody


def cut_places(register: Register, layer: AnyLayer) -> int:
    """Count the places of a register that a layer cuts, so that people are shared out."""
    check_layer(register, layer)
    return register.by_place.shares(Parts.of(layer)).cut


def check_layer(register: Register, layer: AnyLayer) -> None:
    """Raise if people cannot be counted by this layer.

    Raises
    ------
    InputError
    """
    if not layer.blocks.equals(register.places.index):
        raise InputError(
            f"layer {layer.name!r} is made of other blocks than register {register.name!r}"
        )
    clash = sorted({ELSEWHERE, UNKNOWN} & set(layer.codes))
    if clash:
        raise InputError(f"layer {layer.name!r} has a reserved code: {first_five(clash)}")


def rehomed(homes: pd.Series, moved: Mapping[str, str] | None, layer: AnyLayer) -> pd.Series:
    """Give organisations that were moved, with their lists, their new home.

    Raises
    ------
    InputError
        If an organisation or area is not there.
    """
    if not moved:
        return homes
    given = dict(moved)
    for asked, known in ((given.keys(), homes.index), (given.values(), layer.codes)):
        strange = sorted(set(asked) - set(known))
        if strange:
            raise InputError(f"`moved` names what is not there: {first_five(strange)}")
    return pd.Series(given, dtype="str").reindex(homes.index).fillna(homes)
