"""What is every answer? Figures with their notes, sources and dates, and the one guard of them all.

A result says of which registers that are not published its figures are. While there are any, it
is neither shown, nor written, nor printed: every way out of a subclass passes `Result.clear`,
also one that its author has forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import wraps
from html import escape
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from coterminous.dressed import Shown, dressed, plain
from coterminous.errors import DisclosureError, first_five
from coterminous.words import counted, shortened

if TYPE_CHECKING:
    import pandas as pd

    # The guards look at a result's class, and are typed as what they guard.
    _Way = TypeVar("_Way", bound=Callable[..., Any])

Self = TypeVar("Self", bound="Result")
#: Public methods that begin so take figures out of Python, and are guarded unasked.
WAYS_OUT = ("as_", "to_", "write", "save", "plot", "print", "show", "export", "draw")
#: Lines of notes that stand under the last line of a cell.
_MOST_LINES, _LONGEST_LINE = 4, 220
#: What every result gives.
_GIVEN = ("as_json", "as_frame", "_titled")
#: What a notebook or a console shows is made here, and nowhere else.
_SHOWN = re.compile(r"_repr_\w+_|_ipython_display_|__repr__|__str__|__format__|clear|open")


class Dated(Protocol):
    """A weight or a register: what is counted, and as at when."""

    @property
    def title(self) -> str:
        """What is printed for it."""

    @property
    def date(self) -> str:
        """As at when it is."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Result:
    """The base of every result: what must be said beside its figures, and who may see them.

    A subclass is a frozen dataclass (``eq=False, repr=False``) with frames of its own. It gives
    `as_json` and `as_frame`, and says in `_titled`, `_finding` and `_tables` what is shown. It
    cannot show itself in another way, and its methods that take figures out (`WAYS_OUT`, and
    those marked by `guarded`) raise where a register is not published.

    Attributes
    ----------
    restricted : tuple of str
        The registers in it that are not published.
    notes : tuple of str
        What must be said beside the figures.
    sources : tuple of str
        Where they come from.
    dates : mapping of str to str
        By what was counted: as at when.
    """

    #: What is written out, in the words of the error: "an impact", "a table of flows".
    called: ClassVar[str] = "a result"

    restricted: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)

    def __init_subclass__(cls, *, base: bool = False, **kwargs: Any) -> None:
        """Guard every way out of a new kind of result, and refuse one that goes round.

        `base` says that the class is a base of others, and gives no answer itself.

        Raises
        ------
        TypeError
            If the class, or one that it is mixed with, shows itself in a way of its own, or
            lacks what every result gives.
        """
        super().__init_subclass__(**kwargs)
        # Not `abc`: its `register` would be taken for the default of a field of that name.
        lacking = [n for n in _GIVEN if getattr(cls, n) is getattr(Result, n)]
        if lacking and not base:
            raise TypeError(f"{cls.__name__} is a result and lacks {first_five(lacking)}")
        for name in dir(cls):
            if _SHOWN.fullmatch(name) and getattr(cls, name) is not getattr(Result, name, None):
                raise TypeError(
                    f"{cls.__name__} has a `{name}` of its own, which would go round the guard of "
                    "restricted registers; say what it shows in `_titled`, `_finding`, `_tables`"
                )
            method = getattr(cls, name, None)
            if not isinstance(method, FunctionType) or hasattr(method, "passes_the_guard"):
                continue
            if name.startswith(WAYS_OUT) and method is not getattr(Result, name, None):
                setattr(cls, name, guarded()(method))
        # `dataclass` writes a `__repr__` of all fields into a class that has none of its own.
        cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    # ------------------------------------------------------------------ the guard

    @property
    def open(self) -> bool:
        """Whether all registers in it are published, so that it may be written out."""
        return not self.restricted

    def clear(self, what: str = "") -> None:
        """Raise if it counts people of a register that is not published.

        Parameters
        ----------
        what : str
            What would be written out, if it is not the whole result.

        Raises
        ------
        DisclosureError
        """
        if self.restricted:
            raise closed(", ".join(self.restricted), what or self.called)

    def hidden_under(self: Self, least: int) -> Self:  # noqa: ARG002 -- for those who can
        """Return the result with counts under `least` hidden; see `coterminous.protect`.

        Parameters
        ----------
        least : int
            Counts under this are hidden; at least 5.

        Raises
        ------
        DisclosureError
            If the rule does not cover this kind of result, as is so unless the kind says how.
        """
        raise uncovered(self)

    def hidden_by(self: Self, hidden: Any) -> Self:  # noqa: ARG002 -- for those who can
        """Return the result with what a rule hides hidden; see `coterminous.protect`.

        Parameters
        ----------
        hidden : Hidden
            What is hidden of it.

        Raises
        ------
        DisclosureError
            If no rule covers this kind of result, as is so unless the kind says how.
        """
        raise uncovered(self)

    # ------------------------------------------------------------------ the ways out

    def as_json(self) -> Any:
        """Return everything as plain values, under the names of the command line's contract."""
        raise NotImplementedError

    def as_frame(self) -> pd.DataFrame:
        """Return its main table, as it is written to a file."""
        raise NotImplementedError

    def _titled(self) -> str:
        """Name it, without a figure that counts people."""
        raise NotImplementedError

    def _finding(self) -> str:
        """Say in half a line what it found."""
        return ""

    def _said(self) -> Iterable[str]:
        """Give what must be said beside the figures, line by line."""
        return self.notes

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        """Give the tables to show, what matters first, each with the attribute that has it all."""
        return ()

    def show(self, rows: int | None = None) -> Shown:
        """Return the tables to read: names first, numbers as people write them, with the sources.

        Parameters
        ----------
        rows : int, optional
            How many of each table; all if not given.

        Returns
        -------
        Shown
            Jupyter shows it, and it copies into Excel and Word as tables.

        Raises
        ------
        DisclosureError
            If a register in it is not published.
        """
        self.clear()
        tables = list(self._tables())
        parts = [f"<p>{escape(self._sentence())}.</p>"]
        parts += [dressed(frame, f".{where}", rows, fit=False) for where, frame in tables]
        parts += [f"<p>{escape(line)}</p>" for line in self._beside()]
        words = [
            f"{self._sentence()}.",
            *(plain(frame, rows) for _, frame in tables),
            *self._beside(),
        ]
        return Shown("".join(parts), "\n\n".join(words))

    def _sentence(self) -> str:
        """Name it, and say what it found."""
        found = "restricted, not shown" if self.restricted else self._finding()
        return f"{self._titled()}{': ' if found else ''}{found}"

    def _beside(self) -> list[str]:
        """Give the lines that stand beside the figures: notes, dates and sources."""
        said = list(self._said())
        if self.dates:
            said.append(f"As at: {', '.join(f'{d} ({what})' for what, d in self.dates.items())}.")
        if self.sources:
            said.append(f"Source: {', '.join(self.sources)}.")
        return said

    def __getstate__(self) -> dict[str, Any]:
        # What was worked out of the fields is worked out again.
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<{self._sentence()}>"

    def _repr_html_(self) -> str:
        if self.restricted:
            return f"<p>{escape(repr(self))}</p>"
        # One sentence and the first rows of what matters; the rest is a word away.
        tables, beside = list(self._tables()), self._beside()
        parts = [f"<p>{escape(self._sentence())}.</p>"]
        parts += [dressed(frame, f".{where}") for where, frame in tables[:1]]
        lines = [shortened(line, _LONGEST_LINE) for line in beside[:_MOST_LINES]]
        parts += [f"<p><small>{escape(line)}</small></p>" for line in lines]
        more = [f".{where}" for where, _ in tables[1:]]
        # No note is left out unsaid.
        left = len(beside) - len(lines)
        more += [counted(left, "more note")] if left else []
        told = f"Also {', '.join(more)}; " if more else ""
        parts.append(f"<p><small>{escape(told)}.show() has all of it, to copy.</small></p>")
        return "".join(parts)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class OfBlocks(Result, base=True):
    """The base of results that count no register: everything in them may be shown."""

    restricted: tuple[str, ...] = ()


def guarded(what: str = "") -> Callable[[_Way], _Way]:
    """Let nothing out of a method of a result whose register is not published.

    Parameters
    ----------
    what : str
        What the method writes out, in the words of the error; the whole result where not given.
    """

    def guard(method: _Way) -> _Way:
        @wraps(method)
        def checked(self: Result, *args: Any, **kwargs: Any) -> Any:
            self.clear(what)
            return method(self, *args, **kwargs)

        checked.passes_the_guard = True  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return guard


def closed(register: str, what: str) -> DisclosureError:
    """Build the error for writing out a register that is not published."""
    return DisclosureError(
        f"{what} would write out register {register!r}, which is restricted; hide its small counts "
        "first with coterminous.protect(result), or say that it is published when it is read"
    )


def uncovered(result: object) -> DisclosureError:
    """Build the error for a result whose small counts cannot be hidden."""
    return DisclosureError(
        f"the least rule covers impacts and flows; a {type(result).__name__} of a restricted "
        "register cannot be written out"
    )


def dates_of(*counted: Dated) -> dict[str, str]:
    """Say as at when some weights and registers are; those without a date are left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> dates_of(SimpleNamespace(title="Residents", date="2020-06-30"))
    {'Residents': '2020-06-30'}
    """
    return {each.title: each.date for each in counted if each.date}
