"""Times are found in real narrations whose true times are known."""

from itertools import pairwise

import numpy as np
import pytest

from courseware.align.cues import Alignment
from courseware.align.making import LEAST_SURE, align_script
from courseware.speech.sound import RATE, sound_of
from courseware.subtitles.cue import Cue
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


def test_silence_before_and_after_does_not_make_a_voice_of_the_noise() -> None:
    cues, noise = truth("check-quality"), noisy(samples("check-quality"), 12)
    found = errors(align_script(sound_of([np.concatenate((pause(2), noise, pause(2)))]), script(cues)), cues, 2_000)
    assert max(found) <= 150


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


def starts(alignment: Alignment) -> list[int]:
    return [cue.span.start_ms if cue.span else -1 for cue in alignment.cues]


def make_long(monkeypatch: pytest.MonkeyPatch, *, stretches: bool = True) -> None:
    """From now on what lasts a minute is searched like what lasts hours, or without `stretches` like half an hour."""
    monkeypatch.setattr("courseware.align.search.WHOLE", 100_000)
    if stretches:
        monkeypatch.setattr("courseware.align.search.COARSE_WHOLE", 100_000)
        monkeypatch.setattr("courseware.align.search.STRETCH", 500)
    monkeypatch.setattr("courseware.align.search.BLOCK", 700)
    monkeypatch.setattr("courseware.align.beam.BLOCK", 200)


def test_a_long_recording_is_found_as_well_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cues = tuple(cue for name in NAMES for cue in truth(name))
    sound = sound_of([np.concatenate([samples(name) for name in NAMES])])
    short = starts(align_script(sound, script(cues)))
    make_long(monkeypatch)
    long = starts(align_script(sound, script(cues)))
    assert -1 not in long
    assert max(abs(one - other) for one, other in zip(short, long, strict=True)) <= 50


def test_an_unscripted_stretch_longer_than_a_block_does_not_lead_a_long_search_astray(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_long(monkeypatch, stretches=False)
    first, last = np.concatenate((samples("check-quality"), samples("project-data"))), samples("read-results")
    between = np.concatenate((pause(0.6), samples("new-project"), pause(0.6)))
    shift = (len(first) + len(between)) * 1000 // RATE
    moved = tuple(Cue(Span(c.span.start_ms + shift, c.span.end_ms + shift), c.text) for c in truth("read-results"))
    second = len(samples("check-quality")) * 1000 // RATE
    data = tuple(Cue(Span(c.span.start_ms + second, c.span.end_ms + second), c.text) for c in truth("project-data"))
    cues = (*truth("check-quality"), *data, *moved)
    alignment = align_script(sound_of([np.concatenate((first, between, last))]), script(cues))
    assert len(between) > 14 * RATE
    assert max(errors(alignment, cues)) <= 200
    assert any(span.duration_ms > 15_000 for span in alignment.unscripted)


def test_the_wrong_script_of_a_long_recording_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    make_long(monkeypatch)
    wrong = align_script(sound_of([samples("read-results")]), script(truth("check-quality")))
    assert wrong.confidence < LEAST_SURE


def test_the_coarse_search_gives_up_no_clause_that_noise_blurs(monkeypatch: pytest.MonkeyPatch) -> None:
    make_long(monkeypatch, stretches=False)
    cues = tuple(cue for name in NAMES for cue in truth(name))
    sound = sound_of([noisy(np.concatenate([samples(name) for name in NAMES]), 4)])
    assert {cue.line for cue in align_script(sound, script(cues)).shown} == set(range(len(cues)))


def test_cues_are_in_order_and_never_overlap() -> None:
    shown = align_script(sound_of([samples("new-project")]), script(truth("new-project"))).shown
    spans = [cue.span for cue in shown if cue.span]
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(spans))


def test_a_long_silence_after_the_speech_attracts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseware.align.search.WHOLE", 1_000_000)
    cues = truth("read-results")
    sound = np.concatenate((samples("read-results"), np.zeros(90 * RATE, np.int16)))
    assert max(errors(align_script(sound_of([sound]), script(cues)), cues)) <= 200
