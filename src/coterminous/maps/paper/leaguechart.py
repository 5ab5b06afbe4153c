"""Which areas are made of whole ones of another layer? A bar for each area, the best at the top."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from coterminous.maps.paper.appraisals import plain_figure
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.printed import RC
from coterminous.maps.style import INK, MAP_FILLS, UNFOCUSED
from coterminous.words import in_sentence, in_words, plural

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from coterminous.effects.standings import League

#: Inches of a bar with its space, and of what stands below all of them.
EACH, BELOW = 0.2, 0.5
#: Letters of a name.
LONGEST = 48
WIDTH = 7.5


def league_figure(found: League) -> Figure:
    """Draw the share of the people of each area who live in a whole area of the other layer.

    Parameters
    ----------
    found : League

    Returns
    -------
    matplotlib.figure.Figure
        With its alternative text beside it; as high as there are areas.
    """
    figure: Figure = draw_league(found).handed_out()
    return figure


def draw_league(found: League) -> Drawn:
    """Draw what `league_figure` hands out, as a value with its words."""
    import matplotlib as mpl

    table = found.table
    share = table["share_in_whole_targets"].fillna(0.0).astype(float)
    names = [textwrap.shorten(str(n), LONGEST, placeholder="…") for n in table["name"]]
    left = 0.02 + 0.0092 * max(map(len, names))
    said = finding(found)
    title = textwrap.fill(said, 72)
    above = 0.45 + 0.2 * title.count("\n")
    high = above + BELOW + EACH * len(table)
    places = range(len(table))
    with mpl.rc_context(RC):
        figure, ax = plain_figure(WIDTH, high)
        figure.subplots_adjust(left=left, right=0.86, top=1 - above / high, bottom=BELOW / high)
        ax.barh(places, [100.0] * len(table), color=UNFOCUSED, height=0.72)
        ax.barh(places, share * 100, color=MAP_FILLS[1], edgecolor=INK, linewidth=0.4, height=0.72)
        ax.set_yticks(list(places), names, fontsize=8)
        ax.set_ylim(len(table) - 0.4, -0.6)
        ax.set_xlim(0, 100)
        for place, (_, row) in enumerate(table.iterrows()):
            ax.text(101, place, _beside(row), va="center", fontsize=8, color=INK)
        ax.set_xlabel(
            "% of its people who live in one that lies wholly inside it", fontsize=8, loc="left"
        )
        ax.tick_params(axis="x", labelsize=8)
        for side in ("top", "right", "left"):
            ax.spines[side].set_visible(False)
        ax.tick_params(axis="y", length=0)
        figure.text(
            0.02, 1 - 0.1 / high, title, va="top", fontsize=11, fontweight="bold", color=INK
        )
    return Drawn(
        figure=figure, alt=f"{said}. {words_of_shares(found)}", title=said, sources=found.sources
    )


def finding(found: League) -> str:
    """Say how many areas are made of whole ones of the other layer."""
    share = found.table["share_in_whole_targets"]
    whole, none = int((share >= 1).sum()), int((share == 0).sum())
    ours, theirs = map(in_sentence, found.titles)
    return (
        f"{whole} of the {len(share)} {ours}, are made of whole {theirs}; {in_words(none)} "
        f"{plural(none, 'holds', 'hold')} none whole"
    )


def _beside(row: pd.Series) -> str:
    """Say how many areas are whole in one, and how many are cut."""
    if row["relation"] != row["relation"]:
        return "nobody"
    whole, cut = int(row["whole_targets"]), int(row["cut_targets"])
    return f"{whole} whole, {cut} cut" if cut else f"{whole} whole"


def words_of_shares(found: League) -> str:
    """Say of each area the share of its people who live in a whole one of the other layer."""
    lines = [
        f"{row['name']} {row['share_in_whole_targets']:.0%}"
        for _, row in found.table.iterrows()
        if row["share_in_whole_targets"] == row["share_in_whole_targets"]
    ]
    return f"Share of people in whole ones: {', '.join(lines)}."
