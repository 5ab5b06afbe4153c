"""Who goes from which old area to which new one: a diagram whose bands are people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coterminous.errors import InputError
from coterminous.layer import OUTSIDE
from coterminous.maps import findings
from coterminous.maps.paper import furniture, labels, printed
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.style import FOCUS, INK, MAP_FILLS, UNFOCUSED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from coterminous.overlap import Overlap

GAP = 0.025
"""Space between two areas of one side, as a share of all people."""
THIN = 0.018
"""Up to this share of all people a band has no room for a number."""


def alluvial(
    overlap: Overlap,
    *,
    heads: tuple[str, str] | None = None,
    unit: str = "people",
    ax: Axes | None = None,
    title: str | None = None,
    sources: Sequence[str] = (),
    page: bool = False,
) -> Axes:
    """Draw the people of each old area flowing to the new ones.

    Parameters
    ----------
    overlap
        Of the old layer, on the left, and the new.
    heads
        What stands over either side; the layers' names where None.
    unit
        What is counted.
    ax
        Axes to draw on; a new figure where None.
    title
        What it finds; none where None.
    sources
        Lines that stand below a new figure.
    page
        Whether a new figure is a page of A4.

    Returns
    -------
    matplotlib.axes.Axes
        With ``alt_text``. Bands are as high as the people in them; those that lie outside a
        layer are a band of their own, named so.

    Raises
    ------
    InputError
        If there is nobody in either layer.

    Examples
    --------
    >>> import coterminous as ct
    >>> alluvial(ct.load().overlap("ccg2021", "pbp2021")).alt_text[:46]
    'Diagram of people from ccg2021 to pbp2021: 384'
    """
    drawn = draw_bands(
        overlap, heads=heads, unit=unit, ax=ax, title=title, sources=sources, page=page
    )
    axes: Axes = drawn.handed_out()
    return axes


def draw_bands(
    overlap: Overlap,
    *,
    heads: tuple[str, str] | None = None,
    unit: str = "people",
    ax: Axes | None = None,
    title: str | None = None,
    sources: Sequence[str] = (),
    page: bool = False,
) -> Drawn:
    """Draw what `alluvial` hands out, as a value with its words."""
    import matplotlib as mpl

    if overlap.table.empty:
        raise InputError(
            f"nobody lives in {overlap.source!r} or {overlap.target!r}: no band to draw"
        )
    said = heads or (overlap.source, overlap.target)
    thin = _too_thin(overlap, unit)
    sources = [*thin, *sources] if sources else ()
    if ax is None:
        below = furniture.height_of_sources(sources) if sources else 0.0
        ax = (
            printed.a4_axes(title=title or "", below=below + 1.8)
            if page
            else printed.wide_axes(title=title or "", below=below)
        )
    with mpl.rc_context(printed.RC):
        _Diagram(ax, overlap, said).draw()
        if title:
            furniture.title(ax, title, size=15 if page else 12)
        if sources:
            furniture.source_lines(ax, sources, below=0.1)
    return Drawn(
        figure=ax.figure,
        axes=ax,
        title=title or "",
        alt=alt_text(overlap, said, unit),
        sources=tuple(sources),
    )


def alt_text(overlap: Overlap, heads: tuple[str, str], unit: str) -> str:
    """Say in a sentence who goes where, largest first."""
    cells = overlap.table
    inside = cells[(cells["source"] != OUTSIDE) & (cells["target"] != OUTSIDE)]
    ordered = inside.sort_values(["value", "source", "target"], ascending=[False, True, True])
    old, new = overlap.names
    flows = [
        f"{row.value:,.0f} from {old[row.source]} to {new[row.target]}"
        for row in ordered.head(findings.MANY).itertuples(index=False)
    ]
    rest = len(ordered) - len(flows)
    tail = f"; and {rest:,} smaller bands" if rest > 0 else ""
    return f"Diagram of {unit} from {heads[0]} to {heads[1]}: {'; '.join(flows)}{tail}."


def _too_thin(overlap: Overlap, unit: str) -> list[str]:
    """Say in the small print how many are in the bands that are too thin for a number."""
    cells = overlap.table
    total = float(cells["value"].sum()) or 1.0
    thin = cells[(cells["value"] / total <= THIN) & (cells["value"] > 0)]
    thin = thin.sort_values(["value", "source", "target"], ascending=[False, True, True])
    old, new = ({**side, OUTSIDE: "outside"} for side in overlap.names)
    said = [
        f"{row.value:,.0f} from {old[row.source]} to {new[row.target]}"
        for row in thin.head(findings.MANY).itertuples(index=False)
    ]
    if not said:
        return []
    rest = len(thin) - len(said)
    tail = f"; and {rest:,} smaller" if rest else ""
    return [f"Bands too thin for a number, in {unit}: {'; '.join(said)}{tail}."]


class _Diagram:
    """Places the areas of both sides and the bands between them."""

    def __init__(self, ax: Axes, overlap: Overlap, heads: tuple[str, str]) -> None:
        self.ax, self.heads, self.names = ax, heads, overlap.names
        self.cells = cells = overlap.table
        self.total = float(cells["value"].sum()) or 1.0
        # The new areas stand as near as can be to the old areas that their people come from.
        left = _ordered(cells.groupby("source")["value"].sum())
        place = {code: k for k, code in enumerate(left)}
        middle = (cells["source"].map(place) * cells["value"]).groupby(cells["target"]).sum()
        middle = middle / cells.groupby("target")["value"].sum().where(lambda v: v > 0)
        right = sorted(middle.index, key=lambda c: (c == OUTSIDE, middle[c], c))
        self.left = self._stack(left, "source")
        self.right = self._stack(right, "target")

    def _stack(self, order: list[str], side: str) -> dict[str, tuple[float, float]]:
        """Give each area its top and its height, from the top down."""
        sums = self.cells.groupby(side)["value"].sum()
        top, found = 0.0, {}
        for code in order:
            high = float(sums[code]) / self.total
            found[code] = (top, high)
            top += high + GAP
        return found

    def draw(self) -> None:
        """Draw bands, areas and names."""
        from matplotlib.patches import Rectangle

        ax = self.ax
        depth = 1 + GAP * max(len(self.left), len(self.right))
        ax.set_xlim(-0.42, 1.42)
        ax.set_ylim(depth, -0.10)
        ax.axis("off")
        self._bands()
        for side, x, names in ((self.left, -0.03, 0), (self.right, 1.0, 1)):
            for code, (top, high) in side.items():
                ax.add_patch(Rectangle((x, top), 0.03, high, facecolor=INK, edgecolor="none"))
                self._name(self.names[names].get(code, code), code, x, top, high)
        for x, head, ha in ((-0.42, self.heads[0], "left"), (1.42, self.heads[1], "right")):
            ax.text(
                x,
                -0.03,
                labels.wrapped(head, width=34),
                ha=ha,
                va="bottom",
                fontsize=9,
                fontweight="bold",
                color=INK,
            )

    def _bands(self) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        used = {side: {c: t for c, (t, _) in stack.items()} for side, stack in self._sides()}
        fills = {code: MAP_FILLS[k % len(MAP_FILLS)] for k, code in enumerate(self.left)}
        order_left, order_right = list(self.left), list(self.right)
        ordered = self.cells.assign(
            i=self.cells["source"].map(order_left.index),
            j=self.cells["target"].map(order_right.index),
        ).sort_values(["i", "j"])
        for row in ordered.itertuples(index=False):
            high = row.value / self.total
            a, b = used["left"][row.source], used["right"][row.target]
            used["left"][row.source] += high
            used["right"][row.target] += high
            points = [(0, a), (0.5, a), (0.5, b), (1, b), (1, b + high)]
            points += [(0.5, b + high), (0.5, a + high), (0, a + high), (0, a)]
            codes = [
                Path.MOVETO,
                *[Path.CURVE4] * 3,
                Path.LINETO,
                *[Path.CURVE4] * 3,
                Path.CLOSEPOLY,
            ]
            outside = OUTSIDE in (row.source, row.target)
            self.ax.add_patch(
                PathPatch(
                    Path(points, codes),
                    facecolor=UNFOCUSED if outside else fills[row.source],
                    edgecolor=INK,
                    linewidth=0.5,
                    alpha=0.9,
                )
            )
            if high > THIN:
                self.ax.text(
                    0.06, a + high / 2, f"{row.value:,.0f}", va="center", fontsize=8, color=INK
                )

    def _sides(self) -> list[tuple[str, dict[str, tuple[float, float]]]]:
        return [("left", self.left), ("right", self.right)]

    def _name(self, name: str, code: str, x: float, top: float, high: float) -> None:
        name = "Outside" if code == OUTSIDE else name
        text = f"{labels.wrapped(name, width=20)}\n{high * self.total:,.0f}"
        left = x < 0.5
        at: dict[str, Any] = {"ha": "right" if left else "left", "va": "center"}
        self.ax.text(
            x - 0.015 if left else x + 0.045,
            top + high / 2,
            text,
            fontsize=8,
            color=FOCUS if code == OUTSIDE else INK,
            parse_math=False,
            linespacing=1.15,
            **at,
        )


def _ordered(sums: pd.Series) -> list[str]:
    """Order areas by people, most first, ``outside`` last."""
    codes = np.array(sums.index, dtype=object)
    return sorted(codes, key=lambda c: (c == OUTSIDE, -float(sums[c]), str(c)))
