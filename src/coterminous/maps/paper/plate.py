"""What is a plate? A drawn page with a name fit for a file."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import Any

from coterminous.maps.paper.drawn import Drawn
from coterminous.words import counted, shortened

#: Dots an inch of a plate under a cell, alone and among others, and pixels across of the latter.
_SHOWN, _SMALL, _WIDE = 100, 40, 160


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Plate(Drawn):
    """One plate: a figure of A4, what it finds, and what it shows in words.

    Attributes
    ----------
    name
        Short and fit for a file, such as ``before``.
    title
        The finding.
    alt
        Alternative text: what the map shows, in sentences computed from the data.
    figure
        A matplotlib figure of A4.
    """

    name: str

    def svg(self, *, name: str = "") -> str:
        """Draw it as SVG text; the same every time.

        Parameters
        ----------
        name : str
            Goes before each id in it; the plate's if not given.
        """
        return super().svg(name=name or self.name)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        del include, exclude
        drawn = b64encode(self.png(dpi=_SHOWN)).decode("ascii")
        return {"image/png": drawn, "text/plain": repr(self)}, {"image/png": {"alt": self.alt}}

    def __repr__(self) -> str:
        return f"<Plate {self.name}: {self.title}>"


class Plates(dict[str, Plate]):
    """Plates by name; under a cell of a notebook all of them, small, each with what it finds."""

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {plate.title}" for name, plate in self.items())

    def _repr_html_(self) -> str:
        pages = "".join(
            f'<figure style="width:{_WIDE}px;margin:.4em;display:inline-block;vertical-align:top">'
            f'<img width="{_WIDE}" src="data:image/png;base64,'
            f'{b64encode(plate.png(dpi=_SMALL)).decode("ascii")}" alt="{escape(plate.alt)}">'
            f"<figcaption><b>{escape(name)}</b> {escape(shortened(plate.title, 90))}</figcaption>"
            "</figure>"
            for name, plate in self.items()
        )
        return (
            f"<p>{counted(len(self), 'plate')} of A4, by name; one alone is shown large, and "
            f"<code>.save(path)</code> writes it.</p><div>{pages}</div>"
        )
