"""Judges what the samples of a sound show: sides that cancel, mains hum, clipping, sound beside its picture. Pure.

What is told here is certain: on ordinary recordings none of it may be said (tests/bench/bench_soundness.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from courseware.errors import text
from courseware.times import Span
from render.quality.checks.check import QualityCheck
from render.quality.checks.expected import Expected
from render.quality.facts import FINENESS, PictureFacts
from render.quality.findings import QualityFinding
from render.quality.sound import SoundFacts
from render.quality.waves import LEVEL_MS, QUIETEST_DB

_HUM_DB = -60.0  # against the programme, as the ear weighs it: below, a pause sounds clean
_STILL_MS = 500  # before something can be seen or heard to set in
_STILL, _JUMP = FINENESS, 8 * FINENESS
_LOUD_DB, _RISE_DB = -40, 30
_NEAR_MS = 600
_LEAST_EVENTS = 3
_PAIRED_SHARE = 0.8
_APART_MS = 60  # between events: a picture and a half
_OFFSET_MS = 120


def judge_soundness(
    picture: PictureFacts | None, sound: SoundFacts | None, expected: Expected
) -> tuple[QualityFinding, ...]:
    """What a person should know of a sound that can be decoded and is not silent on purpose."""
    if sound is None or expected.silent:
        return ()
    if expected.song:
        # A bass that holds a note is no mains hum, and nothing in a picture makes the sound.
        return (*_cancelled(sound, song=True), *_clipped(sound))
    found = [*_cancelled(sound), *_hum(sound), *_clipped(sound)]
    if picture is not None:
        found += _beside(picture, sound, expected)
    return tuple(found)


def _cancelled(sound: SoundFacts, *, song: bool = False) -> Iterator[QualityFinding]:
    """Sides that cancel; in a song for a passage perhaps on purpose, as when only the accompaniment is left of it."""
    remedy = text("render this lesson again, which mends it; check how the microphone is wired")
    if song:
        remedy = text("listen to it on one loudspeaker; take another recording of the song where too much is missing")
    for span in sound.waves.cancelled:
        seconds = f"{span.duration_ms / 1000:.0f}"
        what = text(
            "its two sides cancel each other for {seconds} s: a single loudspeaker is silent", seconds=seconds
        )
        yield QualityFinding("mono", "warning" if song else "error", span.start_ms, span.end_ms, what, remedy)


def _hum(sound: SoundFacts) -> Iterator[QualityFinding]:
    hum_db = sound.waves.hum_db
    if hum_db is not None and hum_db > _HUM_DB:
        what = text("the mains hum in it (50 Hz and its multiples)")
        remedy = text("write denoise = true in lesson.toml; keep cables and power supplies apart when recording")
        yield QualityFinding("hum", "warning", 0, 0, what, remedy)


def _clipped(sound: SoundFacts) -> Iterator[QualityFinding]:
    if sound.waves.clipped:
        what = text("it was recorded too loudly: its waves are cut off, it sounds harsh")
        remedy = text("record it again with less gain; what is cut off cannot be put back")
        yield QualityFinding("clipped", "warning", 0, 0, what, remedy)


def _beside(picture: PictureFacts, sound: SoundFacts, expected: Expected) -> Iterator[QualityFinding]:
    """Sound that sets in beside its picture, every time that both can be seen to set in."""
    off_ms = offset_ms(picture_onsets(picture, expected), sound_onsets(sound, expected))
    if off_ms is None or abs(off_ms) < _OFFSET_MS:
        return
    what = text("the sound comes {ms} ms after its picture", ms=off_ms)
    if off_ms < 0:
        what = text("the sound comes {ms} ms before its picture", ms=-off_ms)
    remedy = text("move the sound in the source, or export the source again")
    yield QualityFinding("sync", "warning", 0, 0, what, remedy)


def picture_onsets(picture: PictureFacts, expected: Expected) -> tuple[int, ...]:
    """When, in ms, a picture of the body jumps that stood still before."""
    before = max(1, round(_STILL_MS * expected.fps / 1000))
    found = (
        round(at * 1000 / expected.fps)
        for at in range(before + 1, picture.pictures)
        if picture.change[at] >= _JUMP and max(picture.change[at - before : at]) <= _STILL
    )
    return _in_body(found, expected)


def sound_onsets(sound: SoundFacts, expected: Expected) -> tuple[int, ...]:
    """When, in ms, something of the body is heard suddenly after quiet."""
    levels, before = sound.waves.levels, _STILL_MS // LEVEL_MS
    found = (
        at * LEVEL_MS
        for at in range(before, len(levels))
        if levels[at] >= _LOUD_DB - QUIETEST_DB and max(levels[at - before : at]) <= levels[at] - _RISE_DB
    )
    return _in_body(found, expected)


def _in_body(times: Iterator[int], expected: Expected) -> tuple[int, ...]:
    around = expected.spans_of("body") or (Span(0, 1 << 40),)
    return tuple(at for at in times if any(span.start_ms < at < span.end_ms for span in around))


def offset_ms(seen: Sequence[int], heard: Sequence[int]) -> int | None:
    """By how much sounds come after their pictures; None unless nearly every one does by the same time."""
    if len(heard) < _LEAST_EVENTS or not seen:
        return None
    offsets = sorted(at - min(seen, key=lambda shown: abs(shown - at)) for at in heard)
    near = [one for one in offsets if abs(one) <= _NEAR_MS]
    middle = round(median(near)) if near else 0
    alike = [one for one in near if abs(one - middle) <= _APART_MS / 2]
    return middle if len(alike) >= max(_LEAST_EVENTS, _PAIRED_SHARE * len(heard)) else None


CHECK = QualityCheck(
    judge_soundness,
    labels={"mono": "声道", "hum": "嗡声", "clipped": "削波", "sync": "同步"},
    unseen=frozenset({"mono"}),
)
