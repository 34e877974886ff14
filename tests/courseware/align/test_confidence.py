"""What is wrong is marked, what is right is not; and wrong scripts are told from right ones, in babble, too."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.align.confidence import SURE, doubts_of, first_units, overall, signs
from courseware.align.cues import Alignment
from courseware.align.engine import STEP_MS, Timing, align
from courseware.align.making import LEAST_SURE, align_script
from courseware.align.second import Second, look_again
from courseware.script.script import Script, ScriptLine
from courseware.speech.reading import CHINESE, ReadScript, read_out
from courseware.speech.sound import RATE, Sound, sound_of
from courseware.subtitles.cue import Cue
from courseware.times import Span
from tests.courseware.align.narration import NAMES, noisy, pause, samples, script, truth, tune

FIRST, SECOND = "check-quality", "read-results"


@cache
def both() -> NDArray[np.int16]:
    """Two narrations with a pause between."""
    return np.concatenate((samples(FIRST), pause(0.7), samples(SECOND)))


def both_cues() -> tuple[Cue, ...]:
    later = (len(samples(FIRST)) + len(pause(0.7))) * 1000 // RATE
    moved = (Cue(Span(cue.span.start_ms + later, cue.span.end_ms + later), cue.text) for cue in truth(SECOND))
    return (*truth(FIRST), *moved)


def in_babble(decibels: float, seed: int = 3) -> NDArray[np.int16]:
    """Six voices speaking behind the two narrations."""
    rng = np.random.default_rng(seed)
    voice = both().astype(np.float64)
    crowd = np.zeros(len(voice))
    for _ in range(6):
        one = samples(NAMES[int(rng.integers(len(NAMES)))]).astype(np.float64)
        crowd += np.roll(np.resize(one, len(voice)), int(rng.integers(len(one))))
    loud = voice[np.abs(voice) > np.median(np.abs(voice))]
    crowd *= np.sqrt(np.mean(loud**2) / np.mean(crowd**2) / 10 ** (decibels / 10))
    return np.clip(voice + crowd, -32768, 32767).astype(np.int16)


def other_order(seed: int) -> Script:
    """The same characters in another order."""
    lines = [cue.text for cue in both_cues()]
    characters = list("".join(lines))
    order = iter(np.random.default_rng(seed).permutation(len(characters)))
    return Script(tuple(ScriptLine("".join(characters[next(order)] for _ in line)) for line in lines), ())


def aligned(sound: NDArray[np.int16], what: Script) -> Alignment:
    return align_script(sound_of([sound]), what)


def marked(alignment: Alignment, cues: tuple[Cue, ...]) -> tuple[list[bool], list[bool]]:
    """Which lines are off by more than half a second, and which are marked."""
    first = {cue.line: cue for cue in reversed(alignment.cues) if cue.span}
    found = [(first[line], cue) for line, cue in enumerate(cues) if line in first]
    wrong = [abs(one.span.start_ms - cue.span.start_ms) > 500 for one, cue in found if one.span]
    return wrong, [one.confidence < SURE for one, _ in found]


@pytest.mark.parametrize("decibels", [None, 20, 12])
def test_hardly_anything_is_marked_when_all_is_right(decibels: float | None) -> None:
    sound = both() if decibels is None else noisy(both(), decibels)
    wrong, low = marked(aligned(sound, script(both_cues())), both_cues())
    assert sum(wrong) == 0
    assert sum(low) <= 1


@cache
def found() -> tuple[Sound, ReadScript, Timing]:
    sound = sound_of([both()])
    reading = read_out([cue.text for cue in both_cues()], CHINESE)
    return sound, reading, align(sound, reading)


def lines(reading: ReadScript) -> list[range]:
    numbers = [spot.line for spot in reading.spots]
    return [range(numbers.index(line), len(numbers) - numbers[::-1].index(line)) for line in range(max(numbers) + 1)]


def judged(timing: Timing) -> list[int]:
    sound, reading, _ = found()
    ranges = lines(reading)
    second = look_again(sound, reading, timing, first_units(ranges, timing))
    return [percent for percent, _ in doubts_of(ranges, reading, timing, second)]


@pytest.mark.parametrize("off_ms", [-900, 900])
def test_every_line_that_is_moved_is_marked(off_ms: int) -> None:
    _, _, timing = found()
    assert min(judged(timing)) >= SURE
    moved = replace(timing, start=timing.start + off_ms // STEP_MS, end=timing.end + off_ms // STEP_MS)
    low = [percent < SURE for percent in judged(moved)]
    assert np.mean(low) >= 0.9


def test_a_doubtful_cue_says_why_and_a_sure_one_says_nothing() -> None:
    sound, reading, timing = found()
    moved = replace(timing, start=timing.start + 45, end=timing.end + 45)
    ranges = lines(reading)
    second = look_again(sound, reading, moved, first_units(ranges, moved))
    for percent, why in doubts_of(ranges, reading, moved, second):
        assert bool(why) == (percent < SURE)
        assert len(why) <= 2


def test_each_sign_speaks_for_itself() -> None:
    _, reading, timing = found()
    ranges = lines(reading)
    units = len(timing.start)
    calm = Second(np.full(len(ranges), 1e-12), np.ones(units, np.float32), np.ones(units, np.float32))
    plain = signs(ranges, reading, timing, calm)
    assert plain[:, :2] == pytest.approx(np.zeros((len(ranges), 2)))
    lost = replace(calm, elsewhere=np.full(len(ranges), 0.5), own=np.zeros(units, np.float32))
    assert signs(ranges, reading, timing, lost)[:, :2] == pytest.approx(np.ones((len(ranges), 2)))
    late = timing.end.copy()
    late[ranges[1][0]] += 1_000 // STEP_MS
    assert signs(ranges, reading, replace(timing, end=late), calm)[1, 3] == 1
    other = timing.other.copy()
    other[timing.start[ranges[2][0]] - 10] = True
    beside = signs(ranges, reading, replace(timing, other=other), calm)
    assert (plain[2, 4], beside[2, 4]) == (0, 1)
    start = timing.start.copy()
    start[list(ranges[0])] = -1
    assert (signs(ranges, reading, replace(timing, start=start), calm)[0] == 1).all()


def test_the_whole_is_unsure_when_nothing_is_heard() -> None:
    _, _, timing = found()
    none = np.full_like(timing.start, -1)
    empty = np.zeros(len(none), np.float32)
    assert overall(replace(timing, start=none, end=none), Second(np.array([np.nan]), empty, empty)) == 0


def test_in_babble_the_right_script_is_taken_and_wrong_ones_are_refused() -> None:
    loud = in_babble(12)
    assert aligned(loud, script(both_cues())).confidence >= LEAST_SURE
    others = tuple(cue for name in ("new-project", "project-data") for cue in truth(name))
    assert aligned(loud, script(others)).confidence < LEAST_SURE
    assert aligned(loud, other_order(4)).confidence < LEAST_SURE


@pytest.mark.parametrize("decibels", [None, 12])
def test_the_same_characters_in_another_order_are_refused(decibels: float | None) -> None:
    sound = both() if decibels is None else noisy(both(), decibels)
    assert aligned(sound, other_order(5)).confidence < LEAST_SURE


@pytest.mark.parametrize("seed", [5, 8])
def test_music_of_any_tune_is_no_reading(seed: int) -> None:
    assert aligned(tune(20, seed=seed), script(truth(SECOND))).confidence < LEAST_SURE
