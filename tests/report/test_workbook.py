from io import BytesIO

import pytest
from openpyxl import load_workbook

from coterminous.report.writers.workbook import render_workbook

from .conftest import HOSTILE


@pytest.fixture(scope="module")
def book(document):
    return load_workbook(BytesIO(render_workbook(document)))


def test_it_has_contents_notes_and_one_table_a_sheet(book):
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table 1", "Table 2", "Figures"]
    assert [len(sheet.tables) for sheet in book] == [0, 1, 1, 1, 1, 1]
    assert not any(sheet.merged_cells.ranges for sheet in book)


def test_it_follows_the_analysis_function(book):
    """No filters, letters of 12 points or more, a cover that says whom to ask."""
    for sheet in book:
        assert sheet.auto_filter.ref is None
        assert all(table.autoFilter is None for table in sheet.tables.values())
        sizes = {cell.font.size for row in sheet.iter_rows() for cell in row if cell.value}
        assert min(sizes) >= 12
        assert sheet.freeze_panes is None
    said = [cell.value for cell in book["Cover"]["A"]]
    assert {"Publisher", "Date", "Contact"} <= set(said)


def test_numbers_are_rounded_as_they_are_shown(book, document):
    places = {"0.0%": 3, "0.0": 1, "0.00": 2, "0.000": 3}
    seen = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.number_format in places and isinstance(cell.value, float):
                    assert cell.value == round(cell.value, places[cell.number_format])
                    seen += 1
    assert seen


def test_a_name_that_looks_like_a_formula_is_text(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "=1+1" for cell in cells)


def test_tables_are_whole_and_hold_numbers(book):
    sheet = book["Table 2"]
    first = next(r for r in range(1, 20) if sheet.cell(r, 1).value == "Area")
    assert [sheet.cell(first + 1 + i, 1).value for i in range(len(HOSTILE))] == HOSTILE
    assert sheet.cell(first + 1, 2).value == 1000
    assert sheet.cell(first + 3, 3).value is None


def test_the_file_is_the_same_each_time(document):
    assert render_workbook(document) == render_workbook(document)
