"""Does the documentation name every key of a geography's folder, and no other?"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from coterminous.folders import geography_keys as keys
from coterminous.folders.template import GEOGRAPHY
from coterminous.roles import ROLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "own_boundaries.md"
#: By heading on the page, the schema of the table whose rows stand below it.
TABLES = {
    "At the top:": keys.GeographyFile,
    "`[roles]` ": keys.Roles,
    "`[blocks]` ": keys.Blocks,
    "`[lookup]` ": keys.Lookup,
    "`[zones]` ": keys.Zones,
    "`[[weight]]`,": keys.Weight,
    "`[[register]]`,": keys.Register,
    "`[postcodes]` ": keys.Postcodes,
    "`[[source]]`,": keys.Source,
    "`[[layer]]`,": keys.LayerRecipe,
    "`[[proposal]]`,": keys.Proposal,
}
#: Schemas that are described in a sentence or a cell, by words that begin it.
INLINE = {
    "`[layers]` names": keys.Layers,
    "`[links]` names": keys.Links,
    "`[options]` has": keys.Options,
    "`[towns]` names": keys.Towns,
    "| `flows` |": keys.Flows,
    "| `largest` |": keys.Largest,
    "| `organisations` |": keys.Organisations,
    "| `where` |": keys.Where,
    "| `lookup` | columns": keys.FromLookup,
    "| `polygons` |": keys.FromPolygons,
    "| `area` | `[[layer.area]]`": keys.Area,
    "`[[link]]`:": keys.Link,
    "`[[not_linked]]`:": keys.NotLinked,
}


def _names(schema: type) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(schema)]


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_of_the_page_lists_the_keys_of_its_schema_and_no_other(heading):
    page = PAGE.read_text(encoding="utf-8")
    below = page[page.index(f"\n{heading}") :]
    rows = re.search(r"\n\| key \|.*\n\|---\|---\|\n((?:\|.*\n)+)", below)
    listed = re.findall(r"^\| `(\w+)` \|", rows[1], flags=re.MULTILINE)
    wanted = _names(TABLES[heading])
    if TABLES[heading] is keys.GeographyFile:
        wanted = [n for n in wanted if f"`[{n}]`" not in page and f"`[[{n}]]`" not in page]
    assert sorted(listed) == sorted(wanted)


@pytest.mark.parametrize("start", INLINE)
def test_a_sentence_of_the_page_names_the_keys_of_its_schema(start):
    page = PAGE.read_text(encoding="utf-8")
    said = page[page.index(start) :].split("\n\n")[0]
    said = said.split("\n")[0] if start.startswith("|") else said
    assert [n for n in _names(INLINE[start]) if n not in re.findall(r"\w+", said)] == []


def test_every_schema_of_the_folder_is_held_to_the_page():
    schemas = {
        kind
        for kind in vars(keys).values()
        if isinstance(kind, type) and issubclass(kind, keys.Table) and kind is not keys.Table
    }
    files = {keys.LayersFile, keys.LinksFile}
    assert schemas == {*TABLES.values(), *INLINE.values(), *files}


def test_the_roles_of_the_schema_are_those_of_the_library():
    assert _names(keys.Roles) == list(ROLES)


def test_a_new_folder_names_every_role_in_use_or_in_a_comment():
    assert [r for r in ROLES if not re.search(rf"^(# )?{r} = ", GEOGRAPHY, re.MULTILINE)] == []
