"""Towns to be named on a map: checked at the door, and text whatever they are called."""

from __future__ import annotations

from dataclasses import replace

import pytest

import coterminous as ct
from coterminous.errors import InputError
from coterminous.maps.points import towns_of
from coterminous.report.assembling import appendix

HEAD = "name,kind,people,easting,northing\n"


@pytest.fixture
def brought(lsc, tmp_path):
    """Give the bundled geography a table of towns of one's own."""

    def bring(text):
        file = tmp_path / "towns.csv"
        file.write_text(text, encoding="utf-8")
        settings = {**lsc.settings, "towns": {"file": str(file)}}
        return replace(lsc, _settings=settings)

    return bring


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,people,easting,northing\nA,5,1,2\n", "has no column 'kind'; it needs name, kind"),
        (f"{HEAD}Preston,Town,5,353700,429800\n", "column 'kind': 'Preston'; give town or sea"),
        (f"{HEAD}Preston,town,many,353700,429800\n", "column 'people': 'Preston'; give a number"),
        (f"{HEAD}Preston,town,5,SD54,429800\n", "column 'easting': 'Preston'; give metres"),
        (f"{HEAD}Preston,town,5,-2.7,53.76\n", "not degrees"),
        (f"{HEAD}Ely,town,5,0.26,52.4\n", "not degrees"),
        (f"{HEAD}Preston,town,5,353700,\n", "column 'northing': 'Preston'; give metres"),
    ],
)
def test_what_is_no_town_is_refused_by_the_map_and_by_the_paper(brought, tmp_path, text, message):
    area = brought(text)
    with pytest.raises(InputError, match=message):
        towns_of(area)
    with pytest.raises(InputError, match=message):
        appendix(area, before="pbp2021", after="place2022", out=tmp_path / "paper")
    assert not (tmp_path / "paper").exists()


def test_a_name_is_text_on_the_map(brought, tmp_path):
    name = "<script>alert(1)</script> $x$ {{7*7}}"
    area = brought(f"{HEAD}{name},town,500000,353700,429800\n")
    chosen = {"before": "pbp2021", "after": "footprint2022", "whole": "place2022"}
    out = appendix(area, out=tmp_path / "paper", sections=("maps",), formats=("pdf",), **chosen)
    drawn = (out / "maps" / "page-lines.svg").read_text(encoding="utf-8")
    assert "<script" not in drawn
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $x$ {{7*7}}" in drawn


def test_the_towns_that_ship_are_in_england():
    for board in ("QT6", "QOQ"):
        towns = towns_of(ct.load(board, on="2022-07-01"))
        assert {"Irish Sea", "North Sea", "York", "Truro"} <= set(towns["name"])
