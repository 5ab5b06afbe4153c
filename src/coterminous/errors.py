"""What is wrong with the input, in one sentence that names the mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from numbers import Real


class InputError(ValueError):
    """Something the caller gave is wrong; the message says what, where, and how to mend it.

    The command line prints the message alone and exits with status 2.
    """


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


def unknown(argument: str, given: object, allowed: Sequence[str]) -> InputError:
    """Build the error for a name that is not one of those allowed.

    Examples
    --------
    >>> str(unknown("weight", "populaton", ["population", "hectares"]))
    "`weight` is 'populaton', which is not one of: population, hectares. Did you mean 'population'?"
    """
    hint = closest(given, allowed)
    shown = ", ".join(str(a) for a in list(allowed)[:40]) or "(none)"
    if len(allowed) > 40:
        shown += f" and {len(allowed) - 40} more"
    return InputError(f"`{argument}` is {given!r}, which is not one of: {shown}.{hint}")


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
