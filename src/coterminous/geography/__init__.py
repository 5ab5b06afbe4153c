"""What is there to compare? Blocks, weights, layers, registers and links of one area."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
