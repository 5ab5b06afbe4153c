"""Areas of random pairs against fractions, which do not round: no cell missed, none extra."""

from __future__ import annotations

import shapely
from shapely import box

from .exact_areas import exact_area, faults

#: Printed when it fails; `scripts/long_checks.py overlay` tries many more, from any seed.
SEED = 12


def test_areas_by_fractions_are_those_known_by_hand():
    square = box(0, 0, 2, 2)
    assert exact_area(square, shapely.Polygon([(0, 0), (2, 2), (0, 2)])) == 2
    assert exact_area(square, box(2, 0, 3, 2)) == 0
    assert exact_area(square.difference(box(0.5, 0.5, 1, 1)), box(0, 0, 1, 5)) == 1.75
    assert exact_area(square, shapely.union(box(-1, -1, 1, 1), box(1.5, 1.5, 9, 9))) == 1.25


def test_random_pairs_have_the_area_that_fractions_tell():
    count, worst = faults(SEED, 600)
    assert (count["pairs"], count["missed"], count["extra"]) == (600, 0, 0), f"seed {SEED}"
    assert count["cells"] > 300
    assert worst < 1e-9, f"seed {SEED}: {worst:.1e}"
