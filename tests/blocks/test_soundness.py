"""Blocks that cannot be drawn are refused when their polygons are first used, in one sentence."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Polygon, box

import coterminous as ct
from coterminous.blocks import soundness
from coterminous.cli import main

BOW = Polygon([(2000, 0), (3000, 1000), (3000, 0), (2000, 1000)])


def blocks(shapes) -> gpd.GeoDataFrame:
    codes = [f"B{i}" for i in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"population": 100}, index=codes, geometry=list(shapes), crs=27700)


def town(shapes) -> ct.Geography:
    frame = blocks(shapes)
    area = ct.Geography.from_frames(frame).with_layer("all", pd.Series("A", index=frame.index))
    return area.with_layer("unit", pd.Series(list(frame.index), index=frame.index))


UNSOUND = [box(0, 0, 1000, 1000), box(500, 0, 1500, 1000), BOW, None, Polygon()]
SAID = (
    "'B1' and 'B2' overlap by 50 ha; 'B3' is not valid: it crosses itself; "
    "'B4', 'B5' have no polygon, or an empty one; "
)


@pytest.mark.parametrize(
    "ask",
    [
        lambda a: a.geometry,
        lambda a: a.neighbours(),
        lambda a: a.pieces("all"),
        lambda a: a.polygons("all"),
        lambda a: a.explore("all"),
        lambda a: a.plot("unit"),
        lambda a: ct.options(a, units="unit", within="all", areas=2),
        lambda a: ct.Layer.from_polygons(blocks([box(0, 0, 9, 9)]), a),
    ],
)
def test_unsound_blocks_are_refused_by_all_that_uses_their_polygons(ask):
    area = town(UNSOUND)
    for _ in range(2):  # the second time as the first
        with pytest.raises(ct.InputError) as error:
            ask(area)
        assert str(error.value) == (
            f"`blocks`: {SAID}coterminous.check(blocks) lists every fault, and coterminous.mend "
            "mends some"
        )


def test_a_count_by_lookup_needs_no_polygons():
    assert town(UNSOUND).overlap("unit", "all").ledger["both"] == 500


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "geo"
    made.mkdir()
    frame = blocks(UNSOUND).rename_axis("code").reset_index()
    frame.to_file(made / "blocks.gpkg")
    people = pd.DataFrame({"code": frame["code"], "population": 100, "unit": frame["code"]})
    people.assign(all="A").to_csv(made / "people.csv", index=False)
    (made / "geography.toml").write_text(
        'name = "g"\n[blocks]\nfile = "blocks.gpkg"\ncode = "code"\n'
        '[lookup]\nfile = "people.csv"\ncode = "code"\n[layers]\nfiles = ["layers.toml"]\n'
        '[[weight]]\nname = "population"\nfile = "people.csv"\ncode = "code"\n'
        'column = "population"\n',
        encoding="utf-8",
    )
    layer = '[[layer]]\nname = "{0}"\nlookup = {{ code = "{0}" }}\n'
    (made / "layers.toml").write_text(layer.format("unit") + layer.format("all"), encoding="utf-8")
    return made


@pytest.mark.parametrize(
    "typed",
    [
        ["map", "all", "--out", "OUT/map.html"],
        ["map", "unit", "--out", "OUT/map.png"],
        ["options", "--units", "unit", "--within", "all", "--areas", "2", "--format", "json"],
    ],
)
def test_commands_refuse_a_folder_of_unsound_blocks_and_write_nothing(
    folder, tmp_path, capsys, typed
):
    before = sorted(tmp_path.rglob("*"))
    typed = [t.replace("OUT", str(tmp_path)) for t in typed]
    assert main([*typed, "--data", str(folder)]) == 2
    out, err = capsys.readouterr()
    file = (folder / "blocks.gpkg").as_posix()
    assert out == ""
    assert err == (
        f"coterminous: {file}: {SAID}`coterminous check {file}` lists every fault, and with "
        "`--mend FILE` writes what can be mended\n"
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_commands_that_count_by_lookup_go_on(folder, capsys):
    assert main(["overlap", "unit", "all", "--data", str(folder), "--format", "json"]) == 0
    assert '"total": 500' in capsys.readouterr().out


def test_many_offenders_are_counted_and_few_named():
    apart = [box(i * 10, 0, i * 10 + 5, 5) for i in range(3)]
    with pytest.raises(ct.InputError, match=r"'B10', 'B4', 'B5' and 4 more have no polygon"):
        town([*apart, *[None] * 7]).neighbours()
    stacked = [box(i * 100, 0, i * 100 + 200, 100) for i in range(6)]
    with pytest.raises(
        ct.InputError, match=r"'B1' and 'B2' overlap by 1 ha, .*, and so do 2 more pairs;"
    ):
        town(stacked).neighbours()
    line = shapely.LineString([(0, 0), (1, 1)])
    with pytest.raises(ct.InputError, match=r"`blocks`: 'B4' is no polygon; "):
        town([*apart, line]).neighbours()


@pytest.mark.parametrize(
    ("second", "hectares"),
    [
        (box(0, 0, 100, 100), 1.0),  # the same twice
        (box(20, 20, 80, 80), 0.36),  # inside, and touching nothing
        (box(-100, 40, 200, 60), 0.2),  # across
        (box(99, 0, 200, 1000), None),  # less than a house and garden
        (box(100, 0, 200, 100), None),
    ],
)
def test_overlaps_of_every_kind_are_found(second, hectares):
    found = soundness.overlaps(np.array([box(0, 0, 100, 100), second]))
    assert [a.tolist() for a in found] == (
        [[], [], []] if hectares is None else [[0], [1], [pytest.approx(hectares)]]
    )


def test_hectares_of_overlaps_are_metres_whatever_the_unit():
    pair = np.array([box(0, 0, 400, 400), box(200, 0, 600, 400)])
    assert soundness.overlaps(pair, 0.3048)[2].round(4).tolist() == [0.7432]
