"""Polygons by the door of the command line: answered right, or refused in one sentence."""

from __future__ import annotations

import json
import warnings
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

import coterminous as ct
from coterminous.cli import main
from coterminous.polygons import read_polygons
from tests.polygons import door_files as made


def overlaid(capsys, file, *options, other=None):
    """Hectares by code of a file laid on itself or another, and what was said."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        status = main(["overlay", str(file), str(other or file), *options, "--format", "json"])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "inf" not in out.lower().replace("information", "")
    if status == 0:
        return {a["code"]: round(a["value"], 1) for a in json.loads(out)["areas"]}, err
    assert (status, out) == (2, "")
    last = err.strip().splitlines()[-1]
    assert last.startswith("coterminous: ")
    assert not any(word in last for word in ("to_crs", "set_crs", "SHAPE_RESTORE", "read it as"))
    return None, last


def close(found):
    return found is not None and all(abs(v - 100) < 0.5 for v in found.values())


# ---------------------------------------------------------------------- coordinate systems


def test_metres_in_a_geojson_without_crs_are_named_and_can_be_declared(tmp_path, capsys):
    file = made.without_crs(tmp_path / "wards.geojson", made.wards())
    found, said = overlaid(capsys, file)
    assert found is None
    assert "350000, 430000 are no degrees; they look like EPSG:27700" in said
    assert "`--crs 27700`" in said
    found, said = overlaid(capsys, file, "--crs", "27700")
    assert found == {"A": 100.0, "B": 100.0}
    assert "taken as EPSG:27700, as `--crs` says" in said
    assert main(["check", str(file)]) == 1
    out = capsys.readouterr().out
    assert "implausible CRS" in out
    assert "`--crs 27700`" in out
    assert "to_crs" not in out
    assert main(["check", str(file), "--crs", "EPSG:27700"]) == 0


@pytest.mark.parametrize("crs", [3857, 3395, made.OWN_MERCATOR], ids=["web", "world", "own"])
def test_a_mercator_is_known_by_what_it_does(tmp_path, capsys, crs):
    made.wards(crs).to_file(tmp_path / "w.shp")
    found, said = overlaid(capsys, tmp_path / "w.shp")
    assert found is None
    assert "Mercator" in said
    assert close(overlaid(capsys, tmp_path / "w.shp", "--crs", "27700")[0])
    assert main(["check", str(tmp_path / "w.shp")]) == 1


@pytest.mark.parametrize("words", [made.ESRI_GRID, made.PROJ_GRID], ids=["esri", "proj"])
def test_the_national_grid_is_one_in_whoevers_words(tmp_path, capsys, words):
    made.declared(made.wards(), words).to_parquet(tmp_path / "theirs.parquet")
    made.wards().to_file(tmp_path / "ours.gpkg")
    found, said = overlaid(capsys, tmp_path / "theirs.parquet", other=tmp_path / "ours.gpkg")
    assert found == {"A": 100.0, "B": 100.0}
    assert "reprojected" not in said


@pytest.mark.parametrize("epsg", [2157, 29902, 3035, 25830, 32630, 7405])
def test_systems_that_keep_areas_are_measured_in(tmp_path, capsys, epsg):
    made.wards(epsg).to_parquet(tmp_path / "w.parquet")
    assert close(overlaid(capsys, tmp_path / "w.parquet")[0])


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (
            made.turned(made.wards(4326)),
            "east and north in each other's place; if that is so, swap",
        ),
        (made.declared(made.wards(4326), 27700), "are degrees, not metres"),
        (made.declared(made.wards(), 3035), "outside its area of use; they look like EPSG:27700"),
        (made.declared(made.wards(), 4277), "are no degrees"),
        (made.wards(3034), "does not keep areas: there they are up to 7% wrong"),
        (made.wards(4326), "in degrees; areas and distances need a projected one: `--crs 27700`"),
    ],
    ids=["turned", "degrees as metres", "grid as LAEA", "grid as OSGB36", "LCC", "degrees"],
)
def test_coordinates_that_cannot_be_or_be_measured_are_refused(tmp_path, capsys, frame, says):
    frame.to_parquet(tmp_path / "w.parquet")
    found, said = overlaid(capsys, tmp_path / "w.parquet")
    assert found is None
    assert says in said
    assert main(["check", str(tmp_path / "w.parquet")]) == 1


def test_degrees_that_are_declared_are_measured_where_areas_are_true(tmp_path, capsys):
    made.declared(made.wards(4326), 27700).to_file(tmp_path / "w.gpkg")
    found, said = overlaid(capsys, tmp_path / "w.gpkg", "--crs", "4326")
    assert close(found)
    assert "Measured in EPSG:27700" in said
    assert "cannot be in EPSG:27700" in overlaid(capsys, tmp_path / "w.gpkg", "--crs", "27700")[1]


def test_feet_are_measured_in_feet(tmp_path, capsys):
    feet = gpd.GeoDataFrame(
        {"code": ["A", "B"]}, geometry=[box(0, 0, 5280, 5280), box(5280, 0, 10560, 5280)]
    ).translate(2_000_000, 500_000)
    gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=feet, crs=2264).to_file(tmp_path / "w.gpkg")
    assert overlaid(capsys, tmp_path / "w.gpkg")[0] == {"A": 259.0, "B": 259.0}


def test_python_users_are_told_in_their_words():
    with pytest.raises(ct.InputError, match=r"`a` is read as .*a\.set_crs\(27700, allow_override"):
        ct.overlay(made.declared(made.wards(), 4326), made.wards())
    blocks = made.declared(made.wards(), 4326).set_index("code").assign(population=1)
    with pytest.raises(ct.InputError, match=r"`blocks` is read as EPSG:4326, but coordinates"):
        ct.Geography.from_frames(blocks).geometry  # noqa: B018


# ---------------------------------------------------------------------- containers


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_without_a_part_names_it(tmp_path, capsys, part):
    made.parts(tmp_path, made.wards())[part].unlink()
    found, said = overlaid(capsys, tmp_path / "w.shp")
    assert found is None
    assert f"w{part} is not beside it" in said


def test_a_shapefile_without_prj_says_so_and_takes_a_declaration(tmp_path, capsys):
    made.parts(tmp_path, made.wards())[".prj"].unlink()
    found, said = overlaid(capsys, tmp_path / "w.shp")
    assert found is None
    assert "(w.prj is not beside it) has no coordinate reference system" in said
    assert "they look like EPSG:27700" in said
    assert overlaid(capsys, tmp_path / "w.shp", "--a-crs", "27700", "--b-crs", "27700")[0] == {
        "A": 100.0,
        "B": 100.0,
    }


@pytest.mark.parametrize("kind", ["shp", "gpkg", "geojson", "nested", "capitals", "evil"])
def test_a_zip_of_anything_readable_is_read(tmp_path, capsys, kind):
    if kind in ("gpkg", "geojson"):
        made.wards().to_file(tmp_path / f"w.{kind}")
        file = made.zipped(tmp_path, "z.zip", {f"in/w.{kind}": tmp_path / f"w.{kind}"})
    else:
        upper = kind in ("nested", "capitals")
        path = "../../w" if kind == "evil" else "Some Folder/W"
        files = {
            f"{path}{s.upper() if upper else s}": p
            for s, p in made.parts(tmp_path, made.wards()).items()
        }
        file = made.zipped(tmp_path, "Z.ZIP", files)
        if kind == "nested":
            file = made.zipped(tmp_path, "outer.zip", {"inner.zip": file})
    assert overlaid(capsys, file)[0] == {"A": 100.0, "B": 100.0}
    assert not (tmp_path.parent / "w.shp").exists()


def test_a_zip_of_several_asks_which_and_takes_the_answer(tmp_path, capsys):
    made.wards().to_file(tmp_path / "w.gpkg")
    both = {"new.gpkg": tmp_path / "w.gpkg", "old.gpkg": tmp_path / "w.gpkg"}
    file = made.zipped(tmp_path, "z.zip", both)
    assert "'new.gpkg', 'old.gpkg'; say which with `--a-member`" in overlaid(capsys, file)[1]
    options = ("--a-member", "new", "--b-member", "old.gpkg")
    assert overlaid(capsys, file, *options)[0] == {"A": 100.0, "B": 100.0}
    assert main(["check", str(file), "--member", "new"]) == 0


def test_a_zip_bomb_is_not_unpacked(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("w.shp", b"\0" * 60_000_000)
    assert "unpacks to 60 MB from 0.1 MB" in overlaid(capsys, tmp_path / "z.zip")[1]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("w.kml", "<kml/>", "is KML, which is not read; save it as a GeoPackage"),
        ("w.kmz", "PK", "is zipped KML, which is not read"),
        ("w.json", '{"type": "Topology", "objects": {}}', "is TopoJSON, which is not read"),
        ("w.geojson", "{}", "cannot be read"),
        ("w.zip", "no", "is no zip file"),
    ],
)
def test_what_is_not_read_is_said_in_one_sentence(tmp_path, capsys, name, content, says):
    (tmp_path / name).write_text(content, "utf-8")
    assert says in overlaid(capsys, tmp_path / name)[1]


def test_a_geojson_with_the_old_crs_member_is_in_it(tmp_path, capsys):
    made.wards().to_file(tmp_path / "w.GeoJSON", driver="GeoJSON")
    assert '"crs"' in (tmp_path / "w.GeoJSON").read_text("utf-8")
    assert overlaid(capsys, tmp_path / "w.GeoJSON")[0] == {"A": 100.0, "B": 100.0}


def test_names_of_a_table_without_a_code_page_are_windows(tmp_path, capsys):
    named = made.wards().assign(NAME=["Ynys Môn", "D’Arcy"])
    kept = made.parts(tmp_path, named, encoding="cp1252")
    kept[".cpg"].unlink()
    table = bytearray(kept[".dbf"].read_bytes())
    table[29] = 0
    kept[".dbf"].write_bytes(table)
    main(["overlay", *[str(tmp_path / "w.shp")] * 2, "--format", "json"])
    out, err = capsys.readouterr()
    assert [a["name"] for a in json.loads(out)["areas"]] == ["Ynys Môn", "D’Arcy"]
    assert "does not say its code page; its text is read as Windows-1252" in err


# ---------------------------------------------------------------------- codes


@pytest.mark.parametrize("numbers", [[1, 2], [1.0, 2.0]])
def test_whole_numbers_are_codes_if_their_column_is_named(tmp_path, capsys, numbers):
    made.wards().assign(code=numbers).to_file(tmp_path / "w.gpkg")
    found, said = overlaid(capsys, tmp_path / "w.gpkg", "--a-code", "code", "--b-code", "code")
    assert found == {"1": 100.0, "2": 100.0}
    assert "holds whole numbers, which are taken as text ('1', '2')" in said
    assert "say which to take with `--a-code`" in overlaid(capsys, tmp_path / "w.gpkg")[1]
    assert main(["check", str(tmp_path / "w.gpkg")]) == 1
    assert "`--code code` takes them as text" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "w.gpkg"), "--code", "code"]) == 0


def test_numbers_that_are_not_whole_are_no_codes(tmp_path, capsys):
    made.wards().assign(code=[1.5, 2.0]).to_file(tmp_path / "w.gpkg")
    assert (
        "no whole numbers, and so no codes: 1.5"
        in overlaid(capsys, tmp_path / "w.gpkg", "--a-code", "code", "--b-code", "code")[1]
    )


def test_a_name_is_never_taken_for_the_code(tmp_path, capsys):
    named = made.wards().drop(columns="code").assign(WARD=["Moor Side", "Fell End"])
    named.to_file(tmp_path / "w.gpkg")
    assert (
        "its columns are WARD; say which to take with `--a-code`"
        in overlaid(capsys, tmp_path / "w.gpkg")[1]
    )
    assert main(["check", str(tmp_path / "w.gpkg")]) == 0
    assert "rows are numbered" in capsys.readouterr().err


def test_rows_that_are_parts_are_united_when_asked(tmp_path, capsys):
    made.wards().assign(code=["A", "A"], staff=[3, 3]).to_file(tmp_path / "w.gpkg")
    assert "`--a-code code` and `--dissolve`" in overlaid(capsys, tmp_path / "w.gpkg")[1]
    found, said = overlaid(capsys, tmp_path / "w.gpkg", "--dissolve")
    assert found == {"A": 200.0}
    assert "2 rows are united to 1 areas" in said
    weighed = ("--dissolve", "--a-weight", "staff")
    assert (
        "whether a number is of the row or of its area"
        in overlaid(capsys, tmp_path / "w.gpkg", *weighed)[1]
    )
    assert main(["check", str(tmp_path / "w.gpkg"), "--dissolve"]) == 0


def test_codes_that_look_alike_are_refused_with_the_pair(tmp_path, capsys):
    made.wards().assign(code=["w1", "W1"]).to_file(tmp_path / "w.gpkg")
    assert "'W1' and 'w1'" in overlaid(capsys, tmp_path / "w.gpkg")[1]
    assert main(["check", str(tmp_path / "w.gpkg")]) == 1
    assert "codes alike" in capsys.readouterr().out


def test_errors_about_shapes_name_the_file(tmp_path, capsys):
    spoilt = made.wards()
    spoilt.loc[0, "geometry"] = Point(350_000, 430_000)
    spoilt.to_file(tmp_path / "w.gpkg")
    assert "w.gpkg are no polygons: 'A'" in overlaid(capsys, tmp_path / "w.gpkg")[1]


# ---------------------------------------------------------------------- a folder


def test_a_folder_declares_the_crs_of_its_blocks_and_layers(tmp_path):
    made.without_crs(tmp_path / "blocks.geojson", made.wards())
    made.without_crs(tmp_path / "teams.geojson", made.wards().assign(code=["T", "T"]))
    pd.DataFrame({"code": ["A", "B"], "population": [10, 20]}).to_csv(
        tmp_path / "people.csv", index=False
    )
    toml = tmp_path / "geography.toml"
    text = (
        '[blocks]\nfile = "blocks.geojson"\ncode = "code"\nCRS\n[[weight]]\nname = "population"\n'
        'file = "people.csv"\ncode = "code"\n[layers]\nfiles = ["layers.toml"]\n'
    )
    recipe = (
        '[[layer]]\nname = "teams"\npolygons = { file = "teams.geojson", dissolve = true CRS }\n'
    )
    toml.write_text(text.replace("CRS\n", ""), "utf-8")
    (tmp_path / "layers.toml").write_text(recipe.replace(" CRS", ""), "utf-8")
    with pytest.raises(
        ct.InputError,
        match=r"blocks.geojson is read as .*`crs = 27700` in `\[blocks\]`",
    ):
        ct.load(tmp_path).geometry  # noqa: B018
    toml.write_text(text.replace("CRS", "crs = 27700"), "utf-8")
    area = ct.load(tmp_path)
    assert area.geometry.area.tolist() == [1e6, 1e6]
    with pytest.raises(ct.InputError, match=r"teams.geojson is read as .*`crs = 27700` in its"):
        area.layer("teams")
    (tmp_path / "layers.toml").write_text(recipe.replace(" CRS", ", crs = 27700"), "utf-8")
    layer = ct.load(tmp_path).layer("teams")
    assert layer.totals(area.weight("population")).to_dict() == {"T": 30}


def test_names_of_parts_do_not_keep_rows_from_being_united(tmp_path):
    parts = made.wards().assign(code=["A", "A"], name=["East", "West"])
    parts.to_file(tmp_path / "w.gpkg")
    read = read_polygons(tmp_path / "w.gpkg", code="code", dissolve=True)
    assert list(read.index) == ["A"]
    assert "gives some of them several names" in " ".join(read.attrs["notes"])
    assert read.attrs["name"] is None
    with pytest.raises(ct.InputError, match="make them agree, or leave out `name`"):
        read_polygons(tmp_path / "w.gpkg", code="code", name="name", dissolve=True)
