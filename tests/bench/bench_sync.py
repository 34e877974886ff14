"""Compares how exactly subtitles are moved to where somebody speaks, with ffsubsync in the same run.

Run: python -m tests.bench.bench_sync FOLDER [--ffsubsync PROGRAM]. FOLDER: that of bench_align; PROGRAM: ffsubsync
of an environment of its own (pip install ffsubsync), which needs an ffmpeg on the path. alass is compared, too, where
--alass names it (it is neither in PyPI, npm nor Debian, only on crates.io: cargo install alass-cli).

Every recording, and a long one composed of all, also in noise and music, is given subtitles that are moved, stretched
and, the long ones, cut. Errors in ms, of the subtitles' starts. wrong: more than half a second off for a tenth of the
subtitles. refused: the tool said that it could not. Last come subtitles of other recordings: each is to be refused.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
import wave
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from courseware.speech.sound import RATE, load_sound
from courseware.subtitles import load_cues, write_cues
from courseware.subtitles.cue import Cue
from courseware.subtitles.moving import TimeMap, moved
from courseware.syncing.syncing import synchronise
from courseware.times import Span
from tests.bench.align_material import Samples, composed, mixed, music, recordings

WRONG_MS, WRONG_SHARE = 500, 0.1
CHANGES = {
    "moved": (TimeMap(offset_ms=Fraction(7_300)), 0),
    "PAL to film": (TimeMap(Fraction(24, 25), Fraction(2_000)), 0),
    "NTSC": (TimeMap(Fraction(25025, 24000), Fraction(2_000)), 0),
    "0.1 %": (TimeMap(Fraction(1001, 1000), Fraction(2_000)), 0),
    "30 s cut out": (TimeMap(offset_ms=Fraction(2_000)), 30_000),
}
Tool = Callable[[Path, Path, Path], bool]


@dataclass
class SyncTally:
    """What one tool did with one change."""

    errors: list[float] = field(default_factory=list)
    wrong: int = 0
    refused: int = 0
    files: int = 0

    def add(self, other: SyncTally) -> None:
        """Count what one more trial gave."""
        self.errors += other.errors
        self.wrong += other.wrong
        self.refused += other.refused
        self.files += other.files


@dataclass(frozen=True)
class SyncTrial:
    """A recording and subtitles that are to be moved to it.

    Attributes:
        right: the true ones.
    """

    change: str
    sound: Path
    right: Sequence[Cue]
    given: Sequence[Cue]


def ours(sound: Path, file: Path, target: Path) -> bool:
    """Whether our own command would write anything."""
    found = synchronise(load_cues(file)[0], load_sound(sound))
    if found.why_not is None:
        write_cues(found.cues, target)
    return found.why_not is None


def program(*words: str) -> Tool:
    """A tool that is called as these words say: {sound}, {file} and {target} stand for the files."""

    def run(sound: Path, file: Path, target: Path) -> bool:
        names = {"sound": sound, "file": file, "target": target}
        done = subprocess.run([word.format(**names) for word in words], capture_output=True, check=False)
        return done.returncode == 0 and target.exists()

    return run


def material(folder: Path) -> Iterator[tuple[str, Samples, tuple[Cue, ...]]]:
    """Recordings of at least five subtitles, and long ones."""
    rng = np.random.default_rng(3)
    clips = []
    for name, (samples, clauses) in recordings(folder).items():
        cues = tuple(Cue(Span(one.start_ms or 0, one.end_ms or 0), one.text) for one in clauses)
        clips += [(samples[cue.span.start_ms * 16 : cue.span.end_ms * 16], cue.text) for cue in cues]
        if len(cues) > 4:
            yield name, samples, cues
    samples, clauses = composed(clips, rng)
    voice = np.asarray(samples).astype(np.int16)
    cues = tuple(Cue(Span(one.start_ms or 0, one.end_ms or 0), one.text) for one in clauses)
    yield "long", voice, cues
    yield "long, noise 12 dB", mixed(voice, rng.standard_normal(len(voice)), 12), cues
    yield "long, music 10 dB", mixed(voice, music(len(voice), rng), 10), cues


def changed(cues: Sequence[Cue], by: TimeMap, cut_ms: int) -> tuple[Cue, ...]:
    """As a file has them: its second half later by what was cut out of the video."""
    half = len(cues) // 2
    later = (*cues[:half], *moved(cues[half:], TimeMap(offset_ms=Fraction(cut_ms))))
    return tuple(replace(cue, text=f"{number} {cue.text}") for number, cue in enumerate(moved(later, by)))


def trials(folder: Path, place: Path) -> Iterator[SyncTrial]:
    """Every recording with every change of its subtitles, and with those of another."""
    every = list(material(folder))
    for number, (title, samples, cues) in enumerate(every):
        sound = place / f"{number}.wav"
        with wave.open(str(sound), "wb") as out:
            out.setparams((1, 2, RATE, len(samples), "NONE", ""))
            out.writeframes(samples.tobytes())
        for change, (by, cut_ms) in CHANGES.items():
            if cut_ms == 0 or title.startswith("long"):
                yield SyncTrial(change, sound, cues, changed(cues, by, cut_ms))
        yield SyncTrial("of another", sound, cues, changed(every[number - 1][2], *CHANGES["moved"]))


def timed(tool: Tool, trial: SyncTrial) -> tuple[SyncTally, float]:
    """Let a tool move the file, hold it against the true times, and say how many seconds it took."""
    with tempfile.TemporaryDirectory() as name:
        file, target = Path(name) / "in.srt", Path(name) / "out.srt"
        write_cues(trial.given, file)
        began = time.perf_counter()
        moved_it = tool(trial.sound, file, target)
        seconds = time.perf_counter() - began
        if not moved_it:
            return SyncTally(refused=1, files=1), seconds
        starts = {int(cue.text.split(" ")[0]): cue.span.start_ms for cue in load_cues(target)[0]}
    right = enumerate(trial.right)
    off = [float(abs(starts[number] - cue.span.start_ms)) for number, cue in right if number in starts]
    return SyncTally(off, int(sum(ms > WRONG_MS for ms in off) > WRONG_SHARE * len(off)), 0, 1), seconds


def main() -> None:
    """Print one line a change and tool."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ffsubsync")
    parser.add_argument("--alass")
    asked = parser.parse_args()
    tools: dict[str, Tool] = {"ours": ours}
    if asked.ffsubsync:
        tools["ffsubsync"] = program(asked.ffsubsync, "{sound}", "-i", "{file}", "-o", "{target}")
    if asked.alass:
        tools["alass"] = program(asked.alass, "{sound}", "{file}", "{target}")
    tallies: dict[tuple[str, str], SyncTally] = defaultdict(SyncTally)
    spent: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        runs = [(trial, tool_name) for trial in trials(asked.folder, Path(name)) for tool_name in tools]
        done = pool.map(lambda run: timed(tools[run[1]], run[0]), runs)
        for (trial, tool_name), (tally, seconds) in zip(runs, done, strict=True):
            tallies[trial.change, tool_name].add(tally)
            spent[tool_name] += seconds
    print(f"{'':14} {'':10} {'files':>5} {'median':>7} {'p90':>7} {'max':>7} {'wrong':>6} {'refused':>8}")
    for (change, tool_name), tally in sorted(tallies.items()):
        figures = np.percentile(tally.errors, (50, 90, 100)) if tally.errors and change != "of another" else (0, 0, 0)
        shown = " ".join(f"{ms:7.0f}" for ms in figures)
        print(f"{change:14} {tool_name:10} {tally.files:5} {shown} {tally.wrong:6} {tally.refused:8}")
    print("wall s:", {name: round(seconds, 1) for name, seconds in spent.items()})


if __name__ == "__main__":
    main()
