"""What do the pictures show? Maps as PNG and SVG, each with words for those who cannot see it."""

from __future__ import annotations

import logging
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from coterminous.errors import InputError
from coterminous.maps.colours import colour_register
from coterminous.report.content import InteractiveMap, Picture
from coterminous.report.numbers import written
from coterminous.report.registered import impact_of, open_register, register_of
from coterminous.report.subject import Subject
from coterminous.words import counted, in_words, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coterminous.drawings.appraisal import Appraisal
    from coterminous.maps.colours import Register
    from coterminous.maps.paper import panels
    from coterminous.maps.paper.drawn import Drawn
    from coterminous.shares import AnyLayer

logger = logging.getLogger(__name__)
DPI = 160
PLATE_DPI = 200
# The tallest that a picture may be, as a share of the width of the text.
TALLEST = 0.92
#: The same of a picture that has a page to itself, for it is full of names.
A_PAGE = 1.28
MOST_BANDS = 20
#: Places that a caption names.
MOST_PLACES = 8


def layer_picture(subject: Subject, kind: str, drawing: AnyLayer) -> Picture | None:
    """Draw one layer with the councils beneath, or nothing where there are no polygons."""
    if not subject.pictured:
        return None
    context = subject.units()
    beneath = context if context is not None and len(context) <= 60 else None
    options: dict[str, Any] = {"context": beneath, "sources": False, "colours": colours(subject)}
    if subject.settings.palette:
        del options["colours"]
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
    """Draw what changes: who is taken whole into another area, and who is parted."""
    if not subject.pictured:
        return None
    from coterminous.maps.paper import platekinds

    before, after = subject.before, subject.after
    return _plate(
        lambda: platekinds.change_plate(subject.area, before, after, subject.weight),
        key="map-changes",
        caption=f"What changes: {before.title}; {after.title}.",
    )


def alluvial_picture(subject: Subject) -> Picture | None:
    """Draw people flowing from old areas to new."""
    from coterminous.maps.paper import platekinds

    if not subject.pictured:
        return None
    if len(subject.before) > MOST_BANDS or len(subject.after) > MOST_BANDS:
        return None
    if not subject.overlap(subject.before, subject.after).table["value"].sum():
        return None
    return _plate(
        lambda: platekinds.flow_plate(subject.area, subject.before, subject.after, subject.weight),
        key="people-flows",
        caption="Who goes where: the people of each area before and after, to scale.",
    )


def practices_picture(subject: Subject) -> Picture | None:
    """Map the practices whose status changes."""
    if not subject.pictured:
        return None
    from coterminous.maps.paper.practiceplate import practice_plate

    before, after, register = subject.before, subject.after, subject.settings.patients
    found = impact_of(subject, register_of(subject, "patients"), after)
    return _plate(
        lambda: practice_plate(subject.area, before, after, register, found=found),
        key="map-practices",
        caption="Practices that change status.",
        tallest=A_PAGE,
    )


def trusts_picture(subject: Subject) -> Picture | None:
    """Map the trust to which most people of each area go."""
    if not subject.pictured:
        return None
    from coterminous.maps.paper import platekinds

    return _plate(
        lambda: platekinds.trust_plate(subject.area, subject.after, subject.settings.hospitals),
        key="map-trusts",
        caption="Where most people go to hospital, neighbourhood by neighbourhood.",
    )


def options_picture(subject: Subject, options: list[AnyLayer]) -> Picture | None:
    """Draw the options side by side."""
    if not subject.pictured:
        return None
    from coterminous.maps.paper import optionplates

    return _plate(
        lambda: optionplates.options_plate(subject.area, options, subject.weight),
        key="map-options",
        caption="The options side by side.",
    )


def front_picture(subject: Subject, decision: AnyLayer, found: Appraisal) -> Picture | None:
    """Plot every drawing by two scores, the decision marked."""
    if not subject.pictured:
        return None
    from coterminous.maps.paper.appraisals import draw_scatter

    if not {"v_measure", "localisation"} <= set(found.standing.index):
        return None
    drawn = draw_scatter(found.options, among=found.among, sources=False)
    return _picture(
        lambda: drawn.figure,
        key=f"options-{decision.name}",
        caption="Every way to group councils: how closely areas follow councils, and hospital "
        f"patients at their area's main trust; {decision.title} marked.",
        alt=drawn.alt,
        notes=_sources(subject, decision),
    )


# ------------------------------------------------------------------ the pictures of the pages


def colours(subject: Subject) -> Register:
    """Give every area of the paper its colour; the same on every map."""

    def work_out() -> Register:
        found = dict(subject.drawings())
        main = found.get("whole", subject.after)
        parts = {main.name: subject.after} if "whole" in found else {}
        options = [subject.area.layer(name) for name in subject.settings.options]
        if not _has_polygons(subject):
            return {}
        return colour_register(
            subject.area, subject.before, [main, *options], parts=parts, weight=subject.weight
        )

    made: Register = subject.once("colours", work_out)
    return made


def _ground(subject: Subject, *, more: Sequence[AnyLayer] = ()) -> panels.Ground:
    """Give what the maps of the pages share: frame, colours, towns and hospitals; once."""
    key = ("ground", *(layer.name for layer in more))
    made: panels.Ground = subject.once(key, lambda: _ground_of(subject, more))
    return made


def _ground_of(subject: Subject, more: Sequence[AnyLayer]) -> panels.Ground:
    from coterminous.maps.paper import panels

    layers = [layer for _, layer in subject.drawings()]
    hospitals = open_register(subject, "hospitals")
    given = dict(colours(subject))
    if more:
        given |= colour_register(subject.area, subject.before, more, weight=subject.weight)
    return panels.ground_of(
        subject.area,
        layers,
        given,
        weight=subject.weight,
        sites=bool(hospitals) and hospitals == subject.area.role("hospital"),
    )


def _has_polygons(subject: Subject) -> bool:
    """Whether every drawing can be drawn."""

    def look() -> bool:
        try:
            shapes = [subject.area.polygons(layer) for _, layer in subject.drawings()]
        except InputError:
            return False
        return all(len(each) and not each.geometry.is_empty.all() for each in shapes)

    found: bool = subject.once("polygons", look)
    return found


def _page_picture(
    subject: Subject, key: str, caption: str, draw: Callable[[], Drawn], *layers: AnyLayer | None
) -> Picture | None:
    """Draw a picture of a page for the width at which it is placed; nothing without polygons."""
    from coterminous.maps.paper import printed

    if not _has_polygons(subject):
        logger.info("no picture %s: the areas have no polygons", key)
        return None
    # Whatever else is wrong is said, and no paper lacks a map for it.
    drawn = draw()
    png = printed.png(drawn.figure, dpi=DPI, alt=drawn.alt)
    svg = printed.svg(drawn.figure, alt=drawn.alt, name=key, words=True)
    credited = _sources(subject, *layers)
    if "geonames" in subject.area.sources.index and len(_ground(subject).towns):
        credited = tuple(dict.fromkeys([*credited, *subject.area.attributions("geonames")]))
    notes = (*drawn.sources, *(["; ".join(credited)] if credited else []))
    return Picture(key, caption, drawn.alt, png, svg.encode("utf-8"), notes, whole=True)


def _headed(subject: Subject, role: str) -> str:
    layer = dict(subject.drawings())[role]
    heading = subject.heading(role)
    if role == "whole":
        return heading
    return f"{heading}: {in_words(len(layer))} {subject.noun(role, len(layer))}"


def pair_picture(subject: Subject) -> Picture | None:
    """Draw before and after as two small maps in one set of colours."""
    from coterminous.maps.paper import panels

    shown = [("before", subject.before), ("after", subject.after)]
    return _page_picture(
        subject,
        "page-pair",
        f"{subject.before.title}; {subject.titled(subject.after)}. An area has the colour of the "
        f"area that most of its people were in.{_places_named(subject)}",
        lambda: panels.layers_panels(
            _ground(subject),
            [(_headed(subject, role), layer) for role, layer in shown],
            columns=2,
            tallest=2.45,
        ),
        subject.before,
        subject.after,
    )


def _places_named(subject: Subject) -> str:
    """Name the places, which the map of the areas inside them does not show."""
    whole = dict(subject.drawings()).get("whole")
    if whole is None or len(whole) > MOST_PLACES:
        return ""
    return f" The {subject.many('whole', len(whole)).lower()} are {listed(list(whole.names))}."


def lines_picture(subject: Subject, *, few: bool) -> Picture | None:
    """Draw every drawing at one scale, with towns, hospitals and the sea.

    Where few areas are told beside them, two stand one above the other, as wide as the page.
    """
    from coterminous.maps.paper import panels

    drawings = subject.drawings()
    three = len(drawings) > 2
    above = few and not three
    return _page_picture(
        subject,
        "page-lines",
        "; ".join([drawings[0][1].title, *(subject.titled(d) for _, d in drawings[1:])])
        + f". All at one scale.{_hospitals_named(subject)}",
        lambda: panels.layers_panels(
            _ground(subject),
            [(_headed(subject, role), layer) for role, layer in drawings],
            columns=1 if above else 2,
            tallest=2.6 if three else 3.1 if above else 3.6,
            places=not three,
            reference=subject.after if three else None,
        ),
        *(layer for _, layer in drawings),
    )


def _hospitals_named(subject: Subject) -> str:
    """Say which hospital has which number on the map."""
    if not _has_polygons(subject):
        return ""
    sites = _ground(subject).sites
    if not len(sites):
        return ""
    named = [f"{k} {name}" for k, name in enumerate(sites["told"], 1)]
    return f" Hospitals: {', '.join(named)}."


def moves_picture(subject: Subject) -> Picture | None:
    """Draw who is apart from most of their old area, and where they go."""
    from coterminous.maps.paper import panels

    return _page_picture(
        subject,
        "page-moves",
        "Who is in a different area from most of their old one, and in which. The colour is that "
        "of the new area.",
        lambda: panels.moves_panel(_ground(subject), subject.before, subject.after),
        subject.before,
        subject.after,
    )


def councils_picture(subject: Subject, councils: AnyLayer, *, large: bool) -> Picture | None:
    """Draw the councils by name, and over them the lines after; before, where those are theirs."""
    from coterminous.maps.paper import panels

    theirs = councils.name == subject.after.name
    over = subject.before if theirs else subject.after
    when = "before" if theirs else "after"
    lower = subject.role("lower")
    names = subject.council(2, "lower" if lower is not None and lower is councils else "upper")
    return _page_picture(
        subject,
        "page-councils",
        f"The {names} by name, and the lines {when}.",
        lambda: panels.beneath_panel(
            _ground(subject),
            councils,
            over,
            named=names,
            when=when,
            tallest=3.9 if large else 2.7,
        ),
        councils,
        over,
    )


def division_picture(subject: Subject) -> Picture | None:
    """Draw the areas after, large enough for their names, where they only divide those before."""
    from coterminous.maps.paper import panels

    return _page_picture(
        subject,
        "page-divided",
        f"{subject.after.title}, inside the old lines.",
        lambda: panels.layers_panels(
            _ground(subject), [(_headed(subject, "after"), subject.after)], columns=1, tallest=4.2
        ),
        subject.after,
    )


def practice_page_picture(subject: Subject, numbered: Sequence[str]) -> Picture | None:
    """Draw the practices; those in the table have its numbers."""
    from coterminous.maps.paper import panels

    register = register_of(subject, "patients")
    found = impact_of(subject, register, subject.after)
    return _page_picture(
        subject,
        "page-practices",
        f"Practices by whether more than {subject.percentage} of their patients here live in "
        "another area. Numbers are those of the table.",
        lambda: panels.practices_panel(
            _ground(subject), subject.before, subject.after, register.name, found, numbered
        ),
        subject.before,
        subject.after,
    )


def trust_page_picture(subject: Subject) -> Picture | None:
    """Draw the trust to which most people of each neighbourhood go."""
    from coterminous.maps.paper import panels

    name = subject.settings.hospitals
    return _page_picture(
        subject,
        "page-trusts",
        "The trust that treats most patients of each neighbourhood, in the colour of the old area "
        "that most of its patients were in (a second trust of an area in another colour), and the "
        "lines after.",
        lambda: panels.trusts_panel(_ground(subject), subject.before, subject.after, name),
        subject.after,
    )


def alternatives_picture(subject: Subject, options: Mapping[str, AnyLayer]) -> Picture | None:
    """Draw the alternatives side by side."""
    from coterminous.maps.paper import panels

    return _page_picture(
        subject,
        "page-alternatives",
        f"{counted(len(options), 'alternative')}, at one scale: {listed(list(options))}.",
        lambda: panels.layers_panels(
            _ground(subject, more=list(options.values())),
            list(options.items()),
            columns=max(len(options), 2),
            tallest=2.3,
            lettered=not subject.settings.options,
        ),
        *options.values(),
    )


def scatter_picture(subject: Subject, decision: AnyLayer, found: Appraisal) -> Picture | None:
    """Plot every way to draw the areas, with before, the places and the units marked by name."""
    from coterminous.maps.paper import panels

    if not {"v_measure", "localisation"} <= set(found.standing.index):
        return None
    named = {layer.name: _headed(subject, role) for role, layer in subject.drawings()}
    return _page_picture(
        subject,
        "page-scatter",
        "Every way to draw as many areas: hospital patients kept local, and how closely areas "
        "follow councils (1 where all boundaries are the same, 0 where none tells of the other).",
        lambda: panels.scatter_panel(found.options, found.among, named),
        decision,
    )


def interactive_map(subject: Subject) -> list[InteractiveMap]:
    """Make the map of a document to explore; none where there cannot be one."""
    page = _interactive_page(subject)
    if not page:
        return []
    title = "The lines before and after, on a map to explore"
    return [InteractiveMap("lines", title, page, "The maps printed below show the same.")]


def _interactive_page(subject: Subject) -> str:
    """Make one page with the drawings as toggles, whole and without a network; else nothing."""
    if "html" not in subject.settings.formats or not subject.pictured:
        return ""
    layers = list(dict.fromkeys(layer for _, layer in subject.drawings()))
    ends = [subject.before, subject.after]
    others = [layer for layer in layers if layer not in ends]
    options: dict[str, Any] = {"offline": True, "weight": subject.weight, "changes": True}
    options["colours"] = colours(subject)
    practices = open_register(subject, "patients")
    if practices:
        options["practices"] = practices
    hospitals = open_register(subject, "hospitals")
    if hospitals and hospitals == subject.area.role("hospital"):
        options["sites"] = True
    try:
        shown = subject.area.explore(*ends, *others, **options)
        return str(shown.get_root().render())
    except InputError as error:
        logger.info("no interactive map: %s", error)
        return ""


def _plate(
    draw: Callable[[], Any], *, key: str, caption: str, tallest: float = TALLEST
) -> Picture | None:
    """Draw one of the plates, which carries its own title, words and source lines."""
    try:
        plate = draw()
    except InputError as error:
        logger.info("no picture %s: %s", key, error)
        return None
    made = _picture(
        lambda: plate.figure,
        key=key,
        caption=f"{plate.title}.",
        alt=plate.alt or caption,
        dpi=PLATE_DPI,
    )
    if made is None:
        return None
    png = _trimmed(made.png)
    return replace(made, png=png, trimmed=True, width=_width_of(png, tallest))


def _trimmed(png: bytes) -> bytes:
    """Cut the white margins off a page, for inside a document they are the document's own."""
    from PIL import Image, ImageChops

    with Image.open(BytesIO(png)) as page:
        image = page.convert("RGB")
    blank = Image.new("RGB", image.size, "white")
    inked = ImageChops.difference(image, blank).getbbox()
    if inked is None:
        return png
    left, top, right, bottom = inked
    edge = 8
    box = (
        max(0, left - edge),
        max(0, top - edge),
        min(image.width, right + edge),
        min(image.height, bottom + edge),
    )
    out = BytesIO()
    image.crop(box).save(out, format="png", optimize=True)
    return out.getvalue()


def _width_of(png: bytes, tallest: float = TALLEST) -> float:
    """Choose the share of the text's width at which a picture stays under the tallest height."""
    wide, high = (int.from_bytes(png[i : i + 4], "big") for i in (16, 20))
    return min(1.0, tallest * wide / high)


def _picture(
    draw: Callable[[], Any],
    *,
    key: str,
    caption: str,
    alt: str,
    notes: tuple[str, ...] = (),
    dpi: int = DPI,
) -> Picture | None:
    """Draw, and keep the picture as PNG and SVG; a geography without polygons has none."""
    from coterminous.maps.paper import printed

    try:
        axes = draw()
    except InputError as error:
        logger.info("no picture %s: %s", key, error)
        return None
    figure = getattr(axes, "figure", axes)
    try:
        png = printed.png(figure, dpi=dpi, alt=alt)
        svg = printed.svg(figure, alt=alt, name=key)
    finally:
        import matplotlib.pyplot

        matplotlib.pyplot.close(figure)
    vector = svg.encode("utf-8") if isinstance(svg, str) else svg
    return Picture(key, caption, alt, png, vector, notes, _width_of(png))


def _map_words(subject: Subject, drawing: AnyLayer) -> str:
    """Say in a sentence what a map of a layer shows."""
    people = drawing.totals(subject.area.weight(subject.weight))
    ranked = people.sort_values(ascending=False, kind="stable")
    names = dict(zip(drawing.codes, drawing.names, strict=True))
    said = [f"{names[code]} ({written(n, 'people')} people)" for code, n in ranked.items()]
    return f"Map of {counted(len(drawing), 'area')}, {drawing.title}: {listed(said, 8)}."


def _sources(subject: Subject, *layers: AnyLayer | None) -> tuple[str, ...]:
    """Give the source lines that a picture must carry."""
    area = subject.area
    blocks = area.settings.get("blocks", {}).get("source", "")
    named = [blocks, *(layer.source for layer in layers if layer is not None)]
    known = [name for name in dict.fromkeys(named) if name in area.sources.index]
    return area.attributions(*known) if known else ()
