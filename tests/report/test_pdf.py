from io import BytesIO

import pytest

from coterminous.report.writers.pdf import render_pdf

from .conftest import HOSTILE

pypdf = pytest.importorskip("pypdf")


@pytest.fixture(scope="module")
def pdf(document):
    return pypdf.PdfReader(BytesIO(render_pdf(document)))


def tags_of(pdf):
    """Walk the structure tree: (tag, alternative text) of each element."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node["/S"], node.get("/Alt")
            if "/K" in node:
                kids = node["/K"]
                kids = kids.get_object() if hasattr(kids, "get_object") else kids
                for child in kids if isinstance(kids, list) else [kids]:
                    if hasattr(child, "get_object") and not isinstance(child.get_object(), int):
                        yield from walk(child)

    return list(walk(pdf.trailer["/Root"]["/StructTreeRoot"]))


def test_it_says_that_it_is_pdf_ua_with_a_title_and_a_language(pdf, document):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] in ("en", "en-GB")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == document.title
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_headings_tables_and_figures_are_tagged_and_figures_speak(pdf):
    tags = tags_of(pdf)
    names = [name for name, _ in tags]
    assert {"/H1", "/Table", "/TH", "/TD", "/L", "/Link"} <= set(names)
    spoken = [alt for name, alt in tags if name == "/Figure"]
    assert spoken
    assert all(spoken)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_comes_out_as_text(pdf, name):
    said = "".join("".join(page.extract_text().split()) for page in pdf.pages)
    assert "".join(name.split()) in said


def test_the_file_is_the_same_each_time(document):
    assert render_pdf(document) == render_pdf(document)
