"""A section of the appendix is one module: written, it is found, made and numbered."""

from __future__ import annotations

import sys

import pytest

from coterminous.errors import InputError
from coterminous.report import sections
from coterminous.report.assembling import compose
from coterminous.report.entries import entries, in_the_making
from coterminous.report.settings import settle

KEYS = [
    *("findings", "data", "lines", "boundaries", "people", "practices", "hospitals", "partners"),
    *("options", "statements", "unchanged", "assurance"),
]
PAGES = ["summary", "maps", "moves", "councils"]
PAGES += ["general-practice", "hospital-care", "alternatives", "views"]
RIVERS = '''"""Which rivers are crossed? A section that somebody writes."""

from coterminous.report.content import Paragraph, Section
from coterminous.report.entries import Entry
from coterminous.report.subject import Part
from coterminous.report.wording import say


def build(subject):
    """Say it."""
    said = say("No river is crossed in {where}.", where=subject.area.title)
    return Part(Section("rivers", "Rivers", (Paragraph(said),)), (said,))


SECTION = Entry("rivers", "Rivers", build, place=35)
'''


@pytest.fixture
def rivers(tmp_path, monkeypatch):
    """Put one more module among the sections."""
    module = tmp_path / "rivers.py"
    module.write_text(RIVERS, encoding="utf-8")
    monkeypatch.setattr(sections, "__path__", [*sections.__path__, str(tmp_path)])
    yield module
    sys.modules.pop("coterminous.report.sections.rivers", None)
    vars(sections).pop("rivers", None)


def test_the_sections_stand_in_their_order():
    assert [entry.key for entry in entries() if not entry.page] == KEYS
    assert [entry.key for entry in entries() if entry.page] == PAGES
    made = [entry.key for entry in in_the_making(entries())]
    assert set(made[-2:]) == {"findings", "summary"}


def test_a_section_that_is_written_is_found_made_and_numbered(rivers, grid):
    assert [entry.key for entry in entries() if not entry.page][2:5] == [
        "lines",
        "rivers",
        "boundaries",
    ]
    asked = {"before": "rows", "after": "columns", "sections": ("findings", "lines", "rivers")}
    document = compose(grid, settle(grid, given=asked))
    found = {section.key: section.number for section in document.sections}
    assert found == {"findings": 0, "lines": 1, "rivers": 2}
    page = next(b for b in document.sections[0].blocks if hasattr(b, "items"))
    assert page.items[-1].plain() == f"No river is crossed in {grid.title}."


def test_two_sections_of_one_key_are_refused(rivers):
    rivers.write_text(RIVERS.replace('"rivers", "Rivers"', '"lines", "Rivers"'), encoding="utf-8")
    with pytest.raises(InputError, match="two sections of the appendix have the key 'lines'"):
        entries()


def test_a_section_that_is_not_there_is_refused_by_name(grid):
    asked = {"before": "rows", "after": "columns", "sections": ("rivers",)}
    with pytest.raises(InputError, match="`sections` is 'rivers', which is not one of: summary, "):
        compose(grid, settle(grid, given=asked))
