"""Emergency notices as real videos, on tiny canvases."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest

from cli import make_console
from courseware.errors import InputError, MediaError
from courseware.lessons.alert import Alert
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import open_workspace
from render.alerts.making import make_videos
from render.alerts.sound import spoken_sound
from render.plan.alerts import alert_cards, alert_chunks
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from templates.cards.alerts import ALERT_LOOK

SETTINGS = '[office]\nname = "测试县远教办"\ncounty = "测试县"\n'
SIGNED = "测试县远教办　2026年11月28日20:50"


def order(content: str, seconds: int = 0) -> Order:
    return Order(
        "notice",
        "紧急通知",
        "",
        "",
        ALERT_LOOK,
        None,
        "",
        office=SIGNED,
        notice=content,
        seconds=seconds,
        urgent=True,
    )


def speech(path: Path, seconds: float) -> Path:
    """Something like a voice."""
    moments = np.arange(round(16_000 * seconds)) / 16_000
    samples = 9000 * np.sin(2 * np.pi * 200 * moments) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * moments))
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        out.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(find_ffmpeg(), tmp_path / "cache")


def made(root: Path, alert: Alert, *profiles: str) -> tuple[Rendition, ...]:
    (root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    folder = root / "videos"
    folder.mkdir(exist_ok=True)
    return make_videos(alert, open_workspace(root), profiles, folder, make_console("en"))


def levels(path: Path) -> list[float]:
    """Of each second of the sound, how strong it is."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    samples = np.concatenate(frames)
    return [float(np.sqrt(np.mean(samples[at : at + 48_000] ** 2))) for at in range(0, len(samples), 48_000)]


def test_every_canvas_gets_its_video_of_whole_seconds_with_a_chime(tmp_path: Path) -> None:
    first, second = made(tmp_path, Alert("紧急通知", "今晚停水", SIGNED), "led-96x64", "led-128x64")
    for one, width in ((first, 96), (second, 128)):
        path = tmp_path / "videos" / f"led-{width}x64.mp4"
        assert (one.file, one.width, one.seconds, one.size) == (path.name, width, 15, path.stat().st_size)
        heard = levels(path)
        assert min(heard[:3]) > 0.01 > max(heard[6:])


def test_a_recording_is_heard_whole_and_the_pages_stand_as_long(tmp_path: Path) -> None:
    voice = speech(tmp_path / "voice.wav", 17)
    (one,) = made(tmp_path, Alert("紧急通知", "今晚停水", SIGNED, voice), "led-96x64")
    assert one.seconds == 25
    heard = levels(tmp_path / "videos" / "led-96x64.mp4")
    assert min(heard[5:21]) > 0.01 > max(heard[22:])


def test_what_is_no_recording_or_a_lesson_long_is_refused(tmp_path: Path, workshop: Workshop) -> None:
    (tmp_path / "no.wav").write_bytes(b"no sound")
    with pytest.raises(MediaError, match="neither a sound nor a video"), spoken_sound(workshop, tmp_path / "no.wav"):
        pass
    with (
        pytest.raises(InputError, match="a notice may have 300"),
        spoken_sound(workshop, speech(tmp_path / "long.wav", 301)),
    ):
        pass


def test_chunks_of_one_page_are_alike_so_that_one_is_encoded() -> None:
    profile = profile_named("led-320x160")
    shown = list(alert_chunks(order("请各户提前储水，互相转告。" * 6), profile))
    cards = alert_cards(order("请各户提前储水，互相转告。" * 6), profile)
    assert len(cards) > 1
    assert {chunk.frames for chunk, _ in shown} == {125}
    assert [chunk.start for chunk, _ in shown] == [125 * number for number in range(len(shown))]
    assert [chunk.last for chunk, _ in shown] == [False] * (len(shown) - 1) + [True]
    assert list(dict.fromkeys(card for _, card in shown)) == list(cards)


def test_a_long_recording_lets_every_page_stand_longer() -> None:
    profile = profile_named("led-320x160")
    usual, longer = (
        [card.page for _, card in alert_chunks(order("请各户提前储水，互相转告。" * 6, seconds), profile)]
        for seconds in (0, 3 * 60)
    )
    assert len(longer) == 36
    for page in dict.fromkeys(usual):
        assert longer.count(page) == pytest.approx(usual.count(page) * 36 / len(usual), abs=1)
