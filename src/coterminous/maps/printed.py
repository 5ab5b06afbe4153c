"""Where a layer's areas are, on paper: a map on matplotlib axes, and files that repeat exactly."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from coterminous.errors import InputError, unknown
from coterminous.maps import findings, furniture, labels
from coterminous.maps.style import INK, LAND, PAPER, QUIET_LINE, SEA, fills

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coterminous.geography import Geography
    from coterminous.layer import Layer

RC = {
    "font.family": ["DejaVu Sans"],
    "svg.fonttype": "path",
    "axes.unicode_minus": False,
    "text.parse_math": False,
    "hatch.linewidth": 0.7,
}
"""DejaVu Sans comes with matplotlib, so that text is set the same on every machine."""


def plot(
    area: Geography,
    layer: str | Layer,
    *,
    ax: Axes | None = None,
    cmap: str | None = None,
    title: str | None = None,
    context: str | Layer | None = None,
    label: str = "auto",
    sources: bool = True,
    **kwargs: Any,
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
        ``"names"``, ``"numbers"`` (with a key), ``"none"``, or ``"auto"``: names up to 16 areas.
    sources
        Whether the source and licence lines stand below the map.
    **kwargs
        For `geopandas.GeoDataFrame.plot`.

    Returns
    -------
    matplotlib.axes.Axes
        Carrying the sentence that says what it shows as ``ax.alt_text``.

    Raises
    ------
    InputError
        If the layer has no polygon here.
    """
    drawn = area.layer(layer)
    polygons = area.polygons(drawn)
    beneath = area.polygons(context) if context is not None else None
    touching = area.neighbours(drawn)
    shown_layers = [drawn] if context is None else [drawn, context]
    kwargs.setdefault("legend", _context_legend(area, drawn, context))
    ax = plot_areas(
        polygons,
        ax=ax,
        cmap=cmap,
        title=title,
        context=beneath,
        label=label,
        neighbours=zip(touching["a"], touching["b"], strict=True),
        sources=findings.statements(area, shown_layers) if sources else (),
        what=drawn.title or drawn.name,
        **kwargs,
    )
    ax.alt_text = findings.layer_alt_text(area, drawn)
    return ax


def _context_legend(
    area: Geography, layer: Layer, context: str | Layer | None
) -> list[tuple[str, dict[str, Any]]]:
    if context is None:
        return []
    other = findings.title_of(area.layer(context))
    return [
        (furniture.short(findings.title_of(layer)), {"facecolor": PAPER, "edge": 1.5}),
        (furniture.short(other), {"line": True}),
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
    legend: Sequence[tuple[str, dict[str, Any]]] = (),
    heading: str = "",
    page: bool = False,
    label_size: float | None = None,
    room_below: float = 0.0,
    legend_below: bool = False,
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
    legend, heading
        Entries of a legend, as `furniture.legend` takes them, and its heading.
    page
        Whether a new figure is a page of A4.
    label_size
        Of the font of names, in points.
    room_below
        Inches left free between the map and its source lines, for a key of the caller's.
    legend_below
        Whether the legend stands between the map and those, and not on the map.
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
    if legend_below:
        room_below += furniture.height_of_legend(len(legend), heading=bool(heading))
    with mpl.rc_context(RC):
        if ax is None:
            lines = furniture.height_of_sources(sources) if sources else 0.0
            keyed = furniture.height_of_key(len(shown)) if label == "numbers" else 0.0
            make = a4_axes if page else new_axes
            ax = make(shown, title=title or "", below=lines + keyed + room_below)
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
        taken = [furniture.scale_bar(ax), furniture.north_arrow(ax)]
        if legend:
            box = furniture.legend(
                ax, legend, shown, heading=heading, taken=taken, below=legend_below
            )
            taken += [] if legend_below else [box]
        below = _label(ax, shown, names, label, taken, label_size) + room_below
        ax.taken = taken
        if sources:
            furniture.source_lines(ax, sources, below=below)
    return ax


def _label_style(label: str, areas: int) -> str:
    allowed = ("auto", "names", "numbers", "none")
    if label not in allowed:
        raise unknown("label", label, allowed)
    if label != "auto":
        return label
    return "names" if areas <= labels.NAMES_UP_TO else "numbers"


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


def new_axes(
    polygons: geopandas.GeoDataFrame, *, width: float = 6.3, title: str = "", below: float = 0.0
) -> Axes:
    """Make a figure of the shape of what is drawn, with room in inches above and below it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    west, south, east, north = polygons.total_bounds
    tall = (north - south or 1) / (east - west or 1)
    map_height = min(max(0.96 * width * tall, 3.0), 8.6)
    above = 0.1 + (furniture.height_of_title(title, 0.96 * width) if title else 0.0)
    height = map_height + above + below + 0.1
    figure = Figure(figsize=(width, height), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    return figure.add_axes((0.02, (below + 0.1) / height, 0.96, map_height / height))


A4 = (8.27, 11.69)
"""Inches, upright."""


def a4_axes(
    polygons: geopandas.GeoDataFrame | None = None, *, title: str = "", below: float = 0.0
) -> Axes:
    """Make a page of A4 with margins of 0.6 inches, and axes that fill what the words leave."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide, high = A4
    margin = 0.6
    figure = Figure(figsize=A4, dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    above = furniture.height_of_title(title, wide - 2 * margin, size=15) if title else 0.0
    tall = high - 2 * margin - above - below
    if polygons is not None:
        # A wide area gets a wide frame at the top of the page, not a tall one half full of sea.
        west, south, east, north = polygons.total_bounds
        tall = min(tall, max((wide - 2 * margin) * 1.08 * (north - south) / (east - west or 1), 4))
    low = high - margin - above - tall
    return figure.add_axes((margin / wide, low / high, 1 - 2 * margin / wide, tall / high))


def wide_axes(*, title: str = "", below: float = 0.0, height: float = 5.0) -> Axes:
    """Make a figure as wide as a page's text, for a diagram."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide = 7.0
    above = 0.1 + (furniture.height_of_title(title, 0.96 * wide) if title else 0.0)
    high = height + above + below + 0.15
    figure = Figure(figsize=(wide, high), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    return figure.add_axes((0.02, (below + 0.15) / high, 0.96, height / high))


def frame_to(ax: Axes, polygons: geopandas.GeoDataFrame, *, margin: float = 0.04) -> None:
    """Fit the axes to the polygons with a margin, fill their shape, and hide the ticks."""
    west, south, east, north = polygons.total_bounds
    pad = margin * max(east - west, north - south, 1.0)
    frame_to_box(ax, (west - pad, south - pad, east + pad, north + pad))


def frame_to_box(ax: Axes, box: tuple[float, float, float, float]) -> None:
    """Fit the axes to a box (west, south, east, north), fill their shape, and hide the ticks."""
    west, south, east, north = box
    window = ax.get_window_extent()
    wide, high = east - west, north - south
    # The frame takes the proportions of the axes, so that equal units need no letterbox.
    wide, high = (
        max(wide, high * window.width / window.height),
        max(high, wide * window.height / window.width),
    )
    middle = (west + east) / 2, (south + north) / 2
    ax.set_aspect("equal", adjustable="box")
    ax.set_xlim(middle[0] - wide / 2, middle[0] + wide / 2)
    ax.set_ylim(middle[1] - high / 2, middle[1] + high / 2)
    ax.set_autoscale_on(False)
    ax.set_facecolor(SEA)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_color(QUIET_LINE)
        side.set_linewidth(0.6)
    ax.apply_aspect()


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
    numbers = [str(k + 1) for k in range(len(shown))]
    labels.place(ax, points, numbers, size=6.5, taken=taken)
    return furniture.key_of_numbers(ax, list(zip(numbers, names, strict=True)))


def save(
    figure: Figure | Axes, path: str | Path, *, dpi: int = 300, alt: str | None = None
) -> Path:
    """Write a figure as PNG, SVG or PDF, the same bytes every time.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    dpi
        Dots an inch of a PNG.
    alt
        Alternative text; by default the axes' ``alt_text``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        If the ending is another.
    """
    from coterminous.files import replacing

    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    with replacing(target) as beside:
        if kind == "svg":
            beside.write_text(svg(figure, alt=alt, name=target.stem), encoding="utf-8", newline="")
        elif kind == "png":
            beside.write_bytes(png(figure, dpi=dpi, alt=alt))
        elif kind == "pdf":
            beside.write_bytes(_bytes(figure, "pdf", {"CreationDate": None, "Producer": None}))
        else:
            raise InputError(
                f"`path` is {target.name!r}, which does not end in .png, .svg or .pdf."
            )
    return target


def png(figure: Figure | Axes, *, dpi: int = 300, alt: str | None = None) -> bytes:
    """Draw a figure as PNG, with no date and no version in it; `alt` goes in as its description."""
    sentence = alt_text(figure, alt)
    told = {"Software": None} | ({"Description": sentence} if sentence else {})
    return _bytes(figure, "png", told, dpi=dpi)


def svg(figure: Figure | Axes, *, alt: str | None = None, name: str = "map") -> str:
    """Draw a figure as SVG text that can stand in a page beside others.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    alt
        Alternative text; by default the axes' ``alt_text``.
    name
        Goes before each element's id, so that two drawings in one page share none.

    Returns
    -------
    str
        One ``<svg>`` element, with a ``role``, a title and no size but its view box.
    """
    text = _bytes(figure, "svg", {"Date": None, "Creator": None}, name=name).decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "map"
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'(xlink:href="#|href="#|url\(#)', rf"\g<1>{prefix}-", text)
    text = text.replace('xlink:href="#' + prefix + "-" + prefix, 'xlink:href="#' + prefix)
    sentence = alt_text(figure, alt)
    opening = text[: text.index(">") + 1]
    opening = re.sub(r'\s(?:width|height)="[^"]*pt"', "", opening)
    if sentence:
        told = f' role="img" aria-labelledby="{prefix}-alt">\n <title id="{prefix}-alt">'
        opening = opening[:-1] + told + escape(sentence) + "</title>"
    return opening + text[text.index(">") + 1 :]


def alt_text(figure: Figure | Axes, alt: str | None = None) -> str:
    """Give the sentence that says what a figure shows: `alt`, or that of its axes."""
    if alt is not None:
        return alt
    owner = figure.get_figure() if hasattr(figure, "get_xlim") else figure
    said = [getattr(ax, "alt_text", "") for ax in owner.axes]
    return getattr(owner, "alt_text", "") or " ".join(s for s in said if s)


def _bytes(
    figure: Figure | Axes,
    kind: str,
    metadata: dict[str, Any],
    *,
    dpi: float = 150,
    name: str = "map",
) -> bytes:
    import matplotlib as mpl

    owner = figure.get_figure() if hasattr(figure, "get_xlim") else figure
    held = io.BytesIO()
    with mpl.rc_context({**RC, "svg.hashsalt": name}):
        owner.savefig(held, format=kind, dpi=dpi, metadata=metadata, facecolor="white")
    return held.getvalue()
