"""Draw the picture of the first page: what the realignment gained, and what it cost, in people.

Every number in it is computed. Run as `python scripts/draw_finding.py`; writes
`docs/img/finding.png`.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import coterminous as ct
from coterminous.maps.colours import colour_register
from coterminous.maps.paper import printed

OUT = Path(__file__).resolve().parent.parent / "docs" / "img" / "finding.png"
BEFORE, PLACES, AFTER, COUNCILS = "pbp2021", "place2022", "footprint2022", "utla2021"
INK, GREY = "#0b0c0c", "#505a5f"


def numbers(area: ct.Geography) -> list[tuple[str, str]]:
    """Compute the three figures: in people, for the four places, and counting delivery units."""
    shared = [area.overlap(layer, COUNCILS).areas() for layer in (BEFORE, PLACES, AFTER)]
    aligned = [a.loc[a["relation"] == "coterminous", "value"].sum() for a in shared]
    places, units = (
        ct.impact(area, "gp", before=BEFORE, after=layer).summary for layer in (PLACES, AFTER)
    )
    parted = [area.overlap(BEFORE, layer).measures()["parted"] for layer in (PLACES, AFTER)]
    return [
        (
            f"{aligned[0]:,} → {aligned[1]:,}",
            "people live in an area with the boundary\n"
            f"of a council; counting delivery units {aligned[2]:,}",
        ),
        (
            f"{places['before']['outside']:,} → {places['after']['outside']:,}",
            "patients live in another area than their\n"
            f"practice; counting delivery units {units['after']['outside']:,}",
        ),
        (
            f"{parted[0]:,}",
            "people are in a different area from most of\n"
            f"their old one; counting delivery units {parted[1]:,}",
        ),
    ]


def main() -> None:
    area = ct.load()
    colours = colour_register(
        area,
        area.layer(BEFORE),
        [area.layer(PLACES)],
        parts={PLACES: area.layer(AFTER)},
        weight=area.residents,
    )
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
            area.plot(
                layer, ax=axes, context=COUNCILS, sources=False, legend=False, colours=colours
            )
            axes.set_title(title, fontsize=13, loc="left", color=INK)
        figure.suptitle(
            "The decision of July 2022 brings NHS boundaries closer to the councils',\n"
            "and draws new lines between patients and their practices",
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
            "Large figures: four places, before and after. Broken lines: upper-tier councils, "
            "2021. Residents mid-2020; patients July 2022. "
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
