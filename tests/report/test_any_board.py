"""Papers of other boards: one with one location, islands, the largest, a council; and of many."""

from __future__ import annotations

import html
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main

#: What no paper may say of a place that is not in Lancashire.
NEVER = [
    r"\bnan\b", r"\bNone\b(?! of)", r"\binf\b", "South Cumbria", "Fylde", r"\b0 of 0\b",
    "of 1 plausible", r"[Oo]f the one ", r"[Oo]f 1 ", "with_links", r"\{[a-z_]+\}",
]  # fmt: skip


def words_of(folder) -> str:
    page = (folder / "appendix.html").read_text(encoding="utf-8")
    bare = re.sub(r"(?s)<(script|style|svg|iframe)\b.*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """One location and one council; the Isle of Wight's; London's largest by practices; a city."""
    out = tmp_path_factory.mktemp("papers")
    chosen = ["QJM", "QRL", "QYG", "QWO", "E08000035", "nowhere"]
    with ThreadPoolExecutor(1) as pool:
        table = ct.appendices(chosen, out=out, on="2022-07-01", formats=("html",), executor=pool)
    return out, table.set_index("board")


def test_a_board_that_fails_is_a_row_and_not_the_end(papers):
    out, table = papers
    assert table["done"].tolist() == [True, True, True, True, True, False]
    assert "is no board or upper-tier council" in table.loc["nowhere", "error"]
    written = pd.read_csv(out / "boards.csv", keep_default_na=False)
    assert written["board"].tolist() == table.index.tolist()


@pytest.mark.parametrize("board", ["QJM", "QRL", "QYG", "QWO", "E08000035"])
def test_no_paper_says_what_cannot_be(papers, board):
    said = words_of(papers[0] / board)
    assert len(said) > 2_000
    for pattern in NEVER:
        found = re.search(pattern, said)
        assert found is None, said[max(0, found.start() - 80) : found.end() + 80]
    assert "Lines of " in said and "on areas of 2011; GP lists July 2022" in said


def test_the_sizes_of_drawings_are_those_of_the_board_and_not_lancashires():
    area = ct.load("QOQ")
    people = area.weight("population")
    totals = [*area.layer("sicbl2022").totals(people), *area.layer("utla2023").totals(people)]
    found = ct.options(area, units="ltla2021", within="icb2022", areas=3)
    assert found.ranges["plausible"] == (min(totals) // 2, 2 * max(totals))


def test_a_board_of_one_location_is_set_beside_its_districts(papers):
    said = words_of(papers[0] / "QJM")
    assert "sub-ICB location" not in said.replace("LSOA (2011) to sub-ICB location", "")
    area = ct.load("QJM")
    assert (area.role("before"), area.role("after")) == ("icb2022", "ltla2023")
    assert ", as the old board had." in said


def test_islands_have_no_drawing_and_the_paper_says_why(papers):
    manifest = json.loads((papers[0] / "QRL" / "manifest.json").read_text(encoding="utf-8"))
    assert "in several pieces that touch nowhere" in manifest["left_out"]["Options"]


def test_what_is_named_twice_or_not_at_all_is_refused(tmp_path):
    with pytest.raises(ct.InputError, match="names 'QOQ' twice"):
        ct.appendices(["QOQ", "QOQ"], out=tmp_path)
    with pytest.raises(ct.InputError, match="names none"):
        ct.appendices([], out=tmp_path)


def test_the_command_says_which_failed(tmp_path, capsys):
    asked = ["appendices", "nowhere", "QRL", "--out", str(tmp_path), "--format", "json"]
    assert main(asked) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [r["done"] for r in rows] == [False, False]
    assert "two footprints" in rows[1]["error"]
    assert main([*asked, "-j", "0"]) == 2


def test_papers_can_be_made_by_a_dask_cluster(tmp_path):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        table = ct.appendices(
            ["QOC", "nowhere"], out=tmp_path, executor=client.get_executor(), formats=("html",),
            sections=("lines", "boundaries"),
        )  # fmt: skip
    assert table["done"].tolist() == [True, False]
    assert (tmp_path / "QOC" / "appendix.html").is_file()
