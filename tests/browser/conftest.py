"""A real browser with the network cut, for tests that look at what a page does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in Path(str(item.fspath)).parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Opened:
    """A page, and everything that went wrong in it."""

    page: Any
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One headless Chromium for the run: COTERMINOUS_CHROMIUM, or the one on the path."""
    sync = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not there")
    named = os.environ.get("COTERMINOUS_CHROMIUM")
    path = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path or not Path(path).exists():
        pytest.skip("there is no Chromium; install it or set COTERMINOUS_CHROMIUM")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Any) -> Iterator[Callable[..., Opened]]:
    """Open a file with the network cut, and keep its errors and requests."""
    contexts = []

    def opened(path: Path, *, width: int = 1280, height: int = 900, **settings: Any) -> Opened:
        # Nothing moves by itself, so that what is measured stays where it was measured.
        settings = {"reduced_motion": "reduce", **settings}
        context = chromium.new_context(
            viewport={"width": width, "height": height}, offline=True, **settings
        )
        contexts.append(context)
        seen = Opened(context.new_page())
        page = seen.page
        page.on("console", lambda m: seen.faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: seen.faults.append(str(error)))
        page.on("requestfailed", lambda request: seen.faults.append(request.url[:200]))
        page.on("request", lambda request: seen.requests.append(request.url[:200]))
        page.goto(path.as_uri())
        return seen

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def serious() -> Callable[[Any], list[str]]:
    """List what axe-core calls serious or critical in a page, in words."""
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm install --prefix tests/browser")
    script = AXE.read_text(encoding="utf-8")

    def found(page: Any) -> list[str]:
        page.evaluate(script)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:160]})"
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]

    return found
