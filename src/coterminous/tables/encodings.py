"""In which encoding is this file of text?"""

from __future__ import annotations

import re

from coterminous.errors import InputError

SAVE_AGAIN = "open it in a spreadsheet program and save it again as `CSV UTF-8`"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
#: Letters beyond ASCII as Windows-1252 has them, and what may stand inside a word besides.
_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0160\u0161\u0152\u0153\u017d\u017e\u0178\u0192"
)
_IN_WORDS = "\u2018\u2019\u2013\u2014\u00ad\u00a0\u00b7"
#: A sign inside a word, a capital after a small letter, a letter of ours after a digit.
_UNLIKELY = re.compile(
    f"[{_LETTER}][^\x00-\x7f{_LETTER}{_IN_WORDS}][{_LETTER}]"
    "|[0-9][\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]"
    "|[a-z][\u00c0-\u00d6\u00d8-\u00de\u0160\u0152\u017d\u0178]"
)


def text_of(content: bytes, where: str) -> str:
    r"""Decode a file of text: UTF-8 or UTF-16, with or without a mark, or Windows-1252.

    Raises
    ------
    InputError
        If it is none of them; it names what was found, and how to save the file again.

    Examples
    --------
    >>> text_of("Ynys Môn".encode("utf-16"), "x.csv"), text_of("Môn".encode("cp1252"), "x.csv")
    ('Ynys Môn', 'Môn')
    """
    if content.startswith(_UTF32):
        raise InputError(f"{where} is text in UTF-32, which is not read; {SAVE_AGAIN}")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    encoding = encoding or _unmarked(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "cp1252":
            line = content.count(b"\n", 0, error.start) + 1
            raise InputError(
                f"{where} is neither UTF-8, UTF-16 nor Windows-1252: line {line:,} holds the byte "
                f"{content[error.start]:#04x}; {SAVE_AGAIN}"
            ) from error
        raise InputError(
            f"{where} begins as {encoding.upper().removesuffix('-SIG')}, but is not whole or not "
            f"so throughout (byte {error.start:,}); {SAVE_AGAIN}"
        ) from error
    if encoding == "cp1252":
        _check_windows(text, where)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{where} has NUL characters, the first in line {line:,}; {SAVE_AGAIN}")
    return text


def _unmarked(content: bytes) -> str:
    start = content[:4096]
    if len(start) > 3:
        first, second = start[0::2].count(0), start[1::2].count(0)
        half = len(start) // 2
        if second > 0.4 * half and first < 0.1 * half:
            return "utf-16-le"
        if first > 0.4 * half and second < 0.1 * half:
            return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _check_windows(text: str, where: str) -> None:
    found = _UNLIKELY.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(
            f"{where} is neither UTF-8, UTF-16 nor Windows-1252: as the last, line {line:,} would "
            f"say {found.group(0)!r} (perhaps it is Mac Roman, or of DOS); {SAVE_AGAIN}"
        )
