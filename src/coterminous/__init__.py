"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coterminous.attribution import Attribution, attribute
    from coterminous.catchment_areas import Catchments, catchments
    from coterminous.disclosure import protect
    from coterminous.errors import DisclosureError, InputError
    from coterminous.geography import Geography, load
    from coterminous.impacts import Impact, impact
    from coterminous.layer import Layer
    from coterminous.overlap import Overlap
    from coterminous.partings import Parted, parted
    from coterminous.partnering import Partners, partners
    from coterminous.profiles import lists, profile, two_way_test
    from coterminous.register import Register
    from coterminous.trustflows import Flows, flows

__version__ = "0.1.0"

_HOME = {
    "appendix": "report.assembling",
    "DisclosureError": "errors",
    "InputError": "errors",
    "Geography": "geography",
    "Layer": "layer",
    "Overlap": "overlap",
    "Attribution": "attribution",
    "Catchments": "catchment_areas",
    "Flows": "trustflows",
    "Impact": "impacts",
    "Parted": "partings",
    "Partners": "partnering",
    "Register": "register",
    "attribute": "attribution",
    "catchments": "catchment_areas",
    "flows": "trustflows",
    "impact": "impacts",
    "lists": "profiles",
    "parted": "partings",
    "partners": "partnering",
    "profile": "profiles",
    "protect": "disclosure",
    "two_way_test": "profiles",
    "load": "geography",
}

__all__ = [
    "Attribution",
    "Catchments",
    "DisclosureError",
    "Flows",
    "Geography",
    "Impact",
    "InputError",
    "Layer",
    "Overlap",
    "Parted",
    "Partners",
    "Register",
    "attribute",
    "catchments",
    "flows",
    "impact",
    "lists",
    "load",
    "parted",
    "partners",
    "profile",
    "protect",
    "two_way_test",
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
