"""Names become numeric character references, and those only ever read back as the same text."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from coterminous.maps.page.escaping import references

ISOLATES = dict.fromkeys([0x2068, 0x2069])


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_references_read_back_as_the_text_they_were_made_of(text):
    assert html.unescape(references(text)).translate(ISOLATES) == text.translate(ISOLATES)


@given(st.text())
def test_references_hold_nothing_that_a_parser_could_take_for_markup(text):
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|&#\d+;)*", references(text))


def test_what_html_cannot_refer_to_becomes_the_replacement_character():
    assert references("\x00\x80\ud800") == "&#65533;" * 3


def test_nothing_is_nothing_and_a_number_is_its_digits():
    assert references(None) == ""
    assert references(7) == "7"


def test_words_read_from_right_to_left_turn_round_nothing_beside_them():
    shalom, madina = "\u05e9\u05dc\u05d5\u05dd", "\u0645\u062f\u064a\u0646\u0629"
    said = html.unescape(
        references(f"from 100 people ({shalom} {shalom}) to 200 ({madina}, {madina})")
    )
    assert said == (
        f"from 100 people (\u2068{shalom} {shalom}\u2069) to 200 "
        f"(\u2068{madina}\u2069, \u2068{madina}\u2069)"
    )
    assert html.unescape(references(f"{shalom} 12")) == f"\u2068{shalom} 12\u2069"
    assert "&#8296;" not in references("Blackburn with Darwen \u00e9 \U0001f986")
