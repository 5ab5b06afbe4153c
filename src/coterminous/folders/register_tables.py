"""How is a register read from a geography's folder? The tables that `geography.toml` names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.folders.recipes import Folder
from coterminous.registers.lumps import checked_largest
from coterminous.registers.register import Register
from coterminous.registers.sites import checked_sites, placed, said_of_sites
from coterminous.registers.tables import ELSEWHERE, LUMP, UNKNOWN, counts_of
from coterminous.tables.cells import check_text
from coterminous.tables.columns import column_named
from coterminous.tables.joins import keyed
from coterminous.tables.keys import folded, is_total
from coterminous.words import counted

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.geography.parts import Part


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
    folder = Folder(area.folder, area.settings, area.part)  # type: ignore[arg-type]
    if "registrations" in spec:
        return _of_official_files(area, spec, folder)
    flows = spec["flows"]
    place = "zone" if "zone" in flows else "block"
    table, named = _people(folder, spec, flows, "organisation", place)
    known = _organisations(area, spec, folder)
    _check_lumps(spec, table[named["organisation"]], str(folder.path / flows["file"]))
    if area.part is not None:
        bodies = area.layer(spec["bodies"]).codes if "bodies" in spec else ()
        table, known = _of_part(area, area.part, table, named, known, bodies)
    if known is not None and spec.get("organisations", {}).get("missing") == "outside":
        known = _with_rows_for(known, table[named["organisation"]])
    try:
        found = Register.from_table(
            table,
            area=area,
            name=spec["name"],
            **named,
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
        said = str(error).removeprefix("`table`: ")
        raise InputError(f"{folder.path / flows['file']}: {said}") from error
    sites = checked_sites(known)
    sites = sites.assign(patients=found.lists.reindex(sites.index))
    note = " ".join(filter(None, (found.note, said_of_sites(sites))))
    found = replace(found, sites=sites, note=note)
    return _with_largest(found, folder, spec, place) if "largest" in spec else found


def _with_largest(
    register: Register, folder: Folder, spec: Mapping[str, Any], place: str
) -> Register:
    columns = spec["largest"]
    table, named = _people(folder, spec, columns, "lump", place)
    who, where, people = (named[k] for k in ("organisation", "place", "people"))
    try:
        table[people] = counts_of(table, people, table[who] + "/" + table[where])
        ours = {who: "organisation", where: register.resolution, people: "patients"}
        if folder.part is not None:
            table = table[table[where].isin(register.places.unique())]
            table = table[table[who].isin(register.lumps)]
        largest = checked_largest(
            table.rename(columns=ours),
            resolution=register.resolution,
            places=register.places,
            lumps=pd.Index(register.lumps),
        )
    except InputError as error:
        raise InputError(f"{folder.path / columns['file']}: {error}") from error
    return replace(register, largest=largest)


def _people(
    folder: Folder, spec: Mapping[str, Any], columns: Mapping[str, Any], who: str, place: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read a table of people by organisation, or lump, and place; and say which column is which."""
    table = folder.table(columns["file"], columns.get("sheet"))
    file = str(folder.path / columns["file"])
    named = {k: column_named(table, columns[k], k, file) for k in (who, place, "people")}
    words = {spec.get("unknown", UNKNOWN): UNKNOWN, spec.get("elsewhere", ELSEWHERE): ELSEWHERE}
    for column in (named[who], named[place]):
        check_text(table, column, file, words=words)
    table = table.assign(**{named[place]: table[named[place]].replace(words)})
    ours = {"organisation": named[who], "place": named[place], "people": named["people"]}
    return table, ours


def _of_part(
    area: Geography,
    part: Part,
    table: pd.DataFrame,
    named: Mapping[str, str],
    known: pd.DataFrame | None,
    bodies: Iterable[str],
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Keep the organisations that somebody here uses, or that belong here.

    People beyond the part are counted, as elsewhere, where their organisation belongs here, by its
    body or its site; of the others only the people who live here are counted.
    """
    zones = area.zones
    here = set(area.blocks) if zones is None else {*area.blocks, *zones.dropna()}
    who, where, people = (named[k] for k in ("organisation", "place", "people"))
    own: set[str] = set()
    if known is not None:
        site = known["block"].isin(list(part.inside))
        body = known["body"].isin(list(bodies)) if "body" in known else False
        own = set(known.index[site | body])
    living = table[where].isin(here)
    kept = own | set(table.loc[living, who])
    rows = table[living | table[who].isin(own)]
    beyond = ~rows[where].isin({*here, UNKNOWN, ELSEWHERE})
    rows = rows.assign(**{where: rows[where].mask(beyond, ELSEWHERE)})
    rows[people] = counts_of(rows, people, rows[who] + "/" + rows[where])
    rows = rows.groupby([who, where], as_index=False, sort=True)[people].sum()
    return rows, None if known is None else _known_here(known, kept, own, area, bodies)


def _known_here(
    known: pd.DataFrame, kept: set[str], own: set[str], area: Geography, bodies: Iterable[str]
) -> pd.DataFrame:
    """Forget the sites, bodies and networks beyond the part: they are none of it."""
    found = known[known.index.isin(kept)]
    found = found.assign(block=found["block"].where(found["block"].isin(area.blocks)))
    for column in {"network", "network_name"} & set(found.columns):
        found[column] = found[column].where(found.index.isin(list(own)))
    if "body" in found:
        found["body"] = found["body"].where(found["body"].isin(list(bodies)))
    return found


def _check_lumps(spec: Mapping[str, Any], codes: pd.Series, where: str) -> None:
    """Raise if `lumps` names a code that counts nobody: it may be misspelt, and the lump missed."""
    there = {folded(code) for code in codes.unique()}
    idle = [code for code in spec.get("lumps", {}) if folded(code) not in there]
    if idle:
        raise InputError(
            f"`lumps` of register {spec['name']!r} names {counted(len(idle), 'code')} that no row "
            f"of {where} has: {first_five(idle)}; take it out of `lumps`, or spell it as there"
        )


def _with_rows_for(known: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Give every organisation a row, where the rule `missing` says that some have none."""
    bare = {code for code in codes.str.strip().unique() if code and not is_total(code)}
    return known.reindex(known.index.union(sorted(bare)))


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
    known = known[[not is_total(code) for code in known.index]]
    everything = pd.concat([known, lumps])
    everything.attrs = known.attrs
    return everything
