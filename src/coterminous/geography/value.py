"""What is there to compare? Blocks, weights, layers, registers and links of one area."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from coterminous.arguments import asked, texts
from coterminous.blocks.ground import Blocks
from coterminous.blocks.weights import Weight, checked_weight
from coterminous.errors import InputError
from coterminous.geography.parts import Part
from coterminous.geography.shorthand import Shorthand
from coterminous.layer import Layer
from coterminous.making import Made, Recipe
from coterminous.roles import Kind, checked_roles
from coterminous.shares import AnyLayer, CutLayer
from coterminous.tables.joins import check_blocks
from coterminous.tables.keys import matched

if TYPE_CHECKING:
    from coterminous.registers.register import Register


T = TypeVar("T")
#: What is known of each source.
SOURCE_COLUMNS = ["id", "publisher", "title", "date", "licence", "statements"]


class Geography(Shorthand):
    """An area made of building blocks, with what is counted in them and how they are grouped.

    A geography is a value: `with_layer`, `with_weight`, `with_links` and `with_register` return
    another. Make one with `coterminous.load`, `from_files` or `from_frames`.

    Attributes
    ----------
    name, title : str
    ground : Blocks
        The blocks, what is counted in them and where they are; one value for all derived
        geographies.
    blocks : pandas.Index
        The codes of all blocks, sorted.
    links : pandas.DataFrame
        Declared neighbours that share no edge: `a`, `b`, `name`, `reason`.
    sources : pandas.DataFrame
        Who published what, as at when, under which licence, and the statements that it asks for.
    folder : pathlib.Path or None
        Where it was read from.
    part : Part or None
        Which part of the folder it is; None if it is all of it.
    """

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_files(cls, folder: str | Path, *, part: Part | None = None) -> Geography:
        """Read a geography folder: its `geography.toml` names everything else.

        Parameters
        ----------
        folder : path
        part : Part, optional
            The part of it that is kept, such as that of another geography; all if not given.

        Raises
        ------
        InputError
            If a file or column is missing or wrong; the message names it and the mend.
        """
        from coterminous.folders.loading import open_geography

        return open_geography(folder, part)

    @classmethod
    def made_of(
        cls,
        ground: Blocks,
        *,
        name: str,
        title: str = "",
        folder: Path | None = None,
        sources: pd.DataFrame | None = None,
        settings: Mapping[str, Any] | None = None,
        layers: Mapping[str, AnyLayer | Recipe] | None = None,
        registers: Mapping[str, Register | Recipe] | None = None,
        part: Part | None = None,
    ) -> Geography:
        """Make a geography of blocks, and of recipes for what is read when it is asked for."""
        none = pd.DataFrame(columns=SOURCE_COLUMNS).set_index("id")
        return cls(
            name,
            title or name,
            ground,
            folder,
            none if sources is None else sources,
            dict(settings or {}),
            dict(layers or {}),
            dict(registers or {}),
            part=part,
        )

    @classmethod
    def from_frames(
        cls,
        blocks: pd.DataFrame,
        *,
        weights: str | Iterable[str] = ("population",),
        name: str = "geography",
        title: str = "",
        links: pd.DataFrame | None = None,
        roles: Mapping[str, str | Iterable[str]] | None = None,
    ) -> Geography:
        """Make a geography of a frame of blocks.

        Parameters
        ----------
        blocks : DataFrame or GeoDataFrame
            One row a block, indexed by code; polygons only where maps and neighbours are wanted.
        weights : str or iterable of str
            The columns that are weights.
        name, title : str
        links : DataFrame, optional
            `a`, `b`, `name`, `reason`.
        roles : mapping of role to name, optional
            What the weights are for, such as ``{"residents": "people"}``; layers and registers
            are given theirs by `with_roles` once they are there.

        Examples
        --------
        >>> import pandas as pd
        >>> blocks = pd.DataFrame({"population": [5, 7]}, index=["b1", "b2"])
        >>> area = Geography.from_frames(blocks).with_layer(
        ...     "one", pd.Series({"b1": "A", "b2": "A"})
        ... )
        >>> int(area.weight("population").sum())
        12
        """
        ground = Blocks.of_frame(blocks, texts(weights, "weights"), links)
        made = cls.made_of(ground, name=name, title=title)
        return made.with_roles(roles or {})

    @asked
    def with_layer(
        self,
        name: str,
        made_of: AnyLayer | pd.Series | Mapping[str, Iterable[str]],
        *,
        units: str | AnyLayer | None = None,
        within: str | AnyLayer | None = None,
        title: str = "",
    ) -> Geography:
        """Return a geography that has one layer more.

        Parameters
        ----------
        name : str
            The name of the new layer; a layer of that name is replaced.
        made_of : Layer, Series or mapping
            A layer of the same blocks; a lookup from block to area code; or, by area name, the
            units of which the area is made (codes, names or aliases in `units`).
        units : str or Layer
            The layer that the units belong to; needed for a mapping only.
        within : str or Layer, optional
            Leave out blocks outside this layer.
        title : str
            The words to print.

        Examples
        --------
        >>> from coterminous import load
        >>> area = load().with_layer(
        ...     "coast", {"Coast": ["Blackpool", "Fylde", "Wyre"]}, units="ltla2021"
        ... )
        >>> area.layer("coast")
        <Layer coast: 1 areas of 214 blocks, 1,421 blocks outside>
        """
        if not str(name).strip():
            raise InputError("`name` is empty; give the layer a name")
        if not isinstance(made_of, (Layer, CutLayer, pd.Series, Mapping)):
            raise InputError(
                f"`made_of` is a {type(made_of).__name__}; give a Layer, a Series of area codes by "
                'block, or a mapping of names to units, such as {"Coast": ["Fylde", "Wyre"]}'
            )
        layer: AnyLayer
        if isinstance(made_of, AnyLayer):
            layer = self.layer(made_of).renamed(name, title)
        elif isinstance(made_of, pd.Series):
            layer = Layer.from_lookup(name, made_of, blocks=self.blocks, title=title)
        else:
            if units is None:
                raise InputError(
                    "`units` is missing: say which layer the names in the mapping belong to, "
                    'such as units="ltla2021"'
                )
            cut = self.layer(within, argument="within") if within is not None else None
            layer = self.layer(units, argument="units").group(
                name, made_of, within=cut, title=title
            )
        if within is not None and not isinstance(made_of, Mapping):
            layer = layer.within(self.layer(within, argument="within"), name, title)
        return replace(self, _layers={**self._layers, name: layer})

    @asked
    def with_weight(
        self,
        name: str,
        values: pd.Series,
        *,
        title: str = "",
        unit: str = "people",
        date: str = "",
        source: str = "",
    ) -> Geography:
        """Return a geography that has one weight more: a number of at least 0 for every block.

        Parameters
        ----------
        name : str
            The name of the new weight; one of that name is replaced.
        values : Series
            By block code, for every block.
        title : str
            The words to print.
        unit : str
            What is counted.
        date : str
            As at when.
        source : str
            The id of its source.
        """
        where = f"`values` of weight {name!r}"
        values = values.set_axis(matched(values.index.astype("str"), self.blocks, where))
        check_blocks(values.index, self.blocks, where)
        checked = checked_weight(values, name, "`values`").reindex(self.blocks)
        weight = Weight(name, title or name, unit, date, source, lambda: checked, given=checked)
        return replace(self, ground=self.ground.with_weight(weight))

    @asked
    def with_links(self, links: pd.DataFrame) -> Geography:
        """Return a geography with these declared links (`a`, `b`, `name`, `reason`) in place.

        Parameters
        ----------
        links : DataFrame
            `a` and `b`, codes of blocks; `name`, such as a bridge; `reason`.
        """
        return replace(self, ground=self.ground.with_links(links))

    @asked
    def with_register(self, register: Register) -> Geography:
        """Return a geography that has one register more.

        Parameters
        ----------
        register : Register
            One that is made already, as `coterminous.practices` makes it.
        """
        return replace(self, _registers={**self._registers, register.name: register})

    @asked
    def with_roles(
        self, roles: Mapping[str, str | Iterable[str]], *, where: str = "roles"
    ) -> Geography:
        """Return a geography in which layers, weights and registers have these roles too.

        Parameters
        ----------
        roles : mapping of role to name
            `coterminous.roles.ROLES` lists the roles; ``ages`` and ``deprivation`` take several
            names. Roles that are not named stay as they are.
        where : str
            What errors are about.

        Raises
        ------
        InputError
            If a role is unknown, or nothing has the name.

        Examples
        --------
        >>> from coterminous import load
        >>> load().with_roles({"before": "ccg2021"}).role("before")
        'ccg2021'
        """
        there: dict[Kind, Collection[str]] = {
            "layer": self._layers,
            "weight": self.ground.weights,
            "register": self._registers,
        }
        given = checked_roles(roles, there, where)
        if not given:
            return self
        roles_now = {**self._settings.get("roles", {}), **given}
        # Who counts as a resident may be another weight now: nothing that was made is kept.
        return replace(self, _settings={**self._settings, "roles": roles_now}, _made=Made())

    def __reduce__(self) -> tuple[Any, ...]:
        from coterminous.folders import travelling

        return travelling.unpack, (travelling.pack(self),)

    def __repr__(self) -> str:
        return (
            f"<Geography {self.name}: {len(self.blocks):,} blocks, {len(self._layers)} layers, "
            f"{len(self.ground.weights)} weights, {len(self._registers)} registers>"
        )

    def _repr_html_(self) -> str:
        from coterminous.registers.catalogue import SIZES, WITH_COMMAS

        columns = ["title", "areas", "blocks", *SIZES, "valid_from", "valid_to"]
        shown = self.layers[columns].rename(columns=SIZES)
        table = (
            shown.astype(object)
            .where(shown.notna(), "")
            .to_html(escape=True, formatters=WITH_COMMAS)
        )
        return f"<p>{escape(repr(self))}</p>{table}"
