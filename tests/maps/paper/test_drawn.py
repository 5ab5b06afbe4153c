"""A drawn thing carries its words as a value; only what scripts are handed has them beside it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure

import coterminous as ct
from coterminous.maps.paper.bands import alluvial, draw_bands
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.plate import Plate

SOURCE = Path(ct.__file__).parent


def test_a_drawn_thing_writes_its_words_into_every_format(tmp_path):
    drawn = Drawn(figure=Figure(), alt="Three areas & a river", title="Three")
    assert b"Three areas & a river" in drawn.png(dpi=30)
    assert '<title id="map-alt">Three areas &amp; a river</title>' in drawn.svg()
    assert "Three areas &amp; a river" in drawn.save(tmp_path / "a.svg").read_text("utf-8")
    assert drawn.png(dpi=30) == drawn.png(dpi=30)
    assert not hasattr(drawn.figure, "alt_text")


def test_a_plate_is_named_in_its_svg():
    plate = Plate(name="before", figure=Figure(), alt="Words", title="A finding")
    assert 'id="before-alt"' in plate.svg()
    shown, told = plate._repr_mimebundle_()
    assert told["image/png"]["alt"] == "Words"
    assert base64.b64decode(shown["image/png"])[:4] == b"\x89PNG"


def test_the_words_of_a_diagram_are_a_value_inside_and_beside_the_axes_outside(lsc):
    overlap = lsc.overlap("ccg2021", "pbp2021")
    drawn = draw_bands(overlap, title="Who goes where", sources=("A source",))
    assert drawn.alt.startswith("Diagram of people from ccg2021 to pbp2021: ")
    assert (drawn.title, drawn.sources[-1]) == ("Who goes where", "A source")
    assert not hasattr(drawn.axes, "alt_text")
    assert alluvial(overlap).alt_text == drawn.alt


@pytest.mark.parametrize("words", ["alt_text", "title", "alt", "sources"])
def test_nothing_but_what_is_handed_out_has_words_of_its_own(words):
    """Inside, words on a matplotlib object are lost as soon as somebody draws on another."""
    written = re.compile(rf"\b(?:fig(?:ure)?|ax|axes|shown|plate)\.{words} = ")
    found = [
        path.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.rglob("*.py"))
        if written.search(path.read_text(encoding="utf-8"))
    ]
    assert set(found) <= {"maps/paper/drawn.py"}
    read = re.compile(r"(?:ax|axes|figure)\.alt_text\b")
    for path in sorted(SOURCE.rglob("*.py")):
        text = re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8"))
        assert not read.search(text), path.name
