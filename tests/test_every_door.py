"""Does every door give the same number of people for the same area, and does each add up?

The expected numbers are sums of block times share, from the lists that a geography is drawn
from and never from the library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

import coterminous as ct

SIDE = 3
BLOCKS = [f"b{i}" for i in range(SIDE * SIDE)]
AREAS = ["A", "B", "C"]
#: Shares of a block in two areas, the rest being outside; quarters add up without rounding.
CUTS = [(4, 0), (3, 1), (2, 2), (1, 2), (0, 4), (2, 0), (1, 1), (0, 0)]


@dataclass(repr=False)
class Town:
    """A geography, and for each of its layers the shares of blocks by area, written by hand."""

    area: ct.Geography
    shares: dict[str, dict[tuple[str, str], float]]
    people: dict[str, int]
    patients: dict[str, dict[str, int]]

    @property
    def cut(self) -> bool:
        """Whether a layer of it cuts blocks."""
        return any(isinstance(self.area.layer(name), ct.CutLayer) for name in self.shares)

    def expected(self, layer: str, counted: dict[str, int] | None = None) -> dict[str, float]:
        """Sum block times share by area."""
        counted = self.people if counted is None else counted
        found = {code: 0.0 for _, code in self.shares[layer]}
        for (block, code), share in self.shares[layer].items():
            found[code] += share * counted.get(block, 0)
        return dict(sorted(found.items()))


@st.composite
def towns(draw):
    """Nine blocks in a square with few people each, two layers of them, and two practices."""
    import geopandas as gpd
    from shapely import box

    counts = draw(st.lists(st.integers(0, 2000), min_size=len(BLOCKS), max_size=len(BLOCKS)))
    people = dict(zip(BLOCKS, counts, strict=True))
    places = [(i % SIDE * 1000, i // SIDE * 1000) for i in range(len(BLOCKS))]
    blocks = gpd.GeoDataFrame(
        {"population": counts},
        index=BLOCKS,
        geometry=[box(x, y, x + 1000, y + 1000) for x, y in places],
        crs=27700,
    )
    area = ct.Geography.from_frames(blocks, name="town", title="A town")
    drawn = {}
    for name in ("old", "new"):
        if draw(st.booleans()):
            pairs = draw(st.lists(st.sampled_from(CUTS), min_size=9, max_size=9))
            first = draw(st.lists(st.sampled_from(["AB", "BC", "CA"]), min_size=9, max_size=9))
            drawn[name] = {
                (block, code): quarters / 4
                for block, pair, codes in zip(BLOCKS, pairs, first, strict=True)
                for code, quarters in zip(codes, pair, strict=True)
                if quarters
            } or {("b0", "A"): 0.5}
            table = pd.DataFrame(
                [(b, c, s) for (b, c), s in drawn[name].items()], columns=["block", "area", "share"]
            )
            layer = ct.CutLayer.from_shares(name, table, blocks=area.blocks)
            area = area.with_layer(name, layer, title=f"The {name} areas")
        else:
            codes = draw(st.lists(st.sampled_from([*AREAS, None]), min_size=9, max_size=9))
            codes[0] = codes[0] or "A"
            drawn[name] = {(b, c): 1.0 for b, c in zip(BLOCKS, codes, strict=True) if c}
            area = area.with_layer(name, pd.Series(codes, index=BLOCKS), title=f"The {name} areas")
    patients = {}
    for practice in ("P", "Q"):
        listed = draw(st.lists(st.integers(0, 300), min_size=9, max_size=9))
        patients[practice] = {b: n for b, n in zip(BLOCKS, listed, strict=True) if n} or {"b0": 7}
    rows = [(p, b, n) for p, by_block in patients.items() for b, n in by_block.items()]
    known = pd.DataFrame(
        {"name": ["Park", "Quay"], "kind": "practice", "block": ["b0", "b4"]}, index=["P", "Q"]
    )
    register = ct.Register.from_table(
        pd.DataFrame(rows, columns=["organisation", "block", "patients"]),
        area=area,
        name="gp",
        organisations=known,
        published=True,
    )
    return Town(
        area.with_register(register).with_roles({"patients": "gp"}), drawn, people, patients
    )


def near(numbers) -> object:
    return pytest.approx(dict(numbers), rel=1e-9, abs=1e-9)


@settings(max_examples=8)
@given(towns())
def test_every_table_has_the_same_people_in_an_area(town):
    area, everyone = town.area, sum(town.people.values())
    for name, other in (("old", "new"), ("new", "old")):
        expected = town.expected(name)
        inside = sum(expected.values())
        overlap = area.overlap(name, other)
        assert overlap.areas()["value"].to_dict() == near(expected)
        assert overlap.reversed().areas()["value"].to_dict() == near(town.expected(other))
        assert overlap.ledger["total"] == pytest.approx(everyone)
        assert overlap.table["value"].sum() == pytest.approx(everyone - overlap.ledger["neither"])
        outside = {"outside": everyone - inside}
        assert area.layer(name).totals(area.weight("population")).to_dict() == near(expected)
        profile = ct.profile(area, name)["residents"]
        assert profile.to_dict() == near(expected | outside)
        lists = ct.lists(area, name)["residents"]
        assert lists.to_dict() == near(expected | outside)
        assert area.layers.loc[name, "people"] == pytest.approx(inside)
        pieces = area.pieces(name)
        assert pieces.groupby("area")["people"].sum().to_dict() == near(expected)


@settings(max_examples=8)
@given(towns())
def test_a_comparison_and_who_is_parted_count_the_same_people(town):
    area, everyone = town.area, sum(town.people.values())
    table = ct.compare(area, ["old", "new"], against=["old"]).table
    for name in ("old", "new"):
        expected = town.expected(name)
        row = table.loc[name, ["people", "smallest", "largest"]].astype(float).tolist()
        sizes = expected.values()
        assert row == pytest.approx([sum(sizes), min(sizes), max(sizes)])
    # A drawing held against itself moves nobody, whether or not it cuts blocks.
    assert table.loc["old", ["people_moved", "parted"]].tolist() == [0, 0]
    found = ct.parted(area, before="old", after="new")
    both = area.overlap("old", "new").ledger["both"]
    assert found.areas()[["stay", "parted"]].to_numpy().sum() == pytest.approx(both)
    assert found.areas()["parted"].sum() == pytest.approx(found.ledger["parted"])
    assert found.ledger.drop("total").sum() == pytest.approx(everyone)
    assert table.loc["new", "parted"] == pytest.approx(found.ledger["parted"], abs=1)


@settings(max_examples=8)
@given(towns())
def test_patients_are_the_same_by_impact_flows_and_lists(town):
    area = town.area
    everybody = {b: sum(p.get(b, 0) for p in town.patients.values()) for b in BLOCKS}
    total = sum(everybody.values())
    found = ct.impact(area, "gp", before="old", after="new")
    for name, side in (("old", "before"), ("new", "after")):
        expected = town.expected(name, everybody)
        flows = ct.flows(area, "gp", layer=name)
        assert flows.areas()["patients"].to_dict() == near(expected)
        assert flows.ledger["total"] == pytest.approx(total)
        living = ct.lists(area, name)["living_in"]
        assert living.to_dict() == near(expected | {"outside": total - sum(expected.values())})
        ledger = found.ledger[side]
        assert ledger["total"] == pytest.approx(total)
        within = ledger[["at_home", "outside_home", "no_home"]].sum()
        assert within == pytest.approx(sum(expected.values()))


@settings(max_examples=8)
@given(towns())
def test_maps_say_the_same_people_in_every_text(town):
    from coterminous.maps.facts import facts
    from coterminous.maps.findings import layer_alt_text, people_by_area
    from coterminous.maps.page.texttwin import text_twin

    area = town.area
    for name in ("old", "new"):
        expected = town.expected(name)
        assert people_by_area(area, name) == near(expected)
        assert text_twin(area, name)["people"].to_dict() == near(expected)
        said = {code: f"{people:,.0f} people" for code, people in expected.items()}
        for fact in facts(area, name):
            assert fact.sizes[0].startswith(f"{said[fact.code]} live in it")
        alt = layer_alt_text(area, name)
        assert all(f"{code} ({words})" in alt for code, words in said.items())


@settings(max_examples=8)
@given(towns())
def test_grouping_cutting_and_keeping_carry_the_shares(town):
    area = town.area
    old, new, people = area.layer("old"), area.layer("new"), area.weight("population")
    expected = town.expected("old")
    grouped = old.group("all", {"All": list(old.codes)})
    assert grouped.totals(people).sum() == pytest.approx(sum(expected.values()))
    relations = area.overlap(old, grouped).areas()["relation"].dropna()  # null of areas of nobody
    assert set(relations) <= {"nested", "coterminous"}
    cells = area.overlap("old", "new").inside.stack()
    cells.index = [f"{a}+{b}" for a, b in cells.index]
    both = area.overlap("old", "new").ledger["both"]
    touch = area.overlap("old", "new").cells
    touch = touch[(touch[["source", "target"]] != "outside").all(axis=1)]
    if touch.empty:
        with pytest.raises(ct.InputError):
            old.refine(new)
        return
    refined = old.refine(new).totals(people)
    assert refined.to_dict() == near(cells[refined.index])
    assert refined.sum() == pytest.approx(both)
    kept = old.within(new)
    assert kept.totals(people).sum() == pytest.approx(both)
    assert old.renamed("again").totals(people).to_dict() == near(expected)
    # What was cut from a layer lies in it, whole.
    for part in (kept, old.refine(new)):
        assert set(area.overlap(part, old).areas()["relation"].dropna()) <= {
            "nested",
            "coterminous",
        }


@seed(1)
@settings(max_examples=2, phases=[Phase.generate])
@given(towns().filter(lambda t: t.cut and sum(t.people.values()) > 1000))
def test_plates_and_the_appendix_print_the_same_people(town):
    import matplotlib.pyplot as plt

    from coterminous.maps.paper.platekinds import layer_plate
    from coterminous.report.assembling import compose
    from coterminous.report.content import Table
    from coterminous.report.settings import settle

    area = town.area
    expected = {name: town.expected(name) for name in ("old", "new")}
    for name, people_of in expected.items():
        plate = layer_plate(area, name, area.layer(name), None)
        for code, people in people_of.items():
            assert f"{code} ({people:,.0f} people)" in plate.alt
    plt.close("all")
    sections = ("people", "lines")
    given = {"before": "old", "after": "new", "sections": sections, "formats": ("html",)}
    document = compose(area, settle(area, given=given))
    tables = [b for s in document.sections for b in s.blocks if isinstance(b, Table)]
    sizes = next(t.frame for t in tables if t.key == "sizes")
    for label, name in zip(dict.fromkeys(sizes["drawing"]), ("old", "new"), strict=True):
        printed = sizes[sizes["drawing"] == label].set_index("name")["living"].to_dict()
        assert printed == {c: pytest.approx(p, abs=0.5) for c, p in expected[name].items()}
    twins = [t.frame for t in tables if re.match(r"lines|twin|text", t.key)]
    assert len(twins) == 2
    for frame, name in zip(twins, ("old", "new"), strict=True):
        assert dict(zip(frame["name"], frame["people"], strict=True)) == near(expected[name])
