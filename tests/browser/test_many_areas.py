"""How much stands on the page of a map of five hundred areas when it opens?"""

from __future__ import annotations

import pytest

from tests.maps.test_many_areas import HEBREW, town

VISIBLE = """
() => Array.from(document.querySelectorAll(".ct-label span, .ct-legend li span, .ct-legend p"))
  .filter(e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length)
  .map(e => e.innerText.replace(/\\s+/g, " "))
"""


@pytest.fixture(scope="module")
def page_of_500(tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "map.html"
    town(500).explore("ward", offline=True).save(path)
    return path


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (2560, 1440), (390, 800)])
def test_no_more_names_stand_on_the_page_than_can_be_read(look, page_of_500, width, height):
    seen = look(page_of_500, width=width, height=height)
    seen.page.wait_for_selector("path.ct-area")
    assert seen.page.locator("path.ct-area").count() == 500
    names = [n for n in seen.page.evaluate(VISIBLE) if n.startswith("Ward")]
    assert 5 <= len(names) <= 80
    assert seen.faults == []


def test_no_area_is_lost(look, page_of_500):
    page = look(page_of_500).page
    page.wait_for_selector("path.ct-area")
    labels = page.locator("path.ct-area").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    assert set(labels) == {f"Ward {k}" for k in range(1, 501)}
    page.get_by_role("combobox").fill("Ward 437")
    page.get_by_role("option").first.click()
    page.wait_for_selector(".ct-popup h3")
    assert page.locator(".ct-popup h3").inner_text() == "Ward 437"


def test_names_read_from_right_to_left_are_found_and_turn_nothing_round(look, tmp_path):
    path = tmp_path / "map.html"
    town(3, names={"L000": HEBREW, "L001": "B", "L002": "C"}).explore("ward", offline=True).save(
        path
    )
    page = look(path).page
    page.wait_for_selector("path.ct-area")
    page.get_by_role("combobox").fill(HEBREW)
    assert page.get_by_role("option").count() == 1
    page.get_by_role("option").first.click()
    page.wait_for_selector(".ct-popup h3")
    assert HEBREW in page.locator(".ct-popup h3").inner_text()
