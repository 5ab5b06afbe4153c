"""What if the boundary were elsewhere? Scenarios, their steps, checks, comparison and sweeps."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
