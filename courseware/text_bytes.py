"""How the bytes of a text file are encoded: marks at its beginning, and lines that are encoded unlike the others."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import Literal

# UTF-32 before UTF-16, whose mark begins like its own.
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def marked_encoding(data: bytes) -> str | None:
    """The encoding that the bytes name themselves, as Python calls it; None without a mark."""
    return next((name for bom, name in _BOMS.items() if data.startswith(bom)), None)


_CHINESE = re.compile("[\u2010-\u203b\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_FEWEST = 4  # Chinese characters as UTF-8: by chance GBK gives one or two
_MOST_TOLD = 5  # ranges of lines


def odd_lines(data: bytes) -> tuple[int, ...]:
    """The lines, from 1, that are GBK in a file whose others are UTF-8: two files were pasted together.

    Empty for files in one encoding, also for damaged ones.
    """
    if marked_encoding(data) not in {None, "utf-8-sig"} or b"\0" in data or _is_utf8(data):
        return ()
    lines = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
    foreign = {number: line for number, line in enumerate(lines, 1) if not line.isascii()}
    utf8 = "".join(line.decode() for line in foreign.values() if _kind(line) == "utf-8")
    if len(_CHINESE.findall(utf8)) < _FEWEST:
        return ()
    return tuple(number for number, line in foreign.items() if _kind(line) == "gbk")


def mended(data: bytes) -> bytes:
    """The same in UTF-8, each of the odd lines decoded as GBK."""
    odd = set(odd_lines(data))
    lines = enumerate(data.split(b"\n"), 1)
    return b"\n".join(line.decode("gb18030").encode() if number in odd else line for number, line in lines)


def told_lines(numbers: Sequence[int]) -> str:
    """Numbers of lines in order, for people: "3–5、9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    told = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:_MOST_TOLD]]
    return "、".join(told) + ("…" if len(ranges) > _MOST_TOLD else "")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _kind(line: bytes) -> Literal["utf-8", "gbk", "neither"]:
    """How a line with foreign characters is encoded; a damaged one is neither."""
    shown = line.decode("utf-8", "replace")
    damaged, foreign = shown.count("\ufffd"), sum(ch > "\x7f" for ch in shown)
    if not damaged:
        is_chinese = len(_CHINESE.findall(shown)) == foreign
        return "utf-8" if is_chinese else "neither"
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return "neither"
    return "gbk" if damaged * 2 >= foreign else "neither"
