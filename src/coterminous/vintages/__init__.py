"""Which geography and year is a column of codes, and what is it in another year's?"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
