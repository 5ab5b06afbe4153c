"""Which rows of a register's table count people, and whose are they? Totals and spellings."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable

import pandas as pd

from coterminous.errors import first_five
from coterminous.layer import Layer
from coterminous.registers.official_tables import Faults
from coterminous.registers.tables import LUMP, LUMP_NAMES
from coterminous.tables.cells import read_numbers
from coterminous.tables.keys import among, check_alike, folded, is_total, matched, shown
from coterminous.words import counted, sentence_case

log = logging.getLogger(__name__)


def spelt(codes: pd.Series, known: Iterable[str], where: str) -> pd.Series:
    r"""Give codes as they are known, where they differ only in what is folded; and say which.

    Parameters
    ----------
    codes : pandas.Series
        Of a table that came in, as text.
    known : iterable of str
        How they are spelt elsewhere; a code that is not known keeps its spelling, but for
        characters that cannot be seen.
    where : str
        The column, for the sentences.

    Raises
    ------
    InputError
        If the column has one code in two spellings.

    Examples
    --------
    >>> spelt(pd.Series(["p1", "P2"]), ["P1"], "column `org`").tolist()
    ['P1', 'P2']
    """
    distinct = pd.Index(codes.unique(), dtype="str")
    check_alike(distinct, where)
    plain = pd.Index([_without_hidden(code) for code in distinct], dtype="str")
    odd = distinct[distinct != plain]
    if len(odd):
        log.warning(
            "%s: %s with characters that cannot be seen, which are left out: %s",
            where,
            counted(len(odd), "code"),
            first_five(map(shown, odd)),
        )
    found = matched(plain, pd.Index(list(known), dtype="str"), where)
    if found.equals(distinct):
        return codes
    return codes.map(dict(zip(distinct, found, strict=True))).astype("str")


def one_of(code: str, known: pd.Index) -> str | None:
    """Give the known spelling of one code; none where it is not known."""
    if code in known:
        return code
    return next((str(k) for k in known if folded(k) == folded(code)), None)


def _without_hidden(code: str) -> str:
    if code.isascii():
        return code
    return "".join(c for c in code if unicodedata.category(c) != "Cf").strip()


def counting_rows(
    table: pd.DataFrame, organisation: str, place: str, people: str, places: set[str]
) -> tuple[pd.DataFrame, Faults]:
    """Leave out the rows that add others up, and count them; a known place is no total."""
    faults = Faults()
    codes, wheres = table[organisation], table[place]
    total = codes.map({c: is_total(c) for c in codes.unique()}).astype(bool)
    total |= wheres.map({c: is_total(c) and c not in places for c in wheres.unique()}).astype(bool)
    if not total.any():
        return table, faults
    lost = table[total]
    pairs = lost[organisation].fillna("").astype(str) + "/" + lost[place].fillna("").astype(str)
    counts = read_numbers(lost[people])[0].sum()
    faults.add("row of totals, left out", len(lost), counts, pairs)
    return table[~total], faults


def settled(
    described: pd.DataFrame,
    given: pd.DataFrame | None,
    lists: pd.Series,
    faults: Faults,
    *,
    blocks: pd.Index,
    bodies: Layer | None,
) -> pd.DataFrame:
    """Fold the blocks and bodies of organisations, and count whoever is left without one.

    Parameters
    ----------
    described : pandas.DataFrame
        Every organisation, as of `tables.described`.
    given : pandas.DataFrame or None
        What was known of them, by code.
    lists : pandas.Series
        The people of each, by code.
    faults : Faults
        Gets a row for organisations that `given` lacks, for blocks that are none of the
        geography's, and for bodies that no area of the layer is.
    blocks : pandas.Index
    bodies : Layer or None

    Returns
    -------
    pandas.DataFrame
        As `described`; a block that is none of the geography's is missing.
    """
    made, people = described.copy(), lists.reindex(described.index).fillna(0)
    single = ~(made.index.isin(list(LUMP_NAMES)) | (made["kind"] == LUMP))
    if given is not None and single[made.index.isin(given.index)].any():
        lacking = single & ~made.index.isin(given.index)
        codes = made.index[lacking]
        faults.add(
            "organisation without a row in the table of organisations",
            len(codes),
            people[codes].sum(),
            codes,
        )
    for column, known, fault in (
        ("block", blocks, "organisation whose block is none of the geography's"),
        ("body", None if bodies is None else bodies.codes, "organisation whose body is no area"),
    ):
        there = made[column].dropna()
        if known is None or there.empty:
            continue
        odd = there[~among(there, known)]
        if odd.empty:
            continue
        # A code that many organisations share may be spelt in one way by some, and not by others.
        one = {
            c: matched(pd.Index([c], dtype="str"), known, f"column `{column}`")[0] for c in set(odd)
        }
        made[column] = made[column].replace(one)
        strange = odd.map(one)[lambda c, known=known: ~among(c, known)]
        faults.add(
            fault,
            len(strange),
            people[strange.index].sum(),
            [f"{code} ({what})" for code, what in strange.items()],
        )
        if column == "block":
            made.loc[strange.index, column] = None
    return made


def said_of_faults(faults: pd.DataFrame, *, published: bool) -> str:
    """Say in a sentence each what was wrong; how many people only where anybody may know."""
    said = []
    for row in faults.itertuples(index=False):
        people = f", {row.people:,.10g} people" if published else ""
        kind = counted(int(row.rows), "row") if row.fault.startswith("row") else f"{row.rows:,}"
        said.append(f"{sentence_case(row.fault)}: {kind}{people} ({row.examples}).")
    return " ".join(said)
