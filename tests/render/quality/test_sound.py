"""What is heard in real sounds."""

from pathlib import Path

import pytest

from courseware.errors import ToolError
from courseware.times import Span
from render.quality.sound import UNHEARD_LKFS, SoundFacts, dump_sound, listen, load_sound, parse_facts
from render.work.ffmpeg import find_ffmpeg
from tests.conftest import run_ffmpeg

SAID = """\
Input #0, mov,mp4, from 'x':
  Stream #0:0[0x1](und): Audio: aac (LC), 48000 Hz, stereo, fltp, 128 kb/s
[silencedetect @ 0x1] silence_start: -0.0213
[silencedetect @ 0x1] silence_end: 4.5 | silence_duration: 4.5
[silencedetect @ 0x1] silence_start: 9.25
[Parsed_ebur128_3 @ 0x2] Summary:

  Integrated loudness:
    I:         -15.2 LUFS
    Threshold: -25.6 LUFS

  Loudness range:
    LRA:         6.2 LU
    Threshold: -35.9 LUFS

  True peak:
    Peak:       -1.4 dBFS
[Parsed_astats_2 @ 0x3] Overall
[Parsed_astats_2 @ 0x3] Number of samples: 600000
"""


def test_the_filters_words_become_facts() -> None:
    assert parse_facts(SAID) == SoundFacts(
        48_000, 600_000, -15.2, -1.4, 6.2, (Span(0, 4500), Span(9250, 12_500)), damaged=0
    )


def test_missing_figures_are_an_error_and_not_a_silence() -> None:
    with pytest.raises(ToolError, match="could not be measured"):
        parse_facts(SAID.replace("LUFS", ""))


def test_silence_has_no_loudness() -> None:
    facts = parse_facts(SAID.replace("-15.2", "-inf").replace("-1.4", "nan"))
    assert (facts.lkfs, facts.peak_dbtp) == (UNHEARD_LKFS, UNHEARD_LKFS)


def test_a_tone_is_measured_as_the_standard_says(tmp_path: Path) -> None:
    # EBU Tech 3341 case 1: a stereo sine of 1000 Hz at -23 dBFS in both channels reads -23 LUFS.
    facts = listen(_tone(tmp_path, "anull"), find_ffmpeg())
    assert abs(facts.lkfs + 23) <= 0.1
    # Where it begins, coding overshoots by a decibel.
    assert -23.1 <= facts.peak_dbtp <= -21.5
    assert (facts.rate, facts.samples, facts.length_ms) == (48_000, 288_000, 6000)
    assert facts.silences == ()


def test_a_muted_stretch_is_found(tmp_path: Path) -> None:
    (silence,) = listen(_tone(tmp_path, "volume=0:enable='between(t,1,5)'"), find_ffmpeg()).silences
    assert abs(silence.start_ms - 1000) <= 50
    assert abs(silence.end_ms - 5000) <= 50


def _tone(folder: Path, filters: str) -> Path:
    path = folder / "tone.m4a"
    tone = "aevalsrc='0.0707945*sin(2*PI*1000*t)|0.0707945*sin(2*PI*1000*t)':s=48000:d=6"
    run_ffmpeg("-f", "lavfi", "-i", tone, "-af", filters, "-c:a", "aac", "-b:a", "192k", str(path))
    return path


def test_what_has_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mute.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=1", str(path))
    with pytest.raises(ToolError):
        listen(path, find_ffmpeg())


def test_sound_facts_survive_the_store() -> None:
    facts = parse_facts(SAID)
    assert load_sound(dump_sound(facts)) == facts


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1}', '{"version": 9}'])
def test_other_text_is_refused_as_sound_facts(content: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_sound(content)
