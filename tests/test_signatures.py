"""A signature says what can be asked: every option by name, with its type, and in the words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

import coterminous as ct
from coterminous import maps
from coterminous.polygons.fitting import layer_from_polygons
from coterminous.registers import registrations


def public() -> Iterator[tuple[str, object]]:
    """Give every public function, and every public method of every public class."""
    for name in ct.__all__:
        found = getattr(ct, name)
        if not isinstance(found, type):
            yield name, found
            continue
        for attribute in dir(found):
            held = inspect.getattr_static(found, attribute)
            function = getattr(held, "__func__", held)
            if not attribute.startswith("_") and inspect.isfunction(function):
                yield f"{name}.{attribute}", function


PUBLIC = dict(public())


def parameters(function):
    kept = inspect.signature(function).parameters.values()
    return [one for one in kept if one.name not in ("self", "cls")]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_no_option_is_hidden_and_each_has_a_type(name):
    hidden = [one.name for one in parameters(PUBLIC[name]) if one.kind is one.VAR_KEYWORD]
    assert hidden == []
    assert [one.name for one in parameters(PUBLIC[name]) if one.annotation is one.empty] == []
    assert inspect.signature(PUBLIC[name]).return_annotation is not inspect.Signature.empty


#: Doors between topics, which no analyst asks for; and one that says where its options are told.
INSIDE = {"Geography.made_of", "Geography.once_for", "CutLayer.group"}


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - INSIDE))
def test_each_option_is_told_of_where_it_is_asked_for(name):
    told = inspect.getdoc(PUBLIC[name]).partition("Parameters\n---")[2].partition("Returns\n---")[0]
    named = set(re.findall(r"\w+", " ".join(re.findall(r"^[*\w].*$", told, re.MULTILINE))))
    assert {one.name for one in parameters(PUBLIC[name])} <= named


@pytest.mark.parametrize(
    ("method", "function", "given"),
    [
        (ct.Geography.explore, maps.explore, "area"),
        (ct.Geography.plot, maps.plot, "area"),
        (ct.Layer.from_polygons, layer_from_polygons, ""),
        (ct.Register.from_nhs_registrations, registrations.of_registrations, "own_register"),
        (ct.Register.from_ohid_trusts, registrations.of_trust_patients, ""),
    ],
)
def test_a_method_asks_for_what_the_function_behind_it_does(method, function, given):
    def asked(one):
        return [(p.name, p.kind, p.default) for p in parameters(one) if p.name != given]

    assert asked(method) == asked(function)


def test_the_appendix_can_be_asked_for_every_setting():
    from dataclasses import fields

    from coterminous.report.settings import Settings

    asked = set(inspect.signature(ct.appendix).parameters)
    assert {field.name for field in fields(Settings)} <= asked


def test_a_scenario_can_be_asked_for_every_check():
    from coterminous.scenarios.checks import CHECKS

    assert set(inspect.signature(ct.Scenario.check).parameters) - {"self"} == set(CHECKS)


def test_what_the_areas_are_called_can_be_asked_for_by_name(grid):
    from coterminous.report.settings import settle

    asked = {"before": "rows", "after": "columns", "words": {"before": "row", "after": ["w", "ww"]}}
    settings = settle(grid, given=asked)
    assert [settings.noun(role) for role in ("before", "after")] == ["rows", "ww"]
