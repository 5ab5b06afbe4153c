"""Which tables might somebody send? Mutations of a right one, each with the answer that is right.

A case is drawn from its number and the seed alone. A mutation keeps the answer, changes it in a
known way (a block without an area is outside), or leaves a table that nobody could read, which
must be refused (`truth` is None). A refusal is right for every case: somebody has to look.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

Rows = list[list[str]]


@dataclass
class Case:
    """A table that came in.

    Attributes
    ----------
    rows : list of list of str
        The header and the rows; the first three columns are the block, its value and a word.
    truth : dict or None
        The value of each block; None if the table must be refused.
    steps : list of str
        What was done to it.
    """

    rows: Rows
    truth: dict[str, str] | None
    steps: list[str] = field(default_factory=list)
    above: Rows = field(default_factory=list)
    below: Rows = field(default_factory=list)
    suffix: str = ".csv"
    content: bytes = b""


Step = Callable[[random.Random, Case], None]


def _a_row(draw: random.Random, case: Case) -> list[str]:
    """Choose a row that matters: not one of another block, nor an empty one."""
    ours = [r for r in case.rows[1:] if r[0].strip().upper().startswith("B0")]
    return draw.choice(ours or case.rows[1:])


def shuffle_rows(draw: random.Random, case: Case) -> None:
    body = case.rows[1:]
    draw.shuffle(body)
    case.rows[1:] = body


def columns_of_numbers(draw: random.Random, case: Case) -> None:
    for i, row in enumerate(case.rows):
        row.append("Hectares" if i == 0 else f"{draw.random() * 100:.2f}")


def empty_column(draw: random.Random, case: Case) -> None:
    for row in case.rows:
        row.append("")


def title_above(draw: random.Random, case: Case) -> None:
    case.above = [[draw.choice(["Table 1: wards", "Wards", "OFFICIAL"])], *[[]] * draw.randrange(3)]


def two_cells_above(draw: random.Random, case: Case) -> None:
    case.above = [["Table 1", "June 2023"], []]


def notes_below(draw: random.Random, case: Case) -> None:
    case.below += [
        *[[]] * draw.randrange(1, 3),
        ["Source: the council, 2023"],
        ["Note 1: as at May"],
    ]


def total_below(draw: random.Random, case: Case) -> None:
    case.below.insert(0, [draw.choice(["Total", "TOTAL", "Grand total", "Totals"]), "", ""])


def blank_rows(draw: random.Random, case: Case) -> None:
    for _ in range(draw.randrange(1, 4)):
        case.rows.insert(draw.randrange(1, len(case.rows) + 1), [""] * len(case.rows[0]))


def small_blocks(draw: random.Random, case: Case) -> None:
    for row in case.rows[1:]:
        row[0] = row[0].lower()


def unseen_in_a_block(draw: random.Random, case: Case) -> None:
    row = _a_row(draw, case)
    row[0] = draw.choice([f"{row[0]}\u200b", f"\ufeff{row[0]}", f"{row[0]}\u00a0", f" {row[0]} "])


def unseen_in_a_value(draw: random.Random, case: Case) -> None:
    row = _a_row(draw, case)
    if row[1]:
        row[1] = draw.choice([f"{row[1]}\u00a0", f" {row[1]}", f"{row[1]}  "])


def a_row_again(draw: random.Random, case: Case) -> None:
    case.rows.append(list(_a_row(draw, case)))


def header_again(draw: random.Random, case: Case) -> None:
    case.rows.insert(draw.randrange(2, len(case.rows)), list(case.rows[0]))


def other_blocks(draw: random.Random, case: Case) -> None:
    wide = len(case.rows[0])
    for i in range(draw.randrange(1, 9)):
        at = draw.randrange(1, len(case.rows) + 1)
        case.rows.insert(at, ([f"C{i:02}", "V9", "Elsewhere"] + [""] * wide)[:wide])


def header_in_capitals(draw: random.Random, case: Case) -> None:
    case.rows[0] = [c.upper() for c in case.rows[0]]


def header_over_lines(draw: random.Random, case: Case) -> None:
    case.rows[0][2] = case.rows[0][2].replace(" ", "\n")


def words_with_signs(draw: random.Random, case: Case) -> None:
    for row in case.rows[1:]:
        row[2] += draw.choice([", North", "; South", " | East", ' "West"', " M\u00f4n", "\nMoor"])
    # A word that differs by row is no name of the area any more.
    case.rows[0][2] = "Remark"


def words_of_a_spreadsheet(draw: random.Random, case: Case) -> None:
    case.rows[0][2] = "Remark"
    for row in case.rows[1:]:
        row[2] = draw.choice(["NA", "None", "N/A", "#N/A", "TRUE", "nan", "=1+1", "1e5", "MAR1"])


def no_value(draw: random.Random, case: Case) -> None:
    row = _a_row(draw, case)
    if case.truth is not None and case.truth.get(row[0]) == row[1]:
        case.truth = {**case.truth, row[0]: ""}
        row[1] = ""


def no_row(draw: random.Random, case: Case) -> None:
    gone = _a_row(draw, case)[0]
    case.rows[1:] = [r for r in case.rows[1:] if r[0] != gone]
    case.truth = None


def no_block(draw: random.Random, case: Case) -> None:
    _a_row(draw, case)[0] = ""
    case.truth = None


def no_header(draw: random.Random, case: Case) -> None:
    del case.rows[0]
    case.truth = None


def two_values(draw: random.Random, case: Case) -> None:
    row = list(_a_row(draw, case))
    row[1] += "9"
    case.rows.append(row)
    case.truth = None


def a_value_alike(draw: random.Random, case: Case) -> None:
    ours = [r for r in case.rows[1:] if r[0].strip().upper().startswith("B0")]
    rows = [r for r in ours if sum(r[1] == o[1] and r[0] != o[0] for o in ours)]
    if not rows:
        return
    rows[0][1] = draw.choice([rows[0][1].lower(), f"{rows[0][1]}\u200b"])
    case.truth = None


def a_value_broken(draw: random.Random, case: Case) -> None:
    _a_row(draw, case)[1] = draw.choice(["#REF!", "#N/A", "#NAME?", "outside", "OUTSIDE"])
    case.truth = None


def a_number_marked(draw: random.Random, case: Case) -> None:
    marks = [
        "*",
        "c",
        "[c]",
        "low",
        "z",
        "..",
        ":",
        "-",
        "12%",
        "<5",
        "many",
        "inf",
        "-7",
        "",
        "nan",
    ]
    _a_row(draw, case)[1] = draw.choice(marks)
    case.truth = None


def thousands(draw: random.Random, case: Case) -> None:
    sign = draw.choice([",", " ", "\u00a0"])
    for row in case.rows[1:]:
        if row[1].isdigit():
            row[1] = f"{int(row[1]):,}".replace(",", sign)


ANY: tuple[Step, ...] = (
    shuffle_rows,
    columns_of_numbers,
    empty_column,
    title_above,
    two_cells_above,
    notes_below,
    total_below,
    blank_rows,
    small_blocks,
    unseen_in_a_block,
    unseen_in_a_value,
    a_row_again,
    header_again,
    header_in_capitals,
    header_over_lines,
    words_with_signs,
    words_of_a_spreadsheet,
    no_row,
    no_block,
    no_header,
)
OF_LOOKUPS: tuple[Step, ...] = (
    other_blocks,
    no_value,
    two_values,
    a_value_alike,
    a_value_broken,
)
OF_PEOPLE: tuple[Step, ...] = (a_number_marked, thousands, thousands)

# ---------------------------------------------------------------------- how it is saved


def _all_rows(case: Case) -> Rows:
    wide = max(len(r) for r in case.rows)
    full = [r + [""] * (wide - len(r)) for r in case.rows]
    return [*case.above, *full, *case.below]


def as_text(draw: random.Random, case: Case) -> None:
    encoding = draw.choice(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8", "mac-roman"]
    )
    stream = io.StringIO()
    writer = csv.writer(
        stream,
        delimiter=draw.choice([",", ",", ";", "\t", "|"]),
        quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        lineterminator=draw.choice(["\n", "\r\n", "\r"]),
    )
    wide = max(len(r) for r in case.rows) if draw.random() < 0.5 else 0
    writer.writerows(r + [""] * (wide - len(r)) for r in _all_rows(case))
    try:
        case.content = stream.getvalue().encode(encoding)
    except UnicodeEncodeError:
        encoding = "utf-8"
        case.content = stream.getvalue().encode(encoding)
    case.steps.append(encoding)
    case.suffix = draw.choice([".csv", ".CSV", ".txt", ".tsv"])


def as_workbook(draw: random.Random, case: Case) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in _all_rows(case):
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    if draw.random() < 0.3:
        other = book.create_sheet("Notes", draw.randrange(2))
        other.append(["Notes on", "the table"])
        other.append(["B01", "was renamed"])
    if draw.random() < 0.2:
        sheet.row_dimensions[2].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    case.content, case.suffix = stream.getvalue(), draw.choice([".xlsx", ".XLSX"])


def in_a_zip(draw: random.Random, case: Case) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"folder/table{case.suffix}", case.content)
        archive.writestr("folder/specification.pdf", b"%PDF-1.4")
    case.content, case.suffix = stream.getvalue(), ".zip"


def broken(draw: random.Random, case: Case) -> None:
    """Cut off a container, or put a NUL into text: it may be refused, or still be right."""
    if case.content.startswith(b"PK"):
        at = draw.randrange(len(case.content))
        case.content = draw.choice([case.content[:at], case.content[:at] + case.content[at + 1 :]])
    else:
        at = draw.randrange(len(case.content))
        case.content = case.content[:at] + b"\0" + case.content[at:]
        case.truth = None if b"\0" not in case.content[:at] else case.truth


def drawn(seed: int, number: int, value: dict[str, str], door: str) -> Case:
    """Draw a case: a right table of `value`, some mutations, and a way of saving it.

    Parameters
    ----------
    seed, number : int
        The case depends on these alone.
    value : dict
        By block: the code of its area, or its people.
    door : {'check', 'lookup', 'people'}
    """
    draw = random.Random(f"{seed}/{number}/{door}")
    people = door == "people"
    head = ["block", "population", "word"] if people else ["LSOA21CD", "WD23CD", "WD23NM"]
    rows = [head, *([b, v, f"Ward {v}"] for b, v in value.items())]
    case = Case(rows, dict(value))
    choices = (*ANY, *(OF_PEOPLE if people else OF_LOOKUPS))
    for step in draw.sample(choices, k=draw.randrange(5)):
        if len(case.rows) > 2:
            step(draw, case)
            case.steps.append(step.__name__)
    save = draw.choice([as_text, as_text, as_workbook])
    save(draw, case)
    case.steps.append(save.__name__)
    if door == "check" and draw.random() < 0.1:
        in_a_zip(draw, case)
        case.steps.append("in_a_zip")
    if draw.random() < 0.08:
        broken(draw, case)
        case.steps.append("broken")
    return case
