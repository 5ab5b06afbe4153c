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


def test_a_figure_shows_its_origin_under_the_pointer(opened):
    figure, tip = opened.page.locator(".figure").nth(3), opened.page.locator("#tip")
    figure.hover()
    assert "Layers: " in tip.inner_text()
    opened.page.keyboard.press("Escape")
    assert tip.is_hidden()
    figure.click()
    opened.page.mouse.move(0, 0)
    assert tip.is_visible()
    opened.page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_the_origin_of_each_number_is_a_key_away(opened):
    told = opened.page.locator("details.origins").first
    assert told.locator("li").first.is_hidden()
    told.locator("summary").focus()
    opened.page.keyboard.press("Enter")
    assert "Layers: " in told.locator("li").first.inner_text()


def test_few_links_stand_before_the_notes(opened):
    inside = opened.page.evaluate(
        "[...document.querySelectorAll('a')].filter(a => !a.closest('#notes, footer')).length"
    )
    assert 0 < inside < 60


@pytest.mark.parametrize("name", ["appendix.html", "accessibility.html"])
def test_it_reflows_at_four_times_the_size(look, serious, page_file, name):
    """WCAG 1.4.10: 1,280 pixels at 400% are 320; a number stays on one line."""
    seen = look(page_file.with_name(name), width=320, height=640)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert seen.faults == []
    assert serious(seen.page) == []
    split = seen.page.evaluate(
        """() => [...document.querySelectorAll('.figure, td.number')]
        .filter(each => { const range = document.createRange(); range.selectNodeContents(each);
          return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1; })
        .map(each => each.textContent)"""
    )
    assert split == []


def test_maps_keep_their_letters_legible_on_a_telephone(look, page_file):
    """Letters drawn at 8 points stay at 8 points or more: the map scrolls in its own box."""
    page = look(page_file, width=320, height=640).page
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('figure svg text')]
        .map(text => text.getBoundingClientRect().height).filter(height => height > 0)"""
    )
    assert sizes
    assert min(sizes) >= 8 * 96 / 72 * 0.9


def test_the_page_can_be_read_at_the_width_of_a_telephone(look, page_file):
    page = look(page_file, width=360, height=700).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
