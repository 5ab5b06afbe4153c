"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coterminous.appraisal import option_appraisal
    from coterminous.comparison import compare
    from coterminous.drawings import Options, count_options, options
    from coterminous.errors import DisclosureError, InputError
    from coterminous.geography import Geography, load
    from coterminous.layer import Layer
    from coterminous.overlap import Overlap
    from coterminous.scenarios import Scenario
    from coterminous.sweeps import sweep

__version__ = "0.1.0"

_HOME = {
    "DisclosureError": "errors",
    "InputError": "errors",
    "Geography": "geography",
    "Layer": "layer",
    "Options": "drawings",
    "Overlap": "overlap",
    "Scenario": "scenarios",
    "compare": "comparison",
    "count_options": "drawings",
    "load": "geography",
    "option_appraisal": "appraisal",
    "options": "drawings",
    "sweep": "sweeps",
}

__all__ = [
    "DisclosureError",
    "Geography",
    "InputError",
    "Layer",
    "Options",
    "Overlap",
    "Scenario",
    "compare",
    "count_options",
    "load",
    "option_appraisal",
    "options",
    "sweep",
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
