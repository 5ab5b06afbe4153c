"""The plates of layers, changes, flows and trusts: what each draws, finds, and shows in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.folders.credits import small_print
from coterminous.layer import Layer
from coterminous.maps import facts, findings
from coterminous.maps import points as where
from coterminous.maps.changes import CHANGES, changes_of
from coterminous.maps.paper import bands, furniture, printed
from coterminous.maps.paper.plate import Plate
from coterminous.maps.style import INK, LAND, MAP_FILLS, PAPER, tint
from coterminous.words import listed, title_in_sentence, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

#: Where more go to a lump of small organisations than to any single one.
UNDECIDED = "Undecided"


def layer_plate(area: Geography, name: str, layer: AnyLayer, context: AnyLayer | None) -> Plate:
    """Draw one layer, with the boundaries of another as broken lines."""
    if context is not None:
        title = findings.boundary_finding(area, layer, context)
    else:
        title = findings.size_finding(area, layer)
    ax = printed.plot(area, layer, context=context, title=title, page=True)
    alt = f"{title}. {findings.layer_alt_text(area, layer)}"
    return Plate(name=name, title=title, alt=alt, figure=ax.figure)


def detail_plate(area: Geography, layer: AnyLayer, weight: str) -> Plate:
    """Draw the layer inside the new one, and how large its areas are."""
    title = findings.size_finding(area, layer, weight=weight)
    units = area.role("districts")
    ax = printed.plot(area, layer, context=units, title=title, page=True)
    alt = f"{title}. {findings.layer_alt_text(area, layer)}"
    return Plate(name="detail", title=title, alt=alt, figure=ax.figure)


def change_plate(
    area: Geography, before: AnyLayer, after: AnyLayer, weight: str, *, title: str | None = None
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
        entries=entries,
        heading="Named: where those who change area go",
        sources=small_print(area, [before, after], weights=[weight]),
        page=True,
        legend_below=True,
    )
    parted = pieces[pieces["change"] == "parted"].sort_values("people", ascending=False)
    flows = [
        f"{row.people:,.0f} from {row.old} to {row.new}"
        for row in parted.head(findings.MANY).itertuples(index=False)
    ]
    alt = f"{title}. Hatched on the map: {listed(flows)}." if flows else f"{title}."
    return Plate(name="changes", title=title, alt=alt, figure=ax.figure)


def flow_plate(area: Geography, before: AnyLayer, after: AnyLayer, weight: str) -> Plate:
    """Draw the people of each old area flowing to the new ones."""
    title = findings.change_finding(area, before, after, weight=weight)
    drawn = bands.draw_bands(
        area.overlap(before, after, weight=weight),
        heads=(title_of(before), title_of(after)),
        unit=area.weight_info(weight).unit,
        title=title,
        sources=small_print(area, [before, after], weights=[weight]),
        page=True,
    )
    return Plate(
        name="flows",
        title=title,
        alt=f"{title}. {drawn.alt}",
        figure=drawn.figure,
        sources=drawn.sources,
    )


def trust_plate(area: Geography, layer: AnyLayer, register: str) -> Plate:
    """Draw neighbourhoods by the trust that treats most of their patients."""
    held = area.register(register)
    # Where the geography has no zones the register counts by block.
    zones = where.zone_layer(area) or Layer.from_lookup("blocks", held.places)
    zones = zones.within(layer)
    main, _ = main_trusts(held, zones)
    names = held.organisations["name"]
    trusts = sorted(set(main.dropna()) - {UNDECIDED}, key=lambda code: str(names[code]))
    colour = {code: MAP_FILLS[k % len(MAP_FILLS)] for k, code in enumerate(trusts)}
    hatch = {code: (None, "...", "xx")[k // len(MAP_FILLS)] for k, code in enumerate(trusts)}
    open_zones = bool((main == UNDECIDED).any())
    colour[UNDECIDED], hatch[UNDECIDED] = PAPER, "\\\\\\"
    polygons = area.polygons(zones.group("main", grouped(main, names)))
    codes = {**{str(names[t]): t for t in trusts}, UNDECIDED: UNDECIDED}
    by_code = {code: codes.get(name, "") for code, name in polygons["name"].items()}
    _, whole = main_trusts(held, layer)
    title = (
        f"{whole:.0%} of patients are treated by the trust that treats most people of their area: "
        f"neighbourhoods by main trust, and the {title_in_sentence(layer, area)}"
    )
    sites = _near(where.sites_of(area, register), polygons)
    ax = printed.plot_areas(
        polygons,
        title=title,
        context=area.polygons(layer),
        label="names",
        colours={c: colour.get(t, PAPER) for c, t in by_code.items()},
        hatches={c: h for c, t in by_code.items() if (h := hatch.get(t))},
        entries=[
            *[
                (str(names.get(t, "Undecided: more to smaller trusts")), look)
                for t in [*trusts, *([UNDECIDED] if open_zones else [])]
                for look in [{"facecolor": colour[t], "hatch": hatch[t]}]
            ],
            (furniture.short(title_of(layer), width=36), {"line": True}),
            ("Main hospital site", {"marker": "P", "color": PAPER, "markersize": 7}),
        ],
        heading="Trust that treats most patients",
        sources=small_print(area, [layer], registers=[register]),
        page=True,
        legend_below=True,
        keep_clear=list(zip(sites["easting"], sites["northing"], strict=True)),
        linewidth=0.4,
    )
    _sites(ax, sites)
    told = _trusts_in_words(held, layer)
    return Plate(name="trusts", title=title, alt=f"{title}. {told}", figure=ax.figure)


def main_trusts(register: Any, layer: AnyLayer) -> tuple[pd.Series, float]:
    """Give each area its main organisation, and the share of all activity that goes to it.

    Lumps count in the denominator and are never the main organisation. Where one has more people
    than any single organisation, none is: who comes next treats fewer than the others together.
    """
    people = register.matrix(layer)[list(layer.codes)]
    single = people.drop(index=list(register.lumps))
    lumped = people.loc[list(register.lumps)].max() if len(register.lumps) else 0.0
    total = people.sum()
    most = single.max()
    most = most.where(most >= lumped, 0.0)
    main = single.idxmax().where(most > 0)
    main = main.mask((most <= 0) & (total > 0), UNDECIDED)
    return main, float(most.sum() / total.sum()) if total.sum() else float("nan")


def grouped(main: pd.Series, names: pd.Series) -> dict[str, list[str]]:
    """Group areas by the name of their main organisation."""
    said = main.map(lambda code: str(names.get(code, code)), na_action="ignore").fillna("None")
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


def _trusts_in_words(register: Any, layer: AnyLayer) -> str:
    people = register.matrix(layer)[list(layer.codes)]
    main, _ = main_trusts(register, layer)
    said = []
    for code in layer.codes:
        trust = main.get(code)
        if trust is None or trust != trust:
            continue
        if trust == UNDECIDED:
            said.append(f"{layer.name_of(code)}: no one trust, more go to smaller ones together")
            continue
        part = people.at[trust, code] / people[code].sum()
        name = register.organisations.at[trust, "name"]
        said.append(f"{layer.name_of(code)}: {facts.percent(float(part))} at {name}")
    return "; ".join(said) + "."
