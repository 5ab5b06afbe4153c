"""Which organisations are the geography's own? Those of its bodies, and those that stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.layer import Layer
from coterminous.registers.counting import Parts
from coterminous.registers.tables import UNKNOWN

if TYPE_CHECKING:
    from coterminous.geography import Geography

#: The lump of all organisations of a file that are not the geography's.
OTHERS = "OTHER"


def bodies_of(area: Geography, bodies: Iterable[object], given: str | None = None) -> Layer | None:
    """Find the layer whose areas are the bodies that organisations belong to.

    Parameters
    ----------
    area : Geography
    bodies : iterable
        The codes of bodies in a file.
    given : str, optional
        The layer, if it is said which.

    Returns
    -------
    Layer or None
        The one given; else that of a register of the geography's folder; else the first layer of
        whole blocks that has an area with the code of one of the bodies.
    """
    if given is not None:
        return area.layer(given).of_whole_blocks("`bodies`")
    said = [spec["bodies"] for spec in area.settings.get("register", []) if "bodies" in spec]
    codes = {str(body) for body in bodies if isinstance(body, str)}
    for name in [*said, *(n for n in area.layer_names if n not in said)]:
        layer = area.layer(name)
        if isinstance(layer, Layer) and codes & set(layer.codes):
            return layer
    return None


def own(
    area: Geography,
    known: pd.DataFrame,
    bodies: Layer | None,
    people: pd.DataFrame | None = None,
) -> pd.Series:
    """Say of each organisation whether its body is one of the geography's, or its home is in it.

    Parameters
    ----------
    area : Geography
        Its layer of the role `whole` is it, and all its blocks where there is none.
    known : pandas.DataFrame
        `block` of the site and `body`, by code.
    bodies : Layer or None
    people : pandas.DataFrame, optional
        `organisation`, `place` and `patients`: where neither a body nor a site is known of an
        organisation, it belongs here unless more of its people live beyond the blocks.

    Returns
    -------
    pandas.Series of bool
    """
    here = _inside(area)
    site, body = (
        known[c] if c in known else pd.Series(None, index=known.index, dtype="str")
        for c in ("block", "body")
    )
    found = site.isin(here)
    if bodies is not None:
        found |= body.isin(set(bodies.codes))
    if people is not None:
        side = people["place"].isin(area.blocks).map({True: 1, False: -1})
        side = side.mask(people["place"] == UNKNOWN, 0)
        more_here = (side * people["patients"]).groupby(people["organisation"]).sum() >= 0
        silent = site.isna() & body.isna()
        found |= silent & more_here.reindex(known.index, fill_value=False)
    return found


def _inside(area: Geography) -> set[str]:
    whole = area.role("whole")
    if whole is None:
        return set(area.blocks)
    parts = Parts.of(area.layer(whole))
    return set(area.blocks[np.unique(parts.block[parts.area >= 0])])
