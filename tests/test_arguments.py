"""What the caller gives is taken as it is meant, or refused by the name of the argument."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import coterminous as ct
from coterminous.arguments import amount, as_day, choice, known_keys, several, texts


def test_a_text_is_one_item_and_never_its_letters():
    assert several("gp", "x") == ("gp",)
    assert several(3, "x") == (3,)
    assert several(pd.Index(["a", "b"]), "x") == ("a", "b")
    assert several((n for n in "ab"), "x") == ("a", "b")
    assert texts(None, "x") == ()


def test_a_mapping_is_no_list():
    with pytest.raises(ct.InputError, match="`x` is a mapping of 'a'; give a list, or one name"):
        several({"a": 1}, "x")


@pytest.mark.parametrize("given", [3, "N0", None, ["North"]])
def test_what_is_no_choice_is_refused(given):
    with pytest.raises(ct.InputError, match="which is not one of: North, South"):
        choice(given, "x", ["North", "South"])


def test_stray_keys_are_named_and_counted():
    with pytest.raises(ct.InputError, match="`x` has 2 keys that stand for nothing: 'a', 'b'"):
        known_keys({"b": 1, "c": 1, "a": 1}, "x", ["c"])


@pytest.mark.parametrize("given", ["", "2022", "2022-07", "2024-02-29"])
def test_dates_that_are_dates_stay_as_they_are_written(given):
    assert as_day(given, "x") == given


@pytest.mark.parametrize("given", ["yesterday", "2022-7", "2022-00", "2023-02-29", 2022, None])
def test_dates_that_are_none_are_refused(given):
    with pytest.raises(ct.InputError, match="`x` is .*; give a date, such as 2022-07-01"):
        as_day(given, "x")


def test_a_day_of_the_calendar_is_written_out():
    assert as_day(date(2022, 7, 1), "x") == "2022-07-01"


@pytest.mark.parametrize("given", [float("nan"), -1, True, "many"])
def test_sizes_that_are_none_are_refused(given):
    with pytest.raises(ct.InputError, match="`x` is .*; give a number of people, of 0 or more"):
        amount(given, "x")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda a: ct.options(a, units="each", areas=2, least=float("nan")), "`least` is nan"),
        (lambda a: ct.options(a, units="each", areas=2, most=-5), "`most` is -5"),
        (
            lambda a: ct.options(a, units="each", areas=2, reference_sets={"x": "y"}),
            "`reference_sets` 'x' is 'y'; give the least and the most people",
        ),
        (
            lambda a: ct.options(a, units="each", areas=2, reference_sets={"x": (-1, None)}),
            "`reference_sets: x` is -1",
        ),
        (
            lambda a: ct.Layer.from_lookup("x", a.layer("each").assignment, kind="drawn"),
            "`kind` is 'drawn', which is not one of: lookup, group",
        ),
        (
            lambda a: ct.Layer.from_lookup("x", a.layer("each").assignment, valid_to="soon"),
            "`valid_to` is 'soon'; give a date",
        ),
        (lambda a: a.explore("rows", tiles=3), "`tiles` is 3; give the name or the address"),
        (
            lambda a: ct.appendix(a, before="rows", after="columns", words={"befor": "patch"}),
            "`words` has 1 keys that stand for nothing: 'befor'.*Did you mean 'before'",
        ),
    ],
)
def test_what_once_passed_in_silence_is_refused(grid, ask, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ct.InputError, match=message):
        ask(grid)
