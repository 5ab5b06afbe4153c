"""What do the drawings that no other beats look like? The Pareto front as small maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from coterminous.arguments import texts
from coterminous.errors import InputError
from coterminous.folders.credits import small_print
from coterminous.maps.paper import furniture
from coterminous.maps.paper.appraisals import plain_figure, score_words, value_words
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.frames import A4
from coterminous.maps.paper.pictures import RC
from coterminous.maps.style import INK, fills
from coterminous.words import in_words

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coterminous.drawings.optionsets import Options
    from coterminous.geography import Geography


def front_maps(
    area: Geography,
    found: Options,
    *,
    scores: Sequence[str] = ("v_measure", "localisation"),
    among: str = "plausible",
    most: int = 12,
    page: bool = False,
) -> Figure:
    """Draw the Pareto front as small maps, from one end to the other.

    Parameters
    ----------
    area : Geography
    found : Options
    scores : sequence of str
        The scores of the front.
    among : str
        The reference set.
    most : int
        How many maps at most; of a longer front evenly spaced drawings are shown, and the
        small print says so.
    page : bool
        Whether the figure is a page of A4.

    Returns
    -------
    matplotlib.figure.Figure
        With `title`, what it finds, and `alt_text`, what it shows.

    Raises
    ------
    InputError
        If the reference set has no drawing, or there is to be no map.
    """
    drawn = draw_front(area, found, scores=scores, among=among, most=most, page=page)
    figure: Figure = drawn.handed_out()
    return figure


def draw_front(
    area: Geography,
    found: Options,
    *,
    scores: Sequence[str] = ("v_measure", "localisation"),
    among: str = "plausible",
    most: int = 12,
    page: bool = False,
) -> Drawn:
    """Draw what `front_maps` hands out, as a value with its words."""
    found.clear()
    if most < 1:
        raise InputError(f"`most` is {most}; give at least 1")
    scores = texts(scores, "scores")
    front = found.pareto(scores, among=among)
    if front.empty:
        raise InputError(f"`among` {among!r} holds no {found.kind}, so that it has no front")
    steps = np.unique(np.linspace(0, len(front) - 1, min(most, len(front))).round().astype(int))
    shown = front.iloc[steps]
    title = _front_finding(found, scores, among, len(front))
    lines = _front_small_print(area, found, scores, among, len(shown), len(front))
    shapes = area.polygons(found.units)
    edges = area.neighbours(found.units)
    west, south, east, north = shapes.total_bounds
    columns = min(4, len(shown))
    rows = -(-len(shown) // columns)
    margin = 0.6 if page else 0.08
    each = (A4[0] - 2 * margin) / 4 if page else 1.75
    tall = each * (north - south or 1) / (east - west or 1)
    size = 15.0 if page else 9.0
    import matplotlib as mpl

    with mpl.rc_context(RC):
        inner = 4 * each if page else max(columns * each, 3.5)
        head = furniture.height_of_title(title, inner, size=size)
        foot = furniture.height_of_sources(lines, inner)
        # On a page many rows of tall areas shrink to what the words leave.
        room = (A4[1] - 2 * margin - head - foot) / rows - _CAPTION if page else tall
        tall = min(tall, room)
        height = A4[1] if page else 2 * margin + head + rows * (tall + _CAPTION) + foot
        figure, ax = plain_figure(inner + 2 * margin, height)
        ax.remove()
        top = height - margin
        said = furniture.broken(title, inner, size)
        left = margin / (inner + 2 * margin)
        figure.text(
            left, top / height, said, fontsize=size, weight="bold", va="top", parse_math=False
        )
        for k, (drawing, row) in enumerate(shown.iterrows()):
            r, c = divmod(k, columns)
            bottom = top - head - (r + 1) * (tall + _CAPTION)
            across = (margin + c * each) / (inner + 2 * margin)
            box = (across, bottom / height, each / (inner + 2 * margin), tall / height)
            small = figure.add_axes(box)
            _small_map(small, found, int(drawing), shapes, edges)
            values = "; ".join(value_words(s, row[s]) for s in scores)
            sizes = f"{row['smallest']:,.0f} to {row['largest']:,.0f}"
            small.set_title(f"Drawing {drawing:,}\n{values}\n{sizes}", fontsize=8, pad=2)
        lowest = furniture.small_lines(lines, inner)
        low = top - head - rows * (tall + _CAPTION) - 0.05
        figure.text(left, low / height, lowest, fontsize=8, color="#3D3D3D", va="top")
    alt = f"{title}. {_front_words(found, shown, scores)}"
    return Drawn(figure=figure, title=title, alt=alt, sources=found.sources)


_CAPTION = 0.48
"""Inches of the three lines over a small map."""


def _front_finding(found: Options, scores: Sequence[str], among: str, front: int) -> str:
    members = int(found.reference_sets[among].sum())
    which = "" if among == "all" else f"{among} "
    areas = in_words(found.areas_each)
    these = "this one" if front == 1 else f"these {in_words(front)}"
    both = "both " if len(scores) == 2 else "all of " if len(scores) > 2 else ""
    return (
        f"None of {members:,} {which}drawings into {areas} areas beats {these} on {both}"
        f"{score_words(scores)}"
    )


def _front_small_print(
    area: Geography, found: Options, scores: Sequence[str], among: str, shown: int, front: int
) -> list[str]:
    """List what each caption gives, what is left out, the assumptions and the sources."""
    lines = [
        f"Over each map: {score_words(scores)}; residents of the smallest and the largest area."
    ]
    if among == "plausible":
        lines += [note for note in found.notes if note.startswith("Plausible: ")]
    if shown < front:
        lines.append(f"Of the {front:,} drawings of the front {shown:,}, evenly spaced, are shown.")
    if not found.complete:
        lines.append("The drawings are a sample of all that there are.")
    patients = {"localisation", "inside_practice_area"} & set(scores)
    roles = [r for r in map(area.role, ("patients", "hospital")) if r is not None]
    registers = sorted(roles) if patients else []
    return lines + list(small_print(area, [found.units], registers=registers))


def _front_words(found: Options, shown: pd.DataFrame, scores: Sequence[str]) -> str:
    """Say of the first and the last small map which units make its areas."""
    ends = [int(shown.index[0]), int(shown.index[-1])]
    said = []
    for drawing in dict.fromkeys(ends):
        groups = "; ".join(", ".join(group) for group in found.groups(drawing))
        values = ", ".join(value_words(s, shown.at[drawing, s]) for s in scores)
        said.append(f"Drawing {drawing:,} ({values}): {groups}.")
    count = f"Small maps of {len(shown):,} drawings of {found.areas_each} areas each, from one end"
    return f"{count} of the front to the other. {' '.join(said)}"


def _small_map(
    ax: Axes, found: Options, drawing: int, shapes: gpd.GeoDataFrame, edges: pd.DataFrame
) -> None:
    names = list(found.units.names)
    group = {n: k for k, members in enumerate(found.groups(drawing)) for n in members}
    area_of = {code: group[n] for code, n in zip(found.units.codes, names, strict=True)}
    touching = [
        (area_of[a], area_of[b])
        for a, b in zip(edges["a"], edges["b"], strict=True)
        if area_of[a] != area_of[b]
    ]
    colours = fills(sorted(set(area_of.values())), touching)
    shapes.plot(
        ax=ax,
        color=[colours[area_of[c]] for c in shapes.index],
        edgecolor="white",
        linewidth=0.25,
        aspect=None,
    )
    merged = shapes.dissolve([area_of[c] for c in shapes.index])
    merged.boundary.plot(ax=ax, color=INK, linewidth=0.7, aspect=None)
    ax.set_aspect("equal")
    ax.set_axis_off()
