"""The second look tells right times from wrong ones, and right scripts from wrong ones."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from courseware.align.engine import STEP_MS, Timing, align
from courseware.align.second import Second, look_again
from courseware.speech.reading import CHINESE, ReadScript, read_out
from courseware.speech.sound import RATE, Sound, sound_of
from tests.courseware.align.narration import noisy, pause, samples, truth

NAME, OTHER = "read-results", "check-quality"
FAR = 1_200 // STEP_MS


@cache
def aligned(script: str, decibels: float | None = None) -> tuple[Sound, ReadScript, Timing]:
    heard = samples(NAME) if decibels is None else noisy(samples(NAME), decibels)
    sound = sound_of([np.concatenate((pause(2), heard, pause(2)))])
    reading = read_out([cue.text for cue in truth(script)], CHINESE)
    return sound, reading, align(sound, reading)


def line_starts(reading: ReadScript) -> list[int]:
    """The first unit of each line."""
    return [at for at, spot in enumerate(reading.spots) if not at or reading.spots[at - 1].line != spot.line]


def looked(script: str, decibels: float | None = None) -> Second:
    sound, reading, timing = aligned(script, decibels)
    return look_again(sound, reading, timing, line_starts(reading))


def test_starts_that_are_right_are_hardly_elsewhere() -> None:
    assert looked(NAME).elsewhere.max() < 0.01


def test_in_noise_most_are_still_surely_where_they_are() -> None:
    # So short a recording has little to learn from beside the part that is judged.
    assert np.sort(looked(NAME, 12).elsewhere)[-2] < 0.01


@pytest.mark.parametrize("far", [FAR, -FAR])
def test_a_start_that_is_not_where_it_is_heard_is_elsewhere(far: int) -> None:
    sound, reading, timing = aligned(NAME)
    moved = replace(timing, start=timing.start + far, end=timing.end + far)
    assert look_again(sound, reading, moved, line_starts(reading)).elsewhere.min() > 0.9


@pytest.mark.parametrize(
    ("off_ms", "low", "high"), [(160, 0, 0.01), (-160, 0, 0.01), (800, 0.99, 1), (-800, 0.99, 1)]
)
def test_a_line_is_elsewhere_when_it_is_more_than_half_a_second_off(off_ms: int, low: float, high: float) -> None:
    sound, reading, timing = aligned(NAME)
    first, after = line_starts(reading)[2:4]
    start, end = timing.start.copy(), timing.end.copy()
    start[first:after] += off_ms // STEP_MS
    end[first:after] += off_ms // STEP_MS
    second = look_again(sound, reading, replace(timing, start=start, end=end), [first])
    assert low <= second.elsewhere[0] <= high


def test_a_wrong_script_does_not_fit_what_was_not_learnt_from_it() -> None:
    right, wrong = looked(NAME), looked(OTHER)
    _, _, found = aligned(OTHER)
    heard = found.start >= 0
    assert wrong.fit[heard].mean() < 0.2
    assert right.fit.mean() > 0.4
    assert found.fit[heard].mean() > wrong.fit[heard].mean() + 0.3


def test_what_is_not_heard_has_no_chance_and_no_fit() -> None:
    sound, reading, timing = aligned(NAME)
    first = line_starts(reading)[1]
    start, end = timing.start.copy(), timing.end.copy()
    start[:first] = end[:first] = -1
    second = look_again(sound, reading, replace(timing, start=start, end=end), [-1, first])
    assert np.isnan(second.elsewhere[0])
    assert second.elsewhere[1] < 0.05
    assert not second.fit[:first].any()
    assert second.fit[first:].mean() > 0.3


def test_nothing_heard_is_nothing_judged() -> None:
    sound, reading, timing = aligned(NAME)
    none = np.full_like(timing.start, -1)
    second = look_again(sound, reading, replace(timing, start=none, end=none), [-1, -1])
    assert np.isnan(second.elsewhere).all()
    assert not second.fit.any()


def test_a_long_recording_is_looked_at_in_more_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = looked(NAME).elsewhere
    monkeypatch.setattr("courseware.align.second._LONGEST", 60)
    parts = looked(NAME).elsewhere
    assert len(aligned(NAME)[0].bands) * 10 // STEP_MS > 60 * 8
    assert parts.max() < 0.01
    assert len(parts) == len(whole)


def test_a_recording_shorter_than_the_reach_is_looked_at() -> None:
    cues = truth(NAME)[:1]
    end = int(cues[0].span.end_ms + 300) * RATE // 1000
    sound = sound_of([samples(NAME)[:end]])
    reading = read_out([cues[0].text], CHINESE)
    timing = align(sound, reading)
    found = look_again(sound, reading, timing, [int(np.flatnonzero(timing.start >= 0)[0])])
    assert 0 <= found.elsewhere[0] < 0.5
