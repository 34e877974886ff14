"""Times are found in real narrations whose true times are known."""

from itertools import pairwise

import numpy as np
import pytest

from courseware.align.cues import Alignment
from courseware.align.making import LEAST_SURE, align_script
from courseware.align.sound import RATE, sound_of
from courseware.cue import Cue
from courseware.times import Span
from tests.courseware.align.narration import NAMES, noisy, pause, samples, script, truth, tune


def errors(alignment: Alignment, cues: tuple[Cue, ...], shift_ms: int = 0) -> list[int]:
    """How far each line's first cue is from the truth."""
    first: dict[int, int] = {}
    for cue in alignment.cues:
        if cue.span:
            first.setdefault(cue.line, cue.span.start_ms)
    return [abs(first[line] - cue.span.start_ms - shift_ms) for line, cue in enumerate(cues)]


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_of_a_clear_reading_is_found(name: str) -> None:
    cues = truth(name)
    found = errors(align_script(sound_of([samples(name)]), script(cues)), cues)
    assert np.median(found) <= 60
    assert max(found) <= 200


def test_a_reading_in_noise_is_still_found() -> None:
    cues = truth("read-results")
    found = errors(align_script(sound_of([noisy(samples("read-results"), 12)]), script(cues)), cues)
    assert np.median(found) <= 150
    assert max(found) <= 1_000


def test_the_wrong_script_is_noticed() -> None:
    right = align_script(sound_of([samples("read-results")]), script(truth("read-results")))
    wrong = align_script(sound_of([samples("read-results")]), script(truth("check-quality")))
    assert right.confidence >= 80
    assert wrong.confidence < LEAST_SURE


@pytest.mark.parametrize("level", [0, 300])
def test_silence_and_noise_are_no_reading(level: int) -> None:
    sound = (np.random.default_rng(3).standard_normal(10 * RATE) * level).astype(np.int16)
    assert align_script(sound_of([sound]), script(truth("check-quality"))).confidence < LEAST_SURE


def test_a_sentence_that_was_not_spoken_is_left_out_and_the_others_stay() -> None:
    cues = (*truth("check-quality"), *truth("read-results"))
    sound = np.concatenate((samples("check-quality"), pause(1), samples("read-results")))
    extra = Cue(cues[0].span, "春季茶园管理要及时清除杂草和枯枝落叶。")
    more = (*truth("check-quality"), extra, *truth("read-results"))
    alignment = align_script(sound_of([sound]), script(more))
    lines = {cue.line for cue in alignment.shown}
    assert lines == set(range(len(more))) - {len(truth("check-quality"))}
    assert all(cue.confidence == 0 and cue.doubts == ("unheard",) for cue in alignment.cues if cue.span is None)


def test_speech_and_music_that_are_not_in_the_script_are_stepped_over() -> None:
    cues = truth("read-results")
    tone = np.sin(np.arange(6 * RATE) * (2 * np.pi * 440 / RATE)) + np.sin(
        np.arange(6 * RATE) * (2 * np.pi * 660 / RATE)
    )
    music = (tone * 3000 * np.abs(np.sin(np.arange(6 * RATE) / 9000))).astype(np.int16)
    sound = np.concatenate((music, pause(0.6), samples("new-project"), pause(0.6), samples("read-results")))
    alignment = align_script(sound_of([sound]), script(cues))
    shift = 1000 * (len(sound) - len(samples("read-results"))) // RATE
    assert max(errors(alignment, cues, shift)) <= 200
    assert any(span.duration_ms > 15_000 and span.end_ms < shift for span in alignment.unscripted)


def test_music_before_between_and_after_the_speech_attracts_nothing() -> None:
    first, last = truth("new-project"), truth("read-results")
    opening = np.concatenate((tune(5), pause(0.3), samples("new-project"), pause(0.3), tune(4, seed=6), pause(0.3)))
    sound = np.concatenate((opening, samples("read-results"), pause(0.3), tune(6, seed=7)))
    alignment = align_script(sound_of([sound]), script((*first, *last)))
    shifts = [5_300] * len(first) + [len(opening) * 1000 // RATE] * len(last)
    moved = tuple(
        Cue(Span(cue.span.start_ms + shift, cue.span.end_ms + shift), cue.text)
        for cue, shift in zip((*first, *last), shifts, strict=True)
    )
    assert max(errors(alignment, moved)) <= 200
    assert len(alignment.unscripted) == 3
    assert alignment.confidence >= 80


def test_music_alone_is_no_reading() -> None:
    assert align_script(sound_of([tune(15)]), script(truth("check-quality"))).confidence < LEAST_SURE


def test_a_long_recording_is_searched_in_blocks_and_found_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseware.align.engine._WHOLE", 100_000)
    monkeypatch.setattr("courseware.align.engine._BLOCK", 1_000)
    parts = [samples(name) for name in NAMES]
    alignment = align_script(sound_of([np.concatenate(parts)]), script(tuple(c for n in NAMES for c in truth(n))))
    shift, line = 0, 0
    for name, part in zip(NAMES, parts, strict=True):
        for cue in truth(name):
            start = next(one.span.start_ms for one in alignment.cues if one.line == line and one.span)
            assert abs(start - cue.span.start_ms - shift) <= 200
            line += 1
        shift += len(part) * 1000 // RATE


def test_cues_are_in_order_and_never_overlap() -> None:
    shown = align_script(sound_of([samples("new-project")]), script(truth("new-project"))).shown
    spans = [cue.span for cue in shown if cue.span]
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(spans))


def test_a_long_silence_after_the_speech_attracts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseware.align.engine._WHOLE", 1_000_000)
    cues = truth("read-results")
    sound = np.concatenate((samples("read-results"), np.zeros(90 * RATE, np.int16)))
    assert max(errors(align_script(sound_of([sound]), script(cues)), cues)) <= 200
