"""How does a zipped document come out the same each time? Fixed dates, fixed order."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def settled(archive: bytes, *, date: str = "") -> bytes:
    """Write a Word or Excel file again with one fixed date in place of the clock's.

    Parameters
    ----------
    archive
        The file's bytes.
    date
        The day to state as created and modified (YYYY-MM-DD); 1 January 2000 where not given.

    Examples
    --------
    >>> from io import BytesIO; from zipfile import ZipFile
    >>> out = BytesIO()
    >>> with ZipFile(out, "w") as z: z.writestr("a.txt", "words")
    >>> ZipFile(BytesIO(settled(out.getvalue()))).infolist()[0].date_time
    (1980, 1, 1, 0, 0, 0)
    """
    stamp = f"{date if re.fullmatch(r'[0-9]{4}-[0-9]{2}-[0-9]{2}', date) else '2000-01-01'}"
    fixed = b"\\g<1>" + f"{stamp}T00:00:00Z".encode() + b"\\g<2>"
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry.filename)
            if entry.filename == "docProps/core.xml":
                content = _STAMPS.sub(fixed, content)
            member = ZipInfo(entry.filename, EPOCH)
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, content)
    return out.getvalue()


def as_document(template: bytes) -> bytes:
    """Turn a Word template (.dotx) into a document; a document stays as it is."""
    out = BytesIO()
    with ZipFile(BytesIO(template)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry.filename)
            if entry.filename == "[Content_Types].xml":
                content = content.replace(
                    b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"
                )
            new.writestr(entry, content)
    return out.getvalue()
