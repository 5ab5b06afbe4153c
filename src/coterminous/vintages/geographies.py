"""Which geographies and years are known here, and which codes does each have?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from coterminous.errors import unknown
from coterminous.words import joined


@dataclass(frozen=True)
class Vintage:
    """One geography of one year, in one scheme of codes.

    Attributes
    ----------
    name : str
        ``lsoa2011``, ``icb2022``, ``icb2022_gss`` and so on.
    kind : str
        The geography, whatever the year: codes of one kind can be translated between years.
    plural : str
        Its areas, as in a sentence: ``LSOAs``.
    year : int
    scheme : str
        ``GSS`` for the nine-character codes of the Office for National Statistics, ``ODS`` for
        the NHS's own.
    """

    name: str
    kind: str
    plural: str
    year: int
    scheme: str

    @property
    def title(self) -> str:
        """As in a sentence: ``LSOAs of 2011``."""
        return f"{self.plural} of {self.year}"


def _years(kind: str, plural: str, *years: int, scheme: str = "GSS") -> list[Vintage]:
    end = "_gss" if scheme == "GSS" and kind in ("ccg", "sicbl", "icb") else ""
    return [Vintage(f"{kind}{y}{end}", kind, plural, y, scheme) for y in years]


def titles(vintages: Iterable[str]) -> str:
    """Name several vintages in a sentence, the years of one geography together.

    Examples
    --------
    >>> titles(["lsoa2011", "lsoa2021"])
    'LSOAs of 2011 or 2021'
    """
    years: dict[str, list[str]] = {}
    for vintage in vintages:
        found = VINTAGES[vintage]
        years.setdefault(found.plural, []).append(str(found.year))
    return " or ".join(f"{plural} of {joined(said, last=' or ')}" for plural, said in years.items())


#: Every vintage by name. The codes of each are listed here, but for those of `UNKNOWN_LIST`.
VINTAGES: dict[str, Vintage] = {
    v.name: v
    for v in [
        *_years("lsoa", "LSOAs", 2011, 2021),
        *_years("msoa", "MSOAs", 2011, 2021),
        *_years("ward", "wards", 2024),
        *_years("ltla", "lower-tier and unitary authorities", 2021, 2023, 2025),
        *_years("utla", "upper-tier and unitary authorities", 2021, 2023, 2025),
        *_years("region", "regions", 2021),
        *_years("cauth", "combined authorities", 2023),
        *_years("pfa", "police force areas", 2024),
        *_years("fra", "fire and rescue authorities", 2024),
        *_years("ccg", "CCGs", 2021, scheme="ODS"),
        *_years("ccg", "CCGs", 2021),
        *_years("sicbl", "sub-ICB locations", 2022, scheme="ODS"),
        *_years("sicbl", "sub-ICB locations", 2022),
        *_years("stp", "STPs", 2021),
        *_years("icb", "integrated care boards", 2022, 2026, scheme="ODS"),
        *_years("icb", "integrated care boards", 2022),
    ]
}

#: Geographies between which codes can be translated; the later of two takes the other's place.
TRANSLATED: tuple[frozenset[str], ...] = (
    frozenset({"lsoa"}),
    frozenset({"ltla"}),
    frozenset({"utla"}),
    frozenset({"ccg", "sicbl"}),
    frozenset({"stp", "icb"}),
)

#: What a code looks like, and of which geography it is then, whatever the year.
SHAPES: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (kind, re.compile(pattern), title)
    for kind, pattern, title in (
        ("oa", r"E00\d{6}", "output areas"),
        ("lsoa", r"E01\d{6}", "LSOAs"),
        ("msoa", r"E02\d{6}", "MSOAs"),
        ("ward", r"E05\d{6}", "wards"),
        ("council", r"E(?:0[6-9]|10)\d{6}", "councils"),
        ("region", r"E12\d{6}", "regions"),
        ("pfa", r"E23\d{6}", "police force areas"),
        ("fra", r"E31\d{6}", "fire and rescue authorities"),
        ("cauth", r"E47\d{6}", "combined authorities"),
        ("ccg or sicbl", r"E38\d{6}", "CCGs or sub-ICB locations"),
        ("stp or icb", r"E54\d{6}", "STPs or integrated care boards"),
        ("icb", r"Q[A-Z0-9]{2}", "integrated care boards"),
        ("ccg or sicbl", r"\d{2}[A-Z]", "CCGs or sub-ICB locations"),
        ("nhs body", r"[A-Z]\d[A-Z]\d[A-Z]", "sub-ICB locations or integrated care boards"),
        ("network", r"U\d{5}", "primary care networks"),
        ("practice", r"[A-HJ-NPVY]\d{5}", "general practices"),
        ("trust", r"R[A-Z0-9]{2}", "NHS trusts"),
    )
)

#: Vintages of which no list is here.
UNKNOWN_LIST = frozenset({"msoa2021"})

#: Geographies that have codes of one shape and no list here: their year cannot be told.
UNLISTED = frozenset({"oa", "network", "practice", "trust"})

#: Codes that are of no area of England, and what they are.
ELSEWHERE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(pattern))
    for what, pattern in (
        ("Wales", r"W\d{8}|W\d{5}"),
        ("Scotland", r"S\d{8}|S\d{5}"),
        ("Northern Ireland", r"N\d{8}|Z\d{5}|95[A-Z]{2}\d{2}[A-Z]\d"),
        ("Channel Islands or Isle of Man", r"[LM]\d{8}"),
        ("no place", r"NO ?\d{4}|UNKNOWN|ELSEWHERE|OUTSIDE|CLOSED|EMPTY"),
    )
)


@cache
def codes_of(vintage: str) -> frozenset[str]:
    """Return every code of a vintage; none of one of which no list is here."""
    from coterminous.vintages import england

    if vintage in UNKNOWN_LIST:
        return frozenset()
    if vintage == "lsoa2011":
        return frozenset(england.lsoas_2011().index)
    if vintage == "lsoa2021":
        return frozenset(england.lsoas_2021().index)
    if vintage == "ward2024":
        return frozenset(england.lsoas_2021()["ward24_code"])
    return frozenset(england.placed()[vintage].dropna())


#: Ends an error that names a few of the vintages.
ALL_OF_THEM = " coterminous.vintages.geographies.VINTAGES holds them all."


def vintage_of(name: str, argument: str) -> Vintage:
    """Find a vintage by its name, written ``lsoa2011``, ``LSOA 2011`` or ``lsoa11``.

    Raises
    ------
    InputError
        If there is none of that name; it lists them.

    Examples
    --------
    >>> vintage_of("LSOA11", "to").title
    'LSOAs of 2011'
    """
    said = re.sub(r"[\s-]+", "", str(name)).lower()
    short = re.fullmatch(r"([a-z]+)(\d{2})(_gss)?", said)
    if short:
        said = f"{short[1]}20{short[2]}{short[3] or ''}"
    if said not in VINTAGES:
        raise unknown(argument, name, [*VINTAGES], ALL_OF_THEM)
    return VINTAGES[said]
