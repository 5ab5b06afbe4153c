"""Does the attack work? It must get back what primary suppression alone gives away, and no more."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.attack.__main__ import main
from tests.attack.attacks import (
    differencing,
    linked_tables,
    messages,
    order_attack,
    recovered,
    standard_error_and_manifests,
    threshold_attack,
)
from tests.attack.evidence import RULES, Known
from tests.attack.reading import digits_of, number, read_folder
from tests.attack.system import Contradiction, System

HERE = Path(__file__).parent
UNDER5 = RULES["under5"]
SEED = 20220701
ALLOWED = {"numpy", "pandas", "scipy", "openpyxl", "docx", "pypdf", "tests"}


@pytest.fixture
def seed() -> int:
    """The seed of every random register here, printed where a test fails."""
    print(f"seed {SEED}")
    return SEED


def small_register(seed: int, practices: int = 24, areas: int = 6) -> pd.DataFrame:
    """Practices by areas, as registers are: one large count in a row, and a tail of small ones."""
    draw = np.random.default_rng(seed)
    counts = np.floor(np.exp(draw.normal(1.8, 1.9, (practices, areas)))).astype(int)
    counts[np.arange(practices), draw.integers(0, areas, practices)] += 4000
    index = pd.Index([f"P{10000 + i}" for i in range(practices)], name="organisation")
    return pd.DataFrame(counts, index=index, columns=[f"area-{chr(97 + j)}" for j in range(areas)])


def primary_only(counts: pd.DataFrame, rule: str = "under5") -> pd.DataFrame:
    """Hide small counts, leave everything else and all totals: what must never be published."""
    whole = counts.assign(total=counts.sum(axis=1))
    whole.loc["total"] = whole.sum()
    said = RULES[rule]
    shown = whole
    if said.base > 1:
        shown = (whole + said.base // 2) // said.base * said.base
    return shown.astype(object).mask((whole >= max(said.low, 1)) & (whole <= said.high), "*")


def write(shown: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shown.rename_axis("organisation").to_csv(path)
    return path.parent


def are_true(found: pd.DataFrame, counts: pd.DataFrame, layer: str = "") -> bool:
    """Say whether every range holds the count that it is of."""
    whole = counts.assign(total=counts.sum(axis=1))
    whole.loc["total"] = whole.sum()
    for row in found.itertuples():
        who = "total" if row.organisation == "*" else row.organisation
        area = "total" if row.area == "everybody" else row.area.partition(":")[2]
        if not row.lowest <= whole.at[who, area] <= row.highest:
            return False
    return True


def test_the_attack_reads_nothing_of_the_library():
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                root, *rest = name.split(".")
                if root == "tests":
                    assert rest[0] == "attack", f"{path.name} imports {name}"
                if path.name.startswith("test_"):
                    assert root != "coterminous", f"{path.name} imports {name}"
                else:
                    known = root in ALLOWED or root in sys.stdlib_module_names
                    assert known, f"{path.name} imports {name}"


def test_primary_suppression_alone_gives_cells_away(tmp_path, seed):
    counts = small_register(seed)
    folder = write(primary_only(counts), tmp_path / "published" / "table.csv")
    found = linked_tables(read_folder(folder), UNDER5, Known())
    verdicts = found["verdict"].value_counts().to_dict()
    assert int(((counts > 0) & (counts < 5)).to_numpy().sum()) == len(found) == 35
    assert verdicts == {"exact": 14, "held": 5, "narrowed": 16}
    assert are_true(found, counts)


def test_it_recovers_cells_of_many_random_registers_and_is_never_wrong(tmp_path, seed):
    exact = 0
    for k in range(12):
        counts = small_register(seed + k, practices=10, areas=5)
        folder = write(primary_only(counts), tmp_path / str(k) / "table.csv")
        found = linked_tables(read_folder(folder), UNDER5, Known())
        assert are_true(found, counts)
        exact += int((found["verdict"] == "exact").sum())
    assert exact == 95


def test_rounding_to_five_keeps_cells_but_not_against_lists_that_are_public(tmp_path, seed):
    counts = small_register(seed)
    folder = write(primary_only(counts, "hes"), tmp_path / "published" / "table.csv")
    found = linked_tables(read_folder(folder), RULES["hes"], Known())
    assert are_true(found, counts)
    assert found["verdict"].value_counts().to_dict() == {"held": 47}
    lists = counts.sum(axis=1).to_dict()
    known = linked_tables(read_folder(folder), RULES["hes"], Known(lists))
    assert are_true(known, counts)
    assert len(recovered(known)) == 4  # lists that are public are not rounded


def test_of_tables_that_hide_everything_nothing_is_recovered(tmp_path, seed, capsys):
    counts = primary_only(small_register(seed))
    folder = write(counts.map(lambda _: "*"), tmp_path / "published" / "table.csv")
    published = read_folder(folder)
    found = linked_tables(published, UNDER5, Known())
    assert len(found) == 25 * 7 and len(recovered(found)) == 0
    for attack in (order_attack, threshold_attack, differencing, standard_error_and_manifests):
        assert len(recovered(attack(published, UNDER5, Known()))) == 0
    assert main([str(folder), "--rule", "under5"]) == 0
    assert "linked tables: 0 exact, 0 narrowed, 175 held" in capsys.readouterr().out


def test_the_command_line_prints_what_it_recovered_and_says_1(tmp_path, seed, capsys):
    counts = small_register(seed)
    folder = write(primary_only(counts), tmp_path / "published" / "table.csv")
    lists = tmp_path / "lists.csv"
    counts.sum(axis=1).rename_axis("code").rename("patients").to_csv(lists)
    assert main([str(folder), "--rule", "under5", "--lists", str(lists)]) == 1
    assert "linked tables: 14 exact, 16 narrowed, 5 held" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["csv", "json", "html", "xlsx", "docx", "script"])
def test_a_table_is_read_out_of_every_kind_of_file(tmp_path, seed, kind):
    counts = small_register(seed, practices=8)
    shown = primary_only(counts).rename_axis("organisation").reset_index().astype(str)
    path = tmp_path / f"table.{'html' if kind == 'script' else kind}"
    if kind == "csv":
        shown.to_csv(path, index=False)
    elif kind == "json":
        path.write_text(json.dumps({"rows": shown.to_dict("records")}))
    elif kind == "html":
        path.write_text(f"<p>Counts of 1 to 4 are hidden.</p>{shown.to_html(index=False)}")
    elif kind == "script":
        rows = json.dumps(shown.to_dict("records"))
        path.write_text(f"<script>const shown = {rows}; draw(shown);</script>")
    elif kind == "xlsx":
        shown.to_excel(path, index=False, startrow=2)
    else:
        from docx import Document

        document = Document()
        table = document.add_table(rows=len(shown) + 1, cols=len(shown.columns))
        for k, row in enumerate([list(shown.columns), *shown.to_numpy().tolist()]):
            for cell, text in zip(table.rows[k].cells, row, strict=True):
                cell.text = text
        document.save(str(path))
    found = linked_tables(read_folder(tmp_path), UNDER5, Known())
    assert are_true(found, counts)
    assert found["verdict"].value_counts().to_dict() == {"exact": 6, "narrowed": 9}


def test_sums_together_tell_what_none_tells_alone():
    system = System()
    x, y, z = (system.cell("P1", p) for p in "xyz")
    for pair in ((x, y), (y, z), (x, z)):
        system.relate(dict.fromkeys(pair, 1.0), 6, 6)
    assert system.followed([x]) == {x: (0, 6)}
    assert system.ranges([x], (1, 4)) == {x: (3, 3)}


def test_figures_that_contradict_are_told():
    system = System()
    x, y = system.cell("P1", "x"), system.cell("P1", "y")
    system.within(x, 5, 5)
    system.relate({x: 1.0, y: 1.0}, 3, 3)
    with pytest.raises(Contradiction):
        system.ranges([y], (1, 4))


def an_impact(counts: pd.DataFrame, threshold: float, levels: list[float]) -> dict[str, object]:
    """An impact on practices of known lists, of which everything but the list is hidden."""
    shares = counts["outside"] / counts["patients"]
    crossing = [
        {"threshold": t, "before": int((shares > t).sum()), "after": 0}
        for t in sorted({*levels, threshold})
    ]
    rows = [
        {"code": code, "home_before": "north", "home_after": None, "patients": int(n)}
        | {"patients_before": int(n), "outside_before": None, "share_before": None}
        for code, n in counts["patients"].items()
    ]
    return {
        "register": "gp",
        "before": "old",
        "after": "new",
        "threshold": threshold,
        "crossing": crossing,
        "organisations": rows,
    }


def test_many_thresholds_give_the_exact_shares_of_hidden_practices(tmp_path, seed):
    draw = np.random.default_rng(seed)
    index = [f"P{10000 + i}" for i in range(20)]
    counts = pd.DataFrame(
        {"patients": draw.integers(2000, 12000, 20), "outside": draw.integers(0, 9, 20)},
        index=index,
    )
    back = {}
    for thresholds in (4, 500):
        folder = tmp_path / str(thresholds)
        folder.mkdir()
        for t in np.linspace(0, 0.004, thresholds):
            text = json.dumps(an_impact(counts, float(t), [0.01, 0.05]))
            (folder / f"impact.old.new.t{t:.6f}.json").write_text(text)
        found = threshold_attack(read_folder(folder), UNDER5, Known())
        truth = found["organisation"].map(counts["outside"])
        assert truth.between(found["lowest"], found["highest"]).all()
        back[thresholds] = found["verdict"].value_counts().to_dict()
    assert back == {4: {"held": 20}, 500: {"exact": 10, "held": 5, "narrowed": 5}}


def test_rows_in_the_order_of_a_hidden_count_tell_it(tmp_path):
    rows = [("A", 900), ("B", 7), ("C", None), ("D", 2), ("E", None), ("F", 0)]
    long = pd.DataFrame(rows, columns=["organisation", "value"]).assign(area="north")
    long.to_csv(tmp_path / "flows.old.csv", index=False)
    found = order_attack(read_folder(tmp_path), RULES["under5"], Known())
    assert found[["organisation", "lowest", "highest", "verdict"]].to_numpy().tolist() == [
        ["C", 2, 7, "narrowed"],
        ["E", 1, 2, "narrowed"],
    ]


def test_a_status_tells_on_which_side_of_the_threshold_a_hidden_count_lies(tmp_path):
    row = {"code": "P1", "home_before": "n", "home_after": "n", "patients": 40}
    row |= {"patients_before": 40, "patients_after": 40, "outside_before": None}
    row |= {"outside_after": None, "status": "newly_crossing"}
    said = {"before": "old", "after": "new", "threshold": 0.05, "organisations": [row]}
    (tmp_path / "impact.json").write_text(json.dumps(said))
    found = order_attack(read_folder(tmp_path), UNDER5, Known()).set_index("area")
    assert found.loc["old:away", ["lowest", "highest"]].tolist() == [0, 2]
    assert found.loc["new:away", ["lowest", "highest"]].tolist() == [3, 40]


def test_two_layers_that_differ_by_a_sliver_are_subtracted(tmp_path):
    for layer, north, south in (("old", 503, 700), ("new", 500, 703)):
        shown = pd.DataFrame({"north": [north], "south": [south]}, index=["P1"])
        write(shown, tmp_path / f"flows.{layer}.csv")
    blocks = pd.DataFrame(
        {"old": ["north", "north", "south"], "new": ["north", "south", "south"]},
        index=["b1", "b2", "b3"],
    )
    published = read_folder(tmp_path)
    assert len(differencing(published, UNDER5, Known())) == 0
    found = differencing(published, UNDER5, Known(blocks=blocks))
    assert found[["area", "lowest", "highest", "verdict"]].to_numpy().tolist() == [
        ["new:south & old:north", 3, 3, "exact"]
    ]


def test_a_quarter_is_subtracted_from_the_next(tmp_path):
    now = pd.DataFrame({"north": ["*", 900], "south": ["*", "*"]}, index=["P1", "P2"])
    then = pd.DataFrame({"north": [5, 905], "south": ["*", 6]}, index=["P1", "P2"])
    earlier = read_folder(write(then, tmp_path / "then" / "flows.old.csv"))
    published = read_folder(write(now, tmp_path / "now" / "flows.old.csv"))
    found = differencing(published, UNDER5, Known(), earlier=earlier, moved=2)
    assert found[["organisation", "lowest", "highest", "verdict"]].to_numpy().tolist() == [
        ["P1", 3, 7, "narrowed"],
        ["P1", 1, np.inf, "held"],
        ["P2", 4, 8, "narrowed"],
    ]


def test_practices_and_their_network_published_together_are_linked(tmp_path):
    practices = pd.DataFrame({"north": ["*", 20], "south": ["*", 900]}, index=["P1", "P2"])
    network = pd.DataFrame({"north": [23], "south": [1700]}, index=["U1"])
    write(practices, tmp_path / "flows.old.practices.csv")
    folder = write(network, tmp_path / "flows.old.network.csv")
    published = read_folder(folder)
    assert len(recovered(linked_tables(published, UNDER5, Known()))) == 0
    members = pd.Series("U1", index=["P1", "P2"])
    found = recovered(linked_tables(published, UNDER5, Known(members=members)))
    assert found[["organisation", "area", "lowest", "highest"]].to_numpy().tolist() == [
        ["P1", "old:north", 3, 3],
        ["P1", "old:south", 800, 800],
    ]


def test_four_layers_one_after_another_are_linked(tmp_path):
    blocks = pd.DataFrame(
        {"w": list("aabb"), "x": list("abab"), "y": list("abba"), "z": list("abcd")},
        index=[f"b{k}" for k in range(4)],
    )
    people = pd.Series([3, 700, 800, 900], index=blocks.index)
    back = []
    for layer in blocks:
        sums = people.groupby(blocks[layer]).sum().astype(object)
        shown = sums.where((sums == 0) | (sums > 4), "*").to_frame("P1").T
        write(shown, tmp_path / f"flows.{layer}.csv")
        found = linked_tables(read_folder(tmp_path), UNDER5, Known(blocks=blocks))
        back.append(len(recovered(found)))
    assert back == [0, 0, 0, 1]


def test_a_share_that_is_shown_tells_the_count_that_is_not(tmp_path):
    long = pd.DataFrame(
        {"organisation": ["P1", "P1"], "area": ["north", "south"], "value": ["*", "*"]}
    ).assign(share_of_organisation=["0.0015", "0.9985"])
    long.to_csv(tmp_path / "flows.old.csv", index=False)
    found = linked_tables(read_folder(tmp_path), UNDER5, Known({"P1": 2000}))
    # Some may live beyond the layer.
    assert found[["lowest", "highest"]].to_numpy().tolist() == [[1, 3], [645, 1997]]
    long.loc[2] = ["P1", "outside", "0", ""]
    long.to_csv(tmp_path / "flows.old.csv", index=False)
    found = linked_tables(read_folder(tmp_path), UNDER5, Known({"P1": 2000}))
    assert found["lowest"].tolist() == found["highest"].tolist() == [3, 1997]


def test_messages_on_standard_error_are_read(tmp_path):
    text = "LSOA that is no block: 2 rows, 3 people ('E0100')\nno site: 3 rows, 9 people ('A', 'B')"
    (tmp_path / "run.err").write_text(text)
    published = read_folder(tmp_path)
    found = standard_error_and_manifests(published, UNDER5, Known())
    assert found[["organisation", "lowest", "highest", "verdict"]].to_numpy().tolist() == [
        ["A", 1, 8, "held"],
        ["B", 1, 8, "held"],
        ["E0100", 3, 3, "exact"],
    ]
    assert messages(published)["people"].tolist() == [3, 9]


def a_map(folder: Path, text: str, name: str) -> None:
    """A table in which one practice is hidden, and a map or page beside it."""
    rows = [("P10001", "Mill Surgery", 400), ("P10002", "Well Surgery", 900)]
    rows += [("P10003", "Hill Surgery", 1600), ("P10004", "Dale Surgery", 2500)]
    rows += [("P10005", "Ford Surgery", None)]
    table = pd.DataFrame(rows, columns=["code", "name", "patients"])
    blank = {"home_before": "n", "home_after": "n", "outside_before": "", "outside_after": ""}
    table.assign(**blank).to_csv(folder / "impact.old.new.csv", index=False)
    (folder / name).write_text(text)


def test_the_sizes_of_circles_tell_counts(tmp_path):
    codes = {"P10001": 400, "P10002": 900, "P10003": 1600, "P10004": 2500, "P10005": 4}
    circles = "".join(f"<circle id='{c}' r='{n**0.5 / 10:.4f}'/>" for c, n in codes.items())
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{circles}</svg>"
    a_map(tmp_path, svg, "map.svg")
    found = recovered(standard_error_and_manifests(read_folder(tmp_path), UNDER5, Known()))
    assert set(found["organisation"]) == {"P10005"}
    assert found[["lowest", "highest"]].drop_duplicates().to_numpy().tolist() == [[4, 4]]


def test_circles_drawn_by_script_are_read_by_their_popups(tmp_path):
    codes = {"P10001": 400, "P10002": 900, "P10003": 1600, "P10004": 2500, "P10005": 4}
    points = [{"properties": {"p": f"<h3>{c}</h3>", "s": n**0.5}} for c, n in codes.items()]
    a_map(tmp_path, f"<script>var points = {json.dumps(points)};</script>", "map.html")
    found = recovered(standard_error_and_manifests(read_folder(tmp_path), UNDER5, Known()))
    assert found["lowest"].tolist() == found["highest"].tolist() == [4] * len(found) and len(found)


def test_popups_and_alternative_texts_tell_counts(tmp_path):
    table = (
        "<table><tr><th>Where</th><th>Patients</th></tr><tr><td>North</td><td>3</td></tr></table>"
    )
    popup = json.dumps({"p": f"<p>P10005. Its patients.</p>{table}"})
    page = f"<img alt='Ford Surgery with 2 patients in the north'><script>show({popup})</script>"
    a_map(tmp_path, page, "page.html")
    found = recovered(standard_error_and_manifests(read_folder(tmp_path), UNDER5, Known()))
    assert found[["organisation", "area", "lowest"]].to_numpy().tolist() == [
        ["P10005", "North", 3],
        ["P10005", "told in words", 2],
    ]


def test_words_of_a_pdf_and_of_a_picture_are_read(tmp_path):
    from matplotlib.figure import Figure

    figure = Figure()
    figure.text(0.1, 0.5, "Ford Surgery has 2 patients there")
    figure.savefig(tmp_path / "page.pdf")
    (tmp_path / "map.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><desc>Ford Surgery: 3 patients</desc></svg>"
    )
    said = {w.text for w in read_folder(tmp_path).words}
    assert said == {"Ford Surgery has 2 patients there", "Ford Surgery: 3 patients"}


@pytest.mark.parametrize(
    ("rule", "value", "seen"),
    [
        ("under5", 7, (7, 7)),
        ("hes", 0, (0, 0)),
        ("hes", 10, (8, 12)),
        ("hes", 15, (13, 17)),
        ("round5", 0, (0, 2)),
        ("round5", 5, (3, 7)),
    ],
)
def test_a_rounded_count_is_one_of_those_that_round_to_it(rule, value, seen):
    assert RULES[rule].seen(value) == seen


@pytest.mark.parametrize(
    ("lowest", "highest", "verdict"),
    [
        (3, 3, "exact"),
        (0, 0, "held"),
        (1, 4, "held"),
        (1, 3, "narrowed"),
        (2, 90, "narrowed"),
        (40, 90, "held"),
        (1, np.inf, "held"),
    ],
)
def test_a_range_is_judged_by_what_the_rule_leaves(lowest, highest, verdict):
    assert UNDER5.verdict(lowest, highest) == verdict


def test_numbers_are_read_as_publishers_write_them():
    assert [number(x) for x in ("1,234", "15.5%", 3, "0")] == [1234, 0.155, 3, 0]
    assert all(np.isnan(number(x)) for x in ("*", "1 to 4", "<5", "fewer than 5", "", None, "c"))
    assert digits_of("0.31") == pytest.approx(0.005) and digits_of("12.3%") == pytest.approx(5e-4)


def test_a_column_adds_up_over_those_in_its_table_whoever_else_is_named(tmp_path):
    shown = pd.DataFrame({"north": ["*", 10, 13]}, index=["P1", "P2", "total"])
    write(shown, tmp_path / "flows.old.csv")
    a_map(tmp_path, "Counts of 1 to 4 are hidden.", "read.me.txt")
    found = linked_tables(read_folder(tmp_path), UNDER5, Known()).set_index("organisation")
    assert found.loc["P1", ["lowest", "highest"]].tolist() == [3, 3]
