"""What the caller gives is taken as it is meant, or refused by the name of the argument."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import coterminous as ct
from coterminous.arguments import amount, as_day, choice, known_keys, several, texts
from coterminous.cli import main
from coterminous.errors import InputError


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


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda b: {"names": {"N": "No\x07rth"}}, "has the control character"),
        (lambda b: {"title": "No\x00rth"}, "`title` is .* has the control character"),
        (lambda b: {"valid_from": "2022-07", "valid_to": "2021"}, "`valid_to` is '2021', before"),
        (lambda b: {"names": {"N": "S"}}, "whose name 'S' is the code of another"),
    ],
)
def test_a_layer_that_nobody_could_print_or_ask_for_is_refused(made, said):
    lookup = pd.Series({"b1": "N", "b2": "S"})
    with pytest.raises(InputError, match=said):
        ct.Layer.from_lookup("halves", lookup, **made(lookup))


def test_what_is_no_text_is_refused_in_a_sentence(lsc):
    with pytest.raises(InputError, match="has 1, which is no text; give names or codes"):
        lsc.with_layer("q", {1: ["Fylde"]}, units="ltla2021")
    with pytest.raises(InputError, match="`data_dir` is 5, which is no path; give a folder"):
        ct.load(5)
    with pytest.raises(InputError, match="Did you mean 'pbp2021'"):
        lsc.layer("PBP2021")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["appendix", "--threshold", "5%"], "'5%' is no share: write 0.05"),
        (["impact", "gp", "--before", "a", "--after", "b", "--threshold", "5 %"], "write 0.05"),
        (["options", "--units", "a", "--areas", "4", "--most", "1,000"], "write 1000"),
        (["check", "x.gpkg", "--tolerance", "wide"], "'wide' is no number: give one, as 0.1"),
        (["appendix", "--date", "25/11/2026"], "`date` is '25/11/2026'; give a date, such as"),
        (["appendix", "--formats", ""], "`formats` is ''; name some of: html, docx, pdf, xlsx"),
        (["appendix", "--sections", ","], "`sections` is ','; name some of: summary"),
        (["appendix", "--title", "A\x0bB"], "`title` is 'A\\x0bB', which has the control"),
        (
            ["options", "--units", "ltla2021", "--within", "icb2022", "--areas", "4"]
            + ["--together", "Preston"],
            "`together` has 'Preston' alone, which says nothing; name two",
        ),
    ],
)
def test_a_flag_is_refused_with_its_mend(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
