"""What if the boundary were elsewhere? A scenario is a base layer and a list of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.arguments import texts
from coterminous.errors import InputError, unknown
from coterminous.layer import Layer
from coterminous.owned import hands_out_copies
from coterminous.results import Result
from coterminous.scenarios import checks as named_checks
from coterminous.scenarios.drafts import Draft
from coterminous.scenarios.steps import (
    Group,
    Merge,
    Move,
    MovePractice,
    New,
    Rename,
    Split,
    Step,
    step_of,
)
from coterminous.words import counted, slug

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer

_KEYS = ("name", "title", "base", "description", "source", "step", "checks")


@hands_out_copies
@dataclass(frozen=True, repr=False)
class Scenario:
    """A base layer and the steps that make another drawing of it.

    A scenario is a value: every method that adds a step returns another. It is also a TOML file:
    `read` and `write` round-trip.

    Parameters
    ----------
    name : str
        A short name; the layer that it makes is named by its slug.
    base : str
        The layer from which it starts.
    steps : tuple of Step
    checks : mapping
        Names of checks and what each is given; see `coterminous.scenarios.checks`.
    title, description, source : str
        Words to print, and who proposed or discussed it.

    Examples
    --------
    >>> import coterminous as ct
    >>> alone = ct.Scenario("West Lancashire alone", base="footprint2022").new(
    ...     "West Lancashire", ["West Lancashire"], of="ltla2021"
    ... )
    >>> area = alone.apply(ct.load())
    >>> len(area.layer("west-lancashire-alone"))
    7
    """

    name: str
    base: str
    steps: tuple[Step, ...] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    source: str = ""
    file: str = field(default="", compare=False)

    def __hash__(self) -> int:
        return hash((self.name, self.base, self.steps, frozenset(self.checks)))

    def __repr__(self) -> str:
        return f"<{self._sentence()}>"

    def _sentence(self) -> str:
        checks = f", {counted(len(self.checks), 'check')}" if self.checks else ""
        return (
            f"Scenario {self.name}: {counted(len(self.steps), 'step')} on {self.base}{checks}; "
            "run(area) says what it does"
        )

    def _repr_html_(self) -> str:
        steps = "".join(f"<li>{escape(str(step))}</li>" for step in self.steps)
        checks = "; ".join(_said_of_check(*each) for each in self.checks.items())
        return (
            f"<p>{escape(self._sentence())}.</p><ol>{steps}</ol>"
            + (f"<p>Checks: {escape(checks)}</p>" if checks else "")
            + (f"<p><small>Source: {escape(self.source)}</small></p>" if self.source else "")
        )

    # ------------------------------------------------------------------ chaining

    def move(
        self, units: Iterable[str] | str, *, to: str, of: str = "", within: str = ""
    ) -> Scenario:
        """Move blocks, or areas of the layer `of` (inside `within`), to an area.

        Parameters
        ----------
        units : str or iterable of str
            Blocks, or areas of the layer `of`, by code, name or alias.
        to : str
            The name of an area, new or one that is there.
        of : str
            The layer that the units belong to; blocks if not given.
        within : str
            Only the parts of the units that lie in this layer.
        """
        return self._then(Move(texts(units, "units"), to, of, within))

    def new(
        self, name: str, units: Iterable[str] | str, *, of: str = "", within: str = ""
    ) -> Scenario:
        """Make a new area of blocks, or of areas of the layer `of` (inside `within`).

        Parameters
        ----------
        name : str
            The name of the new area.
        units : str or iterable of str
            Blocks, or areas of the layer `of`, by code, name or alias.
        of : str
            The layer that the units belong to; blocks if not given.
        within : str
            Only the parts of the units that lie in this layer.
        """
        return self._then(New(name, texts(units, "units"), of, within))

    def merge(self, areas: Iterable[str], *, to: str) -> Scenario:
        """Make one area of several; `to` is its name, new or one of theirs.

        Parameters
        ----------
        areas : iterable of str
            Names or codes of areas.
        to : str
            The name of the one area, new or one of theirs.
        """
        return self._then(Merge(texts(areas, "areas"), to))

    def group(self, groups: Mapping[str, Iterable[str]]) -> Scenario:
        """Make areas of several each; areas that are not named stay.

        Parameters
        ----------
        groups : mapping of str to iterable of str
            By name of a new area, the areas that it takes.
        """
        return self._then(Group({str(k): texts(v, str(k)) for k, v in groups.items()}))

    def split(self, area: str, *, by: str) -> Scenario:
        """Cut an area by another layer.

        Parameters
        ----------
        area : str
            Its name or code.
        by : str
            The layer whose lines cut it.
        """
        return self._then(Split(area, by))

    def rename(self, area: str, *, to: str) -> Scenario:
        """Give an area another name.

        Parameters
        ----------
        area : str
            Its name or code.
        to : str
            The new name.
        """
        return self._then(Rename(area, to))

    def move_practice(self, practices: Iterable[str] | str, *, to: str) -> Scenario:
        """Make practices members of another area; their patients stay where they live.

        Parameters
        ----------
        practices : str or iterable of str
            Codes of organisations.
        to : str
            The area that they count as members of.
        """
        return self._then(MovePractice(texts(practices, "practices"), to))

    def check(
        self,
        *,
        covers: bool | str | None = None,
        contiguous: bool | None = None,
        population: Mapping[str, float] | None = None,
        areas: int | None = None,
        whole_units: str | None = None,
        neighbourhoods: bool | None = None,
        board_councils: bool | str | None = None,
        board_population: bool | None = None,
        board_trusts: bool | str | None = None,
        two_way: bool | float | None = None,
    ) -> Scenario:
        """Add checks of what the scenario makes; False takes out one that is always made.

        Parameters
        ----------
        covers : bool or str
            Every block of the base, or of the layer named, is in one area; always made.
        contiguous : bool
            Every area is in one piece, by shared edges and declared links; always made.
        population : mapping
            The residents of every area, ``{"least": 100_000, "most": 1_300_000}``.
        areas : int
            How many areas there are.
        whole_units : str
            A layer of whose whole units every area is made.
        neighbourhoods : bool
            Every area holds 30,000 to 50,000 residents.
        board_councils : bool or str
            Each upper-tier council, or area of the layer named, works with one board.
        board_population : bool
            A board has at least one million residents.
        board_trusts : bool or str
            More than one acute trust of the register has its main site in each board's area.
        two_way : bool or float
            That share (75% if True) of residents on a list are registered inside, and of the
            lists' people live inside.

        Examples
        --------
        >>> Scenario("x", base="pbp2021").check(areas=5, contiguous=True).checks
        {'contiguous': True, 'areas': 5}
        """
        given = {
            "covers": covers,
            "contiguous": contiguous,
            "population": population,
            "areas": areas,
            "whole_units": whole_units,
            "neighbourhoods": neighbourhoods,
            "board_councils": board_councils,
            "board_population": board_population,
            "board_trusts": board_trusts,
            "two_way": two_way,
        }
        asked = {name: setting for name, setting in given.items() if setting is not None}
        return replace(self, checks={**self.checks, **asked})

    def _then(self, step: Step) -> Scenario:
        return replace(self, steps=(*self.steps, step))

    # ------------------------------------------------------------------ files

    @classmethod
    def read(cls, path: str | Path) -> Scenario:
        """Read a scenario file.

        Parameters
        ----------
        path : str or path
            The file.

        Raises
        ------
        InputError
            If the file is not there, not TOML, or a step is unknown; the message names both.
        """
        from coterminous.folders.schema import read_toml

        return cls.from_dict(read_toml(Path(path)), file=str(path))

    @classmethod
    def from_dict(cls, written: Mapping[str, Any], *, file: str = "") -> Scenario:
        """Read a scenario as parsed from TOML.

        Parameters
        ----------
        written : mapping
            What `to_dict` gives, or a file of TOML holds.
        file : str or path
            What errors name.
        """
        from coterminous.folders.schema import checked
        from coterminous.scenarios.scenario_keys import ScenarioFile

        where = file or "scenario"
        for key in written:
            if key not in _KEYS:
                raise InputError(f"{where}: {unknown('scenario', key, _KEYS)}")
        for key in ("name", "base"):
            given = written.get(key, "")
            if not isinstance(given, str):
                raise InputError(f"{where}: `{key}` is {given!r}; give text, in quotes")
            if not given.strip():
                raise InputError(f"{where} lacks `{key}`")
        listed = written.get("step", [])
        if not isinstance(listed, list) or not all(isinstance(s, Mapping) for s in listed):
            raise InputError(f"{where}: `step` is {listed!r}; write each step under [[step]]")
        steps = []
        for number, step in enumerate(listed, start=1):
            try:
                steps.append(step_of(step))
            except InputError as error:
                raise InputError(f"{where}: step {number}: {error}") from error
        chosen = written.get("checks", {})
        if not isinstance(chosen, Mapping):
            raise InputError(f"{where}: `checks` is {chosen!r}; write the checks under [checks]")
        try:
            named_checks.known(chosen)
        except InputError as error:
            raise InputError(f"{where}: [checks]: {error}") from error
        told = checked(written, ScenarioFile, where)
        texts = {k: told.get(k, "") for k in ("title", "description", "source")}
        return cls(written["name"], written["base"], tuple(steps), dict(chosen), **texts, file=file)

    def to_toml(self) -> str:
        """Return the scenario as TOML."""
        import tomli_w

        texts = {k: getattr(self, k) for k in ("name", "title", "base", "description", "source")}
        written: dict[str, Any] = {k: v for k, v in texts.items() if v}
        if self.steps:
            written["step"] = [step.written() for step in self.steps]
        if self.checks:
            written["checks"] = dict(self.checks)
        return tomli_w.dumps(written)

    def write(self, path: str | Path) -> None:
        """Write the scenario as a TOML file.

        Parameters
        ----------
        path : str or path
            The file.
        """
        from coterminous.files import replacing

        with replacing(path) as beside:
            beside.write_text(self.to_toml(), encoding="utf-8", newline="\n")

    # ------------------------------------------------------------------ carrying it out

    @property
    def layer_name(self) -> str:
        """The name of the layer that the scenario makes."""
        return slug(self.name)

    def apply(self, area: Geography) -> Geography:
        """Return a geography that has the scenario's layer.

        Parameters
        ----------
        area : Geography
            Whose blocks, layers and people are meant.
        """
        return self.run(area).geography

    def run(self, area: Geography) -> Outcome:
        """Carry out the steps and the checks.

        Parameters
        ----------
        area : Geography
            Whose blocks, layers and people are meant.

        Raises
        ------
        InputError
            If a step names what is not there, undoes another, or empties an area; the message
            names the file and the step.
        """
        where = self.file or f"scenario {self.name!r}"
        try:
            base = area.layer(self.base).of_whole_blocks("a scenario")
        except InputError as error:
            raise InputError(f"{where}: base: {error}") from error
        self._unlike(area, base, where)
        draft = Draft.of(area, base)
        log = []
        for number, step in enumerate(self.steps, start=1):
            try:
                after = step.apply(draft, number)
            except InputError as error:
                raise InputError(f"{where}: step {number} ({step}): {error}") from error
            log.append(_logged(step, draft, after))
            draft = after
        drawn = draft.layer.renamed(self.layer_name, self.title or self.name)
        layer = drawn.described(kind="scenario")
        geography = area.with_layer(self.layer_name, layer, title=layer.title)
        homed = named_checks.Drawn(geography, layer, base, dict(draft.homes))
        try:
            checked = named_checks.run(homed, self.checks)
        except InputError as error:
            raise InputError(f"{where}: [checks]: {error}") from error
        from coterminous.registers.published import restricted_of

        columns = ["step", "blocks", "people", "left"]
        return Outcome(
            scenario=self,
            geography=geography,
            layer=layer,
            log=pd.DataFrame(log, columns=columns, index=pd.RangeIndex(1, len(log) + 1)),
            checks=checked,
            homes=dict(draft.homes),
            restricted=restricted_of(
                geography,
                [s.counted_by(geography) for s in self.steps if isinstance(s, MovePractice)],
            ),
        )

    def _unlike(self, area: Geography, base: Layer, where: str) -> None:
        """Refuse a name that would hide a layer; only an earlier run of a scenario may go."""
        name = self.layer_name
        taken = name in area.layer_names and area.layer(name).kind != "scenario"
        if taken or name == base.name:
            raise InputError(
                f"{where}: `name` makes {name!r}, which is a layer already; choose another"
            )


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Outcome(Result):
    """What a scenario made: the layer, what each step did, and which checks passed.

    Attributes
    ----------
    geography : Geography
        With the new layer.
    layer : Layer
    log : pandas.DataFrame
        One row a step: `step`, the `blocks` and `people` it moved, and what it `left`.
    checks : pandas.DataFrame
        `name`, `ok`, `detail`, `rule`, `source`.
    homes : dict
        The area of each practice that was moved.
    """

    called = "the log of a scenario"

    scenario: Scenario
    geography: Geography
    layer: Layer
    log: pd.DataFrame
    checks: pd.DataFrame
    homes: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return bool(self.checks["ok"].all())

    def practices(self) -> pd.DataFrame:
        """Say whose homes straddle after a practice was moved.

        Returns
        -------
        pandas.DataFrame
            By practice: `name`, `area` (that it now belongs to), `patients` who live in the
            drawing, how many live `inside` that area and `outside` it.
        """
        columns = ["name", "area", "patients", "inside", "outside"]
        if not self.homes:
            return pd.DataFrame(columns=columns, index=pd.Index([], name="organisation"))
        moved = [s for s in self.scenario.steps if isinstance(s, MovePractice)]
        register_of = {p: s.counted_by(self.geography) for s in moved for p in s.practices}
        names = sorted(set(register_of.values()))
        lives = {n: self.geography.register(n).matrix(self.layer) for n in names}
        rows = {}
        for practice, home in sorted(self.homes.items()):
            register = register_of[practice]
            people = lives[register].loc[practice, list(self.layer.codes)]
            rows[practice] = {
                "name": self.geography.register(register).organisations.loc[practice, "name"],
                "area": self.layer.name_of(home),
                "patients": int(np.rint(people.sum())),
                "inside": int(np.rint(people[home])),
                "outside": int(np.rint(people.sum() - people[home])),
            }
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(
            "organisation"
        )

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `log`."""
        return self.log

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as plain values.

        Raises
        ------
        DisclosureError
            If practices of a register that is not published were moved.
        """
        moved = self.practices()
        return {
            "name": self.scenario.name,
            "base": self.scenario.base,
            "layer": self.layer.name,
            "log": self.log,
            "checks": self.checks[["name", "ok", "detail"]],
            "practices": moved.reset_index(),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the log of its steps, as it is written to a file."""
        return self.log.rename_axis("number").reset_index()

    def _titled(self) -> str:
        return f"Outcome {self.layer.name}"

    def _finding(self) -> str:
        failed = int((~self.checks["ok"]).sum())
        return (
            f"{len(self.layer)} areas, {len(self.log)} steps, {len(self.checks)} checks, "
            f"{failed} failed"
        )

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return ("log", self.log), ("checks", self.checks[["name", "ok", "detail"]])


def _logged(step: Step, before: Draft, after: Draft) -> dict[str, Any]:
    """Say what a step did, in blocks and people, and what it left of the areas it took from."""
    people = before.geography.weight(before.geography.residents).to_numpy()
    first, second = before.layer, after.layer
    old = first.positions
    # Areas after the step by their place before it; -1 is outside, -2 an area that was not there.
    known = first.codes.get_indexer(second.codes)
    new = np.append(np.where(known < 0, -2, known), -1)[second.positions]
    changed = old != new
    left = []
    for place in np.unique(old[changed & (old >= 0)]):
        stays = new == place
        said = f"{first.names[place]} keeps {people[stays].sum():,}"
        left.append(said if stays.any() else f"{first.names[place]} ends")
    came = changed & (old < 0)
    if came.any():
        left.append(f"{people[came].sum():,} people come in from outside {before.layer.name}")
    if isinstance(step, MovePractice):
        left.append(_straddling(step, after))
    return {
        "step": str(step),
        "blocks": int(changed.sum()),
        "people": people[changed].sum(),
        "left": "; ".join(left),
    }


def _straddling(step: MovePractice, draft: Draft) -> str:
    people = draft.geography.register(step.counted_by(draft.geography)).matrix(draft.layer)
    living = people.loc[list(step.practices), list(draft.layer.codes)].sum()
    inside = living[draft.layer.find(step.to)]
    return (
        f"{inside:,.0f} of {living.sum():,.0f} patients live in {step.to}, "
        f"{living.sum() - inside:,.0f} outside it; nobody's home moves"
    )


def _said_of_check(name: str, setting: Any) -> str:
    """Write a check and what it was given: ``population (least 100,000)``."""
    if setting is True:
        return name
    pairs = setting.items() if isinstance(setting, Mapping) else [("", setting)]
    said = [f"{k} {v:,}" if isinstance(v, int | float) else f"{k} {v}" for k, v in pairs]
    return f"{name} ({', '.join(each.strip() for each in said)})"
