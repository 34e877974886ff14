"""The spoken text cut into cues: at sentences, then at the best places inside them, never inside a word or number.

One line a cue: at most 20 characters wide, as for open courses of Chinese universities (16:9) and with 4 to 5 spoken
a second well below 7 s. Marks at a cue's ends are not shown, as is usage in Chinese television.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from courseware.words import word_spans

if TYPE_CHECKING:
    from courseware.script.script import ScriptLine

WIDEST = 20  # characters; a Latin letter counts half
_GOOD = 14
_TINY = 3  # a sentence this short is shown with its neighbour
_END = re.compile(r"(?:[。！？!?…]+|(?<=[A-Za-z\d)])\.(?=\s|$))[”’」』）)》\"]*\s*")
_KEPT = re.compile(
    r"《[^》]{1,30}》|“[^”]{1,12}”|\"[^\"]{1,14}\"|（[^）]{1,12}）|\d[\d.,:：/%％‰\-~～—至到年月日\s]*[A-Za-z℃°㎡²³/]*"
    r"(?:公斤|千克|毫升|毫克|平方米|立方米|摄氏度|厘米|毫米|公里|小时|分钟|[斤两克吨升米亩元度天月年时点倍次遍个株棵粒袋瓶])?"
    r"|[A-Za-z][\w'’\-./₀-₉]*"
)
_STRONG = "，；：,;:—"
_WEAK = "、）)》”’」』 "
_STRIPPED_END = "，。、；：,;:"
_STRIPPED_START = "，。、；：！？,.;:!?)）》」』”’·…—"


@dataclass(frozen=True, slots=True)
class CueText:
    """The text of one cue.

    Attributes:
        line: index of the script's line.
        start, end: which characters of the line; marks at the ends included.
        text: what is shown.
        opens: whether a sentence begins with it.
    """

    line: int
    start: int
    end: int
    text: str
    opens: bool


def cut(lines: Sequence[ScriptLine]) -> tuple[CueText, ...]:
    """Cut every line into cues; what cannot be spoken makes no cue of its own."""
    return tuple(piece for number, line in enumerate(lines) for piece in _pieces(line.text, number))


def width(content: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(0.5 if ch < "\u0250" else 1.0 for ch in content)


def _pieces(content: str, number: int) -> Iterator[CueText]:
    """The cues of a line, sentence by sentence, without those of which nothing is shown."""
    for first, last in _sentences(content):
        places = _cuts(content[first:last])
        for at, (start, end) in enumerate(pairwise(places)):
            shown = _shown(content[first + start : first + end])
            if shown:
                yield CueText(number, first + start, first + end, shown, at == 0)


def _sentences(content: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends; a very short one is joined to its neighbour."""
    ends = [found.end() for found in _END.finditer(content)]
    borders = [0, *(end for end in ends if end < len(content)), len(content)]
    spans: list[tuple[int, int]] = []
    for start, end in pairwise(borders):
        tiny = spans and min(_letters(content[start:end]), _letters(content[spans[-1][0] : spans[-1][1]])) < _TINY
        if tiny and width(content[spans[-1][0] : end]) <= WIDEST:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _letters(content: str) -> int:
    return len(re.findall(r"\w", content))


def _cuts(sentence: str) -> list[int]:
    """Places to cut a sentence at, its ends included: the cheapest way to pieces that fit."""
    places = _places(sentence)
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    at = sorted(places)
    for end in at[1:]:
        ways = (
            (best[start][0] + _cost(sentence[start:end], places[end]), start)
            for start in reversed(at)
            if start < end
            and start in best
            and (width(sentence[start:end]) <= 2 * WIDEST or start == _before(at, end))
        )
        best[end] = min(ways)
    way = [len(sentence)]
    while way[-1]:
        way.append(best[way[-1]][1])
    return way[::-1]


def _before(places: Sequence[int], end: int) -> int:
    """The last place before one."""
    return max(place for place in places if place < end)


def _cost(content: str, place: float) -> float:
    """How bad a piece is, as one cue: what the cut at its end costs, and how far it is from _GOOD characters.

    The least sum over a sentence decides. A cut between two words costs 12 to 24, so a cue wider than WIDEST is
    dearer than any cut.
    """
    shown = _shown(content)
    size = width(shown)
    too_wide = 40 + 20 * (size - WIDEST) if size > WIDEST else 0.0
    too_short = 6.0 * max(0.0, 5 - size)
    # Two characters after the last mark hang in the air.
    hanging = 6.0 if place and re.search(rf"[{_STRONG}]\w{{1,2}}$", shown) else 0.0
    across = 3.0 * len(re.findall("[；;：:]", shown))
    return place + hanging + across + too_wide + too_short + 0.02 * (size - _GOOD) ** 2 + 2


def _places(sentence: str) -> dict[int, float]:
    """Where one may cut, and how bad that is."""
    kept = {
        at
        for found in _KEPT.finditer(sentence)
        for at in range(found.start() + 1, len(found[0].rstrip()) + found.start())
    }
    places = {0: 0.0, len(sentence): 0.0}
    for at in range(1, len(sentence)):
        if at in kept or sentence[at] in _STRIPPED_START + '”’"' or sentence[at] == " ":
            continue
        if sentence[at - 1] in _STRONG:
            places[at] = 0.0
        elif sentence[at - 1] in _WEAK and at > 1:
            places[at] = 4.0 if not sentence[at].isascii() or sentence[at - 1] != " " else 9.0
    if any(width(_shown(sentence[start:end])) > WIDEST for start, end in pairwise(sorted(places))):
        for at in _word_borders(sentence):
            if at not in kept and at not in places and sentence[at] not in _STRIPPED_START + '”’" ':
                places[at] = _word_cost(sentence, at)
    return places


def _word_cost(sentence: str, at: int) -> float:
    """A cut without a mark is the better, the less the words around it belong together."""
    joined = (
        sentence[at] in "的地得了着过们吗呢吧等上下里中内外时"
        or sentence[at - 1] in "和与及或在从对把被给向第每各不很最更"
    )
    return 24.0 if joined else 12.0 if sentence[at] in "和与及或并而但且在对把将被由从以为是可应会" else 16.0


def _word_borders(sentence: str) -> list[int]:
    return [start for start, _ in word_spans(sentence) if start]


def _shown(content: str) -> str:
    """Without the marks and blanks at its ends that subtitles do without."""
    shown = content.strip()
    before = ""
    while before != shown:
        before = shown
        shown = shown.rstrip(_STRIPPED_END + " ").lstrip(_STRIPPED_START + " ")
        if shown.endswith("."):
            shown = shown.rstrip(".") if not shown.endswith("...") else shown
    return shown if re.search(r"\w", shown) else ""
