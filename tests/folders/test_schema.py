"""A door that reads every key: no file of TOML says anything that is passed over in silence."""

from __future__ import annotations

import copy
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import coterminous as ct
from coterminous.files import bundled_folder
from coterminous.folders.recipes import Folder
from coterminous.folders.schema import Day, Table, checked, read_toml
from coterminous.folders.template import write_skeleton
from coterminous.report.settings import settle
from coterminous.report.statements import read_statements

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FREE = {
    "areas",
    "lumps",
    "styles",
    "group",
    "nouns",
}  # tables whose keys are names of the user's own


def _read_geography(file: Path) -> None:
    area = ct.load(file.parent)
    for name in area.layer_names:
        area.layer(name)


def _read_tables(file: Path) -> None:
    Folder.open(file.parent).registers()


def _read_layers(file: Path) -> None:
    Folder.open(file.parents[1]).recipes()


def _read_links(file: Path) -> None:
    Folder.open(file.parents[1]).links(_bundled().blocks)


@cache
def _bundled() -> ct.Geography:
    return ct.load()


def _read_settings(file: Path) -> None:
    settle(_bundled(), file=file)


Reader = Callable[[Path], Any]
#: Every file of TOML that is shipped, by what reads it.
SHIPPED: dict[str, Reader] = {
    "geography.toml": _read_tables,
    "boundaries/layers.toml": _read_layers,
    "boundaries/proposals.toml": _read_layers,
    "boundaries/links.toml": _read_links,
    "appendix/appendix.toml": _read_settings,
    "appendix/statements.toml": read_statements,
}


def _keys(table: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the place of every key of a parsed file, first of each kind only."""
    for key, value in table.items():
        yield (*place, key)
        if isinstance(value, dict) and key not in FREE:
            yield from _keys(value, (*place, key))
        elif isinstance(value, list):
            seen: set[str] = set()
            for position, item in enumerate(value):
                if isinstance(item, dict) and not set(item) <= seen:
                    yield from _keys(item, (*place, key, position))
                    seen |= set(item)


def _misspelt(key: str, chance: random.Random) -> str:
    """Swap two letters that differ, or double one."""
    pairs = [i for i in range(len(key) - 1) if key[i] != key[i + 1]]
    if not pairs:
        return key + key[-1]
    i = chance.choice(pairs)
    return key[:i] + key[i + 1] + key[i] + key[i + 2 :]


def _changed(written: Any, place: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """Copy a parsed file and change what stands in one place."""
    made = copy.deepcopy(written)
    table = made
    for step in place[:-1]:
        table = table[step]
    change(table, place[-1])
    return made


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the bundled folder, to be spoilt."""
    folder = tmp_path_factory.mktemp("schema") / "data"
    shutil.copytree(bundled_folder(), folder)
    return folder


def _read_spoilt(folder: Path, name: str, spoilt: Any) -> None:
    """Read a file of the folder as it would be with other words in it, and put it back."""
    file = folder / name
    right = file.read_bytes()
    file.write_text(tomli_w.dumps(spoilt), encoding="utf-8")
    try:
        SHIPPED[name](file)
    finally:
        file.write_bytes(right)


def _places(name: str) -> list[tuple[Any, ...]]:
    return list(_keys(read_toml(bundled_folder() / name)))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_file_that_is_shipped_is_as_its_schema_says(copied, name):
    _read_spoilt(copied, name, read_toml(copied / name))


@pytest.mark.parametrize(
    ("name", "place"),
    [(n, p) for n in SHIPPED for p in _places(n)],
    ids=lambda x: x if isinstance(x, str) else ".".join(map(str, x)),
)
def test_a_misspelt_key_is_named_with_the_one_that_was_meant(copied, name, place):
    chance = random.Random(f"{name}{place}")
    wrong = _misspelt(place[-1], chance)

    def misspell(table: Any, key: str) -> None:
        items = list(table.items())
        table.clear()
        table.update({wrong if k == key else k: v for k, v in items})

    spoilt = _changed(read_toml(copied / name), place, misspell)
    with pytest.raises(ct.InputError) as raised:
        _read_spoilt(copied, name, spoilt)
    assert wrong in str(raised.value)
    assert Path(name).name in str(raised.value)
    assert place[-1] in str(raised.value)


#: A value of a kind that is wanted by no key that holds the kind on the left.
OTHERS = {str: [5, True], int: ["x", True], float: ["x"], bool: ["x", 1], list: [5], dict: [5]}


@pytest.mark.parametrize(
    ("name", "place"),
    [(n, p) for n in SHIPPED for p in _places(n)],
    ids=lambda x: x if isinstance(x, str) else ".".join(map(str, x)),
)
def test_a_value_of_another_kind_is_refused_by_the_name_of_its_key(copied, name, place):
    written = read_toml(copied / name)
    value = written
    for step in place:
        value = value[step]
    for other in OTHERS[type(value)]:

        def change(table: Any, key: str, other: Any = other) -> None:
            table[key] = other

        with pytest.raises(ct.InputError) as raised:
            _read_spoilt(copied, name, _changed(written, place, change))
        assert f"`{place[-1]}`" in str(raised.value)
        assert Path(name).name in str(raised.value)


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda f: f.stem)
def test_a_scenario_with_any_key_misspelt_or_of_another_kind_is_refused(file, tmp_path):
    written = read_toml(file)
    ct.Scenario.read(file)
    spoilt_file = tmp_path / "spoilt.toml"
    for place in _keys(written):
        value = written
        for step in place:
            value = value[step]
        wrong = _misspelt(place[-1], random.Random(str(place)))
        inside_checks = place[0] == "checks" and len(place) > 1

        def misspell(table: Any, key: str, wrong: str = wrong) -> None:
            table[wrong] = table.pop(key)

        def change(table: Any, key: str, value: Any = value) -> None:
            table[key] = 7 if not isinstance(value, (int, float)) else "x"

        for spoil, named in ((misspell, wrong), (change, place[-1])):
            spoilt_file.write_text(tomli_w.dumps(_changed(written, place, spoil)), encoding="utf-8")
            with pytest.raises(ct.InputError) as raised:
                scenario = ct.Scenario.read(spoilt_file)
                if inside_checks:
                    scenario.run(_bundled())
            assert named in str(raised.value)
            assert "spoilt.toml" in str(raised.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("layers.toml", 'title = "Wards"', 'titel = "Wards"', r"\[\[layer\]\] 'ward': `titel` is"),
        ("layers.toml", 'units = "ward"', 'untis = "ward"', "`untis`.*Did you mean 'units'"),
        ("layers.toml", "valid_from", "valid_form", "`valid_form`.*Did you mean 'valid_from'"),
        ("layers.toml", 'title = "Wards"', "bestfit = true", "`bestfit`.*mean 'best_fit'"),
        ("layers.toml", 'title = "Wards"', 'best_fit = "yes"', "`best_fit` is 'yes'; give true or"),
        (
            "layers.toml",
            '"2024-01-01"',
            '"1st of May"',
            "`valid_from` is '1st of May'; give a date",
        ),
        (
            "layers.toml",
            '"2024-01-01"',
            '"2024-13-01"',
            "`valid_from` is '2024-13-01'; give a date",
        ),
        (
            "layers.toml",
            '"2024-01-01"',
            '"2023-02-29"',
            "`valid_from` is '2023-02-29'; give a date",
        ),
        ("layers.toml", 'of = ["W1", "W2"]', 'of = "W1"', "`of` is 'W1'; give a list, such as"),
        ("layers.toml", 'of = ["W1", "W2"]', "of = [1]", "`of` has 1; give text"),
        ("layers.toml", 'of = ["W1", "W2"]', 'of = [""]', "`of` has ''; give at least one letter"),
        (
            "layers.toml",
            'code = "north"',
            "",
            r"\[\[layer\]\] 'before': \[\[area\]\] .* lacks `code`",
        ),
        ("layers.toml", 'code = "south"', 'code = "north"', "has areas twice: 'north'; keep one"),
        ("layers.toml", 'units = "ward"', "", "'before' has neither `lookup`, `units` nor"),
        (
            "layers.toml",
            "lookup = {",
            'within = "town"\nlookup = {',
            "`lookup`, which takes no `wit",
        ),
        (
            "geography.toml",
            'unit = "people"',
            'unti = "people"',
            r"\[\[weight\]\] 'population': `un",
        ),
        ("geography.toml", "files = [", "fiels = [", r"\[layers\]: `fiels`.*mean 'files'"),
        ("geography.toml", "[links]\nfile", "[links]\nflie", "`flie` is unknown|lacks `file`"),
        (
            "geography.toml",
            'id = "example"',
            "",
            r"\[\[source\]\] 1 lacks `id`|\[\[source\]\].*lacks",
        ),
        ("geography.toml", 'date = "2024-06-30"', "date = 2024", "`date` is 2024; give a date"),
        (
            "geography.toml",
            "columns = [",
            'column = "x"\ncolumns = [',
            "`column` and `columns`; give",
        ),
        (
            "links.toml",
            'a = "B5"',
            'a = "B5"\nlength = 3',
            r"\[\[link\]\] 'Harbour .*`length` is unk",
        ),
    ],
)
def test_slips_that_once_passed_in_silence_are_refused(tmp_path, file, old, new, message):
    write_skeleton(tmp_path / "mine")
    written = (tmp_path / "mine" / file).read_text(encoding="utf-8")
    assert old in written
    (tmp_path / "mine" / file).write_text(written.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ct.InputError, match=message) as raised:
        _read_geography(tmp_path / "mine" / "geography.toml")
    assert file in str(raised.value)


class Shop(Table):
    """A schema for the tests below."""

    name: str
    opened: Day = Day("")
    prices: dict[str, float] = {}


def test_a_date_of_toml_is_read_as_text():
    assert checked({"name": "a", "opened": date(2022, 7, 1)}, Shop, "x") == {
        "name": "a",
        "opened": "2022-07-01",
    }


def test_what_is_no_number_is_refused_however_deep():
    with pytest.raises(ct.InputError, match=r"x: \[prices\]: `tea` is nan, which is no number"):
        checked({"name": "a", "prices": {"milk": 1.0, "tea": float("nan")}}, Shop, "x")


def test_the_wrong_entry_of_a_table_with_free_keys_is_named():
    with pytest.raises(ct.InputError, match="`tea` is 'dear'; give a number"):
        checked({"name": "a", "prices": {"milk": 1, "tea": "dear"}}, Shop, "x")
