"""What does the attack get back from what the library writes today of a register not published?

The register is the reference's practices by LSOA, read as a file that is not published. Each
number of `FALLS` and `TOLD` is how much is given away today, and is to become 0: change nothing
here but those numbers (and `PROTECTED`, the options by which small counts are hidden).

A count falls that the rule hides, of which the attack leaves fewer values than the rule does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from tests.attack.attacks import (
    differencing,
    linked_tables,
    messages,
    order_attack,
    standard_error_and_manifests,
    threshold_attack,
)
from tests.attack.evidence import RULES, Evidence, Known
from tests.attack.reading import Published, read_folder
from tests.attack.truth import Truth

pytestmark = pytest.mark.reference

RULE = RULES["under5"]
PROTECTED = ["--least", "5"]
LAYERS = ("pbp2021", "footprint2022", "place2022", "lgr2025_two")
THRESHOLDS = ("0", "0.0005", "0.05")

#: How many hidden counts fall to each attack today: all of them are to become 0.
FALLS = {
    "linked tables: flows, without lists": 27,
    "linked tables: flows": 29,
    "linked tables: impact": 3,
    "linked tables: flows and impact": 131,
    "linked tables: practices and networks": 89,
    "linked tables: four layers": 256,
    "threshold attack": 0,
    "order attack: flows": 0,
    "order attack: impact": 0,
    "order attack: flows and impact": 0,
    "differencing: two layers": 2,
    "standard error": 0,
}
#: How many of them exactly.
EXACT = {
    "linked tables: flows": 2,
    "linked tables: flows and impact": 4,
    "linked tables: practices and networks": 8,
    "linked tables: four layers": 32,
    "differencing: two layers": 1,
}
#: How many counts of people, and names of places and organisations, standard error tells today.
TOLD = {"people": 0, "names": 0}

# Runs the command line many times in one process; writes the areas of blocks, which are public.
_DRIVER = """
import contextlib, io, json, sys
from pathlib import Path
import pandas as pd
import coterminous as ct
from coterminous.cli import main

folder, layers, commands = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
area = ct.load()
blocks = pd.DataFrame({name: area.layer(name).assignment for name in layers})
blocks.to_csv(folder / "blocks.csv")
for name, command in commands.items():
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    told, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(said):
        status = main(command)
    if status == 0:
        path.write_text(told.getvalue(), encoding="utf-8")
    path.with_suffix(".err").write_text(said.getvalue(), encoding="utf-8")
"""


@dataclass
class Today:
    """What was published, what anybody knows, and the truth."""

    folder: Path
    known: Known
    register: pd.DataFrame

    def read(self, *folders: str) -> Published:
        found = Published()
        for name in folders:
            one = read_folder(self.folder / name)
            found.tables += one.tables
            found.words += one.words
            found.circles += one.circles
            found.sayings += one.sayings
        return found

    @property
    def unlinked(self) -> Known:
        """What is known by whoever has no list of blocks or of members."""
        return Known(self.known.lists)

    def falls(self, name: str, found: pd.DataFrame, published: Published) -> None:
        """Compare how many counts fell with what is expected; all that is told must be true."""
        homes = Evidence(published, RULE, self.unlinked).homes
        assert self.known.blocks is not None
        judged = Truth(self.register, self.known.blocks, homes).judged(found, RULE)
        assert judged["true"].all(), judged[~judged["true"]].head().to_string()
        assert int(judged["falls"].sum()) == FALLS[name]
        if name in EXACT:
            exact = judged["falls"] & (judged["verdict"] == "exact")
            assert int(exact.sum()) == EXACT[name]


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Today:
    reference = Path(
        os.environ.get(
            "COTERMINOUS_REFERENCE", Path(__file__).resolve().parents[3] / "shared" / "reference"
        )
    )
    file = reference / "gp-reg-pat-prac-lsoa-all.csv"
    if not file.exists():
        pytest.skip("needs the official files")
    folder = tmp_path_factory.mktemp("today")
    last = ["--register-file", str(file), *PROTECTED, "--format", "json"]
    sides = ["--before", LAYERS[0], "--after", LAYERS[1]]
    commands = {f"flows/{x}/flows.{x}.json": ["flows", "gp", "--layer", x, *last] for x in LAYERS}
    for t in THRESHOLDS:
        command = ["impact", "gp", *sides, "--threshold", t, *last]
        commands[f"impact/{t}/impact.{t}.json"] = command
    commands["network/flows.json"] = ["flows", "gp/network", "--layer", LAYERS[1], *last]
    commands["network/impact.json"] = ["impact", "gp/network", *sides, *last]
    ran = [sys.executable, "-c", _DRIVER, str(folder), json.dumps(LAYERS), json.dumps(commands)]
    subprocess.run(ran, check=True, capture_output=True, timeout=300)
    for name in commands:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)

    blocks = pd.read_csv(folder / "blocks.csv", dtype=str, index_col=0)
    rows = pd.read_csv(file)
    block = rows["LSOA_CODE"].where(rows["LSOA_CODE"].isin(blocks.index), "elsewhere")
    register = pd.DataFrame(
        {
            "organisation": rows["PRACTICE_CODE"],
            "block": block.mask(rows["LSOA_CODE"] == "NO2011", "unknown"),
            "people": rows["NUMBER_OF_PATIENTS"],
        }
    )
    # Only of the board's own practices does the register hold everybody on the list.
    own = pd.read_csv(reference / "epraccur.csv", header=None)[0]
    lists = register.groupby("organisation")["people"].sum()
    practices = pd.read_csv(
        Path(__file__).parents[2] / "data" / "people" / "practices.csv", dtype=str
    )
    members = practices.set_index("practice_code")["pcn_code"].replace("U", "NONE")
    elsewhere = lists.index.difference(members.index)
    members = pd.concat([members, pd.Series("OTHER", index=elsewhere)])
    both = pd.concat(
        [register, register.assign(organisation=register["organisation"].map(members))]
    )
    known = Known(lists[lists.index.isin(own)].to_dict(), blocks, members)
    return Today(folder, known, both)


def test_flows_by_one_layer(today):
    published = today.read(f"flows/{LAYERS[1]}")
    alone = linked_tables(published, RULE, Known(), order=False)
    today.falls("linked tables: flows, without lists", alone, published)
    with_lists = linked_tables(published, RULE, today.unlinked, order=False)
    today.falls("linked tables: flows", with_lists, published)


def test_an_impact(today):
    published = today.read(f"impact/{THRESHOLDS[-1]}")
    found = linked_tables(published, RULE, today.unlinked, programmes=False)
    today.falls("linked tables: impact", found, published)


def test_flows_and_an_impact_together(today):
    published = today.read(f"flows/{LAYERS[1]}", f"impact/{THRESHOLDS[-1]}")
    found = linked_tables(published, RULE, today.unlinked)
    today.falls("linked tables: flows and impact", found, published)


def test_practices_and_networks_together(today):
    published = today.read(f"flows/{LAYERS[1]}", "network")
    known = Known(today.known.lists, members=today.known.members)
    found = linked_tables(published, RULE, known, order=False, programmes=False)
    today.falls("linked tables: practices and networks", found, published)


def test_four_layers_one_after_another(today):
    published = today.read(*(f"flows/{x}" for x in LAYERS))
    known = Known(today.known.lists, blocks=today.known.blocks)
    found = linked_tables(published, RULE, known, order=False, programmes=False)
    today.falls("linked tables: four layers", found, published)


def test_many_thresholds(today):
    published = today.read(*(f"impact/{t}" for t in THRESHOLDS))
    found = threshold_attack(published, RULE, today.unlinked)
    today.falls("threshold attack", found, published)


def test_the_order_of_rows(today):
    for name, folders in (
        ("flows", [f"flows/{LAYERS[1]}"]),
        ("impact", [f"impact/{THRESHOLDS[-1]}"]),
        ("flows and impact", [f"flows/{LAYERS[1]}", f"impact/{THRESHOLDS[-1]}"]),
    ):
        published = today.read(*folders)
        found = order_attack(published, RULE, today.unlinked)
        today.falls(f"order attack: {name}", found, published)


def test_two_layers_that_are_subtracted(today):
    published = today.read(*(f"flows/{x}" for x in LAYERS[:2]))
    known = Known(today.known.lists, blocks=today.known.blocks)
    today.falls("differencing: two layers", differencing(published, RULE, known), published)


def test_standard_error(today):
    published = today.read("impact", "network")
    found = standard_error_and_manifests(published, RULE, today.unlinked)
    today.falls("standard error", found, published)
    said = messages(published)
    codes = [code for codes in said["codes"] for code in codes]
    assert {"people": said["people"].nunique(), "names": len(set(codes))} == TOLD
