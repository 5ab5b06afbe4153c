"""How many people has each network, or body? A register summed by what organisations belong to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coterminous.registers.tables import LUMP, LUMP_NAMES, ORGANISATION_COLUMNS

if TYPE_CHECKING:
    from coterminous.registers.register import Register


def grouped(register: Register, column: str) -> Register:
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
        shared_out=register.shared_out.assign(
            organisation=register.shared_out["organisation"].map(code)
        ),
        # Several organisations of a lump may be of one group, so nothing is known of its largest.
        largest=register.largest.iloc[:0],
        members=members.sort_values(["organisation", "member"], ignore_index=True),
    )
