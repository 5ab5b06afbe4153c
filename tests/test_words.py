"""How names and numbers are said in a sentence, and that nothing else says them its own way."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coterminous
from coterminous import words

SOURCE = Path(coterminous.__file__).parent


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Places, July 2022", "places, July 2022"),
        ("Upper-tier and unitary authorities", "upper-tier and unitary authorities"),
        ("Sub-ICB locations", "sub-ICB locations"),
        ("GP practices", "GP practices"),
        ("MSOAs", "MSOAs"),
        ("NHS", "NHS"),
        ("A place each", "a place each"),
        ("A1 corridor", "A1 corridor"),
        ("D&G, one area", "D&G, one area"),
        ("McDonald wards", "McDonald wards"),
        ("July 2022 places", "July 2022 places"),
        ("English regions", "English regions"),
        ("2011 districts", "2011 districts"),
        ("Ôter places", "ôter places"),
        ("(best fit) Places", "(best fit) Places"),
        ("", ""),
    ],
)
def test_a_title_in_a_sentence_begins_small_unless_it_begins_with_a_name(title, said):
    assert words.in_sentence(title) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Lancashire districts", "Lancashire districts"),
        ("Lancashire's districts", "Lancashire's districts"),
        ("South Cumbria, whole", "South Cumbria, whole"),
        ("Bay wards", "Bay wards"),
        ("Bays of the coast", "bays of the coast"),
        ("Wards of the Bay", "wards of the Bay"),
    ],
)
def test_a_title_that_begins_with_a_place_of_the_geography_keeps_its_capital(title, said):
    where = SimpleNamespace(title="Lancashire and South Cumbria")
    layer = SimpleNamespace(name="x", title=title, names=("Bay", "East"))
    assert words.title_in_sentence(layer, where) == said


def test_a_layer_without_a_title_is_called_by_its_name_as_it_is():
    where = SimpleNamespace(title="")
    layer = SimpleNamespace(name="Place2022", title="", names=())
    assert words.title_in_sentence(layer, where) == words.title_of(layer) == "Place2022"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_only_the_first_letter_of_a_title_ever_changes(title, proper):
    said = words.in_sentence(title, proper)
    assert said[-len(title[1:]) :] == title[1:] if title[1:] else said.lower() == title.lower()


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no"), (1, "one"), (9, "nine"), (10, "10"), (1635, "1,635")]
)
def test_small_counts_are_words_and_larger_ones_figures(count, said):
    assert words.in_words(count) == said
    assert words.in_words(count, none="none") == ("none" if count == 0 else said)


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 practices"), (1, "1 practice"), (1234, "1,234 practices")]
)
def test_a_number_stands_with_its_noun(count, said):
    assert words.counted(count, "practice") == said


@pytest.mark.parametrize(
    ("names", "most", "said"),
    [
        ([], 0, "none"),
        (["a"], 0, "a"),
        (["a", "b"], 0, "a and b"),
        (["a", "b", "c"], 0, "a, b and c"),
        (["a", "b", "c"], 2, "a, b and c"),
        (["a", "b", "c", "d"], 2, "a, b and 2 others"),
        (iter(["a", "b"]), 1, "a and b"),
    ],
)
def test_names_are_listed_as_a_sentence_lists_them(names, most, said):
    assert words.listed(names, most) == said


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1), min_size=1, max_size=9))
def test_no_name_is_lost_from_a_list(names):
    assert re.split(", | and ", words.listed(names)) == names


def test_sentence_case_leaves_abbreviations_alone():
    assert words.sentence_case("practices of the NHS") == "Practices of the NHS"
    assert words.sentence_case("GP practices") == "GP practices"


@pytest.mark.parametrize(
    "by_hand",
    [
        r"\.capitalize\(\)",
        r"\[(:1|0)\]\.(upper|lower)\(\)",
        r"""['"] and ['"]\.join""",
        r"def _?(slug|listed|plural|in_words|in_sentence)\(names?\b.*-> str",
    ],
)
def test_no_other_module_says_words_in_its_own_way(by_hand):
    """One idea, one owner: what is written by hand harms a name sooner or later."""
    owners = {SOURCE / "words.py"}
    found = [
        path.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.rglob("*.py"))
        if path not in owners and re.search(by_hand, path.read_text(encoding="utf-8"))
    ]
    assert found == []
