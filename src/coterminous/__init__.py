"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coterminous.errors import DisclosureError, InputError
    from coterminous.geography import Geography, load
    from coterminous.layer import Layer
    from coterminous.maps.plates import plates
    from coterminous.overlap import Overlap

__version__ = "0.1.0"

_HOME = {
    "appendix": "report.assembling",
    "DisclosureError": "errors",
    "InputError": "errors",
    "Geography": "geography",
    "Layer": "layer",
    "Overlap": "overlap",
    "load": "geography",
    "plates": "maps.plates",
}

__all__ = ["DisclosureError", "Geography", "InputError", "Layer", "Overlap", "load", "plates"]


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
