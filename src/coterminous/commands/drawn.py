"""What do polygons in files hold, and what is wrong with them?"""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.commands import common
from coterminous.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from coterminous.geography import Geography
    from coterminous.overlap import Overlap
    from coterminous.polygons.checking import Report

HECTARES = 0.1
#: What a zip of polygons holds.
DRAWN = (".shp", ".gpkg", ".geojson", ".json", ".gdbtable", ".fgb", ".kml", ".tab.map", ".mif")
CRS = (
    "what the coordinates are in, where the file does not say or cannot be right; else they are "
    "reprojected to it"
)
DISSOLVE = "unite the rows of one code, each of which is a part of its area"

#: Where its commands stand in the help.
ORDER = 50


def add(subparsers: Any) -> None:
    """Add `overlay` and `check`."""
    overlay = subparsers.add_parser(
        "overlay", help="tabulate the area of two files of polygons, or a weight shared by area"
    )
    overlay.add_argument("a", metavar="A")
    overlay.add_argument("b", metavar="B")
    for side in ("a", "b"):
        overlay.add_argument(f"--{side}-code", metavar="COLUMN", help=f"codes of {side.upper()}")
        overlay.add_argument(f"--{side}-name", metavar="COLUMN", help=f"names of {side.upper()}")
        overlay.add_argument(f"--{side}-layer", metavar="LAYER", help="of a file with several")
        overlay.add_argument(f"--{side}-member", metavar="FILE", help="of a zip with several")
        overlay.add_argument(f"--{side}-crs", metavar="EPSG", help=f"as --crs, of {side.upper()}")
        overlay.add_argument(
            f"--{side}-weight", metavar="COLUMN", help="share this out instead of hectares"
        )
    overlay.add_argument("--crs", metavar="EPSG", help=CRS)
    overlay.add_argument("--dissolve", action="store_true", help=DISSOLVE)
    overlay.add_argument("--tolerance", type=common.decimal, default=HECTARES, metavar="HECTARES")
    common.with_format(overlay)
    overlay.set_defaults(run=show_overlay)

    check = subparsers.add_parser("check", help="find what is wrong with polygons, or a lookup")
    check.add_argument("file", metavar="FILE")
    check.add_argument("--code", metavar="COLUMN", help="codes of the areas")
    check.add_argument("--name", metavar="COLUMN", help="names of the areas, in a lookup")
    check.add_argument("--block", metavar="COLUMN", help="codes of the blocks, in a lookup")
    check.add_argument("--layer", metavar="LAYER", help="of a file with several")
    check.add_argument("--sheet", metavar="SHEET", help="of a spreadsheet with several")
    check.add_argument("--member", metavar="FILE", help="of a zip with several")
    check.add_argument("--crs", metavar="EPSG", help=CRS)
    check.add_argument("--dissolve", action="store_true", help=DISSOLVE)
    check.add_argument("--tolerance", type=common.decimal, default=HECTARES, metavar="HECTARES")
    check.add_argument("--mend", metavar="OUT", help="write mended polygons to this file")
    common.with_force(check)
    common.with_data(check)
    common.with_format(check)
    check.set_defaults(run=show_check)


def show_overlay(options: argparse.Namespace) -> int:
    """Print the overlap of two files of polygons."""
    from coterminous.polygons.overlaying import overlay

    a, b = (_side(options, side) for side in ("a", "b"))
    found = overlay(
        a,
        b,
        weight_a=options.a_weight,
        weight_b=options.b_weight,
        tolerance=options.tolerance,
        names=(Path(options.a).stem, Path(options.b).stem),
    )
    common.answer_result(options, found, lambda: _print_overlay(found))
    return 0


def _side(options: argparse.Namespace, side: str) -> Any:
    """Read one of two files, and say what of it was taken as what."""
    from coterminous.blocks.coordinates import Door
    from coterminous.polygons.reading_polygons import Wanted, read_at, said

    given = {k: getattr(options, f"{side}_{k}") for k in ("code", "name", "layer", "member")}
    file, crs = getattr(options, side), getattr(options, f"{side}_crs")
    door = Door(
        file,
        f"`--{side}-{{}}`",
        f"`--{side}-{{}} {{}}`",
        crs=f"`--crs {{}}` (or `--{side}-crs {{}}` for this file alone)",
        dissolve="`--dissolve`",
        crs_named="`--crs`" if crs is None else f"`--{side}-crs`",
    )
    read = read_at(door, file, Wanted(**given, crs=crs or options.crs, dissolve=options.dissolve))
    sys.stderr.write(f"{said(read)}\n")
    if getattr(options, f"{side}_weight") is not None and read.attrs["united"]:
        raise InputError(
            f"`--{side}-weight` cannot be shared out with `--dissolve`, for rows of {file} are "
            "united, and whether a number is of the row or of its area cannot be told; write a "
            "file with one row an area"
        )
    return read


def _print_overlay(found: Overlap) -> None:
    common.show(f"{found.weight}: {found.source} by {found.target} ({found.method})")
    for note in found.notes:
        common.show(f"Note: {note}")
    common.show(f"\n{common.as_text(found.areas())}\n")
    common.show("\n".join(f"{k:14}{v:>18,.2f}" for k, v in found.ledger.items()))


def show_check(options: argparse.Namespace) -> int:
    """Print the faults of a file; 1 if one of them stops it from being used."""
    if _is_table(Path(options.file)):
        return _check_lookup(options)
    from coterminous.polygons.checking import check
    from coterminous.polygons.mending import mend
    from coterminous.polygons.reading_polygons import write_polygons

    if options.mend:
        from coterminous.files import check_writable

        check_writable(options.mend, argument="--mend", inputs=[options.file], force=options.force)
    polygons = _checked_file(options)
    area = _blocks_under(options, polygons)
    if not options.mend:
        report = check(polygons, area=area, tolerance=options.tolerance)
        _print_report(options, report, report.as_json)
        return 0 if report.ok else 1
    mended = mend(polygons, area=area, tolerance=options.tolerance)
    write_polygons(mended.polygons, options.mend)
    if options.format == "table":
        common.show("Before:")
        _print_faults(mended.before)
        changed = mended.changes[mended.changes["change"] != 0]
        common.show(f"\nHectares changed:\n{common.as_text(changed)}")
        if len(mended.borders):
            pairs = common.as_text(mended.borders.set_index("a"))
            common.show(f"\nNeighbours changed, metres of border:\n{pairs}")
        common.show("\nAfter:")
    _print_report(options, mended.after, mended.as_json)
    sys.stderr.write(f"{options.mend}: {len(mended.polygons):,} polygons\n")
    return 0 if mended.after.ok else 1


def _is_table(file: Path) -> bool:
    """Say whether a file is a table; a zip is one unless it holds polygons."""
    from coterminous.tables.opening import SUFFIXES

    if file.suffix.lower() != ".zip":
        return file.suffix.lower() in SUFFIXES
    try:
        with zipfile.ZipFile(file) as archive:
            names = [n.lower() for n in archive.namelist()]
    except (OSError, zipfile.BadZipFile):
        return False
    return not any(n.endswith(DRAWN) for n in names) and any(n.endswith(SUFFIXES) for n in names)


def _checked_file(options: argparse.Namespace) -> Any:
    from coterminous.blocks.coordinates import Door
    from coterminous.polygons.reading_polygons import Wanted, said, unchecked_at

    wanted = Wanted(
        code=options.code,
        layer=options.layer,
        member=options.member,
        crs=options.crs,
        dissolve=options.dissolve,
    )
    door = Door(options.file, "`--{}`", "`--{} {}`")
    read = unchecked_at(door, options.file, wanted)
    sys.stderr.write(f"{said(read)}\n")
    return read


def _blocks_under(options: argparse.Namespace, polygons: Any) -> Geography | None:
    """Load the blocks to count people by, if there are any where the polygons are."""
    from coterminous.blocks.coordinates import judged

    unfit = judged(polygons)
    if (unfit is not None and unfit.undeclared) or polygons.geometry.is_empty.all():
        return None
    area = common.geography(options)
    try:
        area.geometry  # noqa: B018 - read and looked at here
    except InputError:
        return area  # `check` says why nobody is counted
    west, south, east, north = polygons.to_crs(area.geometry.crs).total_bounds
    low_x, low_y, high_x, high_y = area.geometry.total_bounds
    meet = west <= high_x and east >= low_x and south <= high_y and north >= low_y
    return area if meet else None


def _print_report(options: argparse.Namespace, report: Report, as_json: Callable[[], Any]) -> None:
    common.answer_result(options, report, lambda: _print_faults(report), json=as_json)


def _print_faults(report: Report) -> None:
    common.show(common.as_text(report.summary))
    if len(report.faults):
        common.show(f"\n{common.as_text(report.faults.set_index('fault').head(40))}")
    if len(report.faults) > 40:
        common.show(f"... and {len(report.faults) - 40:,} more: --format csv has them all")
    if len(report.candidates):
        common.show(
            f"\nMay be neighbours, though they share no edge:\n"
            f"{common.as_text(report.candidates.set_index('a').head(20))}"
        )
    for note in report.notes:
        common.show(f"Note: {note}")


def _check_lookup(options: argparse.Namespace) -> int:
    """Read a lookup, which raises on any fault, and say what is in it."""
    import pandas as pd

    from coterminous.folders.lookup_files import read_lookup

    if options.mend:
        raise InputError("a lookup is not mended, for only its author knows what it should say")
    area = common.geography(options)
    found = read_lookup(
        options.file,
        blocks=area.blocks if options.data or options.board else None,
        likely=area.blocks,
        people=lambda: area.weight(area.residents),
        block=options.block,
        code=options.code,
        name=options.name,
        sheet=options.sheet,
        member=options.member,
    )
    inside = found.codes.dropna()
    value = {
        "ok": True,
        "taken": found.taken,
        "blocks": len(found.codes),
        "inside": len(inside),
        "areas": inside.nunique(),
        "notes": list(found.said),
    }
    said = (
        f"{len(found.codes):,} blocks (from {found.taken['block']!r}), {len(inside):,} of them "
        f"in {inside.nunique():,} areas (from {found.taken['code']!r})"
    )
    common.answer(
        options,
        json=lambda: value,
        csv=lambda: pd.json_normalize({k: v for k, v in value.items() if k != "notes"}, sep="_"),
        table=lambda: common.show(said),
    )
    return 0
