from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from courseware.errors import MediaError
from courseware.media.facts import SoundTrack, probe
from courseware.media.tracks import choose, described, listed
from tests.conftest import ClipFactory, run_ffmpeg

FILE = Path("a.mkv")
TRACK = SoundTrack(1, "aac", 2, 48_000, duration_ms=60_000)


def chosen(*tracks: SoundTrack, number: int | None = None) -> int | None:
    numbered = [replace(track, index=place) for place, track in enumerate(tracks, 1)]
    found = choose(numbered, number, FILE)
    return found.index if found else None


def test_the_default_track_is_taken() -> None:
    assert chosen(TRACK, replace(TRACK, default=True), replace(TRACK, language="chi")) == 2


@pytest.mark.parametrize("language", ["chi", "zho", "zh", "zh-CN", "zh_Hans", "cmn", "yue"])
def test_without_a_default_the_chinese_track_is_taken(language: str) -> None:
    assert chosen(replace(TRACK, language="eng"), replace(TRACK, language=language)) == 2


def test_of_several_defaults_the_chinese_one_is_taken() -> None:
    marked = replace(TRACK, default=True)
    assert chosen(replace(marked, language="eng"), replace(marked, title="国语配音")) == 2


def test_else_the_first_track_is_taken() -> None:
    assert chosen(TRACK, TRACK) == 1
    assert chosen() is None


def test_a_silent_or_short_track_does_not_win() -> None:
    assert chosen(replace(TRACK, default=True, silent=True), TRACK) == 2
    assert chosen(replace(TRACK, default=True, duration_ms=2_000), TRACK) == 2
    assert chosen(replace(TRACK, silent=True)) == 1


def test_a_wanted_track_is_taken_whatever_it_is() -> None:
    assert chosen(replace(TRACK, default=True), replace(TRACK, silent=True), number=2) == 2


def test_a_track_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(MediaError) as raised:
        chosen(replace(TRACK, language="chi"), replace(TRACK, channels=6, title="现场"), number=3)
    assert str(raised.value) == "a.mkv: there is no sound track 3; there are: 1 (chi, aac, 2.0) · 2 (现场, aac, 5.1)"
    with pytest.raises(MediaError, match="no sound track 1: the video has no sound"):
        chosen(number=1)


def test_a_track_that_cannot_be_read_is_passed_over_or_refused() -> None:
    unreadable = replace(TRACK, readable=False, default=True)
    assert chosen(unreadable, TRACK) == 2
    with pytest.raises(MediaError, match="the sound is in a format that cannot be read"):
        chosen(unreadable)
    with pytest.raises(MediaError, match="sound track 1 is in a format that cannot be read"):
        chosen(unreadable, TRACK, number=1)


def test_tracks_are_described_in_one_line() -> None:
    assert described(replace(TRACK, channels=1)) == "aac, 1.0"
    assert listed([TRACK]) == "1 (aac, 2.0)"


def test_tracks_of_a_real_file_are_told_apart(make_clip: ClipFactory, tmp_path: Path) -> None:
    made = tmp_path / "tracks.mkv"
    sounds = ("sine=440:duration=2", "anullsrc=duration=2", "sine=880:duration=2")
    inputs = [part for sound in sounds for part in ("-f", "lavfi", "-i", sound)]
    languages = [
        part for n, code in enumerate(("eng", "chi", "zho")) for part in (f"-metadata:s:a:{n}", f"language={code}")
    ]
    run_ffmpeg(
        *("-i", str(make_clip(sound=False)), *inputs, "-map", "0:v", "-map", "1", "-map", "2", "-map", "3"),
        *(*languages, "-disposition:a", "0", "-c:v", "copy", "-c:a", "aac", "-ac:a:2", "6", str(made)),
    )
    facts = probe(made)
    assert [(one.language, one.silent, one.channels) for one in facts.tracks] == [
        ("eng", False, 1),
        ("chi", True, 2),
        ("zho", False, 6),
    ]
    # The first Chinese one is silent.
    assert (facts.audio_index, facts.audio_channels) == (3, 6)
    assert probe(made, audio=1).audio_index == 1
    with pytest.raises(MediaError, match="no sound track 4; there are: 1 "):
        probe(made, audio=4)
