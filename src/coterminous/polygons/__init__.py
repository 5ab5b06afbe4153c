"""What do polygons hold that others drew? Read, checked, mended, overlaid, fitted to blocks."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
