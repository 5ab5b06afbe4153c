"""Several drawings side by side, folders of them, and what is written of each."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main
from coterminous.files import sha256, to_json
from coterminous.report.scenario_folder import write_outcome

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"

MOVE = "name = '{name}'\nbase = 'rows'\n[[step]]\nmove = '{block}'\nto = 'S'\n"


def test_a_drawing_beside_its_base_moves_those_it_moves(grid):
    scenario = ct.Scenario("Moved", base="rows").move("nw", to="S")
    found = ct.compare(grid, ["rows", scenario, "columns"], against=["columns", "rows"])
    assert found.table.loc["moved", ["areas", "people_moved", "parted"]].tolist() == [2, 10, 10]
    assert found.table.loc["rows", "v_measure_rows"] == 1.0
    assert found.table.loc["columns", "v_measure_columns"] == 1.0
    assert found.table["localisation"].isna().all()


def test_the_figures_of_the_realignment(lsc):
    table = ct.compare(lsc, ["pbp2021", "footprint2022", "place2022"]).table
    assert table["largest"].tolist() == [534192, 488599, 1227076]
    assert table.loc["pbp2021", ["people_moved", "parted"]].tolist() == [0, 0]
    assert table.loc["footprint2022", "parted"] == 450076


def test_the_json_has_the_fields_of_the_contract(lsc):
    found = json.loads(to_json(ct.compare(lsc, ["pbp2021", "footprint2022"]).as_json()))
    assert found["against"] == ["utla2021"]
    row = found["drawings"][1]
    fields = "name areas largest smallest people_moved parted v_measure outside_patients"
    assert set(fields.split()) | {"localisation", "checks"} <= set(row)
    assert row["v_measure"]["utla2021"] == pytest.approx(0.6913321141)
    assert row["checks"]["contiguous"] == "pass"
    assert row["checks_failed"] == 0


def test_failed_checks_of_a_layer_are_counted(lsc):
    found = ct.compare(lsc, ["pbp2021", "pcn2022"])
    assert found.table["checks_failed"].tolist() == [0, 1]
    failed = found.checks[~found.checks["ok"]]
    assert failed[["drawing", "name"]].to_numpy().tolist() == [["pcn2022", "contiguous"]]


def test_the_same_name_twice_is_refused(grid):
    with pytest.raises(ct.InputError, match="`drawings` has 'rows' twice"):
        ct.compare(grid, ["rows", "rows"], against=[])


def test_a_drawing_of_fewer_people_says_so(grid):
    found = ct.compare(grid, ["rows", "hamlet"], against=["columns"])
    assert any("hamlet covers 40 of the 100 people of rows" in note for note in found.notes)


def folder_of(tmp_path, **texts: str):
    folder = tmp_path / "drawings"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_failing_file_is_a_row_with_its_error_and_the_rest_finish(grid, tmp_path):
    folder = folder_of(
        tmp_path,
        a=MOVE.format(name="A", block="nw"),
        b=MOVE.format(name="B", block="xx"),
        c="name =",
        d=MOVE.format(name="D", block="ne"),
    )
    (folder / "e.toml").mkdir()
    found = ct.sweep(grid, folder, against=["columns"])
    assert [r["file"] for r in found.results] == [f"{x}.toml" for x in "abcde"]
    assert found.table["people_moved"].fillna(-1).tolist() == [10, -1, -1, 20, -1]
    assert "b.toml: step 1 (move xx to S)" in found.table.loc["b.toml", "error"]
    assert "not valid TOML" in found.table.loc["c.toml", "error"]
    assert found.table.loc["e.toml", "error"].startswith("e.toml cannot be read: ")
    assert found.errors == 3


def test_a_row_of_a_sweep_says_whom_its_figures_leave_out(lsc, tmp_path):
    name = "south-cumbria-with-all-of-westmorland-and-furness.toml"
    (tmp_path / name).write_bytes((SCENARIOS / name).read_bytes())
    [row] = ct.sweep(lsc, tmp_path).as_json()
    assert any("and 53,754 others" in note for note in row["notes"])


def test_an_empty_folder_is_refused(grid, tmp_path):
    with pytest.raises(ct.InputError, match="holds no scenario file"):
        ct.sweep(grid, tmp_path)
    with pytest.raises(ct.InputError, match="is not a folder"):
        ct.sweep(grid, tmp_path / "nowhere")


def some(tmp_path):
    folder = tmp_path / "some"
    folder.mkdir()
    for name in ("west-lancashire-alone", "no-delivery-units"):
        text = (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    bad = "name = 'bad'\nbase = 'pbp2021'\n[[step]]\nmove = 'x'\nto = 'y'\n"
    (folder / "bad.toml").write_text(bad, encoding="utf-8")
    return folder


def test_threads_give_the_same_rows_as_one_after_the_other(lsc, tmp_path):
    folder = some(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        found = ct.sweep(lsc, folder, executor=pool)
    assert to_json(found.as_json()) == to_json(ct.sweep(lsc, folder).as_json())


def test_a_dask_cluster_gives_the_same_rows(lsc, tmp_path):
    distributed = pytest.importorskip("distributed")
    folder = some(tmp_path)
    extra = lsc.with_layer("mine", lsc.layer("pbp2021"), title="Mine")
    (folder / "mine.toml").write_text("name = 'again'\nbase = 'mine'\n", encoding="utf-8")
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, distributed.Client(cluster) as client:
        found = ct.sweep(extra, folder, executor=client.get_executor())
    assert to_json(found.as_json()) == to_json(ct.sweep(extra, folder).as_json())
    assert found.errors == 1


def test_workers_need_a_folder(grid, tmp_path):
    folder = folder_of(tmp_path, a=MOVE.format(name="A", block="nw"))
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(ct.InputError, match="was not read from a folder"),
    ):
        ct.sweep(grid, folder, executor=pool)


def test_a_scenario_is_written_for_other_tools_the_same_every_time(lsc, tmp_path):
    import geopandas as gpd
    import pandas as pd

    outcome = ct.Scenario.read(SCENARIOS / "longridge-practice-to-central.toml").run(lsc)
    one = write_outcome(outcome, tmp_path / "one")
    two = write_outcome(outcome, tmp_path / "two")
    assert {f.name: sha256(f) for f in one.iterdir()} == {f.name: sha256(f) for f in two.iterdir()}
    shapes = gpd.read_file(one / "layer.gpkg").set_index("code")
    assert shapes.crs.to_epsg() == 27700
    assert shapes["people"].sum() == 1701655
    lookup = pd.read_csv(one / "lookup.csv", dtype="str").set_index("block")["area"]
    assert lookup.dropna().equals(outcome.layer.assignment.dropna().rename("area"))
    assert ct.Scenario.read(one / "scenario.toml") == outcome.scenario
    (one / "mine.txt").write_text("mine", encoding="utf-8")
    (one / "areas.csv").write_text("edited", encoding="utf-8")
    write_outcome(outcome, one)
    assert (one / "areas.csv").read_text(encoding="utf-8") == "edited"
    (one / "manifest.json").unlink()
    with pytest.raises(ct.InputError, match="with other things in it .*'areas.csv'"):
        write_outcome(outcome, one)
    assert (one / "mine.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(ct.InputError, match="which is a file; name a folder"):
        write_outcome(outcome, one / "mine.txt")
    assert write_outcome(outcome, two) == two


# ---------------------------------------------------------------------- the command line


def test_compare_takes_layers_and_files(capsys):
    file = str(SCENARIOS / "west-lancashire-alone.toml")
    assert main(["compare", "footprint2022", file, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [d["name"] for d in found["drawings"]] == ["footprint2022", "west-lancashire-alone"]
    assert found["drawings"][1]["people_moved"] == 114496


def test_a_failed_check_is_exit_status_1_and_bad_input_2(tmp_path, capsys):
    failing = tmp_path / "failing.toml"
    failing.write_text("name = 'f'\nbase = 'pbp2021'\n[checks]\nareas = 4\n", encoding="utf-8")
    assert main(["scenario", str(failing)]) == 1
    assert "FAIL  areas: 5 areas, 4 wanted" in capsys.readouterr().out
    assert main(["scenario", str(failing), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= {"name", "base", "layer", "log", "checks"}
    assert main(["scenario", str(tmp_path / "none.toml")]) == 2
    assert "none.toml is not there" in capsys.readouterr().err


def test_sweep_prints_a_row_a_file(tmp_path, capsys):
    assert main(["sweep", str(some(tmp_path)), "--format", "json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert ["error" in row for row in found] == [True, False, False]


def test_the_scenarios_that_are_shipped_print_as_a_table(capsys):
    # One of them has no lists, so its cells are missing among whole numbers.
    assert main(["sweep", str(SCENARIOS)]) == 0
    printed = capsys.readouterr().out
    assert "1,819,226" in printed
    assert "<NA>" not in printed


def test_jobs_of_a_sweep_give_the_same_bytes_as_one(tmp_path, capsys):
    words = ["sweep", str(some(tmp_path)), "--format", "json"]
    assert main(words) == 2
    alone = capsys.readouterr().out
    assert main([*words, "--jobs", "2"]) == 2
    assert capsys.readouterr().out == alone
    assert main([*words, "--jobs", "0"]) == 2
    assert "`--jobs` is 0; give at least 1" in capsys.readouterr().err


def test_options_prints_counts_ranks_and_the_front(capsys):
    words = ["options", "--units", "ltla2021", "--within", "icb2022", "--areas", "3"]
    words += ["--format", "json"]
    assert main([*words, "--reference", "even=400000-", "--named", "place2022"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["count"] == 2489
    assert found["reference_sets"]["even"] < found["reference_sets"]["plausible"]
    assert main([*words[:-2], "--named", "pbp2021"]) == 0
    said = capsys.readouterr().out
    assert "2,489 drawings" in said
    held = found["reference_sets"]["plausible"]
    assert f"plausible: {held:,} drawings whose areas all hold 100,000 to 1,300,000" in said
    for option, bad in (("--score", "beauty"), ("--among", "nobody")):
        assert main([*words[:-2], option, bad]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert f"is '{bad}', which is not one of" in printed.err
    assert main([*words, "--reference", "even"]) == 2
    assert "give a name and a range" in capsys.readouterr().err


def test_figures_of_a_restricted_register_are_not_written_out(lsc, tmp_path):
    from dataclasses import replace

    from coterminous.maps.paper.appraisals import scatter
    from coterminous.maps.paper.fronts import front_maps

    restricted = lsc.with_register(replace(lsc.register("gp"), open=False))
    found = ct.compare(restricted, ["pbp2021", "footprint2022"])
    assert found.table.loc["footprint2022", "outside_patients"] == 78792
    with pytest.raises(ct.DisclosureError, match="'gp', which is restricted"):
        found.as_json()
    with pytest.raises(ct.DisclosureError):
        found.plot()
    drawn = ct.options(restricted, units="ltla2021", within="icb2022", areas=2)
    for write in (drawn.as_json, lambda: scatter(drawn), lambda: front_maps(restricted, drawn)):
        with pytest.raises(ct.DisclosureError):
            write()
    for shown in (found, drawn):
        assert "<table" not in shown._repr_html_()
    moved = ct.Scenario("m", base="footprint2022").move_practice("P81055", to="Central")
    assert "<table" not in moved.run(restricted)._repr_html_()
    with pytest.raises(ct.DisclosureError):
        write_outcome(moved.run(restricted), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_blocks_without_polygons_are_compared_and_not_checked_for_pieces():
    import pandas as pd

    blocks = pd.DataFrame({"population": [1, 2, 3]}, index=["a", "b", "c"])
    area = ct.Geography.from_frames(blocks).with_layer(
        "x", pd.Series({"a": "A", "b": "A", "c": "B"})
    )
    scenario = ct.Scenario("s", base="x").move("b", to="B")
    assert list(scenario.run(area).checks["name"]) == ["covers"]
    assert ct.compare(area, ["x", scenario]).table["people_moved"].tolist() == [0, 2]
    with pytest.raises(ct.InputError, match="have no polygons"):
        scenario.check(contiguous=True).run(area)


def test_a_layer_that_cuts_blocks_is_compared_by_shares_and_is_no_base_of_a_scenario(grid):
    import geopandas as gpd
    from shapely import box

    #  west is the left column and half of the right one
    cut = gpd.GeoDataFrame(
        {"name": ["West", "East"]},
        index=["w", "e"],
        geometry=[box(0, 0, 1500, 2000), box(1500, 0, 2000, 2000)],
        crs=27700,
    )
    layer = ct.Layer.from_polygons(cut, grid, method="apportion", name="cut")
    found = ct.compare(grid, ["columns", layer])
    assert found.table.loc["cut", ["smallest", "largest"]].tolist() == [30, 70]
    assert any("cut cuts blocks" in note for note in found.notes)
    area = grid.with_layer("cut", layer)
    with pytest.raises(ct.InputError, match="layer 'cut' cuts blocks; a scenario takes whole ones"):
        ct.Scenario("s", base="cut").run(area)


def test_people_of_a_layer_that_cuts_blocks_are_the_same_by_every_door():
    """A line halves a block of 5,999: 2,999.5 change area, and no door cuts the half off."""
    people = pd.DataFrame({"population": [6_000, 5_999, 4_000]}, index=["b0", "b1", "b2"])
    area = ct.Geography.from_frames(people, weights=["population"])
    shares = pd.DataFrame(
        {"block": ["b0", "b1", "b1", "b2"], "area": ["W", "W", "E", "E"], "share": [1, 0.5, 0.5, 1]}
    )
    cut = ct.CutLayer.from_shares("cut", shares, blocks=area.blocks)
    area = area.with_layer("x", pd.Series(["W", "W", "E"], index=area.blocks))
    area = area.with_layer("cut", cut)
    row = ct.compare(area, ["x", "cut"], against=[]).as_json()["drawings"][1]
    overlap = area.overlap("x", "cut").as_json()["measures"]
    assert row["people_moved"] == overlap["people_moved"] == 2999.5
    assert row["parted"] == overlap["parted"] == 2999.5
