"""What a map says, in one sentence computed from what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer


def layer_alt_text(area: Geography, layer: str | Layer) -> str:
    """Say what a map of a layer shows: how many areas, which, and their people."""
    drawn = area.layer(layer)
    return drawn.title
