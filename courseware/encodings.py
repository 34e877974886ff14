"""Bytes to text and back: finds out how a text is encoded: subtitles, scripts, word lists, notices."""

from __future__ import annotations

from pathlib import Path

from courseware.errors import InputError, Problem, reason_of, text
from courseware.text_bytes import marked_encoding, odd_lines, told_lines

LARGEST_FILE = 10_000_000  # bytes; a whole evening of subtitles has less than a tenth
DAMAGED = "\ufffd"
_FEWEST_WHOLE = 50  # for each damaged character; with fewer the file is not in the encoding it seems to be in
WRITABLE = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "big5")


def read_bytes(path: Path) -> bytes:
    """What a file holds.

    Raises:
        InputError: missing, unreadable, too large or empty.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            what = text("this is larger than 10 MB, so it is no text that people wrote; choose another file")
            raise InputError(Problem(path.name, what))
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem(path.name, text("the file is missing"))) from None
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=reason_of(error)))) from error
    if not data.strip():
        raise InputError(Problem(path.name, text("the file is empty")))
    return data


def decoded(data: bytes, where: str) -> tuple[str, str]:
    """The text without BOM, and the name of the encoding. A few damaged characters become U+FFFD.

    Raises:
        InputError: no text, in two encodings, or much damaged.
    """
    odd = odd_lines(data)
    if odd:
        what = text(
            "GBK in line {lines}, UTF-8 in the others; write these lines again and save the file as UTF-8",
            lines=told_lines(odd),
        )
        raise InputError(Problem(where, what))
    encoding = _encoding(data)
    if encoding is None:
        raise InputError(
            Problem(where, text("this is not a text file; choose another one, or save it as text in UTF-8"))
        )
    content = data.decode(encoding, "replace").lstrip("\ufeff")
    damaged, foreign = content.count(DAMAGED), sum(ch > "\x7f" for ch in content)
    if damaged * _FEWEST_WHOLE > foreign:
        line = content[: content.index(DAMAGED)].count("\n") + 1
        what = text("line {line} has damaged characters; correct it and save with the encoding UTF-8", line=line)
        raise InputError(Problem(where, what))
    return content, encoding


def encoded(content: str, encoding: str, where: str) -> bytes:
    """The text as bytes.

    Raises:
        InputError: a character the encoding does not have.
    """
    try:
        return content.encode(encoding)
    except UnicodeEncodeError as error:
        what = text(
            "line {line}: {encoding} has no “{char}”; choose gb18030 or utf-8",
            line=content[: error.start].count("\n") + 1,
            encoding=encoding,
            char=content[error.start],
        )
        raise InputError(Problem(where, what)) from None


def _encoding(data: bytes) -> str | None:
    """The encoding's name, None for what is no text."""
    marked = marked_encoding(data)
    if marked:
        return marked
    if b"\0" in data:
        return next((name for name in ("utf-16-le", "utf-16-be") if _is_timed(data.decode(name, "ignore"))), None)
    return "utf-8" if _is_mostly_utf8(data) else _chinese_encoding(data)


def _is_timed(content: str) -> bool:
    """Whether there is something that bytes read in the wrong order would not have."""
    return any(mark in content for mark in ("-->", "[Events]", "[events]", "<tt", "[00:", "00:0"))


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, perhaps with a little damage: GB18030 would read that without complaint, as nonsense."""
    shown = data.decode("utf-8", "replace")
    foreign = sum(ch > "\x7f" for ch in shown)
    return shown.count("\ufffd") * 10 <= foreign


def _chinese_encoding(data: bytes) -> str:
    """GB18030, unless Big5 is clearly the better reading; GB18030 reads most Big5 as rare characters."""
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["gb18030", "big5", "big5hkscs"]).best()
    return "big5hkscs" if best is not None and best.encoding.startswith("big5") else "gb18030"
