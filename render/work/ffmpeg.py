"""Starts ffmpeg; the only module that starts processes. Knows nothing of lessons.

A process never outlives us, is killed when it stops making progress, and its last words are in the error.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from courseware.errors import Problem, StorageError, Text, ToolError, YuanjiaoError, reason_of, text

VARIABLE = "YUANJIAO_FFMPEG"
PATIENCE_S = 300  # a slow disk may need this long to move the index to the front of a large file
_ANSWER_S = 30  # a program that says nothing of itself for so long is not ffmpeg
_TAIL_BYTES = 65536  # of stderr that is kept in memory
_TAIL_LINES = 6  # of it that a person is shown


class StoppedError(Exception):
    """The run was called off; nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """A program that runs.

    Attributes:
        source: "embedded", or the name of the variable that named it.
        version: what it says of itself, e.g. "n9.0.2-17-g2a571b6068-20260930".
    """

    path: str
    source: str
    version: str


def find_ffmpeg() -> Ffmpeg:
    """The ffmpeg that YUANJIAO_FFMPEG names, else the embedded one.

    Raises:
        ToolError: there is none, or it does not run.
    """
    named = os.environ.get(VARIABLE, "")
    path, source = (named, VARIABLE) if named else (_embedded(), "embedded")
    first = ask(path, ["-version"]).split("\n", 1)[0].split()
    if first[:2] != ["ffmpeg", "version"] or not first[2:]:
        raise ToolError(Problem(path, text("this program is not ffmpeg; {remedy}", remedy=_REMEDY)))
    return Ffmpeg(path, source, first[2])


_REMEDY = text(
    "install yuanjiao again (it brings ffmpeg along), or set {variable} to the full path of an ffmpeg",
    variable=VARIABLE,
)


def _embedded() -> str:
    import imageio_ffmpeg

    try:
        path = Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise ToolError(Problem("ffmpeg", text("ffmpeg is missing; {remedy}", remedy=_REMEDY))) from None
    return str(path)


def ask(path: str, args: Sequence[str]) -> str:
    """What the program prints about itself.

    Raises:
        ToolError: it cannot be started or says no.
    """
    try:
        done = subprocess.run(  # noqa: S603  (the user's own choice of program; no shell)
            [path, "-hide_banner", *args] if "-version" not in args else [path, *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_S,
            check=True,
            creationflags=_NO_WINDOW,
        )
    except (OSError, subprocess.SubprocessError) as error:
        what = text("ffmpeg cannot be started ({reason}); {remedy}", reason=_reason(error), remedy=_REMEDY)
        raise ToolError(Problem(path, what)) from error
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")


def _reason(error: OSError | subprocess.SubprocessError) -> Text | str:
    match error:
        case OSError():
            return reason_of(error)
        case subprocess.TimeoutExpired():
            return text("it does not answer")
        case subprocess.CalledProcessError():
            return text("it ended with code {code}", code=error.returncode)
    return str(error)


def run(
    tool: Ffmpeg,
    args: Sequence[str],
    cwd: Path,
    *,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
    env: Mapping[str, str] | None = None,
    frames: Iterable[bytes] | None = None,
    patience_s: float = PATIENCE_S,
    length: Callable[[int], None] | None = None,
) -> str:
    """Run ffmpeg to its end and return the tail of what it said on stderr.

    Args:
        args: everything but the program; paths inside are relative to `cwd` or absolute.
        progress: told the number of frames written so far.
        stop: when set, the process is killed.
        env: variables beside the ones we were started with.
        frames: raw pictures for its standard input; none when None.
        patience_s: after so long without a new frame or sample the process is killed.
        length: told at the end how many microseconds went out.

    Raises:
        StorageError: the disk is full or not writable.
        ToolError: it failed, or stood still.
        StoppedError: `stop` was set.
    """
    quiet = () if frames is not None else ("-nostdin",)
    command = [tool.path, "-hide_banner", *quiet, "-nostats", "-progress", "pipe:1", *args]
    with tempfile.TemporaryFile() as words:
        process = _start(command, cwd, words, env, piped=frames is not None)
        try:
            feeder = _feed(process, frames) if frames is not None else None
            written_us = _watch(process, progress, stop, patience_s)
            code = process.wait()
            if feeder is not None:
                feeder.finish()
        finally:
            # Also after Ctrl-C: no orphan goes on writing.
            _end(process)
        said = _tail(words)
    if code:
        raise _failure(said, code)
    if length is not None:
        length(written_us)
    return said


def _die_with_parent() -> Callable[[], object] | None:
    """What a child does first so that it ends when we are killed; None where the system has no such thing.

    A kill -9 leaves no time to end anybody. The call is bound before the fork: after it nothing may be loaded.
    """
    if sys.platform != "linux":
        return None
    set_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2); it is sent when the thread that started the child ends
    return partial(ctypes.CDLL(None).prctl, set_death_signal, signal.SIGKILL)


_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would open a black one for each run


def _start(
    command: list[str], cwd: Path, words: IO[bytes], env: Mapping[str, str] | None, *, piped: bool
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  (arguments are a list; no shell)
            command,
            cwd=cwd,
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,  # A file, not a pipe: a pipe that nobody reads stops the process.
            env={**os.environ, **env} if env else None,
            creationflags=_NO_WINDOW,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509  (one system call; numpy has no threads: terminal/threads.py)
        )
    except OSError as error:
        what = text("ffmpeg cannot be started ({reason}); {remedy}", reason=_reason(error), remedy=_REMEDY)
        raise ToolError(Problem(command[0], what)) from error


class _Feeder(threading.Thread):
    """Writes pictures to the process; keeps what the drawing raised."""

    def __init__(self, pipe: IO[bytes], frames: Iterable[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe, self._frames = pipe, frames
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            # The process may end first; its own words then say why.
            with suppress(BrokenPipeError, ConnectionResetError), self._pipe:
                for frame in self._frames:
                    self._pipe.write(frame)
        except Exception as error:  # noqa: BLE001  (raised again in the caller's thread)
            self._error = error

    def finish(self) -> None:
        self.join()
        if self._error is not None:
            raise self._error


def _feed(process: subprocess.Popen[bytes], frames: Iterable[bytes]) -> _Feeder:
    assert process.stdin is not None  # noqa: S101  (asked for in _start)
    feeder = _Feeder(process.stdin, frames)
    feeder.start()
    return feeder


def _watch(
    process: subprocess.Popen[bytes],
    progress: Callable[[int], None] | None,
    stop: threading.Event | None,
    patience_s: float,
) -> int:
    """Follow the process until it closes its output; kill it when told to, or when it stands still.

    Returns:
        How many microseconds went out.
    """
    lines: queue.Queue[bytes | None] = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    moved, seen = time.monotonic(), {b"frame": b"", b"out_time_us": b""}
    while True:
        if stop is not None and stop.is_set():
            raise StoppedError
        if time.monotonic() - moved > patience_s:
            what = text("ffmpeg stood still for {seconds} s and was ended", seconds=round(patience_s))
            raise ToolError(Problem("ffmpeg", what))
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if line is None:
            return int(seen[b"out_time_us"]) if seen[b"out_time_us"].isdigit() else 0
        key, _, value = line.strip().partition(b"=")
        # Lines come twice a second even when nothing moves; only a new position counts.
        if seen.get(key, value) != value:
            moved, seen[key] = time.monotonic(), value
        if key == b"frame" and progress is not None and value.isdigit():
            progress(int(value))


def _read(pipe: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _tail(words: IO[bytes]) -> str:
    size = words.seek(0, os.SEEK_END)
    words.seek(max(0, size - _TAIL_BYTES))
    return words.read().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _failure(said: str, code: int) -> YuanjiaoError:
    for sign, what in _STORAGE_SIGNS.items():
        if sign in said:
            return StorageError(Problem("", what))
    lines = [line.strip() for line in said.splitlines() if line.strip()][-_TAIL_LINES:]
    words = " | ".join(lines) or "-"
    return ToolError(Problem("ffmpeg", text("failed with code {code}: {words}", code=code, words=words)))


# As the C library writes them on every system.
_STORAGE_SIGNS: Mapping[str, Text] = {
    "No space left on device": text("the disk is full; free some space and start again"),
    "Disk quota exceeded": text("your share of the disk is full; free some space and start again"),
    "Read-only file system": text("the folder cannot be written to; choose another one"),
    "File too large": text("the disk's file system cannot hold so large a file; format it as exFAT or NTFS"),
}
