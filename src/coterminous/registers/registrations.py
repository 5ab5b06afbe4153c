"""How does an official file become a register? Its counts, joined with what is known of sites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers import nhs
from coterminous.registers.belonging import OTHERS, bodies_of
from coterminous.registers.belonging import own as belong
from coterminous.registers.official_tables import Faults, all_faults
from coterminous.registers.register import Register
from coterminous.registers.sites import checked_sites, said_of_sites
from coterminous.registers.tables import LUMP

if TYPE_CHECKING:
    from coterminous.geography import Geography


def of_registrations(
    path: str | Path,
    *,
    area: Geography | None = None,
    name: str = "gp",
    practices: pd.DataFrame | None = None,
    bodies: str | None = None,
    everywhere: bool = False,
    published: bool = False,
    member: str | None = None,
    sheet: str | None = None,
    own_register: bool = True,
) -> Register:
    """Make a register of Patients Registered at a GP Practice, by practice and LSOA.

    See `Register.from_nhs_registrations`. `own_register` says whether the geography's register of
    that name may be asked for what it knows; not while that one itself is made.

    Raises
    ------
    InputError
    """
    where = _bundled() if area is None else area
    read = nhs.registrations(path, blocks=where.blocks, member=member, sheet=sheet)
    own = where.register(name) if own_register and name in where.register_names else None
    known = _known_of(own, read) if practices is None else practices
    described = _described(known, read.names, "general practice")
    faults, people = Faults(), read.people
    layer = own.bodies if own is not None and bodies is None else None
    if known is not None:
        used = read.names.index.union(people["organisation"].unique())
        idle = described.index[~described.index.isin(used)]
        faults.add("practice with nobody in the file, left out", len(idle), 0, idle)
        described = described.drop(idle)
        if layer is None:
            given = described["body"].dropna() if "body" in described else ()
            layer = bodies_of(where, given, bodies)
        if not everywhere:
            named = own.organisations.index if own is not None else pd.Index([])
            mine = belong(where, described, layer, people) | described.index.isin(named)
            theirs = _about(practices, "others")
            if theirs is not None:
                mine &= ~described.index.isin(theirs)
            people, described = _lumped(people, described, mine, faults)
    found = Register.from_table(
        people.rename(columns={"place": "block"}),
        area=where,
        name=name,
        place="block",
        organisations=described,
        published=published,
        title="Patients registered with general practices",
        date=read.date,
        source=Path(path).name,
        faults=all_faults(
            read.faults,
            _about(practices, "faults"),
            faults.table(),
            _without_site(people, described),
        ),
        note=" ".join(
            filter(None, (read.note, _moved(practices, people), _read_from(path, read, practices)))
        ),
    )
    shared = read.shared_out
    if len(shared):
        rest = ~shared["organisation"].isin(found.organisations.index)
        shared = shared.assign(organisation=shared["organisation"].mask(rest, OTHERS))
    return replace(found, bodies=layer, shared_out=shared, sites=_sites_of(practices, people))


def of_trust_patients(
    path: str | Path,
    *,
    area: Geography | None = None,
    name: str = "trust",
    year: str | None = None,
    admissions: str = "All Admissions",
    trusts: pd.DataFrame | None = None,
    published: bool = False,
    member: str | None = None,
    sheet: str | None = None,
) -> Register:
    """Make a register of OHID's patients by trust and MSOA.

    Parameters
    ----------
    path : path
        CSV or Excel; see `nhs.trust_patients`.
    area : Geography, optional
        Its lookup has the MSOA of each block, `msoa11_code`; the bundled geography if not given.
    name : str
    year, admissions : str
        Which catchment year and type of admission, where the file has several.
    trusts : pandas.DataFrame, optional
        What is known of each trust, as `organisations` of a register; what the geography's own
        register of that name knows, if not given.
    published : bool
        Say so of OHID's own file.
    member, sheet : str, optional
        Which file of a zip, or sheet of a workbook, that has several.

    Returns
    -------
    Register
        By MSOA (`resolution` ``zone``): an MSOA that a layer cuts is shared out by population.
        What was not published by trust is the lump ``UNATTRIBUTED``.

    Raises
    ------
    InputError
    """
    where = _bundled() if area is None else area
    if "msoa11_code" not in where.lookup.columns:
        raise InputError(f"geography {where.name!r} has no column `msoa11_code` in its lookup")
    msoas = where.lookup["msoa11_code"]
    read = nhs.trust_patients(
        path,
        msoas=msoas.dropna(),
        year=year,
        admissions=admissions,
        member=member,
        sheet=sheet,
    )
    own = where.register(name) if name in where.register_names else None
    known = _known_of(own, read) if trusts is None else trusts
    used = read.people["organisation"].unique()
    names = read.names[read.names.index.isin(used)]
    described = _described(known, names, "acute trust")
    return Register.from_table(
        read.people.rename(columns={"place": "zone"}),
        area=where,
        name=name,
        place="zone",
        organisations=described,
        places=msoas.fillna("no MSOA"),
        published=published,
        title="Patients admitted by acute trusts",
        date=read.date,
        source=Path(path).name,
        faults=all_faults(read.faults, _without_site(read.people, described)),
        note=_read_from(path, read, None),
    )


def of_official_file(
    path: str | Path,
    *,
    area: Geography,
    name: str | None = None,
    practices: pd.DataFrame | None = None,
    published: bool = False,
    member: str | None = None,
    sheet: str | None = None,
) -> Register:
    """Make a register of a file of registrations or of trust patients, whichever it is.

    Raises
    ------
    InputError
        If its columns are of neither, or it has no organisation of the register that it replaces.
    """
    if nhs.is_of_trusts(path, member=member, sheet=sheet):
        found = of_trust_patients(
            path, area=area, name=name or "trust", published=published, member=member, sheet=sheet
        )
    else:
        found = of_registrations(
            path,
            area=area,
            name=name or area.role("patients") or "gp",
            practices=practices,
            published=published,
            member=member,
            sheet=sheet,
        )
    own = area.register(found.name) if found.name in area.register_names else None
    if own is not None and not own.organisations.index.isin(found.people["organisation"]).any():
        raise InputError(
            f"{path} has none of the organisations of register {own.name!r}, such as "
            f"{first_five(own.organisations.index[:2])}; it counts {found.title.lower()}"
        )
    return found


def _bundled() -> Geography:
    from coterminous.files import bundled_folder
    from coterminous.geography import Geography

    return Geography.from_files(bundled_folder())


def _known_of(own: Register | None, read: nhs.Counted) -> pd.DataFrame | None:
    """Return what a register knows of the organisations that a file counts."""
    if own is None:
        return None
    return own.organisations[own.organisations.index.isin(read.people["organisation"])]


def _described(known: pd.DataFrame | None, names: pd.Series, kind: str) -> pd.DataFrame:
    """Join what is known of organisations with the names that the file gives."""
    listed = names.to_frame("name")
    if known is None:
        return listed.assign(kind=kind)
    single = known[known["kind"] != LUMP] if "kind" in known else known
    everything = single.reindex(single.index.union(listed.index))
    if "name" not in everything:
        everything["name"] = pd.Series(None, index=everything.index, dtype="str")
    everything["name"] = everything["name"].fillna(listed["name"])
    return everything.assign(kind=kind)


def _without_site(people: pd.DataFrame, described: pd.DataFrame) -> pd.DataFrame:
    """Count the organisations whose site is not known, with their people."""
    totals = people.groupby("organisation")["patients"].sum()
    block = described["block"] if "block" in described else pd.Series(dtype="str")
    lost = totals.drop(["UNATTRIBUTED", OTHERS], errors="ignore")
    lost = lost[block.reindex(lost.index).isna()]
    faults = Faults()
    faults.add("organisation without a site in the blocks", len(lost), lost.sum(), lost.index)
    return faults.table()


def _lumped(
    people: pd.DataFrame, described: pd.DataFrame, mine: pd.Series, faults: Faults
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make one lump of the organisations that are not the geography's."""
    rest = described.index[~mine]
    if not len(rest):
        return people, described
    code = people["organisation"].where(~people["organisation"].isin(rest), OTHERS)
    summed = people.assign(organisation=code).groupby(["organisation", "place"], as_index=False)
    theirs = people[people["organisation"].isin(rest)]
    faults.add(
        "practice whose body is not the geography's and whose site is not in it, counted in OTHER",
        theirs["organisation"].nunique(),
        theirs["patients"].sum(),
        theirs["organisation"].unique(),
    )
    lump = pd.DataFrame(
        {"name": ["All other practices"], "kind": [LUMP]}, index=pd.Index([OTHERS], name="code")
    )
    kept = described[mine.to_numpy()]
    return summed["patients"].sum(), pd.concat([kept, lump]) if len(theirs) else kept


def _about(practices: pd.DataFrame | None, what: str) -> Any:
    return None if practices is None else practices.attrs.get(what)


def _read_from(path: str | Path, read: nhs.Counted, practices: pd.DataFrame | None) -> str:
    """Say which files the figures are counted from, and as at when."""
    when = f"as at {read.date}" if read.date else "of no date that the file gives"
    more = "" if practices is None else practices.attrs.get("read", "")
    return f"Counted from {Path(path).name}, {when}{f'; {more}' if more else ''}."


def _sites_of(practices: pd.DataFrame | None, people: pd.DataFrame) -> pd.DataFrame:
    """List the sites that were moved or are doubtful, of organisations that have people."""
    found = checked_sites(practices)
    lists = people.groupby("organisation")["patients"].sum()
    found = found[found.index.isin(lists.index)]
    return found.assign(patients=lists.reindex(found.index))


def _moved(practices: pd.DataFrame | None, people: pd.DataFrame) -> str:
    return said_of_sites(_sites_of(practices, people))
