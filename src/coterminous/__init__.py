"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coterminous.attribution import Attribution, attribute
    from coterminous.catchment_areas import Catchments, catchments
    from coterminous.checking import Report, check
    from coterminous.disclosure import protect
    from coterminous.drawings import count_options, options
    from coterminous.enumeration.appraisal import option_appraisal
    from coterminous.enumeration.optionsets import Options
    from coterminous.errors import DisclosureError, InputError
    from coterminous.geography import Geography, load
    from coterminous.impacts import Impact, impact
    from coterminous.layer import Layer
    from coterminous.maps.plates import Plate, plates
    from coterminous.overlap import Overlap
    from coterminous.overlays import overlay
    from coterminous.partings import Parted, parted
    from coterminous.partnering import Partners, partners
    from coterminous.planar.mending import Mended, mend
    from coterminous.planar.polygon_layers import compare_fits
    from coterminous.profiles import lists, profile, two_way_test
    from coterminous.register import Register
    from coterminous.report.assembling import appendix
    from coterminous.scenarios import Scenario
    from coterminous.trustflows import Flows, flows
    from coterminous.whatif.comparison import compare
    from coterminous.whatif.sweeps import sweep

__version__ = "0.1.0"

#: The module that each public name lives in.
_HOME = {
    "Attribution": "attribution",
    "Catchments": "catchment_areas",
    "DisclosureError": "errors",
    "Flows": "trustflows",
    "Geography": "geography",
    "Impact": "impacts",
    "InputError": "errors",
    "Layer": "layer",
    "Mended": "planar.mending",
    "Options": "enumeration.optionsets",
    "Overlap": "overlap",
    "Parted": "partings",
    "Partners": "partnering",
    "Plate": "maps.plates",
    "Register": "register",
    "Report": "checking",
    "Scenario": "scenarios",
    "appendix": "report.assembling",
    "attribute": "attribution",
    "catchments": "catchment_areas",
    "check": "checking",
    "compare": "whatif.comparison",
    "compare_fits": "planar.polygon_layers",
    "count_options": "drawings",
    "flows": "trustflows",
    "impact": "impacts",
    "lists": "profiles",
    "load": "geography",
    "mend": "planar.mending",
    "option_appraisal": "enumeration.appraisal",
    "options": "drawings",
    "overlay": "overlays",
    "parted": "partings",
    "partners": "partnering",
    "plates": "maps.plates",
    "profile": "profiles",
    "protect": "disclosure",
    "sweep": "whatif.sweeps",
    "two_way_test": "profiles",
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
    "Mended",
    "Options",
    "Overlap",
    "Parted",
    "Partners",
    "Plate",
    "Register",
    "Report",
    "Scenario",
    "appendix",
    "attribute",
    "catchments",
    "check",
    "compare",
    "compare_fits",
    "count_options",
    "flows",
    "impact",
    "lists",
    "load",
    "mend",
    "option_appraisal",
    "options",
    "overlay",
    "parted",
    "partners",
    "plates",
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
