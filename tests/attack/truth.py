"""Was it recovered truly, and does it fall by the rule? For tests, which have the register."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tests.attack.evidence import LUMPS, Rule


class Truth:
    """The register itself: people by organisation and block.

    Parameters
    ----------
    register : pandas.DataFrame
        `organisation`, `block` (a code, ``elsewhere`` or ``unknown``) and `people`.
    blocks : pandas.DataFrame
        By block, the area of each layer that it lies in.
    homes : mapping of (organisation, layer) to area
    """

    def __init__(
        self,
        register: pd.DataFrame,
        blocks: pd.DataFrame,
        homes: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        self.blocks, self.homes = blocks, homes or {}
        self.by_block = register.groupby(["organisation", "block"])["people"].sum()
        self._sums: dict[str, pd.Series] = {}

    def at(self, organisation: str, place: str) -> float:
        """Count people; not a number for a place that is none."""
        layer, _, area = place.partition(":")
        if place.endswith(":away"):
            home = self.homes.get((organisation, layer))
            living = self.at(organisation, f"{layer}:*")
            return living - self.at(organisation, f"{layer}:{home}")
        if place not in ("everybody", *LUMPS) and layer.split("|")[0] not in self.blocks:
            return float("nan")
        if place not in self._sums:
            self._sums[place] = self._summed(place)
        sums = self._sums[place]
        return float(sums.sum() if organisation == "*" else sums.get(organisation, 0))

    def _summed(self, place: str) -> pd.Series:
        blocks = self.by_block.index.get_level_values("block")
        if place == "everybody":
            held = np.full(len(blocks), True)
        elif place in LUMPS:
            held = np.asarray(blocks == place)
        else:
            held = np.asarray(~blocks.isin(LUMPS))
            for piece in place.split(" & "):
                layer, _, area = piece.partition(":")
                areas = pd.Series(blocks).map(
                    self.blocks[layer.split("|")[0]].fillna("outside"), na_action="ignore"
                )
                areas = areas.fillna("outside").to_numpy()
                held &= (areas != "outside") if area == "*" else (areas == area)
        return self.by_block[held].groupby(level="organisation").sum()

    def judged(self, found: pd.DataFrame, rule: Rule) -> pd.DataFrame:
        """Add `truth`, `true` (whether the range holds it) and `falls`.

        A count falls that the rule hides, of which less is unknown than the rule says: its lowest
        value is above where the rule begins, or its highest under where it ends.
        """
        truth = [self.at(o, a) for o, a in zip(found["organisation"], found["area"], strict=True)]
        judged = found.assign(truth=truth)
        told = judged["truth"].between(found["lowest"], found["highest"])
        judged["true"] = told | judged["truth"].isna()
        small = judged["truth"].between(max(rule.low, 1), rule.high)
        wide = (found["lowest"] <= max(rule.low, 1)) & (found["highest"] >= rule.high)
        judged["falls"] = small & ~wide
        return judged
