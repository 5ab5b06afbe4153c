"""Files that people have: polygons and lookups, whole or broken, and what was taken for what."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import coterminous as ct
from coterminous.folders.lookup_files import read_lookup
from coterminous.polygons.reading_polygons import read_polygons, said, write_polygons


@pytest.fixture
def sites():
    return gpd.GeoDataFrame(
        {"OBJECTID": [1, 2], "SITE24CD": ["001", "002"], "SITE24NM": ["Moor", "Fell"]},
        geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
        crs=27700,
    )


def zipped(folder):
    with zipfile.ZipFile(folder / "sites.zip", "w") as archive:
        for file in folder.glob("sites.*"):
            if file.suffix != ".zip":
                archive.write(file, f"inner/{file.name}")
    return folder / "sites.zip"


@pytest.mark.parametrize("kind", [".gpkg", ".geojson", ".shp", ".zip", ".parquet"])
def test_every_kind_of_file_gives_the_same_polygons(tmp_path, sites, kind):
    file = tmp_path / f"sites{kind}"
    if kind == ".parquet":
        sites.to_parquet(file)
    elif kind == ".zip":
        sites.to_file(tmp_path / "sites.shp")
        file = zipped(tmp_path)
    else:
        sites.to_file(file)
    read = read_polygons(file)
    assert list(read.index) == ["001", "002"]
    assert list(read["name"]) == ["Moor", "Fell"]
    assert read.crs == sites.crs
    assert read.area.tolist() == [10_000.0, 10_000.0]
    assert "code from 'SITE24CD', name from 'SITE24NM'" in said(read)


def test_the_user_chooses_the_columns(tmp_path, sites):
    file = tmp_path / "sites.gpkg"
    sites.to_file(file)
    read = read_polygons(file, code="SITE24NM", name="SITE24CD")
    assert (list(read.index), list(read["name"])) == (["Moor", "Fell"], ["001", "002"])
    with pytest.raises(ct.InputError, match=r"sites.gpkg: `code` is 'SITE24', .*Did you mean"):
        read_polygons(file, code="SITE24")
    numbered = read_polygons(file, code="OBJECTID")
    assert list(numbered.index) == ["1", "2"]
    assert "column `OBJECTID` of `sites.gpkg` holds whole numbers" in said(numbered)


def test_a_file_of_several_layers_asks_which(tmp_path, sites):
    file = tmp_path / "both.gpkg"
    sites.to_file(file, layer="old")
    sites.iloc[:1].to_file(file, layer="new")
    with pytest.raises(ct.InputError, match="has 2 layers: old, new; say which with `layer`"):
        read_polygons(file)
    assert len(read_polygons(file, layer="new")) == 1
    with pytest.raises(ct.InputError, match="`layer` is 'newer'"):
        read_polygons(file, layer="newer")


@pytest.mark.parametrize("kind", [".gpkg", ".geojson", ".shp", ".parquet", ".zip"])
def test_broken_and_cut_off_files_are_one_sentence(tmp_path, sites, kind):
    whole = tmp_path / f"sites{'.shp' if kind == '.zip' else kind}"
    sites.to_parquet(whole) if kind == ".parquet" else sites.to_file(whole)
    file = zipped(tmp_path) if kind == ".zip" else whole
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    with pytest.raises(ct.InputError, match=r"sites\..*(cannot be read|not a whole one|whole)"):
        read_polygons(file)
    file.write_bytes(b"not a map at all")
    with pytest.raises(ct.InputError):
        read_polygons(file)


def test_missing_empty_and_strange_files_say_so(tmp_path, sites):
    with pytest.raises(ct.InputError, match="nowhere.gpkg is not there"):
        read_polygons(tmp_path / "nowhere.gpkg")
    sites.iloc[:0].to_file(tmp_path / "none.gpkg")
    with pytest.raises(ct.InputError, match="has no polygons: it holds no rows"):
        read_polygons(tmp_path / "none.gpkg")
    (tmp_path / "map.pdf").write_text("x")
    with pytest.raises(ct.InputError, match="not a kind of file that can be read"):
        read_polygons(tmp_path / "map.pdf")
    sites[["OBJECTID", "geometry"]].to_file(tmp_path / "bare.gpkg")
    with pytest.raises(ct.InputError, match="no column of text has a different code in every row"):
        read_polygons(tmp_path / "bare.gpkg")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "table.parquet")
    with pytest.raises(ct.InputError, match="cannot be read"):
        read_polygons(tmp_path / "table.parquet")


@pytest.mark.parametrize("kind", [".gpkg", ".geojson", ".parquet"])
def test_polygons_are_written_whole_and_the_same_every_time(tmp_path, sites, kind):
    one, other = tmp_path / "a" / f"x{kind}", tmp_path / "b" / f"x{kind}"
    write_polygons(sites, one)
    write_polygons(sites, other)
    assert one.read_bytes() == other.read_bytes()
    assert list(read_polygons(one).index) == ["001", "002"]
    assert [f.name for f in (tmp_path / "a").iterdir()] == [f"x{kind}"]
    with pytest.raises(ct.InputError, match=r"end its name in .gpkg"):
        write_polygons(sites, tmp_path / "x.shp")


# ---------------------------------------------------------------------- lookups


def csv(folder, text):
    file = folder / "lookup.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def test_lookups_from_csv_and_excel_make_the_same_layer(tmp_path):
    text = "area,LSOA11CD,WD24CD,WD24NM\n1,b1,001,Moor\n1,b2,001,Moor\n2,b3,,\n"
    file = csv(tmp_path, text)
    pd.read_csv(file, dtype="str").to_excel(tmp_path / "lookup.xlsx", index=False)
    for path in (file, tmp_path / "lookup.xlsx"):
        found = read_lookup(path)
        assert found.taken == {"block": "LSOA11CD", "code": "WD24CD", "name": "WD24NM"}
        layer = ct.Layer.from_lookup("ward", found.codes, names=found.names)
        assert layer.areas[["name", "blocks"]].to_dict("index") == {
            "001": {"name": "Moor", "blocks": 2}
        }


def test_the_column_of_blocks_is_the_one_that_holds_them_and_others_are_left_out(tmp_path):
    file = csv(tmp_path, "district,small\nD1,b1\nD1,b2\nD2,b9\n")
    found = read_lookup(file, blocks=pd.Index(["b1", "b2"]))
    assert found.codes.to_dict() == {"b1": "D1", "b2": "D1"}
    with pytest.raises(ct.InputError, match=r"no column of the lookup holds the blocks \('z1'\)"):
        read_lookup(file, blocks=pd.Index(["z1"]))


def test_a_lookup_that_contradicts_itself_or_lacks_blocks_lists_the_first_five(tmp_path):
    rows = [f"b{i},{a}" for i in range(7) for a in ("A", "B")]
    file = csv(tmp_path, "block,code\n" + "\n".join(rows) + "\n")
    with pytest.raises(
        ct.InputError, match=r"puts 7 blocks in more than one area: 'b0: A and B'.* and 2 more"
    ):
        read_lookup(file, block="block")
    file = csv(tmp_path, "block,code\nb1,A\nb1,A\n")
    assert len(read_lookup(file, block="block").codes) == 1
    with pytest.raises(ct.InputError, match=r"lacks 2 of 3 blocks: 'b2', 'b3'"):
        read_lookup(file, blocks=pd.Index(["b1", "b2", "b3"]))
    file = csv(tmp_path, "block,code,name\nb1,A,Moor\nb2,A,Fell\n")
    with pytest.raises(
        ct.InputError, match="gives 1 codes of `code` more than one name: A: 'Moor' and 'Fell'"
    ):
        read_lookup(file, block="block")


def test_codes_that_a_spreadsheet_holds_as_numbers_are_refused(tmp_path):
    file = tmp_path / "lookup.xlsx"
    pd.DataFrame({"block": ["b1", "b2"], "code": [1, 2]}).to_excel(file, index=False)
    with pytest.raises(ct.InputError, match="column `code` holds numbers, not codes: 1, 2"):
        read_lookup(file)
    with pd.ExcelWriter(file) as book:
        for sheet in ("one", "two"):
            pd.DataFrame({"block": ["b1"], "code": [sheet]}).to_excel(
                book, sheet_name=sheet, index=False
            )
    with pytest.raises(
        ct.InputError,
        match="has 2 sheets: one, two; 2 of them have a table; say which with `sheet`",
    ):
        read_lookup(file)
    assert read_lookup(file, sheet="two").codes.to_dict() == {"b1": "two"}


def test_a_lookup_that_is_no_table_says_so(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK not really")
    with pytest.raises(ct.InputError, match="cannot be read as a table"):
        read_lookup(tmp_path / "x.xlsx")
    with pytest.raises(ct.InputError, match="is not there"):
        read_lookup(tmp_path / "y.csv")
    with pytest.raises(ct.InputError, match="one column only"):
        read_lookup(csv(tmp_path, "block\nb1\n"))
