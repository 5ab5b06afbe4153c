"""Was there a better drawing? Every contiguous one, counted, listed, scored and appraised."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
