"""Where are the areas, and what changes? Writes an interactive map, or plates to print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from coterminous.commands import common
from coterminous.errors import InputError

_PRINTED = (".png", ".svg", ".pdf")


def add(subparsers: Any) -> None:
    """Add `map`."""
    command = subparsers.add_parser(
        "map",
        help="draw layers: an interactive page, or a map to print",
        description="An .html file is an interactive map that opens with no network; .png, .svg "
        "and .pdf are maps to print, of the first layer with the second as broken lines.",
    )
    command.add_argument("layers", nargs="+", metavar="LAYER")
    command.add_argument("--out", required=True, metavar="FILE", help="map.html, .png, .svg, .pdf")
    command.add_argument("--compare", action="store_true", help="two layers side by side")
    command.add_argument(
        "--changes", action="store_true", help="add what changes from the first to the second"
    )
    command.add_argument("--practices", action="store_true", help="add general practices")
    command.add_argument("--sites", action="store_true", help="add hospital sites")
    command.add_argument("--title", help="the finding; computed if not given")
    command.add_argument(
        "--online",
        action="store_true",
        help="link scripts from the network, for a smaller file that needs one",
    )
    command.add_argument("--tiles", help="a background map from the network; needs --online")
    command.add_argument("--words", action="store_true", help="print the map in words as well")
    common.with_data(command)
    common.with_format(command)
    command.set_defaults(run=draw)


def draw(options: argparse.Namespace) -> int:
    """Write a map, and say where it is."""
    out = Path(options.out)
    kind = out.suffix.lower()
    if kind not in (".html", *_PRINTED):
        raise InputError(
            f"`--out` is {out.name!r}, which does not end in .html, .png, .svg or .pdf"
        )
    area = common.geography(options)
    title = _print_map(area, out, options) if kind in _PRINTED else _page(area, out, options)
    if options.format == "json":
        twins = {
            layer: common_twin(area, layer).reset_index(names="code").to_dict("records")
            for layer in options.layers
        }
        common.show_json({"out": str(out), "title": title, "words": twins})
        return 0
    if options.format == "csv":
        common.show_csv(common_twin(area, options.layers[0]).reset_index(names="code"))
        return 0
    common.show(f"{title}\n{out}: {out.stat().st_size / 1e6:.1f} MB")
    if options.words:
        for layer in options.layers:
            common.show(f"\n{area.layer(layer).title}\n{common.as_text(common_twin(area, layer))}")
    return 0


def common_twin(area: Any, layer: str) -> Any:
    """Give the text twin of one layer."""
    from coterminous.maps.texttwin import text_twin

    return text_twin(area, layer)


def _page(area: Any, out: Path, options: argparse.Namespace) -> str:
    from coterminous.files import replacing
    from coterminous.maps.interactive import explore

    if options.tiles and not options.online:
        raise InputError("`--tiles` come from the network: give --online too")
    shown = explore(
        area,
        *options.layers,
        compare=options.compare,
        changes=options.changes,
        practices=options.practices,
        sites=options.sites,
        title=options.title,
        tiles=options.tiles,
        offline=not options.online,
    )
    page = shown.get_root()
    html = page.render()
    with replacing(out) as beside:
        beside.write_text(html, encoding="utf-8", newline="\n")
    return str(page.heading)


def _print_map(area: Any, out: Path, options: argparse.Namespace) -> str:
    from coterminous.maps import findings, printed

    if len(options.layers) > 2:
        raise InputError("a printed map takes one layer, or two with the second as broken lines")
    first, *rest = options.layers
    context = rest[0] if rest else None
    if options.title:
        title = options.title
    elif context:
        title = findings.boundary_finding(area, first, context)
    else:
        title = area.layer(first).title
    axes = printed.plot(area, first, context=context, title=title)
    printed.save(axes, out)
    return str(title)
