"""Which organisations are based here? Only of those does a count of patients here say it all.

A register of one board knows the patients who live there. Of an organisation whose main site is
there these are nearly all its patients; of one based elsewhere they are the few who come from
here, and a share of them says nothing of the organisation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.registers.counting import Parts

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer

#: Of an organisation based elsewhere with fewer people here than these, no share is printed.
FEWEST = 1_000


def based_here(
    area: Geography,
    register: Register,
    layers: Iterable[AnyLayer],
    *,
    whole: AnyLayer | None = None,
) -> pd.Series:
    """Say of each organisation whether its main site stands in what the geography is about.

    Parameters
    ----------
    area : Geography
    register : Register
    layers : iterable of Layer or CutLayer
        Here is what any of them covers, where the geography names no layer for the role `whole`.
    whole : Layer or CutLayer, optional
        Where here is; the layer of the role `whole` if not given.

    Returns
    -------
    pandas.Series of boolean
        By code. An organisation with members (a network) is based here if a site of theirs is.
        Missing for lumps, and for all where the register knows no site: nothing says then that
        they are based elsewhere. Where it knows sites, one without a block has none here.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> here = based_here(area, area.register("trust"), [area.layer("icb2022")])
    >>> list(here.index[here.fillna(False)])
    ['RTX', 'RXL', 'RXN', 'RXR']
    """
    role = area.role("whole")
    chosen = [whole] if whole is not None else [area.layer(role)] if role else [*layers]
    inside = np.zeros(len(area.blocks), dtype=bool)
    for layer in chosen:
        parts = Parts.of(layer)
        inside[parts.block[parts.area >= 0]] = True
    covered = pd.Series(inside, index=area.blocks)
    codes = register.organisations.index
    if register.members is None:
        sites = register.organisations["block"].to_frame().assign(organisation=codes)
    else:
        sites = register.members[["organisation", "block"]]
    known = sites["block"].notna()
    found = pd.Series(pd.NA, index=codes, dtype="boolean", name="based_here")
    if known.any():
        here = sites["block"].map(covered).fillna(False).astype(bool)
        any_here = here.groupby(sites["organisation"].to_numpy()).any()
        found = any_here.reindex(codes, fill_value=False).astype("boolean").rename("based_here")
    return found.where(register.single)
