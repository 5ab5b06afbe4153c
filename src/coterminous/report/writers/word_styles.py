"""Which Word style does each kind of paragraph take? Found by name, or made."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from coterminous.errors import InputError, unknown
from coterminous.report.writers.archives import as_document

# What each role is called in Word; a template's own styles of these names are used as they are.
STYLE_NAMES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "contents": "TOC Heading",
    "toc1": "TOC 1",
    "toc2": "TOC 2",
    "heading1": "Heading 1",
    "heading2": "Heading 2",
    "heading3": "Heading 3",
    "body": "Body Text",
    "finding": "Finding",
    "note": "Note",
    "caution": "Caution",
    "bullet": "List Bullet",
    "number": "List Number",
    "caption": "Caption",
    "table": "Table Text",
    "source": "Table Source",
    "fill": "Fill In",
}

_BLUE, _INK, _QUIET = "003087", "212B32", "4C6272"
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"size": 26, "bold": True, "colour": _BLUE, "after": 4},
    "subtitle": {"size": 14, "colour": _QUIET, "after": 10},
    "contents": {"size": 14, "bold": True, "colour": _BLUE, "before": 12, "after": 4},
    "toc1": {"size": 11, "after": 3},
    "toc2": {"size": 10, "after": 1, "indent": 14},
    "heading1": {"size": 18, "bold": True, "colour": _BLUE, "before": 20, "after": 6, "keep": True},
    "heading2": {"size": 14, "bold": True, "colour": _BLUE, "before": 12, "after": 4, "keep": True},
    "heading3": {"size": 11.5, "bold": True, "colour": _INK, "before": 8, "after": 3, "keep": True},
    "body": {"size": 11, "after": 7},
    "finding": {"size": 12, "after": 7, "indent": 10, "bar": "005EB8"},
    "note": {"size": 9.5, "after": 4, "colour": _QUIET},
    "caution": {"size": 11, "after": 7, "indent": 10, "bar": "7C2855"},
    "bullet": {"size": 11, "after": 3},
    "number": {"size": 11, "after": 3},
    "caption": {"size": 10.5, "bold": True, "colour": _BLUE, "before": 8, "after": 4},
    "table": {"size": 9, "after": 0},
    "source": {"size": 8.5, "after": 2, "colour": _QUIET},
    "fill": {"size": 11, "before": 4, "after": 4},
}

# What a page of the paper takes, of which each must hold what was composed for it.
_TIGHT: dict[str, dict[str, Any]] = {
    "title": {"size": 17, "after": 3},
    "contents": {"size": 8.5, "before": 2, "after": 0},
    "toc1": {"size": 8, "after": 0},
    "heading1": {"size": 14, "before": 0, "after": 4},
    "heading2": {"size": 10.5, "before": 5, "after": 2},
    "body": {"size": 8.5, "after": 3},
    "finding": {"size": 9.5, "before": 4, "after": 4},
    "note": {"size": 8, "after": 2},
    "caution": {"size": 8.5, "after": 4},
    "bullet": {"size": 8.5, "after": 1.5},
    "number": {"size": 8.5, "after": 2},
    "caption": {"size": 8.5, "bold": False, "colour": _INK, "before": 3, "after": 2},
    "table": {"size": 8},
    "source": {"size": 8, "before": 1, "after": 1},
    "fill": {"size": 9, "before": 2, "after": 2},
}


def open_template(template: Path | None, *, tight: bool = False) -> Any:
    """Open our own layout, or a house template with its text taken out.

    Parameters
    ----------
    template
        The house template, or None for our own.
    tight
        Whether our own is that of a paper whose sections each fill a page.

    Raises
    ------
    InputError
        When the template is not a Word file.
    """
    from docx import Document

    if template is None:
        word = Document()
        _clear(word)
        _page(word, tight=tight)
        return word
    try:
        word = Document(BytesIO(as_document(Path(template).read_bytes())))
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise InputError(
            f"`template` {str(template)!r} cannot be read as a Word file (.docx or .dotx): {error}."
        ) from error
    _clear(word)
    return word


def map_styles(
    word: Any, names: Mapping[str, str], *, own: bool, tight: bool = False
) -> dict[str, Any]:
    """Find or make the style of each role.

    Parameters
    ----------
    word
        The open document.
    names
        The house style of a role, such as ``{"finding": "NHS Key Point"}``.
    own
        Whether the layout is ours, so that Word's built-in styles take our looks too.
    tight
        Whether our looks are those of a paper whose sections each fill a page.

    Raises
    ------
    InputError
        When a role is unknown, or a named style is not in the template.
    """
    there = {style.name.casefold(): style for style in word.styles}
    for role, name in names.items():
        if role not in STYLE_NAMES:
            raise unknown("styles", role, sorted(STYLE_NAMES))
        if name.casefold() not in there:
            raise unknown(f"styles.{role}", name, sorted(style.name for style in word.styles))
    styles = {}
    for role, usual in STYLE_NAMES.items():
        known = there.get(names.get(role, usual).casefold())
        if known is None:
            known = word.styles.add_style(usual, 1, builtin=not _is_ours(role))
            known.base_style = word.styles["Normal"] if "normal" in there else None
            _look(known, looks_of(role, tight=tight), face="Arial" if own else None)
        elif own:
            _look(known, looks_of(role, tight=tight))
        styles[role] = known
    if own:
        _default_font(word)
    return styles


def looks_of(role: str, *, tight: bool) -> dict[str, Any]:
    """Give the looks of a role."""
    return _LOOKS[role] | (_TIGHT.get(role, {}) if tight else {})


def _is_ours(role: str) -> bool:
    """Say whether Word has no built-in style for this role."""
    return role in {"finding", "note", "caution", "table", "source", "fill"}


def _look(style: Any, look: Mapping[str, Any], *, face: str | None = "Arial") -> None:
    """Set a style's size, weight, colour and spacing; its typeface too, unless a house has one."""
    from docx.shared import Pt, RGBColor

    style.font.size = Pt(look["size"])
    style.font.bold = look.get("bold", False)
    style.font.italic = False
    if face is not None:
        style.font.name = face
    style.font.color.rgb = RGBColor.from_string(look.get("colour", _INK))
    if face is not None:
        _plain_face(style)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(look.get("before", 0)), Pt(look.get("after", 0))
    spacing.keep_with_next = look.get("keep", False)
    if "indent" in look:
        spacing.left_indent = Pt(look["indent"])
    if "bar" in look:
        _side_bar(style, look["bar"])


def _plain_face(style: Any) -> None:
    """Drop the theme's typeface and border, which would win over the style's own."""
    from docx.oxml.ns import qn

    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), "Arial")
    properties = style.element.pPr
    if properties is not None:
        for border in properties.findall(qn("w:pBdr")):
            properties.remove(border)


def _side_bar(style: Any, colour: str) -> None:
    """Draw a bar to the left of a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", colour)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
        "w:outlineLvl", "w:rPr",
    )  # fmt: skip


def _default_font(word: Any) -> None:
    """Set the document's own typeface."""
    from docx.shared import Pt

    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    _plain_face(normal)


def _clear(word: Any) -> None:
    """Take out the text of a template and keep its page, headers and footers."""
    body = word.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)


def _page(word: Any, *, tight: bool) -> None:
    """Set our own page: A4, 2.2 cm at the sides; one of a paper has the width of its pictures."""
    from docx.shared import Cm, Inches

    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    side = (Cm(21) - Inches(6.5)) // 2 if tight else Cm(2.2)
    page.left_margin = page.right_margin = side
    page.top_margin = Cm(1.2) if tight else Cm(2)
    page.bottom_margin = Cm(1.4) if tight else Cm(2)
    if tight:
        page.header_distance = page.footer_distance = Cm(0.7)
