"""Shapes of as many corners as are asked for, each hard for an overlay in another way."""

from __future__ import annotations

import numpy as np
import shapely


def wiggly(corners: int, seed: int, x: float = 0.0, y: float = 0.0) -> shapely.Polygon:
    """Draw a ring of 10 km that winds like a coast."""
    rng = np.random.default_rng(seed)
    angle = np.arange(corners) / corners * 2 * np.pi
    swing = 0.1 * np.sin(7 * angle + seed) + 0.02 * np.sin(97 * angle)
    radius = 10_000 * (1 + swing + rng.uniform(-1e-4, 1e-4, corners))
    return shapely.Polygon(
        np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    )


def comb(corners: int, *, upright: bool) -> shapely.Polygon:
    """Draw a comb of long teeth, each a metre wide and a metre from the next."""
    teeth = corners // 4
    tooth = np.arange(teeth)
    x = np.column_stack([2 * tooth, 2 * tooth, 2 * tooth + 1, 2 * tooth + 1]).ravel()
    y = np.tile([10, 2 * teeth, 2 * teeth, 10], teeth)
    ring = np.concatenate([[[0, 0]], np.column_stack([x, y]), [[2 * teeth - 1, 0]]])
    # Moved by odd amounts, so that no corner of one lies on a line of the other.
    return shapely.Polygon(ring + (0.13, 0.29) if upright else ring[:, ::-1] + (0.21, 0.17))


def spiral(corners: int, start: float = 0.0, x: float = 0.0, y: float = 0.0) -> shapely.Polygon:
    """Draw a band that winds twenty times about a point."""
    angle = np.linspace(0, 40 * np.pi, corners // 2)
    inner = 100 + angle * 100
    turned = np.column_stack([np.cos(angle + start), np.sin(angle + start)])
    band = np.concatenate([inner[:, None] * turned, ((inner + 60 * np.pi)[:, None] * turned)[::-1]])
    return shapely.Polygon(band + (x, y))


def islands(many: int, seed: int) -> shapely.MultiPolygon:
    """Draw one polygon of many parts, in rows a hundred metres apart."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(many**0.5))
    at = 100.0 * np.column_stack(np.divmod(np.arange(many), side))
    return shapely.multipolygons(
        shapely.polygons(
            [xy + rng.uniform(15, 45) * rng.uniform(0.5, 1, (8, 1)) * CIRCLE for xy in at]
        )
    )


CIRCLE = np.column_stack([np.cos(a := np.arange(8) * np.pi / 4), np.sin(a)])
