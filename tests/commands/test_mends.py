"""The command line can do what its errors advise: every option that a message names is there."""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

import pytest

from coterminous.cli import main, parser

SOURCE = Path(__file__).resolve().parents[2] / "src" / "coterminous"
OPTION = re.compile(r"(?<![-\w])--[a-z][a-z-]*")


def commands() -> dict[str, argparse.ArgumentParser]:
    """List the commands by name, ``data new`` among them."""
    return dict(innermost(parser(), ""))


def innermost(top: argparse.ArgumentParser, name: str):
    inner = [a for a in top._actions if isinstance(a, argparse._SubParsersAction)]
    for action in inner:
        for key, command in action.choices.items():
            yield from innermost(command, f"{name} {key}".strip())
    if not inner:
        yield name, top


def texts_of(call: ast.AST) -> str:
    """Join every piece of text inside a call."""
    return " ".join(
        node.value
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def raised() -> list[tuple[str, str]]:
    """List the options that the sentences of errors name, with the module."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error"):
                for option in set(OPTION.findall(texts_of(node))):
                    found.append((str(file.relative_to(SOURCE).as_posix()), option))
    return found


def test_every_option_that_an_error_names_is_one_of_a_command():
    known = {o for c in commands().values() for o in c._option_string_actions}
    named = raised()
    assert {"--sheet", "--member", "--on", "--code"} <= {option for _, option in named}
    assert [(where, option) for where, option in named if option not in known] == []


@pytest.mark.parametrize("module", sorted({m for m, _ in raised() if m.startswith("commands/")}))
def test_the_errors_of_a_command_name_its_own_options(module):
    """Each command of the module that takes any of what is named takes all that it names."""
    own = {o for m, o in raised() if m == module}
    name = module.removeprefix("commands/").removesuffix(".py")
    if name == "common":
        # What belongs to a register file is told only to the commands that take one.
        takers = [c for c in commands().values() if "--register-file" in c._option_string_actions]
    else:
        takers = [c for c in commands().values() if c.get_default("run").__module__.endswith(name)]
        takers = [c for c in takers if own & set(c._option_string_actions)]
    assert takers
    options = set().union(*(c._option_string_actions for c in takers))
    assert own <= options


def test_an_error_names_no_option_that_the_command_lacks(tmp_path, capsys):
    """A sheet of a folder's table is said in geography.toml; one of a file by `--sheet`."""
    from openpyxl import Workbook

    folder = tmp_path / "mine"
    assert main(["data", "new", str(folder)]) == 0
    book = Workbook()
    for sheet in (book.active, book.create_sheet("again")):
        for row in (folder / "people.csv").read_text(encoding="utf-8").splitlines():
            sheet.append(row.split(","))
    book.save(folder / "people.xlsx")
    settings = folder / "geography.toml"
    text = settings.read_text(encoding="utf-8").replace('"people.csv"', '"people.xlsx"')
    settings.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert main(["overlap", "before", "after", "--data", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "say which with `sheet`" in said and "--sheet" not in said
    settings.write_text(
        text.replace('"people.xlsx"', '"people.xlsx"\nsheet = "again"'), encoding="utf-8"
    )
    assert main(["overlap", "before", "after", "--data", str(folder)]) == 0
    capsys.readouterr()
    assert main(["codes", str(folder / "people.xlsx")]) == 2
    assert "(`--sheet`)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["impact", "gp", "--before", "pbp2021", "--after", "footprint2022", "--nonsense"],
        ["impact", "gp", "--before", "pbp2021"],
        ["flows", "trust"],
        ["data", "new", "somewhere", "--nonsense"],
    ],
)
def test_a_wrong_command_line_prints_the_usage_of_the_command(command, capsys):
    assert main(command) == 2
    said = capsys.readouterr().err
    name = " ".join(command[:2]) if command[0] == "data" else command[0]
    assert said.startswith(f"usage: coterminous {name} ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--published"], "--published belongs to a file; name it with --register-file FILE"),
        (["--networks", "epcn.xlsx", "--register-file", "x.csv"], "add --practices FILE and --on"),
    ],
)
def test_what_belongs_to_a_register_file_is_not_passed_over(more, said, capsys):
    command = ["impact", "gp", "--before", "pbp2021", "--after", "footprint2022", *more]
    assert main(command) == 2
    assert said in capsys.readouterr().err


def test_the_appendix_takes_a_register_file(tmp_path, capsys):
    file = tmp_path / "registrations.csv"
    file.write_text(
        "EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS\n"
        "01JAN2021,P81002,LANCASTER,E01025098,ALL,1234\n",
        encoding="utf-8",
    )
    out = tmp_path / "paper"
    command = ["appendix", "--register-file", str(file), "--out", str(out), "--formats", "html"]
    command += ["--before", "pbp2021", "--after", "footprint2022", "--sections", "practices"]
    assert main([*command, "--published"]) == 0
    text = (out / "appendix.html").read_text(encoding="utf-8")
    assert "1,234" in text and "2021-01-01" in text and "registrations.csv" in text
