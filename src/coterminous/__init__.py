"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coterminous.appraisal import option_appraisal
    from coterminous.attribution import Attribution, attribute
    from coterminous.catchment_areas import Catchments, catchments
    from coterminous.comparison import compare
    from coterminous.disclosure import protect
    from coterminous.drawings import Options, count_options, options
    from coterminous.errors import DisclosureError, InputError
    from coterminous.geography import Geography, load
    from coterminous.impacts import Impact, impact
    from coterminous.layer import Layer
    from coterminous.overlap import Overlap
    from coterminous.partings import Parted, parted
    from coterminous.partnering import Partners, partners
    from coterminous.profiles import lists, profile, two_way_test
    from coterminous.register import Register
    from coterminous.report.assembling import appendix
    from coterminous.scenarios import Scenario
    from coterminous.sweeps import sweep
    from coterminous.trustflows import Flows, flows

__version__ = "0.1.0"

#: The public names by the module that each lives in.
_HOMES = {
    "appraisal": ("option_appraisal",),
    "attribution": (
        "Attribution",
        "attribute",
    ),
    "catchment_areas": (
        "Catchments",
        "catchments",
    ),
    "comparison": ("compare",),
    "disclosure": ("protect",),
    "drawings": (
        "Options",
        "count_options",
        "options",
    ),
    "errors": (
        "DisclosureError",
        "InputError",
    ),
    "geography": (
        "Geography",
        "load",
    ),
    "impacts": (
        "Impact",
        "impact",
    ),
    "layer": ("Layer",),
    "overlap": ("Overlap",),
    "partings": (
        "Parted",
        "parted",
    ),
    "partnering": (
        "Partners",
        "partners",
    ),
    "profiles": (
        "lists",
        "profile",
        "two_way_test",
    ),
    "register": ("Register",),
    "report.assembling": ("appendix",),
    "scenarios": ("Scenario",),
    "sweeps": ("sweep",),
    "trustflows": (
        "Flows",
        "flows",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Attribution",
    "Catchments",
    "DisclosureError",
    "Flows",
    "Geography",
    "Impact",
    "InputError",
    "Layer",
    "Options",
    "Overlap",
    "Parted",
    "Partners",
    "Register",
    "Scenario",
    "appendix",
    "attribute",
    "catchments",
    "compare",
    "count_options",
    "flows",
    "impact",
    "lists",
    "load",
    "option_appraisal",
    "options",
    "parted",
    "partners",
    "profile",
    "protect",
    "sweep",
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
