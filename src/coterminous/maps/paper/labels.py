"""Where the labels of a printed map go, so that none lies on another."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from coterminous.maps.paper.furniture import covered_by
from coterminous.maps.paper.glyphs import drawable
from coterminous.maps.style import INK, PAPER

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

NAMES_UP_TO = 16
"""With more areas than this the map carries numbers, and a key beside it the names."""
NUMBERS_UP_TO = 80
"""With more than this the key would be longer than the map, which then carries neither."""

_RINGS = (0.0, 0.6, 1.1, 1.7, 2.4, 3.2, 4.2, 5.4)
_BEARINGS = (90, 270, 0, 180, 45, 135, 315, 225, 20, 160, 200, 340)


def wrapped(name: str, *, width: int = 16, lines: int = 4) -> str:
    r"""Break a name into short lines, and end it with an ellipsis where it is longer than all.

    Examples
    --------
    >>> wrapped("Blackburn with Darwen")
    'Blackburn with\nDarwen'
    """
    text = " ".join(str(name).split())
    if not text:
        return ""
    longest = max(len(word) for word in text.split())
    width = max(width, min(longest, 24), math.ceil(len(text) / lines))
    broken = textwrap.wrap(text, min(width, 28), break_long_words=True)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1].rstrip()[:26] + "…"]
    return "\n".join(broken)


def anchors(polygons: geopandas.GeoDataFrame) -> list[tuple[float, float] | None]:
    """Find the point deepest inside each area's largest piece; None where there is no polygon."""
    import shapely

    found: list[tuple[float, float] | None] = []
    for shape in polygons.geometry:
        if shape is None or shape.is_empty:
            found.append(None)
            continue
        largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
        west, south, east, north = largest.bounds
        tolerance = max(east - west, north - south) / 50
        circle = shapely.maximum_inscribed_circle(largest, tolerance=tolerance or None)
        point = shapely.get_point(circle, 0)
        found.append((float(point.x), float(point.y)))
    return found


def _offsets(box: Bbox) -> Iterator[tuple[float, float]]:
    """Give steps from the anchor, near ones first, in pixels; a step grows with the label."""
    yield 0.0, 0.0
    for ring in _RINGS[1:]:
        for bearing in _BEARINGS:
            radians = math.radians(bearing)
            yield (
                ring * math.cos(radians) * (box.width * 0.62 + 10),
                ring * math.sin(radians) * (box.height * 0.9 + 10),
            )


def _clear(box: Bbox, others: Sequence[Bbox], within: Bbox) -> bool:
    inside = (
        box.x0 >= within.x0 and box.x1 <= within.x1 and box.y0 >= within.y0 and box.y1 <= within.y1
    )
    return inside and not any(box.overlaps(other) for other in others)


def place(
    ax: Axes,
    points: Sequence[tuple[float, float] | None],
    texts: Sequence[str],
    *,
    size: float = 8.0,
    weight: str = "bold",
    taken: Sequence[Bbox] = (),
    prefer_outside: Sequence[bool] = (),
    land: Any = None,
) -> list[Any]:
    """Write each text at its point, or as near as it fits clear of the others, with a line to it.

    Parameters
    ----------
    ax
        Axes whose limits are final.
    points, texts
        Where each label would go, in map units, and what it says; None is passed over.
    size, weight
        Of the font.
    taken
        Boxes on the figure, in pixels, that labels keep clear of (legend, scale bar).
    prefer_outside
        True where a label is too big for its area and had better stand off it.
    land
        What labels that stand off had better not cover, a shapely geometry in map units.

    Returns
    -------
    list
        The annotations, in the order of `texts`; None where there was no point or no room.
    """
    from matplotlib.transforms import Bbox

    within = ax.get_window_extent()
    boxes: list[Bbox] = list(taken)
    made: list[Any] = [None] * len(texts)
    outside = list(prefer_outside) or [False] * len(texts)
    # What fits where it belongs is placed first; what must stand off goes round it.
    order = sorted(range(len(texts)), key=lambda k: (outside[k], k))
    for k in order:
        point = points[k]
        if point is None or not texts[k]:
            continue
        note = ax.annotate(
            drawable(texts[k]),
            xy=point,
            xytext=(0, 0),
            textcoords="offset pixels",
            ha="center",
            va="center",
            fontsize=size,
            fontweight=weight,
            color=INK,
            zorder=9,
            linespacing=1.05,
            parse_math=False,
            bbox={
                "boxstyle": "round,pad=0.18",
                "facecolor": PAPER,
                "edgecolor": "none",
                "alpha": 0.86,
            },
            annotation_clip=False,
        )
        at = note.get_window_extent()
        room = _room(ax, at, boxes, within, land, stand_off=outside[k])
        if room is None:
            note.remove()
            continue
        dx, dy = room
        moved = Bbox.from_extents(at.x0 + dx, at.y0 + dy, at.x1 + dx, at.y1 + dy)
        boxes.append(moved.padded(2))
        if dx or dy:
            _stand_off(ax, note, point, (dx, dy), size)
        made[k] = note
    return made


def _room(
    ax: Axes, at: Bbox, boxes: Sequence[Bbox], within: Bbox, land: Any, *, stand_off: bool
) -> tuple[float, float] | None:
    """Find the step to the nearest place where a label lies on nothing; None where there is none.

    A label that stands off looks at the first few rings together and takes the place that covers
    least land, for there it hides no boundary.
    """
    from matplotlib.transforms import Bbox

    best: tuple[float, float, float] | None = None
    for dx, dy in _offsets(at):
        if stand_off and dx == dy == 0:
            continue
        moved = Bbox.from_extents(at.x0 + dx, at.y0 + dy, at.x1 + dx, at.y1 + dy)
        if not _clear(moved.padded(2), boxes, within):
            continue
        if not stand_off or land is None:
            return dx, dy
        cost = math.hypot(dx, dy) + at.width * covered_by(ax, moved, land)
        if best is None or cost < best[0]:
            best = (cost, dx, dy)
        if math.hypot(dx, dy) > 3.5 * max(at.width, at.height):
            break
    return None if best is None else best[1:]


def _stand_off(
    ax: Axes, note: Any, point: tuple[float, float], by: tuple[float, float], size: float
) -> None:
    """Move a label off its point and draw a line back to it."""
    points_per_pixel = 72 / ax.figure.dpi
    note.set_position((by[0] * points_per_pixel, by[1] * points_per_pixel))
    note.anncoords = "offset points"
    ax.annotate(
        "",
        xy=point,
        xytext=(by[0] * points_per_pixel, by[1] * points_per_pixel),
        textcoords="offset points",
        zorder=8,
        arrowprops={
            "arrowstyle": "-",
            "color": INK,
            "linewidth": 0.8,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    ax.plot([point[0]], [point[1]], "o", color=INK, markersize=size / 4, zorder=8)


def far_off(ax: Axes, notes: Sequence[Any]) -> int:
    """Count the labels that stand so far from their areas that a reader must look for these."""
    window = ax.get_window_extent()
    reach = 0.42 * min(window.width, window.height) * 72 / ax.figure.dpi
    moved = [n.get_position() for n in notes if n is not None and n.anncoords == "offset points"]
    return sum(math.hypot(*by) > reach for by in moved)


def too_big(
    ax: Axes, polygons: geopandas.GeoDataFrame, texts: Sequence[str], *, size: float
) -> list[bool]:
    """Say for each area whether its label would cover most of it, and so had better stand off."""
    pixels = ax.transData.transform
    answers = []
    for shape, text in zip(polygons.geometry, texts, strict=True):
        largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
        (x0, y0), (x1, y1) = pixels(largest.bounds[:2]), pixels(largest.bounds[2:])
        boxed = (largest.bounds[2] - largest.bounds[0]) * (largest.bounds[3] - largest.bounds[1])
        room = abs(x1 - x0) * abs(y1 - y0) * largest.area / max(boxed, 1e-9)
        em = size * ax.figure.dpi / 72
        lines = text.split("\n")
        wide = max(len(line) for line in lines) * 0.62 * em
        needed = wide * len(lines) * 1.15 * em
        answers.append(bool(needed > 0.7 * room or wide > 1.05 * abs(x1 - x0)))
    return answers
