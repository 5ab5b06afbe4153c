"""The map appendix of a paper: plates of A4 that each say a finding, in print and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterminous.arguments import asked, several
from coterminous.errors import InputError, unknown
from coterminous.files import check_replaceable, replacing_folder, write_json
from coterminous.maps.paper.plate import Plate, Plates
from coterminous.roles import BY_ROLE, ByRole

if TYPE_CHECKING:
    from coterminous.drawings.optionsets import Options
    from coterminous.geography import Geography
    from coterminous.shares import AnyLayer

FORMATS = ("png", "svg", "pdf")


@asked
def plates(
    area: Geography,
    *,
    before: str | AnyLayer,
    after: str | AnyLayer,
    context: str | AnyLayer | ByRole | None = BY_ROLE,
    detail: str | AnyLayer | ByRole | None = BY_ROLE,
    practices: str | ByRole | None = BY_ROLE,
    trusts: str | ByRole | None = BY_ROLE,
    options: Sequence[str | AnyLayer] | Options = (),
    weight: str | None = None,
    out: str | Path | None = None,
    formats: Sequence[str] = ("png", "svg"),
    dpi: int = 300,
) -> Plates:
    """Make the plates of a change of boundaries.

    Parameters
    ----------
    area
        The geography.
    before, after
        The old layer and the new.
    context
        The layer whose boundaries are drawn as broken lines; the councils if not given, none
        where None.
    detail
        A layer inside the new one, with a plate of its own; the `parts` if not given, likewise.
    practices, trusts
        The registers of the plates on practices and on hospitals; `patients` and `hospital` if
        not given, likewise.
    options
        Other drawings side by side on a plate of their own: layers, or what `coterminous.options`
        found, of which the Pareto front is drawn.
    weight
        What is counted.
    out
        A folder to write to; nothing is written where None. An older one is replaced only when the
        new one is whole, and what was put there or changed by hand is left as it was; a warning of
        the log names it.
    formats
        Of what is written: ``png``, ``svg``, ``pdf``.
    dpi
        Dots an inch of a PNG.

    Returns
    -------
    Plates
        A dict of plates by name: ``before``, ``after``, ``detail``, ``changes``, ``flows``,
        ``practices``, ``trusts``, ``options``; those whose need is not there are left out.

    Raises
    ------
    InputError
        If a layer, a register or a format is unknown, a layer has no polygon, or the folder holds
        other things and no manifest of an earlier run.

    Examples
    --------
    >>> import coterminous as ct
    >>> made = plates(ct.load(), before="pbp2021", after="place2022", practices=None, trusts=None)
    >>> list(made)
    ['before', 'after', 'detail', 'changes', 'flows']
    """
    from coterminous.drawings.optionsets import Options
    from coterminous.maps.paper import platekinds as kinds
    from coterminous.maps.paper.practiceplate import practice_plate

    formats = several(formats, "formats")
    options = options if isinstance(options, Options) else several(options, "options")
    strange = [f for f in formats if f not in FORMATS]
    if strange:
        raise unknown("formats", strange[0], FORMATS)
    if not dpi > 0:
        raise InputError(f"`dpi` is {dpi!r}; give dots an inch above 0, such as 300")
    if out is not None:
        check_replaceable(out)
    ends = area.layer(before, argument="before"), area.layer(after, argument="after")
    weight = area.counted(weight)
    council = _layer(area, context, "councils")
    inner = _layer(area, detail, "parts")
    lists = None if practices is None else area.meant(practices, "patients")
    hospitals = None if trusts is None else area.meant(trusts, "hospital")
    anybody = len(area.overlap(*ends, weight=weight).table) > 0
    wanted: dict[str, Callable[[], Plate] | None] = {
        "before": lambda: kinds.layer_plate(area, "before", ends[0], council),
        "after": lambda: kinds.layer_plate(area, "after", ends[1], council),
        "detail": None if inner is None else lambda: kinds.detail_plate(area, inner, weight),
        "changes": lambda: kinds.change_plate(area, *ends, weight),
        "flows": (lambda: kinds.flow_plate(area, *ends, weight)) if anybody else None,
        "practices": (
            (lambda: practice_plate(area, *ends, str(lists))) if lists is not None else None
        ),
        "trusts": (
            (lambda: kinds.trust_plate(area, ends[1], str(hospitals)))
            if hospitals is not None
            else None
        ),
        "options": _options(area, options, weight),
    }
    made = Plates({name: make() for name, make in wanted.items() if make is not None})
    if out is not None:
        write(made, out, formats=formats, dpi=dpi)
    return made


def _options(
    area: Geography, options: Sequence[str | AnyLayer] | Options, weight: str
) -> Callable[[], Plate] | None:
    from coterminous.drawings.optionsets import Options
    from coterminous.maps.paper import optionplates

    if isinstance(options, Options):
        return lambda: optionplates.front_plate(area, options)
    return (lambda: optionplates.options_plate(area, options, weight)) if options else None


def _layer(area: Geography, given: str | AnyLayer | ByRole | None, role: str) -> AnyLayer | None:
    """Give a layer, or the one that has a role; None where None is asked for or none has it."""
    found = None if given is None else area.meant(given, role)
    return None if found is None else area.layer(found)


def write(
    made: dict[str, Plate],
    out: str | Path,
    *,
    formats: Sequence[str] = ("png", "svg"),
    dpi: int = 300,
) -> list[Path]:
    """Write plates to a folder, with ``plates.json``: each one's title and words; see `plates`.

    Returns
    -------
    list of pathlib.Path
        The files, in the order of the plates.
    """
    folder = Path(out)
    names = []
    told: list[dict[str, Any]] = [
        {"name": plate.name, "title": plate.title, "alt": plate.alt} for plate in made.values()
    ]
    with replacing_folder(folder) as beside:
        for number, plate in enumerate(made.values(), start=1):
            for kind in formats:
                names.append(f"plate-{number:02}-{plate.name}.{kind}")
                plate.save(beside / names[-1], dpi=dpi)
        write_json(told, beside / "plates.json")
    return [folder / name for name in names]
