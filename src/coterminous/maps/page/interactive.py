"""Where the areas are and what changes, on a map to click on that opens without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from coterminous.errors import InputError
from coterminous.folders.credits import assumptions, statements
from coterminous.maps import facts, findings
from coterminous.maps import points as where
from coterminous.maps.choosing import Column, chosen
from coterminous.maps.page import simplifying, texttwin
from coterminous.maps.page.still import Still
from coterminous.maps.style import fills
from coterminous.words import in_sentence, listed, title_in_sentence, title_of

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from folium.plugins import DualMap

    from coterminous.geography import Geography
    from coterminous.maps.page.groups import Group
    from coterminous.shares import AnyLayer


def explore(
    area: Geography,
    *layers: str | AnyLayer,
    compare: bool = False,
    changes: bool = False,
    practices: bool | str | pd.DataFrame = False,
    sites: bool = False,
    m: folium.Map | None = None,
    title: str | None = None,
    tiles: str | folium.TileLayer | None = None,
    offline: bool | None = None,
    weight: str | None = None,
    tolerance: float = simplifying.TOLERANCE,
    colours: Mapping[str, Mapping[str, str]] | None = None,
    highlight: str | Iterable[str] | None = None,
    column: Column | None = None,
    cmap: str | None = None,
    color: str | None = None,
) -> folium.Map | DualMap:
    """Show layers on a map to click on, each a toggle with its own legend.

    Parameters
    ----------
    area
        The geography.
    *layers
        Its layers, by name or themselves. The first is shown; the others are a click away.
    compare
        Two layers side by side, on two maps that move together.
    changes
        Add what changes from the first layer to the second: who is parted from most of their old
        area.
    practices
        Add practices: True for the register of patients, another's name, or a table (index code;
        ``name``, ``easting``, ``northing``, and if known ``patients`` and ``status``). With two
        layers each has a status: whether its list crosses a line before, after, or both. A click
        shades the neighbourhoods where its patients live.
    sites
        Add the hospital sites of the register that has the role `hospital`.
    m
        A folium map to add to; a new one where None.
    title
        The finding; computed where None.
    tiles
        A background map as `folium.Map` takes it, from the network; none where None.
    offline
        Put every script, style and icon inside the page, so that it opens with no network. If not
        given, so it is, unless a background map or something else of the network's was asked for
        or is added.
    weight
        What is counted.
    tolerance
        Metres by which simplified lines may stray.
    colours
        By name of a layer and code of an area its fill; chosen where None.
    highlight, column, cmap, color
        By what areas are coloured, as `Geography.explore` says.

    Returns
    -------
    folium.Map or folium.plugins.DualMap
        A plain folium object to add to, show in a notebook, or `save`.

    Raises
    ------
    InputError
        If there is no layer, a layer has no polygon, an area, a column, a colour map or a colour
        is unknown, or options contradict one another.

    Examples
    --------
    >>> import coterminous as ct
    >>> type(explore(ct.load(), "place2022")).__name__
    'Map'
    """
    drawn = [area.layer(layer).as_people_write() for layer in layers]
    weight = area.counted(weight)
    _check(drawn, compare=compare, changes=changes, tiles=tiles, offline=offline, m=m)
    if tiles is not None and not isinstance(tiles, str):
        raise InputError(f"`tiles` is {tiles!r}; give the name or the address of a background map")
    if not tolerance >= 0:
        raise InputError(f"`tolerance` is {tolerance!r}; give metres, 0 or more")
    made = _Parts(
        area, drawn, weight, tolerance, changes=changes, practices=practices, sites=sites,
        colours=colours or {}, highlight=highlight, column=column, cmap=cmap, color=color,
    )  # fmt: skip
    settings = {
        "title": title or made.finding(),
        "age": area.data_age(*drawn),
        "notes": made.notes(),
        "sources": made.sources(),
        "twin": "".join(texttwin.html(area, layer, weight=weight) for layer in drawn),
        "offline": offline,
        "still": made.still(beside=compare),
    }
    from coterminous.maps.page.framing import Page

    if compare:
        shown = _side_by_side(made, tiles)
    else:
        shown = m if m is not None else _new_map(tiles)
        _furnish(shown, made, list(range(len(drawn))), controls=True)
    # Side by side there is less room: the legend and the heading get margins of their own.
    margins = {"padding_top_left": (20, 60), "padding_bottom_right": (20, 150)} if compare else {}
    shown.fit_bounds(made.bounds(), **margins)
    for one in (shown.m1, shown.m2) if compare else (shown,):
        made.make_ready(one)
    Page.around(shown, **settings)
    return shown


def _check(
    drawn: list[AnyLayer], *, compare: bool, changes: bool, tiles: Any, offline: bool | None, m: Any
) -> None:
    if not drawn:
        raise InputError("`layers` is empty: name at least one layer to show")
    if len(drawn) != len({layer.name for layer in drawn}):
        raise InputError("`layers` names a layer twice; name each once")
    if compare and len(drawn) != 2:
        raise InputError(f"`compare` shows two layers side by side, and {len(drawn)} were given")
    if m is not None and not hasattr(m, "add_child"):
        raise InputError(f"`m` is a {type(m).__name__}; give a folium.Map to add to")
    if compare and m is not None:
        raise InputError("`compare` makes two maps of its own; leave out `m`")
    if changes and len(drawn) < 2:
        raise InputError("`changes` needs two layers, the old one first")
    if tiles and offline:
        raise InputError(
            "`offline` and `tiles` contradict one another: a background map comes from the network"
        )


def _new_map(tiles: str | folium.TileLayer | None, kind: Any = None) -> Any:
    import folium

    try:
        return (kind or folium.Map)(
            location=(54, -2.7), tiles=tiles, control_scale=True, zoom_snap=0.25, zoom_delta=0.5
        )
    except ValueError as error:
        raise InputError(
            f"`tiles` is {tiles!r}, which folium does not know ({error}). Give the name of a"
            " provider, such as OpenStreetMap, or a folium.TileLayer with its attribution."
        ) from error


def _side_by_side(made: _Parts, tiles: str | folium.TileLayer | None) -> Any:
    from folium.plugins import DualMap

    dual = _new_map(tiles, DualMap)
    for k, one in enumerate((dual.m1, dual.m2)):
        _furnish(one, made, [k], controls=k == 0, heading=True)
    return dual


def _furnish(
    m: folium.Map, made: _Parts, numbers: list[int], *, controls: bool, heading: bool = False
) -> None:
    """Add to one map its groups, and the controls that follow them."""
    import folium
    from folium.plugins import Fullscreen

    from coterminous.maps.page.controls import Behaviour, Patterns
    from coterminous.maps.page.escaping import references

    m.add_child(Patterns(), name="coterminous_patterns")
    groups = made.groups(numbers)
    if heading:
        m.add_child(Behaviour("heading", references(title_of(made.drawn[numbers[0]]))))
    for group in groups:
        group.layer.add_to(m)
    made.kept[id(m)] = groups
    m.add_child(
        Fullscreen(title="Full screen", title_cancel="Leave full screen", position="topleft")
    )
    if controls:
        entries = [entry for group in groups for entry in group.found] + made.places()
        m.add_child(Behaviour("search", entries))
    made.add_catchments(m, groups)
    m.add_child(Behaviour("legend", [part for group in groups for part in group.legend]))
    if not heading or len(groups) > 1:
        folium.LayerControl(collapsed=False).add_to(m)


class _Parts:
    """What goes on a map, gathered once, so that each of two maps can be given its share."""

    def __init__(
        self,
        area: Geography,
        drawn: list[AnyLayer],
        weight: str,
        tolerance: float,
        *,
        changes: bool,
        practices: bool | str | pd.DataFrame,
        sites: bool,
        colours: Mapping[str, Mapping[str, str]],
        highlight: str | Iterable[str] | None = None,
        column: Column | None = None,
        cmap: str | None = None,
        color: str | None = None,
    ) -> None:
        self.area, self.drawn, self.weight = area, drawn, weight
        self.colours = colours
        self.asked = [
            chosen(
                area, layer, self._own(layer), column=column, cmap=cmap, color=color,
                # Areas are of one layer: the first, which is shown.
                highlight=highlight if layer is drawn[0] else None,
            )
            for layer in drawn
        ]  # fmt: skip
        self.changes = changes
        self.kept: dict[int, list[Group]] = {}
        self.practices: pd.DataFrame | None = None
        self.register = practices if isinstance(practices, str) else None
        if practices is True:
            self.register = str(area.needed(None, "patients", "practices"))
        self.lives: dict[str, pd.Series] = {}
        self.unplaced = ""
        wanted = list(drawn)
        if practices is not False:
            ends = (drawn[0], drawn[1]) if len(drawn) > 1 else (None, None)
            listed = where.practices_of(area, practices, before=ends[0], after=ends[1])
            self.practices, self.unplaced = where.drawn_points(listed)
            if self.register is not None:
                self.lives = where.where_patients_live(area, self.register)
        self.zones = where.zone_layer(area, self._places()) if self.lives else None
        self.sites = where.sites_of(area) if sites else None
        if self.changes:
            from coterminous.maps.changes import changes_of

            both, self.pieces = changes_of(area, drawn[0], drawn[1], weight)
            wanted.append(both)
        if self.zones is not None:
            wanted.append(self.zones)
        frames = simplifying.simplified(area, wanted, tolerance=tolerance)
        self.frames = frames[: len(drawn)]
        self.change_frame = frames[len(drawn)] if changes else None
        self.zone_frame: gpd.GeoDataFrame | None = frames[-1] if self.zones is not None else None

    def _own(self, layer: AnyLayer) -> dict[str, str]:
        """Give the fill of each area where nothing else is asked."""
        touching = self.area.neighbours(layer)
        given = fills(list(layer.codes), zip(touching["a"], touching["b"], strict=True))
        return {str(k): v for k, v in given.items()} | dict(self.colours.get(layer.name, {}))

    def _places(self) -> Any:
        """List the zones where anybody on a list lives; the others are never shaded."""
        import pandas as pd

        return pd.Index(sorted({str(p) for counts in self.lives.values() for p in counts.index}))

    def finding(self) -> str:
        """Say what the map finds."""
        area, drawn = self.area, self.drawn
        if self.changes:
            return findings.change_finding(area, drawn[0], drawn[1], weight=self.weight)
        if len(drawn) > 1:
            return findings.boundary_finding(area, drawn[0], drawn[1])
        heading = self.asked[0].heading
        by = f", by {in_sentence(heading)}" if heading else ""
        return f"{area.title}: {title_in_sentence(drawn[0], area)}{by}"

    def notes(self) -> list[str]:
        """List the assumptions that hold for what is shown."""
        said = [*assumptions(self.drawn), self.unplaced]
        return [note for note in dict.fromkeys(said) if note]

    def sources(self) -> tuple[str, ...]:
        """List the source and licence lines."""
        registers = [self.register] if self.register is not None else []
        hospitals = self.area.role("hospital")
        registers += [hospitals] if self.sites is not None and hospitals else []
        # The pop-ups of areas say how many are registered with their practices.
        lists = self.area.role("patients")
        registers += [lists] if lists and self.area.register(lists).open else []
        return statements(
            self.area,
            self.drawn,
            weights=[self.weight],
            registers=registers,
            zones=bool(self.lives),
        )

    def still(self, *, beside: bool) -> Still:
        """Say what a picture of the map shows, for where it cannot run."""
        shown = [a.fills or self._own(x) for a, x in zip(self.asked, self.drawn, strict=True)]
        first = self.asked[0]
        return Still(
            self.area, self.drawn, shown, first.classes, first.heading,
            self.practices, self.sites, beside,
        )  # fmt: skip

    def bounds(self) -> list[list[float]]:
        """Give the south-western and north-eastern corners of the first layer."""
        west, south, east, north = (round(float(x), 5) for x in self.frames[0].total_bounds)
        return [[south, west], [north, east]]

    def groups(self, numbers: list[int]) -> list[Group]:
        """Make the groups of some of the layers, and of whatever else was asked for."""
        from coterminous.maps.page import groups as make

        found = []
        for k in numbers:
            layer = self.drawn[k]
            others = [other for other in self.drawn if other is not layer]
            found.append(
                make.area_group(
                    layer,
                    self.frames[k],
                    facts.facts(self.area, layer, others, weight=self.weight),
                    number=numbers.index(k),
                    show=k == numbers[0] and not self.changes or len(numbers) == 1,
                    colours=self.asked[k].fills or self._own(layer),
                    asked=self.asked[k],
                )
            )
        unit = self.area.weight_info(self.weight).unit
        if self.changes and self.change_frame is not None:
            found.append(make.change_group(self.change_frame, self.pieces, "What changes", unit))
        if self.practices is not None:
            names = where.zone_names(self.area)
            title = (
                "General practices" if self.register == self.area.role("patients") else "Practices"
            )
            found.append(make.practice_group(self.practices, self.lives, names, title))
        if self.sites is not None:
            found.append(make.site_group(self.sites, "Hospitals"))
        return found

    def places(self) -> list[dict[str, Any]]:
        """List the neighbourhoods that the search finds, each at a point inside it."""
        from coterminous.maps.page.escaping import references

        if self.zone_frame is None:
            zones = where.zone_layer(self.area)
            if zones is None:
                return []
            frame = simplifying.simplified(self.area, [zones.within(_inside(self))], tolerance=0)[0]
        else:
            frame = self.zone_frame
        points = frame.geometry.representative_point()
        return [
            {
                "n": references(name),
                "k": "Neighbourhood",
                "y": round(float(point.y), 5),
                "x": round(float(point.x), 5),
            }
            for code, name, point in zip(frame.index, frame["name"], points, strict=True)
            if name != code
        ]

    def add_catchments(self, m: folium.Map, groups: list[Group]) -> None:
        """Have a click on a practice shade where its patients live."""
        from coterminous.maps.page import groups as make
        from coterminous.maps.page.controls import Behaviour, legend_section
        from coterminous.maps.page.escaping import references

        if self.practices is None or self.zone_frame is None:
            return
        practice = groups[-2] if self.sites is not None else groups[-1]
        told = simplifying.features(self.zone_frame, [{}] * len(self.zone_frame))
        lists = make.catchment_lists(self.practices, self.lives, list(self.zone_frame.index))
        classes = [{"from": start, "c": colour} for start, colour, _ in make.SHADES]
        m.add_child(Behaviour("catchments", practice.layer, told, lists, classes))
        entries = [{"n": references(words), "c": colour} for _, colour, words in make.SHADES]
        practice.legend.append(
            legend_section(
                practice.layer, references("Click a practice: where its patients live"), entries
            )
        )

    def make_ready(self, m: folium.Map) -> None:
        """Have the map's own script name its parts, once all of them are there."""
        from coterminous.maps.page.controls import Behaviour
        from coterminous.maps.page.escaping import references

        groups = self.kept[id(m)]
        titles = listed([title_of(layer) for layer in self.drawn])
        label = (
            f"Map of {self.area.title}: {titles}. Tab reaches each set of areas, arrows its areas."
        )
        layers = [group.layer for group in groups]
        m.add_child(Behaviour("ready", {"label": references(label), "layers": layers}))


def _inside(parts: _Parts) -> AnyLayer:
    """Make a layer of one area: the blocks of any layer that is shown."""
    import numpy as np
    import pandas as pd

    from coterminous.layer import Layer

    shown = np.any([layer.nearest().touched() for layer in parts.drawn], axis=0)
    lookup = pd.Series(np.where(shown, "in", ""), index=parts.area.blocks)
    return Layer.from_lookup("shown", lookup, blocks=parts.area.blocks)
