"""What stands in the place of a map where no script may run? A picture of it, and its words.

A notebook that is not trusted takes out scripts, frames and styles; print has no use for controls.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterminous.maps import findings
from coterminous.maps import points as where
from coterminous.maps.choosing import legend_of
from coterminous.maps.page.escaping import references
from coterminous.maps.style import INK, PAPER
from coterminous.words import title_in_sentence, title_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

_DPI = 90
# Hidden where styles are let through, which is where scripts run too; shown in print.
_STYLE = (
    "<style>.ct-still,.ct-trust{display:none}@media print{.ct-still{display:block!important}"
    ".ct-live{display:none!important}}</style>"
)
_TRUST = (
    "This notebook is not trusted here, so that the map is a picture. To click on it: File, then "
    "Trust Notebook; or, before it is opened, jupyter trust and its name."
)


@dataclass(frozen=True)
class Still:
    """What a picture of a map shows: its layers and their fills, and the points on it.

    Attributes
    ----------
    area
        The geography.
    layers
        Those of the map; the first is filled, the lines of the second are broken.
    fills
        By layer the ``#RRGGBB`` of each area.
    classes, heading
        What the fills stand for, where they stand for a figure.
    practices, sites
        Points, as `coterminous.maps.points` gives them; None where there are none.
    beside
        Whether the second layer has a picture of its own.
    """

    area: Geography
    layers: Sequence[AnyLayer]
    fills: Sequence[Mapping[str, str]]
    classes: Sequence[tuple[str, str]] = ()
    heading: str = ""
    practices: pd.DataFrame | None = None
    sites: pd.DataFrame | None = None
    beside: bool = False

    def drawn(self) -> tuple[bytes, str]:
        """Draw it as PNG; return it with its alternative text."""
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        from coterminous.maps.paper.pictures import png
        from coterminous.maps.paper.printed import plot_areas

        many = 2 if self.beside else 1
        shapes = [self.area.polygons(layer) for layer in self.layers[:2]]
        west, south, east, north = shapes[0].total_bounds
        tall = min(max((north - south or 1) / (east - west or 1), 0.5), 1.4)
        figure = Figure(figsize=(4.6 * many, 0.4 + 4.6 * tall), dpi=_DPI)
        FigureCanvasAgg(figure)
        for k in range(many):
            ax = figure.add_axes(((k + 0.01) / many, 0.01, 0.98 / many, 0.98))
            plot_areas(
                shapes[k],
                ax=ax,
                title=title_of(self.layers[k]) if self.beside else None,
                context=shapes[1] if not self.beside and len(shapes) > 1 else None,
                colours=self.fills[k],
                entries=legend_of(self.classes),
                heading=self.heading,
                legend_below=True,
                what=title_of(self.layers[k]),
            )
            with mpl.rc_context():
                self._add_points(ax)
        alt = " ".join(
            findings.layer_alt_text(self.area, layer) for layer in self.layers[: max(many, 1)]
        )
        if not self.beside and len(self.layers) > 1:
            alt += f" Broken lines: {title_in_sentence(self.layers[1], self.area)}."
        return png(figure, dpi=_DPI, alt=alt), alt

    def _add_points(self, ax: Axes) -> None:
        west, east = ax.get_xlim()
        south, north = ax.get_ylim()
        for points, sized in ((self.practices, 14.0), (self.sites, 55.0)):
            if points is None:
                continue
            inside = points["easting"].between(west, east)
            inside &= points["northing"].between(south, north)
            statuses = points["status"] if "status" in points else points["easting"] * 0
            for status, some in points[inside].groupby(statuses[inside].astype(str)):
                look = where.look(str(status))
                style: dict[str, Any] = {"marker": look["marker"], "facecolor": look["colour"]}
                if points is self.sites:
                    style = {"marker": "P", "facecolor": PAPER}
                ax.scatter(
                    some["easting"], some["northing"], s=sized, edgecolor=INK, linewidth=0.5,
                    zorder=8, **style,
                )  # fmt: skip


def in_a_cell(
    still: Still, live: str, *, title: str, age: str, sources: Sequence[str], words: str
) -> str:
    """Put a map's frame into a cell, with a picture in its place where it cannot run.

    Parameters
    ----------
    still
        What the picture shows.
    live
        The frame, as HTML.
    title, age
        The finding, and how old the data are.
    sources
        Source and licence lines.
    words
        HTML of the map in words, made of references only.
    """
    picture, alt = still.drawn()
    shown = b64encode(picture).decode("ascii")
    said = f"<details><summary>This map in words</summary>{words}</details>" if words else ""
    return (
        f'<div>{_STYLE}<div class="ct-still"><p><b>{references(title)}</b></p>'
        f"<p>{references(age)}</p>"
        f'<img src="data:image/png;base64,{shown}" alt="{references(alt)}">'
        f'<p class="ct-trust">{references(_TRUST)}</p>{said}'
        f"<p><small>{references(' '.join(f'{line.rstrip(chr(46))}.' for line in sources))}</small>"
        "</p></div>"
        f'<div class="ct-live">{live}</div></div>'
    )
