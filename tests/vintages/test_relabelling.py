"""A lookup by the codes of another year: each code in one area, and what was decided is said."""

from __future__ import annotations

import pandas as pd
import pytest

from coterminous.errors import InputError
from coterminous.vintages import translate_lookup

from .published import of_change, parquet, texts


def test_an_official_lookup_by_lsoas_of_2021_becomes_one_by_those_of_2011():
    """Districts of 2024 by LSOA of 2021 are those of 2023 by LSOA of 2011, but for a few."""
    given = parquet("lsoa21").set_index("lsoa21_code")["ltla24_code"]
    found = translate_lookup(given, to="lsoa2011")
    councils = texts("councils").set_index("ltla21")["ltla23"]
    expected = parquet("lsoa11").set_index("lsoa11_code")["ltla21"].map(councils)
    irregular = set(of_change("X")["lsoa11_code"])
    same = found.lookup.eq(expected.reindex(found.lookup.index))
    # E01027305 did not change, but the official lookup of 2024 has it in the next district.
    assert set(found.lookup.index[~same]) - irregular == {"E01027305"}
    assert len(found.lookup) == 32_844
    assert set(found.cut["target"]) <= irregular


def test_the_area_of_most_residents_wins_and_the_others_are_counted():
    split = of_change("S")
    code = split["lsoa11_code"].iloc[0]
    parts = split[split["lsoa11_code"] == code].sort_values("census2021")
    areas = pd.Series(["small", *["large"] * (len(parts) - 1)], index=list(parts["lsoa21_code"]))
    found = translate_lookup(areas, to="lsoa2011")
    assert found.lookup.to_dict() == {code: "large"}
    people = found.cut.set_index("area")["people"]
    assert people["small"] == parts["census2021"].iloc[0]
    assert found.cut.set_index("area")["given"].to_dict() == {"large": True, "small": False}
    assert f"{people['small']:,} people of another area" in found.notes[0]


def test_outside_is_an_area_like_any_other_and_lacking_parts_are_named():
    merged = of_change("M")
    code = merged["lsoa21_code"].iloc[0]
    first, second = merged.loc[merged["lsoa21_code"] == code, "lsoa11_code"]
    assert (
        translate_lookup(pd.Series({first: None, second: None}), to="lsoa2021").lookup.isna().all()
    )
    alone = translate_lookup(pd.Series({first: "A"}), to="lsoa2021")
    assert alone.lookup.to_dict() == {code: "A"}
    assert "the lookup has no row for 1 code" in alone.notes[0] and second in alone.notes[0]


def test_a_code_that_is_there_twice_is_refused():
    with pytest.raises(InputError, match="1 codes more than once: 'E01000001'"):
        translate_lookup(pd.Series(["A", "B"], index=["E01000001", "e01000001"]), to="lsoa2021")
