"""Who is on the wrong side of a line, who goes where, and who must work with whom?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from coterminous.commands import common
from coterminous.errors import InputError

if TYPE_CHECKING:
    from coterminous.effects.impacts import Impact
    from coterminous.effects.partnering import Partners
    from coterminous.effects.trustflows import Flows

#: Where its commands stand in the help.
ORDER = 20


def add(subparsers: Any) -> None:
    """Add `impact`, `flows` and `partners`."""
    impact = subparsers.add_parser(
        "impact",
        help="list the practices (or networks, trusts) that cross a line, before and after",
    )
    impact.add_argument("register", help="gp, gp/network, trust or another register")
    _before_and_after(impact)
    impact.add_argument(
        "--threshold", type=common.share, default=0.05, help="a share; 0.05 if not given"
    )
    impact.add_argument("--home", choices=("site", "list", "body"))
    _with_file(impact)
    common.with_data(impact)
    common.with_format(impact)
    impact.set_defaults(run=show_impact)

    flows = subparsers.add_parser(
        "flows", help="tabulate where people live by which organisation they use"
    )
    flows.add_argument("register", help="trust, gp, gp/network or another register")
    flows.add_argument("--layer", required=True)
    flows.add_argument("--beside", metavar="LAYER", help="another layer, side by side")
    _with_file(flows)
    common.with_data(flows)
    common.with_format(flows)
    flows.set_defaults(run=show_flows)

    partners = subparsers.add_parser(
        "partners", help="count the areas that each council, network and trust must work with"
    )
    _before_and_after(partners)
    partners.add_argument(
        "--organisations", metavar="NAMES", help="layers and registers, as utla2021,gp/network"
    )
    partners.add_argument(
        "--threshold", type=common.share, default=0.05, help="a share; 0.05 if not given"
    )
    _with_file(partners, least=False)
    common.with_data(partners)
    common.with_format(partners)
    partners.set_defaults(run=show_partners)


def _before_and_after(command: argparse.ArgumentParser) -> None:
    command.add_argument("--before", required=True, metavar="LAYER")
    command.add_argument("--after", required=True, metavar="LAYER")


def _with_file(command: argparse.ArgumentParser, *, least: bool = True) -> None:
    common.with_register_file(command)
    if least:
        command.add_argument(
            "--least",
            type=common.whole,
            metavar="N",
            help="hide counts under N (5 or more), and enough others",
        )
        command.add_argument(
            "--disclosure",
            metavar="RULE",
            help="hide by a named rule: under5, under10, or a TOML file of your own",
        )


def _cleared(result: Any, options: argparse.Namespace) -> Any:
    """Return a result that may be printed: of a published register, or protected."""
    if options.disclosure is not None:
        from coterminous.disclosure.suppression import protect

        if options.least is not None:
            raise InputError("--disclosure and --least are two rules; give one of them")
        return protect(result, rule=options.disclosure)
    if options.least is not None:
        from coterminous.disclosure.suppression import protect

        return protect(result, least=options.least)
    if not result.open:
        from coterminous.errors import DisclosureError

        published = (
            "add --published if the file is published"
            if options.register_file
            else "say open = true in its [[register]] of geography.toml if it is published"
        )
        raise DisclosureError(
            f"register {result.register!r} is restricted; {published}, or hide small counts by "
            "the rule that you are bound by, such as --disclosure under5"
        )
    return result


def show_impact(options: argparse.Namespace) -> int:
    """Print who crosses a boundary, before and after."""
    from coterminous.effects.impacts import impact

    found = _cleared(
        impact(
            common.geography(options),
            options.register,
            before=options.before,
            after=options.after,
            home=options.home,
            threshold=options.threshold,
        ),
        options,
    )
    common.answer_result(options, found, lambda: _print_impact(found))
    return 0


def _print_impact(found: Impact) -> None:
    common.show(f"{found.register}: {found.before} to {found.after} ({found.method})")
    _print_notes(found.notes + found.astride)
    for side in ("before", "after"):
        said = found.summary[side]
        outside, living, none = (
            f"{said[k]:,.0f}" if said[k] == said[k] else "not shown"
            for k in ("outside", "patients", "no_home")
        )
        share = f"{said['share']:.2%}" if said["share"] == said["share"] else "not shown"
        common.show(
            f"{side:7} {outside:>12} of {living} {found.unit} live outside the home area of their "
            f"organisation ({share}); {none} more use one without a home area"
        )
    counts = found.summary["organisations"]
    common.show(
        f"At {found.threshold:.0%}: "
        + ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in counts.items())
    )
    crossing = found.crossing.set_axis([f"{t:.0%}" for t in found.crossing.index])
    common.show(f"\nOrganisations crossing, by threshold\n{common.as_text(crossing)}\n")
    columns = ["name", "home_before", "home_after", "patients", "share_before", "share_after"]
    crosses = found.organisations["status"].isin(["newly_crossing", "resolved", "persisting"])
    shown = found.organisations.loc[crosses, [*columns, "status"]]
    common.show(common.as_text(shown))
    common.show("\nEverybody\n" + common.as_text(found.ledger))


def show_flows(options: argparse.Namespace) -> int:
    """Print origins and destinations, by one layer or by two."""
    from coterminous.effects.trustflows import flows
    from coterminous.errors import DisclosureError

    if options.beside and options.least is not None:
        raise DisclosureError(
            "two layers of a restricted register can be subtracted from each other; print one, "
            "without --beside, or protect both together, such as by --disclosure under5"
        )
    area = common.geography(options)
    found = flows(area, options.register, layer=options.layer)
    other = None
    if options.beside:
        other = flows(area, options.register, layer=options.beside)
    if other is not None and options.disclosure is not None:
        found, other = _cleared([found, other], options)
    else:
        found = _cleared(found, options)
        other = None if other is None else _cleared(other, options)

    def as_json() -> dict[str, Any]:
        plain = found.as_json()
        return plain if other is None else {**plain, "beside": other.as_json()}

    common.answer_result(options, found, lambda: _print_flows(found, other), json=as_json)
    return 0


def _print_flows(found: Flows, other: Flows | None) -> None:
    common.show(f"{found.register} by {found.layer} ({found.method})")
    _print_notes(found.notes)
    common.show(f"\n{common.as_text(found.areas())}\n")
    common.show(f"Localisation {found.localisation:.3f}")
    if other is None:
        common.show(f"\n{common.as_text(found.organisations)}\n")
    else:
        common.show(f"Localisation by {other.layer} {other.localisation:.3f}")
        common.show(f"\n{common.as_text(found.beside(other))}\n")
    common.show("\n".join(f"{k:26}{v:>16,}" for k, v in found.ledger.items()))


def show_partners(options: argparse.Namespace) -> int:
    """Print with how many areas each organisation must work, before and after."""
    from coterminous.effects.partnering import partners
    from coterminous.errors import DisclosureError

    chosen = options.organisations
    if chosen is not None and not all(n.strip() for n in chosen.split(",")):
        raise InputError(
            f"--organisations is {chosen!r}, which has an empty name in it; name layers and "
            "registers, as utla2021,gp/network, or leave it out for all"
        )
    found = partners(
        common.geography(options),
        before=options.before,
        after=options.after,
        organisations=[n.strip() for n in chosen.split(",")] if chosen else None,
        threshold=options.threshold,
    )
    if not found.open:
        published = (
            "add --published if the file is published"
            if options.register_file
            else "say open = true in its [[register]] of geography.toml if it is published"
        )
        raise DisclosureError(
            f"a table of partners of a restricted register cannot be protected; {published}"
        )
    common.answer_result(options, found, lambda: _print_partners(found))
    return 0


def _print_partners(found: Partners) -> None:
    _print_notes(found.notes)
    common.show(common.as_text(found.organisations.set_index(["kind", "code"])))
    common.show(f"\n{common.as_text(found.summary)}")


def _print_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        common.show(f"Note: {note}")
