"""What stands on an interactive map beside its areas: legend, search, catchments, headings.

Each is a branca element that calls one function of ``assets/maps.js``. Every text in them is made
of numeric character references, see `coterminous.maps.page.escaping`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from branca.element import Element, Figure, MacroElement
from folium.template import Template

from coterminous.maps.page.framing import asset


class Behaviour(MacroElement):
    """One call of a function of the map's own script, with arguments as JSON and elements by name.

    Parameters
    ----------
    function
        Its name in ``assets/maps.js``.
    arguments
        After the map itself. A mapping or list may hold folium elements, which become their
        JavaScript names.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            coterminous.{{ this.function }}({{ this._parent.get_name() }}{{ this.written() }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, *arguments: Any) -> None:
        super().__init__()
        self._name = "Behaviour"
        self.function = function
        self.arguments = arguments

    def written(self) -> str:
        """Write the arguments as JavaScript."""
        return "".join(f", {javascript(argument)}" for argument in self.arguments)

    def render(self, **kwargs: Any) -> str:
        """Render the call, and have the script in the page's head."""
        figure = self.get_root()
        if isinstance(figure, Figure):
            script = Element(f"<script>{asset('maps.js')}</script>")
            figure.header.add_child(script, name="coterminous_js")
        return str(super().render(**kwargs))


def javascript(value: Any) -> str:
    r"""Write a value as JavaScript: elements by name, all else as JSON with no markup in it.

    Examples
    --------
    >>> javascript({"n": "&#60;", "list": [1, None]})
    '{"n": "\\u0026#60;", "list": [1, null]}'
    """
    if isinstance(value, Element):
        return value.get_name()
    if isinstance(value, Mapping):
        inside = ", ".join(f"{json.dumps(str(k))}: {javascript(v)}" for k, v in value.items())
        return "{" + inside + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(javascript(v) for v in value) + "]"
    text = json.dumps(value)
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class Patterns(MacroElement):
    """The hatches that fills may name, such as ``url(#ct-parted)``."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <svg class="ct-defs" aria-hidden="true" focusable="false"><defs>
          <pattern id="ct-parted" width="9" height="9" patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)">
            <rect width="9" height="9" fill="#FAC0A3"/><rect width="3" height="9" fill="#A8420F"/>
          </pattern>
        </defs></svg>
        {% endmacro %}
        """
    )


def legend_section(
    layer: Element, title: str, entries: Sequence[dict[str, str]], *, note: str = ""
) -> dict[str, Any]:
    """Make one part of a legend, shown while its layer is; entries have ``n`` and ``c``.

    The note says what colours cannot: it stands under the title, and there is none where empty.
    """
    return {"layer": layer, "title": title, "entries": list(entries), "note": note}
