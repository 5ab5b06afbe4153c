"""Which tables and keys may stand in a geography's folder, and what does each hold?

`docs/own_boundaries.md` describes each of them; a test holds it to what stands here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from coterminous.folders.schema import Day, Name, Table

Names = Annotated[list[Name], Meta(min_length=1)]

# ---------------------------------------------------------------------- geography.toml


class Blocks(Table):
    """The file of the building blocks."""

    file: Name
    code: Name
    name: Name | None = None
    layer: Name | None = None
    crs: int | Name | None = None
    sheet: Name | None = None
    point: Annotated[list[Name], Meta(min_length=2, max_length=2)] | None = None
    border_within: Annotated[float, Meta(ge=0, le=100)] | None = None
    title: str = ""
    date: Day = Day("")
    source: str = ""


class Lookup(Table):
    """The table that says what each block belongs to."""

    file: Name
    code: Name | None = None
    zone: Name | None = None
    sheet: Name | None = None
    source: str = ""


class Zones(Table):
    """The names of the zones in which registers count."""

    file: Name
    code: Name
    name: Name
    source: str = ""


class Where(Table):
    """The rows that a weight counts: those in which a column holds a number."""

    column: Name
    equals: float


class Weight(Table):
    """A number for each block."""

    name: Name
    title: Name | None = None
    short: Name | None = None
    said: Name | None = None
    unit: Name | None = None
    date: Day = Day("")
    source: str = ""
    sources: list[Name] = []
    file: Name | None = None
    sheet: Name | None = None
    code: Name | None = None
    column: Name | None = None
    columns: Names | None = None
    where: Where | None = None


class Layers(Table):
    """The files of layers."""

    files: list[Name] = []


class Towns(Table):
    """The table of towns and seas to be named on a map."""

    file: Name
    source: str = ""


class Links(Table):
    """The file of links."""

    file: Name


class Flows(Table):
    """The table of people by organisation and block, or zone."""

    file: Name
    organisation: Name
    people: Name
    block: Name | None = None
    zone: Name | None = None
    sheet: Name | None = None


class Largest(Table):
    """The most people that any single organisation within a lump has, by block, or zone."""

    file: Name
    lump: Name
    people: Name
    block: Name | None = None
    zone: Name | None = None
    sheet: Name | None = None


class Organisations(Table):
    """The table of organisations."""

    file: Name
    code: Name
    name: Name
    site: Name | None = None
    postcode: Name | None = None
    block: Name | None = None
    easting: Name | None = None
    northing: Name | None = None
    latitude: Name | None = None
    longitude: Name | None = None
    body: Name | None = None
    network: Name | None = None
    network_name: Name | None = None
    sheet: Name | None = None
    missing: Literal["said", "outside"] = "said"
    """What of an organisation that has people, but no row: said with every figure, or not."""


class Register(Table):
    """People by organisation and where they live: in a table (`flows`), or in official files."""

    name: Name
    flows: Flows | None = None
    registrations: Name | None = None
    practices: Name | None = None
    networks: Name | None = None
    on: Day = Day("")
    sheet: Name | None = None
    member: Name | None = None
    title: Name | None = None
    unit: Name | None = None
    date: Day = Day("")
    period: str = ""
    source: str = ""
    sources: list[Name] = []
    open: bool = False
    organisation: Name | None = None
    organisations: Organisations | None = None
    no_network: Name | None = None
    bodies: Name | None = None
    lumps: dict[str, Name] = {}
    largest: Largest | None = None
    unknown: Name | None = None
    elsewhere: Name | None = None
    note: str = ""


class Postcodes(Table):
    """The table of postcodes with a grid reference."""

    file: Name
    code: Name
    easting: Name
    northing: Name
    council: Name | None = None
    block: Name | None = None
    source: str = ""


class Options(Table):
    """The people that an area of a plausible drawing holds, and why."""

    sizes: Annotated[list[Annotated[int, Meta(ge=0)]], Meta(min_length=2, max_length=2)]
    reason: str = ""


class Source(Table):
    """Who published something, and on what terms."""

    id: Name
    publisher: str = ""
    title: str = ""
    date: Day = Day("")
    licence: str = ""
    obtained: str = ""
    statements: list[Name] = []


class Roles(Table):
    """What layers, weights and registers are for; see `coterminous.roles`."""

    residents: Name | None = None
    census: Name | None = None
    ages: Name | Names | None = None
    deprivation: Name | Names | None = None
    whole: Name | None = None
    councils: Name | None = None
    districts: Name | None = None
    networks: Name | None = None
    before: Name | None = None
    after: Name | None = None
    parts: Name | None = None
    patients: Name | None = None
    hospital: Name | None = None


class GeographyFile(Table):
    """`geography.toml`."""

    blocks: Blocks
    name: Name | None = None
    title: str = ""
    partners: list[Name] = []
    roles: Roles | None = None
    lookup: Lookup | None = None
    zones: Zones | None = None
    weight: list[Weight] = []
    layers: Layers | None = None
    links: Links | None = None
    towns: Towns | None = None
    register: list[Register] = []
    postcodes: Postcodes | None = None
    options: Options | None = None
    nouns: dict[str, Annotated[list[Name], Meta(min_length=2, max_length=2)]] = {}
    source: list[Source] = []


# ---------------------------------------------------------------------- files of layers, links


class FromLookup(Table):
    """The columns from which a layer is made, of the lookup or of another file."""

    code: Name
    name: Name | None = None
    alias: Name | Names | None = None
    file: Name | None = None
    by: Name | None = None
    sheet: Name | None = None
    missing: Literal["error", "outside"] = "error"


class FromPolygons(Table):
    """The polygons to which blocks are fitted."""

    file: Name
    code: Name | None = None
    name: Name | None = None
    layer: Name | None = None
    member: Name | None = None
    crs: int | Name | None = None
    dissolve: bool = False
    method: Literal["best_fit", "population", "area", "apportion"] = "area"


class Area(Table):
    """An area of a layer: what it is called, and of which units it is made."""

    code: Name
    name: Name | None = None
    of: list[Name] = []
    aliases: list[Name] = []


class LayerRecipe(Table):
    """A layer, by one of `lookup`, `units` and `polygons`."""

    name: Name
    title: Name | None = None
    note: str = ""
    decided: Day = Day("")
    valid_from: Day = Day("")
    valid_to: Day = Day("")
    source: str = ""
    best_fit: bool = False
    lookup: FromLookup | None = None
    units: Name | None = None
    within: Name | None = None
    polygons: FromPolygons | None = None
    area: list[Area] = []


class Proposal(Table):
    """A published proposal: areas as lists of districts."""

    name: Name
    units: Name
    areas: dict[str, Names]
    title: Name | None = None
    by: str = ""
    date: Day = Day("")
    source: str = ""
    within: str = ""
    note: str = ""


class LayersFile(Table):
    """A file that `[layers]` names."""

    layer: list[LayerRecipe] = []
    proposal: list[Proposal] = []


class Link(Table):
    """Two blocks that are neighbours though they share no edge."""

    a: Name
    b: Name
    name: Name
    reason: str = ""


class NotLinked(Table):
    """Two areas that face each other and are no neighbours, for the record."""

    a: Name
    b: Name
    reason: str = ""


class LinksFile(Table):
    """The file that `[links]` names."""

    link: list[Link] = []
    not_linked: list[NotLinked] = []
