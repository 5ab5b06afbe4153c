"""Each layer of an interactive map as a folium group: areas, changes, practices, hospitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd

from coterminous.maps import points as where
from coterminous.maps.changes import CHANGES
from coterminous.maps.choosing import Chosen
from coterminous.maps.facts import AreaFacts, percent
from coterminous.maps.page.controls import legend_section
from coterminous.maps.page.escaping import references
from coterminous.maps.page.simplifying import features
from coterminous.maps.paper.labels import anchors, wrapped
from coterminous.maps.style import INK, STATUS_COLOURS
from coterminous.shares import AnyLayer
from coterminous.words import natural, title_of

if TYPE_CHECKING:
    import geopandas as gpd


DASHES = ("", "7 4", "2 4", "9 3 2 3")
LIVES_SHOWN = 6
LISTED = 30
"""With more areas than this a legend would be longer than the map, and names none of them."""
SHADES = (
    (0.0, "#E3EAF1", "under 1% of its patients"),
    (0.01, "#A9C3DE", "1% to 5%"),
    (0.05, "#6BACE6", "5% to 15%"),
    (0.15, "#2073BC", "15% to 30%"),
    (0.30, "#12436D", "30% or more"),
)
"""From which share of a practice's list on a neighbourhood takes which shade."""


@dataclass
class Group:
    """One toggle of a map: the folium group, its legend, and what the search finds in it."""

    layer: folium.FeatureGroup
    legend: list[dict[str, Any]]
    found: list[dict[str, Any]] = field(default_factory=list)


def area_group(
    drawn: AnyLayer,
    polygons: gpd.GeoDataFrame,
    facts: Sequence[AreaFacts],
    *,
    colours: Mapping[str, str],
    asked: Chosen,
    number: int = 0,
    show: bool = True,
) -> Group:
    """Make the group of one layer's areas: fills, names, and a pop-up with what there is to say."""
    title = references(title_of(drawn))
    group = folium.FeatureGroup(name=title, show=show)
    dash = DASHES[number % len(DASHES)]
    told: list[dict[str, Any]] = []
    for fact in facts:
        style = {
            "color": INK,
            "weight": 2,
            "dashArray": dash or None,
            "fillColor": colours[fact.code],
            "fillOpacity": 0.78,
        }
        words = area_words(fact)
        if fact.code in asked.said:
            figure = f"{asked.heading}: {asked.said[fact.code]}"
            words += f"<p>{references(figure)}</p>"
        told.append({"n": references(fact.name), "p": words, "style": style})
    _add_features(group, features(polygons, told), "coterminous.area")
    _add_labels(group, polygons)
    by_name = sorted(zip(facts, told, strict=True), key=lambda pair: natural(pair[0].name))
    entries = [{"n": t["n"], "c": t["style"]["fillColor"], "d": dash} for _, t in by_name]
    note = ""
    if asked.classes:
        entries = [{"n": references(words), "c": fill, "d": dash} for words, fill in asked.classes]
        note = asked.heading
    elif asked.fills:
        note = asked.alt
    elif len(facts) > len({colours[fact.code] for fact in facts}):
        note = "Colours tell neighbours apart; areas further off share them."
    if len(facts) > LISTED and not asked.classes:
        entries = []
        note = (
            f"{len(facts):,} areas. {note} Click an area for its name, search for one, or zoom in: "
            "all are in the words below the map."
        )
    found = [
        {
            "n": references(fact.name),
            "a": references("; ".join((fact.code, *drawn.aliases[k]))),
            "k": title,
            "layer": group,
            "i": str(k),
        }
        for k, fact in enumerate(facts)
    ]
    return Group(group, [legend_section(group, title, entries, note=references(note))], found)


def area_words(fact: AreaFacts) -> str:
    """Write what there is to say of an area, as the HTML of a pop-up."""
    lines = "".join(f"<p>{references(line)}</p>" for line in (*fact.sizes, *fact.relations))
    return f"<h3 dir='auto'>{references(fact.name)}</h3>{lines}"


def _add_features(group: folium.FeatureGroup, collection: dict[str, Any], script: str) -> None:
    folium.GeoJson(
        collection,
        control=False,
        smooth_factor=0,
        on_each_feature=folium.JsCode(script),
    ).add_to(group)


def _add_labels(group: folium.FeatureGroup, polygons: gpd.GeoDataFrame) -> None:
    labelled = zip(polygons["name"], anchors(polygons), polygons.bounds.to_numpy(), strict=True)
    # Where two names would lie on one another the first keeps its place: that of the larger area.
    for name, point, _ in sorted(labelled, key=lambda t: (-_extent(t[2]), natural(t[0]))):
        if point is None:
            continue
        lines = "<br>".join(references(line) for line in wrapped(name).split("\n"))
        icon = folium.DivIcon(
            icon_size=(0, 0),
            icon_anchor=(0, 0),
            html=f"<span dir='auto'>{lines}</span>",
            class_name="ct-label",
        )
        folium.Marker(
            (round(point[1], 5), round(point[0], 5)),
            icon=icon,
            interactive=False,
            keyboard=False,
            z_index_offset=10_000,
        ).add_to(group)


def _extent(bounds: Sequence[float]) -> float:
    west, south, east, north = bounds
    return float((east - west) * (north - south))


def change_group(
    polygons: gpd.GeoDataFrame, pieces: pd.DataFrame, title: str, unit: str, *, show: bool = True
) -> Group:
    """Make the group of what changes: each pair of old and new area, and who is parted."""
    name = references(title)
    group = folium.FeatureGroup(name=name, show=show)
    looks = {key: (colour, words) for key, colour, words in CHANGES}
    told = []
    for row in pieces.itertuples(index=False):
        colour, words = looks[row.change]
        heading = references(f"{row.old} → {row.new}")
        people = references(f"{row.people:,.0f} {unit}")
        told.append(
            {
                "n": heading,
                "t": f"{heading}<br>{people}",
                "p": f"<h3>{heading}</h3><p>{people}</p><p>{references(words)}</p>",
                "style": {
                    "color": INK,
                    "weight": 2,
                    "fillColor": colour,
                    "fillOpacity": 0.9 if row.change == "parted" else 0.75,
                },
            }
        )
    _add_features(group, features(polygons, told), "coterminous.area")
    totals = pieces.groupby("change")["people"].sum()
    entries = [
        {"n": references(f"{words}: {totals[key]:,.0f} {unit}"), "c": colour}
        for key, colour, words in CHANGES
        if key in totals.index
    ]
    return Group(group, [legend_section(group, name, entries)])


def practice_group(
    practices: pd.DataFrame,
    lives: dict[str, pd.Series],
    names: pd.Series,
    title: str,
    *,
    show: bool = True,
) -> Group:
    """Make the group of practices: sized by list, shaped and coloured by status.

    Parameters
    ----------
    practices
        Those that stand somewhere, as `points.drawn_points` gives them.
    lives
        By code, how many of its patients live in each place, most first.
    names
        Names of places, by code.
    title
        Of the toggle.
    show
        Whether it is shown at first.
    """
    name = references(title)
    group = folium.FeatureGroup(name=name, show=show)
    largest = float(practices["patients"].max()) if len(practices) else 0.0
    made, found = [], []
    spots = where.in_degrees(practices)
    for k, (code, row, spot) in enumerate(
        zip(practices.index, practices.itertuples(index=False), spots, strict=True)
    ):
        look = where.look(row.status)
        told = {
            "n": references(row.name),
            "p": practice_words(code, row, lives.get(str(code)), names),
            "t": references(f"{row.name}: {row.patients:,.0f} patients"),
            "m": look["marker"],
            "c": look["colour"],
            "s": 2 * where.radius(row.patients, largest),
        }
        made.append(_point(k, spot, told))
        found.append(
            {
                "n": told["n"],
                "a": references(code),
                "k": references(f"{title}, {code}"),
                "layer": group,
                "i": str(k),
            }
        )
    _add_points(group, made)
    shown = [s for s in (*STATUS_COLOURS, "") if (practices["status"] == s).any()]
    entries = []
    for status in shown:
        look = where.look(status)
        count = int((practices["status"] == status).sum())
        words = (
            f"{look['words']} ({count:,})" if status else f"Practice, by size of list ({count:,})"
        )
        entries.append({"n": references(words), "c": look["colour"], "m": look["marker"]})
    return Group(group, [legend_section(group, name, entries)], found)


def practice_words(code: str, row: Any, lives: pd.Series | None, names: pd.Series) -> str:
    """Write a practice's pop-up: its list, its status, and where its patients live."""
    lines = [f"{code}. {row.patients:,.0f} patients registered."]
    if row.status:
        lines.append(f"Its list {where.look(row.status)['words']}.")
    lines += where.crossing_words(row)
    words = f"<h3>{references(row.name)}</h3>"
    words += "".join(f"<p>{references(line)}</p>" for line in lines)
    if lives is None or not len(lives):
        return words
    total = lives.sum()
    beyond = lives[lives.index.isin(["unknown", "elsewhere"])]
    known = lives.drop(beyond.index)
    rows = [(str(names.get(p, p)), n) for p, n in known.head(LIVES_SHOWN).items()]
    rest = known.iloc[LIVES_SHOWN:]
    if len(rest):
        rows.append((f"{len(rest):,} other neighbourhoods", rest.sum()))
    said = {"unknown": "Address not known", "elsewhere": "Beyond this map"}
    rows += [(said[str(p)], n) for p, n in beyond.items()]
    body = "".join(
        f'<tr><td>{references(place)}</td><td class="n">{references(f"{n:,.0f}")}</td>'
        f'<td class="n">{references(percent(n / total))}</td></tr>'
        for place, n in rows
    )
    head = '<th scope="col">Where its patients live</th><th scope="col">Patients</th>'
    return f'{words}<table><thead><tr>{head}<th scope="col">Share</th></tr></thead>{body}</table>'


def site_group(sites: pd.DataFrame, title: str, *, show: bool = True) -> Group:
    """Make the group of hospital sites."""
    name = references(title)
    group = folium.FeatureGroup(name=name, show=show)
    made, found = [], []
    spots = where.in_degrees(sites)
    for k, (row, spot) in enumerate(zip(sites.itertuples(index=False), spots, strict=True)):
        site = row.site if isinstance(row.site, str) and row.site else row.name
        told = {
            "n": references(site),
            "p": f"<h3>{references(site)}</h3><p>{references(row.name)}</p>",
            "t": references(site),
            "m": "H",
            "c": "#801650",
            "s": 22,
        }
        made.append(_point(k, spot, told))
        found.append({"n": told["n"], "k": name, "layer": group, "i": str(k)})
    _add_points(group, made)
    entry = {"n": references("Hospital"), "c": "#801650", "m": "H"}
    return Group(group, [legend_section(group, name, [entry])], found)


def _point(number: int, spot: tuple[float, float], told: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(number),
        "properties": told,
        "geometry": {"type": "Point", "coordinates": list(spot)},
    }


def _add_points(group: folium.FeatureGroup, made: list[dict[str, Any]]) -> None:
    folium.GeoJson(
        {"type": "FeatureCollection", "features": made},
        control=False,
        on_each_feature=folium.JsCode("coterminous.site"),
        point_to_layer=folium.JsCode("coterminous.point"),
        style_function=None,
    ).add_to(group)


def catchment_lists(
    practices: pd.DataFrame, lives: dict[str, pd.Series], places: Sequence[str]
) -> dict[str, list[list[float]]]:
    """Give for each drawn practice, by number, the share of its list in each place, by number."""
    number = {place: k for k, place in enumerate(places)}
    made = {}
    for k, code in enumerate(practices.index):
        counts = lives.get(str(code))
        if counts is None or not counts.sum():
            continue
        share = counts / counts.sum()
        made[str(k)] = [
            [number[str(p)], float(np.round(s, 4))] for p, s in share.items() if str(p) in number
        ]
    return made
