"""Files of every kind that people send, one fault or several in each: the right answer, or why not.

Each is written by a few lines, and goes through `check` as a lookup of the town, or through its
folder as the table of people.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from .conftest import OF_WARD, PEOPLE, WARDS, people_of, written

ROWS = [["LSOA21CD", "WD23CD", "WD23NM"], *([b, w, f"Ward {w}"] for b, w in WARDS.items())]
TEXTS = "\n".join(",".join(r) for r in ROWS) + "\n"


def book(*sheets: tuple[str, list[list[object]]], then: Callable[[object], None] | None = None):
    """Write a workbook to bytes."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if then is not None:
        then(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def with_cell(where: str, value: object, number_format: str = "General"):
    def put(made) -> None:
        made.worksheets[0][where] = value
        made.worksheets[0][where].number_format = number_format

    return put


def merged(made) -> None:
    sheet = made.worksheets[0]
    for top in (2, 4, 6):
        for column in "BC":
            sheet.merge_cells(f"{column}{top}:{column}{top + 1}")


def hidden_row(made) -> None:
    made.worksheets[0].row_dimensions[3].hidden = True


def hidden_sheet(made) -> None:
    made.worksheets[0].sheet_state = "hidden"


def delimited(delimiter: str) -> str:
    return "\n".join(delimiter.join(r) for r in ROWS) + "\n"


TITLED = [["Wards of the town, 2023"], [], ["Made by", "the council"], [], *ROWS]
NOTES = [*ROWS, [], ["Source: the council, 2023"], ["Note: wards are as at May 2023"]]
BROKEN = [["LSOA\n21CD", "WD\n23CD", "WD\n23NM"], *ROWS[1:]]
TWO_ROWS = [["LSOA", "", "Ward", ""], ["code", "name", "code", "name"]]
TWO_ROWS += [[b, f"Town {b}", w, f"Ward {w}"] for b, w in WARDS.items()]

#: By name: the suffix, the bytes and more arguments, of lookups that are read rightly.
READ: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "utf-8": (".csv", TEXTS.encode(), ()),
    "utf-8 with a mark": (".csv", TEXTS.encode("utf-8-sig"), ()),
    "utf-16 little-endian with a mark": (".csv", TEXTS.encode("utf-16"), ()),
    "utf-16 big-endian with a mark": (".csv", b"\xfe\xff" + TEXTS.encode("utf-16-be"), ()),
    "utf-16 little-endian without a mark": (".csv", TEXTS.encode("utf-16-le"), ()),
    "utf-16 big-endian without a mark": (".csv", TEXTS.encode("utf-16-be"), ()),
    "windows-1252 with Welsh names": (
        ".csv",
        TEXTS.replace("Ward", "Ynys M\u00f4n \u2013 St John\u2019s").encode("cp1252"),
        (),
    ),
    "semicolons and a mark": (".csv", delimited(";").encode("utf-8-sig"), ()),
    "semicolons, commas in names": (
        ".csv",
        delimited(";").replace("Ward ", "Ward, ").encode("cp1252"),
        (),
    ),
    "tabs in utf-16, as Unicode Text": (".txt", delimited("\t").encode("utf-16"), ()),
    "pipes": (".txt", delimited("|").encode(), ()),
    "tabs in a file of capitals": (".TSV", delimited("\t").encode(), ()),
    "sep= in the first line": (".csv", b"sep=;\r\n" + delimited(";").encode(), ()),
    "ends of lines of an old Mac": (".csv", TEXTS.replace("\n", "\r").encode(), ()),
    "ends of lines of Windows, blank lines": (
        ".csv",
        ("\r\n" + TEXTS.replace("\n", "\r\n\r\n")).encode(),
        (),
    ),
    "quotes around all, a line broken in a name": (
        ".csv",
        "\n".join(",".join(f'"{c}"' for c in r) for r in ROWS)
        .replace("Ward W1", "Ward\nW1")
        .encode(),
        (),
    ),
    "no-break spaces behind codes": (".csv", TEXTS.replace("W1,", "W1\u00a0,").encode(), ()),
    "blocks in small letters": (".csv", TEXTS.replace("B0", "b0").encode(), ()),
    "blocks with what cannot be seen": (".csv", TEXTS.replace("B0", "\u200bB0").encode(), ()),
    "commas at the end of each line": (".csv", TEXTS.replace("\n", ",,\n").encode(), ()),
    "a title above, padded with commas": (
        ".csv",
        b"Wards of the town,,\n,,\n" + TEXTS.encode(),
        (),
    ),
    "a title above of one cell": (".csv", b"Wards of the town\n\n" + TEXTS.encode(), ()),
    "notes below": (".csv", TEXTS.encode() + b"\nSource: the council\n", ()),
    "a total below": (".csv", TEXTS.encode() + b"Total,,\n", ()),
    "the header again in the middle": (
        ".csv",
        TEXTS.replace("B04", "LSOA21CD,WD23CD,WD23NM\nB04").encode(),
        (),
    ),
    "rows of other blocks before ours": (
        ".csv",
        TEXTS.replace("\nB01", "\nA01,W0,Ward W0\nA02,W0,Ward W0\nB01", 1).encode(),
        (),
    ),
    "names first, and the code named": (
        ".csv",
        "\n".join(",".join([r[2], r[1], r[0]]) for r in ROWS).encode(),
        ("--code", "WD23CD"),
    ),
    "the code named in other letters": (".csv", TEXTS.encode(), ("--code", "wd23cd")),
    "excel": (".xlsx", book(("Sheet1", ROWS)), ()),
    "excel in capitals": (".XLSX", book(("Sheet1", ROWS)), ()),
    "excel, titles above": (".xlsx", book(("Sheet1", TITLED)), ()),
    "excel, notes below": (".xlsx", book(("Sheet1", NOTES)), ()),
    "excel, header broken over lines": (".xlsx", book(("Sheet1", BROKEN)), ()),
    "excel, header of two rows": (".xlsx", book(("Sheet1", TWO_ROWS)), ("--code", "Ward code")),
    "excel, merged cells": (".xlsx", book(("Sheet1", ROWS), then=merged), ()),
    "excel, notes on a sheet before": (
        ".xlsx",
        book(("Notes", [["Wards of the town"], ["They are", "as at 2023"]]), ("Data", ROWS)),
        (),
    ),
    "excel, the sheet named": (
        ".xlsx",
        book(("Old", [ROWS[0], *([b, "X", "Y"] for b in WARDS)]), ("New", ROWS)),
        ("--sheet", "New"),
    ),
    "excel, a copy on a hidden sheet": (
        ".xlsx",
        book(("Old", [ROWS[0], *([b, "X", "Y"] for b in WARDS)]), ("New", ROWS), then=hidden_sheet),
        (),
    ),
    "excel, a hidden row": (".xlsx", book(("Sheet1", ROWS), then=hidden_row), ()),
    "excel, a formatted empty row far below": (
        ".xlsx",
        book(("Sheet1", ROWS), then=with_cell("A900000", None, "0.00")),
        (),
    ),
    "excel, a date in a column that is not used": (
        ".xlsx",
        book(
            (
                "Sheet1",
                [[*ROWS[0], "Checked"], *([*r, dt.datetime(2023, 5, 4)] for r in ROWS[1:])],
            )
        ),
        (),
    ),
    "excel in a zip": (".zip", zipped(wards__xlsx=book(("Sheet1", ROWS))), ()),
    "csv in a zip": (".zip", zipped(wards__csv=TEXTS.encode("utf-16")), ()),
    "csv in a zip beside its specification": (
        ".zip",
        zipped(wards__csv=TEXTS.encode(), specification__pdf=b"%PDF-1.4"),
        (),
    ),
    "one of two in a zip": (
        ".zip",
        zipped(new__csv=TEXTS.encode(), old__csv=b"LSOA21CD,WD23CD\nB01,X\n"),
        ("--member", "new.csv"),
    ),
}


@pytest.mark.parametrize("name", READ)
def test_a_lookup_is_read_rightly(check, tmp_path, name):
    suffix, content, more = READ[name]
    file = tmp_path / f"wards{suffix}"
    file.write_bytes(content)
    said = check(file, *more).said
    assert (said["blocks"], said["inside"], said["areas"]) == (6, 6, 3)
    assert said["taken"]["block"] != said["taken"]["code"]


def people_table(rows: list[tuple[str, object]], *, head: str = "block,population") -> bytes:
    return "\n".join([head, *(f"{b},{n}" for b, n in rows)]).encode() + b"\n"


def numbers(**changed: object) -> list[tuple[str, object]]:
    return list({**PEOPLE, **changed}.items())


#: Lookups that are refused, and what the sentence says.
REFUSED: dict[str, tuple[str, bytes, tuple[str, ...], str]] = {
    "utf-32": (".csv", TEXTS.encode("utf-32"), (), "UTF-32.*`CSV UTF-8`"),
    "Mac Roman": (
        ".csv",
        TEXTS.replace("Ward", "Ynys M\u00f4n").encode("mac-roman"),
        (),
        "neither UTF-8, UTF-16 nor Windows-1252.*`CSV UTF-8`",
    ),
    "a code page of DOS": (
        ".csv",
        TEXTS.replace("Ward", "Ynys M\u00f4n").encode("cp850"),
        (),
        "neither UTF-8, UTF-16 nor Windows-1252.*`CSV UTF-8`",
    ),
    "a byte that Windows-1252 has not": (
        ".csv",
        TEXTS.encode().replace(b"Ward W2", b"Caf\x81 W2"),
        (),
        "line 4 holds the byte 0x81",
    ),
    "half a file of utf-16": (".csv", TEXTS.encode("utf-16")[:-5], (), "UTF-16, but is not whole"),
    "NULs": (".csv", TEXTS.encode().replace(b"W2", b"W\x002"), (), "NUL characters, .* line 4"),
    "nothing": (".csv", b"", (), "has no rows: it is empty"),
    "a header alone": (".csv", TEXTS.split("\n")[0].encode(), (), "has no rows"),
    "no header": (".csv", TEXTS.split("\n", 1)[1].encode(), (), "has no header: its first row"),
    "a row cut short": (".csv", TEXTS[:-10].encode(), (), "rows have fewer cells than the header"),
    "a comma without quotes": (
        ".csv",
        TEXTS.replace("Ward W2", "Ward, W2").replace("B04,W2,Ward, W2", "B04,W2,W").encode(),
        (),
        "rows have more cells than the header has names .3., the first row 4",
    ),
    "a quote that is not closed": (
        ".csv",
        TEXTS.replace("Ward W2", '"Ward W2', 1).encode(),
        (),
        "quotes do not match in the row that begins in line 4",
    ),
    "alike codes": (
        ".csv",
        TEXTS.replace("B02,W1", "B02,w1").encode(),
        (),
        "1 codes spelt in more than one way.*'W1' and 'w1'",
    ),
    "codes with what cannot be seen": (
        ".csv",
        TEXTS.replace("B02,W1", "B02,W1\u200b").encode(),
        (),
        r"'W1' and 'W1\\u200b'",
    ),
    "a block in two spellings": (
        ".csv",
        (TEXTS + "b01,W1,Ward W1\n").encode(),
        (),
        "'B01' and 'b01'",
    ),
    "a block in two areas": (
        ".csv",
        (TEXTS + "B01,W2,Ward W2\n").encode(),
        (),
        "1 blocks in more than one area: 'B01: W1 and W2'",
    ),
    "a block without a row": (".csv", TEXTS.replace("B03", "B13").encode(), (), "lacks 1 of 6"),
    "blocks of another kind": (".csv", TEXTS.replace("B0", "C1").encode(), (), "holds the blocks"),
    "an area with two names": (
        ".csv",
        TEXTS.replace("B02,W1,Ward W1", "B02,W1,Moor").encode(),
        (),
        "W1: 'Ward W1' and 'Moor'",
    ),
    "all blank": (
        ".csv",
        ("LSOA21CD,WD23CD\n" + "".join(f"{b},\n" for b in WARDS)).encode(),
        (),
        "is empty in every row",
    ),
    "outside as a code": (
        ".csv",
        TEXTS.replace("W3,Ward W3", "Outside,").encode(),
        (),
        "'Outside', which is reserved",
    ),
    "names alone": (
        ".csv",
        ("LSOA code,LSOA name\n" + "".join(f"{b},Town {b}\n" for b in WARDS)).encode(),
        (),
        "cannot be told.*'LSOA name'.*--code",
    ),
    "two groupings without codes": (
        ".csv",
        (
            "LSOA code,LSOA name,Team,Locality\n"
            + "".join(f"{b},Town {b},T{w},{'N' if b < 'B04' else 'S'}\n" for b, w in WARDS.items())
        ).encode(),
        (),
        "cannot be told.*'Team', 'Locality'.*--code",
    ),
    "a column that is not there": (".csv", TEXTS.encode(), ("--code", "WD22CD"), "Did you mean"),
    "two columns of one name": (
        ".csv",
        TEXTS.replace("WD23NM", "WD23CD").encode(),
        ("--code", "WD23CD"),
        "has 2 columns 'WD23CD'",
    ),
    "an error of a spreadsheet, as text": (
        ".csv",
        TEXTS.replace("B02,W1", "B02,#REF!").encode(),
        (),
        "an error of a spreadsheet: row 3: #REF!",
    ),
    "a web page": (".csv", b"<!DOCTYPE html><html><table></table></html>", (), "is no table"),
    "JSON": (".txt", b'{"a": 1}', (), "is no table"),
    "gzip": (".csv", b"\x1f\x8b\x08\x00", (), "is a gzip file"),
    "excel of before 2007": (".xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, (), "save it as .xlsx"),
    "excel with a password": (
        ".xlsx",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        (),
        "protected by a password.*without one",
    ),
    "an OpenDocument sheet": (".ods", zipped(content__xml=b"<x/>"), (), "save it.* as .xlsx"),
    "text called excel": (".xlsx", TEXTS.encode(), (), "is no workbook, for all its name"),
    "half a workbook": (".xlsx", book(("S", ROWS))[:900], (), "cannot be read as a table"),
    "a date as a code": (
        ".xlsx",
        book(("Sheet1", ROWS), then=with_cell("B3", dt.datetime(2023, 3, 1), "d-mmm")),
        (),
        "column `WD23CD` has 1 cell that is no text: B3 is the date 1 March 2023 .was MAR1 typed",
    ),
    "a time as a code": (
        ".xlsx",
        book(("Sheet1", ROWS), then=with_cell("B4", dt.time(3, 4), "h:mm")),
        (),
        "B4 is the time 03:04:00",
    ),
    "a truth value as a code": (
        ".xlsx",
        book(("Sheet1", ROWS), then=with_cell("B5", True)),
        (),
        "B5 is the truth value TRUE",
    ),
    "a number as a code": (
        ".xlsx",
        book(("Sheet1", ROWS), then=with_cell("B5", 1)),
        (),
        "holds numbers, not codes: 1 .cell B5",
    ),
    "a formula without its result": (
        ".xlsx",
        book(("Sheet1", ROWS), then=with_cell("B6", '="W"&3')),
        (),
        "B6 is the formula ==?.*without its result",
    ),
    "an empty workbook": (".xlsx", book(("Sheet1", [])), (), "is empty"),
    "two sheets that may be meant": (
        ".xlsx",
        book(("Old", ROWS), ("New", ROWS)),
        (),
        "has 2 sheets: Old, New; 2 of them have what is looked for; say which with `sheet`",
    ),
    "a sheet that is not there": (
        ".xlsx",
        book(("Old", ROWS)),
        ("--sheet", "New"),
        "`sheet` is 'New'",
    ),
    "a sheet of a file of text": (".csv", TEXTS.encode(), ("--sheet", "New"), "is no workbook"),
    "two tables in a zip": (
        ".zip",
        zipped(a__csv=TEXTS.encode(), b__csv=TEXTS.encode()),
        (),
        "holds 2 tables: 'a.csv', 'b.csv'; say which with `member` .`--member`.",
    ),
    "a zip of twenty thousand files": (
        ".zip",
        zipped(**{f"f{i}__csv": b"" for i in range(20_000)}),
        (),
        "holds 20,000 files",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_lookup_is_refused_in_one_sentence(check, tmp_path, name):
    suffix, content, more, said = REFUSED[name]
    file = tmp_path / f"wards{suffix}"
    file.write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    sentence = check(file, *more).sentence()
    assert re.search(said, sentence), sentence
    assert file.name in sentence
    assert sorted(tmp_path.rglob("*")) == before


XLSX_PEOPLE = [["block", "population"], *([b, n] for b, n in PEOPLE.items())]
#: Tables of people that are read rightly through a folder.
PEOPLE_READ: dict[str, tuple[str, bytes]] = {
    "thousands separators": (
        "people.csv",
        people_table(numbers(B01='"1,210"', B02='"1,105"', B04='"1,300"')),
    ),
    "spaces for thousands, semicolons, windows-1252": (
        "people.csv",
        people_table(numbers(B01="1\u00a0210")).decode().replace(",", ";").encode("cp1252"),
    ),
    "blocks in small letters, utf-16": (
        "people.csv",
        people_table(numbers()).decode().lower().encode("utf-16"),
    ),
    "excel, numbers with separators in their format": (
        "people.xlsx",
        book(("S", XLSX_PEOPLE), then=with_cell("B2", 1210, "#,##0")),
    ),
    "excel, titles above and a source below": (
        "people.xlsx",
        book(("S", [["Residents, 2024"], [], *XLSX_PEOPLE, [], ["Source: the register"]])),
    ),
    "excel, on the second sheet": (
        "people.xlsx",
        book(("Notes", [["Residents"], ["see", "below"]]), ("Data", XLSX_PEOPLE)),
    ),
    "capitals and a name in other letters": (
        "people.CSV",
        people_table(numbers(), head="BLOCK,Population"),
    ),
}


@pytest.mark.parametrize("name", PEOPLE_READ)
def test_people_are_read_rightly(wards, tmp_path, name):
    file, content = PEOPLE_READ[name]
    folder = written(tmp_path / "town", people=file)
    (folder / file).write_bytes(content)
    assert people_of(wards(folder)) == OF_WARD


#: Tables of people that are refused, and what the sentence says.
PEOPLE_REFUSED: dict[str, tuple[str, bytes, str]] = {
    "hidden counts": (
        "people.csv",
        people_table(numbers(B03="[c]", B04="c", B05="*", B06="low")),
        r"4 cells that are hidden .suppressed.: B03: \[c\], B04: c, B05: \*, B06: low",
    ),
    "percentages": ("people.csv", people_table(numbers(B01="12%")), "a percentage, which is no"),
    "not applicable": ("people.csv", people_table(numbers(B01="z")), "not applicable: B01: z"),
    "not available": ("people.csv", people_table(numbers(B01="..")), "not available: B01: "),
    "a dash": ("people.csv", people_table(numbers(B01="-")), "is a dash"),
    "an empty cell": ("people.csv", people_table(numbers(B01="")), "B01: empty"),
    "infinite": ("people.csv", people_table(numbers(B01="inf")), "no number: B01: inf"),
    "negative": ("people.csv", people_table(numbers(B01="-7")), "negative in 1 block: 'B01'"),
    "a total": (
        "people.csv",
        people_table([*numbers(), ("Total", '"5,730"')]),
        "1 row of totals, which is no block: 'Total'",
    ),
    "a block twice": (
        "people.csv",
        people_table([*numbers(), ("B01", 1)]),
        "more than once: 'B01'",
    ),
    "a block in two spellings": (
        "people.csv",
        people_table([*numbers(), ("b01", 1)]),
        "'B01' and 'b01'",
    ),
    "a formula without its result": (
        "people.xlsx",
        book(("S", XLSX_PEOPLE), then=with_cell("B2", "=A1+1")),
        "no number: B01: =",
    ),
    "a date where a number should be": (
        "people.xlsx",
        book(("S", XLSX_PEOPLE), then=with_cell("B2", dt.datetime(2023, 3, 1), "d-mmm")),
        "no number: B01: 2023-03-01",
    ),
    "a share in a format of per cent": (
        "people.xlsx",
        book(("S", XLSX_PEOPLE), then=with_cell("B2", 0.12, "0%")),
        "a percentage, which is no people: B01: 12%",
    ),
}


@pytest.mark.parametrize("name", PEOPLE_REFUSED)
def test_people_are_refused_in_one_sentence(wards, tmp_path, name):
    file, content, said = PEOPLE_REFUSED[name]
    folder = written(tmp_path / "town", people=file)
    (folder / file).write_bytes(content)
    sentence = wards(folder).sentence()
    assert re.search(said, sentence), sentence
    assert file in sentence
    if "hidden" in said:
        assert "needs a 0" not in sentence


def test_the_title_of_a_table_and_what_is_left_out_are_said(check, tmp_path, caplog):
    file = tmp_path / "wards.csv"
    file.write_text(f"Wards of the town\n\n{TEXTS}Total,,\n\nSource: the council\n")
    answer = check(file)
    assert answer.said["notes"] == [
        "1 row above the header is left out: 'Wards of the town'",
        "1 row of notes is left out: 'Source: the council'",
        "rows of totals are left out: 'Total'",
    ]
    assert [m.split(": ", 1)[1] for m in caplog.messages] == answer.said["notes"]


def test_leading_zeros_of_a_format_are_the_code(check, tmp_path):
    rows = [["LSOA21CD", "TEAMCD"], *([b, int(w[1])] for b, w in WARDS.items())]

    def zeros(made) -> None:
        for row in range(2, 8):
            made.worksheets[0][f"B{row}"].number_format = "000"

    file = tmp_path / "teams.xlsx"
    file.write_bytes(book(("S", rows), then=zeros))
    assert check(file).said["areas"] == 3
    from coterminous.folders.lookup_files import read_lookup

    assert sorted(read_lookup(file).codes.unique()) == ["001", "002", "003"]


def test_two_million_empty_rows_are_read_in_a_moment(check, tmp_path):
    file = tmp_path / "wards.csv"
    file.write_text(TEXTS + ",,\n" * 2_000_000)
    started = time.perf_counter()
    assert check(file).said["areas"] == 3
    assert time.perf_counter() - started < 60


def test_a_sheet_is_named_in_a_folder(wards, tmp_path):
    folder = written(tmp_path / "town", people="people.xlsx")
    doubled = [XLSX_PEOPLE[0], *([b, 2 * n] for b, n in PEOPLE.items())]
    content = book(("One", XLSX_PEOPLE), ("Two", doubled))
    (folder / "people.xlsx").write_bytes(content)
    assert "say which with `sheet`" in wards(folder).sentence()
    file = folder / "geography.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"people.xlsx"', '"people.xlsx"\nsheet = "Two"'), encoding="utf-8")
    assert people_of(wards(folder)) == {w: 2 * n for w, n in OF_WARD.items()}
