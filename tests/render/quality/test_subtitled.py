"""Speech with all, with some and without its subtitles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from courseware.times import Span
from render.quality.checks.expected import Expected, TimelinePart
from render.quality.checks.subtitled import judge_subtitled
from render.quality.findings import QualityFinding
from render.quality.speech import find_speech
from tests.render.quality.facts import spoken
from tests.render.sounds import make_sound

FOOTAGE = Path(__file__).parents[3] / "templates" / "county" / "media"
PARTS = (TimelinePart("title", Span(0, 10_000)), TimelinePart("body", Span(10_000, 50_000)))
SAID = (Span(2000, 6000), Span(12_000, 22_000), Span(24_000, 34_000), Span(48_000, 55_000))
RAIN = "anoisesrc=color=pink:amplitude=0.2:seed=2:sample_rate=48000"
APPLAUSE = "anoisesrc=amplitude=0.3:seed=2:sample_rate=48000,tremolo=f=9:d=0.8"
MELODY = "aevalsrc='0.2*sin(2*PI*(220+110*floor(mod(t*2,4)))*t)*exp(-2*mod(t*2,1))':s=48000"


def judged(*shown: Span, said: tuple[Span, ...] | None = SAID, known: bool = True) -> list[QualityFinding]:
    expected = Expected(None, parts=PARTS, shown=shown if known else None)
    return list(judge_subtitled(replace(spoken(60), speech=said), expected))


def test_speech_under_its_subtitles_is_as_it_should_be() -> None:
    assert judged(Span(2500, 11_500), Span(14_400, 23_500), Span(38_000, 40_000)) == []


def test_speech_without_half_of_its_subtitles_is_told_with_where() -> None:
    (found,) = judged(Span(2000, 12_000))
    assert (found.kind, found.severity, found.from_ms, found.to_ms) == ("unsubtitled", "warning", 24_000, 50_000)
    assert found.sentence.values == {"seconds": 22, "bare": 12}


def test_a_sentence_without_subtitle_is_not_worth_a_warning() -> None:
    assert judged(Span(2000, 12_000), Span(14_000, 19_500)) == []


def test_a_lesson_with_speech_and_without_subtitles_gets_a_remark() -> None:
    (found,) = judged()
    assert (found.severity, found.from_ms, found.sentence.values) == ("info", 12_000, {"seconds": 22})


def test_who_sings_needs_no_subtitles() -> None:
    expected = Expected(None, parts=PARTS, shown=(), song=True)
    assert judge_subtitled(replace(spoken(60), speech=SAID), expected) == ()


@pytest.mark.parametrize("said", [None, (), (Span(12_000, 21_000),), (Span(0, 9000),)])
def test_where_little_is_said_nothing_is_missed(said: tuple[Span, ...] | None) -> None:
    assert judged(said=said) == []


def test_of_a_file_whose_subtitles_nobody_knows_nothing_is_said() -> None:
    assert judged(known=False) == []


def test_a_voice_is_heard_where_it_speaks() -> None:
    said = find_speech(FOOTAGE / "read-results.mp4")
    assert said
    assert sum(span.duration_ms for span in said) == pytest.approx(18_500, abs=1500)


@pytest.mark.parametrize("source", [RAIN, APPLAUSE, MELODY, "anullsrc"])
def test_what_is_no_voice_is_not_taken_for_one(tmp_path: Path, source: str) -> None:
    assert find_speech(make_sound(tmp_path / "a.m4a", source, seconds=20)) == ()


def test_a_file_without_sound_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no video")
    assert find_speech(path) is None
