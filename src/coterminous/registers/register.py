"""Who uses which organisation, and where do they live? A register counts people by both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.arguments import texts
from coterminous.errors import InputError, first_five, unknown
from coterminous.owned import hands_out_copies
from coterminous.registers.counting import Places
from coterminous.registers.lumps import LARGEST_COLUMNS, checked_largest
from coterminous.registers.official_tables import all_faults
from coterminous.registers.row_codes import counting_rows, said_of_faults, settled, spelt
from coterminous.registers.tables import (
    ELSEWHERE,
    FAULT_COLUMNS,
    LUMP,
    SITE_COLUMNS,
    UNKNOWN,
    Resolution,
    check_people,
    codes_of,
    counts_of,
    described,
    resolved,
    said_of_fractions,
)
from coterminous.registers.whereabouts import Whereabouts
from coterminous.results import closed
from coterminous.vintages.rows import SHARED_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from coterminous.geography import Geography
    from coterminous.layer import Layer


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Register(Whereabouts):
    """People by organisation and by where they live: patients on lists, or treated.

    Make one with `Geography.register`, `from_table`, `from_nhs_registrations` or
    `from_ohid_trusts`. Nothing in it is lost: people of unknown address and from beyond the
    blocks are rows whose place is ``unknown`` or ``elsewhere``.

    Attributes
    ----------
    name, title, unit, date, source : str
    open : bool
        Whether it is published. What is not open is never written out as it is.
    resolution : str
        ``block``, or ``zone`` where people are counted by zones of blocks.
    organisations : pandas.DataFrame
        By code: `name`, `kind` (``lump`` for what is no single organisation, such as all
        others), `site`, `postcode`, `block` of its main site, `easting`, `northing`, `body` that
        it belongs to, and often `network`.
    people : pandas.DataFrame
        `organisation`, the place (a column named as the resolution) and `patients`.
    places : pandas.Series
        The place of every block: the block itself, or its zone.
    residents : pandas.Series
        People of each block, by whom a cut place is shared out.
    bodies : Layer or None
        The layer whose areas are the bodies that organisations belong to.
    members : pandas.DataFrame or None
        For networks and bodies: `organisation`, `member`, `block` and `patients` of each member.
    faults : pandas.DataFrame
        What was found wrong when it was read: `fault`, `rows`, `people`, `examples`.
    shared_out : pandas.DataFrame
        Of a file by LSOAs of another year than the blocks: `organisation`, `source` (an LSOA of
        the file that lies in several blocks), `block` and `patients` shared out to it.
    largest : pandas.DataFrame
        What is known of organisations within the lumps: `organisation` (a lump), the place, and
        `patients`, the most that any single one of them has there. Where it has no row, one of
        them may have all of the lump's.
    sites : pandas.DataFrame
        Sites that do not stand where the lines of the blocks put them, or where they are said to,
        by code: `name`, `what` (``moved`` or ``doubtful``), `council` of the postcode, `was`,
        `block` and `patients`.
    """

    name: str
    title: str
    unit: str
    date: str
    source: str
    open: bool
    resolution: Resolution
    organisations: pd.DataFrame
    people: pd.DataFrame
    places: pd.Series
    residents: pd.Series
    bodies: Layer | None = None
    members: pd.DataFrame | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    faults: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*FAULT_COLUMNS]))
    shared_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SHARED_COLUMNS))
    largest: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=[*LARGEST_COLUMNS, "block", "zone"])
    )
    sites: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*SITE_COLUMNS]))

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        *,
        area: Geography,
        name: str = "register",
        organisation: str = "organisation",
        place: str | None = None,
        people: str = "patients",
        organisations: pd.DataFrame | None = None,
        places: pd.Series | None = None,
        published: bool = False,
        title: str = "",
        unit: str = "patients",
        date: str = "",
        source: str = "",
        note: str = "",
        bodies: Layer | None = None,
        sources: tuple[str, ...] = (),
        faults: pd.DataFrame | None = None,
        largest: pd.DataFrame | None = None,
    ) -> Register:
        """Make a register of a tidy table.

        Parameters
        ----------
        table : pandas.DataFrame
            A row for each organisation and place, with the people counted there. Places are
            blocks, or zones of blocks; ``unknown`` and ``elsewhere`` are places too. Rows of
            totals are left out, and codes that differ only in letter case or in what cannot be
            seen are taken as they are known; `faults` and `note` say what was done.
        area : Geography
        name : str
        organisation, place, people : str
            The columns; `place` is ``block`` or ``zone`` if not given.
        organisations : pandas.DataFrame, optional
            What is known of each, by code; see the class.
        places : pandas.Series, optional
            The zone of every block, if places are zones other than the geography's own.
        published : bool
            Say so if anybody may see every count; a file that a user brings is restricted.
        title, unit, date, source, note : str
            What it is called, what is counted, as at when, who published it, and an assumption to
            be printed with it.
        bodies : Layer, optional
            The layer whose areas are the bodies that organisations belong to.
        sources : tuple of str
            Names of the geography's sources, whose statements are printed with it.
        faults : pandas.DataFrame, optional
            What was found wrong when it was read; see the class.
        largest : pandas.DataFrame, optional
            The most people that any single organisation within a lump has, by lump and place;
            see the class.

        Raises
        ------
        InputError
            If a column is missing, an organisation has a place twice, a place is unknown, a
            code is spelt in two ways, a count is missing or negative, or `largest` is of a code
            that is no lump.

        Examples
        --------
        >>> import coterminous as ct
        >>> import pandas as pd
        >>> blocks = pd.DataFrame({"population": [5, 7]}, index=["a", "b"])
        >>> town = ct.Geography.from_frames(blocks)
        >>> rows = {"organisation": ["X", "X"], "block": ["a", "b"], "patients": [3, 4]}
        >>> Register.from_table(pd.DataFrame(rows), area=town).total
        7
        """
        column = place or ("block" if "block" in table.columns else "zone")
        for wanted in (organisation, column, people):
            if wanted not in table.columns:
                raise InputError(f"`table`: {unknown('column', wanted, list(table.columns))}")
        of_block = pd.Series(area.blocks, index=area.blocks, dtype="str")
        zones = places if places is not None else area.zones
        named = {*area.blocks} if zones is None else {*area.blocks, *zones.dropna()}
        table, wrong = counting_rows(table, organisation, column, people, named)
        resolution, of_place = resolved(table[column], of_block, zones)
        lacking = area.blocks.difference(of_place.dropna().index)
        if len(lacking):
            raise InputError(
                f"`places` lacks {len(lacking):,} of {len(area.blocks):,} blocks: "
                f"{first_five(lacking)}"
            )
        of_place = of_place.reindex(area.blocks)
        who = codes_of(table[organisation], "`table`", organisation)
        where = codes_of(table[column], "`table`", column)
        if organisations is not None:
            index = pd.Series(organisations.index.astype("str"))
            organisations = organisations.set_axis(
                pd.Index(spelt(index, (), "`organisations`"), dtype="str")
            )
        listed = () if organisations is None else organisations.index
        there = [*of_place.dropna().unique(), UNKNOWN, ELSEWHERE]
        rows = pd.DataFrame(
            {
                "organisation": spelt(who, listed, f"`table`: column `{organisation}`"),
                resolution: spelt(where, there, f"`table`: column `{column}`"),
                "patients": counts_of(table, people, who + "/" + where),
            }
        )
        check_people(rows, resolution, of_place)
        note = note or said_of_fractions(rows["patients"], name)
        known = settled(
            described(organisations, rows["organisation"]),
            organisations,
            rows.groupby("organisation")["patients"].sum(),
            wrong,
            blocks=area.blocks,
            bodies=bodies,
        )
        found = wrong.table()
        note = " ".join(filter(None, (note, said_of_faults(found, published=published))))
        return cls(
            name=name,
            title=title or name,
            unit=unit,
            date=date,
            source=source,
            open=published,
            resolution=resolution,
            organisations=known,
            people=rows.sort_values(["organisation", resolution], ignore_index=True),
            places=of_place,
            residents=area.weight(area.residents),
            note=note,
            bodies=bodies,
            sources=sources,
            faults=found if faults is None else all_faults(faults, found),
            largest=checked_largest(
                largest,
                resolution=resolution,
                places=of_place,
                lumps=known.index[known["kind"] == LUMP],
            ),
        )

    @classmethod
    def from_nhs_registrations(
        cls,
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
    ) -> Register:
        """Read NHS England's Patients Registered at a GP Practice, by practice and LSOA.

        Parameters
        ----------
        path : path
            A CSV, or a zip that holds one. Patients in one column of all, in two of males and
            females, or in rows by sex, which are added up.
        area : Geography, optional
            Its blocks are the LSOAs; the bundled geography if not given. Patients who live in
            other LSOAs are counted as ``elsewhere``.
        name : str
            Of the register.
        practices : pandas.DataFrame, optional
            What is known of each practice, as of `practices`: its site, body and network. What the
            geography's own register of that name knows, if not given.
        bodies : str, optional
            The layer whose areas are the bodies that practices belong to; that of the geography's
            register, or the layer that has their codes, if not given.
        everywhere : bool
            Keep every practice of the file by itself. If not, those whose body is none of the
            geography's and whose site is not in it are one lump, ``OTHER``, and `faults` says how
            many they are; where nothing is known of any practice, all are kept.
        published : bool
            Say so of NHS England's own file; a file of your own is restricted.
        member, sheet : str, optional
            Which file of a zip, or sheet of a workbook, that has several.

        Returns
        -------
        Register
            By block: exact for every layer. Its `faults` say what was unknown, hidden or
            elsewhere, what was left out of the lists of practices and networks, and how many
            people use practices whose site is not known; its `note` names the file and its date.

        Raises
        ------
        InputError
            If a column is missing, a count is negative or no number, or a practice has an LSOA
            twice.
        """
        from coterminous.registers.registrations import of_registrations

        return of_registrations(
            path,
            area=area,
            name=name,
            practices=practices,
            bodies=bodies,
            everywhere=everywhere,
            published=published,
            member=member,
            sheet=sheet,
        )

    @classmethod
    def from_ohid_trusts(
        cls,
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
        """Read OHID's patients by trust and MSOA.

        Parameters
        ----------
        path : path
            CSV or Excel.
        area : Geography, optional
            Its lookup has the MSOA of each block, `msoa11_code`; the bundled geography if not
            given.
        name : str
            Of the register.
        year, admissions : str
            Which catchment year and type of admission, where the file has several.
        trusts : pandas.DataFrame, optional
            What is known of each trust, as `organisations` of a register; what the geography's
            own register of that name knows, if not given.
        published : bool
            Say so of OHID's own file.
        member, sheet : str, optional
            As for `from_nhs_registrations`.

        Returns
        -------
        Register
            By MSOA (`resolution` ``zone``): an MSOA that a layer cuts is shared out by
            population. What was not published by trust is the lump ``UNATTRIBUTED``.

        Raises
        ------
        InputError
            If a column is missing, the file has several years or types and none was chosen, or a
            count is negative or no number.
        """
        from coterminous.registers.registrations import of_trust_patients

        return of_trust_patients(
            path,
            area=area,
            name=name,
            year=year,
            admissions=admissions,
            trusts=trusts,
            published=published,
            member=member,
            sheet=sheet,
        )

    # ------------------------------------------------------------------ asking

    @property
    def total(self) -> int | float:
        """Everybody in the register."""
        return self.people["patients"].sum().item()

    @property
    def lumps(self) -> tuple[str, ...]:
        """The codes that are no single organisation: all others, and what was not published."""
        return tuple(self.organisations.index[self.organisations["kind"] == LUMP])

    @property
    def single(self) -> pd.Series:
        """Whether each code is an organisation, and no lump."""
        return self._single.copy(deep=False)

    @cached_property
    def _single(self) -> pd.Series:
        return self.organisations["kind"] != LUMP

    @cached_property
    def by_place(self) -> Places:
        """Its people by organisation and place, laid out once for counting by any layer."""
        return Places.of(self)

    @property
    def lists(self) -> pd.Series:
        """Everybody of each organisation, wherever they live, by code."""
        return self._lists.copy(deep=False)

    @cached_property
    def _lists(self) -> pd.Series:
        totals = self.people.groupby("organisation")["patients"].sum()
        return totals.reindex(self.organisations.index, fill_value=0).rename("registered")

    def by(self, column: str) -> Register:
        """Count the same people by what their organisation belongs to.

        Parameters
        ----------
        column : str
            ``network``, ``body``, or another column of `organisations` that holds codes.

        Returns
        -------
        Register
            Its organisations are the networks (with `members`, a count). The people of
            organisations that belong to none are the lump ``NONE``; of those of which it is not
            known, and of lumps, ``OTHER``.

        Examples
        --------
        >>> import coterminous as ct
        >>> networks = ct.load().register("gp").by("network")
        >>> len(networks.organisations) - len(networks.lumps)
        41
        """
        if column not in self.organisations.columns:
            raise unknown("column", column, [c for c in self.organisations.columns if c != "name"])
        from coterminous.registers.groups import grouped

        return grouped(self, column)

    def only(self, codes: pd.Index | Iterable[str] | str) -> Register:
        """Return the register of some organisations alone; the others are not in it.

        A code that is given twice counts once.

        Parameters
        ----------
        codes : iterable of str
            Codes of organisations.
        """
        given = set(texts(codes, "codes"))
        missing = pd.Index(sorted(given)).difference(self.organisations.index)
        if len(missing):
            raise InputError(
                f"`codes` has {len(missing)} organisations that register {self.name!r} lacks: "
                f"{first_five(missing)}"
            )
        chosen = sorted(given)
        kept = self.people["organisation"].isin(chosen)
        return replace(
            self,
            organisations=self.organisations.loc[chosen],
            people=self.people[kept].reset_index(drop=True),
            shared_out=self.shared_out[self.shared_out["organisation"].isin(chosen)],
            largest=self.largest[self.largest["organisation"].isin(chosen)],
        )

    @property
    def restricted(self) -> tuple[str, ...]:
        """Its name where it is not published: what a result of it must say of itself."""
        return () if self.open else (self.name,)

    def require_open(self, what: str) -> None:
        """Raise unless the register is published, before anything of it is written out.

        Parameters
        ----------
        what : str
            What it is for, in the words of the error.

        Raises
        ------
        DisclosureError
        """
        if not self.open:
            raise closed(self.name, what)

    # ------------------------------------------------------------------ inside

    def __repr__(self) -> str:
        single = len(self.organisations) - len(self.lumps)
        said = f"{self.total:,.0f} {self.unit}; open" if self.open else "restricted"
        return f"<Register {self.name}: {single:,} organisations by {self.resolution}; {said}>"

    def _repr_html_(self) -> str:
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        table = self.organisations.to_html(escape=True, max_rows=20) if self.open else ""
        return f"<p>{escape(repr(self))}</p>{note}{table}"
