"""What does a geography hold? Small tables of its layers, weights and registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.layer import OUTSIDE
from coterminous.registers.listsizes import registered_in

if TYPE_CHECKING:
    from coterminous.geography import Geography

#: The two populations, as they are printed: neither may pass for the other.
SIZES = {"people": "living in", "registered": "registered with practices in"}
#: How a notebook shows numbers of people and blocks.
WITH_COMMAS = dict.fromkeys(
    ["blocks", *SIZES.values()], lambda count: "" if count == "" else f"{count:,}"
)
_REGISTER = ["title", "unit", "date", "source", "open"]


def of_layers(area: Geography, names: Sequence[str], weight: str | None) -> pd.DataFrame:
    """Describe layers: `title`, `areas`, `blocks`, both populations, dates and `note`.

    `people` are those living in the layer, by the weight; `registered` those on the lists of the
    practices in it, wherever they live (missing without a published register ``gp``, or
    where that does not count all the areas).
    """
    people = area.weight(weight) if weight else None
    rows = []
    for name in names:
        layer = area.layer(name)
        inside = layer.touched()
        lists = registered_in(area, layer)
        rows.append(
            {
                "title": layer.title,
                "areas": len(layer),
                "blocks": int(inside.sum()),
                "people": layer.totals(people).sum() if people is not None else None,
                "registered": None if lists is None else lists.drop(OUTSIDE).sum(skipna=False),
                "decided": layer.decided,
                "valid_from": layer.valid_from,
                "valid_to": layer.valid_to,
                "best_fit": layer.best_fit,
                "note": layer.note,
            }
        )
    table = pd.DataFrame(rows, index=pd.Index(names, name="layer"))
    return table if table.empty else table.astype({"registered": "Int64"})


def of_weights(area: Geography, names: Sequence[str]) -> pd.DataFrame:
    """Describe weights: `title`, `unit`, `date`, `source` and `total`."""
    rows = []
    for name in names:
        weight = area.weight_info(name)
        described = {k: getattr(weight, k) for k in ("title", "unit", "date", "source")}
        rows.append({**described, "total": area.weight(name).sum()})
    return pd.DataFrame(rows, index=pd.Index(names, name="weight"), dtype=object)


def of_registers(registers: Mapping[str, Any]) -> pd.DataFrame:
    """Describe registers: `title`, `unit`, `date`, `source` and whether they are `open`."""
    rows = [
        {k: r.get(k, "") if isinstance(r, Mapping) else getattr(r, k, "") for k in _REGISTER}
        for r in registers.values()
    ]
    return pd.DataFrame(rows, index=pd.Index(list(registers), name="register"), columns=_REGISTER)
