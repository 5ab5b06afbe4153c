"""What a reader without our tools sees: the Word file as LibreOffice lays it out."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from coterminous.report.writers.word import render_word

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_the_word_file_is_laid_out_with_hostile_names_as_text(document, tmp_path):
    from pypdf import PdfReader

    (tmp_path / "paper.docx").write_bytes(render_word(document))
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"]
        + ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "paper.docx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    pages = PdfReader(tmp_path / "paper.pdf").pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert len(pages) >= 2
    for name in ("<script>alert(1)</script>", "{{7*7}}", "=1+1", "Dŵr y Tŷ"):
        assert name in text
    assert "1,701,655 people live in" in text
