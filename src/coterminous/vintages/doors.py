"""Why are the codes of this file not those of the blocks? Said at the door, with the mend."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from coterminous.errors import InputError
from coterminous.vintages.geographies import VINTAGES
from coterminous.vintages.recognising import Codes, mend, recognised


def expect(given: Iterable[str], wanted: Iterable[str], *, where: str) -> None:
    """Raise if codes are those of another geography or year than the ones that are wanted.

    For readers whose codes do not match: call it before saying that codes are missing or
    unknown. It raises only if it can tell why, and does nothing otherwise, so that the reader
    says what it knows itself.

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
    >>> expect(["E01033769"], ["E01008187"], where="wards.csv")
    Traceback (most recent call last):
    coterminous.errors.InputError: wards.csv: its codes are LSOAs of 2021 (1 code), and those that \
are wanted are LSOAs of 2011; translate them with coterminous.translate(values, to='lsoa2011') or \
`coterminous translate FILE --to lsoa2011`
    """
    has, needs = told(given), told(wanted)
    if (
        has is None
        or needs is None
        or not needs.vintages
        or set(has.vintages) & set(needs.vintages)
    ):
        return
    if not has.vintages and has.kind == needs.kind:
        return
    target = VINTAGES[needs.vintages[0]]
    raise InputError(
        f"{where}: its codes are {has.said}, and those that are wanted are "
        f"{needs.title}{mend(has, target)}"
    )


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
