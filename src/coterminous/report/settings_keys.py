"""Which tables and keys may stand in `appendix.toml` and `statements.toml`, and of what kind?"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from coterminous.folders.schema import Count, Day, Name, Table, When

#: A noun: one word, or its singular and plural.
Noun = Name | Annotated[list[Name], Meta(min_length=2, max_length=2)]


#: Several names, or one text with commas between them.
Listed = str | list[Name]


class Layers(Table):
    """The drawings, councils and neighbourhoods, each a layer."""

    before: str = ""
    after: str = ""
    whole: str = ""
    parts: str = ""
    within: str = ""
    upper: str = ""
    lower: str = ""
    later: str = ""
    neighbourhoods: str = ""
    options: Listed = []


class Registers(Table):
    """The registers of practices and of hospitals."""

    patients: str = ""
    hospitals: str = ""


class Words(Table):
    """What the areas of a drawing are called."""

    before: Noun | None = None
    after: Noun | None = None
    whole: Noun | None = None
    parts: Noun | None = None


class Guidelines(Table):
    """Numbers of people."""

    place_largest: Count | None = None
    neighbourhood_smallest: Count | None = None
    neighbourhood_largest: Count | None = None


class AppendixFile(Layers):
    """`appendix.toml`: a setting of a table may stand outside it too."""

    patients: str = ""
    hospitals: str = ""
    place_largest: Count | None = None
    neighbourhood_smallest: Count | None = None
    neighbourhood_largest: Count | None = None

    title: str = ""
    question: str = ""
    status: str = ""
    organisation: str = ""
    date: Day = Day("")
    language: str = ""
    analyst: str = ""
    checker: str = ""
    version: str = ""
    palette: str = ""
    threshold: int | float | None = None
    sections: Listed = []
    full: bool = False
    formats: Listed = []
    statements: Name | None = None
    verdicts: bool = False
    logo: Name | None = None
    template: Name | None = None
    layers: Layers | None = None
    registers: Registers | None = None
    words: Words | None = None
    guidelines: Guidelines | None = None
    styles: dict[str, Name] = {}


class Statement(Table):
    """What people said; see `report.statements`."""

    key: Name
    said: Name
    kind: str = ""
    quotation: str = ""
    document: str = ""
    date: When = When("")
    indicator: str = ""
    extent: str = ""
    claim: str = ""
    note: str = ""
    response: str = ""


class Respondents(Table):
    """How many people responded, by a document."""

    count: Count
    document: str = ""
    date: When = When("")
    note: str = ""


class StatementsFile(Table):
    """`statements.toml`."""

    statement: list[Statement] = []
    respondents: list[Respondents] = []
