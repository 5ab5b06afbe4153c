"""How long does a what-if of one block take, compared with its base, and does memory grow?

Run as `python benchmarks/scenarios.py [loops]`. Times are of the processor, so that what else a
machine does counts for less; each is a median of different blocks after the first scenario, which
reads the data.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from statistics import median

import coterminous as ct

BASE = "footprint2022"


def moves(area: ct.Geography) -> list[ct.Scenario]:
    """Make a scenario for each block that moves it to an area next to its own."""
    lookup = area.layer(BASE).assignment
    found = {}
    for row in area.neighbours().itertuples(index=False):
        one, other = lookup[row.a], lookup[row.b]
        if one == one and other == other and one != other:
            found[row.a] = ct.Scenario("moved", base=BASE).move(
                [row.a], to=area.layer(BASE).name_of(other)
            )
    return list(found.values())


def timed(area: ct.Geography, scenario: ct.Scenario) -> tuple[float, float]:
    """Give the milliseconds to apply a scenario, and to compare it with its base."""
    start = time.process_time()
    outcome = scenario.run(area)
    applied = time.process_time()
    ct.compare(area, [BASE, outcome])
    return (applied - start) * 1e3, (time.process_time() - applied) * 1e3


def main(loops: int) -> None:
    area = ct.load()
    scenarios = moves(area)
    first = timed(area, scenarios[0])
    print(f"the first: applied in {first[0]:.0f} ms, compared in {first[1]:.0f} ms")
    taken = [timed(area, s) for s in scenarios[1:31]]
    applied, compared = (median(t[i] for t in taken) for i in (0, 1))
    print(f"after it: applied in {applied:.1f} ms, compared in {compared:.1f} ms")
    tracemalloc.start()
    for number in range(loops):
        timed(area, scenarios[number % len(scenarios)])
        if number + 1 in (loops // 10, loops):
            gc.collect()
            held = tracemalloc.get_traced_memory()[0]
            print(f"after {number + 1:,} scenarios: {held / 1e6:.2f} MB more than at the start")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
