"""What does a geography folder say? Reads `geography.toml` and the tables that it names."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from coterminous.arguments import check_order
from coterminous.blocks.contiguity import checked_links, no_links
from coterminous.blocks.coordinates import Door, check_measurable, put_in
from coterminous.blocks.weights import Weight, checked_weight
from coterminous.errors import InputError, first_five
from coterminous.folders.geography_keys import GeographyFile, LayersFile, LinksFile
from coterminous.folders.schema import read_checked
from coterminous.geography import SOURCE_COLUMNS
from coterminous.geography.parts import Part
from coterminous.polygons.reading_polygons import frame_of
from coterminous.tables.cells import whole_column
from coterminous.tables.columns import column_named
from coterminous.tables.joins import keyed, of_blocks
from coterminous.tables.layouts import column_key
from coterminous.tables.opening import SUFFIXES, open_any
from coterminous.vintages import expect
from coterminous.words import counted, listed, plural

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Folder:
    """A geography folder: the parsed `geography.toml`, and how to read what it names."""

    path: Path
    settings: Mapping[str, Any]
    part: Part | None = None
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, folder: str | Path) -> Folder:
        """Open a folder that holds a `geography.toml`.

        Raises
        ------
        InputError
            If there is none, it is not TOML, or a table or key is unknown, missing or of
            another kind than it should be.
        """
        path = Path(folder)
        file = path / "geography.toml"
        if not file.is_file():
            raise InputError(
                f"{path} holds no geography.toml; `coterminous data new FOLDER` writes one to start"
            )
        return cls(path, read_checked(file, GeographyFile))

    @property
    def where(self) -> str:
        """The file that errors are about."""
        return str(self.path / "geography.toml")

    # ------------------------------------------------------------------ blocks

    @property
    def blocks_file(self) -> str:
        """The file of the blocks, as errors name it."""
        return (self.path / self.settings["blocks"]["file"]).as_posix()

    def block_table(self) -> pd.DataFrame:
        """Read everything about the blocks but their polygons, indexed by code."""
        spec = self.settings["blocks"]
        table = self.table(spec["file"], spec.get("sheet"))
        return self._kept(keyed(table, spec["code"], str(self.path / spec["file"])))

    def _kept(self, table: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of this part's blocks; all where it is the whole."""
        return table if self.part is None else self.part.rows(table)

    def geometry(self) -> Any:
        """Read the polygons of the blocks: a GeoSeries in EPSG:27700 or another projected CRS."""
        spec = self.settings["blocks"]
        file = self.path / spec["file"]
        door = Door(str(file), "`{}` in `[blocks]`", "`{} = {}` in `[blocks]`")
        without = InputError(
            f"{file} has no polygons, and maps, neighbours, drawings and all that is placed on the "
            "ground need them; name in [blocks] a GeoPackage, GeoJSON, shapefile or GeoParquet of "
            "the blocks"
        )
        if file.suffix.lower() in (*SUFFIXES, ".tsv", ".txt"):
            raise without
        if file.suffix == ".parquet":
            import geopandas as gpd
            import pyarrow.parquet as pq

            if "geometry" not in pq.read_schema(file).names:
                raise without
            frame = gpd.read_parquet(file, columns=[spec["code"], "geometry"])
        else:
            frame = frame_of(file, door, layer=spec.get("layer"), columns=[spec["code"]])[0]
        if spec["code"] not in frame.columns:
            raise InputError(
                f"{file} has no column {spec['code']!r}, which `code` in `[blocks]` names"
            )
        if "crs" in spec:
            frame, placed = put_in(frame, spec["crs"], door)
            if placed:
                log.info("%s", placed)
        frame = self._kept(frame.set_index(frame[spec["code"]].astype("str")))
        check_measurable(frame, door)
        return frame.sort_index().geometry

    def lookup(self, blocks: pd.Index) -> pd.DataFrame:
        """Read the lookup: one row a block, text columns, indexed by block."""
        spec = self.settings.get("lookup")
        if spec is None:
            return pd.DataFrame(index=blocks)
        where = str(self.path / spec["file"])
        read = self.table(spec["file"], spec.get("sheet"), blocks)
        rows = self._kept(keyed(read, spec.get("code", "code"), where))
        return _rows_of_blocks(rows, blocks, where)

    # ------------------------------------------------------------------ weights

    def weights(self, blocks: pd.Index) -> dict[str, Weight]:
        """Describe the weights, each with the function that reads it."""
        found: dict[str, Weight] = {}
        for spec in self.settings.get("weight", []):
            name = spec["name"]
            if name in found:
                raise InputError(f"{self.where}: weight {name!r} is defined twice; rename one")
            if "column" in spec and "columns" in spec:
                raise InputError(
                    f"{self.where}: [[weight]] {name!r} has `column` and `columns`; give one"
                )
            twice = [c for c, n in Counter(map(str, spec.get("columns", ()))).items() if n > 1]
            if twice:
                raise InputError(
                    f"{self.where}: [[weight]] {name!r} names {first_five(twice)} more than once "
                    "in `columns`, and would count it each time; name each column once"
                )
            found[name] = Weight(
                name=name,
                title=str(spec.get("title", name)),
                unit=str(spec.get("unit", "people")),
                date=str(spec.get("date", "")),
                source=str(spec.get("source", "")),
                short=str(spec.get("short", "")),
                said=str(spec.get("said", "")),
                read=lambda spec=spec, name=name: self._weight(name, spec, blocks),  # type: ignore[misc]
            )
        return found

    def _weight(self, name: str, spec: Mapping[str, Any], blocks: pd.Index) -> pd.Series:
        relative = spec.get("file", self.settings["blocks"]["file"])
        file = str(self.path / relative)
        code = spec.get("code", self.settings["blocks"]["code"])
        read = self.table(relative, spec.get("sheet"), blocks)
        table = _rows_of_blocks(self._kept(keyed(read, code, file)), blocks, file)
        columns = spec.get("columns") or [spec.get("column", name)]
        counts = str(spec.get("unit", "people")) == "people"
        # Each column is checked, for a sum can hide a negative number.
        numbers = [
            checked_weight(numeric(table, c, file, counts=counts), name, f"{file}, column `{c}`")
            for c in columns
        ]
        values = sum(numbers[1:], numbers[0])
        where = spec.get("where")
        if where:
            chosen = numeric(table, where["column"], file) == where["equals"]
            values = values.where(chosen, 0)
        made = checked_weight(values, name, file)
        if counts:
            _say_fractions(made, name, file)
        return made

    # ------------------------------------------------------------------ registers, roles

    def registers(self) -> dict[str, Mapping[str, Any]]:
        """Describe the registers by name; `registers.reading` reads each."""
        found: dict[str, Mapping[str, Any]] = {}
        for spec in self.settings.get("register", []):
            where = f"{self.where}: [[register]] {spec['name']!r}"
            if spec["name"] in found:
                raise InputError(f"{where} is defined twice; rename one")
            _check_files(spec, where)
            if "flows" not in spec:
                found[spec["name"]] = spec
                continue
            flows, places = spec["flows"], spec.get("organisations", {})
            if ("zone" in flows) == ("block" in flows):
                raise InputError(
                    f"{where}: `flows` takes `block` or `zone`, the column of residence; give one"
                )
            place = "zone" if "zone" in flows else "block"
            largest = spec.get("largest", {place: place})
            if {"zone", "block"} & set(largest) != {place}:
                raise InputError(
                    f"{where}: `largest` takes `{place}`, the column of residence, as `flows` does"
                )
            for one, other in (("easting", "northing"), ("latitude", "longitude")):
                if (one in places) != (other in places):
                    raise InputError(
                        f"{where}: `organisations` has one of `{one}` and `{other}`; give both"
                    )
            found[spec["name"]] = spec
        return found

    # ------------------------------------------------------------------ layers, links, sources

    def recipes(self) -> dict[str, Mapping[str, Any]]:
        """Read the recipes of all layers, by name, in their order."""
        found: dict[str, Mapping[str, Any]] = {}
        for relative in self.settings.get("layers", {}).get("files", []):
            file = self.path / relative
            written = read_checked(file, LayersFile)
            for recipe in [
                *written.get("layer", []),
                *map(_of_proposal, written.get("proposal", [])),
            ]:
                name = recipe["name"]
                if name in found:
                    raise InputError(f"{file}: layer {name!r} is defined twice; rename one")
                _one_way(recipe, f"{file}: layer {name!r}")
                try:
                    check_order(recipe.get("valid_from", ""), recipe.get("valid_to", ""))
                except InputError as error:
                    raise InputError(f"{file}: layer {name!r}: {error}") from None
                found[name] = {**recipe, "_file": str(file)}
        return found

    def links(self, blocks: pd.Index) -> pd.DataFrame:
        """Read the declared links between blocks: `a`, `b`, `name`, `reason`."""
        spec = self.settings.get("links")
        if spec is None:
            return no_links()
        file = self.path / spec["file"]
        rows = read_checked(file, LinksFile).get("link", [])
        if self.part is not None:
            rows = [r for r in rows if {r["a"], r["b"]} <= self.part.blocks]
        return checked_links(pd.DataFrame(rows), blocks, str(file)) if rows else no_links()

    def sources(self) -> pd.DataFrame:
        """Read who published what, when and under which licence."""
        rows = [{c: s.get(c, "") for c in SOURCE_COLUMNS} for s in self.settings.get("source", [])]
        table = pd.DataFrame(rows, columns=SOURCE_COLUMNS)
        table["statements"] = [tuple(s) if s else () for s in table["statements"]]
        return table.set_index("id")

    def table(
        self,
        relative: str,
        sheet: str | None = None,
        codes: Iterable[str] = (),
        columns: Iterable[str] = (),
    ) -> pd.DataFrame:
        """Read a table that the folder names, with everything as text, once.

        The header and the sheet are found by the columns that it has, or else by the codes that
        its rows are about, if given.
        """
        key = f"{relative}\0{sheet or ''}"
        if key not in self._tables:
            self._tables[key] = open_any(
                self.path / relative,
                sheet=sheet,
                codes=codes,
                columns=[(column_key(c),) for c in columns],
            )
        return self._tables[key]


#: What else a recipe may say, by the way in which the layer is made; the rest would go unread.
_WAYS = {
    "lookup": {"area", "best_fit"},
    "units": {"area", "best_fit", "within"},
    "polygons": set(),
}
_BELONGS = {"area", "best_fit", "within"}


def _one_way(recipe: Mapping[str, Any], where: str) -> None:
    """Raise unless a layer is made in one way, and all that its recipe says is of that way."""
    ways = [w for w in _WAYS if w in recipe]
    if len(ways) != 1:
        said = (
            f"has {listed(f'`{w}`' for w in ways)}"
            if ways
            else "has neither `lookup`, `units` nor `polygons`"
        )
        raise InputError(f"{where} {said}; give one")
    idle = sorted((_BELONGS & set(recipe)) - _WAYS[ways[0]])
    if idle:
        raise InputError(f"{where} is made from `{ways[0]}`, which takes no `{idle[0]}`; drop it")
    if ways == ["lookup"]:
        if "by" in recipe["lookup"] and "file" not in recipe["lookup"]:
            raise InputError(f"{where}: `lookup` has `by` but no `file`; give the file, or drop it")
        for area in recipe.get("area", []):
            for key in ("of", "name"):
                if key in area:
                    raise InputError(
                        f"{where} is made from `lookup`, which says what {area['code']!r} is; "
                        f"drop its `{key}`"
                    )
    codes = [area["code"] for area in recipe.get("area", [])]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        raise InputError(f"{where} has areas twice: {first_five(twice)}; keep one of each")


def _rows_of_blocks(table: pd.DataFrame, blocks: pd.Index, where: str) -> pd.DataFrame:
    """Return the row of each block; codes of another year are called that, with what mends it."""
    if table.index.equals(blocks):
        return table
    expect(table.index, blocks, where=where)
    return of_blocks(table, blocks, where)


_OFFICIAL = ("registrations", "practices", "networks", "sheet", "member", "on")
_OF_A_TABLE = (
    "flows",
    "organisations",
    "organisation",
    "no_network",
    "lumps",
    "largest",
    "unknown",
    "elsewhere",
)


def _check_files(spec: Mapping[str, Any], where: str) -> None:
    """Raise unless a register is of a table of its own, or of official files, and not of both."""
    if ("flows" in spec) == ("registrations" in spec):
        raise InputError(
            f"{where}: give `flows`, a table of its own, or `registrations`, the official file"
        )
    mixed = [k for k in (_OFFICIAL if "flows" in spec else _OF_A_TABLE) if spec.get(k)]
    mixed = [k for k in mixed if k not in ("flows", "registrations")]
    if mixed:
        kind = "a table of its own" if "flows" in spec else "official files"
        raise InputError(
            f"{where}: a register of {kind} does not take `{'`, `'.join(mixed)}`; take "
            f"{'it' if len(mixed) == 1 else 'them'} out"
        )
    if "networks" in spec and "practices" not in spec:
        raise InputError(f"{where}: `networks` are of `practices`; name that file as well")
    if "practices" in spec and not spec.get("on"):
        raise InputError(
            f'{where} lacks `on`, the day of its practices and networks, such as on = "2022-07-01"'
        )


def _of_proposal(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """Read a published proposal, a list of districts an area, as the recipe of a layer."""
    from coterminous.words import slug

    areas = [{"code": slug(n), "name": n, "of": of} for n, of in proposal.get("areas", {}).items()]
    by, date, source = (proposal.get(k, "") for k in ("by", "date", "source"))
    said = f"Proposed by {by} ({date}); reported by {source}. {proposal.get('note', '')}"
    return {
        "name": proposal["name"],
        "title": proposal.get("title", ""),
        "units": proposal["units"],
        "note": said.strip(),
        "area": areas,
    }


# ---------------------------------------------------------------------- reading and checking


def _say_fractions(numbers: pd.Series, name: str, file: str) -> None:
    part = numbers[numbers % 1 != 0]
    if len(part):
        log.warning(
            "%s: weight %r counts people, and %s no whole number: %s",
            file,
            name,
            f"{counted(len(part), 'block')} {plural(len(part), 'has', 'have')}",
            first_five(f"{block}: {number:.10g}" for block, number in part.items()),
        )


def numeric(table: pd.DataFrame, column: str, where: str, *, counts: bool = False) -> pd.Series:
    """Return a column as numbers, or say which cells are none, and what they are.

    Of `counts`, a number that may be thousands or decimals is refused; see `read_numbers`.
    """
    column = column_named(table, column, "column", where)
    return whole_column(table[column], f"{where}: column `{column}`", counts=counts)
