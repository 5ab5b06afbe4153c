"""What is a drawn thing? A figure, what it finds, what it shows in words, and its sources."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
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
        """Draw it as PNG; the same bytes every time.

        Parameters
        ----------
        dpi : int
            Dots an inch.
        """
        return pictures.png(self.figure, dpi=dpi, alt=self.alt)

    def svg(self, *, name: str = "map") -> str:
        """Draw it as SVG text; the same every time."""
        return pictures.svg(self.figure, alt=self.alt, name=name)

    def save(self, path: str | Path, *, dpi: int = 300) -> Path:
        """Write it as PNG, SVG or PDF, by the ending of the path.

        Parameters
        ----------
        path : str or path
            Ends in ``.png``, ``.svg`` or ``.pdf``.
        dpi : int
            Dots an inch of a PNG.
        """
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
        figure: Any = self.figure
        # The figure may be the caller's own, so that it is told here how it is shown.
        figure._repr_mimebundle_ = partial(shown_in_a_cell, figure)
        return shown


def shown_in_a_cell(
    figure: Figure, include: Any = None, exclude: Any = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give Jupyter a figure as it would show it itself, with its words as alternative text.

    An exported notebook takes them from the picture's metadata.
    """
    del include, exclude  # Jupyter takes what it wants
    words = pictures.alt_text(figure)
    drawn, told = _as_jupyter_draws(figure)
    return {"image/png": drawn, "text/plain": words}, {"image/png": {**told, "alt": words}}


def _as_jupyter_draws(figure: Figure) -> tuple[Any, dict[str, Any]]:
    """Draw as the notebook is set to, such as its resolution; as PNG where it says nothing."""
    from matplotlib.figure import Figure as AnyFigure

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    formatters = getattr(getattr(shell, "display_formatter", None), "formatters", {})
    try:
        set_to = formatters["image/png"].lookup_by_type(AnyFigure)
    except KeyError:
        return pictures.png(figure, dpi=100, alt=pictures.alt_text(figure)), {}
    made = set_to(figure)
    return made if isinstance(made, tuple) else (made, {})
