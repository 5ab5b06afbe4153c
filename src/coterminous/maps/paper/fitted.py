"""How does a map fit where somebody puts it? On axes of theirs, or on a figure of a given size.

All of it stays inside the place that the axes had: the title above, the map, its key below. Source
lines of all maps of a figure stand once, along its foot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from coterminous.errors import InputError
from coterminous.maps.paper import furniture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class NoRoomError(InputError):
    """The map, with the words that it needs, does not fit where it is put."""


Way = TypeVar("Way")
#: A map under this is no map, in inches.
_LEAST = 1.0
#: Lines kept free at the foot for the sources of maps that are still to come.
_TO_COME = 1
_MARGIN = 0.08
#: The part of a gap to others, or to the edge, that a map takes on each side.
_PART = 0.42


def title_size(ax: Axes) -> float:
    """Give the size of a title, in points, that suits the width of the axes."""
    wide, _ = _inches(ax, _cell(ax))
    return 12.0 if wide >= 5 else 10.0 if wide >= 3 else 9.0


def width_of(ax: Axes) -> float:
    """Give the inches across the place that the axes have."""
    return _inches(ax, _cell(ax))[0]


def fit(ax: Axes, *, above: float = 0.0, below: float = 0.0) -> None:
    """Leave so many inches of the place that the axes have above and below the map.

    Raises
    ------
    NoRoomError
        If no map could be seen in what is left.
    """
    left, low, wide, high = _cell(ax)
    across, up = _inches(ax, (left, low, wide, high))
    if up - above - below < min(_LEAST, 0.5 * up) or across < 0.5:
        raise NoRoomError(
            f"the axes are {across:.1f} by {up:.1f} inches, too small for a map with its words; "
            "give a larger `figsize`, or leave out `title`, or say sources=False or label='none'"
        )
    share = high / up
    ax.__dict__["_coterminous_drawn"] = True
    _place(ax, (left, low + below * share, wide, (up - above - below) * share))


def attempted(
    ax: Axes, draw: Callable[[Way], tuple[list[str], int]], ways: Sequence[Way]
) -> tuple[Way, list[str]]:
    """Draw in the first of some ways that fits and loses no name, else in the last that fits.

    Parameters
    ----------
    ax
        The axes; what a way that is given up has put on them is taken off.
    draw
        Draws in one way, and gives the names for which there was no room, and how many stand far
        from their areas.
    ways
        The best first.

    Returns
    -------
    tuple of a way and list of str
        The way, and the names that it lost.

    Raises
    ------
    NoRoomError
        If none fits.
    """
    there = set(ax.get_children())
    fits: list[tuple[tuple[int, int], Way]] = []
    for way in ways:
        with suppress(NoRoomError):
            lost, far = draw(way)
            if not lost and not far:
                return way, lost
            fits.append(((len(lost), far), way))
        for artist in [one for one in ax.get_children() if one not in there]:
            artist.remove()
    best = min(fits, key=lambda fit: fit[0])[1] if fits else ways[-1]
    return best, draw(best)[0]


def note(ax: Axes, lines: Sequence[str]) -> None:
    """Add lines to the one note along the foot of a figure, and make room for it."""
    figure: Any = ax.get_figure()
    told = figure.__dict__.setdefault("_coterminous_note", {"lines": [], "text": None, "room": 0.0})
    told["lines"] += [line for line in lines if line not in told["lines"]]
    if told["text"] is not None:
        told["text"].remove()
    wide, high = furniture.size_of(figure)
    said = furniture.small_lines([_joined(told["lines"])], wide - 2 * _MARGIN)
    count = len(said.split("\n"))
    need = furniture.height_of_lines(count) + _MARGIN
    _make_room(figure, need / high, (need + furniture.height_of_lines(_TO_COME)) / high, told)
    told["text"] = furniture.at_foot(figure, said, _MARGIN)


def room_at_foot(figure: Figure, lines: Sequence[str]) -> float:
    """Give the inches that the note takes along the foot of a figure."""
    wide, _ = furniture.size_of(figure)
    said = furniture.small_lines([_joined(lines)], wide - 2 * _MARGIN)
    return furniture.height_of_lines(len(said.split("\n"))) + _MARGIN


def _joined(lines: Sequence[str]) -> str:
    return " ".join(f"{line.rstrip('.')}." for line in lines)


def _make_room(figure: Figure, need: float, wanted: float, told: dict[str, Any]) -> None:
    """Move the axes of a figure up, if its foot has less than is needed."""
    lowest = min((_cell(ax)[1] for ax in figure.axes), default=1.0)
    lacks = need - told["room"] if told["room"] else need - lowest
    if lacks <= 0:
        told["room"] = told["room"] or lowest
        return
    before = told["room"] or lowest
    shrink = (1 - wanted) / (1 - before)
    for ax in figure.axes:
        left, low, wide, high = _cell(ax)
        # What laid out the figure since has moved what is not ours, and ours only in name.
        stays = ax.get_axes_locator()
        now = stays.bounds if isinstance(stays, _Stays) else (left, low, wide, high)
        for box, put in (
            ((left, low, wide, high), lambda b, a=ax: _keep(a, b)),
            (now, lambda b, a=ax: _place(a, b)),
        ):
            x, y, w, h = box
            put((x, wanted + (y - before) * shrink, w, h * shrink))
    told["room"] = wanted


def _cell(ax: Axes) -> tuple[float, float, float, float]:
    """Give the place that the axes have: where they were put, and their part of the gaps around.

    Nothing but the map stands on them, so that there are no ticks for which a gap was left.
    """
    if "_coterminous_cell" not in ax.__dict__:
        figure: Any = ax.get_figure()
        # An inset is none of the figure's axes.
        there = [*figure.axes, *([] if ax in figure.axes else [ax])]
        fresh = [one for one in there if "_coterminous_cell" not in one.__dict__]
        put = {one: _put(one) for one in fresh}
        for one in fresh:
            others = [box for other, box in put.items() if other is not one and ax in figure.axes]
            spread = one.get_subplotspec() is not None
            _keep(one, _spread(put[one], others) if spread else put[one])
    found: tuple[float, float, float, float] = ax.__dict__["_coterminous_cell"]
    return found


def _put(ax: Axes) -> tuple[float, float, float, float]:
    """Give where axes stand, also those that something else places, such as an inset."""
    places = ax.get_axes_locator()
    box: Any = ax.get_position(original=True) if places is None else places(ax, None)
    found: tuple[float, float, float, float] = box.bounds
    return found


def _spread(
    box: tuple[float, float, float, float], others: Sequence[tuple[float, float, float, float]]
) -> tuple[float, float, float, float]:
    """Take a place's part of the gaps to the others: across, and up; not down, but to others."""
    left, low, wide, high = box
    right, top = left + wide, low + high
    beside = [(x, x + w) for x, y, w, h in others if y < top and y + h > low]
    over = [(y, y + h) for x, y, w, h in others if x < right and x + w > left]
    west = min((left - b for _, b in beside if b <= left), default=left)
    east = min((a - right for a, _ in beside if a >= right), default=1 - right)
    north = min((a - top for a, _ in over if a >= top), default=1 - top)
    south = min((low - b for _, b in over if b <= low), default=0.0)
    left, right = left - _PART * west, right + _PART * east
    low, top = low - _PART * south, top + _PART * north
    return left, low, right - left, top - low


class _Stays:
    """Where axes stand, whatever lays out the figure later: `Axes.set_axes_locator` takes it."""

    def __init__(self, ax: Axes, bounds: tuple[float, float, float, float]) -> None:
        self._ax, self.bounds = ax, bounds

    def __call__(self, _ax: Axes, _renderer: Any) -> Any:
        from matplotlib.transforms import Bbox

        return Bbox.from_bounds(*self.bounds)

    def get_subplotspec(self) -> Any:
        """Give the place on the grid, so that a layout of the others counts with these."""
        return self._ax.get_subplotspec()


def _place(ax: Axes, bounds: tuple[float, float, float, float]) -> None:
    ax.set_position(bounds)
    if "_coterminous_drawn" in ax.__dict__:
        ax.set_axes_locator(_Stays(ax, bounds))


def _keep(ax: Axes, cell: tuple[float, float, float, float]) -> None:
    ax.__dict__["_coterminous_cell"] = tuple(cell)


def _inches(ax: Axes, cell: tuple[float, float, float, float]) -> tuple[float, float]:
    wide, high = furniture.size_of(ax.get_figure())
    return float(cell[2] * wide), float(cell[3] * high)
