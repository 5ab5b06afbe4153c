"""Somebody who waits for a paper sees how far it is; a log and a test see nothing."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from coterminous.report import watching


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_has_no_line(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert watching.a_line() is None


def test_a_terminal_has_a_line_with_what_is_done_and_it_ends(monkeypatch):
    pytest.importorskip("tqdm")
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    line = watching.a_line()
    for done, what in enumerate(("The lines", "Councils", "Done")):
        line(what, done, 2)
    said = seen.getvalue()
    assert "The lines" in said
    assert "Councils" in said
    assert "100%" in said
    assert said.endswith("\n")


def test_a_kernel_has_a_line(tmp_path):
    """In a process of its own, whose IPython is a kernel's."""
    code = """
from coterminous.report import watching
import IPython
class ZMQInteractiveShell: pass
IPython.get_ipython = lambda: ZMQInteractiveShell()
print(watching.a_line() is not None)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_what_was_made_is_a_path_that_shows_links(tmp_path):
    made = watching.Made(tmp_path)
    (made / "appendix.html").write_text("x", encoding="utf-8")
    assert made == tmp_path
    assert hash(made) == hash(tmp_path)
    assert isinstance(made, Path)
    assert str(made) == str(tmp_path)
    assert pickle.loads(pickle.dumps(made)) == tmp_path
    shown = made._repr_html_()
    assert f'href="{(tmp_path / "appendix.html").as_posix()}"' in shown
    assert "PDF" not in shown
