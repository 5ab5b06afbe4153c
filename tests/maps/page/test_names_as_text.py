"""Names become numeric character references, and those only ever read back as the same text."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from coterminous.maps.page.escaping import references


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_references_read_back_as_the_text_they_were_made_of(text):
    assert html.unescape(references(text)) == text


@given(st.text())
def test_references_hold_nothing_that_a_parser_could_take_for_markup(text):
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|&#\d+;)*", references(text))


def test_what_html_cannot_refer_to_becomes_the_replacement_character():
    assert references("\x00\x80\ud800") == "&#65533;" * 3


def test_nothing_is_nothing_and_a_number_is_its_digits():
    assert references(None) == ""
    assert references(7) == "7"
