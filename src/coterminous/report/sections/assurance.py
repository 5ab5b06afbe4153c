"""Can this be relied on? Who made and checked it, how it is worked out, and its limits."""

from __future__ import annotations

from coterminous import __version__
from coterminous.registers.sites import said_of_sites
from coterminous.report.content import (
    Block,
    Bullets,
    FillIn,
    Heading,
    Paragraph,
    Section,
)
from coterminous.report.entries import Entry
from coterminous.report.subject import Part, Subject
from coterminous.report.wording import Strong, Text, say
from coterminous.shares import AnyLayer, CutLayer

_WHOLE = "Everything is counted in building blocks; a line that runs through a block is not seen."
_CUT = (
    "Everything is counted in building blocks. Where a line of {names} runs through a block its "
    "people are shared out by the part of it on each side, as if they lived evenly over it: such "
    "figures are block times share, and the lines drawn are approximate."
)
_SHARED_OUT = "its lines cut blocks; the people of a cut block are shared out to its parts."
_LIMITS = (
    "People are counted where they lived at the date given, not where they live now.",
    "An area's name and lines are as its source gives them at its dates; later changes are not in "
    "it unless a source says so.",
)


def build(subject: Subject) -> Part:
    """Give the names, the method, the limits, the sources and the licences."""
    settings = subject.settings
    blocks: list[Block] = [
        FillIn("Analyst", settings.analyst),
        FillIn("Checked by", settings.checker),
        FillIn("Version of this document", settings.version),
        Paragraph(say("Made with coterminous {version}.", version=__version__)),
        Heading("Method"),
        Paragraph(
            say(
                "Every figure is a function of a table of one number (people, patients) by two "
                "sets of areas made of building blocks, and every such table accounts for "
                "everyone: in both, in one of them, in neither. The text is computed: a sentence "
                "that would not be true of these data is not written."
            )
        ),
        Heading("Modelled or assumed"),
        Bullets(tuple(assumptions(subject))),
        Heading("Limits"),
        Bullets((_of_lines(subject), *(say("{x}", x=limit) for limit in _LIMITS))),
        Heading("What was hidden"),
        Paragraph(_hidden(subject)),
    ]
    if settings.sections and "data" not in settings.sections:
        # The table of that section says the same.
        blocks += [
            Heading("Sources and licences"),
            Bullets(tuple(say("{x}", x=line) for line in _sources(subject))),
        ]
    return Part(Section("assurance", "Assurance", tuple(blocks)))


def assumptions(subject: Subject) -> list[Text]:
    """List what is a best fit, apportioned or assumed, layer by layer."""
    said = []
    for layer in _layers(subject):
        note = layer.note or (_SHARED_OUT if isinstance(layer, CutLayer) else "")
        if note:
            said.append(say("{name}: {note}", name=Strong(layer.title), note=note))
    for name in dict.fromkeys((subject.settings.patients, subject.settings.hospitals)):
        register = subject.area.register(name) if name else None
        if register is None or not register.open:
            continue
        # Where people were shared out its note says how; else only sites may have been moved.
        note = register.note if len(register.shared_out) else said_of_sites(register.sites)
        if note:
            said.append(say("{name}: {note}", name=Strong(register.title), note=note))
    return said or [say("Nothing: all areas are made of whole building blocks.")]


def _layers(subject: Subject) -> list[AnyLayer]:
    """List every layer that the paper counts by, once."""
    layers = [layer for _, layer in [*subject.drawings(), *subject.councils()]]
    for role in ("parts", "neighbourhoods"):
        found = subject.role(role)
        if found is not None:
            layers.append(found)
    layers += [subject.area.layer(name) for name in subject.settings.options]
    return list(dict.fromkeys(layers))


def _of_lines(subject: Subject) -> Text:
    """Say what becomes of a line that does not follow the blocks."""
    cut = [layer.title for layer in _layers(subject) if isinstance(layer, CutLayer)]
    return say(_CUT, names=", ".join(cut)) if cut else say(_WHOLE)


def _hidden(subject: Subject) -> Text:
    """Say whether small numbers were hidden, and why not where they were not."""
    closed = [
        str(row["title"])
        for name, row in subject.area.registers.iterrows()
        if not row["open"] and name in (subject.settings.patients, subject.settings.hospitals)
    ]
    if closed:
        return say("Small numbers are hidden in: {names}.", names="; ".join(closed))
    return say("Nothing: all the data are published.")


def _sources(subject: Subject) -> list[str]:
    """List the statements that the licences ask for, and who published what."""
    area = subject.area
    used = [name for name in dict.fromkeys(subject.used()) if name in area.sources.index]
    said = []
    for name in used:
        row = area.sources.loc[name]
        when = f", {row['date']}" if row["date"] else ""
        said.append(f"{row['publisher']}: {row['title']}{when}. Licence: {row['licence']}.")
    return said or ["The geography names no sources."]


SECTION = Entry("assurance", "Assurance", build, place=120)
