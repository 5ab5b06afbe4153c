"""Maps look as they did: each is compared with a stored picture, by a measure that forgives.

To store them anew after a change that was meant: COTERMINOUS_STORE_PICTURES=1 pytest tests/maps,
and look at each before it is committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest

STORED = Path(__file__).parent / "pictures"
NAMES = ["before", "after", "detail", "changes", "flows", "practices", "trusts", "options"]


@pytest.fixture(scope="module")
def pages(made) -> dict[str, np.ndarray]:
    return {name: _small(made[name].png(dpi=60)) for name in NAMES}


def _small(picture: bytes | Path) -> np.ndarray:
    from PIL import Image

    opened = Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture)
    return np.asarray(opened.convert("L").resize((124, 175), Image.Resampling.BOX), dtype=float)


@pytest.mark.parametrize("name", NAMES)
def test_a_plate_looks_as_it_did(pages, name):
    from PIL import Image

    now = pages[name]
    path = STORED / f"{name}.png"
    if os.environ.get("COTERMINOUS_STORE_PICTURES"):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(now.round().astype(np.uint8)).save(path, optimize=True)
    stored = _small(path)
    # Of 255 shades: another version of a font moves letters by a dot, a lost layer whole areas.
    assert np.abs(now - stored).mean() < 3
    assert (np.abs(now - stored) > 60).mean() < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_off_the_page(pages, name):
    page = pages[name]
    margins = [page[:, :3], page[:, -3:], page[:4], page[-4:]]
    assert min(margin.min() for margin in margins) > 250
