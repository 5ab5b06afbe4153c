"""Can neighbours be told apart where colours cannot be seen: on grey paper, by the colour-blind?

The matrices and the distance are worked out here, apart from the library: Viénot, Brettel and
Mollon 1999 (doi 10.1002/(SICI)1520-6378(199908)24:4<243::AID-COL5>3.0.CO;2-3) for those who lack
one kind of cone, and the distance of CIE 1976 in L*a*b*.
"""

from __future__ import annotations

import numpy as np
import pytest

import coterminous as ct
from coterminous.maps.colours import colour_register

_TO_CONES = np.array(
    [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
)
_LACKING = {
    "nobody": np.eye(3),
    "protan": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deutan": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def _linear(colour):
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear):
    xyz = _TO_XYZ @ np.clip(linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def _seen(colour, by):
    cones = _LACKING[by] @ _TO_CONES @ _linear(colour)
    return _lab(np.linalg.inv(_TO_CONES) @ cones)


def _pairs(area, made, name):
    touching = area.neighbours(name)
    colours = made[name]
    return {
        tuple(sorted((colours[str(a)], colours[str(b)])))
        for a, b in zip(touching["a"], touching["b"], strict=True)
    }


def _register(area, before, others, parts=None):
    layers = [area.layer(name) for name in others]
    inner = {whole: area.layer(name) for whole, name in (parts or {}).items()}
    made = colour_register(
        area, area.layer(before), layers, parts=inner, weight=area.role("residents")
    )
    return set().union(*(_pairs(area, made, name) for name in made))


@pytest.fixture(scope="module")
def beside():
    """Every pair of fills that touch on the maps of the pages: of the decision, and of others."""
    pairs = _register(ct.load(), "pbp2021", ["place2022"], parts={"place2022": "footprint2022"})
    for board in ("QOQ", "QK1", "E08000035"):
        area = ct.load(board)
        pairs |= _register(area, area.role("before"), [area.role("after")])
    return pairs


def test_there_are_pairs_to_look_at(beside):
    assert len(beside) > 12


@pytest.mark.parametrize("by", sorted(_LACKING))
def test_neighbours_differ_for(beside, by):
    """Two that differ by ten are told apart side by side, without a line between them."""
    near = {
        pair: round(float(np.linalg.norm(_seen(pair[0], by) - _seen(pair[1], by))), 1)
        for pair in beside
    }
    assert {pair: gap for pair, gap in near.items() if gap < 10} == {}


def test_neighbours_differ_in_grey_print(beside):
    """On grey paper lightness is left: five of the hundred steps of L* beside a dark line."""
    near = {
        pair: round(float(abs(_lab(_linear(pair[0]))[0] - _lab(_linear(pair[1]))[0])), 1)
        for pair in beside
    }
    assert {pair: gap for pair, gap in near.items() if gap < 5} == {}
