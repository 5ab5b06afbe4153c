"""How large is each area, who lives there, and who is registered there? Sizes, each named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.effects.partings import GROUPS
from coterminous.errors import checked_share
from coterminous.layer import OUTSIDE
from coterminous.registers.counting import count, rehomed

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.registers.register import Home, Register
    from coterminous.shares import AnyLayer

#: Both shares of the two-way test of 2012, when clinical commissioning groups were authorised.
TWO_WAY = 0.75
#: A place is counted by a register from this share of its residents, an area from that of its own.
COUNTED, MOST = 0.5, 0.95


def lists(
    area: Geography,
    layer: str | AnyLayer,
    *,
    register: str | Register = "gp",
    home: Home | None = None,
    weight: str = "population",
    moved: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Put the registered population of each area beside its residents.

    Neither is ever rescaled to the other: councils count those living in an area, the NHS those
    registered with practices in it. No rule hides small counts here, so that a register that is
    not published is refused.

    Parameters
    ----------
    area : Geography
    layer : str or Layer
    register : str or Register
    home : {'site', 'list', 'body'}, optional
        Which lists are an area's; see `Register.homes`.
    weight : str
        The residents.
    moved : mapping of organisation to area code, optional
        Organisations whose home is taken to be another area, as in a scenario.

    Returns
    -------
    pandas.DataFrame
        By area code: `name`; `residents` (living in); `registered` (with organisations in, all
        of their lists); `living_in` (people in the register who live there, wherever
        registered); `both` (living in and registered in); `share_registered_inside` (`both` of
        `living_in`) and `share_living_inside` (`both` of `registered`). The row ``outside``
        holds residents outside the layer, the lists of organisations without a home in it, and
        people who live beyond it, so that every column adds up.

    Raises
    ------
    InputError
    DisclosureError
        If the register is restricted.

    Examples
    --------
    >>> import coterminous as ct
    >>> sizes = lists(ct.load(), "place2022")
    >>> sizes.loc["blackpool", ["residents", "registered"]].tolist()
    [138381, 176857]
    """
    chosen = area.layer(layer)
    counted = area.register(register)
    counted.require_open("a table of lists")
    tally = count(counted, chosen)
    homes = rehomed(counted.homes(chosen, home), moved, chosen)
    codes = [*chosen.codes, OUTSIDE]
    registered = counted.lists.groupby(homes.fillna(OUTSIDE)).sum()
    at_home = pd.Series(tally.at(homes), index=tally.organisations)
    both = at_home.groupby(homes.fillna(OUTSIDE)).sum()
    living = pd.Series(tally.by_area[: len(chosen)], index=chosen.codes)
    beyond = tally.by_area[len(chosen) :].sum()
    table = pd.DataFrame(
        {
            "name": [*chosen.names, OUTSIDE],
            "residents": chosen.ledger(area.weight(weight)),
            "registered": registered.reindex(codes, fill_value=0),
            "living_in": pd.concat([living, pd.Series({OUTSIDE: beyond})]),
            "both": both.reindex(codes, fill_value=0),
        },
        index=pd.Index(codes, name="code"),
    )
    for share, whole in (
        ("share_registered_inside", "living_in"),
        ("share_living_inside", "registered"),
    ):
        total = table[whole].where(table[whole] > 0)
        table[share] = (table["both"] / total).mask(table.index == OUTSIDE)
    return table


def registered_in(
    area: Geography,
    layer: AnyLayer,
    *,
    register: str = "gp",
    moved: Mapping[str, str] | None = None,
) -> pd.Series | None:
    """Sum the lists of the organisations of each area, to stand beside its residents.

    Parameters
    ----------
    area : Geography
    layer : Layer
    register : str
    moved : mapping of organisation to area code, optional
        As for `lists`.

    Returns
    -------
    pandas.Series or None
        People by area code, ``outside`` last: the lists of organisations without a home in the
        layer. Missing for areas whose people the register does not count (see `counted_areas`),
        for their lists would be too short. None where the geography has no such register, or it
        is not published.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> int(registered_in(area, area.layer("place2022"))["blackpool"])
    176857
    """
    if register not in area.register_names or not area.register(register).open:
        return None
    counted = area.register(register)
    homes = rehomed(counted.homes(layer), moved, layer)
    codes = pd.Index([*layer.codes, OUTSIDE], name="code")
    found = counted.lists.groupby(homes.fillna(OUTSIDE)).sum().reindex(codes, fill_value=0)
    known = counted_areas(counted, layer).reindex(codes, fill_value=True)
    return found.convert_dtypes().where(known).rename("registered")


def counted_areas(register: Register, layer: AnyLayer) -> pd.Series:
    """Say of which areas a register counts the people, and so has all the lists.

    A register of one board has a few people who live beyond it, and none of the practices there:
    the bundled one counts 0 patients of practices in Carlisle, where 108,524 people live.

    Parameters
    ----------
    register : Register
    layer : Layer

    Returns
    -------
    pandas.Series of bool
        By area code: whether at least 95% of its residents live in places (zones or blocks) where
        the people in the register are at least half as many as the residents.

    Examples
    --------
    >>> import coterminous as ct
    >>> area = ct.load()
    >>> int(counted_areas(area.register("gp"), area.layer("ltla2021")).sum())
    16
    """
    residents = register.residents.groupby(register.places).sum()
    people = register.people.groupby(register.resolution)["patients"].sum()
    well = people.reindex(residents.index, fill_value=0) >= residents * COUNTED
    everybody = layer.ledger(register.residents)
    there = layer.ledger(register.residents.where(register.places.map(well), 0))
    return (there >= everybody * MOST).drop(OUTSIDE)


def two_way_test(
    area: Geography,
    layer: str | AnyLayer,
    *,
    register: str | Register = "gp",
    home: Home | None = None,
    threshold: float = TWO_WAY,
    moved: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Check that people who live in an area are registered there, and the other way round.

    The two-way test of 2012: of those who live in the area and are on a list, at least 75% are
    on one inside; of those on its lists, at least 75% live inside.

    Parameters
    ----------
    area : Geography
    layer : str or Layer
    register, home, moved
        See `lists`.
    threshold : float
        The least share, both ways.

    Returns
    -------
    pandas.DataFrame
        By area code: `name`, `share_registered_inside`, `share_living_inside` and `ok`. An area
        without a list, or without a person on one, is not `ok`.

    Raises
    ------
    InputError
    DisclosureError
        If the register is restricted.

    Examples
    --------
    >>> import coterminous as ct
    >>> bool(two_way_test(ct.load(), "pbp2021")["ok"].all())
    True
    """
    threshold = checked_share("threshold", threshold, "0.75 for 75%", none=True)
    shares = ["share_registered_inside", "share_living_inside"]
    table = lists(area, layer, register=register, home=home, moved=moved).drop(index=OUTSIDE)
    return table[["name", *shares]].assign(ok=(table[shares] >= threshold).all(axis=1))


def profile(area: Geography, layer: str | AnyLayer) -> pd.DataFrame:
    """Describe each area: its size in both populations, its age and its deprivation.

    Parameters
    ----------
    area : Geography
    layer : str or Layer

    Returns
    -------
    pandas.DataFrame
        By area code, ``outside`` last: `name`, `blocks`; every weight of the geography by its
        name, the first as `residents`; `registered` (with practices in the area; only where
        there is a published register `gp`, and missing for areas that it does not count); and
        `share_` of the residents for weights that are groups of them (`age_`, `quintile_`).

    Examples
    --------
    >>> import coterminous as ct
    >>> found = profile(ct.load(), "place2022")
    >>> found["residents"].tolist(), round(float(found.loc["blackpool", "share_quintile_1"]), 3)
    ([150030, 138381, 1227076, 186168, 934223], 0.569)
    """
    chosen = area.layer(layer)
    codes = pd.Index([*chosen.codes, OUTSIDE], name="code")
    one = pd.Series(1, index=area.blocks)
    table = pd.DataFrame({"name": [*chosen.names, OUTSIDE]}, index=codes)
    table["blocks"] = chosen.ledger(one)
    first, *others = area.weight_names
    table["residents"] = chosen.ledger(area.weight(first))
    registered = registered_in(area, chosen)
    if registered is not None:
        table["registered"] = registered.reindex(codes)
    grouped = tuple(GROUPS.values())
    for weight in others:
        table[weight] = chosen.ledger(area.weight(weight))
    residents = table["residents"].where(table["residents"] > 0)
    for weight in others:
        if weight.startswith(grouped):
            table[f"share_{weight}"] = table[weight] / residents
    return table
