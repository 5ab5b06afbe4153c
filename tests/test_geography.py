"""Geographies: from frames and from folders, neighbours and pieces, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import InputError

TOML = """
name = "town"
[blocks]
file = "blocks.csv"
code = "block"
[lookup]
file = "lookup.csv"
code = "block"
[[weight]]
name = "population"
file = "blocks.csv"
code = "block"
columns = ["young", "old"]
[[weight]]
name = "poor"
file = "blocks.csv"
code = "block"
columns = ["young"]
where = { column = "fifth", equals = 1 }
[layers]
files = ["layers.toml"]
"""
LAYERS = """
[[layer]]
name = "ward"
title = "Wards"
lookup = { code = "ward", name = "ward_name" }
[[layer.area]]
code = "001"
aliases = ["Old Town"]
[[layer]]
name = "half"
units = "ward"
[[layer.area]]
code = "n"
name = "North"
of = ["Old Town", "ward:002"]
"""
BLOCKS = "block,young,old,fifth\nb1,1,2,1\nb2,3,4,2\nb3,5,6,1\n"
LOOKUP = "block,ward,ward_name\nb1,001,Castle\nb2,002,=1+1\nb3,003,Quay\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    for name, text in {
        "geography.toml": TOML,
        "layers.toml": LAYERS,
        "blocks.csv": BLOCKS,
        "lookup.csv": LOOKUP,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_folder_gives_blocks_weights_and_layers(town):
    area = ct.load(town)
    assert area.weight("population").to_dict() == {"b1": 3, "b2": 7, "b3": 11}
    assert area.weight("poor").to_dict() == {"b1": 1, "b2": 0, "b3": 5}
    assert area.layer("half").assignment.fillna("-").tolist() == ["n", "n", "-"]
    assert area.layers["areas"].to_dict() == {"ward": 3, "half": 1}


def test_names_from_data_stay_text(town):
    assert ct.load(town).layer("ward").name_of("002") == "=1+1"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("blocks.csv", "b2,3,4", "b1,3,4", "column `block` has 1 code more than once: 'b1'"),
        ("blocks.csv", "b2,3,4", ",3,4", "column `block` is empty in row 3; give each a code"),
        (
            "blocks.csv",
            "b2,3",
            "b2,-3",
            "column `young`: weight 'population' is negative in 1 block: 'b2'",
        ),
        (
            "blocks.csv",
            "b2,3",
            "b2,*",
            "column `young` has 1 cell that is hidden (suppressed): b2: *",
        ),
        ("blocks.csv", "b2,3,4", "b2,,4", "column `young` has 1 cell that is missing"),
        ("lookup.csv", "b2,002,=1+1\n", "", "lacks 1 of 3 blocks: 'b2'"),
        ("lookup.csv", "b3,", "b4,", "lacks 1 of 3 blocks: 'b3'"),
        ("layers.toml", '"ward:002"', '"ward:001"', "'ward:001' of 'n' is already in 'n'"),
        ("layers.toml", '"ward:002"', '"wards:002"', "`layer` is 'wards', which is not one of"),
        ("layers.toml", 'units = "ward"', 'units = "half"', "layer 'half' is made of itself"),
        (
            "layers.toml",
            'units = "ward"',
            "",
            "has neither `lookup`, `units` nor `polygons`; give one",
        ),
        ("layers.toml", 'name = "half"', 'name = "ward"', "layer 'ward' is defined twice"),
        ("layers.toml", "[[layer]]", "[[layer]", "is not valid TOML"),
        ("geography.toml", 'code = "block"\n[lookup]', "[lookup]", "[blocks] lacks `code`"),
        ("geography.toml", '"blocks.csv"\ncode', '"gone.csv"\ncode', "gone.csv is not there"),
        ("geography.toml", '["young", "old"]', '["yung"]', "Did you mean 'young'?"),
    ],
)
def test_a_folder_that_is_wrong_is_refused_with_the_file_and_the_mend(town, file, old, new, said):
    with pytest.raises(InputError) as error:
        area = ct.load(changed(town, file, old, new))
        assert area.layers is not None
        area.weight("population"), area.weight("poor")
    assert said in str(error.value)
    assert "." in str(error.value)


def test_a_folder_without_a_description_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"holds no geography\.toml; `coterminous data new"):
        ct.load(tmp_path)


def test_wrong_names_are_refused_with_what_there_is(grid):
    with pytest.raises(InputError) as error:
        grid.overlap("row", "columns")
    assert str(error.value) == (
        "`source` is 'row', which is not one of: rows, columns, town, hamlet, each. "
        "Did you mean 'rows'?"
    )
    with pytest.raises(InputError) as error:
        grid.overlap("rows", "columns", weight="people")
    assert str(error.value) == "`weight` is 'people', which is not one of: population."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"nw": 1, "ne": 1, "sw": 1},
            "`values` of weight 'w' lacks 1 of 4 blocks: 'se'; give it a row",
        ),
        (
            {"nw": 1, "ne": -1, "sw": 1, "se": -2},
            "`values`: weight 'w' is negative in 2 blocks: 'ne', 'se'; give counts of at least 0",
        ),
        (
            {"nw": 1, "ne": None, "sw": 1, "se": 2},
            "`values`: weight 'w' has 1 cell that is missing: ne: empty; give each its number: "
            "a block with nobody in it needs a 0",
        ),
    ],
)
def test_weights_that_are_none_are_refused(grid, values, said):
    with pytest.raises(InputError) as error:
        grid.with_weight("w", pd.Series(values))
    assert str(error.value) == said


def test_a_weight_with_words_or_a_block_twice_is_refused(grid):
    words = pd.Series({"nw": "1", "ne": "many", "sw": 1, "se": 2}, dtype=object)
    with pytest.raises(InputError, match="has 1 cell that is no number: ne: many"):
        grid.with_weight("w", words)
    twice = pd.Series([1, 1, 1, 1, 1], index=["nw", "ne", "sw", "se", "nw"])
    with pytest.raises(InputError, match="weight 'w' is given twice for 'nw'"):
        grid.with_weight("w", twice)


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ({"index": [], "data": {"population": []}}, "has no rows; give one for each block"),
        ({"index": ["a", None], "data": {"population": [1, 2]}}, "has 1 rows without a code"),
        ({"index": ["a", "a"], "data": {"population": [1, 2]}}, "codes more than once: 'a'"),
    ],
)
def test_blocks_that_are_none_are_refused(blocks, said):
    with pytest.raises(InputError, match=said):
        ct.Geography.from_frames(pd.DataFrame(**blocks))


def test_one_weight_may_be_named_alone():
    blocks = pd.DataFrame({"people": [1, 2]}, index=["a", "b"])
    assert ct.Geography.from_frames(blocks, weights="people").weight_names == ("people",)


@pytest.mark.parametrize(
    ("name", "made_of", "said"),
    [
        ("x", ["N"], "`made_of` is a list; give a Layer, a Series"),
        (" ", {"A": ["N"]}, "`name` is empty; give the layer a name"),
        ("x", {"": ["N"]}, "layer 'x' has an area without a name; give each one"),
    ],
)
def test_a_layer_of_nothing_that_can_be_named_is_refused(grid, name, made_of, said):
    with pytest.raises(InputError, match=said):
        grid.with_layer(name, made_of, units="rows")


def test_what_is_no_name_is_refused_as_one(grid):
    with pytest.raises(InputError, match=r"`layer` is \['rows'\], which is not one of"):
        grid.layer(["rows"])
    with pytest.raises(InputError, match="`weight` is a Series; give a name"):
        grid.overlap("rows", "columns", weight=grid.weight("population"))


def test_a_geography_is_a_value(grid):
    more = grid.with_layer("all", pd.Series("A", index=grid.blocks))
    assert "all" in more.layers.index
    assert "all" not in grid.layers.index


def test_a_layer_made_of_names_needs_to_know_whose(grid):
    with pytest.raises(InputError, match="`units` is missing: say which layer the names"):
        grid.with_layer("x", {"A": ["N"]})


def test_neighbours_share_an_edge_not_a_point(grid):
    pairs = grid.neighbours()
    assert set(zip(pairs["a"], pairs["b"], strict=True)) == {
        ("ne", "nw"),
        ("ne", "se"),
        ("nw", "sw"),
        ("se", "sw"),
    }
    assert (pairs["shared_m"] == 1000).all()
    assert grid.neighbours("rows").to_dict("records") == [
        {"a": "N", "b": "S", "shared_m": 2000.0, "link": ""}
    ]


def test_a_link_makes_neighbours_and_has_a_name(grid):
    bridge = pd.DataFrame({"a": ["se"], "b": ["nw"], "name": ["Foot bridge"], "reason": ["a ford"]})
    linked = grid.with_links(bridge).neighbours()
    row = linked.query("link != ''").iloc[0]
    assert (row["a"], row["b"], row["shared_m"], row["link"]) == ("nw", "se", 0.0, "Foot bridge")


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("se", "xx", "`links`: links name blocks that there are not: 'xx'"),
        ("se", "se", "`links`: links join a block to itself: 'se'"),
    ],
)
def test_links_that_cannot_be_are_refused(grid, a, b, said):
    with pytest.raises(InputError) as error:
        grid.with_links(pd.DataFrame({"a": [a], "b": [b], "name": ["x"]}))
    assert str(error.value) == said


def test_an_area_in_two_pieces_is_seen_and_a_link_joins_them(grid):
    apart = grid.with_layer("d", pd.Series({"nw": "D", "se": "D", "ne": "E", "sw": "F"}))
    pieces = apart.pieces("d").query("area == 'D'")
    assert pieces[["piece", "people", "codes"]].to_numpy().tolist() == [
        [1, 40, ("se",)],
        [2, 10, ("nw",)],
    ]
    ferry = pd.DataFrame({"a": ["nw"], "b": ["se"], "name": ["Ferry"], "reason": [""]})
    assert len(apart.with_links(ferry).pieces("d").query("area == 'D'")) == 1


def test_blocks_in_degrees_are_refused(grid):
    import geopandas as gpd

    degrees = gpd.GeoDataFrame(
        {"population": [1]}, index=["b"], geometry=gpd.points_from_xy([0], [51]), crs=4326
    )
    area = ct.Geography.from_frames(degrees)
    with pytest.raises(InputError, match=r"areas and distances need a projected one: .*27700"):
        area.geometry  # noqa: B018


def test_blocks_without_polygons_still_overlap():
    area = ct.Geography.from_frames(pd.DataFrame({"population": [1, 2]}, index=["a", "b"]))
    area = area.with_layer("one", pd.Series({"a": "A", "b": "A"}))
    assert area.overlap("one", "one").ledger["both"] == 3
    with pytest.raises(InputError, match="`blocks` have no polygons; give a GeoDataFrame"):
        area.polygons("one")


def test_threads_can_ask_for_the_same_layer_at_once(town):
    for _ in range(20):
        area = ct.load(town)
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(area.layer, ["half"] * 4))
        assert {len(layer) for layer in found} == {1}


def test_a_layer_cut_to_another_keeps_the_title_that_is_given(grid):
    lookup = pd.Series({"nw": "N", "ne": "N", "sw": "S", "se": "S"})
    area = grid.with_layer("kept", lookup, within="hamlet", title="What is kept")
    assert area.layer("kept").title == "What is kept"
    assert area.layer("kept").areas["blocks"].to_dict() == {"S": 1}


def test_a_layer_made_of_another_follows_it_when_that_is_replaced(lsc):
    before = lsc.layer("pbp2021")
    same = lsc.with_layer("mine", pd.Series("A", index=lsc.blocks))
    assert same.layer("pbp2021") is before
    assert same.ground is lsc.ground
    other = lsc.with_layer("ccg2021", lsc.layer("ccg2021"), within="place2022", title="Cut")
    assert other.layer("pbp2021") is not before
    assert lsc.layer("pbp2021") is before


def test_what_is_known_of_the_ground_stays_when_weights_or_links_change(grid):
    edges = grid.ground.edges()
    area = grid.with_weight("more", grid.weight("population"))
    linked = area.with_links(pd.DataFrame({"a": ["nw"], "b": ["se"], "name": ["ferry"]}))
    assert area.ground.polygons is grid.ground.polygons
    assert linked.ground.edges is grid.ground.edges
    assert len(linked.neighbours()) == len(edges) + 1
    assert len(grid.neighbours()) == len(edges)
