"""A folder's tables and a lookup by the codes of another year are refused with what mends them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import coterminous as ct
from coterminous.cli import main
from coterminous.errors import InputError
from coterminous.folders.lookup_files import read_lookup

ENGLAND = Path(__file__).resolve().parents[2] / "data" / "england"


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    """A split LSOA, its parts, and twenty neighbours that did not change."""
    every = pd.read_parquet(ENGLAND / "lsoa11_lsoa21.parquet")
    split = every[every["change_code"] == "S"]
    one = split[split["lsoa11_code"] == split["lsoa11_code"].iloc[0]]
    return pd.concat([every[every["change_code"] == "U"].head(20), one])


@pytest.fixture
def folder(tmp_path, pairs) -> Path:
    """Blocks of 2011, and counts of people by LSOAs of 2021."""
    (tmp_path / "geo").mkdir()
    blocks = pairs["lsoa11_code"].drop_duplicates()
    pd.DataFrame({"code": blocks}).to_csv(tmp_path / "geo" / "blocks.csv", index=False)
    people = pd.DataFrame({"LSOA21CD": pairs["lsoa21_code"], "people": range(1, len(pairs) + 1)})
    people.to_csv(tmp_path / "geo" / "people.csv", index=False)
    (tmp_path / "geo" / "geography.toml").write_text(
        '[blocks]\nfile = "blocks.csv"\ncode = "code"\n'
        '[[weight]]\nname = "population"\nfile = "people.csv"\ncode = "LSOA21CD"\n'
        'column = "people"\n',
        encoding="utf-8",
    )
    return tmp_path / "geo"


def test_people_by_lsoas_of_2021_are_refused_and_the_command_mends_them(folder, pairs, capsys):
    file = folder / "people.csv"
    with pytest.raises(InputError) as refused:
        ct.load(data_dir=folder).weight("population")
    split = pairs[pairs["change_code"] == "S"]
    assert str(refused.value) == (
        f"{file} has no row for 1 of 21 codes: {split['lsoa11_code'].iloc[0]!r}; its codes are "
        "LSOAs of 2021 and those are LSOAs of 2011; translate counts with "
        "coterminous.translate(values, to='lsoa2011'), areas with "
        "coterminous.vintages.translate_lookup(areas, to='lsoa2011'), a file of either with "
        "`coterminous translate FILE --to lsoa2011`"
    )
    given = pd.read_csv(file).set_index("LSOA21CD")["people"]
    made = folder / "made.csv"
    advised = ["translate", str(file), "--to", "lsoa2011", "--values", "people", "--out", str(made)]
    assert main(advised) == 0
    capsys.readouterr()
    settings = (folder / "geography.toml").read_text(encoding="utf-8")
    settings = settings.replace("people.csv", "made.csv").replace("LSOA21CD", "lsoa2011")
    (folder / "geography.toml").write_text(settings, encoding="utf-8")
    weight = ct.load(data_dir=folder).weight("population")
    assert weight.sum() == given.sum()
    assert weight[split["lsoa11_code"].iloc[0]] == given[split["lsoa21_code"]].sum()


def test_a_lookup_by_lsoas_of_2021_is_refused_in_the_same_words(tmp_path, pairs):
    file = tmp_path / "wards.csv"
    pd.DataFrame({"LSOA21CD": pairs["lsoa21_code"], "WD24CD": "W1"}).to_csv(file, index=False)
    blocks = pd.Index(pairs["lsoa11_code"].drop_duplicates())
    with pytest.raises(InputError, match="its codes are LSOAs of 2021 and those are LSOAs of 2011"):
        read_lookup(file, blocks=blocks)
