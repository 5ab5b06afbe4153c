import json
import re
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main
from coterminous.errors import InputError
from coterminous.report import assembling
from coterminous.report.assembling import appendix, compose
from coterminous.report.content import Heading, Paragraph, Table
from coterminous.report.settings import settle
from coterminous.report.wording import Figure

from .conftest import HOSTILE

# All tests that read the whole appendix are in this file: with `-n 2 --dist loadfile` one worker
# makes it, once.


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The bundled geography's whole appendix, made once: the document and its folder."""
    composed = []

    def kept(*given, **steps):
        composed.append(compose(*given, **steps))
        return composed[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coterminous.report.assembling.compose", kept)
        folder = appendix(ct.load(), out=tmp_path_factory.mktemp("paper") / "appendix", full=True)
    return composed[0], folder


@pytest.fixture
def bundled(made):
    return made[0]


@pytest.fixture
def folder(made):
    return made[1]


def said_in(section):
    """Give every word that a section prints: its texts, its headings, its tables and pictures."""
    yield section.title
    for block in section.blocks:
        yield from (getattr(block, name) for name in ("title", "caption") if hasattr(block, name))
        yield from getattr(block, "notes", ())
        if isinstance(block, Table):
            yield from (column.heading for column in block.shown())
            yield from block.all_notes()
            yield from (cell for row in block.rows() for cell in row)
        elif isinstance(block, Heading):
            yield block.text
    yield from (text.plain() for text in section.texts())


@pytest.mark.parametrize(
    "word",
    [*("drawing", "parted", "layer", "V-measure", "the front", "coterminous with", "footprint")]
    + ["admission", "jaccard", "localisation", "homogeneity", "completeness"],
)
def test_no_word_of_the_library_stands_in_any_section(bundled, word):
    # What people said, and the titles of sources, are in the words of others.
    sections = [s for s in bundled.sections if s.key not in ("statements", "data", "views")]
    assert len(sections) > 15
    found = [
        (section.key, said)
        for section in sections
        for said in said_in(section)
        if re.search(rf"\b{word}(?!\d)", said, re.IGNORECASE)
    ]
    assert found == []


def figures_by_key(document):
    return {key: figure.value for key, figure in document.figures().items()}


def test_the_figures_of_the_decision_of_2022(bundled):
    found = figures_by_key(bundled)
    assert found["boundaries.utla2021.pbp2021.coterminous"] == 0
    assert found["boundaries.utla2021.place2022.coterminous"] == 3
    assert found["boundaries.utla2021.pbp2021.v_measure"] == pytest.approx(0.363, abs=5e-4)
    assert found["boundaries.utla2021.place2022.v_measure"] == pytest.approx(0.991, abs=5e-4)
    assert found["boundaries.utla2021.pbp2021.morecambe-bay.in.E10000017"] == 148_119
    assert found["people.both"] == 1_701_655
    assert found["people.parted"] == 450_076
    assert found["parted.quintile_1.parted"] == pytest.approx(0.435, abs=5e-4)
    assert found["parted.quintile_1.others"] == pytest.approx(0.238, abs=5e-4)
    assert found["census.low"] == pytest.approx(3.5, abs=0.05)
    assert found["census.high"] == pytest.approx(5.9, abs=0.05)


def test_every_number_in_a_sentence_is_a_figure(bundled):
    """Digits outside figures are only those of names and titles: of layers, dates, sources."""
    area = ct.load()
    known = " ".join(
        [*area.layers.index, *area.layers["title"], *area.layers["note"], *area.sources["title"]]
        + [str(w) for w in area.weights["title"]]
        + [str(t) for t in area.sources["date"]]
        + [str(t) for t in area.sources["licence"]]
        + [str(t) for t in area.registers["title"]]
        + ["Census 2021", ct.__version__]
    )
    known = set(re.findall(NUMBER, known))
    strays = []
    for section in bundled.sections:
        if section.key in ("assurance", "statements"):
            continue
        for text in compose_texts(section):
            words = "".join(
                " " if isinstance(r, Figure) else getattr(r, "text", r) for r in text.runs
            )
            for number in re.findall(NUMBER, words):
                if number not in known and number not in ALLOWED:
                    strays.append((section.key, number, words))
    assert strays == []


# The ends of a scale, which a sentence explains.
ALLOWED = {"0", "1"}
NUMBER = r"\d[\d,.]*\d|\d"


def compose_texts(section):
    for block in section.blocks:
        if isinstance(block, Paragraph):
            # Notes are the words of those who made the data.
            if block.style != "note":
                yield block.text
        elif hasattr(block, "items"):
            yield from block.items


def test_documents_say_what_the_tables_say(folder):
    """Read each document back, and compare its tables and figures with tables/."""
    import docx

    figures = pd.read_csv(folder / "tables" / "figures.csv", dtype=str, keep_default_na=False)
    html = (folder / "appendix.html").read_text(encoding="utf-8")
    found = re.findall(r'data-figure="([^"]+)">([^<]+)</span>', html)
    assert found
    values = dict(zip(figures["key"], figures["value"], strict=True))
    written = set(zip(figures["key"], figures["as_written"], strict=True))
    for key, text in found:
        assert key in values
        if text.isalpha():
            continue
        assert (key, text) in written
    word = docx.Document(BytesIO((folder / "appendix.docx").read_bytes()))
    captions = [p.text for p in word.paragraphs if p.text.startswith("Table ")]
    assert len(captions) == len(word.tables)
    tables = {path.stem: pd.read_csv(path) for path in (folder / "tables").glob("*.csv")}
    moves = tables["people-moves"]
    printed = next(t for t, c in zip(word.tables, captions, strict=True) if "Who goes where" in c)
    cells = [[cell.text for cell in row.cells] for row in printed.rows[1:]]
    assert [row[2] for row in cells] == [f"{n:,}" for n in moves["value"]]
    assert [row[3] for row in cells] == [
        f"{s:.1%}".replace("100.0%", "100%") for s in moves["share_of_source"]
    ]


def test_tables_that_words_have_said_stand_apart_and_are_found_where_the_text_says(folder):
    import docx
    from openpyxl import load_workbook

    word = docx.Document(folder / "appendix.docx")
    said = [p.text for p in word.paragraphs if " in the workbook, and tables/" in p.text]
    assert said
    book = load_workbook(folder / "tables" / "tables.xlsx", read_only=True)
    for line in said:
        title, sheet, key = re.fullmatch(
            r"(.+): (Table \d+) in the workbook, and tables/(.+)\.csv\.", line
        ).groups()
        assert (folder / "tables" / f"{key}.csv").is_file()
        assert title in str(book[sheet]["A1"].value)
        assert [p for p in (folder / "pieces").glob(f"*-{key}.docx") if docx.Document(p).tables]
    captions = [p.text.split(":")[0] for p in word.paragraphs if p.text.startswith("Table ")]
    assert captions == [f"Table {n}" for n in range(1, len(captions) + 1)]


def test_the_best_drawings_are_listed_once_each(folder):
    for name in ("place2022", "footprint2022"):
        trades = pd.read_csv(folder / "tables" / f"options-trades-{name}.csv")
        assert trades["groups"].is_unique


def test_areas_of_one_size_are_said_to_be_no_error(bundled):
    sizes = next(table for table in bundled.tables() if table.key == "sizes")
    assert sizes.notes[0].startswith(
        "Fylde Coast and Morecambe Bay have the same number of residents, 334,287"
    )


def test_the_csv_tables_add_up(folder):
    moves = pd.read_csv(folder / "tables" / "people-moves.csv")
    sizes = pd.read_csv(folder / "tables" / "sizes.csv")
    assert moves["value"].sum() == 1_701_655
    assert set(sizes.groupby("drawing")["living"].sum()) == {1_701_655}


def test_same_input_same_bytes(folder, tmp_path):
    again = appendix(ct.load(), out=tmp_path / "appendix", full=True)
    first = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    second = json.loads((again / "manifest.json").read_text(encoding="utf-8"))
    changed = [k for k, v in first["outputs"].items() if second["outputs"].get(k) != v]
    assert changed == []
    assert first == second


def test_a_run_that_fails_half_way_leaves_the_old_folder(grid, tmp_path, monkeypatch):
    out = tmp_path / "appendix"
    appendix(grid, before="rows", after="columns", out=out, formats=("html",))
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    monkeypatch.setattr(
        "coterminous.report.writers.html.render_html",
        lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
    )
    with pytest.raises(KeyboardInterrupt):
        appendix(grid, before="columns", after="rows", out=out, formats=("html",))
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["appendix"]


def test_sections_that_cannot_be_are_left_out_and_said_to_be(grid):
    document = compose(grid, settle(grid, given={"before": "rows", "after": "columns"}))
    assert "boundaries" not in [s.key for s in document.sections]
    reasons = dict(document.left_out)
    assert reasons["Who shares boundaries"].startswith("no layer of councils was named")
    first = " ".join(t.plain() for t in compose_texts(document.sections[0]))
    assert "Left out: " in first


@pytest.mark.parametrize("after", ["hamlet", "each"])
def test_odd_geographies_still_make_every_format(grid, tmp_path, after):
    made = appendix(grid, before="rows", after=after, upper="columns", out=tmp_path / "a")
    assert {p.name for p in made.iterdir()} >= {"appendix.html", "appendix.docx", "appendix.pdf"}


def test_a_geography_without_polygons_has_no_maps_and_all_else(tmp_path):
    blocks = pd.DataFrame({"population": [1, 2, 3]}, index=["a", "b", "c"])
    area = ct.Geography.from_frames(blocks)
    area = area.with_layer("x", pd.Series({"a": "A", "b": "A", "c": "B"}))
    area = area.with_layer("y", pd.Series({"a": "A", "b": "B", "c": "B"}))
    made = appendix(area, before="x", after="y", upper="x", out=tmp_path / "a", full=True)
    assert {p.stem for p in (made / "maps").glob("*.png")} == {"people-flows"}
    assert (made / "appendix.pdf").is_file()


def test_sixty_areas(tmp_path):
    """Sixty areas before and forty after, in print."""
    import geopandas as gpd
    from shapely import box

    codes = [f"b{i:03}" for i in range(120)]
    shapes = [box(i % 12, i // 12, i % 12 + 1, i // 12 + 1) for i in range(120)]
    blocks = gpd.GeoDataFrame({"population": range(120)}, index=codes, geometry=shapes, crs=27700)
    area = ct.Geography.from_frames(blocks)
    area = area.with_layer("x", pd.Series({c: f"x{i // 2}" for i, c in enumerate(codes)}))
    area = area.with_layer("y", pd.Series({c: f"y{i // 3}" for i, c in enumerate(codes)}))
    made = appendix(
        area, before="x", after="y", upper="y", out=tmp_path / "a", formats=("pdf",), full=True
    )
    assert (made / "appendix.pdf").is_file()


def test_hostile_area_names_come_out_as_text_in_every_format(grid, tmp_path):
    import docx
    from openpyxl import load_workbook

    lookup = grid.layer("each").assignment
    names = dict(zip(sorted(lookup.unique()), HOSTILE, strict=False))
    layer = ct.Layer.from_lookup("odd", lookup, names=names, title=HOSTILE[1])
    area = grid.with_layer("odd", layer, title=HOSTILE[1])
    made = appendix(area, before="odd", after="rows", upper="odd", out=tmp_path / "a", full=True)
    word = docx.Document(made / "appendix.docx")
    said = "\n".join(p.text for p in word.paragraphs)
    assert all(name in said for name in names.values())
    assert HOSTILE[1] in said
    book = load_workbook(made / "tables" / "tables.xlsx")
    assert not [c for s in book for r in s.iter_rows() for c in r if c.data_type == "f"]
    html = (made / "appendix.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "'=1+1" in (made / "tables" / "lines-before.csv").read_text(encoding="utf-8")


def test_settings_come_from_flags_then_the_file_then_the_geography(lsc, tmp_path):
    file = tmp_path / "appendix.toml"
    file.write_text(
        'title = "Mine"\norganisation = "Board"\n[words]\nbefore = ["patch", "patches"]\n', "utf-8"
    )
    settings = settle(lsc, file=file, given={"title": "Flag"})
    assert (settings.title, settings.organisation) == ("Flag", "Board")
    assert (settings.before, settings.upper) == ("pbp2021", "utla2021")
    assert settings.noun("before") == "patches"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('titel = "x"', "`setting` is 'titel'.*Did you mean 'title'"),
        ('[layers]\nbefor = "x"', r"\[layers\]: `setting` is 'befor'"),
        ('[layers]\nbefore = "nowhere"', "`before` is 'nowhere', which is not one of"),
        (
            'sections = ["plans"]',
            "`sections` is 'plans', which is not one of: summary, maps, moves",
        ),
        ("threshold = 5", "`threshold` is 5; give a share between 0 and 1"),
        ('logo = "none.png"', "`logo` is .*none.png', and there is no such file"),
        ('palette = "virdis"', "`palette` is 'virdis'.*Did you mean 'viridis'"),
        ('logo = "appendix.toml"', "appendix.toml', which is not a PNG; save it as one"),
        ('formats = ["odt"]', "`formats` is 'odt'"),
        ("title =", "is not valid TOML"),
    ],
)
def test_wrong_settings_are_named(lsc, tmp_path, written, message):
    file = tmp_path / "appendix.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        compose(lsc, settle(lsc, file=file))


def test_before_and_after_must_be_named_where_the_geography_does_not(grid):
    with pytest.raises(InputError, match="`before` is missing: name the layer before the change"):
        settle(grid)


def test_a_folder_with_other_things_in_it_is_not_replaced(grid, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="a folder with other things in it"):
        appendix(grid, before="rows", after="columns", out=tmp_path / "letters")


def test_what_was_edited_in_an_older_appendix_stays_and_edited_statements_go_on_counting(
    lsc, tmp_path
):
    chosen = {"out": tmp_path / "a", "formats": ("html",), "sections": ("data",)}
    made = appendix(lsc, **chosen)
    shipped = (made / "statements.toml").read_text(encoding="utf-8")
    edited = shipped + "# checked by us\n"
    (made / "statements.toml").write_text(edited, encoding="utf-8", newline="\n")
    (made / "appendix.html").write_text("<p>edited</p>", encoding="utf-8")
    (made / "tables" / "mine.csv").write_text("mine", encoding="utf-8")
    for _ in range(2):
        appendix(lsc, **chosen)
        assert (made / "statements.toml").read_text(encoding="utf-8") == edited
        assert (made / "appendix.html").read_text(encoding="utf-8") == "<p>edited</p>"
        assert (made / "tables" / "mine.csv").read_text(encoding="utf-8") == "mine"
        manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
        assert "statements/statements.toml" in manifest["inputs"]
        assert {"statements.toml", "appendix.html", "tables/mine.csv"}.isdisjoint(
            manifest["outputs"]
        )


def test_the_command_writes_and_compares(tmp_path, capsys):
    out = tmp_path / "paper"
    flags = ["--sections", "data,people", "--formats", "html", "--out", str(out)]
    assert main(["appendix", *flags]) == 0
    manifest = str(out / "manifest.json")
    assert main(["appendix", "--sections", "data,people", "--compare", manifest]) == 0
    assert "Nothing has moved." in capsys.readouterr().out
    moved = ["appendix", "--sections", "people", "--after", "place2022", "--compare", manifest]
    assert main([*moved, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"what": "figure", "key": "people.parted"}.items() <= next(
        r for r in rows if r["key"] == "people.parted"
    ).items()


def test_a_format_whose_package_is_missing_is_said_before_the_work(tmp_path, caplog, monkeypatch):
    monkeypatch.chdir(tmp_path)
    composed: list[list[str]] = []
    monkeypatch.setattr(
        assembling,
        "compose",
        lambda *a, _as=assembling.compose, **k: composed.append(caplog.messages[:]) or _as(*a, **k),
    )
    monkeypatch.setattr(
        "coterminous.report.settings.lacking", lambda f: "" if f == "html" else "a package"
    )
    words = ["appendix", "--before", "pbp2021", "--after", "footprint2022", "--sections", "data"]
    assert main([*words, "--out", "paper"]) == 0
    assert (tmp_path / "paper" / "appendix.html").is_file()
    (said,) = composed[0]
    assert said == (
        "no docx and no pdf and no xlsx is going to be written, for want of a package: "
        'pip install "coterminous[documents]"'
    )
    assert main([*words, "--out", "word", "--formats", "docx"]) == 2
    assert not (tmp_path / "word").exists()


def test_a_wrong_layer_is_one_sentence_and_status_2(tmp_path, capsys):
    assert main(["appendix", "--before", "pbp2012", "--out", str(tmp_path / "x")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("coterminous: `before` is 'pbp2012'")
    assert said.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_nothing_of_a_restricted_register_is_written(lsc, tmp_path):
    area = lsc
    for name in ("gp", "trust"):
        area = area.with_register(replace(area.register(name), open=False))
    sections = ("findings", "people", "practices", "hospitals", "partners", "assurance")
    chosen = {"sections": sections, "formats": ("html",), "out": tmp_path / "a"}
    made = appendix(area, **chosen)
    left_out = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["left_out"]
    assert {"General practice", "Hospitals"} <= set(left_out)
    assert all("is restricted" in left_out[name] for name in ("General practice", "Hospitals"))
    html = (made / "appendix.html").read_text(encoding="utf-8")
    # The patients of the ICB, those outside home before and after, and the localisation.
    assert not [
        n for n in ("1,811,829", "10,363", "78,792", "78.9%", "ASH TREES", "410,775") if n in html
    ]


def test_named_options_get_a_row_a_page_and_a_small_map(lsc, tmp_path):
    chosen = {"options": ("lgr2025_two", "lgr2025_three"), "sections": ("options",)}
    made = appendix(lsc, out=tmp_path / "a", formats=("html",), **chosen)
    compared = pd.read_csv(made / "tables" / "options-compared.csv")
    assert compared["Drawing" if "Drawing" in compared else "title"].str.startswith("Two").any()
    assert {"map-options.png", "map-option-lgr2025_two.png"} <= {
        path.name for path in (made / "maps").iterdir()
    }
    standing = pd.read_csv(made / "tables" / "options-standing-place2022.csv")
    assert standing.loc[0, ["rank", "of"]].tolist() == [1, 9247]


def test_a_terminal_sees_the_progress_and_a_pipe_does_not(grid, tmp_path, capsys, monkeypatch):
    told = []
    appendix(
        grid,
        before="rows",
        after="columns",
        out=tmp_path / "a",
        formats=("html",),
        progress=lambda *step: told.append(step),
    )
    assert told[-1][0] == "Done"
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert main(["appendix", "--sections", "data", "--formats", "html", "--out",
                 str(tmp_path / "b")]) == 0  # fmt: skip
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["appendix", "--sections", "data", "--formats", "html", "--out",
                 str(tmp_path / "b")]) == 0  # fmt: skip
    said = capsys.readouterr().err
    assert "Done" in said
    assert "100%" in said
