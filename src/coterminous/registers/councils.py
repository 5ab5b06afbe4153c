"""Does a site stand in the council of its postcode? Generalised lines can put it next door.

A postcode's own point and council are surveyed; the lines of blocks are drawn with few corners, so
that a point near a border can fall into a block of the neighbouring council.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.layer import Layer
from coterminous.registers.registration_rows import LSOA

if TYPE_CHECKING:
    from coterminous.geography import Geography

#: How far from the lines of a council that is only partly here a site of it can be, in metres.
NEAR = 1_000


@dataclass(frozen=True)
class Ground:
    """The blocks of a council that are here, and whether they are all it has."""

    blocks: frozenset[str]
    whole: bool


def grounds(area: Geography, councils: pd.Series) -> dict[str, Ground]:
    """Find the blocks of each council, by the geography's layers and by England's lookups.

    Parameters
    ----------
    area : Geography
    councils : pandas.Series
        Codes of councils of any year.

    Returns
    -------
    dict
        By code; a council that neither the layers of the roles `councils` and `districts` nor the
        lookups of England know is not in it, and nothing can be told by it.
    """
    wanted = set(councils.dropna().unique())
    found: dict[str, Ground] = {}
    for role in ("districts", "councils"):
        name = area.role(role)
        layer = area.layer(name) if name is not None else None
        if isinstance(layer, Layer):
            here = layer.assignment
            for code in wanted & set(layer.codes) - set(found):
                found[code] = Ground(frozenset(here.index[here == code]), whole=True)
    if wanted <= set(found) or not LSOA.fullmatch(str(area.blocks[0])):
        return found
    from coterminous.vintages import england

    mine = set(area.blocks)
    for councils_then in england.councils_of_lsoas().values():
        for code in (wanted - set(found)) & set(councils_then):
            those = councils_then[code]
            found[code] = Ground(frozenset(mine & those), whole=those <= mine)
    return found


def put_right(
    area: Geography, sites: pd.DataFrame, councils: pd.Series
) -> tuple[pd.Series, pd.DataFrame]:
    """Give each site the block of its point, or the nearest of its postcode's council.

    Parameters
    ----------
    area : Geography
    sites : pandas.DataFrame
        `easting`, `northing` and the `block` that holds the point, by code of the organisation.
    councils : pandas.Series
        The council of each site's postcode; missing where it is not known.

    Returns
    -------
    blocks : pandas.Series
        A site whose council is not here has none.
    moved : pandas.DataFrame
        Those whose block is another than that of the point: `council`, `was`, `block`.
    """
    there = grounds(area, councils)
    blocks, moved = sites["block"].copy(), {}
    for code, council in councils.dropna().items():
        ground = there.get(council)
        was = sites.at[code, "block"]
        if ground is None or was in ground.blocks or pd.isna(sites.at[code, "easting"]):
            continue
        if pd.isna(was) and not ground.whole:
            continue
        now = _nearest(area, sites.loc[code], ground)
        if pd.isna(was) and now is None:
            continue
        blocks[code] = now
        moved[code] = {"council": council, "was": was, "block": now}
    table = pd.DataFrame.from_dict(moved, orient="index", columns=["council", "was", "block"])
    return blocks, table.astype("str")


def doubtful(area: Geography, blocks: pd.Series, councils: pd.Series) -> pd.DataFrame:
    """List the sites whose given block is not in the council of their postcode.

    Returns
    -------
    pandas.DataFrame
        By code: `council`, `block`. Nothing is moved: who gave the block may know better.
    """
    known = blocks.dropna()
    if len(known) and LSOA.fullmatch(str(area.blocks[0])):
        # Nearly all stand where they should, which one look at the lookups of England tells.
        from coterminous.vintages import england

        known = known[~england.has_council(known, councils.reindex(known.index))]
    if known.empty:
        return pd.DataFrame(columns=["council", "block"], dtype="str")
    there = grounds(area, councils.reindex(known.index))
    rows = [
        (code, councils[code], block)
        for code, block in known.items()
        if councils.get(code) in there and block not in there[councils[code]].blocks
    ]
    index = pd.Index([code for code, *_ in rows], dtype="str")
    return pd.DataFrame(
        [rest for _, *rest in rows], index=index, columns=["council", "block"], dtype="str"
    )


def _nearest(area: Geography, site: pd.Series, ground: Ground) -> str | None:
    if not ground.blocks:
        return None
    import shapely

    shapes = area.geometry.reindex(sorted(ground.blocks))
    point = shapely.Point(float(site["easting"]), float(site["northing"]))
    far = shapes.distance(point)
    return None if not ground.whole and far.min() > NEAR else str(far.idxmin())
