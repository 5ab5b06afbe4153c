"""Files are whole or not there, safe to open, and the same every time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coterminous import files
from coterminous.errors import InputError


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path):
    target = tmp_path / "table.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), files.replacing(target) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def write(target, **texts):
    """Write a folder as a run does: `maps_b` is the file ``b.txt`` in its folder ``maps``."""
    with files.replacing_folder(target) as beside:
        for name, text in texts.items():
            path = beside / f"{name.replace('_', '/')}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


def texts_in(folder):
    """Give every file below a folder with its text, but for the manifest."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def listed(folder):
    return sorted(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outputs"])


def test_a_folder_that_fails_half_way_leaves_the_old_one(tmp_path):
    target = tmp_path / "out"
    write(target, old="old")
    with pytest.raises(RuntimeError), files.replacing_folder(target) as beside:
        (beside / "new.txt").write_text("half")
        raise RuntimeError
    assert texts_in(target) == {"old.txt": "old"}
    write(target, new="whole")
    assert texts_in(target) == {"new.txt": "whole"}
    assert listed(target) == ["new.txt"]
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_user_put_into_a_folder_stays_and_is_named(tmp_path, caplog):
    target = tmp_path / "out"
    write(target, a="1", maps_b="1")
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    (target / "maps" / "mine.txt").write_text("mine", encoding="utf-8")
    (target / "empty").mkdir()
    write(target, a="2")
    assert texts_in(target) == {"a.txt": "2", "notes.txt": "mine", "maps/mine.txt": "mine"}
    assert (target / "empty").is_dir()
    assert listed(target) == ["a.txt"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{target}: left as it was, for it was put there or changed by hand: "
        "'maps/mine.txt', 'notes.txt'"
    ]
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_user_edited_stays_run_after_run_and_what_was_not_written_is_said(tmp_path, caplog):
    target = tmp_path / "out"
    write(target, a="1", b="1")
    (target / "a.txt").write_text("edited", encoding="utf-8")
    for run in ("2", "3"):
        caplog.clear()
        write(target, a=run, b=run)
        assert texts_in(target) == {"a.txt": "edited", "b.txt": run}
        assert listed(target) == ["b.txt"]
        (record,) = caplog.records
        assert "of 'a.txt' no new version was written: move or delete it" in record.getMessage()
    (target / "a.txt").unlink()
    caplog.clear()
    write(target, a="4", b="4")
    assert texts_in(target) == {"a.txt": "4", "b.txt": "4"}
    assert not caplog.records


def test_a_file_of_the_user_where_a_folder_would_be_stays_and_the_other_way_round(tmp_path):
    target = tmp_path / "out"
    write(target, a="1")
    (target / "maps").write_text("mine", encoding="utf-8")
    (target / "tables.txt").mkdir()
    (target / "tables.txt" / "mine.txt").write_text("mine", encoding="utf-8")
    write(target, a="2", maps_b="2", tables="2")
    assert texts_in(target) == {"a.txt": "2", "maps": "mine", "tables.txt/mine.txt": "mine"}
    assert listed(target) == ["a.txt"]


@pytest.mark.parametrize(
    "manifest", [None, "{", "[]", '{"outputs": {}}', '{"made_with": {}, "outputs": {}}']
)
def test_a_folder_that_no_run_of_ours_wrote_is_refused_and_stays(tmp_path, manifest):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(InputError, match="a folder with other things in it .*'notes.txt'"):
        write(tmp_path, a="1")
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("killed_at", [1, 2])
def test_nothing_is_lost_by_a_run_that_is_killed_between_two_renames(
    tmp_path, monkeypatch, killed_at
):
    target = tmp_path / "out"
    write(target, a="1")
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    done = []
    rename = Path.rename

    def killed(self, to):
        if len(done) == killed_at:
            raise SystemExit
        done.append(to)
        return rename(self, to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", killed)
        patched.setattr(files, "_clear", lambda *_: killed(None, None))
        # As when the process is killed: nothing more is cleared away.
        patched.setattr(files.shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(SystemExit):
            write(target, a="2")
    assert target.exists() == (killed_at == 2)
    write(target, a="3")
    assert texts_in(target) == {"a.txt": "3", "notes.txt": "mine"}


def test_an_old_folder_is_not_cleared_while_it_holds_what_the_new_one_lacks(tmp_path, caplog):
    target, old = tmp_path / "out", tmp_path / ".out-writing-aaaaaaaa-old"
    write(target, a="1")
    write(old, a="0")
    (old / "notes.txt").write_text("mine", encoding="utf-8")
    write(target, a="2")
    assert texts_in(old) == {"a.txt": "0", "notes.txt": "mine"}
    assert "'notes.txt'" in caplog.text


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
