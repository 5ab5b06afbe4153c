"""Which signs of a name can a printed map not draw? They are shown as such, and said.

A plate is set in DejaVu Sans, which comes with matplotlib, so that it is the same on every machine.
It has Latin, Greek, Cyrillic, Hebrew and Arabic (matplotlib sets the last two from right to left)
and few pictures; a sign that it lacks would be a box that says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from coterminous.words import listed

#: What stands for a sign that cannot be drawn.
LACKING = "\N{REPLACEMENT CHARACTER}"
#: Up to so many signs are named.
NAMED = 5
#: What joins or varies pictures, and has no look of its own.
_JOINING = "\u200d\ufe0e\ufe0f\u20e3"


@cache
def _drawn() -> frozenset[int]:
    """List the signs of the font, plain and bold."""
    from matplotlib.font_manager import findfont, get_font

    plain, bold = (
        get_font(findfont(f"DejaVu Sans:weight={weight}")).get_charmap()
        for weight in ("normal", "bold")
    )
    return frozenset(plain) & frozenset(bold)


def _lacks(sign: str) -> bool:
    # Marks of direction and the like are for whoever sets the text, and are not drawn.
    return ord(sign) not in _drawn() and unicodedata.category(sign) not in ("Cf", "Cc", "Zs")


def drawable(text: str) -> str:
    r"""Put a replacement character where a sign cannot be drawn, one for each picture.

    Examples
    --------
    >>> drawable("Duck \N{DUCK} End")
    'Duck \ufffd End'
    """
    if text.isascii():
        return text
    shown = "".join(LACKING if _lacks(sign) else sign for sign in text)
    return re.sub(f"{LACKING}[{_JOINING}{LACKING}]*", LACKING, shown)


def cannot_be_drawn(texts: Iterable[str]) -> str:
    r"""Say in a sentence which signs of some texts cannot be drawn; nothing if all can.

    Examples
    --------
    >>> cannot_be_drawn(["Duck \N{DUCK} End"])
    'The font of this map lacks U+1F986 DUCK, for which � stands.'
    """
    lacking = {s for text in texts if not text.isascii() for s in text if _lacks(s)}
    signs = sorted(lacking - set(_JOINING))
    if not signs:
        return ""
    said = [f"U+{ord(s):04X} {unicodedata.name(s, '')}".rstrip() for s in signs[:NAMED]]
    if len(signs) > NAMED:
        said.append(f"{len(signs) - NAMED:,} more signs")
    return f"The font of this map lacks {listed(said)}, for which {LACKING} stands."
