"""Names that would run as code in Python, in JavaScript or in HTML stay the text they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct

HOSTILE = [
    "{{7*7}}",
    "${1}",
    "`back` tick",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "back\\slash \\u0041 \\n",
    "{% raw %}",
    "{# note #} & &amp; \"quoted\" 'single'",
]


@pytest.fixture(scope="module")
def hostile() -> ct.Geography:
    """Eight blocks in a row, each an area with one of the names, in a layer with one too."""
    import geopandas as gpd
    from shapely import box

    codes = [f"b{k}" for k in range(len(HOSTILE))]
    blocks = gpd.GeoDataFrame(
        {"population": range(10, 10 + len(codes))},
        index=codes,
        geometry=[
            box(350_000 + 2000 * k, 430_000, 352_000 + 2000 * k, 434_000) for k in range(len(codes))
        ],
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks, name="hostile", title="{{title}} ${t} <b>")
    names = dict(zip([f"A{k}" for k in range(len(codes))], HOSTILE, strict=True))
    layer = ct.Layer.from_lookup(
        "first",
        pd.Series({c: f"A{k}" for k, c in enumerate(codes)}),
        blocks=area.blocks,
        names=names,
        title="{{7*7}} `layer` ${2} </script>",
        note="A note {{8*8}} <i>",
    )
    halves = pd.Series({c: "{{h}}" if k < 4 else "${h}`" for k, c in enumerate(codes)})
    return area.with_layer("first", layer).with_layer(
        "second", halves, title="<img src=x onerror=alert(3)> {% raw %}"
    )


@pytest.fixture(scope="module")
def practices() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": HOSTILE,
            "easting": [351_000 + 2000 * k for k in range(len(HOSTILE))],
            "northing": 432_000,
            "patients": range(1000, 1000 + len(HOSTILE)),
            "status": ["newly_crossing", "resolved", "persisting", "never_crossing"] * 2,
        },
        index=[f"{{{{{k}}}}}`" for k in range(len(HOSTILE))],
    )


@pytest.fixture(scope="module")
def saved(hostile, practices, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.html"
    shown = hostile.explore(
        "first",
        "second",
        practices=practices,
        changes=True,
        title="Title {{7*7}} ${1} ` </title><script>alert(4)</script> \\ {% raw %}",
        offline=True,
    )
    shown.save(path)
    return path


@pytest.fixture
def opened(look, saved):
    seen = look(saved)
    seen.page.on("dialog", lambda dialog: seen.faults.append(f"dialog {dialog.message}"))
    page = seen.page
    page.wait_for_selector("path.ct-area")
    page.locator(".leaflet-control-layers-selector").nth(2).uncheck()
    page.locator(".leaflet-control-layers-selector").nth(0).check()
    return seen


def test_the_title_is_read_back_as_written(opened):
    written = "Title {{7*7}} ${1} ` </title><script>alert(4)</script> \\ {% raw %}"
    assert opened.page.title() == written
    assert opened.page.get_by_role("heading", level=1).inner_text() == written


def test_layers_legend_and_labels_are_read_back_as_written(opened):
    page = opened.page
    toggles = page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
    assert [t.strip() for t in toggles][:2] == [
        "{{7*7}} `layer` ${2} </script>",
        "<img src=x onerror=alert(3)> {% raw %}",
    ]
    legend = page.locator(".ct-legend section").first
    assert sorted(legend.locator("li").all_inner_texts()) == sorted(HOSTILE)
    labels = [" ".join(t.split()) for t in page.locator(".ct-label").all_text_contents()]
    squeezed = {t.replace(" ", "") for t in labels}
    assert {h.replace(" ", "") for h in HOSTILE[:3]} <= squeezed


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_popup_and_a_tooltip_are_read_back_as_written(opened, number):
    page = opened.page
    shape = page.locator("path.ct-area").nth(number)
    name = shape.get_attribute("aria-label")
    assert name == HOSTILE[number]
    box = shape.bounding_box()
    shape.hover(position={"x": box["width"] * 0.25, "y": box["height"] * 0.15})
    assert page.locator(".leaflet-tooltip").inner_text().strip() == name
    shape.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").get_by_role("heading").inner_text() == name


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_search_finds_a_practice_by_its_hostile_name(opened, number):
    page = opened.page
    page.get_by_role("combobox").fill(HOSTILE[number])
    practice = page.get_by_role("option").filter(has_text="Practices").first
    assert practice.inner_text().split("\n")[0] == HOSTILE[number]
    practice.dispatch_event("mousedown")
    popup = page.get_by_role("dialog")
    assert popup.get_by_role("heading").inner_text() == HOSTILE[number]
    assert f"{{{{{number}}}}}`. 1,00{number} patients registered." in popup.inner_text()


def test_notes_and_the_text_twin_are_read_back_as_written(opened):
    page = opened.page
    assert "A note {{8*8}} <i>" in page.locator(".ct-footer").inner_text()
    page.locator("#ct-words summary").click()
    rows = page.locator("#ct-words tbody").first.locator("th").all_inner_texts()
    assert rows == HOSTILE


def test_nothing_ran(opened):
    page = opened.page
    for toggle in page.locator(".leaflet-control-layers-selector").all():
        toggle.check()
    page.wait_for_timeout(200)
    assert opened.faults == []
    assert page.locator("img[src=x]").count() == 0
    assert "49" not in page.locator("body").inner_text()
