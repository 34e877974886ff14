"""Judges line breaks, whoever made them: finds where each line of a text ended, and counts what is wrong there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

NOT_FIRST = frozenset("、，；：。！？…—～·・’”）》〉」』】〕%％‰℃,.;:!?)]}")
NOT_LAST = frozenset("‘“（《〈「『【〔￥¥$([{#№")
SHORTEST_LAST = 3
_UNITS = (
    "公斤|千克|毫升|厘米|毫米|公里|平方米|立方米|小时|分钟|万元|亿元|斤|克|吨|升|米|亩|元|度|天|日|月|年|点|秒|%|％|℃"
)
_WHOLE = re.compile(rf"[A-Za-zÀ-ɏ]{{2,}}|\d+(?:[.,:]\d+)*(?: ?(?:{_UNITS}|mg/L|kg|km|cm|mm))?")


def faults(paragraphs: Sequence[str], lines: Iterable[str], line_ems: float) -> Counter[str]:
    """Count prohibitions broken, short last lines, and numbers or words torn apart.

    Args:
        paragraphs: of the text, each broken on its own; a line of one never holds a part of another.
        lines: as shown, from the top down, over all pictures.
        line_ems: what a line holds, in em; what is wider by itself may be torn.
    """
    found: Counter[str] = Counter()
    for paragraph, cuts in _cuts(paragraphs, lines):
        tight = _tight(paragraph)
        wholes = list(_wholes(paragraph))
        found["lines"] += len(cuts) + 1
        for cut in cuts:
            found["prohibited"] += tight[cut] in NOT_FIRST or tight[cut - 1] in NOT_LAST
            found["pairs"] += tight[cut] == tight[cut - 1] and tight[cut] in "—…"
            found["torn"] += any(start < cut < end and _ems(tight[start:end]) <= line_ems for start, end in wholes)
        if cuts and len(tight) - cuts[-1] < SHORTEST_LAST and len(tight) > 2 * SHORTEST_LAST:
            found["short last"] += 1
    return found


def _cuts(paragraphs: Sequence[str], lines: Iterable[str]) -> list[tuple[str, list[int]]]:
    """Each paragraph with the positions, blanks not counted, where a further line begins."""
    left = [_tight(one) for one in paragraphs]
    cuts: list[list[int]] = [[] for _ in paragraphs]
    for line in map(_tight, lines):
        for index, rest in enumerate(left):
            if line and rest.startswith(line):
                at = len(_tight(paragraphs[index])) - len(rest)
                cuts[index] += [at] if at else []
                left[index] = rest[len(line) :]
                break
    return list(zip(paragraphs, cuts, strict=True))


def _wholes(paragraph: str) -> Iterable[tuple[int, int]]:
    """What must not be torn, as positions with blanks not counted."""
    for found in _WHOLE.finditer(paragraph):
        yield len(_tight(paragraph[: found.start()])), len(_tight(paragraph[: found.end()]))


def _tight(said: str) -> str:
    return re.sub(r"[\s\u200b]", "", said)


def _ems(said: str) -> float:
    return sum(1.0 if ch >= "\u2000" else 0.65 for ch in said)
