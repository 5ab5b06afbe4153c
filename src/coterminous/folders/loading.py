"""How does a folder become a geography? Reads codes at once, and the rest when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from coterminous.blocks.borders import WITHIN
from coterminous.blocks.ground import Blocks
from coterminous.errors import InputError
from coterminous.files import bundled_folder
from coterminous.folders.layer_recipes import build_layer
from coterminous.folders.recipes import Folder
from coterminous.folders.register_tables import read_register
from coterminous.geography import Geography
from coterminous.making import Recipe
from coterminous.polygons.fitting import layer_from_recipe
from coterminous.shares import AnyLayer


def load(data_dir: str | Path | None = None) -> Geography:
    """Load the bundled geography of Lancashire and South Cumbria, or another from its folder.

    Parameters
    ----------
    data_dir : path, optional
        A folder with a `geography.toml`; the bundled one if not given.

    Returns
    -------
    Geography
        Tables are read when they are first needed: polygons only for maps and neighbours.

    Examples
    --------
    >>> area = load()
    >>> len(area.blocks)
    1635
    """
    if data_dir is not None and not isinstance(data_dir, (str, PathLike)):
        raise InputError(f"`data_dir` is {data_dir!r}, which is no path; give a folder")
    return open_geography(bundled_folder() if data_dir is None else data_dir)


def open_geography(folder: str | Path) -> Geography:
    """Read a geography folder: its `geography.toml` names everything else.

    Raises
    ------
    InputError
        If a file or column is missing or wrong; the message names it and the mend.
    """
    opened = Folder.open(folder)
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
        name=str(settings.get("name", Path(folder).name)),
        title=str(settings.get("title", settings.get("name", ""))),
        folder=opened.path,
        sources=opened.sources(),
        settings=settings,
        layers={n: _layer_recipe(opened, r) for n, r in opened.recipes().items()},
        registers={n: _register_recipe(s) for n, s in opened.registers().items()},
    )
    return made.with_roles(settings.get("roles", {}), where=f"{opened.where}: [roles]")


def _layer_recipe(folder: Folder, written: Mapping[str, Any]) -> Recipe:
    def make(area: Geography) -> AnyLayer:
        if "polygons" in written:
            return layer_from_recipe(written, area)
        # Another folder, so that the tables it reads are not kept for good.
        opened = Folder(folder.path, folder.settings)
        return build_layer(
            written, area.lookup, opened, area.layer, lambda: area.weight(area.residents)
        )

    return Recipe(written["name"], written["_file"], make)


def _register_recipe(written: Mapping[str, Any]) -> Recipe:
    where = f"register {written['name']!r}"
    return Recipe(written["name"], where, lambda area: read_register(area, written), dict(written))
