from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from courseware.errors import StorageError, ToolError
from render.work.ffmpeg import VARIABLE, Ffmpeg, StoppedError, _failure, find_ffmpeg, run

ENDLESS = ["-re", "-f", "lavfi", "-i", "testsrc=size=64x64", "-f", "null", "-"]
FROM_PIPE = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "64x64", "-i", "pipe:0"]
FRAME = bytes(64 * 64 * 3)


@pytest.fixture(scope="module")
def tool() -> Ffmpeg:
    return find_ffmpeg()


def test_the_embedded_ffmpeg_is_used_and_says_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    found = find_ffmpeg()
    assert found.source == "embedded"
    assert found.version[0] in "n0123456789N"


def test_the_variable_overrides_it(monkeypatch: pytest.MonkeyPatch, tool: Ffmpeg) -> None:
    monkeypatch.setenv(VARIABLE, tool.path)
    assert find_ffmpeg().source == VARIABLE


def test_a_missing_ffmpeg_is_one_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "no-ffmpeg"))
    with pytest.raises(ToolError, match=r"cannot be started.*set YUANJIAO_FFMPEG"):
        find_ffmpeg()


def test_another_program_is_not_taken_for_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, sys.executable)
    with pytest.raises(ToolError):
        find_ffmpeg()


def test_an_embedded_ffmpeg_that_is_gone_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", missing)
    with pytest.raises(ToolError, match="ffmpeg is missing; install yuanjiao again"):
        find_ffmpeg()


def test_progress_counts_frames(tool: Ffmpeg, tmp_path: Path) -> None:
    seen: list[int] = []
    run(tool, ["-f", "lavfi", "-i", "testsrc=duration=2:rate=25", "-f", "null", "-"], tmp_path, progress=seen.append)
    assert seen[-1] == 50


def test_a_failure_says_what_ffmpeg_said(tool: Ffmpeg, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="No such file"):
        run(tool, ["-i", "gone.mp4", "-f", "null", "-"], tmp_path)


@pytest.mark.parametrize(
    "said", ["av_interleaved_write_frame(): No space left on device", "out.mp4: Read-only file system"]
)
def test_a_full_or_read_only_disk_is_no_failure_of_ffmpeg(said: str) -> None:
    assert isinstance(_failure(f"frame=3\n{said}\n", 228), StorageError)


def test_a_process_is_killed_when_the_batch_is_called_off(tool: Ffmpeg, tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    before = time.monotonic()
    with pytest.raises(StoppedError):
        run(tool, ENDLESS, tmp_path, stop=stop)
    assert time.monotonic() - before < 10


def test_a_process_that_stands_still_is_ended(tool: Ffmpeg, tmp_path: Path) -> None:
    over = threading.Event()

    def stalled() -> Iterator[bytes]:
        yield FRAME
        over.wait(20)

    with pytest.raises(ToolError, match="stood still"):
        run(tool, [*FROM_PIPE, "-f", "null", "-"], tmp_path, frames=stalled(), patience_s=1)
    over.set()


def test_raw_frames_become_a_file(tool: Ffmpeg, tmp_path: Path) -> None:
    seen: list[int] = []
    run(tool, [*FROM_PIPE, "out.mkv"], tmp_path, frames=[FRAME] * 7, progress=seen.append)
    assert seen[-1] == 7
    assert (tmp_path / "out.mkv").is_file()


def test_an_error_while_drawing_frames_is_not_lost(tool: Ffmpeg, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield FRAME
        raise ValueError("drawing failed")

    with pytest.raises(ValueError, match="drawing failed"):
        run(tool, [*FROM_PIPE, "-f", "null", "-"], tmp_path, frames=broken())


def test_much_that_ffmpeg_says_does_not_stop_it(tool: Ffmpeg, tmp_path: Path) -> None:
    loud = ["-loglevel", "trace", "-f", "lavfi", "-i", "testsrc=duration=4:size=64x64", "-f", "null", "-"]
    assert len(run(tool, loud, tmp_path)) <= 65_536


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "it ended with code 3"),
        ("echo ffmpeg version", "this program is not ffmpeg"),
        ("sleep 9", "it does not answer"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="a script of the shell")
def test_a_program_that_only_calls_itself_ffmpeg_is_one_clear_error(
    script: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(program))
    monkeypatch.setattr("render.work.ffmpeg._ANSWER_S", 1)
    with pytest.raises(ToolError, match=said):
        find_ffmpeg()
