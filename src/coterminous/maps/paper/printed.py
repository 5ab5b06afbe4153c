"""Where a layer's areas are, on paper: a map on matplotlib axes, and files that repeat exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from coterminous.errors import InputError
from coterminous.folders.credits import small_print
from coterminous.maps import findings
from coterminous.maps.choosing import Column, chosen, legend_of
from coterminous.maps.paper import furniture
from coterminous.maps.paper.areaplots import plot_areas
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
from coterminous.maps.paper.pictures import RC, alt_text, png, save, svg
from coterminous.maps.style import PAPER, fills
from coterminous.words import title_of

if TYPE_CHECKING:
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
    """Draw one layer of a geography, with names, scale bar, north arrow and source lines.

    Parameters
    ----------
    area
        The geography.
    layer
        The layer to draw, by name or itself.
    ax
        Axes to draw on; a new figure where None. All of the map stays inside them, and its sources
        stand along the foot of the figure, once for all its maps.
    figsize
        Inches across and up of a new figure; of the shape of what is drawn where None.
    highlight, column, cmap, color
        By what areas are coloured, as `Geography.plot` says.
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
    edgecolor, linewidth, alpha
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
        If the layer has no polygon here, an area, a column, a colour map or a colour is unknown,
        options contradict one another, or the axes are too small.
    """
    _check_place(ax, figsize, page=page)
    drawn = area.layer(layer).as_people_write()
    polygons = area.polygons(drawn)
    beneath = (
        area.polygons(area.layer(context, argument="context")) if context is not None else None
    )
    touching = area.neighbours(drawn)
    shown_layers = [drawn] if context is None else [drawn, area.layer(context)]
    pairs = list(zip(touching["a"], touching["b"], strict=True))
    given = (colours or {}).get(drawn.name, {})
    own = {str(code): fill for code, fill in fills(list(drawn.codes), pairs).items()} | dict(given)
    asked = chosen(area, drawn, own, highlight=highlight, column=column, cmap=cmap, color=color)
    fixed = ax is not None or figsize is not None
    told = legend and context is not None
    lines = list(small_print(area, shown_layers)) if sources else []
    entries: list[tuple[str, dict[str, Any]]] = []
    if told and fixed and sources:
        # Where room is scarce the note says what the lines are.
        lines.insert(0, f"Broken lines: {title_of(shown_layers[-1])}")
    elif told:
        entries = _context_legend(area, drawn, context, width=26 if fixed else 44)
    if legend and asked.classes:
        entries = [*legend_of(asked.classes), *entries]
    style: dict[str, Any] = {"edgecolor": edgecolor, "linewidth": linewidth, "alpha": alpha}
    ax = plot_areas(
        polygons,
        ax=ax,
        figsize=figsize,
        title=title,
        context=beneath,
        label=label,
        sources=lines,
        what=drawn.title or drawn.name,
        entries=entries,
        heading=asked.heading if legend else "",
        page=page,
        managed=not page,
        legend_below=True,
        colours=asked.fills or own,
        **{name: value for name, value in style.items() if value is not None},
    )
    words = " ".join(filter(None, [findings.layer_alt_text(area, drawn), asked.alt]))
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


def _check_place(ax: Axes | None, figsize: tuple[float, float] | None, *, page: bool) -> None:
    if ax is not None and getattr(ax, "name", "") != "rectilinear":
        kind = getattr(ax, "name", "") if hasattr(ax, "plot") else ""
        raise InputError(
            f"`ax` is {f'{kind} axes' if kind else f'a {type(ax).__name__}'}; give plain axes of "
            "matplotlib, one map each, such as plt.subplots()[1]"
        )
    if figsize is None:
        return
    if ax is not None or page:
        raise InputError(
            f"`figsize` and `{'ax' if ax is not None else 'page'}` contradict one another: the "
            "figure has a size; leave one out"
        )
    try:
        wide, high = (float(side) for side in figsize)
    except (TypeError, ValueError):
        wide = high = float("nan")
    if not (0 < wide < 200 and 0 < high < 200):
        raise InputError(f"`figsize` is {figsize!r}; give inches across and up, such as (6, 8)")
