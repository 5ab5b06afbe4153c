"""What goes into a board paper's appendix: one content model, and writers that only render it."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
