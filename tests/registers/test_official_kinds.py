"""Official files as they really are: practices at a date, networks, sexes, totals, other codes."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest

import coterminous as ct

HEADER = "EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS"
EPRACCUR_NAMES = [f"Column {n}" for n in range(1, 28)]
EPRACCUR_NAMES[:2] = ["Organisation Code", "Name"]
EPRACCUR_NAMES[9:13] = ["Postcode", "Open Date", "Close Date", "Status Code"]


@pytest.fixture
def town() -> ct.Geography:
    """Two LSOAs of a hundred people each, in the bodies 02M and 01K."""
    blocks = pd.DataFrame({"population": [100, 100]}, index=["E01000001", "E01000002"])
    area = ct.Geography.from_frames(blocks, name="town")
    return area.with_layer("bodies", pd.Series({"E01000001": "02M", "E01000002": "01K"}))


def written(folder, *rows: str, header: str = HEADER):
    path = folder / "registrations.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def epraccur(folder, *rows: dict[str, str], header: list[str] | None = None):
    """Write practices in the publisher's layout: `code`, `postcode`, `opened` and so on."""
    at = {"code": 0, "name": 1, "postcode": 9, "opened": 10, "closed": 11, "status": 12, "body": 14}
    usual = {"name": "SURGERY", "postcode": "BB0 1GR", "opened": "19740401", "status": "A"}
    lines = [] if header is None else [",".join(header)]
    for row in rows:
        cells = [""] * 27
        cells[25] = "4"
        for key, value in {**usual, "body": "02M", **row}.items():
            cells[at[key]] = value
        lines.append(",".join(cells))
    path = folder / "epraccur.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def counted(faults: pd.DataFrame) -> dict[str, list[float]]:
    return {row.fault: [row.rows, row.people] for row in faults.itertuples(index=False)}


# ------------------------------------------------------------------ registrations


def test_every_kind_of_place_is_counted_and_the_rows_add_up(town, tmp_path):
    path = written(
        tmp_path,
        "01JAN2021,a82003,ALPHA,e01000001,ALL,1",
        "01JAN2021,A82003,ALPHA,E01000002,ALL,2",
        "01JAN2021,A82003,ALPHA,NO2011,ALL,4",
        "01JAN2021,A82003,ALPHA,CLOSED,ALL,8",
        "01JAN2021,A82003,ALPHA,EMPTY,ALL,16",
        "01JAN2021,A82003,ALPHA,W01000003,ALL,32",
        "01JAN2021,A82003,ALPHA,S01000003,ALL,64",
        "01JAN2021,A82003,ALPHA,95GG01S1,ALL,128",
        "01JAN2021,A82003,ALPHA,L99999999,ALL,256",
        "01JAN2021,A82003,ALPHA,E01099999,ALL,512",
        "01JAN2021,TOTAL,,,ALL,1023",
    )
    found = ct.Register.from_nhs_registrations(path, area=town, published=True)
    assert found.total == 1023
    assert found.lists.to_dict() == {"A82003": 1023}
    assert found.people.set_index("block")["patients"].to_dict() == {
        "E01000001": 1,
        "E01000002": 2,
        "unknown": 4 + 8 + 16,
        "elsewhere": 32 + 64 + 128 + 256 + 512,
    }
    assert counted(found.faults) == {
        "row of totals, left out": [1, 1023],
        "address unknown": [1, 4],
        "address unknown: its postcode is closed (CLOSED)": [1, 8],
        "address unknown: none was given (EMPTY)": [1, 16],
        "LSOA of Wales, counted as elsewhere": [1, 32],
        "code of Scotland, counted as elsewhere": [1, 64],
        "code of Northern Ireland, counted as elsewhere": [1, 128],
        "code of the Channel Islands or the Isle of Man, counted as elsewhere": [1, 256],
        "LSOA of England that is no block, counted as elsewhere": [1, 512],
        "organisation without a site in the blocks": [1, 1023],
    }


def test_a_practice_in_two_cases_of_one_code_and_place_is_there_twice(town, tmp_path):
    path = written(
        tmp_path, "01JAN2021,a82003,A,E01000001,ALL,1", "01JAN2021,A82003,A,E01000001,ALL,2"
    )
    with pytest.raises(ct.InputError, match="1 pair of codes more than once, in 2 rows: "):
        ct.Register.from_nhs_registrations(path, area=town)


@pytest.mark.parametrize(
    ("header", "rows", "people"),
    [
        ("PRACTICE_CODE,LSOA_CODE,MALE_PATIENTS,FEMALE_PATIENTS", ["A,E01000001,700,710"], 1410),
        (
            "PRACTICE_CODE,LSOA_CODE,ALL_PATIENTS,MALE_PATIENTS,FEMALE_PATIENTS",
            ["A,E01000001,1410,700,710"],
            1410,
        ),
        (
            "PRACTICE_CODE,LSOA_CODE,SEX,NUMBER_OF_PATIENTS",
            ["A,E01000001,MALE,700", "A,E01000001,FEMALE,710", "B,E01000001,FEMALE,5"],
            1415,
        ),
        (
            "PRACTICE_CODE,LSOA_CODE,SEX,NUMBER_OF_PATIENTS",
            ["A,E01000001,ALL,1410", "A,E01000001,MALE,700", "A,E01000001,FEMALE,710"],
            1410,
        ),
        ("PRACTICE_CODE,LSOA_CODE,Number of Patients,All Patients", ["A,E01000001,9,9"], 9),
        ("PRACTICE_CODE,LSOA_CODE,Number of Patients", ['A,E01000001,"1,410"'], 1410),
    ],
)
def test_patients_by_sex_are_counted_once(town, tmp_path, header, rows, people):
    path = written(tmp_path, *rows, header=header)
    assert ct.Register.from_nhs_registrations(path, area=town).total == people


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (
            "PRACTICE_CODE,LSOA_CODE,Number of Patients,All Patients",
            ["A,E01000001,9,8"],
            "`Number of Patients` and `All Patients`, and they do not say the same",
        ),
        (
            "PRACTICE_CODE,LSOA_CODE,MALE_PATIENTS",
            ["A,E01000001,9"],
            "both of `MALE_PATIENTS` and `FEMALE_PATIENTS`",
        ),
        (
            "PRACTICE_CODE,LSOA_CODE,SEX,NUMBER_OF_PATIENTS",
            ["A,E01000001,ALL,9", "B,E01000001,MALE,4"],
            "has rows ALL, but not for 1 rows of 'MALE'",
        ),
        (
            "PRACTICE_CODE,LSOA_CODE,SEX,NUMBER_OF_PATIENTS",
            ["A,E01000001,MALE,9", "A,E01000001,FEMALE,4", "A,E01000001,MALE,4"],
            "2 rows of one practice, place and sex",
        ),
    ],
)
def test_sexes_that_do_not_add_up_are_refused(town, tmp_path, header, rows, said):
    path = written(tmp_path, *rows, header=header)
    with pytest.raises(ct.InputError, match=said):
        ct.Register.from_nhs_registrations(path, area=town)


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("01JAN2021", "2021-01-01"),
        ("01/07/2022", "2022-07-01"),
        ("2022-07-01 00:00:00", "2022-07-01"),
        ("1 July 2022", "2022-07-01"),
    ],
)
def test_the_date_of_the_file_is_read_as_in_britain_and_said(town, tmp_path, said, date):
    path = written(tmp_path, f"{said},A,ALPHA,E01000001,ALL,1")
    found = ct.Register.from_nhs_registrations(path, area=town)
    assert found.date == date
    assert found.note == f"Counted from registrations.csv, as at {date}."


def test_a_national_file_counts_the_boards_practices_and_one_lump(town, tmp_path):
    """Ours by body, by site and by its patients; one of another body, one that lives elsewhere."""
    path = written(
        tmp_path,
        "01JUL2022,P1,BODY,E01000001,ALL,10",
        "01JUL2022,P2,SITE,E01000002,ALL,20",
        "01JUL2022,P3,NOTHING KNOWN,E01000002,ALL,30",
        "01JUL2022,P4,OTHER BODY,E01000002,ALL,40",
        "01JUL2022,P5,NOTHING KNOWN,E01000002,ALL,5",
        "01JUL2022,P5,NOTHING KNOWN,E01055555,ALL,995",
    )
    known = pd.DataFrame(
        {
            "body": ["02M", "99X", "99X", "02M"],
            "block": [None, "E01000002", None, "E01000001"],
        },
        index=["P1", "P2", "P4", "P9"],
        dtype="str",
    )
    found = ct.Register.from_nhs_registrations(path, area=town, practices=known)
    assert found.lists.to_dict() == {"OTHER": 1040, "P1": 10, "P2": 20, "P3": 30}
    assert found.lumps == ("OTHER",)
    faults = counted(found.faults)
    assert faults["practice with nobody in the file, left out"] == [1, 0]
    assert faults[
        "practice whose body is not the geography's and whose site is not in it, counted in OTHER"
    ] == [2, 1040]
    everybody = ct.Register.from_nhs_registrations(
        path, area=town, practices=known, everywhere=True
    )
    assert sorted(everybody.organisations.index) == ["P1", "P2", "P3", "P4", "P5"]
    assert everybody.total == found.total == 1100


# ------------------------------------------------------------------ practices


def test_practices_at_a_date(lsc, tmp_path):
    path = epraccur(
        tmp_path,
        {"code": "P00001"},
        {"code": "P00002", "closed": "20210331", "status": "C"},
        {"code": "P00003", "opened": "20240101"},
        {"code": "P00004", "status": "D"},
        {"code": "P00005", "opened": "20210901", "status": "P"},
        {"code": "P00006", "closed": "20221231", "status": "C"},
        {"code": "P00007", "closed": "20220701", "status": "C"},
        {"code": "P00008", "status": "C"},
        {"code": "P00009", "body": "99X", "postcode": "ZZ1 1ZZ"},
    )
    found = ct.practices(path, area=lsc, on="2022-07-01")
    assert found["status"].to_dict() == {
        "P00001": "active",
        "P00004": "dormant",
        "P00006": "closed",
        "P00007": "closed",
    }
    assert counted(found.attrs["faults"]) == {
        "practice that had closed, left out": [2, 0],
        "practice that was not open yet, left out": [1, 0],
        "practice that is only proposed, left out": [1, 0],
        "practice that is dormant, kept": [1, 0],
        "practice whose body is not the geography's and whose site is not in it, left out": [1, 0],
    }
    assert len(ct.practices(path, area=lsc)) == 8
    assert len(ct.practices(path, area=lsc, everywhere=True)) == 9


def test_epraccur_that_was_saved_again_with_a_header_is_read(lsc, tmp_path):
    path = epraccur(tmp_path, {"code": "p00001"}, {"code": "P00002"}, header=EPRACCUR_NAMES)
    assert ct.practices(path, area=lsc).index.tolist() == ["P00001", "P00002"]
    book = tmp_path / "epraccur.xlsx"
    pd.read_csv(path, dtype=str).to_excel(book, index=False)
    assert ct.practices(book, area=lsc)["block"].tolist() == ["E01012576"] * 2


def test_epraccur_whose_columns_have_moved_is_refused(lsc, tmp_path):
    moved = EPRACCUR_NAMES.copy()
    moved[9], moved[10] = moved[10], moved[9]
    path = epraccur(tmp_path, {"code": "P00001"}, header=moved)
    with pytest.raises(ct.InputError, match="column 10 'Open Date', where epraccur has the post"):
        ct.practices(path, area=lsc)
    path = epraccur(tmp_path, {"code": "P00001", "postcode": "19740401", "opened": ""})
    with pytest.raises(ct.InputError, match="column 10 should hold postcodes, and has '19740401'"):
        ct.practices(path, area=lsc)
    path = epraccur(tmp_path, {"code": "P00001"}, {"code": "1"})
    with pytest.raises(ct.InputError, match=r"1 of 2 rows is no practice code: '1'; epraccur has"):
        ct.practices(path, area=lsc)


def test_a_row_that_stands_twice_counts_once_and_two_rows_of_one_code_do_not(lsc, tmp_path):
    path = epraccur(tmp_path, {"code": "P00001"}, {"code": "P00001"})
    found = ct.practices(path, area=lsc)
    assert found.index.tolist() == ["P00001"]
    assert counted(found.attrs["faults"]) == {"row that stands twice, taken once": [1, 0]}
    path = epraccur(tmp_path, {"code": "P00001"}, {"code": "P00001", "body": "01K"})
    with pytest.raises(ct.InputError, match="1 practices more than once, with different rows"):
        ct.practices(path, area=lsc)


# ------------------------------------------------------------------ networks


def test_of_two_memberships_that_meet_on_one_day_the_later_holds(tmp_path):
    path = tmp_path / "epcn.csv"
    path.write_text(
        "Practice Code,PCN Code,PCN Name,Start Date,End Date\n"
        "P1,U1,ONE,20190701,20220401\n"
        "p1,u2,TWO,20220401,\n",
        encoding="utf-8",
    )
    on_the_day = ct.networks(path, on="2022-04-01")
    assert on_the_day["network"].to_dict() == {"P1": "U2"}
    assert counted(on_the_day.attrs["faults"]) == {
        "membership that ends on the day on which the next begins, which was taken": [1, 0]
    }
    assert ct.networks(path, on="2022-03-31")["network"].to_dict() == {"P1": "U1"}
    assert ct.networks(path, on="2022-04-02").attrs["faults"].empty


def epcn(folder, place: int = 2):
    """Write the workbook as published, its members in the sheet at a place."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["PCN data: notes"])
    members = [
        ["Partner\nOrganisation\nCode", "Partner\nName", "PCN Code", "PCN Name"],
        ["P00001", "ALPHA", "U00001", "ONE PCN", 20190701, 20220331],
        ["P00001", "ALPHA", "U00002", "TWO PCN", 20220401, None],
        ["P00002", "BETA", "U00001", "ONE PCN", 20190701, None],
    ]
    members[0] += [f"Practice to PCN\nRelationship\n{end} Date" for end in ("Start", "End")]
    details = [["PCN Code", "PCN Name", "Open Date"], ["U00001", "ONE PCN", 20190701]]
    sheets = [("PCNDetails", details), ("PCN Non-Core Partner Details", [["Partner Code"]])]
    sheets.insert(place - 1, ("PCN Core Partner Details", members))
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "ePCN.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_workbook_of_networks_is_read_as_it_is_published(tmp_path, place):
    path = epcn(tmp_path, place)
    january, july = (ct.networks(path, on=f"2022-{m}-01")["network"] for m in ("01", "07"))
    assert january.to_dict() == {"P00001": "U00001", "P00002": "U00001"}
    assert july.to_dict() == {"P00001": "U00002", "P00002": "U00001"}
    named = ct.networks(path, on="2022-07-01", sheet="PCN Core Partner Details")
    assert named["network"].equals(july)


def test_the_workbook_is_found_in_a_zip_beside_its_specification(tmp_path):
    from openpyxl import Workbook

    specification = Workbook()
    specification.active.append(["Field", "Meaning"])
    specification.active.append(["PCN Code", "the code of a network"])
    specification.save(tmp_path / "specification.xlsx")
    both = tmp_path / "epcn.zip"
    with zipfile.ZipFile(both, "w") as archive:
        archive.write(epcn(tmp_path), "ePCN.xlsx")
        archive.write(tmp_path / "specification.xlsx", "ePCN specification.xlsx")
        archive.writestr("read me.pdf", "%PDF")
    assert ct.networks(both, on="2022-07-01")["network"].to_dict() == {
        "P00001": "U00002",
        "P00002": "U00001",
    }
