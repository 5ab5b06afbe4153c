"""What should a reader know first? The key findings, and what could not be said."""

from __future__ import annotations

from coterminous.report.content import Block, Bullets, Paragraph, Section
from coterminous.report.entries import Entry, Gathered
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.wording import say

_MOST_FINDINGS = 16


def build(subject: Subject, gathered: Gathered) -> Part:
    """Put the findings of all sections on one page, with what could not be said."""
    if not gathered.findings:
        raise LeftOutError("no section has a finding")
    before, after = subject.before, subject.after
    age = subject.area.data_age(before, after)
    blocks: list[Block] = [
        *([Paragraph(say("{age}", age=age), "note")] if age else []),
        Paragraph(
            say(
                "What changes for {where} when {before} ({b}) become {after} ({a}). Every number "
                "is computed; its note says how, and from what. Nothing here says which way "
                "is better.",
                where=subject.area.title,
                before=subject.titled(before),
                b=before.name,
                after=subject.titled(after),
                a=after.name,
            )
        ),
        Bullets(tuple(gathered.findings[:_MOST_FINDINGS])),
    ]
    if gathered.left_out:
        reasons = "; ".join(f"{title} ({reason})" for title, reason in gathered.left_out)
        blocks.append(Paragraph(say("Left out: {reasons}.", reasons=reasons), "caution"))
    return Part(Section("findings", "Key findings", tuple(blocks)))


SECTION = Entry("findings", "Key findings", build, place=10, needs="all", numbered=False)
