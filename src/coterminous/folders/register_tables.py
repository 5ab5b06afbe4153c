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
from coterminous.registers.sites import checked_sites, placed, said_of_sites
from coterminous.registers.tables import ELSEWHERE, LUMP, UNKNOWN
from coterminous.tables.cells import check_text
from coterminous.tables.columns import column_named
from coterminous.tables.joins import keyed
from coterminous.tables.layouts import Oddities

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
    if "registrations" in spec:
        return _of_official_files(area, spec, folder)
    flows = spec["flows"]
    place = "zone" if "zone" in flows else "block"
    table = _people(folder, spec, flows, "organisation", place)
    known = _organisations(area, spec, folder)
    try:
        found = Register.from_table(
            table,
            area=area,
            name=spec["name"],
            place=place,
            organisations=known,
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
    sites = checked_sites(known)
    sites = sites.assign(patients=found.lists.reindex(sites.index))
    note = " ".join(filter(None, (found.note, said_of_sites(sites))))
    found = replace(found, sites=sites, note=note)
    return _with_largest(found, folder, spec, place) if "largest" in spec else found


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
    words = {spec.get("unknown", UNKNOWN): UNKNOWN, spec.get("elsewhere", ELSEWHERE): ELSEWHERE}
    for column in (named[who], named[place]):
        check_text(table, column, file, words=words)
    ours = {named[who]: "organisation", named[place]: place, named["people"]: "patients"}
    odd = table.attrs.get("odd", {})
    table = table.rename(columns=ours)
    table.attrs["odd"] = Oddities({ours.get(c, c): cells for c, cells in odd.items()})
    table[place] = table[place].replace(words)
    return table


def _of_official_files(area: Geography, spec: Mapping[str, Any], folder: Folder) -> Register:
    """Make a register of the files that NHS England publishes, as they are."""
    from coterminous.registers.memberships import networks
    from coterminous.registers.ods import practices
    from coterminous.registers.registrations import of_registrations

    on = str(spec.get("on", "")) or None
    members = known = None
    if "networks" in spec:
        members = networks(folder.path / spec["networks"], on=str(on), sheet=spec.get("sheet"))
    if "practices" in spec:
        known = practices(
            folder.path / spec["practices"],
            area=area,
            on=on,
            networks=members,
            bodies=spec.get("bodies"),
        )
    found = of_registrations(
        folder.path / spec["registrations"],
        area=area,
        name=spec["name"],
        practices=known,
        bodies=spec.get("bodies"),
        published=bool(spec.get("open", False)),
        member=spec.get("member"),
        own_register=False,
    )
    said: dict[str, Any] = {
        k: str(spec[k]) for k in ("title", "unit", "source", "date") if spec.get(k)
    }
    sources = tuple(spec.get("sources", [])) or tuple(filter(None, [spec.get("source")]))
    note = " ".join(filter(None, (str(spec.get("note", "")), found.note)))
    return replace(found, **said, sources=sources, note=note)


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
    everything = pd.concat([known, lumps])
    everything.attrs = known.attrs
    return everything
