"""How is a computed sentence kept? Words and figures, each figure with where it came from.

Names that come from data are plain text everywhere; no value here is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any, TypeAlias

from coterminous.errors import InputError
from coterminous.report.numbers import Kind, written
from coterminous.words import sentence_case


@dataclass(frozen=True)
class Provenance:
    """Where a number came from: how it is worked out, and on what."""

    formula: str
    layers: tuple[str, ...] = ()
    weight: str = ""
    date: str = ""
    source: str = ""

    def sentence(self) -> str:
        """Say it in one line, for a note.

        Examples
        --------
        >>> Provenance("people in both", ("before", "after"), "Residents", "2020-06-30").sentence()
        'people in both. Layers: before, after. Counted in: Residents. As at: 2020-06-30.'
        """
        parts = [self.formula]
        for label, value in (
            ("Layers", ", ".join(self.layers)),
            ("Counted in", self.weight),
            ("As at", self.date),
            ("Source", self.source),
        ):
            if value:
                parts.append(f"{label}: {value}")
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def sources(self) -> tuple[str, ...]:
        """Give its sources one by one."""
        return tuple(part for part in self.source.split("; ") if part)

    def brief(self, letters: Mapping[str, str]) -> str:
        """Say it in print: layers by the names they are asked for by, sources by letter.

        Examples
        --------
        >>> one = Provenance("people in both", ("Places, 2022 (place2022)",), source="ONS; NHS")
        >>> one.brief({"ONS": "a", "NHS": "b"})
        'people in both. Layers: place2022. Sources: a, b.'
        """
        names = [re.sub(r"^.*\((\S+)\)$", r"\1", layer) for layer in self.layers]
        short = replace(self, layers=tuple(names), source="")
        lettered = ", ".join(letters[source] for source in self.sources() if source in letters)
        return short.sentence() + (f" Sources: {lettered}." if lettered else "")


_ROUNDED: Mapping[Kind, Kind] = {"people": "about", "share": "portion"}


@dataclass(frozen=True)
class Figure:
    """One number of the text: its key, its value, how it is written, where it came from."""

    key: str
    value: Any
    text: str
    provenance: Provenance
    table: str = ""
    kind: Kind = "text"

    @classmethod
    def of(
        cls, key: str, value: Any, kind: Kind, provenance: Provenance, *, table: str = ""
    ) -> Figure:
        """Make a figure and write it out.

        Examples
        --------
        >>> Figure.of("people.total", 1701655, "people", Provenance("sum of blocks")).text
        '1,701,655'
        """
        return cls(key, value, written(value, kind), provenance, table, kind)

    def rounded(self) -> Figure:
        """Give the same figure rounded: people to what an estimate bears, shares to the whole.

        Examples
        --------
        >>> Figure.of("people.total", 1701655, "people", Provenance("sum")).rounded().text
        '1.7 million'
        """
        kind = _ROUNDED.get(self.kind, self.kind)
        return replace(self, text=written(self.value, kind), kind=kind)

    def saying(self, text: str) -> Figure:
        """Give the same figure in other words ("three" for 3)."""
        return replace(self, text=text)


@dataclass(frozen=True)
class Strong:
    """Words that are set in bold."""

    text: str


@dataclass(frozen=True)
class Marks:
    """The numbers of the notes that a sentence refers to."""

    numbers: tuple[int, ...]


Run: TypeAlias = "str | Figure | Strong"
# A sentence ends where a stop is followed by a space and a capital; the space stays with the next.
_SENTENCE = re.compile(r"(?<=[a-z0-9)%]\.)(?= [A-Z{]|$)")


@dataclass(frozen=True)
class Text:
    """A run of words and figures."""

    runs: tuple[Run, ...]

    def plain(self) -> str:
        """Give the words alone."""
        return "".join(run if isinstance(run, str) else run.text for run in self.runs)

    def figures(self) -> Iterator[Figure]:
        """Give the figures, in order."""
        return (run for run in self.runs if isinstance(run, Figure))

    def marked(self, numbers: Mapping[Provenance, int]) -> list[Run | Marks]:
        """Give the runs with the numbers of their notes at the end of each sentence.

        A number beside a figure would be read as a part of it, and a sentence may hold ten.
        """
        made: list[Run | Marks] = []
        waiting: list[int] = []
        for run in self.runs:
            if not isinstance(run, str):
                made.append(run)
                number = numbers.get(run.provenance) if isinstance(run, Figure) else None
                if number is not None and number not in waiting:
                    waiting.append(number)
                continue
            sentences = _SENTENCE.split(run)
            for position, sentence in enumerate(sentences):
                made.append(sentence)
                if waiting and position < len(sentences) - 1:
                    made.append(Marks(tuple(waiting)))
                    waiting = []
        if waiting:
            made.append(Marks(tuple(waiting)))
        return made

    def rounded(self) -> Text:
        """Give the same words with every figure rounded; see `Figure.rounded`."""
        return Text(tuple(run.rounded() if isinstance(run, Figure) else run for run in self.runs))

    def __add__(self, other: Text) -> Text:
        """Join two texts with a space between."""
        return Text((*self.runs, " ", *other.runs)) if self.runs else other


def capitalised(text: Text) -> Text:
    """Begin a text with a capital, also where it begins with a number in words.

    Examples
    --------
    >>> capitalised(say("{n} do", n="three")).plain()
    'Three do'
    """
    for position, run in enumerate(text.runs):
        words = run if isinstance(run, str) else run.text
        if not words:
            continue
        upper = sentence_case(words)
        first = upper if isinstance(run, str) else replace(run, text=upper)
        return Text((*text.runs[:position], first, *text.runs[position + 1 :]))
    return text


Piece: TypeAlias = "str | int | Figure | Strong | Text"


def say(pattern: str, /, **parts: Piece) -> Text:
    """Fill a sentence with figures and names.

    A name in the pattern is replaced by the part of that name; a part is never itself a pattern,
    so braces in a place's name stay braces.

    Raises
    ------
    InputError
        When the pattern names a part that was not given.

    Examples
    --------
    >>> n = Figure.of("n", 3, "count", Provenance("count of areas"))
    >>> say("{n} areas in {where}.", n=n, where="{{7*7}}").plain()
    '3 areas in {{7*7}}.'
    """
    runs: list[Run] = []
    for literal, name, _, _ in Formatter().parse(pattern):
        if literal:
            runs.append(literal)
        if name is None:
            continue
        if name not in parts:
            raise InputError(f"`pattern` names {name!r}, which was not given: {pattern!r}.")
        part = parts[name]
        if isinstance(part, Text):
            runs.extend(part.runs)
        else:
            runs.append(str(part) if isinstance(part, int) else part)
    return Text(tuple(runs))
