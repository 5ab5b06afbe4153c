"""How a saved folium map opens with no network: every script, style and icon goes inside it.

Folium's page asks many files of several hosts. The package ``folium-offline`` carries a copy of
each; here the links of a plain folium page are replaced by those copies, and a content security
policy keeps the browser from asking anything of anyone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from coterminous.errors import InputError, first_five

_SCRIPT = re.compile(r'<script\s+src="([^"]+)"\s*>\s*</script>')
_STYLE = re.compile(r'<link\s+rel="stylesheet"\s+href="([^"]+)"\s*/?>')
_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.DOTALL)
_SOURCE_MAP = re.compile(r"(?://|/\*)[#@] sourceMappingURL=\S+(?:\s*\*/)?")
_MARKER = re.compile(r"leaflet-default-icon-path\s*\{[^}]*?url\(\s*['\"]?(data:[^'\")]+)")
_EMPTY = 'url("data:,")'
_LOADED = re.compile(
    r"""(?:\biconUrl"?\s*:|L\.(?:image|video)Overlay\(|<(?:img|script|link|iframe|video|audio)\b[^<>]*?
    \s(?:src|href)=)\s*["']((?:https?:)?//[^"']+)""",
    re.VERBOSE,
)
_ICON = re.compile(r'"icon":\s*"([^"]+)"([^{}]*)')
_CLASSES = re.compile(r"""\bclass=["']([^"'<>]*\bfa-[^"'<>]*)["']""")
_BRANDS = re.compile(r"\.fa-brands,\.fab\{font-weight:400\}(.*?)(?:@font-face|$)", re.DOTALL)
_FACES = {
    "fa-brands": "fa-brands",
    "fab": "fa-brands",
    "fa-regular": "fa-regular",
    "far": "fa-regular",
}
_NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
"""One transparent dot, for the shadow of a marker, which folium-offline does not carry."""

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; media-src data: blob:; frame-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)


@cache
def carried() -> Mapping[str, str]:
    """Give the text of each file that ``folium-offline`` carries, by its address.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    try:
        from offlinefolium.elements import _res
    except ImportError as error:
        raise InputError(
            "`offline` needs the package folium-offline, which carries folium's scripts and"
            " styles: pip install folium-offline"
        ) from error
    return dict(_res)


def inline(page: str, files: Mapping[str, str] | None = None, *, background: bool = False) -> str:
    """Put every linked script and style of a folium page inside it.

    Parameters
    ----------
    page
        HTML as folium renders it.
    files
        Text by address; what ``folium-offline`` carries where None.
    background
        Whether a background map may come from the network, and nothing else.

    Returns
    -------
    str
        HTML that asks nothing of the network.

    Raises
    ------
    InputError
        If a file is not carried, the page loads a picture or an icon of the network's, or it has
        a background map.

    Examples
    --------
    >>> page = '<head><script src="https://a.b/c.js"></script></head>'
    >>> "c()" in inline(page, {"https://a.b/c.js": "c()"})
    True
    """
    held = carried() if files is None else files
    wanted = [*_SCRIPT.findall(page), *_STYLE.findall(page)]
    lacking = sorted({address for address in wanted if address not in held})
    if lacking:
        raise InputError(
            f"`offline`: folium asks for {first_five(lacking)}, which folium-offline does not"
            " carry. Install the version of folium-offline that matches folium's, leave out the"
            " plugin that asks for it, or give offline=False."
        )
    unescaped = page.replace("\\u003c", "<").replace("\\u003e", ">").replace('\\"', '"')
    if fetched := sorted(set(_LOADED.findall(unescaped)) - set(wanted)):
        raise InputError(
            f"`offline`: the page loads {first_five(fetched)} from the network. Give the picture"
            " itself (a file's path, or a data: address), or offline=False."
        )
    if blank := _blank_icons(unescaped, [held[address] for address in _STYLE.findall(page)]):
        raise InputError(
            f"`offline`: the icon {first_five(blank)} would be blank, for folium-offline carries"
            " only the solid icons of Font Awesome. Choose a solid one (prefix='fa'), or give"
            " offline=False."
        )
    tiled = "L.tileLayer(" in page or "L.tileLayer.wms(" in page
    if tiled and not background:
        raise InputError(
            "`offline`: the map has a background map, which comes from the network. Leave out the"
            " tiles, or give offline=False."
        )
    icon = ""

    def script(match: re.Match[str]) -> str:
        text = _SOURCE_MAP.sub("", held[match[1]]).replace("</script", "<\\/script")
        after = _icons(icon) if "leaflet.js" in match[1] else ""
        return f"<script>{text}</script>{after}"

    def style(match: re.Match[str]) -> str:
        return f"<style>{_closed(held[match[1]])}</style>"

    for address in _STYLE.findall(page):
        found = _MARKER.search(held[address])
        icon = found[1] if found else icon
    page = _STYLE.sub(style, _SCRIPT.sub(script, page))
    allowed = POLICY.replace("img-src ", "img-src https: ") if tiled else POLICY
    policy = f'<meta http-equiv="Content-Security-Policy" content="{allowed}" />'
    return page.replace("<head>", f"<head>\n    {policy}", 1)


def _blank_icons(page: str, styles: list[str]) -> list[str]:
    """Name the Font Awesome icons that a page shows and whose font is not in its styles."""
    css = "".join(styles)
    brands = {
        name for part in _BRANDS.findall(css) for name in re.findall(r"\.fa-([\w-]+):before", part)
    }
    # What a font is loaded from, where its copy is there, is data in place of an address.
    absent = {face for face in _FACES.values() if f"{face}-400.woff2" in css}
    shown = [classes.split() for classes in _CLASSES.findall(page)]
    for name, rest in _ICON.findall(page):
        prefix = re.search(r'"prefix":\s*"([^"]*)"', rest)
        kind = prefix[1] if prefix else "fa"
        if not kind.startswith("glyphicon"):
            words = name.split()
            shown.append([kind, *words[:-1], f"fa-{words[-1].removeprefix('fa-')}"])
    blank = set()
    for words in shown:
        names = [w.removeprefix("fa-") for w in words if w.startswith("fa-") and w not in _FACES]
        faces = {_FACES[w] for w in words if w in _FACES}
        faces |= {"fa-brands"} if brands & set(names) else set()
        if faces & absent:
            blank.add(" ".join([*sorted(faces & absent), *names]))
    return sorted(blank)


def _closed(css: str) -> str:
    """Empty the addresses in a style that are not data: fonts and images the copy lacks."""
    text = _SOURCE_MAP.sub("", css).replace("</style", "<\\/style")
    return _URL.sub(lambda m: m[0] if m[2].startswith(("data:", "#")) else _EMPTY, text)


def _icons(icon: str) -> str:
    """Give Leaflet's default marker its picture, which it would look for beside the page."""
    if not icon:
        return ""
    return (
        "<script>L.Icon.Default.imagePath='';L.Icon.Default.mergeOptions("
        f"{{ iconUrl: '{icon}', iconRetinaUrl: '{icon}', shadowUrl: '{_NOTHING}' }});</script>"
    )
