"""Does an error of a layer's recipe name the file and the layer?"""

from __future__ import annotations

import pytest

import coterminous as ct
from coterminous.errors import InputError

GEOGRAPHY = """
name = "Town"
layers = { files = ["layers.toml"] }
[blocks]
file = "blocks.csv"
code = "code"
[lookup]
file = "blocks.csv"
[[weight]]
name = "people"
file = "blocks.csv"
column = "people"
"""
WARD = '[[layer]]\nname = "ward"\nlookup = { code = "ward" }\n'


def loaded(folder, layers: str, wards: str = "w1,w2"):
    one, other = wards.split(",")
    (folder / "blocks.csv").write_text(
        f"code,ward,people\nb1,{one},1\nb2,{other},2\n", encoding="utf-8"
    )
    (folder / "geography.toml").write_text(GEOGRAPHY, encoding="utf-8")
    (folder / "layers.toml").write_text(layers, encoding="utf-8")
    area = ct.load(data_dir=folder)
    return [area.layer(name) for name in area.layer_names]


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ('units = "wards"\n[[layer.area]]\ncode = "n"\nof = ["w1"]', "is 'wards'"),
        ('units = "ward"\n[[layer.area]]\ncode = "n"\nof = ["w9"]', "'w9'"),
        (
            'units = "ward"\n[[layer.area]]\ncode = "north"\nof = ["w1"]\n'
            '[[layer.area]]\ncode = "NORTH"\nof = ["w2"]',
            "`[[layer.area]]`",
        ),
    ],
)
def test_the_file_and_the_layer_are_named(tmp_path, area, said):
    with pytest.raises(InputError) as raised:
        loaded(tmp_path, f'{WARD}[[layer]]\nname = "before"\n{area}\n')
    told = str(raised.value)
    assert told.startswith(str(tmp_path / "layers.toml"))
    assert "layer 'before'" in told
    assert said in told
    assert "`lookup` of layer" not in told
