"""Who uses which organisation, and where do they live? Registers, and the files they come in."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
