"""Judges subtitles against what is said: speech that stands without any. Pure: hears nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from courseware.errors import text
from courseware.times import Span
from render.quality.checks.check import QualityCheck
from render.quality.checks.expected import Expected
from render.quality.findings import QualityFinding
from render.quality.sound import SoundFacts

_SPEAKS_MS, _SPEAKS_A_LOT_MS = 8000, 10_000
_NEAR_MS = 600  # subtitles begin late and end early by so much
_LEAST_MS, _LEAST_SHARE = 4000, 0.35


def judge_subtitled(sound: SoundFacts | None, expected: Expected) -> tuple[QualityFinding, ...]:
    """Whether what is said can be read: all of it, only a part, or nothing."""
    body = next(iter(expected.spans_of("body")), None)
    if expected.song:
        return ()  # a singer is taken for somebody who speaks
    if sound is None or not sound.speech or expected.shown is None or body is None or expected.silent:
        return ()
    said = tuple(cut for one in sound.speech if (cut := _cut(one, body)))
    shown = [one.shifted(body.start_ms) for one in expected.shown]
    return tuple(_partly(said, shown) if shown else _never(said))


def _cut(span: Span, body: Span) -> Span | None:
    if not span.overlaps(body):
        return None
    return Span(max(span.start_ms, body.start_ms), min(span.end_ms, body.end_ms))


def _never(said: Sequence[Span]) -> Iterator[QualityFinding]:
    said_ms = sum(one.duration_ms for one in said)
    if said_ms >= _SPEAKS_A_LOT_MS:
        what = text("somebody speaks for {seconds} s, and there are no subtitles", seconds=said_ms // 1000)
        remedy = text("many watch where little is heard: write a script and run “yuanjiao subtitle align”")
        yield QualityFinding("unsubtitled", "info", said[0].start_ms, said[-1].end_ms, what, remedy)


def _partly(said: Sequence[Span], shown: Sequence[Span]) -> Iterator[QualityFinding]:
    """Much speech without subtitles where there are some: told when it is long, and a good share of all speech."""
    said_ms = sum(one.duration_ms for one in said)
    bare = [rest for one in said for rest in _bare(one, shown)]
    bare_ms = sum(one.duration_ms for one in bare)
    if said_ms < _SPEAKS_MS or bare_ms < max(_LEAST_MS, _LEAST_SHARE * said_ms):
        return
    what = text("of {seconds} s of speech, {bare} s have no subtitles", seconds=said_ms // 1000, bare=bare_ms // 1000)
    remedy = text("complete the subtitles, or write the whole script and run “yuanjiao subtitle align”")
    yield QualityFinding("unsubtitled", "warning", bare[0].start_ms, bare[-1].end_ms, what, remedy)


def _bare(said: Span, shown: Sequence[Span]) -> Iterator[Span]:
    """What is left of a stretch of speech beside the subtitles."""
    at = said.start_ms
    for cue_span in sorted(shown, key=lambda span: span.start_ms):
        start_ms, end_ms = cue_span.start_ms - _NEAR_MS, cue_span.end_ms + _NEAR_MS
        if start_ms >= said.end_ms:
            break
        if start_ms > at:
            yield Span(at, start_ms)
        at = max(at, end_ms)
    if at < said.end_ms:
        yield Span(at, said.end_ms)


CHECK = QualityCheck(
    lambda _, sound, expected: judge_subtitled(sound, expected),
    labels={"unsubtitled": "缺字幕"},
    rules=("缺字幕：有人说话而没有字幕，作说明；有字幕，却有三分之一以上的话没有，提醒。",),
    unseen=frozenset({"unsubtitled"}),
)
