"""Where a layer's areas are, on paper: a map on matplotlib axes, and files that repeat exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from coterminous.errors import InputError, unknown
from coterminous.folders.credits import small_print
from coterminous.maps import findings
from coterminous.maps.paper import furniture, labels
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.frames import (
    A4,
    a4_axes,
    blank_page,
    frame_to,
    frame_to_box,
    new_axes,
    wide_axes,
)
from coterminous.maps.paper.glyphs import cannot_be_drawn
from coterminous.maps.paper.pictures import RC, alt_text, png, save, svg
from coterminous.maps.style import INK, LAND, PAPER, fills
from coterminous.words import natural, title_of

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

__all__ = [
    "A4",
    "RC",
    "a4_axes",
    "alt_text",
    "blank_page",
    "frame_to",
    "frame_to_box",
    "new_axes",
    "plot",
    "plot_areas",
    "png",
    "save",
    "svg",
    "wide_axes",
]


#: How the areas of a map are named on it.
Label = Literal["auto", "names", "numbers", "none"]


def plot(
    area: Geography,
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
    colours: Mapping[str, Mapping[str, str]] | None = None,
) -> Axes:
    """Draw one layer of a geography, with names, scale bar, north arrow and source lines.

    Parameters
    ----------
    area
        The geography.
    layer
        The layer to draw, by name or itself.
    ax
        Axes to draw on; a new figure where None.
    cmap
        A matplotlib colour map to take the areas' colours from, in order of code.
    title
        What the map finds; none where None.
    context
        A layer whose boundaries are drawn beneath in grey, such as councils.
    label
        ``"names"``, ``"numbers"`` (with a key), ``"none"``, or ``"auto"``: names up to 16 areas,
        numbers up to 80, none of more.
    sources
        Whether the source and licence lines stand below the map.
    page
        Whether a new figure is a page of A4, to be saved; else it is one of pyplot's, which a
        notebook shows.
    legend
        Whether there is one, where `context` or `column` asks for one.
    column
        A column of the polygons to colour by.
    color, edgecolor, linewidth, alpha
        Of the areas, as matplotlib takes them.
    colours
        By name of a layer and code of an area its fill; chosen where None.

    Returns
    -------
    matplotlib.axes.Axes
        Carrying the sentence that says what it shows as ``ax.alt_text``.

    Raises
    ------
    InputError
        If the layer has no polygon here.
    """
    drawn = area.layer(layer).as_people_write()
    polygons = area.polygons(drawn)
    beneath = (
        area.polygons(area.layer(context, argument="context")) if context is not None else None
    )
    touching = area.neighbours(drawn)
    shown_layers = [drawn] if context is None else [drawn, context]
    own = ax is None
    # On the axes of a caller the legend stands on the map, where a narrow one hides least.
    told = legend and context is not None
    entries = _context_legend(area, drawn, context, width=44 if own else 26) if told else []
    style: dict[str, Any] = {
        "column": column,
        "legend": legend if column is not None else None,
        "color": color,
        "edgecolor": edgecolor,
        "linewidth": linewidth,
        "alpha": alpha,
    }
    ax = plot_areas(
        polygons,
        ax=ax,
        cmap=cmap,
        title=title,
        context=beneath,
        label=label,
        neighbours=zip(touching["a"], touching["b"], strict=True),
        sources=small_print(area, shown_layers) if sources else (),
        what=drawn.title or drawn.name,
        entries=entries,
        page=page,
        managed=not page,
        # On the axes of a caller there may be no room below.
        legend_below=own,
        colours=(colours or {}).get(drawn.name),
        **{name: value for name, value in style.items() if value is not None},
    )
    words = findings.layer_alt_text(area, drawn)
    shown: Axes = Drawn(figure=ax.figure, axes=ax, title=title or "", alt=words).handed_out()
    return shown


def _context_legend(
    area: Geography, layer: AnyLayer, context: str | AnyLayer | None, *, width: int
) -> list[tuple[str, dict[str, Any]]]:
    if context is None:
        return []
    other = title_of(area.layer(context))
    return [
        (furniture.short(title_of(layer), width=width), {"facecolor": PAPER, "edge": 1.5}),
        (furniture.short(other, width=width), {"line": True}),
    ]


def plot_areas(
    polygons: geopandas.GeoDataFrame,
    *,
    ax: Axes | None = None,
    cmap: str | None = None,
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
    ax, cmap, title, label
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
        If there is nothing to draw, or its coordinates are degrees.
    """
    import matplotlib as mpl

    shown = _drawable(polygons, what)
    label = _label_style(label, len(shown))
    names = [str(n) for n in shown.get("name", shown.index)]
    lacking = cannot_be_drawn([title or "", *names, *(said for said, _ in entries)])
    sources = [*_unnamed(label, len(shown)), *([lacking] if lacking else []), *sources]
    if legend_below and entries:
        room_below += furniture.height_of_legend([said for said, _ in entries], heading=heading)
    if ax is None:
        lines = furniture.height_of_sources(sources) if sources else 0.0
        keyed = furniture.height_of_key(len(shown)) if label == "numbers" else 0.0
        room = lines + keyed + room_below
        if page:
            ax = a4_axes(shown, title=title or "", below=room)
        else:
            ax = new_axes(shown, title=title or "", below=room, managed=managed)
    with mpl.rc_context(RC):
        frame_to(ax, shown)
        if context is not None:
            context.plot(ax=ax, facecolor=LAND, edgecolor="none", zorder=1, aspect=None)
        _fill(shown, ax, cmap, neighbours, colours, hatches, kwargs)
        if context is not None:
            furniture.broken_lines(ax, context)
            shown.boundary.plot(ax=ax, color=INK, linewidth=1.5, zorder=5, aspect=None)
        ax.set(xlabel="", ylabel="")
        if title:
            furniture.title(ax, title, size=15 if page else 12)
        taken = [furniture.scale_bar(ax), furniture.north_arrow(ax, shown.union_all())]
        if entries:
            box = furniture.legend(
                ax, entries, shown, heading=heading, taken=taken, below=legend_below
            )
            taken += [] if legend_below else [box]
        taken += furniture.around(ax, keep_clear)
        below = _label(ax, shown, names, label, taken, label_size) + room_below
        ax.taken = taken
        if sources:
            furniture.source_lines(ax, sources, below=below)
    return ax


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
    cmap: str | None,
    neighbours: Iterable[tuple[str, str]],
    colours: Mapping[str, str] | None,
    hatches: Mapping[str, str] | None,
    kwargs: dict[str, Any],
) -> None:
    style: dict[str, Any] = {"edgecolor": INK, "linewidth": 1.1, "zorder": 2, "aspect": None}
    if not {"color", "facecolor", "column"} & kwargs.keys():
        style["color"] = _face_colours(shown, cmap, neighbours, colours)
    elif cmap is not None:
        style["cmap"] = cmap
    style.update(kwargs)
    if "column" in kwargs:
        shown.plot(ax=ax, **style)
    elif hatches:
        # Matplotlib hatches a whole collection alike, so each area is a collection of its own.
        faces = style.pop("color", None)
        for k, code in enumerate(shown.index):
            face = {"facecolor": faces[k] if isinstance(faces, list) else faces} if faces else {}
            shown.loc[[code]].plot(ax=ax, **style, **face, hatch=hatches.get(code) or None)
    else:
        if "color" in style and "edgecolor" in style:
            style["facecolor"] = style.pop("color")
        shown.plot(ax=ax, **style)


def _face_colours(
    shown: geopandas.GeoDataFrame,
    cmap: str | None,
    neighbours: Iterable[tuple[str, str]],
    colours: Mapping[str, str] | None,
) -> list[str]:
    if colours is not None:
        return [colours.get(code, LAND) for code in shown.index]
    if cmap is not None:
        import matplotlib as mpl
        from matplotlib.colors import to_hex

        scale = mpl.colormaps[cmap].resampled(max(len(shown), 2))
        return [to_hex(scale(k)) for k in range(len(shown))]
    given = fills(list(shown.index), list(neighbours))
    return [given[code] for code in shown.index]


def _label(
    ax: Axes,
    shown: geopandas.GeoDataFrame,
    names: list[str],
    label: str,
    taken: list[Any],
    label_size: float | None,
) -> float:
    """Write the labels; return the inches that a key takes below the axes."""
    if label == "none":
        return 0.0
    points = labels.anchors(shown)
    if label == "names":
        size = label_size or (8.0 if len(shown) <= 8 else 7.0)
        texts = [labels.wrapped(name) for name in names]
        labels.place(
            ax,
            points,
            texts,
            size=size,
            taken=taken,
            prefer_outside=labels.too_big(ax, shown, texts, size=size),
            land=shown.geometry.union_all(),
        )
        return 0.0
    order = sorted(range(len(shown)), key=lambda k: natural(names[k]))
    numbers = {k: str(n + 1) for n, k in enumerate(order)}
    labels.place(ax, points, [numbers[k] for k in range(len(shown))], size=6.5, taken=taken)
    return furniture.key_of_numbers(ax, [(numbers[k], names[k]) for k in order])
