"""Colours by a figure, one colour, a few set apart: the same on paper and on the screen."""

from __future__ import annotations

import html
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import coterminous as ct
from coterminous.errors import InputError
from coterminous.maps.choosing import QUIET, columns_of

LAYER = "footprint2022"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def on_paper(area, **asked):
    """Give the fill of each area of a printed map, by name."""
    ax = area.plot(LAYER, **asked)
    filled = max((c for c in ax.collections), key=lambda c: len(c.get_facecolor()))
    codes = sorted(area.layer(LAYER).codes)
    names = area.layer(LAYER).areas["name"]
    fills = [to_hex(f).upper() for f in filled.get_facecolor()]
    return dict(zip((names[c] for c in codes), fills, strict=True))


def on_screen(area, **asked):
    """Give the fill of each area of an interactive map, by name, from the page itself."""
    page = area.explore(LAYER, **asked).get_root().render()
    found = re.findall(r'"fillColor": "(#[0-9A-Fa-f]{6})".{0,80}?', page)
    return page, [f.upper() for f in found]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"highlight": "Blackpool"},
        {"highlight": ["Blackpool", "east"]},
        {"color": "teal"},
        {"cmap": "viridis"},
        {"column": "population"},
        {"column": "share_quintile_1", "cmap": "Greens"},
        {"column": "share_quintile_1", "highlight": ["East"]},
    ],
)
def test_paper_and_screen_give_the_same_colours(lsc, asked):
    paper = on_paper(lsc, **asked)
    _, screen = on_screen(lsc, **asked)
    assert sorted(paper.values()) == sorted(screen)


def test_highlighted_areas_keep_their_colour_and_the_others_are_grey(lsc):
    before, after = on_paper(lsc), on_paper(lsc, highlight=["Blackpool", "East"])
    assert {name for name, fill in after.items() if fill != QUIET} == {"Blackpool", "East"}
    assert after["Blackpool"] == before["Blackpool"]


def test_a_share_is_worked_out_of_the_people(lsc):
    weights = lsc.weight("quintile_1"), lsc.weight("population")
    part, whole = (w.groupby(lsc.layer(LAYER).assignment).sum() for w in weights)
    share = (part / whole).round(10)
    ax = lsc.plot(LAYER, column="share_quintile_1")
    said = [t.get_text() for t in ax.get_legend().get_texts()]
    low, high = (float(x) / 100 for x in re.findall(r"[\d.]+", f"{said[0]} {said[-1]}")[::3])
    assert low <= share.min() < low + 0.1
    assert high - 0.1 < share.max() <= high
    names = lsc.layer(LAYER).areas["name"]
    assert f"{names[share.idxmax()]} ({share.max():.1%})" in ax.alt_text
    page, _ = on_screen(lsc, column="share_quintile_1")
    assert f": {share.max():.1%}" in html.unescape(page.replace("\\u0026", "&"))


def test_darker_means_more(lsc):
    from coterminous.maps.style import lightness

    fills = on_paper(lsc, column="population")
    people = lsc.weight("population").groupby(lsc.layer(LAYER).assignment).sum()
    names = lsc.layer(LAYER).areas["name"]
    order = [fills[names[c]] for c in people.sort_values().index]
    light = [lightness(fill) for fill in order]
    assert light == sorted(light, reverse=True)
    assert light[0] - light[-1] > 40


def test_numbers_of_ones_own_and_areas_without(lsc):
    given = pd.Series({"blackpool": 3.0, "east": 8.0}, name="beds per 1,000")
    ax = lsc.plot(LAYER, column=given)
    said = [t.get_text() for t in ax.get_legend().get_texts()]
    assert said[-1] == "not known"
    assert ax.get_legend().get_title().get_text() == "beds per 1,000"


@pytest.mark.parametrize("door", ["plot", "explore"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"column": "populaton"}, "`column` is 'populaton'.*Did you mean 'population'"),
        ({"highlight": "Blackpol"}, "Blackpol.*Did you mean 'Blackpool'"),
        ({"cmap": "virids"}, "`cmap` is 'virids'.*Did you mean 'viridis'"),
        ({"color": "tael"}, "`color` is 'tael'; give a colour that matplotlib knows"),
        ({"color": "teal", "column": "population"}, "`color` and `column` contradict"),
        ({"color": "teal", "cmap": "viridis"}, "`color` and `cmap` contradict"),
        ({"column": {"nowhere": 3}}, "nowhere"),
        ({"column": {"east": "many"}}, "`column` has 'many', which is no number"),
        ({"column": {"east": float("inf")}}, "which is no number"),
        ({"column": {}}, "no number for any area"),
        ({"column": pd.Series([1, 2], index=["east", "East"])}, "'east' more than once"),
        ({"column": pd.DataFrame({"x": [1]})}, "`column` is a DataFrame; give the name"),
        ({"color": "none"}, "`color` is 'none'; give a colour"),
        ({"colour": "teal"}, "has no option 'colour'. Did you mean"),
    ],
)
def test_what_cannot_be_is_refused_alike_by_both_doors(lsc, door, asked, said):
    with pytest.raises(InputError, match=said):
        getattr(lsc, door)(LAYER, **asked)


@pytest.mark.parametrize("column", columns_of(ct.load()))
def test_every_column_that_is_offered_can_be_drawn(lsc, column):
    assert len(set(on_paper(lsc, column=column).values())) >= 1
    assert "Coloured by" in lsc.plot(LAYER, column=column).alt_text


def test_a_name_of_a_column_of_ones_own_is_text(lsc):
    given = pd.Series({"blackpool": 3.0, "east": 8.0}, name="<script>{{7*7}}")
    page, _ = on_screen(lsc, column=given)
    assert "<script>{{7*7}}" not in page
    assert "<script>49" not in page
    ax = lsc.plot(LAYER, column=given)
    assert "<script>{{7*7}}" in ax.get_legend().get_title().get_text()
