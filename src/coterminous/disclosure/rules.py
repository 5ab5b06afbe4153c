"""Which counts of people may be shown? Named rules, each with its version and its source.

No rule is a default: whoever publishes names the one that their organisation is bound by.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from coterminous.errors import DisclosureError, InputError, unknown
from coterminous.folders.schema import Name, Table, read_checked


@dataclass(frozen=True)
class Rule:
    """What may be shown of a count of people.

    Attributes
    ----------
    name, version, source : str
        What it is called, and who says so.
    low, high : int
        Counts from `low` to `high` are hidden. Both are 0 where none is.
    base : int
        What is shown is rounded to the nearest multiple of this, halves up; 1 for not at all.
    words : str
        The rule as a document says it.
    """

    name: str
    version: str
    source: str
    low: int = 0
    high: int = 0
    base: int = 1
    words: str = ""

    @property
    def hides(self) -> bool:
        """Whether it hides any count."""
        return self.high > 0

    def small(self, count: float) -> bool:
        """Say whether a count is hidden for being small; 0 is no secret."""
        return self.hides and 0 < count < self.high + 1

    def shown(self, count: float) -> float | None:
        """Return a count as it is shown; None if it is hidden, or there is none.

        Examples
        --------
        >>> [named("hes").shown(n) for n in (0, 1, 7, 8, 12, 12.5, 13)]
        [0, None, None, 10, 10, 15, 15]
        """
        if count != count or self.small(count):
            return None
        if self.base == 1 or (self.hides and count == 0):
            return count
        return math.floor(count / self.base + 0.5) * self.base

    def between(self, count: int) -> tuple[int, int]:
        """Say which counts are shown like this one: the lowest and the highest.

        Examples
        --------
        >>> named("hes").between(12), named("hes").between(9), named("under5").between(9)
        ((8, 12), (8, 12), (9, 9))
        """
        if self.base == 1 or (self.hides and count == 0):
            return count, count
        middle = math.floor(count / self.base + 0.5) * self.base
        lowest = max(math.ceil(middle - self.base / 2), self.high + 1 if self.hides else 0)
        return lowest, math.ceil(middle + self.base / 2) - 1

    def share(self, part: float, whole: float) -> float | None:
        """Return a share as it is shown: of the counts as they are shown.

        None if either count is hidden; a share of nothing is none either.

        Examples
        --------
        >>> named("hes").share(7, 100), named("hes").share(12, 102), named("hes").share(0, 100)
        (None, 0.1, 0.0)
        """
        above, below = self.shown(part), self.shown(whole)
        return None if above is None or not below else above / below

    def mean(self, value: float, people: float) -> float | None:
        """Return a mean of some people as it is shown: None if it is of too few."""
        return None if value != value or self.small(people) or not people else value

    @property
    def said(self) -> str:
        """Say the rule in a sentence's words."""
        if self.words:
            return self.words
        hidden = f"counts from {self.low} to {self.high} are hidden" if self.hides else ""
        rounded = f"others are rounded to the nearest {self.base}" if self.base > 1 else ""
        return "; ".join(w for w in (hidden, rounded) if w) or "every count is shown"


RULES: Mapping[str, Rule] = {
    r.name: r
    for r in (
        Rule(
            "hes",
            "September 2018",
            "NHS Digital, Disclosure control methodology for Hospital Episode Statistics and the "
            "Emergency Care Data Set, September 2018",
            low=1,
            high=7,
            base=5,
            words="counts from 1 to 7 are hidden, counts from 8 are rounded to the nearest 5, and "
            "0 is shown",
        ),
        Rule(
            "under5",
            "2006",
            "Office for National Statistics, Review of the Dissemination of Health Statistics: "
            "Confidentiality Guidance, 2006",
            low=1,
            high=4,
            words="counts from 1 to 4 are hidden, and 0 is shown",
        ),
        Rule(
            "under10",
            "2023",
            "NHS Education for Scotland, Statistical Disclosure Control Policy: counts from 1 to 9",
            low=1,
            high=9,
            words="counts from 1 to 9 are hidden, and 0 is shown",
        ),
        Rule(
            "round5",
            "2023",
            "Higher Education Statistics Agency, Rounding and suppression to anonymise statistics",
            base=5,
            words="every count is rounded to the nearest 5, so that 1 and 2 are shown as 0",
        ),
        Rule("none", "1", "every count may be published", words="every count is shown"),
    )
}


class RuleFile(Table):
    """A rule of one's own, as a file."""

    name: Name
    version: Name
    source: Name
    low: Annotated[int, msgspec.Meta(ge=0)] = 0
    high: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    base: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1


def named(rule: str | Path | Rule) -> Rule:
    """Find a rule by its name, or read one from a file.

    Parameters
    ----------
    rule : str, path or Rule
        ``hes``, ``under5``, ``under10``, ``round5``, ``none``, or a TOML file with `name`,
        `version`, `source`, `low`, `high` and `base`.

    Returns
    -------
    Rule

    Raises
    ------
    DisclosureError
        If the rule is unknown.
    InputError
        If the file is not as it should be.
    """
    if isinstance(rule, Rule):
        return rule
    if isinstance(rule, (str, Path)):
        if str(rule) in RULES:
            return RULES[str(rule)]
        if str(rule).lower().endswith(".toml"):
            return _read(Path(rule))
    raise DisclosureError(
        str(unknown("rule", rule, [*RULES])).removesuffix(".")
        + "; a rule of your own is a TOML file, such as rule='ours.toml'"
    )


def _read(path: Path) -> Rule:
    held = read_checked(path, RuleFile)
    found = Rule(**held)
    if found.low != min(found.high, 1):
        raise InputError(
            f"{path}: `low` is {found.low} and `high` is {found.high}; give low = 1, for 0 is "
            "always shown and a count under a hidden one is hidden too, or 0 for both to hide none"
        )
    if found.name in RULES and found != RULES[found.name]:
        raise InputError(f"{path}: `name` is {found.name!r}, the name of a rule that comes with it")
    if found.hides and found.base > found.high:
        raise InputError(
            f"{path}: `base` is {found.base}; give at most `high`, which is {found.high}"
        )
    return found
