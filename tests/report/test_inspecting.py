from pathlib import Path

import pytest

from coterminous.cli import main
from coterminous.errors import InputError
from coterminous.report.inspecting import inspect
from coterminous.report.writers.html import render_html
from coterminous.report.writers.word import render_word
from coterminous.report.writers.workbook import render_workbook

from .conftest import HOSTILE


@pytest.fixture
def files(document, tmp_path):
    (tmp_path / "a.html").write_text(render_html(document), encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(render_word(document))
    (tmp_path / "a.xlsx").write_bytes(render_workbook(document))
    return tmp_path


@pytest.mark.parametrize("name", ["a.html", "a.docx", "a.xlsx"])
def test_each_table_is_listed_with_its_smallest_count_and_source(files, name):
    listed = inspect(files / name)
    people = listed[listed["table"].str.contains("People of")].iloc[0]
    assert people["rows"] == len(HOSTILE)
    assert (people["smallest_count"], people["smallest_in"]) == (1000, "People")
    assert people["source"] == HOSTILE[0]


def test_a_folder_is_inspected_file_by_file(files):
    assert set(inspect(files)["file"]) == {"a.html", "a.docx", "a.xlsx"}


def test_the_data_behind_a_map_are_listed(lsc, tmp_path):
    shown = lsc.explore("place2022", offline=True)
    file = tmp_path / "map.html"
    file.write_text(shown.get_root().render(), encoding="utf-8")
    listed = inspect(file)
    assert (listed["smallest_count"] == 138_381).any()
    assert listed["table"].str.startswith("features of the map").any()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.docx", "is not there"),
        ("a.pdf", "holds pages, not tables; inspect the .docx"),
        ("a.txt", "`file` is 'a.txt'"),
        ("broken.docx", "cannot be read as .docx"),
    ],
)
def test_what_cannot_be_inspected_is_said(tmp_path, name, message):
    if not name.startswith("none"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        inspect(tmp_path / name)


def test_the_command_lists_them(files, capsys):
    assert main(["inspect", str(files / "a.docx")]) == 0
    assert "smallest count 1,000 (People)" in capsys.readouterr().out
    assert main(["inspect", str(Path(files) / "a.docx"), "--format", "json"]) == 0
    assert main(["inspect", str(files / "nowhere.docx")]) == 2
