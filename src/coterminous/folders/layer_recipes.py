"""How is a layer made of its recipe: of a lookup, or of the areas of other layers?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from coterminous.arguments import texts
from coterminous.errors import InputError, first_five
from coterminous.folders.recipes import Folder
from coterminous.layer import Layer
from coterminous.shares import AnyLayer
from coterminous.tables.cells import check_text
from coterminous.tables.columns import column_named
from coterminous.tables.joins import check_named, joined, keyed, said_of_outside
from coterminous.tables.keys import one_name
from coterminous.vintages import why_lacking

log = logging.getLogger(__name__)

_DESCRIPTION = ("title", "note", "valid_from", "valid_to", "source", "best_fit")


def build_layer(
    recipe: Mapping[str, Any],
    lookup: pd.DataFrame,
    folder: Folder,
    layer: Callable[[str], AnyLayer],
    people: Callable[[], pd.Series] | None = None,
) -> Layer:
    """Make a layer of its recipe.

    Parameters
    ----------
    recipe : mapping
        A `[[layer]]` of a layers file.
    lookup : pandas.DataFrame
        The lookup of the geography, by block.
    folder : Folder
    layer : callable
        Gives another layer of the geography by name.
    people : callable, optional
        Gives the people of each block, to say how many a fault is about.
    """
    described = {k: recipe[k] for k in _DESCRIPTION if k in recipe}
    described = {k: v if isinstance(v, bool) else str(v) for k, v in described.items()}
    where = f"{recipe['_file']}: layer {recipe['name']!r}"
    try:
        made = (
            _from_lookup(recipe, lookup, folder, where, described, people)
            if "lookup" in recipe
            else _from_units(recipe, layer, where, described)
        )
        return made.described(decided=str(recipe["decided"])) if recipe.get("decided") else made
    except InputError as error:
        said = str(error)
        if said.startswith((str(recipe["_file"]), str(folder.path))):
            raise
        # What is wrong with a name or a code is said by those who do not know the file.
        taken = "`lookup`" if "lookup" in recipe else "`[[layer.area]]`"
        said = said.replace(f"`lookup` of layer {recipe['name']!r}", taken)
        raise InputError(f"{where}: {said}") from error


def _from_lookup(
    recipe: Mapping[str, Any],
    lookup: pd.DataFrame,
    folder: Folder,
    where: str,
    described: Mapping[str, Any],
    people: Callable[[], pd.Series] | None,
) -> Layer:
    spec = recipe["lookup"]
    table = lookup
    if "file" in spec:
        table = _other_table(spec, lookup, folder, where, people)
    code, name = (
        column_named(table, spec.get(key, spec["code"]), "lookup", where)
        for key in ("code", "name")
    )
    codes = table[code]
    if "file" not in spec:
        check_text(table, code, where)
    check_named(table, None, code, name, where)
    names = one_name(codes, table[name], where, code, name) if name != code else {}
    aliases = {a["code"]: list(a.get("aliases", [])) for a in recipe.get("area", [])}
    for alias in texts(spec.get("alias"), "alias"):
        other = table[column_named(table, alias, "lookup", where)]
        for key, spelling in _pairs(codes, other):
            aliases.setdefault(key, []).append(spelling)
    if folder.part is not None:
        # Of the areas that the recipe tells of, those beyond the part are not here.
        there = set(codes.dropna())
        aliases = {code: others for code, others in aliases.items() if code in there}
    outside = codes.isna() | codes.astype("str").str.strip().eq("")
    # A recipe with missing = "outside" knows of them, and says so by its title or its note.
    if outside.any() and spec.get("missing") != "outside":
        said = said_of_outside(outside.set_axis(lookup.index), people)
        log.warning("%s: %s", where, said)
        note = " ".join(filter(None, (described.get("note"), f"{said}.")))
        described = {**described, "note": note}
    return Layer.from_lookup(
        recipe["name"], codes, blocks=lookup.index, names=names, aliases=aliases, **described
    )


def _pairs(codes: pd.Series, others: pd.Series) -> Iterator[tuple[str, str]]:
    """List each code with each of its other spellings, once and in their order."""
    both = pd.DataFrame({"code": codes.to_numpy(), "other": others.to_numpy()}).dropna()
    return both.drop_duplicates().itertuples(index=False, name=None)


def _other_table(
    spec: Mapping[str, Any],
    lookup: pd.DataFrame,
    folder: Folder,
    where: str,
    people: Callable[[], pd.Series] | None,
) -> pd.DataFrame:
    """Give each block the row of its key in another table; a key without a row is an error."""
    by = spec.get("by", "zone")
    by = column_named(lookup, by, "by", where)
    check_text(lookup, by, where)
    file = str(folder.path / spec["file"])
    keys = lookup[by]
    read = folder.table(
        spec["file"],
        spec.get("sheet"),
        keys.dropna().unique(),
        (spec.get("by", "zone"), spec["code"]),
    )
    other = keyed(read, by, file)
    check_text(other, column_named(other, spec["code"], "lookup", where), file)
    missing = str(spec.get("missing", "error"))
    why = why_lacking(other.index, keys.dropna().unique()) if missing == "error" else ""
    return joined(
        keys,
        other,
        file,
        missing=missing,
        people=people,
        mend=', or say missing = "outside" in the `lookup` of the layer' + (why and f"; {why}"),
    )


def _from_units(
    recipe: Mapping[str, Any],
    layer: Callable[[str], AnyLayer],
    where: str,
    described: Mapping[str, Any],
) -> Layer:
    units = layer(recipe["units"]).of_whole_blocks(f"`units` of {where}")
    within = None
    if "within" in recipe:
        within = layer(recipe["within"]).of_whole_blocks(f"`within` of {where}")
    assigned = pd.Series(None, index=units.blocks, dtype="str")
    names: dict[str, str] = {}
    aliases: dict[str, list[str]] = {}
    for area in recipe.get("area", []):
        code = area["code"]
        names[code], aliases[code] = str(area.get("name", code)), area.get("aliases", [])
        for entry in area.get("of", []):
            chosen = _blocks_of(entry, units, layer)
            if within is not None:
                chosen &= within.touched()
            twice = assigned[chosen].dropna()
            if len(twice):
                raise InputError(
                    f"{where}: {entry!r} of {code!r} is already in {twice.iloc[0]!r}; a block can "
                    "be in one area only"
                )
            assigned[chosen] = code
    empty = sorted(set(names) - set(assigned.dropna()))
    if empty:
        raise InputError(f"{where} has areas without a block: {first_five(empty)}")
    settings = {"kind": "group", "units": units.name, "best_fit": units.best_fit, **described}
    return Layer.from_lookup(recipe["name"], assigned, names=names, aliases=aliases, **settings)


def _blocks_of(entry: str, units: Layer, layer: Callable[[str], AnyLayer]) -> np.ndarray[Any, Any]:
    """Find the blocks of one entry of `of`: a unit, or ``layer:area``, or ``layer:*``."""
    name, colon, area = entry.partition(":")
    source, wanted = (
        (layer(name).of_whole_blocks(f"the entry {entry!r} of a recipe"), area.strip())
        if colon
        else (units, entry)
    )
    if wanted == "*":
        return np.asarray(source.positions >= 0)
    return np.asarray(source.positions == source.codes.get_loc(source.find(wanted)))
