"""How are names and numbers said in a sentence? One way for each, in every document, map and error.

Words come in as plain text and leave as plain text: nothing here knows what a layer is, or how a
page is marked up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# Words that keep their capital wherever they stand.
_ALWAYS_PROPER = frozenset(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "England",
        "English",
        "Wales",
        "Welsh",
        "Scotland",
        "Scottish",
        "Ireland",
        "Irish",
        "Britain",
        "British",
    ]
)
_FIRST_WORD = re.compile(r"[^\W\d_]+")


def natural(text: str) -> tuple[object, ...]:
    """Give the key by which names sort as people count: 2 before 10, whatever their letter case.

    Examples
    --------
    >>> sorted(["Ward 10", "ward 2", "Ward 1"], key=natural)
    ['Ward 1', 'ward 2', 'Ward 10']
    """
    # Text and number take turns, so that like is compared with like.
    parts = re.split(r"([0-9]+)", text.casefold())
    return tuple(int(part) if k % 2 else part for k, part in enumerate(parts)), text


class Titled(Protocol):
    """What has a short name, by which it is asked for, and perhaps a title to print."""

    @property
    def name(self) -> str:
        """The short name."""

    @property
    def title(self) -> str:
        """The words to print; empty where there are none."""


class Place(Protocol):
    """What has a title made of the names of places: a geography."""

    @property
    def title(self) -> str:
        """The words to print."""


class Named(Titled, Protocol):
    """What has a title, and areas with names: a layer."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its areas."""


def in_words(count: int, *, none: str = "no") -> str:
    """Write a count up to nine as a word, a larger one in figures.

    Parameters
    ----------
    count : int
    none : str
        How nothing is said: ``no`` before a noun, ``none`` alone.

    Examples
    --------
    >>> in_words(0), in_words(3), in_words(12), in_words(1635), in_words(0, none="none")
    ('no', 'three', '12', '1,635', 'none')
    """
    if count == 0:
        return none
    return _SMALL[count] if 0 < count < len(_SMALL) else f"{count:,}"


def plural(count: float, one: str, many: str = "") -> str:
    """Choose the singular or the plural of a noun or verb.

    Examples
    --------
    >>> plural(1, "area"), plural(0, "area"), plural(2, "is", "are")
    ('area', 'areas', 'are')
    """
    return one if count == 1 else (many or f"{one}s")


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are of something: a number in figures, and its noun.

    Examples
    --------
    >>> counted(1, "practice"), counted(1635, "block"), counted(2, "body", "bodies")
    ('1 practice', '1,635 blocks', '2 bodies')
    """
    return f"{count:,} {plural(count, one, many)}"


def listed(names: Iterable[str], most: int = 0, *, rest: str = "others") -> str:
    """Join names as a sentence does, with the rest counted where there are too many.

    Parameters
    ----------
    names : iterable of str
    most : int
        Names up to which each is said, one more being no gain; 0 says all.
    rest : str
        The word for those left over.

    Examples
    --------
    >>> listed(["Blackpool", "Fylde", "Wyre"])
    'Blackpool, Fylde and Wyre'
    >>> listed(["a", "b", "c", "d"], most=2), listed([])
    ('a, b and 2 others', 'none')
    """
    said = list(names)
    if not said:
        return "none"
    if most and len(said) > most + 1:
        return f"{', '.join(said[:most])} and {len(said) - most} {rest}"
    return joined(said)


def joined(pieces: Iterable[str], comma: str = ", ", last: str = " and ") -> str:
    """Join pieces of a sentence, the last with `last`; nothing where there are none.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a does", "b does"], "; ", "; and "), joined([])
    ('a, b and c', 'a does; and b does', '')
    """
    said = list(pieces)
    if len(said) < 2:
        return "".join(said)
    return f"{comma.join(said[:-1])}{last}{said[-1]}"


def sentence_case(text: str) -> str:
    """Begin with a capital, and leave every other letter alone.

    Examples
    --------
    >>> sentence_case("practices of NHS trusts"), sentence_case("")
    ('Practices of NHS trusts', '')
    """
    return text[:1].upper() + text[1:]


def in_sentence(title: str, proper: Iterable[str] = ()) -> str:
    """Write a title as it stands inside a sentence: its first letter small, but for a name.

    Parameters
    ----------
    title : str
    proper : iterable of str
        Names of places and people; a title that begins with one keeps its capital, as do those
        that begin with an abbreviation, a month, a day or a country.

    Examples
    --------
    >>> in_sentence("Places, July 2022"), in_sentence("MSOAs"), in_sentence("Sub-ICB locations")
    ('places, July 2022', 'MSOAs', 'sub-ICB locations')
    >>> in_sentence("Bay districts"), in_sentence("Bay districts", ["Bay"])
    ('bay districts', 'Bay districts')
    """
    found = _FIRST_WORD.match(title)
    if found is None:
        return title
    word = found.group()
    if word in _ALWAYS_PROPER or word[1:] != word[1:].lower() or _is_proper(title, proper):
        return title
    # A letter before a digit, a stop or an ampersand is a part of a code: "A1", "D&G".
    if len(word) == 1 and title[1:2] not in ("", " "):
        return title
    return title[0].lower() + title[1:]


def _is_proper(title: str, proper: Iterable[str]) -> bool:
    return any(
        name and title.startswith(name) and not title[len(name) : len(name) + 1].isalnum()
        for name in proper
    )


def proper_names(where: Place, *layers: Named) -> tuple[str, ...]:
    """Give names that keep their capital: words of a geography's title, and areas' names.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> proper_names(SimpleNamespace(title="Lancashire and South Cumbria"))
    ('Lancashire', 'South', 'Cumbria')
    """
    of_title = [w for w in re.findall(r"[^\W\d_]+", where.title) if w[:1].isupper()]
    of_areas = [name for layer in layers for name in layer.names]
    return tuple(dict.fromkeys([*of_title, *of_areas]))


def title_of(what: Titled) -> str:
    """Give what is printed for a layer or weight: its title, or its name where it has none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> title_of(SimpleNamespace(name="place2022", title="")), title_of(
    ...     SimpleNamespace(name="place2022", title="Places"))
    ('place2022', 'Places')
    """
    return what.title or what.name


def title_in_sentence(layer: Named, where: Place) -> str:
    """Write a layer's title as it stands inside a sentence about a geography.

    A name alone (``place2022``) is no words, and stays as it is.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> where = SimpleNamespace(title="Lancashire and South Cumbria")
    >>> layer = SimpleNamespace(name="units", title="Lancashire delivery units", names=("East",))
    >>> title_in_sentence(layer, where)
    'Lancashire delivery units'
    """
    return in_sentence(layer.title, proper_names(where, layer)) if layer.title else layer.name


def slug(name: str) -> str:
    """Make a code of a name that has no official code.

    Examples
    --------
    >>> slug("Fylde Coast")
    'fylde-coast'
    >>> slug("Ynys Môn / Anglesey")
    'ynys-mon-anglesey'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    made = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return made or "area-" + "-".join(f"{ord(c):x}" for c in name)


#: The months as they are written.
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def shortened(words: str, most: int) -> str:
    """Cut a long text at a word.

    Examples
    --------
    >>> shortened("Three of the four places", 15), shortened("Three", 15)
    ('Three of the …', 'Three')
    """
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def date_in_words(day: str, *, of_month: bool = True) -> str:
    """Write a year, a month or a day as people do.

    Parameters
    ----------
    day : str
        As in ISO 8601; another text stays as it is.
    of_month : bool
        Whether the day of the month is said.

    Examples
    --------
    >>> date_in_words("2020-06-30"), date_in_words("2022-07"), date_in_words("2019")
    ('30 June 2020', 'July 2022', '2019')
    >>> date_in_words("2022-07-27", of_month=False)
    'July 2022'
    """
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", day):
        return day
    year, *rest = day.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    number = [str(int(rest[1]))] if len(rest) == 2 and of_month else []
    return " ".join([*number, *month, year])


#: Words of names that are written otherwise than with one capital. What is not here follows the
#: rule: small joining words small but at the front, every other word with a capital.
_SMALL_WORDS = frozenset(
    ["a", "and", "at", "by", "for", "from", "in", "le", "next", "of", "off", "on", "or"]
    + ["over", "the", "to", "under", "upon", "with", "y"]
)
_KEEP = frozenset(
    ["AHP", "APMS", "BWD", "CCG", "CIC", "GP", "HMP", "II", "III", "IV", "LCW", "LLP", "MP"]
    + ["NE", "NHS", "NW", "OOH", "PCN", "PHC", "PMS", "RAF", "SE", "SSP", "SW", "UK", "USA"]
    + ["UTC", "VI", "VII", "WIC"]
)
_ABBREVIATED = {"DR": "Dr", "DRS": "Drs", "ST": "St", "MR": "Mr", "MRS": "Mrs", "LTD": "Ltd",
                "RD": "Rd", "GPS": "GPs", "PCNS": "PCNs"}  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def as_people_write(name: str) -> str:
    """Write a name that a register has in capitals as people do; another stays as it is.

    Every word takes one capital but for small joining words inside a name, abbreviations that are
    known, initials, and what follows "Mc" or "O'"; a letter after an apostrophe stays small.

    Examples
    --------
    >>> as_people_write("ULVERSTON HEALTH CENTRE (MURRAY)"), as_people_write("MID FURNESS PCN")
    ('Ulverston Health Centre (Murray)', 'Mid Furness PCN')
    >>> as_people_write("DR J.P. O'NEILL & MCKENZIE"), as_people_write("ST JAMES'S SURGERY")
    ("Dr J.P. O'Neill & McKenzie", "St James's Surgery")
    >>> as_people_write("LYTHAM ST ANNES-ON-THE-SEA"), as_people_write("Royal Preston")
    ('Lytham St Annes-on-the-Sea', 'Royal Preston')
    """
    if any(letter.islower() for letter in name) or not any(letter.isupper() for letter in name):
        return name
    first = _LETTERS.search(name)

    def written(match: re.Match[str]) -> str:
        word = match.group()
        if word in _ABBREVIATED:
            return _ABBREVIATED[word]
        opens = first is not None and match.start() == first.start()
        if word in _KEEP or (len(word) == 1 and not opens and word not in "AY"):
            return word
        if word.lower() in _SMALL_WORDS and not opens:
            return word.lower()
        # Letters without a vowel are an abbreviation, not a word.
        if len(word) <= 4 and not re.search("[AEIOUY]", word):
            return word
        lower = word[0] + word[1:].lower()
        lower = re.sub(r"^Mc(\w)", lambda m: f"Mc{m[1].upper()}", lower)
        return re.sub(r"^([OD]['’])(\w)(\w)", lambda m: m[1] + m[2].upper() + m[3], lower)

    return _LETTERS.sub(written, name)
