"""What `check` calls sound, every other door can use; what none can use, it never calls sound."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import coterminous as ct
from tests.blocks.hand_drawn import moved, squares, with_more_corners

FAULTS = (
    *("moved", "dropped", "sliver", "bow tie", "overlap", "gap", "collection", "empty", "missing"),
    *("line", "high", "twice", "hole as a part", "channel"),
)


def faulty(fault: str, shapes: np.ndarray, at: int, rng: np.random.Generator) -> np.ndarray:
    """Put one fault into a map of three by three squares of 500 m."""
    out = shapes.copy()
    x, y = out[at].bounds[:2]
    made = {
        "moved": lambda: moved(shapes, float(rng.choice([0.005, 0.02])), int(rng.integers(1000)))[
            at
        ],
        "dropped": lambda: with_more_corners(shapes, 70, int(rng.integers(1000)))[at],
        "sliver": lambda: shapely.multipolygons([out[at], box(x - 900, y, x - 899, y + 9)]),
        "bow tie": lambda: shapely.Polygon(
            [(x, y), (x + 500, y + 500), (x + 500, y), (x, y + 500)]
        ),
        "overlap": lambda: box(x - float(rng.uniform(0.5, 9)), y, x + 500, y + 500),
        "gap": lambda: out[at].difference(box(x, y, x + float(rng.uniform(0.1, 90)), y + 90)),
        "collection": lambda: shapely.GeometryCollection([out[at], shapely.Point(x, y)]),
        "empty": shapely.Polygon,
        "missing": lambda: None,
        "line": lambda: out[at].exterior,
        "high": lambda: shapely.force_3d(out[at], 5.0),
        "twice": lambda: out[(at + 1) % len(out)],
        "hole as a part": lambda: shapely.multipolygons(
            [out[at], box(x + 9, y + 9, x + 99, y + 99)]
        ),
        "channel": lambda: box(x + 0.3, y, x + 500, y + 500),
    }
    out[at] = made[fault]()
    return out


def doors(blocks: gpd.GeoDataFrame) -> None:
    """Go through every door that uses polygons."""
    area = ct.Geography.from_frames(blocks)
    area = area.with_layer("all", pd.Series("A", index=blocks.index))
    units = {c: "WCE"[i % 3] for i, c in enumerate(blocks.index)}
    area = area.with_layer("unit", pd.Series(units))
    assert len(area.neighbours()) >= 4
    assert area.pieces("all")["people"].sum() == 9 * 10
    area.explore("unit").get_root().render()
    assert ct.options(area, units="unit", within="all", areas=2).as_json()["count"] > 0
    assert area.polygons("unit").is_valid.all()
    plain = blocks[["geometry"]]
    assert ct.overlay(plain, plain).ledger["both"] > 0
    for method in ("best_fit", "area", "apportion"):
        layer = ct.Layer.from_polygons(plain, area, method=method)
        assert area.overlap(layer, "all").ledger["total"] == 90


@given(
    faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=2),
    places=st.lists(st.integers(0, 8), min_size=2, max_size=2, unique=True),
    seed=st.integers(0, 1_000),
)
@settings(max_examples=25)
def test_sound_is_only_what_every_door_can_use(faults, places, seed):
    rng = np.random.default_rng(seed)
    shapes = squares(3, 3)
    for fault, at in zip(faults, places, strict=False):
        if fault in ("moved", "dropped", "gap", "overlap", "channel") or shapes[at] is not None:
            shapes = faulty(fault, shapes, at, rng)
    codes = [f"p{i}" for i in range(9)]
    blocks = gpd.GeoDataFrame({"population": 10}, index=codes, geometry=list(shapes), crs=27700)
    if ct.check(blocks).ok:
        doors(blocks)
        return
    try:
        found = ct.mend(blocks)
    except ct.InputError as error:
        assert str(error).startswith("not mended: ")
        return
    if found.after.ok:
        doors(found.polygons)
    else:
        assert found.after.notes[0].startswith(("Left as they are", "Beyond mending", "Of what is"))
