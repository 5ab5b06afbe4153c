"""A map fits where it is put: on axes of somebody else's, or on a figure of a given size."""

from __future__ import annotations

from itertools import combinations

import matplotlib.pyplot as plt
import pytest

import coterminous as ct
from coterminous.errors import InputError

LAYERS = ["pbp2021", "place2022", "ccg2021", "ltla2021"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts_of(figure):
    """Give every text of a figure that says something, with its box in pixels."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    found = [t for t in figure.findobj(plt.Text) if t.get_text().strip() and t.get_visible()]
    return [(t, t.get_window_extent(renderer)) for t in found]


def overlapping(figure):
    """List the pairs of texts that overprint one another."""
    return [
        (a.get_text(), b.get_text())
        for (a, x), (b, y) in combinations(texts_of(figure), 2)
        if x.padded(-1).overlaps(y.padded(-1))
    ]


def beyond(figure):
    """List the texts that the edge of the figure cuts."""
    edge = figure.bbox.padded(2)
    return [
        t.get_text()
        for t, box in texts_of(figure)
        if box.x0 < edge.x0 or box.y0 < edge.y0 or box.x1 > edge.x1 or box.y1 > edge.y1
    ]


@pytest.mark.parametrize("size", [(8, 7), (10, 9), (14, 12)])
@pytest.mark.parametrize("layout", [None, "constrained", "tight"])
def test_four_maps_on_one_figure_print_nothing_over_anything(lsc, size, layout):
    figure, axes = plt.subplots(2, 2, figsize=size, layout=layout)
    for ax, layer in zip(axes.flat, LAYERS, strict=True):
        lsc.plot(layer, ax=ax, context="utla2021", title=lsc.layer(layer).title)
    assert overlapping(figure) == []
    assert beyond(figure) == []
    assert min(t.get_fontsize() for t, _ in texts_of(figure)) >= 8
    assert tuple(figure.get_size_inches()) == size


def test_a_layout_asked_for_afterwards_changes_no_map(lsc):
    figure, axes = plt.subplots(2, 2, figsize=(10, 9))
    for ax, column in zip(axes.flat, ["population", "share_quintile_1"] * 2, strict=True):
        lsc.plot("footprint2022", ax=ax, column=column, title=column)
    figure.tight_layout()
    assert overlapping(figure) == []
    assert beyond(figure) == []


def test_sources_of_all_maps_stand_once(lsc):
    figure, axes = plt.subplots(1, 2, figsize=(9, 5))
    for ax, layer in zip(axes, LAYERS, strict=False):
        lsc.plot(layer, ax=ax)
    said = " ".join(t.get_text() for t, _ in texts_of(figure)).replace("\n", " ")
    assert said.count("Contains OS data") == 1
    assert said.count("licensed under the Open Government Licence v.3.0") == 1
    assert "South Cumbria is taken to be" in said


def test_what_could_not_be_named_is_said(lsc):
    figure, axes = plt.subplots(2, 2, figsize=(8, 7))
    lsc.plot("ltla2021", ax=axes[0, 0])
    said = " ".join(t.get_text() for t in figure.texts).replace("\n", " ")
    assert "27 areas, too many to name in this space" in said


def test_small_areas_are_numbered_with_a_key_where_names_have_no_room(lsc):
    _, ax = plt.subplots(figsize=(7, 8))
    lsc.plot("ltla2021", ax=ax)
    said = {t.get_text() for t in ax.texts}
    assert {str(k) for k in range(1, 28)} <= said


@pytest.mark.parametrize("size", [(4, 5), (6, 6), (9, 4)])
def test_the_size_that_is_asked_for_is_the_size(lsc, size):
    figure = lsc.plot("footprint2022", figsize=size, title="Where they are").figure
    assert tuple(figure.get_size_inches()) == size
    assert overlapping(figure) == []
    assert beyond(figure) == []


def test_a_figure_of_the_callers_keeps_its_other_axes(lsc):
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5))
    right.plot([0, 1], [0, 1])
    lsc.plot("pbp2021", ax=left)
    figure.canvas.draw()
    assert not left.get_window_extent().overlaps(right.get_window_extent())
    note = figure.texts[0].get_window_extent()
    assert right.get_window_extent().y0 >= note.y1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"figsize": (0.3, 0.3)}, "too small for a map with its words"),
        ({"figsize": 5}, "`figsize` is 5; give inches across and up"),
        ({"figsize": (5, float("nan"))}, "give inches across and up"),
        ({"figsize": (5, 5), "page": True}, "`figsize` and `page` contradict"),
    ],
)
def test_a_size_that_cannot_be_is_refused(lsc, given, said):
    with pytest.raises(InputError, match=said):
        lsc.plot("pbp2021", title="A title", **given)


def test_a_picture_under_a_cell_carries_its_words(lsc):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 5))
    lsc.plot("pbp2021", ax=left)
    lsc.plot("place2022", ax=right)
    shown, told = figure._repr_mimebundle_()
    alt = told["image/png"]["alt"]
    assert "Morecambe Bay (334,287 people)" in alt
    assert "South Cumbria (186,168 people)" in alt
    assert shown["text/plain"] == alt


def test_plates_at_the_end_of_a_cell_are_pictures_with_their_words(lsc):
    made = ct.plates(lsc, before="pbp2021", after="place2022", practices=None, trusts=None)
    shown = made._repr_html_()
    assert shown.count("<img ") == len(made) == 5
    assert all(f'alt="{plate.alt.replace(chr(39), "&#x27;")}"' in shown for plate in made.values())
    assert repr(made).splitlines()[0] == f"before: {made['before'].title}"
    assert len(repr(made)) < 2_000


def test_a_second_map_on_the_same_axes_has_one_scale(lsc):
    figure, ax = plt.subplots(figsize=(7, 7))
    lsc.plot("pbp2021", ax=ax)
    lsc.plot("ltla2021", ax=ax, label="none", alpha=0.2)
    said = [t.get_text() for t, _ in texts_of(figure) if t.get_text().endswith(" km")]
    assert said == ["50 km"]


def test_an_inset_and_parts_of_a_figure_are_places_too(lsc):
    figure, ax = plt.subplots(figsize=(8, 8))
    small = ax.inset_axes([0.62, 0.62, 0.36, 0.36])
    lsc.plot("pbp2021", ax=ax)
    lsc.plot("place2022", ax=small)
    figure.canvas.draw()
    assert small.get_window_extent().width < 0.5 * ax.get_window_extent().width
    parts = plt.figure(figsize=(9, 5)).subfigures(1, 2)
    for part in parts:
        lsc.plot("pbp2021", ax=part.subplots())
    assert all("Source: " in part.texts[0].get_text() for part in parts)


@pytest.mark.parametrize("projection", ["polar", "3d"])
def test_axes_of_another_kind_are_refused(lsc, projection):
    with pytest.raises(InputError, match=f"`ax` is {projection} axes; give plain axes"):
        lsc.plot("pbp2021", ax=plt.figure().add_subplot(projection=projection))
    with pytest.raises(InputError, match="`ax` is a ndarray; give plain axes"):
        lsc.plot("pbp2021", ax=plt.subplots(1, 2)[1])
