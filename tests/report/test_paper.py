"""The paper of eight pages: what stands on each, rounded from what, and how it is tagged."""

from __future__ import annotations

import re
from io import BytesIO

import pandas as pd
import pytest
from pypdf import PdfReader

import coterminous as ct
from coterminous.report.assembling import appendix

PAGES = [
    *("In one page", "The lines", "Who moves", "Councils", "General practice", "Hospitals"),
    *("Was there another way?", "What people said, risks and sign-off"),
]
#: Words of the library that do not stand in the body.
BANNED = ["drawing", "parted", "layer", "V-measure", "the front", "coterminous with", "footprint"]
BANNED += ["admission", "jaccard", "localisation"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return appendix(ct.load(), out=tmp_path_factory.mktemp("eight") / "paper")


@pytest.fixture(scope="module")
def pages(folder):
    reader = PdfReader(folder / "appendix.pdf")
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.fixture(scope="module")
def figures(folder):
    return pd.read_csv(folder / "tables" / "figures.csv")


def test_there_are_eight_pages_each_with_its_heading(pages):
    assert len(pages) == 8
    for number, (words, heading) in enumerate(zip(pages, PAGES, strict=True), 1):
        assert f"{number}. {heading}" in words


def test_page_one_says_what_was_counted_by_hand(pages):
    for said in (
        "Three of the four new places have the boundary of a county or unitary council (1.52 "
        "million people, 89%)",
        "two of six areas do (288,000 people, 17%)",
        "About 450,000 people (26%) are in a different area",
        "(437,000 for the places alone)",
        "They are 40% of the people here who live in the most deprived fifth of England, and 12%",
        "About 79,000 patients (4.3%)",
        "up from 10,000 (67,000 for the places alone); 38 of 202 practices",
        "up from 7 (34 for the places alone)",
        "79% used their area's main trust before; 69% with delivery units, 46% with the four",
        "Of the 9,247 ways",
        "79% of these keep more hospital patients and 67% more practice patients",
        "38 keep every area within the guide of at most 500,000 people, and the places are not",
        "Decided 27 July 2022; to be established by 1 April 2023.",
    ):
        assert said in pages[0].replace("’", "'"), said


def _rounded(value: float, kind: str) -> str:
    """Round by the words of docs/words.md, apart from the library."""
    if kind == "about":
        if 0 < value < 10:
            return "under 10"
        if value >= 999_500:
            return f"{round(value / 1e6 + 1e-9, 2):g} million"
        step = 1000 if value >= 10_000 else 100 if value >= 1000 else 10
        return f"{int(value / step + 0.5) * step:,}"
    percent = value * 100
    if 0 < percent < 0.05:
        return "under 0.1%"
    if 99.5 <= percent < 100:
        return "over 99%"
    return f"{percent:.1f}".removesuffix(".0") + "%" if percent < 9.95 else f"{percent:.0f}%"


def test_what_is_printed_is_the_exact_value_rounded(figures):
    rounded = figures[figures["kind"].isin(["about", "portion"])]
    assert len(rounded) > 150
    for row in rounded.itertuples():
        assert row.as_written == _rounded(float(row.value), row.kind), row.key


def test_every_figure_stands_on_the_page_that_is_named(figures, pages):
    assert set(figures["page"]) == set(range(1, 9))
    for row in figures.itertuples():
        # A number at the start of a sentence has a capital.
        assert row.as_written.lower() in pages[row.page - 1].lower(), row.key


def test_both_sides_of_each_gain_and_cost_are_there(figures):
    exact = figures.drop_duplicates("key").set_index("key")["value"].astype(float)
    key = "boundaries.utla2021.{}.coterminous_people"
    assert exact[key.format("place2022")] == 1_515_487
    assert exact[key.format("footprint2022")] == 288_411
    assert exact["people.place2022.parted"] == 436_530
    assert exact["people.parted"] == 450_076
    assert exact["practices.place2022.outside"] == 67_359
    assert exact["practices.after.outside"] == 78_792
    assert (exact["practices.place2022.crossing"], exact["practices.after.crossing"]) == (34, 38)


@pytest.mark.parametrize("word", BANNED)
def test_no_word_of_the_library_stands_in_the_body(pages, word):
    # Titles of sources are their publishers', and quotations are people's own.
    body = [re.sub(r"Sources: .*?beside this paper|“.*?”", "", words) for words in pages]
    found = [n for n, words in enumerate(body, 1) if re.search(rf"\b{word}", words, re.IGNORECASE)]
    assert found == []


def test_rows_have_headers_in_the_tags(folder):
    pikepdf = pytest.importorskip("pikepdf")
    scopes: list[str] = []
    rows = 0

    def walk(element):
        nonlocal rows
        if not isinstance(element, pikepdf.Dictionary):
            return
        kind = str(element.get("/S", ""))
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        rows += kind == "/TR"
        if kind == "/TH":
            told = element["/A"]
            told = [told] if isinstance(told, pikepdf.Dictionary) else list(told)
            scopes.extend(str(each["/Scope"]) for each in told if "/Scope" in each)
        for kid in kids:
            walk(kid)

    with pikepdf.open(BytesIO((folder / "appendix.pdf").read_bytes())) as pdf:
        walk(pdf.Root["/StructTreeRoot"])
    assert rows > 50
    heads = len([s for s in scopes if s == "/Row"])
    assert heads > 40
    assert set(scopes) == {"/Row", "/Column"}


def test_letters_of_the_maps_are_no_smaller_than_eight_points(folder):
    sizes = []
    for file in (folder / "maps").glob("page-*.svg"):
        sizes += [float(n) for n in re.findall(r"font-size: ([\d.]+)px", file.read_text("utf-8"))]
    assert len(sizes) > 50
    assert min(sizes) >= 8.0


def test_findings_alone_are_made_of_all_sections(tmp_path):
    made = appendix(ct.load(), out=tmp_path / "a", sections=("findings",), formats=("pdf",))
    words = " ".join(p.extract_text() for p in PdfReader(made / "appendix.pdf").pages)
    assert "450,076 people" in words


def test_a_what_if_has_a_title_of_its_own(lsc):
    from coterminous.report.settings import settle

    area = lsc.with_layer("trial", lsc.layer("place2022").renamed("trial", "Fylde Coast whole"))
    chosen = settle(area, given={"before": "pbp2021", "after": "trial"})
    assert chosen.title == ""
    assert chosen.question == ""


def test_the_pieces_are_listed_with_links_that_lead_to_files(folder):
    page = (folder / "pieces" / "contents.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]+)"', page)
    files = {path.name for path in (folder / "pieces").iterdir()} - {"contents.html"}
    assert set(links) == files
    assert len(links) == len(files) > 30


@pytest.fixture(scope="module")
def divided(tmp_path_factory):
    """Leeds, of which the areas after are primary care networks."""
    return appendix(
        ct.load("E08000035"), out=tmp_path_factory.mktemp("city") / "paper", formats=("html", "pdf")
    )


def test_where_old_areas_are_only_divided_nobody_is_said_to_move(divided):
    reader = PdfReader(divided / "appendix.pdf")
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    area = ct.load("E08000035")
    people = area.layer(area.role("after")).totals(area.weight("population"))
    assert "Nobody leaves the old council: it is divided into 20 networks." in words
    assert f"with {round(people.max(), -3):,.0f} people" in words
    for never in ("different area from most", "up from 0", "stay together", "0% of those"):
        assert never not in words
    assert "3. Who lives in each area" in words
    assert "4. General practice" in words  # one council has no page of its own
    assert not re.search(r"[A-Z]{5,} [A-Z]{5,}", words)


def test_no_page_of_the_paper_is_under_half_full(folder, divided):
    """Of the height of the page, from its top to the foot of its last line of text."""
    for paper in (folder, divided):
        for number, page in enumerate(PdfReader(paper / "appendix.pdf").pages, 1):
            heights: list[float] = []

            def note(text, placed, *_, heights=heights):
                if text.strip():
                    heights.append(placed[5])

            page.extract_text(visitor_text=note)
            footer = 50
            high = float(page.mediabox.height)
            lowest = min(height for height in heights if height > footer)
            assert (high - lowest) / high > 0.5, (paper, number)
