"""Random pairs of polygons, and the area they have in common without any rounding.

A point lies in a polygon if more of its edges run leftwards above the point than run rightwards.
So the common area is a sum over pairs of edges, one of each polygon: what lies under both of them,
which fractions tell to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import shapely

from coterminous.polygons.crossings import ROUNDING, cells_of
from coterminous.polygons.edges import edges_of

Line = tuple[Fraction, Fraction, Fraction, Fraction, int]


def lines_of(shape: shapely.Geometry) -> list[Line]:
    """Take a polygon apart: each edge from left to right, and 1 if it runs to the left, or -1."""
    lines = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        for ring in (part.exterior, *part.interiors):
            points = [(Fraction(x), Fraction(y)) for x, y in ring.coords]
            for (x, y), (to_x, to_y) in zip(points[:-1], points[1:], strict=True):
                if x > to_x:
                    lines.append((to_x, to_y, x, y, 1))
                elif x < to_x:
                    lines.append((x, y, to_x, to_y, -1))
    return lines


def under_both(one: Line, other: Line, floor: Fraction) -> Fraction:
    """Area above a floor and under two lines, over the ground that is under both."""
    left, right = max(one[0], other[0]), min(one[2], other[2])
    if left >= right:
        return Fraction(0)

    def height(line: Line, x: Fraction) -> Fraction:
        return line[1] + (line[3] - line[1]) * (x - line[0]) / (line[2] - line[0]) - floor

    a, b = height(one, left), height(one, right)
    c, d = height(other, left), height(other, right)
    if (a - c) * (b - d) >= 0:
        return (min(a, c) + min(b, d)) * (right - left) / 2
    share = (a - c) / ((a - c) - (b - d))
    middle = left + share * (right - left)
    at = a + share * (b - a)
    return ((min(a, c) + at) * (middle - left) + (at + min(b, d)) * (right - middle)) / 2


def exact_area(one: shapely.Geometry, other: shapely.Geometry) -> Fraction:
    """Area that two valid polygons have in common, without rounding."""
    lines, others = lines_of(one), lines_of(other)
    floor = min(line[i] for line in lines + others for i in (1, 3))
    return sum(
        (a[4] * b[4] * under_both(a, b, floor) for a in lines for b in others), start=Fraction(0)
    )


def star(rng: np.random.Generator, corners: int) -> shapely.Geometry:
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = rng.uniform(0.2, 1.0, corners)
    middle = rng.uniform(-0.8, 0.8, 2)
    ring = middle + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return shapely.make_valid(shapely.Polygon(ring), method="structure")


def on_a_lattice(rng: np.random.Generator, corners: int) -> shapely.Polygon:
    """Draw a polygon of whole numbers, whose corners lie on lines as often as not."""
    return shapely.Polygon(rng.integers(0, 7, (corners, 2)))


def with_hole_and_island(rng: np.random.Generator, corners: int) -> shapely.Geometry:
    hole = shapely.affinity.scale(star(rng, corners), 0.4, 0.4)
    return star(rng, corners).difference(hole).union(shapely.affinity.scale(hole, 0.3, 0.3))


def needle(rng: np.random.Generator, _: int) -> shapely.Polygon:
    """Draw a polygon ten thousand times as long as it is wide."""
    (x, y), (to_x, to_y) = rng.uniform(-1, 1, (2, 2))
    return shapely.Polygon([(x, y), (to_x, to_y), (to_x + 1e-4, to_y + 1e-4)])


def moved_a_little(rng: np.random.Generator, corners: int) -> shapely.Polygon:
    """Draw one of few polygons, a corner of it moved by next to nothing or by little."""
    shape = star(np.random.default_rng(int(rng.integers(3))), 9)
    points = shapely.get_coordinates(shape)[:-1]
    points[rng.integers(len(points))] += rng.choice([0, 1e-13, 1e-9, 1e-6, 1e-3])
    return shapely.Polygon(points)


KINDS = (star, on_a_lattice, with_hole_and_island, needle, moved_a_little)


def random_pairs(seed: int, many: int) -> Iterator[tuple[str, shapely.Geometry, shapely.Geometry]]:
    """Draw pairs of valid polygons of like and of unlike kinds, here and far from the origin."""
    rng = np.random.default_rng(seed)
    drawn = 0
    while drawn < many:
        kind = KINDS[drawn % len(KINDS)]
        other = kind if rng.random() < 0.7 else KINDS[rng.integers(len(KINDS))]
        scale, far = rng.choice([1.0, 1_000.0]), rng.choice([0.0, 400_000.0])
        pair = [
            shapely.transform(k(rng, int(rng.integers(3, 14))), lambda xy: xy * scale + far)  # noqa: B023
            for k in (kind, other)
        ]
        if all(s.is_valid and s.area > 0 and s.geom_type in POLYGONAL for s in pair):
            drawn += 1
            yield f"{kind.__name__} by {other.__name__}", *pair


POLYGONAL = ("Polygon", "MultiPolygon")
#: A cell that is this many times more or less than the least that counts must be there, or not.
CLEARLY = 2.0


def faults(seed: int, many: int) -> tuple[dict[str, int], float]:
    """Try random pairs: how many cells were missed or extra, and the worst error.

    Returns
    -------
    tuple of dict and float
        Pairs tried, with a part in common, missed and extra; and the worst error, as a part of
        the smaller of the two polygons.
    """
    count = {"pairs": 0, "cells": 0, "missed": 0, "extra": 0}
    worst = 0.0
    for _, one, other in random_pairs(seed, many):
        polygons = shapely.orient_polygons(np.array([other]))
        cells = cells_of(np.array([one]), polygons, edges_of(polygons))
        found = float(cells.area.sum())
        exact = float(exact_area(one, other))
        least = ROUNDING * one.area
        count["pairs"] += 1
        count["cells"] += exact > least
        count["missed"] += found == 0 and exact > CLEARLY * least
        count["extra"] += found > 0 and exact < least / CLEARLY
        if found:
            worst = max(worst, abs(found - exact) / min(one.area, other.area))
    return count, worst
