"""Which pages and sections has the paper? Each says so in its own module, and is found there."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from coterminous.errors import InputError
from coterminous.report import pages, sections
from coterminous.report.subject import Indicator, Part, Subject
from coterminous.report.wording import Text

Needs = Literal["", "indicators", "all"]
_STAGES: tuple[Needs, ...] = ("", "indicators", "all")


@dataclass
class Gathered:
    """What the sections that are made by now have found, for those that are made of it."""

    findings: list[Text] = field(default_factory=list)
    answers: dict[str, Text] = field(default_factory=dict)
    indicators: list[Indicator] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """The entry of a page or a section: the constant `PAGE` or `SECTION` of its module.

    Attributes
    ----------
    key : str
        By what name it is asked for.
    title : str
        What it is called while it is made, and where it is left out.
    build : callable
        Makes it of a `Subject`; of what the others found too, where it needs that.
    place : int
        Where it stands in print: the smaller first. Places are tens, so that one fits between.
    made : int
        Where it stands in the making, if not where it is printed: findings are told in this order.
    needs : {'', 'indicators', 'all'}
        What of the others it is made of.
    numbered : bool
        Whether it is one of the numbered sections.
    page : bool
        Whether it fills a page of the paper.
    """

    key: str
    title: str
    build: Callable[..., Part]
    place: int
    made: int = 0
    needs: Needs = ""
    numbered: bool = True
    page: bool = False

    def part(self, subject: Subject, gathered: Gathered) -> Part:
        """Make the section."""
        given: tuple[Any, ...] = (subject, gathered) if self.needs else (subject,)
        return self.build(*given)


def entries() -> list[Entry]:
    """Find the pages and the sections, in the order in which they are printed.

    Raises
    ------
    InputError
        If two modules have a section of one key.
    """
    found: dict[str, Entry] = {}
    for package, constant in ((pages, "PAGE"), (sections, "SECTION")):
        for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
            entry = getattr(import_module(f"{package.__name__}.{name}"), constant, None)
            if entry is None:
                continue
            if entry.key in found:
                raise InputError(f"two sections of the appendix have the key {entry.key!r}")
            found[entry.key] = entry
    return sorted(found.values(), key=lambda entry: (not entry.page, entry.place, entry.key))


def in_the_making(wanted: list[Entry]) -> list[Entry]:
    """Put sections in the order in which they can be made: what is made of others, after them."""
    return sorted(wanted, key=lambda e: (_STAGES.index(e.needs), e.made or e.place, e.key))
