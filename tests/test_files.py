"""Files are whole or not there, safe to open, and the same every time."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from coterminous import files


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    target = tmp_path / "table.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), files.replacing(target) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_fails_half_way_leaves_the_old_one(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old.txt").write_text("old")
    with pytest.raises(RuntimeError), files.replacing_folder(target) as beside:
        (beside / "new.txt").write_text("half")
        raise RuntimeError
    assert [p.name for p in target.iterdir()] == ["old.txt"]
    with files.replacing_folder(target) as beside:
        (beside / "new.txt").write_text("whole")
    assert [p.name for p in target.iterdir()] == ["new.txt"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_cell_that_a_spreadsheet_would_run_shows_as_text():
    table = pd.DataFrame({"name": ["=1+1", "@x", "Plain", None], "people": [-1, 2, 3, 4]})
    assert files.csv_text(table) == "name,people\n'=1+1,-1\n'@x,2\nPlain,3\n,4\n"


def test_json_has_null_for_what_is_missing_and_numbers_for_numbers():
    value = {"a": np.float64("nan"), "b": np.int64(3), "c": ["é", pd.NA], "d": np.bool_(True)}
    assert files.to_json(value).replace("\n", "").replace(" ", "") == (
        '{"a":null,"b":3,"c":["é",null],"d":true}'
    )


def test_the_folder_of_a_run_that_was_killed_is_cleared_by_a_later_one(tmp_path):
    target = tmp_path / "out"
    with files.replacing_folder(target) as beside:
        (beside / "one.txt").write_text("1", encoding="utf-8")
    abandoned, young, other = (
        tmp_path / name for name in (".out-writing-aaaaaaaa", ".out-writing-bbbbbbbb", ".out-notes")
    )
    for folder in (abandoned, young, other):
        folder.mkdir()
    for folder in (abandoned, other):
        os.utime(folder, (0, 0))
    with files.replacing_folder(target) as beside:
        pass
    assert not abandoned.exists()
    assert young.is_dir()
    assert other.is_dir()
