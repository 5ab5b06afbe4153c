"""`coterminous map` writes pages and pictures, and says what is wrong in one sentence."""

from __future__ import annotations

import json

import pytest

from coterminous.cli import main


def test_a_page_opens_with_no_network_by_default(tmp_path, capsys):
    out = tmp_path / "map.html"
    assert main(["map", "pbp2021", "footprint2022", "--changes", "--out", str(out)]) == 0
    html = out.read_text(encoding="utf-8")
    assert "Content-Security-Policy" in html
    assert "<script src=" not in html
    assert "450,076 people of 1,701,655" in capsys.readouterr().out


def test_a_page_that_needs_a_network_is_smaller(tmp_path):
    out = tmp_path / "map.html"
    assert main(["map", "place2022", "--online", "--out", str(out)]) == 0
    assert out.stat().st_size < 200_000


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_written(tmp_path, ending):
    out = tmp_path / f"map.{ending}"
    assert main(["map", "place2022", "utla2021", "--out", str(out)]) == 0
    assert out.stat().st_size > 10_000


def test_json_has_the_words(tmp_path, capsys):
    out = tmp_path / "map.svg"
    assert main(["map", "place2022", "--out", str(out), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = {row["code"]: row for row in told["words"]["place2022"]}
    assert rows["blackpool"]["people"] == 138_381
    assert rows["blackpool"]["neighbours"] == "Lancashire"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["place2022", "--out", "map.gif"], "does not end in .html, .png, .svg or .pdf"),
        (["places", "--out", "map.html"], "Did you mean 'place2022'?"),
        (["place2022", "--tiles", "OpenStreetMap", "--out", "map.html"], "give --online too"),
        (["place2022", "pbp2021", "utla2021", "--out", "map.png"], "takes one layer, or two"),
        (["place2022", "place2022", "--out", "map.png"], "names a layer twice"),
        (["place2022", "--compare", "--out", "map.png"], "takes two layers, the old one first"),
        (
            ["place2022", "pbp2021", "--changes", "--practices", "--out", "map.png"],
            "`--changes` and `--practices` are two printed maps",
        ),
        (
            ["place2022", "--online", "--tiles", "nonsense", "--out", "map.html"],
            "`tiles` is 'nonsense', which folium does not know",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert main(["map", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
