"""Where does each file of `data/` come from, and may it be used? The manifest and SOURCES.md."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

MADE = "made by scripts/build_data.py"

# What each file holds and what was done to its sources; the sources are those of geography.toml.
FILES: dict[str, tuple[str, list[str], str]] = {
    "boundaries/blocks.parquet": (
        "Building blocks: polygons, reference points and hectares of 1,635 LSOAs (2011)",
        ["ons-lsoa11"],
        "reprojected from WGS 84 to the British National Grid by EPSG:1314 (no grid, no network); "
        "each polygon made valid; cleaned into one coverage; rounded to 0.1 m",
    ),
    "boundaries/lookup.csv": (
        "LSOA to zone, MSOA, CCG, lower- and upper-tier authority in 2021 and 2023",
        ["ons-lsoa11", "ons-lookup-2021", "ons-lookup-2023", "hocl-msoa-names"],
        "CCG from the sub-ICB location, district from the LSOA's name, codes typed from the "
        "official registers; CCG and MSOA are empty outside the integrated care board",
    ),
    "boundaries/pcn2022.csv": (
        "Zone to the primary care network with most of its patients: a best fit",
        ["nhsd-registrations-2022-07", "nhsd-ods-2022"],
        "patients of the integrated care board's practices, summed by network; practices in no "
        "network left out; a tie goes to the smaller code",
    ),
    "boundaries/postcodes.parquet": (
        "Postcodes of the area's councils, with grid references and the council of today",
        ["ons-onspd-2025"],
        "postcodes whose council covers the 27 districts, live and ended, in order",
    ),
    "boundaries/sites.csv": (
        "Main site of each of the eight acute trusts",
        ["nhsd-ods-2022", "ons-onspd-2025"],
        "located at the grid reference of the site's postcode",
    ),
    "boundaries/towns.csv": (
        "Towns and seas in and around the area, to be named on a map",
        ["geonames"],
        "England's places with 5,000 people or more; points of seas written for this project",
    ),
    "boundaries/layers.toml": (
        "Recipes of the layers, with aliases and dates",
        ["ons-lookup-2021", "ons-lookup-2023", "lsc-places"],
        "written for this project",
    ),
    "boundaries/proposals.toml": (
        "Drawings that were proposed, as lists of districts",
        ["proposals"],
        "written for this project from what was reported",
    ),
    "boundaries/links.toml": (
        "Neighbours that share no edge, and neighbours by water that are not linked",
        ["ons-lsoa11"],
        "written for this project",
    ),
    "appendix/appendix.toml": (
        "Settings of the board-paper appendix for this geography",
        ["lsc-places"],
        "written for this project",
    ),
    "appendix/statements.toml": (
        "What people hoped and feared of the realignment, each beside a computed indicator",
        ["lsc-places"],
        "written for this project",
    ),
    "people/population.csv": (
        "Residents by LSOA: Census 2021, mid-2020 by age band, deprivation quintile",
        ["ons-sape-2020", "ons-census-2021", "mhclg-imd-2019"],
        "summed to age bands; the Census brought to the 2011 LSOAs",
    ),
    "people/practices.csv": (
        "The 202 general practices of the integrated care board, July 2022",
        ["nhsd-ods-2022", "ons-onspd-2025"],
        "located by postcode; four practices with no LSOA given the block that holds their point "
        "(P81737, P81738, Y02157, Y03656)",
    ),
    "people/registrations.csv": (
        "Registered patients by practice and zone of residence, July 2022",
        ["nhsd-registrations-2022-07"],
        "summed from LSOA to zone; practices outside the board with under 100 patients in it "
        "are together OTHER",
    ),
    "people/trust_patients.csv": (
        "Admitted patients by acute trust and zone of residence, 2019",
        ["ohid-trusts-2019"],
        "rebuilt from published proportions, so some numbers are not whole; the MSOA cut by two "
        "CCGs is shared out by population",
    ),
    "people/trust_lumps.csv": (
        "The most admitted patients of a single trust within each lump, by zone, 2019",
        ["ohid-trusts-2019"],
        "the largest of the trusts that are together OTHER; UNATTRIBUTED is of trusts with fewer "
        "than 8 patients, so at most 7 each; in the MSOA cut by two CCGs its share by population, "
        "rounded up",
    ),
    "people/zone_names.csv": (
        "Zones inside the integrated care board: MSOA, and the name people use",
        ["hocl-msoa-names", "ons-lookup-2021"],
        "names of the board's MSOAs",
    ),
    "people/zones.csv": (
        "LSOA to zone, all 1,635",
        ["ons-lookup-2021"],
        "the MSOA inside the integrated care board (one cut in two by CCG), the district's "
        "outside part elsewhere",
    ),
    "england/boards.csv": (
        "England's 106 sub-ICB locations of July 2022 and their 42 integrated care boards",
        ["ons-sicbl-2022"],
        "the names that people use added: a location is called after the CCG that had its code",
    ),
    "england/boards26.csv": (
        "England's 36 integrated care boards of 1 April 2026, by what they are made of",
        ["ods-boards-2026", "ons-sicbl-2022"],
        "unions of sub-ICB locations of 2022; the one that was cut, by councils of 2021",
    ),
    "england/ccgs21.csv": (
        "England's 106 clinical commissioning groups of April 2021",
        ["ons-lookup-england-2021"],
        "the ODS code of each is that of the sub-ICB location with most of its LSOAs",
    ),
    "england/councils.csv": (
        "England's councils of 2021, 2023 and 2025, and what each belongs to",
        ["ons-councils"],
        "the two codes that changed by 2025 (E08000016 to E08000038, E08000019 to E08000039) added",
    ),
    "england/blocks.parquet": (
        "England's building blocks: polygons, reference points and hectares of 32,844 LSOAs",
        ["ons-lsoa11"],
        "the same treatment as those of Lancashire and South Cumbria, over the whole country",
    ),
    "england/geography.toml": (
        "What the geography of England holds: blocks, lookup, weights, layers, registers, sources",
        [],
        "written for this project",
    ),
    "england/icb26.csv": (
        "Names of England's 36 integrated care boards of 1 April 2026",
        ["ods-boards-2026"],
        "in full, and as people say them",
    ),
    "england/layers.toml": (
        "Recipes of England's layers",
        ["ons-lookup-england-2021", "ons-sicbl-2022", "ons-councils"],
        "written for this project",
    ),
    "england/links.toml": (
        "Neighbours in England that share no edge",
        ["ons-lsoa11"],
        "written for this project",
    ),
    "england/lsoa11.parquet": (
        "England's 32,844 LSOAs of 2011: what each is part of, residents by age, deprivation",
        [
            "ons-lookup-england-2021",
            "ons-sicbl-2022",
            "ons-sape-2020",
            "ons-census-2021",
            "mhclg-imd-2019",
        ],
        "sorted; the board of 2026 added; the Census brought to the LSOAs of 2011",
    ),
    "england/networks.parquet": (
        "Zone to the primary care network with most of its patients: a best fit",
        ["nhsd-registrations-2022-07", "nhsd-ods-2022"],
        "only networks of the zone's own board count; practices in no network left out; a tie goes "
        "to the smaller code",
    ),
    "england/practices.parquet": (
        "England's 6,484 practices with registered patients, July 2022",
        ["nhsd-ods-2022", "ons-onspd-2025"],
        "300 with no LSOA in the source: 7 as recorded in people/practices.csv, 291 in the block "
        "that holds the grid reference of their postcode, 2 have no postcode; three whose body is "
        "no sub-ICB location belong where their network or their site does, and one to none",
    ),
    "england/registrations.parquet": (
        "Registered patients by practice and zone of residence, July 2022",
        ["nhsd-registrations-2022-07"],
        "summed from LSOA to zone; `wales` and `unknown` are rows",
    ),
    "england/trust_lumps.parquet": (
        "The most admitted patients of a single trust that was not published, by zone, 2019",
        ["ohid-trusts-2019"],
        "a trust with fewer than 8 patients in an MSOA is not published, so at most 7",
    ),
    "england/trust_patients.parquet": (
        "Admitted patients by acute trust and zone of residence, 2019",
        ["ohid-trusts-2019"],
        "rebuilt from published proportions; what was not published by trust is UNATTRIBUTED; an "
        "MSOA that is cut is shared out by population, to a tenth of a patient; the "
        "source lacks the main trust of Somerset, so the patients of two districts there (under "
        "half of England's rate) have no zone",
    ),
    "england/towns.csv": (
        "England's towns and seas, to be named on a map",
        ["geonames"],
        "places with 10,000 people or more; points of seas written for this project",
    ),
    "england/trusts.csv": (
        "England's 138 acute trusts with the point of their site",
        ["nhsd-ods-2022"],
        "names shortened; eight stand at their main hospital, as in boundaries/sites.csv, the "
        "others at their headquarters",
    ),
    "england/zones.parquet": (
        "England's zones, in which registers count: MSOA and name",
        ["ons-lookup-england-2021"],
        "named by the MSOA, and by what cuts it where a zone is a part of one",
    ),
    "england/lsoa11_lsoa21.parquet": (
        "Which LSOA of 2011 became which of 2021, with the official type of change",
        ["ons-lsoa11-lsoa21"],
        "sorted",
    ),
    "england/lsoa21.parquet": (
        "England's 33,755 LSOAs of 2021: ward, district, sub-ICB location, board, residents",
        ["ons-lookup-england-2024", "ons-census-2021"],
        "sorted",
    ),
    "geography.toml": (
        "What the geography holds: blocks, lookup, weights, layers, links, registers, sources",
        [],
        "written for this project",
    ),
}

ABOUT_BLOCKS = """\
## What was done to the polygons

The source has 1,635 polygons for the area in WGS 84. In this order:

1. Reprojected to the British National Grid with EPSG:1314 (seven parameters; within a few
   metres of Ordnance Survey's own transformation, against polygons generalised to 200 m).
2. Made valid, one by one. One polygon was not: Carlisle 001C, which lay over the enclave
   Carlisle 001B (1,345 people). It now has a hole there.
3. Cleaned into one coverage. After steps 1 and 2 thirty-three polygons did not have exactly
   their neighbours' edges; the corners were apart by less than a millionth of a millimetre, which
   is enough to leave slivers when areas are dissolved. No corner was added or taken away.
4. Rounded to 0.1 m. No corner moved by more than 8 cm. The greatest change of area is 0.09 ha (Eden
   001A, of 14,943 ha), and no block under 290 ha changed by more than 0.02 ha.

The result is a valid coverage: neighbours share exact edges, so dissolving leaves no slivers.

**Hectares are those of the generalised polygons**, not the official land area: against the
official land areas (of the board's LSOAs that did not change in 2021) they are 6% off at the
median, and 61% off at worst.

**The point of a block** (`point_e`, `point_n`) is the grid reference that the Office for
National Statistics gives for the LSOA in the same file (`BNG_E`, `BNG_N`). It is not weighted by
population. It lies inside the generalised polygon in all but two blocks (Lancaster 009D and
Preston 017G).

**A practice's LSOA** is the recorded one. Because the polygons are generalised, the points of 29
of the 202 practices fall in a neighbouring block's polygon; their people are unaffected. Four
practices' points (P81015, P81037, P81042, P81143) are 250 m to 1.1 km from their postcode's grid
reference in the directory of November 2025.

**The year of the Ordnance Survey statement** is that in which the Office for National Statistics
issued this edition of the boundaries (V3, 2022); for postcodes, that of the directory. Lookups are
lists of names and codes; everything drawn or measured here rests on the boundaries.
"""


def sources_of(out: Path) -> dict[str, dict]:
    """Read the sources that the geography and the tables of England name, by their id."""
    declared: dict[str, dict] = {}
    for name in ("geography.toml", "england/geography.toml"):
        for source in tomllib.loads((out / name).read_text(encoding="utf-8"))["source"]:
            declared[source["id"]] = source
    return declared


def describe(out: Path, name: str, known: dict[str, dict]) -> dict:
    """Describe one file: what it is, its bytes, where it is from and what was done."""
    title, sources, done = FILES[name]
    content = (out / name).read_bytes()

    def joined(field: str) -> str:
        return "; ".join(dict.fromkeys(known[s][field] for s in sources if known[s][field]))

    return {
        "path": name,
        "title": title,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "publisher": joined("publisher") or "The coterminous developers",
        "date": joined("date"),
        "licence": joined("licence") or "MIT",
        "sources": sources,
        "done": done,
        "statements": list(dict.fromkeys(x for s in sources for x in known[s]["statements"])),
    }


def sources_page(files: list[dict], known: dict[str, dict]) -> str:
    """Write the page about the data that people read."""
    lines = [
        "# Where the data come from",
        "",
        "Made by `scripts/build_data.py`; `manifest.json` says the same for machines, and",
        "`coterminous data verify` checks every file against it.",
        "",
        "## Sources",
        "",
    ]
    for source in known.values():
        dated = f" ({source['date']})" if source["date"] else ""
        lines += [
            f"### {source['title']}{dated}",
            "",
            f"- Publisher: {source['publisher']}",
            f"- Licence: {source['licence']}",
            f"- How it came here: {source['obtained']}",
            *[f"- Statement: {statement}" for statement in source["statements"]],
            "",
        ]
    lines += [ABOUT_BLOCKS, "## Files", ""]
    for file in files:
        named = "; ".join(known[s]["title"] for s in file["sources"]) or "none"
        lines += [
            f"### `{file['path']}`",
            "",
            f"{file['title']}.",
            "",
            f"- From: {named}",
            f"- Publisher: {file['publisher']}",
            *([f"- As at: {file['date']}"] if file["date"] else []),
            f"- Licence: {file['licence']}",
            f"- Done: {file['done']}",
            f"- {file['bytes']:,} bytes, SHA-256 `{file['sha256']}`",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def write_provenance(out: Path) -> None:
    """Write `manifest.json` and `SOURCES.md` about the files that are in `out`."""
    known = sources_of(out)
    files = [describe(out, name, known) for name in sorted(FILES)]
    manifest = {"name": "lancashire-and-south-cumbria", "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
    (out / "SOURCES.md").write_text(sources_page(files, known), encoding="utf-8", newline="\n")
