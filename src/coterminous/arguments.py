"""What did the caller give: one thing or several, and one that is allowed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coterminous.errors import InputError, first_five, unknown


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
