"""What did people say, what are the risks, and who signs? Statements beside the numbers."""

from __future__ import annotations

import pandas as pd

from coterminous.report.content import Block, Column, FillIn, Paragraph, Section, Table
from coterminous.report.division import divides
from coterminous.report.entries import Entry, Gathered
from coterminous.report.facts import across_of, parted_of, several_of
from coterminous.report.registered import open_register, register_of
from coterminous.report.statements import Statement, read_statements, shipped_statements
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Provenance, Text, say
from coterminous.words import date_in_words, in_words, listed, plural, sentence_case, shortened

#: Statements in the table; the others are in the workbook.
MOST = 9
#: Lines to write on where nobody was quoted.
COMMENT_LINES = 6
_BLANK = " "


def build(subject: Subject, gathered: Gathered) -> Part:
    """Put what was said beside the numbers, list risks with owners, and leave room to sign."""
    said = _said(subject, gathered)
    title = "What people said, risks and sign-off" if said else "Risks, sources and sign-off"
    blocks: list[Block] = [*said, _risks(subject), _sources(subject)]
    if not said:
        blocks.append(FillIn("Comments of the board, and other risks:", "", COMMENT_LINES))
    blocks.append(_sign_off(subject))
    return Part(Section("views", title, tuple(blocks)))


def _said(subject: Subject, gathered: Gathered) -> list[Block]:
    """Quote the statements that the numbers come near to, each with where it was said."""
    file = subject.settings.statements or shipped_statements(subject.area)
    if file is None:
        return []
    statements, respondents = read_statements(file)
    known = {indicator.key: indicator for indicator in gathered.indicators}
    tested = [s for s in statements if s.indicator in known]
    tested.sort(key=lambda s: (not s.quotation, s.extent != "measurable"))
    if not tested:
        return []
    shown = tested[:MOST]
    documents = list(dict.fromkeys(s.document for s in shown if s.document))
    letters = {name: chr(ord("a") + k) for k, name in enumerate(documents)}
    counts = {each.document: each for each in respondents}
    rows = [
        {
            "said": _quoted(statement),
            "where": letters.get(statement.document, "not recorded"),
            "label": known[statement.indicator].label,
            "before": _value(known[statement.indicator], "before"),
            "after": _value(known[statement.indicator], "after"),
        }
        for statement in shown
    ]
    notes = []
    for name in documents:
        date = next((s.date for s in shown if s.document == name and s.date), "")
        said = [f"{letters[name]}: {name}", date_in_words(date)]
        if name in counts:
            said.append(f"{counts[name].count:,} responses")
        notes.append(", ".join(part for part in said if part) + ".")
    if len({each.count for each in respondents}) > 1:
        told = listed([f"{each.count:,} ({each.document})" for each in respondents])
        notes.append(f"The documents differ on how many responded: {told}.")
    left = len(statements) - len(shown)
    if left:
        notes.append(
            f"{sentence_case(in_words(left))} more {plural(left, 'statement')}, and those that "
            "these data cannot test, are in the workbook."
        )
    table = Table(
        key="said",
        title="What people said, and the number nearest to it",
        frame=pd.DataFrame(rows),
        columns=(
            Column("said", "What was said", width=44),
            Column("where", "Where", width=9),
            Column("label", "Number", width=36),
            Column("before", "Before", right=True),
            Column("after", "After", right=True),
        ),
        provenance=Provenance(
            "Each number as worked out in its own section",
            (subject.title(subject.before), subject.title(subject.after)),
            source=file.name,
        ),
        notes=tuple(notes),
        light=True,
    )
    return [table]


def _quoted(statement: Statement) -> str:
    """Give the words as they were written, or mark a paraphrase."""
    if statement.quotation:
        return f"“{statement.quotation}”"
    return statement.said


def _value(indicator: Indicator, side: str) -> Text | str:
    figure = getattr(indicator, side)
    return say("{n}", n=figure.rounded()) if figure is not None else "–"


def _risks(subject: Subject) -> Table:
    """List what may go wrong and what is not known, each with room for an owner."""
    rows: list[dict[str, object]] = []
    people, share = parted_of(subject, subject.after)
    if people.value and not divides(subject, subject.after):
        rows.append(
            {
                "risk": "Working relationships in an old area end for those who leave it",
                "size": say("{n} people ({s})", n=people, s=share),
            }
        )
    if open_register(subject, "patients"):
        found = across_of(subject, register_of(subject, "patients"), subject.after)
        rows.append(
            {
                "risk": "Plans for a practice's patients are made in two areas",
                "size": say("{n} patients ({s})", n=found["outside"], s=found["share"]),
            }
        )
    if open_register(subject, "hospitals"):
        several, total = several_of(subject, register_of(subject, "hospitals"), subject.after)
        if total.value:
            rows.append(
                {
                    "risk": "A trust plans with two areas or more",
                    "size": say("{n} of {t} trusts", n=several, t=total)
                    if total.value > 1
                    else "the one trust based here",
                }
            )
    for note in subject.notes(*(layer for _, layer in subject.drawings()))[:3]:
        rows.append({"risk": shortened(note, 200), "size": "assumed"})
    age = subject.area.data_age(subject.before, subject.after)
    if age:
        rows.append({"risk": "Data older than the decision", "size": age.rstrip(".")})
    frame = pd.DataFrame(rows, columns=["risk", "size"]).assign(owner=_BLANK)
    return Table(
        key="risks",
        title="Risks and limits",
        frame=frame,
        columns=(
            Column("risk", "Risk or limit", width=52),
            Column("size", "How large", width=30),
            Column("owner", "Owner", width=18),
        ),
        provenance=Provenance("As worked out on the pages before"),
        light=True,
    )


def _sources(subject: Subject) -> Paragraph:
    """Name the sources in one paragraph."""
    area = subject.area
    used = [name for name in dict.fromkeys(subject.used()) if name in area.sources.index]
    said = []
    for name in used:
        row = area.sources.loc[name]
        when = date_in_words(str(row["date"]))
        said.append(f"{row['publisher']}, {row['title']}" + (f" ({when})" if when else ""))
    words = f"Sources: {'; '.join(said)}." if said else "The geography names no sources."
    credited = " ".join(f"{line.rstrip('.')}." for line in area.attributions(*used)) if used else ""
    return Paragraph(
        say(
            "{words} {credits} The method, where each figure comes from and all tables are in the "
            "workbook beside this paper.",
            words=words,
            credits=credited,
        ),
        "note",
    )


def _sign_off(subject: Subject) -> Table:
    """Leave room for names."""
    settings = subject.settings
    frame = pd.DataFrame(
        {
            "role": ["Analyst", "Checked by", "Approved by"],
            "name": [settings.analyst or _BLANK, settings.checker or _BLANK, _BLANK],
            "date": [_BLANK, _BLANK, _BLANK],
        }
    )
    return Table(
        key="sign-off",
        title="Sign-off" + (f", version {settings.version}" if settings.version else ""),
        frame=frame,
        columns=(
            Column("role", "Role", width=20),
            Column("name", "Name", width=50),
            Column("date", "Date", width=30),
        ),
        provenance=Provenance("Filled in by hand, or in the settings"),
    )


PAGE = Entry(
    "views", "What people said, risks and sign-off", build, place=80, page=True, needs="indicators"
)
