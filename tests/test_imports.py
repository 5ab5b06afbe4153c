"""Does the library stand as its plan says? Who imports whom, and what its names shadow."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import coterminous

SOURCE = Path(coterminous.__file__).parent

#: The topics from the ground up: a module imports from its own topic and those above it here.
TOPICS = [
    "errors",
    "owned",
    "former",
    "arguments",
    "roles",
    "files",
    "words",
    "tables",
    "completing",
    "written",
    "dressed",
    "picturing",
    "results",
    "blocks",
    "cuts",
    "areas",
    "layer",
    "shares",
    "outlines",
    "making",
    "measure_records",
    "measures",
    "tabulating",
    "overlap",
    "geography",
    "polygons",
    "vintages",
    "registers",
    "folders",
    "disclosure",
    "effects",
    "scenarios",
    "drawings",
    "fetching",
    "maps",
    "report",
    "commands",
    "cli",
]

#: Methods that are doors to a topic further down, and so import it when they are called.
DOORS = {
    "geography.value": [
        *("Geography.from_files", "Geography._repr_html_", "Geography.__reduce__"),
    ],
    "geography.holding": [
        *("Holding.register", "Holding.layers", "Holding.weights", "Holding.registers"),
    ],
    "geography.shorthand": [
        *("Shorthand.overlap", "Shorthand.explore", "Shorthand.plot"),
        *("Shorthand.locate", "Shorthand.find"),
    ],
    "completing": ["_names"],
    "layer": ["Layer.from_polygons"],
    "registers.register": ["Register.from_*"],
}


def _name(path: Path) -> str:
    """Give a module's name without the package's: ``maps.paper.printed``, ```` for the root."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def _stub_names(package: str) -> dict[str, str]:
    """Give each public name of a package and the module its stub takes it from."""
    stub = MODULES[package].with_suffix(".pyi")
    if not stub.is_file():
        return {}
    return {
        alias.asname or alias.name: ".".join(filter(None, (package, node.module)))
        for node in ast.parse(stub.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


STUBS = {
    package: _stub_names(package)
    for package, path in MODULES.items()
    if path.name == "__init__.py" and path.with_suffix(".pyi").is_file()
}


def _home(module: str, name: str) -> str:
    """Find the module that `from module import name` runs: a submodule, or where a stub points."""
    inner = ".".join(filter(None, (module, name)))
    if inner in MODULES:
        return inner
    if name in STUBS.get(module, {}):
        return _home(STUBS[module][name], name)
    return module


def _imports(module: str) -> set[tuple[str, str]]:
    """Give what a module imports of ours, each with the function that does, such as ``A.b``."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[tuple[str, str]] = set()

    def read(node: ast.AST, scope: str) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return  # only a type checker imports these
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            scope = f"{scope}.{node.name}".lstrip(".")
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".") for alias in node.names]
            found.update((rest, scope) for first, _, rest in names if first == "coterminous")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.split(".")
                base = ".".join(["coterminous", *up[: len(up) - node.level + 1], base]).rstrip(".")
            first, _, rest = base.partition(".")
            if first == "coterminous":
                found.update((_home(rest, alias.name), scope) for alias in node.names)
        for child in ast.iter_child_nodes(node):
            read(child, scope)

    read(ast.parse(path.read_text(encoding="utf-8")), "")
    return found


def _arrows() -> dict[str, set[str]]:
    """Give for each module those it imports, but for the root (its version) and the doors."""
    arrows: dict[str, set[str]] = {}
    for module in MODULES:
        doors = DOORS.get(module, [])
        arrows[module] = {
            imported
            for imported, scope in _imports(module)
            if imported not in ("", module) and not any(fnmatchcase(scope, d) for d in doors)
        }
    return arrows


ARROWS = _arrows()


def _topic(module: str) -> int:
    return TOPICS.index(module.partition(".")[0])


def _climbing() -> set[str]:
    """Give the imports of a topic that stands further down the list."""
    return {
        f"{module} -> {imported}"
        for module, found in ARROWS.items()
        if module not in ("", "__main__")
        for imported in found
        if _topic(imported) > _topic(module)
    }


def _reached(start: str, arrows: dict[str, set[str]]) -> set[str]:
    """Give the modules that importing one leads to, itself only by a way round."""
    seen: set[str] = set()
    rest = list(arrows[start])
    while rest:
        module = rest.pop()
        if module not in seen:
            seen.add(module)
            rest.extend(arrows[module])
    return seen


def _circling(arrows: dict[str, set[str]]) -> set[str]:
    """Give the imports that lie on a circle."""
    reached = {module: _reached(module, arrows) for module in arrows}
    return {
        f"{module} -> {imported}"
        for module, found in arrows.items()
        for imported in found
        if module in reached[imported]
    }


def test_every_topic_has_a_place_in_the_plan() -> None:
    topics = {module.partition(".")[0] for module in MODULES} - {"", "__main__"}
    assert sorted(topics - set(TOPICS)) == []


def test_a_module_imports_only_from_its_own_topic_and_those_above_it() -> None:
    assert sorted(_climbing()) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert sorted(_circling(ARROWS)) == []


def _functions() -> Iterator[str]:
    for package, names in STUBS.items():
        for name in names:
            value = getattr(importlib.import_module(f"coterminous.{package}".rstrip(".")), name)
            if not isinstance(value, type):
                yield name


def test_no_module_has_the_name_of_a_public_function() -> None:
    modules = {part for module in MODULES for part in module.split(".")}
    assert sorted(modules & set(_functions())) == []


@pytest.mark.parametrize("package", sorted(STUBS))
def test_every_name_of_a_stub_loads_and_no_other_shows(package: str) -> None:
    module = importlib.import_module(f"coterminous.{package}".rstrip("."))
    assert all(getattr(module, name) is not None for name in STUBS[package])
    assert dir(module) == sorted(module.__all__)
    assert sorted(module.__all__) == sorted(STUBS[package])


def test_each_public_name_of_the_root_stands_in_the_stub_of_its_topic() -> None:
    for name, module in STUBS[""].items():
        assert name in STUBS[module] if module in STUBS else module in TOPICS, name


def test_the_plan_of_the_house_names_every_topic_and_no_module_that_is_not_there() -> None:
    page = SOURCE.parents[1] / "docs" / "developing.md"
    plan = page.read_text(encoding="utf-8").partition("| topic |")[2].partition("\n\n")[0]
    rows = [row.split("|") for row in plan.splitlines() if row.startswith("| `")]
    named = {topic for row in rows for topic in re.findall(r"`(\w+)`", row[1])}
    topics = {module.partition(".")[0] for module in MODULES} - {"", "__main__"}
    assert sorted(named ^ topics) == []
    for row in rows:
        (topic,) = re.findall(r"`(\w+)`", row[1])[:1]
        inside = {f"{topic}.{name}" for name in re.findall(r"`(\w+)/?`", row[3])}
        assert sorted(inside - set(MODULES)) == []
