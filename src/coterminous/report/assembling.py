"""How is the appendix made? Sections of a geography, written in each format, put in place."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coterminous.arguments import asked
from coterminous.errors import InputError, UnsoundError, unknown
from coterminous.files import check_replaceable, replacing_folder, sha256
from coterminous.maps.points import towns_of
from coterminous.report import record
from coterminous.report.content import Document, Section, Table
from coterminous.report.entries import Entry, Gathered, entries, in_the_making
from coterminous.report.settings import (
    FORMATS,
    Settings,
    check_listed,
    lacking,
    said_of_lacking,
    settle,
)
from coterminous.report.subject import LeftOutError, Part, Subject
from coterminous.report.watching import Made, Progress, a_line

if TYPE_CHECKING:
    from coterminous.geography import Geography

logger = logging.getLogger(__name__)


@asked
def appendix(  # noqa: PLR0913 - every setting of the paper can be asked for by name
    area: Geography,
    *,
    before: str | None = None,
    after: str | None = None,
    out: str | Path = "appendix",
    settings: str | Path | None = None,
    progress: Progress | None = None,
    whole: str | None = None,
    parts: str | None = None,
    within: str | None = None,
    upper: str | None = None,
    lower: str | None = None,
    later: str | None = None,
    neighbourhoods: str | None = None,
    options: str | Sequence[str] | None = None,
    patients: str | None = None,
    hospitals: str | None = None,
    title: str | None = None,
    question: str | None = None,
    status: str | None = None,
    organisation: str | None = None,
    date: str | None = None,
    language: str | None = None,
    analyst: str | None = None,
    checker: str | None = None,
    version: str | None = None,
    palette: str | None = None,
    threshold: float | None = None,
    sections: str | Sequence[str] | None = None,
    full: bool | None = None,
    formats: str | Sequence[str] | None = None,
    statements: str | Path | None = None,
    verdicts: bool | None = None,
    logo: str | Path | None = None,
    template: str | Path | None = None,
    place_largest: int | None = None,
    neighbourhood_smallest: int | None = None,
    neighbourhood_largest: int | None = None,
    words: Mapping[str, str | Sequence[str]] | None = None,
    styles: Mapping[str, str] | None = None,
) -> Path:
    """Write the appendix of a board paper: one folder, ready to attach.

    Parameters
    ----------
    area
        The geography.
    before, after
        The layers to compare; those of the geography's own settings where not given.
    out
        The folder to write. An older one is replaced only when the new one is whole, and what was
        put there or changed by hand is left as it was; a warning of the log names it.
    settings
        An ``appendix.toml``.
    progress
        Called with what is being done, how many steps are done, and how many there are. If not
        given a line shows it in a notebook and on a terminal.
    whole, parts
        The layer that groups the areas of `after` (places that hold delivery units), and the
        layer of those units alone.
    within
        The layer inside which all drawings lie.
    upper, lower, later
        Layers of councils to compare with: upper-tier, lower-tier, and of a later date.
    neighbourhoods
        The layer of the smallest areas of which a guideline speaks.
    options
        Other drawings to compare, by name.
    patients, hospitals
        The registers of practices' patients and of hospitals'.
    title, question, status, organisation, date, language, analyst, checker, version
        What stands on the first page and at the sign-off: what was asked, whether the paper is a
        draft, whose it is; the language is a BCP 47 tag.
    palette
        A colour map of matplotlib, for the maps.
    threshold
        The share of an organisation's people that counts, such as 0.05.
    sections, formats
        Which pages and sections, and which formats; the eight pages if not given, in all formats
        that can be: ``html``, ``docx``, ``pdf`` and ``xlsx``.
    full
        Whether every section follows the pages; else their tables stand in the workbook alone.
    statements
        A file of what people said, to be tested.
    verdicts
        Whether words of judgement stand beside what people said.
    logo, template
        A PNG for the first page, and a Word template whose styles are used.
    place_largest, neighbourhood_smallest, neighbourhood_largest
        The people of the guidelines.
    words
        What the areas of `before`, `after`, `whole` and `parts` are called: one, or one and many.
    styles
        The styles of the Word template, by what they are for.

    Returns
    -------
    pathlib.Path
        The folder: ``appendix.html``, ``.docx`` and ``.pdf``, ``maps/``, ``tables/`` with CSV
        files and ``tables.xlsx``, ``pieces/`` and ``manifest.json``.

    Raises
    ------
    InputError
        When a layer, section or setting is unknown, a file cannot be read, or the folder holds
        other things and no manifest of an earlier run.

    Examples
    --------
    >>> import coterminous as ct, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = appendix(ct.load(), out=f"{folder}/paper", sections=("data",), formats=("html",))
    ...     sorted(path.name for path in made.iterdir())
    ['accessibility.html', 'appendix.html', 'manifest.json', 'statements.toml', 'tables']
    """
    asked = {
        "before": before,
        "after": after,
        "whole": whole,
        "parts": parts,
        "within": within,
        "upper": upper,
        "lower": lower,
        "later": later,
        "neighbourhoods": neighbourhoods,
        "options": options,
        "patients": patients,
        "hospitals": hospitals,
        "title": title,
        "question": question,
        "status": status,
        "organisation": organisation,
        "date": date,
        "language": language,
        "analyst": analyst,
        "checker": checker,
        "version": version,
        "palette": palette,
        "threshold": threshold,
        "sections": sections,
        "full": full,
        "formats": formats,
        "statements": statements,
        "verdicts": verdicts,
        "logo": logo,
        "template": template,
        "place_largest": place_largest,
        "neighbourhood_smallest": neighbourhood_smallest,
        "neighbourhood_largest": neighbourhood_largest,
        "words": words,
        "styles": styles,
    }
    check_listed(sections, "sections", [entry.key for entry in entries()])
    chosen = settle(area, file=settings, given=asked)
    _refuse_unsound(area)
    towns_of(area)  # refused here: a picture that cannot be drawn is left out
    target = Made(out)
    check_replaceable(target)
    if chosen.statements is None:
        chosen = replace(chosen, statements=_edited_statements(target))
    # Named before the work, and not found out after it.
    if not formats and (lacks := said_of_lacking(chosen.formats)):
        logger.warning("%s", lacks)
    step = _steps(chosen, progress or a_line())
    document = compose(area, chosen, step=step)
    from coterminous.report.folder import write_folder

    with replacing_folder(target) as folder:
        write_folder(document, folder, area, chosen, step=step)
    step("Done")
    return target


def _refuse_unsound(area: Geography) -> None:
    """Raise if the blocks have polygons that cannot be used: a paper would lack its maps unsaid."""
    try:
        area.geometry  # noqa: B018 - read and looked at here
    except UnsoundError:
        raise
    except InputError:
        return  # there are no polygons, and the sections that need them say so


def _edited_statements(target: Path) -> Path | None:
    """Find the statements of an older appendix that someone has edited in its folder."""
    file = target / "statements.toml"
    if not file.is_file():
        return None
    recorded = record.read_manifest(target / "manifest.json").get("outputs", {})
    return file if recorded.get(file.name) != sha256(file) else None


def compose(
    area: Geography, settings: Settings, *, step: Callable[[str], None] = lambda _: None
) -> Document:
    """Compose the document: every section that can be, and why the others cannot."""
    subject = Subject(_as_people_write(area, settings), settings)
    wanted = _wanted(settings)
    made_too = _made_too(settings, wanted)
    quiet = replace(subject, pictured=False)
    parts: dict[str, Part] = {}
    unprinted: list[tuple[str, str]] = []
    gathered = Gathered(
        left_out=[
            (f"appendix.{written}", f"the package {lacking(written)} is not installed")
            for written in FORMATS
            if written not in settings.formats and lacking(written)
        ]
    )
    # The findings come last: a reader wants the answer first, and it is made of all the rest.
    for entry in in_the_making([*wanted, *made_too]):
        printed = entry in wanted
        if printed:
            step(entry.title)
        try:
            part = entry.part(subject if printed else quiet, gathered)
        except LeftOutError as reason:
            (gathered.left_out if printed else unprinted).append((entry.title, str(reason)))
            gathered.answers |= reason.answers
            continue
        parts[entry.key] = part
        gathered.indicators += part.indicators
        gathered.findings += part.findings
        gathered.answers |= part.answers
    made = [(entry, parts[entry.key].section) for entry in wanted if entry.key in parts]
    further = [
        block
        for entry in made_too
        if entry.key in parts and not entry.page and not settings.sections
        for block in parts[entry.key].section.blocks
        if isinstance(block, Table)
    ]
    known = dict(gathered.left_out)
    gathered.left_out += [(title, why) for title, why in unprinted if title not in known]
    return Document(
        title=settings.title or f"{area.title}: boundaries before and after",
        subtitle=f"{subject.before.title} to {subject.titled(subject.after)}",
        sections=_numbered(made),
        organisation=settings.organisation,
        date=settings.date,
        language=settings.language,
        author=settings.analyst,
        logo=settings.logo.read_bytes() if settings.logo else b"",
        logo_alt=settings.organisation,
        attributions=_attributions(subject),
        left_out=tuple(gathered.left_out) if not settings.sections else _of(wanted, gathered),
        further=tuple(further),
    )


def _as_people_write(area: Geography, settings: Settings) -> Geography:
    """Write the names of the areas that are told of as people do, not in capitals."""
    for name in dict.fromkeys(settings.layers()):
        known = area.layer(name)
        written = known.as_people_write()
        if written is not known:
            area = area.with_layer(name, written)
    return area


def _of(wanted: Sequence[Entry], gathered: Gathered) -> tuple[tuple[str, str], ...]:
    """Give what was left out of that which was asked for."""
    titles = {entry.title for entry in wanted}
    return tuple(
        (title, why)
        for title, why in gathered.left_out
        if title in titles or title.startswith("appendix.")
    )


def _wanted(settings: Settings) -> list[Entry]:
    """Choose what is printed, in order: what was asked for, or the pages, or everything."""
    known = entries()
    keys = [entry.key for entry in known]
    for name in settings.sections:
        if name not in keys:
            raise unknown("sections", name, keys)
    if settings.sections:
        return [entry for entry in known if entry.key in settings.sections]
    return [entry for entry in known if entry.page or settings.full]


def _made_too(settings: Settings, wanted: Sequence[Entry]) -> list[Entry]:
    """Choose what is made and not printed: for the workbook, and for pages made of all others."""
    if settings.sections and not all(entry.needs for entry in wanted):
        return []
    return [e for e in entries() if e not in wanted and not (settings.sections and e.needs)]


def _numbered(made: Sequence[tuple[Entry, Section]]) -> tuple[Section, ...]:
    """Give each section its number, after those at the front."""
    number = page = 0
    found = []
    for entry, section in made:
        if entry.page:
            page += 1
            found.append(replace(section, number=page, page=page))
            continue
        number += entry.numbered
        found.append(replace(section, number=number if entry.numbered else 0))
    return tuple(found)


def _attributions(subject: Subject) -> tuple[str, ...]:
    """Give the statements that the licences of what was used ask for."""
    area = subject.area
    blocks = area.settings.get("blocks", {}).get("source", "")
    used = dict.fromkeys(name for name in (blocks, *subject.used()) if name in area.sources.index)
    return area.attributions(*used) if used else ()


def _steps(settings: Settings, progress: Progress | None) -> Callable[[str], None]:
    """Count the steps as they are begun."""
    total = len(_wanted(settings)) + len(settings.formats) + 1
    done = 0

    def step(what: str) -> None:
        nonlocal done
        logger.info("%s", what)
        if progress is not None:
            progress(what, min(done, total), total)
        done += 1

    return step
