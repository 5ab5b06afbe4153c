"""Who uses which organisation, and where do they live? A register counts people by both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from coterminous.errors import DisclosureError, InputError, first_five, unknown
from coterminous.layer import OUTSIDE, Layer
from coterminous.overlap import _memberships

if TYPE_CHECKING:
    from pathlib import Path

    from coterminous.geography import Geography

UNKNOWN = "unknown"
ELSEWHERE = "elsewhere"
#: What `by_area` may answer beside the areas of the layer, in the order in which it is printed.
BEYOND = (OUTSIDE, ELSEWHERE, UNKNOWN)
LUMP = "lump"
Home = Literal["site", "list", "body"]
Resolution = Literal["block", "zone"]

EXACT = "exact: every {resolution} of the register lies in one area, or in none"
APPORTIONED = (
    "apportioned: the people of {cut} of {all} {resolution}s that the layer cuts are shared out by "
    "resident population"
)
ORGANISATION_COLUMNS = ("name", "kind", "site", "postcode", "block", "easting", "northing", "body")
FAULT_COLUMNS = ("fault", "rows", "people", "examples")


@dataclass(frozen=True, eq=False, repr=False)
class Register:
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
        **described: Any,
    ) -> Register:
        """Make a register of a tidy table.

        Parameters
        ----------
        table : pandas.DataFrame
            A row for each organisation and place, with the people counted there. Places are
            blocks, or zones of blocks; ``unknown`` and ``elsewhere`` are places too.
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
        **described
            `title`, `unit`, `date`, `source`, `note`, `bodies`, `sources`, `faults`.

        Raises
        ------
        InputError
            If a column is missing, an organisation has a place twice, a place is unknown, or a
            count is missing or negative.

        Examples
        --------
        >>> import coterminous as ct
        >>> import pandas as pd
        >>> town = ct.Geography.from_frames(pd.DataFrame({"population": [5, 7]}, index=["a", "b"]))
        >>> seen = pd.DataFrame({"organisation": ["X", "X"], "block": ["a", "b"], "patients": [3, 4]})
        >>> Register.from_table(seen, area=town).total
        7
        """
        column = place or ("block" if "block" in table.columns else "zone")
        for wanted in (organisation, column, people):
            if wanted not in table.columns:
                raise InputError(f"`table`: {unknown('column', wanted, list(table.columns))}")
        of_block = pd.Series(area.blocks, index=area.blocks, dtype="str")
        zones = places if places is not None else area.zones
        resolution, of_place = _resolution(table[column], of_block, zones)
        counted = pd.DataFrame(
            {
                "organisation": _codes(table[organisation], "`table`", organisation),
                resolution: _codes(table[column], "`table`", column),
                "patients": _counts(table, people),
            }
        )
        _check_people(counted, resolution, of_place)
        return cls(
            name=name,
            title=str(described.pop("title", name)),
            unit=str(described.pop("unit", "patients")),
            date=str(described.pop("date", "")),
            source=str(described.pop("source", "")),
            open=published,
            resolution=resolution,
            organisations=_described(organisations, counted["organisation"]),
            people=counted.sort_values(["organisation", resolution], ignore_index=True),
            places=of_place,
            residents=area.weight(next(iter(area.weights.index))),
            **described,
        )

    @classmethod
    def from_nhs_registrations(cls, path: str | Path, **options: Any) -> Register:
        """Read NHS England's patients by practice and LSOA; see `sources.nhs.registrations`."""
        from coterminous.sources.nhs import registrations

        return registrations(path, **options)

    @classmethod
    def from_ohid_trusts(cls, path: str | Path, **options: Any) -> Register:
        """Read OHID's patients by trust and MSOA; see `sources.nhs.trust_patients`."""
        from coterminous.sources.nhs import trust_patients

        return trust_patients(path, **options)

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
    def lists(self) -> pd.Series:
        """Everybody of each organisation, wherever they live, by code."""
        totals = self.people.groupby("organisation")["patients"].sum()
        return totals.reindex(self.organisations.index, fill_value=0).rename("registered")

    def by_area(self, layer: Layer) -> pd.DataFrame:
        """Count people by organisation and area of residence.

        Parameters
        ----------
        layer : Layer

        Returns
        -------
        pandas.DataFrame
            `organisation`, `area`, `value`, sorted; only what is not 0. `area` may be
            ``outside`` (in the blocks, but outside the layer), ``elsewhere`` (beyond the
            blocks) or ``unknown``. The values add up to `total`; they are whole numbers where
            the register counts so and `is_exact`.

        Examples
        --------
        >>> import coterminous as ct
        >>> area = ct.load()
        >>> found = area.register("gp").by_area(area.layer("icb2022"))
        >>> int(found.loc[found["area"] == "QE1", "value"].sum())
        1831748
        """
        shares = self._shares(layer)
        rows = self.people.merge(shares, on=self.resolution, how="left")
        rows["area"] = rows["area"].fillna(rows[self.resolution])
        share = rows["share"].fillna(1.0)
        if not (share == 1.0).all():
            rows["patients"] = rows["patients"] * share
        found = rows.groupby(["organisation", "area"], as_index=False)["patients"].sum()
        found = found[found["patients"] > 0].rename(columns={"patients": "value"})
        if not np.isclose(found["value"].sum(), self.total, rtol=1e-9):
            raise ArithmeticError(f"{found['value'].sum()} people were found of {self.total}")
        return found.reset_index(drop=True)

    def matrix(self, layer: Layer) -> pd.DataFrame:
        """Return `by_area` as organisations by areas, then ``outside``, ``elsewhere``, ``unknown``."""
        found = self.by_area(layer)
        columns = [*layer.codes, *BEYOND]
        cells = np.zeros((len(self.organisations), len(columns)), dtype=found["value"].dtype)
        row = self.organisations.index.get_indexer(found["organisation"])
        cells[row, pd.Index(columns).get_indexer(found["area"])] = found["value"]
        return pd.DataFrame(
            cells, index=self.organisations.index, columns=pd.Index(columns, name="area")
        )

    def is_exact(self, layer: Layer) -> bool:
        """Say whether every place lies in one area of the layer, or in none."""
        return bool((self._shares(layer)["share"] == 1.0).all())

    def method(self, layer: Layer) -> str:
        """Say how exact the people by area of a layer are; to be printed with the figures."""
        shares = self._shares(layer)
        cut = shares.loc[shares["share"] != 1.0, self.resolution].nunique()
        text = APPORTIONED if cut else EXACT
        return text.format(resolution=self.resolution, cut=cut, all=self.places.nunique())

    def homes(self, layer: Layer, home: Home | None = None) -> pd.Series:
        """Give each organisation its home area in a layer; missing where it has none.

        Parameters
        ----------
        layer : Layer
        home : {'site', 'list', 'body'}, optional
            ``site``: the area that holds the block of its main site. ``list``: the area where
            most of its people in the layer live (ties to the smaller code). ``body``: the area
            that holds the whole of the body it belongs to. ``site`` where the register knows
            sites, else ``list``, if not given. A lump has no home.
        """
        how = home or self.default_home
        if how == "site":
            found = self.organisations["block"].map(layer.assignment)
        elif how == "list":
            inside = self.matrix(layer)[list(layer.codes)]
            most = inside.columns.to_numpy()[inside.to_numpy().argmax(axis=1)]
            found = pd.Series(most, index=inside.index).where(inside.sum(axis=1) > 0)
        elif how == "body":
            found = self._homes_of_bodies(layer)
        else:
            raise unknown("home", how, ["site", "list", "body"])
        found = found.astype("str").rename("home")
        return found.mask(self.organisations["kind"] == LUMP)

    @property
    def default_home(self) -> Home:
        """How homes are found if nothing is said: by site, or by list where no site is known."""
        return "site" if self.organisations["block"].notna().any() else "list"

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
        return _grouped(self, column)

    def only(self, codes: pd.Index | list[str]) -> Register:
        """Return the register of some organisations alone; the others are not in it."""
        missing = pd.Index(codes).difference(self.organisations.index)
        if len(missing):
            raise InputError(
                f"`codes` has {len(missing)} organisations that register {self.name!r} lacks: "
                f"{first_five(missing)}"
            )
        kept = self.people["organisation"].isin(codes)
        return replace(
            self,
            organisations=self.organisations.loc[sorted(codes)],
            people=self.people[kept].reset_index(drop=True),
        )

    def require_open(self, what: str) -> None:
        """Raise unless the register is published, before anything of it is written out.

        Raises
        ------
        DisclosureError
        """
        if not self.open:
            raise restricted(self.name, what)

    # ------------------------------------------------------------------ inside

    def _shares(self, layer: Layer) -> pd.DataFrame:
        """List the areas that each place lies in, with the share of its people in each."""
        if not layer.blocks.equals(self.places.index):
            raise InputError(
                f"layer {layer.name!r} is made of other blocks than register {self.name!r}"
            )
        clash = sorted({ELSEWHERE, UNKNOWN} & set(layer.codes))
        if clash:
            raise InputError(f"layer {layer.name!r} has a reserved code: {first_five(clash)}")
        parts = _memberships(layer)
        parts[self.resolution] = parts["block"].map(self.places)
        parts["people"] = parts["share"] * parts["block"].map(self.residents)
        summed = parts.groupby([self.resolution, "area"], as_index=False)[["people", "share"]].sum()
        whole = summed.groupby(self.resolution)[["people", "share"]].transform("sum")
        # A place where nobody lives is shared out by blocks.
        by_people = summed["people"] / whole["people"].where(whole["people"] > 0)
        summed["share"] = by_people.fillna(summed["share"] / whole["share"])
        alone = ~summed.duplicated(self.resolution, keep=False)
        summed["share"] = summed["share"].mask(alone, 1.0)
        return summed.loc[summed["share"] > 0, [self.resolution, "area", "share"]]

    def _homes_of_bodies(self, layer: Layer) -> pd.Series:
        body = self.organisations["body"]
        if body.isna().all():
            raise InputError(f"register {self.name!r} says of no organisation what it belongs to")
        if self.bodies is None:
            return body.where(body.isin(layer.codes))
        pairs = pd.DataFrame({"body": self.bodies.assignment, "area": layer.assignment.fillna("")})
        pairs = pairs.dropna().drop_duplicates()
        whole = pairs[~pairs.duplicated("body", keep=False) & (pairs["area"] != "")]
        return body.map(whole.set_index("body")["area"])

    def __repr__(self) -> str:
        said = "open" if self.open else "restricted"
        single = len(self.organisations) - len(self.lumps)
        counted = f"; {self.total:,.0f} {self.unit}" if self.open else ""
        return f"<Register {self.name}: {single:,} organisations by {self.resolution}{counted}; {said}>"

    def _repr_html_(self) -> str:
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        table = self.organisations.to_html(escape=True, max_rows=20) if self.open else ""
        return f"<p>{escape(repr(self))}</p>{note}{table}"


def restricted(register: str, what: str) -> DisclosureError:
    """Build the error for writing out a register that is not published."""
    return DisclosureError(
        f"{what} would write out register {register!r}, which is restricted; hide its small counts "
        "first with coterminous.protect(result), or say that it is published when it is read"
    )


def _grouped(register: Register, column: str) -> Register:
    """Sum a register's people by a column of its organisations."""
    known = register.organisations
    code = known[column].fillna("OTHER").mask(known["kind"] == LUMP, "OTHER")
    names_column = f"{column}_name"
    names = known[names_column] if names_column in known else pd.Series(dtype="str")
    named = dict(zip(code[names.index], names, strict=True)) if len(names) else {}
    if column == "body" and register.bodies is not None:
        named |= dict(zip(register.bodies.codes, register.bodies.names, strict=True))
    named |= LUMP_NAMES
    counts = code.value_counts()
    codes = pd.Index(sorted(counts.index), name="code", dtype="str")
    made = pd.DataFrame(index=codes, columns=list(ORGANISATION_COLUMNS), dtype="str")
    made["name"] = [str(named.get(c, c)) for c in codes]
    made["kind"] = [LUMP if c in LUMP_NAMES else column for c in codes]
    made[["easting", "northing"]] = np.nan
    made["members"] = counts.reindex(codes).to_numpy()
    if column != "body" and known["body"].notna().any():
        pairs = pd.DataFrame({"code": code, "body": known["body"]}).dropna().drop_duplicates()
        single = pairs[~pairs.duplicated("code", keep=False)]
        made["body"] = made.index.map(single.set_index("code")["body"])
    elif column == "body":
        made["body"] = made.index.where(made["kind"] != LUMP)
    people = register.people.assign(organisation=register.people["organisation"].map(code))
    people = people.groupby(["organisation", register.resolution], as_index=False)["patients"].sum()
    members = pd.DataFrame(
        {
            "organisation": code.to_numpy(),
            "member": known.index,
            "block": known["block"].to_numpy(),
            "patients": register.lists.to_numpy(),
        }
    )
    return replace(
        register,
        name=f"{register.name}/{column}",
        title=f"{register.title}, by {column}",
        organisations=made,
        people=people,
        members=members.sort_values(["organisation", "member"], ignore_index=True),
    )


LUMP_NAMES = {
    "NONE": "In none",
    "OTHER": "All others",
    "UNATTRIBUTED": "Not published by organisation",
}


# ---------------------------------------------------------------------- reading and checking


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
    """
    from coterminous.recipes import Folder, keyed
    from coterminous.sites import placed

    folder = Folder(area.folder, area.settings)  # type: ignore[arg-type]
    flows = spec.get("flows", {})
    for key in ("file", "organisation", "people"):
        if key not in flows:
            raise InputError(
                f"{folder.where}: [[register]] {spec['name']!r}: `flows` lacks `{key}`"
            )
    known = spec.get("organisations")
    organisations = None
    if known:
        file = area._folder / known["file"]
        table = keyed(folder.table(known["file"]), known["code"], file)
        organisations = placed(area, table, known, str(file))
        organisations["kind"] = str(spec.get("organisation", "organisation"))
        if "network" in organisations:
            none = organisations["network"] == spec.get("no_network", "")
            organisations["network"] = organisations["network"].mask(none, "NONE")
    place = "zone" if "zone" in flows else "block"
    named = {flows[k]: c for k, c in (("organisation", "organisation"), (place, place))}
    table = folder.table(flows["file"])
    try:
        return Register.from_table(
            table.rename(columns={**named, flows["people"]: "patients"}),
            area=area,
            name=spec["name"],
            place=place,
            organisations=organisations,
            published=bool(spec.get("open", False)),
            title=str(spec.get("title", spec["name"])),
            unit=str(spec.get("unit", "patients")),
            date=str(spec.get("date", "")),
            source=str(spec.get("source", "")),
            note=str(spec.get("note", "")),
            sources=tuple(spec.get("sources", [])) or tuple(filter(None, [spec.get("source")])),
            bodies=area.layer(spec["bodies"]) if "bodies" in spec else None,
        )
    except InputError as error:
        raise InputError(f"{area._folder / flows['file']}: {error}") from error


def _resolution(
    given: pd.Series, blocks: pd.Series, zones: pd.Series | None
) -> tuple[Resolution, pd.Series]:
    """Say whether places are blocks or zones, and give the place of each block."""
    named = set(given.dropna().astype("str").str.strip()) - {UNKNOWN, ELSEWHERE}
    if named <= set(blocks.index):
        return "block", blocks.rename("block")
    if zones is not None and (named <= set(zones) or not named & set(blocks.index)):
        return "zone", zones.astype("str").rename("zone")
    return "block", blocks.rename("block")


def _codes(column: pd.Series, where: str, name: str) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        raise InputError(f"{where}: column `{name}` holds numbers, not codes; read it as text")
    codes = column.astype("str").str.strip()
    empty = int((codes.isna() | (codes == "")).sum())
    if empty:
        raise InputError(f"{where}: column `{name}` is empty in {empty:,} rows; give each a code")
    return codes


def _counts(table: pd.DataFrame, column: str) -> pd.Series:
    """Return counts as numbers: whole where all are."""
    numbers = pd.to_numeric(table[column], errors="coerce").astype(float)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise InputError(
            f"column `{column}` has {int(bad.sum()):,} counts that are missing or no numbers: "
            f"{first_five(table.loc[bad, column])}; leave out such rows and say so, or give them "
            "a number"
        )
    below = numbers < 0
    if below.any():
        raise InputError(
            f"column `{column}` has {int(below.sum()):,} negative counts, of "
            f"{-numbers[below].sum():,.0f} people: {first_five(numbers[below])}"
        )
    return numbers.astype(np.int64) if (numbers % 1 == 0).all() else numbers


def _check_people(people: pd.DataFrame, resolution: str, places: pd.Series) -> None:
    twice = people.duplicated(["organisation", resolution], keep=False)
    if twice.any():
        pairs = people.loc[twice, ["organisation", resolution]].drop_duplicates()
        raise InputError(
            f"{len(pairs):,} pairs of organisation and {resolution} are given more than once, with "
            f"{people.loc[twice, 'patients'].sum():,} people: "
            f"{first_five('/'.join(p) for p in pairs.itertuples(index=False))}; sum them first"
        )
    known = {*places, UNKNOWN, ELSEWHERE}
    strange = ~people[resolution].isin(known)
    if strange.any():
        raise InputError(
            f"{people.loc[strange, resolution].nunique():,} {resolution}s, with "
            f"{people.loc[strange, 'patients'].sum():,} people, are not in the geography: "
            f"{first_five(people.loc[strange, resolution].unique())}; call places beyond it "
            f"{ELSEWHERE!r}"
        )
    reserved = sorted(set(people["organisation"]) & {OUTSIDE})
    if reserved:
        raise InputError(f"an organisation has a reserved code: {first_five(reserved)}")


def _described(given: pd.DataFrame | None, counted: pd.Series) -> pd.DataFrame:
    """Give every organisation of the counts, and every one described, a row."""
    known = pd.DataFrame(index=pd.Index([], dtype="str")) if given is None else given
    twice = known.index[known.index.duplicated()].unique()
    if len(twice):
        raise InputError(f"`organisations` has codes more than once: {first_five(twice)}")
    codes = pd.Index(sorted({*known.index, *counted}), name="code", dtype="str")
    made = known.set_axis(known.index.astype("str")).reindex(codes)
    for column in ORGANISATION_COLUMNS:
        number = column in ("easting", "northing")
        if column not in made:
            made[column] = np.nan if number else pd.Series(None, index=codes, dtype="str")
        elif not number:
            made[column] = made[column].astype("str")
    lump = codes.isin(list(LUMP_NAMES))
    made["name"] = made["name"].fillna(pd.Series(LUMP_NAMES)).fillna(codes.to_series())
    common = made["kind"].dropna().unique()
    made["kind"] = made["kind"].fillna(str(common[0]) if len(common) == 1 else "organisation")
    made.loc[lump, "kind"] = LUMP
    rest = [c for c in made.columns if c not in ORGANISATION_COLUMNS]
    return made[[*ORGANISATION_COLUMNS, *rest]]
