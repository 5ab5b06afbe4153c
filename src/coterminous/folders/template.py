"""How does a geography of one's own begin? With a small folder that runs, all commented."""

from __future__ import annotations

import json
from pathlib import Path

from coterminous.errors import InputError
from coterminous.files import replacing_folder

GEOGRAPHY = """\
# What this geography is made of. Every path is relative to this file. Replace the example files by
# your own, one at a time: `coterminous layers --data FOLDER` says what is wrong, and where.

name = "example-town"
title = "Example Town"

# What layers, weights and registers are for: commands and functions ask for these where none is
# named, and what needs a role that is not given is left out. docs/own_boundaries.md lists every
# role, and every table and key of this file.
[roles]
residents = "population"     # the weight that counts the people who live here
ages = ["age_65_plus"]       # weights: the residents by age, youngest first
# deprivation = ["most_deprived_fifth"]   # weights: by deprivation, most deprived first
# census = "census"          # a weight: the residents at another date
# whole = "board"            # a layer: all that is looked at
# councils = "council"       # a layer: upper-tier councils
districts = "ward"           # a layer: of whose areas drawings are made
# networks = "network"       # a layer: neighbourhoods
before = "before"            # a layer: the areas before the change
after = "after"              # a layer: the areas after it
# parts = "unit"             # a layer: parts of an area after the change
# patients = "practices"     # a register: the lists of general practices
# hospital = "trusts"        # a register: the patients of hospitals

# The building blocks: the smallest areas in which you can count people. GeoPackage, GeoJSON,
# shapefile or GeoParquet, in a projected CRS (EPSG:27700 for Great Britain), one row a block.
[blocks]
file = "blocks.geojson"
code = "block"
title = "Blocks of a kilometre"
# point = ["easting", "northing"]   # two columns with a population-weighted point, if there is one

# One row a block; the other columns say what each block belongs to. An empty cell is outside.
[lookup]
file = "lookup.csv"
code = "block"
# zone = "zone"   # the column of zones, if registers count people by something coarser than blocks

# What is counted in the blocks: one table a weight. Each block needs a number, if only 0. Several
# `columns` are added up.
[[weight]]
name = "population"
title = "Residents, example"
unit = "people"
date = "2024-06-30"
source = "example"
file = "people.csv"
code = "block"
columns = ["under_65", "over_65"]

[[weight]]
name = "age_65_plus"
title = "Residents aged 65 and over, example"
unit = "people"
date = "2024-06-30"
source = "example"
file = "people.csv"
code = "block"
columns = ["over_65"]

[layers]
files = ["layers.toml"]

[links]
file = "links.toml"

# People by organisation and where they live, from official files as they are published:
#
# [[register]]
# name = "practices"
# registrations = "gp-reg-pat-prac-lsoa-all.csv"
# practices = "epraccur.csv"
# networks = "ePCN.xlsx"
# on = "2024-07-01"
# open = true
#
# or from tables of your own:
#
# [[register]]
# name = "practices"
# flows = { file = "patients.csv", organisation = "practice", block = "block", people = "patients" }
# organisations = { file = "practices.csv", code = "practice", name = "name", postcode = "pcds" }

# Where postcodes lie, to place organisations by:
#
# [postcodes]
# file = "postcodes.csv"
# code = "pcds"
# easting = "oseast1m"
# northing = "osnrth1m"
# council = "oslaua"   # sites are checked against it
# block = "lsoa11"     # the block itself, if the table knows it

# The names of zones, where [lookup] has any:
#
# [zones]
# file = "zones.csv"
# code = "zone"
# name = "name"

# Who published what: printed under every map and table that uses it.
[[source]]
id = "example"
publisher = "Nobody"
title = "Made up for this example"
date = "2024-06-30"
licence = "none needed"
statements = ["Made up for this example"]
"""

LAYERS = """\
# The layers: how blocks are grouped into areas. Take from a column of the lookup what is there:

[[layer]]
name = "ward"
title = "Wards"
source = "example"
valid_from = "2024-01-01"
lookup = { code = "ward_code", name = "ward_name" }

# or fit the blocks to polygons, if you have a drawing and no lookup:
#
# [[layer]]
# name = "teams"
# title = "Neighbourhood teams"
# polygons = { file = "teams.gpkg", code = "TEAM_CODE", name = "TEAM_NAME", method = "area" }
#
# or say which areas of another layer make each area:

[[layer]]
name = "before"
title = "Partnerships before"
units = "ward"
valid_to = "2024-06-30"

[[layer.area]]
code = "north"
name = "North Partnership"
of = ["W1", "W2"]
aliases = ["Up North"]

[[layer.area]]
code = "south"
name = "South Partnership"
of = ["Harbour"]   # a code, a name or an alias

[[layer]]
name = "after"
title = "Places after"
units = "ward"
valid_from = "2024-07-01"

[[layer.area]]
code = "town"
name = "Town"
of = ["W1"]

[[layer.area]]
code = "shore"
name = "Shore"
of = ["W2", "W3"]
"""

LINKS = """\
# Blocks that are neighbours though they share no edge: a bridge, a ferry, a tunnel.
# `coterminous check blocks.geojson` suggests candidates.

[[link]]
a = "B5"
b = "B6"
name = "Harbour Bridge"
reason = "The only road over the water."
"""

LOOKUP = """\
block,ward_code,ward_name
B1,W1,Market
B2,W1,Market
B3,W2,Mill
B4,W2,Mill
B5,W3,Harbour
B6,W3,Harbour
"""

PEOPLE = """\
block,under_65,over_65
B1,1210,340
B2,1105,410
B3,960,305
B4,1300,220
B5,740,515
B6,415,180
"""

#: Lower-left corners of the blocks, in metres of the British National Grid; water lies before B6.
CORNERS = {
    "B1": (350_000, 430_000),
    "B2": (351_000, 430_000),
    "B3": (352_000, 430_000),
    "B4": (350_000, 429_000),
    "B5": (351_000, 429_000),
    "B6": (352_150, 428_900),
}


def write_skeleton(folder: str | Path) -> list[Path]:
    """Write a geography folder to start from: six blocks, three layers, a link, all commented.

    Parameters
    ----------
    folder
        A folder that is not there yet, or is empty.

    Returns
    -------
    list of pathlib.Path
        The files, `geography.toml` first.

    Raises
    ------
    InputError
        If the folder has something in it.

    Examples
    --------
    >>> import tempfile, coterminous as ct
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     files = write_skeleton(f"{parent}/mine")
    ...     area = ct.load(f"{parent}/mine")
    ...     parted = int(area.overlap("before", "after").measures()["parted"])
    >>> parted
    2785
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target} has something in it already; name a new folder")
    texts = {
        "geography.toml": GEOGRAPHY,
        "blocks.geojson": _blocks(),
        "lookup.csv": LOOKUP,
        "people.csv": PEOPLE,
        "layers.toml": LAYERS,
        "links.toml": LINKS,
    }
    with replacing_folder(target, manifest=False) as beside:
        for name, text in texts.items():
            (beside / name).write_text(text, encoding="utf-8", newline="\n")
    return [target / name for name in texts]


def _blocks() -> str:
    features = []
    for code, (x, y) in CORNERS.items():
        ring = [[x, y], [x + 1000, y], [x + 1000, y + 1000], [x, y + 1000], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"block": code},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    lines = ",\n".join(json.dumps(f) for f in features)
    crs = '{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}'
    return f'{{"type": "FeatureCollection", "crs": {crs}, "features": [\n{lines}\n]}}\n'
