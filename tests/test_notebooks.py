"""Public names are enough: no notebook reaches into a module of a topic."""

from __future__ import annotations

import ast
import importlib
import json
from pathlib import Path

import pytest

import coterminous as ct

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def code_of(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code").split("\n")
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_public_names_alone(path):
    for node in ast.walk(ast.parse(code_of(path))):
        if isinstance(node, ast.Import):
            ours = [a.name for a in node.names if a.name.partition(".")[0] == "coterminous"]
            assert set(ours) <= {"coterminous"}
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("coterminous"):
            assert str(node.module).count(".") <= 1
            public = importlib.import_module(str(node.module)).__all__
            assert [alias.name for alias in node.names if alias.name not in public] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_asks_of_the_library_is_public(path):
    asked = {
        node.attr
        for node in ast.walk(ast.parse(code_of(path)))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "ct"
    }
    assert asked
    assert sorted(asked - set(ct.__all__)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_shows_a_number_in_powers_of_ten(path):
    shown = [
        "".join(output.get("text", output.get("data", {}).get("text/plain", "")))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert [text for text in shown if "e+0" in text] == []
