"""With how many areas must each partner work? Councils, districts, networks and trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from coterminous.registers.basing import FEWEST
from coterminous.report.content import (
    Block,
    Column,
    Paragraph,
    Section,
    Table,
)
from coterminous.report.entries import Entry
from coterminous.report.registered import networks_of, register_of
from coterminous.report.subject import Indicator, LeftOutError, Part, Subject
from coterminous.report.wording import (
    Figure,
    Provenance,
    Text,
    capitalised,
    say,
)
from coterminous.words import in_words, plural

if TYPE_CHECKING:
    from coterminous.effects.partnering import Partners


def build(subject: Subject) -> Part:
    """Say with how many areas each kind of partner must work, before and after."""
    from coterminous.effects.partnering import partners

    asked = _partners_of(subject)
    if not asked:
        raise LeftOutError("neither councils nor a register of organisations were named")
    found = partners(
        subject.area,
        before=subject.before,
        after=subject.after,
        organisations=[each for _, each in asked],
        weight=subject.weight,
        threshold=subject.settings.threshold,
    )
    titles = {each.name: title for title, each in asked}
    headline = _headline(subject, found, titles)
    blocks: list[Block] = [
        Paragraph(
            say(
                "A partner works with an area when at least {threshold} of its people who live in "
                "these areas live there. The effective number weighs areas by those people: one "
                "and a little more means that nearly all of them are in one area.",
                threshold=subject.threshold(),
            )
        ),
        Paragraph(headline, "finding"),
        _kinds_table(subject, found, titles),
        _partners_table(subject, found, titles),
    ]
    section = Section("partners", "Partners", tuple(blocks))
    return Part(section, (headline,), tuple(_indicators(subject, found, titles)))


def _partners_of(subject: Subject) -> list[tuple[str, Any]]:
    """Choose whom to put side by side: every layer of councils, networks and trusts."""
    asked: list[tuple[str, Any]] = [
        (council.title, council) for role, council in subject.councils() if role != "later"
    ]
    for role, title in (("patients", "Primary care networks"), ("hospitals", "Hospital trusts")):
        try:
            found = networks_of(subject) if role == "patients" else register_of(subject, role)
        except LeftOutError:
            continue
        if found is not None:
            asked.append((title, found))
    return asked


def _origin(subject: Subject, formula: str) -> Provenance:
    """Say how partners were counted."""
    return subject.origin(formula, subject.before, subject.after)


def _count(subject: Subject, found: Partners, kind: str, side: str) -> Figure:
    """Count the partners of a kind that work with two or more areas."""
    return Figure.of(
        f"partners.{kind}.{side}",
        int(_counts(found, kind)[f"several_{side}"]),
        "count",
        _origin(
            subject,
            f"Partners with at least {subject.percentage} of their people in each of two or more "
            "areas; of organisations with a site, those whose main site is here",
        ),
        table="partners-kinds",
    )


def _counts(found: Partners, kind: str) -> pd.Series:
    """Count the partners of a kind; a kind without anybody in either drawing counts 0."""
    counts: pd.Series = found.summary.reindex([kind]).fillna(0).iloc[0]
    return counts


def _headline(subject: Subject, found: Partners, titles: dict[str, str]) -> Text:
    """Say how many of each kind must work with two or more areas."""
    clauses: list[Text] = []
    for kind, title in titles.items():
        counts = _counts(found, kind)
        total = int(counts["based_here"])
        if total < 2 and titles.keys() - {kind}:
            continue  # of one partner the table says all there is
        here = " based here" if total < counts["organisations"] else ""
        before, after = (_count(subject, found, kind, side) for side in ("before", "after"))
        count = Figure.of(
            f"partners.{kind}.total", total, "count",
            _origin(
                subject,
                "Partners with people in a drawing; of organisations with a site, those whose main "
                "site is here",
            ),
            table="partners-kinds",
        )  # fmt: skip
        verb = f" {plural(before.value, 'works', 'work')} with two or more areas" * (not clauses)
        clauses.append(
            say(
                "of {total} {title}{here}, {before}{verb} before and {after} after",
                total=count,
                here=here,
                title=subject.inside(title),
                before=before.saying(in_words(before.value, none="none")),
                after=after.saying(in_words(after.value, none="none")),
                verb=verb,
            )
        )
    if not clauses:
        return say("Each kind of partner has one here or none; the table says how it works.")
    pattern = "; ".join(f"{{c{i}}}" for i in range(len(clauses))) + "."
    return capitalised(say(pattern, **{f"c{i}": clause for i, clause in enumerate(clauses)}))


def _kinds_table(subject: Subject, found: Partners, titles: dict[str, str]) -> Table:
    """Summarise partners by kind."""
    frame = found.summary.reset_index()
    frame["kind"] = [titles.get(kind, kind) for kind in frame["kind"]]
    frame["based_elsewhere"] = frame["organisations"] - frame["based_here"]
    return Table(
        key="partners-kinds",
        title="Partners that work with two or more areas, by kind",
        frame=frame,
        columns=(
            Column("kind", "Kind"),
            Column("based_here", "Partners", "count"),
            Column("several_before", "With two or more before", "count"),
            Column("several_after", "With two or more after", "count"),
            Column("mean_effective_before", "Mean effective number before", "decimal"),
            Column("mean_effective_after", "Mean effective number after", "decimal"),
            Column("based_elsewhere", "Based elsewhere, not counted", "count"),
        ),
        provenance=_origin(
            subject, "Counts of partners; effective number: 1 / sum of squared shares"
        ),
    )


def _partners_table(subject: Subject, found: Partners, titles: dict[str, str]) -> Table:
    """List the partners whose number of areas changes, then the others."""
    table = found.organisations
    changed = table["areas_before"] != table["areas_after"]
    frame = table.assign(
        kind=table["kind"].map(titles),
        change=(table["areas_after"] - table["areas_before"]),
        based=table["based_here"].map({True: "here", False: "elsewhere"}).fillna(""),
        _first=~changed,
        _kind=table["kind"].map({kind: i for i, kind in enumerate(titles)}),
    ).sort_values(["_first", "_kind", "people", "code"], ascending=[True, True, False, True])
    # Of an organisation based elsewhere a share of few people says nothing.
    told = (table["based_here"].fillna(True).astype(bool) | (table["people"] >= FEWEST)).reindex(
        frame.index
    )
    for column in ("areas_before", "areas_after", "effective_before", "effective_after"):
        frame[column] = frame[column].astype(object).where(told, None)
    return Table(
        key="partners",
        title="With how many areas each partner works; those that change first",
        frame=pd.DataFrame(frame.drop(columns=["_first", "_kind"])).reset_index(drop=True),
        columns=(
            Column("name", "Partner"),
            Column("kind", "Kind"),
            Column("based", "Based"),
            Column("people", "Its people who live here", "people"),
            Column("areas_before", "Areas before", "count"),
            Column("areas_after", "Areas after", "count"),
            Column("effective_before", "Effective number before", "decimal"),
            Column("effective_after", "Effective number after", "decimal"),
        ),
        provenance=_origin(
            subject,
            f"Areas with at least {subject.percentage} of the partner's people who live in the "
            "layer",
        ),
        notes=(
            "Of a partner based elsewhere only the people who live here are known; with fewer than "
            f"{FEWEST:,} of them no number of areas is given.",
        )
        if (frame["based"] == "elsewhere").any()
        else (),
        most=min(25, max(10, int(changed.sum()))),
    )


def _indicators(subject: Subject, found: Partners, titles: dict[str, str]) -> list[Indicator]:
    """Give the numbers that statements about partners can be tied to."""
    made = []
    names = {council.name: role for role, council in subject.councils()}
    for kind, title in titles.items():
        role = names.get(kind, "networks" if "network" in kind.casefold() else "trusts")
        made.append(
            Indicator(
                f"partners.{role}",
                f"{title} that work with two or more areas",
                _count(subject, found, kind, "before"),
                _count(subject, found, kind, "after"),
                "less",
            )
        )
    return made


SECTION = Entry("partners", "Partners", build, place=80)
