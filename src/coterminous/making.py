"""When is what a recipe makes made again? Kept for as long as what it was made of is the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from coterminous.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer


T = TypeVar("T")
#: How many things made of one recipe, of different layers, are kept.
MOST_KEPT = 4


@dataclass(frozen=True, eq=False)
class Recipe:
    """A layer or a register that is made when it is first asked for.

    `where` is what errors are about; `described` is what is known of it before it is made.
    """

    name: str
    where: str
    make: Callable[[Geography], Any] = field(repr=False)
    described: Mapping[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class _Kept:
    """What was made of a recipe, and of which layers and weights, by kind and name."""

    value: Any
    of: dict[tuple[str, str], object]


class Made:
    """What was made of recipes, for a geography and all that are derived from it.

    A layer made of others is good for every geography that has the same others, whatever else
    it has: each derived geography sees what the first has made, and nothing is made twice.
    """

    def __init__(self) -> None:
        self._kept: dict[Recipe, tuple[_Kept, ...]] = {}
        self._outlines: WeakKeyDictionary[AnyLayer, gpd.GeoDataFrame] = WeakKeyDictionary()
        self._found: WeakKeyDictionary[AnyLayer, dict[tuple[Any, ...], Any]] = WeakKeyDictionary()
        # By thread: another one that makes the same layer is no circle.
        self._making = threading.local()

    def of(self, area: Geography, recipe: Recipe) -> Any:
        """Return what a recipe makes in a geography.

        Raises
        ------
        InputError
            If it is made of itself.
        """
        fits = (k for k in self._kept.get(recipe, ()) if self._fits(area, k))
        kept = next(fits, None) or self._new(area, recipe)
        for (kind, name), was in kept.of.items():
            self.note(kind, name, was)
        return kept.value

    def _new(self, area: Geography, recipe: Recipe) -> _Kept:
        stack = self._stack()
        if any(recipe is other for other, _ in stack):
            raise InputError(f"{recipe.where}: layer {recipe.name!r} is made of itself")
        made_of: dict[tuple[str, str], object] = {}
        stack.append((recipe, made_of))
        try:
            value = recipe.make(area)
        finally:
            stack.pop()
        kept = _Kept(value, made_of)
        # The latest few, so that geographies that take turns do not make it again each time.
        self._kept[recipe] = (kept, *self._kept.get(recipe, ()))[:MOST_KEPT]
        return kept

    @staticmethod
    def _fits(area: Geography, kept: _Kept) -> bool:
        return all(area.holds(*key) is was for key, was in kept.of.items())

    def note(self, kind: str, name: str, what: object) -> None:
        """Note that what is being made just now is made of this."""
        stack = self._stack()
        if stack:
            stack[-1][1][kind, name] = what

    def _stack(self) -> list[tuple[Recipe, dict[tuple[str, str], object]]]:
        if not hasattr(self._making, "stack"):
            self._making.stack = []
        return cast("list[tuple[Recipe, dict[tuple[str, str], object]]]", self._making.stack)

    def once_for(self, layer: AnyLayer, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what is found of a layer and a key, found once while somebody holds the layer.

        The key names all that the answer depends on beside the layer, by identity, and never
        the layer: that would hold it for good.
        """
        found = self._found.setdefault(layer, {})
        if key not in found:
            found[key] = make()
        return cast("T", found[key])

    def outline(self, layer: AnyLayer, make: Callable[[], gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
        """Return the polygons of a layer, found once for as long as somebody holds the layer."""
        if layer not in self._outlines:
            self._outlines[layer] = make()
        return self._outlines[layer].copy(deep=False)
