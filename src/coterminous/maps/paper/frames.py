"""How large a figure is, and which part of the country its axes show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coterminous.maps.paper import furniture
from coterminous.maps.style import BEYOND, QUIET_LINE

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def _figure(size: tuple[float, float], *, managed: bool) -> Figure:
    """Make a figure: one of pyplot's, which notebooks show, or one that nobody keeps."""
    if managed:
        # Never within `rc_context`: a notebook's backend switches to showing figures when pyplot
        # makes the first, and the end of the context would switch it back.
        import matplotlib.pyplot as plt

        return plt.figure(figsize=size, dpi=150, facecolor="white")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def new_axes(
    polygons: geopandas.GeoDataFrame,
    *,
    width: float = 6.3,
    title: str = "",
    below: float = 0.0,
    managed: bool = False,
) -> Axes:
    """Make a figure of the shape of what is drawn, with room in inches above and below it."""
    west, south, east, north = polygons.total_bounds
    tall = (north - south or 1) / (east - west or 1)
    map_height = min(max(0.96 * width * tall, 3.0), 8.6)
    above = 0.1 + (furniture.height_of_title(title, 0.96 * width) if title else 0.0)
    height = map_height + above + below + 0.1
    figure = _figure((width, height), managed=managed)
    return figure.add_axes((0.02, (below + 0.1) / height, 0.96, map_height / height))


def sized_axes(size: tuple[float, float], *, managed: bool = False) -> Axes:
    """Make a figure of a size in inches, and axes that fill it."""
    return _figure(size, managed=managed).add_axes((0.02, 0.02, 0.96, 0.96))


A4 = (8.27, 11.69)
"""Inches, upright."""


def a4_axes(
    polygons: geopandas.GeoDataFrame | None = None, *, title: str = "", below: float = 0.0
) -> Axes:
    """Make a page of A4 with margins of 0.6 inches, and axes that fill what the words leave."""
    wide, high = A4
    margin = 0.6
    figure = blank_page()
    above = furniture.height_of_title(title, wide - 2 * margin, size=15) if title else 0.0
    tall = high - 2 * margin - above - below
    if polygons is not None:
        # A wide area gets a wide frame at the top of the page, not a tall one half full of sea.
        west, south, east, north = polygons.total_bounds
        tall = min(tall, max((wide - 2 * margin) * 1.08 * (north - south) / (east - west or 1), 4))
    low = high - margin - above - tall
    return figure.add_axes((margin / wide, low / high, 1 - 2 * margin / wide, tall / high))


def blank_page() -> Figure:
    """Make an empty page of A4."""
    return _figure(A4, managed=False)


def wide_axes(*, title: str = "", below: float = 0.0, height: float = 5.0) -> Axes:
    """Make a figure as wide as a page's text, for a diagram."""
    wide = 7.0
    above = 0.1 + (furniture.height_of_title(title, 0.96 * wide) if title else 0.0)
    high = height + above + below + 0.15
    figure = _figure((wide, high), managed=True)
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
    ax.set_facecolor(BEYOND)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_color(QUIET_LINE)
        side.set_linewidth(0.6)
    ax.apply_aspect()
