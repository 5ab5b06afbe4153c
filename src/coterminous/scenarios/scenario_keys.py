"""Which keys may stand in a scenario file? Those of steps and checks stand with their topics."""

from __future__ import annotations

from typing import Any

from coterminous.folders.schema import Name, Table


class ScenarioFile(Table):
    """A scenario; see `scenarios.steps` for the keys of a step, `scenarios.checks` for the rest."""

    name: Name
    base: Name
    title: str = ""
    description: str = ""
    source: str = ""
    step: list[dict[str, Any]] = []
    checks: dict[str, Any] = {}
