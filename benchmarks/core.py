"""How much faster is counting blocks than intersecting polygons, and what does importing cost?

Run as `python benchmarks/core.py`. Everything is timed in one run on the bundled data, so that
ratios can be quoted; single times differ between machines. The overlap in hectares is compared
with that of geopandas, cell by cell, before anything is timed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd

import coterminous as ct

SOURCE, TARGET = "pbp2021", "utla2021"


def seconds(call: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return median(taken)


def by_polygons(blocks: gpd.GeoDataFrame) -> pd.Series:
    """Hectares by pair of areas, the usual way: dissolve both layers and overlay them."""
    source = blocks.dissolve("source", as_index=False)[["source", "geometry"]]
    target = blocks.dissolve("target", as_index=False)[["target", "geometry"]]
    met = gpd.overlay(source, target, how="intersection", keep_geom_type=True)
    return met.assign(value=met.area / 1e4).groupby(["source", "target"])["value"].sum()


def process(code: str, times: int = 7) -> float:
    return seconds(
        lambda: subprocess.run([sys.executable, "-c", code], check=True, capture_output=True), times
    )


def main() -> None:
    area = ct.load()
    shapes = area.geometry
    blocks = gpd.GeoDataFrame(
        {
            "source": area.layer(SOURCE).assignment,
            "target": area.layer(TARGET).assignment,
            "geometry": shapes,
        },
        crs=shapes.crs,
    ).dropna(subset=["source"])

    theirs = by_polygons(blocks)
    exact = pd.Series(shapes.area / 1e4, index=area.blocks, name="exact hectares")
    measured = area.with_weight("exact", exact).overlap(SOURCE, TARGET, weight="exact").table
    ours = measured[measured["source"] != "outside"].set_index(["source", "target"])["value"]
    theirs = theirs[theirs > 0.1]
    assert np.allclose(ours.loc[theirs.index], theirs, rtol=1e-6)
    print(f"{SOURCE} by {TARGET}: {len(theirs)} cells agree with geopandas.overlay to 1e-6")

    slow = seconds(lambda: by_polygons(blocks), 3)
    rows = [
        ("one overlap", seconds(lambda: area.overlap(SOURCE, TARGET), 50)),
        ("overlap and all measures", seconds(lambda: area.overlap(SOURCE, TARGET).measures(), 20)),
        (
            "load, overlap and all measures",
            seconds(lambda: ct.load().overlap(SOURCE, TARGET).measures(), 10),
        ),
    ]
    print(f"\ndissolve and geopandas.overlay: {slow:.3f} s (polygons already read)")
    for name, taken in rows:
        print(f"{name:34} {taken * 1000:9.2f} ms   {slow / taken:8.0f} times faster")

    start = process("pass")
    geopandas = process("import geopandas")
    print("\nwhole processes, the start of Python included")
    for name, code in [
        ("import coterminous", "import coterminous"),
        ("coterminous --help", "from coterminous.cli import main; main(['--help'])"),
        ("all that an overlap loads", "import coterminous as ct; ct.load"),
    ]:
        taken = process(code)
        print(
            f"{name:34} {taken * 1000:9.0f} ms   {taken / geopandas:8.2f} of `import geopandas` "
            f"({geopandas * 1000:.0f} ms; Python alone {start * 1000:.0f} ms)"
        )


if __name__ == "__main__":
    main()
