"""Which cells of a PDF's tables head their row? Said in its tags, as readers by ear need."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any


def with_row_headers(drawn: bytes) -> bytes:
    """Tag the first cell of each row of a table's body as the header of that row.

    The typesetter tags the cells of a head only. Nothing that is seen changes.
    """
    import pikepdf

    with pikepdf.open(BytesIO(drawn)) as pdf:
        root = pdf.Root.get("/StructTreeRoot")
        if root is None:
            return drawn
        for row in _rows(root):
            cells = [kid for kid in _kids(row) if _kind(kid) in ("/TD", "/TH")]
            if cells and _kind(cells[0]) == "/TD":
                cells[0]["/S"] = pikepdf.Name("/TH")
                cells[0]["/A"] = _with_scope(pikepdf, cells[0].get("/A"))
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _with_scope(pikepdf: Any, attributes: Any) -> Any:
    """Add the scope to what is said of a cell's place in its table."""
    scope = {"/O": pikepdf.Name("/Table"), "/Scope": pikepdf.Name("/Row")}
    if attributes is None:
        return pikepdf.Dictionary(scope)
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    kept = []
    for each in listed:
        if isinstance(each, pikepdf.Dictionary) and str(each.get("/O")) == "/Table":
            scope |= {key: value for key, value in each.items() if key not in scope}
        else:
            kept.append(each)
    made = pikepdf.Dictionary(scope)
    return pikepdf.Array([*kept, made]) if kept else made


def _kind(element: Any) -> str:
    return str(element.get("/S", "")) if hasattr(element, "get") else ""


def _kids(element: Any) -> list[Any]:
    """Give what stands under an element of the structure, in order."""
    import pikepdf

    kids = element.get("/K")
    if kids is None:
        return []
    listed = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary)]


def _rows(element: Any) -> Iterator[Any]:
    """Find the rows of the bodies of all tables."""
    waiting = [(element, False)]
    while waiting:
        one, inside = waiting.pop()
        kind = _kind(one)
        if kind == "/TR" and inside:
            yield one
            continue
        for kid in _kids(one):
            waiting.append((kid, inside or kind == "/TBody"))
