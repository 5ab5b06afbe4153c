"""What can be asked from the command line? Parses the arguments; `commands` does the work.

Nothing heavy is imported until a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from coterminous import __version__, commands
from coterminous.errors import InputError


def topics() -> list[ModuleType]:
    """Find the modules of `commands` that add some, in the order in which the help lists them."""
    names = sorted(module.name for module in iter_modules(commands.__path__))
    found = [import_module(f"{commands.__name__}.{name}") for name in names]
    return sorted((m for m in found if hasattr(m, "add")), key=lambda m: (m.ORDER, m.__name__))


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="coterminous",
        description="Who and what is affected when health-and-care boundaries are redrawn.",
    )
    top.add_argument("--version", action="version", version=f"coterminous {__version__}")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for topic in topics():
        topic.add(subparsers)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done, 1 a check failed, 2 bad input: one sentence on standard error, no traceback.
    """
    top = parser()
    try:
        options, strange = top.parse_known_args(arguments)
        command = _command(top, options)
        if strange:
            # Of the command itself, so that its own usage is printed.
            command.error(f"unrecognized arguments: {' '.join(strange)}")
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return int(options.run(options) or 0)
    except InputError as error:
        sys.stderr.write(f"coterminous: {_as_it_can(str(error), command)}\n")
        return 2
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): say nothing more, and close quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(f"coterminous: {error.strerror or error}{where}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("coterminous: stopped\n")
        return 130


def _command(top: argparse.ArgumentParser, options: argparse.Namespace) -> argparse.ArgumentParser:
    """Find the parser of the command that was asked for, or of its own command."""
    found = top
    while True:
        inner = [a for a in found._actions if isinstance(a, argparse._SubParsersAction)]
        name = str(getattr(options, inner[0].dest, "")) if inner else ""
        if not inner or name not in inner[0].choices:
            return found
        found = inner[0].choices[name]


def _as_it_can(message: str, command: argparse.ArgumentParser) -> str:
    """Leave out of a message the options in brackets that this command does not take.

    A table that a folder names is told which sheet is meant in `geography.toml`, one that a
    command names by `--sheet`: the same sentence says both.
    """
    there = set(command._option_string_actions)

    def known(found: re.Match[str]) -> str:
        return found[0] if set(re.findall(r"--[a-z][a-z-]*", found[0])) <= there else ""

    return re.sub(r" \([^()]*`--[a-z][^()]*\)", known, message)


if __name__ == "__main__":
    sys.exit(main())
