"""Which block does an organisation's site stand in? By the given block, its point or postcode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five, unknown
from coterminous.registers.councils import doubtful, put_right
from coterminous.tables.keys import among, folded, matched
from coterminous.tables.layouts import column_key
from coterminous.tables.opening import open_any
from coterminous.words import counted

if TYPE_CHECKING:
    from coterminous.geography import Geography

#: No site whose block is another than that of its point.
NONE_MOVED = pd.DataFrame(columns=["council", "was", "block"], dtype="str")
#: What `organisations` of a register may name: our column by the key of `geography.toml`.
_TEXTS = ("name", "site", "postcode", "block", "body", "network", "network_name")


def placed(
    area: Geography, table: pd.DataFrame, spec: Mapping[str, Any], where: str
) -> pd.DataFrame:
    """Take what is known of organisations from a table, and find the block of each site.

    Parameters
    ----------
    area : Geography
    table : pandas.DataFrame
        Text columns, indexed by code.
    spec : mapping
        Which column is which: `name`, `site`, `postcode`, `block`, `easting` and `northing` or
        `latitude` and `longitude`, `body`, `network`, `network_name`.
    where : str
        What errors are about.

    Returns
    -------
    pandas.DataFrame
        By code, under the names above; `block` is the given one, else the one that holds the
        site's point, else missing.
    """
    for key in {*_TEXTS, "easting", "northing", "latitude", "longitude"} & set(spec):
        if spec[key] not in table.columns:
            raise InputError(f"{where}: {unknown(key, spec[key], list(table.columns))}")
    known = pd.DataFrame({k: table[spec[k]].astype("str") for k in _TEXTS if k in spec})
    known.index = known.index.rename("code")
    if "block" in known:
        given = known["block"].dropna()
        known["block"] = known["block"].replace(
            _spelt_otherwise(given, area.blocks, f"{where}: column `{spec['block']}`")
        )
        strange = known["block"].dropna()
        strange = strange[~among(strange, area.blocks)]
        # A site beyond the blocks is a site all the same; it has no block of ours.
        known["block"] = known["block"].where(among(known["block"], area.blocks))
    else:
        strange = pd.Series(dtype="str")
        known["block"] = pd.Series(None, index=known.index, dtype="str")
    east, north = _points(table, spec, where)
    known["easting"], known["northing"] = east, north
    lacking = known["block"].isna() & east.notna() & ~known.index.isin(strange.index)
    if lacking.any():
        known.loc[lacking, "block"] = blocks_at(area, east[lacking], north[lacking])
    _check_councils(area, known, lacking)
    # Whoever makes the register counts the people of these.
    known["block"] = known["block"].fillna(strange)
    return known


def _spelt_otherwise(given: pd.Series, blocks: pd.Index, where: str) -> dict[str, str]:
    """Give our spelling of the blocks that are spelt otherwise, each by itself."""
    ours = {folded(b) for b in blocks}
    odd = {str(b) for b in given[~among(given, blocks)].unique() if folded(b) in ours}
    return {b: matched(pd.Index([b], dtype="str"), blocks, where)[0] for b in sorted(odd)}


def _check_councils(area: Geography, known: pd.DataFrame, by_point: pd.Series) -> None:
    """Check blocks against the council of the postcode: found ones are put right, given ones told.

    What is found stands in ``attrs``, as `moved` and `doubtful`.
    """
    spec = area.settings.get("postcodes") or {}
    if "postcode" not in known or "council" not in spec or area.folder is None:
        return
    councils = known_postcodes(area, known["postcode"])["council"]
    given = known.loc[~by_point, "block"]
    known.attrs["doubtful"] = doubtful(area, given, councils)
    if by_point.any():
        blocks, moved = put_right(area, known[by_point], councils[by_point])
        known.loc[by_point, "block"] = blocks
        known.attrs["moved"] = moved


def blocks_at(area: Geography, easting: pd.Series, northing: pd.Series) -> pd.Series:
    """Find the block that holds each point; missing for a point that no block holds.

    Parameters
    ----------
    area : Geography
    easting, northing : pandas.Series
        In the CRS of the blocks, on one index.

    Returns
    -------
    pandas.Series
        On the caller's index. A point on an edge goes to the smaller code.
    """
    import shapely

    shapes = area.geometry
    points = shapely.points(easting.to_numpy(dtype=float), northing.to_numpy(dtype=float))
    which, held = shapely.STRtree(shapes.to_numpy()).query(points, predicate="intersects")
    found = pd.Series(held).groupby(which).min()
    codes = shapes.index[found.to_numpy(dtype=int)]
    return pd.Series(
        pd.Series(codes, index=easting.index[found.index]), index=easting.index, dtype="str"
    )


def by_postcode(area: Geography, postcodes: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find where each postcode lies by the geography's own table of them, `[postcodes]`.

    The block is the one that the table gives, else the one that holds the postcode's point. Where
    the table knows the council of a postcode and that block lies in another, the lines of the
    blocks are too coarse there, and the nearest block of the council is taken.

    Parameters
    ----------
    area : Geography
    postcodes : pandas.Series
        By code of the organisation.

    Returns
    -------
    found : pandas.DataFrame
        `easting`, `northing`, `block` on the caller's index; missing where the postcode is not in
        the table, and no block where it lies in none.
    moved : pandas.DataFrame
        Those whose block is another than that of the point: `council`, `was`, `block`.

    Raises
    ------
    InputError
        If the geography has no table of postcodes, or it has a postcode twice.
    """
    known = known_postcodes(area, postcodes)
    found = known[["easting", "northing"]].copy()
    if "block" in known:
        given = known["block"].where(known["block"].isin(area.blocks))
        return found.assign(block=given.astype("str")), NONE_MOVED.copy()
    placed = found["easting"].notna()
    found["block"] = pd.Series(None, index=found.index, dtype="str")
    if placed.any():
        found.loc[placed, "block"] = blocks_at(
            area, found.loc[placed, "easting"], found.loc[placed, "northing"]
        )
    if "council" not in known:
        return found, NONE_MOVED.copy()
    found["block"], moved = put_right(area, found, known["council"])
    return found, moved


def checked_sites(known: pd.DataFrame | None) -> pd.DataFrame:
    """List the sites that were moved or are doubtful, from what was kept when they were placed.

    Returns
    -------
    pandas.DataFrame
        By code: `name`, `what` (``moved`` or ``doubtful``), `council` of its postcode, `was` (the
        block of its point, missing where none holds it) and `block`.
    """
    columns = ["name", "what", "council", "was", "block"]
    found = []
    for what in ("moved", "doubtful"):
        listed = None if known is None else known.attrs.get(what)
        if known is not None and listed is not None and len(listed):
            names = known["name"].reindex(listed.index) if "name" in known else None
            found.append(listed.assign(what=what, name=names).reindex(columns=columns))
    return pd.concat(found) if found else pd.DataFrame(columns=columns, dtype="str")


def said_of_sites(sites: pd.DataFrame) -> str:
    """Say in a sentence each which sites were moved, and which are doubtful; nothing for none."""
    said = []
    for what, words in (
        (
            "moved",
            "by the council of {their} postcode, for the lines of the blocks put {them} in another "
            "council or in none",
        ),
        ("doubtful", "in a block that is not in the council of {their} postcode"),
    ):
        those = sites[sites["what"] == what]
        if not len(those):
            continue
        one = len(those) == 1
        which = words.format(their="its" if one else "their", them="it" if one else "them")
        listed = ", ".join(
            f"{row.name} ({code}, {row.patients:,.10g} patients)"
            for code, row in zip(
                those.index[:5], those.head(5).itertuples(index=False), strict=True
            )
        )
        more = f" and {len(those) - 5} more" if len(those) > 5 else ""
        verb = "is placed" if one else "are placed"
        said.append(f"{counted(len(those), 'site')} {verb} {which}: {listed}{more}.")
    return " ".join(said)


def known_postcodes(area: Geography, postcodes: pd.Series) -> pd.DataFrame:
    """Return what the geography's table of postcodes says of each.

    Returns
    -------
    pandas.DataFrame
        `easting`, `northing`, and `council` and `block` where the table has them, on the caller's
        index; missing where the postcode is not there.

    Raises
    ------
    InputError
    """
    spec = area.settings.get("postcodes")
    if spec is None or area.folder is None:
        raise InputError(
            f"geography {area.name!r} has no [postcodes]; add that table to its geography.toml, or "
            "give sites a block or a grid reference"
        )
    file = area.folder / spec["file"]
    columns = {spec[key]: key for key in ("easting", "northing", "council", "block") if key in spec}
    table = open_any(file, columns=[(column_key(c),) for c in (spec["code"], *columns)])
    for column in (spec["code"], *columns):
        if column not in table.columns:
            raise InputError(f"{file}: {unknown('column', column, list(table.columns))}")
    wanted = postcodes.astype("str").str.replace(" ", "").str.upper()
    folded = table[spec["code"]].str.replace(" ", "").str.upper()
    needed = folded.isin(wanted.dropna().unique())
    table, folded = table[needed], pd.Index(folded[needed], dtype="str")
    twice = folded[folded.duplicated()].unique()
    if len(twice):
        raise InputError(f"{file} has postcodes twice: {first_five(twice)}; keep one row each")
    known = table.rename(columns=columns)[list(columns.values())].set_axis(folded)
    known = known.mask(known == "")
    for axis in ("easting", "northing"):
        known[axis] = _numbers(known, axis, str(file))
    # Where a postcode has no point the official directory has a grid reference of noughts.
    nowhere = (known["easting"] == 0) | (known["northing"] == 0)
    known.loc[nowhere, ["easting", "northing"]] = np.nan
    return known.reindex(wanted).set_axis(wanted.index)


def _points(
    table: pd.DataFrame, spec: Mapping[str, Any], where: str
) -> tuple[pd.Series, pd.Series]:
    nowhere = pd.Series(np.nan, index=table.index.rename("code"), dtype=float)
    if "easting" in spec and "northing" in spec:
        east, north = (_numbers(table, spec[k], where) for k in ("easting", "northing"))
        return east, north
    if "latitude" not in spec or "longitude" not in spec:
        return nowhere, nowhere
    from pyproj import Transformer

    latitude, longitude = (_numbers(table, spec[k], where) for k in ("latitude", "longitude"))
    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    x, y = to_grid.transform(longitude.to_numpy(), latitude.to_numpy())
    grid = pd.DataFrame({"x": x, "y": y}, index=nowhere.index)
    grid = grid.where(np.isfinite(grid)).round(0)
    return grid["x"], grid["y"]


def _numbers(table: pd.DataFrame, column: str, where: str) -> pd.Series:
    values = pd.to_numeric(table[column], errors="coerce").astype(float)
    bad = values.isna() & table[column].notna()
    if bad.any():
        raise InputError(
            f"{where}: column `{column}` has {int(bad.sum()):,} cells that are no numbers: "
            f"{first_five(table.loc[bad, column])}"
        )
    return values.set_axis(values.index.rename("code"))
