"""What surrounds a folium map: a page with a title, a language, landmarks, sources, and no network.

Folium's own page has no title and no language, forbids zooming, and names its elements at random.
A `Page` is the branca figure that a map hangs from, so ``m.save`` and notebooks render through it
while the map itself stays the plain folium object that it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from branca.element import Figure

from coterminous.errors import InputError
from coterminous.files import GENERATOR
from coterminous.maps.page.escaping import references
from coterminous.maps.page.offline import inline
from coterminous.maps.page.still import Still, in_a_cell

if TYPE_CHECKING:
    import folium

logger = logging.getLogger(__name__)
_RANDOM_ID = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
# A script that could not be had is named in the place of the map, which would else be an empty box.
_LACKING = """addEventListener("error", function (event) {
  var from = event.target.src || event.target.href, tile = event.target.tagName === "IMG";
  if (!/^https?:/.test(from || "")) { return; }
  function say() {
    if (document.getElementById("ct-lacking")) { return; }
    var said = document.createElement("p");
    said.id = "ct-lacking";
    said.setAttribute("role", "alert");
    said.style = "background:#fff;border:3px solid #7c2855;padding:.6em;margin:0";
    said.textContent = tile
      ? "The background map of " + new URL(from).host + " could not be reached; without tiles " +
        "the map needs no network."
      : "This map needs " + new URL(from).host + ", which could not be reached; with " +
        "offline=True it needs no network.";
    document.body.insertBefore(said, document.body.firstChild);
  }
  if (document.readyState === "complete") { say(); } else { addEventListener("load", say); }
}, true);"""
_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*/>')


class Page(Figure):
    """A figure that renders to an accessible page, the same bytes every time.

    Parameters
    ----------
    title
        The finding: the page's title and its first heading.
    age
        How old the data are, in a line below the heading; none where empty.
    notes
        Assumptions, which stand beside the sources.
    sources
        Source and licence lines, which stand below the map.
    twin
        HTML of the map's text twin, made of references only; none where empty.
    offline
        Whether scripts and styles go inside the page; None where they do if they can.
    language
        Of the words, as a BCP 47 tag.
    still
        What a picture of the map shows, for a notebook in which it cannot run; None for no
        picture.
    """

    def __init__(
        self,
        *,
        title: str,
        age: str = "",
        notes: Sequence[str] = (),
        sources: Sequence[str] = (),
        twin: str = "",
        offline: bool | None = False,
        language: str = "en-GB",
        still: Still | None = None,
    ) -> None:
        super().__init__(height="640px")
        self.heading = title
        self.age = age
        self.notes = tuple(notes)
        self.sources = tuple(sources)
        self.twin = twin
        self.offline = offline
        self.language = language
        self.still = still

    @classmethod
    def around(cls, m: folium.Map, **settings: Any) -> Page:
        """Hang an existing map, with all that its figure holds, from a new page."""
        page = cls(**settings)
        old = m.get_root()
        if isinstance(old, Figure) and old is not m:
            for name, child in old._children.items():
                page.add_child(child, name=name)
            for part in ("header", "html", "script"):
                for name, child in getattr(old, part)._children.items():
                    getattr(page, part).add_child(child, name=name)
        else:
            page.add_child(m)
        return page

    def _repr_html_(self, **kwargs: Any) -> str:
        live = str(super()._repr_html_(**kwargs)).replace(
            "<iframe ", f'<iframe title="{references(self.heading)}" ', 1
        )
        if self.still is None:
            return live
        return in_a_cell(
            self.still,
            live,
            title=self.heading,
            age=self.age,
            sources=(*self.notes, *self.sources),
            words=self.twin,
        )

    def render(self, **kwargs: Any) -> str:
        """Render the page, with or without links to the network as it was made."""
        return self.rendered(offline=self.offline, **kwargs)

    def rendered(self, *, offline: bool | None, **kwargs: Any) -> str:
        """Render the page, with every script and style inside it if `offline`.

        Where nothing was asked for, a page that has something of the network's has all from there,
        and says so in its place when it cannot be had.
        """
        for child in self._children.values():
            _tiles_first(child)
        html = self._dressed(_numbered(super().render(**kwargs)))
        if offline:
            return inline(html)
        if offline is None:
            try:
                return _watched(inline(html, background=True))
            except InputError as error:
                logger.info("a map that needs the network: %s", error)
        return _watched(html)

    def _dressed(self, html: str) -> str:
        head = (
            f"<head>\n    <title>{references(self.heading)}</title>\n"
            '    <meta name="viewport" content="width=device-width, initial-scale=1" />\n'
            f'    <meta name="generator" content="{GENERATOR}" />\n'
            '    <link rel="icon" href="data:," />'
        )
        html = _VIEWPORT.sub("", html)
        html = html.replace("<html>", f'<html lang="{references(self.language)}">', 1)
        html = html.replace("<head>", head, 1)
        # Last in the head, so that it has the last word over the styles that folium asks for.
        html = html.replace("</head>", f"<style>{asset('maps.css')}</style>\n</head>", 1)
        age = f'<p class="ct-age">{references(self.age)}</p>' if self.age else ""
        opening = (
            "<body>\n"
            '<a class="ct-skip" href="#ct-words">Skip the map: read it in words</a>\n'
            f'<header class="ct-header"><h1>{references(self.heading)}</h1>'
            f"{age}</header>\n"
            '<main class="ct-main">'
        )
        said = "".join(f"<p>{references(line)}</p>" for line in self.notes)
        said += f"<p>{references('. '.join(line.rstrip('.') for line in self.sources))}</p>"
        words = self.twin or "<p>This map has no words of its own.</p>"
        closing = (
            "</main>\n"
            '<footer class="ct-footer"><details id="ct-words" class="ct-words">'
            f"<summary>This map in words</summary>{words}</details>{said}</footer>\n"
        )
        html = html.replace("<body>", opening, 1)
        # Branca puts the script after the body; it belongs at its end.
        html = html.replace("</body>", closing, 1)
        end = html.rindex("</html>")
        return html[:end] + "</body>\n" + html[end:]


def _tiles_first(m: Any) -> None:
    """Put background maps before the control that lists them, though they were added after it."""
    from folium.raster_layers import TileLayer

    tiles = [name for name, child in m._children.items() if isinstance(child, TileLayer)]
    for name in reversed(tiles):
        m._children.move_to_end(name, last=False)


def _watched(html: str) -> str:
    """Let a page say in a sentence what it could not have from the network."""
    return html.replace("<head>", f"<head>\n<script>{_LACKING}</script>", 1)


def offline_html(m: folium.Map) -> str:
    """Render a map, of this library or of plain folium, as a page that opens with no network.

    Parameters
    ----------
    m
        A map, such as `Geography.explore` returns.

    Raises
    ------
    InputError
        If the package folium-offline, a script, a style or an icon is not there, or the map has a
        background from the network; the message says which.
    """
    root = m.get_root()
    return root.rendered(offline=True) if isinstance(root, Page) else inline(root.render())


def asset(name: str) -> str:
    """Read one of the package's own scripts or styles."""
    return resources.files("coterminous.maps").joinpath("assets", name).read_text("utf-8")


def _numbered(html: str) -> str:
    """Give numbers to folium's random element ids in the order in which they first come."""
    numbers: dict[str, str] = {}
    return _RANDOM_ID.sub(lambda m: numbers.setdefault(m[0], str(len(numbers) + 1)), html)
