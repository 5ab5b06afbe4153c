"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coterminous.checking import Report, check
    from coterminous.errors import DisclosureError, InputError
    from coterminous.geography import Geography, load
    from coterminous.layer import Layer
    from coterminous.mending import Mended, mend
    from coterminous.overlap import Overlap
    from coterminous.overlays import overlay
    from coterminous.polygon_layers import compare_fits

__version__ = "0.1.0"

_HOME = {
    "Mended": "mending",
    "Report": "checking",
    "check": "checking",
    "compare_fits": "polygon_layers",
    "mend": "mending",
    "overlay": "overlays",
    "DisclosureError": "errors",
    "InputError": "errors",
    "Geography": "geography",
    "Layer": "layer",
    "Overlap": "overlap",
    "load": "geography",
}

__all__ = [
    "DisclosureError",
    "Geography",
    "InputError",
    "Layer",
    "Mended",
    "Overlap",
    "Report",
    "check",
    "compare_fits",
    "load",
    "mend",
    "overlay",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name not in _HOME:
        raise AttributeError(f"module 'coterminous' has no attribute {name!r}")
    value = getattr(import_module(f"coterminous.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
