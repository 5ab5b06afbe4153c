"""One question, one answer: the same people by organisation and area through every door."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import coterminous as ct
from coterminous.drawings.blockmoves import block_moves
from coterminous.drawings.unitfigures import Yardsticks, figures_of
from coterminous.registers.counting import count, count_by_block
from tests.registers import counted_by_hand as by_hand

LUMP = "OTHER"
AREAS = ["A", "B", "C"]


@st.composite
def towns(draw, *, cut: bool = False):
    """A row of blocks in zones, two layers, and a register with a lump and people beyond."""
    size = draw(st.integers(2, 6))
    blocks = [f"b{i}" for i in range(size)]
    residents = pd.Series(draw(st.lists(st.sampled_from([0, 0, 3, 10, 25]), **_of(size))), blocks)
    zones = pd.Series(draw(st.lists(st.sampled_from(["x", "y", "z"]), **_of(size))), blocks)
    area = _geography(residents) if cut else ct.Geography.from_frames(_frame(residents))
    layers = {}
    for name in ("old", "new"):
        found = draw(st.lists(st.sampled_from([*AREAS, None]), **_of(size)))
        if not any(found):
            found[0] = "A"
        layers[name] = pd.Series(found, blocks, dtype="object")
        area = area.with_layer(name, layers[name].astype("str"))
    places = [*sorted(set(zones)), "elsewhere", "unknown"]
    rows = [
        (organisation, place, draw(st.integers(0, 40)))
        for organisation in ("P", "Q", LUMP)
        for place in places
    ]
    people = pd.DataFrame(rows, columns=["organisation", "zone", "patients"])
    sites = {o: draw(st.sampled_from([None, *blocks])) for o in ("P", "Q")}
    known = pd.DataFrame({"block": pd.Series(sites, dtype="str")})
    register = ct.Register.from_table(
        people,
        area=area,
        name="seen",
        places=zones,
        organisations=known,
        published=draw(st.booleans()),
    )
    if register.resolution == "zone" and zones.duplicated(keep=False).any() and draw(st.booleans()):
        # A block that has no zone: nobody of the register is counted there.
        spare = zones.index[zones.duplicated(keep=False)][0]
        zones = zones.drop(spare)
        register = replace(register, places=register.places.mask(register.places.index == spare))
    return area.with_register(register), register, people, zones.reindex(blocks), residents, sites


def _of(size: int) -> dict[str, int]:
    return {"min_size": size, "max_size": size}


def _frame(residents: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"population": residents})


def _geography(residents: pd.Series) -> ct.Geography:
    """Blocks of a square kilometre, in a row from west to east."""
    import geopandas as gpd
    from shapely import box

    squares = [box(i * 1000, 0, (i + 1) * 1000, 1000) for i in range(len(residents))]
    return ct.Geography.from_frames(
        gpd.GeoDataFrame(_frame(residents), geometry=squares, crs=27700)
    )


def _parts(area: ct.Geography, name: str) -> pd.DataFrame:
    found = area.layer(name).assignment.dropna()
    return pd.DataFrame({"block": found.index, "area": found.to_numpy(), "share": 1.0})


def _same(found, expected) -> None:
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)


@settings(max_examples=25)
@given(towns())
def test_every_door_gives_the_same_people_by_organisation_and_area(town):
    area, register, people, zones, residents, sites = town
    named = ["P", "Q"]
    tables = {n: by_hand.by_area(people, zones, residents, _parts(area, n)) for n in ("old", "new")}
    impact = ct.impact(area, "seen", before="old", after="new")
    partners = ct.partners(area, before="old", after="new", organisations=["seen"])
    by_code = partners.organisations.set_index("code")
    for side, name in (("before", "old"), ("after", "new")):
        layer, table = area.layer(name), tables[name]
        codes = list(layer.codes)
        cells = table.reindex(columns=[*codes, *by_hand.BEYOND], fill_value=0.0)
        cells = cells.reindex(["P", "Q", LUMP], fill_value=0.0)
        home = by_hand.homes(cells, sites, layer.assignment.dropna().to_dict())
        living, at_home = by_hand.living(cells), by_hand.at_home(cells, home)

        flows = ct.flows(area, "seen", layer=name)
        tidy = flows.table.pivot_table(
            index="organisation", columns="area", values="value", aggfunc="sum"
        )
        _same(tidy.reindex(index=cells.index, columns=cells.columns).fillna(0), cells)
        assert flows.ledger["total"] == people["patients"].sum()
        _same(flows.areas()["patients"], cells[codes].sum())

        said = impact.organisations.loc[named]
        _same(said[f"patients_{side}"], living[named])
        _same(said[f"beyond_{side}"], cells.loc[named, "outside"])
        _same(said[["elsewhere", "unknown"]], cells.loc[named, ["elsewhere", "unknown"]])
        housed = [o for o in named if home[o] is not None]
        assert said.index[said[f"outside_{side}"].notna()].tolist() == [
            o for o in said.index if home[o] is not None
        ]
        outside = living[housed] - at_home.reindex(housed)
        _same(said.loc[housed, f"outside_{side}"].astype(float), outside)

        compared = ct.compare(area, [name], trusts="seen", practices="seen").table.loc[name]
        assert compared["outside_patients"] == round(float(outside.sum()))
        _same(impact.summary[side]["outside"], outside.sum())
        most, everybody = cells.loc[named, codes].max().sum(), cells[codes].sum().sum()
        _same(compared["localisation"], most / everybody if everybody else np.nan)

        won = ct.catchments(area, "seen", units=name)
        units = won.by_unit.pivot_table(
            index="organisation", columns="unit", values="value", aggfunc="sum"
        )
        _same(units.reindex(index=cells.index, columns=codes).fillna(0), cells[codes])
        for _, row in won.ledger.iterrows():
            assert row["allotted"] + row["undecided"] + row["unserved"] == row["total"]
        undecided = _undecided(cells[codes], area, name)
        assert won.ledger.loc["first_past_the_post", "undecided"] == undecided

        met = [o for o in named if o in by_code.index]
        share = cells.loc[met, codes].div(living[met], axis=0)
        _same(by_code.loc[met, f"areas_{side}"], (share >= 0.05).sum(axis=1))

        figures = figures_of(area, layer, None, Yardsticks(None, None, "seen", "seen"))
        _same(figures.activity, cells.loc[named, codes].T)
        _same(figures.activity_total, cells[codes].sum())
        if not register.organisations["block"].isna().all() or housed:
            expected = pd.DataFrame(0.0, index=codes, columns=codes)
            for organisation in housed:
                expected[home[organisation]] += cells.loc[organisation, codes]
            _same(figures.registered, np.rint(expected))

        lists = register.lists.rename("list")
        given_out = (
            ct.attribute(area, lists[lists > 0], layer=name, register="seen")
            if (lists > 0).any()
            else None
        )
        if given_out is not None:
            _same(given_out.table["people"], cells.sum())
        by_block, _ = count_by_block(register)
        inside = layer.positions >= 0
        summed = np.zeros((len(codes), 2))
        np.add.at(summed, layer.positions[inside], by_block[inside])
        _same(summed, cells.loc[named, codes].T)
    _same(by_code["people"], [_most_living(tables, o) for o in by_code.index])
    if not register.open:
        for result in (impact, flows, partners, won):
            with pytest.raises(ct.DisclosureError):
                result.as_json()


def _most_living(tables, organisation: str) -> float:
    return max(by_hand.living(t).get(organisation, 0.0) if len(t) else 0.0 for t in tables.values())


def _undecided(cells: pd.DataFrame, area: ct.Geography, name: str) -> int:
    """Sum the residents of units where the lump has as many people as any organisation."""
    best = cells.drop(index=LUMP).max()
    units = cells.columns[(cells.loc[LUMP] > 0) & (cells.loc[LUMP] >= best - 1e-9)]
    lives = area.weight("population").groupby(area.layer(name).assignment).sum()
    return int(lives.reindex(units, fill_value=0).sum())


@settings(max_examples=10)
@given(towns(cut=True), st.integers(1, 7), st.booleans())
def test_a_layer_that_cuts_blocks_is_counted_alike_by_every_door(town, quarter, open_end):
    import geopandas as gpd
    from shapely import box

    area, _, people, zones, residents, _ = town
    # Two areas that meet a quarter, half or three quarters into a block; the east may be open.
    line, end = quarter * 250, len(residents) * 1000 - (250 if open_end else 0)
    assume(line < end)
    drawn = gpd.GeoDataFrame(
        {"name": ["West", "East"]},
        index=["w", "e"],
        geometry=[box(0, 0, line, 1000), box(line, 0, end, 1000)],
        crs=27700,
    )
    layer = ct.Layer.from_polygons(drawn, area, method="apportion", name="cut")
    parts = pd.DataFrame(
        [
            (block, code, (min(right, (i + 1) * 1000) - max(left, i * 1000)) / 1000)
            for i, block in enumerate(residents.index)
            for code, left, right in (("w", 0, line), ("e", line, end))
            if min(right, (i + 1) * 1000) > max(left, i * 1000)
        ],
        columns=["block", "area", "share"],
    )
    cells = by_hand.by_area(people, zones, residents, parts)
    codes = ["e", "w"]
    cells = cells.reindex(index=["P", "Q", LUMP], columns=[*codes, *by_hand.BEYOND], fill_value=0.0)
    named = ["P", "Q"]

    found = ct.flows(area, "seen", layer=layer)
    _same(found.matrix.loc[["P", "Q", LUMP], cells.columns], cells)
    impact = ct.impact(area, "seen", before=layer, after=layer)
    said = impact.organisations.loc[named]
    _same(said["patients"], by_hand.living(cells)[named])
    _same(said["beyond_after"], cells.loc[named, "outside"])
    _same(
        ct.attribute(area, pd.Series({"P": 1}), layer=layer, register="seen").table["people"],
        cells.sum(),
    )
    figures = figures_of(area, layer, None, Yardsticks(None, None, "seen", "seen"))
    _same(figures.activity, cells.loc[named, codes].T)
    _same(figures.people, _lives(parts, residents).reindex(codes))
    compared = ct.compare(area, [layer], trusts="seen", practices="seen").table.loc["cut"]
    assert compared["outside_patients"] == round(float(impact.summary["after"]["outside"]))


def _lives(parts: pd.DataFrame, residents: pd.Series) -> pd.Series:
    return (parts["share"] * parts["block"].map(residents)).groupby(parts["area"]).sum()


def test_a_zone_where_nobody_lives_is_outside_by_both_doors():
    """Once 40 of 140 patients were outside by `impact`, and 0 by `compare`."""
    blocks = pd.DataFrame({"population": [100, 0, 0]}, index=["a", "b", "c"])
    area = ct.Geography.from_frames(blocks).with_layer(
        "two", pd.Series({"a": "A", "b": "B", "c": "B"})
    )
    zones = pd.Series({"a": "x", "b": "y", "c": "y"})
    rows = pd.DataFrame({"organisation": "P", "zone": ["x", "y"], "patients": [100, 40]})
    register = ct.Register.from_table(
        rows,
        area=area,
        name="gp",
        places=zones,
        organisations=pd.DataFrame({"block": ["a"]}, index=["P"]),
        published=True,
    )
    area = area.with_register(register)

    impact = ct.impact(area, "gp", before="two", after="two")
    assert impact.summary["after"]["outside"] == 40
    asked = ct.compare(area, ["two"], practices="gp")
    assert asked.table.loc["two", "outside_patients"] == 40
    assert not [n for n in asked.notes if "`practices`" in n]
    by_role = ct.compare(area.with_roles({"patients": "gp"}), ["two"])
    assert by_role.table.loc["two", "outside_patients"] == 40

    without = ct.compare(area, ["two"])
    assert without.table["outside_patients"].isna().all()
    assert (
        "Missing: `registered`, `outside_patients` and `outside_share`, for no register has the "
        "role `patients`; name one with `practices`, or give it the role, out of: gp."
    ) in without.notes
    assert not [n for n in ct.compare(area, ["two"], practices="").notes if "`practices`" in n]


def test_whole_people_stay_whole_where_no_place_with_people_is_cut(grid, surgeries):
    found = count(surgeries, grid.layer("hamlet"))

    assert found.cells.dtype == "int64"
    assert found.ledger().to_dict() == {
        "layer": 8,
        "outside": 19,
        "elsewhere": 2,
        "unknown": 1,
        "total": 30,
    }


def test_within_puts_outside_whoever_lives_beyond_it(grid, surgeries):
    found = count(surgeries, grid.layer("rows"), within=grid.layer("hamlet"))

    assert found.matrix().loc["Q"].to_dict() == {
        "N": 0,
        "S": 8,
        "outside": 4,
        "elsewhere": 2,
        "unknown": 0,
    }


def test_a_register_of_a_nation_is_counted_without_a_table_of_all_pairs():
    """7,000 practices by 6,800 zones would be 47.6 million cells; there are 210,000 of people."""
    rng = np.random.default_rng(1)
    zones = pd.Index([f"z{i:05d}" for i in range(6_800)])
    area = ct.Geography.from_frames(pd.DataFrame({"population": 8_000}, index=zones))
    area = area.with_layer("boards", pd.Series([f"B{i % 42:02d}" for i in range(6_800)], zones))
    at = (np.arange(7_000)[:, None] + rng.integers(0, 60, (7_000, 30)).cumsum(axis=1)) % 6_800
    rows = pd.DataFrame(
        {
            "organisation": np.repeat([f"P{i:04d}" for i in range(7_000)], 30),
            "block": zones[at.ravel()],
            "patients": 100,
        }
    ).drop_duplicates(["organisation", "block"])
    register = ct.Register.from_table(rows, area=area, name="gp")

    each = count(register, area.with_layer("each", pd.Series(zones, zones)).layer("each"))
    assert each.cells.nnz == len(rows)
    boards = count(register, area.layer("boards"))
    assert boards.ledger()["layer"] == rows["patients"].sum()
    assert len(ct.catchments(area, register).by_unit) == len(rows)


# ------------------------------------------------------------------ choices


@pytest.mark.parametrize("share", ["5%", "0.05", True, float("nan"), None, -0.1, 1.5, 5])
def test_a_share_that_is_none_is_refused_by_every_door(grid, surgeries, share):
    doors = (
        lambda: ct.impact(grid, surgeries, before="rows", after="columns", threshold=share),
        lambda: ct.flows(grid, surgeries, layer="rows", threshold=share),
        lambda: ct.partners(
            grid, before="rows", after="columns", organisations=["town"], threshold=share
        ),
        lambda: ct.catchments(grid, surgeries, share=share),
    )
    for door in doors:
        with pytest.raises(ct.InputError, match=r"^`(threshold|share)` is .*; give a share, such"):
            door()


def test_block_moves_blame_the_argument_that_is_wrong(grid):
    with pytest.raises(ct.InputError, match="`against` is 'nope', which is not one of: rows"):
        block_moves(grid, "rows", against="nope")
    with pytest.raises(ct.InputError, match="`layer` is 'nope', which is not one of: rows"):
        block_moves(grid, "nope", against="rows")
    with pytest.raises(ct.InputError, match="`against` is not given, and no layer of"):
        block_moves(grid, "rows")
    drawing = block_moves(grid, "rows", against="columns")
    with pytest.raises(ct.InputError, match="`areas` has 1 positions that are no area .*: 7"):
        drawing.scores([0], [7])
    with pytest.raises(ct.InputError, match="`blocks` has 1 positions that are not in .*: 99"):
        drawing.scores([99], [0])
