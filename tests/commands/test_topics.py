"""A command is one module: written, it is found, in its place in the help."""

from __future__ import annotations

import sys

import pytest

from coterminous import cli, commands

TIDES = '''"""When is high water? A command that somebody writes."""

from coterminous.commands import common

ORDER = 15


def add(subparsers):
    """Add it."""
    subparsers.add_parser("tides", help="list the tides").set_defaults(run=show)


def show(options):
    """Print it."""
    common.show("high water at noon")
    return 0
'''


@pytest.fixture
def tides(tmp_path, monkeypatch):
    """Put one more module among the commands."""
    (tmp_path / "tides.py").write_text(TIDES, encoding="utf-8")
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    yield
    sys.modules.pop("coterminous.commands.tides", None)
    vars(commands).pop("tides", None)


def test_topics_stand_in_their_order():
    found = [topic.__name__.rpartition(".")[2] for topic in cli.topics()]
    expected = ["overlaps", "registers", "scenarios", "drawings", "drawn", "maps", "papers"]
    assert [name for name in found if name in expected] == expected
    assert "common" not in found


def test_every_topic_has_a_place_of_its_own():
    places = [topic.ORDER for topic in cli.topics()]
    assert len(set(places)) == len(places)


def test_a_command_that_is_written_is_in_the_help_and_runs(tides, capsys):
    assert cli.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert told.index("\n    overlap ") < told.index("\n    tides ") < told.index("\n    impact ")
    assert cli.main(["tides"]) == 0
    assert capsys.readouterr().out == "high water at noon\n"
