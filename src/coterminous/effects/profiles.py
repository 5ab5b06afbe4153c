"""How large is each area, who lives there, and who is registered there? Sizes, each named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.arguments import asked
from coterminous.effects.partings import GROUPS
from coterminous.errors import checked_share
from coterminous.layer import OUTSIDE
from coterminous.registers.counting import count, rehomed
from coterminous.registers.listsizes import registered_in

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.registers.register import Register
    from coterminous.registers.whereabouts import Home
    from coterminous.shares import AnyLayer

#: Both shares of the two-way test of 2012, when clinical commissioning groups were authorised.
TWO_WAY = 0.75


@asked
def lists(
    area: Geography,
    layer: str | AnyLayer,
    *,
    register: str | Register | None = None,
    home: Home | None = None,
    weight: str | None = None,
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
    register : str or Register, optional
        That of patients if not given.
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
        people who live beyond it, so that every column adds up. ``attrs["notes"]`` holds what
        the register says of itself, such as the file it was counted from and its date.

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
    counted = area.register(area.needed(register, "patients", "register"))
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
            "residents": chosen.ledger(area.weight(area.counted(weight))),
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
    table.attrs["notes"] = _notes_of(counted)
    return table


def _notes_of(register: Register) -> tuple[str, ...]:
    """Say what a register says of itself, such as its file and date; nothing if it says nothing."""
    return (register.note,) if register.note else ()


@asked
def two_way_test(
    area: Geography,
    layer: str | AnyLayer,
    *,
    register: str | Register | None = None,
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
        without a list, or without a person on one, is not `ok`. ``attrs["notes"]`` as of `lists`.

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
    found = table[["name", *shares]].assign(ok=(table[shares] >= threshold).all(axis=1))
    found.attrs["notes"] = table.attrs["notes"]
    return found


@asked
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
        name, the one that counts people as `residents`; `registered` (with practices in the
        area; only where a published register has the role `patients`, and missing for areas that
        it does not count); and `share_` of the residents for weights with the roles `ages` and
        `deprivation`. ``attrs["notes"]`` as of `lists`, empty without a register.

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
    others = [w for w in area.weight_names if w != area.residents]
    table["residents"] = chosen.ledger(area.weight(area.residents))
    registered = registered_in(area, chosen)
    notes: tuple[str, ...] = ()
    if registered is not None:
        table["registered"] = registered.reindex(codes)
        notes = _notes_of(area.register(area.needed(None, "patients", "register")))
    grouped = {w for role in GROUPS.values() for w in area.role_names(role)}
    for weight in others:
        table[weight] = chosen.ledger(area.weight(weight))
    residents = table["residents"].where(table["residents"] > 0)
    for weight in others:
        if weight in grouped:
            table[f"share_{weight}"] = table[weight] / residents
    table.attrs["notes"] = notes
    return table
