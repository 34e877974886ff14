"""What makes subtitles hard to read or wrong: too fast, too long, overlapping, badly punctuated. Knows no screen.

Numbers: GB-style subtitle practice and the guides of large services; 5 characters a second are read with ease, on a
square from afar more than 7 are not read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import Literal, NamedTuple

from courseware.errors import Text, text
from courseware.subtitles import Placed
from courseware.subtitles.cue import Cue
from courseware.subtitles.cue_text import (
    columns,
    halves,
    in_simplified,
    with_chinese_marks,
    without_leading_marks,
    without_trailing_marks,
)
from courseware.times import Span, clock

Level = Literal["error", "warning"]
SHORTEST_MS, LONGEST_MS = 833, 7_000  # 5/6 of a second is what an eye needs to find and read a word
FLICKER_MS = 80  # two pictures; a shorter gap is seen as a flicker
_LONGEST_SHOWN, _AROUND = 40, 8  # characters of a text in a message
_HOUR_MS = 3_600_000  # in every lesson something is said in its first hour
_LEFT_OVER_MS = 400  # what must remain of a cue that is cut short


@dataclass(frozen=True, slots=True)
class Limits:
    """What a screen allows.

    Attributes:
        warn_cps, error_cps: characters a second above which a cue is hard to read, and unreadable.
        line_columns, cue_columns: half characters on a line and in a cue; None when the lines are set anew anyway.
    """

    warn_cps: int = 6
    error_cps: int = 9
    line_columns: int | None = 40
    cue_columns: int | None = 80


class CueFinding(NamedTuple):
    """One thing that is wrong with a cue.

    Attributes:
        number: of the cue, as in its file.
        line: of the file.
        rule: a name for programs.
        repair: what to do about it.
        safe: whether `fix_cues` does it.
    """

    number: str
    line: int
    span: Span
    rule: str
    level: Level
    what: Text
    repair: Text
    safe: bool = False


class Fix(NamedTuple):
    """One thing that was repaired."""

    number: str
    span: Span
    rule: str
    what: Text


class _Wording(NamedTuple):
    rule: str
    repaired: Callable[[str], str]
    what: Text


_WORDINGS = (
    _Wording("punctuation", with_chinese_marks, text("half- and full-width signs are mixed")),
    _Wording("traditional", in_simplified, text("traditional characters in a simplified text")),
    _Wording("leading", without_leading_marks, text("a line begins with a punctuation mark")),
    _Wording("trailing", without_trailing_marks, text("a comma or full stop ends the text")),
)


def check_cues(placed: Sequence[Placed], limits: Limits, video_ms: int | None = None) -> tuple[CueFinding, ...]:
    """Everything that is wrong, in order of time.

    Args:
        placed: in order of time.
        video_ms: length of the video, where it is known.
    """
    found: list[CueFinding] = []
    by_ms = offset_ms([one.cue for one in placed]) if placed else 0
    if by_ms and (video_ms is None or video_ms <= placed[0].cue.span.start_ms):
        found.append(_late(placed[0], by_ms))
        video_ms = None
    for entry in placed:
        found += _pace(entry, limits)
        found += _size(entry, limits)
        found += _wording(entry)
        found += _beyond(entry, video_ms)
    for pair in pairwise(placed):
        found += _between(*pair)
    return tuple(sorted(found, key=lambda one: (one.span.start_ms, one.line)))


def fix_cues(placed: Sequence[Placed], video_ms: int | None = None) -> tuple[tuple[Placed, ...], tuple[Fix, ...]]:
    """Repair what can be repaired without a person's judgement.

    Returns:
        The cues, those that no longer are shown left out, and what was done.
    """
    gone = text("left out: it begins after the video's end")
    fixes = [Fix(one.number, one.cue.span, "beyond", gone) for one in placed if _is_beyond(one.cue, video_ms)]
    kept = [_reworded(one, fixes) for one in placed if not _is_beyond(one.cue, video_ms)]
    timed = []
    for index, one in enumerate(kept):
        following = kept[index + 1].cue.span if index + 1 < len(kept) else None
        timed.append(_retimed(one, following, video_ms, fixes))
    return tuple(timed), tuple(fixes)


def offset_ms(cues: Sequence[Cue]) -> int:
    """How many whole hours all cues are late because a recorder's clock began with them; 0 when they are not."""
    return min((cue.span.start_ms for cue in cues), default=0) // _HOUR_MS * _HOUR_MS


def _late(first: Placed, by_ms: int) -> CueFinding:
    what = text("all subtitles begin {clock} late, by a recorder's clock", clock=clock(by_ms // 1000))
    repair = text("“yuanjiao subtitle shift FILE --by -{clock} -o OUT” moves them", clock=clock(by_ms // 1000))
    return finding(first, "shift", "error", what, repair)


def finding(one: Placed, rule: str, level: Level, what: Text, repair: Text, *, safe: bool = False) -> CueFinding:
    """A finding about a cue."""
    return CueFinding(one.number, one.line, one.cue.span, rule, level, what, repair, safe)


def _pace(one: Placed, limits: Limits) -> Iterator[CueFinding]:
    """How fast it must be read, in tenths of a character a second (narrow signs count half); how long it stands."""
    length_ms, amount = one.cue.span.duration_ms, halves(one.cue.text)
    tenths = amount * 5_000 // length_ms
    if tenths > limits.warn_cps * 10:
        level: Level = "error" if tenths > limits.error_cps * 10 else "warning"
        what = text("too fast: {cps} characters a second, at most {limit}", cps=_point(tenths), limit=limits.warn_cps)
        most = length_ms * limits.warn_cps // 1000
        longer_ms = amount * 500 // limits.warn_cps - length_ms
        repair = text("shorten it to {most} characters, or show it {ms} ms longer", most=most, ms=longer_ms)
        if not most:
            repair = text("show it {ms} ms longer", ms=longer_ms)
        yield finding(one, "speed", level, what, repair)
    if length_ms < SHORTEST_MS:
        what = text("shown for only {ms} ms, at least {limit}", ms=length_ms, limit=SHORTEST_MS)
        yield finding(one, "short", "warning", what, text("let it end later"), safe=True)
    if length_ms > LONGEST_MS:
        what = text("shown for {ms} ms, at most {limit}", ms=length_ms, limit=LONGEST_MS)
        yield finding(one, "long", "warning", what, text("divide it, or let it end earlier"))


def _size(one: Placed, limits: Limits) -> Iterator[CueFinding]:
    """How long its lines and all of it are, in Chinese characters; columns are half as wide."""
    lines = one.cue.text.split("\n")
    widest, whole = max(map(columns, lines)), sum(map(columns, lines))
    if limits.line_columns and widest > limits.line_columns:
        what = text(
            "a line of {count} characters, at most {limit}", count=widest // 2, limit=limits.line_columns // 2
        )
        yield finding(one, "line", "warning", what, text("break it, or divide the subtitle"))
    if limits.cue_columns and whole > limits.cue_columns:
        what = text("{count} characters at once, at most {limit}", count=whole // 2, limit=limits.cue_columns // 2)
        yield finding(one, "size", "warning", what, text("divide it at a punctuation mark"))


def _wording(one: Placed) -> Iterator[CueFinding]:
    for wording in _WORDINGS:
        after = wording.repaired(one.cue.text)
        if after != one.cue.text:
            repair = text("write “{after}”", after=_excerpt(one.cue.text, after)[1])
            yield finding(one, wording.rule, "warning", wording.what, repair, safe=True)


def _beyond(one: Placed, video_ms: int | None) -> Iterator[CueFinding]:
    if _is_beyond(one.cue, video_ms):
        what = text("begins after the end of the video")
        repair = text("delete it, or see whether these subtitles belong to another video")
        yield finding(one, "beyond", "error", what, repair, safe=True)
    elif video_ms is not None and one.cue.span.end_ms > video_ms:
        what = text("ends {ms} ms after the video", ms=one.cue.span.end_ms - video_ms)
        yield finding(one, "beyond", "warning", what, text("let it end with the video"), safe=True)


def _between(one: Placed, following: Placed) -> Iterator[CueFinding]:
    gap_ms = following.cue.span.start_ms - one.cue.span.end_ms
    if gap_ms < 0:
        what = text("overlaps the next by {ms} ms", ms=-gap_ms)
        left_ms = following.cue.span.start_ms - one.cue.span.start_ms
        repair = text("let it end when the next begins")
        yield finding(one, "overlap", "error", what, repair, safe=left_ms >= _LEFT_OVER_MS)
    elif 0 < gap_ms < FLICKER_MS:
        what = text("a gap of {ms} ms before the next is seen as a flicker", ms=gap_ms)
        yield finding(one, "gap", "warning", what, text("let it end when the next begins"), safe=True)


def _is_beyond(cue: Cue, video_ms: int | None) -> bool:
    return video_ms is not None and cue.span.start_ms >= video_ms


def _reworded(one: Placed, fixes: list[Fix]) -> Placed:
    said, settled = one.cue.text, False
    # One repair may make room for another: without its last comma a text may end in a colon.
    while not settled:
        settled = True
        for wording in _WORDINGS:
            after = wording.repaired(said)
            if after != said:
                old, new = _excerpt(said, after)
                what = text("“{before}” became “{after}”", before=old, after=new)
                fixes.append(Fix(one.number, one.cue.span, wording.rule, what))
                said, settled = after, False
    return replace(one, cue=replace(one.cue, text=said))


def _retimed(one: Placed, following: Span | None, video_ms: int | None, fixes: list[Fix]) -> Placed:
    """The cue with an end that breaks no rule, as far as the next cue and the video leave room; its start stays.

    In this order: not beyond the video, not over the next cue, at least SHORTEST_MS, no flicker before the next cue.
    """
    span = one.cue.span
    latest_ms = min(
        following.start_ms if following else span.start_ms + LONGEST_MS,
        span.start_ms + LONGEST_MS if video_ms is None else video_ms,
    )
    end_ms, rule = span.end_ms, ""
    if video_ms is not None and end_ms > video_ms:
        end_ms, rule = video_ms, "beyond"
    if following and end_ms > following.start_ms >= span.start_ms + _LEFT_OVER_MS:
        end_ms, rule = following.start_ms, "overlap"
    if end_ms - span.start_ms < SHORTEST_MS and end_ms < latest_ms:
        end_ms, rule = min(span.start_ms + SHORTEST_MS, latest_ms), "short"
    if following and 0 < following.start_ms - end_ms < FLICKER_MS:
        end_ms, rule = following.start_ms, rule or "gap"
    if not rule or end_ms == span.end_ms:
        return one
    what = text("ends {ms} ms later", ms=end_ms - span.end_ms)
    if end_ms < span.end_ms:
        what = text("ends {ms} ms earlier", ms=span.end_ms - end_ms)
    fixes.append(Fix(one.number, span, rule, what))
    return replace(one, cue=replace(one.cue, span=Span(span.start_ms, end_ms)))


def _excerpt(before: str, after: str) -> tuple[str, str]:
    """Both texts on one line; of long ones the part that differs, and a few characters around it."""
    pair = before.replace("\n", " "), after.replace("\n", " ")
    if max(map(len, pair)) <= _LONGEST_SHOWN:
        return pair
    same = _shared(*pair)
    tail = _shared(*(one[same:][::-1] for one in pair))
    start = max(0, same - _AROUND)
    ends = (min(len(one), len(one) - tail + _AROUND) for one in pair)
    old, new = (
        ("…" if start else "") + one[start:end] + ("…" if end < len(one) else "")
        for one, end in zip(pair, ends, strict=True)
    )
    return old, new


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _point(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"
