"""Which names can stand here? Layers, weights and registers, completed in IPython and Jupyter.

``area.layer("``, ``area.overlap("pbp2021", "`` or ``ct.impact(area, before="``: Tab shows the names
of the geography that stands there; after a comma, the options that can follow. Nothing is run to
find out: only names that are already bound are looked up.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

#: What the arguments of public functions name; an argument that is not here names nothing.
LAYERS = frozenset(
    ["after", "against", "base", "before", "by", "context", "decision", "detail", "first"]
    + ["layer", "layers", "named", "options", "second", "source", "target", "units", "within"]
    + ["drawings", "later", "lower", "neighbourhoods", "parts", "upper", "whole"]
)
REGISTERS = frozenset(["hospitals", "patients", "practices", "register", "registers", "trusts"])
#: Methods of a geography whose first argument is called `name`.
_BY_NAME = {"layer": "layer_names", "register": "register_names"} | dict.fromkeys(
    ("weight", "weight_info"), "weight_names"
)
#: A text that is not closed at the end of what has been typed.
_OPEN_TEXT = re.compile(r"""(?P<quote>["'])(?P<typed>[^"'\n]*)\Z""")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def names_for(code: str, bound: dict[str, Any]) -> tuple[str, list[str]]:
    """Give the names that can stand in the text at the end of some code, and what is typed of it.

    Parameters
    ----------
    code
        What has been typed, up to the cursor.
    bound
        What each name of the session is bound to.

    Returns
    -------
    tuple of str and list of str
        Empty where the text is no argument that names a layer, a weight or a register.
    """
    text = _OPEN_TEXT.search(code)
    if text is None:
        return "", []
    call = _open_call(code[: text.start()])
    if call is None:
        return "", []
    called, arguments, before = call
    function = _looked_up(called, bound)
    if not isinstance(function, FunctionType | MethodType | type) or not _is_ours(function):
        return "", []
    area = _geography(function, arguments, bound)
    parameter = _parameter(function, arguments, before)
    if area is None or parameter is None:
        return "", []
    return text["typed"], [n for n in _names(area, function, parameter) if text["typed"] in n]


def options_for(code: str, bound: dict[str, Any]) -> list[str]:
    """Give the options that can still be named at the end of a call of ours, as ``name=``.

    Only where nothing of the next argument is typed: there Python's own completion offers all
    names that there are.
    """
    if not re.search(r"[(,]\s*\Z", code):
        return []
    call = _open_call(code)
    if call is None:
        return []
    called, arguments, _ = call
    function = _looked_up(called, bound)
    if not isinstance(function, FunctionType | MethodType | type) or not _is_ours(function):
        return []
    named = {part.partition("=")[0].strip() for part in arguments}
    kept = [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.kind is one.KEYWORD_ONLY and one.name not in named
    ]
    return [f"{name}=" for name in kept]


def _open_call(code: str) -> tuple[str, list[str], str] | None:
    """Find the call whose brackets are open at the end: its function, arguments, and the last."""
    depth: list[str] = []
    commas: list[int] = []
    for at in range(len(code) - 1, -1, -1):
        sign = code[at]
        if sign in _PAIRS:
            depth.append(_PAIRS[sign])
        elif sign in "([{":
            if depth:
                depth.pop()
            elif sign == "(":
                name = _DOTTED.search(code[:at])
                if name is None:
                    return None
                cuts = [at, *reversed(commas), len(code)]
                parts = [code[a + 1 : b] for a, b in zip(cuts, cuts[1:], strict=False)]
                return name[0], parts[:-1], parts[-1]
            else:  # inside a list of an argument
                commas = []
        elif sign == "," and not depth:
            commas.append(at)
        elif sign in "\"'" and not depth:
            # Within a text nothing counts; go back to where it begins.
            begin = code.rfind(sign, 0, at)
            if begin < 0:
                return None
            return _open_call(code[:begin] + "_" * (at + 1 - begin) + code[at + 1 :])
    return None


def _looked_up(dotted: str, bound: dict[str, Any]) -> Any:
    """Look up a dotted name, running nothing: modules' and types' own names, and methods."""
    first, *rest = dotted.split(".")
    found = bound.get(first)
    for name in rest:
        if isinstance(found, ModuleType):
            found = getattr(found, name, None) if _is_ours(found) else None
        else:
            held = inspect.getattr_static(type(found), name, None)
            found = MethodType(held, found) if isinstance(held, FunctionType) else None
    return found


def _is_ours(thing: Any) -> bool:
    name = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", "")
    return str(name).partition(".")[0] == "coterminous"


def _is_geography(thing: Any) -> bool:
    return type(thing).__name__ == "Geography" and _is_ours(type(thing))


def _geography(function: Any, arguments: list[str], bound: dict[str, Any]) -> Any | None:
    """Find the geography that a call is about: whose method it is, or which it is given."""
    owner = getattr(function, "__self__", None)
    given = [bound.get(part.partition("=")[2].strip() or part.strip()) for part in arguments]
    return next((thing for thing in (owner, *given) if _is_geography(thing)), None)


def _parameter(function: Any, arguments: list[str], before: str) -> str | None:
    """Name the parameter that is being typed, by its keyword or by its place."""
    keyword = re.match(r"\s*([^\W\d]\w*)\s*=", before)
    if keyword:
        return keyword[1]
    placed = [part for part in arguments if not re.match(r"\s*[^\W\d]\w*\s*=[^=]", part)]
    for place, one in enumerate(inspect.signature(function).parameters.values()):
        if one.kind is one.VAR_POSITIONAL or place == len(placed):
            return one.name
    return None


def _names(area: Any, function: Any, parameter: str) -> Iterable[str]:
    if parameter == "name":
        return getattr(area, _BY_NAME.get(function.__name__, ""), ())
    if parameter == "column":
        from coterminous.maps.choosing import columns_of

        return tuple(columns_of(area))
    if parameter == "weight":
        return tuple(area.weight_names)
    if parameter in REGISTERS:
        return tuple(area.register_names)
    return tuple(area.layer_names) if parameter in LAYERS else ()


def complete_in(shell: InteractiveShell) -> None:
    """Let Tab complete names of layers, weights and registers in an IPython session."""
    try:
        from IPython.core.completer import SimpleCompletion, context_matcher
    except ImportError:  # an IPython older than 8.6: nothing is completed, and nothing breaks
        return

    @context_matcher(identifier="coterminous")
    def matcher(context: Any) -> dict[str, Any]:
        lines = context.full_text.split("\n")
        typed = "\n".join([*lines[: context.cursor_line], context.line_with_cursor])
        cut = len(typed) - len(context.line_with_cursor) + context.cursor_position
        fragment, names = names_for(typed[:cut], shell.user_ns)
        kind = "name"
        if not names:
            fragment, names, kind = "", options_for(typed[:cut], shell.user_ns), "param"
        return {
            "completions": [SimpleCompletion(text=name, type=kind) for name in names],
            "matched_fragment": fragment,
            "ordered": True,
            "suppress": bool(names),
        }

    matchers: list[Callable[..., Any]] = shell.Completer.custom_matchers
    known = {getattr(one, "matcher_identifier", "") for one in matchers}
    if "coterminous" not in known:
        matchers.append(matcher)
