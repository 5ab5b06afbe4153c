"""Which data files are there, where are they from, and are they as they were published?"""

from __future__ import annotations

import argparse
from typing import Any

from coterminous.commands import common

#: Where its commands stand in the help.
ORDER = 80


def add(subparsers: Any) -> None:
    """Add `data list`, `data new` and `data verify`."""
    data = subparsers.add_parser(
        "data", help="list or verify the files of the geography, or start another"
    )
    actions = data.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list the files, with publisher, date and licence")
    common.with_data(listing)
    common.with_format(listing)
    listing.set_defaults(run=list_files)
    new = actions.add_parser("new", help="write a commented geography folder to start from")
    new.add_argument("folder", metavar="FOLDER")
    new.set_defaults(run=new_folder)
    verify = actions.add_parser("verify", help="compare every file with its recorded SHA-256")
    common.with_data(verify)
    common.with_format(verify)
    verify.set_defaults(run=verify_files)


def list_files(options: argparse.Namespace) -> int:
    """Print what the manifest says of each file."""
    from coterminous.folders.manifest import files

    table = files(common.geography(options))
    columns = ["path", "bytes", "publisher", "title", "date", "licence"]
    common.answer(
        options,
        json=lambda: table,
        csv=lambda: table,
        table=lambda: common.show(common.as_text(table[columns].set_index("path"))),
    )
    return 0


def new_folder(options: argparse.Namespace) -> int:
    """Write the skeleton of a geography, and say what to try with it."""
    from coterminous.folders.template import write_skeleton

    for file in write_skeleton(options.folder):
        common.show(str(file))
    common.show(f"Try: coterminous layers --data {options.folder}")
    return 0


def verify_files(options: argparse.Namespace) -> int:
    """Print whether each file is as recorded; 1 if one is not."""
    from coterminous.folders.manifest import verified

    table = verified(common.geography(options))
    common.answer(
        options,
        json=lambda: table,
        csv=lambda: table,
        table=lambda: common.show(common.as_text(table.set_index("path"))),
    )
    return 0 if (table["status"] == "as recorded").all() else 1
