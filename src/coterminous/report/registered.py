"""What do the registers add? Asked in one place, so that a geography without them has an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterminous.registers.listsizes import registered_in
from coterminous.report.numbers import Kind
from coterminous.report.subject import LeftOutError, Subject
from coterminous.report.wording import Figure, Provenance

if TYPE_CHECKING:
    import pandas as pd

    from coterminous.effects.impacts import Impact
    from coterminous.effects.trustflows import Flows
    from coterminous.registers.register import Register
    from coterminous.shares import AnyLayer


def register_of(subject: Subject, role: str) -> Register:
    """Give the register of a role, ``patients`` or ``hospitals``.

    Raises
    ------
    LeftOutError
        When there is none, or it is restricted: what is not published is never written out here.
    """
    name = getattr(subject.settings, role)
    what = {"patients": "patients of general practices", "hospitals": "patients of hospitals"}
    if not name:
        part = subject.area.part
        why = part.without.get({"hospitals": "hospital"}.get(role, role)) if part else None
        if why:
            raise LeftOutError(why)
        raise LeftOutError(f"no register of {what[role]} was named (`{role}`)")
    register = subject.area.register(name)
    if not register.open:
        raise LeftOutError(
            f"the register {name!r} is restricted; nothing of it is written without a rule that "
            "hides small numbers"
        )
    return register


def open_register(subject: Subject, role: str) -> str:
    """Name the register of a role if there is one and it is published; else nothing."""
    try:
        return str(register_of(subject, role).name)
    except LeftOutError:
        return ""


def networks_of(subject: Subject) -> Register | None:
    """Give the register of patients by network, where practices are in networks."""
    key = ("networks", subject.settings.patients)
    if key not in subject._kept:
        register = register_of(subject, "patients")
        column = register.organisations.get("network")
        known = column is not None and bool(column.notna().any())
        subject._kept[key] = register.by("network") if known else None
    found: Register | None = subject._kept[key]
    return found


def impact_of(subject: Subject, register: Register, after: AnyLayer) -> Impact:
    """Say who is on the wrong side of a line, before and under one drawing, once."""
    from coterminous.effects.impacts import impact

    key = ("impact", register.name, after.name)
    if key not in subject._kept:
        subject._kept[key] = impact(
            subject.area,
            register,
            before=subject.before,
            after=after,
            threshold=subject.settings.threshold,
        )
    found: Impact = subject._kept[key]
    return found


def flows_of(subject: Subject, register: Register, layer: AnyLayer) -> Flows:
    """Tabulate who of each area uses which organisation, once."""
    from coterminous.effects.trustflows import flows

    key = ("flows", register.name, layer.name)
    if key not in subject._kept:
        subject._kept[key] = flows(
            subject.area, register, layer=layer, threshold=subject.settings.threshold
        )
    found: Flows = subject._kept[key]
    return found


def based_of(subject: Subject, register: Register) -> pd.Series:
    """Say which organisations count as based here: all, where the register knows no site."""
    from coterminous.registers.basing import based_here

    key = ("based", register.name)
    if key not in subject._kept:
        subject._kept[key] = based_here(
            subject.area, register, [subject.before, subject.after]
        ).fillna(True)
    found: pd.Series = subject._kept[key]
    return found.astype(bool)


def lists_of(subject: Subject, drawing: AnyLayer) -> pd.Series | None:
    """Sum the lists of the practices whose home is in each area; None without a register."""
    try:
        register = register_of(subject, "patients")
    except LeftOutError:
        return None
    found = registered_in(subject.area, drawing, register=register.name)
    return None if found is None else found.reindex(drawing.codes)


def origin_of(
    subject: Subject, register: Register, formula: str, *layers: AnyLayer | None
) -> Provenance:
    """Say how a number of a register was worked out."""
    named = [layer for layer in layers if layer is not None]
    sources = dict.fromkeys(register.sources or (register.source,))
    return Provenance(
        formula=formula,
        layers=tuple(dict.fromkeys(subject.title(layer) for layer in named)),
        weight=register.title,
        date=register.date,
        source="; ".join(subject.published(source) for source in sources if source),
    )


def figure_of(
    subject: Subject,
    register: Register,
    key: str,
    value: Any,
    kind: Kind,
    formula: str,
    *layers: AnyLayer | None,
    table: str = "",
) -> Figure:
    """Make a figure of a register, with its origin."""
    plain = value.item() if hasattr(value, "item") else value
    return Figure.of(key, plain, kind, origin_of(subject, register, formula, *layers), table=table)
