"""How may hidden counts be got back? Five ways, each of which returns what it recovered.

Each returns a table of `organisation`, `area`, `lowest`, `highest`, `verdict` (``exact``: one
value is possible; ``narrowed``: fewer than the rule leaves; ``held``) and `how`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.attack.evidence import Evidence, Known, Rule
from tests.attack.reading import Published, number, numbers
from tests.attack.system import Contradiction

COLUMNS = ["organisation", "area", "lowest", "highest", "verdict", "how"]
#: Values of people that are tried for an organisation before its range is taken as a whole.
_TRIED = 400


def recovered(found: pd.DataFrame) -> pd.DataFrame:
    """Keep the counts that are no secret any more."""
    return found[found["verdict"] != "held"].reset_index(drop=True)


def linked_tables(
    published: Published,
    rule: Rule,
    known: Known,
    *,
    order: bool = True,
    programmes: bool = True,
) -> pd.DataFrame:
    """Take all tables with their sums as one system; find what each hidden count can be.

    Parameters
    ----------
    published : Published
    rule : Rule
    known : Known
    order : bool
        Whether the order of rows, homes, largest areas and statuses count too.
    programmes : bool
        Whether linear programmes are solved; without, sums are only followed one by one.
    """
    evidence = Evidence(published, rule, known, order=order)
    how = "sums of all tables" + (" and their order" if order else "")
    found = _ranges(evidence, evidence.hidden, f"{how}; hidden in", programmes=programmes)
    bare = [
        _row(cell, evidence.system.low[i], evidence.system.high[i], rule, f"shown in {file}")
        for cell, i in evidence.system.cells.items()
        if (file := evidence.bare.get(i)) is not None
    ]
    return _table([*found, *bare])


def order_attack(published: Published, rule: Rule, known: Known) -> pd.DataFrame:
    """Find what rows in the order of a hidden count, homes, ranks and statuses tell besides."""
    plain = linked_tables(published, rule, known, order=False, programmes=False)
    ordered = linked_tables(published, rule, known, order=True, programmes=False)
    both = ordered.merge(
        plain[["organisation", "area", "lowest", "highest"]],
        on=["organisation", "area"],
        suffixes=("", "_plain"),
    )
    told = (both["lowest"] > both["lowest_plain"]) | (both["highest"] < both["highest_plain"])
    return both.loc[told, COLUMNS].assign(how="order of rows, homes and statuses")


def differencing(
    published: Published,
    rule: Rule,
    known: Known,
    *,
    earlier: Published | None = None,
    moved: int = 0,
) -> pd.DataFrame:
    """Subtract: one layer from another that differs by a sliver, or one quarter from the next.

    Parameters
    ----------
    published : Published
    rule : Rule
    known : Known
        Its `blocks` say how the areas of the layers overlap.
    earlier : Published, optional
        The publication before this one.
    moved : int
        By how much a small count is supposed to change at most between the two.
    """
    rows: list[dict[str, Any]] = []
    evidence = Evidence(published, rule, known)
    if evidence.slivers:
        rows += _ranges(evidence, evidence.slivers, "subtracting layers:")
    if earlier is not None:
        before = Evidence(earlier, rule, known)
        before.system.tighten()
        shown = {
            cell: (before.system.low[i], before.system.high[i])
            for cell, i in before.system.cells.items()
            if i not in before.hidden and np.isfinite(before.system.high[i])
        }
        for cell, i in evidence.system.cells.items():
            if i in evidence.hidden and cell in shown:
                lowest, highest = shown[cell]
                evidence.system.within(i, max(0, lowest - moved), highest + moved)
        rows += _ranges(evidence, evidence.hidden, "an earlier publication;")
    return _table(rows)


def threshold_attack(published: Published, rule: Rule, known: Known) -> pd.DataFrame:
    """Get shares of hidden organisations from how many cross at each of many thresholds.

    As a threshold passes an organisation's share, the number that cross falls by one. What
    number of people has a share in so short a stretch, and of which organisation, is counted out.
    """
    rows: list[dict[str, Any]] = []
    evidence = Evidence(published, rule, known)
    evidence.system.tighten()
    runs: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for file, said in published.sayings:
        if isinstance(said.get("crossing"), list) and isinstance(said.get("organisations"), list):
            key = (str(said.get("before")), str(said.get("after")))
            runs.setdefault(key, []).append((file, said))
    for key, told in runs.items():
        for side, layer in zip(("before", "after"), key, strict=True):
            by_register: dict[str, list[dict[str, Any]]] = {}
            for _, said in told:
                by_register.setdefault(str(said.get("register")), []).append(said)
            for sayings in by_register.values():
                rows += _by_thresholds(evidence, sayings, side, layer)
    return _table(rows)


def _by_thresholds(
    evidence: Evidence, sayings: list[dict[str, Any]], side: str, layer: str
) -> list[dict[str, Any]]:
    """Find where hidden shares lie, and whose they are."""
    crossing: dict[float, int] = {}
    shown: dict[str, float] = {}
    hidden: set[str] = set()
    for said in sayings:
        for row in said["crossing"]:
            crossing[float(row["threshold"])] = int(row[side])
        for row in said["organisations"]:
            share = number(row.get(f"share_{side}"))
            if not np.isnan(share):
                shown[row["code"]] = share
            elif row.get(f"home_{side}"):
                hidden.add(row["code"])
    hidden -= set(shown)
    levels = sorted(crossing)
    shares = np.array(list(shown.values()))
    above = [crossing[t] - int((shares > t).sum()) for t in levels]
    if not any(above):
        # They are counted among themselves, those that are shown: nothing is told of the others.
        return []
    edges = [-1.0, *levels, 1.0]
    counts = -np.diff([len(hidden), *above, 0])
    if (counts < 0).any():
        raise Contradiction(f"more organisations cross {layer} at a higher threshold")
    steps = [(a, b, int(k)) for a, b, k in zip(edges, edges[1:], counts, strict=False) if k]
    fits = {who: _fitting(evidence, who, layer, steps) for who in hidden}
    _assign(fits, {k: n for k, (_, _, n) in enumerate(steps)})
    rows = []
    for who in sorted(hidden):
        ranges = list(fits[who].values())
        if ranges:
            lowest, highest = min(a for a, _ in ranges), max(b for _, b in ranges)
            how = f"{len(levels)} thresholds"
            rows.append(_row((who, f"{layer}:away"), lowest, highest, evidence.rule, how))
    return rows


def _fitting(
    evidence: Evidence, who: str, layer: str, steps: list[tuple[float, float, int]]
) -> dict[int, tuple[float, float]]:
    """Say in which stretches an organisation's share may lie, and with how many people each."""
    system = evidence.system
    living, away = system.cell(who, f"{layer}:*"), system.cell(who, f"{layer}:away")
    fewest = max(system.low[living], 1.0)
    most = max(system.high[living], fewest)
    least, largest = system.low[away], system.high[away]
    if not np.isfinite(most):
        return dict.fromkeys(range(len(steps)), (least, np.inf))
    found = {}
    whole = most - fewest > _TRIED
    people = np.array([fewest, most]) if whole else np.arange(fewest, most + 1)
    for k, (low, high, _) in enumerate(steps):
        first, last = np.floor(low * people + 1e-9) + 1, np.floor(high * people + 1e-9)
        first, last = np.maximum(first, least), np.minimum(last, largest)
        if whole:
            first, last = first[:1], last[-1:]
        fit = first <= last
        if fit.any():
            found[k] = (float(first[fit].min()), float(last[fit].max()))
    return found


def _assign(fits: dict[str, dict[int, tuple[float, float]]], room: Mapping[int, int]) -> None:
    """Strike out stretches in which an organisation leaves no place for all the others.

    In a graph of organisations and places with one full matching, whatever else is in some full
    matching lies on a cycle of edges in turn in the matching and not (Berge 1957, doi
    10.1073/pnas.43.9.842).
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching

    whos = list(fits)
    step_of = np.repeat(list(room), list(room.values()))
    held = np.array([np.isin(step_of, list(fits[who])) for who in whos])
    if not whos:
        return
    matched = maximum_bipartite_matching(csr_matrix(held), perm_type="column")
    if (matched < 0).any():
        raise Contradiction("no organisation is left for some of those that cross")
    size = len(whos)
    graph = np.zeros((2 * size, 2 * size), dtype=np.int8)
    graph[:size, size:] = held
    graph[np.arange(size), size + matched] = 0
    graph[size + matched, np.arange(size)] = 1
    _, group = connected_components(csr_matrix(graph), connection="strong")
    for k, who in enumerate(whos):
        possible = held[k] & (group[size:] == group[k])
        possible[matched[k]] = True
        keep = set(step_of[possible].tolist())
        fits[who] = {step: ends for step, ends in fits[who].items() if step in keep}


def standard_error_and_manifests(published: Published, rule: Rule, known: Known) -> pd.DataFrame:
    """Find counts in messages, logs, manifests, pop-ups, alternative texts and sizes of circles."""
    evidence = Evidence(published, rule, known, order=False)
    rows = [*_messages(published, rule), *_popups(published, rule)]
    names = _names(published)
    rows += _sentences(published, evidence, names)
    rows += _circles(published, evidence, names)
    return _table(rows)


_MESSAGE = re.compile(
    r"(?P<what>[^:]+): (?P<rows>[\d,]+) rows?, (?P<people>[\d,]+) people \((?P<codes>[^)]*)\)"
)
_MORE = re.compile(r"and ([\d,]+) more")


def messages(published: Published) -> pd.DataFrame:
    """List what messages count: `what`, `rows`, `people`, the `codes` they name and how many."""
    found = []
    for words in published.words:
        for match in _MESSAGE.finditer(words.text):
            codes = re.findall(r"'([^']+)'", match["codes"])
            more = _MORE.search(match["codes"])
            found.append(
                {
                    "what": match["what"].strip(),
                    "rows": int(match["rows"].replace(",", "")),
                    "people": int(match["people"].replace(",", "")),
                    "codes": tuple(codes),
                    "of": len(codes) + (int(more[1].replace(",", "")) if more else 0),
                    "file": words.file,
                }
            )
    columns = ["what", "rows", "people", "codes", "of", "file"]
    return pd.DataFrame(found, columns=columns).drop_duplicates(columns[:-1], ignore_index=True)


def _messages(published: Published, rule: Rule) -> Iterable[dict[str, Any]]:
    """Take a message's people as shared by the codes that it names, one of them at least each."""
    for row in messages(published).itertuples():
        # A code alone has them all; of several each has one at least, if every row has.
        for code in row.codes:
            lowest = row.people if row.of == 1 else int(row.people >= row.rows)
            highest = row.people if row.of == 1 else row.people - row.of + 1
            how = f"a message in {row.file}: {row.what}"
            yield _row((code, row.what), lowest, max(highest, lowest), rule, how)


def _popups(published: Published, rule: Rule) -> Iterable[dict[str, Any]]:
    """Find small counts that stand open in the tables of pop-ups."""
    for table in published.tables:
        if "popup" not in table.said:
            continue
        code = re.search(r"\b[A-Z]\d{5}\b", table.said["popup"])
        who = code[0] if code else table.said["popup"][:40]
        for column in table.frame.columns[1:]:
            if column.lower() not in ("patients", "people"):
                continue
            shown = numbers(table.frame[column])
            for place, value in zip(table.frame.iloc[:, 0], shown, strict=True):
                if rule.low <= value <= rule.high:
                    how = f"a pop-up in {table.file}"
                    yield _row((who, str(place)), value, value, rule, how)


def _names(published: Published) -> dict[str, str]:
    """Find what each organisation is called: by name, and by its code, the code."""
    names: dict[str, str] = {}
    for table in published.tables:
        frame = table.frame.rename(columns=str.lower)
        if {"code", "name"} <= set(frame.columns):
            for code, name in zip(
                frame["code"].astype(str), frame["name"].astype(str), strict=True
            ):
                if len(name) > 3:
                    names[name.upper()] = code
                names[code.upper()] = code
    return names


_PEOPLE = re.compile(r"(\d[\d,]*) (?:of its |registered )?(?:patients|people|persons)")


def _sentences(
    published: Published, evidence: Evidence, names: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    """Find sentences that name a hidden organisation and then a number of people."""
    cells = evidence.system.cells
    hidden = {o for (o, _), i in cells.items() if i in evidence.hidden}
    public = evidence.known.lists
    mine = {n: c for n, c in names.items() if c in hidden}
    if not mine:
        return
    named = re.compile("|".join(re.escape(n) for n in sorted(mine, key=len, reverse=True)))
    told = set()
    for words in published.words:
        for sentence in re.split(r"(?<=[.;])\s", words.text):
            found = named.search(sentence.upper())
            count = _PEOPLE.search(sentence, found.end()) if found else None
            if found is None or count is None:
                continue
            who, value = mine[found[0]], int(count[1].replace(",", ""))
            if public.get(who) != value and (who, value, words.file) not in told:
                told.add((who, value, words.file))
                how = f"words in {words.file}: {sentence[:80]}"
                yield _row((who, "told in words"), value, value, evidence.rule, how)


def _circles(
    published: Published, evidence: Evidence, names: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    """Measure circles: those of known counts tell the scale, the others are read by it."""
    by_file: dict[str, list[tuple[str, float, float]]] = {}
    for circle in published.circles:
        upper = circle.label.upper()
        who = names.get(upper) or next((c for n, c in names.items() if n in upper), None)
        radius = number(circle.radius)
        if who is not None and radius > 0:
            places = len(circle.radius.partition(".")[2])
            off = 0.5 * 10.0**-places if places < 12 else 1e-9
            by_file.setdefault(circle.file, []).append((who, radius, off))
    for file, circles in by_file.items():
        for place in sorted({p for o, p in evidence.system.cells if not o.startswith("*")}):
            yield from _by_size(evidence, file, place, circles)


def _by_size(
    evidence: Evidence, file: str, place: str, circles: list[tuple[str, float, float]]
) -> Iterable[dict[str, Any]]:
    system = evidence.system
    at = [system.cells.get((who, place)) for who, _, _ in circles]  # type: ignore[call-overload]
    shown = [k for k, i in enumerate(at) if i is not None and system.low[i] == system.high[i] > 0]
    hidden = [k for k, i in enumerate(at) if i is not None and i in evidence.hidden]
    if len(shown) < 4 or not hidden:
        return
    radii = np.array([r for _, r, _ in circles])
    counts = np.array([system.low[at[k]] for k in shown])  # type: ignore[index]
    if len(set(radii[shown].tolist())) < 3:
        return
    for power in (2, 1):
        slope, start = np.polyfit(radii[shown] ** power, counts, 1)
        errors = np.abs(slope * radii[shown] ** power + start - counts)
        edges = [
            abs(slope) * ((radii[k] + circles[k][2]) ** power - radii[k] ** power) for k in shown
        ]
        if slope > 0 and (errors <= np.array(edges) * 2 + 0.5).all():
            break
    else:
        return
    for k in hidden:
        who, radius, off = circles[k]
        ends = [slope * (radius + d) ** power + start for d in (-off, off)]
        slack = float(errors.max())
        lowest, highest = np.ceil(ends[0] - slack - 1e-6), np.floor(ends[1] + slack + 1e-6)
        if highest < lowest:
            lowest = highest = round(sum(ends) / 2)
        yield _row((who, place), max(lowest, 0), highest, evidence.rule, f"circles in {file}")


def _ranges(
    evidence: Evidence, targets: Mapping[int, str], how: str, *, programmes: bool = True
) -> list[dict[str, Any]]:
    rule = evidence.rule
    own = (max(rule.low, 1), max(rule.high, 1))
    public = {
        i
        for (who, place), i in evidence.system.cells.items()
        if place == "everybody" and who in evidence.known.lists
    }
    asked = {i: file for i, file in targets.items() if i not in public}
    found = evidence.system.ranges(asked, own) if programmes else evidence.system.followed(asked)
    names = list(evidence.system.cells)
    return [_row(names[i], *found[i], rule, f"{how} {file}") for i, file in asked.items()]


def _row(
    cell: tuple[str, str], lowest: float, highest: float, rule: Rule, how: str
) -> dict[str, Any]:
    values = (*cell, lowest, highest, rule.verdict(lowest, highest), how)
    return dict(zip(COLUMNS, values, strict=True))


def _table(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    found = pd.DataFrame(list(rows), columns=COLUMNS).astype({"lowest": float, "highest": float})
    return found.sort_values(["organisation", "area"], kind="stable", ignore_index=True)
