"""Does writing to what a value hands out change anything inside it? And can each be hashed?"""

from __future__ import annotations

import pickle

import pytest

import coterminous as ct


def test_a_register_keeps_its_people_whatever_is_done_to_a_table_it_gave(surgeries):
    people = surgeries.people
    people.loc[0, "patients"] = 10**9
    people["patients"] = 0
    surgeries.organisations.index.name = "changed"
    assert surgeries.total == 30
    assert surgeries.people["patients"].sum() == 30
    assert surgeries.organisations.index.name != "changed"


def test_a_table_that_a_register_was_made_of_may_change_afterwards(grid):
    import pandas as pd

    table = pd.DataFrame({"organisation": ["P"], "block": ["nw"], "patients": [3]})
    register = ct.Register.from_table(table, area=grid)
    table.loc[0, "patients"] = 99
    assert register.total == 3


def test_an_overlap_keeps_its_cells_and_names(grid):
    overlap = grid.overlap("rows", "columns")
    cells = overlap.cells
    cells["value"] = 0
    cells.loc[0, "source"] = "X"
    overlap.names[0].clear()
    assert overlap.ledger.to_dict() == {
        "both": 100, "source_only": 0, "target_only": 0, "neither": 0, "total": 100,
    }  # fmt: skip
    assert overlap.areas()["value"].to_dict() == {"N": 30, "S": 70}


def test_a_geography_keeps_its_weights_links_shapes_and_settings(grid):
    weight, shapes, edges = grid.weight("population"), grid.geometry, grid.neighbours()
    weight.iloc[0], shapes.iloc[0], edges.loc[0, "a"] = 10**9, None, "changed"
    grid.blocks.name = "changed"
    grid.settings["roles"] = {"residents": "nobody"}
    assert grid.weight("population").sum() == 100
    assert grid.geometry.notna().all()
    assert "changed" not in set(grid.neighbours()["a"])
    assert grid.blocks.name == "block"
    assert grid.role("residents") is None


def test_the_positions_of_a_layer_cannot_be_written_to(grid):
    layer = grid.layer("rows")
    with pytest.raises(ValueError, match="read-only"):
        layer.positions[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        layer.positions.setflags(write=True)
    layer.codes.name = "changed"
    layer.areas.loc["N", "name"] = "changed"
    assert (layer.codes.name, layer.name_of("N")) == ("code", "N")


def test_a_scenario_keeps_its_checks_and_groups():
    checks = {"population": {"least": 1}}
    groups = {"All": ("N", "S")}
    scenario = ct.Scenario("s", base="rows", checks=checks).group(groups)
    checks["population"]["least"] = 5
    scenario.checks["population"]["least"] = 7
    scenario.checks["areas"] = 3
    scenario.steps[0].groups.clear()
    assert scenario.checks == {"population": {"least": 1}}
    assert scenario.steps[0].groups == groups
    again = pickle.loads(pickle.dumps(scenario))
    assert (again, hash(again)) == (scenario, hash(scenario))


def test_everything_that_is_frozen_has_a_hash(grid, surgeries):
    layer = grid.layer("rows")
    cut = ct.CutLayer.from_shares("cut", layer.memberships().assign(share=0.5), blocks=grid.blocks)
    frozen = [grid, surgeries, layer, cut, grid.overlap("rows", "columns"), ct.Scenario("s", "x")]
    assert len({hash(value) for value in frozen}) == len(frozen)
