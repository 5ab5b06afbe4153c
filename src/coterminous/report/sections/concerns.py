"""What did people say, and what do the numbers say to it? Each statement beside its indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    FillIn,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.entries import Entry, Gathered
from coterminous.report.statements import (
    RULE,
    Respondents,
    Statement,
    direction,
    read_statements,
    shipped_statements,
    verdict,
)
from coterminous.report.subject import Indicator, LeftOutError, Part, Subject
from coterminous.report.wording import Figure, Provenance, say
from coterminous.words import shortened


def build(subject: Subject, gathered: Gathered) -> Part:
    """Put each statement beside the number that tests it."""
    file = subject.settings.statements or shipped_statements(subject.area)
    if file is None:
        raise LeftOutError("no statements were given (statements.toml)")
    statements, respondents = read_statements(file)
    if not statements:
        raise LeftOutError(f"{file.name} holds no statements")
    indicators = {indicator.key: indicator for indicator in gathered.indicators}
    blocks: list[Block] = [
        Paragraph(
            say(
                "Concerns and hopes that were raised, each beside the number that comes nearest "
                "to testing it. Words in quotation marks are quoted; all others are a paraphrase. "
                "A number that moves as was feared does not settle a question, nor does one that "
                "moves as was hoped."
            )
        )
    ]
    if respondents:
        blocks += _respondents(respondents, file)
    blocks.append(_table(subject, statements, indicators, file))
    if subject.settings.verdicts:
        blocks.append(Paragraph(say("{rule}", rule=RULE), "note"))
    blocks.append(Heading("Responses of the board"))
    blocks += [
        FillIn(f"{position}. {shortened(statement.said, 90)}", statement.response, 2)
        for position, statement in enumerate(statements, 1)
    ]
    return Part(Section("statements", "What people said, tested", tuple(blocks)))


def _respondents(respondents: Sequence[Respondents], file: Path) -> list[Block]:
    """Show how many responded, as each document says; documents that differ are not smoothed."""
    origin = Provenance("As written in the statements", source=file.name)
    said = []
    for position, each in enumerate(respondents, 1):
        count = Figure.of(f"statements.respondents.{position}", each.count, "people", origin)
        said.append(
            say(
                "{count} respondents: {document}, {date}.",
                count=count,
                document=each.document or "document not named",
                date=each.date or "date not given",
            )
        )
    if len({each.count for each in respondents}) == 1:
        return [Bullets(tuple(said))]
    differ = say("The documents do not agree on how many responded, and both numbers stand:")
    return [Paragraph(differ, "caution"), Bullets(tuple(said))]


def _table(
    subject: Subject,
    statements: Sequence[Statement],
    indicators: Mapping[str, Indicator],
    file: Path,
) -> Table:
    """Tabulate the statements with their indicators."""
    rows = []
    for position, statement in enumerate(statements, 1):
        found = indicators.get(statement.indicator)
        rows.append(
            {
                "number": str(position),
                "said": _words(statement),
                "where": _where(statement),
                "indicator": _label(statement, found),
                "before": found.before.text if found and found.before else None,
                "after": found.after.text if found and found.after else None,
                "direction": direction(found) or None,
                "extent": statement.extent
                if found or statement.extent == "not from these data"
                else "not on these data",
                "verdict": verdict(statement, found),
                "key": statement.key,
            }
        )
    columns = [
        Column("number", "No.", width=5),
        Column("said", "What was said", width=40),
        Column("where", "Document, date", width=24),
        Column("indicator", "Indicator", width=28),
        Column("before", "Before", width=10),
        Column("after", "After", width=10),
        Column("direction", "Direction", width=11),
        Column("extent", "Can it be measured?", width=14),
    ]
    if subject.settings.verdicts:
        columns.append(Column("verdict", "Verdict", width=13))
    return Table(
        key="statements",
        title="What people said, and the number nearest to it",
        frame=pd.DataFrame(rows),
        columns=tuple(columns),
        provenance=Provenance(
            "Each indicator as worked out in its own section",
            (subject.title(subject.before), subject.title(subject.after)),
            source=file.name,
        ),
        wide=True,
    )


def _words(statement: Statement) -> str:
    """Give the statement, its quotation where there is one."""
    kind = {"hope": "Hope", "fact": "Statement"}.get(statement.kind, "Concern")
    if statement.quotation:
        return f"{kind}: “{statement.quotation}”"
    return f"{kind} (paraphrase): {statement.said}"


def _where(statement: Statement) -> str:
    """Say where it was said."""
    if not statement.document:
        return f"not given{', ' if statement.date else ''}{statement.date}"
    return f"{statement.document}, {statement.date or 'date not given'}"


def _label(statement: Statement, found: Indicator | None) -> str:
    """Name the indicator, or say why there is none."""
    words = found.label if found else "none in these data"
    return f"{words}. {statement.note}" if statement.note else words


SECTION = Entry("statements", "What people said, tested", build, place=100, needs="indicators")
