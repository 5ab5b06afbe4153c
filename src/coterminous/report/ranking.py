"""Where does a drawing stand among all that could be drawn? Asked once, for pages and sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterminous.errors import InputError
from coterminous.layer import Layer
from coterminous.report.registered import open_register
from coterminous.report.subject import LeftOutError, Subject

if TYPE_CHECKING:
    from coterminous.drawings.appraisal import Appraisal
    from coterminous.shares import AnyLayer


def appraised(subject: Subject, decision: AnyLayer) -> Appraisal:
    """Set a decision beside every contiguous drawing of the smallest councils, once.

    Raises
    ------
    LeftOutError
        Where there is nothing to be set beside.
    """

    def work_out() -> Appraisal | str:
        try:
            return _appraised_of(subject, decision)
        except (InputError, LeftOutError) as error:
            return str(error)

    found = subject.once(("appraised", decision.name), work_out)
    if isinstance(found, str):
        raise LeftOutError(found)
    made: Appraisal = found
    return made


def _appraised_of(subject: Subject, decision: AnyLayer) -> Appraisal:
    """Set a decision beside every contiguous drawing of the smallest councils."""
    from coterminous.drawings.appraisal import option_appraisal

    units, against = subject.role("lower"), subject.role("upper")
    if units is None or against is None:
        raise LeftOutError(
            "no councils were named to draw from (`lower`) and compare with (`upper`)"
        )
    if len(decision) < 2:
        raise LeftOutError("one area can be grouped in no other way")
    _refuse_pieces(subject, units)
    there = int((units.totals(subject.area.weight(subject.weight)) > 0).sum())
    if there < len(decision):
        raise LeftOutError(
            f"there are {there:,} of the {subject.titled(units)} here, too few to be grouped into "
            f"{len(decision)} areas"
        )
    chosen: dict[str, Any] = {
        "decision": decision,
        "units": units,
        "within": subject.role("within") or decision,
        "before": subject.before,
        "against": against,
        "scores": _published_scores(subject),
        "named": [layer for _, layer in subject.drawings() if isinstance(layer, Layer)],
    }
    try:
        found = option_appraisal(subject.area, **chosen)
    except InputError:
        found = None
    if found is None or _only(found):
        # Where none or one is plausible by the size of its areas, rank among all of them.
        found = option_appraisal(subject.area, **chosen, among="all")
    if _only(found):
        raise LeftOutError(
            f"there is only one way to group {subject.titled(units)} into {len(decision)} areas"
        )
    return found


def _refuse_pieces(subject: Subject, units: AnyLayer) -> None:
    """Leave the section out where no drawing can hold together, as of islands without a bridge."""
    from coterminous.drawings.enumerating import count_options

    within = subject.role("within")
    if not isinstance(units, Layer) or not (within is None or isinstance(within, Layer)):
        return
    try:
        count_options(subject.area, units=units, within=within)
    except InputError as error:
        if " pieces: " not in str(error):
            return  # whatever else is wrong is said by those who draw
        raise LeftOutError(
            f"the {subject.titled(units)} here are in several pieces that touch nowhere, and a "
            "way to make areas in one piece is not to be had without a link between them"
        ) from None


def _only(found: Appraisal) -> bool:
    """Whether there is no other drawing to be ranked among."""
    return int(found.standing["of"].iloc[0]) < 2


def _published_scores(subject: Subject) -> list[str] | None:
    """Leave out the scores of a register that is restricted; None leaves none out."""
    needs = {"localisation": "hospitals", "inside_practice_area": "patients"}
    restricted = {
        score
        for score, role in needs.items()
        if getattr(subject.settings, role) and not open_register(subject, role)
    }
    if not restricted:
        return None
    scores = ["v_measure", "localisation", "inside_practice_area", "largest", "people_moved"]
    return [score for score in scores if score not in restricted]
