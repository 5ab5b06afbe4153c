"""Does what is drawn say what must be said of it?"""

from __future__ import annotations

import pandas as pd

import coterminous as ct
from coterminous.folders.credits import assumptions, small_print


def test_a_layer_that_cuts_blocks_says_that_its_drawn_line_is_approximate(grid):
    shares = pd.DataFrame({"block": [grid.blocks[0]], "area": ["A"], "share": [0.5]})
    cut = ct.CutLayer.from_shares("half", shares, blocks=grid.blocks, title="Half a block")
    said = [line for line in small_print(grid, [cut]) if "approximate" in line]
    assert len(said) == 1
    assert said[0].startswith("The lines of Half a block are approximate: blocks are drawn whole")
    page = grid.explore(cut).get_root().render()
    assert "The lines of Half a block are approximate" in page
    assert assumptions([grid.layer("rows")]) == []
