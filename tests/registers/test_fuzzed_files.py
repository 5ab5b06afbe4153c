"""Two hundred official files with faults in them: a right answer, or one sentence and status 2."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

import coterminous as ct
from coterminous.cli import main

REGISTRATIONS = [
    ["EXTRACT_DATE", "PRACTICE_CODE", "PRACTICE_NAME", "LSOA_CODE", "SEX", "NUMBER_OF_PATIENTS"],
    ["01JUL2022", "P81002", "LANCASTER", "E01025098", "ALL", "700"],
    ["01JUL2022", "P81002", "LANCASTER", "E01025099", "ALL", "20"],
    ["01JUL2022", "P81003", "ST JAMES", "E01025356", "ALL", "510"],
    ["01JUL2022", "P81003", "ST JAMES", "NO2011", "ALL", "4"],
    ["01JUL2022", "Y99999", "FAR AWAY", "E01000001", "ALL", "9"],
]
PRACTICES = [
    [code, name, "Y62", "QE1", "1 ROAD", "", "", "", "", postcode, "19740401", "", "A", "", body]
    + [""] * 10
    + ["4", ""]
    for code, name, postcode, body in (
        ("P81002", "LANCASTER", "LA1 1PN", "01K"),
        ("P81003", "ST JAMES", "BB4 8HH", "01A"),
        ("Y99999", "FAR AWAY", "EC1A 1BB", "99X"),
    )
]
NETWORKS = [
    ["Practice Code", "PCN Code", "PCN Name", "Start Date", "End Date"],
    ["P81002", "U00001", "ONE", "20190701", "20220331"],
    ["P81002", "U00002", "TWO", "20220401", ""],
    ["P81003", "U00001", "ONE", "20190701", ""],
]
ODD = (
    ["", " ", "*", "-", "NA", "TOTAL", "NO2011", "CLOSED", "EMPTY", "W01000001", "S01000001"]
    + ["-5", "1,000", "12%", "1e3", "0.5", "nan", "#REF!", "01/07/2022", "20221345", "20220401"]
    + ["p81002", "P81002\u200b", "E01025098", "e01025098", "\u00a0", "=1+1", "x" * 500, '"', "\0"]
)


def mutated(rows: list[list[str]], luck: random.Random) -> list[list[str]]:
    """Put one fault or several into a table: cells, rows, columns, header."""
    table = [list(row) for row in rows]
    for _ in range(luck.randint(1, 3)):
        kind = luck.randrange(9)
        i = luck.randrange(len(table))
        if kind <= 2 and table[i]:
            table[i][luck.randrange(len(table[i]))] = luck.choice(ODD)
        elif kind == 3:
            table.insert(i, list(luck.choice(table)))
        elif kind == 4 and len(table) > 1:
            del table[i]
        elif kind == 5:
            j = luck.randrange(max(1, len(table[0])))
            for row in table:
                del row[j : j + 1]
        elif kind == 6:
            table.insert(0, ["A title of the table"])
        elif kind == 7:
            luck.shuffle(table)
        else:
            table[i] = [cell.lower() for cell in table[i]]
    return table


def as_bytes(table: list[list[str]], luck: random.Random) -> tuple[bytes, str]:
    """Write a table in one of the ways in which files come."""
    parted = luck.choice([",", ",", ",", ";", "\t", "|"])
    text = "\n".join(
        parted.join(f'"{c}"' if parted in c or '"' in c else c for c in row) for row in table
    )
    encoded = text.encode(
        luck.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]), "ignore"
    )
    if luck.random() < 0.1:
        encoded = encoded[: luck.randrange(len(encoded) + 1)]
    if luck.random() < 0.15:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("table.csv", encoded)
        return held.getvalue(), ".zip"
    return encoded, ".csv"


@pytest.mark.parametrize("seed", range(20))
def test_a_mutated_file_has_an_answer_or_one_sentence(seed, lsc, tmp_path, capsys):
    """Ten files a seed, of three kinds; each register adds up to what its file counts."""
    luck = random.Random(seed)
    whole = (("practices", PRACTICES), ("networks", NETWORKS), ("register", REGISTRATIONS))
    answered = 0
    for n in range(10):
        broken = luck.choice(whole)[0]
        files = {}
        for name, rows in whole:
            table = mutated(rows, luck) if name == broken else rows
            content, suffix = as_bytes(table, luck) if name == broken else as_plain(rows)
            files[name] = tmp_path / f"{name}{n}{suffix}"
            files[name].write_bytes(content)
        try:
            members = ct.networks(files["networks"], on="2022-07-01")
            known = ct.practices(files["practices"], area=lsc, on="2022-07-01", networks=members)
            found = ct.Register.from_nhs_registrations(
                files["register"], area=lsc, practices=known, published=True
            )
        except ct.InputError as error:
            said = str(error)
            assert said.strip() and "\n" not in said and len(said) < 2_000, said
            continue
        answered += 1
        assert found.lists.sum() == found.total
        if broken != "register":
            assert found.total == 1_243
    assert answered


def as_plain(rows: list[list[str]]) -> tuple[bytes, str]:
    return "\n".join(",".join(row) for row in rows).encode(), ".csv"


def test_the_command_line_answers_a_broken_file_with_status_2(tmp_path, capsys):
    luck = random.Random(7)
    for n in range(12):
        content, suffix = as_bytes(mutated(REGISTRATIONS, luck), luck)
        file = tmp_path / f"register{n}{suffix}"
        file.write_bytes(content)
        command = ["impact", "gp", "--before", "pbp2021", "--after", "footprint2022"]
        status = main([*command, "--register-file", str(file), "--published"])
        printed = capsys.readouterr()
        assert status in (0, 2)
        assert "Traceback" not in printed.err
        if status == 2:
            assert printed.err.startswith("coterminous: ") and not printed.out
            assert printed.err.count("\n") == 1
