"""What does the attack get back of results that were protected together by a named rule?

The register is the reference's practices by LSOA, read as a file that is not published. Of what
is hidden nothing may fall, but for totals of which the tables themselves say that several of
their counts are not 0 (`TOLD`): such a total of two is 2 at the least, whatever is hidden.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.attack.attacks import differencing, linked_tables, order_attack
from tests.attack.evidence import RULES, Evidence, Known
from tests.attack.reading import read_folder
from tests.attack.truth import Truth

pytestmark = pytest.mark.reference

RULE = RULES["under5"]
#: One practice in so many is read, so that the attack is over soon.
FEWER = 8
LAYERS = ("pbp2021", "footprint2022")

_DRIVER = """
import json, sys
from pathlib import Path
import pandas as pd
import coterminous as ct

folder, file, layers = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
area = ct.load()
blocks = pd.DataFrame({name: area.layer(name).assignment for name in layers})
blocks.to_csv(folder / "blocks.csv")
mine = ct.Register.from_nhs_registrations(file, area=area)
found = {f"flows.{x}": ct.flows(area, mine, layer=x) for x in layers}
found["impact"] = ct.impact(area, mine, before=layers[0], after=layers[1])
if len(sys.argv) > 4:
    safe = [ct.protect(x) for x in found.values()]
else:
    safe = ct.protect(list(found.values()), rule="under5")
for name, one in zip(found, safe):
    text = json.dumps(one.as_json(), default=lambda x: x.item())
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
"""


class Published:
    """What was written, what anybody knows, and the truth."""

    def __init__(self, folder: Path, *more: str) -> None:
        reference = Path(
            os.environ.get(
                "COTERMINOUS_REFERENCE",
                Path(__file__).resolve().parents[3] / "shared" / "reference",
            )
        )
        file = reference / "gp-reg-pat-prac-lsoa-all.csv"
        if not file.exists():
            pytest.skip("needs the official files")
        rows = pd.read_csv(file)
        rows = rows[rows["PRACTICE_CODE"].isin(sorted(set(rows["PRACTICE_CODE"]))[::FEWER])]
        file = folder / "practices.csv"
        rows.to_csv(file, index=False)
        ran = [sys.executable, "-c", _DRIVER, str(folder), str(file), json.dumps(LAYERS), *more]
        subprocess.run(ran, check=True, capture_output=True, timeout=300)
        self.blocks = pd.read_csv(folder / "blocks.csv", dtype=str, index_col=0)
        block = rows["LSOA_CODE"].where(rows["LSOA_CODE"].isin(self.blocks.index), "elsewhere")
        self.register = pd.DataFrame(
            {
                "organisation": rows["PRACTICE_CODE"],
                "block": block.mask(rows["LSOA_CODE"] == "NO2011", "unknown"),
                "people": rows["NUMBER_OF_PATIENTS"],
            }
        )
        own = pd.read_csv(reference / "epraccur.csv", header=None)[0]
        lists = self.register.groupby("organisation")["people"].sum()
        self.lists = lists[lists.index.isin(own)].to_dict()
        (folder / "blocks.csv").unlink()
        file.unlink()
        self.read = read_folder(folder)

    def falls(self, found: pd.DataFrame, known: Known) -> pd.DataFrame:
        homes = Evidence(self.read, RULE, known).homes
        judged = Truth(self.register, self.blocks, homes).judged(found, RULE)
        # Who is away from home has no truth of everybody together, for homes differ.
        judged = judged[(judged["organisation"] != "*") | ~judged["area"].str.endswith(":away")]
        assert judged["true"].all(), judged[~judged["true"]].head().to_string()
        return judged[judged["falls"]]


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    return Published(tmp_path_factory.mktemp("together"))


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    return Published(tmp_path_factory.mktemp("apart"), "apart")


#: Totals of several hidden counts of which none is 0, known to be 2 or more for that.
TOLD = {"lists": 21, "blocks": 17}


@pytest.mark.parametrize("knows", sorted(TOLD))
def test_no_sum_gives_a_small_count_away(together, knows):
    known = Known(together.lists, blocks=together.blocks if knows == "blocks" else None)
    found = linked_tables(together.read, RULE, known, programmes=knows == "lists")
    fell = together.falls(found, known)
    assert "exact" not in set(fell["verdict"])
    assert ((fell["lowest"] > 1) & (fell["highest"] >= RULE.high)).all()
    assert len(fell) == TOLD[knows]


def test_neither_order_nor_subtraction_gives_any_away(together):
    for known in (Known(together.lists), Known(together.lists, blocks=together.blocks)):
        assert together.falls(order_attack(together.read, RULE, known), known).empty
        assert together.falls(differencing(together.read, RULE, known), known).empty


def test_the_same_results_protected_one_by_one_give_many_away(apart):
    known = Known(apart.lists, blocks=apart.blocks)
    linked = apart.falls(linked_tables(apart.read, RULE, known, programmes=False), known)
    subtracted = apart.falls(differencing(apart.read, RULE, known), known)
    assert (len(linked), int((linked["verdict"] == "exact").sum())) == (30, 7)
    assert (len(subtracted), int((subtracted["verdict"] == "exact").sum())) == (12, 3)
