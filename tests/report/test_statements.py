from pathlib import Path

import pytest

import coterminous as ct
from coterminous.errors import InputError
from coterminous.report.assembling import appendix
from coterminous.report.statements import Statement, read_statements, verdict
from coterminous.report.subject import Indicator
from coterminous.report.wording import Figure, Provenance


def indicator(before, after):
    one, two = (Figure.of("i", n, "count", Provenance("x")) for n in (before, after))
    return Indicator("i", "Things", one, two)


@pytest.mark.parametrize(
    ("claim", "before", "after", "extent", "said"),
    [
        ("rises", 4, 7, "measurable", "borne out"),
        ("rises", 7, 4, "measurable", "not borne out"),
        ("rises", 1000, 1001, "measurable", "not borne out"),
        ("falls", 7, 4, "in part", "borne out in part"),
        ("stays", 1000, 1001, "measurable", "borne out"),
        ("none before", 0, 9, "measurable", "borne out"),
        ("none before", 1, 9, "measurable", "not borne out"),
        ("", 1, 9, "measurable", "no verdict"),
        ("rises", 1, 9, "not from these data", "no verdict"),
    ],
)
def test_the_rule_of_verdicts(claim, before, after, extent, said):
    statement = Statement("k", "concern", "words", indicator="i", claim=claim, extent=extent)
    assert verdict(statement, indicator(before, after)) == said


def test_the_shipped_statements_have_their_indicators_and_both_counts_of_respondents(lsc):
    statements, respondents = read_statements(lsc.folder / "appendix" / "statements.toml")
    assert 14 <= len(statements) <= 20
    assert [each.count for each in respondents] == [243, 248]
    quoted = [s.quotation for s in statements if s.quotation]
    assert quoted == [
        "none of the existing partnership boundaries is coterminous with council footprints",
        "there are no coterminous boundaries that make sense to all partners",
    ]


def test_each_shipped_statement_names_its_document_but_the_one_that_is_not_known(lsc):
    survey = "Place-Based Partnership Development, Colleague Survey Feedback Summary"
    statements, respondents = read_statements(lsc.folder / "appendix" / "statements.toml")
    either = [s for s in statements if "which of the two is not recorded" in s.document]
    assert [(s.key, s.kind) for s in either] == [("coterminous", "fact"), ("no-boundaries", "fact")]
    assert [s.document for s in statements].count(survey) == 12
    assert {s.date for s in statements if s.document == survey} == {"late May to 17 June 2022"}
    faq, other = respondents
    assert (faq.date, faq.count) == ("July 2022", 243)
    assert (other.document, other.date, other.count) == (survey, "late May to 17 June 2022", 248)
    assert {s.document for s in statements} == {survey, faq.document, either[0].document}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[[statement]]\nsaid = 'x'", "statement 1 lacks `key`"),
        ("[[statement]]\nkey = 'a'", "statement 1 lacks `said`"),
        ("[[statement]]\nkey='a'\nsaid='x'\nextent='a bit'", "`extent` is 'a bit'"),
        ("[[statement]]\nkey='a'\nsaid='x'\nclaim='goes up'", "`claim` is 'goes up'"),
        ("[[statement]]\nkey='a'\nsaid='x'\nquote='y'", "`key` is 'quote'.*and 3 more"),
        ("[[statement]]\nkey='a'\nsaid='x'\n" * 2, "statements have one key twice: 'a'"),
        ("[[respondents]]\ncount='many'", "`count` is 'many'; give a whole number"),
        ("[[respondent]]\ncount=1", "`table` is 'respondent'"),
    ],
)
def test_wrong_statements_are_named(tmp_path, written, message):
    file = tmp_path / "statements.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_statements(file)


def test_verdicts_are_only_there_when_asked_for_and_the_rule_with_them(lsc, tmp_path):
    chosen = {"sections": ("boundaries", "statements"), "formats": ("html",)}
    plain = appendix(lsc, out=tmp_path / "plain", **chosen)
    judged = appendix(lsc, out=tmp_path / "judged", verdicts=True, **chosen)
    said = [(p / "appendix.html").read_text(encoding="utf-8") for p in (plain, judged)]
    assert "borne out" not in said[0]
    assert "borne out" in said[1]
    assert "Rule: a statement that a number rises" in said[1]
    assert all(f">{count}</span> respondents" in said[0] for count in (243, 248))


def test_statements_edited_in_the_folder_survive_the_next_run(lsc, tmp_path):
    chosen = {"sections": ("statements",), "formats": ("html",), "out": tmp_path / "a"}
    file = appendix(lsc, **chosen) / "statements.toml"
    assert file.read_bytes() == Path(lsc.folder / "appendix" / "statements.toml").read_bytes()
    edited = '[[statement]]\nkey = "mine"\nsaid = "Buses <b>matter</b>."\n'
    file.write_text(edited, encoding="utf-8")
    for _ in range(2):
        made = appendix(ct.load(), **chosen)
        assert file.read_text(encoding="utf-8") == edited
        assert "Buses &lt;b&gt;matter&lt;/b&gt;." in (made / "appendix.html").read_text("utf-8")
        chosen["statements"] = file
