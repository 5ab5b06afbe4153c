"""Which trust is a neighbourhood drawn as? None where a lump of smaller ones has more people."""

from __future__ import annotations

import pandas as pd

import coterminous as ct
from coterminous.maps.paper.platekinds import UNDECIDED, main_trusts


def test_nobody_leads_where_the_smaller_ones_together_have_more(grid):
    rows = [
        ("A", "nw", 6),
        ("OTHER", "nw", 5),
        ("A", "ne", 4),
        ("OTHER", "ne", 5),
        ("B", "sw", 5),
        ("OTHER", "sw", 5),
    ]
    held = ct.Register.from_table(
        pd.DataFrame(rows, columns=["organisation", "block", "patients"]),
        area=grid,
        name="trust",
        published=True,
    )
    blocks = ct.Layer.from_lookup("block", pd.Series(grid.blocks, index=grid.blocks))
    main, share = main_trusts(held, blocks)
    assert main.dropna().to_dict() == {"nw": "A", "ne": UNDECIDED, "sw": "B"}
    assert share == (6 + 5) / 30


def test_two_bundled_neighbourhoods_go_to_smaller_trusts_more_than_to_any_one(lsc):
    from coterminous.maps.points import zone_layer

    zones = zone_layer(lsc).within(lsc.layer("footprint2022"))
    main, _ = main_trusts(lsc.register("trust"), zones)
    assert list(main.index[main == UNDECIDED]) == ["E02002632", "E02005286"]
    whole, share = main_trusts(lsc.register("trust"), lsc.layer("footprint2022"))
    assert UNDECIDED not in set(whole)
    assert f"{share:.6f}" == "0.685392"
