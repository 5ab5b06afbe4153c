"""The maps of a paper: drawn for the width at which they are placed, in letters of 8 points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.maps import points as where
from coterminous.maps.changes import changes_of
from coterminous.maps.colours import Register
from coterminous.maps.paper import furniture, labels
from coterminous.maps.paper.appraisals import plain_figure
from coterminous.maps.paper.drawn import Drawn
from coterminous.maps.paper.frames import frame_to_box
from coterminous.maps.paper.glyphs import drawable
from coterminous.maps.paper.letters import NAMED, area_letters, area_numbers
from coterminous.maps.paper.pictures import RC
from coterminous.maps.style import CATEGORICAL, INK, LAND, MAP_FILLS, PAPER, UNFOCUSED
from coterminous.words import counted, in_words, listed, plural, sentence_case, title_of

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coterminous.drawings.optionsets import Options
    from coterminous.effects.impacts import Impact
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

WIDE = 6.5
"""Inches, the width of the text of a page."""
SMALL = 8.0
"""Points, the smallest letters."""
MOST_NUMBERED = 60
"""Areas up to which a panel that cannot name them numbers each."""
MOST_TOWNS = 9


@dataclass(frozen=True, eq=False)
class Ground:
    """What the panels of one paper share: the frame, the colours, the towns and the hospitals."""

    area: Geography
    weight: str
    box: tuple[float, float, float, float]
    colours: Register
    towns: pd.DataFrame = field(default_factory=pd.DataFrame)
    sites: pd.DataFrame = field(default_factory=pd.DataFrame)

    def polygons(self, layer: AnyLayer) -> gpd.GeoDataFrame:
        """Give the polygons of a layer that there are, in order of code."""
        shapes = self.area.polygons(layer)
        return shapes[~(shapes.geometry.isna() | shapes.geometry.is_empty)].sort_index()

    def labelled(self, layer: AnyLayer, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Give the polygons with what stands on them: their names, or numbers where many."""
        if len(shapes) <= NAMED:
            return shapes
        numbers = area_numbers(layer, self.area.weight(self.weight))
        return shapes.assign(name=[numbers[str(code)] for code in shapes.index])

    def tall(self, wide: float, most: float) -> float:
        """Give the height in inches of a panel of a width, in the shape of the frame."""
        west, south, east, north = self.box
        return min(most, max(1.2, wide * (north - south) / (east - west)))


def ground_of(
    area: Geography, layers: Sequence[AnyLayer], colours: Register, *, weight: str, sites: bool
) -> Ground:
    """Find the frame that holds some layers, and the towns and hospitals in it."""
    bounds = np.array([area.polygons(layer).total_bounds for layer in layers])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    pad = 0.03 * max(east - west, north - south, 1.0)
    box = (float(west - pad), float(south - pad), float(east + pad), float(north + pad))
    edge = 0.015 * max(box[2] - box[0], box[3] - box[1])
    inner = (box[0] + edge, box[1] + edge, box[2] - edge, box[3] - edge)
    hospitals = where.sites_of(area) if sites else pd.DataFrame(columns=["easting", "northing"])
    return Ground(
        area=area,
        weight=weight,
        box=box,
        colours=colours,
        towns=_within(where.towns_of(area), box),
        sites=_hospitals(_on_land(area, layers, _within(hospitals, inner))),
    )


def _on_land(area: Geography, layers: Sequence[AnyLayer], sites: pd.DataFrame) -> pd.DataFrame:
    """Keep the sites in the areas or within five kilometres of them."""
    import shapely

    if not len(sites):
        return sites
    shapes = [shape for layer in layers for shape in area.polygons(layer).geometry if shape]
    spots = shapely.points(sites["easting"].to_numpy(float), sites["northing"].to_numpy(float))
    return sites[shapely.dwithin(spots, shapely.union_all(shapes), 5_000)]


def _hospitals(sites: pd.DataFrame) -> pd.DataFrame:
    """Give hospitals the words by which they are told, from north to south."""
    if not len(sites):
        return sites
    found = sites.sort_values(["northing", "easting"], ascending=[False, True])
    site = found["site"] if "site" in found.columns else pd.Series("", index=found.index)
    told = [
        str(own) if isinstance(own, str) and own else str(name)
        for own, name in zip(site, found["name"], strict=True)
    ]
    return found.assign(told=told)


def _within(points: pd.DataFrame, box: tuple[float, float, float, float]) -> pd.DataFrame:
    if not len(points):
        return points
    west, south, east, north = box
    return points[points["easting"].between(west, east) & points["northing"].between(south, north)]


# ------------------------------------------------------------------ several maps at one scale


def layers_panels(
    ground: Ground,
    panels: Sequence[tuple[str, AnyLayer]],
    *,
    columns: int,
    tallest: float,
    places: bool = False,
    reference: AnyLayer | None = None,
    lettered: bool = False,
) -> Drawn:
    """Draw layers side by side at one scale, each under its heading.

    Parameters
    ----------
    ground
        What they share.
    panels
        Heading and layer of each.
    columns
        How many stand beside each other.
    tallest
        Inches of the height of one.
    places
        Whether towns and hospitals stand on each.
    reference
        A layer whose lines one more panel shows, with towns, hospitals and the sea.
    lettered
        Whether areas have letters, in order of code, in place of names.
    """
    import matplotlib as mpl

    many = len(panels) + (reference is not None)
    rows = -(-many // columns)
    wide = (WIDE - 0.12 * (columns - 1)) / columns
    tall = ground.tall(wide, tallest)
    heads = [furniture.broken(heading, wide, 9) for heading, _ in panels]
    above = 0.06 + 0.165 * max(head.count("\n") + 1 for head in heads)
    figure = _figure(rows * (tall + above) + 0.05 * (rows - 1))
    high = figure.get_size_inches()[1]
    with mpl.rc_context(RC):
        for k in range(many):
            row, column = divmod(k, columns)
            top = high - row * (tall + above + 0.05) - above
            ax = figure.add_axes(
                (column * (wide + 0.12) / WIDE, (top - tall) / high, wide / WIDE, tall / high)
            )
            if k < len(panels):
                heading, layer = panels[k]
                _layer_panel(ground, ax, layer, places=places, scale=k == 0, lettered=lettered)
            else:
                heading = "Towns, hospitals and the lines after"
                assert reference is not None  # noqa: S101 - the last panel is the reference
                _reference_panel(ground, ax, reference)
            ax.set_title(
                drawable(furniture.broken(heading, wide, 9)), loc="left", fontsize=9,
                fontweight="bold", color=INK, pad=3, parse_math=False,
            )  # fmt: skip
    said = [f"{heading}: {places_in_words(ground, layer)}" for heading, layer in panels]
    if reference is not None and len(ground.towns):
        towns = list(_towns(ground)["name"])
        said.append(f"Towns: {listed(towns, MOST_TOWNS)}.")
    return Drawn(figure=figure, alt=f"Maps at one scale. {' '.join(said)}")


def _layer_panel(
    ground: Ground, ax: Axes, layer: AnyLayer, *, places: bool, scale: bool, lettered: bool
) -> None:
    shapes = ground.polygons(layer)
    given = ground.colours.get(layer.name, {})
    frame_to_box(ax, ground.box)
    shapes.plot(
        ax=ax, color=[given.get(code, LAND) for code in shapes.index], edgecolor=INK,
        linewidth=0.9, zorder=2, aspect=None,
    )  # fmt: skip
    taken = [furniture.scale_bar(ax, size=SMALL)] if scale else []
    points: list[tuple[float, float]] = []
    if places:
        points = _spots(ground)
        _mark(ground, ax)
    named = ground.labelled(layer, shapes)
    if lettered:
        order = dict(zip(map(str, layer.codes), area_letters(layer), strict=True))
        named = shapes.assign(name=[order[str(c)] for c in shapes.index])
    if len(shapes) <= MOST_NUMBERED:
        _names(ax, named, [*taken, *furniture.around(ax, points, size=6)])
    _sea(ground, ax, shapes, taken)
    ax.set(xlabel="", ylabel="")


def _names(ax: Axes, shapes: gpd.GeoDataFrame, taken: list[Any], *, size: float = SMALL) -> None:
    texts = [labels.wrapped(str(name)) for name in shapes["name"]]
    made = labels.place(
        ax,
        labels.anchors(shapes),
        texts,
        size=size,
        taken=taken,
        prefer_outside=labels.too_big(ax, shapes, texts, size=size),
        land=shapes.geometry.union_all(),
    )
    ax.unnamed = [t for t, note in zip(texts, made, strict=True) if note is None and t]


def _reference_panel(ground: Ground, ax: Axes, layer: AnyLayer) -> None:
    shapes = ground.polygons(layer)
    frame_to_box(ax, ground.box)
    shapes.plot(ax=ax, color=LAND, edgecolor=INK, linewidth=0.8, zorder=2, aspect=None)
    _mark(ground, ax)
    towns = _towns(ground)
    spots = _spots(ground)
    taken = furniture.around(ax, spots, size=5)
    sites = ground.sites
    marks = labels.place(
        ax, list(zip(sites["easting"], sites["northing"], strict=True)) if len(sites) else [],
        [str(k) for k in range(1, len(sites) + 1)], size=SMALL, taken=taken,
        prefer_outside=[True] * len(sites),
    )  # fmt: skip
    taken = [*taken, *(mark.get_window_extent() for mark in marks if mark is not None)]
    labels.place(
        ax, list(zip(towns["easting"], towns["northing"], strict=True)), list(towns["name"]),
        size=SMALL, weight="normal", taken=taken, prefer_outside=[True] * len(towns),
    )  # fmt: skip
    if len(ground.sites):
        from matplotlib.lines import Line2D

        key = [
            Line2D([], [], linestyle="none", marker="P", markersize=6, markerfacecolor=PAPER,
                   markeredgecolor=INK, label="Main hospital of a trust"),
            Line2D([], [], linestyle="none", marker="o", markersize=3, color=INK, label="Town"),
        ]  # fmt: skip
        ax.legend(handles=key, loc="upper right", fontsize=SMALL, framealpha=0.9, borderpad=0.3,
                  handletextpad=0.2)  # fmt: skip
    _sea(ground, ax, shapes, taken)
    ax.set(xlabel="", ylabel="")


def _towns(ground: Ground) -> pd.DataFrame:
    """Choose the largest towns of the frame that stand apart from each other, on the land."""
    if not len(ground.towns):
        return ground.towns
    towns = ground.towns[ground.towns["kind"] == "town"]
    import shapely

    land = shapely.union_all(ground.area.geometry.to_numpy())
    shapely.prepare(land)
    points = shapely.points(towns["easting"].to_numpy(float), towns["northing"].to_numpy(float))
    towns = towns[shapely.dwithin(points, land, 1_000)]
    west, south, east, north = ground.box
    apart = 0.085 * max(east - west, north - south)
    kept: list[int] = []
    for k, row in enumerate(towns.itertuples(index=False)):
        near = any(
            np.hypot(row.easting - towns.iloc[j].easting, row.northing - towns.iloc[j].northing)
            < apart
            for j in kept
        )
        if not near:
            kept.append(k)
        if len(kept) == MOST_TOWNS:
            break
    return towns.iloc[kept]


def _spots(ground: Ground) -> list[tuple[float, float]]:
    towns = _towns(ground)
    parts = [frame for frame in (towns, ground.sites) if len(frame)]
    return [
        (float(x), float(y))
        for frame in parts
        for x, y in zip(frame["easting"], frame["northing"], strict=True)
    ]


def _mark(ground: Ground, ax: Axes) -> None:
    """Put towns and hospitals on a map."""
    towns = _towns(ground)
    if len(towns):
        ax.scatter(towns["easting"], towns["northing"], s=8, color=INK, zorder=7, linewidth=0)
    if len(ground.sites):
        ax.scatter(
            ground.sites["easting"], ground.sites["northing"], s=34, marker="P", facecolor=PAPER,
            edgecolor=INK, linewidth=0.8, zorder=8,
        )  # fmt: skip


def _sea(ground: Ground, ax: Axes, shapes: gpd.GeoDataFrame, taken: Sequence[Any]) -> None:
    """Name the sea where the frame holds some, clear of the land."""
    import shapely

    if not len(ground.towns):
        return
    land = shapely.union_all(shapes.geometry.to_numpy())
    named: set[str] = set()
    for row in ground.towns[ground.towns["kind"] == "sea"].itertuples(index=False):
        spot = shapely.Point(row.easting, row.northing)
        if row.name in named or shapely.dwithin(spot, land, 1_500):
            continue
        note = ax.annotate(
            row.name.replace(" ", "\n"), (row.easting, row.northing), ha="center", va="center",
            fontsize=SMALL, fontstyle="italic", color="#2A5A80", zorder=3, parse_math=False,
        )  # fmt: skip
        box, frame = note.get_window_extent(), ax.get_window_extent()
        covered = furniture.covered_by(ax, box, land)
        inside = box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0
        others = [t.get_window_extent() for t in ax.texts if t is not note and t.get_text()]
        if covered or not inside or any(box.overlaps(other) for other in [*taken, *others]):
            note.remove()
            continue
        named.add(row.name)


def beneath_panel(
    ground: Ground,
    beneath: AnyLayer,
    over_it: AnyLayer,
    *,
    named: str,
    when: str,
    tallest: float = 3.9,
) -> Drawn:
    """Draw the areas of one layer by name, with the lines of another over them."""
    import matplotlib as mpl

    figure = _figure(ground.tall(WIDE, tallest) + 0.3)
    high = figure.get_size_inches()[1]
    shapes, over = ground.polygons(beneath), ground.polygons(over_it)
    west, south, east, north = ground.box
    shapes = shapes[shapes.intersects(over.geometry.union_all().buffer(-0.01 * (east - west)))]
    with mpl.rc_context(RC):
        ax = figure.add_axes((0, 0.3 / high, 1, 1 - 0.3 / high))
        frame_to_box(ax, ground.box)
        shapes.plot(
            ax=ax, color=LAND, edgecolor="#6F777B", linewidth=0.9, linestyle=(0, (3, 2)), zorder=2,
            aspect=None,
        )  # fmt: skip
        over.boundary.plot(ax=ax, color=INK, linewidth=1.6, zorder=5, aspect=None)
        taken = [furniture.scale_bar(ax, size=SMALL)]
        if len(shapes) <= MOST_NUMBERED:
            _names(ax, shapes, taken)
        _sea(ground, ax, shapes, taken)
        _key(figure, [(sentence_case(named), {"line": True}), (f"Lines {when}", {"solid": True})])
        ax.set(xlabel="", ylabel="")
    return Drawn(
        figure=figure,
        alt=f"Map of the {named} under the lines {when}: {places_in_words(ground, beneath)}",
    )


# ------------------------------------------------------------------ who moves


def moves_panel(
    ground: Ground, before: AnyLayer, after: AnyLayer, *, tallest: float = 3.9
) -> Drawn:
    """Draw the pieces of old areas that part from the rest, in the colour of where they go."""
    import matplotlib as mpl

    both, pieces = changes_of(ground.area, before, after, ground.weight)
    shapes = ground.polygons(both)
    pieces = pieces.reindex(shapes.index)
    codes = {name: str(code) for code, name in zip(after.codes, after.names, strict=True)}
    given = ground.colours.get(after.name, {})
    figure = _figure(ground.tall(WIDE, tallest) + 0.3)
    high = figure.get_size_inches()[1]
    with mpl.rc_context(RC):
        ax = figure.add_axes((0, 0.3 / high, 1, 1 - 0.3 / high))
        frame_to_box(ax, ground.box)
        ground.polygons(after).plot(ax=ax, color=LAND, edgecolor="none", zorder=1, aspect=None)
        parted = pieces["change"] == "parted"
        for code in shapes.index[parted]:
            shapes.loc[[code]].plot(
                ax=ax, facecolor=given.get(codes.get(pieces.at[code, "new"], ""), LAND),
                edgecolor=INK, linewidth=0.6, hatch="///", zorder=2, aspect=None,
            )  # fmt: skip
        furniture.broken_lines(ax, ground.polygons(before))
        ground.polygons(after).boundary.plot(ax=ax, color=INK, linewidth=1.4, zorder=5, aspect=None)
        taken = [furniture.scale_bar(ax, size=SMALL)]
        told = shapes[parted]
        order = pieces.loc[told.index].sort_values("people", ascending=False).index[:NAMED]
        told = told.loc[order]
        texts = [
            labels.wrapped(f"{pieces.at[code, 'old']}", width=20)
            + "\nto "
            + labels.wrapped(f"{pieces.at[code, 'new']}", width=18)
            for code in told.index
        ]
        labels.place(
            ax, labels.anchors(told), texts, size=SMALL, taken=taken,
            prefer_outside=[True] * len(texts), land=shapes.geometry.union_all(),
        )  # fmt: skip
        _sea(ground, ax, ground.polygons(after), taken)
        _key(
            figure,
            [
                ("Apart from most of their old area", {"hatch": "///", "facecolor": LAND}),
                ("Old lines", {"line": True}),
                ("New lines", {"solid": True}),
            ],
        )
        ax.set(xlabel="", ylabel="")
    flows = [
        f"{row.old} to {row.new}, {place_of(ground, shapes.geometry[code])}"
        for code, row in pieces[parted].sort_values("people", ascending=False).head(8).iterrows()
    ]
    alt = "Map of the pieces of old areas that go elsewhere than most of their old area: "
    return Drawn(figure=figure, alt=f"{alt}{listed(flows, 8)}." if flows else f"{alt}none.")


# ------------------------------------------------------------------ practices


def practices_panel(
    ground: Ground,
    before: AnyLayer,
    after: AnyLayer,
    register: str,
    found: Impact,
    numbered: Sequence[str],
    *,
    tallest: float = 4.7,
) -> Drawn:
    """Draw practices by what becomes of their patients; those in the table have its numbers."""
    import matplotlib as mpl

    practices = where.practices_of(ground.area, register, before=before, after=after, found=found)
    shown, unplaced = where.drawn_points(practices)
    shown = _within(shown, ground.box)
    figure = _figure(ground.tall(WIDE, tallest) + 0.45)
    high = figure.get_size_inches()[1]
    entries: list[tuple[str, dict[str, Any]]] = []
    with mpl.rc_context(RC):
        ax = figure.add_axes((0, 0.45 / high, 1, 1 - 0.45 / high))
        frame_to_box(ax, ground.box)
        shapes = ground.polygons(after)
        shapes.plot(ax=ax, color=LAND, edgecolor="none", zorder=1, aspect=None)
        furniture.broken_lines(ax, ground.polygons(before))
        shapes.boundary.plot(ax=ax, color=INK, linewidth=1.4, zorder=5, aspect=None)
        for status in ("never_crossing", "persisting", "resolved", "newly_crossing"):
            some = shown[shown["status"] == status]
            if not len(some):
                continue
            look = where.look(status)
            ax.scatter(
                some["easting"], some["northing"], s=10 if status == "never_crossing" else 30,
                marker=look["marker"], facecolor=look["colour"], edgecolor=INK,
                linewidth=0.4, zorder=6 if status == "never_crossing" else 7,
            )  # fmt: skip
            words = (
                f"{sentence_case(look['words'])}: {len(practices[practices['status'] == status]):,}"
            )
            entries.insert(0, (words, {"marker": look["marker"], "color": look["colour"]}))
        told = [code for code in numbered if code in shown.index]
        spots = [
            (float(shown.at[code, "easting"]), float(shown.at[code, "northing"])) for code in told
        ]
        changed = shown[shown["status"].isin(["newly_crossing", "resolved", "persisting"])]
        marks = list(zip(changed["easting"], changed["northing"], strict=True))
        bar = furniture.scale_bar(ax, size=SMALL)
        labels.place(
            ax, spots, [str(numbered.index(code) + 1) for code in told], size=SMALL,
            taken=[bar, *furniture.around(ax, marks, size=5)], prefer_outside=[True] * len(told),
        )  # fmt: skip
        _sea(ground, ax, shapes, [bar])
        _key(figure, [*entries, ("Old lines", {"line": True}), ("New lines", {"solid": True})])
        ax.set(xlabel="", ylabel="")
    new = shown[shown["status"] == "newly_crossing"]
    alt = (
        f"Map of {counted(len(shown), 'practice')}; {in_words(len(new))} newly "
        f"{plural(len(new), 'has', 'have')} many patients in another area"
    )
    if len(new):
        import shapely

        spots_of = shapely.points(new["easting"].to_numpy(float), new["northing"].to_numpy(float))
        parts = pd.Series([place_of(ground, point) for point in spots_of]).value_counts()
        alt += ": " + listed([f"{n} {w}" for w, n in parts.items()], 6)
    return Drawn(figure=figure, alt=f"{alt}.", sources=(unplaced,) if unplaced else ())


# ------------------------------------------------------------------ hospitals


def _trust_looks(
    ground: Ground, held: Any, before: AnyLayer, trusts: Sequence[str]
) -> dict[str, tuple[str, str | None]]:
    """Give a trust the colour of the old area that most of its patients were in, where it is free.

    Another of that area has a colour that no area has; when those are used up, a pattern.
    """
    people = held.matrix(before)[list(before.codes)]
    given = ground.colours.get(before.name, {})
    names = held.organisations["name"]
    looks: dict[str, tuple[str, str | None]] = {}
    for code in trusts:
        row = people.loc[code]
        colour = given.get(str(row.idxmax()), MAP_FILLS[-1]) if row.sum() else MAP_FILLS[-1]
        taken = [fill for fill, _ in looks.values()]
        if colour in taken:
            # Of the colours that no area has the first, while there is one.
            free = [c for c in MAP_FILLS if c not in taken and c not in given.values()]
            colour = free[0] if free else colour
        used = taken.count(colour)
        looks[str(names[code])] = (colour, (None, "...", "xx", "++", "oo")[used % 5])
    return looks


def trusts_panel(
    ground: Ground, before: AnyLayer, layer: AnyLayer, register: str, *, tallest: float = 3.4
) -> Drawn:
    """Draw neighbourhoods by the trust that treats most of their patients, and the hospitals."""
    import matplotlib as mpl

    from coterminous.layer import Layer
    from coterminous.maps.paper.platekinds import UNDECIDED, grouped, main_trusts

    held = ground.area.register(register)
    zones = where.zone_layer(ground.area) or Layer.from_lookup("blocks", held.places)
    zones = zones.within(layer)
    main, _ = main_trusts(held, zones)
    names = held.organisations["name"]
    by_size = main.value_counts()
    trusts = [code for code in by_size.index if code != UNDECIDED]
    looks = _trust_looks(ground, held, before, trusts)
    shapes = ground.polygons(zones.group("main", grouped(main, names)))
    entries: list[tuple[str, dict[str, Any]]] = []
    figure = _figure(ground.tall(WIDE * 0.62, tallest))
    with mpl.rc_context(RC):
        ax = figure.add_axes((0, 0, 0.62, 1))
        frame_to_box(ax, ground.box)
        for code in shapes.index:
            name = str(shapes.at[code, "name"])
            fill, hatch = looks.get(name, (PAPER, "\\\\\\" if name == UNDECIDED else None))
            shapes.loc[[code]].plot(
                ax=ax, facecolor=fill, edgecolor="#6F777B", linewidth=0.4, hatch=hatch, zorder=2,
                aspect=None,
            )  # fmt: skip
        lines = ground.polygons(layer)
        lines.boundary.plot(ax=ax, color=INK, linewidth=1.5, zorder=5, aspect=None)
        if len(ground.sites):
            ax.scatter(ground.sites["easting"], ground.sites["northing"], s=38, marker="P",
                       facecolor=PAPER, edgecolor=INK, linewidth=0.9, zorder=8)  # fmt: skip
        bar = furniture.scale_bar(ax, size=SMALL)
        spots = _within(ground.sites, ground.box)
        taken = furniture.around(
            ax, list(zip(spots["easting"], spots["northing"], strict=True)), size=6
        ) if len(spots) else []  # fmt: skip
        if len(lines) <= MOST_NUMBERED:
            _names(ax, ground.labelled(layer, lines), [bar, *taken])
        _sea(ground, ax, lines, [bar])
        drawn = set(shapes["name"])
        for name, (fill, hatch) in looks.items():
            if name in drawn:
                entries.append((name, {"facecolor": fill, "hatch": hatch}))
        if UNDECIDED in drawn:
            entries.append(("No one trust", {"facecolor": PAPER, "hatch": "\\\\\\"}))
        if len(ground.sites):
            entries.append(("Main hospital of a trust", {"marker": "P", "color": PAPER}))
        _key(figure, entries, heading="Trust that treats most patients", beside=0.64)
        ax.set(xlabel="", ylabel="")
    people = held.matrix(layer)[list(layer.codes)]
    most, _ = main_trusts(held, layer)
    told = []
    for code in layer.codes:
        trust = most.get(code)
        if isinstance(trust, str) and trust in people.index and people[code].sum():
            told.append(f"most of {layer.name_of(code)} to {names[trust]}")
    alt = (
        f"Map of neighbourhoods by the trust that treats most of their patients: {listed(told, 8)}."
    )
    return Drawn(figure=figure, alt=alt)


# ------------------------------------------------------------------ all drawings as points


def scatter_panel(
    found: Options, among: str, named: Mapping[str, str], *, tall: float = 2.7
) -> Drawn:
    """Draw every drawing as a point: patients kept local across, councils followed upwards.

    `named` is what each named layer is called.
    """
    import matplotlib as mpl
    from matplotlib.ticker import PercentFormatter

    from coterminous.maps.paper.appraisals import beside

    members = found.reference_sets[among]
    x, y = "localisation", "v_measure"
    with mpl.rc_context(RC):
        figure, ax = plain_figure(WIDE, tall)
        ax.set_position((0.09, 0.47 / tall, 0.89, 1 - 0.76 / tall))
        rest, some = found.scores[~members], found.scores[members]
        for rows, colour, words in (
            (rest, "#E3E3E3", f"{len(rest):,} with larger or smaller areas"),
            (some, UNFOCUSED, f"{len(some):,} ways that are compared"),
        ):
            if len(rows):
                ax.scatter(rows[x], rows[y], s=3, c=colour, linewidths=0, rasterized=True,
                           label=words)  # fmt: skip
        shown = found.named.loc[[name for name in named if name in found.named.index]]
        ax.scatter(
            shown[x], shown[y], s=44, marker="D", c=CATEGORICAL["orange"], edgecolors=INK,
            linewidths=0.8, zorder=5,
        )  # fmt: skip
        ax.set_xlabel("Hospital patients at their area's main trust", fontsize=SMALL + 0.5)
        ax.set_ylabel("Follows councils", fontsize=SMALL + 0.5)
        ax.xaxis.set_major_formatter(PercentFormatter(1.0))
        ax.tick_params(labelsize=SMALL)
        for side in ("top", "right"):
            ax.spines[side].set_visible(False)
        ax.margins(y=0.12)
        figure.canvas.draw()
        beside(
            ax,
            [(float(a), float(b)) for a, b in zip(shown[x], shown[y], strict=True)],
            [named[str(name)] for name in shown.index],
        )
        ax.legend(loc="lower left", bbox_to_anchor=(0, 0.99), ncols=2, fontsize=SMALL,
                  frameon=False, markerscale=3)  # fmt: skip
    said = [
        f"{named[str(name)]}, {row[x]:.0%} of hospital patients at their area's main trust"
        for name, row in shown.iterrows()
    ]
    alt = (
        f"{found.count:,} ways to draw {in_words(found.areas_each)} areas as points: to the "
        f"right, more "
        f"hospital patients at their area's main trust; upwards, closer to the councils. "
        f"Marked: {listed(said)}."
    )
    return Drawn(figure=figure, alt=alt)


# ------------------------------------------------------------------ what all share


def _figure(high: float) -> Figure:
    figure, ax = plain_figure(WIDE, high)
    ax.remove()
    return figure


def _key(
    figure: Figure,
    entries: Sequence[tuple[str, dict[str, Any]]],
    *,
    heading: str = "",
    beside: float = 0.0,
) -> None:
    """Explain the marks at the foot of a figure, or beside its map."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for words, style in entries:
        said = drawable(words if not beside else furniture.broken(words, 2.0, SMALL))
        if style.get("line"):
            handles.append(
                Line2D([], [], color=INK, linewidth=0.9, linestyle=(0, (4, 2)), label=said)
            )
        elif style.get("solid"):
            handles.append(Line2D([], [], color=INK, linewidth=1.4, label=said))
        elif "marker" in style:
            handles.append(
                Line2D(
                    [], [], linestyle="none", markeredgecolor=INK, markersize=5, label=said, **style
                )
            )
        else:
            handles.append(Patch(label=said, edgecolor=INK, linewidth=0.7, **style))
    drawn = figure.legend(
        handles=handles,
        title=heading or None,
        loc="upper left" if beside else "lower left",
        bbox_to_anchor=(beside, 1.0) if beside else (0.0, 0.0),
        ncols=1 if beside else 3,
        fontsize=SMALL,
        title_fontsize=SMALL + 0.5,
        frameon=False,
        borderaxespad=0,
        handlelength=1.6,
        columnspacing=1.2,
        alignment="left",
    )
    for text in [*drawn.get_texts(), drawn.get_title()]:
        text.set_parse_math(False)


def place_of(ground: Ground, shape: Any) -> str:
    """Say where something lies in the frame: in the north west, in the middle."""
    west, south, east, north = ground.box
    point = shape.representative_point() if hasattr(shape, "representative_point") else shape
    across = (point.x - west) / (east - west)
    up = (point.y - south) / (north - south)
    vertical = "north" if up > 0.6 else "south" if up < 0.4 else ""
    side = "west" if across < 0.4 else "east" if across > 0.6 else ""
    return f"in the {' '.join(part for part in (vertical, side) if part) or 'middle'}"


def places_in_words(ground: Ground, layer: AnyLayer) -> str:
    """Say where each area of a layer lies."""
    shapes = ground.polygons(layer)
    if len(shapes) > NAMED:
        return f"{len(shapes):,} areas of {title_of(layer)}, too many to name."
    told = [
        f"{row.name_} {place_of(ground, row.geometry)}"
        for row in shapes.rename(columns={"name": "name_"}).itertuples(index=False)
    ]
    return f"{listed(told)}."
