"""What do the pictures show? Maps as PNG and SVG, each with words for those who cannot see it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from coterminous.errors import InputError
from coterminous.report.content import Picture
from coterminous.report.numbers import listed, written
from coterminous.report.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from coterminous.impacts import Impact
    from coterminous.layer import Layer

logger = logging.getLogger(__name__)
DPI = 160


def layer_picture(subject: Subject, kind: str, drawing: Layer) -> Picture | None:
    """Draw one layer with the councils beneath, or nothing where there are no polygons."""
    context = subject.units()
    beneath = context if context is not None and len(context) <= 60 else None
    options: dict[str, Any] = {"context": beneath, "sources": False}
    if subject.settings.palette:
        options["cmap"] = subject.settings.palette
    caption = drawing.title
    if beneath is not None:
        caption += f". Broken lines: {beneath.title}"
    return _picture(
        lambda: subject.area.plot(drawing, **options),
        key=f"map-{kind}",
        caption=f"{caption}.",
        alt=_map_words(subject, drawing),
        notes=_sources(subject, drawing, beneath),
    )


def changes_picture(subject: Subject) -> Picture | None:
    """Draw the pieces that the old and the new lines cut between them."""
    before, after = subject.before, subject.after
    pieces = before.refine(after, "changes")
    if len(pieces) > 60:
        return None
    options: dict[str, Any] = {"sources": False}
    return _picture(
        lambda: subject.area.plot(pieces, **options),
        key="map-changes",
        caption=f"Each piece by its area before and after: {before.title}; {after.title}.",
        alt=(
            f"Map of {len(pieces)} pieces, each the people of one area of {before.title} and one "
            f"of {after.title}; the table of who goes where gives their people."
        ),
        notes=_sources(subject, before, after),
    )


def interactive_page(subject: Subject) -> str:
    """Make one page with the drawings as toggles, whole and without a network; else nothing."""
    try:
        from coterminous.maps.offline import offline_html
    except ImportError:
        return ""
    try:
        layers = [layer for _, layer in subject.drawings()]
        return str(offline_html(subject.area.explore(*layers)))
    except InputError as error:
        logger.info("no interactive map: %s", error)
        return ""


def _picture(
    draw: Callable[[], Any],
    *,
    key: str,
    caption: str,
    alt: str,
    notes: tuple[str, ...] = (),
    width: float = 0.72,
) -> Picture | None:
    """Draw, and keep the picture as PNG and SVG; a geography without polygons has none."""
    from coterminous.maps import printed

    try:
        axes = draw()
    except InputError as error:
        logger.info("no picture %s: %s", key, error)
        return None
    figure = getattr(axes, "figure", axes)
    try:
        png = printed.png(figure, dpi=DPI, alt=alt)
        svg = printed.svg(figure, alt=alt, name=key)
    finally:
        import matplotlib.pyplot

        matplotlib.pyplot.close(figure)
    return Picture(
        key, caption, alt, png, svg.encode("utf-8") if isinstance(svg, str) else svg, notes, width
    )


def _map_words(subject: Subject, drawing: Layer) -> str:
    """Say in a sentence what a map of a layer shows."""
    people = subject.area.weight(subject.weight).groupby(drawing.assignment).sum()
    ranked = people.sort_values(ascending=False, kind="stable")
    names = dict(zip(drawing.codes, drawing.names, strict=True))
    said = [f"{names[code]} ({written(n, 'people')} people)" for code, n in ranked.items()]
    noun = "area" if len(drawing) == 1 else "areas"
    return f"Map of {len(drawing)} {noun}, {drawing.title}: {listed(said, 8)}."


def _sources(subject: Subject, *layers: Layer | None) -> tuple[str, ...]:
    """Give the source lines that a picture must carry."""
    area = subject.area
    blocks = area.settings.get("blocks", {}).get("source", "")
    named = [blocks, *(layer.source for layer in layers if layer is not None)]
    known = [name for name in dict.fromkeys(named) if name in area.sources.index]
    return area.attributions(*known) if known else ()


def alluvial_picture(subject: Subject) -> Picture | None:
    """Draw people flowing from old areas to new, where the drawing of it is there."""
    try:
        from coterminous.maps.alluvial import alluvial
    except ImportError:
        return None
    overlap = subject.overlap(subject.before, subject.after)
    table = overlap.table.sort_values("value", ascending=False, kind="stable")
    inside = table[(table["source"] != "outside") & (table["target"] != "outside")]
    if len(subject.before) > 20 or len(subject.after) > 20:
        return None
    old, new = overlap.names
    said = [
        f"{written(row.value, 'people')} from {old[row.source]} to {new[row.target]}"
        for row in inside.head(5).itertuples(index=False)
    ]
    return _picture(
        lambda: alluvial(overlap),
        key="people-flows",
        caption="Who goes where: the people of each area before and after, to scale.",
        alt=f"Diagram of people from old areas to new. The largest flows: {listed(said)}.",
        notes=_sources(subject, subject.before, subject.after),
        width=1.0,
    )


def practices_picture(subject: Subject, found: Impact) -> Picture | None:
    """Map the practices that change status, where the drawing of them is there."""
    try:
        from coterminous.maps.plates import plot_practices
    except ImportError:
        return None
    changed = found.changes()
    if not len(changed):
        return None
    counts = changed["status"].value_counts()
    return _picture(
        lambda: plot_practices(subject.area, found, layer=subject.after),
        key="map-practices",
        caption="Practices that change status, sized by their list.",
        alt=(
            f"Map of {len(changed)} practices that change status: "
            f"{counts.get('newly_crossing', 0)} newly cross a line, "
            f"{counts.get('resolved', 0)} no longer do; the table lists them."
        ),
        notes=_sources(subject, subject.after),
    )
