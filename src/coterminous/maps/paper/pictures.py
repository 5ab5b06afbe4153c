"""How a drawing becomes a file: PNG, SVG or PDF, the same bytes every time, with its words."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from coterminous.errors import InputError
from coterminous.files import GENERATOR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RC = {
    "font.family": ["DejaVu Sans"],
    "svg.fonttype": "path",
    "axes.unicode_minus": False,
    "text.parse_math": False,
    "hatch.linewidth": 0.7,
}
"""DejaVu Sans comes with matplotlib, so that text is set the same on every machine."""


def save(
    figure: Figure | Axes, path: str | Path, *, dpi: int = 300, alt: str | None = None
) -> Path:
    """Write a figure as PNG, SVG or PDF, the same bytes every time.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    path
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    dpi
        Dots an inch of a PNG.
    alt
        Alternative text; by default the axes' ``alt_text``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    InputError
        If the ending is another.
    """
    from coterminous.files import replacing

    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    with replacing(target) as beside:
        if kind == "svg":
            drawn = svg(figure, alt=alt, name=target.stem)
            marked = drawn.replace("<svg", f'<svg data-generator="{GENERATOR}"', 1)
            beside.write_text(marked, encoding="utf-8", newline="")
        elif kind == "png":
            beside.write_bytes(png(figure, dpi=dpi, alt=alt))
        elif kind == "pdf":
            beside.write_bytes(
                _bytes(
                    figure, "pdf", {"CreationDate": None, "Producer": None, "Creator": GENERATOR}
                )
            )
        else:
            raise InputError(
                f"`path` is {target.name!r}, which does not end in .png, .svg or .pdf."
            )
    return target


def png(figure: Figure | Axes, *, dpi: int = 300, alt: str | None = None) -> bytes:
    """Draw a figure as PNG, with no date and no version in it; `alt` goes in as its description."""
    sentence = alt_text(figure, alt)
    told = {"Software": None, "Generator": GENERATOR} | (
        {"Description": sentence} if sentence else {}
    )
    return _bytes(figure, "png", told, dpi=dpi)


def svg(
    figure: Figure | Axes, *, alt: str | None = None, name: str = "map", words: bool = False
) -> str:
    """Draw a figure as SVG text that can stand in a page beside others.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    alt
        Alternative text; by default the axes' ``alt_text``.
    name
        Goes before each element's id, so that two drawings in one page share none.
    words
        Whether text stays text, which can be searched, and not outlines of letters.

    Returns
    -------
    str
        One ``<svg>`` element, with a ``role``, a title and no size but its view box.
    """
    drawn = _bytes(figure, "svg", {"Date": None, "Creator": None}, name=name, words=words)
    text = drawn.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "map"
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r'(xlink:href="#|href="#|url\(#)', rf"\g<1>{prefix}-", text)
    text = text.replace('xlink:href="#' + prefix + "-" + prefix, 'xlink:href="#' + prefix)
    sentence = alt_text(figure, alt)
    opening = text[: text.index(">") + 1]
    opening = re.sub(r'\s(?:width|height)="[^"]*pt"', "", opening)
    if sentence:
        told = f' role="img" aria-labelledby="{prefix}-alt">\n <title id="{prefix}-alt">'
        opening = opening[:-1] + told + escape(sentence) + "</title>"
    return opening + text[text.index(">") + 1 :]


def alt_text(figure: Figure | Axes, alt: str | None = None) -> str:
    """Give the sentence that says what a figure shows: `alt`, or that of its axes."""
    if alt is not None:
        return alt
    owner = figure.get_figure() if hasattr(figure, "get_xlim") else figure
    said = [getattr(ax, "alt_text", "") for ax in owner.axes]
    return getattr(owner, "alt_text", "") or " ".join(s for s in said if s)


def _bytes(
    figure: Figure | Axes,
    kind: str,
    metadata: dict[str, Any],
    *,
    dpi: float = 150,
    name: str = "map",
    words: bool = False,
) -> bytes:
    import matplotlib as mpl

    owner = figure.get_figure() if hasattr(figure, "get_xlim") else figure
    held = io.BytesIO()
    kept = {"svg.fonttype": "none"} if words else {}
    with mpl.rc_context({**RC, "svg.hashsalt": name, **kept}):
        owner.savefig(held, format=kind, dpi=dpi, metadata=metadata, facecolor="white")
    return held.getvalue()
