"""Which area is each code of another year in, when a lookup says so by the codes of this one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.owned import hands_out_copies
from coterminous.results import OfBlocks
from coterminous.vintages.crosswalks import crosswalk, pieces_of, source_of
from coterminous.vintages.geographies import vintage_of
from coterminous.vintages.recognising import recognised
from coterminous.words import counted


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Recoded(OfBlocks):
    """A lookup by the codes of another year.

    Attributes
    ----------
    source, target : str
        The vintages of the codes that the lookup had, and has now.
    lookup : pandas.Series
        The area of every code of the target; missing where it is outside.
    cut : pandas.DataFrame
        Codes of the target whose parts were in different areas: `target`, `area` of each part
        (empty for outside), `people` who live there, and `given`, which of them it was given to.
    notes : tuple of str
        What was decided by people, and what is lacking or left out.
    """

    source: str
    target: str
    lookup: pd.Series
    cut: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `lookup`, as a frame."""
        return self.lookup.to_frame()

    def as_json(self) -> dict[str, Any]:
        """Return it under the names of the attributes."""
        named = ("source", "target", "lookup", "cut")
        return {**{name: getattr(self, name) for name in named}, "notes": list(self.notes)}

    def as_frame(self) -> pd.DataFrame:
        """Return the area by code of the target, as it is written to a file."""
        return self.lookup.reset_index()

    def _titled(self) -> str:
        return f"Recoded {self.source} to {self.target}"

    def _finding(self) -> str:
        cut = self.cut["target"].nunique()
        return f"{counted(len(self.lookup), 'code')}, {cut:,} of them cut"

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("lookup", self.lookup.to_frame()),)


def translate_lookup(lookup: pd.Series, *, to: str, source: str | None = None) -> Recoded:
    """Give each code of another year the area that a lookup gives to the codes of its own.

    A code that did not change, is a part of one that was split, or merges several of one area
    has that area. One whose parts are in several areas has the area of most of its residents
    (ties to the smaller code), and is listed with the people on the other side.

    Parameters
    ----------
    lookup : pandas.Series
        Area by code; missing or empty where a code is outside.
    to : str
        The vintage that is wanted, such as ``lsoa2011``.
    source : str, optional
        The vintage of the codes, if they do not say it themselves.

    Returns
    -------
    Recoded

    Raises
    ------
    InputError
        If a code is there twice, the codes are of no one year, or there is no lookup between the
        two.

    Examples
    --------
    >>> import pandas as pd
    >>> wards = pd.Series({"E07000026": "west", "E07000028": "north", "E07000030": "east"})
    >>> found = translate_lookup(wards, to="ltla2023")
    >>> found.lookup.to_dict(), found.cut["people"].tolist()
    ({'E06000063': 'north', 'E06000064': 'east'}, [108524, 97831])
    """
    target = vintage_of(to, "to").name
    codes = lookup.index.astype("str").str.strip().str.upper()
    twice = codes[codes.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"`lookup` has {len(twice):,} codes more than once: {first_five(twice)}; keep one row "
            "a code"
        )
    areas = lookup.set_axis(codes).astype("str").fillna("")
    found = recognised(codes, "`lookup`")
    origin = source_of(found, target, source)
    pieces = pieces_of(origin, target, found.codes)
    pieces = pieces.assign(area=pieces["source"].map(areas))
    sums = pieces.groupby(["target", "area"], as_index=False)[["people", "lsoas"]].sum()
    order = sums.sort_values(
        ["target", "people", "lsoas", "area"], ascending=[True, False, False, True]
    )
    order = order.assign(given=~order["target"].duplicated())
    given = order[order["given"]].set_index("target")["area"]
    cut = order[order["target"].duplicated(keep=False)]
    return Recoded(
        source=origin,
        target=target,
        lookup=given.mask(given == "").rename(lookup.name).rename_axis(target),
        cut=cut[["target", "area", "people", "given"]].reset_index(drop=True),
        notes=_notes(cut, _lacking(origin, target, pieces), len(codes) - len(found.codes)),
    )


def _lacking(origin: str, target: str, pieces: pd.DataFrame) -> list[str]:
    """List the codes that the lookup lacks, of which a part is in what it was made into."""
    every = crosswalk(origin, target)
    reached, there = set(pieces["target"]), set(pieces["source"])
    part = [
        t in reached and s not in there
        for s, t in zip(every["source"], every["target"], strict=True)
    ]
    return sorted(every.loc[part, "source"].unique())


def _notes(cut: pd.DataFrame, lacking: list[str], left: int) -> tuple[str, ...]:
    notes = []
    if len(cut):
        codes = cut["target"].unique()
        wrong = cut.loc[~cut["given"], "people"].sum()
        notes.append(
            f"{counted(len(codes), 'code')} in several areas given to that of most residents, with "
            f"{wrong:,} people of another area: {first_five(codes)}"
        )
    if lacking:
        notes.append(
            f"the lookup has no row for {counted(len(lacking), 'code')} of which a part is in what "
            f"the others became, which decide alone: {first_five(lacking)}"
        )
    if left:
        notes.append(f"{counted(left, 'code')} of other countries or of no place left out")
    return tuple(notes)
