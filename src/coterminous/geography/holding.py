"""What does a geography hold? Blocks, weights, layers and registers by name, and their roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import pandas as pd

from coterminous.arguments import asked, texts
from coterminous.blocks.ground import Blocks
from coterminous.blocks.weights import Weight
from coterminous.errors import InputError, unknown
from coterminous.making import Made, Recipe
from coterminous.owned import own
from coterminous.roles import BY_ROLE, known_role
from coterminous.shares import AnyLayer

if TYPE_CHECKING:
    from coterminous.geography.parts import Part
    from coterminous.geography.value import Geography
    from coterminous.registers.register import Register


T = TypeVar("T")


@dataclass(frozen=True, eq=False, repr=False)
class Holding:
    """What is in a geography, and how it is asked for; `Geography` is told of in full."""

    name: str
    title: str
    ground: Blocks
    folder: Path | None
    _sources: pd.DataFrame
    _settings: Mapping[str, Any]
    _layers: Mapping[str, AnyLayer | Recipe]
    _registers: Mapping[str, Register | Recipe]
    _made: Made = field(default_factory=Made)
    part: Part | None = None

    @property
    def _whole(self) -> Geography:
        return cast("Geography", self)

    def meant(self, given: Any, role: str) -> Any:
        """Return what was given, or the name of what has a role here if nothing was.

        Parameters
        ----------
        given : any
            What the caller gave.
        role : str
            The role that stands in if it is nothing.

        Returns
        -------
        object or None
            None where nothing was given and nothing has the role, or an empty text was given,
            which asks for none.

        Raises
        ------
        InputError
            If a name was given that nothing has.

        Examples
        --------
        >>> from coterminous import load
        >>> load().meant(None, "hospital"), load().meant("gp", "hospital")
        ('trust', 'gp')
        """
        if given is None or given is BY_ROLE:
            return self.role(role)
        if isinstance(given, str) and not given:
            return None
        if isinstance(given, str):
            ask: dict[str, Callable[..., Any]] = {
                "layer": self.layer,
                "weight": self.weight_info,
                "register": self.register,
            }
            ask[known_role(role).kind](given)
        return given

    def needed(self, given: Any, role: str, argument: str) -> Any:
        """Return what was given or has a role, as `meant` does, or say that there is neither.

        Parameters
        ----------
        given : any
            What the caller gave.
        role : str
            The role that stands in if it is nothing.
        argument : str
            What errors are about.

        Raises
        ------
        InputError
            Also if nothing was given and nothing has the role.
        """
        kind = known_role(role).kind
        if isinstance(given, str) and given:
            names = {"layer": self.layer_names, "weight": self.weight_names}
            known = names.get(kind, self.register_names)
            if given not in known:
                raise unknown(argument, given, list(known))
        found = self.meant(given, role)
        if found is None:
            raise InputError(
                f"`{argument}` is not given, and no {kind} of geography {self.name!r} has the role "
                f"`{role}`; give a {kind}, or the role with `with_roles` or in geography.toml"
            )
        return found

    @property
    def blocks(self) -> pd.Index:
        """The codes of all blocks, sorted."""
        return self.ground.codes.view()

    @property
    def links(self) -> pd.DataFrame:
        """Declared neighbours that share no edge: `a`, `b`, `name`, `reason`."""
        return self.ground.links.copy(deep=False)

    @property
    def sources(self) -> pd.DataFrame:
        """Who published what, as at when, under which licence, and what statements it asks for."""
        return self._sources.copy(deep=False)

    @property
    def settings(self) -> Mapping[str, Any]:
        """What `geography.toml` says; the caller's own copy."""
        found: Mapping[str, Any] = own(self._settings)
        return found

    @property
    def added_layers(self) -> Mapping[str, AnyLayer]:
        """The layers that were given as values, not read from its folder, by name."""
        return {n: x for n, x in self._layers.items() if isinstance(x, AnyLayer)}

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The names of the layers, in their order; `layers` describes them, and builds each."""
        return tuple(self._layers)

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights; the first counts residents. `weights` reads each."""
        return tuple(self.ground.weights)

    @property
    def register_names(self) -> tuple[str, ...]:
        """The names of the registers."""
        return tuple(self._registers)

    @property
    def roles(self) -> Mapping[str, str | tuple[str, ...]]:
        """What layers, weights and registers are for here, such as ``councils``; see `role`."""
        return MappingProxyType(dict(self._settings.get("roles", {})))

    def role(self, name: str) -> str | None:
        """Return the name of the layer, weight or register that has a role; None if none has.

        Parameters
        ----------
        name : str
            The role, such as ``residents``, ``before``, ``councils`` or ``patients``.

        Examples
        --------
        >>> from coterminous import load
        >>> load().role("councils")
        'utla2021'
        """
        found = self.role_names(name)
        return found[0] if found else None

    def role_names(self, name: str) -> tuple[str, ...]:
        """Return the names of all that have a role, such as the weights by age; none if none has.

        Parameters
        ----------
        name : str
            The role, such as ``ages`` or ``deprivation``.

        Examples
        --------
        >>> from coterminous import load
        >>> load().role_names("ages")
        ('age_0_17', 'age_18_64', 'age_65_84', 'age_85_plus')
        """
        known_role(name)
        return texts(self.roles.get(name), name)

    @property
    def residents(self) -> str:
        """The name of the weight that counts the people who live here: the one rule for it.

        Raises
        ------
        InputError
            If there is no weight.
        """
        named = self.role("residents") or next(iter(self.ground.weights), None)
        if named is None:
            raise InputError(
                f"geography {self.name!r} has no weight, so nobody can be counted; add one with "
                "`with_weight`, or [[weight]] in geography.toml"
            )
        self._known_weight(named)
        return named

    def counted(self, weight: str | None) -> str:
        """Return the name of a weight, or of the residents where none is named.

        Parameters
        ----------
        weight : str, optional
            The name of a weight.

        Examples
        --------
        >>> from coterminous import load
        >>> load().counted(None), load().counted("hectares")
        ('population', 'hectares')
        """
        if weight is None:
            return self.residents
        self._known_weight(weight)
        return weight

    @property
    def layers(self) -> pd.DataFrame:
        """The layers: `title`, `areas`, `blocks`, `people`, `registered`, dates and `note`."""
        from coterminous.registers import catalogue

        return catalogue.of_layers(
            self._whole, list(self._layers), self.residents if self.ground.weights else None
        )

    @property
    def weights(self) -> pd.DataFrame:
        """The weights: `title`, `unit`, `date`, `source` and `total`."""
        from coterminous.registers import catalogue

        return catalogue.of_weights(self._whole, list(self.ground.weights))

    @property
    def registers(self) -> pd.DataFrame:
        """The registers: `title`, `unit`, `date`, `source` and whether they are `open`."""
        from coterminous.registers import catalogue

        found = self._registers.items()
        return catalogue.of_registers(
            {n: x.described if isinstance(x, Recipe) else x for n, x in found}
        )

    @property
    def block_table(self) -> pd.DataFrame:
        """What the blocks' file says of each block, polygons apart."""
        return self.ground.table()

    @property
    def lookup(self) -> pd.DataFrame:
        """The lookup: one row a block, text columns."""
        return self.ground.lookup()

    @property
    def zones(self) -> pd.Series | None:
        """The zone of each block, the areas by which registers count; None if there are none."""
        column = self._settings.get("lookup", {}).get("zone")
        return self.lookup[column] if column else None

    @asked
    def layer(self, name: str | AnyLayer, *, argument: str = "layer") -> AnyLayer:
        """Return a layer by name; a layer of the same blocks is returned as it is.

        Parameters
        ----------
        name : str or Layer
        argument : str
            What an error says was given, such as ``before``.
        """
        if isinstance(name, AnyLayer):
            if not name.blocks.equals(self.blocks):
                raise InputError(f"layer {name.name!r} is made of other blocks than {self.name!r}")
            return name
        if not isinstance(name, str) or name not in self._layers:
            raise unknown(argument, name, list(self._layers))
        found = self._layers[name]
        self._made.note("layer", name, found)
        made: AnyLayer = self._made.of(self._whole, found) if isinstance(found, Recipe) else found
        return made

    def __getitem__(self, name: str) -> AnyLayer:
        """Return a layer by name: ``area["pbp2021"]``, which Tab completes."""
        return self.layer(name)

    def __iter__(self) -> NoReturn:
        raise TypeError(
            f"a geography is not iterable; `layer_names` lists the layers of {self.name!r}"
        )

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._layers)

    def once_for(self, layer: AnyLayer, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what is found of a layer, found once for all derived geographies.

        `key` names what the answer depends on beside the layer and the blocks, by identity.
        """
        return self._made.once_for(layer, (self.ground, *key), make)

    def holds(self, kind: str, name: str) -> object:
        """Return what stands under a name: a layer or weight, or the recipe of a layer.

        Parameters
        ----------
        kind : str
            ``weight``, ``layer`` or ``register``.
        name : str
            Its name.
        """
        return (self._layers if kind == "layer" else self.ground.weights).get(name)

    def _known_weight(self, name: str) -> None:
        if not isinstance(name, str):
            raise InputError(
                f"`weight` is a {type(name).__name__}; give a name; `with_weight` adds one"
            )
        if name not in self.ground.weights:
            raise unknown("weight", name, list(self.ground.weights))

    @asked
    def weight(self, name: str) -> pd.Series:
        """Return a weight by name: whole numbers where people are counted, indexed by block.

        Parameters
        ----------
        name : str
            Its name, such as ``population``.
        """
        self._known_weight(name)
        weight = self.ground.weights[name]
        self._made.note("weight", name, weight)
        return weight.read()

    @asked
    def weight_info(self, name: str) -> Weight:
        """Say what a weight is: its title, unit, date and source.

        Parameters
        ----------
        name : str
            Its name, such as ``population``.
        """
        self._known_weight(name)
        return self.ground.weights[name]

    @asked
    def register(self, name: str | Register) -> Register:
        """Return a register by name; a register is returned as it is.

        ``gp/network`` is the register `gp` by network; see `Register.by`.

        Parameters
        ----------
        name : str or Register
            Its name, such as ``gp``, or ``gp/network`` for that of its groups; or
            itself.
        """
        from coterminous.registers.register import Register

        if isinstance(name, Register):
            return name
        if name not in self._registers:
            whole, slash, column = name.partition("/")
            if slash and whole in self._registers:
                return self.register(whole).by(column)
            raise unknown("register", name, list(self._registers))
        found = self._registers[name]
        if isinstance(found, Register):
            return found
        made: Register = self._made.of(self._whole, found)
        return made

    def _described(self, register: str) -> Mapping[str, Any]:
        """Say what is known of a register before it is read."""
        found = self._registers[register]
        if isinstance(found, Recipe):
            return found.described
        return {"date": found.date}

    @asked
    def attributions(self, *sources: str) -> tuple[str, ...]:
        """Return the statements that the licences of these sources (or of all) ask for.

        Parameters
        ----------
        *sources : str
            Their ids, as `sources` has them; all if not given.
        """
        stated = self._sources["statements"].to_dict()
        wanted = list(sources) or list(stated)
        for source in wanted:
            if source not in stated:
                raise unknown("source", source, list(stated))
        said = [s for w in wanted for s in stated[w]]
        return tuple(dict.fromkeys(said))
