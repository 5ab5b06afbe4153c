"""What is wrong with the input, in one sentence that names the mend."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from numbers import Real

#: So many names of what is allowed are listed in an error, and so many characters of them.
LISTED, LONG = 8, 160


class InputError(ValueError):
    """Something the caller gave is wrong; the message says what, where, and how to mend it.

    The command line prints the message alone and exits with status 2. So does a notebook, which
    shows where it was raised after ``%xmode Verbose``.
    """

    def _render_traceback_(self, *_: object) -> list[str]:
        """Show the sentence in IPython, and all of it where all is asked for."""
        shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
        if getattr(getattr(shell, "InteractiveTB", None), "mode", "") == "Verbose":
            return "".join(traceback.format_exception(self)).splitlines()
        return [f"{type(self).__name__}: {self}", "(where it was raised: %xmode Verbose)"]


class UnsoundError(InputError):
    """The blocks have polygons, and these cannot be drawn or measured."""


class CallError(InputError, TypeError):
    """A function was called with an option that it has not, or without one that it needs."""


class DisclosureError(InputError):
    """A restricted register would have been written out without a disclosure rule."""


def first_five(offenders: Iterable[object]) -> str:
    """List the first five of some offending values, and say how many more there are.

    Examples
    --------
    >>> first_five(["a", "b"])
    "'a', 'b'"
    >>> first_five(range(7))
    '0, 1, 2, 3, 4 and 2 more'
    """
    listed = list(offenders)
    text = ", ".join(repr(str(x) if isinstance(x, str) else x) for x in listed[:5])
    return text if len(listed) <= 5 else f"{text} and {len(listed) - 5} more"


def checked_share(
    argument: str,
    given: object,
    example: str,
    *,
    none: bool = False,
    all_of_it: bool = True,
) -> float:
    """Return a share that was given as an option, or say that it is none.

    Parameters
    ----------
    argument : str
    given : object
        A number from 0 to 1; neither text, nor true or false, nor not a number.
    example : str
        Such as ``0.05 for 5%``.
    none, all_of_it : bool
        Whether 0, and 1, are allowed.

    Raises
    ------
    InputError

    Examples
    --------
    >>> checked_share("threshold", 0.05, "0.05 for 5%")
    0.05
    """
    if isinstance(given, Real) and not isinstance(given, bool):
        share = float(given)
        # NaN is in no range.
        if 0 < share < 1 or (none and share == 0) or (all_of_it and share == 1):
            return share
    least = "at least 0" if none else "above 0"
    most = "at most 1" if all_of_it else "under 1"
    raise InputError(
        f"`{argument}` is {given!r}; give a share, such as {example}: a number {least} and {most}"
    )


def unknown(
    argument: str,
    given: object,
    allowed: Sequence[str],
    see: str = "",
    *,
    known_as: Sequence[str] = (),
) -> InputError:
    """Build the error for a name that is not one of those allowed.

    Parameters
    ----------
    argument : str
    given : object
    allowed : sequence of str
        The first few are listed, and the nearest is asked for.
    see : str
        A sentence, begun with a space, that says how to list the rest.
    known_as : sequence of str
        What could have been meant, where it is not spelt as it is listed.

    Examples
    --------
    >>> str(unknown("weight", "populaton", ["population", "hectares"]))
    "`weight` is 'populaton', which is not one of: population, hectares. Did you mean 'population'?"
    """
    hint = closest(given, known_as or allowed)
    shown = some_of(allowed)
    return InputError(f"`{argument}` is {given!r}, which is not one of: {shown}.{hint}{see}")


def some_of(allowed: Sequence[str]) -> str:
    """List the first of what is allowed, eight or as many as are soon read, and count the rest.

    Examples
    --------
    >>> some_of(["north", "south"])
    'north, south'
    >>> some_of([f"ward {i}" for i in range(12)])
    'ward 0, ward 1, ward 2, ward 3, ward 4, ward 5, ward 6, ward 7 and 4 more'
    """
    names = [str(a) for a in allowed]
    shown = 0
    while shown < min(len(names), LISTED) and len(", ".join(names[: shown + 1])) <= LONG:
        shown += 1
    # One name is told however long it is.
    shown = min(max(shown, 1), len(names))
    listed = ", ".join(names[:shown]) or "(none)"
    return listed if shown == len(names) else f"{listed} and {len(names) - shown:,} more"


def closest(given: object, allowed: Iterable[str]) -> str:
    """Ask whether the nearest of those allowed was meant; nothing where none is near.

    Examples
    --------
    >>> closest("titel", ["title", "name"])
    " Did you mean 'title'?"
    >>> closest("x", ["title", "name"])
    ''
    """
    listed = [str(a) for a in allowed]
    close = get_close_matches(str(given), listed, n=1, cutoff=0.6)
    if not close:  # letter case is no reason to know nothing of it
        folded = {a.casefold(): a for a in reversed(listed)}
        near = get_close_matches(str(given).casefold(), list(folded), n=1, cutoff=0.6)
        close = [folded[n] for n in near]
    return f" Did you mean {close[0]!r}?" if close else ""
