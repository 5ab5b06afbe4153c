"""JupyterLab in a browser that reaches no other host: what an analyst meets in their cells."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("jupyterlab", reason="JupyterLab is not there")

SOURCE = Path(__file__).parents[2] / "src"
#: What is typed and run, cell by cell; the last is left empty for typing.
CELLS = {
    "load": "import coterminous as ct\nimport matplotlib.pyplot as plt\narea = ct.load()",
    "map": 'area.explore("pbp2021", column="share_quintile_1")',
    "impact": 'ct.impact(area, "gp", before="pbp2021", after="footprint2022")',
    "plates": 'ct.plates(area, before="pbp2021", after="place2022", practices=None, trusts=None)',
    "subplots": (
        "figure, axes = plt.subplots(2, 2, figsize=(9, 8))\n"
        'for ax, layer in zip(axes.flat, ["pbp2021", "place2022", "ccg2021", "ltla2021"]):\n'
        "    area.plot(layer, ax=ax)\n"
        "plt.show()"
    ),
    "scenario": 'ct.Scenario("a", base="footprint2022").rename("East", to="Pennine")',
    "error": 'area.plot("pbp2021", colum="x")',
}


def notebook_of(cells: list[str]) -> Any:
    """Make a notebook that asks nobody for its kernel."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})


@dataclass
class Lab:
    """A server, the folder that it shows, and the environment of its kernels."""

    address: str
    folder: Path
    environment: dict[str, str]

    def jupyter(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Jupyter's on its notebooks."""
        return subprocess.run(
            [sys.executable, "-m", "jupyter", *words],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("lab")
    folder = home / "work"
    folder.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
            *(f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"),
            *("--IdentityProvider.token=", "--ServerApp.password=", "--LabApp.news_url=None"),
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(240):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.25)
        yield Lab(f"http://127.0.0.1:{port}", folder, environment)
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def ran(lab: Lab) -> Path:
    """Run the cells as a colleague would, so that here nobody has trusted what came of them."""
    from nbclient import NotebookClient

    notebook = notebook_of(list(CELLS.values()))
    kept = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(SOURCE)
    try:
        NotebookClient(notebook, timeout=300, allow_errors=True, kernel_name="python3").execute()
    finally:
        os.environ.pop("PYTHONPATH") if kept is None else os.environ.update(PYTHONPATH=kept)
    file = lab.folder / "colleague.ipynb"
    nbformat.write(notebook, file)
    return file


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that reaches this machine alone, and remembers what else it asked for."""
    context = chromium.new_context(viewport={"width": 1300, "height": 1000})
    context.route(
        re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort("internetdisconnected")
    )
    opened = context.new_page()
    opened.elsewhere = []
    opened.on(
        "request",
        lambda r: (
            opened.elsewhere.append(r.url)
            if r.url.startswith("http") and "127.0.0.1" not in r.url
            else None
        ),
    )
    yield opened
    context.close()


def idle(page: Any) -> None:
    status = page.locator("text=Kernel status: Idle").first
    status.wait_for(state="attached", timeout=90_000)


def shown(lab: Lab, page: Any, name: str) -> None:
    page.goto(f"{lab.address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
    idle(page)


def run(page: Any, cell: int) -> None:
    """Run a cell, as Shift and Enter in it do; a kernel that is not there yet lets it lie."""
    prompt = page.locator(".jp-CodeCell .jp-InputPrompt").nth(cell)
    for _ in range(10):
        page.locator(".jp-CodeCell .cm-content").nth(cell).click()
        page.keyboard.press("Shift+Enter")
        for _ in range(8):
            time.sleep(0.25)
            if prompt.inner_text() != "[ ]:":
                return
    raise AssertionError(f"the kernel never ran cell {cell}")


def output(page: Any, cell: str) -> Any:
    """Give what stands under a cell."""
    place = list(CELLS).index(cell)
    found = page.locator(".jp-CodeCell").nth(place).locator(".jp-OutputArea-output")
    found.first.scroll_into_view_if_needed()
    return found


def test_a_map_of_a_colleague_is_a_picture_with_its_words_until_it_is_trusted(lab, ran, page):
    shown(lab, page, ran.name)
    under = output(page, "map")
    assert under.locator("iframe").count() == 0
    picture = under.locator("img")
    assert picture.is_visible()
    assert picture.bounding_box()["width"] > 300
    assert "Coloured by" not in picture.get_attribute("alt")
    assert "Pennine Lancashire (534,192 people)" in picture.get_attribute("alt")
    assert under.locator("text=This notebook is not trusted here").is_visible()
    assert under.locator("summary", has_text="This map in words").is_visible()
    assert "Source: Office for National Statistics" in under.inner_text()

    lab.jupyter("trust", ran.name)
    shown(lab, page, ran.name)
    under = output(page, "map")
    frame = under.frame_locator("iframe")
    frame.locator("path.leaflet-interactive").first.wait_for(timeout=30_000)
    assert frame.locator("path.leaflet-interactive").count() == 5
    assert not under.locator("img").is_visible()
    assert page.elsewhere == []


def test_what_stands_last_in_a_cell_is_short(lab, ran, page):
    shown(lab, page, ran.name)
    impact = output(page, "impact")
    assert impact.first.bounding_box()["height"] < 900
    assert "34 newly crossing" in impact.first.inner_text()
    assert "NaN" not in impact.first.inner_text()
    plates = output(page, "plates")
    assert plates.locator("img").count() == 5
    assert plates.first.bounding_box()["height"] < 900
    assert "rename East to Pennine" in output(page, "scenario").first.inner_text()
    said = output(page, "error").first.inner_text()
    assert "`plot` has no option 'colum'. Did you mean 'column'?" in said
    assert len(said.strip().splitlines()) <= 2


def typed(page: Any, text: str) -> list[str]:
    """Type in a new cell at the end, ask with Tab, and read what is offered."""
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.wait_for_selector(".jp-Completer-item", timeout=20_000)
    found = [item.strip() for item in page.locator(".jp-Completer-item code").all_inner_texts()]
    page.keyboard.press("Escape")
    return found


def test_tab_offers_names_of_layers_and_options(lab, page):
    nbformat.write(notebook_of([CELLS["load"]]), lab.folder / "typed.ipynb")
    shown(lab, page, "typed.ipynb")
    run(page, 0)
    page.locator(".jp-InputPrompt", has_text="[1]:").wait_for(timeout=60_000)
    idle(page)
    assert {"ccg2021", "ltla2021"} <= set(typed(page, 'area["l')) | set(typed(page, 'area["c'))
    assert "pcn2022" in typed(page, 'area.layer("p')
    assert {"practices=", "column="} <= set(typed(page, 'area.explore("pbp2021", '))
    assert "share_quintile_1" in typed(page, 'area.plot("pbp2021", column="share_quin')


SCENARIOS = str(Path(__file__).parents[2] / "scenarios")
LONG = {
    "options": 'ct.options(area, units="ltla2021", within="icb2022", areas=6)',
    "appendix": 'ct.appendix(area, out="paper")',
    # Nine scenarios are soon done: often enough to be broken off.
    "sweep": f"for _ in range(60): ct.sweep(area, {SCENARIOS!r})",
}


@pytest.mark.parametrize("name", sorted(LONG))
def test_long_work_is_broken_off_and_the_next_cell_runs(lab, page, name):
    cells = [CELLS["load"], LONG[name], '"still" + " here"']
    nbformat.write(notebook_of(cells), lab.folder / f"long-{name}.ipynb")
    shown(lab, page, f"long-{name}.ipynb")
    run(page, 0)
    page.locator(".jp-InputPrompt", has_text="[1]:").wait_for(timeout=60_000)
    run(page, 1)
    time.sleep(1.5)
    page.locator(
        "jp-button[data-command='notebook:interrupt-kernel'], button[title*='Interrupt']"
    ).first.click()
    under = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    page.locator(".jp-CodeCell").nth(1).locator("text=KeyboardInterrupt").first.wait_for(
        timeout=20_000
    )
    assert under.count() >= 1
    # A kernel lets lie what it is asked for while it still breaks off.
    answer = page.locator(".jp-CodeCell").nth(2).locator(".jp-OutputArea-output")
    for _ in range(6):
        idle(page)
        run(page, 2)
        with contextlib.suppress(sync_api.TimeoutError):
            answer.first.wait_for(timeout=5_000)
            break
    assert "still here" in answer.first.inner_text()
    assert not (lab.folder / "paper").exists()


def test_an_exported_notebook_has_its_map_and_words_for_every_picture(lab, ran, page):
    lab.jupyter("nbconvert", "--to", "html", ran.name)
    page.goto((lab.folder / "colleague.html").as_uri())
    frame = page.frame_locator("iframe").first
    frame.locator("path.leaflet-interactive").first.wait_for(timeout=30_000)
    alts = page.evaluate("[...document.querySelectorAll('img')].map(i => i.alt)")
    assert len(alts) >= 7
    assert [alt for alt in alts if len(alt) < 40] == []

    page.emulate_media(media="print")
    still = page.locator(".ct-still img")
    assert still.is_visible()
    assert not page.locator("iframe").first.is_visible()
    assert not page.locator("text=This notebook is not trusted here").is_visible()
