"""Official files: found by the names of their columns, and every fault counted."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

import coterminous as ct
from coterminous.registers.registrations import of_official_file as read_register_file
from coterminous.registers.registrations import of_registrations as registrations

HEADER = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS"


@pytest.fixture
def town() -> ct.Geography:
    r"""Two LSOAs, a hundred people each: E01000001 in A, E01000002 in B."""
    blocks = pd.DataFrame({"population": [100, 100]}, index=["E01000001", "E01000002"])
    area = ct.Geography.from_frames(blocks, name="town")
    return area.with_layer("two", pd.Series({"E01000001": "A", "E01000002": "B"}))


def written(folder, *rows: str, header: str = HEADER):
    path = folder / "registrations.csv"
    full = [f"GP,01JUL2022,{row}" if header == HEADER else row for row in rows]
    path.write_text("\n".join([header, *full]) + "\n", encoding="utf-8")
    return path


def test_registrations_are_read_by_block_with_everybody_kept(town, tmp_path):
    path = written(
        tmp_path,
        "P1,PARK,E01000001,ALL,60",
        "P1,PARK,E01000002,ALL,5",
        "P1,PARK,NO2011,ALL,2",
        "P1,PARK,W01000003,ALL,3",
        "P1,PARK,E01099999,ALL,4",
        "Q1,QUAY,E01000002,ALL,0",
    )
    register = ct.Register.from_nhs_registrations(path, area=town, published=True)

    assert register.total == 74
    assert register.date == "2022-07-01"
    assert register.people.set_index("block")["patients"].to_dict() == {
        "E01000001": 60,
        "E01000002": 5,
        "elsewhere": 7,
        "unknown": 2,
    }
    assert register.organisations["name"].to_dict() == {"P1": "PARK", "Q1": "QUAY"}
    faults = register.faults.set_index("fault")[["rows", "people"]]
    assert faults.loc["address unknown"].tolist() == [1, 2]
    assert faults.loc["LSOA of Wales, counted as elsewhere"].tolist() == [1, 3]
    assert faults.loc["LSOA of England that is no block, counted as elsewhere"].tolist() == [1, 4]


def test_a_file_without_rows_or_with_a_row_without_a_code_is_named(town, tmp_path):
    with pytest.raises(ct.InputError, match=r"registrations.csv has the columns, but no row"):
        registrations(written(tmp_path), area=town)
    path = written(tmp_path, "P1,PARK,E01000001,ALL,60", ",PARK,E01000002,ALL,5")
    with pytest.raises(ct.InputError, match=r"csv: 1 row lacks a code"):
        registrations(path, area=town)
    with pytest.raises(ct.InputError, match="is no file"):
        registrations(tmp_path, area=town)


def test_the_order_of_columns_does_not_matter(town, tmp_path):
    path = written(tmp_path, "7,E01000001,P1", header="Number Of Patients,LSOA_CODE,PRACTICE_CODE")
    assert registrations(path, area=town).total == 7


def test_a_file_of_your_own_is_restricted(town, tmp_path):
    assert not registrations(written(tmp_path, "P1,PARK,E01000001,ALL,60"), area=town).open


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["P1,X,E01000001,ALL,-4"], "has 1 negative count: 'row"),
        (
            ["P1,X,E01000001,ALL,many"],
            "has 1 cell that is no number: row 2: many",
        ),
        (["P1,X,E01000001,ALL,4", "P1,X,E01000001,ALL,4"], "1 pair .* in 2 rows: "),
        (["P1,X,E01000001,ALL,4", "P1,X,NOWHERE,ALL,9"], "1 row with a code that"),
        (["P1,X,E01999999,ALL,4"], "none of its 1 LSOAs is a block of the geography"),
        (["P1,X,E01000001,MALE,4"], "has no row ALL, only 'MALE'"),
    ],
)
def test_bad_registrations_are_counted_in_rows_and_people(town, tmp_path, rows, said):
    with pytest.raises(ct.InputError, match=said):
        registrations(written(tmp_path, *rows), area=town)


def test_a_file_with_other_columns_says_which_are_lacking(town, tmp_path):
    path = written(tmp_path, "P1,4", header="PRACTICE_CODE,MALES")
    with pytest.raises(ct.InputError, match="lacks the column `LSOA_CODE` or .*another year's"):
        registrations(path, area=town)


def test_a_zip_must_hold_one_file(town, tmp_path):
    path = written(tmp_path, "P1,PARK,E01000001,ALL,60")
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    with zipfile.ZipFile(one, "w") as archive:
        archive.write(path, "all.csv")
    with zipfile.ZipFile(two, "w") as archive:
        archive.write(path, "all.csv")
        archive.write(path, "females.csv")

    assert registrations(one, area=town).total == 60
    with pytest.raises(ct.InputError, match="holds 2 tables: 'all.csv', 'females.csv'; say which"):
        registrations(two, area=town)
    assert registrations(two, area=town, member="all.csv").total == 60


def test_a_practice_without_a_site_has_no_home_and_its_people_are_a_line(town, tmp_path):
    path = written(tmp_path, "P1,PARK,E01000001,ALL,60", "Q1,QUAY,E01000002,ALL,9")
    known = pd.DataFrame({"name": ["PARK"], "kind": "gp", "block": ["E01000001"]}, index=["P1"])
    register = registrations(path, area=town, practices=known, published=True)
    found = ct.impact(town, register, before="two", after="two")

    faults = register.faults.set_index("fault")[["rows", "people"]]
    assert faults.loc["organisation without a site in the blocks"].tolist() == [1, 9]
    assert found.ledger["before"][["at_home", "no_home"]].tolist() == [60, 9]
    assert found.organisations["status"].dropna().to_dict() == {"P1": "never_crossing"}


# ------------------------------------------------------------------ networks


def spells(folder, *rows: str):
    path = folder / "epcn.csv"
    header = "practice_code,pcn_code,pcn_name,start_date,end_date"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_membership_is_at_a_date_with_both_ends_included(tmp_path):
    path = spells(tmp_path, "P,U1,ONE,20191001,20220430", "P,U2,TWO,20220501,20240630.0")

    assert ct.networks(path, on="2022-04-30")["network"].to_dict() == {"P": "U1"}
    assert ct.networks(path, on="2022-05-01")["network"].to_dict() == {"P": "U2"}
    assert ct.networks(path, on="2024-07-01").empty


def test_a_practice_with_two_spells_in_one_network_is_one_member(tmp_path):
    path = spells(tmp_path, "P,U1,ONE,20191001,", "P,U1,ONE,20200101,")
    assert ct.networks(path, on="2022-07-01")["network"].to_dict() == {"P": "U1"}


def test_a_practice_in_two_networks_at_once_is_refused(tmp_path):
    path = spells(tmp_path, "P,U1,ONE,20191001,", "P,U2,TWO,20200101,")
    with pytest.raises(ct.InputError, match="1 practices are in two networks on 2022-07-01: 'P'"):
        ct.networks(path, on="2022-07-01")


def test_dates_that_are_none_are_named(tmp_path):
    path = spells(tmp_path, "P,U1,ONE,1/10/2019,")
    with pytest.raises(ct.InputError, match="column `start_date` has 1 cells that are no dates"):
        ct.networks(path, on="2022-07-01")
    with pytest.raises(ct.InputError, match="`on` is 'today'; give a date such as 2022-07-01"):
        ct.networks(path, on="today")


def test_a_membership_that_ends_before_it_starts_is_refused(tmp_path):
    path = spells(tmp_path, "P,U1,ONE,20220101,20210101")
    with pytest.raises(ct.InputError, match="1 memberships end before they start: 'P'"):
        ct.networks(path, on="2022-07-01")


# ------------------------------------------------------------------ practices


def test_a_postcode_that_does_not_exist_leaves_a_practice_without_a_block(lsc, tmp_path):
    blank = [""] * 27
    rows = []
    for code, postcode in (("P81002", "LA1 1PN"), ("P81003", "ZZ99 9ZZ"), ("P81004", "")):
        row = list(blank)
        row[0], row[1], row[9], row[14], row[25] = code, "SURGERY", postcode, "01K", "4"
        rows.append(",".join(row))
    path = tmp_path / "epraccur.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    known = ct.practices(path, area=lsc)

    assert known["block"].isna().to_dict() == {"P81002": False, "P81003": True, "P81004": True}
    assert known.attrs["faults"]["rows"].tolist() == [2]
    assert known["body"].tolist() == ["01K"] * 3


def test_a_file_that_is_not_epraccur_is_refused(lsc, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ct.InputError, match="has 2 columns; epraccur has 27, without a header"):
        ct.practices(path, area=lsc)


# ------------------------------------------------------------------ trusts


def test_what_was_not_published_by_trust_is_a_lump(lsc, tmp_path):
    path = tmp_path / "trusts.csv"
    path.write_text(
        "CatchmentYear,msoa,TrustCode,AdmissionType,patients,total_patients,proportion\n"
        "2019,E02002615,RXR,All Admissions,90,100,0.9\n"
        "2019,E02002615,RXR,Elective,40,50,0.8\n"
        "2019,E02999999,RXN,All Admissions,7,7,1\n",
        encoding="utf-8",
    )
    register = ct.Register.from_ohid_trusts(path, area=lsc, published=True)

    assert register.lists.to_dict() == {"RXN": 7, "RXR": 90, "UNATTRIBUTED": 10}
    assert register.lumps == ("UNATTRIBUTED",)
    faults = register.faults.set_index("fault")["people"]
    assert faults["MSOA that is not in the geography, counted as elsewhere"] == 7
    with pytest.raises(ct.InputError, match="`AdmissionType` is one of 'All Admissions', 'Elect"):
        ct.Register.from_ohid_trusts(path, area=lsc, admissions="Emergency")


# ------------------------------------------------------------------ the official files


@pytest.fixture(scope="module")
def official(lsc, reference) -> ct.Register:
    return registrations(
        reference / "gp-reg-pat-prac-lsoa-all.csv",
        area=lsc,
        practices=lsc.register("gp").organisations,
        published=True,
    )


@pytest.mark.reference
def test_the_official_file_has_everybody_of_the_bundled_one(lsc, official):
    assert official.total == lsc.register("gp").total == 1_839_238
    assert official.resolution == "block"


@pytest.mark.reference
def test_figures_from_zones_equal_those_from_the_official_file(lsc, official):
    """For every layer and every practice: living in it, outside home, and the status."""
    bundled = lsc.register("gp")
    icb = bundled.organisations.index[bundled.organisations["body"].notna()]
    columns = [
        "name", "home_before", "home_after", "patients", "patients_before", "patients_after",
        "outside_before", "outside_after", "share_before", "share_after", "status", "registered",
        "beyond_before", "beyond_after", "elsewhere", "unknown",
    ]  # fmt: skip
    layers = list(lsc.layers.index)
    for before, after in zip(layers, [*layers[1:], layers[0]], strict=True):
        zones = ct.impact(lsc, bundled, before=before, after=after)
        blocks = ct.impact(lsc, official, before=before, after=after)
        pd.testing.assert_frame_equal(
            zones.organisations.loc[icb, columns], blocks.organisations.loc[icb, columns]
        )
        assert zones.summary == blocks.summary
        assert zones.method.startswith("exact")


@pytest.mark.reference
def test_practices_outside_the_board_agree_by_their_patients_in_it(lsc, official):
    """Those that are named one by one, all others as one."""
    bundled = lsc.register("gp")
    named = bundled.organisations.index[
        bundled.organisations["body"].isna() & (bundled.organisations["kind"] != "lump")
    ]
    icb = bundled.organisations.index[bundled.organisations["body"].notna()]
    for name in lsc.layers.index:
        layer = lsc.layer(name)
        inside = pd.Series(layer.positions >= 0, index=lsc.blocks) & (
            lsc.layer("icb2022").positions >= 0
        )
        within = layer.within(lsc.layer("icb2022"))
        zones = bundled.matrix(within)[list(within.codes)]
        blocks = official.matrix(within)[list(within.codes)]
        assert inside.any()
        pd.testing.assert_frame_equal(zones.loc[named], blocks.loc[named], check_dtype=False)
        rest = blocks.index.difference([*named, *icb])
        assert zones.loc["OTHER"].tolist() == blocks.loc[rest].sum().tolist()


@pytest.mark.reference
def test_networks_of_the_edition_of_the_day_are_those_of_the_bundled_register(lsc, reference):
    known = ct.networks(reference / "epcn_membership.csv", on="2022-07-01")
    practices = lsc.register("gp").organisations
    bundled = practices[practices["body"].notna()]["network"]

    in_one = bundled[bundled != "NONE"]
    assert len(in_one) == 200
    assert known["network"].reindex(in_one.index).tolist() == in_one.tolist()
    assert known["network"].reindex(bundled.index[bundled == "NONE"]).isna().all()


@pytest.mark.reference
def test_a_later_edition_knows_of_moves(lsc, reference):
    path = reference / "epcn_membership.csv"
    before = ct.networks(path, on="2022-04-30", snapshot="2024-10")
    after = ct.networks(path, on="2022-05-01", snapshot="2024-10")
    assert [x.loc["Y03656", "network"] for x in (before, after)] == ["U85108", "U57096"]


@pytest.mark.reference
def test_the_practices_of_epraccur_stand_where_their_postcode_is(lsc, reference):
    known = ct.practices(reference / "epraccur.csv", area=lsc)
    bundled = lsc.register("gp").organisations
    bundled = bundled[bundled["body"].notna()]

    assert sorted(known.index) == sorted(bundled.index)
    assert known["block"].notna().all()
    # By postcode, not by the LSOA given: most agree, and all stand in the same district.
    district = lsc.layer("ltla2021").assignment
    assert (known["block"] == bundled["block"]).mean() > 0.85
    assert (known["block"].map(district) == bundled["block"].map(district)).mean() > 0.99


@pytest.mark.reference
def test_trusts_of_the_official_table_have_the_bundled_localisation(lsc, reference):
    path = reference / "trust_catchment_msoa_2019.csv"
    official = read_register_file(path, area=lsc, published=True)
    found = ct.flows(lsc, official, layer="pbp2021")

    assert official.total == 768_270
    assert found.localisation == pytest.approx(0.789, abs=0.0005)
    assert found.method.startswith("apportioned: the people of 1 of 218 zones")
    bundled = ct.flows(lsc, "trust", layer="pbp2021")
    for trust in ("RXR", "RXN", "RXL", "RTX"):
        assert found.organisations.loc[trust, "patients"] == pytest.approx(
            bundled.organisations.loc[trust, "patients"]
        )


def test_a_date_of_the_extract_that_is_none_is_refused(town, tmp_path):
    path = written(
        tmp_path,
        "31FEB2022,P1,E01000001,60",
        header="EXTRACT_DATE,PRACTICE_CODE,LSOA_CODE,NUMBER_OF_PATIENTS",
    )

    with pytest.raises(ct.InputError, match="`EXTRACT_DATE` is '31FEB2022', which is no date"):
        ct.Register.from_nhs_registrations(path, area=town)


def test_a_day_on_which_no_practice_was_there_is_refused_with_the_dates_of_the_file(tmp_path):
    row = ["P81002", "LANCASTER", *[""] * 25]
    row[9], row[10], row[12], row[14], row[25] = "LA1 1PN", "19740401", "A", "01K", "4"
    path = tmp_path / "epraccur.csv"
    path.write_text(",".join(row) + "\n", encoding="utf-8")

    with pytest.raises(
        ct.InputError,
        match="there on 1960-07-01; its practices opened from 1974-04-01 to 1974-04-01",
    ):
        ct.practices(path, on="1960-07-01")


def test_a_site_is_checked_by_the_councils_of_any_year():
    from coterminous.vintages import england

    lsoas = pd.Series(["E01012606"] * 3 + ["E01000001"] * 2 + ["E01019390"] * 2)
    # Blackburn with Darwen, Lancaster, none; the City of London; South Lakeland, its council now.
    councils = pd.Series(
        ["E06000008", "E07000121", None, "E09000001", "E06000008", "E07000031", "E06000064"]
    )

    assert england.has_council(lsoas, councils).tolist() == [
        True,
        False,
        False,
        True,
        False,
        True,
        True,
    ]


def test_tables_made_from_a_file_carry_its_name_and_date(town, tmp_path):
    path = written(tmp_path, "P1,PARK,E01000001,ALL,60", "P1,PARK,E01000002,ALL,5")
    practices = pd.DataFrame({"block": ["E01000001"]}, index=["P1"])
    register = ct.Register.from_nhs_registrations(
        path, area=town, practices=practices, published=True
    )
    area = town.with_register(register).with_roles({"patients": "gp"})
    said = ("Counted from registrations.csv, as at 2022-07-01.",)

    assert ct.lists(area, "two").attrs["notes"] == said
    assert ct.two_way_test(area, "two").attrs["notes"] == said
    assert ct.profile(area, "two").attrs["notes"] == said
    assert ct.profile(town, "two").attrs["notes"] == ()
