"""Are these two spellings one code, or one name? The one folding of every reader."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.errors import InputError
from coterminous.words import joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u0060\u00b4\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_LONG_WORDS = (
    ("clinical commissioning group", "ccg"),
    ("integrated care board", "icb"),
)
#: What bodies have been called since July 2022: the board, then the code of the old group.
_BY_CODE = re.compile(r"^nhs .* icb ?- ?([a-z0-9]{3,5})$")
_NHS_CCG = re.compile(r"^(?:nhs )?(.+?) ccg$")
_GROUP_CODE = re.compile(r"^\d\d[a-z]$")
#: Codes as they are published: none of them can be alike to another.
_PLAIN_CODES = re.compile(r"[A-Z0-9\n]*")
_TOTALS = re.compile(
    r"^(grand |sub-?|overall )?totals?:?( .*)?$|^all (areas|blocks|lsoas|msoas|wards|practices)$"
    r"|^\S.* (sub-?)?totals?:?$"
)


def folded(text: object) -> str:
    r"""Fold a code or a name, so that what cannot be seen or does not matter is the same.

    Letter case, spaces of every kind, characters without width, ``&`` for ``and``, curly quotes
    and long dashes. For matching only: what is printed is what was written.

    Examples
    --------
    >>> folded("NHS FYLDE &\u00a0WYRE\u200b ccg")
    'nhs fylde and wyre ccg'
    """
    plain = str(text)
    if plain.isascii() and plain.isalnum():
        return plain.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain.translate(_SIGNS))
        plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    if "&" in plain:
        plain = plain.replace("&", " and ")
    return " ".join(plain.translate(_SIGNS).casefold().split())


def asked(text: object) -> Iterator[str]:
    """Give the folded spellings under which a body that is asked for may be known.

    Examples
    --------
    >>> list(asked("NHS Lancashire and South Cumbria ICB - 02M"))
    ['nhs lancashire and south cumbria icb - 02m', '02m']
    """
    spelt = _shortened(folded(text))
    yield spelt
    by_code = _BY_CODE.match(spelt)
    if by_code:
        yield by_code.group(1)


def known_as(code: str, spellings: Iterable[str]) -> tuple[set[str], set[str]]:
    """Give the folded spellings of a body: those that it has, and those that follow from them.

    Examples
    --------
    >>> written, implied = known_as("02M", ["NHS Fylde and Wyre CCG"])
    >>> sorted(written), sorted(implied)
    (['02m', 'nhs fylde and wyre ccg'], ['fylde and wyre', 'fylde and wyre ccg'])
    """
    written = {_shortened(folded(s)) for s in (code, *spellings)}
    stems = {m.group(1) for m in map(_NHS_CCG.match, written) if m}
    if _GROUP_CODE.match(folded(code)):
        stems |= {w for w in written if " ccg" not in w and w != folded(code)}
    implied = {form for s in stems for form in (s, f"{s} ccg", f"nhs {s} ccg")}
    return written, implied - written


def _shortened(text: str) -> str:
    for long, short in _LONG_WORDS:
        text = text.replace(long, short)
    return text


def is_total(text: object) -> bool:
    """Say whether the first cell of a row makes it a row of totals.

    Examples
    --------
    >>> [is_total(t) for t in ("TOTAL", "Grand total", "W1 total", "E01000001")]
    [True, True, True, False]
    """
    return bool(_TOTALS.match(folded(text)))


def shown(text: object) -> str:
    r"""Show a code so that what cannot be seen in it is seen.

    Examples
    --------
    >>> shown("W1\u200b"), shown("Ynys Môn")
    ("'W1\\u200b'", "'Ynys Môn'")
    """
    return repr(str(text))


def alike(values: Iterable[object]) -> list[tuple[str, ...]]:
    r"""List the groups of different texts that differ in nothing but what is folded.

    Examples
    --------
    >>> alike(["E05", "e05", "E06"])
    [('E05', 'e05')]
    """
    listed = values.tolist() if isinstance(values, (pd.Series, pd.Index)) else values
    distinct = list(dict.fromkeys(map(str, listed)))
    if _PLAIN_CODES.fullmatch("\n".join(distinct)):
        return []
    groups: dict[str, list[str]] = {}
    for value in distinct:
        groups.setdefault(folded(value), []).append(value)
    return [tuple(sorted(g)) for g in groups.values() if len(g) > 1]


def listed_pairs(pairs: Iterable[tuple[str, ...]]) -> str:
    """List look-alikes in a sentence, the first five and how many more."""
    found = list(pairs)
    text = ", ".join(joined(map(shown, p)) for p in found[:5])
    return text if len(found) <= 5 else f"{text} and {len(found) - 5} more"


def check_alike(values: Iterable[object], where: str) -> None:
    """Raise if two codes differ in nothing but what is folded.

    White space around a code is none of it, so that this alone is no difference.

    Raises
    ------
    InputError
    """
    listed = values.tolist() if isinstance(values, (pd.Series, pd.Index)) else values
    texts = list(map(str, listed))
    if not alike([t.strip() for t in texts]):
        return
    pairs = alike(t.strip(" \t") for t in texts)
    raise InputError(
        f"{where} has {len(pairs):,} codes spelt in more than one way, which differ only in "
        f"letter case or in what cannot be seen: {listed_pairs(pairs)}; spell each in one way"
    )


def among(values: pd.Series | pd.Index, known: pd.Index) -> NDArray[np.bool_]:
    """Say which values are among many known ones, each of which is there once.

    As `isin`, which takes a list of them apart each time.

    Examples
    --------
    >>> among(pd.Series(["b1", "x"]), pd.Index(["b1", "b2"])).tolist()
    [True, False]
    """
    return np.asarray(known.get_indexer(pd.Index(values)) >= 0)


def matched(given: pd.Index, known: pd.Index, where: str) -> pd.Index:
    """Return codes as we spell them, where they differ only in what is folded; and say which.

    Parameters
    ----------
    given, known : pandas.Index
        Codes of a table that came in; and ours. A code that is none of ours stays as it is.
    where : str
        What the sentence is about.

    Raises
    ------
    InputError
        If two codes that came in are then one of ours.
    """
    if given.equals(known):
        return given
    strange = given[~among(given, known)]
    if not len(strange):
        return given
    ours: dict[str, str] = {}
    for code in known:
        ours.setdefault(folded(code), str(code))
    found: Mapping[str, str] = {
        str(s): ours[folded(s)] for s in strange.unique() if folded(s) in ours
    }
    if not found:
        return given
    there = set(given)
    twice = [(o, s) for s, o in found.items() if o in there] + [
        g for g in alike(found) if folded(g[0]) in ours
    ]
    if twice:
        raise InputError(
            f"{where} has {len(twice):,} codes spelt in more than one way, which differ only in "
            f"letter case or in what cannot be seen: {listed_pairs(twice)}; spell each in one way"
        )
    pairs = [f"{shown(s)} as {shown(o)}" for s, o in found.items()]
    more = f" and {len(pairs) - 5:,} more" if len(pairs) > 5 else ""
    log.warning(
        "%s: %d codes are ours but for letter case or what cannot be seen, and are taken so: %s%s",
        where,
        len(pairs),
        ", ".join(pairs[:5]),
        more,
    )
    return given.map(lambda c: found.get(str(c), str(c))).astype("str").rename(given.name)


def one_name(
    codes: pd.Series, names: pd.Series, where: str, code: str, name: str
) -> dict[str, str]:
    """Give each code its one name: an empty cell is no name, and two names are an error.

    Parameters
    ----------
    codes, names : pandas.Series
        Row by row; rows without a code are left out. A code that no row names has none.
    where, code, name : str
        The file, and the columns, for the sentence.

    Raises
    ------
    InputError
        If a code has two names that differ in more than what is folded.
    """
    rows = pd.DataFrame({"code": codes, "name": names}).drop_duplicates().dropna()
    rows = rows[rows["code"].ne("") & rows["name"].str.strip().ne("")]
    found: dict[str, str] = {}
    twice: dict[str, list[str]] = {}
    for key, value in rows.itertuples(index=False):
        text = " ".join(str(value).split())
        if folded(found.setdefault(str(key), text)) != folded(text):
            twice.setdefault(str(key), [found[str(key)]]).append(text)
    if twice:
        listed = ", ".join(
            f"{k}: {joined(map(shown, dict.fromkeys(v)))}" for k, v in list(twice.items())[:5]
        )
        more = f" and {len(twice) - 5:,} more" if len(twice) > 5 else ""
        raise InputError(
            f"{where}: column `{name}` gives {len(twice):,} codes of `{code}` more than one name: "
            f"{listed}{more}; make them agree"
        )
    return found
