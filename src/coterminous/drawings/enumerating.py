"""Was there a better drawing? Every contiguous grouping of units into areas, scored and ranked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterminous.arguments import amount, asked
from coterminous.drawings import drawingscores as ds
from coterminous.drawings.namedlayers import named_layers
from coterminous.drawings.optionsets import SCORES, Options, People
from coterminous.drawings.partitioncounts import CannotCountError, counts, sampled
from coterminous.drawings.partitions import Partitions
from coterminous.drawings.unitfigures import (
    Yardsticks,
    cut_to,
    figures_of,
    rules_of,
    unit_graph,
)
from coterminous.drawings.unitgraph import UnitGraph, members
from coterminous.errors import InputError
from coterminous.folders.credits import statements
from coterminous.registers.published import restricted_of

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer

__all__ = ["REFERENCE_SETS", "SCORES", "Options", "count_options", "options"]

log = logging.getLogger(__name__)

#: The reference set that is always there. Ranks are only ever given against one.
REFERENCE_SETS: Mapping[str, People] = {"all": (None, None)}
_MOST_LISTED = 6_000_000


@asked
def options(
    area: Geography,
    *,
    units: str | Layer,
    areas: int,
    within: str | Layer | None = None,
    against: str | Layer | None = None,
    before: str | Layer | None = None,
    named: Iterable[str | Layer] | None = None,
    least: int | None = None,
    most: int | None = None,
    together: Iterable[Iterable[str]] = (),
    apart: Iterable[Iterable[str]] = (),
    reference_sets: Mapping[str, People] | None = None,
    links: bool = True,
    sample: int | None = None,
    seed: int = 0,
    trusts: str | None = None,
    practices: str | None = None,
) -> Options:
    """Find and score every contiguous grouping of units into a number of areas.

    Parameters
    ----------
    area : Geography
    units : str or Layer
        The units to be grouped; `area.refine(a, b)` makes units in which two layers can be said.
    areas : int
        How many areas a drawing has.
    within : str or Layer, optional
        Draw only this; the units are cut at its edge.
    against, before : str or Layer, optional
        The layer with which to be coterminous, and the layer from which people move. If not
        given, those with the roles `councils` and `before`; else there is no such score.
    named : iterable of str or Layer, optional
        Layers to be ranked among the drawings; those that cover `within` if not given.
    least, most : int, optional
        The people that an area may hold.
    together, apart : iterable of lists of units
        Units that must share an area, and units of which no two may.
    reference_sets : mapping of str to (least, most), optional
        Further sets to rank in, by the people in each area. "all" is always there, and so is
        "plausible": the geography's own `[options] sizes`, or else half the smallest to twice the
        largest area of the layers before and after; unless another range is given for it.
    links : bool
        Whether declared links make neighbours.
    sample, seed : int
        Draw so many at random instead of all; those that break a rule, and repeats, are dropped.
        Where none is left, nothing is known of the drawings that were not drawn.
    trusts, practices : str
        The registers for localisation and for patients inside their practice's area; those with
        the roles `hospital` and `patients` if not given.

    Raises
    ------
    InputError
        If the units do not cover `within` or are in pieces, there are more areas than units, or
        there are too many drawings to list.

    Examples
    --------
    >>> import coterminous as ct
    >>> three = ct.options(ct.load(), units="ltla2021", within="icb2022", areas=3)
    >>> three.count
    2489
    """
    sizes, why = plausible_sizes(area, before)
    ranges = _ranges({"plausible": sizes, **(reference_sets or {})})
    edge = (
        area.layer(within, argument="within").of_whole_blocks("`within`")
        if within is not None
        else None
    )
    cut = cut_to(area, units, within)
    graph = unit_graph(area, cut, links=links)
    rules = rules_of(area, cut, least=least, most=most, together=together, apart=apart)
    ways = _ways(graph, areas, ruled=rules.any, sampling=sample is not None)
    if sample is None:
        sets, drawings = _listed(Partitions(graph, areas, rules=rules))
    else:
        sets, drawings = _sets_of(sampled(graph, areas, sample, seed=seed, rules=rules), areas)
    yardsticks = Yardsticks(
        against=area.meant(against, "councils"),
        before=area.meant(before, "before"),
        trusts=area.meant(trusts, "hospital"),
        practices=area.meant(practices, "patients"),
    )
    registers = [r for r in (yardsticks.trusts, yardsticks.practices) if r is not None]
    table = ds.areas_from_sets(figures_of(area, cut, edge, yardsticks), sets)
    scores = ds.scores(table, drawings)
    found = named_layers(area, cut, edge, yardsticks, named, sets, drawings)
    return Options(
        units=cut,
        within=edge.name if edge is not None else "",
        areas_each=areas,
        sets=sets,
        drawings=drawings,
        scores=scores,
        named=found,
        reference_sets={k: _between(scores, *v) for k, v in ranges.items()},
        complete=sample is None,
        totals=table.totals,
        ranges=ranges,
        notes=(
            *([why] if "plausible" not in (reference_sets or {}) else []),
            *_notes(area, sample, ways, rules.any, yardsticks, len(drawings)),
        ),
        sources=statements(
            area,
            [x for x in (cut, edge, yardsticks.against, yardsticks.before) if x is not None],
            registers=registers,
        ),
        restricted=restricted_of(area, registers),
    )


@asked
def count_options(
    area: Geography,
    *,
    units: str | Layer,
    within: str | Layer | None = None,
    links: bool = True,
) -> pd.Series:
    """Count the contiguous drawings into 1, 2, 3, ... areas, without listing any.

    Parameters
    ----------
    area : Geography
        Whose blocks, layers and people are meant.
    units : str or Layer
        The units that are put together.
    within : str or Layer, optional
        What is drawn; all units if not given.
    links : bool
        Whether declared links join units.

    Examples
    --------
    >>> import coterminous as ct
    >>> count_options(ct.load(), units="ltla2021", within="icb2022").loc[2:6].tolist()
    [125, 2489, 21427, 104097, 322305]
    """
    graph = unit_graph(area, cut_to(area, units, within), links=links)
    found = counts(graph)
    return pd.Series(
        found, index=pd.RangeIndex(1, len(found) + 1, name="areas"), name="drawings", dtype=object
    )


def _ways(graph: UnitGraph, areas: int, *, ruled: bool, sampling: bool) -> int | None:
    """Say how many drawings there are before any work; None where they cannot be counted."""
    if isinstance(areas, bool) or not isinstance(areas, (int, np.integer)):
        raise InputError(f"`areas` is {areas!r}; give a whole number")
    if not 1 <= areas <= graph.units:
        raise InputError(
            f"`areas` is {areas}: {graph.units} units can be grouped into 1 to {graph.units} areas"
        )
    try:
        ways = counts(graph)[areas - 1]
    except CannotCountError:
        if not (sampling or ruled):
            raise
        log.info("%s units have too many drawings to count", graph.units)
        return None
    log.info("%s units have %s drawings into %s areas", graph.units, f"{ways:,}", areas)
    if ways > _MOST_LISTED and not (sampling or ruled):
        raise InputError(_too_many(ways, areas))
    return ways


def _listed(parts: Partitions) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """List all drawings as positions in the sets of units that they use."""
    if parts.rules.any:
        log.info("%s drawings obey the rules", f"{parts.count:,}")
    if parts.count > _MOST_LISTED:
        raise InputError(_too_many(parts.count, parts.parts))
    listed = parts.listed()
    sets, positions = np.unique(listed, return_inverse=True)
    held = members(sets, parts.graph.units)
    return held, positions.reshape(listed.shape).astype(np.int32)


def _sets_of(labels: NDArray[np.int64], areas: int) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Turn drawings given as the part of each unit into positions in the sets that they use."""
    held = np.stack([labels == k for k in range(areas)], axis=1)
    sets, positions = np.unique(held.reshape(-1, labels.shape[1]), axis=0, return_inverse=True)
    return sets, positions.reshape(len(labels), areas).astype(np.int32)


def _too_many(ways: int, areas: int) -> str:
    return (
        f"there are {ways:,} drawings into {areas} areas, more than the {_MOST_LISTED:,} that can "
        "be listed; give a tighter population range (`least`, `most`), units to keep `together` "
        "or `apart`, or take a random sample (`sample=`)"
    )


def plausible_sizes(area: Geography, before: str | Layer | None = None) -> tuple[People, str]:
    """Give the people that an area of a plausible drawing holds, and say where that is from.

    Returns
    -------
    tuple
        `sizes` of `[options]` in the geography's settings; else half the people of the smallest to
        twice those of the largest area of the layers before and after; no bounds where there are
        no such layers. And a sentence.
    """
    told = area.settings.get("options", {})
    if "sizes" in told:
        least, most = told["sizes"]
        reason = f": {told['reason']}" if told.get("reason") else ""
        return (least, most), f"Plausible: each area has {least:,} to {most:,} residents{reason}."
    compared = [area.meant(before, "before"), area.role("after")]
    layers = [area.layer(x) for x in compared if x is not None]
    if not layers or not area.weight_names:
        return (None, None), "Plausible: areas of any size, for no range is set."
    people = area.weight(area.residents)
    totals = [t for x in layers for t in x.totals(people) if t > 0]
    if not totals:
        return (None, None), "Plausible: areas of any size, for nobody is in the layers compared."
    least, most = int(min(totals) // 2), int(np.ceil(2 * max(totals)))
    return (least, most), (
        f"Plausible: each area has {least:,} to {most:,} residents, half the smallest to twice the "
        "largest area of the layers compared, for no range is set."
    )


def _ranges(given: Mapping[str, People]) -> dict[str, People]:
    """Add the reference sets that are given to those that are always there."""
    for name, people in given.items():
        if isinstance(people, str) or not isinstance(people, Sequence) or len(people) != 2:
            raise InputError(
                f"`reference_sets` {name!r} is {people!r}; give the least and the most people of "
                "an area, such as (100_000, None)"
            )
        least, most = (amount(n, f"reference_sets: {name}") for n in people)
        if name == "all":
            raise InputError("`reference_sets` names 'all', which is every drawing; choose another")
        if least is not None and most is not None and least > most:
            raise InputError(
                f"`reference_sets` {name!r} is {least:,} to {most:,}: no area can be in that range"
            )
    return {**REFERENCE_SETS, **given}


def _between(scores: pd.DataFrame, least: int | None, most: int | None) -> NDArray[np.bool_]:
    fine = np.ones(len(scores), dtype=bool)
    if least is not None:
        fine &= scores["smallest"].to_numpy() >= least
    if most is not None:
        fine &= scores["largest"].to_numpy() <= most
    return fine


def _notes(
    area: Geography,
    sample: int | None,
    ways: int | None,
    ruled: bool,
    yardsticks: Yardsticks,
    count: int,
) -> tuple[str, ...]:
    said = []
    if ways is not None:
        said.append(f"There are {ways:,} contiguous drawings before any rule or sample.")
    if ruled and not count and sample is not None:
        said.append(
            f"None of the {sample:,} drawings of the sample obeys the rules asked for; that is not "
            "to say that none does: take a larger sample, widen the range or drop a rule."
        )
    elif ruled and not count:
        said.append("No drawing obeys the rules asked for; widen the range or drop one.")
    elif ruled:
        said.append("Ranks are among the drawings that obey the rules asked for.")
    if sample is not None:
        said.append(
            "These are a random sample, in which compact areas come up more often; ranks and the "
            "Pareto set are of the sample alone."
        )
    said += area.border_notes
    for name in (yardsticks.trusts, yardsticks.practices):
        if name is not None:
            found = area.register(name)
            said.append(" ".join(x for x in (f"{found.title}, {found.date}.", found.note) if x))
    return tuple(said)
