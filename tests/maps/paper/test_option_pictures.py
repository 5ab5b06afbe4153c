"""The scatter of all drawings, the front's maps, and the comparison's bars."""

import pytest

import coterminous as ct
from coterminous.maps.paper.appraisals import comparison_figure, scatter
from coterminous.maps.paper.fronts import front_maps
from coterminous.maps.paper.printed import png


@pytest.fixture(scope="module")
def three(lsc) -> ct.Options:
    return ct.options(
        lsc, units="ltla2021", within="icb2022", areas=3, named=["pbp2021", "footprint2022"]
    )


def test_the_scatter_marks_the_front_and_names_the_layers(three):
    figure = scatter(three)
    said = [t.get_text() for t in figure.axes[0].texts]
    assert said == ["pbp2021 (5 areas)", "footprint2022 (6 areas)"]
    assert "2,489 contiguous drawings of 18 units into 3 areas" in figure.alt_text
    front = figure.axes[0].lines[0]
    assert len(front.get_xdata()) == len(
        three.pareto(["v_measure", "localisation"], among="plausible")
    )


def test_labels_of_the_scatter_do_not_cover_each_other(three):
    figure = scatter(three)
    figure.canvas.draw()
    boxes = [t.get_window_extent() for t in figure.axes[0].texts]
    assert not boxes[0].overlaps(boxes[1])


def test_the_front_is_drawn_as_small_maps(lsc, three):
    figure = front_maps(lsc, three, most=4)
    assert len(figure.axes) == 4
    assert "Small maps of 4 drawings of 3 areas each" in figure.alt_text
    small = "\n".join(text.get_text() for text in figure.texts)
    assert "Of the 11 drawings of the front 4, evenly spaced, are shown." in small


def test_pictures_are_the_same_bytes_every_time(lsc, three):
    assert png(scatter(three), dpi=60) == png(scatter(three), dpi=60)
    found = ct.compare(lsc, ["pbp2021", "footprint2022"])
    assert png(comparison_figure(found), dpi=60) == png(found.plot(), dpi=60)


def test_every_picture_names_its_sources_unless_a_document_does(lsc, three):
    found = ct.compare(lsc, ["pbp2021", "footprint2022"])
    for figure in (scatter(three), front_maps(lsc, three, most=2), found.plot()):
        said = " ".join(" ".join(t.get_text() for t in figure.texts).split())
        assert "Office for National Statistics licensed under the Open Government Licence" in said
        assert "Contains OS data © Crown copyright and database right" in said
        assert "NHS Acute (Hospital) Trust Catchment Populations" in said
    assert "People moved and parted are counted from Place-based partnerships" in said
    assert not "".join(t.get_text() for t in scatter(three, sources=False).texts)


def test_an_unknown_score_is_refused(three):
    with pytest.raises(ct.InputError, match="`scores` is 'beauty'"):
        scatter(three, x="beauty")


def test_no_map_at_all_is_refused(lsc, three):
    with pytest.raises(ct.InputError, match="`most` is 0; give at least 1"):
        front_maps(lsc, three, most=0)
