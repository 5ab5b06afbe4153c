"""Which board of England, or which council, is meant, and of which blocks is its geography made?

The published tables are those of `data/england`. A council here is an upper-tier or unitary
authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NoReturn

import pandas as pd

from coterminous.arguments import as_day, asked
from coterminous.errors import InputError, closest
from coterminous.folders.english import CHANGES, councils, lsoas, of_2022, of_2026
from coterminous.geography.parts import Part
from coterminous.tables.keys import folded
from coterminous.words import counted, date_in_words, listed

Kind = Literal["board", "council"]
#: Districts of 2021 of whose people the source of hospital patients says too little, and the share
#: of a body's people in them from which it has no hospital figures.
NO_HOSPITALS, MOST_WITHOUT = ("E07000188", "E07000246"), 0.25
#: The last day of which the boards are known: more of them are to merge on the next.
KNOWN_UNTIL = "2027-03-31"
#: The layers of the health service that end at the edge of a board.
ENDS = ("icb2022", "icb2026", "sicbl2022", "ccg2021", "stp2021", "pcn2022", "msoa2011")


@dataclass(frozen=True)
class Body:
    """A board or a council of England, from one day to another.

    Attributes
    ----------
    code : str
        ODS code of a board, GSS code of a council.
    gss : str
        Empty where it is not known.
    name, official : str
        As people say it, and in full.
    kind : {'board', 'council'}
    column : str
        The column of `english.lsoas` that has its blocks.
    since, until : str
        First and last day; empty where there is none.
    """

    code: str
    gss: str
    name: str
    official: str
    kind: Kind
    column: str
    since: str = ""
    until: str = ""

    @property
    def called(self) -> str:
        """Name it with its code, and its dates where it has ended."""
        return f"{self.name} ({self.code})"

    def there(self, on: str) -> bool:
        """Whether it is there on a day."""
        return (not self.since or self.since <= on) and (not self.until or on <= self.until)

    def blocks(self) -> frozenset[str]:
        """Return the blocks in which it lies."""
        table = lsoas()
        return frozenset(table.index[table[self.column] == self.code])


@cache
def all_bodies() -> tuple[Body, ...]:
    """List all boards and councils, those of today first.

    A board of 2022 that is there in 2026 under its code and on its ground is one body.
    """
    before, after, table = of_2022(), of_2026(), lsoas()
    ground = {
        column: {code: frozenset(i) for code, i in table.groupby(column).groups.items()}
        for column in ("icb22", "icb26")
    }
    found = []
    for code, row in after.iterrows():
        same = ground["icb22"].get(code) == ground["icb26"][code]
        gss = str(before.at[code, "icb22_gss"]) if same else ""
        since = CHANGES["icb22"] if same else CHANGES["icb26"]
        column = "icb22" if same else "icb26"
        found.append(Body(str(code), gss, row["called"], row["official"], "board", column, since))
    ended = [b for b in before.index if ground["icb26"].get(b) != ground["icb22"][b]]
    for code in ended:
        row = before.loc[code]
        found.append(
            Body(
                str(code), row["icb22_gss"], row["icb22_called"], row["icb22_name"],
                "board", "icb22", CHANGES["icb22"], CHANGES["icb22_end"],
            )
        )  # fmt: skip
    return (*found, *_councils())


def _councils() -> Iterable[Body]:
    table = councils()
    now = table.drop_duplicates("utla23")
    then = table.drop_duplicates("utla21")
    for code, name in zip(now["utla23"], now["utla23_name"], strict=True):
        since = "" if (table["utla21"] == code).any() else CHANGES["utla23"]
        yield Body(code, code, name, name, "council", "utla23", since)
    for code, name in zip(then["utla21"], then["utla21_name"], strict=True):
        if not (table["utla23"] == code).any():
            yield Body(code, code, name, name, "council", "utla21", "", CHANGES["utla21_end"])


def one_name(name: object) -> str:
    """Return the one name that was given, or say that there are several, or none."""
    if isinstance(name, str) and not ("," in name and all(map(_known, name.split(",")))):
        return name
    raise InputError(
        f"`name` is {name!r}; a geography is of one board or council: give one, or load England "
        '(`ct.load("england")`, `--board england`) and compare them there'
    )


def _known(name: str) -> bool:
    return any(_is(b, name.strip()) for b in all_bodies())


def find(name: str, on: str | None = None) -> Body:
    """Find the board or the council that is meant.

    Parameters
    ----------
    name : str
        An ODS or GSS code, or a name as people write it.
    on : str, optional
        A day, such as ``2026-04-01``, for a code that has meant two footprints.

    Raises
    ------
    InputError
        If there is none; if it was not there on that day; or if two are meant.
    """
    day = as_day(on, "on") if on else ""
    known = [b for b in all_bodies() if _is(b, name)]
    there = [b for b in known if b.there(_whole_day(day))] if day else known
    if not known:
        _unknown(name)
    if not there:
        _not_there(known, day)
    there = _of_today(there) if not day else there
    if len(there) > 1:
        _ambiguous(name, there)
    body = there[0]
    if body.until and body.kind == "council" and not day:
        raise InputError(
            f"{body.called} was abolished on {_ended(body)}: its area is now "
            f'{_successors(body)}; give one of these, or on="2021-04-01" (`--on 2021-04-01`)'
        )
    return body


def _of_today(found: list[Body]) -> list[Body]:
    """Prefer the council that is there today to one of the same name that is no more."""
    today = [b for b in found if not b.until]
    councils_now = any(b.kind == "council" for b in today)
    return [b for b in found if b.kind == "board" or not b.until or not councils_now]


def _is(body: Body, name: str) -> bool:
    wanted = folded(name)
    if wanted in {folded(body.code), folded(body.gss) if body.gss else None}:
        return True
    return wanted in _spellings(body)


@cache
def _spellings(body: Body) -> frozenset[str]:
    """Give the folded names by which people know a body."""
    name = folded(body.name)
    if body.kind == "board":
        stems = {name, f"nhs {name}"}
        return frozenset(
            s + end for s in stems for end in ("", " icb", " integrated care board", " ics")
        )
    ends = (
        *("", " council", " county council", " city council", " borough council"),
        *(" metropolitan borough council", ", city of", ", county of"),
    )
    starts = ("", "city of ", "london borough of ", "royal borough of ")
    return frozenset({name + e for e in ends} | {s + name for s in starts})


def _whole_day(day: str) -> str:
    """Take the first day of a month or a year that is given alone; of a day not yet known, none.

    Raises
    ------
    InputError
        If boards are known to change before that day, and how is not known here.
    """
    whole = day + "-01-01"[len(day) - 4 :] if len(day) < len("2022-07-01") else day
    if whole > KNOWN_UNTIL:
        raise InputError(
            f"`on` is {day!r}, and what boards there are after {date_in_words(KNOWN_UNTIL)} is not "
            "known here; give an earlier day"
        )
    return whole


def _ended(body: Body) -> str:
    """Say on which day a body was abolished: the one after its last."""
    return date_in_words(str((pd.Timestamp(body.until) + pd.Timedelta(days=1)).date()))


def _unknown(name: str) -> NoReturn:
    table = councils()
    wanted = folded(name)
    for tier in ("ltla23", "ltla21"):
        row = table[
            (table[tier].map(folded) == wanted) | (table[f"{tier}_name"].map(folded) == wanted)
        ]
        if len(row):
            first = row.iloc[0]
            raise InputError(
                f"{name!r} is a district; its upper-tier council is {first['utla23_name']} "
                f"({first['utla23']}): give that, and ask for the district in its layer "
                f"`{tier[:4]}20{tier[4:]}`"
            )
    raise InputError(
        f"{name!r} is no board or upper-tier council of England, and no folder."
        f"{closest(name, _names())} `ct.boards()` (`coterminous boards`) lists the boards"
    )


def _names() -> list[str]:
    return [n for b in all_bodies() for n in (b.name, b.code)]


def _not_there(known: list[Body], day: str) -> NoReturn:
    body = known[0]
    if body.until and body.until < _whole_day(day):
        raise InputError(
            f"{body.called} was abolished on {_ended(body)}, before {day}: its area is "
            f"now {_successors(body)}; give one of these, or an earlier day"
        )
    raise InputError(
        f"{body.called} was not there on {day}: it is there since {date_in_words(body.since)}; "
        "give a later day"
    )


def _successors(body: Body) -> str:
    """Name the bodies of today on the ground of one that has ended, with the blocks of each."""
    table = lsoas()
    column = "icb26" if body.kind == "board" else "utla23"
    codes = table.loc[sorted(body.blocks()), column].value_counts()
    names = {b.code: b.called for b in all_bodies() if not b.until and b.kind == body.kind}
    said = [names[c] for c in codes.index]
    return listed(said, 6)


def _ambiguous(name: str, found: list[Body]) -> NoReturn:
    if len({b.code for b in found}) == 1:
        said = listed(
            (f"{b.name}, {_lasts(b)}, {counted(len(b.blocks()), 'LSOA')}" for b in found), 4
        )
        code = found[0].code
        raise InputError(
            f'{name!r} ({code}) has had two footprints: {said}; say which with on="2022-07-01" '
            'or on="2026-04-01" (`--on`)'
        )
    said = listed((f"the {b.kind} {b.called}" for b in found), 4)
    raise InputError(f"{name!r} names {said}; give the code of the one that is meant")


def _lasts(body: Body) -> str:
    since = date_in_words(body.since)
    return f"from {since} to {date_in_words(body.until)}" if body.until else f"since {since}"


def part_of(body: Body, on: str | None = None) -> Part:
    """Say of which blocks a body's geography is made: all of every council that it touches."""
    table = lsoas()
    inside = body.blocks()
    late = bool(on) and _whole_day(str(on)) >= CHANGES["icb26"]
    own = table.loc[sorted(inside)]
    touched = table["utla23"].isin(own["utla23"].unique())
    if body.kind == "board":
        touched |= table["utla21"].isin(own["utla21"].unique())
    blocks = table[touched]
    return Part(
        name=body.code,
        title=body.name,
        blocks=frozenset(blocks.index),
        inside=inside,
        ends=ENDS if body.kind == "board" else (),
        lacking=() if (blocks["cauth23"] != "").any() else ("cauth2023",),
        roles=_roles(body, own, late=late),
        without=_without(own),
        asked={"name": body.code, "on": on},
    )


def _without(own: pd.DataFrame) -> dict[str, str]:
    """Say which role nothing has here, and why."""
    there = own["ltla21"].isin(NO_HOSPITALS)
    share = own.loc[there, "population"].sum() / own["population"].sum()
    if share < MOST_WITHOUT:
        return {}
    return {
        "hospital": "the source of hospital patients lacks the main trust of "
        f"{share:.0%} of the people here"
    }


def _roles(body: Body, own: pd.DataFrame, *, late: bool) -> dict[str, str]:
    """Say what is set beside what: sub-ICB locations, or the board that has only one."""
    year = "21" if body.column == "utla21" else "23"
    councils, districts = f"utla20{year}", f"ltla20{year}"
    board = "icb2026" if late or body.column == "icb26" else "icb2022"
    whole = councils if body.kind == "council" else board
    # The first that divides the body: where it is one council, its districts or its networks.
    divided = [
        layer
        for layer, column in ((councils, f"utla{year}"), (districts, f"ltla{year}"))
        if own[column].nunique() > 1
    ]
    return {
        "whole": whole,
        "before": "sicbl2022" if own["sicbl22"].nunique() > 1 else whole,
        "after": next(iter(divided), "pcn2022"),
        "councils": councils,
        "districts": districts,
    }


@asked
def boards(on: str | None = None) -> pd.DataFrame:
    """List England's integrated care boards, of 2022 and of 2026.

    Parameters
    ----------
    on : str, optional
        A day: the boards of that day alone.

    Returns
    -------
    pandas.DataFrame
        By `code` (ODS; twice where a code has had two footprints): `name`, `gss`, `valid_from`,
        `valid_to` (empty for those of today), `locations` (sub-ICB locations of 2022 that it
        holds or cuts), `councils` (upper-tier and unitary ones of April 2023 that it touches),
        `lsoas` and `residents` (mid-2020), in order of code and date.

    Raises
    ------
    InputError
        If `on` is no day.

    Examples
    --------
    >>> len(boards("2022-07-01")), len(boards("2026-04-01"))
    (42, 36)
    >>> boards("2022-07-01").loc["QOQ", "name"]
    'Humber and North Yorkshire'
    """
    day = _whole_day(as_day(on, "on")) if on else ""
    table = lsoas()
    rows = []
    for body in all_bodies():
        if body.kind != "board" or (day and not body.there(day)):
            continue
        own = table.loc[sorted(body.blocks())]
        rows.append(
            {
                "code": body.code,
                "name": body.name,
                "gss": body.gss,
                "valid_from": body.since,
                "valid_to": body.until,
                "locations": own["sicbl22"].nunique(),
                "councils": own["utla23"].nunique(),
                "lsoas": len(own),
                "residents": int(own["population"].sum()),
            }
        )
    found = pd.DataFrame(rows).sort_values(["code", "valid_from"], ignore_index=True)
    return found.set_index("code")
