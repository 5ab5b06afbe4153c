"""What does a TOML file say, and does it say only what is known, in the kinds that are wanted?

Each kind of file has a schema, a `msgspec.Struct`: the geography's own stand in
`folders.geography_keys`, the others with their topic. What is read is given back as plain tables
without what was left out, dates as text.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import inspect

from coterminous.arguments import A_DAY, as_day, printable
from coterminous.errors import InputError, closest

#: A text that is not empty.
Name = Annotated[str, msgspec.Meta(min_length=1)]
#: A number of people, or of anything that is counted.
Count = Annotated[int, msgspec.Meta(ge=0)]


class Day(str):
    """A year, a month or a day as in ISO 8601, or nothing where it is not known."""

    __slots__ = ()


class When(str):
    """A date, or when something was in words."""

    __slots__ = ()


class Table(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A table of a TOML file, every key of which is known."""


_KINDS = {
    "str": 'text, such as "this"',
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": 'a list, such as ["this"]',
    "object": "a table, such as { key = value }",
}
#: Keys by which one table among several is told from the others.
_NAMED_BY = ("name", "code", "id", "key")


def read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file, or say where it is wrong.

    Raises
    ------
    InputError
        If the file is not there or is not TOML.
    """
    if not file.is_file():
        raise InputError(f"{file} is not there")
    return parsed(file.read_bytes(), str(file))


def parsed(text: bytes, where: str) -> dict[str, Any]:
    """Read the text of a TOML file; `where` is what errors are about."""
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{where} is not valid TOML: {error}") from error


def read_checked(file: Path, schema: type[Table]) -> dict[str, Any]:
    """Read a TOML file that has a schema; see `checked`."""
    return checked(read_toml(file), schema, str(file))


def checked(written: Any, schema: type[Table], where: str) -> dict[str, Any]:
    """Return a parsed TOML file as plain tables, if it is as its schema says.

    Parameters
    ----------
    written : mapping
        As parsed.
    schema : type of Table
    where : str
        What errors are about, such as the file.

    Raises
    ------
    InputError
        In one sentence: the file, the table and the key, what was given and what is wanted, and
        for a key or a choice that is unknown the one that was probably meant.

    Examples
    --------
    >>> class Link(Table):
    ...     a: str
    ...     reason: str = ""
    >>> checked({"a": "b1"}, Link, "links.toml")
    {'a': 'b1'}
    >>> checked({"a": "b1", "raeson": "a bridge"}, Link, "links.toml")
    Traceback (most recent call last):
    ...
    coterminous.errors.InputError: links.toml: `raeson` is unknown; the keys here are: a, \
reason. Did you mean 'reason'?
    """
    for place, key in _not_numbers(written, ""):
        raise InputError(f"{where}: {place}`{key}` is nan, which is no number; give one")
    for place, key, text in _texts(written, ""):
        try:
            printable(text, key)
        except InputError as error:
            raise InputError(f"{where}: {place}{error}") from None
    try:
        made = msgspec.convert(written, schema, dec_hook=_when)
    except msgspec.ValidationError as error:
        raise InputError(f"{where}: {_sentence(str(error), written, schema)}") from None
    plain: dict[str, Any] = msgspec.to_builtins(made, enc_hook=str)
    return plain


# ---------------------------------------------------------------------- what is wrong, in words


def _when(kind: type[str], value: Any) -> str:
    """Read a date that may be a month, a year or not known; one in words only where it may be."""
    if kind is When and isinstance(value, str):
        return When(value)
    try:
        return kind(as_day(value, ""))
    except InputError:
        raise ValueError(A_DAY) from None


def _not_numbers(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Find the keys whose number is none."""
    for key, held in value.items() if isinstance(value, Mapping) else ():
        items = list(enumerate(held)) if isinstance(held, list) else [(None, held)]
        for position, one in items:
            if isinstance(one, float) and math.isnan(one):
                yield place, str(key)
            yield from _not_numbers(one, f"{place}{_titled(str(key), one, position)}: ")


def _texts(value: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Find every text, with its place and key."""
    for key, held in value.items() if isinstance(value, Mapping) else ():
        yield place, str(key), str(key)
        items = list(enumerate(held)) if isinstance(held, list) else [(None, held)]
        for position, one in items:
            if isinstance(one, str):
                yield place, str(key), one
            yield from _texts(one, f"{place}{_titled(str(key), one, position)}: ")


def _sentence(message: str, written: Any, schema: type[Table]) -> str:
    """Say in our words what is wrong, and where."""
    what, _, path = message.partition(" - at `$")
    steps = _walk(path.rstrip("`"), written, inspect.type_info(schema))
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
        known = [f.encode_name for f in _narrowed(steps[-1].kind, inspect.StructType).fields]
        return (
            f"{_place(steps)}`{found[1]}` is unknown; the keys here are: {', '.join(known)}."
            f"{closest(found[1], known)}"
        )
    if found := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{_place(steps).removesuffix(': ') or 'it'} lacks `{found[1]}`"
    *above, last = steps
    verb = "has" if last.item else "is"
    return f"{_place(above)}`{last.key}` {verb} {_shown(last.value)}; give {_asked(what, last)}"


def _asked(what: str, step: _Step) -> str:
    """Say what is wanted instead."""
    if what.startswith("Invalid enum value"):
        literal = _narrowed(step.kind, inspect.LiteralType)
        allowed = [str(v) for v in literal.values]
        return f"one of: {', '.join(allowed)}.{closest(step.value, allowed)}"
    if found := re.fullmatch(r"Expected `(.*)`, got `.*`", what):
        return " or ".join(_KINDS.get(k, k) for k in found[1].split(" | ") if k != "null")
    if re.fullmatch(r"Expected `\w+` of length >= 1", what):
        return "at least one letter" if isinstance(step.value, str) else "at least one"
    if found := re.fullmatch(r"Expected `(\w+)` (>=?|<=?) (.*)", what):
        words = {">=": "of at least", ">": "above", "<=": "of at most", "<": "below"}
        return f"{_KINDS.get(found[1], found[1])} {words[found[2]]} {found[3]}"
    return what


@dataclass(frozen=True)
class _Step:
    """One step into a file: the key, what it holds, what it should, and its name in the file."""

    key: str
    value: Any
    kind: Any
    title: str = ""
    item: bool = False


def _walk(path: str, value: Any, kind: Any) -> list[_Step]:
    """Follow a path of the checker, such as ``.layer[0].title`` or ``.names[...]``."""
    steps = [_Step("", value, kind)]
    for field, position in re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", path):
        key, value, kind = steps[-1].key, steps[-1].value, steps[-1].kind
        if field:
            inside = {f.encode_name: f.type for f in _narrowed(kind, inspect.StructType).fields}
            value = value[field]
            steps.append(_Step(field, value, inside[field], _titled(field, value)))
        elif position == "...":
            kind = _narrowed(kind, inspect.DictType).value_type
            key = next((k for k, v in value.items() if not _fits(v, kind)), "")
            steps.append(_Step(key, value.get(key), kind, f"`{key}`"))
        else:
            value = value[int(position)]
            kind = _narrowed(kind, inspect.ListType).item_type
            steps.append(_Step(key, value, kind, _titled(key, value, int(position)), item=True))
    return steps


def _place(steps: Sequence[_Step]) -> str:
    """Name the tables that the steps go through."""
    return "".join(f"{s.title}: " for s in steps if s.title and isinstance(s.value, Mapping))


def _titled(key: str, table: Any, position: int | None = None) -> str:
    """Name a table as it stands in the file: ``[blocks]``, ``[[layer]] 'wards'``."""
    if position is None:
        return f"[{key}]"
    told = next((table[k] for k in _NAMED_BY if isinstance(table, Mapping) and k in table), None)
    return f"[[{key}]] {position + 1 if told is None else repr(told)}"


def _narrowed(kind: Any, wanted: type) -> Any:
    """Choose among the types of a union the one that the path goes on by."""
    if isinstance(kind, inspect.UnionType):
        return next((t for t in kind.types if isinstance(t, wanted)), kind)
    return kind


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(kind, inspect.UnionType):
        return any(_fits(value, t) for t in kind.types)
    if isinstance(kind, inspect.StrType):
        return isinstance(value, str) and len(value) >= (kind.min_length or 0)
    if isinstance(kind, inspect.ListType):
        return (
            isinstance(value, list)
            and len(value) >= (kind.min_length or 0)
            and all(_fits(v, kind.item_type) for v in value)
        )
    if isinstance(kind, inspect.IntType):
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(kind, inspect.FloatType):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return True


def _shown(value: Any) -> str:
    """Write a value short, as in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
