"""Maps whose true borders are known, and the same maps as a hand draws them."""

from __future__ import annotations

import itertools

import numpy as np
import shapely
from shapely import box

SIDE = 3_000.0


def cells(seed: int, count: int = 30) -> np.ndarray:
    """Cells about random points of a square: a coverage, whose edges match to the last digit."""
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(rng.uniform(0, SIDE, (count, 2)))
    frame = box(0, 0, SIDE, SIDE)
    parts = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    clipped = shapely.set_precision(shapely.intersection(parts, frame), 0.001)
    return shapely.normalize(shapely.coverage_clean(shapely.normalize(clipped)))


def squares(across: int = 4, up: int = 4, side: float = 500.0) -> np.ndarray:
    return np.array(
        [
            box(x * side, y * side, (x + 1) * side, (y + 1) * side)
            for y, x in itertools.product(range(up), range(across))
        ]
    )


def true_borders(coverage: np.ndarray) -> dict[tuple[int, int], float]:
    """Length of every border of a coverage, by plain shapely."""
    found = {}
    for i, j in itertools.combinations(range(len(coverage)), 2):
        line = coverage[i].boundary.intersection(coverage[j].boundary)
        if line.length > 0:
            found[i, j] = line.length
    return found


def moved(coverage: np.ndarray, by: float, seed: int) -> np.ndarray:
    """Each polygon drawn by itself: every corner up to so far from where it should be."""
    rng = np.random.default_rng(seed)

    def astray(points: np.ndarray) -> np.ndarray:
        angle, far = rng.uniform(0, 2 * np.pi, len(points)), by * np.sqrt(rng.random(len(points)))
        return points + np.column_stack([far * np.cos(angle), far * np.sin(angle)])

    drawn = []
    for shape in coverage:
        rings = [astray(shapely.get_coordinates(r)[:-1]) for r in [shape.exterior]]
        drawn.append(shapely.Polygon(rings[0]))
    return np.array(drawn)


def with_more_corners(coverage: np.ndarray, every: float, seed: int) -> np.ndarray:
    """Every other polygon, at random, with further corners on its straight sides."""
    chosen = np.random.default_rng(seed).random(len(coverage)) < 0.5
    out = coverage.copy()
    out[chosen] = shapely.segmentize(coverage[chosen], every)
    return out
