"""What did people say, and which number tests it? Reads `statements.toml`, which users edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from coterminous.errors import InputError, first_five, unknown
from coterminous.folders.schema import checked, read_toml
from coterminous.report.settings_keys import StatementsFile
from coterminous.report.subject import Indicator

if TYPE_CHECKING:
    from coterminous.geography import Geography

Extent = Literal["measurable", "in part", "not from these data"]
EXTENTS: tuple[Extent, ...] = ("measurable", "in part", "not from these data")
#: What a statement may say of its indicator, and how it is tested.
CLAIMS = ("rises", "falls", "stays", "none before")
_KEYS = {
    "key", "kind", "said", "quotation", "document", "date", "indicator", "extent", "claim", "note",
    "response",
}  # fmt: skip
#: A change of less than this share of the value before counts as none.
LITTLE = 0.01
RULE = (
    "Rule: a statement that a number rises (falls) is borne out when it is higher (lower) after "
    "than before by more than 1% of its value before, and not borne out when it moves the other "
    "way or by less; one that it stays is borne out when it moves by less; one that there is none "
    "before is borne out when the value before is 0. A statement that the data can test only in "
    "part is borne out, or not, in part."
)


@dataclass(frozen=True)
class Statement:
    """A concern or a hope that was raised, and the indicator that it is tied to."""

    key: str
    kind: str
    said: str
    quotation: str = ""
    document: str = ""
    date: str = ""
    indicator: str = ""
    extent: Extent = "measurable"
    claim: str = ""
    note: str = ""
    response: str = ""


@dataclass(frozen=True)
class Respondents:
    """How many people a document says responded."""

    document: str
    count: int
    date: str = ""
    note: str = ""


def shipped_statements(area: Geography) -> Path | None:
    """Find the statements that a geography ships in its folder."""
    file = area.folder / "appendix" / "statements.toml" if area.folder else None
    return file if file is not None and file.is_file() else None


def read_statements(file: Path) -> tuple[list[Statement], list[Respondents]]:
    """Read what people said.

    Raises
    ------
    InputError
        When a statement lacks its key or words, has a key twice, or one that is unknown; the
        message names the file and the statement.
    """
    written = read_toml(file)
    strange = sorted(set(written) - {"statement", "respondents"})
    if strange:
        raise InputError(f"{file}: {unknown('table', strange[0], ['statement', 'respondents'])}")
    for position, entry in enumerate(_tables(written, "statement"), 1):
        _known(entry, f"{file}: statement {position}")
    written = checked(written, StatementsFile, str(file))
    statements = [
        _statement(entry, f"{file}: statement {position}")
        for position, entry in enumerate(written.get("statement", []), 1)
    ]
    keys = [statement.key for statement in statements]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InputError(f"{file}: statements have one key twice: {first_five(twice)}.")
    respondents = [
        Respondents(
            document=entry.get("document", ""),
            count=entry["count"],
            date=entry.get("date", ""),
            note=entry.get("note", ""),
        )
        for entry in written.get("respondents", [])
    ]
    return statements, respondents


def _tables(written: Mapping[str, Any], name: str) -> list[Any]:
    """Give the tables of a name, if there are any."""
    found = written.get(name, [])
    return [t for t in found if isinstance(t, Mapping)] if isinstance(found, list) else []


def _known(entry: Mapping[str, Any], where: str) -> None:
    """Raise if a statement has an unknown key, or lacks one that is needed."""
    strange = sorted(set(entry) - _KEYS)
    if strange:
        raise InputError(f"{where}: {unknown('key', strange[0], sorted(_KEYS))}")
    for needed in ("key", "said"):
        if not entry.get(needed):
            raise InputError(f"{where} lacks `{needed}`.")


def _statement(entry: Mapping[str, Any], where: str) -> Statement:
    """Read one statement."""
    extent = entry.get("extent", "measurable")
    if extent not in EXTENTS:
        raise InputError(f"{where}: {unknown('extent', extent, EXTENTS)}")
    claim = entry.get("claim", "")
    if claim and claim not in CLAIMS:
        raise InputError(f"{where}: {unknown('claim', claim, CLAIMS)}")
    return Statement(**{"kind": "concern", **entry, "extent": extent})


def verdict(statement: Statement, indicator: Indicator | None) -> str:
    """Judge a statement by the rule that is printed beside it.

    Examples
    --------
    >>> from coterminous.report.wording import Figure, Provenance
    >>> low, high = (Figure.of("i", n, "count", Provenance("x")) for n in (4, 7))
    >>> says = Statement("k", "concern", "more trusts", indicator="i", claim="rises")
    >>> verdict(says, Indicator("i", "Trusts", low, high))
    'borne out'
    """
    if indicator is None or indicator.before is None or not statement.claim:
        return "no verdict"
    if statement.extent == "not from these data":
        return "no verdict"
    old = indicator.before.value
    if statement.claim == "none before":
        held = old == 0
    elif indicator.after is None:
        return "no verdict"
    else:
        move = indicator.after.value - old
        little = abs(move) <= LITTLE * abs(old)
        held = {
            "rises": move > 0 and not little,
            "falls": move < 0 and not little,
            "stays": little,
        }[statement.claim]
    words = "borne out" if held else "not borne out"
    return f"{words} in part" if statement.extent == "in part" else words


def direction(indicator: Indicator | None) -> str:
    """Say which way an indicator went, in a word."""
    if indicator is None:
        return ""
    return {"up": "higher", "down": "lower", "same": "no change"}.get(indicator.direction, "")
