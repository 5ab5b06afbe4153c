"""What did the caller give: one thing or several, and one that is allowed?"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import wraps
from numbers import Real
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from coterminous.errors import CallError, InputError, closest, first_five, some_of, unknown

_Asked = ParamSpec("_Asked")
_Given = TypeVar("_Given")

#: What XML has no place for, in a Word file or a drawing: all control characters but tabs and line
#: breaks.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
A_DAY = "a date, such as 2022-07-01, 2022-07 or 2022"


def asked(function: Callable[_Asked, _Given]) -> Callable[_Asked, _Given]:
    """Have a public function say in one sentence what it was called with that it cannot take.

    An option that it has not, one that is lacking, and a first argument `area` that is no
    geography are refused before anything is done.

    Examples
    --------
    >>> @asked
    ... def drawn(title, *, before=None):
    ...     return title
    >>> drawn("a", befor="b")
    Traceback (most recent call last):
    ...
    coterminous.errors.CallError: `drawn` has no option 'befor'. Did you mean 'before'? \
It takes: title, before
    """
    signature = inspect.signature(function)
    takes = [one for one in signature.parameters if one not in ("self", "cls")]
    of_area = takes[:1] == ["area"]

    @wraps(function)
    def checked(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Given:
        strange = next((name for name in kwargs if name not in signature.parameters), None)
        if strange is not None:
            raise CallError(
                f"`{function.__name__}` has no option {strange!r}.{closest(strange, takes)} "
                f"It takes: {some_of(takes)}"
            )
        first = args[0] if args else kwargs.get("area")
        if of_area and (args or "area" in kwargs) and not _is_geography(first):
            raise CallError(
                f"`area` is {_short(first)}, a {type(first).__name__}; give a geography first, "
                f"such as {function.__name__}(coterminous.load(), ...)"
            )
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise CallError(f"`{function.__name__}`: {error}; it takes: {some_of(takes)}") from None
        return function(*args, **kwargs)

    return checked


def _is_geography(given: object) -> bool:
    """Tell a geography by its class, which stands further down and is not imported here."""
    return any(
        kind.__name__ == "Geography" and kind.__module__.startswith("coterminous.")
        for kind in type(given).__mro__
    )


def _short(given: object) -> str:
    return repr(given) if isinstance(given, str | Path) else "no geography"


def several(given: Any, argument: str) -> tuple[Any, ...]:
    """Return what was given as a tuple: a text, a path or any single thing is one item.

    A text is a sequence of letters to Python, and nobody means those.

    Examples
    --------
    >>> several("pbp2021", "drawings")
    ('pbp2021',)
    >>> several(["a", "b"], "drawings"), several(None, "drawings")
    (('a', 'b'), ())
    """
    if given is None:
        return ()
    if isinstance(given, (str, bytes, Path)) or not isinstance(given, Iterable):
        return (given,)
    if isinstance(given, Mapping):
        raise InputError(
            f"`{argument}` is a mapping of {first_five(given)}; give a list, or one name"
        )
    return tuple(given)


def texts(given: Any, argument: str) -> tuple[str, ...]:
    """Return several texts, or one, as a tuple; anything else is refused.

    Raises
    ------
    InputError
        If an item is no text, or is an empty one.

    Examples
    --------
    >>> texts("Preston", "units")
    ('Preston',)
    >>> texts(["Preston", 7], "units")
    Traceback (most recent call last):
    ...
    coterminous.errors.InputError: `units` has 7, which is no text; give names or codes
    """
    found = several(given, argument)
    for one in found:
        if not isinstance(one, str):
            raise InputError(f"`{argument}` has {one!r}, which is no text; give names or codes")
        if not one.strip():
            raise InputError(f"`{argument}` has an empty text; give names or codes")
    return found


def choice(given: Any, argument: str, allowed: Iterable[str]) -> str:
    """Return what was given if it is one of those allowed.

    Raises
    ------
    InputError
        With those allowed, and the nearest.

    Examples
    --------
    >>> choice("site", "home", ["site", "list"])
    'site'
    """
    listed: Sequence[str] = list(allowed)
    if not isinstance(given, str) or given not in listed:
        raise unknown(argument, given, listed)
    return given


def known_keys(given: Iterable[Any], argument: str, allowed: Iterable[str]) -> None:
    """Raise if a mapping has a key that stands for nothing.

    Raises
    ------
    InputError
        With the first few such keys, how many there are, and the nearest to the first.

    Examples
    --------
    >>> known_keys({"N": "North"}, "names", ["N", "S"])
    """
    listed = [str(a) for a in allowed]
    strange = sorted({str(k) for k in given} - set(listed))
    if strange:
        raise InputError(
            f"`{argument}` has {len(strange):,} keys that stand for nothing: "
            f"{first_five(strange)}; {unknown('key', strange[0], listed)}"
        )


def printable(text: str, argument: str) -> str:
    r"""Return a text that can be printed; one with control characters is refused.

    Line breaks and tabs are no such characters: they are printed as spaces.

    Raises
    ------
    InputError
        With the text and the first such character.

    Examples
    --------
    >>> printable("Bay", "name")
    'Bay'
    >>> try:
    ...     printable("No\x0brth", "name")
    ... except InputError as error:
    ...     print(str(error).partition(",")[0])
    `name` is 'No\x0brth'
    """
    found = _CONTROL.search(text)
    if found:
        raise InputError(
            f"`{argument}` is {text!r}, which has the control character {found[0]!r} that no "
            "document can print; take it out"
        )
    return text


def as_day(given: Any, argument: str) -> str:
    """Return a year, a month or a day as text; nothing where it is not known.

    Raises
    ------
    InputError
        If it is no date.

    Examples
    --------
    >>> as_day("2022-07", "valid_from"), as_day(date(2022, 7, 1), "valid_from")
    ('2022-07', '2022-07-01')
    >>> as_day("2022-13", "valid_from")
    Traceback (most recent call last):
    ...
    coterminous.errors.InputError: `valid_from` is '2022-13'; give a date, such as 2022-07-01, \
2022-07 or 2022
    """
    if isinstance(given, date) and not isinstance(given, datetime):
        return given.isoformat()
    if isinstance(given, str):
        if not given:
            return ""
        if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", given):
            with suppress(ValueError):
                date.fromisoformat(given + "-01-01"[len(given) - 4 :])
                return str(given)
    raise InputError(f"`{argument}` is {given!r}; give {A_DAY}")


def check_order(first: str, last: str) -> None:
    """Raise if a layer is in force until a date before that from which it is.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_order("2022-07-01", "2022")
    >>> check_order("2022-07", "2021")
    Traceback (most recent call last):
    ...
    coterminous.errors.InputError: `valid_to` is '2021', before `valid_from` '2022-07'; \
swap or mend them
    """
    known = min(len(first), len(last))
    if last[:known] < first[:known]:
        raise InputError(
            f"`valid_to` is {last!r}, before `valid_from` {first!r}; swap or mend them"
        )


def amount(given: Any, argument: str) -> float | int | None:
    """Return a number of people, or None where none is given.

    Raises
    ------
    InputError
        If it is no number, or one below 0.

    Examples
    --------
    >>> amount(100_000, "least")
    100000
    >>> amount(float("nan"), "least")
    Traceback (most recent call last):
    ...
    coterminous.errors.InputError: `least` is nan; give a number of people, of 0 or more
    """
    if given is None:
        return None
    number = isinstance(given, Real) and not isinstance(given, bool)
    if not number or not given >= 0:
        raise InputError(f"`{argument}` is {given!r}; give a number of people, of 0 or more")
    return given
