import pandas as pd
import pytest

from coterminous.errors import InputError
from coterminous.report.content import (
    Column,
    Document,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.wording import Figure, Marks, Provenance, say

ORIGIN = Provenance("count of areas")


def of(*texts):
    return Document("T", (Section("s", "S", tuple(Paragraph(t) for t in texts)),))


def test_a_name_with_braces_is_not_a_pattern():
    assert say("{x} is {y}", x="{y}", y="{{7*7}}").plain() == "{y} is {{7*7}}"


def test_a_part_that_is_not_given_is_named():
    with pytest.raises(InputError, match="`pattern` names 'b', which was not given"):
        say("{a} and {b}", a="x")


def test_note_numbers_stand_at_the_end_of_the_sentence():
    one = Figure.of("one", 1, "count", ORIGIN)
    two = Figure.of("two", 2, "count", Provenance("other"))
    text = say("{one} and {two} here. Then {one} more.", one=one, two=two)
    marks = [run for run in text.marked({ORIGIN: 1, two.provenance: 2}) if isinstance(run, Marks)]
    assert marks == [Marks((1, 2)), Marks((1,))]


def test_one_figure_cannot_have_two_values():
    one, other = (Figure.of("key", n, "count", ORIGIN) for n in (1, 2))
    with pytest.raises(InputError, match="figure 'key' has two values: 1, 2"):
        of(say("{n}", n=one), say("{n}", n=other)).figures()


def test_two_tables_cannot_have_one_key():
    table = Table("t", "T", pd.DataFrame({"a": [1]}), (Column("a", "A"),), ORIGIN)
    document = Document("T", (Section("s", "S", (table, table)),))
    with pytest.raises(InputError, match="two tables have the key 't'"):
        document.tables()


def test_a_table_without_its_column_is_refused():
    with pytest.raises(InputError, match="the frame has no column 'b'"):
        Table("t", "T", pd.DataFrame({"a": [1]}), (Column("b", "B"),), ORIGIN)


def test_a_long_table_says_how_many_rows_are_left():
    frame = pd.DataFrame({"a": range(9)})
    table = Table("long", "T", frame, (Column("a", "A", "count"),), ORIGIN, most=2)
    assert table.rows() == [["0"], ["1"]]
    assert "first 2 of 9 rows" in table.all_notes()[-1]
    assert "tables/long.csv" in table.all_notes()[-1]
