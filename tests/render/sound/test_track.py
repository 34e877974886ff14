"""A lesson's sound, really encoded: loudness, peaks, sync, length, and what is wrong with sources."""

from __future__ import annotations

import threading
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from courseware.errors import MediaError, ToolError
from courseware.media.facts import probe
from courseware.times import frames_for_ms
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.plan.timeline import plan_bare_timeline, plan_timeline
from render.sound.loudness import MeterReading, meter_file
from render.sound.mends import Mends
from render.sound.track import (
    EncodedSound,
    Soundtrack,
    hear,
    heard_key,
    make_soundtrack,
    plan_soundtrack,
    soundtrack_key,
)
from render.work.ffmpeg import StoppedError, find_ffmpeg
from templates.cards.jingle import write_melody
from tests.conftest import ClipFactory, run_ffmpeg
from tests.render.samples import ORDER
from tests.render.sounds import BEEPS, TALK, make_sound, onsets_ms, samples_of

SECOND = 48_000
BEFORE_S = 3


def _plan(source: Path | None, *, seconds: int = 7, loudness: int = -24, peak: int = -2) -> Soundtrack:
    return Soundtrack(
        source=str(source or ""),
        stream=0 if source else -1,
        channels=2 if source else 0,
        origin_us=0,
        jingle=False,
        loudness_lkfs=loudness,
        true_peak_dbtp=peak,
        rate=SECOND,
        kbps=128,
        before_samples=BEFORE_S * SECOND,
        body_samples=seconds * SECOND,
        total_samples=(BEFORE_S + seconds + 2) * SECOND,
    )


def _make(plan: Soundtrack, tmp_path: Path, jingle: Path | None = None) -> tuple[EncodedSound, Path]:
    target = tmp_path / "out.m4a"
    return make_soundtrack(find_ffmpeg(), plan, jingle, tmp_path, target), target


def _reading(path: Path, tmp_path: Path) -> MeterReading:
    return meter_file(find_ffmpeg(), path, tmp_path)


@pytest.fixture
def jingle(tmp_path: Path) -> Path:
    write_melody("sunrise", 3000, tmp_path / "jingle.wav")
    return tmp_path / "jingle.wav"


@pytest.mark.parametrize(("loudness", "peak"), [(-24, -2), (-15, -1)])
def test_speech_comes_out_at_the_loudness_wanted_below_the_peak(tmp_path: Path, loudness: int, peak: int) -> None:
    source = make_sound(tmp_path / "a.wav", TALK, "volume=-12dB")
    facts, target = _make(_plan(source, loudness=loudness, peak=peak), tmp_path)
    found = _reading(target, tmp_path)
    assert found.loudness(3000, 10_000) == pytest.approx(loudness, abs=0.5)
    assert found.peak_dbtp <= peak
    assert abs(facts.lra_after - facts.lra_before) <= 1
    assert facts.lkfs == pytest.approx(found.loudness(3000, 10_000), abs=0.01)
    assert facts.peak_dbtp == pytest.approx(found.peak_dbtp, abs=0.01)
    assert not facts.limited
    assert facts.notes == ()


def test_clicks_are_held_down_by_the_limiter_and_the_speech_stays_as_it_was(tmp_path: Path) -> None:
    clicks = f"{TALK},volume=-14dB[t];aevalsrc='0.8*lt(mod(t,3),0.0004)':s=48000[c];[t][c]amix=normalize=0"
    facts, target = _make(_plan(make_sound(tmp_path / "a.wav", clicks), loudness=-15, peak=-1), tmp_path)
    assert facts.limited
    assert facts.lkfs == pytest.approx(-15, abs=0.5)
    assert _reading(target, tmp_path).peak_dbtp <= -1
    assert abs(facts.lra_after - facts.lra_before) <= 1


def test_where_loudness_would_cost_the_range_the_range_wins_and_it_is_said(tmp_path: Path) -> None:
    # Long loud parts far above long soft ones: a limiter could reach -15 only by making them alike.
    noise = "anoisesrc=color=pink:seed=3:amplitude=0.9:sample_rate=48000"
    uneven = f"{noise},volume=eval=frame:volume='0.03+0.97*lt(mod(t,8),1.5)'"
    source = make_sound(tmp_path / "a.wav", uneven, seconds=24)
    facts, target = _make(_plan(source, seconds=24, loudness=-6, peak=-1), tmp_path)
    assert abs(facts.lra_after - facts.lra_before) <= 1
    assert _reading(target, tmp_path).peak_dbtp <= -1
    assert facts.lkfs < -6.5
    assert any("soft and loud parts" in str(note) for note in facts.notes)


def test_jingle_and_body_are_equally_loud(tmp_path: Path, jingle: Path) -> None:
    source = make_sound(tmp_path / "a.wav", TALK)
    _, target = _make(replace(_plan(source, loudness=-15, peak=-1), jingle=True), tmp_path, jingle)
    found = _reading(target, tmp_path)
    assert found.loudness(0, 3000) == pytest.approx(found.loudness(3000, 10_000), abs=1)
    assert found.loudness() == pytest.approx(-15, abs=0.5)
    assert found.peak_dbtp <= -1


def test_the_file_lasts_to_the_sample_and_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    plan = replace(_plan(make_sound(tmp_path / "a.wav", BEEPS)), body_samples=331_234, total_samples=577_777)
    _, target = _make(plan, tmp_path)
    first = target.read_bytes()
    assert len(samples_of(target)) == 577_777
    _make(plan, tmp_path)
    assert target.read_bytes() == first
    assert b"Lavf" not in first


def test_beeps_lie_where_they_were(tmp_path: Path) -> None:
    _, target = _make(_plan(make_sound(tmp_path / "a.wav", BEEPS)), tmp_path)
    assert onsets_ms(target) == pytest.approx([3500 + 1000 * n for n in range(7)], abs=1)


def test_muxed_by_stream_copy_beside_a_picture_they_still_do(tmp_path: Path, make_clip: ClipFactory) -> None:
    import av

    _, target = _make(_plan(make_sound(tmp_path / "a.wav", BEEPS)), tmp_path)
    picture = make_clip(seconds=12, sound=False, options=("-bf", "2"))
    with av.open(str(picture)) as seen, av.open(str(target)) as heard, av.open(str(tmp_path / "m.mp4"), "w") as out:
        sources = [(one, out.add_stream_from_template(one.streams[0])) for one in (seen, heard)]
        for source, stream in sources:
            for packet in source.demux(source.streams[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    assert onsets_ms(tmp_path / "m.mp4") == pytest.approx([3500 + 1000 * n for n in range(7)], abs=1)
    assert len(samples_of(tmp_path / "m.mp4")) == 12 * SECOND


def _with_missing_sound(path: Path) -> Path:
    """A picture, and beeps in 44.1 kHz that begin at 0.7 s and lack 300, 60 and 30 ms; time stamps are right."""
    import av

    wave = samples_of(make_sound(path.with_suffix(".wav"), BEEPS, seconds=12), rate=44_100)[:, 0]
    with av.open(str(path), "w") as out:
        stream, picture = out.add_stream("aac", 44_100), out.add_stream("mpeg4", 5)
        stream.layout, picture.width, picture.height, picture.pix_fmt = "mono", 64, 48, "yuv420p"
        for _ in range(60):
            out.mux(picture.encode(av.VideoFrame(64, 48, "yuv420p")))
        out.mux(picture.encode())
        for start in range(44_100 * 7 // 10, len(wave) - 1024, 1024):
            if any(gap <= start / 44_100 < gap + length for gap, length in ((3, 0.3), (6, 0.06), (9, 0.03))):
                continue
            frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], format="fltp", layout="mono")
            frame.rate, frame.pts, frame.time_base = 44_100, start, Fraction(1, 44_100)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_late_sound_and_gaps_do_not_move_what_follows(tmp_path: Path, suffix: str) -> None:
    _, target = _make(_plan(_with_missing_sound(tmp_path / f"gaps{suffix}"), seconds=12), tmp_path)
    found = onsets_ms(target, 0.1)
    whole = np.array([4500 + 1000 * n for n in range(11)])
    near = found[np.abs(found[:, None] - whole).argmin(axis=0)]
    assert np.abs(near - whole).max() <= 20


def test_a_transport_stream_keeps_sound_and_picture_together(tmp_path: Path) -> None:
    path = tmp_path / "late.ts"
    late = ("-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=6", "-itsoffset", "0.8", "-f", "lavfi")
    run_ffmpeg(*late, "-i", f"{BEEPS}:d=5", "-threads", "1", str(path))
    facts = probe(path)
    profile = profile_named("led-96x64")
    timeline = plan_timeline(frames_for_ms(facts.duration_ms, profile.fps), profile.fps)
    plan = plan_soundtrack(_order(path), facts, profile, timeline)
    _, target = _make(replace(plan, jingle=False), tmp_path)
    assert onsets_ms(target)[:3] == pytest.approx([8300, 9300, 10_300], abs=20)


@pytest.mark.parametrize(("pan", "words"), [("c0=c0|c1=0*c0", "left"), ("c0=0*c0|c1=c0", "right")])
def test_speech_on_one_side_is_heard_on_both(tmp_path: Path, pan: str, words: str) -> None:
    source = make_sound(tmp_path / "a.wav", TALK, f"pan=stereo|{pan}", channels=2)
    facts, target = _make(_plan(source), tmp_path)
    sides = samples_of(target, channels=2)
    assert np.std(sides[:, 0]) == pytest.approx(np.std(sides[:, 1]), rel=0.02)
    assert facts.lkfs == pytest.approx(-24, abs=0.5)
    assert [words in str(note) for note in facts.notes] == [True]


def test_sides_that_cancel_each_other_are_heard_again(tmp_path: Path) -> None:
    source = make_sound(tmp_path / "a.wav", TALK, "pan=stereo|c0=c0|c1=-1*c0", channels=2)
    facts, target = _make(_plan(source), tmp_path)
    sides = samples_of(target, channels=2)
    assert np.std(sides.mean(axis=1)) > 0.9 * np.std(sides[:, 0])
    assert ["cancel each other" in str(note) for note in facts.notes] == [True]


def test_mono_and_its_double_become_equally_loud(tmp_path: Path) -> None:
    mono, _ = _make(replace(_plan(make_sound(tmp_path / "m.wav")), channels=1), tmp_path)
    double, _ = _make(_plan(make_sound(tmp_path / "d.wav", channels=2)), tmp_path)
    assert mono.lkfs == pytest.approx(-24, abs=0.5)
    assert mono.gain_db == pytest.approx(double.gain_db, abs=0.1)


def test_the_centre_of_five_channels_is_heard(tmp_path: Path) -> None:
    source = make_sound(tmp_path / "a.flac", TALK, "pan=5.1|FC=c0", channels=6)
    facts, target = _make(replace(_plan(source), channels=6), tmp_path)
    assert facts.lkfs == pytest.approx(-24, abs=0.5)
    assert np.std(samples_of(target)[3 * SECOND :]) > 0.01


def test_silence_stays_silent_and_is_mentioned(tmp_path: Path) -> None:
    facts, target = _make(_plan(make_sound(tmp_path / "a.wav", "anullsrc")), tmp_path)
    assert facts.silent
    assert np.abs(samples_of(target)).max() < 0.001
    assert ["nothing to hear" in str(note) for note in facts.notes] == [True]


def test_the_hiss_of_an_empty_room_is_not_raised_without_bound(tmp_path: Path) -> None:
    source = make_sound(tmp_path / "a.wav", "anoisesrc=amplitude=0.001:seed=1:sample_rate=48000")
    facts, _ = _make(_plan(source, loudness=-15, peak=-1), tmp_path)
    assert facts.gain_db == 20
    assert ["denoise = true" in str(note) for note in facts.notes] == [True]


HISSING = f"{TALK},volume=-6dB[t];anoisesrc=amplitude=0.03:seed=1:sample_rate=48000[n];[t][n]amix=normalize=0"


def test_hiss_is_taken_out_and_the_words_stay_where_they_are(tmp_path: Path) -> None:
    hum = "aevalsrc='0.02*sin(2*PI*50*t)+0.01*sin(2*PI*150*t)':s=48000"
    source = make_sound(tmp_path / "a.wav", f"{HISSING}[s];{hum}[h];[s][h]amix=normalize=0", seconds=12)
    plan = _plan(source, seconds=12)
    as_it_was, target = _make(plan, tmp_path)
    before = samples_of(target)[:, 0]
    cleaned, _ = _make(replace(plan, denoise=True), tmp_path)
    after = samples_of(target)[:, 0]
    pause = slice(round(9.2 * SECOND), round(9.6 * SECOND))
    assert 20 * np.log10(np.std(before[pause]) / np.std(after[pause])) > 10
    assert as_it_was.lkfs == pytest.approx(-24, abs=0.5)
    assert cleaned.lkfs == pytest.approx(-24, abs=0.5)
    ends = [np.flatnonzero(np.abs(one[round(9.8 * SECOND) :]) > 0.05)[0] for one in (before, after)]
    assert abs(ends[0] - ends[1]) <= 0.02 * SECOND


def test_clean_sound_is_not_touched_by_the_cleaner(tmp_path: Path) -> None:
    # The gate of this talk leaves digital silence in the breaths.
    plan = replace(_plan(make_sound(tmp_path / "a.wav")), denoise=True)
    facts, _ = _make(plan, tmp_path)
    assert ["nothing was taken out" in str(note) for note in facts.notes] == [True]


def test_music_lies_well_under_the_speech_and_rises_in_the_pauses(tmp_path: Path) -> None:
    words = make_sound(tmp_path / "a.wav", f"{TALK},volume=volume=0:enable='between(t,8,16)'", seconds=20)
    tune = make_sound(tmp_path / "t.wav", "sine=frequency=3000", seconds=3)
    with_music = replace(_plan(words, seconds=20), music=str(tune))
    facts, target = _make(with_music, tmp_path)
    assert facts.lkfs == pytest.approx(-24, abs=0.5)
    both = samples_of(target)[:, 0]

    def tune_db(start: float, end: float) -> float:
        part = both[round((BEFORE_S + start) * SECOND) : round((BEFORE_S + end) * SECOND)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) / len(part) * 4
        at = round(3000 * len(part) / SECOND)
        return float(20 * np.log10(spectrum[at - 3 : at + 4].max()) - 3)

    speech = 20 * np.log10(np.std(both[5 * SECOND : 10 * SECOND]))
    assert speech - tune_db(4, 7) > 15
    assert tune_db(11, 14) - tune_db(4, 7) > 4
    assert tune_db(11, 14) < speech - 5


def test_a_picture_without_sound_may_have_music(tmp_path: Path) -> None:
    tune = make_sound(tmp_path / "t.wav", "sine=frequency=440", seconds=3)
    facts, target = _make(replace(_plan(None), music=str(tune)), tmp_path)
    assert facts.lkfs == pytest.approx(-24, abs=0.5)
    assert not facts.silent
    assert np.abs(samples_of(target)[: BEFORE_S * SECOND]).max() < 0.001


def test_a_lesson_without_any_sound_has_a_silent_track(tmp_path: Path) -> None:
    facts, target = _make(_plan(None), tmp_path)
    assert facts.silent
    assert facts.notes == ()
    assert len(samples_of(target)) == 12 * SECOND


def test_a_source_heard_before_is_not_measured_again(tmp_path: Path) -> None:
    plan = _plan(make_sound(tmp_path / "a.wav"))
    heard = hear(find_ffmpeg(), plan, tmp_path)
    assert heard is not None
    facts = make_soundtrack(find_ffmpeg(), plan, None, tmp_path, tmp_path / "o.m4a", heard=heard)
    assert facts == _make(plan, tmp_path)[0]


def test_it_can_be_called_off_and_leaves_nothing_in_the_work_folder(tmp_path: Path) -> None:
    source, work = make_sound(tmp_path / "a.wav"), tmp_path / "work"
    work.mkdir()
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        make_soundtrack(find_ffmpeg(), _plan(source), None, work, tmp_path / "o.m4a", stop)
    assert list(work.iterdir()) == []


def test_what_is_no_sound_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound at all" * 100)
    with pytest.raises(ToolError, match="cannot be decoded"):
        _make(_plan(tmp_path / "a.wav"), tmp_path)


def _order(source: Path | None) -> Order:
    return replace(ORDER, source=source)


def test_a_plan_follows_the_timeline(make_clip: ClipFactory) -> None:
    clip = make_clip()
    facts, profile = probe(clip), profile_named("led-96x64")
    timeline = plan_timeline(frames_for_ms(facts.duration_ms, profile.fps), profile.fps)
    plan = plan_soundtrack(_order(clip), facts, profile, timeline)
    assert (plan.loudness_lkfs, plan.true_peak_dbtp, plan.jingle, plan.origin_us) == (-15, -1, True, 0)
    assert plan.before_samples == 7 * SECOND
    assert plan.body_samples == timeline["body"].frames * SECOND // 25
    assert plan.total_samples == timeline.seconds * SECOND
    assert plan.source == str(clip.absolute())


def test_a_lesson_without_a_source_is_planned_as_silence() -> None:
    profile = profile_named("led-96x64")
    plan = plan_soundtrack(_order(None), None, profile, plan_timeline(5000, profile.fps))
    assert (plan.source, plan.stream, plan.denoise) == ("", -1, False)


def test_an_ident_alone_is_its_jingle_at_the_loudness_of_the_profile(tmp_path: Path, jingle: Path) -> None:
    profile = profile_named("led-96x64")
    timeline = plan_bare_timeline(75, profile.fps, "ident")
    plan = plan_soundtrack(_order(None), None, profile, timeline)
    assert (plan.jingle, plan.before_samples, plan.body_samples, plan.total_samples) == (
        True,
        3 * SECOND,
        0,
        3 * SECOND,
    )
    facts, made = _make(plan, tmp_path, jingle)
    assert facts.notes == ()
    assert _reading(made, tmp_path).loudness() == pytest.approx(profile.loudness_lkfs, abs=1)


def test_the_key_knows_content_and_settings_but_no_places() -> None:
    plan = _plan(Path("/a/lesson.mp4"))

    def key(plan: Soundtrack, source: str = "s", music: str = "m", jingle: str = "j", tool: str = "9") -> str:
        return soundtrack_key(plan, source, music, jingle, tool)

    assert key(plan) == key(replace(plan, source="/b/other.mp4", music="/c/x.mp3"))
    others = [
        key(replace(plan, denoise=True)),
        key(replace(plan, song=True)),
        key(replace(plan, loudness_lkfs=-15)),
        key(replace(plan, body_samples=7)),
        key(plan, source="x"),
        key(plan, music="x"),
        key(plan, jingle="x"),
        key(plan, tool="10"),
    ]
    assert len({key(plan), *others}) == len(others) + 1


def test_what_was_heard_serves_every_loudness_but_not_every_cleaning() -> None:
    plan = _plan(Path("/a/lesson.mp4"))
    assert heard_key(plan, "s", "9") == heard_key(replace(plan, loudness_lkfs=-15, total_samples=9), "s", "9")
    assert heard_key(plan, "s", "9") != heard_key(replace(plan, denoise=True), "s", "9")
    assert heard_key(plan, "s", "9") != heard_key(replace(plan, song=True), "s", "9")


def test_the_sound_of_speech_keeps_the_keys_it_had_before_there_were_songs() -> None:
    plan = _plan(Path("a.mp4"))
    assert soundtrack_key(plan, "s", "", "", "9").startswith("ab81fec8392be988")
    assert heard_key(plan, "s", "9").startswith("7bc8853832506604")


def test_a_song_keeps_a_passage_that_is_on_one_side_and_a_bang_that_is_meant(tmp_path: Path) -> None:
    guitar = "0.05*sin(2*PI*330*t)*(1+0.9*sin(2*PI*2*t))"
    drum = "+0.9*sin(2*PI*90*t)*between(t,5,5.3)"
    song = make_sound(
        tmp_path / "a.wav", f"aevalsrc='{guitar}{drum}|({guitar}{drum})*gte(t,3)':s=48000", seconds=8, channels=2
    )
    plan = _plan(song, seconds=8)
    heard = hear(find_ffmpeg(), replace(plan, song=True), tmp_path)
    assert heard is not None
    assert heard.mends == Mends()
    spoken = hear(find_ffmpeg(), plan, tmp_path)
    assert spoken is not None
    assert spoken.mends.stretches


def test_a_track_that_holds_nothing_is_silence_with_a_note(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as empty:
        empty.setparams((2, 2, SECOND, 0, "NONE", ""))
    facts, target = _make(_plan(tmp_path / "a.wav"), tmp_path)
    assert facts.silent
    assert ["nothing to hear" in str(note) for note in facts.notes] == [True]
    assert len(samples_of(target)) == 12 * SECOND


def _theirs(target: Path, start_s: float = BEFORE_S, end_s: float | None = None) -> float:
    """LKFS of a part of the finished file by an independent meter."""
    from pyloudnorm import Meter

    part = samples_of(target, channels=2)[round(start_s * SECOND) : round(end_s * SECOND) if end_s else None]
    return float(Meter(SECOND).integrated_loudness(part.astype("f8")))


SOFT = f"{TALK},volume=-30dB"


def _banged(at: float, seconds: float) -> str:
    still = f"volume=volume=0:enable='not(between(t,{at},{at + seconds}))'"
    bang = f"anoisesrc=seed=2:amplitude=0.9:sample_rate=48000,{still}"
    return f"{SOFT}[t];{bang}[b];[t][b]amix=normalize=0"


@pytest.mark.parametrize(("loudness", "peak"), [(-24, -2), (-15, -1)])
def test_a_bang_is_made_softer_and_the_speech_is_as_loud_as_wanted(tmp_path: Path, loudness: int, peak: int) -> None:
    source = make_sound(tmp_path / "a.wav", _banged(6, 0.2), seconds=12)
    facts, target = _make(_plan(source, seconds=12, loudness=loudness, peak=peak), tmp_path)
    assert _theirs(target, 3, 8.5) == pytest.approx(loudness, abs=0.7)
    assert _theirs(target, 10, 15) == pytest.approx(loudness, abs=0.7)
    assert _reading(target, tmp_path).peak_dbtp <= peak
    assert _reading(target, tmp_path).momentary[92] < loudness + 12
    assert ["bangs" in str(note) for note in facts.notes] == [True]


def test_a_bang_does_not_count_when_the_loudness_of_a_source_is_measured(tmp_path: Path) -> None:
    tool = find_ffmpeg()
    banged = hear(tool, _plan(make_sound(tmp_path / "a.wav", _banged(6, 0.2), seconds=12), seconds=12), tmp_path)
    plain = hear(tool, _plan(make_sound(tmp_path / "b.wav", SOFT, seconds=12), seconds=12), tmp_path)
    assert banged is not None
    assert plain is not None
    assert len(banged.mends.bursts) == 1
    assert banged.lkfs == pytest.approx(plain.lkfs, abs=0.15)


def test_one_click_at_the_start_does_not_keep_the_speech_inaudible(tmp_path: Path) -> None:
    click = f"{TALK},volume=-62dB[t];aevalsrc='0.95*lt(t,0.0005)':s=48000[c];[t][c]amix=normalize=0"
    facts, target = _make(_plan(make_sound(tmp_path / "a.wav", click), loudness=-15, peak=-1), tmp_path)
    assert _theirs(target, 3.5, 10) == pytest.approx(-15, abs=0.7)
    assert facts.lkfs == pytest.approx(-15, abs=0.5)


def test_a_click_alone_is_nothing_to_hear(tmp_path: Path) -> None:
    source = make_sound(tmp_path / "a.wav", "aevalsrc='0.95*lt(t,0.0005)':s=48000")
    facts, _ = _make(_plan(source), tmp_path)
    assert facts.silent
    assert ["nothing to hear" in str(note) for note in facts.notes] == [True]


def test_speech_that_cannot_be_made_audible_is_an_error(tmp_path: Path) -> None:
    # 15 LU over its own hiss: as much gain as one would bear leaves it where nobody hears it.
    source = f"{TALK},volume=-50dB[t];anoisesrc=amplitude=0.00009:seed=1:sample_rate=48000[n];[t][n]amix=normalize=0"
    with pytest.raises(MediaError, match="nobody would hear it"):
        _make(_plan(make_sound(tmp_path / "a.wav", source), loudness=-15, peak=-1), tmp_path)


def test_a_constant_voltage_is_taken_out_first_and_named(tmp_path: Path) -> None:
    talk = f"{TALK},volume=-20dB,aeval='val(0)+0.3|val(0)-0.2':c=stereo"
    source = make_sound(tmp_path / "a.wav", talk, channels=2)
    facts, target = _make(_plan(source, loudness=-15, peak=-1), tmp_path)
    body = samples_of(target, channels=2)[BEFORE_S * SECOND : 10 * SECOND]
    assert np.abs(body.mean(axis=0)).max() < 0.002
    # Nor does it begin with a thump.
    assert np.abs(body[:4800].mean(axis=0)).max() < 0.02
    assert facts.lkfs == pytest.approx(-15, abs=0.5)
    assert ["DC offset" in str(note) for note in facts.notes] == [True]


@pytest.mark.parametrize(("after", "words"), [("-1*c0", "cancel each other"), ("0*c0", "only the left side")])
def test_sides_that_differ_for_a_part_are_mended_there(tmp_path: Path, after: str, words: str) -> None:
    talk = make_sound(tmp_path / "t.wav", TALK, "volume=-12dB", seconds=4)
    graph = f"[0]asplit[a][b];[a]pan=stereo|c0=c0|c1=c0[a];[b]pan=stereo|c0=c0|c1={after}[b];[a][b]concat=v=0:a=1"
    run_ffmpeg("-i", str(talk), "-filter_complex", graph, str(tmp_path / "a.wav"))
    facts, target = _make(_plan(tmp_path / "a.wav", seconds=8), tmp_path)
    sides = samples_of(target, channels=2)
    for part in (slice(4 * SECOND, 6 * SECOND), slice(8 * SECOND, 10 * SECOND)):
        assert np.std(sides[part].mean(axis=1)) > 0.97 * np.std(sides[part, 0])
        assert np.std(sides[part, 1]) == pytest.approx(np.std(sides[part, 0]), rel=0.02)
    assert _theirs(target, 3, 11) == pytest.approx(-24, abs=0.5)
    assert [words in str(note) and "0:04" in str(note) for note in facts.notes] == [True]


def test_a_bang_is_tamed_in_one_sided_speech_that_is_cleaned_and_has_music(tmp_path: Path) -> None:
    tune = make_sound(tmp_path / "t.wav", "sine=frequency=440", seconds=3)
    source = make_sound(tmp_path / "a.wav", _banged(6, 0.2), "pan=stereo|c0=0*c0|c1=c0", seconds=12, channels=2)
    plan = replace(_plan(source, seconds=12), denoise=True, music=str(tune))
    facts, target = _make(plan, tmp_path)
    assert _theirs(target, 10, 15) == pytest.approx(-24, abs=1)
    assert facts.lkfs == pytest.approx(-24, abs=0.5)
    said = " ".join(str(note) for note in facts.notes)
    assert "right side" in said
    assert "bangs" in said
