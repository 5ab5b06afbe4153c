"""Plates of A4 each say a finding, in print and in words."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest

import coterminous as ct
from coterminous.errors import InputError
from coterminous.maps.paper import bands, optionplates, practiceplate
from coterminous.words import in_words


def test_there_is_a_plate_for_each_question(made):
    assert list(made) == [
        "before",
        "after",
        "detail",
        "changes",
        "flows",
        "practices",
        "trusts",
        "options",
    ]


def test_every_plate_is_a4_with_a_title_words_and_sources(made):
    for plate in made.values():
        assert tuple(plate.figure.get_size_inches()) == pytest.approx((8.27, 11.69))
        assert plate.title
        assert len(plate.alt) > len(plate.title)
        shown = [t.get_text() for ax in plate.figure.axes for t in ax.texts]
        shown += [t.get_text() for t in plate.figure.texts]
        assert any("Source: Office for National Statistics" in text for text in shown), plate.name
        assert any("Contains OS data" in text for text in shown), plate.name


def test_titles_are_computed(made):
    assert made["changes"].title.startswith(
        "450,076 people of 1,701,655 (26%) are in a different area"
    )
    assert made["detail"].title.endswith("to 488,599 (Central)")
    assert "148,119 from Morecambe Bay to North and Coastal" in made["changes"].alt
    assert "Blackpool: 86.0% at Blackpool Teaching Hospitals" in made["trusts"].alt


def test_the_plate_of_practices_counts_as_the_impact_does(lsc, made):
    found = ct.impact(lsc, "gp", before="pbp2021", after="footprint2022")
    counts = found.summary["organisations"]
    legend = [t.get_text() for t in made["practices"].figure.axes[0].get_legend().get_texts()]
    assert f"Newly crosses a line: {counts['newly_crossing']}" in legend
    assert f"No longer crosses: {counts['resolved']}" in legend
    assert f"Never crosses: {counts['never_crossing']}" in legend


def test_every_practice_that_changes_is_numbered_and_in_the_key(made):
    figure = made["practices"].figure
    shown = [t.get_text() for ax in figure.axes for t in ax.texts]
    key = "\n".join(shown)
    assert "ASH TREES SURGERY" in key
    numbers = {text for text in shown if text.isdigit()}
    assert len(numbers) >= 35


def test_towns_where_practices_crowd_are_found(lsc):
    import pandas as pd

    town = pd.DataFrame({"easting": [100.0 * k for k in range(8)], "northing": [0.0] * 8})
    far = pd.DataFrame({"easting": [90_000.0], "northing": [90_000.0]})
    (box,) = practiceplate.crowds(pd.concat([town, far]))
    west, south, east, north = box
    assert west < 0 < 700 < east
    assert east - west == pytest.approx(1.5 * (north - south))
    assert practiceplate.crowds(town.head(5)) == []


def test_they_are_written_with_their_words_and_the_same_bytes(grid, tmp_path):
    for folder in ("one", "two"):
        ct.plates(grid, before="rows", after="columns", out=tmp_path / folder, dpi=40)
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert {"plate-01-before.png", "manifest.json"} <= set(names)
    assert "plates.json" in names
    for name in names:
        first, second = ((tmp_path / f / name).read_bytes() for f in ("one", "two"))
        assert first == second, name
    told = json.loads((tmp_path / "one" / "plates.json").read_text(encoding="utf-8"))
    assert [t["name"] for t in told] == ["before", "after", "changes", "flows"]


def test_a_result_of_options_is_drawn_as_its_pareto_front(lsc):
    found = ct.options(lsc, units="ltla2021", within="icb2022", areas=2)
    plate = ct.plates(
        lsc,
        before="pbp2021",
        after="place2022",
        context=None,
        detail=None,
        practices=None,
        trusts=None,
        options=found,
    )["options"]
    front = found.pareto(["v_measure", "localisation"], among="plausible")
    members = int(found.reference_sets["plausible"].sum())
    many = in_words(len(front))
    assert plate.title.startswith(
        f"None of {members:,} plausible drawings into two areas beats these {many} on both"
    )
    drawn = [int(ax.get_title().split("\n")[0].split()[1]) for ax in plate.figure.axes]
    assert set(drawn) <= set(front.index)
    assert len(drawn) == min(len(front), 12)
    assert front.index[0] == drawn[0]
    assert "; ".join(", ".join(g) for g in found.groups(drawn[0])) in plate.alt
    said = "\n".join(t.get_text() for t in plate.figure.texts)
    assert "Plausible: each area has 100,000 to 1,300,000 residents" in " ".join(said.split())
    assert "Source: Office for National Statistics" in said


def test_the_front_without_patients_is_of_the_scores_that_there_are(grid):
    found = ct.options(grid, units="each", areas=2, against="rows")
    plate = optionplates.front_plate(grid, found)
    assert plate.title.startswith("None of")
    assert "drawings into two areas" in plate.title


def test_labels_keep_off_hospitals_and_practices(made):
    for name in ("trusts", "practices"):
        for ax in made[name].figure.axes:
            boxes = [
                t.get_window_extent()
                for t in ax.texts
                if t.get_text() and t.get_fontweight() == "bold" and t.get_text() not in "ABN"
            ]
            for marks in ax.collections:
                if name == "practices" and marks.get_linewidth()[0] < 0.8:
                    continue
                if not len(marks.get_offsets()) or len(marks.get_paths()) != 1:
                    continue
                spots = ax.transData.transform(marks.get_offsets())
                covered = [1 for x, y in spots for box in boxes if box.contains(x, y)]
                if marks.get_zorder() >= 10 or name == "practices":
                    assert covered == [], name


def test_bands_too_thin_for_a_number_are_told_in_the_small_print(made):
    small = " ".join(t.get_text() for t in made["flows"].figure.axes[0].texts).replace("\n", " ")
    assert "11,918 from Central Lancashire to East; 1,628 from Fylde Coast to Central." in small


def test_a_format_that_there_is_not_is_refused(grid):
    with pytest.raises(InputError, match="`formats` is 'gif', which is not one of: png, svg, pdf"):
        ct.plates(grid, before="rows", after="columns", formats=["gif"])


def test_a_file_in_place_of_a_folder_is_refused(grid, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="`out` is 'taken', which is a file; name a folder"):
        ct.plates(grid, before="rows", after="columns", out=tmp_path / "taken")


def test_plates_leave_what_a_user_put_or_edited_and_refuse_a_folder_of_others(grid, tmp_path):
    out, others = tmp_path / "out", tmp_path / "others"
    chosen = {"before": "rows", "after": "columns", "dpi": 40, "formats": ["png"]}
    ct.plates(grid, **chosen, out=out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "plates.json").write_text("[]", encoding="utf-8")
    ct.plates(grid, **{**chosen, "formats": ["svg"]}, out=out)
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (out / "plates.json").read_text(encoding="utf-8") == "[]"
    assert {path.suffix for path in out.glob("plate-*")} == {".svg"}
    others.mkdir()
    (others / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="a folder with other things in it"):
        ct.plates(grid, **chosen, out=others)
    assert [path.name for path in others.iterdir()] == ["notes.txt"]


def test_where_nobody_lives_there_is_no_plate_of_flows(grid):
    empty = ct.Geography.from_frames(
        gpd.GeoDataFrame({"population": 0}, index=grid.blocks, geometry=grid.geometry, crs=27700)
    )
    for name in ("rows", "columns"):
        empty = empty.with_layer(name, grid.layer(name).assignment)
    assert list(ct.plates(empty, before="rows", after="columns")) == ["before", "after", "changes"]
    with pytest.raises(InputError, match="nobody lives in 'rows' or 'columns'"):
        bands.alluvial(empty.overlap("rows", "columns"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"options": "twon"}, "`options` is 'twon', which is not one of.*Did you mean 'town'"),
        ({"formats": "pngg"}, "`formats` is 'pngg', which is not one of.*Did you mean 'png'"),
        ({"dpi": 0}, "`dpi` is 0; give dots an inch above 0"),
    ],
)
def test_what_is_wrong_with_plates_is_said(grid, given, said):
    with pytest.raises(InputError, match=said):
        ct.plates(grid, before="rows", after="columns", **given)


def test_layers_that_do_not_meet_have_no_changes(grid):
    area = grid.with_layer("north", {"N": ["NW", "NE"]}, units="each")
    with pytest.raises(InputError, match="'north' and 'hamlet' have no block in common"):
        ct.plates(area, before="north", after="hamlet")
