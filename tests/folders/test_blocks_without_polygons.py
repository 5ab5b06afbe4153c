"""Blocks can be a table: what needs no line works, and what does says so in one sentence."""

from __future__ import annotations

import pytest

import coterminous as ct
from coterminous.cli import main


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "mine"
    assert main(["data", "new", str(made)]) == 0
    rows = "\n".join(f"B{n}" for n in range(1, 7))
    (made / "blocks.csv").write_text(f"block\n{rows}\n", encoding="utf-8")
    settings = made / "geography.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("blocks.geojson", "blocks.csv"), encoding="utf-8")
    (made / "blocks.geojson").unlink()
    return made


def test_counts_are_those_of_the_folder_with_polygons(folder):
    assert ct.load(data_dir=folder).overlap("before", "after").measures()["parted"] == 2_785


@pytest.mark.parametrize(
    "command",
    [
        ["layers"],
        ["overlap", "before", "after"],
        ["compare", "before", "after"],
        ["partners", "--before", "before", "--after", "after", "--organisations", "ward"],
    ],
)
def test_what_needs_no_line_works(folder, command, capsys):
    assert main([*command, "--data", str(folder)]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        ["map", "before", "after", "--out", "{}/m.html"],
        ["options", "--units", "ward", "--areas", "2"],
    ],
)
def test_what_needs_lines_says_so_in_one_sentence(folder, command, capsys):
    command = [part.format(folder) for part in command]
    assert main([*command, "--data", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "blocks.csv has no polygons" in said and said.count("\n") == 1
    assert not (folder / "m.html").exists()
