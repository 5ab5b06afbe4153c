"""What a printed map carries besides its areas: title, scale bar, north arrow, key, sources."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from coterminous.maps.paper.glyphs import drawable
from coterminous.maps.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

_COLUMNS = 3
_SMALL = 8.0
"""Font size of source lines, keys and legends, in points: the smallest on a drawing."""
#: Inches that a column of a key takes.
_KEYED = 1.75
#: Inches that a letter of a key takes; entries of a key that is short.
_LETTER, _SHORT = _SMALL * 0.58 / 72, 16


def broken(text: str, inches: float, size: float) -> str:
    r"""Break a text to a width, reckoning a letter as 0.6 of the font's size, a capital as 0.74.

    Examples
    --------
    >>> broken("WESTERN DALES and Kendal", 1.2, 10)
    'WESTERN\nDALES and\nKendal'
    """
    room = max(inches * 72 / (size * 0.6), 12)
    lines: list[str] = []
    for word in " ".join(text.split()).split(" "):
        # A word wider than a line is cut where the line ends.
        for part in textwrap.wrap(word, int(room)) or [word]:
            longer = f"{lines[-1]} {part}" if lines else part
            if lines and _width(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(part)
    return "\n".join(lines)


def _width(text: str) -> float:
    """Reckon the width of a text in small letters."""
    return len(text) + 0.23 * sum(letter.isupper() for letter in text)


def height_of_title(text: str, width: float, *, size: float = 12.0) -> float:
    """Give the inches that a title takes above axes of a width in inches."""
    return (len(broken(text, width, size).split("\n")) * size * 1.25 + 8) / 72


def height_of_sources(lines: Sequence[str], width: float = 6.05) -> float:
    """Give the inches that source lines take below axes of a width in inches."""
    count = sum(len(broken(line, width, _SMALL).split("\n")) for line in lines)
    return height_of_lines(count) + 8 / 72


def height_of_lines(count: int) -> float:
    """Give the inches that lines of small print take."""
    return count * _SMALL * 1.3 / 72


def height_of_key(names: Sequence[str], *, width: float = 6.05) -> float:
    """Give the inches that a key of numbers takes below axes of a width in inches."""
    return (-(-len(names) // _columns(names, width)) * _SMALL * 1.3 + 12) / 72


def _columns(names: Sequence[str], width: float) -> int:
    """Say how many columns a key has: of a short one so many that no name is cut."""
    columns = max(1, min(_COLUMNS, int(width / _KEYED)))
    if len(names) > _SHORT:
        return columns
    longest = max((_width(name) for name in names), default=0)
    return max(1, min(columns, int(width / ((longest + 4) * _LETTER))))


def title(ax: Axes, text: str, *, size: float = 12.0) -> None:
    """Write the finding above the axes, broken to their width."""
    inches = ax.get_window_extent().width / ax.figure.dpi
    said = drawable(broken(text, inches, size))
    ax.set_title(
        said, loc="left", fontsize=size, fontweight="bold", color=INK, pad=6, parse_math=False
    )


def nice_length(width: float) -> float:
    """Choose a round length of 1, 2 or 5 times a power of ten, at most a quarter of the width.

    Examples
    --------
    >>> nice_length(100_000), nice_length(41)
    (20000.0, 10.0)
    """
    best = 1e-6
    for power in range(-6, 8):
        for digit in (1, 2, 5):
            length = digit * 10.0**power
            if length <= width / 4 * (1 + 1e-9):
                best = length
    return best


def scale_bar(ax: Axes, *, size: float = 8) -> Bbox:
    """Draw a scale bar at the lower right, and return the box it takes, in pixels."""
    west, east = ax.get_xlim()
    south, north = ax.get_ylim()
    length = nice_length(east - west)
    right = east - 0.04 * (east - west)
    left = right - length
    base = south + 0.035 * (north - south)
    tick = 0.008 * (north - south)
    from matplotlib.patches import Rectangle

    pad = 0.015 * (east - west)
    high = 0.042 * (north - south)
    ax.add_patch(
        Rectangle(
            (left - pad, base - tick),
            length + 2 * pad,
            high,
            facecolor=PAPER,
            edgecolor="none",
            alpha=0.8,
            zorder=9.5,
        )
    )
    (bar,) = ax.plot(
        [left, left, right, right],
        [base + tick, base, base, base + tick],
        color=INK,
        linewidth=1.4,
        zorder=10,
        solid_joinstyle="miter",
    )
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    note = ax.annotate(
        said,
        xy=((left + right) / 2, base),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=size,
        color=INK,
        zorder=10,
    )
    return _union([bar, note])


def north_arrow(ax: Axes, land: Any = None) -> Bbox:
    """Draw an arrow to grid north at the upper right, and return the box it takes, in pixels.

    Where that is on land, a geometry in map units, it stands at the side that has less.
    """
    found = None
    for x, y in _CORNERS:
        note, box = _arrow(ax, x, y)
        covered = 0.0 if land is None else covered_by(ax, box, land)
        if found is None or covered < found[0] - 0.01:
            if found is not None:
                found[1].remove()
            found = (covered, note, box)
        else:
            note.remove()
        if found[0] <= 0:
            break
    assert found is not None  # noqa: S101 - there is at least one corner
    return found[2]


#: Where an arrow may stand, the first the best: the right and the left, at the top or below.
_CORNERS = ((0.965, 0.975), (0.035, 0.975), (0.985, 0.985), (0.035, 0.12))


def _arrow(ax: Axes, x: float, y: float) -> tuple[Any, Bbox]:
    note = ax.annotate(
        "N",
        xy=(x, y),
        xytext=(x, y - 0.075),
        xycoords="axes fraction",
        textcoords="axes fraction",
        ha="center",
        va="top",
        fontsize=9,
        fontweight="bold",
        color=INK,
        zorder=10,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4, "shrinkA": 0},
    )
    return note, _union([note])


def source_lines(ax: Axes, lines: Sequence[str], *, below: float = 0.0) -> Any:
    """Write the source and licence lines under the axes, `below` inches down."""
    inches = ax.get_window_extent().width / ax.figure.dpi
    return _under(ax, small_lines(lines, inches), 0.0, below)


def small_lines(lines: Sequence[str], width: float) -> str:
    """Break source lines to a width in inches."""
    return "\n".join(drawable(broken(line, width, _SMALL)) for line in lines)


def foot(figure: Figure, lines: Sequence[str]) -> None:
    """Write source and other lines along the foot of a figure; see `height_of_sources`."""
    width, _ = size_of(figure)
    at_foot(figure, small_lines(lines, width - 0.12), 0.06)


def size_of(figure: Any) -> tuple[float, float]:
    """Give the inches across and up of a figure, or of a part of one."""
    return figure.bbox.width / figure.dpi, figure.bbox.height / figure.dpi


def at_foot(figure: Figure, said: str, margin: float) -> Any:
    """Write text that is broken already at the foot of a figure, in from its edge by inches."""
    width, height = size_of(figure)
    return figure.text(
        margin / width,
        margin / height,
        said,
        va="bottom",
        fontsize=_SMALL,
        color="#3D3D3D",
        parse_math=False,
        linespacing=1.25,
    )


def key_of_numbers(ax: Axes, entries: Sequence[tuple[str, str]], *, below: float = 0.0) -> float:
    """Write which number is which, in columns under the axes; return the inches it takes."""
    width = ax.get_window_extent().width / ax.figure.dpi
    names = [name for _, name in entries]
    columns = _columns(names, width)
    each = -(-len(entries) // columns)
    letters = int(width / columns / _LETTER) - 4
    for column in range(columns):
        part = entries[column * each : (column + 1) * each]
        text = "\n".join(f"{number:>2}  {_clipped(name, letters)}" for number, name in part)
        _under(ax, text, column / columns, below)
    return height_of_key(names, width=width)


def _clipped(name: str, letters: int) -> str:
    said = drawable(str(name))
    # Capitals are wider: a name of them is cut sooner.
    for most in range(max(letters, 12), 11, -1):
        cut = textwrap.shorten(said, most, placeholder="…")
        if _width(cut) <= letters:
            break
    return cut


def _under(ax: Axes, text: str, across: float, below: float) -> Any:
    return ax.annotate(
        text,
        xy=(across, 0),
        xycoords="axes fraction",
        xytext=(0, -5 - 72 * below),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=_SMALL,
        color="#3D3D3D",
        annotation_clip=False,
        parse_math=False,
        linespacing=1.25,
    )


def short(text: str, *, width: int = 44) -> str:
    """Break a legend's words to a width.

    Examples
    --------
    >>> short("Councils")
    'Councils'
    """
    return "\n".join(textwrap.wrap(text, width)) or text


def broken_lines(ax: Axes, polygons: Any) -> None:
    """Draw boundaries as broken lines, cased in white so that they stand out on any fill.

    Each is drawn once, or the breaks of two neighbours' lines would fill one another.
    """
    import geopandas
    import shapely

    edges = shapely.line_merge(polygons.geometry.boundary.union_all())
    lines = geopandas.GeoSeries([edges], crs=polygons.crs)
    lines.plot(ax=ax, color=PAPER, linewidth=3.2, alpha=0.85, zorder=3, aspect=None)
    lines.plot(ax=ax, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=4, aspect=None)


def legend(
    ax: Axes,
    entries: Sequence[tuple[str, dict[str, Any]]],
    polygons: Any,
    *,
    heading: str = "",
    taken: Sequence[Bbox] = (),
    below: bool = False,
) -> Bbox:
    """Draw a legend of patches (or of markers, where an entry has one); return its box, in pixels.

    Parameters
    ----------
    ax
        Axes whose limits are final.
    entries
        What each stands for, and its style: keys of `matplotlib.patches.Patch`, or ``marker`` and
        ``color``.
    polygons
        What it had better not cover: it goes to the place at a side where it covers least.
    heading
        Its heading.
    taken
        Boxes that it keeps clear of, in pixels.
    below
        Whether it stands under the axes instead, in columns.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    wide = ax.get_window_extent().width / ax.figure.dpi
    handles: list[Any] = []
    for words, style in entries:
        said = drawable(words)
        if style.get("line"):
            handles.append(
                Line2D([], [], color=INK, linewidth=0.9, linestyle=(0, (4, 2)), label=said)
            )
        elif "marker" in style:
            handles.append(
                Line2D([], [], linestyle="none", label=said, markeredgecolor=INK, **style)
            )
        else:
            kept = {k: v for k, v in style.items() if k != "edge"}
            width = style.get("edge", 0.8)
            handles.append(Patch(label=said, edgecolor=INK, linewidth=width, **kept))
    drawn = ax.legend(
        handles=handles,
        title=broken(heading, wide - 0.2, _SMALL) if heading else None,
        loc="upper left",
        fontsize=_SMALL,
        title_fontsize=_SMALL,
        framealpha=0.92,
        facecolor=PAPER,
        edgecolor="#B1B4B6",
        alignment="left",
        **(
            {
                "bbox_to_anchor": (0, -0.008),
                "borderaxespad": 0,
                "ncols": _told_in([said for said, _ in entries], wide),
            }
            if below
            else {}
        ),
    )
    drawn.set_zorder(11)
    for text in [*drawn.get_texts(), drawn.get_title()]:
        text.set_parse_math(False)
    if below:
        return drawn.get_window_extent()
    land = polygons.geometry.union_all()
    size = drawn.get_window_extent().transformed(ax.transAxes.inverted())
    best: tuple[float, float, float] | None = None
    for x in (0.008, 0.992 - size.width):
        for y in (0.992 - size.height - step * 0.04 for step in range(25)):
            if y < 0.008:
                break
            drawn.set_loc((x, y))
            box = drawn.get_window_extent()
            if any(box.overlaps(other) for other in taken):
                continue
            cost = covered_by(ax, box, land)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, x, y)
    if best is not None:
        drawn.set_loc(best[1:])
    return drawn.get_window_extent().padded(3)


def height_of_legend(words: Sequence[str], *, heading: str = "", width: float = 6.6) -> float:
    """Give the inches that a legend of these entries takes below axes of a width in inches."""
    columns = _told_in(words, width)
    each = -(-len(words) // columns)
    lines = [
        sum(1 + said.count("\n") for said in words[k : k + each])
        for k in range(0, len(words), each or 1)
    ]
    over = len(broken(heading, width - 0.2, _SMALL).split("\n")) * 10.5 + 5 if heading else 0
    return (max(lines, default=0) * 10.5 + each * 3.5 + over + 14) / 72


def _told_in(words: Sequence[str], width: float) -> int:
    """Say how many columns a legend has below axes of a width in inches."""
    longest = max((len(line) for said in words for line in said.split("\n")), default=0)
    return max(1, min(_COLUMNS, int(width / ((longest + 8) * _LETTER))))


def around(ax: Axes, points: Sequence[tuple[float, float]], *, size: float = 9.0) -> list[Bbox]:
    """Give the boxes, in pixels, that marks of a size in points take at points in map units."""
    from matplotlib.transforms import Bbox

    side = size * ax.figure.dpi / 72
    return [
        Bbox.from_bounds(x - side / 2, y - side / 2, side, side)
        for x, y in (ax.transData.transform(point) for point in points)
    ]


def covered_by(ax: Axes, box: Bbox, land: Any) -> float:
    """Give the share of a box, in pixels, that lies on land, a geometry in map units."""
    import shapely

    (x0, y0), (x1, y1) = ax.transData.inverted().transform([(box.x0, box.y0), (box.x1, box.y1)])
    there = shapely.box(x0, y0, x1, y1)
    return float(there.intersection(land).area / there.area) if there.area else 0.0


def _union(artists: Sequence[Any]) -> Bbox:
    from matplotlib.transforms import Bbox

    return Bbox.union([a.get_window_extent() for a in artists]).padded(4)
