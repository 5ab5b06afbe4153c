"""Where are the areas, and what changes? Writes an interactive map, or plates to print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.commands import common
from coterminous.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_PRINTED = (".png", ".svg", ".pdf")

#: Where its commands stand in the help.
ORDER = 60


def add(subparsers: Any) -> None:
    """Add `map`."""
    command = subparsers.add_parser(
        "map",
        help="draw layers: an interactive page, or a map to print",
        description="An .html file is an interactive map that opens with no network; .png, .svg "
        "and .pdf are its printed twin: the first layer with the second as broken lines, or "
        "with --changes, --practices or --compare what those show.",
    )
    command.add_argument("layers", nargs="+", metavar="LAYER")
    command.add_argument("--out", required=True, metavar="FILE", help="map.html, .png, .svg, .pdf")
    common.with_force(command)
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
    from coterminous.files import check_writable

    scenarios = [layer for layer in options.layers if Path(layer).is_file()]
    check_writable(out, argument="--out", inputs=scenarios, force=options.force)
    area = common.geography(options)
    title = _print_map(area, out, options) if kind in _PRINTED else _page(area, out, options)

    def words(layer: str) -> pd.DataFrame:
        return text_of(area, layer).reset_index(names="code")

    def said() -> None:
        common.show(f"{title}\n{out}: {out.stat().st_size / 1e6:.1f} MB")
        for layer in options.layers if options.words else ():
            common.show(f"\n{area.layer(layer).title}\n{common.as_text(text_of(area, layer))}")

    common.answer(
        options,
        json=lambda: {
            "out": str(out),
            "title": title,
            "words": {layer: words(layer) for layer in options.layers},
        },
        csv=lambda: words(options.layers[0]),
        table=said,
    )
    return 0


def text_of(area: Any, layer: str) -> pd.DataFrame:
    """Give the text twin of one layer."""
    from coterminous.maps.page.texttwin import text_twin

    return text_twin(area, layer)


def _page(area: Any, out: Path, options: argparse.Namespace) -> str:
    from coterminous.files import replacing
    from coterminous.maps.page.interactive import explore

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
    page: Any = shown.get_root()
    html = page.render()
    with replacing(out) as beside:
        beside.write_text(html, encoding="utf-8", newline="\n")
    return str(page.heading)


def _print_map(area: Any, out: Path, options: argparse.Namespace) -> str:
    """Print the twin of the interactive map that the same arguments make."""
    from coterminous.maps import findings
    from coterminous.maps.paper import optionplates, platekinds

    drawn = [area.layer(layer) for layer in options.layers]
    asked = [f"--{name}" for name in ("changes", "practices", "compare") if vars(options)[name]]
    if options.sites:
        raise InputError("`--sites` is for an interactive map: give an .html file")
    if len(asked) > 1:
        raise InputError(
            f"`{asked[0]}` and `{asked[1]}` are two printed maps: make them one at a time, or give"
            " an .html file"
        )
    if asked and len(drawn) != 2:
        raise InputError(
            f"`{asked[0]}` of a printed map takes two layers, the old one first, and"
            f" {len(drawn)} were given"
        )
    if len({layer.name for layer in drawn}) < len(drawn):
        raise InputError("`layers` names a layer twice; name each once")
    if options.changes:
        plate = platekinds.change_plate(
            area, drawn[0], drawn[1], area.residents, title=options.title
        )
    elif options.practices:
        from coterminous.maps.paper.practiceplate import practice_plate

        plate = practice_plate(
            area,
            drawn[0],
            drawn[1],
            area.needed(None, "patients", "practices"),
            title=options.title,
        )
    elif options.compare:
        title = options.title or findings.boundary_finding(area, *drawn)
        plate = optionplates.options_plate(area, drawn, area.residents, title=title)
    else:
        return _one_map(area, out, options)
    plate.save(out)
    return str(plate.title)


def _one_map(area: Any, out: Path, options: argparse.Namespace) -> str:
    from coterminous.maps import findings
    from coterminous.maps.paper import printed

    if len(options.layers) > 2:
        raise InputError("a printed map takes one layer, or two with the second as broken lines")
    first, *rest = options.layers
    context = rest[0] if rest else None
    title = options.title or (
        findings.boundary_finding(area, first, context)
        if context
        else findings.size_finding(area, first)
    )
    printed.save(printed.plot(area, first, context=context, title=title, page=True), out)
    return str(title)
