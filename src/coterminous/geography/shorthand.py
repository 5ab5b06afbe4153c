"""What is asked of a geography most: polygons, neighbours, overlaps and maps of its layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from coterminous import outlines
from coterminous.arguments import asked
from coterminous.blocks import contiguity
from coterminous.geography import data_age
from coterminous.geography.holding import Holding
from coterminous.results import dates_of
from coterminous.shares import AnyLayer

if TYPE_CHECKING:
    import geopandas as gpd
    from folium import Map, TileLayer
    from folium.plugins import DualMap
    from matplotlib.axes import Axes

    from coterminous.maps.choosing import Column
    from coterminous.maps.paper.printed import Label
    from coterminous.overlap import Overlap


class Shorthand(Holding):
    """Methods that ask another topic, which they import when they are called."""

    def data_age(self, *layers: str | AnyLayer) -> str:
        """Say in one line how old the lines and the people are.

        Parameters
        ----------
        *layers : str or Layer
            Those whose lines are meant; those with the roles before and after if not given.

        Examples
        --------
        >>> from coterminous import load
        >>> load().data_age("ccg2021", "utla2023")
        'Lines of June 2022 and April 2023 on areas of 2011; GP lists July 2022; residents \
mid-2020; hospitals 2019.'
        """
        named = layers or [x for r in ("before", "after") if (x := self.role(r))]
        drawn = [self.layer(x) for x in named]
        whole = self.role("whole")
        later = self.layer(whole).valid_from if self.part and whole else ""
        registers = {
            role: data_age.period_of(self._described(name))
            for role in ("patients", "hospital")
            if (name := self.role(role))
        }
        residents = self.weight_info(self.residents).date if self.weight_names else ""
        return data_age.said_of_age(
            lines=_days(drawn),
            blocks=str(self._settings.get("blocks", {}).get("date", "")),
            lists=registers.get("patients", ""),
            residents=residents,
            hospitals=registers.get("hospital", ""),
            current=_near(later, registers.get("patients", "") or residents),
        )

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

    @asked
    def polygons(self, layer: str | AnyLayer) -> gpd.GeoDataFrame:
        """Dissolve the blocks to the areas of a layer.

        Parameters
        ----------
        layer : str or Layer
            The layer, by name or itself.

        Returns
        -------
        geopandas.GeoDataFrame
            By area code: `name` and `geometry`, in the CRS of the blocks. Coverage union: the
            blocks' own edges, with no sliver.
        """
        chosen = self.layer(layer)
        return self._made.outline(chosen, lambda: outlines.dissolved(self.ground.drawn(), chosen))

    @asked
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
        >>> from coterminous import load
        >>> len(load().nearly_neighbours())
        0
        """
        return contiguity.nearly(self.ground.borders())

    @property
    def border_notes(self) -> tuple[str, ...]:
        """What must be said of neighbours: lines that do not match, and pairs that are none."""
        return tuple(contiguity.border_notes(self.ground.borders(), self.ground.within))

    @asked
    def in_one_piece(self, layer: str | AnyLayer) -> bool:
        """Say whether every area of a layer is connected; `pieces` lists those that are not.

        Parameters
        ----------
        layer : str or Layer
            The layer, by name or itself.

        Examples
        --------
        >>> from coterminous import load
        >>> load().in_one_piece("place2022")
        True
        """
        return outlines.in_one_piece(self.layer(layer), self.ground.neighbours())

    @asked
    def pieces(self, layer: str | AnyLayer) -> pd.DataFrame:
        """List the connected pieces of every area: `area`, `piece`, `blocks`, `people`, `codes`.

        ``attrs["notes"]`` says which blocks were no neighbours for want of a border.

        Parameters
        ----------
        layer : str or Layer
            The layer, by name or itself.
        """
        people = self.weight(self.residents)
        found = outlines.pieces(self.layer(layer), self.ground.neighbours(), people)
        found.attrs["notes"] = self.border_notes
        return found

    # ------------------------------------------------------------------ shorthand

    @asked
    def overlap(
        self, source: str | AnyLayer, target: str | AnyLayer, *, weight: str | None = None
    ) -> Overlap:
        """Tabulate a weight by two layers: the residents if none is named.

        Parameters
        ----------
        source : str or Layer
            The layer whose areas are looked at.
        target : str or Layer
            The layer in which they lie.
        weight : str, optional
            What is counted; the residents if not given.

        Examples
        --------
        >>> from coterminous import load
        >>> o = load().overlap("pbp2021", "utla2021")
        >>> int(o.ledger["both"])
        1701655
        """
        from coterminous.overlap import Overlap

        counted = self.counted(weight)
        first, second, info = (
            self.layer(source, argument="source"),
            self.layer(target, argument="target"),
            self.weight_info(counted),
        )
        found = Overlap.from_layers(first, second, self.weight(counted))
        named = dict.fromkeys(s for s in (info.source, first.source, second.source) if s)
        return replace(found, sources=tuple(named), dates=dates_of(info))

    @asked
    def refine(
        self, first: str | AnyLayer, second: str | AnyLayer, name: str | None = None
    ) -> AnyLayer:
        """Cut one layer by another: the blocks in both, by their pair of areas.

        Parameters
        ----------
        first : str or Layer
            The layer that is cut.
        second : str or Layer
            The layer that cuts it.
        name : str, optional
            The name of the new layer; made of both if not given.

        Examples
        --------
        >>> from coterminous import load
        >>> len(load().refine("ccg2021", "ltla2021"))
        21
        """
        return self.layer(first).refine(self.layer(second), name)

    @asked
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
        offline: bool | None = None,
        weight: str | None = None,
        tolerance: float = 60.0,
        colours: Mapping[str, Mapping[str, str]] | None = None,
        highlight: str | Iterable[str] | None = None,
        column: Column | None = None,
        cmap: str | None = None,
        color: str | None = None,
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
            Add general practices: True for those of the geography's register of their patients,
            another register's name, or a table (index code; ``name``, ``easting``, ``northing``,
            and if known ``patients`` and ``status``). With `column` too.
        sites : bool
            Add hospital sites.
        m : folium.Map, optional
            A map to add to; a new one if not given.
        title : str, optional
            The finding; computed if not given.
        tiles : str or folium.TileLayer, optional
            A background map from the network; none if not given.
        offline : bool, optional
            Put every script, style and icon inside the page, so that it opens with no network. If
            not given, so it is, unless something of the network's, such as a background map, is
            asked for or added.
        weight : str
            What is counted.
        tolerance : float
            Metres by which simplified lines may stray.
        colours : mapping, optional
            By name of a layer and code of an area its fill, ``#RRGGBB``; chosen so that neighbours
            differ if not given.
        highlight : str or iterable of str, optional
            Areas of the first layer, by code, name or alias, that keep their colour; the others
            are grey.
        column : str, Series or mapping, optional
            A figure to colour by: a weight, such as ``population``; a column of
            `coterminous.profile`, such as ``share_quintile_1``, the share (0 to 1) who live in the
            most deprived fifth; or numbers by area code.
        cmap : str, optional
            A colour map of matplotlib: for the classes of `column`, else for the areas in order
            of code.
        color : str, optional
            One colour for all areas.

        Returns
        -------
        folium.Map or folium.plugins.DualMap
            A plain folium object to add to, show in a notebook, or `save`.

        Raises
        ------
        InputError
            If there is no layer, a layer has no polygon, an area, a column, a colour map or a
            colour is unknown, or options contradict one another.

        Examples
        --------
        >>> from coterminous import load
        >>> area = load()
        >>> shown = area.explore("place2022", practices=True)
        >>> shaded = area.explore("place2022", column="share_quintile_1")
        >>> type(shaded).__name__
        'Map'
        """
        from coterminous.maps.page.interactive import explore

        return explore(
            self._whole,
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
            colours=colours,
            highlight=highlight,
            column=column,
            cmap=cmap,
            color=color,
        )

    @asked
    def plot(
        self,
        layer: str | AnyLayer,
        *,
        ax: Axes | None = None,
        figsize: tuple[float, float] | None = None,
        highlight: str | Iterable[str] | None = None,
        column: Column | None = None,
        cmap: str | None = None,
        color: str | None = None,
        title: str | None = None,
        context: str | AnyLayer | None = None,
        label: Label = "auto",
        sources: bool = True,
        page: bool = False,
        legend: bool = True,
        edgecolor: str | None = None,
        linewidth: float | None = None,
        alpha: float | None = None,
        colours: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Axes:
        """Draw a layer with matplotlib: names, scale bar, north arrow and source lines.

        Parameters
        ----------
        layer : str or Layer
            What to draw.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; a new figure if not given. All of the map stays inside them, and its
            sources stand along the foot of the figure, once for all its maps.
        figsize : tuple of float, optional
            Inches across and up of a new figure; of the shape of what is drawn if not given.
        highlight : str or iterable of str, optional
            Areas, by code, name or alias, that keep their colour; the others are grey.
        column : str, Series or mapping, optional
            A figure to colour by: a weight, such as ``population``; a column of
            `coterminous.profile`, such as ``share_quintile_1``, the share (0 to 1) who live in the
            most deprived fifth; or numbers by area code.
        cmap : str, optional
            A colour map of matplotlib: for the classes of `column`, else for the areas in order
            of code.
        color : str, optional
            One colour for all areas.
        title : str, optional
            What the map finds.
        context : str or Layer, optional
            A layer whose boundaries are drawn beneath as broken lines, such as councils.
        label : str
            ``names``, ``numbers`` (with a key), ``none``, or ``auto``: names up to 16 areas,
            numbers up to 80, none of more; numbers too where names have no room.
        sources : bool
            Whether the source and licence lines stand below the map.
        page : bool
            Whether a new figure is a page of A4, to be saved; else a notebook shows it.
        legend : bool
            Whether there is one, where `context` or `column` asks for one.
        edgecolor : str, optional
            The colour of the areas' edges.
        linewidth, alpha : float, optional
            Of the edges, in points; opacity, 0 to 1.
        colours : mapping, optional
            By name of a layer and code of an area its fill, as for `explore`.

        Returns
        -------
        matplotlib.axes.Axes
            Carrying the sentence that says what it shows as ``ax.alt_text``.

        Raises
        ------
        InputError
            If the layer has no polygon here, `label` is none of those, an area, a column, a colour
            map or a colour is unknown, options contradict one another, or the axes are too small.

        Examples
        --------
        >>> from coterminous import load
        >>> load().plot("place2022", page=True).alt_text.split(",")[0]
        'Map of Places of the integrated care board'
        """
        from coterminous.maps.paper.printed import plot

        return plot(
            self._whole,
            layer,
            ax=ax,
            figsize=figsize,
            highlight=highlight,
            column=column,
            cmap=cmap,
            color=color,
            title=title,
            context=context,
            label=label,
            sources=sources,
            page=page,
            legend=legend,
            edgecolor=edgecolor,
            linewidth=linewidth,
            alpha=alpha,
            colours=colours,
        )


def _days(drawn: Sequence[AnyLayer]) -> list[str]:
    """Give the day of each layer's lines: decided, else in force; the end for want of others."""
    known = [x.decided or x.valid_from for x in drawn]
    if any(x.decided for x in drawn):
        return known
    return [day or x.valid_to for day, x in zip(known, drawn, strict=True)]


def _near(later: str, people: str) -> bool:
    """Whether areas are no more than a year or so younger than the people counted in them."""
    return not later or not people or int(later[:4]) <= int(people[:4]) + 1
