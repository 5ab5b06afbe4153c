"""Small geographies that a reader can hold in the head, and the needs of marked tests."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

import coterminous as ct

# Derandomised, so that a run says the same twice; no deadline, since machines differ in speed.
settings.register_profile(
    "steady", deadline=None, derandomize=True, print_blob=True, max_examples=50
)
settings.load_profile("steady")

#: Set where everything that a test can need is there, so that a skip would hide something.
NO_SKIP = bool(os.environ.get("COTERMINOUS_NO_SKIP"))
REFERENCE = Path(
    os.environ.get(
        "COTERMINOUS_REFERENCE", Path(__file__).resolve().parents[2] / "shared" / "reference"
    )
)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a test or a module was skipped where nothing may be."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if NO_SKIP and skipped:
        for report in skipped:
            reporter.write_line(f"SKIPPED where nothing may be: {report.nodeid}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def grid() -> ct.Geography:
    r"""A town of four blocks, a kilometre square each, and who lives in them.

    ::

        +----+----+      north: nw, ne      west: nw, sw
        | nw | ne |      south: sw, se      east: ne, se
        | 10 | 20 |
        +----+----+      town: all four     hamlet: se alone
        | sw | se |
        | 30 | 40 |
        +----+----+
    """
    import geopandas as gpd
    from shapely import box

    corners = {"nw": (0, 1), "ne": (1, 1), "sw": (0, 0), "se": (1, 0)}
    blocks = gpd.GeoDataFrame(
        {"population": [10, 20, 30, 40]},
        index=list(corners),
        geometry=[
            box(x * 1000, y * 1000, (x + 1) * 1000, (y + 1) * 1000) for x, y in corners.values()
        ],
        crs=27700,
    )
    layers = {
        "rows": {"nw": "N", "ne": "N", "sw": "S", "se": "S"},
        "columns": {"nw": "W", "ne": "E", "sw": "W", "se": "E"},
        "town": dict.fromkeys(corners, "T"),
        "hamlet": {"nw": None, "ne": None, "sw": None, "se": "H"},
        "each": {c: c.upper() for c in corners},
    }
    area = ct.Geography.from_frames(blocks, name="grid")
    for name, lookup in layers.items():
        area = area.with_layer(name, pd.Series(lookup))
    return area


@pytest.fixture
def surgeries(grid: ct.Geography) -> ct.Register:
    r"""Two practices of the town, and where their patients live; all others are a lump.

    ::

        +----+----+      P stands in nw: 6 nw, 3 ne, 1 sw, 1 of unknown address
        | P  |    |      Q stands in se: 8 se, 4 sw, 2 elsewhere
        +----+----+      OTHER: 5 ne
        |    | Q  |
        +----+----+
    """
    rows = [
        ("P", "nw", 6),
        ("P", "ne", 3),
        ("P", "sw", 1),
        ("P", "unknown", 1),
        ("Q", "se", 8),
        ("Q", "sw", 4),
        ("Q", "elsewhere", 2),
        ("OTHER", "ne", 5),
    ]
    known = pd.DataFrame(
        {"name": ["Park", "Quay"], "kind": "practice", "block": ["nw", "se"], "network": "X"},
        index=["P", "Q"],
    )
    return ct.Register.from_table(
        pd.DataFrame(rows, columns=["organisation", "block", "patients"]),
        area=grid,
        name="surgeries",
        organisations=known,
        published=True,
    )


@pytest.fixture(scope="session")
def lsc() -> ct.Geography:
    """The bundled geography of Lancashire and South Cumbria."""
    return ct.load()


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of official files, for tests marked `reference`."""
    if not REFERENCE.is_dir():
        pytest.skip(f"the official files are not in {REFERENCE}; set COTERMINOUS_REFERENCE")
    return REFERENCE
