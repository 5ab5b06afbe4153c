"""Who and what is affected when health-and-care boundaries are redrawn.

Nothing heavy is imported here: each public name loads the module it lives in on first use. The
names, and where each lives, stand once, in the stub beside this file.
"""

import sys as _sys

import lazy_loader as _lazy

from coterminous import picturing as _picturing

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)


def _draw_comparison(found):  # type: ignore[no-untyped-def]
    from coterminous.maps.paper.appraisals import comparison_figure

    return comparison_figure(found)


def _draw_league(found, area=None):  # type: ignore[no-untyped-def]
    if area is not None:
        from coterminous.maps.paper.leaguemap import league_map

        return league_map(found, area)
    from coterminous.maps.paper.leaguechart import league_figure

    return league_figure(found)


_picturing.PICTURES["a comparison"] = _draw_comparison
_picturing.PICTURES["a league"] = _draw_league


def load_ipython_extension(shell):  # type: ignore[no-untyped-def]
    """Let Tab complete names of layers, weights and registers; an import in IPython does so."""
    from coterminous.completing import complete_in

    complete_in(shell)


if "IPython" in _sys.modules:
    _shell = getattr(_sys.modules["IPython"], "get_ipython", lambda: None)()
    if _shell is not None:
        load_ipython_extension(_shell)
