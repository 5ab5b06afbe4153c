"""By what are a layer's areas coloured, if somebody asks: a figure, one colour, a few set apart.

One answer for maps on paper and on the screen: the same classes, colours and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from coterminous.arguments import texts
from coterminous.errors import InputError, first_five, unknown
from coterminous.maps.style import LAND
from coterminous.words import in_sentence, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

#: Figures by area: the name of one, or numbers by code.
Column: TypeAlias = str | pd.Series | Mapping[str, float]
#: Light to dark, told apart by the colour-blind and in grey print.
SEQUENCE = "cividis_r"
#: Areas that are not among those highlighted, and those of which no figure is known.
QUIET, NOT_KNOWN = "#E4E5E5", LAND
_CLASSES = 5


@dataclass(frozen=True)
class Chosen:
    """How areas are coloured, where somebody asked.

    Attributes
    ----------
    fills : dict of str to str
        ``#RRGGBB`` by area code; empty where each area has the colour of its own.
    heading : str
        What the classes are of; empty without a column.
    classes : list of (str, str)
        The words and the colour of each class, from the lowest.
    said : dict of str to str
        By area code, its figure in words.
    alt : str
        A sentence more for those who cannot see the map; empty where nothing was asked.
    """

    fills: dict[str, str] = field(default_factory=dict)
    heading: str = ""
    classes: list[tuple[str, str]] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    alt: str = ""


def chosen(
    area: Geography,
    layer: AnyLayer,
    own: Mapping[str, str],
    *,
    highlight: str | Iterable[str] | None = None,
    column: Column | None = None,
    cmap: str | None = None,
    color: str | None = None,
) -> Chosen:
    """Colour a layer's areas by what was asked.

    Parameters
    ----------
    area
        The geography.
    layer
        The layer that is drawn.
    own
        The fill that each area has if nothing is asked.
    highlight
        Areas, by code, name or alias, that keep their colour; the others are grey.
    column
        A weight of the geography, a column of `coterminous.profile`, or numbers by area code.
    cmap
        A colour map of matplotlib: for the classes of `column`, else for the areas in order of
        code.
    color
        One colour for all areas, as matplotlib takes it.

    Raises
    ------
    InputError
        If an area, a column, a colour map or a colour is unknown, or two contradict one another.
    """
    _check(column, cmap, color)
    made = Chosen()
    if column is not None:
        made = _by_figure(area, layer, column, cmap or SEQUENCE)
    elif color is not None:
        made = Chosen(fills=dict.fromkeys(layer.codes, _hex(color)))
    elif cmap is not None:
        hues = sampled(cmap, len(layer))
        made = Chosen(fills=dict(zip(sorted(layer.codes), hues, strict=True)))
    if highlight is None:
        return made
    kept = [layer.find(name) for name in texts(highlight, "highlight")]
    fills = {code: made.fills.get(code, own.get(code, QUIET)) for code in layer.codes}
    return Chosen(
        fills={code: fill if code in kept else QUIET for code, fill in fills.items()},
        heading=made.heading,
        classes=made.classes,
        said=made.said,
        alt=" ".join(
            [made.alt, f"Highlighted: {listed([layer.name_of(c) for c in kept])}."]
        ).strip(),
    )


def _check(column: object, cmap: object, color: object) -> None:
    import matplotlib as mpl

    if color is not None and (column is not None or cmap is not None):
        other = "column" if column is not None else "cmap"
        raise InputError(
            f"`color` and `{other}` contradict one another: one colour for all areas shows no "
            "figure; leave one out"
        )
    if isinstance(cmap, str | int | float) and cmap not in mpl.colormaps:
        raise unknown("cmap", cmap, sorted(mpl.colormaps))


def _hex(color: str) -> str:
    from matplotlib.colors import is_color_like, to_hex, to_rgba

    if not is_color_like(color) or to_rgba(color)[3] == 0:
        raise InputError(
            f"`color` is {color!r}; give a colour that matplotlib knows, such as 'teal' or "
            "'#28A197'; to colour by a figure, name it as `column`"
        )
    return to_hex(color).upper()


def sampled(cmap: str, count: int, *, ends: tuple[float, float] = (0.0, 1.0)) -> list[str]:
    """Take some colours from a colour map of matplotlib, evenly from its first to its last.

    Examples
    --------
    >>> sampled("Greys", 2)
    ['#FFFFFF', '#000000']
    """
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    places = np.linspace(*ends, count) if count > 1 else np.array([sum(ends) / 2])
    chosen_map = mpl.colormaps.get_cmap(cmap)
    return [to_hex(chosen_map(float(place))).upper() for place in places]


def _by_figure(area: Geography, layer: AnyLayer, column: Column, cmap: str) -> Chosen:
    """Put areas into classes by a figure of each."""
    figures, heading, share = _figures(area, layer, column)
    known = figures.dropna()
    if not len(known):
        raise InputError(f"`column` has no number for any area of {layer.name!r}")
    edges = _edges(known.to_numpy(dtype=float))
    hues = sampled(cmap, len(edges) - 1, ends=(0.06, 0.94))
    place = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(hues) - 1)
    fills = dict.fromkeys(layer.codes, NOT_KNOWN) | {
        str(code): hues[k] for code, k in zip(known.index, place, strict=True)
    }
    classes = [
        (f"{_said(low, share)} to {_said(high, share)}", hue)
        for low, high, hue in zip(edges[:-1], edges[1:], hues, strict=True)
    ]
    if len(known) < len(layer):
        classes.append(("not known", NOT_KNOWN))
    said = {str(code): _said(value, share, exact=True) for code, value in known.items()}
    low, high = (str(known.index[k]) for k in (int(known.argmin()), int(known.argmax())))
    alt = (
        f"Coloured by {in_sentence(heading)}: from {layer.name_of(low)} ({said[low]}) to "
        f"{layer.name_of(high)} ({said[high]})."
    )
    return Chosen(fills=fills, heading=heading, classes=classes, said=said, alt=alt)


def _figures(area: Geography, layer: AnyLayer, column: Column) -> tuple[pd.Series, str, bool]:
    """Give a figure of each area, what it is in words, and whether it is a share."""
    codes = list(layer.codes)
    if not isinstance(column, str):
        if not isinstance(column, pd.Series | Mapping):
            raise InputError(
                f"`column` is a {type(column).__name__}; give the name of a figure, or numbers by "
                "area code as a Series or a mapping"
            )
        given = pd.Series(column)
        known = {str(c): c for c in codes}
        given.index = pd.Index([known.get(str(c)) or layer.find(str(c)) for c in given.index])
        twice = given.index[given.index.duplicated()].unique()
        if len(twice):
            raise InputError(
                f"`column` has {first_five(twice)} more than once; give one number an area"
            )
        numbers = pd.to_numeric(given, errors="coerce").astype(float)
        if (numbers.isna() & given.notna()).any() or np.isinf(numbers).any():
            bad = given[(numbers.isna() & given.notna()) | np.isinf(numbers)]
            raise InputError(f"`column` has {first_five(bad)}, which is no number")
        return numbers.reindex(codes), str(given.name or "figure"), False
    if column in area.weight_names:
        counts = layer.totals(area.weight(column)).reindex(codes).astype(float)
        return counts, area.weight_info(column).title, False
    if column not in columns_of(area):
        raise unknown("column", column, columns_of(area), " Or give numbers by area code.")
    figures = _profiled(area, layer)[column].reindex(codes).astype(float)
    share = column.startswith("share_")
    weight = column.removeprefix("share_")
    titled = area.weight_info(weight).title if weight in area.weight_names else ""
    heading = f"{titled}, as a share of all" if share and titled else titled
    return figures, heading or column.replace("_", " "), share


def columns_of(area: Geography) -> list[str]:
    """List the figures by which areas can be coloured: weights, shares of residents, and sizes."""
    shares = [f"share_{w}" for role in ("deprivation", "ages") for w in area.role_names(role)]
    sizes = ["residents"] if area.weight_names else []
    registered = area.role("patients")
    lists = ["registered"] if registered and area.register(registered).open else []
    return [*area.weight_names, *shares, *sizes, *lists, "blocks"]


def _profiled(area: Geography, layer: AnyLayer) -> pd.DataFrame:
    from coterminous.effects.profiles import profile

    return profile(area, layer).drop(columns="name")


def _edges(values: NDArray[Any]) -> NDArray[Any]:
    """Give round limits of up to five classes that hold all values."""
    from matplotlib.ticker import MaxNLocator

    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low, high])
    ticks = MaxNLocator(nbins=_CLASSES, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    inside = [t for t in ticks if low < t < high]
    first = max(t for t in ticks if t <= low)
    last = min(t for t in ticks if t >= high)
    return np.array([first, *inside, last])


def _said(value: float, share: bool, *, exact: bool = False) -> str:
    """Write a figure as people do: a share in per cent, thousands separated."""
    if share:
        return f"{value:.1%}" if exact else f"{100 * value:.3g}%"
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.3g}"


def legend_of(parts: Sequence[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """Give the entries of a printed legend for some classes."""
    return [(words, {"facecolor": colour}) for words, colour in parts]
