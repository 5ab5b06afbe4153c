"""Was there a better drawing? Lists, scores and ranks every contiguous one."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import Any

from coterminous.commands import common
from coterminous.errors import InputError

#: Where its commands stand in the help.
ORDER = 40


def add(subparsers: Any) -> None:
    """Add `options`."""
    command = subparsers.add_parser(
        "options", help="find and score every contiguous grouping of units into areas"
    )
    command.add_argument(
        "--units", required=True, metavar="LAYER", help="or two joined by + (ccg2021+ltla2021)"
    )
    command.add_argument("--areas", required=True, type=common.whole, metavar="N")
    command.add_argument("--within", metavar="LAYER", help="draw only this")
    command.add_argument("--against", metavar="LAYER", help="councils (utla2021)")
    command.add_argument("--before", metavar="LAYER", help="from which people move (pbp2021)")
    command.add_argument(
        "--named", action="append", metavar="LAYER", help="a layer to rank; may be given again"
    )
    command.add_argument("--least", type=common.whole, metavar="PEOPLE", help="in every area")
    command.add_argument("--most", type=common.whole, metavar="PEOPLE", help="in every area")
    for word, text in (("together", "share an area"), ("apart", "lie in different areas")):
        command.add_argument(
            f"--{word}",
            action="append",
            default=[],
            metavar="A,B",
            help=f"units that must {text}; may be given again",
        )
    command.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="NAME=LEAST-MOST",
        help="a further set of drawings to rank among, by people in each area",
    )
    command.add_argument("--among", default="all", help="the reference set of the Pareto set")
    command.add_argument(
        "--score", action="append", metavar="SCORE", help="a score that counts; may be given again"
    )
    command.add_argument("--sample", type=common.whole, metavar="N", help="draw so many at random")
    command.add_argument("--seed", type=common.whole, default=0)
    command.add_argument("--no-links", action="store_true", help="neighbours by shared edge alone")
    command.add_argument("--picture", metavar="FILE", help="the scatter of all drawings")
    command.add_argument("--maps", metavar="FILE", help="the front's maps as small multiples")
    common.with_force(command)
    common.with_data(command)
    common.with_format(command)
    command.set_defaults(run=show_options)


def show_options(options: argparse.Namespace) -> int:
    """Say how many drawings there are, then list, score and rank them."""
    from coterminous.drawings.enumerating import options as find

    # The count is said before the work starts, and apart from the answer.
    logging.basicConfig(
        stream=sys.stderr,
        format="%(message)s",
        level=logging.INFO if sys.stderr.isatty() else logging.WARNING,
    )
    from coterminous.files import check_writable

    for word, file in (("--picture", options.picture), ("--maps", options.maps)):
        if file:
            check_writable(file, argument=word, force=options.force)
    area = common.geography(options)
    found = find(
        area,
        units=_units(area, options.units),
        within=options.within,
        areas=options.areas,
        against=options.against,
        before=options.before,
        named=options.named,
        least=options.least,
        most=options.most,
        together=[pair.split(",") for pair in options.together],
        apart=[pair.split(",") for pair in options.apart],
        reference_sets=dict(_reference(text) for text in options.reference),
        links=not options.no_links,
        sample=options.sample,
        seed=options.seed,
    )
    found.clear()
    # A score or set that is not there is refused before anything is written or printed.
    front = found.pareto(options.score, among=options.among)
    _pictures(area, found, options)
    common.answer_result(
        options,
        found,
        lambda: _print(found, front, options),
        json=lambda: found.as_json(options.score, among=options.among),
        csv=front.reset_index,
    )
    return 0


def _print(found: Any, front: Any, options: argparse.Namespace) -> None:
    common.show(repr(found).strip("<>"))
    common.show("\nScores of layers that exist:\n" + common.as_text(found.named))
    common.show("\nRanks (1 + the drawings that beat it), by reference set:")
    common.show(common.as_text(found.ranks(options.score).reset_index().set_index("layer")))
    for name, members in found.reference_sets.items():
        people = found.range_of(name) or "any number of people"
        common.show(f"{name}: {members.sum():,} {found.kind}s whose areas all hold {people}")
    members = found.reference_sets[options.among].sum()
    among = f"of the {members:,} {found.kind}s in reference set {options.among!r}"
    common.show(f"\n{len(front):,} {among} are on the front; the first ten:")
    common.show(common.as_text(front.head(10)))
    for drawing in front.index[:3]:
        groups = "; ".join(", ".join(g) for g in found.groups(int(drawing)))
        common.show(f"{drawing}: {groups}")
    for layer in found.named.index:
        count = len(found.dominated_by(layer, options.score, among=options.among))
        common.show(f"{layer}: {count:,} {among} are as good on all scores and better on one")
    for note in found.notes:
        common.show(f"Note: {note}")


def _pictures(area: Any, found: Any, options: argparse.Namespace) -> None:
    if not (options.picture or options.maps):
        return
    from coterminous.maps.paper.appraisals import draw_scatter
    from coterminous.maps.paper.fronts import draw_front

    among = options.among if options.among != "all" else "plausible"
    if options.picture:
        draw_scatter(found, among=among).save(options.picture)
    if options.maps:
        draw_front(area, found, among=among).save(options.maps)


def _units(area: Any, name: str) -> Any:
    first, plus, second = name.partition("+")
    return area.refine(first, second) if plus else name


def _reference(text: str) -> tuple[str, tuple[int | None, int | None]]:
    name, equals, people = text.partition("=")
    least, dash, most = people.partition("-")
    numbers = [n.replace(",", "").strip() for n in (least, most)]
    if not (equals and dash and name) or any(n and not n.isdigit() for n in numbers):
        raise InputError(
            f"`--reference` is {text!r}; give a name and a range, such as even=200000-600000"
        )
    return name, (int(numbers[0]) if numbers[0] else None, int(numbers[1]) if numbers[1] else None)
