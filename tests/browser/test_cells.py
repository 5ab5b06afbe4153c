"""How high is what stands last in a cell? Every kind of result, as a browser lays it out."""

from __future__ import annotations

import pytest

import coterminous as ct
from tests.test_shown import EXAMPLES

#: Pixels, of a screen of a laptop with room for the next cell.
HIGH = 900


@pytest.fixture(scope="module")
def area():
    return ct.load()


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_cell_is_under_900_pixels_high(chromium, area, kind, tmp_path):
    page = chromium.new_page(viewport={"width": 900, "height": 600})
    shown = EXAMPLES[kind](area, tmp_path)._repr_html_()
    page.set_content(f"<body style='font: 13px sans-serif'><div id='cell'>{shown}</div></body>")
    box = page.locator("#cell").bounding_box()
    page.close()
    assert 20 < box["height"] < HIGH
    assert box["width"] <= 900
