"""What are these counts by the areas of another year? Everybody is accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five, unknown
from coterminous.owned import hands_out_copies
from coterminous.results import OfBlocks
from coterminous.vintages.crosswalks import CHANGES, is_cut, pieces_of, source_of
from coterminous.vintages.geographies import ELSEWHERE, VINTAGES, vintage_of
from coterminous.vintages.recognising import recognised
from coterminous.vintages.sharing import By, weights_of, whole_shares

Irregular = Literal["refuse", "population"]

SHARED_BY = {
    "population": "resident population",
    "lsoas": "the number of LSOAs of 2011",
    "counts": "the counts that were given",
}


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Translated(OfBlocks):
    """Counts by the areas of another year.

    Attributes
    ----------
    source, target : str
        The vintages: geography and year that the counts had, and have now.
    by : str
        By what those of an area that was cut are shared out: ``population``, ``lsoas`` or
        ``counts``.
    values : pandas.Series
        The counts by code of the target, in order of codes: every area that a given one lies
        in, also where nobody is.
    table : pandas.DataFrame
        Every piece: `source`, `target`, `change`, `share` of the source's people, `value`.
    ledger : dict
        `given` people, of whom `unchanged`, moved whole (`whole`) and `shared_out`; `translated`
        is the sum of the three. What is left is named: `elsewhere` (other countries) and
        `no_place`. The ledger adds up, or the call fails.
    changes : pandas.DataFrame
        Each source whose area changed: `source`, `change`, `said`, `targets`, `value`.
    notes : tuple of str
        What is shared out and by what, and what is left.
    """

    source: str
    target: str
    by: str
    values: pd.Series
    table: pd.DataFrame
    ledger: Mapping[str, int | float]
    changes: pd.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Return it under the names of the attributes."""
        return {
            "source": self.source,
            "target": self.target,
            "by": self.by,
            "values": self.values,
            "table": self.table,
            "ledger": dict(self.ledger),
            "changes": self.changes,
            "notes": list(self.notes),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the counts by code of the target, as they are written to a file."""
        return self.values.reset_index()

    def _titled(self) -> str:
        return f"Translated {self.source} to {self.target}"

    def _finding(self) -> str:
        return (
            f"{self.ledger['given']:,} given, {self.ledger['translated']:,} translated, "
            f"{self.ledger['shared_out']:,} of them shared out by {self.by}"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("values", self.values.to_frame()),)


@asked
def translate(
    values: pd.Series,
    *,
    to: str,
    source: str | None = None,
    by: By | pd.Series = "population",
    irregular: Irregular = "refuse",
) -> Translated:
    """Take counts of people from the areas of one year to those of another.

    An area that did not change keeps its people; one that was merged, or is a part of one that
    was split, gives them whole. Only the people of an area that was cut are shared out: between
    LSOAs of 2011 and 2021 by the official types of change, between other geographies by the
    LSOAs of 2011 that both are made of. Whole numbers stay whole, by largest remainder (ties to
    the smaller code); what is not whole is shared exactly.

    Parameters
    ----------
    values : pandas.Series
        Counts by code. Rates and averages cannot be translated so. Codes of other countries and
        of unknown addresses are left, and named in the ledger.
    to : str
        The vintage that is wanted: ``lsoa2011``, ``lsoa2021``, ``ltla2023``, ``icb2026`` ...
    source : str, optional
        The vintage of the codes, if they do not say it themselves.
    by : {'population', 'lsoas'} or pandas.Series
        By what the people of an area that was cut are shared out: residents (of the LSOAs of
        2011 in mid-2020, of those of 2021 at the census), the number of LSOAs of 2011, or counts
        of your own, by target for LSOAs, by LSOA of 2011 for what is made of them, or by pair
        (a MultiIndex of source and target) for either.
    irregular : {'refuse', 'population'}
        What is done with the six LSOAs that changed irregularly (X), where they have people and
        no counts by pair are given: refused, or what is left of the residents of an LSOA of 2021
        when the LSOAs of 2011 that lie whole in it are taken away.

    Returns
    -------
    Translated

    Raises
    ------
    InputError
        If a code is of another year than the rest, a value is missing or negative, a code is
        there twice, there is no lookup between the two, or an irregular change has people.

    Examples
    --------
    >>> import pandas as pd
    >>> cumbria = pd.Series({"E07000026": 100, "E07000028": 20, "E07000030": 3})
    >>> translate(cumbria, to="ltla2023").values.to_dict()
    {'E06000063': 120, 'E06000064': 3}
    >>> frimley = translate(pd.Series({"QNQ": 440}), source="icb2022", to="icb2026", by="lsoas")
    >>> frimley.values.to_dict(), frimley.ledger["shared_out"]
    ({'QRL': 101, 'S0E4D': 244, 'S9B9J': 95}, 440)
    """
    target = vintage_of(to, "to").name
    counts = _checked(values)
    found = recognised(counts.index, "`values`")
    kept = counts[counts.index.isin(found.codes)]
    origin = source_of(found, target, source)
    pieces = pieces_of(origin, target, found.codes)
    weights = weights_of(pieces, by, kept, origin=origin, target=target)
    if not (isinstance(by, pd.Series) and isinstance(by.index, pd.MultiIndex)):
        _check_irregular(pieces, kept, origin, irregular)
    said = "counts" if isinstance(by, pd.Series) else by
    table = _shared(pieces, weights, kept)
    ledger = _ledger(table, counts)
    return Translated(
        source=origin,
        target=target,
        by=said,
        values=table.groupby("target")["value"].sum().rename(values.name).rename_axis(target),
        table=table[["source", "target", "change", "share", "value"]],
        ledger=ledger,
        changes=_changes(table),
        notes=_notes(table, said, ledger),
    )


def _checked(values: pd.Series) -> pd.Series:
    """Return the counts by code in capitals, each once, whole where they are whole numbers."""
    if not isinstance(values, pd.Series) or not pd.api.types.is_numeric_dtype(values):
        given = (
            f"of {values.dtype}" if isinstance(values, pd.Series) else f"{type(values).__name__}"
        )
        raise InputError(
            f"`values` is {given}; give a Series of numbers by code (areas by code are translated "
            "with coterminous.vintages.translate_lookup)"
        )
    index = values.index.astype("str").str.strip().str.upper()
    counts = values.set_axis(index)
    twice = index[index.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"`values` has {len(twice):,} codes more than once: {first_five(twice)}; sum them "
            "first, with values.groupby(level=0).sum()"
        )
    numbers = counts.astype("float64")
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise InputError(
            f"`values` is missing for {int(bad.sum()):,} codes: {first_five(index[bad])}; leave "
            "them out, or give each a number"
        )
    if (numbers < 0).any():
        raise InputError(
            f"`values` is negative for {int((numbers < 0).sum()):,} codes: "
            f"{first_five(index[numbers < 0])}; only counts can be translated"
        )
    return counts.astype("int64") if pd.api.types.is_integer_dtype(counts) else numbers


def _check_irregular(
    pieces: pd.DataFrame, kept: pd.Series, origin: str, irregular: Irregular
) -> None:
    """Raise if people would be shared out over an irregular change of LSOAs by a mere rule."""
    if irregular not in ("refuse", "population"):
        raise unknown("irregular", irregular, ["refuse", "population"])
    if irregular == "population" or VINTAGES[origin].kind != "lsoa":
        return
    cut = pieces.loc[is_cut(pieces) & (pieces["change"] == "X"), "source"].unique()
    people = kept.reindex(cut).fillna(0)
    people = people[people > 0]
    if len(people):
        raise InputError(
            f"{len(people):,} of the codes changed irregularly, with {people.sum():,.10g} people: "
            f"{first_five(people.index)}; give counts by pair of source and target as `by`, or "
            "irregular='population' (--irregular population) to share them out by residents"
        )


def _shared(pieces: pd.DataFrame, weights: pd.Series, kept: pd.Series) -> pd.DataFrame:
    """Give each piece its share of its source's people, and the people."""
    total = weights.groupby(pieces["source"]).transform("sum")
    share = (weights / total).where(is_cut(pieces), 1.0)
    people = pieces["source"].map(kept)
    if pd.api.types.is_integer_dtype(kept):
        value = people.astype("int64").to_numpy(copy=True)
        for source, rows in _rows_of_cut(pieces).items():
            value[rows] = whole_shares(int(kept[source]), weights.to_numpy()[rows])
    else:
        value = (people * share).to_numpy()
    return pieces.assign(share=share, value=value, cut=is_cut(pieces))


def _rows_of_cut(pieces: pd.DataFrame) -> dict[str, np.ndarray[Any, Any]]:
    """List the positions of the pieces of every source that lies in several targets."""
    cut = np.flatnonzero(is_cut(pieces))
    found = pd.Series(cut).groupby(pieces["source"].to_numpy()[cut]).indices
    return {str(source): cut[rows] for source, rows in found.items()}


def _ledger(table: pd.DataFrame, counts: pd.Series) -> dict[str, int | float]:
    """Account for everybody: unchanged, moved whole, shared out, and left with a name."""
    unchanged = ~table["cut"] & (table["change"] == "U")
    ledger = {
        "given": counts.sum().item(),
        "translated": table["value"].sum().item(),
        "unchanged": table.loc[unchanged, "value"].sum().item(),
        "whole": table.loc[~table["cut"] & ~unchanged, "value"].sum().item(),
        "shared_out": table.loc[table["cut"], "value"].sum().item(),
        "elsewhere": 0,
        "no_place": 0,
    }
    left = counts[~counts.index.isin(table["source"])]
    for what, pattern in ELSEWHERE:
        those = left.index.str.fullmatch(pattern).astype(bool)
        name = "no_place" if what == "no place" else "elsewhere"
        ledger[name] += left[those].sum().item()
    left_over = ledger["given"] - ledger["translated"] - ledger["elsewhere"] - ledger["no_place"]
    if not np.isclose(left_over, 0, atol=1e-6 * max(1, abs(ledger["given"]))):
        raise ArithmeticError(f"{left_over} of {ledger['given']} people were lost")
    return ledger


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """List the sources whose areas changed, with their people."""
    changed = table[(table["change"] != "U") | table["cut"]]
    found = changed.groupby("source", as_index=False).agg(
        change=("change", "max"), targets=("target", "size"), value=("value", "sum")
    )
    found.insert(2, "said", found["change"].map(CHANGES))
    return found


def _notes(table: pd.DataFrame, by: str, ledger: Mapping[str, int | float]) -> tuple[str, ...]:
    """Say who is shared out and by what, and who is left."""
    notes = []
    cut = table[table["cut"]]
    if len(cut):
        people = cut.groupby("source")["value"].sum()
        notes.append(
            f"{ledger['shared_out']:,.10g} people of {len(people):,} areas that lie in several are "
            f"shared out by {SHARED_BY[by]}: {first_five(people.index)}"
        )
        irregular = cut.loc[cut["change"].eq("X") & cut["lsoas"].eq(1), "source"].unique()
        if len(irregular):
            notes.append(
                f"{len(irregular):,} of them changed irregularly, so that no lookup says how many "
                f"people went where: {first_five(irregular)}"
            )
    for name, what in (("elsewhere", "other countries"), ("no_place", "no place")):
        if ledger[name]:
            notes.append(f"{ledger[name]:,.10g} people have codes of {what}, and are left")
    return tuple(notes)
