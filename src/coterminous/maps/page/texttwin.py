"""The same map in words, for those who cannot see it: areas, parts, people and neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coterminous.folders.credits import assumptions
from coterminous.layer import OUTSIDE
from coterminous.maps.facts import percent
from coterminous.maps.page.escaping import references
from coterminous.words import sentence_case, title_of

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer


def text_twin(
    area: Geography,
    layer: str | AnyLayer,
    *,
    units: str | AnyLayer | None = None,
    weight: str | None = None,
) -> pd.DataFrame:
    """Say in a table what a map of a layer shows.

    Parameters
    ----------
    area
        The geography.
    layer
        The layer that the map shows.
    units
        The layer whose areas each area is made of; the districts where None.
    weight
        What is counted.

    Returns
    -------
    pandas.DataFrame
        By area code: ``name``; ``made_of``, the units in it, with the share of a unit's people
        where only part of it is; ``people``; ``neighbours``, by name, and by which link where
        they share no edge.

    Examples
    --------
    >>> import coterminous as ct
    >>> text_twin(ct.load(), "place2022").at["blackpool", "made_of"]
    'Blackpool'
    """
    drawn = area.layer(layer)
    units, weight = area.meant(units, "districts"), area.counted(weight)
    table = pd.DataFrame({"name": list(drawn.names)}, index=drawn.codes)
    table["made_of"] = _made_of(area, drawn, area.layer(units), weight) if units is not None else ""
    table["people"] = drawn.totals(area.weight(weight))
    table["neighbours"] = _neighbours(area, drawn)
    return table


def _made_of(area: Geography, drawn: AnyLayer, units: AnyLayer, weight: str) -> pd.Series:
    cells = area.overlap(drawn, units, weight=weight).table
    said: dict[str, list[str]] = {code: [] for code in drawn.codes}
    for row in cells.itertuples(index=False):
        if row.source == OUTSIDE or row.target == OUTSIDE:
            continue
        whole = row.share_of_target == 1
        part = "" if whole else f" (part: {percent(row.share_of_target)} of its people)"
        said[row.source].append(f"{units.name_of(row.target)}{part}")
    return pd.Series({code: ", ".join(sorted(names)) for code, names in said.items()}, dtype="str")


def _neighbours(area: Geography, drawn: AnyLayer) -> pd.Series:
    said: dict[str, list[str]] = {code: [] for code in drawn.codes}
    for row in area.neighbours(drawn).itertuples(index=False):
        by = f" (by {row.link})" if row.link and not row.shared_m else ""
        said[row.a].append(f"{drawn.name_of(row.b)}{by}")
        said[row.b].append(f"{drawn.name_of(row.a)}{by}")
    return pd.Series(
        {code: ", ".join(sorted(names)) or "none" for code, names in said.items()}, dtype="str"
    )


def html(area: Geography, layer: str | AnyLayer, *, weight: str | None = None) -> str:
    """Write the text twin as an HTML table in which every text is made of references."""
    drawn = area.layer(layer)
    weight = area.counted(weight)
    table = text_twin(area, drawn, weight=weight)
    counted = area.weight_info(weight)
    heads = ("Area", "Made of", f"{sentence_case(counted.unit)} ({counted.title})", "Neighbours")
    head = "".join(f'<th scope="col">{references(h)}</th>' for h in heads)
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{references(row.name)}</th>'
        f"<td>{references(row.made_of)}</td>"
        f'<td class="n">{references(f"{row.people:,.0f}")}</td>'
        f"<td>{references(row.neighbours)}</td></tr>"
        for row in table.itertuples(index=False)
    )
    note = "".join(f"<p>{references(line)}</p>" for line in assumptions([drawn]))
    return (
        f"<table><caption>{references(title_of(drawn))}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{note}"
    )
