"""How are a layer's polygons drawn? Fills, names or numbers, a scale bar, an arrow and a legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterminous.errors import InputError, unknown
from coterminous.maps.paper import fitted, furniture, labels
from coterminous.maps.paper.frames import a4_axes, frame_to, new_axes, sized_axes
from coterminous.maps.paper.glyphs import cannot_be_drawn
from coterminous.maps.paper.pictures import RC
from coterminous.maps.style import INK, LAND, fills
from coterminous.words import listed, natural

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes


def plot_areas(
    polygons: geopandas.GeoDataFrame,
    *,
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
    title: str | None = None,
    context: geopandas.GeoDataFrame | None = None,
    label: str = "auto",
    neighbours: Iterable[tuple[str, str]] = (),
    colours: Mapping[str, str] | None = None,
    hatches: Mapping[str, str] | None = None,
    sources: Sequence[str] = (),
    what: str = "layer",
    entries: Sequence[tuple[str, dict[str, Any]]] = (),
    heading: str = "",
    page: bool = False,
    managed: bool = False,
    label_size: float | None = None,
    room_below: float = 0.0,
    legend_below: bool = False,
    keep_clear: Sequence[tuple[float, float]] = (),
    **kwargs: Any,
) -> Axes:
    """Draw polygons with their names, none on another, a scale bar and a north arrow.

    Parameters
    ----------
    polygons
        Index area code, columns ``name`` and ``geometry``, in metres (EPSG:27700).
    ax, figsize, title, label
        As for `plot`.
    context
        Polygons whose boundaries are drawn as broken lines.
    neighbours
        Pairs of areas that touch, which get different colours.
    colours, hatches
        Fill and hatch of each area, in place of those given out.
    sources
        Lines that stand below the map.
    what
        The layer's name, for the error.
    entries, heading
        Entries of a legend, as `furniture.legend` takes them, and its heading.
    page
        Whether a new figure is a page of A4.
    managed
        Whether a new figure is one of pyplot's.
    label_size
        Of the font of names, in points.
    room_below
        Inches left free between the map and its source lines, for a key of the caller's.
    legend_below
        Whether the legend stands between the map and those, and not on the map.
    keep_clear
        Eastings and northings of marks of the caller's, which labels keep off.
    **kwargs
        For `geopandas.GeoDataFrame.plot`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If there is nothing to draw, its coordinates are degrees, or there is no room for it.
    """
    import matplotlib as mpl

    shown = _drawable(polygons, what)
    style = _label_style(label, len(shown))
    names = [str(n) for n in shown.get("name", shown.index)]
    lacking = cannot_be_drawn([title or "", *names, *(said for said, _ in entries)])
    sources = [*([lacking] if lacking else []), *sources]
    fixed = ax is not None or figsize is not None
    if not fixed:
        sources = [*_unnamed(style, len(shown)), *sources]
    if figsize is not None:
        ax = sized_axes(figsize, managed=managed)
        if sources:
            fitted.note(ax, sources)
    if ax is None:
        lines = furniture.height_of_sources(sources, 7.0 if page else 6.05) if sources else 0.0
        keyed = furniture.height_of_key(names) if style == "numbers" else 0.0
        legend = (
            furniture.height_of_legend([said for said, _ in entries], heading=heading)
            if legend_below and entries
            else 0.0
        )
        room = lines + keyed + legend + room_below
        if page:
            ax = a4_axes(shown, title=title or "", below=room)
        else:
            ax = new_axes(shown, title=title or "", below=room, managed=managed)
    elif sources and figsize is None:
        fitted.note(ax, sources)
    drawing = _Drawing(
        ax, shown, names, context, title or "", list(entries), heading, list(keep_clear),
        label_size, room_below, legend_below=legend_below, page=page, fixed=fixed,
        fill=lambda: _fill(shown, ax, neighbours, colours, hatches, kwargs),
    )  # fmt: skip
    with mpl.rc_context(RC):
        if not fixed:
            drawing.draw(style)
            if sources:
                furniture.source_lines(ax, sources, below=drawing.below)
            return ax
        named = ["names", "numbers", "none"]
        named = named[named.index(style) :] if label == "auto" else [style]
        ways = [(one, beside) for one in named for beside in (True, False)]
        used, lost = fitted.attempted(ax, drawing.draw_in, ways if entries else ways[::2])
        said = _lost(used[0], lost, what) if label != "none" else ""
        if said and sources:
            fitted.note(ax, [said])
    return ax


def _lost(way: str, lost: Sequence[str], what: str) -> str:
    """Say for which areas there was no room on a map of a given size."""
    if not lost:
        return ""
    if way == "none":
        return f"{what}: {len(lost):,} areas, too many to name in this space"
    return f"{what}: no room to name {listed(lost, 6, rest='more')}"


@dataclass
class _Drawing:
    """A map on its axes, which can be drawn in several ways; see `plot_areas`."""

    ax: Axes
    shown: geopandas.GeoDataFrame
    names: list[str]
    context: geopandas.GeoDataFrame | None
    title: str
    entries: list[tuple[str, dict[str, Any]]]
    heading: str
    keep_clear: list[tuple[float, float]]
    label_size: float | None
    room_below: float
    legend_below: bool
    page: bool
    fixed: bool
    fill: Callable[[], None]
    below: float = 0.0

    def draw_in(self, way: tuple[str, bool]) -> tuple[list[str], int]:
        """Draw in a way: with names, numbers or neither, the legend beside the map or on it."""
        style, self.legend_below = way
        return self.draw(style)

    def draw(self, style: str) -> tuple[list[str], int]:
        """Draw with names, numbers or neither; say which found no room, how many stand far off."""
        ax, shown = self.ax, self.shown
        size = fitted.title_size(ax) if self.fixed else 15 if self.page else 12
        if self.fixed:
            self._fit(style, size)
        frame_to(ax, shown)
        if self.context is not None:
            self.context.plot(ax=ax, facecolor=LAND, edgecolor="none", zorder=1, aspect=None)
        self.fill()
        if self.context is not None:
            furniture.broken_lines(ax, self.context)
            shown.boundary.plot(ax=ax, color=INK, linewidth=1.5, zorder=5, aspect=None)
        ax.set(xlabel="", ylabel="")
        if self.title:
            furniture.title(ax, self.title, size=size)
        taken = self._scale_and_arrow()
        legend = self._legend(taken)
        taken += furniture.around(ax, self.keep_clear)
        key, lost, far = _label(ax, shown, self.names, style, taken, self.label_size, below=legend)
        self.below = key + legend + self.room_below
        ax.taken = taken
        return lost, far

    def _scale_and_arrow(self) -> list[Any]:
        """Draw the scale bar and the arrow, in place of those of a map that was there before."""
        before: list[Any] = self.ax.__dict__.get("_coterminous_scale", [])
        for artist in before:
            if artist in self.ax.get_children():
                artist.remove()
        there = set(self.ax.get_children())
        taken = [furniture.scale_bar(self.ax), furniture.north_arrow(self.ax, self._land())]
        added = [one for one in self.ax.get_children() if one not in there]
        self.ax.__dict__["_coterminous_scale"] = added
        return taken

    def _land(self) -> Any:
        return self.shown.union_all()

    def _words(self) -> list[str]:
        return [said for said, _ in self.entries]

    def _legend(self, taken: list[Any]) -> float:
        """Draw the legend; return the inches that it takes below the axes."""
        if not self.entries:
            return 0.0
        box = furniture.legend(
            self.ax, self.entries, self.shown, heading=self.heading, taken=taken,
            below=self.legend_below,
        )  # fmt: skip
        if not self.legend_below:
            taken.append(box)
            return 0.0
        width = fitted.width_of(self.ax) if self.fixed else 6.6
        return furniture.height_of_legend(self._words(), heading=self.heading, width=width)

    def _fit(self, style: str, size: float) -> None:
        """Keep the map with its words inside the place that the axes have."""
        width = fitted.width_of(self.ax)
        above = furniture.height_of_title(self.title, width, size=size) if self.title else 0.0
        below = self.room_below
        if self.entries and self.legend_below:
            below += furniture.height_of_legend(self._words(), heading=self.heading, width=width)
        if style == "numbers":
            below += furniture.height_of_key(self.names, width=width)
        fitted.fit(self.ax, above=above, below=below)


def _unnamed(label: str, areas: int) -> list[str]:
    """Say what a map of more areas than can be named does not tell."""
    if label != "none" or areas <= labels.NUMBERS_UP_TO:
        return []
    return [
        f"{areas:,} areas, too many to name on paper: colours tell neighbours apart and are used "
        "again further off. The interactive map and the map in words name each."
    ]


def _label_style(label: str, areas: int) -> str:
    allowed = ("auto", "names", "numbers", "none")
    if label not in allowed:
        raise unknown("label", label, allowed)
    if label != "auto":
        return label
    if areas <= labels.NAMES_UP_TO:
        return "names"
    return "numbers" if areas <= labels.NUMBERS_UP_TO else "none"


def _drawable(polygons: geopandas.GeoDataFrame, what: str) -> geopandas.GeoDataFrame:
    crs = polygons.crs
    if crs is not None and crs.is_geographic:
        raise InputError(
            f"`polygons` are in {crs.to_string()}, in degrees; a printed map has a scale bar and"
            " needs metres. Call to_crs(27700) first."
        )
    shown = polygons[~(polygons.geometry.isna() | polygons.geometry.is_empty)]
    if len(shown) == 0:
        raise InputError(
            f"`layer` {what!r} has no polygon to draw: none of its areas holds a block with a"
            " boundary in this geography. Choose another layer, or give the blocks a geometry."
        )
    return shown.sort_index()


def _fill(
    shown: geopandas.GeoDataFrame,
    ax: Axes,
    neighbours: Iterable[tuple[str, str]],
    colours: Mapping[str, str] | None,
    hatches: Mapping[str, str] | None,
    kwargs: dict[str, Any],
) -> None:
    given = colours if colours is not None else fills(list(shown.index), list(neighbours))
    faces = [given.get(code, LAND) for code in shown.index]
    style: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.1, "zorder": 2, "aspect": None}
    style.update(kwargs)
    if not hatches:
        shown.plot(ax=ax, **{"facecolor": faces, **style})
        return
    # Matplotlib hatches a whole collection alike, so each area is a collection of its own.
    for face, code in zip(faces, shown.index, strict=True):
        shown.loc[[code]].plot(ax=ax, facecolor=face, **style, hatch=hatches.get(code) or None)


def _label(
    ax: Axes,
    shown: geopandas.GeoDataFrame,
    names: list[str],
    label: str,
    taken: list[Any],
    label_size: float | None,
    *,
    below: float = 0.0,
) -> tuple[float, list[str], int]:
    """Write the labels; return the inches of a key below the axes, and what has no room nearby."""
    if label == "none":
        return 0.0, list(names), 0
    points = labels.anchors(shown)
    if label == "names":
        size = label_size or 8.0
        texts = [labels.wrapped(name) for name in names]
        notes = labels.place(
            ax,
            points,
            texts,
            size=size,
            taken=taken,
            prefer_outside=labels.too_big(ax, shown, texts, size=size),
            land=shown.geometry.union_all(),
        )
        lost = [n for n, note in zip(names, notes, strict=True) if note is None and n.strip()]
        return 0.0, lost, labels.far_off(ax, notes)
    order = sorted(range(len(shown)), key=lambda k: natural(names[k]))
    numbers = {k: str(n + 1) for n, k in enumerate(order)}
    written = [numbers[k] for k in range(len(shown))]
    notes = labels.place(ax, points, written, size=8.0, taken=taken)
    key = furniture.key_of_numbers(ax, [(numbers[k], names[k]) for k in order], below=below)
    return key, [n for n, note in zip(names, notes, strict=True) if note is None], 0
