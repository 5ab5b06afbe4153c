from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn

from coterminous.errors import InputError
from coterminous.report.content import Paragraph, Picture, Table
from coterminous.report.writers.word import render_pieces, render_word

from .conftest import HOSTILE


@pytest.fixture(scope="module")
def word(document):
    return docx.Document(BytesIO(render_word(document)))


@pytest.fixture
def house(tmp_path):
    """A house template with a style of its own, and text that must go."""
    made = docx.Document()
    made.styles.add_style("NHS Key Point", 1)
    made.add_paragraph("Words of the template")
    made.sections[0].header.paragraphs[0].text = "House header"
    made.save(tmp_path / "house.docx")
    return tmp_path / "house.docx"


def words_of(word):
    return [p.text for p in word.paragraphs] + [
        cell.text for table in word.tables for row in table.rows for cell in row.cells
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_comes_out_as_text(word, name):
    assert any(name in words for words in words_of(word))


def test_headings_have_levels_and_tables_headers_that_repeat(word):
    styles = [p.style.name for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert styles == ["Heading 1", "Heading 2", "Heading 1", "Heading 1", "Heading 2"]
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_contents_list_is_filled_with_links_that_lead_somewhere(word):
    entries = [p for p in word.paragraphs if p.style.name.lower() == "toc 1"]
    assert [p.text.strip() for p in entries][-1] == "Notes: where each number comes from"
    marks = {e.get(qn("w:name")) for e in word.element.iter(qn("w:bookmarkStart"))}
    links = {e.get(qn("w:anchor")) for e in word.element.iter(qn("w:hyperlink"))}
    assert links
    assert links <= marks


def test_pictures_and_tables_have_alternative_text(word):
    alts = [e.get("descr") for e in word.element.iter(qn("wp:docPr"))]
    assert alts == [f"A line that rises; {HOSTILE[0]}"]
    assert all(t._tbl.tblPr.find(qn("w:tblCaption")) is not None for t in word.tables)


def test_a_wide_table_turns_the_page_and_turns_it_back(word):
    assert [s.orientation for s in word.sections] == [0, 1, 0]


def test_the_file_is_the_same_each_time_and_has_no_clock(document):
    made = render_word(document)
    assert render_word(document) == made
    core = ZipFile(BytesIO(made)).read("docProps/core.xml").decode()
    assert "2022-07-27T00:00:00Z" in core
    assert {entry.date_time[0] for entry in ZipFile(BytesIO(made)).infolist()} == {1980}


def test_a_template_gives_its_styles_and_header_and_loses_its_words(document, house):
    made = render_word(document, template=house, styles={"finding": "NHS Key Point"})
    word = docx.Document(BytesIO(made))
    assert "Words of the template" not in [p.text for p in word.paragraphs]
    assert word.sections[0].header.paragraphs[0].text == "House header"
    assert "NHS Key Point" in {p.style.name for p in word.paragraphs}


def test_a_dotx_template_is_read(document, house, tmp_path):
    dotx = tmp_path / "house.dotx"
    with ZipFile(house) as old, ZipFile(dotx, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, content.replace(b"document.main+xml", b"template.main+xml"))
    assert render_word(document, template=dotx)


def test_a_style_that_is_not_in_the_template_is_named(document, house):
    with pytest.raises(InputError, match="`styles.finding` is 'NHS Keypoint'.*'NHS Key Point'"):
        render_word(document, template=house, styles={"finding": "NHS Keypoint"})


def test_a_template_that_is_not_word_is_refused(document, tmp_path):
    (tmp_path / "not.docx").write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as a Word file"):
        render_word(document, template=tmp_path / "not.docx")


def test_a_table_alone_is_a_document_ready_to_insert(document):
    table = next(block for block in document.blocks() if isinstance(block, Table))
    word = docx.Document(BytesIO(next(render_pieces(document, [table]))))
    assert len(word.tables) == 1
    assert word.paragraphs[0].text.startswith("Table 1: People of")


def test_the_contents_have_page_numbers_that_word_counts(word):
    codes = [e.text for e in word.element.iter(qn("w:instrText")) if "PAGEREF" in e.text]
    entries = [p for p in word.paragraphs if p.style.name.lower() == "toc 1"]
    assert len(codes) == len(entries) > 0
    # What is not known before the file is laid out is marked to be counted when it is opened.
    stale = [e for e in word.element.iter(qn("w:fldChar")) if e.get(qn("w:dirty")) == "true"]
    assert len(stale) == len(codes)


def test_pictures_have_no_space_around_them(word):
    inline = next(word.element.iter(qn("wp:inline")))
    assert {inline.get(side) for side in ("distT", "distB", "distL", "distR")} == {"0"}


def test_a_piece_has_its_own_picture_and_page_and_nothing_of_the_one_before(document):
    kinds = (Picture, Table, Paragraph)
    blocks = [block for block in document.blocks() if isinstance(block, kinds)]
    made = list(render_pieces(document, blocks))
    assert len(made) == len(blocks) > 4
    for block, piece in zip(blocks, made, strict=True):
        word = docx.Document(BytesIO(piece))
        pictures = [name for name in ZipFile(BytesIO(piece)).namelist() if "media/" in name]
        assert len(pictures) == isinstance(block, Picture)
        assert len(word.tables) == isinstance(block, Table)
        turned = [section.orientation for section in word.sections]
        assert turned[-1] == (isinstance(block, Table) and block.wide)
        assert next(render_pieces(document, [block])) == piece or isinstance(block, Picture)


def test_what_a_house_template_lacks_is_in_the_houses_typeface(document, house):
    word = docx.Document(BytesIO(render_word(document, template=house)))
    made = {s.name: s for s in word.styles if s.name in ("Table Text", "Table Source", "Caution")}
    assert len(made) == 3
    assert {style.font.name for style in made.values()} == {None}
    assert {style.base_style.name for style in made.values()} == {"Normal"}
