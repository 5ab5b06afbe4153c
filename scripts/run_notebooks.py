"""Run every notebook from a fresh kernel, and keep or check what it shows.

`python scripts/run_notebooks.py` writes the outputs into the notebooks; `--check` runs them
without writing, and fails if one raises.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def run(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    return notebook


def settled(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run and machine to machine."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            if "text/plain" in shown:
                shown["text/plain"] = re.sub(r" at 0x[0-9a-f]+(?=>)", "", shown["text/plain"])
    return notebook


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="run without writing")
    arguments.add_argument("names", nargs="*", help="only notebooks whose name starts so")
    options = arguments.parse_args()
    failed = 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        if options.names and not path.name.startswith(tuple(options.names)):
            continue
        try:
            notebook = run(path)
        except CellExecutionError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed += 1
            continue
        if not options.check:
            nbformat.write(settled(notebook), path)
        print(f"{path.name}: {len(notebook.cells)} cells run")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
