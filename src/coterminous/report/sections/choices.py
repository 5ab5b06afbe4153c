"""Was there a better drawing? Where the decision stands among all of them, and named options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.report.content import (
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.drawing import front_picture
from coterminous.report.entries import Entry
from coterminous.report.numbers import Kind, written
from coterminous.report.ranking import appraised
from coterminous.report.sections.named import named_options
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.wording import (
    Figure,
    Provenance,
    Run,
    Strong,
    Text,
    say,
)
from coterminous.words import in_words, joined, listed, sentence_case

if TYPE_CHECKING:
    from coterminous.drawings.appraisal import Appraisal
    from coterminous.shares import AnyLayer

_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?%?(?![\w-])")
_SHORT = {
    "v_measure": "following councils",
    "localisation": "local hospital patients",
    "inside_practice_area": "patients in their practice's area",
    "largest": "size of the largest area",
    "people_moved": "people who keep their area",
    "parted": "people who stay with most of their old area",
    "smallest": "size of the smallest area",
}
_CHANGE: dict[str, Kind] = {"v_measure": "measure"}
_SHARES = ("localisation", "inside_practice_area")


def build(subject: Subject) -> Part:
    """Compare the named drawings, and rank the decision among all contiguous ones."""
    blocks: list[Block] = []
    findings: list[Text] = []
    if subject.settings.options:
        blocks += named_options(subject)
    reasons = []
    whole = subject.role("whole")
    decisions = [subject.after] if whole is None else [whole, subject.after]
    for decision in decisions:
        try:
            found = appraised(subject, decision)
        except LeftOutError as error:
            reasons.append(str(error))
            continue
        blocks += _ranked(subject, decision, found)
        findings.append(_headline(subject, decision, found))
    if not blocks:
        raise LeftOutError("; ".join(dict.fromkeys(reasons)).rstrip("."))
    return Part(Section("options", "Options", tuple(blocks)), tuple(findings))


def _origin(subject: Subject, decision: AnyLayer) -> Provenance:
    """Say how the drawings were ranked."""
    return subject.origin(
        "Every contiguous grouping of the councils' parts into as many areas, scored alike; rank: "
        "1 + the drawings of the reference set that beat it",
        decision,
        subject.role("lower"),
        subject.role("upper"),
    )


def _ranked(subject: Subject, decision: AnyLayer, found: Appraisal) -> list[Block]:
    """Say where a decision stands, and what the drawings that beat it would trade."""
    key = f"options.{decision.name}"
    origin = _origin(subject, decision)
    notes = set(found.options.notes)
    titles = [decision.title, *(subject.titled(layer) for layer in _told(subject))]
    # Where it stands, and the trades, are told in tables.
    told = ("On ", "The drawing of")
    said = [s for s in found.sentences if s not in notes and not s.startswith(told)]
    said = [_in_plain_words(_with_titles(subject, sentence)) for sentence in said]
    if found.among == "all":
        said = [s.replace("No all ", "No ").replace(" all ways", " ways") for s in said]
    texts = [
        _figured(sentence, f"{key}.{position}", origin, titles)
        for position, sentence in enumerate(said, 1)
    ]
    blocks: list[Block] = [
        Heading(f"Where it stands among all ways to group councils: {decision.title}"),
        Bullets(tuple(texts)),
        _standing_table(subject, decision, found),
    ]
    picture = front_picture(subject, decision, found)
    if picture is not None:
        blocks.append(picture)
    if len(found.trades):
        blocks += [
            Paragraph(
                say(
                    "Of the ways that no other beats on every score, the best at each score, and "
                    "what it would gain or give up against the decision; nothing says that a gain "
                    "is worth it."
                )
            ),
            _best_drawings(found),
            _trades_table(subject, decision, found),
        ]
    known = subject.notes(subject.before, subject.after)
    blocks += [
        Paragraph(say("{n}", n=_in_plain_words(note)), "note")
        for note in found.options.notes
        if note not in known
    ]
    return blocks


def _trades(found: Appraisal) -> pd.DataFrame:
    """List each best drawing once, with all the scores at which it is best."""
    trades = found.trades.reset_index()
    short = {score: _SHORT.get(score, score) for score in trades["best_at"]}
    best_at = trades.groupby("drawing")["best_at"].agg(lambda s: listed([short[x] for x in s], 9))
    once = trades.drop_duplicates("drawing")
    return once.assign(
        best_at=[best_at[drawing] for drawing in once["drawing"]],
        groups=[
            "; ".join(", ".join(group) for group in found.options.groups(int(drawing)))
            for drawing in once["drawing"]
        ],
    ).reset_index(drop=True)


def _best_drawings(found: Appraisal) -> Bullets:
    """Say of which councils each area of the best drawings is made."""
    scores = [column for column in found.trades.columns if column != "drawing"]
    return Bullets(
        tuple(
            say(
                "{what}{level}: {groups}.",
                what=Strong(f"Best at {row['best_at']}"),
                level="" if row[scores].any() else ", level with the decision on every score",
                groups=row["groups"],
            )
            for _, row in _trades(found).iterrows()
        )
    )


def _trades_table(subject: Subject, decision: AnyLayer, found: Appraisal) -> Table:
    """Tabulate what the best drawing at each score would change; more is better throughout."""
    scores = [column for column in found.trades.columns if column != "drawing"]
    frame = _trades(found)
    return Table(
        key=f"options-trades-{decision.name}",
        title=f"What the best way at each score would change, against {decision.title}",
        frame=frame,
        columns=(
            Column("best_at", "Best at", width=34),
            Column("groups", "Its areas, as groups of councils", printed=False),
            *(
                Column(
                    score,
                    sentence_case(_SHORT.get(score, score)),
                    _CHANGE.get(score, "people"),
                    width=7,
                )
                for score in scores
            ),
        ),
        provenance=_origin(subject, decision),
        notes=(
            "A gain is above 0 and a loss below, whichever way the score itself is better: in "
            "people or patients, or in points of how closely areas follow councils, from 0 to 1.",
        ),
    )


def _told(subject: Subject) -> list[AnyLayer]:
    """Give the layers that the sentences of an appraisal call by name."""
    roles = ("lower", "within", "upper")
    return [layer for role in roles if (layer := subject.role(role)) is not None]


def _with_titles(subject: Subject, sentence: str) -> str:
    """Call layers by their titles where a sentence has their short names."""
    titles = {layer.name: subject.titled(layer) for layer in _told(subject)}
    if not titles:
        return sentence
    names = "|".join(re.escape(name) for name in titles)
    return re.sub(rf"\b({names})\b", lambda match: titles[match.group()], sentence)


def _in_plain_words(sentence: str) -> str:
    """Say in the words of the paper what an appraisal says of drawings and their front."""
    front = "drawings are on the front, where no other beats them"
    plain = sentence.replace(front, "ways are beaten by no other on every score")
    return plain.replace("drawing", "way")


def _standing_table(subject: Subject, decision: AnyLayer, found: Appraisal) -> Table:
    """Tabulate value, best and rank on each score."""
    standing = found.standing.reset_index()
    frame = standing.assign(
        words=[sentence_case(_measured(words)) for words in standing["words"]],
        value_text=[_score(r.score, r.value) for r in standing.itertuples()],
        best_text=[_score(r.score, r.best) for r in standing.itertuples()],
    )
    return Table(
        key=f"options-standing-{decision.name}",
        title=f"Where {decision.title} stands among the {found.among} ways to group councils",
        frame=frame,
        columns=(
            Column("words", "Score", width=34),
            Column("value_text", "Decision", width=11),
            Column("best_text", "Best", width=11),
            Column("rank", "Rank", "count"),
            Column("of", "Of", "count"),
        ),
        provenance=_origin(subject, decision),
        notes=(f"Ranks are among the {found.among} ways with as many areas, and no others.",),
    )


def _measured(words: str) -> str:
    """Leave the name of the measure to the notes."""
    return words.replace(" (V-measure, 0 to 1)", ", from 0 to 1")


def _score(score: str, value: float) -> str:
    """Write the value of a score in its own kind."""
    if score == "v_measure":
        return written(value, "measure")
    return written(value, "share" if score in _SHARES else "people")


def _headline(subject: Subject, decision: AnyLayer, found: Appraisal) -> Text:
    """Say on how many scores other drawings beat the decision."""
    standing = found.standing
    origin = _origin(subject, decision)
    key = f"options.{decision.name}"
    of = Figure.of(f"{key}.of", int(standing["of"].iloc[0]), "count", origin)
    pattern, parts = [], {}
    words = {
        "v_measure": "following councils",
        "localisation": "keeping hospital patients local",
        "inside_practice_area": "keeping patients inside their practice's area",
        "largest": "the size of the largest area",
        "people_moved": "people who change area",
        "parted": "people in a different area from most of their old one",
        "smallest": "the size of the smallest area",
    }
    for score, row in standing.iterrows():
        name = str(score)
        figure = Figure.of(
            f"{key}.{name}.beaten_by", int(row["rank"]) - 1, "count", origin,
            table=f"options-standing-{decision.name}",
        )  # fmt: skip
        parts[name] = figure.saying("none") if figure.value == 0 else figure
        pattern.append(f"{{{name}}} on {words.get(name, name)}")
    return say(
        "Of {of} {among}ways to group councils into {areas} areas, {title} is beaten by "
        + joined(pattern)
        + ".",
        of=of,
        among="" if found.among == "all" else f"{found.among} ",
        areas=Figure.of(f"{key}.areas", len(decision), "count", origin).saying(
            in_words(len(decision))
        ),
        title=decision.title,
        **parts,
    )


def _figured(sentence: str, key: str, origin: Provenance, names: list[str]) -> Text:
    """Give each number of a computed sentence a key and an origin; digits in names stay words."""
    runs: list[Run] = []
    inside = "|".join(re.escape(name) for name in names)
    position = 0
    for piece in re.split(f"({inside})", sentence):
        if piece in names:
            runs.append(piece)
            continue
        end = 0
        for match in _NUMBER.finditer(piece):
            runs.append(piece[end : match.start()])
            position += 1
            text = match.group().rstrip(",")
            digits = text.rstrip("%").replace(",", "")
            value = float(digits) if "." in digits else int(digits)
            runs.append(Figure(f"{key}.{position}", value, text, origin))
            end = match.start() + len(text)
        runs.append(piece[end:])
    return Text(tuple(run for run in runs if run != ""))


SECTION = Entry("options", "Options", build, place=90)
