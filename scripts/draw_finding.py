"""Draw the picture of the first page: what the realignment gained, and what it cost, in people.

Every number in it is computed. Run as `python scripts/draw_finding.py`; writes
`docs/img/finding.png`.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import coterminous as ct
from coterminous.maps.paper import printed

OUT = Path(__file__).resolve().parent.parent / "docs" / "img" / "finding.png"
BEFORE, PLACES, AFTER, COUNCILS = "pbp2021", "place2022", "footprint2022", "utla2021"
INK, GREY = "#0b0c0c", "#505a5f"


def numbers(area: ct.Geography) -> list[tuple[str, str]]:
    """Compute the three figures: in people, each with what it counts."""
    shared = [area.overlap(layer, COUNCILS).areas() for layer in (BEFORE, PLACES)]
    aligned = [a.loc[a["relation"] == "coterminous", "value"].sum() for a in shared]
    crossing = ct.impact(area, "gp", before=BEFORE, after=AFTER).summary
    parted = area.overlap(BEFORE, AFTER).measures()["parted"]
    return [
        (
            f"{aligned[0]:,} → {aligned[1]:,}",
            "people live in a partnership, then in a place,\n"
            "that has the same boundary as their council",
        ),
        (
            f"{crossing['before']['outside']:,} → {crossing['after']['outside']:,}",
            "patients live on the other side of a line\nfrom their practice, before and after",
        ),
        (f"{parted:,}", "people are separated from most people\nof their old partnership"),
    ]


def with_places_alone(area: ct.Geography) -> str:
    """Say what the second and third figures are without the lines of the delivery units."""
    crossing = ct.impact(area, "gp", before=BEFORE, after=PLACES).summary["after"]["outside"]
    parted = area.overlap(BEFORE, PLACES).measures()["parted"]
    return (
        "The second and third figures count the delivery units' lines too; with the four places "
        f"alone they are {crossing:,} and {parted:,}."
    )


def main() -> None:
    area = ct.load()
    with plt.rc_context(printed.RC):
        figure = plt.figure(figsize=(12, 9.6))
        grid = figure.add_gridspec(
            2,
            6,
            height_ratios=[6.4, 1.25],
            left=0.02,
            right=0.98,
            top=0.885,
            bottom=0.085,
            hspace=0.1,
        )
        maps = [
            (grid[0, :3], BEFORE, "Before: five partnerships"),
            (grid[0, 3:], AFTER, "After: four places, Lancashire in three delivery units"),
        ]
        for cell, layer, title in maps:
            axes = figure.add_subplot(cell)
            area.plot(layer, ax=axes, context=COUNCILS, sources=False, legend=False)
            axes.set_title(title, fontsize=13, loc="left", color=INK)
        figure.suptitle(
            "July 2022 brought NHS boundaries closer to the councils',\n"
            "and drew new lines between patients and their practices",
            x=0.02,
            ha="left",
            fontsize=18,
            fontweight="bold",
            color=INK,
        )
        for column, (value, said) in enumerate(numbers(area)):
            axes = figure.add_subplot(grid[1, 2 * column : 2 * column + 2])
            axes.set_axis_off()
            axes.text(0, 0.92, value, fontsize=21, fontweight="bold", va="top", color=INK)
            axes.text(0, 0.5, said, fontsize=12, va="top", color=INK, linespacing=1.3)
        figure.text(
            0.02,
            0.012,
            f"{with_places_alone(area)}\n"
            "Broken lines: upper-tier councils, 2021. Residents mid-2020; patients July 2022. "
            "South Cumbria is taken to be the rest of the integrated care board.\n"
            "Sources: Office for National Statistics; NHS Digital; licensed under the Open "
            "Government Licence v.3.0. "
            "Contains OS data © Crown copyright and database right 2022.",
            fontsize=8,
            color=GREY,
            va="bottom",
        )
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_bytes(
            printed.png(figure, dpi=110, alt="What the realignment of July 2022 changed")
        )


if __name__ == "__main__":
    main()
