"""What is said of trusts: those based here are counted, those based elsewhere stand apart."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import coterminous as ct
from coterminous.registers.basing import FEWEST
from coterminous.report.content import Paragraph, Table
from coterminous.report.sections import general_practice, hospitals, partnership, unchanged
from coterminous.report.settings import settle
from coterminous.report.subject import Part, Subject


def subject_of(area: ct.Geography, **given: str) -> Subject:
    return Subject(
        area, settle(area, given={"before": "pbp2021", "after": "footprint2022", **given})
    )


def said(part: Part) -> str:
    blocks = [b for b in part.section.blocks if isinstance(b, Paragraph)]
    return " ".join(block.text.plain() for block in blocks)


def table_of(part: Part, key: str) -> Table:
    return next(b for b in part.section.blocks if isinstance(b, Table) and b.key == key)


@pytest.mark.parametrize(("after", "count"), [("footprint2022", 4), ("place2022", 3)])
def test_of_four_trusts_based_here_one_works_with_several_before(lsc, after, count):
    part = hospitals.build(subject_of(lsc, after=after))

    assert (
        "Of 4 trusts based here, 1 draws at least 5% of its patients from each of two or more "
        f"partnerships; after, {count} draw"
    ) in said(part)
    assert set(table_of(part, "hospitals-trusts").frame["name"]) == {
        "East Lancashire Hospitals",
        "Lancashire Teaching Hospitals",
        "Blackpool Teaching Hospitals",
        "University Hospitals of Morecambe Bay",
    }
    apart = table_of(part, "hospitals-elsewhere")
    assert apart.frame["name"].tolist()[0] == "Southport and Ormskirk Hospital"
    assert "of its patients who live here" in " ".join(c.heading for c in apart.columns)


def test_seven_pairs_of_a_trust_based_here_and_a_council_and_nine_apart(lsc):
    part = unchanged.build(subject_of(lsc))

    assert said(part).count("7 pairs of a trust based here and a council") == 1
    assert "9 more are of trusts based elsewhere" in said(part)
    frame = table_of(part, "unchanged-meetings").frame
    assert frame["based"].value_counts().to_dict() == {"elsewhere": 9, "here": 7}


def test_partners_count_the_trusts_based_here(lsc):
    part = partnership.build(subject_of(lsc))

    assert "of 4 hospital trusts based here, one before and four after" in said(part)
    frame = table_of(part, "partners-kinds").frame.set_index("kind")
    assert frame.loc["Hospital trusts", ["based_here", "based_elsewhere"]].tolist() == [4, 4]


def test_of_a_trust_based_elsewhere_with_few_patients_here_no_share_is_given(lsc):
    trust = lsc.register("trust")
    few = trust.people["organisation"] == "RCF"
    # A tenth of Airedale's 10,476 patients from here, and a little less: under the floor.
    share = 0.9 * FEWEST / trust.lists["RCF"]
    fewer = replace(
        trust,
        people=trust.people.assign(
            patients=trust.people["patients"].mask(few, trust.people["patients"] * share)
        ),
    )
    subject = subject_of(lsc.with_register(fewer))

    apart = table_of(hospitals.build(subject), "hospitals-elsewhere").frame.set_index("code")
    assert apart.loc["RCF", "patients"] == pytest.approx(900)
    assert pd.isna(apart.loc["RCF", "share_in_main"])
    assert apart.loc["RVY", "areas_reached"] == 1
    pairs = table_of(unchanged.build(subject), "unchanged-meetings").frame
    assert "Airedale" not in set(pairs["trust"])


def test_the_section_on_practices_asks_each_impact_once(lsc, monkeypatch):
    from coterminous.effects import impacts

    asked = []
    once = impacts.impact

    def counting(area, register, *, before, after, **options):
        name = register if isinstance(register, str) else register.name
        asked.append((name, before.name, after.name))
        return once(area, register, before=before, after=after, **options)

    monkeypatch.setattr(impacts, "impact", counting)
    general_practice.build(subject_of(lsc))

    assert len(asked) == len(set(asked))
    assert ("gp", "pbp2021", "footprint2022") in asked
