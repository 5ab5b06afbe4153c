"""The town of six blocks, and how a command is asked, for the field cases."""

from tests.tables.conftest import ask, check, town, wards

__all__ = ["ask", "check", "town", "wards"]
