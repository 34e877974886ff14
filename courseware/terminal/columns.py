"""Lays out text for a terminal, where a Chinese character takes two columns. Knows nothing of commands or files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_OPENING = re.escape("（“‘《〈【「『[")
_CLOSING = re.escape("，。；：、！？）”’》〉】」』…%]")
# A word, what stands in brackets ([必填]), or one Chinese character, with the signs that may not be parted from it.
_BRACKETED = r"\[[^\[\]]{1,30}\]"
_PIECE = re.compile(
    rf"\s+|(?:{_BRACKETED}|[{_OPENING}]*(?:[^\s{_WIDE}{_OPENING}{_CLOSING}]+|[^\s{_OPENING}]|$))[{_CLOSING}]*"
)


def wrapped(said: str, columns: int) -> tuple[str, ...]:
    """A paragraph in lines of at most so many columns; a single longer word stays whole.

    No line begins with a closing sign or ends with an opening one.
    """
    return tuple(_lines(said, columns)) or ("",)


def _lines(said: str, columns: int) -> Iterator[str]:
    line = ""
    for piece in _PIECE.findall(" ".join(said.split())):
        if line and cell_len(line + piece.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line = line + piece if line else piece.lstrip()
    if line.strip():
        yield line.rstrip()
