"""Counts by the areas of another year: is everybody there, and where they belong?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coterminous.errors import InputError
from coterminous.vintages import translate
from coterminous.vintages.sharing import running_shares, whole_shares

from .published import of_change, pairs, parquet, texts


def by_hand(people: int, weights: list[int]) -> list[int]:
    """The largest remainder, in fractions, one person at a time."""
    from fractions import Fraction

    due = [Fraction(people * w, sum(weights)) for w in weights]
    given = [int(d) for d in due]
    for i in sorted(range(len(due)), key=lambda i: (given[i] - due[i], i))[: people - sum(given)]:
        given[i] += 1
    return given


def only(frame: pd.DataFrame, year: str, value: str) -> pd.Series:
    return frame.drop_duplicates(f"lsoa{year}_code").set_index(f"lsoa{year}_code")[value]


def test_a_split_lsoa_is_shared_by_the_residents_of_its_parts():
    split = of_change("S")
    before = only(split, "11", "population").astype("int64")
    found = translate(before, to="lsoa2021")
    for code, parts in list(split.groupby("lsoa11_code"))[:200]:
        expected = by_hand(int(before[code]), list(parts["census2021"]))
        assert list(found.values[list(parts["lsoa21_code"])]) == expected
    assert found.values.sum() == before.sum()
    assert found.ledger == {
        "given": before.sum(), "translated": before.sum(), "unchanged": 0, "whole": 0,
        "shared_out": before.sum(), "elsewhere": 0, "no_place": 0,
    }  # fmt: skip


def test_the_parts_of_a_split_lsoa_are_summed_on_the_way_back():
    split = of_change("S")
    after = only(split, "21", "census2021").astype("int64")
    found = translate(after, to="lsoa2011")
    expected = split.groupby("lsoa11_code")["census2021"].sum()
    assert found.values.to_dict() == expected.to_dict()
    assert found.ledger["shared_out"] == 0 and found.notes == ()


def test_merged_lsoas_are_summed_and_shared_by_population_on_the_way_back():
    merged = of_change("M")
    before = only(merged, "11", "population").astype("int64")
    forward = translate(before, to="lsoa2021")
    assert forward.values.to_dict() == merged.groupby("lsoa21_code")["population"].sum().to_dict()
    assert forward.ledger["shared_out"] == 0
    after = only(merged, "21", "census2021").astype("int64")
    back = translate(after, to="lsoa2011")
    for code, parts in merged.groupby("lsoa21_code"):
        expected = by_hand(int(after[code]), list(parts["population"]))
        assert list(back.values[list(parts["lsoa11_code"])]) == expected
    shared = f"{after.sum():,} people of 97 areas that lie in several are shared out by resident"
    assert back.notes[0].startswith(shared)


def test_the_whole_of_england_goes_there_and_back_without_losing_anybody():
    before = parquet("lsoa11").set_index("lsoa11_code")["population"].astype("int64")
    there = translate(before, to="lsoa2021", irregular="population")
    assert there.values.sum() == 56_550_138 and len(there.values) == 33_755
    back = translate(there.values, to="lsoa2011", irregular="population")
    assert back.values.sum() == 56_550_138 and len(back.values) == 32_844
    same = [*of_change("U")["lsoa11_code"], *of_change("S")["lsoa11_code"].unique()]
    assert back.values[same].equals(before[same])
    counted = there.changes["change"].value_counts().to_dict()
    assert counted == {"S": 834, "M": 194, "X": 6}


def test_irregular_changes_need_counts_or_an_agreed_rule():
    before = only(of_change("X"), "11", "population").astype("int64")
    with pytest.raises(InputError) as refused:
        translate(before, to="lsoa2021")
    cut = ["E01008187", "E01023508", "E01023964"]
    assert str(refused.value) == (
        f"3 of the codes changed irregularly, with {before[cut].sum():,} people: 'E01008187', "
        "'E01023508', 'E01023964'; give counts by pair of source and target as `by`, or "
        "irregular='population' (--irregular population) to share them out by residents"
    )
    whole = before.drop(cut)
    assert translate(whole, to="lsoa2021").values.sum() == whole.sum()
    ruled = translate(before, to="lsoa2021", irregular="population")
    table = ruled.table.set_index(["source", "target"])["value"]
    # Of the 1,089 residents of E01035637 none are left when E01027506 (1,140) is taken away.
    assert table["E01008187"].to_dict() == {"E01035624": before["E01008187"], "E01035637": 0}
    rest = of_change("X").set_index(["lsoa11_code", "lsoa21_code"])
    left = rest["census2021"]["E01023508", "E01035582"] - before["E01023768"]
    alone = rest["census2021"]["E01023508", "E01035609"]
    assert list(table["E01023508"]) == by_hand(int(before["E01023508"]), [left, alone])
    assert "changed irregularly" in ruled.notes[1]
    pairs_of = pd.Series(
        [9, 1, 9, 1, 9, 1],
        pd.MultiIndex.from_frame(
            of_change("X").loc[lambda t: t["lsoa11_code"].isin(cut), ["lsoa11_code", "lsoa21_code"]]
        ),
    )
    counted = translate(before, to="lsoa2021", by=pairs_of)
    shares = counted.table.set_index(["source", "target"])["share"]
    assert shares["E01008187", "E01035624"] == 0.9 and counted.by == "counts"


def test_lsoas_are_shared_by_counts_of_your_own_by_target():
    split = of_change("S")
    code = split["lsoa11_code"].iloc[0]
    parts = list(split.loc[split["lsoa11_code"] == code, "lsoa21_code"])
    counts = pd.Series([3, *[1] * (len(parts) - 1)], index=parts)
    found = translate(pd.Series({code: 100}), to="lsoa2021", by=counts)
    assert list(found.values[parts]) == by_hand(100, list(counts))
    with pytest.raises(InputError, match=f"no count for 1 pieces .*{code} to {parts[0]}"):
        translate(pd.Series({code: 100}), to="lsoa2021", by=counts.iloc[1:])


def test_councils_become_those_of_2023_and_2025_whole():
    councils = texts("councils")
    people = pd.Series(np.arange(309) + 1, index=councils["ltla21"])
    for year in ("23", "25"):
        found = translate(people, to=f"ltla20{year}")
        expected = people.groupby(councils.set_index("ltla21")[f"ltla{year}"]).sum()
        assert found.values.to_dict() == expected.to_dict()
        assert found.ledger["shared_out"] == 0
    upper = pd.Series(1, index=councils["utla21"].unique())
    shared = translate(upper, to="utla2023")
    # Cumbria alone was cut: between Cumberland and Westmorland and Furness.
    assert shared.ledger["shared_out"] == 1 and shared.ledger["whole"] == 2


def test_councils_of_2023_go_back_by_population():
    lsoas = parquet("lsoa11").merge(texts("councils"), on="ltla21")
    parts = lsoas[lsoas["ltla23"] == "E06000063"].groupby("ltla21")["population"].sum()
    found = translate(pd.Series({"E06000063": 1000, "E07000117": 5}), to="ltla2021")
    assert list(found.values[list(parts.index)]) == by_hand(1000, list(parts))
    assert found.values["E07000117"] == 5
    renamed = translate(pd.Series({"E08000038": 7}), to="ltla2023")
    assert renamed.values.to_dict() == {"E08000016": 7} and renamed.ledger["whole"] == 7


def test_boards_become_those_of_2026_and_frimley_is_cut_by_counts():
    lsoas = parquet("lsoa11").drop(columns="icb26")
    lsoas = lsoas.merge(texts("boards")[["sicbl22", "icb22"]], on="sicbl22")
    boards = lsoas.groupby("icb22")["population"].sum().astype("int64")
    found = translate(boards, to="icb2026")
    assert found.values.sum() == 56_550_138 and len(found.values) == 36
    rule = texts("boards26")
    whole = rule[rule["ltla21"] == ""].merge(lsoas, on="sicbl22")[["icb26", "population"]]
    cut = rule[rule["ltla21"] != ""].merge(lsoas, on=["sicbl22", "ltla21"])[["icb26", "population"]]
    expected = pd.concat([whole, cut]).groupby("icb26")["population"].sum()
    # The weights are the people themselves, so every board has exactly its own.
    assert found.values.to_dict() == expected.to_dict()
    lsoas_of = lsoas.groupby("icb22").size()
    by_lsoas = translate(lsoas_of, to="icb2026", by="lsoas")
    table = by_lsoas.table.set_index(["source", "target"])["value"]
    assert table["QNQ"].to_dict() == {"QRL": 101, "S0E4D": 244, "S9B9J": 95}
    counts = lsoas.set_index("lsoa11_code")["population"]
    own = translate(boards, to="icb2026", by=counts)
    assert own.values.to_dict() == expected.to_dict() and own.by == "counts"


def test_codes_that_mean_other_ground_in_another_year_need_their_year():
    with pytest.raises(InputError, match="become different areas; give `source`, one of: icb2022"):
        translate(pd.Series({"QRL": 5}), to="icb2022")
    back = translate(pd.Series({"QRL": 1194}), source="icb2026", to="icb2022", by="lsoas")
    assert back.values.to_dict() == {"QNQ": 101, "QRL": 1093}
    assert translate(pd.Series({"QE1": 5}), to="icb2022").values.to_dict() == {"QE1": 5}
    found = translate(pd.Series({"QRL": 5}), source="icb2022", to="icb2026")
    assert found.values.to_dict() == {"QRL": 5} and found.ledger["whole"] == 5


def test_three_ccgs_were_cut_between_sub_icb_locations():
    lsoas = parquet("lsoa11")
    people = lsoas.groupby("ccg21")["population"].sum().astype("int64")
    found = translate(people, to="sicbl2022_gss")
    gss = texts("boards").set_index("sicbl22")["sicbl22_gss"]
    expected = lsoas.groupby(lsoas["sicbl22"].map(gss))["population"].sum()
    assert found.values.to_dict() == expected.to_dict()
    cut = found.table[found.table["source"].duplicated(keep=False)]["source"].unique()
    assert list(cut) == ["E38000026", "E38000182", "E38000250"]
    assert found.ledger["shared_out"] == people[list(cut)].sum()


def test_people_of_other_countries_and_of_no_address_are_left_by_name():
    given = pd.Series({"E01000001": 10, "W01000001": 3, "NO2011": 2})
    found = translate(given, to="lsoa2021")
    assert found.values.to_dict() == {"E01000001": 10}
    assert (found.ledger["given"], found.ledger["translated"]) == (15, 10)
    assert (found.ledger["elsewhere"], found.ledger["no_place"]) == (3, 2)
    assert len(found.notes) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pd.Series({"E01000001": -1}), "negative for 1 codes"),
        (pd.Series({"E01000001": np.nan}), "missing for 1 codes"),
        (pd.Series({"E01000001": "x"}), "give a Series of numbers"),
        (pd.Series([1, 2], index=["E01000001", " e01000001"]), "1 codes more than once"),
        (pd.Series({"E02000001": 1}), "`to` is 'lsoa2021', and the codes are MSOAs of 2011"),
        (pd.Series({"P81001": 1}), "there is no lookup for them here"),
        (pd.Series({"E08000016": 1}), "`to` is 'lsoa2021'"),
    ],
)
def test_what_cannot_be_translated_is_refused(values, said):
    with pytest.raises(InputError, match=said):
        translate(values, to="lsoa2021")


def test_numbers_that_are_not_whole_are_shared_exactly():
    merged = of_change("M")
    code = merged["lsoa21_code"].iloc[0]
    weights = merged.loc[merged["lsoa21_code"] == code, "population"].to_numpy()
    found = translate(pd.Series({code: 1.5}), to="lsoa2011")
    assert found.values.to_numpy() == pytest.approx(1.5 * weights / weights.sum())


UNCHANGED = list(of_change("U")["lsoa11_code"][::500])
CHANGED = list(of_change("S")["lsoa11_code"].unique()[:20]) + list(
    of_change("M")["lsoa11_code"][:20]
)


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(UNCHANGED), st.integers(0, 9_999), min_size=1))
def test_unchanged_lsoas_there_and_back_are_the_same(people):
    before = pd.Series(people)
    there = translate(before, source="lsoa2011", to="lsoa2021")
    back = translate(there.values, source="lsoa2021", to="lsoa2011")
    assert back.values.to_dict() == people


@settings(max_examples=15)
@given(
    st.dictionaries(st.sampled_from(UNCHANGED + CHANGED), st.integers(0, 9_999), min_size=2),
    st.randoms(),
)
def test_nobody_is_lost_and_the_order_does_not_matter(people, chance):
    before = pd.Series(people)
    shuffled = before.sample(frac=1, random_state=chance.randrange(2**32))
    found = translate(before, source="lsoa2011", to="lsoa2021")
    assert found.values.sum() == before.sum()
    again = translate(shuffled, source="lsoa2011", to="lsoa2021")
    assert again.values.equals(found.values)


@given(st.integers(0, 10_000), st.lists(st.integers(0, 500), min_size=1, max_size=9))
def test_the_largest_remainder_is_that_done_by_hand(people, weights):
    if not sum(weights):
        return
    assert whole_shares(people, weights).tolist() == by_hand(people, weights)


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=30),
    st.tuples(st.integers(1, 99), st.integers(1, 99)),
)
def test_running_shares_keep_rows_whole_and_columns_within_a_person(people, weights):
    found = running_shares(people, weights)
    assert (found >= 0).all() and found.sum(axis=1).tolist() == people
    due = sum(people) * weights[0] / sum(weights)
    assert abs(found[:, 0].sum() - due) <= 0.5 + 1e-6


def test_the_pairs_of_the_file_are_all_used():
    assert len(pairs()) == 33_855
