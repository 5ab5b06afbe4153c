"""Which geography and year is a column of codes?"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coterminous as ct
from coterminous.errors import InputError
from coterminous.vintages import codes, expect

from .published import of_change, parquet, texts


@pytest.mark.parametrize(
    ("table", "column", "vintages"),
    [
        ("lsoa11", "lsoa11_code", ("lsoa2011",)),
        ("lsoa21", "lsoa21_code", ("lsoa2021",)),
        ("lsoa11", "msoa11", ("msoa2011",)),
        ("lsoa21", "ward24_code", ("ward2024",)),
        ("lsoa21", "ltla24_code", ("ltla2023",)),
        ("lsoa11", "ccg21", ("ccg2021_gss",)),
        ("lsoa11", "sicbl22", ("ccg2021", "sicbl2022")),
        ("councils", "ltla21", ("ltla2021",)),
        ("councils", "utla21", ("utla2021",)),
        ("councils", "ltla23", ("ltla2023",)),
        ("councils", "utla23", ("utla2023",)),
        ("councils", "ltla25", ("ltla2025",)),
        ("councils", "utla25", ("utla2025",)),
        ("councils", "region21", ("region2021",)),
        ("councils", "pfa24", ("pfa2024",)),
        ("ccgs21", "ccg21_ods", ("ccg2021", "sicbl2022")),
        ("ccgs21", "stp21_code", ("stp2021",)),
        ("boards", "sicbl22_gss", ("sicbl2022_gss",)),
        ("boards", "icb22", ("icb2022",)),
        ("boards", "icb22_gss", ("icb2022_gss",)),
        ("boards26", "icb26", ("icb2026",)),
    ],
)
def test_a_whole_column_is_told_by_its_codes_alone(table, column, vintages):
    read = parquet(table) if table.startswith("lsoa") else texts(table)
    assert codes(read[column]).vintages == vintages


def test_codes_that_both_years_have_are_of_both():
    same = of_change("U")["lsoa11_code"]
    found = codes(same)
    assert found.vintages == ("lsoa2011", "lsoa2021")
    assert (found.vintage, found.year) == (None, None)
    assert found.said == "LSOAs of 2011 or 2021: the 31,810 codes are the same in each"


def test_one_code_of_one_year_alone_decides():
    same, only = list(of_change("U")["lsoa11_code"][:50]), of_change("S")["lsoa21_code"].iloc[0]
    found = codes([*same, only])
    assert (found.vintage, found.year) == ("lsoa2021", 2021)
    assert found.not_in == {"lsoa2011": 1, "lsoa2021": 0}


def test_a_mixed_column_is_refused_with_the_offenders():
    before, after = of_change("S")["lsoa11_code"].iloc[0], of_change("S")["lsoa21_code"][:3]
    with pytest.raises(InputError) as refused:
        codes([before, *after], where="LSOA.csv, column LSOA")
    assert str(refused.value) == (
        "LSOA.csv, column LSOA is of no one year: 3 of its 4 codes are of LSOAs of 2021, but 1 of "
        f"LSOAs of 2011 ({before!r}); give the codes of one year"
    )


def test_a_code_of_no_year_is_an_offender():
    with pytest.raises(InputError, match=r"but 1 of no year known here \('E01099999'\)"):
        codes(["E01000001", "E01099999"])


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (["E01000001", "E02000001"], "mixes geographies: 1 of its codes are LSOAs, and 1 MSOAs"),
        (["01K", "E38000228"], "mixes 1 GSS codes"),
        (["01K", "Total"], "1 of 2 codes that are of no geography known here: 'Total'"),
        (["QNQ", "S1Y5D"], r"1 of integrated care boards of 2026 \('S1Y5D'\)"),
        (["E07000026", "E06000063"], "of no one year: 1 of its 2 codes"),
        (["", None], "all of its 2 rows are empty"),
    ],
)
def test_what_is_of_no_one_geography_is_refused(column, said):
    with pytest.raises(InputError, match=said):
        codes(column)


def test_the_year_of_msoas_is_told_as_far_as_it_can_be():
    every = codes(parquet("lsoa11")["msoa11"])
    assert (every.vintage, every.notes) == ("msoa2011", ())
    some = codes(["E02000001", "E02005254"])
    assert some.vintage == "msoa2011" and "no list of those of 2021" in some.notes[0]
    above = codes(["E02000001", "E02006935"])
    assert above.year == 2021 and "above the highest of 2011, E02006934" in above.notes[0]
    gap = codes(["E02000001", "E02000025"] if "E02000025" not in every.codes else [_gap(every)])
    assert gap.vintages == () and "none of the 6,791 of 2011" in gap.notes[0]


def _gap(every) -> str:
    numbers = {int(c[3:]) for c in every.codes}
    return f"E02{min(set(range(1, max(numbers))) - numbers):06d}"


def test_codes_of_other_countries_and_of_no_place_are_counted_apart():
    found = codes(pd.Series(["E01000001", "W01000001", "W01000001", "S01006506", "NO2011", None]))
    assert found.vintages == ("lsoa2011", "lsoa2021")
    assert found.elsewhere.set_index("what")["rows"].to_dict() == {
        "Scotland": 1, "Wales": 2, "no place": 1,
    }  # fmt: skip
    assert (found.rows, found.empty) == (6, 1)
    wales = codes(["W01000001"])
    assert (
        wales.kind == "elsewhere" and wales.said == "no codes of England: 1 of Wales: 'W01000001'"
    )


def test_organisations_have_a_kind_but_no_year():
    assert codes(["P81001", "Y00001"]).kind == "practice"
    assert codes(["U12345"]).kind == "network"
    assert codes(["RXR", "R0A"]).kind == "trust"
    assert codes(["P81001"]).vintages == ()


def test_a_wrong_year_is_refused_with_the_translation_that_mends_it():
    column = parquet("lsoa21")["lsoa21_code"]
    assert codes(column, expected="LSOA21").vintage == "lsoa2021"
    with pytest.raises(InputError) as refused:
        codes(column, expected="lsoa11", where="new.csv")
    assert str(refused.value) == (
        "new.csv: LSOAs of 2021 (33,755 codes), not LSOAs of 2011; translate counts with "
        "coterminous.translate(values, to='lsoa2011'), areas with "
        "coterminous.vintages.translate_lookup(areas, to='lsoa2011'), a file of either with "
        "`coterminous translate FILE --to lsoa2011`"
    )
    with pytest.raises(InputError, match="`expected` is 'lsoa1991', which is not one of"):
        codes(column, expected="lsoa1991")


def test_the_board_whose_footprint_alone_changed_is_noted():
    assert "Hart and Rushmoor" in codes(["QRL", "QE1"]).notes[0]
    assert codes(["QE1"]).notes == ()


def test_the_door_explains_what_it_can_and_leaves_the_rest():
    lancashire = ct.load().blocks
    with pytest.raises(
        InputError,
        match="no row for [0-9]+ of 1,635 codes: .*LSOAs of 2021 .*translate FILE --to lsoa2011",
    ):
        expect(parquet("lsoa21")["lsoa21_code"], lancashire, where="x.csv")
    with pytest.raises(InputError, match="its codes are MSOAs of 2011.*give a column of LSOAs"):
        expect(parquet("lsoa11")["msoa11"], lancashire, where="x.csv")
    expect(parquet("lsoa11")["lsoa11_code"], lancashire, where="x.csv")
    expect(["nw", "ne"], ["nw", "sw"], where="x.csv")
    expect(["P81001"], ["nw"], where="x.csv")
    expect([], lancashire, where="x.csv")


@settings(max_examples=15)
@given(st.permutations(list(range(40))), st.booleans())
def test_order_repetition_and_case_do_not_matter(order, small):
    column = list(parquet("lsoa21")["lsoa21_code"][-20:]) * 2
    shuffled = [column[i].lower() if small else f" {column[i]}" for i in order]
    assert codes(shuffled).as_json()["said"] == codes(column).said


def test_the_advice_for_a_lookup_of_a_wrong_year_works_for_a_lookup():
    import pandas as pd

    import coterminous as ct

    lookup = pd.Series({"E01000001": "north", "E01033769": "south"})
    with pytest.raises(
        InputError, match=r"coterminous\.vintages\.translate_lookup\(areas, to='lsoa2"
    ):
        codes(lookup.index, expected="lsoa2011")
    made = ct.vintages.translate_lookup(lookup, to="lsoa2011")
    assert made.lookup["E01000001"] == "north"
    assert made.target == "lsoa2011"
