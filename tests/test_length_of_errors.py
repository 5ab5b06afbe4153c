"""Is an error short enough to be read, however much would have been allowed?"""

from __future__ import annotations

import pandas as pd
import pytest

import coterminous as ct
from coterminous.errors import InputError, some_of, unknown

LONGEST = 400
MANY = [f"Ward of the {i:03d}th Parish" for i in range(300)]


@pytest.fixture
def layer():
    codes = [f"E0500{i:04d}" for i in range(300)]
    return ct.Layer.from_lookup(
        "wards",
        pd.Series({f"b{i}": code for i, code in enumerate(codes)}),
        names=dict(zip(codes, MANY, strict=True)),
    )


def test_the_first_few_are_listed_and_the_rest_counted():
    assert some_of(MANY[:9]) == f"{', '.join(MANY[:6])} and 3 more"
    assert some_of(["x" * 500, "y"]) == f"{'x' * 500} and 1 more"
    assert some_of([]) == "(none)"


def test_an_area_that_is_not_there_is_told_with_the_nearest_and_where_all_are(layer):
    with pytest.raises(InputError) as raised:
        layer.find("Ward of the 250th Parsh")
    told = str(raised.value)
    assert "Did you mean 'Ward of the 250th Parish" in told
    assert "area.layer('wards').areas lists them all." in told
    assert len(told) <= LONGEST


@pytest.mark.parametrize(
    "asked",
    [
        lambda: ct.translate(pd.Series({"E01000001": 1}), to="lsoa1991"),
        lambda: ct.codes(["E01000001"], expected="lsoa1991"),
        lambda: (_ for _ in ()).throw(unknown("setting", "titel", MANY)),
    ],
)
def test_no_error_of_a_name_is_long(asked):
    with pytest.raises(InputError) as raised:
        asked()
    assert len(str(raised.value)) <= LONGEST
