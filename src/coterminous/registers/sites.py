"""Which block does an organisation's site stand in? By the given block, its point or postcode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five, unknown

if TYPE_CHECKING:
    from coterminous.geography import Geography

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
        strange = known["block"].dropna()
        strange = strange[~strange.isin(area.blocks)]
        # A site beyond the blocks is a site all the same; it has no block of ours.
        known["block"] = known["block"].where(known["block"].isin(area.blocks))
    else:
        strange = pd.Series(dtype="str")
        known["block"] = pd.Series(None, index=known.index, dtype="str")
    east, north = _points(table, spec, where)
    known["easting"], known["northing"] = east, north
    lacking = known["block"].isna() & east.notna() & ~known.index.isin(strange.index)
    if lacking.any():
        known.loc[lacking, "block"] = blocks_at(area, east[lacking], north[lacking])
    return known


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


def postcode_points(area: Geography, postcodes: pd.Series) -> pd.DataFrame:
    """Find the grid reference of each postcode in the geography's own table of them.

    Returns
    -------
    pandas.DataFrame
        `easting`, `northing` on the caller's index; missing where the postcode is not there.

    Raises
    ------
    InputError
        If the geography has no table of postcodes.
    """
    spec = area.settings.get("postcodes")
    if spec is None or area.folder is None:
        raise InputError(
            f"geography {area.name!r} has no [postcodes]; give sites a block or a grid reference"
        )
    table = pd.read_parquet(
        area.folder / spec["file"], columns=[spec["code"], spec["easting"], spec["northing"]]
    )
    folded = table[spec["code"]].str.replace(" ", "").str.upper()
    twice = folded[folded.duplicated()].unique()
    if len(twice):
        raise InputError(f"{area.folder / spec['file']} has postcodes twice: {first_five(twice)}")
    points = table.set_index(folded)[[spec["easting"], spec["northing"]]].astype(float)
    wanted = postcodes.astype("str").str.replace(" ", "").str.upper()
    return points.reindex(wanted).set_axis(["easting", "northing"], axis=1).set_axis(wanted.index)


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
