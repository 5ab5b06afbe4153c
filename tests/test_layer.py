"""Layers: by lookup, by grouping, by cutting; and what is refused at the door."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import InputError
from coterminous.words import slug


def lookup(**codes: str | None) -> pd.Series:
    return pd.Series(codes)


def test_blocks_without_a_code_are_outside():
    layer = ct.Layer.from_lookup("x", lookup(b1="A", b2=None, b3="", b4="A"))
    assert layer.positions.tolist() == [0, -1, -1, 0]
    assert repr(layer) == "<Layer x: 1 areas of 2 blocks, 2 blocks outside>"


def test_codes_keep_their_leading_zeros():
    assert list(ct.Layer.from_lookup("x", lookup(b1="00Q", b2="01A")).codes) == ["00Q", "01A"]


def test_an_area_is_found_by_code_name_or_alias_in_any_case():
    layer = ct.Layer.from_lookup(
        "x", lookup(b1="A", b2="B"), names={"A": "Fylde Coast"}, aliases={"A": ["Healthier Coast"]}
    )
    assert {layer.find(s) for s in ("A", "fylde  coast", "HEALTHIER COAST")} == {"A"}


def test_a_layer_cannot_be_changed(grid):
    layer = grid.layer("rows")
    with pytest.raises(AttributeError):
        layer.name = "other"
    with pytest.raises(ValueError, match="read-only"):
        layer.positions[0] = 1
    mine = layer.areas
    mine.loc["N", "name"] = "changed"
    assert layer.areas.loc["N", "name"] == "N"


def test_grouping_takes_names_and_leaves_out_what_is_not_named(grid):
    pair = grid.layer("each").group("pair", {"Top": ["NW", "ne"], "Corner": "SE"})
    assert pair.assignment.to_dict() == {"ne": "top", "nw": "top", "se": "corner", "sw": np.nan}
    assert pair.units == "each"


def test_grouping_within_a_layer_cuts_units(grid):
    cut = grid.layer("rows").group("cut", {"South": ["S"]}, within=grid.layer("hamlet"))
    assert cut.areas["blocks"].to_dict() == {"south": 1}


def test_refining_gives_the_pieces_of_both(grid):
    assert list(grid.refine("rows", "columns").codes) == ["N+E", "N+W", "S+E", "S+W"]
    assert list(grid.refine("rows", "hamlet").codes) == ["S+H"]


def test_cutting_drops_areas_that_are_left_with_nothing(grid):
    assert list(grid.layer("rows").within(grid.layer("hamlet")).codes) == ["S"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Fylde Coast", "fylde-coast"),
        ("Ynys Môn", "ynys-mon"),
        ("北", "area-5317"),
        ("=1+1", "1-1"),
    ],
)
def test_slugs(name, code):
    assert slug(name) == code


@pytest.mark.parametrize(
    ("series", "blocks", "said"),
    [
        (
            pd.Series(["A", "B"], index=["b1", "b1"]),
            None,
            "`lookup` of layer 'x' has 1 blocks more than once: 'b1'; give each block one area",
        ),
        (
            pd.Series([1, 2], index=["b1", "b2"]),
            None,
            "`lookup` of layer 'x' holds numbers, not codes (1, 2); "
            "read the column as text, so that leading zeros stay",
        ),
        (
            pd.Series({"b1": "A"}),
            pd.Index([f"b{i}" for i in range(1, 9)]),
            "`lookup` of layer 'x' lacks 7 of 8 blocks: 'b2', 'b3', 'b4', 'b5', 'b6' and 2 more; "
            "give each a row, with an empty code if it is outside",
        ),
        (
            pd.Series({"b1": "A", "b9": "A"}),
            pd.Index(["b1"]),
            "`lookup` of layer 'x' has 1 blocks that the geography does not: 'b9'",
        ),
        (
            pd.Series({"b1": "outside"}),
            None,
            "`lookup` of layer 'x' uses 'outside' as a code; it is reserved",
        ),
        (
            pd.Series({"b1": ""}),
            None,
            "layer 'x' has no areas: no block of `lookup` has a code",
        ),
    ],
)
def test_a_lookup_that_is_none_is_refused(series, blocks, said):
    with pytest.raises(InputError) as error:
        ct.Layer.from_lookup("x", series, blocks=blocks)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            {"A": ["NW"], "B": ["NW"]},
            "layer 'x' puts 'NW' in both 'A' and 'B'; a unit of 'each' can be in one area only",
        ),
        (
            {"A": ["NX"]},
            "layer 'each': `area` is 'NX', which is not one of: NE, NW, SE, SW.",
        ),
        (
            {"A": []},
            "layer 'x' has areas without a block: 'A'; name at least one unit of 'each' for each",
        ),
        ({"A b": ["NW"], "A-B": ["NE"]}, "areas 'A b' and 'A-B' of 'x' share 'a-b'"),
    ],
)
def test_groups_that_cannot_be_are_refused(grid, groups, said):
    with pytest.raises(InputError) as error:
        grid.layer("each").group("x", groups)
    assert str(error.value) == said


def test_a_name_that_two_areas_share_is_refused():
    twins = ct.Layer.from_lookup(
        "x", lookup(b1="A", b2="B"), names={"A": "Newport", "B": "Newport"}
    )
    with pytest.raises(InputError, match=r"'newport' names more than one area of 'x': 'A', 'B'"):
        twins.find("newport")


def test_a_misspelt_area_is_asked_for_by_its_name(lsc):
    with pytest.raises(InputError, match=r"`area` is 'Fyld'.* Did you mean 'Fylde'\?"):
        lsc.layer("ltla2021").find("Fyld")


def test_aliases_of_areas_that_are_not_there_are_refused():
    with pytest.raises(
        InputError, match=r"`aliases` of layer 'x' name areas it does not have: 'Z'"
    ):
        ct.Layer.from_lookup("x", lookup(b1="A"), aliases={"Z": ["zed"]})
