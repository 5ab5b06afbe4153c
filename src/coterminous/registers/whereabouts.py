"""How many of a register's people live where, and where is each of its organisations at home?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.registers.counting import count, cut_places
from coterminous.registers.row_codes import one_of
from coterminous.shares import CutLayer
from coterminous.words import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.layer import Layer
    from coterminous.registers.register import Register
    from coterminous.registers.tables import Resolution
    from coterminous.shares import AnyLayer

Home = Literal["site", "list", "body"]

EXACT = "exact: every {resolution} of the register lies in one area, or in none"
APPORTIONED = (
    "apportioned: the people of {cut} of {all} {resolution}s that the layer cuts are shared out by "
    "resident population"
)

SHARED = (
    "apportioned: {people:,.10g} people of {of} of the file, in several blocks that the layer "
    "parts, are shared out by resident population; all others are exact"
)


class Whereabouts:
    """What a register answers of a layer; `Register` is told of in full."""

    if TYPE_CHECKING:
        name: str
        resolution: Resolution
        organisations: pd.DataFrame
        places: pd.Series
        bodies: Layer | None
        shared_out: pd.DataFrame

    @property
    def _whole(self) -> Register:
        return cast("Register", self)

    def by_area(self, layer: AnyLayer) -> pd.DataFrame:
        """Count people by organisation and area of residence.

        Parameters
        ----------
        layer : Layer

        Returns
        -------
        pandas.DataFrame
            `organisation`, `area`, `value`, sorted; only what is not 0. `area` may be
            ``outside`` (in the blocks, but outside the layer), ``elsewhere`` (beyond the
            blocks) or ``unknown``. The values add up to `total`; they are whole numbers where
            the register counts so and its places lie whole in areas; see `method`.

        Examples
        --------
        >>> import coterminous as ct
        >>> area = ct.load()
        >>> found = area.register("gp").by_area(area.layer("icb2022"))
        >>> int(found.loc[found["area"] == "QE1", "value"].sum())
        1831841
        """
        return count(self._whole, layer).table()

    def matrix(self, layer: AnyLayer) -> pd.DataFrame:
        """Return `by_area` as a table: organisations by areas, then those beyond them.

        Parameters
        ----------
        layer : str or Layer
            The layer, by name or itself.
        """
        return count(self._whole, layer).matrix()

    def method(self, layer: AnyLayer) -> str:
        """Say how exact the people by area of a layer are; to be printed with the figures.

        Parameters
        ----------
        layer : str or Layer
            The layer, by name or itself.
        """
        cut, parted = cut_places(self._whole, layer), self._parted_by(layer)
        if not cut and len(parted):
            return SHARED.format(
                people=parted["patients"].sum(), of=counted(parted["source"].nunique(), "area")
            )
        text = APPORTIONED if cut else EXACT
        return text.format(resolution=self.resolution, cut=cut, all=self.places.nunique())

    def _parted_by(self, layer: AnyLayer) -> pd.DataFrame:
        """List the people shared out among blocks of which a layer parts one from another."""
        rows = self.shared_out
        if not len(rows):
            return rows
        whole = layer.nearest() if isinstance(layer, CutLayer) else layer
        area = rows["block"].map(whole.assignment).fillna("")
        return rows[area.groupby(rows["source"]).transform("nunique") > 1]

    def homes(self, layer: AnyLayer, home: Home | None = None) -> pd.Series:
        """Give each organisation its home area in a layer; missing where it has none.

        Parameters
        ----------
        layer : Layer
        home : {'site', 'list', 'body'}, optional
            ``site``: the area that holds the block of its main site, or most of that block.
            ``list``: the area where most of its people in the layer live (ties to the smaller
            code). ``body``: the area that holds the whole of the body it belongs to. ``site``
            where the register knows sites, else ``list``, if not given. A lump has no home.
        """
        how = home or self.default_home
        if how == "site":
            if len(self._sites) and not self._knows_sites:
                raise InputError(
                    f"register {self.name!r} knows the site of no organisation; give "
                    'home="list" for the area where most of their people live'
                )
            found = self._at_sites(layer.nearest())
        elif how == "list":
            found = count(self._whole, layer).main()
        elif how == "body":
            found = self._homes_of_bodies(layer)
        else:
            raise unknown("home", how, ["site", "list", "body"])
        found = found.astype("str").rename("home")
        return found.where(self._whole.single)

    def _at_sites(self, layer: Layer) -> pd.Series:
        """Give the area of each organisation's main site; missing where it is in none."""
        if not layer.blocks.equals(self.places.index):
            return self._sites.map(layer.assignment)
        at = np.append(layer.positions, -1)[self._site_positions]
        codes = pd.array(layer.codes.to_numpy(), dtype="str").take(at, allow_fill=True)
        return pd.Series(codes, index=self._sites.index)

    @cached_property
    def _sites(self) -> pd.Series:
        return self.organisations["block"]

    @cached_property
    def _knows_sites(self) -> bool:
        return bool(self._sites.notna().any())

    @cached_property
    def _site_positions(self) -> NDArray[np.intp]:
        """The position of the block of each main site; -1 where none is known."""
        return self.places.index.get_indexer(self._sites)

    @property
    def default_home(self) -> Home:
        """How homes are found if nothing is said: by site, or by list where no site is known."""
        return "site" if self._knows_sites else "list"

    def _homes_of_bodies(self, layer: AnyLayer) -> pd.Series:
        body = self.organisations["body"]
        if body.isna().all():
            raise InputError(f"register {self.name!r} says of no organisation what it belongs to")
        if self.bodies is None:
            named = body.dropna()
            found = body.map({b: one_of(b, layer.codes) for b in named.unique()})
            if found.isna().all():
                raise InputError(
                    f"register {self.name!r} has {counted(named.nunique(), 'body', 'bodies')} of "
                    f"organisations, none of them an area of {layer.name!r}: "
                    f"{first_five(sorted(named.unique()))}; say with `bodies` which layer's areas "
                    'they are, or give another `home`, "site" or "list"'
                )
            return found
        pairs = pd.DataFrame(
            {"body": self.bodies.assignment, "area": layer.nearest().assignment.fillna("")}
        )
        pairs = pairs.dropna().drop_duplicates()
        whole = pairs[~pairs.duplicated("body", keep=False) & (pairs["area"] != "")]
        return body.map(whole.set_index("body")["area"])
