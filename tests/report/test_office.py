"""What a reader without our tools sees: the Word file as LibreOffice lays it out."""

from __future__ import annotations

import shutil
import subprocess

import docx
import pytest

import coterminous as ct
from coterminous.report.writers.word import render_word

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def laid_out(file, folder):
    """Give the pages as LibreOffice sets them."""
    from pypdf import PdfReader

    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation={(folder / 'home').as_uri()}"]
        + ["--convert-to", "pdf", "--outdir", str(folder / "set"), str(file)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return PdfReader(folder / "set" / f"{file.stem}.pdf").pages


@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_the_word_file_is_laid_out_with_hostile_names_as_text(document, tmp_path):
    (tmp_path / "paper.docx").write_bytes(render_word(document))
    pages = laid_out(tmp_path / "paper.docx", tmp_path)
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert len(pages) >= 2
    for name in ("<script>alert(1)</script>", "{{7*7}}", "=1+1", "Dŵr y Tŷ"):
        assert name in text
    assert "1,701,655 people live in" in text


@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("board", [None, "E08000035", "QOQ"])
def test_the_paper_is_as_many_pages_in_word_as_it_has_each_where_the_contents_say(board, tmp_path):
    area = ct.load(board) if board else ct.load()
    made = ct.appendix(area, out=tmp_path / "paper", formats=("docx",))
    headings = [
        p.text
        for p in docx.Document(made / "appendix.docx").paragraphs
        if p.style.name == "Heading 1"
    ]
    pages = laid_out(made / "appendix.docx", tmp_path)
    words = [" ".join(page.extract_text().split()) for page in pages]
    assert len(words) == len(headings) >= 6
    assert all(heading in page for heading, page in zip(headings, words, strict=True))
    for number, heading in enumerate(headings, 1):
        assert f"{heading.partition('. ')[2]}, page {number}" in words[0]
