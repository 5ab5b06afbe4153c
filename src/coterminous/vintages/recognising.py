"""Of which geography and which year is this column of codes?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coterminous.arguments import asked
from coterminous.errors import InputError, first_five
from coterminous.owned import hands_out_copies
from coterminous.results import OfBlocks
from coterminous.vintages.geographies import (
    ELSEWHERE,
    SHAPES,
    TRANSLATED,
    UNLISTED,
    VINTAGES,
    Vintage,
    codes_of,
    titles,
    vintage_of,
)
from coterminous.words import counted, joined

MSOA_NOTE = (
    "MSOAs of 2021 that did not change have the same codes, and no list of those of 2021 is here: "
    "called 2011 because every code is one of 2011"
)
#: A column of which so much are codes is one of codes, whatever else stands in it.
HALF = 0.5
MSOA_ABOVE = "{n:,} of the codes are above the highest of 2011, {top}: {few}"
MSOA_UNKNOWN = (
    "{n:,} of the codes are none of the 6,791 of 2011, and not above the highest of them: {few}"
)
BOARD_NOTE = "QRL has the same code in 2022 and in 2026, but Hart and Rushmoor were added to it"


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Codes(OfBlocks):
    """What a column of codes is.

    Attributes
    ----------
    kind : str
        The geography: ``lsoa``, ``msoa``, ``ward``, ``ltla``, ``utla``, ``region``, ``ccg``,
        ``sicbl``, ``stp``, ``icb``, ``practice``, ``network``, ``trust``, ``oa``; several joined
        by ``or`` where the codes are those of several.
    vintages : tuple of str
        Every geography and year that has all of the codes: one if it can be told, several if
        the codes are the same in each, none if it cannot be told.
    said : str
        The answer in a sentence.
    codes : pandas.Index
        The codes themselves, of England, each once, in capitals and without spaces around.
    not_in : dict
        For every vintage of such codes, how many of these it does not have: why it is, or is
        not, that year.
    elsewhere : pandas.DataFrame
        Other countries' codes and those of no place: `what`, `codes`, `rows`, `examples`.
    rows, empty : int
        Rows of the column, and how many of them are empty.
    """

    kind: str
    vintages: tuple[str, ...]
    said: str
    codes: pd.Index
    not_in: dict[str, int]
    elsewhere: pd.DataFrame
    rows: int
    empty: int

    @property
    def vintage(self) -> str | None:
        """The one geography and year that it is; None if there are several, or none."""
        return self.vintages[0] if len(self.vintages) == 1 else None

    @property
    def title(self) -> str:
        """The geography and year, without how many codes there are."""
        return titles(self.vintages) or next((t for k, _, t in SHAPES if k == self.kind), self.kind)

    @property
    def year(self) -> int | None:
        """The year, if it can be told."""
        years = {VINTAGES[v].year for v in self.vintages}
        return years.pop() if len(years) == 1 else None

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: by geography and year how many of the codes it lacks."""
        return pd.Series(self.not_in, name="codes", dtype="int64").rename_axis("not_in").to_frame()

    def as_json(self) -> dict[str, Any]:
        """Return it under the names of the attributes; the codes are a count."""
        return {
            "kind": self.kind,
            "year": self.year,
            "vintages": list(self.vintages),
            "said": self.said,
            "codes": len(self.codes),
            "rows": self.rows,
            "empty": self.empty,
            "not_in": self.not_in,
            "elsewhere": self.elsewhere,
            "notes": list(self.notes),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return how many codes each geography and year lacks, as it is written to a file."""
        return pd.Series(self.not_in, name="codes").rename_axis("not_in").reset_index()

    def _titled(self) -> str:
        return f"Codes {' or '.join(self.vintages) or self.kind}"

    def _finding(self) -> str:
        return self.said


@asked
def codes(
    column: pd.Series | pd.Index | Iterable[str],
    *,
    expected: str | None = None,
    where: str = "the column",
) -> Codes:
    """Say which geography and which year a column of codes is, from the codes themselves.

    A code that is the same in two years decides nothing; the codes that only one year has do.
    Where there is no list of a year (MSOAs of 2021), what cannot be told is said.

    Parameters
    ----------
    column : pandas.Series, or other iterable of str
        Codes, in any order and as often as they occur. Empty cells, and the codes of other
        countries and of unknown addresses (``NO2011``), are counted apart.
    expected : str, optional
        What it should be, such as ``lsoa2011``: any other geography or year is refused, with
        the translation that would mend it.
    where : str
        What the column is called in errors.

    Returns
    -------
    Codes

    Raises
    ------
    InputError
        If no code is known, if the codes are of no single geography and year (the offenders are
        named), or if they are not what was expected.

    Examples
    --------
    >>> found = codes(["E01000001", "E01000002", "E01033769"])
    >>> found.vintage, found.year, found.not_in
    ('lsoa2021', 2021, {'lsoa2011': 1, 'lsoa2021': 0})
    >>> codes(["E01000001", "E01000002"]).said
    'LSOAs of 2011 or 2021: the 2 codes are the same in each'
    """
    found = recognised(column, where)
    if expected is not None:
        wanted = vintage_of(expected, "expected")
        if wanted.name not in found.vintages:
            raise InputError(f"{where}: {found.said}, not {wanted.title}{mend(found, wanted)}")
    return found


def mend(found: Codes, wanted: Vintage) -> str:
    """Say how codes that are not of the year that is wanted become so, if they can."""
    for name in found.vintages:
        kinds = {VINTAGES[name].kind, wanted.kind}
        if any(kinds <= group for group in TRANSLATED):
            return (
                f"; translate counts with coterminous.translate(values, to={wanted.name!r}), areas "
                f"with coterminous.vintages.translate_lookup(areas, to={wanted.name!r}), a file of "
                f"either with `coterminous translate FILE --to {wanted.name}`"
            )
    return f"; give a column of {wanted.title}"


def recognised(column: pd.Series | pd.Index | Iterable[str], where: str) -> Codes:
    """Do what `codes` does, without an expectation."""
    cells = pd.Series(list(column), dtype="object")
    written = cells.where(cells.notna(), "").astype("str").str.strip()
    text = written.str.upper()
    empty = int((text == "").sum())
    times = text[text != ""].value_counts()
    what = _elsewhere(times.index)
    away = _away(times, what)
    ours = times.index[what.isna().to_numpy()].sort_values()
    shapes = _shapes(ours)
    strange = ours[shapes.isna().to_numpy()]
    if len(strange):
        raise InputError(
            f"{where} has {len(strange):,} of {len(times):,} codes that are of no geography "
            f"known here: {first_five(_as_written(strange, written, text))}; correct them, or "
            "leave their rows out"
        )
    if not len(ours):
        return _of_elsewhere(away, len(text), empty, where)
    _one_shape(shapes, where)
    kind = str(shapes.iloc[0])
    vintages, not_in, notes = _vintages(ours, kind, where)
    kinds = " or ".join(dict.fromkeys(VINTAGES[v].kind for v in vintages))
    return Codes(
        kind=kinds or kind,
        vintages=vintages,
        said=_said(ours, kind, vintages),
        codes=ours,
        not_in=not_in,
        elsewhere=away,
        rows=len(text),
        empty=empty,
        notes=notes,
    )


def looks_like_codes(column: pd.Series) -> bool:
    """Say whether half of what is in a column, or more, are GSS codes, of whatever country."""
    text = column.dropna().astype("str").str.strip().str.upper()
    text = text[text != ""]
    return bool(len(text)) and float(text.str.fullmatch(r"[EWSN]\d{8}").mean()) >= HALF


def _as_written(strange: pd.Index, written: pd.Series, text: pd.Series) -> list[str]:
    """Give each code in capitals as its column first has it, so that it can be found there."""
    first = dict(zip(text[::-1], written[::-1], strict=True))
    return [first[code] for code in strange]


def _elsewhere(codes: pd.Index) -> pd.Series:
    """Say of each code which other country it is of; missing for those that may be England's."""
    found = pd.Series(None, index=codes, dtype="str")
    for what, pattern in ELSEWHERE:
        found = found.mask(codes.str.fullmatch(pattern).astype(bool), what)
    return found


def _shapes(codes: pd.Index) -> pd.Series:
    """Say of each code which geography has codes of that shape; missing if none has."""
    found = pd.Series(None, index=codes, dtype="str")
    for kind, pattern, _ in reversed(SHAPES):
        found = found.mask(codes.str.fullmatch(pattern).astype(bool), kind)
    # Boards and sub-ICB locations share shapes; a list tells them apart.
    bodies = found.isin(["icb", "nhs body", "ccg or sicbl"])
    if bodies.any():
        short = ~found.index.str.fullmatch(r"E\d{8}").astype(bool)
        located = among(found.index, "sicbl2022")
        found = found.mask(bodies & short & located, "ccg or sicbl")
        boards = among(found.index, "icb2022") | among(found.index, "icb2026")
        found = found.mask(bodies & short & boards, "icb")
    return found


def _one_shape(shapes: pd.Series, where: str) -> None:
    """Raise if the codes are of several geographies."""
    counts = shapes.value_counts()
    if len(counts) == 1:
        return
    titles = {kind: title for kind, _, title in SHAPES}
    most = counts.index[0]
    rest = "; ".join(
        f"{n:,} {titles[kind]}: {first_five(shapes.index[shapes == kind])}"
        for kind, n in counts.iloc[1:].items()
    )
    raise InputError(
        f"{where} mixes geographies: {counts.iloc[0]:,} of its codes are {titles[most]}, and "
        f"{rest}; give one geography a column"
    )


def _vintages(
    ours: pd.Index, kind: str, where: str
) -> tuple[tuple[str, ...], dict[str, int], tuple[str, ...]]:
    """Find every vintage that has all of the codes, or raise if they are mixed."""
    if kind in UNLISTED:
        return (), {}, ("the year of such codes cannot be told from them",)
    if kind == "msoa":
        return _msoas(ours)
    has = pd.DataFrame({v: among(ours, v) for v in _candidates(kind, ours, where)}, index=ours)
    not_in = {str(v): int(n) for v, n in (~has).sum().items()}
    everywhere = tuple(v for v, n in not_in.items() if not n)
    if everywhere:
        boards = {"icb2022", "icb2026"} <= set(everywhere) and "QRL" in ours
        return everywhere, not_in, ((BOARD_NOTE,) if boards else ())
    unlisted = ours[~has.any(axis=1).to_numpy()]
    if kind == "ward" or len(unlisted) == len(ours):
        return (
            (),
            not_in,
            (
                f"{len(unlisted):,} of the codes are in no list of {titles(has.columns)}: "
                f"{first_five(unlisted)}",
            ),
        )
    raise InputError(_mixed(has, str(has.sum().idxmax()), where))


def among(codes: pd.Index, vintage: str) -> np.ndarray[Any, Any]:
    """Say of each code whether a vintage has it; far faster than `isin` of so long a list."""
    listed = codes_of(vintage)
    return np.fromiter((code in listed for code in codes), dtype=bool, count=len(codes))


def _mixed(has: pd.DataFrame, most: str, where: str) -> str:
    """Say which codes are not of the year that most are of."""
    others = has[~has[most]]
    said = []
    for vintage in has.columns:
        those = others.index[others[vintage]]
        if len(those):
            said.append(f"{len(those):,} of {VINTAGES[vintage].title} ({first_five(those)})")
            others = others[~others[vintage]]
    if len(others):
        said.append(f"{len(others):,} of no year known here ({first_five(others.index)})")
    return (
        f"{where} is of no one year: {int(has[most].sum()):,} of its {len(has):,} codes are of "
        f"{VINTAGES[most].title}, but {joined(said)}; give the codes of one year"
    )


def _candidates(kind: str, ours: pd.Index, where: str) -> list[str]:
    """List the vintages that codes of such a shape may be of."""
    kinds = {"council": ("ltla", "utla")}.get(kind, tuple(kind.split(" or ")))
    gss = ours.str.fullmatch(r"E\d{8}").astype(bool)
    if gss.any() and not gss.all():
        raise InputError(
            f"{where} mixes {int(gss.sum()):,} GSS codes ({first_five(ours[gss])}) and "
            f"{int((~gss).sum()):,} ODS codes ({first_five(ours[~gss])}); give one kind of code"
        )
    scheme = "GSS" if gss.all() else "ODS"
    return [v.name for v in VINTAGES.values() if v.kind in kinds and v.scheme == scheme]


def _msoas(ours: pd.Index) -> tuple[tuple[str, ...], dict[str, int], tuple[str, ...]]:
    """Tell the year of MSOAs as far as it can be told without a list of those of 2021."""
    listed = codes_of("msoa2011")
    unlisted = ours[~among(ours, "msoa2011")]
    not_in = {"msoa2011": len(unlisted)}
    if not len(unlisted):
        return ("msoa2011",), not_in, ((MSOA_NOTE,) if len(ours) < len(listed) else ())
    above = unlisted[unlisted > max(listed)]
    if len(above):
        few = first_five(above)
        return ("msoa2021",), not_in, (MSOA_ABOVE.format(n=len(above), top=max(listed), few=few),)
    few = first_five(unlisted)
    return (), not_in, (MSOA_UNKNOWN.format(n=len(unlisted), few=few),)


def _said(ours: pd.Index, kind: str, vintages: tuple[str, ...]) -> str:
    """Give the answer in a sentence."""
    n = counted(len(ours), "code")
    if not vintages:
        title = next(t for k, _, t in SHAPES if k == kind)
        return f"{title} ({n}), of a year that cannot be told"
    if len(vintages) == 1:
        return f"{titles(vintages)} ({n})"
    same = f"the {n} are" if len(ours) > 1 else "the code is"
    return f"{titles(vintages)}: {same} the same in each"


def _away(times: pd.Series, what: pd.Series) -> pd.DataFrame:
    """List the codes that are of no area of England, by what they are."""
    rows = [
        {
            "what": said,
            "codes": len(group),
            "rows": int(times[group].sum()),
            "examples": first_five(sorted(group)),
        }
        for said, group in what.dropna().groupby(what.dropna()).groups.items()
    ]
    return pd.DataFrame(rows, columns=["what", "codes", "rows", "examples"])


def _of_elsewhere(away: pd.DataFrame, rows: int, empty: int, where: str) -> Codes:
    """Answer of a column without one code of England."""
    if not len(away):
        raise InputError(f"{where} holds no codes: all of its {rows:,} rows are empty")
    listed = "; ".join(f"{r.codes:,} of {r.what}: {r.examples}" for r in away.itertuples())
    return Codes(
        kind="elsewhere",
        vintages=(),
        said=f"no codes of England: {listed}",
        codes=pd.Index([], dtype="str"),
        not_in={},
        elsewhere=away,
        rows=rows,
        empty=empty,
        notes=("only England's geographies are known here",),
    )
