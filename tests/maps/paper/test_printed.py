"""A printed map carries what it should, nothing lies on anything else, and it repeats exactly."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
import shapely

from coterminous.errors import InputError
from coterminous.maps.paper import labels, pictures, printed


@pytest.fixture(autouse=True)
def closed():
    """Close what pyplot keeps."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_a_map_has_names_a_scale_an_arrow_and_its_sources(lsc):
    said = words(lsc.plot("footprint2022"))
    assert {"Blackpool", "East", "Central", "N", "20 km"} <= set(said)
    assert "Blackburn with\nDarwen" in said
    sources = said[-1]
    assert "Source: Office for National Statistics licensed under the Open Gov" in sources
    assert "Contains OS data © Crown copyright and database right" in sources


def test_its_words_are_computed(lsc):
    assert lsc.plot("place2022").alt_text == (
        "Map of Places of the integrated care board, decided July 2022: four areas, Lancashire "
        "(1,227,076 people), South Cumbria (186,168 people), Blackburn with Darwen "
        "(150,030 people) and Blackpool (138,381 people)."
    )


@pytest.mark.parametrize("layer", ["footprint2022", "pbp2021", "ccg2021", "pcn2022", "ltla2021"])
def test_no_label_lies_on_another(lsc, layer):
    ax = lsc.plot(layer)
    renderer = ax.figure.canvas.get_renderer()
    points = [t for t in ax.texts if t.get_fontweight() == "bold" and t.get_text() != "N"]
    boxes = [t.get_window_extent(renderer) for t in points if t.get_text()]
    assert len(boxes) >= len(lsc.layer(layer)) * 0.9
    assert [1 for a, b in combinations(boxes, 2) if a.overlaps(b)] == []


def test_forty_areas_are_numbered_with_a_key(lsc):
    said = words(lsc.plot("pcn2022"))
    assert {str(k) for k in range(1, 41)} <= set(said)
    assert any("Lancaster PCN" in text for text in said)


def test_one_area_is_drawn(lsc):
    assert "Lancashire and\nSouth Cumbria" in words(lsc.plot("icb2022"))


def test_a_name_of_eighty_characters_is_broken_and_clipped():
    broken = labels.wrapped("A very long name of an area that goes on " * 4)
    assert len(broken.split("\n")) == 4
    assert broken.endswith("…")
    assert max(len(line) for line in broken.split("\n")) <= 28


def test_a_name_with_dollars_and_carets_is_text_not_mathematics(grid):
    area = grid.with_layer("odd", {"$x^2$ \\frac": ["NW", "NE"], "b_{1}": ["SW"]}, units="each")
    ax = area.plot("odd")
    assert "<svg" in printed.svg(ax)
    assert any("$x^2$" in text for text in words(ax))


def test_it_draws_on_the_axes_of_a_caller_with_a_callers_style(grid):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert grid.plot("rows", ax=ax, cmap="viridis", alpha=0.5, label="none") is ax
    assert 0.5 in {drawn.get_alpha() for drawn in ax.collections}


def test_an_area_in_several_pieces_is_named_once_on_its_largest(grid):
    area = grid.with_layer("corners", {"Both": ["NW", "SE"], "Rest": ["NE", "SW"]}, units="each")
    assert words(area.plot("corners")).count("Both") == 1


def test_anchors_lie_inside_their_areas(lsc):
    polygons = lsc.polygons("ltla2021")
    for shape, point in zip(polygons.geometry, labels.anchors(polygons), strict=True):
        assert shape.covers(shapely.Point(point))


def test_degrees_are_refused_with_the_mend(lsc):
    polygons = lsc.polygons("place2022").to_crs(4326)
    with pytest.raises(InputError, match=r"EPSG:4326, in degrees.*to_crs\(27700\)"):
        printed.plot_areas(polygons)


def test_nothing_to_draw_is_refused(grid):
    empty = grid.polygons("rows").iloc[:0]
    with pytest.raises(InputError, match="`layer` 'rows' has no polygon to draw"):
        printed.plot_areas(empty, what="rows")


def test_an_unknown_label_style_is_refused(grid):
    with pytest.raises(InputError, match="`label` is 'name', which is not one of: auto, names"):
        grid.plot("rows", label="name")


@pytest.mark.parametrize("draw", [printed.png, printed.svg])
def test_the_same_map_is_the_same_bytes(grid, draw):
    assert draw(grid.plot("rows")) == draw(grid.plot("rows"))


def test_a_picture_holds_no_date_and_no_version(grid):
    ax = grid.plot("rows")
    held = printed.png(ax, dpi=40)
    assert b"Software" not in held
    assert b"Map of rows" in held
    assert "<dc:date>" not in printed.svg(ax)
    assert b"CreationDate" not in pictures._bytes(ax, "pdf", {"CreationDate": None})


def test_an_svg_is_one_element_with_its_words_and_its_own_ids(grid):
    ax = grid.plot("rows", title="A < B & C")
    text = printed.svg(ax, alt="One & two", name="first map")
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    assert "width" not in root.attrib
    assert root[0].text == "One & two"
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert all(i.startswith("first-map-") for i in ids)
    assert len(ids) == len(set(ids))
    used = re.findall(r'(?:href="|url\()#([^")]+)', text)
    assert set(used) <= set(ids)


def test_it_is_saved_by_the_ending_of_its_name(grid, tmp_path):
    ax = grid.plot("rows")
    for ending, start in {"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF"}.items():
        path = printed.save(ax, tmp_path / f"map.{ending}", dpi=40)
        assert path.read_bytes().startswith(start)
    with pytest.raises(InputError, match="'map.gif', which does not end in .png, .svg or .pdf"):
        printed.save(ax, tmp_path / "map.gif")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["map.pdf", "map.png", "map.svg"]


def test_neighbours_are_told_apart_in_greyscale_by_a_line(grid, tmp_path):
    import numpy as np
    from PIL import Image

    ax = grid.plot("columns", label="none", sources=False)
    path = printed.save(ax, tmp_path / "map.png", dpi=100)
    grey = np.asarray(Image.open(path).convert("L"), dtype=int)
    row = grey[grey.shape[0] // 2, grey.shape[1] // 4 : 3 * grey.shape[1] // 4]
    assert row.min() < 60
    assert row.max() > 100


def test_loading_the_library_loads_no_matplotlib():
    import os
    import subprocess
    import sys

    code = "import coterminous, sys; coterminous.plates; print('matplotlib' in sys.modules)"
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.stdout.strip() == "False"


def test_a_geography_without_sources_has_none_to_print(grid):
    from coterminous.folders.credits import statements

    assert statements(grid, ["rows"]) == ()


def test_the_assumption_of_a_layer_is_printed_with_it(lsc):
    under = words(lsc.plot("place2022"))[-1]
    assert "This is an assumption" in " ".join(under.split())


def test_a_legend_stands_below_the_map_or_in_the_note_where_room_is_scarce(lsc, grid):
    from matplotlib.figure import Figure

    ax = lsc.plot("delivery2022", context="ltla2021")
    assert ax.get_legend().get_window_extent().y1 < ax.get_window_extent().y0
    figure = Figure()
    small = grid.plot("rows", context="columns", ax=figure.add_subplot(), label="none")
    assert small.get_legend() is None
    assert "Broken lines: columns" in figure.texts[0].get_text()
    assert grid.plot("rows", context="columns", legend=False).get_legend() is None


def test_so_many_areas_that_a_key_would_outgrow_the_map_go_without_one(lsc):
    ax = lsc.plot("msoa2011", page=True)
    assert not [text for text in words(ax) if text.isdigit()]
    assert ax.get_position().height > 0.5
    assert "217 areas" in ax.alt_text
