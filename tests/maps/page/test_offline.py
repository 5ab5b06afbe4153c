"""A page holds everything it needs, or says by name what it lacks."""

from __future__ import annotations

import re

import pytest

from coterminous.errors import InputError
from coterminous.maps import offline_html
from coterminous.maps.page import offline


def test_a_script_and_a_style_are_put_inside():
    page = (
        '<head><script src="https://a/b.js"></script>'
        '<link rel="stylesheet" href="https://a/c.css"/></head>'
    )
    made = offline.inline(page, {"https://a/b.js": "b()", "https://a/c.css": "i{top:0}"})
    assert "<script>b()</script>" in made
    assert "<style>i{top:0}</style>" in made
    assert "https://a" not in made


def test_a_file_that_is_not_carried_is_named():
    with pytest.raises(InputError, match=r"'https://a/b.js', which folium-offline does not carry"):
        offline.inline('<head><script src="https://a/b.js"></script></head>', {})


def test_a_background_map_is_refused():
    with pytest.raises(InputError, match="Leave out the tiles, or give offline=False"):
        offline.inline("<head></head><script>L.tileLayer('x')</script>", {})


def test_fonts_and_images_that_the_copy_lacks_are_emptied_and_data_kept():
    css = "a{src:url('../f.woff2')}b{src:url(data:font/woff2;base64,AA)}c{fill:url(#d)}"
    made = offline.inline('<head><link rel="stylesheet" href="x"/></head>', {"x": css})
    assert "f.woff2" not in made
    assert "data:font/woff2;base64,AA" in made
    assert "url(#d)" in made


def test_a_script_cannot_end_its_element_early():
    made = offline.inline('<head><script src="x"></script></head>', {"x": "'</script>'"})
    assert "<script>'<\\/script>'</script>" in made


def test_the_browser_is_told_to_ask_nobody():
    assert "default-src 'none'" in offline.inline("<head></head>", {})


def test_every_file_of_a_folium_map_is_carried(lsc):
    html = lsc.explore("place2022", offline=True).get_root().render()
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?:", html)


def test_a_plain_folium_map_can_be_made_offline():
    import folium

    html = offline_html(folium.Map(location=(54, -2.7), tiles=None))
    assert "<script src=" not in html


def test_the_same_map_is_the_same_bytes(lsc):
    first, second = (
        lsc.explore("pbp2021", "footprint2022", changes=True).get_root().render() for _ in "12"
    )
    assert first == second


def _with_icon(icon) -> str:
    import folium

    m = folium.Map(location=(54, -2.7), tiles=None)
    folium.Marker((54, -2.7), icon=icon).add_to(m)
    return offline_html(m)


@pytest.mark.parametrize(
    ("icon", "named"),
    [
        (lambda f: f.Icon(icon="github", prefix="fa-brands"), "fa-brands github"),
        (lambda f: f.Icon(icon="github", prefix="fa"), "fa-brands github"),
        (lambda f: f.Icon(icon="fa-regular fa-heart", prefix="fa"), "fa-regular heart"),
        (lambda f: f.DivIcon(html='<i class="fab fa-nhs"></i>'), "fa-brands nhs"),
    ],
)
def test_an_icon_whose_font_is_not_carried_is_named(icon, named):
    import folium

    with pytest.raises(InputError, match=f"the icon '{named}' would be blank"):
        _with_icon(icon(folium))


def test_an_icon_whose_font_is_carried_is_drawn():
    import folium
    from folium.plugins import BeautifyIcon

    assert '"icon": "house-medical"' in _with_icon(folium.Icon(icon="house-medical", prefix="fa"))
    assert '"icon": "apple"' in _with_icon(folium.Icon(icon="apple", prefix="glyphicon"))
    assert '"icon": "coffee"' in _with_icon(BeautifyIcon(icon="coffee"))


def test_a_picture_of_the_network_is_named():
    import folium

    with pytest.raises(InputError, match=r"loads 'https://a.b/c.png' from the network"):
        _with_icon(folium.CustomIcon("https://a.b/c.png"))
    with pytest.raises(InputError, match=r"loads '//a.b/c.png' from the network"):
        _with_icon(folium.DivIcon(html='<img alt="" src="//a.b/c.png">'))


def test_a_link_that_a_reader_may_follow_is_no_picture():
    import folium

    assert "nhs.uk" in _with_icon(folium.DivIcon(html='<a href="https://nhs.uk">NHS</a>'))


def outside(html):
    return re.findall(r'<(?:script|link)[^>]*(?:src|href)="(https?://[^"]+)"', html)


def test_a_map_asks_nothing_of_the_network_unless_it_is_asked_to(lsc):
    html = lsc.explore("place2022").get_root().render()
    assert outside(html) == []
    assert "default-src 'none'" in html
    assert outside(lsc.explore("place2022", offline=False).get_root().render())


def test_a_background_map_added_later_is_let_through_and_nothing_else(lsc):
    import folium

    m = lsc.explore("place2022")
    folium.TileLayer("OpenStreetMap").add_to(m)
    html = m.get_root().render()
    assert outside(html) == []
    assert "img-src https: data:" in html
    # The control lists what is there before it.
    assert html.index("L.tileLayer(") < html.index("L.control.layers(")


def test_what_was_asked_to_be_offline_refuses_a_background_map(lsc):
    import folium

    m = lsc.explore("place2022", offline=True)
    folium.TileLayer("OpenStreetMap").add_to(m)
    with pytest.raises(InputError, match="Leave out the tiles"):
        m.get_root().render()
