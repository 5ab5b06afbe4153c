"""How does an official file become a register? Its counts, joined with what is known of sites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers import nhs
from coterminous.registers.official_tables import Faults
from coterminous.registers.register import Register
from coterminous.registers.tables import LUMP

if TYPE_CHECKING:
    from coterminous.geography import Geography


def of_registrations(
    path: str | Path,
    *,
    area: Geography | None = None,
    name: str = "gp",
    practices: pd.DataFrame | None = None,
    published: bool = False,
    member: str | None = None,
) -> Register:
    """Make a register of Patients Registered at a GP Practice, by practice and LSOA.

    Parameters
    ----------
    path : path
        A CSV, or a zip that holds one.
    area : Geography, optional
        Its blocks are the LSOAs; the bundled geography if not given. Patients who live in other
        LSOAs are counted as ``elsewhere``.
    name : str
    practices : pandas.DataFrame, optional
        What is known of each practice, as of `sources.ods.practices`: its site, body and network.
        What the geography's own register of that name knows, if not given.
    published : bool
        Say so of NHS England's own file; a file of your own is restricted.
    member : str, optional
        Which file of a zip that holds several.

    Returns
    -------
    Register
        By block: exact for every layer. Its `faults` say what was unknown, hidden or elsewhere,
        and how many people use practices whose site is not known.

    Raises
    ------
    InputError
        If a column is missing, a count is negative or no number, or a practice has an LSOA twice.
    """
    where = _bundled() if area is None else area
    read = nhs.registrations(path, blocks=where.blocks, member=member)
    own = where.register(name) if name in where.register_names else None
    known = _known_of(own, read) if practices is None else practices
    described = _described(known, read.names, "general practice")
    found = Register.from_table(
        read.people.rename(columns={"place": "block"}),
        area=where,
        name=name,
        place="block",
        organisations=described,
        published=published,
        title="Patients registered with general practices",
        date=read.date,
        source=Path(path).name,
        bodies=own.bodies if own is not None else None,
        faults=_with_sites(read, described),
        note=read.note,
    )
    return replace(found, shared_out=read.shared_out)


def of_trust_patients(
    path: str | Path,
    *,
    area: Geography | None = None,
    name: str = "trust",
    year: str | None = None,
    admissions: str = "All Admissions",
    trusts: pd.DataFrame | None = None,
    published: bool = False,
) -> Register:
    """Make a register of OHID's patients by trust and MSOA.

    Parameters
    ----------
    path : path
        CSV or Excel; see `sources.nhs.trust_patients`.
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
    read = nhs.trust_patients(path, msoas=msoas.dropna(), year=year, admissions=admissions)
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
        faults=_with_sites(read, described),
    )


def of_official_file(
    path: str | Path, *, area: Geography, name: str | None = None, published: bool = False
) -> Register:
    """Make a register of a file of registrations or of trust patients, whichever it is.

    Raises
    ------
    InputError
        If its columns are of neither, or it has no organisation of the register that it replaces.
    """
    if nhs.is_of_trusts(path):
        found = of_trust_patients(path, area=area, name=name or "trust", published=published)
    else:
        found = of_registrations(path, area=area, name=name or "gp", published=published)
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
    everything["name"] = everything["name"].fillna(listed["name"])
    return everything.assign(kind=kind)


def _with_sites(read: nhs.Counted, described: pd.DataFrame) -> pd.DataFrame:
    """Add to the faults the organisations whose site is not known, with their people."""
    people = read.people.groupby("organisation")["patients"].sum()
    block = described["block"] if "block" in described else pd.Series(dtype="str")
    lost = people.drop("UNATTRIBUTED", errors="ignore")
    lost = lost[block.reindex(lost.index).isna()]
    faults = Faults()
    faults.add("organisation without a site in the blocks", len(lost), lost.sum(), lost.index)
    found = [read.faults, faults.table()]
    return pd.concat([f for f in found if len(f)] or found[:1], ignore_index=True)
