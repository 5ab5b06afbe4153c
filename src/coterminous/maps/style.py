"""Which colours, lines and patterns tell areas apart, in colour and in greyscale.

The hues are those of the Government Analysis Function's palettes (Analysis Function, Data
visualisation: colours in charts, 2022). On a map they are softened towards white, each by an amount
of its own, so that a near-black line stands out from every one of them (WCAG 2.2 asks 3 to 1, and
4.5 to 1 for text) and so that they differ in greyscale too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

INK = "#0B0C0C"
"""Text and boundary lines: near-black, over 3 to 1 against every fill."""
PAPER = "#FFFFFF"
BEYOND = "#F1F1EF"
"""What the blocks do not cover, be it sea or land: no map here knows which."""
LAND = "#FFFFFF"
"""Areas of the layer drawn for context."""
QUIET_LINE = "#6F777B"

CATEGORICAL = {
    "dark blue": "#12436D",
    "turquoise": "#28A197",
    "dark pink": "#801650",
    "orange": "#F46A25",
    "dark grey": "#3D3D3D",
    "light purple": "#A285D1",
}
FOCUS, UNFOCUSED = "#12436D", "#BFBFBF"

STATUS_COLOURS = {
    "newly_crossing": "#F46A25",
    "resolved": "#28A197",
    "persisting": "#12436D",
    "never_crossing": "#BFBFBF",
}
STATUS_WORDS = {
    "newly_crossing": "newly crosses a line",
    "resolved": "no longer crosses",
    "persisting": "still crosses",
    "never_crossing": "never crosses",
}
STATUS_MARKERS = {
    "newly_crossing": "^",
    "resolved": "v",
    "persisting": "s",
    "never_crossing": "o",
}


def _channels(colour: str) -> tuple[int, int, int]:
    text = colour.lstrip("#")
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def luminance(colour: str) -> float:
    """Give the relative luminance of a ``#RRGGBB`` colour, 0 (black) to 1 (white), as in WCAG 2.2.

    Examples
    --------
    >>> luminance("#FFFFFF"), luminance("#000000")
    (1.0, 0.0)
    """
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (c / 255 for c in _channels(colour))
    ]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 12)


def lightness(colour: str) -> float:
    """Give the lightness L* of CIE 1976, 0 (black) to 100 (white), as grey print shows it.

    Examples
    --------
    >>> lightness("#FFFFFF"), round(lightness("#777777"))
    (100.0, 50)
    """
    there = luminance(colour)
    root = there ** (1 / 3) if there > 0.008856 else 7.787 * there + 16 / 116
    return 116 * root - 16


def contrast(a: str, b: str) -> float:
    """Give the contrast ratio of two colours, 1 (none) to 21 (black on white), as WCAG 2.2 has it.

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    lighter, darker = sorted((luminance(a), luminance(b)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 6)


def tint(colour: str, strength: float) -> str:
    """Soften a colour towards white; `strength` 1 leaves it, 0 gives white.

    Examples
    --------
    >>> tint("#12436D", 0.5)
    '#88A1B6'
    """
    mixed = (round(255 - strength * (255 - c)) for c in _channels(colour))
    return "#" + "".join(f"{c:02X}" for c in mixed)


def text_on(colour: str) -> str:
    """Choose ink or paper for text on a fill, whichever stands out more.

    Examples
    --------
    >>> text_on("#12436D"), text_on("#FFFFFF")
    ('#FFFFFF', '#0B0C0C')
    """
    return INK if contrast(INK, colour) >= contrast(PAPER, colour) else PAPER


MAP_FILLS = (
    tint(CATEGORICAL["dark blue"], 0.66),
    tint(CATEGORICAL["orange"], 0.40),
    tint(CATEGORICAL["turquoise"], 0.82),
    tint(CATEGORICAL["light purple"], 0.58),
    tint(CATEGORICAL["dark pink"], 0.72),
    tint(CATEGORICAL["dark grey"], 0.16),
)
"""Six fills in the order they are given out: no two alike in grey print or to the colour-blind."""


def colour_numbers(
    codes: Sequence[Hashable],
    neighbours: Iterable[tuple[Hashable, Hashable]] = (),
    *,
    colours: int = len(MAP_FILLS),
) -> dict[Hashable, int]:
    """Give areas numbers so that neighbours differ, using every number before any twice.

    With as many colours as areas each gets its own. Otherwise the area with the most kinds of
    neighbour already coloured goes first (Brelaz 1979, doi 10.1145/359094.359101) and takes the
    colour least used among those no neighbour has. A planar map needs no more than six so.

    Parameters
    ----------
    codes
        The areas; ties go by this order.
    neighbours
        Pairs of areas that touch; pairs with other areas are passed over.
    colours
        How many colours there are.

    Returns
    -------
    dict
        Area to 0, 1, 2 ...; where an area's neighbours use up all the colours it takes the one
        fewest of them have.

    Examples
    --------
    >>> colour_numbers(["a", "b", "c"], [("a", "b"), ("b", "c")], colours=2)
    {'a': 1, 'b': 0, 'c': 1}
    """
    order = list(dict.fromkeys(codes))
    if len(order) <= colours:
        return {code: k for k, code in enumerate(order)}
    beside: dict[Hashable, set[Hashable]] = {code: set() for code in order}
    for a, b in neighbours:
        if a != b and a in beside and b in beside:
            beside[a].add(b)
            beside[b].add(a)
    rank = {code: k for k, code in enumerate(order)}
    given: dict[Hashable, int] = {}
    used = [0] * colours
    while len(given) < len(order):
        code = min(
            (c for c in order if c not in given),
            key=lambda c: (
                -len({given[n] for n in beside[c] if n in given}),
                -len(beside[c]),
                rank[c],
            ),
        )
        taken = [given[n] for n in beside[code] if n in given]
        choice = min(range(colours), key=lambda k: (taken.count(k), used[k], k))
        given[code] = choice
        used[choice] += 1
    return {code: given[code] for code in order}


def fills(
    codes: Sequence[Hashable],
    neighbours: Iterable[tuple[Hashable, Hashable]] = (),
    *,
    palette: Sequence[str] = MAP_FILLS,
) -> Mapping[Hashable, str]:
    """Give each area a fill, so that neighbours differ.

    Examples
    --------
    >>> fills(["a", "b"])["a"] == MAP_FILLS[0]
    True
    """
    numbers = colour_numbers(codes, neighbours, colours=len(palette))
    return {code: palette[k] for code, k in numbers.items()}
