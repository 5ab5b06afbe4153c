"""A town of six blocks in three wards, as a folder, for tables of every kind to come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from coterminous.cli import main

BLOCKS = ("B01", "B02", "B03", "B04", "B05", "B06")
PEOPLE = {"B01": 1210, "B02": 1105, "B03": 960, "B04": 1300, "B05": 740, "B06": 415}
WARDS = {"B01": "W1", "B02": "W1", "B03": "W2", "B04": "W2", "B05": "W3", "B06": "W3"}
#: Who lives in each ward: 1,210 and 1,105; 960 and 1,300; 740 and 415.
OF_WARD = {"W1": 2315, "W2": 2260, "W3": 1155}

GEOGRAPHY = """\
name = "town"
title = "Town"
[blocks]
file = "blocks.csv"
code = "block"
[lookup]
file = "{lookup}"
code = "block"
[[weight]]
name = "population"
title = "Residents"
unit = "people"
file = "{people}"
code = "block"
column = "population"
[layers]
files = ["layers.toml"]
"""
LAYERS = '[[layer]]\nname = "ward"\ntitle = "Ward"\nlookup = {{ code = "ward"{more} }}\n'


class Answer(NamedTuple):
    """What a command printed, and with what it exited."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> dict:
        """The JSON that it printed."""
        assert self.status == 0, self.err
        return json.loads(self.out)

    def sentence(self) -> str:
        """The one sentence of a refusal."""
        assert self.status == 2, (self.status, self.out, self.err)
        assert self.out == ""
        lines = [x for x in self.err.splitlines() if x.startswith("coterminous: ")]
        assert len(lines) == 1 and self.err.rstrip().splitlines()[-1] == lines[0]
        assert "Traceback" not in self.err
        return lines[0]


def written(
    folder: Path, *, people: str = "people.csv", lookup: str = "lookup.csv", more: str = ""
) -> Path:
    """Write the town as a folder; other names of its tables are for a test to write."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "blocks.csv": ["block", *BLOCKS],
        "people.csv": ["block,population", *(f"{b},{n}" for b, n in PEOPLE.items())],
        "lookup.csv": ["block,ward", *(f"{b},{w}" for b, w in WARDS.items())],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    (folder / "geography.toml").write_text(
        GEOGRAPHY.format(people=people, lookup=lookup), encoding="utf-8", newline="\n"
    )
    (folder / "layers.toml").write_text(LAYERS.format(more=more), encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The folder of the town."""
    return written(tmp_path / "town")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command as at a terminal."""

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        status = main([str(a) for a in arguments])
        return Answer(status, *capsys.readouterr())

    return run


@pytest.fixture
def check(ask, town) -> Callable[..., Answer]:
    """Check a lookup against the blocks of the town."""
    return lambda file, *more: ask("check", file, "--data", town, "--format", "json", *more)


@pytest.fixture
def wards(ask) -> Callable[..., Answer]:
    """Count the people of the wards of a folder."""
    return lambda folder: ask("overlap", "ward", "ward", "--data", folder, "--format", "json")


def people_of(answer: Answer) -> dict[str, int]:
    """The people by ward that `overlap ward ward` printed."""
    return {a["code"]: a["value"] for a in answer.said["areas"]}
