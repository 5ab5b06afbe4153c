"""Where practices and hospitals stand on a map, how big they are, and where their patients live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.maps.style import STATUS_COLOURS, STATUS_MARKERS, STATUS_WORDS
from coterminous.tables.layouts import column_key
from coterminous.tables.opening import open_any
from coterminous.words import counted, plural

if TYPE_CHECKING:
    from coterminous.effects.impacts import Impact
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

_METRES = "give metres of the British National Grid (EPSG:27700), not degrees"
PLAIN_COLOUR, PLAIN_MARKER = "#2073BC", "o"
COLUMNS = ["name", "block", "easting", "northing", "patients", "status"]


def organisations(area: Geography, register: str) -> pd.DataFrame:
    """List the organisations of a register that stand somewhere, with the people of each.

    Parameters
    ----------
    area
        The geography.
    register
        Name of one of its registers.

    Returns
    -------
    pandas.DataFrame
        By code: ``name``, ``block``, ``easting``, ``northing`` (missing where not known),
        ``patients`` (everybody, wherever they live), ``status`` (empty) and ``stands``: ``block``
        where only the block is known and the point is the block's, ``beyond`` where that block is
        not of this geography. Lumps are left out.
    """
    held = area.register(register)
    held.require_open("a map")
    known = held.organisations.drop(index=list(held.lumps))
    found = pd.DataFrame(
        {
            "name": known["name"],
            "block": known["block"],
            "easting": known["easting"].astype(float),
            "northing": known["northing"].astype(float),
            "patients": held.lists.reindex(known.index),
            "status": "",
            "stands": "",
        },
        index=known.index,
    )
    return _at_blocks(area, found)


def _at_blocks(area: Geography, found: pd.DataFrame) -> pd.DataFrame:
    """Put an organisation of which only the block is known at that block's point, and mark it."""
    lost = found["easting"].isna() & found["block"].notna()
    if not lost.any():
        return found
    inside = lost & found["block"].isin(area.blocks)
    found.loc[lost & ~inside, "stands"] = "beyond"
    try:
        at = area.points.reindex(found.loc[inside, "block"])
    except InputError:  # blocks without points
        return found
    found.loc[inside, "easting"] = at.x.to_numpy()
    found.loc[inside, "northing"] = at.y.to_numpy()
    found.loc[inside, "stands"] = "block"
    return found


def checked_points(given: pd.DataFrame) -> pd.DataFrame:
    """Check a caller's own table of practices, and fill in what it lacks.

    Parameters
    ----------
    given
        Indexed by code: ``name``, ``easting`` and ``northing`` (EPSG:27700), and if known
        ``patients`` and ``status``.

    Raises
    ------
    InputError
        If a column is missing, a code comes twice, a status is unknown, or a place is no number
        or in degrees.
    """
    lacking = [c for c in ("name", "easting", "northing") if c not in given.columns]
    if lacking:
        raise InputError(f"`practices` lacks the columns {', '.join(lacking)}")
    twice = given.index[given.index.duplicated()].unique()
    if len(twice):
        raise InputError(f"`practices` has codes more than once: {', '.join(map(str, twice[:5]))}")
    made = given.reindex(columns=COLUMNS)
    for column in ("easting", "northing", "patients"):
        numbers = pd.to_numeric(made[column], errors="coerce").astype("float64")
        strange = made.index[numbers.isna() & made[column].notna()]
        if len(strange):
            raise InputError(
                f"`practices` has no number in the column {column} of {first_five(strange)}"
            )
        made[column] = numbers
    # No practice stands within 200 m of the grid's false origin, off Scilly.
    if ((made["easting"].abs() <= 180) & (made["northing"].abs() <= 90)).any():
        raise InputError(
            "`practices` has eastings and northings that look like degrees; give metres of the"
            " National Grid: to_crs(27700)"
        )
    made["status"] = made["status"].astype(object).fillna("").astype("str")
    strange = sorted(set(made["status"]) - {"", *STATUS_COLOURS})
    if strange:
        raise InputError(
            f"`practices` has the status {strange[0]!r}, which is not one of: "
            f"{', '.join(STATUS_COLOURS)}"
        )
    return made.sort_index()


def practices_of(
    area: Geography,
    practices: bool | str | pd.DataFrame,
    *,
    before: AnyLayer | None = None,
    after: AnyLayer | None = None,
    found: Impact | None = None,
) -> pd.DataFrame:
    """Give the practices to draw, with a status where two layers are compared.

    Parameters
    ----------
    area
        The geography.
    practices
        True for the register of patients, another register's name, or a table as `checked_points`
        takes it.
    before, after
        Layers that practices may cross the lines of; status is empty without.
    found
        Who crosses them, where that was asked already.
    """
    if isinstance(practices, pd.DataFrame):
        return checked_points(practices)
    given = None if practices is True else str(practices)
    register = str(area.needed(given, "patients", "practices"))
    drawn = organisations(area, register)
    if before is not None and after is not None:
        from coterminous.effects.impacts import impact

        result = found or impact(area, register, before=before, after=after)
        shares = result.organisations.reindex(drawn.index)
        drawn["status"] = shares["status"].fillna("").astype("str")
        for side in ("before", "after"):
            drawn[f"share_{side}"] = shares[f"share_{side}"]
    return drawn.sort_index()


def crossing_words(row: Any) -> tuple[str, ...]:
    """Say what share of a practice's list lives outside its area, before and after."""
    shares = [getattr(row, f"share_{side}", float("nan")) for side in ("before", "after")]
    if any(pd.isna(share) for share in shares):
        return ()
    from coterminous.maps.facts import percent

    before, after = (percent(float(share)) for share in shares)
    return (f"Of its patients {before} live outside its area before, {after} after.",)


def drawn_points(points: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Part the points that can be drawn from those that cannot, and say how many those are."""
    placed = np.isfinite(points["easting"].astype(float)) & np.isfinite(
        points["northing"].astype(float)
    )
    stands = points.get("stands", pd.Series("", index=points.index))
    beyond, moved = ~placed & (stands == "beyond"), stands == "block"
    said = [
        _told(points[~placed & ~beyond], "not drawn: where {they} not known", "it stands is"),
        _told(points[beyond], "not drawn: {they} outside the map", "it stands"),
        _told(points[moved], "drawn at the point of {their} block, for {their} own is not known"),
    ]
    return points[placed], " ".join(words for words in said if words)


def _told(points: pd.DataFrame, pattern: str, one: str = "") -> str:
    """Say of some practices, counted with their patients, what became of them."""
    count = len(points)
    if not count:
        return ""
    many = one.replace("it stands is", "they stand is").replace("it stands", "they stand")
    said = pattern.format(they=plural(count, one, many), their=plural(count, "its", "their"))
    return (
        f"{counted(count, 'practice')}, with {points['patients'].sum():,.0f} patients, "
        f"{plural(count, 'is', 'are')} {said}."
    )


def radius(
    patients: float, largest: float, *, smallest: float = 4.0, widest: float = 13.0
) -> float:
    """Give the radius of a point, so that its area grows with the list; at least `smallest`.

    Examples
    --------
    >>> radius(100, 100), radius(0, 100)
    (13.0, 4.0)
    """
    if not largest > 0 or not patients > 0:
        return smallest
    return round(max(smallest, widest * float(np.sqrt(patients / largest))), 1)


def look(status: str) -> dict[str, str]:
    """Give the colour, the shape and the words of a status; those of a plain practice for none."""
    return {
        "colour": STATUS_COLOURS.get(status, PLAIN_COLOUR),
        "marker": STATUS_MARKERS.get(status, PLAIN_MARKER),
        "words": STATUS_WORDS.get(status, "practice"),
    }


def zone_names(area: Geography) -> pd.Series:
    """Give the name by which people know each zone; its code where there is none."""
    zones = area.zones
    if zones is None:
        return pd.Series(dtype="str")
    codes = pd.Index(sorted(set(zones)), dtype="str")
    told = area.settings.get("zones")
    if not told or area.folder is None:
        return pd.Series(codes, index=codes)
    columns = [(column_key(told[key]),) for key in ("code", "name")]
    table = open_any(area.folder / told["file"], columns=columns)
    named = table.drop_duplicates(told["code"]).set_index(told["code"])[told["name"]]
    return named.reindex(codes).replace("", None).fillna(pd.Series(codes, index=codes))


def zone_layer(area: Geography, codes: pd.Index | None = None) -> AnyLayer | None:
    """Make a layer of the zones, of those in `codes` only; None where there are no zones."""
    from coterminous.layer import Layer

    zones = area.zones
    if zones is None:
        return None
    names = zone_names(area)
    kept = zones if codes is None else zones.where(zones.isin(codes))
    return Layer.from_lookup("zones", kept, blocks=area.blocks, names=names, title="Zones")


def where_patients_live(area: Geography, register: str) -> dict[str, pd.Series]:
    """Give for each organisation how many of its people live in each place, most first."""
    held = area.register(register)
    held.require_open("a map")
    people = held.people[~held.people["organisation"].isin(held.lumps)]
    ordered = people.sort_values(
        ["organisation", "patients", held.resolution], ascending=[True, False, True]
    )
    return {
        str(code): part.set_index(held.resolution)["patients"]
        for code, part in ordered.groupby("organisation")
    }


def sites_of(area: Geography, register: str | None = None) -> pd.DataFrame:
    """List the hospital sites of a register: ``name``, ``site``, ``easting``, ``northing``."""
    register = area.meant(register, "hospital")
    if register is None:
        return pd.DataFrame(columns=["name", "site", "easting", "northing", "patients"])
    held = area.register(register)
    found = organisations(area, register)
    found["site"] = held.organisations["site"].reindex(found.index)
    return found[found["easting"].notna()]


def towns_of(area: Geography) -> pd.DataFrame:
    """List the towns and seas that a geography names: ``name``, ``kind``, ``people`` and a point.

    Returns
    -------
    pandas.DataFrame
        `kind` is ``town`` or ``sea``; `easting` and `northing` in metres; the largest first. Empty
        where the geography has none.

    Raises
    ------
    InputError
        When the file is not there, or lacks a column, or holds a kind, a number of people or a
        place that cannot be one.
    """
    spec = area.settings.get("towns")
    columns = ["name", "kind", "people", "easting", "northing"]
    if not spec or area.folder is None:
        return pd.DataFrame(columns=columns)
    file = area.folder / spec["file"]
    table = open_any(file)
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise InputError(
            f"{file}: `[towns]` has no column {lacking[0]!r}; it needs {', '.join(columns)}"
        )
    found = table[columns].copy()
    for name in ("people", "easting", "northing"):
        found[name] = pd.to_numeric(found[name], errors="coerce")
    for bad, column, mend in (
        (~found["kind"].isin(["town", "sea"]), "kind", "give town or sea"),
        (found["people"].isna(), "people", "give a number, 0 for a sea"),
        (~found["easting"].between(0, 700_000), "easting", _METRES),
        (~found["northing"].between(0, 1_300_000), "northing", _METRES),
        (found[["easting", "northing"]].abs().max(axis=1) <= 180, "easting", _METRES),
    ):
        if bad.any():
            raise InputError(
                f"{file}: column {column!r}: {first_five(found.loc[bad, 'name'])}; {mend}"
            )
    return found.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def in_degrees(points: pd.DataFrame) -> list[tuple[float, float]]:
    """Bring eastings and northings to longitude and latitude, to five decimals."""
    import geopandas as gpd

    from coterminous.maps.page.simplifying import in_degrees as turned

    frame: Any = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(points["easting"], points["northing"]), crs=27700
    )
    made = turned(frame).geometry
    return [(round(p.x, 5), round(p.y, 5)) for p in made]
