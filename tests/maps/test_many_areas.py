"""Maps at the edges of their range: many areas, extremes that are equal, names in other scripts."""

from __future__ import annotations

import warnings

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import coterminous as ct
from coterminous.maps import findings
from coterminous.maps.page import groups
from coterminous.maps.page.groups import LISTED
from coterminous.words import natural

HEBREW, ARABIC = "מרכז העיר", "مدينة القدس"


def town(areas, people=100, names=None):
    """Squares in rows of 25, an area each, with as many people in each or those given."""
    corners = [(1000 * (k % 25), 1000 * (k // 25)) for k in range(areas)]
    blocks = gpd.GeoDataFrame(
        {"population": people},
        index=[f"L{k:03}" for k in range(areas)],
        geometry=[box(x, y, x + 1000, y + 1000) for x, y in corners],
        crs=27700,
    )
    codes = pd.Series(blocks.index, index=blocks.index)
    said = names or {code: f"Ward {k + 1}" for k, code in enumerate(codes)}
    layer = ct.Layer.from_lookup("ward", codes, names=said, title="Wards")
    return ct.Geography.from_frames(blocks).with_layer("ward", layer)


@pytest.mark.parametrize("areas", [2, 20, 500])
def test_equal_extremes_are_no_extremes(areas):
    area = town(areas)
    title = findings.size_finding(area, "ward")
    assert title.endswith("wards: 100 people in each")
    assert "from" not in title
    if areas > findings.MANY:
        assert findings.layer_alt_text(area, "ward").endswith("areas, 100 people in each.")


def test_nobody_is_no_extreme():
    people = [100] * 18 + [0] * 2
    assert findings.size_finding(town(20, people), "ward") == (
        "The 20 wards: 100 people in each of 18; two with nobody in them"
    )
    assert findings.size_finding(town(20, 0), "ward") == "The 20 wards: no people in any of them"
    assert findings.layer_alt_text(town(20, 0), "ward").endswith("no people in any of them.")


def test_numbers_in_names_sort_as_people_count():
    assert sorted(["Ward 10", "Ward 2", "Ward 1", "10", "9b", ""], key=natural) == [
        "",
        "9b",
        "10",
        "Ward 1",
        "Ward 2",
        "Ward 10",
    ]


def sections(area):
    from coterminous.maps import facts
    from coterminous.maps.choosing import Chosen
    from coterminous.maps.page import simplifying
    from coterminous.maps.style import fills

    layer = area.layer("ward")
    frame = simplifying.simplified(area, [layer], tolerance=0)[0]
    told = facts.facts(area, layer)
    pairs = area.neighbours(layer)
    given = fills(list(layer.codes), zip(pairs["a"], pairs["b"], strict=True))
    return groups.area_group(layer, frame, told, colours=given, asked=Chosen())


def test_a_legend_lists_few_areas_in_order_and_says_when_colours_repeat():
    six = sections(town(6)).legend[0]
    assert six["note"] == ""
    twelve = sections(town(12)).legend[0]
    assert [e["n"] for e in twelve["entries"]] == [f"Ward {k}" for k in range(1, 13)]
    assert "areas further off share them" in twelve["note"].replace("&#59;", ";")
    made = sections(town(LISTED + 1))
    assert made.legend[0]["entries"] == []
    assert made.legend[0]["note"].startswith("31 areas")
    assert len(made.found) == 31  # the search finds each


def test_a_printed_map_of_more_areas_than_it_names_says_so_and_numbers_run_in_order():
    import matplotlib as mpl

    mpl.use("Agg")
    many = town(81).plot("ward")
    assert any("81 areas, too many to name on paper" in t.get_text() for t in many.texts)
    few = town(20).plot("ward")
    key = "\n".join(t.get_text() for t in few.texts if "Ward 2" in t.get_text())
    assert " 2  Ward 2\n 3  Ward 3" in key


def test_signs_that_cannot_be_drawn_are_shown_as_such_and_named_in_a_sentence():
    names = {"L000": "Duck \N{DUCK}\ufe0f End", "L001": HEBREW, "L002": ARABIC}
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # matplotlib's, of a glyph that is missing
        drawn = town(3, names=names).plot("ward", title="Three")
        drawn.figure.canvas.draw()
    said = [t.get_text().replace("\n", " ") for t in drawn.texts]
    assert "Duck \ufffd End" in said
    assert HEBREW in said
    assert ARABIC in said
    lacking = "The font of this map lacks U+1F986 DUCK, for which \ufffd stands."
    assert any(line.startswith(lacking) for line in said)
