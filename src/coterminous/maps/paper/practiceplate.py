"""Which practices newly cross a line, on a plate: the region, and its towns close up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.folders.credits import small_print
from coterminous.maps import findings
from coterminous.maps import points as where
from coterminous.maps.paper import furniture, labels, printed
from coterminous.maps.paper.plate import Plate
from coterminous.maps.style import INK, PAPER, STATUS_COLOURS, tint
from coterminous.words import in_words, listed, plural, sentence_case, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coterminous.effects.impacts import Impact
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

CHANGED = ["newly_crossing", "resolved"]
NEAR = 6_000.0
"""Metres within which practices crowd one another on a map of a region."""
CROWD = 6
CLOSE_UP = 2.3
"""Inches of a close-up's height."""


def practice_plate(
    area: Geography,
    before: AnyLayer,
    after: AnyLayer,
    register: str,
    *,
    title: str | None = None,
    found: Impact | None = None,
) -> Plate:
    """Draw the practices by whether their lists cross a line before, after, or both.

    `found` is the impact from one to the other, where that was asked already.
    """
    from coterminous.effects.impacts import impact

    found = found or impact(area, register, before=before, after=after)
    practices = where.practices_of(area, register, before=before, after=after, found=found)
    shown, unplaced = where.drawn_points(practices)
    counts = {s: int((practices["status"] == s).sum()) for s in STATUS_COLOURS}
    title = title or _finding(counts["newly_crossing"], counts["resolved"], found.threshold)
    sources = small_print(area, [before, after], registers=[register])
    changed = shown[shown["status"].isin(CHANGED)]
    changed = changed.sort_values(["status", "patients"], ascending=[True, False])
    order = [s for s in reversed(STATUS_COLOURS) if counts[s]]
    entries: list[tuple[str, dict[str, Any]]] = [
        (
            f"{sentence_case(where.look(s)['words'])}: {counts[s]:,}",
            {"marker": where.look(s)["marker"], "color": where.look(s)["colour"], "markersize": 7},
        )
        for s in reversed(order)
    ]
    old, new = (
        furniture.short(f"{when}: {title_of(layer)}", width=36)
        for when, layer in (("Old", before), ("New", after))
    )
    entries += [(old, {"line": True}), (new, {"facecolor": PAPER, "edge": 1.5})]
    towns = crowds(changed)
    key = furniture.height_of_key(list(changed["name"])) if len(changed) else 0.0
    polygons, lines = area.polygons(after), area.polygons(before)
    ax = printed.plot_areas(
        polygons,
        title=title,
        context=lines,
        colours=dict.fromkeys(after.codes, tint("#12436D", 0.08)),
        label="none",
        entries=entries,
        sources=[*sources, *([unplaced] if unplaced else [])],
        page=True,
        room_below=key + (CLOSE_UP + 0.3 if towns else 0.0),
        legend_below=True,
    )
    legend = furniture.height_of_legend([said for said, _ in entries])
    close = [_close_up(ax, k, town, polygons, lines, legend) for k, town in enumerate(towns)]
    for one in (ax, *close):
        for status in order:
            _scatter(one, shown[shown["status"] == status], status, bold=one is not ax)
    _number(ax, close, towns, changed)
    furniture.key_of_numbers(
        ax,
        [(str(k + 1), str(name)) for k, name in enumerate(changed["name"])],
        below=legend + (CLOSE_UP + 0.2 if towns else 0.0),
    )
    named = [
        f"{row.name} ({where.look(row.status)['words']})"
        for row in changed.head(findings.MANY).itertuples(index=False)
    ]
    rest = len(changed) - len(named)
    named += [f"{rest:,} more"] if rest > 0 else []
    alt = f"{title}. " + (f"Those that change: {listed(named)}." if named else "")
    return Plate(
        name="practices", title=title, alt=alt.strip(), figure=ax.figure, sources=tuple(sources)
    )


def _finding(new: int, old: int, threshold: float) -> str:
    """Say how many practices newly cross a line, and how many no longer do."""
    many = sentence_case(in_words(new))
    fewer = in_words(old, none="none")
    which = plural(new, "practice newly crosses", "practices newly cross")
    rest = f"{fewer} no longer {plural(old, 'does', 'do')}"
    return (
        f"{many} {which} a line and {rest}: over {threshold * 100:.6g}% of patients living outside "
        "the practice's area"
    )


def crowds(points: pd.DataFrame, *, most: int = 2) -> list[tuple[float, float, float, float]]:
    """Find where points crowd: boxes (west, south, east, north) half as wide again as high.

    Parameters
    ----------
    points
        ``easting`` and ``northing``, in metres.
    most
        How many boxes, the most crowded first.

    Returns
    -------
    list of tuple
        None for fewer than six points within six kilometres of one of them.
    """
    spots = points[["easting", "northing"]].to_numpy(dtype=float)
    found: list[tuple[float, float, float, float]] = []
    while len(spots) >= CROWD and len(found) < most:
        away = np.hypot(*(spots[:, None, :] - spots[None, :, :]).transpose(2, 0, 1))
        near = away < NEAR
        at = int(near.sum(axis=1).argmax())
        if near[at].sum() < CROWD:
            break
        (west, south), (east, north) = spots[near[at]].min(axis=0), spots[near[at]].max(axis=0)
        high = max(north - south, (east - west) / 1.5, 3_000.0) * 1.35
        x, y = (west + east) / 2, (south + north) / 2
        box = (x - 0.75 * high, y - high / 2, x + 0.75 * high, y + high / 2)
        found.append(box)
        spots = spots[~_within(spots, box)]
    return found


def _within(spots: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    west, south, east, north = box
    x, y = spots[:, 0], spots[:, 1]
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _close_up(
    ax: Axes,
    number: int,
    box: tuple[float, float, float, float],
    polygons: object,
    lines: object,
    below: float,
) -> Axes:
    """Draw one town `below` inches under the map, and its frame on the map."""
    import matplotlib as mpl
    from matplotlib.patches import Rectangle

    figure = ax.figure
    wide, high = figure.get_size_inches()
    frame = ax.get_position()
    letter = "AB"[number]
    west, south, east, north = box
    with mpl.rc_context(printed.RC):
        made = figure.add_axes(
            (
                frame.x0 + number * (frame.width + 0.15 / wide) / 2,
                frame.y0 - (CLOSE_UP + 0.05 + below) / high,
                (frame.width - 0.15 / wide) / 2,
                CLOSE_UP / high,
            )
        )
        polygons.plot(ax=made, facecolor=tint("#12436D", 0.08), edgecolor="none", aspect=None)  # type: ignore[attr-defined]
        furniture.broken_lines(made, lines)
        polygons.boundary.plot(ax=made, color=INK, linewidth=1.5, zorder=5, aspect=None)  # type: ignore[attr-defined]
        printed.frame_to_box(made, box)
        made.set(xlabel="", ylabel="")
        ax.add_patch(
            Rectangle(
                (west, south), east - west, north - south, fill=False, edgecolor=INK, linewidth=0.9
            )
        ).set_zorder(8)
        ax.annotate(
            letter, (west, north), xytext=(-2, 1), textcoords="offset points", ha="right", **_LETTER
        )
        made.annotate(
            letter,
            (0, 1),
            xycoords="axes fraction",
            xytext=(5, -5),
            textcoords="offset points",
            va="top",
            **_LETTER,
        )
        made.taken = [furniture.scale_bar(made)]
    return made


_LETTER = {
    "fontsize": 10,
    "fontweight": "bold",
    "color": INK,
    "zorder": 10,
    "bbox": {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.86},
}


def _scatter(ax: Axes, points: pd.DataFrame, status: str, *, bold: bool) -> None:
    if not len(points):
        return
    look = where.look(status)
    quiet = status == "never_crossing"
    scale = 2.2 if bold else 1.0
    sizes = [where.radius(p, 30_000.0, smallest=2, widest=7) ** 2 * 2 for p in points["patients"]]
    ax.scatter(
        points["easting"],
        points["northing"],
        s=[scale * size for size in sizes],
        marker=look["marker"],
        facecolor=look["colour"],
        edgecolor=INK,
        linewidth=0.4 if quiet else 0.8,
        zorder=6 if quiet else 7,
    )


def _number(
    ax: Axes,
    close: list[Axes],
    towns: list[tuple[float, float, float, float]],
    changed: pd.DataFrame,
) -> None:
    """Give numbers to the practices that change: in a close-up if there is one, else on the map."""
    spots = changed[["easting", "northing"]].to_numpy(dtype=float)
    numbers = np.array([str(k + 1) for k in range(len(changed))])
    left = np.ones(len(changed), dtype=bool)
    for one, town in [*zip(close, towns, strict=True), (ax, None)]:
        here = left if town is None else left & _within(spots, town)
        labels.place(
            one,
            [tuple(spot) for spot in spots[here]],
            list(numbers[here]),
            size=6.5,
            # A number hides no practice that changes, be it its own or another's.
            taken=[*one.taken, *furniture.around(one, [tuple(spot) for spot in spots], size=7.0)],
            prefer_outside=[True] * int(here.sum()),
        )
        left = left & ~here
