"""What a public function cannot take is one sentence, before anything is done."""

from __future__ import annotations

import inspect

import pytest

import coterminous as ct
from coterminous.errors import CallError

FUNCTIONS = {
    name: found
    for name in ct.__all__
    if inspect.isfunction(found := getattr(ct, name)) and name not in ("readable", "protect")
}
OF_AREA = [n for n, f in FUNCTIONS.items() if next(iter(inspect.signature(f).parameters)) == "area"]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_an_option_that_is_none_is_named_with_the_nearest(name):
    function = FUNCTIONS[name]
    option = list(inspect.signature(function).parameters)[-1]
    with pytest.raises(CallError) as raised:
        function(**{f"{option}s": 1})
    said = str(raised.value)
    assert said.startswith(f"`{name}` has no option '{option}s'. Did you mean '{option}'?")
    assert "\n" not in said


@pytest.mark.parametrize("name", OF_AREA)
@pytest.mark.parametrize("given", ["pbp2021", None, 7])
def test_a_first_argument_that_is_no_geography_is_told_what_was_expected(name, given):
    with pytest.raises(CallError, match=r"`area` is .*give a geography first, such as"):
        FUNCTIONS[name](given)


def test_most_functions_are_asked_of_a_geography():
    assert len(OF_AREA) >= 17


def test_what_is_lacking_is_named():
    with pytest.raises(CallError, match="missing a required argument: 'register'"):
        ct.impact(ct.load(), before="pbp2021", after="footprint2022")


def test_it_is_a_type_error_too_as_python_has_it():
    with pytest.raises(TypeError):
        ct.load().plot("pbp2021", colour="red")


def test_a_signature_stays_what_it_was():
    assert list(inspect.signature(ct.impact).parameters)[:2] == ["area", "register"]
    assert ct.impact.__doc__.startswith("Say which organisations")
    assert ct.impact.__module__ == "coterminous.effects.impacts"
