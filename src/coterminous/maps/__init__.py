"""Where the areas are and what changes: maps to click on, maps to print, and their words.

``explore`` makes folium maps, ``plot`` and ``plates`` matplotlib ones, ``alluvial`` the diagram of
people from old areas to new, ``scatter`` and ``front_maps`` pictures of every drawing, and
``text_twin`` the same in words. Nothing is loaded here.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
