"""How a layer's polygons get small enough for a web page without coming apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coterminous.blocks.shapes import united
from coterminous.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

TOLERANCE = 60.0
"""Metres by which a simplified line may stray: under half a pixel at the zoom of a whole county."""

# The Helmert transformation EPSG:1314, spelt out so that a grid file that one machine has and
# another lacks changes nothing. It is good to 2 m, far below the tolerance of the lines.
_TO_DEGREES = (
    "+proj=pipeline"
    " +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000"
    " +ellps=airy +step +proj=push +v_3 +step +proj=cart +ellps=airy"
    " +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842"
    " +s=-20.489 +convention=position_vector"
    " +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
    " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def simplified(
    area: Geography, layers: Sequence[AnyLayer], *, tolerance: float = TOLERANCE
) -> list[gpd.GeoDataFrame]:
    """Dissolve and simplify several layers together, so that lines they share stay shared.

    Blocks are grouped by the area they have in every layer, those groups are simplified as one
    coverage, and each layer's areas are made of whole groups: neighbours keep touching, and a
    boundary that two layers share is the same line in both.

    Parameters
    ----------
    area
        The geography.
    layers
        Its layers.
    tolerance
        In metres; 0 leaves lines as they are.

    Returns
    -------
    list of geopandas.GeoDataFrame
        One a layer: index area code, columns ``name`` and ``geometry``, in degrees (EPSG:4326).

    Raises
    ------
    InputError
        If a layer holds no block with a boundary.
    """
    import geopandas as gpd
    import shapely

    lined = [layer.nearest() for layer in layers]
    positions = np.stack([layer.positions for layer in lined])
    kept = (positions >= 0).any(axis=0)
    shapes = np.asarray(area.ground.drawn().to_numpy())
    kept &= np.array([s is not None and not s.is_empty for s in shapes], dtype=bool)
    for each in lined:
        if not (kept & (each.positions >= 0)).any():
            raise InputError(
                f"`layers`: {each.name!r} has no polygon to draw in this geography; choose another"
                " layer, or give the blocks a geometry"
            )
    groups, which = np.unique(positions[:, kept], axis=1, return_inverse=True)
    which = which.ravel()
    order = np.argsort(which, kind="stable")
    parts = np.split(shapes[kept][order], np.cumsum(np.bincount(which))[:-1])
    merged = np.array([united(part) for part in parts], dtype=object)
    if tolerance:
        merged = shapely.coverage_simplify(merged, tolerance)
    crs = area.geometry.crs
    made = []
    for k, layer in enumerate(layers):
        outlines = [united(merged[groups[k] == i]) for i in range(len(layer.codes))]
        frame = gpd.GeoDataFrame(
            {"name": list(layer.names)}, geometry=outlines, index=layer.codes, crs=crs
        )
        made.append(in_degrees(frame))
    return made


def in_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring a frame to longitude and latitude (EPSG:4326), the British grid by a pinned formula."""
    import geopandas as gpd
    import shapely
    from pyproj import Transformer

    crs = frame.crs
    if crs is None:
        raise InputError("the polygons have no CRS; call set_crs(27700) or the right one first")
    if crs.to_epsg() != 27700:
        return frame.to_crs(4326)
    formula = Transformer.from_pipeline(_TO_DEGREES)

    def turned(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(formula.transform(xy[:, 0], xy[:, 1]))

    geometry = shapely.transform(np.asarray(frame.geometry.to_numpy()), turned)
    rest = frame.drop(columns=frame.geometry.name)
    return gpd.GeoDataFrame(rest, geometry=list(geometry), index=frame.index, crs=4326)


def features(frame: gpd.GeoDataFrame, properties: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Make a GeoJSON feature collection, numbered from 0, to five decimals (about a metre).

    Areas without a polygon are left out.
    """
    import shapely

    made = []
    for k, (shape, told) in enumerate(zip(frame.geometry, properties, strict=True)):
        if shape is None or shape.is_empty:
            continue
        geometry = json.loads(shapely.to_geojson(shape))
        geometry["coordinates"] = _short(geometry["coordinates"])
        made.append({"type": "Feature", "id": str(k), "properties": told, "geometry": geometry})
    return {"type": "FeatureCollection", "features": made}


def _short(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(coordinates, 5)
    return [_short(c) for c in coordinates]
