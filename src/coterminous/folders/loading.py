"""How does a folder become a geography? Reads codes at once, and the rest when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from coterminous.arguments import asked
from coterminous.blocks.borders import WITHIN
from coterminous.blocks.ground import Blocks
from coterminous.errors import InputError
from coterminous.files import bundled_folder
from coterminous.folders.layer_recipes import build_layer
from coterminous.folders.recipes import Folder
from coterminous.folders.register_tables import read_register
from coterminous.geography import Geography
from coterminous.geography.parts import Part
from coterminous.layer import Layer
from coterminous.making import Recipe
from coterminous.polygons.fitting import layer_from_recipe
from coterminous.shares import AnyLayer
from coterminous.tables.keys import folded


@asked
def load(data_dir: str | Path | None = None, *, on: str | None = None) -> Geography:
    """Load a geography: the bundled one, a board or a council of England, or one from a folder.

    Parameters
    ----------
    data_dir : str or path, optional
        A folder with a `geography.toml`; or a board of England or an upper-tier or unitary
        council, by its code (ODS or GSS) or its name; or ``england``. Lancashire and South Cumbria
        in its own detail if not given.
    on : str, optional
        A day, such as ``2026-04-01``, for a board whose code has meant two footprints.

    Returns
    -------
    Geography
        Tables are read when they are first needed: polygons only for maps and neighbours. Of a
        board, all LSOAs of every council that it touches.

    Raises
    ------
    InputError
        If there is no such folder, board or council, it was not there on that day, or the name
        means two.

    Examples
    --------
    >>> len(load().blocks)
    1635
    >>> load("QOQ").title
    'Humber and North Yorkshire'
    """
    if data_dir is None:
        _no_day(on)
        return open_geography(bundled_folder())
    if not isinstance(data_dir, (str, PathLike, list, tuple)):
        raise InputError(
            f"`data_dir` is {data_dir!r}, which is no path; give a folder, or the name of a board"
        )
    if isinstance(data_dir, PathLike) or _is_folder(data_dir):
        _no_day(on)
        return open_geography(data_dir)
    return load_board(data_dir, on=on)


def load_board(name: str, *, on: str | None = None) -> Geography:
    """Load the geography of a board or a council of England, or of England; see `load`."""
    from coterminous.folders import bodies, english

    name = bodies.one_name(name)
    if folded(name) == "england":
        _no_day(on)
        return open_geography(english.folder())
    return open_geography(english.folder(), bodies.part_of(bodies.find(name, on), on))


def _is_folder(given: object) -> bool:
    """Whether a folder is meant: it holds a geography, or is written as a path."""
    if not isinstance(given, str):
        return False
    written = given.startswith((".", "~")) or any(s in given for s in "/\\")
    return written or (Path(given) / "geography.toml").is_file()


def _no_day(on: str | None) -> None:
    if on is not None:
        raise InputError(f"`on` is {on!r}, and belongs to a board; name one")


def open_geography(folder: str | Path, part: Part | None = None) -> Geography:
    """Read a geography folder: its `geography.toml` names everything else.

    Parameters
    ----------
    folder : path
    part : Part, optional
        The part of it that is kept; all of it if not given.

    Raises
    ------
    InputError
        If a file or column is missing or wrong; the message names it and the mend.
    """
    opened = replace(Folder.open(folder), part=part)
    table = opened.block_table()
    codes = pd.Index(sorted(table.index), name="block", dtype="str")
    settings = opened.settings
    blocks = Blocks.made_of(
        codes,
        weights=opened.weights(codes),
        links=opened.links(codes),
        table=lambda: table.reindex(codes),
        lookup=lambda: opened.lookup(codes),
        polygons=opened.geometry,
        where=opened.blocks_file,
        see=(
            f"`coterminous check {opened.blocks_file}` lists every fault, and with `--mend FILE` "
            "writes what can be mended"
        ),
        within=float(settings["blocks"].get("border_within", WITHIN)),
    )
    made = Geography.made_of(
        blocks,
        name=part.name if part else str(settings.get("name", Path(folder).name)),
        title=part.title if part else str(settings.get("title", settings.get("name", ""))),
        folder=opened.path,
        sources=opened.sources(),
        settings=settings,
        layers={
            n: _layer_recipe(opened, r)
            for n, r in opened.recipes().items()
            if part is None or n not in part.lacking
        },
        registers={n: _register_recipe(s) for n, s in opened.registers().items()},
        part=part,
    )
    roles = settings.get("roles", {})
    if part is not None:
        roles = {role: name for role, name in roles.items() if role not in part.without}
        made = replace(made, _settings={**settings, "roles": {}})
    made = made.with_roles(roles, where=f"{opened.where}: [roles]")
    return made.with_roles(part.roles) if part else made


def _layer_recipe(folder: Folder, written: Mapping[str, Any]) -> Recipe:
    def make(area: Geography) -> AnyLayer:
        if "polygons" in written:
            return layer_from_recipe(written, area)
        # Another folder, so that the tables it reads are not kept for good.
        opened = Folder(folder.path, folder.settings, folder.part)
        made = build_layer(
            written, area.lookup, opened, area.layer, lambda: area.weight(area.residents)
        )
        return _ended(made, folder.part)

    return Recipe(written["name"], written["_file"], make)


def _ended(layer: Layer, part: Part | None) -> Layer:
    """End a layer at the edge of the body whose geography this is."""
    if part is None or layer.name not in part.ends or part.inside == part.blocks:
        return layer
    return layer.only_in(pd.Index(sorted(part.inside)))


def _register_recipe(written: Mapping[str, Any]) -> Recipe:
    where = f"register {written['name']!r}"
    return Recipe(written["name"], where, lambda area: read_register(area, written), dict(written))
