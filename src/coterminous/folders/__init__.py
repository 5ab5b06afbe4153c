"""What does a geography's folder hold? Its settings, recipes, tables, credits and manifest."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
