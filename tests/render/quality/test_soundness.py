"""What the samples of a sound show, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.errors import ToolError
from courseware.times import Span
from render.quality.checks.expected import Expected, TimelinePart
from render.quality.checks.soundness import judge_soundness, offset_ms, picture_onsets, sound_onsets
from render.quality.picture import watch
from render.quality.sound import SoundFacts, dump_sound, listen, load_sound
from render.quality.waves import LEVEL_MS, Waves, look_at
from render.work.ffmpeg import find_ffmpeg
from tests.conftest import run_ffmpeg
from tests.render.quality.facts import lively
from tests.render.sounds import TALK, make_sound

HUM = "aevalsrc='0.02*(sin(2*PI*50.04*t)+0.7*sin(2*PI*100.08*t)+0.5*sin(2*PI*150.12*t))':s=48000"
HISS = "anoisesrc=amplitude=0.002:seed=1:sample_rate=48000"
ROOM = f"{TALK}[t];{HISS}[n];[t][n]amix=normalize=0"
FACTS = SoundFacts(48_000, 480_000, -15, -2, 5)


def _waves(tmp_path: Path, source: str, *filters: str, channels: int = 2, seconds: float = 14) -> Waves:
    return look_at(make_sound(tmp_path / "a.m4a", source, *filters, channels=channels, seconds=seconds))


def _kinds(waves: Waves) -> list[str]:
    return [one.kind for one in judge_soundness(None, replace(FACTS, waves=waves), Expected(None))]


def test_of_ordinary_speech_nothing_is_said(tmp_path: Path) -> None:
    waves = _waves(tmp_path, ROOM)
    assert (waves.cancelled, waves.hum_db, waves.clipped) == ((), None, False)
    assert _kinds(waves) == []


def test_sides_that_cancel_are_found_where_they_do(tmp_path: Path) -> None:
    waves = _waves(tmp_path, TALK, "aeval='val(0)|val(0)*(1-2*between(t,4,9))':c=stereo", channels=2)
    assert waves.cancelled == (Span(4000, 9000),)
    (finding,) = judge_soundness(None, replace(FACTS, waves=waves), Expected(None))
    assert (finding.kind, finding.severity, finding.from_ms, finding.to_ms) == ("mono", "error", 4000, 9000)


def test_a_song_is_judged_as_music() -> None:
    waves = Waves((Span(4000, 9000),), hum_db=-40)
    (finding,) = judge_soundness(None, replace(FACTS, waves=waves), Expected(None, song=True))
    assert (finding.kind, finding.severity) == ("mono", "warning")
    assert "render" not in finding.remedy.pattern, "a passage of a song is not mended"


def test_unlike_sides_and_one_microphone_do_not_cancel(tmp_path: Path) -> None:
    other = TALK.replace("seed=7", "seed=8")
    assert _waves(tmp_path, f"{TALK}[a];{other}[b];[a][b]amerge").cancelled == ()
    assert _waves(tmp_path, TALK, channels=1).cancelled == ()


def test_mains_hum_is_found_under_speech(tmp_path: Path) -> None:
    waves = _waves(tmp_path, f"{ROOM}[s];{HUM}[h];[s][h]amix=normalize=0", seconds=20)
    assert waves.hum_db is not None
    assert -50 < waves.hum_db < -25
    assert _kinds(waves) == ["hum"]


def test_hum_that_nobody_hears_is_not_told() -> None:
    assert _kinds(Waves(hum_db=-66)) == []
    assert _kinds(Waves(hum_db=-55)) == ["hum"]


def test_a_voice_that_was_cut_off_is_found_but_a_tone_is_none(tmp_path: Path) -> None:
    cut = _waves(tmp_path, TALK, "volume=24dB", "asoftclip=type=hard", "volume=-9dB")
    assert cut.clipped
    assert _kinds(cut) == ["clipped"]
    assert not _waves(tmp_path, "sine=frequency=440", "volume=15dB").clipped
    assert not _waves(tmp_path, "aevalsrc='0.4*sin(2*PI*1000*t)*lt(mod(t,1),0.2)':s=48000").clipped
    assert not _waves(tmp_path, TALK, "alimiter=limit=0.3:level=0").clipped


@pytest.mark.parametrize(
    "melody",
    [
        "0.2*sin(2*PI*(220+110*floor(mod(t*2,4)))*t)*exp(-2*mod(t*2,1))",
        "0.2*sin(2*PI*(262+66*floor(mod(t*4,4)))*t)",
        "0.2*(sin(2*PI*697*t)+sin(2*PI*1209*t))*lt(mod(t,0.4),0.2)",
    ],
)
def test_a_melody_of_pure_tones_is_neither_cut_off_nor_hum(tmp_path: Path, melody: str) -> None:
    waves = _waves(tmp_path, f"aevalsrc='{melody}':s=48000", seconds=16)
    assert (waves.clipped, _kinds(waves)) == (False, [])


def test_of_what_is_silent_on_purpose_nothing_is_said() -> None:
    assert judge_soundness(None, replace(FACTS, waves=Waves(clipped=True)), Expected(None, silent=True)) == ()


def test_what_cannot_be_decoded_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with pytest.raises(ToolError, match="could not be measured"):
        look_at(tmp_path / "a.wav")


def test_waves_survive_the_store() -> None:
    facts = replace(FACTS, waves=Waves((Span(0, 3000),), -41.5, clipped=True, levels=bytes(range(50))))
    assert load_sound(dump_sound(facts)) == facts


def test_one_loudspeaker_is_as_loud_as_the_same_sound_in_two(tmp_path: Path) -> None:
    one = listen(make_sound(tmp_path / "1.wav", TALK, channels=1), find_ffmpeg())
    two = listen(make_sound(tmp_path / "2.wav", TALK, "pan=stereo|c0=c0|c1=c0", channels=2), find_ffmpeg())
    assert one.lkfs == pytest.approx(two.lkfs, abs=0.1)
    assert one.peak_dbtp == pytest.approx(two.peak_dbtp, abs=0.1)


def test_flashes_and_beeps_tell_how_far_apart_they_are(tmp_path: Path) -> None:
    flash = "color=black:s=96x64:r=25,drawbox=t=fill:color=white:enable='lt(mod(t,2),0.2)*gte(t,1)'"
    beep = "aevalsrc='0.4*sin(2*PI*1000*t)*lt(mod(t-0.2,2),0.2)*gte(t,1)':s=48000"
    run_ffmpeg("-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep, "-t", "10", str(tmp_path / "a.mp4"))
    picture, sound = watch(tmp_path / "a.mp4").facts, listen(tmp_path / "a.mp4", find_ffmpeg())
    assert picture is not None
    assert picture_onsets(picture, Expected(None)) == (2000, 4000, 6000, 8000)
    (finding,) = (one for one in judge_soundness(picture, sound, Expected(None)) if one.kind == "sync")
    assert finding.sentence.values["ms"] == pytest.approx(200, abs=30)


def test_only_the_body_tells() -> None:
    levels = (bytes([5] * 50) + bytes([90] * 50)) * 5
    sound = replace(FACTS, waves=Waves(levels=levels))
    assert sound_onsets(sound, Expected(None)) == tuple(range(1000, 10_000, 2000))
    body = (TimelinePart("body", Span(2500, 8000)),)
    assert sound_onsets(sound, Expected(None, parts=body)) == (3000, 5000, 7000)
    assert LEVEL_MS == 20


@pytest.mark.parametrize(
    ("seen", "heard", "offset"),
    [
        ((1000, 3000, 5000), (1200, 3200, 5210), 200),
        ((1000, 3000, 5000), (800, 2800, 4790), -200),
        # Twice may be chance, and so may be all that does not agree.
        ((1000, 3000), (1200, 3200), None),
        ((1000, 3000, 5000), (1200, 3050, 5400), None),
        ((1000, 3000, 5000), (1200, 3200, 5200, 9000, 11_000), None),
        ((), (1000, 2000, 3000), None),
    ],
)
def test_only_what_agrees_every_time_is_an_offset(
    seen: tuple[int, ...], heard: tuple[int, ...], offset: int | None
) -> None:
    assert offset_ms(seen, heard) == offset


def test_an_offset_of_three_pictures_is_not_told() -> None:
    change = bytes(255 if at in (25, 75, 125) else 0 for at in range(150))
    picture = replace(lively(6), change=change, calm=change)
    levels = bytearray([5] * 150 * 2)
    for at in (25, 75, 125):
        levels[at * 2 + 4 : at * 2 + 10] = bytes([90] * 6)
    sound = replace(FACTS, waves=Waves(levels=bytes(levels)))
    assert judge_soundness(picture, sound, Expected(None, fps=Fraction(25))) == ()


def test_of_one_picture_a_second_each_may_be_a_start() -> None:
    change = bytes([0, 0, 255, 0, 0])
    picture = replace(lively(5, fps=1), change=change, calm=change)
    assert picture_onsets(picture, Expected(None, fps=Fraction(1))) == (2000,)
