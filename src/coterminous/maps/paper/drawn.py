"""What is a drawn thing? A figure, what it finds, what it shows in words, and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.maps.paper import pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, kw_only=True)
class Drawn:
    """A figure with its words, passed on as one value.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        Alternative text: what it shows, in sentences computed from what is drawn.
    title : str
        What it finds; empty where it has no title.
    sources : tuple of str
        The statements that it must carry, whether or not they stand at its foot.
    axes : matplotlib.axes.Axes, optional
        Those of the figure that hold it, where it is drawn on one.
    """

    figure: Figure
    alt: str
    title: str = ""
    sources: tuple[str, ...] = ()
    axes: Axes | None = None

    def png(self, *, dpi: int = 300) -> bytes:
        """Draw it as PNG; the same bytes every time."""
        return pictures.png(self.figure, dpi=dpi, alt=self.alt)

    def svg(self, *, name: str = "map") -> str:
        """Draw it as SVG text; the same every time."""
        return pictures.svg(self.figure, alt=self.alt, name=name)

    def save(self, path: str | Path, *, dpi: int = 300) -> Path:
        """Write it as PNG, SVG or PDF, by the ending of the path."""
        return pictures.save(self.figure, path, dpi=dpi, alt=self.alt)

    def handed_out(self) -> Any:
        """Give its axes, or its figure, to a caller who draws on, with its words beside it.

        Scripts read ``alt_text`` (and ``title`` of a figure) from what a public function returns.
        Nothing inside the library does: it passes on the value.
        """
        shown: Any = self.axes if self.axes is not None else self.figure
        shown.alt_text = self.alt
        if self.title and self.axes is None:
            shown.title = self.title
        return shown
