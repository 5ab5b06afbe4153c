"""What do the registers add? Asked in one place, so that a geography without them has an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.layer import Layer
    from coterminous.report.subject import Subject


def lists_of(subject: Subject, drawing: Layer) -> pd.Series | None:
    """Sum the lists of the practices whose home is in each area; None without a register."""
    return None
