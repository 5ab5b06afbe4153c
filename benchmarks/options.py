"""How fast are all drawings listed and scored, and single-block moves beside GerryChain's chain?

Run with ``PYTHONPATH=src python benchmarks/options.py [--json FILE]``: one run, both measured on
the same machine, medians of three. Needs the `peers` extra (GerryChain).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import coterminous as ct
from coterminous.drawings.blockmoves import BlockMoves, block_moves
from coterminous.drawings.optionsets import SCORES

STEPS = 3000


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    took, answer = [], None
    for _ in range(times):
        start = time.perf_counter()
        answer = work()
        took.append(time.perf_counter() - start)
    return statistics.median(took), answer


def all_drawings(area: ct.Geography) -> dict[str, Any]:
    """List and score all drawings into 2 to 6 areas; Pareto sets are timed apart."""

    def work() -> list[ct.Options]:
        return [
            ct.options(area, units="ltla2021", within="icb2022", areas=k, named=())
            for k in range(2, 7)
        ]

    seconds, found = timed(work)
    fronts, sizes = timed(lambda: [len(f.pareto()) for f in found], times=1)
    return {
        "drawings": sum(f.count for f in found),
        "seconds listed and scored": round(seconds, 2),
        "scores": list(SCORES),
        "seconds for the exact Pareto sets": round(fronts, 2),
        "Pareto sets": sizes,
    }


def our_moves(drawing: BlockMoves) -> dict[str, Any]:
    """Score batches of contiguous moves to a neighbouring area on three scores."""
    listing, candidates = timed(drawing.candidates)
    legal = candidates[candidates["contiguous"]]
    batch = legal.sample(20_000, replace=True, random_state=1)
    blocks, areas = batch["block"].to_numpy(), batch["area"].to_numpy()
    large, _ = timed(lambda: drawing.scores(blocks, areas))

    def walk() -> int:
        """Take a step: list the legal moves, score them all, make the best."""
        now, scored = drawing, 0
        for _ in range(10):
            moves = now.candidates()
            moves = moves[moves["contiguous"]].reset_index(drop=True)
            scores = now.scores(moves["block"].to_numpy(), moves["area"].to_numpy())
            scored += len(scores)
            best = int(scores["localisation"].idxmax())
            now = now.moved(int(moves.loc[best, "block"]), int(moves.loc[best, "area"]))
        return scored

    climb, scored = timed(walk)
    return {
        "moves a second, batches of 20,000": round(len(batch) / large),
        "moves a second, every legal move listed and scored at each of 10 steps": round(
            scored / climb
        ),
        "legal moves of the drawing": len(legal),
        "seconds to list them": round(listing, 4),
    }


def gerrychain_steps(drawing: BlockMoves) -> dict[str, Any]:
    """Step GerryChain's random-flip chain with a population tally on the same graph."""
    import networkx as nx
    from gerrychain import Graph, MarkovChain, Partition, accept, constraints, updaters
    from gerrychain.proposals import propose_random_flip

    inside = np.flatnonzero(drawing.areas >= 0)
    graph = nx.Graph()
    graph.add_nodes_from((int(i), {"population": int(drawing.people[i])}) for i in inside)
    graph.add_edges_from(
        (int(a), int(b)) for a, b in drawing.edges if drawing.areas[[a, b]].min() >= 0
    )
    start = Partition(
        Graph.from_networkx(graph),
        {int(i): int(drawing.areas[i]) for i in inside},
        updaters={
            "population": updaters.Tally("population"),
            "cut_edges": updaters.cut_edges,
        },
    )

    def work() -> int:
        import random

        random.seed(1)
        chain = MarkovChain(
            propose_random_flip,
            [constraints.single_flip_contiguous],
            accept.always_accept,
            start,
            STEPS,
        )
        return sum(1 for state in chain if state["population"])

    seconds, steps = timed(work)
    return {"steps a second": round(steps / seconds), "steps": steps}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    area = ct.load()
    area.neighbours()  # reading the data is not what is measured
    report: dict[str, Any] = {"all drawings": all_drawings(area)}
    report["all drawings"]["peak memory, MB"] = round(
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    )
    drawing = block_moves(area, "footprint2022")
    report["single-block moves"] = our_moves(drawing)
    try:
        report["GerryChain random flip"] = gerrychain_steps(drawing)
        theirs = report["GerryChain random flip"]["steps a second"]
        report["times as many a second"] = {
            name: round(value / theirs, 1)
            for name, value in report["single-block moves"].items()
            if name.startswith("moves a second")
        }
    except ImportError:
        report["GerryChain random flip"] = "not installed"
    text = json.dumps(report, indent=2)
    print(text)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
