"""Which polygon is each block in? Layers made from drawings that need not follow the blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
import shapely

from coterminous.areas import OUTSIDE, Description
from coterminous.arguments import asked
from coterminous.blocks.coordinates import Door
from coterminous.errors import InputError, first_five, unknown
from coterminous.layer import Layer
from coterminous.owned import hands_out_copies
from coterminous.polygons.block_shares import (
    EVEN,
    by_area,
    by_places,
    checked_places,
    places_of,
    said_of_bare,
)
from coterminous.polygons.fitness import Polygons, checked_frame, measurable, meets, same_crs
from coterminous.polygons.rows_of_codes import code_of_frame
from coterminous.shares import CutLayer

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

Method = Literal["best_fit", "population", "area", "apportion"]
METHODS: tuple[Method, ...] = get_args(Method)
#: The rule that differs on fewest people from two published fits; see docs/own_boundaries.md.
DEFAULT: Method = "area"
SAID = {
    "best_fit": "each block to the polygon that holds one point of it",
    "population": "each block to the polygon in which most of its people live",
    "area": "each block to the polygon that covers most of it",
    "apportion": "the people of each block shared among the polygons by area",
}
#: A block is covered if all of it but this part lies in its polygon: drawings of one line differ.
NEARLY = 0.001
HALF = 0.5
ROUNDING = 1e-9


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FittedLayer(Layer):
    """A partition of blocks fitted to polygons, and how each block came to its area.

    Attributes
    ----------
    statuses : pandas.DataFrame
        By block: `area`, `status`, the `share` of the block in that area, the areas that it is
        `tied_with`, and `people`; see `layer_from_polygons`.
    """

    statuses: pd.DataFrame


def layer_from_polygons(
    polygons: gpd.GeoDataFrame,
    area: Geography,
    *,
    method: Method = DEFAULT,
    name: str = "polygons",
    code: str | None = None,
    title: str = "",
    weight: str | None = None,
    places: gpd.GeoSeries | None = None,
) -> AnyLayer:
    """Make a layer of polygons, by fitting the blocks of a geography to them.

    Parameters
    ----------
    polygons
        Valid polygons in the CRS of the blocks; they may leave gaps, and overlap: ground that
        several claim is divided equally between them, piece by piece. The index holds
        the codes unless `code` names a column; a column `name` holds names, if there is one.
    area
        The geography whose blocks are fitted.
    method
        ``area``: the polygon that covers most of a block. ``population``: the one in which most
        of its people live, by `places`. By both, ground and places in no polygon count too: a
        block that is mostly in none is outside. ``best_fit``: the polygon that holds one point
        of the block: the one that its geography gives, which is its centre of population only if
        the geography gives that, or else a point inside it. ``apportion``: the people of a block
        are shared among the polygons that it lies in, by area.
    name, title
        Of the layer.
    weight
        The people to count in `statuses` and `note`; the residents if not given.
    places
        Points where people live, such as postcodes, in the CRS of the blocks; those of the
        geography if not given. Without any, people are taken to live evenly over each block; of a
        block that holds none of them too, and `note` says how many people that is.

    Returns
    -------
    Layer or CutLayer
        A `CutLayer` for ``apportion``. Else `statuses` has for every block: `area`, `status`
        (``covered``, ``majority``, ``contested``: its point lies in several polygons, or no more
        than half of it in any; ``tied``: as much of it, or of its people, is in other areas;
        ``unassigned``), the `share` of it in that area, the areas that it is `tied_with`, and
        `people`. A tied block (which may be tied with ``outside``) is counted in the area with
        the smaller code, and `note` begins with who is: that sentence goes wherever the layer
        does. It goes on with the rule, the point that it uses, and how many people are in blocks
        that a line cuts.

    Raises
    ------
    InputError
        If the polygons are unfit (see `coterminous.check`), in another CRS or another place, or
        `places` are no points in the blocks.

    Examples
    --------
    >>> import coterminous as ct, geopandas as gpd
    >>> from shapely import box
    >>> blocks = gpd.GeoDataFrame(
    ...     {"population": [10, 20, 30]},
    ...     index=["b1", "b2", "b3"],
    ...     geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100), box(200, 0, 300, 100)],
    ...     crs=27700,
    ... )
    >>> area = ct.Geography.from_frames(blocks)
    >>> drawn = gpd.GeoDataFrame(index=["W"], geometry=[box(0, 0, 180, 100)], crs=27700)
    >>> ct.Layer.from_polygons(drawn, area).statuses["status"].to_dict()
    {'b1': 'covered', 'b2': 'majority', 'b3': 'unassigned'}
    """
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    checked_frame(polygons, "polygons")
    code, coded = code_of_frame(polygons, code)
    ready = measurable(polygons, "polygons", code=code)
    same_crs(area.geometry, polygons, ("area.geometry", "polygons"))
    blocks = area.geometry.to_numpy()
    meets(blocks, ready.shapes, ("`area`", ready.called))

    shares = by_area(blocks, ready.shapes)
    even, bare = False, ""
    if method == "population":
        points = places_of(area) if places is None else checked_places(places, area)
        even = points is None
        if points is not None:
            people = area.weight(area.counted(weight)).to_numpy()
            bare = said_of_bare(blocks, points, people, given=places is not None)
            shares = by_places(blocks, ready.shapes, points, shares)
    point_in, rule = None, SAID[method]
    if method == "best_fit":
        chosen, where = _points(area)
        point_in, rule = _holding(chosen, ready.shapes), f"{rule}{where}"
    fitted = _fitted(shares, len(blocks), point_in)
    statuses = _statuses(area, ready, fitted, area.counted(weight))
    if statuses["area"].isna().all() and method != "apportion":
        raise InputError(
            f"no block of {area.name!r} comes to any of the {len(ready):,} polygons; "
            'method="apportion" keeps areas smaller than a block'
        )
    told = _note(rule, statuses, ready, shares, even, whole=method != "apportion")
    note = " ".join(n for n in (told, bare, coded) if n)
    if method == "apportion":
        tidy, names = _tidy(shares, area, ready), ready.names
        if tidy.empty:
            raise InputError(
                f"no block of {area.name!r} meets any of the {len(ready):,} polygons, though "
                "their bounds do; are both of the same place?"
            )
        return CutLayer.from_shares(
            name, tidy, blocks=area.blocks, names=names, title=title, kind="polygons", note=note
        )
    won = statuses["area"].dropna()
    codes = pd.Index(sorted(set(won)), dtype="str", name="code")
    return FittedLayer(
        name=name,
        blocks=area.blocks,
        codes=codes,
        positions=codes.get_indexer(statuses["area"]).astype(np.int32),
        names=tuple(ready.names[c] for c in codes),
        aliases=tuple(() for _ in codes),
        description=Description(
            title=title or name,
            kind="polygons",
            best_fit=bool((statuses.loc[won.index, "status"] != "covered").any()),
            note=note,
            ties=_ties(statuses),
        ),
        statuses=statuses,
    )


def layer_from_recipe(recipe: Mapping[str, Any], area: Geography) -> AnyLayer:
    """Make the layer of a recipe that names a file of polygons.

    Parameters
    ----------
    recipe
        A `[[layer]]` with ``polygons = { file = "teams.gpkg", method = "area" }``, in which
        `code`, `name`, `layer`, `member`, `crs` and `dissolve` may say what to read.
    area
        The geography that the recipe is of; `file` is relative to its folder.
    """
    from coterminous.polygons.reading_polygons import Wanted, read_at

    spec = recipe["polygons"]
    where = f"{recipe['_file']}: layer {recipe['name']!r}"
    file = (area.folder or Path()) / spec["file"]
    wanted = Wanted(**{k: v for k, v in spec.items() if k not in ("file", "method")})
    drawn = read_at(
        Door(str(file), "`{}` in its `polygons`", "`{} = {}` in its `polygons`"), file, wanted
    )
    title = str(recipe.get("title", ""))
    method = spec.get("method", DEFAULT)
    try:
        made = layer_from_polygons(drawn, area, method=method, name=recipe["name"], title=title)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    valid_from, valid_to, source = (
        str(recipe[k]) if k in recipe else None for k in ("valid_from", "valid_to", "source")
    )
    notes = (str(recipe.get("note", "")), *drawn.attrs["notes"], made.description.note)
    note = " ".join(n for n in notes if n)
    return made.described(note=note, valid_from=valid_from, valid_to=valid_to, source=source)


@asked
def compare_fits(
    polygons: gpd.GeoDataFrame,
    area: Geography,
    *,
    code: str | None = None,
    weight: str | None = None,
    methods: tuple[Method, ...] = ("best_fit", "population", "area"),
) -> pd.DataFrame:
    """List the blocks that come to different areas by different methods, and who lives there.

    Parameters
    ----------
    polygons, area, code, weight
        As for `layer_from_polygons`.
    methods
        The methods to compare.

    Returns
    -------
    pandas.DataFrame
        By block: a column of area codes for each method, and `people`; those with most people
        first. Blocks on which all agree are left out.
    """
    if "apportion" in methods:
        raise InputError(
            "`methods` holds 'apportion', which gives a block to several areas; compare the others"
        )
    found = {
        m: layer_from_polygons(polygons, area, method=m, code=code, weight=weight)
        .of_whole_blocks("a comparison of fits")
        .assignment
        for m in methods
    }
    people = area.weight(area.counted(weight))
    table = pd.DataFrame(found).assign(people=people)
    told = table[list(methods)].fillna("")
    apart = table[told.ne(told[methods[0]], axis=0).any(axis=1)]
    return apart.sort_values("people", ascending=False, kind="stable")


def _points(area: Geography) -> tuple[np.ndarray, str]:
    """Give points of the blocks, each within its own, and say in words which they are.

    Generalised lines leave a few points on the far side; those are replaced by one inside.
    """
    blocks, points = area.geometry.to_numpy(), np.array(area.points.to_numpy(), dtype=object)
    astray = ~shapely.intersects(blocks, points)
    points[astray] = shapely.point_on_surface(blocks[astray])
    columns = area.settings.get("blocks", {}).get("point")
    if not columns:
        return points, ", a point inside it, which need not be where its people live"
    said = f", the one in columns {columns[0]} and {columns[1]} of the blocks"
    if astray.any():
        said += f" ({int(astray.sum()):,} that lie outside their block replaced by one inside)"
    return points, said


def _holding(points: np.ndarray, shapes: np.ndarray) -> pd.DataFrame:
    """Pairs of block and polygon in which the polygon holds the block's point, or its edge does."""
    block, polygon = shapely.STRtree(shapes).query(points, predicate="intersects")
    return pd.DataFrame({"block": block, "polygon": polygon})


def _fitted(shares: pd.DataFrame, blocks: int, point_in: pd.DataFrame | None) -> pd.DataFrame:
    """Choose one polygon for each block: its position or -1, its share, and how that came about."""
    inside = shares[shares["polygon"] >= 0]
    if point_in is not None:
        # A point on a block that the polygon hardly touches has a share of nought, and counts.
        choices = point_in.merge(inside, on=["block", "polygon"], how="left").fillna({"share": 0.0})
    else:
        outside = shares[shares["polygon"] < 0].set_index("block")["share"]
        rest = inside["block"].map(outside).fillna(0.0)
        # Ground in no polygon stands for election too: a block mostly outside is outside.
        choices = inside.assign(rest=rest)[inside["share"] >= rest - ROUNDING]
    ranked = choices.assign(level=choices["share"].round(9)).sort_values(
        ["block", "level", "polygon"], ascending=[True, False, True]
    )
    best = ranked.drop_duplicates("block").set_index("block")
    top = ranked["block"].map(best["level"]) == ranked["level"]
    out = pd.DataFrame({"polygon": -1, "share": 0.0}, index=pd.RangeIndex(blocks))
    out.loc[best.index, "polygon"] = best["polygon"]
    out.loc[best.index, "share"] = best["share"]
    several = pd.Series(False, index=out.index)
    if point_in is not None:
        several |= out.index.isin(ranked.loc[ranked["block"].duplicated(), "block"])
    level = ranked[top]
    level = level[level["block"].duplicated()]
    if point_in is None:
        # Ground in no polygon has no code, and may have as much as the polygon that wins.
        half = best[(best["share"] - best["rest"]).abs() <= ROUNDING].reset_index()
        level = pd.concat([level, half.assign(polygon=-1)])
    others = level.groupby("block")["polygon"].agg(tuple)
    out["others"] = others.reindex(out.index)
    tied = out["others"].notna()
    out["status"] = np.select(
        [
            out["polygon"] < 0,
            tied,
            several,
            out["share"] >= 1 - NEARLY,
            out["share"] > HALF,
        ],
        ["unassigned", "tied", "contested", "covered", "majority"],
        default="contested",
    )
    return out


def _statuses(area: Geography, ready: Polygons, fitted: pd.DataFrame, weight: str) -> pd.DataFrame:
    codes = pd.array([*ready.codes, None], dtype="str")
    return pd.DataFrame(
        {
            "area": codes.take(fitted["polygon"].to_numpy()),
            "status": pd.array(fitted["status"], dtype="str"),
            "share": fitted["share"].to_numpy(),
            "tied_with": [
                tuple(codes.take(list(x)).fillna(OUTSIDE)) if isinstance(x, tuple) else ()
                for x in fitted["others"]
            ],
            "people": area.weight(weight).to_numpy(),
        },
        index=area.blocks,
    )


def _tidy(shares: pd.DataFrame, area: Geography, ready: Polygons) -> pd.DataFrame:
    """Shares by code, as an apportioned layer keeps them; what is outside is what is left."""
    inside = shares[shares["polygon"] >= 0]
    return pd.DataFrame(
        {
            "block": area.blocks.take(inside["block"].to_numpy()),
            "area": ready.codes.take(inside["polygon"].to_numpy()),
            "share": inside["share"].to_numpy(),
        }
    )


def _ties(statuses: pd.DataFrame) -> str:
    """Say who could as well be in another area; nothing if nobody could."""
    tied = statuses[statuses["status"] == "tied"]
    if not len(tied):
        return ""
    others = sorted({code for codes in tied["tied_with"] for code in codes})
    counted = sorted(tied["area"].unique())
    return (
        f"tied: {len(tied):,} blocks, {tied['people'].sum():,.0f} people could as well be in "
        f"{first_five(others)}; they are counted in {first_five(counted)}."
    )


def _note(
    rule: str,
    statuses: pd.DataFrame,
    ready: Polygons,
    shares: pd.DataFrame,
    even: bool,
    whole: bool,
) -> str:
    """Say what was assumed, and how many people it concerns."""
    people = statuses.groupby("status")["people"].sum()
    blocks = statuses["status"].value_counts()
    said = [f"Polygons fitted to blocks: {rule}."]
    if even:
        said.append(EVEN)
    for status in ("majority", "contested"):
        if blocks.get(status):
            said.append(f"{status}: {blocks[status]:,} blocks, {people[status]:,.0f} people.")
    partly = shares[(shares["polygon"] >= 0) & (shares["share"] > NEARLY)]
    touched = statuses.index.take(np.unique(partly["block"].to_numpy()))
    lost = statuses.loc[touched]
    lost = lost[lost["status"] == "unassigned"]
    if len(lost):
        said.append(
            f"unassigned though partly inside: {len(lost):,} blocks, {lost['people'].sum():,.0f} "
            "people."
        )
    there = ready.codes.take(np.unique(shares.loc[shares["polygon"] >= 0, "polygon"]))
    kept = statuses["area"].dropna().unique() if whole else there
    empty = ready.codes.difference(kept)
    if len(empty):
        what = "win no block" if whole else "meet no block"
        said.append(f"Polygons that {what}: {first_five(empty)}.")
    return " ".join(said)
