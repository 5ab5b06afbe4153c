"""What was asked of the appendix? Flags, then `appendix.toml`, then what the geography ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.arguments import as_day, known_keys, printable
from coterminous.errors import InputError, unknown
from coterminous.folders.schema import checked, read_toml
from coterminous.report.settings_keys import AppendixFile
from coterminous.words import plural

if TYPE_CHECKING:
    from coterminous.geography import Geography

FORMATS = ("html", "docx", "pdf", "xlsx")
_NEEDS = {
    "docx": ("python-docx", "docx"),
    "pdf": ("typst", "typst"),
    "xlsx": ("openpyxl", "openpyxl"),
}
_ROLES = (
    "before",
    "after",
    "whole",
    "parts",
    "within",
    "upper",
    "lower",
    "later",
    "neighbourhoods",
)
_TABLES = {
    "layers": (*_ROLES, "options"),
    "registers": ("patients", "hospitals"),
    "words": ("before", "after", "whole", "parts"),
    "guidelines": ("place_largest", "neighbourhood_smallest", "neighbourhood_largest"),
}


@dataclass(frozen=True)
class Settings:
    """All that can be said about how the appendix is made.

    ``before`` and ``after`` are layers. The other roles are layers too, and may be empty:
    ``whole`` is the drawing that groups the areas of ``after`` (places that hold delivery
    units), ``parts`` those units alone, ``within`` the edge
    inside which all drawings lie, ``upper``, ``lower`` and ``later`` councils to compare
    with, ``neighbourhoods`` the smallest areas of which a guideline speaks.
    """

    before: str = ""
    after: str = ""
    whole: str = ""
    parts: str = ""
    within: str = ""
    upper: str = ""
    lower: str = ""
    later: str = ""
    neighbourhoods: str = ""
    options: tuple[str, ...] = ()
    patients: str = ""
    hospitals: str = ""
    title: str = ""
    question: str = ""
    status: str = ""
    organisation: str = ""
    date: str = ""
    language: str = "en-GB"
    analyst: str = ""
    checker: str = ""
    version: str = ""
    palette: str = ""
    threshold: float = 0.05
    sections: tuple[str, ...] = ()
    full: bool = False
    formats: tuple[str, ...] = FORMATS
    statements: Path | None = None
    verdicts: bool = False
    logo: Path | None = None
    template: Path | None = None
    place_largest: int = 500_000
    neighbourhood_smallest: int = 30_000
    neighbourhood_largest: int = 50_000
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)

    def layers(self) -> list[str]:
        """List the layers that are told of, those of roles first."""
        roles = (self.before, self.after, self.whole, self.parts, self.within, self.upper)
        others = (self.lower, self.later, self.neighbourhoods, *self.options)
        return [name for name in (*roles, *others) if name]

    def noun(self, role: str, count: float = 2) -> str:
        """Say what the areas of a drawing are called, one of them or several.

        Examples
        --------
        >>> Settings(words={"before": ("partnership", "partnerships")}).noun("before")
        'partnerships'
        >>> Settings().noun("after", 1)
        'area'
        """
        one, many = self.words.get(role, ("area", "areas"))
        return plural(count, one, many)


def settle(
    area: Geography, *, file: str | Path | None = None, given: Mapping[str, Any] | None = None
) -> Settings:
    """Put the settings together: what was given, then the file, then the geography's own.

    Parameters
    ----------
    area
        The geography; its folder may hold ``appendix/appendix.toml`` with settings of its own,
        of which a layer or register that is not there is passed over.
    file
        The user's ``appendix.toml``.
    given
        Settings by name, as from flags; None and empty ones are passed over.

    Raises
    ------
    InputError
        When a setting, layer, section or format is unknown, or ``before`` or ``after`` is
        missing.
    """
    own = area.folder / "appendix" / "appendix.toml" if area.folder else None
    found = _of_roles(area)
    if own and own.is_file():
        found |= _present(area, _flat(own))
    shipped = dict(found)
    # A geography's words belong to its layers: other layers have names of their own.
    words = {
        role: (found[role], pair) for role, pair in found.pop("words", {}).items() if role in found
    }
    if file is not None:
        asked = _flat(Path(file))
        chosen_words = asked.pop("words", {})
        found |= asked
    else:
        chosen_words = {}
    check_listed((given or {}).get("formats"), "formats", FORMATS)
    asked_for = {k: v for k, v in (given or {}).items() if v not in (None, "", (), [], {})}
    words_given = asked_for.pop("words", {})
    known_keys(words_given, "words", _TABLES["words"])
    chosen_words |= {role: _pair(word) for role, word in words_given.items()}
    found |= asked_for
    nouns = area.settings.get("nouns", {})
    named = {
        role: _pair(nouns[found[role]]) for role in _TABLES["words"] if found.get(role) in nouns
    }
    named |= {role: pair for role, (layer, pair) in words.items() if found.get(role) == layer}
    if any(found.get(role) != shipped.get(role) for role in ("before", "after")):
        # What a geography's own settings ask and are called is of their two drawings.
        for key in ("title", "question"):
            if found.get(key) == shipped.get(key):
                found.pop(key, None)
    if found.get("after") != shipped.get("after"):
        # `whole` and `parts` group the shipped `after`; they say nothing of another drawing.
        for role in ("whole", "parts"):
            if role not in asked_for and found.get(role) == shipped.get(role):
                found.pop(role, None)
                named.pop(role, None)
    if not found.get("formats"):
        found["formats"] = tuple(f for f in FORMATS if not lacking(f))
    settings = replace(Settings(), **_typed(found), words={**named, **chosen_words})
    return _checked(area, settings)


#: What the appendix calls that which has a role in the geography.
_BY_ROLE = {
    "before": "before",
    "after": "after",
    "parts": "parts",
    "within": "whole",
    "upper": "councils",
    "lower": "districts",
    "neighbourhoods": "networks",
    "patients": "patients",
    "hospitals": "hospital",
}


def _of_roles(area: Geography) -> dict[str, Any]:
    """Take the layers and registers that have roles."""
    found = {setting: area.role(role) for setting, role in _BY_ROLE.items()}
    return {setting: name for setting, name in found.items() if name is not None}


def lacking(written: str) -> str:
    """Name the package that a format needs and that is not installed; empty where none is."""
    package, module = _NEEDS.get(written, ("", ""))
    return package if module and find_spec(module) is None else ""


def said_of_lacking(formats: Sequence[str]) -> str:
    """Say which formats are not going to be written for want of a package; empty if none."""
    without = {each: lacking(each) for each in FORMATS if each not in formats and lacking(each)}
    if not without:
        return ""
    packages = ", ".join(dict.fromkeys(without.values()))
    return (
        f"no {' and no '.join(without)} is going to be written, for want of {packages}: "
        'pip install "coterminous[documents]"'
    )


def _flat(file: Path) -> dict[str, Any]:
    """Read a settings file, its tables laid flat."""
    written = read_toml(file)
    known = {f.name for f in fields(Settings)} | set(_TABLES)
    flat: dict[str, Any] = {}
    for key, value in written.items():
        if key not in known:
            raise InputError(f"{file}: {unknown('setting', key, sorted(known))}")
        if key in _TABLES and isinstance(value, Mapping):
            strange = sorted(set(value) - set(_TABLES[key]))
            if strange:
                raise InputError(f"{file}: [{key}]: {unknown('setting', strange[0], _TABLES[key])}")
    for key, value in checked(written, AppendixFile, str(file)).items():
        if key == "words":
            flat["words"] = {role: _pair(word) for role, word in value.items()}
        elif key in _TABLES:
            flat |= value
        elif key in ("logo", "template", "statements"):
            flat[key] = file.parent / value
        else:
            flat[key] = value
    return flat


def _pair(word: str | Sequence[str]) -> tuple[str, str]:
    """Read a noun: one word, or its singular and plural."""
    return (word, f"{word}s") if isinstance(word, str) else (word[0], word[1])


def _present(area: Geography, found: dict[str, Any]) -> dict[str, Any]:
    """Pass over what the geography's own settings name but it does not have."""
    layers, registers = set(area.layer_names), set(area.register_names)
    kept = {}
    for key, value in found.items():
        if key in _ROLES and value not in layers:
            continue
        if key in ("patients", "hospitals") and value not in registers:
            continue
        kept[key] = value
    return kept


def check_listed(given: Any, key: str, allowed: Sequence[str]) -> None:
    """Refuse a list in which nothing is named: leaving it out is how to ask for all."""
    if isinstance(given, str) and not given.strip(" ,"):
        raise InputError(
            f"`{key}` is {given!r}; name some of: {', '.join(allowed)}, or leave it out for all"
        )


def _check_words(settings: Settings) -> None:
    """Refuse words that no document can print."""
    for key in (
        "title", "question", "status", "organisation", "language", "analyst", "checker", "version",
    ):  # fmt: skip
        printable(getattr(settings, key), key)
    for role, pair in settings.words.items():
        for word in pair:
            printable(word, f"words: {role}")


def _typed(found: Mapping[str, Any]) -> dict[str, Any]:
    """Make tuples and paths of what files and flags give."""
    typed = dict(found)
    for key in ("options", "sections", "formats"):
        if key in typed:
            value = typed[key]
            listed = value.split(",") if isinstance(value, str) else value
            typed[key] = tuple(item.strip() for item in listed if item.strip())
    for key in ("logo", "template", "statements"):
        if typed.get(key) is not None:
            typed[key] = Path(typed[key])
    if "date" in typed:
        typed["date"] = as_day(typed["date"], "date")
    return typed


def _checked(area: Geography, settings: Settings) -> Settings:
    """Refuse what is missing or not there."""
    layers = list(area.layer_names)
    _check_words(settings)
    if not area.weight_names:
        raise InputError(f"geography {area.name!r} has no weight, and the appendix counts people.")
    for role in ("before", "after"):
        if not getattr(settings, role):
            raise InputError(
                f"`{role}` is missing: name the layer {role} the change, one of: "
                f"{', '.join(layers) or '(none)'}."
            )
    for role in _ROLES:
        name = getattr(settings, role)
        if name and name not in layers:
            raise unknown(role, name, layers)
    for name in settings.options:
        if name not in layers:
            raise unknown("options", name, layers)
    for name in settings.formats:
        if name not in FORMATS:
            raise unknown("formats", name, FORMATS)
        if lacking(name):
            raise InputError(
                f"`formats` has {name!r}, which needs the package {lacking(name)}: "
                'pip install "coterminous[documents]".'
            )
    for role in ("patients", "hospitals"):
        name = getattr(settings, role)
        if name and name not in area.register_names:
            raise unknown(role, name, list(area.register_names))
    if not 0 < settings.threshold < 1:
        raise InputError(
            f"`threshold` is {settings.threshold:g}; give a share between 0 and 1, such as 0.05."
        )
    for key in ("logo", "template", "statements"):
        path = getattr(settings, key)
        if path is not None and not path.is_file():
            raise InputError(f"`{key}` is {str(path)!r}, and there is no such file.")
    if settings.logo is not None and settings.logo.read_bytes()[:4] != b"\x89PNG":
        raise InputError(f"`logo` is {str(settings.logo)!r}, which is not a PNG; save it as one.")
    if settings.palette:
        import matplotlib

        if settings.palette not in matplotlib.colormaps:
            raise unknown("palette", settings.palette, sorted(matplotlib.colormaps))
    return settings
