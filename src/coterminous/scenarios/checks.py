"""Would this drawing do? Named checks, kept as data: a name, a rule, a source, a predicate.

Two run with every scenario (`covers`, `contiguous`); a scenario file's ``[checks]`` adds others,
or turns one off with ``false``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.cuts import crossed
from coterminous.errors import InputError, first_five, unknown

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

_DESIGNING = "NHS England, Designing integrated care systems in England, June 2019"


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing to be checked: its layer, the layer it came from, and moved practices."""

    geography: Geography
    layer: AnyLayer
    base: AnyLayer
    homes: Mapping[str, str]

    @property
    def people(self) -> pd.Series:
        """Residents by area."""
        return self.layer.totals(self.geography.weight(self.geography.residents))

    def named(self, codes: pd.Index | list[str]) -> str:
        """List areas by name."""
        return first_five(self.layer.name_of(c) for c in codes)


Report = tuple[bool, str]


@dataclass(frozen=True)
class Check:
    """A named test of a drawing.

    `rule` says it in words, `source` who asks for it, `takes` what the file may give it.
    """

    name: str
    rule: str
    source: str
    takes: str
    test: Callable[[Drawn, Any], Report]
    always: bool = False


def _covers(drawn: Drawn, setting: Any) -> Report:
    edge = drawn.base if setting is True else drawn.geography.layer(_text("covers", setting))
    bare = edge.touched() & ~drawn.layer.covered()
    blocks = drawn.geography.blocks[bare]
    if len(blocks):
        return False, f"{len(blocks):,} blocks of {edge.name} are in no area: {first_five(blocks)}"
    return True, f"every block of {edge.name} is in one area"


def _contiguous(drawn: Drawn, setting: Any) -> Report:
    _flag("contiguous", setting)
    if drawn.geography.in_one_piece(drawn.layer):
        links = len(drawn.geography.links)
        return True, f"every area is in one piece, with {links} declared links"
    found = drawn.geography.pieces(drawn.layer)
    apart = found[found["piece"] > 1]
    said = []
    for code, pieces in apart.groupby("area"):
        blocks = first_five(c for codes in pieces["codes"] for c in codes)
        said.append(
            f"{drawn.layer.name_of(str(code))} is in {len(pieces) + 1} pieces: "
            f"{pieces['people'].sum():,} people are cut off, in {blocks}"
        )
    return False, "; ".join(said)


def _population(drawn: Drawn, setting: Any) -> Report:
    return _range(drawn, "population", setting)


def _range(drawn: Drawn, name: str, setting: Any) -> Report:
    if not isinstance(setting, Mapping) or not setting or set(setting) - {"least", "most"}:
        raise InputError(f"`{name}` is {setting!r}; give {{ least = 100000, most = 1300000 }}")
    least, most = setting.get("least", 0), setting.get("most", float("inf"))
    numbers = not any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in (least, most))
    if not numbers or math.isnan(least) or math.isnan(most) or least < 0:
        raise InputError(
            f"`{name}` is {setting!r}; `least` and `most` are numbers of people, of 0 or more"
        )
    if least > most:
        raise InputError(f"`{name}` is {setting!r}; `least` must not be over `most`")
    people = drawn.people
    outside = people[(people < least) | (people > most)]
    said = f"areas hold {people.min():,} to {people.max():,} people"
    if len(outside):
        listed = first_five(f"{drawn.layer.name_of(c)}: {v:,}" for c, v in outside.items())
        return False, f"{said}; out of range: {listed}"
    return True, said


def _areas(drawn: Drawn, setting: Any) -> Report:
    if isinstance(setting, bool) or not isinstance(setting, int) or setting < 1:
        raise InputError(f"`areas` is {setting!r}; give a whole number of at least 1")
    return len(drawn.layer) == setting, f"{len(drawn.layer)} areas, {setting} wanted"


def _whole_units(drawn: Drawn, setting: Any) -> Report:
    units = drawn.geography.layer(_text("whole_units", setting))
    return _undivided(drawn, units, f"of {units.name}")


def _undivided(drawn: Drawn, units: AnyLayer, said: str) -> Report:
    crossing = crossed(units, drawn.layer)
    pairs = pd.DataFrame({"unit": crossing.source, "area": crossing.target})
    counted = pairs[(pairs >= 0).all(axis=1)].drop_duplicates().groupby("unit").size()
    cut = [units.names[i] for i in counted.index[counted > 1]]
    if cut:
        return False, f"{len(cut)} areas {said} are cut: {first_five(cut)}"
    return True, f"none of the {len(counted)} areas {said} is cut"


def _neighbourhoods(drawn: Drawn, setting: Any) -> Report:
    _flag("neighbourhoods", setting)
    return _range(drawn, "neighbourhoods", {"least": 30_000, "most": 50_000})


def _board_councils(drawn: Drawn, setting: Any) -> Report:
    given = None if setting is True else _text("board_councils", setting)
    name = drawn.geography.needed(given, "councils", "board_councils")
    return _undivided(drawn, drawn.geography.layer(name), f"of {name}")


def _board_population(drawn: Drawn, setting: Any) -> Report:
    _flag("board_population", setting)
    return _range(drawn, "board_population", {"least": 1_000_000})


def _board_trusts(drawn: Drawn, setting: Any) -> Report:
    given = None if setting is True else _text("board_trusts", setting)
    register = drawn.geography.needed(given, "hospital", "board_trusts")
    homes = drawn.geography.register(register).homes(drawn.layer)
    sites = homes.value_counts().reindex(drawn.layer.codes, fill_value=0).to_numpy()
    few = drawn.layer.codes[sites < 2]
    said = first_five(
        f"{drawn.layer.name_of(c)}: {n}" for c, n in zip(drawn.layer.codes, sites, strict=True)
    )
    return not len(few), f"main sites of acute trusts by area: {said}"


def _two_way(drawn: Drawn, setting: Any) -> Report:
    from coterminous.effects.profiles import TWO_WAY, two_way_test
    from coterminous.registers.published import moved_in

    threshold = TWO_WAY if setting is True else setting
    number = isinstance(threshold, (int, float)) and not isinstance(threshold, bool)
    if not number or not 0 <= threshold <= 1:
        raise InputError(f"`two_way` is {setting!r}; it takes {CHECKS['two_way'].takes}")
    moved = moved_in(drawn.geography, drawn.geography.role("patients"), drawn.homes)
    found = two_way_test(drawn.geography, drawn.layer, threshold=threshold, moved=moved)
    shares = {
        "of residents on a list are registered inside": found["share_registered_inside"],
        "of people on its lists live inside": found["share_living_inside"],
    }
    said = "; ".join(f"at least {share.min():.1%} {words}" for words, share in shares.items())
    failed = found.index[~found["ok"]]
    return not len(failed), f"{said}; fails: {drawn.named(failed)}" if len(failed) else said


#: Every check, by name.
CHECKS: Mapping[str, Check] = {
    check.name: check
    for check in (
        Check(
            "covers",
            "every block of the base (or of the layer given) is in one area",
            "nobody is left out",
            "true, or a layer",
            _covers,
            always=True,
        ),
        Check(
            "contiguous",
            "every area is in one piece, by shared edges and declared links",
            "so that services and their patients are not cut off",
            "true",
            _contiguous,
            always=True,
        ),
        Check(
            "population",
            "every area holds a number of residents in a range",
            "the scenario's own",
            "{ least, most }",
            _population,
        ),
        Check("areas", "there are so many areas", "the scenario's own", "a number", _areas),
        Check(
            "whole_units",
            "every area is a union of whole units of a layer",
            "the scenario's own",
            "a layer",
            _whole_units,
        ),
        Check(
            "neighbourhoods",
            "every area holds 30,000 to 50,000 residents",
            _DESIGNING,
            "true",
            _neighbourhoods,
        ),
        Check(
            "board_councils",
            "each upper-tier council works with one board",
            "the usual test of a board's boundary: shared with its councils",
            "true, or a layer of councils",
            _board_councils,
        ),
        Check(
            "board_population",
            "a board has at least one million residents",
            _DESIGNING,
            "true",
            _board_population,
        ),
        Check(
            "board_trusts",
            "more than one acute trust has its main site in each board's area",
            "the usual test of a board's footprint: more than one acute trust",
            "true, or a register",
            _board_trusts,
        ),
        Check(
            "two_way",
            "75% of residents on a list are registered inside, and 75% of its lists live inside",
            "the test of 2012, when clinical commissioning groups were authorised",
            "true, or a share",
            _two_way,
        ),
    )
}


def known(chosen: Mapping[str, Any]) -> None:
    """Raise if a check is unknown."""
    for name in chosen:
        if name not in CHECKS:
            raise unknown("checks", name, list(CHECKS))


def has_shapes(area: Geography) -> bool:
    """Whether the blocks have polygons, so that neighbours are known."""
    try:
        return len(area.geometry) > 0
    except InputError:
        return False


def run(drawn: Drawn, chosen: Mapping[str, Any]) -> pd.DataFrame:
    """Run the checks that always run, and those chosen.

    Parameters
    ----------
    drawn : Drawn
    chosen : mapping
        Names of checks and their settings; ``False`` turns one off. Without polygons contiguity
        is not known, and is checked only if asked for.

    Returns
    -------
    pandas.DataFrame
        `name`, `ok`, `detail`, `rule`, `source`, in the order of `CHECKS`.

    Raises
    ------
    InputError
        If a check is unknown or its setting is not what it takes.
    """
    known(chosen)
    rows = []
    for name, check in CHECKS.items():
        setting = chosen.get(name, check.always)
        unknowable = name == "contiguous" and name not in chosen and not has_shapes(drawn.geography)
        if setting is False or unknowable:
            continue
        ok, detail = check.test(drawn, setting)
        rows.append(
            {"name": name, "ok": bool(ok), "detail": detail}
            | {"rule": check.rule, "source": check.source}
        )
    columns = ["name", "ok", "detail", "rule", "source"]
    return pd.DataFrame(rows, columns=columns).astype({"ok": bool})


def _flag(name: str, setting: Any) -> None:
    if setting is not True:
        raise InputError(f"`{name}` is {setting!r}; give true or false")


def _text(name: str, setting: Any) -> str:
    if not isinstance(setting, str):
        raise InputError(f"`{name}` is {setting!r}; it takes {CHECKS[name].takes}")
    return setting
