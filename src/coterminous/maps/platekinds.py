"""The kinds of plate but that of practices: what each draws, finds, and shows in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.credits import small_print
from coterminous.maps import alluvial, facts, findings, furniture, labels, printed
from coterminous.maps import points as where
from coterminous.maps.changes import CHANGES, changes_of
from coterminous.maps.plates import Plate
from coterminous.maps.style import INK, LAND, MAP_FILLS, PAPER, tint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coterminous.geography import Geography
    from coterminous.layer import Layer

SMALL_MULTIPLES = 12


def layer_plate(area: Geography, name: str, layer: Layer, context: Layer | None) -> Plate:
    """Draw one layer, with the boundaries of another as broken lines."""
    if context is not None:
        title = findings.boundary_finding(area, layer, context)
    else:
        title = findings.size_finding(area, layer)
    ax = printed.plot(area, layer, context=context, title=title, page=True)
    return Plate(name, title, f"{title}. {ax.alt_text}", ax.figure)


def detail_plate(area: Geography, layer: Layer, weight: str) -> Plate:
    """Draw the layer inside the new one, and how large its areas are."""
    title = findings.size_finding(area, layer, weight=weight)
    units = next((u for u in ("ltla2021",) if u in area._layers), None)
    ax = printed.plot(area, layer, context=units, title=title, page=True)
    return Plate("detail", title, f"{title}. {ax.alt_text}", ax.figure)


def change_plate(
    area: Geography, before: Layer, after: Layer, weight: str, *, title: str | None = None
) -> Plate:
    """Draw the pieces into which the new layer cuts the old one, and who is parted."""
    both, pieces = changes_of(area, before, after, weight)
    polygons = area.polygons(both)
    unit = area.weight_info(weight).unit
    polygons["name"] = [
        f"{row.new} {row.people:,.0f}" if row.change == "parted" else ""
        for row in pieces.itertuples(index=False)
    ]
    looks = {"same": LAND, "together": tint("#2073BC", 0.35), "parted": MAP_FILLS[1]}
    hatches = dict.fromkeys(pieces.index[pieces["change"] == "parted"], "///")
    totals = pieces.groupby("change")["people"].sum()
    entries = [
        (
            furniture.short(f"{words}: {totals[key]:,.0f} {unit}", width=40),
            {"facecolor": looks[key], "hatch": "///" if key == "parted" else None},
        )
        for key, _, words in CHANGES
        if key in totals.index
    ]
    title = title or findings.change_finding(area, before, after, weight=weight)
    ax = printed.plot_areas(
        polygons,
        title=title,
        label="names",
        colours={code: looks[change] for code, change in pieces["change"].items()},
        hatches=hatches,
        legend=entries,
        heading="Named: where those who are parted go",
        sources=small_print(area, [before, after], weights=[weight]),
        page=True,
        legend_below=True,
    )
    parted = pieces[pieces["change"] == "parted"].sort_values("people", ascending=False)
    flows = [
        f"{row.people:,.0f} from {row.old} to {row.new}"
        for row in parted.head(findings.MANY).itertuples(index=False)
    ]
    alt = f"{title}. Hatched on the map: {findings.listed(flows)}." if flows else f"{title}."
    return Plate("changes", title, alt, ax.figure)


def flow_plate(area: Geography, before: Layer, after: Layer, weight: str) -> Plate:
    """Draw the people of each old area flowing to the new ones."""
    title = findings.change_finding(area, before, after, weight=weight)
    ax = alluvial.alluvial(
        area.overlap(before, after, weight=weight),
        heads=(findings.title_of(before), findings.title_of(after)),
        unit=area.weight_info(weight).unit,
        title=title,
        sources=small_print(area, [before, after], weights=[weight]),
        page=True,
    )
    return Plate("flows", title, f"{title}. {ax.alt_text}", ax.figure)


def trust_plate(area: Geography, layer: Layer, register: str) -> Plate:
    """Draw neighbourhoods by the trust that treats most of their patients."""
    held = area.register(register)
    zones = where.zone_layer(area)
    assert zones is not None
    zones = zones.within(layer)
    main, _ = _main_trusts(held, zones)
    names = held.organisations["name"]
    trusts = sorted(set(main.dropna()), key=lambda code: str(names[code]))
    colour = {code: MAP_FILLS[k % len(MAP_FILLS)] for k, code in enumerate(trusts)}
    hatch = {code: (None, "...", "xx")[k // len(MAP_FILLS)] for k, code in enumerate(trusts)}
    polygons = area.polygons(zones.group("main", _grouped(main, names)))
    codes = {str(names[t]): t for t in trusts}
    by_code = {code: codes.get(name, "") for code, name in polygons["name"].items()}
    _, whole = _main_trusts(held, layer)
    title = (
        f"{whole:.0%} of patients are treated by the trust that treats most people of their area: "
        f"neighbourhoods by main trust, and the {findings.in_sentence(findings.title_of(layer))}"
    )
    ax = printed.plot_areas(
        polygons,
        title=title,
        context=area.polygons(layer),
        label="names",
        colours={c: colour.get(t, PAPER) for c, t in by_code.items()},
        hatches={c: h for c, t in by_code.items() if (h := hatch.get(t))},
        legend=[
            *[(str(names[t]), {"facecolor": colour[t], "hatch": hatch[t]}) for t in trusts],
            (furniture.short(findings.title_of(layer), width=36), {"line": True}),
            ("Main hospital site", {"marker": "P", "color": PAPER, "markersize": 7}),
        ],
        heading="Trust that treats most patients",
        sources=small_print(area, [layer], registers=[register]),
        page=True,
        legend_below=True,
        linewidth=0.4,
    )
    _sites(ax, _near(where.sites_of(area, register), polygons))
    told = _trusts_in_words(held, layer)
    return Plate("trusts", title, f"{title}. {told}", ax.figure)


def _main_trusts(register: Any, layer: Layer) -> tuple[pd.Series, float]:
    """Give each area its main organisation, and the share of all activity that goes to it.

    Lumps count in the denominator and are never the main organisation.
    """
    people = register.matrix(layer)[list(layer.codes)]
    single = people.drop(index=list(register.lumps))
    total = people.sum()
    most = single.max()
    main = single.idxmax().where(most > 0)
    return main, float(most.sum() / total.sum()) if total.sum() else float("nan")


def _grouped(main: pd.Series, names: pd.Series) -> dict[str, list[str]]:
    said = main.map(lambda code: str(names[code]), na_action="ignore").fillna("None")
    return {name: list(part.index) for name, part in said.groupby(said)}


def _near(sites: pd.DataFrame, polygons: Any, *, within: float = 15_000.0) -> pd.DataFrame:
    """Keep the sites that stand in the areas or near them; the others would be on the margin."""
    import shapely

    land = shapely.union_all(polygons.geometry.to_numpy())
    spots = shapely.points(sites["easting"].to_numpy(float), sites["northing"].to_numpy(float))
    return sites[shapely.distance(spots, land) <= within]


def _sites(ax: Axes, sites: pd.DataFrame) -> None:
    west, east = ax.get_xlim()
    south, north = ax.get_ylim()
    near = sites[sites["easting"].between(west, east) & sites["northing"].between(south, north)]
    ax.scatter(
        near["easting"],
        near["northing"],
        s=70,
        marker="P",
        facecolor=PAPER,
        edgecolor=INK,
        linewidth=1.0,
        zorder=10,
    )


def _trusts_in_words(register: Any, layer: Layer) -> str:
    people = register.matrix(layer)[list(layer.codes)]
    main, _ = _main_trusts(register, layer)
    said = []
    for code in layer.codes:
        trust = main.get(code)
        if trust is None or trust != trust:
            continue
        part = people.at[trust, code] / people[code].sum()
        name = register.organisations.at[trust, "name"]
        said.append(f"{layer.name_of(code)}: {facts.percent(float(part))} at {name}")
    return "; ".join(said) + "."


def options_plate(
    area: Geography, options: Sequence[str | Layer], weight: str, *, title: str | None = None
) -> Plate:
    """Draw other drawings side by side, each with the sizes of its areas."""
    import matplotlib as mpl

    drawn = [area.layer(option) for option in options][:SMALL_MULTIPLES]
    left_out = len(options) - len(drawn)
    title = title or _options_finding(area, drawn, weight)
    sources = list(small_print(area, drawn, weights=[weight]))
    if left_out > 0:
        sources.append(f"{left_out} more are not shown.")
    wide, high = printed.A4
    figure = printed.blank_page()
    left = 0.6 / wide
    words = furniture.short(title, width=int((wide - 1.2) * 72 / (15 * 0.6)))
    top = 1 - (0.6 + 0.3 * len(words.split("\n"))) / high
    bottom = 0.6 / high + furniture.height_of_sources(sources, wide - 1.2) / high
    with mpl.rc_context(printed.RC):
        figure.text(
            left,
            1 - 0.5 / high,
            words,
            fontsize=15,
            fontweight="bold",
            color=INK,
            va="top",
            parse_math=False,
        )
        for layer, box in zip(drawn, _cells(len(drawn), left, bottom, top), strict=True):
            _small_map(area, layer, figure.add_axes(box), weight)
        small = furniture.small_lines(sources, wide - 1.2)
        figure.text(left, 0.6 / high, small, fontsize=6.2, color="#3D3D3D", parse_math=False)
    alt = " ".join(findings.layer_alt_text(area, layer, weight=weight) for layer in drawn)
    return Plate("options", title, f"{title}. {alt}", figure)


def _options_finding(area: Geography, drawn: Sequence[Layer], weight: str) -> str:
    sizes = [n for layer in drawn for n in findings.people_by_area(area, layer, weight).values()]
    many = findings.count_words(len(drawn)).capitalize()
    unit = area.weight_info(weight).unit
    noun = "drawing" if len(drawn) == 1 else "drawings"
    return f"{many} other {noun}: areas of {min(sizes):,.0f} to {max(sizes):,.0f} {unit}"


def _cells(
    count: int, left: float, bottom: float, top: float
) -> list[tuple[float, float, float, float]]:
    """Part a page into boxes for small maps, each with room for two lines above it."""
    columns = 1 if count == 1 else 2 if count <= 4 else 3
    rows = max(int(np.ceil(count / columns)), 2)
    wide, high = (1 - 2 * left) / columns, (top - bottom) / rows
    return [
        (
            left + (k % columns) * wide,
            top - (k // columns + 1) * high + 0.012,
            wide - 0.015,
            high - 0.065,
        )
        for k in range(count)
    ]


def _small_map(area: Geography, layer: Layer, ax: Axes, weight: str) -> None:
    polygons = area.polygons(layer)
    touching = area.neighbours(layer)
    printed.plot_areas(
        polygons,
        ax=ax,
        label="names" if len(polygons) <= SMALL_MULTIPLES else "none",
        label_size=6,
        neighbours=zip(touching["a"], touching["b"], strict=True),
        linewidth=0.7,
    )
    people = list(findings.people_by_area(area, layer, weight).values())
    unit = area.weight_info(weight).unit
    sizes = f"{min(people):,.0f} to {max(people):,.0f} {unit} each"
    ax.set_title(
        f"{labels.wrapped(findings.title_of(layer), width=30, lines=3)}\n{sizes}",
        fontsize=7.5,
        loc="left",
        parse_math=False,
    )
