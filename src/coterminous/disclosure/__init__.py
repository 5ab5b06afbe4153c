"""What of a restricted register may be shown? Rules, and what is hidden by them."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
