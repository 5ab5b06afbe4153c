"""One folding: what is the same spelling, and what is only alike."""

from __future__ import annotations

import logging

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import coterminous as ct
from coterminous.tables import keys

OFFICIAL = [
    ("02M", "02M"),
    ("Fylde and Wyre", "02M"),
    ("NHS Fylde and Wyre CCG", "02M"),
    ("NHS FYLDE & WYRE CCG", "02M"),
    ("Fylde & Wyre CCG", "02M"),
    ("NHS Fylde and Wyre Clinical Commissioning Group", "02M"),
    ("NHS Lancashire and South Cumbria ICB - 02M", "02M"),
    ("NHS Lancashire and South Cumbria ICB \u2013 02M", "02M"),
    ("NHS LANCASHIRE AND SOUTH CUMBRIA INTEGRATED CARE BOARD - 02M", "02M"),
    ("E38000226", "02M"),
    (" 02M ", "02M"),
    ("02m", "02M"),
    ("Fylde\u00a0and\u200b Wyre", "02M"),
    ("NHS Morecambe Bay CCG", "01K"),
    ("NHS Lancashire and South Cumbria ICB - 01K", "01K"),
    ("NHS Blackburn with Darwen CCG", "00Q"),
]


@pytest.mark.parametrize(("spelling", "code"), OFFICIAL)
def test_a_body_is_known_by_each_of_its_official_names(lsc, spelling, code):
    assert lsc.layer("ccg2021").find(spelling) == code
    said = lsc.with_layer("said", {"X": [spelling]}, units="ccg2021")
    table = said.overlap("said", "ccg2021").table
    assert table.loc[table["source"] == "x", "target"].tolist() == [code]


def test_a_name_of_an_nhs_body_is_no_council(lsc):
    with pytest.raises(ct.InputError, match="'NHS Blackpool CCG'"):
        lsc.layer("utla2021").find("NHS Blackpool CCG")


def test_a_code_behind_a_dash_that_is_not_there_is_not_found(lsc):
    with pytest.raises(ct.InputError, match="which is not one of"):
        lsc.layer("ccg2021").find("NHS Humber and North Yorkshire ICB - 42D")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E05009999", "e05009999"),
        ("W1", "W1\u200b"),
        ("W1 ", "\u00a0W1"),
        ("St John's", "St John\u2019s"),
        ("Fylde & Wyre", "Fylde and  Wyre"),
        ("North\u2013South", "North-South"),
        ("\ufeffB01", "B01"),
        ("STRASSE", "straße"),
    ],
)
def test_what_does_not_matter_is_folded(one, other):
    assert keys.folded(one) == keys.folded(other)
    assert keys.alike([one, other]) == [tuple(sorted([one, other]))]


@pytest.mark.parametrize(
    ("one", "other"), [("W1", "W2"), ("001", "1"), ("St Helens", "St. Helens"), ("Môn", "Mon")]
)
def test_what_matters_is_not_folded(one, other):
    assert keys.folded(one) != keys.folded(other)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert keys.folded(keys.folded(text)) == keys.folded(text)


def test_codes_matched_by_folding_are_said(caplog):
    with caplog.at_level(logging.WARNING):
        found = keys.matched(pd.Index(["b01", "B02", "x"]), pd.Index(["B01", "B02"]), "x.csv")
    assert list(found) == ["B01", "B02", "x"]
    assert caplog.messages == [
        "x.csv: 1 codes are ours but for letter case or what cannot be seen, and are taken so: "
        "'b01' as 'B01'"
    ]


def test_codes_that_are_exactly_ours_are_not_said(caplog):
    with caplog.at_level(logging.WARNING):
        assert list(keys.matched(pd.Index(["B01"]), pd.Index(["B01"]), "x")) == ["B01"]
    assert not caplog.messages


@pytest.mark.parametrize("given_codes", [["B01", "b01"], ["b01", "b01\u200b"]])
def test_two_spellings_of_one_of_our_codes_are_refused(given_codes):
    with pytest.raises(ct.InputError, match="1 codes spelt in more than one way"):
        keys.matched(pd.Index(given_codes), pd.Index(["B01", "B02"]), "x.csv")


def test_a_layer_refuses_alike_codes_and_lists_the_pairs(grid):
    lookup = pd.Series({"nw": "A", "ne": "a", "sw": "B", "se": "B\u200b"})
    with pytest.raises(ct.InputError, match=r"2 codes spelt .*'A' and 'a', 'B' and 'B\\u200b'"):
        grid.with_layer("x", lookup)


def test_blocks_of_a_lookup_and_a_weight_are_matched_by_folding(grid):
    lookup = pd.Series({"NW": "A", "ne\u00a0": "A", "sw": "B", "se": None})
    assert grid.with_layer("x", lookup).layer("x").assignment["nw"] == "A"
    weight = pd.Series({"NW": 1, "NE": 2, "sw": 3, "se": 4})
    assert grid.with_weight("w", weight).weight("w").to_dict() == {
        "nw": 1,
        "ne": 2,
        "sw": 3,
        "se": 4,
    }


def test_no_name_is_ever_nan(grid):
    layer = ct.Layer.from_lookup(
        "x",
        pd.Series({"nw": "A", "ne": "B", "sw": "C", "se": "C"}),
        names={"A": float("nan"), "B": "", "C": "Sea"},
    )
    assert layer.names == ("A", "B", "Sea")


def test_an_empty_name_is_none_and_two_names_are_refused():
    codes = pd.Series(["W1", "W1", "W2", "W2", "W3"])
    names = pd.Series(["Moor", " moor\u00a0", "Mill", "", ""])
    assert keys.one_name(codes, names, "x.csv", "code", "name") == {"W1": "Moor", "W2": "Mill"}
    names = pd.Series(["St Helens", "St. Helens", "Mill", "", ""])
    with pytest.raises(ct.InputError, match=r"W1: 'St Helens' and 'St. Helens'; make them agree"):
        keys.one_name(codes, names, "x.csv", "code", "name")


@pytest.mark.parametrize(
    "text", ["Total", "TOTAL", "Grand total", "Totals", "Total: all", "all wards"]
)
def test_totals_are_known(text):
    assert keys.is_total(text)


@pytest.mark.parametrize("text", ["Totnes", "E01000001", "Totally Moor", "Subtle", ""])
def test_what_is_no_total_is_none(text):
    assert not keys.is_total(text)
