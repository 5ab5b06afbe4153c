"""How many people may one organisation within a lump have? All that is known, or the whole lump."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.errors import InputError, first_five
from coterminous.registers.counting import count
from coterminous.registers.tables import Resolution, check_people, codes_of, counts_of
from coterminous.shares import AnyLayer

if TYPE_CHECKING:
    from coterminous.registers.register import Register

#: A lump, the place (a column named as the resolution) and the most that one of its has there.
LARGEST_COLUMNS = ("organisation", "patients")


def checked_largest(
    given: pd.DataFrame | None,
    *,
    resolution: Resolution,
    places: pd.Series,
    lumps: pd.Index,
) -> pd.DataFrame:
    """Check a table of the most people that one organisation within a lump has, by place.

    Raises
    ------
    InputError
        If a column is missing, a code is no lump, a lump has a place twice, a place is unknown,
        or a number is missing or negative.
    """
    columns = [LARGEST_COLUMNS[0], resolution, LARGEST_COLUMNS[1]]
    if given is None:
        return pd.DataFrame(columns=columns)
    for wanted in columns:
        if wanted not in given.columns:
            raise InputError(f"`largest` has no column {wanted!r}; it has {first_five(given)}")
    rows = pd.DataFrame(
        {
            columns[0]: codes_of(given[columns[0]], "`largest`", columns[0]),
            resolution: codes_of(given[resolution], "`largest`", resolution),
        }
    )
    strange = sorted(set(rows["organisation"]) - set(lumps))
    if strange:
        raise InputError(
            f"`largest` has {len(strange):,} codes that are no lump of the register: "
            f"{first_five(strange)}; give rows of: {', '.join(lumps) or 'none, for it has none'}"
        )
    try:
        rows[columns[2]] = counts_of(given, columns[2])
        check_people(rows, resolution, places)
    except InputError as error:
        raise InputError(f"`largest`: {error}") from error
    return rows.sort_values(columns[:2], ignore_index=True)


def largest_within(register: Register, layer: AnyLayer) -> pd.DataFrame:
    """Bound the people of each area that one organisation within the lumps may have.

    Parameters
    ----------
    register : Register
    layer : Layer

    Returns
    -------
    pandas.DataFrame
        By area, where a lump has people: `lump`, the one that accounts for most of the bound, and
        `most`. In one place an organisation is within one lump, so that the bound is the sum over
        places of the greatest there; a place that the layer cuts is shared out, as people are.
    """
    place = register.resolution
    people = register.people[register.people["organisation"].isin(register.lumps)]
    rows = people.merge(
        register.largest, on=["organisation", place], how="left", suffixes=("", "_of_one")
    )
    # One organisation has no more than the whole lump, and may have all where nothing is known.
    rows["patients"] = np.fmin(rows["patients"], rows["patients_of_one"].astype(float))
    rows = rows.sort_values([place, "patients", "organisation"], ascending=[True, False, True])
    greatest = rows.drop_duplicates(place)[["organisation", place, "patients"]]
    found = count(replace(register, people=greatest), layer).table()
    found = found[found["area"].isin(layer.codes)]
    found = found.sort_values(["area", "value", "organisation"], ascending=[True, False, True])
    first = found.drop_duplicates("area").set_index("area")
    return pd.DataFrame(
        {"lump": first["organisation"], "most": found.groupby("area")["value"].sum()}
    ).rename_axis("area")
