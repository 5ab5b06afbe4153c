"""Every result there is, found by itself: none gets out while a register in it is restricted."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from dataclasses import dataclass, fields, replace
from pathlib import Path
from unittest.mock import MagicMock

import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import DisclosureError
from coterminous.results import WAYS_OUT, OfBlocks, Result, dates_of, guarded

SOURCE = Path(ct.__file__).parent
#: What shows itself in a notebook and is no result: what a geography holds, and drawn pages.
NO_RESULTS = {
    *("Geography", "Areas", "Layer", "CutLayer", "Register", "Result", "Shown", "Made"),
    *("Plate", "Plates", "Scenario", "Page"),
}


def _kinds(of: type[Result] = Result) -> list[type[Result]]:
    for module in pkgutil.walk_packages(ct.__path__, "coterminous."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = [k for kind in of.__subclasses__() for k in (kind, *_kinds_of(kind))]
    ours = [k for k in found if k.__module__.startswith("coterminous.") and k is not OfBlocks]
    return sorted(set(ours), key=lambda kind: kind.__name__)


def _kinds_of(kind: type[Result]) -> list[type[Result]]:
    return [k for each in kind.__subclasses__() for k in (each, *_kinds_of(each))]


KINDS = _kinds()


def made(kind: type[Result], **given: object) -> Result:
    """Make a result of a kind out of nothing, as if a register in it were restricted."""
    found = object.__new__(kind)
    for field in fields(kind):
        value = 7 if field.type in ("int", "float") else "x" if field.type == "str" else MagicMock()
        object.__setattr__(found, field.name, value)
    for name, value in {"restricted": ("mine",), "notes": ("n",), "dates": {}, **given}.items():
        object.__setattr__(found, name, value)
    return found


def ways_out(kind: type[Result]) -> list[str]:
    """Name the methods that are guarded, or by their names should be."""
    public = inspect.getmembers(kind, inspect.isfunction)
    return [
        name
        for name, method in public
        if name[0] != "_" and (name.startswith(WAYS_OUT) or hasattr(method, "passes_the_guard"))
    ]


def test_the_results_are_found():
    names = {kind.__name__ for kind in KINDS}
    assert names >= {
        *("Impact", "Flows", "Parted", "Catchments", "Partners", "Attribution", "Overlap"),
        *("Options", "Appraisal", "Comparison", "Outcome", "Sweep", "Report", "Mended"),
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_restricted_result_refuses_every_way_out(kind):
    found = made(kind)
    assert {"as_json", "as_frame"} <= set(ways_out(kind))
    for name in ways_out(kind):
        method = getattr(found, name)
        needed = [p for p in inspect.signature(method).parameters.values() if p.default is p.empty]
        with pytest.raises(DisclosureError, match="register 'mine', which is restricted"):
            method(*(MagicMock() for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD))
    for said in (repr(found), str(found), f"{found}"):
        assert said.startswith("<")
        assert said.endswith(": restricted, not shown>")
    html = found._repr_html_()
    assert html.count("<p>") == 1
    assert "<table" not in html
    assert html.endswith(": restricted, not shown&gt;</p>")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_result_shows_itself_by_the_base_alone(kind):
    for name in ("__repr__", "_repr_html_", "clear", "open", "__str__", "__format__"):
        assert getattr(kind, name) is getattr(Result, name), name
    assert kind.called != "a result" or issubclass(kind, OfBlocks)


def test_no_class_answers_in_json_without_the_base():
    """A result that was written beside the base would be guarded by nothing."""
    names = {kind.__name__ for kind in KINDS} | {"Result"}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                methods = {f.name for f in node.body if isinstance(f, ast.FunctionDef)}
                if "as_json" in methods:
                    assert node.name in names, f"{path.name}: {node.name}"
                if "_repr_html_" in methods:
                    assert node.name in NO_RESULTS, f"{path.name}: {node.name}"


# ---------------------------------------------------------------------- one that is written new


@dataclass(frozen=True, eq=False)
class Heads(Result):
    """A result as somebody new would write it, who has not heard of the guard."""

    called = "a count of heads"

    table: pd.DataFrame

    def as_json(self):
        """Return it as plain values."""
        return self.table.to_dict()

    def as_frame(self):
        """Return its table."""
        return self.table

    def to_csv(self):
        """Write it as CSV."""
        return self.table.to_csv()

    @guarded("a map of heads")
    def polygons(self):
        """Draw it."""
        return "a map"

    def _titled(self):
        return "Heads"

    def _finding(self):
        return f"{len(self.table)} rows"

    def _tables(self):
        return (("table", self.table),)


@pytest.fixture
def heads() -> Heads:
    table = pd.DataFrame({"<b>name": ["P"], "people": [4321]})
    return Heads(table, restricted=(), notes=("A <note>",), dates={"Heads": "2022-07-01"})


def test_a_new_result_shows_its_notes_and_dates_as_text(heads):
    assert repr(heads) == "<Heads: 1 rows>"
    html = heads._repr_html_()
    assert html.startswith("<p>Heads: 1 rows.</p><div")
    assert "<p><small>A &lt;note&gt;</small></p>" in html
    assert "<p><small>As at: 2022-07-01 (Heads).</small></p>" in html
    assert "&lt;b&gt;name" in html
    assert "4,321" in html
    assert heads.open
    assert heads.to_csv().endswith("P,4321\n")


def test_a_new_result_is_guarded_though_its_author_did_nothing_for_it(heads):
    own = replace(heads, restricted=("mine", "yours"))
    for way in (own.as_json, own.as_frame, own.to_csv):
        with pytest.raises(DisclosureError, match="a count of heads would write out register 'min"):
            way()
    with pytest.raises(DisclosureError, match="a map of heads would write out register 'mine, yo"):
        own.polygons()
    # `dataclass` writes a `__repr__` of every field where it is let; here it is not.
    assert repr(own) == str(own) == f"{own}" == "<Heads: restricted, not shown>"
    assert "4321" not in own._repr_html_()
    assert not own.open
    with pytest.raises(DisclosureError, match="covers impacts and flows; a Heads of a restricted"):
        ct.protect(own)


@pytest.mark.parametrize(
    "name", ["__repr__", "__str__", "__format__", "_repr_html_", "_repr_png_", "clear", "open"]
)
def test_a_result_with_a_way_of_its_own_is_refused(name):
    body = {name: lambda self, *_: self.table.to_html()}
    with pytest.raises(TypeError, match=f"`{name}` of its own, which would go round the guard"):
        type("Sly", (Heads,), body)
    with pytest.raises(TypeError, match="go round the guard"):
        type("Sly", (type("Mixin", (), body), Heads), {})


def test_a_mixed_in_way_out_is_guarded_too(heads):
    mixin = type("Mixin", (), {"to_excel": lambda self: self.table})
    kind = dataclass(frozen=True, eq=False)(type("Mixed", (mixin, Heads), {}))
    with pytest.raises(DisclosureError):
        kind(heads.table, restricted=("mine",)).to_excel()


def test_a_result_says_of_which_registers_it_is_and_gives_what_all_give(heads):
    with pytest.raises(TypeError, match="restricted"):
        Heads(heads.table)
    with pytest.raises(TypeError, match="Bare is a result and lacks 'as_json', 'as_frame', '_tit"):
        type("Bare", (Result,), {})


def test_dates_say_what_they_are_of(lsc):
    found = dates_of(lsc.weight_info("population"), lsc.register("gp"))
    assert len(found) == 2
    assert lsc.overlap("pbp2021", "place2022").dates.items() <= found.items()
