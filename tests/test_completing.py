"""Tab shows the names of the geography that stands there, and nothing is run to find them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import coterminous as ct
from coterminous.completing import names_for, options_for

LAYERS = ["rows", "columns"]


@pytest.fixture
def bound(grid):
    return {"area": grid, "ct": ct, "impact": ct.impact, "other": "text"}


@pytest.mark.parametrize(
    ("code", "typed", "kind"),
    [
        ('area.layer("', "", "layer_names"),
        ("x = area.layer('", "", "layer_names"),
        ('area.weight("', "", "weight_names"),
        ('area.weight_info("', "", "weight_names"),
        ('area.register("', "", "register_names"),
        ('area.overlap("rows", "', "", "layer_names"),
        ('area.overlap("rows",\n    "', "", "layer_names"),
        ('area.overlap("rows", "columns", weight="', "", "weight_names"),
        ('area.overlap(target="rows", source="', "", "layer_names"),
        ('area.explore("rows", "', "", "layer_names"),
        ('area.plot("rows", context="', "", "layer_names"),
        ('area.explore("rows", practices="', "", "register_names"),
        ('ct.impact(area, "', "", "register_names"),
        ('impact(area, "gp", before="', "", "layer_names"),
        ('ct.compare(area, ["rows", "', "", "layer_names"),
        ('ct.options(area, units="', "", "layer_names"),
        ('print(area.layer("rows"), area.layer("', "", "layer_names"),
        ('area.overlap("a, b(", "', "", "layer_names"),
    ],
)
def test_a_text_that_names_something_is_completed(lsc, bound, code, typed, kind):
    bound["area"] = lsc
    assert names_for(code, bound) == (typed, list(getattr(lsc, kind)))


def test_what_is_typed_is_kept_to(lsc, bound):
    bound["area"] = lsc
    typed, names = names_for('area.layer("lgr2025', bound)
    assert (typed, names) == ("lgr2025", ["lgr2025_two", "lgr2025_three", "lgr2025_four"])


@pytest.mark.parametrize(
    "code",
    [
        *("area.layer(", "area", "", '"', 'layer("', 'print("', 'area.title("', 'other.split("'),
        *('nothing.layer("', 'area.layer("rows")', 'ct.load("', 'area.find()("', "x = {'a': ('"),
        *('ct.impact("', 'ct.impact(before="', '[("', 'area.plot("r", title="'),
    ],
)  # fmt: skip
def test_where_nothing_of_ours_can_stand_nothing_is_shown(bound, code):
    assert names_for(code, bound)[1] == []


def test_after_a_comma_stand_the_options_that_can_follow(lsc, bound):
    bound["area"] = lsc
    found = options_for('area.explore("pbp2021", practices=True, ', bound)
    assert {"column=", "highlight=", "changes=", "sites="} <= set(found)
    assert "practices=" not in found
    assert "before=" in options_for("ct.appendix(area, ", bound)
    for code in ("area.explore", "print(1, ", "nothing(", 'area.explore("pbp2021", pra', "x = ["):
        assert options_for(code, bound) == []


def test_figures_to_colour_by_are_completed(lsc, bound):
    bound["area"] = lsc
    for code in ('area.plot("pbp2021", column="share_q', 'area.explore("pbp2021", column="share_q'):
        _, names = names_for(code, bound)
        assert names == [f"share_quintile_{k}" for k in range(1, 6)]


def test_tab_in_ipython_completes_after_the_import_alone():
    program = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import coterminous as ct; area = ct.load()")
from IPython.core.completer import provisionalcompleter
for code in (
    'area.layer("pbp',
    'area.weight("cen',
    'area.register("tr',
    "area.overlap('pbp2021', 'utla",
):
    _, found = shell.complete(None, code, len(code))
    with provisionalcompleter():
        made = {code[: c.start] + c.text for c in shell.Completer.completions(code, len(code))}
    print(sorted(found), sorted(made))
"""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={**os.environ, "PYTHONPATH": str(Path(ct.__file__).parents[1])},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "['pbp2021'] ['area.layer(\"pbp2021']",
        "['census2021'] ['area.weight(\"census2021']",
        "['trust'] ['area.register(\"trust']",
        "['utla2021', 'utla2023'] [\"area.overlap('pbp2021', 'utla2021\", "
        "\"area.overlap('pbp2021', 'utla2023\"]",
    ]


def test_a_layer_is_had_by_its_name_in_brackets(lsc):
    assert lsc["pbp2021"] is lsc.layer("pbp2021")
    assert lsc._ipython_key_completions_() == list(lsc.layer_names)
    with pytest.raises(ct.InputError, match="Did you mean 'pbp2021'"):
        lsc["pbp2022"]
    with pytest.raises(TypeError, match="`layer_names` lists the layers"):
        list(lsc)


def test_in_a_notebook_an_error_is_its_sentence_and_the_rest_on_demand():
    """Run in IPython of its own, for its state is one for a process."""
    pytest.importorskip("IPython")
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="NoColor")
shell.run_cell("import coterminous as ct; area = ct.load(); area.layer('pbp2022')")
print("=====")
shell.run_cell("%xmode Verbose")
shell.run_cell("area.layer('pbp2022')")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    short, _, whole = done.stdout.partition("=====")
    lines = [line for line in short.splitlines() if line.strip()]
    assert len(lines) == 2
    assert lines[0].startswith("InputError: `layer` is 'pbp2022'")
    assert "Traceback" not in short
    assert "holding.py" in whole
