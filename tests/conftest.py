"""Fixtures for all tests: tiny clips, made once a session, and a small workspace that uses them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import imageio_ffmpeg
import pytest

from courseware.terminal.threads import compute_on_one_thread

if TYPE_CHECKING:
    from playwright.sync_api import Browser

compute_on_one_thread()


def run_ffmpeg(*args: str) -> None:
    """Run the embedded ffmpeg; a test that cannot make its clip fails here."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *args]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="session", autouse=True)
def _no_key_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the keys in the profile of whoever runs it."""
    os.environ["YUANJIAO_KEYS"] = str(tmp_path_factory.mktemp("keys"))


class ClipFactory(Protocol):
    """See `make_clip`."""

    def __call__(
        self,
        suffix: str = ".mp4",
        *,
        seconds: float = 2,
        size: tuple[int, int] = (160, 90),
        fps: str = "25",
        sound: bool = True,
        channels: int = 2,
        tone_seconds: float | None = None,
        filters: str = "null",
        options: tuple[str, ...] = (),
    ) -> Path: ...


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "msedge")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine, one for all tests: Playwright's driver runs once in a process."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("there is no Chromium, Chrome or Edge here")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> ClipFactory:
    """Makes a small test picture with a tone, or finds the one made before; never change what it returns.

    `filters` are applied to the picture, `options` to the output.
    """
    folder = tmp_path_factory.mktemp("clips")
    made: dict[object, Path] = {}

    def make(
        suffix: str = ".mp4",
        *,
        seconds: float = 2,
        size: tuple[int, int] = (160, 90),
        fps: str = "25",
        sound: bool = True,
        channels: int = 2,
        tone_seconds: float | None = None,
        filters: str = "null",
        options: tuple[str, ...] = (),
    ) -> Path:
        key = (suffix, seconds, size, fps, sound, channels, tone_seconds, filters, options)
        if key not in made:
            path = folder / f"clip{len(made)}{suffix}"
            picture = f"testsrc2=size={size[0]}x{size[1]}:rate={fps}:duration={seconds},{filters}"
            tone = f"sine=frequency=440:duration={tone_seconds or seconds}"
            inputs = ["-f", "lavfi", "-i", picture]
            if sound:
                inputs += ["-f", "lavfi", "-i", tone, "-ac", str(channels)]
            run_ffmpeg(*inputs, "-threads", "1", *options, str(path))
            made[key] = path
        return made[key]

    return make


@pytest.fixture
def cut_clip(make_clip: ClipFactory, tmp_path: Path) -> Callable[[float], Path]:
    """A clip with its index first, of which only a share was copied."""

    def cut(share: float) -> Path:
        whole = make_clip(seconds=4, options=("-movflags", "+faststart", "-g", "5")).read_bytes()
        path = tmp_path / "cut.mp4"
        path.write_bytes(whole[: int(len(whole) * share)])
        return path

    return cut


SETTINGS = """\
[office]
name = "安康市远教办"
county = "汉滨区"

[render]
profiles = ["led-96x64"]
"""

LESSON = """\
title = "{title}"
series = "扶贫实用技术"
form = "微视频"
presenter = "王老师"
producer = "汉滨区远教办"
reviewer = "李主任"
"""

SUBTITLES = """\
1
00:00:00,200 --> 00:00:01,000
每亩用水50公斤，

2
00:00:01,000 --> 00:00:01,900
早晚喷一次。
"""


@pytest.fixture
def workspace(make_clip: ClipFactory, tmp_path: Path) -> Path:
    """A valid workspace with two lessons: `dose` with subtitles and sound, `prune` with neither."""
    root = tmp_path / "汉滨 it's a workspace"
    for name, title, clip in (
        ("dose", "农药怎样配", make_clip()),
        ("prune", "核桃树冬季修剪", make_clip(sound=False)),
    ):
        folder = root / "courseware" / name
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text(LESSON.format(title=title), encoding="utf-8")
        shutil.copyfile(clip, folder / "raw.mp4")
    (root / "courseware" / "dose" / "subtitles.srt").write_text(SUBTITLES, encoding="utf-8")
    (root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    return root
