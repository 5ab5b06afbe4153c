"""Why are the codes of this file not those of the blocks? Said at the door, with the mend."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.vintages.geographies import VINTAGES
from coterminous.vintages.recognising import Codes, mend, recognised


def expect(given: Iterable[str], wanted: Iterable[str], *, where: str) -> None:
    """Raise if codes that are lacking are so because the file is of another geography or year.

    For readers that join by code: call it before saying which codes are lacking. It raises only
    if it can tell why, and does nothing otherwise, so that the reader says what it knows itself;
    where nothing is lacking it looks at no list.

    Parameters
    ----------
    given : iterable of str
        The codes of a file.
    wanted : iterable of str
        Those that it should have, such as the blocks of a geography.
    where : str
        The file, and the column, for the error.

    Raises
    ------
    InputError
        If the two are of different geographies or years; it names both, and the translation.

    Examples
    --------
    >>> expect(["E01033769"], ["E01033769"], where="wards.csv")
    >>> expect(["E01033769"], ["E01008187"], where="wards.csv")
    Traceback (most recent call last):
    coterminous.errors.InputError: wards.csv has no row for 1 of 1 codes: 'E01008187'; its codes \
are LSOAs of 2021 and those are LSOAs of 2011; translate counts with \
coterminous.translate(values, to='lsoa2011'), areas with \
coterminous.vintages.translate_lookup(areas, to='lsoa2011'), a file of either with \
`coterminous translate FILE --to lsoa2011`
    """
    there, needed = list(given), list(wanted)
    lacking = sorted(set(needed) - set(there))
    reason = why_lacking(there, needed) if lacking else ""
    if reason:
        raise InputError(
            f"{where} has no row for {len(lacking):,} of {len(set(needed)):,} codes: "
            f"{first_five(lacking)}; {reason}"
        )


def why_lacking(given: Iterable[str], wanted: Iterable[str]) -> str:
    """Say that codes are of another geography or year than those wanted, and what mends it.

    Returns
    -------
    str
        The end of a sentence; empty if the two are of one year, or that cannot be told.
    """
    there, needed = list(given), list(wanted)
    if set(needed) <= set(there):
        return ""
    has, needs = told(there), told(needed)
    if has is None or needs is None or not needs.vintages:
        return ""
    if set(has.vintages) & set(needs.vintages) or (not has.vintages and has.kind == needs.kind):
        return ""
    target = VINTAGES[needs.vintages[0]]
    return f"its codes are {has.title} and those are {needs.title}{mend(has, target)}"


def told(codes: Iterable[str]) -> Codes | None:
    """Say what codes are; None where that cannot be told, or they are England's of no kind."""
    listed = pd.Index(list(codes), dtype="object")
    if not len(listed):
        return None
    try:
        found = recognised(listed, "the column")
    except InputError:
        return None
    return found if len(found.codes) else None
