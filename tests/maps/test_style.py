"""Fills differ between neighbours, and lines and words stand out from every one of them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterminous.maps import style

PRINTED = [*style.MAP_FILLS, style.LAND, style.BEYOND, style.UNFOCUSED]


@pytest.mark.parametrize("fill", PRINTED)
def test_lines_are_at_least_three_to_one_against_every_fill(fill):
    assert style.contrast(style.INK, fill) >= 3


@pytest.mark.parametrize("fill", [style.PAPER, *PRINTED])
def test_words_are_at_least_four_and_a_half_to_one(fill):
    assert style.contrast(style.text_on(fill), fill) >= 4.5


def test_fills_differ_from_one_another_in_greyscale():
    tones = sorted(style.luminance(fill) for fill in style.MAP_FILLS)
    assert min(b - a for a, b in zip(tones, tones[1:], strict=False)) > 0.03


def test_contrast_is_that_of_wcag():
    assert style.contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


def test_each_of_a_few_areas_has_a_colour_of_its_own():
    given_out = style.colour_numbers(["a", "b", "c"], [("a", "b")])
    assert sorted(given_out.values()) == [0, 1, 2]


@given(st.integers(2, 9), st.integers(2, 9))
def test_squares_of_a_grid_that_touch_get_different_colours(rows, columns):
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    beside = [(a, b) for a, b in combinations(cells, 2) if abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1]
    given_out = style.colour_numbers(cells, beside)
    assert all(given_out[a] != given_out[b] for a, b in beside)
    assert set(given_out.values()) <= set(range(6))


def test_neighbours_that_use_up_all_the_colours_share_the_one_fewest_have():
    codes = list("abcd")
    everyone = list(combinations(codes, 2))
    given_out = style.colour_numbers(codes, everyone, colours=3)
    assert sorted(given_out.values()) == [0, 0, 1, 2]


@pytest.mark.parametrize("layer", ["pcn2022", "msoa2011", "ltla2021"])
def test_no_two_neighbours_of_a_bundled_layer_share_a_fill(lsc, layer):
    beside = lsc.neighbours(layer)
    pairs = list(zip(beside["a"], beside["b"], strict=True))
    given_out = style.fills(list(lsc.layer(layer).codes), pairs)
    assert [pair for pair in pairs if given_out[pair[0]] == given_out[pair[1]]] == []
