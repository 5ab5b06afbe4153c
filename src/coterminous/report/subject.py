"""What is the appendix about? A geography, two drawings, and who else draws lines there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coterminous.layer import Layer
from coterminous.report.content import Section
from coterminous.report.numbers import Kind
from coterminous.report.settings import Settings
from coterminous.report.wording import Figure, Provenance, Text
from coterminous.words import in_sentence, in_words, plural, proper_names, sentence_case

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.overlap import Overlap
    from coterminous.shares import AnyLayer


_COUNCIL = ("council", "councils")


class LeftOutError(Exception):
    """A section cannot be made of this geography; the message says why, for the reader.

    `answers` are the sentences of the first page that a page has all the same.
    """

    def __init__(self, why: str, *, answers: Mapping[str, Text] | None = None) -> None:
        super().__init__(why)
        self.answers = dict(answers or {})


@dataclass(frozen=True)
class Indicator:
    """A computed number before and after, to which a statement can be tied.

    ``better`` says which direction most would hope for, and is empty where nobody can say.
    """

    key: str
    label: str
    before: Figure | None
    after: Figure | None
    better: str = ""

    @property
    def direction(self) -> str:
        """Say which way it went.

        Examples
        --------
        >>> one = Figure.of("a", 1, "count", Provenance("x"))
        >>> two = Figure.of("b", 2, "count", Provenance("x"))
        >>> Indicator("i", "Things", one, two).direction
        'up'
        """
        if self.before is None or self.after is None:
            return ""
        old, new = self.before.value, self.after.value
        if old is None or new is None:
            return ""
        return "same" if old == new else "up" if new > old else "down"


@dataclass(frozen=True)
class Part:
    """A section, with what of it belongs on the first page and in the table of statements.

    `answers` are the sentences of the paper's first page, by what they answer.
    """

    section: Section
    findings: tuple[Text, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    answers: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Subject:
    """A geography and the two drawings that are compared in it."""

    area: Geography
    settings: Settings
    pictured: bool = True
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def before(self) -> AnyLayer:
        """The drawing before."""
        return self.area.layer(self.settings.before)

    @property
    def after(self) -> AnyLayer:
        """The drawing after."""
        return self.area.layer(self.settings.after)

    def role(self, name: str) -> AnyLayer | None:
        """Give the layer of a role, or None where there is none."""
        layer = getattr(self.settings, name)
        return self.area.layer(layer) if layer else None

    @property
    def weight(self) -> str:
        """The weight in which people are counted."""
        return self.area.residents

    @property
    def census(self) -> str | None:
        """The weight that counts people at another date, where one has that role."""
        found = self.area.role("census")
        return None if found == self.weight else found

    def drawings(self) -> list[tuple[str, AnyLayer]]:
        """Give the drawings with their roles: before, the whole places, after."""
        whole = self.role("whole")
        found = [("before", self.before)]
        if whole is not None and whole.name not in (self.settings.before, self.settings.after):
            found.append(("whole", whole))
        return [*found, ("after", self.after)]

    def councils(self) -> list[tuple[str, AnyLayer]]:
        """Give the layers of councils with their roles."""
        found: list[tuple[str, AnyLayer]] = []
        for role in ("upper", "lower", "later"):
            layer = self.role(role)
            if layer is not None and not any(_same(layer, known) for _, known in found):
                found.append((role, layer))
        return found

    def units(self) -> AnyLayer | None:
        """Give the layer in whose areas people think: the smallest councils there are."""
        return self.role("lower") or self.role("upper")

    def overlap(self, source: AnyLayer, target: AnyLayer, weight: str = "") -> Overlap:
        """Tabulate a weight by two layers, once."""
        key = (source.name, target.name, weight or self.weight)
        if key not in self._kept:
            self._kept[key] = self.area.overlap(source, target, weight=key[2])
        found: Overlap = self._kept[key]
        return found

    def noun(self, role: str, count: float = 2) -> str:
        """Say what the areas of a drawing are called."""
        return self.settings.noun(role, count)

    def council(self, count: float = 1, role: str = "upper") -> str:
        """Say what the areas of a layer of councils are called."""
        layer = self.role(role)
        words = self.area.settings.get("nouns", {}).get(layer.name if layer else "")
        one, many = (words, f"{words}s") if isinstance(words, str) else words or _COUNCIL
        return plural(count, one, many)

    def heading(self, role: str) -> str:
        """Head a column of a drawing: before, the places, with the units inside them."""
        layers = dict(self.drawings())
        if role == "before" or "whole" not in layers:
            return sentence_case(role)
        if role == "whole":
            return self.many("whole", len(layers["whole"]))
        return f"With {self.inner()}"

    def inner(self) -> str:
        """Say what the areas inside the places are called."""
        return self.noun("parts") if "parts" in self.settings.words else "the areas inside them"

    def on_map(self, layer: AnyLayer, code: str) -> str:
        """Name an area as a table does that a map goes with: its number first, where it has one."""
        from coterminous.maps.paper.letters import area_numbers

        numbers = self.once(
            ("numbers", layer.name), lambda: area_numbers(layer, self.area.weight(self.weight))
        )
        name = layer.name_of(code)
        return f"{numbers[code]}. {name}" if numbers else name

    def many(self, role: str, count: int) -> str:
        """Say how many areas a drawing has, with a capital: four places."""
        return f"{sentence_case(in_words(count))} {self.noun(role, count)}"

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """Work something out once."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def inside(self, text: str, *layers: AnyLayer) -> str:
        """Let a text stand inside a sentence: its first letter small, but for a place's name."""
        return in_sentence(text, self._proper(*layers))

    def titled(self, layer: AnyLayer) -> str:
        """Call a layer by its title, as it stands inside a sentence."""
        return in_sentence(layer.title, self._proper(layer)) if layer.title else layer.name

    def _proper(self, *layers: AnyLayer) -> tuple[str, ...]:
        """Give the names that keep their capital: of places, and of areas of all that is told."""
        told = self.once(
            "proper",
            lambda: proper_names(
                self.area, *(layer for _, layer in [*self.drawings(), *self.councils()])
            ),
        )
        return tuple(dict.fromkeys([*told, *proper_names(self.area, *layers)]))

    def label(self, role: str) -> str:
        """Say in a word which drawing a row of a table is of."""
        return {"whole": f"after, as {self.noun('whole')}"}.get(role, role)

    # ------------------------------------------------------------------ where numbers come from

    def origin(self, formula: str, *layers: AnyLayer | None, weight: str = "") -> Provenance:
        """Say how a number was worked out, on which layers, in which weight."""
        info = self.area.weight_info(weight or self.weight)
        named = [layer for layer in layers if layer is not None]
        sources = dict.fromkeys([info.source, *(layer.source for layer in named)])
        return Provenance(
            formula=formula,
            layers=tuple(dict.fromkeys(self.title(layer) for layer in named)),
            weight=info.title,
            date=info.date,
            source="; ".join(self.published(source) for source in sources if source),
        )

    def published(self, source: str) -> str:
        """Name a source as its publisher does."""
        if source not in self.area.sources.index:
            return source
        row = self.area.sources.loc[source]
        return ", ".join(str(part) for part in (row["publisher"], row["title"]) if part)

    def title(self, layer: AnyLayer) -> str:
        """Name a layer for a reader, with the name by which it is asked for."""
        return f"{layer.title} ({layer.name})" if layer.title != layer.name else layer.name

    def figure(
        self,
        key: str,
        value: Any,
        kind: Kind,
        formula: str,
        *layers: AnyLayer | None,
        weight: str = "",
        table: str = "",
    ) -> Figure:
        """Make a figure with its origin."""
        origin = self.origin(formula, *layers, weight=weight)
        return Figure.of(key, _plain(value), kind, origin, table=table)

    def threshold(self) -> Figure:
        """Give the share from which people count, as it was set."""
        share = self.settings.threshold
        origin = Provenance("The share from which people count, as set")
        return Figure("settings.threshold", share, self.percentage, origin)

    @property
    def percentage(self) -> str:
        """Write the threshold."""
        return f"{self.settings.threshold * 100:g}%"

    def notes(self, *layers: AnyLayer | None) -> tuple[str, ...]:
        """Give the assumptions of some layers, each once."""
        return tuple(dict.fromkeys(layer.note for layer in layers if layer and layer.note))

    def used(self) -> Iterator[str]:
        """Give the sources of every layer and weight that the appendix draws on."""
        for _, layer in [*self.drawings(), *self.councils()]:
            yield layer.source
        for name in (self.settings.parts, self.settings.neighbourhoods, *self.settings.options):
            if name:
                yield self.area.layer(name).source
        yield from self.area.weights["source"]
        for name in (self.settings.patients, self.settings.hospitals):
            if name:
                yield str(self.area.registers.loc[name, "source"])


def _same(one: AnyLayer, other: AnyLayer) -> bool:
    """Whether two layers have the same areas, as where all councils are unitary."""
    return isinstance(one, Layer) and one.same_areas(other)


def _plain(value: Any) -> Any:
    """Give a number of Python for one of numpy."""
    return value.item() if hasattr(value, "item") else value
