"""Measures the rendering engine beside bare ffmpeg commands and MoviePy, on the same machine in the same run.

Run: python -m tests.bench.bench_rendering FOLDER [--part NAME]… [--lessons N] [--minutes N]. FOLDER holds videos of
any kind. Parts: batch (videos × three profiles), four (one decode for four profiles), again (nothing changed), edit
(one cue of a long lesson), memory. Every figure is a ratio, or stands beside the one it is compared with.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
YUANJIAO = [sys.executable, "-c", "from cli import main; main()", "--lang", "en"]
PROFILES = ("station-tv", "led-512x320", "led-384x192")
FOUR = (*PROFILES, "led-320x160")
SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".mpg", ".ts", ".dv", ".mts"}
SETTINGS = '[office]\nname = "测试远教办"\ncounty = "测试县"\n\n[render]\nprofiles = [{profiles}]\n'
LESSON = 'title = "{title}"\nseries = "扶贫实用技术"\nform = "微视频"\npresenter = "王老师"\nproducer = "测试"\n'


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a process and its children."""

    wall_s: float
    cpu_s: float
    peak_mb: float = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s, max(self.peak_mb, other.peak_mb))


def timed(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, check=False)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command[:4]} failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def workspace(root: Path, videos: Sequence[Path], profiles: Sequence[str], cues: str = "") -> Path:
    """A workspace with one lesson for each video."""
    from courseware.files import copy_file

    root.mkdir(parents=True)
    names = ", ".join(f'"{name}"' for name in profiles)
    (root / "yuanjiao.toml").write_text(SETTINGS.format(profiles=names), encoding="utf-8")
    for number, video in enumerate(videos):
        folder = root / "courseware" / f"lesson-{number:03}"
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text(LESSON.format(title=f"第{number}课"), encoding="utf-8")
        copy_file(video, folder / f"raw{video.suffix}")
        if cues:
            (folder / "subtitles.srt").write_text(cues, encoding="utf-8")
    return root


def subtitles(seconds: int) -> str:
    """A cue every four seconds."""
    stamp = "{:02}:{:02}:{:02},000"
    lines = []
    for number, start in enumerate(range(0, seconds, 4), 1):
        times = [stamp.format(at // 3600, at // 60 % 60, at % 60) for at in (start, start + 3)]
        lines.append(f"{number}\n{times[0]} --> {times[1]}\n每亩用水50公斤，早晚各喷一次，第{number}句。\n")
    return "\n".join(lines)


def encoder(profile: str) -> list[str]:
    """The engine's own settings for a profile, as words of a command."""
    from render.plan.graph import encoder as options
    from render.plan.profiles import profile_named

    words: list[str] = []
    for key, value in options(profile_named(profile)).items():
        if key not in {"fps_mode", "map_metadata", "map_chapters"}:
            words += [f"-{key}", str(value)]
    return words


def by_hand(video: Path, profiles: Sequence[str], work: Path, name: str, *, sound: bool) -> list[str]:
    """One ffmpeg command that makes all renditions with one decode: cards, scaling, captions, loudness, AAC."""
    from render.plan.profiles import profile_named

    canvases = [profile_named(profile).canvas for profile in profiles]
    count = len(profiles)
    graph = [f"[0:v]split={count}" + "".join(f"[s{n}]" for n in range(count))]
    inputs = ["-i", str(video)]
    for number, canvas in enumerate(canvases):
        size = f"{canvas.width}x{canvas.height}"
        inputs += ["-f", "lavfi", "-i", f"color=c=0x1E5B3A:s={size}:r=25:d=7"]
        inputs += ["-f", "lavfi", "-i", f"color=c=0x1E5B3A:s={size}:r=25:d=5"]
        body = (
            f"[s{number}]scale={canvas.width}:{canvas.height}:force_original_aspect_ratio=decrease:flags=lanczos,"
            f"pad={canvas.width}:{canvas.height}:-1:-1,setsar=1,fps=25,format=yuv420p,"
            f"ass=captions-{number}.ass:fontsdir=fonts[b{number}]"
        )
        before, after = 1 + 2 * number, 2 + 2 * number
        joined = (
            f"[{before}:v]setsar=1,format=yuv420p[t{number}];[{after}:v]setsar=1,format=yuv420p[e{number}];"
            f"[t{number}][b{number}][e{number}]concat=n=3:v=1:a=0[v{number}]"
        )
        graph += [body, joined]
    if sound:
        outs = "".join(f"[a{n}]" for n in range(count))
        graph.append(f"[0:a]aresample=48000,volume=-3dB,adelay=7000:all=1,apad=pad_dur=5,asplit={count}{outs}")
    outputs: list[str] = []
    for number, profile in enumerate(profiles):
        outputs += ["-map", f"[v{number}]", *encoder(profile)]
        if sound:
            outputs += ["-map", f"[a{number}]", "-c:a", "aac", "-b:a", "128k", "-ac", "2"]
        outputs += ["-movflags", "+faststart", "-f", "mp4", str(work / f"{name}_{profile}.mp4")]
    return [FFMPEG, "-nostdin", "-v", "error", "-y", *inputs, "-filter_complex", ";".join(graph), *outputs]


def lay_captions(work: Path, profiles: Sequence[str], srt: str) -> None:
    """The captions that the engine burns in, for the commands written by hand."""
    from courseware.subtitles import load_cues
    from render.plan.ass import dump_ass
    from render.plan.captions import caption_style, typeset
    from render.plan.profiles import profile_named
    from templates.type.fonts import FONTS_DIR

    file = work / "captions.srt"
    file.write_text(srt, encoding="utf-8")
    cues, _ = load_cues(file)
    for number, name in enumerate(profiles):
        profile = profile_named(name)
        style = caption_style(profile.canvas, profile.led)
        (work / f"captions-{number}.ass").write_text(dump_ass(typeset(cues, style), style), encoding="utf-8")
    (work / "fonts").symlink_to(FONTS_DIR)


def has_sound(video: Path) -> bool:
    from courseware.media.facts import probe

    return probe(video).audio_index is not None


def moviepy_script(video: Path, profiles: Sequence[str], work: Path, name: str) -> str:
    """The same with MoviePy: cards, scaling with bars, captions, one file for each profile."""
    from render.plan.profiles import profile_named
    from templates.type.fonts import font_files

    canvases = {profile: tuple(profile_named(profile).canvas) for profile in profiles}
    presets = {profile: (profile_named(profile).preset, profile_named(profile).crf) for profile in profiles}
    return f"""
from moviepy import VideoFileClip, TextClip, CompositeVideoClip, ColorClip, concatenate_videoclips
from courseware.subtitles import load_cues
from pathlib import Path
cues, _ = load_cues(Path({str(work / "captions.srt")!r}))
for profile, (w, h) in {canvases!r}.items():
    clip = VideoFileClip({str(video)!r})
    k = min(w / clip.w, h / clip.h)
    body = clip.resized((int(clip.w * k) // 2 * 2, int(clip.h * k) // 2 * 2)).with_position("center")
    said = [
        TextClip(font={str(font_files()[0])!r}, text=cue.text, font_size=max(20, h // 20), color="white",
                 size=(w, None), method="caption").with_start(cue.span.start_ms / 1000)
        .with_duration(cue.span.duration_ms / 1000).with_position(("center", "bottom"))
        for cue in cues if cue.span.end_ms / 1000 < clip.duration
    ]
    whole = CompositeVideoClip([body, *said], size=(w, h)).with_duration(clip.duration)
    card = lambda seconds: ColorClip((w, h), color=(30, 91, 58), duration=seconds)
    preset, crf = {presets!r}[profile]
    concatenate_videoclips([card(7), whole, card(5)]).write_videofile(
        str(Path({str(work)!r}) / f"{name}_moviepy_{{profile}}.mp4"), fps=25, codec="libx264", preset=preset,
        audio_codec="aac", threads=2, ffmpeg_params=["-crf", str(crf)], logger=None)
"""


def bench_batch(videos: Sequence[Path], home: Path, rivals: int) -> None:
    """A new batch: the engine, one command by hand for each video, MoviePy for the first few."""
    srt = subtitles(60)
    work = home / "hand"
    work.mkdir()
    lay_captions(work, PROFILES, srt)
    root = workspace(home / "batch", videos, PROFILES, srt)
    ours = timed([*YUANJIAO, "render"], root)
    hand = Cost(0, 0)
    for number, video in enumerate(videos):
        hand += timed(by_hand(video, PROFILES, work, f"v{number}", sound=has_sound(video)), work)
    say(f"batch: {len(videos)} videos x {len(PROFILES)} profiles")
    say(f"  yuanjiao           {ours.wall_s:7.1f} s wall {ours.cpu_s:7.1f} s CPU")
    say(f"  ffmpeg by hand     {hand.wall_s:7.1f} s wall {hand.cpu_s:7.1f} s CPU")
    say(f"  ratio              {ours.wall_s / hand.wall_s:7.2f}        {ours.cpu_s / hand.cpu_s:7.2f}")
    few = videos[:rivals]
    if not few:
        return
    mine = timed([*YUANJIAO, "render"], workspace(home / "few", few, PROFILES, srt))
    movie = Cost(0, 0)
    for number, video in enumerate(few):
        script = moviepy_script(video, PROFILES, work, f"m{number}")
        movie += timed([sys.executable, "-c", script], work)
    say(f"moviepy: {len(few)} of them")
    say(f"  yuanjiao           {mine.wall_s:7.1f} s wall {mine.cpu_s:7.1f} s CPU")
    say(f"  MoviePy            {movie.wall_s:7.1f} s wall {movie.cpu_s:7.1f} s CPU")
    say(f"  times as fast      {movie.wall_s / mine.wall_s:7.2f}")


def camera_footage(video: Path, target: Path, seconds: int = 20) -> Path:
    """Full HD at some 36 Mbit/s, as a camera writes it; made of another video and grain."""
    picture = "scale=1920:1080,noise=alls=10:allf=t"
    command = [FFMPEG, "-v", "error", "-stream_loop", "-1", "-i", str(video), "-t", str(seconds), "-vf", picture]
    coded = ["-r", "25", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "36M", "-g", "50", "-an", str(target)]
    subprocess.run([*command, *coded], check=True)
    return target


def bench_four(some: Path, home: Path) -> None:
    """Four renditions of one source against four runs with one each; every run in a workspace of its own."""
    video = camera_footage(some, home / "camera.mp4")
    together = timed([*YUANJIAO, "render"], workspace(home / "together", [video], FOUR))
    apart = Cost(0, 0)
    for name in FOUR:
        apart += timed([*YUANJIAO, "render"], workspace(home / f"apart-{name}", [video], [name]))
    work = home / "hand-four"
    work.mkdir()
    lay_captions(work, FOUR, subtitles(4))
    hand = Cost(0, 0)
    for name in FOUR:
        shutil.copyfile(work / f"captions-{FOUR.index(name)}.ass", work / "captions-0.ass.new")
        (work / "captions-0.ass.new").replace(work / "captions-0.ass")
        hand += timed(by_hand(video, [name], work, "four", sound=has_sound(video)), work)
    say(f"four: {video.name} for {', '.join(FOUR)}")
    say(f"  one run            {together.cpu_s:7.1f} s CPU")
    say(f"  four runs          {apart.cpu_s:7.1f} s CPU, ratio {together.cpu_s / apart.cpu_s:.2f}")
    say(f"  four by hand       {hand.cpu_s:7.1f} s CPU, ratio {together.cpu_s / hand.cpu_s:.2f}")


def bench_again(home: Path, lessons: int) -> None:
    """A second run with nothing changed, then with touched files, then with one changed byte."""
    clips = home / "clips"
    clips.mkdir()
    for number in range(lessons):
        picture = f"testsrc2=s=96x64:r=5:d=1,hue=h={number}"
        command = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", str(clips / f"{number}.mp4")]
        subprocess.run(command, check=True)
    names = ("led-96x64", "led-128x64", "led-160x80")
    videos = sorted(clips.iterdir())
    root = workspace(home / "again", [], names)
    for number, video in enumerate(videos):
        folder = root / "courseware" / f"lesson-{number:03}"
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text(LESSON.format(title=f"第{number}课"), encoding="utf-8")
        shutil.copyfile(video, folder / "raw.mp4")
        (folder / "subtitles.srt").write_text(subtitles(1), encoding="utf-8")
    first = timed([*YUANJIAO, "render"], root)
    again = min((timed([*YUANJIAO, "render"], root) for _ in range(3)), key=lambda cost: cost.wall_s)
    say(f"again: {lessons} lessons x {len(names)} profiles")
    say(f"  first run          {first.wall_s:7.1f} s wall")
    say(f"  nothing changed    {again.wall_s:7.2f} s wall {again.cpu_s:7.2f} s CPU")
    for path in (root / "courseware").rglob("raw.mp4"):
        os.utime(path)
    touched = timed([*YUANJIAO, "render"], root)
    say(f"  all videos touched {touched.wall_s:7.2f} s wall, {_made(root)} encoded")
    some = root / "courseware" / "lesson-000" / "subtitles.srt"
    some.write_bytes(some.read_bytes().replace(b"50", b"60"))
    changed = timed([*YUANJIAO, "render"], root)
    say(f"  one byte changed   {changed.wall_s:7.2f} s wall, {_made(root)} pieces new")


_SEEN: dict[Path, set[str]] = {}


def _made(root: Path) -> int:
    """Pieces that were put into the store since the last call."""
    now = {path.name for path in (root / ".yuanjiao" / "store").rglob("*.mp4")}
    before = _SEEN.get(root)
    _SEEN[root] = now
    return len(now - before) if before is not None else 0


def bench_edit(video: Path, home: Path, minutes: int) -> None:
    """One cue of a long lesson, its title, its end card."""
    source = home / "long.mp4"
    command = [FFMPEG, "-v", "error", "-stream_loop", "-1", "-i", str(video), "-t", str(minutes * 60)]
    encode = ["-vf", "scale=1280:720", "-r", "25", "-c:v", "libx264", "-preset", "veryfast", "-an", str(source)]
    subprocess.run([*command, *encode], check=True)
    root = workspace(home / "edit", [source], ("station-tv", "led-512x320"), subtitles(minutes * 60))
    whole = timed([*YUANJIAO, "render"], root)
    _made(root)
    say(f"edit: a lesson of {minutes} minutes for two profiles")
    say(f"  all of it          {whole.wall_s:7.1f} s wall {whole.cpu_s:7.1f} s CPU")
    lesson = root / "courseware" / "lesson-000"
    steps: list[tuple[str, Callable[[], object]]] = [
        ("one cue", lambda: _replace(lesson / "subtitles.srt", "第7句", "第七句")),
        ("the title", lambda: _replace(lesson / "lesson.toml", "第0课", "第一课")),
        ("the end card", lambda: _replace(lesson / "lesson.toml", 'producer = "测试"', 'producer = "测试二"')),
        ("the reviewer", lambda: _replace(lesson / "lesson.toml", "form = ", 'reviewer = "李主任"\nform = ')),
    ]
    for name, change in steps:
        change()
        cost = timed([*YUANJIAO, "render"], root)
        share = cost.cpu_s / whole.cpu_s
        say(f"  {name:18} {cost.wall_s:7.1f} s wall {cost.cpu_s:7.1f} s CPU, {share:6.2%}, {_made(root)} pieces new")


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def bench_memory(video: Path, home: Path) -> None:
    """The most memory that all processes of a render take together, looked at four times a second."""
    import psutil

    root = workspace(home / "memory", [video] * 2, ("station-tv", "led-512x320"), subtitles(60))
    process = psutil.Popen(
        [*YUANJIAO, "render", "--jobs", "2"], cwd=root, env=environment(), stdout=subprocess.DEVNULL
    )
    most = 0
    while process.poll() is None:
        try:
            family = [process, *process.children(recursive=True)]
            most = max(most, sum(one.memory_info().rss for one in family))
        except psutil.NoSuchProcess:
            pass
        time.sleep(0.25)
    say(f"memory: {video.name}, two pieces side by side: at most {most / 1_000_000:.0f} MB")


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", action="append", choices=["batch", "four", "again", "edit", "memory"])
    parser.add_argument("--most", type=int, default=12, help="videos in the batch")
    parser.add_argument("--rivals", type=int, default=2, help="videos that MoviePy renders as well")
    parser.add_argument("--lessons", type=int, default=200)
    parser.add_argument("--minutes", type=int, default=20)
    given = parser.parse_args()
    parts = given.part or ["batch", "four", "again", "edit", "memory"]
    videos = sorted(path for path in given.folder.iterdir() if path.suffix in SUFFIXES)[: given.most]
    largest = max(videos, key=lambda path: path.stat().st_size)
    with tempfile.TemporaryDirectory(prefix="bench-rendering-") as name:
        home = Path(name)
        if "batch" in parts:
            bench_batch(videos, home, given.rivals)
        if "four" in parts:
            bench_four(largest, home)
        if "again" in parts:
            bench_again(home, given.lessons)
        if "edit" in parts:
            bench_edit(largest, home, given.minutes)
        if "memory" in parts:
            bench_memory(largest, home)


if __name__ == "__main__":
    main()
