"""What stands under the last line of a cell: every kind of result, found by itself.

A sentence and at most ten rows, under 900 pixels; `show` has all of it; and it travels.
"""

from __future__ import annotations

import pickle
import re
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import coterminous as ct
from coterminous.errors import DisclosureError
from coterminous.vintages.relabelling import translate_lookup
from tests.test_results import KINDS, made

SCENARIOS = Path(__file__).parents[1] / "scenarios"
OLD, NEW = {"before": "pbp2021"}, {"after": "footprint2022"}
FIELDS = [box(0, 0, 101, 9), box(100, 0, 300, 9)]


def _fields():
    return gpd.GeoDataFrame(index=["a", "b"], geometry=FIELDS, crs=27700)


def _swept(area, folder):
    shutil.copy(SCENARIOS / "west-lancashire-alone.toml", folder)
    return ct.sweep(area, folder)


#: One of each kind, made as its users make it. A new kind of result needs a line here.
EXAMPLES = {
    "Appraisal": lambda a, f: ct.option_appraisal(
        a, decision="place2022", units="ltla2021", within="icb2022"
    ),
    "Attribution": lambda a, f: ct.attribute(
        a, pd.Series({"P81002": 4000, "P81029": 1500}, name="diabetes"), layer="footprint2022"
    ),
    "Catchments": lambda a, f: ct.catchments(a, "gp"),
    "Codes": lambda a, f: ct.codes(["E01000001", "E01033769"]),
    "Comparison": lambda a, f: ct.compare(a, ["pbp2021", "place2022"]),
    "Flows": lambda a, f: ct.flows(a, "trust", layer="pbp2021"),
    "Impact": lambda a, f: ct.impact(a, "gp", **OLD, **NEW),
    "League": lambda a, f: ct.league(a, "footprint2022", "utla2021"),
    "Mended": lambda a, f: ct.mend(_fields()),
    "Options": lambda a, f: ct.options(a, units="ltla2021", within="icb2022", areas=3),
    "Outcome": lambda a, f: ct.Scenario.read(SCENARIOS / "west-lancashire-alone.toml").run(a),
    "Overlap": lambda a, f: a.overlap("ltla2021", "footprint2022"),
    "Parted": lambda a, f: ct.parted(a, **OLD, **NEW, by=["imd2019_quintile", "age"]),
    "Partners": lambda a, f: ct.partners(a, **OLD, **NEW),
    "Recoded": lambda a, f: translate_lookup(
        pd.Series({"E07000026": "west", "E07000028": "north"}), to="ltla2023"
    ),
    "Report": lambda a, f: ct.check(_fields()),
    "Sweep": _swept,
    "Translated": lambda a, f: ct.translate(
        pd.Series({"E07000026": 100, "E07000028": 20}), to="ltla2023"
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    kept = {}

    def of(kind):
        if kind not in kept:
            kept[kind] = EXAMPLES[kind](ct.load(), tmp_path_factory.mktemp(kind.lower()))
        return kept[kind]

    return of


def test_there_is_an_example_of_every_kind():
    assert sorted(EXAMPLES) == [kind.__name__ for kind in KINDS]


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_what_stands_last_in_a_cell_is_short_and_dressed(results, kind):
    shown = results(kind)._repr_html_()
    assert shown.startswith("<p>")
    bodies = re.findall(r"(?s)<tbody>(.*?)</tbody>", shown)
    assert len(bodies) <= 1
    assert sum(body.count("<tr>") for body in bodies) <= 10
    assert not re.search(r">\s*(?:nan|NaN|&lt;NA&gt;|None|NaT)\s*<", shown)
    # Whole numbers of four figures and more have commas; a year has none of either.
    cells = [cell for body in bodies for cell in re.findall(r"<td[^>]*nowrap[^>]*>([^<]*)<", body)]
    assert [cell for cell in cells if re.fullmatch(r"-?\d{5,}(\.\d+)?", cell)] == []
    assert ".show()" in shown


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_all_of_it_can_be_shown_and_copied(results, kind):
    found = results(kind)
    all_of_it = found.show()
    assert repr(all_of_it)
    rows = all_of_it._repr_html_().count("<tr>")
    assert rows >= found._repr_html_().count("<tr>")
    for source in found.sources:
        assert source in all_of_it._repr_html_()
    few = found.show(1)._repr_html_()
    assert len(repr(found.show(1)).splitlines()) <= len(repr(all_of_it).splitlines())
    assert all(b.count("<tr>") <= 1 for b in re.findall(r"(?s)<tbody>(.*?)</tbody>", few))


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_it_travels_and_keys_what_is_kept(results, kind, tmp_path):
    joblib = pytest.importorskip("joblib")
    found = results(kind)
    again = pickle.loads(pickle.dumps(found))
    assert type(again) is type(found)
    assert again._repr_html_() == found._repr_html_()
    # Worked out again of the same, it has the same key.
    assert joblib.hash(EXAMPLES[kind](ct.load(), tmp_path)) == joblib.hash(found)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_restricted_one_is_not_shown(kind):
    with pytest.raises(DisclosureError):
        made(kind).show()


def test_an_impact_begins_with_what_changes(results):
    shown = results("Impact")._repr_html_()
    first = re.findall(r"(?s)<tbody>(.*?)</tbody>", shown)[0]
    assert first.count("newly crossing") + first.count("newly_crossing") == 10
    assert "Ash Trees Surgery" in first
    assert "10 of " in shown


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_no_note_is_left_out_of_a_cell_unsaid(results, kind):
    shown = results(kind)._repr_html_()
    beside = shown.count("<p><small>") - 1
    more = re.search(r"(\d+|[a-z]+) more notes?;", shown)
    left = {"one": 1}.get(more[1], 0) or int(more[1]) if more else 0
    assert beside + left == len(results(kind)._beside())


def test_where_notes_are_left_out_of_a_cell_it_says_how_many(results):
    assert re.search(r"\d+ more notes?;", results("Options")._repr_html_())


#: Where the answer is a Series, or has one row a drawing beside it, the file holds another frame.
_TABLE_ASIDE = {"Translated"}


@pytest.mark.parametrize("kind", sorted(set(EXAMPLES) - _TABLE_ASIDE))
def test_its_table_is_what_a_file_holds(results, kind):
    found = results(kind)
    table, filed = found.table, found.as_frame()
    assert isinstance(table, pd.DataFrame)
    plain = filed if list(filed.columns) == list(table.columns) else table.reset_index()
    assert plain.to_numpy().astype(str).tolist() == filed.to_numpy().astype(str).tolist()


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_one_word_is_one_thing_on_every_result(results, kind):
    found = results(kind)
    if kind != "Options" and hasattr(found, "areas"):
        rows = found.areas()
        assert isinstance(rows, pd.DataFrame)
        assert "name" in list(rows.columns)[:2]
        assert rows.index.is_unique
    if hasattr(found, "ledger"):
        assert not callable(found.ledger)
        ledger = found.ledger if isinstance(found.ledger, pd.DataFrame) else pd.Series(found.ledger)
        assert len(ledger) * ledger.ndim >= 3
    if hasattr(found, "summary"):
        assert not hasattr(type(found).summary, "__wrapped__")
        assert isinstance(found.summary, dict | pd.DataFrame | pd.Series)
    assert not callable(found.table)


def test_names_of_before_work_with_a_warning_that_says_the_new_one(results):
    flows, partners, options = (results(k) for k in ("Flows", "Partners", "Options"))
    with pytest.warns(DeprecationWarning, match=r"`\.areas\(\)` now"):
        before = flows.areas[["name", "patients"]]
    assert before.equals(flows.areas()[["name", "patients"]])
    with pytest.warns(DeprecationWarning, match=r"`\.areas\(\)` now"):
        assert len(flows.areas) == len(flows.areas())
    with pytest.warns(DeprecationWarning, match=r"`\.areas\(\)` now"):
        assert flows.areas.loc["fylde-coast"].equals(flows.areas().loc["fylde-coast"])
    with pytest.warns(DeprecationWarning, match=r"`\.summary` now"):
        assert partners.summary().equals(pd.DataFrame(partners.summary))
    with pytest.warns(DeprecationWarning, match=r"`\.areas_each` now"):
        assert options.areas == 3


def test_names_of_today_warn_of_nothing(results, recwarn):
    flows = results("Flows")
    flows.areas(), results("Partners").summary, results("Options").areas_each
    repr(flows.areas)
    assert [w for w in recwarn if w.category is DeprecationWarning] == []


def test_columns_that_have_no_room_are_counted_and_those_that_matter_stand_first(results):
    shown = results("Overlap")._repr_html_()
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", shown)
    assert heads[:5] == ["name", "value", "relation", "best target", "share in best"]
    assert f"{len(heads)} of 15 columns; all are in .areas()." in shown
    assert results("Overlap").show(3)._repr_html_().count("<th ") == 15
