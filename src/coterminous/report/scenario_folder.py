"""What does a scenario leave on disk? The layer for other tools, the log, checks and a map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from coterminous.files import check_replaceable, replacing_folder, write_csv, write_json
from coterminous.registers.listsizes import registered_in
from coterminous.registers.published import moved_in
from coterminous.scenarios.comparison import Comparison, compare
from coterminous.scenarios.scenario import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

#: GeoPackage keeps the time of writing; a set one keeps the bytes the same.
_WRITTEN_AT = "2000-01-01T00:00:00Z"


def write_outcome(
    outcome: Outcome, folder: str | Path, *, against: Sequence[str] | None = None
) -> Path:
    """Write what a scenario made, whole or not at all.

    Parameters
    ----------
    outcome : Outcome
    folder : path
        An older one is replaced only when the new one is whole, and what was put there or changed
        by hand is left as it was; a warning of the log names it.
    against : sequence of str, optional
        The layers with which the comparison measures coterminosity.

    Returns
    -------
    pathlib.Path
        The folder, with `layer.gpkg` (polygons), `lookup.csv` (block to area), `areas.csv`,
        `log.csv`, `checks.csv`, `practices.csv` (where some were moved), `comparison.csv`,
        `scenario.json`, `scenario.toml`, the pictures `map.png` and `comparison.png`, and
        `manifest.json`, which lists them with their SHA-256.

    Raises
    ------
    InputError
        If the folder is a file, or holds other things and no manifest of an earlier run.
    DisclosureError
        If a register that is not published would be counted.
    """
    check_replaceable(folder)
    area, layer = outcome.geography, outcome.layer
    outcome.clear()
    found = compare(area, [outcome.scenario.base, outcome], against=against)
    found.clear()
    with replacing_folder(folder) as beside:
        _write_layer(outcome, beside / "layer.gpkg")
        lookup = layer.assignment.rename("area").rename_axis("block").reset_index()
        lookup["name"] = lookup["area"].map(dict(zip(layer.codes, layer.names, strict=True)))
        write_csv(lookup, beside / "lookup.csv")
        areas = layer.areas[["name", "blocks"]].assign(
            people=[_people(outcome)[c] for c in layer.codes]
        )
        lists = registered_in(
            area, layer, moved=moved_in(area, area.role("patients"), outcome.homes)
        )
        if lists is not None:
            areas["registered"] = lists.reindex(areas.index)
        write_csv(areas, beside / "areas.csv", index=True)
        write_csv(outcome.log.rename_axis("number"), beside / "log.csv", index=True)
        write_csv(outcome.checks, beside / "checks.csv")
        if outcome.homes:
            write_csv(outcome.practices(), beside / "practices.csv", index=True)
        write_csv(found.table, beside / "comparison.csv", index=True)
        write_json({**outcome.as_json(), "comparison": found.as_json()}, beside / "scenario.json")
        outcome.scenario.write(beside / "scenario.toml")
        _write_pictures(outcome, found, beside)
    return Path(folder)


def _people(outcome: Outcome) -> pd.Series:

    return outcome.layer.totals(outcome.geography.weight(outcome.geography.residents))


def _write_layer(outcome: Outcome, path: Path) -> None:
    import pyogrio

    polygons = outcome.geography.polygons(outcome.layer)
    table = polygons.assign(people=_people(outcome)).rename_axis("code").reset_index()
    kept = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _WRITTEN_AT})
    try:
        table.to_file(path, driver="GPKG", layer=outcome.layer.name)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": kept})


def _write_pictures(outcome: Outcome, found: Comparison, folder: Path) -> None:
    from coterminous.maps.paper.printed import save

    base = outcome.scenario.base
    ax = outcome.geography.plot(outcome.layer, title=outcome.layer.title, context=base)
    save(ax, folder / "map.png", dpi=150)
    save(found.plot(), folder / "comparison.png", dpi=150)
