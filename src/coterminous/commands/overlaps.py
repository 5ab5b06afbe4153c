"""Which layers are there, and how do two of them overlap?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coterminous.commands import common

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.effects.standings import League
    from coterminous.geography import Geography
    from coterminous.overlap import Overlap

#: Where its commands stand in the help.
ORDER = 10


def add(subparsers: Any) -> None:
    """Add `layers`, `boards`, `overlap` and `league`."""
    layers = subparsers.add_parser("layers", help="list the layers of the geography")
    common.with_data(layers)
    common.with_format(layers)
    layers.set_defaults(run=list_layers)

    listing = subparsers.add_parser("boards", help="list England's integrated care boards")
    listing.add_argument("--on", metavar="YYYY-MM-DD", help="a day: the boards of that day alone")
    common.with_format(listing)
    listing.set_defaults(run=list_boards)

    overlap = subparsers.add_parser(
        "overlap", help="tabulate a weight by two layers, and measure how far they agree"
    )
    overlap.add_argument("source")
    overlap.add_argument("target")
    overlap.add_argument("--weight", help="a weight; the one that counts residents if not given")
    common.with_data(overlap)
    common.with_format(overlap)
    overlap.set_defaults(run=show_overlap)

    ranking = subparsers.add_parser(
        "league", help="rank the areas of a layer by how far they are made of whole ones of another"
    )
    ranking.add_argument("layer", metavar="LAYER", help="whose areas are ranked, such as icb2022")
    ranking.add_argument("other", metavar="OTHER", help="such as utla2021")
    ranking.add_argument("--parts", metavar="LAYER", help="parts inside each area, to measure")
    ranking.add_argument("--register", metavar="NAME", help="whose patients; none for no register")
    ranking.add_argument("--weight", help="a weight; the one that counts residents if not given")
    ranking.add_argument("--out", metavar="FILE", help="write the picture (.png or .svg) too")
    ranking.add_argument("--map", metavar="FILE", help="write a map of it (.png or .svg) too")
    common.with_force(ranking)
    common.with_data(ranking)
    common.with_format(ranking)
    ranking.set_defaults(run=show_league)


def list_boards(options: argparse.Namespace) -> int:
    """Print the boards of England, of 2022 and of 2026."""
    from coterminous.folders.bodies import boards

    table = boards(options.on)
    common.answer(
        options,
        json=table.reset_index,
        csv=table.reset_index,
        table=lambda: common.show(common.as_text(table)),
    )
    return 0


def list_layers(options: argparse.Namespace) -> int:
    """Print the layers, their areas and their people."""
    table = common.geography(options).layers
    common.answer(
        options,
        json=table.reset_index,
        csv=table.reset_index,
        table=lambda: _print_layers(table),
    )
    return 0


def _print_layers(table: pd.DataFrame) -> None:
    from coterminous.registers.catalogue import SIZES

    shown = table[["title", "areas", "blocks", *SIZES, "valid_from", "valid_to"]]
    common.show(common.as_text(shown.rename(columns=SIZES)))
    for name, note in table["note"].items():
        if note:
            common.show(f"{name}: {note}")


def show_league(options: argparse.Namespace) -> int:
    """Print how each area of a layer stands to another, and draw it where asked."""
    from coterminous.effects.standings import league
    from coterminous.files import check_writable

    for file, argument in ((options.out, "--out"), (options.map, "--map")):
        if file:
            check_writable(file, argument=argument, force=options.force)
    area = common.geography(options)
    register = "" if options.register == "none" else options.register
    found = league(
        area,
        options.layer,
        options.other,
        parts=options.parts,
        register=register,
        weight=options.weight,
    )
    if options.out:
        from coterminous.maps.paper.leaguechart import draw_league

        found.clear()
        draw_league(found).save(options.out)
    if options.map:
        from coterminous.maps.paper.leaguemap import draw_league_map

        found.clear()
        draw_league_map(found, area).save(options.map)
    common.answer_result(options, found, lambda: _print_league(found))
    return 0


def _print_league(found: League) -> None:
    common.show(f"{found.layer} by {found.other}")
    for note in found.notes:
        common.show(f"Note: {note}")
    common.show(f"\n{common.as_text(found.table)}")


def show_overlap(options: argparse.Namespace) -> int:
    """Print an overlap: areas, measures and ledger, or its table."""
    area = common.geography(options)
    overlap = area.overlap(options.source, options.target, weight=options.weight)
    common.answer_result(options, overlap, lambda: _print_overlap(area, overlap))
    return 0


def _print_overlap(area: Geography, overlap: Overlap) -> None:
    common.show(f"{overlap.weight}: {overlap.source} by {overlap.target} ({overlap.method})")
    for note in overlap.notes:
        common.show(f"Note: {note}")
    common.show(f"\n{common.as_text(_with_lists(area, overlap))}\n")
    from coterminous.measures import MEASURES

    for name, value in overlap.measures().items():
        people = name in MEASURES and MEASURES[name].kind == "people"
        said = f"{value:,.4f}" if isinstance(value, float) and not people else common.number(value)
        common.show(f"{name:26}{said:>14}")
    common.show(
        "\n" + "\n".join(f"{k:26}{common.number(v):>14}" for k, v in overlap.ledger.items())
    )


def _with_lists(area: Geography, overlap: Overlap) -> pd.DataFrame:
    """Name what `value` is where it is residents, and put the registered lists beside it."""
    from coterminous.registers.catalogue import SIZES
    from coterminous.registers.listsizes import registered_in

    table = overlap.areas()
    lists = registered_in(area, area.layer(overlap.source))
    if overlap.weight != area.residents or lists is None:
        return table
    table.insert(2, SIZES["registered"], lists.reindex(table.index))
    return table.rename(columns={"value": SIZES["people"]})
