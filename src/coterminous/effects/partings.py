"""Who is parted from most of their old area, and are they other people than the rest?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.arguments import asked, texts
from coterminous.cuts import crossed
from coterminous.errors import InputError, unknown
from coterminous.former import Areas
from coterminous.overlap import Overlap
from coterminous.owned import hands_out_copies
from coterminous.results import OfBlocks

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

#: Weights that make up a group: those that begin so.
GROUPS: Mapping[str, str] = {"imd2019_quintile": "deprivation", "age": "ages"}
_BY_ROLE: Mapping[str, str] = {**GROUPS, "deprivation": "deprivation", "ages": "ages"}
NOT_STATED = "not stated"


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Parted(OfBlocks):
    """The people separated from most of their old area, against everyone else; see `parted`.

    Attributes
    ----------
    before, after, weight, method : str
    table : pandas.DataFrame
        `by`, `group`, `title`; people `parted` and `others`; `share_of_parted` and
        `share_of_others`, how each is made up; `share_parted`, of the group. The groups of one
        `by` add up to everybody in both layers.
    by_area : pandas.DataFrame
        What `areas()` gives. By old area: `name`, `largest` (the new area that takes most of it),
        people `stay` and `parted`.
    blocks : pandas.Series
        The share of each block that is parted: 0 or 1 where layers are made of whole blocks.
    ledger : pandas.Series
        `parted`, `others` (in both layers, not parted), `one_only` (in one layer only),
        `neither`, `total`.
    """

    before: str
    after: str
    weight: str
    method: str
    table: pd.DataFrame
    by_area: pd.DataFrame
    blocks: pd.Series
    ledger: pd.Series

    @property
    def areas(self) -> Areas:
        """One row an area, to be called: `areas()`; its columns are those of `by_area`."""
        return Areas(lambda: self.by_area)

    @property
    def people(self) -> int | float:
        """How many are parted."""
        return self.ledger["parted"].item()

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "before": self.before,
            "after": self.after,
            "weight": self.weight,
            "method": self.method,
            "notes": list(self.notes),
            "parted": self.people,
            "areas": self.by_area.reset_index().to_dict("records"),
            "table": self.table.to_dict("records"),
            "ledger": self.ledger.to_dict(),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the people parted by group, as they are written to a file."""
        return self.table

    def _titled(self) -> str:
        return "Parted"

    def _finding(self) -> str:
        n = self.ledger["parted"] + self.ledger["others"]
        return (
            f"{self.people:,} of {n:,} ({self.weight}), {self.before} to {self.after}; "
            f"{self.method}"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return ("areas()", self.by_area), ("table", self.table)


@asked
def parted(
    area: Geography,
    *,
    before: str | AnyLayer,
    after: str | AnyLayer,
    by: Iterable[str] = (),
    weight: str | None = None,
) -> Parted:
    """Say who is separated from most of their old area, by deprivation and age.

    Of each old area the new one that holds most of its people stays with it; everyone else of
    the old area is parted. The people of an area taken whole into a larger one are not.

    Parameters
    ----------
    area : Geography
    before, after : str or Layer
    by : iterable of str
        ``deprivation`` (or ``imd2019_quintile``) and ``age`` for the weights with those roles;
        or the words with which the names of weights begin, as ``tenure`` for `tenure_owned` and
        `tenure_rented`.
    weight : str
        Who is counted.

    Returns
    -------
    Parted

    Raises
    ------
    InputError
        If a name is unknown, or groups count more people than there are.

    Examples
    --------
    >>> import coterminous as ct
    >>> found = parted(
    ...     ct.load(), before="pbp2021", after="footprint2022", by=["imd2019_quintile"]
    ... )
    >>> found.people
    450076
    >>> found.table.loc[0, ["share_of_parted", "share_of_others"]].astype(float).round(3).tolist()
    [0.435, 0.238]
    """
    old, new = area.layer(before, argument="before"), area.layer(after, argument="after")
    weight = area.counted(weight)
    overlap = Overlap.from_layers(old, new, area.weight(weight))
    cells = overlap.inside
    largest = cells.idxmax(axis=1).where(cells.max(axis=1) > 0)
    share = parted_shares(old, new, largest)
    people = area.weight(weight)
    ledger = _ledger(people, share)
    tables = [_by_group(area, name, share, people) for name in texts(by, "by")]
    stay = cells.max(axis=1)
    areas = pd.DataFrame(
        {
            "name": [old.name_of(c) for c in cells.index],
            "largest": largest,
            "stay": stay,
            "parted": cells.sum(axis=1) - stay,
        },
        index=cells.index.rename("code"),
    )
    return Parted(
        before=old.name,
        after=new.name,
        weight=weight,
        method=overlap.method,
        table=pd.concat(tables, ignore_index=True) if tables else _no_groups(),
        by_area=areas,
        blocks=share["parted"],
        ledger=ledger,
        notes=overlap.notes,
        sources=overlap.sources,
        dates=overlap.dates,
    )


_COLUMNS = [
    "by",
    "group",
    "title",
    "parted",
    "others",
    "share_of_parted",
    "share_of_others",
    "share_parted",
]


def _no_groups() -> pd.DataFrame:
    return pd.DataFrame(columns=_COLUMNS)


def parted_shares(old: AnyLayer, new: AnyLayer, largest: pd.Series) -> pd.DataFrame:
    """Give the share of every block that is `parted`, among the `others`, and in `one_only`."""
    crossing = crossed(old, new)
    share, block = crossing.cuts.share, crossing.cuts.block
    inside = (crossing.source >= 0).astype(int) + (crossing.target >= 0)
    kept = np.append(new.codes.get_indexer(largest.reindex(old.codes)), -1)
    stays = crossing.target == kept[crossing.source]
    shares = {
        "parted": np.where((inside == 2) & ~stays, share, 0.0),
        "others": np.where((inside == 2) & stays, share, 0.0),
        "one_only": np.where(inside == 1, share, 0.0),
    }
    sums = {k: np.bincount(block, v, minlength=len(old.blocks)) for k, v in shares.items()}
    return pd.DataFrame(sums, index=old.blocks)


def _sums(people: pd.Series, share: pd.DataFrame) -> pd.Series:
    found = share.mul(people, axis=0).sum()
    whole = pd.api.types.is_integer_dtype(people) and share.isin([0.0, 1.0]).all(axis=None)
    return found.round().astype(np.int64) if whole else found


def _ledger(people: pd.Series, share: pd.DataFrame) -> pd.Series:
    found = _sums(people, share)
    total = people.sum()
    return pd.Series({**found, "neither": total - found.sum(), "total": total}, name="ledger")


def groups_by(area: Geography, name: str) -> list[str]:
    """List the weights that divide the residents: by their role, else by how their names begin."""
    role = GROUPS.get(name, name)
    if role in _BY_ROLE.values() and area.role_names(role):
        return list(area.role_names(role))
    return [w for w in area.weight_names if w.startswith(f"{name}_")]


def _by_group(area: Geography, name: str, share: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    chosen = groups_by(area, name)
    if not chosen:
        starts = {w.split("_", 1)[0] for w in area.weight_names if "_" in w}
        roles = [n for n in _BY_ROLE if groups_by(area, n)]
        raise unknown("by", name, sorted({*roles, *starts}))
    groups = {w: (area.weight_info(w).title, area.weight(w)) for w in chosen}
    rest = people - sum(values for _, values in groups.values())
    if (rest < 0).any():
        raise InputError(
            f"`by` {name!r} counts more people than {people.name!r} in {int((rest < 0).sum()):,} "
            f"blocks; its groups ({', '.join(chosen)}) must make up {people.name!r}"
        )
    if (rest > 0).any():
        groups[NOT_STATED] = ("Not stated", rest)
    rows = []
    for group, (title, values) in groups.items():
        found = _sums(values, share)
        rows.append({"by": name, "group": group, "title": title, **found[["parted", "others"]]})
    table = pd.DataFrame(rows)
    for side in ("parted", "others"):
        total = table[side].sum()
        table[f"share_of_{side}"] = table[side] / total if total else np.nan
    both = table["parted"] + table["others"]
    table["share_parted"] = table["parted"] / both.where(both > 0)
    return table[_COLUMNS]
