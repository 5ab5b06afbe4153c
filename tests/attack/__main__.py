"""What can be got back from a folder of published files? Prints it; status 1 if anything can.

``python -m tests.attack FOLDER --rule under5 --lists lists.csv``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import pandas as pd

from tests.attack import attacks
from tests.attack.evidence import RULES, Known
from tests.attack.reading import read_folder
from tests.attack.system import Contradiction


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack a folder; return 1 if a hidden count was recovered, 2 if it was misread, else 0."""
    options = _parser().parse_args(arguments)
    published, rule = read_folder(options.folder), RULES[options.rule]
    known = known_from(options.lists, options.blocks, options.members)
    earlier = None if options.earlier is None else read_folder(options.earlier)
    ways: dict[str, Callable[[], pd.DataFrame]] = {
        "threshold attack": lambda: attacks.threshold_attack(published, rule, known),
        "order attack": lambda: attacks.order_attack(published, rule, known),
        "differencing": lambda: attacks.differencing(
            published, rule, known, earlier=earlier, moved=options.moved
        ),
        "linked tables": lambda: attacks.linked_tables(published, rule, known),
        "standard error and manifests": lambda: attacks.standard_error_and_manifests(
            published, rule, known
        ),
    }
    anything = misread = False
    for name, way in ways.items():
        try:
            found = way()
        except Contradiction as error:
            sys.stdout.write(f"{name}: what was read cannot all be true: {error}\n")
            misread = True
            continue
        back = attacks.recovered(found)
        counts = found["verdict"].value_counts()
        told = ", ".join(f"{counts.get(v, 0):,} {v}" for v in ("exact", "narrowed", "held"))
        sys.stdout.write(f"{name}: {told}\n")
        if len(back):
            anything = True
            sys.stdout.write(back.head(options.most).to_string(index=False) + "\n")
            if len(back) > options.most:
                sys.stdout.write(f"... and {len(back) - options.most:,} more\n")
    said = attacks.messages(published)
    if len(said):
        sys.stdout.write(f"messages with counts:\n{said.to_string(index=False)}\n")
    return 2 if misread and not anything else int(anything)


def known_from(lists: str | None, blocks: str | None, members: str | None) -> Known:
    """Read what anybody can look up from its CSV files."""
    sizes = {} if lists is None else pd.read_csv(lists, dtype={"code": str}).set_index("code")
    return Known(
        lists={} if lists is None else sizes["patients"].astype(int).to_dict(),
        blocks=None if blocks is None else pd.read_csv(blocks, dtype=str, index_col=0),
        members=None
        if members is None
        else pd.read_csv(members, dtype=str, index_col=0).iloc[:, 0],
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("folder", help="of published files, standard error as .err or .txt")
    parser.add_argument("--rule", choices=sorted(RULES), required=True)
    parser.add_argument("--lists", metavar="CSV", help="code, patients: lists that are public")
    parser.add_argument("--blocks", metavar="CSV", help="block, then a column for each layer")
    parser.add_argument("--members", metavar="CSV", help="practice, network")
    parser.add_argument("--earlier", metavar="FOLDER", help="the publication before")
    parser.add_argument(
        "--moved", type=int, default=0, help="by how much a count may have changed since; 0"
    )
    parser.add_argument("--most", type=int, default=20, metavar="N", help="rows printed of each")
    return parser


if __name__ == "__main__":
    sys.exit(main())
