"""Five hundred mutated tables: a right answer or one sentence, never a traceback, never wrong."""

from __future__ import annotations

import json
import os
import time
from collections import Counter

import pytest

from .conftest import PEOPLE, WARDS, written
from .fuzzing import drawn

SEED = int(os.environ.get("COTERMINOUS_FUZZ_SEED", "20220701"))
COUNT = int(os.environ.get("COTERMINOUS_FUZZ_COUNT", "500"))
DOORS = ("check", "check", "lookup", "people")


def people_by_ward(wards: dict[str, str], people: dict[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for block, ward in wards.items():
        if ward:
            found[ward] += people[block]
    return dict(found)


def outcome(ask, folder, case, door: str) -> str:
    """Say whether a case was answered, refused, or neither."""
    if door == "check":
        file = folder / f"table{case.suffix}"
        file.write_bytes(case.content)
        answer = ask("check", file, "--data", folder, "--format", "json")
    else:
        name = f"{door}_table{case.suffix}"
        written(folder, **{door: name})
        (folder / name).write_bytes(case.content)
        text = (folder / "geography.toml").read_text(encoding="utf-8")
        if door == "lookup":
            text = text.replace(f'"{name}"\ncode = "block"', f'"{name}"\ncode = "LSOA21CD"')
            layers = '[[layer]]\nname = "ward"\nlookup = { code = "WD23CD" }\n'
            (folder / "layers.toml").write_text(layers, encoding="utf-8")
        (folder / "geography.toml").write_text(text, encoding="utf-8")
        answer = ask("overlap", "ward", "ward", "--data", folder, "--format", "json")
    if answer.status == 2:
        sentences = [x for x in answer.err.splitlines() if x.startswith("coterminous: ")]
        whole = len(sentences) == 1 and not answer.out and "Traceback" not in answer.err
        return "refused" if whole else f"no sentence: {answer.err}"
    if answer.status != 0:
        return f"exit {answer.status}: {answer.err}"
    if case.truth is None:
        return f"read what must be refused: {answer.out[:300]}"
    said = json.loads(answer.out)
    if door == "check":
        inside = [v for v in case.truth.values() if v]
        right = (said["blocks"], said["inside"], said["areas"]) == (
            len(case.truth),
            len(inside),
            len(set(inside)),
        )
        return "answered" if right else f"wrong: {answer.out[:300]}"
    wards = case.truth if door == "lookup" else WARDS
    people = PEOPLE if door == "lookup" else {b: int(n) for b, n in case.truth.items()}
    found = {a["code"]: a["value"] for a in said["areas"]}
    return "answered" if found == people_by_ward(wards, people) else f"wrong: {found}"


def test_every_mutated_table_is_answered_rightly_or_refused_in_one_sentence(ask, tmp_path):
    print(f"seed {SEED}, {COUNT} tables")
    counts: Counter[str] = Counter()
    neither = []
    for number in range(COUNT):
        door = DOORS[number % len(DOORS)]
        value = {b: str(n) for b, n in PEOPLE.items()} if door == "people" else WARDS
        case = drawn(SEED, number, value, door)
        started = time.perf_counter()
        folder = written(tmp_path / str(number))
        found = outcome(ask, folder, case, door)
        if time.perf_counter() - started > 30:
            found = f"slow: {time.perf_counter() - started:.0f} s"
        counts[found.split(":")[0]] += 1
        if found not in ("answered", "refused"):
            neither.append(f"{number} ({door}; {', '.join(case.steps)}): {found}")
    print(dict(counts))
    assert not neither, f"seed {SEED}: {len(neither)} of {COUNT}\n" + "\n".join(neither[:20])
    assert counts["answered"] + counts["refused"] == COUNT
    # Were all refused, nothing would have been shown.
    assert counts["answered"] > COUNT / 4


@pytest.mark.parametrize("door", ["check", "lookup", "people"])
def test_a_case_is_the_same_whenever_it_is_drawn(door):
    one, other = (drawn(1, 7, WARDS if door != "people" else {"B01": "1"}, door) for _ in "ab")
    assert (one.rows, one.truth, one.steps) == (other.rows, other.truth, other.steps)
