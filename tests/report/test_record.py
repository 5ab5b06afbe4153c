"""An appendix knows what it was made of, wherever the package is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coterminous.files import sha256

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Install the package as the README does: whole, in a folder below one called `.venv`."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("reader") / ".venv" / "lib" / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder), str(ROOT)], check=True, timeout=300)
    return folder


def coterminous(site, *arguments):
    """Run the installed command, and give what it prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "coterminous", *arguments],
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran


def test_the_manifest_of_an_installed_package_lists_its_data_and_sees_them_change(site, tmp_path):
    data = site / "coterminous" / "data"
    flags = ["appendix", "--sections", "data", "--formats", "html"]
    coterminous(site, *flags, "--out", str(tmp_path / "a"))
    manifest = tmp_path / "a" / "manifest.json"
    inputs = json.loads(manifest.read_text(encoding="utf-8"))["inputs"]
    there = {f"data/{p.relative_to(data).as_posix()}" for p in data.rglob("*") if p.is_file()}
    assert set(inputs) == there
    assert inputs["data/geography.toml"] == sha256(data / "geography.toml")

    with (data / "geography.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    ran = coterminous(site, *flags, "--compare", str(manifest), "--format", "json")
    assert [row["key"] for row in json.loads(ran.stdout)] == ["data/geography.toml"]


def test_what_was_left_is_one_sentence_on_standard_error(site, tmp_path):
    flags = ["appendix", "--sections", "data", "--formats", "html", "--out", str(tmp_path / "a")]
    assert coterminous(site, *flags).stderr == ""
    (tmp_path / "a" / "notes.txt").write_text("mine", encoding="utf-8")
    ran = coterminous(site, *flags)
    assert ran.stderr.endswith("changed by hand: 'notes.txt'\n")
    assert ran.stderr.count("\n") == 1
    assert (tmp_path / "a" / "notes.txt").read_text(encoding="utf-8") == "mine"
