"""What does a decision gain and give up against every other drawing? Words, without a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coterminous.arguments import asked, several
from coterminous.drawings import drawingscores as ds
from coterminous.drawings.enumerating import options
from coterminous.drawings.optionsets import Options, People
from coterminous.errors import InputError, unknown
from coterminous.owned import hands_out_copies
from coterminous.results import Result
from coterminous.roles import BY_ROLE, ByRole
from coterminous.words import counted

if TYPE_CHECKING:
    from coterminous.geography import Geography
    from coterminous.layer import Layer

#: What each score is, and what it is to be best at it, in words that a board reads.
WORDS: Mapping[str, tuple[str, str]] = {
    "v_measure": (
        "how far areas share boundaries with councils (V-measure, 0 to 1)",
        "shares most boundaries with councils",
    ),
    "localisation": (
        "the share of hospital patients treated at their area's main trust",
        "keeps most hospital patients with their area's main trust",
    ),
    "inside_practice_area": (
        "the share of registered patients who live in their practice's area",
        "keeps most patients in their practice's area",
    ),
    "largest": ("the residents of the largest area", "has the smallest largest area"),
    "people_moved": (
        "the residents who change area, whatever the areas are called",
        "moves the fewest people",
    ),
    "parted": (
        "the residents parted from most of their old area",
        "parts the fewest people from their old area",
    ),
    "smallest": ("the residents of the smallest area", "has the largest smallest area"),
}


#: Scores that are shares of patients; the others but the V-measure count people.
SHARES = ("localisation", "inside_practice_area")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Appraisal(Result):
    """An option appraisal: sentences and the frames behind them.

    Attributes
    ----------
    sentences : tuple of str
        To be printed in this order.
    standing : pandas.DataFrame
        The decision on each score: `words`, `value`, `best` in the reference set, `rank`, `of`.
    trades : pandas.DataFrame
        Drawings of the Pareto front that are best at one score each, and what they would change
        for how many people, against the decision; positive is a gain.
    front : pandas.DataFrame
        The Pareto set of the reference set.
    options : Options
        All drawings.
    among : str
        The reference set.
    """

    called = "an appraisal of options"

    sentences: tuple[str, ...]
    standing: pd.DataFrame
    trades: pd.DataFrame
    front: pd.DataFrame
    options: Options
    among: str

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `standing`."""
        return self.standing

    def as_json(self) -> dict[str, Any]:
        """Return everything but the drawings as plain values."""
        return {
            "sentences": list(self.sentences),
            "among": self.among,
            "standing": self.standing.reset_index().to_dict("records"),
            "trades": self.trades.reset_index().to_dict("records"),
            "front": self.front.reset_index().to_dict("records"),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return where the decision stands on each score, as it is written to a file."""
        return self.standing.reset_index()

    def _titled(self) -> str:
        return f"Appraisal among {self.among} drawings"

    def _finding(self) -> str:
        return f"{len(self.standing)} scores, {len(self.front)} drawings on the front"

    def _said(self) -> tuple[str, ...]:
        return self.sentences

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        return (("standing", self.standing),)


@asked
def option_appraisal(
    area: Geography,
    *,
    decision: str | Layer | None = None,
    units: str | Layer | None = None,
    within: str | Layer | ByRole | None = BY_ROLE,
    before: str | Layer | None = None,
    against: str | Layer | None = None,
    areas: int | None = None,
    among: str = "plausible",
    scores: Sequence[str] | None = None,
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
    named: Iterable[str | Layer] = (),
) -> Appraisal:
    """Set a decision beside every contiguous drawing with as many areas.

    Parameters
    ----------
    area : Geography
    decision : str or Layer
        What was decided; the layer with the role `after` if not given.
    units, within, before, against : str or Layer
        As for `options`; the districts, within the whole, if not given.
    areas : int, optional
        How many areas the drawings have; as many as the decision if not given.
    among : str
        The reference set in which to rank.
    scores : sequence of str, optional
        The scores that count.
    least, most : int, optional
        The people that an area may hold.
    together, apart : iterable of lists of units
        Units that must share an area, and units of which no two may.
    reference_sets : mapping of str to (least, most), optional
        Further sets to rank in, by the people in each area.
    links : bool
        Whether declared links make neighbours.
    sample, seed : int
        Draw so many at random instead of all.
    trusts, practices : str
        The registers for localisation and for patients inside their practice's area.
    named : iterable of str or Layer
        Further layers to be scored beside the decision.

    Returns
    -------
    Appraisal
        The words say what is gained and given up, and by how many people. They do not say
        whether it is worth it.

    Examples
    --------
    >>> import coterminous as ct
    >>> found = option_appraisal(ct.load(), decision="place2022")
    >>> print(found.sentences[0])
    The 18 units of ltla2021 within icb2022 can be grouped into 4 contiguous areas in 21,427 ways.
    """
    decided = area.layer(area.needed(decision, "after", "decision"), argument="decision")
    layer = decided.of_whole_blocks("`decision`")
    units = area.needed(units, "districts", "units")
    within = area.meant(within, "whole") if within is not None else None
    edge = (
        area.layer(within, argument="within").of_whole_blocks("`within`")
        if within is not None
        else None
    )
    inside = layer.positions if edge is None else layer.positions[edge.positions >= 0]
    count = areas or len(np.unique(inside[inside >= 0]))
    found = options(
        area,
        units=units,
        within=within,
        areas=count,
        before=before,
        against=against,
        named=_with_others(area, layer, named),
        least=least,
        most=most,
        together=together,
        apart=apart,
        reference_sets=reference_sets,
        links=links,
        sample=sample,
        seed=seed,
        trusts=trusts,
        practices=practices,
    )
    chosen = list(several(scores, "scores") or found.usable_scores)
    if among not in found.reference_sets:
        raise unknown("among", among, list(found.reference_sets))
    if not found.reference_sets[among].any():
        raise InputError(f"`among` {among!r} holds no {found.kind} into {count} areas; widen it")
    standing = _standing(found, layer.name, chosen, among)
    front = found.pareto(chosen, among=among)
    trades = _trades(found, layer.name, front, chosen)
    sentences = [
        *_setting(found, layer, among),
        *(_stands(row) for row in standing.itertuples()),
        *_beaten(found, layer, chosen, among, len(front)),
        *(_traded(row, found, layer) for _, row in trades.iterrows()),
        *found.notes,
    ]
    return Appraisal(
        sentences=tuple(sentences),
        standing=standing,
        trades=trades,
        front=front,
        options=found,
        among=among,
        restricted=found.restricted,
        sources=found.sources,
        dates=found.dates,
    )


def _with_others(area: Geography, layer: Layer, named: Iterable[str | Layer]) -> list[str | Layer]:
    """Put the decision first, and others once each after it."""
    others = [area.layer(each, argument="named").of_whole_blocks("`named`") for each in named]
    return [layer, *(other for other in others if other.name != layer.name)]


def _setting(found: Options, layer: Layer, among: str) -> list[str]:
    inside = f" within {found.within}" if found.within else ""
    said = [
        f"The {len(found.units)} units of {found.units.name}{inside} can be grouped into "
        f"{found.areas_each} contiguous areas in {found.count:,} ways."
        if found.complete
        else f"{found.count:,} drawings were sampled, not all of them."
    ]
    if among != "all":
        people = found.range_of(among)
        words = f", those whose areas all hold {people}," if people else ""
        held = int(found.reference_sets[among].sum())
        said.append(f"Ranks below are among the {held:,} {among} ones{words} and no others.")
    note = found.named.loc[layer.name, "note"]
    if note:
        said.append(f"{layer.title} is {note}." if note.startswith("not") else f"{note}.")
    return said


def _standing(found: Options, name: str, chosen: Sequence[str], among: str) -> pd.DataFrame:
    rows = found.scores[found.reference_sets[among]]
    ranks = found.ranks(chosen).loc[(name, among)]
    table = {
        score: {
            "words": WORDS[score][0],
            "value": found.named.loc[name, score],
            "best": rows[score].max() if ds.DIRECTIONS[score] > 0 else rows[score].min(),
            "rank": ranks[score],
            "of": ranks["of"],
            "among": among,
        }
        for score in chosen
    }
    return pd.DataFrame.from_dict(table, orient="index").rename_axis("score")


def _shown(score: str, value: float) -> str:
    if score == "v_measure":
        return f"{value:.3f}"
    return f"{value:.1%}" if score in SHARES else f"{value:,.0f}"


def _kind(among: str) -> str:
    """Say of which reference set drawings are; of all nothing need be said."""
    return "" if among == "all" else f"{among} "


def _stands(row: Any) -> str:
    if pd.isna(row.rank):
        return f"On {row.words}, the decision cannot be ranked: the figure is not known."
    rank = "is beaten by none" if row.rank == 1 else f"is beaten by {row.rank - 1:,}"
    return (
        f"On {row.words}, the decision stands at {_shown(row.Index, row.value)}: it {rank} of the "
        f"{row.of:,} {_kind(row.among)}drawings, whose best is {_shown(row.Index, row.best)}."
    )


def _beaten(
    found: Options, layer: Layer, chosen: Sequence[str], among: str, front: int
) -> list[str]:
    better = len(found.dominated_by(layer.name, chosen, among=among))
    words = f"all {len(chosen)} scores"
    kind = _kind(among)
    if better:
        some = counted(better, f"{kind}drawing is", f"{kind}drawings are")
        first = f"{some} at least as good on {words} and better on at least one."
    else:
        first = (
            f"No {kind}drawing is at least as good on {words} and better on one: whatever "
            "another drawing gains, it gives something up for it."
        )
    return [first, f"{front:,} {kind}drawings are on the front, where no other beats them."]


def _trades(found: Options, name: str, front: pd.DataFrame, chosen: Sequence[str]) -> pd.DataFrame:
    """For each score the front's best drawing, and its difference from the decision in people."""
    mine = found.named.loc[name]
    whole = {
        "localisation": found.totals.activity,
        "inside_practice_area": found.totals.registered,
    }
    rows = []
    for score in chosen:
        ordered = front.sort_values(score, ascending=ds.DIRECTIONS[score] < 0, kind="stable")
        if ordered.empty:
            continue
        best = ordered.iloc[0]
        row: dict[str, Any] = {"best_at": score, "drawing": int(ordered.index[0])}
        for other in chosen:
            change = (best[other] - mine[other]) * ds.DIRECTIONS[other]
            scale = whole.get(other, 1)
            row[other] = round(float(change), 3) if other == "v_measure" else round(change * scale)
        rows.append(row)
    return pd.DataFrame(rows, columns=["best_at", "drawing", *chosen]).set_index("best_at")


_CHANGES: Mapping[str, tuple[str, str]] = {
    "localisation": (
        "{n:,} more hospital patients are treated at their area's main trust",
        "{n:,} fewer hospital patients are treated at their area's main trust",
    ),
    "inside_practice_area": (
        "{n:,} more patients live in their practice's area",
        "{n:,} fewer patients live in their practice's area",
    ),
    "largest": (
        "the largest area has {n:,} people fewer",
        "the largest area has {n:,} people more",
    ),
    "people_moved": ("{n:,} fewer people change area", "{n:,} more people change area"),
    "parted": ("{n:,} fewer people are parted", "{n:,} more people are parted"),
    "smallest": (
        "the smallest area has {n:,} people more",
        "the smallest area has {n:,} people fewer",
    ),
    "v_measure": ("the V-measure is {n:.3f} higher", "the V-measure is {n:.3f} lower"),
}


def _traded(row: pd.Series, found: Options, layer: Layer) -> str:
    groups = "; ".join(", ".join(g) for g in found.groups(int(row["drawing"])))
    changes = {s: v if s == "v_measure" else round(v) for s, v in row.drop("drawing").items()}
    gains = [_CHANGES[s][0].format(n=v) for s, v in changes.items() if v > 0]
    losses = [_CHANGES[s][1].format(n=-v) for s, v in changes.items() if v < 0]
    said = f"gains: {'; '.join(gains) or 'nothing'}. It gives up: {'; '.join(losses) or 'nothing'}."
    return (
        f"The drawing of the front that {WORDS[str(row.name)][1]} (number {int(row['drawing'])}: "
        f"{groups}), set against {layer.title}, {said}"
    )
