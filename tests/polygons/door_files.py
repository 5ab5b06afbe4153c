"""Files of polygons as people send them: two wards of 100 ha, right or wrong in one way each."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from shapely import box

ESRI_GRID = (
    'PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID['
    '"Airy_1830",6377563.396,299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",'
    '0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",400000.0],'
    'PARAMETER["False_Northing",-100000.0],PARAMETER["Central_Meridian",-2.0],PARAMETER['
    '"Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49.0],UNIT["Meter",1.0]]'
)
PROJ_GRID = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs"
)
OWN_MERCATOR = (
    'PROJCS["Ours",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION['
    '"Mercator"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER['
    '"Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],UNIT["Meter",1.0]]'
)


def wards(crs: object = 27700, east: float = 350_000, north: float = 430_000):
    """Two squares of 100 ha in the British National Grid, or in another system of that place."""
    shapes = [box(east + i * 1000, north, east + 1000 * (i + 1), north + 1000) for i in (0, 1)]
    made = gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=shapes, crs=27700)
    return made if crs == 27700 else made.to_crs(crs)


def declared(frame, crs):
    """The same coordinates, said to be in another system."""
    return frame.set_crs(crs, allow_override=True)


def turned(frame):
    """East and north in each other's place."""
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda p: p[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))


def without_crs(file: Path, frame) -> Path:
    """GeoJSON as drawing programs write it: no `crs` member."""
    features = json.loads(frame.to_json())["features"]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


def zipped(folder: Path, name: str, files: dict[str, Path]) -> Path:
    """A zip of files under names of one's own."""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for called, file in files.items():
            archive.write(file, called)
    return folder / name


def parts(folder: Path, frame, stem: str = "w", **options) -> dict[str, Path]:
    """A shapefile, by the suffixes of its parts."""
    frame.to_file(folder / f"{stem}.shp", **options)
    return {p.suffix: p for p in sorted(folder.glob(f"{stem}.*"))}


SYSTEMS = [27700, 7405, 32630, 25830, 2157, 29902, 3035, 4326, 4277, 4979, 3857, 3395, 3034, 6933]
#: Those in which hectares are true there; 6933 distorts lengths, which an overlay has none of.
TRUE_HERE = {27700, 7405, 32630, 25830, 2157, 29902, 3035, 6933}


def fuzzed(seed: int, folder: Path) -> tuple[Path, list[str], bool | None]:
    """Make a file at random, with options, and say whether 200 ha are right (None: refuse or 200).

    The same seed gives the same file.
    """
    chance = random.Random(seed)
    stated, meant = chance.choice(SYSTEMS), chance.choice([27700, 27700, 4326, 3035])
    frame = wards(stated, chance.randrange(330_000, 420_000), chance.randrange(170_000, 540_000))
    good: bool | None = stated in TRUE_HERE
    fault = chance.choice(
        ["", "", "", "belied", "turned", "none", "nan", "numbers", "alike", "parts"]
    )
    options: list[str] = []
    if fault == "belied":
        frame, good = declared(wards(meant), 4326 if meant != 4326 else 27700), False
    elif fault == "turned":
        frame, good = turned(wards(4326)), False
    elif fault == "none":
        frame, good = wards(meant).set_crs(None, allow_override=True), False
    elif fault == "nan":
        corners = shapely.get_coordinates(frame.geometry.iloc[0])
        corners[1] = np.nan
        shape = shapely.Polygon(corners)
        frame.loc[0, "geometry"] = shape
        good = False
    elif fault == "numbers":
        frame["code"], options = [1, 2], ["--a-code", "code", "--b-code", "code"]
    elif fault == "alike":
        frame["code"], good = ["A", "a"], False
    elif fault == "parts":
        frame["code"], options = ["A", "A"], ["--dissolve"]
    if chance.random() < 0.4:
        options = [*options, "--crs", "27700"]
        # What is missing or belied becomes right if it is what was meant; what is sound, always.
        good = fault in ("", "numbers", "parts") or (fault in ("belied", "none") and meant == 27700)
    kind = chance.choice([".gpkg", ".shp", ".parquet", ".zip", ".GPKG"])
    if fault == "nan":  # no other kind is written with it
        kind = ".parquet"
    if kind == ".parquet":
        frame.to_parquet(folder / "w.parquet")
    elif kind in (".shp", ".zip"):
        made = parts(folder, frame)
        if kind == ".zip":
            inner = {f"Inner Folder/W{s.upper()}": p for s, p in made.items()}
            return zipped(folder, "w.ZIP", inner), options, good
    else:
        frame.to_file(folder / "w.gpkg")
        if kind == ".GPKG":
            (folder / "w.gpkg").rename(folder / "w.GPKG")
    file = folder / f"w{kind}"
    if chance.random() < 0.08:
        whole = file.read_bytes()
        file.write_bytes(whole[: chance.randrange(len(whole))])
        good = None
    return file, options, good


def is_bound(crs: object) -> bool:
    """Say whether a system carries a shift to another datum."""
    return bool(pyproj.CRS(crs).is_bound)
