"""Repairs of a subtitle's wording that lose nothing: punctuation, characters of the wrong script, stray marks.

Each takes a text and gives it back repaired; what is right comes back as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_HAN = re.compile(f"[{_HAN}]")
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_CHINESE_BEFORE = rf"[{_HAN}”’）》〉」』】]"
_AFTER_CHINESE = re.compile(rf"({_CHINESE_BEFORE}) *([,;:?!])(?![,;:?!]) *")
_STOP = re.compile(rf"({_CHINESE_BEFORE})\.(?= |$|[{_HAN}])", re.MULTILINE)
_BEFORE_CHINESE = re.compile(rf"([0-9A-Za-z%℃])([,;?!])(?![,;?!]) *(?=[{_HAN}“《（]|$)", re.MULTILINE)
_BRACKETS = re.compile(r"\(([^()（）\n]*)\)")
_QUOTES = re.compile(r'"([^"“”\n]*)"')
_DOTS = re.compile(rf"(?<=[{_HAN}，。！？”])(?:\.{{3,}}|。{{2,}}|…(?!…)(?<!……))")
_DASHES = re.compile(rf"(?<=[{_HAN}，。！？”])-{{2,}}|-{{2,}}(?=[{_HAN}])")
_WIDE_LATIN = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# In GB 2312, yet not in the table of standard characters (通用规范汉字表) of 2013; and the other way round.
_STRAYS, _IN_NAMES = frozenset("後捱摺菸醣麴"), frozenset("剋昇氾甦祕脩苧薳釐陞")
_LEADING = re.compile(r"^[，。、；：！？,;:?!\s]+")
_TRAILING = re.compile(r"[，。、；：,;:\s]+$")


def with_chinese_marks(said: str) -> str:
    """Full-width punctuation in Chinese, half-width digits and letters; Latin text and numbers like 9:30 stay."""
    if not _IS_HAN.search(said):
        return said
    said = said.translate(_WIDE_LATIN)
    # One repair may make room for another: only beside a full-width quote is a colon seen to be Chinese.
    while (after := _repunctuated(said)) != said:
        said = after
    return said


def in_simplified(said: str) -> str:
    """Traditional characters made simplified; what simplified Chinese uses too (乾坤, 瞭望) stays."""
    if not _IS_HAN.search(said) or all(map(_is_common, said)):
        return said
    changed = _converter().convert(said)
    if len(changed) != len(said):
        changed = "".join(_converter().convert(ch) for ch in said)
    return "".join(old if _is_common(old) else new for old, new in zip(said, changed, strict=True))


def without_leading_marks(said: str) -> str:
    """No line begins with a mark that belongs to what was said before."""
    lines = (_LEADING.sub("", line) or line for line in said.split("\n"))
    return "\n".join(lines)


def without_trailing_marks(said: str) -> str:
    """No comma or stop at the end of the Chinese, as usual in subtitles; ？ ！ …… stay."""
    lines = said.split("\n")
    chinese = [index for index, line in enumerate(lines) if _IS_HAN.search(line)]
    if chinese:
        lines[chinese[-1]] = _TRAILING.sub("", lines[chinese[-1]])
    return "\n".join(lines)


def halves(said: str) -> int:
    """How much there is to read, in half characters: Chinese and digits count two, Latin letters one, marks none.

    Of a text in two languages only the Chinese counts, since a reader reads one of them.
    """
    lines = said.split("\n")
    chinese = [line for line in lines if _IS_HAN.search(line)]
    return sum(_weight(ch) for line in chinese or lines for ch in line)


def columns(line: str) -> int:
    """Width of a line in half characters, marks and blanks included."""
    return sum(1 if ch < "\u2000" else 2 for ch in line)


def _repunctuated(said: str) -> str:
    said = _BRACKETS.sub(_with_full_brackets, said)
    said = _QUOTES.sub(lambda found: f"“{found[1]}”" if _IS_HAN.search(found[1]) else found[0], said)
    said = _AFTER_CHINESE.sub(lambda found: found[1] + _FULL[found[2]], said)
    said = _BEFORE_CHINESE.sub(_with_full_mark, said)
    return _DASHES.sub("——", _DOTS.sub("……", _STOP.sub(r"\1。", said)))


def _weight(ch: str) -> int:
    if _IS_HAN.match(ch) or ch.isdecimal():
        return 2
    return 1 if ch.isalpha() else 0


def _with_full_mark(found: re.Match[str]) -> str:
    return found[1] + _FULL[found[2]]


def _with_full_brackets(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    chinese = _IS_HAN.search(found[1]) or _IS_HAN.search(before)
    return f"（{found[1]}）" if chinese else found[0]


@cache
def _is_common(ch: str) -> bool:
    """Whether simplified Chinese uses the character: GB 2312 has it, or it is none at all."""
    if not _IS_HAN.match(ch) or ch in _IN_NAMES:
        return True
    if ch in _STRAYS:
        return False
    try:
        ch.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
