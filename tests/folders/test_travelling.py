"""A geography goes to another process and comes back the same, or is refused in a sentence."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct

SHIPPED = Path(ct.load().folder)


def sent(area):
    return pickle.loads(pickle.dumps(area))


def held(area):
    return list(area.layer_names), list(area.weight_names), list(area.register_names)


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mine")
    return tmp_path / "mine"


def test_what_was_read_is_read_again_and_what_was_added_comes_along(lsc):
    people = lsc.weight("population")
    area = (
        lsc.with_layer("coast", {"Coast": ["Blackpool", "Fylde"]}, units="ltla2021")
        .with_weight("twice", people * 2, title="Twice")
        .with_roles({"before": "ccg2021"})
        .with_links(lsc.links.iloc[:1])
    )
    again = sent(area)
    assert held(again) == held(area)
    assert dict(again.roles) == dict(area.roles)
    assert again.links.equals(area.links)
    assert again.weight("twice").equals(people * 2)
    assert again.overlap("coast", "utla2021").matrix.equals(
        area.overlap("coast", "utla2021").matrix
    )
    assert len(pickle.dumps(lsc)) < 100_000


def test_a_board_of_england_is_that_board():
    area = ct.load("QOQ")
    again = sent(area)
    assert (again.name, again.title) == (area.name, area.title)
    assert again.blocks.equals(area.blocks)
    assert sent(again).data_age() == area.data_age()


def test_one_made_of_frames_travels_whole(grid):
    again = sent(grid)
    assert held(again) == held(grid)
    assert again.geometry.equals(grid.geometry)
    bare = ct.Geography.from_frames(
        pd.DataFrame({"people": [1, 2]}, index=["B1", "B2"]), name="bare", weights=["people"]
    )
    with pytest.raises(ct.InputError, match="no polygons"):
        sent(bare).geometry  # noqa: B018 - it is read


def test_a_folder_whose_files_changed_is_refused_and_one_with_a_note_more_is_not(copied):
    kept = pickle.dumps(ct.load(copied))
    (copied / "appendix.txt").write_text("of mine", encoding="utf-8")
    assert pickle.loads(kept).name
    people = copied / "people" / "population.csv"
    people.write_bytes(people.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(ct.InputError, match="are not as they were when it was kept; load it again"):
        pickle.loads(kept)
    shutil.rmtree(copied)
    with pytest.raises(ct.InputError, match="load it again"):
        pickle.loads(kept)


def test_another_process_counts_the_same(lsc, tmp_path):
    (tmp_path / "area.pickle").write_bytes(pickle.dumps(lsc))
    code = (
        "import pickle, pathlib; "
        f"area = pickle.loads(pathlib.Path({str(tmp_path / 'area.pickle')!r}).read_bytes()); "
        "print(int(area.overlap('pbp2021', 'footprint2022').measures()['parted']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "450076"


def test_what_is_kept_is_keyed_by_what_it_was_worked_out_of(lsc, tmp_path):
    joblib = pytest.importorskip("joblib")
    counted = []

    def both(area):
        counted.append(area.name)
        return int(area.overlap("pbp2021", "utla2021").ledger["both"])

    memory = joblib.Memory(tmp_path, verbose=0)
    kept = memory.cache(both)
    assert kept(ct.load()) == kept(ct.load()) == 1_701_655
    assert len(counted) == 1
    kept(lsc.with_weight("one", lsc.weight("population") * 0 + 1))
    assert len(counted) == 2
