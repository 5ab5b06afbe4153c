"""What is a plate? A drawn page, its finding, and what it shows in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coterminous.maps.paper import printed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Plate:
    """One plate: a figure, what it finds, and what it shows in words.

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
    title: str
    alt: str
    figure: Figure

    def png(self, *, dpi: int = 300) -> bytes:
        """Draw it as PNG; the same bytes every time."""
        return printed.png(self.figure, dpi=dpi, alt=self.alt)

    def svg(self) -> str:
        """Draw it as SVG text; the same every time."""
        return printed.svg(self.figure, alt=self.alt, name=self.name)

    def _repr_svg_(self) -> str:
        return self.svg()
