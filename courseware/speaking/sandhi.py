"""Tones as they are said beside each other: 一 and 不, and a third tone before another. Pure; tones are digits.

Rules: 现代汉语 (黄伯荣、廖序东) on 变调. Third tones change inside words from the border between their parts, and
across words where one of the two is a single syllable; slower speech changes no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_DIGITS = "零〇一二三四五六七八九十两点幺"
_LARGE = "百千万亿"
_ORDER = "第初十周期拜"  # before 一: it names a place in a row
_CLOCK, _DAYTIMES = "半钟整过到至前后", "午晨"  # after 一点, and before it: it is an hour
_PERIODS = "月日号级等楼班组"  # after 一 it names one of a row: 一月, 一号
_THIRD, _FOURTH, _NEUTRAL = 3, 4, 5
_BEFORE_TWO = "小老好很总每某买有冷"  # a syllable before two that belong together keeps its tone
Word = tuple[str, list[str]]  # characters and the pinyin of each


def changed(words: Sequence[Word]) -> list[Word]:
    """Words that are said without a pause, with their tones changed."""
    found: list[Word] = [(said, list(pinyin)) for said, pinyin in words]
    _one_and_not(found)
    for said, pinyin in found:
        if len(said) > 1:
            _third_inside(pinyin, said)
    _third_between(found)
    return found


def tone_of(syllable: str) -> int:
    """1 to 4; 5 for the neutral tone."""
    return int(syllable[-1]) if syllable[-1:].isdigit() else _NEUTRAL


def _toned(syllable: str, tone: int) -> str:
    return syllable.rstrip("12345") + str(tone)


def _one_and_not(words: Sequence[Word]) -> None:
    characters = "".join(said for said, _ in words)
    places = [(pinyin, at) for said, pinyin in words for at in range(len(said))]
    ends = {sum(len(said) for said, _ in words[: number + 1]) - 1 for number in range(len(words))}
    for place, character in enumerate(characters):
        pinyin, at = places[place]
        following = characters[place + 1 : place + 2]
        if not following or character not in "一不":
            continue
        next_pinyin, next_at = places[place + 1]
        tone = tone_of(next_pinyin[next_at])
        before = characters[place - 1 : place] if place else ""
        if before and before == following and not (place > 1 and characters[place - 2] in _DIGITS):
            pinyin[at] = _toned(pinyin[at], _NEUTRAL)  # 看一看, 好不好
        elif character == "不":
            pinyin[at] = _toned("bu", 2 if tone == _FOURTH else 4)
        elif not _counts(characters, place) and not (place in ends and at > 0):
            # 个 is said without a tone, and changes what stands before it all the same.
            falls = tone == _FOURTH or following == "个"
            pinyin[at] = _toned("yi", 2 if falls else 4)


def _counts(characters: str, place: int) -> bool:
    """Whether 一 is a digit, or names a place in a row, and keeps its tone."""
    start, before = characters[max(0, place - 2) : place][:-1], characters[place - 1 : place] if place else ""
    following, end = characters[place + 1], characters[place + 2 : place + 3]
    if following in _LARGE:
        return before == "十"  # 十一万, but 三万一千
    if following == "点" and before not in {*_DIGITS, *_ORDER, *_LARGE, *_DAYTIMES}:
        return end in {*_DIGITS, *_CLOCK}  # 一点五, 一点半, but 高一点, 一点儿
    if before == "比" and start in {*_DIGITS, *_LARGE}:
        return True  # 三比一
    if following == "比":
        return end in {*_DIGITS, *_LARGE}
    return (before != "" and before in _DIGITS + _ORDER + _LARGE) or following in _DIGITS + _PERIODS


def _third_inside(pinyin: list[str], said: str) -> None:
    """The first part, then the whole: 展览馆 2 2 3, 小老虎 3 2 3, 理想 2 3."""
    if len(pinyin) == len("展览馆") and all(tone_of(one) == _THIRD for one in pinyin):
        pinyin[1] = _toned(pinyin[1], 2)
        if said[0] not in _BEFORE_TWO:
            pinyin[0] = _toned(pinyin[0], 2)
        return
    for at in range(len(pinyin) - 1):
        if tone_of(pinyin[at]) == tone_of(pinyin[at + 1]) == _THIRD:
            pinyin[at] = _toned(pinyin[at], 2)


def _third_between(words: Sequence[Word]) -> None:
    """From the left: a last third tone before a first one, where one of the words is a single syllable."""
    for (said, pinyin), (after, following) in pairwise(words):
        if not pinyin or not following or 1 not in (len(said), len(after)):
            continue
        if tone_of(pinyin[-1]) == tone_of(following[0]) == _THIRD:
            pinyin[-1] = _toned(pinyin[-1], 2)
