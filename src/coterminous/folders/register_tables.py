"""How is a register read from a geography's folder? The tables that `geography.toml` names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.errors import InputError
from coterminous.folders.recipes import Folder
from coterminous.registers.lumps import checked_largest
from coterminous.registers.register import Register
from coterminous.registers.sites import placed
from coterminous.registers.tables import ELSEWHERE, LUMP, UNKNOWN
from coterminous.tables.cells import check_text
from coterminous.tables.columns import column_named
from coterminous.tables.joins import keyed

if TYPE_CHECKING:
    from coterminous.geography import Geography


def read_register(area: Geography, spec: Mapping[str, Any]) -> Register:
    """Read a register that a geography's folder names.

    Parameters
    ----------
    area : Geography
    spec : mapping
        A `[[register]]` of `geography.toml`; see `docs/registers.md`.

    Raises
    ------
    InputError
        If a file, a column or a count is wrong; the message names it.
    """
    folder = Folder(area.folder, area.settings)  # type: ignore[arg-type]
    flows = spec["flows"]
    place = "zone" if "zone" in flows else "block"
    table = _people(folder, spec, flows, "organisation", place)
    try:
        made = Register.from_table(
            table,
            area=area,
            name=spec["name"],
            place=place,
            organisations=_organisations(area, spec, folder),
            published=bool(spec.get("open", False)),
            bodies=area.layer(spec["bodies"]).of_whole_blocks("`bodies`")
            if "bodies" in spec
            else None,
            sources=tuple(spec.get("sources", [])) or tuple(filter(None, [spec.get("source")])),
            **{k: str(spec.get(k, "")) for k in ("date", "source", "note")},
            **{k: str(spec.get(k, d)) for k, d in (("title", spec["name"]), ("unit", "patients"))},
        )
    except InputError as error:
        raise InputError(f"{folder.path / flows['file']}: {error}") from error
    return _with_largest(made, folder, spec, place) if "largest" in spec else made


def _with_largest(
    register: Register, folder: Folder, spec: Mapping[str, Any], place: str
) -> Register:
    columns = spec["largest"]
    table = _people(folder, spec, columns, "lump", place)
    try:
        largest = checked_largest(
            table.rename(columns={place: register.resolution}),
            resolution=register.resolution,
            places=register.places,
            lumps=pd.Index(register.lumps),
        )
    except InputError as error:
        raise InputError(f"{folder.path / columns['file']}: {error}") from error
    return replace(register, largest=largest)


def _people(
    folder: Folder, spec: Mapping[str, Any], columns: Mapping[str, Any], who: str, place: str
) -> pd.DataFrame:
    """Read a table of people by organisation, or lump, and place, under our names."""
    table = folder.table(columns["file"], columns.get("sheet"))
    file = str(folder.path / columns["file"])
    named = {k: column_named(table, columns[k], k, file) for k in (who, place, "people")}
    for column in (named[who], named[place]):
        check_text(table, column, file)
    ours = {named[who]: "organisation", named[place]: place, named["people"]: "patients"}
    table = table.rename(columns=ours)
    words = {spec.get("unknown", UNKNOWN): UNKNOWN, spec.get("elsewhere", ELSEWHERE): ELSEWHERE}
    table[place] = table[place].replace(words)
    return table


def _organisations(area: Geography, spec: Mapping[str, Any], folder: Folder) -> pd.DataFrame | None:
    columns = spec.get("organisations")
    lumps = pd.DataFrame({"name": spec.get("lumps", {})}, dtype="str").assign(kind=LUMP)
    if not columns:
        return lumps
    file = str(folder.path / columns["file"])
    read = folder.table(columns["file"], columns.get("sheet"))
    known = placed(area, keyed(read, columns["code"], file), columns, file)
    known["kind"] = str(spec.get("organisation", "organisation"))
    if "network" in known:
        known["network"] = known["network"].replace({spec.get("no_network", "NONE"): "NONE"})
    return pd.concat([known, lumps])
