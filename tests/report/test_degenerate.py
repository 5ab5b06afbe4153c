"""Geographies at the edge of what can be said: nobody, no overlap, one block, no weight."""

import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import InputError
from coterminous.report.assembling import compose
from coterminous.report.settings import settle
from coterminous.report.writers.html import render_html
from coterminous.report.writers.word import render_word


def row_of_blocks(people, **layers):
    """Blocks in a row, a kilometre square each, with layers given as one letter a block.

    ::

        +----+----+----+----+
        | b0 | b1 | b2 | b3 |      "AAB." : b0 and b1 in A, b2 in B, b3 outside
        +----+----+----+----+
    """
    import geopandas as gpd
    from shapely import box

    codes = [f"b{i}" for i in range(len(people))]
    blocks = gpd.GeoDataFrame(
        {"population": people, "census2021": people, "quintile_1": people},
        index=codes,
        geometry=[box(i * 1000, 0, i * 1000 + 1000, 1000) for i in range(len(people))],
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks, weights=["population", "census2021", "quintile_1"])
    for name, letters in layers.items():
        lookup = [letter if letter != "." else None for letter in letters]
        area = area.with_layer(name, pd.Series(lookup, index=codes))
    return area


CASES = {
    "nobody lives there": (
        row_of_blocks([0, 0, 0, 0], x="AABB", y="ABBB"),
        {"before": "x", "after": "y", "upper": "y", "lower": "x"},
    ),
    "the drawings do not meet": (
        row_of_blocks([5, 0, 3, 2], x="AABB", y="AB..", z="..QR"),
        {"before": "y", "after": "z", "upper": "x", "lower": "x", "later": "y", "whole": "x"},
    ),
    "nothing changes": (
        row_of_blocks([5, 1, 3, 2], x="AABB"),
        {"before": "x", "after": "x", "upper": "x", "whole": "x", "parts": "x", "options": ("x",)},
    ),
    "one block": (
        row_of_blocks([7], x="A"),
        {"before": "x", "after": "x", "upper": "x", "lower": "x"},
    ),
    "parts of people": (
        row_of_blocks([1.5, 2.25, 3.0], x="AAB", y="ABB"),
        {"before": "x", "after": "y", "upper": "x"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_document_is_made(case):
    area, given = CASES[case]
    document = compose(area, settle(area, given={**given, "full": True, "formats": ("docx",)}))
    assert document.figures()
    assert render_html(document)
    assert render_word(document)


def test_where_nobody_is_parted_the_text_says_so():
    area, given = CASES["nothing changes"]
    document = compose(area, settle(area, given={**given, "full": True, "formats": ("docx",)}))
    said = " ".join(text.plain() for text in document.texts())
    assert "Nobody is in a different area from most of their old one: of 11 people" in said
    assert "Two of the old areas are unchanged." in said


def test_a_geography_without_a_weight_is_refused():
    blocks = pd.DataFrame(index=["a", "b"])
    area = ct.Geography.from_frames(blocks, weights=[])
    area = area.with_layer("x", pd.Series({"a": "A", "b": "A"}))
    with pytest.raises(InputError, match="has no weight, and the appendix counts people"):
        settle(area, given={"before": "x", "after": "x"})


def cut_in_half():
    """Three blocks of 5, 3 and 2 people, of which a line halves the middle one."""
    area = row_of_blocks([5, 3, 2], x="AAB")
    shares = pd.DataFrame(
        {"block": ["b0", "b1", "b1", "b2"], "area": ["W", "W", "E", "E"], "share": [1, 0.5, 0.5, 1]}
    )
    cut = ct.CutLayer.from_shares("cut", shares, blocks=area.blocks, title="Two halves")
    return area.with_layer("cut", cut)


@pytest.mark.parametrize(("before", "after"), [("x", "cut"), ("cut", "x")])
def test_the_paper_of_a_layer_that_cuts_blocks_says_what_its_figures_are(before, after):
    given = {"before": before, "after": after, "upper": "x", "full": True, "formats": ("docx",)}
    area = cut_in_half()
    document = compose(area, settle(area, given=given))
    assert render_html(document)
    assert render_word(document)
    said = " ".join(text.plain() for text in document.texts())
    assert "such figures are block times share, and the lines drawn are approximate" in said
    assert "Two halves: its lines cut blocks" in said
    assert "a line that runs through a block is not seen" not in said


def test_an_area_that_no_practice_serves_has_no_list_and_stops_nothing():
    area = ct.load()
    given = {"before": "pbp2021", "after": "utla2023", "sections": ("people",)}
    document = compose(area, settle(area, given={**given, "formats": ("html",)}))
    assert "Cumberland" in render_html(document)
