"""Who is in which area where lines cut blocks? A layer of shares: block, area, share.

A block that a line cuts is taken apart: each of its parts lies in one area or outside, and has a
share of everything that is counted in the block. People of a part are block times share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from coterminous.areas import (
    OUTSIDE,
    Areas,
    Description,
    joined,
    paired,
    refined_description,
    spellings,
    within_description,
)
from coterminous.cuts import LEAST, Cuts, crossed, frozen
from coterminous.errors import InputError, first_five
from coterminous.layer import Layer
from coterminous.owned import hands_out_copies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coterminous.areas import Kind

_COLUMNS = ["block", "area", "share"]


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CutLayer(Areas):
    """A layer whose lines cut blocks: each part of a block lies in at most one area.

    A value as `Layer` is. Make one with ``Layer.from_polygons(..., method="apportion")`` or
    `from_shares`. Whatever is counted in a block is shared out to its parts, so that an area's
    people are block times share; counts of people need not be whole. `group`, `within` and
    `refine` carry the shares. What needs whole blocks, such as a scenario, refuses it.

    Two layers of different lines are taken to cut a block without regard to one another; layers
    made of the same cuts (by `group`, `within` or `refine`) know which part is which.

    Attributes
    ----------
    name, title, codes, names, aliases, description
        As in `Layer`.
    cuts : Cuts
        The parts of blocks.
    held : numpy.ndarray of int32
        For each part, the position of its area in `codes`; -1 for a part outside the layer.
    """

    cuts: Cuts
    held: NDArray[np.int32]

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "held", frozen(self.held, np.int32))

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_shares(
        cls,
        name: str,
        shares: pd.DataFrame,
        *,
        blocks: pd.Index,
        names: Mapping[str, str] | pd.Series | None = None,
        title: str = "",
        kind: Kind = "lookup",
        best_fit: bool = False,
        note: str = "",
        valid_from: str = "",
        valid_to: str = "",
        source: str = "",
        units: str = "",
    ) -> CutLayer:
        """Make a layer of a table of shares.

        Parameters
        ----------
        name : str
        shares : pandas.DataFrame
            `block`, `area` and `share` (over 0, at most 1); what the shares of a block leave is
            outside the layer, and so is a block without a row.
        blocks : pandas.Index
            All blocks of the geography.
        names : mapping of area code to name, optional
        title : str
        kind, best_fit, note, valid_from, valid_to, source, units
            As for `Layer.from_lookup`.

        Raises
        ------
        InputError
            If a column or code is missing, a block is unknown, a pair is given twice, a share is
            not over 0 and at most 1, or those of a block add up to more than 1.

        Examples
        --------
        >>> import pandas as pd
        >>> shares = pd.DataFrame({"block": ["b1", "b2"], "area": ["N", "N"], "share": [1, 0.25]})
        >>> north = CutLayer.from_shares("north", shares, blocks=pd.Index(["b1", "b2"]))
        >>> north.totals(pd.Series([10, 20], index=north.blocks)).to_dict()
        {'N': 15.0}
        """
        table = _checked(name, shares, blocks)
        codes = pd.Index(sorted(table["area"].unique()), dtype="str", name="code")
        block, held = blocks.get_indexer(table["block"]), codes.get_indexer(table["area"])
        share = table["share"].to_numpy(dtype=float)
        rest = 1.0 - np.bincount(block, weights=share, minlength=len(blocks))
        outside = np.flatnonzero(rest > LEAST)
        block = np.concatenate([block, outside])
        share = np.concatenate([share, rest[outside]])
        held = np.concatenate([held, np.full(len(outside), -1)])
        order = np.lexsort((np.where(held < 0, len(codes), held), block))
        named = {str(k): str(v) for k, v in dict(names if names is not None else {}).items()}
        return cls(
            name=name,
            blocks=blocks,
            codes=codes,
            names=tuple(named.get(c, c) for c in codes),
            aliases=((),) * len(codes),
            description=Description(
                title=title or name,
                kind=kind,
                best_fit=best_fit,
                note=note,
                valid_from=valid_from,
                valid_to=valid_to,
                source=source,
                units=units,
            ),
            cuts=Cuts(block[order], share[order]),
            held=held[order],
        )

    def group(
        self,
        name: str,
        groups: Mapping[str, Iterable[str] | str],
        *,
        within: AnyLayer | None = None,
        codes: Mapping[str, str] | None = None,
        aliases: Mapping[str, Sequence[str]] | None = None,
        title: str = "",
        kind: Kind = "group",
        best_fit: bool = False,
        note: str | None = None,
        valid_from: str = "",
        valid_to: str = "",
        source: str = "",
        units: str | None = None,
    ) -> CutLayer:
        """Make a layer whose areas are unions of this layer's areas; as `Layer.group`.

        Examples
        --------
        >>> import pandas as pd
        >>> shares = pd.DataFrame({"block": ["b", "b"], "area": ["N", "S"], "share": [0.5, 0.25]})
        >>> drawn = CutLayer.from_shares("drawn", shares, blocks=pd.Index(["b"]))
        >>> drawn.group("all", {"All": ["N", "S"]}).totals(pd.Series({"b": 8})).to_dict()
        {'all': 6.0}
        """
        area_of, coded = self.grouping(name, groups, codes)
        spelt = spellings(aliases, coded)
        made = pd.Index(sorted(coded), dtype="str", name="code")
        target = np.append(made.get_indexer([area_of.get(c) for c in self.codes]), -1)
        grouped = replace(
            self,
            name=name,
            codes=made,
            names=tuple(coded[c] for c in made),
            aliases=tuple(spelt[c] for c in made),
            held=target[self.held],
            description=Description(
                title=title or name,
                kind=kind,
                best_fit=best_fit,
                note=self.note if note is None else note,
                valid_from=valid_from,
                valid_to=valid_to,
                source=source,
                units=self.name if units is None else units,
            ),
        )
        if within is not None:
            grouped = replace(grouped.within(within, name), description=grouped.description)
        empty = [area for code, area in coded.items() if code not in grouped.codes]
        empty += [
            n for n, b in zip(grouped.names, grouped._blocks_of_areas(), strict=True) if not b
        ]
        if empty:
            raise InputError(
                f"layer {name!r} has areas without a block: {first_five(empty)}; name at least "
                f"one unit of {self.name!r} for each"
            )
        return grouped

    def refine(self, other: AnyLayer, name: str | None = None) -> CutLayer:
        """Cut this layer by another, with the shares of parts in both; as `Layer.refine`.

        Parameters
        ----------
        other : Layer
            The layer that cuts it.
        name : str, optional
            The name of the new layer; made of both if not given.
        """
        crossing = crossed(self, other)
        return _refined(self, other, crossing.cuts, crossing.source, crossing.target, name)

    def refining(self, other: Layer, name: str | None = None) -> CutLayer:
        """Cut a layer of whole blocks by this one; what `other.refine(self)` answers.

        Parameters
        ----------
        other : Layer
            The layer of whole blocks that is cut.
        name : str, optional
            The name of the new layer; made of both if not given.
        """
        crossing = crossed(other, self)
        return _refined(other, self, crossing.cuts, crossing.source, crossing.target, name)

    def within(self, other: AnyLayer, name: str | None = None, title: str = "") -> CutLayer:
        """Keep only what lies in another layer, with its shares; as `Layer.within`.

        Parameters
        ----------
        other : Layer
            What is kept lies in it.
        name : str, optional
            The name of the new layer; this one's if not given.
        title : str
            The words to print.
        """
        crossing = crossed(self, other)
        held = np.where(crossing.target >= 0, crossing.source, -1)
        return _kept(self, other, crossing.cuts, held, name, title)

    def keeping(self, other: Layer, name: str | None = None, title: str = "") -> CutLayer:
        """Keep of a layer of whole blocks what lies in this; what `other.within(self)` answers.

        Parameters
        ----------
        other : Layer
            The layer of whole blocks of which a part is kept.
        name : str, optional
            The name of the new layer; the other's if not given.
        title : str
            The words to print.
        """
        crossing = crossed(other, self)
        held = np.where(crossing.target >= 0, crossing.source, -1)
        return _kept(other, self, crossing.cuts, held, name, title)

    # ------------------------------------------------------------------ asking

    @property
    def shares(self) -> pd.DataFrame:
        """What lies in its areas: `block`, `area` and `share`, one row a pair."""
        found = self.memberships()
        return found[found["area"] != OUTSIDE].reset_index(drop=True)

    def memberships(self) -> pd.DataFrame:
        """List the areas of each block, or ``outside``, with their shares; they add up to 1."""
        codes = self.codes.append(pd.Index([OUTSIDE]))
        table = pd.DataFrame(
            {"block": self.cuts.block, "area": self.held, "share": self.cuts.share}
        )
        summed = table.groupby(["block", "area"], as_index=False, sort=True)["share"].sum()
        return pd.DataFrame(
            {
                "block": self.blocks.take(summed["block"].to_numpy()),
                "area": codes.take(summed["area"].to_numpy()).astype("str"),
                "share": summed["share"],
            }
        )

    def totals(self, weight: pd.Series) -> pd.Series:
        """Sum a weight by area, block times share; see `Areas.totals`.

        Parameters
        ----------
        weight : Series
            By block.
        """
        shared = self._weighed(weight)[self.cuts.block] * self.cuts.share
        inside = self.held >= 0
        sums = np.bincount(self.held[inside], weights=shared[inside], minlength=len(self.codes))
        return pd.Series(sums, index=self.codes, name=weight.name)

    def _left_over(self, weight: pd.Series) -> Any:
        shared = self._weighed(weight)[self.cuts.block] * self.cuts.share
        return shared[self.held < 0].sum()

    def touched(self) -> NDArray[np.bool_]:
        """Say for each block whether any part of it lies in an area."""
        found = np.zeros(len(self.blocks), dtype=bool)
        found[self.cuts.block[self.held >= 0]] = True
        return found

    def covered(self) -> NDArray[np.bool_]:
        """Say for each block whether all its parts lie in areas."""
        found = np.ones(len(self.blocks), dtype=bool)
        found[self.cuts.block[self.held < 0]] = False
        return found

    def parts(self) -> tuple[Cuts, NDArray[np.int32]]:
        """Give the parts of blocks, and the area of each."""
        return self.cuts, self.held

    def _blocks_of_areas(self) -> NDArray[np.intp]:
        pairs = np.unique(
            self.held[self.held >= 0].astype(np.int64) * len(self.blocks)
            + self.cuts.block[self.held >= 0]
        )
        return np.bincount(pairs // len(self.blocks), minlength=len(self.codes))

    def of_whole_blocks(self, what: str) -> Layer:
        """Refuse: the layer cuts blocks.

        Parameters
        ----------
        what : str
            What it is for, in the words of the error.
        """
        raise InputError(
            f"layer {self.name!r} cuts blocks; {what} takes whole ones: fit the polygons by "
            'another method first, such as method="area"'
        )

    def nearest(self) -> Layer:
        """Return the partition that gives each block to the area, or outside, with most of it.

        It is for drawing lines along blocks. Its sizes are not those of this layer.
        """
        table = pd.DataFrame(
            {"block": self.cuts.block, "area": self.held, "share": self.cuts.share}
        )
        table["area"] = table["area"].where(table["area"] >= 0, len(self.codes))
        summed = table.groupby(["block", "area"], as_index=False)["share"].sum()
        # Of areas with as much the first, and ground outside only if it has more.
        summed["share"] = summed["share"].round(9)
        ranked = summed.sort_values(["block", "share", "area"], ascending=[True, False, True])
        best = ranked.drop_duplicates("block")
        positions = np.full(len(self.blocks), -1, dtype=np.int32)
        positions[best["block"]] = best["area"].where(best["area"] < len(self.codes), -1)
        return Layer(
            name=self.name,
            blocks=self.blocks,
            codes=self.codes,
            positions=positions,
            names=self.names,
            aliases=self.aliases,
            description=replace(self.description, best_fit=True),
        )

    def __repr__(self) -> str:
        touched = self.touched()
        cut = np.bincount(self.cuts.block, minlength=len(self.blocks)) > 1
        return (
            f"<CutLayer {self.name}: {len(self)} areas of {int(touched.sum()):,} blocks, "
            f"{int((touched & cut).sum()):,} of them cut, {int((~touched).sum()):,} blocks outside>"
        )


#: A layer of either kind.
AnyLayer: TypeAlias = Layer | CutLayer


def _refined(
    mine: AnyLayer,
    theirs: AnyLayer,
    cuts: Cuts,
    source: NDArray[np.int32],
    target: NDArray[np.int32],
    name: str | None,
) -> CutLayer:
    pairs, held = paired(source, target)
    codes, names = joined(mine, theirs, pairs)
    order = np.argsort(codes)
    place = np.empty(len(codes) + 1, dtype=np.int32)
    place[order], place[-1] = np.arange(len(codes), dtype=np.int32), -1
    return CutLayer(
        name=name or f"{mine.name}+{theirs.name}",
        blocks=mine.blocks,
        codes=pd.Index([codes[i] for i in order], dtype="str", name="code"),
        names=tuple(names[i] for i in order),
        aliases=((),) * len(codes),
        description=refined_description(mine, theirs),
        cuts=cuts,
        held=place[held],
    )


def _kept(
    mine: AnyLayer,
    theirs: AnyLayer,
    cuts: Cuts,
    held: NDArray[np.int32],
    name: str | None,
    title: str,
) -> CutLayer:
    kept, packed = np.unique(held[held >= 0], return_inverse=True)
    if not len(kept):
        raise InputError(f"nothing of layer {mine.name!r} lies within {theirs.name!r}")
    found = np.full(len(held), -1, dtype=np.int32)
    found[held >= 0] = packed
    note = " ".join(n for n in dict.fromkeys((mine.note, theirs.note)) if n)
    return CutLayer(
        name=name or f"{mine.name} within {theirs.name}",
        blocks=mine.blocks,
        codes=mine.codes[kept],
        names=tuple(mine.names[i] for i in kept),
        aliases=tuple(mine.aliases[i] for i in kept),
        description=replace(within_description(mine, theirs, title), note=note),
        cuts=cuts,
        held=found,
    )


def _checked(name: str, shares: pd.DataFrame, blocks: pd.Index) -> pd.DataFrame:
    """Return a table of shares as text and numbers, or say what is wrong with it."""
    where = f"`shares` of layer {name!r}"
    lacking = [c for c in _COLUMNS if c not in shares.columns]
    if lacking:
        raise InputError(f"{where} lack {first_five(lacking)}; give block, area and share")
    if not len(shares):
        raise InputError(f"{where} have no rows; give one for each block and area that meet")
    missing = int(shares[["block", "area"]].isna().any(axis=1).sum())
    if missing:
        raise InputError(f"{where} have {missing:,} rows without a block or an area; fill them in")
    table = pd.DataFrame(
        {
            "block": shares["block"].astype("str"),
            "area": shares["area"].astype("str").str.strip(),
            "share": pd.to_numeric(shares["share"], errors="coerce"),
        }
    ).reset_index(drop=True)
    if ((table["area"] == OUTSIDE) | (table["area"] == "")).any():
        raise InputError(f"{where} use {OUTSIDE!r} or nothing as a code; leave those rows out")
    strange = pd.Index(table["block"].unique()).difference(blocks)
    if len(strange):
        raise InputError(
            f"{where} have {len(strange):,} blocks that the geography does not: "
            f"{first_five(strange)}"
        )
    twice = table.loc[table.duplicated(["block", "area"]), "block"]
    if len(twice):
        raise InputError(f"{where} have pairs more than once: {first_five(twice)}; sum them first")
    wrong = table.loc[~((table["share"] > 0) & (table["share"] <= 1 + LEAST)), "block"]
    if len(wrong):
        raise InputError(
            f"{where} have {len(wrong):,} shares that are not over 0 and at most 1: "
            f"{first_five(wrong)}"
        )
    sums = table.groupby("block")["share"].sum()
    over = sums.index[sums > 1 + LEAST]
    if len(over):
        raise InputError(
            f"{where} add up to more than 1 for {len(over):,} blocks: {first_five(over)}; ground "
            "in two areas must be divided between them"
        )
    return table
