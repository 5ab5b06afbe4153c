"""How do people counted by organisation and LSOA of one year stand on the blocks of another?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.vintages.crosswalks import is_cut, pieces_of
from coterminous.vintages.doors import told
from coterminous.vintages.geographies import VINTAGES
from coterminous.vintages.recognising import among
from coterminous.vintages.sharing import running_shares
from coterminous.words import joined

LSOA = r"E01\d{6}"
SHARED_COLUMNS = ["organisation", "source", "block", "patients"]


@dataclass(frozen=True)
class Moved:
    """Rows of people that were taken from the LSOAs of one year to those of another.

    Attributes
    ----------
    source, target : str
        What the LSOAs were and are, as in a sentence: ``LSOAs of 2021``.
    rows : pandas.DataFrame
        `organisation`, `place`, `people` of the file's rows, each of them one row, or one for
        each of the LSOAs that it was shared out among.
    whole, shared : pandas.DataFrame
        Of the rows above, those with another code that were taken whole, and those that were
        shared out, with their old code as `source`.
    """

    source: str
    target: str
    rows: pd.DataFrame
    whole: pd.DataFrame
    shared: pd.DataFrame


def year_of_lsoas(codes: Iterable[str], where: str) -> str | None:
    """Say whether LSOAs are of 2011 or of 2021; None where every code is of both, or of none.

    Raises
    ------
    InputError
        If some are of 2011 alone and some of 2021 alone.
    """
    listed = pd.Index(sorted(set(codes)), dtype="str")
    listed = listed[listed.str.fullmatch(LSOA).astype(bool)]
    before, after = among(listed, "lsoa2011"), among(listed, "lsoa2021")
    only = {"lsoa2011": listed[before & ~after], "lsoa2021": listed[after & ~before]}
    found = [vintage for vintage, those in only.items() if len(those)]
    if len(found) > 1:
        said = joined(
            f"{len(those):,} are {VINTAGES[v].title} ({first_five(those)})"
            for v, those in only.items()
        )
        raise InputError(f"{where} mixes years: of its codes {said}; give the codes of one year")
    return found[0] if found else None


def moved_to_blocks(
    organisation: pd.Series,
    place: pd.Series,
    people: pd.Series,
    *,
    blocks: Collection[str],
    where: str,
) -> Moved | None:
    """Take people counted by LSOAs of one year to blocks that are LSOAs of the other.

    The people of an LSOA that did not change, was merged into one block or is a part of one go
    there whole. Those of an LSOA that lies in several blocks are shared out by residents, as
    whole people: each organisation keeps its people, and, taken together in the order of their
    codes, the organisations give each of two blocks its due to within one person.

    Parameters
    ----------
    organisation, place, people : pandas.Series
        The rows of a file, on one index.
    blocks : collection of str
    where : str
        The file, for errors.

    Returns
    -------
    Moved or None
        None if the file and the blocks are of one year, or are not both LSOAs of England.

    Raises
    ------
    InputError
        If the file mixes the two years.
    """
    source = year_of_lsoas(place, where)
    blocks_are = told(blocks)
    target = blocks_are.vintage if blocks_are is not None and blocks_are.kind == "lsoa" else None
    if source is None or target is None or source == target:
        return None
    rows = pd.DataFrame({"organisation": organisation, "place": place, "people": people})
    pieces = pieces_of(source, target, pd.Index(place.unique()))
    cut = pieces[is_cut(pieces)]
    codes = pieces[~is_cut(pieces)].set_index("source")["target"]
    split = rows["place"].isin(cut["source"])
    kept = rows[~split]
    kept = kept.assign(source=kept["place"], place=kept["place"].map(codes).fillna(kept["place"]))
    shared = _shared(rows[split], cut)
    return Moved(
        source=VINTAGES[source].title,
        target=VINTAGES[target].title,
        rows=pd.concat([kept, shared], ignore_index=True)[["organisation", "place", "people"]],
        whole=kept[(kept["source"] != kept["place"]) & kept["place"].isin(blocks)],
        shared=shared[shared["source"].isin(cut.loc[cut["target"].isin(blocks), "source"])],
    )


def _shared(rows: pd.DataFrame, cut: pd.DataFrame) -> pd.DataFrame:
    """Share the people of each LSOA out among those that it lies in."""
    found = [pd.DataFrame({"organisation": [], "place": [], "people": [], "source": []})]
    whole = pd.api.types.is_integer_dtype(rows["people"])
    pieces = dict(iter(cut.groupby("source")))
    for source, those in rows.sort_values("organisation").groupby("place"):
        parts = pieces[str(source)]
        weights = parts["people"].to_numpy()
        if not weights.sum():
            weights = np.ones(len(parts))
        counts = those["people"].to_numpy()
        if whole:
            given = running_shares(counts, weights)
        else:
            given = np.outer(counts, weights / weights.sum())
        for column, block in enumerate(parts["target"]):
            shares = those[["organisation"]].assign(
                place=block, people=given[:, column], source=source
            )
            found.append(shares)
    return pd.concat(found[1:] or found, ignore_index=True)
