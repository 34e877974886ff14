"""Songs as files: what is remembered of them, and which have no beat."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.music.songs import beats_of, hear_songs
from tests.render.sounds import make_sound

CLICKS = "aevalsrc='0.6*sin(2*PI*300*t)*exp(-20*mod(t+0.35,0.6))':s=48000"


def test_songs_without_a_beat_are_named_and_those_with_one_are_remembered(tmp_path: Path) -> None:
    song = make_sound(tmp_path / "歌.wav", CLICKS, seconds=6)
    hum, silence = (
        make_sound(tmp_path / name, source, seconds=6)
        for name, source in (("嗡.wav", "aevalsrc='0.3*sin(2*PI*110*t)':s=48000"), ("静.wav", "anullsrc"))
    )
    beats = beats_of(hear_songs([song, song], tmp_path), 500)
    first = [beat for beat in beats if beat < 6_000]
    assert first == pytest.approx(range(250, 6_000, 600), abs=20)
    assert beats == (*first, *(beat + 6_500 for beat in first)), "the second song comes after the pause"
    with pytest.raises(InputError) as caught:
        beats_of(hear_songs([song, hum, silence], tmp_path), 0)
    assert [problem.where for problem in caught.value.problems] == ["narration (嗡.wav)", "narration (静.wav)"]
    (record, *_) = (tmp_path / "sources").glob("beats-*.json")
    made_ns = record.stat().st_mtime_ns
    assert beats_of(hear_songs([song, song], tmp_path), 500) == beats
    assert record.stat().st_mtime_ns == made_ns
