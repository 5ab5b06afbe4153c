"""Which layers are there, and how do two of them overlap?"""

from __future__ import annotations

import argparse
from typing import Any

from coterminous.commands import common


def add(subparsers: Any) -> None:
    """Add `layers` and `overlap`."""
    layers = subparsers.add_parser("layers", help="list the layers of the geography")
    common.with_data(layers)
    common.with_format(layers)
    layers.set_defaults(run=list_layers)

    overlap = subparsers.add_parser(
        "overlap", help="tabulate a weight by two layers, and measure how far they agree"
    )
    overlap.add_argument("source")
    overlap.add_argument("target")
    overlap.add_argument("--weight", default="population")
    common.with_data(overlap)
    common.with_format(overlap)
    overlap.set_defaults(run=show_overlap)


def list_layers(options: argparse.Namespace) -> int:
    """Print the layers, their areas and their people."""
    table = common.geography(options).layers
    if options.format == "json":
        common.show_json(table.reset_index())
    elif options.format == "csv":
        common.show_csv(table.reset_index())
    else:
        shown = table[["title", "areas", "blocks", "people", "valid_from", "valid_to"]]
        common.show(common.as_text(shown))
        for name, note in table["note"].items():
            if note:
                common.show(f"{name}: {note}")
    return 0


def show_overlap(options: argparse.Namespace) -> int:
    """Print an overlap: areas, measures and ledger, or its table."""
    overlap = common.geography(options).overlap(
        options.source, options.target, weight=options.weight
    )
    if options.format == "json":
        common.show_json(overlap.as_json())
    elif options.format == "csv":
        common.show_csv(overlap.table)
    else:
        ledger = overlap.ledger
        common.show(f"{overlap.weight}: {overlap.source} by {overlap.target} ({overlap.method})")
        for note in overlap.notes:
            common.show(f"Note: {note}")
        common.show(f"\n{common.as_text(overlap.areas())}\n")
        for name, value in overlap.measures().items():
            said = (
                f"{value:,.4f}"
                if isinstance(value, float)
                else f"{value:,}"
                if isinstance(value, int)
                else value
            )
            common.show(f"{name:26}{said:>14}")
        common.show("\n" + "\n".join(f"{k:26}{v:>14,}" for k, v in ledger.items()))
    return 0
