"""The appendix in a browser: no request, no error, each number's origin within reach."""

from __future__ import annotations

import pytest

import coterminous as ct
from coterminous.report.assembling import appendix


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    out = tmp_path_factory.mktemp("paper") / "appendix"
    return appendix(ct.load(), out=out, formats=("html",)) / "appendix.html"


@pytest.fixture
def opened(look, page_file):
    return look(page_file)


def test_it_opens_with_no_network_and_no_error(opened, page_file):
    opened.page.locator("iframe").first.scroll_into_view_if_needed()
    opened.page.frame_locator("iframe").first.locator(".leaflet-container").wait_for()
    # A page inside the page is written in it, and asked of nobody.
    outside = [r for r in opened.requests if not r.startswith(("data:", "blob:", "about:"))]
    assert outside == [page_file.as_uri()]
    assert opened.faults == []


def test_axe_finds_nothing_serious(opened, serious):
    assert serious(opened.page) == []


def test_a_figure_shows_its_origin_on_hover_and_on_the_keyboard(opened):
    figure, tip = opened.page.locator("a.figure").nth(3), opened.page.locator("#tip")
    figure.hover()
    assert "Layers: " in tip.inner_text()
    opened.page.keyboard.press("Escape")
    assert tip.is_hidden()
    figure.focus()
    assert tip.is_visible()
    assert figure.get_attribute("aria-describedby") == "tip"
    opened.page.keyboard.press("Enter")
    opened.page.mouse.move(0, 0)
    assert tip.is_visible()
    opened.page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_the_page_can_be_read_at_the_width_of_a_telephone(look, page_file):
    page = look(page_file, width=360, height=700).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
