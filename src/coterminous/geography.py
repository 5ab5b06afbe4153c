"""What is there to compare? Blocks, weights, layers, registers and links of one area."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from coterminous import outlines
from coterminous.arguments import texts
from coterminous.blocks import contiguity
from coterminous.blocks.ground import Blocks
from coterminous.blocks.weights import Weight, checked_weight
from coterminous.errors import InputError, unknown
from coterminous.layer import Layer
from coterminous.making import Made, Recipe
from coterminous.results import dates_of
from coterminous.roles import BY_ROLE, Kind, checked_roles, known_role
from coterminous.shares import AnyLayer, CutLayer
from coterminous.tables.joins import check_blocks
from coterminous.tables.keys import matched

if TYPE_CHECKING:
    import geopandas as gpd
    from folium import Map, TileLayer
    from folium.plugins import DualMap
    from matplotlib.axes import Axes

    from coterminous.maps.paper.printed import Label
    from coterminous.overlap import Overlap
    from coterminous.registers.register import Register


T = TypeVar("T")
#: What is known of each source.
SOURCE_COLUMNS = ["id", "publisher", "title", "date", "licence", "statements"]


@dataclass(frozen=True, eq=False, repr=False)
class Geography:
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
    """

    name: str
    title: str
    ground: Blocks
    folder: Path | None
    _sources: pd.DataFrame
    _settings: Mapping[str, Any]
    _layers: Mapping[str, AnyLayer | Recipe]
    _registers: Mapping[str, Register | Recipe]
    _made: Made = field(default_factory=Made)

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_files(cls, folder: str | Path) -> Geography:
        """Read a geography folder: its `geography.toml` names everything else.

        Raises
        ------
        InputError
            If a file or column is missing or wrong; the message names it and the mend.
        """
        from coterminous.folders.loading import open_geography

        return open_geography(folder)

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
            cut = self.layer(within) if within is not None else None
            layer = self.layer(units).group(name, made_of, within=cut, title=title)
        if within is not None and not isinstance(made_of, Mapping):
            layer = layer.within(self.layer(within), name, title)
        return replace(self, _layers={**self._layers, name: layer})

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
        """Return a geography that has one weight more: a number of at least 0 for every block."""
        where = f"`values` of weight {name!r}"
        values = values.set_axis(matched(values.index.astype("str"), self.blocks, where))
        check_blocks(values.index, self.blocks, where)
        checked = checked_weight(values, name, "`values`").reindex(self.blocks)
        weight = Weight(name, title or name, unit, date, source, lambda: checked)
        return replace(self, ground=self.ground.with_weight(weight))

    def with_links(self, links: pd.DataFrame) -> Geography:
        """Return a geography with these declared links (`a`, `b`, `name`, `reason`) in place."""
        return replace(self, ground=self.ground.with_links(links))

    def with_register(self, register: Register) -> Geography:
        """Return a geography that has one register more."""
        return replace(self, _registers={**self._registers, register.name: register})

    def meant(self, given: Any, role: str) -> Any:
        """Return what was given, or the name of what has a role here if nothing was.

        Returns
        -------
        object or None
            None where nothing was given and nothing has the role, or an empty text was given,
            which asks for none.

        Raises
        ------
        InputError
            If a name was given that nothing has.

        Examples
        --------
        >>> load().meant(None, "hospital"), load().meant("gp", "hospital")
        ('trust', 'gp')
        """
        if given is None or given is BY_ROLE:
            return self.role(role)
        if isinstance(given, str) and not given:
            return None
        if isinstance(given, str):
            ask = {"layer": self.layer, "weight": self.weight_info, "register": self.register}
            ask[known_role(role).kind](given)
        return given

    def needed(self, given: Any, role: str, argument: str) -> Any:
        """Return what was given or has a role, as `meant` does, or say that there is neither.

        Raises
        ------
        InputError
            Also if nothing was given and nothing has the role.
        """
        found = self.meant(given, role)
        if found is None:
            kind = known_role(role).kind
            raise InputError(
                f"`{argument}` is not given, and no {kind} of geography {self.name!r} has the role "
                f"`{role}`; give a {kind}, or the role with `with_roles` or in geography.toml"
            )
        return found

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

    # ------------------------------------------------------------------ what there is

    @property
    def blocks(self) -> pd.Index:
        """The codes of all blocks, sorted."""
        return self.ground.codes.view()

    @property
    def links(self) -> pd.DataFrame:
        """Declared neighbours that share no edge: `a`, `b`, `name`, `reason`."""
        return self.ground.links.copy(deep=False)

    @property
    def sources(self) -> pd.DataFrame:
        """Who published what, as at when, under which licence, and what statements it asks for."""
        return self._sources.copy(deep=False)

    @property
    def settings(self) -> Mapping[str, Any]:
        """What `geography.toml` says; the caller's own copy."""
        return deepcopy(dict(self._settings))

    @property
    def added_layers(self) -> Mapping[str, AnyLayer]:
        """The layers that were given as values, not read from its folder, by name."""
        return {n: x for n, x in self._layers.items() if isinstance(x, AnyLayer)}

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The names of the layers, in their order; `layers` describes them, and builds each."""
        return tuple(self._layers)

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights; the first counts residents. `weights` reads each."""
        return tuple(self.ground.weights)

    @property
    def register_names(self) -> tuple[str, ...]:
        """The names of the registers."""
        return tuple(self._registers)

    @property
    def roles(self) -> Mapping[str, str | tuple[str, ...]]:
        """What layers, weights and registers are for here, such as ``councils``; see `role`."""
        return MappingProxyType(dict(self._settings.get("roles", {})))

    def role(self, name: str) -> str | None:
        """Return the name of the layer, weight or register that has a role; None if none has.

        Examples
        --------
        >>> load().role("councils")
        'utla2021'
        """
        found = self.role_names(name)
        return found[0] if found else None

    def role_names(self, name: str) -> tuple[str, ...]:
        """Return the names of all that have a role, such as the weights by age; none if none has.

        Examples
        --------
        >>> load().role_names("ages")
        ('age_0_17', 'age_18_64', 'age_65_84', 'age_85_plus')
        """
        known_role(name)
        return texts(self.roles.get(name), name)

    @property
    def residents(self) -> str:
        """The name of the weight that counts the people who live here: the one rule for it.

        Raises
        ------
        InputError
            If there is no weight.
        """
        named = self.role("residents") or next(iter(self.ground.weights), None)
        if named is None:
            raise InputError(
                f"geography {self.name!r} has no weight, so nobody can be counted; add one with "
                "`with_weight`, or [[weight]] in geography.toml"
            )
        self._known_weight(named)
        return named

    def counted(self, weight: str | None) -> str:
        """Return the name of a weight, or of the residents where none is named.

        Examples
        --------
        >>> load().counted(None), load().counted("hectares")
        ('population', 'hectares')
        """
        if weight is None:
            return self.residents
        self._known_weight(weight)
        return weight

    @property
    def layers(self) -> pd.DataFrame:
        """The layers: `title`, `areas`, `blocks`, `people`, `registered`, dates and `note`."""
        from coterminous.registers import catalogue

        return catalogue.of_layers(
            self, list(self._layers), self.residents if self.ground.weights else None
        )

    @property
    def weights(self) -> pd.DataFrame:
        """The weights: `title`, `unit`, `date`, `source` and `total`."""
        from coterminous.registers import catalogue

        return catalogue.of_weights(self, list(self.ground.weights))

    @property
    def registers(self) -> pd.DataFrame:
        """The registers: `title`, `unit`, `date`, `source` and whether they are `open`."""
        from coterminous.registers import catalogue

        found = self._registers.items()
        return catalogue.of_registers(
            {n: x.described if isinstance(x, Recipe) else x for n, x in found}
        )

    @property
    def block_table(self) -> pd.DataFrame:
        """What the blocks' file says of each block, polygons apart."""
        return self.ground.table()

    @property
    def lookup(self) -> pd.DataFrame:
        """The lookup: one row a block, text columns."""
        return self.ground.lookup()

    @property
    def zones(self) -> pd.Series | None:
        """The zone of each block, the areas by which registers count; None if there are none."""
        column = self._settings.get("lookup", {}).get("zone")
        return self.lookup[column] if column else None

    def layer(self, name: str | AnyLayer) -> AnyLayer:
        """Return a layer by name; a layer of the same blocks is returned as it is."""
        if isinstance(name, AnyLayer):
            if not name.blocks.equals(self.blocks):
                raise InputError(f"layer {name.name!r} is made of other blocks than {self.name!r}")
            return name
        if not isinstance(name, str) or name not in self._layers:
            raise unknown("layer", name, list(self._layers))
        found = self._layers[name]
        self._made.note("layer", name, found)
        made: AnyLayer = self._made.of(self, found) if isinstance(found, Recipe) else found
        return made

    def once_for(self, layer: AnyLayer, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what is found of a layer, found once for all derived geographies.

        `key` names what the answer depends on beside the layer and the blocks, by identity.
        """
        return self._made.once_for(layer, (self.ground, *key), make)

    def holds(self, kind: str, name: str) -> object:
        """Return what stands under a name: a layer or weight, or the recipe of a layer."""
        return (self._layers if kind == "layer" else self.ground.weights).get(name)

    def _known_weight(self, name: str) -> None:
        if not isinstance(name, str):
            raise InputError(
                f"`weight` is a {type(name).__name__}; give a name; `with_weight` adds one"
            )
        if name not in self.ground.weights:
            raise unknown("weight", name, list(self.ground.weights))

    def weight(self, name: str) -> pd.Series:
        """Return a weight by name: whole numbers where people are counted, indexed by block."""
        self._known_weight(name)
        weight = self.ground.weights[name]
        self._made.note("weight", name, weight)
        return weight.read()

    def weight_info(self, name: str) -> Weight:
        """Say what a weight is: its title, unit, date and source."""
        self._known_weight(name)
        return self.ground.weights[name]

    def register(self, name: str | Register) -> Register:
        """Return a register by name; a register is returned as it is.

        ``gp/network`` is the register `gp` by network; see `Register.by`.
        """
        from coterminous.registers.register import Register

        if isinstance(name, Register):
            return name
        if name not in self._registers:
            whole, slash, column = name.partition("/")
            if slash and whole in self._registers:
                return self.register(whole).by(column)
            raise unknown("register", name, list(self._registers))
        found = self._registers[name]
        if isinstance(found, Register):
            return found
        made: Register = self._made.of(self, found)
        return made

    # ------------------------------------------------------------------ shapes and neighbours

    @property
    def geometry(self) -> gpd.GeoSeries:
        """The polygons of the blocks, in a projected CRS."""
        return self.ground.polygons()

    @property
    def points(self) -> gpd.GeoSeries:
        """A point of each block: the published one, else one inside its polygon."""
        import geopandas as gpd

        columns = self._settings.get("blocks", {}).get("point")
        if not columns:
            return self.ground.inner_points()
        east, north = (self.block_table[c].astype(float) for c in columns)
        return gpd.GeoSeries.from_xy(east, north, index=self.blocks, crs=self.geometry.crs)

    def polygons(self, layer: str | AnyLayer) -> gpd.GeoDataFrame:
        """Dissolve the blocks to the areas of a layer.

        Returns
        -------
        geopandas.GeoDataFrame
            By area code: `name` and `geometry`, in the CRS of the blocks. Coverage union: the
            blocks' own edges, with no sliver.
        """
        chosen = self.layer(layer)
        return self._made.outline(chosen, lambda: outlines.dissolved(self.ground.drawn(), chosen))

    def neighbours(self, layer: str | AnyLayer | None = None) -> pd.DataFrame:
        """List who is next to whom, by shared border or declared link.

        Edges that match are measured exactly. Lines no further than a metre apart that run side
        by side are one border too, and a border of less than a metre is a corner; a folder sets
        another distance by `border_within` in its ``[blocks]``.

        Parameters
        ----------
        layer : str or Layer, optional
            The layer whose areas are meant; blocks if not given.

        Returns
        -------
        pandas.DataFrame
            `a` < `b` (codes, once a pair), `shared_m` (metres; 0 for a link), `link` (the names of
            links between them, or empty).
        """
        pairs = self.ground.neighbours()
        return pairs if layer is None else outlines.area_neighbours(pairs, self.layer(layer))

    def nearly_neighbours(self) -> pd.DataFrame:
        """List the blocks that have a border and are no neighbours: it is under a metre.

        Returns
        -------
        pandas.DataFrame
            `a` < `b` (codes), `shared_m` (metres). Where one of them is a way from the one block
            to the other, declare a link.

        Examples
        --------
        >>> len(load().nearly_neighbours())
        0
        """
        return contiguity.nearly(self.ground.borders())

    @property
    def border_notes(self) -> tuple[str, ...]:
        """What must be said of neighbours: lines that do not match, and pairs that are none."""
        return tuple(contiguity.border_notes(self.ground.borders(), self.ground.within))

    def pieces(self, layer: str | AnyLayer) -> pd.DataFrame:
        """List the connected pieces of every area: `area`, `piece`, `blocks`, `people`, `codes`.

        ``attrs["notes"]`` says which blocks were no neighbours for want of a border.
        """
        people = self.weight(self.residents)
        found = outlines.pieces(self.layer(layer), self.ground.neighbours(), people)
        found.attrs["notes"] = self.border_notes
        return found

    # ------------------------------------------------------------------ shorthand

    def overlap(
        self, source: str | AnyLayer, target: str | AnyLayer, *, weight: str | None = None
    ) -> Overlap:
        """Tabulate a weight by two layers: the residents if none is named.

        Examples
        --------
        >>> o = load().overlap("pbp2021", "utla2021")
        >>> int(o.ledger["both"])
        1701655
        """
        from coterminous.overlap import Overlap

        counted = self.counted(weight)
        first, second, info = self.layer(source), self.layer(target), self.weight_info(counted)
        found = Overlap.from_layers(first, second, self.weight(counted))
        named = dict.fromkeys(s for s in (info.source, first.source, second.source) if s)
        return replace(found, sources=tuple(named), dates=dates_of(info))

    def refine(
        self, first: str | AnyLayer, second: str | AnyLayer, name: str | None = None
    ) -> AnyLayer:
        """Cut one layer by another: the blocks in both, by their pair of areas.

        Examples
        --------
        >>> len(load().refine("ccg2021", "ltla2021"))
        21
        """
        return self.layer(first).refine(self.layer(second), name)

    def explore(
        self,
        *layers: str | AnyLayer,
        compare: bool = False,
        changes: bool = False,
        practices: bool | str | pd.DataFrame = False,
        sites: bool = False,
        m: Map | None = None,
        title: str | None = None,
        tiles: str | TileLayer | None = None,
        offline: bool = False,
        weight: str | None = None,
        tolerance: float = 60.0,
    ) -> Map | DualMap:
        """Show layers on a map to click on, each a toggle with its own legend.

        Parameters
        ----------
        *layers : str or Layer
            The first is shown; the others are a click away.
        compare : bool
            Two layers side by side, on two maps that move together.
        changes : bool
            Add what changes from the first layer to the second: who is parted from most of their
            old area.
        practices : bool or str or pandas.DataFrame
            Add practices: True for those of the geography's register of patients, another
            register's name, or a table (index code; ``name``, ``easting``, ``northing``, and if
            known ``patients`` and ``status``).
        sites : bool
            Add hospital sites.
        m : folium.Map, optional
            A map to add to; a new one if not given.
        title : str, optional
            The finding; computed if not given.
        tiles : str or folium.TileLayer, optional
            A background map from the network; none if not given.
        offline : bool
            Put every script, style and icon inside the page, so that it opens with no network.
        weight : str
            What is counted.
        tolerance : float
            Metres by which simplified lines may stray.

        Returns
        -------
        folium.Map or folium.plugins.DualMap
            A plain folium object to add to, show in a notebook, or `save`.

        Raises
        ------
        InputError
            If there is no layer, a layer has no polygon, or options contradict one another.

        Examples
        --------
        >>> type(load().explore("place2022")).__name__
        'Map'
        """
        from coterminous.maps.page.interactive import explore

        return explore(
            self,
            *layers,
            compare=compare,
            changes=changes,
            practices=practices,
            sites=sites,
            m=m,
            title=title,
            tiles=tiles,
            offline=offline,
            weight=weight,
            tolerance=tolerance,
        )

    def plot(
        self,
        layer: str | AnyLayer,
        *,
        ax: Axes | None = None,
        cmap: str | None = None,
        title: str | None = None,
        context: str | AnyLayer | None = None,
        label: Label = "auto",
        sources: bool = True,
        page: bool = False,
        legend: bool = True,
        column: str | None = None,
        color: str | None = None,
        edgecolor: str | None = None,
        linewidth: float | None = None,
        alpha: float | None = None,
    ) -> Axes:
        """Draw a layer with matplotlib: names, scale bar, north arrow and source lines.

        Parameters
        ----------
        layer : str or Layer
            What to draw.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; a new figure if not given.
        cmap : str, optional
            A colour map to take the areas' colours from, in order of code.
        title : str, optional
            What the map finds.
        context : str or Layer, optional
            A layer whose boundaries are drawn beneath as broken lines, such as councils.
        label : str
            ``names``, ``numbers`` (with a key), ``none``, or ``auto``: names up to 16 areas,
            numbers up to 80, none of more.
        sources : bool
            Whether the source and licence lines stand below the map.
        page : bool
            Whether a new figure is a page of A4, to be saved; else a notebook shows it.
        legend : bool
            Whether there is one, where `context` or `column` asks for one.
        column : str, optional
            A column of `polygons` to colour by.
        color, edgecolor : str, optional
            One colour for all areas, and for their edges.
        linewidth, alpha : float, optional
            Of the edges, in points; opacity, 0 to 1.

        Returns
        -------
        matplotlib.axes.Axes
            Carrying the sentence that says what it shows as ``ax.alt_text``.

        Raises
        ------
        InputError
            If the layer has no polygon here, or `label` is none of those.

        Examples
        --------
        >>> load().plot("place2022", page=True).alt_text.split(",")[0]
        'Map of Places of the integrated care board'
        """
        from coterminous.maps.paper.printed import plot

        return plot(
            self,
            layer,
            ax=ax,
            cmap=cmap,
            title=title,
            context=context,
            label=label,
            sources=sources,
            page=page,
            legend=legend,
            column=column,
            color=color,
            edgecolor=edgecolor,
            linewidth=linewidth,
            alpha=alpha,
        )

    def attributions(self, *sources: str) -> tuple[str, ...]:
        """Return the statements that the licences of these sources (or of all) ask for."""
        wanted = list(sources) or list(self.sources.index)
        for source in wanted:
            if source not in self.sources.index:
                raise unknown("source", source, list(self.sources.index))
        said = [s for w in wanted for s in self.sources.loc[w, "statements"]]
        return tuple(dict.fromkeys(said))

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
