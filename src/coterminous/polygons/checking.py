"""What is wrong with these polygons? Every fault with its codes, its hectares and its people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from coterminous.arguments import asked
from coterminous.blocks.borders import WITHIN
from coterminous.blocks.contiguity import border_notes, measured_borders
from coterminous.blocks.coordinates import (
    Door,
    FrameDoor,
    door_of,
    finite_bounds,
    horizontal,
    judged,
    suitable,
)
from coterminous.errors import InputError, unknown
from coterminous.owned import hands_out_copies
from coterminous.polygons import faults as f
from coterminous.polygons.coincident import Overlaps, overlaps_within
from coterminous.polygons.edges import edges_of
from coterminous.polygons.fitness import (
    MULTIPOLYGON,
    POLYGON,
    SQUARE_METRES,
    TOLERANCE,
    Polygons,
    checked_frame,
    checked_tolerance,
    made_valid,
)
from coterminous.polygons.linking import candidates
from coterminous.results import OfBlocks
from coterminous.tables.keys import alike
from coterminous.tables.keys import shown as spelt
from coterminous.words import joined

if TYPE_CHECKING:
    import geopandas as gpd

    from coterminous.geography import Geography

COLUMNS = ["fault", "codes", "hectares", "people", "detail"]
#: Every fault that is looked for, in the order of the report, and what it means.
FAULTS = {
    "no CRS": "nobody can tell where the polygons are, or how large",
    "implausible CRS": "coordinates that cannot be in the system that the file states",
    "geographic CRS": "coordinates are in degrees, in which areas mean nothing",
    "Web Mercator": "a projection for screens, which swells areas, in Britain nearly threefold",
    "Mercator": "the same under another name, or of the whole world",
    "distorted CRS": "a projection that does not keep areas or lengths where the polygons are",
    "numbers as codes": "codes that have lost their leading zeros, or may yet",
    "empty code": "a polygon that cannot be named",
    "codes alike": "codes that differ in nothing but letter case or what cannot be seen",
    "duplicate code": "two polygons that would be counted as one, or twice",
    "empty geometry": "a code without a polygon",
    "not a polygon": "a point or line, which holds nobody",
    "three-dimensional": "heights, which are dropped",
    "invalid": "a polygon that crosses itself, whose area is uncertain",
    "overlap": "people who would be counted in two areas",
    "gap": "people inside the outline, or behind a mouth of up to a metre, who would be in no area",
    "lone piece": "a piece that touches no other polygon: an island, or a slip of the pen",
    "sliver": "an overlap, gap or piece that does not matter",
}
#: What is said of a corner that is not finite.
NOWHERE = "a corner without coordinates"
#: With more overlaps than this, those of polygons that are the same are one row together.
LISTED = 1_000
#: Faults that stop the polygons from being used, and not only from being trusted.
FATAL: tuple[str, ...] = (
    "no CRS",
    "implausible CRS",
    "geographic CRS",
    "Web Mercator",
    "Mercator",
    "distorted CRS",
    "codes alike",
    "numbers as codes",
    "empty code",
    "duplicate code",
    "empty geometry",
)
FATAL += ("not a polygon", "invalid", "overlap")


@hands_out_copies
@dataclass(frozen=True, eq=False, repr=False)
class Report(OfBlocks):
    """What was found in a set of polygons.

    Attributes
    ----------
    faults : pandas.DataFrame
        `fault`, `codes` (joined by a comma), `hectares`, `people` (missing without blocks) and
        `detail`; in the order of `FAULTS`, the largest first.
    candidates : pandas.DataFrame
        Pairs that may be neighbours though they share no edge; see `coterminous.polygons.linking`.
    polygons : int
        How many were looked at.
    tolerance : float
        Hectares up to which an overlap, a gap or a piece is a sliver.
    """

    faults: pd.DataFrame
    candidates: pd.DataFrame
    polygons: int
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether nothing stops the polygons from being used."""
        return not self.faults["fault"].isin(FATAL).any()

    @property
    def summary(self) -> pd.DataFrame:
        """Count the faults of each kind: `count`, `hectares`, `people`."""
        groups = self.faults.groupby("fault", sort=False)
        return groups.agg(
            count=("codes", "size"),
            hectares=("hectares", lambda x: x.sum(min_count=1)),
            people=("people", lambda x: x.sum(min_count=1)),
        )

    @property
    def table(self) -> pd.DataFrame:
        """The answer row by row: `faults`."""
        return self.faults

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "ok": self.ok,
            "polygons": self.polygons,
            "tolerance_hectares": self.tolerance,
            "notes": list(self.notes),
            "faults": self.faults.to_dict("records"),
            "candidates": self.candidates.to_dict("records"),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return the faults, as they are written to a file."""
        return self.faults

    def _titled(self) -> str:
        return f"Report of {self.polygons:,} polygons"

    def _finding(self) -> str:
        return ", ".join(f"{k}: {n:,}" for k, n in self.summary["count"].items()) or "no faults"

    def _tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        yield "faults", self.faults
        if len(self.candidates):
            yield "candidates", self.candidates


@asked
def check(
    polygons: gpd.GeoDataFrame | gpd.GeoSeries | str | Path,
    *,
    area: Geography | None = None,
    weight: str | None = None,
    code: str | None = None,
    tolerance: float = TOLERANCE,
    layer: str | None = None,
    member: str | None = None,
    crs: int | str | None = None,
    dissolve: bool = False,
) -> Report:
    """Look for everything that makes polygons unfit to count people by; nothing is changed.

    Parameters
    ----------
    polygons
        Whatever there is, but for nothing; faults are reported, not raised. Or the path of a
        file of polygons, read as `coterminous check FILE` reads it.
    area
        A geography whose blocks tell how many people each fault concerns, shared by area.
    weight
        The weight of `area` to count; its first if not given.
    code
        The column of the codes, if it is not the index.
    tolerance
        Hectares up to which an overlap, gap or piece is a sliver.
    layer, member, crs, dissolve
        Of a file only, as `coterminous.polygons.read_polygons` takes them.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        If there are no polygons at all, the file cannot be read, or another argument is not
        usable.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> fields = gpd.GeoDataFrame(
    ...     index=["a", "b"], geometry=[box(0, 0, 200, 100), box(100, 0, 300, 100)], crs=27700
    ... )
    >>> check(fields).faults[["fault", "codes", "hectares"]].values.tolist()
    [['overlap', 'a, b', 1.0]]
    """
    if isinstance(polygons, str | Path):
        wanted = {"code": code, "layer": layer, "member": member, "crs": crs, "dissolve": dissolve}
        polygons, code = _of_file(Path(polygons), wanted), None
    elif layer is not None or member is not None or crs is not None or dissolve:
        raise InputError(
            "`layer`, `member`, `crs` and `dissolve` are of a file, and `polygons` is a frame; "
            "leave them out, or give the path"
        )
    checked_frame(polygons, "polygons")
    tolerance = checked_tolerance(tolerance)
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    area, unsound = _countable(area)
    notes += [unsound] if unsound else []
    if area is not None and weight is None:
        weight = area.residents
    codes = _codes(polygons, code, rows)
    shapes, metres, crs = _projected(polygons, rows, notes)
    usable = _shape_faults(shapes, codes, SQUARE_METRES / metres**2, rows)
    shapes, codes = shapes[usable], codes[usable]
    pairs = pd.DataFrame(columns=["a", "b", "metres", "why"])
    if len(shapes) and np.isfinite(metres):
        ready = Polygons(codes, made_valid(shapes), {}, metres)
        alone = _relations(ready, tolerance, rows)
        pairs = _undeclared(candidates(_series(ready).iloc[alone]), area)
        notes += border_notes(measured_borders(_series(ready, crs).iloc[alone]))
    regions = np.array([row.pop("region", None) for row in rows], dtype=object)
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["people"] = _people(regions, crs, area if crs is not None else None, weight)
    notes.append(_meaning(tolerance, area, weight))
    return Report(
        faults=_ordered(table),
        candidates=pairs,
        polygons=len(polygons),
        tolerance=tolerance,
        notes=tuple(n for n in notes if n),
    )


def _of_file(file: Path, wanted: dict[str, Any]) -> gpd.GeoDataFrame:
    """Read the polygons of a file with all their faults; a table is refused, for it has none."""
    from coterminous.polygons.reading_polygons import Wanted, unchecked_at
    from coterminous.tables.opening import SUFFIXES

    if file.suffix.lower() in SUFFIXES:
        raise InputError(
            f"`polygons` is {str(file)!r}, a table with no polygons; check a lookup with "
            f"`coterminous check {file}`"
        )
    return unchecked_at(Door(str(file)), file, Wanted(**wanted))


def _countable(area: Geography | None) -> tuple[Geography | None, str]:
    """Leave blocks that are unsound themselves out of account, and say so."""
    if area is None:
        return None, ""
    try:
        area.geometry  # noqa: B018 - read and looked at here
    except InputError as error:
        return None, f"People are not counted, for the blocks of {area.name} are unsound: {error}."
    return area, ""


# ---------------------------------------------------------------------- codes and coordinates


def _row(
    fault: str, codes: str, hectares: float, detail: str, region: Any = None
) -> dict[str, Any]:
    return {
        "fault": fault,
        "codes": codes,
        "hectares": hectares,
        "people": np.nan,
        "detail": detail,
        "region": region,
    }


def _codes(polygons: Any, code: str | None, rows: list[dict[str, Any]]) -> pd.Index:
    """Take the codes as they are; those that are empty or repeated are faults."""
    columns = [c for c in getattr(polygons, "columns", ()) if c != "geometry"]
    if code is not None and code not in columns:
        raise unknown("code", code, columns)
    values = polygons.index.to_series() if code is None else polygons[code]
    unnamed = code is None and isinstance(polygons.index, pd.RangeIndex)
    if pd.api.types.is_numeric_dtype(values) and not unnamed:
        listed, mend = ", ".join(str(v) for v in values[:5]), "read them as text"
        door, taken = door_of(polygons, "polygons"), polygons.attrs.get("code")
        if not isinstance(door, FrameDoor) and taken and not (values.dropna() % 1 != 0).any():
            mend = f"{door.given('code', taken)} takes them as text"
        rows.append(_row("numbers as codes", "", np.nan, f"{listed}: {mend}"))
    codes = values.astype("str").str.strip().fillna("").reset_index(drop=True)
    for position in np.flatnonzero(codes == ""):
        rows.append(_row("empty code", "", np.nan, f"row {position + 1}"))
    for name, count in codes[codes != ""].value_counts().sort_index().items():
        if count > 1:
            rows.append(_row("duplicate code", str(name), np.nan, f"{count} polygons"))
    for pair in alike(codes[codes != ""]):
        rows.append(_row("codes alike", ", ".join(pair), np.nan, joined(map(spelt, pair))))
    # What has no code is called by its row, so that its other faults can be told.
    rowed = [c or f"row {i + 1}" for i, c in enumerate(codes)]
    return pd.Index(rowed, dtype="str", name="code")


def _projected(
    polygons: Any, rows: list[dict[str, Any]], notes: list[str]
) -> tuple[np.ndarray, float, Any]:
    """Return the shapes in coordinates that can be measured, the metres in a unit, and the CRS.

    Where nobody can tell what the coordinates are in, no metres: nothing is measured then.
    """
    crs, series = horizontal(polygons.crs), polygons.geometry
    unfit = judged(polygons)
    if unfit is not None:
        door = _without_folder(door_of(polygons, "polygons"), polygons)
        rows.append(_row(unfit.kind, "", np.nan, f"{door.called} {unfit.why}; {unfit.mend(door)}"))
        if unfit.epsg is None or unfit.kind == "implausible CRS":
            notes.append("Nothing is measured until the CRS is declared.")
            return np.array(series.to_numpy(), dtype=object), np.nan, None
        if unfit.kind == "no CRS":
            notes.append(f"Measured as if in EPSG:{unfit.epsg}.")
            series = series.set_crs(unfit.epsg, allow_override=True)
            if unfit.epsg == 4326:
                series = series.to_crs(suitable(series.crs, finite_bounds(series)))
        else:
            series = series.to_crs(unfit.epsg)
            notes.append(f"Measured in {series.crs.to_string()}.")
        crs = horizontal(series.crs)
    unit = float(crs.axis_info[0].unit_conversion_factor)
    return np.array(series.to_numpy(), dtype=object), unit, crs


def _without_folder(door: Door, polygons: Any) -> Door:
    """Call a file by its name alone, so that a report does not depend on where the file lies."""
    file = polygons.attrs.get("file")
    return replace(door, called=door.called.replace(file, Path(file).name)) if file else door


def _shape_faults(
    shapes: np.ndarray, codes: pd.Index, hectare: float, rows: list[dict[str, Any]]
) -> np.ndarray:
    """Report what is wrong with single shapes; say which can be looked at further."""
    kinds = shapely.get_type_id(shapes)
    none = (kinds == -1) | shapely.is_empty(shapes)
    strange = ~none & ~np.isin(kinds, (POLYGON, MULTIPOLYGON))
    high = ~none & shapely.has_z(shapes)
    for position in np.flatnonzero(none):
        rows.append(_row("empty geometry", codes[position], 0.0, ""))
    for position in np.flatnonzero(strange):
        size = float(shapely.area(shapes[position])) / hectare
        rows.append(_row("not a polygon", codes[position], size, _what(shapes[position])))
    if high.any():
        listed = ", ".join(codes[high][:5])
        more = f" and {high.sum() - 5} more" if high.sum() > 5 else ""
        rows.append(_row("three-dimensional", listed + more, np.nan, f"{high.sum():,} polygons"))
        shapes[high] = shapely.force_2d(shapes[high])
    usable = ~none & ~strange
    bad = np.flatnonzero(usable)
    bad = bad[~shapely.is_valid(shapes[bad])]
    for position, why in zip(bad, shapely.is_valid_reason(shapes[bad]), strict=True):
        if not np.isfinite(shapely.get_coordinates(shapes[position])).all():
            # Nothing can be made of a corner that is nowhere, so it is not looked at further.
            usable[position] = False
            rows.append(_row("invalid", codes[position], np.nan, NOWHERE))
            continue
        size = float(shapely.area(made_valid(shapes[position : position + 1])[0])) / hectare
        rows.append(_row("invalid", codes[position], size, str(why), shapes[position]))
    return np.asarray(usable)


def _what(shape: Any) -> str:
    """Say what a shape is that is no polygon, and whether there is a polygon in it."""
    if not shape.area:
        return str(shape.geom_type)
    return f"{shape.geom_type}: a polygon, and what is none; a mend keeps the polygon"


# ---------------------------------------------------------------------- how they lie together


def _relations(ready: Polygons, tolerance: float, rows: list[dict[str, Any]]) -> np.ndarray:
    """Report overlaps, gaps and pieces; return the positions to look for neighbours of."""
    shapes, codes = ready.shapes, ready.codes
    hectare = SQUARE_METRES / ready.metres**2
    tree, edges = shapely.STRtree(shapes), edges_of(shapes)

    def add(fault: str, named: str, size: float, region: Any, detail: str = "") -> None:
        small = size <= tolerance
        kind = "sliver" if small else fault
        rows.append(_row(kind, named, size, fault if small else detail, region))

    found = overlaps_within(shapes, edges, tree)
    together = found.times.sum() > LISTED
    kinds = zip(found.pairs.tolist(), (found.areas / hectare).tolist(), strict=True)
    for kind, ((i, j), size) in enumerate(kinds):
        if size <= 0:
            continue
        region = shapes[i] if i == j else _common(shapes, i, j)
        if together and found.times[kind] > 1:
            named, detail = _named_together(found, codes, kind)
            add("overlap", named, size, region, detail)
            continue
        for a, b in found.listed(kind):
            add("overlap", f"{codes[a]}, {codes[b]}", size, region)

    # Of hundreds in one place one is enough to look for gaps and neighbours by.
    copies = [np.empty(0, dtype=int), *(m[1:] for m in found.members.values() if together)]
    alone = np.setdiff1d(np.arange(len(shapes)), np.concatenate(copies))
    kept = shapes[alone]
    if len(alone) < len(shapes):
        tree, edges = shapely.STRtree(kept), edges_of(kept)
    holes = f.gaps(kept, edges, tree, mouth=WITHIN / ready.metres)
    for hole, near in zip(holes, f.gap_neighbours(holes, kept, tree), strict=True):
        add("gap", ", ".join(sorted(codes[alone[near]])), float(hole.area) / hectare, hole)

    owners, lone = f.lone_parts(shapes)
    parts = shapely.get_num_geometries(shapes)
    for owner, part in zip(owners.tolist(), lone, strict=True):
        detail = "the whole polygon" if parts[owner] == 1 else f"one of {parts[owner]} parts"
        add("lone piece", codes[owner], float(part.area) / hectare, part, detail)
    return alone


def _named_together(found: Overlaps, codes: pd.Index, kind: int) -> tuple[str, str]:
    """Name the polygons of one kind of overlap, the first few, and say how many pairs they are."""
    i, j = found.pairs[kind].tolist()
    positions = np.unique(np.concatenate([found.of(i), found.of(j)]))
    more = f" and {len(positions) - 5:,} more" if len(positions) > 5 else ""
    detail = f"{len(positions):,} polygons, {found.times[kind]:,} pairs of the same overlap"
    return ", ".join(codes[positions[:5]]) + more, detail


def _common(shapes: np.ndarray, i: int, j: int) -> Any:
    return shapely.intersection(shapes[i], shapes[j])


def _undeclared(pairs: pd.DataFrame, area: Geography | None) -> pd.DataFrame:
    """Leave out the pairs that the geography has linked already."""
    if area is None or not len(area.links):
        return pairs
    ends = zip(area.links["a"], area.links["b"], strict=True)
    linked = {(min(a, b), max(a, b)) for a, b in ends}
    known = [pair in linked for pair in zip(pairs["a"], pairs["b"], strict=True)]
    return pairs[~np.asarray(known, dtype=bool)].reset_index(drop=True)


def _series(ready: Polygons, crs: Any = None) -> Any:
    import geopandas as gpd

    return gpd.GeoSeries(ready.shapes, index=ready.codes, crs=crs)


# ---------------------------------------------------------------------- people


def _people(
    regions: np.ndarray, crs: Any, area: Geography | None, weight: str | None
) -> np.ndarray:
    """Count the people of the blocks in each region, shared by area; missing without blocks."""
    people = np.full(len(regions), np.nan)
    if area is None or weight is None:
        return people
    import geopandas as gpd

    from coterminous.polygons.crossings import cells_of

    places = np.array([r is not None and not r.is_empty for r in regions], dtype=bool)
    if not places.any():
        return people
    blocks = area.geometry.to_numpy()
    # One at a time, because regions may lie on top of each other.
    there = gpd.GeoSeries(made_valid(regions[places]), crs=crs).to_crs(area.geometry.crs)
    wanted = shapely.orient_polygons(there.to_numpy())
    cells = cells_of(blocks, wanted, edges_of(wanted))
    share = cells.area / shapely.area(blocks)[cells.block]
    counted = area.weight(weight).to_numpy()[cells.block] * share
    people[places] = np.bincount(cells.polygon, weights=counted, minlength=len(wanted))
    return people.round(1)


def _meaning(tolerance: float, area: Geography | None, weight: str | None) -> str:
    """Say what the tolerance means in people."""
    said = f"Overlaps, gaps and pieces up to {tolerance:g} ha are slivers"
    if area is None or weight is None:
        return f"{said}; give blocks to learn how many people that can be."
    hectares = shapely.area(area.geometry.to_numpy()) / SQUARE_METRES
    density = area.weight(weight).to_numpy() / hectares
    mean = area.weight(weight).sum() / hectares.sum()
    return (
        f"{said}: {tolerance * mean:,.1f} people ({weight}) at the mean density of the blocks, "
        f"{tolerance * density.max():,.1f} in the densest."
    )


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    rank = table["fault"].map({fault: i for i, fault in enumerate(FAULTS)})
    order = np.lexsort((table["codes"].astype(object), -table["hectares"].fillna(0), rank))
    return table.iloc[order].reset_index(drop=True)
