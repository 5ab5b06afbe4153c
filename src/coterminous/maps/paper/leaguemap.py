"""Where are the areas that are made of whole ones of another layer? A map in five steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterminous.errors import InputError
from coterminous.folders.credits import small_print
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.leaguechart import finding, words_of_shares
from coterminous.maps.paper.printed import plot_areas
from coterminous.maps.style import PAPER
from coterminous.words import in_sentence, sentence_case

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from coterminous.effects.standings import League
    from coterminous.geography import Geography

#: The least share of a step, its fill, its hatch and its words; darker in grey print too.
STEPS: tuple[tuple[float, str, str, str], ...] = (
    (1.0, "#1d4f91", "", "made of whole ones"),
    (0.9, "#5b86c4", "", "90% or more of its people in whole ones"),
    (0.5, "#a9c3e6", "", "50% to 90%"),
    (0.000001, "#e3ecf7", "//", "under 50%"),
    (0.0, PAPER, "xx", "holds none whole"),
)


def league_map(found: League, area: Geography) -> Figure:
    """Draw the areas of a league by the share of their people who live in a whole one.

    Parameters
    ----------
    found : League
    area : Geography
        That it was made of.

    Returns
    -------
    matplotlib.figure.Figure
        With its alternative text beside it.

    Raises
    ------
    InputError
        If the geography has no such layer.
    """
    figure: Figure = draw_league_map(found, area).handed_out()
    return figure


def draw_league_map(found: League, area: Geography) -> Drawn:
    """Draw what `league_map` hands out, as a value with its words."""
    layer = area.layer(found.layer)
    if set(layer.codes) != set(found.table.index):
        raise InputError(
            f"`area` has other areas in layer {found.layer!r} than the league; give the geography "
            "that it was made of"
        )
    share = found.table["share_in_whole_targets"].astype("float64").fillna(0.0)
    step = {code: _step(value) for code, value in share.items()}
    entries: list[tuple[str, dict[str, Any]]] = [
        (sentence_case(words), {"facecolor": fill, "hatch": hatch})
        for i, (_, fill, hatch, words) in enumerate(STEPS)
        if i in step.values()
    ]
    said = finding(found)
    ax = plot_areas(
        area.polygons(layer),
        title=said,
        colours={code: STEPS[i][1] for code, i in step.items()},
        hatches={code: STEPS[i][2] for code, i in step.items()},
        sources=[f"By {in_sentence(found.titles[1])}.", *small_print(area, [layer])],
        what=layer.title,
        entries=entries,
        page=True,
    )
    return Drawn(
        figure=ax.figure,
        alt=f"Map. {said}. {words_of_shares(found)}",
        title=said,
        sources=found.sources,
    )


def _step(share: float) -> int:
    """Give the step of a share: the first whose least it reaches."""
    return next(i for i, (least, *_) in enumerate(STEPS) if share >= least - 1e-12)
