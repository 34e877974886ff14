"""Measures how long an editor waits until a change is on the file, and until there is something to look at.

Run: python -m tests.bench.bench_first_screen VIDEO FOLDER [--minutes N]. VIDEO, of any length, is repeated to a
lesson of N minutes for one LED wall. Beside it, in the same run, stands what ffmpeg takes to decode as much of the
video without making anything of it. On a computer that does other work only the CPU says something.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.bench_rendering import FFMPEG, YUANJIAO, Cost, say, subtitles, timed, workspace

PROFILE = "led-320x160"
_CHUNK_S = 10


def long_video(video: Path, target: Path, minutes: int) -> Path:
    """The video again and again, in 720 lines, with a key frame every ten seconds, as many editors write it."""
    command = [FFMPEG, "-v", "error", "-stream_loop", "-1", "-i", str(video), "-t", str(minutes * 60)]
    coded = ["-vf", "scale=1280:720", "-r", "25", "-c:v", "libx264", "-preset", "ultrafast", "-g", "250"]
    subprocess.run([*command, *coded, "-c:a", "aac", "-ac", "2", str(target)], check=True)
    return target


def decoding(video: Path, seconds: int, home: Path) -> Cost:
    """The CPU and the time that reading so much of a video takes, without anything made of it."""
    return timed([FFMPEG, "-v", "error", "-t", str(seconds), "-i", str(video), "-an", "-f", "null", "-"], home)


def replace_in(path: Path, old: str, new: str) -> None:
    """Change every one of these words."""
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def bench_changes(video: Path, home: Path, seconds: int) -> None:
    """One cue and the title of a lesson that is rendered, and nothing."""
    root = workspace(home / "changes", [video], (PROFILE,), subtitles(seconds))
    lesson = root / "courseware" / "lesson-000"
    whole = timed([*YUANJIAO, "render"], root)
    say(f"a lesson of {seconds // 60} minutes for {PROFILE}")
    say(f"  all of it          {whole.wall_s:7.1f} s wall {whole.cpu_s:7.1f} s CPU")
    piece = decoding(video, _CHUNK_S, home)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("one cue", lambda: replace_in(lesson / "subtitles.srt", "第11句", "第十一句")),
        ("the title", lambda: replace_in(lesson / "lesson.toml", "第0课", "第一课")),
        ("nothing", lambda: None),
    ]
    for name, change in steps:
        change()
        cost = timed([*YUANJIAO, "render"], root)
        beside = cost.cpu_s / piece.cpu_s
        say(f"  {name:18} {cost.wall_s:7.2f} s wall {cost.cpu_s:7.2f} s CPU, {beside:5.1f} × decoding ten seconds")


def bench_looks(video: Path, home: Path, seconds: int) -> None:
    """One picture of a lesson that was never rendered, the same again, and a proxy of all of it."""
    root = workspace(home / "looks", [video], (PROFILE,), subtitles(seconds))
    for name, at in (("frame, first", "0:42"), ("frame, again", "1:42")):
        asked = ["frame", "lesson-000", "--at", at, "--output", str(home / "frame.png"), "--force"]
        cost = timed([*YUANJIAO, *asked], root)
        say(f"  {name:18} {cost.wall_s:7.2f} s wall {cost.cpu_s:7.2f} s CPU")
    proxy = timed([*YUANJIAO, "render", "--proxy"], root)
    alone = decoding(video, seconds, home)
    share, least = proxy.cpu_s / seconds, alone.cpu_s / seconds
    say(f"  proxy              {proxy.wall_s:7.1f} s wall {proxy.cpu_s:7.1f} s CPU, {share:.3f} of its length")
    say(f"  decoding alone     {alone.wall_s:7.1f} s wall {alone.cpu_s:7.1f} s CPU, {least:.3f} of its length")


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="bench-") as name:
        home, seconds = Path(name), asked.minutes * 60
        video = long_video(asked.video, home / "long.mp4", asked.minutes)
        bench_changes(video, home, seconds)
        bench_looks(video, home, seconds)


if __name__ == "__main__":
    main()
