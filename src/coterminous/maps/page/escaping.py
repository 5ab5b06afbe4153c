"""How a name from data stays text inside a folium map.

Folium passes strings through Jinja twice and into JavaScript template literals before the browser
reads them as HTML, so escaping for HTML alone leaves ``{{7*7}}``, ``${1}`` and a back-tick to run.
A numeric character reference means nothing to Jinja or to JavaScript, and to HTML only ever text.
"""

from __future__ import annotations

import re

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")

# HTML reads a reference to these as nothing, or as another character than the one referred to.
# From a letter that is read from right to left to the last one before others.
_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
    r"(?:[^A-Za-z\u00c0-\u058f,;:()\[\]]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])?(?: ?\d+$)?"
)
_ISOLATE, _END = "\u2068", "\u2069"
_REPLACEMENT = 0xFFFD
_REMAPPED = frozenset({0x00, *range(0x80, 0xA0), *range(0xD800, 0xE000)})


def references(text: object) -> str:
    r"""Turn a text into numeric character references, save for letters, digits and spaces.

    Every name, title and note from data passes through here before it reaches folium. Characters
    that HTML cannot refer to (NUL, C1 controls, lone surrogates) become U+FFFD. Words that are
    read from right to left are isolated (U+2068, U+2069), so that they turn round nothing that
    stands beside them: a number, a bracket, the next name.

    Parameters
    ----------
    text
        Any object; what is neither a string nor None is turned into one first, None into nothing.

    Returns
    -------
    str
        Only letters, digits, spaces and ``&#;``.

    Examples
    --------
    >>> references("Fylde Coast")
    'Fylde Coast'
    >>> references("{{7*7}}")
    '&#123;&#123;7&#42;7&#125;&#125;'
    """
    if text is None:
        return ""
    said = _RIGHT_TO_LEFT.sub(lambda found: f"{_ISOLATE}{found[0]}{_END}", str(text))
    return "".join(c if c in _PLAIN else f"&#{_number(c)};" for c in said)


def _number(character: str) -> int:
    number = ord(character)
    return _REPLACEMENT if number in _REMAPPED else number
