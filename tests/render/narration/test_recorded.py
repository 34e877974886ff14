"""Recorded narration: files joined, and heard where they are laid."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from courseware.errors import MediaError
from courseware.lessons.narrated import Utterance
from render.narration.recorded import join_recordings
from render.plan.montage import Montage, Reel, Take
from render.sound.splicing import plan_splice, ready_splice, splice_key
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from tests.render.samples import FACTS
from tests.render.sounds import RATE, make_sound, samples_of

TONE = "aevalsrc='0.3*sin(2*PI*600*t)':s=48000"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(find_ffmpeg(), tmp_path / "cache")


def test_recordings_are_joined_with_a_pause_made_even_and_kept(workshop: Workshop, tmp_path: Path) -> None:
    loud = make_sound(tmp_path / "一.wav", TONE, seconds=2)
    soft = make_sound(tmp_path / "二.wav", TONE, "volume=-20dB", seconds=1)
    joined = join_recordings(workshop, [loud, soft], 500)
    assert joined.duration_ms == 3_500
    sound = samples_of(joined.path)[:, 0]
    levels = [float(np.sqrt(np.mean(sound[start:end] ** 2))) for start, end in ((24_000, 72_000), (130_000, 160_000))]
    assert levels[0] == pytest.approx(levels[1], rel=0.06), "the soft one is as loud as the other"
    assert not sound[97_000:119_000].any(), "half a second of silence between them"
    made_ns = joined.path.stat().st_mtime_ns
    assert join_recordings(workshop, [loud, soft], 500) == joined
    assert joined.path.stat().st_mtime_ns == made_ns
    assert join_recordings(workshop, [soft, loud], 500).key != joined.key


def test_a_song_keeps_its_sides_its_soft_passages_and_what_hums_in_it(workshop: Workshop, tmp_path: Path) -> None:
    whine, soft = "0.01*sin(2*PI*5000*t)", "(0.05+0.45*gte(t,2))"
    tone = f"aevalsrc='{whine}+{soft}*sin(2*PI*600*t)*between(mod(t,1),0.4,1)|0.2*{soft}*sin(2*PI*300*t)':s=48000"
    song = make_sound(tmp_path / "歌.wav", tone, seconds=4, channels=2)
    made = join_recordings(workshop, [song], 500, songs=True)
    given, heard = samples_of(song, channels=2), samples_of(made.path, channels=2)
    gain = float(np.abs(heard).max() / np.abs(given).max())
    assert np.abs(heard - gain * given).max() < 5e-4, "as it was, but for one gain"
    assert made.key != join_recordings(workshop, [song], 500).key


def test_a_file_that_is_no_sound_is_named(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "讲解.mp3").write_bytes(b"not a sound")
    with pytest.raises(MediaError, match=r"讲解\.mp3"):
        join_recordings(workshop, [tmp_path / "讲解.mp3"], 500)


def test_a_narration_is_heard_where_it_is_laid_and_the_video_is_not(workshop: Workshop, tmp_path: Path) -> None:
    said = make_sound(tmp_path / "n.wav", TONE, seconds=2)
    video = make_sound(tmp_path / "v.wav", "aevalsrc='0.3*sin(2*PI*3000*t)':s=48000", seconds=4)
    facts = replace(FACTS, audio_index=0)  # a file of sound alone stands for the video
    montage = Montage(
        Fraction(25), (Reel(facts, path=video, content="v"),), (Take(0, 0, 50), Take(0, 50, 50, 0, -20))
    )
    splice = plan_splice(montage, RATE, [Utterance(said, "n", 500, 1_000, 1_240)])
    assert splice is not None
    heard = samples_of(ready_splice(workshop, splice))[:, 0]
    assert len(heard) == 4 * RATE
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    assert (loud[0] / RATE, loud[-1] / RATE) == pytest.approx((1.24, 2.24), abs=0.01)
    assert not heard[: RATE * 124 // 100].any(), "a clip without a gain of its own is silent"
    under = heard[3 * RATE :]
    assert float(np.abs(under).max()) == pytest.approx(0.03, rel=0.1), "with one it is heard so softly"


def test_a_splice_without_a_narration_keeps_its_key() -> None:
    montage = Montage(Fraction(25), (Reel(FACTS, path=Path("v.mp4"), content="v"),), (Take(0, 0, 100),))
    plain = plan_splice(montage, RATE)
    assert plain is not None
    assert splice_key(plain, "n7") == "73c19f09e8ddfd54026674cc0a7f331ad83c4deb95f94db07c56cb2bb55b6e92"
    narrated = plan_splice(montage, RATE, [Utterance(Path("n.wv"), "n", 0, 1_000, 0)])
    moved = plan_splice(montage, RATE, [Utterance(Path("n.wv"), "n", 0, 1_000, 40)])
    assert narrated is not None
    assert moved is not None
    assert len({splice_key(one, "n7") for one in (plain, narrated, moved)}) == 3
