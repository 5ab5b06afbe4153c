"""What is a plate? A drawn page with a name fit for a file."""

from __future__ import annotations

from dataclasses import dataclass

from coterminous.maps.paper.drawn import Drawn


@dataclass(frozen=True, eq=False, kw_only=True)
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
        """Draw it as SVG text; the same every time."""
        return super().svg(name=name or self.name)

    def _repr_svg_(self) -> str:
        return self.svg()
