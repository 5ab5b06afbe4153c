"""How far do two layers share boundaries? Measures of a table of people by two layers.

Every function takes a table: rows are source areas, columns target areas, cells the weight of
the blocks in both (a frame or any two-dimensional array of numbers at least 0). What lies
outside either layer is not in it. Logarithms are natural. A measure of nobody is not a number.

Each is recorded by the line above its function (`coterminous.measure_records.measure`), and is
answered in the order of this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from coterminous.errors import InputError
from coterminous.measure_records import MEASURES, Measure, columns, measure

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Table: TypeAlias = pd.DataFrame | ArrayLike

__all__ = [
    "MEASURES",
    "Mapcurves",
    "Measure",
    "absorbed",
    "areas_split",
    "checked",
    "columns",
    "completeness",
    "coterminous_areas",
    "coterminous_share",
    "effective_number",
    "entropy",
    "goodness_of_fit",
    "homogeneity",
    "majority_share",
    "mapcurves",
    "mapcurves_from",
    "mean_jaccard",
    "measure",
    "misaligned",
    "parted",
    "parts",
    "people_in_whole_targets",
    "people_moved",
    "share_in_whole_targets",
    "v_measure",
    "variation_of_information",
    "whole_targets",
]


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


@measure(
    "Homogeneity",
    formula="`I / H(source)`; 1 if `H(source)` is 0",
    direction="1: every target lies in one source area",
    source="Nowosad and Stepinski 2018, doi 10.1080/13658816.2018.1511794",
    column=2,
    note="1 where every council lies in one area",
)
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


@measure(
    "Completeness",
    formula="`I / H(target)`; 1 if `H(target)` is 0",
    direction="1: every source area lies in one target",
    source="Nowosad and Stepinski 2018, doi 10.1080/13658816.2018.1511794",
    column=3,
    note="1 where every area lies in one council",
)
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


@measure(
    "V-measure",
    formula="their harmonic mean",
    direction="1: the same partition",
    source="Rosenberg and Hirschberg 2007",
    column=1,
    note="the harmonic mean of the next two; 1 is the same lines",
)
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


@measure(
    "Variation of information",
    formula="`H(source) + H(target) - 2I`, in nats",
    direction="0: the same partition",
    source="Meilă 2007, doi 10.1016/j.jmva.2006.11.013",
)
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


def _area_under(fits: NDArray[np.float64]) -> float:
    x = np.concatenate([[0.0], np.sort(fits), [1.0]])
    y = np.concatenate([[1.0], np.linspace(1.0, 0.0, len(fits)), [0.0]])
    return float(np.trapezoid(y, x))


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


@measure(
    "Mapcurves",
    name="mapcurves",
    formula="area under the curve of goodness of fit, the larger of both directions",
    direction="1: the same, or one nests in the other",
    source="Hargrove, Hoffman and Hessburg 2006, doi 10.1007/s10109-006-0025-x",
)
def _mapcurves_value(table: Table) -> float:
    return mapcurves(table).value


@measure(
    "Mapcurves taken from",
    formula="which direction gave `mapcurves`: `source` or `target`",
    kind="text",
)
def mapcurves_from(table: Table) -> str:
    """Say which direction gave `mapcurves`: ``source`` or ``target``."""
    return mapcurves(table).direction


@measure(
    "Majority share",
    formula="`sum_i max_j n_ij / N`",
    direction="1: a best fit misplaces nobody",
    source="Goodman and Kruskal",
    kind="share",
)
def majority_share(table: Table) -> float:
    """Return the share of people whom a best fit of each source area leaves in place."""
    cells = checked(table)
    total = cells.sum()
    return float(cells.max(axis=1, initial=0).sum() / total) if total else float("nan")


@measure(
    "Misaligned",
    formula="`N - sum_i max_j n_ij`",
    direction="0 people is best",
    kind="people",
)
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


@measure(
    "Coterminous areas",
    formula="source areas that are coterminous",
    of="relations",
    kind="count",
)
def coterminous_areas(_table: pd.DataFrame, areas: pd.DataFrame) -> int:
    """Count the source areas that share their boundary with a target area."""
    return int((areas["relation"] == "coterminous").sum())


@measure(
    "Share in coterminous areas",
    formula="the share of *N* in source areas that are coterminous",
    direction="1: all coterminous",
    of="relations",
    kind="share",
)
def coterminous_share(table: pd.DataFrame, areas: pd.DataFrame) -> float:
    """Return the share of the people in both layers whose source area is coterminous."""
    both = table.sum(axis=1)
    total = both.sum()
    return both[areas["relation"] == "coterminous"].sum() / total if total else float("nan")


@measure(
    "Mean Jaccard",
    formula="`sum_i m_i+ max_j jaccard_ij / N`",
    direction="1: all coterminous",
    of="areas",
)
def mean_jaccard(table: pd.DataFrame, areas: pd.DataFrame) -> float:
    """Return the mean of each source area's `jaccard` with its best target, by people in both."""
    both = table.sum(axis=1)
    total = both.sum()
    return (both * areas["jaccard"]).sum() / total if total else float("nan")


@measure(
    "Areas split",
    formula="source areas with people in more than one target",
    kind="count",
)
def areas_split(table: Table) -> int:
    """Count the source areas whose people lie in more than one target area."""
    return int(((checked(table) > 0).sum(axis=1) > 1).sum())


@measure("Parts", formula="pairs of areas with people in them", kind="count")
def parts(table: Table) -> int:
    """Count the parts into which the two layers together cut people: the cells not zero."""
    return int((checked(table) > 0).sum())


@measure(
    "People moved",
    formula="*N* less the best one-to-one matching of sources to targets",
    direction="people who change area, whatever areas are called",
    kind="people",
)
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


@measure(
    "Parted",
    formula="`misaligned`, between an old and a new layer",
    direction="people separated from most of their old area",
    kind="people",
)
def parted(table: Table) -> float:
    """Return `misaligned` by its name between an old and a new layer."""
    return misaligned(table)


@measure(
    "Absorbed",
    formula="people of source areas that lie whole in one larger target",
    direction="nobody among them is parted",
    of="relations",
    kind="people",
)
def absorbed(table: pd.DataFrame, areas: pd.DataFrame) -> float:
    """Return the people in both layers whose source area lies whole in one larger target."""
    return table.sum(axis=1)[areas["relation"] == "nested"].sum()


@measure(
    "Whole targets",
    formula="targets all of whose ground lies in one source area",
    direction="all of them: no target is cut, and every source area is made of whole ones",
    of="relations",
    kind="count",
)
def whole_targets(_table: pd.DataFrame, areas: pd.DataFrame) -> int:
    """Count the targets, with people in them, that lie wholly in one source area."""
    return int(areas["whole_targets"].sum())


@measure(
    "People in whole targets",
    formula="people who live in a target that lies wholly in their source area",
    direction="everybody: as for `whole_targets`",
    of="relations",
    kind="people",
)
def people_in_whole_targets(_table: pd.DataFrame, areas: pd.DataFrame) -> float:
    """Add up the people who live in a target that lies wholly in their source area."""
    return float(areas["people_in_whole_targets"].sum())


@measure(
    "Share in whole targets",
    formula="`people_in_whole_targets` of all who live in the source areas",
    direction="1: every source area is made of whole targets, or is one",
    of="areas",
    kind="share",
)
def share_in_whole_targets(_table: pd.DataFrame, areas: pd.DataFrame) -> float:
    """Return the share of the people of the source areas who live in a whole target."""
    total = areas["value"].sum()
    return float(areas["people_in_whole_targets"].sum() / total) if total else float("nan")


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
