"""The plates of the decision of 2022, made once for all tests that look at them."""

from __future__ import annotations

import pytest

import coterminous as ct


@pytest.fixture(scope="session")
def made(lsc) -> dict[str, ct.Plate]:
    options = ["lgr2025_two", "lgr2025_three", "lgr2025_four"]
    return ct.plates(lsc, before="pbp2021", after="footprint2022", options=options)
