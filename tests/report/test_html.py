from html.parser import HTMLParser

import pytest

from coterminous.report.content import InteractiveMap
from coterminous.report.writers.html import render_html, render_statement

from .conftest import HOSTILE


@pytest.fixture(scope="module")
def page(document):
    return render_html(document)


@pytest.fixture(scope="module")
def tree(page):
    html5lib = pytest.importorskip("html5lib")
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    made = parser.parse(page)
    assert parser.errors == []
    return made


def text_of(tree):
    return "".join(tree.itertext())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_comes_out_as_text(tree, name):
    assert name in text_of(tree.find("body"))


def test_no_name_becomes_an_element(tree):
    assert len(list(tree.iter("script"))) == 1
    assert [img.get("alt") for img in tree.iter("img")] == [f"A line that rises; {HOSTILE[0]}"]


def test_the_page_asks_for_nothing(page):
    class Links(HTMLParser):
        found = []

        def handle_starttag(self, tag, attrs):
            self.found += [v for k, v in attrs if k in ("src", "href") and v]

    Links().feed(page)
    assert Links.found
    beside = [link for link in Links.found if not link.startswith(("#", "data:image/"))]
    assert beside == ["accessibility.html"]
    assert "default-src 'none'" in page


def test_headings_go_down_one_level_at_a_time(tree):
    levels = [int(e.tag[1]) for e in tree.iter() if e.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


def test_each_figure_leads_to_its_note(tree):
    notes = {e.get("id") for e in tree.iter("li") if e.get("id")}
    figures = [span for span in tree.iter("span") if span.get("class") == "figure"]
    assert figures
    assert all(span.get("data-note") in notes for span in figures)


def test_each_section_ends_with_the_origin_of_its_numbers(tree, document):
    for section in tree.iter("section"):
        told = [d for d in section.iter("details") if d.get("class") == "origins"]
        figures = [s for s in section.iter("span") if s.get("class") == "figure"]
        assert bool(told) == bool(figures)
        assert len(told) <= 1
        notes = {figure.get("data-note") for figure in figures}
        assert sum(1 for each in told for _ in each.iter("li")) == len(notes)


def test_a_statement_says_what_fails_and_leaves_blank_whom_to_ask(document):
    said = render_statement(document, ("html", "pdf"))
    assert "<script" not in said
    assert said.count('class="blank"') == 3
    assert "PDF/UA-1" in said
    assert "Word file" not in said
    assert "Word file" in render_statement(document, ("docx",))
    assert ("interactive map" in said) == any(
        isinstance(block, InteractiveMap) for block in document.blocks()
    )


def test_tables_have_captions_and_headers(tree):
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert {th.get("scope") for th in table.iter("th")} == {"col", "row"}


def test_the_page_is_the_same_each_time(document, page):
    assert render_html(document) == page
