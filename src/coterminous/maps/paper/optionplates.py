"""What would other drawings look like? Plates of them side by side, or of the Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from coterminous.folders.credits import small_print
from coterminous.maps import findings
from coterminous.maps.paper import furniture, labels, printed
from coterminous.maps.paper.plate import Plate
from coterminous.maps.style import INK
from coterminous.words import in_words, plural, sentence_case, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coterminous.drawings.optionsets import Options
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

SMALL_MULTIPLES = 12


def front_plate(area: Geography, found: Options) -> Plate:
    """Draw the Pareto front: the drawings that no other beats on two scores, side by side.

    The scores are boundaries shared with councils and patients treated at their area's main
    trust; where those are not known, all that are.

    Raises
    ------
    DisclosureError
        If the scores count patients of a register that is not published.
    InputError
        If there is no drawing.
    """
    from coterminous.maps.paper.fronts import draw_front

    found.clear()
    known = found.usable_scores
    wanted = [score for score in ("v_measure", "localisation") if score in known]
    among = "plausible" if found.reference_sets["plausible"].any() else "all"
    scores = wanted if len(wanted) == 2 else known
    drawn = draw_front(area, found, scores=scores, among=among, page=True)
    return Plate(
        name="options",
        title=drawn.title,
        alt=drawn.alt,
        figure=drawn.figure,
        sources=drawn.sources,
    )


def options_plate(
    area: Geography, options: Sequence[str | AnyLayer], weight: str, *, title: str | None = None
) -> Plate:
    """Draw other drawings side by side, each with the sizes of its areas."""
    import matplotlib as mpl

    drawn = [area.layer(option, argument="options") for option in options][:SMALL_MULTIPLES]
    left_out = len(options) - len(drawn)
    title = title or _options_finding(area, drawn, weight)
    sources = list(small_print(area, drawn, weights=[weight]))
    if left_out > 0:
        sources.append(f"{left_out} more are not shown.")
    wide, high = printed.A4
    figure = printed.blank_page()
    left = 0.6 / wide
    words = furniture.broken(title, wide - 1.2, 15)
    top = 1 - (0.6 + 0.3 * len(words.split("\n"))) / high
    bottom = 0.6 / high + furniture.height_of_sources(sources, wide - 1.2) / high
    with mpl.rc_context(printed.RC):
        figure.text(
            left,
            1 - 0.5 / high,
            words,
            fontsize=15,
            fontweight="bold",
            color=INK,
            va="top",
            parse_math=False,
        )
        for layer, box in zip(drawn, _cells(len(drawn), left, bottom, top), strict=True):
            _small_map(area, layer, figure.add_axes(box), weight)
        small = furniture.small_lines(sources, wide - 1.2)
        figure.text(left, 0.6 / high, small, fontsize=8, color="#3D3D3D", parse_math=False)
    alt = " ".join(findings.layer_alt_text(area, layer, weight=weight) for layer in drawn)
    return Plate(
        name="options", title=title, alt=f"{title}. {alt}", figure=figure, sources=tuple(sources)
    )


def _options_finding(area: Geography, drawn: Sequence[AnyLayer], weight: str) -> str:
    sizes = [n for layer in drawn for n in findings.people_by_area(area, layer, weight).values()]
    many = sentence_case(in_words(len(drawn)))
    unit = area.weight_info(weight).unit
    noun = plural(len(drawn), "drawing")
    return f"{many} other {noun}: areas of {min(sizes):,.0f} to {max(sizes):,.0f} {unit}"


def _cells(
    count: int, left: float, bottom: float, top: float
) -> list[tuple[float, float, float, float]]:
    """Part a page into boxes for small maps, each with room for two lines above it."""
    columns = 1 if count == 1 else 2 if count <= 4 else 3
    rows = max(int(np.ceil(count / columns)), 2)
    wide, high = (1 - 2 * left) / columns, (top - bottom) / rows
    return [
        (
            left + (k % columns) * wide,
            top - (k // columns + 1) * high + 0.012,
            wide - 0.015,
            high - 0.065,
        )
        for k in range(count)
    ]


def _small_map(area: Geography, layer: AnyLayer, ax: Axes, weight: str) -> None:
    polygons = area.polygons(layer)
    touching = area.neighbours(layer)
    printed.plot_areas(
        polygons,
        ax=ax,
        label="names" if len(polygons) <= SMALL_MULTIPLES else "none",
        label_size=6,
        neighbours=zip(touching["a"], touching["b"], strict=True),
        linewidth=0.7,
    )
    people = list(findings.people_by_area(area, layer, weight).values())
    unit = area.weight_info(weight).unit
    sizes = f"{min(people):,.0f} to {max(people):,.0f} {unit} each"
    ax.set_title(
        f"{labels.wrapped(title_of(layer), width=30, lines=3)}\n{sizes}",
        fontsize=8,
        loc="left",
        parse_math=False,
    )
