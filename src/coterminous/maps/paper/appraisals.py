"""Where does a decision stand among all drawings, and among a few, score by score?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from coterminous.drawings import drawingscores as ds
from coterminous.errors import InputError
from coterminous.maps.paper import furniture
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.furniture import short
from coterminous.maps.paper.pictures import RC
from coterminous.maps.style import CATEGORICAL, FOCUS, INK, QUIET_LINE, UNFOCUSED
from coterminous.words import in_sentence, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coterminous.drawings.optionsets import Options
    from coterminous.scenarios.comparison import Comparison

#: What each score is called on an axis, and whether it is a share.
AXES = {
    "v_measure": ("How closely areas follow councils, 0 to 1 (V-measure)", False),
    "localisation": ("Patients treated at their area's main trust", True),
    "inside_practice_area": ("Patients who live in their practice's area", True),
    "largest": ("Residents of the largest area", False),
    "smallest": ("Residents of the smallest area", False),
    "people_moved": ("Residents who change area", False),
    "parted": ("Residents in a different area from most of their old one", False),
}


def scatter(
    found: Options,
    *,
    x: str = "v_measure",
    y: str = "localisation",
    among: str = "plausible",
    sources: bool = True,
) -> Figure:
    """Draw every drawing as a point, with the Pareto front and the named layers.

    Parameters
    ----------
    found : Options
    x, y : str
        The scores on the axes.
    among : str
        The reference set whose Pareto front is marked; the other drawings are there, paler.
    sources : bool
        Whether the source lines stand at its foot; a document may print them itself.

    Returns
    -------
    matplotlib.figure.Figure
        With `alt_text`, a sentence that says what it shows.
    """
    drawn = draw_scatter(found, x=x, y=y, among=among, sources=sources)
    figure: Figure = drawn.handed_out()
    return figure


def draw_scatter(
    found: Options,
    *,
    x: str = "v_measure",
    y: str = "localisation",
    among: str = "plausible",
    sources: bool = True,
) -> Drawn:
    """Draw what `scatter` hands out, as a value with its words."""
    found.clear()
    front = found.pareto([x, y], among=among).sort_values(x)
    members = found.reference_sets[among]
    import matplotlib as mpl

    with mpl.rc_context(RC):
        lines = found.sources if sources else ()
        room = furniture.height_of_sources(lines, 7.0) if lines else 0.0
        figure, ax = plain_figure(7.0, 5.2 + room)
        ax.set_position((0.11, (0.62 + room) / (5.2 + room), 0.86, 3.85 / (5.2 + room)))
        furniture.foot(figure, lines)
        for chosen, colour, label in (
            (~members, "#E3E3E3", f"{int((~members).sum()):,} other drawings"),
            (members, UNFOCUSED, f"{int(members.sum()):,} {among} drawings"),
        ):
            rows = found.scores[chosen]
            if len(rows):
                ax.scatter(
                    rows[x], rows[y], s=4, c=colour, linewidths=0, rasterized=True, label=label
                )
        ax.plot(
            front[x],
            front[y],
            marker="o",
            markersize=4,
            linewidth=0.9,
            color=FOCUS,
            label=f"{len(front):,} on the front of these two scores",
        )
        ax.scatter(
            found.named[x],
            found.named[y],
            s=46,
            marker="D",
            c=CATEGORICAL["orange"],
            edgecolors=INK,
            linewidths=0.8,
            zorder=5,
            label="layers that exist",
        )
        _dress(ax, x, y)
        figure.canvas.draw()
        points = [(float(a), float(b)) for a, b in zip(found.named[x], found.named[y], strict=True)]
        texts = [
            str(n) if k == found.areas_each else f"{n} ({k} areas)"
            for n, k in found.named["areas"].items()
        ]
        beside(ax, points, texts)
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=8, frameon=False)
    alt = (
        f"{found.count:,} contiguous drawings of {len(found.units)} units into {found.areas_each} "
        f"areas: {score_words([y])} against {score_words([x])}. {len(front):,} {among} "
        "drawings are on the front, where no other is better at both. Marked: "
        f"{', '.join(found.named.index)}."
    )
    return Drawn(figure=figure, alt=alt, sources=found.sources)


def comparison_figure(found: Comparison) -> Figure:
    """Draw a comparison as bars: a row a drawing, a column a score; notes and sources below."""
    figure: Figure = draw_comparison(found).handed_out()
    return figure


def draw_comparison(found: Comparison) -> Drawn:
    """Draw what `comparison_figure` hands out, as a value with its words."""
    import matplotlib as mpl

    columns = {
        **{f"v_measure_{a}": f"V, {a}" for a in found.against},
        "localisation": "treated at main trust",
        "outside_share": "outside practice's area",
        "largest": "largest area",
        "people_moved": "people moved",
        "parted": "people in a different area",
        "deprivation_spread": "deprivation spread",
    }
    shown = {c: t for c, t in columns.items() if found.table[c].notna().any()}
    with mpl.rc_context(RC):
        rows = len(found.table)
        width = 2.1 + 1.45 * len(shown)
        lines = [*found.notes, *found.sources]
        room = furniture.height_of_sources(lines, width)
        height = 0.6 + 0.34 * rows + room
        figure, ax = plain_figure(width, height)
        ax.remove()
        furniture.foot(figure, lines)
        for k, (column, words) in enumerate(shown.items()):
            box = (
                (2.0 + 1.45 * k) / width,
                (0.15 + room) / height,
                1.2 / width,
                0.34 * rows / height,
            )
            panel = figure.add_axes(box)
            values = found.table[column].astype(float)
            panel.barh(range(rows), values.fillna(0), color=FOCUS, height=0.45)
            top = float(values.max()) if values.notna().any() and values.max() > 0 else 1.0
            for i, value in enumerate(values):
                panel.text(
                    top * 0.02,
                    i - 0.36,
                    value_words(column, value),
                    fontsize=8,
                    va="center",
                    color=INK,
                )
            panel.set_xlim(0, top * 1.05)
            panel.set_ylim(rows - 0.5, -0.62)
            panel.set_title(short(words, width=26), fontsize=8, loc="left")
            panel.set_xticks([])
            panel.set_yticks(range(rows) if k == 0 else [])
            if k == 0:
                panel.set_yticklabels([short(n, width=30) for n in found.table.index], fontsize=8)
            for side in ("top", "right", "bottom"):
                panel.spines[side].set_visible(False)
    alt = (
        f"{rows} drawings compared, people moved counted from {found.base}: "
        f"{'; '.join(str(n) for n in found.table.index)}."
    )
    return Drawn(figure=figure, alt=alt, sources=found.sources)


def value_words(score: str, value: float) -> str:
    """Write the value of a score: a share in per cent, a measure to three places, people whole."""
    if value is None or np.isnan(value):
        return "not known"
    if score in ("localisation", "inside_practice_area", "outside_share"):
        return f"{value:.1%}"
    return f"{value:.3f}" if score.startswith("v_") or score.endswith("spread") else f"{value:,.0f}"


def score_words(scores: Sequence[str]) -> str:
    """Name scores as they stand inside a sentence."""
    return listed([in_sentence(AXES[s][0]) if s in AXES else s for s in scores])


def plain_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a figure of a size in inches that pyplot does not keep, and its axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def beside(ax: Axes, points: Sequence[tuple[float, float]], texts: Sequence[str]) -> None:
    """Write each text beside its point, on the first side where it covers no other."""
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    taken = [Bbox.from_bounds(px - 6, py - 6, 12, 12) for px, py in ax.transData.transform(points)]
    renderer = ax.figure.canvas.get_renderer()
    edge = ax.get_window_extent()
    sides = [
        (dx, dy, across, "center")
        for distance in (9, 26, 46)
        for dx, dy, across in (
            (distance, 0, "left"),
            (-distance, 0, "right"),
            (0, distance, "center"),
            (0, -distance, "center"),
            (-distance, distance, "right"),
            (-distance, -distance, "right"),
            (distance, distance, "left"),
        )
    ]
    for point, text in zip(points, texts, strict=True):
        for dx, dy, across, up in sides:
            said = ax.annotate(
                text,
                point,
                xytext=(dx, dy),
                textcoords="offset points",
                ha=across,
                va=up,
                fontsize=8,
                weight="bold",
                zorder=6,
                parse_math=False,
                path_effects=[withStroke(linewidth=2.5, foreground="white")],
                arrowprops={"arrowstyle": "-", "linewidth": 0.6}
                if max(abs(dx), abs(dy)) > 9
                else None,
            )
            said.update_positions(renderer)
            box = Text.get_window_extent(said, renderer)
            clear = not any(box.overlaps(other) for other in taken)
            if clear and edge.x0 <= box.x0 and box.x1 <= edge.x1 + 20 and box.y1 <= edge.y1:
                break
            if (dx, dy, across, up) != sides[-1]:
                said.remove()
        taken.append(box)


def _dress(ax: Axes, x: str, y: str) -> None:
    from matplotlib.ticker import FuncFormatter

    for name, axis, say in ((x, ax.xaxis, ax.set_xlabel), (y, ax.yaxis, ax.set_ylabel)):
        if name not in ds.DIRECTIONS:
            raise InputError(f"`{name}` is no score; choose of {', '.join(ds.DIRECTIONS)}")
        words, share = AXES[name]
        say(f"{words}{' (less is better)' if ds.DIRECTIONS[name] < 0 else ''}", fontsize=9)
        if share:
            axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0%}"))
        elif name != "v_measure":
            axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    ax.tick_params(labelsize=8, colors=QUIET_LINE, labelcolor=INK)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
