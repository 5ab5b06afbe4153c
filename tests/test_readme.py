"""What the first page says is what the code answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import coterminous as ct

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def page() -> str:
    return re.sub(r"\s+", " ", README.read_text(encoding="utf-8"))


def test_the_figures_of_the_picture_are_computed_ones(page, lsc):
    words = " ".join(page.split())

    def found(layer):
        areas = lsc.overlap(layer, "utla2021").areas()
        same = areas.loc[areas["relation"] == "coterminous", "value"].sum()
        across = ct.impact(lsc, "gp", before="pbp2021", after=layer).summary
        apart = lsc.overlap("pbp2021", layer).measures()["parted"]
        return same, across["before"]["outside"], across["after"]["outside"], apart

    (same, before, across, apart), (same_6, _, across_6, apart_6) = map(
        found, ("place2022", "footprint2022")
    )
    assert f"0 before, {same:,} with the four places, {same_6:,} counting delivery" in words
    assert f"their practice: {before:,} before, {across:,} and {across_6:,}." in words
    assert f"most of their old one: {apart:,} and {apart_6:,}." in words


def test_the_example_in_python_runs():
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    made: dict[str, Any] = {}
    for code in blocks:
        exec(compile(code, "README.md", "exec"), made)
    assert made["humber"].title == "Humber and North Yorkshire"
    assert made["overlap"].ledger["both"] == 1_701_655
    assert len(made["three"].layer("three")) == 3


def test_both_commands_are_single_lines_with_a_form_for_powershell():
    lines = README.read_text(encoding="utf-8").splitlines()
    for last_word in ("--out appendix", "--dist loadfile"):
        assert any(
            line.startswith("python3 -m venv") and line.endswith(last_word) for line in lines
        )
    shell = [line for line in lines if line.startswith("py -m venv")]
    assert len(shell) == 2
    assert not any("&&" in line for line in shell)
