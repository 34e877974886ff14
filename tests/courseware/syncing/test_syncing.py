"""Subtitles moved to where somebody speaks, on the narrations that the package ships, one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from courseware.speech.sound import RATE, Sound, sound_of
from courseware.subtitles.cue import Cue, SungFrom
from courseware.subtitles.moving import TimeMap, moved
from courseware.syncing.fit import RATES, LineFit, fit_line
from courseware.syncing.parts import SyncedPart, parts_of
from courseware.syncing.pattern import CuePattern, VoiceHeard
from courseware.syncing.syncing import first_stray, moved_by_parts, synchronise
from courseware.times import Span
from tests.courseware.align.narration import NAMES, pause, samples, truth

TOLERANCE_MS = 40


@cache
def evening() -> tuple[Sound, tuple[Cue, ...]]:
    """All narrations, with pauses between them, twice in another order."""
    sound, cues, at = [], list[Cue](), 0
    for number, name in enumerate((*NAMES, *NAMES[::-1])):
        cues += moved(truth(name), TimeMap(offset_ms=Fraction(at)))
        sound += [samples(name), pause(0.4 + number / 7)]
        at += sum(map(len, sound[-2:])) * 1000 // RATE
    return sound_of(sound), tuple(cues)


def late(cues: Sequence[Cue], rate: Fraction | int, offset_ms: int) -> tuple[Cue, ...]:
    """As a file has them that is to be multiplied by the rate and moved earlier by the offset."""
    return moved(cues, TimeMap(Fraction(1) / rate, Fraction(offset_ms)))


def errors(found: Sequence[Cue], right: Sequence[Cue]) -> list[int]:
    assert [cue.text for cue in found] == [cue.text for cue in right]
    return [abs(one.span.start_ms - other.span.start_ms) for one, other in zip(found, right, strict=True)]


@pytest.mark.parametrize(
    ("rate", "offset_ms"),
    [
        (1, 0),
        (1, 23_456),
        (Fraction(25, 24), 3_000),
        (Fraction(24000, 25025), 41_000),
        (Fraction(10_030, 10_000), 900),
    ],
)
def test_an_offset_and_a_rate_are_found_to_a_few_hundredths_of_a_second(rate: Fraction | int, offset_ms: int) -> None:
    sound, cues = evening()
    found = synchronise(late(cues, rate, offset_ms), sound)
    assert len(found.parts) == 1
    assert max(errors(found.cues, cues)) <= TOLERANCE_MS
    assert found.parts[0].fit.rate == rate or rate not in RATES


def test_what_was_cut_out_of_the_video_divides_the_subtitles() -> None:
    sound, cues = evening()
    half = len(cues) // 2
    file = (*late(cues[:half], 1, 2_000), *late(cues[half:], 1, 32_000))
    found = synchronise(file, sound)
    assert [part.from_ms for part in found.parts] == [file[0].span.start_ms, file[half].span.start_ms]
    assert max(errors(found.cues, cues)) <= TOLERANCE_MS


def test_subtitles_of_something_else_are_refused() -> None:
    sound, cues = evening()
    gaps = np.random.default_rng(5).permutation(len(cues))
    other = tuple(
        replace(cue, span=Span(int(k) * 3_700, int(k) * 3_700 + 1_900)) for cue, k in zip(cues, gaps, strict=True)
    )
    found = synchronise(sorted(other, key=lambda cue: cue.span), sound)
    assert found.cues == ()
    assert found.why_not is not None
    assert "by chance" in found.why_not.pattern


def test_too_few_subtitles_tell_nothing() -> None:
    sound, cues = evening()
    assert synchronise(cues[:4], sound).why_not is not None


def spoken(cues: CuePattern, length_ms: int) -> VoiceHeard:
    """A recording in which somebody speaks just while they are on."""
    frames = np.full(length_ms // 10, -1.0)
    for start, end in zip(cues.starts, cues.ends, strict=True):
        frames[int(start / 10) : int(end / 10)] = 1.0
    return VoiceHeard(frames)


def at_random(count: int, seed: int = 1) -> CuePattern:
    rng = np.random.default_rng(seed)
    starts = np.cumsum(rng.integers(150, 600, count) * 10.0)
    return CuePattern(starts, starts + rng.integers(70, 140, count) * 10.0)


def test_a_part_that_is_not_sure_by_itself_is_not_torn_off() -> None:
    pattern = at_random(40)
    voice = spoken(pattern, 240_000)
    away = CuePattern(
        np.concatenate((pattern.starts[:37], pattern.starts[37:] + 9_000)),
        np.concatenate((pattern.ends[:37], pattern.ends[37:] + 9_000)),
    )
    whole = fit_line(away, voice)
    assert whole is not None
    assert whole.is_sure
    assert parts_of(away, voice, whole) == ()


def test_where_subtitles_begin_that_belong_elsewhere_is_found() -> None:
    right, wrong = at_random(60), at_random(60, seed=9)
    voice = spoken(right, 300_000)
    away = right.starts[30] + 700 - wrong.starts[30]
    mixed = CuePattern(
        np.concatenate((right.starts[:30], wrong.starts[30:] + away)),
        np.concatenate((right.ends[:30], wrong.ends[30:] + away)),
    )
    line = fit_line(right, voice)
    assert line is not None
    assert first_stray(right, voice, line) is None
    stray = first_stray(mixed, voice, line)
    assert stray is not None
    assert right.starts[18] <= stray <= mixed.starts[30]


def test_no_subtitle_runs_into_the_first_of_the_next_part() -> None:
    cues = (Cue(Span(0, 2_000), "一"), Cue(Span(5_000, 6_000), "二"))
    line = fit_line(at_random(12), spoken(at_random(12), 90_000))
    assert line is not None
    parts = (SyncedPart(0, replace(line, offset_ms=0)), SyncedPart(5_000, replace(line, offset_ms=-3_200)))
    assert [cue.span for cue in moved_by_parts(cues, parts)] == [Span(0, 1_800), Span(1_800, 2_800)]


def test_words_that_are_sung_move_with_their_subtitle() -> None:
    cues = (Cue(Span(4_000, 6_000), "种花", sung=(SungFrom(0, 4_200), SungFrom(1, 5_000))),)
    part = SyncedPart(4_000, LineFit(Fraction(1), -1_000, 0.5))
    assert moved_by_parts(cues, [part])[0].sung == (SungFrom(0, 3_200), SungFrom(1, 4_000))
