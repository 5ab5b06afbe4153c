"""How far do two layers share boundaries? Measures of a table of people by two layers.

Every function takes a table: rows are source areas, columns target areas, cells the weight of
the blocks in both (a frame or any two-dimensional array of numbers at least 0). What lies
outside either layer is not in it. Logarithms are natural. A measure of nobody is not a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from coterminous.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Table: TypeAlias = pd.DataFrame | ArrayLike


class Mapcurves(NamedTuple):
    """A Mapcurves score and the direction that gave it."""

    value: float
    direction: Literal["source", "target"]


def checked(table: Table) -> NDArray[np.float64]:
    """Return the table as floats, or say why it is none.

    Raises
    ------
    InputError
        If it has not two dimensions, or a cell is no number, missing, infinite or negative.
    """
    try:
        cells = np.asarray(table, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"`table` is no table of numbers: {error}") from error
    if cells.ndim != 2:
        raise InputError(
            f"`table` has {cells.ndim} dimension(s); give rows of source areas and columns of "
            "target areas"
        )
    bad = int((~np.isfinite(cells) | (cells < 0)).sum())
    if bad:
        raise InputError(f"`table` has {bad:,} cells that are missing, infinite or negative")
    return cells


def entropy(weights: ArrayLike) -> float:
    """Return the entropy of a margin, in nats; not a number where nobody is in it."""
    values = np.asarray(weights, dtype=float)
    total = values.sum()
    if total <= 0:
        return float("nan")
    shares = values[values > 0] / total
    return float(max(0.0, -(shares * np.log(shares)).sum()))


def _information(table: Table) -> tuple[float, float, float]:
    cells = checked(table)
    source, target = entropy(cells.sum(axis=1)), entropy(cells.sum(axis=0))
    shared = source + target - entropy(cells.ravel())
    return source, target, max(0.0, shared) if shared == shared else shared


def homogeneity(table: Table) -> float:
    """Say how far every target area lies in one source area: 1 if all do.

    Source: Nowosad and Stepinski (2018), doi 10.1080/13658816.2018.1511794, with the source
    as reference.

    Examples
    --------
    >>> round(homogeneity([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]]), 10)
    0.3153417922
    """
    source, _, shared = _information(table)
    return 1.0 if source == 0 else shared / source


def completeness(table: Table) -> float:
    """Say how far every source area lies in one target area: 1 if all do.

    Source: as `homogeneity`.

    Examples
    --------
    >>> round(completeness([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]]), 10)
    0.4227515084
    """
    _, target, shared = _information(table)
    return 1.0 if target == 0 else shared / target


def v_measure(table: Table, *, b: float = 1.0) -> float:
    """Return the weighted harmonic mean of homogeneity and completeness: 1 for one partition.

    Parameters
    ----------
    table : frame or array
    b : float
        Over 1 weighs completeness more, under 1 homogeneity; at least 0.

    Returns
    -------
    float
        Between 0 and 1. Source: Rosenberg and Hirschberg (2007); for maps, Nowosad and
        Stepinski (2018), doi 10.1080/13658816.2018.1511794.

    Examples
    --------
    >>> round(v_measure([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]]), 10)
    0.3612313463
    """
    if not b >= 0:
        raise InputError(f"`b` is {b!r}; it must be a number of at least 0")
    h, c = homogeneity(table), completeness(table)
    if h + c == 0:
        return 0.0
    bottom = b * h + c
    return (1 + b) * h * c / bottom if bottom else 0.0


def variation_of_information(table: Table) -> float:
    """Return the distance between two partitions, in nats: 0 if they are the same.

    Source: Meila (2007), doi 10.1016/j.jmva.2006.11.013.

    Examples
    --------
    >>> round(variation_of_information([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]]), 10)
    1.5460557493
    """
    source, target, shared = _information(table)
    distance = source + target - 2 * shared
    return max(0.0, distance) if distance == distance else distance


def goodness_of_fit(table: Table) -> NDArray[np.float64]:
    """Return the Mapcurves goodness of fit of each source area (row) to the target areas."""
    cells = checked(table)
    margins = cells.sum(axis=1, keepdims=True) * cells.sum(axis=0, keepdims=True)
    return np.divide(cells**2, margins, out=np.zeros_like(cells), where=margins > 0).sum(axis=1)


def mapcurves(table: Table) -> Mapcurves:
    """Return the larger of both directions of Mapcurves, and which it was.

    Returns
    -------
    Mapcurves
        `value` between 0 and 1; 1 if the layers are the same or one nests in the other.
        `direction` is ``source`` where the source areas' goodness of fit gave it. Areas with
        nobody in both layers do not count. Source: Hargrove, Hoffman and Hessburg (2006),
        doi 10.1007/s10109-006-0025-x.

    Examples
    --------
    >>> value, direction = mapcurves([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]])
    >>> round(value, 10), direction
    (0.6114641944, 'target')
    """
    cells = checked(table)
    if not cells.sum():
        return Mapcurves(float("nan"), "source")
    cells = cells[cells.sum(axis=1) > 0][:, cells.sum(axis=0) > 0]
    source, target = (_area_under(goodness_of_fit(t)) for t in (cells, cells.T))
    return Mapcurves(source, "source") if source >= target else Mapcurves(target, "target")


def _area_under(fits: NDArray[np.float64]) -> float:
    x = np.concatenate([[0.0], np.sort(fits), [1.0]])
    y = np.concatenate([[1.0], np.linspace(1.0, 0.0, len(fits)), [0.0]])
    return float(np.trapezoid(y, x))


def majority_share(table: Table) -> float:
    """Return the share of people whom a best fit of each source area leaves in place."""
    cells = checked(table)
    total = cells.sum()
    return float(cells.max(axis=1, initial=0).sum() / total) if total else float("nan")


def misaligned(table: Table) -> float:
    """Return the people outside their source area's largest target.

    Between an old and a new layer these are the parted: people separated from most of their
    old area.

    Examples
    --------
    >>> misaligned([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]])
    19.0
    """
    cells = checked(table)
    return float(cells.sum() - cells.max(axis=1, initial=0).sum())


def people_moved(table: Table) -> float:
    """Return the people left over by the best one-to-one matching of sources to targets.

    Who changes area whatever the areas are called. Solved exactly (the Hungarian method).

    Examples
    --------
    >>> people_moved([[13, 3, 4], [0, 16, 4], [4, 0, 16], [0, 4, 16]])
    35.0
    """
    from scipy.optimize import linear_sum_assignment

    cells = checked(table)
    rows, columns = linear_sum_assignment(cells, maximize=True)
    return float(cells.sum() - cells[rows, columns].sum())


def effective_number(weights: ArrayLike, *, axis: int = -1) -> NDArray[np.float64]:
    """Return the effective number of parts: the inverse sum of squared shares.

    1 where all is in one part; not a number where there is nothing. Over 1.333 "should warrant
    caution" for one-to-one matching. Source: Steelman and Curiel (2022).

    Examples
    --------
    >>> effective_number([[13, 3, 4], [0, 16, 4]]).round(4)
    array([2.0619, 1.4706])
    """
    values = np.asarray(weights, dtype=float)
    total, squares = values.sum(axis=axis), (values**2).sum(axis=axis)
    return np.divide(total**2, squares, out=np.full(np.shape(total), np.nan), where=squares > 0)


def areas_split(table: Table) -> int:
    """Count the source areas whose people lie in more than one target area."""
    return int(((checked(table) > 0).sum(axis=1) > 1).sum())


def parts(table: Table) -> int:
    """Count the parts into which the two layers together cut people: the cells not zero."""
    return int((checked(table) > 0).sum())


#: The measures of a table alone; `Overlap.measures` adds those that need whole areas.
OF_TABLE: dict[str, Callable[[Table], float]] = {
    "homogeneity": homogeneity,
    "completeness": completeness,
    "v_measure": v_measure,
    "variation_of_information": variation_of_information,
    "majority_share": majority_share,
    "misaligned": misaligned,
    "areas_split": areas_split,
    "parts": parts,
    "people_moved": people_moved,
}
