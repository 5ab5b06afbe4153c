"""Which areas of one year are which of another, and how many people are in each piece?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from coterminous.errors import InputError
from coterminous.vintages import england
from coterminous.vintages.geographies import (
    TRANSLATED,
    VINTAGES,
    Vintage,
    codes_of,
    titles,
    vintage_of,
)
from coterminous.vintages.recognising import Codes

COLUMNS = ["source", "target", "change", "people", "lsoas"]

#: The types of change. U, S, M and X are the official ones of LSOAs; R is ours.
CHANGES = {
    "U": "unchanged",
    "R": "unchanged, under another code",
    "S": "split",
    "M": "merged",
    "X": "irregular",
}


def check_route(source: Vintage, target: Vintage) -> None:
    """Raise unless codes of one vintage can be translated to those of another."""
    for group in TRANSLATED:
        if {source.kind, target.kind} <= group:
            return
    there = [
        v.name
        for v in VINTAGES.values()
        if v != source and any({source.kind, v.kind} <= group for group in TRANSLATED)
    ]
    can = f"they become {', '.join(there)}" if there else "there is no lookup for them here"
    raise InputError(f"`to` is {target.name!r}, and the codes are {source.title}: {can}")


def has_route(vintages: Iterable[str], target: str) -> bool:
    """Say whether codes that are of one of some vintages can be translated to another's."""
    wanted = VINTAGES[target].kind
    kinds = {VINTAGES[v].kind for v in vintages}
    return any(wanted in group and kinds & group for group in TRANSLATED)


@cache
def crosswalk(source: str, target: str) -> pd.DataFrame:
    """List every piece of an area of one vintage that lies in one area of another.

    Parameters
    ----------
    source, target : str
        Names of vintages between which there is a route.

    Returns
    -------
    pandas.DataFrame
        `source`, `target`, `change` (see `CHANGES`), `people` who live in the piece, and
        `lsoas`, how many of 2011 it is made of (1 for LSOAs themselves). Where nothing is cut
        the people decide nothing.
    """
    if source == target:
        return _itself(source)
    if VINTAGES[source].kind == "lsoa":
        pairs = _lsoa_pieces()
        forward = target == "lsoa2021"
        names = {"lsoa11_code": "source", "lsoa21_code": "target"}
        if not forward:
            names = {"lsoa11_code": "target", "lsoa21_code": "source"}
        found = pairs.rename(columns={**names, "change_code": "change"}).assign(lsoas=1)
    else:
        found = _of_areas(source, target)
    return found[COLUMNS].sort_values(["source", "target"], ignore_index=True)


def _itself(vintage: str) -> pd.DataFrame:
    codes = sorted(codes_of(vintage))
    return pd.DataFrame(
        {"source": codes, "target": codes, "change": "U", "people": 1, "lsoas": 1}, columns=COLUMNS
    )


@cache
def _lsoa_pieces() -> pd.DataFrame:
    """List the pairs of LSOAs of 2011 and 2021, with the people of each piece.

    Those of a part that was split off are the residents of the LSOA of 2021 (Census 2021), those
    of one that was merged the residents of the LSOA of 2011 (mid-2020). Of an irregular change
    that is known only where one side lies whole in the other: what is left of an LSOA of 2021
    when the LSOAs of 2011 that lie whole in it are taken away came from the one that was cut.
    """
    pairs = england.changes_of_lsoas()
    before = pairs["lsoa11_code"].map(england.lsoas_2011()["population"])
    after = pairs["lsoa21_code"].map(england.lsoas_2021()["census2021"])
    cut = pairs["lsoa11_code"].duplicated(keep=False)
    made_of_several = pairs["lsoa21_code"].duplicated(keep=False)
    people = before.where(~cut, after).to_numpy(dtype="int64", copy=True)
    whole = pd.Series(np.where(cut, 0, people), index=pairs.index)
    whole = whole.groupby(pairs["lsoa21_code"]).transform("sum")
    rest = (after - whole).clip(lower=0).to_numpy()
    both = (cut & made_of_several).to_numpy()
    people[both] = rest[both]
    return pairs.assign(people=people)


def _of_areas(source: str, target: str) -> pd.DataFrame:
    """List the pieces of areas that are made of LSOAs of 2011, counted by LSOA."""
    placed = england.placed()
    blocks = pd.DataFrame(
        {
            "source": placed[source],
            "target": placed[target],
            "people": england.lsoas_2011()["population"],
            "lsoas": 1,
        }
    )
    pieces = blocks.groupby(["source", "target"], as_index=False)[["people", "lsoas"]].sum()
    cut = pieces["source"].duplicated(keep=False)
    joined = pieces["target"].duplicated(keep=False)
    same = pieces["source"] == pieces["target"]
    change = np.select([cut & joined, cut, joined, same], ["X", "S", "M", "U"], "R")
    return pieces.assign(change=change)


def source_of(found: Codes, target: str, given: str | None = None) -> str:
    """Find the vintage of the codes among those that have a route to the target.

    Raises
    ------
    InputError
        If there is none, or the answer depends on which of several it is.
    """
    wanted = VINTAGES[target]
    if given is not None:
        named = vintage_of(given, "source")
        if named.name not in found.vintages:
            raise InputError(f"`source` is {named.title}, but the codes are {found.said}")
        check_route(named, wanted)
        return named.name
    if not found.vintages:
        raise InputError(f"the codes are {found.said}: there is no lookup for them here")
    possible = []
    for name in found.vintages:
        try:
            check_route(VINTAGES[name], wanted)
        except InputError:
            if len(found.vintages) == 1:
                raise
            continue
        possible.append(name)
    if not possible:
        check_route(VINTAGES[found.vintages[0]], wanted)  # raises
    first = _pairs(possible[0], target, found.codes)
    differ = [p for p in possible[1:] if not _pairs(p, target, found.codes).equals(first)]
    if differ:
        raise InputError(
            f"the codes are {titles(possible)}, and become different areas; give "
            f"`source`, one of: {', '.join(possible)}"
        )
    return possible[0]


def _pairs(source: str, target: str, codes: pd.Index) -> pd.DataFrame:
    return pieces_of(source, target, codes)[["source", "target"]]


def pieces_of(source: str, target: str, codes: pd.Index) -> pd.DataFrame:
    """Return the rows of the crosswalk for some codes."""
    found = crosswalk(source, target)
    wanted = set(codes)
    return found[[code in wanted for code in found["source"]]].reset_index(drop=True)


def is_cut(pieces: pd.DataFrame) -> pd.Series:
    """Say of each piece whether its source lies in several targets."""
    return pieces["source"].duplicated(keep=False)
