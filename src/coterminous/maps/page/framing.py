"""What surrounds a folium map: a page with a title, a language, landmarks, sources, and no network.

Folium's own page has no title and no language, forbids zooming, and names its elements at random.
A `Page` is the branca figure that a map hangs from, so ``m.save`` and notebooks render through it
while the map itself stays the plain folium object that it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from branca.element import Figure

from coterminous.files import GENERATOR
from coterminous.maps.page.escaping import references
from coterminous.maps.page.offline import inline

if TYPE_CHECKING:
    import folium

_RANDOM_ID = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
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
        Whether scripts and styles go inside the page.
    language
        Of the words, as a BCP 47 tag.
    """

    def __init__(
        self,
        *,
        title: str,
        age: str = "",
        notes: Sequence[str] = (),
        sources: Sequence[str] = (),
        twin: str = "",
        offline: bool = False,
        language: str = "en-GB",
    ) -> None:
        super().__init__(height="640px")
        self.heading = title
        self.age = age
        self.notes = tuple(notes)
        self.sources = tuple(sources)
        self.twin = twin
        self.offline = offline
        self.language = language

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

    def render(self, **kwargs: Any) -> str:
        """Render the page, with or without links to the network as it was made."""
        return self.rendered(offline=self.offline, **kwargs)

    def rendered(self, *, offline: bool, **kwargs: Any) -> str:
        """Render the page, with every script and style inside it if `offline`."""
        html = self._dressed(_numbered(super().render(**kwargs)))
        return inline(html) if offline else html

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
